/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * receivables: what payees owe, since when, and who gets a letter (RET-9, RET-10).
 *
 * A balance is what FB pairs leave over; nothing else keeps it.  Its age is that of the
 * cycles that took more back than they paid: each remittance that carries a balance on
 * gives it a new number, and what is paid off is the oldest first.  So the payments of a
 * payee are read from the first to the last, and each number holds the pieces that it is
 * made of.
 */
#include "exchange/facts.h"

#define BUCKETS 4
static const days bucket_ends[BUCKETS - 1] = { 30, 60, 90 }; /* RET-9: days that a debt is old */

struct debt_part { /* part of a debt, from the cycle that made it */
	days since;
	cents amount;
};
struct debt { /* one number, from the remittance that carried it forward to the one that takes it up */
	char fcn[16];
	int64_t payment_cycle;
	struct debt_part *pieces;
	size_t count;
};
struct aging {
	struct office *office;
	struct sheet sheet;
	struct arena arena;        /* one payee */
	struct debt *debts;        /* open ones, oldest first */
	size_t debt_count;
	int64_t change;            /* as of; 0: now */
	days today;
	bool demands;              /* only who gets a letter, with the address */
	cents total, buckets[BUCKETS];
};

static bool starved(struct aging *aging)
{
	return failure_set(&aging->office->failure, "could not age what payees owe: out of memory");
}

/* ---- the pieces of a debt ------------------------------------------------------------ */

/* Take up the debts that this payment uses; their pieces, oldest first, into the queue. */
static void debts_take(struct aging *aging, const struct payment *payment, struct debt_part *queue, size_t *count)
{
	size_t kept = 0;
	for (size_t d = 0; d < aging->debt_count; d++) {
		struct debt *debt = &aging->debts[d];
		bool used = false;
		for (size_t i = 0; i < payment->line_count; i++)
			used = used || (strcmp(payment->lines[i].plb_code, "FB") == 0 && payment->lines[i].amount > 0 &&
				strcmp(payment->lines[i].fcn, debt->fcn) == 0);
		for (size_t p = 0; used && p < debt->count; p++)
			queue[(*count)++] = debt->pieces[p];
		if (!used)
			aging->debts[kept++] = *debt;
	}
	aging->debt_count = kept;
}

/* What the payment pays goes to the oldest; the rest stays in the queue. */
static void queue_pay(struct debt_part *queue, size_t *count, cents paid)
{
	size_t kept = 0;
	for (size_t i = 0; i < *count; i++) {
		cents part = queue[i].amount < paid ? queue[i].amount : paid;
		paid -= part;
		queue[i].amount -= part;
		if (queue[i].amount > 0)
			queue[kept++] = queue[i];
	}
	*count = kept;
}

static bool age_payment(void *data, const struct payment *payment)
{
	struct aging *aging = data;
	const struct payout_line *opened = NULL;
	cents net = 0;
	size_t pieces = 1, count = 0;
	for (size_t d = 0; d < aging->debt_count; d++)
		pieces += aging->debts[d].count;
	for (size_t i = 0; i < payment->line_count; i++) {
		const struct payout_line *line = &payment->lines[i];
		if (strcmp(line->plb_code, "FB") != 0)
			net -= line->amount;
		else if (line->amount < 0)
			opened = line;
	}
	struct debt_part *queue = arena_alloc(&aging->arena, pieces * sizeof(*queue));
	struct debt *debts = arena_alloc(&aging->arena, (aging->debt_count + 1) * sizeof(*debts));
	if (queue == NULL || debts == NULL)
		return starved(aging);
	if (aging->debt_count > 0)
		memcpy(debts, aging->debts, aging->debt_count * sizeof(*debts));
	aging->debts = debts;
	debts_take(aging, payment, queue, &count);
	if (net > 0)
		queue_pay(queue, &count, net);
	else if (net < 0)
		queue[count++] = (struct debt_part){ payment->cycle_date, -net };
	if (opened == NULL)
		return true;
	struct debt *debt = &aging->debts[aging->debt_count++];
	*debt = (struct debt){ .payment_cycle = payment->cycle, .pieces = queue, .count = count };
	memcpy(debt->fcn, opened->fcn, sizeof(debt->fcn));
	return true;
}

/* ---- rows ------------------------------------------------------------------------------ */

static unsigned bucket_of(days age)
{
	unsigned bucket = 0;
	while (bucket < BUCKETS - 1 && age > bucket_ends[bucket])
		bucket++;
	return bucket;
}

static bool payee_closed(struct aging *aging, bool *closed, int64_t billing)
{
	const struct receivable_rules *rules = program_receivables(aging->office->program);
	struct attribute_list attributes;
	*closed = false;
	if (rules->closed.len == 0)
		return true;
	if (!store_attributes(aging->office->store, &aging->arena, &attributes, SUBJECT_PRACTICE, billing, aging->change))
		return office_store_failed(aging->office);
	*closed = attribute_on(&attributes, rules->closed, aging->today).len > 0;
	return true;
}

static void demand_put(struct aging *aging, const struct billing_provider *payee, const struct debt *debt, cents total, days since, bool closed)
{
	struct sheet *sheet = &aging->sheet;
	sheet_cell(sheet, slice_of(payee->npi));
	sheet_cell(sheet, payee->name);
	sheet_cell(sheet, payee->street);
	sheet_cell(sheet, payee->city);
	sheet_cell(sheet, payee->state);
	sheet_cell(sheet, payee->zip);
	sheet_cell(sheet, slice_of(debt->fcn));
	sheet_cell_day(sheet, since);
	sheet_cell_cents(sheet, total);
	sheet_cell(sheet, closed ? SLICE("closed: nothing more is paid that it could be taken from") : SLICE("overdue"));
}

static void balance_put(struct aging *aging, const struct billing_provider *payee, struct slice tax_id, const struct debt *debt, cents total,
	days since, bool closed)
{
	struct sheet *sheet = &aging->sheet;
	cents buckets[BUCKETS] = { 0 };
	for (size_t i = 0; i < debt->count; i++)
		buckets[bucket_of(aging->today - debt->pieces[i].since)] += debt->pieces[i].amount;
	sheet_cell(sheet, slice_of(payee->npi));
	sheet_cell(sheet, payee->name);
	sheet_cell(sheet, tax_id);
	sheet_cell(sheet, closed ? SLICE("closed") : SLICE("open"));
	sheet_cell(sheet, slice_of(debt->fcn));
	sheet_cell_day(sheet, since);
	for (size_t i = 0; i < BUCKETS; i++) {
		sheet_cell_cents(sheet, buckets[i]);
		aging->buckets[i] += buckets[i];
	}
	sheet_cell_cents(sheet, total);
}

static bool debt_put(struct aging *aging, const struct billing_provider *payee, const struct debt *debt, bool closed)
{
	struct cycle_row cycle;
	struct billing_provider then;
	cents total = 0;
	days since = aging->today;
	for (size_t i = 0; i < debt->count; i++) {
		total += debt->pieces[i].amount;
		since = debt->pieces[i].since < since ? debt->pieces[i].since : since;
	}
	if (!store_cycle_get(aging->office->store, &cycle, debt->payment_cycle) ||
		!store_billing_get(aging->office->store, &aging->arena, &then, payee->id, cycle.change)) /* BAD-23: whose debt it was */
		return office_store_failed(aging->office);
	bool due = closed || aging->today - since > program_receivables(aging->office->program)->demand_days;
	if (aging->demands && !due)
		return true;
	aging->total += total;
	if (aging->demands)
		demand_put(aging, payee, debt, total, since, closed);
	else
		balance_put(aging, payee, then.tax_id, debt, total, since, closed);
	return true;
}

static bool age_payee(void *data, int64_t billing)
{
	struct aging *aging = data;
	struct office *office = aging->office;
	struct billing_provider payee;
	bool closed;
	arena_reset(&aging->arena);
	aging->debts = NULL;
	aging->debt_count = 0;
	if (!store_payments_to(office->store, billing, aging->change, age_payment, aging))
		return office_store_failed(office);
	if (aging->debt_count == 0)
		return true;
	if (!store_billing_get(office->store, &aging->arena, &payee, billing, aging->change))
		return office_store_failed(office);
	if (!payee_closed(aging, &closed, billing))
		return false;
	for (size_t i = 0; i < aging->debt_count; i++)
		if (!debt_put(aging, &payee, &aging->debts[i], closed))
			return false;
	return true;
}

static const struct sheet_column balance_columns[] = {
	{ "npi", "payee", CELL_TEXT, 10 }, { "name", "name", CELL_TEXT, 34 }, { "tax_id", "tax id", CELL_TEXT, 9 }, { "state", "state", CELL_TEXT, 6 },
	{ "fcn", "number", CELL_TEXT, 9 }, { "since", "since", CELL_TEXT, 10 }, { "days_0_30", "0-30 days", CELL_CENTS, 11 },
	{ "days_31_60", "31-60 days", CELL_CENTS, 11 }, { "days_61_90", "61-90 days", CELL_CENTS, 11 }, { "over_90", "over 90", CELL_CENTS, 11 },
	{ "total", "total", CELL_CENTS, 11 },
};
static const struct sheet_column demand_columns[] = {
	{ "npi", "payee", CELL_TEXT, 10 }, { "name", "name", CELL_TEXT, 34 }, { "street", "street", CELL_TEXT, 24 }, { "city", "city", CELL_TEXT, 14 },
	{ "state", "", CELL_TEXT, 2 }, { "zip", "zip", CELL_TEXT, 9 }, { "fcn", "number", CELL_TEXT, 9 }, { "since", "since", CELL_TEXT, 10 },
	{ "total", "total", CELL_CENTS, 11 }, { "why", "why", CELL_TEXT, 0 },
};

bool receivables_show(struct office *office, struct buffer *out, bool demands, days as_of, enum sheet_format format)
{
	static const char *const keys[BUCKETS] = { "days_0_30", "days_31_60", "days_61_90", "over_90" },
				 *const labels[BUCKETS] = { "0-30 days", "31-60 days", "61-90 days", "over 90 days" };
	struct aging aging = { .office = office, .today = as_of == DAYS_NONE ? office->now.day : as_of, .demands = demands };
	struct sheet *sheet = &aging.sheet;
	if (as_of != DAYS_NONE && !store_change_of_day(office->store, &aging.change, as_of))
		return office_store_failed(office);
	arena_init(&aging.arena, 0);
	sheet_begin(sheet, out, format);
	sheet_fact_day(sheet, "day", "WHAT PAYEES OWE ON", aging.today);
	sheet_table(sheet, demands ? "demands" : "balances", demands ? "LETTERS TO WRITE" : "BALANCES", demands ? demand_columns : balance_columns,
		demands ? COUNT_OF(demand_columns) : COUNT_OF(balance_columns));
	/* nothing was known yet: nobody owed */
	bool done = (as_of != DAYS_NONE && aging.change == 0) || store_owing_each(office->store, age_payee, &aging) || office_store_failed(office);
	if (done) {
		sheet_table_end(sheet);
		sheet_say(sheet, "");
		for (size_t i = 0; !demands && i < BUCKETS; i++)
			sheet_fact_cents(sheet, keys[i], labels[i], aging.buckets[i]);
		sheet_fact_cents(sheet, "total", "all of it", aging.total);
		sheet_end(sheet);
	}
	if (done && out->failed)
		done = starved(&aging);
	arena_done(&aging.arena);
	return done;
}
