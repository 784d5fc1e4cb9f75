/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * program: a program file checked, told in words, or compared with another version of it.
 */
#include "cli/cli.h"

static int failed(const struct failure *failure)
{
	complain("%s", failure->text);
	return EXIT_FAILED;
}

/* ---- check -------------------------------------------------------------------- */

static int check_file(const char *path)
{
	static struct mistake mistakes[LIMIT_MISTAKES];
	struct failure failure = { 0 };
	uint64_t count = 0;
	if (!program_mistakes(mistakes, &count, path, &failure))
		return failed(&failure);
	for (uint64_t i = 0; i < count && i < LIMIT_MISTAKES; i++)
		printf("%s:%ld: %s\n", path, mistakes[i].line, mistakes[i].text);
	if (count == 0) {
		struct program *program = program_read(path, &failure);
		if (program == NULL)
			return failed(&failure);
		printf("%s: no mistake, %s, hash %.12s\n", path, program_id(program), program_hash(program));
		program_free(program);
		return EXIT_CLEAN;
	}
	printf("%s: %llu mistake%s\n", path, (unsigned long long)count, count == 1 ? "" : "s");
	return EXIT_FINDINGS;
}

static int check(const struct arguments *arguments)
{
	int worst = EXIT_CLEAN;
	for (int i = 1; i < arguments->file_count; i++) {
		int status = check_file(arguments->files[i]);
		worst = status > worst ? status : worst;
	}
	return worst;
}

/* ---- show ----------------------------------------------------------------------- */

struct told { /* a file's statements */
	struct arena arena;
	struct statement *items;
	size_t count;
};

static bool told_read(struct told *told, const char *path, struct failure *failure)
{
	arena_init(&told->arena, 0);
	told->count = 0;
	return program_statements(&told->items, &told->count, &told->arena, path, failure);
}

static void show_statements(struct buffer *out, const struct told *told)
{
	struct slice section = SLICE_NONE;
	for (size_t i = 0; i < told->count; i++) {
		const struct statement *item = &told->items[i];
		if (i == 0 || !slice_equal(item->section, section))
			buffer_format(out, "%s%.*s\n", i == 0 ? "" : "\n", SLICE_ARG(item->section));
		section = item->section;
		buffer_format(out, "  %.*s", SLICE_ARG(item->text));
		if (item->note.len > 0)
			buffer_format(out, "  (%.*s)", SLICE_ARG(item->note));
		buffer_char(out, '\n');
	}
}

static int show(const struct arguments *arguments)
{
	int status = EXIT_CLEAN;
	for (int i = 1; i < arguments->file_count && status == EXIT_CLEAN; i++) {
		struct failure failure = { 0 };
		struct told told;
		struct buffer out;
		buffer_init(&out, 0);
		if (!told_read(&told, arguments->files[i], &failure))
			status = failed(&failure);
		else
			show_statements(&out, &told);
		if (status == EXIT_CLEAN && !print_buffer(&out))
			status = EXIT_FAILED;
		arena_done(&told.arena);
		buffer_done(&out);
	}
	return status;
}

/* ---- diff -------------------------------------------------------------------------- */

static bool same(const struct statement *a, const struct statement *b)
{
	return slice_equal(a->section, b->section) && slice_equal(a->text, b->text);
}

/* How often a statement stands among the first `count`. */
static size_t times(const struct statement *items, size_t count, const struct statement *what)
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++)
		found += same(&items[i], what);
	return found;
}

/* Statement `index` of `one` is there more often than in all of `other`. */
static bool only_in(const struct told *one, size_t index, const struct told *other)
{
	return times(one->items, index + 1, &one->items[index]) > times(other->items, other->count, &one->items[index]);
}

static void diff_line(struct buffer *out, struct slice *section, const char *path, char sign, const struct statement *item)
{
	if (!slice_equal(*section, item->section))
		buffer_format(out, "%.*s\n", SLICE_ARG(item->section));
	*section = item->section;
	buffer_format(out, "  %c %.*s  (%s:%ld)\n", sign, SLICE_ARG(item->text), path, item->line);
}

/* Does the section stand there from statement `first` on? */
static bool section_of(const struct told *told, size_t first, struct slice section)
{
	for (size_t i = first; i < told->count; i++)
		if (slice_equal(told->items[i].section, section))
			return true;
	return false;
}

static size_t diff_statements(struct buffer *out, const struct told *old, const struct told *new, char *const paths[2])
{
	struct slice section = SLICE_NONE;
	size_t differences = 0;
	for (size_t i = 0; i < old->count; i++) {
		if (only_in(old, i, new)) {
			diff_line(out, &section, paths[0], '-', &old->items[i]);
			differences++;
		}
		bool last = !section_of(old, i + 1, old->items[i].section);
		for (size_t j = 0; last && j < new->count; j++)
			if (slice_equal(new->items[j].section, old->items[i].section) && only_in(new, j, old)) {
				diff_line(out, &section, paths[1], '+', &new->items[j]);
				differences++;
			}
	}
	for (size_t j = 0; j < new->count; j++)
		if (!section_of(old, 0, new->items[j].section)) {
			diff_line(out, &section, paths[1], '+', &new->items[j]);
			differences++;
		}
	return differences;
}

static int diff(const struct arguments *arguments)
{
	struct failure failure = { 0 };
	struct told old, new;
	struct buffer out;
	int status = EXIT_CLEAN;
	if (arguments->file_count != 3)
		return usage_error(&command_program, "program diff: expected two program files, the older one first");
	buffer_init(&out, 0);
	bool done = told_read(&old, arguments->files[1], &failure);
	if (!told_read(&new, arguments->files[2], &failure) || !done) {
		status = failed(&failure);
	} else if (diff_statements(&out, &old, &new, arguments->files + 1) > 0) {
		status = EXIT_FINDINGS;
	}
	if (status == EXIT_FINDINGS && !print_buffer(&out))
		status = EXIT_FAILED;
	arena_done(&old.arena);
	arena_done(&new.arena);
	buffer_done(&out);
	return status;
}

static int run(const struct arguments *arguments)
{
	const char *what = arguments->files[0];
	if (strcmp(what, "check") == 0)
		return check(arguments);
	if (strcmp(what, "show") == 0)
		return show(arguments);
	if (strcmp(what, "diff") == 0)
		return diff(arguments);
	return usage_error(&command_program, "program %s: expected check, show or diff", what);
}

const struct command command_program = {
	.name = "program",
	.summary = "a program file checked, told in words, or compared with another version",
	.usage = "pccm program check FILE… | pccm program show FILE… | pccm program diff OLD NEW",
	.about = "check: every mistake of a program file, each with its line, what is wrong and what would be right; 1 if there is one.\n"
		 "show: what the file says, statement by statement, with the requirement behind it and whether it is confirmed.\n"
		 "diff: the statements that only one of two files makes, with their dates and lines; 1 if there are any.",
	.example = "pccm program check rules/husky-primary-care.xml",
	.operand = "check, show or diff, and program files",
	.files_min = 2,
	.files_max = -1,
	.run = run,
};
