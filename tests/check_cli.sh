#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The command line: help that works, words that are refused and what would have been right, exit statuses, full and
# closed outputs.  0 clean, 1 something was refused, 2 usage, 3 failure.
#   tests/check_cli.sh BUILD
case $1 in /*) pccm=$1/pccm ;; *) pccm=$(pwd)/$1/pccm ;; esac
if [ ! -x "$pccm" ]; then
	echo "skip cli: $pccm is not built"
	exit 0
fi
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset PCCM_STORE PCCM_PROGRAM
failed=0
good=tests/golden/834/a-member-is-added.edi
wrong=tests/golden/834/ten-mistakes-in-one-member.edi
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok cli: $2"; else failed=1; cat "$work/out" "$work/err" 2>/dev/null | head -n 10; echo "not ok cli: $2"; fi
}
run() { # WORDS …: sets status, $work/out and $work/err
	"$pccm" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}
# STATUS NAME PATTERN WORDS …: that status, and what was said matches; a crash is never right
expect() {
	expected=$1 name=$2 pattern=$3
	shift 3
	run "$@"
	[ $status -eq "$expected" ] && cat "$work/out" "$work/err" | grep -q -- "$pattern"
	verdict $? "$name (exit status $status)"
}

# ---- help ----
expect 0 "pccm --help lists the commands" '^  explain ' --help
expect 0 "pccm help is the same" '^  explain ' help
expect 0 "pccm --version" '^pccm [0-9]' --version
expect 2 "pccm alone says where help is" 'pccm --help' # without words
"$pccm" --help | sed -n 's/^  \([a-z]*\) .*/\1/p' >"$work/commands"
[ "$(wc -l <"$work/commands")" -ge 11 ]
verdict $? "--help names every command"
mkdir "$work/tree"
for folder in samples rules; do cp -r $folder "$work/tree/$folder"; done
(cd "$work/tree" && mkdir -p build/demo && "$pccm" run --store sqlite:build/demo/pccm.db --in samples/2010-01 --out build/demo/2010-01 \
	--month 2010-01 >/dev/null 2>&1)
# in an order in which each finds what it needs
for command in check show build stats split diff deidentify providers load attributes visits requests enroll member assign notices worklist transfer roster remit cycle receivables bank reconcile tmsis answer explain program store sample run; do
	grep -qx "$command" "$work/commands" || { failed=1; echo "not ok cli: $command is not in --help"; }
	expect 0 "$command --help has usage, options and an example" '^example: pccm' "$command" --help
	run "$command" -h
	example=$(sed -n 's/^example: pccm //p' "$work/out")
	# the example of run comes last, into a store of its own
	[ "$command" = run ] && rm -f "$work/tree/try.db"*
	[ "$command" = build ] && "$pccm" show --show-values --format json $good >"$work/tree/members.json"
	# shellcheck disable=SC2086
	(cd "$work/tree" && "$pccm" $example >"$work/out" 2>"$work/err")
	code=$?
	# the samples hold files that are refused on purpose, which run says with 1, and two files differ
	[ $code -eq 0 ] || { [ $code -eq 1 ] && { [ "$command" = run ] || [ "$command" = diff ] || [ "$command" = transfer ]; }; }
	verdict $? "the example of $command works: $example"
	expect 2 "$command with an option that is none" 'not an option of pccm' "$command" --nonsense
	grep -q 'usage: pccm' "$work/err" && [ ! -s "$work/out" ]
	verdict $? "$command tells its usage on standard error, and nothing on standard output"
done
grep -vxE 'check|show|build|stats|split|diff|deidentify|providers|load|attributes|visits|requests|enroll|member|assign|notices|worklist|transfer|roster|remit|cycle|receivables|bank|reconcile|tmsis|answer|explain|program|store|sample|run' "$work/commands" >"$work/more"
[ ! -s "$work/more" ]
verdict $? "no command is without a test here$(tr '\n' ' ' <"$work/more" | sed 's/^\(.\)/: \1/')"

# ---- words that are not right ----
expect 2 "a command that is none" 'frobnicate: not a command' frobnicate
expect 2 "an option that another command has" 'not an option of pccm check' check --month 2010-01 "$good"
expect 2 "an option without its value" 'needs a value' check --level
expect 2 "a value where none belongs" 'takes no value' check --quiet=yes "$good"
expect 2 "no file" 'needs a file' check
expect 2 "a level that is none" 'expected a number from 1 to 7' check --level 9 "$good"
expect 2 "a level in words" 'expected a number from 1 to 7' check --level high "$good"
expect 2 "a format that check has not" 'expected text, json or sarif' check --format yaml "$good"
expect 2 "a format that show has not" 'expected text, json, xml or x12' show --format csv "$good"
expect 2 "a format that roster has not" 'expected pdf, csv, text or 834' roster --store "sqlite:$work/tree/try.db" --month 2010-01 --format 820 --out "$work/r"
expect 2 "a month that is none" 'expected YYYY-MM' run --in samples/2010-01 --out "$work/o" --month 2010-13 --store "sqlite:$work/p.db"
expect 2 "a day that is none" 'expected YYYY-MM-DD' load --store "sqlite:$work/p.db" --date 2010-02-30 "$good"
expect 3 "a store of another kind" "expected sqlite:PATH" load --store "mysql:here" "$good"
expect 2 "run without its folder" 'needs --in, --out and --month' run --month 2010-01
expect 2 "remit without its month" 'month' remit --store "sqlite:$work/tree/try.db" --out "$work/o"
expect 2 "too few members for a sample" 'expected a number' sample --members x --out "$work/s"
expect 2 "one word too many" 'one too many' explain --store "sqlite:$work/tree/try.db" 1 2
expect 1 "a member whom nobody knows" 'expected a Medicaid id' explain --store "sqlite:$work/tree/try.db" 000000000

# ---- files ----
expect 3 "a file that is not there" 'No such file' check "$work/absent.edi"
expect 3 "a folder in place of a file" 'folder\|directory' check tests
expect 3 "a folder in place of a file, for show" 'folder\|directory' show tests
expect 3 "a place for acknowledgments that is not there" 'No such file' check --999 "$work/absent/999.x12" "$good"
expect 3 "a program file that is not there" 'absent.xml' load --program "$work/absent.xml" --store "sqlite:$work/p.db" "$good"
expect 3 "a store in a folder that is not there" 'absent' load --store "sqlite:$work/absent/p.db" "$good"
expect 3 "a file that is no store" 'file is not a database\|not a store' explain --store sqlite:Makefile 1
expect 1 "a file that is refused" 'REFUSED' check "$wrong"
expect 1 "one file of two that is refused" 'accepted' check "$good" "$wrong"
expect 3 "a file that fails outweighs one that is refused" 'REFUSED' check "$wrong" "$work/absent.edi"
expect 0 "a file whose name begins with a dash, behind --" 'accepted' check -- "$good"
"$pccm" check - <"$good" >"$work/out" 2>"$work/err" && grep -q 'standard input: accepted' "$work/out"
verdict $? "- is standard input"
"$pccm" check --ta1 - --quiet - <"$good" >"$work/out" 2>"$work/err" && grep -q '^TA1' "$work/out"
verdict $? "and an acknowledgment goes to standard output"
run check --format json "$wrong"
[ "$(grep -c '^{.*}$' "$work/out")" -eq "$(wc -l <"$work/out")" ] && [ -s "$work/out" ]
verdict $? "--format json prints objects, one a line, and nothing else"
dates=tests/golden/834/dates-that-no-calendar-has.edi
run check "$dates"
! grep -Eq 'found [^ ,(]{4,}' "$work/out" && grep -q 'found (hidden)' "$work/out"
verdict $? "values are hidden unless asked for"
expect 1 "but for short codes, which tell of nobody" 'found M, expected one of N Y' check "$wrong"
run check --show-values "$dates"
grep -Eq 'found [0-9]{8}' "$work/out" && ! grep -q '(hidden)' "$work/out"
verdict $? "and shown when asked for"

# ---- outputs that do not take it ----
if [ -w /dev/full ]; then
	for words in --help "check $good" "show --show-values $good" "show --format json $good samples/2010-01/2009-12-22-834-full.x12" "check --ta1 - --quiet $good" "explain --store sqlite:$work/tree/try.db 001234699"; do
		# shellcheck disable=SC2086
		"$pccm" $words >/dev/full 2>"$work/err"
		[ $? -eq 3 ] && grep -q 'standard output: No space left on device' "$work/err" && [ "$(grep -c '^pccm: ' "$work/err")" -eq 1 ]
		verdict $? "a full standard output is a failure: pccm ${words%% *}"
	done
	# by a link, so that only the link is lost if the program took a device for a file
	ln -s /dev/full "$work/full"
	"$pccm" check --999 "$work/full" "$good" >"$work/out" 2>"$work/err"
	[ $? -eq 3 ] && [ -L "$work/full" ]
	verdict $? "a device that is full is a failure, and still a device"
fi
"$pccm" check "$good" >&- 2>"$work/err"
[ $? -eq 3 ]
verdict $? "a closed standard output is a failure"
(
	"$pccm" show --show-values samples/2010-01/2009-12-22-834-full.x12
	echo $? >"$work/status"
) 2>"$work/err" | head -n 1 >"$work/out"
# 141: ended by the pipe's signal, as any filter is; 3: told
grep -qE '^(141|3)$' "$work/status"
verdict $? "a reader that leaves early ends show ($(cat "$work/status"))"
exit $failed
