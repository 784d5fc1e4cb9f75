/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * stores: what tests of the store share.  Each case works on a store of its own: on SQLite in a folder of its own,
 * then, where tests/postgres.sh has a server, on PostgreSQL in a schema of its own.
 */
#ifndef PCCM_STORES_H
#define PCCM_STORES_H

#include "store/store.h"
#include "unit.h"

extern struct arena arena;            /* of the case */
extern char stores_folder[64];
extern char stores_url[256];          /* of the case's store; on SQLite its path */
extern bool stores_on_postgres;
void stores_place(void);              /* where a new one may lie, and nothing there */
struct store *stores_fresh(void);     /* a new one, open */
struct store *stores_again(void);     /* the same, opened again */
void stores_gone(struct store *store); /* closed and away */
/* SQL from beside the program.  False: the engine refused it. */
bool stores_execute(const char *sql);
/* Was what the caller did (`done`) refused?  An engine may tell it with the next answer only. */
bool stores_refused(struct store *store, bool done);
/* The cases on SQLite, and once more on PostgreSQL. */
int stores_run(const char *suite, const struct unit_case *cases, unsigned count);
#define STORES_RUN(suite, cases) stores_run(suite, cases, (unsigned)(sizeof(cases) / sizeof((cases)[0])))

/* ---- rows ---- */
int64_t change(struct store *store, days day); /* a transaction with a change of that day */
void commit(struct store *store);
int64_t add_interchange(struct store *store, const char *control);
struct member sample(const char *medicaid_id, const char *last, days born);
int64_t add_member(struct store *store, const char *medicaid_id, const char *last, days born);
struct member find(struct store *store, const char *medicaid_id); /* id 0: not known */
int64_t add_pcp(struct store *store, const char *npi, bool *changed);
int64_t add_request(struct store *store, int64_t member, days processed);
int64_t assign(struct store *store, int64_t member, int64_t pcp, days begin, days end);

/* ---- callbacks ---- */
struct seen {
	size_t count;
	int64_t ids[8]; /* the first of them */
	struct store *store;
	char text[512];
};
void see(struct seen *seen, int64_t id);
bool see_member(void *data, const struct member *member);

#endif
