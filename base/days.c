/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * days: civil dates as day numbers, months as month numbers.
 *
 * The count runs in eras of 400 years (146,097 days) that begin on 1 March of a
 * year divisible by 400, so that the leap day is the last of its year and month
 * lengths follow one line: (153 m + 2) / 5, m being 0 in March.
 *
 * DAYS_NONE and DAYS_OPEN are not days: what prints X12 or people's dates prints
 * nothing for them, what counts months carries them on.
 */
#include "base/base.h"

#include <assert.h>

#define ERA_DAYS 146097
#define EPOCH_FROM_ERA 719468 /* days from 0000-03-01 to 1970-01-01 */

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_day(days day)
{
	return day >= DAYS_FIRST && day <= DAYS_LAST;
}

static int month_length(int year, int month)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

bool days_from_civil(days *out, int year, int month, int day)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > month_length(year, month))
		return false;
	int shifted = month > 2 ? year : year - 1; /* the year that begins in March; 0 at the least */
	int era = shifted / 400;
	int of_era = shifted % 400;
	int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	*out = era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH_FROM_ERA;
	return true;
}

void days_to_civil(days day, int *year, int *month, int *dom)
{
	assert(is_day(day));
	int count = day + EPOCH_FROM_ERA;
	int era = count / ERA_DAYS;
	int of_era = count % ERA_DAYS;
	int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int shifted = (5 * of_year + 2) / 153;
	*dom = of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = year_of_era + era * 400 + (*month <= 2 ? 1 : 0);
}

/* `count` digits at `from`; -1 if one is not a digit. */
static int digits_at(struct slice text, size_t from, size_t count)
{
	int number = 0;
	for (size_t i = from; i < from + count; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return -1;
		number = number * 10 + (text.ptr[i] - '0');
	}
	return number;
}

bool days_parse8(days *out, struct slice text)
{
	return text.len == 8 &&
	       days_from_civil(out, digits_at(text, 0, 4), digits_at(text, 4, 2), digits_at(text, 6, 2));
}

bool days_parse_iso(days *out, struct slice text)
{
	return text.len == 10 && text.ptr[4] == '-' && text.ptr[7] == '-' &&
	       days_from_civil(out, digits_at(text, 0, 4), digits_at(text, 5, 2), digits_at(text, 8, 2));
}

void days_put8(struct buffer *buffer, days day)
{
	int year, month, dom;
	if (!is_day(day))
		return;
	days_to_civil(day, &year, &month, &dom);
	buffer_format(buffer, "%04d%02d%02d", year, month, dom);
}

void days_put6(struct buffer *buffer, days day)
{
	int year, month, dom;
	if (!is_day(day))
		return;
	days_to_civil(day, &year, &month, &dom);
	buffer_format(buffer, "%02d%02d%02d", year % 100, month, dom);
}

/* So many digits of a number; printf takes fifty times as long, and a trace has ten dates. */
static void digits(char *out, int count, int number)
{
	for (; count > 0; number /= 10)
		out[--count] = (char)('0' + number % 10);
}

struct iso_text days_iso(days day)
{
	struct iso_text out = { "-" };
	int year, month, dom;
	if (day == DAYS_OPEN)
		snprintf(out.text, sizeof(out.text), "open");
	if (!is_day(day))
		return out;
	days_to_civil(day, &year, &month, &dom);
	memcpy(out.text, "....-..-..", sizeof("....-..-.."));
	digits(out.text, 4, year);
	digits(out.text + 5, 2, month);
	digits(out.text + 8, 2, dom);
	return out;
}

void days_put_iso(struct buffer *buffer, days day)
{
	buffer_text(buffer, days_iso(day).text);
}

void days_put_us(struct buffer *buffer, days day)
{
	int year, month, dom;
	if (!is_day(day))
		return;
	days_to_civil(day, &year, &month, &dom);
	buffer_format(buffer, "%02d/%02d/%04d", month, dom, year);
}

int days_weekday(days day)
{
	assert(is_day(day));
	return (int)(((int64_t)day - DAYS_FIRST + 1) % 7); /* 0001-01-01 was a Monday */
}

int days_of_year(days day)
{
	int year, month, dom;
	days first = 0;
	days_to_civil(day, &year, &month, &dom);
	bool fine = days_from_civil(&first, year, 1, 1);
	assert(fine);
	(void)fine;
	return day - first + 1;
}

months month_of(days day)
{
	int year, month, dom;
	if (day < DAYS_FIRST)
		return MONTHS_NONE;
	if (day > DAYS_LAST)
		return MONTHS_OPEN;
	days_to_civil(day, &year, &month, &dom);
	return 12 * year + (month - 1);
}

days month_first(months month)
{
	days first = 0;
	if (month < 12)
		return DAYS_NONE;
	return days_from_civil(&first, month / 12, month % 12 + 1, 1) ? first : DAYS_OPEN;
}

days month_last(months month)
{
	days last = 0;
	if (month < 12)
		return DAYS_NONE;
	int year = month / 12, of_year = month % 12 + 1;
	return days_from_civil(&last, year, of_year, month_length(year, of_year)) ? last : DAYS_OPEN;
}

bool month_parse_iso(months *out, struct slice text)
{
	if (text.len != 7 || text.ptr[4] != '-')
		return false;
	int year = digits_at(text, 0, 4), month = digits_at(text, 5, 2);
	if (year < 1 || month < 1 || month > 12)
		return false;
	*out = 12 * year + (month - 1);
	return true;
}

struct iso_text month_iso(months month)
{
	struct iso_text out = { "-" };
	if (month == MONTHS_OPEN)
		snprintf(out.text, sizeof(out.text), "open");
	else if (month >= 12 && month / 12 <= 9999)
		snprintf(out.text, sizeof(out.text), "%04d-%02d", month / 12 % 10000, month % 12 + 1);
	return out;
}

void month_put_iso(struct buffer *buffer, months month)
{
	buffer_text(buffer, month_iso(month).text);
}

/* One born on a 31st completes a month of 30 days on the day after it: never early. */
int age_months(days born, days day)
{
	int born_year, born_month, born_dom, year, month, dom;
	if (!is_day(born) || day < DAYS_FIRST || day <= born)
		return 0;
	days_to_civil(born, &born_year, &born_month, &born_dom);
	days_to_civil(day > DAYS_LAST ? DAYS_LAST : day, &year, &month, &dom);
	return 12 * (year - born_year) + (month - born_month) - (dom < born_dom ? 1 : 0);
}

days days_months_later(days day, int count)
{
	int year, month, dom;
	days_to_civil(day, &year, &month, &dom);
	months later = month_of(day) + count;
	days last = month_last(later), same = month_first(later) + dom - 1;
	return same < last ? same : last;
}
