/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * deidentify: files with the same people invented.
 *
 * Every segment is held against its guide, which says what each element is; what is done with
 * it is in generators/treatment.c.  A unit (a member, a subscriber, a claim) is kept until it
 * ends, because the days in its first segment move by what its later ones say of the family.
 *
 * Two passes over all files: who belongs together (kin.c), then each file is written.  What no
 * guide knows cannot be treated, so it refuses its file.
 *
 * Memory: one unit; families lie in a temporary table.
 */
#include "exchange/exchange.h"
#include "exchange/kin.h"
#include "exchange/parts.h"

#include <stdarg.h>

struct kept { /* a segment of the open unit */
	size_t at, len;          /* in unit->bytes */
	uint16_t node;           /* GUIDE_NONE: without a place */
	enum party party;
};
struct job {
	const struct deidentify_wish *wish;
	struct deidentify_report *report;
	struct failure *failure;
	struct disguise disguise;
	struct scratch *families;
	bool learning;           /* the first pass: nothing is written */
	days asof;
	uint64_t interchanges;   /* of the open file */

	struct walker *walker;
	struct findings findings; /* the walker must have somewhere to tell; nobody asks */
	struct parts parts;
	struct delimiters delimiters;
	uint64_t header_offset;
	char line_end[2];
	uint8_t line_end_len;
	bool first_segment;      /* what comes is the first segment behind the ISA, which waits in `header` */
	struct buffer header;

	const struct guide *guide; /* of the open set */
	uint16_t unit_node;        /* GUIDE_NONE: the set has no units */
	enum party parties[LIMIT_LOOP_DEPTH];
	bool in_unit;
	struct buffer unit;        /* bytes of its segments */
	struct kept *kept;
	size_t kept_count, kept_size;
	struct kin_names names;
	struct buffer family;
	int shift;
};

static bool refuse(struct job *job, const char *format, ...) PRINTF_LIKE(2, 3);
static bool refuse(struct job *job, const char *format, ...)
{
	char text[sizeof(job->report->refusal.text)];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return failure_set(&job->report->refusal, "%s", text);
}

static bool starved(struct job *job)
{
	return failure_set(job->failure, "could not treat a file: out of memory");
}

/* ---- one segment ------------------------------------------------------------------------ */

/* Cut the next part off *rest at the separator; false when there is none. */
static bool cut(struct slice *part, struct slice *rest, char separator, bool *more)
{
	if (!*more)
		return false;
	const char *at = rest->len > 0 ? memchr(rest->ptr, separator, rest->len) : NULL;
	*more = at != NULL;
	*part = (struct slice){ rest->ptr, at == NULL ? rest->len : (size_t)(at - rest->ptr) };
	if (at != NULL)
		*rest = (struct slice){ at + 1, rest->len - part->len - 1 };
	return true;
}

/* What qualifies a value: codes of these numbers stand before it. */
static bool qualifies(uint16_t number)
{
	return number == 66 || number == 128 || number == 309 || number == 365;
}

struct treating {
	const struct guide *guide;
	struct disguise_place place;
	unsigned component;
};

/* Where a code or number should stand and something else does, it may be anything: a name, an id. */
static bool misplaced(const struct guide_element *element, struct slice value)
{
	if (element->type == TYPE_AN || element->type == TYPE_COMPOSITE)
		return false;
	if (element->type == TYPE_ID)
		return value.len > element->max; /* a wrong code of a code's length tells of nobody */
	for (size_t i = 0; i < value.len; i++)
		if ((value.ptr[i] >= 'A' && value.ptr[i] <= 'Z') || (value.ptr[i] >= 'a' && value.ptr[i] <= 'z') || (unsigned char)value.ptr[i] >= 0x80)
			return true;
	return false;
}

static void value_treat(struct job *job, struct buffer *out, struct treating *treating, const struct guide_element *element, struct slice value)
{
	struct disguise_place *place = &treating->place;
	place->number = element == NULL ? 127 : element->number; /* behind the last that the guide has: in doubt an id */
	place->min = element == NULL ? 1 : element->min;
	place->max = element == NULL ? LIMIT_SEGMENT_BYTES : element->max;
	place->coded = element != NULL && (element->codes != GUIDE_NONE || element->codeset != GUIDE_NONE);
	if (element != NULL && qualifies(element->number))
		place->qualifier = value;
	enum treatment treatment = value.len == 0 ? TREAT_NONE : treatment_of(place);
	if (treatment <= TREAT_KEEP && value.len > 0 && element != NULL && misplaced(element, value))
		treatment = TREAT_ID;
	disguise_put(&job->disguise, out, treatment, value, place);
	if (treatment == TREAT_NONE)
		return;
	char designator[16], key[40], id[8];
	slice_copy(id, sizeof(id), place->segment);
	guide_designator(designator, id, place->element, treating->component);
	snprintf(key, sizeof(key), "%s %.*s", designator, place->qualifier.len < 4 ? (int)place->qualifier.len : 3,
		place->qualifier.len == 0 ? "" : place->qualifier.ptr);
	(void)tally_add(&job->report->touched, slice_trim(slice_of(key)), slice_of(treatment_name(treatment)));
}

/* One repetition of an element: a value, or the components of a composite. */
static void repetition_treat(struct job *job, struct buffer *out, struct treating *treating, const struct guide_element *element, struct slice value)
{
	bool composite = element != NULL && element->type == TYPE_COMPOSITE;
	struct slice component, outer = treating->place.qualifier;
	bool more = true;
	treating->component = 0;
	if (!composite) {
		value_treat(job, out, treating, element, value);
		return;
	}
	treating->place.qualifier = SLICE_NONE;
	for (unsigned n = 0; cut(&component, &value, job->delimiters.component, &more); n++) {
		if (n > 0)
			buffer_char(out, job->delimiters.component);
		treating->component = n + 1;
		value_treat(job, out, treating, n < element->component_count ? &treating->guide->elements[element->first_component + n] : NULL, component);
	}
	treating->place.qualifier = outer;
}

static void segment_treat(struct job *job, struct buffer *out, struct slice bytes, const struct guide *guide, uint16_t node, enum party party)
{
	const struct guide_node *spot = &guide->nodes[node];
	struct slice element, repetition;
	bool more = true;
	(void)cut(&element, &bytes, job->delimiters.element, &more);
	struct treating treating = { .guide = guide, .place = { .segment = element, .party = party, .in_unit = job->in_unit, .shift = job->shift,
		.asof = job->asof, .keep_providers = job->wish->keep_providers, .keep_zips = job->wish->keep_zips } };
	buffer_slice(out, element);
	for (unsigned n = 1; cut(&element, &bytes, job->delimiters.element, &more); n++) {
		const struct guide_element *about = n <= spot->element_count ? &guide->elements[spot->first_element + n - 1] : NULL;
		bool again = true;
		treating.place.element = n;
		if (n == 2 && slice_is(treating.place.segment, "NM1"))
			treating.place.organisation = slice_is(element, "2");
		buffer_char(out, job->delimiters.element);
		if (about == NULL || about->repeat <= 1 || job->delimiters.repetition == '\0') {
			repetition_treat(job, out, &treating, about, element);
			continue;
		}
		for (unsigned r = 0; cut(&repetition, &element, job->delimiters.repetition, &again); r++) {
			if (r > 0)
				buffer_char(out, job->delimiters.repetition);
			repetition_treat(job, out, &treating, about, repetition);
		}
	}
	buffer_char(out, job->delimiters.segment);
	buffer_put(out, job->line_end, job->line_end_len);
	job->report->segments++;
}

/* A segment without a place is treated as one of its id elsewhere; in no guide: nobody knows what is in it. */
static bool segment_put(struct job *job, struct slice bytes, uint16_t node, enum party party)
{
	if (node != GUIDE_NONE) {
		segment_treat(job, &job->parts.out, bytes, job->guide, node, party);
		return true;
	}
	struct slice id = bytes;
	const char *at = memchr(bytes.ptr, job->delimiters.element, bytes.len);
	id.len = at == NULL ? bytes.len : (size_t)(at - bytes.ptr);
	for (size_t i = 0; i <= guides_shipped_count; i++) {
		const struct guide *guide = i == 0 ? job->guide : guides_shipped[i - 1];
		for (uint16_t n = 1; n < guide->node_count; n++) {
			if (guide->nodes[n].kind != NODE_SEGMENT || !slice_is(id, guide_text(guide, guide->nodes[n].id)))
				continue;
			segment_treat(job, &job->parts.out, bytes, guide, n, party);
			return true;
		}
	}
	return refuse(job, "segment %.*s is in no guide here: what is personal in it is not known", SLICE_ARG(id));
}

/* ---- a unit --------------------------------------------------------------------------------- */

static struct slice kept_bytes(const struct job *job, size_t i)
{
	return (struct slice){ job->unit.ptr + job->kept[i].at, job->kept[i].len };
}

static struct slice part_of(const struct job *job, struct slice bytes, unsigned n)
{
	struct slice part;
	return slice_part(&part, bytes, job->delimiters.element, n) ? part : SLICE_NONE;
}

/* Everything that the unit calls its people. */
static void names_see(struct job *job)
{
	struct slice last = SLICE_NONE, first = SLICE_NONE;
	kin_names_reset(&job->names);
	/* the case comes first: a family is called by it, whichever member or file was first */
	for (size_t i = 0; i < job->kept_count; i++)
		if (slice_is(part_of(job, kept_bytes(job, i), 0), "REF") && slice_is(part_of(job, kept_bytes(job, i), 1), "3H"))
			kin_name(&job->names, 'c', part_of(job, kept_bytes(job, i), 2), SLICE_NONE, SLICE_NONE);
	for (size_t i = 0; i < job->kept_count; i++) {
		struct slice bytes = kept_bytes(job, i);
		struct slice id = part_of(job, bytes, 0), one = part_of(job, bytes, 1);
		if (slice_is(id, "REF") && slice_among(SLICE("0F Q4 6O NQ SY 23"), one))
			kin_name(&job->names, 'i', part_of(job, bytes, 2), SLICE_NONE, SLICE_NONE);
		if (slice_is(id, "NM1") && slice_among(SLICE("IL 74 QC 03"), one)) {
			last = part_of(job, bytes, 3);
			first = part_of(job, bytes, 4);
			kin_name(&job->names, 'i', part_of(job, bytes, 9), SLICE_NONE, SLICE_NONE);
		}
		if (slice_is(id, "DMG") && first.len > 0 && part_of(job, bytes, 2).len > 0)
			kin_name(&job->names, 'n', last, first, part_of(job, bytes, 2));
	}
}

static bool unit_end(struct job *job)
{
	if (!job->in_unit)
		return true;
	names_see(job);
	if (job->learning) {
		job->report->units++;
		if (!kin_learn(job->families, &job->names, job->failure))
			return false;
	} else {
		if (!kin_family(job->families, &job->family, &job->names, job->failure))
			return false;
		job->shift = disguise_shift(&job->disguise, buffer_view(&job->family));
		for (size_t i = 0; i < job->kept_count; i++)
			if (!segment_put(job, kept_bytes(job, i), job->kept[i].node, job->kept[i].party))
				return false;
	}
	job->in_unit = false;
	job->kept_count = 0;
	buffer_reset(&job->unit);
	return true;
}

static bool unit_keep(struct job *job, const struct segment *segment, uint16_t node, enum party party)
{
	if (job->kept_count == job->kept_size) {
		size_t size = job->kept_size == 0 ? 64 : 2 * job->kept_size;
		void *kept = realloc(job->kept, size * sizeof(job->kept[0]));
		if (kept == NULL)
			return starved(job);
		job->kept = kept;
		job->kept_size = size;
	}
	job->kept[job->kept_count++] = (struct kept){ .at = job->unit.len, .len = segment->bytes.len, .node = node, .party = party };
	buffer_slice(&job->unit, segment->bytes);
	return !job->unit.failed || refuse(job, "byte %llu: a member or claim of more than %d bytes", (unsigned long long)segment->offset, LIMIT_RECORD_BYTES);
}

/* ---- events ------------------------------------------------------------------------------------ */

static enum party segment_party(const struct segment *segment)
{
	enum party party = party_of(segment_element(segment, 1));
	bool person = slice_is(segment->id, "NM1") && slice_is(segment_element(segment, 2), "1");
	return party == PARTY_ORGANISATION && person ? PARTY_PERSON : party;
}

static bool names_somebody(const struct segment *segment)
{
	return slice_is(segment->id, "NM1") || slice_is(segment->id, "N1");
}

static bool loop_begin(struct job *job, const struct event *event)
{
	const struct guide_node *node = &job->guide->nodes[event->node];
	if (event->node == job->unit_node) {
		if (!unit_end(job))
			return false;
		job->in_unit = true;
	}
	/* a loop that names nobody speaks of whom the loop around it speaks */
	enum party around = node->depth > 0 ? job->parties[node->depth - 1] : PARTY_PROVIDER;
	job->parties[node->depth] = event->node == job->unit_node ? PARTY_PERSON : around;
	return true;
}

/* Of whom does the segment speak?  One that names the loop's own party names it for what follows. */
static enum party event_party(struct job *job, const struct event *event)
{
	if (event->node == GUIDE_NONE)
		return names_somebody(event->segment) ? segment_party(event->segment) : job->in_unit ? PARTY_PERSON : PARTY_PROVIDER;
	const struct guide_node *nodes = job->guide->nodes;
	uint16_t loop = nodes[event->node].parent, first = nodes[loop].first_child;
	enum party *open = &job->parties[nodes[loop].depth];
	if (!names_somebody(event->segment))
		return *open;
	enum party party = segment_party(event->segment);
	bool numbered = strcmp(guide_text(job->guide, nodes[first].id), "LX") == 0 && nodes[first].next == event->node;
	if (first == event->node || numbered)
		*open = party;
	return party;
}

static bool segment_event(struct job *job, const struct event *event)
{
	enum party party = event_party(job, event);
	if (job->in_unit)
		return unit_keep(job, event->segment, event->node, party);
	job->shift = 0;
	return job->learning || segment_put(job, event->segment->bytes, event->node, party);
}

static bool events(struct job *job)
{
	struct event event;
	while (walker_event(job->walker, &event)) {
		bool fine = true;
		if (event.kind == EVENT_LOOP_BEGIN && event.segment != NULL)
			fine = loop_begin(job, &event);
		else if (event.kind == EVENT_SEGMENT && event.segment != NULL)
			fine = segment_event(job, &event);
		else if (event.kind == EVENT_LOOP_END && event.node == job->unit_node)
			fine = unit_end(job);
		if (!fine)
			return false;
	}
	return !job->findings.failed || starved(job);
}

/* ---- sets and envelopes --------------------------------------------------------------------------- */

static bool walk(struct job *job, const struct reader_item *item)
{
	walker_segment(job->walker, &item->segment, item->position);
	return events(job) && (job->learning || parts_flush(&job->parts, false, job->failure));
}

static bool set_begin(struct job *job, const struct reader_item *item)
{
	job->guide = guide_find(slice_of(item->set->id), slice_of(item->group->version));
	if (job->guide == NULL)
		return refuse(job, "set %s is a %s of version %s: no guide here says what is personal in it", item->set->control, item->set->id,
			item->group->version);
	job->unit_node = GUIDE_NONE;
	for (uint16_t node = 1; node < job->guide->node_count && job->unit_node == GUIDE_NONE; node++)
		if (job->guide->nodes[node].kind == NODE_LOOP && job->guide->nodes[node].unit)
			job->unit_node = node;
	for (size_t i = 0; i < COUNT_OF(job->parties); i++)
		job->parties[i] = PARTY_PROVIDER;
	findings_reset(&job->findings);
	walker_begin(job->walker, job->guide, item->set, &job->findings, (struct checks){ .level = 1, .on = DAYS_NONE });
	return walk(job, item);
}

static void raw_put(struct job *job, struct buffer *out, struct slice bytes)
{
	if (job->learning || bytes.len == 0)
		return;
	buffer_slice(out, bytes);
	buffer_char(out, job->delimiters.segment);
	buffer_put(out, job->line_end, job->line_end_len);
}

static bool set_end(struct job *job, const struct reader_item *item)
{
	if (!unit_end(job))
		return false;
	raw_put(job, &job->parts.out, item->segment.bytes);
	return job->learning || parts_flush(&job->parts, false, job->failure);
}

/* Who sends and receives is a route, and stays, unless it is a provider's number. */
static void route_put(struct job *job, struct buffer *out, struct slice value)
{
	struct slice core = slice_trim(value);
	bool number = npi_valid(core) && !job->wish->keep_providers;
	struct disguise_place place = { .max = value.len };
	disguise_put(&job->disguise, out, number ? TREAT_ID : TREAT_KEEP, core, &place);
	for (size_t i = core.len; i < value.len; i++)
		buffer_char(out, ' ');
}

/* ISA02 and ISA04 may hold a password. */
static void interchange_begin(struct job *job, const struct reader_item *item)
{
	job->delimiters = item->interchange->delimiters;
	job->header_offset = item->interchange->offset;
	job->first_segment = true;
	if (job->asof == DAYS_NONE)
		job->asof = interchange_day(item->interchange, DAYS_NONE);
	buffer_reset(&job->header);
	buffer_text(&job->header, "ISA");
	for (unsigned n = 1; n <= item->segment.element_count; n++) {
		struct slice value = segment_element(&item->segment, n);
		buffer_char(&job->header, job->delimiters.element);
		if (n == 6 || n == 8)
			route_put(job, &job->header, value);
		else
			buffer_slice(&job->header, n == 2 || n == 4 ? SLICE("          ") : value);
	}
}

/* How lines end is seen behind the ISA, which was waiting for it. */
static void header_put(struct job *job, const struct reader_item *item)
{
	uint64_t behind = job->header_offset + 106;
	uint64_t gap = item->segment.offset > behind ? item->segment.offset - behind : 0;
	job->first_segment = false;
	job->line_end_len = 0;
	if (gap == 2)
		job->line_end[job->line_end_len++] = '\r';
	if (gap > 0)
		job->line_end[job->line_end_len++] = '\n';
	raw_put(job, &job->parts.out, buffer_view(&job->header));
}

static void group_begin(struct job *job, const struct reader_item *item)
{
	if (job->learning)
		return;
	buffer_text(&job->parts.out, "GS");
	for (unsigned n = 1; n <= item->segment.element_count; n++) {
		struct slice value = segment_element(&item->segment, n);
		buffer_char(&job->parts.out, job->delimiters.element);
		if (n == 2 || n == 3)
			route_put(job, &job->parts.out, value);
		else
			buffer_slice(&job->parts.out, value);
	}
	buffer_char(&job->parts.out, job->delimiters.segment);
	buffer_put(&job->parts.out, job->line_end, job->line_end_len);
}

/* What was packed and cannot be unpacked is cut off nobody knows where. */
static bool finding(struct job *job, const struct finding *found)
{
	if (found->code != FINDING_GZIP_BROKEN && found->code != FINDING_GZIP_BOMB)
		return true;
	return refuse(job, "%s", finding_kind(found->code)->text);
}

static bool item_treat(struct job *job, const struct reader_item *item)
{
	bool follows = item->answer != READER_INTERCHANGE && item->answer != READER_FINDING;
	if (job->first_segment && follows)
		header_put(job, item);
	switch (item->answer) {
	case READER_INTERCHANGE:
		interchange_begin(job, item);
		return true;
	case READER_GROUP:
		group_begin(job, item);
		return true;
	case READER_TA1:
	case READER_GROUP_END:
	case READER_INTERCHANGE_END:
		raw_put(job, &job->parts.out, item->segment.bytes);
		return true;
	case READER_SET:
		return set_begin(job, item);
	case READER_SEGMENT:
		return walk(job, item);
	case READER_SET_END:
		return set_end(job, item);
	case READER_FINDING:
		return finding(job, &item->finding);
	case READER_MORE:
	case READER_END:
	case READER_FAILED:
		break;
	}
	return true;
}

/* ---- files -------------------------------------------------------------------------------------------- */

static bool items_treat(struct job *job, struct items *items)
{
	for (;;) {
		struct reader_item item;
		if (!items_next(items, &item, job->failure))
			return false;
		if (item.answer == READER_END)
			return job->interchanges > 0 || refuse(job, "no interchange is in it: it is not X12, or empty");
		job->interchanges += item.answer == READER_INTERCHANGE;
		if (!item_treat(job, &item))
			return false;
		if (job->disguise.failed || job->parts.out.failed || job->header.failed || job->names.texts.failed)
			return starved(job);
	}
}

static bool file_treat(struct job *job, const char *path)
{
	struct source *source = source_open(path, job->failure);
	struct items *items = source == NULL ? NULL : items_of(source, job->failure);
	parts_init(&job->parts, job->wish->out, "{name}{ext}", path);
	job->interchanges = 0;
	job->in_unit = false;
	job->kept_count = 0;
	buffer_reset(&job->unit);
	bool done = items != NULL && (job->learning || parts_begin(&job->parts, job->failure)) && items_treat(job, items);
	if (done && !job->learning)
		done = parts_end(&job->parts, job->failure) && parts_keep(&job->parts, job->failure);
	parts_drop(&job->parts);
	items_free(items);
	source_close(source);
	if (!done && job->report->refusal.text[0] != '\0')
		job->report->refused = path;
	job->report->files += done && !job->learning;
	return done;
}

static bool run(struct job *job, char *const *paths, int count)
{
	job->families = scratch_open(job->failure);
	job->walker = walker_new();
	if (job->families == NULL)
		return false;
	if (job->walker == NULL)
		return starved(job);
	if (!disguise_init(&job->disguise, job->wish->secret))
		return failure_set(job->failure, "could not treat a file: " SHA256_FAILED);
	job->learning = true;
	for (int i = 0; i < count; i++)
		if (!file_treat(job, paths[i]))
			return false;
	job->learning = false;
	for (int i = 0; i < count; i++)
		if (!file_treat(job, paths[i]))
			return false;
	return true;
}

bool deidentify_files(char *const *paths, int count, const struct deidentify_wish *wish, struct deidentify_report *report,
	struct failure *failure)
{
	struct job *job = calloc(1, sizeof(*job));
	memset(report, 0, sizeof(*report));
	if (job == NULL)
		return failure_set(failure, "could not treat a file: out of memory");
	*job = (struct job){ .wish = wish, .report = report, .failure = failure, .asof = wish->asof };
	findings_init(&job->findings);
	buffer_init(&job->header, 0);
	buffer_init(&job->unit, LIMIT_RECORD_BYTES);
	buffer_init(&job->family, 0);
	kin_names_init(&job->names);
	bool done = folder_make(wish->out, failure) && run(job, paths, count);
	disguise_done(&job->disguise);
	walker_free(job->walker);
	scratch_close(job->families);
	findings_done(&job->findings);
	kin_names_done(&job->names);
	buffer_done(&job->header);
	buffer_done(&job->unit);
	buffer_done(&job->family);
	free(job->kept);
	free(job);
	return done || report->refused != NULL;
}
