/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * spans: the coverage of one member while an enrolment record is applied to it.
 *
 * Spans of one plan never overlap: whoever puts one first carves its days out of what is
 * there.  Spans of different plans may overlap; eligibility.c says which one speaks.
 * After spans_tidy they are in order and no two neighbours of a plan say the same.
 */
#include "rules/internal.h"

bool span_same_facts(const struct span *a, const struct span *b)
{
	return plain_equal(a->plan, b->plan) && slice_equal(a->line, b->line) &&
		slice_equal(a->aid_category, b->aid_category) &&
		slice_equal(a->payment_category, b->payment_category) &&
		slice_equal(a->special_program, b->special_program);
}

static void spans_add(struct span_list *list, struct span span)
{
	if (span.begin > span.end)
		return;
	if (list->count == list->size) {
		list->full = true;
		return;
	}
	list->items[list->count++] = span;
}

static void spans_drop(struct span_list *list, size_t index)
{
	list->count--;
	memmove(&list->items[index], &list->items[index + 1], (list->count - index) * sizeof(*list->items));
}

void spans_carve(struct span_list *list, struct slice plan, days begin, days end)
{
	for (size_t i = 0; i < list->count;) {
		struct span *span = &list->items[i];
		if (!plain_equal(span->plan, plan) || span->end < begin || span->begin > end) {
			i++;
			continue;
		}
		struct span after = *span;
		if (span->end > end) { /* a part is left behind the carved days */
			after.begin = end + 1;
			spans_add(list, after);
		}
		if (span->begin < begin) { /* and one before them */
			span->end = begin - 1;
			i++;
		} else {
			spans_drop(list, i);
		}
	}
}

void spans_put(struct span_list *list, struct span span)
{
	spans_carve(list, span.plan, span.begin, span.end);
	spans_add(list, span);
}

void spans_cap(struct span_list *list, struct slice plan, days last)
{
	for (size_t i = 0; i < list->count;) {
		struct span *span = &list->items[i];
		if (plan.len > 0 && !plain_equal(span->plan, plan)) {
			i++;
		} else if (span->begin > last) {
			spans_drop(list, i);
		} else {
			span->end = span->end > last ? last : span->end;
			i++;
		}
	}
}

static bool span_before(const struct span *a, const struct span *b)
{
	return a->begin != b->begin ? a->begin < b->begin : slice_compare(a->plan, b->plan) < 0;
}

void spans_tidy(struct span_list *list)
{
	for (size_t i = 1; i < list->count; i++) { /* few and nearly in order */
		struct span span = list->items[i];
		size_t j = i;
		for (; j > 0 && span_before(&span, &list->items[j - 1]); j--)
			list->items[j] = list->items[j - 1];
		list->items[j] = span;
	}
	for (size_t i = 0; i < list->count; i++) {
		for (size_t j = i + 1; j < list->count;) {
			struct span *a = &list->items[i], *b = &list->items[j];
			if (a->end != DAYS_OPEN && b->begin == a->end + 1 && span_same_facts(a, b)) {
				a->end = b->end;
				spans_drop(list, j);
			} else {
				j++;
			}
		}
	}
}

const struct span *spans_last(const struct span_list *list, struct slice plan)
{
	const struct span *last = NULL;
	for (size_t i = 0; i < list->count; i++)
		if (plain_equal(list->items[i].plan, plan) && (last == NULL || list->items[i].end > last->end))
			last = &list->items[i];
	return last;
}

const struct span *spans_next(const struct span_list *list, struct slice plan, days day)
{
	const struct span *next = NULL;
	for (size_t i = 0; i < list->count; i++) {
		const struct span *span = &list->items[i];
		if (span->begin > day && (next == NULL || span->begin < next->begin) && plain_equal(span->plan, plan))
			next = span;
	}
	return next;
}

const struct span *spans_near(const struct span_list *list, struct slice plan, days day)
{
	const struct span *before = NULL, *after = NULL;
	for (size_t i = 0; i < list->count; i++) {
		const struct span *span = &list->items[i];
		if (!plain_equal(span->plan, plan))
			continue;
		if (span->begin <= day && day <= span->end)
			return span;
		if (span->end < day && (before == NULL || span->end > before->end))
			before = span;
		if (span->begin > day && (after == NULL || span->begin < after->begin))
			after = span;
	}
	return before != NULL ? before : after;
}
