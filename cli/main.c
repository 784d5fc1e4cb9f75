/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * pccm: the program.  A table of commands, a table of options, and what they share.
 */
#include "cli/progress.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct command *const commands[] = {
	&command_run, &command_check, &command_show, &command_build, &command_stats, &command_split, &command_diff, &command_deidentify,
	&command_load, &command_providers, &command_attributes, &command_visits, &command_requests, &command_enroll, &command_member, &command_assign,
	&command_notices, &command_worklist, &command_transfer, &command_roster, &command_remit,
	&command_cycle, &command_receivables, &command_bank, &command_reconcile, &command_tmsis,
	&command_answer, &command_explain, &command_program, &command_store, &command_sample,
};

struct option_row {
	const char *name;
	const char *value; /* NULL: the option takes none */
	const char *help;
};
static const struct option_row options[OPTIONS] = {
	[OPTION_STORE] = { "--store", "URL", "the store: sqlite:PATH or postgresql://… (default: $PCCM_STORE, else sqlite:pccm.db)" },
	[OPTION_PROGRAM] = { "--program", "FILE", "the program file (default: $PCCM_PROGRAM, else rules/husky-primary-care.xml)" },
	[OPTION_DATE] = { "--date", "YYYY-MM-DD", "the day that it is (default: today)" },
	[OPTION_MONTH] = { "--month", "YYYY-MM", "the month" },
	[OPTION_CYCLE] = { "--cycle", "YYYY-MM-DD", "the day of the remittance (default: by the program's calendar)" },
	[OPTION_IN] = { "--in", "DIR", "the folder whose files are read" },
	[OPTION_OUT] = { "--out", "PATH", "where documents are written" },
	[OPTION_FORMAT] = { "--format", "FORMAT", "the form of what is printed; the usage line names the choices" },
	[OPTION_LEVEL] = { "--level", "N", "check up to this SNIP level, 1 to 7 (default: the partner's, else 5)" },
	[OPTION_PARTNER] = { "--partner", "FILE", "the partner whose files these are" },
	[OPTION_CODES] = { "--codes", "DIR", "the folder whose code sets replace those of the program" },
	[OPTION_TA1] = { "--ta1", "FILE", "write the TA1 acknowledgments here" },
	[OPTION_999] = { "--999", "FILE", "write the 999 acknowledgments here" },
	[OPTION_ACK] = { "--ack", "FILE", "write TA1 and 999 here, together in one interchange" },
	[OPTION_TOGETHER] = { "--together", NULL, "TA1 and 999 of an interchange in one file, the TA1 before the first GS" },
	[OPTION_SHOW_VALUES] = { "--show-values", NULL, "print values that may be personal" },
	[OPTION_MEMBERS] = { "--members", "N", "how many members (default: 250)" },
	[OPTION_MONTHS] = { "--months", "N", "how many months (default: 3)" },
	[OPTION_SEED] = { "--seed", "S", "the number that everything is made from (default: 2010)" },
	[OPTION_MAX_ERRORS] = { "--max-errors", "N", "print at most N findings and count the rest; 0: print all, also those that are alike" },
	[OPTION_JOBS] = { "--jobs", "N", "how many threads may work at once, 1 to 64 (default: as many as there are processors)" },
	[OPTION_NO_PROGRESS] = { "--no-progress", NULL, "draw no line that says how far reading is" },
	[OPTION_QUIET] = { "--quiet", NULL, "print nothing but what is wrong" },
	[OPTION_BY] = { "--by", "WHAT", "group, set, or a number of members or subscribers" },
	[OPTION_NAME] = { "--name", "FORM", "names of the parts, with {part} in it (default: {name}-{part}{ext})" },
	[OPTION_CONTROL] = { "--control", "N", "the interchange control number of the first part (default: the file's own)" },
	[OPTION_KEY] = { "--key", "FILE", "the secret from which people are invented (default: a new one, forgotten afterwards)" },
	[OPTION_KEEP] = { "--keep", "LIST", "what stays as it is: providers, zips" },
	[OPTION_TERSE] = { "--terse", NULL, "JSON and XML without names, labels and positions: a segment is a short line" },
	[OPTION_LINE_ENDS] = { "--line-ends", "FORM", "with --format x12, what stands behind each segment: LF, CRLF or none (default: as sent)" },
	[OPTION_RECEIVED] = { "--received", "YYYY-MM-DD", "the day on which the request came in (default: the day that it is)" },
	[OPTION_CHANNEL] = { "--channel", "WORD", "how it came: PHONE, FORM … (default: PHONE)" },
	[OPTION_ESTABLISHED] = { "--established", NULL, "the member is a patient of this PCP already" },
	[OPTION_CAUSE] = { "--cause", "TEXT", "why another PCP is wanted, where the program asks for a cause" },
	[OPTION_ACCEPT_THRESHOLDS] = { "--accept-thresholds", NULL, "release a cycle that is past a threshold of the program; that is recorded" },
	[OPTION_AS_OF] = { "--as-of", "YYYY-MM-DD", "as it was known at the end of that day (default: as it is known now)" },
	[OPTION_COMPARE] = { "--compare", NULL, "print in what a file and the store differ; nothing is changed" },
	[OPTION_STAGE] = { "--stage", NULL, "keep a file in the store and print what it would do; nothing is applied" },
	[OPTION_STAGED] = { "--staged", NULL, "list the files that were staged" },
	[OPTION_LOOK] = { "--look", "ID", "print what a staged file would do now" },
	[OPTION_COMMIT] = { "--commit", "ID", "apply a staged file, whatever it ends" },
	[OPTION_DISCARD] = { "--discard", "ID", "forget a staged file" },
	[OPTION_FROM] = { "--from", "NPI", "the PCP or practice whose panel goes over" },
	[OPTION_TO] = { "--to", "NPI[,NPI]", "the PCPs or practices to whom it goes" },
	[OPTION_EFFECTIVE] = { "--effective", "YYYY-MM-DD", "the day from which it holds" },
	[OPTION_APPLY] = { "--apply", NULL, "do it; without it, it is only told" },
	[OPTION_DRY_RUN] = { "--dry-run", NULL, "decide and tell, and keep nothing" },
	[OPTION_AGAINST] = { "--against", "FILE", "with --dry-run: tell only what this program file would decide otherwise" },
	[OPTION_HELP] = { "--help", NULL, "print this" },
};

/* ---- what commands share --------------------------------------------------------- */

static void complain_list(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));
static void complain_list(const char *format, va_list arguments)
{
	fflush(stdout);
	progress_clear();
	fputs("pccm: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
}

void complain(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	complain_list(format, arguments);
	va_end(arguments);
}

void complain_finding(const struct finding *finding, const char *file, bool show_values)
{
	struct buffer text;
	buffer_init(&text, 0);
	finding_put_text(&text, finding, file, show_values);
	fwrite(text.ptr, 1, text.len, stderr);
	buffer_done(&text);
}

int usage_error(const struct command *command, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	complain_list(format, arguments);
	va_end(arguments);
	if (command != NULL)
		fprintf(stderr, "usage: %s\nmore:  pccm %s --help\n", command->usage, command->name);
	else
		fputs("more:  pccm --help\n", stderr);
	return EXIT_USAGE;
}

bool argument_day(days *out, const struct arguments *arguments, enum option option, const struct command *command)
{
	const char *value = arguments->values[option];
	if (value == NULL || days_parse_iso(out, slice_of(value)))
		return true;
	usage_error(command, "%s %s: found no date, expected YYYY-MM-DD", options[option].name, value);
	return false;
}

bool argument_month(months *out, const struct arguments *arguments, enum option option, const struct command *command)
{
	const char *value = arguments->values[option];
	if (value == NULL || month_parse_iso(out, slice_of(value)))
		return true;
	usage_error(command, "%s %s: found no month, expected YYYY-MM", options[option].name, value);
	return false;
}

bool argument_number(uint64_t *out, const struct arguments *arguments, enum option option, const struct command *command, uint64_t least, uint64_t most)
{
	const char *value = arguments->values[option];
	if (value == NULL)
		return true;
	if (slice_number(out, slice_of(value)) && *out >= least && *out <= most)
		return true;
	usage_error(command, "%s %s: expected a number from %llu to %llu", options[option].name, value, (unsigned long long)least,
		(unsigned long long)most);
	return false;
}

bool argument_jobs(unsigned *out, const struct arguments *arguments, const struct command *command)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t jobs = processors < 1 ? 1 : processors > JOBS_MOST ? JOBS_MOST : (uint64_t)processors;
	bool right = argument_number(&jobs, arguments, OPTION_JOBS, command, 1, JOBS_MOST);
	*out = (unsigned)jobs;
	return right;
}

bool argument_format(unsigned *out, const struct arguments *arguments, const char *const *choices, const struct command *command)
{
	const char *value = arguments->values[OPTION_FORMAT];
	char expected[60] = "";
	size_t len = 0;
	*out = 0;
	for (unsigned i = 0; choices[i] != NULL; i++) {
		if (value == NULL || strcmp(value, choices[i]) == 0) {
			*out = i;
			return true;
		}
		const char *between = i == 0 ? "" : choices[i + 1] == NULL ? " or " : ", ";
		len += (size_t)snprintf(expected + len, sizeof(expected) - len, "%s%s", between, choices[i]);
		assert(len < sizeof(expected));
	}
	usage_error(command, "--format %s: expected %s", value, expected);
	return false;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;
	if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0)
		return false;
	return strcmp(a, b) == 0 || (stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

bool argument_apart(const struct arguments *arguments, enum option option, const char *other, const struct command *command)
{
	const char *path = arguments->values[option];
	if (path == NULL)
		return true;
	for (int i = 0; i < arguments->file_count; i++) {
		if (same_file(path, arguments->files[i])) {
			usage_error(command, "%s %s: would be written over the file that is read", options[option].name, path);
			return false;
		}
	}
	if (other == NULL || !same_file(path, other))
		return true;
	usage_error(command, "%s %s: two outputs cannot be one file", options[option].name, path);
	return false;
}

bool argument_partner(struct partner **out, const struct arguments *arguments)
{
	const char *path = arguments->values[OPTION_PARTNER], *codes = arguments->values[OPTION_CODES];
	struct failure failure = { "" };
	*out = NULL;
	if (path == NULL && codes == NULL)
		return true;
	*out = partner_read(path, codes, &failure);
	if (*out == NULL)
		complain("%s", failure.text);
	return *out != NULL;
}

static bool print(const struct buffer *buffer, struct failure *failure)
{
	if (buffer->failed)
		return failure_set(failure, "could not print: out of memory");
	if (buffer->len == 0 || fwrite(buffer->ptr, 1, buffer->len, stdout) == buffer->len)
		return true;
	return failure_set(failure, "could not write to standard output: %s", strerror(errno));
}

bool print_buffer(const struct buffer *buffer)
{
	struct failure failure = { "" };
	if (!print(buffer, &failure))
		complain("%s", failure.text);
	return failure.text[0] == '\0';
}

bool print_when(struct buffer *buffer, size_t bytes, struct failure *failure)
{
	if (!buffer->failed && buffer->len < bytes)
		return true;
	if (!print(buffer, failure))
		return false;
	buffer_reset(buffer);
	return true;
}

/* ---- help ---------------------------------------------------------------------------- */

static int help(void)
{
	puts("pccm " PCCM_VERSION ": Medicaid primary care case management, from 834 to 835\n\nusage: pccm COMMAND [options] [FILE…]\n");
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	puts("\npccm COMMAND --help tells more. A FILE named - is standard input.\n"
	     "Exit status: 0 clean, 1 something was refused, 2 usage, 3 failure (disk, memory, store).");
	return EXIT_CLEAN;
}

static int help_command(const struct command *command)
{
	printf("usage: %s\n\n%s\n\n", command->usage, command->about);
	for (int i = 0; i < OPTIONS; i++) {
		if ((command->options & UINT64_C(1) << i) == 0 && i != OPTION_HELP)
			continue;
		char left[40];
		snprintf(left, sizeof(left), "%s%s%s", options[i].name, options[i].value == NULL ? "" : " ", options[i].value == NULL ? "" : options[i].value);
		printf("  %-22s %s\n", left, options[i].help);
	}
	printf("\nexample: %s\n", command->example);
	return EXIT_CLEAN;
}

/* ---- reading the command line ------------------------------------------------------------ */

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(commands); i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

/* Which option is this word, and does its value stand behind an equals sign? */
static int find_option(const char *word, const char **value)
{
	const char *equals = strchr(word, '=');
	size_t len = equals == NULL ? strlen(word) : (size_t)(equals - word);
	*value = equals == NULL ? NULL : equals + 1;
	for (int i = 0; i < OPTIONS; i++)
		if (strlen(options[i].name) == len && memcmp(options[i].name, word, len) == 0)
			return i;
	return -1;
}

static int read_arguments(struct arguments *arguments, const struct command *command, int argc, char **argv)
{
	bool only_files = false;
	arguments->files = argv;
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i], *value;
		if (only_files || word[0] != '-' || word[1] == '\0') {
			argv[arguments->file_count++] = argv[i];
			continue;
		}
		if (strcmp(word, "--") == 0) {
			only_files = true;
			continue;
		}
		int option = strcmp(word, "-h") == 0 ? (value = NULL, (int)OPTION_HELP) : find_option(word, &value);
		if (option < 0 || ((command->options & UINT64_C(1) << option) == 0 && option != OPTION_HELP))
			return usage_error(command, "%s: not an option of pccm %s", word, command->name);
		if (options[option].value == NULL && value != NULL)
			return usage_error(command, "%s takes no value", options[option].name);
		if (options[option].value != NULL && value == NULL) {
			if (i + 1 == argc)
				return usage_error(command, "%s needs a value: %s", word, options[option].value);
			value = argv[++i];
		}
		arguments->values[option] = value == NULL ? "" : value;
	}
	if (arguments->values[OPTION_HELP] != NULL)
		return EXIT_CLEAN;
	if (arguments->file_count < command->files_min)
		return usage_error(command, "pccm %s needs %s", command->name, command->operand == NULL ? "a file (or - for standard input)" : command->operand);
	if (command->files_max == 0 && arguments->file_count > 0)
		return usage_error(command, "%s: pccm %s takes no files", argv[0], command->name);
	if (command->files_max > 0 && arguments->file_count > command->files_max)
		return usage_error(command, "%s: one too many", argv[command->files_max]);
	return EXIT_CLEAN;
}

/* Nobody is ever surprised by a truncated file: a write to standard output that failed is a failure. */
static int finish(int status)
{
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return status;
	if (status != EXIT_FAILED) /* else it was said */
		complain("could not write to standard output: %s", strerror(errno));
	return EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct arguments arguments = { .file_count = 0 };
	signal(SIGXFSZ, SIG_IGN); /* a file that reached its size limit is a full disk: a sentence, not a signal */
	if (argc < 2) {
		usage_error(NULL, "which command?");
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		const struct command *about = argc > 2 ? find_command(argv[2]) : NULL;
		if (argc > 2 && about == NULL)
			return usage_error(NULL, "%s: not a command", argv[2]);
		return finish(about != NULL ? help_command(about) : help());
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("pccm " PCCM_VERSION);
		return finish(EXIT_CLEAN);
	}
	const struct command *command = find_command(argv[1]);
	if (command == NULL)
		return usage_error(NULL, "%s: not a command", argv[1]);
	int status = read_arguments(&arguments, command, argc - 2, argv + 2);
	if (status != EXIT_CLEAN)
		return status;
	if (arguments.values[OPTION_HELP] != NULL)
		return finish(help_command(command));
	progress_begin();
	status = command->run(&arguments);
	progress_end();
	status = finish(status);
	progress_resignal();
	return status;
}
