#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Put the program, its rules, documents and manual pages below DESTDIR and PREFIX, or take them away again.
#   tests/install.sh BUILD DESTDIR PREFIX
#   tests/install.sh --remove DESTDIR PREFIX
set -eu
build=$1
root=$2${3:-/usr/local}
if [ "$build" = --remove ]; then
	rm -f "$root/bin/pccm"
	# folders that are the program's own
	rm -rf "$root/share/pccm" "$root/share/doc/pccm"
	for page in docs/man/*.1; do
		[ -f "$page" ] && rm -f "$root/share/man/man1/$(basename "$page")"
	done
	exit 0
fi
install -d "$root/bin" "$root/share/pccm/rules" "$root/share/doc/pccm"
install -m 755 "$build/pccm" "$root/bin/pccm"
install -m 644 rules/*.xml "$root/share/pccm/rules/"
for folder in guides/partners guides/codes; do
	install -d "$root/share/pccm/$folder"
	install -m 644 $folder/* "$root/share/pccm/$folder/"
done
install -m 644 parsers/x12.rng "$root/share/pccm/x12.rng"
install -m 644 LICENSE "$root/share/doc/pccm/"
for document in README.md CHANGELOG.md docs/*.md; do
	[ -f "$document" ] || continue
	install -d "$root/share/doc/pccm/$(dirname "$document")"
	install -m 644 "$document" "$root/share/doc/pccm/$document"
done
for page in docs/man/*.1; do
	[ -f "$page" ] || continue
	install -d "$root/share/man/man1"
	install -m 644 "$page" "$root/share/man/man1/"
done
