/* SPDX-License-Identifier: Apache-2.0 */
/* days: the calendar, months, ages, and the clock. */
#include "base/base.h"
#include "tests/unit/unit.h"

static days on(int year, int month, int day)
{
	days out = DAYS_NONE;
	return days_from_civil(&out, year, month, day) ? out : DAYS_NONE;
}

static bool prints_as(void (*put)(struct buffer *, int32_t), int32_t value, const char *text)
{
	struct buffer buffer;
	buffer_init(&buffer, 0);
	put(&buffer, value);
	bool same = slice_is(buffer_view(&buffer), text);
	if (!same)
		printf("    %.*s is not %s\n", SLICE_ARG(buffer_view(&buffer)), text);
	buffer_done(&buffer);
	return same;
}

static void known_days(void)
{
	CU_ASSERT(on(1970, 1, 1) == 0);
	CU_ASSERT(on(1969, 12, 31) == -1);
	CU_ASSERT(on(2000, 3, 1) == 11017);
	CU_ASSERT(on(2010, 1, 1) == 14610);
	CU_ASSERT(on(1, 1, 1) == DAYS_FIRST);
	CU_ASSERT(on(9999, 12, 31) == DAYS_LAST);
}

static void leap_days(void)
{
	CU_ASSERT(on(2008, 2, 29) != DAYS_NONE);
	CU_ASSERT(on(2009, 2, 29) == DAYS_NONE);
	CU_ASSERT(on(1900, 2, 29) == DAYS_NONE);
	CU_ASSERT(on(2000, 2, 29) != DAYS_NONE);
	CU_ASSERT(on(2100, 2, 29) == DAYS_NONE);
	CU_ASSERT(on(2010, 2, 30) == DAYS_NONE);
	CU_ASSERT(on(2010, 4, 31) == DAYS_NONE);
	CU_ASSERT(on(2010, 13, 1) == DAYS_NONE);
	CU_ASSERT(on(2010, 0, 1) == DAYS_NONE);
	CU_ASSERT(on(2010, 1, 0) == DAYS_NONE);
	CU_ASSERT(on(0, 12, 31) == DAYS_NONE);
	CU_ASSERT(on(10000, 1, 1) == DAYS_NONE);
	CU_ASSERT(on(INT32_MIN, INT32_MIN, INT32_MIN) == DAYS_NONE);
}

/* The calendar counted by hand, one day after the other, against the arithmetic. */
static void every_day_of_the_calendar(void)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	days day = DAYS_FIRST;
	unsigned wrong = 0;
	int weekday = 1;
	for (int y = 1; y <= 9999; y++) {
		bool leap = y % 400 == 0 || (y % 4 == 0 && y % 100 != 0);
		int of_year = 1;
		for (int m = 1; m <= 12; m++) {
			int length = lengths[m - 1] + (m == 2 && leap ? 1 : 0);
			for (int d = 1; d <= length; d++, day++, of_year++) {
				int year, month, dom;
				days_to_civil(day, &year, &month, &dom);
				wrong += year != y || month != m || dom != d ? 1 : 0;
				wrong += on(y, m, d) != day ? 1 : 0;
				wrong += days_weekday(day) != weekday ? 1 : 0;
				weekday = (weekday + 1) % 7;
			}
			wrong += days_of_year(day - 1) != of_year - 1 ? 1 : 0;
			wrong += month_last(month_of(day - 1)) != day - 1 ? 1 : 0;
			wrong += month_first(month_of(day - 1)) != day - length ? 1 : 0;
		}
	}
	CU_ASSERT(day == DAYS_LAST + 1);
	CU_ASSERT(wrong == 0);
	CU_ASSERT(days_weekday(0) == 4); /* a Thursday */
}

static void reads_dates(void)
{
	days day = 5;
	CU_ASSERT(days_parse8(&day, SLICE("20100301")) && day == on(2010, 3, 1));
	CU_ASSERT(days_parse8(&day, SLICE("20080229")) && day == on(2008, 2, 29));
	day = 5;
	CU_ASSERT(!days_parse8(&day, SLICE("20100230")) && day == 5);
	CU_ASSERT(!days_parse8(&day, SLICE("19000229")));
	CU_ASSERT(!days_parse8(&day, SLICE("2010030")));
	CU_ASSERT(!days_parse8(&day, SLICE("201003011")));
	CU_ASSERT(!days_parse8(&day, SLICE("2010 301")));
	CU_ASSERT(!days_parse8(&day, SLICE("-2010301")));
	CU_ASSERT(!days_parse8(&day, SLICE("00000101")));
	CU_ASSERT(!days_parse8(&day, SLICE_NONE));
	CU_ASSERT(days_parse_iso(&day, SLICE("2010-03-01")) && day == on(2010, 3, 1));
	CU_ASSERT(!days_parse_iso(&day, SLICE("2010-3-01")));
	CU_ASSERT(!days_parse_iso(&day, SLICE("2010/03/01")));
	CU_ASSERT(!days_parse_iso(&day, SLICE("2010-02-30")));
}

static void prints_dates(void)
{
	days day = on(2009, 2, 1);
	CU_ASSERT(prints_as(days_put8, day, "20090201"));
	CU_ASSERT(prints_as(days_put6, day, "090201"));
	CU_ASSERT(prints_as(days_put_iso, day, "2009-02-01"));
	CU_ASSERT(prints_as(days_put_us, day, "02/01/2009"));
	CU_ASSERT(prints_as(days_put8, on(1, 1, 1), "00010101"));
	CU_ASSERT(prints_as(days_put_iso, DAYS_NONE, "-"));
	CU_ASSERT(prints_as(days_put_iso, DAYS_OPEN, "open"));
	CU_ASSERT(prints_as(days_put8, DAYS_NONE, ""));
	CU_ASSERT(prints_as(days_put6, DAYS_OPEN, ""));
	CU_ASSERT(prints_as(days_put_us, DAYS_OPEN, ""));
}

static void months_follow_each_other(void)
{
	months december = month_of(on(2009, 12, 31));
	CU_ASSERT(month_of(on(2010, 1, 1)) == december + 1);
	CU_ASSERT(december == 12 * 2009 + 11);
	CU_ASSERT(month_first(december + 1) == on(2010, 1, 1));
	CU_ASSERT(month_last(december) == on(2009, 12, 31));
	CU_ASSERT(month_last(month_of(on(2008, 2, 1))) == on(2008, 2, 29));
	CU_ASSERT(month_last(month_of(on(2100, 2, 1))) == on(2100, 2, 28));
	CU_ASSERT(month_of(DAYS_NONE) == MONTHS_NONE);
	CU_ASSERT(month_of(DAYS_OPEN) == MONTHS_OPEN);
	CU_ASSERT(month_first(MONTHS_NONE) == DAYS_NONE);
	CU_ASSERT(month_last(MONTHS_OPEN) == DAYS_OPEN);
	/* 99991231 is a common way to say "open": what follows it must not be a day of the past */
	CU_ASSERT(month_first(month_of(DAYS_LAST) + 1) == DAYS_OPEN);
	months month = 0;
	CU_ASSERT(month_parse_iso(&month, SLICE("2010-01")) && month == 12 * 2010);
	CU_ASSERT(!month_parse_iso(&month, SLICE("2010-13")));
	CU_ASSERT(!month_parse_iso(&month, SLICE("2010-00")));
	CU_ASSERT(!month_parse_iso(&month, SLICE("2010-1")));
	CU_ASSERT(!month_parse_iso(&month, SLICE("0000-01")));
	CU_ASSERT(prints_as(month_put_iso, 12 * 2010, "2010-01"));
	CU_ASSERT(prints_as(month_put_iso, 12 * 2009 + 11, "2009-12"));
	CU_ASSERT(prints_as(month_put_iso, MONTHS_NONE, "-"));
}

static void ages(void)
{
	CU_ASSERT(age_months(on(2009, 12, 15), on(2010, 1, 14)) == 0);
	CU_ASSERT(age_months(on(2009, 12, 15), on(2010, 1, 15)) == 1);
	CU_ASSERT(age_months(on(1992, 2, 29), on(2010, 2, 28)) == 12 * 18 - 1);
	CU_ASSERT(age_months(on(1992, 2, 29), on(2010, 3, 1)) == 12 * 18);
	CU_ASSERT(age_months(on(2010, 1, 31), on(2010, 2, 28)) == 0);
	CU_ASSERT(age_months(on(2010, 1, 31), on(2010, 3, 1)) == 1);
	CU_ASSERT(age_months(on(2010, 1, 31), on(2010, 1, 31)) == 0);
	CU_ASSERT(age_months(on(2010, 1, 31), on(2009, 1, 31)) == 0);
	CU_ASSERT(age_months(DAYS_NONE, on(2009, 1, 31)) == 0);
	CU_ASSERT(age_months(on(2009, 1, 31), DAYS_NONE) == 0);
	CU_ASSERT(age_months(DAYS_FIRST, DAYS_OPEN) == 12 * 9999 - 1);
}

static void the_clock(void)
{
	struct moment now = clock_now();
	struct buffer buffer;
	CU_ASSERT(now.day > on(2024, 1, 1) && now.day < on(2200, 1, 1));
	CU_ASSERT(now.second >= 0 && now.second < 86400);
	buffer_init(&buffer, 0);
	moment_put_time4(&buffer, (struct moment){ 0, 86399 });
	moment_put_time4(&buffer, (struct moment){ 0, 0 });
	moment_put_time4(&buffer, (struct moment){ 0, 9 * 3600 + 5 * 60 + 59 });
	CU_ASSERT(slice_is(buffer_view(&buffer), "235900000905"));
	buffer_done(&buffer);
}

static const struct unit_case cases[] = {
	{ "days count from 1970, both ends of the calendar", known_days },
	{ "leap days are there in 2000 and 2008, not in 1900, 2009 and 2100", leap_days },
	{ "every day from 0001 to 9999 goes there and back", every_day_of_the_calendar },
	{ "only dates of the calendar are read", reads_dates },
	{ "dates print, open and absent ones too", prints_dates },
	{ "months go on over the year's end, and past the calendar's end they are open", months_follow_each_other },
	{ "ages in whole months are never early", ages },
	{ "the clock gives a day and its second", the_clock },
};

int main(void)
{
	return UNIT_RUN("days", cases);
}
