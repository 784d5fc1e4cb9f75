/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * slice: questions about bytes that somebody else owns.  Nothing here allocates,
 * writes to what it looks at, or needs a closing NUL.
 */
#include "base/base.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_of(const char *text)
{
	return text == NULL ? SLICE_NONE : (struct slice){ text, strlen(text) };
}

bool slice_equal(struct slice a, struct slice b)
{
	/* memcmp may not be handed NULL, not even for no bytes */
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool slice_is(struct slice a, const char *text)
{
	return slice_equal(a, slice_of(text));
}

int slice_compare(struct slice a, struct slice b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common == 0 ? 0 : memcmp(a.ptr, b.ptr, common);
	if (order != 0)
		return order < 0 ? -1 : 1;
	return a.len == b.len ? 0 : (a.len < b.len ? -1 : 1);
}

bool slice_starts(struct slice a, const char *prefix)
{
	size_t len = prefix == NULL ? 0 : strlen(prefix);
	return len == 0 || (a.len >= len && memcmp(a.ptr, prefix, len) == 0);
}

struct slice slice_or(struct slice a, struct slice otherwise)
{
	return a.len > 0 ? a : otherwise;
}

struct slice slice_trim(struct slice a)
{
	while (a.len > 0 && is_blank(a.ptr[0])) {
		a.ptr++;
		a.len--;
	}
	while (a.len > 0 && is_blank(a.ptr[a.len - 1]))
		a.len--;
	return a;
}

struct slice slice_word(struct slice *rest)
{
	size_t from = 0;
	while (from < rest->len && is_blank(rest->ptr[from]))
		from++;
	size_t to = from;
	while (to < rest->len && !is_blank(rest->ptr[to]))
		to++;
	if (from == to) {
		*rest = SLICE_NONE;
		return SLICE_NONE;
	}
	struct slice word = { rest->ptr + from, to - from };
	rest->ptr += to;
	rest->len -= to;
	return word;
}

bool slice_among(struct slice words, struct slice word)
{
	for (struct slice one = slice_word(&words); one.len > 0; one = slice_word(&words))
		if (slice_equal(one, word))
			return true;
	return false;
}

bool slice_number(uint64_t *out, struct slice a)
{
	uint64_t number = 0;
	if (a.len == 0 || a.len > 18) /* 18 nines fit, so that nothing below can overflow */
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (a.ptr[i] < '0' || a.ptr[i] > '9')
			return false;
		number = number * 10 + (uint64_t)(a.ptr[i] - '0');
	}
	*out = number;
	return true;
}

void slice_copy(char *out, size_t size, struct slice a)
{
	if (size == 0)
		return;
	size_t len = a.len < size ? a.len : size - 1;
	if (len > 0)
		memcpy(out, a.ptr, len);
	out[len] = '\0';
}
