/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * store: the claims history, notices, and who has a PCP: what auto-assignment, notices and work lists ask for.
 */
#include "stores.h"

static bool changed;

static void add_visit(struct store *store, int64_t member, const char *npi, days day)
{
	struct visit visit = { .member = member, .day = day, .source = SLICE("visits.csv:2") };
	slice_copy(visit.npi, sizeof(visit.npi), slice_of(npi));
	CU_ASSERT(store_visit_add(store, &changed, &visit));
}

static void test_visits(void)
{
	struct store *store = stores_fresh();
	struct visit *visits = NULL;
	size_t count = 0;
	int64_t merged;
	change(store, 14610);
	int64_t member = add_member(store, "100", "ROE", 1), other = add_member(store, "101", "ROE", 1);
	add_visit(store, member, "1234567893", 14500);
	CU_ASSERT(changed);
	add_visit(store, member, "1234567893", 14500);
	CU_ASSERT_FALSE(changed);
	add_visit(store, member, "1030700003", 14600);
	add_visit(store, member, "1030700003", 14400);
	add_visit(store, other, "1030700003", 14550);
	CU_ASSERT(store_visits(store, &arena, &visits, &count, member, 14450, 14600));
	CU_ASSERT_EQUAL_FATAL(count, 2);
	CU_ASSERT_STRING_EQUAL(visits[0].npi, "1030700003");
	CU_ASSERT_EQUAL(visits[0].day, 14600);
	CU_ASSERT_STRING_EQUAL(visits[1].npi, "1234567893");
	CU_ASSERT(slice_is(visits[1].source, "visits.csv:2"));
	CU_ASSERT(store_member_alias(store, &merged, member, SLICE("101")) && merged == other);
	CU_ASSERT(store_visits(store, &arena, &visits, &count, member, 14450, 14600));
	CU_ASSERT_EQUAL(count, 3);
	commit(store);
	stores_gone(store);
}

static bool see_notice(void *data, const struct notice *notice)
{
	struct seen *seen = data;
	see(seen, notice->member);
	snprintf(seen->text + strlen(seen->text), sizeof(seen->text) - strlen(seen->text), "%.*s:%.*s ", SLICE_ARG(notice->kind),
		SLICE_ARG(notice->about));
	return true;
}

static void add_notice(struct store *store, int64_t member, const char *kind, months month, const char *about, days told)
{
	struct notice notice = { .member = member, .kind = slice_of(kind), .month = month, .about = slice_of(about), .told = told,
		.since = told - 10, .day = DAYS_NONE };
	CU_ASSERT(store_notice_add(store, &changed, &notice));
}

static void test_notices(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { .count = 0 };
	days told, since;
	change(store, 14610);
	int64_t member = add_member(store, "100", "ROE", 1), other = add_member(store, "101", "ROE", 1);
	add_notice(store, other, "CHOOSE", 24120, "", 14611);
	add_notice(store, member, "CHOOSE", 24120, "", 14612);
	CU_ASSERT(changed);
	add_notice(store, member, "CHOOSE", 24120, "", 14615);
	CU_ASSERT_FALSE(changed);
	add_notice(store, member, "ASSIGNED", 24120, "1234567893", 14613);
	add_notice(store, member, "CHOOSE", 24121, "", 14645);
	CU_ASSERT(store_notice_newest(store, &told, &since, member, SLICE("CHOOSE")) && told == 14645 && since == 14635);
	CU_ASSERT(store_notice_newest(store, &told, &since, other, SLICE("ASSIGNED")) && told == DAYS_NONE && since == DAYS_NONE);
	CU_ASSERT(store_notices(store, 24120, see_notice, &seen));
	CU_ASSERT_EQUAL(seen.count, 3);
	CU_ASSERT_STRING_EQUAL(seen.text, "ASSIGNED:1234567893 CHOOSE: CHOOSE: ");
	commit(store);
	stores_gone(store);
}

static bool see_id(void *data, int64_t member)
{
	see(data, member);
	return true;
}

static bool see_pair(void *data, int64_t one, int64_t two)
{
	see(data, one);
	see(data, two);
	return true;
}

static bool see_event(void *data, const struct assignment *assignment, bool made, enum reason ended)
{
	see(data, assignment->member);
	see(data, made ? 1 : 0);
	see(data, ended);
	return true;
}

static bool see_assignment(void *data, const struct assignment *assignment)
{
	see(data, assignment->member);
	return true;
}

static void test_panels(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { .count = 0 };
	change(store, 14610);
	int64_t a = add_member(store, "100", "ROE", 1), b = add_member(store, "101", "ROE", 1), c = add_member(store, "102", "ROE", 1);
	int64_t one = add_pcp(store, "1030700003", NULL), two = add_pcp(store, "1234567893", NULL);
	assign(store, a, one, 14000, DAYS_OPEN);
	assign(store, a, two, 14700, DAYS_OPEN); /* ends the first on 14699 */
	assign(store, b, one, 14000, 14500);
	assign(store, c, one, 14000, DAYS_OPEN);
	commit(store);
	CU_ASSERT(store_assigned_members(store, 14600, see_id, &seen));
	CU_ASSERT(seen.count == 2 && seen.ids[0] == a && seen.ids[1] == c);
	seen = (struct seen){ .count = 0 };
	CU_ASSERT(store_panel_sizes(store, 14600, see_pair, &seen));
	CU_ASSERT(seen.count == 4 && seen.ids[0] == one && seen.ids[1] == 2 && seen.ids[2] == two && seen.ids[3] == 1);
	seen = (struct seen){ .count = 0 };
	CU_ASSERT(store_assigned_pcps(store, 14600, see_pair, &seen));
	CU_ASSERT(seen.count == 6 && seen.ids[0] == a && seen.ids[1] == one && seen.ids[2] == a && seen.ids[3] == two && seen.ids[4] == c);
	stores_gone(store);
}

static void test_events(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { .count = 0 };
	change(store, 14610);
	int64_t a = add_member(store, "100", "ROE", 1), b = add_member(store, "101", "ROE", 1), pcp = add_pcp(store, "1030700003", NULL);
	int64_t first = assign(store, a, pcp, 14000, DAYS_OPEN), second = assign(store, b, pcp, 14000, DAYS_OPEN);
	commit(store);
	change(store, 14700);
	CU_ASSERT(store_assignment_end(store, first, 14699, REASON_PCP_LEFT));
	CU_ASSERT(store_assignment_end(store, second, 14699, REASON_PCP_LEFT));
	commit(store);
	CU_ASSERT(store_assignments_recorded(store, 14700, 14700, see_event, &seen));
	CU_ASSERT(seen.count == 6 && seen.ids[0] == a && seen.ids[1] == 0 && seen.ids[2] == REASON_PCP_LEFT && seen.ids[3] == b);
	seen = (struct seen){ .count = 0 };
	CU_ASSERT(store_assignments_recorded(store, 14610, 14699, see_event, &seen) && seen.count == 0);
	change(store, 14701);
	assign(store, b, pcp, 14800, DAYS_OPEN);
	commit(store);
	CU_ASSERT(store_assignments_orphaned(store, REASON_PCP_LEFT, see_assignment, &seen));
	CU_ASSERT(seen.count == 1 && seen.ids[0] == a);
	seen = (struct seen){ .count = 0 };
	CU_ASSERT(store_assignments_recorded(store, 14701, 14701, see_event, &seen));
	CU_ASSERT(seen.count == 3 && seen.ids[0] == b && seen.ids[1] == 1 && seen.ids[2] == REASON_NONE);
	stores_gone(store);
}

static void test_entered(void)
{
	struct store *store = stores_fresh();
	struct request request = { .received = 14600, .processed = 14610, .asked_from = 14700, .channel = SLICE("PHONE"), .source = SLICE("CHOICE"),
		.state = REQUEST_PENDING, .cause = SLICE("moved"), .entry = SLICE("requests.csv:3"), .ordered = true, .npi = "1030700003" };
	struct request back;
	bool entered = true, found;
	int64_t id;
	change(store, 14610);
	request.member = add_member(store, "100", "ROE", 1);
	CU_ASSERT(store_request_entered(store, &entered, &request));
	CU_ASSERT_FALSE(entered);
	CU_ASSERT(store_request_add(store, &id, &request));
	CU_ASSERT(store_request_close(store, id, REQUEST_REFUSED, REASON_PCP_UNKNOWN, 14610));
	CU_ASSERT(store_request_entered(store, &entered, &request) && entered);
	request.channel = SLICE("FORM");
	CU_ASSERT(store_request_entered(store, &entered, &request) && !entered);
	CU_ASSERT(store_request_newest(store, &arena, &found, &back, request.member) && found);
	CU_ASSERT(slice_is(back.cause, "moved") && slice_is(back.entry, "requests.csv:3") && back.ordered && back.asked_from == 14700);
	commit(store);
	stores_gone(store);
}

static const struct unit_case cases[] = {
	{ "ASG-3: visits of a member, and of ids that were merged into it, by provider and day, each once", test_visits },
	{ "ENR-13 ASG-4: a notice is made once a month; the newest says since when somebody is told", test_notices },
	{ "ASG-2 ASG-3: who has a PCP on a day or later, and how many each PCP has", test_panels },
	{ "ASG-8: what was recorded of assignments on a day, and whose PCP left without another", test_events },
	{ "ENR-12: a request of the same day and channel is known, whatever became of it", test_entered },
};

int main(void)
{
	return STORES_RUN("store choices", cases);
}
