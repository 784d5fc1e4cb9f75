/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * providers: billing providers and PCPs from CSV files.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	return desk_read_rows(arguments, &command_providers, true, providers_file, "new or changed");
}

const struct command command_providers = {
	.name = "providers",
	.summary = "billing providers and PCPs from CSV files into the store",
	.usage = "pccm providers [--store URL] [--program FILE] [--date DAY] FILE…",
	.about = "Reads CSV files; the header row tells whether a file holds billing providers or PCPs (docs/formats.md).\n"
		 "Load billing providers before the PCPs that belong to them. A row that is wrong is refused with its line.",
	.example = "pccm providers --store sqlite:try.db --date 2009-12-21 samples/2010-01/2009-12-21-billing.csv samples/2010-01/2009-12-21-pcps.csv",
	.options = DESK_OPTIONS,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
