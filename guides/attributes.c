/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * attributes: reading the attributes and children of one XML element, and complaining
 * about them.  An attribute that nobody asked for is refused, so a slip of the pen in
 * a guide file cannot pass silently.
 */
#include <stdarg.h>

#include "guides/compile.h"

bool compile_refuse(const struct compile *c, const xmlNode *at, const char *format, ...)
{
	char text[384];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return failure_set(c->failure, "%s:%ld: %s", c->path, xmlGetLineNo(at), text);
}

bool xml_is(const xmlNode *xml, const char *name)
{
	return xml->type == XML_ELEMENT_NODE && strcmp((const char *)xml->name, name) == 0;
}

/* ---- attributes ---------------------------------------------------------------- */

void attributes_done(struct attributes *attributes)
{
	for (size_t i = 0; i < attributes->count; i++)
		xmlFree(attributes->items[i].value);
	attributes->count = 0;
}

bool attributes_read(struct compile *c, const xmlNode *xml, struct attributes *attributes)
{
	attributes->count = 0;
	if (xml->ns != NULL || xml->nsDef != NULL)
		return compile_refuse(c, xml, "<%s> is in a namespace, guide files use none", (const char *)xml->name);
	for (const xmlAttr *attr = xml->properties; attr != NULL; attr = attr->next) {
		if (attributes->count == ATTRIBUTES_MAX)
			return compile_refuse(c, xml, "more than %d attributes", ATTRIBUTES_MAX);
		xmlChar *value = xmlNodeListGetString(xml->doc, attr->children, 1);
		if (value == NULL)
			value = xmlCharStrdup("");
		if (value == NULL)
			return compile_refuse(c, xml, "no memory left");
		attributes->items[attributes->count].name = (const char *)attr->name;
		attributes->items[attributes->count].value = value;
		attributes->items[attributes->count++].used = false;
	}
	return true;
}

/* The value of `name`, NULL if it is not there. */
const char *attribute(struct attributes *attributes, const char *name)
{
	for (size_t i = 0; i < attributes->count; i++) {
		if (strcmp(attributes->items[i].name, name) != 0)
			continue;
		attributes->items[i].used = true;
		return (const char *)attributes->items[i].value;
	}
	return NULL;
}

const char *attribute_needed(struct compile *c, const xmlNode *xml, struct attributes *attributes, const char *name)
{
	const char *value = attribute(attributes, name);
	if (value != NULL && value[0] != '\0')
		return value;
	compile_refuse(c, xml, "<%s> needs attribute %s", (const char *)xml->name, name);
	return NULL;
}

/* Every attribute was asked for by somebody. */
bool attributes_all_used(struct compile *c, const xmlNode *xml, const struct attributes *attributes)
{
	for (size_t i = 0; i < attributes->count; i++)
		if (!attributes->items[i].used)
			return compile_refuse(c, xml, "attribute %s has no meaning on <%s>", attributes->items[i].name,
					      (const char *)xml->name);
	return true;
}

bool attribute_number(struct compile *c, const xmlNode *xml, struct attributes *attributes, const char *name,
		      uint64_t low, uint64_t high, uint64_t *out)
{
	const char *text = attribute_needed(c, xml, attributes, name);
	if (text == NULL)
		return false;
	if (slice_number(out, slice_of(text)) && *out >= low && *out <= high)
		return true;
	return compile_refuse(c, xml, "%s is \"%s\", expected a number from %llu to %llu", name, text,
			      (unsigned long long)low, (unsigned long long)high);
}

bool attribute_yes(struct compile *c, const xmlNode *xml, struct attributes *attributes, const char *name, bool *out)
{
	const char *text = attribute(attributes, name);
	*out = text != NULL && strcmp(text, "yes") == 0;
	if (text == NULL || *out || strcmp(text, "no") == 0)
		return true;
	return compile_refuse(c, xml, "%s is \"%s\", expected yes or no", name, text);
}

/* "1" … or ">1"; without the attribute 1. */
bool attribute_repeat(struct compile *c, const xmlNode *xml, struct attributes *attributes, uint32_t unbounded,
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
		return compile_refuse(c, xml, "repeat is \"%s\", expected a number from 1 or >1", text);
	*out = (uint32_t)number;
	return true;
}

bool attribute_usage(struct compile *c, const xmlNode *xml, struct attributes *attributes, uint8_t *out)
{
	const char *text = attribute_needed(c, xml, attributes, "usage");
	if (text == NULL)
		return false;
	if (strcmp(text, "R") == 0)
		*out = USAGE_REQUIRED;
	else if (strcmp(text, "S") == 0)
		*out = USAGE_SITUATIONAL;
	else if (strcmp(text, "N") == 0)
		*out = USAGE_NOT_USED;
	else
		return compile_refuse(c, xml, "usage is \"%s\", expected R, S or N", text);
	return true;
}

/* "03" or "03-01". */
bool designator_parse(struct slice text, uint8_t *at, uint8_t *component)
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

/* ---- children -------------------------------------------------------------------- */

/* The next child that is an element; text, comments and the like are refused. */
bool child_next(struct compile *c, const xmlNode **child, const xmlNode *from)
{
	for (; from != NULL && from->type != XML_ELEMENT_NODE; from = from->next) {
		if (from->type == XML_COMMENT_NODE)
			return compile_refuse(c, from, "a comment stands before a loop or a segment");
		if (from->type != XML_TEXT_NODE || !xmlIsBlankNode(from))
			return compile_refuse(c, from, "text between elements");
	}
	*child = from;
	return true;
}

bool child_none(struct compile *c, const xmlNode *xml)
{
	const xmlNode *child;
	if (!child_next(c, &child, xml->children))
		return false;
	return child == NULL || compile_refuse(c, child, "<%s> does not stand in <%s>", (const char *)child->name,
					       (const char *)xml->name);
}
