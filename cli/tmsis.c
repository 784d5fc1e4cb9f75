/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * tmsis: the capitation payments of a cycle for the state's federal reporting.
 */
#include "cli/desk.h"

static bool print_piece(void *to, struct slice bytes)
{
	(void)to;
	return fwrite(bytes.ptr, 1, bytes.len, stdout) == bytes.len;
}

static int write_rows(struct office *office, struct pile *pile, const char *out, uint64_t rows)
{
	if (out == NULL || strcmp(out, "-") == 0)
		return pile_pieces(pile, print_piece, NULL) ? EXIT_CLEAN : EXIT_FAILED; /* main tells of standard output */
	if (!file_write_pieces(out, pile_pieces, pile, &office->failure))
		return desk_failed(office, &command_tmsis);
	printf("%llu rows in %s\n", (unsigned long long)rows, out);
	return EXIT_CLEAN;
}

static int run(const struct arguments *arguments)
{
	struct office office;
	struct pile pile;
	months month = MONTHS_NONE;
	days cycle = DAYS_NONE;
	uint64_t rows;
	if (arguments->values[OPTION_MONTH] == NULL && arguments->values[OPTION_CYCLE] == NULL)
		return usage_error(&command_tmsis, "pccm tmsis needs --month or --cycle");
	if (!argument_month(&month, arguments, OPTION_MONTH, &command_tmsis) || !argument_day(&cycle, arguments, OPTION_CYCLE, &command_tmsis))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_tmsis, false);
	if (status != EXIT_CLEAN)
		return status;
	pile_init(&pile);
	if (!tmsis_cycle(&office, &pile, month, cycle, &rows))
		status = desk_failed(&office, &command_tmsis);
	else
		status = write_rows(&office, &pile, arguments->values[OPTION_OUT], rows);
	pile_done(&pile);
	desk_close(&office);
	return status;
}

const struct command command_tmsis = {
	.name = "tmsis",
	.summary = "the capitation payments of a cycle as CSV in the shape of T-MSIS",
	.usage = "pccm tmsis [--store URL] [--program FILE] [--date DAY] [--month YYYY-MM] [--cycle DAY] [--out FILE]",
	.about = "One row a posting, with the columns of the T-MSIS segment for individual capitation payments (FTX00002): what is\n"
		 "taken back or added later names the control number of the first payment. It holds Medicaid ids.",
	.example = "pccm tmsis --store sqlite:build/demo/pccm.db --month 2010-01 --out ftx.csv",
	.options = DESK_OPTIONS | UINT64_C(1) << OPTION_MONTH | UINT64_C(1) << OPTION_CYCLE | UINT64_C(1) << OPTION_OUT,
	.files_min = 0,
	.files_max = 0,
	.run = run,
};
