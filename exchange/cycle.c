/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * cycle: a month's money is prepared, looked at, then released or discarded.
 *
 *   prepare  the roster is frozen if it was not, and what the cycle would post is written
 *            into a draft, which no ledger holds
 *   release  the draft's postings become the ledger's, with FCNs, payments, 835s and
 *            advices: one transaction, never changed again
 *   discard  the draft's postings are forgotten; that there was a draft is not
 *
 * `remit` does it in one go and writes no postings twice.  A draft is stale when anything
 * was recorded behind it that it could have been computed from, or when the program file
 * is another one: then it can only be prepared again or discarded.
 *
 * Documents are kept in the store and written from there: the same command again writes
 * the same bytes and posts nothing.
 */
#include "exchange/cycle.h"

/* ---- a cycle ------------------------------------------------------------------------ */

static bool write_document(void *data, const char *kind, const char *name, struct slice bytes)
{
	struct remitter *remitter = data;
	(void)kind;
	remitter->documents++;
	return office_write(remitter->office, remitter->out, name, bytes);
}

static bool pays_after(const struct program *program)
{
	bool after = false;
	for (size_t i = 0; i < program_stream_count(program); i++)
		after = after || !program_stream_prospective(program, i);
	return after;
}

/* A new cycle: may it be run on that day, for that month?  Months are paid in their order, so that each has its roster. */
static bool may_run(struct office *office, months month, days day, bool fees, const struct cycle_row *newest)
{
	struct cycle_row before;
	bool before_paid = true;
	if (newest != NULL && fees && !store_cycle_of_month(office->store, &before_paid, &before, month - 1))
		return office_store_failed(office);
	if (!before_paid)
		return office_misused(office, "month %s comes first: it was not paid yet", month_iso(month - 1).text);
	if (newest != NULL && day <= newest->day)
		return office_misused(office, "the newest cycle was on %s: give --cycle a later day", days_iso(newest->day).text);
	if (!pays_after(office->program)) { /* all of it is paid for the month in the month */
		days first = month_first(month + program_cycle_months(office->program));
		return day >= first || office_misused(office, "the month is paid from its first day on: give --cycle a day from %s on", days_iso(first).text);
	}
	if (day <= month_last(month))
		return office_misused(office, "the fee is paid when the month is over: give --cycle a day after %s", days_iso(month_last(month)).text);
	if (office->now.day < month_last(month)) /* what comes in until then counts, and a frozen roster cannot take it */
		return office_misused(office, "the month is not over: it can be paid from %s on", days_iso(month_last(month)).text);
	return true;
}

/* Which cycle is meant?  *found: it was run before.  Refuses what cannot be meant. */
static bool find_cycle(struct remitter *remitter, months month, days day, bool *found)
{
	struct office *office = remitter->office;
	struct store *store = office->store;
	struct cycle_row paid, newest;
	bool paid_found, newest_found;
	if (!store_cycle_of_month(store, &paid_found, &paid, month) || !store_cycle_newest(store, &newest_found, &newest))
		return office_store_failed(office);
	remitter->fees = !paid_found;
	remitter->first = !newest_found;
	if (day == DAYS_NONE)
		day = paid_found ? paid.day : program_cycle_day(office->program, month);
	if (!store_cycle_find(store, found, &remitter->cycle, day))
		return office_store_failed(office);
	if (*found && remitter->cycle.month == month)
		return true;
	if (*found)
		return office_misused(office, "the cycle of that day paid month %s: give --cycle another day",
			month_iso(remitter->cycle.month).text);
	if (!may_run(office, month, day, remitter->fees, newest_found ? &newest : NULL))
		return false;
	remitter->cycle = (struct cycle_row){ .day = day, .month = month };
	return true;
}

/* ---- drafts ----------------------------------------------------------------------------- */

static bool draft_stale(struct office *office, bool *stale, const struct draft_row *draft)
{
	if (!store_changed_since(office->store, stale, draft->change))
		return office_store_failed(office);
	*stale = *stale || strcmp(draft->program_hash, program_hash(office->program)) != 0;
	return true;
}

/* The draft that is open, if it is of this month and day (DAYS_NONE: any). */
static bool open_draft(struct office *office, bool *found, bool *fits, struct draft_row *draft, months month, days day)
{
	if (!store_draft_open(office->store, found, draft))
		return office_store_failed(office);
	*fits = *found && draft->month == month && (day == DAYS_NONE || draft->day == day);
	return true;
}

/* No draft but that of this cycle may be open: it would be computed from a ledger that moves on. */
static bool none_else_open(struct office *office, const struct draft_row *open)
{
	return office_misused(office, "the cycle of %s, for month %s, is prepared: release it or discard it first",
		days_iso(open->day).text, month_iso(open->month).text);
}

static bool draft_begin(struct remitter *remitter, enum change_kind kind)
{
	struct office *office = remitter->office;
	return store_begin(office->store) && (store_change(office->store, &remitter->cycle.change, kind, office->now.day,
		program_hash(office->program)) || office_store_failed(office));
}

static bool draft_add(struct remitter *remitter)
{
	struct draft_row *draft = &remitter->draft;
	*draft = (struct draft_row){ .day = remitter->cycle.day, .month = remitter->cycle.month, .fees = remitter->fees, .state = DRAFT_PREPARED,
		.prepared = remitter->office->now.day, .change = remitter->cycle.change, .closed = DAYS_NONE };
	slice_copy(draft->program_hash, sizeof(draft->program_hash), slice_of(program_hash(remitter->office->program)));
	return store_draft_add(remitter->office->store, &draft->id, draft) || office_store_failed(remitter->office);
}

static bool draft_total(struct remitter *remitter)
{
	return store_draft_total(remitter->office->store, remitter->draft.id, remitter->draft.postings, remitter->draft.amount) ||
		office_store_failed(remitter->office);
}

static bool draft_close(struct remitter *remitter, enum draft_state state)
{
	struct draft_row *draft = &remitter->draft;
	draft->state = state;
	draft->closed = remitter->office->now.day;
	draft->closed_change = remitter->cycle.change;
	return store_draft_close(remitter->office->store, draft) || office_store_failed(remitter->office);
}

/* The rosters that the cycle pays from. */
static bool freeze_months(struct remitter *remitter)
{
	struct office *office = remitter->office;
	struct frozen_month frozen;
	months month = remitter->cycle.month;
	return month_freeze(office, month, remitter->cycle.day, &frozen) &&
		month_freeze(office, month_ahead(office->program, month), remitter->cycle.day, &frozen);
}

/* The end of a transaction: committed, or undone with its sentence. */
static bool commit_or_undo(struct office *office, bool done)
{
	if (done && !store_commit(office->store))
		done = office_store_failed(office);
	if (!done) {
		if (office->failure.text[0] == '\0')
			office_store_failed(office);
		store_rollback(office->store);
	}
	return done;
}

static bool prepare(struct remitter *remitter, const struct draft_row *stale /* NULL: none was open */)
{
	struct office *office = remitter->office;
	if (!draft_begin(remitter, CHANGE_PREPARE))
		return commit_or_undo(office, false);
	bool done = true;
	if (stale != NULL) {
		remitter->draft = *stale;
		done = draft_close(remitter, DRAFT_DISCARDED);
	}
	remitter->to_draft = true;
	return commit_or_undo(office, done && draft_add(remitter) && cycle_post(remitter) && draft_total(remitter));
}

static bool count_exceeded(struct office *office, const struct draft_row *draft, unsigned *exceeded)
{
	struct arena arena;
	struct review review;
	arena_init(&arena, 0);
	bool done = review_gather(office, &arena, &review, draft, NULL) && review_exceeded(office, &review, exceeded, NULL);
	arena_done(&arena);
	return done;
}

static void remitter_init(struct remitter *remitter, struct office *office, const char *out)
{
	*remitter = (struct remitter){ .office = office, .out = out };
	arena_init(&remitter->arena, 0);
	arena_init(&remitter->sums_arena, 0);
}

static void remitter_done(struct remitter *remitter)
{
	arena_done(&remitter->arena);
	arena_done(&remitter->sums_arena);
}

static bool prepare_cycle(struct remitter *remitter, months month, days cycle_day, struct cycle_report *report)
{
	struct office *office = remitter->office;
	struct draft_row open;
	bool released, found, fits = false, stale = false;
	if (!find_cycle(remitter, month, cycle_day, &released) || !open_draft(office, &found, &fits, &open, month, remitter->cycle.day))
		return false;
	if (released) {
		report->repeated = true;
		report->draft = (struct draft_row){ .day = remitter->cycle.day, .month = month, .state = DRAFT_RELEASED };
		return true;
	}
	if (found && !fits)
		return none_else_open(office, &open);
	if (found && !draft_stale(office, &stale, &open))
		return false;
	report->repeated = found && !stale;
	report->replaced = stale;
	remitter->draft = open;
	if (!report->repeated && (!freeze_months(remitter) || !prepare(remitter, stale ? &open : NULL)))
		return false;
	report->draft = remitter->draft;
	return count_exceeded(office, &report->draft, &report->exceeded);
}

bool cycle_prepare(struct office *office, months month, days cycle_day, struct cycle_report *report)
{
	struct remitter remitter;
	remitter_init(&remitter, office, NULL);
	bool done = prepare_cycle(&remitter, month, cycle_day, report);
	remitter_done(&remitter);
	return done;
}

bool cycle_discard(struct office *office, months month, days cycle_day, struct cycle_report *report)
{
	struct remitter remitter = { .office = office };
	bool found, fits = false, known;
	if (!open_draft(office, &found, &fits, &remitter.draft, month, cycle_day))
		return false;
	if (fits) {
		remitter.cycle = (struct cycle_row){ .day = remitter.draft.day, .month = month };
		bool done = commit_or_undo(office, draft_begin(&remitter, CHANGE_DISCARD) && draft_close(&remitter, DRAFT_DISCARDED));
		report->draft = remitter.draft;
		return done;
	}
	if (!(cycle_day == DAYS_NONE ? store_draft_of_month(office->store, &known, &report->draft, month) :
			store_draft_of_day(office->store, &known, &report->draft, cycle_day)))
		return office_store_failed(office);
	if (known && report->draft.state == DRAFT_RELEASED)
		return office_misused(office, "the cycle of %s was released on %s: what was paid is corrected by a later cycle, never undone",
			days_iso(report->draft.day).text, days_iso(report->draft.closed).text);
	report->repeated = known && report->draft.month == month;
	return report->repeated || office_misused(office, "no cycle of month %s is prepared", month_iso(month).text);
}

/* ---- releasing ---------------------------------------------------------------------------- */

static bool release_posting(void *data, const struct posting *posting)
{
	struct posting copy = *posting;
	copy.id = 0;
	return cycle_put(data, &copy);
}

/* Past a threshold only with leave, which is recorded with the draft. */
static bool within_thresholds(struct remitter *remitter)
{
	struct office *office = remitter->office;
	struct arena arena;
	struct review review;
	struct buffer words;
	unsigned exceeded = 0;
	arena_init(&arena, 0);
	buffer_init(&words, 0);
	bool done = review_gather(office, &arena, &review, NULL, &remitter->cycle) && review_exceeded(office, &review, &exceeded, &words);
	remitter->draft.accepted = exceeded > 0;
	if (done && exceeded > 0 && !office->accepts_thresholds)
		done = office_refused(office, "the cycle of %s is past a threshold of the program: %.*s%s; nothing was posted: look at it with pccm "
			"cycle prepare and pccm cycle show, then release it with --accept-thresholds", days_iso(remitter->cycle.day).text,
			SLICE_ARG(buffer_view(&words)), exceeded > 1 ? " (and more)" : "");
	buffer_done(&words);
	arena_done(&arena);
	return done;
}

static bool pay_and_close(struct remitter *remitter)
{
	struct office *office = remitter->office;
	return within_thresholds(remitter) && remit_extras(office, &remitter->cycle, &remitter->closed) && cycle_pay(remitter) &&
		bank_keep(office, &remitter->cycle) && draft_total(remitter) && draft_close(remitter, DRAFT_RELEASED) &&
		store_verify_cycle(office->store, remitter->cycle.id, &office->failure);
}

/* Without a draft of its own: posted straight into the ledger. */
static bool run_cycle(struct remitter *remitter)
{
	struct office *office = remitter->office;
	return commit_or_undo(office, draft_begin(remitter, CHANGE_REMIT) && draft_add(remitter) &&
		(store_cycle_add(office->store, &remitter->cycle.id, &remitter->cycle) || office_store_failed(office)) &&
		cycle_post(remitter) && pay_and_close(remitter));
}

static bool release_draft(struct remitter *remitter)
{
	struct office *office = remitter->office;
	struct draft_row *draft = &remitter->draft;
	bool stale;
	if (!store_begin(office->store))
		return office_store_failed(office);
	bool done = draft_stale(office, &stale, draft);
	if (done && stale)
		done = office_refused(office, "the cycle of %s was prepared on %s and is stale: %s; nothing was posted: prepare it again",
			days_iso(draft->day).text, days_iso(draft->prepared).text,
			strcmp(draft->program_hash, program_hash(office->program)) != 0 ? "the program file is another one now" :
			"more was recorded since then");
	remitter->cycle = (struct cycle_row){ .day = draft->day, .month = draft->month };
	uint64_t postings = draft->postings;
	cents amount = draft->amount;
	draft->postings = 0;
	draft->amount = 0;
	done = done && closed_gather(office, &remitter->sums_arena, &remitter->closed, remitter->cycle.day) && ((store_change(office->store, &remitter->cycle.change, CHANGE_REMIT, office->now.day, program_hash(office->program)) &&
		store_cycle_add(office->store, &remitter->cycle.id, &remitter->cycle)) || office_store_failed(office)) &&
		(store_draft_postings(office->store, draft->id, release_posting, remitter) || office_store_failed(office));
	if (done && (draft->postings != postings || draft->amount != amount))
		done = failure_set(&office->failure, "the draft of the cycle of %s does not add up to what was prepared: discard it and prepare it again",
			days_iso(draft->day).text);
	return commit_or_undo(office, done && pay_and_close(remitter));
}

static bool write_documents(struct remitter *remitter)
{
	return remitter->out == NULL || store_documents(remitter->office->store, "remittance", remitter->cycle.id, write_document, remitter) ||
		office_store_failed(remitter->office);
}

static bool release_cycle(struct remitter *remitter, months month, days cycle_day, bool *repeated)
{
	struct office *office = remitter->office;
	bool found, fits = false;
	if (!open_draft(office, &found, &fits, &remitter->draft, month, cycle_day))
		return false;
	if (fits)
		return release_draft(remitter);
	if (!(cycle_day == DAYS_NONE ? store_cycle_of_month(office->store, repeated, &remitter->cycle, month) :
			store_cycle_find(office->store, repeated, &remitter->cycle, cycle_day)))
		return office_store_failed(office);
	if (*repeated && remitter->cycle.month == month)
		return true;
	if (found)
		return none_else_open(office, &remitter->draft);
	return office_misused(office, "no cycle of month %s is prepared: pccm cycle prepare comes first", month_iso(month).text);
}

bool cycle_release(struct office *office, months month, days cycle_day, const char *out, struct remit_report *report)
{
	struct remitter remitter;
	remitter_init(&remitter, office, out);
	bool done = (out == NULL || folder_make(out, &office->failure)) &&
		release_cycle(&remitter, month, cycle_day, &report->repeated) && write_documents(&remitter);
	report->cycle = remitter.cycle;
	report->documents = remitter.documents;
	remitter_done(&remitter);
	return done;
}

/* ---- prepared and released in one go -------------------------------------------------------- */

static bool remit_cycle(struct remitter *remitter, months month, days cycle_day, bool *repeated)
{
	struct office *office = remitter->office;
	struct draft_row open;
	bool found, fits = false;
	if (!find_cycle(remitter, month, cycle_day, repeated))
		return false;
	if (*repeated)
		return true;
	if (!open_draft(office, &found, &fits, &open, month, remitter->cycle.day))
		return false;
	if (found)
		return none_else_open(office, &open);
	return freeze_months(remitter) && run_cycle(remitter);
}

bool remit_month(struct office *office, months month, days cycle_day, const char *out, struct remit_report *report)
{
	struct remitter remitter;
	remitter_init(&remitter, office, out);
	bool done = (out == NULL || folder_make(out, &office->failure)) && remit_cycle(&remitter, month, cycle_day, &report->repeated) &&
		write_documents(&remitter);
	report->cycle = remitter.cycle;
	report->documents = remitter.documents;
	remitter_done(&remitter);
	return done;
}
