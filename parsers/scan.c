/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * scan: where the separators of elements and the terminators stand, for a whole stretch of the window at once, and
 * what other bytes each segment has.
 *
 * A kernel turns 64 bytes into five words of 64 bits (`struct found`), and those into places: marks, one for each
 * separator and terminator, in order; for each terminator which mark it is; and the classes of bytes that its segment
 * has.  The kernels differ in speed only: plain C with eight bytes in a word, SSE2, AVX2 with BMI2, AVX-512 VBMI2.  All
 * load whole blocks, up to SCAN_PADDING bytes past what is valid, and mask away what they must not see; whoever calls
 * owns those bytes.  They write up to SCAN_SLACK places more than they count.
 *
 * A line end that follows a terminator, with one more behind it (CR LF), belongs to no segment.  Any other line end is
 * one inside: the segment has SEGMENT_HAS_LINE_END and is looked at again by the reader.
 *
 * Holds at every return: marks ascend and are below seen; ends ascend and are below mark_count; the marks behind the
 * last terminator are those of a segment that goes on behind seen.
 */
#include "parsers/parts.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define SCAN_VECTORS 1
#else
#define SCAN_VECTORS 0
#endif

/* Classes of bytes: the low bits are those of enum segment_has. */
#define CLASS_ELEMENT 0x80
#define CLASS_SEGMENT 0x40
#define CLASS_LINE SEGMENT_HAS_LINE_END
#define CLASS_SPECIAL 0x2f /* of one byte alone: edge blanks are seen by what stands beside them */

/* One block: bit n is its byte n.  Lines are also special; separators and terminators are not.  A blank that separates is
 * among the blanks all the same. */
struct found {
	uint64_t ends, elements, lines, special, blanks;
};
/* A scan while it runs, in registers. */
struct progress {
	uint32_t *marks, *ends;         /* where the next ones are put */
	uint64_t after_end, after_line; /* the bits of scan->after */
	uint64_t after_mark, after_blank;
	uint32_t has;                   /* above READER_RANK_BITS */
};

#define IN_PLACE static inline __attribute__((always_inline))

typedef struct found look_function(const void *wanted, const char *bytes);
typedef void put_function(struct scan *scan, struct progress *progress, uint32_t at, struct found found);
typedef void scan_function(struct scan *scan, const char *bytes, uint32_t to);

/* ---- what all kernels share --------------------------------------------------------------------------- */

static uint32_t classes_of(const struct scan *scan, const char *bytes, uint64_t which)
{
	uint32_t classes = 0;
	for (; which != 0; which &= which - 1)
		classes |= scan->classes[(unsigned char)bytes[__builtin_ctzll(which)]];
	return (classes & CLASS_SPECIAL) << READER_RANK_BITS;
}

#define HAS_EDGE_BLANK ((uint32_t)SEGMENT_HAS_EDGE_BLANK << READER_RANK_BITS)

/* Some segment of this block has something, or the one before that goes on here (`has`).  The rare case, byte for
 * byte; gives what the segment has that goes on behind the block.  `edges`: blanks behind a separator, and separators and
 * terminators behind a blank. */
__attribute__((noinline)) static uint32_t note_special(const struct scan *scan, uint32_t *segment, const char *bytes,
	uint64_t ends, uint64_t special, uint64_t edges, uint32_t has)
{
	for (; ends != 0; ends &= ends - 1) {
		uint64_t before = (ends & (0 - ends)) - 1, until = ends ^ (ends - 1);
		*segment++ |= has | classes_of(scan, bytes, special & before) | ((edges & until) != 0 ? HAS_EDGE_BLANK : 0);
		special &= ~before;
		edges &= ~until;
		has = 0;
	}
	return has | classes_of(scan, bytes, special) | (edges != 0 ? HAS_EDGE_BLANK : 0);
}

/* One block of `width` bytes that count: put its places and note what its segments have. */
IN_PLACE void take(struct scan *scan, struct progress *progress, const char *bytes, uint32_t at, unsigned width,
	struct found found, put_function *put)
{
	uint64_t first = found.lines & (found.ends << 1 | progress->after_end);
	uint64_t second = found.lines & (first << 1 | progress->after_line);
	uint64_t special = found.special & ~(first | second);
	uint64_t marks = found.ends | found.elements, blanks = found.blanks & ~marks;
	uint64_t edges = (blanks & (marks << 1 | progress->after_mark)) | (marks & (blanks << 1 | progress->after_blank));
	uint32_t *segment = progress->ends;
	progress->after_end = found.ends >> (width - 1) & 1;
	progress->after_line = first >> (width - 1) & 1;
	progress->after_mark = marks >> (width - 1) & 1;
	progress->after_blank = blanks >> (width - 1) & 1;
	put(scan, progress, at, found);
	if (__builtin_expect((special | edges | progress->has) != 0, 0))
		progress->has = note_special(scan, segment, bytes + at, found.ends, special, edges, progress->has);
}

/* The blocks from scan->seen on, the last of them cut.  `wanted` is the kernel's own: what it compares with. */
IN_PLACE void run(struct scan *scan, const char *bytes, uint32_t to, look_function *look, const void *wanted,
	put_function *put)
{
	struct progress progress = { scan->marks + scan->mark_count, scan->ends + scan->end_count, scan->after & 1,
		scan->after >> 1 & 1, scan->after >> 2 & 1, scan->after >> 3, scan->tail_has };
	uint32_t at = scan->seen;
	for (; to - at >= 64; at += 64)
		take(scan, &progress, bytes, at, 64, look(wanted, bytes + at), put);
	if (at < to) {
		struct found found = look(wanted, bytes + at);
		uint64_t valid = (UINT64_C(1) << (to - at)) - 1;
		found = (struct found){ found.ends & valid, found.elements & valid, found.lines & valid, found.special & valid,
			found.blanks & valid };
		take(scan, &progress, bytes, at, to - at, found, put);
	}
	scan->seen = to;
	scan->mark_count = (uint32_t)(progress.marks - scan->marks);
	scan->end_count = (uint32_t)(progress.ends - scan->ends);
	scan->tail_has = progress.has;
	scan->after = (uint8_t)(progress.after_end | progress.after_line << 1 | progress.after_mark << 2 |
		progress.after_blank << 3);
}

/* Places one by one: for machines that can do no better. */
IN_PLACE void put_each(struct scan *scan, struct progress *progress, uint32_t at, struct found found)
{
	uint32_t *marks = progress->marks, *ends = progress->ends;
	for (uint64_t all = found.elements | found.ends; all != 0; all &= all - 1) {
		unsigned bit = (unsigned)__builtin_ctzll(all);
		*ends = (uint32_t)(marks - scan->marks);
		ends += found.ends >> bit & 1;
		*marks++ = at + bit;
	}
	progress->marks = marks;
	progress->ends = ends;
}

/* ---- plain C ------------------------------------------------------------------------------------------- */

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define LOW_BITS UINT64_C(0x7f7f7f7f7f7f7f7f)
#define HIGH_BITS UINT64_C(0x8080808080808080)

struct plain_wanted {
	uint64_t element, segment, repetition, component, line_feed, line_return;
};

/* The high bit of each byte that is zero. */
IN_PLACE uint64_t zeros(uint64_t word)
{
	return ~(((word & LOW_BITS) + LOW_BITS) | word) & HIGH_BITS;
}
/* The eight high bits side by side. */
IN_PLACE uint64_t gathered(uint64_t high_bits)
{
	return ((high_bits >> 7) * UINT64_C(0x0102040810204080)) >> 56;
}

IN_PLACE struct found look_plain(const void *data, const char *bytes)
{
	const struct plain_wanted *wanted = data;
	struct found found = { 0, 0, 0, 0, 0 };
	for (unsigned i = 0; i < 64; i += 8) {
		uint64_t word;
		memcpy(&word, bytes + i, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		word = __builtin_bswap64(word);
#endif
		uint64_t ends = zeros(word ^ wanted->segment), elements = zeros(word ^ wanted->element) & ~ends;
		uint64_t control = ~((word & LOW_BITS) + EACH_BYTE * 0x60) & ~word & HIGH_BITS;
		uint64_t special = control | (word & HIGH_BITS) | zeros(word ^ EACH_BYTE * 0x7f) |
				   zeros(word ^ wanted->repetition) | zeros(word ^ wanted->component);
		special &= ~(ends | elements);
		found.ends |= gathered(ends) << i;
		found.elements |= gathered(elements) << i;
		uint64_t lines = zeros(word ^ wanted->line_feed) | zeros(word ^ wanted->line_return);
		found.special |= gathered(special) << i;
		found.lines |= gathered(lines & special) << i;
		found.blanks |= gathered(zeros(word ^ EACH_BYTE * ' ')) << i;
	}
	return found;
}

static void scan_plain(struct scan *scan, const char *bytes, uint32_t to)
{
	const struct plain_wanted wanted = { EACH_BYTE * (unsigned char)scan->element, EACH_BYTE * (unsigned char)scan->segment,
		EACH_BYTE * (unsigned char)scan->repetition, EACH_BYTE * (unsigned char)scan->component,
		EACH_BYTE * (unsigned char)scan->line_feed, EACH_BYTE * (unsigned char)scan->line_return };
	run(scan, bytes, to, look_plain, &wanted, put_each);
}

static bool plain_here(void)
{
	return true;
}

#if SCAN_VECTORS
/* ---- SSE2 ---------------------------------------------------------------------------------------------- */

struct sse2_wanted {
	__m128i element, segment, repetition, component, line_feed, line_return;
};

IN_PLACE struct found look_sse2(const void *data, const char *bytes)
{
	const struct sse2_wanted *wanted = data;
	const __m128i del = _mm_set1_epi8(0x7f), control = _mm_set1_epi8(0x1f), blank = _mm_set1_epi8(' ');
	struct found found = { 0, 0, 0, 0, 0 };
	for (unsigned i = 0; i < 64; i += 16) {
		__m128i block = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));
		__m128i lines = _mm_or_si128(_mm_cmpeq_epi8(block, wanted->line_feed),
			_mm_cmpeq_epi8(block, wanted->line_return));
		__m128i special = _mm_or_si128(block, _mm_cmpeq_epi8(_mm_max_epu8(block, control), control));
		special = _mm_or_si128(special, _mm_cmpeq_epi8(block, del));
		special = _mm_or_si128(special, _mm_cmpeq_epi8(block, wanted->repetition));
		special = _mm_or_si128(special, _mm_cmpeq_epi8(block, wanted->component));
		found.ends |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, wanted->segment)) << i;
		found.elements |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, wanted->element)) << i;
		found.lines |= (uint64_t)(unsigned)_mm_movemask_epi8(lines) << i;
		found.special |= (uint64_t)(unsigned)_mm_movemask_epi8(special) << i;
		found.blanks |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, blank)) << i;
	}
	found.elements &= ~found.ends;
	found.special &= ~(found.ends | found.elements);
	found.lines &= found.special;
	return found;
}

static void scan_sse2(struct scan *scan, const char *bytes, uint32_t to)
{
	const struct sse2_wanted wanted = { _mm_set1_epi8(scan->element), _mm_set1_epi8(scan->segment),
		_mm_set1_epi8(scan->repetition), _mm_set1_epi8(scan->component), _mm_set1_epi8(scan->line_feed),
		_mm_set1_epi8(scan->line_return) };
	run(scan, bytes, to, look_sse2, &wanted, put_each);
}

static bool sse2_here(void)
{
	return __builtin_cpu_supports("sse2") != 0;
}

/* ---- AVX2 with BMI2 -------------------------------------------------------------------------------------- */

#define FOR_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

struct avx2_wanted {
	__m256i element, segment, repetition, component, line_feed, line_return;
};

FOR_AVX2 IN_PLACE uint64_t bits_avx2(__m256i low, __m256i high)
{
	return (uint64_t)(unsigned)_mm256_movemask_epi8(low) | (uint64_t)(unsigned)_mm256_movemask_epi8(high) << 32;
}

FOR_AVX2 IN_PLACE __m256i lines_avx2(const struct avx2_wanted *wanted, __m256i block)
{
	return _mm256_or_si256(_mm256_cmpeq_epi8(block, wanted->line_feed), _mm256_cmpeq_epi8(block, wanted->line_return));
}

FOR_AVX2 IN_PLACE __m256i special_avx2(const struct avx2_wanted *wanted, __m256i block)
{
	const __m256i del = _mm256_set1_epi8(0x7f), control = _mm256_set1_epi8(0x1f);
	__m256i special = _mm256_or_si256(block, _mm256_cmpeq_epi8(_mm256_max_epu8(block, control), control));
	special = _mm256_or_si256(special, _mm256_cmpeq_epi8(block, del));
	special = _mm256_or_si256(special, _mm256_cmpeq_epi8(block, wanted->repetition));
	return _mm256_or_si256(special, _mm256_cmpeq_epi8(block, wanted->component));
}

FOR_AVX2 IN_PLACE struct found look_avx2(const void *data, const char *bytes)
{
	const struct avx2_wanted *wanted = data;
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
	__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32));
	uint64_t ends = bits_avx2(_mm256_cmpeq_epi8(low, wanted->segment), _mm256_cmpeq_epi8(high, wanted->segment));
	uint64_t elements = ~ends & bits_avx2(_mm256_cmpeq_epi8(low, wanted->element),
		_mm256_cmpeq_epi8(high, wanted->element));
	uint64_t special = bits_avx2(special_avx2(wanted, low), special_avx2(wanted, high)) & ~(ends | elements);
	const __m256i blank = _mm256_set1_epi8(' ');
	return (struct found){ ends, elements, bits_avx2(lines_avx2(wanted, low), lines_avx2(wanted, high)) & special,
		special, bits_avx2(_mm256_cmpeq_epi8(low, blank), _mm256_cmpeq_epi8(high, blank)) };
}

/* Places of the bits of a word, `step` of them in any case: a block of 834 has 13, and a loop that ends behind the last of
 * them cannot be foreseen. */
FOR_AVX2 IN_PLACE void put_bits(uint32_t *out, uint64_t bits, size_t count, size_t step, uint32_t base)
{
	size_t done = 0;
	do {
#pragma GCC unroll 16
		for (size_t i = 0; i < step; i++) {
			out[done + i] = base + (uint32_t)_tzcnt_u64(bits);
			bits = _blsr_u64(bits);
		}
		done += step;
	} while (__builtin_expect(done < count, 0));
}

FOR_AVX2 IN_PLACE void put_avx2(struct scan *scan, struct progress *progress, uint32_t at, struct found found)
{
	uint64_t all = found.elements | found.ends;
	size_t marks = (size_t)_mm_popcnt_u64(all), ends = (size_t)_mm_popcnt_u64(found.ends);
	put_bits(progress->marks, all, marks, 16, at);
	put_bits(progress->ends, _pext_u64(found.ends, all), ends, 4, (uint32_t)(progress->marks - scan->marks));
	progress->marks += marks;
	progress->ends += ends;
}

FOR_AVX2 static void scan_avx2(struct scan *scan, const char *bytes, uint32_t to)
{
	const struct avx2_wanted wanted = { _mm256_set1_epi8(scan->element), _mm256_set1_epi8(scan->segment),
		_mm256_set1_epi8(scan->repetition), _mm256_set1_epi8(scan->component), _mm256_set1_epi8(scan->line_feed),
		_mm256_set1_epi8(scan->line_return) };
	run(scan, bytes, to, look_avx2, &wanted, put_avx2);
}

static bool avx2_here(void)
{
	return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
	       __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("popcnt") != 0;
}

/* ---- AVX-512 VBMI2 ----------------------------------------------------------------------------------------- */

#define FOR_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

struct avx512_wanted {
	__m512i classes[2]; /* of the first 128 bytes; the others are all special */
	__m512i element, segment;
};

FOR_AVX512 IN_PLACE struct found look_avx512(const void *data, const char *bytes)
{
	const struct avx512_wanted *wanted = data;
	__m512i block = _mm512_loadu_si512(bytes);
	__m512i classes = _mm512_permutex2var_epi8(wanted->classes[0], block, wanted->classes[1]);
	__mmask64 ends = _mm512_cmpeq_epi8_mask(block, wanted->segment);
	__mmask64 elements = _mm512_mask_cmpeq_epi8_mask(~ends, block, wanted->element);
	__mmask64 special = _mm512_test_epi8_mask(classes, _mm512_set1_epi8(CLASS_SPECIAL)) | _mm512_movepi8_mask(block);
	__mmask64 lines = _mm512_test_epi8_mask(classes, _mm512_set1_epi8(CLASS_LINE));
	__mmask64 high = _mm512_movepi8_mask(block);
	return (struct found){ ends, elements, lines & ~high, special & ~(ends | elements),
		_mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(' ')) };
}

static const uint8_t numbers[64] __attribute__((aligned(64))) = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
	17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45,
	46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63 };

/* Sixteen places in a block as words, `base` added. */
FOR_AVX512 IN_PLACE void put_places(uint32_t *out, __m128i places, __m512i base)
{
	_mm512_storeu_si512(out, _mm512_add_epi32(_mm512_cvtepu8_epi32(places), base));
}

/* The bits of a word as places: 16 in any case, more if there are. */
FOR_AVX512 IN_PLACE void put_word(uint32_t *out, uint64_t bits, size_t count, size_t likely, uint32_t base)
{
	__m512i places = _mm512_maskz_compress_epi8(bits, _mm512_load_si512(numbers));
	__m512i add = _mm512_set1_epi32((int)base);
	put_places(out, _mm512_castsi512_si128(places), add);
	if (likely > 16)
		put_places(out + 16, _mm512_extracti32x4_epi32(places, 1), add);
	if (__builtin_expect(count > likely, 0)) {
		put_places(out + 16, _mm512_extracti32x4_epi32(places, 1), add);
		put_places(out + 32, _mm512_extracti32x4_epi32(places, 2), add);
		put_places(out + 48, _mm512_extracti32x4_epi32(places, 3), add);
	}
}

FOR_AVX512 IN_PLACE void put_avx512(struct scan *scan, struct progress *progress, uint32_t at, struct found found)
{
	uint64_t all = found.elements | found.ends;
	size_t marks = (size_t)_mm_popcnt_u64(all), ends = (size_t)_mm_popcnt_u64(found.ends);
	put_word(progress->marks, all, marks, 32, at);
	put_word(progress->ends, _pext_u64(found.ends, all), ends, 16, (uint32_t)(progress->marks - scan->marks));
	progress->marks += marks;
	progress->ends += ends;
}

FOR_AVX512 static void scan_avx512(struct scan *scan, const char *bytes, uint32_t to)
{
	const struct avx512_wanted wanted = { { _mm512_load_si512(scan->classes), _mm512_load_si512(scan->classes + 64) },
		_mm512_set1_epi8(scan->element), _mm512_set1_epi8(scan->segment) };
	run(scan, bytes, to, look_avx512, &wanted, put_avx512);
}

static bool avx512_here(void)
{
	return avx2_here() && __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
	       __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512vbmi") != 0 &&
	       __builtin_cpu_supports("avx512vbmi2") != 0;
}
#endif

/* ---- which one -------------------------------------------------------------------------------------------- */

/* The best first. */
static const struct {
	const char *name;
	scan_function *scan;
	bool (*here)(void);
} kernels[] = {
#if SCAN_VECTORS
	{ "avx512", scan_avx512, avx512_here },
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

/* ---- the scan ----------------------------------------------------------------------------------------------- */

struct scan *scan_new(void)
{
	struct scan *scan = aligned_alloc(64, sizeof(*scan));
	if (scan != NULL)
		memset(scan, 0, offsetof(struct scan, marks));
	return scan;
}

void scan_begin(struct scan *scan, const struct delimiters *delimiters, uint32_t from)
{
	for (unsigned i = 0; i < sizeof(scan->classes); i++)
		scan->classes[i] = i < 0x20 || i == 0x7f ? SEGMENT_HAS_CONTROL : i >= 0x80 ? SEGMENT_HAS_HIGH : 0;
	scan->classes['\n'] = scan->classes['\r'] = CLASS_LINE;
	/* the later one wins where two are the same byte */
	if (delimiters->repetition != '\0')
		scan->classes[(unsigned char)delimiters->repetition] = SEGMENT_HAS_REPETITION;
	scan->classes[(unsigned char)delimiters->component] = SEGMENT_HAS_COMPONENT;
	scan->classes[(unsigned char)delimiters->element] = CLASS_ELEMENT;
	scan->classes[(unsigned char)delimiters->segment] = CLASS_SEGMENT;
	scan->element = delimiters->element;
	scan->segment = delimiters->segment;
	scan->component = delimiters->component;
	scan->repetition = delimiters->repetition != '\0' ? delimiters->repetition : delimiters->component;
	/* a line end that separates is none; an element separator is looked for in its place, which is never a line end */
	scan->line_feed = scan->classes['\n'] == CLASS_LINE ? '\n' : delimiters->element;
	scan->line_return = scan->classes['\r'] == CLASS_LINE ? '\r' : delimiters->element;
	scan_restart(scan, from);
}

void scan_restart(struct scan *scan, uint32_t from)
{
	scan->seen = from;
	scan->mark_count = 0;
	scan->end_count = 0;
	scan->tail_has = 0;
	scan->after = 0;
}

void scan_drop(struct scan *scan)
{
	if (scan->end_count == 0)
		return;
	uint32_t from = (scan->ends[scan->end_count - 1] & READER_RANK) + 1;
	memmove(scan->marks, scan->marks + from, (scan->mark_count - from) * sizeof(scan->marks[0]));
	scan->mark_count -= from;
	scan->end_count = 0;
}

void scan_shift(struct scan *scan, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < scan->mark_count; i++)
		scan->marks[i] = scan->marks[i] - from + to;
	scan->seen = scan->seen - from + to;
}

bool scan_wide(void)
{
	return SCAN_VECTORS && kernel_chosen() == 0;
}

void scan_bytes(struct scan *scan, const char *bytes, uint32_t to)
{
	kernels[kernel_chosen()].scan(scan, bytes, to);
}
