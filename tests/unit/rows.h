/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rows: tests as text.  A file of tests/rules/ holds groups; a group begins with a title
 * line "= ENR-4: a sentence" and is one test case; each other line is a row
 *     verb key=value key=value … | what must come out
 * with blanks in values written as _.  "#" begins a comment line.  The handler makes a text
 * of what did come out, and the two must be equal byte for byte (runs of blanks as one).
 */
#ifndef PCCM_TESTS_ROWS_H
#define PCCM_TESTS_ROWS_H

#include "base/base.h"

struct row {
	const char *file;
	unsigned line;
	struct slice verb, facts, expected; /* live as long as the run */
};
/* Called per row, and once with NULL at the end of each group. */
typedef void (*row_fn)(const struct row *row);
int rows_run(const char *suite, const char *const *files, size_t file_count, row_fn fn);
/* The nth (0 …) value of `key`, blanks put back; false if the row has not so many. */
bool row_value(struct slice *out, const struct row *row, const char *key, size_t nth);
/* … or a default. */
struct slice row_text(const struct row *row, const char *key, const char *absent);
days row_day(const struct row *row, const char *key, days absent);
months row_month(const struct row *row, const char *key, months absent);
void row_expect(const struct row *row, const char *actual);
/* Part n of a value split at ':'; empty if there is none. */
struct slice value_part(struct slice value, size_t n);
/* "2010-01-01..open" into a span of days; "2010-01-01" alone is open. */
void value_days(days *begin, days *end, struct slice value);

#endif
