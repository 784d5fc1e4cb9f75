/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * lister: rows for people and for other programs: a table of text, CSV, or a JSON object a
 * line.  Rows go out as they come; nothing is kept.
 */
#ifndef PCCM_EXCHANGE_LISTER_H
#define PCCM_EXCHANGE_LISTER_H

#include "exchange/exchange.h"

#define LISTER_COLUMNS_MAX 20
struct lister_column {
	const char *name;   /* lower case with underscores: the CSV header and the JSON key */
	unsigned width;     /* of the text table; what is longer pushes the rest to the right */
};
/* The header goes out with lister_begin, also when no row follows. */
void lister_begin(struct lister *lister, const struct lister_column *columns, size_t count);
/* One row, a value for each column. */
bool lister_row(struct lister *lister, const struct slice *values) WARN_UNUSED;
/* What is left goes out.  False: a put said so, or memory. */
bool lister_end(struct lister *lister) WARN_UNUSED;
/* A member's id as people may see it: all of it, or its last three characters; in the arena. */
struct slice lister_member(const struct office *office, struct arena *arena, struct slice medicaid_id);
/* A day, a number, a name as texts in the arena. */
struct slice lister_day(struct arena *arena, days day);
struct slice lister_number(struct arena *arena, int64_t number);
struct slice lister_words(struct arena *arena, const char *a, const char *b); /* one behind the other */
struct slice lister_name(struct arena *arena, struct slice last, struct slice first);

#endif
