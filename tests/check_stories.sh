#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Stories of single members and PCPs, told by small files and paid month by month; the pairs of the 835s are worked out by hand.
#   tests/check_stories.sh BUILD
pccm=$1/pccm
suite=stories
. tests/money.sh
[ -x "$pccm" ] || { echo "skip stories: $pccm is not built"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. tests/stories.sh

begin return
member 021 001111111 20090701 F07 $amato | send 2009-12-10 2
pay 2010-01 2010-02-10
pcps 2010-02-18 "$amato,AMATO,PETER,2035550201,WATERBURY,2005-07-01,,2009-02-01,2010-02-15,$group,2009-02-01,"
pcps 2010-03-01 "$amato,AMATO,PETER,2035550201,WATERBURY,2005-07-01,,2010-04-01,,$group,2009-02-01,"
member 021 002222222 20090701 F07 $amato | send 2010-03-05 2
for month in 02:03 03:04 04:05; do pay "2010-${month%:*}" "2010-${month#*:}-20"; done
paid 20100209 $group "CT:8391F1 -750, BPR02 750" && paid 20100309 $group "CT:8391F1 -750, BPR02 750" &&
	paid 20100413 $group "" && paid 20100511 $group "CT:8391F1 -750, BPR02 750"
told $? "PRV-2: a PCP who lost the contract and came back keeps what was paid before, is not paid between, and is paid again"

begin merge
{
	member 021 001111111 20090701 F07 $amato
	member 021 003333333 20090701 F07 $amato
	member 021 004444444 20090701 F07 $markova
} | send 2009-12-10 2
pay 2010-01 2010-02-10
pay 2010-02 2010-03-10
{
	member 021 002222222 20100301 F07 - 'REF*Q4*001111111' # a new id, from now on
	member 001 003333333 20090701 F07 - 'REF*Q4*004444444' # two ids that were paid for the same months
} | send 2010-03-11 2
pay 2010-03 2010-04-20
paid 20100309 $group "CT:8391F1 -1500, BPR02 1500" &&
	paid 20100413 $group "CT:8391F1 -1500, RA:8391F1 750, RA:8391F1 -750, RA:8391F1 750, RA:8391F1 -750, BPR02 1500" &&
	paid 20100413 $solo "RA:8391F1 750, RA:8391F1 750, FB -1500, BPR02 0"
told $? "RET-8, BAD-15: months of the old id move to the new one with its PCP, those of two paid ids come back once"

begin unmerge
{
	member 021 001111111 20090701 F07 $amato
	member 021 002222222 20090701 F07 $amato
} | send 2009-12-10 2
pay 2010-01 2010-02-10
member 001 001111111 20090701 F07 - 'REF*Q4*002222222' | send 2010-02-12 2
pay 2010-02 2010-03-10
"$pccm" member unmerge --store "$(store_url "$world/p.db")" --date 2010-03-12 002222222 >>"$world/said" 2>&1
member 001 001111111 20090701 F07 - 'REF*Q4*002222222' | send 2010-03-15 2 # the sender has not heard of it yet
pay 2010-03 2010-04-20
paid 20100209 $group "CT:8391F1 -1500, BPR02 1500" && paid 20100309 $group "CT:8391F1 -750, RA:8391F1 750, BPR02 0" &&
	paid 20100413 $group "CT:8391F1 -1500, RA:8391F1 -750, RA:8391F1 -750, BPR02 3000" && grep -q 'code  prior-id-apart' "$world/said"
told $? "BAD-15: a merge that was a mistake is taken back: coverage, PCP and money are each one's own again, and no file merges them"

begin pairs
{
	member 021 001111111 20090701 F07 $amato
	member 021 002222222 20090701 F07 $amato
	member 021 003333333 20090701 F07 $amato
} | send 2009-12-10 2
{
	member 021 001111111 20100201 F07 -
	member 021 002222222 20100201 P01 -
	ended 001111111 20100131
	ended 002222222 20100131
	ended 003333333 20100131
	member 021 003333333 20100201 S01 -
} | send 2010-01-20 2
pay 2010-01 2010-02-10
pay 2010-02 2010-03-10
paid 20100209 $group "CT:8391F1 -2250, BPR02 2250" && paid 20100309 $group "CT:8391F1 -750, CT:8391F2 -750, CT:8391F3 -750, BPR02 2250"
told $? "BAD-14: additions and terminations of one file leave no gap, whichever comes first"

begin corrections
{
	member 021 001111111 20090701 F07 $amato
	member 021 002222222 20090701 F07 $amato
} | send 2009-12-10 2
pay 2010-01 2010-02-10
ended 002222222 20091231 | send 2010-02-12 2
pay 2010-01 2010-02-16 2010-02-16 && pay 2010-01 2010-02-16 2010-02-16 &&
	paid 20100209 $group "CT:8391F1 -1500, BPR02 1500" && paid 20100216 $group "RA:8391F1 750, FB -750, BPR02 0" &&
	pay 2010-02 2010-03-10 && paid 20100309 $group "CT:8391F1 -750, FB 750, BPR02 0" &&
	pay 2010-03 2010-04-14 && paid 20100413 $group "CT:8391F1 -750, BPR02 750"
told $? "RET-2, RET-9: a second cycle of a month corrects and pays no fee again; what it leaves over is used up by the next"

begin early
member 021 001111111 20090701 F07 $amato | send 2009-12-10 2
pay 2010-01 2010-01-30
[ $? -eq 2 ] && grep -q 'month is not over' "$world/said" && pay 2010-01 2010-01-31 && paid 20100209 $group "CT:8391F1 -750, BPR02 750"
told $? "FEE-2: a month is not paid before it is over, whatever the day of its remittance"

begin full
member 021 001111111 20090701 F07 $amato | send 2009-12-10 2
pay 2010-01 2010-02-10
member 030 001111111 20100201 P01 - 'DTP*356*D8*20090701' | send 2010-02-12 RX # eligible since July, in this category since February
pay 2010-02 2010-03-10
paid 20100209 $group "CT:8391F1 -750, BPR02 750" && paid 20100309 $group "CT:8391F2 -750, BPR02 750"
told $? "BAD-13, RET-4: a full file that lists the newest coverage only takes no paid month back"

begin reinstated
member 021 001111111 20090701 F07 $amato | send 2009-12-10 2
ended 001111111 20091231 | send 2010-02-01 2
printf 'INS*Y*18*025*41*A\nREF*0F*001111111\nDTP*356*D8*20100201\nNM1*IL*1*DOE*JANE****ZZ*001111111\n' | send 2010-02-12 2
pay 2010-01 2010-02-20 && pay 2010-02 2010-03-10
paid 20100209 $group "" && paid 20100309 $group "CT:8391F1 -750, BPR02 750"
told $? "RET-3: a reinstatement without coverage of its own reopens what ended, from its own day on"

begin left
{
	member 021 001111111 20090701 F07 $amato
	member 021 002222222 20090701 F07 $markova
} | send 2009-12-10 2
pcps 2010-03-18 "$amato,AMATO,PETER,2035550201,WATERBURY,2005-07-01,,2009-02-01,2010-03-15,$group,2009-02-01,"
asked 001111111 2010-03-20 2010-04-09 "$amato 20100101-20100331" && asked 001111111 2010-04-02 2010-04-09 - &&
	asked 002222222 2010-04-02 2010-04-09 "$markova 20100101" && asked 002222222 2011-12-31 2012-01-05 "$markova 20100101" &&
	asked 002222222 2012-01-05 2012-01-05 -
told $? "ELV-2, PRG-10: a PCP who left is named to the end of that month, nobody after the program has closed"
begin suspended
sed 's#\(.*\)<fee .*#\1<suspension attribute="incarceration" from="same-day"/>\n&#' rules/husky-primary-care.xml >"$world/program.xml"
PCCM_PROGRAM=$world/program.xml
export PCCM_PROGRAM
member 021 001111111 20090701 F07 $markova | send 2009-12-10 2
printf 'subject,id,name,value,from,to\nmember,001111111,incarceration,yes,2010-01-01,2010-01-31\n' >"$world/attributes.csv"
"$pccm" attributes --store "$(store_url "$world/p.db")" --date 2009-12-20 "$world/attributes.csv" >>"$world/said" 2>&1
pay 2010-01 2010-01-31 && pay 2010-02 2010-02-28 && paid 20100209 $solo "" && paid 20100309 $solo "CT:8391F1 -750, BPR02 750" &&
	"$pccm" explain --store "$(store_url "$world/p.db")" 001111111 >"$world/explained" &&
	grep -q '2010-01  not entitled now: INCARCERATION' "$world/explained" && grep -q '2010-02  entitled now' "$world/explained"
told $? "RET-7: what is told of a member knows its attributes, as the cycle does"

begin suspended-merged # the program file of the story before
{ member 021 001111111 20090701 F07 $markova; member 021 002222222 20090701 F07 -; } | send 2009-12-10 2
printf 'subject,id,name,value,from,to\nmember,001111111,incarceration,yes,2010-01-01,2010-02-28\nmember,002222222,tribal,yes,2010-02-01,\n' >"$world/attributes.csv"
"$pccm" attributes --store "$(store_url "$world/p.db")" --date 2009-12-20 "$world/attributes.csv" >>"$world/said" 2>&1
pay 2010-01 2010-01-31
"$pccm" member merge --store "$(store_url "$world/p.db")" --date 2010-02-15 002222222 001111111 >>"$world/said" 2>&1
pay 2010-02 2010-02-28 && paid 20100209 $solo "" && paid 20100309 $solo "" &&
	"$pccm" explain --store "$(store_url "$world/p.db")" 002222222 >"$world/explained" && grep -q '2010-02  not entitled now: INCARCERATION' "$world/explained"
told $? "RET-7 RET-8: the attributes of an id that is merged go over: what was suspended stays so"
"$pccm" member unmerge --store "$(store_url "$world/p.db")" --date 2010-03-12 001111111 >>"$world/said" 2>&1
pay 2010-03 2010-03-31 && paid 20100413 $solo "CT:8391F1 -750, BPR02 750" &&
	"$pccm" explain --store "$(store_url "$world/p.db")" 001111111 >"$world/explained" && grep -q '2010-02  not entitled now: INCARCERATION' "$world/explained" &&
	"$pccm" explain --store "$(store_url "$world/p.db")" 002222222 >"$world/explained" && ! grep -q INCARCERATION "$world/explained"
told $? "BAD-15: and come back when the merge is taken back"
exit $failed
