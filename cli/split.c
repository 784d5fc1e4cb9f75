/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * split: one file into several, each a whole interchange.
 */
#include "cli/cli.h"

static bool read_by(struct split_wish *wish, const char *by)
{
	wish->by = SPLIT_UNITS;
	if (strcmp(by, "group") == 0)
		wish->by = SPLIT_GROUP;
	else if (strcmp(by, "set") == 0)
		wish->by = SPLIT_SET;
	else
		return slice_number(&wish->every, slice_of(by)) && wish->every > 0;
	return true;
}

static int split_one(const char *path, struct split_wish *wish, bool quiet)
{
	struct failure failure = { "" };
	struct split_report report;
	if (!split_file(path, wish, &report, &failure)) {
		complain("%s; no part of %s was written", failure.text, source_name(path));
		return EXIT_FAILED;
	}
	if (report.refusal.text[0] != '\0') {
		complain("%s: %s; nothing was written", source_name(path), report.refusal.text);
		return EXIT_FINDINGS;
	}
	if (wish->control > 0)
		wish->control = report.next_control;
	if (report.replaces && report.parts > 1)
		complain("%s: BGN08 says that the set is the whole enrolment, and so does each part now: a receiver that ends who is "
			 "missing would end the members of the other parts", source_name(path));
	if (quiet)
		return EXIT_CLEAN;
	printf("%s: %llu part%s", source_name(path), (unsigned long long)report.parts, report.parts == 1 ? "" : "s");
	if (wish->by == SPLIT_UNITS)
		printf(" of %llu member%s or subscriber%s", (unsigned long long)report.units, report.units == 1 ? "" : "s", report.units == 1 ? "" : "s");
	putchar('\n');
	return EXIT_CLEAN;
}

static int run(const struct arguments *arguments)
{
	const char *by = arguments->values[OPTION_BY];
	struct split_wish wish = { .out = arguments->values[OPTION_OUT], .form = arguments->values[OPTION_NAME] };
	int status = EXIT_CLEAN;
	if (by == NULL || wish.out == NULL)
		return usage_error(&command_split, "pccm split needs --by and --out");
	if (!read_by(&wish, by))
		return usage_error(&command_split, "--by %s: expected group, set or a number", by);
	if (wish.form == NULL)
		wish.form = "{name}-{part}{ext}";
	if (!split_form_fits(wish.form))
		return usage_error(&command_split, "--name %s: expected a name with {part}, and {name} and {ext} if wanted, no / and no dot first", wish.form);
	if (!argument_number(&wish.control, arguments, OPTION_CONTROL, &command_split, 1, 999999999))
		return EXIT_USAGE;
	for (int i = 0; i < arguments->file_count; i++) {
		int one = split_one(arguments->files[i], &wish, arguments->values[OPTION_QUIET] != NULL);
		status = one > status ? one : status;
	}
	return status;
}

const struct command command_split = {
	.name = "split",
	.summary = "one X12 file into several: by group, by set, or every N members",
	.usage = "pccm split --by group|set|N --out DIR [--name FORM] [--control N] [--quiet] FILE…",
	.about = "Writes each part as a whole interchange into DIR: all parts or none, and nothing that is there is written over.\n"
		 "Segments are copied byte for byte. N is of members of an 834, or of subscribers of a 270 or 271, whose levels\n"
		 "above are said again and numbered anew; a dependent stays with the subscriber before it. An 835 cannot be cut.",
	.example = "pccm split --by 100 --out build/parts samples/2010-01/2009-12-22-834-full.x12",
	.options = UINT64_C(1) << OPTION_BY | UINT64_C(1) << OPTION_OUT | UINT64_C(1) << OPTION_NAME | UINT64_C(1) << OPTION_CONTROL | UINT64_C(1) << OPTION_QUIET,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
