#!/bin/sh
# libFuzzer, each harness of tests/fuzz for SECONDS (60).  fuzz_NAME.c has its seeds in seeds-NAME (fuzz_x12 in seeds) and
# may have words in NAME.dict; corpus-NAME.tar.gz is what earlier runs found worth keeping, minimised (-merge=1).  Finds are
# kept in tests/fuzz/found/.
#   tests/fuzz.sh [SECONDS [NAME…]]
seconds=${1:-60}
[ $# -gt 0 ] && shift
names=$*
[ -n "$names" ] || names=$(ls tests/fuzz/fuzz_*.c | sed 's|.*/fuzz_||; s|\.c$||')
build=build-fuzz
found=tests/fuzz/found
mkdir -p "$found" || exit 3
layers="$build/libgenerators.a $build/libparsers.a $build/libguides.a $build/librecords.a $build/libbase.a"
sanitize="-fsanitize=fuzzer-no-link,address,undefined"
failed=0
for name in $names; do
	work=$build/fuzz/$name
	mkdir -p "$work/corpus" || exit 3
	# shellcheck disable=SC2086
	${MAKE:-make} CC=clang BUILD="$build" SANITIZE="$sanitize" OPT="-O1 -g" \
		$layers "$build/tests/unit/x12_support.o" "$build/tests/fuzz/fuzz_$name.o" >"$work/make.log" 2>&1 || {
		tail -n 20 "$work/make.log"
		echo "not ok fuzz: the harness $name does not build"
		exit 1
	}
	# shellcheck disable=SC2086
	clang -fsanitize=fuzzer,address,undefined -pie -o "$work/fuzz" "$build/tests/fuzz/fuzz_$name.o" \
		"$build/tests/unit/x12_support.o" $layers -lxml2 -lz -lcrypto ${ISAL_LIBRARY--lisal} || exit 1
	seeds=tests/fuzz/seeds-$name dict=
	[ -d "$seeds" ] || seeds=tests/fuzz/seeds
	[ -f "tests/fuzz/corpus-$name.tar.gz" ] && tar -C "$work/corpus" -xzf "tests/fuzz/corpus-$name.tar.gz"
	[ -f "tests/fuzz/$name.dict" ] && dict=-dict=tests/fuzz/$name.dict
	# shellcheck disable=SC2086
	if "$work/fuzz" -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=1024 -print_final_stats=1 \
		$dict -artifact_prefix="$found/" "$work/corpus" "$seeds" >"$work/log" 2>&1; then
		grep -E 'number_of_executed_units|peak_rss' "$work/log"
		echo "ok fuzz: $name: $seconds seconds without a find"
		continue
	fi
	failed=1
	grep -E 'ERROR|SUMMARY|runtime error|assert' "$work/log" | head -n 5
	echo "not ok fuzz: $name: the input is kept in $found/; log in $work/log"
done
exit $failed
