/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * lister: see lister.h.
 */
#include "exchange/lister.h"

#include <assert.h>

#define PIECE_BYTES 65536

const char *const lister_formats[] = { "text", "csv", "json", NULL };

void lister_init(struct lister *lister, enum lister_format format, put_fn *put, void *to)
{
	*lister = (struct lister){ .format = format, .put = put, .to = to };
	buffer_init(&lister->out, 0);
}

void lister_done(struct lister *lister)
{
	buffer_done(&lister->out);
}

static bool give(struct lister *lister, size_t bytes)
{
	if (lister->out.failed || lister->out.len < bytes)
		return !lister->out.failed;
	bool given = lister->out.len == 0 || lister->put(lister->to, buffer_view(&lister->out));
	buffer_reset(&lister->out);
	return given;
}

static void text_cell(struct lister *lister, size_t i, struct slice value)
{
	buffer_slice(&lister->out, value);
	if (i + 1 == lister->count) {
		buffer_char(&lister->out, '\n');
		return;
	}
	for (size_t at = utf8_count(value); at < lister->columns[i].width; at++)
		buffer_char(&lister->out, ' ');
	buffer_text(&lister->out, "  ");
}

void lister_begin(struct lister *lister, const struct lister_column *columns, size_t count)
{
	assert(count > 0 && count <= LISTER_COLUMNS_MAX);
	lister->columns = columns;
	lister->count = count;
	for (size_t i = 0; i < count && lister->format != LISTER_JSON; i++) {
		if (lister->format == LISTER_TEXT) {
			text_cell(lister, i, slice_of(columns[i].name));
			continue;
		}
		buffer_text(&lister->out, columns[i].name);
		buffer_text(&lister->out, i + 1 == count ? "\r\n" : ",");
	}
}

bool lister_row(struct lister *lister, const struct slice *values)
{
	lister->rows++;
	for (size_t i = 0; i < lister->count; i++) {
		switch (lister->format) {
		case LISTER_TEXT: text_cell(lister, i, values[i].len == 0 ? SLICE("-") : values[i]); break;
		case LISTER_CSV:
			csv_put(&lister->out, values[i]);
			buffer_text(&lister->out, i + 1 == lister->count ? "\r\n" : ",");
			break;
		case LISTER_JSON:
			buffer_format(&lister->out, "%s\"%s\":", i == 0 ? "{" : ",", lister->columns[i].name);
			if (values[i].len == 0)
				buffer_text(&lister->out, "null");
			else
				json_text(&lister->out, values[i]);
			if (i + 1 == lister->count)
				buffer_text(&lister->out, "}\n");
			break;
		}
	}
	return give(lister, PIECE_BYTES);
}

bool lister_end(struct lister *lister)
{
	return give(lister, 0);
}

struct slice lister_member(const struct office *office, struct arena *arena, struct slice medicaid_id)
{
	struct buffer text;
	if (office->show_values || medicaid_id.len <= 3)
		return medicaid_id;
	buffer_init(&text, 0);
	buffer_text(&text, "…");
	buffer_put(&text, medicaid_id.ptr + medicaid_id.len - 3, 3);
	struct slice kept = arena_slice(arena, buffer_view(&text));
	buffer_done(&text);
	return kept;
}

struct slice lister_day(struct arena *arena, days day)
{
	return day == DAYS_NONE ? SLICE_NONE : arena_slice(arena, slice_of(days_iso(day).text));
}

struct slice lister_number(struct arena *arena, int64_t number)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)number);
	return arena_slice(arena, slice_of(text));
}

struct slice lister_words(struct arena *arena, const char *a, const char *b)
{
	struct buffer text;
	buffer_init(&text, 0);
	buffer_text(&text, a);
	buffer_text(&text, b);
	struct slice kept = arena_slice(arena, buffer_view(&text));
	buffer_done(&text);
	return kept;
}

struct slice lister_name(struct arena *arena, struct slice last, struct slice first)
{
	struct buffer text;
	buffer_init(&text, 0);
	buffer_slice(&text, last);
	if (first.len > 0)
		buffer_text(&text, ", ");
	buffer_slice(&text, first);
	struct slice kept = arena_slice(arena, buffer_view(&text));
	buffer_done(&text);
	return kept;
}
