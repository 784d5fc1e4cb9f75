/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * stats: what is in a file, as a table for people or an object for programs.
 */
#include "cli/cli.h"

typedef unsigned long long number;

/* ---- rows ---- */

static int row_compare(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	int order = strcmp(x->key[0], y->key[0]);
	return order != 0 ? order : strcmp(x->key[1], y->key[1]);
}

static void sort(struct tally *tally)
{
	qsort(tally->rows, tally->count, sizeof(tally->rows[0]), row_compare);
}

/* What is printed of a tally: its name for JSON, its heading for people, and the names of its columns. */
struct table {
	size_t offset;
	const char *name, *heading, *columns[2];
	bool bytes, days;
};
#define AT(member) offsetof(struct stats, member)
static const struct table tables[] = {
	{ AT(functions), "functional_groups", "functional groups", { "function", "version" }, false, true },
	{ AT(set_types), "transaction_sets", "transaction sets", { "set", "version" }, false, false },
	{ AT(maintenance), "maintenance", "maintenance types and reasons of members (INS03, INS04)", { "type", "reason" }, false, false },
	{ AT(plans), "plans", "coverage (HD03, HD04)", { "line", "plan" }, false, false },
	{ AT(dates), "dates", "dates by qualifier (DTP01, DTM01), first and last day", { "qualifier", NULL }, false, true },
	{ AT(ids), "segment_ids", "segments by id, with their bytes", { "id", NULL }, true, false },
};

static struct tally *table_tally(struct stats *stats, const struct table *table)
{
	return (struct tally *)(void *)((char *)stats + table->offset);
}

/* ---- for people ---- */

static const char *line_end_name(uint8_t line_end)
{
	static const char *const names[] = { "none", "LF", "CR LF", "other" };
	return names[line_end < COUNT_OF(names) ? line_end : COUNT_OF(names) - 1];
}

static void put_delimiter(struct buffer *out, char c)
{
	if (c > ' ' && c < 0x7f)
		buffer_format(out, " %c", c);
	else if (c != '\0')
		buffer_format(out, " 0x%02x", (unsigned)(unsigned char)c);
	else
		buffer_text(out, " -");
}

static void put_interchange(struct buffer *out, const struct stats_interchange *interchange)
{
	const struct interchange_header *header = &interchange->header;
	buffer_format(out, "  %-9s from %s %s to %s %s, %s %s, usage %c, version %s, delimiters", header->control,
		header->sender_qualifier, header->sender, header->receiver_qualifier, header->receiver, header->date,
		header->time, header->usage, header->version);
	put_delimiter(out, header->delimiters.element);
	put_delimiter(out, header->delimiters.repetition);
	put_delimiter(out, header->delimiters.component);
	put_delimiter(out, header->delimiters.segment);
	buffer_format(out, ", line ends %s\n            groups %llu, sets %llu, segments %llu, bytes %llu%s\n",
		line_end_name(interchange->line_end), (number)interchange->groups, (number)interchange->sets,
		(number)interchange->segments, (number)interchange->bytes, interchange->cut_off ? ", cut off: IEA is missing" : "");
}

static void put_day(struct buffer *out, const char *day)
{
	if (day[0] != '\0')
		buffer_format(out, "  %.4s-%.2s-%.2s", day, day + 4, day + 6);
}

static void put_table(struct buffer *out, const struct table *table, const struct tally *tally)
{
	if (tally->count == 0)
		return;
	buffer_format(out, "%s\n", table->heading);
	for (size_t i = 0; i < tally->count; i++) {
		const struct tally_row *row = &tally->rows[i];
		buffer_format(out, "  %-8s %-16s %12llu", row->key[0][0] == '\0' ? "-" : row->key[0], row->key[1], (number)row->count);
		if (table->bytes)
			buffer_format(out, " %14llu", (number)row->bytes);
		if (table->days) {
			put_day(out, row->first);
			put_day(out, row->last);
		}
		buffer_char(out, '\n');
	}
	if (tally->others > 0)
		buffer_format(out, "  %-25s %12llu\n", "(others)", (number)tally->others);
}

static void put_text(struct buffer *out, struct stats *stats, const char *file)
{
	uint64_t shown = stats->interchange_count < LIMIT_STATS_ROWS ? stats->interchange_count : LIMIT_STATS_ROWS;
	buffer_format(out, "%s: bytes %llu, interchanges %llu, groups %llu, sets %llu, segments %llu, acknowledgments (TA1) %llu\n", file,
		(number)stats->bytes, (number)stats->interchange_count, (number)stats->groups, (number)stats->sets,
		(number)stats->segments, (number)stats->acknowledgments);
	buffer_format(out, "members %llu, subscribers asked about %llu, dependents asked about %llu, claims %llu\n", (number)stats->members,
		(number)stats->subscribers, (number)stats->dependents, (number)stats->claims);
	buffer_format(out, "interchanges\n");
	for (uint64_t i = 0; i < shown; i++)
		put_interchange(out, &stats->interchanges[i]);
	if (shown < stats->interchange_count)
		buffer_format(out, "  and %llu more\n", (number)(stats->interchange_count - shown));
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		put_table(out, &tables[i], table_tally(stats, &tables[i]));
	buffer_format(out, "longest segment\n  %-8s %llu bytes, at byte %llu", stats->longest.id, (number)stats->longest.bytes,
		(number)stats->longest.offset);
	if (stats->longest.line > 0)
		buffer_format(out, ", line %llu", (number)stats->longest.line);
	buffer_format(out, "\ncharacters that are not basic\n  lower case %llu, control %llu, not ASCII %llu; line feeds %llu, carriage returns %llu\n",
		(number)stats->lower, (number)stats->control, (number)stats->high, (number)stats->line_feeds, (number)stats->returns);
	if (stats->refusing > 0)
		buffer_format(out, "the envelope has %llu finding%s that refuse%s, the first is %s: pccm check tells them\n",
			(number)stats->refusing, stats->refusing == 1 ? "" : "s", stats->refusing == 1 ? "s" : "", stats->first_finding);
}

/* ---- for programs ---- */

static void put_member(struct buffer *out, const char *name, const char *value)
{
	buffer_format(out, "\"%s\":", name);
	json_text(out, slice_of(value));
	buffer_char(out, ',');
}

static void put_char(struct buffer *out, const char *name, char c)
{
	buffer_format(out, "\"%s\":", name);
	if (c == '\0')
		buffer_text(out, "null");
	else
		json_text(out, (struct slice){ &c, 1 });
	buffer_char(out, ',');
}

static void put_json_interchange(struct buffer *out, const struct stats_interchange *interchange)
{
	const struct interchange_header *header = &interchange->header;
	buffer_char(out, '{');
	put_member(out, "control", header->control);
	put_member(out, "sender_qualifier", header->sender_qualifier);
	put_member(out, "sender", header->sender);
	put_member(out, "receiver_qualifier", header->receiver_qualifier);
	put_member(out, "receiver", header->receiver);
	put_member(out, "date", header->date);
	put_member(out, "time", header->time);
	put_char(out, "usage", header->usage);
	put_member(out, "version", header->version);
	put_char(out, "element_separator", header->delimiters.element);
	put_char(out, "repetition_separator", header->delimiters.repetition);
	put_char(out, "component_separator", header->delimiters.component);
	put_char(out, "segment_terminator", header->delimiters.segment);
	put_member(out, "line_ends", line_end_name(interchange->line_end));
	buffer_format(out, "\"groups\":%llu,\"sets\":%llu,\"segments\":%llu,\"bytes\":%llu,\"cut_off\":%s}", (number)interchange->groups,
		(number)interchange->sets, (number)interchange->segments, (number)interchange->bytes,
		interchange->cut_off ? "true" : "false");
}

static void put_json_table(struct buffer *out, const struct table *table, const struct tally *tally)
{
	buffer_format(out, ",\"%s\":[", table->name);
	for (size_t i = 0; i < tally->count; i++) {
		const struct tally_row *row = &tally->rows[i];
		buffer_text(out, i > 0 ? ",{" : "{");
		put_member(out, table->columns[0], row->key[0]);
		if (table->columns[1] != NULL)
			put_member(out, table->columns[1], row->key[1]);
		if (table->bytes)
			buffer_format(out, "\"bytes\":%llu,", (number)row->bytes);
		if (table->days && row->first[0] != '\0') {
			put_member(out, "first", row->first);
			put_member(out, "last", row->last);
		}
		buffer_format(out, "\"count\":%llu}", (number)row->count);
	}
	buffer_format(out, "],\"%s_others\":%llu", table->name, (number)tally->others);
}

static void put_json(struct buffer *out, struct stats *stats, const char *file)
{
	buffer_char(out, '{');
	put_member(out, "file", file);
	buffer_format(out, "\"bytes\":%llu,\"interchange_count\":%llu,\"groups\":%llu,\"sets\":%llu,\"segments\":%llu,\"acknowledgments\":%llu",
		(number)stats->bytes, (number)stats->interchange_count, (number)stats->groups, (number)stats->sets,
		(number)stats->segments, (number)stats->acknowledgments);
	buffer_format(out, ",\"members\":%llu,\"subscribers\":%llu,\"dependents\":%llu,\"claims\":%llu,\"interchanges\":[",
		(number)stats->members, (number)stats->subscribers, (number)stats->dependents, (number)stats->claims);
	for (uint64_t i = 0; i < stats->interchange_count && i < LIMIT_STATS_ROWS; i++) {
		if (i > 0)
			buffer_char(out, ',');
		put_json_interchange(out, &stats->interchanges[i]);
	}
	buffer_char(out, ']');
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		put_json_table(out, &tables[i], table_tally(stats, &tables[i]));
	buffer_text(out, ",\"longest_segment\":{");
	put_member(out, "id", stats->longest.id);
	buffer_format(out, "\"bytes\":%llu,\"offset\":%llu,\"line\":%llu},\"characters\":{\"lower_case\":%llu,\"control\":%llu,\"not_ascii\":%llu,",
		(number)stats->longest.bytes, (number)stats->longest.offset, (number)stats->longest.line, (number)stats->lower,
		(number)stats->control, (number)stats->high);
	buffer_format(out, "\"line_feeds\":%llu,\"carriage_returns\":%llu},\"envelope_findings\":%llu}\n", (number)stats->line_feeds,
		(number)stats->returns, (number)stats->refusing);
}

static int print_file(struct stats *stats, const char *path, bool json)
{
	struct failure failure = { "" };
	struct buffer out;
	if (!stats_file(stats, path, &failure)) {
		complain("%s", failure.text);
		return EXIT_FAILED;
	}
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		sort(table_tally(stats, &tables[i]));
	buffer_init(&out, 0);
	if (json)
		put_json(&out, stats, source_name(path));
	else
		put_text(&out, stats, source_name(path));
	bool printed = print_buffer(&out);
	buffer_done(&out);
	if (!printed)
		return EXIT_FAILED;
	return stats->refusing > 0 ? EXIT_FINDINGS : EXIT_CLEAN;
}

static int run(const struct arguments *arguments)
{
	static const char *const formats[] = { "text", "json", NULL };
	unsigned json;
	int status = EXIT_CLEAN;
	if (!argument_format(&json, arguments, formats, &command_stats))
		return EXIT_USAGE;
	struct stats *stats = malloc(sizeof(*stats));
	if (stats == NULL) {
		complain("could not count: out of memory");
		return EXIT_FAILED;
	}
	for (int i = 0; i < arguments->file_count; i++) {
		int one = print_file(stats, arguments->files[i], json != 0);
		status = one > status ? one : status;
	}
	free(stats);
	return status;
}

const struct command command_stats = {
	.name = "stats",
	.summary = "what is in X12 files: counts, versions, dates, characters",
	.usage = "pccm stats [--format text|json] FILE…",
	.about = "Counts interchanges, groups, sets, segments by id, members, inquiries, claims, maintenance types, coverage, dates and\n"
		 "characters. No guide is asked, so that files of any version are counted; what the envelope lacks is told.\n"
		 "Sender and receiver are printed; nothing of a person is.",
	.example = "pccm stats samples/2010-01/2009-12-22-834-full.x12",
	.options = UINT64_C(1) << OPTION_FORMAT,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
