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

void json_text(struct buffer *out, struct slice text)
{
	buffer_char(out, '"');
	while (text.len > 0) {
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
