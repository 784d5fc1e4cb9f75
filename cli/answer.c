/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * answer: 270 in, 271 out.
 */
#include "cli/desk.h"

static bool write_replies(const struct arguments *arguments, const struct buffer *replies)
{
	struct failure failure = { "" };
	const char *out = arguments->values[OPTION_OUT];
	if (out == NULL || strcmp(out, "-") == 0)
		return print_buffer(replies);
	if (file_write_whole(out, buffer_view(replies), &failure))
		return true;
	complain("%s", failure.text);
	return false;
}

static int run(const struct arguments *arguments)
{
	struct office office;
	struct answer_report report = { 0 };
	struct buffer replies;
	if (!argument_apart(arguments, OPTION_OUT, NULL, &command_answer))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_answer, false);
	if (status != EXIT_CLEAN)
		return status;
	buffer_init(&replies, 0);
	status = desk_as_of(&office, arguments, &command_answer);
	for (int i = 0; status == EXIT_CLEAN && i < arguments->file_count; i++)
		if (!answer_file(&office, arguments->files[i], &replies, &desk_findings, &report))
			status = desk_failed(&office, &command_answer);
	if (status == EXIT_CLEAN && !write_replies(arguments, &replies))
		status = EXIT_FAILED;
	buffer_done(&replies);
	desk_close(&office);
	return status == EXIT_CLEAN && report.refused > 0 ? EXIT_FINDINGS : status;
}

const struct command command_answer = {
	.name = "answer",
	.summary = "answer 270 eligibility inquiries with 271: covered? who is the PCP, which phone?",
	.usage = "pccm answer [--store URL] [--program FILE] [--date DAY] [--as-of DAY] [--partner FILE] [--codes DIR] [--out FILE] [--show-values] FILE…",
	.about = "Each 270 set is answered by a 271 set; a set that is refused by a 999, a broken envelope by a TA1. Somebody who is\n"
		 "not found, or whose data do not agree, is answered with AAA and that is no finding: the exit status is 0.\n"
		 "With --as-of it is answered as it would have been at the end of that day, by what was known then.",
	.example = "pccm answer --store sqlite:try.db --date 2010-01-12 samples/2010-01/2010-01-12-270.x12",
	.options = DESK_OPTIONS_SHOWING | DESK_OPTIONS_READING | UINT64_C(1) << OPTION_OUT | UINT64_C(1) << OPTION_AS_OF,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
