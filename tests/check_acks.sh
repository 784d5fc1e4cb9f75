#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Acknowledgments from outside: TA1 in its place, numbers, that they are X12 by our own check, and that a file of nothing
# but mistakes takes no more memory than a right one.
#   tests/check_acks.sh BUILD      ACK_SETS=20000 (sets of that file)
pccm=$1/pccm
peak=$1/tests/faults/peak
[ -x "$pccm" ] && [ -x "$peak" ] || { echo "skip acks: $pccm or $peak is not built"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok acks: $2"; else failed=1; cat "$work/said" 2>/dev/null; echo "not ok acks: $2"; fi
}
ids() { sed 's/[*~].*//' "$1" | tr '\n' ' '; } # of a file's segments
clean() { "$pccm" check "$1" >"$work/said" 2>&1; }
good=tests/golden/834/a-member-is-added.edi
bad=tests/golden/834/one-set-is-accepted-and-one-refused.edi
refused=tests/golden/envelope/the-number-of-groups-is-wrong.edi

"$pccm" check --ack "$work/ack" $good >"$work/said"
[ "$(ids "$work/ack")" = "ISA TA1 GS ST AK1 AK2 IK5 AK9 SE GE IEA " ] && grep -q '^IEA\*1\*000000201~' "$work/ack" && clean "$work/ack"
verdict $? "--ack writes one interchange: the TA1 between its ISA and its first GS"

"$pccm" check --ack "$work/ack" $refused >"$work/said"
[ "$(ids "$work/ack")" = "ISA TA1 IEA " ] && grep -q '^TA1\*000000101\*.*\*R\*021~' "$work/ack" && grep -q '^IEA\*0\*000000201~' "$work/ack" && clean "$work/ack"
verdict $? "an interchange that is refused is answered by its TA1 alone"

cat $good $bad $good >"$work/three"
"$pccm" check --ta1 "$work/ta1" --999 "$work/999" --ack "$work/ack" "$work/three" >"$work/said"
cat "$work/ta1" "$work/999" | sed -n 's/^ISA.\{87\}\([0-9]*\).*/\1/p' | sort | uniq -d >"$work/twice"
[ ! -s "$work/twice" ] && [ "$(grep -c ^ISA "$work/ta1")" -eq 3 ] && [ "$(grep -c ^ISA "$work/999")" -eq 3 ] && [ "$(grep -c ^TA1 "$work/ack")" -eq 3 ] &&
	sed -n 's/^ISA.\{87\}\([0-9]*\).*/\1/p' "$work/999" | sort -c && clean "$work/ta1" && clean "$work/999" && clean "$work/ack"
verdict $? "three interchanges of one number in a file have acknowledgments of rising numbers, none twice"

cat $good $good >"$work/twice.x12"
"$pccm" load --store "sqlite:$work/twice.db" --date 2026-01-05 --out "$work/two" "$work/twice.x12" >"$work/said" 2>&1
[ $? -eq 1 ] && grep -q '^TA1.*\*A\*000' "$work"/two/*000000002.ta1.x12 && grep -q '^TA1.*\*R\*025' "$work"/two/*000000004.ta1.x12 &&
	[ "$(ls "$work"/two/*.999.x12 | wc -l)" -eq 1 ] && grep -q '^1 member received = 1 applied' "$work/said"
verdict $? "BAD-1: two interchanges of one number in a file: the first is taken, the second answered by TA1 025"

"$pccm" load --quiet --store "sqlite:$work/p.db" --date 2026-01-05 --together --out "$work/acks" $good >"$work/said" 2>&1
[ "$(cd "$work/acks" && ls)" = "a-member-is-added.edi.000000001.ack.x12" ] && [ "$(ids "$work/acks/a-member-is-added.edi.000000001.ack.x12")" = \
	"ISA TA1 GS ST AK1 AK2 IK5 AK9 SE GE IEA " ] && clean "$work"/acks/*
verdict $? "load --together writes one file with both"

# ---- a file of nothing but mistakes: each member in its own set, and many in one ----
sets=${ACK_SETS:-20000}
member='INS*Y*18*099*28*A***AC~REF*0F*900000017~NM1*IL*1*OKAFOR*NADIA~HD*021**QQQ~DTP*348*D8*20269999~'
wrong() { # SETS MEMBERS
	awk -v sets="$1" -v members="$2" -v member="$member" 'BEGIN {
		print "ISA*00*          *00*          *ZZ*ELMSENDER      *ZZ*CTDSS          *260105*0930*^*00501*000000101*0*T*:~"
		print "GS*BE*ELMSENDER*CTDSS*20260105*0930*7*X*005010X220A1~"
		for (s = 1; s <= sets; s++) {
			printf "ST*834*%06d*005010X220A1~BGN*00*ELM*20260105*0930****2~N1*P5*STATE*FI*069999999~N1*IN*PLAN*FI*069999998~", s
			for (m = 1; m <= members; m++) print member
			printf "SE*%d*%06d~\n", 5 + 5 * members, s
		}
		printf "GE*%d*7~IEA*1*000000101~\n", sets }'
}
wrong "$sets" 1 >"$work/sets"
wrong 1 "$sets" >"$work/members"
for kind in sets members; do
	"$peak" "$work/kib.$kind" "$pccm" check --quiet --format json --999 "$work/999.$kind" --ta1 "$work/ta1" "$work/$kind" >"$work/out"
	kib=$(cat "$work/kib.$kind")
	echo "$kib KiB" >"$work/said"
	[ "$kib" -le $((16 * 1024)) ] && [ "$(grep -c '^AK2' "$work/999.$kind")" -eq "$([ $kind = sets ] && echo "$sets" || echo 1)" ] && clean "$work/999.$kind"
	verdict $? "$sets wrong members, $([ $kind = sets ] && echo "each in its own set" || echo "all in one set"): a 999 of $(wc -c <"$work/999.$kind") bytes, under 16 MiB of memory"
done

# ---- a segment past the 999,999th, behind as many notes as there are members ----
awk 'BEGIN {
	print "ISA*00*          *00*          *ZZ*ELMSENDER      *ZZ*CTDSS          *260105*0930*^*00501*000000101*0*T*:~"
	print "GS*BE*ELMSENDER*CTDSS*20260105*0930*7*X*005010X220A1~"
	print "ST*834*0001*005010X220A1~BGN*00*ELM*20260105*0930****2~N1*P5*STATE*FI*069999999~N1*IN*PLAN*FI*069999998~"
	for (m = 1; m <= 275000; m++)
		printf "INS*Y*18*%s*28*A***AC~REF*0F*%09d~DTP*356*D8*20260101~NM1*IL*1*OKAFOR*NADIA~\n", m == 275000 ? "099" : "021", m
	print "SE*1100006*0001~GE*1*7~IEA*1*000000101~" }' >"$work/long"
"$pccm" check --quiet --999 "$work/999.long" "$work/long" >"$work/out"
grep -q '^IK3\*INS\*1100001\*2000\*8~$' "$work/999.long" && grep -q '^IK5\*R\*.*\*4~$' "$work/999.long" && clean "$work/999.long"
verdict $? "a mistake in segment 1,100,001 and a wrong SE01 stand in the 999 behind 500 of 275,000 notes"
exit $failed
