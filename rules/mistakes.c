/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * mistakes: all that is wrong with a program file, for those who write one.
 *
 * The schema's checker tells one mistake in several sentences, most of them about the
 * elements around it.  Of a line the sentence that names an attribute or a value is kept, and sentences
 * about what should have followed only where there is nothing better in the file.
 */
#include "rules/internal.h"

#include <libxml/tree.h>

#include <stdarg.h>

#define VAGUE "the element or something in it is not as program.rng wants it"

void mistake_add(struct mistakes *mistakes, long line, const char *format, ...)
{
	if (mistakes->count == LIMIT_MISTAKES) {
		mistakes->more++;
		return;
	}
	struct mistake *mistake = &mistakes->items[mistakes->count++];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(mistake->text, sizeof(mistake->text), format, arguments);
	va_end(arguments);
	mistake->line = line;
}

static bool vague(const struct mistake *mistake)
{
	return strstr(mistake->text, VAGUE) != NULL;
}

/* What stands in an attribute of the element. */
static struct slice attribute_value(const xmlNode *node, struct slice name)
{
	for (const xmlAttr *item = node->properties; item != NULL; item = item->next)
		if (slice_is(name, (const char *)item->name) && item->children != NULL)
			return slice_of((const char *)item->children->content);
	return SLICE_NONE;
}

static void attribute_mistake(struct mistakes *mistakes, long line, const xmlNode *node, struct slice name)
{
	struct slice value = attribute_value(node, name);
	bool amount = slice_is(name, "amount") || slice_is(name, "minimum");
	mistake_add(mistakes, line, "%s: attribute %.*s may not be %.*s: %s", (const char *)node->name, SLICE_ARG(name),
		SLICE_ARG(value), amount ? "give dollars with exactly two decimals, for there is no half cent"
		: "docs/rules-format.md says what it may be");
}

/* Where the checker names only the element: an amount that is none, a date that is none. */
static bool value_wrong(struct mistakes *mistakes, const xmlError *error, const xmlNode *node)
{
	static const char *const dates[] = { "from", "to", "on", "opens", "closes", "since" };
	bool any = false;
	for (const xmlAttr *item = node->properties; item != NULL; item = item->next) {
		struct slice name = slice_of((const char *)item->name), value = attribute_value(node, name);
		const char *point = value.len == 0 ? NULL : memchr(value.ptr, '.', value.len);
		cents amount;
		days day;
		bool wrong = slice_is(name, "amount") && (!cents_parse(&amount, value) || point == NULL ||
			(size_t)(value.ptr + value.len - point) != 3);
		for (size_t i = 0; i < COUNT_OF(dates); i++)
			wrong = wrong || (slice_is(name, dates[i]) && strcmp((const char *)node->name, "suspension") != 0 &&
				!days_parse_iso(&day, value));
		if (wrong)
			attribute_mistake(mistakes, error->line, node, name);
		any = any || wrong;
	}
	return any;
}

/* "Invalid attribute amount for element rate" */
static bool attribute_wrong(struct mistakes *mistakes, const xmlError *error, const xmlNode *node)
{
	struct slice rest = slice_trim(slice_of(error->message)), word = slice_word(&rest);
	if (!slice_is(word, "Invalid") || !slice_is(slice_word(&rest), "attribute"))
		return false;
	attribute_mistake(mistakes, error->line, node, slice_word(&rest));
	return true;
}

void mistake_schema(struct mistakes *mistakes, const void *from)
{
	const xmlError *error = from;
	const xmlNode *node = error->node;
	if (error->message == NULL || node == NULL || node->name == NULL || attribute_wrong(mistakes, error, node))
		return;
	const char *name = (const char *)node->name;
	if (strstr(error->message, "Did not expect element") != NULL)
		mistake_add(mistakes, error->line, "%s: is not expected there: take it out, mend its name, or put it where "
			"docs/rules-format.md has it", name);
	else if (!value_wrong(mistakes, error, node) && strstr(error->message, "extra content") == NULL && strstr(error->message, "doesn't allow value") == NULL)
		mistake_add(mistakes, error->line, "%s: " VAGUE ": docs/rules-format.md says what it must have", name);
}

static int by_line(const void *a, const void *b)
{
	const struct mistake *x = a, *y = b;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return strcmp(x->text, y->text);
}

void mistakes_sort(struct mistakes *mistakes)
{
	size_t kept = 0;
	bool clear = false;
	if (mistakes->count > 0)
		qsort(mistakes->items, mistakes->count, sizeof(mistakes->items[0]), by_line);
	for (size_t i = 0; i < mistakes->count; i++)
		clear = clear || !vague(&mistakes->items[i]);
	for (size_t i = 0; i < mistakes->count; i++) {
		const struct mistake *mistake = &mistakes->items[i];
		if ((clear && vague(mistake)) || (kept > 0 && by_line(&mistakes->items[kept - 1], mistake) == 0) ||
			(vague(mistake) && kept > 0)) /* the first of them is the place */
			continue;
		mistakes->items[kept++] = *mistake;
	}
	mistakes->count = kept;
}
