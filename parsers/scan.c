/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * scan: find the element separators and the terminator of one segment.
 *
 * The kernels do the same and differ in speed: plain looks at a byte at a time, sse2
 * at 16, avx2 at 32.  The vector kernels load whole blocks, up to SCAN_PADDING bytes
 * past what is valid, and mask away what they must not see; whoever calls owns those
 * bytes.  A terminator wins over a separator of the same byte.
 *
 * Holds at every return: marks are ascending and below seen; seen <= len.
 */
#include "parsers/parts.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define SCAN_VECTORS 1
#else
#define SCAN_VECTORS 0
#endif

typedef bool scan_function(struct scan *scan, const char *bytes, size_t len);

static inline void scan_mark(struct scan *scan, size_t at)
{
	if (scan->count < COUNT_OF(scan->marks))
		scan->marks[scan->count] = (uint32_t)at;
	scan->count++;
}

static bool scan_plain(struct scan *scan, const char *bytes, size_t len)
{
	for (size_t at = scan->seen; at < len; at++) {
		if (bytes[at] == scan->segment) {
			scan->seen = (uint32_t)at;
			return true;
		}
		if (bytes[at] == scan->element)
			scan_mark(scan, at);
		if (bytes[at] == '\n' || bytes[at] == '\r')
			scan->wrapped = true;
	}
	scan->seen = (uint32_t)len;
	return false;
}

#if SCAN_VECTORS
/* Take in one block: bit n of each word is byte at + n.  True when the terminator is among the first `width`. */
static inline bool scan_block(struct scan *scan, size_t at, uint32_t elements, uint32_t ends, uint32_t wraps,
	uint32_t valid)
{
	ends &= valid;
	if (ends != 0)
		valid = (ends & (0 - ends)) - 1;
	elements &= valid;
	if ((wraps & valid) != 0)
		scan->wrapped = true;
	while (elements != 0) {
		scan_mark(scan, at + (size_t)__builtin_ctz(elements));
		elements &= elements - 1;
	}
	if (ends != 0)
		scan->seen = (uint32_t)(at + (size_t)__builtin_ctz(ends));
	return ends != 0;
}

__attribute__((target("sse2"))) static bool scan_sse2(struct scan *scan, const char *bytes, size_t len)
{
	const __m128i element = _mm_set1_epi8(scan->element), segment = _mm_set1_epi8(scan->segment);
	const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
	for (size_t at = scan->seen; at < len; at += 16) {
		__m128i block = _mm_loadu_si128((const __m128i *)(const void *)(bytes + at));
		uint32_t elements = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, element));
		uint32_t ends = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, segment));
		__m128i wrap = _mm_or_si128(_mm_cmpeq_epi8(block, lf), _mm_cmpeq_epi8(block, cr));
		uint32_t valid = len - at >= 16 ? 0xffffU : (UINT32_C(1) << (len - at)) - 1;
		if (scan_block(scan, at, elements, ends, (uint32_t)_mm_movemask_epi8(wrap), valid))
			return true;
	}
	scan->seen = (uint32_t)len;
	return false;
}

__attribute__((target("avx2"))) static bool scan_avx2(struct scan *scan, const char *bytes, size_t len)
{
	const __m256i element = _mm256_set1_epi8(scan->element), segment = _mm256_set1_epi8(scan->segment);
	const __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');
	for (size_t at = scan->seen; at < len; at += 32) {
		__m256i block = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + at));
		uint32_t elements = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, element));
		uint32_t ends = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, segment));
		__m256i wrap = _mm256_or_si256(_mm256_cmpeq_epi8(block, lf), _mm256_cmpeq_epi8(block, cr));
		uint32_t valid = len - at >= 32 ? UINT32_MAX : (UINT32_C(1) << (len - at)) - 1;
		if (scan_block(scan, at, elements, ends, (uint32_t)_mm256_movemask_epi8(wrap), valid))
			return true;
	}
	scan->seen = (uint32_t)len;
	return false;
}

static bool sse2_here(void)
{
	return __builtin_cpu_supports("sse2") != 0;
}
static bool avx2_here(void)
{
	return __builtin_cpu_supports("avx2") != 0;
}
#endif

static bool plain_here(void)
{
	return true;
}

/* The best first. */
static const struct {
	const char *name;
	scan_function *scan;
	bool (*here)(void);
} kernels[] = {
#if SCAN_VECTORS
	{ "avx2", scan_avx2, avx2_here },
	{ "sse2", scan_sse2, sse2_here },
#endif
	{ "plain", scan_plain, plain_here },
};

/* COUNT_OF(kernels): not chosen yet.  Set once, or by a test; the kernels agree, so that a race is harmless. */
static size_t kernel = COUNT_OF(kernels);

static size_t kernel_chosen(void)
{
	size_t chosen = __atomic_load_n(&kernel, __ATOMIC_RELAXED);
	if (chosen < COUNT_OF(kernels))
		return chosen;
	for (chosen = 0; !kernels[chosen].here(); chosen++)
		;
	__atomic_store_n(&kernel, chosen, __ATOMIC_RELAXED);
	return chosen;
}

bool reader_kernel(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(kernels); i++)
		if (strcmp(kernels[i].name, name) == 0 && kernels[i].here()) {
			__atomic_store_n(&kernel, i, __ATOMIC_RELAXED);
			return true;
		}
	return false;
}

const char *reader_kernel_name(void)
{
	return kernels[kernel_chosen()].name;
}

void scan_begin(struct scan *scan, const struct delimiters *delimiters)
{
	scan->element = delimiters->element;
	scan->segment = delimiters->segment;
	scan->wrapped = false;
	scan->seen = 0;
	scan->count = 0;
}

bool scan_segment(struct scan *scan, const char *bytes, size_t len)
{
	return kernels[kernel_chosen()].scan(scan, bytes, len);
}
