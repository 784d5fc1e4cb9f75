/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show: the structure of an interchange with the guide's names, as a text tree,
 * JSON or XML.
 *
 * Events go in, lines go out; nothing is kept but the depth.  Loops, segments,
 * elements, repetitions and components are named; codes that have a label show it.
 *
 * Holds: without `show_values` no value that may be personal is printed
 * (personal.c), and of a segment without a place in the guide no value at all;
 * what was opened is closed by show_*_end.
 */
#include "generators/generators.h"

#define HIDDEN "(hidden)"
#define VALUE_COLUMN 16 /* names stand in one column beside values up to this length */

/* ---- containers ---- */

static void indent_put(struct shower *shower)
{
	for (unsigned i = 0; i < shower->depth; i++)
		buffer_text(shower->out, shower->format == SHOW_JSON ? " " : "  ");
}

static void xml_character(struct buffer *out, char c)
{
	if (c == '&')
		buffer_text(out, "&amp;");
	else if (c == '<')
		buffer_text(out, "&lt;");
	else if (c == '>')
		buffer_text(out, "&gt;");
	else if (c == '"')
		buffer_text(out, "&quot;");
	else if ((unsigned char)c < ' ')
		buffer_text(out, "\xef\xbf\xbd"); /* U+FFFD: XML has no control characters */
	else
		buffer_char(out, c);
}

static void xml_text(struct buffer *out, struct slice text)
{
	while (text.len > 0) {
		struct slice character = { text.ptr, utf8_prefix(text, 1) };
		if (!utf8_valid(character))
			buffer_text(out, "\xef\xbf\xbd");
		else if (character.len == 1)
			xml_character(out, character.ptr[0]);
		else
			buffer_slice(out, character);
		text.ptr += character.len;
		text.len -= character.len;
	}
}

/* One property of the object or tag that is being opened. */
static void property_put(struct shower *shower, const char *key, struct slice value)
{
	struct buffer *out = shower->out;
	if (value.len == 0)
		return;
	if (shower->format == SHOW_JSON) {
		if (shower->comma)
			buffer_text(out, ", ");
		json_text(out, slice_of(key));
		buffer_text(out, ": ");
		json_text(out, value);
		shower->comma = true;
		return;
	}
	buffer_format(out, " %s=\"", key);
	xml_text(out, value);
	buffer_char(out, '"');
}

static void number_property_put(struct shower *shower, const char *key, uint64_t number)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
	if (shower->format != SHOW_JSON) {
		property_put(shower, key, (struct slice){ digits, (size_t)len });
		return;
	}
	if (shower->comma)
		buffer_text(shower->out, ", ");
	json_text(shower->out, slice_of(key));
	buffer_format(shower->out, ": %s", digits);
	shower->comma = true;
}

/* JSON and XML: an object or tag opens on a line of its own; its properties follow. */
static void object_open(struct shower *shower, const char *tag)
{
	if (shower->format == SHOW_JSON) {
		buffer_text(shower->out, shower->comma ? ",\n" : "\n");
		indent_put(shower);
		buffer_char(shower->out, '{');
		shower->comma = false;
		property_put(shower, "kind", slice_of(tag));
		return;
	}
	indent_put(shower);
	buffer_format(shower->out, "<%s", tag);
}

/* ... until its children begin. */
static void children_open(struct shower *shower)
{
	if (shower->format == SHOW_JSON)
		buffer_text(shower->out, shower->comma ? ", \"children\": [" : "\"children\": [");
	else
		buffer_text(shower->out, ">\n");
	shower->comma = false;
	shower->depth++;
}

static void children_close(struct shower *shower, const char *tag)
{
	if (shower->depth > 0)
		shower->depth--;
	if (shower->format == SHOW_JSON) {
		buffer_text(shower->out, "]}");
		shower->comma = true;
		return;
	}
	indent_put(shower);
	buffer_format(shower->out, "</%s>\n", tag);
}

static void object_close(struct shower *shower)
{
	buffer_text(shower->out, shower->format == SHOW_JSON ? "}" : "/>\n");
	shower->comma = true;
}

/* ---- document and envelope ---- */

void show_begin(struct shower *shower)
{
	shower->depth = 0;
	shower->comma = false;
	if (shower->format == SHOW_JSON)
		buffer_text(shower->out, "[");
	if (shower->format == SHOW_XML)
		buffer_text(shower->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<x12>\n");
}

void show_end(struct shower *shower)
{
	if (shower->format == SHOW_JSON)
		buffer_text(shower->out, "\n]\n");
	if (shower->format == SHOW_XML)
		buffer_text(shower->out, "</x12>\n");
}

void show_interchange(struct shower *shower, const struct interchange_header *header)
{
	struct buffer *out = shower->out;
	if (shower->format == SHOW_TEXT) {
		indent_put(shower);
		buffer_format(out, "interchange %s  from %s %s to %s %s  on %s at %s  version %s  usage %c\n",
		              header->control, header->sender_qualifier, header->sender, header->receiver_qualifier,
		              header->receiver, header->date, header->time, header->version,
		              header->usage == '\0' ? '-' : header->usage);
		shower->depth++;
		return;
	}
	object_open(shower, "interchange");
	property_put(shower, "control", slice_of(header->control));
	property_put(shower, "sender_qualifier", slice_of(header->sender_qualifier));
	property_put(shower, "sender", slice_of(header->sender));
	property_put(shower, "receiver_qualifier", slice_of(header->receiver_qualifier));
	property_put(shower, "receiver", slice_of(header->receiver));
	property_put(shower, "date", slice_of(header->date));
	property_put(shower, "time", slice_of(header->time));
	property_put(shower, "version", slice_of(header->version));
	property_put(shower, "usage", (struct slice){ &header->usage, header->usage == '\0' ? 0 : 1 });
	children_open(shower);
}

void show_group(struct shower *shower, const struct group_header *header)
{
	if (shower->format == SHOW_TEXT) {
		indent_put(shower);
		buffer_format(shower->out, "group %s  %s  from %s to %s  on %s at %s  version %s\n", header->control,
		              header->functional_id, header->sender, header->receiver, header->date, header->time,
		              header->version);
		shower->depth++;
		return;
	}
	object_open(shower, "group");
	property_put(shower, "control", slice_of(header->control));
	property_put(shower, "function", slice_of(header->functional_id));
	property_put(shower, "sender", slice_of(header->sender));
	property_put(shower, "receiver", slice_of(header->receiver));
	property_put(shower, "date", slice_of(header->date));
	property_put(shower, "time", slice_of(header->time));
	property_put(shower, "version", slice_of(header->version));
	children_open(shower);
}

static void container_end(struct shower *shower, const char *tag)
{
	if (shower->format != SHOW_TEXT)
		children_close(shower, tag);
	else if (shower->depth > 0)
		shower->depth--;
}

void show_group_end(struct shower *shower)
{
	container_end(shower, "group");
}

void show_interchange_end(struct shower *shower)
{
	container_end(shower, "interchange");
}

/* ---- loops ---- */

static void loop_begin(struct shower *shower, const struct event *event, const char *tag)
{
	const struct guide *guide = event->guide;
	const struct guide_node *node = &guide->nodes[event->node];
	bool set = event->kind == EVENT_SET_BEGIN;
	const char *id = set ? guide->set_id : guide_text(guide, node->id);
	const char *name = set ? guide->title : guide_text(guide, node->name);
	if (shower->format == SHOW_TEXT) {
		indent_put(shower);
		buffer_format(shower->out, "%s %s  %s\n", tag, id, name);
		shower->depth++;
		return;
	}
	object_open(shower, tag);
	property_put(shower, "id", slice_of(id));
	property_put(shower, "name", slice_of(name));
	if (set)
		property_put(shower, "guide", slice_of(guide->name));
	children_open(shower);
}

/* ---- values ---- */

struct value { /* one place of a segment, ready to be printed */
	char designator[16];
	unsigned element, component, repetition; /* component and repetition 0: none */
	const char *name;
	struct slice text;
	const char *label; /* of a code; NULL if none */
	bool hidden;
};

static void value_put(struct shower *shower, const struct value *value)
{
	struct slice text = value->hidden ? SLICE(HIDDEN) : value->text;
	const char *label = value->hidden ? NULL : value->label;
	if (shower->format == SHOW_TEXT) {
		indent_put(shower);
		buffer_format(shower->out, "%-9s ", value->designator);
		buffer_slice(shower->out, text);
		for (size_t used = utf8_count(text); value->name != NULL && used < VALUE_COLUMN; used++)
			buffer_char(shower->out, ' ');
		if (value->name != NULL)
			buffer_format(shower->out, "  | %s", value->name);
		if (label != NULL)
			buffer_format(shower->out, ": %s", label);
		buffer_char(shower->out, '\n');
		return;
	}
	object_open(shower, "element");
	property_put(shower, "at", slice_of(value->designator));
	if (value->repetition > 0)
		number_property_put(shower, "repetition", value->repetition);
	property_put(shower, "name", slice_of(value->name));
	property_put(shower, "label", slice_of(label));
	if (!value->hidden)
		property_put(shower, "value", text);
	else if (shower->format == SHOW_JSON)
		buffer_text(shower->out, ", \"hidden\": true");
	else
		property_put(shower, "hidden", SLICE("yes"));
	object_close(shower);
}

/* One repetition of one element: a value, or a value for each component. */
static void repetition_put(struct shower *shower, const struct event *event, const struct guide_element *rule,
                           bool personal, unsigned number, unsigned repetition, struct slice text)
{
	const struct guide *guide = event->guide;
	const struct segment *segment = event->segment;
	struct value value = { .element = number, .repetition = repetition, .text = text, .hidden = !shower->show_values };
	char id[4];
	slice_copy(id, sizeof(id), segment->id);
	if (rule == NULL || rule->type != TYPE_COMPOSITE) {
		guide_designator(value.designator, id, number, 0);
		if (rule != NULL) {
			value.name = guide_text(guide, rule->name);
			value.label = guide_code_label(rule->number, text);
			value.hidden = value.hidden && personal && personal_element(rule->number, segment->id);
		}
		value_put(shower, &value);
		return;
	}
	for (unsigned n = 0; slice_part(&value.text, text, segment->delimiters.component, n); n++) {
		const struct guide_element *part = NULL;
		if (value.text.len == 0)
			continue;
		if (n < rule->component_count)
			part = &guide->elements[rule->first_component + n];
		guide_designator(value.designator, id, number, n + 1);
		value.component = n + 1;
		value.name = part == NULL ? NULL : guide_text(guide, part->name);
		value.label = part == NULL ? NULL : guide_code_label(part->number, value.text);
		value.hidden = !shower->show_values &&
		               (part == NULL || (personal && personal_element(part->number, segment->id)));
		value_put(shower, &value);
	}
}

static void elements_put(struct shower *shower, const struct event *event, const struct guide_node *node)
{
	const struct segment *segment = event->segment;
	bool personal = personal_segment(segment);
	for (unsigned i = 1; i <= segment->element_count; i++) {
		const struct guide_element *rule = NULL;
		struct slice whole = segment_element(segment, i), text;
		if (whole.len == 0)
			continue;
		if (node != NULL && i <= node->element_count)
			rule = &event->guide->elements[node->first_element + i - 1];
		if (rule == NULL || rule->repeat <= 1 || segment->delimiters.repetition == '\0') {
			repetition_put(shower, event, rule, personal, i, 0, whole);
			continue;
		}
		for (unsigned n = 0; slice_part(&text, whole, segment->delimiters.repetition, n); n++)
			if (text.len > 0)
				repetition_put(shower, event, rule, personal, i, n + 1, text);
	}
}

static void segment_put(struct shower *shower, const struct event *event)
{
	const struct guide_node *node = event->node == GUIDE_NONE ? NULL : &event->guide->nodes[event->node];
	const char *name = node == NULL ? "no place in the guide" : guide_text(event->guide, node->name);
	struct buffer *out = shower->out;
	if (shower->format == SHOW_TEXT) {
		indent_put(shower);
		buffer_slice(out, event->segment->id);
		buffer_format(out, "  %s  (segment %llu)\n", name, (unsigned long long)event->position);
		shower->depth++;
		elements_put(shower, event, node);
		shower->depth--;
		return;
	}
	object_open(shower, "segment");
	property_put(shower, "id", event->segment->id);
	property_put(shower, "name", slice_of(name));
	number_property_put(shower, "position", event->position);
	children_open(shower);
	elements_put(shower, event, node);
	children_close(shower, "segment");
}

void show_event(struct shower *shower, const struct event *event)
{
	switch (event->kind) {
	case EVENT_SET_BEGIN:
		loop_begin(shower, event, "set");
		return;
	case EVENT_LOOP_BEGIN:
		loop_begin(shower, event, "loop");
		return;
	case EVENT_SEGMENT:
		segment_put(shower, event);
		return;
	case EVENT_LOOP_END:
		container_end(shower, "loop");
		return;
	case EVENT_SET_END:
		container_end(shower, "set");
		return;
	case EVENT_NONE:
		return;
	}
}
