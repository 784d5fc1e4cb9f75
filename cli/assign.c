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

static int run(const struct arguments *arguments)
{
	struct office office;
	struct assign_report report = { 0 };
	int status = desk_open(&office, arguments, &command_assign, false);
	if (status != EXIT_CLEAN)
		return status;
	if (!assign_pending(&office, &report, say_decision, &office))
		status = desk_failed(&office, &command_assign);
	else
		printf("%llu accepted, %llu pending, %llu refused, %llu expired; %llu assignments ended because the PCP left\n",
			(unsigned long long)report.accepted, (unsigned long long)report.pending, (unsigned long long)report.refused,
			(unsigned long long)report.expired, (unsigned long long)report.ended);
	if (status == EXIT_CLEAN && report.excluded > 0)
		printf("%llu assignments ended because the program does not take the member any more\n", (unsigned long long)report.excluded);
	if (status == EXIT_CLEAN && report.lapsed + report.returned > 0)
		printf("%llu assignments ended with the coverage, %llu went on after a gap\n", (unsigned long long)report.lapsed,
			(unsigned long long)report.returned);
	if (status == EXIT_CLEAN && report.nobody > 0)
		printf("%llu member%s without a PCP: no strategy of the program names one who takes them\n", (unsigned long long)report.nobody,
			report.nobody == 1 ? "" : "s");
	desk_close(&office);
	return status;
}

const struct command command_assign = {
	.name = "assign",
	.summary = "decide the PCP requests that are pending",
	.usage = "pccm assign [--store URL] [--program FILE] [--date DAY] [--show-values]",
	.about = "Judges every family that holds a pending request by the program's rules, as of DAY, and ends assignments whose\n"
		 "PCP left. pccm explain tells why a verdict is what it is.",
	.example = "pccm assign --store sqlite:try.db --date 2009-12-22",
	.options = DESK_OPTIONS_SHOWING,
	.files_min = 0,
	.files_max = 0,
	.run = run,
};
