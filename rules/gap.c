/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * gap: coverage that goes away and comes back (ASG-7, 42 CFR 438.56(g), 438.1(a)(3)).
 *
 * A PCP stays the member's while coverage is away for no more than the program's months; then
 * the assignment ends with the last covered day.  Whoever turns out to have come back in time
 * goes on with the same PCP.  Both say what is so by the spans that are believed now, whenever somebody looks.
 */
#include "rules/internal.h"

bool program_ends_gaps(const struct program *program)
{
	return program->gap_months != MONTHS_OPEN;
}

/* The first day behind `day` on which a span begins or is over; OPEN: none. */
static days span_edge_after(const struct member *member, days day)
{
	days next = DAYS_OPEN;
	for (size_t i = 0; i < member->span_count; i++)
		next = edge_after(next, day, member->spans[i].begin, member->spans[i].end);
	return next;
}

/* The first day from `day` on that is covered, or is not; OPEN: none. */
static days first_day(const struct program *program, const struct member *member, days day, bool covered)
{
	enum reason why;
	while (day != DAYS_OPEN && (coverage_on(&why, program, member, day) != NULL) != covered)
		day = span_edge_after(member, day);
	return day;
}

/* The same day of the month, so many months later; the last of a month that is shorter. */
static days months_after(days day, months count)
{
	days out;
	int year, month, dom;
	days_to_civil(day, &year, &month, &dom);
	months then = 12 * year + month - 1 + count;
	if (days_from_civil(&out, then / 12, then % 12 + 1, dom))
		return out;
	return month_last(then);
}

bool assignment_lapses(days *last, const struct program *program, const struct member *member, const struct assignment *assignment, days today)
{
	days day = assignment->begin;
	if (!program_ends_gaps(program))
		return false;
	for (;;) {
		days gone = first_day(program, member, day, false);
		if (gone == DAYS_OPEN || gone > assignment->end)
			return false;
		days in_time = months_after(gone, program->gap_months), back = first_day(program, member, gone, true);
		if (back > in_time && today > in_time) {
			*last = gone - 1;
			return true;
		}
		if (back == DAYS_OPEN)
			return false;
		day = back;
	}
}

bool assignment_returns(days *first, const struct program *program, const struct member *member, const struct assignment *assignment)
{
	days gone = assignment->end + 1;
	if (!program_ends_gaps(program) || (member->died != DAYS_NONE && member->died < gone))
		return false;
	*first = first_day(program, member, gone, true);
	return *first <= months_after(gone, program->gap_months) && *first != DAYS_OPEN;
}
