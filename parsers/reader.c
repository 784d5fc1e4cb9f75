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
 * Holds at every return: start <= end <= LIMIT_READER_WINDOW_BYTES.
 */
#include "parsers/parts.h"

/* A segment shorter than this that has few elements cannot hide a whole ISA. */
#define HIDDEN_HEADER_BYTES 512
#define HIDDEN_HEADER_ELEMENTS 16

struct reader *reader_new(void)
{
	struct reader *reader = calloc(1, sizeof(*reader));
	if (reader == NULL)
		return NULL;
	reader->window = calloc(1, LIMIT_READER_WINDOW_BYTES + SCAN_PADDING);
	reader->set_controls = controls_new();
	reader->group_controls = controls_new();
	reader->held = READER_MORE;
	if (reader->window == NULL || reader->set_controls == NULL || reader->group_controls == NULL) {
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
	controls_free(reader->set_controls);
	controls_free(reader->group_controls);
	free(reader);
}

uint64_t reader_skipped(const struct reader *reader)
{
	return reader->skipped;
}

uint64_t reader_dropped(const struct reader *reader)
{
	return reader->dropped;
}

size_t reader_feed(struct reader *reader, const void *bytes, size_t len)
{
	if (reader->ended)
		return 0;
	bool quiet = reader->pending == PENDING_NONE && reader->queue_head == reader->queue_tail;
	if (quiet && reader->start > 0 && LIMIT_READER_WINDOW_BYTES - reader->end < len) {
		memmove(reader->window, reader->window + reader->start, reader->end - reader->start);
		reader->base += reader->start;
		reader->end -= reader->start;
		reader->start = 0;
	}
	size_t room = LIMIT_READER_WINDOW_BYTES - reader->end;
	size_t taken = len < room ? len : room;
	if (taken > 0)
		memcpy(reader->window + reader->end, bytes, taken);
	reader->end += taken;
	return taken;
}

void reader_end(struct reader *reader)
{
	reader->ended = true;
}

/* ---- the pending segment ------------------------------------------------------------ */

void reader_split(struct reader *reader, struct segment *segment)
{
	struct scan *scan = &reader->scan;
	const char *bytes = reader->window + reader->start;
	/* a sender's segment may have more elements than there is room for */
	unsigned count = scan->count < LIMIT_ELEMENTS ? scan->count : LIMIT_ELEMENTS;
	if (count == scan->count)
		scan->marks[count] = (uint32_t)reader->length;
	segment->bytes = (struct slice){ bytes, reader->length };
	segment->offset = reader->base + reader->start;
	segment->line = 0; /* lines are not counted yet */
	segment->element_count = (uint16_t)count;
	segment->delimiters = reader->interchange.delimiters;
	segment->base = bytes;
	segment->ends = scan->marks;
	segment->id = (struct slice){ bytes, scan->marks[0] };
	segment->wrap_count = reader->wrap_count;
	for (unsigned i = 0; i < reader->wrap_count; i++)
		segment->wraps[i] = reader->wraps[i];
}

void reader_consume(struct reader *reader)
{
	reader->start += reader->raw;
	reader->pending = PENDING_NONE;
	reader->raw = 0;
	reader->length = 0;
	reader->wrap_count = 0;
	scan_begin(&reader->scan, &reader->interchange.delimiters);
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
	for (size_t i = 0; i < reader->length; i++) {
		if ((bytes[i] == '\r' || bytes[i] == '\n') && !delimiter(delimiters, bytes[i])) {
			if (reader->wrap_count < SEGMENT_WRAPS)
				reader->wraps[reader->wrap_count++] = (uint32_t)kept;
			continue;
		}
		bytes[kept++] = bytes[i];
	}
	reader->length = kept;
	scan_begin(&reader->scan, delimiters);
	(void)scan_segment(&reader->scan, bytes, kept);
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
	reader->pending = PENDING_END;
	reader->raw = held_bytes(reader);
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
	for (; reader->start < reader->end; reader->start++, reader->skipped++) {
		const char *at = reader->window + reader->start;
		if (reader->line_end_free && (*at == '\r' || *at == '\n')) {
			reader->line_end_free = *at == '\r';
			reader->skipped--;
			continue;
		}
		reader->line_end_free = false;
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
		reader->skipped += 2;
	}
	return true;
}

static void junk_tell(struct reader *reader, enum finding_code code)
{
	if (!reader->junk_told)
		(void)envelope_find(reader, code, reader->junk_offset);
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
			reader->junk_offset = reader->base + reader->start;
			if (len >= 3 && memcmp(bytes, "ISA", 3) == 0 && (len == 3 || !plain_byte(bytes[3])))
				junk_tell(reader, FINDING_ISA_UNREADABLE);
		}
	}
	if (reader->junk) {
		answer = header_search(&at, bytes, len, len, reader->ended);
		reader->start += at;
		reader->skipped += at;
	}
	if (answer == HEADER_YES) {
		if (reader->junk)
			(void)header_at(&reader->header_bytes, bytes + at, len - at, reader->ended);
		if (reader->junk)
			junk_tell(reader, FINDING_BETWEEN_INTERCHANGES);
		reader->junk = false;
		reader->pending = PENDING_HEADER;
		reader->raw = reader->header_bytes.raw;
		reader->end_offset = reader->base + reader->start + reader->raw;
		return READER_SEGMENT;
	}
	if (reader->queue_head != reader->queue_tail)
		return READER_SEGMENT;
	if (reader->ended && !reader->junk && reader->interchanges == 0) {
		reader->junk = true; /* nothing at all is no X12 either */
		reader->junk_told = false;
		reader->junk_offset = reader->base + reader->start;
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
	reader->start += at;
	if (answer == HEADER_MORE)
		return false;
	if (answer == HEADER_NO && stop == NULL)
		return false;
	if (answer == HEADER_NO)
		reader->start += 1; /* the terminator */
	reader->skipping = false;
	return true;
}

static void too_long(struct reader *reader)
{
	const char *bytes = reader->window + reader->start;
	uint64_t offset = reader->base + reader->start;
	size_t id_len = reader->scan.count > 0 ? reader->scan.marks[0] : 0;
	struct slice id = { bytes, id_len < 4 ? id_len : 0 };
	char expected[40];
	(void)snprintf(expected, sizeof(expected), "at most %d bytes", LIMIT_SEGMENT_BYTES);
	reader->skipping = true;
	if (!reader->in_set) {
		reader->dropped++;
		reader->stray_told = false;
		envelope_stray(reader, offset, id, expected);
	} else {
		reader->segments++;
		reader->dropped++;
		struct finding *finding = envelope_find(reader, FINDING_SEGMENT_TOO_LONG, offset);
		finding->place.element = (uint16_t)(reader->scan.count > 0 ? reader->scan.count : 1);
		slice_copy(finding->segment_id, sizeof(finding->segment_id), id);
		slice_copy(finding->expected, sizeof(finding->expected), slice_of(expected));
	}
	scan_begin(&reader->scan, &reader->interchange.delimiters);
}

/* Is there a whole ISA inside the segment?  A file that was cut off and another behind it look so. */
static enum header_answer hidden_header(struct reader *reader, size_t *at)
{
	size_t length = reader->scan.seen;
	if (length <= HIDDEN_HEADER_BYTES && reader->scan.count < HIDDEN_HEADER_ELEMENTS)
		return HEADER_NO;
	size_t found = 0;
	const char *bytes = reader->window + reader->start + 1;
	enum header_answer answer = header_search(&found, bytes, length - 1, held_bytes(reader) - 1, reader->ended);
	*at = found + 1;
	return answer;
}

/* READER_SEGMENT: something is pending or findings wait. */
static enum reader_answer frame_inside(struct reader *reader)
{
	const struct delimiters *delimiters = &reader->interchange.delimiters;
	if (reader->skipping && !skip_long(reader))
		return wait_or_end(reader);
	if (reader->scan.seen == 0)
		for (; reader->start < reader->end; reader->start++) {
			char c = reader->window[reader->start];
			bool blank = c == '\n' || c == '\r' || c == ' ' || c == '\t';
			if (!blank || (delimiter(delimiters, c) && (c != delimiters->segment || c == ' ')))
				break;
		}
	const char *bytes = reader->window + reader->start;
	size_t len = held_bytes(reader), at = 0;
	if (len == 0)
		return wait_or_end(reader);
	enum header_answer answer = bytes[0] == 'I' ? header_at(&reader->header_bytes, bytes, len, reader->ended)
		: HEADER_NO;
	if (answer == HEADER_MORE)
		return READER_MORE;
	if (answer == HEADER_YES) {
		reader->pending = PENDING_HEADER;
		reader->raw = reader->header_bytes.raw;
		reader->end_offset = reader->base + reader->start + reader->raw;
		return READER_SEGMENT;
	}
	size_t reach = len < LIMIT_SEGMENT_BYTES ? len : LIMIT_SEGMENT_BYTES;
	bool found = scan_segment(&reader->scan, bytes, reach);
	if (!found && reach == LIMIT_SEGMENT_BYTES) {
		too_long(reader);
		return READER_SEGMENT;
	}
	if (!found && !reader->ended)
		return READER_MORE;
	answer = hidden_header(reader, &at);
	if (answer == HEADER_MORE)
		return READER_MORE;
	reader->pending = PENDING_SEGMENT;
	reader->length = answer == HEADER_YES ? at : reader->scan.seen;
	reader->raw = reader->length + (found && answer != HEADER_YES);
	reader->end_offset = reader->base + reader->start + reader->raw;
	if (reader->scan.wrapped || answer == HEADER_YES)
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
