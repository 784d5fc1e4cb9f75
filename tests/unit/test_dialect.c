/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * dialect: what the schema and the statements become in PostgreSQL's words.
 */
#include "store/dialect.h"
#include "unit.h"

#include <stdio.h>

struct row {
	const char *sqlite, *postgres;
};

/* Tables that the rows below speak of; their own translation is among them. */
static const struct row tables_rows[] = {
	{ "CREATE TABLE change (id INTEGER PRIMARY KEY, day INTEGER NOT NULL, hash BLOB) STRICT",
	  "CREATE TABLE change (id bigint, day bigint NOT NULL, hash bytea, PRIMARY KEY (id));\n" },
	{ "CREATE TABLE alias (old_id TEXT PRIMARY KEY, member INTEGER NOT NULL REFERENCES member (id)) STRICT, WITHOUT ROWID",
	  "CREATE TABLE alias (old_id text COLLATE \"C\", member bigint NOT NULL, PRIMARY KEY (old_id));\n" },
	{ "CREATE TABLE line (paid INTEGER NOT NULL REFERENCES change (id), at INTEGER NOT NULL, amount INTEGER NOT NULL CHECK (amount >= 0), "
	  "code TEXT NOT NULL DEFAULT 'a, b', PRIMARY KEY (paid, at), UNIQUE (code, at)) STRICT",
	  "CREATE TABLE line (paid bigint NOT NULL REFERENCES change (id) DEFERRABLE, at bigint NOT NULL, amount bigint NOT NULL CHECK (amount >= 0), "
	  "code text COLLATE \"C\" NOT NULL DEFAULT 'a, b', UNIQUE (code, at), PRIMARY KEY (paid, at));\n" },
	{ "ALTER TABLE line ADD COLUMN note TEXT NOT NULL DEFAULT ''", "ALTER TABLE line ADD COLUMN note text COLLATE \"C\" NOT NULL DEFAULT '';\n" },
	{ "ALTER TABLE line RENAME TO payment_line", "ALTER TABLE line RENAME TO payment_line;\n" },
	{ "CREATE INDEX line_code ON payment_line (code, at) WHERE code <> ''", "CREATE INDEX line_code ON payment_line (code, at) WHERE code <> '';\n" },
	{ "CREATE TRIGGER t BEFORE UPDATE ON change BEGIN SELECT RAISE (ABORT, 'never'); END",
	  "CREATE TRIGGER t BEFORE UPDATE ON change FOR EACH ROW EXECUTE FUNCTION pccm_refuse ('never');\n" },
	{ "CREATE TRIGGER t BEFORE UPDATE OF day ON change WHEN OLD.day > 5 BEGIN SELECT RAISE (ABORT, 'never'); END",
	  "CREATE TRIGGER t BEFORE UPDATE OF day ON change FOR EACH ROW WHEN ( OLD.day > 5 ) EXECUTE FUNCTION pccm_refuse ('never');\n" },
	{ "CREATE TRIGGER t BEFORE DELETE ON change BEGIN SELECT RAISE (ABORT, 'never'); END",
	  "CREATE TRIGGER t BEFORE DELETE ON change FOR EACH ROW EXECUTE FUNCTION pccm_refuse ('never');\n"
	  "CREATE TRIGGER t_all BEFORE TRUNCATE ON change FOR EACH STATEMENT EXECUTE FUNCTION pccm_refuse ('never');\n" },
	{ "CREATE TRIGGER t BEFORE INSERT ON change WHEN EXISTS (SELECT 1 FROM change WHERE id = NEW.id) BEGIN SELECT RAISE (ABORT, 'x'); END", "" },
	{ "PRAGMA application_id = 7", "" },
	{ "UPDATE line SET code = 'x'", "UPDATE line SET code = 'x';\n" },
};

static const struct row statement_rows[] = {
	{ "SELECT 1 FROM line WHERE at = ?2 AND paid = ?1 AND code <> '?3'", "SELECT 1 FROM line WHERE at = $2 AND paid = $1 AND code <> '?3'" },
	{ "INSERT INTO alias (old_id, member) VALUES (?, ?)", "INSERT INTO alias (old_id, member) VALUES ($1, $2)" },
	{ "INSERT INTO change (day, hash) VALUES (?, ?)", "INSERT INTO change (day, hash, id) VALUES ($1, $2, $3)" },
	{ "INSERT INTO change (day, hash) VALUES (?1, ?1)", "INSERT INTO change (day, hash, id) VALUES ($1, $1, $2)" },
	{ "INSERT INTO change (id, day) VALUES (?, ?)", "INSERT INTO change (id, day) VALUES ($1, $2)" },
	{ "INSERT INTO change (day) VALUES (?1) ON CONFLICT (day) DO UPDATE SET hash = ?2",
	  "INSERT INTO change (day, id) VALUES ($1, (SELECT coalesce(max(id), 0) FROM change) + 1) ON CONFLICT (day) DO UPDATE SET hash = $2" },
	{ "INSERT INTO change (day) SELECT at FROM line JOIN alias ON old_id = code WHERE paid = ?1 ORDER BY at",
	  "INSERT INTO change (day, id) SELECT added.*, (SELECT coalesce(max(id), 0) FROM change) + row_number() OVER () FROM "
	  "(SELECT at FROM line JOIN alias ON old_id = code WHERE paid = $1 ORDER BY at) AS added " },
};

static void expect(const struct buffer *out, const char *expected)
{
	bool same = slice_is(buffer_view(out), expected);
	if (!same)
		printf("    found    %.*s\n    expected %s\n", (int)out->len, out->ptr, expected);
	CU_ASSERT(same);
}

static void tables_make(struct tables *tables, bool told)
{
	*tables = (struct tables){ 0 };
	arena_init(&tables->arena, 0);
	for (size_t i = 0; i < COUNT_OF(tables_rows); i++) {
		struct buffer out;
		buffer_init(&out, 0);
		CU_ASSERT_FATAL(tables_apply(tables, tables_rows[i].sqlite));
		CU_ASSERT(postgres_schema(&out, tables, tables_rows[i].sqlite));
		if (told)
			expect(&out, tables_rows[i].postgres);
		buffer_done(&out);
	}
}

static void test_schema(void)
{
	struct tables tables;
	tables_make(&tables, true);
	tables_done(&tables);
}

static void test_statements(void)
{
	struct tables tables;
	tables_make(&tables, false);
	for (size_t i = 0; i < COUNT_OF(statement_rows); i++) {
		struct postgres_insert insert;
		struct buffer out;
		buffer_init(&out, 0);
		postgres_statement(&out, &insert, &tables, statement_rows[i].sqlite);
		expect(&out, statement_rows[i].postgres);
		buffer_done(&out);
	}
	tables_done(&tables);
}

/* Rows of a member are spread by the member; the key holds it, and a key that cannot is kept by a trigger. */
static void test_parts(void)
{
	struct tables tables = { 0 };
	struct buffer out;
	static const char *const steps[] = {
		"CREATE TABLE member (id INTEGER PRIMARY KEY, medicaid_id TEXT NOT NULL, merged_into INTEGER REFERENCES member (id)) STRICT",
		"CREATE UNIQUE INDEX member_key ON member (medicaid_id)",
		"CREATE TABLE span (id INTEGER PRIMARY KEY, member INTEGER NOT NULL REFERENCES member (id)) STRICT",
		"CREATE TABLE note (id INTEGER PRIMARY KEY, span INTEGER REFERENCES span (id)) STRICT",
	};
	static const char *const found[] = {
		"CREATE TABLE member (id bigint, medicaid_id text COLLATE \"C\" NOT NULL, merged_into bigint REFERENCES member (id) DEFERRABLE, "
		"PRIMARY KEY (id)) PARTITION BY HASH (id);\nCREATE TABLE member_part_1 PARTITION OF member FOR VALUES WITH (MODULUS 8, REMAINDER 0);\n",
		"CREATE INDEX member_key ON member (medicaid_id);\nCREATE FUNCTION member_key_once ()",
		"member bigint NOT NULL REFERENCES member (id) DEFERRABLE, PRIMARY KEY (id, member)) PARTITION BY HASH (member);\n",
		"CREATE TABLE note (id bigint, span bigint, PRIMARY KEY (id));\n",
	};
	arena_init(&tables.arena, 0);
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		buffer_init(&out, 0);
		CU_ASSERT_FATAL(tables_apply(&tables, steps[i]) && postgres_schema(&out, &tables, steps[i]));
		buffer_char(&out, '\0');
		if (strstr(out.ptr, found[i]) == NULL)
			printf("    found    %s\n    expected %s\n", out.ptr, found[i]);
		CU_ASSERT_PTR_NOT_NULL(strstr(out.ptr, found[i]));
		buffer_done(&out);
	}
	tables_done(&tables);
}

/* What has a shape that is not known is said so, and nothing is made of it. */
static void test_refused(void)
{
	static const char *const steps[] = {
		"CREATE TABLE t (id INTEGER PRIMARY KEY, price REAL NOT NULL) STRICT", "CREATE TABLE t AS SELECT 1", "CREATE TABLE t (a INTEGER) STRICT",
		"DROP TABLE absent", "ALTER TABLE absent ADD COLUMN a TEXT",
	};
	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		struct tables tables = { 0 };
		arena_init(&tables.arena, 0);
		CU_ASSERT_FALSE(tables_apply(&tables, steps[i]));
		tables_done(&tables);
	}
}

static const struct unit_case cases[] = {
	{ "the schema in PostgreSQL's words", test_schema },
	{ "statements in PostgreSQL's words: parameters, and ids that the program gives", test_statements },
	{ "rows of a member are spread by the member", test_parts },
	{ "a statement of the schema that is not understood is refused", test_refused },
};

int main(void)
{
	return UNIT_RUN("dialect", cases);
}
