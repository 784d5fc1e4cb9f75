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

/* What `goes` brings: its days on which `stays` has no coverage.  Room for as many pieces more as there may be. */
static bool pieces_of(struct span_list *list, struct arena *arena, const struct member *stays, const struct member *goes, size_t more)
{
	/* each span that is carved out leaves at most one piece more */
	*list = (struct span_list){ .size = goes->span_count + 2 * stays->span_count + 1 + more };
	list->items = arena_alloc(arena, list->size * sizeof(*list->items));
	if (list->items == NULL)
		return false;
	if (goes->span_count > 0)
		memcpy(list->items, goes->spans, goes->span_count * sizeof(*list->items));
	list->count = goes->span_count;
	for (size_t i = 0; i < stays->span_count; i++)
		carve_all(list, &stays->spans[i]);
	return true;
}

bool member_absorb(struct member *out, struct arena *arena, const struct member *stays, const struct member *goes)
{
	struct span_list list;
	*out = *stays;
	if (out->died == DAYS_NONE)
		out->died = goes->died;
	if (!pieces_of(&list, arena, stays, goes, stays->span_count))
		return false;
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

/* Take a piece out of the spans that say the same. */
static void give_back(struct span_list *list, const struct span *piece)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct span *span = &list->items[i];
		if (!span_same_facts(span, piece) || span->end < piece->begin || span->begin > piece->end)
			continue;
		days begin = span->begin > piece->begin ? span->begin : piece->begin;
		spans_carve(list, piece->plan, begin, span->end < piece->end ? span->end : piece->end);
		i = (size_t)-1;
	}
}

bool member_part(struct member *out, struct arena *arena, const struct member *now, const struct member *before, const struct member *other)
{
	struct span_list pieces, list;
	*out = *now;
	if (before->died == DAYS_NONE && now->died == other->died)
		out->died = DAYS_NONE;
	if (!pieces_of(&pieces, arena, before, other, 0))
		return false;
	list = (struct span_list){ .size = now->span_count + 2 * pieces.count + 1, .count = now->span_count };
	list.items = arena_alloc(arena, list.size * sizeof(*list.items));
	if (list.items == NULL)
		return false;
	if (now->span_count > 0)
		memcpy(list.items, now->spans, now->span_count * sizeof(*list.items));
	for (size_t i = 0; i < pieces.count; i++)
		give_back(&list, &pieces.items[i]);
	spans_tidy(&list);
	out->spans = list.items;
	out->span_count = list.count;
	return !list.full;
}
