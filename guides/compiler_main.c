/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compiler_main: the build's tool.  guide-compiler OUT.c FILES…
 *
 * FILES are guide files (.xml) and code files (.csv); code files are read first,
 * wherever they stand, because guides name code sets.  The order of the guides is
 * the order of guides_shipped.
 */
#include "guides/tables.h"

static bool has_ending(const char *path, const char *ending)
{
	size_t len = strlen(path), ending_len = strlen(ending);
	return len > ending_len && strcmp(path + len - ending_len, ending) == 0;
}

static bool compile_all(char **files, size_t count, struct guide **guides, size_t *guide_count,
			struct code_reader *reader, struct code_tables *tables, struct failure *failure)
{
	for (size_t i = 0; i < count; i++)
		if (has_ending(files[i], ".csv") && !code_reader_add(reader, files[i], failure))
			return false;
	*tables = code_reader_tables(reader);
	for (size_t i = 0; i < count; i++) {
		if (has_ending(files[i], ".csv"))
			continue;
		guides[*guide_count] = guide_compile(files[i], tables, failure);
		if (guides[*guide_count] == NULL)
			return false;
		++*guide_count;
	}
	return true;
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: guide-compiler OUT.c FILES\n");
		return 2;
	}
	struct failure failure = {""};
	struct code_reader reader = {0};
	struct code_tables tables = {0};
	size_t guide_count = 0;
	struct guide **guides = calloc((size_t)argc, sizeof(struct guide *));
	const struct guide **views = calloc((size_t)argc, sizeof(const struct guide *));
	struct buffer out;
	buffer_init(&out, 0);
	bool ok = guides != NULL && views != NULL &&
		  compile_all(argv + 2, (size_t)argc - 2, guides, &guide_count, &reader, &tables, &failure);
	if (ok) {
		for (size_t i = 0; i < guide_count; i++)
			views[i] = guides[i];
		emit_tables(&out, views, guide_count, &tables);
		ok = !out.failed && file_write_whole(argv[1], buffer_view(&out), &failure);
	}
	if (!ok)
		fprintf(stderr, "guide-compiler: %s\n", failure.text[0] == '\0' ? "no memory left" : failure.text);
	for (size_t i = 0; i < guide_count; i++)
		guide_free(guides[i]);
	buffer_done(&out);
	code_reader_done(&reader);
	free(guides);
	free(views);
	return ok ? 0 : 1;
}
