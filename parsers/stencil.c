/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * stencil: cuts the stencil of a segment that walker.c found nothing wrong with.  What is left out of it must follow from
 * what is in it: every bit that is dropped here is a check that is not made again.
 */
#include "parsers/stencil.h"

void stencils_forget(struct stencils *stencils, uint32_t slots)
{
	stencils->all[0] = (struct stencil){ .from = GUIDE_NONE, .count = UINT32_MAX }; /* so many no segment has */
	stencils->count = 1;
	memset(stencils->firsts, 0, slots * sizeof(stencils->firsts[0]));
}

/* ---- the first bytes -------------------------------------------------------------------------------- */

/* Does what is to be done depend on element 01, beyond the step?  Facts that ask for its code. */
static bool first_matters(const struct rule_index *index, uint16_t node)
{
	const struct rule_node *at = &index->nodes[node];
	bool matters = at->codes.count > 0;
	for (uint32_t i = 0; i < at->watches.count; i++) {
		const struct rule_watch *watch = &index->watches[at->watches.first + i];
		matters = matters || watch->filter != GUIDE_NONE || watch->filter_component != 0;
	}
	return matters;
}

/* Codes of which most files use one or two are compared with the first bytes. */
static bool is_fixed(const struct guide *guide, const struct shape *shape, unsigned at)
{
	const struct guide_element *element = &guide->elements[shape->first_element + at - 1];
	return (shape->coded >> (at - 1) & 1) != 0 && guide->code_lists[element->codes].count <= 2;
}

/* The elements that facts ask for. */
static uint32_t watched(const struct rule_index *index, struct rule_span span)
{
	uint32_t elements = 0;
	for (uint32_t i = span.first; i < span.first + span.count; i++) {
		unsigned element = index->watches[i].element;
		elements |= element > 0 && element <= SHAPE_ELEMENTS ? UINT32_C(1) << (element - 1) : 0;
	}
	return elements | (span.count > 0); /* 01 filters */
}

/* Texts of which nothing depends on whether they are there (a middle name): their stencil fits with and without them. */
static uint32_t free_elements(const struct guide_index *index, const struct shape *shape, uint16_t node, unsigned count)
{
	const struct rule_index *rules = index->rules;
	const struct rule_node *at = &rules->nodes[node];
	uint32_t bound = shape->required | shape->unused | shape->coded | shape->rare | shape->single | shape->pairs | shape->pairs << 1;
	for (unsigned i = 0; i < shape->note_count; i++)
		bound |= (shape->notes[i].when == UINT32_MAX ? 0 : shape->notes[i].when) | shape->notes[i].every | shape->notes[i].some |
			shape->notes[i].one;
	for (uint32_t i = at->rules.first; i < at->rules.first + at->rules.count; i++)
		bound |= (uint32_t)(rules->glances[i].needs | rules->glances[i].holds);
	bound |= watched(rules, at->watches);
	for (uint32_t i = at->codes.first; i < at->codes.first + at->codes.count; i++)
		bound |= watched(rules, rules->codes[i].watches);
	for (unsigned i = 0; i < count; i++)
		bound |= (uint32_t)(shape->bounds[i / SHAPE_LANES].low[i % SHAPE_LANES] > 1) << i;
	return ((UINT32_C(1) << (count - 1)) - 1) & ~bound; /* the last one has to be there */
}

static void start_put(struct stencil *stencil, size_t *len, const char *bytes, size_t count)
{
	memcpy(stencil->start + *len, bytes, count);
	memset(stencil->start_mask + *len, 0xff, count);
	*len += count;
}

/* The id and the elements that are fixed, each with the separator or terminator behind it.  Gives those elements. */
static uint32_t start_fill(struct stencil *stencil, const struct guide *guide, const struct shape *shape,
	const struct segment *segment, bool first, uint32_t free)
{
	uint32_t fixed = 0;
	size_t len = 0;
	start_put(stencil, &len, segment->bytes.ptr, segment->id.len + 1);
	for (unsigned at = 1; at <= segment->element_count; at++) {
		struct slice value = segment_element(segment, at);
		bool wanted = (value.len == 0 && (free >> (at - 1) & 1) == 0) || (at == 1 && first) || is_fixed(guide, shape, at);
		if (!wanted || len + value.len + 1 > STENCIL_START)
			break;
		if (value.len > 0)
			start_put(stencil, &len, value.ptr, value.len);
		start_put(stencil, &len, at < segment->element_count ? &segment->delimiters.element : &segment->delimiters.segment, 1);
		fixed |= UINT32_C(1) << (at - 1);
	}
	return fixed;
}

/* The element that tells the step is among the first bytes, or is compared by itself.  False: it cannot be. */
static bool key_fill(struct stencil *stencil, const struct guide_step *step, const struct segment *segment, uint32_t fixed)
{
	unsigned at = step->element;
	if (at == 0 || at > segment->element_count || (fixed >> (at - 1) & 1) != 0)
		return at == 0 || at <= segment->element_count; /* one that is not there would fit elements that are */
	struct slice value = segment_element(segment, at);
	if (value.len > PACKED_BYTES)
		return false;
	stencil->key = bytes_packed(value);
	stencil->key_at = (uint8_t)at;
	stencil->key_len = (uint8_t)value.len;
	return true;
}

/* ---- lengths and values ------------------------------------------------------------------------------- */

/* An element that is there keeps the bounds of its shape and stays there; one that is not stays away; those that are free
 * do as they like. */
static void lengths_fill(struct stencil *stencil, const struct shape *shape, uint32_t there, uint32_t free)
{
	for (unsigned i = 0; i < STENCIL_LANES && stencil->lanes >> i != 0; i++) {
		const struct shape_bounds *bounds = &shape->bounds[i / SHAPE_LANES];
		bool may = (free >> i & 1) != 0, here = (there >> i & 1) != 0 || may;
		uint8_t low = !here || may ? 0 : bounds->low[i % SHAPE_LANES] > 0 ? bounds->low[i % SHAPE_LANES] : 1;
		uint8_t high = here ? bounds->high[i % SHAPE_LANES] : 0;
		stencil->low[i] = (uint8_t)(low + 1);
		stencil->range[i] = (uint8_t)(high - low);
	}
}

/* False: there are too many. */
static bool codes_fill(struct stencil *stencil, const struct shape *shape, uint32_t coded)
{
	EACH_BIT(at, coded) {
		if (stencil->code_count == STENCIL_CODES)
			return false;
		stencil->codes[stencil->code_count++] = (struct stencil_code){ shape->codes[at], at };
	}
	return true;
}

static bool values_fill(struct stencil *stencil, const struct guide *guide, const struct shape *shape,
	const struct guide_step *step, const struct segment *segment, uint32_t fixed)
{
	uint32_t now = stencil->there & step->ours;
	stencil->single = now & shape->single;
	stencil->apart = segment->has != 0 ? stencil->there & ~shape->single : 0;
	stencil->rest = now & shape->rare & ~fixed;
	EACH_BIT(at, now & shape->formats) {
		unsigned by = guide->elements[shape->first_element + at].format_of;
		bool day = by <= segment->element_count && (fixed >> (by - 1) & 1) != 0 && slice_is(segment_element(segment, by), "D8");
		stencil->days |= day ? UINT32_C(1) << at : 0;
	}
	/* what stands in a code set is asked of it again, since it may not be listed on another day */
	stencil->sets = now & shape->sets;
	stencil->npi = shape->npi > 0 && (stencil->there >> (shape->npi - 1) & 1) != 0 ? shape->npi : 0;
	uint32_t alone = stencil->days | stencil->sets | (stencil->npi > 0 ? UINT32_C(1) << (stencil->npi - 1) : 0);
	uint32_t also = (shape->formats & ~stencil->days) | shape->dates | shape->times | shape->numbers | (shape->postal ? 4 : 0);
	stencil->rest &= ~(alone & ~also);
	return codes_fill(stencil, shape, now & shape->coded & ~fixed);
}

/* ---- what is to be done ------------------------------------------------------------------------------- */

static bool mark_add(struct stencil *stencil, const struct rule_watch *watch, bool came)
{
	unsigned i = 0;
	while (i < stencil->mark_count && stencil->marks[i].loop != watch->loop)
		i++;
	if (i == STENCIL_MARKS)
		return false;
	stencil->marks[i].loop = watch->loop;
	stencil->marks[i].seen |= watch->bit;
	stencil->marks[i].came |= came ? watch->bit : 0;
	stencil->mark_count = (uint8_t)(i == stencil->mark_count ? i + 1 : stencil->mark_count);
	return true;
}

static bool watch_add(struct stencil *stencil, const struct walker *walker, uint32_t number, const struct segment *segment)
{
	const struct rule_watch *watch = &walker->index->rules->watches[number];
	if (watch->level > walker->checks.level || !rule_watch_fits(walker, watch, segment))
		return true;
	bool there = watch->element == 0 || segment_element(segment, watch->element).len > 0;
	if (!watch->kept && (watch->component == 0 || !there))
		return mark_add(stencil, watch, there);
	if (number > UINT16_MAX)
		return false;
	if (watch->late && stencil->ref_count < STENCIL_REFS) {
		stencil->refs[stencil->ref_count++] = (struct stencil_ref){ .bit = watch->bit, .loop = watch->loop, .fact = watch->fact,
			.watch = (uint16_t)number, .came = there, .last = watch->kind == FACT_LAST };
		return true;
	}
	if (stencil->watch_count == STENCIL_WATCHES)
		return false;
	stencil->watches[stencil->watch_count++] = (uint16_t)number;
	return true;
}

static bool facts_fill(struct stencil *stencil, const struct walker *walker, const struct segment *segment)
{
	const struct rule_index *index = walker->index->rules;
	const struct rule_node *at = &index->nodes[stencil->step.node];
	const struct rule_span spans[] = { at->watches, rule_coded_watches(index, at, segment) };
	for (size_t k = 0; k < COUNT_OF(spans); k++)
		for (uint32_t i = 0; i < spans[k].count; i++)
			if (!watch_add(stencil, walker, spans[k].first + i, segment))
				return false;
	return true;
}

/* Is it told by a code of the segment that the rule holds?  By one that is fixed, for good. */
static bool rule_add(struct stencil *stencil, const struct rule_ready *ready, uint32_t number, const struct segment *segment,
	uint32_t fixed)
{
	bool own = ready->when_code != 0 && ready->when_fact == GUIDE_NONE && ready->when_element > 0;
	bool asks = own && ready->when_element <= segment->element_count;
	bool settled = own && (!asks || (fixed >> (ready->when_element - 1) & 1) != 0);
	if (settled && (!asks || rule_pack(segment_element(segment, ready->when_element)) != ready->when_code))
		return true;
	if (stencil->rule_count == STENCIL_RULES || number > UINT16_MAX)
		return false;
	stencil->rules[stencil->rule_count++] = (struct stencil_rule){ .code = asks ? ready->when_code : 0,
		.ready = (uint16_t)number, .at = ready->when_element };
	return true;
}

static bool rules_fill(struct stencil *stencil, const struct walker *walker, const struct segment *segment, uint32_t fixed)
{
	const struct rule_index *index = walker->index->rules;
	struct rule_span span = index->nodes[stencil->step.node].rules;
	for (uint32_t i = span.first; i < span.first + span.count; i++) {
		const struct rule_ready *ready = &index->rules[i];
		if (ready->level > walker->checks.level || rule_glance_settles(&index->glances[i], stencil->there))
			continue;
		if (!rule_add(stencil, ready, i, segment, fixed))
			return false;
	}
	return true;
}

/* ---- the stencil ---------------------------------------------------------------------------------------- */

/* Room for one more that comes from a slot?  When all are used up it is begun anew. */
static struct stencil *stencil_new(struct guide_index *index, uint16_t from)
{
	struct stencils *stencils = index->stencils;
	if (stencils->count == STENCILS)
		stencils_forget(stencils, index->slot_count);
	unsigned many = 0;
	for (uint16_t at = stencils->firsts[from]; at != 0; at = stencils->all[at].other)
		many++;
	if (many == STENCILS_FROM)
		return NULL;
	struct stencil *stencil = &stencils->all[stencils->count];
	*stencil = (struct stencil){ .from = from, .other = stencils->firsts[from], .number = stencils->count };
	return stencil;
}

void stencil_cut(struct walker *walker, const struct guide_step *step, uint16_t from, const struct segment *segment,
	uint64_t clean)
{
	struct guide_index *index = walker->index;
	const struct shape *shape = step->shape;
	if (from == GUIDE_NONE || (segment->has & ~(unsigned)SEGMENT_HAS_COMPONENT) != 0 || (clean & ~(uint64_t)shape->single) != 0 || segment->element_count == 0 ||
		segment->element_count > STENCIL_LANES)
		return;
	struct stencil *stencil = stencil_new(index, from);
	if (stencil == NULL)
		return;
	bool first = step->element == 1, matters = rules_at(walker, step->node) && first_matters(index->rules, step->node);
	stencil->step = *step;
	stencil->there = walker->checker.there;
	stencil->count = segment->element_count | (uint32_t)segment->has << READER_RANK_BITS;
	stencil->lanes = (UINT32_C(1) << segment->element_count) - 1;
	uint32_t free = free_elements(index, shape, step->node, segment->element_count);
	uint32_t fixed = start_fill(stencil, index->guide, shape, segment, first || matters, free);
	if ((matters && (fixed & 1) == 0) || !key_fill(stencil, step, segment, fixed))
		return;
	lengths_fill(stencil, shape, stencil->there, free);
	if (!values_fill(stencil, index->guide, shape, step, segment, fixed))
		return;
	if (rules_at(walker, step->node) && !(facts_fill(stencil, walker, segment) && rules_fill(stencil, walker, segment, fixed)))
		return;
	stencil->busy = !step->stays || (stencil->sets | stencil->rest | stencil->apart | stencil->single) != 0 ||
		stencil->watch_count + stencil->rule_count + stencil->npi + step->business > 0;
	stencil->noted = stencil->mark_count + stencil->ref_count > 0;
	index->stencils->firsts[from] = index->stencils->count++;
	walker->stencil = stencil->number;
}
