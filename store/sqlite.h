/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sqlite: what sqlite.c and sqlite_file.c share.  No noun sees it.
 */
#ifndef PCCM_STORE_SQLITE_H
#define PCCM_STORE_SQLITE_H

#include "store/driver.h"

#include <sqlite3.h>

enum sqlite_word { WORD_BEGIN, WORD_COMMIT, WORD_ROLLBACK, WORD_MARK, WORD_KEEP, WORD_UNDO, WORDS };

struct sqlite_store {
	struct store store;
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS]; /* prepared on first use */
	sqlite3_stmt *words[WORDS];
	sqlite3_stmt *filling;                /* of a copy into it */
};

static inline struct sqlite_store *sqlite_of(struct store *store)
{
	return (struct sqlite_store *)(void *)store;
}

/* The sentence for what SQLite just said; always false. */
bool sqlite_fail(struct store *store, int status);
bool sqlite_open_file(struct store *store, const char *name, bool create);
bool sqlite_whole(struct store *store);
bool sqlite_scan(struct store *store, const struct table *table, row_fn fn, void *data);
bool sqlite_fill_all(struct store *store, bool begins);
bool sqlite_fill_begin(struct store *store, const struct table *table);
bool sqlite_fill_row(struct store *store, const struct table *table, const struct cell *cells);
bool sqlite_fill_end(struct store *store, const struct table *table);

#endif
