/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * emit: guides and code tables as C source, for the build.  Everything is static
 * const; texts are offsets into one array of characters a guide (arrays, because a
 * string literal may be short of what a guide needs: C17 5.2.4.1), so nothing is
 * relocated but the few pointers of struct guide.  Initialisers stand in the order
 * of the members, one row a line.
 */
#include "guides/tables.h"

static const char *truth(bool value)
{
	return value ? "true" : "false";
}

/* The pool: one text a line, with the offset as a comment every row. */
static void emit_texts(struct buffer *out, const char *name, const char *texts, size_t len)
{
	buffer_format(out, "static const char %s[] = {", name);
	for (size_t i = 0; i < len; i++) {
		if (i == 0 || texts[i - 1] == '\0')
			buffer_text(out, "\n\t");
		buffer_format(out, "%d,", texts[i]);
	}
	buffer_text(out, "\n};\n");
}

/* How long the pool is: past the text with the greatest offset that anything names. */
static size_t texts_end(const char *texts, uint32_t greatest)
{
	return greatest + strlen(texts + greatest) + 1;
}

static void note_greatest(uint32_t *greatest, uint32_t offset)
{
	if (offset > *greatest)
		*greatest = offset;
}

size_t guide_texts_end(const struct guide *guide)
{
	uint32_t greatest = 0;
	const char *singles[] = {guide->name,  guide->set_id,  guide->functional_id,
				 guide->title, guide->accepts, guide->business_unit};
	for (size_t i = 0; i < COUNT_OF(singles); i++)
		note_greatest(&greatest, (uint32_t)(singles[i] - guide->texts));
	for (size_t i = 0; i < guide->node_count; i++) {
		note_greatest(&greatest, guide->nodes[i].id);
		note_greatest(&greatest, guide->nodes[i].name);
		note_greatest(&greatest, guide->nodes[i].comment);
	}
	for (size_t i = 0; i < guide->element_count; i++) {
		note_greatest(&greatest, guide->elements[i].name);
		note_greatest(&greatest, guide->elements[i].composite);
	}
	for (size_t i = 0; i < guide->map_count; i++)
		note_greatest(&greatest, guide->maps[i].is);
	for (size_t i = 0; i < guide->code_text_count; i++)
		note_greatest(&greatest, guide->code_texts[i]);
	for (size_t i = 0; i < guide->rule_count; i++) {
		note_greatest(&greatest, guide->rules[i].id);
		note_greatest(&greatest, guide->rules[i].says);
		note_greatest(&greatest, guide->rules[i].source);
	}
	for (size_t i = 0; i < guide->fact_count; i++)
		note_greatest(&greatest, guide->facts[i].text);
	return texts_end(guide->texts, greatest);
}

static void emit_nodes(struct buffer *out, const struct guide *guide, size_t index)
{
	buffer_format(out, "static const struct guide_node nodes_%zu[] = {\n", index);
	for (size_t i = 0; i < guide->node_count; i++) {
		const struct guide_node *n = &guide->nodes[i];
		buffer_format(out, "\t{ %u, %u, %u, %u, %u, %u, %u, %uU, %u, %u, %u, %u, ", n->id, n->name, n->comment,
			      n->kind, n->usage, n->depth, n->record, n->repeat, n->parent, n->next, n->first_child,
			      n->position);
		buffer_format(out, "%u, %u, %u, %u, %u, %u, %u, %u, %u, %s, %s, %u },\n", n->first_element,
			      n->element_count, n->first_note, n->note_count, n->first_map, n->map_count, n->key,
			      n->key_component, n->key_codes, truth(n->same_position), truth(n->unit), n->business);
	}
	buffer_text(out, "};\n");
}

static void emit_elements(struct buffer *out, const struct guide *guide, size_t index)
{
	buffer_format(out, "static const struct guide_element elements_%zu[] = {\n", index);
	for (size_t i = 0; i < guide->element_count; i++) {
		const struct guide_element *e = &guide->elements[i];
		buffer_format(out, "\t{ %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u },\n", e->name,
			      e->number, e->type, e->decimals, e->usage, e->min, e->max, e->repeat, e->codes,
			      e->codeset, e->first_component, e->component_count, e->first_note, e->note_count,
			      e->composite, e->format_of);
	}
	buffer_text(out, "};\n");
}

/* An array may not be empty in C: a guide without notes or fields gets one row that nothing counts. */
static void emit_small(struct buffer *out, const struct guide *guide, size_t index)
{
	buffer_format(out, "static const struct guide_note notes_%zu[] = {\n", index);
	for (size_t i = 0; i < guide->note_count; i++) {
		const struct guide_note *n = &guide->notes[i];
		buffer_format(out, "\t{ '%c', %u, { ", n->kind, n->count);
		for (size_t p = 0; p < COUNT_OF(n->positions); p++)
			buffer_format(out, "%s%u", p == 0 ? "" : ", ", n->positions[p]);
		buffer_text(out, " } },\n");
	}
	if (guide->note_count == 0)
		buffer_text(out, "\t{ 0, 0, { 0 } },\n");
	buffer_format(out, "};\nstatic const struct guide_map maps_%zu[] = {\n", index);
	for (size_t i = 0; i < guide->map_count; i++) {
		const struct guide_map *m = &guide->maps[i];
		buffer_format(out, "\t{ %u, %u, %u, %u, %u, %u },\n", m->at, m->at_component, m->when,
			      m->when_component, m->is, m->field);
	}
	if (guide->map_count == 0)
		buffer_text(out, "\t{ 0, 0, 0, 0, 0, 0 },\n");
	buffer_format(out, "};\nstatic const struct guide_codes lists_%zu[] = {\n", index);
	for (size_t i = 0; i < guide->code_list_count; i++)
		buffer_format(out, "\t{ %u, %u },\n", guide->code_lists[i].first, guide->code_lists[i].count);
	if (guide->code_list_count == 0)
		buffer_text(out, "\t{ 0, 0 },\n");
	buffer_format(out, "};\nstatic const uint32_t code_texts_%zu[] = {", index);
	for (size_t i = 0; i < guide->code_text_count; i++)
		buffer_format(out, "%s%u,", i % 16 == 0 ? "\n\t" : " ", guide->code_texts[i]);
	if (guide->code_text_count == 0)
		buffer_text(out, "\n\t0,");
	buffer_text(out, "\n};\n");
}

static void emit_place(struct buffer *out, const struct guide_place *place)
{
	buffer_format(out, ", { %u, %u, %u, %u }", place->node, place->fact, place->element, place->component);
}

static void emit_rules(struct buffer *out, const struct guide *guide, size_t index)
{
	buffer_format(out, "static const struct guide_rule rules_%zu[] = {\n", index);
	for (size_t i = 0; i < guide->rule_count; i++) {
		const struct guide_rule *r = &guide->rules[i];
		buffer_format(out, "\t{ %u, %u, %u, %u, %u, %u, %u, %u, %s, %u, %u, %u, %u, %u", r->id, r->says, r->source,
			      r->node, r->kind, r->level, r->severity, r->finding, truth(r->at_given), r->needs, r->lacks,
			      r->when_count, r->then_count, r->first_step);
		emit_place(out, &r->at);
		emit_place(out, &r->trigger);
		buffer_text(out, " },\n");
	}
	buffer_text(out, guide->rule_count == 0 ? "\t{ 0 },\n};\n" : "};\n");
	buffer_format(out, "static const struct rule_step steps_%zu[] = {\n", index);
	for (size_t i = 0; i < guide->step_count; i++) {
		const struct rule_step *s = &guide->steps[i];
		buffer_format(out, "\t{ %u, %u, %u, %s, %u, %u, INT64_C(%lld) },\n", s->op, s->element, s->component,
			      truth(s->repeats), s->fact, s->codes, (long long)s->number);
	}
	buffer_text(out, guide->step_count == 0 ? "\t{ 0 },\n};\n" : "};\n");
	buffer_format(out, "static const struct guide_fact facts_%zu[] = {\n", index);
	for (size_t i = 0; i < guide->fact_count; i++) {
		const struct guide_fact *f = &guide->facts[i];
		buffer_format(out, "\t{ %u, %u, %u, %u, %u, %u, %s, %u, %u, %u, %u, UINT64_C(%llu) },\n", f->text, f->kind,
			      f->level, f->element, f->component, f->filter_component, truth(f->number), f->loop, f->filter,
			      f->first_node, f->node_count, (unsigned long long)f->elements);
	}
	buffer_text(out, guide->fact_count == 0 ? "\t{ 0 },\n};\n" : "};\n");
	buffer_format(out, "static const uint16_t fact_nodes_%zu[] = {", index);
	for (size_t i = 0; i < guide->fact_node_count; i++)
		buffer_format(out, "%s%u,", i % 16 == 0 ? "\n\t" : " ", guide->fact_nodes[i]);
	buffer_text(out, guide->fact_node_count == 0 ? "\n\t0,\n};\n" : "\n};\n");
}

static void emit_guide(struct buffer *out, const struct guide *guide, size_t index)
{
	char name[32];
	snprintf(name, sizeof(name), "texts_%zu", index);
	buffer_format(out, "\n/* %s %s */\n", guide->set_id, guide->name);
	emit_texts(out, name, guide->texts, guide_texts_end(guide));
	emit_nodes(out, guide, index);
	emit_elements(out, guide, index);
	emit_small(out, guide, index);
	emit_rules(out, guide, index);
	buffer_format(out, "static const struct guide guide_%zu = {\n", index);
	const char *singles[] = {guide->name, guide->set_id, guide->functional_id, guide->title, guide->accepts};
	for (size_t i = 0; i < COUNT_OF(singles); i++)
		buffer_format(out, "\ttexts_%zu + %td,\n", index, singles[i] - guide->texts);
	buffer_format(out, "\t%s,\n\ttexts_%zu + %td,\n\ttexts_%zu,\n", truth(guide->st03), index,
		      guide->business_unit - guide->texts, index);
	buffer_format(out, "\tnodes_%zu, %u,\n\telements_%zu, %u,\n\tnotes_%zu, %u,\n\tmaps_%zu, %u,\n", index,
		      guide->node_count, index, guide->element_count, index, guide->note_count, index,
		      guide->map_count);
	buffer_format(out, "\tlists_%zu, %u,\n\tcode_texts_%zu, %u,\n", index, guide->code_list_count, index,
		      guide->code_text_count);
	buffer_format(out, "\trules_%zu, %u,\n\tsteps_%zu, %u,\n\tfacts_%zu, %u,\n\tfact_nodes_%zu, %u,\n};\n", index,
		      guide->rule_count, index, guide->step_count, index, guide->fact_count, index,
		      guide->fact_node_count);
}

static void emit_day(struct buffer *out, days day)
{
	if (day == DAYS_NONE)
		buffer_text(out, "DAYS_NONE");
	else if (day == DAYS_OPEN)
		buffer_text(out, "DAYS_OPEN");
	else
		buffer_number(out, day);
}

static void emit_codes(struct buffer *out, const struct code_tables *tables)
{
	uint32_t greatest = 0;
	for (size_t i = 0; i < tables->set_count; i++)
		note_greatest(&greatest, tables->sets[i].name);
	for (size_t i = 0; i < tables->code_count; i++)
		note_greatest(&greatest, tables->codes[i].code);
	for (size_t i = 0; i < tables->label_count; i++) {
		note_greatest(&greatest, tables->labels[i].code);
		note_greatest(&greatest, tables->labels[i].label);
	}
	buffer_text(out, "\n/* external code sets and labels */\n");
	emit_texts(out, "code_pool", tables->texts == NULL ? "" : tables->texts,
		   tables->texts == NULL ? 1 : texts_end(tables->texts, greatest));
	buffer_text(out, "static const struct codeset sets[] = {\n");
	for (size_t i = 0; i < tables->set_count; i++)
		buffer_format(out, "\t{ %u, %u, %u },\n", tables->sets[i].name, tables->sets[i].first,
			      tables->sets[i].count);
	buffer_text(out, tables->set_count == 0 ? "\t{ 0, 0, 0 },\n};\n" : "};\n");
	buffer_text(out, "static const struct dated_code codes[] = {\n");
	for (size_t i = 0; i < tables->code_count; i++) {
		buffer_format(out, "\t{ %u, ", tables->codes[i].code);
		emit_day(out, tables->codes[i].start);
		buffer_text(out, ", ");
		emit_day(out, tables->codes[i].end);
		buffer_text(out, " },\n");
	}
	buffer_text(out, tables->code_count == 0 ? "\t{ 0, 0, 0 },\n};\n" : "};\n");
	buffer_text(out, "static const struct code_label labels[] = {\n");
	for (size_t i = 0; i < tables->label_count; i++)
		buffer_format(out, "\t{ %u, %u, %u },\n", tables->labels[i].element, tables->labels[i].code,
			      tables->labels[i].label);
	buffer_text(out, tables->label_count == 0 ? "\t{ 0, 0, 0 },\n};\n" : "};\n");
	buffer_format(
		out,
		"const struct code_tables code_tables_shipped = { code_pool, sets, %zu, codes, %zu, labels, %zu };\n",
		tables->set_count, tables->code_count, tables->label_count);
}

void emit_tables(struct buffer *out, const struct guide *const *guides, size_t guide_count,
		 const struct code_tables *tables)
{
	buffer_text(out, "/* Made by guides/compiler_main.c from the guide files: change those. */\n"
			 "#include \"guides/tables.h\"\n");
	for (size_t i = 0; i < guide_count; i++)
		emit_guide(out, guides[i], i);
	emit_codes(out, tables);
	buffer_text(out, "\nconst struct guide *const guides_shipped[] = {\n");
	for (size_t i = 0; i < guide_count; i++)
		buffer_format(out, "\t&guide_%zu,\n", i);
	buffer_text(out, guide_count == 0 ? "\tNULL,\n};\n" : "};\n");
	buffer_format(out, "const size_t guides_shipped_count = %zu;\n", guide_count);
}
