/* SPDX-License-Identifier: Apache-2.0 */
/* cents: X12 type R read exactly, and amounts printed for X12, people and tables. */
#include "base/base.h"
#include "tests/unit/unit.h"

static bool parses(const char *text, cents expected)
{
	cents amount = -99;
	return cents_parse(&amount, slice_of(text)) && amount == expected;
}

static bool refuses(const char *text)
{
	cents amount = -99;
	return !cents_parse(&amount, slice_of(text)) && amount == -99;
}

static void reads_type_r(void)
{
	CU_ASSERT(parses("7.5", 750));
	CU_ASSERT(parses("7.50", 750));
	CU_ASSERT(parses("7.500", 750));
	CU_ASSERT(parses("7.50000000000000000000000000", 750));
	CU_ASSERT(parses(".5", 50));
	CU_ASSERT(parses("5.", 500));
	CU_ASSERT(parses("-.05", -5));
	CU_ASSERT(parses("-120", -12000));
	CU_ASSERT(parses("0", 0));
	CU_ASSERT(parses("-0", 0));
	CU_ASSERT(parses("000000000000000000000000000007", 700));
}

static void refuses_what_is_no_amount(void)
{
	CU_ASSERT(refuses("7.505"));
	CU_ASSERT(refuses("0.001"));
	CU_ASSERT(refuses(""));
	CU_ASSERT(refuses(NULL));
	CU_ASSERT(refuses("-"));
	CU_ASSERT(refuses("."));
	CU_ASSERT(refuses("-."));
	CU_ASSERT(refuses("+1"));
	CU_ASSERT(refuses("1E2"));
	CU_ASSERT(refuses("1.2.3"));
	CU_ASSERT(refuses("1-"));
	CU_ASSERT(refuses("--1"));
	CU_ASSERT(refuses(" 1"));
	CU_ASSERT(refuses("1,000"));
}

static void limits_on_both_sides(void)
{
	CU_ASSERT(parses("999999999999.99", CENTS_MAX));
	CU_ASSERT(parses("-999999999999.99", -CENTS_MAX));
	CU_ASSERT(parses("999999999999.990", CENTS_MAX));
	CU_ASSERT(refuses("1000000000000"));
	CU_ASSERT(refuses("1000000000000.00"));
	CU_ASSERT(refuses("-1000000000000"));
	CU_ASSERT(refuses("99999999999999"));   /* fits before the cents are put behind it */
	CU_ASSERT(refuses("18446744073709551616"));
	CU_ASSERT(refuses("99999999999999999999999999999999999999999"));
}

struct row {
	cents amount;
	const char *x12, *people, *plain;
};

static bool prints_as(void (*put)(struct buffer *, cents), cents amount, const char *text)
{
	struct buffer buffer;
	buffer_init(&buffer, 0);
	put(&buffer, amount);
	bool same = slice_is(buffer_view(&buffer), text);
	if (!same)
		printf("    %.*s is not %s\n", SLICE_ARG(buffer_view(&buffer)), text);
	buffer_done(&buffer);
	return same;
}

static void prints(void)
{
	static const struct row rows[] = {
		{ 0, "0", "$0.00", "0.00" },
		{ 5, ".05", "$0.05", "0.05" },
		{ -50, "-.5", "-$0.50", "-0.50" },
		{ 750, "7.5", "$7.50", "7.50" },
		{ -750, "-7.5", "-$7.50", "-7.50" },
		{ -12000, "-120", "-$120.00", "-120.00" },
		{ 99999, "999.99", "$999.99", "999.99" },
		{ 100000, "1000", "$1,000.00", "1000.00" },
		{ 188250, "1882.5", "$1,882.50", "1882.50" },
		{ CENTS_MAX, "999999999999.99", "$999,999,999,999.99", "999999999999.99" },
		{ INT64_MIN, "-92233720368547758.08", "-$92,233,720,368,547,758.08", "-92233720368547758.08" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CU_ASSERT(prints_as(cents_put_x12, rows[i].amount, rows[i].x12));
		CU_ASSERT(prints_as(cents_put_people, rows[i].amount, rows[i].people));
		CU_ASSERT(prints_as(cents_put_plain, rows[i].amount, rows[i].plain));
	}
}

static void reads_back_what_it_prints(void)
{
	struct random random;
	struct buffer buffer;
	random_seed(&random, 835);
	buffer_init(&buffer, 0);
	for (int i = 0; i < 2000; i++) {
		cents amount = (cents)random_below(&random, 10000000) * (cents)random_below(&random, 9999999), back = 1;
		amount = i % 2 == 0 ? amount : -amount;
		buffer_reset(&buffer);
		cents_put_x12(&buffer, amount);
		CU_ASSERT(cents_parse(&back, buffer_view(&buffer)) && back == amount);
	}
	buffer_done(&buffer);
}

static const struct unit_case cases[] = {
	{ "type R: minus, digits, point; zeros behind the cents", reads_type_r },
	{ "parts of a cent, exponents and signs elsewhere are no amounts", refuses_what_is_no_amount },
	{ "the largest amount parses, one cent more does not", limits_on_both_sides },
	{ "amounts print for X12, for people and for tables", prints },
	{ "what X12 gets is read back as the same amount", reads_back_what_it_prints },
};

int main(void)
{
	return UNIT_RUN("cents", cases);
}
