#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An installation into a folder of its own: everything is there, readable by all, works far from the tree, and goes
# away again.
#   tests/check_install.sh BUILD
case $1 in /*) build=$1 ;; *) build=$(pwd)/$1 ;; esac
tree=$(pwd)
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failed=0
verdict() { # STATUS NAME
	if [ "$1" -eq 0 ]; then echo "ok install: $2"; else failed=1; tail -n 10 "$work/said" 2>/dev/null; echo "not ok install: $2"; fi
}
root=$work/root/opt/pccm
(umask 022 && sh tests/install.sh "$build" "$work/root" /opt/pccm) >"$work/said" 2>&1 && [ -x "$root/bin/pccm" ] &&
	[ -f "$root/share/pccm/rules/husky-primary-care.xml" ] && [ -f "$root/share/doc/pccm/LICENSE" ]
verdict $? "program, rules and documents are in their places"
if ls docs/man/*.1 >/dev/null 2>&1; then
	[ "$(ls docs/man/*.1 | wc -l)" -eq "$(ls "$root"/share/man/man1/*.1 | wc -l)" ]
	verdict $? "so are the manual pages"
fi
find "$work/root" -type d ! -perm 755 >"$work/said"
find "$work/root" -type f ! -path '*/bin/*' ! -perm 644 >>"$work/said"
find "$work/root" -path '*/bin/*' -type f ! -perm 755 >>"$work/said"
[ ! -s "$work/said" ]
verdict $? "modes let everybody read and nobody else write"

cp -r samples "$work/samples"
cd "$work" || exit 3
"$root/bin/pccm" --help >"$work/said" 2>&1 && grep -q '^  explain' "$work/said"
verdict $? "the installed program has its help"
"$root/bin/pccm" check samples/2010-01/2009-12-22-834-full.x12 >"$work/said" 2>&1
verdict $? "it checks a file without the tree"
PCCM_PROGRAM=$root/share/pccm/rules/husky-primary-care.xml "$root/bin/pccm" run --store "sqlite:$work/p.db" --in samples/2010-01 \
	--out "$work/out" --month 2010-01 >"$work/said" 2>&1
[ $? -le 1 ] && ls "$work"/out/remittances/835-*.x12 >/dev/null 2>&1 && ls "$work"/out/rosters/*.pdf >/dev/null 2>&1
verdict $? "it runs a month with the installed program file"
# compile-time paths only: PREFIX/share/pccm is a path of its own, whatever the tree is called
strings -a "$root/bin/pccm" 2>/dev/null | grep "^$tree/" >"$work/said"
[ ! -s "$work/said" ]
verdict $? "it does not name the tree that it was built in"

cd "$tree" || exit 3
touch "$root/share/doc/other"
sh tests/install.sh --remove "$work/root" /opt/pccm >"$work/said" 2>&1
find "$work/root" -type f >"$work/said"
[ "$(cat "$work/said")" = "$root/share/doc/other" ]
verdict $? "--remove takes away what was installed, and nothing else"
sh tests/install.sh --remove "$work/root" /opt/pccm >"$work/said" 2>&1
verdict $? "and does no harm a second time"
exit $failed
