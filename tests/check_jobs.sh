#!/bin/sh
# What several threads tell of a large file is what one tells, byte for byte, in little memory (unit/test_ahead has the
# small files, and mutants).
#   tests/check_jobs.sh BUILD        JOBS_MEMBERS=40000
build=$1
members=${JOBS_MEMBERS:-40000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
"$build/pccm" sample --members "$members" --months 1 --out "$work/s" >/dev/null || exit 3
mv "$work"/s/*/*834-full.x12 "$work/right.x12"
# an NPI with a wrong check digit, an id too long, a segment twice, a member without INS: some in ten thousand segments
awk -v RS='~\n' -v ORS='~\n' 'NR % 9001 == 0 { sub(/^NM1[*]IL[*]1/, "NM1*IL*7") } NR % 15013 == 0 { print }
	NR % 20011 != 0 || !/^INS/ { print }' "$work/right.x12" >"$work/some.x12"
sed 's/^INS\*\([YN]\)\*\([0-9]*\)\*[0-9]*/INS*\1*\2*099/' "$work/right.x12" >"$work/all.x12"
# one set of them all: the first ST, and the last SE with the count that it must have
awk -v RS='~\n' -v ORS='~\n' '/^ST[*]/ && ++sets > 1 { skip = 1 } /^INS/ { skip = 0 } /^SE[*]/ { next } skip { next }
	/^GE[*]/ { print "SE*" segments + 1 "*" control; sub(/^GE[*][0-9]*/, "GE*1") }
	/^ST[*]/ { split($0, st, "*"); control = st[3] } /^ST[*]/ || segments { segments++ } { print }' "$work/right.x12" >"$work/one.x12"

told() { # FILE JOBS OPTIONS…: everything that is told and written, in $work/told.JOBS
	file=$1 jobs=$2
	shift 2
	(cd "$work" && "$pccm" check --jobs "$jobs" --no-progress --ta1 "ta1.$jobs" --999 "999.$jobs" "$@" "$file.x12" >"out.$jobs" 2>"err.$jobs"
		echo "status $?" >>"out.$jobs"
		sed 's/^\(ISA.\{65\}\).\{11\}/\1/; s/^\(GS\*[^*]*\*[^*]*\*[^*]*\)\*[0-9]*\*[0-9]*/\1/' "ta1.$jobs" "999.$jobs" |
			cat - "out.$jobs" "err.$jobs" >"told.$jobs")
}
case $build in /*) pccm=$build/pccm ;; *) pccm=$PWD/$build/pccm ;; esac
for file in right some all one; do
	told $file 1 --format json --max-errors 0
	same=yes
	for jobs in 2 3 8; do
		told $file $jobs --format json --max-errors 0
		cmp -s "$work/told.1" "$work/told.$jobs" || same="no: see --jobs $jobs"
	done
	if [ "$same" = yes ] && [ -s "$work/out.1" ]; then
		echo "ok jobs: $file: 2, 3 and 8 threads tell what one tells"
	else
		echo "not ok jobs: $file: threads tell something else ($same)"
		diff "$work/told.1" "$work/told.2" | head -n 10
	fi
done
"$build/tests/faults/peak" "$work/peak" "$pccm" check --jobs 2 --quiet --no-progress "$work/one.x12"
kib=$(cat "$work/peak")
if [ "$kib" -lt $((16 * 1024)) ]; then
	echo "ok jobs: two threads take $kib KiB, under 16 MiB"
else
	echo "not ok jobs: two threads took $kib KiB, expected under 16 MiB"
fi
