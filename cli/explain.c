/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * explain: why this PCP, why this payment.
 */
#include "cli/desk.h"

static int run(const struct arguments *arguments)
{
	struct office office;
	struct buffer out;
	months month = MONTHS_NONE;
	bool found = false;
	if (!argument_month(&month, arguments, OPTION_MONTH, &command_explain))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_explain, false);
	if (status != EXIT_CLEAN)
		return status;
	buffer_init(&out, 0);
	if (!explain_member(&office, &out, slice_of(arguments->files[0]), month, &found)) {
		status = desk_failed(&office, &command_explain);
	} else if (!found) {
		complain("member %s is not known: expected a Medicaid id as in REF*0F of an 834", arguments->files[0]);
		status = EXIT_FINDINGS;
	} else if (!print_buffer(&out)) {
		status = EXIT_FAILED;
	}
	buffer_done(&out);
	desk_close(&office);
	return status;
}

const struct command command_explain = {
	.name = "explain",
	.summary = "one member: why this PCP, why this payment, which file and byte said so",
	.usage = "pccm explain [--store URL] [--program FILE] [--month YYYY-MM] [--show-values] MEMBER",
	.about = "MEMBER is a Medicaid id, also one that the member had before. Prints what is known with its origin, every request\n"
		 "with the rules that judged it, the assignments, and month by month what is due and what was paid or taken back.",
	.example = "pccm explain --store sqlite:build/demo/pccm.db 001234699",
	.options = (DESK_OPTIONS_SHOWING & ~(UINT64_C(1) << OPTION_DATE)) | UINT64_C(1) << OPTION_MONTH,
	.operand = "a Medicaid id",
	.files_min = 1,
	.files_max = 1,
	.run = run,
};
