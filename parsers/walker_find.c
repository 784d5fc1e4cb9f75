/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * walker_find: the findings of the walker, with everything filled in that a reader of them
 * needs: place, loop, names, set, and the business unit they are about.  A unit's name may
 * come after its first findings (REF*0F after INS); those get it then.
 */
#include "parsers/parts.h"

bool walker_wants(const struct walker *walker, enum finding_code code)
{
	return finding_kind(code)->level <= walker->checks.level;
}

/* The loop that LS, what it bounds and LE make has no number in any guide: they stand in the loop around it. */
const char *walker_loop_id(const struct walker *walker, unsigned frame)
{
	uint32_t loop = walker->frames[frame].loop;
	if (frame > 0 && loop > 0 && strcmp(guide_text(walker->guide, walker_node(walker,
		walker->index->loops[loop].node)->id), "LS") == 0)
		loop = walker->frames[frame - 1].loop;
	return loop == 0 ? "" : guide_text(walker->guide, walker_node(walker, walker->index->loops[loop].node)->id);
}

static struct walker_frame *innermost_unit(struct walker *walker)
{
	for (unsigned i = walker->depth; i-- > 0;)
		if (walker_node(walker, walker->index->loops[walker->frames[i].loop].node)->unit)
			return &walker->frames[i];
	return NULL;
}

void walker_tell(struct walker *walker, struct finding *finding)
{
	if (!walker_wants(walker, finding->code))
		return;
	finding->guide = walker->guide->name;
	slice_copy(finding->set_id, sizeof(finding->set_id), slice_of(walker->header->id));
	slice_copy(finding->set_control, sizeof(finding->set_control), slice_of(walker->header->control));
	const struct walker_frame *unit = innermost_unit(walker);
	if (unit != NULL)
		slice_copy(finding->business, sizeof(finding->business), slice_of(unit->unit.name));
	findings_add(walker->findings, finding);
}

void walker_find(struct walker *walker, enum finding_code code, uint16_t node, unsigned frame, const char *expected)
{
	if (!walker_wants(walker, code))
		return;
	struct finding finding;
	found_init(&finding, code);
	finding.place.segment = walker->position;
	finding.place.offset = walker->offset;
	slice_copy(finding.loop, sizeof(finding.loop), slice_of(walker_loop_id(walker, frame)));
	if (node != GUIDE_NONE) {
		slice_copy(finding.segment_id, sizeof(finding.segment_id), slice_of(guide_text(walker->guide,
			walker_node(walker, node)->id)));
		finding.name = guide_text(walker->guide, walker_node(walker, node)->name);
	} else if (walker->segment != NULL && walker->segment->id.len < sizeof(finding.segment_id)) {
		slice_copy(finding.segment_id, sizeof(finding.segment_id), walker->segment->id);
	}
	slice_copy(finding.expected, sizeof(finding.expected), slice_of(expected));
	walker_tell(walker, &finding);
}

void walker_check_told(void *data, struct finding *finding)
{
	struct walker *walker = data;
	finding->place.segment = walker->position;
	slice_copy(finding->segment_id, sizeof(finding->segment_id), walker->segment->id);
	if (walker->depth > 0)
		slice_copy(finding->loop, sizeof(finding->loop), slice_of(walker_loop_id(walker, walker->depth - 1)));
	walker_tell(walker, finding);
}

void walker_unit(struct walker *walker, struct slice name)
{
	struct walker_frame *frame = innermost_unit(walker);
	if (frame == NULL || frame->unit.name[0] != '\0' || name.len == 0)
		return;
	slice_copy(frame->unit.name, sizeof(frame->unit.name), name);
	for (size_t i = frame->unit.first_finding; i < walker->findings->count; i++)
		if (walker->findings->items[i].business[0] == '\0')
			slice_copy(walker->findings->items[i].business, sizeof(walker->findings->items[i].business),
				name);
}
