/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * member_walks: several members, one after the other.
 *
 * Callbacks may write, so nothing is open while they run: members come in batches by id,
 * each batch in an arena that is reset before the next.
 */
#include "store/members.h"

struct member_list {
	struct member *items;
	size_t count, size;
};

static bool list_read(struct store *store, struct arena *arena, struct member_list *list, struct query *query)
{
	while (query_row(query)) {
		struct member *items = store_grow(store, arena, list->items, &list->size, list->count, sizeof(*items));
		if (items == NULL) {
			query->failed = true;
			break;
		}
		list->items = items;
		member_read(query, arena, &items[list->count++]);
	}
	return query_done(query);
}

bool store_members_named(struct store *store, struct arena *arena, struct slice last, days born, member_fn fn, void *data)
{
	struct member_list list = { 0 };
	int64_t first = last.len > 0 ? name_key(born, last) : (int64_t)born * NAME_KEYS_A_DAY;
	store_forget_failure(store);
	struct query query = query_open(store, SQL_MEMBERS_NAMED);
	query_put(&query, first);
	query_put(&query, last.len > 0 ? first : first + NAME_KEYS_A_DAY - 1);
	if (!list_read(store, arena, &list, &query))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		struct member *member = &list.items[i];
		if (last.len > 0 && !name_same(last, member->last))
			continue;
		if (!member_spans(store, arena, member, 0) || !members_attributes(store, arena, member, 1) || !fn(data, member))
			return false;
	}
	return true;
}

static bool batch_give(struct store *store, struct arena *arena, struct member_list *list, member_fn fn, void *data)
{
	if (!members_spans(store, arena, list->items, list->count) || !members_attributes(store, arena, list->items, list->count))
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (!fn(data, &list->items[i]))
			return false;
	return true;
}

bool store_members_each(struct store *store, int64_t after_id, member_fn fn, void *data)
{
	struct arena arena;
	bool going = true;
	arena_init(&arena, 0);
	store_forget_failure(store);
	while (going) {
		struct member_list list = { 0 };
		arena_reset(&arena);
		struct query query = query_open(store, SQL_MEMBERS_AFTER);
		query_put(&query, after_id);
		query_put(&query, WALK_BATCH);
		going = list_read(store, &arena, &list, &query) && batch_give(store, &arena, &list, fn, data);
		if (list.count == 0)
			break;
		after_id = list.items[list.count - 1].id;
	}
	arena_done(&arena);
	return going;
}

/* The ids of the next batch; *wanted_count of them are wanted and come first in `ids`. */
static bool ids_read(struct store *store, int64_t *after_id, int64_t ids[WALK_BATCH], size_t *wanted_count, size_t *count,
	member_wanted_fn wanted, void *data)
{
	struct query query = query_open(store, SQL_MEMBER_IDS_AFTER);
	query_put(&query, *after_id);
	query_put(&query, WALK_BATCH);
	*count = *wanted_count = 0;
	for (; query_row(&query); ++*count) {
		*after_id = query_get(&query);
		if (wanted(data, *after_id))
			ids[(*wanted_count)++] = *after_id;
	}
	return query_done(&query);
}

bool store_members_wanted(struct store *store, member_wanted_fn wanted, member_fn fn, void *data)
{
	struct arena arena;
	int64_t ids[WALK_BATCH], after_id = 0;
	size_t count = 1, wanted_count;
	bool going = true;
	arena_init(&arena, 0);
	store_forget_failure(store);
	while (going && count > 0) {
		going = ids_read(store, &after_id, ids, &wanted_count, &count, wanted, data);
		for (size_t i = 0; going && i < wanted_count; i++) {
			struct member member;
			arena_reset(&arena);
			going = store_member_get(store, &arena, &member, ids[i], 0) && fn(data, &member);
		}
	}
	arena_done(&arena);
	return going;
}

bool store_family_rows(struct store *store, struct arena *arena, struct member *out, size_t size, size_t *count,
	struct slice case_number)
{
	*count = 0;
	struct query query = query_open(store, SQL_FAMILY);
	query_put_text(&query, case_number);
	for (; query_row(&query); ++*count)
		if (*count < size)
			member_read(&query, arena, &out[*count]);
	return query_done(&query);
}

bool store_family(struct store *store, struct arena *arena, struct member *out, size_t size, size_t *count,
	struct slice case_number)
{
	if (!store_family_rows(store, arena, out, size, count, case_number))
		return false;
	for (size_t i = 0; i < size && i < *count; i++)
		if (!member_spans(store, arena, &out[i], 0) || !members_attributes(store, arena, &out[i], 1))
			return false;
	return true;
}

bool store_members_merged(struct store *store, struct arena *arena, int64_t member, member_fn fn, void *data)
{
	struct member_list list = { 0 };
	store_forget_failure(store);
	struct query query = query_open(store, SQL_MEMBERS_MERGED);
	query_put(&query, member);
	return list_read(store, arena, &list, &query) && batch_give(store, arena, &list, fn, data);
}

bool store_member_count(struct store *store, uint64_t *count)
{
	struct query query = query_open(store, SQL_MEMBER_COUNT);
	*count = query_row(&query) ? (uint64_t)query_get(&query) : 0;
	return query_done(&query);
}

struct member_change {
	int64_t change;
	days day;
	bool version; /* the change made a version; else spans alone changed */
	struct origin origin;
};

bool store_member_history(struct store *store, struct arena *arena, int64_t id, member_fn fn, void *data)
{
	struct member_change *changes = NULL;
	size_t count = 0, size = 0;
	store_forget_failure(store);
	struct query query = query_open(store, SQL_MEMBER_CHANGES);
	query_put(&query, id);
	while (query_row(&query)) {
		struct member_change *grown = store_grow(store, arena, changes, &size, count, sizeof(*grown));
		if (grown == NULL) {
			query.failed = true;
			break;
		}
		changes = grown;
		struct member_change *change = &changes[count++];
		change->change = query_get(&query);
		change->day = query_get_days(&query);
		change->version = query_get(&query) != 0;
		change->origin = query_get_origin(&query);
	}
	if (!query_done(&query))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct member member;
		if (!store_member_get(store, arena, &member, id, changes[i].change))
			return false;
		member.recorded = changes[i].day;
		if (!changes[i].version && changes[i].origin.interchange != 0)
			member.origin = changes[i].origin;
		if (!fn(data, &member))
			return false;
	}
	return true;
}
