#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pccm split: parts are whole interchanges; put together again they are the file that was split, with the same findings;
# what cannot be split is refused in a sentence; nothing is written over, and nothing is left behind.
#   tests/check_split.sh BUILD
pccm=$1/pccm
peak=$1/tests/faults/peak
suite=split
. tests/money.sh
[ -x "$pccm" ] || { echo "skip split: $pccm is not built"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
full=samples/2010-01/2009-12-22-834-full.x12

lines() { cat "$@" | tr -d '\r\n' | tr '~' '\n'; } # one segment a line
members() { lines "$@" | awk '/^ST\*/ { on = 0 } /^INS\*/ { on = 1 } /^SE\*/ { on = 0 } on'; }
inquiries() { lines "$@" | awk -F'*' -v OFS='*' '/^ST\*/ { on = 0 } $1 == "HL" { on = ($4 == "22" || $4 == "23" || on && 0); $2 = $3 = "" } /^SE\*/ { on = 0 } on'; }
findings() { # FILE …: what each finding is about, without where it stands
	for one in "$@"; do "$pccm" check --show-values --format json "$one"; done |
		grep '"code"' | grep -oE '"(code|segment_id|loop|element|component|repetition|value)":("[^"]*"|[0-9]+|null)' | tr '\n' ' ' | sed 's/"code"/\n&/g' | LC_ALL=C sort
}
sound() { # FOLDER: each part is accepted or has no finding on its envelope; control numbers differ
	for one in "$1"/*; do
		"$pccm" stats "$one" >/dev/null || { echo "$one: envelope"; return 1; }
	done
	[ "$(cat "$1"/* | tr '~' '\n' | tr -d '\r\n' | grep -oE 'ISA\*.{86}[0-9]{9}' | sort | uniq -d | wc -l)" -eq 0 ]
}

# ---- members: the whole again, for every sample ----
wrong=0 files=0
for every in 1 7 100; do
	for file in samples/20*/*834*.x12; do
		rm -rf "$work/p"
		"$pccm" split --quiet --by $every --out "$work/p" "$file" 2>/dev/null
		[ $? -eq 0 ] || { "$pccm" stats "$file" >/dev/null && { wrong=1; echo "$file: not split"; }; continue; }
		files=$((files + 1))
		members "$file" >"$work/whole"
		members "$work"/p/* >"$work/parts"
		cmp -s "$work/whole" "$work/parts" && sound "$work/p" || { wrong=1; echo "$file by $every"; }
		[ "$(for one in "$work"/p/*; do "$pccm" check --quiet "$one"; done | wc -l)" -eq "$("$pccm" check --quiet "$file" | wc -l)" ] || { wrong=1; echo "$file by $every: other findings"; }
	done
done
[ $wrong -eq 0 ] && [ $files -gt 30 ]
verdict $? "members of the parts, one behind the other, are the members of the file ($files times)"
wrong=0 files=0
for file in samples/20*/*270*.x12 tests/golden/270/a-dependent-below-a-subscriber.edi tests/golden/271/a-covered-subscriber-and-her-pcp.edi; do
	rm -rf "$work/p"
	"$pccm" split --quiet --by 1 --out "$work/p" "$file" || { wrong=1; echo "$file: not split"; continue; }
	files=$((files + 1))
	inquiries "$file" >"$work/whole"
	inquiries "$work"/p/* >"$work/parts"
	cmp -s "$work/whole" "$work/parts" && sound "$work/p" || { wrong=1; echo "$file"; diff "$work/whole" "$work/parts" | head -n 4; }
	"$pccm" check --quiet "$work"/p/* >"$work/said" || { wrong=1; head -n 4 "$work/said"; }
done
[ $wrong -eq 0 ] && [ $files -gt 5 ] && [ -s "$work/parts" ]
verdict $? "subscribers of 270 and 271 stand in parts with their levels above, numbered from 1 ($files files)"

# ---- the same findings as the whole ----
wrong=0 files=0 refused=0
for file in tests/golden/834/*.edi tests/golden/270/*.edi tests/golden/271/*.edi; do
	rm -rf "$work/p"
	if ! "$pccm" split --quiet --by 1 --out "$work/p" "$file" 2>"$work/said"; then
		refused=$((refused + 1))
		grep -qE 'would hide it|no guide here says' "$work/said" || { wrong=1; cat "$work/said"; }
		[ -z "$(ls -A "$work/p" 2>/dev/null)" ] || { wrong=1; echo "$file: refused, and something was left"; }
		continue
	fi
	files=$((files + 1))
	findings "$file" | uniq >"$work/whole"
	# what the head says wrong is said in each part
	findings "$work"/p/* | uniq >"$work/parts"
	cat "$work/whole" >>"$work/some"
	cmp -s "$work/whole" "$work/parts" || { wrong=1; echo "$file"; diff "$work/whole" "$work/parts" | head -n 6; }
done
[ $wrong -eq 0 ] && [ $files -gt 40 ] && [ $refused -lt 16 ] && [ "$(wc -l <"$work/some")" -gt 40 ]
verdict $? "parts have the findings of the whole ($files files; $refused with a broken envelope, counts or levels are refused)"

# ---- by set, by group ----
isa='ISA*00*          *00*          *ZZ*A              *ZZ*B              *100105*2105*^*00501*000000041*1*T*:~'
gs() { printf 'GS*BE*AA*BB*20100105*2105*%s*X*005010X220A1~' "$1"; }
set834() { printf 'ST*834*%s*005010X220A1~BGN*00*R%s*20100105*2105****2~N1*P5*S*FI*060000001~N1*IN*I*FI*060000001~%sSE*%d*%s~' "$1" "$1" "$2" "$3" "$1"; }
member() { case $1 in Y) set -- "$@" 18 ;; N) set -- "$@" 19 ;; esac; printf 'INS*%s*%s*021*28*A***AC~REF*0F*%s~NM1*IL*1*%s*ANA~' "$1" "$4" "$2" "$3"; }
two="$(member Y 100 ALPHA)$(member Y 101 BETA)"
{ printf '%s' "$isa"; gs 7; set834 0001 "$two" 11; set834 0002 "$two" 11; printf 'GE*2*7~'; gs 8; set834 0001 "$two" 11; printf 'GE*1*8~IEA*2*000000041~'; } >"$work/many"
"$pccm" split --quiet --by set --name '{part}' --out "$work/set" "$work/many" && "$pccm" split --quiet --by group --name '{part}' --out "$work/group" "$work/many"
lines "$work/many" | sed -n '/^ST\*/,/^SE\*/p' >"$work/whole"
lines "$work"/set/* | sed -n '/^ST\*/,/^SE\*/p' | cmp -s - "$work/whole" && lines "$work"/group/* | sed -n '/^ST\*/,/^SE\*/p' | cmp -s - "$work/whole" &&
	[ "$(ls "$work/set" | tr '\n' ' ')" = '00001 00002 00003 ' ] && [ "$(ls "$work/group" | tr '\n' ' ')" = '00001 00002 ' ] && sound "$work/set" && sound "$work/group"
verdict $? "three sets in two groups are three parts by set, two by group, their bytes as they were"
grep -q 'GE\*2\*41~IEA\*1\*000000041' "$work/group/00001" && grep -q 'GE\*1\*42~IEA\*1\*000000042' "$work/group/00002" && grep -q '\*42\*X\*005010X220A1~ST\*834\*0002' "$work/set/00002"
verdict $? "ISA13 counts up from the file's own, GS06 is the same number, GE and IEA agree"
"$pccm" split --quiet --by set --control 999999999 --name 'c{part}' --out "$work/set" "$work/many" && grep -q 'IEA\*1\*999999999' "$work/set/c00001" && grep -q 'IEA\*1\*000000001' "$work/set/c00002"
verdict $? "--control names the first number; behind 999999999 comes 1"
printf '%sTA1*000000017*100105*2105*A*000~IEA*0*000000041~' "$isa" >"$work/ta1"
"$pccm" split --quiet --by set --out "$work/t" "$work/ta1" && cmp -s "$work/ta1" "$work/t/ta1-00001"
verdict $? "an interchange of acknowledgments alone stays one"
sed 's/$/\r/' "$full" >"$work/crlf.x12"
"$pccm" split --quiet --by 238 --out "$work/r" "$work/crlf.x12" 2>/dev/null && sed 's/\*000000001\*1\*T/*000000001*1*T/' "$work/crlf.x12" | cmp -s - "$work/r/crlf-00001.x12"
verdict $? "a file of one part is the file, byte for byte, line ends too"

# ---- totals, dependents ----
family="$(member Y 100 ALPHA)$(member N 100 BETA)$(member N 100 GAMMA)$(member Y 101 DELTA)"
{ printf '%s' "$isa"; gs 7; set834 0001 "$family" 17 | sed 's/~N1\*P5/~QTY*TO*4~QTY*ET*2~QTY*DT*2~N1*P5/; s/SE\*17/SE*20/'; printf 'GE*1*7~IEA*1*000000041~'; } >"$work/family"
"$pccm" split --quiet --by 1 --name '{part}' --out "$work/f" "$work/family" && grep -q 'QTY\*TO\*3~QTY\*ET\*1~QTY\*DT\*2~' "$work/f/00001" && grep -q 'QTY\*TO\*1~QTY\*ET\*1~QTY\*DT\*0~' "$work/f/00002" &&
	"$pccm" check --quiet --level 3 "$work"/f/*
verdict $? "dependents stay with their subscriber, totals are those of the part"
"$pccm" split --by 100 --out "$work/w" "$full" 2>&1 | grep -q 'a receiver that ends who is missing'
verdict $? "it is told that parts of a full file say that they are the whole"

# ---- what is refused ----
refuses() { # NAME PATTERN FILE WORDS …: exit status 1, the sentence, and nothing is left
	name=$1 pattern=$2 file=$3
	shift 3
	rm -rf "$work/x"
	"$pccm" split "$@" --out "$work/x" "$file" >"$work/out" 2>"$work/err"
	[ $? -eq 1 ] && grep -q -- "$pattern" "$work/err" && [ -z "$(ls -A "$work/x")" ]
	code=$?
	[ $code -eq 0 ] || cat "$work/out" "$work/err"
	verdict $code "$name"
}
refuses "an 835 is not cut" 'its payment is the sum of all its claims' tests/golden/835/claims-and-an-adjustment-make-the-payment.edi --by 1
refuses "a 999 has no units" 'no guide here says where its units begin' tests/golden/999/a-group-is-accepted.edi --by 1
head -c 60000 "$full" >"$work/cut"
refuses "a file that is cut off" 'se-missing' "$work/cut" --by 10
sed 's/^SE\*[0-9]*/SE*17/' "$full" >"$work/count"
refuses "a set that counts itself wrong" 'se-count' "$work/count" --by 10
sed 's/^QTY\*TO\*238/QTY*TO*239/' "$full" >"$work/qty"
refuses "a total that is not what is there" 'QTY says 239 and there are 238' "$work/qty" --by 100
refuses "levels that are not numbered as they stand" 'are not numbered as they stand' tests/golden/270/levels-do-not-count-up-by-one.edi --by 1
"$pccm" split --quiet --by set --out "$work/g" tests/golden/835/claims-and-an-adjustment-make-the-payment.edi
verdict $? "an 835 is split by set"

# ---- nothing is written over, nothing is left behind ----
mkdir "$work/there" && echo mine >"$work/there/2009-12-22-834-full-00003.x12"
"$pccm" split --by 100 --out "$work/there" "$full" >/dev/null 2>"$work/err"
[ $? -eq 3 ] && grep -q 'is there already, and is not written over' "$work/err" && [ "$(ls -A "$work/there")" = 2009-12-22-834-full-00003.x12 ] && [ "$(cat "$work/there"/*)" = mine ]
verdict $? "a name that is taken: exit status 3, it stays as it is, no part is left"
mkdir "$work/killed" && : >"$work/killed/.2009-12-22-834-full-00001.x12.part"
"$pccm" split --by 100 --out "$work/killed" "$full" >/dev/null 2>"$work/err"
[ $? -eq 3 ] && grep -q 'or was killed when it did; then delete it' "$work/err"
verdict $? "what a killed command left is told as such"
(ulimit -f 40; trap '' XFSZ; "$pccm" split --by 100 --out "$work/disk" "$full" >/dev/null 2>"$work/err")
[ $? -eq 3 ] && grep -q 'cannot write part' "$work/err" && [ -z "$(ls -A "$work/disk")" ]
verdict $? "a disk that is full: exit status 3, no part is left"
for form in 'a' '{part}/x' '.{part}' '{part}{x}'; do
	"$pccm" split --by 1 --out "$work/n" --name "$form" "$full" 2>/dev/null
	[ $? -eq 2 ] || echo "$form"
done >"$work/taken"
[ ! -s "$work/taken" ]
verdict $? "a form that gives no name of its own to each part is refused"
[ "$(stat -c %a "$work/w"/* | sort -u)" = 600 ]
verdict $? "parts are for their owner only"

# ---- memory ----
if [ -x "$peak" ] && ! grep -q __asan_init "$pccm"; then
	{ printf '%s' "$isa"; gs 7; printf 'ST*834*0001*005010X220A1~BGN*00*R*20100105*2105****2~N1*P5*S*FI*060000001~N1*IN*I*FI*060000001~'
		yes "$(member Y 100 ALPHA)" | head -n 400000 | tr -d '\n'; printf 'SE*1200005*0001~GE*1*7~IEA*1*000000041~'; } >"$work/big"
	"$peak" "$work/rss" "$pccm" split --quiet --by 300000 --out "$work/b" "$work/big" 2>/dev/null
	[ $? -eq 0 ] && [ "$(cat "$work/rss")" -lt 16384 ] && [ "$(ls "$work/b" | wc -l)" -eq 2 ]
	verdict $? "parts of 300,000 members take $(cat "$work/rss") KiB of memory"
else
	echo "skip split: memory is not measured: $peak is not built, or a sanitizer is"
fi
