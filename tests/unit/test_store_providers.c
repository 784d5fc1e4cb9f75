/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * store, the providers: PCPs, billing providers and affiliations, by NPI and with versions.
 */
#include "stores.h"

static bool see_pcp(void *data, const struct pcp *pcp)
{
	struct seen *seen = data;
	see(seen, pcp->id);
	return true;
}

static bool see_billing(void *data, const struct billing_provider *billing)
{
	struct seen *seen = data;
	see(seen, billing->id);
	return true;
}

static void test_pcps(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { 0 };
	struct pcp pcp;
	bool changed = false, found = false;
	int64_t first = change(store, 14600), id = 0;
	int64_t one = add_pcp(store, "1234567893", &changed);
	CU_ASSERT(changed);
	CU_ASSERT_EQUAL(add_pcp(store, "1234567893", &changed), one);
	CU_ASSERT_FALSE(changed);
	add_pcp(store, "1000000004", &changed);
	commit(store);
	change(store, 14601);
	CU_ASSERT(store_pcp_find(store, &arena, &found, &pcp, "1234567893") && found);
	CU_ASSERT(pcp.panel_limit == 1200 && pcp.medicaid_end == DAYS_OPEN && !pcp.facility_based);
	pcp.medicaid_end = 14700;
	CU_ASSERT(store_pcp_save(store, &id, &changed, &pcp) && changed && id == one);
	commit(store);
	CU_ASSERT(store_pcp_get(store, &arena, &pcp, one, first) && pcp.medicaid_end == DAYS_OPEN);
	CU_ASSERT(store_pcp_get(store, &arena, &pcp, one, 0) && pcp.medicaid_end == 14700 && slice_is(pcp.town, "WATERBURY"));
	CU_ASSERT_FALSE(store_pcp_get(store, &arena, &pcp, 9, 0));
	CU_ASSERT(store_pcp_find(store, &arena, &found, &pcp, "9999999999") && !found);
	CU_ASSERT(store_pcp_each(store, 0, see_pcp, &seen));
	CU_ASSERT(seen.count == 2 && seen.ids[0] == 2); /* by NPI */
	change(store, 14602);
	add_pcp(store, "1000000012", &changed);
	commit(store);
	seen = (struct seen){ 0 };
	CU_ASSERT(store_pcp_each(store, first, see_pcp, &seen) && seen.count == 2); /* the third was not known then */
	seen = (struct seen){ 0 };
	CU_ASSERT(store_pcp_each(store, 0, see_pcp, &seen) && seen.count == 3);
	stores_gone(store);
}

static void test_billing(void)
{
	struct store *store = stores_fresh();
	struct seen seen = { 0 };
	struct billing_provider billing = { .npi = "1245319599", .name = SLICE("GROUP"), .method = SLICE("ACH"), .zip = SLICE("06702"),
					    .account_kind = SLICE("DA") };
	struct affiliation *list, affiliation = { .begin = 14000, .end = DAYS_OPEN };
	bool changed = false, found = false;
	size_t count;
	int64_t first = change(store, 14600), id = 0;
	CU_ASSERT(store_billing_save(store, &id, &changed, &billing) && changed);
	CU_ASSERT(store_billing_save(store, &id, &changed, &billing) && !changed);
	affiliation.pcp = add_pcp(store, "1234567893", NULL);
	affiliation.billing = id;
	CU_ASSERT(store_affiliation_save(store, &changed, &affiliation) && changed);
	CU_ASSERT(store_affiliation_save(store, &changed, &affiliation) && !changed);
	commit(store);
	change(store, 14601);
	billing.name = SLICE("GROUP TWO");
	CU_ASSERT(store_billing_save(store, &id, &changed, &billing) && changed);
	affiliation.end = 14650;
	CU_ASSERT(store_affiliation_save(store, &changed, &affiliation) && changed);
	commit(store);
	CU_ASSERT(store_affiliations(store, &arena, &list, &count, affiliation.pcp, 0));
	CU_ASSERT(count == 1 && list[0].end == 14650 && list[0].begin == 14000 && list[0].billing == id);
	CU_ASSERT(store_billing_find(store, &arena, &found, &billing, "1245319599") && found && slice_is(billing.name, "GROUP TWO"));
	CU_ASSERT(store_billing_get(store, &arena, &billing, id, first) && slice_is(billing.name, "GROUP"));
	CU_ASSERT(store_billing_get(store, &arena, &billing, id, 0) && slice_is(billing.account_kind, "DA"));
	CU_ASSERT_FALSE(store_billing_get(store, &arena, &billing, 5, 0));
	CU_ASSERT(store_billing_each(store, 0, see_billing, &seen) && seen.count == 1);
	seen = (struct seen){ 0 };
	CU_ASSERT(store_billing_each(store, first, see_billing, &seen) && seen.count == 1);
	CU_ASSERT(store_affiliations(store, &arena, &list, &count, affiliation.pcp, first) && count == 1 && list[0].end == DAYS_OPEN);
	CU_ASSERT(store_affiliations(store, &arena, &list, &count, affiliation.pcp, 0) && count == 1 && list[0].end == 14650);
	stores_gone(store);
}

static const struct unit_case cases[] = {
	{ "PRV-1: a PCP is saved by NPI with versions", test_pcps },
	{ "PRV-6: billing providers have versions and affiliations are dated", test_billing },
};

int main(void)
{
	return STORES_RUN("store providers", cases);
}
