/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * driver: what an engine must be able to do, as a table of functions.  query.c, connection.c
 * and verify.c call it; the nouns do not.
 *
 * Every function that gives a bool has left one sentence in store->failure when it gives
 * false; functions without a result set query->failed.  The sentences of store_fail_* are
 * the same on every engine.
 */
#ifndef PCCM_STORE_DRIVER_H
#define PCCM_STORE_DRIVER_H

#include "store/query.h"
#include "store/tables.h"

/* One value of a row, for copies. */
struct cell {
	enum column_kind kind;
	bool null;
	int64_t number;
	struct slice bytes; /* valid during the call */
};
typedef bool (*row_fn)(void *data, const struct cell *cells);

struct driver {
	/* ---- connection ---- */
	/* A zeroed store of this engine, NULL without memory; `name` is what store->path shall say. */
	struct store *(*make)(void);
	/* Connect, see whether it is ours, bring it to this version. */
	bool (*open)(struct store *store, const char *name, bool create);
	void (*close)(struct store *store); /* an open transaction is rolled back; frees */

	/* ---- transactions ---- */
	bool (*in_transaction)(struct store *store); /* false also when the engine rolled back by itself */
	bool (*begin)(struct store *store);          /* with the write lock */
	bool (*commit)(struct store *store);
	bool (*rollback)(struct store *store);
	bool (*mark)(struct store *store);
	bool (*keep)(struct store *store);
	bool (*undo)(struct store *store);           /* back to the mark, and the mark is gone */

	/* ---- queries: query->failed is false when these are called, but for done ---- */
	void (*open_query)(struct query *query, enum statement name);
	void (*put_number)(struct query *query, int64_t number);
	void (*put_null)(struct query *query);
	void (*put_text)(struct query *query, struct slice text);
	void (*put_blob)(struct query *query, struct slice bytes);
	bool (*row)(struct query *query);
	int64_t (*get_number)(struct query *query);
	struct slice (*get_view)(struct query *query); /* the bytes, until the next row */
	bool (*run)(struct query *query);
	bool (*run_id)(struct query *query, int64_t *id);
	void (*done)(struct query *query);
	uint64_t (*rows_changed)(struct store *store);

	/* ---- health ---- */
	/* Is what the engine keeps whole, and does every reference lead somewhere? */
	bool (*whole)(struct store *store);

	/* ---- whole tables, inside of a transaction (copy.c); cells come and go in the order of the table's columns ---- */
	bool (*scan)(struct store *store, const struct table *table, row_fn fn, void *data); /* in the order of its key */
	bool (*fill_all)(struct store *store, bool begins); /* before the first and behind the last table: references are asked there */
	bool (*fill_begin)(struct store *store, const struct table *table);
	bool (*fill_row)(struct store *store, const struct table *table, const struct cell *cells);
	bool (*fill_end)(struct store *store, const struct table *table);
};
extern const struct driver sqlite_driver, postgres_driver;

/* ---- the schema (schema.c) ---- */
#define STORE_APPLICATION_ID 0x5043434D /* "PCCM" */
extern const int schema_version;
/* The statements that lead from version `from` to the next one, closed by NULL. */
const char *const *schema_step(int from);

/* ---- failures: each puts one sentence and gives false ---- */
enum store_trouble {
	TROUBLE_LOCKED, TROUBLE_FULL, TROUBLE_READ_ONLY, TROUBLE_CANNOT_OPEN, TROUBLE_NO_DATABASE, TROUBLE_DAMAGED,
	TROUBLE_REFUSED, TROUBLE_INPUT_OUTPUT, TROUBLE_LOST_TRANSACTION, TROUBLE_MEMORY, TROUBLE_UNREACHED, TROUBLE_OTHER,
};
/* `detail` is what the engine says; only sentences that have room for it show it. */
bool store_fail(struct store *store, enum store_trouble trouble, const char *detail);
/* The store is none, or of a version that this program does not know. */
bool store_fail_identity(struct store *store, bool empty);
bool store_fail_newer(struct store *store, int64_t version);

#define BUSY_MILLISECONDS 5000 /* for another writer */

#endif
