/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * tables: what the statements of schema.c say about each table, read from their text, so
 * that the schema is written once: PostgreSQL's is made from it (dialect.c), and a copy
 * (copy.c) knows what to copy.
 */
#ifndef PCCM_STORE_TABLES_H
#define PCCM_STORE_TABLES_H

#include "store/store.h"

#define TABLE_NAME_SIZE 48
#define TABLE_KEY_MAX 8
#define TABLE_COLUMNS_MAX 64

enum column_kind { COLUMN_NUMBER, COLUMN_TEXT, COLUMN_BYTES };
struct column {
	char name[TABLE_NAME_SIZE];
	enum column_kind kind;
	char references[TABLE_NAME_SIZE]; /* the table whose key it holds, or empty */
};
struct table {
	struct table *next;         /* in the order in which they are made */
	char name[TABLE_NAME_SIZE];
	struct column *columns;
	size_t column_count, column_size;
	char key[TABLE_KEY_MAX][TABLE_NAME_SIZE]; /* the primary key */
	size_t key_count;
	bool numbered;              /* its key is an id that the store gives, greatest plus one */
	bool never_again;           /* an id that was deleted does not come again (AUTOINCREMENT) */
	char parted[TABLE_NAME_SIZE]; /* the column of the member's id by which rows may be spread, or empty */
	bool other_key;             /* a UNIQUE (…) without the member: rows cannot be spread */
};
struct tables {
	struct table *first, *last;
	struct arena arena;
};
/* Every table of the schema up to version `version`.  False: memory is used up, or a statement has a shape that is not known here. */
bool tables_read(struct tables *tables, int version);
void tables_done(struct tables *tables);
/* What one statement of the schema says: CREATE TABLE, DROP TABLE, ALTER TABLE … ADD COLUMN or RENAME TO; others say
 * nothing of tables. */
bool tables_apply(struct tables *tables, const char *sql);
struct table *table_find(const struct tables *tables, struct slice name); /* NULL: none */
/* Its columns, parted by commas; and the SELECT that gives all of its rows in the order of its key. */
void table_columns_put(struct buffer *out, const struct table *table);
void table_select_put(struct buffer *out, const struct table *table);
/* One word, number, text in quotation marks or other character, and *text goes behind it; empty at the end. */
struct slice sql_token(struct slice *text);
/* What stands up to the comma or parenthesis that ends the item that *text begins with; *text goes to it. */
struct slice sql_item(struct slice *text);

#endif
