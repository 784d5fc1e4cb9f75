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

/* LS, what it bounds and LE are a loop without a number in any guide: they stand in the loop around it. */
static bool loop_is_named(const struct walker *walker, unsigned frame)
{
	uint32_t loop = walker->frames[frame].loop;
	return loop > 0 && strcmp(guide_text(walker->guide, walker_node(walker, walker->index->loops[loop].node)->id),
		"LS") != 0;
}

/* How often the loop at `frame` has come in the loop around it. */
static uint32_t loop_occurrence(const struct walker *walker, unsigned frame)
{
	const struct guide_loop *around = &walker->index->loops[walker->frames[frame - 1].loop];
	for (uint32_t slot = around->first; slot < (uint32_t)around->first + around->count; slot++)
		if (walker->index->slots[slot].loop == walker->frames[frame].loop)
			return walker->counts[slot];
	return 0;
}

/* "2000[12]/2300[1]"; of one that is too long the ends, which name the member and the place. */
void walker_path(const struct walker *walker, struct finding *finding, unsigned frame)
{
	static const char cut[] = "\xe2\x80\xa6"; /* … */
	char path[LIMIT_LOOP_DEPTH * 24];
	size_t len = 0;
	if (walker->findings->count == LIMIT_FINDINGS_PER_SET) /* it will only be counted */
		return;
	path[0] = '\0';
	for (unsigned i = 1; i <= frame; i++) {
		if (!loop_is_named(walker, i))
			continue;
		const char *id = guide_text(walker->guide, walker_node(walker, walker->index->loops[walker->frames[i].loop].node)->id);
		int put = snprintf(path + len, sizeof(path) - len, "%s%.8s[%u]", len == 0 ? "" : "/", id, loop_occurrence(walker, i));
		len += put > 0 && (size_t)put < sizeof(path) - len ? (size_t)put : 0;
		slice_copy(finding->loop, sizeof(finding->loop), slice_of(id));
	}
	size_t room = sizeof(finding->path) - 1, tail = (room - strlen(cut)) / 2;
	if (len > room) {
		memmove(path + room - tail, path + len - tail, tail + 1);
		memcpy(path + room - tail - strlen(cut), cut, strlen(cut));
	}
	slice_copy(finding->path, sizeof(finding->path), slice_of(path));
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
	if (finding_level(finding) > walker->checks.level)
		return;
	if (finding->guide == NULL) /* else it is a partner's */
		finding->guide = walker->guide->name;
	slice_copy(finding->set_id, sizeof(finding->set_id), slice_of(walker->header->id));
	slice_copy(finding->set_control, sizeof(finding->set_control), slice_of(walker->header->control));
	const struct walker_frame *unit = innermost_unit(walker);
	if (unit != NULL)
		slice_copy(finding->business, sizeof(finding->business), slice_of(unit->unit.name));
	findings_add(walker->findings, finding);
}

void walker_add(struct walker *walker, const struct finding *finding)
{
	uint64_t before = walker->findings->refusing;
	findings_add(walker->findings, finding);
	walker->unit_before += walker->findings->refusing - before;
}

bool walker_refuses(const struct walker *walker)
{
	const struct findings *findings = walker->findings;
	bool open = walker->unit_frame > 0 && walker->checks.aside;
	return (open ? walker->unit_before : findings->refusing) > findings->contained;
}

void walker_adopt(struct walker *walker, const struct finding *found)
{
	struct finding finding = *found;
	if (walker->depth > 0)
		walker_path(walker, &finding, walker->depth - 1);
	walker_tell(walker, &finding);
}

struct walker_units walker_units(const struct walker *walker)
{
	return walker->units;
}

void walker_find_as(struct walker *walker, struct finding *finding, uint16_t node, unsigned frame)
{
	segment_place(&finding->place, walker->segment != NULL ? walker->segment : walker->end, NULL);
	finding->place.segment = walker->position;
	walker_path(walker, finding, frame);
	if (node != GUIDE_NONE) {
		slice_copy(finding->segment_id, sizeof(finding->segment_id), slice_of(guide_text(walker->guide,
			walker_node(walker, node)->id)));
		finding->name = guide_text(walker->guide, walker_node(walker, node)->name);
	} else if (walker->segment != NULL && walker->segment->id.len < sizeof(finding->segment_id)) {
		slice_copy(finding->segment_id, sizeof(finding->segment_id), walker->segment->id);
	}
	walker_tell(walker, finding);
}

void walker_find(struct walker *walker, enum finding_code code, uint16_t node, unsigned frame, const char *expected)
{
	if (!walker_wants(walker, code) || found_counted(walker->findings, code))
		return;
	struct finding finding;
	found_init(&finding, code);
	finding.place.element = code == FINDING_SEGMENT_EMPTY ? 1 : 0;
	slice_copy(finding.expected, sizeof(finding.expected), slice_of(expected));
	walker_find_as(walker, &finding, node, frame);
}

void walker_check_told(void *data, struct finding *finding)
{
	struct walker *walker = data;
	finding->place.segment = walker->position;
	slice_copy(finding->segment_id, sizeof(finding->segment_id), walker->segment->id);
	if (walker->depth > 0)
		walker_path(walker, finding, walker->depth - 1);
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
