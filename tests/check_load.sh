#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `pccm load`: what is applied, what is not, and what comes twice.
#   tests/check_load.sh BUILD
pccm=$1/pccm
. tests/store.sh
[ -x "$pccm" ] || { echo "not ok load: $pccm is not built"; exit 1; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok load: $2"; else failed=1; cat "$work/said" 2>/dev/null; echo "not ok load: $2"; fi
}
load() { # FILE: sets status; what was said is in $work/said
	"$pccm" load --store "$(store_url "$work/p.db")" --date 2026-01-05 --out "$work/acks" "$1" >"$work/said" 2>&1
	status=$?
}
said() { grep -q -- "$1" "$work/said"; }
# FROM NAME CONTROL SED…: a golden case with another interchange control number, and changed
change() {
	from=$1 name=$2 control=$3
	shift 3
	sed -e "s/000000101/$control/" "$@" "tests/golden/834/$from.edi" >"$work/$name"
}

change a-member-is-added first.x12 000000201
load "$work/first.x12"
[ $status -eq 0 ] && said '1 members\? received = 1 applied (1 new)' && said '1 PCP requests\?'
verdict $? "a member of an addition is applied, and the PCP asked for"

rm -rf "$work/acks"
load "$work/first.x12"
[ $status -eq 1 ] && said 'code  duplicate-interchange' && said '0 members\? received' && grep -q 'TA1.*\*R\*025' "$work"/acks/*.ta1.x12 &&
	grep -q '^IK5\*A' "$work"/acks/*.999.x12
verdict $? "the same file again changes nothing, is told so (TA1 025), and the first acknowledgments are fetched again"

change a-death-and-a-termination other.x12 000000201
load "$work/other.x12"
[ $status -eq 1 ] && said 'code  duplicate-control-number' && said '0 members\? received'
verdict $? "other content under a number that was used is refused and told apart"

change a-member-is-added elsewhere.x12 000000299 -e 's/^\(ISA.\{51\}\)CTDSS/\1OTHER/'
load "$work/elsewhere.x12"
[ $status -eq 1 ] && said 'code  isa-other-receiver' && said '0 members\? received\|1 refused' && grep -q 'TA1.*\*R\*009' "$work"/acks/elsewhere*.ta1.x12
verdict $? "what is meant for somebody else is refused (TA1 009) and nothing of it applied"

# ---- a partner whose bad members are set aside ----
printf '<?xml version="1.0" encoding="UTF-8"?>\n<partner name="Example" sets-units-aside="yes"/>\n' >"$work/partner.xml"
change the-second-member-of-three-is-wrong three.x12 000000298
sed -i 's/9000000\([0-9]\)/9000010\1/g' "$work/three.x12"
"$pccm" load --store "$(store_url "$work/p.db")" --date 2026-01-05 --partner "$work/partner.xml" --out "$work/acks" "$work/three.x12" >"$work/said" 2>&1
status=$?
[ $status -eq 1 ] && said '3 members received = 2 applied (2 new) + 0 as before + 1 set aside + 0 refused' &&
	said '55 segments received = 40 accepted + 15 set aside + 0 refused' && said '1 of 1 transaction sets accepted' &&
	grep -q '^IK5\*E\*5' "$work"/acks/three*.999.x12 && [ "$(wc -l <"$(ls "$work"/acks/aside/three*.aside.x12)")" -eq 15 ] &&
	[ "$(head -n 2 "$work"/acks/aside/three*.aside.x12 | tail -n 1)" = 'REF*0F*900001025~' ] &&
	! "$pccm" explain --store "$(store_url "$work/p.db")" 900001025 >"$work/explained" 2>&1
verdict $? "one bad member of three is set aside and kept as it came, the others are applied (IK5*E)"

load "$work/three.x12"
[ $status -eq 1 ] && said 'duplicate-interchange' && said '0 members\? received'
verdict $? "what was set aside does not come again with the same interchange"

change a-member-is-added again.x12 000000202
load "$work/again.x12"
[ $status -eq 0 ] && said '0 applied (0 new) + 1 as before'
verdict $? "the same member in another interchange is as before"

change a-member-is-added copy.x12 000000203 -e 's/BGN\*00/BGN*22/' -e 's/OKAFOR/CHANGED/'
load "$work/copy.x12"
[ $status -eq 0 ] && said 'code  copy-not-applied' && said '1 set aside'
verdict $? "an information copy is read and not applied"

change a-member-is-added prior.x12 000000204 -e 's/900000017/900000074/'
load "$work/prior.x12"
change a-member-is-added merged.x12 000000205 -e 's/INS\*Y\*18\*021\*28/INS*Y*18*001*28/' -e 's/REF\*3H\*C0000901/REF*Q4*900000074/'
load "$work/merged.x12"
[ $status -eq 0 ] && said 'code  members-merged' && "$pccm" explain --store "$(store_url "$work/p.db")" --show-values 900000074 >"$work/said" && said 900000017
verdict $? "a prior id that names another member merges the two, and both ids find the one"

change a-member-is-added group.x12 000000206 -e 's/900000017/900000082/' -e 's/^GE\*1\*7/GE*1*8/'
load "$work/group.x12"
[ $status -eq 1 ] && said '0 applied' && ! "$pccm" explain --store "$(store_url "$work/p.db")" 900000082 >/dev/null 2>&1
verdict $? "a group that is refused takes its sets with it"

change a-member-is-added envelope.x12 000000207 -e 's/900000017/900000090/' -e 's/^IEA\*1/IEA*4/'
load "$work/envelope.x12"
[ $status -eq 1 ] && said '0 applied' && ! "$pccm" explain --store "$(store_url "$work/p.db")" 900000090 >/dev/null 2>&1
verdict $? "an interchange that is refused leaves no member behind"
rm -rf "$work/acks"
load "$work/envelope.x12"
grep -q 'TA1\*000000207.*R\*' "$work"/acks/*.ta1.x12
verdict $? "and is answered again by a TA1 that refuses"

change the-second-member-of-three-is-wrong set.x12 000000208 -e 's/9000000\(..\)/9100000\1/'
load "$work/set.x12"
[ $status -eq 1 ] && said '3 members\? received = 0 applied' && said '3 refused' && ! "$pccm" explain --store "$(store_url "$work/p.db")" 910000017 >/dev/null 2>&1
verdict $? "a set with one wrong member is applied as a whole or not at all"

# BGN08 RX is the whole membership
change a-member-is-added full.x12 000000211 -e 's/^\(BGN.*\)\*2~/\1*RX~/' -e 's/900000017/900000124/'
load "$work/full.x12"
[ $status -eq 0 ] && said 'code  missing-in-full-file' && "$pccm" explain --store "$(store_url "$work/p.db")" 900000017 >"$work/said" && said 'on  *HUSKY A'
verdict $? "BAD-13: a member whom a full file does not name is told, and stays"

# ---- somebody else under a member's id (BAD-16, BAD-18) ----
known() { "$pccm" explain --store "$(store_url "$work/p.db")" --show-values "$1" >"$work/said" 2>&1; } # MEMBER
change a-member-is-added mother.x12 000000231 -e 's/900000017/900000231/'
load "$work/mother.x12"
change a-member-is-added stranger.x12 000000232 -e 's/900000017/900000231/; s/NADIA\*R/PETER*/; s/19910412/19700101/'
load "$work/stranger.x12"
[ $status -eq 0 ] && said 'code  other-person' && said '1 set aside' && known 900000231 && said NADIA && ! said PETER
verdict $? "BAD-16: a record of another person under a known id is set aside, and the member stays who she is"
change a-member-is-added corrected.x12 000000233 -e 's/900000017/900000231/; s/NM1\*IL\*1\*OKAFOR\*NADIA\*R/NM1*74*1*OKAFOR*NADJA*/; s/19910412/19910421/'
load "$work/corrected.x12"
[ $status -eq 0 ] && said '1 applied' && known 900000231 && said NADJA
verdict $? "BAD-16: a correction says that it is one (NM1 74), and is believed"
baby() { # NAME CONTROL FIRST INS17 [SED…]
	name=$1 number=$2 first=$3 sequence=$4
	shift 4
	change a-member-is-added "$name" "$number" -e "s/900000017/900000231/; s/NADIA\*R/$first*/; s/19910412/20251220/; s/\(INS.*AC\)/\1$sequence/" "$@"
}
baby baby.x12 000000234 BABY ''
load "$work/baby.x12"
[ $status -eq 0 ] && said 'code  newborn-under-mother' && said '1 applied (1 new)' && known 900000231-N1 && said BABY && known 900000231 && said NADJA && ! said BABY
verdict $? "BAD-16: a newborn under the mother's id is a member apart, and the mother stays as she is"
sed 's/000000234/000000235/' "$work/baby.x12" >"$work/baby-again.x12"
load "$work/baby-again.x12"
[ $status -eq 0 ] && said '0 applied (0 new) + 1 as before'
verdict $? "BAD-16: and the same one when it comes again"
baby twin.x12 000000236 BABYTWO '*********2'
load "$work/twin.x12"
[ $status -eq 0 ] && said '1 applied (1 new)' && known 900000231-N2 && said BABYTWO && known 900000231-N1 && ! said BABYTWO
verdict $? "BAD-18: twins are told apart by their birth sequence (INS17)"
baby own.x12 000000237 SOFIA '*********2' -e 's/REF\*0F\*900000231/REF*0F*900000249/; s/ZZ\*900000231/ZZ*900000249/; s/REF\*3H\*C0000901/&~\nREF*Q4*900000231/; s/^SE\*21/SE*22/'
load "$work/own.x12"
[ $status -eq 0 ] && said 'code  members-merged' && known 900000231-N2 && said SOFIA && known 900000231 && said NADJA && known 900000231-N1 && said BABY && ! said SOFIA
verdict $? "BAD-16 BAD-18: a newborn's own id takes over what came under the mother's, by birth sequence; the mother is not merged"
change a-member-is-added wrong.x12 000000238 -e 's/900000017/900000256/'
load "$work/wrong.x12"
change a-member-is-added right.x12 000000239 -e 's/900000017/900000264/; s/^N3.*/&/; s/^LUI.*/&/' -e '/^DMG/a NM1*70*1*OKAFOR*NADIA*R***ZZ*900000256~' -e 's/^SE\*21/SE*22/'
load "$work/right.x12"
[ $status -eq 0 ] && said 'code  members-merged' && known 900000256 && said 'MEMBER 900000264'
verdict $? "BAD-16: the wrong id of loop 2100B becomes an id of the right member"

# ---- files that come late, or again (BAD-2) ----
sent() { # NAME CONTROL DAY ID PHONE [SED…]: the member's file of that day
	name=$1 number=$2 day=$3 id=$4 phone=$5
	shift 5
	change a-member-is-added "$name" "$number" -e "s/900000017/$id/; s/BGN\*00\*ELM-1\*20260105/BGN*00*$name*$day/; s/2035550111/$phone/" "$@"
}
sent second.x12 000000250 20260108 900000272 2035550002
load "$work/second.x12"
sent other.x12 000000251 20260107 900000280 2035550009
load "$work/other.x12"
[ $status -eq 0 ] && said 'code  set-out-of-order' && ! said 'code  record-out-of-order' && said '1 applied (1 new)'
verdict $? "BAD-2: a set that comes late is told, and applied to members of whom nobody has spoken since"
sent first.x12 000000252 20260107 900000272 2035550001
load "$work/first.x12"
[ $status -eq 0 ] && said 'code  record-out-of-order' && said '0 applied (0 new) + 0 as before + 1 set aside' && known 900000272 && ! said 2035550001
verdict $? "BAD-2: what was said last of a member holds, in whatever order the files come"
sent third.x12 000000253 20260108 900000272 2035550003
load "$work/third.x12"
[ $status -eq 0 ] && said '1 applied' && ! said 'out-of-order'
verdict $? "BAD-2: sets of one day are applied as they come"
sent whole.x12 000000254 20260109 900000272 2035550003 -e 's/^\(BGN.*\)\*2~/\1*RX~/'
load "$work/whole.x12"
sent missed.x12 000000255 20260108 900000280 2035550008
load "$work/missed.x12"
[ $status -eq 0 ] && said 'code  record-out-of-order'
verdict $? "BAD-2: a full file spoke of everybody"
sed 's/000000254/000000256/; s/BGN\*00/BGN*15/' "$work/whole.x12" >"$work/resent.x12"
load "$work/resent.x12"
[ $status -eq 0 ] && said 'code  set-reference-again' && said '0 applied (0 new) + 1 as before'
verdict $? "BAD-2: a set that is sent again (BGN01 15, the same BGN02) is told, and changes nothing"

# COVERAGES: a member with so many, each with the thirty providers that the guide allows, with long names
large() {
	awk -v coverages="$1" '/^HD/ { for (c = 0; c < coverages; c++) { print "HD*021**HLT*HUSKY A*IND~\nDTP*348*D8*20260101~"
			for (p = 1; p <= 30; p++) printf "LX*%d~\nNM1*P3*1*%060d*%035d****XX*1234567893*26~\n", p, c, p } n += coverages * 62; skip = 1 }
		/^ST/ { n = 0 }
		/^SE/ { skip = 0; sub(/SE\*[0-9]*/, "SE*" n + 1) }
		!skip { print; n++ }' "$work/name.x12"
}
change a-member-is-added name.x12 000000209 -e 's/900000017/900000108/'
large 99 >"$work/large.x12"
load "$work/large.x12"
[ $status -eq 0 ] && said '1 members\? received = 1 applied'
verdict $? "the largest member that the guide allows is applied"
change a-member-is-added name.x12 000000210 -e 's/900000017/900000116/'
large 1000 >"$work/larger.x12"
load "$work/larger.x12"
[ $status -eq 1 ] && said 'code  record-too-large' && said '1 members\? received = 0 applied\|0 members\? received'
verdict $? "a member past the limit of a record refuses its set, and is no failure"
exit $failed
