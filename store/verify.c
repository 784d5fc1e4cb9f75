/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * verify: sums that must agree, asked of the tables and not of the code that filled them.
 */
#include "store/driver.h"

struct check {
	enum statement sql;      /* gives the rows that do not agree, one number that names the row */
	enum statement of_cycle; /* the same of one cycle, its parameter; STATEMENTS: is not asked of one */
	const char *sentence; /* with one %lld for it */
};

#define LL "%lld"
static const struct check checks[] = {
	{ SQL_VERIFY_ROSTER, STATEMENTS, "the totals of a frozen month differ from its roster lines (month number " LL ")" },
	{ SQL_VERIFY_ROSTER_TWICE, STATEMENTS, "member " LL " stands on the rosters of one month twice" },
	{ SQL_VERIFY_FEES, SQL_VERIFY_CYCLE_FEES, "the fees posted for a month differ from its frozen roster (month number " LL ")" },
	{ SQL_VERIFY_FEE_LINES, SQL_VERIFY_CYCLE_FEE_LINES, "a fee of member " LL " was posted otherwise than its roster line says" },
	{ SQL_VERIFY_CYCLE, SQL_VERIFY_CYCLE_TOTALS, "the totals of cycle " LL " differ from its payments" },
	{ SQL_VERIFY_PAYMENT, SQL_VERIFY_CYCLE_PAYMENT, "the amount of payment " LL " differs from its lines" },
	{ SQL_VERIFY_POSTINGS, SQL_VERIFY_CYCLE_POSTINGS, "the postings of billing provider " LL " in a cycle differ from the lines of its payment" },
	{ SQL_VERIFY_CARRIED, STATEMENTS, "payment " LL " and those after it used up more than was carried forward" },
	{ SQL_VERIFY_OFFSETS, SQL_VERIFY_CYCLE_OFFSETS, "what cycle " LL " takes from payees for others is not what it gives to those" },
	{ SQL_VERIFY_DRAFT, STATEMENTS, "the totals of prepared cycle " LL " differ from its postings" },
	{ SQL_VERIFY_OVERLAP, STATEMENTS, "member " LL " has two PCPs on one day" },
};

static bool disagree(struct store *store, const struct check *check, int64_t row)
{
	char what[256];
	store_forget_failure(store);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(what, sizeof(what), check->sentence, (long long)row);
#pragma GCC diagnostic pop
	return failure_set(&store->failure, "the store %s does not add up: %s", store->path, what);
}

static bool sums_agree(struct store *store, const struct check *check, int64_t cycle)
{
	struct query query = query_open(store, cycle == 0 ? check->sql : check->of_cycle);
	if (cycle != 0)
		query_put(&query, cycle);
	bool differs = query_row(&query);
	int64_t row = differs ? query_get(&query) : 0;
	if (!query_done(&query))
		return false;
	return !differs || disagree(store, check, row);
}

bool store_verify(struct store *store, struct failure *failure)
{
	store_forget_failure(store);
	bool well = store->driver->whole(store);
	for (size_t i = 0; well && i < COUNT_OF(checks); i++)
		well = sums_agree(store, &checks[i], 0);
	return well || failure_set(failure, "%s", store->failure.text);
}

bool store_verify_cycle(struct store *store, int64_t cycle, struct failure *failure)
{
	bool well = true;
	store_forget_failure(store);
	for (size_t i = 0; well && i < COUNT_OF(checks); i++)
		well = checks[i].of_cycle == STATEMENTS || sums_agree(store, &checks[i], cycle);
	return well || failure_set(failure, "%s", store->failure.text);
}
