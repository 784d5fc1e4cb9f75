/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * panels: how many members a PCP has, counted by the engine (ASG-2).
 *
 * Nobody reads a million assignments to know that a panel is full: those of one PCP are counted once,
 * by their days, and who asked keeps the numbers up to date.
 */
#include "store/query.h"

bool store_panel(struct store *store, struct arena *arena, struct held **out, size_t *count, int64_t pcp)
{
	size_t size = 0;
	struct query query = query_open(store, SQL_PANEL_OF_PCP);
	query_put(&query, pcp);
	query_put(&query, DAYS_NONE);
	*out = NULL;
	*count = 0;
	while (query_row(&query)) {
		struct held *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		*out = items;
		items += (*count)++;
		items->begin = query_get_days(&query);
		items->end = query_get_days(&query);
		items->members = query_get(&query);
	}
	return query_done(&query);
}

bool store_pcps_of_billing(struct store *store, struct arena *arena, int64_t **out, size_t *count, int64_t billing)
{
	size_t size = 0;
	struct query query = query_open(store, SQL_PCPS_OF_BILLING);
	query_put(&query, billing);
	*out = NULL;
	*count = 0;
	while (query_row(&query)) {
		int64_t *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		*out = items;
		items[(*count)++] = query_get(&query);
	}
	return query_done(&query);
}
