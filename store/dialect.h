/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * dialect: the SQL of schema.c and statements.def in PostgreSQL's words.
 *
 * Both are written once, in what SQLite and PostgreSQL share; the few differences that no
 * spelling avoids are here, each in one place:
 * - names of types; STRICT, WITHOUT ROWID and PRAGMA have no meaning there
 * - texts are compared bytewise (COLLATE "C"), as SQLite does
 * - rows of a member are spread by the member's id (PARTITION BY HASH), so primary keys hold it too
 * - references to a table whose key is longer than the id are not declared; pccm store verify asks them
 * - triggers that refuse call a function; REPLACE does not exist, nor the triggers against it
 * - ids are given by the program, greatest plus one, as SQLite does: sequences leave gaps after a rollback
 */
#ifndef PCCM_STORE_DIALECT_H
#define PCCM_STORE_DIALECT_H

#include "store/tables.h"

#define STORE_PARTITIONS 8

/* What every step of the schema needs before it. */
extern const char postgres_prelude[];
/* Put one statement of the schema, or several with ';' behind each, or none.  `tables` knows what it says already.
 * False: a shape that is not known here. */
bool postgres_schema(struct buffer *out, const struct tables *tables, const char *sql);

struct postgres_insert {
	const struct table *table; /* the numbered table that a row is added to; NULL: something else */
	int id_parameter;          /* which parameter its id is; 0: the statement finds it itself */
};
/* Put a statement of statements.def: ?1 is $1; an INSERT into a numbered table gives the id as well. */
void postgres_statement(struct buffer *out, struct postgres_insert *insert, const struct tables *tables, const char *sql);

#endif
