/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * segment: where a byte of a segment stands in the input, and parts of an element
 * (components or repetitions, by the separator that the interchange chose).
 */
#include "records/records.h"

uint64_t segment_offset(const struct segment *segment, const char *at)
{
	if (at == NULL || at < segment->bytes.ptr || at > segment->bytes.ptr + segment->bytes.len)
		return segment->offset;
	size_t inside = (size_t)(at - segment->bytes.ptr);
	unsigned wraps = 0;
	while (wraps < segment->wrap_count && segment->wraps[wraps] <= inside)
		wraps++;
	return segment->offset + inside + wraps;
}

void segment_place(struct place *place, const struct segment *segment, const char *at)
{
	place->offset = segment_offset(segment, at);
	place->line = segment->line;
	place->column = segment->line == 0 ? 0 : (uint32_t)(place->offset - segment->line_offset + 1);
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
