/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * print: a guide as its own file.  What this writes is the canonical layout of guide
 * files: tabs, one line an element, attributes in a fixed order, what has its usual
 * value left out.  Nodes lie in file order, so one pass with the depth is enough.
 */
#include "guides/tables.h"

static void put_indent(struct buffer *out, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		buffer_char(out, '\t');
}

/* name="text"; nothing for the empty text. */
static void put_text(struct buffer *out, const char *name, const char *text)
{
	if (text[0] == '\0')
		return;
	buffer_format(out, " %s=\"", name);
	for (; *text != '\0'; text++) {
		if (*text == '&')
			buffer_text(out, "&amp;");
		else if (*text == '<')
			buffer_text(out, "&lt;");
		else if (*text == '"')
			buffer_text(out, "&quot;");
		else
			buffer_char(out, *text);
	}
	buffer_char(out, '"');
}

static void put_usage(struct buffer *out, uint8_t usage)
{
	put_text(out, "usage", usage == USAGE_REQUIRED ? "R" : usage == USAGE_SITUATIONAL ? "S" : "N");
}

static void put_repeat(struct buffer *out, uint32_t repeat, uint32_t unbounded)
{
	if (repeat == unbounded)
		put_text(out, "repeat", ">1");
	else if (repeat != 1)
		buffer_format(out, " repeat=\"%u\"", repeat);
}

static void put_position(struct buffer *out, const char *name, unsigned at, unsigned component)
{
	if (at == 0)
		return;
	buffer_format(out, " %s=\"%02u", name, at);
	if (component != 0)
		buffer_format(out, "-%02u", component);
	buffer_char(out, '"');
}

static void put_syntax(struct buffer *out, const struct guide *guide, uint16_t first, uint16_t count)
{
	if (count == 0)
		return;
	buffer_text(out, " syntax=\"");
	for (uint16_t i = 0; i < count; i++) {
		const struct guide_note *note = &guide->notes[first + i];
		if (i > 0)
			buffer_char(out, ' ');
		buffer_char(out, note->kind);
		for (uint8_t p = 0; p < note->count; p++)
			buffer_format(out, "%02u", note->positions[p]);
	}
	buffer_char(out, '"');
}

static void put_codes(struct buffer *out, const struct guide *guide, uint16_t codes)
{
	if (codes == GUIDE_NONE)
		return;
	const struct guide_codes *list = &guide->code_lists[codes];
	struct buffer text;
	buffer_init(&text, 0);
	for (uint32_t i = 0; i < list->count; i++) {
		const char *code = guide_text(guide, guide->code_texts[list->first + i]);
		const char *quote = strchr(code, ' ') == NULL ? "" : "'";
		buffer_format(&text, "%s%s%s%s", i == 0 ? "" : " ", quote, code, quote);
	}
	buffer_char(&text, '\0');
	if (text.failed)
		out->failed = true;
	else
		put_text(out, "codes", text.ptr);
	buffer_done(&text);
}

/* The attributes of an element or component after its tag name. */
static void put_simple(struct buffer *out, const struct guide *guide, const struct guide_element *element)
{
	static const char types[][3] = {[TYPE_AN] = "AN", [TYPE_ID] = "ID", [TYPE_N] = "N", [TYPE_R] = "R",
					[TYPE_DT] = "DT", [TYPE_TM] = "TM", [TYPE_B] = "B", [TYPE_COMPOSITE] = ""};
	buffer_format(out, " number=\"%u\" type=\"%s", element->number, types[element->type]);
	if (element->type == TYPE_N)
		buffer_format(out, "%u", element->decimals);
	buffer_format(out, "\" min=\"%u\" max=\"%u\"", element->min, element->max);
	put_repeat(out, element->repeat, UINT16_MAX);
	put_position(out, "format", element->format_of, 0);
	if (element->codeset != GUIDE_NONE)
		put_text(out, "codeset", guide_codeset_name(NULL, element->codeset));
	put_codes(out, guide, element->codes);
	buffer_text(out, "/>\n");
}

static void put_element(struct buffer *out, const struct guide *guide, const struct guide_element *element, unsigned at,
			unsigned depth, const char *tag)
{
	put_indent(out, depth);
	buffer_format(out, "<%s", tag);
	put_position(out, "at", at, 0);
	put_usage(out, element->usage);
	put_text(out, "name", guide_text(guide, element->name));
	if (element->type != TYPE_COMPOSITE) {
		put_simple(out, guide, element);
		return;
	}
	put_text(out, "id", guide_text(guide, element->composite));
	put_repeat(out, element->repeat, UINT16_MAX);
	put_syntax(out, guide, element->first_note, element->note_count);
	buffer_text(out, element->component_count == 0 ? "/>\n" : ">\n");
}

/* One expression of a rule as an attribute. */
static void put_expression(struct buffer *out, const struct guide *guide, const struct guide_rule *rule,
			   const char *name, uint32_t first, uint32_t count)
{
	struct buffer text;
	buffer_init(&text, 0);
	guide_rule_print(&text, guide, rule, first, count);
	buffer_char(&text, '\0');
	if (text.failed)
		out->failed = true;
	else
		put_text(out, name, text.ptr);
	buffer_done(&text);
}

/* The place that a rule names in `at`. */
static void put_at(struct buffer *out, const struct guide *guide, const struct guide_rule *rule)
{
	char own[24];
	const struct guide_place *at = &rule->at;
	if (at->fact != GUIDE_NONE) {
		put_text(out, "at", guide_text(guide, guide->facts[at->fact].text));
		return;
	}
	guide_designator(own, guide_text(guide, guide->nodes[at->node].id), at->element, at->component);
	put_text(out, "at", own);
}

static void put_rule(struct buffer *out, const struct guide *guide, const struct guide_rule *rule, unsigned depth)
{
	bool balance = rule->kind == RULE_BALANCE;
	uint32_t then = rule->first_step + rule->when_count;
	put_indent(out, depth);
	buffer_text(out, balance ? "<balance" : "<rule");
	put_text(out, "id", guide_text(guide, rule->id));
	if (rule->level != (balance ? 3 : 4))
		buffer_format(out, " level=\"%u\"", rule->level);
	if (rule->at_given)
		put_at(out, guide, rule);
	put_expression(out, guide, rule, "when", rule->first_step, rule->when_count);
	if (balance)
		put_expression(out, guide, rule, "of", then, 1);
	put_expression(out, guide, rule, balance ? "is" : "then", then + balance, rule->then_count - balance);
	put_text(out, "severity", rule->severity == SEVERITY_NOTE ? "note" : "");
	put_text(out, "says", guide_text(guide, rule->says));
	put_text(out, "source", guide_text(guide, rule->source));
	buffer_text(out, "/>\n");
}

static void put_rules(struct buffer *out, const struct guide *guide, const struct guide_node *node)
{
	for (uint16_t i = 0; i < guide->rule_count; i++)
		if (&guide->nodes[guide->rules[i].node] == node)
			put_rule(out, guide, &guide->rules[i], node->depth + 1U);
}

static void put_fields(struct buffer *out, const struct guide *guide, const struct guide_node *node)
{
	for (uint16_t i = 0; i < node->map_count; i++) {
		const struct guide_map *map = &guide->maps[node->first_map + i];
		put_indent(out, node->depth + 1U);
		buffer_text(out, "<field");
		put_position(out, "at", map->at, map->at_component);
		if (map->when != 0) {
			char when[16];
			snprintf(when, sizeof(when), map->when_component == 0 ? "%02u=" : "%02u-%02u=", map->when,
				 map->when_component);
			buffer_format(out, " when=\"%s%s\"", when, guide_text(guide, map->is));
		}
		put_text(out, "to", record_fields[map->field].name);
		buffer_text(out, "/>\n");
	}
}

static void put_segment(struct buffer *out, const struct guide *guide, const struct guide_node *node)
{
	put_indent(out, node->depth);
	buffer_text(out, "<segment");
	put_text(out, "id", guide_text(guide, node->id));
	buffer_format(out, " position=\"%04u\"", node->position);
	put_usage(out, node->usage);
	put_repeat(out, node->repeat, GUIDE_UNBOUNDED);
	put_text(out, "name", guide_text(guide, node->name));
	put_position(out, "key", node->key, node->key_component);
	put_syntax(out, guide, node->first_note, node->note_count);
	put_position(out, "business", node->business, 0);
	buffer_text(out, ">\n");
	for (unsigned i = 0; i < node->element_count; i++) {
		const struct guide_element *element = &guide->elements[node->first_element + i];
		bool composite = element->type == TYPE_COMPOSITE;
		put_element(out, guide, element, i + 1, node->depth + 1U, composite ? "composite" : "element");
		for (unsigned p = 0; p < element->component_count; p++)
			put_element(out, guide, &guide->elements[element->first_component + p], p + 1, node->depth + 2U,
				    "component");
		if (element->component_count > 0) {
			put_indent(out, node->depth + 1U);
			buffer_text(out, "</composite>\n");
		}
	}
	put_rules(out, guide, node);
	put_fields(out, guide, node);
	put_indent(out, node->depth);
	buffer_text(out, "</segment>\n");
}

static void put_loop(struct buffer *out, const struct guide *guide, const struct guide_node *node)
{
	put_indent(out, node->depth);
	buffer_text(out, "<loop");
	put_text(out, "id", guide_text(guide, node->id));
	put_usage(out, node->usage);
	put_repeat(out, node->repeat, GUIDE_UNBOUNDED);
	put_text(out, "name", guide_text(guide, node->name));
	if (node->record != RECORD_NONE)
		put_text(out, "record", record_shape((enum record_kind)node->record)->name);
	put_text(out, "unit", node->unit ? "yes" : "");
	buffer_text(out, ">\n");
}

static void put_root(struct buffer *out, const struct guide *guide)
{
	buffer_text(out, "<guide");
	put_text(out, "name", guide->name);
	put_text(out, "set", guide->set_id);
	put_text(out, "function", guide->functional_id);
	put_text(out, "title", guide->title);
	put_text(out, "accepts", guide->accepts);
	put_text(out, "st03", guide->st03 ? "yes" : "no");
	put_text(out, "business", guide->business_unit);
	if (guide->nodes[0].record != RECORD_NONE)
		put_text(out, "record", record_shape((enum record_kind)guide->nodes[0].record)->name);
	buffer_text(out, ">\n");
}

static void put_loop_end(struct buffer *out, const struct guide *guide, const struct guide_node *loop)
{
	unsigned depth = loop->depth;
	put_rules(out, guide, loop);
	put_indent(out, depth);
	buffer_text(out, depth == 0 ? "</guide>\n" : "</loop>\n");
}

bool guide_print(struct buffer *out, const struct guide *guide)
{
	uint16_t open = 0; /* the innermost open loop */
	buffer_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	for (uint16_t i = 0; i < guide->node_count; i++) {
		const struct guide_node *node = &guide->nodes[i];
		for (; i > 0 && guide->nodes[open].depth >= node->depth; open = guide->nodes[open].parent)
			put_loop_end(out, guide, &guide->nodes[open]);
		if (node->comment != 0) {
			put_indent(out, node->depth);
			buffer_format(out, "<!--%s-->\n", guide_text(guide, node->comment));
		}
		if (i == 0)
			put_root(out, guide);
		else if (node->kind == NODE_LOOP)
			put_loop(out, guide, node);
		else
			put_segment(out, guide, node);
		if (node->kind == NODE_LOOP)
			open = i;
	}
	for (; open != GUIDE_NONE; open = guide->nodes[open].parent)
		put_loop_end(out, guide, &guide->nodes[open]);
	return !out->failed;
}
