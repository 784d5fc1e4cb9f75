#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a reader of the tree may rely on: layers, lengths, names, words (tests/tidy.awk has the rules).
#   tests/tidy.sh
said=$(mktemp)
trap 'rm -f "$said"' EXIT
trap 'exit 130' INT TERM
folders="base records guides parsers generators rules store exchange cli"
source=$(find $folders tests -type f \( -name '*.[ch]' -o -name '*.def' \) | sort)
text=$(find $folders samples docs tests .ci README.md Makefile -type f \
	\( -name '*.md' -o -name '*.sh' -o -name '*.awk' -o -name '*.xml' -o -name '*.rng' -o -name '*.csv' -o -name '*.yml' -o -name '*.rows' -o -path '*/rules/*.txt' -o -name Makefile \) \
	2>/dev/null | sort)
# shellcheck disable=SC2086
awk -f tests/tidy.awk kind=layers tests/layers.txt kind=exceptions tests/tidy-exceptions.txt \
	kind=source $source kind=text $text >"$said" || echo "awk tests/tidy.awk: failed" >>"$said"
cat "$said"
while read -r rule what; do
	if grep -q "^$rule " "$said"; then
		echo "not ok tidy: $what ($(grep -c "^$rule " "$said") places)"
	else
		echo "ok tidy: $what"
	fi
done <<'RULES'
layers a folder includes only what tests/layers.txt lets it see
length no file has more than 1000 lines
functions no function has more than 70 lines
licence every source file names its licence
words messages avoid words that say nothing
marks no marks of unfinished work
floats no floating point but where a library wants it
paths no paths of one machine
blanks no blanks at the ends of lines
exceptions every exception has its reason
RULES
! grep -q . "$said"
