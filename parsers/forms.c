/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * forms: what a date, a time and a number look like on the wire (X12.6 data types
 * DT, TM, Nn and R).  Plain functions of the bytes.
 */
#include "parsers/parts.h"

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

bool form_digits(struct slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!digit(value.ptr[i]))
			return false;
	return value.len > 0;
}

static int two(const char *digits)
{
	return (digits[0] - '0') * 10 + (digits[1] - '0');
}

/* A date of six digits has no century; 2000 is a leap year, so the 29th of February 00 passes as it should. */
bool form_date(struct slice value)
{
	static const signed char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if ((value.len != 6 && value.len != 8) || !form_digits(value))
		return false;
	int year = value.len == 8 ? two(value.ptr) * 100 + two(value.ptr + 2) : 2000 + two(value.ptr);
	int month = two(value.ptr + value.len - 4);
	int day = two(value.ptr + value.len - 2);
	if (year == 0 || month < 1 || month > 12 || day < 1)
		return false;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return day <= lengths[month - 1] + (month == 2 && leap);
}

bool form_time(struct slice value)
{
	if (value.len < 4 || value.len == 5 || value.len > 8 || !form_digits(value))
		return false;
	if (two(value.ptr) > 23 || two(value.ptr + 2) > 59)
		return false;
	return value.len == 4 || two(value.ptr + 4) <= 59;
}

bool form_whole(struct slice value)
{
	if (value.len > 0 && value.ptr[0] == '-')
		value = (struct slice){ value.ptr + 1, value.len - 1 };
	return form_digits(value);
}

bool form_decimal(struct slice value)
{
	size_t i = value.len > 0 && value.ptr[0] == '-' ? 1 : 0;
	size_t digits = 0, points = 0;
	for (; i < value.len; i++) {
		if (digit(value.ptr[i]))
			digits++;
		else if (value.ptr[i] == '.' && points == 0)
			points++;
		else
			return false;
	}
	return digits > 0;
}

/* The length of a number is its digits: neither sign nor point counts. */
size_t form_digit_count(struct slice value)
{
	size_t count = 0;
	for (size_t i = 0; i < value.len; i++)
		count += digit(value.ptr[i]);
	return count;
}

bool form_postal_us(struct slice value)
{
	return (value.len == 5 || value.len == 9) && form_digits(value);
}

bool form_number_short(struct slice value, size_t min)
{
	bool minus = value.len > 0 && value.ptr[0] == '-', zero = true;
	struct slice rest = { value.ptr + minus, value.len - minus };
	for (size_t i = 0; i < rest.len; i++)
		zero = zero && (rest.ptr[i] == '0' || rest.ptr[i] == '.');
	if ((minus && zero) || (rest.len > 0 && rest.ptr[rest.len - 1] == '.'))
		return false;
	/* "0.5" is as people write it; "00.5" and "05" are not */
	return !(rest.len > 1 && rest.ptr[0] == '0' && digit(rest.ptr[1]) && form_digit_count(rest) > min);
}
