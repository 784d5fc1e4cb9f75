/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show_terse: plain segments in terse JSON, fast: {"id":"REF","parts":["0F","X1"]}.
 *
 * Of a plain segment (face_plain) nothing changes but the separators: values are copied in
 * blocks, so that how long each is decides nothing the processor would have to guess.
 *
 * Holds: what is put is byte for byte what elements_put writes (test_show holds the two
 * together); a copy reads at most BLOCK_BYTES past the segment, which are the trail's, and
 * writes as many past its end, which were reserved.
 */
#include "generators/show.h"

#define BLOCK_BYTES 16

#define OPEN ",\n{\"id\":\""
#define PARTS "\",\"parts\":["
#define BETWEEN "\",\""
#define CLOSE "]}"
#define HIDDEN "{\"hidden\":true},"

static inline char *put(char *out, const char *text, size_t len)
{
	memcpy(out, text, len);
	return out + len;
}

static inline char *value_copy(char *out, const char *from, size_t len)
{
	memcpy(out, from, BLOCK_BYTES);
	for (size_t i = BLOCK_BYTES; i < len; i += BLOCK_BYTES)
		memcpy(out + i, from + i, BLOCK_BYTES);
	return out + len;
}

/* The face that was made and used last mostly is the one that is asked for. */
static inline const struct face_node *face_at_hand(struct shower *shower, const struct event *event)
{
	const struct face *face = shower->face;
	if (face != NULL && face->guide == event->guide && face->guide_nodes == event->guide->nodes) {
		const struct face_node *node = &face->nodes[event->node];
		if (node->open_len > 0 && node->depth == shower->depth)
			return node;
	}
	return face_of_segment(shower, event);
}

/* All are told: each value, a separator behind it. */
static char *values_copy(char *out, const char *bytes, const struct segment *segment)
{
	unsigned count = segment->element_count;
	uint32_t from = segment->ends[0] + 1;
	out = put(out, "\"", 1);
	for (unsigned n = 1; n <= count; n++) {
		uint32_t end = segment->ends[n];
		out = value_copy(out, bytes + from, end - from);
		out = put(out, BETWEEN, sizeof(BETWEEN) - 1);
		from = end + 1;
	}
	return out - 2; /* ," */
}

/* Those that may be personal are not. */
static char *values_hide(char *out, const char *bytes, const struct segment *segment, const struct face_node *node)
{
	unsigned count = segment->element_count;
	uint32_t from = segment->ends[0] + 1;
	for (unsigned n = 1; n <= count; n++) {
		uint32_t end = segment->ends[n];
		if (end > from && node->elements[n - 1].personal) {
			out = put(out, HIDDEN, sizeof(HIDDEN) - 1);
		} else {
			out = put(out, "\"", 1);
			out = value_copy(out, bytes + from, end - from);
			out = put(out, "\",", 2);
		}
		from = end + 1;
	}
	return out - 1;
}

bool terse_segment(struct shower *shower, const struct event *event)
{
	const struct segment *segment = event->segment;
	unsigned count = segment->element_count;
	if (shower->format != SHOW_JSON || event->guide == NULL || event->node == GUIDE_NONE || count == 0 ||
		shower->trail.len == 0 || segment->base + segment->ends[count] != segment->bytes.ptr + segment->bytes.len ||
		!face_plain(segment, SHOW_JSON))
		return false;
	const struct face_node *node = NULL;
	if (!shower->show_values) {
		node = face_at_hand(shower, event);
		if (node == NULL || count > node->element_count)
			return false;
		if (node->entity && !personal_segment(segment))
			node = NULL;
	}
	size_t most = sizeof(OPEN) + sizeof(PARTS) + segment->bytes.len + count * sizeof(HIDDEN) + sizeof(CLOSE) + 2 * BLOCK_BYTES;
	char *begin = buffer_reserve(shower->out, most);
	if (begin == NULL)
		return false;
	/* the same bytes lie in the trail, which is ours to read past; elements begin at `base`, as does the segment */
	const char *bytes = shower->trail.ptr + (segment->offset - shower->trail_offset) - (segment->bytes.ptr - segment->base);
	char *out = begin;
	out = shower->comma ? put(out, OPEN, sizeof(OPEN) - 1) : put(out, &OPEN[1], sizeof(OPEN) - 2);
	memcpy(out, segment->id.ptr, segment->id.len);
	out = put(out + segment->id.len, PARTS, sizeof(PARTS) - 1);
	out = node == NULL ? values_copy(out, bytes, segment) : values_hide(out, bytes, segment, node);
	out = put(out, CLOSE, sizeof(CLOSE) - 1);
	shower->out->len += (size_t)(out - begin);
	shower->comma = true;
	return true;
}
