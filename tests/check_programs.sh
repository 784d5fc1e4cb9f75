#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Programs besides HUSKY Primary Care from file to 835: networks, advance payments, lump sums, withholds, performance.
#   tests/check_programs.sh BUILD
pccm=$1/pccm
suite=programs
. tests/money.sh
[ -x "$pccm" ] || { echo "skip programs: $pccm is not built"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
told() { # STATUS NAME
	[ "$1" -eq 0 ] || { failed=1; tail -20 "$world/said"; }
	verdict "$1" "$2"
}
say() { "$pccm" "$@" >>"$world/said" 2>&1; }

begin() { # NAME PROGRAM YEAR PLAN: three practices, one of them a network; three members of the first two, loaded and assigned
	world=$work/$1 program=$2 year=$3
	mkdir "$world"
	store=$(store_url "$world/p.db")
	cat >"$world/billing.csv" <<CSV
billing_npi,medicaid_id,name,kind,tax_id,street,city,state,zip,trading_partner,method,routing,account
1085500001,004012345,SOLO MD,SOLO,061112222,1 MAIN ST,HARTFORD,CT,06103,TP0000101,CHK,,
1085500373,004012356,GROUP PC,GROUP,061112323,2 MAIN ST,HARTFORD,CT,06103,TP0000102,CHK,,
1085500381,004012367,NETWORK INC,NETWORK,061112424,3 MAIN ST,HARTFORD,CT,06103,TP0000103,CHK,,
CSV
	cat >"$world/pcps.csv" <<CSV
pcp_npi,last_name,first_name,phone,town,medicaid_from,medicaid_to,contract_from,contract_to,billing_npi,affiliated_from,affiliated_to
1030700003,MARKOVA,ELENA,2035550200,HARTFORD,2005-07-01,,2005-07-01,,1085500001,2005-07-01,
1030704773,AMATO,PETER,2035550201,HARTFORD,2005-07-01,,2005-07-01,,1085500373,2005-07-01,
CSV
	for file in billing pcps; do say providers --store "$store" --date "$((year - 1))-11-30" "$world/$file.csv" || return 1; done
	[ ! -f "tests/rules/$1.csv" ] || say attributes --store "$store" --date "$((year - 1))-12-01" "tests/rules/$1.csv" || return 1
	{
		echo "ISA*00*          *00*          *ZZ*CTDSSENROLL    *ZZ*CTDSS          *$(((year - 1) % 100))1210*2105*^*00501*000000001*1*T*:"
		printf 'GS*BE*CTDSSENROLL*CTDSS*%s1210*2105*1*X*005010X220A1\nST*834*0001*005010X220A1\nBGN*00*FILE1*%s1210*2105****2\n' $((year - 1)) $((year - 1))
		printf 'REF*38*P\nN1*P5*STATE*FI*060000001\nN1*IN*PROGRAM*FI*060000001\n'
		for member in 001111111:1030700003 002222222:1030704773 003333333:1030704773; do
			id=${member%:*}
			printf 'INS*Y*18*021*28*A\nREF*0F*%s\nREF*3H*C%s\nNM1*IL*1*DOE*JANE****ZZ*%s\nN3*1 MAIN ST\nN4*HARTFORD*CT*06103\nDMG*D8*19800101*F\n' "$id" "$id" "$id"
			printf 'HD*021**HLT*%s*IND\nDTP*348*D8*%s0101\nREF*M7*F07\nLX*1\nNM1*P3*1*X*Y****XX*%s*26\n' "$4" $((year - 1)) "${member#*:}"
		done
		echo SE
	} | awk '/^ST/ { n = 0 } { n++ } $0 == "SE" { $0 = "SE*" n "*0001~\nGE*1*1~\nIEA*1*000000001" } { print $0 "~" }' >"$world/file.x12"
	say load --store "$store" --program "$program" --date "$((year - 1))-12-10" "$world/file.x12" &&
		say assign --store "$store" --program "$program" --date "$((year - 1))-12-10"
}
pay() { # MONTH DAY [CYCLE]
	say remit --store "$store" --program "$program" --date "$2" --month "$1" ${3:+--cycle "$3"} --out "$world/out"
}
paid() { # CYCLE NPI EXPECTED: the pairs of an 835 without their FCN, in order, then BPR02; nothing: there is none
	file=$world/out/835-$2-$1.x12
	was=
	if [ -e "$file" ]; then
		"$pccm" check --quiet "$file" || return 1
		was=$(pairs "$file" | awk '{
			sub(/-.*/, "", $4)
			printf "%s%s%s %s", (NR > 1 ? ", " : ""), $3, ($3 ~ /^(BPR02|FB)$/ ? "" : ":" $4), $5
		}')
	fi
	[ "$was" = "$3" ] || { echo "$1 $2: $was, expected $3"; return 1; }
}
solo=1085500001 group=1085500373 network=1085500381

# solo is level 3; group on the Glide Path, small.  Level 3 pays 3.00, phase 1 pays 1.00 for two members, and 5,000.00 once.
begin pcmh rules/connecticut-pcmh.xml 2012 "HUSKY A" && pay 2012-01 2012-02-14 && pay 2012-02 2012-03-13 &&
	paid 20120214 $solo "CT:8391F1 -300, BPR02 300" && paid 20120214 $group "CT:8391F1 -200, LS:8393F1 -500000, BPR02 500200" &&
	paid 20120313 $group "CT:8391F1 -200, BPR02 200"
told $? "MH-2 MH-4: medical homes are paid by level, and a lump sum once"
# January to March are paid with June's cycle: 0.25 for well-child 80, and 0.75 for emergency 90, for three member-months
for month in 03:04-10 04:05-08 05:06-12 06:07-10; do pay "2012-${month%%:*}" "2012-${month#*:}" || echo "month $month"; done
paid 20120612 $solo "CT:8391F1 -300, BPR02 300" &&
	paid 20120710 $solo "CT:8391F1 -300, BN:8392F1 -100, BN:8392F1 -100, BN:8392F1 -100, BPR02 600" &&
	paid 20120710 $group "CT:8391F1 -200, BPR02 200"
told $? "MH-3: a quarter's performance is paid by scores, three months later, with its own codes"
say attributes --store "$store" --date 2012-07-20 tests/rules/pcmh-mended.csv && pay 2012-07 2012-08-14 &&
	paid 20120814 $solo "CT:8391F1 -300, RA:8392F1 -25, RA:8392F1 -25, RA:8392F1 -25, BPR02 375"
told $? "MH-3 RET-3: a score that is mended later pays its difference for the same months"
books() { # DAY: what is due was posted, sent and moved
	"$pccm" reconcile --store "$store" --program "$program" --date "$1" >"$world/books" 2>&1 || { cat "$world/books"; return 1; }
}
books 2012-08-15
told $? "MH-3 MH-4: the books of medical homes agree, with the lump sum beside them"

# group's network is paid in the month: 6.00 and 1.25 for each of two members, half from each fund; solo has no network
begin pcm rules/connecticut-primary-care-modernization.xml 2020 "HUSKY A" && pay 2020-01 2020-01-14 &&
	paid 20200114 $network "CT:8395F1 -726, CT:8395S1 -724, BPR02 1450" && paid 20200114 $solo "" && paid 20200114 $group ""
told $? "PCM-2 PCM-3 PCM-7: a network is paid in advance for the patients of its practices, half from each fund"
say roster --store "$store" --program "$program" --date 2020-01-14 --month 2020-01 --format csv --out "$world/rosters" &&
	grep -q '^PCM-1,2020-01,.*,002222222,' "$world/rosters/PCM-1-$network-2020-01.csv" &&
	grep -q ',F1 upfront,.*,7[.]26' "$world/rosters/PCM-1-$network-2020-01.csv" &&
	grep -q ',003333333,' "$world/rosters/PCM-1-$group-2020-01.csv" && grep -q ',001111111,' "$world/rosters/PCM-1-$solo-2020-01.csv" &&
	! grep -q 'F1 upfront' "$world/rosters/PCM-1-$group-2020-01.csv"
told $? "RST-1 PCM-2: the practice's roster names its patients, the network's roster those it is paid for, with the money"

# screened in February; nobody else: the network's add-on asks for it
printf 'subject,id,name,value,from,to\npractice,%s,sdoh-screening,yes,2020-01-01,\nmember,002222222,sdoh-screened,done,2020-02-10,2020-02-10\n' \
	$network >"$world/screened.csv"
say attributes --store "$store" --date 2020-02-20 "$world/screened.csv"
"$pccm" worklist --store "$store" --program "$program" --date 2020-02-20 --format csv --show-values screening >"$world/list" 2>&1 &&
	tr -d '\r' <"$world/list" | grep -q '^003333333,1030704773,Screening for social needs,sdoh-screened,2020-02-20,overdue' &&
	! grep -q '^002222222' "$world/list" && ! grep -q '^001111111' "$world/list" &&
	"$pccm" worklist --store "$store" --program "$program" --date 2021-02-01 --show-values screening >"$world/list" 2>&1 &&
	grep -q '^002222222 .* 2021-02-10 *due this month' "$world/list"
told $? "PCM-5: who has to be screened is a work list"

# 5 percent of 7.50 held back, released after six months under its number; the other payments of the file beside it
begin own tests/rules/own-money.xml 2016 MEDICAID && pay 2016-02 2016-03-14 &&
	paid 20160314 $solo "CT:CM01F1 -750, CT:CM01F1 -33, CT:CM01F2 -33, CT:CM01F3 -34, CT:CM01F1 -100, CT:CM01F1 -751, CT:CM01F1 -100, E3:CM01F1 38, BPR02 1763"
told $? "PCM-1 FEE-R6: several payments of one month, each with its FCN, and a part of one held back"
for month in 03:04-11 04:05-09 05:06-13 06:07-11 07:08-08 08:09-12; do pay "2016-${month%%:*}" "2016-${month#*:}" || echo "month $month"; done
"$pccm" explain --store "$store" --program "$program" --month 2016-03 001111111 >"$world/story" 2>&1 &&
	grep -q '^  2016-03  entitled now: $7.50 from fund F1' "$world/story" && grep -q '^    and days: $7.51 from fund F1, to SOLO MD$' "$world/story" &&
	grep -q '^    and thirds: $0.34 from fund F3, to SOLO MD$' "$world/story"
told $? "PCM-1: a member's months tell every payment"
held=$(pairs "$world/out/835-$solo-20160314.x12" | awk '$3 == "E3" { print $4 }')
back=$(pairs "$world/out/835-$solo-20160912.x12" | awk '$3 == "E3" && $5 < 0 { print $4, $5 }')
[ "$back" = "$held -38" ]
told $? "FEE-R6: what was held back is released once, under the same number ($held)"
books 2016-09-13
told $? "PCM-1 FEE-R6: the books of several payments agree, with what is held back and released"
exit $failed
