#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Edges of the steps at the store: outputs that lie on inputs, long paths, names that nearly agree, rows that nearly do.
#   tests/check_edges.sh BUILD
case $1 in /*) pccm=$1/pccm ;; *) pccm=$(pwd)/$1/pccm ;; esac
[ -x "$pccm" ] || { echo "not ok edges: $pccm is not built"; exit 1; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
export PCCM_STORE="sqlite:$work/p.db"
unset PCCM_PROGRAM
failed=0
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok edges: $2"; else failed=1; cat "$work/said"; echo "not ok edges: $2"; fi
}
run() { "$pccm" "$@" >"$work/said" 2>&1; status=$?; }
said() { grep -q -- "$1" "$work/said"; }
inquiry=tests/golden/270/one-subscriber-is-asked-for.edi
member=tests/golden/834/a-member-is-added.edi

# ---- outputs on inputs ----
cp "$inquiry" "$work/in.x12"
ln "$work/in.x12" "$work/link.x12"
run providers --date 2010-01-04 tests/talk/billing.csv tests/talk/pcps.csv
for out in in link; do
	run answer --out "$work/$out.x12" "$work/in.x12"
	[ $status -eq 2 ] && said 'over the file that is read' && cmp -s "$inquiry" "$work/in.x12"
	verdict $? "an answer is not written over its inquiry ($out.x12)"
done
run check --ta1 "$work/in.x12" "$work/in.x12"
[ $status -eq 2 ] && cmp -s "$inquiry" "$work/in.x12"
verdict $? "nor an acknowledgment over what it speaks of"
run check --ta1 "$work/acks" --999 "$work/acks" "$work/in.x12"
[ $status -eq 2 ] && [ ! -e "$work/acks" ]
verdict $? "nor a 999 over its TA1"
run check --quiet --ta1 - --999 - "$work/in.x12"
[ $status -eq 0 ] && said '^TA1' && said '^AK9'
verdict $? "both may go to standard output"

# ---- a group that nobody here handles ----
for kind in ZZ HP; do
	sed "s/^GS\*BE/GS*$kind/; s/000000101/0000007$(printf '%d' "'$kind")/" "$member" >"$work/group.x12"
	run load --date 2010-01-05 "$work/group.x12"
	[ $status -eq 1 ] && said '0 members received'
	verdict $? "a group of another kind is refused, and the exit status says so ($kind)"
done
printf 'this is no X12' >"$work/none.x12"
run load --date 2010-01-05 "$work/none.x12"
[ $status -eq 1 ] && said '0 of 0 interchanges refused'
verdict $? "bytes outside of any interchange refuse none, and the exit status is 1"
for command in load answer check; do
	: >"$work/none.x12"
	run $command "$work/none.x12"
	[ $status -eq 1 ]
	verdict $? "an empty file is not clean: $command"
done

# ---- rows ----
# NAME PATTERN SED: one row of the PCPs that is wrong, and is refused as a whole
row() {
	name=$1 pattern=$2
	{ head -n 1 tests/talk/pcps.csv; sed -n 2p tests/talk/pcps.csv | sed -e "s/1315000012/1515000036/" -e "$3"; } >"$work/pcps.csv"
	run providers --date 2010-01-04 "$work/pcps.csv"
	[ $status -eq 1 ] && said "$pattern" && said '1 row: 0 new or changed, 0 as before, 1 refused' &&
		[ "$(sqlite3 "$work/p.db" "SELECT count(*) FROM pcp WHERE npi = '1515000036'")" -eq 0 ]
	verdict $? "$name"
}
row "PRV-4: a row whose practice is not known leaves no PCP behind" 'is not known: load the billing providers first' 's/1679576722/1999999992/'
row "a comma in a name does not move what stands behind it" 'row has 17 columns, expected the 16' 's/ABARA/ABARA, JR/'
row "a row that ends early is not filled up with nothing" 'row has 15 columns, expected the 16' 's/,$//'
row "PRV-1: an end before its begin" 'medicaid_to is before medicaid_from' 's/2005-07-01,,/2005-07-01,2004-01-01,/'
row "PRV-2: an end without a begin" 'contract_to is before contract_from' 's/,2009-02-01,,,1679/,,2011-01-01,,1679/'
row "PRV-6: a practice without a begin" 'affiliated_from is empty' 's/1679576722,2009-02-01/1679576722,/'
row "PRV-3: neither yes nor no" 'facility_based is neither yes nor no' 's/,no,/,maybe,/'
sed -e '1s/$/,phone/' -e '2,$s/$/,1/' tests/talk/pcps.csv >"$work/pcps.csv"
run providers --date 2010-01-04 "$work/pcps.csv"
[ $status -eq 1 ] && said 'column "phone" is there twice'
verdict $? "a column that is there twice refuses the file"
: >"$work/empty.csv"
run providers --date 2010-01-04 "$work/pcps.csv" "$work/empty.csv"
[ $status -eq 1 ] && said 'empty.csv:1: the file has no header row'
verdict $? "an empty file is told, also behind one that was refused"
sed 1d tests/talk/pcps.csv >"$work/headless.csv"
run providers --date 2010-01-04 "$work/headless.csv"
[ $status -eq 1 ] && said 'column 1 is not named like one' && ! said '1315000012'
verdict $? "a file without its header row is refused, and nothing of its first row is printed"
printf 'secretname,001234566,1980-01-02\n' >"$work/none.csv"
run visits "$work/none.csv"
[ $status -eq 1 ] && said 'the first row has to name the columns' && ! said 'secretname'
verdict $? "BAD-29: a first row that names no column is told by its place, not by what it says"
columns() { awk -v n="$1" 'BEGIN { printf "billing_npi"; for (i = 2; i <= n; i++) printf ",x%d", i; print "" }'; }
columns 33 >"$work/wide.csv"
run providers --date 2010-01-04 "$work/wide.csv"
[ $status -eq 1 ] && said 'more than 32 columns'
verdict $? "33 columns are too many"
columns 32 >"$work/wide.csv"
run providers --date 2010-01-04 "$work/wide.csv"
[ $status -eq 1 ] && said 'column "x2" is none of'
verdict $? "32 are looked at one by one"

# ---- paths ----
deep=$work/$(printf '%0200d/' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21)
run load --date 2010-01-05 --out "$deep" "$member"
[ $status -eq 3 ] && said 'cannot make the folder' && [ -z "$(find "$work" -name '*.ta1*')" ]
verdict $? "a path that is too long is told, and not cut"
sed 's/000000101/000000102/' "$member" >"$work/first.x12"
run load --date 2010-01-05 --out "$work/acks" "$work/first.x12"
ack=$(find "$work/acks" -name '*.ta1.x12')
cp "$ack" "$work/ta1"
echo 'something else' >"$ack"
run load --date 2010-01-05 --out "$work/acks" "$work/first.x12"
cmp -s "$ack" "$work/ta1"
verdict $? "an acknowledgment is fetched again also where something else lies under its name"
mkdir "$work/month"
sed 's/2026010\([0-9]\)/2010010\1/g; s/260105/100105/' "$inquiry" >"$work/month/ask.x12"
sed 's/ELM-0001/ELM-0002/' "$work/month/ask.x12" | gzip >"$work/month/ask.x12.gz"
run run --show-values --in "$work/month" --out "$work/out" --month 2010-01
grep -q 'ELM-0001' "$work/out/answers/ask.271.x12" && grep -q 'ELM-0002' "$work/out/answers/ask.x12.gz.271.x12"
verdict $? "two files whose names nearly agree have two answers"

# ---- a roster that was printed is printed again as it was (BAD-11), whoever came since ----
cp -r "$work/out/rosters" "$work/before"
cat >"$work/more.csv" <<'ROWS'
billing_npi,medicaid_id,name,tax_id,street,city,state,zip,trading_partner,method
1679576722,004000011,BROOKSIDE UNDER A NEW NAME,060000011,1 BROOK ST,WATERBURY,CT,06702,TP0000901,CHK
1999999992,004000033,NEWCOMERS PC,060000033,3 NEW ST,WATERBURY,CT,06702,TP0000903,CHK
ROWS
{ head -n 1 tests/talk/pcps.csv; sed -n 2p tests/talk/pcps.csv | sed -e "s/1315000012/1515000036/" -e 's/1679576722/1999999992/'
  sed -n 2p tests/talk/pcps.csv | sed -e "s/1315000012/1615000043/"; } >"$work/newpcps.csv"
run providers --date 2010-02-20 "$work/more.csv" "$work/newpcps.csv"
run roster --date 2010-02-28 --month 2010-01 --out "$work/again"
[ $status -eq 0 ] && diff -r "$work/before" "$work/again" >>"$work/said"
verdict $? "BAD-11: a roster printed again is the same, whoever came since"
mkdir "$work/one" "$work/three"
run roster --date 2010-02-28 --month 2010-01 --format text --jobs 1 --out "$work/one"
run roster --date 2010-02-28 --month 2010-01 --format text --jobs 3 --out "$work/three"
diff -r "$work/one" "$work/three" >/dev/null && [ -n "$(ls "$work/three")" ]
verdict $? "rosters printed by several threads are those of one"
# ---- which month may be paid, and when ----
export PCCM_STORE="sqlite:$work/order.db"
run run --in samples/2010-01 --out "$work/order" --month 2010-01
run remit --date 2010-03-31 --month 2010-03 --out "$work/order"
[ $status -eq 2 ] && said 'month 2010-02 comes first'
verdict $? "FEE-2: no month is skipped: each is paid from its own roster"
run remit --date 2010-02-28 --month 2010-02 --cycle 2010-02-09 --out "$work/order"
[ $status -eq 2 ] && said 'the cycle of that day paid month 2010-01'
verdict $? "one cycle a day"
run remit --date 2010-02-28 --month 2010-02 --cycle 2010-02-08 --out "$work/order"
[ $status -eq 2 ] && said 'the newest cycle was on 2010-02-09'
verdict $? "cycles go forward"
run remit --date 2010-02-28 --month 2010-02 --cycle 2010-02-20 --out "$work/order"
[ $status -eq 2 ] && said 'a day after 2010-02-28'
verdict $? "FEE-2: the fee is paid when the month is over"
run remit --date 2010-02-27 --month 2010-02 --out "$work/order"
[ $status -eq 2 ] && said 'from 2010-02-28 on'
verdict $? "and not before it is"
run remit --date 2010-02-28 --month 2010-02 --out "$work/order"
[ $status -eq 0 ] && said 'remittance of 2010-03-09'
verdict $? "then it is"
exit $failed
