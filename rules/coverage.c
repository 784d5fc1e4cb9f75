/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * coverage: 2300 loops into spans (domain reference 6.2).
 *
 * HD01 says what one coverage does, INS03 stands in where it is empty:
 *   021 025 add, reinstate      026 correct (dates replaced)      001 change from 348 on
 *   024 end                     002 delete                        030 032 nothing
 * DTP 357 and 474 cap whatever is left: that is how a termination reaches back.
 */
#include "rules/coverage.h"

static struct slice maintenance_of(const struct member_record *record, const struct coverage_record *coverage)
{
	return coverage->maintenance.len > 0 ? coverage->maintenance : record->maintenance;
}

bool coverage_takes_away(const struct member_record *record, const struct coverage_record *coverage)
{
	struct slice maintenance = maintenance_of(record, coverage);
	return slice_is(maintenance, "024") || slice_is(maintenance, "002");
}

bool record_brings_coverage(const struct member_record *record)
{
	for (const struct coverage_record *coverage = record->coverages; coverage != NULL; coverage = coverage->next)
		if (!coverage_takes_away(record, coverage) && coverage->plan.len > 0)
			return true;
	return false;
}

static days first_known(days a, days b)
{
	return a != DAYS_NONE ? a : b;
}

static days earlier_known(days a, days b)
{
	return a == DAYS_NONE ? b : b == DAYS_NONE ? a : a < b ? a : b;
}

static days record_cap(const struct member_record *record)
{
	return earlier_known(record->eligibility_end, record->medicaid_end);
}

days record_last_day(const struct member_record *record)
{
	days last = record_cap(record);
	for (const struct coverage_record *coverage = record->coverages; coverage != NULL && last == DAYS_NONE;
		coverage = coverage->next)
		last = coverage->end;
	return first_known(last, record->maintenance_date);
}

/* What stands in for a date that the record does not name. */
static days day_for(struct coverage_change *change, days named, days instead)
{
	change->by_day = change->by_day || named == DAYS_NONE;
	return first_known(named, instead);
}

/* 348, else the member's own begin: what an addition without a date means. */
static days begin_of(struct coverage_change *change, const struct coverage_record *coverage)
{
	const struct member_record *record = change->record;
	days begin = first_known(coverage->begin, first_known(record->eligibility_begin, record->medicaid_begin));
	return day_for(change, first_known(begin, coverage->maintenance_date), change->set->effective);
}

/* A span of this coverage; what it does not say comes from `old`. */
static struct span span_of(const struct coverage_record *coverage, const struct span *old)
{
	struct span span = { .begin = coverage->begin,
		.end = coverage->end == DAYS_NONE ? DAYS_OPEN : coverage->end,
		.plan = coverage->plan,
		.line = coverage->line,
		.aid_category = coverage->aid_category,
		.payment_category = coverage->payment_category,
		.special_program = coverage->special_program };
	if (old == NULL)
		return span;
	span.plan = old->plan;
	span.line = span.line.len > 0 ? span.line : old->line;
	span.aid_category = span.aid_category.len > 0 ? span.aid_category : old->aid_category;
	/* a new aid category makes an old payment category stale unless the record says it again */
	bool same_aid = slice_equal(span.aid_category, old->aid_category);
	span.payment_category = span.payment_category.len > 0 || !same_aid ? span.payment_category
									   : old->payment_category;
	span.special_program = span.special_program.len > 0 ? span.special_program : old->special_program;
	return span;
}

static bool span_overlaps(const struct span *a, const struct span *b)
{
	return plain_equal(a->plan, b->plan) && a->begin <= b->end && b->begin <= a->end;
}

static bool span_runs(struct coverage_change *change, const struct span *span)
{
	if (span->begin != DAYS_NONE && span->begin <= span->end)
		return true;
	change->span_dates = true;
	return false;
}

/*
 * 021: the dates are the record's, but for days before its own first one: an addition says that somebody is covered
 * from a day on, not that they were not before (a renewal that is sent again must not take the years before it away).
 * A correction (026) and a replacing file mean their dates in full.
 */
static void coverage_add(
	struct coverage_change *change, struct span_list *list, const struct coverage_record *coverage, bool corrects)
{
	days begin = begin_of(change, coverage);
	const struct span *old = begin == DAYS_NONE ? NULL : spans_near(list, coverage->plan, begin);
	struct span span = span_of(coverage, old != NULL && begin <= old->end ? old : NULL);
	span.begin = begin;
	if (!span_runs(change, &span))
		return;
	for (size_t i = 0; i < list->count;) {
		struct span *kept = &list->items[i];
		if (!span_overlaps(kept, &span)) {
			i++;
			continue;
		}
		bool same_dates = kept->begin == span.begin && kept->end == span.end;
		change->added_twice = change->added_twice || (!same_dates && !corrects);
		if (!corrects && kept->begin < span.begin) {
			kept->end = span.begin - 1;
			i++;
			continue;
		}
		spans_carve(list, kept->plan, kept->begin, kept->end);
	}
	spans_put(list, span);
}

/* The end of the unbroken run of the plan's days that goes on after `last`. */
static days run_end(const struct span_list *list, struct slice plan, days last)
{
	for (bool grew = true; grew && last != DAYS_OPEN;) {
		grew = false;
		for (size_t i = 0; i < list->count && !grew; i++) {
			const struct span *span = &list->items[i];
			if (!plain_equal(span->plan, plan) || span->begin > last + 1 || span->end <= last)
				continue;
			last = span->end;
			grew = true;
		}
	}
	return last;
}

/* 001 with an end and no 348: the plan ends there; facts it brings hold in what is then its last span, from 303 on. */
static void coverage_alter_end(struct span_list *list, const struct coverage_record *coverage, days from)
{
	spans_cap(list, coverage->plan, coverage->end);
	const struct span *last = spans_last(list, coverage->plan);
	if (last == NULL)
		return;
	struct span kept = *last, span = span_of(coverage, &kept);
	span.begin = from != DAYS_NONE && from > kept.begin && from <= kept.end ? from : kept.begin;
	span.end = kept.end;
	spans_put(list, span);
}

/* 001: from 348 on (else 303, else over the whole last span) the record's facts hold; 349 ends it. */
static void coverage_alter(
	struct coverage_change *change, struct span_list *list, const struct coverage_record *coverage)
{
	days from = first_known(
		coverage->begin, first_known(coverage->maintenance_date, change->record->maintenance_date));
	if (coverage->begin == DAYS_NONE && coverage->end != DAYS_NONE) {
		coverage_alter_end(list, coverage, from);
		return;
	}
	const struct span *old = from == DAYS_NONE ? spans_last(list, coverage->plan)
						   : spans_near(list, coverage->plan, from);
	if (old == NULL) {
		coverage_add(change, list, coverage, false);
		return;
	}
	bool gap = from != DAYS_NONE && from > old->end;
	/* 303 tells when a fact changed, 348 when coverage began: only 348 may move a beginning or open a stretch.  What
	 * changed after an end is no fact of what had ended: it is one of the stretch that follows, if there is one. */
	if (gap && coverage->begin == DAYS_NONE) {
		old = spans_next(list, coverage->plan, from);
		if (old == NULL)
			return;
		gap = false;
	}
	struct span kept = *old, span = span_of(coverage, &kept);
	span.begin = from == DAYS_NONE || (coverage->begin == DAYS_NONE && from < kept.begin) ? kept.begin : from;
	if (coverage->end == DAYS_NONE)
		span.end = gap ? DAYS_OPEN : kept.end;
	if (!span_runs(change, &span))
		return;
	days reach = coverage->end == DAYS_NONE ? span.end : run_end(list, span.plan, span.end);
	if (span.end < reach)
		spans_carve(list, span.plan, span.end + 1, reach);
	spans_put(list, span);
}

/* 025: the last span of the plan runs again; a 348 (else a 356 or 473) after a gap begins a new one. */
static void coverage_reopen(
	struct coverage_change *change, struct span_list *list, const struct coverage_record *coverage)
{
	const struct span *old = spans_last(list, coverage->plan);
	const struct member_record *record = change->record;
	days begin = first_known(coverage->begin, first_known(record->eligibility_begin, record->medicaid_begin));
	if (old == NULL || (begin != DAYS_NONE && begin > old->end && begin - 1 > old->end)) {
		coverage_add(change, list, coverage, false);
		return;
	}
	struct span kept = *old, span = span_of(coverage, &kept);
	span.begin = first_known(coverage->begin, kept.begin);
	if (!span_runs(change, &span))
		return;
	if (span.end < kept.end)
		spans_carve(list, kept.plan, span.end + 1, kept.end);
	spans_put(list, span);
}

/* 025 without a plan: whatever ended last runs again, after a gap if the record has a beginning behind one. */
static void coverage_reopen_last(const struct coverage_change *change, struct span_list *list)
{
	const struct member_record *record = change->record;
	days begin = first_known(record->eligibility_begin, record->medicaid_begin), last = DAYS_NONE;
	size_t count = list->count;
	for (size_t i = 0; i < count; i++)
		last = list->items[i].end > last ? list->items[i].end : last;
	for (size_t i = 0; i < count && last != DAYS_OPEN; i++) {
		struct span again = list->items[i];
		if (again.end != last)
			continue;
		again.begin = begin > last + 1 ? begin : again.begin;
		again.end = DAYS_OPEN;
		if (begin > last + 1)
			spans_put(list, again);
		else
			list->items[i] = again;
	}
}

/* May a 024 or 002 mean this span: by plan, else by line, else all? */
static bool coverage_names(const struct coverage_record *coverage, const struct span *span)
{
	if (coverage->plan.len > 0)
		return plain_equal(span->plan, coverage->plan);
	return coverage->line.len == 0 || span->line.len == 0 || slice_equal(coverage->line, span->line);
}

bool coverage_addition(struct addition *out, const struct member_record *record, const struct coverage_record *coverage)
{
	struct slice maintenance = maintenance_of(record, coverage);
	*out = (struct addition){ .begin = first_known(coverage->begin,
					  first_known(record->eligibility_begin, record->medicaid_begin)),
		.plan = coverage->plan };
	return out->begin != DAYS_NONE && out->plan.len > 0 &&
		(slice_is(maintenance, "021") || slice_is(maintenance, "025") || slice_is(maintenance, "026"));
}

static bool begins_by(const struct span_list *list, days day)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].begin <= day)
			return true;
	return false;
}

/*
 * BAD-14: from when on does the plan go on although it ends on `last`, because the same file, or the record itself
 * before `until`, added it from a later day on?  NONE if it does not.  A death ends everything.
 */
static days goes_on(const struct coverage_change *change, const struct coverage_record *until, struct slice plan, days last)
{
	const struct member_record *record = change->record;
	struct addition addition;
	days from = DAYS_NONE;
	if (record->death != DAYS_NONE || slice_is(record->reason, "03"))
		return DAYS_NONE;
	for (size_t i = 0; change->earlier != NULL && i < change->earlier->count; i++)
		if (change->earlier->items[i].begin > last && plain_equal(change->earlier->items[i].plan, plan))
			from = earlier_known(from, change->earlier->items[i].begin);
	for (const struct coverage_record *own = record->coverages; until != NULL && own != until; own = own->next)
		if (coverage_addition(&addition, record, own) && addition.begin > last && plain_equal(addition.plan, plan))
			from = earlier_known(from, addition.begin);
	return from;
}

/* The span at `i` ends on `last`, or is not there; but what goes on from `from` on stays.  The next place to look at. */
static size_t span_end(struct span_list *list, size_t i, days last, days from)
{
	struct span *span = &list->items[i];
	if (from != DAYS_NONE && (span->begin >= from || (last + 1 == from && span->begin <= last)))
		return i + 1;
	if (from != DAYS_NONE)
		spans_carve(list, span->plan, last + 1, from - 1);
	else if (span->begin > last)
		spans_carve(list, span->plan, span->begin, span->end);
	else
		span->end = last;
	return i;
}

static void coverage_end(struct coverage_change *change, struct span_list *list, const struct coverage_record *coverage)
{
	days last = first_known(first_known(coverage->end, record_cap(change->record)),
		first_known(coverage->maintenance_date, change->record->maintenance_date));
	last = day_for(change, last, change->today);
	bool ends_something = begins_by(list, last);
	for (size_t i = 0; i < list->count;) {
		struct span *span = &list->items[i];
		/* with a 348 only what it began is meant */
		if (!coverage_names(coverage, span) || span->end <= last ||
			(coverage->begin != DAYS_NONE && span->end < coverage->begin)) {
			i++;
			continue;
		}
		days from = ends_something ? goes_on(change, coverage, span->plan, last) : DAYS_NONE;
		if (coverage->begin != DAYS_NONE && coverage->begin >= from) /* it is the addition that is taken back */
			from = DAYS_NONE;
		i = span_end(list, i, last, from);
	}
}

/* DTP 357 and 474: everything ends there. */
static void coverage_cap(const struct coverage_change *change, struct span_list *list, days last)
{
	bool ends_something = begins_by(list, last);
	for (size_t i = 0; i < list->count;) {
		struct slice plan = list->items[i].plan;
		if (list->items[i].end <= last)
			i++;
		else
			i = span_end(list, i, last, ends_something ? goes_on(change, NULL, plan, last) : DAYS_NONE);
	}
}

static void coverage_delete(struct span_list *list, const struct coverage_record *coverage)
{
	for (size_t i = 0; i < list->count;) {
		struct span *span = &list->items[i];
		if (coverage_names(coverage, span) && (coverage->begin == DAYS_NONE || span->begin == coverage->begin))
			spans_carve(list, span->plan, span->begin, span->end);
		else
			i++;
	}
}

/* The first day that a replacing record speaks for; NONE if it names none. */
static days record_first_day(struct coverage_change *change)
{
	const struct member_record *record = change->record;
	days first = DAYS_NONE;
	/* a 356 tells since when somebody is eligible at all: it takes no months away that lie before the coverage listed */
	for (const struct coverage_record *coverage = record->coverages; coverage != NULL; coverage = coverage->next)
		first = earlier_known(first, coverage->begin);
	first = first_known(first, earlier_known(record->eligibility_begin, record->medicaid_begin));
	return day_for(change, first, first_known(change->set->effective, change->set->date));
}

/* HD04 is situational: without it the one plan that the member has on that line is meant; empty if there are more. */
static struct slice plan_meant(const struct span_list *list, const struct coverage_record *coverage)
{
	struct slice plan = coverage->plan;
	for (size_t i = 0; i < list->count && coverage->plan.len == 0; i++) {
		const struct span *span = &list->items[i];
		if (coverage->line.len > 0 && span->line.len > 0 && !slice_equal(coverage->line, span->line))
			continue;
		if (plan.len > 0 && !plain_equal(plan, span->plan))
			return SLICE_NONE;
		plan = span->plan;
	}
	return plan;
}

static void coverage_one(struct coverage_change *change, struct span_list *list, const struct coverage_record *coverage)
{
	struct coverage_record named = *coverage;
	struct slice maintenance = maintenance_of(change->record, coverage);
	bool ends = slice_is(maintenance, "024"), deletes = slice_is(maintenance, "002");
	if (change->replace) { /* everything from the first day on was taken out: what is listed is what there is */
		if (deletes || (ends && coverage->begin == DAYS_NONE) || coverage->plan.len == 0)
			return;
		coverage_add(change, list, coverage, true);
		return;
	}
	named.plan = plan_meant(list, coverage);
	if (ends)
		coverage_end(change, list, coverage);
	else if (deletes)
		coverage_delete(list, coverage);
	else if (coverage->plan.len == 0 && slice_is(maintenance, "025"))
		coverage_reopen_last(change, list);
	else if (named.plan.len == 0 || slice_is(maintenance, "030") || slice_is(maintenance, "032"))
		return;
	else if (slice_is(maintenance, "021"))
		coverage_add(change, list, &named, false);
	else if (slice_is(maintenance, "026"))
		coverage_add(change, list, &named, true);
	else if (slice_is(maintenance, "025"))
		coverage_reopen(change, list, &named);
	else
		coverage_alter(change, list, &named);
}

bool coverage_apply(
	struct coverage_change *change, struct member *after, const struct member *before, struct arena *arena)
{
	const struct member_record *record = change->record;
	size_t kept = before == NULL ? 0 : before->span_count;
	struct span_list list = { .size = 2 * kept + 4 }; /* a reinstatement may begin each plan anew */
	if (change->earlier != NULL)
		list.size += change->earlier->count; /* an end before what goes on splits it */
	for (const struct coverage_record *coverage = record->coverages; coverage != NULL; coverage = coverage->next)
		list.size += 3; /* one put, and what carving before and after it may split off */
	list.items = arena_alloc(arena, list.size * sizeof(*list.items));
	if (list.items == NULL)
		return false;
	if (kept > 0 && before != NULL)
		memcpy(list.items, before->spans, kept * sizeof(*list.items));
	list.count = kept;
	if (change->replace) {
		days first = record_first_day(change);
		if (first != DAYS_NONE)
			spans_cap(&list, SLICE_NONE, first - 1);
	}
	for (const struct coverage_record *coverage = record->coverages; coverage != NULL; coverage = coverage->next)
		coverage_one(change, &list, coverage);
	if (record->coverages == NULL && slice_is(record->maintenance, "025") && !change->replace)
		coverage_reopen_last(change, &list);
	days cap = record_cap(record);
	if (cap == DAYS_NONE && slice_is(record->maintenance, "024") && record->coverages == NULL)
		cap = day_for(change, first_known(record->maintenance_date, record->death), change->today);
	if (cap != DAYS_NONE)
		coverage_cap(change, &list, cap);
	spans_tidy(&list);
	after->spans = list.items;
	after->span_count = list.count;
	return !list.full;
}
