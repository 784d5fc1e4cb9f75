#!/bin/sh
# `pccm sample`: the same seed gives the same bytes, samples/ is what it gives, and what it gives is accepted.
#   tests/check_sample.sh BUILD
pccm=$1/pccm
if [ ! -x "$pccm" ]; then
	echo "skip sample: $pccm is not built"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok sample: $2"; else echo "not ok sample: $2"; fi
}
# The files that are broken on purpose (samples/README.md).
broken() {
	case $1 in *2010-02-16-834-change.x12 | *2010-02-23-834-change.x12) return 0 ;; esac
	return 1
}

"$pccm" sample --out "$work/default" >"$work/said" && same=0 || same=1
for month in 2010-01 2010-02 2010-03; do
	diff -r "samples/$month" "$work/default/$month" || same=1
done
verdict $same "samples/ is what the default seed gives, byte for byte"

"$pccm" sample --members 1500 --months 5 --seed 7 --out "$work/a" >/dev/null &&
	"$pccm" sample --members 1500 --months 5 --seed 7 --out "$work/b" >/dev/null && diff -r "$work/a" "$work/b"
verdict $? "the same seed gives the same bytes"
"$pccm" sample --members 1500 --months 5 --seed 8 --out "$work/b" >/dev/null && ! diff -rq "$work/a" "$work/b" >/dev/null
verdict $? "another seed gives another program"

# every member once in a full file or an addition; 987654325 is nobody
count=$(cat "$work"/a/*/*834*.x12 | sed -n 's/^REF\*0F\*\(.*\)~$/\1/p' | sort -u | grep -vc 987654325)
[ "$count" -eq 1500 ]
verdict $? "--members is the number of members ($count of 1500)"
twice=$(cat "$work"/a/*/*.x12 | sed -n 's/^ISA.*\*00501\*\([0-9]*\)\*.*/\1/p' | sort | uniq -d | wc -l)
[ "$twice" -eq 1 ] && cmp -s "$work/a/2010-01/2010-01-19-834-change.x12" "$work/a/2010-01/2010-01-20-834-change-again.x12"
verdict $? "one interchange stands there twice, on purpose, and no other control number does"

accepted=0
refused=0
for file in "$work"/default/*/*.x12 "$work"/a/*/*.x12; do
	said=$("$pccm" check "$file" 2>&1)
	status=$?
	if broken "$file"; then
		[ $status -eq 1 ] || { refused=1; echo "$file: status $status, expected 1"; }
	elif [ $status -ne 0 ] || ! printf '%s\n' "$said" | grep -q ', 0 errors, 0 notes$'; then
		accepted=1
		echo "$file: status $status"
		printf '%s\n' "$said" | head -n 5
	fi
done
verdict $accepted "every file but the two broken ones is accepted without a finding"
verdict $refused "the two broken ones are refused"

"$pccm" sample --members 25000 --months 1 --out "$work/large" >/dev/null
full=$work/large/2010-01/2009-12-22-834-full.x12
members=$(grep -c '^INS' "$full")
told=$(sed -n 's/^QTY\*TO\*\([0-9]*\)~$/\1/p' "$full" | paste -sd+ | sed 's/^/echo $((/; s/$/))/' | sh)
[ "$members" -eq "$told" ] && [ "$(grep -c '^ST' "$full")" -eq 3 ] && "$pccm" check "$full" >/dev/null
verdict $? "a large full file comes in sets of 10,000 members that count themselves"

if "$pccm" sample >/dev/null 2>&1; then false; else [ $? -eq 2 ]; fi &&
	if "$pccm" sample --members 5 --out "$work/c" >/dev/null 2>&1; then false; else [ $? -eq 2 ]; fi
verdict $? "a missing --out and too few members are refused as usage"
