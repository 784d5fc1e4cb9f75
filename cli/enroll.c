/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * enroll: one request for a PCP, entered by hand.
 */
#include "cli/desk.h"

static int enter(struct office *office, const struct arguments *arguments, struct request *request)
{
	bool known;
	int64_t id;
	if (!request_enter(office, &known, &id, slice_of(arguments->files[0]), request))
		return desk_failed(office, &command_enroll);
	if (!known) {
		complain("member %s is not known: expected a Medicaid id as in REF*0F of an 834", arguments->files[0]);
		return EXIT_FINDINGS;
	}
	if (id == 0)
		printf("the same request is pending or in force already: nothing was entered\n");
	else
		printf("request %lld is pending: pccm assign judges it\n", (long long)id);
	return EXIT_CLEAN;
}

static int run(const struct arguments *arguments)
{
	struct office office;
	struct slice npi = slice_of(arguments->files[1]);
	const char *channel = arguments->values[OPTION_CHANNEL], *cause = arguments->values[OPTION_CAUSE];
	if (!npi_valid(npi))
		return usage_error(&command_enroll, "%s: does not pass the NPI check digit", arguments->files[1]);
	if ((channel != NULL && (channel[0] == '\0' || strlen(channel) > 20)) || (cause != NULL && strlen(cause) > 60))
		return usage_error(&command_enroll, "--channel has 1 to 20 characters, --cause at most 60");
	int status = desk_open(&office, arguments, &command_enroll, false);
	if (status != EXIT_CLEAN)
		return status;
	struct request request = { .received = office.now.day, .processed = office.now.day, .asked_from = DAYS_NONE,
		.channel = slice_of(channel == NULL ? "PHONE" : channel), .source = SLICE("CHOICE"), .cause = slice_of(cause),
		.relationship = arguments->values[OPTION_ESTABLISHED] == NULL ? SLICE_NONE : program_established(office.program) };
	slice_copy(request.npi, sizeof(request.npi), npi);
	if (!argument_day(&request.received, arguments, OPTION_RECEIVED, &command_enroll))
		status = EXIT_USAGE;
	else if (request.received > office.now.day)
		status = usage_error(&command_enroll, "--received %s: is after the day that it is", arguments->values[OPTION_RECEIVED]);
	else
		status = enter(&office, arguments, &request);
	desk_close(&office);
	return status;
}

const struct command command_enroll = {
	.name = "enroll",
	.summary = "one request for a PCP, entered by hand",
	.usage = "pccm enroll [--store URL] [--program FILE] [--date DAY] [--received DAY] [--channel WORD] [--established] [--cause TEXT] "
		 "MEMBER NPI",
	.about = "Enters that the member with this Medicaid id asks for the PCP with this NPI. The request waits beside those of an\n"
		 "834, in place of one that is pending, until pccm assign judges it. It counts as processed on the day that it is.",
	.example = "pccm enroll --store sqlite:try.db --date 2010-01-05 --channel PHONE --received 2010-01-04 001234699 1030700003",
	.options = DESK_OPTIONS | UINT64_C(1) << OPTION_RECEIVED | UINT64_C(1) << OPTION_CHANNEL | UINT64_C(1) << OPTION_ESTABLISHED |
		UINT64_C(1) << OPTION_CAUSE,
	.operand = "a Medicaid id and an NPI",
	.files_min = 2,
	.files_max = 2,
	.run = run,
};
