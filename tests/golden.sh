#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every tests/golden/FOLDER/NAME.edi says what `pccm check` finds and answers, and what `pccm show` makes of it if it
# is accepted.  NAME.out: accepted (exit status 0); NAME.err: refused (exit status 1).  Dates and times of our own
# envelopes are the clock's and stand there as letters.  A folder's `options` are given to check with each of its files.
#   tests/golden.sh BUILD [--update]
case $1 in /*) pccm=$1/pccm ;; *) pccm=$(pwd)/$1/pccm ;; esac
update=$2
[ -x "$pccm" ] || { echo "not ok golden: $pccm is not built"; exit 1; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd tests/golden || exit 3
without_clock() {
	sed -e 's/^\(ISA.\{67\}\)[0-9]\{6\}\*[0-9]\{4\}/\1YYMMDD*HHMM/' \
		-e 's/^\(GS\*FA\*[^*]*\*[^*]*\*\)[0-9]\{8\}\*[0-9]*/\1CCYYMMDD*HHMM/' \
		-e 's/^\(TA1\*0\{9\}\*[0-9]\{6\}\*\)[0-9]\{4\}/\1HHMM/' \
		-e 's/^\(TA1\*.\{9\}\*\)[0-9]\{6\}\*[0-9]\{4\}\*R\*01\([45]\)/\1YYMMDD*HHMM*R*01\2/' "$1"
}
failed=0
for case in */*.edi; do
	base=${case%.edi}
	options=
	[ -f "${case%/*}/options" ] && options=$(cat "${case%/*}/options")
	# shellcheck disable=SC2086
	"$pccm" check --show-values $options --ta1 "$work/ta1" --999 "$work/999" "$case" >"$work/said" 2>&1
	status=$?
	{
		cat "$work/said"
		[ -s "$work/ta1" ] && echo "# TA1" && without_clock "$work/ta1"
		[ -s "$work/999" ] && echo "# 999" && without_clock "$work/999"
		# what we answer with is X12 of its own; if anything is wrong with it, that stands here
		for answer in ta1 999; do
			[ -s "$work/$answer" ] || continue
			(cd "$work" && "$pccm" check --show-values "$answer") >"$work/echo" 2>&1 || grep -v ': REFUSED: ' "$work/echo"
		done
	} >"$work/expected"
	case $status in
	0)
		kind=out
		echo "# show" >>"$work/expected"
		"$pccm" show --show-values "$case" >>"$work/expected" 2>&1
		shown=$?
		;;
	1)
		kind=err
		"$pccm" show "$case" >"$work/shown" 2>&1
		shown=$(($? - 1))
		[ -z "$options" ] || shown=0 # show knows no partners: what only they refuse it shows
		;;
	*) kind=none shown=0 ;;
	esac
	if [ "$update" = --update ] && [ $kind != none ]; then
		rm -f "$base.out" "$base.err"
		cp "$work/expected" "$base.$kind"
		continue
	fi
	if [ $kind != none ] && [ -f "$base.$kind" ] && cmp -s "$work/expected" "$base.$kind" && [ $shown -eq 0 ]; then
		echo "ok golden: $base"
		continue
	fi
	failed=1
	[ -f "$base.out" ] && diff "$base.out" "$work/expected" | head -n 12
	[ -f "$base.err" ] && diff "$base.err" "$work/expected" | head -n 12
	echo "not ok golden: $base (check: exit status $status, show differs by $shown)"
done
exit $failed
