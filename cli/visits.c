/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * visits: the claims history of members, from CSV files.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	struct office office;
	struct row_report report = { 0 };
	int status = desk_open(&office, arguments, &command_visits, false);
	if (status != EXIT_CLEAN)
		return status;
	for (int i = 0; status == EXIT_CLEAN && i < arguments->file_count; i++)
		if (!visits_file(&office, arguments->files[i], &desk_rows, &report))
			status = desk_failed(&office, &command_visits);
	printf("%llu row%s: %llu new, %llu as before, %llu refused\n", (unsigned long long)report.rows, report.rows == 1 ? "" : "s",
		(unsigned long long)report.changed, (unsigned long long)report.unchanged, (unsigned long long)report.refused);
	desk_close(&office);
	return status == EXIT_CLEAN && report.refused > 0 ? EXIT_FINDINGS : status;
}

const struct command command_visits = {
	.name = "visits",
	.summary = "the claims history of members from CSV files into the store",
	.usage = "pccm visits [--store URL] [--program FILE] [--date DAY] FILE…",
	.about = "Reads CSV files of visits: member, provider, day (docs/formats.md). Auto-assignment looks at them for the PCP whom a\n"
		 "member sees already. A visit that is there changes nothing. A row that is wrong is refused with its line.",
	.example = "pccm visits --store sqlite:try.db --date 2010-01-05 samples/assignment/visits.csv",
	.options = DESK_OPTIONS,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
