/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * codesets: code sets that somebody brings along, in place of shipped ones and beside
 * them.  The shipped sets keep their places, because guides name sets by index; what
 * is replaced is replaced whole, and new sets come behind.
 */
#include "guides/tables.h"

#include <dirent.h>
#include <errno.h>

struct code_sets *code_sets_new(void)
{
	return calloc(1, sizeof(struct code_sets));
}

void code_sets_free(struct code_sets *sets)
{
	if (sets == NULL)
		return;
	code_reader_done(&sets->brought);
	code_reader_done(&sets->all);
	free(sets);
}

/* The newest brought set of this name; GUIDE_NONE: none was brought. */
static uint16_t brought_find(const struct code_reader *brought, struct slice name)
{
	for (size_t i = brought->set_count; i-- > 0;)
		if (slice_is(name, brought->pool.bytes + brought->sets[i].name))
			return (uint16_t)i;
	return GUIDE_NONE;
}

bool code_sets_file(struct code_sets *sets, struct slice name, const char *path, struct failure *failure)
{
	struct code_reader *brought = &sets->brought;
	size_t count = brought->set_count;
	if (count >= LIMIT_CODE_SETS)
		return failure_set(failure, "%s: more than %d code sets", path, LIMIT_CODE_SETS);
	if (!code_reader_add(brought, path, failure))
		return false;
	if (brought->set_count == count)
		return failure_set(failure, "%s:1: expected the head line code,start,end", path);
	bool failed = false;
	brought->sets[count].name = pool_add(&brought->pool, name, &failed);
	return !failed || failure_set(failure, "%s: no memory left for it", path);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* The name of a set's file without its ending; none: it is no file of codes. */
static struct slice set_name(const char *file)
{
	size_t len = strlen(file);
	if (file[0] == '.' || len < 5 || strcmp(file + len - 4, ".csv") != 0 || strcmp(file, "labels.csv") == 0)
		return SLICE_NONE;
	return (struct slice){file, len - 4};
}

bool code_sets_folder(struct code_sets *sets, const char *folder, struct failure *failure)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, by_name);
	if (count < 0)
		return failure_set(failure, "%s: %s", folder, strerror(errno));
	bool ok = true;
	size_t files = 0;
	for (int i = 0; i < count; i++) {
		struct slice name = set_name(entries[i]->d_name);
		struct buffer path;
		buffer_init(&path, 0);
		buffer_format(&path, "%s/%s", folder, entries[i]->d_name);
		buffer_char(&path, '\0');
		if (ok && path.failed)
			ok = failure_set(failure, "%s: no memory left for it", folder);
		if (ok && name.len > 0 && codeset_of(&code_tables_shipped, name) == GUIDE_NONE)
			ok = failure_set(failure, "%s: there is no code set \"%.*s\" to be replaced; the sets are the files of guides/codes",
					 path.ptr, SLICE_ARG(name));
		if (ok && name.len > 0) {
			ok = code_sets_file(sets, name, path.ptr, failure);
			files++;
		}
		buffer_done(&path);
		free(entries[i]);
	}
	free(entries);
	if (ok && files == 0)
		ok = failure_set(failure, "%s: holds no code sets, expected files such as states.csv", folder);
	return ok;
}

/* A set of one pool into another. */
static bool set_copy(struct code_reader *to, const struct code_tables *from, uint16_t index)
{
	const struct codeset *set = &from->sets[index];
	bool failed = false;
	struct codeset copy = {.first = (uint32_t)to->code_count, .count = set->count};
	copy.name = pool_add(&to->pool, slice_of(from->texts + set->name), &failed);
	void *items = to->sets;
	if (!array_grow(&items, &to->set_size, to->set_count, sizeof(copy)))
		return false;
	to->sets = items;
	to->sets[to->set_count++] = copy;
	for (uint32_t i = 0; i < set->count && !failed; i++) {
		struct dated_code code = from->codes[set->first + i];
		code.code = pool_add(&to->pool, slice_of(from->texts + code.code), &failed);
		items = to->codes;
		if (!array_grow(&items, &to->code_size, to->code_count, sizeof(code)))
			return false;
		to->codes = items;
		to->codes[to->code_count++] = code;
	}
	return !failed;
}

const struct code_tables *code_sets_tables(struct code_sets *sets, struct failure *failure)
{
	struct code_reader *brought = &sets->brought, *all = &sets->all;
	const struct code_tables *shipped = &code_tables_shipped;
	code_reader_done(all);
	code_reader_sort(brought);
	struct code_tables from = code_reader_view(brought);
	bool ok = true;
	for (size_t i = 0; ok && i < shipped->set_count; i++) {
		uint16_t at = brought_find(brought, slice_of(shipped->texts + shipped->sets[i].name));
		ok = at == GUIDE_NONE ? set_copy(all, shipped, (uint16_t)i) : set_copy(all, &from, at);
	}
	for (uint16_t i = 0; ok && i < from.set_count; i++) {
		struct slice name = slice_of(from.texts + from.sets[i].name);
		if (codeset_of(shipped, name) == GUIDE_NONE && brought_find(brought, name) == i)
			ok = set_copy(all, &from, i);
	}
	if (!ok) {
		failure_set(failure, "code sets: no memory left for them");
		return NULL;
	}
	sets->tables = code_reader_view(all);
	return &sets->tables;
}
