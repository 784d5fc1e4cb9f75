/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * text: how names are compared, and how facts of a trace are written.  Plans, towns and
 * cities come in every mixture of case and blanks from senders who mean the same.
 */
#include "rules/internal.h"

#include <stdarg.h>

/* The next byte of `a` in upper case with runs of blanks as one; '\0' at the end. */
static char plain_next(struct slice a, size_t *at)
{
	if (*at >= a.len)
		return '\0';
	char c = a.ptr[(*at)++];
	if (c == ' ')
		while (*at < a.len && a.ptr[*at] == ' ')
			(*at)++;
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool plain_equal(struct slice a, struct slice b)
{
	/* most pairs differ in their first letter: bit 0x20 is its case */
	if (a.len > 0 && b.len > 0 && a.ptr[0] != ' ' && b.ptr[0] != ' ' && ((a.ptr[0] ^ b.ptr[0]) & ~0x20) != 0)
		return false;
	a = slice_trim(a);
	b = slice_trim(b);
	size_t at_a = 0, at_b = 0;
	for (;;) {
		char x = plain_next(a, &at_a), y = plain_next(b, &at_b);
		if (x != y)
			return false;
		if (x == '\0')
			return true;
	}
}

struct slice arena_format(struct arena *arena, const char *format, ...)
{
	char text[256];
	if (arena == NULL)
		return SLICE_NONE;
	va_list args;
	va_start(args, format);
	int wrote = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (wrote < 0)
		return SLICE_NONE;
	struct slice kept = arena_slice(arena, slice_of(text));
	return kept.ptr == NULL ? SLICE_NONE : kept;
}
