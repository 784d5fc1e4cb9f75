#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The 997s and 999s that others keep beside real files, held against ours in meaning: the same segments and codes where the
# 999 has them. What differs stands in tests/corpus-acks.tsv with our answer and the reason, and must stay so.
#   PCCM_CORPUS=FOLDER tests/check_corpus_acks.sh BUILD
pccm=$1/pccm
corpus=${PCCM_CORPUS:-../shared/corpus}
table=tests/corpus-acks.tsv
if [ ! -f "$corpus/INDEX.tsv" ]; then
	echo "skip corpus-acks: no INDEX.tsv in $corpus; PCCM_CORPUS names the folder"
	exit 0
fi
[ -x "$pccm" ] || { echo "not ok corpus-acks: $pccm is not built"; exit 1; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# An acknowledgment as one line: groups, sets, places and codes, as the 999 calls them. Left out: the envelopes, what
# identifies us, loops (the 997 has none) and copies of values.
meaning() {
	tr -d '\r\n' <"$1" | tr '~' '\n' | awk -F '*' '
		$1 == "TA1" { print "TA1", $5, $6 }
		$1 == "AK1" { print "AK1", $2, $3 }
		$1 == "AK2" { print "AK2", $2, $3 }
		$1 == "AK3" || $1 == "IK3" { print "IK3", $2, $3, $5 }
		$1 == "AK4" || $1 == "IK4" { print "IK4", $2, $4 }
		$1 == "AK5" || $1 == "IK5" { print "IK5", $2, $3, $4, $5, $6 }
		$1 == "AK9" { print "AK9", $2, $3, $4, $5, $6, $7 }' | sed 's/ *$//' >"$work/lines"
	{ grep '^TA1' "$work/lines"; grep -v '^TA1' "$work/lines"; } | tr '\n' ';'
}
# 00501 with the U of 00401 in ISA11 is refused by TA1 016: mended, so that what stands in the envelope is compared too.
mended() { sed '1s/^\(ISA.\{79\}\)U\*00501\*/\1^*00501*/' "$1" >"$work/mended"; }
awk -F '\t' 'NR > 1 && $10 ~ /\.(resAck|res997)\.txt$/ { print $1 "\t" $10 }' "$corpus/INDEX.tsv" >"$work/list"
same=0 explained=0 failed=0
while IFS="$(printf '\t')" read -r file beside; do
	mended "$corpus/$file"
	timeout 20 "$pccm" check --quiet --show-values --ack "$work/ack" "$work/mended" >"$work/said" 2>&1
	ours=$(meaning "$work/ack")
	theirs=$(meaning "$corpus/$beside")
	# who says nothing of the envelope found nothing wrong with it
	case $theirs in *TA1*) ;; *) ours=$(printf '%s' "$ours" | sed 's/TA1 A 000;//') ;; esac
	row=$(awk -F '\t' -v file="$file" '$1 == file { print $2 }' $table)
	if [ "$ours" = "$theirs" ] && [ -z "$row" ]; then
		same=$((same + 1))
	elif [ "$ours" = "$row" ] && [ "$ours" != "$theirs" ]; then
		explained=$((explained + 1))
	else
		failed=1
		printf '%s\n  ours:   %s\n  theirs: %s\n  table:  %s\n' "$file" "$ours" "$theirs" "$row"
	fi
done <"$work/list"
awk -F '\t' 'NR > 1 && NF != 3 { print "corpus-acks.tsv:" NR ": expected path, our answer, why" }' $table >"$work/wrong"
cat "$work/wrong"
[ $failed -eq 0 ] && [ ! -s "$work/wrong" ] && [ $((same + explained)) -gt 0 ] && echo "ok corpus-acks: $same answers are theirs in meaning, $explained differ as $table says" && exit 0
echo "not ok corpus-acks: see above"
exit 1
