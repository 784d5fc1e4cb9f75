#!/bin/sh
# What reading, checking and loading cost, as ratios to what this machine can do, measured by turns in the same run.
#   tests/bench.sh BUILD          BENCH_MEMBERS=1000000 and ROUNDS=7 by default; a short form: BENCH_MEMBERS=100000
# Each line: the figure, MB/s of processor time, the ratio, what it must be, and whether it is.
set -eu
build=$1
members=${BENCH_MEMBERS:-1000000}
rounds=${ROUNDS:-7}
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export LC_ALL=C
pccm=$build/pccm
turns() { "$build/tests/bench/turns" "$@"; }

# ---- inputs ----
"$pccm" sample --members "$members" --months 1 --out "$work/sample" >/dev/null
file=$(ls "$work"/sample/*/*834-full.x12)
mv "$file" "$work/full.x12"
file=$work/full.x12
"$pccm" sample --members 1000 --months 1 --out "$work/small" >/dev/null
small=$(ls "$work"/small/*/*834-full.x12)
gzip -1 -k "$file"
# a maintenance type that no guide has, in every member
sed 's/^INS\*\([YN]\)\*\([0-9]*\)\*[0-9]*/INS*\1*\2*099/' "$file" >"$work/wrong.x12"
cp "$here/tests/golden/834/a-member-is-added.edi" "$work/one.x12"
bytes=$(wc -c <"$file")
echo "$(grep -c '^INS' "$file") members, $bytes bytes, ratios of medians of $rounds turns"

# line WORDS MICROSECONDS OF MICROSECONDS MOST|LEAST TARGET
line() {
	echo "$1|$2|$3|$4|$5|$bytes" | awk -F'|' '{
		ratio = $2 / ($3 > 0 ? $3 : 1)
		if ($4 == "least") ratio = $3 / ($2 > 0 ? $2 : 1)
		met = $4 == "least" ? ratio >= $5 : ratio <= $5
		printf "%-58s %7.0f MB/s %8.2f x  %s %-5s %s\n", $1, $6 / ($2 > 0 ? $2 : 1), ratio,
			$4 == "least" ? "at least" : "at most ", $5, met ? "met" : "NOT MET" }'
}
field() { sed -n "$2p" "$work/times" | cut -d'|' -f"$1"; }

# ---- in one process: index, read, dispatch ----
"$build/tests/bench/engine" "$file" "$rounds" >"$work/engine"
piece() { awk -F'|' -v name="$1" '$1 == name { print $2 }' "$work/engine"; }
look=$(piece memchr)
echo "memchr of a byte that is not there: $((bytes / look)) MB/s"
for kernel in avx512:0.5 avx2:0.33 plain:0.09; do
	time=$(piece "index ${kernel%:*}")
	[ -z "$time" ] || line "index ${kernel%:*} / memchr" "$time" "$look" least "${kernel#*:}"
done

# ---- whole programs ----
turns "$rounds" cat "$file" -- "$pccm" stats "$file" -- "$pccm" check --quiet --jobs 1 --ack "$work/ack" "$file" \
	-- "$pccm" check --quiet --jobs 1 --ack "$work/ack" "$work/wrong.x12" >"$work/times"
cat=$(field 1 1)
check=$(field 1 3)
echo "cat: $((bytes / cat)) MB/s"
line "read, index, dispatch / cat" "$(piece dispatch)" "$cat" most 3
line "pccm stats / cat" "$(field 1 2)" "$cat" most 3
line "834 to member records / cat" "$(piece records)" "$cat" most 5
line "check, levels 1 to 5, with TA1 and 999 / cat" "$check" "$cat" most 9
line "the same with a mistake in every member / without" "$(field 1 4)" "$check" most 2
line "parse / parse and write back" "$(piece write)" "$(piece parse)" least 0.4
peak=$(field 3 3)
peak_wrong=$(field 3 4)

# several threads: time instead of processor time
turns "$rounds" "$pccm" check --jobs 2 --quiet "$file.gz" -- "$pccm" check --jobs 1 --quiet "$file" \
	-- "$pccm" check --jobs 2 --quiet "$file" >"$work/times"
inflate=$(piece inflate)
alone=$(field 2 2)
line "check by one thread / by two, in time" "$(field 2 3)" "$alone" least 1.8
larger=$([ "$inflate" -gt "$alone" ] && echo "$inflate" || echo "$alone")
line "check of gzip by two / the larger of inflate, check alone" "$(field 2 1)" "$larger" most 1.3

few=$([ "$rounds" -gt 3 ] && echo 3 || echo "$rounds")
turns "$few" "$pccm" show --format json --terse --show-values --level 1 "$file" -- "$pccm" show --format json --terse --show-values "$file" \
	-- "$pccm" show --format json --show-values "$file" -- "$pccm" show --format x12 --line-ends CRLF --show-values "$file" \
	-- "$pccm" stats "$file" >"$work/times"
json() { # WORDS MICROSECONDS
	awk -v words="$1" -v bytes="$bytes" -v time="$2" 'BEGIN { speed = bytes / time
		printf "%-58s %7.0f MB/s %11s at least 300   %s\n", words, speed, "", (speed >= 300 ? "met" : "NOT MET") }'
}
json "JSON out, terse, of X12 read, level 1" "$(field 1 1)"
json "the same at levels 1 to 5" "$(field 1 2)"
json "JSON with names, levels 1 to 5" "$(field 1 3)"
line "pccm stats / written back with other line ends" "$(field 1 4)" "$(field 1 5)" least 0.4
turns 15 "$pccm" check --quiet "$work/one.x12" -- "$pccm" check --quiet "$small" -- /bin/true >"$work/times"
awk -v time="$(field 2 1)" -v none="$(field 2 3)" 'BEGIN { printf "%-58s %8.2f ms (/bin/true %.2f ms) at most 3 ms %s\n",
	"start and check of one member", time / 1000, none / 1000, (time <= 3000 ? "met" : "NOT MET") }'
echo "$peak $peak_wrong $(field 3 2)" | awk '{ most = $1 > $2 ? $1 : $2; most = most > $3 ? most : $3
	printf "%-58s %5.1f, %.1f, %.1f MiB         at most 16 MiB %s\n", "peak memory: 1,000 members, all, all of them wrong",
		$3 / 1024, $1 / 1024, $2 / 1024, (most <= 16384 ? "met" : "NOT MET") }'

# ---- the store: against SQLite's own inserts ----
[ "${BENCH_STORE:-yes}" = yes ] || exit 0
load() { rm -f "$work"/m.db*; "$pccm" load --store "sqlite:$work/m.db" --date 2009-12-22 "$file"; }
insert() { rm -f "$work"/r.db*; "$build/tests/bench/limits" insert "$members" "$work/r.db"; }
seconds() { # COMMAND: wall seconds
	begin=$(date +%s.%N)
	"$1" >/dev/null 2>&1 || true
	end=$(date +%s.%N)
	echo "$begin $end" | awk '{ printf "%.3f\n", $2 - $1 }'
}
echo "$(seconds load) $(seconds insert)" | awk '{
	printf "%-58s %8.1f s / %.1f s = %.2f x\n", "load into the store / inserts of such rows", $1, $2, ($2 > 0 ? $1 / $2 : 0) }'
