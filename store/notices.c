/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * notices: who was told what, once; what auto-assignment counts the days to choose from.
 */
#include "store/query.h"

bool store_notice_add(struct store *store, bool *changed, const struct notice *notice)
{
	assert(store->change != 0);
	struct query query = query_open(store, SQL_NOTICE_ADD);
	query_put(&query, notice->member);
	query_put_text(&query, notice->kind);
	query_put(&query, notice->month);
	query_put_text(&query, notice->about);
	query_put(&query, notice->told);
	query_put(&query, notice->since);
	query_put(&query, notice->day);
	query_put(&query, store->change);
	bool done = query_run(&query);
	*changed = done && store_rows_changed(store) > 0;
	return done;
}

bool store_notice_newest(struct store *store, days *told, days *since, int64_t member, struct slice kind)
{
	*told = *since = DAYS_NONE;
	struct query query = query_open(store, SQL_NOTICE_NEWEST);
	query_put(&query, member);
	query_put_text(&query, kind);
	if (query_row(&query)) {
		*told = query_get_days(&query);
		*since = query_get_days(&query);
	}
	return query_done(&query);
}

static bool batch_read(struct store *store, struct arena *arena, struct notice *out, size_t *count, months month, const struct notice *after)
{
	struct query query = query_open(store, SQL_NOTICES_AFTER);
	query_put(&query, month);
	query_put(&query, after->member);
	query_put_text(&query, after->kind);
	query_put_text(&query, after->about);
	query_put(&query, WALK_BATCH);
	for (*count = 0; *count < WALK_BATCH && query_row(&query); ++*count) {
		struct notice *notice = &out[*count];
		notice->member = query_get(&query);
		notice->kind = query_get_text(&query, arena);
		notice->month = query_get_days(&query);
		notice->about = query_get_text(&query, arena);
		notice->told = query_get_days(&query);
		notice->since = query_get_days(&query);
		notice->day = query_get_days(&query);
	}
	return query_done(&query);
}

bool store_notices(struct store *store, months month, notice_fn fn, void *data)
{
	struct arena arenas[2]; /* where the last batch ended is read while the next one is */
	struct notice after = { .member = 0 };
	size_t count = 1;
	bool going = true;
	arena_init(&arenas[0], 0);
	arena_init(&arenas[1], 0);
	store_forget_failure(store);
	for (size_t turn = 0; going && count > 0; turn ^= 1) {
		arena_reset(&arenas[turn]);
		struct notice *list = arena_alloc(&arenas[turn], WALK_BATCH * sizeof(*list));
		going = list == NULL ? store_fail_memory(store) : batch_read(store, &arenas[turn], list, &count, month, &after);
		for (size_t i = 0; going && i < count; i++)
			going = fn(data, &list[i]);
		if (going && count > 0)
			after = list[count - 1];
	}
	arena_done(&arenas[0]);
	arena_done(&arenas[1]);
	return going;
}
