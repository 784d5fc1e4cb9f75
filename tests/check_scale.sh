#!/bin/sh
# A large file is read in the memory of one record, and time grows with the file and no faster.
#   tests/check_scale.sh BUILD        MEMBERS=50000 (`make scale`: 1000000)
# Peak memory stays under 48 MiB, the store's page cache included.  Processor time per member may grow by GROWTH percent
# (100) from a fifth of the size, and from 10,000 in the long form: the trees of the store get a level deeper.
build=$1
large=${MEMBERS:-50000}
small=$([ "$large" -ge 1000000 ] && echo 10000 || echo $((large / 5)))
growth=${GROWTH:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
measure() { # MEMBERS: load so many; leaves $work/peak.N (KiB) and $work/peak.N.ms
	"$build/pccm" sample --members "$1" --months 1 --out "$work/s" >/dev/null || return 1
	file=$(ls "$work"/s/*/*834-full.x12)
	"$build/tests/faults/peak" "$work/peak.$1" "$build/pccm" load --store "sqlite:$work/$1.db" --date 2009-12-22 --quiet "$file" || return 1
	rm -rf "$work/s" "$work/$1".db*
}
if ! measure "$small" || ! measure "$large"; then
	echo "not ok scale: $small and $large members load"
	exit 1
fi
kib=$(cat "$work/peak.$large")
if [ "$kib" -lt $((48 * 1024)) ]; then
	echo "ok scale: $large members load in $kib KiB, under 48 MiB"
else
	echo "not ok scale: $large members took $kib KiB, expected under 48 MiB"
fi
before=$(cat "$work/peak.$small.ms")
after=$(cat "$work/peak.$large.ms")
allowed=$((before * large / small * (100 + growth) / 100))
if [ "$after" -le "$allowed" ]; then
	echo "ok scale: $small members take $before ms, $large take $after ms of processor time: it grows with the file"
else
	echo "not ok scale: $small members take $before ms, $large take $after ms, expected at most $allowed ms"
fi
