/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * cli: one command = one file = one row of the table in main.c.  Only here does the
 * program print or exit.
 */
#ifndef PCCM_CLI_H
#define PCCM_CLI_H

#include "exchange/exchange.h"

/* Exit statuses: design of the commands. */
enum exit_status { EXIT_CLEAN = 0, EXIT_FINDINGS = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

/* Every option of the program, once; a command names those that it takes. */
enum option {
	OPTION_STORE, OPTION_PROGRAM, OPTION_DATE, OPTION_MONTH, OPTION_CYCLE, OPTION_IN, OPTION_OUT, OPTION_FORMAT, OPTION_MAX_ERRORS,
	OPTION_LEVEL, OPTION_PARTNER, OPTION_CODES,
	OPTION_TA1, OPTION_999, OPTION_SHOW_VALUES, OPTION_MEMBERS, OPTION_MONTHS, OPTION_SEED, OPTION_JOBS, OPTION_NO_PROGRESS, OPTION_QUIET,
	OPTION_BY, OPTION_NAME, OPTION_CONTROL, OPTION_KEY, OPTION_KEEP, OPTION_ACK, OPTION_TOGETHER, OPTION_TERSE, OPTION_LINE_ENDS, OPTION_RECEIVED, OPTION_CHANNEL,
	OPTION_ESTABLISHED, OPTION_CAUSE, OPTION_ACCEPT_THRESHOLDS, OPTION_AS_OF,
	OPTION_COMPARE, OPTION_STAGE, OPTION_STAGED, OPTION_LOOK, OPTION_COMMIT, OPTION_DISCARD, OPTION_FROM, OPTION_TO, OPTION_EFFECTIVE,
	OPTION_APPLY, OPTION_DRY_RUN, OPTION_AGAINST, OPTION_HELP,
	OPTIONS
};
struct arguments {
	const char *values[OPTIONS]; /* NULL: not given; "" for an option without a value */
	char **files;                /* what is not an option */
	int file_count;
};
struct command {
	const char *name;
	const char *summary;         /* one line for `pccm --help` */
	const char *usage;           /* "pccm check [options] FILE…" */
	const char *about;           /* a paragraph for --help */
	const char *example;         /* a command line that works after `make demo` */
	uint64_t options;            /* bits 1 << OPTION_… */
	const char *operand;         /* what stands behind the options; NULL: files */
	int files_min, files_max;    /* -1: any number */
	int (*run)(const struct arguments *arguments);
};
extern const struct command command_program, command_cycle, command_receivables, command_bank, command_reconcile, command_tmsis;
extern const struct command command_check, command_show, command_build, command_load, command_providers, command_attributes, command_assign, command_remit,
	command_roster, command_answer, command_explain, command_run, command_sample, command_stats, command_split, command_diff,
	command_deidentify, command_visits, command_requests, command_enroll, command_member, command_store, command_notices, command_worklist, command_transfer;

/* One sentence to standard error: "pccm: …". */
void complain(const char *format, ...) PRINTF_LIKE(1, 2);
/* complain, then where the help is; gives EXIT_USAGE. */
int usage_error(const struct command *command, const char *format, ...) PRINTF_LIKE(2, 3);
/* Values of common options; false after usage_error was said. */
bool argument_day(days *out, const struct arguments *arguments, enum option option, const struct command *command);   /* YYYY-MM-DD */
bool argument_month(months *out, const struct arguments *arguments, enum option option, const struct command *command); /* YYYY-MM */
bool argument_number(uint64_t *out, const struct arguments *arguments, enum option option, const struct command *command, uint64_t least, uint64_t most);
/* Which of the choices (up to a NULL) --format names; the first if it is not given. */
bool argument_format(unsigned *out, const struct arguments *arguments, const char *const *choices, const struct command *command);
/* How many threads --jobs asks for; not given: one for each processor. */
#define JOBS_MOST 64
bool argument_jobs(unsigned *out, const struct arguments *arguments, const struct command *command);
/* Is the file that the option names none of those that are read, nor the other output's (NULL: there is none)? */
bool argument_apart(const struct arguments *arguments, enum option option, const char *other, const struct command *command);
/* The acknowledgments that --ta1, --999 and --ack ask for, over all interchanges of a command (ack_files.c). */
#define ACK_FILES 3
struct ack_files {
	const struct arguments *arguments;
	struct acks acks;              /* of the open interchange: acks_group, acks_set, acks_group_end */
	struct pile piles[ACK_FILES];  /* by enum acks_document */
	uint64_t last;                 /* the newest control number */
};
void ack_files_init(struct ack_files *files, const struct arguments *arguments);
void ack_files_begin(struct ack_files *files, const struct interchange_header *heard);
bool ack_files_end(struct ack_files *files, const struct interchange_verdict *verdict, struct failure *failure) WARN_UNUSED;
bool ack_files_write(struct ack_files *files); /* false: after a complaint */
void ack_files_done(struct ack_files *files);
/* The partner file and the code sets that were asked for; *out NULL: neither was.  False after a complaint. */
bool argument_partner(struct partner **out, const struct arguments *arguments);
/* A finding to standard error. */
void complain_finding(const struct finding *finding, const char *file, bool show_values);
/* Print a whole buffer to standard output; false (and a complaint) if that failed. */
bool print_buffer(const struct buffer *buffer);
/* Print and empty the buffer once it holds so many bytes: output in pieces. */
bool print_when(struct buffer *buffer, size_t bytes, struct failure *failure) WARN_UNUSED;

#endif
