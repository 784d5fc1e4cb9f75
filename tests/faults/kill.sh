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

# the server's side: its process for pccm is killed (-9), which makes the whole server start again from its log
on_postgres && [ "$(id -u)" -eq 0 ] || exit 0
server_up() { # the server is there again
	tries=0
	until psql -qAtX "$PCCM_TEST_POSTGRES" -c 'SELECT 1' >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || { echo "the server did not come back"; return 1; }
		sleep 0.1
	done
}
crashes=0
threes=0
crash() { # MILLISECONDS COMMAND …: the server crashes under it; exit status 3 and one sentence, or it was done before
	pause=$(awk -v t="$1" 'BEGIN { printf "%.4f", t / 1000 }')
	shift
	"$@" >"$work/said" 2>"$work/told" &
	pid=$!
	sleep "$pause"
	backend=$(psql -qAtX "$PCCM_TEST_POSTGRES" -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'pccm' LIMIT 1")
	[ -n "$backend" ] && kill -9 "$backend" && crashes=$((crashes + 1))
	wait "$pid"
	status=$?
	server_up || return 1
	case $status in
	0 | 1) ;;
	3) threes=$((threes + 1)); grep -q '^pccm: the store postgresql://' "$work/told" || { cat "$work/told"; return 1; } ;;
	*) echo "exit status $status"; cat "$work/told"; return 1 ;;
	esac
}
world=$work/crashed
mkdir "$world"
wrong=0
turn=0
for folder in "$work/in"/20*; do
	month=$(basename "$folder")
	shot=0
	while [ $shot -lt $((1 + count / 100)) ]; do
		shot=$((shot + 1))
		turn=$((turn + 1))
		crash $((60 + turn * 97 % (each + 1))) "$pccm" run --quiet --show-values --store "$(store_url "$world/pccm.db")" --in "$folder" --out "$world/$month" --month "$month" || wrong=1
	done
	"$pccm" run --quiet --show-values --store "$(store_url "$world/pccm.db")" --in "$folder" --out "$world/$month" --month "$month" >"$work/said" 2>&1
	[ $? -le 1 ] || { wrong=1; echo "$month after a crash: $(cat "$work/said")"; }
done
[ $wrong -eq 0 ] && [ $threes -gt 0 ] && store_intact "$world/pccm.db" && same_outcome "$work/calm" "$world" && same_acks "$work/calm" "$world"
verdict $? "run: the server crashed $crashes times under it: $threes times exit status 3 and one sentence, the next run goes on, the same ledger and documents"
