#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Requests that come in no 834, the claims history, and what is decided for members who do not choose.
#   tests/check_cascade.sh BUILD
pccm=$1/pccm
[ -x "$pccm" ] || { echo "skip cascade: $pccm is not built"; exit 0; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset PCCM_STORE PCCM_PROGRAM
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok cascade: $2"; else cat "$work/out"; echo "not ok cascade: $2"; fi
}
store=sqlite:$work/p.db
say() { # STATUS PATTERN COMMAND WORDS …: that status, and the pattern is in what was said
	expected=$1 pattern=$2 command=$3
	shift 3
	"$pccm" "$command" --store "$store" "$@" >"$work/out" 2>&1
	[ $? -eq "$expected" ] && grep -q -- "$pattern" "$work/out"
}
"$pccm" providers --store "$store" --date 2009-12-21 samples/2010-01/2009-12-21-billing.csv samples/2010-01/2009-12-21-pcps.csv >/dev/null &&
	"$pccm" load --store "$store" --date 2009-12-22 samples/2010-01/2009-12-22-834-full.x12 >/dev/null && "$pccm" assign --store "$store" --date 2009-12-22 >/dev/null

# ---- the claims history ----
say 0 '^4 rows: 4 new, 0 as before, 0 refused' visits --date 2010-01-05 samples/assignment/visits.csv
verdict $? "MH-5: visits are kept"
say 0 '^4 rows: 0 new, 4 as before, 0 refused' visits --date 2010-01-06 samples/assignment/visits.csv
verdict $? "MH-5: the same visits again change nothing"
printf 'medicaid_id,provider_npi,visit_date\n999999999,1030700532,2009-07-14\n001234566,1030700533,2009-07-14\n001234566,1030700532,2011-07-14\n001234566,1030700532,2009-07-15\n' >"$work/v.csv"
say 1 '^4 rows: 1 new, 0 as before, 3 refused' visits --date 2010-01-06 "$work/v.csv" && grep -q '^v.csv:2: medicaid_id is not known' "$work/out" &&
	grep -q '^v.csv:3: provider_npi does not pass' "$work/out" && grep -q '^v.csv:4: visit_date is after 2010-01-06' "$work/out"
verdict $? "MH-5: a row that is wrong is refused with its line, the others go in"

# ---- requests ----
say 0 '^2 rows: 2 new' requests --date 2010-01-05 samples/assignment/requests.csv && say 0 '^2 rows: 0 new, 2 as before' requests --date 2010-01-06 samples/assignment/requests.csv
verdict $? "ENR-12: requests of a file are entered once"
say 0 'FORM' explain 001234608 && grep -q 'by FORM: PCP 1030700532, CHOICE, established patient  \[requests.csv:3\]' "$work/out"
verdict $? "ENR-12: a request says by which channel and in which line it came"
say 0 'is pending: pccm assign judges it' enroll --date 2010-01-07 --channel PHONE --received 2010-01-04 --cause 'moved away' 001234590 1030700532
verdict $? "ENR-12: a request by hand"
say 0 'nothing was entered' enroll --date 2010-01-07 001234590 1030700532 && say 0 pending enroll --date 2010-01-07 001234699 1030700532
verdict $? "ENR-12: the same request by hand again is no other one"
say 0 'PHONE' explain 001234590 && grep -q 'SUPERSEDED' "$work/out" && grep -q 'by PHONE: PCP 1030700532, CHOICE, .*cause moved away' "$work/out"
verdict $? "ENR-11: a later request takes the place of one that waits"
say 0 'accepted' assign --date 2010-01-07 && say 0 '2010-02-01 on .*NPI 1030700532' explain 001234699
verdict $? "ENR-9 ENR-11: it is judged like one of an 834, from the first of the next month"
say 1 'is not known' enroll --date 2010-01-07 999999999 1030700532 && say 2 'NPI check digit' enroll --date 2010-01-07 001234590 1030700533 &&
	say 2 'after the day' enroll --date 2010-01-07 --received 2010-01-08 001234590 1030700532
verdict $? "a request that cannot be entered says why"
printf 'medicaid_id,pcp_npi,channel,received,processed,source\n001234590,1030700003,PHONE,2010-01-09,2010-01-08,\n001234590,1030700003,PHONE,2010-01-09,,WISH\n001234590,1030700003,PHONE,2012-01-09,,\n' >"$work/r.csv"
say 1 '^3 rows: 0 new, 0 as before, 3 refused' requests --date 2010-01-10 "$work/r.csv" && grep -q 'r.csv:2: processed is before received' "$work/out" &&
	grep -q 'r.csv:3: source is none of' "$work/out" && grep -q 'r.csv:4: received is after' "$work/out"
verdict $? "a request whose dates or source cannot be is refused with its line"
