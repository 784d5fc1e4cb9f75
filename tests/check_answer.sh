#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `pccm answer`, from the 834 that brought a member to the 271 that a practice reads.
#   tests/check_answer.sh BUILD
case $1 in /*) pccm=$1/pccm ;; *) pccm=$(pwd)/$1/pccm ;; esac
[ -x "$pccm" ] || { echo "not ok answer: $pccm is not built"; exit 1; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export PCCM_STORE="sqlite:$work/p.db"
failed=0
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok answer: $2"; else failed=1; cat "$work/said"; echo "not ok answer: $2"; fi
}
at() { # DAY COMMAND WORDS …: on that day
	day=$1 command=$2
	shift 2
	"$pccm" "$command" --date "$day" "$@" >"$work/said" 2>&1 || { failed=1; cat "$work/said"; echo "not ok answer: pccm $command $*"; }
}
# CONTROL ID PCP SED…: a member of Waterbury who comes with that PCP
enrolment() {
	control=$1 id=$2 pcp=$3
	shift 3
	sed -e "s/000000101/$control/; s/20260/20100/g; s/900000017/$id/; s/C0000901/C$id/; s/1234567893/$pcp/" "$@" \
		tests/golden/834/a-member-is-added.edi >"$work/in.x12"
	at 2010-01-05 load "$work/in.x12"
}
ask() { # ID: what is so on 2010-02-08?  the answer is in $work/said
	sed -e "s/2026010[0-9]/20100208/g; s/900000017/$1/" tests/golden/270/one-subscriber-is-asked-for.edi >"$work/ask.x12"
	at 2010-02-08 answer --out "$work/answer.x12" "$work/ask.x12"
	cp "$work/answer.x12" "$work/said"
}
at 2010-01-04 providers samples/2010-01/2009-12-21-billing.csv samples/2010-01/2009-12-21-pcps.csv
enrolment 000000301 900000017 1030701068
enrolment 000000302 900000025 1030701068 -e 's/021\*28/021*AL/'
facility=$(awk -F, '$8 == "yes" && $7 == "WATERBURY" || $8 == "yes" && !n { n = 1; npi = $1; town = $7; payee = $14 } END { print npi ":" town ":" payee }' samples/2010-01/2009-12-21-pcps.csv)
town=$(echo "$facility" | cut -d: -f2)
enrolment 000000303 900000033 "${facility%%:*}" -e "s/WATERBURY/$town/"
at 2010-01-06 assign

"$pccm" explain 900000017 >"$work/said" 2>&1
grep -q 'accepted' "$work/said" && grep -q 'CHOICE, decided 2010-01-06' "$work/said"
verdict $? "PRG-2: a PCP whom the member chose"
"$pccm" explain 900000025 >"$work/said" 2>&1
grep -q 'AUTO, decided 2010-01-06' "$work/said"
verdict $? "PRG-2: a PCP whom the program assigned"
"$pccm" explain 900000033 >"$work/said" 2>&1
grep -q "NPI ${facility%%:*}) of .*CHOICE, decided 2010-01-06" "$work/said"
verdict $? "PRV-3: a PCP of an FQHC or hospital is a PCP by the facility that bills"

ask 900000017
grep -q '^EB\*1\*\*30\*MC\*HUSKY A~' "$work/said" && grep -q '^EB\*MC\*IND\*30\*MC\*HUSKY PRIMARY CARE~' "$work/said"
verdict $? "ENR-15: the eligibility answer, and no card, tells that the member is in the program"
awk '/^EB\*L\*/ { pcp = 1 } pcp && /^NM1\*P3\*1\*CHEN\*DAVID\*/ { name = 1 } name && /^PER\*IC\*\*TE\*[0-9]+~/ { phone = 1 }
	/^LE/ { pcp = name = 0 } END { exit !phone }' "$work/said"
verdict $? "ELV-2: with the name and the phone of the PCP"
# EB11 would say that a certification is needed; CR and MSG could say it in words
awk -F'[*~]' '/^EB/ { n++ } /^EB/ && $12 == "Y" { found = 1 } /^MSG/ && tolower($0) ~ /referral/ { found = 1 } /^REF\*(9F|G1)/ { found = 1 } END { exit found || n < 5 }' "$work/said"
verdict $? "ENR-16: nothing in it says that a referral is needed"
for service in MH 35; do
	grep -q "^EB\*U\*\*$service\*MC" "$work/said" || { service=none; break; }
done
[ $service != none ] && grep -q '^EB\*1\*\*1^33^' "$work/said"
verdict $? "ENR-17: behavioural health and dental are where they are for all of HUSKY A, the rest is covered as for all"
"$pccm" check "$work/answer.x12" >"$work/said" 2>&1
verdict $? "the answer is accepted by check"
ask 999999999
grep -q '^AAA\*' "$work/said" && ! grep -q '^EB' "$work/said"
verdict $? "somebody whom nobody knows is answered with AAA and no benefit"
exit $failed
