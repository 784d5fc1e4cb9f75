#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pccm stats: its counts are those that awk finds in the same bytes, for every good file at hand; tables keep their limit;
# nothing of a person is printed.
#   tests/check_stats.sh BUILD
pccm=$1/pccm
suite=stats
. tests/money.sh
[ -x "$pccm" ] || { echo "skip stats: $pccm is not built"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# ---- by awk: set type, members, segments by id with bytes ----
by_awk() { # FILE: "id ID COUNT BYTES" lines, then members and sets
	awk 'BEGIN { RS = "~" }
		{ gsub(/[\r\n]/, ""); sub(/^[ \t]+/, "") }
		$0 == "" { next }
		{ id = $0; sub(/\*.*/, "", id); count[id]++; bytes[id] += length($0) + 1 }
		id == "ST" { sets++; split($0, st, "*") }
		id == "INS" && st[2] == "834" { members++ }
		id == "CLP" && st[2] == "835" { claims++ }
		END { for (id in count) print "id", id, count[id], bytes[id]; print "sets", sets + 0; print "members", members + 0; print "claims", claims + 0 }' "$1" | LC_ALL=C sort
}
by_pccm() {
	"$pccm" stats "$1" | awk '
		/^segments by id/ { on = 1; next }
		on && /^  / { print "id", $1, $2, $3; next }
		{ on = 0 }
		/ interchanges [0-9]+,/ && match($0, /sets [0-9]+, segments/) { split(substr($0, RSTART), word, /[ ,]/); print "sets", word[2] }
		/^members / { gsub(/,/, ""); print "members", $2; print "claims", $NF }' | LC_ALL=C sort
}
wrong=0 files=0
for file in samples/20*/*.x12 tests/golden/834/*.edi tests/golden/270/*.edi tests/golden/271/*.edi tests/golden/835/*.edi tests/golden/999/*.edi; do
	# the file's own delimiters, plain text, and an envelope that pccm finds no fault with
	[ "$(head -c 4 "$file" | tail -c 1)" = '*' ] && [ "$(head -c 106 "$file" | tail -c 1)" = '~' ] || continue
	"$pccm" stats "$file" >/dev/null 2>&1 || continue
	"$pccm" check "$file" | grep -qE 'segment-(too-long|elements)' && continue
	by_awk "$file" >"$work/awk"
	by_pccm "$file" >"$work/pccm"
	files=$((files + 1))
	cmp -s "$work/awk" "$work/pccm" || { wrong=1; echo "$file"; diff "$work/awk" "$work/pccm" | head -n 5; }
done
[ $wrong -eq 0 ] && [ $files -gt 60 ]
verdict $? "$files files have the segments, bytes, sets, members and claims that awk counts"

# ---- what is said of one file ----
"$pccm" stats samples/2010-01/2009-12-22-834-full.x12 >"$work/out"
wrong=0
while IFS= read -r line; do
	grep -qF -- "$line" "$work/out" || { wrong=1; echo "not printed: $line"; }
done <<'LINES'
  000000001 from ZZ CTDSSENROLL to ZZ CTDSS, 091222 2105, usage T, version 00501, delimiters * ^ : ~, line ends LF
  834      005010X220A1                1
  021      28                        238
  HLT      HUSKY A                   237
  348                                238  2008-02-01  2009-11-06
  lower case 0, control 0, not ASCII 0; line feeds 4945, carriage returns 0
LINES
verdict $wrong "sender, version, delimiters, line ends, maintenance, coverage, dates and characters of a file"
tr '~' '\n' <samples/2010-01/2009-12-22-834-full.x12 | awk -F'*' '$1 == "NM1" && $2 == "IL" { print $4 "*" $5 } $1 == "REF" && $2 == "0F" { print $3 } $1 == "N3" { print $2 }' |
	tr '*' '\n' | awk 'length($0) > 3' | LC_ALL=C sort -u >"$work/people"
"$pccm" stats --format json samples/2010-01/2009-12-22-834-full.x12 >>"$work/out"
[ "$(wc -l <"$work/people")" -gt 300 ] && ! grep -qwFf "$work/people" "$work/out"
verdict $? "no name, id or street of a member is printed"

# ---- delimiters that are control characters, line ends inside, what is not ASCII ----
isa='ISA*00*          *00*          *ZZ*A              *ZZ*B              *100105*2105*^*00501*000000002*1*T*:~'
{ printf '%s' "$isa" | tr '*^:~' '\035\037\036\034'; printf 'GS*BE*A*B*20100105*2105*2*X*005010X220A1~ST*834*0001*005010X220A1~NM1*IL*1*Ni\303\261o\001~SE*3*0001~GE*1*2~IEA*1*000000002~' | tr '*~' '\035\034'; } >"$work/control"
"$pccm" stats "$work/control" | grep -q 'lower case 2, control 1, not ASCII 2; line feeds 0, carriage returns 0' &&
	"$pccm" stats "$work/control" | grep -q 'delimiters 0x1d 0x1f 0x1e 0x1c, line ends none'
verdict $? "control characters that separate are not counted as data"
sed 's/$/\r/' tests/golden/834/a-member-is-added.edi | "$pccm" stats - | grep -q 'line ends CR LF'
verdict $? "CR LF is told from LF"

# ---- limits: 256 rows and one more ----
wide() { # NUMBER of segment ids besides ISA, GS, ST, SE, GE, IEA
	printf '%sGS*BE*A*B*20100105*2105*2*X*005010X220A1~ST*834*0001*005010X220A1~' "$isa"
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "%c%c%d*A~", 65 + int(i / 10) % 20, 75 + int(i / 200), i % 10; printf "SE*%d*0001~GE*1*2~IEA*1*000000002~", n + 2 }'
}
wide 250 >"$work/most"
wide 251 >"$work/more"
! "$pccm" stats "$work/most" | grep -q '(others)' && "$pccm" stats "$work/more" | grep -q '(others)  *1$'
verdict $? "256 segment ids have a row each, the next is counted as others"
i=0
while [ $i -lt 257 ]; do
	printf '%sIEA*0*000000002~' "$isa"
	i=$((i + 1))
done >"$work/many"
"$pccm" stats "$work/many" | grep -q '^  and 1 more$' && "$pccm" stats "$work/many" | grep -q 'interchanges 257,'
verdict $? "256 interchanges are listed, the next is counted"

# ---- what is broken ----
head -c 5000 samples/2010-01/2009-12-22-834-full.x12 >"$work/cut"
"$pccm" stats "$work/cut" >"$work/out"
[ $? -eq 1 ] && grep -q 'cut off: IEA is missing' "$work/out" && grep -q 'the first is se-missing: pccm check tells them' "$work/out"
verdict $? "a file that is cut off is counted, told, and exit status 1"
printf 'hello\n' | "$pccm" stats - >"$work/out"
[ $? -eq 1 ] && grep -q 'interchanges 0' "$work/out"
verdict $? "what is no X12 has nothing in it, exit status 1"
gzip -c samples/2010-01/2009-12-22-834-full.x12 | "$pccm" stats - | sed 1d >"$work/packed"
"$pccm" stats samples/2010-01/2009-12-22-834-full.x12 | sed 1d | cmp -s - "$work/packed"
verdict $? "a packed file has what it has unpacked"
