/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * outcome: what a file, or all files, came to: counts that stay true however few findings
 * are kept or printed, as text for people and as JSON.
 *
 * Holds: errors + notes is the sum of `found` and of `levels`; printed[code] <= found[code].
 */
#include "cli/report.h"

#define TOP_KINDS 10
#define NAME_COLUMNS 24 /* most names are shorter; none is cut */
#define FEW 5 /* findings that nobody needs counted by kind */
#define LINE_END_BYTES 2 /* around an interchange: nothing to tell */

/* ---- counting ------------------------------------------------------------------------- */

void outcome_findings(struct outcome *outcome, const struct findings *findings)
{
	if (findings->total == 0)
		return;
	outcome->errors += findings->refusing;
	outcome->notes += findings->total - findings->refusing;
	for (int code = 0; code < FINDING_CODES && findings->by_code != NULL; code++)
		outcome->found[code] += findings->by_code[code];
	for (int level = 0; level < FINDING_LEVELS; level++)
		outcome->levels[level] += findings->by_level[level];
	outcome->refused = outcome->refused || findings_refuse(findings);
}

static void first_set(struct outcome_first *first, const char *file, const struct finding *finding)
{
	if (first->file != NULL)
		return;
	first->file = file;
	first->place = finding->place;
	slice_copy(first->segment_id, sizeof(first->segment_id), slice_of(finding->segment_id));
}

void outcome_finding(struct outcome *outcome, const struct finding *finding, bool printed)
{
	first_set(&outcome->first[finding->code], outcome->file, finding);
	outcome->printed[finding->code] += printed;
}

void outcome_add(struct outcome *all, const struct outcome *one)
{
	all->files++;
	all->files_refused += one->refused;
	all->interchanges += one->interchanges;
	all->groups += one->groups;
	all->sets += one->sets;
	all->sets_accepted += one->sets_accepted;
	all->segments += one->segments;
	reckoning_add(&all->units_reckoned, &one->units_reckoned);
	reckoning_add(&all->segments_reckoned, &one->segments_reckoned);
	all->bytes += one->bytes;
	all->bytes_outside += one->bytes_outside;
	all->errors += one->errors;
	all->notes += one->notes;
	all->refused = all->refused || one->refused;
	all->stopped = all->stopped || one->stopped;
	for (int level = 0; level < FINDING_LEVELS; level++)
		all->levels[level] += one->levels[level];
	for (int code = 0; code < FINDING_CODES; code++) {
		all->found[code] += one->found[code];
		all->printed[code] += one->printed[code];
		if (all->first[code].file == NULL)
			all->first[code] = one->first[code];
	}
}

/* ---- for people ------------------------------------------------------------------------- */

/* "1,234,567" */
static void put_count(struct buffer *out, uint64_t number)
{
	char digits[32];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buffer_char(out, ',');
		buffer_char(out, digits[i]);
	}
}

/* "3 notes": the names here make their plural with an s */
static void put_counted(struct buffer *out, const char *before, uint64_t number, const char *name)
{
	buffer_text(out, before);
	put_count(out, number);
	buffer_char(out, ' ');
	buffer_text(out, name);
	buffer_text(out, number == 1 ? "" : "s");
}

static void put_verdict(struct buffer *out, const struct outcome *outcome)
{
	if (outcome->file != NULL)
		text_put_printable(out, slice_of(outcome->file));
	else
		put_counted(out, "", outcome->files + outcome->files_failed, "file");
	buffer_format(out, ": %s", outcome->stopped ? "STOPPED" : outcome->refused ? "REFUSED" : "accepted");
	if (outcome->file == NULL && outcome->refused) {
		buffer_text(out, " ");
		put_count(out, outcome->files_refused);
	}
	if (outcome->file == NULL && outcome->files_failed > 0) {
		buffer_text(out, ", not read ");
		put_count(out, outcome->files_failed);
	}
	put_counted(out, ": ", outcome->interchanges, "interchange");
	put_counted(out, ", ", outcome->groups, "group");
	buffer_text(out, ", ");
	put_count(out, outcome->sets_accepted);
	buffer_text(out, " of ");
	put_count(out, outcome->sets);
	buffer_text(out, " transaction sets accepted");
	put_counted(out, ", ", outcome->errors, severity_label(SEVERITY_REFUSE));
	put_counted(out, ", ", outcome->notes, severity_label(SEVERITY_NOTE));
	buffer_char(out, '\n');
}

static void put_size(struct buffer *out, const struct outcome *outcome, uint64_t nanoseconds)
{
	put_counted(out, "  ", outcome->segments, "segment");
	put_counted(out, ", ", outcome->bytes, "byte");
	if (outcome->bytes_outside > LINE_END_BYTES * (outcome->interchanges + 1)) {
		buffer_text(out, " (");
		put_count(out, outcome->bytes_outside);
		buffer_text(out, " outside of interchanges)");
	}
	if (nanoseconds > 0) {
		uint64_t tenths = nanoseconds / 100000000;
		buffer_format(out, ", %llu.%llu s", (unsigned long long)tenths / 10, (unsigned long long)tenths % 10);
		buffer_format(out, ", %llu MB/s", (unsigned long long)(outcome->bytes * 1000 / nanoseconds));
	}
	buffer_char(out, '\n');
}

/* "3 segments received = 2 accepted + 1 set aside + 0 refused" */
static void put_reckoning(struct buffer *out, const char *before, const struct reckoning *reckoning, const char *one, const char *many)
{
	const struct { const char *before; uint64_t count; } parts[] = {
		{ " received = ", reckoning->accepted }, { " accepted + ", reckoning->aside }, { " set aside + ", reckoning->refused },
	};
	buffer_text(out, before);
	put_count(out, reckoning->received);
	buffer_char(out, ' ');
	buffer_text(out, reckoning->received == 1 ? one : many);
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		buffer_text(out, parts[i].before);
		put_count(out, parts[i].count);
	}
	buffer_text(out, " refused\n");
}

/* Where not all is accepted. */
static void put_received(struct buffer *out, const struct outcome *outcome)
{
	const struct reckoning *units = &outcome->units_reckoned, *segments = &outcome->segments_reckoned;
	if (segments->accepted == segments->received)
		return;
	put_reckoning(out, "  ", segments, "segment", "segments");
	if (units->received > 0)
		put_reckoning(out, "  ", units, "member, subscriber or claim", "members, subscribers or claims");
}

static void put_levels(struct buffer *out, const struct outcome *outcome)
{
	const char *between = "  by SNIP level: ";
	for (unsigned level = 0; level < FINDING_LEVELS; level++) {
		if (outcome->levels[level] == 0)
			continue;
		buffer_format(out, "%s%u: ", between, level);
		put_count(out, outcome->levels[level]);
		between = ", ";
	}
	buffer_char(out, '\n');
}

static void put_first(struct buffer *out, const struct outcome *outcome, const struct outcome_first *first)
{
	if (first->file == NULL) /* none of them was kept */
		return;
	buffer_text(out, "  first at ");
	if (outcome->file == NULL) {
		text_put_printable(out, slice_of(first->file));
		buffer_char(out, ':');
	}
	if (first->place.line > 0)
		buffer_format(out, "%llu:%u", (unsigned long long)first->place.line, (unsigned)first->place.column);
	else
		buffer_format(out, "byte %llu", (unsigned long long)first->place.offset);
	if (first->segment_id[0] == '\0')
		return;
	struct finding finding = { .place = first->place };
	slice_copy(finding.segment_id, sizeof(finding.segment_id), slice_of(first->segment_id));
	buffer_char(out, ' ');
	finding_put_designator(out, &finding);
}

/* The kind that was found most often among those not `done`; of two the one that stands first in the table. */
static int next_kind(const struct outcome *outcome, const bool *done)
{
	int best = FINDING_NONE;
	for (int code = FINDING_NONE + 1; code < FINDING_CODES; code++)
		if (!done[code] && outcome->found[code] > 0 && (best == FINDING_NONE || outcome->found[code] > outcome->found[best]))
			best = code;
	return best;
}

static void put_kinds(struct buffer *out, const struct outcome *outcome)
{
	bool done[FINDING_CODES] = { false };
	uint64_t more = 0, more_kinds = 0;
	unsigned put = 0;
	for (int code = next_kind(outcome, done); code != FINDING_NONE; code = next_kind(outcome, done)) {
		done[code] = true;
		if (++put > TOP_KINDS) {
			more += outcome->found[code];
			more_kinds++;
			continue;
		}
		struct buffer count;
		buffer_init(&count, 0);
		put_count(&count, outcome->found[code]);
		buffer_format(out, "  %11.*s  ", SLICE_ARG(buffer_view(&count)));
		buffer_done(&count);
		struct slice name = slice_of(finding_kind((enum finding_code)code)->name);
		buffer_slice(out, name);
		if (name.len < NAME_COLUMNS)
			buffer_pad(out, SLICE_NONE, NAME_COLUMNS - name.len);
		put_first(out, outcome, &outcome->first[code]);
		if (outcome->printed[code] < outcome->found[code]) {
			buffer_text(out, ", ");
			put_count(out, outcome->found[code] - outcome->printed[code]);
			buffer_text(out, " not printed");
		}
		buffer_char(out, '\n');
	}
	if (more_kinds > 0) {
		put_counted(out, "  and ", more, "finding");
		put_counted(out, " of ", more_kinds, "more kind");
		buffer_char(out, '\n');
	}
}

void outcome_put_text(struct buffer *out, const struct outcome *outcome, uint64_t nanoseconds)
{
	put_verdict(out, outcome);
	put_size(out, outcome, nanoseconds);
	put_received(out, outcome);
	uint64_t found = outcome->errors + outcome->notes, printed = 0;
	for (int code = 0; code < FINDING_CODES; code++)
		printed += outcome->printed[code];
	if (found <= FEW && printed == found) /* they stand above */
		return;
	put_levels(out, outcome);
	put_kinds(out, outcome);
}

/* ---- for programs ------------------------------------------------------------------------- */

void outcome_put_json(struct buffer *out, const struct outcome *outcome)
{
	const struct reckoning *units = &outcome->units_reckoned, *segments = &outcome->segments_reckoned;
	const struct { const char *key; uint64_t value; } counts[] = {
		{ "files", outcome->file != NULL ? 1 : outcome->files }, { "interchanges", outcome->interchanges }, { "groups", outcome->groups },
		{ "sets", outcome->sets }, { "sets_accepted", outcome->sets_accepted }, { "sets_refused", outcome->sets - outcome->sets_accepted },
		{ "segments", outcome->segments }, { "bytes", outcome->bytes }, { "bytes_outside", outcome->bytes_outside },
		{ "errors", outcome->errors }, { "notes", outcome->notes },
		{ "units_received", units->received }, { "units_accepted", units->accepted }, { "units_aside", units->aside },
		{ "units_refused", units->refused }, { "segments_accepted", segments->accepted }, { "segments_aside", segments->aside },
		{ "segments_refused", segments->refused },
	};
	const char *between = "";
	buffer_format(out, "{\"summary\":\"%s\",\"file\":", outcome->file != NULL ? "file" : "all");
	if (outcome->file != NULL)
		json_text(out, slice_of(outcome->file));
	else
		buffer_text(out, "null");
	buffer_format(out, ",\"verdict\":\"%s\"", outcome->stopped ? "stopped" : outcome->refused ? "refused" : "accepted");
	for (size_t i = 0; i < COUNT_OF(counts); i++)
		buffer_format(out, ",\"%s\":%llu", counts[i].key, (unsigned long long)counts[i].value);
	buffer_text(out, ",\"found\":{");
	for (int code = FINDING_NONE + 1; code < FINDING_CODES; code++) {
		if (outcome->found[code] == 0)
			continue;
		buffer_text(out, between);
		json_text(out, slice_of(finding_kind((enum finding_code)code)->name));
		buffer_format(out, ":%llu", (unsigned long long)outcome->found[code]);
		between = ",";
	}
	buffer_text(out, "},\"levels\":{");
	between = "";
	for (unsigned level = 0; level < FINDING_LEVELS; level++) {
		if (outcome->levels[level] == 0)
			continue;
		buffer_format(out, "%s\"%u\":%llu", between, level, (unsigned long long)outcome->levels[level]);
		between = ",";
	}
	buffer_text(out, "}}");
}
