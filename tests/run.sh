#!/bin/sh
# Run tests and count them.  A test prints "ok NAME", "not ok NAME …" or "skip NAME: why", a line each.
#   tests/run.sh all|unit|sanitize BUILD
# All of it runs beside a PostgreSQL of its own (tests/postgres.sh), where Debian's package is there.
[ -n "${PCCM_TEST_POSTGRES+set}" ] || exec sh tests/postgres.sh sh "$0" "$@"
kind=$1
build=$2
on=
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM
export LSAN_OPTIONS="suppressions=$(pwd)/tests/leaks.supp:print_suppressions=0"
one() { # NAME COMMAND …: a program whose lines are counted; its own failure counts as one more
	name=$1
	shift
	"$@" >"$log.out" 2>&1
	status=$?
	[ -z "$on" ] || sed -i -E "s/^(ok|not ok|skip) ([^:]*):/\\1 \\2 $on:/" "$log.out"
	grep -E '^(ok|not ok|skip) ' "$log.out" >>"$log"
	grep -E '^(not ok|skip) ' "$log.out"
	if [ $status -ne 0 ] && ! grep -q '^not ok ' "$log.out"; then
		echo "not ok $name (exit status $status)" | tee -a "$log"
		tail -n 15 "$log.out"
	fi
	if ! grep -qE '^(ok|not ok|skip) ' "$log.out"; then
		echo "not ok $name (ran no test)" | tee -a "$log"
	fi
	grep -qE '^not ok ' "$log.out" && grep -vE '^(ok|not ok|skip) ' "$log.out" | tail -n 40
	rm -f "$log.out"
}
for test in "$build"/tests/unit/test_*; do
	case $test in *.o | *.d) continue ;; esac
	one "$(basename "$test")" "$test"
done
if [ "$kind" != unit ]; then
	[ "$kind" = all ] && scripts="tests/tidy.sh $(ls tests/check_*.sh 2>/dev/null)" || scripts=$(ls tests/check_golden.sh 2>/dev/null)
	for script in $scripts; do
		one "$(basename "$script" .sh)" sh "$script" "$build"
	done
	# those that work on a store, once more on the other engine
	on="on PostgreSQL"
	export PCCM_TEST_STORE=postgres
	if [ "$kind" = all ] && [ -n "$PCCM_TEST_POSTGRES" ]; then
		for script in demo load staging stories cascade cycles receivables; do
			one "$script $on" sh "tests/check_$script.sh" "$build"
		done
		one "histories $on" sh tests/check_histories.sh "$build" 77
		one "kill $on" sh tests/faults/kill.sh "$build" 4
	elif [ "$kind" = all ]; then
		echo "skip the store $on: its package postgresql-15 is not there, or its server did not start" | tee -a "$log"
	fi
fi
passed=$(grep -c '^ok ' "$log")
failed=$(grep -c '^not ok ' "$log")
skipped=$(grep -c '^skip ' "$log")
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
