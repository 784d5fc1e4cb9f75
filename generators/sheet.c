/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sheet: facts and tables, as text for people, CSV for spreadsheets, JSON for programs.
 *
 * Whoever reports says each value once, with its column; the form is the reader's
 * choice.  Money is $1,882.50 for people, 1882.50 in CSV, and in JSON whole cents
 * under a key that ends in _cents: no reader has to guess, or to add floating point.
 * CSV holds tables alone, and one table a document.
 */
#include "generators/generators.h"

#include <assert.h>

static const char gap[] = "  "; /* between two columns */

void sheet_begin(struct sheet *sheet, struct buffer *out, enum sheet_format format)
{
	*sheet = (struct sheet){ .out = out, .format = format };
	if (format == SHEET_JSON)
		buffer_char(out, '{');
}

void sheet_end(struct sheet *sheet)
{
	if (sheet->format == SHEET_JSON)
		buffer_text(sheet->out, "}\n");
}

/* ---- facts: one value of the whole report ---- */

static bool fact_begin(struct sheet *sheet, const char *key, const char *label, bool is_money)
{
	assert(sheet->columns == NULL);
	if (sheet->format == SHEET_JSON) {
		buffer_format(sheet->out, "%s\"%s%s\":", sheet->any ? "," : "", key, is_money ? "_cents" : "");
		sheet->any = true;
	} else if (sheet->format == SHEET_TEXT) {
		buffer_format(sheet->out, "%-20s ", label);
	}
	return sheet->format != SHEET_CSV;
}

static void fact_end(struct sheet *sheet)
{
	if (sheet->format == SHEET_TEXT)
		buffer_char(sheet->out, '\n');
}

void sheet_fact(struct sheet *sheet, const char *key, const char *label, struct slice value)
{
	if (!fact_begin(sheet, key, label, false))
		return;
	if (sheet->format == SHEET_JSON)
		json_text(sheet->out, value);
	else
		text_put_printable(sheet->out, value);
	fact_end(sheet);
}

void sheet_fact_cents(struct sheet *sheet, const char *key, const char *label, cents value)
{
	if (!fact_begin(sheet, key, label, true))
		return;
	if (sheet->format == SHEET_JSON)
		buffer_number(sheet->out, value);
	else
		cents_put_people(sheet->out, value);
	fact_end(sheet);
}

void sheet_fact_count(struct sheet *sheet, const char *key, const char *label, uint64_t value)
{
	if (!fact_begin(sheet, key, label, false))
		return;
	buffer_number(sheet->out, (int64_t)value);
	fact_end(sheet);
}

void sheet_fact_day(struct sheet *sheet, const char *key, const char *label, days value)
{
	sheet_fact(sheet, key, label, value == DAYS_NONE || value == DAYS_OPEN ? SLICE_NONE : slice_of(days_iso(value).text));
}

void sheet_fact_month(struct sheet *sheet, const char *key, const char *label, months value)
{
	sheet_fact(sheet, key, label, value == MONTHS_NONE ? SLICE_NONE : slice_of(month_iso(value).text));
}

void sheet_say(struct sheet *sheet, const char *sentence)
{
	if (sheet->format == SHEET_TEXT)
		buffer_format(sheet->out, "%s\n", sentence);
}

/* ---- tables ---- */

static bool right_aligned(enum cell_kind kind)
{
	return kind == CELL_CENTS || kind == CELL_COUNT;
}

static void cell_pad(struct sheet *sheet, const struct sheet_column *column, struct slice text)
{
	size_t width = column->width, len = utf8_count(text);
	bool right = right_aligned(column->kind), last = column + 1 == sheet->columns + sheet->column_count;
	if (last && len == 0)
		return;
	if (column != sheet->columns)
		buffer_text(sheet->out, gap);
	for (size_t i = len; right && i < width; i++)
		buffer_char(sheet->out, ' ');
	text_put_printable(sheet->out, text);
	for (size_t i = len; !right && !last && i < width; i++)
		buffer_char(sheet->out, ' ');
}

void sheet_table(struct sheet *sheet, const char *key, const char *title, const struct sheet_column *columns, size_t count)
{
	assert(sheet->columns == NULL && count > 0);
	sheet->columns = columns;
	sheet->column_count = count;
	sheet->column = 0;
	sheet->rows = 0;
	if (sheet->format == SHEET_JSON) {
		buffer_format(sheet->out, "%s\"%s\":[", sheet->any ? "," : "", key);
		sheet->any = true;
	} else if (sheet->format == SHEET_CSV) {
		for (size_t i = 0; i < count; i++)
			buffer_format(sheet->out, "%s%s", i == 0 ? "" : ",", columns[i].key);
		buffer_text(sheet->out, "\r\n");
	} else {
		buffer_format(sheet->out, "\n%s\n", title);
	}
}

static void heads_put(struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->column_count; i++)
		cell_pad(sheet, &sheet->columns[i], slice_of(sheet->columns[i].title));
	buffer_char(sheet->out, '\n');
}

static const struct sheet_column *cell_begin(struct sheet *sheet, bool is_money)
{
	const struct sheet_column *column = &sheet->columns[sheet->column];
	assert(sheet->columns != NULL && is_money == (column->kind == CELL_CENTS));
	if (sheet->format == SHEET_JSON) {
		buffer_text(sheet->out, sheet->column > 0 ? "," : sheet->rows > 0 ? ",{" : "{");
		buffer_format(sheet->out, "\"%s%s\":", column->key, is_money ? "_cents" : "");
	} else if (sheet->format == SHEET_CSV) {
		buffer_text(sheet->out, sheet->column > 0 ? "," : "");
	} else if (sheet->column == 0 && sheet->rows == 0) {
		heads_put(sheet);
	}
	return column;
}

static void cell_end(struct sheet *sheet)
{
	if (++sheet->column < sheet->column_count)
		return;
	sheet->column = 0;
	sheet->rows++;
	buffer_text(sheet->out, sheet->format == SHEET_JSON ? "}" : sheet->format == SHEET_CSV ? "\r\n" : "\n");
}

void sheet_cell(struct sheet *sheet, struct slice value)
{
	const struct sheet_column *column = cell_begin(sheet, false);
	if (sheet->format == SHEET_JSON)
		json_text(sheet->out, value);
	else if (sheet->format == SHEET_CSV)
		csv_put(sheet->out, value);
	else
		cell_pad(sheet, column, value);
	cell_end(sheet);
}

void sheet_cell_cents(struct sheet *sheet, cents value)
{
	const struct sheet_column *column = cell_begin(sheet, true);
	struct buffer text;
	buffer_init(&text, 0);
	if (sheet->format == SHEET_JSON) {
		buffer_number(sheet->out, value);
	} else if (sheet->format == SHEET_CSV) {
		cents_put_plain(sheet->out, value);
	} else {
		cents_put_people(&text, value);
		cell_pad(sheet, column, buffer_view(&text));
	}
	sheet->out->failed = sheet->out->failed || text.failed;
	buffer_done(&text);
	cell_end(sheet);
}

void sheet_cell_count(struct sheet *sheet, int64_t value)
{
	char text[24];
	const struct sheet_column *column = cell_begin(sheet, false);
	if (sheet->format == SHEET_TEXT) {
		snprintf(text, sizeof(text), "%lld", (long long)value);
		cell_pad(sheet, column, slice_of(text));
	} else {
		buffer_number(sheet->out, value);
	}
	cell_end(sheet);
}

void sheet_cell_day(struct sheet *sheet, days value)
{
	sheet_cell(sheet, value == DAYS_NONE || value == DAYS_OPEN ? SLICE_NONE : slice_of(days_iso(value).text));
}

void sheet_cell_month(struct sheet *sheet, months value)
{
	sheet_cell(sheet, value == MONTHS_NONE ? SLICE_NONE : slice_of(month_iso(value).text));
}

void sheet_table_end(struct sheet *sheet)
{
	assert(sheet->columns != NULL && sheet->column == 0);
	if (sheet->format == SHEET_JSON)
		buffer_char(sheet->out, ']');
	else if (sheet->format == SHEET_TEXT && sheet->rows == 0)
		buffer_text(sheet->out, "none\n");
	sheet->columns = NULL;
}
