/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * roster_text: a roster as fixed text of at most 132 characters a line, with a form
 * feed between pages (RST-10; layout after the domain reference 2.6).
 */
#include "generators/roster.h"

#define TEXT_WIDTH 132
#define TEXT_BODY_LINES 53 /* with the seven of the heading: 60 of the 66 of a printed page */

struct text {
	struct roster_flow *flow;
	struct buffer *out;
	struct buffer cell, line;
};

static bool text_fits(void *data, struct slice text, unsigned width)
{
	(void)data;
	return utf8_count(text) <= width;
}

/* Left and right part of a line of full width; the left one is cut, never the right one. */
static void put_ends(struct text *text, struct slice left, struct slice right)
{
	size_t width = TEXT_WIDTH - utf8_count(right) - 1;
	roster_next_line(&text->line, &left, (unsigned)width, true, text_fits, NULL);
	buffer_pad(text->out, buffer_view(&text->line), width + 1);
	buffer_slice(text->out, right);
	buffer_char(text->out, '\n');
}

static void put_blanks(struct buffer *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_char(out, ' ');
}

static void put_title(struct text *text)
{
	const struct roster_name *name = &text->flow->roster->reports[text->flow->report];
	struct buffer *left = &text->cell;
	buffer_reset(left);
	buffer_text(left, "REPORT ");
	buffer_slice(left, name->number);
	put_blanks(left, (TEXT_WIDTH - utf8_count(name->title)) / 2 - utf8_count(buffer_view(left)));
	buffer_slice(left, name->title);
	struct buffer right;
	buffer_init(&right, 0);
	buffer_text(&right, "REPORT PERIOD ");
	roster_put_period(&right, text->flow->roster->month);
	put_ends(text, buffer_view(left), buffer_view(&right));
	buffer_done(&right);
}

/* Program and made-day, then the Primary Manager (RST-9) and the page. */
static void put_heading(struct text *text)
{
	const struct roster *roster = text->flow->roster;
	struct buffer right;
	buffer_init(&right, 0);
	put_title(text);
	buffer_reset(&text->cell);
	buffer_text(&text->cell, "PROGRAM ");
	roster_put_clean(&text->cell, roster->program);
	buffer_text(&right, "MADE ");
	days_put_us(&right, roster->made);
	put_ends(text, buffer_view(&text->cell), buffer_view(&right));
	buffer_reset(&text->cell);
	buffer_reset(&right);
	buffer_text(&text->cell, "PRIMARY MANAGER ");
	roster_put_clean(&text->cell, roster->billing_medicaid_id);
	buffer_text(&text->cell, "  ");
	roster_put_clean(&text->cell, roster->billing_name);
	buffer_text(&right, "NPI ");
	buffer_text(&right, roster->billing_npi);
	buffer_format(&right, "   PAGE %llu OF %llu", (unsigned long long)text->flow->page,
		(unsigned long long)text->flow->pages);
	put_ends(text, buffer_view(&text->cell), buffer_view(&right));
	buffer_char(text->out, '\n');
	buffer_done(&right);
}

/* Blanks at the end of a line are taken off, so that golden files can be read and mended by hand. */
static void put_line_end(struct buffer *out)
{
	while (!out->failed && out->len > 0 && out->ptr[out->len - 1] == ' ')
		out->len--;
	buffer_char(out, '\n');
}

static void put_column_heads(struct text *text, bool rule)
{
	for (size_t i = 0; i < roster_column_count; i++) {
		unsigned width = roster_columns[i].characters[text->flow->report];
		if (width == 0)
			continue;
		for (unsigned j = 0; rule && j < width; j++)
			buffer_char(text->out, '-');
		if (!rule)
			buffer_pad(text->out, slice_of(roster_columns[i].heading), width);
		buffer_char(text->out, ' ');
	}
	put_line_end(text->out);
}

static void text_page_begin(void *data, const struct roster_pcp *pcp, bool continued)
{
	struct text *text = data;
	if (text->flow->page > 1)
		buffer_char(text->out, '\f');
	put_heading(text);
	if (pcp == NULL)
		return;
	buffer_reset(&text->cell);
	buffer_text(&text->cell, "PCP ");
	buffer_text(&text->cell, pcp->npi);
	buffer_char(&text->cell, ' ');
	roster_put_clean(&text->cell, pcp->name);
	if (continued)
		buffer_text(&text->cell, " (CONTINUED)");
	struct slice rest = buffer_view(&text->cell);
	roster_next_line(&text->line, &rest, TEXT_WIDTH, true, text_fits, NULL);
	buffer_slice(text->out, buffer_view(&text->line));
	buffer_char(text->out, '\n');
	put_column_heads(text, false);
	put_column_heads(text, true);
}

static void text_page_end(void *data)
{
	(void)data;
}

/* Lines of the tallest cell; totals have a blank line above, funds none. */
static unsigned text_height(void *data, const struct roster_entry *entry)
{
	struct text *text = data;
	if (!roster_entry_is_client(entry))
		return entry->kind == ROSTER_ENTRY_FUND ? 1 : 2;
	unsigned lines = 1;
	for (size_t i = 0; i < roster_column_count; i++) {
		const struct roster_column *column = &roster_columns[i];
		unsigned width = column->characters[entry->report];
		if (width == 0 || column->lines == 1)
			continue;
		struct slice rest = roster_cell(&text->cell, entry, column->field);
		unsigned count = 0;
		while (count < column->lines &&
			roster_next_line(&text->line, &rest, width, count + 1U == column->lines, text_fits, NULL))
			count++;
		lines = count > lines ? count : lines;
	}
	return lines;
}

/* Line number `number` (0 …) of a client's row. */
static void put_client_line(struct text *text, const struct roster_entry *entry, unsigned number)
{
	for (size_t i = 0; i < roster_column_count; i++) {
		const struct roster_column *column = &roster_columns[i];
		unsigned width = column->characters[entry->report];
		if (width == 0)
			continue;
		struct slice rest = roster_cell(&text->cell, entry, column->field);
		buffer_reset(&text->line);
		for (unsigned j = 0; j <= number && j <= column->lines; j++)
			roster_next_line(&text->line, &rest, width, j + 1U == column->lines, text_fits, NULL);
		buffer_pad(text->out, buffer_view(&text->line), width);
		buffer_char(text->out, ' ');
		text->out->failed |= text->cell.failed || text->line.failed;
	}
	put_line_end(text->out);
}

static void put_total(struct text *text, const struct roster_entry *entry)
{
	const struct roster *roster = entry->roster;
	struct buffer *out = text->out;
	buffer_char(out, '\n');
	buffer_text(out, entry->pcp != NULL ? "  PCP TOTAL          " : "PRIMARY MANAGER TOTAL");
	if (entry->report == ROSTER_REPORT_CHANGES) {
		buffer_text(out, "  ");
		roster_put_identity(out, entry);
	} else if (entry->pcp != NULL) {
		buffer_format(out, " CLIENTS %9zu", entry->pcp->line_count);
	} else {
		buffer_reset(&text->cell);
		cents_put_people(&text->cell, roster->amount);
		buffer_format(out, " CLIENTS %9llu   CASE MANAGEMENT FEES %18.*s", (unsigned long long)roster->members,
			SLICE_ARG(buffer_view(&text->cell)));
	}
	buffer_char(out, '\n');
}

static void put_fund(struct text *text, const struct roster_fund *fund)
{
	buffer_reset(&text->cell);
	roster_put_fund_name(&text->cell, fund);
	buffer_text(text->out, "  FUND ");
	buffer_pad(text->out, buffer_view(&text->cell), 14);
	buffer_reset(&text->cell);
	cents_put_people(&text->cell, fund->amount);
	buffer_format(text->out, " CLIENTS %9llu   %39.*s   FCN %s\n", (unsigned long long)fund->members,
		SLICE_ARG(buffer_view(&text->cell)), fund->fcn);
}

static void text_row(void *data, const struct roster_entry *entry)
{
	struct text *text = data;
	if (entry->kind == ROSTER_ENTRY_FUND) {
		put_fund(text, entry->fund);
		return;
	}
	if (!roster_entry_is_client(entry)) {
		put_total(text, entry);
		return;
	}
	unsigned lines = text_height(text, entry);
	for (unsigned i = 0; i < lines; i++)
		put_client_line(text, entry, i);
}

static void text_note(void *data, const char *note)
{
	struct text *text = data;
	buffer_text(text->out, note);
	buffer_char(text->out, '\n');
}

void roster_put_text(struct buffer *out, const struct roster *roster, enum roster_report report)
{
	struct text text = { .out = out };
	struct roster_flow flow = {
		.roster = roster, .report = report, .page_lines = TEXT_BODY_LINES, .data = &text,
		.height = text_height, .page_begin = text_page_begin, .page_end = text_page_end, .row = text_row,
		.note = text_note,
	};
	buffer_init(&text.cell, 0);
	buffer_init(&text.line, 0);
	text.flow = &flow;
	roster_flow_run(&flow);
	out->failed |= text.cell.failed || text.line.failed;
	buffer_done(&text.cell);
	buffer_done(&text.line);
}
