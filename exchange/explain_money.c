/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * explain_money: the story of a payee, and of one control number: which remittance, which
 * pair, which member-months behind it, and which file, interchange and byte said last who
 * those members are.
 */
#include "exchange/cycle.h"

struct story {
	struct office *office;
	struct sheet sheet;
	struct arena arena;      /* all of it */
	struct arena row_arena;  /* one row */
	const struct payment *payment;
	struct cycle_row cycle;
	bool lines;              /* second walk: the pairs, not the payments */
	cents amount;
	uint64_t rows;
};

static bool told(struct story *story, bool done, struct buffer *out)
{
	sheet_end(&story->sheet);
	if (done && out->failed)
		done = failure_set(&story->office->failure, "could not explain: out of memory");
	arena_done(&story->arena);
	arena_done(&story->row_arena);
	return done;
}

/* ---- a payee -------------------------------------------------------------------- */

static void line_put(struct story *story, const struct payment *payment, const struct payout_line *line)
{
	struct sheet *sheet = &story->sheet;
	sheet_cell_day(sheet, payment->cycle_date);
	sheet_cell(sheet, slice_of(line->plb_code));
	sheet_cell(sheet, slice_of(line->fcn));
	sheet_cell_month(sheet, line->month);
	sheet_cell(sheet, slice_of(line->stream));
	sheet_cell(sheet, slice_of(line->fund));
	sheet_cell_count(sheet, (int64_t)line->member_months);
	sheet_cell_cents(sheet, -line->amount);
	sheet_cell(sheet, line->why == REASON_NONE ? SLICE_NONE : slice_of(reason_text(line->why)));
}

static bool payment_put(void *data, const struct payment *payment)
{
	struct story *story = data;
	struct sheet *sheet = &story->sheet;
	struct cycle_row cycle;
	if (story->lines) {
		for (size_t i = 0; i < payment->line_count; i++)
			line_put(story, payment, &payment->lines[i]);
		return true;
	}
	if (!store_cycle_get(story->office->store, &cycle, payment->cycle))
		return office_store_failed(story->office);
	sheet_cell_day(sheet, payment->cycle_date);
	sheet_cell_month(sheet, cycle.month);
	sheet_cell(sheet, payment->trace);
	sheet_cell_day(sheet, payment->effective_date);
	sheet_cell_cents(sheet, payment->amount);
	return true;
}

static bool payee_tables(struct story *story, int64_t billing)
{
	static const struct sheet_column payments[] = {
		{ "cycle", "cycle", CELL_TEXT, 10 }, { "month", "month", CELL_TEXT, 7 }, { "trace", "trace", CELL_TEXT, 12 },
		{ "effective", "effective", CELL_TEXT, 10 }, { "amount", "amount", CELL_CENTS, 14 },
	};
	static const struct sheet_column lines[] = {
		{ "cycle", "cycle", CELL_TEXT, 10 }, { "plb", "PLB", CELL_TEXT, 3 }, { "fcn", "number", CELL_TEXT, 9 }, { "month", "month", CELL_TEXT, 7 },
		{ "stream", "stream", CELL_TEXT, 10 }, { "fund", "fund", CELL_TEXT, 7 }, { "member_months", "members", CELL_COUNT, 8 },
		{ "amount", "pays", CELL_CENTS, 14 }, { "why", "", CELL_TEXT, 0 },
	};
	static const struct sheet_column owed[] = { { "fcn", "number", CELL_TEXT, 9 }, { "amount", "owed", CELL_CENTS, 14 } };
	struct store *store = story->office->store;
	struct carried_row *rows;
	size_t count;
	sheet_table(&story->sheet, "payments", "PAYMENTS", payments, COUNT_OF(payments));
	if (!store_payments_to(store, billing, 0, payment_put, story))
		return office_store_failed(story->office);
	sheet_table_end(&story->sheet);
	sheet_table(&story->sheet, "lines", "WHAT THEY ARE MADE OF (below zero: taken)", lines, COUNT_OF(lines));
	story->lines = true;
	if (!store_payments_to(store, billing, 0, payment_put, story) || !store_carried(store, &story->arena, &rows, &count, billing, 0))
		return office_store_failed(story->office);
	sheet_table_end(&story->sheet);
	sheet_table(&story->sheet, "owed", "STILL OWED", owed, COUNT_OF(owed));
	for (size_t i = 0; i < count; i++) {
		sheet_cell(&story->sheet, slice_of(rows[i].fcn));
		sheet_cell_cents(&story->sheet, rows[i].amount);
	}
	sheet_table_end(&story->sheet);
	return true;
}

bool explain_payee(struct office *office, struct buffer *out, const char *npi, enum sheet_format format, bool *found)
{
	struct story story = { .office = office };
	struct billing_provider payee;
	struct closed_list closed;
	arena_init(&story.arena, 0);
	arena_init(&story.row_arena, 0);
	bool done = store_billing_find(office->store, &story.arena, found, &payee, npi) || office_store_failed(office);
	if (!done || !*found) {
		arena_done(&story.arena);
		arena_done(&story.row_arena);
		return done;
	}
	done = closed_gather(office, &story.arena, &closed, office->now.day);
	sheet_begin(&story.sheet, out, format);
	sheet_fact(&story.sheet, "payee", "PAYEE", slice_of(payee.npi));
	sheet_fact(&story.sheet, "name", "name", payee.name);
	sheet_fact(&story.sheet, "medicaid_id", "Medicaid id", payee.medicaid_id);
	sheet_fact(&story.sheet, "tax_id", "tax id", payee.tax_id);
	sheet_fact(&story.sheet, "method", "is paid by", slice_is(payee.method, "ACH") ? SLICE("transfer") : SLICE("check"));
	if (done && closed_has(&closed, payee.id))
		sheet_fact(&story.sheet, "state", "state", SLICE("closed: nothing more is added for it"));
	done = done && payee_tables(&story, payee.id);
	return told(&story, done, out);
}

/* ---- a control number ---------------------------------------------------------------- */

/* Ids are cut unless values are asked for. */
static struct slice id_told(struct story *story, struct slice id)
{
	struct buffer text;
	if (story->office->show_values || id.len <= 4)
		return id;
	buffer_init(&text, 0);
	buffer_format(&text, "…%.*s", 4, id.ptr + id.len - 4);
	struct slice cut = arena_slice(&story->row_arena, buffer_view(&text));
	buffer_done(&text);
	return cut;
}

static bool posting_put(void *data, const struct posting *posting)
{
	struct story *story = data;
	struct store *store = story->office->store;
	struct sheet *sheet = &story->sheet;
	struct member member;
	struct pcp pcp;
	struct interchange_row row = { .id = 0 };
	arena_reset(&story->row_arena);
	if (!store_member_get(store, &story->row_arena, &member, posting->member, story->cycle.change) ||
		!store_pcp_get(store, &story->row_arena, &pcp, posting->pcp, story->cycle.change) ||
		(member.origin.interchange != 0 && !store_interchange_get(store, &story->row_arena, &row, member.origin.interchange)))
		return office_store_failed(story->office);
	sheet_cell(sheet, id_told(story, member.medicaid_id));
	sheet_cell_month(sheet, posting->month);
	sheet_cell(sheet, slice_of(pcp.npi));
	sheet_cell_cents(sheet, posting->amount);
	sheet_cell(sheet, slice_of(posting->reason == REASON_NONE ? "the fee" : reason_text(posting->reason)));
	sheet_cell(sheet, row.file);
	sheet_cell(sheet, row.control);
	sheet_cell_count(sheet, (int64_t)member.origin.offset);
	story->amount += posting->amount;
	story->rows++;
	return true;
}

static bool fcn_tables(struct story *story, const char *fcn)
{
	static const struct sheet_column lines[] = {
		{ "cycle", "cycle", CELL_TEXT, 10 }, { "plb", "PLB", CELL_TEXT, 3 }, { "fcn", "number", CELL_TEXT, 9 }, { "month", "month", CELL_TEXT, 7 },
		{ "stream", "stream", CELL_TEXT, 10 }, { "fund", "fund", CELL_TEXT, 7 }, { "member_months", "members", CELL_COUNT, 8 },
		{ "amount", "pays", CELL_CENTS, 14 }, { "why", "", CELL_TEXT, 0 },
	};
	static const struct sheet_column postings[] = {
		{ "member", "member", CELL_TEXT, 10 }, { "month", "month", CELL_TEXT, 7 }, { "pcp", "PCP", CELL_TEXT, 10 }, { "amount", "amount", CELL_CENTS, 10 },
		{ "why", "why", CELL_TEXT, 44 }, { "file", "file that said last who it is", CELL_TEXT, 30 }, { "interchange", "interchange", CELL_TEXT, 11 },
		{ "byte", "byte", CELL_COUNT, 8 },
	};
	struct store *store = story->office->store;
	const struct payment *payment = story->payment;
	sheet_table(&story->sheet, "lines", "IN THE 835", lines, COUNT_OF(lines));
	for (size_t i = 0; i < payment->line_count; i++)
		if (strcmp(payment->lines[i].fcn, fcn) == 0)
			line_put(story, payment, &payment->lines[i]);
	sheet_table_end(&story->sheet);
	sheet_table(&story->sheet, "postings", "MEMBER-MONTHS BEHIND IT", postings, COUNT_OF(postings));
	if (!store_postings_under(store, payment->cycle, payment->billing, fcn, posting_put, story))
		return office_store_failed(story->office);
	sheet_table_end(&story->sheet);
	sheet_say(&story->sheet, "");
	sheet_fact_count(&story->sheet, "posting_count", "postings", story->rows);
	sheet_fact_cents(&story->sheet, "amount", "they come to", story->amount);
	return true;
}

bool explain_fcn(struct office *office, struct buffer *out, const char *fcn, enum sheet_format format, bool *found)
{
	struct story story = { .office = office };
	struct payment payment;
	struct billing_provider payee;
	arena_init(&story.arena, 0);
	arena_init(&story.row_arena, 0);
	bool done = store_payment_by_fcn(office->store, &story.arena, found, &payment, fcn);
	if (done && *found)
		done = store_cycle_get(office->store, &story.cycle, payment.cycle) &&
			store_billing_get(office->store, &story.arena, &payee, payment.billing, story.cycle.change);
	if (!done || !*found) {
		arena_done(&story.arena);
		arena_done(&story.row_arena);
		return done || office_store_failed(office);
	}
	story.payment = &payment;
	sheet_begin(&story.sheet, out, format);
	sheet_fact(&story.sheet, "fcn", "CONTROL NUMBER", slice_of(fcn));
	sheet_fact(&story.sheet, "payee", "payee", slice_of(payee.npi));
	sheet_fact(&story.sheet, "name", "name", payee.name);
	sheet_fact_day(&story.sheet, "cycle", "remittance", payment.cycle_date);
	sheet_fact_month(&story.sheet, "month", "which paid month", story.cycle.month);
	sheet_fact(&story.sheet, "trace", "trace", payment.trace);
	sheet_fact_day(&story.sheet, "effective", "moved on", payment.effective_date);
	done = fcn_tables(&story, fcn);
	return told(&story, done, out);
}
