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

/* A segment as it lies in the window: segment `n` of the batch, as reader_batch_fill asks for it. */
struct lying {
	uint32_t n, mark, start;
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
	for (unsigned i = 0; i < STENCIL_LANES && stencil->lanes >> i != 0; i++)
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

/* Eight at a time here too: sixteen of them would cross a line of the cache nearly always. */
FOR_AVX512 IN_PLACE uint32_t eight_lengths_avx512(const struct stencil *stencil, const uint32_t *ends, unsigned at)
{
	__m256i from = _mm256_loadu_si256((const __m256i *)(const void *)(ends + at));
	__m256i to = _mm256_loadu_si256((const __m256i *)(const void *)(ends + at + 1));
	__m256i above = _mm256_sub_epi32(_mm256_sub_epi32(to, from), eight_bounds(stencil->low + at));
	return _mm256_cmpgt_epu32_mask(above, eight_bounds(stencil->range + at));
}

FOR_AVX512 IN_PLACE uint32_t lengths_avx512(const struct stencil *stencil, const uint32_t *ends)
{
	uint32_t wrong = eight_lengths_avx512(stencil, ends, 0);
	if (stencil->lanes > 0xff)
		wrong |= eight_lengths_avx512(stencil, ends, 8) << 8;
	return wrong & stencil->lanes;
}
#endif

/* ---- does a stencil fit? ----------------------------------------------------------------------------------- */

/* The lengths first: the rest relies on them.  `count`: elements, and above READER_RANK_BITS what else it has. */
IN_PLACE bool fits(const struct stencil *stencil, const char *base, const uint32_t *ends, uint32_t begins, uint32_t count,
	uint16_t from, start_function *start, lengths_function *lengths)
{
	if (stencil->from != from || stencil->count != count || !start(stencil, base + begins) || lengths(stencil, ends) != 0)
		return false;
	if (stencil->key_at == 0)
		return true;
	const uint32_t *key_ends = ends + stencil->key_at;
	struct slice key = { base + key_ends[-1] + 1, key_ends[0] - key_ends[-1] - 1 };
	return key.len == stencil->key_len && bytes_packed(key) == stencil->key;
}

/* Another one than the last time, which is tried first the next time; NULL: none. */
IN_PLACE struct stencil *find(struct stencils *stencils, struct stencil *before, const struct reader_batch *at,
	struct lying lying, uint16_t from, start_function *start, lengths_function *lengths)
{
	if (from == GUIDE_NONE)
		return NULL;
	for (uint16_t number = stencils->firsts[from]; number != 0; number = stencils->all[number].other)
		if (fits(&stencils->all[number], at->base, at->marks + lying.mark, lying.start, at->ends[lying.n] - lying.mark, from,
			    start, lengths)) {
			before->next = number;
			return &stencils->all[number];
		}
	return NULL;
}
typedef struct stencil *find_function(struct stencils *stencils, struct stencil *before, const struct reader_batch *at,
	struct lying lying, uint16_t from);

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
		walker->rules.refs[ref->fact] = (struct rule_ref){ walker->rules.passed + lying.n + 1, lying.mark, lying.start, ref->watch };
	walker->rules.referred[ref->fact / 64] |= UINT64_C(1) << ref->fact % 64;
	loop->seen |= bit;
	loop->came |= came;
}

/* Facts that came, and those whose value is kept: at once where events are made, since the batch is left for them. */
IN_PLACE void note(struct walker *walker, const struct stencil *stencil, const struct segment *segment, struct lying lying)
{
	for (unsigned i = 0; i < stencil->mark_count; i++) {
		struct rule_loop *loop = &walker->rules.of_loops[stencil->marks[i].loop];
		loop->seen |= stencil->marks[i].seen;
		loop->came |= stencil->marks[i].came;
	}
	for (unsigned i = 0; i < stencil->ref_count; i++)
		if (walker->alone)
			refer(walker, &stencil->refs[i], lying);
		else
			rule_watches_take(walker, stencil->step.node, &stencil->refs[i].watch, 1, segment);
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
		note(walker, stencil, segment, lying);
	if (stencil->watch_count > 0)
		rule_watches_take(walker, step->node, stencil->watches, stencil->watch_count, segment);
	for (unsigned i = 0; i < stencil->rule_count; i++) {
		const struct stencil_rule *rule = &stencil->rules[i];
		if (rule->code == 0 || rule_pack(value_of(segment, rule->at - 1U)) == rule->code)
			rule_ready_run(walker, rule->ready, segment);
	}
	if (step->business != 0)
		walker_unit(walker, segment_element(segment, step->business));
}

IN_PLACE bool stay(struct walker *walker, const struct guide_step *step)
{
	if (!walker_step_counts(walker, step))
		return false;
	walker->from = step->slot;
	return true;
}

/* A segment of the innermost loop with which there is hardly anything to be done: most are. */
IN_PLACE bool take_idle(struct walker *walker, const struct stencil *stencil, const struct segment *segment, struct lying lying)
{
	if (!stay(walker, &stencil->step))
		return false;
	if (stencil->noted)
		note(walker, stencil, segment, lying);
	return true;
}

/* … and of which there is something to be looked at or done that needs all of it. */
IN_PLACE bool take_busy(struct walker *walker, const struct stencil *stencil, const struct segment *segment, struct lying lying)
{
	const struct guide_step *step = &stencil->step;
	const struct shape *shape = step->shape;
	if (stencil->npi != 0 && walker->checks.level >= 5 && !npi_fits(segment, stencil->npi))
		return false;
	EACH_BIT(element, stencil->sets)
		if (!set_code_fits(&walker->checker, &walker->guide->elements[shape->first_element + element], value_of(segment, element)))
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

static __attribute__((noinline)) bool take_whole(struct walker *walker, const struct stencil *stencil,
	const struct reader_batch *at, struct lying lying, struct segment *segment)
{
	reader_batch_fill(at, lying.n, lying.mark, lying.start, segment);
	walker->position = at->position + lying.n;
	if (!(stencil->busy ? take_busy(walker, stencil, segment, lying) : take_idle(walker, stencil, segment, lying)))
		return false;
	if (!walker->alone && (walker->heeded == NULL || walker->heeded[stencil->step.node]))
		walker_event_make(walker, EVENT_SEGMENT, stencil->step.node);
	return true;
}

/* No stencil lets it through.  Gives the one that was cut of it, else number 0. */
static __attribute__((noinline)) struct stencil *leave(struct walker *walker, const struct reader_batch *at, struct lying lying,
	struct segment *segment, bool fitted)
{
	reader_batch_fill(at, lying.n, lying.mark, lying.start, segment);
	walker->position = at->position + lying.n;
	walker->fitted = fitted;
	walker_take(walker, segment);
	return &walker->index->stencils->all[walker->stencil];
}

/* ---- one segment after the other --------------------------------------------------------------------------------- */

IN_PLACE size_t quick(struct walker *walker, struct reader_batch *at, size_t count, start_function *start_same,
	lengths_function *lengths, find_function *find_other)
{
	struct lying lying = { 0, at->mark, at->start };
	struct stencils *stencils = walker->index->stencils;
	struct stencil *before = &stencils->all[walker->stencil];
	struct segment *segment = walker->shown, *end = walker->shown + WALKER_SHOWN;
	walker->event_head = walker->event_tail = 0;
	if (!walker->rules.batch.held) {
		walker->rules.batch = *at;
		walker->rules.passed = 0;
	}
	walker->segment = segment;
	reader_batch_begin(at, segment);
	do {
		const uint32_t *ends = at->marks + lying.mark;
		struct stencil *stencil = &stencils->all[before->next];
		bool taken = false;
		segment->ends = ends;
		if (__builtin_expect(!fits(stencil, at->base, ends, lying.start, at->ends[lying.n] - lying.mark, walker->from, start_same,
			lengths), 0))
			stencil = find_other(stencils, before, at, lying, walker->from);
		if (stencil != NULL && values_fit(walker->index->codes, stencil, segment))
			taken = stencil->busy || !walker->alone ? take_whole(walker, stencil, at, lying, segment)
				: take_idle(walker, stencil, segment, lying);
		before = taken ? stencil : leave(walker, at, lying, segment, stencil != NULL);
		lying.mark = (at->ends[lying.n++] & READER_RANK) + 1;
		lying.start = at->marks[lying.mark - 1] + 1 + at->gap;
		if (!walker->alone && walker->event_tail > 0) { /* events that wait look at this one */
			if (++segment == end || walker->event_tail > WALKER_EVENTS - WALKER_EVENTS_OF_ONE)
				break;
			walker->segment = segment;
			reader_batch_begin(at, segment);
		}
	} while (lying.n < count);
	walker->stencil = before->number;
	walker->rules.passed += lying.n;
	walker->rules.batch.held = at->held;
	if (!at->held)
		rules_settle(walker);
	reader_batch_pass(at, lying.n, lying.mark, lying.start);
	return lying.n;
}

static __attribute__((noinline)) struct stencil *find_plain(struct stencils *stencils, struct stencil *before,
	const struct reader_batch *at, struct lying lying, uint16_t from)
{
	return find(stencils, before, at, lying, from, start_plain, lengths_plain);
}

static size_t quick_plain(struct walker *walker, struct reader_batch *at, size_t count)
{
	return quick(walker, at, count, start_plain, lengths_plain, find_plain);
}

#if CLEAN_VECTORS
FOR_AVX2 static __attribute__((noinline)) struct stencil *find_avx2(struct stencils *stencils, struct stencil *before,
	const struct reader_batch *at, struct lying lying, uint16_t from)
{
	return find(stencils, before, at, lying, from, start_vector, lengths_avx2);
}

FOR_AVX2 static size_t quick_avx2(struct walker *walker, struct reader_batch *at, size_t count)
{
	return quick(walker, at, count, start_vector, lengths_avx2, find_avx2);
}

FOR_AVX512 static __attribute__((noinline)) struct stencil *find_avx512(struct stencils *stencils, struct stencil *before,
	const struct reader_batch *at, struct lying lying, uint16_t from)
{
	return find(stencils, before, at, lying, from, start_vector, lengths_avx512);
}

FOR_AVX512 static size_t quick_avx512(struct walker *walker, struct reader_batch *at, size_t count)
{
	return quick(walker, at, count, start_vector, lengths_avx512, find_avx512);
}
#endif

size_t walker_quick(struct walker *walker, struct reader_batch *at, size_t count)
{
	static size_t (*const ways[])(struct walker *walker, struct reader_batch *at, size_t count) = {
		[WAY_PLAIN] = quick_plain,
#if CLEAN_VECTORS
		[WAY_AVX2] = quick_avx2, [WAY_AVX512] = quick_avx512,
#endif
	};
	return ways[walker->checker.way](walker, at, count);
}
