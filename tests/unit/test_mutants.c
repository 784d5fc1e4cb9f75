/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The short form of `make fuzz`: the same harness, fed with the seeds, their prefixes and some thousand mutants of
 * each, made from a seed number so that a failure comes again.  Under `make sanitize` it runs with ASan and UBSan.
 */
#include "tests/fuzz/fuzz_x12.c"

#define SEEDS "tests/fuzz/seeds"
#define MUTANTS 1500 /* of each seed; about a second in all */
#include "mutants.h"

static const struct unit_case cases[] = {
	{ "any prefix of a file is read to its end, in any chunks alike", prefixes },
	{ "files with a few bytes changed, lost or doubled are read to their end, in any chunks alike", mutants },
};

int main(void)
{
	return UNIT_RUN("mutants", cases);
}
