/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * roster_csv: a roster as comma-separated values (RST-10).  Every row has every
 * column; column `row` says what the row is, so that clients and totals stand in one
 * table.  The names are promised in docs/formats.md.
 */
#include "generators/roster.h"

static void put_header(struct buffer *out)
{
	for (size_t i = 0; i < roster_column_count; i++) {
		if (i > 0)
			buffer_char(out, ',');
		buffer_text(out, roster_columns[i].csv_name);
	}
	buffer_text(out, "\r\n");
}

/* An amount below zero begins with a minus and is no formula: it is put as it is. */
static void put_row(struct buffer *out, struct buffer *cell, const struct roster_entry *entry)
{
	for (size_t i = 0; i < roster_column_count; i++) {
		if (i > 0)
			buffer_char(out, ',');
		if (roster_columns[i].field == ROSTER_FIELD_AMOUNT) {
			roster_put_field(out, entry, ROSTER_FIELD_AMOUNT);
			continue;
		}
		buffer_reset(cell);
		roster_put_field(cell, entry, roster_columns[i].field);
		out->failed |= cell->failed;
		csv_put(out, buffer_view(cell));
	}
	buffer_text(out, "\r\n");
}

void roster_put_csv(struct buffer *out, const struct roster *roster, enum roster_report report)
{
	struct roster_entry total = { .roster = roster, .report = report };
	struct buffer cell;
	buffer_init(&cell, 0);
	put_header(out);
	for (size_t i = 0; i < roster->pcp_count; i++) {
		const struct roster_pcp *pcp = &roster->pcps[i];
		for (size_t j = 0; j < roster_entry_count(total.report, pcp); j++) {
			struct roster_entry entry = roster_entry_line(roster, total.report, pcp, j);
			put_row(out, &cell, &entry);
		}
		total.kind = ROSTER_ENTRY_PCP;
		total.pcp = pcp;
		put_row(out, &cell, &total);
	}
	total.kind = ROSTER_ENTRY_PRACTICE;
	total.pcp = NULL;
	put_row(out, &cell, &total);
	total.kind = ROSTER_ENTRY_FUND;
	for (size_t i = 0; i < roster->fund_count && total.report == ROSTER_REPORT_MEMBERS; i++) {
		total.fund = &roster->funds[i];
		put_row(out, &cell, &total);
	}
	buffer_done(&cell);
}
