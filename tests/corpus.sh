#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What pccm says of each file of a corpus, beside what its INDEX.tsv says: the columns of tests/corpus.tsv but the last.
#   tests/corpus.sh BUILD FOLDER
# path <tab> ours: accepted, or refused with the first reason <tab> theirs <tab> balance, ours <tab> balance, theirs
pccm=$1/pccm
corpus=$2
said=$(mktemp) || exit 3
trap 'rm -f "$said"' EXIT
trap 'exit 130' INT TERM
tail -n +2 "$corpus/INDEX.tsv" | tr '\t' '\001' | while IFS=$(printf '\001') read -r path sets versions bytes segments verdict balance rest; do
	timeout 20 "$pccm" check --format json "$corpus/$path" >"$said" 2>/dev/null </dev/null
	status=$?
	first=$(sed -n 's/^{"code":"\([a-z0-9-]*\)","severity":"refuse".*/\1/p' "$said" | head -n 1)
	case $status in
	0) ours=accepted ;;
	1) ours="refused $first" ;;
	*) ours="status $status" ;;
	esac
	case $sets in
	*835*) grep -q '^{"code":"balance' "$said" && sum=unbalanced || sum=balanced ;;
	*) sum=- ;;
	esac
	case $balance in
	UNBALANCED*) theirs=unbalanced ;;
	balanced*) theirs=balanced ;;
	*) theirs=- ;;
	esac
	printf '%s\t%s\t%s\t%s\t%s\n' "$path" "$ours" "$(echo "$verdict" | sed 's/ (.*//; s/, envelope ok//; s/see name: //')" "$sum" "$theirs"
done
