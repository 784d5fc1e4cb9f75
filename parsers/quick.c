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
	uint32_t n, mark; /* as reader_batch_fill asks for */
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

IN_PLACE struct stencil *find(struct stencils *stencils, struct stencil *before, uint16_t from, const struct lying *lying,
	start_function *start, lengths_function *lengths)
{
	struct stencil *stencil = &stencils->all[before->next];
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
IN_PLACE bool values_fit(const uint64_t *codes, const struct stencil *stencil, const struct segment *segment)
{
	for (unsigned i = 0; i < stencil->code_count; i++)
		if (!code_is_listed(codes, packed_of(segment, stencil->codes[i].at), &stencil->codes[i].list))
			return false;
	return days_are_plain(segment, stencil->days);
}

/* A value that counts, or might, is where this segment stands. */
IN_PLACE void refer(struct walker *walker, const struct stencil_ref *ref, struct lying lying)
{
	struct rule_loop *loop = &walker->rules.of_loops[ref->loop];
	uint64_t bit = ref->bit, came = ref->came ? bit : 0;
	if (ref->last || ((~loop->seen & bit) | (~loop->came & came)) != 0)
		walker->rules.refs[ref->fact] = (struct rule_ref){ lying.n + 1, lying.mark, lying.start, ref->watch };
	walker->rules.referred[ref->fact / 64] |= UINT64_C(1) << ref->fact % 64;
	loop->seen |= bit;
	loop->came |= came;
}

/* Facts that came, and those whose value is kept. */
IN_PLACE void note(struct walker *walker, const struct stencil *stencil, struct lying lying)
{
	for (unsigned i = 0; i < stencil->mark_count; i++) {
		struct rule_loop *loop = &walker->rules.of_loops[stencil->marks[i].loop];
		loop->seen |= stencil->marks[i].seen;
		loop->came |= stencil->marks[i].came;
	}
	for (unsigned i = 0; i < stencil->ref_count; i++)
		refer(walker, &stencil->refs[i], lying);
}

/* What there is to be done with a segment at its place. */
IN_PLACE void work(struct walker *walker, const struct stencil *stencil, const struct segment *segment,
	struct lying lying)
{
	const struct guide_step *step = &stencil->step;
	walker->checker.there = stencil->there;
	if (stencil->single != 0)
		elements_name(&walker->checker, segment, walker_node(walker, step->node), 0, stencil->single);
	if (stencil->noted)
		note(walker, stencil, lying);
	if (stencil->watch_count > 0)
		rule_watches_take(walker, step->node, stencil->watches, stencil->watch_count, segment);
	for (unsigned i = 0; i < stencil->rule_count; i++) {
		const struct stencil_rule *rule = &stencil->rules[i];
		if (rule->code == 0 || rule_pack(value_of(segment, rule->at - 1U)) == rule->code)
			rule_ready_run(walker, rule->ready, segment);
	}
	if (step->business != 0)
		walker_unit(walker, segment_element(segment, step->business));
	if (!walker->alone)
		walker_event_make(walker, EVENT_SEGMENT, step->node);
}

IN_PLACE bool stay(struct walker *walker, const struct guide_step *step)
{
	if (!walker_step_counts(walker, step))
		return false;
	walker->from = step->slot;
	return true;
}

/* A segment of the innermost loop with which there is hardly anything to be done: most are. */
IN_PLACE bool take_idle(struct walker *walker, const struct stencil *stencil, struct lying lying)
{
	if (!stay(walker, &stencil->step))
		return false;
	if (stencil->noted)
		note(walker, stencil, lying);
	return true;
}

static __attribute__((noinline)) bool take_busy(struct walker *walker, const struct stencil *stencil,
	const struct segment *segment, uint32_t n, uint32_t mark, uint32_t start)
{
	const struct lying lying = { .start = start, .n = n, .mark = mark };
	const struct guide_step *step = &stencil->step;
	const struct shape *shape = step->shape;
	if (stencil->npi != 0 && walker->checks.level >= 5 && !npi_fits(segment, stencil->npi))
		return false;
	EACH_BIT(at, stencil->sets)
		if (!set_code_fits(&walker->checker, &walker->guide->elements[shape->first_element + at], value_of(segment, at)))
			return false;
	if (stencil->rest != 0 && !clean_rest(&walker->checker, segment, shape, stencil->there, stencil->rest))
		return false;
	if (stencil->apart != 0 && !clean_apart(segment, stencil->apart))
		return false;
	if (!(step->stays ? stay(walker, step) : walker_step_move(walker, step, segment)))
		return false;
	work(walker, stencil, segment, lying);
	return true;
}

/* ---- one segment after the other --------------------------------------------------------------------------------- */

IN_PLACE size_t quick(struct walker *walker, struct reader_batch *at, size_t count, struct segment *segment,
	start_function *start_same, lengths_function *lengths)
{
	uint32_t mark = at->mark, start = at->start, n = 0;
	struct stencils *stencils = walker->index->stencils;
	struct stencil *before = &stencils->all[walker->stencil];
	const uint64_t *codes = walker->index->codes;
	bool alone = walker->alone;
	walker->segment = segment;
	walker->event_head = walker->event_tail = 0;
	walker->rules.batch = at;
	while (n < count) {
		uint32_t end = at->ends[n], last = end & READER_RANK;
		struct lying lying = { at->base, at->marks + mark, start, end - mark, n, mark };
		struct stencil *stencil = find(stencils, before, walker->from, &lying, start_same, lengths);
		bool taken = false;
		segment->ends = lying.ends;
		if (stencil != NULL && values_fit(codes, stencil, segment)) {
			if (!stencil->busy && alone) {
				taken = take_idle(walker, stencil, lying);
			} else {
				reader_batch_fill(at, n, mark, start, segment);
				walker->position = at->position + n;
				taken = take_busy(walker, stencil, segment, n, mark, start);
			}
		}
		if (taken) {
			before = stencil;
		} else { /* no stencil lets it through */
			reader_batch_fill(at, n, mark, start, segment);
			walker->position = at->position + n;
			walker->fitted = stencil != NULL;
			walker_take(walker, segment);
			before = &stencils->all[walker->stencil];
		}
		mark = last + 1;
		start = at->marks[last] + 1 + at->gap;
		n++;
		if (!alone && walker->event_tail > 0)
			break;
	}
	walker->stencil = before->number;
	rules_settle(walker);
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
