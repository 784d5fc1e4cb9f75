#!/bin/sh
# kill -9 a month's run at COUNT moments; run on after each; what there is in the end must be what an undisturbed run leaves.
#   tests/faults/kill.sh BUILD COUNT
# What may differ: a TA1 025 more for an interchange that was committed just before a kill, if `load` took it or if it was itself a
# repeat (it is told that it is one, and its first acknowledgments are written again), the control numbers of later acknowledgments,
# and hidden files half written.
pccm=$1/pccm
count=${2:-45}
suite=kill
. tests/money.sh
command -v sqlite3 >/dev/null || { echo "skip kill: no sqlite3"; exit 0; }
[ -x "$pccm" ] || { echo "skip kill: $pccm is not built"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
"$pccm" sample --members 120 --months 3 --seed 31 --out "$work/in" >/dev/null
mkdir "$work/calm"
begun=$(date +%s%N)
run_months "$work/in" "$work/calm"
each=$((($(date +%s%N) - begun) / 3000000)) # milliseconds of a month

kills=0
tries=0
killed() { # MILLISECONDS COMMAND …: run it, kill it after that time; 137 if it was still there
	pause=$(awk -v t="$1" 'BEGIN { printf "%.4f", t / 1000 }')
	shift
	"$@" >"$work/said" 2>&1 &
	pid=$!
	sleep "$pause"
	kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}
worlds=0
wrong=0
while [ $kills -lt "$count" ] && [ $wrong -eq 0 ]; do
	world=$work/world
	rm -rf "$world"
	mkdir "$world"
	worlds=$((worlds + 1))
	for folder in "$work/in"/20*; do
		month=$(basename "$folder")
		shot=0
		while [ $shot -lt 7 ]; do # spread over the month, never twice the same
			shot=$((shot + 1))
			tries=$((tries + 1))
			killed $((1 + tries * 37 % (each + 1))) "$pccm" run --quiet --show-values --store "$(store_url "$world/pccm.db")" --in "$folder" --out "$world/$month" --month "$month"
			status=$?
			[ $status -eq 137 ] || break
			kills=$((kills + 1))
		done
		"$pccm" run --quiet --show-values --store "$(store_url "$world/pccm.db")" --in "$folder" --out "$world/$month" --month "$month" >"$work/said" 2>&1
		[ $? -le 1 ] || { wrong=1; echo "$month after a kill: $(cat "$work/said")"; }
	done
	store_intact "$world/pccm.db" && same_outcome "$work/calm" "$world" && same_acks "$work/calm" "$world" || { wrong=1; echo "world $worlds, $kills kills"; }
done
verdict $wrong "run: $kills kills in $worlds worlds, the same ledger, documents and acknowledgments as undisturbed"

# the commands one by one: a large file loaded, decided, frozen and paid, each killed until it is through
"$pccm" sample --members 2500 --months 1 --seed 8 --out "$work/large" >/dev/null
full=$work/large/2010-01/2009-12-22-834-full.x12
step() { # WORLD KILLS COMMAND …
	store=$1/pccm.db
	shots=$2
	name=$3
	shift 3
	while [ "$shots" -gt 0 ]; do
		shots=$((shots - 1))
		tries=$((tries + 1))
		killed $((1 + tries * 53 % 400)) "$pccm" "$name" --store "$(store_url "$store")" "$@"
		[ $? -eq 137 ] && kills=$((kills + 1))
	done
	"$pccm" "$name" --store "$(store_url "$store")" "$@" >"$work/said" 2>&1
	[ $? -le 1 ] || { echo "$name: $(cat "$work/said")"; return 1; }
}
steps() { # WORLD KILLS
	mkdir -p "$1" && step "$1" 0 providers --date 2009-12-21 "$work"/large/2010-01/*billing.csv "$work"/large/2010-01/*pcps.csv &&
		step "$1" "$2" load --date 2009-12-22 --out "$1/2010-01/acknowledgments" "$full" && step "$1" "$2" assign --date 2009-12-22 &&
		step "$1" "$2" roster --date 2010-01-04 --month 2010-01 --format csv --out "$1/2010-01/rosters" &&
		step "$1" "$2" remit --date 2010-01-31 --month 2010-01 --out "$1/2010-01/remittances" && mkdir "$1/2010-01/answers"
}
kills=0
steps "$work/calm2" 0 && steps "$work/world2" $((count / 10 + 1)) && store_intact "$work/world2/pccm.db" && same_outcome "$work/calm2" "$work/world2" &&
	same_acks "$work/calm2" "$work/world2"
verdict $? "load, assign, roster, remit of 2500 members: $kills kills, the same ledger, documents and acknowledgments"
