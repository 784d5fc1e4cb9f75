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

/* ---- steps ------------------------------------------------------------------------------------------ */

#define STEP_KEY_BYTES 6

/* Different for segments that different children may fit; 0: there is none that is short enough. */
static inline uint64_t step_token(const struct segment *segment, const struct guide_id *id)
{
	unsigned key = id->element;
	if (key == 0)
		return (uint64_t)id->number + 1;
	struct slice value = segment_element(segment, key);
	if (key == INDEX_NO_KEY || value.len > STEP_KEY_BYTES)
		return 0;
	return ((uint64_t)id->number + 1) | bytes_packed(value) << 8 | (uint64_t)value.len << 56;
}

/* ST and SE have checks of their own. */
static bool is_set_envelope(unsigned depth, uint32_t key)
{
	return depth == 1 && (key == ID2('S', 'T') || key == ID2('S', 'E'));
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
	step->once = slot->repeat <= 1 ? slot->bit : 0;
	step->bit = slot->bit;
	step->ends = (uint8_t)(walker->depth - 1 - frame);
	step->known = true;
	step->plain = step->ends == 0 && slot->loop == GUIDE_NONE && !shape->careful &&
		(slot->repeat <= 1 || slot->repeat == GUIDE_UNBOUNDED) && walker_node(walker, slot->segment)->business == 0;
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

const struct guide_step *step_find(struct walker *walker, const struct segment *segment, const struct guide_id *id)
{
	struct guide_index *index = walker->index;
	const struct walker_frame *frame = &walker->frames[walker->depth - 1];
	uint64_t token = step_token(segment, id);
	if (token == 0 || frame->strange)
		return NULL;
	uint64_t hash = (token ^ (uint64_t)frame->at << 48) * UINT64_C(0x9e3779b97f4a7c15);
	struct guide_step *step = &index->steps[hash >> 53];
	if (step->token == token && step->from == frame->at)
		return step->known ? step : NULL;
	struct guide_step *second = &index->steps[(hash >> 53) ^ 1];
	if (second->token == token && second->from == frame->at)
		return second->known ? second : NULL;
	if (step->token != 0 && second->token == 0)
		step = second;
	*step = (struct guide_step){ .token = token, .from = frame->at };
	step_learn(walker, step, segment, id);
	return step->known ? step : NULL;
}
_Static_assert(INDEX_STEPS == 1 << 11, "step_find takes the highest eleven bits");
