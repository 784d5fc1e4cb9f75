/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sqlite_copy: all rows of a table read from SQLite, or put there (copy.c).
 */
#include "store/sqlite.h"

static sqlite3_stmt *prepared(struct store *store, struct buffer *sql)
{
	sqlite3_stmt *stmt = NULL;
	if (sql->failed) {
		store_fail_memory(store);
	} else {
		int status = sqlite3_prepare_v2(sqlite_of(store)->db, sql->ptr, (int)sql->len, &stmt, NULL);
		if (status != SQLITE_OK)
			sqlite_fail(store, status);
	}
	buffer_done(sql);
	return stmt;
}

static void cell_read(sqlite3_stmt *stmt, int at, const struct column *column, struct cell *out)
{
	*out = (struct cell){ .kind = column->kind, .null = sqlite3_column_type(stmt, at) == SQLITE_NULL };
	if (column->kind == COLUMN_NUMBER) {
		out->number = sqlite3_column_int64(stmt, at);
	} else {
		const void *bytes = sqlite3_column_blob(stmt, at);
		out->bytes = bytes == NULL ? SLICE_NONE : (struct slice){ bytes, (size_t)sqlite3_column_bytes(stmt, at) };
	}
}

bool sqlite_scan(struct store *store, const struct table *table, row_fn fn, void *data)
{
	struct cell cells[TABLE_COLUMNS_MAX];
	struct buffer sql;
	bool going = true;
	int status = SQLITE_ROW;
	buffer_init(&sql, 0);
	table_select_put(&sql, table);
	sqlite3_stmt *stmt = prepared(store, &sql);
	if (stmt == NULL)
		return false;
	while (going && (status = sqlite3_step(stmt)) == SQLITE_ROW) {
		for (size_t i = 0; i < table->column_count; i++)
			cell_read(stmt, (int)i, &table->columns[i], &cells[i]);
		going = fn(data, cells);
	}
	if (going && status != SQLITE_DONE)
		going = sqlite_fail(store, status);
	sqlite3_finalize(stmt);
	return going;
}

bool sqlite_fill_all(struct store *store, bool begins)
{
	if (!begins)
		return true; /* what still refers to nothing is told by the commit */
	int status = sqlite3_exec(sqlite_of(store)->db, "PRAGMA defer_foreign_keys = ON", NULL, NULL, NULL);
	return status == SQLITE_OK || sqlite_fail(store, status);
}

bool sqlite_fill_begin(struct store *store, const struct table *table)
{
	struct buffer sql;
	buffer_init(&sql, 0);
	buffer_format(&sql, "INSERT INTO %s (", table->name);
	table_columns_put(&sql, table);
	buffer_text(&sql, ") VALUES (?");
	for (size_t i = 1; i < table->column_count; i++)
		buffer_text(&sql, ", ?");
	buffer_text(&sql, ")");
	sqlite_of(store)->filling = prepared(store, &sql);
	return sqlite_of(store)->filling != NULL;
}

bool sqlite_fill_row(struct store *store, const struct table *table, const struct cell *cells)
{
	sqlite3_stmt *stmt = sqlite_of(store)->filling;
	int status = SQLITE_OK;
	for (size_t i = 0; status == SQLITE_OK && i < table->column_count; i++) {
		const struct cell *cell = &cells[i];
		const char *bytes = cell->bytes.len == 0 ? "" : cell->bytes.ptr;
		int at = (int)i + 1;
		if (cell->null)
			status = sqlite3_bind_null(stmt, at);
		else if (cell->kind == COLUMN_NUMBER)
			status = sqlite3_bind_int64(stmt, at, cell->number);
		else if (cell->kind == COLUMN_TEXT)
			status = sqlite3_bind_text64(stmt, at, bytes, cell->bytes.len, SQLITE_STATIC, SQLITE_UTF8);
		else
			status = sqlite3_bind_blob64(stmt, at, bytes, cell->bytes.len, SQLITE_STATIC);
	}
	if (status == SQLITE_OK)
		status = sqlite3_step(stmt);
	if (status != SQLITE_DONE)
		sqlite_fail(store, status);
	sqlite3_reset(stmt);
	return status == SQLITE_DONE;
}

/* An id that was deleted before it came here may not come again either: the past knows it. */
static bool ids_kept(struct store *store, const char *noun, int len)
{
	char sql[512];
	snprintf(sql, sizeof(sql), "DELETE FROM sqlite_sequence WHERE name = '%.*s'; INSERT INTO sqlite_sequence (name, seq) "
		"SELECT name, (SELECT max(id) FROM (SELECT id FROM %.*s UNION ALL SELECT id FROM %.*s_past)) FROM sqlite_master "
		"WHERE name = '%.*s' AND sql LIKE '%%AUTOINCREMENT%%'", len, noun, len, noun, len, noun, len, noun);
	int status = sqlite3_exec(sqlite_of(store)->db, sql, NULL, NULL, NULL);
	return status == SQLITE_OK || sqlite_fail(store, status);
}

bool sqlite_fill_end(struct store *store, const struct table *table)
{
	struct sqlite_store *own = sqlite_of(store);
	size_t len = strlen(table->name);
	sqlite3_finalize(own->filling);
	own->filling = NULL;
	bool past = len > 5 && strcmp(table->name + len - 5, "_past") == 0 && strcmp(table->key[0], "id") == 0;
	return !past || ids_kept(store, table->name, (int)len - 5);
}
