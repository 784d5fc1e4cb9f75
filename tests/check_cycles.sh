#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A month's money step by step: prepared, looked at, released or discarded; what makes a draft stale, what a threshold stops.
#   tests/check_cycles.sh BUILD
pccm=$1/pccm
suite=cycles
. tests/money.sh
[ -x "$pccm" ] || { echo "skip cycles: $pccm is not built"; exit 0; }
for tool in sqlite3 jq; do
	command -v $tool >/dev/null || { echo "skip cycles: no $tool"; exit 0; }
done
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. tests/stories.sh

cycle() { # STATUS VERB DAY WORDS…: the command ends so; what it said lies in $world/cycle
	expected=$1 verb=$2 day=$3
	shift 3
	"$pccm" cycle "$verb" --store "$(store_url "$world/p.db")" --date "$day" "$@" >"$world/cycle" 2>&1
	was=$?
	[ $was -eq "$expected" ] || { echo "cycle $verb $*: status $was, expected $expected"; cat "$world/cycle"; return 1; }
}
ledger() { # what the ledger holds: postings, payments, lines, cycles, FCNs; not drafts
	sqlite3 "$(store_file "$world/p.db")" "SELECT * FROM posting; SELECT * FROM payment; SELECT * FROM payment_line; SELECT day, month, payments, amount FROM cycle;
		SELECT * FROM fcn; SELECT name, number FROM sequence; SELECT kind, owner, name, hex(bytes) FROM document WHERE kind <> '999'"
}
empty_ledger() { [ "$(sqlite3 "$(store_file "$world/p.db")" 'SELECT (SELECT count(*) FROM posting) + (SELECT count(*) FROM payment) + (SELECT count(*) FROM cycle)')" = 0 ]; }
two_members() { # one of each practice, from before the first month
	{
		member 021 001111111 20090701 F07 $amato
		member 021 002222222 20090701 P01 $markova
	} | send 2009-12-10 2
}

begin steps
two_members
cycle 0 prepare 2010-01-31 --month 2010-01 && grep -q 'prepared: 2 postings, \$15.00' "$world/cycle" && empty_ledger
told $? "RET-2: a prepared cycle is a draft: the ledger holds nothing of it"
cycle 0 show 2010-01-31 --month 2010-01 --format json &&
	[ "$(jq -c '[.state, .amount_cents, [.lines[] | [.npi, .fund, .reason, .amount_cents]]]' "$world/cycle")" = \
		'["prepared",1500,[["1085500001","F2","FEE",750],["1085500373","F1","FEE",750]]]' ]
told $? "FEE-7: a draft shows each payee, fund and reason"
cp "$world/cycle" "$world/shown" && cycle 0 prepare 2010-01-31 --month 2010-01 && grep -q 'was prepared before' "$world/cycle" &&
	cycle 0 show 2010-01-31 --month 2010-01 --format json && cmp "$world/shown" "$world/cycle"
told $? "prepared again: nothing is done, and the same is shown"
cycle 0 release 2010-01-31 --month 2010-01 --out "$world/out" && paid 20100209 $group "CT:8391F1 -750, BPR02 750" &&
	paid 20100209 $solo "CT:8391F2 -750, BPR02 750"
told $? "FEE-4: released, the draft is the ledger's, with its 835s"
ledger >"$world/before" && cp -r "$world/out" "$world/first" && cycle 0 release 2010-02-15 --month 2010-01 --out "$world/again" &&
	grep -q 'nothing posted' "$world/cycle" && diff -r "$world/first" "$world/again" && cycle 0 prepare 2010-02-15 --month 2010-01 &&
	grep -q 'was released before' "$world/cycle" && ledger | cmp - "$world/before"
told $? "released again: nothing is posted, the same bytes are written"
cycle 2 discard 2010-02-15 --month 2010-01 && grep -q 'corrected by a later cycle, never undone' "$world/cycle" && ledger | cmp - "$world/before"
told $? "a released cycle cannot be discarded"
! sqlite3 "$(store_file "$world/p.db")" "UPDATE posting SET amount = 0" 2>/dev/null && ! sqlite3 "$(store_file "$world/p.db")" "DELETE FROM payment" 2>/dev/null &&
	ledger | cmp - "$world/before"
told $? "RET-1: the released postings and payments can be neither changed nor deleted"

# The same two months, one by steps and one in one go: 7.50 for each member, and in the second cycle one member's January back.
begin onego
two_members
pay 2010-01 2010-01-31
ended 001111111 20091231 | send 2010-02-12 2
pay 2010-02 2010-02-28
onego=$world
begin bysteps
two_members
cycle 0 prepare 2010-01-31 --month 2010-01 && cycle 0 release 2010-01-31 --month 2010-01 --out "$world/out"
ended 001111111 20091231 | send 2010-02-12 2
cycle 0 prepare 2010-02-28 --month 2010-02 && cycle 0 discard 2010-02-28 --month 2010-02 &&
	cycle 0 prepare 2010-02-28 --month 2010-02 && cycle 0 release 2010-02-28 --month 2010-02 --out "$world/out" &&
	diff -r "$onego/out" "$world/out" && paid 20100309 $group "RA:8391F1 750, FB -750, BPR02 0" && paid 20100309 $solo "CT:8391F2 -750, BPR02 750"
told $? "RET-2: prepared, discarded, prepared and released are the same bytes as remit's"
ledger >"$world/before" && (world=$onego && ledger) | cmp - "$world/before"
told $? "RET-2: and the same ledger: a draft uses up no number"
cycle 0 list 2010-03-01 --format json && [ "$(jq -c '[.cycles[] | [.cycle, .state, .amount_cents]]' "$world/cycle")" = \
	'[["2010-02-09","released",1500],["2010-03-09","discarded",0],["2010-03-09","released",0]]' ]
told $? "the list tells of the draft that was discarded"
cycle 0 show 2010-03-01 --month 2010-02 --format json && [ "$(jq -c '[.differences[] | [.npi, .before_cents, .now_cents]]' "$world/cycle")" = \
	'[["1085500373",750,-750]]' ] && [ "$(jq -c '[.payees[] | [.npi, .payment_cents, .owes_cents]]' "$world/cycle")" = \
	'[["1085500001",750,0],["1085500373",0,750]]' ]
told $? "RET-9: what is different from the month before, and who owes"

begin stale
two_members
cycle 0 prepare 2010-01-31 --month 2010-01
ended 001111111 20091231 | send 2010-02-02 2
cycle 1 release 2010-02-02 --month 2010-01 --out "$world/out" && grep -q 'is stale: more was recorded since then; nothing was posted: prepare it again' "$world/cycle" &&
	empty_ledger && cycle 0 show 2010-02-02 --month 2010-01 && grep -q '^state *stale' "$world/cycle"
told $? "a draft is stale once more is recorded, and is not released"
cycle 0 prepare 2010-02-02 --month 2010-01 && grep -q 'in place of one that had become stale' "$world/cycle" &&
	cycle 0 release 2010-02-02 --month 2010-01 --out "$world/out" && paid 20100209 $solo "CT:8391F2 -750, BPR02 750" &&
	paid 20100209 $group "CT:8391F1 -750, RA:8391F1 750, BPR02 0"
told $? "FEE-8: prepared again and released: the frozen roster's fee, and the month taken back beside it"
cycle 0 prepare 2010-02-28 --month 2010-02
sed 's/name="HUSKY PRIMARY CARE"/name="HUSKY PRIMARY  CARE"/' rules/husky-primary-care.xml >"$world/other.xml"
cycle 1 release 2010-02-28 --program "$world/other.xml" --month 2010-02 --out "$world/out" && grep -q 'the program file is another one now' "$world/cycle"
told $? "a draft of another program file is stale as well"
"$pccm" remit --store "$(store_url "$world/p.db")" --date 2010-02-28 --month 2010-02 --out "$world/out" >"$world/cycle" 2>&1
[ $? -eq 2 ] && grep -q 'is prepared: release it or discard it first' "$world/cycle" && cycle 2 prepare 2010-02-28 --month 2010-02 --cycle 2010-03-20 &&
	cycle 0 discard 2010-02-28 --month 2010-02 && cycle 0 discard 2010-02-28 --month 2010-02 && grep -q 'was discarded before' "$world/cycle" &&
	cycle 2 release 2010-02-28 --month 2010-02 --out "$world/out" && grep -q 'pccm cycle prepare comes first' "$world/cycle"
told $? "one draft at a time; a discarded one is not released"

# Limits of 15.00 a cycle, 50 percent of change, 20 percent taken back, 7.50 a payee.  January is two fees: exactly 15.00 and 7.50.
# February: the fee of 002 is 7.50, that of 001 is taken back twice (January's 7.50; February's fee was never owed).
begin limits
limits() { # ATTRIBUTES: the program with thresholds
	sed "s#\\(<retro .*\\)#\\1\\n  <thresholds $1/>#" rules/husky-primary-care.xml >"$world/limits.xml"
}
limits 'cycle-amount="15.00" change-percent="50" takeback-percent="20" payee-amount="7.50"'
PCCM_PROGRAM=$world/limits.xml
export PCCM_PROGRAM
two_members
cycle 0 prepare 2010-01-31 --month 2010-01 && ! grep -q threshold "$world/cycle" && cycle 0 release 2010-01-31 --month 2010-01 --out "$world/out"
told $? "a cycle that reaches a threshold is not past it"
ended 001111111 20091231 | send 2010-02-12 2
cycle 0 prepare 2010-02-28 --month 2010-02 && grep -q '2 thresholds exceeded' "$world/cycle" && cycle 0 show 2010-02-28 --month 2010-02 --format json &&
	[ "$(jq -c '[.exceeded[] | [.threshold, .npi, .found, .limit]]' "$world/cycle")" = \
		'[["change-percent","","100 %","50 %"],["takeback-percent","","100 %","20 %"]]' ]
told $? "RET-9: what is past a threshold: 15.00 became 0.00, and 7.50 of 7.50 is taken back"
cycle 1 release 2010-02-28 --month 2010-02 --out "$world/out" && grep -q 'change-percent is 100 %, the limit is 50 % (and more); nothing was posted' "$world/cycle" &&
	[ "$(sqlite3 "$(store_file "$world/p.db")" 'SELECT count(*) FROM cycle')" = 1 ]
told $? "it is not released"
cycle 0 release 2010-02-28 --month 2010-02 --accept-thresholds --out "$world/out" && cycle 0 list 2010-02-28 &&
	grep -q '^2010-03-09 .*accepted' "$world/cycle" && paid 20100309 $group "RA:8391F1 750, FB -750, BPR02 0"
told $? "unless somebody accepts it, which is recorded"
limits 'payee-amount="7.49"'
pay 2010-03 2010-03-31
[ $? -eq 1 ] && tail -n 1 "$world/said" | grep -q 'payee-amount of payee 1085500001 is \$7.50, the limit is \$7.49' &&
	"$pccm" remit --accept-thresholds --store "$(store_url "$world/p.db")" --date 2010-03-31 --month 2010-03 --out "$world/out" >>"$world/said" 2>&1 &&
	paid 20100413 $solo "CT:8391F2 -750, BPR02 750"
told $? "remit stops at a threshold too, and goes on with --accept-thresholds"
limits ''
cycle 3 list 2010-03-31 && grep -q 'limits.xml:[0-9]*: no threshold is set' "$world/cycle"
told $? "thresholds without a limit are refused with their line"
unset PCCM_PROGRAM
exit $failed
