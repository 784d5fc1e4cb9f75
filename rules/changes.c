/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * changes: when a member may change the PCP (ASG-4): so many days after coming into the program, every so
 * many months, in a season of the year, for cause (42 CFR 438.56; Idaho's fixed enrolment).
 *
 * What counts is the day on which the request was processed.  Who has no PCP, or whose PCP was given or
 * taken by the program, changes nothing by choosing one.
 */
#include "rules/judging.h"

static bool is_there(const struct window *window, days day)
{
	return window->from <= day && day <= window->to;
}

static int month_day(days day)
{
	int year, month, dom;
	days_to_civil(day, &year, &month, &dom);
	return 100 * month + dom;
}

static bool in_season(const struct window *window, days day)
{
	int now = month_day(day);
	return window->opens <= window->closes ? window->opens <= now && now <= window->closes
					       : window->opens <= now || now <= window->closes;
}

/* The next day after `day` on which the season begins; DAYS_OPEN: it lasts the whole year. */
static days season_after(const struct window *window, days day)
{
	for (days next = day + 1; next <= day + 366; next++)
		if (in_season(window, next) && !in_season(window, next - 1))
			return next;
	return DAYS_OPEN;
}

static days months_later(days day, months count)
{
	int year, month, dom;
	days_to_civil(day, &year, &month, &dom);
	days first = month_first(month_of(day) + count), last = month_last(month_of(day) + count);
	return first + dom - 1 < last ? first + dom - 1 : last;
}

/* Is the window open on `day`?  *next is the day on which it opens next; DAYS_OPEN: not any more. */
static bool is_open(days *next, const struct window *window, const struct assignment *held, days in_since, days day)
{
	days yearly;
	*next = DAYS_OPEN;
	switch (window->kind) {
	case WINDOW_BEGIN: return day <= in_since + window->days_after;
	case WINDOW_SEASON:
		*next = season_after(window, day);
		return in_season(window, day);
	case WINDOW_EVERY:
		yearly = months_later(held->begin, window->months_after);
		*next = yearly;
		return yearly <= day;
	case WINDOW_CAUSE: break; /* asked apart */
	}
	return false;
}

days change_allowed_from(const struct program *program, const struct assignment *held, days in_since, days day)
{
	days earliest = DAYS_OPEN, next;
	if (!program->switching_windows)
		return day;
	for (size_t i = 0; i < program->window_count; i++) {
		const struct window *window = &program->windows[i];
		if (is_there(window, day) && is_open(&next, window, held, in_since, day))
			return day;
		if (!is_there(window, day) || next > window->to)
			next = window->from > day && window->from < window->to ? window->from : DAYS_OPEN;
		earliest = next < earliest ? next : earliest;
	}
	return earliest;
}

/* Since when the member has been in the program without a gap: where the days for the first change begin, or with the day
 * on which that was decided, whichever is later (42 CFR 438.56(c)). */
static days in_program_since(const struct family_member *who, const struct assignment *held)
{
	const struct assignment *first = held;
	for (size_t i = who->assignment_count; i-- > 0;)
		if (who->assignments[i].end == first->begin - 1)
			first = &who->assignments[i];
	return first->processed != DAYS_NONE && first->processed > first->begin ? first->processed : first->begin;
}

static const struct window *window_of_cause(const struct program *program, struct slice cause, days day)
{
	struct slice part;
	for (size_t i = 0; i < program->window_count; i++)
		if (program->windows[i].kind == WINDOW_CAUSE && is_there(&program->windows[i], day))
			for (unsigned p = 0; slice_part(&part, program->windows[i].causes, ',', p); p++)
				if (cause.len > 0 && plain_equal(part, cause))
					return &program->windows[i];
	return NULL;
}

struct answered ask_change(const struct judging *j, size_t i)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct request *request = candidate->request;
	const struct assignment *held = assigned_on(&j->family->members[i], candidate->effective);
	days day = request->processed, next;
	struct answered out = { .origin = request->origin };
	if (held == NULL || (candidate->pcp != NULL && held->pcp == candidate->pcp->pcp.id)) {
		out.fact = SLICE("changes no PCP");
		return out;
	}
	if (request->source.len > 0 && !slice_is(request->source, "CHOICE")) {
		out.fact = arena_format(j->arena, "changed by the program (%.*s), not by choice", SLICE_ARG(request->source));
		return out;
	}
	const struct window *cause = window_of_cause(j->program, request->cause, day);
	if (cause != NULL) {
		out.fact = arena_format(j->arena, "for cause %.*s: %s", SLICE_ARG(request->cause), cause->id);
		return out;
	}
	days since = in_program_since(&j->family->members[i], held);
	next = change_allowed_from(j->program, held, since, day);
	if (next == day) {
		out.fact = arena_format(j->arena, "in the program since %s, with this PCP since %s: may change on %s",
			days_iso(since).text, days_iso(held->begin).text, days_iso(day).text);
		return out;
	}
	out.reason = REASON_CHANGE_CLOSED;
	out.fact = next == DAYS_OPEN
		? arena_format(j->arena, "with this PCP since %s: may change for cause only", days_iso(held->begin).text)
		: arena_format(j->arena, "with this PCP since %s: may change again from %s", days_iso(held->begin).text, days_iso(next).text);
	return out;
}
