/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_facts: what rules must know of segments that came before: how many, the first or last value, sums.  One cell a
 * fact, cleared when its loop opens, so that memory is as much as the guide has facts.  Sums are exact, in hundredths.
 */
#include "parsers/rules.h"

struct slice rule_element(const struct segment *segment, unsigned element, unsigned component)
{
	struct slice value = segment_element(segment, element), part;
	if (component == 0 || value.len == 0)
		return value;
	return slice_part(&part, value, segment->delimiters.component, component - 1) ? part : SLICE_NONE;
}

bool rules_room(struct walker *walker, const struct guide *guide)
{
	if (guide->fact_count <= walker->rules.size)
		return true;
	struct rule_cell *cells = realloc(walker->rules.cells, guide->fact_count * sizeof(*cells));
	if (cells == NULL)
		return false;
	walker->rules.cells = cells;
	walker->rules.size = guide->fact_count;
	return true;
}

void rules_open(struct walker *walker, uint16_t loop)
{
	const struct rule_index *index = walker->index->rules;
	struct rule_span span = index->spans[loop].facts;
	for (uint32_t i = span.first; i < span.first + span.count; i++) {
		struct rule_cell *cell = &walker->rules.cells[index->items[i]];
		cell->seen = cell->count = 0;
		cell->number = 0;
		cell->broken = cell->longer = false;
		cell->len = 0;
	}
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

static void value_keep(struct rule_cell *cell, struct slice value)
{
	cell->longer = value.len > sizeof(cell->text);
	cell->len = (uint8_t)(cell->longer ? sizeof(cell->text) : value.len);
	if (cell->len > 0)
		memcpy(cell->text, value.ptr, cell->len);
}

static void fact_take(struct walker *walker, uint16_t node, const struct guide_fact *fact, struct rule_cell *cell,
	const struct segment *segment)
{
	bool exact = fact->level <= 3;
	if (fact->kind == FACT_SUM) {
		cell->seen++;
		for (uint64_t left = fact->elements; left != 0; left &= left - 1)
			amount_add(walker, node, cell, segment, (unsigned)__builtin_ctzll(left), exact);
		return;
	}
	struct slice value = fact->element == 0 ? segment->id : rule_element(segment, fact->element, fact->component);
	bool keep = fact->kind == FACT_LAST || cell->seen == 0 || (cell->count == 0 && value.len > 0);
	cell->seen++;
	if (keep) {
		cell->place = (struct place){ 0 };
		segment_place(&cell->place, segment, fact->element == 0 || value.ptr == NULL ? NULL : value.ptr);
		cell->place.segment = walker->position;
	}
	if (value.len == 0)
		return;
	if (keep && fact->number) {
		cell->number = 0;
		cell->broken = false;
		amount_add(walker, node, cell, segment, fact->element, exact);
		cell->count--;
	}
	if (keep && fact->element > 0)
		value_keep(cell, value);
	cell->count++;
}

void rule_facts_take(struct walker *walker, uint16_t node, const struct segment *segment)
{
	const struct rule_index *index = walker->index->rules;
	struct rule_span span = index->spans[node].watches;
	for (uint32_t i = span.first; i < span.first + span.count; i++) {
		const struct guide_fact *fact = &walker->guide->facts[index->items[i]];
		if (fact->level > walker->checks.level)
			continue;
		if (fact->filter != GUIDE_NONE &&
			!index_listed(walker->index, fact->filter, rule_element(segment, 1, fact->filter_component)))
			continue;
		fact_take(walker, node, fact, &walker->rules.cells[index->items[i]], segment);
	}
}
