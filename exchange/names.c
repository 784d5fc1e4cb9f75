/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * names: a surname as CORE 258 compares it (domain reference 5.2).  Upper case;
 * generational suffixes and titles go, but only after a blank or punctuation and
 * before a blank or the end; then everything that is not a letter or digit goes.
 *   O'Donnell-Griswold → ODONNELLGRISWOLD     RIVERA JR. → RIVERA     POMPII → POMPII
 */
#include "exchange/facts.h"

static const char *const affixes[] = { "JR", "SR", "I", "II", "III", "IV", "V", "RN", "MD", "MR", "MS", "DR", "MRS", "PHD", "REV", "ESQ" };

/* What is no letter and no digit; bytes past ASCII are parts of letters. */
static bool is_break(char c)
{
	return !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80);
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_affix(struct slice word)
{
	for (size_t i = 0; i < COUNT_OF(affixes); i++)
		if (slice_is(word, affixes[i]))
			return true;
	return false;
}

/* Behind a suffix: the end, a blank, or punctuation before one of them, as in "RIVERA JR., CARLOS". */
static bool is_end(const char *raised, size_t at, size_t len)
{
	while (at < len && raised[at] != ' ' && is_break(raised[at]))
		at++;
	return at == len || raised[at] == ' ';
}

struct slice name_normal(struct arena *arena, struct slice name)
{
	char *raised = arena_alloc(arena, name.len + 1), *out = arena_alloc(arena, name.len + 1);
	size_t len = 0;
	if (raised == NULL || out == NULL)
		return SLICE_NONE;
	for (size_t i = 0; i < name.len; i++)
		raised[i] = upper(name.ptr[i]);
	for (size_t begin = 0, end; begin < name.len; begin = end) {
		if (is_break(raised[begin])) {
			end = begin + 1;
			continue;
		}
		for (end = begin; end < name.len && !is_break(raised[end]); end++)
			continue;
		/* a suffix is dropped only where a name stands before it, and no more of a word behind it */
		if (len > 0 && is_end(raised, end, name.len) && is_affix((struct slice){ raised + begin, end - begin }))
			continue;
		memcpy(out + len, raised + begin, end - begin);
		len += end - begin;
	}
	return (struct slice){ out, len };
}
