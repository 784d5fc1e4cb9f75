/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * binder: events into records, by the maps of the guide and the field table of records.
 * It knows no guide and no record by name: which loop makes which record, which element
 * fills which field, and where a parent keeps its list are all data (maps.c).
 *
 * A record without a parent has its own level and its own arena: the set's head, the 270's
 * source, receiver and inquiry lie inside one another, and each stays until the next of its
 * level begins or the next set does.  A record with a parent lives in its parent's arena and
 * is put at the end of the parent's list when it begins, so that lists are in file order.
 *
 * Holds at every return: open frames contain one another as their loops do; memory is
 * bounded by LIMIT_RECORD_BYTES a level.
 */
#include "parsers/parts.h"

#include <assert.h>

#define BINDER_GUIDES 8
/* What a record takes in an arena. */
#define ROUNDED(bytes) (((size_t)(bytes) + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN)

struct binder_frame {
	enum record_kind kind;
	uint16_t node;
	unsigned level;              /* whose arena it lives in */
	void *record;
	void *tails[RECORD_KINDS];   /* newest child of each kind */
};
struct binder {
	struct bind_maps *cache[BINDER_GUIDES];
	unsigned cached, oldest;
	const struct bind_maps *maps; /* of the open set; NULL: none is open */
	char *blanks;                /* a cleared record of each kind, one after the other … */
	const char *blank[RECORD_KINDS];
	struct arena arenas[LIMIT_LOOP_DEPTH];
	struct binder_frame frames[LIMIT_LOOP_DEPTH];
	unsigned depth;
	unsigned levels;             /* frames without a parent that are open */
	void *latest[RECORD_KINDS];  /* newest record of each kind without a parent, while its memory lasts */
	uint32_t latest_kinds[LIMIT_LOOP_DEPTH]; /* those of them whose memory is this level's, as bits */
	unsigned trace_row;          /* which of the three this segment fills; UINT32_MAX: not looked for yet */
	bool head_given;             /* the set's own record was given */
	bool failed;                 /* nothing more is bound until the next set */
	bool too_large;              /* … because a record is past its limit */
};

_Static_assert(RECORD_KINDS <= 32, "kinds are bits of a uint32_t");

static bool blanks_make(struct binder *binder)
{
	size_t size = 0;
	for (unsigned kind = RECORD_NONE + 1; kind < RECORD_KINDS; kind++)
		size += ROUNDED(record_shape((enum record_kind)kind)->size);
	binder->blanks = calloc(1, size);
	size = 0;
	for (unsigned kind = RECORD_NONE + 1; kind < RECORD_KINDS && binder->blanks != NULL; kind++) {
		record_clear((enum record_kind)kind, binder->blanks + size);
		binder->blank[kind] = binder->blanks + size;
		size += ROUNDED(record_shape((enum record_kind)kind)->size);
	}
	return binder->blanks != NULL;
}

struct binder *binder_new(void)
{
	struct binder *binder = calloc(1, sizeof(*binder));
	if (binder == NULL)
		return NULL;
	if (!blanks_make(binder)) {
		free(binder);
		return NULL;
	}
	for (size_t i = 0; i < COUNT_OF(binder->arenas); i++)
		arena_init(&binder->arenas[i], LIMIT_RECORD_BYTES);
	return binder;
}

void binder_free(struct binder *binder)
{
	if (binder == NULL)
		return;
	for (size_t i = 0; i < COUNT_OF(binder->arenas); i++)
		arena_done(&binder->arenas[i]);
	for (unsigned i = 0; i < binder->cached; i++)
		maps_free(binder->cache[i]);
	free(binder->blanks);
	free(binder);
}

/* The maps of a guide: from the cache, or built and put there in place of the oldest.  NULL: memory. */
static const struct bind_maps *maps_of(struct binder *binder, const struct guide *guide)
{
	for (unsigned i = 0; i < binder->cached; i++)
		if (binder->cache[i]->guide == guide && binder->cache[i]->guide_nodes == guide->nodes)
			return binder->cache[i];
	struct bind_maps *maps = maps_new(guide);
	if (maps == NULL)
		return NULL;
	if (binder->cached < BINDER_GUIDES) {
		binder->cache[binder->cached++] = maps;
		return maps;
	}
	maps_free(binder->cache[binder->oldest]);
	binder->cache[binder->oldest] = maps;
	binder->oldest = (binder->oldest + 1) % BINDER_GUIDES;
	return maps;
}

const bool *binder_nodes(struct binder *binder, const struct guide *guide)
{
	const struct bind_maps *maps = maps_of(binder, guide);
	return maps == NULL ? NULL : maps->busy;
}

bool binder_stopped(const struct binder *binder)
{
	return binder->failed;
}

bool binder_failed(const struct binder *binder)
{
	return binder->failed && !binder->too_large;
}

bool binder_too_large(const struct binder *binder)
{
	return binder->too_large;
}

/* `bytes` did not fit into a level's arena: is the record past its limit, or is memory used up? */
static void refuse_bytes(struct binder *binder, unsigned level, size_t bytes)
{
	const struct arena *arena = &binder->arenas[level];
	binder->failed = true;
	/* an arena rounds up what it hands out and counts: by less than this */
	binder->too_large = arena->used_bytes + bytes + 64 > arena->limit_bytes;
}

const void *binder_open(const struct binder *binder, enum record_kind kind)
{
	for (unsigned i = binder->depth; i-- > 0;)
		if (binder->frames[i].kind == kind)
			return binder->frames[i].record;
	return kind < RECORD_KINDS ? binder->latest[kind] : NULL;
}

/* The innermost open record of a kind: nearly always the innermost of all. */
static inline struct binder_frame *frame_of(struct binder *binder, enum record_kind kind)
{
	for (unsigned i = binder->depth; i-- > 0;)
		if (binder->frames[i].kind == kind)
			return &binder->frames[i];
	return NULL;
}

/* ---- records begin and end ----------------------------------------------------------------------- */

/* The arena of a level is used anew: what it held is gone. */
static void level_begin(struct binder *binder, unsigned level)
{
	EACH_BIT(kind, binder->latest_kinds[level])
		binder->latest[kind] = NULL;
	binder->latest_kinds[level] = 0;
	arena_reset(&binder->arenas[level]);
}

/* Pointers of any struct are read and written as bytes: the structs differ, their lists do not. */
static void pointer_put(void *at, const void *pointer)
{
	memcpy(at, &pointer, sizeof(pointer));
}

static void list_append(struct binder_frame *parent, const struct record_shape *shape, void *record)
{
	void *tail = parent->tails[shape->kind];
	/* `next` is the first member of every record that stands in a list */
	pointer_put(tail != NULL ? tail : (char *)parent->record + shape->list_offset, record);
	parent->tails[shape->kind] = record;
}

static void record_begin(struct binder *binder, enum record_kind kind, const struct event *event)
{
	const struct record_shape *shape = record_shape(kind);
	struct binder_frame *parent = shape->parent == RECORD_NONE ? NULL : frame_of(binder, shape->parent);
	if (binder->depth == LIMIT_LOOP_DEPTH || (shape->parent != RECORD_NONE && parent == NULL))
		return;
	unsigned level = parent != NULL ? parent->level : binder->levels;
	if (parent == NULL)
		level_begin(binder, level);
	size_t bytes = ROUNDED(shape->size);
	void *record = arena_take(&binder->arenas[level], bytes);
	if (record == NULL) {
		refuse_bytes(binder, level, shape->size);
		return;
	}
	memcpy(record, binder->blank[kind], bytes);
	struct binder_frame *frame = &binder->frames[binder->depth++];
	*frame = (struct binder_frame){ .kind = kind, .node = event->node, .level = level, .record = record };
	if (parent != NULL) {
		list_append(parent, shape, record);
	} else {
		binder->levels++;
		for (unsigned i = 0; i < LIMIT_LOOP_DEPTH && binder->latest[kind] != NULL; i++)
			binder->latest_kinds[i] &= ~(UINT32_C(1) << kind);
		binder->latest[kind] = record;
		binder->latest_kinds[level] |= UINT32_C(1) << kind;
	}
	uint64_t offset = event->segment != NULL ? event->segment->offset : 0;
	if (shape->offset_offset != UINT16_MAX)
		memcpy((char *)record + shape->offset_offset, &offset, sizeof(offset));
	if (shape->segment_offset != UINT16_MAX)
		memcpy((char *)record + shape->segment_offset, &event->position, sizeof(event->position));
	if (kind == RECORD_INQUIRY && event->segment != NULL)
		((struct inquiry_record *)record)->repetition = event->segment->delimiters.repetition;
}

/* True if the frame of this node was the innermost: it is closed.  Its record stays where it is. */
static bool record_end(struct binder *binder, uint16_t node, enum record_kind *kind, const void **record)
{
	if (binder->depth == 0 || binder->frames[binder->depth - 1].node != node)
		return false;
	const struct binder_frame *frame = &binder->frames[--binder->depth];
	if (record_shape(frame->kind)->parent != RECORD_NONE)
		return false;
	binder->levels--;
	*kind = frame->kind;
	*record = frame->record;
	return true;
}

/* ---- fields ------------------------------------------------------------------------------------------ */

/* The value is a view into the reader's window, behind which is room: sixteen bytes may be read. */
#define TEXT_BYTES 16
_Static_assert(TEXT_BYTES == ARENA_ALIGN && TEXT_BYTES <= SCAN_PADDING, "a short text is one piece of an arena");

static inline void text_put(struct binder *binder, const struct binder_frame *frame, char *at, struct slice value)
{
	struct slice held;
	memcpy(&held, at, sizeof(held));
	if (held.len > 0)
		return; /* the first one counts */
	char *copy = arena_take(&binder->arenas[frame->level], ROUNDED(value.len + 1));
	if (copy == NULL) {
		refuse_bytes(binder, frame->level, value.len + 1);
		return;
	}
	if (value.len < TEXT_BYTES)
		memcpy(copy, value.ptr, TEXT_BYTES);
	else
		memcpy(copy, value.ptr, value.len);
	copy[value.len] = '\0';
	held = (struct slice){ copy, value.len };
	memcpy(at, &held, sizeof(held));
}

static void day_put(char *at, struct slice value)
{
	days held, day;
	memcpy(&held, at, sizeof(held));
	if (held == DAYS_NONE && days_parse8(&day, value))
		memcpy(at, &day, sizeof(day));
}

/* An amount that does not parse or add up has a finding already (element form, balance). */
static void amount_put(char *at, struct slice value, bool add)
{
	cents held = 0, amount = 0;
	if (add)
		memcpy(&held, at, sizeof(held));
	if (cents_parse(&amount, value) && !__builtin_add_overflow(held, amount, &amount))
		memcpy(at, &amount, sizeof(amount));
}

/* The first row of the three that held nothing when this segment came; 3: none. */
static unsigned trace_row(const char *at)
{
	struct slice rows[3][3];
	memcpy(rows, at, sizeof(rows));
	for (unsigned row = 0; row < 3; row++)
		if (rows[row][0].len == 0 && rows[row][1].len == 0 && rows[row][2].len == 0)
			return row;
	return 3;
}

static __attribute__((noinline)) void other_put(struct binder *binder, const struct bind_map *field,
	const struct binder_frame *frame, char *at, struct slice value)
{
	switch ((enum field_type)field->type) {
	case FIELD_TEXT: /* field_put's */
		break;
	case FIELD_DAY:
		day_put(at, value);
		break;
	case FIELD_CENTS:
		amount_put(at, value, false);
		break;
	case FIELD_SUM:
		amount_put(at, value, true);
		break;
	case FIELD_COUNT: {
		uint64_t count;
		memcpy(&count, at, sizeof(count));
		count++;
		memcpy(at, &count, sizeof(count));
		break;
	}
	case FIELD_TRACE:
		if (binder->trace_row == UINT32_MAX)
			binder->trace_row = trace_row(at);
		if (binder->trace_row < 3)
			text_put(binder, frame, at + (binder->trace_row * 3 + field->column) * sizeof(struct slice), value);
		break;
	}
}

static inline void field_put(struct binder *binder, const struct bind_map *field, const struct binder_frame *frame,
	struct slice value)
{
	char *at = (char *)frame->record + field->offset;
	if (field->type == FIELD_TEXT)
		text_put(binder, frame, at, value);
	else
		other_put(binder, field, frame, at, value);
}

static __attribute__((noinline)) struct slice component_of(struct slice value, char separator, unsigned component)
{
	return slice_part(&value, value, separator, component - 1) ? value : SLICE_NONE;
}

static inline struct slice map_value(const struct segment *segment, unsigned at, unsigned component)
{
	struct slice value = segment_element(segment, at);
	return component == 0 || value.len == 0 ? value : component_of(value, segment->delimiters.component, component);
}

/* Is the value one of the blank-separated words? */
static bool word_among(const char *words, struct slice value)
{
	while (*words != '\0') {
		size_t same = 0;
		while (same < value.len && words[same] == value.ptr[same] && words[same] != '\0')
			same++;
		if (same == value.len && (words[same] == ' ' || words[same] == '\0'))
			return true;
		while (*words != ' ' && *words != '\0')
			words++;
		words += *words == ' ';
	}
	return false;
}

/* The maps of a run, one after the other; what a map without a condition waits for is no value at all. */
static inline void run_bind(struct binder *binder, const struct bind_run *run, const struct segment *segment)
{
	const struct bind_map *map = &binder->maps->maps[run->first], *end = map + run->count;
	struct slice value = map_value(segment, run->at, run->at_component), when = SLICE_NONE;
	if (value.len == 0)
		return;
	if (run->when != 0 && (when = map_value(segment, run->when, run->when_component)).len == 0)
		return;
	uint64_t token = bind_token(when);
	for (; map < end; map++) {
		if (map->long_words != 0 ? !word_among(guide_text(binder->maps->guide, map->long_words), when) : map->token != token)
			continue;
		struct binder_frame *frame = frame_of(binder, (enum record_kind)map->record);
		if (frame != NULL)
			field_put(binder, map, frame, value);
	}
}

static inline void segment_bind(struct binder *binder, const struct event *event)
{
	const struct bind_node *node = &binder->maps->nodes[event->node];
	const struct bind_run *run = &binder->maps->runs[node->first], *end = run + node->count;
	const struct segment *segment = event->segment;
	binder->trace_row = UINT32_MAX;
	for (; run < end; run++)
		if (run->at <= segment->element_count)
			run_bind(binder, run, segment);
}

/* ---- events -------------------------------------------------------------------------------------------- */

static void set_begin(struct binder *binder, const struct event *event)
{
	for (unsigned level = 0; level < LIMIT_LOOP_DEPTH; level++)
		level_begin(binder, level);
	binder->depth = 0;
	binder->levels = 0;
	binder->head_given = false;
	binder->failed = binder->too_large = false;
	binder->maps = maps_of(binder, event->guide);
	if (binder->maps == NULL) {
		binder->failed = true;
		return;
	}
	enum record_kind kind = (enum record_kind)binder->maps->nodes[0].record;
	if (kind != RECORD_NONE)
		record_begin(binder, kind, event);
}

/* The set's own record is complete once the first loop that makes a record begins. */
static bool head_give(struct binder *binder, enum record_kind *kind, const void **record)
{
	if (binder->head_given || binder->depth == 0 || binder->frames[0].node != 0)
		return false;
	binder->head_given = true;
	*kind = binder->frames[0].kind;
	*record = binder->frames[0].record;
	return true;
}

static bool loop_begin(struct binder *binder, enum record_kind *kind, const void **record, const struct event *event)
{
	enum record_kind made = (enum record_kind)binder->maps->nodes[event->node].record;
	if (made == RECORD_NONE)
		return false;
	record_begin(binder, made, event);
	return head_give(binder, kind, record);
}

bool binder_event(struct binder *binder, enum record_kind *kind, const void **record, const struct event *event)
{
	if (event->kind == EVENT_SET_BEGIN)
		set_begin(binder, event);
	if (binder->maps == NULL)
		return false;
	switch (event->kind) {
	case EVENT_SET_BEGIN:
		return false;
	case EVENT_LOOP_BEGIN:
		return loop_begin(binder, kind, record, event);
	case EVENT_SEGMENT:
		if (event->node != GUIDE_NONE && event->segment != NULL)
			segment_bind(binder, event);
		return false;
	case EVENT_LOOP_END:
		return record_end(binder, event->node, kind, record);
	case EVENT_SET_END:
		return head_give(binder, kind, record);
	case EVENT_NONE:
		break;
	}
	return false;
}
