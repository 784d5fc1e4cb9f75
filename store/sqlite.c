/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sqlite: the driver for SQLite.  Opening and looking after the file is sqlite_file.c.
 */
#include "store/sqlite.h"

/* ---------------------------------------------------------------- failures */

bool sqlite_fail(struct store *store, int status)
{
	static const struct { int status; enum store_trouble trouble; } troubles[] = {
		{ SQLITE_BUSY, TROUBLE_LOCKED }, { SQLITE_LOCKED, TROUBLE_LOCKED }, { SQLITE_FULL, TROUBLE_FULL },
		{ SQLITE_READONLY, TROUBLE_READ_ONLY }, { SQLITE_PERM, TROUBLE_READ_ONLY },
		{ SQLITE_CANTOPEN, TROUBLE_CANNOT_OPEN }, { SQLITE_AUTH, TROUBLE_CANNOT_OPEN },
		{ SQLITE_NOTADB, TROUBLE_NO_DATABASE }, { SQLITE_CORRUPT, TROUBLE_DAMAGED }, { SQLITE_NOMEM, TROUBLE_MEMORY },
		{ SQLITE_CONSTRAINT, TROUBLE_REFUSED }, { SQLITE_IOERR, TROUBLE_INPUT_OUTPUT },
	};
	sqlite3 *db = sqlite_of(store)->db;
	const char *detail = db == NULL ? sqlite3_errstr(status) : sqlite3_errmsg(db);
	for (size_t i = 0; i < COUNT_OF(troubles); i++)
		if (troubles[i].status == (status & 0xff))
			return store_fail(store, troubles[i].trouble, detail);
	return store_fail(store, TROUBLE_OTHER, detail);
}

/* ---------------------------------------------------------------- queries */

static void open_query(struct query *query, enum statement name)
{
	struct sqlite_store *own = sqlite_of(query->store);
	if (own->statements[name] == NULL) {
		int status = sqlite3_prepare_v3(own->db, statement_sql[name], -1, SQLITE_PREPARE_PERSISTENT, &own->statements[name], NULL);
		if (status != SQLITE_OK) {
			query->failed = true;
			sqlite_fail(query->store, status);
		}
	}
	query->stmt = own->statements[name];
	assert(query->failed || !sqlite3_stmt_busy(query->stmt)); /* somebody walks this very statement */
}

static void check(struct query *query, int status)
{
	if (status == SQLITE_OK)
		return;
	query->failed = true;
	sqlite_fail(query->store, status);
}

static void put_number(struct query *query, int64_t number)
{
	check(query, sqlite3_bind_int64(query->stmt, ++query->put, number));
}

static void put_null(struct query *query)
{
	check(query, sqlite3_bind_null(query->stmt, ++query->put));
}

static void put_text(struct query *query, struct slice text)
{
	check(query, sqlite3_bind_text64(query->stmt, ++query->put, text.len == 0 ? "" : text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8));
}

static void put_blob(struct query *query, struct slice bytes)
{
	check(query, sqlite3_bind_blob64(query->stmt, ++query->put, bytes.len == 0 ? "" : bytes.ptr, bytes.len, SQLITE_STATIC));
}

static bool row(struct query *query)
{
	int status = sqlite3_step(query->stmt);
	if (status == SQLITE_ROW)
		return true;
	if (status != SQLITE_DONE) {
		query->failed = true;
		sqlite_fail(query->store, status);
	}
	return false;
}

static int64_t get_number(struct query *query)
{
	return sqlite3_column_int64(query->stmt, query->got++);
}

static struct slice get_view(struct query *query)
{
	int column = query->got++;
	const void *bytes = sqlite3_column_blob(query->stmt, column);
	int len = sqlite3_column_bytes(query->stmt, column);
	return bytes == NULL || len <= 0 ? SLICE_NONE : (struct slice){ bytes, (size_t)len };
}

static void done(struct query *query)
{
	sqlite3_reset(query->stmt);
}

static bool run(struct query *query)
{
	while (row(query))
		;
	done(query);
	return !query->failed;
}

static bool run_id(struct query *query, int64_t *id)
{
	bool went = run(query);
	*id = went ? sqlite3_last_insert_rowid(sqlite_of(query->store)->db) : 0;
	return went;
}

static uint64_t rows_changed(struct store *store)
{
	return (uint64_t)sqlite3_changes64(sqlite_of(store)->db);
}

/* ---------------------------------------------------------------- transactions */

static bool in_transaction(struct store *store)
{
	return sqlite3_get_autocommit(sqlite_of(store)->db) == 0;
}

static bool say(struct store *store, enum sqlite_word word)
{
	static const char *const words[WORDS] = {
		[WORD_BEGIN] = "BEGIN IMMEDIATE", [WORD_COMMIT] = "COMMIT", [WORD_ROLLBACK] = "ROLLBACK",
		[WORD_MARK] = "SAVEPOINT mark", [WORD_KEEP] = "RELEASE mark", [WORD_UNDO] = "ROLLBACK TO mark",
	};
	struct sqlite_store *own = sqlite_of(store);
	int status = SQLITE_OK;
	if (own->words[word] == NULL)
		status = sqlite3_prepare_v3(own->db, words[word], -1, SQLITE_PREPARE_PERSISTENT, &own->words[word], NULL);
	if (status == SQLITE_OK)
		status = sqlite3_step(own->words[word]);
	if (status != SQLITE_DONE)
		sqlite_fail(store, status);
	sqlite3_reset(own->words[word]);
	return status == SQLITE_DONE;
}

static bool begin(struct store *store)
{
	return say(store, WORD_BEGIN);
}

static bool commit(struct store *store)
{
	return say(store, WORD_COMMIT);
}

static bool rollback(struct store *store)
{
	return say(store, WORD_ROLLBACK);
}

static bool mark(struct store *store)
{
	return say(store, WORD_MARK);
}

static bool keep(struct store *store)
{
	return say(store, WORD_KEEP);
}

static bool undo(struct store *store)
{
	return say(store, WORD_UNDO) && say(store, WORD_KEEP);
}

/* ---------------------------------------------------------------- the table */

static struct store *make(void)
{
	struct sqlite_store *own = calloc(1, sizeof(*own));
	return own == NULL ? NULL : &own->store;
}

static void close_store(struct store *store)
{
	struct sqlite_store *own = sqlite_of(store);
	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(own->statements[i]);
	for (size_t i = 0; i < WORDS; i++)
		sqlite3_finalize(own->words[i]);
	sqlite3_close(own->db);
	free(own);
}

const struct driver sqlite_driver = {
	.make = make, .open = sqlite_open_file, .close = close_store,
	.in_transaction = in_transaction, .begin = begin, .commit = commit, .rollback = rollback,
	.mark = mark, .keep = keep, .undo = undo,
	.open_query = open_query, .put_number = put_number, .put_null = put_null, .put_text = put_text, .put_blob = put_blob,
	.row = row, .get_number = get_number, .get_view = get_view, .run = run, .run_id = run_id, .done = done,
	.rows_changed = rows_changed, .whole = sqlite_whole,
	.scan = sqlite_scan, .fill_all = sqlite_fill_all, .fill_begin = sqlite_fill_begin, .fill_row = sqlite_fill_row,
	.fill_end = sqlite_fill_end,
};
