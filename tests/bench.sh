#!/bin/sh
# Ratios to what this machine can do, each measured in the same run, the two commands by turns (medians of ROUNDS).
#   tests/bench.sh BUILD        MEMBERS=100000 ROUNDS=3 by default
set -eu
build=$1
members=${MEMBERS:-100000}
rounds=${ROUNDS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
here=$(cd "$(dirname "$0")/.." && pwd)
"${CC:-gcc}" -O2 -o "$work/limits" "$here/tests/bench/limits.c" -lsqlite3
"$build/pccm" sample --members "$members" --months 1 --out "$work/sample" >/dev/null
file=$(ls "$work"/sample/*/*834-full.x12)
bytes=$(wc -c <"$file")
gzip -k "$file"
seconds() { # COMMAND …: wall seconds
	begin=$(date +%s.%N)
	"$@" >/dev/null 2>&1 || true
	end=$(date +%s.%N)
	echo "$begin $end" | awk '{ printf "%.3f\n", $2 - $1 }'
}
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
load() { rm -f "$work/m.db" "$work/m.db-wal" "$work/m.db-shm"; "$build/pccm" load --store "sqlite:$work/m.db" --date 2009-12-22 "$file"; }
resend() { # the same members under a new interchange control number: the next of 900000001 …
	resent=$((resent + 1))
	sed "s/^\\(ISA.\\{87\\}\\)\\(.........\\)/\\1$resent/; s/^IEA\\*1\\*000000001~/IEA*1*$resent~/" "$file" >"$work/again.x12"
}
resent=900000000
again() { "$build/pccm" load --store "sqlite:$work/m.db" --date 2009-12-23 "$work/again.x12"; }
insert() { rm -f "$work/r.db" "$work/r.db-wal" "$work/r.db-shm"; "$work/limits" insert "$members" "$work/r.db"; }
compare() { # WORDS A B: the ratio of A to B
	words=$1
	: >"$work/a"
	: >"$work/b"
	i=0
	while [ $i -lt "$rounds" ]; do
		[ "$2" != again ] || resend
		seconds $2 >>"$work/a"
		seconds $3 >>"$work/b"
		i=$((i + 1))
	done
	echo "$words|$(median "$work/a")|$(median "$work/b")" |
		awk -F'|' '{ printf "%-64s %7.2f s / %6.3f s = %6.1f x\n", $1, $2, $3, ($3 > 0) ? $2 / $3 : 0 }'
}
scan() { "$work/limits" scan "$file"; }
check() { "$build/pccm" check --quiet "$file"; }
checkgz() { "$build/pccm" check --quiet "$file.gz"; }
gunzip_only() { gzip -dc "$file.gz"; }
show() { "$build/pccm" show "$file"; }
true_only() { true; }
version() { "$build/pccm" --version; }
echo "$members members asked for, $bytes bytes of 834"
compare "check, all levels / reading and looking at every byte" check scan
compare "check of gzip / gzip -dc" checkgz gunzip_only
compare "show / reading and looking at every byte" show scan
compare "load into the store / SQLite's own inserts of such rows" load insert
compare "load of the same members again / first load's inserts" again insert
compare "starting / a program that does nothing" version /bin/true
