#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What `pccm check` prints for programs and on a terminal: JSON lines and SARIF against tests/report/ and against what
# their readers expect (jq), what is alike, --max-errors, several files, colours, progress, Ctrl-C, a closed pipe.
#   tests/check_report.sh BUILD [--update]
case $1 in /*) pccm=$1/pccm ;; *) pccm=$(pwd)/$1/pccm ;; esac
update=$2
[ -x "$pccm" ] || { echo "skip report: $pccm is not built"; exit 0; }
command -v jq >/dev/null || { echo "skip report: no jq"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset NO_COLOR
folder=$(pwd)/tests/report
failed=0
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok report: $2"; else failed=1; tail -n 12 "$work/out" "$work/err" 2>/dev/null; echo "not ok report: $2"; fi
}
run() { # WORDS …: sets status, $work/out and $work/err
	"$pccm" check "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}
cd tests/golden || exit 3

# ---- forms for programs --------------------------------------------------------------------
# SARIF 2.1.0, the parts that we write: what the schema requires, and that all references hold
cat >"$work/sarif.jq" <<'END'
def is_text: type == "string" and length > 0;
.version == "2.1.0" and (."$schema" | is_text) and (.runs | length == 1) and (.runs[0] |
	(.tool.driver | (.name | is_text) and (.version | is_text) and (.rules | length > 50)) and
	([.tool.driver.rules[] | (.id | is_text) and (.shortDescription.text | is_text) and (.help.text | is_text) and
		(.defaultConfiguration.level | . == "error" or . == "note")] | all) and
	([.tool.driver.rules[].id] | length == (unique | length)) and
	(.tool.driver.rules as $rules | [.results[] |
		(.ruleId | split("/")[0]) == $rules[.ruleIndex].id and (.level | . == "error" or . == "note") and (.message.text | is_text) and
		(.locations | length == 1) and (.locations[0].physicalLocation |
			(.artifactLocation.uri | is_text and (test("[^A-Za-z0-9._~/%:-]") | not)) and
			(.region | .byteOffset >= 0 and (has("startLine") == has("startColumn")) and (.startLine // 1) >= 1 and (.startColumn // 1) >= 1)) and
		(.partialFingerprints."pccmPlace/v1" | test("^[0-9a-f]{16}$"))] | all) and
	(.invocations | length == 1) and (.invocations[0].executionSuccessful | type == "boolean"))
END
# each object of --format json: a finding or a summary
cat >"$work/json.jq" <<'END'
def is_text: type == "string" and length > 0;
if has("summary") then (.summary | . == "file" or . == "all") and (.verdict | . == "accepted" or . == "refused" or . == "stopped") and
	.errors + .notes == ([.found[]] | add // 0) and .errors + .notes == ([.levels[]] | add // 0)
else (.code | is_text) and (.severity | . == "refuse" or . == "note") and (.text | is_text) and (.mend | is_text) and (.file | is_text) and
	.offset >= 0 and (.line == null) == (.column == null) end
END
# the whole structure, by a table of what the standard asks; the checker must see what is broken
sarif_wrong() { jq -r --rawfile rows ../report/sarif-2.1.0.rows -f ../report/sarif.jq "$1"; }
run --format sarif --level 7 --partner ../../guides/partners/connecticut-pccm.xml */*.edi
sarif_wrong "$work/out" >"$work/said" 2>&1
[ ! -s "$work/said" ] && [ "$(jq '.runs[0].results | length' "$work/out")" -gt 300 ]
verdict $? "a SARIF log of every golden file is what SARIF 2.1.0 asks for"
head -n 5 "$work/said"
run --format sarif 834/ten-mistakes-in-one-member.edi
cp "$work/out" "$work/log"
unseen=
for break in 'del(.version)' '.runs[0].tool.driver.rules[3].id = 5' '.runs[0].results[0].message = {}' '.runs[0].results[0].colour = 1' \
	'.runs[0].results[0].level = "fatal"' '.runs[0].tool.driver.rules[1] = .runs[0].tool.driver.rules[0]' '.runs[0].invocations[0] = {}' \
	'.runs[0].results[0].locations[0].physicalLocation |= (.region = {"startColumn": 1})' \
	'.runs[0].results[0].locations[0].physicalLocation |= (.region.startLine = 0)' \
	'.runs[0].results[0].locations[0].physicalLocation |= (.artifactLocation.uri = "a b")'; do
	jq "$break" "$work/log" >"$work/broken"
	sarif_wrong "$work/broken" >"$work/said" 2>&1
	[ "$(wc -l <"$work/said")" -eq 1 ] || unseen="$unseen $break;"
done
[ -z "$unseen" ]
verdict $? "of SARIF that is broken in one place it is seen$unseen"
for case in 834/ten-mistakes-in-one-member 270/two-levels-name-each-other-as-parents envelope/a-count-that-is-no-number; do
	name=$(basename $case)
	run --format json $case.edi
	jq -e -s "map($(cat "$work/json.jq")) | all" "$work/out" >"$work/said" 2>"$work/err"
	verdict $? "$case: JSON lines are findings and summaries"
	cp "$work/out" "$work/$name.json"
	run --format sarif $case.edi
	jq -e -f "$work/sarif.jq" "$work/out" >"$work/said" 2>"$work/err"
	verdict $? "$case: SARIF has what its readers expect"
	jq 'del(.runs[0].tool.driver | .rules, .version) | del(.runs[0].results[].ruleIndex)' "$work/out" >"$work/$name.sarif"
	for form in json sarif; do
		[ "$update" = --update ] && cp "$work/$name.$form" "$folder/$name.$form"
		diff "$folder/$name.$form" "$work/$name.$form" >"$work/out"
		verdict $? "$case: $form is as in tests/report"
	done
done
run --format sarif 834/a-member-is-added.edi
[ $status -eq 0 ] && jq -e '.runs[0].results == [] and .runs[0].invocations[0].executionSuccessful' "$work/out" >/dev/null
verdict $? "SARIF without findings is a log without results"
run --format sarif 834/a-member-is-added.edi absent.edi 834/ten-mistakes-in-one-member.edi
[ $status -eq 3 ] && jq -e '.runs[0] | (.results | length > 5) and .invocations[0].executionSuccessful == false' "$work/out" >/dev/null &&
	grep -q 'absent.edi: No such file' "$work/err"
verdict $? "SARIF stays whole when a file cannot be read, and says so"
cp 834/ten-mistakes-in-one-member.edi "$work/a \"file\" ü%.edi"
run --format sarif "$work/a \"file\" ü%.edi"
jq -e -f "$work/sarif.jq" "$work/out" >/dev/null && jq -e '.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri |
	startswith("file:///") and endswith("/a%20%22file%22%20%C3%BC%25.edi")' "$work/out" >/dev/null
verdict $? "SARIF names any file by a URI"
run --format json --show-values 834/dates-that-no-calendar-has.edi
jq -e -s 'any(.hidden == false and .value != null and (.value | length == 8))' "$work/out" >/dev/null
verdict $? "values are there when asked for"
for form in text json sarif; do
	run --format $form 834/dates-that-no-calendar-has.edi
	! grep -q '20100230\|19990229\|2010[0-9]\{4\}' "$work/out"
	verdict $? "BAD-29: and not otherwise: $form"
done
"$pccm" check --format sarif --show-values 834/dates-that-no-calendar-has.edi | jq '[.runs[0].results[].partialFingerprints]' >"$work/shown"
"$pccm" check --format sarif 834/dates-that-no-calendar-has.edi | jq '[.runs[0].results[].partialFingerprints]' >"$work/hidden"
cmp -s "$work/shown" "$work/hidden"
verdict $? "BAD-29: fingerprints are made of nothing that was sent"

# ---- what is alike, --max-errors -----------------------------------------------------------------
# 50 members, each with INS03 099 (one mistake at one place of the guide)
awk -v RS='~' '{ gsub(/\n/, "") } /^INS/ { inside = 1 } /^SE/ { for (i = 0; i < 50; i++) printf "%s", member; inside = 0
	split($0, se, "*"); $0 = "SE*" count + 50 * in_member + 1 "*" se[3] }
	inside { sub(/^INS\*Y\*18\*021/, "INS*Y*18*099"); member = member $0 "~\n"; in_member++; next }
	$0 != "" { printf "%s~\n", $0; if ($0 ~ /^ST/) count = 0; if ($0 !~ /^(ISA|GS)/) count++ }' 834/a-member-is-added.edi >"$work/fifty.edi"
run "$work/fifty.edi"
[ "$(grep -c ': error: INS03 ' "$work/out")" -eq 10 ] && grep -q ' 0 of 1 transaction sets accepted, 50 errors, 0 notes$' "$work/out" &&
	grep -Eq '^ +50  element-code +first at .* INS03, 40 not printed$' "$work/out"
verdict $? "of what is alike ten are printed, and all are counted"
run --max-errors 0 "$work/fifty.edi"
[ "$(grep -c ': error: INS03 ' "$work/out")" -eq 50 ] && ! grep -q 'not printed' "$work/out"
verdict $? "--max-errors 0 prints all"
run --max-errors 3 "$work/fifty.edi"
[ $status -eq 1 ] && [ "$(grep -c ': error: ' "$work/out")" -eq 3 ] && grep -q ' 50 errors, ' "$work/out" && grep -q ' 47 not printed' "$work/out"
verdict $? "--max-errors 3 prints three, and counts on"
run --max-errors 3 --format json "$work/fifty.edi"
[ "$(grep -c '^{"code"' "$work/out")" -eq 3 ] && jq -e -s '.[-1].errors == 50' "$work/out" >/dev/null
verdict $? "--max-errors holds for JSON"
run --format json "$work/fifty.edi"
[ "$(grep -c '^{"code"' "$work/out")" -eq 50 ]
verdict $? "JSON leaves out nothing that is alike"
jq -s -r '.[].path // empty' "$work/out" | sort | uniq -c | grep -c '^ *1 2000\[[0-9]*\]$' >"$work/said"
[ "$(cat "$work/said")" -eq 50 ]
verdict $? "each has the loop it stands in, with its occurrence"
run --max-errors 1 --999 "$work/999" "$work/fifty.edi"
[ "$(grep -c '^IK4' "$work/999")" -eq 50 ]
verdict $? "--max-errors takes nothing from the 999"
run --max-errors -1 "$work/fifty.edi"
[ $status -eq 2 ] && grep -q 'max-errors -1: expected a number' "$work/err"
verdict $? "--max-errors -1 is refused"
{ sed '/^SE/,$d' "$work/fifty.edi"; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do sed '1,/^N1\*IN/d; /^SE/,$d' "$work/fifty.edi"; done
	sed -n '/^SE/,$p' "$work/fifty.edi"; } >"$work/many.edi"
run --quiet --format json "$work/many.edi"
[ "$(grep -c '^{"code":"element-code"' "$work/out")" -le 1000 ] && jq -e -s '.[-1].found."element-code" == 1300' "$work/out" >/dev/null
verdict $? "what a set keeps no more is still counted by kind"

# ---- several files ----------------------------------------------------------------------------------
run 834/a-member-is-added.edi 834/ten-mistakes-in-one-member.edi
grep -q '^834/a-member-is-added.edi: accepted: ' "$work/out" && grep -q '^2 files: REFUSED 1: 2 interchanges, 2 groups, 1 of 2 ' "$work/out"
verdict $? "several files have a summary each, and one in all"
run 834/a-member-is-added.edi absent.edi
[ $status -eq 3 ] && grep -q '^2 files: accepted, not read 1: 1 interchange, ' "$work/out"
verdict $? "a file that cannot be read is counted as that"
run --quiet 834/a-member-is-added.edi 834/a-member-is-added.edi
[ $status -eq 0 ] && [ ! -s "$work/out" ]
verdict $? "--quiet has no summary"
"$pccm" check --quiet 834/ten-mistakes-in-one-member.edi 2>"$work/err" | head -n 1 >"$work/out"
grep -q ': error: ' "$work/out" && [ ! -s "$work/err" ]
verdict $? "a reader that leaves early is no reason to complain"

# ---- a terminal ------------------------------------------------------------------------------------------
if command -v script >/dev/null && script -q -e -c true /dev/null </dev/null >/dev/null 2>&1; then
	esc=$(printf '\033')
	terminal() { # WORDS …: on a terminal of its own
		script -q -e -c "$*" /dev/null </dev/null >"$work/out" 2>&1
	}
	unset NO_COLOR
	TERM=xterm terminal "$pccm" check 834/ten-mistakes-in-one-member.edi
	grep -q "$esc\[1;31merror: " "$work/out" && grep -Eq 'segments, .* s, [0-9]+ MB/s' "$work/out"
	verdict $? "a terminal gets colours, and how long it took"
	NO_COLOR=1 TERM=xterm terminal "$pccm" check 834/ten-mistakes-in-one-member.edi
	grep -q ': error: ' "$work/out" && ! grep -q "$esc" "$work/out"
	verdict $? "NO_COLOR is respected"
	TERM=dumb terminal "$pccm" check 834/ten-mistakes-in-one-member.edi
	! grep -q "$esc" "$work/out"
	verdict $? "TERM=dumb gets no colours"
	TERM=xterm terminal "sleep 2 | (cat 834/a-member-is-added.edi; sleep 1; cat 834/a-member-is-added.edi; cat >/dev/null) | $pccm check -"
	grep -q "$esc\[K" "$work/out" && tr '\r' '\n' <"$work/out" | grep -q "standard input: 0 MB, "
	verdict $? "a terminal gets a line of progress when reading takes long, and loses it again"
	TERM=xterm terminal "sleep 2 | (cat 834/a-member-is-added.edi; sleep 1; cat 834/a-member-is-added.edi; cat >/dev/null) | $pccm check --no-progress -"
	! grep -q "0 MB, " "$work/out"
	verdict $? "--no-progress draws none"
else
	echo "skip report: no script(1), or no terminal to be had"
fi
run 834/ten-mistakes-in-one-member.edi
! grep -q "$(printf '\033')" "$work/out" "$work/err"
verdict $? "what is no terminal gets no colours"

# ---- Ctrl-C ------------------------------------------------------------------------------------------------
mkfifo "$work/pipe"
(exec env --default-signal=INT "$pccm" check --999 "$work/stopped.999" "$work/pipe") >"$work/out" 2>"$work/err" &
pid=$!
exec 3>"$work/pipe"
cat 834/ten-mistakes-in-one-member.edi >&3
sleep 0.3
kill -INT $pid
wait $pid
status=$?
exec 3>&-
[ $status -eq 130 ] && grep -q 'pipe: STOPPED: 1 interchange, .* 11 errors' "$work/out" && grep -q 'stopped reading .* at byte [1-9]' "$work/err" &&
	[ ! -e "$work/stopped.999" ]
verdict $? "Ctrl-C ends reading: what was found is told, how far it came, and nothing is acknowledged"
exit $failed
