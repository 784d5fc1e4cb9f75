/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile: a guide file becomes a guide.  The file is read whole, looked through for
 * a DOCTYPE (refused, so there are no entities and nothing is fetched), parsed by
 * libxml2, and then walked once in file order with a stack of the open loops: no
 * recursion, whatever the nesting.  Everything is checked here that one line can
 * show (attributes, positions, codes, fields; see attributes.c, elements.c); what
 * needs the whole tree is in check.c.  A complaint is one sentence with file and line.
 */
#include <libxml/parser.h>

#include "base/xml_lazy.h"
#include "guides/compile.h"

/* ---- fields -------------------------------------------------------------------- */

/* when="01=356 357" */
static bool when_read(struct compile *c, const xmlNode *xml, const char *text, const struct guide_node *segment,
		      struct guide_map *map)
{
	const char *sign = strchr(text, '=');
	struct slice at = {text, sign == NULL ? 0 : (size_t)(sign - text)};
	if (sign == NULL || !designator_parse(at, &map->when, &map->when_component) || sign[1] == '\0')
		return compile_refuse(c, xml, "when is \"%s\", expected a position, = and values: 01=356", text);
	const struct guide_element *element = element_at(c->build, segment, map->when, map->when_component);
	if (element == NULL || element->type == TYPE_COMPOSITE)
		return compile_refuse(c, xml, "when is \"%s\", and the segment has no such element", text);
	struct slice rest = slice_of(sign + 1), word;
	c->build->guide.texts = c->build->pool.bytes;
	c->build->guide.code_lists = c->build->lists;
	c->build->guide.code_texts = c->build->code_texts;
	while ((word = slice_word(&rest)).len > 0)
		if (!guide_code_listed(&c->build->guide, element->codes, word))
			return compile_refuse(c, xml, "when is \"%s\", and %.*s is not among that element's codes",
					      text, SLICE_ARG(word));
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
	struct guide_map map = {0};
	struct attributes attributes;
	enum record_kind record = c->open[c->depth].record;
	bool ok = attributes_read(c, xml, &attributes) && child_none(c, xml);
	const char *at = ok ? attribute_needed(c, xml, &attributes, "at") : NULL;
	const char *to = at == NULL ? NULL : attribute_needed(c, xml, &attributes, "to");
	const char *when = attribute(&attributes, "when");
	ok = to != NULL && attributes_all_used(c, xml, &attributes);
	const struct guide_element *element = NULL;
	if (ok) {
		ok = designator_parse(slice_of(at), &map.at, &map.at_component);
		element = ok ? element_at(c->build, segment, map.at, map.at_component) : NULL;
		if (element == NULL || element->usage == USAGE_NOT_USED)
			ok = compile_refuse(c, xml, "at is \"%s\", and the segment uses no such element", at);
	}
	if (ok && record == RECORD_NONE)
		ok = compile_refuse(c, xml, "no loop around this field makes a record");
	int field = ok ? record_field_of(record, slice_of(to)) : -1;
	if (ok && field < 0)
		ok = compile_refuse(c, xml, "record %s has no field \"%s\"", record_shape(record)->name, to);
	if (ok && element != NULL && !field_fits(record_fields[field].type, element))
		ok = compile_refuse(c, xml, "field \"%s\" cannot hold what element %s carries", to, at);
	ok = ok && (when == NULL || when_read(c, xml, when, segment, &map));
	if (ok) {
		map.field = (uint16_t)field;
		struct guide_map *item = build_map(c->build);
		if (item == NULL)
			ok = compile_refuse(c, xml, "no room for more fields");
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
		return compile_refuse(c, xml, "no room for more loops and segments");
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
	bool loop = xml_is(xml, "loop");
	const char *id = attribute_needed(c, xml, attributes, "id");
	if (id == NULL)
		return false;
	if (!id_fits(slice_of(id), loop ? 1 : 2, loop ? 7 : 3))
		return compile_refuse(c, xml, "id is \"%s\", expected %s upper-case letters and digits", id,
				      loop ? "1 to 7" : "2 or 3");
	const char *name = attribute_needed(c, xml, attributes, "name");
	if (name == NULL || !attribute_usage(c, xml, attributes, &node->usage) ||
	    !attribute_repeat(c, xml, attributes, GUIDE_UNBOUNDED, &node->repeat))
		return false;
	node->id = build_text(c->build, id);
	node->name = build_text(c->build, name);
	node->depth = (uint8_t)(c->depth + 1);
	return true;
}

static bool key_read(struct compile *c, const xmlNode *xml, const char *text, struct guide_node *segment)
{
	if (!designator_parse(slice_of(text), &segment->key, &segment->key_component))
		return compile_refuse(c, xml, "key is \"%s\", expected a position such as 01 or 01-01", text);
	const struct guide_element *element = element_at(c->build, segment, segment->key, segment->key_component);
	if (element == NULL)
		return compile_refuse(c, xml, "key is \"%s\", and the segment has no such element", text);
	if (element->codes == GUIDE_NONE)
		return compile_refuse(c, xml, "key element %s has no codes to tell the segment by", text);
	segment->key_codes = element->codes;
	return true;
}

/* The attributes of a segment that need its elements. */
static bool segment_finish(struct compile *c, const xmlNode *xml, struct attributes *attributes,
			   struct guide_node *node)
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
		if (!attribute_number(c, xml, attributes, "business", 1, node->element_count, &business))
			return false;
		if (!unit)
			return compile_refuse(c, xml, "business stands outside of any loop with unit=\"yes\"");
		node->business = (uint8_t)business;
	}
	return true;
}

static bool segment_read(struct compile *c, const xmlNode *xml)
{
	struct guide_build *build = c->build;
	struct guide_node node = {.kind = NODE_SEGMENT, .key_codes = GUIDE_NONE};
	struct attributes attributes;
	uint64_t position;
	const xmlNode *field = NULL;
	size_t first = build->element_count, first_map = build->map_count;
	bool ok = attributes_read(c, xml, &attributes) && node_read(c, xml, &attributes, &node) &&
		  attribute_number(c, xml, &attributes, "position", 1, 9999, &position) &&
		  elements_read(c, xml, &field);
	if (ok) {
		node.position = (uint32_t)position;
		node.first_element = (uint16_t)first;
		const xmlNode *child = xml->children;
		for (; child != field; child = child->next)
			node.element_count = (uint16_t)(node.element_count + (child->type == XML_ELEMENT_NODE));
		if (node.element_count == 0)
			ok = compile_refuse(c, xml, "segment without elements");
	}
	ok = ok && segment_finish(c, xml, &attributes, &node) && attributes_all_used(c, xml, &attributes);
	attributes_done(&attributes);
	while (ok && field != NULL && (xml_is(field, "rule") || xml_is(field, "balance")))
		ok = rule_keep(c, field, (uint16_t)build->node_count) && child_next(c, &field, field->next);
	while (ok && field != NULL) {
		if (!xml_is(field, "field"))
			return compile_refuse(c, field, "<%s> does not stand after <field>", (const char *)field->name);
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
		return compile_refuse(c, xml, "record is \"%s\", and there is no such record", text);
	enum record_kind parent = record_shape(*out)->parent;
	if (parent != RECORD_NONE && parent != around)
		return compile_refuse(c, xml, "record %s stands in a loop of record %s", text,
				      record_shape(parent)->name);
	return true;
}

static bool loop_open(struct compile *c, const xmlNode *xml)
{
	struct guide_node node = {.kind = NODE_LOOP, .key_codes = GUIDE_NONE};
	struct attributes attributes;
	enum record_kind around = c->open[c->depth].record, record = RECORD_NONE;
	if (c->depth == LIMIT_LOOP_DEPTH)
		return compile_refuse(c, xml, "loops nested deeper than %d", LIMIT_LOOP_DEPTH);
	bool ok = attributes_read(c, xml, &attributes) && node_read(c, xml, &attributes, &node) &&
		  attribute_yes(c, xml, &attributes, "unit", &node.unit);
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
	} texts[] = {{"name", &build->name},
		     {"set", &build->set_id},
		     {"function", &build->functional_id},
		     {"title", &build->title},
		     {"accepts", &build->accepts}};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		const char *text = attribute_needed(c, xml, attributes, texts[i].name);
		if (text == NULL)
			return false;
		*texts[i].out = build_text(build, text);
	}
	build->business_unit = build_text(build, attribute(attributes, "business"));
	return true;
}

static bool root_open(struct compile *c, const xmlNode *xml)
{
	struct guide_node node = {.kind = NODE_LOOP, .repeat = 1, .key_codes = GUIDE_NONE};
	struct attributes attributes;
	enum record_kind record = RECORD_NONE;
	if (xml == NULL || !xml_is(xml, "guide"))
		return compile_refuse(c, xml, "expected <guide> as the outermost element");
	bool ok = attributes_read(c, xml, &attributes) && root_texts_read(c, xml, &attributes) &&
		  attribute_yes(c, xml, &attributes, "st03", &c->build->guide.st03);
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
		return compile_refuse(c, xml, "two comments in a row, expected one");
	const char *text = (const char *)xml->content;
	c->comment = build_text(c->build, text == NULL || text[0] == '\0' ? " " : text);
	return true;
}

/* The rules of a loop stand at its end. */
static bool rules_ended(struct compile *c, const xmlNode *xml)
{
	for (const xmlNode *before = xml->prev; before != NULL; before = before->prev)
		if (xml_is(before, "rule") || xml_is(before, "balance"))
			return compile_refuse(c, xml, "<%s> stands after the rules of its loop", (const char *)xml->name);
		else if (before->type == XML_ELEMENT_NODE)
			return true;
	return true;
}

/* One node inside a loop. */
static bool loop_child_read(struct compile *c, const xmlNode *xml)
{
	if (xml->type == XML_COMMENT_NODE)
		return comment_read(c, xml);
	if (xml->type == XML_TEXT_NODE && xmlIsBlankNode(xml))
		return true;
	if (xml_is(xml, "segment"))
		return rules_ended(c, xml) && segment_read(c, xml);
	if (xml_is(xml, "loop"))
		return rules_ended(c, xml) && loop_open(c, xml);
	if (xml_is(xml, "rule") || xml_is(xml, "balance"))
		return rule_keep(c, xml, c->open[c->depth].node);
	if (xml->type == XML_ELEMENT_NODE)
		return compile_refuse(c, xml, "<%s> does not stand in a loop", (const char *)xml->name);
	return compile_refuse(c, xml, "text between loops and segments");
}

static bool tree_read(struct compile *c, xmlDoc *doc)
{
	for (const xmlNode *xml = doc->children; xml != NULL && xml->type != XML_ELEMENT_NODE; xml = xml->next)
		if (xml->type != XML_COMMENT_NODE || !comment_read(c, xml))
			return compile_refuse(c, xml, "expected a comment or <guide>");
	const xmlNode *root = xmlDocGetRootElement(doc);
	if (!root_open(c, root))
		return false;
	if (root->next != NULL)
		return compile_refuse(c, root->next, "nothing may follow </guide>");
	const xmlNode *xml = root->children;
	for (;;) {
		if (xml == NULL) {
			if (c->comment != 0)
				return compile_refuse(c, c->open[c->depth].xml,
						      "a comment stands before a loop or a segment");
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
		struct slice rest = {text.ptr + i, text.len - i};
		if (slice_starts(rest, "<!DOCTYPE") || slice_starts(rest, "<!ENTITY"))
			return !failure_set(failure, "%s:%u: a DOCTYPE, files here have none", path, line);
	}
	return false;
}

xmlDoc *document_parse(const char *path, struct slice text, struct failure *failure)
{
	if (doctype_refused(path, text, failure) || !xml_load(failure))
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
		const char *end = memchr(message.ptr, '\n', message.len); /* one sentence is one line */
		if (end != NULL)
			message.len = (size_t)(end - message.ptr);
		failure_set(failure, "%s:%d: %.*s", path, said == NULL ? 1 : said->line, SLICE_ARG(message));
	}
	xmlFreeParserCtxt(context);
	return doc;
}

struct guide *guide_compile_text(const char *path, struct slice text, const struct code_tables *tables,
				 struct failure *failure)
{
	struct compile c = {.path = path, .tables = tables, .failure = failure, .build = build_new(), .text = text};
	xmlDoc *doc = NULL;
	bool ok = c.build != NULL || failure_set(failure, "%s: no memory left for it", path);
	if (ok) {
		doc = document_parse(path, text, failure);
		ok = doc != NULL && tree_read(&c, doc);
	}
	if (ok && c.build->failed)
		ok = failure_set(failure, "%s: no memory left for it", path);
	if (ok) {
		build_finish(c.build);
		ok = guide_check(c.build, c.lines, path, failure) && rules_compile(&c);
	}
	if (ok && c.build->failed)
		ok = failure_set(failure, "%s: no memory left for it", path);
	xmlFreeDoc(doc);
	free(c.lines);
	free(c.rules);
	if (ok)
		return &c.build->guide;
	build_free(c.build);
	return NULL;
}

struct guide *guide_compile(const char *path, const struct code_tables *tables, struct failure *failure)
{
	struct buffer text;
	buffer_init(&text, LIMIT_XML_BYTES + 8192);
	struct guide *guide = NULL;
	if (input_read(&text, path, failure))
		guide = guide_compile_text(path, buffer_view(&text), tables, failure);
	buffer_done(&text);
	return guide;
}
