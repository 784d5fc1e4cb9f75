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
	uint16_t cursor = index->slots[index->loops[loop].first + walker->frames[frame].at].group;
	*found = (struct candidates){ GUIDE_NONE, GUIDE_NONE, GUIDE_NONE, GUIDE_NONE, GUIDE_NONE };
	for (uint16_t at = index->firsts[loop * index->id_count + id]; at != GUIDE_NONE; at = index->slots[at].same) {
		const struct guide_slot *slot = &index->slots[at];
		bool key = key_fits(index, walker_node(walker, slot->segment), segment);
		bool on = slot->group >= cursor;
		if (key && on && walker->counts[at] < slot->repeat) {
			found->fits = at;
			return;
		}
		if (key && on)
			found->repeated = at;
		else if (key)
			found->earlier = at;
		else if (on && slot->required == at - index->loops[loop].first && walker->counts[at] == 0 &&
			found->other_required == GUIDE_NONE)
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
