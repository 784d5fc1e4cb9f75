/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * notices: who must be told what in a month.
 */
#include "cli/desk.h"

static int write_notices(struct office *office, const struct arguments *arguments, months month, unsigned format)
{
	struct notice_report report = { 0 };
	struct lister lister;
	struct pile pile;
	int status = EXIT_CLEAN;
	pile_init(&pile);
	lister_init(&lister, format == 0 ? LISTER_CSV : LISTER_JSON, pile_take, &pile);
	if (!notices_month(office, month, &lister, &report)) {
		status = desk_failed(office, &command_notices);
	} else if (!pile_fine(&pile, "the notices", &office->failure) ||
		!file_write_pieces(arguments->values[OPTION_OUT], pile_pieces, &pile, &office->failure)) {
		status = desk_failed(office, &command_notices);
	} else {
		printf("%llu notices, %llu of them new, in %s\n", (unsigned long long)report.all, (unsigned long long)report.fresh,
			arguments->values[OPTION_OUT]);
	}
	lister_done(&lister);
	pile_done(&pile);
	return status;
}

static int run(const struct arguments *arguments)
{
	static const char *const formats[] = { "csv", "json", NULL };
	struct office office;
	months month = MONTHS_NONE;
	unsigned format;
	if (arguments->values[OPTION_MONTH] == NULL || arguments->values[OPTION_OUT] == NULL)
		return usage_error(&command_notices, "--month and --out are needed");
	if (!argument_month(&month, arguments, OPTION_MONTH, &command_notices) || !argument_format(&format, arguments, formats, &command_notices))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_notices, false);
	if (status != EXIT_CLEAN)
		return status;
	status = write_notices(&office, arguments, month, format);
	desk_close(&office);
	return status;
}

const struct command command_notices = {
	.name = "notices",
	.summary = "who must be told what: newly eligible, assigned, changed, PCP leaves",
	.usage = "pccm notices [--store URL] [--program FILE] [--date DAY] [--format csv|json] --month YYYY-MM --out FILE",
	.about = "Makes the notices of a month and writes them to FILE (mode 0600, it holds names and addresses), one line a member\n"
		 "and thing to tell (docs/formats.md). A notice is made once; the same month again gives the same lines and what is\n"
		 "new. Auto-assignment counts the days to choose from the notice.",
	.example = "pccm notices --store sqlite:try.db --date 2009-12-31 --month 2009-12 --out try-notices.csv",
	.options = DESK_OPTIONS | UINT64_C(1) << OPTION_MONTH | UINT64_C(1) << OPTION_OUT | UINT64_C(1) << OPTION_FORMAT,
	.files_min = 0,
	.files_max = 0,
	.run = run,
};
