/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * transfer: the panel of a PCP or practice goes over to others.
 */
#include "cli/desk.h"

static bool print_piece(void *to, struct slice bytes)
{
	(void)to;
	return fwrite(bytes.ptr, 1, bytes.len, stdout) == bytes.len;
}

static int transfer(struct office *office, const struct transfer_wish *wish, unsigned format)
{
	struct transfer_report report = { 0 };
	struct lister lister;
	int status = EXIT_CLEAN;
	lister_init(&lister, (enum lister_format)format, print_piece, NULL);
	if (!transfer_panel(office, wish, &lister, &report))
		status = desk_failed(office, &command_transfer);
	lister_done(&lister);
	if (status != EXIT_CLEAN)
		return status;
	if (lister.format == LISTER_TEXT)
		printf("%llu member%s of %llu famil%s %s, %llu apart from the family; %llu stay%s\n", (unsigned long long)report.moved,
			report.moved == 1 ? "" : "s", (unsigned long long)report.families, report.families == 1 ? "y" : "ies",
			wish->apply ? "moved" : "would move", (unsigned long long)report.apart, (unsigned long long)report.stay,
			wish->apply ? "" : "; nothing was changed: --apply does it");
	return report.stay > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int run(const struct arguments *arguments)
{
	struct transfer_wish wish = { .from = arguments->values[OPTION_FROM], .to = arguments->values[OPTION_TO],
		.effective = DAYS_NONE, .apply = arguments->values[OPTION_APPLY] != NULL };
	struct office office;
	unsigned format;
	if (wish.from == NULL || wish.to == NULL || arguments->values[OPTION_EFFECTIVE] == NULL)
		return usage_error(&command_transfer, "--from, --to and --effective are needed");
	if (!argument_day(&wish.effective, arguments, OPTION_EFFECTIVE, &command_transfer) ||
		!argument_format(&format, arguments, lister_formats, &command_transfer))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_transfer, false);
	if (status != EXIT_CLEAN)
		return status;
	status = transfer(&office, &wish, format);
	desk_close(&office);
	return status;
}

const struct command command_transfer = {
	.name = "transfer",
	.summary = "the panel of a PCP or practice goes over to others: preview, then done",
	.usage = "pccm transfer [--store URL] [--program FILE] [--date DAY] [--format text|csv|json] [--show-values] [--apply] "
		 "--from NPI --to NPI[,NPI…] --effective DAY",
	.about = "Whoever the PCP has on that day, or had until leaving, goes over to the PCPs of --to; the NPI of a practice means all\n"
		 "PCPs that belong to it. Families stay together if one PCP takes them all; filters and limits of the program hold.\n"
		 "Without --apply it is only told who would move where; with it, each move is a request that explain knows.",
	.example = "pccm transfer --store sqlite:build/demo/pccm.db --date 2010-02-10 --from 1030700532 --to 1030701068 --effective 2010-03-01",
	.options = DESK_OPTIONS_SHOWING | UINT64_C(1) << OPTION_FORMAT | UINT64_C(1) << OPTION_FROM | UINT64_C(1) << OPTION_TO |
		UINT64_C(1) << OPTION_EFFECTIVE | UINT64_C(1) << OPTION_APPLY,
	.files_min = 0,
	.files_max = 0,
	.run = run,
};
