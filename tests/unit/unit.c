/* SPDX-License-Identifier: Apache-2.0 */
#include "unit.h"

#include <CUnit/TestRun.h>
#include <stdio.h>

static void print_failures(const CU_pFailureRecord first)
{
	for (CU_pFailureRecord failure = first; failure != NULL; failure = failure->pNext)
		printf("    %s:%u: %s\n", failure->strFileName, failure->uiLineNumber, failure->strCondition);
}

int unit_run(const char *suite_name, const struct unit_case *cases, unsigned count)
{
	int status = 0;
	if (CU_initialize_registry() != CUE_SUCCESS)
		return 3;
	CU_pSuite suite = CU_add_suite(suite_name, NULL, NULL);
	if (suite == NULL)
		return 3;
	for (unsigned i = 0; i < count; i++) {
		CU_pTest test = CU_add_test(suite, cases[i].name, cases[i].run);
		if (test == NULL)
			return 3;
		CU_run_test(suite, test);
		bool failed = CU_get_number_of_failures() > 0;
		printf("%s %s: %s\n", failed ? "not ok" : "ok", suite_name, cases[i].name);
		if (failed) {
			print_failures(CU_get_failure_list());
			status = 1;
		}
		fflush(stdout);
	}
	CU_cleanup_registry();
	return status;
}
