/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * assign: decide the PCP requests that are pending.
 */
#include "cli/desk.h"

static void say_decision(void *data, const struct decision *decision, const struct member *member, const struct request *request)
{
	const struct office *office = data;
	if (decision->state == REQUEST_ACCEPTED)
		return;
	struct slice id = member->medicaid_id;
	if (!office->show_values && id.len > 3)
		id = (struct slice){ id.ptr + id.len - 3, 3 };
	printf("%-8s member %s%.*s PCP %s: %s, %s\n", request_state_name(decision->state), office->show_values ? "" : "…", SLICE_ARG(id),
		request->npi, reason_code(decision->reason), reason_text(decision->reason));
}

static void say_totals(const struct assign_report *report)
{
	printf("%llu accepted, %llu pending, %llu refused, %llu expired; %llu assignments ended because the PCP left\n",
		(unsigned long long)report->accepted, (unsigned long long)report->pending, (unsigned long long)report->refused,
		(unsigned long long)report->expired, (unsigned long long)report->ended);
	if (report->excluded > 0)
		printf("%llu assignments ended because the program does not take the member any more\n", (unsigned long long)report->excluded);
	if (report->lapsed + report->returned > 0)
		printf("%llu assignments ended with the coverage, %llu went on after a gap\n", (unsigned long long)report->lapsed,
			(unsigned long long)report->returned);
	if (report->nobody > 0)
		printf("%llu member%s without a PCP: no strategy of the program names one who takes them\n", (unsigned long long)report->nobody,
			report->nobody == 1 ? "" : "s");
}

/* ---- what if: totals first, then rows, which wait in a pile until the totals are known ---- */

static bool print_piece(void *to, struct slice bytes)
{
	(void)to;
	return fwrite(bytes.ptr, 1, bytes.len, stdout) == bytes.len;
}

static void say_whatif(const struct whatif_report *report)
{
	if (report->two) {
		fputs("by the other program: ", stdout);
		say_totals(&report->before);
		fputs("by this program: ", stdout);
	}
	say_totals(&report->after);
	printf("%s%llu get a PCP, %llu move, %llu lose theirs; of the others %llu wait and %llu are refused; nothing was kept\n",
		report->two ? "members who come out otherwise: " : "members: ", (unsigned long long)report->assigned,
		(unsigned long long)report->moved, (unsigned long long)report->lost, (unsigned long long)report->waits,
		(unsigned long long)report->refused);
}

static int what_if(struct office *office, const struct program *against, unsigned format)
{
	struct whatif_report report = { .two = false };
	struct lister lister;
	struct pile pile;
	int status = EXIT_CLEAN;
	pile_init(&pile);
	lister_init(&lister, (enum lister_format)format, pile_take, &pile);
	if (!assign_whatif(office, against, &lister, &report) || !pile_fine(&pile, "the list", &office->failure)) {
		status = desk_failed(office, &command_assign);
	} else {
		if (lister.format == LISTER_TEXT)
			say_whatif(&report);
		if ((lister.format != LISTER_TEXT || lister.rows > 0) && !pile_pieces(&pile, print_piece, NULL)) {
			complain("could not print what would be");
			status = EXIT_FAILED;
		}
	}
	lister_done(&lister);
	pile_done(&pile);
	return status;
}

static int try_out(struct office *office, const struct arguments *arguments, unsigned format)
{
	struct program *against = NULL;
	if (arguments->values[OPTION_AGAINST] != NULL) {
		against = program_read(arguments->values[OPTION_AGAINST], &office->failure);
		if (against == NULL) {
			complain("%s", office->failure.text);
			return EXIT_FAILED;
		}
	}
	int status = what_if(office, against, format);
	program_free(against);
	return status;
}

static int run(const struct arguments *arguments)
{
	struct office office;
	struct assign_report report = { 0 };
	bool dry = arguments->values[OPTION_DRY_RUN] != NULL;
	unsigned format;
	if (!dry && (arguments->values[OPTION_AGAINST] != NULL || arguments->values[OPTION_FORMAT] != NULL))
		return usage_error(&command_assign, "--against and --format go with --dry-run");
	if (!argument_format(&format, arguments, lister_formats, &command_assign))
		return EXIT_USAGE;
	int status = desk_open(&office, arguments, &command_assign, false);
	if (status != EXIT_CLEAN)
		return status;
	if (dry)
		status = try_out(&office, arguments, format);
	else if (!assign_pending(&office, &report, say_decision, &office))
		status = desk_failed(&office, &command_assign);
	else
		say_totals(&report);
	desk_close(&office);
	return status;
}

const struct command command_assign = {
	.name = "assign",
	.summary = "decide the PCP requests that are pending",
	.usage = "pccm assign [--store URL] [--program FILE] [--date DAY] [--show-values] [--dry-run [--against FILE] [--format text|csv|json]]",
	.about = "Judges every family that holds a pending request by the program's rules, as of DAY, ends assignments whose PCP left\n"
		 "or whose member the program does not take any more, and finds PCPs for members who did not choose in time, where the\n"
		 "program says so. pccm explain tells why a verdict is what it is. With --dry-run nothing is kept: totals, then who would\n"
		 "get, change or lose a PCP, wait or be refused; with --against, what two program files decide differently.",
	.example = "pccm assign --store sqlite:try.db --date 2009-12-22",
	.options = DESK_OPTIONS_SHOWING | UINT64_C(1) << OPTION_DRY_RUN | UINT64_C(1) << OPTION_AGAINST | UINT64_C(1) << OPTION_FORMAT,
	.files_min = 0,
	.files_max = 0,
	.run = run,
};
