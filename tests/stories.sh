# SPDX-License-Identifier: Apache-2.0
# A small world to tell stories in, sourced by tests/check_*.sh behind tests/money.sh: two practices, three PCPs, and words
# for what comes in and what is paid.
#   $pccm   the program     $suite   the name before each verdict     $work   a folder that is taken away
failed=0
solo=1085500001 group=1085500373          # billing providers
markova=1030700003 amato=1030704773 deluca=1030710077 # PCPs: of solo, of group, of group

pcp_header='pcp_npi,last_name,first_name,phone,town,medicaid_from,medicaid_to,contract_from,contract_to,billing_npi,affiliated_from,affiliated_to'
pcps() { # DAY ROW…
	day=$1
	shift
	printf '%s\n' "$pcp_header" "$@" >"$world/pcps.csv"
	"$pccm" providers --store "$(store_url "$world/p.db")" --date "$day" "$world/pcps.csv" >>"$world/said" 2>&1
}
begin() { # NAME: an empty store with two practices and three PCPs
	world=$work/$1
	mkdir "$world"
	echo 0 >"$world/sent" # send is the end of a pipe: a variable would not come back
	cat >"$world/billing.csv" <<'CSV'
billing_npi,medicaid_id,name,tax_id,street,city,state,zip,trading_partner,method,routing,account
1085500001,004012345,SOLO MD,061112222,18 DEFOREST ST,WATERTOWN,CT,06795,TP0000101,CHK,,
1085500373,004012356,GROUP PC,061112323,240 BANK ST,WATERBURY,CT,06702,TP0000102,ACH,011900212,0009884462
CSV
	"$pccm" providers --store "$(store_url "$world/p.db")" --date 2009-12-01 "$world/billing.csv" >>"$world/said" 2>&1
	pcps 2009-12-01 "$markova,MARKOVA,ELENA,2035550200,WATERTOWN,2005-07-01,,2009-02-01,,$solo,2009-02-01," \
		"$amato,AMATO,PETER,2035550201,WATERBURY,2005-07-01,,2009-02-01,,$group,2009-02-01," \
		"$deluca,DELUCA,ROBERT,2035550202,HARTFORD,2005-07-01,,2009-02-01,,$group,2009-02-01,"
}
member() { # INS03 ID BEGIN AID PCP|- MORE…: an INS loop; MORE are segments of loop 2000
	ins=$1 id=$2 from=$3 aid=$4 pcp=$5
	shift 5
	printf 'INS*Y*18*%s*28*A\nREF*0F*%s\nREF*3H*C%s\n' "$ins" "$id" "$id"
	[ $# -eq 0 ] || printf '%s\n' "$@"
	printf 'NM1*IL*1*DOE*JANE****ZZ*%s\nN3*1 MAIN ST\nN4*WATERBURY*CT*06702\nDMG*D8*19800101*F\n' "$id"
	printf 'HD*%s**HLT*HUSKY A*IND\nDTP*348*D8*%s\nREF*M7*%s\n' "$ins" "$from" "$aid"
	[ "$pcp" = - ] || printf 'LX*1\nNM1*P3*1*X*Y****XX*%s*26\n' "$pcp"
}
ended() { # ID LAST: an INS loop that ends HUSKY A
	printf 'INS*Y*18*024*07*A\nREF*0F*%s\nNM1*IL*1*DOE*JANE****ZZ*%s\nHD*024**HLT*HUSKY A*IND\nDTP*349*D8*%s\n' "$1" "$1" "$2"
}
send() { # DAY BGN08, INS loops on standard input: an 834 of that day, loaded and judged
	sent=$(($(cat "$world/sent") + 1))
	echo $sent >"$world/sent"
	{
		cat <<X12
ISA*00*          *00*          *ZZ*CTDSSENROLL    *ZZ*CTDSS          *$(echo "$1" | tr -d - | cut -c3-)*2105*^*00501*00000000$sent*1*T*:
GS*BE*CTDSSENROLL*CTDSS*$(echo "$1" | tr -d -)*2105*1*X*005010X220A1
ST*834*0001*005010X220A1
BGN*00*FILE$sent*$(echo "$1" | tr -d -)*2105****$2
REF*38*HUSKYA
N1*P5*STATE OF CT DSS*FI*060000001
N1*IN*HUSKY PRIMARY CARE*FI*060000001
X12
		cat
		echo SE
	} | awk '/^ST/ { n = 0 } { n++ } $0 == "SE" { $0 = "SE*" n "*0001~\nGE*1*1~\nIEA*1*00000000'"$sent"'" } { print $0 "~" }' >"$world/file.x12"
	"$pccm" load --store "$(store_url "$world/p.db")" --date "$1" "$world/file.x12" >>"$world/said" 2>&1 &&
		"$pccm" assign --store "$(store_url "$world/p.db")" --date "$1" >>"$world/said" 2>&1
}
pay() { # MONTH DAY [CYCLE]
	"$pccm" remit --store "$(store_url "$world/p.db")" --date "$2" --month "$1" ${3:+--cycle "$3"} --out "$world/out" >>"$world/said" 2>&1
}
paid() { # CYCLE NPI EXPECTED: the pairs of an 835 without their FCN, in order, then BPR02; nothing: there is none
	file=$world/out/835-$2-$1.x12
	was=
	if [ -e "$file" ]; then
		"$pccm" check --quiet "$file" || return 1
		was=$(pairs "$file" | awk '{
			sub(/-.*/, "", $4)
			printf "%s%s%s %s", (NR > 1 ? ", " : ""), $3, ($3 ~ /^(CT|RA)$/ ? ":" $4 : ""), $5
		}')
	fi
	[ "$was" = "$3" ] || { echo "$1 $2: $was, expected $3"; cat "$world/said"; return 1; }
}
asked() { # ID DAY TODAY EXPECTED: the PCP that the 271 names and how long (EB*L's DTP*295); "-": none
	day=$(echo "$2" | tr -d -)
	tr '\n' '~' >"$world/270.x12" <<X12
ISA*00*          *00*          *ZZ*TP0000101      *ZZ*CTXIX          *100409*1200*^*00501*000000101*0*T*:
GS*HS*TP0000101*CTXIX*20100409*1200*1*X*005010X279A1
ST*270*0001*005010X279A1
BHT*0022*13*A*20100409*1200
HL*1**20*1
NM1*PR*2*CT*****PI*CTXIX
HL*2*1*21*1
NM1*1P*2*SOLO MD*****XX*$solo
HL*3*2*22*0
NM1*IL*1******MI*$1
DTP*291*D8*$day
EQ*30
SE*11*0001
GE*1*1
IEA*1*000000101
X12
	was=$("$pccm" answer --store "$(store_url "$world/p.db")" --date "$3" "$world/270.x12" | tr -d '\n' | tr '~' '\n' |
		awk -F'*' '/^EB.1..30/ { active = 1 } /^DTP.295/ { until = $4 } /^NM1.P3/ { pcp = $10 } END { print (active ? (pcp == "" ? "-" : pcp " " until) : "inactive") }')
	[ "$was" = "$4" ] || { echo "$1 on $2: $was, expected $4"; return 1; }
}
told() { # STATUS NAME
	[ "$1" -eq 0 ] || failed=1
	verdict "$1" "$2"
}
