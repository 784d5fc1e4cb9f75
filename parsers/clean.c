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
#include "parsers/parts.h"

#if defined(__x86_64__) || defined(__i386__)
#define CLEAN_VECTORS 1
#include <immintrin.h>
#endif

#define LOOK_BLANK 0x80 /* a blank beside a separator, besides enum segment_has */

/* Which elements are there, and which have a length that their shape does not allow. */
struct lengths {
	uint32_t there, wrong;
};

static unsigned look_plain(const struct segment *segment)
{
	const char *bytes = segment->bytes.ptr;
	struct delimiters delimiters = segment->delimiters;
	unsigned has = 0;
	char before = delimiters.element;
	for (size_t i = 0; i < segment->bytes.len; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (bytes[i] == delimiters.repetition)
			has |= SEGMENT_HAS_REPETITION;
		else if (bytes[i] == delimiters.component)
			has |= SEGMENT_HAS_COMPONENT;
		else if ((c < 0x20 || c == 0x7f) && bytes[i] != delimiters.element)
			has |= SEGMENT_HAS_CONTROL;
		if (c >= 0x80)
			has |= SEGMENT_HAS_HIGH;
		if ((c == ' ' && before == delimiters.element) || (before == ' ' && bytes[i] == delimiters.element))
			has |= LOOK_BLANK;
		before = bytes[i];
	}
	return has | (before == ' ' ? LOOK_BLANK : 0);
}

static struct lengths lengths_plain(const struct segment *segment, const uint32_t *bounds)
{
	struct lengths lengths = { 0, 0 };
	const uint32_t *ends = segment->ends;
	for (unsigned i = 0; i < segment->element_count; i++) {
		const uint32_t *bound = bounds + i / SHAPE_LANES * 2 * SHAPE_LANES + i % SHAPE_LANES;
		uint32_t len = ends[i + 1] - ends[i] - 1;
		lengths.there |= (uint32_t)(len != 0) << i;
		lengths.wrong |= (uint32_t)(len - bound[0] > bound[SHAPE_LANES]) << i;
	}
	lengths.wrong &= lengths.there;
	return lengths;
}

#if CLEAN_VECTORS
__attribute__((target("avx2"))) static inline unsigned look_avx2(const struct segment *segment)
{
	const char *bytes = segment->bytes.ptr;
	size_t len = segment->bytes.len;
	const __m256i blank = _mm256_set1_epi8(' '), element = _mm256_set1_epi8(segment->delimiters.element);
	const __m256i repetition = _mm256_set1_epi8(segment->delimiters.repetition);
	const __m256i component = _mm256_set1_epi8(segment->delimiters.component);
	const __m256i last_control = _mm256_set1_epi8(0x1f), delete = _mm256_set1_epi8(0x7f);
	uint32_t control = 0, high = 0, repeats = 0, components = 0, edges = 0;
	uint32_t blank_before = 0, element_before = 1;
	for (size_t at = 0; at < len; at += 32) {
		__m256i block = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + at));
		uint32_t valid = len - at >= 32 ? UINT32_MAX : (UINT32_C(1) << (len - at)) - 1;
		uint32_t blanks = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, blank));
		uint32_t elements = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, element));
		__m256i low = _mm256_or_si256(_mm256_cmpeq_epi8(_mm256_min_epu8(block, last_control), block),
			_mm256_cmpeq_epi8(block, delete));
		uint32_t repeat = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, repetition)) & valid;
		uint32_t part = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block, component)) & valid;
		control |= (uint32_t)_mm256_movemask_epi8(low) & ~(elements | repeat | part) & valid;
		high |= (uint32_t)_mm256_movemask_epi8(block) & valid;
		repeats |= repeat;
		components |= part;
		edges |= ((blanks & (elements << 1 | element_before)) | (elements & (blanks << 1 | blank_before))) & valid;
		blank_before = blanks >> 31;
		element_before = elements >> 31;
	}
	edges |= len > 0 && bytes[len - 1] == ' ';
	return (control != 0 ? SEGMENT_HAS_CONTROL : 0U) | (high != 0 ? SEGMENT_HAS_HIGH : 0U) |
	       (repeats != 0 ? SEGMENT_HAS_REPETITION : 0U) | (components != 0 ? SEGMENT_HAS_COMPONENT : 0U) |
	       (edges != 0 ? LOOK_BLANK : 0U);
}

__attribute__((target("avx2"))) static inline struct lengths lengths_avx2(const struct segment *segment,
	const uint32_t *bounds)
{
	struct lengths lengths = { 0, 0 };
	unsigned count = segment->element_count;
	for (unsigned i = 0; i < count; i += SHAPE_LANES, bounds += 2 * SHAPE_LANES) {
		const uint32_t *ends = segment->ends + i;
		__m256i from = _mm256_loadu_si256((const __m256i *)(const void *)ends);
		__m256i to = _mm256_loadu_si256((const __m256i *)(const void *)(ends + 1));
		__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)bounds);
		__m256i span = _mm256_loadu_si256((const __m256i *)(const void *)(bounds + SHAPE_LANES));
		/* -1 for the separator: a length is to - from - 1 */
		__m256i len = _mm256_add_epi32(_mm256_sub_epi32(to, from), _mm256_set1_epi32(-1));
		__m256i over = _mm256_sub_epi32(len, low);
		__m256i fits = _mm256_cmpeq_epi32(_mm256_min_epu32(over, span), over);
		__m256i empty = _mm256_cmpeq_epi32(len, _mm256_setzero_si256());
		lengths.there |= (~(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(empty)) & 0xff) << i;
		lengths.wrong |= (~(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(fits)) & 0xff) << i;
	}
	lengths.there &= count < SHAPE_ELEMENTS ? (UINT32_C(1) << count) - 1 : UINT32_MAX;
	lengths.wrong &= lengths.there;
	return lengths;
}
#endif

/* ---- values --------------------------------------------------------------------------------------------- */

/* Are the eight bytes digits?  In *digits their values. */
static inline bool digits_are(uint64_t packed, uint64_t *digits)
{
	*digits = packed ^ UINT64_C(0x3030303030303030);
	return ((*digits | (*digits + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080)) == 0;
}

/* CCYYMMDD; the 29th of February is left to form_date. */
static inline bool day_is_plain(struct slice value)
{
	static const uint8_t lengths[128] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	uint64_t digits;
	if (value.len != 8 || !digits_are(bytes_packed(value), &digits))
		return false;
	uint64_t pairs = digits * 10 + (digits >> 8); /* of them every other byte: CC, YY, MM, DD */
	uint8_t month = (uint8_t)(pairs >> 32), day = (uint8_t)(pairs >> 48);
	return (uint8_t)(day - 1) < lengths[month & 0x7f] && (pairs & 0xff00ff) != 0;
}

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

static inline struct slice value_of(const struct segment *segment, unsigned at)
{
	uint32_t from = segment->ends[at] + 1;
	return (struct slice){ segment->base + from, segment->ends[at + 1] - from };
}

static inline bool codes_are_listed(const uint64_t *codes, const struct segment *segment, const struct shape_code *lists,
	uint32_t coded)
{
	EACH_BIT(at, coded) {
		const struct shape_code *list = &lists[at];
		uint64_t code = bytes_packed(value_of(segment, at));
		const uint64_t *pair = codes + list->first + 2 * (code * list->factor >> list->shift);
		if (pair[0] != code && pair[1] != code)
			return false;
	}
	return true;
}

#define QUALIFIER_D8 UINT64_C(0x3844)

static bool days_fit(const struct segment *segment, const struct guide_element *elements, uint32_t formats,
	uint32_t dates)
{
	EACH_BIT(at, formats) {
		struct slice qualifier = segment_element(segment, elements[at].format_of), value = value_of(segment, at);
		bool d8 = qualifier.len == 2 && bytes_packed(qualifier) == QUALIFIER_D8;
		if (!(d8 && day_is_plain(value)) && !format_fits(qualifier, value))
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
static bool numbers_of_others_fit(const struct segment *segment, const struct shape *shape, uint32_t there)
{
	if (shape->postal && (there & 4) != 0 && ((there & 8) != 0 || !form_postal_us(value_of(segment, 2))))
		return false; /* with a country, elements.c knows */
	if (shape->npi == 0 || (there >> (shape->npi - 1) & 1) == 0)
		return true;
	return !slice_is(value_of(segment, shape->npi - 2U), "XX") || npi_valid(value_of(segment, shape->npi - 1U));
}

static inline bool notes_hold(const struct shape *shape, uint32_t there)
{
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

/* Component separators may stand where components do. */
static bool components_are_apart(const struct segment *segment, uint32_t simple)
{
	EACH_BIT(at, simple) {
		struct slice value = value_of(segment, at);
		if (memchr(value.ptr, segment->delimiters.component, value.len) != NULL)
			return false;
	}
	return true;
}

/* ---- the segment ------------------------------------------------------------------------------------------ */

static inline __attribute__((always_inline)) bool is_clean(struct checker *checker, const struct segment *segment,
	const struct shape *shape, uint32_t ours, unsigned has, struct lengths lengths, uint32_t *singles)
{
	unsigned count = segment->element_count;
	uint32_t there = lengths.there;
	uint32_t required = shape->required & ours;
	if ((has & ~(unsigned)SEGMENT_HAS_COMPONENT) != 0 || lengths.wrong != 0 || (there & required) != required ||
	    (there & shape->unused & ours) != 0 || (count > 0 && there >> (count - 1) == 0))
		return false;
	if ((has & SEGMENT_HAS_COMPONENT) != 0 &&
	    !((there & shape->single) != 0 && components_are_apart(segment, there & ~shape->single)))
		return false;
	const struct guide_element *elements = &checker->index->guide->elements[shape->first_element];
	uint32_t now = there & ours;
	*singles = now & shape->single;
	if (!codes_are_listed(checker->index->codes, segment, shape->codes, now & shape->coded) || !notes_hold(shape, there))
		return false;
	if ((now & (shape->formats | shape->dates)) != 0 &&
	    !days_fit(segment, elements, now & shape->formats, now & shape->dates))
		return false;
	if ((now & (shape->numbers | shape->times)) != 0 &&
	    !numbers_fit(segment, elements, now & shape->numbers, now & shape->times))
		return false;
	if ((now & shape->sets) != 0 && !set_codes_fit(checker, segment, elements, now & shape->sets))
		return false;
	return checker->checks.level < 5 || (shape->npi == 0 && !shape->postal) ||
	       numbers_of_others_fit(segment, shape, there);
}

static bool clean_plain(struct checker *checker, const struct segment *segment, const struct shape *shape,
	uint32_t ours, uint32_t *singles)
{
	return segment->element_count <= shape->elements &&
		is_clean(checker, segment, shape, ours, look_plain(segment), lengths_plain(segment, shape->bounds),
		singles);
}

#if CLEAN_VECTORS
__attribute__((target("avx2"))) static bool clean_avx2(struct checker *checker, const struct segment *segment,
	const struct shape *shape, uint32_t ours, uint32_t *singles)
{
	return segment->element_count <= shape->elements &&
		is_clean(checker, segment, shape, ours, look_avx2(segment), lengths_avx2(segment, shape->bounds), singles);
}
#endif

/* Nothing is: elements.c looks at all of it. */
static bool clean_never(struct checker *checker, const struct segment *segment, const struct shape *shape, uint32_t ours,
	uint32_t *singles)
{
	(void)checker;
	(void)segment;
	(void)shape;
	(void)ours;
	(void)singles;
	return false;
}

/* ---- the ways --------------------------------------------------------------------------------------------- */

static bool vectors_here(void)
{
#if CLEAN_VECTORS
	return __builtin_cpu_supports("avx2") != 0;
#else
	return false;
#endif
}

/* Set once, or by a test; the ways agree, so that a race is harmless. */
#define WAY_UNCHOSEN (-1)
static int chosen = WAY_UNCHOSEN;

enum check_way check_way(void)
{
	int way = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
	if (way == WAY_UNCHOSEN) {
		way = vectors_here() ? WAY_VECTORS : WAY_PLAIN;
		__atomic_store_n(&chosen, way, __ATOMIC_RELAXED);
	}
	return (enum check_way)way;
}

clean_function *clean_of(enum check_way way)
{
#if CLEAN_VECTORS
	if (way == WAY_VECTORS)
		return clean_avx2;
#endif
	return way == WAY_CAREFUL ? clean_never : clean_plain;
}

bool walker_way(const char *name)
{
	static const char *const names[] = { [WAY_CAREFUL] = "careful", [WAY_PLAIN] = "plain", [WAY_VECTORS] = "avx2" };
	for (int way = 0; way < (int)COUNT_OF(names); way++)
		if (strcmp(names[way], name) == 0 && (way != WAY_VECTORS || vectors_here())) {
			__atomic_store_n(&chosen, way, __ATOMIC_RELAXED);
			return true;
		}
	return false;
}
