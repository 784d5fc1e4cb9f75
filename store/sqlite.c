/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sqlite: failures in words, queries, transactions and changes.
 *
 * What stays true: a failure leaves exactly one sentence that names the file; a
 * transaction that SQLite itself rolled back (disk full) is known as over; a
 * statement is reset before its function returns, so none is ever open in a callback.
 */
#include "store/sqlite.h"

/* ---------------------------------------------------------------- failures */

static bool fail_text(struct store *store, const char *format, const char *detail)
{
	store->failure.text[0] = '\0'; /* the newest failure counts: an earlier one was handled */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return failure_set(&store->failure, format, store->path, detail);
#pragma GCC diagnostic pop
}

bool store_fail(struct store *store, int status)
{
	const char *detail = store->db == NULL ? sqlite3_errstr(status) : sqlite3_errmsg(store->db);
	switch (status & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fail_text(store, "the store %s is locked by another process", "");
	case SQLITE_FULL:
		return fail_text(store, "the disk is full: the store %s cannot grow", "");
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return fail_text(store, "the store %s is read-only", "");
	case SQLITE_CANTOPEN:
	case SQLITE_AUTH:
		return fail_text(store, "the store %s cannot be opened", "");
	case SQLITE_NOTADB:
		return fail_text(store, "%s is not a store: it is no database", "");
	case SQLITE_CORRUPT:
		return fail_text(store, "the store %s is damaged: %s", detail);
	case SQLITE_NOMEM:
		return store_fail_memory(store);
	case SQLITE_CONSTRAINT:
		return fail_text(store, "the store %s refused a row: %s", detail);
	case SQLITE_IOERR:
		return fail_text(store, "the store %s could not be read or written: %s", detail);
	default:
		return fail_text(store, "the store %s failed: %s", detail);
	}
}

bool store_fail_memory(struct store *store)
{
	return fail_text(store, "memory is used up while working on the store %s", "");
}

bool store_fail_missing(struct store *store, const char *noun, int64_t id)
{
	store->failure.text[0] = '\0';
	return failure_set(&store->failure, "the store %s holds no %s %lld", store->path, noun, (long long)id);
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
	struct query query = { .store = store, .stmt = store->statements[name] };
	if (query.stmt == NULL) {
		int status = sqlite3_prepare_v3(store->db, statement_sql[name], -1, SQLITE_PREPARE_PERSISTENT,
						&store->statements[name], NULL);
		query.stmt = store->statements[name];
		if (status != SQLITE_OK) {
			query.failed = true;
			store_fail(store, status);
		}
	}
	assert(query.failed || !sqlite3_stmt_busy(query.stmt)); /* somebody walks this very statement */
	return query;
}

static void put_status(struct query *query, int status)
{
	if (status == SQLITE_OK)
		return;
	query->failed = true;
	store_fail(query->store, status);
}

void query_put(struct query *query, int64_t number)
{
	if (!query->failed)
		put_status(query, sqlite3_bind_int64(query->stmt, ++query->put, number));
}

void query_put_id(struct query *query, int64_t id)
{
	if (id != 0)
		query_put(query, id);
	else if (!query->failed)
		put_status(query, sqlite3_bind_null(query->stmt, ++query->put));
}

void query_put_text(struct query *query, struct slice text)
{
	if (!query->failed)
		put_status(query, sqlite3_bind_text64(query->stmt, ++query->put, text.len == 0 ? "" : text.ptr, text.len,
						      SQLITE_STATIC, SQLITE_UTF8));
}

void query_put_blob(struct query *query, struct slice bytes)
{
	if (!query->failed)
		put_status(query, sqlite3_bind_blob64(query->stmt, ++query->put, bytes.len == 0 ? "" : bytes.ptr,
						      bytes.len, SQLITE_STATIC));
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
	if (query->failed)
		return false;
	query->got = 0;
	int status = sqlite3_step(query->stmt);
	if (status == SQLITE_ROW)
		return true;
	if (status != SQLITE_DONE) {
		query->failed = true;
		store_fail(query->store, status);
	}
	return false;
}

int64_t query_get(struct query *query)
{
	return sqlite3_column_int64(query->stmt, query->got++);
}

int32_t query_get_days(struct query *query)
{
	int64_t number = query_get(query);
	if (number >= INT32_MIN && number <= INT32_MAX)
		return (int32_t)number;
	/* somebody else wrote into the file */
	query->failed = true;
	return (int32_t)fail_text(query->store, "the store %s is damaged: a day is out of range%s", "");
}

/* The bytes as SQLite holds them: valid until the next step. */
static struct slice column_view(struct query *query)
{
	int column = query->got++;
	const void *bytes = sqlite3_column_blob(query->stmt, column);
	int len = sqlite3_column_bytes(query->stmt, column);
	return bytes == NULL || len <= 0 ? SLICE_NONE : (struct slice){ bytes, (size_t)len };
}

struct slice query_get_text(struct query *query, struct arena *arena)
{
	struct slice view = column_view(query);
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
	slice_copy(out, size, column_view(query));
}

enum reason query_get_reason(struct query *query)
{
	struct slice code = column_view(query);
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
		sqlite3_reset(query->stmt);
	return !query->failed;
}

bool query_run(struct query *query)
{
	while (query_row(query))
		;
	return query_done(query);
}

bool query_run_id(struct query *query, int64_t *id)
{
	bool done = query_run(query);
	*id = done ? sqlite3_last_insert_rowid(query->store->db) : 0;
	return done;
}

uint64_t store_rows_changed(const struct store *store)
{
	return (uint64_t)sqlite3_changes64(store->db);
}

/* ---------------------------------------------------------------- transactions */

static bool run(struct store *store, enum statement name)
{
	struct query query = query_open(store, name);
	return query_run(&query);
}

static void transaction_over(struct store *store)
{
	store->change = 0;
	store->marked_change = 0;
	store->program = 0; /* its row may be gone */
}

bool store_begin(struct store *store)
{
	assert(sqlite3_get_autocommit(store->db) != 0);
	store_forget_failure(store);
	transaction_over(store);
	return run(store, SQL_BEGIN);
}

bool store_commit(struct store *store)
{
	if (sqlite3_get_autocommit(store->db) != 0) {
		/* SQLite rolled back by itself after a failure that the caller went past */
		if (store->failure.text[0] == '\0')
			fail_text(store, "the store %s lost its transaction%s", "");
		return false;
	}
	if (!run(store, SQL_COMMIT))
		return false;
	transaction_over(store);
	return true;
}

void store_rollback(struct store *store)
{
	if (sqlite3_get_autocommit(store->db) == 0) {
		struct failure kept = store->failure; /* the sentence that led here stays */
		(void)!run(store, SQL_ROLLBACK);
		store->failure = kept;
	}
	transaction_over(store);
}

bool store_mark(struct store *store)
{
	assert(sqlite3_get_autocommit(store->db) == 0);
	store->marked_change = store->change;
	return run(store, SQL_MARK);
}

bool store_keep(struct store *store)
{
	return run(store, SQL_KEEP);
}

bool store_undo(struct store *store)
{
	struct failure kept = store->failure;
	bool undone = run(store, SQL_UNDO) && run(store, SQL_KEEP);
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
	assert(sqlite3_get_autocommit(store->db) == 0);
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
