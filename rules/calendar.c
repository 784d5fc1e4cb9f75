/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * calendar: when things take effect, when money moves, how far back a month may change.
 * Everything is civil dates as day numbers; nobody here knows what day it is today.
 */
#include "rules/internal.h"

#define SUNDAY 0
#define SATURDAY 6

days program_cutoff(const struct program *program, months month)
{
	return month_last(month) - program->cutoff_days;
}

days program_effective(const struct program *program, days day)
{
	months month = month_of(day);
	return month_first(month + (day <= program_cutoff(program, month) ? 1 : 2));
}

days program_cycle_day(const struct program *program, months month)
{
	days first = month_first(month + program->cycle_months);
	int ahead = (program->cycle_weekday - days_weekday(first) + 7) % 7;
	return first + ahead + 7 * (program->cycle_nth - 1);
}

days program_payment_day(const struct program *program, days cycle)
{
	days day = cycle + program->payment_days;
	while (days_weekday(day) == SUNDAY || days_weekday(day) == SATURDAY) /* banks move money on weekdays */
		day++;
	return day;
}

cents program_fee(const struct program *program, months month)
{
	days day = program->count_last_day ? month_last(month) : month_first(month);
	for (size_t i = 0; i < program->rate_count; i++)
		if (program->rates[i].from <= day && day <= program->rates[i].to)
			return program->rates[i].amount;
	return 0;
}

months program_oldest_open(const struct program *program, months now, bool recoupment)
{
	months window = recoupment ? program->recoupments_months : program->additions_months;
	return window == MONTHS_OPEN ? MONTHS_NONE : now - window;
}
