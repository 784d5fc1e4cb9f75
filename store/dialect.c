/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * dialect: the schema and the statements in PostgreSQL's words (dialect.h says what differs).
 */
#include "store/dialect.h"

const char postgres_prelude[] =
	"CREATE FUNCTION pccm_refuse () RETURNS trigger LANGUAGE plpgsql AS $$ "
	"BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation'; END $$;\n";

/* The first `word` (with `next` behind it, if that is not NULL) that is not inside parentheses, and what stands before it. */
static bool part_at(struct slice sql, const char *word, const char *next, struct slice *before, struct slice *from)
{
	size_t depth = 0;
	for (struct slice rest = sql; rest.len > 0;) {
		struct slice token = sql_token(&rest);
		depth += slice_is(token, "(");
		depth -= slice_is(token, ")");
		struct slice peek = rest;
		if (depth > 0 || !slice_is(token, word) || (next != NULL && !slice_is(sql_token(&peek), next)))
			continue;
		*before = (struct slice){ sql.ptr, (size_t)(token.ptr - sql.ptr) };
		*from = (struct slice){ token.ptr, (size_t)(sql.ptr + sql.len - token.ptr) };
		return true;
	}
	return false;
}

/* ---------------------------------------------------------------- tables */

/* References lead to an id alone where that is the whole key. */
static bool can_refer(const struct tables *tables, struct slice name)
{
	const struct table *table = table_find(tables, name);
	return table != NULL && table->key_count == 1 && strcmp(table->key[0], "id") == 0 &&
	       (table->parted[0] == '\0' || strcmp(table->parted, "id") == 0);
}

static void column_put(struct buffer *out, const struct tables *tables, struct slice item)
{
	struct slice name = sql_token(&item), kind = sql_token(&item);
	buffer_slice(out, name);
	buffer_text(out, slice_is(kind, "INTEGER") ? " bigint" : slice_is(kind, "BLOB") ? " bytea" : " text COLLATE \"C\"");
	const char *behind = item.ptr;
	for (struct slice token = sql_token(&item); token.len > 0; behind = item.ptr, token = sql_token(&item)) {
		if (slice_is(token, "PRIMARY")) {
			sql_token(&item); /* KEY: it stands behind the columns */
		} else if (slice_is(token, "REFERENCES")) {
			struct slice other = sql_token(&item), key = item;
			while (item.len > 0 && !slice_is(sql_token(&item), ")"))
				;
			if (!can_refer(tables, other))
				continue;
			buffer_text(out, " REFERENCES ");
			buffer_slice(out, other);
			buffer_put(out, key.ptr, (size_t)(item.ptr - key.ptr));
			buffer_text(out, " DEFERRABLE");
		} else if (!slice_is(token, "AUTOINCREMENT")) {
			buffer_put(out, behind, (size_t)(item.ptr - behind));
		}
	}
}

static void key_put(struct buffer *out, const struct table *table)
{
	bool parted_there = table->parted[0] == '\0';
	buffer_text(out, ", PRIMARY KEY (");
	for (size_t i = 0; i < table->key_count; i++) {
		buffer_text(out, i > 0 ? ", " : "");
		buffer_text(out, table->key[i]);
		parted_there |= strcmp(table->key[i], table->parted) == 0;
	}
	buffer_format(out, "%s%s))", parted_there ? "" : ", ", parted_there ? "" : table->parted);
}

static bool table_put(struct buffer *out, const struct tables *tables, struct slice rest)
{
	struct slice name = sql_token(&rest);
	const struct table *table = table_find(tables, name);
	bool first = true;
	if (table == NULL || !slice_is(sql_token(&rest), "("))
		return false;
	buffer_format(out, "CREATE TABLE %s (", table->name);
	do {
		struct slice item = sql_item(&rest), words = item, word = sql_token(&words);
		if (slice_is(word, "PRIMARY"))
			continue;
		buffer_text(out, first ? "" : ", ");
		first = false;
		if (slice_is(word, "UNIQUE") || slice_is(word, "CHECK"))
			buffer_slice(out, item);
		else
			column_put(out, tables, item);
	} while (slice_is(sql_token(&rest), ","));
	key_put(out, table);
	if (table->parted[0] == '\0') {
		buffer_text(out, ";\n");
		return true;
	}
	buffer_format(out, " PARTITION BY HASH (%s);\n", table->parted);
	for (int i = 0; i < STORE_PARTITIONS; i++)
		buffer_format(out, "CREATE TABLE %s_part_%d PARTITION OF %s FOR VALUES WITH (MODULUS %d, REMAINDER %d);\n", table->name, i + 1,
			table->name, STORE_PARTITIONS, i);
	return true;
}

/* A column that holds each value once, though its table is spread by another: a function of its own, whose plan stays. */
static void once_put(struct buffer *out, const char *table, struct slice index, struct slice column)
{
	int name = (int)index.len, len = (int)column.len;
	buffer_format(out,
		"CREATE FUNCTION %.*s_once () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
		"IF EXISTS (SELECT 1 FROM %s WHERE %.*s = NEW.%.*s AND id <> NEW.id) THEN "
		"RAISE EXCEPTION USING MESSAGE = '%s.%.*s is there already', ERRCODE = 'unique_violation'; END IF; RETURN NEW; END $$;\n",
		name, index.ptr, table, len, column.ptr, len, column.ptr, table, len, column.ptr);
	buffer_format(out,
		"CREATE TRIGGER %.*s_new BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION %.*s_once ();\n"
		"CREATE TRIGGER %.*s_changed BEFORE UPDATE ON %s FOR EACH ROW WHEN (OLD.%.*s <> NEW.%.*s) EXECUTE FUNCTION %.*s_once ();\n",
		name, index.ptr, table, name, index.ptr, name, index.ptr, table, len, column.ptr, len, column.ptr, name, index.ptr);
}

static bool index_put(struct buffer *out, const struct tables *tables, struct slice rest, bool unique)
{
	struct slice name = sql_token(&rest), on = sql_token(&rest), behind = rest, table_name = sql_token(&rest);
	const struct table *table = table_find(tables, table_name);
	if (!slice_is(on, "ON") || table == NULL || !slice_is(sql_token(&rest), "("))
		return false;
	struct slice only = sql_item(&rest);
	bool one = slice_is(sql_token(&rest), ")");
	/* a key that does not hold the member's id cannot be unique over the parts; a trigger sees to it */
	bool once = unique && table->parted[0] != '\0' && !slice_is(only, table->parted);
	if (once && !one)
		return false;
	buffer_format(out, "CREATE %sINDEX %.*s ON%.*s;\n", unique && !once ? "UNIQUE " : "", (int)name.len, name.ptr, (int)behind.len, behind.ptr);
	if (once)
		once_put(out, table->name, name, only);
	return true;
}

/* CREATE TRIGGER name BEFORE UPDATE|DELETE [OF column] ON table [WHEN condition] BEGIN SELECT RAISE (ABORT, 'words'); END */
static bool trigger_put(struct buffer *out, struct slice rest)
{
	struct slice name = sql_token(&rest), when = SLICE_NONE, token;
	if (!slice_is(sql_token(&rest), "BEFORE"))
		return false;
	const char *event = rest.ptr;
	token = sql_token(&rest);
	if (slice_is(token, "INSERT"))
		return true; /* against REPLACE, which is not there */
	bool deletes = slice_is(token, "DELETE");
	while (rest.len > 0 && !slice_is(token, "ON"))
		token = sql_token(&rest);
	struct slice table = sql_token(&rest);
	struct slice events = { event, (size_t)(rest.ptr - event) };
	for (token = sql_token(&rest); token.len > 0 && !slice_is(token, "BEGIN"); token = sql_token(&rest))
		if (slice_is(token, "WHEN"))
			when = rest;
	if (when.len > 0)
		when.len = (size_t)(token.ptr - when.ptr);
	for (token = sql_token(&rest); token.len > 0 && token.ptr[0] != '\''; token = sql_token(&rest))
		;
	if (token.len == 0)
		return false;
	buffer_format(out, "CREATE TRIGGER %.*s BEFORE%.*s FOR EACH ROW%s%.*s%s EXECUTE FUNCTION pccm_refuse (%.*s);\n", (int)name.len,
		name.ptr, (int)events.len, events.ptr, when.len > 0 ? " WHEN (" : "", (int)when.len, when.len > 0 ? when.ptr : "",
		when.len > 0 ? ")" : "", (int)token.len, token.ptr);
	if (deletes && when.len == 0)
		buffer_format(out, "CREATE TRIGGER %.*s_all BEFORE TRUNCATE ON %.*s FOR EACH STATEMENT EXECUTE FUNCTION pccm_refuse (%.*s);\n",
			(int)name.len, name.ptr, (int)table.len, table.ptr, (int)token.len, token.ptr);
	return true;
}

/* ALTER TABLE old RENAME TO new: its parts follow. */
static void rename_put(struct buffer *out, const struct tables *tables, struct slice rest, struct slice behind)
{
	struct slice old = sql_token(&rest);
	sql_token(&behind);
	sql_token(&behind);
	const struct table *table = table_find(tables, sql_token(&behind));
	buffer_format(out, "ALTER TABLE %.*s RENAME TO %s", (int)old.len, old.ptr, table->name);
	for (int i = 1; table->parted[0] != '\0' && i <= STORE_PARTITIONS; i++)
		buffer_format(out, ";\nALTER TABLE %.*s_part_%d RENAME TO %s_part_%d", (int)old.len, old.ptr, i, table->name, i);
}

bool postgres_schema(struct buffer *out, const struct tables *tables, const char *sql)
{
	struct slice rest = slice_of(sql), whole = rest, first = sql_token(&rest), second = sql_token(&rest), before, column;
	if (slice_is(first, "PRAGMA"))
		return true;
	if (slice_is(first, "CREATE") && slice_is(second, "TABLE"))
		return table_put(out, tables, rest);
	if (slice_is(first, "CREATE") && slice_is(second, "INDEX"))
		return index_put(out, tables, rest, false);
	if (slice_is(first, "CREATE") && slice_is(second, "UNIQUE")) {
		sql_token(&rest);
		return index_put(out, tables, rest, true);
	}
	if (slice_is(first, "CREATE") && slice_is(second, "TRIGGER"))
		return trigger_put(out, rest);
	if (slice_is(first, "ALTER") && part_at(whole, "ADD", "COLUMN", &before, &column)) {
		sql_token(&column);
		sql_token(&column);
		buffer_slice(out, before);
		buffer_text(out, "ADD COLUMN ");
		column_put(out, tables, column);
	} else if (slice_is(first, "ALTER") && part_at(whole, "RENAME", "TO", &before, &column)) {
		rename_put(out, tables, rest, column);
	} else {
		buffer_slice(out, whole);
	}
	buffer_text(out, ";\n");
	return true;
}

/* ---------------------------------------------------------------- statements */

/* ?1 is $1; the plain ? counts. */
static int parameters_put(struct buffer *out, struct slice sql)
{
	int greatest = 0;
	for (size_t i = 0; i < sql.len; i++) {
		uint64_t number = 0;
		size_t end = i + 1;
		if (sql.ptr[i] == '\'') {
			while (end < sql.len && sql.ptr[end] != '\'')
				end++;
			buffer_put(out, sql.ptr + i, end - i);
			i = end - 1 + (end < sql.len);
			if (end < sql.len)
				buffer_char(out, '\'');
			continue;
		}
		if (sql.ptr[i] != '?') {
			buffer_char(out, sql.ptr[i]);
			continue;
		}
		while (end < sql.len && sql.ptr[end] >= '0' && sql.ptr[end] <= '9')
			end++;
		if (!slice_number(&number, (struct slice){ sql.ptr + i + 1, end - i - 1 }))
			number = (uint64_t)greatest + 1;
		greatest = (int)number > greatest ? (int)number : greatest;
		buffer_format(out, "$%d", (int)number);
		i = end - 1;
	}
	return greatest;
}

static void greatest_put(struct buffer *out, const struct table *table)
{
	buffer_format(out, "(SELECT coalesce(max(id), 0) FROM %s)", table->name);
}

/* INSERT INTO t (a, b) VALUES (…) or SELECT …, where t wants an id that is not among the columns. */
static void insert_put(struct buffer *out, struct postgres_insert *insert, const struct table *table, struct slice sql)
{
	struct slice head, rest, conflict, body;
	insert->table = table;
	bool conflicts = part_at(sql, "ON", "CONFLICT", &body, &conflict);
	if (!conflicts) {
		body = sql;
		conflict = SLICE_NONE;
	}
	if (part_at(body, "VALUES", NULL, &head, &rest)) {
		struct slice columns = slice_trim(head), values = slice_trim(rest);
		/* "… b) VALUES (…, ?)": the id goes in front of both closing parentheses */
		parameters_put(out, (struct slice){ columns.ptr, columns.len - 1 });
		buffer_text(out, ", id) ");
		int greatest = parameters_put(out, (struct slice){ values.ptr, values.len - 1 });
		if (conflicts) {
			buffer_text(out, ", ");
			greatest_put(out, table);
			buffer_text(out, " + 1) ");
			parameters_put(out, conflict);
		} else {
			insert->id_parameter = greatest + 1;
			buffer_format(out, ", $%d)", insert->id_parameter);
		}
		return;
	}
	if (!part_at(body, "SELECT", NULL, &head, &rest)) {
		parameters_put(out, sql);
		return;
	}
	struct slice columns = slice_trim(head);
	buffer_put(out, columns.ptr, columns.len - 1);
	buffer_text(out, ", id) SELECT added.*, ");
	greatest_put(out, table);
	buffer_text(out, " + row_number() OVER () FROM (");
	parameters_put(out, rest);
	buffer_text(out, ") AS added ");
	parameters_put(out, conflict);
}

void postgres_statement(struct buffer *out, struct postgres_insert *insert, const struct tables *tables, const char *sql)
{
	struct slice rest = slice_of(sql), whole = rest, first = sql_token(&rest);
	*insert = (struct postgres_insert){ 0 };
	if (slice_is(first, "INSERT") && slice_is(sql_token(&rest), "INTO")) {
		const struct table *table = table_find(tables, sql_token(&rest));
		sql_token(&rest); /* ( */
		if (table != NULL && table->numbered && !slice_is(sql_token(&rest), "id")) {
			insert_put(out, insert, table, whole);
			return;
		}
	}
	parameters_put(out, whole);
}
