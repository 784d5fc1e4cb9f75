/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show_value: lines, objects and tags of what is shown, and bytes inside their
 * quotation marks.
 *
 * Any bytes can stand in a value.  What is UTF-8 stands as it is.  What is not is taken
 * for ISO 8859-1, of which every byte is a character, and says so (encoding "latin1");
 * what the format has no characters for (control characters in XML, NUL) is written in
 * hexadecimal digits (encoding "hex").  So a document is always well-formed and nothing
 * of the value is lost.
 */
#include "generators/show.h"

#define HIDDEN "(hidden)"
#define VALUE_COLUMN 16 /* names stand in one column beside values up to this length */
#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

void indent_put(const struct shower *shower)
{
	static const char blanks[] = "                                                                ";
	size_t width = shower->terse ? 0 : (shower->format == SHOW_JSON ? 1U : 2U) * (size_t)shower->depth;
	buffer_put(shower->out, blanks, width < sizeof(blanks) - 1 ? width : sizeof(blanks) - 1);
}

/* ---- bytes in quotation marks ---- */

/* How many of the first bytes are ASCII that stands for itself in this format? */
static size_t plain_run(struct slice text, enum show_format format)
{
	size_t run = 0;
	for (; run < text.len; run++) {
		unsigned char c = (unsigned char)text.ptr[run];
		if (c < ' ' || c >= 0x7f)
			break;
		if (format == SHOW_JSON && (c == '"' || c == '\\'))
			break;
		if (format == SHOW_XML && (c == '"' || c == '&' || c == '<' || c == '>'))
			break;
	}
	return run;
}

static void xml_character(struct buffer *out, char c)
{
	switch (c) {
	case '&':
		buffer_text(out, "&amp;");
		return;
	case '<':
		buffer_text(out, "&lt;");
		return;
	case '>':
		buffer_text(out, "&gt;");
		return;
	case '"':
		buffer_text(out, "&quot;");
		return;
	case '\t': /* an attribute's line ends and tabs would be read as blanks */
	case '\n':
	case '\r':
		buffer_format(out, "&#%d;", c);
		return;
	default:
		break;
	}
	if ((unsigned char)c < ' ')
		buffer_text(out, REPLACEMENT);
	else
		buffer_char(out, c);
}

static void xml_text(struct buffer *out, struct slice text)
{
	while (text.len > 0) {
		size_t run = plain_run(text, SHOW_XML);
		buffer_put(out, text.ptr, run);
		text.ptr += run;
		text.len -= run;
		if (text.len == 0)
			return;
		struct slice character = { text.ptr, utf8_prefix(text, 1) };
		if (!utf8_valid(character))
			buffer_text(out, REPLACEMENT);
		else if (character.len == 1)
			xml_character(out, character.ptr[0]);
		else
			buffer_slice(out, character);
		text.ptr += character.len;
		text.len -= character.len;
	}
}

static void json_character(struct buffer *out, unsigned char c)
{
	if (c == '"' || c == '\\') {
		buffer_char(out, '\\');
		buffer_char(out, (char)c);
	} else if (c < ' ' || c == 0x7f) {
		buffer_format(out, "\\u%04x", (unsigned)c);
	} else {
		buffer_char(out, (char)c);
	}
}

/* For people: what would move their cursor or is no character shows as U+FFFD. */
static void plain_text(struct buffer *out, struct slice text)
{
	for (size_t i = 0; i < text.len;) {
		struct slice rest = { text.ptr + i, text.len - i };
		struct slice character = { rest.ptr, utf8_prefix(rest, 1) };
		unsigned char c = (unsigned char)character.ptr[0];
		bool control = character.len == 1 ? c < ' ' || c == 0x7f
			: c == 0xc2 && (unsigned char)character.ptr[1] < 0xa0;
		if (control || !utf8_valid(character))
			buffer_text(out, REPLACEMENT);
		else
			buffer_slice(out, character);
		i += character.len;
	}
}

/* Has the format no character for one of these bytes?  XML: controls, and U+FFFE and U+FFFF if it is UTF-8. */
static bool needs_digits(enum show_format format, struct slice bytes, bool utf8)
{
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		if (c == 0)
			return true;
		if (format != SHOW_XML)
			continue;
		if (c < ' ' && c != '\t' && c != '\n' && c != '\r')
			return true;
		if (utf8 && c == 0xef && memcmp(bytes.ptr + i + 1, "\xbf\xbe", 2) == 0)
			return true;
		if (utf8 && c == 0xef && memcmp(bytes.ptr + i + 1, "\xbf\xbf", 2) == 0)
			return true;
	}
	return false;
}

const char *bytes_put(struct shower *shower, struct slice bytes)
{
	struct buffer *out = shower->out;
	if (plain_run(bytes, shower->format) == bytes.len) {
		buffer_slice(out, bytes);
		return NULL;
	}
	if (shower->format == SHOW_TEXT) {
		plain_text(out, bytes);
		return NULL;
	}
	bool utf8 = utf8_valid(bytes), json = shower->format == SHOW_JSON;
	if (needs_digits(shower->format, bytes, utf8)) {
		static const char digits[] = "0123456789ABCDEF";
		for (size_t i = 0; i < bytes.len; i++) {
			buffer_char(out, digits[(unsigned char)bytes.ptr[i] >> 4]);
			buffer_char(out, digits[(unsigned char)bytes.ptr[i] & 15]);
		}
		return "hex";
	}
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		if (c >= 0x80 && !utf8) {
			buffer_char(out, (char)(0xc0 | c >> 6));
			buffer_char(out, (char)(0x80 | (c & 0x3f)));
		} else if (c >= 0x80) {
			buffer_char(out, (char)c);
		} else if (json) {
			json_character(out, c);
		} else {
			xml_character(out, (char)c);
		}
	}
	return utf8 ? NULL : "latin1";
}

/* ---- objects and tags ---- */

static void key_put(struct shower *shower, const char *key)
{
	struct buffer *out = shower->out;
	if (shower->format == SHOW_JSON) {
		buffer_text(out, shower->comma ? ",\"" : "\"");
		buffer_text(out, key);
		buffer_text(out, "\":");
		shower->comma = true;
		return;
	}
	buffer_char(out, ' ');
	buffer_text(out, key);
	buffer_char(out, '=');
}

/* One property of the object or tag that is being opened.  What is no text is shown as nearly as it can be. */
void property_put(struct shower *shower, const char *key, struct slice value)
{
	if (value.len == 0)
		return;
	key_put(shower, key);
	if (shower->format == SHOW_JSON) {
		json_text(shower->out, value);
		return;
	}
	buffer_char(shower->out, '"');
	xml_text(shower->out, value);
	buffer_char(shower->out, '"');
}

void flag_put(struct shower *shower, const char *key)
{
	key_put(shower, key);
	buffer_text(shower->out, shower->format == SHOW_JSON ? "true" : "\"yes\"");
}

/* Bytes of any kind, with the encoding that a reader must undo. */
void bytes_property_put(struct shower *shower, const char *key, struct slice bytes, bool hidden)
{
	if (hidden) {
		flag_put(shower, "hidden");
		return;
	}
	key_put(shower, key);
	buffer_char(shower->out, '"');
	const char *encoding = bytes_put(shower, bytes);
	buffer_char(shower->out, '"');
	property_put(shower, "encoding", slice_of(encoding));
}

void number_property_put(struct shower *shower, const char *key, uint64_t number)
{
	key_put(shower, key);
	if (shower->format != SHOW_JSON)
		buffer_char(shower->out, '"');
	buffer_number(shower->out, (int64_t)number);
	if (shower->format != SHOW_JSON)
		buffer_char(shower->out, '"');
}

/* JSON and XML: an object or tag opens on a line of its own; its properties follow. */
void object_open(struct shower *shower, const char *tag)
{
	if (shower->format == SHOW_JSON) {
		buffer_text(shower->out, shower->comma ? ",\n" : "\n");
		indent_put(shower);
		buffer_char(shower->out, '{');
		shower->comma = false;
		if (!shower->terse || strcmp(tag, "segment") != 0) /* what has an id and no kind is a segment */
			property_put(shower, "kind", slice_of(tag));
		return;
	}
	indent_put(shower);
	buffer_char(shower->out, '<');
	buffer_text(shower->out, tag);
}

/* ... until its parts begin. */
void children_open(struct shower *shower)
{
	buffer_text(shower->out, shower->format == SHOW_JSON ? ",\"parts\":[" : ">\n");
	shower->comma = false;
	shower->depth++;
}

void children_close(struct shower *shower, const char *tag)
{
	if (shower->depth > 0)
		shower->depth--;
	if (shower->format == SHOW_JSON) {
		buffer_text(shower->out, "]}");
		shower->comma = true;
		return;
	}
	indent_put(shower);
	buffer_text(shower->out, "</");
	buffer_text(shower->out, tag);
	buffer_text(shower->out, ">\n");
}

void object_close(struct shower *shower)
{
	buffer_text(shower->out, shower->format == SHOW_JSON ? "}" : "/>\n");
	shower->comma = true;
}

/* ---- values ---- */

void value_open(struct shower *shower, const struct value *value)
{
	struct buffer *out = shower->out;
	if (shower->format == SHOW_TEXT) {
		indent_put(shower);
		buffer_pad(out, slice_of(value->designator), 10);
		return;
	}
	if (shower->format == SHOW_JSON) {
		buffer_text(out, shower->comma ? ",\n" : "\n");
		indent_put(shower);
		buffer_char(out, '{');
		shower->comma = false;
	} else {
		indent_put(shower);
		buffer_text(out, "<element");
	}
	property_put(shower, "at", slice_of(value->designator));
	if (value->repetition > 0)
		number_property_put(shower, "repetition", value->repetition);
	property_put(shower, "name", slice_of(value->name));
	if (!value->hidden) {
		key_put(shower, "value");
		buffer_char(out, '"');
	} else {
		flag_put(shower, "hidden");
	}
}

void value_close(struct shower *shower, const struct value *value, const char *encoding)
{
	struct buffer *out = shower->out;
	if (shower->format == SHOW_TEXT) {
		const char *words = value->hidden ? NULL : value->label != NULL ? value->label : value->reading;
		if (value->name != NULL) {
			buffer_text(out, "  | ");
			buffer_text(out, value->name);
		}
		if (words != NULL) {
			buffer_text(out, ": ");
			buffer_text(out, words);
		}
		buffer_char(out, '\n');
		return;
	}
	if (!value->hidden) {
		buffer_char(out, '"');
		property_put(shower, "encoding", slice_of(encoding));
		property_put(shower, "label", slice_of(value->label));
	}
	object_close(shower);
}

void value_put(struct shower *shower, const struct value *value)
{
	struct slice text = value->hidden && shower->format == SHOW_TEXT ? SLICE(HIDDEN) : value->text;
	const char *encoding = NULL;
	value_open(shower, value);
	if (!value->hidden || shower->format == SHOW_TEXT)
		encoding = bytes_put(shower, text);
	if (shower->format == SHOW_TEXT && value->name != NULL) {
		size_t used = utf8_count(text);
		buffer_pad(shower->out, SLICE_NONE, used < VALUE_COLUMN ? VALUE_COLUMN - used : 0);
	}
	value_close(shower, value, encoding);
}
