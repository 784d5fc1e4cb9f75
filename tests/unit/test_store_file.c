/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * store, the file: how a store on SQLite is made, refused, locked, and left by a process that is killed.
 */
#include "stores.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_open(void)
{
	struct stat status;
	struct failure failure = { 0 };
	char url[300];
	struct store *store = stores_fresh();
	int64_t id = change(store, 1);
	commit(store);
	CU_ASSERT_EQUAL(stat(stores_url, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
	snprintf(url, sizeof(url), "sqlite:%s", stores_url);
	struct store *second = store_open(url, false, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(second);
	CU_ASSERT(store_newest_change(second, &id));
	CU_ASSERT_EQUAL(id, 1);
	store_close(second);
	stores_gone(store);
	CU_ASSERT_PTR_NULL(store_open(stores_url, false, &failure));
	CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, "does not exist"));
	failure.text[0] = '\0';
	CU_ASSERT_PTR_NULL(store_open("oracle:here", true, &failure));
	CU_ASSERT_PTR_NULL(store_open("mysql:here", true, &failure));
	CU_ASSERT_STRING_NOT_EQUAL(failure.text, "");
	failure.text[0] = '\0';
	CU_ASSERT_PTR_NULL(store_open("sqlite:", true, &failure));
	CU_ASSERT_STRING_NOT_EQUAL(failure.text, "");
	store_close(NULL);
}

static void write_file(const char *text)
{
	FILE *file = fopen(stores_url, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(text, file);
	fclose(file);
}

static void expect_refused(const char *words, bool create)
{
	struct failure failure = { 0 };
	struct store *store = store_open(stores_url, create, &failure);
	CU_ASSERT_PTR_NULL(store);
	if (strstr(failure.text, words) == NULL || strstr(failure.text, stores_url) == NULL)
		printf("    found \"%s\"\n", failure.text);
	CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, words));
	CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, stores_url));
	store_close(store);
}

static void test_not_a_store(void)
{
	struct store *store = stores_fresh();
	store_close(store);
	unlink(stores_url);
	write_file("ISA*00*          *00*  this is an interchange and not a database at all, and longer than a header of one is");
	expect_refused("no database", true);
	write_file("");
	expect_refused("empty", false);
	unlink(stores_url);
	CU_ASSERT(stores_execute("CREATE TABLE other (a)"));
	expect_refused("another program", true);
	unlink(stores_url);
	CU_ASSERT_EQUAL(mkdir(stores_url, 0700), 0);
	expect_refused("not a file", true);
	CU_ASSERT_EQUAL(rmdir(stores_url), 0);
	stores_gone(stores_again());
}

static void test_newer(void)
{
	struct store *store = stores_fresh();
	store_close(store);
	CU_ASSERT(stores_execute("PRAGMA user_version = 99"));
	expect_refused("version 99, newer", true);
	CU_ASSERT(stores_execute("PRAGMA user_version = 2"));
	stores_gone(stores_again());
}

static void test_locked(void)
{
	struct store *store = stores_fresh();
	sqlite3 *other = NULL;
	CU_ASSERT_EQUAL_FATAL(sqlite3_open(stores_url, &other), SQLITE_OK);
	CU_ASSERT_EQUAL(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	CU_ASSERT_FALSE(store_begin(store));
	CU_ASSERT_PTR_NOT_NULL(strstr(store_failure(store)->text, "locked by another process"));
	sqlite3_close(other);
	CU_ASSERT(store_begin(store));
	commit(store);
	stores_gone(store);
}

/* What a child that may not write there finds; 0 if it is the right sentence. */
static int try_read_only(void)
{
	struct failure failure = { 0 };
	if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0))
		return 2;
	struct store *store = store_open(stores_url, true, &failure);
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
	struct store *store = stores_fresh();
	store_close(store);
	CU_ASSERT_EQUAL(chmod(stores_folder, 0777), 0);
	CU_ASSERT_EQUAL(chmod(stores_url, 0444), 0);
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		_exit(try_read_only());
	int status = child_status(child);
	CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CU_ASSERT_EQUAL(chmod(stores_url, 0600), 0);
	stores_gone(stores_again());
}

static void child_killed_midway(int ready)
{
	struct failure failure = { 0 };
	struct store *store = store_open(stores_url, false, &failure);
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
	struct store *store = stores_fresh();
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
	store = stores_again();
	CU_ASSERT(store_member_count(store, &count));
	CU_ASSERT_EQUAL(count, 1);
	CU_ASSERT_EQUAL(find(store, "900000000").id, 0);
	CU_ASSERT(store_verify(store, &failure));
	change(store, 14611);
	add_member(store, "101", "ROE", 2);
	commit(store);
	stores_gone(store);
}

static const struct unit_case cases[] = {
	{ "a store is made with mode 0600 and opened again by URL or path", test_open },
	{ "what is not a store is refused with one sentence that names it", test_not_a_store },
	{ "a store of a newer version is refused", test_newer },
	{ "a store that another connection writes to is said to be locked", test_locked },
	{ "a store that may not be written is said to be read-only", test_read_only },
	{ "a process killed in the middle of a transaction leaves nothing of it", test_killed },
};

int main(void)
{
	return UNIT_RUN("store file", cases);
}
