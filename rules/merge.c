/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * merge: two ids were one person (RET-8, BAD-15).
 *
 * The id that stays speaks for the days on which it has coverage; for all others what the other id had is true.  So a
 * month that both were paid for is one month, and one that only the old id was paid for is not lost.
 */
#include "rules/internal.h"

/* Take the days of `span` out of every plan. */
static void carve_all(struct span_list *list, const struct span *span)
{
	for (size_t i = 0; i < list->count;) {
		const struct span *kept = &list->items[i];
		if (kept->begin > span->end || kept->end < span->begin) {
			i++;
			continue;
		}
		spans_carve(list, kept->plan, span->begin, span->end);
		i = 0;
	}
}

bool member_absorb(struct member *out, struct arena *arena, const struct member *stays, const struct member *goes)
{
	*out = *stays;
	if (out->died == DAYS_NONE)
		out->died = goes->died;
	/* each span that is carved out leaves at most one piece more */
	struct span_list list = { .size = goes->span_count + 2 * stays->span_count + 1 };
	list.items = arena_alloc(arena, list.size * sizeof(*list.items));
	if (list.items == NULL)
		return false;
	if (goes->span_count > 0)
		memcpy(list.items, goes->spans, goes->span_count * sizeof(*list.items));
	list.count = goes->span_count;
	for (size_t i = 0; i < stays->span_count; i++)
		carve_all(&list, &stays->spans[i]);
	if (stays->span_count > 0)
		memcpy(&list.items[list.count], stays->spans, stays->span_count * sizeof(*list.items));
	list.count += stays->span_count;
	spans_tidy(&list);
	if (list.count > LIMIT_SPANS) /* more than is kept of anybody: the one that stays is as it was */
		return true;
	out->spans = list.items;
	out->span_count = list.count;
	return true;
}
