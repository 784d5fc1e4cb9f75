#!/bin/sh
# Faults of the machine: kill -9, signals, full disks, stores that cannot be used, memory that is used up.  After each: one
# sentence and exit status 3, a store that is intact, and a next run that goes on as if nothing had been.
#   tests/check_faults.sh BUILD          FAULTS=long: every allocation, many sizes of disk
build=$1
pccm=$1/pccm
suite=faults
. tests/money.sh
command -v sqlite3 >/dev/null || { echo "skip faults: no sqlite3"; exit 0; }
[ -x "$pccm" ] || { echo "skip faults: $pccm is not built"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
[ "$FAULTS" = long ] || { sh tests/faults/kill.sh "$build" 40 || echo "not ok faults: kill.sh, exit status $?"; }

"$pccm" sample --members 100 --months 2 --seed 5 --out "$work/in" >/dev/null
mkdir "$work/calm"
run_months "$work/in" "$work/calm"
first=2010-01
run_quiet() { # WORLD [MONTH]
	"$pccm" run --quiet --show-values --store "sqlite:$1/pccm.db" --in "$work/in/${2:-$first}" --out "$1/${2:-$first}" --month "${2:-$first}"
}
goes_on() { # WORLD: the months, run now, end as undisturbed
	run_months "$work/in" "$1" && store_intact "$1/pccm.db" && same_outcome "$work/calm" "$1" && same_acks "$work/calm" "$1"
}
sentence() { # FILE: one sentence of ours and nothing else
	[ "$(wc -l <"$1")" -eq 1 ] && grep -q '^pccm: ' "$1"
}

# ---- signals ------------------------------------------------------------------------------
for signal in INT TERM HUP; do
	world=$work/signal-$signal
	mkdir "$world"
	for pause in 0.01 0.03 0.05 0.08; do
		(exec env --default-signal=INT "$pccm" run --quiet --show-values --store "sqlite:$world/pccm.db" --in "$work/in/$first" --out "$world/$first" --month $first) \
			>"$work/said" 2>&1 &
		pid=$!
		sleep $pause
		kill -$signal $pid 2>/dev/null
		wait $pid 2>/dev/null
	done
	goes_on "$world"
	verdict $? "SIG$signal in the middle: the next run goes on and ends as undisturbed"
done

# ---- a disk that is full ----------------------------------------------------------------------
sizes="0 8 100 400 1000 1500 3000"
[ "$FAULTS" = long ] && sizes=$(seq 0 23 3000)
threes=0
wrong=0
for size in $sizes; do # files of at most that many blocks of 512 bytes; what is said goes through a pipe, which has no such limit
	world=$work/limit
	rm -rf "$world"
	mkdir "$world"
	said=$( (ulimit -f "$size"; run_quiet "$world") 2>&1 >/dev/null)
	status=$?
	echo "$said" >"$work/said"
	[ $status -le 1 ] || { threes=$((threes + 1)); [ $status -eq 3 ] && sentence "$work/said"; } ||
		{ wrong=1; echo "file size $size: exit status $status: $said"; }
	goes_on "$world" || { wrong=1; echo "file size $size: does not go on"; }
done
[ $threes -gt 3 ] || wrong=1
verdict $wrong "files cannot grow (EFBIG) at $(echo $sizes | wc -w) sizes: $threes times exit status 3 and one sentence, and the next run goes on"

if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null && unshare -m sh -c "mkdir -p '$work/tiny' && mount -t tmpfs -o size=64k tmpfs '$work/tiny'" 2>/dev/null; then
	wrong=0
	sizes="64 200 450 800 1400 3000"
	[ "$FAULTS" = long ] && sizes=$(seq 16 32 3000)
	threes=0
	for size in $sizes; do
		cat >"$work/tiny.sh" <<-END
			mount -t tmpfs -o size=${size}k tmpfs "$work/tiny" || exit 1
			"$pccm" run --quiet --show-values --store "sqlite:$work/tiny/pccm.db" --in "$work/in/$first" --out "$work/tiny/$first" --month $first >"$work/out" 2>"$work/said"
			status=\$?
			mount -o remount,size=64m "$work/tiny" && rm -rf "$work/kept" && cp -r "$work/tiny" "$work/kept"
			exit \$status
		END
		unshare -m sh "$work/tiny.sh"
		status=$?
		[ $status -le 1 ] || { threes=$((threes + 1)); [ $status -eq 3 ] && sentence "$work/said"; } || { wrong=1; echo "disk of $size KiB: exit status $status: $(cat "$work/said")"; }
		goes_on "$work/kept" || { wrong=1; echo "disk of $size KiB: does not go on"; }
	done
	[ $threes -gt 2 ] || wrong=1
	verdict $wrong "disks of $(echo $sizes | wc -w) sizes (ENOSPC): $threes times exit status 3 and one sentence, and the next run goes on"
else
	echo "skip faults: a disk that is full (no mount here)"
fi
"$pccm" answer --store "sqlite:$work/calm/pccm.db" --date 2010-02-12 "$(ls "$work/in/$first"/*-270.x12 | head -n 1)" >/dev/full 2>"$work/said"
[ $? -eq 3 ] && sentence "$work/said" || { cat "$work/said"; false; }
verdict $? "standard output that is full: exit status 3 and one sentence"

# ---- stores and folders that cannot be used -------------------------------------------------------
refused() { # NAME PATTERN COMMAND …
	name=$1
	pattern=$2
	shift 2
	"$@" >"$work/out" 2>"$work/said"
	status=$?
	[ $status -eq 3 ] && sentence "$work/said" && grep -q "$pattern" "$work/said" || { echo "exit status $status: $(cat "$work/said")"; false; }
	verdict $? "$name: exit status 3 and one sentence"
}
world=$work/odd
mkdir "$world"
cp "$work/calm/pccm.db" "$world/pccm.db"
echo "this is a letter, not a store, and it is long enough to have a header of a hundred bytes, which is what is looked at" >"$world/letter.db"
cp "$world/letter.db" "$world/letter.before"
refused "a store that is no database" "letter.db" "$pccm" explain --store "sqlite:$world/letter.db" 001234574
cmp -s "$world/letter.db" "$world/letter.before"
verdict $? "a store that is no database is left as it is"
cp "$world/pccm.db" "$world/newer.db"
sqlite3 "$world/newer.db" 'PRAGMA user_version = 99'
refused "a store of a newer version" "newer" "$pccm" remit --store "sqlite:$world/newer.db" --month 2010-01 --out "$world/out"
sqlite3 "$world/other.db" 'CREATE TABLE recipe (name TEXT); PRAGMA application_id = 7'
refused "a database of another program" "not a store" "$pccm" load --store "sqlite:$world/other.db" samples/2010-01/2010-01-05-834-change.x12
refused "a store that is not there" "does not exist" "$pccm" explain --store "sqlite:$world/none.db" 001234574
echo >"$world/file"
refused "an output folder that is a file" "file" "$pccm" run --store "sqlite:$world/pccm.db" --in "$work/in/$first" --out "$world/file" --month $first
head -c 20000 "$world/pccm.db" >"$world/torn.db"
"$pccm" explain --store "sqlite:$world/torn.db" 001234574 >"$work/out" 2>"$work/said"
[ $? -eq 3 ] && sentence "$work/said"
verdict $? "a store that is cut off: exit status 3 and one sentence"

printf 'BEGIN IMMEDIATE;\n.shell touch %s/locked; sleep 7\nROLLBACK;\n' "$world" | sqlite3 "$world/pccm.db" &
locker=$!
while [ ! -e "$world/locked" ]; do sleep 0.05; done
refused "a store that another program holds" "pccm.db" "$pccm" load --store "sqlite:$world/pccm.db" --date 2010-01-05 samples/2010-01/2010-01-05-834-change.x12
"$pccm" explain --store "sqlite:$world/pccm.db" 001234574 >"$work/out" 2>&1
verdict $? "explain reads a store that is being written"
wait $locker
"$pccm" load --quiet --store "sqlite:$world/pccm.db" --date 2010-04-05 samples/2010-03/2010-03-26-834-change.x12 >"$work/said" 2>&1
[ $? -le 1 ]
verdict $? "... and once it is free the load goes on"

nobody=""
[ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null && nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
if [ "$(id -u)" -ne 0 ] || [ -n "$nobody" ]; then
	chmod 755 "$work" "$world"
	mkdir "$world/closed"
	chmod 555 "$world/closed"
	chmod 444 "$world/pccm.db"
	rm -f "$world"/pccm.db-*
	cp "$pccm" "$work/pccm-copy"
	chmod 755 "$work/pccm-copy"
	cp -r rules "$work/rules" && chmod -R a+rX "$work/rules"
	cp samples/2010-01/2010-01-05-834-change.x12 "$work/change.x12" && chmod 644 "$work/change.x12"
	refused "a store that may only be read" "pccm.db" $nobody "$work/pccm-copy" load --store "sqlite:$world/pccm.db" --program "$work/rules/husky-primary-care.xml" "$work/change.x12"
	refused "a folder for a store that may not be written" "closed" $nobody "$work/pccm-copy" load --store "sqlite:$world/closed/new.db" --program "$work/rules/husky-primary-care.xml" "$work/change.x12"
	refused "an output folder that may not be written" "closed" $nobody "$work/pccm-copy" check --ta1 "$world/closed/ta1.x12" "$work/change.x12"
else
	echo "skip faults: stores that may only be read (no setpriv)"
fi

# ---- memory that is used up ----------------------------------------------------------------------------
tool=$build/tests/faults/nomalloc.so
case $tool in /*) ;; *) tool=$PWD/$tool ;; esac
if [ ! -e "$tool" ] || grep -q __asan_init "$pccm"; then
	echo "skip faults: allocations (no $tool, or a sanitizer build)"
	exit 0
fi
steps=16
[ "$FAULTS" = long ] && steps=100000
file=$(ls "$work"/in/2010-01/2010-01-*-834-change.x12 | head -n 1)
base=$work/base
mkdir "$base"
"$pccm" providers --store "sqlite:$base/pccm.db" --date 2009-12-21 "$work"/in/2010-01/*billing.csv "$work"/in/2010-01/*pcps.csv >/dev/null
"$pccm" load --quiet --store "sqlite:$base/pccm.db" --date 2009-12-22 --out "$base/acks" "$work"/in/2010-01/2009-12-22-834-full.x12 >/dev/null 2>&1
"$pccm" assign --store "sqlite:$base/pccm.db" --date 2009-12-22 >/dev/null 2>&1
image='SELECT (SELECT count(*) FROM member), (SELECT count(*) FROM span), (SELECT count(*) FROM request), (SELECT count(*) FROM assignment), (SELECT count(*) FROM interchange),
	(SELECT count(*) FROM roster_line), (SELECT count(*) FROM posting), (SELECT sum(amount) FROM posting), (SELECT count(*) FROM payment), (SELECT count(*) FROM document)'
starved() { # NAME COMMAND-WORDS …: STORE in the words is the store
	name=$1
	shift
	fresh() { rm -rf "$work/starved"; mkdir "$work/starved"; cp "$base/pccm.db" "$work/starved/pccm.db"; }
	fresh
	NOMALLOC_COUNT=$work/total LD_PRELOAD=$tool "$pccm" "$@" >"$work/right" 2>"$work/right.said"
	expected=$?
	total=$(cat "$work/total")
	before=$(sqlite3 "$base/pccm.db" "$image")
	after=$(sqlite3 "$work/starved/pccm.db" "$image")
	tried=0
	failed=0
	wrong=0
	at=1
	while [ "$at" -le "$total" ]; do
		for forever in "" 1; do
			[ -z "$forever" ] || [ $((tried % 4)) -eq 1 ] || continue
			fresh
			env ${forever:+NOMALLOC_FOREVER=1} NOMALLOC_AT=$at LD_PRELOAD="$tool" timeout 60 "$pccm" "$@" >"$work/out" 2>"$work/said"
			status=$?
			now=$(sqlite3 "$work/starved/pccm.db" "$image; PRAGMA integrity_check")
			case $status in
			3) failed=$((failed + 1)); grep -q '^pccm: ' "$work/said" || { wrong=1; echo "$name, allocation $at$forever: no sentence: $(head -n 3 "$work/said")"; } ;;
			"$expected") cmp -s "$work/out" "$work/right" || { wrong=1; echo "$name, allocation $at$forever: exit status $status and another result"; } ;;
			*) wrong=1; echo "$name, allocation $at$forever: exit status $status: $(head -n 3 "$work/said")" ;;
			esac
			# what was done is done whole: as before, or as after
			[ "$now" = "$before
ok" ] || [ "$now" = "$after
ok" ] || case $name in remit | roster) ;; *) wrong=1; echo "$name, allocation $at$forever: the store holds $now, before $before, after $after" ;; esac
		done
		"$pccm" "$@" >"$work/out" 2>"$work/said"
		status=$?
		[ $status -le 1 ] && [ "$(sqlite3 "$work/starved/pccm.db" "$image" | cut -d'|' -f1-4,6-9)" = "$(echo "$after" | cut -d'|' -f1-4,6-9)" ] ||
			{ wrong=1; echo "$name, allocation $at: the next run gives exit status $status"; }
		tried=$((tried + 1))
		at=$((at + 1 + (at < 20 ? 4 : total / steps)))
	done
	[ "$failed" -gt 0 ] || wrong=1
	verdict $wrong "$name: $tried of $total allocations failed, $failed times exit status 3, otherwise the right result; the store whole; the next run goes on"
}
store=sqlite:$work/starved/pccm.db
starved check check --ta1 "$work/starved/ta1" --999 "$work/starved/999" $file
starved load load --quiet --store "$store" --date 2010-01-05 --out "$work/starved/acks" $file
starved roster roster --store "$store" --date 2010-01-04 --month 2010-01 --format csv --out "$work/starved/rosters"
starved remit remit --store "$store" --date 2010-01-31 --month 2010-01 --out "$work/starved/remittances"
starved answer answer --store "$store" --date 2010-01-12 "$(ls "$work"/in/2010-01/*-270.x12 | head -n 1)"
