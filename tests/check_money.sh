#!/bin/sh
# Nothing lost, nothing paid twice: the demo's three months, every sum computed again from the bytes that left.
#   tests/check_money.sh BUILD
pccm=$1/pccm
suite=money
. tests/money.sh
for tool in sqlite3 awk jq; do
	command -v $tool >/dev/null || { echo "skip money: no $tool"; exit 0; }
done
[ -x "$pccm" ] || { echo "skip money: $pccm is not built"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
world=$work/first
mkdir "$world" "$work/second"
run_months samples "$world"
verdict $? "the three months run"
sleep 1.1 # another second of the clock, another zone, another language
(cd "$work/second" && TZ=Asia/Tokyo LC_ALL=C.UTF-8 && export TZ LC_ALL && cd "$OLDPWD" && run_months samples "$work/second")
same=$?
for month in 2010-01 2010-02 2010-03; do
	diff -r "$world/$month" "$work/second/$month" || same=1
	sed "s#$world#$work/second#" "$world/$month.screen" | cmp - "$work/second/$month.screen" || same=1
done
verdict $same "property 2: from empty again, at another time and in another zone: every output byte is the same"
money_balance "$world"
verdict $? "835-4, 835-9: BPR02 is minus the sum of the PLB amounts of each 835, none of them is zero"
money_accepted "$world"
verdict $? "check accepts every document that left without any finding"
money_fees "$world" 750
verdict $? "FEE-1, FEE-5, FEE-6, FEE-8: CT:8391 pairs are 7.50 for each client of ELG-0401, fund by fund, FCN in 835, advice and roster"
late=0
pairs "$world"/20*/remittances/835-*.x12 | awk '{ print $1 }' | sort -u >"$work/cycles"
[ "$(tr '\n' ' ' <"$work/cycles")" = "20100209 20100309 20100413 " ] || late=1
verdict $late "FEE-2, FEE-4: January, February, March are paid in the first remittance of the month after"

# who: samples/README.md.  The pair in the bytes of the 835 holds minus the sum of the postings under its FCN.
ra() { # MEMBER MONTH FUND CENTS CYCLE REASON
	sqlite3 -separator ' ' "$(store_file "$world/pccm.db")" "SELECT b.npi, p.fcn, (SELECT -sum(amount) FROM posting WHERE fcn = p.fcn) FROM posting p
		JOIN member m ON m.id = p.member JOIN billing b ON b.id = p.billing JOIN cycle c ON c.id = p.cycle
		WHERE m.medicaid_id = '$1' AND p.month = 24120 + $2 - 1 AND p.fund = '$3' AND p.amount = $4 AND p.reason = '$6' AND p.kind = 2" >"$work/ra"
	[ "$(wc -l <"$work/ra")" -eq 1 ] || { echo "$*: $(cat "$work/ra")"; return 1; }
	read -r npi fcn amount <"$work/ra"
	pairs "$world"/20*/remittances/835-"$npi"-"$5".x12 | grep -qx "$5 $npi RA 8391$3-$fcn $amount" || { echo "$*: no pair 8391$3-$fcn $amount"; return 1; }
}
ra 001234699 2 F1 -750 20100413 DEATH && ra 001234699 3 F1 -750 20100413 DEATH
verdict $? "RET-6: Harold Finch's February and March come back in RA pairs, January stays"
ra 001234715 1 F1 -750 20100309 RETRO-TERM && ra 001234715 2 F1 -750 20100309 RETRO-TERM
verdict $? "RET-3: Teresa Lindquist's January and February come back in RA pairs"
ra 001234723 2 F1 -750 20100413 RETRO-TERM && ra 001234723 3 F1 -750 20100413 RETRO-TERM
verdict $? "RET-3: Marvin Cole's February and March come back in RA pairs"
ra 001234749 1 F1 -750 20100309 FUND-CHANGE && ra 001234749 1 F2 750 20100309 FUND-CHANGE &&
	ra 001234749 2 F1 -750 20100309 FUND-CHANGE && ra 001234749 2 F2 750 20100309 FUND-CHANGE
verdict $? "RET-4: Isabel Chavez's two months move from F1 to F2: two RA pairs each, net nothing"
ra 001234822 2 F3 750 20100309 RETRO-ADD
verdict $? "RET-2: Daniel Soto's February is paid a cycle late, from F3"
merged=$(sqlite3 "$(store_file "$world/pccm.db")" "SELECT count(*), sum(p.amount) FROM posting p JOIN member m ON m.id = p.member WHERE m.merged_into IS NOT NULL")
back=$(sqlite3 "$(store_file "$world/pccm.db")" "SELECT count(*) FROM posting WHERE reason = 'MERGE'")
[ "${merged#*|}" = 0 ] && [ "$back" -gt 0 ]
verdict $? "RET-8: the months of the id that was merged come back once and net to nothing"

money_ledger "$world" 750
verdict $? "RET-1, RET-2: each member-month holds 7.50 net under its payee and fund where the tables entitle it, nothing elsewhere"
money_sum "$world" 750
verdict $? "property 1: the pairs of all 835s are 7.50 times the final member-months ($money_said)"
money_two_payees "$world"
verdict $? "RET-1, property 8: no member-month has two payees net"
money_rosters "$world"
verdict $? "RST-11: ELG-0402 takes the roster of one month to that of the next, per PCP and per practice"
money_counts "$world" samples
verdict $? "every 834 received = applied + unchanged + set aside + refused, and received is the INS of the file"
money_answers "$world"
verdict $? "property 5: each 271 names the PCP that the tables had on the day asked ($money_said)"
"$pccm" reconcile --store "sqlite:$world/pccm.db" --date 2010-04-01 >"$work/said" 2>&1 && grep -q '^differences *0$' "$work/said"
verdict $? "property 1: pccm reconcile says the same of due, posted, sent and moved"
money_tmsis "$world"
verdict $? "the rows for T-MSIS are a posting each, and sum up to the pairs of the 835s under their FCNs"
money_rosters_834 "$world"
verdict $? "RST-2, RST-4: the rosters as 834 hold the clients of ELG-0401 and the changes of ELG-0402, without a finding"
money_explained "$world"
verdict $? "BAD-8: explain tells of each control number and payee what their 835s say, down to file and byte"
money_bank "$world"
verdict $? "OPR-40, BAD-9: the bank's file has one credit for each 835 that is paid by transfer, with its amount, day, account and TRN"
money_again "$world"
verdict $? "RET-2: remit of a paid month posts nothing and writes the same bytes"
mkdir "$work/third"
store_again "$world/pccm.db" "$work/third/pccm.db"
run_months samples "$work/third" && same_outcome "$world" "$work/third" && diff -rq "$world/2010-02/acknowledgments" "$work/third/2010-02/acknowledgments"
verdict $? "the months run again over the full store: the same documents, nothing applied, nothing posted"
store_intact "$world/pccm.db"
verdict $? "the store is intact"
mkdir "$work/order"
"$pccm" run --quiet --store "$(store_url "$work/order/pccm.db")" --in samples/2010-02 --out "$work/order/2010-02" --month 2010-02 >"$work/said" 2>&1
"$pccm" run --quiet --store "$(store_url "$work/order/pccm.db")" --in samples/2010-01 --out "$work/order/2010-01" --month 2010-01 >"$work/said" 2>&1
[ $? -eq 2 ] && grep -q 'months are done in their order' "$work/said"
verdict $? "RST-4: a month before one that has its roster is refused"
"$pccm" providers --store "$(store_url "$work/half.db")" --date 2009-12-21 samples/2010-01/2009-12-21-pcps.csv >"$work/said" 2>&1
[ $? -eq 1 ] && [ "$(sqlite3 "$(store_file "$work/half.db")" 'SELECT (SELECT count(*) FROM pcp) + (SELECT count(*) FROM affiliation)')" = 0 ]
verdict $? "PRV-5: a provider row that is refused leaves nothing of itself"
