#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pccm diff: each kind of difference, hidden and shown; the order of members does not matter; memory does not grow.
#   tests/check_diff.sh BUILD
pccm=$1/pccm
peak=$1/tests/faults/peak
suite=diff
. tests/money.sh
[ -x "$pccm" ] || { echo "skip diff: $pccm is not built"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
full=samples/2010-01/2009-12-22-834-full.x12

file() { # BGN08 BODY: an 834 with these members, a segment a line
	body=$(printf '%s' "$2" | tr -d '\n')
	segments=$(printf '%s' "$body" | tr -cd '~' | wc -c)
	printf 'ISA*00*          *00*          *ZZ*AA             *ZZ*BB             *100105*2105*^*00501*000000041*1*T*:~GS*BE*AA*BB*20100105*2105*41*X*005010X220A1~'
	printf 'ST*834*0001*005010X220A1~BGN*00*R1*20100105*2105****%s~N1*P5*S*FI*060000001~N1*IN*I*FI*060000001~%sSE*%d*0001~GE*1*41~IEA*1*000000041~' "$1" "$body" $((segments + 5))
}
member() { # ID LAST INS03 [MORE]
	printf 'INS*Y*18*%s*28*A***AC~REF*0F*%s~NM1*IL*1*%s*ANA****ZZ*%s~%s' "$3" "$1" "$2" "$1" "$4"
}
plan='HD*021**HLT*HUSKY A~DTP*348*D8*20100101~'
pcp() { printf 'LX*1~NM1*P3*1*%s*PETER****XX*%s*26~' "$1" "$2"; }
file RX "$(member 100 ALPHA 021 "$plan")$(member 101 BETA 021 "$plan$(pcp AMATO 1030704773)")$(member 102 GAMMA 024 "$plan")$(member 103 DELTA 021 "$plan")$(member 105 ZETA 021)" >"$work/a"
file RX "$(member 100 ALPHA 021 "$plan")$(member 101 BETTA 021 "$plan$(pcp BURKE 1245319599)")$(member 102 GAMMA 021 "$plan")$(member 104 EPSILON 021 "$plan")$(member 105 ZETA 024)" >"$work/b"

# ---- the kinds, shown and hidden ----
said() { # NAME STATUS: what was printed is what stands on standard input
	cat >"$work/expected"
	[ "$status" -eq "$2" ] && cmp -s "$work/expected" "$work/out"
	code=$?
	[ $code -eq 0 ] || { echo "exit status $status"; diff "$work/expected" "$work/out"; cat "$work/err"; }
	verdict $code "$1"
}
run() {
	"$pccm" diff "$@" >"$work/out" 2>"$work/err"
	status=$?
}
run --show-values "$work/a" "$work/b"
said "added, ended, reinstated, changed, each with its fields" 1 <<'OUT'
changed    101
    coverage HLT HUSKY A / provider P3 / id: 1030704773 -> 1245319599
    coverage HLT HUSKY A / provider P3 / last: AMATO -> BURKE
    last: BETA -> BETTA
reinstated 102
ended      103
added      104
ended      105
    maintenance: 021 -> 024
A a: full file, 5 member records
B b: full file, 5 member records
added 1, ended 2, reinstated 1, changed 1, left out 0, same 1
OUT
run "$work/a" "$work/b"
said "values are hidden unless they are asked for" 1 <<'OUT'
changed    101
    coverage HLT HUSKY A / provider P3 / id: (hidden) -> (hidden)
    coverage HLT HUSKY A / provider P3 / last: (hidden) -> (hidden)
    last: (hidden) -> (hidden)
reinstated 102
ended      103
added      104
ended      105
    maintenance: (hidden) -> (hidden)
A a: full file, 5 member records
B b: full file, 5 member records
added 1, ended 2, reinstated 1, changed 1, left out 0, same 1
OUT
run --format json "$work/a" "$work/b"
said "the same as JSON" 1 <<'OUT'
{"kind":"changed","member":"101","fields":[{"field":"coverage HLT HUSKY A / provider P3 / id","a":"(hidden)","b":"(hidden)"},{"field":"coverage HLT HUSKY A / provider P3 / last","a":"(hidden)","b":"(hidden)"},{"field":"last","a":"(hidden)","b":"(hidden)"}]}
{"kind":"reinstated","member":"102","fields":[]}
{"kind":"ended","member":"103","fields":[]}
{"kind":"added","member":"104","fields":[]}
{"kind":"ended","member":"105","fields":[{"field":"maintenance","a":"(hidden)","b":"(hidden)"}]}
{"kind":"summary","a":{"file":"a","full":true,"members":5,"without_id":0,"sets":1,"other_sets":0,"refusing":0},"b":{"file":"b","full":true,"members":5,"without_id":0,"sets":1,"other_sets":0,"refusing":0},"added":1,"ended":2,"reinstated":1,"changed":1,"left_out":0,"same":1}
OUT
file 2 "$(member 101 BETA 001 'DMG*D8*19800101*F~')$(member 103 '' 024)$(member 106 ETA 021 "$plan")" | sed 's/\*\*ANA/**/' >"$work/change"
run --show-values "$work/a" "$work/change"
said "of a change file only what it says is compared, and headers are told" 1 <<'OUT'
header
    action: RX -> 2
changed    101
    born: (none) -> 1980-01-01
    sex: (none) -> F
ended      103
    maintenance: 021 -> 024
added      106
A a: full file, 5 member records
B change: change file, 3 member records
added 1, ended 1, reinstated 0, changed 1, left out 0, same 3
OUT
file 2 "$(member 101 BETA 001 'DMG*D8*19800101*F~')" >"$work/shorter"
run --quiet "$work/change" "$work/shorter"
said "of two change files, who is missing in the second is left out" 1 <<'OUT'
left out   103
left out   106
OUT

# ---- several records of a member ----
file 2 "$(member 101 BETA 024 'HD*024**HLT*HUSKY A~DTP*349*D8*20100131~')$(member 101 BETA 021 'HD*021**HLT*HUSKY A~DTP*348*D8*20100201~')" >"$work/twice"
run --show-values --quiet "$work/a" "$work/twice"
said "BAD-14: an end and an addition of one member come to their net effect" 1 <<'OUT'
changed    101
    coverage HLT HUSKY A / begin: 2010-01-01 -> 2010-02-01
OUT

# ---- the same members ----
run "$full" "$full"
[ $status -eq 0 ] && grep -q '^added 0, ended 0, reinstated 0, changed 0, left out 0, same 238$' "$work/out"
verdict $? "a file and itself: exit status 0"
gzip -c "$full" | "$pccm" diff --quiet "$full" - >"$work/out" && [ ! -s "$work/out" ]
verdict $? "a packed file on standard input"
shuffled() { # members of the file the other way round
	tr -d '\n' <"$1" | tr '~' '\n' | awk '/^INS\*/ { n++ } /^SE\*/ { for (i = n; i > 0; i--) printf "%s", m[i]; n = 0 } n { m[n] = m[n] $0 "~"; next } { printf "%s~", $0 }'
}
wrong=0
shuffled "$full" >"$work/back"
shuffled "$work/b" >"$work/b.back"
"$pccm" diff --quiet "$full" "$work/back" >"$work/out" || { wrong=1; head -n 5 "$work/out"; }
for a in a b; do
	[ $a = a ] && b=b || b=a
	shuffled "$work/$a" >"$work/$a.back"
	"$pccm" diff --quiet --show-values "$work/$a" "$work/$b" >"$work/sorted"
	"$pccm" diff --quiet --show-values "$work/$a.back" "$work/$b" | cmp -s - "$work/sorted" || wrong=1
	"$pccm" diff --quiet --show-values "$work/$a" - <"$work/$b" | cmp -s - "$work/sorted" || wrong=1
done
verdict $wrong "members in another order, or on standard input, differ in the same"
file RX "$(member 100 ALPHA 021)INS*N*19*021*28*A***AC~REF*0F*100~NM1*IL*1*ALPHA*BEA****ZZ*D1~INS*N*19*021*28*A***AC~REF*0F*100~NM1*IL*1*ALPHA*CLEO****ZZ*D2~" >"$work/family"
sed 's/\*CLEO/*CLIO/' "$work/family" >"$work/other"
run --show-values --quiet "$work/family" "$work/other"
said "dependents under their subscriber's id are told apart" 1 <<'OUT'
changed    100 / D2
    first: CLEO -> CLIO
OUT
cat samples/2010-01/*834-change.x12 samples/2010-02/*834-change.x12 >"$work/changes"
"$pccm" diff --quiet "$full" "$work/changes" >"$work/out" 2>&1
tr '~' '\n' <"$work/changes" | awk -F'*' '$1 == "NM1" && $2 == "IL" || $1 == "NM1" && $2 == "P3" { print $4; print $10 } $1 == "REF" && $2 == "0F" { print $3 } $1 == "N3" { print $2 } $1 == "DMG" { print $3 }' |
	awk 'length($0) > 3' | sort -u >"$work/people"
[ "$(wc -l <"$work/people")" -gt 60 ] && grep -q '^changed' "$work/out" && ! grep -qwFf "$work/people" "$work/out"
verdict $? "no name, id, street or birth of a month's changes is printed"

# ---- what cannot be compared ----
run "$full" samples/2010-01/2010-01-12-270.x12
[ $status -eq 3 ] && grep -q 'found no 834' "$work/err" && ! grep -q '^added' "$work/out"
verdict $? "a file that holds no 834"
run - -
[ $status -eq 2 ]
verdict $? "standard input twice"
head -c 60000 "$full" >"$work/cut"
run "$full" "$work/cut"
[ $status -eq 1 ] && grep -q 'refuse (pccm check tells them)' "$work/err"
verdict $? "a file that is cut off is compared as far as it goes, and that is told"
run "$work/cut" "$work/cut"
[ $status -eq 1 ] && grep -q 'same [1-9]' "$work/out"
verdict $? "nobody says of two files that are cut off that their members are the same"
file RX "$(member 100 ALPHA 021 | sed 's/REF\*0F\*100~//; s/\*\*\*\*ZZ\*100//')" >"$work/nobody"
run "$work/nobody" "$work/nobody"
grep -q '1 member record, 1 without an id and not compared' "$work/out"
verdict $? "a member without any id is counted"

# ---- memory ----
if [ -x "$peak" ] && ! grep -q __asan_init "$pccm"; then
	file RX "$(awk 'BEGIN { for (i = 0; i < 60000; i++) printf "INS*Y*18*021*28*A***AC~REF*0F*%06d~NM1*IL*1*L%d*ANA****ZZ*%06d~HD*021**HLT*HUSKY A~DTP*348*D8*20100101~", i, i % 97, i }')" >"$work/big"
	sed 's/\*L13\*ANA/*L14*ANA/g' "$work/big" >"$work/bigger"
	"$peak" "$work/rss" "$pccm" diff "$work/big" "$work/bigger" >"$work/out"
	[ $? -eq 1 ] && [ "$(cat "$work/rss")" -lt 16384 ] && grep -q 'changed 619, left out 0, same 59381' "$work/out"
	verdict $? "60,000 members in order take $(cat "$work/rss") KiB"
	"$peak" "$work/rss" "$pccm" diff "$work/big" - <"$work/bigger" >"$work/out"
	[ $? -eq 1 ] && [ "$(cat "$work/rss")" -lt 32768 ] && grep -q 'changed 619, left out 0, same 59381' "$work/out"
	verdict $? "60,000 members in any order take $(cat "$work/rss") KiB"
else
	echo "skip diff: memory is not measured: $peak is not built, or a sanitizer is"
fi
