/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show: the structure of a file, with the names of its guide, as text, JSON or XML.
 */
#include "cli/cli.h"

#define FLUSH_BYTES (256 * 1024)

struct display {
	struct buffer out;
	struct shower shower;
	const char *file;
	uint64_t refusing;
};

static bool flush_when(struct display *display, size_t bytes, struct failure *failure)
{
	if (display->out.len < bytes)
		return true;
	if (display->out.failed)
		return failure_set(failure, "could not print: out of memory");
	if (fwrite(display->out.ptr, 1, display->out.len, stdout) != display->out.len)
		return failure_set(failure, "could not write to standard output");
	buffer_reset(&display->out);
	return true;
}

static void say_all(struct display *display, const struct findings *findings)
{
	struct buffer text;
	buffer_init(&text, 0);
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].severity != SEVERITY_REFUSE)
			continue;
		finding_put_text(&text, &findings->items[i], display->file, display->shower.show_values);
	}
	if (text.len > 0)
		fwrite(text.ptr, 1, text.len, stderr);
	buffer_done(&text);
	display->refusing += findings->refusing;
}

static bool on_interchange(void *data, struct flow *flow, const struct interchange_header *header, enum flow_wish *wish)
{
	struct display *display = data;
	(void)flow;
	(void)wish;
	show_interchange(&display->shower, header);
	return true;
}

static bool on_group(void *data, struct flow *flow, const struct group_header *group)
{
	(void)flow;
	show_group(&((struct display *)data)->shower, group);
	return true;
}

static bool on_event(void *data, struct flow *flow, const struct event *event)
{
	struct display *display = data;
	show_event(&display->shower, event);
	return flush_when(display, FLUSH_BYTES, flow_failure(flow));
}

static bool on_set_end(void *data, struct flow *flow, struct set_verdict *verdict)
{
	struct display *display = data;
	(void)flow;
	say_all(display, &verdict->findings);
	return true;
}

static bool on_group_end(void *data, struct flow *flow, const struct group_verdict *verdict)
{
	struct display *display = data;
	(void)flow;
	show_group_end(&display->shower);
	say_all(display, &verdict->findings);
	return true;
}

static bool on_interchange_end(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char hash[SHA256_BYTES])
{
	struct display *display = data;
	(void)hash;
	show_interchange_end(&display->shower);
	say_all(display, &verdict->findings);
	return flush_when(display, 1, flow_failure(flow));
}

static bool on_stray(void *data, struct flow *flow, const struct finding *finding)
{
	struct display *display = data;
	struct buffer text;
	(void)flow;
	buffer_init(&text, 0);
	finding_put_text(&text, finding, display->file, display->shower.show_values);
	fwrite(text.ptr, 1, text.len, stderr);
	buffer_done(&text);
	display->refusing += finding->severity == SEVERITY_REFUSE;
	return true;
}

static bool show_file(struct display *display, const char *path)
{
	struct failure failure = { "" };
	struct flow_handler handler = { .data = display, .level = 5, .interchange = on_interchange, .group = on_group, .event = on_event,
		.set_end = on_set_end, .group_end = on_group_end, .interchange_end = on_interchange_end, .stray = on_stray };
	struct source *source = source_open(path, &failure);
	display->file = source_name(path);
	bool done = source != NULL && flow_run(source, &handler, &failure) && flush_when(display, 1, &failure);
	source_close(source);
	if (!done)
		complain("%s", failure.text);
	return done;
}

static int run(const struct arguments *arguments)
{
	static const char *const formats[] = { [SHOW_TEXT] = "text", [SHOW_JSON] = "json", [SHOW_XML] = "xml" };
	const char *format = arguments->values[OPTION_FORMAT];
	struct display display = { .refusing = 0 };
	size_t chosen = 0;
	while (format != NULL && chosen < COUNT_OF(formats) && strcmp(format, formats[chosen]) != 0)
		chosen++;
	if (chosen == COUNT_OF(formats))
		return usage_error(&command_show, "--format %s: expected text, json or xml", format);
	buffer_init(&display.out, 0);
	display.shower = (struct shower){ .out = &display.out, .format = (enum show_format)chosen,
		.show_values = arguments->values[OPTION_SHOW_VALUES] != NULL };
	int status = EXIT_CLEAN;
	struct failure failure = { "" };
	show_begin(&display.shower);
	for (int i = 0; i < arguments->file_count; i++)
		if (!show_file(&display, arguments->files[i]))
			status = EXIT_FAILED;
	show_end(&display.shower);
	if (!flush_when(&display, 1, &failure)) {
		complain("%s", failure.text);
		status = EXIT_FAILED;
	}
	if (status == EXIT_CLEAN && display.refusing > 0)
		status = EXIT_FINDINGS;
	buffer_done(&display.out);
	return status;
}

const struct command command_show = {
	.name = "show",
	.summary = "the structure of X12 files, with names",
	.usage = "pccm show [--format text|json|xml] [--show-values] FILE…",
	.about = "Prints interchanges, groups, transaction sets, loops, segments and elements with the names of their guide.\n"
		 "Values that may be personal are hidden unless asked for. Findings that refuse go to standard error.",
	.example = "pccm show --show-values samples/2010-01/2009-12-22-834-full.x12",
	.options = 1U << OPTION_FORMAT | 1U << OPTION_SHOW_VALUES,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
