/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sample: `pccm sample`, a small complete program out of a seed: what the partners
 * send, month by month, each file named by its day.
 *
 * The first three months are laid out by hand, because the stories are told in them;
 * later months have four change files and two batches of inquiries.
 */
#include "cli/cli.h"
#include "cli/sample.h"

#define SEED 2010
#define MEMBERS 250
#define MONTHS 3
#define FIRST_YEAR 2010

enum planned { PLANNED_BILLING, PLANNED_PCPS, PLANNED_FULL, PLANNED_CHANGES, PLANNED_INQUIRIES };
struct planned_file {
	int month;                /* 0 … : the folder */
	enum planned kind;
	const char *name, *copy;  /* of x12 files without ".x12" */
	int regular;              /* which of the month's regular change files, -1: stories only */
	enum sample_damage damage;
};
static const struct planned_file plan[] = {
	{ 0, PLANNED_BILLING, "2009-12-21-billing.csv", NULL, -1, DAMAGE_NONE },
	{ 0, PLANNED_PCPS, "2009-12-21-pcps.csv", NULL, -1, DAMAGE_NONE },
	{ 0, PLANNED_FULL, "2009-12-22-834-full", NULL, -1, DAMAGE_NONE },
	{ 0, PLANNED_CHANGES, "2010-01-05-834-change", NULL, 0, DAMAGE_NONE },
	{ 0, PLANNED_INQUIRIES, "2010-01-12-270", NULL, -1, DAMAGE_NONE },
	{ 0, PLANNED_CHANGES, "2010-01-12-834-change", NULL, 1, DAMAGE_NONE },
	{ 0, PLANNED_CHANGES, "2010-01-19-834-change", "2010-01-20-834-change-again", 2, DAMAGE_NONE },
	{ 0, PLANNED_CHANGES, "2010-01-26-834-change", NULL, 3, DAMAGE_NONE },
	{ 0, PLANNED_CHANGES, "2010-01-29-834-change", NULL, -1, DAMAGE_NONE }, /* after the cut-off */
	{ 1, PLANNED_CHANGES, "2010-02-05-834-change", NULL, 0, DAMAGE_NONE },
	{ 1, PLANNED_INQUIRIES, "2010-02-09-270", NULL, -1, DAMAGE_NONE },
	{ 1, PLANNED_CHANGES, "2010-02-12-834-change", NULL, 1, DAMAGE_NONE },
	{ 1, PLANNED_CHANGES, "2010-02-16-834-change", NULL, -1, DAMAGE_COUNT },
	{ 1, PLANNED_CHANGES, "2010-02-17-834-change", NULL, -1, DAMAGE_NONE },
	{ 1, PLANNED_PCPS, "2010-02-18-pcps.csv", NULL, -1, DAMAGE_NONE },
	{ 1, PLANNED_CHANGES, "2010-02-19-834-change", NULL, 2, DAMAGE_NONE },
	{ 1, PLANNED_CHANGES, "2010-02-23-834-change", NULL, -1, DAMAGE_CUT },
	{ 1, PLANNED_CHANGES, "2010-02-24-834-change", NULL, -1, DAMAGE_NONE },
	{ 1, PLANNED_CHANGES, "2010-02-26-834-change", NULL, 3, DAMAGE_NONE },
	{ 2, PLANNED_CHANGES, "2010-03-05-834-change", NULL, 0, DAMAGE_NONE },
	{ 2, PLANNED_INQUIRIES, "2010-03-09-270", NULL, -1, DAMAGE_NONE },
	{ 2, PLANNED_CHANGES, "2010-03-12-834-change", NULL, 1, DAMAGE_NONE },
	{ 2, PLANNED_CHANGES, "2010-03-19-834-change", NULL, 2, DAMAGE_NONE },
	{ 2, PLANNED_INQUIRIES, "2010-03-23-270", NULL, -1, DAMAGE_NONE },
	{ 2, PLANNED_CHANGES, "2010-03-26-834-change", NULL, 3, DAMAGE_NONE },
};
#define PLANNED_MONTHS 3

static bool provider_file(struct sample *sample, const struct planned_file *file)
{
	struct buffer bytes;
	buffer_init(&bytes, 0);
	if (file->kind == PLANNED_BILLING)
		sample_billing_csv(&bytes, &sample->providers);
	else
		sample_pcp_csv(&bytes, &sample->providers, sample_name_day(file->name));
	bool fine = bytes.failed ? failure_set(&sample->failure, "no memory for %s", file->name)
				 : sample_file_text(sample, file->name, buffer_view(&bytes));
	buffer_done(&bytes);
	return fine;
}

static bool file_make(struct sample *sample, const struct planned_file *file, int batch)
{
	switch (file->kind) {
	case PLANNED_BILLING:
	case PLANNED_PCPS: return provider_file(sample, file);
	case PLANNED_FULL: return sample_full_file(sample, file->name);
	case PLANNED_CHANGES:
		return sample_change_file(sample, file->name, file->copy, file->month, file->regular, file->damage);
	case PLANNED_INQUIRIES: return sample_inquiry_file(sample, file->name, batch);
	}
	return false;
}

/* A month after the stories. */
static bool later_month(struct sample *sample, int month, int *batch)
{
	static const int change_days[SAMPLE_FILES_A_MONTH] = { 5, 12, 19, 26 }, inquiry_days[] = { 9, 23 };
	months at = sample->first + month;
	char name[32];
	bool fine = sample_folder_make(sample, at);
	for (int i = 0; fine && i < SAMPLE_FILES_A_MONTH; i++) {
		snprintf(name, sizeof(name), "%04d-%02d-%02d-834-change", at / 12, at % 12 + 1, change_days[i]);
		fine = sample_change_file(sample, name, NULL, month, i, DAMAGE_NONE);
	}
	for (size_t i = 0; fine && i < COUNT_OF(inquiry_days); i++) {
		snprintf(name, sizeof(name), "%04d-%02d-%02d-270", at / 12, at % 12 + 1, inquiry_days[i]);
		fine = sample_inquiry_file(sample, name, ++*batch);
	}
	return fine;
}

static bool sample_make(struct sample *sample)
{
	int batch = 0;
	bool fine = sample_providers_init(&sample->providers, sample->seed, sample->members, &sample->failure);
	for (int month = 0; fine && month < sample->month_count && month < PLANNED_MONTHS; month++)
		fine = sample_folder_make(sample, sample->first + month);
	for (size_t i = 0; fine && i < COUNT_OF(plan); i++) {
		batch += plan[i].kind == PLANNED_INQUIRIES;
		if (plan[i].month < sample->month_count)
			fine = file_make(sample, &plan[i], batch);
	}
	for (int month = PLANNED_MONTHS; fine && month < sample->month_count; month++)
		fine = later_month(sample, month, &batch);
	return fine;
}

static int run(const struct arguments *arguments)
{
	uint64_t members = MEMBERS, month_count = MONTHS, seed = SEED;
	const struct command *self = &command_sample;
	if (arguments->values[OPTION_OUT] == NULL)
		return usage_error(self, "sample needs --out DIR: the folder that the sample is written to");
	if (arguments->values[OPTION_MEMBERS] != NULL &&
	    !argument_number(&members, arguments, OPTION_MEMBERS, self, SAMPLE_MEMBERS_LEAST, SAMPLE_MEMBERS_MOST))
		return EXIT_USAGE;
	if (arguments->values[OPTION_MONTHS] != NULL &&
	    !argument_number(&month_count, arguments, OPTION_MONTHS, self, 1, SAMPLE_MONTHS_MOST))
		return EXIT_USAGE;
	if (arguments->values[OPTION_SEED] != NULL && !argument_number(&seed, arguments, OPTION_SEED, self, 0, UINT32_MAX))
		return EXIT_USAGE;
	struct sample sample = { .seed = seed, .members = members, .first = 12 * FIRST_YEAR, .month_count = (int)month_count,
		.out = arguments->values[OPTION_OUT] };
	bool fine = sample_make(&sample);
	uint32_t pcps = sample.providers.pcp_count, billings = sample.providers.billing_count;
	sample_providers_done(&sample.providers);
	if (!fine) {
		complain("%s", sample.failure.text);
		return EXIT_FAILED;
	}
	struct buffer said;
	buffer_init(&said, 0);
	buffer_format(&said, "%s: %llu members in %llu families, %u PCPs in %u billing providers, %d months, %llu files\n", sample.out,
		(unsigned long long)members, (unsigned long long)sample.families, pcps, billings, sample.month_count,
		(unsigned long long)sample.files);
	fine = print_buffer(&said);
	buffer_done(&said);
	return fine ? EXIT_CLEAN : EXIT_FAILED;
}

const struct command command_sample = {
	.name = "sample",
	.summary = "write a small complete program of invented people: provider files, 834 and 270 files",
	.usage = "pccm sample [--members N] [--months N] [--seed S] --out DIR",
	.about = "Writes a folder for each month from January 2010 on, DIR/2010-01 and so on, with the files that the program's partners\n"
		 "send in it, each named by its day.  The same seed gives the same bytes.  All people are invented.  Among the first\n"
		 "families happens what happens in life: samples/README.md tells their stories.",
	.example = "pccm sample --members 1000 --out build/sample",
	.options = UINT64_C(1) << OPTION_MEMBERS | UINT64_C(1) << OPTION_MONTHS | UINT64_C(1) << OPTION_SEED | UINT64_C(1) << OPTION_OUT,
	.files_min = 0,
	.files_max = 0,
	.run = run,
};
