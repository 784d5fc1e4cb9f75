/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * table: libcsv's fields and rows, held against the columns of a kind of file.
 */
#include "exchange/table.h"

#include <csv.h>
#include <stdarg.h>

struct table_reading {
	struct table table;             /* what the rows see */
	const char *name;
	const struct row_complaint *sink;
	const struct table_kind *kinds;
	size_t kind_count;
	const struct table_kind *kind;  /* NULL until the header was read */
	size_t header_count;            /* columns of the file: each row has as many */
	uint8_t place[COLUMNS_MAX];     /* file column → index into the kind's columns */
	struct slice fields[COLUMNS_MAX];
	size_t field_count;
	bool too_large;                 /* the row is past LIMIT_RECORD_BYTES */
	bool refused;                   /* something of this file was refused */
	bool stop;                      /* the header was wrong, or a failure */
	bool failed;
};

void table_refuse(struct table *table, const char *format, ...)
{
	struct table_reading *file = table->reading;
	char text[256];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	file->refused = true;
	table->report->refused++;
	if (file->sink != NULL)
		file->sink->say(file->sink->data, file->name, table->line, text);
}

/* ---- the header row ------------------------------------------------------------ */

static int column_of(const struct column *columns, size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_is(name, columns[i].name))
			return (int)i;
	return -1;
}

/* Letters and underscores, with digits behind them: anything else in a header may be somebody's data, or obeyed by a terminal. */
static bool is_word(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
		if (!letter && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return text.len > 0 && text.len <= 40;
}

static const struct table_kind *kind_of(const struct table_reading *file)
{
	for (size_t k = 0; k < file->kind_count; k++) {
		if (file->kinds[k].key == NULL)
			return &file->kinds[k];
		for (size_t i = 0; i < file->field_count; i++)
			if (slice_is(slice_trim(file->fields[i]), file->kinds[k].key))
				return &file->kinds[k];
	}
	return &file->kinds[file->kind_count - 1]; /* its missing key is what will be said */
}

/* Does the first row name any column of its kind? */
static bool header_known(const struct table_reading *file, const struct table_kind *kind)
{
	for (size_t i = 0; i < file->field_count && i < COLUMNS_MAX; i++)
		if (column_of(kind->columns, kind->column_count, slice_trim(file->fields[i])) >= 0)
			return true;
	return false;
}

static bool read_header(struct table_reading *file)
{
	const struct table_kind *kind = kind_of(file);
	uint32_t seen = 0;
	for (size_t i = 0; i < file->field_count; i++) {
		struct slice name = slice_trim(file->fields[i]);
		int column = column_of(kind->columns, kind->column_count, name);
		if (column < 0) {
			/* a first row that names no column at all may be somebody's data */
			if (is_word(name) && header_known(file, kind))
				table_refuse(&file->table, "column \"%.*s\" is none of %s files", SLICE_ARG(name), kind->noun);
			else
				table_refuse(&file->table, "column %zu is not named like one of %s files: the first row has to name the columns", i + 1,
					kind->noun);
			return false;
		}
		if ((seen & UINT32_C(1) << column) != 0) {
			table_refuse(&file->table, "column \"%s\" is there twice", kind->columns[column].name);
			return false;
		}
		file->place[i] = (uint8_t)column;
		seen |= UINT32_C(1) << column;
	}
	for (size_t i = 0; i < kind->column_count; i++) {
		if (kind->columns[i].required && (seen & UINT32_C(1) << i) == 0) {
			table_refuse(&file->table, "column \"%s\" is missing", kind->columns[i].name);
			return false;
		}
	}
	file->kind = kind;
	file->header_count = file->field_count;
	return true;
}

bool table_header(struct slice start, const char *const *names, size_t count)
{
	struct slice line;
	if (start.len >= 3 && memcmp(start.ptr, "\xef\xbb\xbf", 3) == 0)
		start = (struct slice){ start.ptr + 3, start.len - 3 };
	if (!slice_part(&line, start, '\n', 0))
		return false;
	for (size_t i = 0; i < count; i++)
		if (memmem(line.ptr, line.len, names[i], strlen(names[i])) != NULL && memchr(line.ptr, ',', line.len) != NULL)
			return true;
	return false;
}

/* ---- one row ---------------------------------------------------------------------- */

static bool read_day(struct table_reading *file, struct value *value, const struct column *column)
{
	if (value->text.len == 0) {
		value->day = DAYS_NONE; /* what an empty end means is the row's business */
		return true;
	}
	if (days_parse_iso(&value->day, value->text))
		return true;
	table_refuse(&file->table, "%s is not a date of the form YYYY-MM-DD", column->name);
	return false;
}

static bool read_value(struct table_reading *file, struct value *value, const struct column *column)
{
	if (column->required && value->text.len == 0) {
		table_refuse(&file->table, "%s is empty", column->name);
		return false;
	}
	switch (column->type) {
	case COLUMN_TEXT:
		return true;
	case COLUMN_YES:
		if (value->text.len == 0 || slice_is(value->text, "yes") || slice_is(value->text, "no"))
			return true;
		table_refuse(&file->table, "%s is neither yes nor no", column->name);
		return false;
	case COLUMN_NPI:
		if (value->text.len == 0 || npi_valid(value->text))
			return true;
		table_refuse(&file->table, "%s does not pass the NPI check digit", column->name);
		return false;
	case COLUMN_ABA:
		if (value->text.len == 0 || aba_valid(value->text))
			return true;
		table_refuse(&file->table, "%s does not pass the routing number's check digit", column->name);
		return false;
	case COLUMN_DAY:
		return read_day(file, value, column);
	case COLUMN_NUMBER:
		value->number = 0;
		if (value->text.len == 0 || slice_number(&value->number, value->text))
			return true;
		table_refuse(&file->table, "%s is not a number", column->name);
		return false;
	}
	return true;
}

static bool read_row(struct table_reading *file, struct value *values)
{
	if (file->field_count != file->header_count) { /* a comma in a name would move everything behind it */
		table_refuse(&file->table, "row has %zu columns, expected the %zu of the header", file->field_count, file->header_count);
		return false;
	}
	memset(values, 0, COLUMNS_MAX * sizeof(*values));
	for (size_t i = 0; i < COLUMNS_MAX; i++)
		values[i].day = DAYS_NONE;
	for (size_t i = 0; i < file->field_count; i++)
		values[file->place[i]].text = slice_trim(file->fields[i]);
	for (size_t i = 0; i < file->kind->column_count; i++)
		if (!read_value(file, &values[i], &file->kind->columns[i]))
			return false;
	return true;
}

const char *table_name(const struct table *table)
{
	return table->reading->name;
}

void table_count(struct table *table, bool changed)
{
	if (changed)
		table->report->changed++;
	else
		table->report->unchanged++;
}

struct slice table_place(struct table *table)
{
	struct buffer text;
	buffer_init(&text, 0);
	buffer_format(&text, "%s:%llu", table->reading->name, (unsigned long long)table->line);
	struct slice place = arena_slice(&table->arena, buffer_view(&text));
	buffer_done(&text);
	return place;
}

/* ---- libcsv's callbacks ------------------------------------------------------------- */

static void on_field(void *field, size_t len, void *data)
{
	struct table_reading *file = data;
	if (file->field_count < COLUMNS_MAX) {
		file->fields[file->field_count] = arena_slice(&file->table.arena, (struct slice){ field, len });
		file->too_large = file->too_large || file->fields[file->field_count].ptr == NULL;
	}
	file->field_count++;
}

static void handle_row(struct table_reading *file)
{
	struct value values[COLUMNS_MAX];
	if (file->too_large) {
		table_refuse(&file->table, "row is longer than %d bytes", LIMIT_RECORD_BYTES);
		file->stop = file->kind == NULL;
		return;
	}
	if (file->field_count > COLUMNS_MAX) {
		table_refuse(&file->table, "row has more than %d columns", COLUMNS_MAX);
		file->stop = file->kind == NULL;
		return;
	}
	if (file->kind == NULL) {
		file->stop = !read_header(file);
		return;
	}
	file->table.report->rows++;
	if (!read_row(file, values))
		return;
	if (!file->kind->row(&file->table, values))
		file->stop = file->failed = true;
}

static void on_row(int end, void *data)
{
	struct table_reading *file = data;
	(void)end;
	file->table.line++;
	bool empty = file->field_count == 0 || (file->field_count == 1 && file->fields[0].len == 0);
	if (!file->stop && !empty)
		handle_row(file);
	file->field_count = 0;
	file->too_large = false;
	arena_reset(&file->table.arena);
}

static bool parse_file(struct table_reading *file, struct source *source, struct csv_parser *parser)
{
	bool first = true;
	for (;;) {
		struct slice chunk;
		if (!source_read(source, &chunk, &file->table.office->failure))
			return false;
		if (chunk.len == 0)
			break;
		if (first && chunk.len >= 3 && memcmp(chunk.ptr, "\xef\xbb\xbf", 3) == 0)
			chunk = (struct slice){ chunk.ptr + 3, chunk.len - 3 };
		first = false;
		if (csv_parse(parser, chunk.ptr, chunk.len, on_field, on_row, file) != chunk.len) {
			if (csv_error(parser) == CSV_ENOMEM)
				return failure_set(&file->table.office->failure, "could not read %s: out of memory", file->name);
			file->table.line++;
			table_refuse(&file->table, "not CSV: %s", csv_strerror(csv_error(parser)));
			return true;
		}
		if (file->failed)
			return office_store_failed(file->table.office);
		if (file->stop)
			return true;
	}
	if (csv_fini(parser, on_field, on_row, file) != 0) {
		file->table.line++;
		table_refuse(&file->table, "the last row is not closed: a quotation mark is missing");
	}
	return !file->failed || office_store_failed(file->table.office);
}

bool table_file(struct office *office, const char *path, enum change_kind kind, const struct table_kind *kinds, size_t kind_count, void *data,
	const struct row_complaint *sink, struct row_report *report)
{
	struct table_reading file = { .table = { .office = office, .data = data, .report = report }, .name = source_name(path), .sink = sink,
		.kinds = kinds, .kind_count = kind_count };
	struct csv_parser parser;
	int64_t change;
	struct source *source = source_open(path, &office->failure);
	if (source == NULL)
		return false;
	bool open = false, done = false;
	file.table.reading = &file;
	arena_init(&file.table.arena, LIMIT_RECORD_BYTES);
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
		failure_set(&office->failure, "could not read %s: out of memory", path);
		goto out;
	}
	open = store_begin(office->store);
	if (!open || !store_change(office->store, &change, kind, office->now.day, program_hash(office->program))) {
		office_store_failed(office);
		goto out_parser;
	}
	done = parse_file(&file, source, &parser);
	if (done && file.kind == NULL && !file.refused) {
		file.table.line = 1;
		table_refuse(&file.table, "the file has no header row");
	}
	if (done) {
		done = store_commit(office->store) || office_store_failed(office);
		open = !done;
	}
out_parser:
	csv_free(&parser);
out:
	if (open)
		store_rollback(office->store);
	arena_done(&file.table.arena);
	source_close(source);
	return done;
}
