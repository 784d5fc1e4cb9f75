/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * query: the seam between the nouns and the engine.  Files of a noun see this and nothing
 * of SQLite or PostgreSQL; what an engine must be able to do is in driver.h.
 *
 * A query is one use of a prepared statement.  It is sticky: after a failure puts,
 * rows and gets do nothing, and query_done says whether all went well, so that a
 * function asks once.  No callback is ever called while a query is open: results
 * are read into an arena first, in batches where they may be many.
 */
#ifndef PCCM_STORE_QUERY_H
#define PCCM_STORE_QUERY_H

#include "store/store.h"

#include <assert.h>

/* Every statement of the program, by name (statements.def). */
enum statement {
#define STATEMENT(name, sql) SQL_##name,
#include "statements.def"
#undef STATEMENT
	STATEMENTS
};
extern const char *const statement_sql[STATEMENTS];

struct driver;
/* Each engine keeps its own behind this, as the first member of a larger struct. */
struct store {
	const struct driver *driver;
	struct failure failure;
	char *path;            /* as people named it, for sentences */
	char *url;             /* as it was opened */
	int64_t change;        /* the open change; 0: none */
	int64_t marked_change; /* what it was at the savepoint */
	int64_t program;       /* the row of program_hash below; 0: not looked up */
	char program_hash[65];
	bool broken;           /* a statement failed after its query said that it went well: nothing more is done until undone */
};

/* ---- failures ---- */
bool store_fail_memory(struct store *store);
bool store_fail_missing(struct store *store, const char *noun, int64_t id);
/* A walk begins: what an earlier failure said is over. */
void store_forget_failure(struct store *store);

/* ---- queries ---- */
struct query {
	struct store *store;
	void *stmt;  /* the engine's; NULL after a failure to prepare */
	enum statement name;
	int put;     /* parameters bound so far */
	int got;     /* columns read of this row */
	bool failed;
};
struct query query_open(struct store *store, enum statement name);
void query_put(struct query *query, int64_t number);
void query_put_id(struct query *query, int64_t id);          /* 0 is NULL: refers to nothing */
void query_put_text(struct query *query, struct slice text); /* must live until query_done */
void query_put_blob(struct query *query, struct slice bytes);
void query_put_reason(struct query *query, enum reason reason); /* as its code: numbers of reasons may move */
void query_put_origin(struct query *query, struct origin origin);
bool query_row(struct query *query);                         /* false: no more, or failed */
int64_t query_get(struct query *query);                      /* NULL reads as 0, a truth as 1 */
int32_t query_get_days(struct query *query);                 /* days or months */
struct slice query_get_text(struct query *query, struct arena *arena);
void query_get_chars(struct query *query, char *out, size_t size);
enum reason query_get_reason(struct query *query);
struct origin query_get_origin(struct query *query);
bool query_done(struct query *query);                        /* closes; false if anything failed */
/* For statements without rows: step and close.  An engine may do it later; then a failure is told by the next query
 * that waits for an answer, at the latest by store_keep's transaction's end: store_commit or store_undo. */
bool query_run(struct query *query);
bool query_run_id(struct query *query, int64_t *id);         /* the same, with the id of the row made */
uint64_t store_rows_changed(struct store *store);            /* by the last statement run */

/* ---- shared by the nouns ---- */
/*
 * One batch of a walk over postings: read (the columns of POSTING_READ), closed, given.  *last is the newest that was given.
 * True: there may be more behind it; else *done says whether all went well and nobody stopped.
 */
#define POSTING_BATCH 32
bool postings_give(struct query *query, struct posting *last, bool *done, posting_fn fn, void *data);
bool cycle_read(struct query *query, bool *found, struct cycle_row *out); /* of CYCLE_READ; closes the query */
/* The row of a program's hash, made on first use. */
bool store_program(struct store *store, int64_t *id, struct slice hash);
/* Make room for one more item of an array in an arena; NULL and a failure if memory is used up. */
void *store_grow(struct store *store, struct arena *arena, void *items, size_t *size, size_t count, size_t item_bytes);

#define WALK_BATCH 256 /* rows read at a time where results may be many */

#endif
