/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ledger and the payment as laws: over random histories the postings add up to what is
 * entitled in the end, and every payment balances.
 */
#include "rules/rules.h"
#include "tests/unit/unit.h"

#define FIRST 24109 /* 2009-02 as 12 * year + month - 1 */
#define HISTORIES 400
#define TURNS 8
#define MONTHS 30
#define KEYS 512

static struct program *program;

struct history { /* one member whose facts change between cycles */
	struct member member;
	struct span spans[4];
	struct assignment assignments[4];
	size_t assignment_count;
	struct pcp_facts pcps[3];
	struct affiliation affiliations[3];
};
struct ledger {
	struct member_month rows[KEYS];
	size_t count;
};

static days random_day(struct random *random)
{
	return month_first(FIRST) + (days)random_below(random, 31 * 20);
}

static void history_change(struct history *history, struct random *random)
{
	static const char *const plans[] = { "HUSKY A", "HUSKY A", "HUSKY A", "HUSKY B", "MANAGED CARE PLAN 1" };
	static const char *const aids[] = { "F07", "P01", "S01", "" };
	struct member *member = &history->member;
	member->id = 1;
	member->spans = history->spans;
	member->span_count = 1 + random_below(random, 3);
	days begin = month_first(FIRST) - 40;
	for (size_t i = 0; i < member->span_count; i++) {
		days end = begin + (days)random_below(random, 400);
		history->spans[i] = (struct span){ .begin = begin,
			.end = i + 1 == member->span_count ? DAYS_OPEN : end,
			.plan = slice_of(plans[random_below(random, 5)]),
			.aid_category = slice_of(aids[random_below(random, 4)]) };
		begin = end + 1 + (days)random_below(random, 60);
	}
	history->assignment_count = 1 + random_below(random, 3);
	begin = random_day(random);
	for (size_t i = 0; i < history->assignment_count; i++) {
		days end = begin + (days)random_below(random, 200);
		history->assignments[i] = (struct assignment){ .pcp = 1 + (int64_t)random_below(random, 3),
			.begin = begin,
			.end = i + 1 == history->assignment_count ? DAYS_OPEN : end };
		begin = end + 1 + (days)random_below(random, 40);
	}
	for (size_t i = 0; i < 3; i++) {
		days ends = random_below(random, 4) == 0 ? random_day(random) : DAYS_OPEN;
		history->affiliations[i] = (struct affiliation){ (int64_t)i + 1, 1 + (int64_t)random_below(random, 2),
			0, DAYS_OPEN };
		history->pcps[i] = (struct pcp_facts){ .pcp = { .id = (int64_t)i + 1,
							       .medicaid_begin = 0,
							       .medicaid_end = ends,
							       .contract_begin = 0,
							       .contract_end = DAYS_OPEN },
			.affiliations = &history->affiliations[i],
			.affiliation_count = 1 };
	}
	member->died = random_below(random, 6) == 0 ? random_day(random) : DAYS_NONE;
	member->merged_into = random_below(random, 20) == 0 ? 9 : 0;
}

static struct ledger_member history_facts(const struct history *history)
{
	return (struct ledger_member){ .member = &history->member, .assignments = history->assignments,
		.assignment_count = history->assignment_count, .pcps = history->pcps, .pcp_count = 3 };
}

static void ledger_post(struct ledger *ledger, const struct posting *posting)
{
	struct member_month *row = NULL;
	for (size_t i = 0; i < ledger->count; i++)
		if (ledger->rows[i].month == posting->month && ledger->rows[i].pcp == posting->pcp &&
			ledger->rows[i].billing == posting->billing && strcmp(ledger->rows[i].fund, posting->fund) == 0)
			row = &ledger->rows[i];
	if (row == NULL) {
		CU_ASSERT_FATAL(ledger->count < KEYS);
		row = &ledger->rows[ledger->count++];
		*row = (struct member_month){ .member = 1, .month = posting->month, .stream = "fee",
			.pcp = posting->pcp, .billing = posting->billing };
		slice_copy(row->fund, sizeof(row->fund), slice_of(posting->fund));
	}
	row->amount += posting->amount;
}

static int compare_month(const void *a, const void *b)
{
	return ((const struct member_month *)a)->month - ((const struct member_month *)b)->month;
}

/* One cycle; the windows stay open, for `now` lies within two years of FIRST. */
static size_t ledger_cycle(struct ledger *ledger, const struct history *history, size_t room)
{
	static struct posting postings[4 * MONTHS];
	struct ledger_member facts = history_facts(history);
	qsort(ledger->rows, ledger->count, sizeof(*ledger->rows), compare_month);
	size_t count = ledger_delta(
		postings, room, program, &facts, ledger->rows, ledger->count, FIRST, FIRST + 20, FIRST + 21);
	for (size_t i = 0; i < count; i++) {
		CU_ASSERT(postings[i].amount != 0 && postings[i].reason != REASON_NONE);
		CU_ASSERT(i == 0 || postings[i - 1].month < postings[i].month ||
			(postings[i - 1].month == postings[i].month && postings[i - 1].amount < 0));
		ledger_post(ledger, &postings[i]);
	}
	return count;
}

static void check_settled(const struct ledger *ledger, const struct history *history)
{
	struct ledger_member facts = history_facts(history);
	cents posted = 0, owed = 0;
	for (months month = FIRST; month <= FIRST + 20; month++) {
		struct member_month entitled;
		enum reason why;
		bool payable = month_entitled(&entitled, &why, program, &facts, month);
		if (payable)
			owed += program_fee(program, month);
		for (size_t i = 0; i < ledger->count;
			i++) { /* each payee and fund: what is entitled, and nothing else */
			const struct member_month *row = &ledger->rows[i];
			cents net = 0;
			for (size_t j = 0; j < ledger->count; j++)
				if (ledger->rows[j].month == row->month && ledger->rows[j].billing == row->billing &&
					strcmp(ledger->rows[j].fund, row->fund) == 0)
					net += ledger->rows[j].amount;
			if (row->month == month && payable && row->billing == entitled.billing &&
				strcmp(row->fund, entitled.fund) == 0)
				CU_ASSERT(net == entitled.amount);
			if (row->month == month &&
				!(payable && row->billing == entitled.billing && strcmp(row->fund, entitled.fund) == 0))
				CU_ASSERT(net == 0);
		}
	}
	for (size_t i = 0; i < ledger->count; i++)
		posted += ledger->rows[i].amount;
	CU_ASSERT(posted == owed);
}

static void deltas_add_up(void)
{
	static struct ledger ledger;
	struct random random;
	size_t postings = 0;
	random_seed(&random, 8391);
	for (int i = 0; i < HISTORIES; i++) {
		struct history history = { 0 };
		ledger.count = 0;
		for (int turn = 0; turn < TURNS; turn++) {
			history_change(&history, &random);
			postings += ledger_cycle(&ledger, &history, 4 * MONTHS);
			check_settled(&ledger, &history);
			CU_ASSERT(ledger_cycle(&ledger, &history, 4 * MONTHS) == 0);
		}
	}
	CU_ASSERT(postings > 10000); /* the histories do say something */
}

static void small_room_adds_up(void)
{
	static struct ledger ledger;
	struct random random;
	random_seed(&random, 835);
	for (int i = 0; i < HISTORIES / 4; i++) {
		struct history history = { 0 };
		ledger.count = 0;
		for (int turn = 0; turn < TURNS; turn++) {
			int calls = 0;
			history_change(&history, &random);
			while (ledger_cycle(&ledger, &history, 4) > 0 && calls < 200)
				calls++;
			check_settled(&ledger, &history);
		}
	}
}

/* ---------------------------------------------------------------- payments */

static cents lines_sum(const struct payment *payment)
{
	cents sum = 0;
	for (size_t i = 0; i < payment->line_count; i++) {
		CU_ASSERT(payment->lines[i].amount != 0);
		CU_ASSERT(payment->lines[i].reference.len > 0 && payment->lines[i].reference.len <= 30);
		sum += payment->lines[i].amount;
	}
	return sum;
}

static bool line_is(const struct payout_line *line, const char *code, const char *reference, cents amount)
{
	return strcmp(line->plb_code, code) == 0 && slice_is(line->reference, reference) && line->amount == amount;
}

static void payment_of_a_month(void)
{
	const struct posting_sum sums[] = {
		{ POSTING_FEE, "fee", FIRST + 13, "F1", 176250, 235, "100990017", REASON_NONE },
		{ POSTING_FEE, "fee", FIRST + 13, "F2", 12000, 16, "100990018", REASON_NONE },
		{ POSTING_FEE, "fee", FIRST + 13, "F3", 0, 0, "100990020", REASON_NONE },
		{ POSTING_RETRO, "fee", FIRST + 12, "F1", -2250, 3, "100990019", REASON_DEATH },
	};
	struct arena arena;
	struct payment payment = { 0 };
	struct carried carry;
	arena_init(&arena, 0);
	CU_ASSERT_FATAL(payment_build(&payment, &carry, &arena, program, sums, COUNT_OF(sums), NULL, 0, "100990021"));
	CU_ASSERT_FATAL(payment.line_count == 3);
	CU_ASSERT(line_is(&payment.lines[0], "CT", "8391F1-100990017", -176250));
	CU_ASSERT(line_is(&payment.lines[1], "CT", "8391F2-100990018", -12000));
	CU_ASSERT(line_is(&payment.lines[2], "RA", "8391F1-100990019", 2250) && payment.lines[2].why == REASON_DEATH);
	CU_ASSERT(payment.amount == 186000 && payment.amount == -lines_sum(&payment));
	CU_ASSERT(carry.amount == 0);
	arena_done(&arena);
}

static void payment_that_owes(void)
{
	const struct posting_sum sums[] = {
		{ POSTING_FEE, "fee", FIRST + 13, "F1", 3750, 5, "100990031", REASON_NONE },
		{ POSTING_RETRO, "fee", FIRST + 12, "F1", -7500, 10, "100990032", REASON_RETRO_TERM },
	};
	struct arena arena;
	struct payment payment = { 0 };
	struct carried carry, next;
	arena_init(&arena, 0);
	CU_ASSERT_FATAL(payment_build(&payment, &carry, &arena, program, sums, 2, NULL, 0, "100990033"));
	CU_ASSERT(payment.amount == 0 && payment.line_count == 3 && lines_sum(&payment) == 0);
	CU_ASSERT(line_is(&payment.lines[2], "FB", "100990033", -3750));
	CU_ASSERT(carry.amount == 3750 && strcmp(carry.fcn, "100990033") == 0);
	CU_ASSERT_FATAL(payment_build(&payment, &next, &arena, program, sums, 1, &carry, 1, "101270001"));
	CU_ASSERT(
		payment.amount == 0 && payment.line_count == 2 && line_is(&payment.lines[1], "FB", "100990033", 3750));
	CU_ASSERT(next.amount == 0);
	CU_ASSERT_FATAL(payment_build(&payment, &next, &arena, program, NULL, 0, &carry, 1, "101270001"));
	CU_ASSERT(
		payment.amount == 0 && payment.line_count == 2 && line_is(&payment.lines[1], "FB", "101270001", -3750));
	CU_ASSERT(next.amount == 3750);
	arena_done(&arena);
}

static void payments_balance(void)
{
	struct random random;
	struct arena arena;
	random_seed(&random, 271);
	arena_init(&arena, 0);
	struct carried carried = { .amount = 0 };
	cents owed = 0, paid = 0;
	for (int i = 0; i < 2000; i++) {
		struct posting_sum sums[6];
		struct payment payment = { 0 };
		struct carried next;
		size_t count = random_below(&random, 7);
		for (size_t j = 0; j < count; j++) {
			sums[j] = (struct posting_sum){ .kind = j < 2 ? POSTING_FEE : POSTING_RETRO,
				.month = FIRST,
				.fund = "F1",
				.fcn = "100990001" };
			sums[j].amount = 750 * ((cents)random_below(&random, 9) - (j < 2 ? 0 : 5));
			owed += sums[j].amount;
		}
		CU_ASSERT_FATAL(payment_build(
			&payment, &next, &arena, program, sums, count, &carried, carried.amount != 0, "101270001"));
		CU_ASSERT(payment.amount >= 0 && payment.amount == -lines_sum(&payment));
		CU_ASSERT(next.amount >= 0 && (next.amount == 0 || payment.amount == 0));
		paid += payment.amount;
		carried = next;
		CU_ASSERT(paid ==
			owed + carried.amount); /* what was paid is what was owed and what is still to come back */
		arena_reset(&arena);
	}
	arena_done(&arena);
}

static void payment_without_memory(void)
{
	const struct posting_sum sum = { POSTING_FEE, "fee", FIRST, "F1", 750, 1, "100990031", REASON_NONE };
	struct arena arena;
	struct payment payment = { 0 };
	struct carried carry;
	arena_init(&arena, 1);
	CU_ASSERT(!payment_build(&payment, &carry, &arena, program, &sum, 1, NULL, 0, "100990033"));
	arena_done(&arena);
}

static void fcns_are_printed(void)
{
	char text[16];
	days day;
	CU_ASSERT(days_from_civil(&day, 2010, 2, 9));
	fcn_print(text, day, 17);
	CU_ASSERT_STRING_EQUAL(text, "100400017");
	fcn_print(text, day, 9999999999);
	CU_ASSERT_STRING_EQUAL(text, "100409999999999");
	CU_ASSERT(days_from_civil(&day, 2012, 12, 31));
	fcn_print(text, day, 12345);
	CU_ASSERT_STRING_EQUAL(text, "1236612345");
}

static void deltas_have_priorities(void)
{
	struct history history = { 0 };
	struct random random;
	random_seed(&random, 1);
	history_change(&history, &random);
	struct ledger_member facts = history_facts(&history);
	struct posting posting;
	CU_ASSERT(ledger_delta(&posting, 0, program, &facts, NULL, 0, FIRST, FIRST + 3, FIRST + 4) == 0);
	CU_ASSERT(ledger_delta(&posting, 1, program, &facts, NULL, 0, FIRST + 3, FIRST, FIRST + 4) == 0);
}

static const struct unit_case cases[] = {
	{ "RET-2 FEE-8: over random histories the postings are the fee of the entitled months, and the next delta is "
	  "empty",
		deltas_add_up },
	{ "RET-1 RET-5: a small room never leaves a month with two payees", small_room_adds_up },
	{ "RET-2: no room and no months give nothing", deltas_have_priorities },
	{ "FEE-5 FEE-6 FEE-7: a month is a CT pair per fund with 8391, fund and FCN, and never a zero pair",
		payment_of_a_month },
	{ "RET-9: what a payee owes beyond what it gets moves on and comes back under the same number",
		payment_that_owes },
	{ "FEE-8 RET-9: random payments balance, and none is negative", payments_balance },
	{ "a payment without memory is a failure, not half a payment", payment_without_memory },
	{ "RET-1: an FCN is the day of the year and a number", fcns_are_printed },
};

int main(void)
{
	struct failure failure = { "" };
	program = program_read("rules/husky-primary-care.xml", &failure);
	if (program == NULL) {
		printf("not ok ledger: %s\n", failure.text);
		return 1;
	}
	int status = UNIT_RUN("ledger", cases);
	program_free(program);
	return status;
}
