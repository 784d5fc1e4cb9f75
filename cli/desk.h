/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PCCM_CLI_DESK_H
#define PCCM_CLI_DESK_H

#include "cli/cli.h"

/* The options that every command at the store takes; and those of a command that prints what may be personal. */
#define DESK_OPTIONS (UINT64_C(1) << OPTION_STORE | UINT64_C(1) << OPTION_PROGRAM | UINT64_C(1) << OPTION_DATE)
/* Of a command that reads partners' files. */
#define DESK_OPTIONS_READING (UINT64_C(1) << OPTION_PARTNER | UINT64_C(1) << OPTION_CODES)
#define DESK_OPTIONS_SHOWING (DESK_OPTIONS | UINT64_C(1) << OPTION_SHOW_VALUES)

/* Store and program opened, the day read: what an office needs.  EXIT_CLEAN, or the status after the complaint. */
int desk_open(struct office *office, const struct arguments *arguments, const struct command *command, bool create);
void desk_close(struct office *office);
/* Say what went wrong in a step; gives the exit status: usage or failure. */
int desk_failed(const struct office *office, const struct command *command);

/* --as-of: questions are answered as of the end of that day, which is also the day that it is unless --date says so.
 * EXIT_CLEAN, or the status after the complaint. */
int desk_as_of(struct office *office, const struct arguments *arguments, const struct command *command);
/* What remit and cycle release did, on standard output; gives the exit status. */
int desk_say_remittance(const struct remit_report *report, const char *out);

/* A command that reads CSV files into the store and counts their rows; `changed` says what a row that counts is: "new".
 * Gives the exit status. */
typedef bool (*rows_file_fn)(struct office *office, const char *path, const struct row_complaint *sink, struct row_report *report);
int desk_read_rows(const struct arguments *arguments, const struct command *command, bool create, rows_file_fn file, const char *changed);

/* Findings and complaints about rows, on standard error as they are known. */
extern const struct finding_sink desk_findings; /* hides values unless --show-values was given */
extern const struct row_complaint desk_rows;

#endif
