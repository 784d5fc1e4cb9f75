/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rows.h"
#include "tests/unit/unit.h"

#include <CUnit/TestRun.h>

#define ROWS_MAX 1200
#define GROUPS_MAX 160

struct group {
	char title[200];
	size_t first, count;
};
static struct row rows[ROWS_MAX];
static size_t row_count;
static struct group groups[GROUPS_MAX];
static size_t group_count, group_next;
static row_fn handler;
static struct arena texts;
static bool rows_lost; /* a row found no place: nothing may pass unseen */

static void group_run(void)
{
	const struct group *group = &groups[group_next++];
	for (size_t i = 0; i < group->count; i++)
		handler(&rows[group->first + i]);
	handler(NULL);
	CU_ASSERT(group->count > 0); /* a title without rows shows nothing */
}

static void row_add(const char *file, unsigned line, struct slice text)
{
	rows_lost = rows_lost || row_count == ROWS_MAX || group_count == 0;
	if (rows_lost)
		return;
	struct row *row = &rows[row_count++];
	*row = (struct row){ .file = file, .line = line };
	struct slice kept = arena_slice(&texts, text);
	for (size_t i = 0; i < kept.len; i++) {
		if (kept.ptr[i] != '|')
			continue;
		row->expected = slice_trim((struct slice){ kept.ptr + i + 1, kept.len - i - 1 });
		kept.len = i;
	}
	row->facts = kept;
	row->verb = slice_word(&row->facts);
	groups[group_count - 1].count++;
}

static bool file_load(const char *file)
{
	FILE *in = fopen(file, "rb");
	char buffer[2048];
	unsigned line = 0;
	if (in == NULL)
		return false;
	while (fgets(buffer, sizeof(buffer), in) != NULL) {
		struct slice text = slice_trim(slice_of(buffer));
		line++;
		if (text.len == 0 || text.ptr[0] == '#')
			continue;
		if (text.ptr[0] != '=') {
			row_add(file, line, text);
			continue;
		}
		if (group_count == GROUPS_MAX) {
			rows_lost = true;
			break;
		}
		struct group *group = &groups[group_count++];
		slice_copy(
			group->title, sizeof(group->title), slice_trim((struct slice){ text.ptr + 1, text.len - 1 }));
		group->first = row_count;
	}
	fclose(in);
	return true;
}

int rows_run(const char *suite, const char *const *files, size_t file_count, row_fn fn)
{
	static struct unit_case cases[GROUPS_MAX];
	handler = fn;
	arena_init(&texts, 0);
	for (size_t i = 0; i < file_count; i++)
		if (!file_load(files[i])) {
			printf("not ok %s: %s could not be opened\n", suite, files[i]);
			return 1;
		}
	if (rows_lost) {
		printf("not ok %s: more rows than ROWS_MAX, or groups than GROUPS_MAX\n", suite);
		return 1;
	}
	for (size_t i = 0; i < group_count; i++)
		cases[i] = (struct unit_case){ groups[i].title, group_run };
	int status = unit_run(suite, cases, (unsigned)group_count);
	arena_done(&texts);
	return status;
}

bool row_value(struct slice *out, const struct row *row, const char *key, size_t nth)
{
	struct slice rest = row->facts;
	size_t len = strlen(key);
	for (struct slice word = slice_word(&rest); word.len > 0; word = slice_word(&rest)) {
		if (word.len <= len || word.ptr[len] != '=' || memcmp(word.ptr, key, len) != 0 || nth-- != 0)
			continue;
		struct slice value = arena_slice(&texts, (struct slice){ word.ptr + len + 1, word.len - len - 1 });
		char *bytes = arena_alloc(&texts, value.len + 1);
		for (size_t i = 0; bytes != NULL && i < value.len; i++)
			bytes[i] = value.ptr[i];
		for (size_t i = 0; bytes != NULL && i < value.len; i++)
			bytes[i] = bytes[i] == '_' ? ' ' : bytes[i];
		*out = (struct slice){ bytes, value.len };
		return true;
	}
	return false;
}

struct slice row_text(const struct row *row, const char *key, const char *absent)
{
	struct slice value;
	return row_value(&value, row, key, 0) ? value : slice_of(absent);
}

static days day_of(struct slice text)
{
	days day = DAYS_NONE;
	if (slice_is(text, "open"))
		return DAYS_OPEN;
	if (text.len > 0 && !slice_is(text, "-"))
		CU_ASSERT(days_parse_iso(&day, text));
	return day;
}

days row_day(const struct row *row, const char *key, days absent)
{
	struct slice value;
	return row_value(&value, row, key, 0) ? day_of(value) : absent;
}

months row_month(const struct row *row, const char *key, months absent)
{
	struct slice value;
	months month = absent;
	if (row_value(&value, row, key, 0))
		CU_ASSERT(month_parse_iso(&month, value));
	return month;
}

static bool same_words(struct slice a, struct slice b)
{
	for (;;) {
		struct slice x = slice_word(&a), y = slice_word(&b);
		if (!slice_equal(x, y))
			return false;
		if (x.len == 0)
			return true;
	}
}

void row_expect(const struct row *row, const char *actual)
{
	char text[900];
	bool same = same_words(row->expected, slice_of(actual));
	snprintf(text, sizeof(text), "expected \"%.*s\", came out \"%s\"", SLICE_ARG(row->expected), actual);
	CU_assertImplementation(same ? CU_TRUE : CU_FALSE, row->line, text, row->file, "", CU_FALSE);
}

struct slice value_part(struct slice value, size_t n)
{
	size_t from = 0;
	for (size_t i = 0; i <= value.len; i++) {
		if (i < value.len && value.ptr[i] != ':')
			continue;
		if (n-- == 0)
			return (struct slice){ value.ptr + from, i - from };
		from = i + 1;
	}
	return SLICE_NONE;
}

void value_days(days *begin, days *end, struct slice value)
{
	*begin = DAYS_NONE;
	*end = DAYS_OPEN;
	for (size_t i = 0; i + 1 < value.len; i++) {
		if (value.ptr[i] != '.' || value.ptr[i + 1] != '.')
			continue;
		*end = day_of((struct slice){ value.ptr + i + 2, value.len - i - 2 });
		value.len = i;
	}
	*begin = day_of(value);
}
