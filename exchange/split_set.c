/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * split_set: one transaction set into several of so many business units each.
 *
 * The guide says where a unit begins (the first loop with unit="yes") and which loops lie
 * around it; the walker says where they begin in the file.  A part is: the head of the set, the
 * levels above its first unit said again, its units, SE.  HL01 counts from 1 in each part and
 * HL02 follows; QTY*TO, ET and DT of an 834 say what the part has.
 *
 * A part ends where it is full and the next unit, or a level above it, begins.  A dependent
 * (INS01 N) is not parted from the subscriber before it, so that a part of an 834 may have
 * more members than were asked for.
 *
 * What the sender counted wrong would come out right, so it refuses: levels that are not
 * numbered as they stand, totals that are not what is there.  Sets that must balance as a whole
 * (835), and those of which no guide knows the units, are not cut.
 */
#include "exchange/split.h"

void split_sets_init(struct splitter *s)
{
	s->walker = walker_new();
	findings_init(&s->findings);
	pile_init(&s->body);
	buffer_init(&s->head, LIMIT_RECORD_BYTES);
	buffer_init(&s->piece, 0);
	for (size_t i = 0; i < COUNT_OF(s->levels); i++) {
		buffer_init(&s->levels[i].bytes, LIMIT_RECORD_BYTES);
		buffer_init(&s->levels[i].hl_rest, LIMIT_SEGMENT_BYTES);
	}
}

void split_sets_done(struct splitter *s)
{
	walker_free(s->walker);
	findings_done(&s->findings);
	pile_done(&s->body);
	buffer_done(&s->head);
	buffer_done(&s->piece);
	for (size_t i = 0; i < COUNT_OF(s->levels); i++) {
		buffer_done(&s->levels[i].bytes);
		buffer_done(&s->levels[i].hl_rest);
	}
}

/* ---- the guide ------------------------------------------------------------------------- */

static uint16_t unit_node(const struct guide *guide)
{
	for (uint16_t node = 1; node < guide->node_count; node++)
		if (guide->nodes[node].kind == NODE_LOOP && guide->nodes[node].unit)
			return node;
	return GUIDE_NONE;
}

/* Is the loop the unit, or one around it? */
static bool at_or_above_unit(const struct splitter *s, uint16_t loop)
{
	uint16_t node = s->unit;
	while (node != loop && node != 0)
		node = s->guide->nodes[node].parent;
	return node == loop && loop != 0;
}

/* ---- HL ---------------------------------------------------------------------------------- */

static struct split_level *level_around(struct splitter *s, unsigned depth)
{
	while (depth-- > 1)
		if (s->levels[depth].sent > 0)
			return &s->levels[depth];
	return NULL;
}

static bool level_misnumbered(struct splitter *s, const struct segment *hl)
{
	return split_refuse(s, "byte %llu: set %s: the levels (HL01, HL02) are not numbered as they stand; new numbers would hide it",
		(unsigned long long)hl->offset, s->set_control);
}

/* A loop with an HL begins: is it numbered right, and what comes behind its numbers? */
static bool level_open(struct splitter *s, unsigned depth, const struct segment *hl)
{
	struct split_level *level = &s->levels[depth];
	for (unsigned below = depth; below < COUNT_OF(s->levels); below++)
		s->levels[below].sent = 0;
	const struct split_level *around = level_around(s, depth);
	struct slice parent = segment_element(hl, 2);
	uint64_t sent = 0, above = 0;
	if (!slice_number(&sent, segment_element(hl, 1)) || sent != s->hl_sent + 1)
		return level_misnumbered(s, hl);
	if (around == NULL ? parent.len > 0 : !slice_number(&above, parent) || above != around->sent)
		return level_misnumbered(s, hl);
	s->hl_sent = level->sent = sent;
	buffer_reset(&level->hl_rest);
	for (unsigned n = 3; n <= hl->element_count; n++) {
		buffer_char(&level->hl_rest, s->delimiters.element);
		buffer_slice(&level->hl_rest, segment_element(hl, n));
	}
	return true;
}

/* HL with the part's own numbers. */
static void level_put(struct splitter *s, struct buffer *out, unsigned depth)
{
	struct split_level *level = &s->levels[depth];
	const struct split_level *around = level_around(s, depth);
	level->written = ++s->hl_written;
	buffer_format(out, "HL%c%llu%c", s->delimiters.element, (unsigned long long)level->written, s->delimiters.element);
	if (around != NULL)
		buffer_format(out, "%llu", (unsigned long long)around->written);
	buffer_slice(out, buffer_view(&level->hl_rest));
	split_segment_end(s, out);
}

/* ---- a part -------------------------------------------------------------------------------- */

static bool body_put(struct splitter *s, struct slice bytes, uint64_t segments)
{
	s->body_segments += segments;
	pile_put(&s->body, bytes);
	return pile_fine(&s->body, "a part", s->failure);
}

/* Begin a part with the levels above `depth`. */
static bool begin(struct splitter *s, unsigned depth)
{
	s->begun = true;
	s->body_segments = s->hl_written = s->units = s->subscribers = 0;
	pile_cut(&s->body, 0);
	for (unsigned above = 1; above < depth; above++) {
		struct split_level *level = &s->levels[above];
		if (level->sent > 0) {
			buffer_reset(&s->piece);
			level_put(s, &s->piece, above);
			if (!body_put(s, buffer_view(&s->piece), 1))
				return false;
		}
		if (!body_put(s, buffer_view(&level->bytes), level->segments))
			return false;
	}
	return true;
}

static uint64_t total_of(const struct split_total *total, uint64_t units, uint64_t subscribers)
{
	return total->what == 'T' ? units : total->what == 'E' ? subscribers : units - subscribers;
}

/* The head, with the totals of this part. */
static void head_put(struct splitter *s, struct buffer *out)
{
	size_t from = 0;
	for (size_t i = 0; i < s->total_count; i++) {
		const struct split_total *total = &s->totals[i];
		buffer_put(out, s->head.ptr + from, total->at - from);
		buffer_format(out, "%llu", (unsigned long long)total_of(total, s->units, s->subscribers));
		from = total->end;
	}
	buffer_put(out, s->head.ptr + from, s->head.len - from);
}

static bool end(struct splitter *s)
{
	s->begun = false;
	if (!split_part_begin(s, true))
		return false;
	head_put(s, &s->parts.out);
	if (!parts_pile(&s->parts, &s->body, s->failure))
		return false;
	split_trailer(s, &s->parts.out, "SE", s->head_segments + s->body_segments + 1, s->set_control);
	return split_part_end(s, true, 1);
}

/* ---- events ---------------------------------------------------------------------------------- */

static bool dependent(const struct segment *segment)
{
	return slice_is(segment->id, "INS") && slice_is(segment_element(segment, 1), "N");
}

/* The unit or a level above it begins. */
static bool boundary(struct splitter *s, uint16_t loop, const struct segment *segment)
{
	unsigned depth = s->guide->nodes[loop].depth;
	bool unit = loop == s->unit;
	if (s->begun && s->units >= s->wish->every && !dependent(segment) && !end(s))
		return false;
	for (unsigned below = depth; below < COUNT_OF(s->levels); below++) {
		buffer_reset(&s->levels[below].bytes);
		s->levels[below].segments = s->levels[below].sent = 0;
	}
	if (!s->begun && !begin(s, depth))
		return false;
	s->depth = depth;
	s->in_unit = unit;
	if (unit) {
		bool subscriber = !dependent(segment);
		s->units++;
		s->set_units++;
		s->report->units++;
		s->subscribers += subscriber;
		s->set_subscribers += subscriber;
	}
	return true;
}

static bool loop_begin(struct splitter *s, const struct event *event)
{
	const struct segment *segment = event->segment;
	if (segment == NULL)
		return true; /* the set itself */
	if (at_or_above_unit(s, event->node) && !boundary(s, event->node, segment))
		return false;
	return !slice_is(segment->id, "HL") || level_open(s, s->guide->nodes[event->node].depth, segment);
}

/* QTY in the head of an 834: where its total stands. */
static bool total_see(struct splitter *s, const struct segment *segment)
{
	static const struct { const char *code; char what; } kinds[] = { { "TO", 'T' }, { "ET", 'E' }, { "DT", 'D' } };
	struct slice value = segment_element(segment, 2);
	if (strcmp(s->guide->set_id, "834") != 0 || !slice_is(segment->id, "QTY"))
		return true;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (!slice_is(segment_element(segment, 1), kinds[i].code))
			continue;
		uint64_t said;
		if (s->total_count == SPLIT_TOTALS || !slice_number(&said, value))
			return split_refuse(s, "byte %llu: QTY*%s is not a total that parts could have", (unsigned long long)segment->offset, kinds[i].code);
		size_t at = s->head.len + (size_t)(value.ptr - segment->bytes.ptr);
		s->totals[s->total_count++] = (struct split_total){ .what = kinds[i].what, .at = at, .end = at + value.len, .said = said };
	}
	return true;
}

static bool keep(struct splitter *s, struct buffer *kept, struct slice bytes)
{
	split_segment(s, kept, bytes);
	return !kept->failed || split_refuse(s, "set %s: what stands above its units is more than %d bytes", s->set_control, LIMIT_RECORD_BYTES);
}

static bool segment_event(struct splitter *s, const struct event *event)
{
	const struct segment *segment = event->segment;
	if (s->depth == 0) {
		struct slice action = slice_is(segment->id, "BGN") ? segment_element(segment, 8) : SLICE_NONE;
		s->report->replaces = s->report->replaces || slice_is(action, "RX") || slice_is(action, "4");
		s->head_segments++;
		return total_see(s, segment) && keep(s, &s->head, segment->bytes);
	}
	buffer_reset(&s->piece);
	if (slice_is(segment->id, "HL")) {
		if (event->node == GUIDE_NONE)
			return level_misnumbered(s, segment);
		level_put(s, &s->piece, s->guide->nodes[s->guide->nodes[event->node].parent].depth);
	} else {
		split_segment(s, &s->piece, segment->bytes);
		if (!s->in_unit) {
			s->levels[s->depth].segments++;
			if (!keep(s, &s->levels[s->depth].bytes, segment->bytes))
				return false;
		}
	}
	return body_put(s, buffer_view(&s->piece), 1);
}

static bool walk(struct splitter *s, const struct reader_item *item)
{
	struct event event;
	walker_segment(s->walker, &item->segment, item->position);
	while (walker_event(s->walker, &event)) {
		if (event.kind == EVENT_LOOP_BEGIN && !loop_begin(s, &event))
			return false;
		if (event.kind == EVENT_SEGMENT && !segment_event(s, &event))
			return false;
	}
	return !s->findings.failed || failure_set(s->failure, "could not split: out of memory");
}

/* ---- a set -------------------------------------------------------------------------------------- */

bool split_set_begin(struct splitter *s, const struct reader_item *item)
{
	const struct set_header *set = item->set;
	s->guide = guide_find(slice_of(set->id), slice_of(item->group->version));
	if (strcmp(set->id, "835") == 0)
		return split_refuse(s, "set %s is an 835: its payment is the sum of all its claims, so it cannot be cut; --by set keeps it whole",
			set->control);
	s->unit = s->guide == NULL ? GUIDE_NONE : unit_node(s->guide);
	if (s->unit == GUIDE_NONE)
		return split_refuse(s, "set %s is a %s of version %s: no guide here says where its units begin; --by set keeps it whole", set->control,
			set->id, item->group->version);
	slice_copy(s->set_control, sizeof(s->set_control), slice_of(set->control));
	buffer_reset(&s->head);
	s->head_segments = s->set_units = s->set_subscribers = s->hl_sent = 0;
	s->total_count = 0;
	s->depth = 0;
	s->in_unit = s->begun = false;
	for (size_t i = 0; i < COUNT_OF(s->levels); i++)
		s->levels[i].sent = 0;
	findings_reset(&s->findings);
	walker_begin(s->walker, s->guide, set, &s->findings, (struct checks){ .level = 1, .on = DAYS_NONE });
	return walk(s, item);
}

bool split_set_segment(struct splitter *s, const struct reader_item *item)
{
	return walk(s, item);
}

bool split_set_end(struct splitter *s)
{
	for (size_t i = 0; i < s->total_count; i++) {
		const struct split_total *total = &s->totals[i];
		uint64_t there = total_of(total, s->set_units, s->set_subscribers);
		if (total->said != there)
			return split_refuse(s, "set %s: QTY says %llu and there are %llu; totals of the parts would hide it", s->set_control,
				(unsigned long long)total->said, (unsigned long long)there);
	}
	if (!s->begun && s->set_units == 0 && !begin(s, 1)) /* a set without units stays one */
		return false;
	return !s->begun || end(s);
}
