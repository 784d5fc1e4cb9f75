#!/bin/sh
# The laws of money on programs drawn from seeds: sample, run, the same sums as tests/check_money.sh; then what order and
# cutting must not change.
#   tests/check_histories.sh BUILD [SEED …]
build=$1
pccm=$1/pccm
shift
suite=histories
. tests/money.sh
for tool in sqlite3 awk; do
	command -v $tool >/dev/null || { echo "skip histories: no $tool"; exit 0; }
done
[ -x "$pccm" ] || { echo "skip histories: $pccm is not built"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
seeds=${*:-"1 2 3 77 4242"}
for seed in $seeds; do
	world=$work/world
	rm -rf "$world" "$work/in"
	mkdir "$world"
	"$pccm" sample --members 110 --months 4 --seed "$seed" --out "$work/in" >"$work/said" 2>&1 && run_months "$work/in" "$world" &&
		money_balance "$world" && money_accepted "$world" && money_fees "$world" 750 && money_ledger "$world" 750 &&
		money_sum "$world" 750 && money_two_payees "$world" && money_rosters "$world" && money_counts "$world" "$work/in" &&
		money_answers "$world" && money_again "$world" && store_intact "$world/pccm.db"
	verdict $? "seed $seed: FEE-1, FEE-8, RET-1, RET-2, RST-11, properties 1, 5 and 8 hold of 110 members in 4 months"
done

# ---- property 3: families of an 834 in another order -----------------------------------------
# A family is every INS loop of one case number (REF*3H); the loops keep their order inside it.
permute() { # FILE-IN FILE-OUT SEED
	tr -d '\r\n' <"$1" | tr '~' '\n' | awk -v seed="$3" '
		BEGIN { srand(seed) }
		/^INS\*/ { member = 1; loops++; body[loops] = ""; family[loops] = loops }
		/^SE\*/ { flush(); member = 0 }
		member { body[loops] = body[loops] $0 "~\n"; if ($0 ~ /^REF\*3H/) family[loops] = $0; next }
		{ printf "%s~\n", $0 }
		function flush(i, j, t, n) {
			n = 0
			for (i = 1; i <= loops; i++) if (!(family[i] in at)) { at[family[i]] = ++n; name[n] = family[i] }
			for (i = n; i > 1; i--) { j = int(rand() * i) + 1; t = name[i]; name[i] = name[j]; name[j] = t }
			for (i = 1; i <= n; i++) for (j = 1; j <= loops; j++) if (family[j] == name[i]) printf "%s", body[j]
			loops = 0; split("", at)
		}' >"$2"
}
outcome() { # WORLD: rosters without their FCN, and 835 pairs without theirs
	cat "$1"/20*/rosters/*.csv | tr -d '\r' | sed -E 's/,1[0-9]{8},([0-9.]+)$/,FCN,\1/' | sort
	pairs "$1"/20*/remittances/835-*.x12 | sed -E 's/-1[0-9]{8} / /' | sort
}
mkdir "$work/straight" "$work/permuted"
cp -r samples/2010-01 samples/2010-02 samples/2010-03 "$work/permuted/" 2>/dev/null
run_months samples "$work/straight"
mixed=0
mkdir "$work/mixed"
for folder in samples/20*; do
	month=$(basename "$folder")
	mkdir "$work/mixed/$month"
	cp "$folder"/* "$work/mixed/$month/"
	for file in "$folder"/*834*; do
		case $file in *02-16* | *02-23* | *01-19* | *01-20*) continue ;; esac # broken or repeated on purpose
		permute "$file" "$work/mixed/$month/$(basename "$file")" 7
		cmp -s "$file" "$work/mixed/$month/$(basename "$file")" || mixed=$((mixed + 1))
	done
done
rm -rf "$work/permuted"
mkdir "$work/permuted"
run_months "$work/mixed" "$work/permuted"
outcome "$work/straight" >"$work/a"
outcome "$work/permuted" >"$work/b"
[ $mixed -gt 5 ] && cmp "$work/a" "$work/b" || { diff "$work/a" "$work/b" | head -n 10; false; }
verdict $? "property 3: families of $mixed 834 files in another order: the same rosters and the same amounts"

# ---- property 7: any prefix of a file ----------------------------------------------------------
{ "$pccm" providers --store "$(store_url "$work/empty.db")" --date 2009-12-21 samples/2010-01/2009-12-21-billing.csv samples/2010-01/2009-12-21-pcps.csv; } >"$work/said" 2>&1
file=samples/2010-02/2010-02-19-834-change.x12
size=$(wc -c <"$file")
everything='SELECT (SELECT count(*) FROM member), (SELECT count(*) FROM span), (SELECT count(*) FROM request), (SELECT count(*) FROM member_past), (SELECT count(*) FROM member_alias)'
cuts=0
wrong=0
"$pccm" load --store "$(store_url "$work/empty.db")" --date 2009-12-22 samples/2010-01/2009-12-22-834-full.x12 >"$work/said" 2>&1
before=$(sqlite3 "$(store_file "$work/empty.db")" "$everything")
cut=0
while [ $cut -lt $((size - 2)) ]; do
	head -c "$cut" "$file" >"$work/cut.x12"
	"$pccm" load --quiet --store "$(store_url "$work/empty.db")" --date 2010-02-19 "$work/cut.x12" >"$work/said" 2>&1
	status=$?
	[ $status -eq 1 ] || { [ $cut -eq 0 ] && [ $status -le 1 ]; } || { wrong=1; echo "cut at $cut: exit status $status"; }
	cuts=$((cuts + 1))
	cut=$((cut + size / 60 + cuts % 5))
done
after=$(sqlite3 "$(store_file "$work/empty.db")" "$everything")
[ "$before" = "$after" ] || { wrong=1; echo "before $before, after $after"; }
"$pccm" load --quiet --store "$(store_url "$work/empty.db")" --date 2010-02-19 "$file" >"$work/said" 2>&1
status=$?
[ $status -eq 0 ] && [ "$(sqlite3 "$(store_file "$work/empty.db")" "$everything")" != "$before" ] || { wrong=1; echo "the whole file: exit status $status"; cat "$work/said"; }
[ $cuts -gt 40 ] && [ $wrong -eq 0 ]
verdict $? "property 7, BAD-7: of a file cut at $cuts places nothing is applied, and the whole file afterwards is"
