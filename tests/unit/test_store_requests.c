/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * store, requests and assignments: what was asked, judged and decided, with every version of it.
 */
#include "stores.h"

static bool see_request(void *data, const struct request *request)
{
	struct seen *seen = data;
	see(seen, request->id);
	return seen->store == NULL || store_request_close(seen->store, request->id, REQUEST_EXPIRED, REASON_EXPIRED, 14700);
}

static bool see_step(void *data, days judged, enum request_state state, const struct step *step)
{
	struct seen *seen = data;
	size_t used = strlen(seen->text);
	snprintf(seen->text + used, sizeof(seen->text) - used, "%d %d %s %s %d %s %.*s %d|", judged, (int)state, step->rule,
		 step->requirement, step->passed, step->reason == REASON_NONE ? "" : reason_code(step->reason),
		 SLICE_ARG(step->fact), (int)step->origin.offset);
	return true;
}

static void test_requests(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { 0 };
	struct request request;
	bool found = false;
	change(store, 14610);
	int64_t member = add_member(store, "100", "ROE", 1);
	CU_ASSERT(store_request_newest(store, &arena, &found, &request, member) && !found);
	int64_t one = add_request(store, member, 14620), two = add_request(store, member, 14610);
	struct decision decision = { .request = one, .member = member, .state = REQUEST_PENDING, .reason = REASON_TOWN_NOT_OPEN,
				     .steps = { { .rule = "town", .requirement = "ENR-4", .reason = REASON_TOWN_NOT_OPEN,
						  .fact = SLICE("town \x1f\x1eHartford"), .origin = { 0, 5 } },
						{ .rule = "age", .requirement = "", .passed = true } },
				     .step_count = 2 };
	CU_ASSERT(store_request_judge(store, &decision, 14621, "hash"));
	CU_ASSERT(store_request_judge(store, &decision, 14622, "hash")); /* says the same: kept once */
	CU_ASSERT(store_request_close(store, one, REQUEST_SUPERSEDED, REASON_SUPERSEDED, 14623));
	CU_ASSERT_FALSE(store_request_close(store, 88, REQUEST_SUPERSEDED, REASON_SUPERSEDED, 14623));
	commit(store);
	CU_ASSERT(store_request_trace(store, &arena, one, see_step, &seen));
	CU_ASSERT_STRING_EQUAL(seen.text, "14621 1 town ENR-4 0 TOWN-NOT-OPEN town   Hartford 5|14621 1 age  1   0|"
					  "14623 5   0 SUPERSEDED  0|");
	CU_ASSERT(store_request_newest(store, &arena, &found, &request, member));
	CU_ASSERT(found && request.id == two && request.asked_from == DAYS_NONE && slice_is(request.relationship, "25"));
	CU_ASSERT(store_request_pending(store, &arena, &found, &request, member));
	CU_ASSERT(found && request.id == two && request.origin.offset == 9);
	CU_ASSERT(store_requests_of(store, &arena, member, see_request, &seen));
	CU_ASSERT(seen.count == 2 && seen.ids[0] == one);
	seen.count = 0;
	CU_ASSERT(store_requests_in_state(store, REQUEST_SUPERSEDED, see_request, &seen));
	CU_ASSERT(seen.count == 1 && seen.ids[0] == one);
	stores_gone(store);
}

static void test_walk_changes_state(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { .store = store };
	change(store, 14610);
	int64_t member = add_member(store, "100", "ROE", 1);
	for (int i = 0; i < 600; i++)
		add_request(store, member, 14700 - i);
	CU_ASSERT(store_requests_in_state(store, REQUEST_PENDING, see_request, &seen));
	CU_ASSERT_EQUAL(seen.count, 600);
	CU_ASSERT_EQUAL(seen.ids[0], 600); /* the oldest processed */
	commit(store);
	stores_gone(store);
}

static bool see_case(void *data, struct slice case_number, int64_t member)
{
	struct seen *seen = data;
	size_t used = strlen(seen->text);
	snprintf(seen->text + used, sizeof(seen->text) - used, "%.*s/%d ", SLICE_ARG(case_number), (int)member);
	return store_request_close(seen->store, 3, REQUEST_EXPIRED, REASON_EXPIRED, 14700); /* the oldest of C1 */
}

static void test_cases(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { .store = store };
	int64_t id = 0;
	change(store, 14610);
	int64_t a = add_member(store, "100", "ROE", 1), b = add_member(store, "200", "ROE", 1);
	struct member alone = sample("300", "POE", 1);
	alone.case_number = SLICE_NONE;
	CU_ASSERT(store_member_save(store, &id, NULL, &alone, (struct origin){ 0, 0 }));
	add_request(store, id, 14612);
	add_request(store, a, 14613);
	add_request(store, b, 14611);
	CU_ASSERT(store_pending_cases(store, see_case, &seen));
	CU_ASSERT_STRING_EQUAL(seen.text, "C1/0 /3 "); /* once, though its oldest request was closed on the way */
	seen.text[0] = '\0';
	CU_ASSERT(store_pending_cases(store, see_case, &seen));
	CU_ASSERT_STRING_EQUAL(seen.text, "/3 C1/0 ");
	commit(store);
	stores_gone(store);
}

static const char *shown(struct store *store, int64_t member, int64_t as_of)
{
	static char text[256];
	struct assignment *list;
	size_t count, used = 0;
	text[0] = '\0';
	CU_ASSERT_FATAL(store_assignments(store, &arena, &list, &count, member, as_of));
	for (size_t i = 0; i < count && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%d:%d-%d ", (int)list[i].id, list[i].begin,
					 list[i].end == DAYS_OPEN ? 0 : list[i].end);
	return text;
}

static bool see_assignment(void *data, const struct assignment *assignment)
{
	struct seen *seen = data;
	CU_ASSERT(slice_is(assignment->program_hash, "cafe") && assignment->exception);
	see(seen, assignment->id);
	return true;
}

static void test_assignments(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { 0 };
	int64_t c1 = change(store, 14600);
	int64_t member = add_member(store, "100", "ROE", 1), pcp = add_pcp(store, "1234567893", NULL);
	int64_t one = assign(store, member, pcp, 100, DAYS_OPEN);
	commit(store);
	int64_t c2 = change(store, 14601);
	assign(store, member, pcp, 200, DAYS_OPEN);
	commit(store);
	CU_ASSERT_STRING_EQUAL(shown(store, member, 0), "1:100-199 2:200-0 ");
	int64_t c3 = change(store, 14602);
	assign(store, member, pcp, 150, DAYS_OPEN); /* cuts the first, retires the second */
	commit(store);
	CU_ASSERT_STRING_EQUAL(shown(store, member, 0), "1:100-149 3:150-0 ");
	change(store, 14603);
	CU_ASSERT(store_assignment_end(store, 3, 160, REASON_PCP_LEFT));
	CU_ASSERT(store_assignment_end(store, one, 99, REASON_PCP_LEFT)); /* before its begin: retired */
	CU_ASSERT_FALSE(store_assignment_end(store, one, 99, REASON_PCP_LEFT));
	CU_ASSERT_EQUAL(assign(store, member, pcp, 300, 310), 4);
	commit(store);
	CU_ASSERT_STRING_EQUAL(shown(store, member, 0), "3:150-160 4:300-310 ");
	CU_ASSERT_STRING_EQUAL(shown(store, member, c1), "1:100-0 ");
	CU_ASSERT_STRING_EQUAL(shown(store, member, c2), "1:100-199 2:200-0 ");
	CU_ASSERT_STRING_EQUAL(shown(store, member, c3), "1:100-149 3:150-0 ");
	CU_ASSERT(store_assignments_of_pcp(store, pcp, 161, see_assignment, &seen));
	CU_ASSERT(seen.count == 1 && seen.ids[0] == 4);
	stores_gone(store);
}

static void test_retired_id(void)
{
	struct store *store = stores_fresh();
	change(store, 14600);
	int64_t member = add_member(store, "100", "ROE", 1), pcp = add_pcp(store, "1234567893", NULL);
	int64_t one = assign(store, member, pcp, 100, DAYS_OPEN);
	CU_ASSERT(store_assignment_end(store, one, 99, REASON_PCP_LEFT));
	CU_ASSERT_NOT_EQUAL(assign(store, member, pcp, 100, DAYS_OPEN), one);
	commit(store);
	stores_gone(store);
}

static const struct unit_case cases[] = {
	{ "ENR-12: requests keep their days, states and every judgement with its trace", test_requests },
	{ "a walk over pending requests may judge them", test_walk_changes_state },
	{ "pending cases come once each, by their oldest request", test_cases },
	{ "a new assignment cuts or retires what it overlaps, and the past stays readable", test_assignments },
	{ "the id of a retired assignment does not come again", test_retired_id },
};

int main(void)
{
	return STORES_RUN("store requests", cases);
}
