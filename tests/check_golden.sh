#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The cases of tests/golden, and that each finding that a file can earn is earned by one of them or by a unit test.
#   tests/check_golden.sh BUILD
failed=0
sh tests/golden.sh "$1" || failed=1
findings=$(sed -n 's/^FINDING(\([A-Z0-9_]*\), "\([^"]*\)".*/\1:\2/p' records/findings.def)
for row in $findings; do
	name=${row%%:*}
	code=${row#*:}
	if grep -q "^  code  $code, " tests/golden/*/*.out tests/golden/*/*.err 2>/dev/null; then
		[ "$(grep -c "^$code " tests/golden/not-earned.txt)" -eq 0 ] || { failed=1; echo "not ok findings: $code is earned, and in not-earned.txt"; }
	elif grep -qw "FINDING_$name" tests/unit/*.c || grep -qw -- "$code" tests/check_*.sh tests/rules/* 2>/dev/null; then
		:
	elif grep -q "^$code [a-z]" tests/golden/not-earned.txt; then
		echo "skip findings: $code: $(sed -n "s/^$code //p" tests/golden/not-earned.txt)"
	else
		failed=1
		echo "not ok findings: no golden case and no unit test earns $code"
	fi
done
[ $failed -eq 0 ] && echo "ok findings: every finding of records/findings.def is earned by a test"
exit $failed
