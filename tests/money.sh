# Functions for checks of money, sourced by tests/check_*.sh.  They believe bytes and tables, never the program's own sums.
#   $pccm   the program          $suite   the name before each verdict
# A world is a folder: pccm.db, and a folder of documents for each month, as `pccm run` leaves them.
. tests/store.sh
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok $suite: $2"; else echo "not ok $suite: $2"; fi
}

run_months() { # IN WORLD: every month of IN, each with its documents and its screen in WORLD
	for folder in "$1"/20*; do
		name=$(basename "$folder")
		"$pccm" run --quiet --show-values --store "$(store_url "$2/pccm.db")" --in "$folder" --out "$2/$name" --month "$name" \
			>"$2/$name.screen" 2>&1
		[ $? -le 1 ] || { cat "$2/$name.screen"; return 1; }
	done
}

# ---- awk that several checks share --------------------------------------------------------
csv_awk='
function csv(line, out, count, rest, field) { # fields of a CSV line into out[1…]
	count = 0; rest = line "\n"
	while (rest != "") {
		if (substr(rest, 1, 1) == "\"") {
			field = ""; rest = substr(rest, 2)
			while (match(rest, /^[^"]*""/)) { field = field substr(rest, 1, RLENGTH - 1); rest = substr(rest, RLENGTH + 1) }
			match(rest, /"/); field = field substr(rest, 1, RSTART - 1); rest = substr(rest, RSTART + 1)
		} else {
			match(rest, /[,\n]/); field = substr(rest, 1, RSTART - 1); rest = substr(rest, RSTART)
		}
		out[++count] = field
		if (substr(rest, 1, 1) == "\n") break
		rest = substr(rest, 2)
	}
	return count
}
function cents(text, sign, parts) {
	sign = text ~ /^-/ ? -1 : 1; gsub(/[-$,]/, "", text); split(text, parts, ".")
	return sign * (parts[1] * 100 + substr(parts[2] "00", 1, 2))
}'

# One line a pair: cycle npi code reference cents; and "paid" lines: cycle npi BPR02 - cents.  From the bytes of 835 files.
pairs() { # FILE…
	for file; do
		tr -d '\r\n' <"$file" | tr '~' '\n' | awk -F'*' "$csv_awk"'
			/^BPR/ { paid = cents($3) }
			/^DTM\*405/ { cycle = $3 }
			/^N1\*PE/ { npi = $5 }
			/^PLB/ { for (i = 4; i < NF; i += 2) { split($i, code, ":"); print cycle, npi, code[1], code[2], cents($(i + 1)) } }
			/^SE/ { print cycle, npi, "BPR02", "-", paid }'
	done
}

# ---- the checks ------------------------------------------------------------------------------
money_balance() { # WORLD: BPR02 = -sum of PLB amounts, none zero, BPR02 never negative (835-4, 835-9)
	pairs "$1"/20*/remittances/835-*.x12 | awk '
		$3 == "BPR02" { paid[$1 $2] += $5; seen[$1 $2]++; if ($5 < 0) wrong = 1; next }
		{ sum[$1 $2] += $5; if ($5 == 0) wrong = 1 }
		END {
			for (key in seen) { count++; if (seen[key] != 1 || paid[key] != -sum[key]) { wrong = 1; print key, paid[key], sum[key] } }
			exit wrong || count == 0
		}'
}

money_accepted() { # WORLD: check accepts each of our documents without any finding
	faulty=0
	for file in "$1"/20*/acknowledgments/*.x12 "$1"/20*/answers/*.x12 "$1"/20*/remittances/*.x12; do
		[ -e "$file" ] || continue
		said=$("$pccm" check --quiet "$file" 2>&1) && [ -z "$said" ] || { faulty=1; echo "$file: $said"; }
	done
	return $faulty
}

# The CT pairs of a payee and month = rate x clients of ELG-0401, and fund by fund the FCN, count and amount of its FUND line,
# and of the advice's payout lines.
money_fees() { # WORLD RATE-CENTS
	wrong=0
	for roster in "$1"/20*/rosters/ELG-0401-*.csv; do
		month=$(basename "$(dirname "$(dirname "$roster")")")
		npi=$(basename "$roster" | cut -d- -f3)
		paper=$(ls "$1/$month"/remittances/835-"$npi"-*.x12 2>/dev/null)
		advice=$(ls "$1/$month"/remittances/advice-"$npi"-*.txt 2>/dev/null)
		{
			[ -n "$paper" ] && pairs "$paper" | awk '$3 == "CT" { print "PAIR", $4, -$5 } $3 == "RA" && $5 < 0 { print "LATE", $4, -$5 }'
			[ -n "$advice" ] && awk '/^NON-CLAIM/ { on = 1 } /^ACCOUNTS|^EARNINGS|^TOTAL/ { on = 0 } on && /^[0-9]/ { print "ADVICE", $1, $2, $3 }' "$advice"
			cat "$roster"
		} | awk -v rate="$2" "$csv_awk"'
			/^PAIR/ { split($0, part, " "); split(part[2], reference, "-"); pair[reference[2]] = part[3]; fund_of[reference[2]] = substr(reference[1], 5)
				if (substr(reference[1], 1, 4) != "8391") wrong = 1; all += part[3]; next }
			/^ADVICE/ { split($0, part, " "); advice[part[2]] = cents(part[3]); if (part[4] != "8391") wrong = 1; next }
			/^LATE/ { split($0, part, " "); split(part[2], reference, "-"); late[reference[2]] = part[3]; next }
			{ csv($0, field) }
			field[9] == "MEMBER" { clients++ }
			field[9] == "TOTAL" { total = field[21]; amount = cents(field[24]) }
			field[9] == "FUND" {
				fcn = field[23]; funds++
				if (pair[fcn] != cents(field[24]) || advice[fcn] != pair[fcn] || fund_of[fcn] != field[22] || rate * field[21] != pair[fcn]) wrong = 1
				delete pair[fcn]; delete advice[fcn]
			}
			END {
				for (fcn in pair) { print "no fund line for", fcn; wrong = 1 }
				for (fcn in late) { if (advice[fcn] != late[fcn]) wrong = 1; delete advice[fcn] }
				for (fcn in advice) { print "advice without a fund line", fcn; wrong = 1 }
				if (all + 0 != rate * clients || total != clients + 0 || amount + 0 != all + 0) { wrong = 1; print all, clients, total, amount }
				exit wrong
			}' || { wrong=1; echo "$roster"; }
	done
	return $wrong
}

# RST-11: roster(M) = roster(M-1) + added - disenrolled, per PCP, as sets and as counts, from the two reports' CSV.
money_rosters() { # WORLD
	for roster in "$1"/20*/rosters/ELG-040[12]-*.csv; do
		awk "$csv_awk"'{ csv($0, f); if (f[1] ~ /^ELG/) print f[1], f[2], f[5], (f[7] == "" ? "-" : f[7]), f[9] (f[9] ~ /TOTAL/ ? "" : " " f[10]), f[18] + 0, f[19] + 0, f[20] + 0, f[21] + 0 }' "$roster"
	done | sort -k2,2 | awk '
		function previous(month, part) { split(month, part, "-"); return part[2] == "01" ? (part[1] - 1) "-12" : sprintf("%s-%02d", part[1], part[2] - 1) }
		$1 == "ELG-0401" && $5 == "MEMBER" { on[$2, $3, $4, $6] = 1; count[$2, $3, $4]++; all[$2, $3]++; months[$2] = 1; who[$3 SUBSEP $4 SUBSEP $6] = 1 }
		$1 == "ELG-0402" && ($5 == "ADDED" || $5 == "DISENROLLED") { change[$2, $3, $4, $6] = $5; tally[$2, $3, $4, $5]++; tally[$2, $3, "-", $5]++; who[$3 SUBSEP $4 SUBSEP $6] = 1 }
		$1 == "ELG-0402" && /TOTAL/ { totals[++n] = $0 }
		END {
			for (month in months) for (key in who) {
				split(key, k, SUBSEP); was = on[previous(month), k[1], k[2], k[3]] + 0; is = on[month, k[1], k[2], k[3]] + 0
				said = change[month, k[1], k[2], k[3]]
				if (said != (is > was ? "ADDED" : is < was ? "DISENROLLED" : "")) { wrong = 1; print month, k[1], k[2], k[3], was, is, said }
			}
			for (i = 1; i <= n; i++) {
				c = split(totals[i], t, " "); m = t[2]; b = t[c - 3]; a = t[c - 2]; d = t[c - 1]; e = t[c]; p = previous(m)
				was = t[4] == "-" ? all[p, t[3]] : count[p, t[3], t[4]]; is = t[4] == "-" ? all[m, t[3]] : count[m, t[3], t[4]]
				if (b != was + 0 || e != is + 0 || b + a - d != e || a != tally[m, t[3], t[4], "ADDED"] + 0 || d != tally[m, t[3], t[4], "DISENROLLED"] + 0) { wrong = 1; print totals[i], was, is }
			}
			exit wrong || n == 0
		}'
}

# Entitled member-months by the tables alone: covered, alive, assigned, and the PCP in Medicaid, under contract, in a practice,
# on the first of the month.  Written against domain rules, not against the engine's code.
entitled_sql() {
	cat <<'SQL'
CREATE TEMP VIEW first AS SELECT month, CAST(julianday(printf('%04d-%02d-01', month / 12, month % 12 + 1)) - 2440587.5 AS INTEGER) AS day FROM frozen_month;
CREATE TEMP VIEW entitled AS
 SELECT DISTINCT f.month, m.id AS member, x.billing, CASE substr(s.aid_category, 1, 1) WHEN 'P' THEN 'F2' WHEN 'S' THEN 'F3' ELSE 'F1' END AS fund
 FROM first f JOIN member m ON m.merged_into IS NULL AND (m.died = -2147483648 OR m.died >= f.day)
 JOIN span s ON s.member = m.id AND s.superseded IS NULL AND f.day BETWEEN s.begins AND s.ends AND s.plan LIKE 'HUSKY A'
 JOIN assignment a ON a.member = m.id AND f.day BETWEEN a.begins AND a.ends
 JOIN pcp p ON p.id = a.pcp AND f.day BETWEEN p.medicaid_begin AND p.medicaid_end AND f.day BETWEEN p.contract_begin AND p.contract_end
 JOIN affiliation x ON x.pcp = p.id AND f.day BETWEEN x.begins AND x.ends
 WHERE NOT EXISTS (SELECT 1 FROM span o WHERE o.member = m.id AND o.superseded IS NULL AND f.day BETWEEN o.begins AND o.ends AND o.plan LIKE 'MANAGED CARE%');
CREATE TEMP VIEW net AS SELECT month, member, billing, fund, sum(amount) AS amount FROM posting GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0;
SQL
}

money_ledger() { # WORLD RATE: what is posted net, member-month by member-month, is the rate where entitled and nothing elsewhere
	{
		entitled_sql
		echo "SELECT 'posted, not entitled', * FROM (SELECT month, member, billing, fund, amount FROM net EXCEPT SELECT month, member, billing, fund, $2 FROM entitled);"
		echo "SELECT 'entitled, not posted', * FROM (SELECT month, member, billing, fund, $2 FROM entitled EXCEPT SELECT month, member, billing, fund, amount FROM net);"
	} | sqlite3 "$(store_file "$1/pccm.db")" >"$1/ledger.said" && [ ! -s "$1/ledger.said" ] || { cat "$1/ledger.said"; return 1; }
}

money_sum() { # WORLD RATE: pairs of all 835s, without carried balances, = rate x entitled member-months (property 1)
	count=$({ entitled_sql; echo 'SELECT count(*) FROM entitled;'; } | sqlite3 "$(store_file "$1/pccm.db")")
	sent=$(pairs "$1"/20*/remittances/835-*.x12 | awk '$3 == "CT" || $3 == "RA" { sum -= $5 } END { print sum + 0 }')
	posted=$(sqlite3 "$(store_file "$1/pccm.db")" 'SELECT sum(amount) FROM posting')
	money_said="$count member-months, $sent cents"
	[ "$count" -gt 0 ] && [ "$sent" -eq $(($2 * count)) ] && [ "$posted" -eq "$sent" ] || { echo "$count entitled, $sent sent, $posted posted"; return 1; }
}

money_two_payees() { # WORLD: no member-month has two payees net
	[ "$(sqlite3 "$(store_file "$1/pccm.db")" 'SELECT count(*) FROM (SELECT 1 FROM (SELECT member, month, billing, sum(amount) AS net FROM posting GROUP BY 1, 2, 3) WHERE net <> 0 GROUP BY member, month HAVING count(*) > 1 OR min(net) < 0)')" = 0 ]
}

money_counts() { # WORLD IN: each 834 line of the screen: received = new + changed + as before + set aside + refused, received = INS of the file
	wrong=0
	for screen in "$1"/20*.screen; do
		month=$(basename "$screen" .screen)
		grep -E '834: [0-9]+ members' "$screen" >"$1/counts" || true
		while read -r day file what; do
			ins=$(gzip -cdf "$2/$month/$file" | tr -d '\r\n' | tr '~' '\n' | grep -c '^INS\*')
			echo "$what" | awk -v ins="$ins" '{
				gsub(/\(.*\)|[,;] [0-9]+ PCP requests?/, ""); received = $2
				for (i = 4; i <= NF; i++) if ($i ~ /^[0-9]+$/) sum += $i
				exit !(received == sum && received == ins)
			}' || { wrong=1; echo "$day $file $what, $ins INS"; }
		done <"$1/counts"
	done
	return $wrong
}

# Property 5: the PCP that a 271 names (NM1*P3) is whom the tables had on the day asked, as known before the day of the file;
# and who has one there, is active and not refused, is told.
money_answers() { # WORLD
	wrong=0
	checked=0
	books=$(store_file "$1/pccm.db")
	for reply in "$1"/20*/answers/*.x12; do
		[ -e "$reply" ] || continue
		made=$(basename "$reply" | cut -c1-10)
		tr -d '\r\n' <"$reply" | tr '~' '\n' | awk -F'*' '
			function out() { if (id != "") print id, asked, active + 0, (pcp == "" ? "-" : pcp) }
			/^(HL|SE)/ { out(); id = asked = pcp = ""; active = 0 }
			/^NM1\*IL/ { id = $10 }
			/^DTP\*291/ && asked == "" { asked = $4 }
			/^EB\*1/ { active = 1 }
			/^NM1\*P3/ { pcp = $10 }' >"$1/answers.said"
		while read -r id asked active pcp; do
			[ -n "$asked" ] && [ "$active" = 1 ] || { [ "$pcp" = - ] || wrong=1; continue; }
			known=$(sqlite3 "$books" "
				WITH c AS (SELECT max(id) AS id FROM change WHERE day < CAST(julianday('$made') - 2440587.5 AS INTEGER)),
				d AS (SELECT CAST(julianday(substr('$asked', 1, 4) || '-' || substr('$asked', 5, 2) || '-' || substr('$asked', 7, 2)) - 2440587.5 AS INTEGER) AS day),
				a AS (SELECT member, pcp, begins, ends FROM assignment, c WHERE recorded <= c.id
					UNION ALL SELECT member, pcp, begins, ends FROM assignment_past, c WHERE recorded <= c.id AND superseded > c.id)
				SELECT p.npi FROM a, d JOIN pcp p ON p.id = a.pcp JOIN member m ON m.id = a.member
				WHERE m.medicaid_id = '$id' AND d.day BETWEEN a.begins AND a.ends")
			checked=$((checked + 1))
			[ "${known:--}" = "$pcp" ] || { wrong=1; echo "$reply: $id on $asked: said $pcp, known ${known:--}"; }
		done <"$1/answers.said"
	done
	money_said="$checked answers"
	[ $wrong -eq 0 ] && [ $checked -gt 0 ]
}

# The bank's file of each cycle: records of 94 characters in blocks of ten, sums and hash worked out again; and every 835 that is
# paid by transfer has its one entry: BPR02, BPR15, BPR16 and the TRN segment (OPR-40); no check is in it.
money_bank() { # WORLD
	wrong=0
	for folder in "$1"/20*/; do
		month=$(basename "$folder")
		"$pccm" bank --store "sqlite:$1/pccm.db" --month "$month" --out "$1/bank" >"$1/bank.said" 2>&1 || { cat "$1/bank.said"; return 1; }
		cycle=$(sqlite3 "$1/pccm.db" "SELECT strftime('%Y%m%d', (SELECT day FROM cycle WHERE month = ${month%-*} * 12 + ${month#*-} - 1 ORDER BY id LIMIT 1) * 86400, 'unixepoch')")
		for file in "$folder"/remittances/835-*-"$cycle".x12; do
			tr -d '\r\n' <"$file" | tr '~' '\n' | awk -F'*' "$csv_awk"'
				/^BPR/ && $5 == "ACH" { amount = cents($3); effective = substr($17, 3); account = $16; routing = $14; kind = $15 }
				/^TRN/ { trn = $0; trace = $3 }
				/^N1.PE/ { if (amount != "") print "835", trace, amount, effective, routing, account, (kind == "SG" ? 32 : 22), trn }'
		done >"$1/bank.835"
		awk 'FNR == NR { want[$2] = $3 " " $4 " " $5 " " $6 " " $7 " " $8; n++; next }
			length($0) != 94 { print "a record of " length($0); wrong = 1 }
			{ lines++; type = substr($0, 1, 1) }
			type == "5" { effective = substr($0, 70, 6); if (substr($0, 51, 13) != "CCDHCCLAIMPMT" || substr($0, 2, 3) != "220") wrong = 1 }
			type == "6" {
				entries++; hash += substr($0, 4, 8); amount = substr($0, 30, 10) + 0; sum += amount; account = substr($0, 13, 17); sub(/ +$/, "", account)
				trace = substr($0, 40, 15); sub(/ +$/, "", trace); number = substr($0, 88, 7)
				entry = amount " " effective " " substr($0, 4, 9) " " account " " substr($0, 2, 2)
			}
			type == "7" {
				addenda++; text = substr($0, 4, 80); sub(/~ *$/, "", text)
				if (want[trace] != entry " " text) { print "835: " want[trace] ", bank: " entry " " text; wrong = 1 }
				if (substr($0, 88, 7) != number || number != substr(trace, length(trace) - 6)) wrong = 1
				delete want[trace]
			}
			type == "8" { if (substr($0, 5, 6) + 0 != entries + addenda || substr($0, 11, 10) + 0 != hash % 10000000000 || substr($0, 33, 12) + 0 != sum) wrong = 1 }
			type == "9" && substr($0, 2, 6) != "999999" {
				if (substr($0, 8, 6) * 10 != int((lines + 9) / 10) * 10 || substr($0, 14, 8) + 0 != entries + addenda || substr($0, 22, 10) + 0 != hash % 10000000000 || substr($0, 44, 12) + 0 != sum) wrong = 1
			}
			END { for (trace in want) { print "no entry for " trace; wrong = 1 } if (lines % 10 != 0 || entries != addenda || entries != n) wrong = 1; exit wrong }' \
			"$1/bank.835" "$1/bank/bank-$cycle.ach" || { wrong=1; echo "$month"; }
		cp "$1/bank/bank-$cycle.ach" "$1/bank.first" && "$pccm" bank --store "sqlite:$1/pccm.db" --cycle "$(echo "$cycle" | sed 's/\(....\)\(..\)/\1-\2-/')" --out "$1/bank" >>"$1/bank.said" 2>&1 &&
			cmp "$1/bank.first" "$1/bank/bank-$cycle.ach" || wrong=1
	done
	rm -rf "$1/bank" "$1"/bank.*
	return $wrong
}

# The rows for T-MSIS of each cycle: a row a posting, and under each FCN of the cycle what the PLB pair of its 835 pays.
money_tmsis() { # WORLD
	wrong=0
	for folder in "$1"/20*/; do
		"$pccm" tmsis --store "sqlite:$1/pccm.db" --month "$(basename "$folder")" | tr -d '\r' >"$1/tmsis.csv" || return 1
		pairs "$folder"/remittances/835-*.x12 | awk '$3 == "CT" || $3 == "RA" { sub(/^[^-]*-/, "", $4); print $2, $4, -$5 }' | sort >"$1/tmsis.pairs"
		awk -F, 'NR > 1 { fcn = $5 == "" ? $4 : $5; gsub(/\./, "", $8); sum[$12 " " fcn] += $8; if ($6 != 0 && $5 == "") wrong = 1; if (NF != 21 || $3 != NR - 1) wrong = 1 }
			END { for (key in sum) print key, sum[key]; exit wrong }' "$1/tmsis.csv" | sort | cmp - "$1/tmsis.pairs" || wrong=1
	done
	rm -f "$1"/tmsis.*
	return $wrong
}

# The rosters as 834: check has no finding; the full one holds the clients of ELG-0401 under their PCPs, the one of changes who is on
# ELG-0402: 021 added, 024 disenrolled, 001 both, which is another PCP of the practice.
money_rosters_834() { # WORLD
	wrong=0
	for folder in "$1"/20*/; do
		month=$(basename "$folder")
		"$pccm" roster --store "sqlite:$1/pccm.db" --month "$month" --format 834 --out "$1/834" >"$1/834.said" 2>&1 || { cat "$1/834.said"; return 1; }
		for roster in "$folder"/rosters/ELG-040[12]-*.csv; do
			paper=$1/834/$(basename "$roster" .csv).x12
			if [ -e "$paper" ]; then
				said=$("$pccm" check --quiet "$paper" 2>&1) && [ -z "$said" ] || { wrong=1; echo "$paper: $said"; }
				tr -d '\r\n' <"$paper" | tr '~' '\n' | awk -F'*' '
					function out() { if (id != "") print step, id, pcp }
					/^BGN/ { action = $9 } /^QTY/ { total = $3 } /^INS/ { out(); n++; step = $4; pcp = "-" } /^REF.0F/ { id = $3 } /^NM1.P3/ { pcp = $10 }
					/^SE/ { out(); if (total != n) print "total", total, n; print "BGN08", action }'
			fi | sort >"$1/834.is"
			awk "$csv_awk"'{ csv($0, f) }
				FILENAME ~ /ELG-0401/ && f[9] == "MEMBER" { print "030", f[10], f[7]; any = 1 }
				f[9] == "ADDED" { added[f[10]] = f[7]; any = 1 } f[9] == "DISENROLLED" { gone[f[10]] = 1; any = 1 }
				END {
					for (id in added) print (id in gone ? "001" : "021"), id, added[id]
					for (id in gone) if (!(id in added)) print "024", id, "-"
					if (any) print "BGN08", (FILENAME ~ /ELG-0401/ ? "RX" : "2")
				}' "$roster" | sort | diff - "$1/834.is" || { wrong=1; echo "$roster"; }
		done
	done
	rm -rf "$1/834" "$1"/834.*
	return $wrong
}

# What explain says of each control number of the last month is what its pair pays, and so many member-months stand behind it; what it
# says of a payee are its payments.
money_explained() { # WORLD
	wrong=0
	last=$(ls -d "$1"/20*/ | tail -n 1)
	pairs "$last"/remittances/835-*.x12 | awk '$3 == "CT" || $3 == "RA" { sub(/^[^-]*-/, "", $4); print $4, -$5 }' >"$1/explain.pairs"
	while read -r fcn cents; do
		said=$("$pccm" explain --store "sqlite:$1/pccm.db" --format json fcn "$fcn" | jq -r '"\(.amount_cents) \(.lines[0].amount_cents) \(.lines[0].member_months == .posting_count) \(all(.postings[]; .file != "" and .byte > 0))"')
		[ "$said" = "$cents $cents true true" ] || { wrong=1; echo "$fcn pays $cents: $said"; }
	done <"$1/explain.pairs"
	for npi in $(pairs "$last"/remittances/835-*.x12 | awk '{ print $2 }' | sort -u); do
		said=$("$pccm" explain --store "sqlite:$1/pccm.db" --format json "$npi" | jq '[([.payments[].amount_cents] | add), ([.lines[].amount_cents] | add)] | @csv' | tr -d '"')
		sent=$(pairs "$1"/20*/remittances/835-"$npi"-*.x12 | awk '$3 == "BPR02" { sum += $5 } END { print sum }')
		[ "$said" = "$sent,$sent" ] || { wrong=1; echo "$npi was sent $sent: $said"; }
	done
	[ -s "$1/explain.pairs" ] || wrong=1
	rm -f "$1/explain.pairs"
	return $wrong
}

money_again() { # WORLD: remit of every month again posts nothing and writes the same bytes (RET-2)
	state='SELECT count(*), sum(amount), (SELECT count(*) FROM payment), (SELECT count(*) FROM cycle), (SELECT group_concat(number) FROM sequence) FROM posting'
	before=$(sqlite3 "$(store_file "$1/pccm.db")" "$state")
	again=0
	for folder in "$1"/20*/; do
		month=$(basename "$folder")
		"$pccm" remit --store "$(store_url "$1/pccm.db")" --date 2010-12-31 --month "$month" --out "$1/again" >"$1/again.said" 2>&1 || { again=1; cat "$1/again.said"; }
		for file in "$folder"/remittances/*; do
			cmp "$file" "$1/again/$(basename "$file")" || again=1
		done
		rm -rf "$1/again"
	done
	[ "$(sqlite3 "$(store_file "$1/pccm.db")" "$state")" = "$before" ] || again=1
	return $again
}

# Sums and documents that must be the same however a run went: the ledger by member, and every document but acknowledgments.
same_outcome() { # WORLD WORLD
	state="SELECT m.medicaid_id, p.month, b.npi, p.fund, p.amount, p.kind, p.reason, p.fcn FROM posting p JOIN member m ON m.id = p.member JOIN billing b ON b.id = p.billing ORDER BY 1, 2, 3, 4, 5, 6;
		SELECT m.medicaid_id, q.npi, a.begins, a.ends, a.ended_why FROM assignment a JOIN member m ON m.id = a.member JOIN pcp q ON q.id = a.pcp ORDER BY 1, 2, 3, 4;
		SELECT m.medicaid_id, r.npi, r.received, r.state, r.reason FROM request r JOIN member m ON m.id = r.member ORDER BY 1, 2, 3, 4, 5;
		SELECT m.medicaid_id, s.begins, s.ends, s.aid_category FROM span s JOIN member m ON m.id = s.member WHERE s.superseded IS NULL ORDER BY 1, 2, 3, 4;
		SELECT day, month, payments, amount FROM cycle ORDER BY 1; SELECT trace, amount FROM payment ORDER BY 1"
	sqlite3 "$(store_file "$1/pccm.db")" "$state" >"$1/state"
	sqlite3 "$(store_file "$2/pccm.db")" "$state" >"$2/state"
	cmp "$1/state" "$2/state" || { diff "$1/state" "$2/state" | head -n 10; return 1; }
	for folder in "$1"/20*/; do
		month=$(basename "$folder")
		for part in answers remittances rosters; do
			diff -rq -x '.*' "$1/$month/$part" "$2/$month/$part" || return 1
		done
	done
}

# What the acknowledgments of a world say, without control numbers: file, kind, its TA1 or AK and IK segments.
acks_said() { # WORLD
	for file in "$1"/20*/acknowledgments/*.x12; do
		stem=$(basename "$file" | sed -E 's/\.[0-9]{9}\.(ta1|999)\.x12$/ \1/')
		echo "$stem $(tr -d '\r\n' <"$file" | tr '~' '\n' | grep -E '^(TA1|AK|IK|CTX)' | tr '\n' ' ')"
	done | sort -u
}

# Every acknowledgment of the first world is in the second; what the second has besides is TA1 025 (a repeat of what was committed).
same_acks() { # WORLD WORLD
	acks_said "$1" >"$1/acks"
	acks_said "$2" >"$2/acks"
	{ comm -23 "$1/acks" "$2/acks"; comm -13 "$1/acks" "$2/acks" | grep -v ' ta1 TA1\*.*\*R\*025 $'; } >"$1/acks.said"
	[ ! -s "$1/acks.said" ] || { cat "$1/acks.said"; return 1; }
}

store_intact() { # FILE
	store_whole "$1"
}
