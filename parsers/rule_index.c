/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_index: a guide's rules turned so that the walker finds what it has to do: by segment node the facts that watch it
 * and the rules that run on it, by loop node the facts that begin anew with it and the rules that run at its end.
 * A node with which nothing has to be done costs one look at `levels`.
 */
#include "parsers/rules.h"

void rule_index_free(struct rule_index *index)
{
	if (index == NULL)
		return;
	free(index->levels);
	free(index->spans);
	free(index->items);
	free(index);
}

const uint8_t *rule_index_levels(const struct rule_index *index)
{
	return index->levels;
}

/* Say that there is work at this node, at a level and above. */
static void level_note(struct rule_index *index, uint16_t node, uint8_t level)
{
	if (index->levels[node] > level)
		index->levels[node] = level;
}

/* One list in two passes: count = true counts, false fills. */
static void item_add(struct rule_index *index, struct rule_span *span, size_t item, bool count)
{
	if (!count)
		index->items[span->first + span->count] = (uint16_t)item;
	span->count++;
}

static void lists_pass(struct rule_index *index, const struct guide *guide, bool count)
{
	for (size_t i = 0; i < guide->fact_count; i++) {
		const struct guide_fact *fact = &guide->facts[i];
		item_add(index, &index->spans[fact->loop].facts, i, count);
		level_note(index, fact->loop, fact->level);
		for (uint16_t k = 0; k < fact->node_count; k++) {
			uint16_t node = guide->fact_nodes[fact->first_node + k];
			item_add(index, &index->spans[node].watches, i, count);
			level_note(index, node, fact->level);
		}
	}
	for (size_t i = 0; i < guide->rule_count; i++) {
		item_add(index, &index->spans[guide->rules[i].node].rules, i, count);
		level_note(index, guide->rules[i].node, guide->rules[i].level);
	}
}

struct rule_index *rule_index_new(const struct guide *guide)
{
	struct rule_index *index = calloc(1, sizeof(*index));
	if (index == NULL)
		return NULL;
	index->levels = malloc((size_t)guide->node_count + 1);
	index->spans = calloc((size_t)guide->node_count + 1, sizeof(*index->spans));
	index->items = calloc((size_t)guide->fact_count + guide->fact_node_count + guide->rule_count + 1, sizeof(*index->items));
	if (index->levels == NULL || index->spans == NULL || index->items == NULL) {
		rule_index_free(index);
		return NULL;
	}
	memset(index->levels, UINT8_MAX, (size_t)guide->node_count + 1);
	lists_pass(index, guide, true);
	uint32_t filled = 0;
	for (size_t i = 0; i < guide->node_count; i++) {
		struct rule_span *spans[] = { &index->spans[i].facts, &index->spans[i].watches, &index->spans[i].rules };
		for (size_t k = 0; k < COUNT_OF(spans); k++) {
			spans[k]->first = filled;
			filled += spans[k]->count;
			spans[k]->count = 0;
		}
	}
	lists_pass(index, guide, false);
	return index;
}
