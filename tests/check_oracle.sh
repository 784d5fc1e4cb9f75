#!/bin/sh
# Made-up families over up to 24 months, told to pccm as 834, 270 and CSV files and to an oracle as plain facts
# (oracle/histories.pl, oracle/payments.pl): rosters, payments and answers must be the same.  Then the laws of money on them.
#   tests/check_oracle.sh BUILD [FAMILIES MONTHS SEED …]      long: make histories
build=$1
pccm=$1/pccm
shift
families=${1:-2000}
months=${2:-24}
[ $# -lt 2 ] || shift 2
seeds=${*:-9}
suite=oracle
. tests/money.sh
for tool in sqlite3 awk perl; do
	command -v $tool >/dev/null || { echo "skip oracle: no $tool"; exit 0; }
done
[ -x "$pccm" ] || { echo "skip oracle: $pccm is not built"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# What pccm did in a world, in the oracle's words.
outcome() { # WORLD
	{
		pairs "$1"/20*/remittances/835-*.x12 | awk '
			function day(text) { return substr(text, 1, 4) "-" substr(text, 5, 2) "-" substr(text, 7, 2) }
			$3 == "BPR02" { print "pay", day($1), $2, "total", "-", $5 }
			$3 == "CT" || $3 == "RA" { split($4, reference, "-"); print "pay", day($1), $2, $3, substr(reference[1], 5), -$5 }'
		for roster in "$1"/20*/rosters/ELG-0401-*.csv; do
			awk -v month="$(basename "$(dirname "$(dirname "$roster")")")" -v npi="$(basename "$roster" | cut -d- -f3)" "$csv_awk"'
				{ csv($0, field) }
				field[9] == "MEMBER" { print "roster", month, npi, field[7], field[10] }' "$roster"
		done
		for reply in "$1"/20*/answers/*.x12; do
			[ -e "$reply" ] || continue
			tr -d '\r\n' <"$reply" | tr '~' '\n' | awk -F'*' -v day="$(basename "$reply" | cut -c1-10)" '
				function out() { if (id != "") print "answer", day, id, asked, (pcp == "" ? "-" : pcp); id = asked = pcp = "" }
				/^(HL|SE)/ { out() }
				/^NM1\*IL/ { id = $10 }
				/^DTP\*291/ && asked == "" { asked = substr($4, 1, 4) "-" substr($4, 5, 2) "-" substr($4, 7, 2) }
				/^NM1\*P3/ { pcp = $10 }'
		done
	} | sort
}

for seed in $seeds; do
	perl tests/oracle/histories.pl "$seed" "$families" "$months" "$work/told" >"$work/said" &&
		perl tests/oracle/payments.pl "$work/told/history.txt" "$months" >"$work/expected" && mkdir "$work/world" && run_months "$work/told/in" "$work/world" &&
		outcome "$work/world" >"$work/got"
	diff "$work/expected" "$work/got" >"$work/diff" || { cat "$work/said"; head -n 20 "$work/diff"; false; }
	verdict $? "seed $seed: ENR-7 ENR-9 ENR-10 FEE-2 FEE-7 RET-2 RET-4 RET-5 RET-6: $(grep -c ^roster "$work/got") roster lines, $(grep -c ^pay "$work/got") pairs and $(grep -c ^answer "$work/got") answers of $families histories are the oracle's"
	money_balance "$work/world"
	verdict $? "seed $seed: each 835 balances (835-4, 835-9)"
	money_two_payees "$work/world"
	verdict $? "seed $seed: no member-month has two payees net (property 8)"
	money_sum "$work/world" 750
	verdict $? "seed $seed: RET-1 FEE-8: what was paid is the rate for each entitled member-month: $money_said"
	money_rosters "$work/world"
	verdict $? "seed $seed: RST-11: each roster is the one before it, more those added, less those who left"
	mkdir "$work/again" && run_months "$work/told/in" "$work/again" && (cd "$work/again" && find . -name 'pccm.db*' -delete) &&
		(cd "$work/world" && find . -name 'pccm.db*' -delete) && diff -r "$work/world" "$work/again" >"$work/diff" || { head -n 5 "$work/diff"; false; }
	verdict $? "seed $seed: property 2: from empty again, the same bytes"
	rm -rf "$work/world" "$work/again" "$work/told"
	perl tests/oracle/histories.pl "$seed" "$families" "$months" "$work/told" 77 >"$work/said" && mkdir "$work/world" && run_months "$work/told/in" "$work/world" &&
		outcome "$work/world" | cmp - "$work/expected"
	verdict $? "seed $seed: property 3: families in another order, the same rosters, payments and answers"
	rm -rf "$work/world" "$work/told"
done
