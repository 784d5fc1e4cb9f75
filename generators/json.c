/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * json: texts as JSON (RFC 8259), written as they come.
 *
 * Holds: what is written is UTF-8 whatever the text was.
 */
#include "generators/generators.h"

static void character_put(struct buffer *out, char c)
{
	switch (c) {
	case '"':
		buffer_text(out, "\\\"");
		return;
	case '\\':
		buffer_text(out, "\\\\");
		return;
	case '\n':
		buffer_text(out, "\\n");
		return;
	case '\r':
		buffer_text(out, "\\r");
		return;
	case '\t':
		buffer_text(out, "\\t");
		return;
	default:
		break;
	}
	if ((unsigned char)c < ' ' || c == 0x7f)
		buffer_format(out, "\\u%04x", (unsigned)(unsigned char)c);
	else
		buffer_char(out, c);
}

/* How many of the first bytes are ASCII that stands for itself? */
static size_t plain_run(struct slice text)
{
	size_t run = 0;
	for (; run < text.len; run++) {
		unsigned char c = (unsigned char)text.ptr[run];
		if (c < ' ' || c >= 0x7f || c == '"' || c == '\\')
			break;
	}
	return run;
}

void json_text(struct buffer *out, struct slice text)
{
	buffer_char(out, '"');
	while (text.len > 0) {
		size_t run = plain_run(text); /* nearly all of nearly every text */
		buffer_put(out, text.ptr, run);
		text.ptr += run;
		text.len -= run;
		if (text.len == 0)
			break;
		struct slice character = { text.ptr, utf8_prefix(text, 1) };
		if (!utf8_valid(character))
			buffer_text(out, "\xef\xbf\xbd"); /* U+FFFD */
		else if (character.len == 1)
			character_put(out, character.ptr[0]);
		else
			buffer_slice(out, character);
		text.ptr += character.len;
		text.len -= character.len;
	}
	buffer_char(out, '"');
}
