/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * hash: what a record says, as one number.
 *
 * The record is written as its fields that say something, each with its place in the
 * table and its length, then its lists, each entry with its kind: so that no two records
 * that differ are written alike.  Fields that a guide leaves empty take no bytes: most of
 * a member's do.
 */
#include "records/records.h"

#include <endian.h>

struct writing {
	uint64_t hash;
	size_t len;
	unsigned char bytes[1024]; /* a member of real life takes 400 */
};

static void flush(struct writing *writing)
{
	writing->hash = hash64(writing->hash, writing->bytes, writing->len);
	writing->len = 0;
}

/* The place in the table in one byte, the length in three: a record is at most LIMIT_RECORD_BYTES. */
static void put(struct writing *writing, size_t place, const void *bytes, size_t len)
{
	uint32_t head = htole32((uint32_t)(len << 8 | place));
	if (writing->len + sizeof(head) + len > sizeof(writing->bytes))
		flush(writing);
	memcpy(writing->bytes + writing->len, &head, sizeof(head));
	writing->len += sizeof(head);
	if (writing->len + len > sizeof(writing->bytes)) {
		flush(writing);
		writing->hash = hash64(writing->hash, bytes, len);
		return;
	}
	memcpy(writing->bytes + writing->len, bytes, len);
	writing->len += len;
}

static void number_put(struct writing *writing, size_t place, uint64_t number)
{
	number = htole64(number);
	put(writing, place, &number, sizeof(number));
}

/* Dates, amounts and what repeats. */
static void other_put(struct writing *writing, size_t place, const struct field *field, const char *at)
{
	struct slice text;
	days day;
	uint64_t number;
	if (field->type == FIELD_DAY) {
		memcpy(&day, at, sizeof(day));
		if (day != DAYS_NONE)
			number_put(writing, place, (uint64_t)(int64_t)day);
	} else if (field->type == FIELD_TRACE) {
		for (size_t row = 0; row < 3; row++) {
			memcpy(&text, at + (row * 3 + field->column) * sizeof(text), sizeof(text));
			put(writing, place, text.len == 0 ? "" : text.ptr, text.len);
		}
	} else {
		memcpy(&number, at, sizeof(number));
		number_put(writing, place, number);
	}
}

static void fields_put(struct writing *writing, enum record_kind kind, const void *record)
{
	const struct field *first = &record_fields[record_field_first(kind)], *end = record_fields + record_field_count;
	for (const struct field *field = first; field < end && field->record == kind; field++) {
		const char *at = (const char *)record + field->offset;
		struct slice text;
		if (field->type == FIELD_TEXT) {
			memcpy(&text, at, sizeof(text));
			if (text.len > 0)
				put(writing, (size_t)(field - first) + 1, text.ptr, text.len);
		} else {
			other_put(writing, (size_t)(field - first) + 1, field, at);
		}
	}
}

static const void *list_of(const void *record, enum record_kind kind)
{
	const void *first;
	memcpy(&first, (const char *)record + record_shape(kind)->list_offset, sizeof(first));
	return first;
}

static const void *next_of(const void *entry)
{
	const void *next;
	memcpy(&next, entry, sizeof(next)); /* `next` comes first in every list's struct */
	return next;
}

/* Lists are two deep: a member's coverages, a coverage's providers. */
uint64_t record_hash(uint64_t seed, enum record_kind kind, const void *record)
{
	struct writing writing = { .hash = seed };
	fields_put(&writing, kind, record);
	for (unsigned i = kind + 1U; i < RECORD_KINDS; i++) {
		enum record_kind list = (enum record_kind)i;
		if (record_shape(list)->parent != kind)
			continue;
		for (const void *entry = list_of(record, list); entry != NULL; entry = next_of(entry)) {
			put(&writing, 0, &(unsigned char){ (unsigned char)list }, 1);
			fields_put(&writing, list, entry);
			for (unsigned j = list + 1U; j < RECORD_KINDS; j++) {
				enum record_kind inner = (enum record_kind)j;
				if (record_shape(inner)->parent != list)
					continue;
				for (const void *part = list_of(entry, inner); part != NULL; part = next_of(part)) {
					put(&writing, 0, &(unsigned char){ (unsigned char)inner }, 1);
					fields_put(&writing, inner, part);
				}
			}
		}
	}
	flush(&writing);
	return writing.hash;
}
