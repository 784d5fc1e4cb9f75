/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * interchanges: what came in, what we wrote, and the numbers that we give.
 */
#include "store/query.h"

static void row_read(struct query *query, struct arena *arena, struct interchange_row *out)
{
	char ack[2];
	*out = (struct interchange_row){ .id = query_get(query) };
	out->sender_qualifier = query_get_text(query, arena);
	out->sender = query_get_text(query, arena);
	out->receiver_qualifier = query_get_text(query, arena);
	out->receiver = query_get_text(query, arena);
	out->control = query_get_text(query, arena);
	out->file = query_get_text(query, arena);
	struct slice hash = query_get_text(query, arena);
	if (hash.len == sizeof(out->hash))
		memcpy(out->hash, hash.ptr, sizeof(out->hash));
	out->bytes = (uint64_t)query_get(query);
	out->received = query_get_days(query);
	query_get_chars(query, ack, sizeof(ack));
	out->ack = ack[0];
	out->note = query_get_text(query, arena);
	out->sets = (uint64_t)query_get(query);
	out->sets_accepted = (uint64_t)query_get(query);
	out->records = (uint64_t)query_get(query);
}

static void put_ack(struct query *query, const char *ack)
{
	query_put_text(query, (struct slice){ ack, *ack == '\0' ? 0 : 1 });
}

bool store_interchange_find(struct store *store, struct arena *arena, bool *found, struct interchange_row *row,
	const struct interchange_header *header)
{
	struct query query = query_open(store, SQL_INTERCHANGE_FIND);
	query_put_text(&query, slice_of(header->sender_qualifier));
	query_put_text(&query, slice_of(header->sender));
	query_put_text(&query, slice_of(header->receiver_qualifier));
	query_put_text(&query, slice_of(header->receiver));
	query_put_text(&query, slice_of(header->control));
	*found = query_row(&query);
	if (*found)
		row_read(&query, arena, row);
	return query_done(&query);
}

bool store_interchange_add(struct store *store, int64_t *id, const struct interchange_row *row)
{
	struct query query = query_open(store, SQL_INTERCHANGE_ADD);
	query_put_text(&query, row->sender_qualifier);
	query_put_text(&query, row->sender);
	query_put_text(&query, row->receiver_qualifier);
	query_put_text(&query, row->receiver);
	query_put_text(&query, row->control);
	query_put_text(&query, row->file);
	query_put_blob(&query, (struct slice){ (const char *)row->hash, sizeof(row->hash) });
	query_put(&query, (int64_t)row->bytes);
	query_put(&query, row->received);
	put_ack(&query, &row->ack);
	query_put_text(&query, row->note);
	query_put(&query, (int64_t)row->sets);
	query_put(&query, (int64_t)row->sets_accepted);
	query_put(&query, (int64_t)row->records);
	return query_run_id(&query, id);
}

bool store_interchange_judge(struct store *store, const struct interchange_row *row)
{
	struct query query = query_open(store, SQL_INTERCHANGE_JUDGE);
	query_put(&query, row->id);
	query_put_blob(&query, (struct slice){ (const char *)row->hash, sizeof(row->hash) });
	query_put(&query, (int64_t)row->bytes);
	put_ack(&query, &row->ack);
	query_put_text(&query, row->note);
	query_put(&query, (int64_t)row->sets);
	query_put(&query, (int64_t)row->sets_accepted);
	query_put(&query, (int64_t)row->records);
	if (!query_run(&query))
		return false;
	return store_rows_changed(store) == 1 || store_fail_missing(store, "interchange", row->id);
}

bool store_interchange_get(struct store *store, struct arena *arena, struct interchange_row *row, int64_t id)
{
	struct query query = query_open(store, SQL_INTERCHANGE_GET);
	query_put(&query, id);
	bool found = query_row(&query);
	if (found)
		row_read(&query, arena, row);
	if (!query_done(&query))
		return false;
	return found || store_fail_missing(store, "interchange", id);
}

bool store_document_put(struct store *store, const char *kind, int64_t owner, const char *name, struct slice bytes)
{
	struct query query = query_open(store, SQL_DOCUMENT_PUT);
	query_put_text(&query, slice_of(kind));
	query_put(&query, owner);
	query_put_text(&query, slice_of(name));
	query_put_blob(&query, bytes);
	return query_run(&query);
}

bool store_document_find(struct store *store, struct arena *arena, bool *found, struct slice *bytes, const char *kind, int64_t owner,
	const char *name)
{
	struct query query = query_open(store, SQL_DOCUMENT_FIND);
	query_put_text(&query, slice_of(kind));
	query_put(&query, owner);
	query_put_text(&query, slice_of(name));
	*found = query_row(&query);
	*bytes = *found ? query_get_text(&query, arena) : SLICE_NONE;
	return query_done(&query);
}

bool store_documents(struct store *store, const char *kind, int64_t owner, document_fn fn, void *data)
{
	struct arena arena;
	int64_t after = 0;
	bool going = true, more = true;
	arena_init(&arena, 0);
	store_forget_failure(store);
	while (going && more) {
		struct slice name = SLICE_NONE, bytes = SLICE_NONE;
		arena_reset(&arena);
		struct query query = query_open(store, SQL_DOCUMENT_NEXT);
		query_put_text(&query, slice_of(kind));
		query_put(&query, owner);
		query_put(&query, after);
		more = query_row(&query);
		if (more) {
			after = query_get(&query);
			name = query_get_text(&query, &arena);
			bytes = query_get_text(&query, &arena);
		}
		going = query_done(&query) && (!more || fn(data, kind, name.len == 0 ? "" : name.ptr, bytes));
	}
	arena_done(&arena);
	return going;
}

bool store_next(struct store *store, uint64_t *number, const char *sequence)
{
	struct query query = query_open(store, SQL_SEQUENCE_NEXT);
	query_put_text(&query, slice_of(sequence));
	*number = query_row(&query) ? (uint64_t)query_get(&query) : 0;
	return query_done(&query);
}

/* ---------------------------------------------------------------- transaction sets */

bool store_set_add(struct store *store, const struct enrolment_set_row *row)
{
	struct query query = query_open(store, SQL_SET_ADD);
	query_put(&query, row->interchange);
	query_put(&query, (int64_t)row->position);
	query_put_text(&query, row->sender);
	query_put_text(&query, row->reference);
	query_put_text(&query, row->purpose);
	query_put_text(&query, row->action);
	query_put(&query, row->day);
	return query_run(&query);
}

bool store_set_newest(struct store *store, days *newest, days *newest_full, struct slice sender)
{
	struct query query = query_open(store, SQL_SET_NEWEST);
	query_put_text(&query, sender);
	query_put(&query, DAYS_NONE);
	*newest = *newest_full = DAYS_NONE;
	if (query_row(&query)) {
		*newest = query_get_days(&query);
		*newest_full = query_get_days(&query);
	}
	return query_done(&query);
}

bool store_set_reference(struct store *store, int64_t *interchange, struct slice sender, struct slice reference)
{
	struct query query = query_open(store, SQL_SET_REFERENCE);
	query_put_text(&query, sender);
	query_put_text(&query, reference);
	*interchange = query_row(&query) ? query_get(&query) : 0;
	return query_done(&query);
}

bool store_set_day(struct store *store, days *day, int64_t interchange)
{
	struct query query = query_open(store, SQL_SET_DAY);
	query_put(&query, interchange);
	query_put(&query, DAYS_NONE);
	*day = query_row(&query) ? query_get_days(&query) : DAYS_NONE;
	return query_done(&query);
}
