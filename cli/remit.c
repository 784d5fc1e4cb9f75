/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * remit: pay a month.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	struct office office;
	struct remit_report report = { .documents = 0 };
	months month = MONTHS_NONE;
	days cycle = DAYS_NONE;
	if (arguments->values[OPTION_MONTH] == NULL || arguments->values[OPTION_OUT] == NULL)
		return usage_error(&command_remit, "pccm remit needs --month and --out");
	if (!argument_month(&month, arguments, OPTION_MONTH, &command_remit) || !argument_day(&cycle, arguments, OPTION_CYCLE, &command_remit))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_remit, false);
	if (status != EXIT_CLEAN)
		return status;
	office.accepts_thresholds = arguments->values[OPTION_ACCEPT_THRESHOLDS] != NULL;
	if (!remit_month(&office, month, cycle, arguments->values[OPTION_OUT], &report)) {
		status = desk_failed(&office, &command_remit);
	} else {
		status = desk_say_remittance(&report, arguments->values[OPTION_OUT]);
	}
	desk_close(&office);
	return status;
}

const struct command command_remit = {
	.name = "remit",
	.summary = "pay a month: one 835 and one remittance advice per billing provider",
	.usage = "pccm remit [--store URL] [--program FILE] [--date DAY] --month YYYY-MM [--cycle DAY] [--accept-thresholds] --out DIR",
	.about = "Freezes the month's roster if that was not done, posts its fees and every difference to earlier months, and writes\n"
		 "the 835s and remittance advices. The same cycle again posts nothing and writes the same bytes. Another --cycle day\n"
		 "for a month that was paid makes a cycle of corrections only. pccm cycle does it step by step.",
	.example = "pccm remit --store sqlite:try.db --date 2010-01-31 --month 2010-01 --out remittances",
	.options = DESK_OPTIONS | UINT64_C(1) << OPTION_MONTH | UINT64_C(1) << OPTION_CYCLE | UINT64_C(1) << OPTION_OUT |
		UINT64_C(1) << OPTION_ACCEPT_THRESHOLDS,
	.files_min = 0,
	.files_max = 0,
	.run = run,
};
