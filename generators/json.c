/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * json: texts and findings as JSON (RFC 8259), written as they come.
 *
 * Holds: what is written is UTF-8 whatever the text was; a value that may be
 * personal is null unless it was asked for.
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

/* ---- one finding ---- */

static void key_put(struct buffer *out, const char *key)
{
	buffer_char(out, ',');
	json_text(out, slice_of(key));
	buffer_char(out, ':');
}

static void text_put(struct buffer *out, const char *key, struct slice text)
{
	key_put(out, key);
	if (text.len == 0)
		buffer_text(out, "null");
	else
		json_text(out, text);
}

static void number_put(struct buffer *out, const char *key, uint64_t number)
{
	key_put(out, key);
	if (number == 0)
		buffer_text(out, "null");
	else
		buffer_format(out, "%llu", (unsigned long long)number);
}

static const char *severity_name(enum severity severity)
{
	switch (severity) {
	case SEVERITY_IGNORE:
		return "ignore";
	case SEVERITY_NOTE:
		return "note";
	case SEVERITY_REFUSE:
		return "refuse";
	}
	return "";
}

/* Keys stand in every object and in this order; what is not known is null.  The offset alone may truly be 0. */
void finding_put_json(struct buffer *out, const struct finding *finding, const char *file, bool show_values)
{
	const struct finding_kind *kind = finding_kind(finding->code);
	const struct place *place = &finding->place;
	char designator[16] = "";
	if (finding->segment_id[0] != '\0' && place->element != 0)
		guide_designator(designator, finding->segment_id, place->element, place->component);
	buffer_text(out, "{\"code\":");
	json_text(out, slice_of(kind->name));
	text_put(out, "severity", slice_of(severity_name(finding->severity)));
	text_put(out, "text", slice_of(kind->text));
	number_put(out, "level", (uint64_t)kind->level);
	text_put(out, "file", slice_of(file));
	key_put(out, "offset");
	buffer_format(out, "%llu", (unsigned long long)place->offset);
	text_put(out, "set", slice_of(finding->set_id));
	text_put(out, "set_control", slice_of(finding->set_control));
	number_put(out, "segment", place->segment);
	text_put(out, "segment_id", slice_of(finding->segment_id));
	text_put(out, "loop", slice_of(finding->loop));
	text_put(out, "designator", slice_of(designator));
	number_put(out, "element", place->element);
	number_put(out, "component", place->component);
	number_put(out, "repetition", place->repetition);
	number_put(out, "data_element", finding->data_element);
	text_put(out, "name", slice_of(finding->name));
	text_put(out, "guide", slice_of(finding->guide));
	text_put(out, "expected", slice_of(finding->expected));
	text_put(out, "value", show_values || finding->plain ? (struct slice){ finding->value, finding->value_len } : SLICE_NONE);
	text_put(out, "business", show_values ? slice_of(finding->business) : SLICE_NONE);
	buffer_char(out, '}');
}
