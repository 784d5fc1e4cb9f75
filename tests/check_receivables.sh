#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What payees owe: its age, closed payees, offsets between payees of one tax id, a tax id that changes.  Sums by hand.
#   tests/check_receivables.sh BUILD
pccm=$1/pccm
suite=receivables
. tests/money.sh
[ -x "$pccm" ] || { echo "skip receivables: $pccm is not built"; exit 0; }
for tool in sqlite3 jq; do
	command -v $tool >/dev/null || { echo "skip receivables: no $tool"; exit 0; }
done
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. tests/stories.sh

owed() { # DAY LIST EXPECTED [WORDS…]: rows of balances or demands, as JSON lines without names
	day=$1 list=$2 expected=$3
	shift 3
	was=$("$pccm" receivables "$list" --store "$(store_url "$world/p.db")" --date "$day" --format json "$@" |
		jq -c "[(.balances // .demands)[] | [.npi, (.tax_id // empty), .state, .since, (.days_0_30_cents, .days_31_60_cents, .days_61_90_cents, .over_90_cents | select(. != null)), .total_cents]]")
	[ "$was" = "$expected" ] || { echo "$day $list: $was, expected $expected"; return 1; }
}
program() { # ATTRIBUTES of receivables
	sed "s#\\(<retro .*\\)#\\1\\n  <receivables $1/>#" rules/husky-primary-care.xml >"$world/program.xml"
	PCCM_PROGRAM=$world/program.xml
	export PCCM_PROGRAM
}
closed() { # DAY NPI FROM [TO]
	printf 'subject,id,name,value,from,to\npractice,%s,payments-closed,yes,%s,%s\n' "$2" "$3" "${4-}" >"$world/closed.csv"
	"$pccm" attributes --store "$(store_url "$world/p.db")" --date "$1" "$world/closed.csv" >>"$world/said" 2>&1
}
one_tax_id() { # both practices under one tax id
	sed -i 's/061112323/061112222/' "$world/billing.csv"
	"$pccm" providers --store "$(store_url "$world/p.db")" --date 2009-12-02 "$world/billing.csv" >>"$world/said" 2>&1
}

# 001, 002 and 003 are paid for January: 22.50.  By February 001 and 002 never were covered: 15.00 back, less 7.50 for 003: 7.50
# are owed since 9 March.  By March neither was 003: January's and February's 7.50 back: 15.00 more, owed since 13 April.
begin aging
for id in 001111111 002222222 003333333; do member 021 $id 20090701 F07 $amato; done | send 2009-12-10 2
pay 2010-01 2010-01-31
{ ended 001111111 20091231; ended 002222222 20091231; } | send 2010-02-12 2
pay 2010-02 2010-02-28
paid 20100309 $group "CT:8391F1 -750, RA:8391F1 1500, FB -750, BPR02 0" &&
	owed 2010-04-08 balances '[["1085500373","061112323","open","2010-03-09",750,0,0,0,750]]' &&
	owed 2010-04-09 balances '[["1085500373","061112323","open","2010-03-09",0,750,0,0,750]]' &&
	owed 2010-05-08 balances '[["1085500373","061112323","open","2010-03-09",0,750,0,0,750]]' &&
	owed 2010-05-09 balances '[["1085500373","061112323","open","2010-03-09",0,0,750,0,750]]' &&
	owed 2010-06-07 balances '[["1085500373","061112323","open","2010-03-09",0,0,750,0,750]]' &&
	owed 2010-06-08 balances '[["1085500373","061112323","open","2010-03-09",0,0,0,750,750]]'
told $? "RET-9: a debt is 30, 31, 60, 61, 90 and 91 days old"
owed 2010-06-07 demands '[]' && owed 2010-06-08 demands '[["1085500373","CT","2010-03-09",750]]'
told $? "RET-9: a letter is due behind 90 days"
ended 003333333 20091231 | send 2010-03-12 2
member 021 004444444 20100401 F07 $amato | send 2010-03-15 2
pay 2010-03 2010-03-31
paid 20100413 $group "RA:8391F1 750, RA:8391F1 750, FB 750, FB -2250, BPR02 0" &&
	owed 2010-05-12 balances '[["1085500373","061112323","open","2010-03-09",1500,0,750,0,2250]]'
told $? "RET-9: a debt that is carried on keeps the age of its parts"
pay 2010-04 2010-04-30
paid 20100511 $group "CT:8391F1 -750, FB 2250, FB -1500, BPR02 0" &&
	owed 2010-05-12 balances '[["1085500373","061112323","open","2010-04-13",1500,0,0,0,1500]]'
told $? "RET-9: what is paid off is the oldest first"
owed 2010-06-30 balances '[["1085500373","061112323","open","2010-03-09",1500,750,0,0,2250]]' --as-of 2010-04-15
told $? "as of a day before the last cycle: what was owed then"
"$pccm" receivables --store "$(store_url "$world/p.db")" --date 2010-05-12 --format csv | tr -d '\r' >"$world/csv"
[ "$(cat "$world/csv")" = "npi,name,tax_id,state,fcn,since,days_0_30,days_31_60,days_61_90,over_90,total
1085500373,GROUP PC,061112323,open,$(sqlite3 "$(store_file "$world/p.db")" "SELECT fcn FROM payment_line WHERE plb_code = 'FB' AND amount = -1500"),2010-04-13,15.00,0.00,0.00,0.00,15.00" ]
told $? "the same as CSV"

# Three members of solo were paid for January, 22.50, and never were covered; solo is closed.  Group has its tax id and 7.50 a month.
begin offset
program 'closed="payments-closed" offset="same-tax-id"'
one_tax_id
{
	for id in 001111111 002222222 003333333; do member 021 $id 20090701 F07 $markova; done
	member 021 004444444 20090701 F07 $amato
} | send 2009-12-10 2
pay 2010-01 2010-01-31
for id in 001111111 002222222 003333333; do ended $id 20091231; done | send 2010-02-12 2
closed 2010-02-15 $solo 2010-02-15
pay 2010-02 2010-02-28
paid 20100309 $solo "RA:8391F1 2250, OB -750, FB -1500, BPR02 0" && paid 20100309 $group "CT:8391F1 -750, OB 750, BPR02 0"
told $? "RET-10: another payee of the tax id pays for a closed one: OB on both sides, and they come to nothing"
pairs "$world"/out/835-*-20100309.x12 | awk '$3 == "OB" { seen[$4]++; sum += $5 } END { for (id in seen) if (seen[id] != 2) exit 1; exit sum != 0 }'
told $? "835-8: both OB pairs carry one number"
owed 2010-03-10 balances '[["1085500001","061112222","closed","2010-03-09",1500,0,0,0,1500]]' &&
	owed 2010-03-10 demands '[["1085500001","CT","2010-03-09",1500]]'
told $? "RET-10: what a closed payee owes stays open, and gets a letter"
pay 2010-03 2010-03-31 && pay 2010-04 2010-04-30 && pay 2010-05 2010-05-31
paid 20100413 $solo "FB 1500, OB -750, FB -750, BPR02 0" && paid 20100511 $solo "FB 750, OB -750, BPR02 0" &&
	paid 20100511 $group "CT:8391F1 -750, OB 750, BPR02 0" && paid 20100608 $solo "" && paid 20100608 $group "CT:8391F1 -750, BPR02 750" &&
	owed 2010-06-10 balances '[]'
told $? "RET-10: cycle by cycle until nothing is owed, also in cycles in which the closed payee has no posting"
money_flat() { pairs "$world"/out/835-*.x12 | awk '$3 == "BPR02" { paid[$1 $2] += $5; next } { sum[$1 $2] += $5 } END { for (key in paid) if (paid[key] != -sum[key]) exit 1 }'; }
money_flat && "$pccm" reconcile --store "$(store_url "$world/p.db")" --date 2010-06-10 >>"$world/said" 2>&1
told $? "835-9: each of these remittances balances, and so do the books"

begin notoffset
program 'closed="payments-closed"'
one_tax_id
{ member 021 001111111 20090701 F07 $markova; member 021 004444444 20090701 F07 $amato; } | send 2009-12-10 2
pay 2010-01 2010-01-31
ended 001111111 20091231 | send 2010-02-12 2
closed 2010-02-15 $solo 2010-02-15
pay 2010-02 2010-02-28
paid 20100309 $solo "RA:8391F1 750, FB -750, BPR02 0" && paid 20100309 $group "CT:8391F1 -750, BPR02 750"
told $? "RET-10: nobody pays for another unless the program says so"
# covered after all, from January on: three months are due, and solo is closed until 10 May
printf 'INS*Y*18*025*41*A\nREF*0F*001111111\nDTP*356*D8*20100101\nNM1*IL*1*DOE*JANE****ZZ*001111111\n' | send 2010-03-10 2
pay 2010-03 2010-03-31
paid 20100413 $solo "" && [ "$(sqlite3 "$(store_file "$world/p.db")" 'SELECT members || " " || amount FROM frozen_month ORDER BY month DESC LIMIT 1')" = "2 750" ]
told $? "RET-10: a closed payee gets nothing; its patients stay on the roster"
closed 2010-05-01 $solo 2010-02-15 2010-05-10
printf 'subject,id,name,value,from,to\npractice,%s,payments-closed,,2010-05-10,\n' $solo >"$world/open.csv"
"$pccm" attributes --store "$(store_url "$world/p.db")" --date 2010-05-01 "$world/open.csv" >>"$world/said" 2>&1
pay 2010-04 2010-05-01
paid 20100511 $solo "CT:8391F1 -750, RA:8391F1 -750, RA:8391F1 -750, RA:8391F1 -750, FB 750, BPR02 2250"
told $? "RET-10: open again, it is paid what was due, less what it owed"

# A tenth of a month's fee is held back for a month; every practice gets 100.00 once.  Solo is closed from 15 February to the end of March.
begin extras
program 'closed="payments-closed"'
sed -i 's#\(<rate amount="7.50".*\)#\1\n    <withhold percent="10.00" release-months="1" from="2009-02-01"/>#
	s#\(.*\)<funds .*#\1<lump-sum id="once" name="Once" reason="8393" text="ONCE" plb="LS" amount="100.00" fund="F1" from="2010-03-01"/>\n&#' "$PCCM_PROGRAM"
member 021 001111111 20090701 F07 $markova | send 2009-12-10 2
pay 2010-01 2010-01-31
closed 2010-02-15 $solo 2010-02-15 2010-03-31
pay 2010-02 2010-02-28
paid 20100209 $solo "CT:8391F1 -750, E3 75, BPR02 675" && paid 20100309 $solo "" && paid 20100309 $group "LS -10000, BPR02 10000"
told $? "RET-10: a closed payee gets no lump sum, and nothing of what was held back"
pay 2010-03 2010-03-31
paid 20100413 $solo "CT:8391F1 -750, RA:8391F1 -750, LS -10000, E3 75, E3 -75, BPR02 11500" && paid 20100413 $group ""
told $? "RET-10: open again, it gets both, once"

tax_id() { # ATTRIBUTES EXPECTED: solo owes 7.50, then has another tax id, then is due 7.50
	begin "tax-$1"
	program "tax-id-change=\"$1\""
	{ member 021 001111111 20090701 F07 $markova; } | send 2009-12-10 2
	pay 2010-01 2010-01-31
	ended 001111111 20091231 | send 2010-02-12 2
	member 021 002222222 20100301 F07 $markova | send 2010-02-15 2
	pay 2010-02 2010-02-28
	sed 's/061112222/061119999/' "$world/billing.csv" >"$world/new.csv"
	"$pccm" providers --store "$(store_url "$world/p.db")" --date 2010-03-20 "$world/new.csv" >>"$world/said" 2>&1
	pay 2010-03 2010-03-31
	paid 20100413 $solo "$2"
}
tax_id stays "CT:8391F1 -750, BPR02 750" && owed 2010-04-15 balances '[["1085500001","061112222","open","2010-03-09",0,750,0,0,750]]'
told $? "BAD-23: under a new tax id nothing is taken for the old one, which still owes"
tax_id moves "CT:8391F1 -750, FB 750, BPR02 0" && owed 2010-04-15 balances '[]'
told $? "BAD-23: unless the program says that debts move along"
program 'offset="same-tax-id"'
"$pccm" receivables --store "$(store_url "$world/p.db")" >"$world/said" 2>&1
[ $? -eq 3 ] && grep -q 'program.xml:[0-9]*: nobody is ever closed' "$world/said"
told $? "an offset without an attribute that closes is refused with its line"
begin carry
sed 's/carry="FB"/carry="WO"/' rules/husky-primary-care.xml >"$world/program.xml"
PCCM_PROGRAM=$world/program.xml "$pccm" receivables --store "$(store_url "$world/p.db")" >"$world/said" 2>&1
[ $? -eq 3 ] && grep -q 'program.xml:[0-9]*:.*carry' "$world/said"
told $? "RET-9: a debt is moved on by FB and nothing else, or it would never be found again"
exit $failed
