/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * finding_json: a finding as one JSON object.
 *
 * Holds: a value that may be personal is null unless it was asked for.
 */
#include "generators/generators.h"

static void key_put(struct buffer *out, const char *key)
{
	buffer_text(out, ",\"");
	buffer_text(out, key);
	buffer_text(out, "\":");
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
		buffer_number(out, (int64_t)number);
}

/* A place in the sender's words that finding_text.c makes, as a JSON text. */
static void made_put(struct buffer *out, const char *key, void (*put)(struct buffer *out, const struct finding *finding), const struct finding *finding)
{
	struct buffer text;
	buffer_init(&text, 0);
	put(&text, finding);
	text_put(out, key, buffer_view(&text));
	out->failed = out->failed || text.failed;
	buffer_done(&text);
}

static void bool_put(struct buffer *out, const char *key, bool yes)
{
	key_put(out, key);
	buffer_text(out, yes ? "true" : "false");
}

/* Keys stand in every object and in this order; what is not known is null.  The offset alone may truly be 0. */
void finding_put_json(struct buffer *out, const struct finding *finding, const char *file, bool show_values)
{
	const struct finding_kind *kind = finding_kind(finding->code);
	const struct place *place = &finding->place;
	bool shown = show_values || finding->plain;
	buffer_text(out, "{\"code\":");
	json_text(out, slice_of(kind->name));
	text_put(out, "severity", slice_of(severity_words[finding->severity]));
	text_put(out, "text", slice_of(finding_text(finding)));
	number_put(out, "level", (uint64_t)finding_level(finding));
	text_put(out, "file", slice_of(file));
	key_put(out, "offset");
	buffer_number(out, (int64_t)place->offset);
	number_put(out, "line", place->line);
	number_put(out, "column", place->column);
	text_put(out, "interchange", slice_of(finding->interchange));
	text_put(out, "group", slice_of(finding->group));
	text_put(out, "set", slice_of(finding->set_id));
	text_put(out, "set_control", slice_of(finding->set_control));
	number_put(out, "segment", place->segment);
	text_put(out, "segment_id", slice_of(finding->segment_id));
	text_put(out, "loop", slice_of(finding->loop));
	text_put(out, "path", slice_of(finding->path));
	if (place->element > 0)
		made_put(out, "designator", finding_put_designator, finding);
	else
		text_put(out, "designator", SLICE_NONE);
	number_put(out, "element", place->element);
	number_put(out, "component", place->component);
	number_put(out, "repetition", place->repetition);
	number_put(out, "data_element", finding->data_element);
	text_put(out, "name", slice_of(finding->name));
	text_put(out, "guide", slice_of(finding->guide));
	text_put(out, "rule", slice_of(finding->rule));
	text_put(out, "expected", slice_of(finding->expected));
	text_put(out, "value", shown ? (struct slice){ finding->value, finding->value_len } : SLICE_NONE);
	bool_put(out, "hidden", !shown && finding->value_len > 0);
	text_put(out, "business", show_values ? slice_of(finding->business) : SLICE_NONE);
	made_put(out, "answer", finding_put_answer, finding);
	text_put(out, "mend", slice_of(kind->mend));
	buffer_char(out, '}');
}
