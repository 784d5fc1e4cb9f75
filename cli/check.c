/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * check: what is wrong with a file, and the acknowledgments that say so.  Needs no store.
 */
#include "cli/progress.h"
#include "cli/report.h"

#include <unistd.h>

struct checker {
	struct report report;
	struct ack_files acks;
	struct partner *partner; /* NULL: nobody's in particular */
	unsigned jobs;           /* threads for one file */
	bool jobs_given;
};

/* A smaller one is checked before a second thread is of use. */
#define LARGE_FILE_BYTES (UINT64_C(1) << 20)

static unsigned jobs_for(const struct checker *checker, const struct source *source)
{
	return checker->jobs_given || source_size(source) >= LARGE_FILE_BYTES ? checker->jobs : 1;
}

static bool on_interchange(void *data, struct flow *flow, const struct interchange_header *header, enum flow_wish *wish)
{
	struct checker *checker = data;
	(void)flow;
	(void)wish;
	checker->report.file.interchanges++;
	ack_files_begin(&checker->acks, header);
	return true;
}

static bool on_group(void *data, struct flow *flow, const struct group_header *group)
{
	struct checker *checker = data;
	acks_group(&checker->acks.acks, flow_interchange(flow), group);
	return true;
}

static void on_bytes(void *data, struct slice bytes)
{
	((struct checker *)data)->report.file.bytes += bytes.len;
}

static bool on_set_end(void *data, struct flow *flow, struct set_verdict *verdict)
{
	struct checker *checker = data;
	report_findings(&checker->report, &verdict->findings);
	acks_set(&checker->acks.acks, verdict);
	return report_flush(&checker->report, flow_failure(flow));
}

static bool on_group_end(void *data, struct flow *flow, const struct group_verdict *verdict)
{
	struct checker *checker = data;
	report_findings(&checker->report, &verdict->findings);
	acks_group_end(&checker->acks.acks, verdict);
	return report_flush(&checker->report, flow_failure(flow));
}

static bool on_interchange_end(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char hash[SHA256_BYTES])
{
	struct checker *checker = data;
	struct outcome *outcome = &checker->report.file;
	(void)hash;
	report_findings(&checker->report, &verdict->findings);
	/* what a group or the interchange refuses takes its sets with it */
	outcome->segments += verdict->segments;
	reckoning_add(&outcome->units_reckoned, &verdict->units_reckoned);
	reckoning_add(&outcome->segments_reckoned, &verdict->segments_reckoned);
	outcome->groups += verdict->groups;
	outcome->sets += verdict->sets;
	outcome->sets_accepted += verdict->ack == 'R' ? 0 : verdict->sets_accepted;
	/* also one of which nothing would be left once its members are set aside */
	outcome->refused = outcome->refused || verdict->sets_accepted < verdict->sets;
	outcome->bytes_outside -= verdict->bytes;
	return ack_files_end(&checker->acks, verdict, flow_failure(flow)) && report_flush(&checker->report, flow_failure(flow));
}

static bool on_stray(void *data, struct flow *flow, const struct finding *finding)
{
	struct checker *checker = data;
	report_stray(&checker->report, finding);
	return report_flush(&checker->report, flow_failure(flow));
}

static bool check_file(struct checker *checker, const char *path, int level)
{
	struct failure failure = { "" };
	struct flow_handler handler = { .data = checker, .level = level, .partner = checker->partner, .interchange = on_interchange, .group = on_group,
		.bytes = on_bytes, .set_end = on_set_end, .group_end = on_group_end,
		.interchange_end = on_interchange_end, .stray = on_stray };
	struct source *source = source_open(path, &failure);
	struct outcome *outcome = &checker->report.file;
	handler.jobs = source == NULL ? 1 : jobs_for(checker, source);
	report_file(&checker->report, strcmp(path, "-") == 0 ? source_name(path) : path); /* as given: an editor opens it */
	bool done = source != NULL && flow_run(source, &handler, &failure);
	source_close(source);
	outcome->bytes_outside += outcome->bytes; /* those of interchanges were taken off */
	outcome->stopped = progress_interrupted();
	done = report_file_end(&checker->report, !done) && done;
	if (failure.text[0] != '\0')
		complain("%s", failure.text);
	return done;
}

static int check_files(struct checker *checker, const struct arguments *arguments, int level)
{
	int status = EXIT_CLEAN;
	report_begin(&checker->report);
	for (int i = 0; i < arguments->file_count && !progress_interrupted(); i++) {
		if (!check_file(checker, arguments->files[i], level))
			status = EXIT_FAILED;
		else if ((checker->report.file.refused || checker->report.file.units_reckoned.aside > 0) && status == EXIT_CLEAN)
			status = EXIT_FINDINGS;
	}
	if (!report_end(&checker->report))
		status = EXIT_FAILED;
	/* half an answer is none */
	if (progress_interrupted() || !ack_files_write(&checker->acks))
		status = EXIT_FAILED;
	return status;
}

static int run(const struct arguments *arguments)
{
	static const char *const formats[] = { [REPORT_TEXT] = "text", [REPORT_JSON] = "json", [REPORT_SARIF] = "sarif", NULL };
	unsigned format;
	uint64_t level = 0 /* not given: the partner's */, most = REPORT_NO_LIMIT;
	struct checker *checker = calloc(1, sizeof(*checker));
	if (checker == NULL) {
		complain("could not begin: out of memory");
		return EXIT_FAILED;
	}
	struct report *report = &checker->report;
	int status = EXIT_USAGE;
	if (!argument_format(&format, arguments, formats, &command_check) ||
		!argument_number(&level, arguments, OPTION_LEVEL, &command_check, 1, 7) ||
		!argument_jobs(&checker->jobs, arguments, &command_check) ||
		!argument_number(&most, arguments, OPTION_MAX_ERRORS, &command_check, 0, UINT32_MAX) ||
		!argument_apart(arguments, OPTION_TA1, NULL, &command_check) ||
		!argument_apart(arguments, OPTION_999, arguments->values[OPTION_TA1], &command_check) ||
		!argument_apart(arguments, OPTION_ACK, arguments->values[OPTION_TA1], &command_check) ||
		!argument_apart(arguments, OPTION_ACK, arguments->values[OPTION_999], &command_check))
		goto out;
	if (!argument_partner(&checker->partner, arguments)) {
		status = EXIT_FAILED;
		goto out;
	}
	checker->jobs_given = arguments->values[OPTION_JOBS] != NULL;
	report->format = (enum report_format)format;
	report->quiet = arguments->values[OPTION_QUIET] != NULL;
	report->show_values = arguments->values[OPTION_SHOW_VALUES] != NULL;
	report->terminal = isatty(STDOUT_FILENO) == 1;
	report->colours = colours_wanted(STDOUT_FILENO);
	report->all_alike = most == 0;
	report->limit = most == 0 ? REPORT_NO_LIMIT : most;
	if (report->quiet || arguments->values[OPTION_NO_PROGRESS] != NULL)
		progress_off();
	progress_interruptible();
	ack_files_init(&checker->acks, arguments);
	status = check_files(checker, arguments, (int)level);
	ack_files_done(&checker->acks);
	report_done(report);
out:
	partner_free(checker->partner);
	free(checker);
	return status;
}

const struct command command_check = {
	.name = "check",
	.summary = "what is wrong with X12 files, and the acknowledgments",
	.usage = "pccm check [--level N] [--partner FILE] [--codes DIR] [--format text|json|sarif] [--max-errors N]\n                  [--ta1 FILE] [--999 FILE] [--ack FILE] [--show-values] [--jobs N] [--no-progress] [--quiet]\n                  FILE…",
	.about = "Checks 834, 270, 271, 835 and 999 files against their guides: envelope, structure, usage, repeats, order, types,\n"
		 "lengths, codes, syntax notes and balance; with --partner also against what that partner narrows (SNIP level 7),\n"
		 "and with his severities. Needs no store and changes nothing. A finding refuses something, or it is a note; it\n"
		 "says where it stands, what was expected and how it is mended. Values that may be somebody's are hidden unless\n"
		 "asked for.",
	.example = "pccm check --999 - samples/2010-01/2009-12-22-834-full.x12",
	.options = UINT64_C(1) << OPTION_LEVEL | UINT64_C(1) << OPTION_PARTNER | UINT64_C(1) << OPTION_CODES | UINT64_C(1) << OPTION_FORMAT | UINT64_C(1) << OPTION_TA1 | UINT64_C(1) << OPTION_999 | UINT64_C(1) << OPTION_ACK | UINT64_C(1) << OPTION_SHOW_VALUES | UINT64_C(1) << OPTION_QUIET |
		   UINT64_C(1) << OPTION_MAX_ERRORS | UINT64_C(1) << OPTION_JOBS | UINT64_C(1) << OPTION_NO_PROGRESS,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
