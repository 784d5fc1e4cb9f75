/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * limits: what this machine can do, for `make bench` to compare with in the same run.
 *   limits scan FILE        read the file and look at every byte once (memchr of a byte that is not there)
 *   limits insert N DB      N rows into the shape of the members' tables with one prepared statement each,
 *                           one transaction, WAL, synchronous=FULL: SQLite's own rate
 * Prints the milliseconds that it took.
 */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint64_t milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int scan(const char *path)
{
	static char chunk[128 * 1024];
	uint64_t found = 0;
	int fd = open(path, O_RDONLY);
	if (fd < 0)
		return 3;
	for (ssize_t got = read(fd, chunk, sizeof(chunk)); got > 0; got = read(fd, chunk, sizeof(chunk)))
		found += memchr(chunk, '\1', (size_t)got) != NULL;
	close(fd);
	return found == 0 ? 0 : 1;
}

static const char *const schema =
	"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384;"
	"CREATE TABLE member (id INTEGER PRIMARY KEY, medicaid_id TEXT NOT NULL UNIQUE, case_number TEXT, last TEXT, first TEXT, born INTEGER,"
	" sex TEXT, language TEXT, phone TEXT, street TEXT, city TEXT, state TEXT, zip TEXT) STRICT;"
	"CREATE TABLE span (id INTEGER PRIMARY KEY, member INTEGER, begins INTEGER, ends INTEGER, plan TEXT, aid TEXT) STRICT;"
	"CREATE INDEX span_member ON span (member);"
	"CREATE TABLE request (id INTEGER PRIMARY KEY, member INTEGER, npi TEXT, received INTEGER, state INTEGER) STRICT;"
	"CREATE INDEX request_member ON request (member);";
static const char *const inserts[] = {
	"INSERT INTO member VALUES (?1, ?2, ?2, 'RIVERA', 'ANA', ?1, 'F', 'SPA', '2035550101', '12 WILLOW ST', 'WATERBURY', 'CT', '06702')",
	"INSERT INTO span VALUES (?1, ?1, 14000, 99999, 'HUSKY A', 'F07')",
	"INSERT INTO request VALUES (?1, ?1, '1234567893', 14600, 1)",
};

static int insert(long count, const char *path)
{
	sqlite3 *db;
	sqlite3_stmt *statements[3];
	if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK)
		return 3;
	for (int i = 0; i < 3; i++)
		if (sqlite3_prepare_v2(db, inserts[i], -1, &statements[i], NULL) != SQLITE_OK)
			return 3;
	sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	for (long n = 1; n <= count; n++) {
		char id[24];
		snprintf(id, sizeof(id), "%09ld", n);
		sqlite3_bind_text(statements[0], 2, id, -1, SQLITE_TRANSIENT);
		for (int i = 0; i < 3; i++) {
			sqlite3_bind_int64(statements[i], 1, n);
			if (sqlite3_step(statements[i]) != SQLITE_DONE)
				return 3;
			sqlite3_reset(statements[i]);
		}
	}
	int status = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK ? 0 : 3;
	for (int i = 0; i < 3; i++)
		sqlite3_finalize(statements[i]);
	sqlite3_close(db);
	return status;
}

int main(int argc, char **argv)
{
	uint64_t begin = milliseconds();
	int status = 2;
	if (argc == 3 && strcmp(argv[1], "scan") == 0)
		status = scan(argv[2]);
	else if (argc == 4 && strcmp(argv[1], "insert") == 0)
		status = insert(strtol(argv[2], NULL, 10), argv[3]);
	printf("%llu ms\n", (unsigned long long)(milliseconds() - begin));
	return status;
}
