/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * tables: the statements of the schema read for what they say.
 *
 * This is no parser of SQL.  It knows the plain style of schema.c and says no to what it
 * does not know, which the tests of both engines then name.
 */
#include "store/tables.h"
#include "store/driver.h"

static bool word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct slice sql_token(struct slice *text)
{
	size_t begin = 0, end;
	while (begin < text->len && (text->ptr[begin] == ' ' || text->ptr[begin] == '\t' || text->ptr[begin] == '\n'))
		begin++;
	end = begin;
	if (end < text->len && text->ptr[end] == '\'') {
		/* two of them inside are one text after another: nobody minds */
		for (end++; end < text->len && text->ptr[end] != '\''; end++)
			;
		end += end < text->len;
	} else if (end < text->len && !word_char(text->ptr[end])) {
		end++;
	} else {
		while (end < text->len && word_char(text->ptr[end]))
			end++;
	}
	struct slice token = { text->ptr + begin, end - begin };
	*text = (struct slice){ text->ptr + end, text->len - end };
	return token;
}

struct slice sql_item(struct slice *text)
{
	struct slice rest = *text, token;
	size_t depth = 0;
	for (;;) {
		struct slice before = rest;
		token = sql_token(&rest);
		if (token.len == 0 || (depth == 0 && (slice_is(token, ",") || slice_is(token, ")")))) {
			struct slice item = { text->ptr, (size_t)(before.ptr - text->ptr) };
			*text = before;
			return slice_trim(item);
		}
		depth += slice_is(token, "(");
		depth -= slice_is(token, ")");
	}
}

struct table *table_find(const struct tables *tables, struct slice name)
{
	for (struct table *table = tables->first; table != NULL; table = table->next)
		if (slice_is(name, table->name))
			return table;
	return NULL;
}

/* The word after `word` in an item, if that stands there. */
static bool word_after(struct slice item, const char *word, struct slice *out)
{
	for (struct slice token = sql_token(&item); token.len > 0; token = sql_token(&item))
		if (slice_is(token, word)) {
			*out = sql_token(&item);
			return true;
		}
	return false;
}

static bool column_add(struct tables *tables, struct table *table, struct slice item)
{
	static const struct { const char *word; enum column_kind kind; } kinds[] = {
		{ "INTEGER", COLUMN_NUMBER }, { "TEXT", COLUMN_TEXT }, { "BLOB", COLUMN_BYTES } };
	struct slice rest = item, found, name = sql_token(&rest), kind = sql_token(&rest);
	if (table->column_count == TABLE_COLUMNS_MAX)
		return false;
	if (table->column_count == table->column_size) {
		size_t size = table->column_size == 0 ? 16 : table->column_size * 2;
		struct column *grown = arena_alloc(&tables->arena, size * sizeof(*grown));
		if (grown == NULL)
			return false;
		if (table->column_count > 0)
			memcpy(grown, table->columns, table->column_count * sizeof(*grown));
		table->columns = grown;
		table->column_size = size;
	}
	struct column *column = &table->columns[table->column_count++];
	slice_copy(column->name, sizeof(column->name), name);
	if (word_after(rest, "REFERENCES", &found))
		slice_copy(column->references, sizeof(column->references), found);
	if (word_after(rest, "PRIMARY", &found)) {
		slice_copy(table->key[table->key_count++], TABLE_NAME_SIZE, name);
		table->numbered = slice_is(kind, "INTEGER") && slice_is(name, "id");
		table->never_again = word_after(rest, "AUTOINCREMENT", &found);
	}
	table->other_key |= word_after(rest, "UNIQUE", &found);
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (slice_is(kind, kinds[i].word)) {
			column->kind = kinds[i].kind;
			return true;
		}
	return false;
}

/* "(a, b)" behind PRIMARY KEY or UNIQUE; *has_member says whether the member is among them. */
static void names_read(struct table *table, struct slice rest, bool primary, bool *has_member)
{
	struct slice token = sql_token(&rest);
	while (!slice_is(token, "(") && token.len > 0)
		token = sql_token(&rest);
	for (token = sql_token(&rest); token.len > 0 && !slice_is(token, ")"); token = sql_token(&rest)) {
		if (slice_is(token, ","))
			continue;
		*has_member |= slice_is(token, "member");
		if (primary && table->key_count < TABLE_KEY_MAX)
			slice_copy(table->key[table->key_count++], TABLE_NAME_SIZE, token);
	}
}

static bool item_read(struct tables *tables, struct table *table, struct slice item)
{
	struct slice rest = item, first = sql_token(&rest);
	bool has_member = false;
	if (slice_is(first, "CHECK"))
		return true;
	if (slice_is(first, "PRIMARY")) {
		names_read(table, rest, true, &has_member);
		return true;
	}
	if (slice_is(first, "UNIQUE")) {
		names_read(table, rest, false, &has_member);
		table->other_key |= !has_member;
		return true;
	}
	return column_add(tables, table, item);
}

/*
 * Rows of a member may be spread by the member if every key can hold it: one that begins with
 * an id can be longer, one of other words (member_alias) cannot.
 */
static void parting_choose(struct table *table)
{
	bool in_key = false;
	for (size_t i = 0; i < table->key_count; i++)
		in_key |= strcmp(table->key[i], "member") == 0;
	if (strcmp(table->name, "member") == 0 || strcmp(table->name, "member_past") == 0)
		slice_copy(table->parted, sizeof(table->parted), SLICE("id"));
	else if (!table->other_key && (in_key || strcmp(table->key[0], "id") == 0))
		for (size_t i = 0; i < table->column_count; i++)
			if (strcmp(table->columns[i].name, "member") == 0 && strcmp(table->columns[i].references, "member") == 0)
				slice_copy(table->parted, sizeof(table->parted), SLICE("member"));
}

static bool table_add(struct tables *tables, struct slice rest)
{
	struct table *table = arena_alloc(&tables->arena, sizeof(*table));
	if (table == NULL)
		return false;
	slice_copy(table->name, sizeof(table->name), sql_token(&rest));
	if (!slice_is(sql_token(&rest), "("))
		return false;
	do {
		if (!item_read(tables, table, sql_item(&rest)))
			return false;
	} while (slice_is(sql_token(&rest), ","));
	parting_choose(table);
	if (tables->last == NULL)
		tables->first = table;
	else
		tables->last->next = table;
	tables->last = table;
	return table->key_count > 0;
}

void table_columns_put(struct buffer *out, const struct table *table)
{
	for (size_t i = 0; i < table->column_count; i++) {
		buffer_text(out, i > 0 ? ", " : "");
		buffer_text(out, table->columns[i].name);
	}
}

void table_select_put(struct buffer *out, const struct table *table)
{
	buffer_text(out, "SELECT ");
	table_columns_put(out, table);
	buffer_format(out, " FROM %s ORDER BY ", table->name);
	for (size_t i = 0; i < table->key_count; i++) {
		buffer_text(out, i > 0 ? ", " : "");
		buffer_text(out, table->key[i]);
	}
}

static bool table_forget(struct tables *tables, const struct table *gone)
{
	struct table *before = NULL;
	for (struct table *table = tables->first; table != NULL; before = table, table = table->next) {
		if (table != gone)
			continue;
		*(before == NULL ? &tables->first : &before->next) = table->next;
		if (tables->last == table)
			tables->last = before;
		return true;
	}
	return false;
}

static bool table_alter(struct tables *tables, struct slice rest)
{
	struct table *table = table_find(tables, sql_token(&rest));
	struct slice what = sql_token(&rest), of = sql_token(&rest);
	if (table == NULL)
		return false;
	if (slice_is(what, "ADD") && slice_is(of, "COLUMN"))
		return column_add(tables, table, sql_item(&rest));
	if (!slice_is(what, "RENAME") || !slice_is(of, "TO"))
		return false;
	slice_copy(table->name, sizeof(table->name), sql_token(&rest));
	return true;
}

bool tables_apply(struct tables *tables, const char *sql)
{
	struct slice rest = slice_of(sql), first = sql_token(&rest), second = sql_token(&rest);
	bool table = slice_is(second, "TABLE");
	if (table && slice_is(first, "CREATE"))
		return table_add(tables, rest);
	if (table && slice_is(first, "DROP"))
		return table_forget(tables, table_find(tables, sql_token(&rest)));
	return !table || !slice_is(first, "ALTER") || table_alter(tables, rest);
}

bool tables_read(struct tables *tables, int version)
{
	bool read = true;
	*tables = (struct tables){ 0 };
	arena_init(&tables->arena, 0);
	for (int from = 0; read && from < version; from++)
		for (const char *const *step = schema_step(from); read && *step != NULL; step++)
			read = tables_apply(tables, *step);
	return read;
}

void tables_done(struct tables *tables)
{
	arena_done(&tables->arena);
}
