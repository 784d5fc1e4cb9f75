/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * member: two ids that are one person are merged, or a merge is taken back.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	struct office office;
	bool merges = strcmp(arguments->files[0], "merge") == 0;
	if (!merges && strcmp(arguments->files[0], "unmerge") != 0)
		return usage_error(&command_member, "%s: expected merge or unmerge", arguments->files[0]);
	if (arguments->file_count != (merges ? 3 : 2))
		return usage_error(&command_member, merges ? "merge takes two ids: the one that stays, then the one that goes" : "unmerge takes one id: the one that went");
	int status = desk_open(&office, arguments, &command_member, false);
	if (status != EXIT_CLEAN)
		return status;
	struct slice first = slice_of(arguments->files[1]);
	bool done = merges ? member_merge(&office, first, slice_of(arguments->files[2])) : member_unmerge(&office, first);
	if (!done)
		status = desk_failed(&office, &command_member);
	else if (merges)
		printf("%s is an id of %s now: coverage, PCPs and the waiting request went over\n", arguments->files[2], arguments->files[1]);
	else
		printf("%s is a member of its own again: no file merges the two any more\n", arguments->files[1]);
	desk_close(&office);
	return status;
}

const struct command command_member = {
	.name = "member",
	.summary = "two member ids that are one person are merged, or a merge is taken back",
	.usage = "pccm member merge STAYS GOES [--store URL] [--program FILE] [--date DAY]\n"
		 "       pccm member unmerge ID [--store URL] [--program FILE] [--date DAY]",
	.about = "merge     the id GOES becomes another id of STAYS, who takes over its coverage, PCPs and waiting request where it has none of\n"
		 "          its own. The next remittance pays months once that both were paid for.\n"
		 "unmerge   ID is a member of its own again, with what it had; the other gives back what it took over and still has. What files\n"
		 "          said since stays with the other. A file that names the one as a prior id of the other does not merge them again.",
	.example = "pccm member merge --store sqlite:try.db --date 2010-01-20 001237049 001237056",
	.options = DESK_OPTIONS,
	.operand = "merge and two ids, or unmerge and one",
	.files_min = 2,
	.files_max = 3,
	.run = run,
};
