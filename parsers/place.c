/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * place: which child of which open loop a segment is.
 *
 * Looked at from the innermost open loop outward, the first that fits wins:
 *   1. a child at the cursor or further on, its code fits, its repeats are not used up
 *   2. the same with its repeats used up: told as one too many
 *   3. in one loop: a child before the cursor whose code fits (out of order), else a
 *      child of the same id whose code does not fit (told as a wrong code)
 * What has no place, or only one that its codes do not fit, may belong to a loop that could
 * come now, without anything that is required being passed over, and whose opening segment
 * is missing: that is told once, and the loop opened, so that one mistake does not make one
 * of each segment that follows.
 *
 * Siblings of one position number stand in any order among themselves.
 *
 * Loops are nested as the guide nests them, so that the newest child of the innermost one
 * tells where the cursors of all stand: the first child that a segment fits, were nothing
 * used up, depends on that and on the segment's id and key alone.  Such steps are kept.
 */
#include "parsers/parts.h"

struct candidates {
	uint16_t fits, repeated, earlier, other, other_required;
};

static bool key_fits(const struct guide_index *index, const struct guide_node *node, const struct segment *segment)
{
	if (node->key == 0)
		return true;
	struct slice value = segment_element(segment, node->key), part = value;
	if (node->key_component > 0 &&
	    !slice_part(&part, value, segment->delimiters.component, (unsigned)node->key_component - 1))
		return false;
	if (index_listed(index, node->key_codes, part))
		return true;
	/* a key that repeats: its first value tells */
	char separator = segment->delimiters.repetition;
	return separator != '\0' && part.len > 0 && memchr(part.ptr, separator, part.len) != NULL &&
	       slice_part(&part, part, separator, 0) && index_listed(index, node->key_codes, part);
}

static void look(const struct walker *walker, unsigned frame, struct candidates *found, const struct segment *segment,
	unsigned id)
{
	const struct guide_index *index = walker->index;
	uint32_t loop = walker->frames[frame].loop;
	uint16_t cursor = index->slots[walker->frames[frame].at].group;
	*found = (struct candidates){ GUIDE_NONE, GUIDE_NONE, GUIDE_NONE, GUIDE_NONE, GUIDE_NONE };
	for (uint16_t at = index->firsts[loop * index->id_count + id]; at != GUIDE_NONE; at = index->slots[at].same) {
		const struct guide_slot *slot = &index->slots[at];
		bool key = key_fits(index, walker_node(walker, slot->segment), segment);
		bool on = slot->group >= cursor;
		if (key && on && !walker_used_up(walker, slot)) {
			found->fits = at;
			return;
		}
		if (key && on)
			found->repeated = at;
		else if (key)
			found->earlier = at;
		else if (on && slot->required && !walker_came(walker, slot) && found->other_required == GUIDE_NONE)
			found->other_required = at;
		else if (on)
			found->other = at;
	}
}

struct walker_place walker_place(const struct walker *walker, const struct segment *segment, unsigned id)
{
	struct walker_place second = { PLACE_NONE, 0, GUIDE_NONE }, third = second;
	for (unsigned i = walker->depth; i-- > 0;) {
		struct candidates found;
		look(walker, i, &found, segment, id);
		if (found.fits != GUIDE_NONE)
			return (struct walker_place){ PLACE_FITS, i, found.fits };
		if (second.kind == PLACE_NONE && found.repeated != GUIDE_NONE)
			second = (struct walker_place){ PLACE_REPEATED, i, found.repeated };
		if (third.kind != PLACE_NONE)
			continue;
		if (found.earlier != GUIDE_NONE)
			third = (struct walker_place){ PLACE_ORDER, i, found.earlier };
		else if (found.other_required != GUIDE_NONE)
			third = (struct walker_place){ PLACE_OTHER_CODE, i, found.other_required };
		else if (found.other != GUIDE_NONE)
			third = (struct walker_place){ PLACE_OTHER_CODE, i, found.other };
	}
	return second.kind != PLACE_NONE ? second : third;
}

/* ---- a loop whose opening segment is missing ---------------------------------------------------------- */

/* Is it this segment and no other, as far as its key and its first code tell? */
static bool fits_exactly(const struct walker *walker, const struct guide_slot *slot, const struct segment *segment)
{
	const struct guide_node *node = walker_node(walker, slot->segment);
	if (!key_fits(walker->index, node, segment))
		return false;
	if (node->element_count == 0)
		return true;
	const struct guide_element *first = &walker->guide->elements[node->first_element];
	return first->usage != USAGE_NOT_USED && (first->codes == GUIDE_NONE || first->type == TYPE_COMPOSITE ||
		index_listed(walker->index, first->codes, segment_element(segment, 1)));
}

/* Of a loop that may come now, another child than the opening segment. */
static bool loop_takes(const struct walker *walker, const struct guide_slot *loop, const struct segment *segment,
	unsigned id)
{
	const struct guide_index *index = walker->index;
	for (uint16_t at = index->firsts[loop->loop * index->id_count + id]; at != GUIDE_NONE; at = index->slots[at].same)
		if (fits_exactly(walker, &index->slots[at], segment))
			return true;
	return false;
}

struct walker_place walker_implied(const struct walker *walker, const struct segment *segment, unsigned id,
	struct walker_place place)
{
	const struct guide_index *index = walker->index;
	if (place.kind == PLACE_FITS || (place.kind != PLACE_NONE && fits_exactly(walker, &index->slots[place.slot], segment)))
		return (struct walker_place){ PLACE_NONE, 0, GUIDE_NONE };
	for (unsigned i = walker->depth; i-- > 0;) {
		const struct guide_loop *loop = &index->loops[walker->frames[i].loop];
		uint16_t cursor = index->slots[walker->frames[i].at].group;
		for (unsigned at = cursor; at < (unsigned)loop->first + loop->count; at++) {
			const struct guide_slot *slot = &index->slots[at];
			if (!walker_has(walker, slot->word, slot->before))
				break;
			if (slot->loop != GUIDE_NONE && i + 2 < LIMIT_LOOP_DEPTH && !walker_used_up(walker, slot) &&
			    loop_takes(walker, slot, segment, id))
				return (struct walker_place){ PLACE_FITS, i, (uint16_t)at };
		}
		if (!walker_has(walker, loop->word, loop->required)) /* what is required here comes first */
			break;
	}
	return (struct walker_place){ PLACE_NONE, 0, GUIDE_NONE };
}

/* ---- steps ------------------------------------------------------------------------------------------ */

/* ST and SE have checks of their own. */
static bool is_set_envelope(unsigned depth, uint32_t key)
{
	return depth == 1 && (key == ID2('S', 'T') || key == ID2('S', 'E'));
}

/* Is the key's code list that of its element, so that a key which fits is a code that is listed? */
static bool key_is_settled(const struct walker *walker, uint16_t number)
{
	const struct guide_node *node = walker_node(walker, number);
	return node->key > 0 && node->key <= node->element_count && node->key <= SHAPE_ELEMENTS &&
	       node->key_component == 0 &&
	       walker->guide->elements[node->first_element + node->key - 1].codes == node->key_codes &&
	       (walker->index->shapes[number].coded >> (node->key - 1) & 1) != 0;
}

static void step_fill(const struct walker *walker, struct guide_step *step, unsigned frame, uint32_t at)
{
	const struct guide_index *index = walker->index;
	const struct guide_slot *slot = &index->slots[at];
	const struct shape *shape = &index->shapes[slot->segment];
	step->slot = (uint16_t)at;
	step->word = slot->word;
	step->node = slot->segment;
	step->shape = shape;
	step->before = slot->before;
	step->once = slot->repeat <= 1;
	step->bit = slot->bit;
	step->ours = key_is_settled(walker, slot->segment) ? ~(UINT32_C(1) << (walker_node(walker, slot->segment)->key - 1))
		: UINT32_MAX;
	step->ends = (uint8_t)(walker->depth - 1 - frame);
	step->known = true;
	bool counted = slot->loop != GUIDE_NONE || (slot->repeat > 1 && slot->repeat != GUIDE_UNBOUNDED);
	step->limit = !counted ? 0 : slot->repeat > 0 ? slot->repeat : 1;
	step->business = walker_node(walker, slot->segment)->business;
	step->opens = slot->loop;
	step->stays = step->ends == 0 && slot->loop == GUIDE_NONE;
	step->level = slot->loop != GUIDE_NONE &&
		strcmp(guide_text(walker->guide, walker_node(walker, slot->segment)->id), "HL") == 0;
}

/* The first child at a cursor or behind it whose code fits, used up or not. */
static void step_learn(struct walker *walker, struct guide_step *step, const struct segment *segment,
	const struct guide_id *id)
{
	const struct guide_index *index = walker->index;
	for (unsigned i = walker->depth; i-- > 0;) {
		const struct guide_loop *loop = &index->loops[walker->frames[i].loop];
		uint16_t cursor = index->slots[walker->frames[i].at].group;
		if (loop->words > 1 || is_set_envelope(i + 1, id->key))
			return;
		uint32_t at = index->firsts[walker->frames[i].loop * index->id_count + id->number];
		for (; at != GUIDE_NONE; at = index->slots[at].same) {
			const struct guide_slot *slot = &index->slots[at];
			if (slot->group < cursor || !key_fits(index, walker_node(walker, slot->segment), segment))
				continue;
			if (slot->loop == GUIDE_NONE || (i + 1 < LIMIT_LOOP_DEPTH && index->loops[slot->loop].words == 1))
				step_fill(walker, step, i, at);
			return;
		}
	}
}

struct guide_step *step_find(struct walker *walker, const struct segment *segment, const struct guide_id *id,
	uint64_t token)
{
	uint16_t from = walker->from;
	struct guide_step *first = &walker->index->steps[step_hash(token, from)];
	struct guide_step *second = &walker->index->steps[step_hash(token, from) ^ 1];
	if (token == 0 || from == GUIDE_NONE)
		return NULL;
	if (first->token == token && first->from == from)
		return first->known ? first : NULL;
	if (second->token == token && second->from == from)
		return second->known ? second : NULL;
	struct guide_step *step = first->token != 0 && second->token == 0 ? second : first;
	*step = (struct guide_step){ .token = token, .from = from, .element = id->element };
	step_learn(walker, step, segment, id);
	return step->known ? step : NULL;
}
