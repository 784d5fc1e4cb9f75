/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * build_isa: the ISA of an interchange that is built, the only segment of fixed length,
 * and the delimiters that it gives; bytes that a document writes in another form.
 */
#include "generators/build.h"

/* Where element n begins, and how long it is (X12.5). */
static const struct {
	uint8_t at, len;
} fields[17] = { { 0, 0 }, { 4, 2 }, { 7, 10 }, { 18, 2 }, { 21, 10 }, { 32, 2 }, { 35, 15 }, { 51, 2 }, { 54, 15 }, { 70, 6 },
	{ 77, 4 }, { 82, 1 }, { 84, 5 }, { 90, 9 }, { 100, 1 }, { 102, 1 }, { 104, 1 } };

void isa_begin(struct builder *builder, bool heads)
{
	builder->in_isa = heads;
	if (!builder->in_isa)
		return;
	builder->isa_at = 0;
	memset(builder->isa, ' ', sizeof(builder->isa));
	memcpy(builder->isa, "ISA", 3);
	for (unsigned n = 1; n <= 16; n++)
		builder->isa[fields[n].at - 1] = builder->delimiters.element;
	builder->isa[fields[11].at] = '^';
	builder->isa[fields[16].at] = ':';
}

bool isa_element(struct builder *builder, const struct piece *piece, uint64_t element, struct slice value)
{
	if (element > 16 || element <= builder->isa_at)
		return document_fault(builder->fault, piece->line, piece->column,
			"ISA has the elements ISA01 to ISA16, in this order, each once");
	builder->isa_at = (unsigned)element;
	size_t len = fields[element].len;
	bool separator = element == 11 || element == 16;
	if (value.len > len || (separator && value.len != len))
		return document_fault(builder->fault, piece->line, piece->column, "ISA%02u: expected %s%zu bytes", (unsigned)element,
			separator ? "" : "at most ", len);
	for (size_t i = 0; i < value.len && !separator; i++)
		if (value.ptr[i] == builder->delimiters.element || value.ptr[i] == '\n' || value.ptr[i] == '\r')
			return document_fault(builder->fault, piece->line, piece->column, "ISA%02u holds an element separator or a line end",
				(unsigned)element);
	memset(builder->isa + fields[element].at, ' ', len);
	if (value.len > 0)
		memcpy(builder->isa + fields[element].at, value.ptr, value.len);
	return true;
}

/* As the reader sees it: ISA11 separates from version 00402 on, unless it is a letter, a digit, a blank or taken. */
static char repetition_of(const struct builder *builder)
{
	char c = builder->isa[fields[11].at];
	struct slice version = slice_trim((struct slice){ builder->isa + fields[12].at, fields[12].len });
	bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ';
	if (plain || (version.len == 5 && slice_compare(version, SLICE("00402")) < 0))
		return '\0';
	if (c == builder->delimiters.element || c == builder->delimiters.segment || c == builder->isa[fields[16].at])
		return '\0';
	return c;
}

bool isa_end(struct builder *builder, uint64_t line, uint64_t column)
{
	(void)line;
	(void)column;
	builder->in_isa = false;
	builder->delimiters.component = builder->isa[fields[16].at];
	builder->delimiters.repetition = repetition_of(builder);
	slice_copy(builder->interchange_control, sizeof(builder->interchange_control),
		slice_trim((struct slice){ builder->isa + fields[13].at, fields[13].len }));
	buffer_reset(&builder->segment);
	buffer_put(&builder->segment, builder->isa, sizeof(builder->isa));
	return true;
}

/* ---- bytes in another form ---- */

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool bytes_of_hex(struct buffer *out, struct slice digits)
{
	for (size_t i = 0; i + 1 < digits.len; i += 2) {
		int high = digit_of(digits.ptr[i]), low = digit_of(digits.ptr[i + 1]);
		if (high < 0 || low < 0)
			return false;
		buffer_char(out, (char)(high << 4 | low));
	}
	return digits.len % 2 == 0 && !out->failed;
}

bool bytes_of_latin1(struct buffer *out, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c >= 0x80) { /* UTF-8 of U+0080 to U+00FF has two bytes, the first of them C2 or C3 */
			if ((c != 0xc2 && c != 0xc3) || i + 1 == text.len)
				return false;
			c = (unsigned char)(c << 6 | ((unsigned char)text.ptr[++i] & 0x3f));
		}
		buffer_char(out, (char)c);
	}
	return !out->failed;
}
