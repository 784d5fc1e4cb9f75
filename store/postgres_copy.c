/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * postgres_copy: all rows of a table read from PostgreSQL, or put there, by COPY in its
 * binary form (copy.c): a head of 19 bytes, then for each row the number of its values
 * and each with its length, -1 for NULL; -1 instead of a row is the end.
 */
#include "store/postgres.h"

#define HEAD_BYTES 19
static const char head[HEAD_BYTES] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, flags, no extension */
#define PUT_BYTES 65536

/* COPY and the pipeline exclude each other. */
static bool copy_begin(struct store *store, struct buffer *sql, ExecStatusType expected)
{
	PGconn *connection = postgres_of(store)->connection;
	buffer_char(sql, '\0');
	bool begun = !sql->failed || store_fail_memory(store);
	begun = begun && (libpq.exitPipelineMode(connection) == 1 || postgres_fail(store, NULL));
	if (begun) {
		PGresult *result = libpq.exec(connection, sql->ptr);
		begun = libpq.resultStatus(result) == expected || postgres_fail(store, result);
		libpq.clear(result);
		if (!begun)
			(void)libpq.enterPipelineMode(connection);
	}
	buffer_done(sql);
	return begun;
}

static bool copy_end(struct store *store)
{
	PGconn *connection = postgres_of(store)->connection;
	PGresult *result;
	bool fine = true;
	while ((result = libpq.getResult(connection)) != NULL) {
		if (libpq.resultStatus(result) != PGRES_COMMAND_OK)
			fine = postgres_fail(store, result);
		libpq.clear(result);
	}
	return (libpq.enterPipelineMode(connection) == 1 || postgres_fail(store, NULL)) && fine;
}

static int64_t big(const char *bytes, size_t count)
{
	uint64_t number = (unsigned char)bytes[0] >= 0x80 ? UINT64_MAX : 0;
	for (size_t i = 0; i < count; i++)
		number = number << 8 | (unsigned char)bytes[i];
	return (int64_t)number;
}

/* One row of COPY's bytes.  False: it is not of this form. */
static bool cells_read(struct slice row, const struct table *table, struct cell *cells)
{
	if (row.len < 2 || big(row.ptr, 2) != (int64_t)table->column_count)
		return false;
	size_t at = 2;
	for (size_t i = 0; i < table->column_count; i++) {
		if (row.len - at < 4)
			return false;
		int64_t len = big(row.ptr + at, 4);
		at += 4;
		cells[i] = (struct cell){ .kind = table->columns[i].kind, .null = len < 0 };
		if (len < 0)
			continue;
		if ((uint64_t)len > row.len - at || (cells[i].kind == COLUMN_NUMBER && len != 8))
			return false;
		if (cells[i].kind == COLUMN_NUMBER)
			cells[i].number = big(row.ptr + at, 8);
		else
			cells[i].bytes = (struct slice){ row.ptr + at, (size_t)len };
		at += (size_t)len;
	}
	return true;
}

bool postgres_scan(struct store *store, const struct table *table, row_fn fn, void *data)
{
	struct cell cells[TABLE_COLUMNS_MAX];
	struct buffer sql;
	bool going = true, first = true;
	char *bytes = NULL;
	int len;
	buffer_init(&sql, 0);
	buffer_text(&sql, "COPY (");
	table_select_put(&sql, table);
	buffer_text(&sql, ") TO STDOUT (FORMAT binary)");
	if (!copy_begin(store, &sql, PGRES_COPY_OUT))
		return false;
	while ((len = libpq.getCopyData(postgres_of(store)->connection, &bytes, 0)) > 0) {
		struct slice row = { bytes, (size_t)len };
		if (first && row.len >= HEAD_BYTES)
			row = (struct slice){ bytes + HEAD_BYTES, row.len - HEAD_BYTES };
		first = false;
		/* the head may come alone; the end is -1 */
		if (going && row.len > 2)
			going = (cells_read(row, table, cells) || store_fail(store, TROUBLE_OTHER, "COPY gives what is no row")) && fn(data, cells);
		libpq.freemem(bytes);
	}
	bool fine = len == -1 || postgres_fail(store, NULL);
	return copy_end(store) && fine && going;
}

bool postgres_fill_all(struct store *store, bool begins)
{
	/* what is still missing is told here */
	return postgres_execute(store, begins ? "SET CONSTRAINTS ALL DEFERRED" : "SET CONSTRAINTS ALL IMMEDIATE");
}

bool postgres_fill_begin(struct store *store, const struct table *table)
{
	struct postgres_store *own = postgres_of(store);
	struct buffer sql;
	buffer_init(&sql, 0);
	buffer_format(&sql, "COPY %s (", table->name);
	table_columns_put(&sql, table);
	buffer_text(&sql, ") FROM STDIN (FORMAT binary)");
	buffer_init(&own->filling, 0);
	buffer_put(&own->filling, head, HEAD_BYTES);
	return copy_begin(store, &sql, PGRES_COPY_IN);
}

static void big_put(struct buffer *out, int64_t number, int count)
{
	for (int i = count - 1; i >= 0; i--)
		buffer_char(out, (char)((uint64_t)number >> (8 * i)));
}

static bool filling_send(struct store *store)
{
	struct postgres_store *own = postgres_of(store);
	bool went = own->filling.failed ? store_fail_memory(store) :
		libpq.putCopyData(own->connection, own->filling.ptr, (int)own->filling.len) == 1 || postgres_fail(store, NULL);
	buffer_reset(&own->filling);
	return went;
}

bool postgres_fill_row(struct store *store, const struct table *table, const struct cell *cells)
{
	struct buffer *out = &postgres_of(store)->filling;
	big_put(out, (int64_t)table->column_count, 2);
	for (size_t i = 0; i < table->column_count; i++) {
		const struct cell *cell = &cells[i];
		if (cell->null) {
			big_put(out, -1, 4);
		} else if (cell->kind == COLUMN_NUMBER) {
			big_put(out, 8, 4);
			big_put(out, cell->number, 8);
		} else {
			big_put(out, (int64_t)cell->bytes.len, 4);
			buffer_slice(out, cell->bytes);
		}
	}
	return out->len < PUT_BYTES || filling_send(store);
}

bool postgres_fill_end(struct store *store, const struct table *table)
{
	struct postgres_store *own = postgres_of(store);
	(void)table;
	big_put(&own->filling, -1, 2);
	bool went = filling_send(store) && (libpq.putCopyEnd(own->connection, NULL) == 1 || postgres_fail(store, NULL));
	buffer_done(&own->filling);
	return copy_end(store) && went;
}
