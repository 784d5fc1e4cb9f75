/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * cents: money as whole numbers, read and printed exactly.
 *
 * X12 type R is an optional minus, digits and an optional point.  An exponent,
 * which the standard's type R knows, is not an amount here.  Nothing is rounded:
 * a part of a cent does not parse.
 */
#include "base/base.h"

bool cents_parse(cents *out, struct slice text)
{
	bool negative = text.len > 0 && text.ptr[0] == '-';
	bool point = false;
	size_t digits = 0, decimals = 0;
	uint64_t amount = 0;
	for (size_t i = negative ? 1 : 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			return false;
		digits++;
		if (point && ++decimals > 2) {
			if (c != '0')
				return false;
			continue;
		}
		amount = amount * 10 + (uint64_t)(c - '0');
		if (amount > (uint64_t)CENTS_MAX) /* looked at after each digit: cannot overflow */
			return false;
	}
	if (digits == 0)
		return false;
	for (; decimals < 2; decimals++)
		amount *= 10; /* at most CENTS_MAX * 100 */
	if (amount > (uint64_t)CENTS_MAX)
		return false;
	*out = negative ? -(cents)amount : (cents)amount;
	return true;
}

static uint64_t magnitude(cents amount)
{
	return amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
}

/* Type R: no zero before the number, none after its decimals, no point without decimals. */
void cents_put_x12(struct buffer *buffer, cents amount)
{
	uint64_t whole = magnitude(amount) / 100;
	unsigned part = (unsigned)(magnitude(amount) % 100);
	if (amount < 0)
		buffer_char(buffer, '-');
	if (whole > 0 || part == 0)
		buffer_number(buffer, (int64_t)whole);
	if (part == 0)
		return;
	buffer_char(buffer, '.');
	buffer_char(buffer, (char)('0' + part / 10));
	if (part % 10 != 0)
		buffer_char(buffer, (char)('0' + part % 10));
}

static void put_part(struct buffer *buffer, unsigned part)
{
	buffer_char(buffer, '.');
	buffer_char(buffer, (char)('0' + part / 10));
	buffer_char(buffer, (char)('0' + part % 10));
}

void cents_put_people(struct buffer *buffer, cents amount)
{
	char digits[32];
	size_t at = sizeof(digits);
	unsigned count = 0;
	uint64_t whole = magnitude(amount) / 100;
	do {
		if (count > 0 && count % 3 == 0)
			digits[--at] = ',';
		digits[--at] = (char)('0' + whole % 10);
		whole /= 10;
		count++;
	} while (whole > 0);
	buffer_text(buffer, amount < 0 ? "-$" : "$");
	buffer_put(buffer, digits + at, sizeof(digits) - at);
	put_part(buffer, (unsigned)(magnitude(amount) % 100));
}

void cents_put_plain(struct buffer *buffer, cents amount)
{
	if (amount < 0)
		buffer_char(buffer, '-');
	buffer_number(buffer, (int64_t)(magnitude(amount) / 100));
	put_part(buffer, (unsigned)(magnitude(amount) % 100));
}
