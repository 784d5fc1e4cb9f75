/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * partner_rule: rules that a partner adds to a guide, in the guide's own language, and what
 * the guide's rules are worth to him.  A guide of which there is such a thing is copied: the
 * copy has the same loops, segments and elements at the same places, and the rules besides.
 */
#include "guides/partner.h"

/* The partner's copy of a guide; NULL and a complaint without memory. */
static struct guide_build *copy_of(struct partner_file *file, const xmlNode *xml, const struct guide *guide)
{
	struct partner_build *build = file->build;
	for (size_t i = 0; i < build->guide_count; i++)
		if (build->guides[i].of == guide)
			return build->guides[i].copy;
	void *items = build->guides;
	struct guide_build *copy = build_of(guide);
	if (copy == NULL || !array_grow(&items, &build->guide_size, build->guide_count, sizeof(*build->guides))) {
		build_free(copy);
		compile_refuse(&file->c, xml, "no memory left");
		return NULL;
	}
	build->guides = items;
	build->guides[build->guide_count].of = guide;
	build->guides[build->guide_count++].copy = copy;
	return copy;
}

const struct guide *partner_guide(const struct partner *partner, const struct guide *guide)
{
	const struct partner_build *build = (const struct partner_build *)partner;
	for (size_t i = 0; partner != NULL && i < build->guide_count; i++)
		if (build->guides[i].of == guide)
			return &build->guides[i].copy->guide;
	return guide;
}

/* ---- <rule> -------------------------------------------------------------------------------- */

bool partner_rule_add(struct partner_file *file, const xmlNode *xml, uint16_t node)
{
	struct attributes attributes;
	struct rule_source source = { .kind = RULE_SITUATION, .level = 7 };
	unsigned severity = SEVERITY_REFUSE;
	const xmlNode *child;
	if (!attributes_read(&file->c, xml, &attributes))
		return false;
	const char *word = attribute(&attributes, "severity");
	source.id = attribute_needed(&file->c, xml, &attributes, "id");
	source.says = source.id == NULL ? NULL : attribute_needed(&file->c, xml, &attributes, "says");
	source.then = source.says == NULL ? NULL : attribute_needed(&file->c, xml, &attributes, "then");
	source.source = attribute(&attributes, "source");
	source.at = attribute(&attributes, "at");
	source.when = attribute(&attributes, "when");
	bool ok = source.then != NULL && (word == NULL || partner_severity_read(file, xml, word, &severity)) &&
		attributes_all_used(&file->c, xml, &attributes) && partner_child(file, &child, xml->children) &&
		(child == NULL || compile_refuse(&file->c, child, "<%s> does not stand in <rule>", (const char *)child->name));
	struct guide_build *copy = ok ? copy_of(file, xml, file->guide) : NULL;
	source.severity = (enum severity)severity;
	struct rule_error error = { .attribute = NULL };
	ok = copy != NULL;
	if (ok && !rule_compile(copy, node, &source, &error))
		ok = error.attribute == NULL ? compile_refuse(&file->c, xml, "rule %s: %s", source.id, error.text)
			: compile_refuse(&file->c, xml, "rule %s: %s, character %zu: %s", source.id, error.attribute, error.offset + 1,
				error.text);
	if (ok && copy->failed)
		ok = compile_refuse(&file->c, xml, "no room for more rules");
	if (ok)
		build_finish(copy);
	attributes_done(&attributes);
	return ok;
}

/* ---- <finding rule="…" severity="…"/> ------------------------------------------------------- */

bool partner_rule_severity(struct partner_file *file, const xmlNode *xml, const char *id, enum severity severity)
{
	bool found = false;
	for (size_t i = 0; i < guides_shipped_count; i++) {
		const struct guide *guide = guides_shipped[i];
		for (uint16_t rule = 0; rule < guide->rule_count; rule++) {
			if (strcmp(guide_text(guide, guide->rules[rule].id), id) != 0)
				continue;
			if (guide->rules[rule].level <= 2 && guide->rules[rule].severity == SEVERITY_REFUSE && severity < SEVERITY_REFUSE)
				return compile_refuse(&file->c, xml, "rule %s refuses by the guide (SNIP level %u): no partner can make it less", id,
					guide->rules[rule].level);
			struct guide_build *copy = copy_of(file, xml, guide);
			if (copy == NULL)
				return false;
			copy->rules[rule].severity = (uint8_t)severity;
			found = true;
		}
	}
	return found || compile_refuse(&file->c, xml, "there is no rule \"%s\"; the names are those that pccm check prints behind "
		"\"rule\"", id);
}
