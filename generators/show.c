/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show: the structure of interchanges with the guide's names, as a text tree, JSON or XML.
 *
 * Segments and events go in, lines go out; what is open is known by its depth.  JSON and XML hold every byte of the
 * file, so that `pccm build` makes the same file of them:
 *
 *   a segment      its id, elements, repetitions, components; where line ends stood inside it; whether its terminator
 *                  is missing
 *   text           what stands before a segment, unless it is what the interchange has behind each (`line_end`);
 *                  and a segment that is none (no id, more elements than are read), as it was sent
 *   missing        a trailer that was not sent
 *
 * For this the bytes that were read wait in `trail` until a segment or the end says what they are.
 *
 * Holds: without `show_values` no value that may be personal is printed (personal.c), of a segment without a place in
 * the guide no value at all, and of text only blanks and line ends; what was opened is closed by show_*_end; the same
 * bytes give the same document however they were cut into calls of show_bytes.
 */
#include "generators/show.h"

#define ID_SE (UINT32_C(0x53) << 8 | 0x45)

struct shower *shower_new(struct buffer *out, enum show_format format, bool show_values)
{
	struct shower *shower = calloc(1, sizeof(*shower));
	if (shower == NULL)
		return NULL;
	shower->out = out;
	shower->format = format;
	shower->show_values = show_values;
	buffer_init(&shower->trail, 0);
	buffer_init(&shower->scratch, 0);
	buffer_init(&shower->isa_sent, 0);
	return shower;
}

void shower_terse(struct shower *shower)
{
	shower->terse = shower->format != SHOW_TEXT;
}

void shower_free(struct shower *shower)
{
	if (shower == NULL)
		return;
	faces_free(shower);
	buffer_done(&shower->trail);
	buffer_done(&shower->scratch);
	buffer_done(&shower->isa_sent);
	free(shower);
}

bool show_failed(const struct shower *shower)
{
	return shower->out->failed || shower->trail.failed || shower->isa_sent.failed;
}

void show_begin(struct shower *shower)
{
	shower->depth = 0;
	shower->comma = false;
	if (shower->format == SHOW_JSON)
		buffer_text(shower->out, "[");
	if (shower->format == SHOW_XML)
		buffer_text(shower->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<x12>\n");
}

void show_end(struct shower *shower)
{
	if (shower->format == SHOW_JSON)
		buffer_text(shower->out, "\n]\n");
	if (shower->format == SHOW_XML)
		buffer_text(shower->out, "</x12>\n");
}

/* ---- text: bytes that are no segment ---- */

static bool only_blanks(struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (bytes.ptr[i] != ' ' && bytes.ptr[i] != '\n' && bytes.ptr[i] != '\r' && bytes.ptr[i] != '\t')
			return false;
	return true;
}

static void text_put(struct shower *shower, struct slice bytes)
{
	bool hidden = !shower->show_values && !only_blanks(bytes);
	if (shower->format == SHOW_TEXT) {
		if (only_blanks(bytes))
			return;
		indent_put(shower);
		buffer_format(shower->out, "text of %zu bytes that is no segment: ", bytes.len);
		(void)bytes_put(shower, hidden ? SLICE("(hidden)") : bytes);
		buffer_char(shower->out, '\n');
		return;
	}
	object_open(shower, "text");
	bytes_property_put(shower, "value", bytes, hidden);
	object_close(shower);
}

/* ---- the trail ---- */

static struct slice trail_at(const struct shower *shower, uint64_t from, uint64_t to)
{
	uint64_t end = shower->trail_offset + shower->trail.len;
	if (from < shower->trail_offset || to > end || from >= to)
		return SLICE_NONE;
	return (struct slice){ shower->trail.ptr + (from - shower->trail_offset), (size_t)(to - from) };
}

static void release(struct shower *shower, struct slice behind);

/* Bytes before `to` are no segment. */
static void text_until(struct shower *shower, uint64_t to)
{
	struct slice bytes = trail_at(shower, shower->shown, to);
	release(shower, bytes);
	do {
		struct slice piece = { bytes.ptr, bytes.len < TEXT_PIECE_BYTES ? bytes.len : TEXT_PIECE_BYTES };
		text_put(shower, piece);
		if (piece.len == 0) /* they are not at hand: there is nothing to go on from */
			break;
		bytes.ptr += piece.len;
		bytes.len -= piece.len;
	} while (bytes.len > 0);
	shower->shown = to;
	shower->line_end_due = false;
	shower->taken = 0;
}

void show_bytes(struct shower *shower, struct slice bytes)
{
	uint64_t end = shower->trail_offset + shower->trail.len;
	/* what lies further back than the reader's window comes as no segment any more */
	while (end - shower->shown >= LIMIT_READER_WINDOW_BYTES + TEXT_PIECE_BYTES)
		text_until(shower, shower->shown + TEXT_PIECE_BYTES);
	size_t done = (size_t)(shower->shown - shower->trail_offset);
	if (done > 0)
		memmove(shower->trail.ptr, shower->trail.ptr + done, shower->trail.len - done);
	shower->trail.len -= done;
	shower->trail_offset = shower->shown;
	buffer_slice(&shower->trail, bytes);
	(void)buffer_reserve(&shower->trail, SHOW_TRAIL_SLACK);
}

/* What stands before byte `to`, where a segment begins, an end is missing or the file ends. */
static void between(struct shower *shower, uint64_t to)
{
	if (shower->trail.len == 0 || to < shower->shown)
		return;
	struct slice bytes = trail_at(shower, shower->shown, to);
	if (shower->held)
		release(shower, bytes);
	struct slice usual = shower->line_end_due ? slice_of(shower->line_end) : SLICE_NONE;
	if (slice_equal(bytes, usual)) {
		shower->taken = bytes.len;
		shower->shown = to;
		shower->line_end_due = false;
	} else {
		text_until(shower, to);
	}
}

/* The bytes of a segment in the file. */
struct sent {
	struct slice bytes;    /* up to its terminator, that included; empty: the bytes were not told */
	bool terminated;
	const char *breaks;    /* where line ends stood inside: "17:LF 97:CRLF"; "" nowhere */
	bool lost;             /* more of them than are told, or bytes that are not the segment's */
};

/* A line end that the reader takes out: one that is no delimiter. */
static bool line_end_inside(char c, const struct delimiters *d)
{
	return (c == '\r' || c == '\n') && c != d->segment && c != d->element && c != d->component && c != d->repetition;
}

/* Go through both side by side: what only the file has are line ends. */
static size_t breaks_find(struct sent *sent, char breaks[SHOW_BREAKS_BYTES], struct slice rest, const struct segment *segment)
{
	size_t at = 0, len = 0, i = 0;
	for (; at < rest.len; at++) {
		char c = rest.ptr[at];
		if (i < segment->bytes.len && c == segment->bytes.ptr[i]) {
			i++;
			continue;
		}
		if (!line_end_inside(c, &segment->delimiters))
			break;
		bool pair = c == '\r' && at + 1 < rest.len && rest.ptr[at + 1] == '\n' &&
			    line_end_inside('\n', &segment->delimiters);
		int put = snprintf(breaks + len, SHOW_BREAKS_BYTES - len, "%s%zu:%s", len > 0 ? " " : "", i,
			pair ? "CRLF" : c == '\r' ? "CR" : "LF");
		if (put < 0 || (size_t)put >= SHOW_BREAKS_BYTES - len)
			sent->lost = true;
		else
			len += (size_t)put;
		at += pair;
	}
	sent->lost = sent->lost || i < segment->bytes.len;
	return at;
}

static struct sent sent_of(struct shower *shower, const struct segment *segment)
{
	struct sent sent = { .terminated = true, .breaks = "" };
	struct slice rest = trail_at(shower, segment->offset, shower->trail_offset + shower->trail.len);
	if (rest.len == 0)
		return sent;
	size_t len = segment->bytes.len;
	bool whole = segment->wrap_count == 0 && len <= rest.len &&
		     (len < 105 || !slice_is(segment->id, "ISA") || memcmp(rest.ptr, segment->bytes.ptr, len) == 0);
	if (!whole) {
		shower->breaks[0] = '\0';
		sent.breaks = shower->breaks;
		len = breaks_find(&sent, shower->breaks, rest, segment);
	}
	sent.terminated = len < rest.len && rest.ptr[len] == segment->delimiters.segment;
	sent.bytes = (struct slice){ rest.ptr, len + (sent.terminated ? 1 : 0) };
	return sent;
}

static void shown_until(struct shower *shower, const struct segment *segment, const struct sent *sent)
{
	if (sent->bytes.len == 0)
		return;
	shower->shown = segment->offset + sent->bytes.len;
	shower->taken = 0;
	shower->line_end_due = true;
}

/* ---- segments ---- */

static bool id_fits(struct slice id)
{
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')))
			return false;
	}
	return id.len >= 1 && id.len <= 3;
}

/* Can it be told by its elements, so that they give the same bytes again? */
static bool segment_fits(const struct segment *segment)
{
	unsigned count = segment->element_count;
	struct slice id = segment->id, last = segment_element(segment, count);
	bool trailer = slice_is(id, "SE") || slice_is(id, "GE") || slice_is(id, "IEA");
	if (!id_fits(id) || (trailer && count < 2))
		return false;
	if (last.ptr + last.len != segment->bytes.ptr + segment->bytes.len)
		return false;
	return segment->bytes.len < 1000 || slice_parts(segment->bytes, segment->delimiters.component) < 1000;
}

static const char *segment_name(const struct event *event)
{
	if (event->guide != NULL && event->node != GUIDE_NONE)
		return guide_text(event->guide, event->guide->nodes[event->node].name);
	const char *name = envelope_name(event->segment->id, 0);
	return name != NULL ? name : event->guide != NULL ? "no place in the guide" : "";
}

static void segment_text(struct shower *shower, const struct event *event)
{
	struct buffer *out = shower->out;
	const char *name = segment_name(event);
	indent_put(shower);
	(void)bytes_put(shower, shower->show_values || id_fits(event->segment->id) ? event->segment->id : SLICE("(hidden)"));
	if (name[0] != '\0') {
		buffer_text(out, "  ");
		buffer_text(out, name);
	}
	if (event->guide != NULL && event->node != GUIDE_NONE)
		summary_put(shower, event);
	if (event->position > 0) {
		buffer_text(out, "  (segment ");
		buffer_number(out, (int64_t)event->position);
		buffer_char(out, ')');
	}
	buffer_char(out, '\n');
	shower->depth++;
	elements_put(shower, event);
	shower->depth--;
}

static void segment_object(struct shower *shower, const struct event *event, const struct sent *sent)
{
	object_open(shower, "segment");
	property_put(shower, "id", event->segment->id);
	if (!shower->terse)
		property_put(shower, "name", slice_of(segment_name(event)));
	if (event->position > 0 && !shower->terse)
		number_property_put(shower, "position", event->position);
	if (sent->lost)
		bytes_property_put(shower, "as_sent", sent->bytes, !shower->show_values);
	property_put(shower, "breaks", slice_of(sent->breaks));
	if (!sent->terminated)
		flag_put(shower, "cut");
	children_open(shower);
	elements_put(shower, event);
	children_close(shower, "segment");
}

/* The segment in one stroke, if it can be. */
static bool stroke(struct shower *shower, const struct event *event)
{
	return shower->terse ? terse_segment(shower, event) : face_segment(shower, event);
}

/* Nothing unusual before it, inside it or at its end: the rule, so it is asked first. */
static bool segment_usual(const struct shower *shower, const struct segment *segment)
{
	uint64_t behind = segment->offset + segment->bytes.len;
	if (shower->held || segment->wrap_count > 0 || shower->shown < shower->trail_offset ||
		behind >= shower->trail_offset + shower->trail.len || segment->offset < shower->shown)
		return false;
	const char *at = shower->trail.ptr + (shower->shown - shower->trail_offset);
	size_t between_len = (size_t)(segment->offset - shower->shown);
	for (size_t i = 0; i < between_len; i++)
		if (i >= sizeof(shower->line_end) - 1 || !shower->line_end_due || at[i] != shower->line_end[i])
			return false;
	if (shower->line_end_due && shower->line_end[between_len] != '\0')
		return false;
	return at[behind - shower->shown] == segment->delimiters.segment;
}

/* The long way. */
static void unusual_put(struct shower *shower, const struct event *event, uint32_t id)
{
	struct sent sent = sent_of(shower, event->segment);
	if (shower->format != SHOW_TEXT && sent.bytes.len > 0 && (sent.lost || !segment_fits(event->segment))) {
		shower->shown -= shower->taken; /* behind a text no line end is meant: it is one of its bytes */
		text_until(shower, event->segment->offset + sent.bytes.len);
		shower->last_id = 0;
		return;
	}
	between(shower, event->segment->offset);
	shown_until(shower, event->segment, &sent);
	shower->last_id = id;
	if (shower->format == SHOW_TEXT) {
		segment_text(shower, event);
		return;
	}
	if (id != ID_SE && sent.breaks[0] == '\0' && sent.terminated && stroke(shower, event))
		return;
	segment_object(shower, event, &sent);
}

/* What is behind it is not shown yet. */
static void segment_put(struct shower *shower, const struct event *event)
{
	const struct segment *segment = event->segment;
	uint32_t id = segment_key(segment->id);
	if (id == ID_SE || !segment_usual(shower, segment) || !stroke(shower, event)) {
		unusual_put(shower, event, id);
		return;
	}
	shower->shown = segment->offset + segment->bytes.len + 1;
	shower->taken = 0;
	shower->line_end_due = true;
	shower->last_id = id;
}

static void segment_alone(struct shower *shower, const struct segment *segment, uint64_t position)
{
	struct event event = { .kind = EVENT_SEGMENT, .node = GUIDE_NONE, .segment = segment, .position = position };
	segment_put(shower, &event);
}

/* ---- containers ---- */

void container_open(struct shower *shower, const char *tag, const char *id, const char *name, const char *guide)
{
	if (shower->format == SHOW_TEXT) {
		indent_put(shower);
		buffer_text(shower->out, tag);
		buffer_char(shower->out, ' ');
		(void)bytes_put(shower, slice_of(id));
		buffer_text(shower->out, "  ");
		buffer_text(shower->out, name);
		buffer_char(shower->out, '\n');
		shower->depth++;
		return;
	}
	object_open(shower, tag);
	property_put(shower, "id", slice_of(id));
	if (!shower->terse) {
		property_put(shower, "name", slice_of(name));
		property_put(shower, "guide", slice_of(guide));
	}
	children_open(shower);
}

static void container_end(struct shower *shower, const char *tag)
{
	if (shower->format != SHOW_TEXT)
		children_close(shower, tag);
	else if (shower->depth > 0)
		shower->depth--;
}

static void missing_put(struct shower *shower, const char *id)
{
	if (shower->format == SHOW_TEXT) {
		indent_put(shower);
		buffer_text(shower->out, id);
		buffer_text(shower->out, " is missing\n");
		return;
	}
	object_open(shower, "missing");
	property_put(shower, "id", slice_of(id));
	object_close(shower);
}

/* A trailer of the envelope, or the lack of it; people are told of the lack only. */
static void trailer_put(struct shower *shower, const struct segment *segment, const char *id, uint64_t position)
{
	bool there = segment->id.len > 0;
	if (there && shower->format != SHOW_TEXT) {
		segment_alone(shower, segment, position);
		there = shower->last_id == segment_key(slice_of(id));
	} else if (there) {
		struct sent sent = sent_of(shower, segment);
		between(shower, segment->offset);
		shown_until(shower, segment, &sent);
	}
	if (!there)
		missing_put(shower, id);
	shower->last_id = 0;
}

/* ---- interchange ---- */

static void delimiter_put(struct shower *shower, const char *key, char delimiter)
{
	char text[8];
	if (delimiter > ' ' && delimiter < 0x7f)
		snprintf(text, sizeof(text), "%c", delimiter);
	else
		snprintf(text, sizeof(text), "0x%02X", (unsigned)(unsigned char)delimiter);
	property_put(shower, key, slice_of(text));
}

static void interchange_text(struct shower *shower, const struct interchange_header *header)
{
	indent_put(shower);
	buffer_format(shower->out, "interchange %s  from %s %s to %s %s  on %s at %s  version %s  usage %c\n",
		header->control, header->sender_qualifier, header->sender, header->receiver_qualifier, header->receiver,
		header->date, header->time, header->version, header->usage == '\0' ? '-' : header->usage);
	shower->depth++;
}

/* What people want to know of it. */
static void header_put(struct shower *shower, const struct interchange_header *header)
{
	property_put(shower, "control", slice_of(header->control));
	property_put(shower, "sender_qualifier", slice_of(header->sender_qualifier));
	property_put(shower, "sender", slice_of(header->sender));
	property_put(shower, "receiver_qualifier", slice_of(header->receiver_qualifier));
	property_put(shower, "receiver", slice_of(header->receiver));
	property_put(shower, "date", slice_of(header->date));
	property_put(shower, "time", slice_of(header->time));
	property_put(shower, "version", slice_of(header->version));
	property_put(shower, "usage", (struct slice){ &header->usage, header->usage == '\0' ? 0 : 1 });
}

/* The ISA that was held, now that it is known what stands behind it. */
static void release(struct shower *shower, struct slice behind)
{
	static const uint8_t ends[] = { 3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103, 105 };
	uint32_t marks[COUNT_OF(ends)];
	const struct interchange_header *header = &shower->header;
	if (!shower->held)
		return;
	shower->held = false;
	slice_copy(shower->line_end, sizeof(shower->line_end), slice_starts(behind, "\r\n") ? SLICE("\r\n")
		: slice_starts(behind, "\n") ? SLICE("\n") : SLICE_NONE);
	object_open(shower, "interchange");
	if (!shower->terse)
		header_put(shower, header);
	delimiter_put(shower, "delimiter_element", header->delimiters.element);
	delimiter_put(shower, "delimiter_segment", header->delimiters.segment);
	property_put(shower, "line_end", shower->line_end[0] == '\0' ? SLICE("none") : shower->line_end[0] == '\r'
		? SLICE("CRLF") : SLICE("LF"));
	children_open(shower);
	struct segment segment = { .bytes = { shower->isa, 105 }, .id = { shower->isa, 3 }, .element_count = 16,
		.base = shower->isa, .ends = marks, .delimiters = header->delimiters };
	for (size_t i = 0; i < COUNT_OF(ends); i++)
		marks[i] = ends[i];
	struct event event = { .kind = EVENT_SEGMENT, .node = GUIDE_NONE, .segment = &segment };
	struct sent sent = { .terminated = true, .breaks = shower->isa_breaks, .lost = shower->isa_mended,
		.bytes = buffer_view(&shower->isa_sent) };
	segment_object(shower, &event, &sent);
}

void show_interchange(struct shower *shower, const struct interchange_header *header, const struct segment *isa, uint64_t end)
{
	struct sent sent = sent_of(shower, isa);
	buffer_reset(&shower->isa_sent);
	shower->isa_mended = sent.bytes.len > 0 && (sent.lost || !sent.terminated || isa->offset + sent.bytes.len != end);
	if (shower->isa_mended) {
		sent = (struct sent){ .bytes = trail_at(shower, isa->offset, end), .breaks = "" };
		buffer_slice(&shower->isa_sent, sent.bytes);
	}
	between(shower, isa->offset);
	shown_until(shower, isa, &sent);
	shower->last_id = 0;
	if (shower->format == SHOW_TEXT) {
		interchange_text(shower, header);
		return;
	}
	shower->held = true;
	shower->header = *header;
	slice_copy(shower->isa, sizeof(shower->isa), isa->bytes);
	slice_copy(shower->isa_breaks, sizeof(shower->isa_breaks), slice_of(sent.breaks));
	if (sent.bytes.len == 0)
		release(shower, SLICE_NONE);
}

void show_interchange_end(struct shower *shower, const struct segment *iea)
{
	between(shower, iea->offset);
	release(shower, SLICE_NONE);
	trailer_put(shower, iea, "IEA", 0);
	container_end(shower, "interchange");
}

void show_file_end(struct shower *shower)
{
	between(shower, shower->trail_offset + shower->trail.len);
	buffer_reset(&shower->trail);
	shower->trail_offset = 0;
	shower->shown = 0;
}

/* ---- groups and sets ---- */

void show_group(struct shower *shower, const struct group_header *header, const struct segment *gs)
{
	between(shower, gs->offset);
	if (shower->format == SHOW_TEXT) {
		indent_put(shower);
		buffer_format(shower->out, "group %s  %s  from %s to %s  on %s at %s  version %s\n", header->control,
			header->functional_id, header->sender, header->receiver, header->date, header->time, header->version);
		struct sent sent = sent_of(shower, gs);
		shown_until(shower, gs, &sent);
		shower->depth++;
		return;
	}
	object_open(shower, "group");
	if (!shower->terse) {
		property_put(shower, "control", slice_of(header->control));
		property_put(shower, "function", slice_of(header->functional_id));
		property_put(shower, "sender", slice_of(header->sender));
		property_put(shower, "receiver", slice_of(header->receiver));
		property_put(shower, "date", slice_of(header->date));
		property_put(shower, "time", slice_of(header->time));
		property_put(shower, "version", slice_of(header->version));
	}
	children_open(shower);
	segment_alone(shower, gs, 0);
}

void show_group_end(struct shower *shower, const struct segment *ge)
{
	trailer_put(shower, ge, "GE", 0);
	container_end(shower, "group");
}

void show_set(struct shower *shower, const struct set_header *header, const struct segment *st)
{
	between(shower, st->offset);
	container_open(shower, "set", header->id, "no guide for it", NULL);
	segment_alone(shower, st, 1);
}

void show_segment(struct shower *shower, const struct segment *segment, uint64_t position)
{
	segment_alone(shower, segment, position);
}

void show_set_end(struct shower *shower, const struct segment *se, uint64_t position)
{
	trailer_put(shower, se, "SE", position);
	container_end(shower, "set");
}

void show_event(struct shower *shower, const struct event *event)
{
	if (event->kind == EVENT_SEGMENT) { /* most of them */
		segment_put(shower, event);
		return;
	}
	const struct guide *guide = event->guide;
	const struct guide_node *node = event->node == GUIDE_NONE ? NULL : &guide->nodes[event->node];
	switch (event->kind) {
	case EVENT_SET_BEGIN:
		if (event->segment != NULL)
			between(shower, event->segment->offset);
		container_open(shower, "set", guide->set_id, guide->title, guide->name);
		shower->last_id = 0;
		return;
	case EVENT_LOOP_BEGIN:
		if (face_loop(shower, event))
			return;
		container_open(shower, "loop", guide_text(guide, node->id), guide_text(guide, node->name), NULL);
		return;
	case EVENT_LOOP_END:
		container_end(shower, "loop");
		return;
	case EVENT_SET_END:
		if (shower->last_id != ID_SE)
			missing_put(shower, "SE");
		shower->last_id = 0;
		container_end(shower, "set");
		return;
	case EVENT_NONE:
	case EVENT_SEGMENT:
		return;
	}
}
