#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Requests that come in no 834, the claims history, and what is decided for members who do not choose.
#   tests/check_cascade.sh BUILD
pccm=$1/pccm
. tests/store.sh
[ -x "$pccm" ] || { echo "skip cascade: $pccm is not built"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset PCCM_STORE PCCM_PROGRAM
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok cascade: $2"; else cat "$work/out"; echo "not ok cascade: $2"; fi
}
store=$(store_url "$work/p.db")
say() { # STATUS PATTERN COMMAND WORDS …: that status, and the pattern is in what was said
	expected=$1 pattern=$2 command=$3
	shift 3
	"$pccm" "$command" --store "$store" "$@" >"$work/out" 2>&1
	[ $? -eq "$expected" ] && grep -q -- "$pattern" "$work/out"
}
"$pccm" providers --store "$store" --date 2009-12-21 samples/2010-01/2009-12-21-billing.csv samples/2010-01/2009-12-21-pcps.csv >/dev/null &&
	"$pccm" load --store "$store" --date 2009-12-22 samples/2010-01/2009-12-22-834-full.x12 >/dev/null && "$pccm" assign --store "$store" --date 2009-12-22 >/dev/null

# ---- the claims history ----
say 0 '^4 rows: 4 new, 0 as before, 0 refused' visits --date 2010-01-05 samples/assignment/visits.csv
verdict $? "MH-5: visits are kept"
say 0 '^4 rows: 0 new, 4 as before, 0 refused' visits --date 2010-01-06 samples/assignment/visits.csv
verdict $? "MH-5: the same visits again change nothing"
printf 'medicaid_id,provider_npi,visit_date\n999999999,1030700532,2009-07-14\n001234566,1030700533,2009-07-14\n001234566,1030700532,2011-07-14\n001234566,1030700532,2009-07-15\n' >"$work/v.csv"
say 1 '^4 rows: 1 new, 0 as before, 3 refused' visits --date 2010-01-06 "$work/v.csv" && grep -q '^v.csv:2: medicaid_id is not known' "$work/out" &&
	grep -q '^v.csv:3: provider_npi does not pass' "$work/out" && grep -q '^v.csv:4: visit_date is after 2010-01-06' "$work/out"
verdict $? "MH-5: a row that is wrong is refused with its line, the others go in"

# ---- requests ----
say 0 '^2 rows: 2 new' requests --date 2010-01-05 samples/assignment/requests.csv && say 0 '^2 rows: 0 new, 2 as before' requests --date 2010-01-06 samples/assignment/requests.csv
verdict $? "ENR-12: requests of a file are entered once"
say 0 'FORM' explain 001234608 && grep -q 'by FORM: PCP 1030700532, CHOICE, established patient  \[requests.csv:3\]' "$work/out"
verdict $? "ENR-12: a request says by which channel and in which line it came"
say 0 'is pending: pccm assign judges it' enroll --date 2010-01-07 --channel PHONE --received 2010-01-04 --cause 'moved away' 001234590 1030700532
verdict $? "ENR-12: a request by hand"
say 0 'nothing was entered' enroll --date 2010-01-07 001234590 1030700532 && say 0 pending enroll --date 2010-01-07 001234699 1030700532
verdict $? "ENR-12: the same request by hand again is no other one"
say 0 'PHONE' explain 001234590 && grep -q 'SUPERSEDED' "$work/out" && grep -q 'by PHONE: PCP 1030700532, CHOICE, .*cause moved away' "$work/out"
verdict $? "ENR-11: a later request takes the place of one that waits"
say 0 'accepted' assign --date 2010-01-07 && say 0 '2010-02-01 on .*NPI 1030700532' explain 001234699
verdict $? "ENR-9 ENR-11: it is judged like one of an 834, from the first of the next month"
say 1 'is not known' enroll --date 2010-01-07 999999999 1030700532 && say 2 'NPI check digit' enroll --date 2010-01-07 001234590 1030700533 &&
	say 2 'after the day' enroll --date 2010-01-07 --received 2010-01-08 001234590 1030700532
verdict $? "a request that cannot be entered says why"
printf 'medicaid_id,pcp_npi,channel,received,processed,source\n001234590,1030700003,PHONE,2010-01-09,2010-01-08,\n001234590,1030700003,PHONE,2010-01-09,,WISH\n001234590,1030700003,PHONE,2012-01-09,,\n' >"$work/r.csv"
say 1 '^3 rows: 0 new, 0 as before, 3 refused' requests --date 2010-01-10 "$work/r.csv" && grep -q 'r.csv:2: processed is before received' "$work/out" &&
	grep -q 'r.csv:3: source is none of' "$work/out" && grep -q 'r.csv:4: received is after' "$work/out"
verdict $? "a request whose dates or source cannot be is refused with its line"

# ---- who chooses nobody ----
# two PCPs of Apex, the second with one place; four members in two cases
program=tests/rules/cascade.xml
world() { # NAME ORDER…: a store with the members in that order, told nothing
	store=$(store_url "$work/$1.db")
	shift
	cat >"$work/billing.csv" <<'CSV'
billing_npi,medicaid_id,name,tax_id,street,city,state,zip,trading_partner,method,routing,account
1085500001,004012345,SOLO MD,061112222,18 DEFOREST ST,APEX,NC,27502,TP0000101,CHK,,
CSV
	cat >"$work/pcps.csv" <<'CSV'
pcp_npi,last_name,first_name,phone,town,medicaid_from,medicaid_to,contract_from,contract_to,panel_limit,billing_npi,affiliated_from,affiliated_to
1030700003,MARKOVA,ELENA,2035550200,APEX,2005-07-01,,2009-02-01,,,1085500001,2009-02-01,
1030704773,AMATO,PETER,2035550201,CARY,2005-07-01,,2009-02-01,,1,1085500001,2009-02-01,
CSV
	"$pccm" providers --store "$store" --program $program --date 2010-01-02 "$work/billing.csv" "$work/pcps.csv" >/dev/null
	{
		cat <<'X12'
ISA*00*          *00*          *ZZ*CTDSSENROLL    *ZZ*NCDMA          *100104*2105*^*00501*000000001*1*T*:
GS*BE*CTDSSENROLL*NCDMA*20100104*2105*1*X*005010X220A1
ST*834*0001*005010X220A1
BGN*00*FILE1*20100104*2105****2
REF*38*MEDICAID
N1*P5*STATE*FI*060000001
N1*IN*PROGRAM*FI*060000001
X12
		for id in "$@"; do
			printf 'INS*Y*18*021*28*A\nREF*0F*%s\nREF*3H*C%s\nNM1*IL*1*DOE*JANE****ZZ*%s\nN3*1 MAIN ST\nN4*%s*NC*27502\nDMG*D8*19800101*F\n' "$id" "${id%?}" "$id" "${city:-APEX}"
			printf 'HD*021**HLT*MEDICAID*IND\nDTP*348*D8*20100101\nREF*M7*F07\n'
		done
		echo SE
	} | awk '/^ST/ { n = 0 } { n++ } $0 == "SE" { $0 = "SE*" n "*0001~\nGE*1*1~\nIEA*1*000000001" } { print $0 "~" }' >"$work/file.x12"
	"$pccm" load --store "$store" --program $program --date 2010-01-04 "$work/file.x12" >"$work/loaded" 2>&1 || cat "$work/loaded"
	printf 'medicaid_id,provider_npi,visit_date\n00123451,1030704773,2009-11-02\n00123462,1030704773,2009-11-02\n' >"$work/seen.csv"
	"$pccm" visits --store "$store" --program $program --date 2010-01-04 "$work/seen.csv" >>"$work/out" 2>&1
}
sed 's/choice-days="30"/choice-days="0"/; s|<rule id="new"|<rule id="room" test="pcp-capacity" unmet="refuse" requirement="ASG-2"/>&|' $program >"$work/at-once.xml"
who() { # MEMBER: PCP and source
	"$pccm" explain --store "$store" --program "$work/at-once.xml" "$1" | sed -n 's/^  \([0-9-]*\) on .*(NPI \([0-9]*\)).*, \([A-Z]*\), decided.*/\1 \2 \3/p'
}
all() { for id in 00123451 00123452 00123461 00123462; do echo "$id $(who $id)"; done; }
world first 00123451 00123452 00123461 00123462
"$pccm" assign --store "$store" --program "$work/at-once.xml" --date 2010-01-05 >"$work/out"
say 0 '^0 accepted' assign --program "$work/at-once.xml" --date 2010-01-06
verdict $? "ASG-3: who was assigned is not assigned again"
all >"$work/out"
grep -q '00123451 2010-02-01 1030704773 CLAIMS' "$work/out" && grep -q '00123452 2010-02-01 1030700003 AUTO' "$work/out" &&
	grep -q '00123461 2010-02-01 1030700003 AUTO' "$work/out" && grep -q '00123462 2010-02-01 1030700003 FAMILY' "$work/out"
verdict $? "ASG-2 ASG-3 MH-5: claims first; a panel that is full sends to the next strategy; the family follows"
cp "$work/out" "$work/one"
world second 00123462 00123461 00123452 00123451
"$pccm" assign --store "$store" --program "$work/at-once.xml" --date 2010-01-05 >/dev/null
all >"$work/out"
cmp -s "$work/out" "$work/one"
verdict $? "ASG-3: members who come in another order get the same PCPs"
say 0 'NO   claims .*PANEL-FULL' explain --program "$work/at-once.xml" 00123462 && grep -q 'yes  family .*the PCP of 1 of the family' "$work/out" &&
	grep -q 'NO   prior .*no PCP before' "$work/out"
verdict $? "ASG-3: explain says what every strategy found"

# ---- notices and work lists: a month in which nobody chooses ----
world told 00123451 00123452 00123461 00123462
say 0 '^4 rows' worklist --program $program --date 2010-01-15 unassigned && grep -q '^…451 .* to be told$' "$work/out"
verdict $? "ENR-13: who is to be told stands on the work list, without the id"
say 0 '^0 accepted' assign --program $program --date 2010-03-15
verdict $? "ASG-4: nobody is assigned who was not told"
notices() { # DAY MONTH PATTERN…: that month's notices match, each once
	day=$1 month=$2
	shift 2
	say 0 "in $work/n.csv" notices --program $program --date "$day" --month "$month" --out "$work/n.csv" || return 1
	cat "$work/n.csv" >>"$work/out"
	for pattern in "$@"; do [ "$(grep -c "$pattern" "$work/n.csv")" -eq 1 ] || return 1; done
}
notices 2010-01-15 2010-01 '^00123451,CHOOSE,2010-01-15,2010-02-14,' '^00123462,CHOOSE,2010-01-15,2010-02-14,.*DOE,JANE,.*1 MAIN ST' && [ "$(stat -c %a "$work/n.csv")" = 600 ]
verdict $? "ENR-13 ASG-4: the newly eligible are told until when they may choose, in a file of their own"
! grep -q 'DOE' "$work/loaded" && notices 2010-01-20 2010-01 '^00123451,CHOOSE,2010-01-15,' && [ "$(wc -l <"$work/n.csv")" -eq 5 ]
verdict $? "ENR-13: the same month again tells nobody twice"
notices 2010-02-02 2010-02 '^00123451,CHOICE-ENDS,2010-02-02,2010-02-14,'
verdict $? "ASG-4: a month later they are told that the choice ends"
"$pccm" enroll --store "$store" --program $program --date 2010-02-03 00123452 1030700003 >"$work/out" 2>&1
say 0 '^1 accepted' assign --program $program --date 2010-02-14 && say 0 '^3 accepted' assign --program $program --date 2010-02-15
verdict $? "ASG-4: who chooses in time has the choice; the others are assigned on the day behind"
notices 2010-02-16 2010-02 '^00123452,ASSIGNED,2010-02-16,2010-03-01,1030700003,"MARKOVA, ELENA"' '^00123451,ASSIGNED,2010-02-16,2010-03-01,1030704773'
verdict $? "MH-5: who was assigned is told whose patient they are"
say 0 '^1030704773 .* 3 .* 1 .*over capacity' worklist --program $program --date 2010-03-01 over-capacity
verdict $? "ASG-2: a panel over its limit stands on the work list"
sed 's/^\(1030704773.*\)2009-02-01,,1,/\12009-02-01,2010-03-31,1,/' "$work/pcps.csv" >"$work/left.csv"
"$pccm" providers --store "$store" --program $program --date 2010-03-02 "$work/left.csv" >"$work/out" 2>&1
say 0 '^1030704773 .*2010-03-31 .*3 .*contract' worklist --program $program --date 2010-03-02 leaving
verdict $? "ASG-8: a PCP who leaves stands on the work list before"
say 0 '3 assignments ended because the PCP left' assign --program $program --date 2010-04-02 &&
	say 0 '^3 rows' worklist --program $program --date 2010-04-02 orphaned && say 0 '"medicaid_id":"00123451","case":"C0012345","last_day":"2010-03-31"' worklist --program $program --date 2010-04-02 --show-values --format json orphaned
verdict $? "ASG-8 BAD-24: the orphaned panel is a work list"
notices 2010-04-03 2010-04 '^00123451,PCP-LEAVES,2010-04-03,2010-03-31,1030704773' '^00123451,CHOOSE,2010-04-03,2010-05-03'
verdict $? "ASG-8: whose PCP left is told"
say 0 '^medicaid_id,pcp_npi,channel' worklist --program $program --date 2010-04-04 --format csv pending
verdict $? "a work list as CSV has its header, also when nothing is on it"
say 2 'no work list, expected' worklist --program $program wishes && say 2 'in it or in the next' notices --program $program --date 2010-04-04 --month 2010-01 --out "$work/n.csv"
verdict $? "a list that is none, and a month that is over, are usage errors"

# ---- a town opens: Faison on 1 January 2011 ----
city=FAISON
world opens 00123451 00123452
city=APEX
notices 2010-12-31 2010-12 && [ "$(wc -l <"$work/n.csv")" -eq 1 ]
verdict $? "ENR-14: who lives where the program is not open is told nothing"
notices 2011-01-03 2011-01 '^00123451,CHOOSE,2011-01-03,2011-02-02,Faison,' '^00123452,CHOOSE,2011-01-03,2011-02-02,Faison,'
verdict $? "ENR-14: everybody of a town is told when it opens, and that it did"

# ---- a panel goes over: four members of the second PCP to the first, who has three places ----
world moved 00123451 00123452 00123461 00123462
"$pccm" assign --store "$store" --program "$work/at-once.xml" --date 2010-01-05 >"$work/out"
sed -i 's/^\(1030700003.*\)2009-02-01,,,/\12009-02-01,,4,/' "$work/pcps.csv"
"$pccm" providers --store "$store" --program $program --date 2010-01-06 "$work/pcps.csv" >"$work/out"
transfer() { # STATUS PATTERN WORDS…
	expected=$1 pattern=$2
	shift 2
	say "$expected" "$pattern" transfer --program "$work/at-once.xml" --effective 2010-03-01 "$@"
}
transfer 0 '^1 member of 1 family would move' --date 2010-02-10 --from 1030704773 --to 1030700003 && [ "$(who 00123451)" = '2010-02-01 1030704773 CLAIMS' ]
verdict $? "ASG-8: a preview says who would move, and changes nothing"
transfer 1 '^…461  .*stays, nobody takes the member: PANEL-FULL' --date 2010-02-10 --from 1030700003 --to 1030704773 &&
	grep -q '^0 members of 2 families would move' "$work/out"
verdict $? "ASG-2 ASG-8: a panel that has no place is not filled by a transfer"
transfer 0 '^1 member of 1 family moved' --date 2010-02-10 --from 1030704773 --to 1085500001 --apply && [ "$(who 00123451)" = '2010-03-01 1030700003 AUTO' ]
verdict $? "ASG-8 BAD-24: done, they have the new PCP from the day on; a practice gets it without the PCP who is left"
transfer 0 '^0 members' --date 2010-02-11 --from 1030704773 --to 1030700003 --apply
verdict $? "ASG-8: done again it moves nobody"
say 0 'transfer .*ASG-8 .*ordered: the panel of NPI 1030704773' explain --program "$work/at-once.xml" 00123451
verdict $? "ASG-8: explain says who ordered it"
transfer 2 'is both left and gone to' --date 2010-02-10 --from 1030704773 --to 1030704773 && transfer 2 'behind the day that it is' --date 2010-03-01 --from 1030704773 --to 1030700003 &&
	transfer 2 'neither a PCP nor a billing' --date 2010-02-10 --from 1030704773 --to 1999999992
verdict $? "a transfer that cannot be is a usage error"

# ---- coverage goes away and comes back ----
sed 's|^  <auto-assignment|  <re-enrolment same-pcp-months="2" requirement="ASG-7"/>\n&|' "$work/at-once.xml" >"$work/gap.xml"
world gap 00123451 00123452
"$pccm" assign --store "$store" --program "$work/at-once.xml" --date 2010-01-05 >"$work/out"
coverage() { # DAY CONTROL HD01 MEMBER DTP: one HD of one member, loaded
	{
		echo "ISA*00*          *00*          *ZZ*CTDSSENROLL    *ZZ*NCDMA          *$(echo "$1" | tr -d - | cut -c3-)*2105*^*00501*00000000$2*1*T*:"
		echo "GS*BE*CTDSSENROLL*NCDMA*$(echo "$1" | tr -d -)*2105*1*X*005010X220A1"
		printf 'ST*834*0001*005010X220A1\nBGN*00*FILE%s*%s*2105****2\nREF*38*MEDICAID\nN1*P5*STATE*FI*060000001\nN1*IN*PROGRAM*FI*060000001\n' "$2" "$(echo "$1" | tr -d -)"
		printf 'INS*Y*18*%s*28*A\nREF*0F*%s\nNM1*IL*1*DOE*JANE****ZZ*%s\nHD*%s**HLT*MEDICAID*IND\n%s\nSE\n' "$3" "$4" "$4" "$3" "$5"
	} | awk -v control="$2" '/^ST/ { n = 0 } { n++ } $0 == "SE" { $0 = "SE*" n "*0001~\nGE*1*1~\nIEA*1*00000000" control } { print $0 "~" }' >"$work/file.x12"
	"$pccm" load --store "$store" --program "$work/gap.xml" --date "$1" "$work/file.x12" >"$work/loaded" 2>&1 || cat "$work/loaded"
}
coverage 2010-02-20 2 024 00123451 'DTP*349*D8*20100228'
say 0 '^0 accepted' assign --program "$work/gap.xml" --date 2010-05-01 && ! grep -q 'ended with the coverage' "$work/out" && [ "$(who 00123451)" = '2010-02-01 1030704773 CLAIMS' ]
verdict $? "ASG-7: two months after the coverage ended the PCP is still there"
say 0 '1 assignments ended with the coverage, 0 went on' assign --program "$work/gap.xml" --date 2010-05-02 && [ -z "$(who 00123451)" ]
verdict $? "ASG-7: a day later the assignment ended with the last covered day"
coverage 2010-05-10 3 021 00123451 'DTP*348*D8*20100415'
say 0 '0 assignments ended with the coverage, 1 went on' assign --program "$work/gap.xml" --date 2010-05-11 && [ "$(who 00123451)" = '2010-04-15 1030704773 CLAIMS' ] &&
	say 0 're-enrolment .*ASG-7 .*the PCP until 2010-02-28, covered again from 2010-04-15 on' explain --program "$work/gap.xml" 00123451
verdict $? "ASG-7: known late that it came back in time, the same PCP goes on from that day"
say 0 '^0 accepted' assign --program "$work/gap.xml" --date 2010-05-12 && ! grep -q 'went on' "$work/out"
verdict $? "ASG-7: once"

# ---- what if ----
world whatif 00123451 00123452 00123461 00123462
before=$(cksum <"$(store_file "$work/whatif.db")")
say 0 '^members: 4 get a PCP, 0 move, 0 lose theirs' assign --program "$work/at-once.xml" --date 2010-01-05 --dry-run && grep -q '^…451 .* gets a PCP .* 1030704773 .*accepted' "$work/out"
verdict $? "ASG-3: a dry run tells who would get which PCP"
[ "$(cksum <"$(store_file "$work/whatif.db")")" = "$before" ] && say 0 'none' explain --program $program 00123451 && ! grep -q AUTO "$work/out"
verdict $? "ASG-3: a dry run keeps nothing"
say 0 '^members who come out otherwise: 4 get a PCP' assign --program "$work/at-once.xml" --against $program --date 2010-01-05 --dry-run &&
	grep -q '^by the other program: 0 accepted' "$work/out" && grep -q '^by this program: 4 accepted' "$work/out"
verdict $? "two program files are compared, totals first"
say 0 '^members who come out otherwise: 0 get' assign --program "$work/at-once.xml" --against "$work/at-once.xml" --date 2010-01-05 --dry-run && [ "$(wc -l <"$work/out")" -eq 3 ]
verdict $? "a program file against itself: nobody comes out otherwise"
"$pccm" assign --store "$store" --program "$work/at-once.xml" --date 2010-01-05 >"$work/out"
sed 's|aid-category" in="OPTIONAL" not="yes"|aid-category" in="OPTIONAL"|; s|^  <departure|  <population otherwise="voluntary"><class id="out" is="excluded"><when fact="aid-category" in="F07"/></class></population>\n&|; s|<rule id="new"|<rule id="class" test="population" unmet="refuse" requirement="ASG-6"/>&|' "$work/at-once.xml" >"$work/out.xml"
say 0 'members: 0 get a PCP, 0 move, 4 lose theirs' assign --program "$work/out.xml" --date 2010-02-05 --dry-run && [ "$(who 00123451)" = '2010-02-01 1030704773 CLAIMS' ]
verdict $? "ASG-6: who would lose the PCP under a new program file is told before it is used"
say 2 'go with --dry-run' assign --program $program --date 2010-02-05 --against $program
verdict $? "--against without --dry-run is a usage error"

# ---- the order in which members came decides nothing: 300 of them in 30 families, two panels that do not hold them all ----
outcome() { # NAME ORDER…: who gets whom, by member
	world "$@"
	sed -i 's/^\(1030700003.*\)2009-02-01,,,/\12009-02-01,,170,/; s/^\(1030704773.*\)2009-02-01,,1,/\12009-02-01,,90,/' "$work/pcps.csv"
	"$pccm" providers --store "$store" --program $program --date 2010-01-04 "$work/pcps.csv" >"$work/out"
	awk 'BEGIN { print "medicaid_id,provider_npi,visit_date"; for (i = 100; i < 400; i += 7) printf "00123%d,%s,2009-%02d-11\n", i, i % 2 ? "1030704773" : "1030700003", i % 12 + 1 }' >"$work/seen.csv"
	"$pccm" visits --store "$store" --program $program --date 2010-01-04 "$work/seen.csv" >"$work/out"
	"$pccm" assign --store "$store" --program "$work/at-once.xml" --date 2010-01-05 --dry-run --show-values --format csv | sort
}
ids() { awk 'BEGIN { for (i = 100; i < 400; i++) printf "%s00123%d\n", ((i * '"$1"') % 307) " ", i }' | sort -n | sed 's/^[0-9]* //'; }
outcome order1 $(ids 1) >"$work/first"
outcome order2 $(ids 71) >"$work/second"
outcome order3 $(ids 113) >"$work/third"
[ "$(grep -c 'gets a PCP' "$work/first")" -eq 260 ] && cmp "$work/first" "$work/second" >"$work/out" && cmp "$work/first" "$work/third" >"$work/out"
verdict $? "ASG-2 ASG-3: 300 members in three orders: the same 260 get the same PCPs"
