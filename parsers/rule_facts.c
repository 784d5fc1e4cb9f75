/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_facts: what rules must know of segments that came before: how many, the first or last value, sums.  One cell a
 * fact, cleared when its loop opens, so that memory is as much as the guide has facts.  Sums are exact, in hundredths.
 */
#include "parsers/rules.h"

#include <endian.h>

const struct rule_cell *rule_cell(const struct walker *walker, uint16_t fact)
{
	static const struct rule_cell empty = { 0 };
	uint16_t loop = walker->guide->facts[fact].loop;
	return (walker->rules.seen[loop] & walker->index->rules->bits[fact]) != 0 ? &walker->rules.cells[fact] : &empty;
}

bool rules_room(struct walker *walker, const struct guide *guide)
{
	struct rule_cells *rules = &walker->rules;
	if (guide->fact_count > rules->size) {
		struct rule_cell *cells = realloc(rules->cells, guide->fact_count * sizeof(*cells));
		if (cells == NULL)
			return false;
		rules->cells = cells;
		rules->size = guide->fact_count;
	}
	if (guide->node_count > rules->loops) {
		uint64_t *bits = realloc(rules->seen, 2 * sizeof(*bits) * guide->node_count);
		if (bits == NULL)
			return false;
		rules->seen = bits;
		rules->loops = guide->node_count;
	}
	rules->came = rules->seen + rules->loops;
	return true;
}

void rules_open(struct walker *walker, uint16_t loop)
{
	walker->rules.seen[loop] = walker->rules.came[loop] = 0;
}

/* Add one amount; what cannot be added is told once, if it is a number at all. */
static void amount_add(struct walker *walker, uint16_t node, struct rule_cell *cell, const struct segment *segment,
	unsigned element, bool exact)
{
	struct slice text = segment_element(segment, element);
	cents amount = 0;
	if (text.len == 0)
		return;
	cell->count++;
	if (cents_parse(&amount, text) && !__builtin_add_overflow(cell->number, amount, &cell->number))
		return;
	cell->broken = true;
	if (exact && form_decimal(text))
		rule_tell_amount(walker, node, segment, element);
}

static inline void value_keep(struct rule_cell *cell, struct slice value)
{
	cell->packed = rule_pack(value);
	cell->longer = value.len > sizeof(cell->text);
	cell->len = (uint8_t)(cell->longer ? sizeof(cell->text) : value.len);
	if (cell->packed != 0) { /* the same bytes, as one store */
		uint64_t bytes = htobe64((cell->packed >> 8) << (64 - 8 * value.len));
		memcpy(cell->text, &bytes, sizeof(bytes));
	} else {
		memcpy(cell->text, value.ptr, cell->len);
	}
}

static void cell_begin(struct rule_cell *cell)
{
	cell->seen = cell->count = 0;
	cell->number = 0;
	cell->packed = 0;
	cell->broken = cell->longer = false;
	cell->len = 0;
}

static inline void place_keep(const struct walker *walker, struct rule_cell *cell, const struct segment *segment, const char *at)
{
	struct place *place = &cell->place;
	place->segment = walker->position;
	place->element = place->component = place->repetition = 0;
	if (segment->wrap_count > 0 || at == NULL) {
		segment_place(place, segment, at);
		return;
	}
	place->offset = segment->offset + (uint64_t)(at - segment->bytes.ptr);
	place->line = segment->line;
	place->column = segment->line == 0 ? 0 : (uint32_t)(place->offset - segment->line_offset + 1);
}

static __attribute__((noinline)) void sum_take(struct walker *walker, uint16_t node, const struct rule_watch *watch,
	struct rule_cell *cell, const struct segment *segment)
{
	for (uint64_t left = walker->guide->facts[watch->fact].elements; left != 0; left &= left - 1)
		amount_add(walker, node, cell, segment, (unsigned)__builtin_ctzll(left), watch->exact);
}

/* A value is kept: the first that is not empty, or each for the last. */
static inline void value_take(struct walker *walker, uint16_t node, const struct rule_watch *watch, struct rule_cell *cell,
	const struct segment *segment)
{
	struct slice value = watch->element == 0 ? segment->id : rule_element(segment, watch->element, watch->component);
	bool keep = watch->kind == FACT_LAST || cell->seen == 1 || (cell->count == 0 && value.len > 0);
	if (keep && watch->placed)
		place_keep(walker, cell, segment, watch->element == 0 ? segment->id.ptr : value.ptr);
	if (value.len == 0)
		return;
	if (keep && watch->number) {
		cell->number = 0;
		cell->broken = false;
		amount_add(walker, node, cell, segment, watch->element, watch->exact);
		cell->count--;
	}
	if (keep && watch->text && watch->element > 0)
		value_keep(cell, value);
	cell->count++;
}

static inline void watch_take(struct walker *walker, uint16_t node, const struct rule_watch *watch, const struct segment *segment)
{
	struct rule_cell *cell = &walker->rules.cells[watch->fact];
	uint64_t *seen = &walker->rules.seen[watch->loop];
	if ((*seen & watch->bit) == 0)
		cell_begin(cell);
	*seen |= watch->bit;
	cell->seen++;
	if (watch->kind == FACT_SUM)
		sum_take(walker, node, watch, cell, segment);
	else
		value_take(walker, node, watch, cell, segment);
	if (cell->count > 0)
		walker->rules.came[watch->loop] |= watch->bit;
}

void rule_facts_take(struct walker *walker, uint16_t node, const struct segment *segment)
{
	const struct rule_index *index = walker->index->rules;
	struct rule_span span = index->spans[node].watches;
	if (span.count == 0)
		return;
	const struct rule_watch *watch = &index->watches[span.first];
	uint64_t code = rule_pack(segment_element(segment, 1));
	for (uint32_t i = 0; i < span.count; i++, watch++) {
		if (watch->level > walker->checks.level)
			continue;
		if (watch->filter_component > 0 && watch->code != 0) {
			if (rule_pack(rule_element(segment, 1, watch->filter_component)) != watch->code)
				continue;
		} else if (watch->code != 0 && watch->code != code) {
			continue;
		}
		if (watch->filter != GUIDE_NONE &&
			!index_listed(walker->index, watch->filter, rule_element(segment, 1, watch->filter_component)))
			continue;
		watch_take(walker, node, watch, segment);
	}
}
