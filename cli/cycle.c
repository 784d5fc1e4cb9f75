/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * cycle: a month's money step by step: prepared, looked at, released or discarded.
 */
#include "cli/desk.h"

static int say_draft(const struct arguments *arguments, const struct cycle_report *report, const char *done, const char *before)
{
	struct buffer text;
	const struct draft_row *draft = &report->draft;
	(void)arguments;
	buffer_init(&text, 0);
	buffer_format(&text, "cycle of %s, month %s: %s", days_iso(draft->day).text, month_iso(draft->month).text, report->repeated ? before : done);
	if (draft->state != DRAFT_RELEASED) {
		buffer_format(&text, ": %llu postings, ", (unsigned long long)draft->postings);
		cents_put_people(&text, draft->amount);
	}
	if (draft->state == DRAFT_PREPARED && report->exceeded > 0)
		buffer_format(&text, "; %u thresholds exceeded: it can only be released with --accept-thresholds", report->exceeded);
	buffer_format(&text, "%s\n", report->replaced ? " (in place of one that had become stale)" : "");
	int status = print_buffer(&text) ? EXIT_CLEAN : EXIT_FAILED;
	buffer_done(&text);
	return status;
}

static int prepare(struct office *office, const struct arguments *arguments, months month, days cycle)
{
	struct cycle_report report = { .repeated = false };
	if (!cycle_prepare(office, month, cycle, &report))
		return desk_failed(office, &command_cycle);
	return say_draft(arguments, &report, "prepared", report.draft.state == DRAFT_RELEASED ? "was released before" : "was prepared before");
}

static int discard(struct office *office, const struct arguments *arguments, months month, days cycle)
{
	struct cycle_report report = { .repeated = false };
	if (!cycle_discard(office, month, cycle, &report))
		return desk_failed(office, &command_cycle);
	return say_draft(arguments, &report, "discarded", "was discarded before");
}

static int release(struct office *office, const struct arguments *arguments, months month, days cycle)
{
	struct remit_report report = { .documents = 0 };
	office->accepts_thresholds = arguments->values[OPTION_ACCEPT_THRESHOLDS] != NULL;
	if (!cycle_release(office, month, cycle, arguments->values[OPTION_OUT], &report))
		return desk_failed(office, &command_cycle);
	return desk_say_remittance(&report, arguments->values[OPTION_OUT]);
}

static int print_sheet(struct office *office, const struct arguments *arguments, bool list, months month, days cycle)
{
	static const char *const list_formats[] = { "text", "csv", "json", NULL }, *const show_formats[] = { "text", "json", NULL };
	static const enum sheet_format forms[] = { SHEET_TEXT, SHEET_CSV, SHEET_JSON }, show_forms[] = { SHEET_TEXT, SHEET_JSON };
	struct buffer out;
	unsigned format;
	if (!argument_format(&format, arguments, list ? list_formats : show_formats, &command_cycle))
		return EXIT_USAGE;
	buffer_init(&out, 0);
	bool done = list ? cycle_list(office, &out, forms[format]) : cycle_show(office, &out, month, cycle, show_forms[format]);
	int status = !done ? desk_failed(office, &command_cycle) : print_buffer(&out) ? EXIT_CLEAN : EXIT_FAILED;
	buffer_done(&out);
	return status;
}

enum verb { VERB_PREPARE, VERB_SHOW, VERB_RELEASE, VERB_DISCARD, VERB_LIST, VERBS };
static const char *const verbs[VERBS] = { "prepare", "show", "release", "discard", "list" };

static int run_verb(struct office *office, const struct arguments *arguments, enum verb verb, months month, days cycle)
{
	switch (verb) {
	case VERB_PREPARE:
		return prepare(office, arguments, month, cycle);
	case VERB_RELEASE:
		return release(office, arguments, month, cycle);
	case VERB_DISCARD:
		return discard(office, arguments, month, cycle);
	case VERB_SHOW:
	case VERB_LIST:
	case VERBS:
		break;
	}
	return print_sheet(office, arguments, verb == VERB_LIST, month, cycle);
}

static int run(const struct arguments *arguments)
{
	struct office office;
	months month = MONTHS_NONE;
	days cycle = DAYS_NONE;
	int verb = 0;
	while (verb < VERBS && strcmp(arguments->files[0], verbs[verb]) != 0)
		verb++;
	if (verb == VERBS)
		return usage_error(&command_cycle, "%s: expected prepare, show, release, discard or list", arguments->files[0]);
	if (verb != VERB_LIST && arguments->values[OPTION_MONTH] == NULL)
		return usage_error(&command_cycle, "pccm cycle %s needs --month", verbs[verb]);
	if (verb == VERB_RELEASE && arguments->values[OPTION_OUT] == NULL)
		return usage_error(&command_cycle, "pccm cycle release needs --out, the folder for 835s and advices");
	if (!argument_month(&month, arguments, OPTION_MONTH, &command_cycle) || !argument_day(&cycle, arguments, OPTION_CYCLE, &command_cycle))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_cycle, false);
	if (status != EXIT_CLEAN)
		return status;
	status = run_verb(&office, arguments, (enum verb)verb, month, cycle);
	desk_close(&office);
	return status;
}

const struct command command_cycle = {
	.name = "cycle",
	.summary = "a month's money step by step: prepare, show, release or discard, list",
	.usage = "pccm cycle prepare|show|release|discard|list [--store URL] [--program FILE] [--date DAY] [--month YYYY-MM] [--cycle DAY]\n"
		 "       [--format text|csv|json] [--accept-thresholds] [--out DIR]",
	.about = "prepare   computes the month's next cycle as a draft that the ledger does not hold\n"
		 "show      what a draft or a released cycle comes to: payees, funds, reasons, thresholds, differences to the month before\n"
		 "release   makes the draft the ledger's: postings, payments, 835s and advices, in one transaction and for good\n"
		 "discard   forgets the draft; that there was one stays on record\n"
		 "list      all cycles and what became of them\n"
		 "What is recorded after prepare makes a draft stale: prepare it again. pccm remit prepares and releases in one go.",
	.example = "pccm cycle show --store sqlite:build/demo/pccm.db --month 2010-01",
	.options = DESK_OPTIONS | UINT64_C(1) << OPTION_MONTH | UINT64_C(1) << OPTION_CYCLE | UINT64_C(1) << OPTION_FORMAT |
		UINT64_C(1) << OPTION_OUT | UINT64_C(1) << OPTION_ACCEPT_THRESHOLDS,
	.operand = "prepare, show, release, discard or list",
	.files_min = 1,
	.files_max = 1,
	.run = run,
};
