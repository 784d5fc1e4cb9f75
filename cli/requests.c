/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * requests: requests for a PCP, from CSV files.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	struct office office;
	struct row_report report = { 0 };
	int status = desk_open(&office, arguments, &command_requests, false);
	if (status != EXIT_CLEAN)
		return status;
	for (int i = 0; status == EXIT_CLEAN && i < arguments->file_count; i++)
		if (!requests_file(&office, arguments->files[i], &desk_rows, &report))
			status = desk_failed(&office, &command_requests);
	printf("%llu row%s: %llu new, %llu as before, %llu refused\n", (unsigned long long)report.rows, report.rows == 1 ? "" : "s",
		(unsigned long long)report.changed, (unsigned long long)report.unchanged, (unsigned long long)report.refused);
	desk_close(&office);
	return status == EXIT_CLEAN && report.refused > 0 ? EXIT_FINDINGS : status;
}

const struct command command_requests = {
	.name = "requests",
	.summary = "requests for a PCP from CSV files into the store",
	.usage = "pccm requests [--store URL] [--program FILE] [--date DAY] FILE…",
	.about = "Reads CSV files of requests that came by telephone, form or another system (docs/formats.md). They wait beside those\n"
		 "of an 834 until pccm assign judges them. The same row again changes nothing. A row that is wrong is refused with\n"
		 "its line.",
	.example = "pccm requests --store sqlite:try.db --date 2010-01-05 samples/assignment/requests.csv",
	.options = DESK_OPTIONS,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
