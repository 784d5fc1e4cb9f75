/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * reconcile: the books against the world (BAD-7, BAD-9, RET-1; domain reference 1.6, rule 4).
 *
 * For each payee, stream, fund and month three sums are made apart from each other and
 * must be one: what the member-months that are due come to, what the ledger posted, and
 * the PLB pairs of the 835s, read again from their bytes.  For each payment BPR02, its
 * pairs and the entry of the bank's file must agree; and all that was posted is what was
 * paid less what is still owed.
 */
#include "exchange/cycle.h"
#include "exchange/pcps.h"
#include "exchange/read_back.h"

struct line { /* one payee, stream, fund and month */
	int64_t billing;
	months month;
	char stream[STREAM_SIZE];
	char fund[8];
	uint64_t member_months;
	cents due, posted, paired;
};
struct book { /* lines, by hash */
	struct line *lines;
	size_t count, size;
};
struct reconciler {
	struct office *office;
	struct sheet sheet;
	struct book book;
	struct arena arena;       /* one member, or one 835 */
	struct arena cycle_arena; /* one cycle */
	struct arena sums_arena;
	struct closed_list closed;
	months newest;            /* the month of the newest cycle; NONE: no cycle yet */
	struct cycle_row cycle;
	struct entry_read *entries;
	size_t entry_count, entry_at;
	cents due, posted, paired, paid, transfers, checks, owed;
	cents extra, extra_paired; /* of payees and no single member: lump sums, what is held back and released */
	uint64_t member_months, payments, papers, differences;
};

static bool starved(struct reconciler *reconciler)
{
	return failure_set(&reconciler->office->failure, "could not reconcile: out of memory");
}

/* ---- the book ------------------------------------------------------------------------ */

static struct line *book_at(struct book *book, const struct line *key)
{
	uint64_t hash = hash64((uint64_t)key->month, &key->billing, sizeof(key->billing));
	hash = hash64(hash, key->stream, strlen(key->stream));
	hash = hash64(hash, key->fund, strlen(key->fund));
	size_t at = (size_t)hash & (book->size - 1);
	while (book->lines[at].billing != 0 && !(book->lines[at].billing == key->billing && book->lines[at].month == key->month &&
		strcmp(book->lines[at].stream, key->stream) == 0 && strcmp(book->lines[at].fund, key->fund) == 0))
		at = (at + 1) & (book->size - 1);
	return &book->lines[at];
}

static bool book_grow(struct book *book)
{
	struct book grown = { .count = book->count, .size = book->size == 0 ? 1024 : 2 * book->size };
	grown.lines = calloc(grown.size, sizeof(*grown.lines));
	if (grown.lines == NULL)
		return false;
	for (size_t i = 0; i < book->size; i++)
		if (book->lines[i].billing != 0)
			*book_at(&grown, &book->lines[i]) = book->lines[i];
	free(book->lines);
	*book = grown;
	return true;
}

/* The line of a key, made if it is new; NULL: memory. */
static struct line *book_line(struct book *book, int64_t billing, months month, const char *stream, const char *fund)
{
	struct line key = { .billing = billing, .month = month };
	slice_copy(key.stream, sizeof(key.stream), slice_of(stream));
	slice_copy(key.fund, sizeof(key.fund), slice_of(fund));
	if (2 * (book->count + 1) > book->size && !book_grow(book))
		return NULL;
	struct line *line = book_at(book, &key);
	if (line->billing == 0) {
		*line = key;
		book->count++;
	}
	return line;
}

static int compare_line(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	if (x->billing != y->billing)
		return x->billing < y->billing ? -1 : 1;
	int order = strcmp(x->stream, y->stream);
	order = order != 0 ? order : strcmp(x->fund, y->fund);
	return order != 0 ? order : x->month < y->month ? -1 : x->month > y->month;
}

/* ---- what is due ------------------------------------------------------------------------ */

static bool due_add(struct reconciler *reconciler, const struct month_due *due)
{
	for (size_t i = 0; i < due->count; i++) {
		const struct member_month *at = &due->lines[i];
		struct line *line = book_line(&reconciler->book, at->billing, at->month, at->stream, at->fund);
		if (line == NULL)
			return starved(reconciler);
		line->due += at->amount;
		line->member_months++;
		reconciler->due += at->amount;
		reconciler->member_months++;
	}
	return true;
}

static bool due_member(void *data, const struct member *believed)
{
	struct reconciler *reconciler = data;
	struct office *office = reconciler->office;
	const struct program *program = office->program;
	struct ledger_member facts;
	struct member then;
	struct month_due due;
	bool known = true;
	arena_reset(&reconciler->arena);
	if (office->as_of != 0 && !store_member_as_of(office->store, &reconciler->arena, &known, &then, believed->id, office->as_of))
		return office_store_failed(office);
	if (!known)
		return true;
	if (!facts_ledger(office, &reconciler->arena, &facts, office->as_of != 0 ? &then : believed))
		return false;
	if (facts.assignment_count == 0)
		return true;
	for (size_t stream = 0; stream < program_stream_count(program); stream++) {
		months last = program_stream_due(program, stream, reconciler->newest);
		for (months month = month_of(program_opens(program)); month <= last; month++) {
			month_due(&due, program, stream, &facts, month);
			if (!due_add(reconciler, &due))
				return false;
		}
	}
	return true;
}

/* ---- what was posted --------------------------------------------------------------------- */

static bool posted_gather(struct reconciler *reconciler)
{
	struct posted_sum *sums;
	size_t count;
	if (!store_posted_sums(reconciler->office->store, &reconciler->sums_arena, &sums, &count, reconciler->office->as_of))
		return office_store_failed(reconciler->office);
	for (size_t i = 0; i < count; i++) {
		struct line *line = book_line(&reconciler->book, sums[i].billing, sums[i].month, sums[i].stream, sums[i].fund);
		if (line == NULL)
			return starved(reconciler);
		line->posted += sums[i].amount;
		reconciler->posted += sums[i].amount;
	}
	return true;
}

/* ---- what was sent and moved ---------------------------------------------------------------- */

static void payment_differs(struct reconciler *reconciler, const char *npi, const struct paper *paper, cents pairs, cents bank, const char *what)
{
	struct sheet *sheet = &reconciler->sheet;
	reconciler->differences++;
	if (sheet->format == SHEET_CSV)
		return;
	sheet_cell_day(sheet, reconciler->cycle.day);
	sheet_cell(sheet, slice_of(npi));
	sheet_cell(sheet, paper->trace);
	sheet_cell_cents(sheet, paper->amount);
	sheet_cell_cents(sheet, pairs);
	sheet_cell_cents(sheet, bank);
	sheet_cell(sheet, slice_of(what));
}

/* The bank's entry of a payment, 0 if there is none; entries come in the order of payments. */
static cents bank_amount(struct reconciler *reconciler, struct slice trace)
{
	for (size_t i = 0; i < reconciler->entry_count; i++) {
		size_t at = (reconciler->entry_at + i) % reconciler->entry_count;
		if (!slice_equal(reconciler->entries[at].trace, trace))
			continue;
		reconciler->entry_at = at + 1;
		return reconciler->entries[at].amount;
	}
	return 0;
}

struct checking { /* one 835 beside the payment that the store holds */
	struct reconciler *reconciler;
	const struct paper *paper;
	const char *what;  /* the first thing that is wrong; NULL */
	bool found;
};

static bool check_payment(void *data, const struct payment *payment)
{
	struct checking *checking = data;
	const struct paper *paper = checking->paper;
	checking->found = true;
	if (!slice_equal(paper->trace, payment->trace))
		checking->what = "TRN02 is not the payment's trace number";
	else if (paper->amount != payment->amount)
		checking->what = "BPR02 is not the payment's amount";
	else if (paper->count != payment->line_count)
		checking->what = "the 835 has not as many PLB pairs as the payment has lines";
	for (size_t i = 0; i < paper->count && i < payment->line_count; i++) {
		const struct payout_line *line = &payment->lines[i];
		const struct pair_read *pair = &paper->pairs[i];
		if (checking->what == NULL && (pair->amount != line->amount || !slice_is(pair->code, line->plb_code) ||
			!slice_equal(pair->reference, line->reference)))
			checking->what = "a PLB pair is not the payment's line";
		if (strcmp(line->plb_code, "FB") == 0 || strcmp(line->plb_code, "OB") == 0)
			continue;
		if (line->month == MONTHS_NONE || strcmp(line->plb_code, "E3") == 0) { /* a lump sum; held back, or released */
			checking->reconciler->extra_paired -= pair->amount;
			continue;
		}
		struct line *at = book_line(&checking->reconciler->book, payment->billing, line->month, line->stream, line->fund);
		if (at == NULL)
			return starved(checking->reconciler);
		at->paired -= pair->amount;
		checking->reconciler->paired -= pair->amount;
	}
	return true;
}

static bool reconcile_paper(struct reconciler *reconciler, const struct paper *paper)
{
	struct office *office = reconciler->office;
	struct checking checking = { .reconciler = reconciler, .paper = paper };
	struct billing_provider payee;
	char npi[11];
	bool known;
	cents pairs = 0, bank = bank_amount(reconciler, paper->trace);
	slice_copy(npi, sizeof(npi), paper->payee);
	for (size_t i = 0; i < paper->count; i++)
		pairs -= paper->pairs[i].amount;
	if (!store_billing_find(office->store, &reconciler->arena, &known, &payee, npi) || (known &&
			!store_payment_of(office->store, &reconciler->arena, reconciler->cycle.id, payee.id, check_payment, &checking)))
		return office->failure.text[0] != '\0' ? false : office_store_failed(office);
	bool transfer = slice_is(paper->method, "ACH");
	reconciler->paid += paper->amount;
	*(transfer ? &reconciler->transfers : &reconciler->checks) += paper->amount;
	if (!paper->readable)
		checking.what = "the 835 cannot be read";
	else if (!checking.found)
		checking.what = "no payment of the ledger belongs to this 835";
	else if (checking.what == NULL && pairs != paper->amount)
		checking.what = "the PLB pairs do not come to BPR02";
	else if (checking.what == NULL && transfer && bank != paper->amount && !bank_holds(office, &reconciler->cycle, &payee, paper->amount))
		bank = paper->amount; /* told apart by pccm bank: no entry can hold it */
	else if (checking.what == NULL && bank != (transfer ? paper->amount : 0))
		checking.what = transfer ? "the bank's file does not move it" : "the bank's file moves what is not paid by transfer";
	if (checking.what != NULL)
		payment_differs(reconciler, npi, paper, pairs, bank, checking.what);
	return true;
}

static bool reconcile_document(void *data, const char *kind, const char *name, struct slice bytes)
{
	struct reconciler *reconciler = data;
	struct paper paper;
	(void)kind;
	if (!slice_starts(slice_of(name), "835-"))
		return true;
	arena_reset(&reconciler->arena);
	reconciler->papers++;
	return paper_read(reconciler->office, &reconciler->arena, &paper, bytes) && reconcile_paper(reconciler, &paper);
}

static bool reconcile_cycle(void *data, const struct cycle_row *cycle)
{
	struct reconciler *reconciler = data;
	struct office *office = reconciler->office;
	struct slice bytes;
	bool found;
	uint64_t before = reconciler->papers;
	if (office->as_of != 0 && cycle->change > office->as_of)
		return true;
	arena_reset(&reconciler->cycle_arena);
	reconciler->cycle = *cycle;
	reconciler->entry_count = reconciler->entry_at = 0;
	if (!bank_find(office, &reconciler->cycle_arena, &found, &bytes, cycle) ||
		(found && !entries_read(office, &reconciler->cycle_arena, &reconciler->entries, &reconciler->entry_count, bytes)))
		return false;
	if (!store_documents(office->store, "remittance", cycle->id, reconcile_document, reconciler))
		return office->failure.text[0] != '\0' ? false : office_store_failed(office);
	reconciler->payments += cycle->payments;
	const struct paper none = { .amount = cycle->amount };
	if (reconciler->papers - before != cycle->payments)
		payment_differs(reconciler, "", &none, 0, 0, "the cycle has not as many 835s as payments");
	return true;
}

static bool owed_add(void *data, int64_t billing)
{
	struct reconciler *reconciler = data;
	struct carried_row *rows;
	size_t count;
	arena_reset(&reconciler->arena);
	if (!store_carried(reconciler->office->store, &reconciler->arena, &rows, &count, billing, reconciler->office->as_of))
		return office_store_failed(reconciler->office);
	for (size_t i = 0; i < count; i++)
		reconciler->owed += rows[i].amount;
	return true;
}

/* ---- telling ----------------------------------------------------------------------------------- */

static const char *line_why(const struct reconciler *reconciler, const struct line *line)
{
	const struct program *program = reconciler->office->program;
	months now = month_of(reconciler->office->now.day);
	if (line->posted != line->paired)
		return "what was posted was not sent so";
	if (closed_has(&reconciler->closed, line->billing) && line->due > line->posted)
		return "the payee is closed: nothing is added for it";
	if (line->month < program_oldest_open(program, now, line->due < line->posted))
		return "the month is behind the program's retro window";
	return "known since the last cycle: the next one corrects it";
}

static bool line_put(struct reconciler *reconciler, const struct line *line)
{
	struct sheet *sheet = &reconciler->sheet;
	struct billing_provider payee;
	bool agrees = line->due == line->posted && line->posted == line->paired;
	reconciler->differences += !agrees;
	if (agrees && sheet->format != SHEET_CSV)
		return true;
	arena_reset(&reconciler->arena);
	if (!store_billing_get(reconciler->office->store, &reconciler->arena, &payee, line->billing, 0))
		return office_store_failed(reconciler->office);
	sheet_cell(sheet, slice_of(payee.npi));
	sheet_cell(sheet, slice_of(line->stream));
	sheet_cell(sheet, slice_of(line->fund));
	sheet_cell_month(sheet, line->month);
	sheet_cell_count(sheet, (int64_t)line->member_months);
	sheet_cell_cents(sheet, line->due);
	sheet_cell_cents(sheet, line->posted);
	sheet_cell_cents(sheet, line->paired);
	sheet_cell(sheet, slice_of(agrees ? "" : line_why(reconciler, line)));
	return true;
}

static bool lines_put(struct reconciler *reconciler)
{
	static const struct sheet_column columns[] = {
		{ "npi", "payee", CELL_TEXT, 10 }, { "stream", "stream", CELL_TEXT, 10 }, { "fund", "fund", CELL_TEXT, 7 }, { "month", "month", CELL_TEXT, 7 },
		{ "member_months", "members", CELL_COUNT, 8 }, { "due", "due", CELL_CENTS, 14 }, { "posted", "posted", CELL_CENTS, 14 },
		{ "paired", "in 835s", CELL_CENTS, 14 }, { "why", "", CELL_TEXT, 0 },
	};
	struct book *book = &reconciler->book;
	size_t count = 0;
	for (size_t i = 0; i < book->size; i++)
		if (book->lines[i].billing != 0)
			book->lines[count++] = book->lines[i];
	if (count > 0)
		qsort(book->lines, count, sizeof(*book->lines), compare_line);
	sheet_table(&reconciler->sheet, "lines", "PAYEES, FUNDS AND MONTHS THAT DO NOT AGREE", columns, COUNT_OF(columns));
	for (size_t i = 0; i < count; i++)
		if (!line_put(reconciler, &book->lines[i]))
			return false;
	sheet_table_end(&reconciler->sheet);
	return true;
}

static bool payments_put(struct reconciler *reconciler)
{
	static const struct sheet_column columns[] = {
		{ "cycle", "cycle", CELL_TEXT, 10 }, { "npi", "payee", CELL_TEXT, 10 }, { "trace", "trace", CELL_TEXT, 12 }, { "bpr02", "BPR02", CELL_CENTS, 14 },
		{ "pairs", "PLB pairs", CELL_CENTS, 14 }, { "bank", "bank", CELL_CENTS, 14 }, { "why", "", CELL_TEXT, 0 },
	};
	struct office *office = reconciler->office;
	bool csv = reconciler->sheet.format == SHEET_CSV;
	if (!csv)
		sheet_table(&reconciler->sheet, "payments", "PAYMENTS THAT DO NOT AGREE", columns, COUNT_OF(columns));
	if (!store_cycles_each(office->store, reconcile_cycle, reconciler))
		return office->failure.text[0] != '\0' ? false : office_store_failed(office);
	if (!csv)
		sheet_table_end(&reconciler->sheet);
	return store_owing_each(office->store, owed_add, reconciler) || office_store_failed(office);
}

static void totals_put(struct reconciler *reconciler)
{
	struct sheet *sheet = &reconciler->sheet;
	bool closes = reconciler->posted + reconciler->extra == reconciler->paid - reconciler->owed &&
		reconciler->extra == reconciler->extra_paired;
	reconciler->differences += !closes;
	sheet_say(sheet, "");
	sheet_fact_count(sheet, "member_months", "member-months", reconciler->member_months);
	sheet_fact_cents(sheet, "due", "due for them", reconciler->due);
	sheet_fact_cents(sheet, "posted", "posted", reconciler->posted);
	sheet_fact_cents(sheet, "paired", "in 835s", reconciler->paired);
	sheet_fact_cents(sheet, "extra", "lump sums, withholds", reconciler->extra);
	sheet_fact_count(sheet, "payment_count", "payments", reconciler->payments);
	sheet_fact_cents(sheet, "transfers", "paid by transfer", reconciler->transfers);
	sheet_fact_cents(sheet, "checks", "paid by check", reconciler->checks);
	sheet_fact_cents(sheet, "owed", "still owed by payees", reconciler->owed);
	if (!closes)
		sheet_say(sheet, "what was posted is NOT what was paid less what is still owed");
	sheet_fact_count(sheet, "differences", "differences", reconciler->differences);
}

static bool newest_cycle(void *data, const struct cycle_row *cycle)
{
	struct reconciler *reconciler = data;
	int64_t as_of = reconciler->office->as_of;
	if ((as_of == 0 || cycle->change <= as_of) && (reconciler->newest == MONTHS_NONE || cycle->month > reconciler->newest))
		reconciler->newest = cycle->month;
	return true;
}

static bool reconcile_all(struct reconciler *reconciler)
{
	struct office *office = reconciler->office;
	if (!store_cycles_each(office->store, newest_cycle, reconciler))
		return office_store_failed(office);
	if (!closed_gather(office, &reconciler->sums_arena, &reconciler->closed, office->now.day))
		return false;
	bool done = pcps_remember(office) && (reconciler->newest == MONTHS_NONE || store_members_each(office->store, 0, due_member, reconciler));
	pcps_forget(office);
	if (!done)
		return office->failure.text[0] != '\0' ? false : office_store_failed(office);
	if (!store_payee_posted_sum(office->store, &reconciler->extra, office->as_of))
		return office_store_failed(office);
	return posted_gather(reconciler) && payments_put(reconciler) && lines_put(reconciler);
}

bool reconcile(struct office *office, struct buffer *out, enum sheet_format format, bool *agrees)
{
	struct reconciler reconciler = { .office = office, .newest = MONTHS_NONE };
	arena_init(&reconciler.arena, 0);
	arena_init(&reconciler.cycle_arena, 0);
	arena_init(&reconciler.sums_arena, 0);
	sheet_begin(&reconciler.sheet, out, format);
	bool done = reconcile_all(&reconciler);
	if (done) {
		totals_put(&reconciler);
		sheet_end(&reconciler.sheet);
	}
	*agrees = reconciler.differences == 0;
	if (done && out->failed)
		done = starved(&reconciler);
	free(reconciler.book.lines);
	arena_done(&reconciler.arena);
	arena_done(&reconciler.cycle_arena);
	arena_done(&reconciler.sums_arena);
	return done;
}
