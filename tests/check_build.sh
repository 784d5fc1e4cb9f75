#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# JSON and XML that show prints, and X12 that build makes of them: the same bytes for every file here, whether it is
# accepted or not; documents that are valid whatever the bytes are; what build computes, and what it refuses.
#   tests/check_build.sh BUILD        PCCM_CORPUS names a folder of other people's files
case $1 in /*) build=$1 ;; *) build=$(pwd)/$1 ;; esac
pccm=$build/pccm
[ -x "$pccm" ] || { echo "not ok build: $pccm is not built"; exit 1; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok build: $2"; else failed=1; head -n 12 "$work/wrong"; echo "not ok build: $2"; fi
}
say() { echo "$*" >>"$work/wrong"; }
has_jq=no
command -v jq >/dev/null 2>&1 && has_jq=yes
valid() { # FORMAT DOCUMENT: is it what it says?
	if [ "$1" = xml ]; then
		xmllint --noout --relaxng parsers/x12.rng "$2" >"$work/said" 2>&1
	elif [ $has_jq = yes ]; then
		jq -e . "$2" >"$work/said" 2>&1
	fi
}
# A packed file comes back unpacked.
plain() {
	case $(head -c 2 "$1" | od -An -tx1 | tr -d ' ') in
	1f8b) gzip -dc "$1" 2>"$work/said" ;;
	*) cat "$1" ;;
	esac
}
round_trips() { # LIST: each file in it
	: >"$work/wrong"
	while IFS= read -r file; do
		plain "$file" >"$work/sent"
		for format in json xml 'json --terse' 'xml --terse'; do # two words on purpose
			# shellcheck disable=SC2086
			timeout 60 "$pccm" show --show-values --format $format "$file" >"$work/shown" 2>"$work/said"
			[ $? -le 1 ] || say "$file: show --format $format: $(head -n 1 "$work/said")"
			valid ${format%% *} "$work/shown" || say "$file: --format $format is not valid: $(head -n 1 "$work/said")"
			timeout 60 "$pccm" build "$work/shown" >"$work/built" 2>"$work/said" || say "$file: build of $format: $(cat "$work/said")"
			cmp -s "$work/sent" "$work/built" || say "$file: $format: $(cmp "$work/sent" "$work/built" 2>&1)"
			# shellcheck disable=SC2086
			"$pccm" show --format $format "$file" >"$work/shown" 2>"$work/said"
			valid ${format%% *} "$work/shown" || say "$file: --format $format without values is not valid: $(head -n 1 "$work/said")"
		done
	done <"$1"
	[ ! -s "$work/wrong" ] && [ -s "$1" ]
}

# ---- there and back ----
# the bomb is shown as far as it is unpacked
find tests/golden -name '*.edi' ! -name '*unpacks-past-the-limit*' | sort >"$work/golden"
round_trips "$work/golden"
verdict $? "$(wc -l <"$work/golden") golden cases, accepted or not, come back byte for byte through JSON and XML"
find samples -name '*.x12' | sort >"$work/samples"
round_trips "$work/samples"
verdict $? "$(wc -l <"$work/samples") samples come back byte for byte"
corpus=${PCCM_CORPUS:-../shared/corpus}
if [ -f "$corpus/INDEX.tsv" ]; then
	tail -n +2 "$corpus/INDEX.tsv" | cut -f 1 | sed "s|^|$corpus/|" >"$work/corpus"
	round_trips "$work/corpus"
	verdict $? "$(wc -l <"$work/corpus") files of others come back byte for byte"
else
	echo "skip build: files of others: no INDEX.tsv in $corpus; PCCM_CORPUS names the folder"
fi
[ $has_jq = yes ] || echo "skip build: jq looks at the JSON: it is not installed"

# ---- forms that a file can have ----
: >"$work/wrong"
good=tests/golden/834/a-member-is-added.edi
tr -d '\n' <$good >"$work/one"
sed 's/$/\r/' $good >"$work/crlf"
tr -d '\n' <$good | fold -w 80 >"$work/eighty"
tr -d '\n' <$good | fold -w 7 | sed 's/$/\r/' >"$work/seven"
tr -d '\n' <$good | tr '~*:^' '\034\035\036\037' >"$work/controls"
tr '~' '\n' <"$work/one" >"$work/lines"
{ printf '\357\273\277\n\n  '; cat $good; printf '\n-- end of file --\n'; cat "$work/crlf"; printf '\000\000\032'; } >"$work/around"
sed 's/BGN\*00/BGN***00***/; s/^IEA/ZZZ*stray~\nIEA/' $good >"$work/stray"
sed 's/NM1\*IL\*1\*[A-Z]*/NM1*IL*1*\xc9L\xc8VE/' $good >"$work/latin1"
head -c 700 $good >"$work/cut"
head -c 90000 /dev/zero | tr '\0' 'x' >"$work/x"
{ sed '/^INS/,$d' $good; printf 'REF*'; cat "$work/x"; printf '~\n'; sed -n '/^INS/,$p' $good; } >"$work/long"
{ cat $good; for i in 1 2 3 4 5 6 7 8; do cat "$work/x"; done; cat $good; } >"$work/junk"
: >"$work/empty"
for form in one crlf eighty seven controls lines around stray latin1 cut long junk empty; do echo "$work/$form"; done >"$work/forms"
round_trips "$work/forms"
verdict $? "line ends, lines of 80 and 7 bytes, control characters as delimiters, text around, strays, Latin-1, cut and long ones come back"
: >"$work/wrong"
for form in junk long around eighty; do
	for format in json xml; do
		"$pccm" show --show-values --format $format "$work/$form" >"$work/shown" 2>"$work/said"
		dd if="$work/$form" bs=777 2>/dev/null | "$pccm" show --show-values --format $format - >"$work/piped" 2>"$work/said"
		cmp -s "$work/shown" "$work/piped" || say "$form: $format"
	done
done
[ ! -s "$work/wrong" ]
verdict $? "a document does not depend on the pieces in which the file came"

# ---- X12 again ----
: >"$work/wrong"
for form in one crlf eighty seven controls around stray latin1 cut junk empty; do
	"$pccm" show --show-values --format x12 "$work/$form" 2>"$work/said" | cmp - "$work/$form" >>"$work/wrong" 2>&1
done
gzip -c "$work/crlf" >"$work/crlf.gz"
"$pccm" show --show-values --format x12 "$work/crlf.gz" 2>"$work/said" | cmp - "$work/crlf" >>"$work/wrong" 2>&1
for form in one crlf eighty; do
	"$pccm" show --show-values --format x12 --line-ends LF "$work/$form" 2>"$work/said" | cmp - $good >>"$work/wrong" 2>&1
	"$pccm" show --show-values --format x12 --line-ends none "$work/$form" 2>"$work/said" | cmp - "$work/one" >>"$work/wrong" 2>&1
	"$pccm" show --show-values --format x12 --line-ends CRLF "$work/$form" 2>"$work/said" | cmp - "$work/crlf" >>"$work/wrong" 2>&1
done
[ ! -s "$work/wrong" ]
verdict $? "X12 of X12 is the same bytes, and with --line-ends a segment a line, however it was sent"
: >"$work/wrong"
head -c 500 $good >"$work/half"
"$pccm" show --show-values --format x12 $good "$work/half" >"$work/built" 2>"$work/said"
[ $? -eq 1 ] && grep -q 'interchange ends without' "$work/said" || say "$(cat "$work/said")"
"$pccm" show --format x12 $good >"$work/built" 2>"$work/said"
[ $? -eq 2 ] && grep -q 'say --show-values too' "$work/said" && [ ! -s "$work/built" ] || say "$(cat "$work/said")"
"$pccm" show --show-values --format json --line-ends LF $good >"$work/built" 2>"$work/said"
[ $? -eq 2 ] && grep -q 'line-ends is for --format x12' "$work/said" || say "$(cat "$work/said")"
[ ! -s "$work/wrong" ]
verdict $? "X12 of a broken envelope says so; it is not printed unless values are to be shown"

# ---- hidden is hidden ----
: >"$work/wrong"
sed 's/^N3\*/QQQ*CANARY~\nN3*/; s/NM1\*IL\*1\*[A-Z]*\*[A-Z]*/NM1*IL*1*CANARY*CANARY/; s/^SE/CANARY*X~\nSE/; s/^GE/CANARYS~\nGE/; s/ISA\*00\*          /ISA*03*CANARY    /' \
	$good >"$work/canary"
echo "CANARY behind the end" >>"$work/canary"
grep -c CANARY "$work/canary" >"$work/count"
for format in text json xml 'json --terse' 'xml --terse'; do
	# shellcheck disable=SC2086
	"$pccm" show --format $format "$work/canary" >"$work/shown" 2>"$work/said"
	! grep -q CANARY "$work/shown" "$work/said" || say "$format: $(grep CANARY "$work/shown" "$work/said" | head -n 2)"
	# shellcheck disable=SC2086
	"$pccm" show --show-values --format $format "$work/canary" 2>"$work/said" | grep -q CANARY || say "$format: not there with --show-values"
done
[ ! -s "$work/wrong" ] && [ "$(cat "$work/count")" -ge 5 ]
verdict $? "BAD-29: names in strays, in segments without a place, in ISA02 and outside of everything are hidden"
: >"$work/wrong"
for format in json xml 'json --terse' 'xml --terse'; do
	# shellcheck disable=SC2086
	"$pccm" show --format $format $good >"$work/shown"
	"$pccm" build "$work/shown" >"$work/built" 2>"$work/said"
	[ $? -eq 1 ] && grep -q 'hidden.*--show-values' "$work/said" || say "$format: $(cat "$work/said")"
done
[ ! -s "$work/wrong" ]
verdict $? "a document with hidden values is refused, and the sentence says why"

# ---- what build computes ----
: >"$work/wrong"
"$pccm" show --show-values --format xml $good >"$work/shown"
grep -v 'element at="[SG]E0[12]"\|element at="IEA0[12]"' "$work/shown" >"$work/less"
"$pccm" build "$work/less" 2>"$work/wrong" | cmp - $good >>"$work/wrong" 2>&1
awk '/<segment id="(SE|GE|IEA)"/ { skip = 1 } !skip { print } /<\/segment>/ { skip = 0 }' "$work/shown" >"$work/less"
"$pccm" build "$work/less" 2>>"$work/wrong" | cmp - $good >>"$work/wrong" 2>&1
[ ! -s "$work/wrong" ]
verdict $? "counts, control numbers and whole trailers that are left out are computed"
if [ $has_jq = yes ]; then
	"$pccm" show --show-values --format json $good | jq -S . | "$pccm" build - 2>"$work/wrong" | cmp - $good >>"$work/wrong" 2>&1
	[ ! -s "$work/wrong" ]
	verdict $? "keys in alphabetical order, as jq -S writes them, are read as well"
fi

# ---- what build refuses ----
refuses() { # PATTERN DOCUMENT
	printf '%s' "$2" >"$work/document"
	timeout 20 "$pccm" build "$work/document" >"$work/built" 2>"$work/said"
	[ $? -eq 1 ] && grep -q "^pccm: document:[0-9]*:[0-9]*: .*$1" "$work/said" || say "$1: $(cat "$work/said")"
}
: >"$work/wrong"
isa='{"kind":"segment","id":"ISA","parts":[{"at":"ISA12","value":"00501"},{"at":"ISA13","value":"000000001"}]}'
in_set() { printf '[{"kind":"interchange","parts":[%s,{"kind":"group","parts":[{"kind":"segment","id":"GS","parts":[]},{"kind":"set","parts":[{"kind":"segment","id":"ST","parts":[]},%s]}]}]}]' "$isa" "$1"; }
refuses 'neither a JSON' 'ISA*00*'
refuses 'empty' ''
refuses 'ends in the middle' '[{"kind":"interchange"'
refuses 'expected interchange, group' '[{"kind":"envelope"}]'
refuses 'needs its kind' '[{"parts":[]}]'
refuses 'cannot stand in' '[{"kind":"loop","parts":[]}]'
refuses 'no segment to begin with' '[{"kind":"interchange","parts":[]}]'
refuses 'begins with ISA' '[{"kind":"interchange","parts":[{"kind":"segment","id":"GS","parts":[]}]}]'
refuses 'too late' "[{\"kind\":\"interchange\",\"parts\":[$isa],\"line_end\":\"LF\"}]"
refuses 'second time' '[{"kind":"interchange","kind":"interchange","parts":[]}]'
refuses 'none that a document of X12 has' "$(in_set '{"kind":"segment","id":"REF","vlaue":"x","parts":[]}')"
refuses 'has no property value' "$(in_set '{"kind":"segment","id":"REF","value":"x","parts":[]}')"
refuses 'holds an element separator' "$(in_set '{"kind":"segment","id":"REF","parts":[{"at":"REF01","value":"0F*"}]}')"
refuses 'holds a line end' "$(in_set '{"kind":"segment","id":"REF","parts":[{"at":"REF01","value":"0\nF"}]}')"
refuses 'REF02 holds an element separator' "$(in_set '{"id":"REF","parts":["0F","a*"]}')"
refuses 'at most 64 elements' "$(in_set "{\"id\":\"REF\",\"parts\":[\"a\"$(i=0; while [ $i -lt 64 ]; do printf ',""'; i=$((i + 1)); done)]}")"
refuses 'this list of an element' "$(in_set '{"id":"REF","parts":[[]]}')"
refuses 'lists inside one another' "$(in_set '{"id":"REF","parts":[[["a",["b"]]]]}')"
refuses 'lists inside one another' '[[]]'
refuses 'at has no place in a list' "$(in_set '{"id":"REF","parts":[["a",{"at":"REF01","value":"b"}]]}')"
refuses 'expected at beside it' "$(in_set '{"id":"REF","parts":[{"value":"b","repetition":2}]}')"
refuses 'expected an object' '["a"]'
refuses 'order of their numbers' "$(in_set '{"kind":"segment","id":"REF","parts":[{"at":"REF02","value":"x"},{"at":"REF01","value":"0F"}]}')"
refuses 'expected a place in REF' "$(in_set '{"kind":"segment","id":"REF","parts":[{"at":"NM101","value":"x"}]}')"
refuses 'at most 64 elements' "$(in_set '{"kind":"segment","id":"REF","parts":[{"at":"REF65","value":"x"}]}')"
refuses 'pairs of hexadecimal' "$(in_set '{"kind":"segment","id":"REF","parts":[{"at":"REF01","value":"4","encoding":"hex"}]}')"
refuses 'a value is missing' "$(in_set '{"kind":"segment","id":"REF","parts":[{"at":"REF01"}]}')"
refuses 'more than 65536 bytes' "$(in_set "{\"kind\":\"segment\",\"id\":\"MSG\",\"parts\":[{\"at\":\"MSG01\",\"value\":\"$(cat "$work/x")\"}]}")"
refuses 'DOCTYPE' '<!DOCTYPE x12 [<!ENTITY a "b">]><x12/>'
refuses 'no element that' '<x12><member/></x12>'
refuses 'no attribute that' '<x12><interchange colour="red"/></x12>'
refuses 'values are attributes' '<x12>text</x12>'
refuses 'no XML' '<x12><interchange></x12>'
refuses 'no element that' '<x:x12 xmlns:x="a"/>'
refuses 'no XML' "<?xml version='1.0' encoding='UTF-16'?><x12></x12>"
refuses '' "$(printf "<?xml version='1.0' encoding='EUC-JP'?><x12>\\377\\200</x12>")"
[ "$(wc -l <"$work/said")" -eq 1 ] || say "an encoding that is wrong is more than one sentence: $(cat "$work/said")"
[ ! -s "$work/wrong" ]
verdict $? "documents that cannot be built are refused with line and column"

# ---- one pass, whatever the length ----
if [ -x "$build/tests/faults/peak" ]; then
	: >"$work/wrong"
	body=$(sed -n '/^INS/,/^SE/p' $good | sed '$d')
	{ sed '/^INS/,$d' $good; i=0; while [ $i -lt 20000 ]; do echo "$body"; i=$((i + 1)); done; sed -n '/^SE/,$p' $good; } >"$work/many"
	for format in json xml; do
		"$pccm" show --show-values --format $format "$work/many" >"$work/shown" 2>"$work/said"
		"$build/tests/faults/peak" "$work/peak" "$pccm" build "$work/shown" | cmp - "$work/many" >>"$work/wrong" 2>&1
		[ "$(cat "$work/peak")" -le 16384 ] || say "$format: peak memory $(cat "$work/peak") KiB of $(wc -c <"$work/shown") bytes"
	done
	[ ! -s "$work/wrong" ]
	verdict $? "building of a long document stays below 16 MiB"
fi
exit $failed
