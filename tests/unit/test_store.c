/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * store: transactions, interchanges, documents, numbers; the same input gives the same rows.  Members, requests and
 * providers have files of their own, test_store_money.c has the ledger, test_store_file.c what SQLite alone has.
 */
#include "stores.h"

static void test_savepoints(void)
{
	uint64_t count = 0;
	struct store *store = stores_fresh();
	change(store, 14610);
	add_member(store, "100", "ROE", 1);
	CU_ASSERT(store_mark(store));
	add_member(store, "101", "ROE", 2);
	CU_ASSERT(store_undo(store));
	CU_ASSERT(store_mark(store));
	add_member(store, "102", "ROE", 3);
	CU_ASSERT(store_keep(store));
	commit(store);
	CU_ASSERT_EQUAL(find(store, "101").id, 0);
	CU_ASSERT_NOT_EQUAL(find(store, "102").id, 0);
	change(store, 14611);
	add_member(store, "103", "ROE", 4);
	store_rollback(store);
	CU_ASSERT_EQUAL(find(store, "103").id, 0);
	CU_ASSERT(store_member_count(store, &count));
	CU_ASSERT_EQUAL(count, 2);
	int64_t newest = 0;
	CU_ASSERT(store_newest_change(store, &newest));
	CU_ASSERT_EQUAL(newest, 1);
	stores_gone(store);
}

/* A statement that was first used behind one that failed is there all the same afterwards. */
static void test_after_failure(void)
{
	struct store *store = stores_fresh();
	uint64_t number = 0;
	struct frozen_month frozen = { .month = 24120, .change = 1 };
	change(store, 14610);
	CU_ASSERT(store_frozen_add(store, &frozen));
	CU_ASSERT(store_mark(store));
	bool first = store_frozen_add(store, &frozen), second = store_document_put(store, "x", 1, "x", SLICE("x"));
	CU_ASSERT(stores_refused(store, first && second));
	CU_ASSERT_PTR_NOT_NULL(strstr(store_failure(store)->text, "refused a row"));
	CU_ASSERT(store_undo(store));
	CU_ASSERT(store_document_put(store, "x", 1, "x", SLICE("y")));
	CU_ASSERT(store_next(store, &number, "fcn") && number == 1);
	commit(store);
	bool found = false;
	struct slice bytes;
	CU_ASSERT(store_document_find(store, &arena, &found, &bytes, "x", 1, "x") && found && slice_is(bytes, "y"));
	stores_gone(store);
}

static void test_interchanges(void)
{
	struct store *store = stores_fresh();
	struct interchange_row row;
	struct interchange_header header = { .sender_qualifier = "ZZ", .sender = "SENDER", .receiver_qualifier = "ZZ",
					     .receiver = "RECEIVER", .control = "000000001" };
	bool found = true;
	CU_ASSERT_FATAL(store_begin(store));
	int64_t id = add_interchange(store, "000000001");
	CU_ASSERT(store_interchange_find(store, &arena, &found, &row, &header));
	CU_ASSERT_FALSE(found); /* not judged yet */
	struct interchange_row verdict = { .id = id, .bytes = 99, .ack = 'R', .note = SLICE("023") };
	CU_ASSERT(store_interchange_judge(store, &verdict));
	CU_ASSERT(store_interchange_find(store, &arena, &found, &row, &header));
	CU_ASSERT_FALSE(found); /* refused: its number may come again */
	int64_t again = add_interchange(store, "000000001");
	verdict = (struct interchange_row){ .id = again, .bytes = 100, .ack = 'A', .note = SLICE("000"), .sets = 2,
					    .sets_accepted = 1, .records = 7, .hash = { 1, 2, 3 } };
	CU_ASSERT(store_interchange_judge(store, &verdict));
	commit(store);
	CU_ASSERT(store_interchange_find(store, &arena, &found, &row, &header));
	CU_ASSERT(found);
	CU_ASSERT_EQUAL(row.id, again);
	CU_ASSERT(store_interchange_get(store, &arena, &row, again));
	CU_ASSERT(slice_is(row.file, "a.edi") && slice_is(row.note, "000") && row.ack == 'A' && row.hash[2] == 3 &&
		  row.received == 14610 && row.sets == 2 && row.sets_accepted == 1 && row.records == 7 && row.bytes == 100);
	snprintf(header.sender, sizeof(header.sender), "OTHER");
	CU_ASSERT(store_interchange_find(store, &arena, &found, &row, &header));
	CU_ASSERT_FALSE(found);
	CU_ASSERT_FALSE(store_interchange_get(store, &arena, &row, 77));
	verdict.id = 77;
	CU_ASSERT_FALSE(store_interchange_judge(store, &verdict));
	CU_ASSERT_PTR_NOT_NULL(strstr(store_failure(store)->text, "no interchange 77"));
	stores_gone(store);
}

static bool see_document(void *data, const char *kind, const char *name, struct slice bytes)
{
	struct seen *seen = data;
	size_t used = strlen(seen->text);
	snprintf(seen->text + used, sizeof(seen->text) - used, "%s/%s=%d ", kind, name, (int)bytes.len);
	return ++seen->count < 2;
}

static void test_documents_and_numbers(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { 0 };
	uint64_t number = 0;
	CU_ASSERT_FATAL(store_begin(store));
	CU_ASSERT(store_document_put(store, "999", 4, "b.edi", (struct slice){ "a\0b", 3 }));
	CU_ASSERT(store_document_put(store, "999", 5, "c.edi", SLICE("other owner")));
	CU_ASSERT(store_document_put(store, "999", 4, "a.edi", SLICE_NONE));
	CU_ASSERT(store_document_put(store, "999", 4, "b.edi", SLICE("a new one")));
	for (uint64_t i = 1; i <= 3; i++)
		CU_ASSERT(store_next(store, &number, "isa") && number == i);
	CU_ASSERT(store_next(store, &number, "gs") && number == 1);
	commit(store);
	CU_ASSERT_FALSE(store_documents(store, "999", 4, see_document, &seen)); /* stopped by the second */
	CU_ASSERT_STRING_EQUAL(seen.text, "999/b.edi=9 999/a.edi=0 ");
	CU_ASSERT_STRING_EQUAL(store_failure(store)->text, "");
	store_close(store);
	store = stores_again();
	CU_ASSERT_FATAL(store_begin(store));
	CU_ASSERT(store_next(store, &number, "isa") && number == 4);
	store_rollback(store);
	stores_gone(store);
}

static bool add_sum(void *data, const struct table_sum *sum)
{
	struct sha256 *hash = data;
	sha256_add(hash, sum->sum, sizeof(sum->sum));
	return true;
}

/* Of every row of every table. */
static void contents(struct store *store, char hex[65])
{
	struct failure failure = { 0 };
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	CU_ASSERT_FATAL(sha256_init(&hash));
	CU_ASSERT(store_sums(store, add_sum, &hash, &failure));
	CU_ASSERT(sha256_end(&hash, digest));
	sha256_done(&hash);
	sha256_hex(hex, digest);
}

static void test_same_input(void)
{
	char first[65] = "", second[65] = "", third[65] = "";
	char *const out[] = { first, second, third };
	for (int round = 0; round < 3; round++) {
		struct store *store = stores_fresh();
		uint64_t number;
		change(store, 14610);
		int64_t member = add_member(store, "100", round == 2 ? "POE" : "ROE", 1), pcp = add_pcp(store, "1234567893", NULL);
		add_request(store, member, 14611);
		assign(store, member, pcp, 100, DAYS_OPEN);
		assign(store, member, pcp, 200, DAYS_OPEN);
		CU_ASSERT(store_next(store, &number, "isa"));
		commit(store);
		contents(store, out[round]);
		stores_gone(store);
	}
	CU_ASSERT_STRING_EQUAL(first, second);
	CU_ASSERT_STRING_NOT_EQUAL(first, third);
}

static const struct unit_case cases[] = {
	{ "a savepoint undoes a set and a rollback the whole transaction", test_savepoints },
	{ "after a failure and its undoing the store works on", test_after_failure },
	{ "an interchange counts as received once it was accepted, not while refused", test_interchanges },
	{ "documents come back byte for byte in order of writing; sequences count from 1", test_documents_and_numbers },
	{ "the same input gives the same contents", test_same_input },
};

int main(void)
{
	return STORES_RUN("store", cases);
}
