/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * staged: files that wait to be applied or discarded, whole, in pieces.
 */
#include "store/query.h"

static void put_counts(struct query *query, const struct staged_row *row)
{
	query_put(query, row->seen_change);
	query_put(query, row->state);
	query_put(query, row->closed);
	query_put(query, (int64_t)row->received);
	query_put(query, (int64_t)row->applied);
	query_put(query, (int64_t)row->added);
	query_put(query, (int64_t)row->unchanged);
	query_put(query, (int64_t)row->ended);
	query_put(query, (int64_t)row->missing);
}

static void put_bytes(struct query *query, const struct staged_row *row)
{
	query_put_blob(query, (struct slice){ (const char *)row->hash, sizeof(row->hash) });
	query_put(query, (int64_t)row->bytes);
}

bool store_staged_add(struct store *store, int64_t *id, const struct staged_row *row)
{
	struct query query = query_open(store, SQL_STAGED_ADD);
	query_put_text(&query, row->file);
	put_bytes(&query, row);
	query_put(&query, row->made);
	put_counts(&query, row);
	return query_run_id(&query, id);
}

bool store_staged_set(struct store *store, const struct staged_row *row)
{
	struct query query = query_open(store, SQL_STAGED_SET);
	query_put(&query, row->id);
	put_bytes(&query, row);
	put_counts(&query, row);
	return query_run(&query) && (store_rows_changed(store) == 1 || store_fail_missing(store, "staged file", row->id));
}

static bool row_read(struct query *query, struct arena *arena, bool *found, struct staged_row *row)
{
	*row = (struct staged_row){ .closed = DAYS_NONE };
	*found = query_row(query);
	if (*found) {
		row->id = query_get(query);
		row->file = query_get_text(query, arena);
		struct slice hash = query_get_text(query, arena);
		if (hash.len == sizeof(row->hash))
			memcpy(row->hash, hash.ptr, sizeof(row->hash));
		row->bytes = (uint64_t)query_get(query);
		row->made = query_get_days(query);
		row->seen_change = query_get(query);
		row->state = (enum staged_state)query_get(query);
		row->closed = query_get_days(query);
		row->received = (uint64_t)query_get(query);
		row->applied = (uint64_t)query_get(query);
		row->added = (uint64_t)query_get(query);
		row->unchanged = (uint64_t)query_get(query);
		row->ended = (uint64_t)query_get(query);
		row->missing = (uint64_t)query_get(query);
	}
	return query_done(query);
}

bool store_staged_get(struct store *store, struct arena *arena, bool *found, struct staged_row *row, int64_t id)
{
	struct query query = query_open(store, SQL_STAGED_GET);
	query_put(&query, id);
	return row_read(&query, arena, found, row);
}

bool store_staged_each(struct store *store, staged_fn fn, void *data)
{
	struct arena arena;
	struct staged_row row = { .id = 0 };
	bool going = true, found = true;
	arena_init(&arena, 0);
	store_forget_failure(store);
	while (going && found) {
		struct query query = query_open(store, SQL_STAGED_AFTER);
		query_put(&query, row.id);
		arena_reset(&arena);
		going = row_read(&query, &arena, &found, &row) && (!found || fn(data, &row));
	}
	arena_done(&arena);
	return going;
}

bool store_staged_put(struct store *store, int64_t id, uint64_t position, struct slice bytes)
{
	struct query query = query_open(store, SQL_STAGED_PIECE_ADD);
	query_put(&query, id);
	query_put(&query, (int64_t)position);
	query_put_blob(&query, bytes);
	return query_run(&query);
}

bool store_staged_piece(struct store *store, struct arena *arena, struct slice *bytes, int64_t id, uint64_t position)
{
	struct query query = query_open(store, SQL_STAGED_PIECE);
	query_put(&query, id);
	query_put(&query, (int64_t)position);
	*bytes = query_row(&query) ? query_get_text(&query, arena) : SLICE_NONE;
	return query_done(&query);
}

bool store_staged_forget(struct store *store, int64_t id)
{
	struct query query = query_open(store, SQL_STAGED_PIECES_FORGET);
	query_put(&query, id);
	return query_run(&query);
}
