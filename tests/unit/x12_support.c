/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * x12_support: see the header.  The order of steps is the one that exchange/flow.c has.
 */
#include "tests/unit/x12_support.h"

#include <inttypes.h>

struct run {
	struct reader *reader;
	struct walker *walker;
	struct binder *binder;
	struct findings findings;
	const struct guide *guide;
	bool walking;
	bool batches;
	bool wrapped;
	struct slice bytes; /* as they are; nothing if they are compressed */
	int level;
	const struct x12_sink *sink;
	struct x12_totals totals;
};

static struct checks agreed = { .on = DAYS_NONE };

void x12_checks(struct checks checks)
{
	agreed = checks;
}

static const struct partner *whose;

void x12_guides(const struct partner *partner)
{
	whose = partner;
}

/* Are line and column those of the offset, counted by hand?  Of a segment with more line ends inside than are kept they
 * cannot be. */
static void look_at_place(struct run *run, const struct place *place)
{
	uint64_t line = 1, begin = 0;
	if (run->bytes.ptr == NULL || run->wrapped || place->line == 0)
		return;
	for (uint64_t i = 0; i < place->offset && i < run->bytes.len; i++)
		if (run->bytes.ptr[i] == '\n') {
			line++;
			begin = i + 1;
		}
	run->totals.misplaced += place->line != line || place->column != place->offset - begin + 1;
}

static void look_at_segment(struct run *run, const struct reader_item *item)
{
	const struct segment *segment = &item->segment;
	struct place place;
	run->wrapped |= segment->wrap_count == SEGMENT_WRAPS;
	segment_place(&place, segment, segment->bytes.ptr);
	look_at_place(run, &place);
	if (item->answer == READER_INTERCHANGE)
		return; /* an ISA that was too short was put together anew */
	segment_place(&place, segment, segment->bytes.ptr == NULL ? NULL : segment->bytes.ptr + segment->bytes.len);
	look_at_place(run, &place);
}

static void tell(struct run *run, const struct finding *finding)
{
	look_at_place(run, &finding->place);
	run->totals.findings++;
	run->totals.refusing += finding->severity == SEVERITY_REFUSE;
	if (run->sink->finding != NULL)
		run->sink->finding(run->sink->data, finding);
}

static void drain(struct run *run)
{
	struct event event;
	while (walker_event(run->walker, &event)) {
		if (run->sink->event != NULL)
			run->sink->event(run->sink->data, &event);
		enum record_kind kind;
		const void *record;
		if (!binder_event(run->binder, &kind, &record, &event))
			continue;
		run->totals.records[kind]++;
		if (run->sink->record != NULL)
			run->sink->record(run->sink->data, kind, record);
	}
}

static void set_begin(struct run *run, const struct reader_item *item)
{
	run->totals.sets++;
	run->guide = run->sink->guide != NULL ? run->sink->guide :
		guide_find(slice_of(item->set->id), slice_of(item->group->version));
	run->walking = run->guide != NULL;
	findings_reset(&run->findings);
	if (!run->walking) {
		struct finding finding = { .code = FINDING_ST_UNKNOWN, .severity = SEVERITY_REFUSE };
		finding.place = (struct place){ .offset = item->segment.offset, .segment = 1, .element = 1 };
		tell(run, &finding);
		return;
	}
	struct checks checks = agreed;
	run->guide = partner_guide(whose, run->guide);
	checks.level = run->level;
	walker_begin(run->walker, run->guide, item->set, &run->findings, checks);
	walker_segment(run->walker, &item->segment, 1);
	drain(run);
}

static void set_end(struct run *run, const struct reader_item *item)
{
	if (!run->walking)
		return;
	if (item->segment.id.len > 0) {
		walker_segment(run->walker, &item->segment, item->position);
		drain(run);
	}
	walker_end(run->walker, &item->segment, item->position);
	drain(run);
	/* only now: a finding may learn late what business unit it is about */
	for (size_t i = 0; i < run->findings.count; i++)
		tell(run, &run->findings.items[i]);
	run->walking = false;
	run->totals.failed |= run->findings.failed;
}

static void take(struct run *run, const struct reader_item *item)
{
	if (run->sink->item != NULL)
		run->sink->item(run->sink->data, item);
	if (item->answer != READER_FINDING)
		look_at_segment(run, item);
	if (item->answer == READER_FINDING)
		tell(run, &item->finding);
	else if (item->answer == READER_SET)
		set_begin(run, item);
	else if (item->answer == READER_SET_END)
		set_end(run, item);
	else if (item->answer == READER_SEGMENT && run->walking) {
		walker_segment(run->walker, &item->segment, item->position);
		drain(run);
	}
	run->totals.interchanges += item->answer == READER_INTERCHANGE;
	run->totals.groups += item->answer == READER_GROUP;
	run->totals.segments += item->answer == READER_SEGMENT;
}

/* Those who look at each segment do so before its events; else all of them are walked at once. */
static void take_batch(struct run *run, struct reader_item *item, struct reader_batch at, size_t count)
{
	bool walking = run->walking;
	size_t most = run->sink->item != NULL ? 1 : count;
	reader_batch_begin(&at, &item->segment);
	while (count > 0) {
		struct reader_batch ahead = at;
		run->walking = false;
		for (size_t i = 0; i < most; i++) {
			item->answer = READER_SEGMENT;
			item->position = ahead.position;
			reader_batch_next(&ahead, &item->segment);
			take(run, item);
		}
		run->walking = walking;
		for (size_t left = most; left > 0 && walking; drain(run))
			left -= walker_batch(run->walker, &at, left);
		at = ahead;
		count -= most;
	}
}

/* What the reader has to give, up to its asking for more; many segments at a time where it can, if asked so. */
static void pull(struct run *run)
{
	struct reader_item item = { .answer = READER_MORE };
	for (;;) {
		struct reader_batch batch;
		size_t count = run->batches ? reader_batch(run->reader, &batch) : 0;
		if (count > 0) {
			take_batch(run, &item, batch, count);
			continue;
		}
		enum reader_answer answer = reader_next(run->reader, &item);
		if (answer == READER_MORE || answer == READER_END || answer == READER_FAILED) {
			run->totals.failed |= answer == READER_FAILED;
			return;
		}
		take(run, &item);
	}
}

static void feed(struct run *run, struct slice bytes)
{
	while (bytes.len > 0) {
		size_t taken = reader_feed(run->reader, bytes.ptr, bytes.len);
		bytes = (struct slice){ bytes.ptr + taken, bytes.len - taken };
		pull(run);
	}
}

static void feed_all(struct run *run, struct inflater *inflater, struct slice bytes, size_t chunk)
{
	for (size_t at = 0;; at += chunk) {
		size_t left = bytes.len > at ? bytes.len - at : 0;
		struct slice out;
		if (left > 0)
			inflater_feed(inflater, bytes.ptr + at, left < chunk ? left : chunk);
		else
			inflater_end(inflater);
		while ((run->totals.inflated = inflater_next(inflater, &out)) == INFLATE_BYTES)
			feed(run, out);
		if (run->totals.inflated != INFLATE_MORE)
			return;
	}
}

/* One for all runs with the shipped guides: what it keeps of earlier sets (steps, stencils) must not show. */
static struct walker *kept;

static struct walker *walker_kept(void)
{
	if (kept == NULL)
		kept = walker_new();
	return kept;
}

struct x12_totals x12_run(struct slice bytes, size_t chunk, int level, const struct x12_sink *sink)
{
	static const struct x12_sink none = { 0 };
	struct run run = { .level = level, .batches = chunk == 0,
		.bytes = bytes.len > 0 && bytes.ptr[0] == '\x1f' ? SLICE_NONE : bytes, .sink = sink != NULL ? sink : &none };
	struct inflater *inflater = inflater_new();
	run.reader = reader_new();
	run.walker = whose != NULL || run.sink->guide != NULL ? walker_new() : walker_kept();
	run.binder = binder_new();
	findings_init(&run.findings);
	run.totals.failed = inflater == NULL || run.reader == NULL || run.walker == NULL || run.binder == NULL;
	if (!run.totals.failed) {
		feed_all(&run, inflater, bytes, chunk == 0 ? (bytes.len > 0 ? bytes.len : 1) : chunk);
		reader_end(run.reader);
		pull(&run);
	}
	findings_done(&run.findings);
	binder_free(run.binder);
	if (run.walker != kept)
		walker_free(run.walker);
	reader_free(run.reader);
	inflater_free(inflater);
	return run.totals;
}

struct segment x12_segment(const char *text, uint32_t *ends)
{
	struct segment segment = {
		.bytes = slice_of(text),
		.base = text,
		.ends = ends,
		.delimiters = { .element = '*', .repetition = '^', .component = ':', .segment = '~' },
		.has = SEGMENT_HAS_LINE_END - 1, /* nothing is promised */
	};
	unsigned count = 0;
	for (uint32_t i = 0; i <= segment.bytes.len; i++)
		if (i == segment.bytes.len || text[i] == '*')
			ends[count++] = i;
	segment.element_count = (uint16_t)(count - 1);
	segment.id = (struct slice){ text, ends[0] };
	return segment;
}

/* ---- the dump ------------------------------------------------------------------------------------- */

static void dump_segment(struct buffer *out, const struct segment *segment)
{
	for (unsigned i = 0; i <= segment->element_count; i++)
		buffer_format(out, "%s%.*s", i > 0 ? "|" : " ", SLICE_ARG(segment_element(segment, i)));
	buffer_format(out, " @%" PRIu64, segment->offset);
}

static void dump_item(void *data, const struct reader_item *item)
{
	static const char *const names[] = { "more", "interchange", "ta1", "group", "set", "segment", "set-end", "group-end",
		"interchange-end", "finding", "end", "failed" };
	struct buffer *out = data;
	if (item->answer == READER_FINDING)
		return;
	buffer_format(out, "item %s", names[item->answer]);
	dump_segment(out, &item->segment);
	buffer_format(out, " position %" PRIu64, item->answer == READER_SEGMENT || item->answer == READER_SET ? item->position : 0);
	if (item->answer == READER_SET_END || item->answer == READER_GROUP_END || item->answer == READER_INTERCHANGE_END)
		buffer_format(out, " count %" PRIu64 " claimed %" PRIu64 " end %" PRIu64, item->count, item->claimed, item->end_offset);
	buffer_char(out, '\n');
}

static void dump_event(void *data, const struct event *event)
{
	static const char *const names[] = { "none", "set-begin", "loop-begin", "segment", "loop-end", "set-end" };
	struct buffer *out = data;
	buffer_format(out, "event %s %s", names[event->kind],
		event->node == GUIDE_NONE ? "-" : guide_text(event->guide, event->guide->nodes[event->node].id));
	buffer_format(out, " %" PRIu64 "\n", event->position);
}

static void dump_finding(void *data, const struct finding *finding)
{
	const struct place *place = &finding->place;
	buffer_format(data, "finding %s offset %" PRIu64 " at %s %" PRIu64 " %u-%u-%u", finding_kind(finding->code)->name,
		place->offset, finding->segment_id, place->segment, place->element, place->component, place->repetition);
	buffer_format(data, " loop '%s' unit '%s' expected '%s' value '%.*s'\n", finding->loop, finding->business,
		finding->expected, (int)finding->value_len, finding->value);
}

static void dump_field(struct buffer *out, const struct field *field, const char *at)
{
	struct slice text;
	int64_t number = 0;
	days day;
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_TRACE:
		memcpy(&text, at + field->column * sizeof(text), sizeof(text));
		if (text.len > 0)
			buffer_format(out, " %s=%.*s", field->name, SLICE_ARG(text));
		break;
	case FIELD_DAY:
		memcpy(&day, at, sizeof(day));
		if (day == DAYS_NONE)
			break;
		buffer_format(out, " %s=", field->name);
		days_put_iso(out, day);
		break;
	case FIELD_CENTS:
	case FIELD_SUM:
	case FIELD_COUNT:
		memcpy(&number, at, sizeof(number));
		buffer_format(out, " %s=%" PRId64, field->name, number);
		break;
	}
}

static void dump_one(struct buffer *out, enum record_kind kind, const char *record)
{
	buffer_format(out, "record %s", record_shape(kind)->name);
	for (size_t i = 0; i < record_field_count; i++)
		if (record_fields[i].record == kind)
			dump_field(out, &record_fields[i], record + record_fields[i].offset);
	buffer_char(out, '\n');
}

/* Children of every kind, whose own children follow each: two levels deep is all that records have. */
static void dump_children(struct buffer *out, enum record_kind parent, const char *record, bool deeper)
{
	for (unsigned kind = 1; kind < RECORD_KINDS; kind++) {
		const struct record_shape *shape = record_shape((enum record_kind)kind);
		if (shape == NULL || shape->parent != parent)
			continue;
		const char *child;
		memcpy(&child, record + shape->list_offset, sizeof(child));
		while (child != NULL) {
			buffer_text(out, deeper ? "  " : "    ");
			dump_one(out, (enum record_kind)kind, child);
			for (unsigned inner = 1; deeper && inner < RECORD_KINDS; inner++) {
				const struct record_shape *below = record_shape((enum record_kind)inner);
				if (below != NULL && below->parent == (enum record_kind)kind) {
					const char *first;
					memcpy(&first, child + below->list_offset, sizeof(first));
					for (; first != NULL; memcpy(&first, first, sizeof(void *))) {
						buffer_text(out, "    ");
						dump_one(out, (enum record_kind)inner, first);
					}
				}
			}
			memcpy(&child, child, sizeof(void *)); /* its next */
		}
	}
}

static void dump_record(void *data, enum record_kind kind, const void *record)
{
	dump_one(data, kind, record);
	dump_children(data, kind, record, true);
}

void x12_dump(struct buffer *out, struct slice bytes, size_t chunk, int level, const char *parts)
{
	struct x12_sink sink = { .data = out };
	if (strchr(parts, 'i') != NULL)
		sink.item = dump_item;
	if (strchr(parts, 'e') != NULL)
		sink.event = dump_event;
	if (strchr(parts, 'f') != NULL)
		sink.finding = dump_finding;
	if (strchr(parts, 'r') != NULL)
		sink.record = dump_record;
	struct x12_totals totals = x12_run(bytes, chunk, level, &sink);
	buffer_format(out, "end inflated %d failed %d\n", (int)totals.inflated, totals.failed);
}

bool x12_same(struct buffer *out, struct slice bytes, int level, const char *parts)
{
	struct buffer other;
	bool same = true;
	buffer_reset(out);
	x12_dump(out, bytes, 0, level, parts);
	buffer_init(&other, 0);
	for (size_t chunk = 1; chunk <= 5 && same; chunk++) {
		buffer_reset(&other);
		x12_dump(&other, bytes, chunk, level, parts);
		same = slice_equal(buffer_view(&other), buffer_view(out));
		if (!same)
			printf("chunk size %zu:\n%.*s\nwhole:\n%.*s\n", chunk, SLICE_ARG(buffer_view(&other)), SLICE_ARG(buffer_view(out)));
	}
	buffer_done(&other);
	return same && x12_run(bytes, 0, level, NULL).misplaced == 0;
}

/* ---- making input ------------------------------------------------------------------------------------ */

void x12_wrap(struct buffer *out, const char *set_id, const char *body)
{
	const struct guide *guide = NULL;
	for (size_t i = 0; i < guides_shipped_count; i++)
		if (strcmp(guides_shipped[i]->set_id, set_id) == 0)
			guide = guides_shipped[i];
	const char *version = guide != NULL ? guide->name : "005010";
	buffer_text(out, "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *100101*0900*^*00501*000000001*0*T*:~");
	buffer_format(out, "GS*%s*SENDER*RECEIVER*20100101*0900*1*X*%s~", guide != NULL ? guide->functional_id : "XX", version);
	buffer_format(out, "ST*%s*0001", set_id);
	if (guide == NULL || guide->st03)
		buffer_format(out, "*%s", version);
	buffer_char(out, '~');
	unsigned count = 2;
	for (const char *at = body; *at != '\0'; at++) {
		if (*at == '\n' || *at == '\r')
			continue;
		buffer_char(out, *at);
		count += *at == '~';
	}
	buffer_format(out, "SE*%u*0001~GE*1*1~IEA*1*000000001~", count);
}

static void name_finding(void *data, const struct finding *finding)
{
	struct buffer *out = data;
	if (out->len > 0)
		buffer_char(out, ' ');
	buffer_text(out, finding_kind(finding->code)->name);
}

void x12_findings(struct buffer *out, struct slice bytes, int level)
{
	buffer_reset(out);
	const struct x12_sink sink = { .finding = name_finding, .data = out };
	if (x12_run(bytes, 0, level, &sink).misplaced > 0)
		buffer_text(out, " misplaced");
}

bool x12_has(const struct buffer *text, const char *part)
{
	struct slice view = buffer_view(text);
	return view.len > 0 && memmem(view.ptr, view.len, part, strlen(part)) != NULL;
}
