/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * json: JSON (RFC 8259) as tokens, in one pass and constant memory.  Feed it in any chunks.
 *
 * What is open stands on a stack of bits, so depth is bounded and nothing recurses.  One text
 * is held at a time, decoded: a key, a string, or the characters of a number or literal.
 *
 * Holds: what it takes is JSON to the letter (no comments, no trailing commas, UTF-8 in
 * strings, no half of a surrogate pair); tokens come in the grammar's order.
 */
#include "parsers/documents.h"

enum expected { EXPECT_VALUE, EXPECT_VALUE_OR_END, EXPECT_KEY, EXPECT_KEY_OR_END, EXPECT_COLON, EXPECT_COMMA_OR_END, EXPECT_END };
enum inside { INSIDE_NOTHING, INSIDE_STRING, INSIDE_ESCAPE, INSIDE_UNICODE, INSIDE_WORD };

struct json_reader {
	json_taker *take;
	void *data;
	struct document_fault *fault;
	enum expected expected;
	enum inside inside;
	bool marked;            /* the document begins with a byte order mark */
	bool is_key;            /* the string that is open */
	unsigned digits;        /* of a \u escape that came */
	unsigned unit;          /* … and their value */
	unsigned high;          /* the first half of a surrogate pair; 0: none */
	bool in_object[LIMIT_DOCUMENT_DEPTH];
	unsigned depth;
	struct buffer text;
	uint64_t line, line_begin, offset; /* offset of the byte at hand; of the first byte of its line */
	uint64_t text_line, text_column;   /* where the text began */
};

struct json_reader *json_reader_new(json_taker *take, void *data, struct document_fault *fault)
{
	struct json_reader *reader = calloc(1, sizeof(*reader));
	if (reader == NULL)
		return NULL;
	*reader = (struct json_reader){ .take = take, .data = data, .fault = fault, .line = 1 };
	buffer_init(&reader->text, LIMIT_DOCUMENT_TEXT_BYTES);
	return reader;
}

void json_reader_free(struct json_reader *reader)
{
	if (reader == NULL)
		return;
	buffer_done(&reader->text);
	free(reader);
}

static uint64_t column(const struct json_reader *reader)
{
	return reader->offset - reader->line_begin + 1;
}

static bool wrong(struct json_reader *reader, const char *expected)
{
	return document_fault(reader->fault, reader->line, column(reader), "this is no JSON: expected %s", expected);
}

static bool tell(struct json_reader *reader, enum json_token token)
{
	return reader->take(reader->data, token, buffer_view(&reader->text), reader->text_line, reader->text_column);
}

static bool value_ended(struct json_reader *reader)
{
	reader->expected = reader->depth == 0 ? EXPECT_END : EXPECT_COMMA_OR_END;
	return true;
}

/* ---- strings ---- */

static bool text_begin(struct json_reader *reader, enum inside inside)
{
	buffer_reset(&reader->text);
	reader->inside = inside;
	reader->high = 0;
	reader->text_line = reader->line;
	reader->text_column = column(reader);
	return true;
}

static bool text_fits(struct json_reader *reader)
{
	if (!reader->text.failed)
		return true;
	return document_fault(reader->fault, reader->text_line, reader->text_column, "a text of more than %d bytes",
		LIMIT_DOCUMENT_TEXT_BYTES);
}

static bool string_end(struct json_reader *reader)
{
	reader->inside = INSIDE_NOTHING;
	if (reader->high != 0)
		return wrong(reader, "the second half of a surrogate pair");
	if (!text_fits(reader))
		return false;
	if (!utf8_valid(buffer_view(&reader->text)))
		return document_fault(reader->fault, reader->text_line, reader->text_column, "the text that begins here is not UTF-8");
	if (!tell(reader, reader->is_key ? JSON_KEY : JSON_STRING))
		return false;
	if (!reader->is_key)
		return value_ended(reader);
	reader->expected = EXPECT_COLON;
	return true;
}

/* Characters up to a quotation mark, a backslash or the end of the chunk; gives how many bytes were used. */
static size_t string_run(struct json_reader *reader, const char *at, size_t len)
{
	size_t run = 0;
	while (run < len && at[run] != '"' && at[run] != '\\' && (unsigned char)at[run] >= ' ')
		run++;
	if (run > 0)
		buffer_put(&reader->text, at, run);
	return run;
}

static bool string_byte(struct json_reader *reader, char c)
{
	if (c == '"')
		return string_end(reader);
	if (c != '\\')
		return wrong(reader, "no control character in a text: it is written as an escape");
	reader->inside = INSIDE_ESCAPE;
	return true;
}

static bool escape_byte(struct json_reader *reader, char c)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *name = memchr(names, c, sizeof(names) - 1);
	if (reader->high != 0 && c != 'u')
		return wrong(reader, "the second half of a surrogate pair");
	if (c == 'u') {
		reader->inside = INSIDE_UNICODE;
		reader->digits = 0;
		reader->unit = 0;
		return true;
	}
	if (name == NULL)
		return wrong(reader, "one of \" \\ / b f n r t u behind a backslash");
	buffer_char(&reader->text, bytes[name - names]);
	reader->inside = INSIDE_STRING;
	return true;
}

static void character_put(struct buffer *out, unsigned c)
{
	if (c < 0x80) {
		buffer_char(out, (char)c);
		return;
	}
	char bytes[4];
	size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = len - 1; i > 0; i--, c >>= 6)
		bytes[i] = (char)(0x80 | (c & 0x3f));
	bytes[0] = (char)((len == 2 ? 0xc0 : len == 3 ? 0xe0 : 0xf0) | c);
	buffer_put(out, bytes, len);
}

static bool unicode_byte(struct json_reader *reader, char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *digit = memchr(digits, c, sizeof(digits) - 1);
	if (digit == NULL)
		return wrong(reader, "four hexadecimal digits behind \\u");
	unsigned value = (unsigned)(digit - digits);
	reader->unit = reader->unit << 4 | (value < 16 ? value : value - 6);
	if (++reader->digits < 4)
		return true;
	reader->inside = INSIDE_STRING;
	bool low = reader->unit >= 0xdc00 && reader->unit < 0xe000;
	if (low != (reader->high != 0))
		return wrong(reader, "both halves of a surrogate pair");
	if (low) {
		character_put(&reader->text, 0x10000 + ((reader->high - 0xd800) << 10) + (reader->unit - 0xdc00));
		reader->high = 0;
	} else if (reader->unit >= 0xd800 && reader->unit < 0xdc00) {
		reader->high = reader->unit;
	} else {
		character_put(&reader->text, reader->unit);
	}
	return true;
}

/* ---- numbers and literals ---- */

static size_t digits_at(struct slice text, size_t at)
{
	size_t count = 0;
	while (at + count < text.len && text.ptr[at + count] >= '0' && text.ptr[at + count] <= '9')
		count++;
	return count;
}

static bool is_number(struct slice text)
{
	size_t at = text.len > 0 && text.ptr[0] == '-' ? 1 : 0, count = digits_at(text, at);
	if (count == 0 || (count > 1 && text.ptr[at] == '0'))
		return false;
	at += count;
	if (at < text.len && text.ptr[at] == '.') {
		count = digits_at(text, ++at);
		if (count == 0)
			return false;
		at += count;
	}
	if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
		at++;
		at += at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-') ? 1 : 0;
		count = digits_at(text, at);
		if (count == 0)
			return false;
		at += count;
	}
	return at == text.len;
}

static bool word_end(struct json_reader *reader)
{
	struct slice word = buffer_view(&reader->text);
	reader->inside = INSIDE_NOTHING;
	if (!text_fits(reader))
		return false;
	enum json_token token = JSON_NUMBER;
	if (slice_is(word, "true"))
		token = JSON_TRUE;
	else if (slice_is(word, "false"))
		token = JSON_FALSE;
	else if (slice_is(word, "null"))
		token = JSON_NULL;
	else if (!is_number(word))
		return document_fault(reader->fault, reader->text_line, reader->text_column,
			"this is no JSON: expected a text in quotation marks, a number, true, false or null");
	return tell(reader, token) && value_ended(reader);
}

static bool word_character(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '.';
}

/* ---- structure ---- */

static bool open(struct json_reader *reader, bool object)
{
	if (reader->depth == LIMIT_DOCUMENT_DEPTH)
		return document_fault(reader->fault, reader->line, column(reader), "more than %d objects and arrays inside one another",
			LIMIT_DOCUMENT_DEPTH);
	reader->in_object[reader->depth++] = object;
	reader->expected = object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
	reader->text_line = reader->line;
	reader->text_column = column(reader);
	buffer_reset(&reader->text);
	return tell(reader, object ? JSON_OBJECT : JSON_ARRAY);
}

static bool close(struct json_reader *reader, bool object)
{
	bool allowed = reader->expected == EXPECT_COMMA_OR_END || reader->expected == (object ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END);
	if (reader->depth == 0 || !allowed || reader->in_object[reader->depth - 1] != object)
		return wrong(reader, reader->expected == EXPECT_END ? "nothing behind the document" : "something else than this bracket");
	reader->depth--;
	reader->text_line = reader->line;
	reader->text_column = column(reader);
	buffer_reset(&reader->text);
	return tell(reader, object ? JSON_OBJECT_END : JSON_ARRAY_END) && value_ended(reader);
}

static bool comma(struct json_reader *reader)
{
	if (reader->expected != EXPECT_COMMA_OR_END)
		return wrong(reader, "no comma here");
	reader->expected = reader->in_object[reader->depth - 1] ? EXPECT_KEY : EXPECT_VALUE;
	return true;
}

static bool between(struct json_reader *reader, char c)
{
	bool value = reader->expected == EXPECT_VALUE || reader->expected == EXPECT_VALUE_OR_END;
	bool key = reader->expected == EXPECT_KEY || reader->expected == EXPECT_KEY_OR_END;
	switch (c) {
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		return true;
	case '}':
	case ']':
		return close(reader, c == '}');
	case ',':
		return comma(reader);
	case ':':
		if (reader->expected != EXPECT_COLON)
			return wrong(reader, "no colon here");
		reader->expected = EXPECT_VALUE;
		return true;
	case '"':
		reader->is_key = key;
		return value || key ? text_begin(reader, INSIDE_STRING) : wrong(reader, "a comma, a colon or a closing bracket");
	default:
		break;
	}
	if (!value)
		return wrong(reader, key ? "a key in quotation marks" : reader->expected == EXPECT_END ? "nothing behind the document"
			: "a comma, a colon or a closing bracket");
	if (c == '{' || c == '[')
		return open(reader, c == '{');
	if (!word_character(c))
		return wrong(reader, "a value");
	(void)text_begin(reader, INSIDE_WORD);
	buffer_char(&reader->text, c);
	return true;
}

static bool byte(struct json_reader *reader, char c)
{
	switch (reader->inside) {
	case INSIDE_NOTHING:
		return between(reader, c);
	case INSIDE_STRING:
		return string_byte(reader, c);
	case INSIDE_ESCAPE:
		return escape_byte(reader, c);
	case INSIDE_UNICODE:
		return unicode_byte(reader, c);
	case INSIDE_WORD:
		break;
	}
	if (!word_character(c))
		return word_end(reader) && between(reader, c);
	buffer_char(&reader->text, c);
	return true;
}

bool json_reader_feed(struct json_reader *reader, struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++, reader->offset++) {
		if (reader->inside == INSIDE_STRING && reader->high == 0) {
			size_t run = string_run(reader, bytes.ptr + i, bytes.len - i);
			i += run;
			reader->offset += run;
			if (!text_fits(reader))
				return false;
			if (i == bytes.len)
				return true;
		}
		/* a byte order mark may stand in front */
		if (reader->offset < 3) {
			bool of_mark = bytes.ptr[i] == "\xef\xbb\xbf"[reader->offset];
			if (reader->offset == 0)
				reader->marked = of_mark;
			if (reader->marked && !of_mark)
				return wrong(reader, "a value");
			if (reader->marked)
				continue;
		}
		if (reader->inside == INSIDE_STRING && reader->high != 0 && bytes.ptr[i] != '\\')
			return wrong(reader, "the second half of a surrogate pair");
		if (!byte(reader, bytes.ptr[i]))
			return false;
		if (bytes.ptr[i] == '\n') {
			reader->line++;
			reader->line_begin = reader->offset + 1;
		}
	}
	return true;
}

bool json_reader_end(struct json_reader *reader)
{
	if (reader->inside == INSIDE_WORD && !word_end(reader))
		return false;
	return reader->expected == EXPECT_END || document_fault(reader->fault, reader->line, column(reader),
		"the document ends in the middle");
}
