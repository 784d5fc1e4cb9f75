/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * elements: <element>, <composite> and <component> of a segment become rows of the
 * guide's element table: first all elements of the segment in a row, so that position
 * n is row n, then the components of each composite in a row.
 */
#include "guides/compile.h"

/* Syntax notes: "P0304 C0705", positions up to `count`. */
bool notes_read(struct compile *c, const xmlNode *xml, const char *text, size_t count, uint16_t *first,
		uint16_t *note_count)
{
	struct slice rest = slice_of(text), word;
	*first = (uint16_t)c->build->note_count;
	*note_count = 0;
	while ((word = slice_word(&rest)).len > 0) {
		struct guide_note *note = build_note(c->build);
		if (note == NULL)
			return compile_refuse(c, xml, "no room for more syntax notes");
		bool ok = strchr("PRECL", word.ptr[0]) != NULL && word.len >= 5 && word.len % 2 == 1 &&
			  word.len / 2 <= COUNT_OF(note->positions);
		for (size_t i = 1; ok && i + 1 < word.len; i += 2) {
			uint64_t position;
			ok = slice_number(&position, (struct slice){word.ptr + i, 2}) && position > 0 &&
			     position <= count;
			if (ok)
				note->positions[note->count++] = (uint8_t)position;
		}
		if (!ok)
			return compile_refuse(
				c, xml,
				"syntax note \"%.*s\", expected P, R, E, C or L and two-digit positions up to %02zu",
				SLICE_ARG(word), count);
		note->kind = word.ptr[0];
		++*note_count;
	}
	return true;
}

/* The next code: a word, or a text with blanks in single quotation marks. */
bool code_next(struct slice *rest, struct slice *code)
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
	*code = (struct slice){rest->ptr + 1, len};
	size_t used = end == NULL ? rest->len : len + 2;
	*rest = (struct slice){rest->ptr + used, rest->len - used};
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
		return compile_refuse(c, xml, "no memory left");
	size_t count = 0;
	bool ok = true;
	while (ok && code_next(&rest, &code)) {
		ok = code.len > 0 && count < GUIDE_NONE;
		if (ok)
			codes[count++] = code;
	}
	if (!ok || count == 0)
		ok = compile_refuse(c, xml, "codes is \"%.40s\", expected codes with blanks between", text);
	if (ok)
		*out = build_codes(c->build, codes, count); /* sorts */
	for (size_t i = 1; ok && i < count; i++)
		if (slice_equal(codes[i - 1], codes[i]))
			ok = compile_refuse(c, xml, "code \"%.*s\" stands twice", SLICE_ARG(codes[i]));
	free(codes);
	return ok;
}

static bool type_read(struct compile *c, const xmlNode *xml, struct attributes *attributes, struct guide_element *out)
{
	static const struct {
		const char *name;
		enum guide_type type;
	} types[] = {{"AN", TYPE_AN}, {"ID", TYPE_ID}, {"R", TYPE_R}, {"DT", TYPE_DT}, {"TM", TYPE_TM}, {"B", TYPE_B}};
	const char *text = attribute_needed(c, xml, attributes, "type");
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
	return compile_refuse(c, xml, "type is \"%s\", expected AN, ID, N0 … N9, R, DT, TM or B", text);
}

/* <element> and <component>: attributes into `out`; `before` are its siblings so far. */
static bool simple_read(struct compile *c, const xmlNode *xml, struct attributes *attributes, struct guide_element *out,
			const struct guide_element *siblings, size_t before)
{
	uint64_t number, min, max, format = 0;
	if (!type_read(c, xml, attributes, out) || !attribute_number(c, xml, attributes, "number", 1, 9999, &number) ||
	    !attribute_number(c, xml, attributes, "min", 1, UINT16_MAX, &min) ||
	    !attribute_number(c, xml, attributes, "max", min, UINT16_MAX, &max))
		return false;
	out->number = (uint16_t)number;
	out->min = (uint16_t)min;
	out->max = (uint16_t)max;
	if (attribute(attributes, "format") != NULL) {
		if (!attribute_number(c, xml, attributes, "format", 1, before, &format))
			return false;
		if (siblings[format - 1].codes == GUIDE_NONE)
			return compile_refuse(c, xml, "format %02u names an element without codes", (unsigned)format);
		out->format_of = (uint16_t)format;
	}
	const char *codeset = attribute(attributes, "codeset");
	if (codeset != NULL) {
		out->codeset = codeset_of(c->tables, slice_of(codeset));
		if (out->codeset == GUIDE_NONE)
			return compile_refuse(c, xml, "codeset is \"%s\", and there is no guides/codes/%s.csv", codeset,
					      codeset);
	}
	return codes_read(c, xml, attribute(attributes, "codes"), &out->codes);
}

static bool composite_read(struct compile *c, const xmlNode *xml, struct attributes *attributes,
			   struct guide_element *out)
{
	const char *id = attribute_needed(c, xml, attributes, "id");
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
	struct guide_element out = {.codes = GUIDE_NONE, .codeset = GUIDE_NONE};
	struct attributes attributes;
	size_t before = build->element_count - first;
	uint64_t at;
	uint32_t repeat = 1;
	bool ok = attributes_read(c, xml, &attributes) &&
		  attribute_number(c, xml, &attributes, "at", before + 1, before + 1, &at) &&
		  attribute_usage(c, xml, &attributes, &out.usage) &&
		  (component || attribute_repeat(c, xml, &attributes, UINT16_MAX, &repeat));
	const char *name = ok ? attribute_needed(c, xml, &attributes, "name") : NULL;
	ok = name != NULL &&
	     (xml_is(xml, "composite") ? composite_read(c, xml, &attributes, &out)
				       : simple_read(c, xml, &attributes, &out, before > 0 ? build->elements + first : NULL, before));
	if (ok && before >= (component ? 99U : LIMIT_ELEMENTS))
		ok = compile_refuse(c, xml, "more than %zu elements", before);
	if (ok && out.type == TYPE_COMPOSITE) /* its notes are read with its components */
		(void)attribute(&attributes, "syntax");
	ok = ok && attributes_all_used(c, xml, &attributes);
	if (ok) {
		out.name = build_text(build, name);
		out.repeat = (uint16_t)repeat;
		struct guide_element *item = build_element(build);
		if (item == NULL)
			ok = compile_refuse(c, xml, "no room for more elements");
		else
			*item = out;
	}
	attributes_done(&attributes);
	return ok;
}

static bool components_read(struct compile *c, const xmlNode *xml, size_t element)
{
	struct guide_build *build = c->build;
	size_t first = build->element_count;
	const xmlNode *child;
	if (!child_next(c, &child, xml->children))
		return false;
	while (child != NULL) {
		if (!xml_is(child, "component"))
			return compile_refuse(c, child, "<%s> does not stand in <composite>",
					      (const char *)child->name);
		if (!child_none(c, child) || !element_read(c, child, first, true) ||
		    !child_next(c, &child, child->next))
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
bool elements_read(struct compile *c, const xmlNode *xml, const xmlNode **after)
{
	size_t first = c->build->element_count;
	const xmlNode *child, *begin;
	if (!child_next(c, &begin, xml->children))
		return false;
	for (child = begin; child != NULL && !xml_is(child, "field") && !xml_is(child, "rule") && !xml_is(child, "balance");) {
		if (!xml_is(child, "element") && !xml_is(child, "composite"))
			return compile_refuse(c, child, "<%s> does not stand in <segment>", (const char *)child->name);
		if (xml_is(child, "element") && !child_none(c, child))
			return false;
		if (!element_read(c, child, first, false) || !child_next(c, &child, child->next))
			return false;
	}
	*after = child;
	size_t at = first;
	for (const xmlNode *composite = begin; composite != child; composite = composite->next) {
		if (composite->type != XML_ELEMENT_NODE)
			continue;
		if (xml_is(composite, "composite") && !components_read(c, composite, at))
			return false;
		at++;
	}
	return true;
}

/* The element (or component) of a segment; NULL if it has none there. */
const struct guide_element *element_at(const struct guide_build *build, const struct guide_node *segment, uint8_t at,
				       uint8_t component)
{
	if (at == 0 || at > segment->element_count)
		return NULL;
	const struct guide_element *element = &build->elements[segment->first_element + at - 1];
	if (component == 0)
		return element;
	return component <= element->component_count ? &build->elements[element->first_component + component - 1]
						     : NULL;
}
