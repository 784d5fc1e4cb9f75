/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * receivables: what payees owe, and how old it is.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	static const char *const formats[] = { "text", "csv", "json", NULL };
	static const enum sheet_format forms[] = { SHEET_TEXT, SHEET_CSV, SHEET_JSON };
	struct office office;
	struct buffer out;
	days as_of = DAYS_NONE;
	unsigned format;
	const char *list = arguments->file_count == 0 ? "balances" : arguments->files[0];
	bool demands = strcmp(list, "demands") == 0;
	if (!demands && strcmp(list, "balances") != 0)
		return usage_error(&command_receivables, "%s: expected balances or demands", list);
	if (!argument_format(&format, arguments, formats, &command_receivables) ||
		!argument_day(&as_of, arguments, OPTION_AS_OF, &command_receivables))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_receivables, false);
	if (status != EXIT_CLEAN)
		return status;
	buffer_init(&out, 0);
	if (!receivables_show(&office, &out, demands, as_of, forms[format]))
		status = desk_failed(&office, &command_receivables);
	else if (!print_buffer(&out))
		status = EXIT_FAILED;
	buffer_done(&out);
	desk_close(&office);
	return status;
}

const struct command command_receivables = {
	.name = "receivables",
	.summary = "what payees owe: balances with their age, and who gets a letter",
	.usage = "pccm receivables [balances|demands] [--store URL] [--program FILE] [--date DAY] [--as-of DAY] [--format text|csv|json]",
	.about = "balances   what each payee owes, in days since the cycle that took it back: 0 to 30, 31 to 60, 61 to 90, more\n"
		 "demands    who gets a letter: closed payees, and debts older than the program's demand-days\n"
		 "What is paid off is the oldest first. A payee is closed while the attribute that the program names has a value.",
	.example = "pccm receivables --store sqlite:build/demo/pccm.db --date 2010-04-30",
	.options = DESK_OPTIONS | UINT64_C(1) << OPTION_FORMAT | UINT64_C(1) << OPTION_AS_OF,
	.operand = "balances or demands",
	.files_min = 0,
	.files_max = 1,
	.run = run,
};
