#!/bin/sh
# Run tests and count them.  A test prints "ok NAME", "not ok NAME …" or "skip NAME: why", a line each.
#   tests/run.sh all|unit|sanitize BUILD
kind=$1
build=$2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM
export LSAN_OPTIONS="suppressions=$(pwd)/tests/leaks.supp:print_suppressions=0"
one() { # NAME COMMAND …: a program whose lines are counted; its own failure counts as one more
	name=$1
	shift
	"$@" >"$log.out" 2>&1
	status=$?
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
