/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * walker: checks a transaction set against its guide, one segment at a time.
 *
 * The walker holds a stack of open loops, in each a cursor on the child that came last, and
 * how often each child came.  For each segment place.c says where it belongs; loops inside
 * of that one end, what was passed over and is required is told, and the segment's elements
 * are checked.  Counts stand side by side for the children of a loop, so that opening one
 * clears a short stretch; nothing is allocated after walker_begin has seen a guide once.
 *
 * ST01, ST02, SE01 and SE02 are the reader's, which counts; ST03 is held against the
 * guide's own list here.
 *
 * Holds at every return: depth >= 1 between begin and end; each stacked loop contains the next.
 */
#include "parsers/stencil.h"

#include <limits.h>

struct walker *walker_new(void)
{
	return calloc(1, sizeof(struct walker));
}

void walker_free(struct walker *walker)
{
	if (walker == NULL)
		return;
	for (unsigned i = 0; i < walker->cached; i++)
		index_free(walker->cache[i]);
	free(walker->came);
	free(walker->told);
	free(walker->counts);
	free(walker->partner_counts);
	free(walker->rules.cells);
	free(walker->rules.of_loops);
	free(walker->rules.refs);
	free(walker->rules.referred);
	free(walker);
}

/* ---- the guide ---------------------------------------------------------------------------- */

static bool array_widen(void *array, uint32_t *size, uint32_t count, size_t item)
{
	void *held;
	memcpy(&held, array, sizeof(held));
	if (count <= *size)
		return true;
	void *wider = realloc(held, count * item);
	if (wider == NULL)
		return false;
	memcpy(array, &wider, sizeof(wider));
	*size = count;
	return true;
}

static bool room_make(struct walker *walker, const struct guide_index *index)
{
	uint32_t told_size = walker->words_size;
	return array_widen(&walker->told, &told_size, index->word_count, sizeof(*walker->told)) &&
	       array_widen(&walker->came, &walker->words_size, index->word_count, sizeof(*walker->came)) &&
	       array_widen(&walker->counts, &walker->counts_size, index->slot_count, sizeof(*walker->counts));
}

/* The index of a guide: from the cache, or built and put there in place of the oldest. */
static struct guide_index *index_of(struct walker *walker, const struct guide *guide)
{
	for (unsigned i = 0; i < walker->cached; i++)
		if (walker->cache[i]->guide == guide && walker->cache[i]->nodes == guide->nodes)
			return walker->cache[i];
	struct guide_index *index = index_new(guide);
	if (index == NULL)
		return NULL;
	if (!room_make(walker, index) || !rules_room(walker, guide)) {
		index_free(index);
		return NULL;
	}
	if (walker->cached < WALKER_GUIDES) {
		walker->cache[walker->cached++] = index;
		return index;
	}
	index_free(walker->cache[walker->oldest]);
	walker->cache[walker->oldest] = index;
	walker->oldest = (walker->oldest + 1) % WALKER_GUIDES;
	return index;
}

/* ---- events --------------------------------------------------------------------------------- */

__attribute__((noinline)) void walker_event_make(struct walker *walker, enum event_kind kind, uint16_t node)
{
	if (walker->checks.overlay != NULL) /* a partner looks on */
		partner_event(walker, kind, node);
	if (walker->quiet || (walker->heeded != NULL && (node == GUIDE_NONE || !walker->heeded[node])))
		return;
	walker->events[walker->event_tail++] = (struct event){ .kind = kind, .guide = walker->guide, .node = node,
		.segment = kind == EVENT_LOOP_END || kind == EVENT_SET_END ? NULL : walker->segment,
		.position = walker->position,
		.refused = kind == EVENT_LOOP_END && walker->depth - 1 == walker->unit_frame &&
			walker->findings->refusing > walker->unit_before };
}

static inline void event_put(struct walker *walker, enum event_kind kind, uint16_t node)
{
	if (!walker->alone)
		walker_event_make(walker, kind, node);
}

bool walker_event(struct walker *walker, struct event *event)
{
	if (walker->event_head == walker->event_tail)
		return false;
	*event = walker->events[walker->event_head++];
	return true;
}

const struct event *walker_events(struct walker *walker, size_t *count)
{
	const struct event *events = &walker->events[walker->event_head];
	*count = walker->event_tail - walker->event_head;
	walker->event_head = walker->event_tail;
	return events;
}

/* ---- loops ------------------------------------------------------------------------------------ */

static inline void frame_push(struct walker *walker, uint16_t loop)
{
	const struct guide_loop *children = &walker->index->loops[loop];
	struct walker_frame *frame = &walker->frames[walker->depth++];
	walker->came[children->word] = walker->told[children->word] = 0;
	for (unsigned i = 1; i < children->words; i++)
		walker->came[children->word + i] = walker->told[children->word + i] = 0;
	frame->loop = loop;
	frame->at = children->first;
	frame->strange = false;
	frame->hl = 0;
	frame->hl_children = 0;
	frame->unit.name[0] = '\0';
	frame->unit.first_finding = walker->findings->count;
	if (children->unit && walker->unit_frame == 0) {
		walker->unit_frame = walker->depth - 1;
		walker->unit_position = walker->position;
		walker->unit_before = walker->findings->refusing;
		walker->units.count++;
	}
	if (rules_at(walker, children->node))
		rules_open(walker, children->node);
}

/* What the standard itself requires once: these, and the LE of an LS.  A guide may require more; it says so by a qualifier
 * (REF*0F) or by making a segment required that the standard leaves open, which no guide file tells apart. */
static bool standard_requires(struct slice id)
{
	return slice_among(SLICE("ST BGN BHT BPR AK1 IK5 AK9 LE SE"), id);
}

static void missing_find(struct walker *walker, unsigned at, const struct guide_slot *slot)
{
	bool is_loop = slot->loop != GUIDE_NONE;
	enum finding_code code = is_loop ? FINDING_LOOP_MISSING : FINDING_SEGMENT_MISSING;
	const struct guide_node *node = walker_node(walker, slot->node);
	char expected[96];
	if (!walker_wants(walker, code) || found_counted(walker->findings, code))
		return;
	(void)snprintf(expected, sizeof(expected), "%s: %s", guide_text(walker->guide, node->id),
		guide_text(walker->guide, node->name));
	bool standard = standard_requires(slice_of(guide_text(walker->guide, node->id)));
	walker_find(walker, is_loop ? FINDING_LOOP_MISSING : standard ? FINDING_SEGMENT_MISSING : FINDING_SEGMENT_MISSING_HERE,
		slot->segment, at, expected);
}

/* Tell which required children before slot `until` did not come. */
static void required_check(struct walker *walker, unsigned at, unsigned until)
{
	const struct guide_loop *loop = &walker->index->loops[walker->frames[at].loop];
	for (unsigned i = loop->first; i < until; i++) {
		const struct guide_slot *slot = &walker->index->slots[i];
		if (!slot->required || ((walker->came[slot->word] | walker->told[slot->word]) & slot->bit) != 0)
			continue;
		walker->told[slot->word] |= slot->bit;
		missing_find(walker, at, slot);
	}
}

static inline void frame_end(struct walker *walker, unsigned at, const struct guide_loop *loop)
{
	if (walker->frames[at].hl != 0 && !walker->cut_off)
		hierarchy_close(walker, at);
	if (rules_at(walker, loop->node) && !walker->cut_off)
		rules_close(walker, loop->node);
	event_put(walker, at == 0 ? EVENT_SET_END : EVENT_LOOP_END, loop->node);
	if (at > 0 && at == walker->unit_frame) {
		uint64_t refusing = walker->findings->refusing - walker->unit_before;
		walker->unit_frame = 0;
		walker->units.refused += refusing > 0;
		walker->units.refused_segments += refusing > 0 ? walker->position - walker->unit_position : 0;
		walker->findings->contained += walker->checks.aside ? refusing : 0;
	}
	walker->depth--;
}

static void frame_pop(struct walker *walker)
{
	unsigned at = walker->depth - 1;
	const struct guide_loop *loop = &walker->index->loops[walker->frames[at].loop];
	if (loop->words > 1 || !walker_has(walker, loop->word, loop->required))
		required_check(walker, at, (unsigned)loop->first + loop->count);
	frame_end(walker, at, loop);
}

/* ---- begin, end ----------------------------------------------------------------------------------- */

void walker_begin(struct walker *walker, const struct guide *guide, const struct set_header *header,
	struct findings *findings, struct checks checks)
{
	walker->guide = guide;
	walker->header = header;
	walker->findings = findings;
	walker->checks = checks;
	walker->depth = 0;
	walker->event_head = walker->event_tail = 0;
	walker->segment = NULL;
	walker->position = 0;
	walker->hl = 0;
	walker->begun = false;
	walker->cut_off = false;
	walker->unit_frame = 0;
	walker->units = (struct walker_units){ .count = 0 };
	walker->index = index_of(walker, guide);
	if (walker->index != NULL && !partner_room(walker))
		walker->index = NULL;
	if (walker->index == NULL) {
		findings->failed = true;
		return;
	}
	walker->checker.index = walker->index;
	walker->checker.checks = checks;
	walker->checker.way = checks.charset == CHARSET_BASIC ? WAY_CAREFUL : check_way();
	walker->checker.clean = clean_of(walker->checker.way);
	memset(walker->checker.known, 0, sizeof(walker->checker.known)); /* of another day, or of sets that were replaced */
	walker->checker.tell = walker_check_told;
	walker->checker.findings = findings;
	walker->checker.data = walker;
	walker->lost = 0;
	walker->rules.told_elements = 0;
	rules_forget(walker);
	walker->alone = walker->quiet && checks.overlay == NULL;
	walker->heeded = NULL;
	frame_push(walker, 0);
	walker->from = GUIDE_NONE;
	walker->stencil = 0;
	walker->quick = walker->checker.way != WAY_CAREFUL && checks.overlay == NULL;
	if (walker->index->stencils->level != checks.level)
		stencils_forget(walker->index->stencils, walker->index->slot_count);
	walker->index->stencils->level = checks.level;
}

void walker_end(struct walker *walker, const struct segment *end, uint64_t position)
{
	walker->event_head = walker->event_tail = 0;
	if (walker->index == NULL || walker->depth == 0)
		return;
	walker->segment = NULL;
	walker->position = position;
	walker->end = end;
	walker->cut_off = end->id.len == 0; /* nobody knows what would have come: sums and situations of open loops say nothing */
	while (walker->depth > 1)
		frame_pop(walker);
	frame_pop(walker);
	walker->begun = false;
}

/* ---- one segment -------------------------------------------------------------------------------------- */

/* ST03 names the guide; it must be one that this guide answers to. */
static void convention_check(struct walker *walker, const struct segment *segment, uint16_t node)
{
	struct slice sent = segment_element(segment, 3);
	if (!walker->guide->st03 || sent.len == 0 || slice_among(slice_of(walker->guide->accepts), sent))
		return;
	struct finding finding;
	found_init(&finding, FINDING_ST_CONVENTION);
	segment_place(&finding.place, segment, sent.ptr);
	finding.place.segment = walker->position;
	finding.place.element = 3;
	finding.data_element = 1705;
	finding.name = guide_text(walker->guide, walker_node(walker, node)->name);
	slice_copy(finding.segment_id, sizeof(finding.segment_id), segment->id);
	found_expected(&finding, "one of %s", walker->guide->accepts);
	found_plain(&finding, sent);
	walker_tell(walker, &finding);
}

static void segment_check(struct walker *walker, const struct segment *segment, uint16_t node)
{
	unsigned skip = 0;
	if (walker->depth == 1 && id_number(segment->id) == ID2('S', 'T')) {
		convention_check(walker, segment, node);
		skip = segment_element(segment, 3).len > 0 && walker->guide->st03 ? 3 : 2;
	} else if (walker->depth == 1 && id_number(segment->id) == ID2('S', 'E')) {
		skip = 2;
	} else if (segment->element_count == 0 && walker->index->last_required[node] == 0) {
		walker_find(walker, FINDING_SEGMENT_EMPTY, node, walker->depth - 1, "one element or more"); /* X12.6 3.5 */
	}
	elements_check(&walker->checker, segment, walker_node(walker, node), skip);
}

/* A segment that the guide has nowhere: does the standard have it, or another guide? */
static enum finding_code foreign_code(struct walker *walker)
{
	uint32_t key = id_number(walker->segment->id);
	if (key != 0 && key == walker->lost) /* programs that send one send many */
		return walker->lost_code;
	/* past the limit findings are only counted: no need to look through all guides */
	enum finding_code code = FINDING_SEGMENT_ID;
	if (guide_segment_not_used(walker->guide, walker->segment->id))
		code = FINDING_SEGMENT_NOT_USED;
	else if (!findings_full(walker->findings) && guide_segment_known(walker->segment->id))
		code = FINDING_SEGMENT_FOREIGN;
	walker->lost = key;
	walker->lost_code = code;
	return code;
}

/* A segment without a place. */
static void segment_lost(struct walker *walker, bool known)
{
	enum finding_code code = known ? FINDING_SEGMENT_UNEXPECTED : foreign_code(walker);
	walker_find(walker, code, GUIDE_NONE, walker->depth - 1, "");
	event_put(walker, EVENT_SEGMENT, GUIDE_NONE);
}

static void repeat_find(struct walker *walker, const struct guide_slot *slot)
{
	char expected[40];
	(void)snprintf(expected, sizeof(expected), "at most %u", slot->repeat);
	walker_find(walker, slot->loop != GUIDE_NONE ? FINDING_LOOP_REPEAT : FINDING_SEGMENT_REPEAT, slot->segment,
		walker->depth - 1, expected);
}

static inline void slot_count(struct walker *walker, const struct guide_slot *slot)
{
	if (slot->loop != GUIDE_NONE || (slot->repeat > 1 && slot->repeat != GUIDE_UNBOUNDED)) {
		uint32_t *count = &walker->counts[slot - walker->index->slots];
		*count = !walker_came(walker, slot) ? 1 : *count < UINT32_MAX ? *count + 1 : UINT32_MAX;
	}
	walker->came[slot->word] |= slot->bit;
}

/* Go on to a child of an open loop: loops inside end, what was passed over is told. */
static void cursor_move(struct walker *walker, struct walker_place place)
{
	const struct guide_slot *slot = &walker->index->slots[place.slot];
	while (walker->depth > place.frame + 1)
		frame_pop(walker);
	if (!walker_has(walker, slot->word, slot->before) || walker->index->loops[walker->frames[place.frame].loop].words > 1)
		required_check(walker, place.frame, slot->group);
	walker->frames[place.frame].at = place.slot;
}

static void loop_open(struct walker *walker, const struct guide_slot *slot, bool strange)
{
	frame_push(walker, slot->loop);
	walker->frames[walker->depth - 1].strange = strange;
	slot_count(walker, &walker->index->slots[walker->index->loops[slot->loop].first]);
	event_put(walker, EVENT_LOOP_BEGIN, slot->node);
}

/* A loop whose opening segment is missing: told once, and opened. */
static void loop_imply(struct walker *walker, struct walker_place place)
{
	const struct guide_slot *slot = &walker->index->slots[place.slot];
	const struct guide_node *node = walker_node(walker, slot->segment);
	char expected[96];
	bool strange = walker->frames[place.frame].strange;
	cursor_move(walker, place);
	slot_count(walker, slot);
	loop_open(walker, slot, strange);
	(void)snprintf(expected, sizeof(expected), "%.3s: %.80s", guide_text(walker->guide, node->id),
		guide_text(walker->guide, node->name));
	walker_find(walker, FINDING_SEGMENT_MISSING, slot->segment, walker->depth - 1, expected);
	if (strcmp(guide_text(walker->guide, node->id), "HL") == 0)
		hierarchy_imply(walker, walker->depth - 1);
}

static void segment_take(struct walker *walker, const struct segment *segment, struct walker_place place)
{
	const struct guide_index *index = walker->index;
	const struct guide_slot *slot = &index->slots[place.slot];
	bool used_up = place.kind != PLACE_FITS && walker_used_up(walker, slot);
	bool opens = slot->loop != GUIDE_NONE, late = place.kind == PLACE_ORDER;
	if (!late)
		cursor_move(walker, place);
	else if (opens) /* what comes late and is one segment ends nothing */
		while (walker->depth > place.frame + 1)
			frame_pop(walker);
	slot_count(walker, slot);
	if (opens)
		loop_open(walker, slot, late || walker->frames[place.frame].strange);
	if (late)
		walker_find(walker, FINDING_SEGMENT_ORDER, slot->segment, place.frame, "");
	else if (used_up)
		repeat_find(walker, slot);
	if (opens && id_number(segment->id) == ID2('H', 'L'))
		hierarchy_open(walker, walker->depth - 1);
	segment_check(walker, segment, slot->segment);
	if (rules_at(walker, slot->segment))
		rules_segment(walker, slot->segment, segment);
	unsigned business = walker_node(walker, slot->segment)->business;
	if (business > 0)
		walker_unit(walker, segment_element(segment, business));
	event_put(walker, EVENT_SEGMENT, slot->segment);
}

static inline void step_check(struct walker *walker, const struct guide_step *step, const struct segment *segment)
{
	uint64_t clean = walker->clean = walker->checker.clean(&walker->checker, segment, step->shape, step->ours);
	if (clean != 0)
		elements_name(&walker->checker, segment, walker_node(walker, step->node), 0, clean);
	if (rules_at(walker, step->node))
		rules_segment(walker, step->node, segment);
	if (step->business != 0)
		walker_unit(walker, segment_element(segment, step->business));
}

/* Does all that a step needs hold?  Then it is the segment's place. */
static bool step_fits(const struct walker *walker, const struct guide_step *step)
{
	const struct guide_index *index = walker->index;
	const struct walker_frame *frame = &walker->frames[walker->depth - 1];
	for (unsigned ends = step->ends; ends > 0; ends--, frame--) {
		const struct guide_loop *loop = &index->loops[frame->loop];
		if (!walker_has(walker, loop->word, loop->required))
			return false;
	}
	return walker_has(walker, step->word, step->before) && !walker_used_up(walker, &index->slots[step->slot]);
}

bool walker_step_move(struct walker *walker, const struct guide_step *step, const struct segment *segment)
{
	const struct guide_index *index = walker->index;
	if (segment->element_count == 0 || !step_fits(walker, step))
		return false;
	for (unsigned ends = step->ends; ends > 0; ends--)
		frame_end(walker, walker->depth - 1, &index->loops[walker->frames[walker->depth - 1].loop]);
	(void)walker_step_counts(walker, step);
	walker->frames[walker->depth - 1].at = walker->from = step->slot;
	if (step->opens != GUIDE_NONE) {
		frame_push(walker, step->opens);
		walker->from = index->loops[step->opens].first;
		slot_count(walker, &index->slots[walker->from]);
		event_put(walker, EVENT_LOOP_BEGIN, index->slots[step->slot].node);
		if (step->level)
			hierarchy_open(walker, walker->depth - 1);
	}
	return true;
}

/* What is done once for a set: the segments' delimiters are those of its interchange. */
static bool set_open(struct walker *walker, const struct segment *segment)
{
	struct guide_index *index = walker->index;
	if (index == NULL || walker->depth == 0)
		return false;
	event_put(walker, EVENT_SET_BEGIN, 0);
	walker->begun = true;
	if (memcmp(&index->step_delimiters, &segment->delimiters, sizeof(segment->delimiters)) != 0) {
		index_steps_forget(index);
		index->step_delimiters = segment->delimiters;
	}
	return true;
}

/* A step was made: then the segment's own checks. */
static inline void step_make(struct walker *walker, const struct guide_step *step, const struct segment *segment)
{
	walker->step = step;
	step_check(walker, step, segment);
	event_put(walker, EVENT_SEGMENT, step->node);
}

/* A segment that ends or opens loops, or makes no step that is known. */
static __attribute__((noinline)) void segment_place_and_take(struct walker *walker, const struct segment *segment,
	const struct guide_id *id, uint64_t token)
{
	struct walker_place place = { PLACE_NONE, 0, GUIDE_NONE };
	if (id != NULL) {
		struct guide_step *step = step_find(walker, segment, id, token);
		if (step != NULL && walker_step_move(walker, step, segment)) {
			step_make(walker, step, segment);
			return;
		}
		place = walker_place(walker, segment, id->number);
		struct walker_place implied = walker_implied(walker, segment, id->number, place);
		if (implied.kind != PLACE_NONE) {
			loop_imply(walker, implied);
			place = walker_place(walker, segment, id->number);
		}
	}
	bool deep = place.kind != PLACE_NONE && walker->index->slots[place.slot].loop != GUIDE_NONE &&
		    place.frame + 1 >= LIMIT_LOOP_DEPTH;
	if (place.kind == PLACE_NONE || deep)
		segment_lost(walker, id != NULL);
	else
		segment_take(walker, segment, place);
	const struct walker_frame *frame = &walker->frames[walker->depth - 1];
	walker->from = frame->strange || walker->checker.way == WAY_CAREFUL ? GUIDE_NONE : frame->at;
}

/* The commonest steps, to a segment of the innermost loop.  False: it is none, or may not be made. */
static inline bool step_take(struct walker *walker, struct guide_step *step, const struct segment *segment)
{
	if (!step->stays || segment->element_count == 0 || !walker_step_counts(walker, step))
		return false;
	walker->frames[walker->depth - 1].at = walker->from = step->slot;
	step_make(walker, step, segment);
	return true;
}

void walker_take(struct walker *walker, const struct segment *segment)
{
	uint16_t from = walker->from;
	const struct guide_id *id = index_id(walker->index, segment->key);
	uint64_t token = id == NULL ? 0 : step_token(segment, id);
	struct guide_step *step = &walker->index->steps[step_hash(token, from)];
	walker->step = NULL;
	walker->stencil = 0;
	if (from != GUIDE_NONE)
		walker->frames[walker->depth - 1].at = from;
	if (step->token != token || step->from != from || !step_take(walker, step, segment))
		segment_place_and_take(walker, segment, id, token);
	if (walker->step != NULL && walker->quick && !walker->fitted)
		stencil_cut(walker, walker->step, from, segment, walker->clean);
}

/* A segment as a batch of one. */
static void segment_alone(struct walker *walker, const struct segment *segment, uint64_t position)
{
	const uint32_t end = segment->element_count | (uint32_t)segment->has << READER_RANK_BITS;
	uint32_t start = (uint32_t)(segment->bytes.ptr - segment->base);
	struct reader_batch one = { .keys = &segment->key, .ends = &end, .marks = segment->ends, .base = segment->base,
		.start = start, .offset = segment->offset - start, .position = position, .line = segment->line,
		.line_offset = segment->line_offset, .delimiters = segment->delimiters };
	if (walker->rules.batch.held) /* one of another batch than the one before */
		rules_settle(walker);
	walker->rules.batch.held = false;
	(void)walker_quick(walker, &one, 1);
}

void walker_segment(struct walker *walker, const struct segment *segment, uint64_t position)
{
	walker->event_head = walker->event_tail = 0;
	walker->segment = segment;
	walker->position = position;
	walker->fitted = false;
	if (!walker->begun && !set_open(walker, segment))
		return;
	if (walker->quick && segment->wrap_count == 0 && walker->event_tail == 0)
		segment_alone(walker, segment, position);
	else
		walker_take(walker, segment);
}

size_t walker_batch(struct walker *walker, struct reader_batch *at, size_t count)
{
	size_t done = 0;
	if (walker->begun && walker->quick)
		return walker_quick(walker, at, count);
	reader_batch_begin(at, walker->shown);
	do {
		uint64_t position = at->position;
		reader_batch_next(at, walker->shown);
		walker_segment(walker, walker->shown, position);
	} while (++done < count && walker->event_tail == 0);
	return done;
}

void walker_hush(struct walker *walker)
{
	walker->quiet = true;
}

void walker_heed(struct walker *walker, const bool *nodes)
{
	walker->heeded = nodes;
}
