/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show_x12: segments written back as they were read, each with its terminator and the same
 * line end behind it.
 */
#include "generators/generators.h"

void segment_put_x12(struct buffer *out, const struct segment *segment, const struct line_end *end)
{
	size_t len = segment->bytes.len;
	char *to = buffer_reserve(out, len + 1 + sizeof(end->bytes));
	if (to == NULL)
		return;
	memcpy(to, segment->bytes.ptr, len);
	to[len] = segment->delimiters.segment;
	memcpy(to + len + 1, end->bytes, sizeof(end->bytes));
	out->len += len + 1 + end->len;
}
