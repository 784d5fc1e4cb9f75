/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * store: members, requests, providers through store.h alone (test_store_money.c has the
 * ledger).  Each case works on a store of its own in a folder of its own.
 */
#include "store/store.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];
static char path[96];
static struct arena arena;

static struct store *open_again(void)
{
	struct failure failure = { 0 };
	struct store *store = store_open(path, true, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(store);
	CU_ASSERT_STRING_EQUAL(failure.text, "");
	return store;
}

static struct store *fresh(void)
{
	snprintf(folder, sizeof(folder), "/tmp/pccm-store-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/s.db", folder);
	arena_init(&arena, 0);
	return open_again();
}

static void gone(struct store *store)
{
	static const char *const names[] = { "s.db", "s.db-wal", "s.db-shm" };
	char name[128];
	store_close(store);
	arena_done(&arena);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		snprintf(name, sizeof(name), "%s/%s", folder, names[i]);
		unlink(name);
	}
	CU_ASSERT_EQUAL(rmdir(folder), 0);
}

static int64_t change(struct store *store, days day)
{
	int64_t id = 0;
	CU_ASSERT_FATAL(store_begin(store));
	CU_ASSERT_FATAL(store_change(store, &id, CHANGE_LOAD, day, "aa"));
	return id;
}

static void commit(struct store *store)
{
	CU_ASSERT_FATAL(store_commit(store));
}

static int64_t add_interchange(struct store *store, const char *control)
{
	int64_t id = 0;
	struct interchange_row row = { .sender_qualifier = SLICE("ZZ"), .sender = SLICE("SENDER"), .receiver_qualifier = SLICE("ZZ"),
				       .receiver = SLICE("RECEIVER"), .control = slice_of(control), .file = SLICE("a.edi"),
				       .received = 14610 };
	CU_ASSERT_FATAL(store_interchange_add(store, &id, &row));
	return id;
}

static struct member sample(const char *medicaid_id, const char *last, days born)
{
	return (struct member){ .medicaid_id = slice_of(medicaid_id), .case_number = SLICE("C1"), .last = slice_of(last),
				.first = SLICE("ANN"), .born = born, .died = DAYS_NONE, .sex = SLICE("F"),
				.home = { .street = SLICE("1 MAIN ST"), .city = SLICE("WATERBURY") } };
}

static int64_t add_member(struct store *store, const char *medicaid_id, const char *last, days born)
{
	int64_t id = 0;
	struct span span = { .begin = 14600, .end = DAYS_OPEN, .plan = SLICE("HUSKYA"), .aid_category = SLICE("F07") };
	struct member member = sample(medicaid_id, last, born);
	member.spans = &span;
	member.span_count = 1;
	CU_ASSERT_FATAL(store_member_save(store, &id, NULL, &member, (struct origin){ 0, 7 }));
	return id;
}

static struct member find(struct store *store, const char *medicaid_id)
{
	struct member member = { 0 };
	bool found = false;
	CU_ASSERT_FATAL(store_member_find(store, &arena, &found, &member, slice_of(medicaid_id)));
	return found ? member : (struct member){ 0 };
}

static int64_t add_pcp(struct store *store, const char *npi, bool *changed)
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

/* ---------------------------------------------------------------- callbacks */

struct seen {
	size_t count;
	int64_t ids[8]; /* the first of them */
	struct store *store;
	char text[512];
};

static void see(struct seen *seen, int64_t id)
{
	if (seen->count < COUNT_OF(seen->ids))
		seen->ids[seen->count] = id;
	seen->count++;
}

static bool see_member(void *data, const struct member *member)
{
	struct seen *seen = data;
	see(seen, member->id);
	return true;
}

/* ---------------------------------------------------------------- opening */

static void test_open(void)
{
	struct stat status;
	struct failure failure = { 0 };
	char url[128];
	struct store *store = fresh();
	int64_t id = change(store, 1);
	commit(store);
	CU_ASSERT_EQUAL(stat(path, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
	snprintf(url, sizeof(url), "sqlite:%s", path);
	struct store *second = store_open(url, false, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(second);
	CU_ASSERT(store_newest_change(second, &id));
	CU_ASSERT_EQUAL(id, 1);
	store_close(second);
	gone(store);
	CU_ASSERT_PTR_NULL(store_open(path, false, &failure));
	CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, "does not exist"));
	failure.text[0] = '\0';
	CU_ASSERT_PTR_NULL(store_open("postgresql://host/db", true, &failure));
	CU_ASSERT_PTR_NULL(store_open("mysql:here", true, &failure));
	CU_ASSERT_STRING_NOT_EQUAL(failure.text, "");
	failure.text[0] = '\0';
	CU_ASSERT_PTR_NULL(store_open("sqlite:", true, &failure));
	CU_ASSERT_STRING_NOT_EQUAL(failure.text, "");
	store_close(NULL);
}

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void execute(const char *sql)
{
	sqlite3 *db = NULL;
	CU_ASSERT_EQUAL_FATAL(sqlite3_open(path, &db), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void expect_refused(const char *words, bool create)
{
	struct failure failure = { 0 };
	struct store *store = store_open(path, create, &failure);
	CU_ASSERT_PTR_NULL(store);
	if (strstr(failure.text, words) == NULL || strstr(failure.text, path) == NULL)
		printf("    found \"%s\"\n", failure.text);
	CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, words));
	CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, path));
	store_close(store);
}

static void test_not_a_store(void)
{
	struct store *store = fresh();
	store_close(store);
	unlink(path);
	write_file("ISA*00*          *00*  this is an interchange and not a database at all, and longer than a header of one is");
	expect_refused("no database", true);
	write_file("");
	expect_refused("empty", false);
	unlink(path);
	execute("CREATE TABLE other (a)");
	expect_refused("another program", true);
	unlink(path);
	CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
	expect_refused("not a file", true);
	CU_ASSERT_EQUAL(rmdir(path), 0);
	gone(open_again());
}

static void test_newer(void)
{
	struct store *store = fresh();
	store_close(store);
	execute("PRAGMA user_version = 99");
	expect_refused("version 99, newer", true);
	execute("PRAGMA user_version = 2");
	gone(open_again());
}

static void test_locked(void)
{
	struct store *store = fresh();
	sqlite3 *other = NULL;
	CU_ASSERT_EQUAL_FATAL(sqlite3_open(path, &other), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	CU_ASSERT_FALSE(store_begin(store));
	CU_ASSERT_PTR_NOT_NULL(strstr(store_failure(store)->text, "locked by another process"));
	sqlite3_close(other);
	CU_ASSERT(store_begin(store));
	commit(store);
	gone(store);
}

/* What a child that may not write there finds; 0 if it is the right sentence. */
static int try_read_only(void)
{
	struct failure failure = { 0 };
	if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0))
		return 2;
	struct store *store = store_open(path, true, &failure);
	int status = store == NULL && strstr(failure.text, "read-only") != NULL ? 0 : 1;
	if (status != 0)
		fprintf(stderr, "found \"%s\"\n", failure.text);
	store_close(store);
	return status;
}

static int child_status(pid_t child)
{
	int status = 0;
	CU_ASSERT_EQUAL_FATAL(waitpid(child, &status, 0), child);
	return status;
}

static void test_read_only(void)
{
	struct store *store = fresh();
	store_close(store);
	CU_ASSERT_EQUAL(chmod(folder, 0777), 0);
	CU_ASSERT_EQUAL(chmod(path, 0444), 0);
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		_exit(try_read_only());
	int status = child_status(child);
	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CU_ASSERT_EQUAL(chmod(path, 0600), 0);
	gone(open_again());
}

/* ---------------------------------------------------------------- transactions */

static void test_savepoints(void)
{
	uint64_t count = 0;
	struct store *store = fresh();
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
	gone(store);
}

static void child_killed_midway(int ready)
{
	struct failure failure = { 0 };
	struct store *store = store_open(path, false, &failure);
	int64_t id, number;
	char medicaid_id[16];
	if (store == NULL || !store_begin(store) || !store_change(store, &id, CHANGE_LOAD, 14611, ""))
		_exit(1);
	for (number = 0; number < 60000; number++) { /* more than the cache holds: pages reach the log before the commit */
		snprintf(medicaid_id, sizeof(medicaid_id), "9%08d", (int)number);
		struct member member = sample(medicaid_id, "GHOST", 5);
		if (!store_member_save(store, &id, NULL, &member, (struct origin){ 0, 0 }))
			_exit(1);
	}
	if (write(ready, "x", 1) != 1)
		_exit(1);
	pause();
}

static void test_killed(void)
{
	int pipes[2];
	char byte = 0;
	struct failure failure = { 0 };
	uint64_t count = 0;
	struct store *store = fresh();
	change(store, 14610);
	add_member(store, "100", "ROE", 1);
	commit(store);
	store_close(store);
	CU_ASSERT_EQUAL_FATAL(pipe(pipes), 0);
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		child_killed_midway(pipes[1]);
		_exit(1);
	}
	close(pipes[1]);
	CU_ASSERT_EQUAL(read(pipes[0], &byte, 1), 1);
	close(pipes[0]);
	kill(child, SIGKILL);
	CU_ASSERT(WIFSIGNALED(child_status(child)));
	store = open_again();
	CU_ASSERT(store_member_count(store, &count));
	CU_ASSERT_EQUAL(count, 1);
	CU_ASSERT_EQUAL(find(store, "900000000").id, 0);
	CU_ASSERT(store_verify(store, &failure));
	change(store, 14611);
	add_member(store, "101", "ROE", 2);
	commit(store);
	gone(store);
}

/* ---------------------------------------------------------------- interchanges, documents, numbers */

static void test_interchanges(void)
{
	struct store *store = fresh();
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
	gone(store);
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
	struct store *store = fresh();
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
	store = open_again();
	CU_ASSERT_FATAL(store_begin(store));
	CU_ASSERT(store_next(store, &number, "isa") && number == 4);
	store_rollback(store);
	gone(store);
}

/* ---------------------------------------------------------------- members */

static void test_both_clocks(void)
{
	struct store *store = fresh();
	struct member now, then;
	int64_t first = change(store, 14610);
	int64_t interchange = add_interchange(store, "000000001");
	int64_t id = add_member(store, "100", "ROE", 5000);
	commit(store);
	int64_t second = change(store, 14640);
	struct member before = find(store, "100");
	struct span spans[2] = { before.spans[0], { .begin = 14700, .end = DAYS_OPEN, .plan = SLICE("HUSKYB") } };
	struct member after = before;
	spans[0].end = 14699;
	after.last = SLICE("DOE");
	after.spans = spans;
	after.span_count = 2;
	CU_ASSERT(store_member_save(store, &id, &before, &after, (struct origin){ interchange, 42 }));
	commit(store);
	now = find(store, "100");
	CU_ASSERT(slice_is(now.last, "DOE") && now.span_count == 2 && now.spans[0].end == 14699 && now.recorded == 14640);
	CU_ASSERT(now.origin.interchange == interchange && now.origin.offset == 42 && now.spans[1].origin.offset == 42);
	CU_ASSERT(slice_is(now.home.city, "WATERBURY") && now.died == DAYS_NONE && now.born == 5000);
	CU_ASSERT(store_member_get(store, &arena, &then, id, first));
	CU_ASSERT(slice_is(then.last, "ROE") && then.span_count == 1 && then.spans[0].end == DAYS_OPEN && then.recorded == 14610);
	CU_ASSERT(store_member_get(store, &arena, &then, id, second));
	CU_ASSERT(slice_is(then.last, "DOE") && then.span_count == 2);
	CU_ASSERT_FALSE(store_member_get(store, &arena, &then, 99, 0));
	CU_ASSERT_PTR_NOT_NULL(strstr(store_failure(store)->text, "no member 99"));
	gone(store);
}

static bool see_history(void *data, const struct member *member)
{
	struct seen *seen = data;
	size_t used = strlen(seen->text);
	snprintf(seen->text + used, sizeof(seen->text) - used, "%d:%.*s:%d:%d ", member->recorded, SLICE_ARG(member->last),
		 (int)member->span_count, (int)member->origin.offset);
	return true;
}

static void test_history(void)
{
	struct store *store = fresh();
	struct seen seen = { 0 };
	change(store, 14610);
	int64_t interchange = add_interchange(store, "000000001");
	int64_t id = add_member(store, "100", "ROE", 5000);
	commit(store);
	for (int round = 0; round < 2; round++) { /* the second finds nothing to write */
		change(store, 14620);
		struct member before = find(store, "100"), after = before;
		struct span span = { .begin = 14600, .end = 14610, .plan = SLICE("HUSKYA"), .aid_category = SLICE("F07") };
		after.spans = &span;
		CU_ASSERT(store_member_save(store, &id, &before, &after, (struct origin){ interchange, 50 }));
		commit(store);
	}
	change(store, 14630);
	struct member before = find(store, "100"), after = before;
	after.last = SLICE("DOE");
	CU_ASSERT(store_member_save(store, &id, &before, &after, (struct origin){ interchange, 60 }));
	commit(store);
	CU_ASSERT(store_member_history(store, &arena, id, see_history, &seen));
	CU_ASSERT_STRING_EQUAL(seen.text, "14610:ROE:1:7 14620:ROE:1:50 14630:DOE:1:60 ");
	gone(store);
}

static void test_alias(void)
{
	struct store *store = fresh();
	int64_t merged = -1, id = 0;
	uint64_t count = 0;
	change(store, 14610);
	int64_t a = add_member(store, "100", "ROE", 1), b = add_member(store, "200", "ROE", 1), c = add_member(store, "300", "ROE", 1);
	CU_ASSERT(store_member_alias(store, &merged, a, SLICE("OLD")) && merged == 0);
	CU_ASSERT_EQUAL(find(store, "OLD").id, a);
	CU_ASSERT(store_member_alias(store, &merged, a, SLICE("100")) && merged == 0); /* its own id */
	CU_ASSERT(store_member_alias(store, &merged, b, SLICE("100")) && merged == a);
	CU_ASSERT_EQUAL(find(store, "100").id, b);
	CU_ASSERT_EQUAL(find(store, "OLD").id, b);
	CU_ASSERT(store_member_alias(store, &merged, a, SLICE("200")) && merged == 0); /* they are one already: no circle */
	CU_ASSERT(store_member_alias(store, &merged, c, SLICE("OLD")) && merged == b);
	CU_ASSERT_EQUAL(find(store, "100").id, c);
	struct member old = { 0 };
	CU_ASSERT(store_member_get(store, &arena, &old, a, 0));
	CU_ASSERT_EQUAL(old.merged_into, b);
	CU_ASSERT(store_member_count(store, &count));
	CU_ASSERT_EQUAL(count, 1);
	struct member before = find(store, "300"), after = before;
	after.medicaid_id = SLICE("301");
	CU_ASSERT(store_member_save(store, &id, &before, &after, (struct origin){ 0, 0 }));
	CU_ASSERT_EQUAL(find(store, "300").id, c);
	CU_ASSERT_EQUAL(find(store, "301").id, c);
	CU_ASSERT(store_mark(store));
	struct member twice = sample("301", "ROE", 1);
	CU_ASSERT_FALSE(store_member_save(store, &id, NULL, &twice, (struct origin){ 0, 0 }));
	CU_ASSERT_PTR_NOT_NULL(strstr(store_failure(store)->text, "refused a row"));
	CU_ASSERT(store_undo(store));
	commit(store);
	gone(store);
}

static void test_names_and_families(void)
{
	struct store *store = fresh();
	struct seen seen = { 0 };
	struct member family[2];
	size_t count = 0;
	change(store, 14610);
	add_member(store, "300", "Pérez", -3000);
	add_member(store, "100", "roe", -3000);
	add_member(store, "200", "ROE", -3000);
	add_member(store, "400", "ROE", -2999);
	commit(store);
	CU_ASSERT(store_members_named(store, &arena, SLICE("Roe"), -3000, see_member, &seen));
	CU_ASSERT(seen.count == 2 && seen.ids[0] == 2 && seen.ids[1] == 3);
	seen.count = 0;
	CU_ASSERT(store_members_named(store, &arena, SLICE("PÉREZ"), -3000, see_member, &seen));
	CU_ASSERT(seen.count == 1 && seen.ids[0] == 1);
	seen.count = 0;
	CU_ASSERT(store_members_named(store, &arena, SLICE_NONE, -3000, see_member, &seen));
	CU_ASSERT_EQUAL(seen.count, 3);
	seen.count = 0;
	CU_ASSERT(store_members_each(store, 2, see_member, &seen));
	CU_ASSERT(seen.count == 2 && seen.ids[0] == 3);
	CU_ASSERT(store_family(store, &arena, family, 2, &count, SLICE("C1")));
	CU_ASSERT_EQUAL(count, 4);
	CU_ASSERT(slice_is(family[0].medicaid_id, "100") && slice_is(family[1].medicaid_id, "200") && family[0].span_count == 1);
	CU_ASSERT(store_family(store, &arena, family, 2, &count, SLICE_NONE));
	CU_ASSERT_EQUAL(count, 0);
	gone(store);
}

static bool write_while_walking(void *data, const struct member *member)
{
	struct seen *seen = data;
	int64_t id;
	struct request request = { .member = member->id, .npi = "1234567893", .processed = 14610, .state = REQUEST_PENDING };
	seen->count++;
	return member->span_count == 1 && store_request_add(seen->store, &id, &request);
}

static bool every_third(void *data, int64_t id)
{
	(void)data;
	return id % 3 == 0;
}
static bool none_wanted(void *data, int64_t id)
{
	(void)data;
	return id > 1000;
}

static void test_each_writes(void)
{
	struct store *store = fresh();
	struct seen seen = { .store = store };
	char medicaid_id[16];
	change(store, 14610);
	for (int i = 0; i < 1000; i++) {
		snprintf(medicaid_id, sizeof(medicaid_id), "%d", 100000 + i);
		add_member(store, medicaid_id, "ROE", i);
	}
	CU_ASSERT(store_members_each(store, 0, write_while_walking, &seen));
	CU_ASSERT_EQUAL(seen.count, 1000);
	seen.count = 0;
	CU_ASSERT(store_members_wanted(store, every_third, write_while_walking, &seen));
	CU_ASSERT_EQUAL(seen.count, 333);
	seen.count = 0;
	CU_ASSERT(store_members_wanted(store, none_wanted, write_while_walking, &seen));
	CU_ASSERT_EQUAL(seen.count, 0);
	commit(store);
	gone(store);
}

/* ---------------------------------------------------------------- requests */

static bool see_request(void *data, const struct request *request)
{
	struct seen *seen = data;
	see(seen, request->id);
	return seen->store == NULL || store_request_close(seen->store, request->id, REQUEST_EXPIRED, REASON_EXPIRED, 14700);
}

static bool see_step(void *data, days judged, enum request_state state, const struct step *step)
{
	struct seen *seen = data;
	size_t used = strlen(seen->text);
	snprintf(seen->text + used, sizeof(seen->text) - used, "%d %d %s %s %d %s %.*s %d|", judged, (int)state, step->rule,
		 step->requirement, step->passed, step->reason == REASON_NONE ? "" : reason_code(step->reason),
		 SLICE_ARG(step->fact), (int)step->origin.offset);
	return true;
}

static int64_t add_request(struct store *store, int64_t member, days processed)
{
	int64_t id = 0;
	struct request request = { .member = member, .npi = "1234567893", .received = 14600, .processed = processed,
				   .asked_from = DAYS_NONE, .channel = SLICE("834"), .relationship = SLICE("25"),
				   .source = SLICE("CHOICE"), .state = REQUEST_PENDING, .origin = { 0, 9 } };
	CU_ASSERT_FATAL(store_request_add(store, &id, &request));
	return id;
}

static void test_requests(void)
{
	struct store *store = fresh();
	struct seen seen = { 0 };
	struct request request;
	bool found = false;
	change(store, 14610);
	int64_t member = add_member(store, "100", "ROE", 1);
	CU_ASSERT(store_request_newest(store, &arena, &found, &request, member) && !found);
	int64_t one = add_request(store, member, 14620), two = add_request(store, member, 14610);
	struct decision decision = { .request = one, .member = member, .state = REQUEST_PENDING, .reason = REASON_TOWN_NOT_OPEN,
				     .steps = { { .rule = "town", .requirement = "ENR-4", .reason = REASON_TOWN_NOT_OPEN,
						  .fact = SLICE("town \x1f\x1eHartford"), .origin = { 0, 5 } },
						{ .rule = "age", .requirement = "", .passed = true } },
				     .step_count = 2 };
	CU_ASSERT(store_request_judge(store, &decision, 14621, "hash"));
	CU_ASSERT(store_request_judge(store, &decision, 14622, "hash")); /* says the same: kept once */
	CU_ASSERT(store_request_close(store, one, REQUEST_SUPERSEDED, REASON_SUPERSEDED, 14623));
	CU_ASSERT_FALSE(store_request_close(store, 88, REQUEST_SUPERSEDED, REASON_SUPERSEDED, 14623));
	commit(store);
	CU_ASSERT(store_request_trace(store, &arena, one, see_step, &seen));
	CU_ASSERT_STRING_EQUAL(seen.text, "14621 1 town ENR-4 0 TOWN-NOT-OPEN town   Hartford 5|14621 1 age  1   0|"
					  "14623 5   0 SUPERSEDED  0|");
	CU_ASSERT(store_request_newest(store, &arena, &found, &request, member));
	CU_ASSERT(found && request.id == two && request.asked_from == DAYS_NONE && slice_is(request.relationship, "25"));
	CU_ASSERT(store_request_pending(store, &arena, &found, &request, member));
	CU_ASSERT(found && request.id == two && request.origin.offset == 9);
	CU_ASSERT(store_requests_of(store, &arena, member, see_request, &seen));
	CU_ASSERT(seen.count == 2 && seen.ids[0] == one);
	seen.count = 0;
	CU_ASSERT(store_requests_in_state(store, REQUEST_SUPERSEDED, see_request, &seen));
	CU_ASSERT(seen.count == 1 && seen.ids[0] == one);
	gone(store);
}

static void test_walk_changes_state(void)
{
	struct store *store = fresh();
	struct seen seen = { .store = store };
	change(store, 14610);
	int64_t member = add_member(store, "100", "ROE", 1);
	for (int i = 0; i < 600; i++)
		add_request(store, member, 14700 - i);
	CU_ASSERT(store_requests_in_state(store, REQUEST_PENDING, see_request, &seen));
	CU_ASSERT_EQUAL(seen.count, 600);
	CU_ASSERT_EQUAL(seen.ids[0], 600); /* the oldest processed */
	commit(store);
	gone(store);
}

static bool see_case(void *data, struct slice case_number, int64_t member)
{
	struct seen *seen = data;
	size_t used = strlen(seen->text);
	snprintf(seen->text + used, sizeof(seen->text) - used, "%.*s/%d ", SLICE_ARG(case_number), (int)member);
	return store_request_close(seen->store, 3, REQUEST_EXPIRED, REASON_EXPIRED, 14700); /* the oldest of C1 */
}

static void test_cases(void)
{
	struct store *store = fresh();
	struct seen seen = { .store = store };
	int64_t id = 0;
	change(store, 14610);
	int64_t a = add_member(store, "100", "ROE", 1), b = add_member(store, "200", "ROE", 1);
	struct member alone = sample("300", "POE", 1);
	alone.case_number = SLICE_NONE;
	CU_ASSERT(store_member_save(store, &id, NULL, &alone, (struct origin){ 0, 0 }));
	add_request(store, id, 14612);
	add_request(store, a, 14613);
	add_request(store, b, 14611);
	CU_ASSERT(store_pending_cases(store, see_case, &seen));
	CU_ASSERT_STRING_EQUAL(seen.text, "C1/0 /3 "); /* once, though its oldest request was closed on the way */
	seen.text[0] = '\0';
	CU_ASSERT(store_pending_cases(store, see_case, &seen));
	CU_ASSERT_STRING_EQUAL(seen.text, "/3 C1/0 ");
	commit(store);
	gone(store);
}

/* ---------------------------------------------------------------- assignments */

static int64_t assign(struct store *store, int64_t member, int64_t pcp, days begin, days end)
{
	int64_t id = 0;
	struct assignment assignment = { .member = member, .pcp = pcp, .begin = begin, .end = end, .source = SLICE("CHOICE"),
					 .exception = true, .processed = 14600, .program_hash = SLICE("cafe") };
	CU_ASSERT_FATAL(store_assign(store, &id, &assignment, (struct origin){ 0, 3 }));
	return id;
}

static const char *shown(struct store *store, int64_t member, int64_t as_of)
{
	static char text[256];
	struct assignment *list;
	size_t count, used = 0;
	text[0] = '\0';
	CU_ASSERT_FATAL(store_assignments(store, &arena, &list, &count, member, as_of));
	for (size_t i = 0; i < count && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%d:%d-%d ", (int)list[i].id, list[i].begin,
					 list[i].end == DAYS_OPEN ? 0 : list[i].end);
	return text;
}

static bool see_assignment(void *data, const struct assignment *assignment)
{
	struct seen *seen = data;
	CU_ASSERT(slice_is(assignment->program_hash, "cafe") && assignment->exception);
	see(seen, assignment->id);
	return true;
}

static void test_assignments(void)
{
	struct store *store = fresh();
	struct seen seen = { 0 };
	int64_t c1 = change(store, 14600);
	int64_t member = add_member(store, "100", "ROE", 1), pcp = add_pcp(store, "1234567893", NULL);
	int64_t one = assign(store, member, pcp, 100, DAYS_OPEN);
	commit(store);
	int64_t c2 = change(store, 14601);
	assign(store, member, pcp, 200, DAYS_OPEN);
	commit(store);
	CU_ASSERT_STRING_EQUAL(shown(store, member, 0), "1:100-199 2:200-0 ");
	int64_t c3 = change(store, 14602);
	assign(store, member, pcp, 150, DAYS_OPEN); /* cuts the first, retires the second */
	commit(store);
	CU_ASSERT_STRING_EQUAL(shown(store, member, 0), "1:100-149 3:150-0 ");
	change(store, 14603);
	CU_ASSERT(store_assignment_end(store, 3, 160, REASON_PCP_LEFT));
	CU_ASSERT(store_assignment_end(store, one, 99, REASON_PCP_LEFT)); /* before its begin: retired */
	CU_ASSERT_FALSE(store_assignment_end(store, one, 99, REASON_PCP_LEFT));
	CU_ASSERT_EQUAL(assign(store, member, pcp, 300, 310), 4);
	commit(store);
	CU_ASSERT_STRING_EQUAL(shown(store, member, 0), "3:150-160 4:300-310 ");
	CU_ASSERT_STRING_EQUAL(shown(store, member, c1), "1:100-0 ");
	CU_ASSERT_STRING_EQUAL(shown(store, member, c2), "1:100-199 2:200-0 ");
	CU_ASSERT_STRING_EQUAL(shown(store, member, c3), "1:100-149 3:150-0 ");
	CU_ASSERT(store_assignments_of_pcp(store, pcp, 161, see_assignment, &seen));
	CU_ASSERT(seen.count == 1 && seen.ids[0] == 4);
	gone(store);
}

static void test_retired_id(void)
{
	struct store *store = fresh();
	change(store, 14600);
	int64_t member = add_member(store, "100", "ROE", 1), pcp = add_pcp(store, "1234567893", NULL);
	int64_t one = assign(store, member, pcp, 100, DAYS_OPEN);
	CU_ASSERT(store_assignment_end(store, one, 99, REASON_PCP_LEFT));
	CU_ASSERT_NOT_EQUAL(assign(store, member, pcp, 100, DAYS_OPEN), one);
	commit(store);
	gone(store);
}

/* ---------------------------------------------------------------- providers */

static bool see_pcp(void *data, const struct pcp *pcp)
{
	struct seen *seen = data;
	see(seen, pcp->id);
	return true;
}

static bool see_billing(void *data, const struct billing_provider *billing)
{
	struct seen *seen = data;
	see(seen, billing->id);
	return true;
}

static void test_pcps(void)
{
	struct store *store = fresh();
	struct seen seen = { 0 };
	struct pcp pcp;
	bool changed = false, found = false;
	int64_t first = change(store, 14600), id = 0;
	int64_t one = add_pcp(store, "1234567893", &changed);
	CU_ASSERT(changed);
	CU_ASSERT_EQUAL(add_pcp(store, "1234567893", &changed), one);
	CU_ASSERT_FALSE(changed);
	add_pcp(store, "1000000004", &changed);
	commit(store);
	change(store, 14601);
	CU_ASSERT(store_pcp_find(store, &arena, &found, &pcp, "1234567893") && found);
	CU_ASSERT(pcp.panel_limit == 1200 && pcp.medicaid_end == DAYS_OPEN && !pcp.facility_based);
	pcp.medicaid_end = 14700;
	CU_ASSERT(store_pcp_save(store, &id, &changed, &pcp) && changed && id == one);
	commit(store);
	CU_ASSERT(store_pcp_get(store, &arena, &pcp, one, first) && pcp.medicaid_end == DAYS_OPEN);
	CU_ASSERT(store_pcp_get(store, &arena, &pcp, one, 0) && pcp.medicaid_end == 14700 && slice_is(pcp.town, "WATERBURY"));
	CU_ASSERT_FALSE(store_pcp_get(store, &arena, &pcp, 9, 0));
	CU_ASSERT(store_pcp_find(store, &arena, &found, &pcp, "9999999999") && !found);
	CU_ASSERT(store_pcp_each(store, 0, see_pcp, &seen));
	CU_ASSERT(seen.count == 2 && seen.ids[0] == 2); /* by NPI */
	change(store, 14602);
	add_pcp(store, "1000000012", &changed);
	commit(store);
	seen = (struct seen){ 0 };
	CU_ASSERT(store_pcp_each(store, first, see_pcp, &seen) && seen.count == 2); /* the third was not known then */
	seen = (struct seen){ 0 };
	CU_ASSERT(store_pcp_each(store, 0, see_pcp, &seen) && seen.count == 3);
	gone(store);
}

static void test_billing(void)
{
	struct store *store = fresh();
	struct seen seen = { 0 };
	struct billing_provider billing = { .npi = "1245319599", .name = SLICE("GROUP"), .method = SLICE("ACH"), .zip = SLICE("06702"),
					    .account_kind = SLICE("DA") };
	struct affiliation *list, affiliation = { .begin = 14000, .end = DAYS_OPEN };
	bool changed = false, found = false;
	size_t count;
	int64_t first = change(store, 14600), id = 0;
	CU_ASSERT(store_billing_save(store, &id, &changed, &billing) && changed);
	CU_ASSERT(store_billing_save(store, &id, &changed, &billing) && !changed);
	affiliation.pcp = add_pcp(store, "1234567893", NULL);
	affiliation.billing = id;
	CU_ASSERT(store_affiliation_save(store, &changed, &affiliation) && changed);
	CU_ASSERT(store_affiliation_save(store, &changed, &affiliation) && !changed);
	commit(store);
	change(store, 14601);
	billing.name = SLICE("GROUP TWO");
	CU_ASSERT(store_billing_save(store, &id, &changed, &billing) && changed);
	affiliation.end = 14650;
	CU_ASSERT(store_affiliation_save(store, &changed, &affiliation) && changed);
	commit(store);
	CU_ASSERT(store_affiliations(store, &arena, &list, &count, affiliation.pcp, 0));
	CU_ASSERT(count == 1 && list[0].end == 14650 && list[0].begin == 14000 && list[0].billing == id);
	CU_ASSERT(store_billing_find(store, &arena, &found, &billing, "1245319599") && found && slice_is(billing.name, "GROUP TWO"));
	CU_ASSERT(store_billing_get(store, &arena, &billing, id, first) && slice_is(billing.name, "GROUP"));
	CU_ASSERT(store_billing_get(store, &arena, &billing, id, 0) && slice_is(billing.account_kind, "DA"));
	CU_ASSERT_FALSE(store_billing_get(store, &arena, &billing, 5, 0));
	CU_ASSERT(store_billing_each(store, 0, see_billing, &seen) && seen.count == 1);
	seen = (struct seen){ 0 };
	CU_ASSERT(store_billing_each(store, first, see_billing, &seen) && seen.count == 1);
	CU_ASSERT(store_affiliations(store, &arena, &list, &count, affiliation.pcp, first) && count == 1 && list[0].end == DAYS_OPEN);
	CU_ASSERT(store_affiliations(store, &arena, &list, &count, affiliation.pcp, 0) && count == 1 && list[0].end == 14650);
	gone(store);
}

/* ---------------------------------------------------------------- determinism */

static void contents(char hex[65])
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	char command[256], line[4096];
	snprintf(command, sizeof(command), "sqlite3 %s .dump", path);
	FILE *dump = popen(command, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(dump);
	CU_ASSERT_FATAL(sha256_init(&hash));
	while (fgets(line, sizeof(line), dump) != NULL)
		sha256_add(&hash, line, strlen(line));
	CU_ASSERT_EQUAL(pclose(dump), 0);
	CU_ASSERT(sha256_end(&hash, digest));
	sha256_done(&hash);
	sha256_hex(hex, digest);
}

static void test_same_input(void)
{
	char first[65] = "", second[65] = "", third[65] = "";
	char *const out[] = { first, second, third };
	for (int round = 0; round < 3; round++) {
		struct store *store = fresh();
		uint64_t number;
		change(store, 14610);
		int64_t member = add_member(store, "100", round == 2 ? "POE" : "ROE", 1), pcp = add_pcp(store, "1234567893", NULL);
		add_request(store, member, 14611);
		assign(store, member, pcp, 100, DAYS_OPEN);
		assign(store, member, pcp, 200, DAYS_OPEN);
		CU_ASSERT(store_next(store, &number, "isa"));
		commit(store);
		contents(out[round]);
		gone(store);
	}
	CU_ASSERT_STRING_EQUAL(first, second);
	CU_ASSERT_STRING_NOT_EQUAL(first, third);
}

static void test_standing(void)
{
	struct store *store = fresh();
	struct member_standing standing;
	struct member member;
	bool found;
	int64_t id, merged;
	change(store, 14610);
	int64_t a = add_member(store, "100", "ROE", 1), b = add_member(store, "200", "ROE", 1);
	CU_ASSERT(store_member_standing(store, &standing, SLICE("999")) && standing.member == 0);
	CU_ASSERT(store_member_standing(store, &standing, SLICE("100")) && standing.member == a && standing.reflects == 0);
	CU_ASSERT(store_member_reflects(store, a, UINT64_MAX) && store_member_reflects(store, b, 5));
	CU_ASSERT(store_member_standing(store, &standing, SLICE("100")) && standing.reflects == UINT64_MAX);
	CU_ASSERT_FATAL(store_member_find(store, &arena, &found, &member, SLICE("100")) && found);
	struct member after = member;
	after.phone = SLICE("1");
	CU_ASSERT(store_member_record(store, &id, &member, &after, (struct origin){ 0, 0 }, 7));
	CU_ASSERT(store_member_standing(store, &standing, SLICE("100")) && standing.reflects == 7);
	member = after;
	after.phone = SLICE("2");
	CU_ASSERT(store_member_save(store, &id, &member, &after, (struct origin){ 0, 0 }));
	CU_ASSERT(store_member_standing(store, &standing, SLICE("100")) && standing.reflects == 0);
	CU_ASSERT(store_member_alias(store, &merged, a, SLICE("200")) && merged == b);
	CU_ASSERT(store_member_standing(store, &standing, SLICE("200")) && standing.member == b && standing.reflects == 0);
	CU_ASSERT(store_member_find_other(store, &arena, &found, &member, SLICE("300")) && !found);
	commit(store);
	gone(store);
}

static const struct unit_case cases[] = {
	{ "what a member reflects is forgotten when anything else changes it", test_standing },
	{ "a store is made with mode 0600 and opened again by URL or path", test_open },
	{ "what is not a store is refused with one sentence that names it", test_not_a_store },
	{ "a store of a newer version is refused", test_newer },
	{ "a store that another connection writes to is said to be locked", test_locked },
	{ "a store that may not be written is said to be read-only", test_read_only },
	{ "a savepoint undoes a set and a rollback the whole transaction", test_savepoints },
	{ "a process killed in the middle of a transaction leaves nothing of it", test_killed },
	{ "an interchange counts as received once it was accepted, not while refused", test_interchanges },
	{ "documents come back byte for byte in order of writing; sequences count from 1", test_documents_and_numbers },
	{ "a member is read as believed now and as known at an earlier change", test_both_clocks },
	{ "a member's history has one step per change, also where spans alone changed", test_history },
	{ "an old id leads to its member through aliases, merges and changes of id", test_alias },
	{ "members are found by surname in any case, by day of birth, by case", test_names_and_families },
	{ "a walk over all members may write in the same transaction", test_each_writes },
	{ "ENR-12: requests keep their days, states and every judgement with its trace", test_requests },
	{ "a walk over pending requests may judge them", test_walk_changes_state },
	{ "pending cases come once each, by their oldest request", test_cases },
	{ "a new assignment cuts or retires what it overlaps, and the past stays readable", test_assignments },
	{ "the id of a retired assignment does not come again", test_retired_id },
	{ "PRV-1: a PCP is saved by NPI with versions", test_pcps },
	{ "PRV-6: billing providers have versions and affiliations are dated", test_billing },
	{ "the same input gives the same contents", test_same_input },
};

int main(void)
{
	return UNIT_RUN("store", cases);
}
