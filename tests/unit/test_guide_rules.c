/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * guide_rules: the situational rules and balances of the shipped guides, each broken by a row.  A row takes the set of
 * tests/rules-x12/SET.body, changes the bytes that it names, and says which rules speak then.
 */
#include "tests/unit/rows.h"
#include "tests/unit/unit.h"
#include "tests/unit/x12_support.h"

#define BROKEN_MAX 2000
static char broken[BROKEN_MAX][40]; /* rules that a row has broken */
static size_t broken_count;

static void collect(void *data, const struct finding *finding)
{
	struct buffer *out = data;
	const char *name = finding->rule != NULL ? finding->rule : finding_kind(finding->code)->name;
	buffer_format(out, "%s%s", out->len == 0 ? "" : " ", name);
	if (finding->rule != NULL && broken_count < BROKEN_MAX)
		slice_copy(broken[broken_count++], sizeof(broken[0]), slice_of(name));
	CU_ASSERT((finding->rule == NULL) == (finding->says == NULL));
	CU_ASSERT(finding->place.segment > 0 && finding->place.segment < 100);
}

static struct slice unblank(char *out, size_t size, struct slice word)
{
	slice_copy(out, size, word);
	for (char *c = out; *c != '\0'; c++)
		*c = *c == '_' ? ' ' : *c;
	return slice_of(out);
}

/* The first place of `what` in the text; "A..B": from A to the end of the next B. */
static bool text_find(struct slice text, struct slice what, size_t *from, size_t *len)
{
	const char *dots = memmem(what.ptr, what.len, "..", 2);
	size_t first = dots == NULL ? what.len : (size_t)(dots - what.ptr);
	const char *at = memmem(text.ptr, text.len, what.ptr, first);
	if (at == NULL)
		return false;
	*from = (size_t)(at - text.ptr);
	*len = first;
	if (dots == NULL)
		return true;
	size_t last = what.len - first - 2;
	const char *end = memmem(at, text.len - *from, dots + 2, last);
	*len = end == NULL ? 0 : (size_t)(end - at) + last;
	return end != NULL;
}

static void text_change(struct buffer *text, struct slice what, struct slice by)
{
	struct buffer changed;
	size_t from = 0, len = 0;
	struct slice view = buffer_view(text);
	bool found = text_find(view, what, &from, &len);
	CU_ASSERT(found);
	if (!found) {
		printf("'%.*s' is not in the sample\n", SLICE_ARG(what));
		return;
	}
	buffer_init(&changed, 0);
	buffer_put(&changed, view.ptr, from);
	buffer_slice(&changed, slice_is(by, "-") ? SLICE_NONE : by);
	buffer_put(&changed, view.ptr + from + len, view.len - from - len);
	buffer_done(text);
	*text = changed;
}

/* The segments of the sample, without line ends. */
static void sample_read(struct buffer *text, struct slice set)
{
	char path[64], line[400];
	(void)snprintf(path, sizeof(path), "tests/rules-x12/%.*s.body", SLICE_ARG(set));
	FILE *file = fopen(path, "r");
	CU_ASSERT_FATAL(file != NULL);
	while (fgets(line, sizeof(line), file) != NULL)
		buffer_put(text, line, strcspn(line, "\n"));
	(void)fclose(file);
}

/* Rules of the guide that no row has broken so far. */
static void unbroken_list(struct buffer *out, struct slice set)
{
	const struct guide *guide = guide_of_set(set);
	CU_ASSERT_FATAL(guide != NULL && guide->rule_count > 0);
	for (uint16_t i = 0; i < guide->rule_count; i++) {
		const char *id = guide_text(guide, guide->rules[i].id);
		bool seen = false;
		for (size_t k = 0; k < broken_count; k++)
			seen = seen || strcmp(broken[k], id) == 0;
		if (!seen)
			buffer_format(out, "%s%s", out->len == 0 ? "" : " ", id);
	}
}

static void row_run(const struct row *row)
{
	char what[600], by[600], set[8];
	struct buffer text, wrapped, said;
	if (row == NULL)
		return;
	buffer_init(&text, 0);
	buffer_init(&wrapped, 0);
	buffer_init(&said, 0);
	struct slice rest = row->facts, word;
	if (slice_is(slice_trim(row->facts), "every")) {
		unbroken_list(&said, row->verb);
		rest = SLICE_NONE;
	} else {
		sample_read(&text, row->verb);
		while ((word = slice_word(&rest)).len > 0) {
			struct slice arrow = slice_word(&rest), second = slice_word(&rest);
			CU_ASSERT(slice_is(arrow, "=>") && second.len > 0);
			text_change(&text, unblank(what, sizeof(what), word), unblank(by, sizeof(by), second));
		}
		buffer_char(&text, '\0');
		slice_copy(set, sizeof(set), row->verb);
		x12_wrap(&wrapped, set, text.ptr);
		const struct x12_sink sink = { .finding = collect, .data = &said };
		(void)x12_run(buffer_view(&wrapped), 0, 4, &sink);
	}
	if (said.len == 0)
		buffer_char(&said, '-');
	buffer_char(&said, '\0');
	row_expect(row, said.ptr);
	buffer_done(&text);
	buffer_done(&wrapped);
	buffer_done(&said);
}

int main(void)
{
	static const char *const files[] = { "tests/rules-x12/834.rows", "tests/rules-x12/835.rows",
		"tests/rules-x12/270.rows", "tests/rules-x12/271.rows", "tests/rules-x12/999.rows" };
	return rows_run("guide_rules", files, COUNT_OF(files), row_run);
}
