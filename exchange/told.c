/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * told: what a file says of a member.  Records become values by walking the field table
 * (records/fields.c) and the lists that its shapes name, so that a field that is added there
 * is compared without a word here.  Only what tells the entries of a list apart stands here.
 *
 * Holds at every return: each path stands once.
 */
#include "exchange/told.h"

#include <assert.h>

/* What an entry of a list is known by; * before a name: it may say who somebody is. */
static const struct {
	enum record_kind kind;
	const char *fields[2];
} list_keys[] = {
	{ RECORD_COVERAGE, { "line", "plan" } },
	{ RECORD_PROVIDER, { "entity", NULL } },
	{ RECORD_RESPONSIBLE, { "role", "*last" } },
	{ RECORD_CATEGORY, { "name", "qualifier" } },
};

void told_init(struct told *told)
{
	*told = (struct told){ .count = 0 };
	buffer_init(&told->key, 0);
	buffer_init(&told->texts, 0);
}

void told_reset(struct told *told)
{
	buffer_reset(&told->key);
	buffer_reset(&told->texts);
	told->count = told->older = 0;
	told->ended = false;
}

void told_done(struct told *told)
{
	buffer_done(&told->key);
	buffer_done(&told->texts);
	free(told->values);
}

struct slice told_path_at(const struct told *told, size_t i)
{
	return (struct slice){ told->texts.ptr + told->values[i].path, told->values[i].path_len };
}

struct slice told_text_at(const struct told *told, size_t i)
{
	return (struct slice){ told->texts.ptr + told->values[i].text, told->values[i].text_len };
}

/* ---- values ---------------------------------------------------------------------------- */

static size_t find(const struct told *told, struct slice path)
{
	for (size_t i = 0; i < told->older; i++)
		if (slice_equal(told_path_at(told, i), path))
			return i;
	return told->count;
}

static size_t text_add(struct told *told, struct slice text)
{
	size_t at = told->texts.len;
	buffer_slice(&told->texts, text);
	told->failed = told->failed || told->texts.failed;
	return at;
}

static void value_set(struct told *told, struct slice path, struct slice text)
{
	size_t i = find(told, path);
	if (i == told->count && told->count == told->size) {
		size_t size = told->size == 0 ? 64 : 2 * told->size;
		void *values = realloc(told->values, size * sizeof(told->values[0]));
		told->failed = told->failed || values == NULL;
		if (values == NULL)
			return;
		told->values = values;
		told->size = size;
	}
	if (i == told->count) {
		told->count++;
		told->values[i].path = text_add(told, path);
		told->values[i].path_len = path.len;
	}
	told->values[i].text = text_add(told, text);
	told->values[i].text_len = text.len;
}

void told_text(struct told *told, const char *path, struct slice text)
{
	if (text.len > 0)
		value_set(told, slice_of(path), text);
}

/* Forget all that stands below a path. */
static void values_drop(struct told *told, struct slice prefix)
{
	size_t kept = 0, older = 0;
	for (size_t i = 0; i < told->count; i++) {
		if (i == told->older)
			older = kept;
		struct slice path = told_path_at(told, i);
		if (path.len <= prefix.len || memcmp(path.ptr, prefix.ptr, prefix.len) != 0)
			told->values[kept++] = told->values[i];
	}
	told->older = told->older == told->count ? kept : older;
	told->count = kept;
}

static int path_compare(const void *a, const void *b, void *data)
{
	const struct told_value *x = a, *y = b;
	const char *texts = data;
	return slice_compare((struct slice){ texts + x->path, x->path_len }, (struct slice){ texts + y->path, y->path_len });
}

void told_sort(struct told *told)
{
	if (told->count > 1)
		qsort_r(told->values, told->count, sizeof(told->values[0]), path_compare, told->texts.ptr);
}

/* ---- records ------------------------------------------------------------------------------ */

/* A field as text; nothing if it was not said. */
static void field_text(struct buffer *out, const struct field *field, const void *record)
{
	const char *at = (const char *)record + field->offset;
	struct slice text;
	days day;
	cents amount;
	uint64_t count;
	buffer_reset(out);
	switch (field->type) {
	case FIELD_TEXT:
		memcpy(&text, at, sizeof(text));
		buffer_slice(out, text);
		break;
	case FIELD_DAY:
		memcpy(&day, at, sizeof(day));
		if (day != DAYS_NONE)
			days_put_iso(out, day);
		break;
	case FIELD_CENTS:
	case FIELD_SUM:
		memcpy(&amount, at, sizeof(amount));
		cents_put_plain(out, amount);
		break;
	case FIELD_COUNT:
		memcpy(&count, at, sizeof(count));
		buffer_number(out, (int64_t)count);
		break;
	case FIELD_TRACE:
		for (unsigned row = 0; row < 3; row++) {
			memcpy(&text, at + (row * 3 + field->column) * sizeof(text), sizeof(text));
			if (text.len > 0 && out->len > 0)
				buffer_char(out, ' ');
			buffer_slice(out, text);
		}
		break;
	}
}

/* One record that is open while its lists are walked: no recursion on what a sender nests. */
struct open_record {
	enum record_kind kind, next_kind; /* next_kind: of the lists, where to go on */
	const void *record;
	const void *next;                 /* of the list that is walked; NULL: look for another one */
	size_t prefix;                    /* length of its path */
};

static void fields_tell(struct told *told, struct buffer *path, struct buffer *text, const struct open_record *open)
{
	for (size_t i = 0; i < record_field_count; i++) {
		if (record_fields[i].record != open->kind)
			continue;
		field_text(text, &record_fields[i], open->record);
		path->len = open->prefix;
		buffer_text(path, record_fields[i].name);
		if (text->len > 0)
			value_set(told, buffer_view(path), buffer_view(text));
	}
}

/* " HLT HUSKY A" behind the kind's name. */
static void key_put(struct buffer *path, struct buffer *text, enum record_kind kind, const void *record)
{
	for (size_t i = 0; i < COUNT_OF(list_keys); i++) {
		for (size_t n = 0; list_keys[i].kind == kind && n < COUNT_OF(list_keys[i].fields); n++) {
			const char *name = list_keys[i].fields[n];
			if (name == NULL)
				continue;
			bool personal = name[0] == '*';
			int field = record_field_of(kind, slice_of(name + personal));
			assert(field >= 0);
			field_text(text, &record_fields[field], record);
			if (text->len == 0)
				continue;
			buffer_char(path, ' ');
			if (personal)
				buffer_char(path, TOLD_PERSONAL);
			buffer_slice(path, buffer_view(text));
			if (personal)
				buffer_char(path, TOLD_PERSONAL);
		}
	}
}

/* How many entries of the list before `record` have its key? */
static unsigned same_before(struct buffer *path, struct buffer *text, const void *first, const void *record, enum record_kind kind)
{
	struct buffer other;
	unsigned same = 0;
	size_t from = path->len;
	buffer_init(&other, 0);
	key_put(path, text, kind, record);
	struct slice own = { path->ptr + from, path->len - from };
	while (first != record && first != NULL) {
		buffer_reset(&other);
		key_put(&other, text, kind, first);
		same += slice_equal(buffer_view(&other), own);
		memcpy(&first, first, sizeof(first)); /* `next` comes first in every list's struct */
	}
	buffer_done(&other);
	return same;
}

/* An addition, reinstatement or audit of a coverage says all of it: what was said of it before is over. */
static bool says_all(enum record_kind kind, const void *record)
{
	if (kind != RECORD_COVERAGE)
		return false;
	struct slice maintenance = ((const struct coverage_record *)record)->maintenance;
	return slice_is(maintenance, "021") || slice_is(maintenance, "025") || slice_is(maintenance, "030");
}

/* The next entry of the lists of an open record; NULL when there are no more. */
static const void *list_next(struct open_record *open, enum record_kind *kind, const void **first)
{
	while (open->next == NULL) {
		do {
			if (++open->next_kind == RECORD_KINDS)
				return NULL;
		} while (record_shape(open->next_kind)->parent != open->kind);
		memcpy(&open->next, (const char *)open->record + record_shape(open->next_kind)->list_offset, sizeof(open->next));
	}
	const void *entry = open->next;
	*kind = open->next_kind;
	memcpy(first, (const char *)open->record + record_shape(open->next_kind)->list_offset, sizeof(*first));
	memcpy(&open->next, entry, sizeof(open->next));
	return entry;
}

void told_record(struct told *told, enum record_kind kind, const void *record)
{
	struct open_record open[4] = { { .kind = kind, .record = record } };
	struct buffer path, text;
	size_t depth = 1;
	told->older = told->count;
	buffer_init(&path, 0);
	buffer_init(&text, 0);
	fields_tell(told, &path, &text, &open[0]);
	while (depth > 0) {
		enum record_kind entry_kind;
		const void *first;
		const void *entry = list_next(&open[depth - 1], &entry_kind, &first);
		if (entry == NULL || depth == COUNT_OF(open)) {
			assert(entry == NULL); /* records nest three deep */
			depth--;
			continue;
		}
		path.len = open[depth - 1].prefix;
		buffer_text(&path, record_shape(entry_kind)->name);
		unsigned same = same_before(&path, &text, first, entry, entry_kind);
		if (same > 0)
			buffer_format(&path, " (%u)", same + 1);
		buffer_text(&path, " / ");
		if (path.failed || text.failed)
			break;
		if (says_all(entry_kind, entry))
			values_drop(told, buffer_view(&path));
		open[depth] = (struct open_record){ .kind = entry_kind, .record = entry, .prefix = path.len };
		fields_tell(told, &path, &text, &open[depth++]);
	}
	told->failed = told->failed || path.failed || text.failed;
	buffer_done(&path);
	buffer_done(&text);
}

void told_member(struct told *told, const struct member_record *member)
{
	told_record(told, RECORD_MEMBER, member);
	told->ended = slice_is(member->maintenance, "024");
}

void told_key(struct buffer *key, const struct member_record *member)
{
	buffer_reset(key);
	buffer_slice(key, slice_or(member->member_id, member->id));
	if (key->len == 0 || member->member_id.len == 0 || !slice_is(member->subscriber, "N"))
		return;
	struct slice own = slice_or(member->id, member->client_number);
	buffer_text(key, " / ");
	buffer_slice(key, own);
	if (own.len > 0)
		return;
	days_put8(key, member->born);
	buffer_char(key, ' ');
	buffer_slice(key, member->first);
}

/* ---- bytes ------------------------------------------------------------------------------------ */

void told_put(struct buffer *out, const struct told *told)
{
	buffer_char(out, told->ended ? '1' : '0');
	for (size_t i = 0; i < told->count; i++) {
		uint32_t lengths[2] = { (uint32_t)told->values[i].path_len, (uint32_t)told->values[i].text_len };
		buffer_put(out, lengths, sizeof(lengths));
		buffer_slice(out, told_path_at(told, i));
		buffer_slice(out, told_text_at(told, i));
	}
}

void told_read(struct told *told, struct slice bytes)
{
	told->ended = bytes.len > 0 && bytes.ptr[0] == '1';
	told->older = 0;
	size_t at = 1;
	uint32_t lengths[2];
	while (at + sizeof(lengths) <= bytes.len) {
		memcpy(lengths, bytes.ptr + at, sizeof(lengths));
		at += sizeof(lengths);
		assert(bytes.len - at >= (size_t)lengths[0] + lengths[1]); /* our own bytes */
		value_set(told, (struct slice){ bytes.ptr + at, lengths[0] }, (struct slice){ bytes.ptr + at + lengths[0], lengths[1] });
		at += (size_t)lengths[0] + lengths[1];
	}
}
