#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is asked and what is answered: tests/talk/*.talk against `pccm answer`.  A transcript has cases of these lines:
#   case SENTENCE     begins one; names the requirement ids that it shows
#   day YYYY-MM-DD    the day of the answer (2010-03-10)
#   status N          the exit status (0)
#   notes N           notes of `pccm check` on the 271 (0): what it repeats because it was asked
#   edit SED          done to the whole interchange before it is sent
#   set               another transaction set of the interchange begins
#   I SEGMENT         what is asked, from behind BHT on; without an HL*1 it is Lantern Health Center that asks the payer
#   E SEGMENT         what must come back, without envelopes; a run of our own digits stands there as #, and E ... for
#                     any segments
#   N REGEX           what no segment may look like
# The store: tests/talk/*.csv and store-DAY.834.  Every 271 has to pass `pccm check` without any finding.
#   tests/check_talk.sh BUILD [NAME.talk …]
case $1 in /*) pccm=$1/pccm ;; *) pccm=$(pwd)/$1/pccm ;; esac
[ -x "$pccm" ] || { echo "not ok talk: $pccm is not built"; exit 1; }
shift
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export PCCM_STORE="sqlite:$work/p.db"
PCCM_PROGRAM=$(pwd)/rules/husky-primary-care.xml
export PCCM_PROGRAM
cd tests/talk || exit 3
[ $# -gt 0 ] || set -- *.talk
failed=0
# FUNCTION SET GUIDE HEAD DAY: body segments of one set, or of several behind lines "set", become an interchange
wrap() {
	awk -v function_id="$1" -v set="$2" -v guide="$3" -v head="$4" -v day="$(echo "$5" | tr -d -)" '
	function out(segment) { printf "%s~\n", segment; count++ }
	function begin() { sets++; count = 0; control = sprintf("%04d", sets); out("ST*" set "*" control "*" guide)
		lines = split(head, parts, "|"); for (i = 1; i <= lines; i++) { gsub("DAY", day, parts[i]); out(parts[i]) } }
	function end() { out("SE*" count + 1 "*" control) }
	BEGIN { printf "ISA*00*          *00*          *ZZ*LANTERN        *ZZ*CTDSS          *%s*0930*^*00501*000000901*0*T*:~\n", substr(day, 3)
		printf "GS*%s*LANTERN*CTDSS*%s*0930*9*X*%s~\n", function_id, day, guide; begin() }
	$0 == "set" { end(); begin(); next }
	{ out($0) }
	END { end(); printf "GE*%d*9~\nIEA*1*000000901~\n", sets }'
}
enrol() { # DAY: the 834 of that day, and what is decided on the next
	wrap BE 834 005010X220A1 'BGN*00*TALK-DAY*DAY*0900****2|REF*38*HUSKYA|N1*P5*STATE AGENCY*FI*060000001|N1*IN*MEDICAID*FI*060000002' "$1" \
		<"store-$1.834" | sed "s/000000901/${1%%-*}${1##*-}901/" >"$work/store.x12"
	"$pccm" load --date "$1" --show-values "$work/store.x12" && "$pccm" assign --date "$1"
}
# EXPECTED ANSWERED: do the segments follow each other as they must?  Tells the first that is missing
compare() {
	awk 'NR == FNR { want[++n] = $0; next }
		BEGIN { at = 1 }
		want[at] == "..." { gap = 1; at++ }
		at <= n && $0 == want[at] { at++; gap = 0; next }
		!gap { printf "answered %s, expected %s\n", $0, at <= n ? want[at] : "no more"; wrong = 1; exit }
		END { if (wrong) exit 1; if (want[at] == "...") at++; if (at <= n) { print "missing " want[at]; exit 1 } }' "$1" "$2"
}
{ "$pccm" providers --date 2010-01-04 billing.csv pcps.csv && enrol 2010-01-05 && enrol 2010-02-12; } >"$work/said" 2>&1 ||
	{ cat "$work/said"; echo "not ok talk: the store"; exit 1; }

for talk in "$@"; do
	rm -rf "$work"/case-*
	awk -v work="$work" '
	BEGIN { asker = "HL*1**20*1\nNM1*PR*2*STATE MEDICAID*****PI*CTXIX\nHL*2*1*21*1\nNM1*1P*2*LANTERN HEALTH CENTER*****XX*1245319599" }
	function put(name, text) { print text >(dir "/" name) }
	/^#/ || NF == 0 { next }
	{ rest = substr($0, length($1) + 2) }
	$1 == "case" { dir = sprintf("%s/case-%03d", work, ++n); system("mkdir " dir); put("name", rest); fresh_in = fresh_out = 1; next }
	$1 == "set" { put("asked", "set"); fresh_in = fresh_out = 1; next }
	$1 == "I" { if (fresh_in && rest !~ /^HL\*1\*/) { put("asked", asker); usual = 1 } else if (fresh_in) usual = 0; fresh_in = 0; put("asked", rest); next }
	$1 == "E" { if (fresh_out && usual && rest ~ /^HL\*3\*/) put("expected", asker); fresh_out = 0; put("expected", rest); next }
	$1 == "day" || $1 == "status" || $1 == "edit" || $1 == "notes" || $1 == "N" { put($1, rest); next }
	{ print FILENAME ":" FNR ": a line of no kind"; exit 1 }' "$talk" || { failed=1; echo "not ok talk: $talk"; continue; }
	for dir in "$work"/case-*; do
		day=2010-03-10 expected_status=0 notes=0
		[ -f "$dir/day" ] && day=$(cat "$dir/day")
		[ -f "$dir/status" ] && expected_status=$(cat "$dir/status")
		[ -f "$dir/notes" ] && notes=$(cat "$dir/notes")
		wrap HS 270 005010X279A1 'BHT*0022*13*TALK*DAY*0930' "$day" <"$dir/asked" >"$dir/in.x12"
		[ -f "$dir/edit" ] && sed -i -f "$dir/edit" "$dir/in.x12"
		: >"$dir/differs"
		"$pccm" answer --date "$day" --out "$dir/out.x12" "$dir/in.x12" >"$dir/said" 2>&1
		status=$?
		sed -e '/^\(ISA\|GS\|ST\|BHT\|SE\|GE\|IEA\)\*/d' -e 's/~$//' -e 's/^TRN\*1\*[0-9]*-/TRN*1*#-/' "$dir/out.x12" >"$dir/answered"
		if [ $status -eq "$expected_status" ] && compare "$dir/expected" "$dir/answered" >"$dir/differs" &&
			{ [ ! -f "$dir/N" ] || ! grep -E -f "$dir/N" "$dir/answered" >>"$dir/differs"; } &&
			{ ! grep -q '^ST\*271' "$dir/out.x12" || { "$pccm" check "$dir/out.x12" >"$dir/said" 2>&1 && grep -q " 0 errors, $notes note" "$dir/said"; }; }; then
			echo "ok talk: $(cat "$dir/name")"
		else
			failed=1
			cat "$dir/said" "$dir/differs" "$dir/answered"
			echo "not ok talk: $talk: $(cat "$dir/name") (exit status $status)"
		fi
	done
done
exit $failed
