/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show_face: plain segments in JSON and XML, fast.
 *
 * All of an element's line but its value is the same whenever the guide's element comes:
 * it is made once, by the very functions that show any other segment, and copied from then
 * on.  So is the end of the line that a code's label makes.  What is not plain goes the
 * long way: bytes that must be escaped, repetitions and components, empty elements at the
 * end, elements past the guide's.
 *
 * Copies go in blocks, so that how long a text is decides nothing the processor would have to
 * guess: at least OPEN_BYTES or CLOSE_BYTES of a face, at least VALUE_BYTES of a value.
 *
 * Holds: a face's line is byte for byte what elements_put writes (test_show holds the two
 * together); a copy reads at most COPY_SLACK bytes past a face's text, which are its own, or
 * past a value in the trail, and writes as many past its end, which were reserved.
 */
#include "generators/show.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define BLOCK_BYTES 32
#define OPEN_BYTES 96
#define CLOSE_BYTES 64
#define VALUE_BYTES 16
#define COPY_SLACK (OPEN_BYTES + BLOCK_BYTES)
#define LABEL_CLOSE_BYTES 320 /* a longer end of a line is made anew each time */

/* ---- making ---- */

static const char *kept(struct face *face, struct slice text)
{
	char *copy = arena_alloc(&face->arena, text.len + COPY_SLACK);
	if (copy != NULL && text.len > 0)
		memcpy(copy, text.ptr, text.len);
	return copy;
}

/* What one of the functions of show_value.c writes, kept.  `shower` writes into its scratch meanwhile. */
static bool element_make(struct shower *shower, struct face *face, struct face_element *element, struct value *value)
{
	struct buffer *scratch = shower->out;
	buffer_reset(scratch);
	shower->comma = true;
	value->hidden = false;
	value_open(shower, value);
	element->open = kept(face, buffer_view(scratch));
	element->open_len = (uint16_t)scratch->len;
	bool fits = scratch->len < UINT16_MAX;
	buffer_reset(scratch);
	value_close(shower, value, NULL);
	element->close = kept(face, buffer_view(scratch));
	element->close_len = (uint16_t)scratch->len;
	buffer_reset(scratch);
	shower->comma = true;
	value->hidden = true;
	value_put(shower, value);
	element->hidden = kept(face, buffer_view(scratch));
	element->hidden_len = (uint16_t)scratch->len;
	return fits && scratch->len < UINT16_MAX && !scratch->failed && element->open != NULL && element->close != NULL &&
	       element->hidden != NULL;
}

/* Room for twice the codes of the guide's list: those that come are put there as they come. */
static void labels_make(struct face *face, struct face_element *element, const struct guide_element *rule)
{
	size_t codes = rule->codes == GUIDE_NONE ? 8 : face->guide->code_lists[rule->codes].count, size = 4;
	while (size < 2 * codes && size < 1024)
		size *= 2;
	element->labels = arena_alloc(&face->arena, size * sizeof(*element->labels));
	if (element->labels != NULL)
		element->label_mask = (uint16_t)(size - 1);
}

static bool node_make(struct shower *shower, struct face *face, uint16_t at)
{
	const struct guide *guide = face->guide;
	const struct guide_node *node = &guide->nodes[at];
	struct face_node *made = &face->nodes[at];
	const char *id = guide_text(guide, node->id);
	struct buffer *scratch = shower->out;
	made->depth = shower->depth;
	made->entity = strcmp(id, "NM1") == 0 || strcmp(id, "N1") == 0;
	made->element_count = node->element_count;
	buffer_reset(scratch);
	shower->comma = true;
	object_open(shower, "segment");
	property_put(shower, "id", slice_of(id));
	property_put(shower, "name", slice_of(guide_text(guide, node->name)));
	buffer_text(scratch, shower->format == SHOW_JSON ? ",\"position\":" : " position=\"");
	made->open = kept(face, buffer_view(scratch));
	made->open_len = scratch->len;
	made->room = scratch->len + 128 + 4 * COPY_SLACK + 2 * (size_t)made->depth;
	struct face_element *elements = arena_alloc(&face->arena, (size_t)(node->element_count + 1U) * sizeof(*elements));
	if (made->open == NULL || elements == NULL)
		return false;
	shower->depth++;
	bool fine = true;
	for (unsigned n = 0; n < node->element_count && fine; n++) {
		const struct guide_element *rule = &guide->elements[node->first_element + n];
		struct value value = { .repetition = 0 };
		bool composite = rule->type == TYPE_COMPOSITE;
		guide_designator(value.designator, id, n + 1, composite ? 1 : 0);
		if (composite)
			rule = rule->component_count == 0 ? NULL : &guide->elements[rule->first_component];
		value.name = rule == NULL ? NULL : guide_text(guide, rule->name);
		fine = element_make(shower, face, &elements[n], &value);
		elements[n].number = rule == NULL ? 0 : rule->number;
		elements[n].personal = rule == NULL || personal_element(rule->number, slice_of(id));
		if (rule != NULL && rule->type == TYPE_ID)
			labels_make(face, &elements[n], rule);
		made->room += elements[n].open_len + elements[n].close_len + (size_t)elements[n].hidden_len +
			      LABEL_CLOSE_BYTES + COPY_SLACK;
	}
	shower->depth--;
	made->elements = fine ? elements : NULL;
	return fine;
}

/* A loop's opening line. */
static bool loop_make(struct shower *shower, struct face *face, uint16_t at)
{
	const struct guide_node *node = &face->guide->nodes[at];
	struct face_node *made = &face->nodes[at];
	unsigned depth = shower->depth;
	made->depth = depth;
	buffer_reset(shower->out);
	shower->comma = true;
	container_open(shower, "loop", guide_text(face->guide, node->id), guide_text(face->guide, node->name), NULL);
	shower->depth = depth;
	made->open = kept(face, buffer_view(shower->out));
	made->open_len = shower->out->len;
	return made->open != NULL && !shower->out->failed;
}

static struct face *face_of(struct shower *shower, const struct guide *guide)
{
	for (unsigned i = 0; i < shower->face_count; i++)
		if (shower->faces[i]->guide == guide && shower->faces[i]->guide_nodes == guide->nodes)
			return shower->faces[i];
	struct face *face = calloc(1, sizeof(*face));
	if (face == NULL)
		return NULL;
	arena_init(&face->arena, 0);
	face->guide = guide;
	face->guide_nodes = guide->nodes;
	face->nodes = arena_alloc(&face->arena, guide->node_count * sizeof(*face->nodes));
	if (face->nodes == NULL) {
		arena_done(&face->arena);
		free(face);
		return NULL;
	}
	if (shower->face_count < SHOW_GUIDES) {
		shower->faces[shower->face_count++] = face;
		return face;
	}
	struct face **oldest = &shower->faces[shower->face_oldest];
	shower->face_oldest = (shower->face_oldest + 1) % SHOW_GUIDES;
	arena_done(&(*oldest)->arena);
	free(*oldest);
	return *oldest = face;
}

void faces_free(struct shower *shower)
{
	for (unsigned i = 0; i < shower->face_count; i++) {
		arena_done(&shower->faces[i]->arena);
		free(shower->faces[i]);
	}
	shower->face_count = 0;
}

/* The face of a node at this depth; NULL: none can be had. */
static struct face_node *node_of(struct shower *shower, struct face *face, uint16_t at)
{
	struct face_node *node = &face->nodes[at];
	if (node->open_len == 0) {
		struct buffer *out = shower->out;
		bool comma = shower->comma;
		shower->out = &shower->scratch;
		bool loop = face->guide->nodes[at].kind == NODE_LOOP;
		bool made = loop ? loop_make(shower, face, at) : node_make(shower, face, at);
		shower->out = out;
		shower->comma = comma;
		if (!made) {
			node->open_len = 0;
			return NULL;
		}
	}
	return node->depth == shower->depth ? node : NULL;
}

/* ---- is it plain? ---- */

static bool plain_bytes(const char *at, size_t len, enum show_format format)
{
	for (size_t i = 0; i < len; i++) {
		char c = at[i];
		if (c == '"' || (format == SHOW_JSON ? c == '\\' : c == '<' || c == '>' || c == '&'))
			return false;
	}
	return true;
}

#if defined(__SSE2__)
static inline __m128i marks_in(const char *at, bool json)
{
	__m128i block = _mm_loadu_si128((const __m128i *)(const void *)at);
	__m128i marks = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
	if (json)
		return _mm_or_si128(marks, _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
	marks = _mm_or_si128(marks, _mm_cmpeq_epi8(block, _mm_set1_epi8('&')));
	/* < and > differ in one bit */
	return _mm_or_si128(marks, _mm_cmpeq_epi8(_mm_or_si128(block, _mm_set1_epi8(2)), _mm_set1_epi8('>')));
}

/* At least sixteen bytes. */
static inline bool plain_blocks(const char *at, size_t len, bool json)
{
	__m128i any = marks_in(at + len - 16, json);
	for (size_t i = 0; i + 16 < len; i += 16)
		any = _mm_or_si128(any, marks_in(at + i, json));
	return _mm_movemask_epi8(any) == 0;
}
#endif

/* No byte that must be escaped, no part that must be taken apart: most of it the reader saw already. */
bool face_plain(const struct segment *segment, enum show_format format)
{
	if ((segment->has & ~(unsigned)SEGMENT_HAS_EDGE_BLANK) != 0)
		return false;
#if defined(__SSE2__)
	if (segment->bytes.len >= 16)
		return format == SHOW_JSON ? plain_blocks(segment->bytes.ptr, segment->bytes.len, true)
			: plain_blocks(segment->bytes.ptr, segment->bytes.len, false);
#endif
	return plain_bytes(segment->bytes.ptr, segment->bytes.len, format);
}

/* ---- putting ---- */

/* At least so many bytes, then the rest in blocks. */
static inline char *face_copy(char *out, const char *from, size_t len, size_t least)
{
	for (size_t i = 0; i < least; i += BLOCK_BYTES)
		memcpy(out + i, from + i, BLOCK_BYTES);
	for (size_t i = least; i < len; i += BLOCK_BYTES)
		memcpy(out + i, from + i, BLOCK_BYTES);
	return out + len;
}

/* `slack`: bytes behind the value may be read. */
static inline char *value_copy(char *out, const char *from, size_t len, bool slack)
{
	if (!slack || len > VALUE_BYTES)
		memcpy(out, from, len);
	else
		memcpy(out, from, VALUE_BYTES);
	return out + len;
}

static inline uint64_t code_number(struct slice code)
{
	uint64_t number = 0;
	for (size_t i = 0; i < code.len; i++)
		number = number << 8 | (unsigned char)code.ptr[i];
	return number;
}

/* How the line of an element with this code ends, put into a free place of its table; NULL: it is too long. */
static struct face_label *label_make(struct shower *shower, struct face *face, const struct face_element *element,
	struct face_label *place, struct slice code)
{
	struct buffer *out = shower->out;
	struct value value = { .label = guide_code_label(element->number, code) };
	bool comma = shower->comma;
	place->close = element->close;
	place->close_len = element->close_len;
	if (value.label != NULL) {
		shower->out = &shower->scratch;
		buffer_reset(&shower->scratch);
		shower->comma = true;
		value_close(shower, &value, NULL);
		place->close = shower->scratch.failed ? NULL : kept(face, buffer_view(&shower->scratch));
		place->close_len = (uint32_t)shower->scratch.len;
		shower->out = out;
		shower->comma = comma;
	}
	if (place->close == NULL || place->close_len > LABEL_CLOSE_BYTES)
		return NULL;
	place->code = code_number(code);
	return place;
}

/* NULL: the long way must find it. */
static struct face_label *label_of(struct shower *shower, struct face *face, struct face_element *element, struct slice code)
{
	if (code.len > sizeof(uint64_t))
		return NULL;
	uint64_t number = code_number(code);
	size_t at = (size_t)(number * UINT64_C(0x9e3779b97f4a7c15) >> 40);
	for (;; at++) {
		struct face_label *place = &element->labels[at & element->label_mask];
		if (place->code == number)
			return place;
		if (place->code == 0)
			break;
	}
	if (element->label_count > element->label_mask / 2)
		return NULL; /* codes that are not the guide's have filled it */
	element->label_count++;
	return label_make(shower, face, element, &element->labels[at & element->label_mask], code);
}

static void position_make(struct shower *shower, uint64_t position)
{
	char digits[20];
	size_t at = sizeof(digits);
	uint64_t rest = position;
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	shower->next = position;
	shower->digits_len = sizeof(digits) - at;
	memcpy(shower->digits, digits + at, shower->digits_len);
}

/* Positions count up, so that nearly always one digit changes. */
static inline char *position_copy(struct shower *shower, char *out, uint64_t position)
{
	if (position != shower->next || shower->digits_len == 0)
		position_make(shower, position);
	memcpy(out, shower->digits, sizeof(shower->digits));
	out += shower->digits_len;
	char *last = &shower->digits[shower->digits_len - 1];
	shower->next = position + 1;
	if (*last < '9')
		(*last)++;
	else
		shower->digits_len = 0;
	return out;
}

/* The elements' lines; NULL: one of them needs the long way. */
static char *elements_copy(struct shower *shower, struct face *face, const struct face_node *node, char *out,
	const struct segment *segment)
{
	bool json = shower->format == SHOW_JSON, first = json;
	bool hide = !shower->show_values && (!node->entity || personal_segment(segment));
	uint32_t from = segment->ends[0] + 1;
	/* the same bytes lie in the trail, which is ours to read past; elements begin at `base`, as does the segment */
	bool slack = shower->trail.len > 0;
	const char *bytes = slack ? shower->trail.ptr + (segment->offset - shower->trail_offset) -
		(segment->bytes.ptr - segment->base) : segment->base;
	for (unsigned n = 0; n < segment->element_count; n++) {
		struct slice value = { bytes + from, segment->ends[n + 1] - from };
		from = segment->ends[n + 1] + 1;
		if (value.len == 0)
			continue;
		struct face_element *element = &node->elements[n];
		if (hide && element->personal) {
			out = face_copy(out, element->hidden + first, element->hidden_len - (size_t)first, OPEN_BYTES);
			first = false;
			continue;
		}
		const char *end = element->close;
		size_t end_len = element->close_len;
		if (element->label_mask != 0) {
			const struct face_label *label = label_of(shower, face, element, value);
			if (label == NULL)
				return NULL;
			end = label->close;
			end_len = label->close_len;
		}
		out = face_copy(out, element->open + first, element->open_len - (size_t)first, OPEN_BYTES);
		out = value_copy(out, value.ptr, value.len, slack);
		out = face_copy(out, end, end_len, CLOSE_BYTES);
		first = false;
	}
	return out;
}

static struct face *newest_face(struct shower *shower, const struct guide *guide)
{
	struct face *face = shower->face;
	if (face == NULL || face->guide != guide || face->guide_nodes != guide->nodes)
		face = shower->face = face_of(shower, guide);
	return face;
}

const struct face_node *face_of_segment(struct shower *shower, const struct event *event)
{
	struct face *face = newest_face(shower, event->guide);
	return face == NULL ? NULL : node_of(shower, face, event->node);
}

bool face_loop(struct shower *shower, const struct event *event)
{
	struct face *face = shower->format == SHOW_TEXT ? NULL : newest_face(shower, event->guide);
	const struct face_node *node = face == NULL ? NULL : node_of(shower, face, event->node);
	if (node == NULL)
		return false;
	bool first = shower->format == SHOW_JSON && !shower->comma;
	buffer_put(shower->out, node->open + first, node->open_len - (size_t)first);
	shower->comma = false;
	shower->depth++;
	return true;
}

bool face_segment(struct shower *shower, const struct event *event)
{
	const struct segment *segment = event->segment;
	unsigned count = segment->element_count;
	if (shower->format == SHOW_TEXT || event->guide == NULL || event->node == GUIDE_NONE || count == 0 ||
		segment->ends[count] == segment->ends[count - 1] + 1 || !face_plain(segment, shower->format))
		return false;
	struct face *face = newest_face(shower, event->guide);
	struct face_node *node = face == NULL ? NULL : node_of(shower, face, event->node);
	if (node == NULL || count > node->element_count)
		return false;
	char *begin = buffer_reserve(shower->out, node->room + segment->bytes.len), *out = begin;
	if (begin == NULL)
		return false;
	bool json = shower->format == SHOW_JSON, first = json && !shower->comma;
	out = face_copy(out, node->open + first, node->open_len - (size_t)first, OPEN_BYTES);
	out = position_copy(shower, out, event->position);
	out = value_copy(out, json ? ",\"parts\":[" : "\">\n", json ? 10 : 3, false);
	out = elements_copy(shower, face, node, out, segment);
	if (out == NULL)
		return false;
	if (!json) {
		memset(out, ' ', 2 * (size_t)shower->depth);
		out += 2 * (size_t)shower->depth;
	}
	out = value_copy(out, json ? "]}" : "</segment>\n", json ? 2 : 11, false);
	shower->out->len += (size_t)(out - begin);
	shower->comma = true;
	return true;
}
