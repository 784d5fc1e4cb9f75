/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * visits: the claims history of members, from CSV files.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	return desk_read_rows(arguments, &command_visits, false, visits_file, "new");
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
