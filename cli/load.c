/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * load: 834 files into the store.
 */
#include "cli/desk.h"
#include "cli/staging.h"

void load_say(const struct load_report *report)
{
	printf("%llu member%s received = %llu applied (%llu new) + %llu as before + %llu set aside + %llu refused; %llu PCP request%s\n",
		(unsigned long long)report->members, report->members == 1 ? "" : "s", (unsigned long long)report->applied, (unsigned long long)report->added,
		(unsigned long long)report->unchanged, (unsigned long long)report->aside, (unsigned long long)report->refused,
		(unsigned long long)report->requests, report->requests == 1 ? "" : "s");
	const struct reckoning *segments = &report->segments;
	printf("%llu segment%s received = %llu accepted + %llu set aside + %llu refused\n", (unsigned long long)segments->received,
		segments->received == 1 ? "" : "s", (unsigned long long)segments->accepted, (unsigned long long)segments->aside,
		(unsigned long long)segments->refused);
	printf("%llu of %llu transaction sets accepted, %llu of %llu interchanges refused (%llu received before), %llu finding%s\n",
		(unsigned long long)report->sets_accepted, (unsigned long long)report->sets, (unsigned long long)report->interchanges_refused,
		(unsigned long long)report->interchanges, (unsigned long long)report->duplicates, (unsigned long long)report->findings,
		report->findings == 1 ? "" : "s");
}

int load_status(const struct load_report *report)
{
	bool wrong = report->interchanges_refused > 0 || report->others_refused > 0 || report->segments.aside > 0 ||
		report->sets_accepted < report->sets;
	return wrong ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int apply(struct office *office, const struct arguments *arguments)
{
	struct load_report report = { .first_day = DAYS_NONE };
	int status = EXIT_CLEAN;
	office->acks_together = arguments->values[OPTION_TOGETHER] != NULL;
	for (int i = 0; status == EXIT_CLEAN && i < arguments->file_count; i++)
		if (!load_file(office, arguments->files[i], arguments->values[OPTION_OUT], &desk_findings, &report))
			status = desk_failed(office, &command_load);
	if (arguments->values[OPTION_QUIET] == NULL && status == EXIT_CLEAN)
		load_say(&report);
	return status == EXIT_CLEAN ? load_status(&report) : status;
}

static int run(const struct arguments *arguments)
{
	struct office office;
	enum option verb = OPTION_HELP;
	int status;
	bool staging = staging_wanted(&verb, arguments, &status);
	if (status == EXIT_CLEAN)
		status = desk_open(&office, arguments, &command_load, !staging || verb == OPTION_STAGE);
	if (status != EXIT_CLEAN)
		return status;
	office.now_is_given = true; /* what is loaded now is received now */
	status = staging ? staging_run(verb, &office, arguments) : apply(&office, arguments);
	desk_close(&office);
	return status;
}

const struct command command_load = {
	.name = "load",
	.summary = "834 enrolment files into the store, acknowledgments out",
	.usage = "pccm load [--store URL] [--program FILE] [--date DAY] [--partner FILE] [--codes DIR] [--out DIR] [--together] [--show-values] [--quiet] FILE…\n"
		 "       pccm load --compare|--stage [--format text|csv|json] … FILE\n"
		 "       pccm load --staged | --look ID | --commit ID | --discard ID [--format text|csv|json] …",
	.about = "Applies 834 files: each transaction set as a whole or not at all, each interchange once. Acknowledgments (TA1 and\n"
		 "999) are kept in the store and written to DIR. The same file again changes nothing (TA1 025) and fetches the\n"
		 "first acknowledgments again. Run pccm assign afterwards to decide the PCP requests that came in.\n"
		 "A file that would end more members than the program's safeguards allow is not applied: stage it, look, commit it.",
	.example = "pccm load --store sqlite:try.db --date 2009-12-22 --out acks samples/2010-01/2009-12-22-834-full.x12",
	.options = DESK_OPTIONS_SHOWING | DESK_OPTIONS_READING | UINT64_C(1) << OPTION_OUT | UINT64_C(1) << OPTION_TOGETHER | UINT64_C(1) << OPTION_QUIET |
		UINT64_C(1) << OPTION_FORMAT | UINT64_C(1) << OPTION_COMPARE | UINT64_C(1) << OPTION_STAGE | UINT64_C(1) << OPTION_STAGED |
		UINT64_C(1) << OPTION_LOOK | UINT64_C(1) << OPTION_COMMIT | UINT64_C(1) << OPTION_DISCARD,
	.files_min = 0,
	.files_max = -1,
	.run = run,
};
