/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * hierarchy: HL segments.  Levels are nested loops in the guide, so that the open loops say
 * who contains whom: HL01 counts up by one through the set, HL02 is the HL01 of the level
 * around, HL04 says whether levels follow inside.  Three numbers a level are kept, no table
 * of levels: levels that name each other as parents cannot make a circle here.
 */
#include "parsers/parts.h"

static void level_find(struct walker *walker, enum finding_code code, unsigned frame, unsigned element,
	const char *expected)
{
	struct finding finding;
	found_init(&finding, code);
	const struct walker_frame *level = &walker->frames[frame];
	finding.place = level->hl_place;
	finding.place.element = (uint16_t)element;
	static const uint16_t numbers[] = { 0, 628, 734, 735, 736 };
	finding.data_element = numbers[element];
	slice_copy(finding.segment_id, sizeof(finding.segment_id), SLICE("HL"));
	walker_path(walker, &finding, frame);
	slice_copy(finding.expected, sizeof(finding.expected), slice_of(expected));
	if (walker->segment != NULL && walker->position == finding.place.segment) {
		struct slice value = segment_element(walker->segment, element);
		found_plain(&finding, value);
		if (value.ptr != NULL)
			segment_place(&finding.place, walker->segment, value.ptr);
	} else if (element == 4) {
		finding.place.offset += level->hl_child_at;
		finding.place.column += finding.place.line > 0 ? level->hl_child_at : 0;
	}
	walker_tell(walker, &finding);
}

/* A code that the guide does not have at this level was told as that, and is no promise. */
static bool child_code_listed(const struct walker *walker, unsigned frame, struct slice code)
{
	const struct guide_loop *loop = &walker->index->loops[walker->frames[frame].loop];
	const struct guide_node *hl = walker_node(walker, walker->index->slots[loop->first].segment);
	return guide_code_listed(walker->guide, walker->guide->elements[hl->first_element + 3].codes, code);
}

void hierarchy_open(struct walker *walker, unsigned frame)
{
	struct walker_frame *level = &walker->frames[frame];
	char expected[32];
	uint64_t number = 0;
	segment_place(&level->hl_place, walker->segment, NULL);
	level->hl_place.segment = walker->position;
	if (!slice_number(&number, segment_element(walker->segment, 1)) || number != walker->hl + 1) {
		(void)snprintf(expected, sizeof(expected), "%llu", (unsigned long long)walker->hl + 1);
		level_find(walker, FINDING_HL_NUMBER, frame, 1, expected);
	}
	/* what the sender counts from here on is what the next ones are held against */
	walker->hl = number > 0 ? number : walker->hl + 1;
	level->hl = walker->hl;
	struct slice child = segment_element(walker->segment, 4);
	level->hl_child_code = child.len == 1 && child_code_listed(walker, frame, child) ? child.ptr[0] : '\0';
	level->hl_child_at = child.len == 1 ? (uint16_t)(segment_offset(walker->segment, child.ptr) - level->hl_place.offset) : 0;
	struct slice parent = segment_element(walker->segment, 2);
	unsigned around = frame;
	while (around > 0 && walker->frames[around - 1].hl == 0)
		around--;
	if (around == 0) {
		if (parent.len > 0)
			level_find(walker, FINDING_HL_PARENT, frame, 2, "nothing at the highest level");
		return;
	}
	struct walker_frame *outer = &walker->frames[around - 1];
	outer->hl_children++;
	if (parent.len > 0 && (!slice_number(&number, parent) || number != outer->hl)) { /* an empty one is missing */
		(void)snprintf(expected, sizeof(expected), "%llu", (unsigned long long)outer->hl);
		level_find(walker, FINDING_HL_PARENT, frame, 2, expected);
	}
}

/* The levels inside name a level by its number: it has the one that is left out, if one is. */
void hierarchy_imply(struct walker *walker, unsigned frame)
{
	uint64_t number = 0;
	bool follows = walker->segment->key == ID2('H', 'L') && slice_number(&number, segment_element(walker->segment, 1)) &&
		number == walker->hl + 1;
	if (follows) /* nobody counted it */
		return;
	walker->frames[frame].hl = ++walker->hl;
	while (frame > 0 && walker->frames[frame - 1].hl == 0)
		frame--;
	if (frame > 0)
		walker->frames[frame - 1].hl_children++;
}

void hierarchy_close(struct walker *walker, unsigned frame)
{
	const struct walker_frame *level = &walker->frames[frame];
	if (level->hl == 0)
		return;
	bool children = level->hl_children > 0;
	if ((level->hl_child_code == '1' && !children) || (level->hl_child_code == '0' && children))
		level_find(walker, FINDING_HL_CHILD, frame, 4, children ? "1" : "0");
}
