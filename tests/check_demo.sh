#!/bin/sh
# The demo: three months of samples/ from nothing, what left, and what the stories should show (samples/README.md).
#   tests/check_demo.sh BUILD
pccm=$1/pccm
if [ ! -x "$pccm" ]; then
	echo "skip demo: $pccm is not built"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok demo: $2"; else echo "not ok demo: $2"; fi
}
ln -s "$(cd "$1" && pwd)/pccm" "$work/pccm"
. tests/store.sh
demo_store=sqlite:$work/demo/pccm.db
on_postgres && demo_store=$(store_url "$work/demo.db")
DEMO_STORE=$demo_store sh samples/demo.sh "$work" >"$work/screen" 2>&1
status=$?
# of processor time: how long a busy machine takes says nothing (in a pipe `times` would be those of another shell)
times >"$work/times"
spent=$(awk 'NR == 2 { n = split($0, t, /[ms ]+/); print t[1] * 60 + t[2] + t[3] * 60 + t[4] }' "$work/times")
[ $status -eq 0 ] && awk "BEGIN { exit !($spent > 0 && $spent <= 5) }" || { status=1; tail -n 5 "$work/screen"; }
verdict $status "runs from nothing in under five seconds"

faulty=0
for file in "$work"/demo/*/acknowledgments/*.x12 "$work"/demo/*/answers/*.x12 "$work"/demo/*/remittances/*.x12; do
	"$pccm" check "$file" >"$work/said" 2>&1 || { faulty=1; cat "$work/said"; }
done
verdict $faulty "every TA1, 999, 271 and 835 that left is accepted by check"

# BPR02 = -sum of PLB amounts; CT pairs of the month = 7.50 for each line of the payee's roster (FEE-8, 835-9), in cents
balance() { # FILE ROSTER-CSV
	awk -F'[*~]' -v lines="$(grep -c ',MEMBER,' "$2")" '
		function cents(text, sign, parts) {
			sign = text ~ /^-/ ? -1 : 1; sub(/^-/, "", text); split(text, parts, ".")
			return sign * (parts[1] * 100 + substr(parts[2] "00", 1, 2))
		}
		/^BPR/ { paid = cents($3) }
		/^PLB/ { for (i = 4; i < NF; i += 2) { all += cents($(i + 1)); if ($i ~ /^CT:8391/) fees += cents($(i + 1)) } }
		END { exit !(paid == -all && -fees == 750 * lines && lines > 0) }' "$1"
}
wrong=0
count=0
for month in 2010-01 2010-02 2010-03; do
	for file in "$work/demo/$month"/remittances/835-*.x12; do
		npi=$(basename "$file" | cut -d- -f2)
		balance "$file" "$work/demo/$month/rosters/ELG-0401-$npi-$month.csv" || { wrong=1; echo "$file"; }
		count=$((count + 1))
	done
done
[ $count -eq 18 ] || wrong=1
verdict $wrong "835-9, FEE-1, FEE-8: each 835 balances, its 8391 pairs are \$7.50 for each client of the roster"

story() { # MEMBER NAME PATTERN …: each pattern is in what explain says
	"$pccm" explain --store "$demo_store" --program rules/husky-primary-care.xml "$1" >"$work/said" 2>&1
	name=$2
	shift 2
	missing=0
	for pattern; do
		grep -qE -- "$pattern" "$work/said" || { missing=1; echo "not said: $pattern"; }
	done
	verdict $missing "$name"
}
story 001234574 "ENR-11: Luis Rivera changes his PCP, and the payee with him" \
	'2010-01-01 to 2010-02-28 +OKONKWO' '2010-03-01 on +MARKOVA' '2010-03 +entitled now.*ELENA MARKOVA MD'
story 001234590 "ENR-7: Denise Brooks waits until the whole family has a PCP" \
	'FAMILY-INCOMPLETE' '2010-03-01 on +SULLIVAN'
story 001234632 "ENR-5, ENR-6: Piotr Nowak comes in with his mother, an established patient out of town" \
	'town none of the program' 'established-patient exception'
story 001234640 "ENR-4: Grace Osei lives out of town and is refused" 'refused: TOWN-NOT-OPEN' 'nothing is due'
story 001234657 "PRG-5: Henry Tremblay's town is not open yet" 'refused: TOWN-NOT-OPEN'
story 001234665 "ENR-10: Kevin Doherty asks after the cut-off and begins a month later" \
	'received 2010-01-29' '2010-03-01 on +MENSAH'
story 001234681 "Mateus Mendes is covered from birth and has a PCP from the next month" \
	'2010-01-20 on +HUSKY A' '2010-03-01 on +FERRARO'
story 001234699 "RET-6: Harold Finch's death in January, known in March, brings back February" \
	'died 2010-01-18' '2010-01 +entitled now' '2010-02 +not entitled now: DEATH' '-\$7.50 correction.*DEATH.*2010-04-13'
story 001234715 "RET-3: Teresa Lindquist's coverage ended before January, which comes back" \
	'2009-07-01 to 2009-12-31' '2010-01 +not entitled now' '-\$7.50 correction.*RETRO-TERM.*2010-03-09'
story 001234723 "RET-3: Marvin Cole's eligibility ended in January, February comes back" \
	'2009-07-01 to 2010-01-31' '2010-01 +entitled now' '-\$7.50 correction.*RETRO-TERM.*2010-04-13'
story 001234749 "RET-4: Isabel Chavez's January moves from one fund to another" \
	'-\$7.50 correction, fund F1,.*FUND-CHANGE' ' \$7.50 correction, fund F2,.*FUND-CHANGE' '2010-03 +entitled now: \$7.50 from fund F2'
story 001234756 "2.8: Olivia Grant moves away and stays a patient" \
	'DANBURY, town none' '2010-01-01 on +SALAZAR' '2010-03 +entitled now'
story 001234764 "PRV-1: June Price's PCP leaves Medicaid, she chooses again" \
	'2010-01-01 to 2010-02-28 +WHITCOMB' '2010-03 +not entitled now: PCP-LEFT' '2010-04-01 on +SALAZAR'
story 001234780 "PRV-1: Nora Blake asks for the PCP who left" 'WOLCOTT, town Wolcott' 'refused: PCP-NOT-IN-MEDICAID'
story 001234798 "ENR-2: Samuel Adeyemi is in a managed care plan" 'refused: IN-MANAGED-CARE-PLAN'
story 001234806 "PRV-2: Ellen Voss asks for somebody who is no PCP" 'refused: PCP-NOT-KNOWN'
story 001234822 "Daniel Soto comes back and February is paid later" \
	'2009-07-01 on +HUSKY A' ' \$7.50 correction, fund F3,.*RETRO-ADD'
story 001234863 "Victor Kane's set with a wrong count changes nothing, the next day's does" 'received 2010-02-17' '2010-03-01 on +MENSAH'
! grep -q '400 ASYLUM' "$work"/demo/*/rosters/*.txt "$work"/demo/*/rosters/*.csv && grep -q withheld "$work"/demo/2010-01/rosters/ELG-0401-1085501488-2010-01.txt
verdict $? "INS13: Ruth Ellery's address is in no roster"

pairs() { # FILE PATTERN COUNT: PLB pairs that look like it
	[ "$(grep '^PLB' "$1" | tr '*~' '\n\n' | paste -d'*' -s | grep -oE "$2" | wc -l)" -eq "$3" ] || { wrong=1; grep '^PLB' "$1"; }
}
wrong=0
pairs "$work/demo/2010-02/remittances/835-1085500373-20100309.x12" 'RA:8391F1-[0-9]+\*7\.5' 2   # Teresa Lindquist
pairs "$work/demo/2010-02/remittances/835-1085501116-20100309.x12" 'RA:8391F1-[0-9]+\*7\.5' 2   # Isabel Chavez out of F1
pairs "$work/demo/2010-02/remittances/835-1085501116-20100309.x12" 'RA:8391F2-[0-9]+\*-7\.5' 2  # ... and into F2
pairs "$work/demo/2010-02/remittances/835-1085501116-20100309.x12" 'RA:8391F3-[0-9]+\*-7\.5' 1  # Daniel Soto
pairs "$work/demo/2010-03/remittances/835-1085500746-20100413.x12" 'RA:8391F1-[0-9]+\*7\.5' 2   # Harold Finch
pairs "$work/demo/2010-03/remittances/835-1085501850-20100413.x12" 'RA:8391F1-[0-9]+\*7\.5' 2   # Marvin Cole
pairs "$work/demo/2010-03/remittances/835-1085500373-20100413.x12" 'RA:8391F1-[0-9]+\*7\.5' 3   # Maria Lopez's three months
verdict $wrong "835-9, RET-3 to RET-8: what was known late comes as RA pairs, signed"

# what is wrong on purpose
cat "$work"/demo/2010-01/acknowledgments/2010-01-20-834-change-again.*ta1.x12 | grep -q '^TA1\*.*\*R\*025~'
verdict $? "BAD-1: the file that came twice is answered TA1 025"
cat "$work"/demo/2010-02/acknowledgments/2010-02-16-*999.x12 >"$work/said"
grep -q '^AK9\*P\*3\*3\*1~' "$work/said" && grep -q '^IK5\*R\*4~' "$work/said" && grep -q '^IK4\*3\*875\*7' "$work/said"
verdict $? "BAD-4: of three sets the 999 accepts one, a wrong count and a wrong code refuse the others"
cat "$work"/demo/2010-02/acknowledgments/2010-02-23-*ta1.x12 | grep -q '^TA1\*.*\*R\*023~'
verdict $? "BAD-3: the file that is cut off is answered TA1 023"
for code in 71 75; do grep -q "^AAA\*N\*\*$code\*" "$work"/demo/2010-01/answers/*.x12 || echo "$code"; done >"$work/said"
grep -q '^AAA\*N\*\*62\*' "$work"/demo/2010-02/answers/*.x12 || echo 62 >>"$work/said"
for code in 63 61; do cat "$work"/demo/2010-03/answers/*.x12 | grep -q "^AAA\*N\*\*$code\*" || echo "$code"; done >>"$work/said"
[ ! -s "$work/said" ]
verdict $? "OPR-20: wrong birth date, no such id, too old, in the future, after death have their AAA codes"

# replayed from empty: the same bytes
mkdir "$work/again"
ln -s "$(cd "$1" && pwd)/pccm" "$work/again/pccm"
sh samples/demo.sh "$work/again" >"$work/screen2" 2>&1
for month in 2010-01 2010-02 2010-03; do diff -rq "$work/demo/$month" "$work/again/demo/$month"; done >"$work/said"
[ ! -s "$work/said" ] || { head -n 5 "$work/said"; false; }
verdict $? "RET-2: the three months replayed from empty give the same bytes"
# and March once more on the same store: nothing new is posted, the payments are the same
"$pccm" run --store "$demo_store" --program rules/husky-primary-care.xml --in samples/2010-03 \
	--out "$work/march" --month 2010-03 >"$work/screen3" 2>&1
diff -rq "$work/demo/2010-03/remittances" "$work/march/remittances" >"$work/said" && diff -rq "$work/demo/2010-03/rosters" "$work/march/rosters" >>"$work/said"
verdict $? "RET-2: March run again posts nothing and writes the same payments and rosters"
