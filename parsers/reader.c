/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * reader: bytes into segments.  This file keeps the window and finds where each segment
 * ends; envelope.c says what it means.
 *
 * The window holds what was fed and not used.  A segment is given as views into it, so
 * bytes move only in reader_feed.  Every decision waits until the bytes it needs are there
 * (or the input ended), never for how many happen to be: so chunks change nothing.
 *
 * Outside an interchange only an ISA is looked for.  Inside, segments follow one another;
 * line ends between them and inside them are taken out unless they are delimiters.  What is
 * longer than LIMIT_SEGMENT_BYTES is dropped up to its terminator, or up to a whole ISA if
 * one comes first: a file whose terminator is lost costs itself and not the one behind it.
 *
 * The scan runs ahead over what was fed (scan.c); reader->next is the first segment it found
 * that was not given.  In a set of an undisturbed file reader_batch gives many at a time with a
 * few steps for each; whatever is not ordinary goes through reader_next, which does it all.
 *
 * Holds at every return: start <= end <= LIMIT_READER_WINDOW_BYTES; inside an interchange and
 * unless bytes are dropped, the scan looked from window[start] or further, and of the segments
 * it found those from reader->next on end at or behind window[start].
 */
#include "parsers/parts.h"

#include <assert.h>

/* What was kept is moved in front of this place, so that bytes are always read to the same one. */
#define READER_FRONT_BYTES (LIMIT_SEGMENT_BYTES + 1024)
/* After an ISA little is scanned at first: the interchange may end there, and delimiters change. */
#define READER_FIRST_STRETCH 512

struct reader *reader_new(void)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	if (reader == NULL)
		return NULL;
	reader->window = calloc(1, LIMIT_READER_WINDOW_BYTES + SCAN_PADDING);
	reader->scan = scan_new();
	reader->set_controls = controls_new();
	reader->group_controls = controls_new();
	reader->held = READER_MORE;
	reader->start = reader->end = READER_FRONT_BYTES;
	reader->base = 0 - (uint64_t)READER_FRONT_BYTES;
	reader->line = 1;
	if (reader->window == NULL || reader->scan == NULL || reader->set_controls == NULL ||
	    reader->group_controls == NULL) {
		reader_free(reader);
		return NULL;
	}
	return reader;
}

void reader_free(struct reader *reader)
{
	if (reader == NULL)
		return;
	free(reader->window);
	free(reader->scan);
	controls_free(reader->set_controls);
	controls_free(reader->group_controls);
	free(reader);
}

uint64_t reader_dropped(const struct reader *reader)
{
	return reader->dropped;
}

/* ---- bytes come ------------------------------------------------------------------------------ */

/* Is nothing pending that holds views into the window? */
static bool quiet(const struct reader *reader)
{
	return reader->pending == PENDING_NONE && reader->queue_head == reader->queue_tail &&
	       reader->held == READER_MORE;
}

/* Move what was not consumed to the front, what the scan knows of it with it. */
static void make_room(struct reader *reader, size_t wanted)
{
	size_t held = reader->end - reader->start;
	bool fits = held <= READER_FRONT_BYTES && wanted <= LIMIT_READER_WINDOW_BYTES - READER_FRONT_BYTES;
	size_t to = fits ? READER_FRONT_BYTES - held : 0;
	if (reader->start <= to)
		return;
	if (reader->next == reader->scan->end_count) {
		scan_drop(reader->scan);
		reader->next = 0;
	}
	scan_shift(reader->scan, (uint32_t)reader->start, (uint32_t)to);
	memmove(reader->window + to, reader->window + reader->start, held);
	reader->base += reader->start - to;
	reader->start = to;
	reader->end = to + held;
}

char *reader_space(struct reader *reader, size_t wanted, size_t *room)
{
	if (quiet(reader) && LIMIT_READER_WINDOW_BYTES - reader->end < wanted)
		make_room(reader, wanted);
	*room = reader->ended ? 0 : LIMIT_READER_WINDOW_BYTES - reader->end;
	return reader->window + reader->end;
}

void reader_filled(struct reader *reader, size_t len)
{
	reader->end += len;
}

size_t reader_feed(struct reader *reader, const void *bytes, size_t len)
{
	size_t room;
	char *to = reader_space(reader, len, &room);
	size_t taken = len < room ? len : room;
	if (taken > 0)
		memcpy(to, bytes, taken);
	reader_filled(reader, taken);
	return taken;
}

void reader_end(struct reader *reader)
{
	reader->ended = true;
}

/* ---- lines ------------------------------------------------------------------------------------- */

/* Line ends among window[from … to). */
static void lines_pass(const struct reader *reader, size_t from, size_t to, uint64_t *line, uint64_t *line_offset)
{
	while (from < to) {
		const char *end = memchr(reader->window + from, '\n', to - from);
		if (end == NULL)
			return;
		from = (size_t)(end - reader->window) + 1;
		*line += 1;
		*line_offset = reader->base + from;
	}
}

/* Bytes of the window that belong to no segment. */
static void advance(struct reader *reader, size_t len)
{
	lines_pass(reader, reader->start, reader->start + len, &reader->line, &reader->line_offset);
	reader->start += len;
}

void reader_place(const struct reader *reader, struct place *place, uint64_t offset)
{
	uint64_t line = reader->line, line_offset = reader->line_offset;
	/* of a pending segment line ends were taken out where it lies: then only its first byte is asked for */
	if (reader->wrap_count == 0)
		lines_pass(reader, reader->start, (size_t)(offset - reader->base), &line, &line_offset);
	place->offset = offset;
	place->line = line;
	place->column = (uint32_t)(offset - line_offset + 1);
}

/* ---- the scan ------------------------------------------------------------------------------------ */

static bool blank(char c)
{
	return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

void reader_delimit(struct reader *reader)
{
	const struct delimiters *d = &reader->interchange.delimiters;
	scan_begin(reader->scan, d, (uint32_t)reader->start);
	reader->next = 0;
	reader->stretch = READER_FIRST_STRETCH;
	reader->simple = !blank(d->element) && !blank(d->segment) && !blank(d->component) && !blank(d->repetition);
}

/* Every segment found was given: look further.  False: there is nothing to look at. */
static bool scan_more(struct reader *reader)
{
	struct scan *scan = reader->scan;
	if (scan->seen == reader->end)
		return false;
	scan_drop(scan);
	reader->next = 0;
	size_t left = reader->end - scan->seen;
	scan_bytes(scan, reader->window, scan->seen + (uint32_t)(left < reader->stretch ? left : reader->stretch));
	if (reader->stretch < SCAN_STRETCH)
		reader->stretch *= 2;
	return true;
}

/* Look until the pending segment's end was found, or as far as a segment may reach, or all that is there. */
static bool scan_to_end(struct reader *reader)
{
	while (reader->next == reader->scan->end_count && reader->scan->seen - reader->start < LIMIT_SEGMENT_BYTES)
		if (!scan_more(reader))
			return false;
	return reader->next < reader->scan->end_count;
}

static uint32_t first_mark(const struct reader *reader)
{
	return reader->next == 0 ? 0 : (reader->scan->ends[reader->next - 1] & READER_RANK) + 1;
}

/* Bytes were passed without the scan: of what it found, leave what lies before window[start]. */
static void scan_follow(struct reader *reader)
{
	const struct scan *scan = reader->scan;
	while (reader->next < scan->end_count && scan->marks[scan->ends[reader->next] & READER_RANK] < reader->start)
		reader->next++;
	if (scan->seen < reader->start) {
		scan_restart(reader->scan, (uint32_t)reader->start);
		reader->next = 0;
	}
}

/* ---- the pending segment ------------------------------------------------------------ */

void reader_split(const struct reader *reader, struct segment *segment)
{
	/* a sender's segment may have more elements than there is room for */
	unsigned count = reader->separators < LIMIT_ELEMENTS ? reader->separators : LIMIT_ELEMENTS;
	segment->bytes = (struct slice){ reader->window + reader->start, reader->length };
	segment->offset = reader->base + reader->start;
	segment->element_count = (uint16_t)count;
	segment->delimiters = reader->interchange.delimiters;
	segment->base = reader->window;
	segment->ends = reader->ends;
	segment->id = (struct slice){ segment->bytes.ptr, reader->ends[0] - reader->start };
	segment->key = segment_key(segment->id);
	segment->line = reader->line;
	segment->line_offset = reader->line_offset;
	segment->has = reader->has & (SEGMENT_HAS_LINE_END - 1);
	/* a line end that was taken out may have stood beside a blank */
	segment->has |= (reader->has & SEGMENT_HAS_LINE_END) != 0 ? SEGMENT_HAS_EDGE_BLANK : 0;
	segment->wrap_count = reader->wrap_count;
	for (unsigned i = 0; i < reader->wrap_count; i++)
		segment->wraps[i] = reader->wraps[i];
}

void reader_consume(struct reader *reader)
{
	reader->start += reader->raw;
	reader->line = reader->next_line;
	reader->line_offset = reader->next_line_offset;
	reader->pending = PENDING_NONE;
	reader->raw = 0;
	reader->length = 0;
	reader->wrap_count = 0;
	if (reader->inside)
		scan_follow(reader);
}

static bool delimiter(const struct delimiters *delimiters, char c)
{
	return c == delimiters->segment || c == delimiters->element || c == delimiters->component ||
	       (c == delimiters->repetition && c != '\0');
}

/* Take line ends out of the segment, where it lies, and find its separators again. */
static void unwrap(struct reader *reader)
{
	const struct delimiters *delimiters = &reader->interchange.delimiters;
	char *bytes = reader->window + reader->start;
	size_t kept = 0;
	reader->wrap_count = 0;
	reader->separators = 0;
	reader->ends = reader->own_ends;
	for (size_t i = 0; i < reader->length; i++) {
		char c = bytes[i];
		if ((c == '\r' || c == '\n') && !delimiter(delimiters, c)) {
			if (reader->wrap_count < SEGMENT_WRAPS)
				reader->wraps[reader->wrap_count++] = (uint32_t)kept | (c == '\n' ? SEGMENT_WRAP_LINE : 0);
			continue;
		}
		if (c == delimiters->element) {
			if (reader->separators <= LIMIT_ELEMENTS)
				reader->own_ends[reader->separators] = (uint32_t)(reader->start + kept);
			reader->separators++;
		}
		bytes[kept++] = c;
	}
	if (reader->separators <= LIMIT_ELEMENTS)
		reader->own_ends[reader->separators] = (uint32_t)(reader->start + kept);
	reader->length = kept;
}

/* window[start …] holds something of `raw` bytes. */
static void pend(struct reader *reader, enum pending_kind pending, size_t raw)
{
	reader->pending = pending;
	reader->raw = raw;
	reader->end_offset = reader->base + reader->start + raw;
	reader->next_line = reader->line;
	reader->next_line_offset = reader->line_offset;
	lines_pass(reader, reader->start, reader->start + raw, &reader->next_line, &reader->next_line_offset);
}

/* ---- framing -------------------------------------------------------------------------- */

static size_t held_bytes(const struct reader *reader)
{
	return reader->end - reader->start;
}

static enum reader_answer wait_or_end(struct reader *reader)
{
	if (!reader->ended)
		return READER_MORE;
	pend(reader, PENDING_END, held_bytes(reader));
	return READER_SEGMENT;
}

/* Blanks, line ends, NUL and the old end-of-file mark may stand around interchanges. */
static bool padding(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0' || c == '\x1a';
}

static bool plain_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ';
}

/* Skip what may stand before an ISA.  False: the bytes at hand do not decide. */
static bool skip_padding(struct reader *reader)
{
	for (; reader->start < reader->end; advance(reader, 1)) {
		const char *at = reader->window + reader->start;
		if (padding(*at))
			continue;
		if (*at != '\xef')
			return true;
		size_t len = held_bytes(reader);
		if (memcmp(at, "\xef\xbb\xbf", len < 3 ? len : 3) != 0)
			return true;
		if (len < 3)
			return reader->ended;
		reader->start += 2; /* a byte order mark */
	}
	return true;
}

static void junk_tell(struct reader *reader, enum finding_code code)
{
	if (!reader->junk_told) {
		struct finding *finding = envelope_find(reader, code, reader->base + reader->start);
		finding->place = reader->junk_place;
		if (code == FINDING_NOT_X12)
			found_plain(finding, slice_of(looks_like((struct slice){ reader->junk_start, reader->junk_len })));
	}
	reader->junk_told = true;
}

/* Look for the next ISA.  READER_SEGMENT: something is pending or findings wait. */
static enum reader_answer frame_outside(struct reader *reader)
{
	if (!reader->junk && !skip_padding(reader))
		return READER_MORE;
	size_t len = held_bytes(reader), at = 0;
	const char *bytes = reader->window + reader->start;
	enum header_answer answer = HEADER_NO;
	if (!reader->junk && len > 0) {
		answer = header_at(&reader->header_bytes, bytes, len, reader->ended);
		if (answer == HEADER_NO)
			answer = header_short(&reader->header_bytes, bytes, len, reader->ended);
		if (answer == HEADER_NO) {
			reader->junk = true;
			reader->junk_told = false;
			reader->junk_len = 0;
			reader_place(reader, &reader->junk_place, reader->base + reader->start);
			if (len >= 3 && memcmp(bytes, "ISA", 3) == 0 && (len == 3 || !plain_byte(bytes[3])))
				junk_tell(reader, FINDING_ISA_UNREADABLE);
		}
	}
	if (reader->junk) {
		answer = header_search(&at, bytes, len, len, reader->ended);
		for (size_t i = 0; i < at && reader->junk_len < sizeof(reader->junk_start); i++)
			reader->junk_start[reader->junk_len++] = bytes[i];
		advance(reader, at);
	}
	if (answer == HEADER_YES) {
		if (reader->junk)
			(void)header_at(&reader->header_bytes, bytes + at, len - at, reader->ended);
		if (reader->junk)
			junk_tell(reader, FINDING_BETWEEN_INTERCHANGES);
		reader->junk = false;
		pend(reader, PENDING_HEADER, reader->header_bytes.raw);
		return READER_SEGMENT;
	}
	if (reader->queue_head != reader->queue_tail)
		return READER_SEGMENT;
	if (reader->ended && !reader->junk && reader->interchanges == 0) {
		reader->junk = true; /* nothing at all is no X12 either */
		reader->junk_len = 0;
		reader->junk_told = false;
		reader_place(reader, &reader->junk_place, reader->base + reader->start);
	}
	if (reader->ended && reader->junk)
		junk_tell(reader, reader->interchanges > 0 ? FINDING_BETWEEN_INTERCHANGES : FINDING_NOT_X12);
	return wait_or_end(reader);
}

/* Drop bytes of a segment that is too long, up to its terminator or to the next ISA. */
static bool skip_long(struct reader *reader)
{
	const char *bytes = reader->window + reader->start;
	size_t len = held_bytes(reader), at = 0;
	const char *stop = len > 0 ? memchr(bytes, reader->interchange.delimiters.segment, len) : NULL;
	size_t limit = stop != NULL ? (size_t)(stop - bytes) : len;
	enum header_answer answer = header_search(&at, bytes, limit, len, reader->ended);
	advance(reader, at);
	if (answer == HEADER_MORE)
		return false;
	if (answer == HEADER_NO && stop == NULL)
		return false;
	if (answer == HEADER_NO)
		advance(reader, 1); /* the terminator */
	reader->skipping = false;
	scan_restart(reader->scan, (uint32_t)reader->start);
	reader->next = 0;
	return true;
}

static void too_long(struct reader *reader)
{
	const char *bytes = reader->window + reader->start;
	uint64_t offset = reader->base + reader->start;
	const struct scan *scan = reader->scan;
	uint32_t mark = first_mark(reader);
	size_t id_len = mark < scan->mark_count ? scan->marks[mark] - reader->start : 0;
	unsigned separators = 0; /* of the bytes that a segment may have */
	while (mark < scan->mark_count && scan->marks[mark++] - reader->start < LIMIT_SEGMENT_BYTES)
		separators++;
	struct slice id = { bytes, id_len < 4 ? id_len : 0 };
	char expected[40];
	(void)snprintf(expected, sizeof(expected), "at most %d bytes", LIMIT_SEGMENT_BYTES);
	reader->skipping = true;
	scan_restart(reader->scan, (uint32_t)reader->start);
	reader->next = 0;
	if (!reader->in_set) {
		reader->dropped++;
		reader->stray_told = false;
		envelope_stray(reader, offset, id, expected);
	} else {
		reader->segments++;
		struct finding *finding = envelope_find(reader, FINDING_SEGMENT_TOO_LONG, offset);
		finding->place.element = (uint16_t)(separators > 0 ? separators : 1);
		slice_copy(finding->segment_id, sizeof(finding->segment_id), id);
		slice_copy(finding->expected, sizeof(finding->expected), slice_of(expected));
	}
}

/* Is there a whole ISA inside the segment?  A file that was cut off and another behind it look so. */
static enum header_answer hidden_header(struct reader *reader, size_t *at)
{
	size_t length = reader->length;
	if (length <= HIDDEN_HEADER_BYTES && reader->separators < HIDDEN_HEADER_ELEMENTS)
		return HEADER_NO;
	size_t found = 0;
	const char *bytes = reader->window + reader->start + 1;
	enum header_answer answer = header_search(&found, bytes, length - 1, held_bytes(reader) - 1, reader->ended);
	*at = found + 1;
	return answer;
}

/* Blanks and line ends before a segment, unless they separate; of terminators only those that look empty. */
static void skip_blanks(struct reader *reader)
{
	const struct delimiters *delimiters = &reader->interchange.delimiters;
	size_t from = reader->start;
	for (; reader->start < reader->end; advance(reader, 1)) {
		char c = reader->window[reader->start];
		if (!blank(c) || (delimiter(delimiters, c) && (c != delimiters->segment || c == ' ')))
			break;
	}
	if (reader->start != from)
		scan_follow(reader);
}

/* The segment at window[start], whose end the scan found or which the input's end cuts off. */
static void measure(struct reader *reader, bool found)
{
	const struct scan *scan = reader->scan;
	uint32_t from = first_mark(reader), to = scan->mark_count;
	reader->has = UINT8_MAX;
	reader->length = held_bytes(reader);
	if (found) {
		uint32_t end = scan->ends[reader->next];
		to = end & READER_RANK;
		reader->has = (uint8_t)(end >> READER_RANK_BITS);
		reader->length = scan->marks[to] - reader->start;
	}
	reader->ends = scan->marks + from;
	reader->separators = to - from;
	reader->wrap_count = 0;
}

/* READER_SEGMENT: something is pending or findings wait. */
static enum reader_answer frame_inside(struct reader *reader)
{
	if (reader->skipping && !skip_long(reader))
		return wait_or_end(reader);
	skip_blanks(reader);
	const char *bytes = reader->window + reader->start;
	size_t len = held_bytes(reader), at = 0;
	if (len == 0)
		return wait_or_end(reader);
	enum header_answer answer = bytes[0] == 'I' ? header_at(&reader->header_bytes, bytes, len, reader->ended)
		: HEADER_NO;
	if (answer == HEADER_MORE)
		return READER_MORE;
	if (answer == HEADER_YES) {
		pend(reader, PENDING_HEADER, reader->header_bytes.raw);
		return READER_SEGMENT;
	}
	bool found = scan_to_end(reader);
	if (!found && len < LIMIT_SEGMENT_BYTES && !reader->ended)
		return READER_MORE;
	measure(reader, found);
	if (reader->length >= LIMIT_SEGMENT_BYTES) {
		too_long(reader);
		return READER_SEGMENT;
	}
	answer = hidden_header(reader, &at);
	if (answer == HEADER_MORE)
		return READER_MORE;
	bool hides = answer == HEADER_YES;
	if (hides)
		reader->length = at;
	pend(reader, PENDING_SEGMENT, reader->length + (found && !hides ? 1 : 0));
	if (hides || !found || (reader->has & SEGMENT_HAS_LINE_END) != 0)
		unwrap(reader);
	return READER_SEGMENT;
}

enum reader_answer reader_next(struct reader *reader, struct reader_item *item)
{
	for (;;) {
		enum reader_answer answer = envelope_queued(reader, item);
		if (answer != READER_MORE)
			return answer;
		if (reader->closed)
			return item->answer = READER_END;
		if (reader->pending == PENDING_NONE) {
			answer = reader->inside ? frame_inside(reader) : frame_outside(reader);
			if (answer == READER_MORE)
				return item->answer = READER_MORE;
			if (reader->pending == PENDING_NONE)
				continue; /* findings wait */
			if (reader->queue_head != reader->queue_tail)
				continue;
		}
		answer = envelope_step(reader, item);
		if (answer != READER_MORE)
			return answer;
	}
}

/* ---- many at a time --------------------------------------------------------------------------- */

/* Bytes between a terminator and the next segment in an undisturbed file: none, LF, or CR LF. */
static unsigned gap_at(const char *at)
{
	return at[0] == '\n' ? 1 : at[0] == '\r' && at[1] == '\n' ? 2 : 0;
}

size_t reader_batch(struct reader *reader, struct reader_batch *batch)
{
	const struct scan *scan = reader->scan;
	if (!reader->in_set || !reader->simple || reader->skipping || !quiet(reader))
		return 0;
	if (reader->next == scan->end_count && !scan_more(reader))
		return 0;
	uint32_t first = reader->next;
	uint32_t most = scan->end_count - first < READER_BATCH ? scan->end_count : first + READER_BATCH;
	struct cutting cutting = { first, first_mark(reader), (uint32_t)reader->start };
	/* the gap before the first may have been passed already */
	unsigned first_gap = gap_at(reader->window + cutting.from), gap = first_gap;
	*batch = (struct reader_batch){ .keys = reader->keys, .ends = scan->ends + first, .marks = scan->marks,
		.base = reader->window, .mark = cutting.mark, .start = cutting.from + first_gap, .offset = reader->base,
		.position = reader->segments + 1, .line = reader->line + (first_gap > 0), .line_offset = reader->line_offset,
		.delimiters = reader->interchange.delimiters };
	if (first_gap > 0)
		batch->line_offset = batch->offset + batch->start;
	cut_segments(scan, reader->window, &cutting, first < most ? first + 1 : most, reader->keys, first_gap);
	if (cutting.next == first)
		return 0;
	if (cutting.next < most) {
		gap = gap_at(reader->window + cutting.from);
		cut_segments(scan, reader->window, &cutting, most, reader->keys + 1, gap);
	}
	size_t count = cutting.next - first;
	batch->gap = gap;
	/* of window[start], which lies behind the last and before the gap that follows it */
	reader->line = batch->line + (gap > 0 ? count - 1 : 0);
	reader->line_offset = batch->line_offset;
	if (gap > 0 && count > 1)
		reader->line_offset = reader->base + scan->marks[scan->ends[cutting.next - 2] & READER_RANK] + 1 + gap;
	reader->segments += count;
	reader->next = cutting.next;
	reader->start = cutting.from;
	return count;
}

/* ---- elsewhere --------------------------------------------------------------------------------- */

void reader_jump(struct reader *reader, const struct reader_spot *spot)
{
	assert(quiet(reader) && reader->in_set);
	reader->start = reader->end = READER_FRONT_BYTES;
	reader->base = spot->offset - READER_FRONT_BYTES;
	reader->line = spot->line;
	reader->line_offset = spot->line_offset;
	reader->segments = spot->position - 1;
	reader->ended = false;
	scan_restart(reader->scan, (uint32_t)reader->start);
	reader->next = 0;
}

void reader_inside(struct reader *reader, const struct interchange_header *interchange, const struct reader_spot *spot)
{
	reader->pending = PENDING_NONE;
	reader->queue_head = reader->queue_tail = 0;
	reader->held = READER_MORE;
	reader->raw = reader->length = 0;
	reader->wrap_count = 0;
	reader->skipping = reader->junk = reader->closed = false;
	reader->inside = reader->in_group = reader->in_set = true;
	reader->interchange = *interchange;
	reader_jump(reader, spot);
	reader_delimit(reader);
	reader->stretch = SCAN_STRETCH;
}
