/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * requests: requests for a PCP, from CSV files.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	return desk_read_rows(arguments, &command_requests, false, requests_file, "new");
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
