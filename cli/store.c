/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * store: a store copied to another place or engine, or looked over.
 */
#include "cli/cli.h"

static bool line_print(void *data, const struct table_sum *sum)
{
	uint64_t *rows = data;
	*rows += sum->rows;
	return printf("  %-20s %12llu rows   %.32s\n", sum->table, (unsigned long long)sum->rows, sum->sum) > 0;
}

static bool end_print(const char *what, uint64_t rows)
{
	return printf("%llu rows: %s\n", (unsigned long long)rows, what) > 0 && fflush(stdout) == 0;
}

static int copy(const struct arguments *arguments, struct failure *failure)
{
	uint64_t rows = 0;
	if (arguments->file_count != 3)
		return usage_error(&command_store, "store copy: expected two stores, the one that is copied and an empty one");
	if (strcmp(arguments->files[1], arguments->files[2]) == 0)
		return usage_error(&command_store, "store copy: a store is not copied onto itself");
	struct store *from = store_open(arguments->files[1], false, failure);
	struct store *to = from == NULL ? NULL : store_open(arguments->files[2], true, failure);
	bool done = to != NULL && store_copy(from, to, line_print, &rows, failure);
	if (done && !end_print("copied, read back and the same", rows))
		done = failure_set(failure, "standard output cannot be written");
	store_close(to);
	store_close(from);
	return done ? EXIT_CLEAN : EXIT_FAILED;
}

static int verify(const struct arguments *arguments, struct failure *failure)
{
	uint64_t rows = 0;
	const char *url = arguments->file_count > 1 ? arguments->files[1] : arguments->values[OPTION_STORE];
	if (arguments->file_count > 2)
		return usage_error(&command_store, "store verify: expected one store");
	if (url == NULL)
		url = getenv("PCCM_STORE");
	struct store *store = store_open(url != NULL ? url : "sqlite:pccm.db", false, failure);
	bool done = store != NULL && store_sums(store, line_print, &rows, failure) && store_verify(store, failure);
	if (done && !end_print("the store is whole and its sums agree", rows))
		done = failure_set(failure, "standard output cannot be written");
	store_close(store);
	return done ? EXIT_CLEAN : EXIT_FAILED;
}

static int run(const struct arguments *arguments)
{
	struct failure failure = { 0 };
	int status;
	if (strcmp(arguments->files[0], "copy") == 0)
		status = copy(arguments, &failure);
	else if (strcmp(arguments->files[0], "verify") == 0)
		status = verify(arguments, &failure);
	else
		return usage_error(&command_store, "store %s: expected copy or verify", arguments->files[0]);
	if (status == EXIT_FAILED)
		complain("%s", failure.text[0] != '\0' ? failure.text : "standard output cannot be written");
	return status;
}

const struct command command_store = {
	.name = "store",
	.summary = "a store copied to another file or engine, or looked over",
	.usage = "pccm store copy FROM TO | pccm store verify [--store URL | STORE]",
	.about = "copy: all rows of the store FROM into TO, which must be empty (a file that is not there, an empty schema of a\n"
		 "database), in one transaction; each table is read back, counted and summed. Nobody writes to FROM meanwhile.\n"
		 "verify: whether the store is whole, every reference leads somewhere, and rosters, postings and payments agree.\n"
		 "Both print rows and sum of each table: the same sums are the same contents, also on another engine.",
	.example = "pccm store verify sqlite:build/demo/pccm.db",
	.options = UINT64_C(1) << OPTION_STORE,
	.operand = "copy FROM TO, or verify",
	.files_min = 1,
	.files_max = 3,
	.run = run,
};
