/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * index: a guide's tables turned so that the walker finds a segment's place in a few
 * steps: the children of each loop side by side, for each loop and segment id the first
 * child that can take it, and code lists as numbers.  Built once a guide.
 */
#include "parsers/stencil.h"

#include <limits.h>

void index_free(struct guide_index *index)
{
	if (index == NULL)
		return;
	free(index->slots);
	free(index->loops);
	free(index->firsts);
	free(index->steps);
	free(index->stencils);
	free(index->lists);
	free(index->codes);
	free(index->last_required);
	free(index->shapes);
	free(index->notes);
	free(index->shape_codes);
	rule_index_free(index->rules);
	free(index);
}

static struct guide_id *id_of(struct guide_index *index, struct slice id)
{
	const struct guide_id *found = index_id(index, id_number(id));
	return found == NULL ? NULL : &index->ids[found - index->ids];
}

static void id_add(struct guide_index *index, struct slice id)
{
	uint32_t key = id_number(id);
	if (key == 0 || id_of(index, id) != NULL || index->id_count == INDEX_IDS)
		return;
	unsigned place = (key * UINT32_C(2654435761)) >> 24;
	while (index->ids[place].key != 0)
		place = (place + 1) % INDEX_PLACES;
	index->ids[place] = (struct guide_id){ .key = key, .number = (uint8_t)index->id_count++ };
}

/* ---- code lists: each code in one of the two places of its hash ------------------------------------ */

static inline uint64_t list_pair(const struct guide_list *list, uint64_t code)
{
	return list->first + 2 * (code * list->factor >> list->shift);
}

bool index_listed(const struct guide_index *index, uint16_t codes, struct slice value)
{
	if (codes == GUIDE_NONE)
		return true;
	const struct guide_list *list = &index->lists[codes];
	if (list->longer)
		return guide_code_listed(index->guide, codes, value);
	/* a NUL elsewhere than at the end makes a number that no code has */
	if (value.len == 0 || value.len > PACKED_BYTES || value.ptr[value.len - 1] == '\0')
		return false;
	uint64_t code = bytes_packed(value);
	const uint64_t *pair = index->codes + list_pair(list, code);
	return pair[0] == code || pair[1] == code;
}

/* As bytes_packed, of a text that nothing stands behind. */
static uint64_t code_packed(struct slice code)
{
	char bytes[PACKED_BYTES] = "";
	memcpy(bytes, code.ptr, code.len);
	return bytes_packed((struct slice){ bytes, code.len });
}

/* Twice the pairs that there are codes: a factor that gives no pair a third code is found after a few. */
static unsigned list_bits(uint16_t count)
{
	unsigned bits = 1;
	while ((UINT32_C(1) << bits) < 2U * count)
		bits++;
	return bits;
}

/* Put the codes into their places by this factor.  False: some pair has no room. */
static bool list_fill(struct guide_index *index, const struct guide_list *list, const struct guide_codes *codes)
{
	const struct guide *guide = index->guide;
	memset(index->codes + list->first, 0, sizeof(*index->codes) * 2 << list_bits(codes->count));
	for (uint32_t i = 0; i < codes->count; i++) {
		uint64_t code = code_packed(slice_of(guide_text(guide, guide->code_texts[codes->first + i])));
		uint64_t *pair = index->codes + list_pair(list, code);
		if (pair[0] != 0 && pair[1] != 0)
			return false;
		pair[pair[0] != 0] = code;
	}
	return true;
}

#define LIST_TRIES 1000

static void lists_build(struct guide_index *index)
{
	const struct guide *guide = index->guide;
	uint32_t filled = 0;
	for (uint16_t i = 0; i < guide->code_list_count; i++) {
		const struct guide_codes *codes = &guide->code_lists[i];
		struct guide_list *list = &index->lists[i];
		unsigned bits = list_bits(codes->count);
		*list = (struct guide_list){ .first = filled, .shift = (uint8_t)(64 - bits) };
		filled += 2U << bits;
		for (uint32_t k = 0; k < codes->count; k++) {
			size_t len = strlen(guide_text(guide, guide->code_texts[codes->first + k]));
			list->longer = list->longer || len == 0 || len > PACKED_BYTES;
		}
		unsigned tries = 0;
		list->factor = UINT64_C(0x9e3779b97f4a7c15);
		while (!list->longer && !list_fill(index, list, codes)) {
			list->factor = list->factor * UINT64_C(0xd1342543de82ef95) + 2;
			list->longer = ++tries == LIST_TRIES; /* then the guide's own search will do */
		}
	}
}

static size_t lists_places(const struct guide *guide)
{
	size_t places = 0;
	for (uint16_t i = 0; i < guide->code_list_count; i++)
		places += (size_t)2 << list_bits(guide->code_lists[i].count);
	return places;
}

/* ---- the children of loops ----------------------------------------------------------------------------- */

#define WORD_BITS 64

/* The bits of a loop's children.  SE is the reader's to miss. */
static void bits_build(struct guide_index *index, struct guide_loop *loop)
{
	uint64_t before = 0;
	for (uint16_t i = 0; i < loop->count; i++) {
		struct guide_slot *slot = &index->slots[loop->first + i];
		const struct guide_node *node = &index->nodes[slot->node];
		slot->word = (uint16_t)(loop->word + i / WORD_BITS);
		slot->bit = UINT64_C(1) << i % WORD_BITS;
		slot->required = node->usage == USAGE_REQUIRED &&
			!(loop->node == 0 && strcmp(guide_text(index->guide, node->id), "SE") == 0);
		if (slot->group == loop->first + i)
			before = loop->required;
		slot->before = before;
		loop->required |= slot->required ? slot->bit : 0;
	}
}

/* The children of a loop, in their order.  A loop stands where the segment that opens it stands. */
static void loop_build(struct guide_index *index, uint32_t number, const uint16_t *loop_numbers)
{
	const struct guide_node *nodes = index->guide->nodes;
	struct guide_loop *loop = &index->loops[number];
	loop->first = (uint16_t)index->slot_count;
	for (uint16_t child = nodes[loop->node].first_child; child != GUIDE_NONE; child = nodes[child].next) {
		uint16_t at = (uint16_t)index->slot_count++;
		bool is_loop = nodes[child].kind == NODE_LOOP;
		struct guide_slot *slot = &index->slots[at];
		*slot = (struct guide_slot){ .repeat = nodes[child].repeat, .node = child, .group = at,
			.same = GUIDE_NONE,
			.segment = is_loop ? nodes[child].first_child : child, .loop = is_loop ? loop_numbers[child]
			: GUIDE_NONE };
		if (slot->segment == GUIDE_NONE)
			slot->segment = child;
		uint32_t position = nodes[slot->segment].position;
		bool opens = at == loop->first && number != 0;
		bool after_opener = at == loop->first + 1 && number != 0;
		if (!opens && !after_opener && at > loop->first && position != 0 &&
		    nodes[index->slots[at - 1].segment].position == position)
			slot->group = index->slots[at - 1].group;
	}
	loop->count = (uint16_t)(index->slot_count - loop->first);
	loop->word = (uint16_t)index->word_count;
	loop->words = (uint16_t)(loop->count / WORD_BITS + 1);
	index->word_count += loop->words;
	bits_build(index, loop);
}

/* For each loop and id the first child with it; later ones hang behind it.  The opener of a loop is no candidate. */
static void firsts_build(struct guide_index *index)
{
	const struct guide *guide = index->guide;
	for (uint32_t i = 0; i < index->loop_count * index->id_count; i++)
		index->firsts[i] = GUIDE_NONE;
	for (uint32_t number = 0; number < index->loop_count; number++) {
		const struct guide_loop *loop = &index->loops[number];
		uint32_t opener = number == 0 ? 0 : 1;
		for (uint32_t at = loop->first + (uint32_t)loop->count; at > loop->first + opener; at--) {
			struct guide_slot *slot = &index->slots[at - 1];
			const struct guide_id *id = id_of(index, slice_of(guide_text(guide, guide->nodes[slot->segment].id)));
			if (id == NULL)
				continue;
			uint16_t *first = &index->firsts[number * index->id_count + id->number];
			slot->same = *first;
			*first = (uint16_t)(at - 1);
		}
	}
}

/* What tells the nodes of one id apart is one element of theirs, or nothing. */
static void keys_build(struct guide_index *index)
{
	for (uint32_t at = 0; at < index->slot_count; at++) {
		const struct guide_node *node = &index->nodes[index->slots[at].segment];
		struct guide_id *id = id_of(index, slice_of(guide_text(index->guide, node->id)));
		if (id == NULL || node->key == 0)
			continue;
		id->element = id->element == 0 || id->element == node->key ? node->key : INDEX_NO_KEY;
	}
}

void index_steps_forget(struct guide_index *index)
{
	memset(index->steps, 0, INDEX_STEPS * sizeof(*index->steps));
	stencils_forget(index->stencils, index->slot_count);
}

struct guide_index *index_new(const struct guide *guide)
{
	struct guide_index *index = calloc(1, sizeof(*index));
	uint16_t *loop_numbers = calloc((size_t)guide->node_count + 1, sizeof(*loop_numbers));
	if (index == NULL || loop_numbers == NULL)
		goto failed;
	index->guide = guide;
	index->nodes = guide->nodes;
	for (uint16_t i = 0; i < guide->node_count; i++) {
		if (guide->nodes[i].kind == NODE_LOOP)
			loop_numbers[i] = (uint16_t)index->loop_count++;
		else
			id_add(index, slice_of(guide_text(guide, guide->nodes[i].id)));
	}
	index->slots = calloc((size_t)guide->node_count + 1, sizeof(*index->slots));
	index->loops = calloc((size_t)index->loop_count + 1, sizeof(*index->loops));
	index->firsts = calloc((size_t)index->loop_count * index->id_count + 1, sizeof(*index->firsts));
	index->lists = calloc((size_t)guide->code_list_count + 1, sizeof(*index->lists));
	index->codes = calloc(lists_places(guide) + 1, sizeof(*index->codes));
	index->steps = aligned_alloc(STEP_ALIGNMENT, INDEX_STEPS * sizeof(*index->steps));
	index->last_required = calloc((size_t)guide->node_count + 1, sizeof(*index->last_required));
	index->rules = rule_index_new(guide);
	if (index->rules == NULL || index->slots == NULL || index->loops == NULL || index->firsts == NULL || index->lists == NULL ||
	    index->codes == NULL || index->steps == NULL || index->last_required == NULL)
		goto failed;
	lists_build(index);
	if (!shapes_build(index))
		goto failed;
	for (uint16_t i = 0; i < guide->node_count; i++)
		if (guide->nodes[i].kind == NODE_LOOP) {
			index->loops[loop_numbers[i]].node = i;
			index->loops[loop_numbers[i]].unit = guide->nodes[i].unit;
			loop_build(index, loop_numbers[i], loop_numbers);
		}
	firsts_build(index);
	keys_build(index);
	/* lines of the cache are what it stands in */
	index->stencils = aligned_alloc(STEP_ALIGNMENT, STEP_ALIGNMENT * ((offsetof(struct stencils, firsts) +
		index->slot_count * sizeof(index->stencils->firsts[0])) / STEP_ALIGNMENT + 1));
	if (index->stencils == NULL)
		goto failed;
	index->stencils->level = 0; /* walker_begin compares it before it says its own */
	index_steps_forget(index);
	for (uint16_t i = 0; i < guide->node_count; i++)
		for (uint16_t k = 0; k < guide->nodes[i].element_count; k++)
			if (guide->elements[guide->nodes[i].first_element + k].usage == USAGE_REQUIRED)
				index->last_required[i] = (uint16_t)(k + 1);
	index->rule_levels = rule_index_levels(index->rules);
	free(loop_numbers);
	return index;
failed:
	free(loop_numbers);
	index_free(index);
	return NULL;
}
