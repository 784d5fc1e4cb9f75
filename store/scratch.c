/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * scratch: a table of bytes by key for one piece of work that may be larger than memory.
 *
 * A database of its own in a file without a name (SQLite's temporary database), mode 0600,
 * gone when it is closed or the program ends.  Nothing in it outlives a failure, so it keeps
 * no journal and waits for no disk.
 */
#include "store/store.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>

enum { PUT, GET, NEXT, STATEMENTS };
static const char *const sql[STATEMENTS] = {
	[PUT] = "INSERT INTO scratch (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
	[GET] = "SELECT value FROM scratch WHERE key = ?1",
	[NEXT] = "SELECT key, value FROM scratch WHERE key > ?1 ORDER BY key LIMIT 1",
};
struct scratch {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
};

static bool fail(const struct scratch *scratch, struct failure *failure)
{
	return failure_set(failure, "could not use a temporary table: %s",
		scratch->db == NULL ? "out of memory" : sqlite3_errmsg(scratch->db));
}

struct scratch *scratch_open(struct failure *failure)
{
	static const char begin[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096;"
				    "CREATE TABLE scratch (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID; BEGIN";
	struct scratch *scratch = calloc(1, sizeof(*scratch));
	if (scratch == NULL) {
		failure_set(failure, "could not use a temporary table: out of memory");
		return NULL;
	}
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	bool opened = sqlite3_open_v2("", &scratch->db, flags, NULL) == SQLITE_OK &&
		sqlite3_exec(scratch->db, begin, NULL, NULL, NULL) == SQLITE_OK;
	for (int i = 0; opened && i < STATEMENTS; i++)
		opened = sqlite3_prepare_v2(scratch->db, sql[i], -1, &scratch->statements[i], NULL) == SQLITE_OK;
	if (opened)
		return scratch;
	fail(scratch, failure);
	scratch_close(scratch);
	return NULL;
}

void scratch_close(struct scratch *scratch)
{
	if (scratch == NULL)
		return;
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(scratch->statements[i]);
	sqlite3_close(scratch->db);
	free(scratch);
}

/* An empty slice is an empty value, not NULL. */
static bool bind(sqlite3_stmt *stmt, int at, struct slice bytes)
{
	return sqlite3_bind_blob64(stmt, at, bytes.len > 0 ? bytes.ptr : "", bytes.len, SQLITE_STATIC) == SQLITE_OK;
}

static void column_put(struct buffer *out, sqlite3_stmt *stmt, int column)
{
	const void *bytes = sqlite3_column_blob(stmt, column);
	buffer_reset(out);
	if (bytes != NULL)
		buffer_put(out, bytes, (size_t)sqlite3_column_bytes(stmt, column));
}

bool scratch_put(struct scratch *scratch, struct slice key, struct slice value, struct failure *failure)
{
	sqlite3_stmt *stmt = scratch->statements[PUT];
	bool put = bind(stmt, 1, key) && bind(stmt, 2, value) && sqlite3_step(stmt) == SQLITE_DONE;
	if (!put)
		fail(scratch, failure);
	sqlite3_reset(stmt);
	return put;
}

/* One row of at most two columns, the last into `value`, one before it into `key`. */
static bool row(struct scratch *scratch, int name, struct slice by, struct buffer *key, struct buffer *value, bool *found, struct failure *failure)
{
	sqlite3_stmt *stmt = scratch->statements[name];
	int status = bind(stmt, 1, by) ? sqlite3_step(stmt) : SQLITE_ERROR;
	*found = status == SQLITE_ROW;
	bool fine = *found || status == SQLITE_DONE || fail(scratch, failure);
	if (*found) {
		column_put(value, stmt, key != NULL);
		if (key != NULL)
			column_put(key, stmt, 0);
		fine = (!value->failed && (key == NULL || !key->failed)) || failure_set(failure, "could not use a temporary table: out of memory");
	}
	sqlite3_reset(stmt);
	return fine;
}

bool scratch_get(struct scratch *scratch, struct slice key, struct buffer *value, bool *found, struct failure *failure)
{
	return row(scratch, GET, key, NULL, value, found, failure);
}

bool scratch_next(struct scratch *scratch, struct slice after, struct buffer *key, struct buffer *value, bool *found, struct failure *failure)
{
	assert(key != NULL);
	return row(scratch, NEXT, after, key, value, found, failure);
}
