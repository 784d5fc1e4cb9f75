/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * bank: the file that moves the money of a released cycle.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	static const char *const formats[] = { "text", "csv", "json", NULL };
	static const enum sheet_format forms[] = { SHEET_TEXT, SHEET_CSV, SHEET_JSON };
	struct office office;
	struct buffer out;
	months month = MONTHS_NONE;
	days cycle = DAYS_NONE;
	unsigned format;
	if (arguments->values[OPTION_MONTH] == NULL && arguments->values[OPTION_CYCLE] == NULL)
		return usage_error(&command_bank, "pccm bank needs --month or --cycle");
	if (!argument_format(&format, arguments, formats, &command_bank) || !argument_month(&month, arguments, OPTION_MONTH, &command_bank) ||
		!argument_day(&cycle, arguments, OPTION_CYCLE, &command_bank))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_bank, false);
	if (status != EXIT_CLEAN)
		return status;
	buffer_init(&out, 0);
	if (!bank_cycle(&office, &out, month, cycle, arguments->values[OPTION_OUT], forms[format]))
		status = desk_failed(&office, &command_bank);
	else if (!print_buffer(&out))
		status = EXIT_FAILED;
	buffer_done(&out);
	desk_close(&office);
	return status;
}

const struct command command_bank = {
	.name = "bank",
	.summary = "the NACHA file that moves the money of a released cycle, and what is paid apart",
	.usage = "pccm bank [--store URL] [--program FILE] [--date DAY] [--month YYYY-MM] [--cycle DAY] [--format text|csv|json] [--out DIR]",
	.about = "Writes the cycle's CCD+ credits, each with the TRN segment of its 835 in the addenda, and tells each payment: in the\n"
		 "file, by check, or apart and why. The file is made once, when the cycle is released: the same bytes ever after.",
	.example = "pccm bank --store sqlite:build/demo/pccm.db --month 2010-01 --out bank",
	.options = DESK_OPTIONS | UINT64_C(1) << OPTION_MONTH | UINT64_C(1) << OPTION_CYCLE | UINT64_C(1) << OPTION_FORMAT |
		UINT64_C(1) << OPTION_OUT,
	.files_min = 0,
	.files_max = 0,
	.run = run,
};
