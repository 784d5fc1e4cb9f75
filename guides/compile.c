/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile: a guide file becomes a guide.  The file is read whole, looked through for
 * a DOCTYPE (refused, so there are no entities and nothing is fetched), parsed by
 * libxml2, and then walked once in file order with a stack of the open loops: no
 * recursion, whatever the nesting.  Everything is checked here that one line can
 * show (attributes, positions, codes, fields); what needs the whole tree is in
 * check.c.  A complaint is one sentence with file and line.
 */
#include <stdarg.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "guides/tables.h"

#define ATTRIBUTES_MAX 16

struct attributes {
	size_t count;
	struct {
		const char *name;
		xmlChar *value;
		bool used;
	} items[ATTRIBUTES_MAX];
};
struct compile {
	struct guide_build *build;
	const char *path;
	const struct code_tables *tables;
	struct failure *failure;
	unsigned *lines; /* of each node of the guide, for check.c */
	size_t line_size;
	unsigned depth; /* loops open, the set itself being 0 */
	struct {
		const xmlNode *xml;
		uint16_t node, last_child;
		enum record_kind record;
		bool unit;
	} open[LIMIT_LOOP_DEPTH + 1];
	uint32_t comment; /* waits for its loop or segment */
};

PRINTF_LIKE(3, 4)
static bool refuse(const struct compile *c, const xmlNode *at, const char *format, ...)
{
	char text[384];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return failure_set(c->failure, "%s:%ld: %s", c->path, xmlGetLineNo(at), text);
}

static bool is_named(const xmlNode *xml, const char *name)
{
	return xml->type == XML_ELEMENT_NODE && strcmp((const char *)xml->name, name) == 0;
}

/* ---- attributes ---------------------------------------------------------------- */

static void attributes_done(struct attributes *attributes)
{
	for (size_t i = 0; i < attributes->count; i++)
		xmlFree(attributes->items[i].value);
	attributes->count = 0;
}

static bool attributes_read(struct compile *c, const xmlNode *xml, struct attributes *attributes)
{
	attributes->count = 0;
	if (xml->ns != NULL || xml->nsDef != NULL)
		return refuse(c, xml, "<%s> is in a namespace, guide files use none", (const char *)xml->name);
	for (const xmlAttr *attr = xml->properties; attr != NULL; attr = attr->next) {
		if (attributes->count == ATTRIBUTES_MAX)
			return refuse(c, xml, "more than %d attributes", ATTRIBUTES_MAX);
		xmlChar *value = xmlNodeListGetString(xml->doc, attr->children, 1);
		if (value == NULL)
			value = xmlStrdup(BAD_CAST "");
		if (value == NULL)
			return refuse(c, xml, "no memory left");
		attributes->items[attributes->count].name = (const char *)attr->name;
		attributes->items[attributes->count].value = value;
		attributes->items[attributes->count++].used = false;
	}
	return true;
}

/* The value of `name`, NULL if it is not there. */
static const char *attribute(struct attributes *attributes, const char *name)
{
	for (size_t i = 0; i < attributes->count; i++) {
		if (strcmp(attributes->items[i].name, name) != 0)
			continue;
		attributes->items[i].used = true;
		return (const char *)attributes->items[i].value;
	}
	return NULL;
}

static const char *needed(struct compile *c, const xmlNode *xml, struct attributes *attributes, const char *name)
{
	const char *value = attribute(attributes, name);
	if (value != NULL && value[0] != '\0')
		return value;
	refuse(c, xml, "<%s> needs attribute %s", (const char *)xml->name, name);
	return NULL;
}

/* Every attribute was asked for by somebody. */
static bool attributes_all_used(struct compile *c, const xmlNode *xml, const struct attributes *attributes)
{
	for (size_t i = 0; i < attributes->count; i++)
		if (!attributes->items[i].used)
			return refuse(c, xml, "attribute %s has no meaning on <%s>", attributes->items[i].name,
				      (const char *)xml->name);
	return true;
}

static bool number_read(struct compile *c, const xmlNode *xml, struct attributes *attributes, const char *name,
			uint64_t low, uint64_t high, uint64_t *out)
{
	const char *text = needed(c, xml, attributes, name);
	if (text == NULL)
		return false;
	if (slice_number(out, slice_of(text)) && *out >= low && *out <= high)
		return true;
	return refuse(c, xml, "%s is \"%s\", expected a number from %llu to %llu", name, text, (unsigned long long)low,
		      (unsigned long long)high);
}

static bool yes_read(struct compile *c, const xmlNode *xml, struct attributes *attributes, const char *name, bool *out)
{
	const char *text = attribute(attributes, name);
	*out = text != NULL && strcmp(text, "yes") == 0;
	if (text == NULL || *out || strcmp(text, "no") == 0)
		return true;
	return refuse(c, xml, "%s is \"%s\", expected yes or no", name, text);
}

/* "1" … or ">1"; without the attribute 1. */
static bool repeat_read(struct compile *c, const xmlNode *xml, struct attributes *attributes, uint32_t unbounded,
			uint32_t *out)
{
	const char *text = attribute(attributes, "repeat");
	uint64_t number;
	*out = 1;
	if (text == NULL)
		return true;
	*out = unbounded;
	if (strcmp(text, ">1") == 0)
		return true;
	if (!slice_number(&number, slice_of(text)) || number == 0 || number >= unbounded)
		return refuse(c, xml, "repeat is \"%s\", expected a number from 1 or >1", text);
	*out = (uint32_t)number;
	return true;
}

static bool usage_read(struct compile *c, const xmlNode *xml, struct attributes *attributes, uint8_t *out)
{
	const char *text = needed(c, xml, attributes, "usage");
	if (text == NULL)
		return false;
	if (strcmp(text, "R") == 0)
		*out = USAGE_REQUIRED;
	else if (strcmp(text, "S") == 0)
		*out = USAGE_SITUATIONAL;
	else if (strcmp(text, "N") == 0)
		*out = USAGE_NOT_USED;
	else
		return refuse(c, xml, "usage is \"%s\", expected R, S or N", text);
	return true;
}

/* "03" or "03-01". */
static bool designator_parse(struct slice text, uint8_t *at, uint8_t *component)
{
	uint64_t a, b = 0;
	struct slice first = text, second = SLICE_NONE;
	bool has_component = slice_part(&second, text, '-', 1);
	if (slice_parts(text, '-') > 2 || !slice_part(&first, text, '-', 0) || first.len != 2 ||
	    !slice_number(&a, first) || a == 0)
		return false;
	if (has_component && (second.len != 2 || !slice_number(&b, second) || b == 0))
		return false;
	*at = (uint8_t)a;
	*component = (uint8_t)b;
	return true;
}

/* ---- elements ------------------------------------------------------------------ */

/* Syntax notes: "P0304 C0705", positions up to `count`. */
static bool notes_read(struct compile *c, const xmlNode *xml, const char *text, size_t count, uint16_t *first,
		       uint16_t *note_count)
{
	struct slice rest = slice_of(text), word;
	*first = (uint16_t)c->build->note_count;
	*note_count = 0;
	while ((word = slice_word(&rest)).len > 0) {
		struct guide_note *note = build_note(c->build);
		if (note == NULL)
			return refuse(c, xml, "no room for more syntax notes");
		bool ok = strchr("PRECL", word.ptr[0]) != NULL && word.len >= 5 && word.len % 2 == 1 &&
			  word.len / 2 <= COUNT_OF(note->positions);
		for (size_t i = 1; ok && i + 1 < word.len; i += 2) {
			uint64_t position;
			ok = slice_number(&position, (struct slice){ word.ptr + i, 2 }) && position > 0 && position <= count;
			if (ok)
				note->positions[note->count++] = (uint8_t)position;
		}
		if (!ok)
			return refuse(c, xml, "syntax note \"%.*s\", expected P, R, E, C or L and two-digit positions up to %02zu",
				      SLICE_ARG(word), count);
		note->kind = word.ptr[0];
		++*note_count;
	}
	return true;
}

/* The next code: a word, or a text with blanks in single quotation marks. */
static bool code_next(struct slice *rest, struct slice *code)
{
	*rest = slice_trim(*rest);
	if (rest->len == 0)
		return false;
	if (rest->ptr[0] != '\'') {
		*code = slice_word(rest);
		return true;
	}
	const char *end = memchr(rest->ptr + 1, '\'', rest->len - 1);
	size_t len = end == NULL ? rest->len - 1 : (size_t)(end - rest->ptr) - 1;
	*code = (struct slice){ rest->ptr + 1, len };
	size_t used = end == NULL ? rest->len : len + 2;
	*rest = (struct slice){ rest->ptr + used, rest->len - used };
	return true;
}

static bool codes_read(struct compile *c, const xmlNode *xml, const char *text, uint16_t *out)
{
	*out = GUIDE_NONE;
	if (text == NULL)
		return true;
	struct slice rest = slice_of(text), code;
	struct slice *codes = calloc(rest.len / 2 + 1, sizeof(*codes));
	if (codes == NULL)
		return refuse(c, xml, "no memory left");
	size_t count = 0;
	bool ok = true;
	while (ok && code_next(&rest, &code)) {
		ok = code.len > 0 && count < GUIDE_NONE;
		if (ok)
			codes[count++] = code;
	}
	if (!ok || count == 0)
		ok = refuse(c, xml, "codes is \"%.40s\", expected codes with blanks between", text);
	if (ok)
		*out = build_codes(c->build, codes, count); /* sorts */
	for (size_t i = 1; ok && i < count; i++)
		if (slice_equal(codes[i - 1], codes[i]))
			ok = refuse(c, xml, "code \"%.*s\" stands twice", SLICE_ARG(codes[i]));
	free(codes);
	return ok;
}

static bool type_read(struct compile *c, const xmlNode *xml, struct attributes *attributes, struct guide_element *out)
{
	static const struct {
		const char *name;
		enum guide_type type;
	} types[] = { { "AN", TYPE_AN }, { "ID", TYPE_ID }, { "R", TYPE_R }, { "DT", TYPE_DT }, { "TM", TYPE_TM }, { "B", TYPE_B } };
	const char *text = needed(c, xml, attributes, "type");
	if (text == NULL)
		return false;
	if (text[0] == 'N' && text[1] >= '0' && text[1] <= '9' && text[2] == '\0') {
		out->type = TYPE_N;
		out->decimals = (uint8_t)(text[1] - '0');
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strcmp(text, types[i].name) == 0) {
			out->type = (uint8_t)types[i].type;
			return true;
		}
	}
	return refuse(c, xml, "type is \"%s\", expected AN, ID, N0 … N9, R, DT, TM or B", text);
}

/* <element> and <component>: attributes into `out`; `before` are its siblings so far. */
static bool simple_read(struct compile *c, const xmlNode *xml, struct attributes *attributes, struct guide_element *out,
			const struct guide_element *siblings, size_t before)
{
	uint64_t number, min, max, format = 0;
	if (!type_read(c, xml, attributes, out) || !number_read(c, xml, attributes, "number", 1, 9999, &number) ||
	    !number_read(c, xml, attributes, "min", 1, UINT16_MAX, &min) ||
	    !number_read(c, xml, attributes, "max", min, UINT16_MAX, &max))
		return false;
	out->number = (uint16_t)number;
	out->min = (uint16_t)min;
	out->max = (uint16_t)max;
	if (attribute(attributes, "format") != NULL) {
		if (!number_read(c, xml, attributes, "format", 1, before, &format))
			return false;
		if (siblings[format - 1].codes == GUIDE_NONE)
			return refuse(c, xml, "format %02u names an element without codes", (unsigned)format);
		out->format_of = (uint16_t)format;
	}
	const char *codeset = attribute(attributes, "codeset");
	if (codeset != NULL) {
		out->codeset = codeset_of(c->tables, slice_of(codeset));
		if (out->codeset == GUIDE_NONE)
			return refuse(c, xml, "codeset is \"%s\", and there is no guides/codes/%s.csv", codeset, codeset);
	}
	return codes_read(c, xml, attribute(attributes, "codes"), &out->codes);
}

static bool composite_read(struct compile *c, const xmlNode *xml, struct attributes *attributes, struct guide_element *out)
{
	const char *id = needed(c, xml, attributes, "id");
	if (id == NULL)
		return false;
	out->type = TYPE_COMPOSITE;
	out->composite = build_text(c->build, id);
	return true;
}

/* One <element>, <component> or <composite>, appended to the elements that begin at `first`. */
static bool element_read(struct compile *c, const xmlNode *xml, size_t first, bool component)
{
	struct guide_build *build = c->build;
	struct guide_element out = { .codes = GUIDE_NONE, .codeset = GUIDE_NONE };
	struct attributes attributes;
	size_t before = build->element_count - first;
	uint64_t at;
	uint32_t repeat = 1;
	bool ok = attributes_read(c, xml, &attributes) &&
		  number_read(c, xml, &attributes, "at", before + 1, before + 1, &at) &&
		  usage_read(c, xml, &attributes, &out.usage) &&
		  (component || repeat_read(c, xml, &attributes, UINT16_MAX, &repeat));
	const char *name = ok ? needed(c, xml, &attributes, "name") : NULL;
	ok = name != NULL && (is_named(xml, "composite")
				      ? composite_read(c, xml, &attributes, &out)
				      : simple_read(c, xml, &attributes, &out, build->elements + first, before));
	if (ok && before >= (component ? 99U : LIMIT_ELEMENTS))
		ok = refuse(c, xml, "more than %zu elements", before);
	if (ok && out.type == TYPE_COMPOSITE) /* its notes are read with its components */
		(void)attribute(&attributes, "syntax");
	ok = ok && attributes_all_used(c, xml, &attributes);
	if (ok) {
		out.name = build_text(build, name);
		out.repeat = (uint16_t)repeat;
		struct guide_element *item = build_element(build);
		if (item == NULL)
			ok = refuse(c, xml, "no room for more elements");
		else
			*item = out;
	}
	attributes_done(&attributes);
	return ok;
}

/* The next child that is an element; text, comments and the like are refused. */
static bool child_next(struct compile *c, const xmlNode **child, const xmlNode *from)
{
	for (; from != NULL && from->type != XML_ELEMENT_NODE; from = from->next) {
		if (from->type == XML_COMMENT_NODE)
			return refuse(c, from, "a comment stands before a loop or a segment");
		if (from->type != XML_TEXT_NODE || !xmlIsBlankNode(from))
			return refuse(c, from, "text between elements");
	}
	*child = from;
	return true;
}

static bool childless(struct compile *c, const xmlNode *xml)
{
	const xmlNode *child;
	if (!child_next(c, &child, xml->children))
		return false;
	return child == NULL || refuse(c, child, "<%s> does not stand in <%s>", (const char *)child->name,
				       (const char *)xml->name);
}

static bool components_read(struct compile *c, const xmlNode *xml, size_t element)
{
	struct guide_build *build = c->build;
	size_t first = build->element_count;
	const xmlNode *child;
	if (!child_next(c, &child, xml->children))
		return false;
	while (child != NULL) {
		if (!is_named(child, "component"))
			return refuse(c, child, "<%s> does not stand in <composite>", (const char *)child->name);
		if (!childless(c, child) || !element_read(c, child, first, true) || !child_next(c, &child, child->next))
			return false;
	}
	struct attributes attributes;
	uint16_t note = 0, notes = 0;
	size_t count = build->element_count - first;
	bool ok = attributes_read(c, xml, &attributes);
	const char *syntax = attribute(&attributes, "syntax");
	ok = ok && (syntax == NULL || notes_read(c, xml, syntax, count, &note, &notes));
	attributes_done(&attributes);
	build->elements[element].first_component = count == 0 ? 0 : (uint16_t)first;
	build->elements[element].component_count = (uint16_t)count;
	build->elements[element].first_note = notes == 0 ? 0 : note;
	build->elements[element].note_count = notes;
	return ok;
}

/* All elements of a segment in a row, then the components of its composites. */
static bool elements_read(struct compile *c, const xmlNode *xml, const xmlNode **after)
{
	size_t first = c->build->element_count;
	const xmlNode *child, *begin;
	if (!child_next(c, &begin, xml->children))
		return false;
	for (child = begin; child != NULL && !is_named(child, "field");) {
		if (!is_named(child, "element") && !is_named(child, "composite"))
			return refuse(c, child, "<%s> does not stand in <segment>", (const char *)child->name);
		if (is_named(child, "element") && !childless(c, child))
			return false;
		if (!element_read(c, child, first, false) || !child_next(c, &child, child->next))
			return false;
	}
	*after = child;
	size_t at = first;
	for (const xmlNode *composite = begin; composite != child; composite = composite->next) {
		if (composite->type != XML_ELEMENT_NODE)
			continue;
		if (is_named(composite, "composite") && !components_read(c, composite, at))
			return false;
		at++;
	}
	return true;
}

/* The element (or component) of a segment; NULL if it has none there. */
static const struct guide_element *element_at(const struct guide_build *build, const struct guide_node *segment,
					      uint8_t at, uint8_t component)
{
	if (at == 0 || at > segment->element_count)
		return NULL;
	const struct guide_element *element = &build->elements[segment->first_element + at - 1];
	if (component == 0)
		return element;
	return component <= element->component_count ? &build->elements[element->first_component + component - 1] : NULL;
}

/* ---- fields -------------------------------------------------------------------- */

/* when="01=356 357" */
static bool when_read(struct compile *c, const xmlNode *xml, const char *text, const struct guide_node *segment,
		      struct guide_map *map)
{
	const char *sign = strchr(text, '=');
	struct slice at = { text, sign == NULL ? 0 : (size_t)(sign - text) };
	if (sign == NULL || !designator_parse(at, &map->when, &map->when_component) || sign[1] == '\0')
		return refuse(c, xml, "when is \"%s\", expected a position, = and values: 01=356", text);
	const struct guide_element *element = element_at(c->build, segment, map->when, map->when_component);
	if (element == NULL || element->type == TYPE_COMPOSITE)
		return refuse(c, xml, "when is \"%s\", and the segment has no such element", text);
	struct slice rest = slice_of(sign + 1), word;
	c->build->guide.texts = c->build->pool.bytes;
	c->build->guide.code_lists = c->build->lists;
	c->build->guide.code_texts = c->build->code_texts;
	while ((word = slice_word(&rest)).len > 0)
		if (!guide_code_listed(&c->build->guide, element->codes, word))
			return refuse(c, xml, "when is \"%s\", and %.*s is not among that element's codes", text,
				      SLICE_ARG(word));
	map->is = build_text(c->build, sign + 1);
	return true;
}

/* Can a field of this type hold what the element carries? */
static bool field_fits(enum field_type field, const struct guide_element *element)
{
	switch (field) {
	case FIELD_DAY:
		return element->type == TYPE_DT || element->format_of != 0;
	case FIELD_CENTS:
	case FIELD_SUM:
		return element->type == TYPE_R;
	case FIELD_TEXT:
	case FIELD_COUNT:
	case FIELD_TRACE:
		return true;
	}
	return false;
}

static bool field_read(struct compile *c, const xmlNode *xml, struct guide_node *segment)
{
	struct guide_map map = { 0 };
	struct attributes attributes;
	enum record_kind record = c->open[c->depth].record;
	bool ok = attributes_read(c, xml, &attributes) && childless(c, xml);
	const char *at = ok ? needed(c, xml, &attributes, "at") : NULL;
	const char *to = at == NULL ? NULL : needed(c, xml, &attributes, "to");
	const char *when = attribute(&attributes, "when");
	ok = to != NULL && attributes_all_used(c, xml, &attributes);
	const struct guide_element *element = NULL;
	if (ok) {
		ok = designator_parse(slice_of(at), &map.at, &map.at_component);
		element = ok ? element_at(c->build, segment, map.at, map.at_component) : NULL;
		if (element == NULL || element->usage == USAGE_NOT_USED)
			ok = refuse(c, xml, "at is \"%s\", and the segment uses no such element", at);
	}
	if (ok && record == RECORD_NONE)
		ok = refuse(c, xml, "no loop around this field makes a record");
	int field = ok ? record_field_of(record, slice_of(to)) : -1;
	if (ok && field < 0)
		ok = refuse(c, xml, "record %s has no field \"%s\"", record_shape(record)->name, to);
	if (ok && element != NULL && !field_fits(record_fields[field].type, element))
		ok = refuse(c, xml, "field \"%s\" cannot hold what element %s carries", to, at);
	ok = ok && (when == NULL || when_read(c, xml, when, segment, &map));
	if (ok) {
		map.field = (uint16_t)field;
		struct guide_map *item = build_map(c->build);
		if (item == NULL)
			ok = refuse(c, xml, "no room for more fields");
		else
			*item = map;
	}
	attributes_done(&attributes);
	return ok;
}

/* ---- segments and loops ------------------------------------------------------------ */

/* A node below the innermost open loop; its siblings are linked here. */
static bool node_add(struct compile *c, const xmlNode *xml, const struct guide_node *node, uint16_t *index)
{
	struct guide_build *build = c->build;
	uint16_t at = (uint16_t)build->node_count;
	void *lines = c->lines;
	struct guide_node *item = build_node(build);
	if (item == NULL || !array_grow(&lines, &c->line_size, at, sizeof(*c->lines)))
		return refuse(c, xml, "no room for more loops and segments");
	c->lines = lines;
	c->lines[at] = (unsigned)xmlGetLineNo(xml);
	*item = *node;
	item->comment = c->comment;
	item->next = GUIDE_NONE;
	item->first_child = GUIDE_NONE;
	item->parent = GUIDE_NONE;
	c->comment = 0;
	if (at > 0) {
		uint16_t parent = c->open[c->depth].node, last = c->open[c->depth].last_child;
		item->parent = parent;
		if (last == GUIDE_NONE)
			build->nodes[parent].first_child = at;
		else
			build->nodes[last].next = at;
		c->open[c->depth].last_child = at;
	}
	*index = at;
	return true;
}

static bool id_fits(struct slice id, size_t min, size_t max)
{
	for (size_t i = 0; i < id.len; i++)
		if (!((id.ptr[i] >= 'A' && id.ptr[i] <= 'Z') || (id.ptr[i] >= '0' && id.ptr[i] <= '9')))
			return false;
	return id.len >= min && id.len <= max;
}

/* What loops and segments share. */
static bool node_read(struct compile *c, const xmlNode *xml, struct attributes *attributes, struct guide_node *node)
{
	bool loop = is_named(xml, "loop");
	const char *id = needed(c, xml, attributes, "id");
	if (id == NULL)
		return false;
	if (!id_fits(slice_of(id), loop ? 1 : 2, loop ? 7 : 3))
		return refuse(c, xml, "id is \"%s\", expected %s upper-case letters and digits", id, loop ? "1 to 7" : "2 or 3");
	const char *name = needed(c, xml, attributes, "name");
	if (name == NULL || !usage_read(c, xml, attributes, &node->usage) ||
	    !repeat_read(c, xml, attributes, GUIDE_UNBOUNDED, &node->repeat))
		return false;
	node->id = build_text(c->build, id);
	node->name = build_text(c->build, name);
	node->depth = (uint8_t)(c->depth + 1);
	return true;
}

static bool key_read(struct compile *c, const xmlNode *xml, const char *text, struct guide_node *segment)
{
	if (!designator_parse(slice_of(text), &segment->key, &segment->key_component))
		return refuse(c, xml, "key is \"%s\", expected a position such as 01 or 01-01", text);
	const struct guide_element *element = element_at(c->build, segment, segment->key, segment->key_component);
	if (element == NULL)
		return refuse(c, xml, "key is \"%s\", and the segment has no such element", text);
	if (element->codes == GUIDE_NONE)
		return refuse(c, xml, "key element %s has no codes to tell the segment by", text);
	segment->key_codes = element->codes;
	return true;
}

/* The attributes of a segment that need its elements. */
static bool segment_finish(struct compile *c, const xmlNode *xml, struct attributes *attributes, struct guide_node *node)
{
	const char *syntax = attribute(attributes, "syntax"), *key = attribute(attributes, "key");
	uint64_t business = 0;
	uint16_t note = 0;
	if (syntax != NULL && !notes_read(c, xml, syntax, node->element_count, &note, &node->note_count))
		return false;
	node->first_note = node->note_count == 0 ? 0 : note;
	if (key != NULL && !key_read(c, xml, key, node))
		return false;
	if (attribute(attributes, "business") != NULL) {
		bool unit = false;
		for (unsigned i = 0; i <= c->depth; i++)
			unit = unit || c->open[i].unit;
		if (!number_read(c, xml, attributes, "business", 1, node->element_count, &business))
			return false;
		if (!unit)
			return refuse(c, xml, "business stands outside of any loop with unit=\"yes\"");
		node->business = (uint8_t)business;
	}
	return true;
}

static bool segment_read(struct compile *c, const xmlNode *xml)
{
	struct guide_build *build = c->build;
	struct guide_node node = { .kind = NODE_SEGMENT, .key_codes = GUIDE_NONE };
	struct attributes attributes;
	uint64_t position;
	const xmlNode *field = NULL;
	size_t first = build->element_count, first_map = build->map_count;
	bool ok = attributes_read(c, xml, &attributes) && node_read(c, xml, &attributes, &node) &&
		  number_read(c, xml, &attributes, "position", 1, 9999, &position) && elements_read(c, xml, &field);
	if (ok) {
		node.position = (uint32_t)position;
		node.first_element = (uint16_t)first;
		const xmlNode *child = xml->children;
		for (; child != field; child = child->next)
			node.element_count = (uint16_t)(node.element_count + (child->type == XML_ELEMENT_NODE));
		if (node.element_count == 0)
			ok = refuse(c, xml, "segment without elements");
	}
	ok = ok && segment_finish(c, xml, &attributes, &node) && attributes_all_used(c, xml, &attributes);
	attributes_done(&attributes);
	while (ok && field != NULL) {
		if (!is_named(field, "field"))
			return refuse(c, field, "<%s> does not stand after <field>", (const char *)field->name);
		ok = field_read(c, field, &node) && child_next(c, &field, field->next);
	}
	node.map_count = (uint16_t)(build->map_count - first_map);
	node.first_map = node.map_count == 0 ? 0 : (uint16_t)first_map;
	uint16_t index;
	return ok && node_add(c, xml, &node, &index);
}

/* The record that a loop makes must be one whose parent is being made around it. */
static bool record_read(struct compile *c, const xmlNode *xml, const char *text, enum record_kind around,
			enum record_kind *out)
{
	*out = record_kind_of(slice_of(text));
	if (*out == RECORD_NONE)
		return refuse(c, xml, "record is \"%s\", and there is no such record", text);
	enum record_kind parent = record_shape(*out)->parent;
	if (parent != RECORD_NONE && parent != around)
		return refuse(c, xml, "record %s stands in a loop of record %s", text, record_shape(parent)->name);
	return true;
}

static bool loop_open(struct compile *c, const xmlNode *xml)
{
	struct guide_node node = { .kind = NODE_LOOP, .key_codes = GUIDE_NONE };
	struct attributes attributes;
	enum record_kind around = c->open[c->depth].record, record = RECORD_NONE;
	if (c->depth == LIMIT_LOOP_DEPTH)
		return refuse(c, xml, "loops nested deeper than %d", LIMIT_LOOP_DEPTH);
	bool ok = attributes_read(c, xml, &attributes) && node_read(c, xml, &attributes, &node) &&
		  yes_read(c, xml, &attributes, "unit", &node.unit);
	const char *text = attribute(&attributes, "record");
	ok = ok && (text == NULL || record_read(c, xml, text, around, &record)) &&
	     attributes_all_used(c, xml, &attributes);
	attributes_done(&attributes);
	node.record = (uint8_t)record;
	uint16_t index;
	if (!ok || !node_add(c, xml, &node, &index))
		return false;
	c->depth++;
	c->open[c->depth].xml = xml;
	c->open[c->depth].node = index;
	c->open[c->depth].last_child = GUIDE_NONE;
	c->open[c->depth].record = record == RECORD_NONE ? around : record;
	c->open[c->depth].unit = node.unit;
	return true;
}

/* ---- the guide ----------------------------------------------------------------------- */

static bool root_texts_read(struct compile *c, const xmlNode *xml, struct attributes *attributes)
{
	struct guide_build *build = c->build;
	struct {
		const char *name;
		uint32_t *out;
	} texts[] = { { "name", &build->name }, { "set", &build->set_id }, { "function", &build->functional_id },
		      { "title", &build->title }, { "accepts", &build->accepts } };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		const char *text = needed(c, xml, attributes, texts[i].name);
		if (text == NULL)
			return false;
		*texts[i].out = build_text(build, text);
	}
	build->business_unit = build_text(build, attribute(attributes, "business"));
	return true;
}

static bool root_open(struct compile *c, const xmlNode *xml)
{
	struct guide_node node = { .kind = NODE_LOOP, .repeat = 1, .key_codes = GUIDE_NONE };
	struct attributes attributes;
	enum record_kind record = RECORD_NONE;
	if (xml == NULL || !is_named(xml, "guide"))
		return refuse(c, xml, "expected <guide> as the outermost element");
	bool ok = attributes_read(c, xml, &attributes) && root_texts_read(c, xml, &attributes) &&
		  yes_read(c, xml, &attributes, "st03", &c->build->guide.st03);
	const char *text = attribute(&attributes, "record");
	ok = ok && (text == NULL || record_read(c, xml, text, RECORD_NONE, &record)) &&
	     attributes_all_used(c, xml, &attributes);
	attributes_done(&attributes);
	node.id = c->build->set_id;
	node.name = c->build->title;
	node.record = (uint8_t)record;
	uint16_t index;
	if (!ok || !node_add(c, xml, &node, &index))
		return false;
	c->open[0].xml = xml;
	c->open[0].last_child = GUIDE_NONE;
	c->open[0].record = record;
	return true;
}

static bool comment_read(struct compile *c, const xmlNode *xml)
{
	if (c->comment != 0)
		return refuse(c, xml, "two comments in a row, expected one");
	const char *text = (const char *)xml->content;
	c->comment = build_text(c->build, text == NULL || text[0] == '\0' ? " " : text);
	return true;
}

/* One node inside a loop. */
static bool loop_child_read(struct compile *c, const xmlNode *xml)
{
	if (xml->type == XML_COMMENT_NODE)
		return comment_read(c, xml);
	if (xml->type == XML_TEXT_NODE && xmlIsBlankNode(xml))
		return true;
	if (is_named(xml, "segment"))
		return segment_read(c, xml);
	if (is_named(xml, "loop"))
		return loop_open(c, xml);
	if (xml->type == XML_ELEMENT_NODE)
		return refuse(c, xml, "<%s> does not stand in a loop", (const char *)xml->name);
	return refuse(c, xml, "text between loops and segments");
}

static bool tree_read(struct compile *c, xmlDoc *doc)
{
	for (const xmlNode *xml = doc->children; xml != NULL && xml->type != XML_ELEMENT_NODE; xml = xml->next)
		if (xml->type != XML_COMMENT_NODE || !comment_read(c, xml))
			return refuse(c, xml, "expected a comment or <guide>");
	const xmlNode *root = xmlDocGetRootElement(doc);
	if (!root_open(c, root))
		return false;
	if (root->next != NULL)
		return refuse(c, root->next, "nothing may follow </guide>");
	const xmlNode *xml = root->children;
	for (;;) {
		if (xml == NULL) {
			if (c->comment != 0)
				return refuse(c, c->open[c->depth].xml, "a comment stands before a loop or a segment");
			if (c->depth == 0)
				return true;
			xml = c->open[c->depth--].xml->next;
			continue;
		}
		unsigned depth = c->depth;
		if (!loop_child_read(c, xml))
			return false;
		xml = c->depth > depth ? xml->children : xml->next;
	}
}

/* A DOCTYPE is the door to entities and to other files: it is looked for before any parsing. */
static bool doctype_refused(const char *path, struct slice text, struct failure *failure)
{
	unsigned line = 1;
	for (size_t i = 0; i < text.len; i++) {
		line += text.ptr[i] == '\n';
		if (text.ptr[i] == '\0')
			return !failure_set(failure, "%s:%u: a zero byte, expected UTF-8 text", path, line);
		struct slice rest = { text.ptr + i, text.len - i };
		if (slice_starts(rest, "<!DOCTYPE") || slice_starts(rest, "<!ENTITY"))
			return !failure_set(failure, "%s:%u: a DOCTYPE, guide files have none", path, line);
	}
	return false;
}

static xmlDoc *document_parse(const char *path, struct slice text, struct failure *failure)
{
	if (doctype_refused(path, text, failure))
		return NULL;
	xmlParserCtxt *context = xmlNewParserCtxt();
	if (context == NULL) {
		failure_set(failure, "%s: no memory left for it", path);
		return NULL;
	}
	xmlDoc *doc = xmlCtxtReadMemory(context, text.ptr, (int)text.len, path, "UTF-8",
					XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (doc == NULL) {
		const xmlError *said = xmlCtxtGetLastError(context);
		struct slice message = slice_of(said == NULL || said->message == NULL ? "not XML" : said->message);
		while (message.len > 0 && message.ptr[message.len - 1] == '\n')
			message.len--;
		failure_set(failure, "%s:%d: %.*s", path, said == NULL ? 1 : said->line, SLICE_ARG(message));
	}
	xmlFreeParserCtxt(context);
	return doc;
}

struct guide *guide_compile(const char *path, const struct code_tables *tables, struct failure *failure)
{
	struct compile c = { .path = path, .tables = tables, .failure = failure, .build = build_new() };
	struct buffer text;
	buffer_init(&text, LIMIT_XML_BYTES + 8192);
	xmlDoc *doc = NULL;
	bool ok = c.build != NULL ? input_read(&text, path, failure) : failure_set(failure, "%s: no memory left for it", path);
	if (ok) {
		doc = document_parse(path, buffer_view(&text), failure);
		ok = doc != NULL && tree_read(&c, doc);
	}
	if (ok && c.build->failed)
		ok = failure_set(failure, "%s: no memory left for it", path);
	if (ok) {
		build_finish(c.build);
		ok = guide_check(c.build, c.lines, path, failure);
	}
	xmlFreeDoc(doc);
	buffer_done(&text);
	free(c.lines);
	if (ok)
		return &c.build->guide;
	build_free(c.build);
	return NULL;
}
