/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * document: which pieces a JSON or XML document of X12 has, what stands in what, and
 * which properties each may have.  The readers, and who builds X12 of what they give, go
 * by this table; parsers/x12.rng says the same of the XML form.
 */
#include "records/records.h"

#include <stdarg.h>

#define KEY(name) (UINT32_C(1) << PIECE_##name)

const struct piece_row piece_rows[PIECE_KINDS] = {
	[PIECE_DOCUMENT] = { "x12", 0, KEY(INTERCHANGE) | KEY(TEXT) },
	[PIECE_INTERCHANGE] = { "interchange",
		KEY(DELIMITER_ELEMENT) | KEY(DELIMITER_SEGMENT) | KEY(LINE_END) | KEY(CONTROL) | KEY(SENDER_QUALIFIER) | KEY(SENDER) |
		KEY(RECEIVER_QUALIFIER) | KEY(RECEIVER) | KEY(DATE) | KEY(TIME) | KEY(VERSION) | KEY(USAGE),
		KEY(SEGMENT) | KEY(GROUP) | KEY(TEXT) | KEY(MISSING) },
	[PIECE_GROUP] = { "group",
		KEY(CONTROL) | KEY(FUNCTION) | KEY(SENDER) | KEY(RECEIVER) | KEY(DATE) | KEY(TIME) | KEY(VERSION),
		KEY(SEGMENT) | KEY(SET) | KEY(TEXT) | KEY(MISSING) },
	[PIECE_SET] = { "set", KEY(ID) | KEY(NAME) | KEY(GUIDE), KEY(SEGMENT) | KEY(LOOP) | KEY(TEXT) | KEY(MISSING) },
	[PIECE_LOOP] = { "loop", KEY(ID) | KEY(NAME), KEY(SEGMENT) | KEY(LOOP) | KEY(TEXT) },
	[PIECE_SEGMENT] = { "segment", KEY(ID) | KEY(NAME) | KEY(POSITION) | KEY(AS_SENT) | KEY(ENCODING) |
		KEY(HIDDEN) | KEY(BREAKS) | KEY(CUT), KEY(ELEMENT) },
	[PIECE_ELEMENT] = { "element",
		KEY(AT) | KEY(REPETITION) | KEY(NAME) | KEY(LABEL) | KEY(VALUE) | KEY(ENCODING) | KEY(HIDDEN), 0 },
	[PIECE_TEXT] = { "text", KEY(VALUE) | KEY(ENCODING) | KEY(HIDDEN), 0 },
	[PIECE_MISSING] = { "missing", KEY(ID), 0 },
};

const char *const piece_keys[PIECE_KEYS] = {
	[PIECE_ID] = "id", [PIECE_AT] = "at", [PIECE_REPETITION] = "repetition", [PIECE_VALUE] = "value",
	[PIECE_ENCODING] = "encoding", [PIECE_HIDDEN] = "hidden", [PIECE_AS_SENT] = "as_sent", [PIECE_BREAKS] = "breaks", [PIECE_CUT] = "cut",
	[PIECE_DELIMITER_ELEMENT] = "delimiter_element", [PIECE_DELIMITER_SEGMENT] = "delimiter_segment",
	[PIECE_LINE_END] = "line_end", [PIECE_NAME] = "name", [PIECE_LABEL] = "label", [PIECE_POSITION] = "position",
	[PIECE_GUIDE] = "guide", [PIECE_CONTROL] = "control", [PIECE_SENDER_QUALIFIER] = "sender_qualifier",
	[PIECE_SENDER] = "sender", [PIECE_RECEIVER_QUALIFIER] = "receiver_qualifier", [PIECE_RECEIVER] = "receiver",
	[PIECE_DATE] = "date", [PIECE_TIME] = "time", [PIECE_VERSION] = "version", [PIECE_USAGE] = "usage",
	[PIECE_FUNCTION] = "function",
};

enum piece_kind piece_kind_of(struct slice name)
{
	for (unsigned i = 0; i < PIECE_KINDS; i++)
		if (name.len > 0 && name.ptr[0] == piece_rows[i].name[0] && slice_is(name, piece_rows[i].name))
			return (enum piece_kind)i;
	return PIECE_KINDS;
}

enum piece_key piece_key_of(struct slice name)
{
	for (unsigned i = 0; i < PIECE_KEYS && name.len > 1; i++)
		if (name.ptr[0] == piece_keys[i][0] && name.ptr[1] == piece_keys[i][1] && slice_is(name, piece_keys[i]))
			return (enum piece_key)i;
	return PIECE_KEYS;
}

bool document_fault(struct document_fault *fault, uint64_t line, uint64_t column, const char *format, ...)
{
	va_list list;
	if (fault->text[0] != '\0')
		return false;
	fault->line = line;
	fault->column = column;
	va_start(list, format);
	(void)vsnprintf(fault->text, sizeof(fault->text), format, list);
	va_end(list);
	return false;
}
