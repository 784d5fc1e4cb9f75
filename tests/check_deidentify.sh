#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pccm deidentify: nobody of the input is in the output; the same person is the same invented one everywhere; families,
# intervals, amounts and findings are as they were.
#   tests/check_deidentify.sh BUILD
pccm=$1/pccm
peak=$1/tests/faults/peak
suite=deidentify
. tests/money.sh
[ -x "$pccm" ] || { echo "skip deidentify: $pccm is not built"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
umask 077
printf 'a key that is only for tests' >"$work/key"
printf 'another key, also for tests' >"$work/other"
lines() { for one in "$@"; do tr -d '\r\n' <"$one" | tr '~' '\n'; echo; done | grep .; } # a file may be cut off

mkdir "$work/in"
for file in samples/20*/*.x12; do cp "$file" "$work/in/$(basename "$file")"; done
"$pccm" deidentify --key "$work/key" --out "$work/out" "$work"/in/*.x12 >"$work/report"
verdict $? "$(ls "$work/out" | wc -l) files of three months"

# ---- canaries ----
lines "$work"/in/*.x12 | awk -F'*' '
	$1 == "NM1" && $3 == 1 { print $4; print $5; print $10 } $1 == "NM1" && $2 ~ /^(P3|1P)$/ { print $4; print $10 }
	$1 == "REF" && $2 ~ /^(0F|3H|Q4|6O|SY|NQ)$/ { print $3 } $1 == "N3" { print $2; print $3 } $1 == "N4" { print $2 } $1 == "PER" { print $5; print $7 }
	$1 == "DMG" { print $3 } $1 == "TRN" { print $3 } $1 == "INS" && $13 != "" { print $13 }' | awk 'length($0) > 3' | LC_ALL=C sort -u >"$work/people"
lines "$work"/out/*.x12 | awk -F'*' '$1 != "ISA" && $1 != "GS" && $1 != "BGN" && $1 != "BHT" { for (i = 2; i <= NF; i++) print $i }' | LC_ALL=C sort -u >"$work/said"
# a birth may come to lie on another one's day by chance: those are looked at member by member below
grep -vxE '(19|20)[0-9]{6}' "$work/people" >"$work/canaries"
LC_ALL=C comm -12 "$work/canaries" "$work/said" >"$work/leaked"
[ "$(wc -l <"$work/canaries")" -gt 800 ] && [ ! -s "$work/leaked" ]
code=$?
head -n 5 "$work/leaked"
verdict $code "none of $(wc -l <"$work/canaries") names, ids, streets, places, phones and traces of the input stands in the output"
lines "$work"/in/*.x12 >"$work/a"
lines "$work"/out/*.x12 >"$work/b"
paste -d'|' "$work/a" "$work/b" >"$work/both"
awk -F'|' '{ split($1, a, "*"); split($2, b, "*") } a[1] == "DMG" && a[3] == b[3] { n++ } a[1] == "DMG" { seen++ } END { exit !(seen > 250 && n == 0) }' "$work/both"
verdict $? "nobody is born on the day on which they were"

# ---- form ----
awk -F'|' '
	{ n = split($1, a, "*"); m = split($2, b, "*"); if (n != m || a[1] != b[1]) { print; exit 1 } }
	# codes, amounts, counts, numbers of the envelope stay
	a[1] ~ /^(ST|SE|GE|IEA|QTY|HL|INS|HD|LX|EQ|LS|LE|AMT|BGN|BHT)$/ { for (i = 1; i <= n; i++) if (a[i] != b[i] && !(a[1] == "INS" && i == 13)) { print; exit 1 } }
	a[1] == "NM1" { if (a[2] != b[2] || a[3] != b[3] || a[9] != b[9] || length(a[10]) != length(b[10])) { print; exit 1 } }
	a[1] == "DMG" { if (a[4] != b[4]) { print; exit 1 } }
	a[1] == "REF" { if (a[2] != b[2] || length(a[3]) != length(b[3])) { print; exit 1 } }' "$work/both" >"$work/first" && [ "$(wc -l <"$work/both")" -gt 5000 ]
code=$?
head -n 1 "$work/first"
verdict $code "segments, qualifiers, codes, sex and lengths of ids are as they were"

# ---- the same person, everywhere ----
awk -F'|' '
	function pair(kind, x, y) { if (x == "") return; if ((kind, x) in to && to[kind, x] != y) { print kind, x, y; bad = 1 } to[kind, x] = y; if ((kind, y) in from && from[kind, y] != x) { print kind, y; bad = 1 } from[kind, y] = x; pairs++ }
	{ split($1, a, "*"); split($2, b, "*") }
	a[1] == "REF" && a[2] ~ /^(0F|Q4|6O|NQ)$/ { pair("id", a[3], b[3]) }
	a[1] == "REF" && a[2] == "3H" { pair("case", a[3], b[3]) }
	a[1] == "NM1" && a[3] == 1 && a[9] != "34" { pair("id", a[10], b[10]) }
	a[1] == "NM1" && a[3] == 1 { if (a[4] in last && last[a[4]] != b[4]) bad = 1; last[a[4]] = b[4]; if (a[5] in first && first[a[5]] != b[5]) bad = 1; first[a[5]] = b[5] }
	END { exit bad || pairs < 1000 }' "$work/both" >"$work/first"
code=$?
head -n 1 "$work/first"
verdict $code "an id is the same invented one in every file, no two become one, and a name is the same invented name"
days='function day(d, y, m) { y = substr(d, 1, 4) - (substr(d, 5, 2) + 0 < 3); m = (substr(d, 5, 2) + 9) % 12; return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m + 2) / 5) + substr(d, 7, 2) }'
awk -F'|' "$days"'
	{ split($1, a, "*"); split($2, b, "*") }
	a[1] == "ST" { who = "" ; set = a[2] }
	a[1] == "INS" { who = ""; held = 0 }
	a[1] == "REF" && a[2] == "0F" { id = a[3] }
	a[1] == "REF" && a[2] == "3H" { who = a[3]; of[id] = who }
	set == "270" && a[1] == "NM1" && a[2] == "IL" { who = a[10] in of ? of[a[10]] : "" }
	who != "" && a[1] == "DTP" || who != "" && a[1] == "DMG" && substr(a[3], 1, 4) > 1925 {
		x = a[1] == "DTP" ? a[4] : a[3]; y = a[1] == "DTP" ? b[4] : b[3]
		if (length(x) != 8) next
		moved = day(y) - day(x); n++
		if (moved >= 0 || moved < -365 || who in by && by[who] != moved) { print who, x, y; bad = 1 }
		by[who] = moved; set270 += set == "270"
	}
	END { exit bad || n < 800 || set270 < 5 }' "$work/both" >"$work/first"
code=$?
head -n 1 "$work/first"
verdict $code "all days of a family move by the same number of days, also in inquiries that name no case"

# ---- findings ----
findings() { # FILE: what each finding is about, without the values
	"$pccm" check --format json "$1" | grep '"code"' | grep -oE '"(code|segment_id|loop|element|component|repetition)":("[^"]*"|[0-9]+|null)' | tr '\n' ' ' | sed 's/"code"/\n&/g' | LC_ALL=C sort
}
wrong=0 files=0
: >"$work/some"
for file in samples/20*/*.x12 tests/golden/834/*.edi tests/golden/270/*.edi tests/golden/271/*.edi tests/golden/835/*.edi tests/golden/999/*.edi; do
	"$pccm" stats "$file" >/dev/null 2>&1 || continue
	rm -rf "$work/one"
	if ! "$pccm" deidentify --quiet --key "$work/key" --out "$work/one" "$file" 2>"$work/err"; then
		grep -qE 'is in no guide here|no guide here says' "$work/err" || { wrong=1; echo "$file: $(cat "$work/err")"; }
		[ -z "$(ls -A "$work/one")" ] || { wrong=1; echo "$file: refused, and something is left"; }
		continue
	fi
	files=$((files + 1))
	# the characters of a name are invented with it; what was too long to be read is not written
	findings "$file" | grep code | grep -vE 'element-char|segment-too-long' >"$work/x"
	findings "$work"/one/* | grep code | grep -v element-char >"$work/y"
	cat "$work/x" >>"$work/some"
	cmp -s "$work/x" "$work/y" || { wrong=1; echo "$file"; diff "$work/x" "$work/y" | head -n 4; }
done
[ $wrong -eq 0 ] && [ $files -gt 80 ] && [ "$(wc -l <"$work/some")" -gt 60 ]
verdict $? "what check finds in the output is what it finds in the input ($files files, $(grep -c code "$work/some") findings)"

# ---- the key ----
"$pccm" deidentify --quiet --key "$work/key" --out "$work/again" "$work"/in/*.x12 && diff -r "$work/out" "$work/again" >/dev/null
verdict $? "the same key invents the same people"
"$pccm" deidentify --quiet --key "$work/key" --out "$work/single" "$work/in/2010-01-05-834-change.x12" && cmp -s "$work/single/2010-01-05-834-change.x12" "$work/out/2010-01-05-834-change.x12"
verdict $? "also when a file of an enrolment comes alone"
full=$work/in/2009-12-22-834-full.x12
"$pccm" deidentify --quiet --key "$work/other" --out "$work/o" "$full" && "$pccm" deidentify --out "$work/n1" "$full" >"$work/said" && "$pccm" deidentify --quiet --out "$work/n2" "$full" &&
	! cmp -s "$work/o/$(basename "$full")" "$work/out/$(basename "$full")" && ! cmp -s "$work"/n1/* "$work"/n2/* && grep -q 'cannot be invented again' "$work/said"
verdict $? "another key invents others; without one each run does, and says so"

# ---- what the report says, and does not ----
grep -qE '^  REF02 0F  *permuted  *[0-9]+$' "$work/report" && grep -qE '^  DMG02  *shifted, 90 at most  *[0-9]+$' "$work/report" && ! grep -qwFf "$work/canaries" "$work/report"
verdict $? "the report counts elements and treatments, and has no values"

# ---- options ----
"$pccm" deidentify --quiet --key "$work/key" --keep providers,zips --out "$work/k" "$full"
lines "$work"/k/* >"$work/b"
lines "$full" | paste -d'|' - "$work/b" | awk -F'|' '{ split($1, a, "*"); split($2, b, "*") }
	a[1] == "NM1" { doctor = a[2] == "P3"; if (doctor != ($1 == $2)) { print; bad = 1 } seen += doctor }
	a[1] == "PER" && doctor && $1 != $2 { print; bad = 1 } a[1] == "N4" && a[4] != b[4] { print; bad = 1 } END { exit bad || seen < 100 }'
verdict $? "--keep providers,zips keeps those, and treats the members"
refuses() { # NAME STATUS PATTERN WORDS …
	name=$1 expected=$2 pattern=$3
	shift 3
	rm -rf "$work/x"
	"$pccm" deidentify --out "$work/x" "$@" >"$work/said" 2>&1
	[ $? -eq "$expected" ] && grep -q -- "$pattern" "$work/said" && [ -z "$(ls -A "$work/x" 2>/dev/null)" ]
	code=$?
	[ $code -eq 0 ] || cat "$work/said"
	verdict $code "$name"
}
sed 's/005010X220A1/004010X095A1/g' "$full" >"$work/4010.x12"
refuses "a version that no guide here knows" 1 'no guide here says what is personal in it' "$work/4010.x12"
refuses "a segment that no guide here knows" 1 'what is personal in it is not known' tests/golden/834/a-segment-that-no-guide-has.edi
gzip -c "$full" | head -c 3000 >"$work/cut.gz"
refuses "what is packed and cut off" 1 'damaged or cut off; nothing was written' "$work/cut.gz"
echo hello >"$work/hello"
refuses "what is no X12" 1 'no interchange is in it' "$work/hello"
refuses "standard input" 2 'files are read twice' -
refuses "a key that is not there" 3 'head -c 32 /dev/urandom makes one' --key "$work/none" "$full"
printf short >"$work/short"
refuses "a key that is too short" 3 'expected 16 to 4096' --key "$work/short" "$full"
cp "$work/key" "$work/open" && chmod 644 "$work/open"
refuses "a key that others may read" 3 'others may read it' --key "$work/open" "$full"
refuses "something else to keep" 2 'expected providers, zips' --keep names "$full"
"$pccm" deidentify --quiet --out "$work/o" "$full" 2>"$work/said"
[ $? -eq 3 ] && grep -q 'is there already, and is not written over' "$work/said"
verdict $? "nothing is written over"
"$pccm" deidentify --quiet --out "$work/twice" "$full" "$full" 2>"$work/said"
[ $? -eq 3 ] && grep -q 'not written over; the files before it were written' "$work/said" && [ -s "$work/twice/${full##*/}" ]
verdict $? "a name that comes twice: what was written before it stays, and that is told"
[ "$(stat -c %a "$work"/out/* | sort -u)" = 600 ]
verdict $? "what is written is for its owner only"

# ---- what only some files have ----
isa='ISA*03*SECRET    *01*PASSWORD  *ZZ*1030704773     *ZZ*BB             *100105*2105*^*00501*000000041*1*T*:~'
printf '%sGS*BE*1030704773*BB*20100105*2105*41*X*005010X220A1~ST*834*0001*005010X220A1~BGN*00*R1*20100105*2105****2~N1*P5*S*FI*060000001~N1*IN*I*FI*060000001~INS*Y*18*001*25*A***AC***D8*20100104*R~REF*0F*100200300~REF*SY*123121234~REF*Q4*400500600~NM1*IL*1*Featherstonehaugh*Ana*Maria*MRS*III*34*123121234~N3*12 Elm St*APT 3~N4*Norwich*CT*063601234~DMG*D8*19150203*F**C^:RET:2~NM1*31*1~N3*9 Oak St~N4*Norwich*CT*06360~SE*18*0001~GE*1*41~IEA*1*000000041~' "$isa" >"$work/rare"
"$pccm" deidentify --key "$work/key" --out "$work/z" "$work/rare" >"$work/said"
out=$(cat "$work/z/rare")
case $out in *SECRET* | *PASSWORD* | *1030704773* | *100200300* | *400500600* | *123121234* | *[Ff]eather* | *Ana* | *Maria* | *MRS* | *III* | *Elm* | *Norwich* | *06360* | *1915* | *20100104* | *Oak* | *'*C^'*) false ;; esac
code=$?
case $out in *'*34*9'* | *'REF*SY*9'*) ;; *) code=1 ;; esac
case $out in *'*CT*000000000~'*'D8*19200101*F**7^'*) ;; *) code=1 ;; esac
[ $code -eq 0 ] || echo "$out"
verdict $code "passwords, an NPI as sender, social security numbers, a death, an age of 94, a race and a small ZIP are treated"

# what passes as an NPI and was never given out, as its first digit is neither 1 nor 2
sed "s/^REF\*0F\*[0-9]*/REF*0F*9123456789/; s/\(NM1\*IL.*\*ZZ\*\)[0-9]*/\10123456788/" "$full" >"$work/zero.x12"
"$pccm" deidentify --quiet --key "$work/key" --out "$work/npi" "$work/zero.x12" 2>"$work/said" && ! grep -q "9123456789" "$work/npi/zero.x12"
verdict $? "ten digits with the check digit of an NPI, and another first digit"

# ---- memory ----
if [ -x "$peak" ] && ! grep -q __asan_init "$pccm"; then
	{ printf '%s' "$isa"; printf 'GS*BE*AA*BB*20100105*2105*41*X*005010X220A1~ST*834*0001*005010X220A1~BGN*00*R1*20100105*2105****2~N1*P5*S*FI*060000001~N1*IN*I*FI*060000001~'
		awk 'BEGIN { for (i = 0; i < 60000; i++) printf "INS*Y*18*021*28*A***AC~REF*0F*%06d~REF*3H*C%05d~NM1*IL*1*L%d*ANA****ZZ*%06d~", i, i / 3, i % 97, i; printf "SE*%d*0001~GE*1*41~IEA*1*000000041~", i * 4 + 5 }'; } >"$work/big"
	"$peak" "$work/rss" "$pccm" deidentify --quiet --key "$work/key" --out "$work/m" "$work/big"
	[ $? -eq 0 ] && [ "$(cat "$work/rss")" -lt 24576 ]
	verdict $? "60,000 members take $(cat "$work/rss") KiB of memory"
else
	echo "skip deidentify: memory is not measured: $peak is not built, or a sanitizer is"
fi
