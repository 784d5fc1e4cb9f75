/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * statements: what the table of SQL statements promises.
 */
#include "store/query.h"
#include "tests/unit/unit.h"

/* struct member_standing: whoever writes where it counts makes the store forget.  A new name here needs a look at member_forget. */
static void test_who_forgets(void)
{
	static const enum statement known[] = { SQL_MEMBER_ADD, SQL_MEMBER_CHANGE, SQL_MEMBER_CHANGE_PLAIN, SQL_MEMBER_REFLECTS, SQL_MEMBER_FORGET,
		SQL_MEMBER_FORGET_REQUEST, SQL_MEMBER_MERGE, SQL_MEMBER_PART, SQL_SPAN_ADD, SQL_SPAN_RETIRE, SQL_REQUEST_ADD, SQL_REQUEST_STATE,
		SQL_ASSIGNMENT_ADD, SQL_ASSIGNMENT_CUT, SQL_ASSIGNMENT_RETIRE };
	static const char *const writes[] = { "INSERT INTO member ", "UPDATE member ", "INSERT INTO span ", "UPDATE span ", "INSERT INTO request ",
		"UPDATE request ", "DELETE FROM request ", "INSERT INTO assignment ", "UPDATE assignment ", "DELETE FROM assignment " };
	for (size_t i = 0; i < STATEMENTS; i++) {
		bool listed = false, does = false;
		for (size_t k = 0; k < COUNT_OF(known); k++)
			listed = listed || known[k] == (enum statement)i;
		for (size_t w = 0; w < COUNT_OF(writes); w++)
			does = does || strncmp(statement_sql[i], writes[w], strlen(writes[w])) == 0;
		if (listed != does)
			printf("%s\n", statement_sql[i]);
		CU_ASSERT(listed == does);
	}
}

static const struct unit_case cases[] = {
	{ "each statement that writes what a record is held against is known to whoever makes the store forget", test_who_forgets },
};

int main(void)
{
	return UNIT_RUN("statements", cases);
}
