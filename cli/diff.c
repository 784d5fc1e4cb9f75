/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * diff: how two 834 files differ, member by member, for people or as JSON lines.
 */
#include "cli/cli.h"

typedef unsigned long long number;

struct printer {
	const char *files[2];
	struct buffer out;
	bool json, quiet, show_values;
};

static bool flush(struct printer *printer)
{
	bool printed = print_buffer(&printer->out);
	buffer_reset(&printer->out);
	return printed;
}

/* A path without the bytes that mark what is personal, and without what stands between them unless it is asked for. */
static void put_path(struct printer *printer, struct buffer *out, struct slice path)
{
	bool personal = false;
	for (size_t i = 0; i < path.len; i++) {
		if (path.ptr[i] == '\1') {
			personal = !personal;
			if (personal && !printer->show_values)
				buffer_text(out, "(hidden)");
		} else if (!personal || printer->show_values) {
			buffer_char(out, path.ptr[i]);
		}
	}
}

/* A member's key: its last three characters, unless values are asked for. */
static void put_key(struct printer *printer, struct buffer *out, struct slice key)
{
	if (!printer->show_values && key.len > 3) {
		buffer_text(out, "…");
		key = (struct slice){ key.ptr + key.len - 3, 3 };
	}
	buffer_slice(out, key);
}

/* ---- for people ---- */

static void put_value(struct printer *printer, struct slice value, bool shown)
{
	if (value.len == 0)
		buffer_text(&printer->out, "(none)");
	else if (!shown)
		buffer_text(&printer->out, "(hidden)");
	else
		buffer_slice(&printer->out, value);
}

static void put_fields(struct printer *printer, const struct diff_field *fields, size_t count, bool shown)
{
	for (size_t i = 0; i < count; i++) {
		buffer_text(&printer->out, "    ");
		put_path(printer, &printer->out, fields[i].path);
		buffer_text(&printer->out, ": ");
		put_value(printer, fields[i].a, shown);
		buffer_text(&printer->out, " -> ");
		put_value(printer, fields[i].b, shown);
		buffer_char(&printer->out, '\n');
	}
}

static void put_summary(struct printer *printer, const struct diff_report *report)
{
	const struct diff_side *sides[] = { &report->a, &report->b };
	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		buffer_format(&printer->out, "%s %s: %s file, %llu member record%s", i == 0 ? "A" : "B", printer->files[i],
			sides[i]->full ? "full" : "change", (number)sides[i]->members, sides[i]->members == 1 ? "" : "s");
		if (sides[i]->unnamed > 0)
			buffer_format(&printer->out, ", %llu without an id and not compared", (number)sides[i]->unnamed);
		if (sides[i]->others > 0)
			buffer_format(&printer->out, ", %llu set%s that no 834 guide here reads", (number)sides[i]->others, sides[i]->others == 1 ? "" : "s");
		buffer_char(&printer->out, '\n');
	}
	for (enum diff_kind kind = DIFF_ADDED; kind < DIFF_KINDS; kind++)
		buffer_format(&printer->out, "%s %llu, ", diff_kind_name(kind), (number)report->counts[kind]);
	buffer_format(&printer->out, "same %llu\n", (number)report->counts[DIFF_SAME]);
}

/* ---- for programs ---- */

static void put_json_text(struct printer *printer, struct slice text, bool shown)
{
	if (text.len == 0)
		buffer_text(&printer->out, "null");
	else
		json_text(&printer->out, shown ? text : SLICE("(hidden)"));
}

static void put_json_fields(struct printer *printer, const struct diff_field *fields, size_t count, bool shown)
{
	struct buffer path;
	buffer_init(&path, 0);
	buffer_text(&printer->out, "\"fields\":[");
	for (size_t i = 0; i < count; i++) {
		buffer_reset(&path);
		put_path(printer, &path, fields[i].path);
		buffer_text(&printer->out, i > 0 ? ",{\"field\":" : "{\"field\":");
		json_text(&printer->out, buffer_view(&path));
		buffer_text(&printer->out, ",\"a\":");
		put_json_text(printer, fields[i].a, shown);
		buffer_text(&printer->out, ",\"b\":");
		put_json_text(printer, fields[i].b, shown);
		buffer_char(&printer->out, '}');
	}
	buffer_text(&printer->out, "]}\n");
	printer->out.failed = printer->out.failed || path.failed;
	buffer_done(&path);
}

static void put_json_side(struct printer *printer, const char *name, const char *file, const struct diff_side *side)
{
	buffer_format(&printer->out, "\"%s\":{\"file\":", name);
	json_text(&printer->out, slice_of(file));
	buffer_format(&printer->out, ",\"full\":%s,\"members\":%llu,\"without_id\":%llu,\"sets\":%llu,\"other_sets\":%llu,\"refusing\":%llu},",
		side->full ? "true" : "false", (number)side->members, (number)side->unnamed, (number)side->sets, (number)side->others, (number)side->refusing);
}

static void put_json_summary(struct printer *printer, const struct diff_report *report)
{
	buffer_text(&printer->out, "{\"kind\":\"summary\",");
	put_json_side(printer, "a", printer->files[0], &report->a);
	put_json_side(printer, "b", printer->files[1], &report->b);
	for (enum diff_kind kind = DIFF_ADDED; kind < DIFF_KINDS; kind++)
		buffer_format(&printer->out, "\"%s\":%llu,", kind == DIFF_LEFT_OUT ? "left_out" : diff_kind_name(kind), (number)report->counts[kind]);
	buffer_format(&printer->out, "\"same\":%llu}\n", (number)report->counts[DIFF_SAME]);
}

/* ---- what diff_files tells ---- */

/* Headers are of organisations, nobody is hidden in them. */
static bool on_header(void *data, const struct diff_report *report, const struct diff_field *fields, size_t count)
{
	struct printer *printer = data;
	(void)report;
	if (printer->quiet || count == 0)
		return true;
	buffer_text(&printer->out, printer->json ? "{\"kind\":\"header\"," : "header\n");
	if (printer->json)
		put_json_fields(printer, fields, count, true);
	else
		put_fields(printer, fields, count, true);
	return flush(printer);
}

static bool on_member(void *data, const struct diff_member *member)
{
	struct printer *printer = data;
	bool shown = printer->show_values;
	if (printer->json) {
		struct buffer key;
		buffer_init(&key, 0);
		put_key(printer, &key, member->key);
		buffer_format(&printer->out, "{\"kind\":\"%s\",\"member\":", member->kind == DIFF_LEFT_OUT ? "left_out" : diff_kind_name(member->kind));
		json_text(&printer->out, buffer_view(&key));
		buffer_char(&printer->out, ',');
		put_json_fields(printer, member->fields, member->field_count, shown);
		printer->out.failed = printer->out.failed || key.failed;
		buffer_done(&key);
	} else {
		buffer_format(&printer->out, "%-10s ", diff_kind_name(member->kind));
		put_key(printer, &printer->out, member->key);
		buffer_char(&printer->out, '\n');
		put_fields(printer, member->fields, member->field_count, shown);
	}
	return flush(printer);
}

/* ---- the command ---- */

static int judge(const struct printer *printer, const struct diff_report *report)
{
	const struct diff_side *sides[] = { &report->a, &report->b };
	int status = EXIT_CLEAN;
	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		if (sides[i]->refusing == 0)
			continue;
		complain("%s: %llu finding%s on its structure refuse%s (pccm check tells them); what could be read was compared",
			printer->files[i], (number)sides[i]->refusing, sides[i]->refusing == 1 ? "" : "s", sides[i]->refusing == 1 ? "s" : "");
		status = EXIT_FINDINGS; /* nobody can say that the members are the same */
	}
	for (enum diff_kind kind = DIFF_ADDED; kind < DIFF_KINDS; kind++)
		if (report->counts[kind] > 0)
			return EXIT_FINDINGS;
	return status;
}

/* A file without an 834 has nothing to be compared, and no sums. */
static bool has_sets(const struct printer *printer, const struct diff_report *report)
{
	const struct diff_side *sides[] = { &report->a, &report->b };
	for (size_t i = 0; i < COUNT_OF(sides); i++)
		if (sides[i]->sets == 0)
			complain("%s: found no 834 that a guide here reads", printer->files[i]);
	return report->a.sets > 0 && report->b.sets > 0;
}

static int print_diff(struct printer *printer, char *const *paths)
{
	struct failure failure = { "" };
	struct diff_report report;
	struct diff_sink sink = { .data = printer, .header = on_header, .member = on_member };
	int status = EXIT_FAILED;
	if (diff_files(paths[0], paths[1], &sink, &report, &failure)) {
		if (has_sets(printer, &report)) {
			if (printer->json)
				put_json_summary(printer, &report);
			else if (!printer->quiet)
				put_summary(printer, &report);
			status = flush(printer) ? judge(printer, &report) : EXIT_FAILED;
		}
	} else if (failure.text[0] != '\0') { /* else the output was at fault, and that was said */
		complain("%s", failure.text);
	}
	diff_report_done(&report);
	return status;
}

static int run(const struct arguments *arguments)
{
	static const char *const formats[] = { "text", "json", NULL };
	unsigned json;
	if (!argument_format(&json, arguments, formats, &command_diff))
		return EXIT_USAGE;
	if (strcmp(arguments->files[0], "-") == 0 && strcmp(arguments->files[1], "-") == 0)
		return usage_error(&command_diff, "standard input can be one of the two files");
	struct printer printer = { .files = { source_name(arguments->files[0]), source_name(arguments->files[1]) },
		.json = json != 0, .quiet = arguments->values[OPTION_QUIET] != NULL,
		.show_values = arguments->values[OPTION_SHOW_VALUES] != NULL };
	buffer_init(&printer.out, 0);
	int status = print_diff(&printer, arguments->files);
	buffer_done(&printer.out);
	return status;
}

const struct command command_diff = {
	.name = "diff",
	.summary = "how two 834 files differ: members added, ended, changed, reinstated",
	.usage = "pccm diff [--format text|json] [--show-values] [--quiet] A.834 B.834",
	.about = "Compares what two 834 files say of each member: added, ended, reinstated, or changed field by field. In a full file\n"
		 "(BGN08 RX or 4) who is missing is ended; of a change file only what it says is compared. Several records of a\n"
		 "member in one file come to their net effect. Exit status 0: the same members, 1: they differ,\n"
		 "or a file is broken and nobody can say.",
	.example = "pccm diff samples/2010-01/2009-12-22-834-full.x12 samples/2010-01/2010-01-05-834-change.x12",
	.options = UINT64_C(1) << OPTION_FORMAT | UINT64_C(1) << OPTION_SHOW_VALUES | UINT64_C(1) << OPTION_QUIET,
	.operand = "two files",
	.files_min = 2,
	.files_max = 2,
	.run = run,
};
