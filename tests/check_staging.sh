#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files that are looked at before they are applied: compared, stopped by a safeguard, staged, committed, discarded.
#   tests/check_staging.sh BUILD
pccm=$1/pccm
. tests/store.sh
[ -x "$pccm" ] || { echo "not ok staging: $pccm is not built"; exit 1; }
. tests/store.sh
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok staging: $2"; else failed=1; cat "$work/said"; echo "not ok staging: $2"; fi
}
program=rules/husky-primary-care.xml
load() { # WORD…: sets status; what was said is in $work/said
	"$pccm" load --store "$(store_url "$work/p.db")" --program "$program" --date "${day:-2026-01-05}" "$@" >"$work/said" 2>&1
	status=$?
}
said() { tr -d '\r' <"$work/said" | grep -q -- "$1"; }
# file NAME ACTION DATE LINE…: an 834 of "ID MAINTENANCE CITY PLAN DTP…" lines from standard input; DTP is QUALIFIER=DATE
echo 600 >"$work/control"
file() {
	control=$(($(cat "$work/control") + 1))
	echo $control >"$work/control"
	awk -v control="$(printf '%09d' $control)" -v action="$2" -v date="$3" '
		BEGIN { printf "ISA*00*          *00*          *ZZ*ELMSENDER      *ZZ*CTDSS          *260105*0930*^*00501*%s*0*T*:~\n", control
			print "GS*BE*ELMSENDER*CTDSS*20260105*0930*7*X*005010X220A1~\nST*834*0001*005010X220A1~\nBGN*00*T" control "*" date "*0930****" action "~"
			print "REF*38*HUSKYA~\nDTP*007*D8*" date "~\nN1*P5*STATE OF EXAMPLE*FI*069999999~\nN1*IN*EXAMPLE CARE*FI*069999998~"; n = 6 }
		{ print "INS*Y*18*" $2 "*28*A***AC~\nREF*0F*" $1 "~\nREF*1L*HUSKYA~\nREF*3H*C" $1 "~\nDTP*356*D8*20250101~"; n += 5
			printf "NM1*IL*1*OKAFOR*NADIA****ZZ*%s~\nN3*7 LANTERN ROAD~\nN4*%s*CT*06702~\nDMG*D8*19910412*F~\nHD*%s**HLT*%s*IND~\n", $1, $3, $2, "HUSKY A"; n += 5
			for (i = 4; i <= NF; i++) { split($i, dtp, "="); print "DTP*" dtp[1] "*D8*" dtp[2] "~"; n++ } }
		END { printf "SE*%d*0001~\nGE*1*7~\nIEA*1*%s~\n", n + 1, control }' >"$work/$1.x12"
}
people() { # FIRST LAST MAINTENANCE CITY DTP…
	first=$1 last=$2
	shift 2
	seq "$first" "$last" | while read -r n; do echo "9000$n $*"; done
}

{ people 1001 1030 021 WATERBURY 348=20250101; people 1031 1040 021 MANSFIELD 348=20250101; } | file all RX 20260101
load "$work/all.x12"
[ $status -eq 0 ] && said '40 members received = 40 applied (40 new)'
verdict $? "a full file of forty members"

# ---- compare (BAD-12) ----
{ people 1002 1029 021 WATERBURY 348=20250101; people 1030 1030 021 HARTFORD 348=20250101; people 1031 1039 021 MANSFIELD 348=20250101
	people 1040 1040 021 MANSFIELD 348=20250101 349=20260131; people 1041 1041 021 MANSFIELD 348=20250101; } | file other RX 20260101
load --compare --format csv "$work/other.x12"
tail -n +2 "$work/said" | tr -d '\r' | sort >"$work/differences"
cat >"$work/expected" <<'END'
90001001,missing-there,member,covered,
90001030,demographics,home-address,(hidden),(hidden)
90001040,coverage,span,,HUSKY A 2025-01-01..2026-01-31 HLT
90001040,coverage,span,HUSKY A 2025-01-01..open HLT,
90001041,missing-here,member,,listed
END
[ $status -eq 1 ] && cmp -s "$work/differences" "$work/expected"
verdict $? "BAD-12: a full file and the store are compared: missing here, missing there, spans, demographics"
load --compare --show-values "$work/other.x12"
[ $status -eq 1 ] && said '90001030 .*WATERBURY.*HARTFORD' && said '^missing-here  *1$' && said '^missing-there  *1$' && said '^coverage  *2$' && said '^as before  *37$'
verdict $? "BAD-12: and counted by kind, with values where they are asked for"
sed 's/\*RX~/*4~/; s/INS\*Y\*18\*021/INS*Y*18*030/' "$work/other.x12" >"$work/verify.x12"
load --compare --format csv "$work/verify.x12"
tail -n +2 "$work/said" | tr -d '\r' | sort >"$work/differences"
[ $status -eq 1 ] && cmp -s "$work/differences" "$work/expected"
verdict $? "BAD-12: a file that is sent for comparison (BGN08 4) says the same"
load --compare --format json "$work/all.x12"
[ $status -eq 0 ] && said '^{"differences":\[\],"missing-here":0,.*"unchanged":40}$'
verdict $? "what a comparison reads is not received by it, and what is the same is not told"
sed 's/REF\*3H\*C90001002/REF*3H*C1/; s/^DTP\*348\*D8\*20250101~/&\nLX*1~\nNM1*P3*1*LINDQVIST*OLE****XX*1234567893*26~/; s/^SE\*[0-9]*/SE*527/' "$work/all.x12" >"$work/pcp.x12"
load --compare --format csv "$work/pcp.x12"
[ $status -eq 1 ] && said '^90001002,case,case-number,C90001002,C1$' && [ "$(grep -c ',pcp,npi,,1234567893' "$work/said")" -eq 40 ]
verdict $? "BAD-12: another case, and PCPs that nobody asked for here, are kinds of their own"

# ---- a safeguard (BAD-13) ----
guarded() { # ATTRIBUTES: the program with these safeguards
	sed "s|^  <retro .*|&\n  <safeguards $1/>|" rules/husky-primary-care.xml >"$work/program.xml"
	program=$work/program.xml
}
people 1001 1004 024 WATERBURY 349=20260131 | file end 2 20260105
guarded 'ended-percent="9"'
load --out "$work/acks" "$work/end.x12"
[ $status -eq 1 ] && said 'code  too-many-ended' && said 'found 4 of 40' && said '0 applied' && [ -z "$(ls "$work/acks" 2>/dev/null)" ]
verdict $? "BAD-13: a file that ends more than the program allows is not applied, and not acknowledged"
"$pccm" explain --store "$(store_url "$work/p.db")" 90001001 >"$work/said" && said 'on  *HUSKY A' && ! said '2026-01-31'
verdict $? "BAD-13: nothing of it is left"
guarded 'ended-percent="10"'
load --compare --format csv "$work/end.x12"
[ $status -eq 1 ] && ! said 'too-many-ended'
verdict $? "BAD-13: the limit itself is not past it"
guarded 'ended-members="3"'
load "$work/end.x12"
[ $status -eq 1 ] && said 'code  too-many-ended'
verdict $? "BAD-13: a number of members is a limit too"
guarded 'ended-members="3" from-members="5"'
load --compare "$work/end.x12"
! said 'too-many-ended'
verdict $? "BAD-13: a few are no mass"
people 1036 1040 024 MANSFIELD 349=20260131 | file region 2 20260105
guarded 'ended-percent="20" place-percent="40"'
load "$work/region.x12"
[ $status -eq 1 ] && said 'found 5 of 10 in Mansfield' && ! said 'found 5 of 40'
verdict $? "BAD-13: a town that is lost is seen, though it is little of the whole"
{ people 1036 1040 024 MANSFIELD 349=20260131; people 1036 1040 021 MANSFIELD 348=20260201; } | file renewed 2 20260105
load --compare "$work/renewed.x12"
! said 'too-many-ended'
verdict $? "BAD-13 BAD-14: what a file ends and adds again with no day between is not ended"
{ people 1036 1040 024 MANSFIELD 349=20260115; } | file past 2 20260105
load --compare --format json "$work/past.x12"
said 'too-many-ended'
verdict $? "BAD-13: an end in the next two months counts like one of today"
{ people 1036 1040 024 MANSFIELD 349=20270115; } | file later 2 20260105
load --compare --format json "$work/later.x12"
! said 'too-many-ended'
verdict $? "BAD-13: one that lies further ahead does not"

# ---- two phases ----
load --stage "$work/region.x12"
[ $status -eq 1 ] && said 'code  too-many-ended' && said '^coverage ended  *5$' && said '^staged as  *1$' && said 'pccm load --commit 1'
verdict $? "BAD-13: a file is staged, and what it would do is told"
load --staged --format csv
said '^1,region.x12,2026-01-05,waits,,5,5,5,0$'
verdict $? "what is staged is listed"
echo "90001001 001 HARTFORD" | sed 's/$/ 303=20260105/' | file moved 2 20260105
load "$work/moved.x12"
load --look 1 --format csv
[ $status -eq 1 ] && said 'the store has changed since the file was staged: what the file does is the same' && [ "$(grep -c ',coverage,' "$work/said")" -eq 10 ]
verdict $? "a store that changed in between is told when it is looked at again"
people 1036 1036 024 MANSFIELD 349=20260131 | file one 2 20260105
load "$work/one.x12"
rm "$work/region.x12"
load --commit 1 --out "$work/acks"
[ $status -eq 0 ] && said 'applied 5 then, 4 now; as before 0 then, 1 now; coverage ended 5 then, 4 now' && said '5 members received = 4 applied' &&
	ls "$work"/acks/region*.999.x12 >/dev/null
verdict $? "BAD-13: committed it is applied from what was kept, whatever it ends, and acknowledged"
load --commit 1
[ $status -eq 1 ] && said 'no staged file 1 waits'
verdict $? "it is applied once"
load --stage --quiet "$work/end.x12"
load --discard 2
[ $status -eq 0 ] && said 'staged file 2 is discarded'
verdict $? "a staged file is discarded"
load --commit 2
[ $status -eq 1 ] && said 'no staged file 2 waits'
verdict $? "and cannot be applied then"
load --commit x
[ $status -eq 2 ] && load --commit 1 --discard 1 && [ $status -eq 2 ]
load --stage
[ $status -eq 2 ]
verdict $? "orders that cannot be followed are refused"
load --stage - <"$work/end.x12"
[ $status -eq 0 ] && said "^staged as  *3$"
verdict $? "standard input can be staged: its bytes are kept"

# ---- a full file that ends whom it does not name ----
{ people 1002 1030 021 WATERBURY 348=20250101; } | file full RX 20260201
guarded 'missing="end"'
load "$work/full.x12"
[ $status -eq 0 ] && [ "$(grep -c 'code  missing-in-full-file' "$work/said")" -ge 5 ]
verdict $? "BAD-13: a full file that nobody looked at ends nobody who is missing in it"
sed "s/^\(ISA.*\*\)000000[0-9]*\*0\*T/\1000000999*0*T/; s/^IEA\*1\*.*/IEA*1*000000999~/" "$work/full.x12" >"$work/again.x12"
load --stage "$work/again.x12"
said '^missing-there  *6$'
day=2026-02-01
load --commit 4
[ $status -eq 0 ] && "$pccm" explain --store "$(store_url "$work/p.db")" 90001031 >"$work/said" && said '2025-01-01.*2026-01-31'
verdict $? "BAD-13: committed after a look it does, on the day before its own, where the program says so"
{ people 1002 1029 021 WATERBURY 348=20250101; } | file short RX 20260301
sed -i 's/^N1\*P5/QTY*TO*30~\n&/; s/^SE\*\([0-9]*\)/SE*316/' "$work/short.x12"
load --stage "$work/short.x12"
load --commit 5
"$pccm" explain --store "$(store_url "$work/p.db")" 90001030 >"$work/said" && ! said '2026-02-28'
verdict $? "BAD-13: but never by a file that holds another number of members than it says, or in which something is wrong"

# ---- a program's mistakes ----
guarded ''
load --staged
[ $status -eq 3 ] && said 'program.xml:[0-9]*: no safeguard is set'
verdict $? "safeguards that say nothing are refused with their line"
exit $failed
