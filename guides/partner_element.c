/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * partner_element: <element>, <composite> and <component> of a partner file: what they
 * say becomes a row, if the guide leaves room for it.  The guide is law: each attribute is
 * held against it, and what would allow more than it does is refused with a sentence.
 */
#include "guides/partner.h"

bool partner_list_read(struct partner_file *file, const xmlNode *xml, const char *text, const char **out)
{
	*out = NULL;
	if (text == NULL)
		return true;
	struct buffer list;
	buffer_init(&list, LIMIT_XML_BYTES);
	struct slice rest = slice_of(text), code;
	size_t count = 0;
	while (code_next(&rest, &code)) {
		buffer_slice(&list, code);
		buffer_char(&list, '\0');
		count += code.len > 0;
	}
	buffer_char(&list, '\0');
	struct slice kept = list.failed ? SLICE_NONE : arena_slice(&file->build->texts, buffer_view(&list));
	buffer_done(&list);
	if (count == 0)
		return compile_refuse(&file->c, xml, "\"%.40s\" names no code, expected codes with blanks between", text);
	*out = kept.ptr;
	return kept.ptr != NULL || compile_refuse(&file->c, xml, "no memory left");
}

/* rule="CT-NPI" severity="note" says="…" */
bool partner_rule_read(struct partner_file *file, const xmlNode *xml, struct attributes *attributes, struct narrowing *row)
{
	const char *says = attribute(attributes, "says"), *rule = attribute(attributes, "rule");
	const char *severity = attribute(attributes, "severity");
	unsigned word = SEVERITY_REFUSE;
	if (says != NULL && says[0] == '\0')
		return compile_refuse(&file->c, xml, "says is empty, expected the sentence that the sender is to read");
	if (rule != NULL && (rule[0] == '\0' || strlen(rule) > 32 ||
		strspn(rule, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != strlen(rule)))
		return compile_refuse(&file->c, xml, "rule is \"%s\", expected 1 to 32 upper-case letters, digits and hyphens", rule);
	if (severity != NULL && rule == NULL)
		return compile_refuse(&file->c, xml, "severity stands without rule: name the rule that has it, rule=\"…\"");
	if (severity != NULL && !partner_severity_read(file, xml, severity, &word))
		return false;
	row->severity = (uint8_t)word;
	row->says = says == NULL ? NULL : partner_text(file, xml, slice_of(says));
	row->rule = rule == NULL ? NULL : partner_text(file, xml, slice_of(rule));
	return (says == NULL || row->says != NULL) && (rule == NULL || row->rule != NULL);
}

bool partner_usage_read(struct partner_file *file, const xmlNode *xml, struct attributes *attributes, uint8_t guide,
	const char *what, uint8_t *out)
{
	*out = USAGE_SITUATIONAL;
	if (guide == USAGE_NOT_USED)
		return compile_refuse(&file->c, xml, "the guide does not use %s: there is nothing to narrow", what);
	if (attribute(attributes, "usage") == NULL)
		return true;
	if (!attribute_usage(&file->c, xml, attributes, out))
		return false;
	if (guide == USAGE_REQUIRED && *out != USAGE_REQUIRED)
		return compile_refuse(&file->c, xml,
			"usage is \"%s\", but the guide requires %s: a partner may be stricter than the guide, not looser",
			*out == USAGE_SITUATIONAL ? "S" : "N", what);
	if (guide == USAGE_REQUIRED)
		*out = USAGE_SITUATIONAL; /* the guide says it already */
	return true;
}

/* A number of the partner's, between what the guide allows; `otherwise` if the attribute is not there. */
static bool bound_read(struct partner_file *file, const xmlNode *xml, struct attributes *attributes, const char *name,
	uint16_t low, uint16_t high, uint16_t otherwise, uint16_t *out)
{
	const char *text = attribute(attributes, name);
	uint64_t number = 0;
	*out = otherwise;
	if (text == NULL)
		return true;
	if (!slice_number(&number, slice_of(text)) || number < low || number > high)
		return compile_refuse(&file->c, xml, "%s is \"%s\", expected %u to %u, which is what the guide allows", name, text,
			low, high);
	*out = (uint16_t)number;
	return true;
}

static bool codes_fit(struct partner_file *file, const xmlNode *xml, const struct guide_element *element,
	const char *codes)
{
	const struct code_tables *tables = file->build->partner.codes;
	for (const char *code = codes; *code != '\0'; code += strlen(code) + 1) {
		struct slice one = slice_of(code);
		bool none = element->codes == GUIDE_NONE && element->codeset == GUIDE_NONE;
		bool listed = element->codes != GUIDE_NONE && guide_code_listed(file->guide, element->codes, one);
		bool in_set = element->codeset != GUIDE_NONE &&
			guide_codeset_ask(tables, element->codeset, one, DAYS_NONE, NULL) != CODESET_NOT_LISTED;
		if (!none && !listed && !in_set) {
			char known[96];
			guide_codes_print(known, sizeof(known), file->guide, element->codes);
			return compile_refuse(&file->c, xml, "code %s is none that the guide allows%s%s%s", code,
				element->codes == GUIDE_NONE ? ": its list is guides/codes/" : "; it has ",
				element->codes == GUIDE_NONE ? guide_codeset_name(tables, element->codeset) : known,
				element->codes == GUIDE_NONE ? ".csv" : "");
		}
		if (one.len < element->min || one.len > element->max)
			return compile_refuse(&file->c, xml, "code %s has %zu characters, and the guide allows %u to %u", code, one.len,
				element->min, element->max);
	}
	return true;
}

static bool codeset_read(struct partner_file *file, const xmlNode *xml, const struct guide_element *element,
	const char *text, struct narrowing *row)
{
	if (text == NULL)
		return true;
	row->codeset = codeset_of(file->build->partner.codes != NULL ? file->build->partner.codes : &code_tables_shipped,
		slice_of(text));
	if (row->codeset == GUIDE_NONE)
		return compile_refuse(&file->c, xml,
			"codeset is \"%s\", and there is none of that name: <codeset name=\"%s\" file=\"…\"/> brings one", text, text);
	if (row->codeset == element->codeset)
		return compile_refuse(&file->c, xml, "codeset %s is the guide's already: bring a file of that name to replace it, or "
			"give finding element-external-code a severity", text);
	return true;
}

static bool pattern_read(struct partner_file *file, const xmlNode *xml, const char *text, struct narrowing *row)
{
	struct partner_build *build = file->build;
	if (text == NULL)
		return true;
	if (strlen(text) > LIMIT_PATTERN_BYTES)
		return compile_refuse(&file->c, xml, "pattern is longer than %d bytes", LIMIT_PATTERN_BYTES);
	void *items = build->patterns;
	const char *wrong;
	struct pattern *pattern = pattern_new(text, &wrong);
	if (wrong != NULL)
		return compile_refuse(&file->c, xml, "pattern is \"%s\", %s", text, wrong);
	if (pattern == NULL || !array_grow(&items, &build->pattern_size, build->pattern_count, sizeof(pattern))) {
		pattern_free(pattern);
		return compile_refuse(&file->c, xml, "no memory left");
	}
	build->patterns = items;
	build->patterns[build->pattern_count++] = pattern;
	row->pattern = pattern;
	row->pattern_text = partner_text(file, xml, slice_of(text));
	return row->pattern_text != NULL;
}

static bool simple_read(struct partner_file *file, const xmlNode *xml, struct attributes *attributes,
	const struct guide_element *element, struct narrowing *row)
{
	return bound_read(file, xml, attributes, "min", element->min, element->max, 0, &row->min) &&
		bound_read(file, xml, attributes, "max", row->min > element->min ? row->min : element->min, element->max, UINT16_MAX,
			&row->max) &&
		partner_list_read(file, xml, attribute(attributes, "codes"), &row->codes) &&
		(row->codes == NULL || codes_fit(file, xml, element, row->codes)) &&
		codeset_read(file, xml, element, attribute(attributes, "codeset"), row) &&
		pattern_read(file, xml, attribute(attributes, "pattern"), row);
}

bool partner_element_read(struct partner_file *file, const xmlNode *xml, const struct guide_element *element,
	struct narrowing *row)
{
	struct attributes attributes;
	char what[16] = "it";
	uint16_t repeat = 0;
	bool composite = element->type == TYPE_COMPOSITE;
	if (!attributes_read(&file->c, xml, &attributes))
		return false;
	guide_designator(what, guide_text(file->guide, file->guide->nodes[row->node].id), row->position, row->component);
	(void)attribute(&attributes, "at"); /* was asked for to find the element */
	bool ok = partner_usage_read(file, xml, &attributes, element->usage, what, &row->usage) &&
		(row->component > 0 ||
			bound_read(file, xml, &attributes, "repeat", 1, element->repeat, 0, &repeat)) &&
		(composite || simple_read(file, xml, &attributes, element, row)) &&
		partner_rule_read(file, xml, &attributes, row);
	row->repeat = repeat > 0 ? repeat : GUIDE_UNBOUNDED;
	if (ok && composite && !xml_is(xml, "composite"))
		ok = compile_refuse(&file->c, xml, "%s is a composite of the guide, expected <composite>", what);
	if (ok && !composite && xml_is(xml, "composite"))
		ok = compile_refuse(&file->c, xml, "%s is no composite, expected <element>", what);
	ok = ok && attributes_all_used(&file->c, xml, &attributes);
	attributes_done(&attributes);
	return ok && partner_row_add(file, xml, row);
}
