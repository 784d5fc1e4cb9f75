/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * visits: the claims history that auto-assignment looks at.  A visit is a member, a
 * provider and a day; a claim that comes twice is one visit.
 */
#include "store/query.h"

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

bool store_visits(struct store *store, struct arena *arena, struct visit **out, size_t *count, int64_t member, days first, days last)
{
	size_t size = 0;
	*out = NULL;
	*count = 0;
	struct query query = query_open(store, SQL_VISITS);
	query_put(&query, member);
	query_put(&query, first);
	query_put(&query, last);
	while (query_row(&query)) {
		struct visit *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		*out = items;
		struct visit *visit = &items[(*count)++];
		*visit = (struct visit){ .member = member };
		query_get_chars(&query, visit->npi, sizeof(visit->npi));
		visit->day = query_get_days(&query);
		visit->source = query_get_text(&query, arena);
	}
	return query_done(&query);
}

bool store_visit_days(struct store *store, struct arena *arena, days **out, size_t *count, int64_t member)
{
	size_t size = 0;
	*out = NULL;
	*count = 0;
	struct query query = query_open(store, SQL_VISIT_DAYS);
	query_put(&query, member);
	while (query_row(&query)) {
		days *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		*out = items;
		items[(*count)++] = query_get_days(&query);
	}
	return query_done(&query);
}
