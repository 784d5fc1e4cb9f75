/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * calendar: when things take effect, when money moves, how far back a month may change.
 * Everything is civil dates as day numbers; nobody here knows what day it is today.
 */
#include "rules/condition.h"

#define SUNDAY 0
#define SATURDAY 6

static bool is_weekend(days day)
{
	return days_weekday(day) == SUNDAY || days_weekday(day) == SATURDAY;
}

days edge_after(days next, days day, days begin, days end)
{
	if (begin > day && begin < next)
		next = begin;
	if (end != DAYS_OPEN && end >= day && end + 1 < next)
		next = end + 1;
	return next;
}

const struct effective_rule *effective_rule_on(const struct program *program, days day)
{
	size_t found = 0;
	while (found + 1 < program->effective_count && program->effectives[found + 1].since <= day)
		found++;
	return &program->effectives[found];
}

days effective_cutoff(const struct effective_rule *rule, months month)
{
	days day = month_last(month);
	if (!rule->cutoff_working)
		return day - rule->cutoff_days;
	for (days left = rule->cutoff_days; left > 0; day--) /* ten working days at most: never out of the month */
		left -= !is_weekend(day);
	return day;
}

days program_cutoff(const struct program *program, months month)
{
	return effective_cutoff(effective_rule_on(program, month_last(month)), month);
}

days program_effective(const struct program *program, days day)
{
	const struct effective_rule *rule = effective_rule_on(program, day);
	months month = month_of(day);
	switch (rule->kind) {
	case EFFECTIVE_IMMEDIATE: return day;
	case EFFECTIVE_THIS_MONTH: return month_first(month);
	case EFFECTIVE_NEXT_MONTH: break;
	}
	return month_first(month + (day <= effective_cutoff(rule, month) ? 1 : 2));
}

days program_cycle_day(const struct program *program, months month)
{
	days first = month_first(month + program->cycle_months);
	for (size_t i = 0; i < program->cycle_date_count; i++)
		if (program->cycle_dates[i].month == month)
			return program->cycle_dates[i].on;
	days last = month_last(month_of(first)), day = first + program->cycle_dom - 1;
	if (program->cycle_dom == 0)
		day = first + (program->cycle_weekday - days_weekday(first) + 7) % 7 + 7 * (program->cycle_nth - 1);
	if (day > last)
		day = last;
	while (program->cycle_moves != 0 && !program_working(program, day))
		day += program->cycle_moves;
	return day;
}

bool program_working(const struct program *program, days day)
{
	for (size_t i = 0; i < program->holiday_count; i++)
		if (program->holidays[i] == day)
			return false;
	return !is_weekend(day);
}

days program_first_working(const struct program *program, months month)
{
	days day = month_first(month);
	while (!program_working(program, day))
		day++;
	return day;
}

days program_payment_day(const struct program *program, days cycle)
{
	days day = cycle + program->payment_days;
	while (!program_working(program, day)) /* banks move money on working days */
		day++;
	return day;
}

months program_cycle_months(const struct program *program)
{
	return program->cycle_months;
}

months program_stream_due(const struct program *program, size_t index, months month)
{
	const struct stream *stream = &program->streams[index];
	if (stream->prospective)
		return month + program->cycle_months;
	return (month - stream->delay + 1) / stream->period * stream->period - 1; /* month numbers count from a January */
}

cents program_fee(const struct program *program, months month)
{
	const struct stream *stream = &program->streams[0];
	days day = stream->count == COUNT_LAST_DAY ? month_last(month) : month_first(month);
	for (size_t i = 0; i < stream->rate_count; i++)
		if (stream->rates[i].from <= day && day <= stream->rates[i].to && stream->rates[i].when->count == 0)
			return stream->rates[i].amount;
	return 0;
}

months program_oldest_open(const struct program *program, months now, bool recoupment)
{
	months window = recoupment ? program->recoupments_months : program->additions_months;
	return window == MONTHS_OPEN ? MONTHS_NONE : now - window;
}
