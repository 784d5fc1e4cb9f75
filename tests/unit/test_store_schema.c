/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * store, the schema: stores that a released version made are opened by this one, every statement is understood by the
 * engine, and what dialect.c makes of SQL.
 *
 * tests/store/version-N.sql is what `sqlite3 .dump` said of a store that the program of that version filled.  It is
 * never changed: a released schema is frozen.
 */
#include "stores.h"
#include "store/dialect.h"
#include "store/driver.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>


static char *file_read(const char *name)
{
	FILE *file = fopen(name, "rb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fseek(file, 0, SEEK_END), 0);
	size_t len = (size_t)ftell(file);
	rewind(file);
	char *text = calloc(1, len + 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_EQUAL(fread(text, 1, len, file), len);
	fclose(file);
	return text;
}

/* ---------------------------------------------------------------- migrations */

/* The INSERTs of a dump, bytes as PostgreSQL writes them. */
static void inserts_put(struct buffer *out, const char *dump)
{
	for (const char *line = dump, *end; *line != '\0'; line = end + (*end != '\0')) {
		end = line + strcspn(line, "\n");
		if (strncmp(line, "INSERT INTO ", 12) != 0 || strncmp(line, "INSERT INTO sqlite_sequence", 27) == 0)
			continue;
		bool quoted = false;
		for (const char *p = line; p <= end && *p != '\0'; p++) {
			if (!quoted && p[0] == 'X' && p[1] == '\'')
				continue;
			quoted ^= *p == '\'';
			buffer_char(out, *p);
			if (quoted && p[0] == '\'' && p > line && p[-1] == 'X')
				buffer_text(out, "\\x");
		}
	}
}

/* An empty place becomes a store of `version` that holds what its dump says. */
static void old_store(int version, const char *dump)
{
	struct tables tables = { 0 };
	struct buffer sql;
	buffer_init(&sql, 0);
	if (stores_on_postgres) {
		buffer_text(&sql, postgres_prelude);
		buffer_format(&sql, "CREATE TABLE pccm_store (application bigint PRIMARY KEY, version bigint NOT NULL);"
			"INSERT INTO pccm_store VALUES (1346585421, %d);\n", version);
		for (int from = 0; from < version; from++)
			for (const char *const *step = schema_step(from); *step != NULL; step++)
				CU_ASSERT_FATAL(tables_apply(&tables, *step) && postgres_schema(&sql, &tables, *step));
		inserts_put(&sql, dump);
	} else {
		buffer_text(&sql, dump);
		buffer_format(&sql, "PRAGMA application_id = 1346585421; PRAGMA user_version = %d;", version);
	}
	buffer_char(&sql, '\0');
	CU_ASSERT_FATAL(!sql.failed);
	CU_ASSERT_FATAL(stores_execute(sql.ptr));
	buffer_done(&sql);
	tables_done(&tables);
}

static bool add_sum(void *data, const struct table_sum *sum)
{
	struct buffer *out = data;
	buffer_format(out, "%s %llu %s\n", sum->table, (unsigned long long)sum->rows, sum->sum);
	return true;
}

/* What the migrated store holds on the first engine, for the second. */
static char migrated[16384];

static void test_migrations(void)
{
	for (int version = 1; version < schema_version; version++) {
		char name[64];
		struct failure failure = { 0 };
		struct buffer sums;
		stores_place();
		snprintf(name, sizeof(name), "tests/store/version-%d.sql", version);
		char *dump = file_read(name);
		old_store(version, dump);
		free(dump);
		struct store *store = stores_again();
		buffer_init(&sums, 0);
		CU_ASSERT(store_sums(store, add_sum, &sums, &failure));
		CU_ASSERT(store_verify(store, &failure));
		CU_ASSERT_STRING_EQUAL(failure.text, "");
		buffer_char(&sums, '\0');
		if (migrated[0] == '\0')
			slice_copy(migrated, sizeof(migrated), (struct slice){ sums.ptr, sums.len - 1 });
		CU_ASSERT_STRING_EQUAL(sums.ptr, migrated);
		CU_ASSERT_PTR_NOT_NULL(strstr(sums.ptr, "member 39 "));
		CU_ASSERT_PTR_NOT_NULL(strstr(sums.ptr, "roster_line 27 "));
		buffer_done(&sums);
		/* assignment 36 was retired: its id does not come again */
		change(store, 14800);
		int64_t id = assign(store, 1, 1, 20000, DAYS_OPEN);
		CU_ASSERT_EQUAL(id, 37);
		commit(store);
		CU_ASSERT(store_verify(store, &failure));
		stores_gone(store);
	}
}

/* The steps of a released version make the very tables that its dump has. */
static void test_frozen(void)
{
	static const char words[] = "SELECT count(*) FROM (SELECT name, sql FROM main.sqlite_master EXCEPT SELECT name, sql FROM old.sqlite_master)"
		" UNION ALL SELECT count(*) FROM (SELECT name, sql FROM old.sqlite_master EXCEPT SELECT name, sql FROM main.sqlite_master)";
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	char *dump = file_read("tests/store/version-1.sql");
	CU_ASSERT_EQUAL_FATAL(sqlite3_open(":memory:", &db), SQLITE_OK);
	CU_ASSERT_EQUAL_FATAL(sqlite3_exec(db, dump, NULL, NULL, NULL), SQLITE_OK);
	free(dump);
	CU_ASSERT_EQUAL(sqlite3_exec(db, "ATTACH ':memory:' AS old", NULL, NULL, NULL), SQLITE_OK);
	sqlite3 *fresh = NULL;
	CU_ASSERT_EQUAL_FATAL(sqlite3_open(":memory:", &fresh), SQLITE_OK);
	for (const char *const *step = schema_step(0); *step != NULL; step++)
		CU_ASSERT_EQUAL(sqlite3_exec(fresh, *step, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_backup *backup = sqlite3_backup_init(db, "old", fresh, "main");
	CU_ASSERT_PTR_NOT_NULL_FATAL(backup);
	CU_ASSERT_EQUAL(sqlite3_backup_step(backup, -1), SQLITE_DONE);
	sqlite3_backup_finish(backup);
	CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(db, words, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW)
		CU_ASSERT_EQUAL(sqlite3_column_int(stmt, 0), 0);
	sqlite3_finalize(stmt);
	sqlite3_close(fresh);
	sqlite3_close(db);
}

/* ---------------------------------------------------------------- statements */

/* Every statement of statements.def, by its own engine: what is not understood is printed. */
static void test_statements(void)
{
	struct store *store = stores_fresh();
	struct tables tables;
	CU_ASSERT_FATAL(tables_read(&tables, schema_version));
	for (int i = 0; i < STATEMENTS; i++) {
		struct postgres_insert insert;
		struct buffer sql;
		buffer_init(&sql, 0);
		if (stores_on_postgres) {
			buffer_text(&sql, "CREATE TEMPORARY TABLE pending_case (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
				"case_number text NOT NULL, member bigint NOT NULL, UNIQUE (case_number, member)); PREPARE one AS ");
			postgres_statement(&sql, &insert, &tables, statement_sql[i]);
		} else {
			buffer_text(&sql, "CREATE TEMPORARY TABLE pending_case (position INTEGER PRIMARY KEY, case_number, member, "
				"UNIQUE (case_number, member)); EXPLAIN ");
			buffer_text(&sql, statement_sql[i]);
		}
		buffer_char(&sql, '\0');
		bool understood = stores_execute(sql.ptr);
		if (!understood)
			printf("    not understood: %s\n", sql.ptr);
		CU_ASSERT(understood);
		buffer_done(&sql);
	}
	tables_done(&tables);
	stores_gone(store);
}

static const struct unit_case cases[] = {
	{ "a store of each released version is opened, keeps its rows and works on", test_migrations },
	{ "version 1 makes the tables that it made when it was released", test_frozen },
	{ "every statement is understood by the engine", test_statements },
};

int main(void)
{
	return STORES_RUN("store schema", cases);
}
