/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * index: a guide's tables turned so that the walker finds a segment's place in a few
 * steps: the children of each loop side by side, for each loop and segment id the first
 * child that can take it, and code lists as numbers.  Built once a guide.
 */
#include "parsers/parts.h"

#include <limits.h>

void index_free(struct guide_index *index)
{
	if (index == NULL)
		return;
	free(index->slots);
	free(index->loops);
	free(index->firsts);
	free(index->lists);
	free(index->codes);
	free(index->last_required);
	free(index);
}

static unsigned id_place(const struct guide_index *index, uint32_t key)
{
	unsigned place = (key * UINT32_C(2654435761)) >> 24;
	while (index->id_keys[place] != 0 && index->id_keys[place] != key)
		place = (place + 1) % INDEX_PLACES;
	return place;
}

unsigned index_id(const struct guide_index *index, struct slice id)
{
	uint32_t key = id_number(id);
	if (key == 0)
		return UINT_MAX;
	unsigned place = id_place(index, key);
	return index->id_keys[place] == key ? index->id_numbers[place] : UINT_MAX;
}

static unsigned id_add(struct guide_index *index, struct slice id)
{
	uint32_t key = id_number(id);
	if (key == 0)
		return UINT_MAX;
	unsigned place = id_place(index, key);
	if (index->id_keys[place] == 0) {
		if (index->id_count == INDEX_IDS)
			return UINT_MAX;
		index->id_keys[place] = key;
		index->id_numbers[place] = (uint8_t)index->id_count++;
	}
	return index->id_numbers[place];
}

#define CODE_BYTES 7
/* At most CODE_BYTES bytes and their number below them: in bytewise order, and different for different codes. */
static inline uint64_t code_pack(struct slice code)
{
	uint64_t packed = 0;
	for (size_t i = 0; i < code.len; i++)
		packed = packed << 8 | (unsigned char)code.ptr[i];
	return packed << (8 * (8 - code.len)) | code.len;
}

bool index_listed(const struct guide_index *index, uint16_t codes, struct slice value)
{
	if (codes == GUIDE_NONE)
		return true;
	const struct guide_list *list = &index->lists[codes];
	if (list->longer)
		return guide_code_listed(index->guide, codes, value);
	if (value.len == 0 || value.len > CODE_BYTES)
		return false;
	uint64_t wanted = code_pack(value);
	const uint64_t *from = index->codes + list->first;
	size_t count = list->count;
	while (count > 8) { /* the code, if listed, is among from[0 … count) */
		size_t half = count / 2;
		if (from[half] <= wanted) {
			from += half;
			count -= half;
		} else {
			count = half;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (from[i] == wanted)
			return true;
	return false;
}

static void lists_build(struct guide_index *index)
{
	const struct guide *guide = index->guide;
	uint32_t filled = 0;
	for (uint16_t i = 0; i < guide->code_list_count; i++) {
		const struct guide_codes *codes = &guide->code_lists[i];
		struct guide_list *list = &index->lists[i];
		*list = (struct guide_list){ .first = filled, .count = codes->count };
		for (uint32_t k = 0; k < codes->count; k++) {
			struct slice code = slice_of(guide_text(guide, guide->code_texts[codes->first + k]));
			if (code.len == 0 || code.len > CODE_BYTES)
				list->longer = true;
			index->codes[filled++] = list->longer ? 0 : code_pack(code);
		}
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
	uint16_t required = loop->count;
	for (uint16_t i = loop->count; i-- > 0;) {
		if (nodes[index->slots[loop->first + i].node].usage == USAGE_REQUIRED)
			required = i;
		index->slots[loop->first + i].required = required;
	}
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
			unsigned id = index_id(index, slice_of(guide_text(guide, guide->nodes[slot->segment].id)));
			if (id == UINT_MAX)
				continue;
			uint16_t *first = &index->firsts[number * index->id_count + id];
			slot->same = *first;
			*first = (uint16_t)(at - 1);
		}
	}
}

struct guide_index *index_new(const struct guide *guide)
{
	struct guide_index *index = calloc(1, sizeof(*index));
	uint16_t *loop_numbers = calloc((size_t)guide->node_count + 1, sizeof(*loop_numbers));
	size_t codes = 0;
	if (index == NULL || loop_numbers == NULL)
		goto failed;
	index->guide = guide;
	index->nodes = guide->nodes;
	for (uint16_t i = 0; i < guide->node_count; i++) {
		if (guide->nodes[i].kind == NODE_LOOP)
			loop_numbers[i] = (uint16_t)index->loop_count++;
		else
			(void)id_add(index, slice_of(guide_text(guide, guide->nodes[i].id)));
	}
	index->slots = calloc((size_t)guide->node_count + 1, sizeof(*index->slots));
	index->loops = calloc((size_t)index->loop_count + 1, sizeof(*index->loops));
	index->firsts = calloc((size_t)index->loop_count * index->id_count + 1, sizeof(*index->firsts));
	index->lists = calloc((size_t)guide->code_list_count + 1, sizeof(*index->lists));
	for (uint16_t i = 0; i < guide->code_list_count; i++)
		codes += guide->code_lists[i].count;
	index->codes = calloc(codes + 1, sizeof(*index->codes));
	index->last_required = calloc((size_t)guide->node_count + 1, sizeof(*index->last_required));
	if (index->slots == NULL || index->loops == NULL || index->firsts == NULL || index->lists == NULL ||
		index->codes == NULL ||
	    index->last_required == NULL)
		goto failed;
	lists_build(index);
	for (uint16_t i = 0; i < guide->node_count; i++)
		if (guide->nodes[i].kind == NODE_LOOP) {
			index->loops[loop_numbers[i]].node = i;
			loop_build(index, loop_numbers[i], loop_numbers);
		}
	firsts_build(index);
	for (uint16_t i = 0; i < guide->node_count; i++)
		for (uint16_t k = 0; k < guide->nodes[i].element_count; k++)
			if (guide->elements[guide->nodes[i].first_element + k].usage == USAGE_REQUIRED)
				index->last_required[i] = (uint16_t)(k + 1);
	free(loop_numbers);
	return index;
failed:
	free(loop_numbers);
	index_free(index);
	return NULL;
}
