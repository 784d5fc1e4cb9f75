#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The books against the world: what is due, posted, sent and moved, to the cent; and that every cent which is changed is found.
# And what was known on a day: answers as of then.
#   tests/check_reconcile.sh BUILD
pccm=$1/pccm
suite=reconcile
. tests/money.sh
[ -x "$pccm" ] || { echo "skip reconcile: $pccm is not built"; exit 0; }
for tool in sqlite3 jq; do
	command -v $tool >/dev/null || { echo "skip reconcile: no $tool"; exit 0; }
done
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
. tests/stories.sh

books() { # STATUS FILTER EXPECTED [WORDS…]: of the JSON; the store is p.db, or $store
	expected=$1 filter=$2 value=$3
	shift 3
	"$pccm" reconcile --store "sqlite:${store:-$world/p.db}" --format json "$@" >"$world/books" 2>&1
	was=$?
	[ $was -eq "$expected" ] && [ "$(jq -c "$filter" "$world/books")" = "$value" ] || { echo "status $was: $(cat "$world/books")"; return 1; }
}

# Two members of group, one of solo: January 15.00 and 7.50, February the same; then one of group never was covered.
begin books
{
	member 021 001111111 20090701 F07 $amato
	member 021 002222222 20090701 P01 $amato
	member 021 003333333 20090701 F07 $markova
} | send 2009-12-10 2
pay 2010-01 2010-01-31 && pay 2010-02 2010-02-28
books 0 '[.member_months, .due_cents, .posted_cents, .paired_cents, .transfers_cents, .checks_cents, .owed_cents]' '[6,4500,4500,4500,3000,1500,0]'
told $? "property 1, FEE-8: six member-months of 7.50 are 45.00 in the ledger, in the 835s and at the bank"
ended 001111111 20091231 | send 2010-03-05 2
books 1 '[.lines[] | [.npi, .fund, .month, .member_months, .due_cents, .posted_cents, .paired_cents]]' \
	'[["1085500373","F1","2010-01",0,0,750,750],["1085500373","F1","2010-02",0,0,750,750]]' --date 2010-03-05 && grep -q 'the next one corrects it' "$world/books"
told $? "BAD-10: what became known since the last cycle is listed, month by month"
books 1 '[.lines[].why]' '["the month is behind the program'"'"'s retro window","the month is behind the program'"'"'s retro window"]' --date 2012-04-01
told $? "RET-2: a month behind the retro window is told as such"
books 0 '[.due_cents, .posted_cents]' '[4500,4500]' --as-of 2010-03-04 && books 0 '[.due_cents, .posted_cents]' '[2250,2250]' --as-of 2010-02-20
told $? "as of a day before it was known, and before the second cycle, all agrees"
pay 2010-03 2010-03-31
paid 20100413 $group "CT:8391F2 -750, RA:8391F1 750, RA:8391F1 750, FB -750, BPR02 0" &&
	books 0 '[.due_cents, .posted_cents, .transfers_cents, .checks_cents, .owed_cents]' '[4500,4500,3000,2250,750]'
told $? "RET-9: after the next cycle it agrees: 45.00 are 30.00 by transfer and 22.50 by check, less 7.50 owed"

harm() { # NAME SQL FILTER EXPECTED: a copy of the store is changed; the books must not agree any more
	cp "$world/p.db" "$world/harmed.db"
	sqlite3 "$world/harmed.db" "$2"
	store=$world/harmed.db
	books 1 "$3" "$4"
	told $? "$1"
	store=
}
group_835="name LIKE '835-$group-20100309%'"
harm "BAD-7: a cent that an 835 pays more is found" \
	"UPDATE document SET bytes = CAST(replace(CAST(bytes AS TEXT), 'BPR*I*15*', 'BPR*I*15.01*') AS BLOB) WHERE $group_835" \
	'[.payments[] | [.cycle, .npi, .bpr02_cents, .pairs_cents, .bank_cents, .why]]' \
	'[["2010-03-09","1085500373",1501,1500,1500,"BPR02 is not the payment'"'"'s amount"]]'
harm "a pair of an 835 that is a cent less is found, and its fund and month" \
	"UPDATE document SET bytes = CAST(replace(CAST(bytes AS TEXT), '*-7.5*CT:8391F2', '*-7.49*CT:8391F2') AS BLOB) WHERE $group_835" \
	'[(.payments | length), [.lines[] | [.fund, .month, .posted_cents, .paired_cents]]]' '[1,[["F1","2010-02",0,-1]]]'
harm "OPR-40: a cent that the bank moves more is found" \
	"UPDATE document SET bytes = CAST(replace(CAST(bytes AS TEXT), '0000001500', '0000001501') AS BLOB) WHERE name = 'bank-20100309.ach'" \
	'[.payments[] | [.bpr02_cents, .bank_cents, .why]]' '[[1500,1501,"the bank'"'"'s file does not move it"]]'
harm "BAD-9: a payment whose 835 is not there is found" "DELETE FROM document WHERE $group_835" \
	'[[.payments[].why], (.lines | length)]' '[["the cycle has not as many 835s as payments"],2]'
harm "RET-1: a posting behind the ledger's back is found" \
	"INSERT INTO posting (member, month, pcp, billing, fund, amount, kind, reason, cycle, fcn) SELECT member, month, pcp, billing, fund, 1, kind, reason, cycle, fcn FROM posting ORDER BY id LIMIT 1" \
	'[[.lines[] | [.month, .due_cents, .posted_cents, .paired_cents, .why]], .differences]' '[[["2010-01",750,751,750,"what was posted was not sent so"]],2]'
"$pccm" reconcile --store "sqlite:$world/p.db" --format csv | tr -d '\r' | awk -F, 'NR > 1 { n++; due += $6; if ($6 != $7 || $7 != $8) wrong = 1 } END { exit wrong || n != 8 || due != 45 }'
told $? "CSV lists every payee, fund and month"

# ---- what was known on a day: the practice reads on 20 March what it would have read on 1 March ----
begin then
member 021 001111111 20090701 F07 $amato | send 2009-12-10 2
member 001 001111111 20090701 F07 $markova | send 2010-01-05 2 # from 1 February on
ended 001111111 20100228 | send 2010-03-10 2
answered() { # ID DAY EXPECTED WORDS…
	id=$1 day=$2 expected=$3
	shift 3
	asked "$id" "$day" 2010-03-20 - >/dev/null # writes the 270
	was=$("$pccm" answer --store "sqlite:$world/p.db" "$@" "$world/270.x12" | tr -d '\n' | tr '~' '\n' |
		awk -F'*' '/^EB.1..30/ { active = 1 } /^NM1.P3/ { pcp = $10 } END { print (active ? (pcp == "" ? "-" : pcp) : "inactive") }')
	[ "$was" = "$expected" ] || { echo "$id on $day $*: $was, expected $expected"; return 1; }
}
answered 001111111 2010-03-20 inactive --date 2010-03-20 && answered 001111111 2010-03-20 $markova --date 2010-03-20 --as-of 2010-03-09 &&
	answered 001111111 2010-03-20 $amato --date 2010-03-20 --as-of 2010-01-04
told $? "ELV-3: the 271 as of a day names the PCP that was known then"
"$pccm" answer --store "sqlite:$world/p.db" --as-of 2009-11-30 "$world/270.x12" >"$world/said" 2>&1
[ $? -eq 2 ] && grep -q 'nothing was known on that day' "$world/said"
told $? "before the first file nothing was known"
exit $failed
