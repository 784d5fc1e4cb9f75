/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * run: a whole month from its folder of files.
 */
#include "cli/desk.h"

static void say_places(const char *out)
{
	printf("\nWHERE IT LIES\n"
	       "  %s/acknowledgments   TA1 and 999 for what came in\n"
	       "  %s/answers           271 for each 270\n"
	       "  %s/remittances       835 and remittance advice per billing provider\n"
	       "  %s/rosters           ELG-0401 and ELG-0402 as PDF, CSV and text\n\n", out, out, out, out);
}

static int run(const struct arguments *arguments)
{
	struct office office;
	struct run_report report;
	struct buffer screen;
	months month = MONTHS_NONE;
	unsigned jobs; /* of the rosters */
	const char *in = arguments->values[OPTION_IN], *out = arguments->values[OPTION_OUT];
	memset(&report, 0, sizeof(report));
	if (in == NULL || out == NULL || arguments->values[OPTION_MONTH] == NULL)
		return usage_error(&command_run, "pccm run needs --in, --out and --month");
	if (!argument_month(&month, arguments, OPTION_MONTH, &command_run) || !argument_jobs(&jobs, arguments, &command_run))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_run, true);
	if (status != EXIT_CLEAN)
		return status;
	office.jobs = jobs;
	office.accepts_thresholds = arguments->values[OPTION_ACCEPT_THRESHOLDS] != NULL;
	office.acks_together = arguments->values[OPTION_TOGETHER] != NULL;
	buffer_init(&screen, 0);
	bool done = run_month(&office, in, out, month, &screen, &report);
	if (!print_buffer(&screen))
		status = EXIT_FAILED;
	if (!done)
		status = desk_failed(&office, &command_run);
	else if (arguments->values[OPTION_QUIET] == NULL)
		say_places(out);
	buffer_done(&screen);
	desk_close(&office);
	bool refused = report.load.interchanges_refused > 0 || report.load.others_refused > 0 || report.load.segments.aside > 0 || report.load.sets_accepted < report.load.sets || report.rows.refused > 0 ||
		report.answers.refused > 0 || report.files_refused > 0 || report.refused_before > 0;
	return status == EXIT_CLEAN && refused ? EXIT_FINDINGS : status;
}

const struct command command_run = {
	.name = "run",
	.summary = "a whole month of files: providers, load, assign, answer, roster and remit, in order",
	.usage = "pccm run [--store URL] [--program FILE] [--date DAY] [--partner FILE] [--codes DIR] [--together] [--accept-thresholds] [--show-values] [--quiet] --in DIR --out DIR --month YYYY-MM",
	.about = "Reads the files of a folder in the order of their names: providers (CSV), enrolment (834, with assignment after\n"
		 "each file), inquiries (270). Freezes the month's roster on its first working day, pays the month and prints the\n"
		 "rosters. A file counts as received on its own day, so the same folder gives the same bytes whenever it is run.\n"
		 "A run that was stopped is run again with the same words: files that were done are not done twice.\n"
		 "The exit status is 1 when something that came in was refused: the screen says what and why.",
	.example = "pccm run --store sqlite:try.db --in samples/2010-01 --out try/2010-01 --month 2010-01",
	.options = DESK_OPTIONS_SHOWING | DESK_OPTIONS_READING | UINT64_C(1) << OPTION_IN | UINT64_C(1) << OPTION_OUT | UINT64_C(1) << OPTION_MONTH | UINT64_C(1) << OPTION_TOGETHER | UINT64_C(1) << OPTION_ACCEPT_THRESHOLDS | UINT64_C(1) << OPTION_QUIET,
	.files_min = 0,
	.files_max = 0,
	.run = run,
};
