/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sqlite_file: a store in a file is opened, made, brought to this version, looked over.
 *
 * Made with mode 0600 before SQLite touches it (its log and index files take the same
 * mode).  A version is one script; each is applied in its own transaction together with
 * its number, so that a kill leaves the version before or the version after.
 */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Memory is bounded by cache_size; synchronous FULL because NORMAL loses acknowledged commits in a power cut. */
static const char *const settings[] = {
	"PRAGMA foreign_keys = ON",
	"PRAGMA synchronous = FULL",
	"PRAGMA cache_size = -16384",
	"PRAGMA temp_store = FILE",
	"PRAGMA mmap_size = 0",
	"PRAGMA wal_autocheckpoint = 4000",
	"PRAGMA journal_size_limit = 67108864",
	"PRAGMA trusted_schema = OFF",
	"PRAGMA cell_size_check = ON",
};

static bool execute(struct store *store, const char *sql)
{
	int status = sqlite3_exec(sqlite_of(store)->db, sql, NULL, NULL, NULL);
	return status == SQLITE_OK || sqlite_fail(store, status);
}

static bool pragma_number(struct store *store, int64_t *number, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int status = sqlite3_prepare_v2(sqlite_of(store)->db, sql, -1, &stmt, NULL);
	if (status == SQLITE_OK)
		status = sqlite3_step(stmt);
	*number = status == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	if (status != SQLITE_ROW && status != SQLITE_DONE)
		sqlite_fail(store, status);
	sqlite3_finalize(stmt);
	return status == SQLITE_ROW || status == SQLITE_DONE;
}

static bool turn_on_log(struct store *store)
{
	sqlite3_stmt *stmt = NULL;
	int status = sqlite3_prepare_v2(sqlite_of(store)->db, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);
	if (status == SQLITE_OK)
		status = sqlite3_step(stmt);
	bool on = status == SQLITE_ROW && slice_is(slice_of((const char *)sqlite3_column_text(stmt, 0)), "wal");
	if (status != SQLITE_ROW)
		sqlite_fail(store, status);
	else if (!on)
		failure_set(&store->failure, "the store %s lies where a write-ahead log cannot be used", store->path);
	sqlite3_finalize(stmt);
	return on;
}

static bool version_apply(struct store *store, int64_t from)
{
	char number[64];
	int64_t now;
	if (!execute(store, "BEGIN IMMEDIATE"))
		return false;
	bool applied = pragma_number(store, &now, "PRAGMA user_version");
	if (applied && now == from) { /* else another process was faster */
		const char *const *step = schema_step((int)from);
		for (; applied && *step != NULL; step++)
			applied = execute(store, *step);
		snprintf(number, sizeof(number), "PRAGMA user_version = %d", (int)from + 1);
		applied = applied && execute(store, number);
	}
	applied = applied && execute(store, "COMMIT");
	if (!applied && sqlite3_get_autocommit(sqlite_of(store)->db) == 0) {
		struct failure kept = store->failure;
		(void)!execute(store, "ROLLBACK");
		store->failure = kept;
	}
	return applied;
}

/* Is this ours, and of a version that we know?  A file without any table is a new store. */
static bool identify(struct store *store, int64_t *version, bool create)
{
	int64_t application, tables;
	if (!pragma_number(store, &tables, "SELECT count(*) FROM sqlite_master") ||
	    !pragma_number(store, &application, "PRAGMA application_id") ||
	    !pragma_number(store, version, "PRAGMA user_version"))
		return false;
	bool empty = tables == 0 && application == 0 && *version == 0;
	if (empty && create)
		return true;
	if (application != STORE_APPLICATION_ID)
		return store_fail_identity(store, empty);
	if (*version > schema_version)
		return store_fail_newer(store, *version);
	return true;
}

static bool prepare(struct store *store, bool create)
{
	int64_t version;
	sqlite3_busy_timeout(sqlite_of(store)->db, BUSY_MILLISECONDS);
	if (!identify(store, &version, create))
		return false;
	if (sqlite3_db_readonly(sqlite_of(store)->db, "main") != 0)
		return store_fail(store, TROUBLE_READ_ONLY, "");
	for (size_t i = 0; i < COUNT_OF(settings); i++)
		if (!execute(store, settings[i]))
			return false;
	if (!turn_on_log(store))
		return false;
	for (; version < schema_version; version++)
		if (!version_apply(store, version))
			return false;
	return execute(store, "CREATE TEMP TABLE IF NOT EXISTS pending_case ("
			      "position INTEGER PRIMARY KEY, case_number TEXT NOT NULL, member INTEGER NOT NULL, "
			      "UNIQUE (case_number, member)) STRICT");
}

/*
 * Make the file with its mode before SQLite would with the umask's.  Only a file that is not there is opened:
 * closing a second descriptor of an open store would drop the locks that this process holds on it.
 */
static bool file_make(struct store *store, const char *name, bool create)
{
	struct stat status;
	if (stat(name, &status) == 0)
		return S_ISREG(status.st_mode) ||
		       failure_set(&store->failure, "%s is not a store: it is not a file", store->path);
	if (errno != ENOENT)
		return failure_set(&store->failure, "the store %s cannot be opened: %s", store->path, strerror(errno));
	if (!create)
		return failure_set(&store->failure, "the store %s does not exist", store->path);
	int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0) {
		close(fd);
		return true;
	}
	return errno == EEXIST ||
	       failure_set(&store->failure, "the store %s cannot be made: %s", store->path, strerror(errno));
}

bool sqlite_open_file(struct store *store, const char *name, bool create)
{
	if (!file_make(store, name, create))
		return false;
	/* counting memory costs a tenth of a load; it is refused, and no matter, once SQLite is in use */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	int status = sqlite3_open_v2(name, &sqlite_of(store)->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (status != SQLITE_OK)
		return sqlite_fail(store, status);
	sqlite3_extended_result_codes(sqlite_of(store)->db, 1);
	return prepare(store, create);
}

/* The first column of the first row. */
static bool first_text(struct store *store, bool *found, char *out, size_t size, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int status = sqlite3_prepare_v2(sqlite_of(store)->db, sql, -1, &stmt, NULL);
	if (status == SQLITE_OK)
		status = sqlite3_step(stmt);
	*found = status == SQLITE_ROW;
	if (*found)
		slice_copy(out, size, slice_of((const char *)sqlite3_column_text(stmt, 0)));
	if (status != SQLITE_ROW && status != SQLITE_DONE)
		sqlite_fail(store, status);
	sqlite3_finalize(stmt);
	return status == SQLITE_ROW || status == SQLITE_DONE;
}

bool sqlite_whole(struct store *store)
{
	char text[128] = "";
	bool found;
	if (!first_text(store, &found, text, sizeof(text), "PRAGMA quick_check(1)"))
		return false;
	if (!slice_is(slice_of(text), "ok"))
		return store_fail(store, TROUBLE_DAMAGED, text);
	if (!first_text(store, &found, text, sizeof(text), "PRAGMA foreign_key_check"))
		return false;
	return !found || failure_set(&store->failure, "the store %s is damaged: a row of %s refers to nothing", store->path, text);
}
