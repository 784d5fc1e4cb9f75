/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_read: the <rule> and <balance> elements of a guide file.  They are kept while the file is read and compiled when
 * all loops and segments are known, because a rule may speak of what comes after it.  A complaint names the line and
 * column of the very character, as far as the element stands on one line, as it does in the canonical layout.
 */
#include "guides/compile.h"

bool rule_keep(struct compile *c, const xmlNode *xml, uint16_t node)
{
	void *rules = c->rules;
	if (c->rule_count >= GUIDE_NONE || !array_grow(&rules, &c->rule_size, c->rule_count, sizeof(*c->rules)))
		return compile_refuse(c, xml, "no room for more rules");
	c->rules = rules;
	c->rules[c->rule_count].xml = xml;
	c->rules[c->rule_count++].node = node;
	return child_none(c, xml);
}

/* The bytes of a line of the file. */
static struct slice line_of(struct slice text, long line)
{
	while (line > 1 && text.len > 0) {
		const char *end = memchr(text.ptr, '\n', text.len);
		if (end == NULL)
			return SLICE_NONE;
		text.len -= (size_t)(end + 1 - text.ptr);
		text.ptr = end + 1;
		line--;
	}
	const char *end = text.len == 0 ? NULL : memchr(text.ptr, '\n', text.len);
	return (struct slice){ text.ptr, end == NULL ? text.len : (size_t)(end - text.ptr) };
}

/* The column (1 …) of byte `offset` of an attribute's value; 0: not found.  An entity is one byte of the value. */
static size_t column_of(struct slice line, const char *attribute, size_t offset)
{
	char name[24];
	size_t len = (size_t)snprintf(name, sizeof(name), " %s=\"", attribute);
	const char *from = line.len == 0 ? NULL : memmem(line.ptr, line.len, name, len);
	if (from == NULL)
		return 0;
	size_t at = (size_t)(from - line.ptr) + len;
	while (offset > 0 && at < line.len && line.ptr[at] != '"') {
		const char *end = line.ptr[at] == '&' ? memchr(line.ptr + at, ';', line.len - at) : NULL;
		at = end == NULL ? at + 1 : (size_t)(end - line.ptr) + 1;
		offset--;
	}
	return at + 1;
}

static bool rule_refused(const struct compile *c, const xmlNode *xml, const char *id, const struct rule_error *error)
{
	long line = xmlGetLineNo(xml);
	const char *name = id == NULL ? (const char *)xml->name : id;
	if (error->attribute == NULL)
		return compile_refuse(c, xml, "rule %s: %s", name, error->text);
	size_t column = column_of(line_of(c->text, line), error->attribute, error->offset);
	if (column == 0)
		return compile_refuse(c, xml, "rule %s: %s, character %zu: %s", name, error->attribute, error->offset + 1,
			error->text);
	return failure_set(c->failure, "%s:%ld:%zu: rule %s: %s: %s", c->path, line, column, name, error->attribute,
		error->text);
}

static bool severity_read(struct compile *c, const xmlNode *xml, struct attributes *attributes, enum severity *out)
{
	const char *text = attribute(attributes, "severity");
	*out = text != NULL && strcmp(text, "note") == 0 ? SEVERITY_NOTE : SEVERITY_REFUSE;
	if (text == NULL || *out == SEVERITY_NOTE || strcmp(text, "refuse") == 0)
		return true;
	return compile_refuse(c, xml, "severity is \"%s\", expected refuse or note", text);
}

static bool rule_read(struct compile *c, const xmlNode *xml, uint16_t node)
{
	bool balance = xml_is(xml, "balance");
	struct attributes attributes;
	struct rule_source source = { .kind = balance ? RULE_BALANCE : RULE_SITUATION };
	uint64_t level = balance ? 3 : 4;
	bool ok = attributes_read(c, xml, &attributes) && severity_read(c, xml, &attributes, &source.severity);
	if (ok && attribute(&attributes, "level") != NULL)
		ok = attribute_number(c, xml, &attributes, "level", 1, 7, &level);
	if (ok) {
		source.id = attribute_needed(c, xml, &attributes, "id");
		source.says = source.id == NULL ? NULL : attribute_needed(c, xml, &attributes, "says");
		source.source = attribute(&attributes, "source");
		source.when = attribute(&attributes, "when");
		source.level = (int)level;
		if (balance)
			source.of = attribute_needed(c, xml, &attributes, "of");
		else
			source.at = attribute(&attributes, "at");
		source.then = attribute_needed(c, xml, &attributes, balance ? "is" : "then");
		ok = source.id != NULL && source.says != NULL && source.then != NULL && (!balance || source.of != NULL) &&
		     attributes_all_used(c, xml, &attributes);
	}
	struct rule_error error = { 0 };
	if (ok && !rule_compile(c->build, node, &source, &error))
		ok = rule_refused(c, xml, source.id, &error);
	attributes_done(&attributes);
	return ok;
}

bool rules_compile(struct compile *c)
{
	for (size_t i = 0; i < c->rule_count; i++)
		if (!rule_read(c, c->rules[i].xml, c->rules[i].node))
			return false;
	return true;
}
