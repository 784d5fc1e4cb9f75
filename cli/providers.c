/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * providers: billing providers and PCPs from CSV files.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	struct office office;
	struct row_report report = { 0 };
	int status = desk_open(&office, arguments, &command_providers, true);
	if (status != EXIT_CLEAN)
		return status;
	for (int i = 0; status == EXIT_CLEAN && i < arguments->file_count; i++)
		if (!providers_file(&office, arguments->files[i], &desk_rows, &report))
			status = desk_failed(&office, &command_providers);
	printf("%llu row%s: %llu new or changed, %llu as before, %llu refused\n", (unsigned long long)report.rows, report.rows == 1 ? "" : "s",
		(unsigned long long)report.changed, (unsigned long long)report.unchanged, (unsigned long long)report.refused);
	desk_close(&office);
	return status == EXIT_CLEAN && report.refused > 0 ? EXIT_FINDINGS : status;
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
