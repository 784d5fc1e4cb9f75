#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Partner files and code sets from outside: what check, load and answer do with them, that a wrong one is one sentence with
# file and line, and that the schema and the program agree about their shape.
#   tests/check_partner.sh BUILD
case $1 in /*) pccm=$1/pccm ;; *) pccm=$(pwd)/$1/pccm ;; esac
[ -x "$pccm" ] || { echo "not ok partner: $pccm is not built"; exit 1; }
tree=$(pwd)
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok partner: $2"; else failed=1; tail -n 10 "$work/said"; echo "not ok partner: $2"; fi
}
says() { # STATUS TEXT COMMAND…: ends with that status and prints that text
	status=$1 text=$2
	shift 2
	"$@" >"$work/said" 2>&1
	[ $? -eq "$status" ] && grep -qF -- "$text" "$work/said"
}
connecticut=guides/partners/connecticut-pccm.xml
member=tests/golden/834/a-state-that-no-list-has.edi
strict=tests/golden/strict/required-things-are-missing.edi

# ---- the sample month is what Connecticut's partner file asks for ----
: >"$work/wrong"
for file in samples/*/*.x12; do
	"$pccm" check --quiet "$file" >"$work/without" 2>&1
	"$pccm" check --quiet --partner $connecticut "$file" >"$work/with" 2>&1
	cmp -s "$work/without" "$work/with" || echo "$file" >>"$work/wrong"
done
cp "$work/wrong" "$work/said"
[ ! -s "$work/wrong" ]
verdict $? "the samples have all that $connecticut asks for"

# ---- levels ----
says 1 "SNIP 7" "$pccm" check --partner tests/golden/strict/partner.xml $strict
verdict $? "a partner's level is 7 unless he says another"
says 0 "accepted" "$pccm" check --level 6 --partner tests/golden/strict/partner.xml $strict
verdict $? "--level goes before the partner's: at 6 nothing that only he asks is told"
sed 's/level="7"/level="5"/' $connecticut >"$work/five.xml"
says 0 "accepted" "$pccm" check --partner "$work/five.xml" tests/golden/connecticut/prior-ids-of-another-form.edi
verdict $? "a partner of level 5 is checked to level 5"
says 1 "SNIP 7" "$pccm" check --level 7 --partner "$work/five.xml" tests/golden/connecticut/prior-ids-of-another-form.edi
verdict $? "and to level 7 when asked"

# ---- code sets ----
mkdir "$work/codes"
says 0 "element-external-code" "$pccm" check $member
verdict $? "a state that no list has is noted"
printf 'code,start,end\nQQ,,\n' >"$work/codes/states.csv"
says 0 "0 notes" "$pccm" check --codes "$work/codes" $member
verdict $? "--codes replaces a set without a new build"
printf 'code,start,end\r\nQQ,2026-02-01,\r\n' >"$work/codes/states.csv"
says 0 "this one holds from 2026-02-01" "$pccm" check --codes "$work/codes" $member
verdict $? "a code that begins later than the group is told with its days"
printf 'code,start,end\nCT,,\nNY,2010-02-30,\n' >"$work/codes/states.csv"
says 3 "$work/codes/states.csv:3: expected two days" "$pccm" check --codes "$work/codes" $member
verdict $? "a wrong line of a code set is told with file and line"
says 3 "$work/none: No such file" "$pccm" check --codes "$work/none" $member
verdict $? "a folder that is not there is told"

# ---- the store ----
PCCM_STORE=sqlite:$work/p.db
PCCM_PROGRAM=rules/husky-primary-care.xml
export PCCM_STORE PCCM_PROGRAM
says 1 "CT-CLIENT-ID" "$pccm" load --partner $connecticut tests/golden/connecticut/client-id-plan-and-pcp-are-other.edi
verdict $? "load refuses a set that the partner does not take"
sed 's|<overlay of="005010X220A1"|<finding name="se-count" severity="note"/><overlay of="005010X220A1"|' $connecticut >"$work/loose.xml"
says 3 "$work/loose.xml:" "$pccm" load --partner "$work/loose.xml" $member && grep -q 'no partner can make it less' "$work/said"
verdict $? "BAD-32: a file that loosens the standard loads nothing"

# ---- the schema ----
if command -v xmllint >"$work/which" 2>&1; then
	for file in $connecticut tests/golden/strict/partner.xml; do
		xmllint --noout --relaxng guides/partner.rng "$file" >"$work/said" 2>&1
		verdict $? "$file follows partner.rng"
	done
	for change in 's/<overlay of/<overlay on/' 's/<loop id/<loop name/' 's/severity="note"/severity="warn"/' 's/level="7"/level="9"/' \
		's/<partner name/<partner title/' 's/<element at/<field at/' 's/usage="R"/usage="X"/' 's/charset="extended"/charset="latin"/'; do
		sed "$change" $connecticut >"$work/changed.xml"
		xmllint --noout --relaxng guides/partner.rng "$work/changed.xml" >"$work/said" 2>&1
		schema=$?
		says 3 "$work/changed.xml:" "$pccm" check --partner "$work/changed.xml" $member
		[ $? -eq 0 ] && [ $schema -ne 0 ]
		verdict $? "schema and program both refuse $change"
	done
else
	echo "skip partner: no xmllint for the schema"
fi
cd "$tree" || exit 3
exit $failed
