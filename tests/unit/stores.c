/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * stores: see the header.
 */
#include "stores.h"
#include "store/libpq_lazy.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct arena arena;
char stores_folder[64];
char stores_url[256];
bool stores_on_postgres;
static char schema[64];

struct store *stores_again(void)
{
	struct failure failure = { 0 };
	struct store *store = store_open(stores_url, true, &failure);
	CU_ASSERT_STRING_EQUAL(failure.text, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(store);
	return store;
}

static bool ask_server(const char *sql)
{
	struct failure failure = { 0 };
	CU_ASSERT_FATAL(libpq_load(&failure));
	static const char *const words[] = { "dbname", "options", NULL };
	char options[128];
	snprintf(options, sizeof(options), "-c search_path=%s -c client_min_messages=error", schema);
	const char *const values[] = { getenv("PCCM_TEST_POSTGRES"), options, NULL };
	PGconn *connection = libpq.connectdbParams(words, values, 1);
	CU_ASSERT_EQUAL_FATAL(libpq.status(connection), CONNECTION_OK);
	PGresult *result = libpq.exec(connection, sql);
	bool done = libpq.resultStatus(result) == PGRES_COMMAND_OK || libpq.resultStatus(result) == PGRES_TUPLES_OK;
	libpq.clear(result);
	libpq.finish(connection);
	return done;
}

void stores_place(void)
{
	static int number;
	char sql[256];
	snprintf(stores_folder, sizeof(stores_folder), "/tmp/pccm-store-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(stores_folder));
	arena_init(&arena, 0);
	if (stores_on_postgres) {
		snprintf(schema, sizeof(schema), "unit_%d_%d", (int)getpid(), ++number);
		snprintf(sql, sizeof(sql), "CREATE SCHEMA %s", schema);
		CU_ASSERT_FATAL(ask_server(sql));
		snprintf(stores_url, sizeof(stores_url), "%s&options=-csearch_path%%3D%s", getenv("PCCM_TEST_POSTGRES"), schema);
	} else {
		snprintf(stores_url, sizeof(stores_url), "%s/s.db", stores_folder);
	}
}

struct store *stores_fresh(void)
{
	stores_place();
	return stores_again();
}

void stores_gone(struct store *store)
{
	static const char *const names[] = { "s.db", "s.db-wal", "s.db-shm" };
	char name[256];
	store_close(store);
	arena_done(&arena);
	if (stores_on_postgres) {
		snprintf(name, sizeof(name), "DROP SCHEMA %s CASCADE", schema);
		CU_ASSERT(ask_server(name));
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		snprintf(name, sizeof(name), "%s/%s", stores_folder, names[i]);
		unlink(name);
	}
	CU_ASSERT_EQUAL(rmdir(stores_folder), 0);
}

bool stores_execute(const char *sql)
{
	sqlite3 *db = NULL;
	if (stores_on_postgres)
		return ask_server(sql);
	CU_ASSERT_EQUAL_FATAL(sqlite3_open(stores_url, &db), SQLITE_OK);
	int status = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return status == SQLITE_OK;
}

bool stores_refused(struct store *store, bool done)
{
	int64_t newest;
	return !done || !store_newest_change(store, &newest);
}

int stores_run(const char *suite, const struct unit_case *cases, unsigned count)
{
	const char *server = getenv("PCCM_TEST_POSTGRES");
	char name[128];
	int status = unit_run(suite, cases, count);
	snprintf(name, sizeof(name), "%s on PostgreSQL", suite);
	if (server == NULL || server[0] == '\0') {
		printf("skip %s: no server (run by tests/postgres.sh)\n", name);
		return status;
	}
	stores_on_postgres = true;
	int there = unit_run(name, cases, count);
	return status != 0 ? status : there;
}

/* ---------------------------------------------------------------- rows */

int64_t change(struct store *store, days day)
{
	int64_t id = 0;
	CU_ASSERT_FATAL(store_begin(store));
	CU_ASSERT_FATAL(store_change(store, &id, CHANGE_LOAD, day, "aa"));
	return id;
}

void commit(struct store *store)
{
	CU_ASSERT_FATAL(store_commit(store));
}

int64_t add_interchange(struct store *store, const char *control)
{
	int64_t id = 0;
	struct interchange_row row = { .sender_qualifier = SLICE("ZZ"), .sender = SLICE("SENDER"), .receiver_qualifier = SLICE("ZZ"),
				       .receiver = SLICE("RECEIVER"), .control = slice_of(control), .file = SLICE("a.edi"),
				       .received = 14610 };
	CU_ASSERT_FATAL(store_interchange_add(store, &id, &row));
	return id;
}

struct member sample(const char *medicaid_id, const char *last, days born)
{
	return (struct member){ .medicaid_id = slice_of(medicaid_id), .case_number = SLICE("C1"), .last = slice_of(last),
				.first = SLICE("ANN"), .born = born, .died = DAYS_NONE, .sex = SLICE("F"),
				.home = { .street = SLICE("1 MAIN ST"), .city = SLICE("WATERBURY") } };
}

int64_t add_member(struct store *store, const char *medicaid_id, const char *last, days born)
{
	int64_t id = 0;
	struct span span = { .begin = 14600, .end = DAYS_OPEN, .plan = SLICE("HUSKYA"), .aid_category = SLICE("F07") };
	struct member member = sample(medicaid_id, last, born);
	member.spans = &span;
	member.span_count = 1;
	CU_ASSERT_FATAL(store_member_save(store, &id, NULL, &member, (struct origin){ 0, 7 }));
	return id;
}

struct member find(struct store *store, const char *medicaid_id)
{
	struct member member = { 0 };
	bool found = false;
	CU_ASSERT_FATAL(store_member_find(store, &arena, &found, &member, slice_of(medicaid_id)));
	return found ? member : (struct member){ 0 };
}

int64_t add_pcp(struct store *store, const char *npi, bool *changed)
{
	int64_t id = 0;
	bool ignored;
	struct pcp pcp = { .last = SLICE("DOE"), .first = SLICE("JOHN"), .phone = SLICE("2035550100"), .town = SLICE("WATERBURY"),
			   .medicaid_begin = 14000, .medicaid_end = DAYS_OPEN, .contract_begin = 14000,
			   .contract_end = DAYS_OPEN, .panel_limit = 1200 };
	slice_copy(pcp.npi, sizeof(pcp.npi), slice_of(npi));
	CU_ASSERT_FATAL(store_pcp_save(store, &id, changed == NULL ? &ignored : changed, &pcp));
	return id;
}

void see(struct seen *seen, int64_t id)
{
	if (seen->count < COUNT_OF(seen->ids))
		seen->ids[seen->count] = id;
	seen->count++;
}

bool see_member(void *data, const struct member *member)
{
	struct seen *seen = data;
	see(seen, member->id);
	return true;
}

int64_t add_request(struct store *store, int64_t member, days processed)
{
	int64_t id = 0;
	struct request request = { .member = member, .npi = "1234567893", .received = 14600, .processed = processed,
				   .asked_from = DAYS_NONE, .channel = SLICE("834"), .relationship = SLICE("25"),
				   .source = SLICE("CHOICE"), .state = REQUEST_PENDING, .origin = { 0, 9 } };
	CU_ASSERT_FATAL(store_request_add(store, &id, &request));
	return id;
}

int64_t assign(struct store *store, int64_t member, int64_t pcp, days begin, days end)
{
	int64_t id = 0;
	struct assignment assignment = { .member = member, .pcp = pcp, .begin = begin, .end = end, .source = SLICE("CHOICE"),
					 .exception = true, .processed = 14600, .program_hash = SLICE("cafe") };
	CU_ASSERT_FATAL(store_assign(store, &id, &assignment, (struct origin){ 0, 3 }));
	return id;
}
