/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * worklist: what somebody has to look at.
 */
#include "cli/desk.h"

static bool print_piece(void *to, struct slice bytes)
{
	(void)to;
	return fwrite(bytes.ptr, 1, bytes.len, stdout) == bytes.len;
}

static int run(const struct arguments *arguments)
{
	struct office office;
	struct lister lister;
	unsigned format;
	if (!argument_format(&format, arguments, lister_formats, &command_worklist))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_worklist, false);
	if (status != EXIT_CLEAN)
		return status;
	lister_init(&lister, (enum lister_format)format, print_piece, NULL);
	if (!worklist_put(&office, arguments->files[0], &lister))
		status = desk_failed(&office, &command_worklist);
	else if (lister.format == LISTER_TEXT)
		printf("%llu row%s\n", (unsigned long long)lister.rows, lister.rows == 1 ? "" : "s");
	lister_done(&lister);
	desk_close(&office);
	return status;
}

const struct command command_worklist = {
	.name = "worklist",
	.summary = "what somebody has to look at: pending, unassigned, orphaned, leaving, over-capacity, screening",
	.usage = "pccm worklist [--store URL] [--program FILE] [--date DAY] [--format text|csv|json] [--show-values] KIND",
	.about = "KIND is pending (requests that wait, and for what), unassigned (members who could have a PCP and have none), orphaned\n"
		 "(members whose PCP left and who have no other), leaving (PCPs who leave, and how many members they have),\n"
		 "over-capacity (PCPs whose panel is full or more than that) or screening (members for whom something is due, this month or\n"
		 "before, that an add-on of the program asks for). Nothing is kept: it is what is so on the day.",
	.example = "pccm worklist --store sqlite:build/demo/pccm.db --date 2010-02-01 pending",
	.options = DESK_OPTIONS_SHOWING | UINT64_C(1) << OPTION_FORMAT,
	.operand = "a kind of list",
	.files_min = 1,
	.files_max = 1,
	.run = run,
};
