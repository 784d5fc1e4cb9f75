/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * check: what is wrong with a file, and the acknowledgments that say so.  Needs no store.
 */
#include "cli/cli.h"

struct checker {
	const struct arguments *arguments;
	const char *file;
	bool json, quiet, show_values;
	struct acks acks;
	struct buffer ta1, implementation, line; /* collected over all interchanges; one finding */
	uint64_t interchanges, sets, sets_accepted, segments, refusing, notes, more;
	bool refused;
	bool starved;            /* a finding could not be printed for want of memory */
};

static void say(struct checker *checker, const struct finding *finding)
{
	if (finding->severity == SEVERITY_REFUSE)
		checker->refusing++;
	else
		checker->notes++;
	buffer_reset(&checker->line);
	if (checker->json) {
		finding_put_json(&checker->line, finding, checker->file, checker->show_values);
		buffer_char(&checker->line, '\n');
	} else {
		finding_put_text(&checker->line, finding, checker->file, checker->show_values);
	}
	checker->starved = checker->starved || checker->line.failed;
	fwrite(checker->line.ptr, 1, checker->line.len, stdout);
}

static void say_all(struct checker *checker, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		say(checker, &findings->items[i]);
	checker->more += findings->total - findings->count;
	checker->refused = checker->refused || findings->refusing > 0;
}

/* Acknowledgments of `check` carry the number of the interchange that they speak of: there is no store to count. */
static bool on_interchange(void *data, struct flow *flow, const struct interchange_header *header, enum flow_wish *wish)
{
	struct checker *checker = data;
	uint64_t control = 1;
	(void)flow;
	(void)wish;
	checker->interchanges++;
	slice_number(&control, slice_of(header->control));
	acks_begin(&checker->acks, clock_now(), control, checker->show_values);
	return true;
}

static bool on_group(void *data, struct flow *flow, const struct group_header *group)
{
	struct checker *checker = data;
	acks_group(&checker->acks, flow_interchange(flow), group);
	return true;
}

static bool on_set_end(void *data, struct flow *flow, struct set_verdict *verdict)
{
	struct checker *checker = data;
	(void)flow;
	say_all(checker, &verdict->findings);
	acks_set(&checker->acks, verdict);
	return true;
}

static bool on_group_end(void *data, struct flow *flow, const struct group_verdict *verdict)
{
	struct checker *checker = data;
	(void)flow;
	say_all(checker, &verdict->findings);
	acks_group_end(&checker->acks, verdict);
	return true;
}

static bool on_interchange_end(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char hash[SHA256_BYTES])
{
	struct checker *checker = data;
	(void)hash;
	say_all(checker, &verdict->findings);
	acks_end(&checker->acks, verdict);
	/* what a group or the interchange refuses takes its sets with it */
	checker->sets += verdict->sets;
	checker->sets_accepted += verdict->ack == 'R' ? 0 : verdict->sets_accepted;
	buffer_slice(&checker->ta1, buffer_view(&checker->acks.ta1));
	buffer_slice(&checker->implementation, buffer_view(&checker->acks.implementation));
	if (acks_failed(&checker->acks))
		return failure_set(flow_failure(flow), "could not write the acknowledgments: out of memory");
	return true;
}

static bool on_stray(void *data, struct flow *flow, const struct finding *finding)
{
	struct checker *checker = data;
	(void)flow;
	say(checker, finding);
	checker->refused = checker->refused || finding->severity == SEVERITY_REFUSE;
	return true;
}

static bool write_ack(const struct arguments *arguments, enum option option, const struct buffer *bytes)
{
	struct failure failure = { "" };
	const char *path = arguments->values[option];
	if (path == NULL)
		return true;
	if (strcmp(path, "-") == 0)
		return print_buffer(bytes);
	if (bytes->failed)
		failure_set(&failure, "could not write %s: out of memory", path);
	else if (file_write_whole(path, buffer_view(bytes), &failure))
		return true;
	complain("%s", failure.text);
	return false;
}

static void say_summary(const struct checker *checker)
{
	if (checker->quiet || checker->json)
		return;
	if (checker->more > 0)
		printf("%llu more findings were counted and not kept\n", (unsigned long long)checker->more);
	printf("%s: %s: %llu interchange%s, %llu of %llu transaction sets accepted, %llu finding%s that refuse%s, %llu note%s\n", checker->file,
		checker->refused ? "REFUSED" : "accepted", (unsigned long long)checker->interchanges, checker->interchanges == 1 ? "" : "s",
		(unsigned long long)checker->sets_accepted, (unsigned long long)checker->sets, (unsigned long long)checker->refusing,
		checker->refusing == 1 ? "" : "s", checker->refusing == 1 ? "s" : "", (unsigned long long)checker->notes,
		checker->notes == 1 ? "" : "s");
}

static bool check_file(struct checker *checker, const char *path, int level)
{
	struct failure failure = { "" };
	struct flow_handler handler = { .data = checker, .level = level, .interchange = on_interchange, .group = on_group,
		.set_end = on_set_end, .group_end = on_group_end, .interchange_end = on_interchange_end, .stray = on_stray };
	struct source *source = source_open(path, &failure);
	checker->file = strcmp(path, "-") == 0 ? source_name(path) : path; /* as given: an editor opens it */
	checker->interchanges = checker->sets = checker->sets_accepted = checker->refusing = checker->notes = checker->more = 0;
	checker->refused = false;
	bool done = source != NULL && flow_run(source, &handler, &failure) &&
		(!checker->starved || failure_set(&failure, "could not print the findings: out of memory"));
	source_close(source);
	if (!done)
		complain("%s", failure.text);
	else
		say_summary(checker);
	return done;
}

static int run(const struct arguments *arguments)
{
	const char *format = arguments->values[OPTION_FORMAT];
	uint64_t level = 5;
	if (format != NULL && strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
		return usage_error(&command_check, "--format %s: expected text or json", format);
	if (!argument_number(&level, arguments, OPTION_LEVEL, &command_check, 1, 5) ||
		!argument_apart(arguments, OPTION_TA1, NULL, &command_check) ||
		!argument_apart(arguments, OPTION_999, arguments->values[OPTION_TA1], &command_check))
		return EXIT_USAGE;
	struct checker checker = { .arguments = arguments, .json = format != NULL && strcmp(format, "json") == 0,
		.quiet = arguments->values[OPTION_QUIET] != NULL, .show_values = arguments->values[OPTION_SHOW_VALUES] != NULL };
	acks_init(&checker.acks);
	buffer_init(&checker.ta1, 0);
	buffer_init(&checker.implementation, 0);
	buffer_init(&checker.line, 0);
	int status = EXIT_CLEAN;
	for (int i = 0; i < arguments->file_count; i++) {
		if (!check_file(&checker, arguments->files[i], (int)level))
			status = EXIT_FAILED;
		else if (checker.refused && status == EXIT_CLEAN)
			status = EXIT_FINDINGS;
	}
	if (!write_ack(arguments, OPTION_TA1, &checker.ta1) || !write_ack(arguments, OPTION_999, &checker.implementation))
		status = EXIT_FAILED;
	buffer_done(&checker.line);
	buffer_done(&checker.ta1);
	buffer_done(&checker.implementation);
	acks_done(&checker.acks);
	return status;
}

const struct command command_check = {
	.name = "check",
	.summary = "what is wrong with X12 files, and the acknowledgments",
	.usage = "pccm check [--level N] [--format text|json] [--ta1 FILE] [--999 FILE] [--show-values] [--quiet] FILE…",
	.about = "Checks 834, 270, 271, 835 and 999 files against their guides: envelope, structure, usage, repeats, order, types,\n"
		 "lengths, codes, syntax notes and balance. Needs no store and changes nothing. Each finding is one that refuses\n"
		 "or a note; values are hidden unless asked for.",
	.example = "pccm check --999 - samples/2010-01/2009-12-22-834-full.x12",
	.options = 1U << OPTION_LEVEL | 1U << OPTION_FORMAT | 1U << OPTION_TA1 | 1U << OPTION_999 | 1U << OPTION_SHOW_VALUES | 1U << OPTION_QUIET,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
