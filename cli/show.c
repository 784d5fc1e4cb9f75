/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show: the structure of a file, with the names of its guide, as text, JSON or XML; or the file as X12 again.
 */
#include "cli/cli.h"

#define FLUSH_BYTES (64 * 1024) /* stays in the caches, with what is written into it next */

struct display {
	struct buffer out;
	struct shower *shower;
	const char *file;
	bool show_values;
	enum show_format format;
	int level;
	uint64_t refusing;
	const struct line_end *line_end; /* X12: behind each segment; NULL: as sent */
};

static bool flush_when(struct display *display, size_t bytes, struct failure *failure)
{
	if (show_failed(display->shower))
		return failure_set(failure, "could not print: out of memory");
	return print_when(&display->out, bytes, failure);
}

static void say_all(struct display *display, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].severity == SEVERITY_REFUSE)
			complain_finding(&findings->items[i], display->file, display->show_values);
	display->refusing += findings->refusing;
}

static void on_bytes(void *data, struct slice bytes)
{
	show_bytes(((struct display *)data)->shower, bytes);
}

static bool on_segment(void *data, struct flow *flow, const struct reader_item *item)
{
	struct display *display = data;
	struct shower *shower = display->shower;
	switch (item->answer) {
	case READER_INTERCHANGE:
		show_interchange(shower, item->interchange, &item->segment, item->end_offset);
		break;
	case READER_GROUP:
		show_group(shower, item->group, &item->segment);
		break;
	case READER_SET:
		show_set(shower, item->set, &item->segment);
		break;
	case READER_TA1:
	case READER_SEGMENT:
		show_segment(shower, &item->segment, item->position);
		break;
	case READER_SET_END:
		show_set_end(shower, &item->segment, item->position);
		break;
	case READER_GROUP_END:
		show_group_end(shower, &item->segment);
		break;
	case READER_INTERCHANGE_END:
		show_interchange_end(shower, &item->segment);
		break;
	case READER_MORE:
	case READER_FINDING:
	case READER_END:
	case READER_FAILED:
		break;
	}
	return flush_when(display, FLUSH_BYTES, flow_failure(flow));
}

static bool on_event(void *data, struct flow *flow, const struct event *event)
{
	struct display *display = data;
	show_event(display->shower, event);
	return display->out.len < FLUSH_BYTES || flush_when(display, FLUSH_BYTES, flow_failure(flow));
}

static bool on_set_end(void *data, struct flow *flow, struct set_verdict *verdict)
{
	(void)flow;
	say_all(data, &verdict->findings);
	return true;
}

static bool on_group_end(void *data, struct flow *flow, const struct group_verdict *verdict)
{
	(void)flow;
	say_all(data, &verdict->findings);
	return true;
}

static bool on_interchange_end(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char hash[SHA256_BYTES])
{
	struct display *display = data;
	(void)hash;
	say_all(display, &verdict->findings);
	return flush_when(display, 1, flow_failure(flow));
}

static bool on_stray(void *data, struct flow *flow, const struct finding *finding)
{
	struct display *display = data;
	(void)flow;
	complain_finding(finding, display->file, display->show_values);
	display->refusing += finding->severity == SEVERITY_REFUSE;
	return true;
}

/* ---- as X12: read by no guide, so that only what is wrong with the envelope is told ---- */

static void on_bytes_as_sent(void *data, struct slice bytes)
{
	(void)data;
	if (!ferror(stdout)) /* told at the end */
		(void)fwrite(bytes.ptr, 1, bytes.len, stdout);
}

static bool on_segment_x12(void *data, struct flow *flow, const struct reader_item *item)
{
	struct display *display = data;
	if (item->segment.id.len > 0) /* a trailer may be missing */
		segment_put_x12(&display->out, &item->segment, display->line_end);
	return display->out.len < FLUSH_BYTES || flush_when(display, FLUSH_BYTES, flow_failure(flow));
}

static bool on_set_x12(void *data, struct flow *flow, const struct set_header *set, const struct guide *guide, enum flow_wish *wish)
{
	(void)data;
	(void)flow;
	(void)set;
	(void)guide;
	*wish = FLOW_SKIP;
	return true;
}

/* That no guide read it is how it was wished. */
static bool on_set_end_x12(void *data, struct flow *flow, struct set_verdict *verdict)
{
	struct findings told = verdict->findings;
	(void)flow;
	if (told.count > 0 && told.items[0].code == FINDING_ST_UNKNOWN) {
		told.items++;
		told.count--;
		told.refusing--;
	}
	say_all(data, &told);
	return true;
}

static bool show_file(struct display *display, const char *path)
{
	struct failure failure = { "" };
	bool as_sent = display->line_end == NULL;
	struct flow_handler x12 = { .data = display, .level = 1, .bytes = as_sent ? on_bytes_as_sent : NULL,
		.segment = as_sent ? NULL : on_segment_x12, .set = on_set_x12, .set_end = on_set_end_x12, .group_end = on_group_end,
		.interchange_end = on_interchange_end, .stray = on_stray };
	struct flow_handler shown = { .data = display, .level = display->level, .bytes = on_bytes, .segment = on_segment,
		.event = on_event, .set_end = on_set_end, .group_end = on_group_end, .interchange_end = on_interchange_end,
		.stray = on_stray };
	const struct flow_handler *handler = display->format == SHOW_X12 ? &x12 : &shown;
	struct source *source = source_open(path, &failure);
	display->file = source_name(path);
	bool done = source != NULL && flow_run(source, handler, &failure);
	source_close(source);
	show_file_end(display->shower);
	done = done && flush_when(display, 1, &failure);
	if (!done)
		complain("%s", failure.text);
	return done;
}

/* Nothing more can be printed, and that was said. */
static bool stopped(const struct display *display)
{
	return ferror(stdout) != 0 || display->out.failed || show_failed(display->shower);
}

static int show_files(struct display *display, const struct arguments *arguments)
{
	int status = EXIT_CLEAN;
	struct failure failure = { "" };
	show_begin(display->shower);
	for (int i = 0; i < arguments->file_count && !stopped(display); i++)
		if (!show_file(display, arguments->files[i]))
			status = EXIT_FAILED;
	if (stopped(display))
		return EXIT_FAILED;
	show_end(display->shower);
	if (!flush_when(display, 1, &failure)) {
		complain("%s", failure.text);
		status = EXIT_FAILED;
	}
	return status == EXIT_CLEAN && display->refusing > 0 ? EXIT_FINDINGS : status;
}

/* What is asked together with X12, and only with it. */
static bool x12_fits(struct display *display, const struct arguments *arguments, int *status)
{
	static const struct { const char *name; struct line_end end; } ends[] = { { "LF", { "\n", 1 } },
		{ "CRLF", { { '\r', '\n' }, 2 } }, { "none", { "", 0 } } };
	const char *wish = arguments->values[OPTION_LINE_ENDS];
	bool x12 = display->format == SHOW_X12;
	for (size_t i = 0; wish != NULL && i < COUNT_OF(ends); i++)
		if (strcmp(wish, ends[i].name) == 0)
			display->line_end = &ends[i].end;
	*status = EXIT_CLEAN;
	if (x12 && !display->show_values)
		*status = usage_error(&command_show, "--format x12 prints all values: say --show-values too");
	else if (x12 && arguments->values[OPTION_LEVEL] != NULL)
		*status = usage_error(&command_show, "--format x12 holds the file against no guide: leave --level out");
	else if (!x12 && wish != NULL)
		*status = usage_error(&command_show, "--line-ends is for --format x12");
	else if (wish != NULL && display->line_end == NULL)
		*status = usage_error(&command_show, "--line-ends %s: expected LF, CRLF or none", wish);
	return *status == EXIT_CLEAN;
}

static int run(const struct arguments *arguments)
{
	static const char *const formats[] = { [SHOW_TEXT] = "text", [SHOW_JSON] = "json", [SHOW_XML] = "xml", [SHOW_X12] = "x12",
		NULL };
	struct display display = { .show_values = arguments->values[OPTION_SHOW_VALUES] != NULL };
	uint64_t level = 5;
	unsigned chosen;
	int status;
	if (!argument_format(&chosen, arguments, formats, &command_show) ||
	    !argument_number(&level, arguments, OPTION_LEVEL, &command_show, 1, 7))
		return EXIT_USAGE;
	bool terse = arguments->values[OPTION_TERSE] != NULL;
	if (terse && chosen != SHOW_JSON && chosen != SHOW_XML)
		return usage_error(&command_show, "--terse is for --format json and xml");
	display.format = (enum show_format)chosen;
	if (!x12_fits(&display, arguments, &status))
		return status;
	display.level = (int)level;
	buffer_init(&display.out, 0);
	display.shower = shower_new(&display.out, (enum show_format)chosen, display.show_values);
	if (display.shower == NULL) {
		complain("could not begin to show: out of memory");
		return EXIT_FAILED;
	}
	if (terse)
		shower_terse(display.shower);
	status = show_files(&display, arguments);
	shower_free(display.shower);
	buffer_done(&display.out);
	return status;
}

const struct command command_show = {
	.name = "show",
	.summary = "the structure of X12 files, with names",
	.usage = "pccm show [--format text|json|xml|x12] [--terse] [--level N] [--line-ends LF|CRLF|none] [--show-values] FILE…",
	.about = "Prints interchanges, groups, transaction sets, loops, segments and elements with the names of their guide.\n"
		 "Values that may be personal are hidden unless asked for. Findings that refuse go to standard error;\n"
		 "with --level 1, the fastest, those on syntax only.\n"
		 "JSON and XML with --show-values hold every byte of the files: pccm build turns them back; with --terse they are\n"
		 "without names, labels and positions.  X12 is the file again, unpacked, with --line-ends one segment a line.",
	.example = "pccm show --show-values samples/2010-01/2009-12-22-834-full.x12",
	.options = UINT64_C(1) << OPTION_FORMAT | UINT64_C(1) << OPTION_LEVEL | UINT64_C(1) << OPTION_SHOW_VALUES |
		UINT64_C(1) << OPTION_TERSE | UINT64_C(1) << OPTION_LINE_ENDS,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
