/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * staging: enrolment files that are looked at before they are applied: compared with the
 * store (BAD-12), or staged, looked at again, committed or discarded (BAD-13).
 */
#include "cli/desk.h"
#include "cli/staging.h"
#include "generators/generators.h"

#define SHOWN 50 /* differences that people are shown; CSV and JSON have all */

static const struct sheet_column columns[] = {
	{ "medicaid_id", "member", CELL_TEXT, 12 }, { "kind", "kind", CELL_TEXT, 13 }, { "what", "what", CELL_TEXT, 15 },
	{ "here", "here", CELL_TEXT, 36 }, { "file", "file", CELL_TEXT, 36 },
};

struct differences {
	struct office *office;
	struct sheet sheet;
	struct buffer out;
	bool printed;           /* whatever was put so far could be printed */
	uint64_t counts[DISCREPANCY_KINDS], told;
};

static void put_id(struct differences *differences, struct slice id)
{
	char cut[16];
	if (differences->sheet.format != SHEET_TEXT || differences->office->show_values || id.len <= 4) {
		sheet_cell(&differences->sheet, id);
		return;
	}
	snprintf(cut, sizeof(cut), "…%.4s", id.ptr + id.len - 4);
	sheet_cell(&differences->sheet, slice_of(cut));
}

static bool flush(struct differences *differences, size_t least)
{
	if (differences->out.len < least)
		return true;
	differences->printed = print_buffer(&differences->out) && differences->printed;
	buffer_reset(&differences->out);
	return differences->printed;
}

static bool say(void *data, const struct discrepancy *found)
{
	struct differences *differences = data;
	const bool shown = !found->personal || differences->office->show_values;
	differences->counts[found->kind]++;
	if (++differences->told > SHOWN && differences->sheet.format == SHEET_TEXT)
		return true;
	bool id = found->kind == DISCREPANCY_MISSING_HERE || found->kind == DISCREPANCY_MISSING_THERE;
	put_id(differences, found->medicaid_id);
	sheet_cell(&differences->sheet, slice_of(discrepancy_name(found->kind)));
	sheet_cell(&differences->sheet, slice_of(found->what));
	sheet_cell(&differences->sheet, id ? slice_of(found->here.len > 0 ? "covered" : "") : shown ? found->here : slice_of(found->here.len > 0 ? "(hidden)" : ""));
	sheet_cell(&differences->sheet, id ? slice_of(found->file.len > 0 ? "listed" : "") : shown ? found->file : slice_of(found->file.len > 0 ? "(hidden)" : ""));
	return flush(differences, 64 * 1024);
}

static void put_counts(struct differences *differences, const struct load_report *report, bool compared)
{
	struct sheet *sheet = &differences->sheet;
	if (sheet->format == SHEET_TEXT && differences->told > SHOWN)
		buffer_format(&differences->out, "… and %llu more: --format csv prints all\n", (unsigned long long)(differences->told - SHOWN));
	for (int i = 0; i < DISCREPANCY_KINDS; i++)
		sheet_fact_count(sheet, discrepancy_name((enum discrepancy_kind)i), discrepancy_name((enum discrepancy_kind)i), differences->counts[i]);
	sheet_fact_count(sheet, "members", "members received", report->members);
	sheet_fact_count(sheet, "unchanged", "as before", report->unchanged);
	if (compared)
		return;
	sheet_fact_count(sheet, "applied", "would be applied", report->applied);
	sheet_fact_count(sheet, "added", "of them new", report->added);
	sheet_fact_count(sheet, "aside", "set aside", report->aside);
	sheet_fact_count(sheet, "refused", "refused", report->refused);
	sheet_fact_count(sheet, "ended", "coverage ended", report->ended);
}

static int differences_begin(struct differences *differences, struct office *office, const struct arguments *arguments)
{
	static const char *const formats[] = { "text", "csv", "json", NULL };
	static const enum sheet_format forms[] = { SHEET_TEXT, SHEET_CSV, SHEET_JSON };
	unsigned format;
	*differences = (struct differences){ .office = office, .printed = true };
	if (!argument_format(&format, arguments, formats, &command_load))
		return EXIT_USAGE;
	buffer_init(&differences->out, 0);
	sheet_begin(&differences->sheet, &differences->out, forms[format]);
	sheet_table(&differences->sheet, "differences", "differences", columns, COUNT_OF(columns));
	return EXIT_CLEAN;
}

static int differences_end(struct differences *differences, const struct load_report *report, const struct staged_row *row, int status)
{
	if (status == EXIT_CLEAN) {
		sheet_table_end(&differences->sheet);
		put_counts(differences, report, row == NULL);
		if (row != NULL)
			sheet_fact_count(&differences->sheet, "staged", "staged as", (uint64_t)row->id);
		sheet_end(&differences->sheet);
		if (!flush(differences, 1))
			status = EXIT_FAILED;
	}
	buffer_done(&differences->out);
	return status;
}

static bool is_wrong(const struct load_report *report)
{
	return report->interchanges_refused > 0 || report->others_refused > 0 || report->segments.aside > 0 || report->sets_accepted < report->sets ||
		report->findings > report->notes;
}

static int compare(struct office *office, const struct arguments *arguments)
{
	struct differences differences;
	struct discrepancy_sink sink = { &differences, say };
	const struct load_wish wish = { .only_look = true, .discrepancies = &sink };
	struct load_report report = { .first_day = DAYS_NONE };
	int status = differences_begin(&differences, office, arguments);
	if (status != EXIT_CLEAN)
		return status;
	for (int i = 0; status == EXIT_CLEAN && i < arguments->file_count; i++)
		if (!load_file_as(office, &wish, arguments->files[i], NULL, &desk_findings, &report))
			status = differences.printed ? desk_failed(office, &command_load) : EXIT_FAILED;
	status = differences_end(&differences, &report, NULL, status);
	return status == EXIT_CLEAN && (differences.told > 0 || is_wrong(&report)) ? EXIT_FINDINGS : status;
}

static int stage(struct office *office, const struct arguments *arguments)
{
	struct differences differences;
	struct discrepancy_sink sink = { &differences, say };
	const struct load_wish wish = { .discrepancies = &sink };
	struct load_report report = { .first_day = DAYS_NONE };
	struct staged_row row;
	int status = differences_begin(&differences, office, arguments);
	if (status != EXIT_CLEAN)
		return status;
	if (!stage_file(office, &wish, arguments->files[0], &desk_findings, &row, &report))
		status = differences.printed ? desk_failed(office, &command_load) : EXIT_FAILED;
	status = differences_end(&differences, &report, &row, status);
	if (status == EXIT_CLEAN && differences.sheet.format == SHEET_TEXT)
		printf("nothing was applied: pccm load --commit %lld applies it, pccm load --discard %lld forgets it\n", (long long)row.id, (long long)row.id);
	return status == EXIT_CLEAN && is_wrong(&report) ? EXIT_FINDINGS : status;
}

static int not_found(uint64_t id)
{
	complain("no staged file %llu waits: pccm load --staged lists them", (unsigned long long)id);
	return EXIT_FINDINGS;
}

/* What it would have done when it was staged, and what it does now, where they differ. */
static void say_changed(const struct staged_row *row, const struct load_report *report)
{
	const struct { const char *what; uint64_t then, now; } counts[] = { { "applied", row->applied, report->applied }, { "new", row->added, report->added },
		{ "as before", row->unchanged, report->unchanged }, { "coverage ended", row->ended, report->ended }, { "missing", row->missing, report->missing } };
	bool same = true;
	fprintf(stderr, "pccm: the store has changed since the file was staged:");
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		if (counts[i].then == counts[i].now)
			continue;
		fprintf(stderr, "%s %s %llu then, %llu now", same ? "" : ";", counts[i].what, (unsigned long long)counts[i].then, (unsigned long long)counts[i].now);
		same = false;
	}
	fprintf(stderr, "%s\n", same ? " what the file does is the same" : "");
}

static int look(struct office *office, const struct arguments *arguments, int64_t id)
{
	struct differences differences;
	struct discrepancy_sink sink = { &differences, say };
	const struct load_wish wish = { .discrepancies = &sink };
	struct load_report report = { .first_day = DAYS_NONE };
	struct staged_row row;
	bool found = false, changed = false;
	int status = differences_begin(&differences, office, arguments);
	if (status != EXIT_CLEAN)
		return status;
	if (!stage_look(office, &wish, id, &desk_findings, &row, &found, &changed, &report))
		status = differences.printed ? desk_failed(office, &command_load) : EXIT_FAILED;
	else if (!found)
		status = not_found((uint64_t)id);
	status = differences_end(&differences, &report, &row, status);
	if (found && changed)
		say_changed(&row, &report);
	return status == EXIT_CLEAN && is_wrong(&report) ? EXIT_FINDINGS : status;
}

static int commit(struct office *office, const struct arguments *arguments, int64_t id)
{
	struct load_report report = { .first_day = DAYS_NONE };
	struct staged_row row;
	bool found, changed;
	office->acks_together = arguments->values[OPTION_TOGETHER] != NULL;
	if (!stage_commit(office, id, arguments->values[OPTION_OUT], &desk_findings, &row, &found, &changed, &report))
		return desk_failed(office, &command_load);
	if (!found)
		return not_found((uint64_t)id);
	if (changed)
		say_changed(&row, &report);
	if (arguments->values[OPTION_QUIET] == NULL)
		load_say(&report);
	return load_status(&report);
}

static bool list_row(void *data, const struct staged_row *row)
{
	static const char *const states[] = { "", "waits", "was being applied", "committed", "discarded" };
	struct sheet *sheet = data;
	sheet_cell_count(sheet, row->id);
	sheet_cell(sheet, row->file);
	sheet_cell_day(sheet, row->made);
	sheet_cell(sheet, slice_of(row->state > STAGED_DISCARDED ? "" : states[row->state]));
	sheet_cell_day(sheet, row->closed);
	sheet_cell_count(sheet, (int64_t)row->received);
	sheet_cell_count(sheet, (int64_t)row->applied);
	sheet_cell_count(sheet, (int64_t)row->ended);
	sheet_cell_count(sheet, (int64_t)row->missing);
	return true;
}

static int list(struct office *office, const struct arguments *arguments)
{
	static const struct sheet_column list_columns[] = { { "id", "id", CELL_COUNT, 4 }, { "file", "file", CELL_TEXT, 32 }, { "staged", "staged", CELL_TEXT, 10 },
		{ "state", "state", CELL_TEXT, 17 }, { "closed", "closed", CELL_TEXT, 10 }, { "members", "members", CELL_COUNT, 9 },
		{ "applied", "applied", CELL_COUNT, 9 }, { "ended", "ended", CELL_COUNT, 7 }, { "missing", "missing", CELL_COUNT, 7 } };
	static const char *const formats[] = { "text", "csv", "json", NULL };
	static const enum sheet_format forms[] = { SHEET_TEXT, SHEET_CSV, SHEET_JSON };
	struct buffer out;
	struct sheet sheet;
	unsigned format;
	if (!argument_format(&format, arguments, formats, &command_load))
		return EXIT_USAGE;
	buffer_init(&out, 0);
	sheet_begin(&sheet, &out, forms[format]);
	sheet_table(&sheet, "staged", "staged files", list_columns, COUNT_OF(list_columns));
	bool listed = store_staged_each(office->store, list_row, &sheet) || office_store_failed(office);
	sheet_table_end(&sheet);
	sheet_end(&sheet);
	int status = !listed ? desk_failed(office, &command_load) : print_buffer(&out) ? EXIT_CLEAN : EXIT_FAILED;
	buffer_done(&out);
	return status;
}

static int discard(struct office *office, int64_t id)
{
	struct staged_row row;
	bool found;
	if (!stage_discard(office, id, &row, &found))
		return desk_failed(office, &command_load);
	if (!found)
		return not_found((uint64_t)id);
	printf("staged file %lld is discarded: nothing of it was applied\n", (long long)id);
	return EXIT_CLEAN;
}

static const enum option verbs[] = { OPTION_COMPARE, OPTION_STAGE, OPTION_STAGED, OPTION_LOOK, OPTION_COMMIT, OPTION_DISCARD };

bool staging_wanted(enum option *verb, const struct arguments *arguments, int *status)
{
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		if (arguments->values[verbs[i]] == NULL)
			continue;
		*verb = verbs[i];
		count++;
	}
	bool reads = count == 0 || *verb == OPTION_COMPARE || *verb == OPTION_STAGE;
	*status = EXIT_CLEAN;
	if (count > 1)
		*status = usage_error(&command_load, "only one of --compare, --stage, --staged, --look, --commit, --discard can be done at a time");
	else if (reads && arguments->file_count == 0)
		*status = usage_error(&command_load, "expected an 834 file");
	else if (!reads && arguments->file_count > 0)
		*status = usage_error(&command_load, "%s: what was staged is named by its number, not by a file", arguments->files[0]);
	else if (count > 0 && *verb == OPTION_STAGE && arguments->file_count != 1)
		*status = usage_error(&command_load, "--stage takes one file at a time");
	return count > 0;
}

int staging_run(enum option verb, struct office *office, const struct arguments *arguments)
{
	uint64_t id = 0;
	bool numbered = verb == OPTION_LOOK || verb == OPTION_COMMIT || verb == OPTION_DISCARD;
	if (numbered && !argument_number(&id, arguments, verb, &command_load, 1, INT64_MAX))
		return EXIT_USAGE;
	if (verb == OPTION_COMPARE)
		return compare(office, arguments);
	if (verb == OPTION_STAGE)
		return stage(office, arguments);
	if (verb == OPTION_LOOK)
		return look(office, arguments, (int64_t)id);
	if (verb == OPTION_COMMIT)
		return commit(office, arguments, (int64_t)id);
	return verb == OPTION_DISCARD ? discard(office, (int64_t)id) : list(office, arguments);
}
