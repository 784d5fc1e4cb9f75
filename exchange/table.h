/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * table: a CSV file whose header row names its columns, read row by row into the store.
 *
 * A file is one transaction of the store.  A row that is wrong is refused with its line and
 * reason and the others go in; a header that is wrong refuses the file.
 */
#ifndef PCCM_EXCHANGE_TABLE_H
#define PCCM_EXCHANGE_TABLE_H

#include "exchange/exchange.h"

#define COLUMNS_MAX 32 /* no kind has more; a file with more is refused in its header, a row by itself */

enum column_type { COLUMN_TEXT, COLUMN_NPI, COLUMN_DAY, COLUMN_NUMBER, COLUMN_YES, COLUMN_ABA };
struct column {
	const char *name;
	enum column_type type;
	bool required;  /* may not be empty, and not be missing in the header */
};
/* One value of a row, blanks trimmed, valid during the row.  An empty day is DAYS_NONE, an empty number 0. */
struct value {
	struct slice text;
	days day;
	uint64_t number;
};
struct table;
/* One row; `values` by the kind's columns.  False: a failure of the store.  A row that is wrong is refused and true. */
typedef bool (*table_row_fn)(struct table *table, const struct value *values);
struct table_kind {
	const char *noun;        /* "PCP": for sentences */
	const char *key;         /* the column that tells this kind from the others; NULL: any other file */
	const struct column *columns;
	size_t column_count;
	table_row_fn row;
};
struct table {
	struct office *office;
	struct arena arena;      /* of the row at hand */
	uint64_t line;           /* of the row at hand, from 1 */
	void *data;              /* the caller's */
	struct row_report *report;
	struct table_reading *reading;
};
/* The first kind whose key the header names is the file's.  Counts are added to *report, refusals said to `sink` (may be NULL). */
bool table_file(struct office *office, const char *path, enum change_kind change, const struct table_kind *kinds, size_t kind_count, void *data,
	const struct row_complaint *sink, struct row_report *report) WARN_UNUSED;
/* Is the first line of a file CSV with one of these columns? */
bool table_header(struct slice start, const char *const *names, size_t count);
void table_refuse(struct table *table, const char *format, ...) PRINTF_LIKE(2, 3);
/* The file's name without its folder. */
const char *table_name(const struct table *table);
/* Where the row at hand stands, "requests.csv:3", in its arena. */
struct slice table_place(struct table *table);
/* Count the row as changed or as it was before. */
void table_count(struct table *table, bool changed);

#endif
