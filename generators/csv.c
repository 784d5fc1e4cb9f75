/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * csv: one field of comma-separated values (RFC 4180).
 *
 * Spreadsheets take a field that begins with = + - @ (or a tab or a line break, or
 * the full-width forms of the four) for a formula, and names come from files that
 * anybody may send: such a field gets an apostrophe in front, which shows it as text.
 * Always true: the field is UTF-8; a byte that is not becomes U+FFFD.
 */
#include "generators/generators.h"

static bool looks_like_formula(struct slice value)
{
	static const char *const wide[] = { "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };
	if (value.len > 0 && memchr("=+-@\t\r\n", value.ptr[0], 7) != NULL)
		return true;
	for (size_t i = 0; i < COUNT_OF(wide); i++) {
		if (slice_starts(value, wide[i]))
			return true;
	}
	return false;
}

/* RFC 4180 section 2: commas, quotes and line breaks; blanks at the ends too, which some readers drop. */
static bool must_quote(struct slice value)
{
	for (size_t i = 0; i < value.len; i++) {
		if (memchr("\",\r\n", value.ptr[i], 4) != NULL)
			return true;
	}
	return value.len > 0 && (value.ptr[0] == ' ' || value.ptr[value.len - 1] == ' ');
}

/* Nearly every field: printable ASCII that needs neither quotes nor an apostrophe. */
static bool is_plain(struct slice value)
{
	bool plain = value.len > 0 && memchr("=+-@ ", value.ptr[0], 5) == NULL && value.ptr[value.len - 1] != ' ';
	for (size_t i = 0; plain && i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		plain = c >= ' ' && c < 0x7F && c != '"' && c != ',';
	}
	return plain;
}

void csv_put(struct buffer *out, struct slice value)
{
	if (value.len == 0 || is_plain(value)) {
		buffer_slice(out, value);
		return;
	}
	bool quoted = must_quote(value);
	if (quoted)
		buffer_char(out, '"');
	if (looks_like_formula(value))
		buffer_char(out, '\'');
	for (size_t at = 0, bytes; at < value.len; at += bytes) {
		struct slice rest = { value.ptr + at, value.len - at };
		bytes = utf8_prefix(rest, 1);
		if (bytes == 1 && (unsigned char)rest.ptr[0] >= 0x80) {
			buffer_text(out, "\xef\xbf\xbd");
			continue;
		}
		if (rest.ptr[0] == '"')
			buffer_char(out, '"');
		buffer_put(out, rest.ptr, bytes);
	}
	if (quoted)
		buffer_char(out, '"');
}
