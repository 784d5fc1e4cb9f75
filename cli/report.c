/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * report: findings on standard output, as text, JSON lines or one SARIF log, written in
 * large pieces as they are known; and the counts that stay true when not all are printed.
 *
 * As text, a mistake that a program makes in each of a million members is told REPORT_ALIKE
 * times and counted from there on: findings are alike if they are of one kind at one place
 * of the guide.  For programs nothing is left out unless they ask for it.
 */
#include "cli/progress.h"
#include "cli/report.h"

#include <errno.h>

#define FLUSH_BYTES (64 * 1024)

/* ---- what is alike ---------------------------------------------------------------------- */

static uint64_t place_key(const struct finding *finding)
{
	const char *parts[] = { finding->rule, finding->guide, finding->loop, finding->segment_id };
	const uint16_t numbers[] = { (uint16_t)finding->code, finding->place.element, finding->place.component };
	uint64_t key = 0;
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		key = hash64(key, parts[i] == NULL ? "" : parts[i], parts[i] == NULL ? 1 : strlen(parts[i]) + 1);
	key = hash64(key, numbers, sizeof(numbers));
	return key == 0 ? 1 : key;
}

/* Is it one of the first that are alike?  Places past the table are all told. */
static bool is_new(struct report *report, const struct finding *finding)
{
	uint64_t key = place_key(finding);
	for (size_t at = key % REPORT_PLACES;; at = (at + 1) % REPORT_PLACES) {
		struct report_alike *alike = &report->alike[at];
		if (alike->key == key)
			return ++alike->count <= REPORT_ALIKE;
		if (alike->key != 0)
			continue;
		if (report->alike_count >= REPORT_PLACES / 4 * 3)
			return true;
		report->alike_count++;
		*alike = (struct report_alike){ key, 1 };
		return true;
	}
}

/* ---- printing --------------------------------------------------------------------------------- */

static bool write_out(struct report *report, struct failure *failure)
{
	struct buffer *out = &report->out;
	if (out->failed)
		return failure_set(failure, "could not print the findings: out of memory");
	if (out->len == 0)
		return true;
	progress_clear();
	bool done = fwrite(out->ptr, 1, out->len, stdout) == out->len && (!report->terminal || fflush(stdout) == 0);
	buffer_reset(out);
	return done || failure_set(failure, "could not write to standard output: %s", strerror(errno));
}

bool report_flush(struct report *report, struct failure *failure)
{
	return (report->out.len < FLUSH_BYTES && !report->terminal && !report->out.failed) || write_out(report, failure);
}

static bool finish(struct report *report)
{
	struct failure failure = { "" };
	bool done = write_out(report, &failure);
	if (!done)
		complain("%s", failure.text);
	return done;
}

static void print(struct report *report, const struct finding *finding)
{
	struct buffer *out = &report->out;
	const char *file = report->file.file;
	switch (report->format) {
	case REPORT_TEXT:
		if (report->colours)
			finding_put_colours(out, finding, file, report->show_values);
		else
			finding_put_text(out, finding, file, report->show_values);
		break;
	case REPORT_JSON:
		finding_put_json(out, finding, file, report->show_values);
		buffer_char(out, '\n');
		break;
	case REPORT_SARIF:
		sarif_finding(out, finding, file, report->show_values, report->printed == 0);
		break;
	}
	report->printed++;
}

static void tell(struct report *report, const struct finding *finding)
{
	bool wanted = report->printed < report->limit;
	if (wanted && report->format == REPORT_TEXT && !report->all_alike)
		wanted = is_new(report, finding);
	outcome_finding(&report->file, finding, wanted);
	if (wanted)
		print(report, finding);
}

void report_findings(struct report *report, const struct findings *findings)
{
	outcome_findings(&report->file, findings);
	for (size_t i = 0; i < findings->count; i++)
		tell(report, &findings->items[i]);
	progress_findings(report->all.errors + report->all.notes + report->file.errors + report->file.notes);
}

void report_stray(struct report *report, const struct finding *finding)
{
	struct outcome *outcome = &report->file;
	bool refuses = finding->severity == SEVERITY_REFUSE;
	outcome->errors += refuses;
	outcome->notes += !refuses;
	outcome->found[finding->code]++;
	outcome->levels[finding_level(finding)]++;
	outcome->refused = outcome->refused || refuses;
	tell(report, finding);
}

/* ---- files -------------------------------------------------------------------------------------- */

void report_begin(struct report *report)
{
	buffer_init(&report->out, 0);
	report->began = clock_ticks();
	if (report->format == REPORT_SARIF)
		sarif_begin(&report->out, PCCM_VERSION);
}

void report_file(struct report *report, const char *file)
{
	report->file = (struct outcome){ .file = file };
	report->file_began = clock_ticks();
	if (report->alike_count > 0)
		memset(report->alike, 0, sizeof(report->alike));
	report->alike_count = 0;
}

static void put_summary(struct report *report, const struct outcome *outcome, uint64_t began)
{
	if (report->format == REPORT_JSON) {
		outcome_put_json(&report->out, outcome);
		buffer_char(&report->out, '\n');
	} else if (report->format == REPORT_TEXT && !report->quiet) {
		outcome_put_text(&report->out, outcome, report->terminal ? clock_ticks() - began : 0);
	}
}

bool report_file_end(struct report *report, bool failed)
{
	if (failed && !report->file.stopped) {
		report->all.files_failed++; /* what was found in it before stays printed, and is no verdict */
	} else {
		put_summary(report, &report->file, report->file_began);
		outcome_add(&report->all, &report->file);
	}
	return finish(report);
}

bool report_end(struct report *report)
{
	if (report->format == REPORT_JSON || report->all.files + report->all.files_failed > 1)
		put_summary(report, &report->all, report->began);
	if (report->format == REPORT_SARIF) {
		struct buffer summary;
		buffer_init(&summary, 0);
		outcome_put_json(&summary, &report->all);
		sarif_end(&report->out, report->all.files_failed == 0 && !report->all.stopped, buffer_view(&summary));
		report->out.failed = report->out.failed || summary.failed;
		buffer_done(&summary);
	}
	return finish(report);
}

void report_done(struct report *report)
{
	buffer_done(&report->out);
}
