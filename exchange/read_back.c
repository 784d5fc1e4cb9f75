/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * read_back: the 835 and the bank's file as their readers see them: bytes into pairs and
 * entries, with nothing from the store beside them.
 */
#include "exchange/read_back.h"

struct rest {
	struct slice bytes;
};

static bool read_rest(void *from, struct slice *chunk, struct failure *failure)
{
	struct rest *rest = from;
	(void)failure;
	*chunk = rest->bytes;
	rest->bytes = SLICE_NONE;
	return true;
}

static struct pair_read *pair_add(struct arena *arena, struct paper *paper)
{
	if (paper->count == paper->size) {
		size_t size = paper->size == 0 ? 8 : 2 * paper->size;
		struct pair_read *items = arena_alloc(arena, size * sizeof(*items));
		if (items == NULL)
			return NULL;
		if (paper->count > 0)
			memcpy(items, paper->pairs, paper->count * sizeof(*items));
		paper->pairs = items;
		paper->size = size;
	}
	return &paper->pairs[paper->count++];
}

/* PLB03/04, 05/06 … 13/14 */
static bool pairs_take(struct arena *arena, struct paper *paper, const struct segment *segment)
{
	for (unsigned n = 3; n < segment->element_count; n += 2) {
		struct slice part, whole = segment_element(segment, n);
		struct pair_read *pair = pair_add(arena, paper);
		if (pair == NULL)
			return false;
		*pair = (struct pair_read){ .code = SLICE_NONE };
		if (slice_part(&part, whole, segment->delimiters.component, 0))
			pair->code = arena_slice(arena, part);
		if (slice_part(&part, whole, segment->delimiters.component, 1))
			pair->reference = arena_slice(arena, part);
		paper->readable = cents_parse(&pair->amount, segment_element(segment, n + 1)) && paper->readable;
		if (pair->code.ptr == NULL || pair->reference.ptr == NULL)
			return false;
	}
	return true;
}

static bool segment_take(struct arena *arena, struct paper *paper, const struct segment *segment, bool *balanced)
{
	struct slice id = segment->id;
	if (slice_is(id, "BPR")) {
		paper->readable = cents_parse(&paper->amount, segment_element(segment, 2)) && !*balanced; /* a second one is not ours */
		*balanced = true;
		paper->method = arena_slice(arena, segment_element(segment, 4));
	} else if (slice_is(id, "TRN")) {
		paper->trace = arena_slice(arena, segment_element(segment, 2));
	} else if (slice_is(id, "N1") && slice_is(segment_element(segment, 1), "PE")) {
		paper->payee = arena_slice(arena, segment_element(segment, 4));
	} else if (slice_is(id, "PLB")) {
		return pairs_take(arena, paper, segment);
	}
	return true;
}

bool paper_read(struct office *office, struct arena *arena, struct paper *paper, struct slice bytes)
{
	struct rest rest = { bytes };
	struct reader_item item;
	bool done = true, has_bpr = false;
	*paper = (struct paper){ .count = 0 };
	struct items *items = items_new(read_rest, &rest, &office->failure);
	if (items == NULL)
		return false;
	do {
		done = items_next(items, &item, &office->failure);
		if (done && item.answer == READER_SEGMENT && !segment_take(arena, paper, &item.segment, &has_bpr))
			done = failure_set(&office->failure, "could not read an 835 back: out of memory");
	} while (done && item.answer != READER_END);
	paper->readable = paper->readable && has_bpr;
	items_free(items);
	return done;
}

/* ---- the bank's file ---------------------------------------------------------------------- */

#define RECORD 94

static struct slice field(struct slice record, size_t from, size_t to) /* positions from 1, as layouts count */
{
	return slice_trim((struct slice){ record.ptr + from - 1, to - from + 1 });
}

bool entries_read(struct office *office, struct arena *arena, struct entry_read **out, size_t *count, struct slice bytes)
{
	size_t most = bytes.len / (2 * RECORD) + 1;
	cents amount = 0;
	bool open = false; /* an entry awaits its addenda */
	*count = 0;
	*out = arena_alloc(arena, most * sizeof(**out));
	if (*out == NULL)
		return failure_set(&office->failure, "could not read a bank's file back: out of memory");
	for (size_t at = 0; at + RECORD < bytes.len + 1; at += RECORD + 1) {
		struct slice record = { bytes.ptr + at, RECORD }, text, trace;
		uint64_t number;
		if (record.ptr[0] == '6') {
			amount = slice_number(&number, field(record, 30, 39)) ? (cents)number : -1;
			open = true;
		} else if (record.ptr[0] == '7' && open && *count < most) {
			text = field(record, 4, 83);
			if (text.len > 0 && text.ptr[text.len - 1] == '~')
				text.len--;
			struct entry_read *entry = &(*out)[(*count)++];
			*entry = (struct entry_read){ .amount = amount };
			if (slice_starts(text, "TRN*1*") && slice_part(&trace, text, '*', 2))
				entry->trace = trace;
			open = false;
		}
	}
	return true;
}
