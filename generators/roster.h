/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * roster: what the three forms of a roster share, private to generators/.  One table
 * of columns, one way to print a value, one way to break a roster into pages; the
 * text and the PDF differ only in how wide a thing is and how a line is put.
 */
#ifndef PCCM_ROSTER_H
#define PCCM_ROSTER_H

#include "generators/generators.h"

enum roster_kind {
	ROSTER_ENTRY_MEMBER, ROSTER_ENTRY_ADDED, ROSTER_ENTRY_DROPPED,
	ROSTER_ENTRY_PCP, ROSTER_ENTRY_PRACTICE, ROSTER_ENTRY_FUND /* totals */
};
/* One row of a roster: a client of a PCP, or a total. */
struct roster_entry {
	const struct roster *roster;
	enum roster_report report;
	enum roster_kind kind;
	const struct roster_pcp *pcp;   /* NULL for the practice's totals */
	const struct roster_line *line; /* clients only */
	const struct roster_fund *fund; /* ROSTER_ENTRY_FUND only */
};
bool roster_entry_is_client(const struct roster_entry *entry);
struct roster_entry roster_entry_line(const struct roster *roster, enum roster_report report,
	const struct roster_pcp *pcp, size_t index);
size_t roster_entry_count(enum roster_report report, const struct roster_pcp *pcp); /* clients to list */

enum roster_field {
	/* of the heading, up to ROW */
	ROSTER_FIELD_REPORT, ROSTER_FIELD_PERIOD, ROSTER_FIELD_MADE, ROSTER_FIELD_MANAGER_ID, ROSTER_FIELD_MANAGER_NPI,
	ROSTER_FIELD_MANAGER_NAME, ROSTER_FIELD_PCP_NPI, ROSTER_FIELD_PCP_NAME, ROSTER_FIELD_ROW,
	/* of a client, then of a total */
	ROSTER_FIELD_MEDICAID_ID, ROSTER_FIELD_NAME, ROSTER_FIELD_BORN, ROSTER_FIELD_SEX, ROSTER_FIELD_HEAD,
	ROSTER_FIELD_ADDRESS, ROSTER_FIELD_PHONE, ROSTER_FIELD_LANGUAGE,
	ROSTER_FIELD_BEFORE, ROSTER_FIELD_ADDED, ROSTER_FIELD_DROPPED, ROSTER_FIELD_MEMBERS, ROSTER_FIELD_FUND,
	ROSTER_FIELD_FCN, ROSTER_FIELD_AMOUNT
};
/* The CSV prints every column; text and PDF those that have a width in the report. */
struct roster_column {
	enum roster_field field;
	const char *csv_name;              /* docs/formats.md promises it */
	const char *heading;               /* for people */
	uint8_t characters[ROSTER_REPORTS]; /* text; 0: not in this report */
	uint8_t points[ROSTER_REPORTS];     /* PDF, with the gap to the next; 0: not in this report */
	uint8_t lines;                     /* over how many lines a long value may run */
};
extern const struct roster_column roster_columns[];
extern const size_t roster_column_count;

/* The value as a machine reads it: ISO dates, plain amounts; empty where the row has none. */
void roster_put_field(struct buffer *out, const struct roster_entry *entry, enum roster_field field);
/* ... and as people do: US dates, one line of clean UTF-8.  A view of `cell`, which is reset. */
struct slice roster_cell(struct buffer *cell, const struct roster_entry *entry, enum roster_field field);
/* Text of one line of UTF-8: control characters become blanks, what is not UTF-8 U+FFFD. */
void roster_put_clean(struct buffer *out, struct slice text);
void roster_put_period(struct buffer *out, months month); /* MM/YYYY (RST-8) */
/* "CLIENTS 02/2010 40 + ADDED 3 - DISENROLLED 1 = CLIENTS 03/2010 42" (RST-11), for a PCP or the practice. */
void roster_put_fund_name(struct buffer *out, const struct roster_fund *fund);
void roster_put_identity(struct buffer *out, const struct roster_entry *entry);

/* Does the text fit in `width`, whatever that is? */
typedef bool (*roster_fits_fn)(void *data, struct slice text, unsigned width);
/*
 * The next line of *rest, which moves on: whole, or cut behind a blank.  The last line allowed is put with
 * an ellipsis if more would follow.  The line is written to `line`; false when nothing is left.
 */
bool roster_next_line(struct buffer *line, struct slice *rest, unsigned width, bool last, roster_fits_fn fits,
	void *data);

/*
 * Pages.  A PCP begins a page (RST-10), the practice's totals stand after the last one.  The walk is done
 * twice: first only `height` is called, to know the number of pages, then everything.
 */
struct roster_flow {
	const struct roster *roster;
	enum roster_report report;
	unsigned page_lines; /* lines of the body of a page */
	unsigned (*height)(void *data, const struct roster_entry *entry); /* in lines */
	void (*page_begin)(void *data, const struct roster_pcp *pcp, bool continued); /* pcp NULL: totals alone */
	void (*page_end)(void *data);
	void (*row)(void *data, const struct roster_entry *entry);
	void (*note)(void *data, const char *text); /* a sentence of one line */
	void *data;
	uint64_t page, pages; /* "page x of y", right while drawing */
	unsigned used_lines;
	bool drawing, open;
};
void roster_flow_run(struct roster_flow *flow);

#endif
