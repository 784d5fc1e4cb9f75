/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * explain: why this PCP, why this payment.
 */
#include "cli/desk.h"

enum about { ABOUT_ANY, ABOUT_MEMBER, ABOUT_PAYEE, ABOUT_FCN };
static const char *const abouts[] = { NULL, "member", "payee", "fcn" };

/* Which of them is it?  A Medicaid id and a control number may look alike: then the word before says. */
static bool explain(struct office *office, struct buffer *out, const char *what, enum about about, months month, enum sheet_format format, bool *found)
{
	*found = false;
	if (about == ABOUT_ANY || about == ABOUT_MEMBER) {
		if (!explain_member(office, out, slice_of(what), month, found))
			return false;
		if (*found && format == SHEET_JSON)
			return office_misused(office, "--format json tells of payees and control numbers, a member is told as text");
	}
	if (!*found && (about == ABOUT_ANY || about == ABOUT_PAYEE) && npi_valid(slice_of(what)) &&
		!explain_payee(office, out, what, format, found))
		return false;
	return *found || (about != ABOUT_ANY && about != ABOUT_FCN) || explain_fcn(office, out, what, format, found);
}

static int run(const struct arguments *arguments)
{
	static const char *const formats[] = { "text", "json", NULL };
	static const enum sheet_format forms[] = { SHEET_TEXT, SHEET_JSON };
	struct office office;
	struct buffer out;
	months month = MONTHS_NONE;
	bool found = false;
	unsigned format, about = ABOUT_ANY;
	const char *what = arguments->files[arguments->file_count - 1];
	for (unsigned i = ABOUT_MEMBER; arguments->file_count == 2 && i <= ABOUT_FCN; i++)
		if (strcmp(arguments->files[0], abouts[i]) == 0)
			about = i;
	if (arguments->file_count == 2 && about == ABOUT_ANY)
		return usage_error(&command_explain, "%s: one too many", what);
	if (!argument_format(&format, arguments, formats, &command_explain) || !argument_month(&month, arguments, OPTION_MONTH, &command_explain))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_explain, false);
	if (status != EXIT_CLEAN)
		return status;
	buffer_init(&out, 0);
	if (!explain(&office, &out, what, (enum about)about, month, forms[format], &found)) {
		status = desk_failed(&office, &command_explain);
	} else if (!found) {
		complain("%s is not known: expected a Medicaid id as in REF*0F of an 834, the NPI of a billing provider, or a control number of a "
			"remittance", what);
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
	.summary = "one member, payee or control number: why this PCP, why this payment, which file and byte said so",
	.usage = "pccm explain [--store URL] [--program FILE] [--month YYYY-MM] [--format text|json] [--show-values]\n"
		 "       [member|payee|fcn] ID",
	.about = "A member is named by a Medicaid id, also one that the member had before. Prints what is known with its origin, every request\n"
		 "with the rules that judged it, the assignments, and month by month what is due and what was paid or taken back.\n"
		 "A payee is named by its NPI: its payments, what they are made of, what it owes. A control number (FCN) is that of a PLB\n"
		 "pair: its remittance and the member-months behind it, each with file, interchange and byte. These two as JSON too.",
	.example = "pccm explain --store sqlite:build/demo/pccm.db 001234699",
	.options = (DESK_OPTIONS_SHOWING & ~(UINT64_C(1) << OPTION_DATE)) | UINT64_C(1) << OPTION_MONTH | UINT64_C(1) << OPTION_FORMAT,
	.operand = "a Medicaid id, an NPI or a control number",
	.files_min = 1,
	.files_max = 2,
	.run = run,
};
