/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * postgres: what postgres.c, postgres_open.c and postgres_copy.c share.  No noun sees it.
 */
#ifndef PCCM_STORE_POSTGRES_H
#define PCCM_STORE_POSTGRES_H

#include "store/dialect.h"
#include "store/driver.h"

#include "store/libpq_lazy.h"

#define POSTGRES_PARAMETERS 64
/* The types that the program sends; what comes back may also be a truth, a smaller number or a sum (numeric). */
enum { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25, OID_NUMERIC = 1700 };

/* One statement of statements.def: prepared once in a connection, with the types that it is first used with. */
struct postgres_statement {
	bool prepared;
	unsigned attempt;                           /* part of its name there: a failed one may or may not have left it */
	uint64_t since;                             /* postgres_store.settled when it was prepared */
	int count;                                  /* parameters put */
	struct postgres_insert insert;
	Oid types[POSTGRES_PARAMETERS];
	const char *values[POSTGRES_PARAMETERS];    /* NULL: NULL */
	int lengths[POSTGRES_PARAMETERS];
	int formats[POSTGRES_PARAMETERS];
	unsigned char numbers[POSTGRES_PARAMETERS][8]; /* most significant byte first */
	PGresult *result;                           /* while it is walked */
	int row;
};

struct postgres_store {
	struct store store;
	PGconn *connection;
	struct tables tables;
	struct postgres_statement *statements[STATEMENTS];
	int64_t *next_ids;       /* of each table in order, while a transaction is open; 0: not asked yet */
	size_t table_count;
	bool in_transaction;
	uint64_t settled;        /* how often all answers were read and nothing had failed */
	size_t waiting;          /* statements sent whose answers were not read */
	uint64_t rows_changed;   /* by the last statement whose answer was read */
	struct failure told;     /* why store.broken */
	struct buffer filling;   /* of a copy into it: rows not sent yet */
};

static inline struct postgres_store *postgres_of(struct store *store)
{
	return (struct postgres_store *)(void *)store;
}

/* The sentence for what a result, or the connection if it is NULL, says; always false. */
bool postgres_fail(struct store *store, const PGresult *result);
/* One statement without rows that matter, now.  Not while a transaction of the store has statements waiting. */
bool postgres_execute(struct store *store, const char *sql);
/* The first column of its only row, as a number. */
bool postgres_number(struct store *store, int64_t *number, const char *sql);
/* The write lock of this store until the transaction ends. */
extern const char postgres_lock[];
bool postgres_open(struct store *store, const char *url, bool create);
bool postgres_whole(struct store *store);
bool postgres_scan(struct store *store, const struct table *table, row_fn fn, void *data);
bool postgres_fill_all(struct store *store, bool begins);
bool postgres_fill_begin(struct store *store, const struct table *table);
bool postgres_fill_row(struct store *store, const struct table *table, const struct cell *cells);
bool postgres_fill_end(struct store *store, const struct table *table);

#endif
