#!/bin/sh
# libFuzzer on the way from bytes to records, for SECONDS (60).  Finds are kept in tests/fuzz/found/.
#   tests/fuzz.sh [SECONDS]
seconds=${1:-60}
build=build-fuzz
found=tests/fuzz/found
mkdir -p "$build/corpus" "$found" || exit 3
layers="$build/libparsers.a $build/libguides.a $build/librecords.a $build/libbase.a"
sanitize="-fsanitize=fuzzer-no-link,address,undefined"
# shellcheck disable=SC2086
${MAKE:-make} CC=clang BUILD="$build" SANITIZE="$sanitize" OPT="-O1 -g" \
	$layers "$build/tests/unit/x12_support.o" "$build/tests/fuzz/fuzz_x12.o" >"$build/make.log" 2>&1 || {
	tail -n 20 "$build/make.log"
	echo "not ok fuzz: the harness does not build"
	exit 1
}
# shellcheck disable=SC2086
clang -fsanitize=fuzzer,address,undefined -pie -o "$build/fuzz_x12" "$build/tests/fuzz/fuzz_x12.o" \
	"$build/tests/unit/x12_support.o" $layers -lxml2 -lz -lcrypto || exit 1
if "$build/fuzz_x12" -max_total_time="$seconds" -max_len=16384 -timeout=20 -rss_limit_mb=1024 -print_final_stats=1 \
	-dict=tests/fuzz/x12.dict -artifact_prefix="$found/" "$build/corpus" tests/fuzz/seeds >"$build/fuzz.log" 2>&1; then
	grep -E 'number_of_executed_units|peak_rss' "$build/fuzz.log"
	echo "ok fuzz: $seconds seconds without a find"
	exit 0
fi
grep -E 'ERROR|SUMMARY|runtime error|assert' "$build/fuzz.log" | head -n 5
echo "not ok fuzz: the input is kept in $found/; log in $build/fuzz.log"
exit 1
