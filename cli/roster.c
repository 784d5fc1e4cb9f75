/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * roster: the monthly member rosters.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	static const char *const formats[] = { "pdf", "csv", "text", "834", NULL };
	struct office office;
	months month = MONTHS_NONE;
	const char *format = arguments->values[OPTION_FORMAT];
	uint64_t documents = 0;
	unsigned known, jobs;
	if (arguments->values[OPTION_MONTH] == NULL || arguments->values[OPTION_OUT] == NULL)
		return usage_error(&command_roster, "pccm roster needs --month and --out");
	if (!argument_format(&known, arguments, formats, &command_roster) ||
	    !argument_month(&month, arguments, OPTION_MONTH, &command_roster) ||
	    !argument_jobs(&jobs, arguments, &command_roster))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_roster, false);
	if (status != EXIT_CLEAN)
		return status;
	office.jobs = jobs;
	if (!roster_month(&office, month, format, arguments->values[OPTION_OUT], &documents))
		status = desk_failed(&office, &command_roster);
	else
		printf("%llu documents in %s\n", (unsigned long long)documents, arguments->values[OPTION_OUT]);
	desk_close(&office);
	return status;
}

const struct command command_roster = {
	.name = "roster",
	.summary = "the member rosters ELG-0401 and ELG-0402 of a month",
	.usage = "pccm roster [--store URL] [--program FILE] [--date DAY] --month YYYY-MM [--format pdf|csv|text|834] [--jobs N] --out DIR",
	.about = "Writes the rosters of every billing provider, as PDF, CSV and text unless one form is\n"
		 "named; 834 is the same for the practice's systems: all patients (BGN08 RX), and what changed (2). The first time, the month is\n"
		 "frozen: later changes appear as corrections in a remittance, not in the roster.",
	.example = "pccm roster --store sqlite:try.db --date 2010-01-04 --month 2010-01 --out rosters",
	.options = DESK_OPTIONS | UINT64_C(1) << OPTION_MONTH | UINT64_C(1) << OPTION_FORMAT | UINT64_C(1) << OPTION_OUT | UINT64_C(1) << OPTION_JOBS,
	.files_min = 0,
	.files_max = 0,
	.run = run,
};
