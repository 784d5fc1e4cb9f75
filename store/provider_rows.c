/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * provider_rows: PCPs, billing providers and who bills for whom, by NPI and with versions.
 */
#include "store/query.h"

/* ---------------------------------------------------------------- PCPs */

static void pcp_read(struct query *query, struct arena *arena, struct pcp *out)
{
	*out = (struct pcp){ .id = query_get(query) };
	query_get_chars(query, out->npi, sizeof(out->npi));
	out->last = query_get_text(query, arena);
	out->first = query_get_text(query, arena);
	out->credential = query_get_text(query, arena);
	out->specialty = query_get_text(query, arena);
	out->phone = query_get_text(query, arena);
	out->town = query_get_text(query, arena);
	out->medicaid_begin = query_get_days(query);
	out->medicaid_end = query_get_days(query);
	out->contract_begin = query_get_days(query);
	out->contract_end = query_get_days(query);
	out->panel_limit = query_get(query);
	out->facility_based = query_get(query) != 0;
}

static void put_pcp(struct query *query, const struct pcp *pcp)
{
	query_put_text(query, slice_of(pcp->npi));
	query_put_text(query, pcp->last);
	query_put_text(query, pcp->first);
	query_put_text(query, pcp->credential);
	query_put_text(query, pcp->specialty);
	query_put_text(query, pcp->phone);
	query_put_text(query, pcp->town);
	query_put(query, pcp->medicaid_begin);
	query_put(query, pcp->medicaid_end);
	query_put(query, pcp->contract_begin);
	query_put(query, pcp->contract_end);
	query_put(query, pcp->panel_limit);
	query_put(query, pcp->facility_based);
	query_put(query, query->store->change);
}

static bool pcp_same(const struct pcp *a, const struct pcp *b)
{
	return slice_equal(a->last, b->last) && slice_equal(a->first, b->first) &&
	       slice_equal(a->credential, b->credential) && slice_equal(a->specialty, b->specialty) &&
	       slice_equal(a->phone, b->phone) && slice_equal(a->town, b->town) &&
	       a->medicaid_begin == b->medicaid_begin && a->medicaid_end == b->medicaid_end &&
	       a->contract_begin == b->contract_begin && a->contract_end == b->contract_end &&
	       a->panel_limit == b->panel_limit && a->facility_based == b->facility_based;
}

bool store_pcp_find(struct store *store, struct arena *arena, bool *found, struct pcp *out, const char *npi)
{
	struct query query = query_open(store, SQL_PCP_FIND);
	query_put_text(&query, slice_of(npi));
	*found = query_row(&query);
	if (*found)
		pcp_read(&query, arena, out);
	return query_done(&query);
}

/* A query by id, now or as of a change. */
static struct query by_id(struct store *store, enum statement now, enum statement as_of, int64_t id, int64_t as_of_change)
{
	struct query query = query_open(store, as_of_change == 0 ? now : as_of);
	query_put(&query, id);
	if (as_of_change != 0)
		query_put(&query, as_of_change);
	return query;
}

bool store_pcp_get(struct store *store, struct arena *arena, struct pcp *out, int64_t id, int64_t as_of_change)
{
	struct query query = by_id(store, SQL_PCP_GET, SQL_PCP_AS_OF, id, as_of_change);
	bool found = query_row(&query);
	if (found)
		pcp_read(&query, arena, out);
	if (!query_done(&query))
		return false;
	return found || store_fail_missing(store, "PCP", id);
}

bool store_pcp_before(struct store *store, struct arena *arena, struct pcp **out, size_t *count, int64_t id)
{
	size_t size = 0;
	*out = NULL;
	*count = 0;
	struct query query = query_open(store, SQL_PCP_BEFORE);
	query_put(&query, id);
	while (query_row(&query)) {
		struct pcp *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		*out = items;
		struct pcp *item = &items[(*count)++];
		*item = (struct pcp){ .id = id };
		item->medicaid_begin = query_get_days(&query);
		item->medicaid_end = query_get_days(&query);
		item->contract_begin = query_get_days(&query);
		item->contract_end = query_get_days(&query);
	}
	return query_done(&query);
}

/* The version that is believed now goes to the past. */
static bool version_keep(struct store *store, enum statement keep, int64_t id)
{
	struct query query = query_open(store, keep);
	query_put(&query, id);
	query_put(&query, store->change);
	return query_run(&query);
}

static bool pcp_write(struct store *store, int64_t *id, bool *changed, bool found, const struct pcp *old, const struct pcp *pcp)
{
	*changed = !found || !pcp_same(old, pcp);
	if (!found) {
		struct query add = query_open(store, SQL_PCP_ADD);
		put_pcp(&add, pcp);
		return query_run_id(&add, id);
	}
	*id = old->id;
	if (!*changed)
		return true;
	if (!version_keep(store, SQL_PCP_KEEP, *id))
		return false;
	struct query change = query_open(store, SQL_PCP_CHANGE);
	put_pcp(&change, pcp);
	query_put(&change, *id);
	return query_run(&change);
}

bool store_pcp_save(struct store *store, int64_t *id, bool *changed, const struct pcp *pcp)
{
	struct arena arena;
	struct pcp old = { 0 };
	bool found;
	assert(store->change != 0);
	arena_init(&arena, 0);
	bool done = store_pcp_find(store, &arena, &found, &old, pcp->npi) &&
		    pcp_write(store, id, changed, found, &old, pcp);
	arena_done(&arena);
	return done;
}

/* ---------------------------------------------------------------- a walk by NPI */

/* What a walk goes over.  `read` takes the row into one item; the NPI stands at npi_offset in it. */
struct npi_walk {
	enum statement now, as_of;
	size_t item_bytes, npi_offset;
	void (*read)(struct query *query, struct arena *arena, void *item);
	bool (*give)(const struct npi_walk *walk, const void *item);
	void *data;
	pcp_fn pcp;          /* the caller's, by what is walked over */
	billing_fn billing;
};

/* One batch behind `npi`, which moves on; *count 0: there are no more. */
static bool walk_batch(struct store *store, struct arena *arena, const struct npi_walk *walk, int64_t as_of_change, char npi[11], size_t *count)
{
	char *items = arena_alloc(arena, WALK_BATCH * walk->item_bytes);
	*count = 0;
	if (items == NULL)
		return store_fail_memory(store);
	struct query query = query_open(store, as_of_change == 0 ? walk->now : walk->as_of);
	query_put_text(&query, slice_of(npi));
	query_put(&query, WALK_BATCH);
	if (as_of_change != 0)
		query_put(&query, as_of_change);
	while (*count < WALK_BATCH && query_row(&query))
		walk->read(&query, arena, items + (*count)++ * walk->item_bytes);
	if (!query_done(&query))
		return false;
	for (size_t i = 0; i < *count; i++)
		if (!walk->give(walk, items + i * walk->item_bytes))
			return false;
	if (*count > 0)
		slice_copy(npi, 11, slice_of(items + (*count - 1) * walk->item_bytes + walk->npi_offset));
	return true;
}

static bool walk_by_npi(struct store *store, const struct npi_walk *walk, int64_t as_of_change)
{
	struct arena arena;
	char npi[11] = "";
	size_t count = 1;
	bool going = true;
	arena_init(&arena, 0);
	store_forget_failure(store);
	while (going && count > 0) {
		arena_reset(&arena);
		going = walk_batch(store, &arena, walk, as_of_change, npi, &count);
	}
	arena_done(&arena);
	return going;
}

static void pcp_walk_read(struct query *query, struct arena *arena, void *item)
{
	pcp_read(query, arena, item);
}

static bool pcp_give(const struct npi_walk *walk, const void *item)
{
	return walk->pcp(walk->data, item);
}

bool store_pcp_each(struct store *store, int64_t as_of_change, pcp_fn fn, void *data)
{
	return walk_by_npi(store, &(struct npi_walk){ .now = SQL_PCPS_AFTER, .as_of = SQL_PCPS_AFTER_AS_OF,
		.item_bytes = sizeof(struct pcp), .npi_offset = offsetof(struct pcp, npi), .read = pcp_walk_read, .give = pcp_give,
		.data = data, .pcp = fn }, as_of_change);
}

/* ---------------------------------------------------------------- billing providers */

static void billing_read(struct query *query, struct arena *arena, struct billing_provider *out)
{
	*out = (struct billing_provider){ .id = query_get(query) };
	query_get_chars(query, out->npi, sizeof(out->npi));
	out->medicaid_id = query_get_text(query, arena);
	out->name = query_get_text(query, arena);
	out->kind = query_get_text(query, arena);
	out->tax_id = query_get_text(query, arena);
	out->street = query_get_text(query, arena);
	out->city = query_get_text(query, arena);
	out->state = query_get_text(query, arena);
	out->zip = query_get_text(query, arena);
	out->phone = query_get_text(query, arena);
	out->trading_partner = query_get_text(query, arena);
	out->fiscal_year_end = query_get_text(query, arena);
	out->method = query_get_text(query, arena);
	out->routing = query_get_text(query, arena);
	out->account = query_get_text(query, arena);
	out->account_kind = query_get_text(query, arena);
}

static void put_billing(struct query *query, const struct billing_provider *billing)
{
	query_put_text(query, slice_of(billing->npi));
	query_put_text(query, billing->medicaid_id);
	query_put_text(query, billing->name);
	query_put_text(query, billing->kind);
	query_put_text(query, billing->tax_id);
	query_put_text(query, billing->street);
	query_put_text(query, billing->city);
	query_put_text(query, billing->state);
	query_put_text(query, billing->zip);
	query_put_text(query, billing->phone);
	query_put_text(query, billing->trading_partner);
	query_put_text(query, billing->fiscal_year_end);
	query_put_text(query, billing->method);
	query_put_text(query, billing->routing);
	query_put_text(query, billing->account);
	query_put_text(query, billing->account_kind);
	query_put(query, query->store->change);
}

static bool billing_same(const struct billing_provider *a, const struct billing_provider *b)
{
	return slice_equal(a->medicaid_id, b->medicaid_id) && slice_equal(a->name, b->name) &&
	       slice_equal(a->kind, b->kind) && slice_equal(a->tax_id, b->tax_id) && slice_equal(a->street, b->street) &&
	       slice_equal(a->city, b->city) && slice_equal(a->state, b->state) && slice_equal(a->zip, b->zip) &&
	       slice_equal(a->phone, b->phone) && slice_equal(a->trading_partner, b->trading_partner) &&
	       slice_equal(a->fiscal_year_end, b->fiscal_year_end) && slice_equal(a->method, b->method) &&
	       slice_equal(a->routing, b->routing) && slice_equal(a->account, b->account) &&
	       slice_equal(a->account_kind, b->account_kind);
}

bool store_billing_find(struct store *store, struct arena *arena, bool *found, struct billing_provider *out, const char *npi)
{
	struct query query = query_open(store, SQL_BILLING_FIND);
	query_put_text(&query, slice_of(npi));
	*found = query_row(&query);
	if (*found)
		billing_read(&query, arena, out);
	return query_done(&query);
}

bool store_billing_get(struct store *store, struct arena *arena, struct billing_provider *out, int64_t id, int64_t as_of_change)
{
	struct query query = by_id(store, SQL_BILLING_GET, SQL_BILLING_AS_OF, id, as_of_change);
	bool found = query_row(&query);
	if (found)
		billing_read(&query, arena, out);
	if (!query_done(&query))
		return false;
	return found || store_fail_missing(store, "billing provider", id);
}

static bool billing_write(struct store *store, int64_t *id, bool *changed, bool found, const struct billing_provider *old,
	const struct billing_provider *billing)
{
	*changed = !found || !billing_same(old, billing);
	if (!found) {
		struct query add = query_open(store, SQL_BILLING_ADD);
		put_billing(&add, billing);
		return query_run_id(&add, id);
	}
	*id = old->id;
	if (!*changed)
		return true;
	if (!version_keep(store, SQL_BILLING_KEEP, *id))
		return false;
	struct query change = query_open(store, SQL_BILLING_CHANGE);
	put_billing(&change, billing);
	query_put(&change, *id);
	return query_run(&change);
}

bool store_billing_save(struct store *store, int64_t *id, bool *changed, const struct billing_provider *provider)
{
	struct arena arena;
	struct billing_provider old = { 0 };
	bool found;
	assert(store->change != 0);
	arena_init(&arena, 0);
	bool done = store_billing_find(store, &arena, &found, &old, provider->npi) &&
		    billing_write(store, id, changed, found, &old, provider);
	arena_done(&arena);
	return done;
}

static void billing_walk_read(struct query *query, struct arena *arena, void *item)
{
	billing_read(query, arena, item);
}

static bool billing_give(const struct npi_walk *walk, const void *item)
{
	return walk->billing(walk->data, item);
}

bool store_billing_each(struct store *store, int64_t as_of_change, billing_fn fn, void *data)
{
	return walk_by_npi(store, &(struct npi_walk){ .now = SQL_BILLINGS_AFTER, .as_of = SQL_BILLINGS_AFTER_AS_OF,
		.item_bytes = sizeof(struct billing_provider), .npi_offset = offsetof(struct billing_provider, npi),
		.read = billing_walk_read, .give = billing_give, .data = data, .billing = fn }, as_of_change);
}

/* ---------------------------------------------------------------- affiliations */

bool store_affiliations(struct store *store, struct arena *arena, struct affiliation **out, size_t *count, int64_t pcp, int64_t as_of_change)
{
	size_t size = 0;
	*out = NULL;
	*count = 0;
	struct query query = by_id(store, SQL_AFFILIATIONS, SQL_AFFILIATIONS_AS_OF, pcp, as_of_change);
	while (query_row(&query)) {
		struct affiliation *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		*out = items;
		struct affiliation *item = &items[(*count)++];
		item->pcp = query_get(&query);
		item->billing = query_get(&query);
		item->begin = query_get_days(&query);
		item->end = query_get_days(&query);
	}
	return query_done(&query);
}

static struct query affiliation_open(struct store *store, enum statement name, const struct affiliation *affiliation)
{
	struct query query = query_open(store, name);
	query_put(&query, affiliation->pcp);
	query_put(&query, affiliation->billing);
	query_put(&query, affiliation->begin);
	return query;
}

bool store_affiliation_save(struct store *store, bool *changed, const struct affiliation *affiliation)
{
	assert(store->change != 0);
	struct query find = affiliation_open(store, SQL_AFFILIATION_FIND, affiliation);
	bool found = query_row(&find);
	*changed = !found || query_get_days(&find) != affiliation->end;
	if (!query_done(&find))
		return false;
	if (!*changed)
		return true;
	if (found) {
		struct query keep = affiliation_open(store, SQL_AFFILIATION_KEEP, affiliation);
		query_put(&keep, store->change);
		if (!query_run(&keep))
			return false;
	}
	struct query put = affiliation_open(store, SQL_AFFILIATION_PUT, affiliation);
	query_put(&put, affiliation->end);
	query_put(&put, store->change);
	return query_run(&put);
}
