/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * quick: lays stencils over segments (stencil.h).  Where one fits, everything that walker_take would do is done here in
 * few steps; where none does, or a value is not plainly right, or the open loops do not allow it, nothing is, and
 * walker_take looks.
 *
 * Tried first is the stencil that fitted after the one before the last time, then the others that come from the same
 * slot.  Compares are put together without branches, since what members have is not to be foreseen.
 */
#include "parsers/clean.h"
#include "parsers/stencil.h"

/* A segment as it lies in the window: as in struct segment, `count` with enum segment_has above READER_RANK_BITS. */
struct lying {
	const char *base;
	const uint32_t *ends;
	uint32_t start, count;
};

#define IN_PLACE static inline __attribute__((always_inline))
typedef bool start_function(const struct stencil *stencil, const char *bytes);
typedef uint32_t lengths_function(const struct stencil *stencil, const uint32_t *ends);

/* ---- first bytes and lengths: which elements have one that they must not have ---------------------------------- */

IN_PLACE bool start_plain(const struct stencil *stencil, const char *bytes)
{
	uint64_t sent[2], start[2], mask[2];
	memcpy(sent, bytes, sizeof(sent));
	memcpy(start, stencil->start, sizeof(start));
	memcpy(mask, stencil->start_mask, sizeof(mask));
	return (((sent[0] & mask[0]) ^ start[0]) | ((sent[1] & mask[1]) ^ start[1])) == 0;
}

IN_PLACE uint32_t lengths_plain(const struct stencil *stencil, const uint32_t *ends)
{
	uint32_t wrong = 0;
	for (unsigned i = 0; i < (stencil->count & READER_RANK); i++)
		wrong |= (uint32_t)(ends[i + 1] - ends[i] - stencil->low[i] > stencil->range[i]) << i;
	return wrong;
}

#if CLEAN_VECTORS
#define FOR_AVX2 __attribute__((target(TARGET_AVX2)))
#define FOR_AVX512 __attribute__((target(TARGET_AVX512)))

FOR_AVX2 IN_PLACE bool start_vector(const struct stencil *stencil, const char *bytes)
{
	__m128i differs = _mm_xor_si128(_mm_loadu_si128((const __m128i *)(const void *)bytes),
		_mm_load_si128((const __m128i *)(const void *)stencil->start));
	return _mm_testz_si128(differs, _mm_load_si128((const __m128i *)(const void *)stencil->start_mask)) != 0;
}

FOR_AVX2 IN_PLACE __m256i eight_bounds(const uint8_t *bounds)
{
	return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)bounds));
}

FOR_AVX2 IN_PLACE uint32_t eight_lengths(const struct stencil *stencil, const uint32_t *ends, unsigned at)
{
	__m256i from = _mm256_loadu_si256((const __m256i *)(const void *)(ends + at));
	__m256i to = _mm256_loadu_si256((const __m256i *)(const void *)(ends + at + 1));
	__m256i above = _mm256_sub_epi32(_mm256_sub_epi32(to, from), eight_bounds(stencil->low + at));
	__m256i fits = _mm256_cmpeq_epi32(_mm256_min_epu32(above, eight_bounds(stencil->range + at)), above);
	return ~(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(fits)) & 0xff;
}

FOR_AVX2 IN_PLACE uint32_t lengths_avx2(const struct stencil *stencil, const uint32_t *ends)
{
	uint32_t wrong = eight_lengths(stencil, ends, 0);
	if (stencil->lanes > 0xff)
		wrong |= eight_lengths(stencil, ends, 8) << 8;
	return wrong & stencil->lanes;
}

FOR_AVX512 IN_PLACE uint32_t lengths_avx512(const struct stencil *stencil, const uint32_t *ends)
{
	__m512i from = _mm512_loadu_si512(ends), to = _mm512_loadu_si512(ends + 1);
	__m512i low = _mm512_cvtepu8_epi32(_mm_load_si128((const __m128i *)(const void *)stencil->low));
	__m512i range = _mm512_cvtepu8_epi32(_mm_load_si128((const __m128i *)(const void *)stencil->range));
	return _mm512_cmpgt_epu32_mask(_mm512_sub_epi32(_mm512_sub_epi32(to, from), low), range) & stencil->lanes;
}
#endif

/* ---- does a stencil fit? ----------------------------------------------------------------------------------- */

/* The lengths first: the rest relies on them. */
IN_PLACE bool fits(const struct stencil *stencil, const struct lying *lying, uint16_t from, start_function *start,
	lengths_function *lengths)
{
	if (stencil->from != from || stencil->count != lying->count || !start(stencil, lying->base + lying->start) ||
		lengths(stencil, lying->ends) != 0)
		return false;
	if (stencil->key_at == 0)
		return true;
	const uint32_t *ends = lying->ends + stencil->key_at;
	struct slice key = { lying->base + ends[-1] + 1, ends[0] - ends[-1] - 1 };
	return key.len == stencil->key_len && bytes_packed(key) == stencil->key;
}

IN_PLACE const struct stencil *find(const struct walker *walker, const struct lying *lying, start_function *start,
	lengths_function *lengths)
{
	struct stencils *stencils = walker->index->stencils;
	struct stencil *before = &stencils->all[walker->stencil];
	const struct stencil *stencil = &stencils->all[before->next];
	uint16_t from = walker->from;
	if (__builtin_expect(fits(stencil, lying, from, start, lengths), 1))
		return stencil;
	if (from == GUIDE_NONE)
		return NULL;
	for (uint16_t at = stencils->firsts[from]; at != 0; at = stencil->other) {
		stencil = &stencils->all[at];
		if (fits(stencil, lying, from, start, lengths)) {
			before->next = at;
			return stencil;
		}
	}
	return NULL;
}

/* ---- what it lets through ------------------------------------------------------------------------------------ */

IN_PLACE bool days_are_plain(const struct segment *segment, uint32_t elements)
{
	EACH_BIT(at, elements) {
		struct slice value = value_of(segment, at);
		if (!day_is_plain(value) && (value.len != 8 || !form_date(value)))
			return false;
	}
	return true;
}

/* Are codes and days right, as far as that is plain to see? */
IN_PLACE bool values_fit(struct walker *walker, const struct stencil *stencil, const struct segment *segment)
{
	return codes_are_listed(walker->index->codes, segment, stencil->step.shape->codes, stencil->coded) &&
	       days_are_plain(segment, stencil->days);
}

/* What there is to be done with a segment at its place. */
IN_PLACE void work(struct walker *walker, const struct stencil *stencil, const struct segment *segment)
{
	const struct guide_step *step = &stencil->step;
	walker->checker.there = stencil->there;
	if (stencil->single != 0)
		elements_name(&walker->checker, segment, walker_node(walker, step->node), 0, stencil->single);
	for (unsigned i = 0; i < stencil->mark_count; i++) {
		struct rule_loop *loop = &walker->rules.of_loops[stencil->marks[i].loop];
		loop->seen |= stencil->marks[i].seen;
		loop->came |= stencil->marks[i].came;
	}
	if (stencil->watch_count > 0)
		rule_watches_take(walker, step->node, stencil->watches, stencil->watch_count, segment);
	for (unsigned i = 0; i < stencil->rule_count; i++)
		rule_ready_run(walker, stencil->rules[i], segment);
	if (step->business != 0)
		walker_unit(walker, segment_element(segment, step->business));
	if (!walker->alone)
		walker_event_make(walker, EVENT_SEGMENT, step->node);
}

IN_PLACE bool stay(struct walker *walker, const struct guide_step *step)
{
	if (!walker_step_counts(walker, step))
		return false;
	walker->frames[walker->depth - 1].at = walker->from = step->slot;
	return true;
}

/* A segment that is in the innermost loop and of which nothing is to be kept: half of them are. */
IN_PLACE bool take_idle(struct walker *walker, const struct stencil *stencil, const struct segment *segment)
{
	return values_fit(walker, stencil, segment) && stay(walker, &stencil->step);
}

static __attribute__((noinline)) bool take_busy(struct walker *walker, const struct stencil *stencil, const struct segment *segment)
{
	const struct guide_step *step = &stencil->step;
	const struct shape *shape = step->shape;
	if (stencil->rest != 0 && !clean_rest(&walker->checker, segment, shape, stencil->there, stencil->rest))
		return false;
	if (stencil->apart != 0 && !clean_apart(segment, stencil->apart))
		return false;
	if (!(step->stays ? stay(walker, step) : walker_step_move(walker, step, segment)))
		return false;
	work(walker, stencil, segment);
	return true;
}

/* ---- one segment after the other --------------------------------------------------------------------------------- */

IN_PLACE size_t quick(struct walker *walker, struct reader_batch *at, size_t count, struct segment *segment,
	start_function *start_same, lengths_function *lengths)
{
	uint32_t mark = at->mark, start = at->start, n = 0;
	bool alone = walker->alone;
	walker->segment = segment;
	walker->event_head = walker->event_tail = 0;
	while (n < count) {
		uint32_t end = at->ends[n], last = end & READER_RANK;
		struct lying lying = { at->base, at->marks + mark, start, end - mark };
		const struct stencil *stencil = find(walker, &lying, start_same, lengths);
		segment->ends = lying.ends;
		bool taken = false;
		if (stencil != NULL && !stencil->busy && alone) {
			taken = take_idle(walker, stencil, segment);
		} else if (stencil != NULL && values_fit(walker, stencil, segment)) {
			reader_batch_fill(at, n, mark, start, segment);
			walker->position = at->position + n;
			taken = take_busy(walker, stencil, segment);
		}
		if (taken) {
			walker->stencil = stencil->number;
		} else { /* no stencil lets it through */
			reader_batch_fill(at, n, mark, start, segment);
			walker->position = at->position + n;
			walker->fitted = stencil != NULL;
			walker_take(walker, segment);
		}
		mark = last + 1;
		start = at->marks[last] + 1 + at->gap;
		n++;
		if (!alone && walker->event_tail > 0)
			break;
	}
	reader_batch_pass(at, n, mark, start);
	return n;
}

static size_t quick_plain(struct walker *walker, struct reader_batch *at, size_t count, struct segment *segment)
{
	return quick(walker, at, count, segment, start_plain, lengths_plain);
}

#if CLEAN_VECTORS
FOR_AVX2 static size_t quick_avx2(struct walker *walker, struct reader_batch *at, size_t count, struct segment *segment)
{
	return quick(walker, at, count, segment, start_vector, lengths_avx2);
}

FOR_AVX512 static size_t quick_avx512(struct walker *walker, struct reader_batch *at, size_t count, struct segment *segment)
{
	return quick(walker, at, count, segment, start_vector, lengths_avx512);
}
#endif

size_t walker_quick(struct walker *walker, struct reader_batch *at, size_t count, struct segment *segment)
{
	static size_t (*const ways[])(struct walker *walker, struct reader_batch *at, size_t count, struct segment *segment) = {
		[WAY_PLAIN] = quick_plain,
#if CLEAN_VECTORS
		[WAY_AVX2] = quick_avx2, [WAY_AVX512] = quick_avx512,
#endif
	};
	return ways[walker->checker.way](walker, at, count, segment);
}
