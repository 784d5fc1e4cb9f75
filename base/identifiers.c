/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * identifiers: numbers that carry a check digit.
 */
#include "base/base.h"

#include <assert.h>

static bool all_digits(struct slice text, size_t len)
{
	if (text.len != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	}
	return true;
}

/* Sum of ISO/IEC 7812 over nine digits: every second one doubled, from the right; 24 is what the prefix 80840 adds. */
static unsigned npi_sum(const char *nine)
{
	unsigned sum = 24;
	for (size_t i = 0; i < 9; i++) {
		unsigned digit = (unsigned)(nine[i] - '0');
		if (i % 2 == 0)
			digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
		sum += digit;
	}
	return sum;
}

bool npi_valid(struct slice text)
{
	return all_digits(text, 10) && (npi_sum(text.ptr) + (unsigned)(text.ptr[9] - '0')) % 10 == 0;
}

bool aba_valid(struct slice text)
{
	static const unsigned weights[] = { 3, 7, 1, 3, 7, 1, 3, 7, 1 };
	unsigned sum = 0;
	if (!all_digits(text, 9))
		return false;
	for (size_t i = 0; i < 9; i++)
		sum += weights[i] * (unsigned)(text.ptr[i] - '0');
	return sum != 0 && sum % 10 == 0; /* nine zeros pass the arithmetic and are no bank */
}

void npi_complete(char out[11], uint32_t first_nine)
{
	assert(first_nine <= 999999999);
	for (size_t i = 9; i-- > 0; first_nine /= 10)
		out[i] = (char)('0' + first_nine % 10);
	out[9] = (char)('0' + (10 - npi_sum(out) % 10) % 10);
	out[10] = '\0';
}
