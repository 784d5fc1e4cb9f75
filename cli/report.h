/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * report: what `pccm check` prints: findings as they are known, then what a file and all
 * files come to.  Constant memory, whatever is found.
 */
#ifndef PCCM_CLI_REPORT_H
#define PCCM_CLI_REPORT_H

#include "cli/cli.h"

/* ---- counts of one file, or of all (outcome.c) -------------------------------------- */
struct outcome_first {     /* where a kind of finding stood first */
	const char *file;    /* as given on the command line, which outlives the outcome */
	struct place place;
	char segment_id[4];
};
struct outcome {
	const char *file;        /* NULL: all files */
	uint64_t files, files_refused, files_failed;
	uint64_t interchanges, groups, sets, sets_accepted;
	struct reckoning units_reckoned, segments_reckoned; /* of the interchanges */
	uint64_t segments, bytes, bytes_outside; /* unpacked; outside: of any interchange */
	uint64_t errors, notes;
	uint64_t levels[FINDING_LEVELS];
	uint64_t found[FINDING_CODES], printed[FINDING_CODES]; /* printed: the rest was too many, or not kept */
	struct outcome_first first[FINDING_CODES];
	bool refused, stopped;
};
/* Count what a set, group or interchange came to: kept or not. */
void outcome_findings(struct outcome *outcome, const struct findings *findings);
void outcome_finding(struct outcome *outcome, const struct finding *finding, bool printed);
void outcome_add(struct outcome *all, const struct outcome *one);
/* For people: a line that says it all, then what is worth knowing.  `nanoseconds` 0: time is not told. */
void outcome_put_text(struct buffer *out, const struct outcome *outcome, uint64_t nanoseconds);
void outcome_put_json(struct buffer *out, const struct outcome *outcome); /* one object, without a line end */

/* ---- printing (report.c) ------------------------------------------------------------ */
enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_SARIF };
#define REPORT_NO_LIMIT UINT64_MAX
#define REPORT_ALIKE 10      /* findings of one kind at one place of the guide that are printed of a file as text */
#define REPORT_PLACES 4096   /* places of guides that are told apart; a power of two */
struct report {
	enum report_format format;
	bool show_values, colours, terminal, quiet;
	uint64_t limit;          /* --max-errors: findings that are printed */
	bool all_alike;          /* text: also those past REPORT_ALIKE */
	uint64_t printed;
	struct buffer out;
	struct outcome file, all;
	uint64_t began, file_began; /* clock_ticks */
	struct report_alike { uint64_t key; uint32_t count; } alike[REPORT_PLACES];
	size_t alike_count;
};
void report_begin(struct report *report);
void report_file(struct report *report, const char *file);
void report_findings(struct report *report, const struct findings *findings);
void report_stray(struct report *report, const struct finding *finding); /* one of no set, group or interchange */
/* What a file came to; false (and a complaint) if it could not be printed.  `failed`: the file was not read to its end. */
bool report_file_end(struct report *report, bool failed) WARN_UNUSED;
bool report_end(struct report *report) WARN_UNUSED;
void report_done(struct report *report);
/* Write what waits; false if standard output does not take it.  Asked now and then, so that output is one write a 64 KiB. */
bool report_flush(struct report *report, struct failure *failure) WARN_UNUSED;

#endif
