/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * query: failures in words, queries, transactions and changes, whatever the engine.
 *
 * What stays true: a failure leaves exactly one sentence that names the store; a
 * transaction that the engine itself rolled back (disk full) is known as over; a
 * query is done before its function returns, so none is ever open in a callback.
 */
#include "store/driver.h"

/* ---------------------------------------------------------------- failures */

static const char *const sentences[] = {
	[TROUBLE_LOCKED] = "the store %s is locked by another process",
	[TROUBLE_FULL] = "the disk is full: the store %s cannot grow",
	[TROUBLE_READ_ONLY] = "the store %s is read-only",
	[TROUBLE_CANNOT_OPEN] = "the store %s cannot be opened",
	[TROUBLE_NO_DATABASE] = "%s is not a store: it is no database",
	[TROUBLE_DAMAGED] = "the store %s is damaged: %s",
	[TROUBLE_REFUSED] = "the store %s refused a row: %s",
	[TROUBLE_INPUT_OUTPUT] = "the store %s could not be read or written: %s",
	[TROUBLE_LOST_TRANSACTION] = "the store %s lost its transaction",
	[TROUBLE_MEMORY] = "memory is used up while working on the store %s",
	[TROUBLE_UNREACHED] = "the store %s cannot be reached: %s",
	[TROUBLE_OTHER] = "the store %s failed: %s",
};

bool store_fail(struct store *store, enum store_trouble trouble, const char *detail)
{
	store->failure.text[0] = '\0'; /* the newest failure counts: an earlier one was handled */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return failure_set(&store->failure, sentences[trouble], store->path, detail);
#pragma GCC diagnostic pop
}

bool store_fail_memory(struct store *store)
{
	return store_fail(store, TROUBLE_MEMORY, "");
}

bool store_fail_missing(struct store *store, const char *noun, int64_t id)
{
	if (store->broken)
		return false; /* it is not known what the store holds: its sentence stays */
	store->failure.text[0] = '\0';
	return failure_set(&store->failure, "the store %s holds no %s %lld", store->path, noun, (long long)id);
}

bool store_fail_identity(struct store *store, bool empty)
{
	return failure_set(&store->failure, "%s is not a store: it is %s", store->path,
			   empty ? "empty" : "a database of another program");
}

bool store_fail_newer(struct store *store, int64_t version)
{
	return failure_set(&store->failure, "the store %s is of version %lld, newer than this program, which knows versions up to %d",
			   store->path, (long long)version, schema_version);
}

const struct failure *store_failure(const struct store *store)
{
	return &store->failure;
}

void store_forget_failure(struct store *store)
{
	store->failure.text[0] = '\0';
}

/* ---------------------------------------------------------------- queries */

struct query query_open(struct store *store, enum statement name)
{
	struct query query = { .store = store, .name = name };
	store->driver->open_query(&query, name);
	return query;
}

void query_put(struct query *query, int64_t number)
{
	if (!query->failed)
		query->store->driver->put_number(query, number);
}

void query_put_id(struct query *query, int64_t id)
{
	if (id != 0)
		query_put(query, id);
	else if (!query->failed)
		query->store->driver->put_null(query);
}

void query_put_text(struct query *query, struct slice text)
{
	if (!query->failed)
		query->store->driver->put_text(query, text);
}

void query_put_blob(struct query *query, struct slice bytes)
{
	if (!query->failed)
		query->store->driver->put_blob(query, bytes);
}

void query_put_reason(struct query *query, enum reason reason)
{
	query_put_text(query, reason == REASON_NONE ? SLICE_NONE : slice_of(reason_code(reason)));
}

void query_put_origin(struct query *query, struct origin origin)
{
	query_put_id(query, origin.interchange);
	query_put(query, (int64_t)origin.offset);
}

bool query_row(struct query *query)
{
	query->got = 0;
	return !query->failed && query->store->driver->row(query);
}

int64_t query_get(struct query *query)
{
	return query->store->driver->get_number(query);
}

int32_t query_get_days(struct query *query)
{
	int64_t number = query_get(query);
	if (number >= INT32_MIN && number <= INT32_MAX)
		return (int32_t)number;
	/* somebody else wrote into the store */
	query->failed = true;
	return (int32_t)store_fail(query->store, TROUBLE_DAMAGED, "a day is out of range");
}

struct slice query_get_text(struct query *query, struct arena *arena)
{
	struct slice view = query->store->driver->get_view(query);
	if (view.len == 0)
		return SLICE_NONE;
	struct slice copy = arena_slice(arena, view);
	if (copy.ptr == NULL) {
		query->failed = true;
		store_fail_memory(query->store);
	}
	return copy;
}

void query_get_chars(struct query *query, char *out, size_t size)
{
	slice_copy(out, size, query->store->driver->get_view(query));
}

enum reason query_get_reason(struct query *query)
{
	struct slice code = query->store->driver->get_view(query);
	return code.len == 0 ? REASON_NONE : reason_of_code(code);
}

struct origin query_get_origin(struct query *query)
{
	struct origin origin;
	origin.interchange = query_get(query);
	origin.offset = (uint64_t)query_get(query);
	return origin;
}

bool query_done(struct query *query)
{
	if (query->stmt != NULL)
		query->store->driver->done(query);
	return !query->failed;
}

bool query_run(struct query *query)
{
	if (query->failed)
		return query_done(query);
	return query->store->driver->run(query);
}

bool query_run_id(struct query *query, int64_t *id)
{
	*id = 0;
	if (query->failed)
		return query_done(query);
	return query->store->driver->run_id(query, id);
}

uint64_t store_rows_changed(struct store *store)
{
	return store->driver->rows_changed(store);
}

/* ---------------------------------------------------------------- transactions */

static void transaction_over(struct store *store)
{
	store->change = 0;
	store->marked_change = 0;
	store->program = 0; /* its row may be gone */
}

bool store_begin(struct store *store)
{
	assert(!store->driver->in_transaction(store));
	store_forget_failure(store);
	transaction_over(store);
	return store->driver->begin(store);
}

bool store_commit(struct store *store)
{
	if (!store->driver->in_transaction(store)) {
		/* the engine rolled back by itself after a failure that the caller went past */
		if (store->failure.text[0] == '\0')
			store_fail(store, TROUBLE_LOST_TRANSACTION, "");
		return false;
	}
	if (!store->driver->commit(store))
		return false;
	transaction_over(store);
	return true;
}

void store_rollback(struct store *store)
{
	if (store->driver->in_transaction(store)) {
		struct failure kept = store->failure; /* the sentence that led here stays */
		(void)!store->driver->rollback(store);
		store->failure = kept;
	}
	transaction_over(store);
}

bool store_mark(struct store *store)
{
	assert(store->driver->in_transaction(store));
	store->marked_change = store->change;
	return store->driver->mark(store);
}

bool store_keep(struct store *store)
{
	return store->driver->keep(store);
}

bool store_undo(struct store *store)
{
	struct failure kept = store->failure;
	bool undone = store->driver->undo(store);
	if (undone) {
		store->failure = kept;
		store->change = store->marked_change;
		store->program = 0;
	}
	return undone;
}

/* ---------------------------------------------------------------- changes */

bool store_program(struct store *store, int64_t *id, struct slice hash)
{
	*id = store->program;
	if (hash.len == 0) {
		*id = 0;
		return true;
	}
	if (store->program != 0 && slice_is(hash, store->program_hash))
		return true;
	struct query find = query_open(store, SQL_PROGRAM_FIND);
	query_put_text(&find, hash);
	*id = query_row(&find) ? query_get(&find) : 0;
	if (!query_done(&find))
		return false;
	if (*id == 0) {
		struct query add = query_open(store, SQL_PROGRAM_ADD);
		query_put_text(&add, hash);
		if (!query_run_id(&add, id))
			return false;
	}
	store->program = hash.len < sizeof(store->program_hash) ? *id : 0;
	slice_copy(store->program_hash, sizeof(store->program_hash), hash);
	return true;
}

bool store_change(struct store *store, int64_t *id, enum change_kind kind, days day, const char *program_hash)
{
	int64_t program;
	assert(store->driver->in_transaction(store));
	if (!store_program(store, &program, slice_of(program_hash)))
		return false;
	struct query query = query_open(store, SQL_CHANGE_ADD);
	query_put(&query, kind);
	query_put(&query, day);
	query_put_id(&query, program);
	if (!query_run_id(&query, id))
		return false;
	store->change = *id;
	return true;
}

bool store_newest_change(struct store *store, int64_t *id)
{
	struct query query = query_open(store, SQL_CHANGE_NEWEST);
	*id = query_row(&query) ? query_get(&query) : 0;
	return query_done(&query);
}

bool store_change_of_day(struct store *store, int64_t *id, days day)
{
	struct query query = query_open(store, SQL_CHANGE_OF_DAY);
	query_put(&query, day);
	*id = query_row(&query) ? query_get(&query) : 0;
	return query_done(&query);
}

bool store_changed_since(struct store *store, bool *changed, int64_t change)
{
	struct query query = query_open(store, SQL_CHANGED_SINCE);
	query_put(&query, change);
	query_put(&query, CHANGE_ROSTER);
	query_put(&query, CHANGE_PREPARE);
	query_put(&query, CHANGE_DISCARD);
	*changed = query_row(&query);
	return query_done(&query);
}

void *store_grow(struct store *store, struct arena *arena, void *items, size_t *size, size_t count, size_t item_bytes)
{
	if (count < *size)
		return items;
	size_t wanted = *size == 0 ? 4 : *size * 2;
	void *grown = arena_alloc(arena, wanted * item_bytes);
	if (grown == NULL) {
		store_fail_memory(store);
		return NULL;
	}
	if (count > 0)
		memcpy(grown, items, count * item_bytes);
	*size = wanted;
	return grown;
}
