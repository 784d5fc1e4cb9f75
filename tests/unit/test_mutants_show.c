/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The short form of the fuzz harness fuzz_show: what any bytes are shown as is valid, and builds into the same bytes.
 */
#include "tests/fuzz/fuzz_show.c"

#define SEEDS "tests/fuzz/seeds"
#define MUTANTS 120 /* of each seed; about two seconds in all */
#include "mutants.h"

static const struct unit_case cases[] = {
	{ "any prefix of a file comes back through JSON and XML, and shows as valid documents with and without values", prefixes },
	{ "files with a few bytes changed, lost or doubled come back through JSON and XML", mutants },
};

int main(void)
{
	return UNIT_RUN("mutants_show", cases);
}
