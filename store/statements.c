/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * statements: the table of all SQL, by enum.  The texts are in statements.def.
 */
#include "store/query.h"

const char *const statement_sql[STATEMENTS] = {
#define STATEMENT(name, sql) [SQL_##name] = sql,
#include "statements.def"
#undef STATEMENT
};
