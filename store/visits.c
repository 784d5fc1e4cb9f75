/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * visits: the claims history that auto-assignment looks at.  A visit is a member, a
 * provider and a day; a claim that comes twice is one visit.
 */
#include "store/query.h"

#include <stdlib.h>

bool store_visit_add(struct store *store, bool *changed, const struct visit *visit)
{
	assert(store->change != 0);
	struct query query = query_open(store, SQL_VISIT_ADD);
	query_put(&query, visit->member);
	query_put(&query, visit->day);
	query_put_text(&query, slice_of(visit->npi));
	query_put_text(&query, visit->source);
	query_put(&query, store->change);
	bool done = query_run(&query);
	*changed = done && store_rows_changed(store) > 0;
	return done;
}

/* Most visits, then the latest, then by NPI. */
static int sum_order(const void *a, const void *b)
{
	const struct visit_sum *x = a, *y = b;
	if (x->visits != y->visits)
		return x->visits > y->visits ? -1 : 1;
	if (x->latest != y->latest)
		return x->latest > y->latest ? -1 : 1;
	return strcmp(x->npi, y->npi);
}

bool store_visits(struct store *store, struct arena *arena, struct visit_sum **out, size_t *count, int64_t member, days first, days last)
{
	size_t size = 0;
	*out = NULL;
	*count = 0;
	struct query query = query_open(store, SQL_VISITS);
	query_put(&query, member);
	query_put(&query, first);
	query_put(&query, last);
	while (query_row(&query)) {
		char npi[11];
		query_get_chars(&query, npi, sizeof(npi));
		if (*count == 0 || strcmp((*out)[*count - 1].npi, npi) != 0) {
			struct visit_sum *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
			if (items == NULL) {
				query.failed = true;
				break;
			}
			*out = items;
			items[*count] = (struct visit_sum){ .latest = DAYS_NONE };
			slice_copy(items[*count].npi, sizeof(items[*count].npi), slice_of(npi));
			++*count;
		}
		struct visit_sum *sum = &(*out)[*count - 1];
		days day = query_get_days(&query);
		sum->visits += sum->latest != day; /* a merged id may have the same one */
		sum->latest = day;
		sum->source = query_get_text(&query, arena);
	}
	if (*count > 1)
		qsort(*out, *count, sizeof(**out), sum_order);
	return query_done(&query);
}
