/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * requests: who asks for which PCP, from a CSV file or by hand (ENR-12).  They go to the
 * same table as those of an 834 and are judged alike.
 */
#include "exchange/table.h"

/* Is the member's newest request for the same PCP still in force? */
static bool still_asked(struct office *office, struct arena *arena, days today, bool *same, const struct request *newest, const struct request *asked)
{
	bool one_pcp = strcmp(newest->npi, asked->npi) == 0;
	*same = one_pcp && newest->state == REQUEST_PENDING && slice_equal(newest->relationship, asked->relationship);
	if (!one_pcp || newest->state != REQUEST_ACCEPTED)
		return true;
	struct assignment *assignments;
	size_t count;
	if (!store_assignments(office->store, arena, &assignments, &count, asked->member, 0))
		return office_store_failed(office);
	*same = count > 0 && assignments[count - 1].end >= today;
	return true;
}

bool request_keep(struct office *office, struct arena *arena, days today, int64_t *id, const struct request *asked)
{
	struct store *store = office->store;
	struct request newest, request = *asked;
	bool found, same;
	*id = 0;
	if (!store_request_newest(store, arena, &found, &newest, asked->member))
		return office_store_failed(office);
	if (found) {
		if (!still_asked(office, arena, today, &same, &newest, asked))
			return false;
		if (same)
			return true;
		if (newest.state == REQUEST_PENDING &&
			!store_request_close(store, newest.id, REQUEST_SUPERSEDED, REASON_SUPERSEDED, today))
			return office_store_failed(office);
	}
	request.state = REQUEST_PENDING;
	return store_request_add(store, id, &request) || office_store_failed(office);
}

bool request_lasts(struct office *office, struct arena *arena, bool *lasts, int64_t member)
{
	struct request newest;
	struct assignment *assignments;
	size_t count;
	bool found;
	if (!store_request_newest(office->store, arena, &found, &newest, member) ||
		!store_assignments(office->store, arena, &assignments, &count, member, 0))
		return office_store_failed(office);
	*lasts = found && (newest.state == REQUEST_PENDING ||
		(newest.state == REQUEST_ACCEPTED && count > 0 && assignments[count - 1].end == DAYS_OPEN));
	return true;
}

/* ---- by hand ------------------------------------------------------------------ */

static bool enter(struct office *office, struct arena *arena, bool *known, int64_t *id, struct slice medicaid_id, const struct request *asked)
{
	struct member member;
	struct request request = *asked;
	int64_t change;
	if (!store_change(office->store, &change, CHANGE_REQUESTS, office->now.day, program_hash(office->program)) ||
		!store_member_find(office->store, arena, known, &member, medicaid_id))
		return office_store_failed(office);
	if (!*known)
		return true;
	request.member = member.id;
	return request_keep(office, arena, office->now.day, id, &request);
}

bool request_enter(struct office *office, bool *known, int64_t *id, struct slice medicaid_id, const struct request *asked)
{
	struct arena arena;
	*known = false;
	*id = 0;
	if (!store_begin(office->store))
		return office_store_failed(office);
	arena_init(&arena, 0);
	bool done = enter(office, &arena, known, id, medicaid_id, asked);
	bool keep = done && *id != 0; /* what changes nothing is no change */
	if (keep)
		done = store_commit(office->store) || office_store_failed(office);
	if (!keep || !done)
		store_rollback(office->store);
	arena_done(&arena);
	return done;
}

/* ---- a file of them ------------------------------------------------------------ */

static const struct column request_columns[] = {
	{ "medicaid_id", COLUMN_TEXT, true },
	{ "pcp_npi", COLUMN_NPI, true },
	{ "channel", COLUMN_TEXT, true },
	{ "received", COLUMN_DAY, true },
	{ "processed", COLUMN_DAY, false },
	{ "asked_from", COLUMN_DAY, false },
	{ "established", COLUMN_YES, false },
	{ "source", COLUMN_TEXT, false },
	{ "cause", COLUMN_TEXT, false },
};
enum { REQUEST_MEMBER, REQUEST_PCP, REQUEST_CHANNEL, REQUEST_RECEIVED, REQUEST_PROCESSED, REQUEST_FROM, REQUEST_ESTABLISHED, REQUEST_SOURCE,
	REQUEST_CAUSE };

/* What a row may not say; empty: nothing. */
static const char *request_wrong(const struct value *values, days today)
{
	static const char *const sources[] = { "", "CHOICE", "AUTO", "FAMILY", "CLAIMS" };
	days received = values[REQUEST_RECEIVED].day, processed = values[REQUEST_PROCESSED].day;
	bool source_known = false;
	for (size_t i = 0; i < COUNT_OF(sources); i++)
		source_known = source_known || slice_is(values[REQUEST_SOURCE].text, sources[i]);
	if (received > today)
		return "received is after the day that it is";
	if (processed > today)
		return "processed is after the day that it is";
	if (processed != DAYS_NONE && processed < received)
		return "processed is before received";
	if (!source_known)
		return "source is none of CHOICE AUTO FAMILY CLAIMS";
	if (values[REQUEST_CHANNEL].text.len > 20 || values[REQUEST_CAUSE].text.len > 60)
		return "channel is longer than 20 characters, or cause longer than 60";
	return "";
}

static bool save_request(struct table *table, const struct value *values)
{
	struct office *office = table->office;
	const char *wrong = request_wrong(values, office->now.day);
	struct member member;
	bool found, entered;
	int64_t id = 0;
	if (wrong[0] != '\0') {
		table_refuse(table, "%s", wrong);
		return true;
	}
	if (!store_member_find(office->store, &table->arena, &found, &member, values[REQUEST_MEMBER].text))
		return false;
	if (!found) {
		table_refuse(table, "medicaid_id is not known: load the 834 that brings the member first");
		return true;
	}
	struct request request = { .member = member.id, .received = values[REQUEST_RECEIVED].day,
		.processed = values[REQUEST_PROCESSED].day == DAYS_NONE ? office->now.day : values[REQUEST_PROCESSED].day,
		.asked_from = values[REQUEST_FROM].day, .channel = values[REQUEST_CHANNEL].text,
		.relationship = slice_is(values[REQUEST_ESTABLISHED].text, "yes") ? program_established(office->program) : SLICE_NONE,
		.source = slice_or(values[REQUEST_SOURCE].text, SLICE("CHOICE")), .cause = values[REQUEST_CAUSE].text,
		.entry = table_place(table) };
	slice_copy(request.npi, sizeof(request.npi), values[REQUEST_PCP].text);
	/* the same row again is the same request, also when it was refused */
	if (!store_request_entered(office->store, &entered, &request) ||
		(!entered && !request_keep(office, &table->arena, office->now.day, &id, &request)))
		return false;
	table_count(table, id != 0);
	return true;
}

bool requests_file(struct office *office, const char *path, const struct row_complaint *sink, struct row_report *report)
{
	static const struct table_kind kinds[] = { { "request", NULL, request_columns, COUNT_OF(request_columns), save_request } };
	return table_file(office, path, CHANGE_REQUESTS, kinds, COUNT_OF(kinds), NULL, sink, report);
}
