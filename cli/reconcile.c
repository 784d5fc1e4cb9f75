/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * reconcile: is what is due what was posted, what was sent and what was moved?
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	static const char *const formats[] = { "text", "csv", "json", NULL };
	static const enum sheet_format forms[] = { SHEET_TEXT, SHEET_CSV, SHEET_JSON };
	struct office office;
	struct buffer out;
	bool agrees = false;
	unsigned format;
	if (!argument_format(&format, arguments, formats, &command_reconcile))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_reconcile, false);
	if (status != EXIT_CLEAN)
		return status;
	buffer_init(&out, 0);
	status = desk_as_of(&office, arguments, &command_reconcile);
	if (status == EXIT_CLEAN && !reconcile(&office, &out, forms[format], &agrees))
		status = desk_failed(&office, &command_reconcile);
	else if (status == EXIT_CLEAN)
		status = !print_buffer(&out) ? EXIT_FAILED : agrees ? EXIT_CLEAN : EXIT_FINDINGS;
	buffer_done(&out);
	desk_close(&office);
	return status;
}

const struct command command_reconcile = {
	.name = "reconcile",
	.summary = "is what is due what was posted, what the 835s say and what the bank moved?",
	.usage = "pccm reconcile [--store URL] [--program FILE] [--date DAY] [--as-of DAY] [--format text|csv|json]",
	.about = "Per payee, stream, fund and month: rate times member-months, the ledger's postings and the PLB pairs of the 835s, read\n"
		 "again from their bytes. Per payment: BPR02, its pairs and the entry of the bank's file. To the cent, or the list of\n"
		 "what is not; CSV lists every payee, stream, fund and month. The exit status is 1 when something does not agree: what\n"
		 "became known since the last cycle does not, until the next one.",
	.example = "pccm reconcile --store sqlite:build/demo/pccm.db",
	.options = DESK_OPTIONS | UINT64_C(1) << OPTION_FORMAT | UINT64_C(1) << OPTION_AS_OF,
	.files_min = 0,
	.files_max = 0,
	.run = run,
};
