/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * shape: what a segment of each node looks like when nothing is wrong with it, as masks of
 * its elements: which must be there, which must not, which are codes, dates, numbers, and
 * the syntax notes that are not settled by that.  Built once a guide.
 */
#include "parsers/parts.h"

static uint32_t element_bit(unsigned position)
{
	return UINT32_C(1) << (position - 1);
}

/* Lengths from low to high need not be looked at again. */
static void bounds_put(struct shape *shape, unsigned position, uint32_t low, uint32_t high)
{
	struct shape_bounds *bounds = &shape->bounds[(position - 1) / SHAPE_LANES];
	unsigned lane = (position - 1) % SHAPE_LANES;
	bounds->low[lane] = (uint8_t)(low < UINT8_MAX ? low : UINT8_MAX);
	bounds->high[lane] = (uint8_t)(high < SHAPE_LONGEST ? high : SHAPE_LONGEST);
}

static void element_build(const struct guide_index *index, struct shape *shape, unsigned position,
	struct shape_code *code)
{
	const struct guide_element *element = &index->guide->elements[shape->first_element + position - 1];
	uint32_t bit = element_bit(position);
	uint32_t low = element->min, high = element->max;
	bool listed = element->codes != GUIDE_NONE && element->codeset == GUIDE_NONE; /* with both, `sets` asks for both */
	shape->required |= element->usage == USAGE_REQUIRED ? bit : 0;
	shape->unused |= element->usage == USAGE_NOT_USED ? bit : 0;
	if (element->type == TYPE_COMPOSITE || element->type == TYPE_B || (listed && index->lists[element->codes].longer)) {
		shape->single |= bit;
		bounds_put(shape, position, 0, UINT32_MAX);
		return;
	}
	if (listed) {
		const struct guide_list *list = &index->lists[element->codes];
		*code = (struct shape_code){ list->factor, list->first, list->shift };
		shape->coded |= bit;
		high = high < PACKED_BYTES ? high : PACKED_BYTES;
		if (element->type == TYPE_ID) { /* a listed code has its length from the list */
			bounds_put(shape, position, 0, PACKED_BYTES);
			return;
		}
	}
	if (element->type == TYPE_N || element->type == TYPE_R) {
		shape->numbers |= bit;
		low = 0; /* digits are counted, not bytes */
		high = listed ? PACKED_BYTES : UINT32_MAX;
	}
	shape->dates |= element->type == TYPE_DT ? bit : 0;
	shape->times |= element->type == TYPE_TM ? bit : 0;
	shape->formats |= element->format_of != 0 ? bit : 0;
	shape->sets |= element->codeset != GUIDE_NONE ? bit : 0;
	bounds_put(shape, position, low, high);
}

/* False: a segment that has what is required, and nothing that is not used, has the note's conditions too. */
static bool note_build(struct shape_note *out, const struct shape *shape, const struct guide_note *note)
{
	uint32_t all = 0;
	for (unsigned i = 0; i < note->count; i++)
		all |= note->positions[i] <= SHAPE_ELEMENTS ? element_bit(note->positions[i]) : 0;
	uint32_t first = note->positions[0] <= SHAPE_ELEMENTS ? element_bit(note->positions[0]) : 0;
	uint32_t rest = all & ~first, usable = all & ~shape->unused;
	*out = (struct shape_note){ .when = UINT32_MAX };
	switch (note->kind) {
	case 'P':
		out->when = all;
		out->every = all;
		return (all & ~shape->required) != 0;
	case 'R':
		out->some = all;
		return (all & shape->required) == 0;
	case 'E':
		out->one = all;
		return (usable & (usable - 1)) != 0;
	case 'C':
		out->when = first;
		out->every = rest;
		return (first & ~shape->unused) != 0 && (rest & ~shape->required) != 0;
	case 'L':
		out->when = first;
		out->some = rest;
		return (first & ~shape->unused) != 0 && (rest & shape->required) == 0;
	default:
		return true;
	}
}

static void node_build(struct guide_index *index, uint16_t number, struct shape_code *codes)
{
	const struct guide_node *node = &index->nodes[number];
	struct shape *shape = &index->shapes[number];
	uint32_t id = id_number(slice_of(guide_text(index->guide, node->id)));
	*shape = (struct shape){ .codes = codes, .first_element = node->first_element,
		.elements = (uint8_t)(node->element_count < UINT8_MAX ? node->element_count : UINT8_MAX) };
	if (node->element_count > SHAPE_ELEMENTS) {
		shape->elements = 0;
		shape->required = UINT32_MAX;
		return;
	}
	for (unsigned i = 1; i <= node->element_count; i++)
		element_build(index, shape, i, &codes[i - 1]);
	unsigned npi = id == ID3('N', 'M', '1') ? 9 : id == ID2('N', '1') ? 4 : 0;
	shape->npi = npi <= node->element_count ? (uint8_t)npi : 0;
	shape->postal = id == ID2('N', '4') && node->element_count >= 3;
	shape->others = shape->npi != 0 || shape->postal;
	shape->rare = shape->dates | shape->times | shape->numbers | shape->formats | shape->sets |
		(shape->npi != 0 ? element_bit(shape->npi) : 0) | (shape->postal ? element_bit(3) : 0);
	shape->notes = index->notes + node->first_note;
	for (unsigned i = 0; i < node->note_count; i++) {
		const struct guide_note *note = &index->guide->notes[node->first_note + i];
		if (note->kind == 'P' && note->count == 2 && note->positions[1] == note->positions[0] + 1 &&
		    note->positions[1] <= SHAPE_ELEMENTS)
			shape->pairs |= element_bit(note->positions[0]);
		else if (note->count > 0 && note_build(&shape->notes[shape->note_count], shape, note))
			shape->note_count++;
	}
}

bool shapes_build(struct guide_index *index)
{
	const struct guide *guide = index->guide;
	size_t lanes = 0;
	for (uint16_t i = 0; i < guide->node_count; i++)
		lanes += guide->nodes[i].element_count / SHAPE_LANES + 1U;
	index->shapes = calloc((size_t)guide->node_count + 1, sizeof(*index->shapes));
	index->notes = calloc((size_t)guide->note_count + 1, sizeof(*index->notes));
	index->shape_codes = calloc(lanes, SHAPE_LANES * sizeof(*index->shape_codes));
	if (index->shape_codes == NULL || index->shapes == NULL || index->notes == NULL)
		return false;
	lanes = 0;
	for (uint16_t i = 0; i < guide->node_count; i++) {
		if (guide->nodes[i].kind != NODE_SEGMENT)
			continue;
		node_build(index, i, index->shape_codes + lanes * SHAPE_LANES);
		lanes += guide->nodes[i].element_count / SHAPE_LANES + 1U;
	}
	return true;
}
