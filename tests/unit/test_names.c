/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * name_normal: surnames as CORE 258 compares them.
 */
#include "exchange/exchange.h"
#include "tests/unit/unit.h"

static bool becomes(const char *name, const char *expected)
{
	struct arena arena;
	arena_init(&arena, 0);
	struct slice normal = name_normal(&arena, slice_of(name));
	bool same = slice_is(normal, expected);
	if (!same)
		printf("    %s became %.*s, expected %s\n", name, SLICE_ARG(normal), expected);
	arena_done(&arena);
	return same;
}

static void test_punctuation(void)
{
	CU_ASSERT(becomes("O'Donnell-Griswold", "ODONNELLGRISWOLD"));
	CU_ASSERT(becomes("ODONNELL GRISWOLD", "ODONNELLGRISWOLD"));
	CU_ASSERT(becomes("  ST.  JOHN ", "STJOHN"));
	CU_ASSERT(becomes("D`ANGELO", "DANGELO"));
	CU_ASSERT(becomes("SMITH_JONES*", "SMITHJONES"));
	CU_ASSERT(becomes("molina", "MOLINA"));
	CU_ASSERT(becomes("3RD", "3RD"));
	CU_ASSERT(becomes("", ""));
	CU_ASSERT(becomes("'-. ", ""));
}

static void test_affixes(void)
{
	static const char *const affixes[] = { "JR", "SR", "I", "II", "III", "IV", "V", "RN", "MD", "MR", "MS", "DR", "MRS", "PHD", "REV", "ESQ" };
	for (size_t i = 0; i < COUNT_OF(affixes); i++) {
		char name[32];
		snprintf(name, sizeof(name), "RIVERA %s", affixes[i]);
		CU_ASSERT(becomes(name, "RIVERA"));
		snprintf(name, sizeof(name), "RIVERA,%s", affixes[i]);
		CU_ASSERT(becomes(name, "RIVERA"));
		snprintf(name, sizeof(name), "RIVERA%s", affixes[i]); /* no break before it: part of the name */
		CU_ASSERT(becomes(name, name));
	}
	CU_ASSERT(becomes("Rivera, Jr.", "RIVERA"));
	CU_ASSERT(becomes("RIVERA JR MD", "RIVERA"));
}

static void test_kept(void)
{
	CU_ASSERT(becomes("POMPII", "POMPII"));
	CU_ASSERT(becomes("IVES", "IVES"));
	CU_ASSERT(becomes("MD", "MD"));            /* nothing stands before it */
	CU_ASSERT(becomes("DE LA CRUZ", "DELACRUZ")); /* such prefixes are names */
	CU_ASSERT(becomes("VAN DRIEL", "VANDRIEL"));  /* DR begins a word and is none */
	CU_ASSERT(becomes("BAKER JR-SMITH", "BAKERJRSMITH")); /* behind it neither a blank nor the end */
}

static void test_bytes(void)
{
	CU_ASSERT(becomes("NU\xc3\x91" "EZ", "NU\xc3\x91" "EZ"));
	CU_ASSERT(becomes("nu\xc3\xb1" "ez", "NU\xc3\xb1" "EZ"));
}

static const struct unit_case cases[] = {
	{ "CORE 258: case, blanks and punctuation do not count", test_punctuation },
	{ "CORE 258: suffixes and titles go behind a blank or punctuation", test_affixes },
	{ "CORE 258: and stay within a word, at the beginning, or before more of the name", test_kept },
	{ "CORE 258: bytes past ASCII stay as they are", test_bytes },
};

int main(void)
{
	return UNIT_RUN("names", cases);
}
