/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * unit: a thin shell around CUnit.  A test file lists its cases and ends with
 *     int main(void) { return UNIT_RUN("reader", cases); }
 * One line a case is printed: "ok reader: name" or "not ok reader: name".
 * Cases use CUnit's own CU_ASSERT macros.
 */
#ifndef PCCM_UNIT_H
#define PCCM_UNIT_H

#include <CUnit/CUnit.h>
#include <stdbool.h>

struct unit_case {
	const char *name; /* a sentence; with the requirement ids that it shows */
	void (*run)(void);
};
int unit_run(const char *suite, const struct unit_case *cases, unsigned count);
#define UNIT_RUN(suite, cases) unit_run(suite, cases, (unsigned)(sizeof(cases) / sizeof((cases)[0])))

#endif
