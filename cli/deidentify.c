/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * deidentify: X12 files with the same people invented.
 */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_LEAST 16
#define KEY_MOST 4096

/* The key from its file, or a new one; false when a sentence was said. */
static bool read_key(struct slice *key, unsigned char bytes[KEY_MOST + 1], const char *path)
{
	if (path == NULL) {
		*key = (struct slice){ (char *)bytes, 32 };
		if (getrandom(bytes, 32, 0) == 32)
			return true;
		complain("could not make a key: %s", strerror(errno));
		return false;
	}
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, bytes, KEY_MOST + 1);
	if (len < 0 || fstat(fd, &status) != 0)
		complain("could not read the key %s: %s; head -c 32 /dev/urandom makes one", path, strerror(errno));
	else if (len < KEY_LEAST || len > KEY_MOST)
		complain("the key %s: found %zd bytes, expected %d to %d; head -c 32 /dev/urandom makes one", path, len, KEY_LEAST, KEY_MOST);
	else if ((status.st_mode & 077) != 0)
		complain("the key %s: others may read it (mode %03o); chmod 600 mends it", path, (unsigned)status.st_mode & 0777);
	else
		*key = (struct slice){ (char *)bytes, (size_t)len };
	if (fd >= 0)
		close(fd);
	return key->len > 0;
}

static bool read_keep(struct deidentify_wish *wish, const char *list)
{
	const char *rest = list;
	while (rest != NULL && *rest != '\0') {
		const char *comma = strchr(rest, ',');
		struct slice word = { rest, comma == NULL ? strlen(rest) : (size_t)(comma - rest) };
		rest = comma == NULL ? NULL : comma + 1;
		if (slice_is(word, "providers"))
			wish->keep_providers = true;
		else if (slice_is(word, "zips"))
			wish->keep_zips = true;
		else
			return false;
	}
	return true;
}

static int row_compare(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;
	int order = strcmp(x->key[0], y->key[0]);
	return order != 0 ? order : strcmp(x->key[1], y->key[1]);
}

static bool print_report(struct deidentify_report *report, bool json, bool keyed)
{
	struct buffer out;
	struct tally *touched = &report->touched;
	qsort(touched->rows, touched->count, sizeof(touched->rows[0]), row_compare);
	buffer_init(&out, 0);
	if (json)
		buffer_format(&out, "{\"files\":%llu,\"units\":%llu,\"segments\":%llu,\"repeatable\":%s,\"treated\":[", (unsigned long long)report->files,
			(unsigned long long)report->units, (unsigned long long)report->segments, keyed ? "true" : "false");
	else
		buffer_format(&out, "files %llu, members, subscribers and claims %llu, segments %llu\n", (unsigned long long)report->files,
			(unsigned long long)report->units, (unsigned long long)report->segments);
	for (size_t i = 0; i < touched->count; i++) {
		const struct tally_row *row = &touched->rows[i];
		if (json)
			buffer_format(&out, "%s{\"element\":\"%s\",\"treatment\":\"%s\",\"count\":%llu}", i > 0 ? "," : "", row->key[0], row->key[1],
				(unsigned long long)row->count);
		else
			buffer_format(&out, "  %-14s %-26s %12llu\n", row->key[0], row->key[1], (unsigned long long)row->count);
	}
	if (json)
		buffer_format(&out, "],\"others\":%llu}\n", (unsigned long long)touched->others);
	else if (touched->others > 0)
		buffer_format(&out, "  %-41s %12llu\n", "(others)", (unsigned long long)touched->others);
	if (!json && !keyed)
		buffer_text(&out, "the key was made for this run and is gone: the same people cannot be invented again\n");
	bool printed = print_buffer(&out);
	buffer_done(&out);
	return printed;
}

static int treat(const struct arguments *arguments, const struct deidentify_wish *wish, bool json)
{
	struct failure failure = { "" };
	struct deidentify_report *report = malloc(sizeof(*report));
	int status = EXIT_FAILED;
	if (report == NULL) {
		complain("could not begin: out of memory");
		return EXIT_FAILED;
	}
	if (!deidentify_files(arguments->files, arguments->file_count, wish, report, &failure)) {
		complain("%s; %s", failure.text, report->files == 0 ? "nothing was written" : "the files before it were written");
	} else if (report->refused != NULL) {
		complain("%s: %s; %s", source_name(report->refused), report->refusal.text,
			report->files == 0 ? "nothing was written" : "it and the files behind it were not written");
		status = EXIT_FINDINGS;
	} else if (arguments->values[OPTION_QUIET] != NULL || print_report(report, json, arguments->values[OPTION_KEY] != NULL)) {
		status = EXIT_CLEAN;
	}
	free(report);
	return status;
}

static int run(const struct arguments *arguments)
{
	static unsigned char bytes[KEY_MOST + 1];
	struct deidentify_wish wish = { .out = arguments->values[OPTION_OUT], .asof = DAYS_NONE };
	static const char *const formats[] = { "text", "json", NULL };
	unsigned json;
	if (wish.out == NULL)
		return usage_error(&command_deidentify, "pccm deidentify needs --out");
	if (!argument_format(&json, arguments, formats, &command_deidentify))
		return EXIT_USAGE;
	if (!read_keep(&wish, arguments->values[OPTION_KEEP]))
		return usage_error(&command_deidentify, "--keep %s: expected providers, zips or both with a comma between", arguments->values[OPTION_KEEP]);
	if (!argument_day(&wish.asof, arguments, OPTION_DATE, &command_deidentify))
		return EXIT_USAGE;
	for (int i = 0; i < arguments->file_count; i++)
		if (strcmp(arguments->files[i], "-") == 0)
			return usage_error(&command_deidentify, "files are read twice: standard input cannot be one of them");
	if (!read_key(&wish.secret, bytes, arguments->values[OPTION_KEY]))
		return EXIT_FAILED;
	int status = treat(arguments, &wish, json != 0);
	explicit_bzero(bytes, sizeof(bytes));
	return status;
}

const struct command command_deidentify = {
	.name = "deidentify",
	.summary = "X12 files with the same people invented, and a report of what was touched",
	.usage = "pccm deidentify --out DIR [--key FILE] [--keep providers,zips] [--date DAY] [--format text|json] [--quiet] FILE…",
	.about = "Writes each file into DIR with names, ids, addresses, phones, dates and texts invented: the same person is the same\n"
		 "invented one in every file, families stay together, all dates of a family move by the same number of days, codes\n"
		 "and amounts stay. The key is the secret; give all files of one exchange in one command. See docs/security.md.",
	.example = "pccm deidentify --out build/invented samples/2010-01/2009-12-22-834-full.x12 samples/2010-01/2010-01-12-270.x12",
	.options = UINT64_C(1) << OPTION_OUT | UINT64_C(1) << OPTION_KEY | UINT64_C(1) << OPTION_KEEP | UINT64_C(1) << OPTION_DATE | UINT64_C(1) << OPTION_FORMAT | UINT64_C(1) << OPTION_QUIET,
	.files_min = 1,
	.files_max = -1,
	.run = run,
};
