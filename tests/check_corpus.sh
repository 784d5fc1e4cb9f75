#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Real files that nobody here wrote, where a corpus of them lies beside the repository: a folder with an INDEX.tsv of
# path, transaction sets, versions, bytes, segments and the verdict that two independent validators came to.
#   PCCM_CORPUS=FOLDER tests/check_corpus.sh BUILD
pccm=$1/pccm
corpus=${PCCM_CORPUS:-../shared/corpus}
if [ ! -f "$corpus/INDEX.tsv" ]; then
	echo "skip corpus: no INDEX.tsv in $corpus; PCCM_CORPUS names the folder"
	exit 0
fi
[ -x "$pccm" ] || { echo "not ok corpus: $pccm is not built"; exit 1; }
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok corpus: $2"; else failed=1; cat "$work/wrong"; echo "not ok corpus: $2"; fi
}
check() { # STATUS FILE: does check end with that status?
	timeout 20 "$pccm" check "$2" >"$work/said" 2>&1
	status=$?
	[ $status -eq "$1" ] || { echo "$2: exit status $status, expected $1"; head -n 4 "$work/said"; } >>"$work/wrong"
}
# the five guides, one kind of set a file
awk -F '\t' 'NR > 1 && $2 ~ /^(834|270|271|835|999)$/ && $3 ~ /^005010(X220|X279|X221|X231)(A1)?$/' "$corpus/INDEX.tsv" >"$work/ours"

# ---- the examples that X12 publishes ----
find "$corpus/kputnam_stupidedi/spec/fixtures/005010" -path '*/pass/*.edi' 2>/dev/null | grep -E '/X(220|279|221|231)(A1)? ' | sort >"$work/published"
: >"$work/wrong"
while read -r file; do
	check 0 "$file"
	for format in text json xml; do
		if ! timeout 20 "$pccm" show --show-values --format $format "$file" >"$work/shown" 2>&1 || [ ! -s "$work/shown" ]; then
			echo "$file: show --format $format failed" >>"$work/wrong"
		elif [ $format = xml ] && command -v xmllint >"$work/which" 2>&1 && ! xmllint --noout "$work/shown" 2>"$work/said"; then
			{ echo "$file: show --format xml is no XML"; head -n 2 "$work/said"; } >>"$work/wrong"
		fi
	done
done <"$work/published"
[ ! -s "$work/wrong" ] && [ "$(wc -l <"$work/published")" -gt 0 ]
verdict $? "$(wc -l <"$work/published") published examples are accepted, and shown in three formats"

# ---- what others say ----
for kind in valid invalid; do
	awk -F '\t' -v kind=$kind 'index($6, kind) == 1 { print $1 }' "$work/ours" >"$work/list"
	: >"$work/wrong"
	while read -r file; do
		check $([ $kind = valid ] && echo 0 || echo 1) "$corpus/$file"
	done <"$work/list"
	[ ! -s "$work/wrong" ] && [ "$(wc -l <"$work/list")" -gt 0 ]
	verdict $? "$(wc -l <"$work/list") files that others call $kind are $([ $kind = valid ] && echo accepted || echo refused)"
done

# ---- file by file: what we say, what they say, and why they differ ----
# The table is made anew with: tests/corpus.sh BUILD FOLDER, and a reason written beside what is new.
sh tests/corpus.sh "$1" "$corpus" >"$work/rows"
tail -n +2 tests/corpus.tsv | cut -f 1-5 >"$work/table"
diff "$work/table" "$work/rows" >"$work/wrong"
verdict $? "$(wc -l <"$work/rows") files are judged as tests/corpus.tsv says"
awk -F '\t' 'NR > 1 && !($2 == "accepted" && $3 == "valid") && !($2 != "accepted" && $3 == "invalid") && length($6) < 10' \
	tests/corpus.tsv >"$work/wrong"
[ ! -s "$work/wrong" ]
verdict $? "where they differ the table says why"
awk -F '\t' '$4 != $5' "$work/rows" >"$work/wrong"
[ ! -s "$work/wrong" ] && [ "$(awk -F '\t' '$4 == "unbalanced"' "$work/rows" | wc -l)" -gt 0 ]
verdict $? "$(awk -F '\t' '$4 != "-"' "$work/rows" | wc -l) files with an 835 are said to balance or not, as others found (BAD-7)"

# ---- whatever it is ----
: >"$work/wrong"
count=0
tail -n +2 "$corpus/INDEX.tsv" | cut -f 1 >"$work/list"
while read -r file; do
	count=$((count + 1))
	timeout 20 "$pccm" check "$corpus/$file" >"$work/said" 2>&1
	status=$?
	[ $status -le 1 ] || { echo "$file: check: exit status $status"; tail -n 5 "$work/said"; } >>"$work/wrong"
	timeout 20 "$pccm" show "$corpus/$file" >"$work/said" 2>&1
	status=$?
	[ $status -le 1 ] || { echo "$file: show: exit status $status"; tail -n 5 "$work/said"; } >>"$work/wrong"
done <"$work/list"
[ ! -s "$work/wrong" ]
verdict $? "$count files of any kind end check and show with 0 or 1, in time"
exit $failed
