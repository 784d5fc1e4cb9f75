/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * store, the members: as believed now and before, by other ids, by name, by case, one after the other.
 */
#include "stores.h"

static void test_both_clocks(void)
{
	struct store *store = stores_fresh();
	struct member now, then;
	int64_t first = change(store, 14610);
	int64_t interchange = add_interchange(store, "000000001");
	int64_t id = add_member(store, "100", "ROE", 5000);
	commit(store);
	int64_t second = change(store, 14640);
	struct member before = find(store, "100");
	struct span spans[2] = { before.spans[0], { .begin = 14700, .end = DAYS_OPEN, .plan = SLICE("HUSKYB") } };
	struct member after = before;
	spans[0].end = 14699;
	after.last = SLICE("DOE");
	after.spans = spans;
	after.span_count = 2;
	CU_ASSERT(store_member_save(store, &id, &before, &after, (struct origin){ interchange, 42 }));
	commit(store);
	now = find(store, "100");
	CU_ASSERT(slice_is(now.last, "DOE") && now.span_count == 2 && now.spans[0].end == 14699 && now.recorded == 14640);
	CU_ASSERT(now.origin.interchange == interchange && now.origin.offset == 42 && now.spans[1].origin.offset == 42);
	CU_ASSERT(slice_is(now.home.city, "WATERBURY") && now.died == DAYS_NONE && now.born == 5000);
	CU_ASSERT(store_member_get(store, &arena, &then, id, first));
	CU_ASSERT(slice_is(then.last, "ROE") && then.span_count == 1 && then.spans[0].end == DAYS_OPEN && then.recorded == 14610);
	CU_ASSERT(store_member_get(store, &arena, &then, id, second));
	CU_ASSERT(slice_is(then.last, "DOE") && then.span_count == 2);
	CU_ASSERT_FALSE(store_member_get(store, &arena, &then, 99, 0));
	CU_ASSERT_PTR_NOT_NULL(strstr(store_failure(store)->text, "no member 99"));
	stores_gone(store);
}

static bool see_history(void *data, const struct member *member)
{
	struct seen *seen = data;
	size_t used = strlen(seen->text);
	snprintf(seen->text + used, sizeof(seen->text) - used, "%d:%.*s:%d:%d ", member->recorded, SLICE_ARG(member->last),
		 (int)member->span_count, (int)member->origin.offset);
	return true;
}

static void test_history(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { 0 };
	change(store, 14610);
	int64_t interchange = add_interchange(store, "000000001");
	int64_t id = add_member(store, "100", "ROE", 5000);
	commit(store);
	for (int round = 0; round < 2; round++) { /* the second finds nothing to write */
		change(store, 14620);
		struct member before = find(store, "100"), after = before;
		struct span span = { .begin = 14600, .end = 14610, .plan = SLICE("HUSKYA"), .aid_category = SLICE("F07") };
		after.spans = &span;
		CU_ASSERT(store_member_save(store, &id, &before, &after, (struct origin){ interchange, 50 }));
		commit(store);
	}
	change(store, 14630);
	struct member before = find(store, "100"), after = before;
	after.last = SLICE("DOE");
	CU_ASSERT(store_member_save(store, &id, &before, &after, (struct origin){ interchange, 60 }));
	commit(store);
	CU_ASSERT(store_member_history(store, &arena, id, see_history, &seen));
	CU_ASSERT_STRING_EQUAL(seen.text, "14610:ROE:1:7 14620:ROE:1:50 14630:DOE:1:60 ");
	stores_gone(store);
}

static void test_alias(void)
{
	struct store *store = stores_fresh();
	int64_t merged = -1, id = 0;
	uint64_t count = 0;
	change(store, 14610);
	int64_t a = add_member(store, "100", "ROE", 1), b = add_member(store, "200", "ROE", 1), c = add_member(store, "300", "ROE", 1);
	CU_ASSERT(store_member_alias(store, &merged, a, SLICE("OLD")) && merged == 0);
	CU_ASSERT_EQUAL(find(store, "OLD").id, a);
	CU_ASSERT(store_member_alias(store, &merged, a, SLICE("100")) && merged == 0); /* its own id */
	CU_ASSERT(store_member_alias(store, &merged, b, SLICE("100")) && merged == a);
	CU_ASSERT_EQUAL(find(store, "100").id, b);
	CU_ASSERT_EQUAL(find(store, "OLD").id, b);
	CU_ASSERT(store_member_alias(store, &merged, a, SLICE("200")) && merged == 0); /* they are one already: no circle */
	CU_ASSERT(store_member_alias(store, &merged, c, SLICE("OLD")) && merged == b);
	CU_ASSERT_EQUAL(find(store, "100").id, c);
	struct member old = { 0 };
	CU_ASSERT(store_member_get(store, &arena, &old, a, 0));
	CU_ASSERT_EQUAL(old.merged_into, b);
	CU_ASSERT(store_member_count(store, &count));
	CU_ASSERT_EQUAL(count, 1);
	struct member before = find(store, "300"), after = before;
	after.medicaid_id = SLICE("301");
	CU_ASSERT(store_member_save(store, &id, &before, &after, (struct origin){ 0, 0 }));
	CU_ASSERT_EQUAL(find(store, "300").id, c);
	CU_ASSERT_EQUAL(find(store, "301").id, c);
	CU_ASSERT(store_mark(store));
	struct member twice = sample("301", "ROE", 1);
	CU_ASSERT(stores_refused(store, store_member_save(store, &id, NULL, &twice, (struct origin){ 0, 0 })));
	CU_ASSERT_PTR_NOT_NULL(strstr(store_failure(store)->text, "refused a row"));
	CU_ASSERT(store_undo(store));
	commit(store);
	stores_gone(store);
}

static void test_names_and_families(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { 0 };
	struct member family[2];
	size_t count = 0;
	change(store, 14610);
	add_member(store, "300", "Pérez", -3000);
	add_member(store, "100", "roe", -3000);
	add_member(store, "200", "ROE", -3000);
	add_member(store, "400", "ROE", -2999);
	commit(store);
	CU_ASSERT(store_members_named(store, &arena, SLICE("Roe"), -3000, see_member, &seen));
	CU_ASSERT(seen.count == 2 && seen.ids[0] == 2 && seen.ids[1] == 3);
	seen.count = 0;
	CU_ASSERT(store_members_named(store, &arena, SLICE("PÉREZ"), -3000, see_member, &seen));
	CU_ASSERT(seen.count == 1 && seen.ids[0] == 1);
	seen.count = 0;
	CU_ASSERT(store_members_named(store, &arena, SLICE_NONE, -3000, see_member, &seen));
	CU_ASSERT_EQUAL(seen.count, 3);
	seen.count = 0;
	CU_ASSERT(store_members_each(store, 2, see_member, &seen));
	CU_ASSERT(seen.count == 2 && seen.ids[0] == 3);
	CU_ASSERT(store_family(store, &arena, family, 2, &count, SLICE("C1")));
	CU_ASSERT_EQUAL(count, 4);
	CU_ASSERT(slice_is(family[0].medicaid_id, "100") && slice_is(family[1].medicaid_id, "200") && family[0].span_count == 1);
	CU_ASSERT(store_family(store, &arena, family, 2, &count, SLICE_NONE));
	CU_ASSERT_EQUAL(count, 0);
	stores_gone(store);
}

static bool write_while_walking(void *data, const struct member *member)
{
	struct seen *seen = data;
	int64_t id;
	struct request request = { .member = member->id, .npi = "1234567893", .processed = 14610, .state = REQUEST_PENDING };
	seen->count++;
	return member->span_count == 1 && store_request_add(seen->store, &id, &request);
}

static bool every_third(void *data, int64_t id)
{
	(void)data;
	return id % 3 == 0;
}

static bool none_wanted(void *data, int64_t id)
{
	(void)data;
	return id > 1000;
}

static void test_each_writes(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { .store = store };
	char medicaid_id[16];
	change(store, 14610);
	for (int i = 0; i < 1000; i++) {
		snprintf(medicaid_id, sizeof(medicaid_id), "%d", 100000 + i);
		add_member(store, medicaid_id, "ROE", i);
	}
	CU_ASSERT(store_members_each(store, 0, write_while_walking, &seen));
	CU_ASSERT_EQUAL(seen.count, 1000);
	seen.count = 0;
	CU_ASSERT(store_members_wanted(store, every_third, write_while_walking, &seen));
	CU_ASSERT_EQUAL(seen.count, 333);
	seen.count = 0;
	CU_ASSERT(store_members_wanted(store, none_wanted, write_while_walking, &seen));
	CU_ASSERT_EQUAL(seen.count, 0);
	commit(store);
	stores_gone(store);
}

static void test_standing(void)
{
	struct store *store = stores_fresh();
	struct member_standing standing;
	struct member member;
	bool found;
	int64_t id, merged;
	change(store, 14610);
	int64_t a = add_member(store, "100", "ROE", 1), b = add_member(store, "200", "ROE", 1);
	CU_ASSERT(store_member_standing(store, &standing, SLICE("999")) && standing.member == 0);
	CU_ASSERT(store_member_standing(store, &standing, SLICE("100")) && standing.member == a && standing.reflects == 0);
	CU_ASSERT(store_member_reflects(store, a, UINT64_MAX) && store_member_reflects(store, b, 5));
	CU_ASSERT(store_member_standing(store, &standing, SLICE("100")) && standing.reflects == UINT64_MAX);
	CU_ASSERT_FATAL(store_member_find(store, &arena, &found, &member, SLICE("100")) && found);
	struct member after = member;
	after.phone = SLICE("1");
	CU_ASSERT(store_member_record(store, &id, &member, &after, (struct origin){ 0, 0 }, 7));
	CU_ASSERT(store_member_standing(store, &standing, SLICE("100")) && standing.reflects == 7);
	member = after;
	after.phone = SLICE("2");
	CU_ASSERT(store_member_save(store, &id, &member, &after, (struct origin){ 0, 0 }));
	CU_ASSERT(store_member_standing(store, &standing, SLICE("100")) && standing.reflects == 0);
	CU_ASSERT(store_member_alias(store, &merged, a, SLICE("200")) && merged == b);
	CU_ASSERT(store_member_standing(store, &standing, SLICE("200")) && standing.member == b && standing.reflects == 0);
	CU_ASSERT(store_member_find_other(store, &arena, &found, &member, SLICE("300")) && !found);
	commit(store);
	stores_gone(store);
}

static const struct unit_case cases[] = {
	{ "a member is read as believed now and as known at an earlier change", test_both_clocks },
	{ "a member's history has one step per change, also where spans alone changed", test_history },
	{ "an old id leads to its member through aliases, merges and changes of id", test_alias },
	{ "members are found by surname in any case, by day of birth, by case", test_names_and_families },
	{ "a walk over all members may write in the same transaction", test_each_writes },
	{ "what a member reflects is forgotten when anything else changes it", test_standing },
};

int main(void)
{
	return STORES_RUN("store members", cases);
}
