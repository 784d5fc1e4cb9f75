#!/bin/sh
# Input made to hurt: each kind is told with its place, acknowledged where the standard knows how, and read in bounded memory.
#   tests/check_hostile.sh BUILD          HOSTILE=long: a gigabyte instead of 200 MB
build=$1
pccm=$1/pccm
peak=$1/tests/faults/peak
suite=hostile
. tests/money.sh
[ -x "$pccm" ] && [ -x "$peak" ] || { echo "skip hostile: $pccm or $peak is not built"; exit 0; }
grep -q __asan_init "$pccm" && { echo "skip hostile: a sanitizer's memory says nothing"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
bytes=200000000
[ "$HOSTILE" = long ] && bytes=1073741824
limit=$((48 * 1024)) # KiB

isa='ISA*00*          *00*          *ZZ*CTDSSENROLL    *ZZ*CTDSS          *100105*2105*^*00501*000000002*1*T*:~'
gs='GS*BE*CTDSSENROLL*CTDSS*20100105*2105*2*X*005010X220A1~'
st='ST*834*0001*005010X220A1~'
head834="$isa$gs$st"'BGN*00*R1*20100105*2105****2~REF*38*HUSKYA~N1*P5*STATE OF CT DSS*FI*060000001~N1*IN*HUSKY PRIMARY CARE*FI*060000001~'
tail834='SE*9*0001~GE*1*2~IEA*1*000000002~'
zeros() { head -c "$1" /dev/zero | tr '\0' "$2"; }

hostile() { # NAME PATTERN ACK-PATTERN: standard input is checked: exit status 1, the finding, the acknowledgment, the memory
	"$peak" "$work/rss" timeout 300 "$pccm" check --ta1 "$work/ta1" --999 "$work/999" - >"$work/out" 2>"$work/said"
	status=$?
	wrong=0
	[ $status -eq 1 ] || { wrong=1; echo "exit status $status"; }
	cat "$work/out" "$work/said" | grep -E "$2" >/dev/null || { wrong=1; echo "not said: $2"; cat "$work/out" "$work/said" | cut -c1-300 | head -n 12; }
	cat "$work/ta1" "$work/999" 2>/dev/null | tr -d '\n' | tr '~' '\n' | grep -qE "$3" || { wrong=1; echo "no acknowledgment: $3"; cat "$work/ta1" "$work/999" | cut -c1-300; }
	rss=$(cat "$work/rss")
	[ "$rss" -lt $limit ] || { wrong=1; echo "$rss KiB"; }
	verdict $wrong "$1 ($rss KiB)"
	rm -f "$work/ta1" "$work/999"
}

{ printf '%s' "$head834"; printf 'REF*17*'; zeros $bytes A; printf '~%s' "$tail834"; } |
	hostile "an element of $bytes bytes" 'byte [0-9]+' '^(IK5\*R|AK9\*R|TA1.*\*R\*)'
{ printf '%s' "$head834"; printf 'REF'; zeros 1000000 '*'; printf '~%s' "$tail834"; } |
	hostile "a segment of a million empty elements" 'byte [0-9]+' '^(IK5\*R|AK9\*R|TA1.*\*R\*)'
{ printf '%s' "$head834"; printf 'REF*17*A'; zeros 50000 '^'; printf '~%s' "$tail834"; } |
	hostile "an element of 50,000 repetitions" 'byte [0-9]+' '^IK5\*[RE]'
{ printf '%s' "$head834"; printf 'REF*17*A'; zeros 50000 ':'; printf '~%s' "$tail834"; } |
	hostile "an element of 50,000 components" 'byte [0-9]+' '^IK5\*[RE]'
{ printf '%s' "$isa"; zeros $bytes A; } | hostile "a file of $bytes bytes without a terminator" 'byte [0-9]+|does not end|without' '^TA1.*\*R\*'
{ zeros 20000000 A; } >"$work/noise"
"$peak" "$work/rss" "$pccm" check "$work/noise" >"$work/out" 2>&1
[ $? -eq 1 ] && [ "$(cat "$work/rss")" -lt $limit ] && grep -q 'does not begin with an ISA' "$work/out"
verdict $? "a file of noise ($(cat "$work/rss") KiB)"
{ printf '%s' "$head834"; yes 'INS*Y*18*021*28*A***AC~' | tr -d '\n' | head -c 48000000; printf '%s' "$tail834"; } |
	hostile "two million members without a name" 'NM1|REF' '^IK5\*R'
{ printf '%s' "$isa"; yes 'GS*BE*A*B*20100105*2105*2*X*005010X220A1~' | tr -d '\n' | head -c 4100000; printf 'IEA*1*000000002~'; } |
	hostile "a hundred thousand groups that are never closed" 'GE' '^(AK9\*R|TA1.*\*[RE]\*)'
{ printf '%s%s' "$isa" "$gs"; yes "$st"'SE*2*0001~' | tr -d '\n' | head -c 3600000; printf 'GE*1*2~IEA*1*000000002~'; } |
	hostile "a hundred thousand empty transaction sets of one number" 'ST02|control' '^IK5\*R'

{ printf '%s%s' "$isa" "$gs"; awk 'BEGIN { for (i = 0; i < 600; i++) { printf "ST*834*%04d*005010X220A1~", i; for (j = 0; j < 1200; j++) printf "X~"; printf "SE*1202*%04d~", i } }'
	printf 'GE*600*2~IEA*1*000000002~'; } | hostile "six hundred sets of nothing but segments that nobody knows: the 999 stops naming places" 'code  segment' '^IK5\*R'
# HL loops that point at each other, at themselves, at nothing; a hundred thousand of them
isa270='ISA*00*          *00*          *ZZ*TP0000104      *ZZ*CTDSS          *100112*0830*^*00501*000000001*1*T*:~'
gs270='GS*HS*TP0000104*CTDSS*20100112*0830*1*X*005010X279A1~ST*270*0001*005010X279A1~BHT*0022*13*B1-1*20100112*0830~'
{ printf '%s%s' "$isa270" "$gs270"
	printf 'HL*1*2*20*1~NM1*PR*2*CT DSS*****PI*CTDSS~HL*2*1*21*1~NM1*1P*2*CLINIC*****XX*1085501116~HL*3*3*22*0~NM1*IL*1*RIVERA*LUIS****MI*001234574~EQ*30~'
	awk 'BEGIN { for (i = 4; i < 100000; i++) printf "HL*%d*%d*22*0~NM1*IL*1*A*B****MI*001234574~EQ*30~", i, 100003 - i }'
	printf 'SE*9*0001~GE*1*1~IEA*1*000000001~'; } | hostile "a hundred thousand HL loops that point at each other" 'HL0[12]|HL' '^IK5\*R'

# a gzip bomb: real X12 first, zeros for ever
{ printf '%s' "$head834"; zeros 1000000000 '\0'; } | gzip -1 >"$work/bomb.gz"
hostile "a gzip bomb ($(wc -c <"$work/bomb.gz") bytes become 1,000,000,000)" 'gzip|inflat|packed|unpack|bomb' '.' <"$work/bomb.gz"
head -c 20000 "$work/bomb.gz" | hostile "a gzip file that is cut off" 'gzip|terminator|end|SE|segment' '.'
rm -f "$work/bomb.gz"

# the same through the store: nothing stays, and the next file goes in
store=sqlite:$work/pccm.db
"$pccm" providers --store "$store" --date 2009-12-21 samples/2010-01/*billing.csv samples/2010-01/*pcps.csv >/dev/null 2>&1
wrong=0
head834=$(echo "$head834" | sed 's/\*000000002\*/*000000999*/') # a number of its own: the sets are refused, the interchange was received
{ printf '%s' "$head834"; printf 'REF*17*'; zeros $bytes A; printf '~%s' "$tail834" | sed 's/000000002~$/000000999~/'; } | "$peak" "$work/rss" "$pccm" load --quiet --store "$store" --date 2010-01-05 --out "$work/acks" - >"$work/out" 2>&1
[ $? -eq 1 ] && [ "$(cat "$work/rss")" -lt $limit ] || { wrong=1; echo "element: $(cat "$work/rss") KiB $(cut -c1-200 "$work/out" | head -n 5)"; }
{ printf '%s' "$head834"; yes 'INS*Y*18*021*28*A***AC~REF*0F*001234889~NM1*IL*1*PETIT*NADIA****ZZ*001234889~' | tr -d '\n' | head -c 8300000; } | "$peak" "$work/rss2" "$pccm" load --quiet --store "$store" --date 2010-01-05 --out "$work/acks" - >"$work/out" 2>&1
[ $? -eq 1 ] && [ "$(cat "$work/rss2")" -lt $limit ] || { wrong=1; echo "members: $(cat "$work/rss2") KiB $(cut -c1-200 "$work/out" | head -n 5)"; }
[ "$(sqlite3 "$work/pccm.db" 'SELECT count(*) FROM member')" = 0 ] || wrong=1
"$pccm" load --quiet --store "$store" --date 2010-01-05 samples/2010-01/2010-01-05-834-change.x12 >"$work/out" 2>&1 && [ "$(sqlite3 "$work/pccm.db" 'SELECT count(*) FROM member')" -gt 0 ] || { wrong=1; cat "$work/out"; }
verdict $wrong "load of an endless element and of a cut-off file of 100,000 members: nothing applied, the next file is ($(cat "$work/rss"), $(cat "$work/rss2") KiB)"
