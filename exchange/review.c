/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * review: what a cycle comes to, prepared or released, for whoever has to say that it is
 * right: per payee, fund and reason, what is past a threshold, and what is different from
 * the cycle that paid the month before.
 */
#include "exchange/cycle.h"

static bool starved(struct office *office)
{
	return failure_set(&office->failure, "could not look a cycle through: out of memory");
}

/* ---- gathering ------------------------------------------------------------------ */

bool review_gather(struct office *office, struct arena *arena, struct review *review, const struct draft_row *draft, const struct cycle_row *cycle)
{
	struct store *store = office->store;
	months month = draft != NULL ? draft->month : cycle->month;
	*review = (struct review){ .count = 0 };
	if (!(draft != NULL ? store_draft_review(store, arena, &review->sums, &review->count, draft->id) :
			store_cycle_review(store, arena, &review->sums, &review->count, cycle->id)) ||
		!store_cycle_of_month(store, &review->facts.has_before, &review->before_cycle, month - 1) ||
		(review->facts.has_before && !store_cycle_review(store, arena, &review->before, &review->before_count, review->before_cycle.id)))
		return office_store_failed(office);
	for (size_t i = 0; i < review->count; i++) {
		cents amount = review->sums[i].amount;
		review->facts.amount += amount;
		*(amount < 0 ? &review->facts.taken : &review->facts.paid) += amount < 0 ? -amount : amount;
	}
	for (size_t i = 0; i < review->before_count; i++)
		review->facts.amount_before += review->before[i].amount;
	return true;
}

cents review_payee(const struct review_sum *sums, size_t count, size_t at, size_t *next)
{
	cents amount = 0;
	for (*next = at; *next < count && sums[*next].billing == sums[at].billing; ++*next)
		amount += sums[*next].amount;
	return amount;
}

/* ---- thresholds ------------------------------------------------------------------ */

static void limit_put(struct buffer *out, enum threshold threshold, int64_t number)
{
	bool percent = threshold == THRESHOLD_CHANGE || threshold == THRESHOLD_TAKEBACKS;
	if (!percent)
		cents_put_people(out, number);
	else if (number == INT64_MAX)
		buffer_text(out, "all of nothing");
	else
		buffer_format(out, "%lld %%", (long long)number);
}

struct exceeding {
	struct office *office;
	const struct review *review;
	struct sheet *sheet; /* NULL: only counted */
	struct buffer *words;  /* of the first; NULL */
	unsigned count;
};

/* One that is exceeded, by the cycle or by a payee (billing not 0). */
static bool exceeded_put(struct exceeding *exceeding, enum threshold threshold, int64_t found, int64_t billing)
{
	struct office *office = exceeding->office;
	struct arena arena;
	struct billing_provider payee = { .id = 0 };
	struct buffer is, limit;
	int64_t number;
	(void)program_threshold(&number, office->program, threshold);
	if (exceeding->count++ > 0 && exceeding->sheet == NULL)
		return true;
	arena_init(&arena, 0);
	buffer_init(&is, 0);
	buffer_init(&limit, 0);
	bool done = billing == 0 || store_billing_get(office->store, &arena, &payee, billing, 0) || office_store_failed(office);
	limit_put(&is, threshold, found);
	limit_put(&limit, threshold, number);
	done = done && (!(is.failed || limit.failed) || starved(office));
	if (done && exceeding->words != NULL)
		buffer_format(exceeding->words, "%s%s%s is %.*s, the limit is %.*s", threshold_name(threshold), billing == 0 ? "" : " of payee ", payee.npi,
			SLICE_ARG(buffer_view(&is)), SLICE_ARG(buffer_view(&limit)));
	if (done && exceeding->sheet != NULL) {
		sheet_cell(exceeding->sheet, slice_of(threshold_name(threshold)));
		sheet_cell(exceeding->sheet, slice_of(payee.npi));
		sheet_cell(exceeding->sheet, buffer_view(&is));
		sheet_cell(exceeding->sheet, buffer_view(&limit));
	}
	buffer_done(&is);
	buffer_done(&limit);
	arena_done(&arena);
	return done;
}

static bool exceeded_each(struct exceeding *exceeding)
{
	const struct review *review = exceeding->review;
	const struct program *program = exceeding->office->program;
	int64_t found;
	for (int i = 0; i < THRESHOLDS; i++)
		if (i != THRESHOLD_PAYEE && threshold_exceeded(&found, program, (enum threshold)i, &review->facts) &&
			!exceeded_put(exceeding, (enum threshold)i, found, 0))
			return false;
	for (size_t at = 0, next; at < review->count; at = next) {
		cents amount = review_payee(review->sums, review->count, at, &next);
		if (threshold_payee_exceeded(program, amount) && !exceeded_put(exceeding, THRESHOLD_PAYEE, amount, review->sums[at].billing))
			return false;
	}
	return true;
}

bool review_exceeded(struct office *office, const struct review *review, unsigned *exceeded, struct buffer *words)
{
	struct exceeding exceeding = { .office = office, .review = review, .words = words };
	bool done = exceeded_each(&exceeding);
	*exceeded = exceeding.count;
	return done && (words == NULL || !words->failed || starved(office));
}

/* ---- showing --------------------------------------------------------------------- */

struct showing {
	struct office *office;
	struct sheet sheet;
	struct review review;
	struct arena arena;
	struct arena payee_arena;
	int64_t change;       /* payees are named as known then; 0: now */
	struct draft_row draft;
	struct cycle_row cycle;
	bool released;
};

static bool payee_name(struct showing *showing, struct billing_provider *payee, int64_t billing)
{
	arena_reset(&showing->payee_arena);
	return store_billing_get(showing->office->store, &showing->payee_arena, payee, billing, showing->change) || office_store_failed(showing->office);
}

/* What a payee gets, and what it owes before and afterwards: of a released cycle as it was paid, of a draft as it would be. */
struct payee_money {
	cents fees, corrections, carried, amount, owes;
};

static bool find_payment(void *data, const struct payment *payment)
{
	struct payee_money *money = data;
	money->amount = payment->amount;
	for (size_t i = 0; i < payment->line_count; i++) {
		const struct payout_line *line = &payment->lines[i];
		if (strcmp(line->plb_code, "FB") == 0) /* as the store looks for them */
			*(line->amount > 0 ? &money->carried : &money->owes) += line->amount < 0 ? -line->amount : line->amount;
	}
	return true;
}

static bool payee_money(struct showing *showing, struct payee_money *money, size_t at, size_t next)
{
	struct store *store = showing->office->store;
	struct carried_row *rows;
	size_t count;
	*money = (struct payee_money){ 0 };
	for (size_t i = at; i < next; i++)
		*(showing->review.sums[i].kind != POSTING_RETRO ? &money->fees : &money->corrections) += showing->review.sums[i].amount;
	if (showing->released)
		return store_payment_of(store, &showing->payee_arena, showing->cycle.id, showing->review.sums[at].billing, find_payment, money) ||
			office_store_failed(showing->office);
	if (!store_carried(store, &showing->payee_arena, &rows, &count, showing->review.sums[at].billing, 0))
		return office_store_failed(showing->office);
	for (size_t i = 0; i < count; i++)
		money->carried += rows[i].amount;
	cents net = money->fees + money->corrections - money->carried;
	*(net < 0 ? &money->owes : &money->amount) = net < 0 ? -net : net;
	return true;
}

static bool payees_put(struct showing *showing)
{
	static const struct sheet_column columns[] = {
		{ "npi", "payee", CELL_TEXT, 10 }, { "name", "name", CELL_TEXT, 34 }, { "fees", "fees", CELL_CENTS, 13 },
		{ "corrections", "corrections", CELL_CENTS, 12 }, { "carried", "owed before", CELL_CENTS, 12 },
		{ "payment", "payment", CELL_CENTS, 13 }, { "owes", "owes then", CELL_CENTS, 11 },
	};
	struct sheet *sheet = &showing->sheet;
	sheet_table(sheet, "payees", "PAYEES", columns, COUNT_OF(columns));
	for (size_t at = 0, next; at < showing->review.count; at = next) {
		struct billing_provider payee;
		struct payee_money money;
		(void)review_payee(showing->review.sums, showing->review.count, at, &next);
		if (!payee_name(showing, &payee, showing->review.sums[at].billing) || !payee_money(showing, &money, at, next))
			return false;
		sheet_cell(sheet, slice_of(payee.npi));
		sheet_cell(sheet, payee.name);
		sheet_cell_cents(sheet, money.fees);
		sheet_cell_cents(sheet, money.corrections);
		sheet_cell_cents(sheet, money.carried);
		sheet_cell_cents(sheet, money.amount);
		sheet_cell_cents(sheet, money.owes);
	}
	sheet_table_end(sheet);
	return true;
}

static bool lines_put(struct showing *showing)
{
	static const struct sheet_column columns[] = {
		{ "npi", "payee", CELL_TEXT, 10 }, { "stream", "stream", CELL_TEXT, 10 }, { "fund", "fund", CELL_TEXT, 7 }, { "reason", "reason", CELL_TEXT, 14 },
		{ "postings", "postings", CELL_COUNT, 9 }, { "amount", "amount", CELL_CENTS, 14 }, { "words", "", CELL_TEXT, 0 },
	};
	struct sheet *sheet = &showing->sheet;
	sheet_table(sheet, "lines", "BY PAYEE, FUND AND REASON", columns, COUNT_OF(columns));
	for (size_t i = 0; i < showing->review.count; i++) {
		const struct review_sum *sum = &showing->review.sums[i];
		struct billing_provider payee;
		if (!payee_name(showing, &payee, sum->billing))
			return false;
		bool reasoned = sum->reason != REASON_NONE;
		sheet_cell(sheet, slice_of(payee.npi));
		sheet_cell(sheet, slice_of(sum->stream));
		sheet_cell(sheet, slice_of(sum->fund));
		sheet_cell(sheet, slice_of(reasoned ? reason_code(sum->reason) : sum->kind != POSTING_RETRO ? "FEE" : ""));
		sheet_cell_count(sheet, (int64_t)sum->postings);
		sheet_cell_cents(sheet, sum->amount);
		sheet_cell(sheet, slice_of(reasoned ? reason_text(sum->reason) : sum->kind != POSTING_RETRO ? "the month's fee" : ""));
	}
	sheet_table_end(sheet);
	return true;
}

static bool difference_put(struct showing *showing, int64_t billing, cents before, cents now)
{
	struct billing_provider payee;
	if (before == now)
		return true;
	if (!payee_name(showing, &payee, billing))
		return false;
	sheet_cell(&showing->sheet, slice_of(payee.npi));
	sheet_cell_cents(&showing->sheet, before);
	sheet_cell_cents(&showing->sheet, now);
	sheet_cell_cents(&showing->sheet, now - before);
	return true;
}

/* Two lists in the order of their payees, side by side. */
static bool differences_put(struct showing *showing)
{
	static const struct sheet_column columns[] = {
		{ "npi", "payee", CELL_TEXT, 10 }, { "before", "before", CELL_CENTS, 14 }, { "now", "now", CELL_CENTS, 14 },
		{ "difference", "difference", CELL_CENTS, 14 },
	};
	const struct review *review = &showing->review;
	size_t a = 0, b = 0;
	sheet_table(&showing->sheet, "differences", "DIFFERENCES TO THE MONTH BEFORE", columns, COUNT_OF(columns));
	while (review->facts.has_before && (a < review->before_count || b < review->count)) {
		int64_t was = a < review->before_count ? review->before[a].billing : INT64_MAX;
		int64_t is = b < review->count ? review->sums[b].billing : INT64_MAX;
		int64_t billing = was < is ? was : is;
		cents before = was == billing ? review_payee(review->before, review->before_count, a, &a) : 0;
		cents now = is == billing ? review_payee(review->sums, review->count, b, &b) : 0;
		if (!difference_put(showing, billing, before, now))
			return false;
	}
	sheet_table_end(&showing->sheet);
	return true;
}

static bool thresholds_put(struct showing *showing)
{
	static const struct sheet_column columns[] = {
		{ "threshold", "threshold", CELL_TEXT, 17 }, { "npi", "payee", CELL_TEXT, 10 }, { "found", "found", CELL_TEXT, 16 },
		{ "limit", "limit", CELL_TEXT, 16 },
	};
	struct exceeding exceeding = { .office = showing->office, .review = &showing->review, .sheet = &showing->sheet };
	sheet_table(&showing->sheet, "exceeded", "THRESHOLDS EXCEEDED", columns, COUNT_OF(columns));
	bool done = exceeded_each(&exceeding);
	if (done)
		sheet_table_end(&showing->sheet);
	return done;
}

static const char *state_name(enum draft_state state, bool stale)
{
	static const char *const names[] = { [DRAFT_PREPARED] = "prepared", [DRAFT_RELEASED] = "released", [DRAFT_DISCARDED] = "discarded" };
	return stale ? "stale" : names[state];
}

static bool facts_put(struct showing *showing)
{
	struct sheet *sheet = &showing->sheet;
	struct office *office = showing->office;
	const struct draft_row *draft = &showing->draft;
	bool stale = false;
	if (draft->state == DRAFT_PREPARED) {
		if (!store_changed_since(office->store, &stale, draft->change))
			return office_store_failed(office);
		stale = stale || strcmp(draft->program_hash, program_hash(office->program)) != 0;
	}
	sheet_fact_day(sheet, "cycle", "CYCLE", draft->day);
	sheet_fact_month(sheet, "month", "pays month", draft->month);
	sheet_fact(sheet, "state", "state", slice_of(state_name(draft->state, stale)));
	sheet_fact_day(sheet, "prepared", "prepared", draft->prepared);
	if (draft->state == DRAFT_RELEASED)
		sheet_fact_day(sheet, "released", "released", draft->closed);
	sheet_fact(sheet, "program", "program file", (struct slice){ draft->program_hash, 12 });
	sheet_fact_count(sheet, "postings", "postings", draft->postings);
	sheet_fact_cents(sheet, "amount", "they come to", draft->amount);
	if (draft->accepted)
		sheet_fact(sheet, "thresholds", "thresholds", SLICE("exceeded, and accepted"));
	if (stale)
		sheet_say(sheet, "More was recorded since then, or the program file is another one: it cannot be released, prepare it again.");
	return true;
}

/* The draft that is open or the cycle that was released, of this month and day. */
static bool find_shown(struct showing *showing, months month, days cycle_day)
{
	struct office *office = showing->office;
	struct store *store = office->store;
	bool found, known = false;
	if (!store_draft_open(store, &found, &showing->draft))
		return office_store_failed(office);
	if (found && showing->draft.month == month && (cycle_day == DAYS_NONE || showing->draft.day == cycle_day))
		return true;
	if (!(cycle_day == DAYS_NONE ? store_cycle_of_month(store, &showing->released, &showing->cycle, month) :
			store_cycle_find(store, &showing->released, &showing->cycle, cycle_day)))
		return office_store_failed(office);
	if (!showing->released || showing->cycle.month != month)
		return office_misused(office, "no cycle of month %s%s%s is prepared or released: pccm cycle list tells which there are",
			month_iso(month).text, cycle_day == DAYS_NONE ? "" : " on ", cycle_day == DAYS_NONE ? "" : days_iso(cycle_day).text);
	if (!store_draft_of_day(store, &known, &showing->draft, showing->cycle.day))
		return office_store_failed(office);
	showing->change = showing->cycle.change;
	/* released before drafts were kept */
	if (!known || showing->draft.state != DRAFT_RELEASED)
		showing->draft = (struct draft_row){ .day = showing->cycle.day, .month = month, .state = DRAFT_RELEASED, .prepared = DAYS_NONE,
			.closed = DAYS_NONE };
	return true;
}

static bool show(struct showing *showing, months month, days cycle_day)
{
	struct review *review = &showing->review;
	if (!find_shown(showing, month, cycle_day) || !review_gather(showing->office, &showing->arena, review,
			showing->released ? NULL : &showing->draft, &showing->cycle))
		return false;
	showing->draft.amount = review->facts.amount;
	showing->draft.postings = 0;
	for (size_t i = 0; i < review->count; i++)
		showing->draft.postings += review->sums[i].postings;
	return facts_put(showing) && thresholds_put(showing) && payees_put(showing) && lines_put(showing) && differences_put(showing);
}

bool cycle_show(struct office *office, struct buffer *out, months month, days cycle_day, enum sheet_format format)
{
	struct showing showing = { .office = office };
	arena_init(&showing.arena, 0);
	arena_init(&showing.payee_arena, 0);
	sheet_begin(&showing.sheet, out, format);
	bool done = show(&showing, month, cycle_day);
	if (done)
		sheet_end(&showing.sheet);
	if (done && out->failed)
		done = starved(office);
	arena_done(&showing.arena);
	arena_done(&showing.payee_arena);
	return done;
}

/* ---- the list ----------------------------------------------------------------------- */

struct listing {
	struct office *office;
	struct sheet sheet;
};

static bool draft_put(void *data, const struct draft_row *draft)
{
	struct listing *listing = data;
	struct sheet *sheet = &listing->sheet;
	bool stale = false;
	if (draft->state == DRAFT_PREPARED && !store_changed_since(listing->office->store, &stale, draft->change))
		return office_store_failed(listing->office);
	sheet_cell_day(sheet, draft->day);
	sheet_cell_month(sheet, draft->month);
	sheet_cell(sheet, slice_of(state_name(draft->state, stale)));
	sheet_cell_day(sheet, draft->prepared);
	sheet_cell_day(sheet, draft->closed);
	sheet_cell_count(sheet, (int64_t)draft->postings);
	sheet_cell_cents(sheet, draft->amount);
	sheet_cell(sheet, slice_of(draft->accepted ? "accepted" : ""));
	return true;
}

static bool cycle_put_row(void *data, const struct cycle_row *cycle)
{
	struct listing *listing = data;
	struct arena arena;
	struct review review;
	struct draft_row draft;
	bool known;
	if (!store_draft_of_day(listing->office->store, &known, &draft, cycle->day))
		return office_store_failed(listing->office);
	if (known && draft.state == DRAFT_RELEASED)
		return true;
	arena_init(&arena, 0);
	bool done = review_gather(listing->office, &arena, &review, NULL, cycle);
	draft = (struct draft_row){ .day = cycle->day, .month = cycle->month, .state = DRAFT_RELEASED, .prepared = DAYS_NONE, .closed = DAYS_NONE,
		.amount = review.facts.amount };
	for (size_t i = 0; done && i < review.count; i++)
		draft.postings += review.sums[i].postings;
	arena_done(&arena);
	return done && draft_put(listing, &draft);
}

bool cycle_list(struct office *office, struct buffer *out, enum sheet_format format)
{
	static const struct sheet_column columns[] = {
		{ "cycle", "cycle", CELL_TEXT, 10 }, { "month", "month", CELL_TEXT, 7 }, { "state", "state", CELL_TEXT, 9 },
		{ "prepared", "prepared", CELL_TEXT, 10 }, { "closed", "closed", CELL_TEXT, 10 }, { "postings", "postings", CELL_COUNT, 9 },
		{ "amount", "amount", CELL_CENTS, 15 }, { "thresholds", "thresholds", CELL_TEXT, 10 },
	};
	struct listing listing = { .office = office };
	sheet_begin(&listing.sheet, out, format);
	sheet_table(&listing.sheet, "cycles", "CYCLES", columns, COUNT_OF(columns));
	/* those of a store that is older than drafts first */
	bool done = (store_cycles_each(office->store, cycle_put_row, &listing) && store_drafts_each(office->store, draft_put, &listing)) ||
		office_store_failed(office);
	if (done) {
		sheet_table_end(&listing.sheet);
		sheet_end(&listing.sheet);
	}
	if (done && out->failed)
		done = starved(office);
	return done;
}
