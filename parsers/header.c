/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * header: the ISA segment, the only one of fixed length (X12.5): 106 bytes with its
 * terminator, each element at its place.  From it come the four delimiters, so that it
 * is known by the places of its separators and by nothing else.  Files that were cut
 * into short lines have line ends inside it; those are taken out.
 */
#include "parsers/parts.h"

/* Where the separators stand; element n lies between places n - 1 and n. */
const uint32_t header_ends[17] = { 3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103, 105 };
#define PLACE_REPETITION 82
#define PLACE_COMPONENT 104
#define PLACE_TERMINATOR 105

static bool separator_place(size_t at)
{
	for (size_t i = 0; i < COUNT_OF(header_ends) - 1; i++)
		if (header_ends[i] == at)
			return true;
	return false;
}

enum header_answer header_at(struct header_bytes *out, const char *bytes, size_t len, bool ended)
{
	size_t at = 0, raw = 0;
	for (; at < HEADER_BYTES; raw++) {
		if (raw == len)
			return ended ? HEADER_NO : HEADER_MORE;
		char c = bytes[raw];
		/* ISA11, ISA16 and the terminator may be any byte, a line end too */
		bool any = at == PLACE_REPETITION || at == PLACE_COMPONENT || at == PLACE_TERMINATOR;
		if (at < 3 && c != "ISA"[at])
			return HEADER_NO;
		if (at > 3 && !any && (c == '\r' || c == '\n') && c != out->isa[3]) {
			if (raw - at >= HEADER_WRAPS)
				return HEADER_NO;
			out->wraps[raw - at] = (uint32_t)at | (c == '\n' ? SEGMENT_WRAP_LINE : 0);
			continue;
		}
		if (at > 3 && !any && (c == out->isa[3]) != separator_place(at))
			return HEADER_NO;
		out->isa[at++] = c;
	}
	out->fault = HEADER_WHOLE;
	out->raw = raw;
	out->wrap_count = (uint16_t)(raw - at);
	return HEADER_YES;
}

enum header_answer header_search(size_t *at, const char *bytes, size_t limit, size_t len, bool ended)
{
	struct header_bytes header;
	size_t from = 0;
	size_t reach = limit + 2 < len ? limit + 2 : len; /* "ISA" may begin at limit - 1 */
	while (from < reach) {
		const char *found = memmem(bytes + from, reach - from, "ISA", 3);
		if (found == NULL)
			break;
		*at = (size_t)(found - bytes);
		enum header_answer answer = header_at(&header, found, len - *at, ended);
		if (answer != HEADER_NO)
			return answer;
		from = *at + 1;
	}
	/* the first bytes of one may be the last ones at hand */
	for (size_t tail = 2; tail >= 1 && !ended; tail--)
		if (len >= tail && len - tail < limit && memcmp(bytes + len - tail, "IS", tail) == 0) {
			*at = len - tail;
			return HEADER_MORE;
		}
	*at = limit < len ? limit : len;
	return HEADER_NO;
}

unsigned header_place(unsigned n)
{
	return header_ends[n - 1] + 1U;
}

struct slice header_element(const char *isa, unsigned n)
{
	struct slice element = { isa + header_ends[n - 1] + 1, (size_t)header_ends[n] - header_ends[n - 1] - 1U };
	return n == 11 || n == 16 ? element : slice_trim(element);
}

static bool plain_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ';
}

/* ISA11 is the repetition separator from version 00402 on; before, it names the standards body.
 * A byte that cannot separate (a letter, or a delimiter of another kind) gives none. */
static char repetition_of(const char *isa)
{
	char c = isa[PLACE_REPETITION];
	struct slice version = header_element(isa, 12);
	if (version.len == 5 && slice_compare(version, SLICE("00402")) < 0)
		return '\0';
	if (plain_byte(c) || c == isa[3] || c == isa[PLACE_COMPONENT] || c == isa[PLACE_TERMINATOR])
		return '\0';
	return c;
}

void header_parse(struct interchange_header *header, const char *isa, uint64_t offset)
{
	memset(header, 0, sizeof(*header));
	slice_copy(header->sender_qualifier, sizeof(header->sender_qualifier), header_element(isa, 5));
	slice_copy(header->sender, sizeof(header->sender), header_element(isa, 6));
	slice_copy(header->receiver_qualifier, sizeof(header->receiver_qualifier), header_element(isa, 7));
	slice_copy(header->receiver, sizeof(header->receiver), header_element(isa, 8));
	slice_copy(header->date, sizeof(header->date), header_element(isa, 9));
	slice_copy(header->time, sizeof(header->time), header_element(isa, 10));
	slice_copy(header->version, sizeof(header->version), header_element(isa, 12));
	slice_copy(header->control, sizeof(header->control), header_element(isa, 13));
	header->ack_requested = isa[100];
	header->usage = isa[102];
	header->delimiters = (struct delimiters){ .element = isa[3], .repetition = repetition_of(isa),
		.component = isa[PLACE_COMPONENT], .segment = isa[PLACE_TERMINATOR] };
	header->offset = offset;
}
