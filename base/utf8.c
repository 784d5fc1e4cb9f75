/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * utf8: characters of texts that claim to be UTF-8 (RFC 3629).  What is not UTF-8 is
 * walked byte by byte, so that every text has a length and every cut is safe.
 */
#include "base/base.h"

static bool is_tail(unsigned char c, unsigned least, unsigned most)
{
	return c >= least && c <= most;
}

/* Bytes of the character at the start of `len` bytes; 0 if they are not a character.  RFC 3629 section 4. */
static size_t sequence(const unsigned char *at, size_t len)
{
	unsigned char c = at[0];
	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return 0; /* a tail, an overlong form of ASCII, or past U+10FFFF */
	size_t need = c < 0xe0 ? 2 : (c < 0xf0 ? 3 : 4);
	if (len < need)
		return 0;
	unsigned least = 0x80, most = 0xbf;
	if (c == 0xe0)
		least = 0xa0; /* overlong */
	else if (c == 0xed)
		most = 0x9f; /* surrogates */
	else if (c == 0xf0)
		least = 0x90; /* overlong */
	else if (c == 0xf4)
		most = 0x8f; /* past U+10FFFF */
	if (!is_tail(at[1], least, most))
		return 0;
	for (size_t i = 2; i < need; i++) {
		if (!is_tail(at[i], 0x80, 0xbf))
			return 0;
	}
	return need;
}

static size_t step(struct slice text, size_t at)
{
	size_t bytes = sequence((const unsigned char *)text.ptr + at, text.len - at);
	return bytes == 0 ? 1 : bytes;
}

size_t utf8_count(struct slice text)
{
	size_t count = 0;
	for (size_t at = 0; at < text.len; at += step(text, at))
		count++;
	return count;
}

size_t utf8_prefix(struct slice text, size_t characters)
{
	size_t at = 0;
	for (; at < text.len && characters > 0; characters--)
		at += step(text, at);
	return at;
}

bool utf8_valid(struct slice text)
{
	for (size_t at = 0; at < text.len;) {
		size_t bytes = sequence((const unsigned char *)text.ptr + at, text.len - at);
		if (bytes == 0)
			return false;
		at += bytes;
	}
	return true;
}
