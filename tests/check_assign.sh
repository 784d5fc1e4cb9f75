#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Members who ask for PCPs under a program with panels, classes, windows and events: told by small files, seen through pccm explain.
#   tests/check_assign.sh BUILD
pccm=$1/pccm
suite=assign
. tests/money.sh
[ -x "$pccm" ] || { echo "skip assign: $pccm is not built"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
markova=1030700003 amato=1030704773
store=sqlite:$work/p.db

# the shipped program, and one that asks more
sed -e 's/switching="any-time"/switching="windows"/' \
	-e 's|<family key="case"|<family key="case" rule="none" newborn-pcp="family"|' \
	-e 's|cutoff-days="3"|cutoff-days="3" newborns="birth-month" retro-months="2"|' \
	-e 's|<rule id="family" test="family-complete".*|<rule id="room" test="pcp-capacity" unmet="pend" requirement="ASG-2"/>|' \
	-e 's|<rule id="new" .*|<rule id="group" test="population" unmet="refuse" requirement="ASG-6"/>\
    <rule id="serving" test="pcp-serving" unmet="refuse" requirement="ASG-8"/>\
    <rule id="takes" test="pcp-accepts" unmet="refuse" requirement="ASG-1"/>\
    <rule id="change" test="change-allowed" unmet="refuse" requirement="ASG-4"/>\
    &|' \
	-e 's|<departure .*|<population otherwise="mandatory"><class id="hospice" is="excluded" requirement="ASG-6"><when attribute="hospice"/></class></population>\
  <changes><window id="first" days-after-begin="90"/><window id="season" opens="07-01" closes="08-31"/><window id="cause" causes="AC"/></changes>\
  <panels family-over="1"><filter id="ages" accepts="age" to-attribute="panel-to-months" requirement="ASG-1"/>\
    <limit of="pcp" attribute="panel"/></panels>\
  <departure assignment-ends="end-of-month"><event id="death" assignment-ends="same-day"><when attribute="died" of="pcp"/></event></departure>|' \
	rules/husky-primary-care.xml >"$work/program.xml"

pccm() { # COMMAND WORD…: with the store and the program
	command=$1
	shift
	"$pccm" "$command" --store "$store" --program "$work/program.xml" "$@"
}
attributes() { # DAY ROW…
	day=$1
	shift
	{ echo "$attribute_header"; printf '%s\n' "$@"; } >"$work/attributes.csv"
	pccm attributes --date "$day" "$work/attributes.csv" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
}
ask() { # RECEIVED ID PCP [CAUSE]
	printf 'medicaid_id,pcp_npi,channel,received,processed,cause\n%s,%s,FORM,%s,%s,%s\n' "$2" "$3" "$1" "$1" "$4" >"$work/requests.csv"
	pccm requests --date "$1" "$work/requests.csv" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
}
run() { # DAY
	pccm assign --date "$1" --show-values >"$work/decided" 2>&1 || { cat "$work/decided"; return 1; }
}
explained() { # ID WORDS…: pccm explain has each of these lines, blanks squeezed
	"$pccm" explain --store "$store" --program "$work/program.xml" --show-values "$1" 2>&1 | tr -s ' ' >"$work/story" || return 1
	id=$1
	shift
	for words; do
		grep -qF "$words" "$work/story" || { echo "$id: not said: $words"; cat "$work/story"; return 1; }
	done
}
told() { # STATUS NAME
	[ "$1" -eq 0 ] || failed=1
	verdict "$1" "$2"
}

cat >"$work/billing.csv" <<'CSV'
billing_npi,medicaid_id,name,tax_id,street,city,state,zip,trading_partner,method,routing,account
1085500001,004012345,SOLO MD,061112222,18 DEFOREST ST,WATERTOWN,CT,06795,TP0000101,CHK,,
CSV
cat >"$work/pcps.csv" <<CSV
pcp_npi,last_name,first_name,phone,town,medicaid_from,medicaid_to,contract_from,contract_to,billing_npi,affiliated_from,affiliated_to
$markova,MARKOVA,ELENA,2035550200,WATERTOWN,2005-07-01,,2009-02-01,,1085500001,2009-02-01,
$amato,AMATO,PETER,2035550201,WATERBURY,2005-07-01,,2009-02-01,,1085500001,2009-02-01,
CSV
attribute_header=$(head -1 samples/attributes.csv)
members() { # DAY BORN CASE ID…: an 834 of that day that adds them, to a case each if CASE is -
	loaded=$((${loaded:-0} + 1)) day=$1 born=$2 family=$3
	shift 3
	{
		cat <<X12
ISA*00*          *00*          *ZZ*CTDSSENROLL    *ZZ*CTDSS          *$(echo "$day" | tr -d - | cut -c3-)*2105*^*00501*00000000$loaded*1*T*:
GS*BE*CTDSSENROLL*CTDSS*$(echo "$day" | tr -d -)*2105*1*X*005010X220A1
ST*834*0001*005010X220A1
BGN*00*FILE$loaded*$(echo "$day" | tr -d -)*2105****2
REF*38*HUSKYA
N1*P5*STATE OF CT DSS*FI*060000001
N1*IN*HUSKY PRIMARY CARE*FI*060000001
X12
		for id; do
			printf 'INS*Y*18*021*28*A\nREF*0F*%s\nREF*3H*%s\nNM1*IL*1*DOE*JANE****ZZ*%s\nN3*1 MAIN ST\nN4*WATERBURY*CT*06702\n' \
				"$id" "$([ "$family" = - ] && echo "C$id" || echo "$family")" "$id"
			printf 'DMG*D8*%s*F\nHD*021**HLT*HUSKY A*IND\nDTP*348*D8*%s\nREF*M7*F07\n' "$born" "$([ "$family" = - ] && echo 20090701 || echo "$born")"
		done
		echo SE
	} | awk '/^ST/ { n = 0 } { n++ } $0 == "SE" { $0 = "SE*" n "*0001~\nGE*1*1~\nIEA*1*00000000'"$loaded"'" } { print $0 "~" }' >"$work/file.x12"
	pccm load --date "$day" "$work/file.x12" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
}

pccm providers --date 2009-12-01 "$work/billing.csv" "$work/pcps.csv" >"$work/said" 2>&1 && members 2009-12-10 19800101 - 000000001 000000002 000000003 000000004 &&
	attributes 2009-12-10 "pcp,$markova,panel,2,2009-02-01," "pcp,$amato,panel-to-months,240,2009-02-01,"
told $? "a store with four members and two PCPs"

ask 2009-12-11 000000002 $markova && ask 2009-12-12 000000001 $markova && ask 2009-12-12 000000003 $markova && run 2009-12-14 &&
	explained 000000002 "room ASG-2 panel has 0 of 2 members from 2010-01-01 on" &&
	explained 000000001 "room ASG-2 panel has 1 of 2 members from 2010-01-01 on" &&
	explained 000000003 "PANEL-FULL" "room ASG-2 panel has 2 of 2 members from 2010-01-01 on" && grep -q '^pending .*PANEL-FULL' "$work/decided"
told $? "ASG-2 BAD-25: the last place goes by the day of processing, then by the request; who finds none waits"

ask 2009-12-15 000000004 $amato && run 2009-12-15 && explained 000000004 "PCP-AGE" "ages ASG-1 360 months old, the PCP takes 0 to 240"
told $? "ASG-1: a filter is a step of its own, and says what it saw"

attributes 2010-01-20 "member,000000002,hospice,yes,2010-01-12," && run 2010-01-20 &&
	grep -q '^1 assignments* ended because the program does not take the member' "$work/decided" &&
	explained 000000002 "2010-01-01 to 2010-01-31 MARKOVA"
told $? "ASG-6: who comes into a hospice leaves the PCP with the month"

explained 000000003 "room ASG-2 panel has 1 of 2 members from 2010-02-01 on" "judged 2010-01-20: accepted" \
	"received 2009-12-12, judged 2010-01-20, effective 2010-02-01 since it waited"
told $? "ASG-2: the place that became free is the waiting member's, not in the past"

attributes 2010-05-03 "pcp,$amato,panel-to-months,999,2010-05-01," && ask 2010-05-03 000000001 $amato && run 2010-05-03 &&
	explained 000000001 "CHANGE-NOT-OPEN" "with this PCP since 2010-01-01: may change again from 2010-07-01" &&
	ask 2010-05-04 000000001 $amato AC && run 2010-05-04 && explained 000000001 "for cause AC: cause"
told $? "ASG-4: a change outside of the windows is refused with the day from which it may be, and made for cause"

attributes 2010-06-10 "pcp,$markova,died,yes,2010-06-04," && run 2010-06-10 && explained 000000003 "2010-02-01 to 2010-06-03 MARKOVA" &&
	ask 2010-06-11 000000003 $markova && run 2010-06-11 && explained 000000003 "PCP-NOT-SERVING"
told $? "ASG-8: a death ends assignments the same day, and nobody new is given to the dead"

members 2010-06-12 20100605 C000000001 000000005 && run 2010-06-12 &&
	explained 000000005 "by NEWBORN: PCP $amato, FAMILY" "yes newborn ENR-7 born 2010-06-05, no PCP chosen yet: that of the mother" \
		"2010-06-05 on AMATO" && run 2010-06-13 && [ "$(grep -c 'by NEWBORN' "$work/story")" -eq 1 ]
told $? "ENR-7 ASG-5: a newborn has the mother's PCP from the day of coverage on, until one is chosen"

exit $failed
