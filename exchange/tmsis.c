/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * tmsis: the capitation payments of a cycle, one posting a row, in the shape of the
 * T-MSIS segment for individual capitation payments (domain reference 8, downstream).
 *
 * What is taken back or added later names the FCN under which the member-month was first
 * paid; sums over the rows are the sums of the ledger.
 */
#include "exchange/cycle.h"

#define CHUNK 65536 /* bytes of rows that are put away at a time */

static const struct sheet_column columns[] = {
	{ "RECORD_ID", "", CELL_TEXT, 0 }, { "SUBMITTING_STATE", "", CELL_TEXT, 0 }, { "RECORD_NUMBER", "", CELL_COUNT, 0 },
	{ "ICN_ORIG", "", CELL_TEXT, 0 }, { "ICN_ADJ", "", CELL_TEXT, 0 }, { "ADJUSTMENT_IND", "", CELL_TEXT, 0 },
	{ "PAYMENT_OR_RECOUPMENT_DATE", "", CELL_TEXT, 0 }, { "PAYMENT_OR_RECOUPMENT_AMOUNT", "", CELL_CENTS, 0 },
	{ "CHECK_EFF_DATE", "", CELL_TEXT, 0 }, { "CHECK_NUM", "", CELL_TEXT, 0 }, { "PAYER_ID", "", CELL_TEXT, 0 },
	{ "PAYEE_ID", "", CELL_TEXT, 0 }, { "PAYEE_ID_TYPE", "", CELL_TEXT, 0 }, { "PAYEE_TAX_ID", "", CELL_TEXT, 0 },
	{ "MSIS_IDENTIFICATION_NUM", "", CELL_TEXT, 0 }, { "CAPITATION_PERIOD_START_DATE", "", CELL_TEXT, 0 },
	{ "CAPITATION_PERIOD_END_DATE", "", CELL_TEXT, 0 }, { "PCP_NPI", "", CELL_TEXT, 0 }, { "FUND", "", CELL_TEXT, 0 },
	{ "STREAM", "", CELL_TEXT, 0 }, { "REASON", "", CELL_TEXT, 0 },
};

struct extract {
	struct office *office;
	struct cycle_row cycle;
	struct sheet sheet;
	struct buffer out;
	struct pile *pile;
	struct arena arena;       /* one row */
	struct arena payee_arena; /* the payee of the rows at hand */
	struct billing_provider payee;
	days effective;
	struct slice trace;
	uint64_t rows;
	const struct posting *posting;
	char first_fcn[16];       /* under which the posting's member-month was first paid */
};

static bool keep_payment(void *data, const struct payment *payment)
{
	struct extract *extract = data;
	extract->effective = payment->effective_date;
	extract->trace = arena_slice(&extract->payee_arena, payment->trace);
	return extract->trace.ptr != NULL || failure_set(&extract->office->failure, "could not extract a cycle: out of memory");
}

static bool payee_find(struct extract *extract, int64_t billing)
{
	struct office *office = extract->office;
	if (extract->payee.id == billing)
		return true;
	arena_reset(&extract->payee_arena);
	return (store_billing_get(office->store, &extract->payee_arena, &extract->payee, billing, extract->cycle.change) &&
		store_payment_of(office->store, &extract->payee_arena, extract->cycle.id, billing, keep_payment, extract)) ||
		office_store_failed(office);
}

static bool first_posting(void *data, const struct posting *posting)
{
	struct extract *extract = data;
	const struct posting *of = extract->posting;
	if (extract->first_fcn[0] == '\0' && posting->month == of->month && strcmp(posting->stream, of->stream) == 0 && posting->id < of->id)
		memcpy(extract->first_fcn, posting->fcn, sizeof(extract->first_fcn));
	return true;
}

/* 0 original, 1 void, 4 replacement */
static const char *adjustment(const struct extract *extract, const struct posting *posting)
{
	if (posting->kind != POSTING_RETRO || extract->first_fcn[0] == '\0')
		return "0";
	return posting->reason == REASON_RATE_CHANGE ? "4" : posting->amount < 0 ? "1" : "0";
}

static void day_put(struct sheet *sheet, days day)
{
	struct buffer text;
	buffer_init(&text, 16);
	days_put8(&text, day);
	sheet_cell(sheet, buffer_view(&text));
	buffer_done(&text);
}

static bool posting_put(void *data, const struct posting *posting)
{
	struct extract *extract = data;
	struct office *office = extract->office;
	struct sheet *sheet = &extract->sheet;
	const struct payer *payer = program_payer(office->program);
	struct member member;
	struct pcp pcp;
	arena_reset(&extract->arena);
	if (!payee_find(extract, posting->billing))
		return false;
	extract->posting = posting;
	extract->first_fcn[0] = '\0';
	if (!store_member_get(office->store, &extract->arena, &member, posting->member, extract->cycle.change) ||
		!store_pcp_get(office->store, &extract->arena, &pcp, posting->pcp, extract->cycle.change) ||
		(posting->kind == POSTING_RETRO && !store_postings_of(office->store, posting->member, first_posting, extract)))
		return office_store_failed(office);
	bool again = extract->first_fcn[0] != '\0';
	sheet_cell(sheet, SLICE("FTX00002"));
	sheet_cell(sheet, payer->state);
	sheet_cell_count(sheet, (int64_t)++extract->rows);
	sheet_cell(sheet, slice_of(again ? extract->first_fcn : posting->fcn));
	sheet_cell(sheet, again ? slice_of(posting->fcn) : SLICE_NONE);
	sheet_cell(sheet, slice_of(adjustment(extract, posting)));
	day_put(sheet, extract->cycle.day);
	sheet_cell_cents(sheet, posting->amount);
	day_put(sheet, extract->effective);
	sheet_cell(sheet, extract->trace);
	sheet_cell(sheet, payer->id);
	sheet_cell(sheet, slice_of(extract->payee.npi));
	sheet_cell(sheet, SLICE("NPI"));
	sheet_cell(sheet, extract->payee.tax_id);
	sheet_cell(sheet, member.medicaid_id);
	day_put(sheet, month_first(posting->month));
	day_put(sheet, month_last(posting->month));
	sheet_cell(sheet, slice_of(pcp.npi));
	sheet_cell(sheet, slice_of(posting->fund));
	sheet_cell(sheet, slice_of(posting->stream));
	sheet_cell(sheet, posting->reason == REASON_NONE ? SLICE_NONE : slice_of(reason_code(posting->reason)));
	if (extract->out.len >= CHUNK && !extract->out.failed) {
		pile_put(extract->pile, buffer_view(&extract->out));
		buffer_reset(&extract->out);
	}
	return true;
}

bool tmsis_cycle(struct office *office, struct pile *pile, months month, days cycle_day, uint64_t *rows)
{
	struct extract extract = { .office = office, .pile = pile };
	if (!cycle_released(office, &extract.cycle, month, cycle_day))
		return false;
	arena_init(&extract.arena, 0);
	arena_init(&extract.payee_arena, 0);
	buffer_init(&extract.out, 0);
	sheet_begin(&extract.sheet, &extract.out, SHEET_CSV);
	sheet_table(&extract.sheet, "postings", "", columns, COUNT_OF(columns));
	bool done = store_postings_in(office->store, extract.cycle.id, posting_put, &extract) || office_store_failed(office);
	if (done) {
		sheet_table_end(&extract.sheet);
		sheet_end(&extract.sheet);
		pile_put(pile, buffer_view(&extract.out));
		done = extract.out.failed ? failure_set(&office->failure, "could not extract a cycle: out of memory") :
			pile_fine(pile, "an extract", &office->failure);
	}
	*rows = extract.rows;
	buffer_done(&extract.out);
	arena_done(&extract.arena);
	arena_done(&extract.payee_arena);
	return done;
}
