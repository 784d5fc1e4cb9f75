/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * providers: CSV files of billing providers and PCPs into the store (PRV-1 … PRV-7).
 *
 * The header row names the columns, in any order, and thereby the kind of file
 * (docs/formats.md).  A file is one transaction.  A row that is wrong is refused with
 * its line and reason and the others go in; a header that is wrong refuses the file.
 */
#include "exchange/exchange.h"

#include <csv.h>
#include <stdarg.h>

#define COLUMNS_MAX 32 /* both kinds have 16; more refuse the row, or the file if they stand in its header */

enum column_type { COLUMN_TEXT, COLUMN_NPI, COLUMN_BEGIN, COLUMN_END, COLUMN_NUMBER, COLUMN_YES, COLUMN_ABA };
struct column {
	const char *name;
	enum column_type type;
	bool required;  /* may not be empty */
};
static const struct column billing_columns[] = {
	{ "billing_npi", COLUMN_NPI, true },
	{ "medicaid_id", COLUMN_TEXT, true },
	{ "name", COLUMN_TEXT, true },
	{ "kind", COLUMN_TEXT, false },
	{ "tax_id", COLUMN_TEXT, true },
	{ "street", COLUMN_TEXT, true },
	{ "city", COLUMN_TEXT, true },
	{ "state", COLUMN_TEXT, true },
	{ "zip", COLUMN_TEXT, true },
	{ "phone", COLUMN_TEXT, false },
	{ "trading_partner", COLUMN_TEXT, true },
	{ "fiscal_year_end", COLUMN_TEXT, false },
	{ "method", COLUMN_TEXT, true },
	{ "routing", COLUMN_ABA, false },
	{ "account", COLUMN_TEXT, false },
	{ "account_kind", COLUMN_TEXT, false },
};
enum { BILLING_NPI, BILLING_MEDICAID_ID, BILLING_NAME, BILLING_KIND, BILLING_TAX_ID, BILLING_STREET, BILLING_CITY, BILLING_STATE,
	BILLING_ZIP, BILLING_PHONE, BILLING_PARTNER, BILLING_FISCAL, BILLING_METHOD, BILLING_ROUTING, BILLING_ACCOUNT, BILLING_ACCOUNT_KIND };
static const struct column pcp_columns[] = {
	{ "pcp_npi", COLUMN_NPI, true },
	{ "last_name", COLUMN_TEXT, true },
	{ "first_name", COLUMN_TEXT, false },
	{ "credential", COLUMN_TEXT, false },
	{ "specialty", COLUMN_TEXT, false },
	{ "phone", COLUMN_TEXT, true },
	{ "town", COLUMN_TEXT, true },
	{ "facility_based", COLUMN_YES, false },
	{ "medicaid_from", COLUMN_BEGIN, false },
	{ "medicaid_to", COLUMN_END, false },
	{ "contract_from", COLUMN_BEGIN, false },
	{ "contract_to", COLUMN_END, false },
	{ "panel_limit", COLUMN_NUMBER, false },
	{ "billing_npi", COLUMN_NPI, false },
	{ "affiliated_from", COLUMN_BEGIN, false },
	{ "affiliated_to", COLUMN_END, false },
};
enum { PCP_NPI, PCP_LAST, PCP_FIRST, PCP_CREDENTIAL, PCP_SPECIALTY, PCP_PHONE, PCP_TOWN, PCP_FACILITY, PCP_MEDICAID_FROM, PCP_MEDICAID_TO,
	PCP_CONTRACT_FROM, PCP_CONTRACT_TO, PCP_PANEL, PCP_BILLING, PCP_AFFILIATED_FROM, PCP_AFFILIATED_TO };

static const struct { const char *name; const struct column *columns; size_t count; } kinds[] = {
	{ "billing provider", billing_columns, COUNT_OF(billing_columns) },
	{ "PCP", pcp_columns, COUNT_OF(pcp_columns) },
};

struct value {
	struct slice text;
	days day;
	uint64_t number;
};
struct csv_file {
	struct office *office;
	const char *name;
	const struct row_complaint *sink;
	struct provider_report *report;
	struct arena arena;             /* one row */
	const struct column *columns;   /* of the kind of file; NULL until the header was read */
	size_t column_count;
	size_t header_count;            /* columns of the file: each row has as many */
	uint8_t place[COLUMNS_MAX];     /* file column → index into columns */
	struct slice fields[COLUMNS_MAX];
	size_t field_count;
	uint64_t line;
	bool too_large;                 /* the row is past LIMIT_RECORD_BYTES */
	bool refused;                   /* something of this file was refused */
	bool stop;                      /* the header was wrong, or a failure */
	bool failed;
};

static void refuse(struct csv_file *file, const char *format, ...) PRINTF_LIKE(2, 3);
static void refuse(struct csv_file *file, const char *format, ...)
{
	char text[256];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	file->refused = true;
	file->report->refused++;
	if (file->sink != NULL)
		file->sink->say(file->sink->data, file->name, file->line, text);
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

static bool read_header(struct csv_file *file)
{
	bool pcps = false;
	for (size_t i = 0; i < file->field_count; i++)
		pcps = pcps || slice_is(slice_trim(file->fields[i]), "pcp_npi");
	const struct column *columns = kinds[pcps].columns;
	size_t count = kinds[pcps].count;
	uint32_t seen = 0;
	for (size_t i = 0; i < file->field_count; i++) {
		int column = column_of(columns, count, slice_trim(file->fields[i]));
		if (column < 0) {
			struct slice name = slice_trim(file->fields[i]);
			if (is_word(name))
				refuse(file, "column \"%.*s\" is not one of a %s file", SLICE_ARG(name), kinds[pcps].name);
			else
				refuse(file, "column %zu is not named like one of a %s file", i + 1, kinds[pcps].name);
			return false;
		}
		if ((seen & UINT32_C(1) << column) != 0) {
			refuse(file, "column \"%s\" is there twice", columns[column].name);
			return false;
		}
		file->place[i] = (uint8_t)column;
		seen |= UINT32_C(1) << column;
	}
	for (size_t i = 0; i < count; i++) {
		if (columns[i].required && (seen & UINT32_C(1) << i) == 0) {
			refuse(file, "column \"%s\" is missing", columns[i].name);
			return false;
		}
	}
	file->columns = columns;
	file->column_count = count;
	file->header_count = file->field_count;
	return true;
}

bool providers_header(struct slice start)
{
	const char *names[] = { "pcp_npi", "billing_npi" };
	struct slice line;
	if (start.len >= 3 && memcmp(start.ptr, "\xef\xbb\xbf", 3) == 0)
		start = (struct slice){ start.ptr + 3, start.len - 3 };
	if (!slice_part(&line, start, '\n', 0))
		return false;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (memmem(line.ptr, line.len, names[i], strlen(names[i])) != NULL && memchr(line.ptr, ',', line.len) != NULL)
			return true;
	return false;
}

/* ---- one row ---------------------------------------------------------------------- */

static bool read_day(struct csv_file *file, struct value *value, const struct column *column)
{
	if (value->text.len == 0) {
		value->day = DAYS_NONE; /* what an empty end means is the row's business */
		return true;
	}
	if (days_parse_iso(&value->day, value->text))
		return true;
	refuse(file, "%s is not a date of the form YYYY-MM-DD", column->name);
	return false;
}

static bool read_value(struct csv_file *file, struct value *value, const struct column *column)
{
	if (column->required && value->text.len == 0) {
		refuse(file, "%s is empty", column->name);
		return false;
	}
	switch (column->type) {
	case COLUMN_TEXT:
		return true;
	case COLUMN_YES:
		if (value->text.len == 0 || slice_is(value->text, "yes") || slice_is(value->text, "no"))
			return true;
		refuse(file, "%s is neither yes nor no", column->name);
		return false;
	case COLUMN_NPI:
		if (value->text.len == 0 || npi_valid(value->text))
			return true;
		refuse(file, "%s does not pass the NPI check digit", column->name);
		return false;
	case COLUMN_ABA:
		if (value->text.len == 0 || aba_valid(value->text))
			return true;
		refuse(file, "%s does not pass the routing number's check digit", column->name);
		return false;
	case COLUMN_BEGIN:
	case COLUMN_END:
		return read_day(file, value, column);
	case COLUMN_NUMBER:
		value->number = 0;
		if (value->text.len == 0 || slice_number(&value->number, value->text))
			return true;
		refuse(file, "%s is not a number", column->name);
		return false;
	}
	return true;
}

static bool read_row(struct csv_file *file, struct value *values)
{
	if (file->field_count != file->header_count) { /* a comma in a name would move everything behind it */
		refuse(file, "row has %zu columns, expected the %zu of the header", file->field_count, file->header_count);
		return false;
	}
	memset(values, 0, COLUMNS_MAX * sizeof(*values));
	for (size_t i = 0; i < COLUMNS_MAX; i++)
		values[i].day = DAYS_NONE;
	for (size_t i = 0; i < file->field_count; i++)
		values[file->place[i]].text = slice_trim(file->fields[i]);
	for (size_t i = 0; i < file->column_count; i++)
		if (!read_value(file, &values[i], &file->columns[i]))
			return false;
	return true;
}

static void count_row(struct csv_file *file, bool changed)
{
	if (changed)
		file->report->changed++;
	else
		file->report->unchanged++;
}

static bool save_billing(struct csv_file *file, const struct value *values)
{
	struct billing_provider billing = {
		.medicaid_id = values[BILLING_MEDICAID_ID].text, .name = values[BILLING_NAME].text, .kind = values[BILLING_KIND].text,
		.tax_id = values[BILLING_TAX_ID].text, .street = values[BILLING_STREET].text, .city = values[BILLING_CITY].text,
		.state = values[BILLING_STATE].text, .zip = values[BILLING_ZIP].text, .phone = values[BILLING_PHONE].text,
		.trading_partner = values[BILLING_PARTNER].text, .fiscal_year_end = values[BILLING_FISCAL].text,
		.method = values[BILLING_METHOD].text, .routing = values[BILLING_ROUTING].text,
		.account = values[BILLING_ACCOUNT].text, .account_kind = values[BILLING_ACCOUNT_KIND].text,
	};
	int64_t id;
	bool changed, ach = slice_is(billing.method, "ACH");
	uint64_t number;
	slice_copy(billing.npi, sizeof(billing.npi), values[BILLING_NPI].text);
	if (!ach && !slice_is(billing.method, "CHK")) {
		refuse(file, "method is neither ACH nor CHK");
		return true;
	}
	if (ach && (billing.routing.len == 0 || billing.account.len == 0)) {
		refuse(file, "method ACH needs routing and account");
		return true;
	}
	if (billing.tax_id.len != 9 || !slice_number(&number, billing.tax_id)) {
		refuse(file, "tax_id is not nine digits");
		return true;
	}
	if (billing.account_kind.len == 0)
		billing.account_kind = SLICE("DA");
	if (!store_billing_save(file->office->store, &id, &changed, &billing))
		return false;
	count_row(file, changed);
	return true;
}

/* An end left open is open if the begin is given. */
static days end_of(const struct value *begin, const struct value *end)
{
	if (begin->day == DAYS_NONE)
		return DAYS_NONE;
	return end->day == DAYS_NONE ? DAYS_OPEN : end->day;
}

/* Spans whose end lies before their begin, or that have an end only, mean nothing. */
static bool spans_are_right(struct csv_file *file, const struct value *values)
{
	static const int begins[] = { PCP_MEDICAID_FROM, PCP_CONTRACT_FROM, PCP_AFFILIATED_FROM };
	for (size_t i = 0; i < COUNT_OF(begins); i++) {
		const struct value *begin = &values[begins[i]], *end = begin + 1;
		if (end->day != DAYS_NONE && (begin->day == DAYS_NONE || end->day < begin->day)) {
			refuse(file, "%s is before %s", pcp_columns[begins[i] + 1].name, pcp_columns[begins[i]].name);
			return false;
		}
	}
	if (values[PCP_BILLING].text.len > 0 && values[PCP_AFFILIATED_FROM].day == DAYS_NONE) {
		refuse(file, "affiliated_from is empty");
		return false;
	}
	return true;
}

/* *billing 0: the row names no practice; *right false: it names one that is not known. */
static bool find_practice(struct csv_file *file, const struct value *values, int64_t *billing, bool *right)
{
	struct billing_provider found;
	char npi[11];
	*billing = 0;
	*right = true;
	if (values[PCP_BILLING].text.len == 0)
		return true;
	slice_copy(npi, sizeof(npi), values[PCP_BILLING].text);
	if (!store_billing_find(file->office->store, &file->arena, right, &found, npi))
		return false;
	if (*right)
		*billing = found.id;
	else
		refuse(file, "billing_npi %s is not known: load the billing providers first", npi);
	return true;
}

/* The row goes in as a whole or not at all: what may be wrong is looked at first. */
static bool save_pcp(struct csv_file *file, const struct value *values)
{
	struct pcp pcp = {
		.last = values[PCP_LAST].text, .first = values[PCP_FIRST].text, .credential = values[PCP_CREDENTIAL].text,
		.specialty = values[PCP_SPECIALTY].text, .phone = values[PCP_PHONE].text, .town = values[PCP_TOWN].text,
		.facility_based = slice_is(values[PCP_FACILITY].text, "yes"),
		.medicaid_begin = values[PCP_MEDICAID_FROM].day, .medicaid_end = end_of(&values[PCP_MEDICAID_FROM], &values[PCP_MEDICAID_TO]),
		.contract_begin = values[PCP_CONTRACT_FROM].day, .contract_end = end_of(&values[PCP_CONTRACT_FROM], &values[PCP_CONTRACT_TO]),
		.panel_limit = (int64_t)values[PCP_PANEL].number,
	};
	int64_t id, billing;
	bool changed, affiliation_changed = false, right;
	slice_copy(pcp.npi, sizeof(pcp.npi), values[PCP_NPI].text);
	if (!spans_are_right(file, values))
		return true;
	if (!find_practice(file, values, &billing, &right))
		return false;
	if (!right)
		return true;
	if (!store_pcp_save(file->office->store, &id, &changed, &pcp))
		return false;
	struct affiliation affiliation = { .pcp = id, .billing = billing, .begin = values[PCP_AFFILIATED_FROM].day,
		.end = end_of(&values[PCP_AFFILIATED_FROM], &values[PCP_AFFILIATED_TO]) };
	if (billing != 0 && !store_affiliation_save(file->office->store, &affiliation_changed, &affiliation))
		return false;
	count_row(file, changed || affiliation_changed);
	return true;
}

/* ---- libcsv's callbacks ------------------------------------------------------------- */

static void on_field(void *field, size_t len, void *data)
{
	struct csv_file *file = data;
	if (file->field_count < COLUMNS_MAX) {
		file->fields[file->field_count] = arena_slice(&file->arena, (struct slice){ field, len });
		file->too_large = file->too_large || file->fields[file->field_count].ptr == NULL;
	}
	file->field_count++;
}

static void handle_row(struct csv_file *file)
{
	struct value values[COLUMNS_MAX];
	if (file->too_large) {
		refuse(file, "row is longer than %d bytes", LIMIT_RECORD_BYTES);
		file->stop = file->columns == NULL;
		return;
	}
	if (file->field_count > COLUMNS_MAX) {
		refuse(file, "row has more than %d columns", COLUMNS_MAX);
		file->stop = file->columns == NULL;
		return;
	}
	if (file->columns == NULL) {
		file->stop = !read_header(file);
		return;
	}
	file->report->rows++;
	if (!read_row(file, values))
		return;
	bool done = file->columns == pcp_columns ? save_pcp(file, values) : save_billing(file, values);
	if (!done)
		file->stop = file->failed = true;
}

static void on_row(int end, void *data)
{
	struct csv_file *file = data;
	(void)end;
	file->line++;
	bool empty = file->field_count == 0 || (file->field_count == 1 && file->fields[0].len == 0);
	if (!file->stop && !empty)
		handle_row(file);
	file->field_count = 0;
	file->too_large = false;
	arena_reset(&file->arena);
}

static bool parse_file(struct csv_file *file, struct source *source, struct csv_parser *parser)
{
	bool first = true;
	for (;;) {
		struct slice chunk;
		if (!source_read(source, &chunk, &file->office->failure))
			return false;
		if (chunk.len == 0)
			break;
		if (first && chunk.len >= 3 && memcmp(chunk.ptr, "\xef\xbb\xbf", 3) == 0)
			chunk = (struct slice){ chunk.ptr + 3, chunk.len - 3 };
		first = false;
		if (csv_parse(parser, chunk.ptr, chunk.len, on_field, on_row, file) != chunk.len) {
			if (csv_error(parser) == CSV_ENOMEM)
				return failure_set(&file->office->failure, "could not read %s: out of memory", file->name);
			file->line++;
			refuse(file, "not CSV: %s", csv_strerror(csv_error(parser)));
			return true;
		}
		if (file->failed)
			return office_store_failed(file->office);
		if (file->stop)
			return true;
	}
	if (csv_fini(parser, on_field, on_row, file) != 0) {
		file->line++;
		refuse(file, "the last row is not closed: a quotation mark is missing");
	}
	return !file->failed || office_store_failed(file->office);
}

bool providers_file(struct office *office, const char *path, const struct row_complaint *sink, struct provider_report *report)
{
	struct csv_file file = { .office = office, .name = source_name(path), .sink = sink, .report = report };
	struct csv_parser parser;
	int64_t change;
	struct source *source = source_open(path, &office->failure);
	if (source == NULL)
		return false;
	bool open = false, done = false;
	arena_init(&file.arena, LIMIT_RECORD_BYTES);
	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0) {
		failure_set(&office->failure, "could not read %s: out of memory", path);
		goto out;
	}
	open = store_begin(office->store);
	if (!open || !store_change(office->store, &change, CHANGE_PROVIDERS, office->now.day, program_hash(office->program))) {
		office_store_failed(office);
		goto out_parser;
	}
	done = parse_file(&file, source, &parser);
	if (done && file.columns == NULL && !file.refused) {
		file.line = 1;
		refuse(&file, "the file has no header row");
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
	arena_done(&file.arena);
	source_close(source);
	return done;
}
