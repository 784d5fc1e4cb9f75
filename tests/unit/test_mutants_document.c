/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The short form of the fuzz harness fuzz_document: any bytes as a document are built or refused, in any chunks alike,
 * and what is built comes back.
 */
#include "tests/fuzz/fuzz_document.c"

#define SEEDS "tests/fuzz/seeds-document"
#define MUTANTS 300 /* of each seed */
#include "mutants.h"

static const struct unit_case cases[] = {
	{ "any prefix of a document is built or refused, in any chunks alike", prefixes },
	{ "documents with a few bytes changed, lost or doubled are built or refused, in any chunks alike", mutants },
};

int main(void)
{
	return UNIT_RUN("mutants_document", cases);
}
