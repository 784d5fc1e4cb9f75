/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * postgres: the driver for PostgreSQL.  Connecting and the schema are in postgres_open.c.
 *
 * The connection is in pipeline mode.  A statement whose rows nobody asks for is sent and
 * not waited for; its answer is read with that of the next query that has rows, when many
 * wait, or at the end of the transaction.  What went wrong until then is told there, and
 * nothing is done after it until the transaction or the savepoint is undone (store.broken).
 * Outside of a transaction every statement is waited for.
 *
 * Ids are given here, under the write lock, so that an INSERT need not be waited for and
 * the same input gives the same ids as with SQLite.
 */
#include "store/postgres.h"

#define WAITING_MAX 512 /* their answers, some 40 bytes each, must fit a socket's buffer, or both sides would wait to write */

/* ---------------------------------------------------------------- failures */

bool postgres_fail(struct store *store, const PGresult *result)
{
	/* the first characters of SQLSTATE say what kind of trouble it is */
	static const struct { const char *state; enum store_trouble trouble; } troubles[] = {
		{ "55P03", TROUBLE_LOCKED }, { "40", TROUBLE_LOCKED }, { "53100", TROUBLE_FULL }, { "53200", TROUBLE_OTHER },
		{ "25006", TROUBLE_READ_ONLY }, { "42501", TROUBLE_READ_ONLY }, { "XX001", TROUBLE_DAMAGED }, { "XX002", TROUBLE_DAMAGED },
		{ "23", TROUBLE_REFUSED }, { "22", TROUBLE_REFUSED }, { "58030", TROUBLE_INPUT_OUTPUT },
		{ "08", TROUBLE_UNREACHED }, { "57P", TROUBLE_UNREACHED },
	};
	PGconn *connection = postgres_of(store)->connection;
	const char *state = result == NULL ? NULL : libpq.resultErrorField(result, PG_DIAG_SQLSTATE);
	const char *said = result == NULL ? NULL : libpq.resultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	char line[160];
	if (said == NULL)
		said = libpq.errorMessage(connection);
	slice_copy(line, sizeof(line), (struct slice){ said, strcspn(said, "\n") });
	if (state == NULL)
		return store_fail(store, libpq.status(connection) == CONNECTION_OK ? TROUBLE_OTHER : TROUBLE_UNREACHED, line);
	for (size_t i = 0; i < COUNT_OF(troubles); i++)
		if (strncmp(state, troubles[i].state, strlen(troubles[i].state)) == 0)
			return store_fail(store, troubles[i].trouble, line);
	return store_fail(store, TROUBLE_OTHER, line);
}

/* ---------------------------------------------------------------- the pipeline */

/* What was prepared since the last answer: the server may have passed it over behind the failure. */
static void prepared_forget(struct postgres_store *own)
{
	for (size_t i = 0; i < STATEMENTS; i++) {
		struct postgres_statement *statement = own->statements[i];
		if (statement != NULL && statement->prepared && statement->since == own->settled) {
			statement->prepared = false;
			statement->attempt++;
		}
	}
}

static bool break_store(struct postgres_store *own, const PGresult *result)
{
	if (!own->store.broken) {
		postgres_fail(&own->store, result);
		own->told = own->store.failure;
		own->store.broken = true;
		prepared_forget(own);
	}
	return false;
}

static void rows_note(struct postgres_store *own, PGresult *result)
{
	const char *rows = libpq.cmdTuples(result);
	uint64_t number;
	own->rows_changed = slice_number(&number, slice_of(rows)) ? number : 0;
}

/* The answer of one statement; *rows, if it is not NULL, is given its rows. */
static void answer_read(struct postgres_store *own, PGresult **rows)
{
	PGresult *result;
	bool any = false;
	while ((result = libpq.getResult(own->connection)) != NULL) {
		ExecStatusType status = libpq.resultStatus(result);
		any = true;
		if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
			rows_note(own, result);
		else if (status != PGRES_PIPELINE_ABORTED)
			break_store(own, result);
		if (rows != NULL && status == PGRES_TUPLES_OK) {
			libpq.clear(*rows);
			*rows = result;
		} else {
			libpq.clear(result);
		}
	}
	if (!any)
		break_store(own, NULL); /* the connection is gone */
}

/* Wait for everything that was sent.  False: something failed, now or before. */
static bool settle(struct postgres_store *own, PGresult **rows)
{
	if (libpq.pipelineSync(own->connection) != 1)
		return break_store(own, NULL);
	for (; own->waiting > 0 && libpq.status(own->connection) == CONNECTION_OK; own->waiting--)
		answer_read(own, own->waiting == 1 ? rows : NULL);
	own->waiting = 0;
	PGresult *sync = libpq.getResult(own->connection);
	bool synced = sync != NULL && libpq.resultStatus(sync) == PGRES_PIPELINE_SYNC;
	libpq.clear(sync);
	if (!synced)
		break_store(own, NULL);
	own->settled++;
	return !own->store.broken;
}

/* Before something is sent, never behind it: its answer may be wanted. */
static bool room(struct postgres_store *own)
{
	return own->waiting < WAITING_MAX || settle(own, NULL);
}

static bool sent(struct postgres_store *own, int went)
{
	if (went != 1)
		return break_store(own, NULL);
	own->waiting++;
	return true;
}

/* A word of the engine, sent and not waited for. */
static bool say(struct store *store, const char *sql)
{
	struct postgres_store *own = postgres_of(store);
	return room(own) && sent(own, libpq.sendQueryParams(own->connection, sql, 0, NULL, NULL, NULL, NULL, 1));
}

bool postgres_execute(struct store *store, const char *sql)
{
	struct postgres_store *own = postgres_of(store);
	return say(store, sql) && settle(own, NULL);
}

/* ---------------------------------------------------------------- values */

static uint64_t number_of(const unsigned char *bytes, int len)
{
	uint64_t number = 0;
	for (int i = 0; i < len; i++)
		number = number << 8 | bytes[i];
	return number;
}

/* A sum: digits of base 10000 with the weight of the first; sums of whole numbers have nothing behind the point. */
static int64_t numeric_of(const unsigned char *bytes)
{
	int count = (int)number_of(bytes, 2), weight = (int16_t)number_of(bytes + 2, 2);
	uint64_t number = 0;
	for (int i = 0; i <= weight; i++)
		number = number * 10000 + (i < count ? number_of(bytes + 8 + 2 * i, 2) : 0);
	return number_of(bytes + 4, 2) == 0 ? (int64_t)number : -(int64_t)number;
}

static int64_t value_number(const PGresult *result, int row, int column)
{
	const unsigned char *bytes = (const unsigned char *)libpq.getvalue(result, row, column);
	if (libpq.getisnull(result, row, column))
		return 0;
	switch (libpq.ftype(result, column)) {
	case OID_INT8:
		return (int64_t)number_of(bytes, 8);
	case OID_INT4:
		return (int32_t)number_of(bytes, 4);
	case OID_INT2:
		return (int16_t)number_of(bytes, 2);
	case OID_BOOL:
		return bytes[0] != 0;
	case OID_NUMERIC:
		return numeric_of(bytes);
	default:
		assert(!"a number is asked of a text");
		return 0;
	}
}

bool postgres_number(struct store *store, int64_t *number, const char *sql)
{
	struct postgres_store *own = postgres_of(store);
	PGresult *rows = NULL;
	bool read = say(store, sql) && settle(own, &rows);
	*number = rows != NULL && libpq.ntuples(rows) > 0 ? value_number(rows, 0, 0) : 0;
	libpq.clear(rows);
	return read;
}

/* ---------------------------------------------------------------- queries */

static void ids_forget(struct postgres_store *own)
{
	if (own->next_ids != NULL) /* a connection that was not made has none */
		memset(own->next_ids, 0, own->table_count * sizeof(*own->next_ids));
}

static bool id_next(struct postgres_store *own, const struct table *table, int64_t *id)
{
	size_t at = 0;
	char sql[256];
	for (const struct table *one = own->tables.first; one != table; one = one->next)
		at++;
	int64_t *next = &own->next_ids[at];
	if (*next == 0) {
		/* what was deleted lives on in the past, where its id may not come again */
		snprintf(sql, sizeof(sql), table->never_again ? "SELECT coalesce(greatest((SELECT max(id) FROM %s), (SELECT max(id) FROM %s_past)), 0) + 1"
			: "SELECT coalesce(max(id), 0) + 1 FROM %s", table->name, table->name);
		if (!postgres_number(&own->store, next, sql))
			return false;
	}
	*id = *next;
	*next = own->in_transaction ? *next + 1 : 0;
	return true;
}

/* What another engine's words do not say: done before the statement. */
static const char *before(enum statement name)
{
	return name == SQL_CASES_FORGET
		? "CREATE TEMPORARY TABLE IF NOT EXISTS pending_case (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
		  "case_number text COLLATE \"C\" NOT NULL, member bigint NOT NULL, UNIQUE (case_number, member))"
		: NULL;
}

static void broken(struct query *query)
{
	query->failed = true;
	query->store->failure = postgres_of(query->store)->told;
}

static void open_query(struct query *query, enum statement name)
{
	struct postgres_store *own = postgres_of(query->store);
	if (own->statements[name] == NULL)
		own->statements[name] = calloc(1, sizeof(*own->statements[name]));
	struct postgres_statement *statement = own->statements[name];
	query->stmt = statement;
	if (statement == NULL) {
		query->failed = true;
		store_fail_memory(query->store);
	} else if (own->store.broken || (before(name) != NULL && !say(query->store, before(name)))) {
		broken(query);
	} else {
		assert(statement->result == NULL); /* somebody walks this very statement */
		statement->count = 0;
	}
}

static void put(struct query *query, Oid type, const char *value, size_t length)
{
	struct postgres_statement *statement = query->stmt;
	int at = statement->count++;
	assert(at < POSTGRES_PARAMETERS);
	assert(!statement->prepared || statement->types[at] == type);
	statement->types[at] = type;
	statement->values[at] = value;
	statement->lengths[at] = (int)length;
	statement->formats[at] = 1;
}

static void put_number(struct query *query, int64_t number)
{
	struct postgres_statement *statement = query->stmt;
	unsigned char *bytes = statement->numbers[statement->count];
	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)((uint64_t)number >> (56 - 8 * i));
	put(query, OID_INT8, (const char *)bytes, 8);
}

static void put_null(struct query *query)
{
	put(query, OID_INT8, NULL, 0);
}

static void put_text(struct query *query, struct slice text)
{
	put(query, OID_TEXT, text.len == 0 ? "" : text.ptr, text.len);
}

static void put_blob(struct query *query, struct slice bytes)
{
	put(query, OID_BYTEA, bytes.len == 0 ? "" : bytes.ptr, bytes.len);
}

static void statement_name(char out[32], const struct query *query)
{
	const struct postgres_statement *statement = query->stmt;
	snprintf(out, 32, "s%d_%u", (int)query->name, statement->attempt);
}

static bool prepare(struct query *query, struct postgres_statement *statement)
{
	struct postgres_store *own = postgres_of(query->store);
	struct buffer sql;
	char name[32];
	statement_name(name, query);
	buffer_init(&sql, 0);
	postgres_statement(&sql, &statement->insert, &own->tables, statement_sql[query->name]);
	int count = statement->count;
	if (statement->insert.id_parameter != 0)
		statement->types[count++] = OID_INT8;
	buffer_char(&sql, '\0');
	statement->since = own->settled;
	statement->prepared = sql.failed ? store_fail_memory(query->store) :
		sent(own, libpq.sendPrepare(own->connection, name, sql.ptr, count, statement->types));
	buffer_done(&sql);
	return statement->prepared;
}

/* Send it; *id is the id that its row gets, or 0. */
static bool send(struct query *query, int64_t *id)
{
	struct postgres_store *own = postgres_of(query->store);
	struct postgres_statement *statement = query->stmt;
	char name[32];
	*id = 0;
	if (!room(own) || (!statement->prepared && !prepare(query, statement)))
		return false;
	if (statement->insert.id_parameter != 0) {
		assert(statement->count == statement->insert.id_parameter - 1);
		if (!id_next(own, statement->insert.table, id))
			return false;
		put_number(query, *id);
	} else if (statement->insert.table != NULL || statement_sql[query->name][0] == 'D') {
		ids_forget(own); /* INSERT … ON CONFLICT finds its id itself; DELETE may take the greatest away */
	}
	statement_name(name, query);
	return sent(own, libpq.sendQueryPrepared(own->connection, name, statement->count, statement->values, statement->lengths,
		statement->formats, 1));
}

static bool row(struct query *query)
{
	struct postgres_statement *statement = query->stmt;
	if (statement->result == NULL) {
		int64_t id;
		statement->row = -1;
		if (!send(query, &id) || !settle(postgres_of(query->store), &statement->result)) {
			libpq.clear(statement->result);
			statement->result = NULL;
			if (query->store->broken)
				broken(query);
			query->failed = true;
			return false;
		}
		if (statement->result == NULL)
			return false;
	}
	return ++statement->row < libpq.ntuples(statement->result);
}

static int64_t get_number(struct query *query)
{
	struct postgres_statement *statement = query->stmt;
	return statement->result == NULL ? 0 : value_number(statement->result, statement->row, query->got++);
}

static struct slice get_view(struct query *query)
{
	struct postgres_statement *statement = query->stmt;
	int column = query->got++;
	int len = statement->result == NULL ? 0 : libpq.getlength(statement->result, statement->row, column);
	return len <= 0 ? SLICE_NONE : (struct slice){ libpq.getvalue(statement->result, statement->row, column), (size_t)len };
}

static void done(struct query *query)
{
	struct postgres_statement *statement = query->stmt;
	libpq.clear(statement->result);
	statement->result = NULL;
}

static bool run_id(struct query *query, int64_t *id)
{
	struct postgres_store *own = postgres_of(query->store);
	if (!send(query, id) || (!own->in_transaction && !settle(own, NULL))) {
		if (own->store.broken)
			broken(query);
		query->failed = true;
		*id = 0;
	}
	return !query->failed;
}

static bool run(struct query *query)
{
	int64_t id;
	return run_id(query, &id);
}

static uint64_t rows_changed(struct store *store)
{
	struct postgres_store *own = postgres_of(store);
	if (own->waiting > 0 && !settle(own, NULL)) {
		store->failure = own->told;
		return 0;
	}
	return own->rows_changed;
}

/* ---------------------------------------------------------------- transactions */

/* One writer at a time, as with SQLite: a lock of the schema that the store lies in. */
const char postgres_lock[] = "SELECT pg_advisory_xact_lock(1346585421, (SELECT oid::integer FROM pg_namespace WHERE nspname = current_schema()))";

static bool in_transaction(struct store *store)
{
	return postgres_of(store)->in_transaction;
}

/* The end of what was broken; the connection is as before. */
static bool back(struct store *store, const char *first, const char *second)
{
	struct postgres_store *own = postgres_of(store);
	bool was_broken = store->broken;
	if (own->waiting > 0)
		settle(own, NULL);
	bool newly = store->broken && !was_broken;
	struct failure told = own->told;
	store->broken = false;
	ids_forget(own);
	bool went = say(store, first) && (second == NULL || say(store, second)) && settle(own, NULL);
	if (went && newly)
		store->failure = told; /* nobody has heard of it yet */
	return went && !newly;
}

static bool rollback(struct store *store)
{
	struct postgres_store *own = postgres_of(store);
	(void)back(store, "ROLLBACK", NULL);
	own->in_transaction = false;
	store->broken = libpq.status(own->connection) != CONNECTION_OK;
	return !store->broken;
}

static bool begin(struct store *store)
{
	struct postgres_store *own = postgres_of(store);
	if (store->broken) {
		store->failure = own->told;
		return false;
	}
	ids_forget(own);
	own->in_transaction = true;
	if (say(store, "BEGIN") && say(store, postgres_lock) && settle(own, NULL))
		return true;
	struct failure kept = own->told;
	rollback(store);
	store->failure = kept;
	return false;
}

static bool commit(struct store *store)
{
	struct postgres_store *own = postgres_of(store);
	if (store->broken || !say(store, "COMMIT") || !settle(own, NULL)) {
		store->failure = own->told;
		return false;
	}
	own->in_transaction = false;
	return true;
}

static bool say_or_tell(struct store *store, const char *sql)
{
	if (!store->broken && say(store, sql))
		return true;
	store->failure = postgres_of(store)->told;
	return false;
}

static bool mark(struct store *store)
{
	return say_or_tell(store, "SAVEPOINT mark");
}

static bool keep(struct store *store)
{
	return say_or_tell(store, "RELEASE mark");
}

static bool undo(struct store *store)
{
	return back(store, "ROLLBACK TO mark", "RELEASE mark");
}

/* ---------------------------------------------------------------- the table */

static struct store *make(void)
{
	struct postgres_store *own = calloc(1, sizeof(*own));
	return own == NULL ? NULL : &own->store;
}

static void close_store(struct store *store)
{
	struct postgres_store *own = postgres_of(store);
	for (size_t i = 0; i < STATEMENTS; i++) {
		if (own->statements[i] != NULL)
			libpq.clear(own->statements[i]->result);
		free(own->statements[i]);
	}
	if (own->connection != NULL)
		libpq.finish(own->connection);
	tables_done(&own->tables);
	free(own->next_ids);
	free(own);
}

const struct driver postgres_driver = {
	.make = make, .open = postgres_open, .close = close_store,
	.in_transaction = in_transaction, .begin = begin, .commit = commit, .rollback = rollback,
	.mark = mark, .keep = keep, .undo = undo,
	.open_query = open_query, .put_number = put_number, .put_null = put_null, .put_text = put_text, .put_blob = put_blob,
	.row = row, .get_number = get_number, .get_view = get_view, .run = run, .run_id = run_id, .done = done,
	.rows_changed = rows_changed, .whole = postgres_whole,
	.scan = postgres_scan, .fill_all = postgres_fill_all, .fill_begin = postgres_fill_begin, .fill_row = postgres_fill_row,
	.fill_end = postgres_fill_end,
};
