/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * store, the money: frozen rosters, FCNs, cycles, postings, payments, carried balances,
 * and that store_verify finds what does not agree.
 */
#include "stores.h"

#define JANUARY (2010 * 12)
#define CYCLE_DAY 14644 /* 2010-02-04 */

static int64_t pcp_id, billing_ids[2], member_ids[3], change_id;

static void add_providers(struct store *store)
{
	bool changed;
	struct pcp pcp = { .npi = "1234567893", .last = SLICE("DOE"), .medicaid_begin = 1, .medicaid_end = DAYS_OPEN };
	struct billing_provider billing[2] = { { .npi = "1245319599", .name = SLICE("GROUP") }, { .npi = "1000000004" } };
	CU_ASSERT_FATAL(store_pcp_save(store, &pcp_id, &changed, &pcp));
	for (size_t i = 0; i < 2; i++)
		CU_ASSERT_FATAL(store_billing_save(store, &billing_ids[i], &changed, &billing[i]));
}

static void add_members(struct store *store)
{
	static const char *const ids[] = { "100", "200", "300" };
	for (size_t i = 0; i < 3; i++) {
		struct member member = { .medicaid_id = slice_of(ids[i]), .last = SLICE("ROE"), .died = DAYS_NONE };
		CU_ASSERT_FATAL(store_member_save(store, &member_ids[i], NULL, &member, (struct origin){ 0, 0 }));
	}
}

/* A store with three members, a PCP and two billing providers; a transaction is open. */
static struct store *fresh(void)
{
	struct store *store = stores_fresh();
	CU_ASSERT_FATAL(store_begin(store));
	CU_ASSERT_FATAL(store_change(store, &change_id, CHANGE_ROSTER, 14610, ""));
	add_providers(store);
	add_members(store);
	return store;
}

/* ---------------------------------------------------------------- a month */

static void roster(struct store *store, size_t member, size_t billing, const char *fund)
{
	struct roster_row row = { .line = { .member = member_ids[member], .month = JANUARY, .stream = "fee", .pcp = pcp_id,
				  .practice = billing_ids[billing], .billing = billing_ids[billing], .amount = 750 },
				  .patient = true };
	slice_copy(row.line.fund, sizeof(row.line.fund), slice_of(fund));
	CU_ASSERT_FATAL(store_fcn(store, row.fcn, &(struct fcn_key){ CYCLE_DAY, row.line.billing, POSTING_FEE, JANUARY, "fee", fund, 1 }));
	CU_ASSERT_FATAL(store_roster_add(store, &row));
}

static void freeze(struct store *store)
{
	struct frozen_month frozen = { .month = JANUARY, .made = 14610, .change = change_id, .cycle_day = CYCLE_DAY };
	CU_ASSERT_FATAL(store_frozen_add(store, &frozen));
	roster(store, 2, 0, "F1");
	roster(store, 0, 1, "F1");
	roster(store, 1, 0, "F2");
	CU_ASSERT_FATAL(store_frozen_total(store, JANUARY, 3, 2250));
}

struct payee {
	struct store *store;
	int64_t cycle, billing;
	struct payout_line lines[8];
	size_t count;
};

static bool post_line(void *data, const struct roster_row *row)
{
	struct payee *payee = data;
	struct posting posting = { .member = row->line.member, .month = row->line.month, .pcp = row->line.pcp,
				   .billing = row->line.billing, .amount = row->line.amount, .kind = POSTING_FEE,
				   .cycle = payee->cycle };
	slice_copy(posting.stream, sizeof(posting.stream), slice_of(row->line.stream));
	slice_copy(posting.fund, sizeof(posting.fund), slice_of(row->line.fund));
	slice_copy(posting.fcn, sizeof(posting.fcn), slice_of(row->fcn));
	return store_posting_add(payee->store, &posting);
}

static bool line_of_total(void *data, const struct posting_total *total)
{
	struct payee *payee = data;
	if (total->billing != payee->billing)
		return true;
	struct payout_line *line = &payee->lines[payee->count++];
	*line = (struct payout_line){ .plb_code = "CT", .reason = "8391", .month = total->month, .amount = -total->amount,
				      .member_months = total->member_months, .why = total->why, .reference = SLICE("ref") };
	slice_copy(line->fund, sizeof(line->fund), slice_of(total->fund));
	slice_copy(line->fcn, sizeof(line->fcn), slice_of(total->fcn));
	return true;
}

static int64_t pay(struct store *store, int64_t cycle, int64_t billing, struct payout_line *lines, size_t count)
{
	int64_t id = 0;
	struct payment payment = { .billing = billing, .cycle = cycle, .cycle_date = CYCLE_DAY, .effective_date = CYCLE_DAY + 1,
				   .trace = SLICE("T1"), .lines = lines, .line_count = count, .control = 7 };
	for (size_t i = 0; i < count; i++)
		payment.amount -= lines[i].amount;
	CU_ASSERT_FATAL(store_payment_add(store, &id, &payment));
	return id;
}

/* January is frozen, posted and paid; gives the cycle. */
static int64_t pay_january(struct store *store)
{
	int64_t id = 0;
	struct cycle_row cycle = { .day = CYCLE_DAY, .month = JANUARY, .change = change_id };
	freeze(store);
	CU_ASSERT_FATAL(store_cycle_add(store, &id, &cycle));
	struct payee payee = { .store = store, .cycle = id };
	CU_ASSERT_FATAL(store_roster_each(store, JANUARY, 0, post_line, &payee));
	for (size_t i = 0; i < 2; i++) {
		payee.billing = billing_ids[i];
		payee.count = 0;
		CU_ASSERT_FATAL(store_cycle_sums(store, id, line_of_total, &payee));
		pay(store, id, payee.billing, payee.lines, payee.count);
	}
	CU_ASSERT_FATAL(store_cycle_total(store, id, 2, 2250));
	return id;
}

/* ---------------------------------------------------------------- rosters and FCNs */

static bool see_row(void *data, const struct roster_row *row)
{
	char *text = data;
	size_t used = strlen(text);
	snprintf(text + used, 128 - used, "%d/%d/%s/%s ", (int)row->line.billing, (int)row->line.member, row->line.fund, row->fcn);
	return true;
}

static void test_roster(void)
{
	struct store *store = fresh();
	struct frozen_month frozen;
	char text[128] = "";
	bool found = true;
	CU_ASSERT(store_frozen_find(store, &found, &frozen, JANUARY) && !found);
	freeze(store);
	CU_ASSERT(store_frozen_find(store, &found, &frozen, JANUARY) && found);
	CU_ASSERT(frozen.members == 3 && frozen.amount == 2250 && frozen.cycle_day == CYCLE_DAY && frozen.change == change_id);
	CU_ASSERT(store_roster_each(store, JANUARY, 0, see_row, text));
	CU_ASSERT_STRING_EQUAL(text, "1/2/F2/100350003 1/3/F1/100350001 2/1/F1/100350002 ");
	text[0] = '\0';
	CU_ASSERT(store_roster_each(store, JANUARY, billing_ids[1], see_row, text));
	CU_ASSERT_STRING_EQUAL(text, "2/1/F1/100350002 ");
	CU_ASSERT(store_mark(store));
	CU_ASSERT(stores_refused(store, store_frozen_add(store, &frozen))); /* once */
	CU_ASSERT_FALSE(store_frozen_total(store, JANUARY + 1, 0, 0));
	CU_ASSERT(store_undo(store));
	CU_ASSERT(store_commit(store));
	stores_gone(store);
}

static void test_fcn(void)
{
	struct store *store = fresh();
	char one[16], two[16], back[16], again[16];
	uint64_t number = 0;
	CU_ASSERT(store_fcn(store, one, &(struct fcn_key){ CYCLE_DAY, 1, POSTING_RETRO, JANUARY, "fee", "F1", 1 }));
	CU_ASSERT(store_fcn(store, back, &(struct fcn_key){ CYCLE_DAY, 1, POSTING_RETRO, JANUARY, "fee", "F1", -1 }));
	CU_ASSERT(store_fcn(store, two, &(struct fcn_key){ CYCLE_DAY, 1, POSTING_RETRO, JANUARY, "fee", "F2", 1 }));
	CU_ASSERT(store_fcn(store, again, &(struct fcn_key){ CYCLE_DAY, 1, POSTING_RETRO, JANUARY, "fee", "F1", 1 }));
	CU_ASSERT_STRING_EQUAL(one, "100350001");
	CU_ASSERT_STRING_EQUAL(back, "100350002");
	CU_ASSERT_STRING_EQUAL(two, "100350003");
	CU_ASSERT_STRING_EQUAL(again, one);
	CU_ASSERT(store_next(store, &number, "fcn") && number == 4); /* one sequence for all */
	CU_ASSERT(store_commit(store));
	stores_gone(store);
}

/* ---------------------------------------------------------------- cycles and postings */

static bool see_posting(void *data, const struct posting *posting)
{
	cents *sum = data;
	*sum += posting->amount;
	return posting->id > 0 && posting->kind != POSTING_NONE;
}

static bool see_payment(void *data, const struct payment *payment)
{
	char *text = data;
	size_t used = strlen(text);
	snprintf(text + used, 128 - used, "%d:%d:%d ", (int)payment->billing, (int)payment->amount, (int)payment->line_count);
	return true;
}

static void test_month(void)
{
	struct store *store = fresh();
	struct failure failure = { 0 };
	struct cycle_row cycle;
	struct member_month *net;
	struct payment payment;
	size_t count = 0;
	bool found = false;
	char text[128] = "";
	CU_ASSERT(store_cycle_newest(store, &found, &cycle) && !found);
	int64_t id = pay_january(store);
	CU_ASSERT(store_commit(store));
	CU_ASSERT(store_cycle_find(store, &found, &cycle, CYCLE_DAY) && found && cycle.id == id && cycle.payments == 2);
	CU_ASSERT(store_cycle_of_month(store, &found, &cycle, JANUARY) && found && cycle.amount == 2250);
	CU_ASSERT(store_cycle_of_month(store, &found, &cycle, JANUARY + 1) && !found);
	CU_ASSERT(store_cycle_newest(store, &found, &cycle) && found && cycle.month == JANUARY);
	CU_ASSERT_FALSE(store_cycle_total(store, 99, 0, 0));
	CU_ASSERT(store_payments(store, &arena, id, see_payment, text));
	CU_ASSERT_STRING_EQUAL(text, "1:1500:2 2:750:1 ");
	CU_ASSERT(store_payment_by_fcn(store, &arena, &found, &payment, "100350003") && found);
	CU_ASSERT(payment.billing == billing_ids[0] && payment.control == 7 && slice_is(payment.trace, "T1") &&
		  payment.effective_date == CYCLE_DAY + 1);
	CU_ASSERT(payment.line_count == 2 && strcmp(payment.lines[1].fund, "F2") == 0 && payment.lines[1].amount == -750 &&
		  slice_is(payment.lines[1].reference, "ref") && payment.lines[1].member_months == 1);
	CU_ASSERT(store_payment_by_fcn(store, &arena, &found, &payment, "none") && !found);
	CU_ASSERT(store_posted_net(store, &arena, &net, &count, member_ids[0], JANUARY, JANUARY, 0));
	CU_ASSERT(count == 1 && net[0].amount == 750 && net[0].billing == billing_ids[1] && strcmp(net[0].fund, "F1") == 0);
	CU_ASSERT(store_posted_net(store, &arena, &net, &count, member_ids[0], JANUARY + 1, JANUARY + 9, 0) && count == 0);
	CU_ASSERT(store_verify(store, &failure));
	CU_ASSERT_STRING_EQUAL(failure.text, "");
	stores_gone(store);
}

static bool see_total(void *data, const struct posting_total *total)
{
	char *text = data;
	size_t used = strlen(text);
	snprintf(text + used, 256 - used, "%d %d %d %s %d %d %s|", (int)total->billing, (int)total->kind, total->month - JANUARY,
		 total->fund, (int)total->amount, (int)total->member_months,
		 total->why == REASON_NONE ? "" : reason_code(total->why));
	return true;
}

static void test_retro_sums(void)
{
	struct store *store = fresh();
	struct posting posting = { .month = JANUARY, .stream = "fee", .pcp = pcp_id, .billing = billing_ids[0], .fund = "F1", .amount = -750,
				   .kind = POSTING_RETRO, .reason = REASON_DEATH, .fcn = "x" };
	struct cycle_row cycle = { .day = CYCLE_DAY + 28, .month = JANUARY + 1, .change = change_id };
	struct member_month *net;
	size_t count;
	cents sum = 0;
	char text[256] = "";
	pay_january(store);
	CU_ASSERT_FATAL(store_cycle_add(store, &posting.cycle, &cycle));
	posting.member = member_ids[2];
	CU_ASSERT(store_posting_add(store, &posting));
	posting.member = member_ids[1];
	slice_copy(posting.fund, sizeof(posting.fund), SLICE("F2"));
	CU_ASSERT(store_posting_add(store, &posting));
	posting.member = member_ids[0];
	posting.reason = REASON_RETRO_TERM;
	CU_ASSERT(store_posting_add(store, &posting));
	CU_ASSERT(store_cycle_sums(store, posting.cycle, see_total, text));
	CU_ASSERT_STRING_EQUAL(text, "1 2 0 F1 -750 1 DEATH|1 2 0 F2 -1500 2 |");
	CU_ASSERT(store_posted_net(store, &arena, &net, &count, member_ids[2], JANUARY, JANUARY, 0) && count == 0);
	CU_ASSERT(store_postings_of(store, member_ids[2], see_posting, &sum) && sum == 0);
	CU_ASSERT(store_commit(store));
	stores_gone(store);
}

static void test_append_only(void)
{
	struct store *store = fresh();
	struct failure failure = { 0 };
	int64_t id = pay_january(store);
	struct payout_line line = { .plb_code = "CT", .fcn = "y", .amount = -1 };
	struct payment second = { .billing = billing_ids[0], .cycle = id, .lines = &line, .line_count = 1, .amount = 1 };
	CU_ASSERT(store_mark(store));
	CU_ASSERT(stores_refused(store, store_payment_add(store, &id, &second)));
	CU_ASSERT(store_undo(store));
	CU_ASSERT(store_commit(store));
	CU_ASSERT_FALSE(stores_execute("UPDATE posting SET amount = 0"));
	CU_ASSERT_FALSE(stores_execute("DELETE FROM posting"));
	CU_ASSERT_FALSE(stores_execute("UPDATE payment SET amount = 0"));
	CU_ASSERT_FALSE(stores_execute("DELETE FROM payment"));
	CU_ASSERT_FALSE(stores_execute("UPDATE payment_line SET amount = 1"));
	CU_ASSERT_FALSE(stores_execute("DELETE FROM payment_line"));
	CU_ASSERT_FALSE(stores_execute("REPLACE INTO posting SELECT * FROM posting"));
	CU_ASSERT(store_verify(store, &failure));
	stores_gone(store);
}

/* ---------------------------------------------------------------- carried balances */

static struct payout_line carry_line(const char *fcn, cents amount)
{
	struct payout_line line = { .plb_code = "FB", .month = MONTHS_NONE, .amount = amount };
	slice_copy(line.fcn, sizeof(line.fcn), slice_of(fcn));
	return line;
}

static int64_t next_cycle(struct store *store, int number)
{
	int64_t id = 0;
	struct cycle_row cycle = { .day = CYCLE_DAY + 28 * number, .month = JANUARY + number, .change = change_id };
	CU_ASSERT_FATAL(store_cycle_add(store, &id, &cycle));
	return id;
}

static void post(struct store *store, int64_t cycle, size_t billing, cents amount)
{
	struct posting posting = { .member = member_ids[0], .month = JANUARY, .stream = "fee", .pcp = pcp_id, .billing = billing_ids[billing],
				   .fund = "F1", .amount = amount, .kind = POSTING_RETRO, .cycle = cycle, .fcn = "r" };
	CU_ASSERT_FATAL(store_posting_add(store, &posting));
}

static void test_carried(void)
{
	struct store *store = fresh();
	struct failure failure = { 0 };
	struct carried_row *rows;
	size_t count;
	int64_t cycle = next_cycle(store, 1);
	post(store, cycle, 0, -3750);
	struct payout_line first[2] = { { .plb_code = "RA", .fund = "F1", .fcn = "r", .month = JANUARY, .amount = 3750 },
					carry_line("A", -3750) };
	pay(store, cycle, billing_ids[0], first, 2);
	CU_ASSERT(store_cycle_total(store, cycle, 1, 0));
	CU_ASSERT(store_carried(store, &arena, &rows, &count, billing_ids[0], 0));
	CU_ASSERT(count == 1 && rows[0].amount == 3750 && strcmp(rows[0].fcn, "A") == 0);
	CU_ASSERT(store_carried(store, &arena, &rows, &count, billing_ids[1], 0) && count == 0);
	int64_t second = next_cycle(store, 2); /* 7.50 due: the rest moves on under a number of its own */
	post(store, second, 0, 750);
	struct payout_line next[3] = { { .plb_code = "RA", .fund = "F1", .fcn = "r", .month = JANUARY, .amount = -750 },
				       carry_line("A", 3750), carry_line("B", -3000) };
	pay(store, second, billing_ids[0], next, 3);
	CU_ASSERT(store_cycle_total(store, second, 1, 0));
	CU_ASSERT(store_carried(store, &arena, &rows, &count, billing_ids[0], 0));
	CU_ASSERT(count == 1 && rows[0].amount == 3000 && strcmp(rows[0].fcn, "B") == 0);
	CU_ASSERT(store_commit(store));
	CU_ASSERT(store_verify(store, &failure));
	CU_ASSERT_STRING_EQUAL(failure.text, "");
	stores_gone(store);
}

/* ---------------------------------------------------------------- verify */

/* Found by looking at the whole store, and by looking at the cycle alone where it is one of the cycle's. */
static void expect_found(const char *sql, const char *words)
{
	static const char *const of_cycle[] = { "the fees posted", "a fee of member", "the totals of cycle", "the amount of payment",
		"the postings of billing provider" };
	struct store *store = fresh();
	struct failure failure = { 0 }, alone = { 0 };
	bool cycles = false;
	for (size_t i = 0; i < COUNT_OF(of_cycle); i++)
		cycles = cycles || strncmp(words, of_cycle[i], strlen(of_cycle[i])) == 0;
	int64_t cycle = pay_january(store);
	CU_ASSERT(store_commit(store));
	CU_ASSERT(stores_execute(sql));
	CU_ASSERT_FALSE(store_verify(store, &failure));
	if (strstr(failure.text, words) == NULL)
		printf("    found \"%s\" for %s\n", failure.text, sql);
	CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, words));
	CU_ASSERT_EQUAL(store_verify_cycle(store, cycle, &alone), !cycles);
	if (cycles)
		CU_ASSERT_PTR_NOT_NULL(strstr(alone.text, words));
	stores_gone(store);
}

static void test_verify(void)
{
	expect_found("UPDATE frozen_month SET amount = 1", "frozen month");
	expect_found("UPDATE roster_line SET amount = amount + 1 WHERE member = 1; UPDATE frozen_month SET amount = amount + 1",
		     "the fees posted for a month");
	expect_found("UPDATE roster_line SET fund = 'F9' WHERE member = 1", "a fee of member 1");
	expect_found("UPDATE cycle SET amount = 0", "the totals of cycle 1");
	expect_found(stores_on_postgres ? "ALTER TABLE payment DISABLE TRIGGER payment_update; UPDATE payment SET amount = amount + 1 WHERE id = 1;"
		     "UPDATE cycle SET amount = amount + 1" :
		     "DROP TRIGGER payment_update; UPDATE payment SET amount = amount + 1 WHERE id = 1;"
		     "UPDATE cycle SET amount = amount + 1", "the amount of payment 1");
	expect_found("INSERT INTO posting SELECT 50, 1, month, pcp, billing, fund, 750, 2, '', cycle, 'z', stream FROM posting WHERE id = 1",
		     "the postings of billing provider 1");
	expect_found("INSERT INTO payment_line SELECT 1, 50, 'FB', '', '', 'q', 0, 750, 0, '', '', '';"
		     "INSERT INTO payment_line SELECT 1, 51, 'FB', '', '', 'p', 0, -750, 0, '', '', ''", "carried forward");
	expect_found("INSERT INTO assignment SELECT id, 1, 1, 1, 10, 20, '', 0, NULL, 1, NULL, '', NULL, 0, 1 FROM member WHERE id < 3",
		     "two PCPs");
	expect_found(stores_on_postgres ? "ALTER TABLE member_alias DROP CONSTRAINT member_alias_member_fkey; "
		     "INSERT INTO member_alias VALUES ('x', 99, 1)" : "PRAGMA foreign_keys = OFF; INSERT INTO member_alias VALUES ('x', 99, 1)", "refers to nothing");
}

static const struct unit_case cases[] = {
	{ "a month is frozen once; its lines come by billing provider, PCP, member", test_roster },
	{ "BAD-8: an FCN is made on first use and stays the same", test_fcn },
	{ "FEE-2: a month posted and paid is found by day, month, FCN, and adds up", test_month },
	{ "RET-3: sums of a cycle name the reason that all of their postings share", test_retro_sums },
	{ "835-7: the ledger is only added to, and a payee is paid once a cycle", test_append_only },
	{ "RET-9: an FB line opens a balance and a later one with its FCN uses it up", test_carried },
	{ "verify finds each sum that does not agree", test_verify },
};

int main(void)
{
	return STORES_RUN("store-money", cases);
}
