/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * postgres_open: a store in a database is connected to, made, brought to this version,
 * looked over.
 *
 * A store fills one schema of a database: the first of the search path.  The database is
 * made by whoever looks after the server; its tables are made here.  A version is one
 * transaction, as in SQLite.
 */
#include "store/postgres.h"

/*
 * Statements are looked up by keys: scans of whole tables are for verify alone, and a plan made while a table was
 * empty must not stay one.  Plans are made once a connection.  A commit is on the disk before it is told.
 */
static const char *const settings[] = {
	"SET client_min_messages = warning",
	"SET synchronous_commit = on",
	"SET lock_timeout = 5000", /* BUSY_MILLISECONDS */
	"SET idle_in_transaction_session_timeout = 0",
	"SET statement_timeout = 0",
	"SET bytea_output = hex",
	"SET standard_conforming_strings = on",
	"SET plan_cache_mode = force_generic_plan",
	"SET enable_seqscan = off",
	"SET jit = off",
};

/* The tables of the schema that are not ours: a store has a schema to itself. */
#define OTHER_TABLES "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND relnamespace = " \
	"(SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
#define OUR_TABLE OTHER_TABLES " AND relname = 'pccm_store'"

/* The statements of a step, one by one: the pipeline takes no two in one. */
static bool script_run(struct store *store, const char *script)
{
	while (*script != '\0') {
		const char *end = strstr(script, ";\n");
		size_t len = end == NULL ? strlen(script) : (size_t)(end - script);
		char *sql = malloc(len + 1);
		if (sql == NULL)
			return store_fail_memory(store);
		slice_copy(sql, len + 1, (struct slice){ script, len });
		bool done = postgres_execute(store, sql);
		free(sql);
		if (!done)
			return false;
		script = end == NULL ? "" : end + 2;
	}
	return true;
}

static bool step_run(struct store *store, const char *sql)
{
	struct postgres_store *own = postgres_of(store);
	struct buffer out;
	buffer_init(&out, 0);
	bool known = tables_apply(&own->tables, sql) && postgres_schema(&out, &own->tables, sql);
	buffer_char(&out, '\0');
	bool done = out.failed ? store_fail_memory(store) :
		    known ? script_run(store, out.ptr) : store_fail(store, TROUBLE_OTHER, "a statement of the schema is not understood");
	buffer_done(&out);
	return done;
}

static bool version_steps(struct store *store, int from)
{
	char sql[96];
	if (from == 0 && (!script_run(store, postgres_prelude) ||
			  !script_run(store, "CREATE TABLE pccm_store (application bigint PRIMARY KEY, version bigint NOT NULL);\n"
					     "INSERT INTO pccm_store (application, version) VALUES (1346585421, 0)")))
		return false;
	for (const char *const *step = schema_step(from); *step != NULL; step++)
		if (!step_run(store, *step))
			return false;
	snprintf(sql, sizeof(sql), "UPDATE pccm_store SET version = %d", from + 1);
	return postgres_execute(store, sql);
}

/* What the tables of a version say is known before and after, whoever made them. */
static bool tables_of(struct store *store, int version)
{
	struct postgres_store *own = postgres_of(store);
	tables_done(&own->tables);
	return tables_read(&own->tables, version) || store_fail_memory(store);
}

static bool version_apply(struct store *store, int64_t *version)
{
	struct postgres_store *own = postgres_of(store);
	int64_t ours = 0, now = 0;
	if (!postgres_driver.begin(store))
		return false;
	bool applied = postgres_number(store, &ours, OUR_TABLE) && (ours == 0 || postgres_number(store, &now, "SELECT version FROM pccm_store"));
	if (applied && now == *version) /* else another process was faster */
		applied = tables_of(store, (int)now) && version_steps(store, (int)now);
	if (applied && postgres_driver.commit(store)) {
		*version = now == *version ? now + 1 : now;
		return true;
	}
	struct failure kept = own->told.text[0] != '\0' ? own->told : store->failure;
	(void)!postgres_driver.rollback(store);
	store->failure = kept;
	return false;
}

/* Is this ours, and of a version that we know?  A schema without any table is a new store. */
static bool identify(struct store *store, int64_t *version, bool create)
{
	int64_t schema, tables, ours, application = 0;
	*version = 0;
	if (!postgres_number(store, &schema, "SELECT count(current_schema())"))
		return false;
	if (schema == 0)
		return failure_set(&store->failure, "the store %s names no schema that is there: CREATE SCHEMA is for whoever looks after the database", store->path);
	if (!postgres_number(store, &tables, OTHER_TABLES) || !postgres_number(store, &ours, OUR_TABLE))
		return false;
	if (tables == 0 && create)
		return true;
	if (ours != 0 && (!postgres_number(store, &application, "SELECT application FROM pccm_store") ||
			  !postgres_number(store, version, "SELECT version FROM pccm_store")))
		return false;
	if (application != STORE_APPLICATION_ID)
		return store_fail_identity(store, tables == 0);
	return *version <= schema_version || store_fail_newer(store, *version);
}

/* What a server must be, asked before anything is made there. */
static bool server_fits(struct store *store)
{
	PGconn *connection = postgres_of(store)->connection;
	const char *encoding = libpq.parameterStatus(connection, "server_encoding");
	const char *read_only = libpq.parameterStatus(connection, "default_transaction_read_only");
	const char *standby = libpq.parameterStatus(connection, "in_hot_standby");
	if (libpq.serverVersion(connection) < 150000)
		return failure_set(&store->failure, "the store %s is of PostgreSQL %s, expected 15 or newer", store->path,
				   libpq.parameterStatus(connection, "server_version"));
	if (encoding == NULL || strcmp(encoding, "SQL_ASCII") != 0)
		return failure_set(&store->failure, "the store %s has the encoding %s, but texts are kept byte by byte as they were sent: "
				   "make the database with createdb --encoding=SQL_ASCII --locale=C --template=template0",
				   store->path, encoding == NULL ? "?" : encoding);
	if ((read_only != NULL && strcmp(read_only, "on") == 0) || (standby != NULL && strcmp(standby, "on") == 0))
		return store_fail(store, TROUBLE_READ_ONLY, "");
	return true;
}

static bool connect_to(struct store *store, const char *url)
{
	/* what the URL says counts more: it stands last */
	static const char *const words[] = { "fallback_application_name", "connect_timeout", "client_encoding", "dbname", NULL };
	const char *const values[] = { "pccm", "10", "SQL_ASCII", url, NULL };
	struct postgres_store *own = postgres_of(store);
	own->connection = libpq.connectdbParams(words, values, 1);
	if (own->connection == NULL)
		return store_fail_memory(store);
	if (libpq.status(own->connection) != CONNECTION_OK)
		return postgres_fail(store, NULL);
	return server_fits(store) && (libpq.enterPipelineMode(own->connection) == 1 || postgres_fail(store, NULL));
}

bool postgres_open(struct store *store, const char *url, bool create)
{
	struct postgres_store *own = postgres_of(store);
	int64_t version;
	if (!libpq_load(&store->failure) || !connect_to(store, url))
		return false;
	for (size_t i = 0; i < COUNT_OF(settings); i++)
		if (!postgres_execute(store, settings[i]))
			return false;
	if (!identify(store, &version, create))
		return false;
	while (version < schema_version)
		if (!version_apply(store, &version))
			return false;
	if (!tables_of(store, schema_version))
		return false;
	for (const struct table *table = own->tables.first; table != NULL; table = table->next)
		own->table_count++;
	own->next_ids = calloc(own->table_count, sizeof(*own->next_ids));
	return own->next_ids != NULL || store_fail_memory(store);
}

/* ---------------------------------------------------------------- health */

static bool expect_none(struct store *store, const char *sql, const char *what, const char *table)
{
	int64_t found;
	if (!postgres_number(store, &found, sql))
		return false;
	return found == 0 || failure_set(&store->failure, "the store %s is damaged: a row of %s %s", store->path, table, what);
}

/* References and ids of spread tables are not all declared: all of them are asked for. */
static bool table_whole(struct store *store, const struct tables *tables, const struct table *table)
{
	char sql[512];
	for (size_t i = 0; i < table->column_count; i++) {
		const struct column *column = &table->columns[i];
		if (column->references[0] == '\0')
			continue;
		snprintf(sql, sizeof(sql), "SELECT 1 FROM %s AS one WHERE %s IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s AS other "
			"WHERE other.%s = one.%s) LIMIT 1", table->name, column->name, column->references,
			table_find(tables, slice_of(column->references))->key[0], column->name);
		if (!expect_none(store, sql, "refers to nothing", table->name))
			return false;
	}
	if (!table->numbered)
		return true;
	snprintf(sql, sizeof(sql), "SELECT 1 FROM %s GROUP BY id HAVING count(*) > 1 LIMIT 1", table->name);
	return expect_none(store, sql, "has the id of another one", table->name);
}

bool postgres_whole(struct store *store)
{
	bool whole = postgres_execute(store, "SET enable_seqscan = on");
	const struct tables *tables = &postgres_of(store)->tables;
	for (const struct table *table = tables->first; whole && table != NULL; table = table->next)
		whole = table_whole(store, tables, table);
	return postgres_execute(store, "SET enable_seqscan = off") && whole;
}
