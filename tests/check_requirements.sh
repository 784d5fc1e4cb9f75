#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each requirement of the program is named by a test, or stands in tests/requirements.txt with the reason why not.
#   tests/check_requirements.sh BUILD
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
# ids as they stand in tests: one each; "ENR-9 to ENR-12" names the ends only
grep -rhoE '(ENR|PRV|FEE|RST|ELV|PRG)-[0-9]+' tests/unit tests/rules/*.txt tests/check_*.sh | sort -u >"$work/named"
sed -n 's/^last //p' tests/requirements.txt | tr ' ' '\n' | while IFS=- read -r kind last; do
	i=1
	while [ $i -le "$last" ]; do
		echo "$kind-$i"
		i=$((i + 1))
	done
done | sort >"$work/all"
grep -E '^[A-Z]+-[0-9]+ .' tests/requirements.txt | cut -d' ' -f1 | sort >"$work/excused"
for id in $(comm -23 "$work/all" "$work/named"); do
	grep -qx "$id" "$work/excused" || { failed=1; echo "not ok requirements: $id is named by no test, and not in tests/requirements.txt"; }
done
for id in $(comm -12 "$work/excused" "$work/named"); do
	failed=1
	echo "not ok requirements: $id is named by a test, and in tests/requirements.txt as not covered"
done
for id in $(comm -13 "$work/all" "$work/named") $(comm -13 "$work/all" "$work/excused"); do
	failed=1
	echo "not ok requirements: there is no $id"
done
[ $failed -eq 0 ] &&
	echo "ok requirements: $(comm -12 "$work/all" "$work/named" | wc -l) of $(wc -l <"$work/all") are named by tests, $(wc -l <"$work/excused") are not covered and say why"
exit $failed
