/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * clean: is nothing wrong with a segment?  Says so of nearly every segment that has no
 * mistake, by its shape, without naming anything; elements.c looks at the others with care
 * and says what it is.  A mistake here would be one of two: to call a wrong segment clean,
 * or to be slow.
 *
 * Branches that depend on the data cost more than the bytes do: lengths are compared eight
 * at a time, presence and syntax notes are masks, a code is one number.
 */
#include "parsers/clean.h"

/* Which elements are there, and which have a length that their shape does not allow. */
struct lengths {
	uint32_t there, wrong;
};

static struct lengths lengths_plain(const struct segment *segment, const struct shape_bounds *bounds)
{
	struct lengths lengths = { 0, 0 };
	const uint32_t *ends = segment->ends;
	for (unsigned i = 0; i < segment->element_count; i++) {
		const struct shape_bounds *bound = &bounds[i / SHAPE_LANES];
		uint32_t len = ends[i + 1] - ends[i] - 1;
		lengths.there |= (uint32_t)(len != 0) << i;
		lengths.wrong |= (uint32_t)(len < bound->low[i % SHAPE_LANES] || len > bound->high[i % SHAPE_LANES]) << i;
	}
	lengths.wrong &= lengths.there;
	return lengths;
}

#if CLEAN_VECTORS
/* Eight of them, less the separator: a length is to - from - 1. */
__attribute__((target(TARGET_AVX2))) static inline __m256i eight_lengths(const uint32_t *ends)
{
	__m256i from = _mm256_loadu_si256((const __m256i *)(const void *)ends);
	__m256i to = _mm256_loadu_si256((const __m256i *)(const void *)(ends + 1));
	return _mm256_add_epi32(_mm256_sub_epi32(to, from), _mm256_set1_epi32(-1));
}

/* In bytes, with what is too long for one as the longest. */
__attribute__((target(TARGET_AVX2))) static inline struct lengths lengths_avx2(const struct segment *segment,
	const struct shape_bounds *bounds)
{
	const uint32_t *ends = segment->ends;
	uint32_t empty = 0, fits = 0;
	for (unsigned i = 0; i < segment->element_count; i += SHAPE_LANES, bounds++) {
		__m256i low8 = eight_lengths(ends + i);
		__m256i high8 = segment->element_count - i > 8 ? eight_lengths(ends + i + 8) : _mm256_setzero_si256();
		/* to words, by halves that stand crosswise; then to bytes */
		__m256i words = _mm256_min_epu16(_mm256_permute4x64_epi64(_mm256_packus_epi32(low8, high8), 0xd8),
			_mm256_set1_epi16(UINT8_MAX));
		__m128i len = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
		__m128i low = _mm_loadu_si128((const __m128i *)(const void *)bounds->low);
		__m128i high = _mm_loadu_si128((const __m128i *)(const void *)bounds->high);
		__m128i fit = _mm_cmpeq_epi8(_mm_min_epu8(_mm_max_epu8(len, low), high), len);
		empty |= (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(len, _mm_setzero_si128())) << i;
		fits |= (uint32_t)_mm_movemask_epi8(fit) << i;
	}
	uint32_t there = ~empty & (uint32_t)((UINT64_C(1) << segment->element_count) - 1);
	return (struct lengths){ there, there & ~fits };
}

__attribute__((target(TARGET_AVX512))) static inline struct lengths lengths_avx512(const struct segment *segment,
	const struct shape_bounds *bounds)
{
	const uint32_t *ends = segment->ends;
	struct lengths lengths = { 0, 0 };
	for (unsigned i = 0; i < segment->element_count; i += SHAPE_LANES, bounds++) {
		__mmask16 sent = (__mmask16)_bzhi_u32(0xffff, segment->element_count - i);
		__m512i from = _mm512_maskz_loadu_epi32(sent, ends + i), to = _mm512_maskz_loadu_epi32(sent, ends + i + 1);
		/* -1 for the separator: a length is to - from - 1.  In bytes, with what is too long for one as the longest */
		__m128i len = _mm512_cvtusepi32_epi8(_mm512_maskz_add_epi32(sent, _mm512_sub_epi32(to, from),
			_mm512_set1_epi32(-1)));
		__m128i low = _mm_loadu_si128((const __m128i *)(const void *)bounds->low);
		__m128i high = _mm_loadu_si128((const __m128i *)(const void *)bounds->high);
		__m128i fit = _mm_min_epu8(_mm_max_epu8(len, low), high);
		__mmask16 there = _mm_test_epi8_mask(len, len);
		lengths.there |= (uint32_t)there << i;
		lengths.wrong |= (uint32_t)_mm_mask_cmpneq_epu8_mask(there, fit, len) << i;
	}
	return lengths;
}
#endif

/* ---- values --------------------------------------------------------------------------------------------- */

static bool number_fits(struct slice value, const struct guide_element *element)
{
	static const uint64_t zeros = UINT64_C(0x3030303030303030);
	uint64_t digits;
	bool few = value.len <= PACKED_BYTES && (value.len == 1 || value.ptr[0] != '0') &&
		digits_are(bytes_packed(value) | (value.len < PACKED_BYTES ? zeros << 8 * value.len : 0), &digits);
	if (few)
		return value.len >= element->min && value.len <= element->max;
	size_t count = form_digit_count(value);
	return (element->type == TYPE_N ? form_whole(value) : form_decimal(value)) && count >= element->min &&
	       count <= element->max && form_number_short(value, element->min);
}

#define QUALIFIER_D8 UINT64_C(0x3844)

static inline bool days_fit(const struct segment *segment, const struct guide_element *elements, uint32_t formats,
	uint32_t dates)
{
	EACH_BIT(at, formats) {
		struct slice value = value_of(segment, at);
		unsigned by = elements[at].format_of;
		bool d8 = by <= segment->element_count && segment->ends[by] - segment->ends[by - 1] == 3 &&
			packed_of(segment, by - 1) == QUALIFIER_D8;
		if (!(d8 && day_is_plain(value)) && !format_fits(segment_element(segment, by), value))
			return false;
	}
	EACH_BIT(at, dates) {
		struct slice value = value_of(segment, at);
		if (!day_is_plain(value) && !form_date(value))
			return false;
	}
	return true;
}

static bool numbers_fit(const struct segment *segment, const struct guide_element *elements, uint32_t numbers,
	uint32_t times)
{
	EACH_BIT(at, numbers)
		if (!number_fits(value_of(segment, at), &elements[at]))
			return false;
	EACH_BIT(at, times)
		if (!form_time(value_of(segment, at)))
			return false;
	return true;
}

static bool set_codes_fit(struct checker *checker, const struct segment *segment, const struct guide_element *elements,
	uint32_t sets)
{
	EACH_BIT(at, sets)
		if (!set_code_fits(checker, &elements[at], value_of(segment, at)))
			return false;
	return true;
}

/* NPI and ZIP: level 5. */
static inline bool numbers_of_others_fit(const struct segment *segment, const struct shape *shape, uint32_t there)
{
	if (shape->postal && (there & 4) != 0 && ((there & 8) != 0 || !form_postal_us(value_of(segment, 2))))
		return false; /* with a country, elements.c knows */
	unsigned npi = shape->npi;
	return npi == 0 || (there >> (npi - 1) & 1) == 0 || npi_fits(segment, npi);
}

static inline bool notes_hold(const struct shape *shape, uint32_t there)
{
	/* paired neighbours: both or none */
	if (((there ^ there >> 1) & shape->pairs) != 0)
		return false;
	for (unsigned i = 0; i < shape->note_count; i++) {
		const struct shape_note *note = &shape->notes[i];
		uint32_t one = there & note->one;
		bool applies = (there & note->when) != 0 || note->when == UINT32_MAX;
		bool holds = (there & note->every) == note->every && (note->some == 0 || (there & note->some) != 0);
		if ((applies && !holds) || (one & (one - 1)) != 0)
			return false;
	}
	return true;
}

bool clean_apart(const struct segment *segment, uint32_t simple)
{
	EACH_BIT(at, simple) {
		struct slice value = value_of(segment, at);
		if (memchr(value.ptr, segment->delimiters.component, value.len) != NULL)
			return false;
	}
	return true;
}

bool clean_rest(struct checker *checker, const struct segment *segment, const struct shape *shape, uint32_t there, uint32_t now)
{
	const struct guide_element *elements = &checker->index->guide->elements[shape->first_element];
	if ((now & (shape->formats | shape->dates)) != 0 &&
		!days_fit(segment, elements, now & shape->formats, now & shape->dates))
		return false;
	if ((now & (shape->numbers | shape->times)) != 0 &&
		!numbers_fit(segment, elements, now & shape->numbers, now & shape->times))
		return false;
	if ((now & shape->sets) != 0 && !set_codes_fit(checker, segment, elements, now & shape->sets))
		return false;
	return !shape->others || checker->checks.level < 5 || numbers_of_others_fit(segment, shape, there);
}

/* ---- the segment ------------------------------------------------------------------------------------------ */

static inline __attribute__((always_inline)) uint64_t is_clean(struct checker *checker, const struct segment *segment,
	const struct shape *shape, uint32_t ours, struct lengths lengths)
{
	uint32_t there = checker->there = lengths.there;
	uint32_t last = (uint32_t)(UINT64_C(1) << segment->element_count >> 1);
	uint32_t wrong = (((shape->required & ours) | last) & ~there) | (there & shape->unused & ours) | lengths.wrong |
		(segment->has & ~(unsigned)SEGMENT_HAS_COMPONENT);
	if (wrong != 0)
		return CLEAN_NOT;
	if (segment->has != 0 && !((there & shape->single) != 0 && clean_apart(segment, there & ~shape->single)))
		return CLEAN_NOT;
	uint32_t now = there & ours;
	if (!codes_are_listed(checker->index->codes, segment, shape->codes, now & shape->coded) || !notes_hold(shape, there))
		return CLEAN_NOT;
	if ((now & shape->rare) != 0 && !clean_rest(checker, segment, shape, there, now))
		return CLEAN_NOT;
	return now & shape->single;
}

/* Nothing is: elements.c looks at all of it. */
static uint64_t clean_never(struct checker *checker, const struct segment *segment, const struct shape *shape,
	uint32_t ours)
{
	(void)shape;
	(void)ours;
	checker->there = 0;
	for (unsigned i = 0; i < segment->element_count && i < SHAPE_ELEMENTS; i++)
		checker->there |= (uint32_t)(segment->ends[i + 1] - segment->ends[i] > 1) << i;
	return CLEAN_NOT;
}

static uint64_t clean_plain(struct checker *checker, const struct segment *segment, const struct shape *shape,
	uint32_t ours)
{
	if (segment->element_count > shape->elements)
		return clean_never(checker, segment, shape, ours);
	return is_clean(checker, segment, shape, ours, lengths_plain(segment, shape->bounds));
}

#if CLEAN_VECTORS
__attribute__((target(TARGET_AVX2))) static uint64_t clean_avx2(struct checker *checker, const struct segment *segment,
	const struct shape *shape, uint32_t ours)
{
	if (segment->element_count > shape->elements)
		return clean_never(checker, segment, shape, ours);
	return is_clean(checker, segment, shape, ours, lengths_avx2(segment, shape->bounds));
}

__attribute__((target(TARGET_AVX512))) static uint64_t clean_avx512(struct checker *checker,
	const struct segment *segment, const struct shape *shape, uint32_t ours)
{
	if (segment->element_count > shape->elements)
		return clean_never(checker, segment, shape, ours);
	return is_clean(checker, segment, shape, ours, lengths_avx512(segment, shape->bounds));
}
#endif

/* ---- the ways --------------------------------------------------------------------------------------------- */

static bool plain_here(void)
{
	return true;
}

#if CLEAN_VECTORS
static bool avx2_here(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

static bool avx512_here(void)
{
	return avx2_here() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl");
}
#endif

static const struct {
	const char *name;
	clean_function *clean;
	bool (*here)(void);
} ways[] = {
	[WAY_CAREFUL] = { "careful", clean_never, plain_here },
	[WAY_PLAIN] = { "plain", clean_plain, plain_here },
#if CLEAN_VECTORS
	[WAY_AVX2] = { "avx2", clean_avx2, avx2_here },
	[WAY_AVX512] = { "avx512", clean_avx512, avx512_here },
#endif
};

/* Set once, or by a test; the ways agree, so that a race is harmless. */
#define WAY_UNCHOSEN (-1)
static int chosen = WAY_UNCHOSEN;

enum check_way check_way(void)
{
	int way = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
	if (way != WAY_UNCHOSEN)
		return (enum check_way)way;
	for (way = (int)COUNT_OF(ways) - 1; !ways[way].here(); way--)
		;
	__atomic_store_n(&chosen, way, __ATOMIC_RELAXED);
	return (enum check_way)way;
}

clean_function *clean_of(enum check_way way)
{
	return ways[way].clean;
}

bool walker_way(const char *name)
{
	for (size_t way = 0; way < COUNT_OF(ways); way++)
		if (strcmp(ways[way].name, name) == 0 && ways[way].here()) {
			__atomic_store_n(&chosen, (int)way, __ATOMIC_RELAXED);
			return true;
		}
	return false;
}
