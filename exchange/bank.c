/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * bank: what a released cycle moves: the credits in a file for the bank, the rest told
 * apart (OPR-40, BAD-9).
 *
 * The file is kept with the cycle's documents and is the same whenever it is asked for: it
 * is made of the payments and of the payees as they were known to the cycle.
 */
#include "exchange/cycle.h"

static const char kind[] = "bank";

struct banking {
	struct office *office;
	struct cycle_row cycle;
	struct arena arena;
	struct bank_entry *entries;
	size_t count, size;
	days effective;
	struct sheet *sheet;      /* NULL: nothing is told */
	cents credits, apart;
	uint64_t apart_count;
};

static bool starved(struct office *office)
{
	return failure_set(&office->failure, "could not make the bank's file: out of memory");
}

static bool entry_add(struct banking *banking, const struct bank_entry *entry)
{
	if (banking->count == banking->size) {
		size_t size = banking->size == 0 ? 64 : 2 * banking->size;
		struct bank_entry *items = arena_alloc(&banking->arena, size * sizeof(*items));
		if (items == NULL)
			return starved(banking->office);
		if (banking->count > 0)
			memcpy(items, banking->entries, banking->count * sizeof(*items));
		banking->entries = items;
		banking->size = size;
	}
	banking->entries[banking->count++] = *entry;
	return true;
}

static void payment_tell(struct banking *banking, const struct billing_provider *payee, const struct payment *payment, const char *how, const char *why)
{
	struct sheet *sheet = banking->sheet;
	if (sheet == NULL)
		return;
	sheet_cell(sheet, slice_of(payee->npi));
	sheet_cell(sheet, payee->name);
	sheet_cell(sheet, slice_of(how));
	sheet_cell(sheet, payment->trace);
	sheet_cell_day(sheet, payment->effective_date);
	sheet_cell_cents(sheet, payment->amount);
	sheet_cell(sheet, slice_of(why));
}

bool bank_holds(struct office *office, const struct cycle_row *cycle, const struct billing_provider *payee, cents amount)
{
	struct arena arena;
	struct billing_provider then;
	const char *why;
	arena_init(&arena, 0);
	bool holds = store_billing_get(office->store, &arena, &then, payee->id, cycle->change) &&
		bank_fits(&why, &(struct bank_entry){ .routing = then.routing, .account = then.account, .amount = amount });
	arena_done(&arena);
	return holds;
}

static bool bank_payment(void *data, const struct payment *payment)
{
	struct banking *banking = data;
	struct billing_provider payee;
	struct bank_entry entry = { .amount = payment->amount };
	const char *why = "";
	if (payment->amount == 0) /* BPR04 NON: nothing is moved */
		return true;
	if (!store_billing_get(banking->office->store, &banking->arena, &payee, payment->billing, banking->cycle.change))
		return office_store_failed(banking->office);
	entry.trace = arena_slice(&banking->arena, payment->trace);
	entry.routing = payee.routing;
	entry.account = payee.account;
	entry.savings = slice_is(payee.account_kind, "SG");
	entry.name = payee.name;
	(void)slice_number(&entry.number, payment->trace);
	if (entry.trace.ptr == NULL)
		return starved(banking->office);
	bool transfer = slice_is(payee.method, "ACH");
	if (transfer && bank_fits(&why, &entry)) {
		banking->credits += payment->amount;
		banking->effective = payment->effective_date;
		payment_tell(banking, &payee, payment, "transfer", "");
		return entry_add(banking, &entry);
	}
	banking->apart += payment->amount;
	banking->apart_count++;
	payment_tell(banking, &payee, payment, transfer ? "apart" : "check", why);
	return true;
}

static bool banking_gather(struct banking *banking)
{
	struct arena payments;
	arena_init(&payments, 0);
	bool done = store_payments(banking->office->store, &payments, banking->cycle.id, bank_payment, banking) ||
		office_store_failed(banking->office);
	arena_done(&payments);
	return done;
}

static void name_print(char out[32], days day)
{
	int year, month, dom;
	days_to_civil(day, &year, &month, &dom);
	snprintf(out, 32, "bank-%04d%02d%02d.ach", year, month, dom);
}

static bool file_make_and_keep(struct banking *banking)
{
	char name[32];
	struct buffer out;
	if (banking->count == 0)
		return true;
	name_print(name, banking->cycle.day);
	buffer_init(&out, 0);
	bank_put(&out, program_payer(banking->office->program), banking->entries, banking->count, banking->cycle.day, banking->effective);
	bool done = out.failed ? starved(banking->office) : store_document_put(banking->office->store, kind, banking->cycle.id, name, buffer_view(&out)) ||
		office_store_failed(banking->office);
	buffer_done(&out);
	return done;
}

bool bank_keep(struct office *office, const struct cycle_row *cycle)
{
	struct banking banking = { .office = office, .cycle = *cycle };
	arena_init(&banking.arena, 0);
	bool done = banking_gather(&banking) && file_make_and_keep(&banking);
	arena_done(&banking.arena);
	return done;
}

bool bank_find(struct office *office, struct arena *arena, bool *found, struct slice *bytes, const struct cycle_row *cycle)
{
	char name[32];
	name_print(name, cycle->day);
	return store_document_find(office->store, arena, found, bytes, kind, cycle->id, name) || office_store_failed(office);
}

/* Released before such files were made: it is made now. */
static bool keep_late(struct banking *banking)
{
	struct office *office = banking->office;
	struct slice bytes;
	bool found;
	if (!bank_find(office, &banking->arena, &found, &bytes, &banking->cycle))
		return false;
	if (found || banking->count == 0)
		return true;
	if (!store_begin(office->store))
		return office_store_failed(office);
	bool done = file_make_and_keep(banking) && (store_commit(office->store) || office_store_failed(office));
	if (!done)
		store_rollback(office->store);
	return done;
}

static bool file_write(struct banking *banking, const char *folder)
{
	struct office *office = banking->office;
	char name[32];
	struct slice bytes;
	bool found;
	if (folder == NULL || banking->count == 0)
		return true;
	name_print(name, banking->cycle.day);
	return folder_make(folder, &office->failure) && bank_find(office, &banking->arena, &found, &bytes, &banking->cycle) &&
		found && office_write(office, folder, name, bytes);
}

bool cycle_released(struct office *office, struct cycle_row *cycle, months month, days day)
{
	bool found;
	if (!(day == DAYS_NONE ? store_cycle_of_month(office->store, &found, cycle, month) : store_cycle_find(office->store, &found, cycle, day)))
		return office_store_failed(office);
	return (found && (month == MONTHS_NONE || cycle->month == month)) ||
		office_misused(office, "no such cycle was released: pccm cycle list tells which there are");
}

bool bank_cycle(struct office *office, struct buffer *out, months month, days cycle_day, const char *folder, enum sheet_format format)
{
	static const struct sheet_column columns[] = {
		{ "npi", "payee", CELL_TEXT, 10 }, { "name", "name", CELL_TEXT, 34 }, { "how", "how", CELL_TEXT, 8 }, { "trace", "trace", CELL_TEXT, 12 },
		{ "effective", "effective", CELL_TEXT, 10 }, { "amount", "amount", CELL_CENTS, 14 }, { "why", "", CELL_TEXT, 0 },
	};
	struct sheet sheet;
	struct banking banking = { .office = office, .sheet = &sheet };
	char name[32];
	arena_init(&banking.arena, 0);
	bool done = cycle_released(office, &banking.cycle, month, cycle_day);
	if (done) {
		name_print(name, banking.cycle.day);
		sheet_begin(&sheet, out, format);
		sheet_fact_day(&sheet, "cycle", "CYCLE", banking.cycle.day);
		sheet_table(&sheet, "payments", "PAYMENTS", columns, COUNT_OF(columns));
		done = banking_gather(&banking);
	}
	if (done) {
		sheet_table_end(&sheet);
		sheet_say(&sheet, "");
		sheet_fact(&sheet, "file", "file for the bank", banking.count > 0 ? slice_of(name) : SLICE_NONE);
		sheet_fact_count(&sheet, "entries", "credits in it", banking.count);
		sheet_fact_cents(&sheet, "credits", "they come to", banking.credits);
		sheet_fact_count(&sheet, "apart", "paid apart", banking.apart_count);
		sheet_fact_cents(&sheet, "apart_amount", "they come to", banking.apart);
		sheet_end(&sheet);
		done = keep_late(&banking) && file_write(&banking, folder);
	}
	if (done && out->failed)
		done = starved(office);
	arena_done(&banking.arena);
	return done;
}
