/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * segment: where a byte of a segment stands in the input, and parts of an element
 * (components or repetitions, by the separator that the interchange chose).
 */
#include "records/records.h"

/* The line ends that were taken out before the byte `inside`; the last that began a line in *line_wrap, its count in *lines. */
static unsigned wraps_before(const struct segment *segment, size_t inside, unsigned *lines, unsigned *line_wrap)
{
	unsigned wraps = 0;
	for (; wraps < segment->wrap_count && (segment->wraps[wraps] & ~SEGMENT_WRAP_LINE) <= inside; wraps++)
		if ((segment->wraps[wraps] & SEGMENT_WRAP_LINE) != 0) {
			*lines += 1;
			*line_wrap = wraps;
		}
	return wraps;
}

static bool within(const struct segment *segment, const char *at)
{
	return at != NULL && at >= segment->bytes.ptr && at <= segment->bytes.ptr + segment->bytes.len;
}

uint64_t segment_offset(const struct segment *segment, const char *at)
{
	if (!within(segment, at))
		return segment->offset;
	unsigned lines = 0, line_wrap = 0;
	size_t inside = (size_t)(at - segment->bytes.ptr);
	return segment->offset + inside + wraps_before(segment, inside, &lines, &line_wrap);
}

void segment_place(struct place *place, const struct segment *segment, const char *at)
{
	place->offset = segment_offset(segment, at);
	place->line = segment->line;
	place->column = 0;
	if (segment->line == 0)
		return;
	uint64_t begin = segment->line_offset;
	if (within(segment, at)) {
		unsigned lines = 0, line_wrap = 0;
		size_t inside = (size_t)(at - segment->bytes.ptr);
		(void)wraps_before(segment, inside, &lines, &line_wrap);
		if (lines > 0)
			begin = segment->offset + (segment->wraps[line_wrap] & ~SEGMENT_WRAP_LINE) + line_wrap + 1;
		/* a LF that is a delimiter ends a line and stays where it is; then no other is taken out */
		for (size_t i = 0; i < inside; i++)
			if (segment->bytes.ptr[i] == '\n') {
				lines++;
				begin = segment_offset(segment, segment->bytes.ptr + i) + 1;
			}
		place->line += lines;
	}
	place->column = (uint32_t)(place->offset - begin + 1);
}

bool slice_part(struct slice *out, struct slice whole, char separator, unsigned n)
{
	size_t from = 0;
	for (;;) {
		const char *end = from == whole.len ? NULL : memchr(whole.ptr + from, separator, whole.len - from);
		size_t to = end == NULL ? whole.len : (size_t)(end - whole.ptr);
		if (n == 0) {
			*out = whole.len == 0 ? SLICE_NONE : (struct slice){ whole.ptr + from, to - from };
			return true;
		}
		if (end == NULL)
			return false;
		from = to + 1;
		n--;
	}
}

size_t slice_parts(struct slice whole, char separator)
{
	size_t parts = 1;
	for (size_t i = 0; i < whole.len; i++)
		parts += whole.ptr[i] == separator ? 1 : 0;
	return parts;
}
