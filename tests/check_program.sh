#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `pccm program`: every mistake with its line, what is wrong and what would be right (tests/rules/mistakes.txt); a file in
# words; what two versions say differently.
#   tests/check_program.sh BUILD
pccm=$1/pccm
suite=program
. tests/money.sh
[ -x "$pccm" ] || { echo "skip program: $pccm is not built"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
told() { # STATUS NAME
	[ "$1" -eq 0 ] || failed=1
	verdict "$1" "$2"
}
mistake() { # the case in $work: name, sed, expected
	[ -f "$work/name" ] || return
	sed -f "$work/sed" tests/rules/own-money.xml >"$work/wrong.xml"
	"$pccm" program check "$work/wrong.xml" >"$work/said" 2>&1
	status=$?
	sed -n "s#^$work/wrong.xml:\\([0-9]\\)#\\1#p" "$work/said" >"$work/was"
	[ $status -eq 1 ] && cmp -s "$work/was" "$work/expected" && ! cmp -s "$work/wrong.xml" tests/rules/own-money.xml
	status=$?
	[ $status -eq 0 ] || diff "$work/expected" "$work/was"
	told $status "mistake: $(cat "$work/name")"
	rm -f "$work/name"
}
while IFS= read -r line; do
	case $line in
	"#"*) ;;
	"= "*)
		mistake
		echo "${line#= }" >"$work/name"
		: >"$work/sed"
		: >"$work/expected"
		;;
	[0-9]*) printf '%s\n' "$line" >>"$work/expected" ;;
	*) printf '%s\n' "$line" >>"$work/sed" ;;
	esac
done <tests/rules/mistakes.txt
mistake

"$pccm" program check rules/*.xml >"$work/said" 2>&1 && [ "$(grep -c 'no mistake' "$work/said")" -eq "$(ls rules/*.xml | wc -l)" ]
told $? "the shipped programs have no mistake"
printf '<program' >"$work/cut.xml"
"$pccm" program check "$work/cut.xml" >"$work/said" 2>&1
[ $? -eq 1 ] && grep -q 'cut.xml:1: ' "$work/said"
told $? "a file that is not XML is a mistake with its line"
"$pccm" program check "$work/none.xml" >"$work/said" 2>&1
[ $? -eq 3 ] && grep -q 'could not be opened' "$work/said"
told $? "a file that is not there is a failure"

"$pccm" program show rules/husky-primary-care.xml >"$work/said" 2>&1 && grep -q '^  7.50 from 2009-02-01  (FEE-1)$' "$work/said" &&
	grep -q '^  town Naugatuck$' "$work/said" && grep -q '^  rule family: family-complete, else pend  (ENR-7 ENR-8)$' "$work/said"
told $? "a program in words, with where each statement comes from"
cat >"$work/edit" <<'E2'
s#<rate amount="7.50" from="2009-02-01" requirement="FEE-1"/>#<rate amount="7.50" from="2009-02-01" to="2010-12-31"/><rate amount="8.00" from="2011-01-01"/>#
s#name="Putnam" opens="2010-07-01"#name="Putnam" opens="2010-06-01"#
s#unmet="pend" requirement="ENR-7#unmet="refuse" requirement="ENR-7#
E2
sed -f "$work/edit" rules/husky-primary-care.xml >"$work/new.xml"
"$pccm" program diff rules/husky-primary-care.xml "$work/new.xml" >"$work/said" 2>&1
[ $? -eq 1 ] && sed 's/  (.*//' "$work/said" >"$work/was" && cmp -s "$work/was" - <<'E2'
towns, area Putnam
  - open from 2010-07-01
  + open from 2010-06-01
decision
  - rule family: family-complete, else pend
  + rule family: family-complete, else refuse
fee
  - 7.50 from 2009-02-01
  + 7.50 from 2009-02-01 to 2010-12-31
  + 8.00 from 2011-01-01
E2
told $? "what two versions say differently, with dates"
"$pccm" program diff rules/husky-primary-care.xml rules/husky-primary-care.xml >"$work/said" && [ ! -s "$work/said" ]
told $? "a file and itself say the same"
exit $failed
