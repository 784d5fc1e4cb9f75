/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * attributes: dated facts by name, of members, PCPs and practices.
 *
 * What stays true: of one subject and name, the rows that are believed now do not overlap.
 * As with spans, a row is never edited: it is superseded, and what of it still holds is
 * written again.
 */
#include "store/members.h"

static void attribute_read(struct query *query, struct arena *arena, struct attribute *out)
{
	out->id = query_get(query);
	out->name = query_get_text(query, arena);
	out->value = query_get_text(query, arena);
	out->begin = query_get_days(query);
	out->end = query_get_days(query);
	out->source = query_get_text(query, arena);
}

static bool attribute_append(struct query *query, struct arena *arena, struct attribute_list *out, size_t *size, enum subject subject, int64_t of)
{
	struct attribute *items = store_grow(query->store, arena, out->items, size, out->count, sizeof(*items));
	if (items == NULL) {
		query->failed = true;
		return false;
	}
	out->items = items;
	items[out->count] = (struct attribute){ .subject = subject, .of = of };
	attribute_read(query, arena, &items[out->count++]);
	return true;
}

bool store_attributes(struct store *store, struct arena *arena, struct attribute_list *out, enum subject subject, int64_t of, int64_t as_of_change)
{
	size_t size = 0;
	*out = (struct attribute_list){ 0 };
	struct query query = query_open(store, as_of_change == 0 ? SQL_ATTRIBUTES : SQL_ATTRIBUTES_AS_OF);
	query_put(&query, of);
	query_put(&query, subject);
	if (as_of_change != 0)
		query_put(&query, as_of_change);
	while (query_row(&query) && attribute_append(&query, arena, out, &size, subject, of))
		;
	return query_done(&query);
}

bool members_attributes(struct store *store, struct arena *arena, struct member *members, size_t count)
{
	size_t at = 0, size = 0;
	if (count == 0)
		return true;
	struct query query = query_open(store, SQL_ATTRIBUTES_BETWEEN);
	query_put(&query, members[0].id);
	query_put(&query, members[count - 1].id);
	query_put(&query, SUBJECT_MEMBER);
	while (query_row(&query)) {
		int64_t id = query_get(&query);
		for (; members[at].id < id; at++)
			size = 0;
		struct member other = { 0 };
		size_t unused = 0;
		bool wanted = members[at].id == id; /* a walk of wanted members leaves some out */
		if (!attribute_append(&query, arena, wanted ? &members[at].attributes : &other.attributes, wanted ? &size : &unused, SUBJECT_MEMBER, id))
			break;
	}
	return query_done(&query);
}

static bool attribute_add(struct store *store, const struct attribute *attribute)
{
	struct query query = query_open(store, SQL_ATTRIBUTE_ADD);
	query_put(&query, attribute->subject);
	query_put(&query, attribute->of);
	query_put_text(&query, attribute->name);
	query_put_text(&query, attribute->value);
	query_put(&query, attribute->begin);
	query_put(&query, attribute->end);
	query_put_text(&query, attribute->source);
	query_put(&query, store->change);
	return query_run(&query);
}

/* A row of this very change was never believed by anybody: it goes.  Another one is superseded. */
static bool attribute_retire(struct store *store, int64_t id)
{
	static const enum statement ways[] = { SQL_ATTRIBUTE_DROP, SQL_ATTRIBUTE_RETIRE };
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		struct query query = query_open(store, ways[i]);
		query_put(&query, id);
		query_put(&query, store->change);
		if (!query_run(&query))
			return false;
		if (store_rows_changed(store) > 0)
			break;
	}
	return true;
}

/* What of `old` lies outside of the days of `now` is written again. */
static bool attribute_cut(struct store *store, const struct attribute *old, const struct attribute *now)
{
	struct attribute before = *old, after = *old;
	before.end = now->begin - 1;
	if (!attribute_retire(store, old->id) || (old->begin < now->begin && !attribute_add(store, &before)))
		return false;
	if (old->end <= now->end)
		return true;
	after.begin = now->end + 1;
	return attribute_add(store, &after);
}

bool store_attribute_put(struct store *store, bool *changed, const struct attribute *attribute)
{
	struct arena arena;
	struct attribute_list known;
	bool touched = false, said = false;
	arena_init(&arena, 0);
	bool done = store_attributes(store, &arena, &known, attribute->subject, attribute->of, 0);
	for (size_t i = 0; done && i < known.count; i++) {
		const struct attribute *old = &known.items[i];
		if (!slice_equal(old->name, attribute->name) || old->end < attribute->begin || attribute->end < old->begin)
			continue;
		said = said || (slice_equal(old->value, attribute->value) && old->begin <= attribute->begin && attribute->end <= old->end);
		touched = true;
	}
	*changed = !said && (touched || attribute->value.len > 0);
	for (size_t i = 0; done && *changed && i < known.count; i++) {
		const struct attribute *old = &known.items[i];
		if (slice_equal(old->name, attribute->name) && old->end >= attribute->begin && attribute->end >= old->begin)
			done = attribute_cut(store, old, attribute);
	}
	if (done && *changed && attribute->value.len > 0)
		done = attribute_add(store, attribute);
	arena_done(&arena);
	return done;
}
