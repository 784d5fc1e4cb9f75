/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * desk: what the commands at the store share: opening it, the program, the day.
 */
#include "cli/desk.h"

#include <unistd.h>

static bool show_values; /* in findings on standard error */

static struct program *open_program(const struct arguments *arguments, struct failure *failure)
{
	static const char *const places[] = { "rules/husky-primary-care.xml", PCCM_DATADIR "/rules/husky-primary-care.xml" };
	const char *path = arguments->values[OPTION_PROGRAM];
	if (path == NULL)
		path = getenv("PCCM_PROGRAM");
	for (size_t i = 0; path == NULL && i < COUNT_OF(places); i++)
		if (access(places[i], R_OK) == 0)
			path = places[i];
	if (path == NULL) {
		failure_set(failure, "no program file: give --program FILE");
		return NULL;
	}
	return program_read(path, failure);
}

int desk_open(struct office *office, const struct arguments *arguments, const struct command *command, bool create)
{
	*office = (struct office){ .now = clock_now(), .show_values = arguments->values[OPTION_SHOW_VALUES] != NULL };
	show_values = office->show_values;
	if (!argument_day(&office->now.day, arguments, OPTION_DATE, command))
		return EXIT_USAGE;
	if (arguments->values[OPTION_DATE] != NULL) {
		office->now_is_given = true;
		office->now.second = 0;
	}
	struct program *program = open_program(arguments, &office->failure);
	office->program = program;
	if (program == NULL) {
		complain("%s", office->failure.text);
		return EXIT_FAILED;
	}
	struct partner *partner = NULL;
	if (!argument_partner(&partner, arguments)) {
		program_free(program);
		office->program = NULL;
		return EXIT_FAILED;
	}
	office->partner = partner;
	const char *url = arguments->values[OPTION_STORE];
	if (url == NULL)
		url = getenv("PCCM_STORE");
	office->store = store_open(url != NULL ? url : "sqlite:pccm.db", create, &office->failure);
	if (office->store == NULL) {
		complain("%s", office->failure.text);
		partner_free(partner);
		program_free(program);
		office->program = NULL;
		office->partner = NULL;
		return EXIT_FAILED;
	}
	return EXIT_CLEAN;
}

void desk_close(struct office *office)
{
	store_close(office->store);
	union { const struct program *kept; struct program *owned; } program = { office->program };
	program_free(program.owned);
	union { const struct partner *kept; struct partner *owned; } partner = { office->partner };
	partner_free(partner.owned);
	*office = (struct office){ .store = NULL };
}

int desk_failed(const struct office *office, const struct command *command)
{
	if (office->misused)
		return usage_error(command, "%s", office->failure.text);
	if (office->refused) {
		complain("%s", office->failure.text);
		return EXIT_FINDINGS;
	}
	complain("%s", office->failure.text[0] != '\0' ? office->failure.text : "it did not work, and nobody said why");
	return EXIT_FAILED;
}

int desk_as_of(struct office *office, const struct arguments *arguments, const struct command *command)
{
	days day = DAYS_NONE;
	if (!argument_day(&day, arguments, OPTION_AS_OF, command))
		return EXIT_USAGE;
	if (day == DAYS_NONE)
		return EXIT_CLEAN;
	if (!store_change_of_day(office->store, &office->as_of, day)) {
		complain("%s", store_failure(office->store)->text);
		return EXIT_FAILED;
	}
	if (office->as_of == 0)
		return usage_error(command, "--as-of %s: nothing was known on that day", days_iso(day).text);
	if (!office->now_is_given)
		office->now = (struct moment){ .day = day };
	return EXIT_CLEAN;
}

int desk_say_remittance(const struct remit_report *report, const char *out)
{
	struct buffer text;
	buffer_init(&text, 0);
	buffer_format(&text, "remittance of %s: %llu payments, ", days_iso(report->cycle.day).text, (unsigned long long)report->cycle.payments);
	cents_put_people(&text, report->cycle.amount);
	buffer_format(&text, ", %llu documents in %s%s\n", (unsigned long long)report->documents, out,
		report->repeated ? " (this cycle was run before: the same documents again, nothing posted)" : "");
	int status = print_buffer(&text) ? EXIT_CLEAN : EXIT_FAILED;
	buffer_done(&text);
	return status;
}

/* ---- findings on standard error ------------------------------------------------ */

static void say_finding(void *data, const struct finding *finding, const char *file)
{
	(void)data;
	complain_finding(finding, file, show_values);
}

static void say_row(void *data, const char *file, uint64_t line, const char *text)
{
	(void)data;
	fprintf(stderr, "%s:%llu: %s\n", file, (unsigned long long)line, text);
}

const struct finding_sink desk_findings = { NULL, say_finding };
const struct row_complaint desk_rows = { NULL, say_row };

int desk_read_rows(const struct arguments *arguments, const struct command *command, bool create, rows_file_fn file, const char *changed)
{
	struct office office;
	struct row_report report = { 0 };
	int status = desk_open(&office, arguments, command, create);
	if (status != EXIT_CLEAN)
		return status;
	for (int i = 0; status == EXIT_CLEAN && i < arguments->file_count; i++)
		if (!file(&office, arguments->files[i], &desk_rows, &report))
			status = desk_failed(&office, command);
	printf("%llu row%s: %llu %s, %llu as before, %llu refused\n", (unsigned long long)report.rows, report.rows == 1 ? "" : "s",
		(unsigned long long)report.changed, changed, (unsigned long long)report.unchanged, (unsigned long long)report.refused);
	desk_close(&office);
	return status == EXIT_CLEAN && report.refused > 0 ? EXIT_FINDINGS : status;
}
