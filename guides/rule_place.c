/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_place: what a place in a rule's expression means.
 *
 *   INS04, SVC01-02       an element or component; in a rule of an INS segment, of that very segment
 *   DTP*348, DTP*348.03   only segments whose element 01 (or its first component) is 348
 *   2100A/NM109, 2300     below a loop; a loop as a whole
 *
 * A name is looked for in the rule's own loop, then in the loops around it, and the first loop that has it is meant:
 * right in it for a segment, at any depth below it for a loop.
 */
#include "guides/rule.h"

#include <stdarg.h>

bool rule_refuse(struct rule_text *r, size_t offset, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)vsnprintf(r->error->text, sizeof(r->error->text), format, args);
	va_end(args);
	r->error->attribute = r->attribute;
	r->error->offset = offset;
	return false;
}

void rule_blanks(struct rule_text *r)
{
	while (r->at < r->text.len && r->text.ptr[r->at] == ' ')
		r->at++;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* ---- as written ------------------------------------------------------------------------------ */

struct written {
	struct slice loops[LIMIT_LOOP_DEPTH];
	unsigned loop_count;
	struct slice segment; /* empty: a loop as a whole */
	struct slice code;
	uint8_t element, component;
};

static struct slice name_read(struct rule_text *r)
{
	size_t from = r->at;
	while (r->at < r->text.len && (is_upper(r->text.ptr[r->at]) || is_digit(r->text.ptr[r->at])))
		r->at++;
	return (struct slice){ r->text.ptr + from, r->at - from };
}

/* Two digits at the text's place, moved over. */
static bool two_read(struct rule_text *r, uint8_t *out)
{
	const char *c = r->text.ptr + r->at;
	if (r->text.len - r->at < 2 || !is_digit(c[0]) || !is_digit(c[1]) || (c[0] == '0' && c[1] == '0'))
		return false;
	*out = (uint8_t)((c[0] - '0') * 10 + (c[1] - '0'));
	r->at += 2;
	return true;
}

static bool starts(const struct rule_text *r, char c)
{
	return r->at < r->text.len && r->text.ptr[r->at] == c;
}

/* "NM109" is NM1 and 09, "N4" a segment, "2300" a loop. */
static bool last_read(struct rule_text *r, struct written *written, struct slice name, size_t from)
{
	if (is_digit(name.ptr[0])) {
		if (written->loop_count == COUNT_OF(written->loops))
			return rule_refuse(r, from, "expected at most %zu loops in a row", COUNT_OF(written->loops));
		written->loops[written->loop_count++] = name;
		return true;
	}
	if (name.len < 2 || name.len > 5)
		return rule_refuse(r, from, "expected a segment or element such as NM1 or NM109, found \"%.*s\"",
			SLICE_ARG(name));
	written->segment = name;
	if (name.len > 3) {
		size_t end = r->at;
		r->at = end - 2;
		written->segment.len -= 2;
		if (!two_read(r, &written->element))
			return rule_refuse(r, from, "expected a segment or element such as NM1 or NM109, found \"%.*s\"",
				SLICE_ARG(name));
	} else if (starts(r, '*')) {
		r->at++;
		written->code = name_read(r);
		if (written->code.len == 0)
			return rule_refuse(r, r->at, "expected the code of element 01 after *, as in DTP*348");
		if (starts(r, '.')) {
			r->at++;
			if (!two_read(r, &written->element))
				return rule_refuse(r, r->at, "expected two digits of an element after the point");
		}
	}
	bool part = written->element > 0 && starts(r, '-') && r->at + 1 < r->text.len && is_digit(r->text.ptr[r->at + 1]);
	r->at += part ? 1 : 0;
	if (part && !two_read(r, &written->component))
		return rule_refuse(r, r->at, "expected two digits of a component after -");
	return true;
}

static bool written_read(struct rule_text *r, struct written *written)
{
	*written = (struct written){ 0 };
	for (;;) {
		size_t from = r->at;
		struct slice name = name_read(r);
		if (name.len == 0)
			return rule_refuse(r, from, "expected a place such as INS04, DTP*348 or 2100A/NM109");
		if (!starts(r, '/'))
			return last_read(r, written, name, from);
		if (written->loop_count + 1 >= COUNT_OF(written->loops))
			return rule_refuse(r, from, "expected at most %zu loops in a row", COUNT_OF(written->loops));
		written->loops[written->loop_count++] = name;
		r->at++;
	}
}

/* ---- what it means -------------------------------------------------------------------------------- */

static const struct guide_node *node_at(const struct rule_text *r, uint16_t node)
{
	return &r->build->nodes[node];
}

static bool node_is(const struct rule_text *r, uint16_t node, struct slice id)
{
	return slice_is(id, r->build->pool.bytes + node_at(r, node)->id);
}

static bool inside(const struct rule_text *r, uint16_t node, uint16_t loop)
{
	while (node != GUIDE_NONE && node != loop)
		node = node_at(r, node)->parent;
	return node == loop;
}

/* Does this segment node stand below the named loops, in their order, all below `scope`?  A loop's own opener is in it. */
static bool stands_below(const struct rule_text *r, uint16_t node, uint16_t scope, const struct written *written)
{
	unsigned left = written->loop_count;
	uint16_t loop = node_at(r, node)->parent;
	if (left == 0)
		return loop == scope;
	if (!node_is(r, loop, written->loops[left - 1])) /* right in the last one */
		return false;
	for (; left > 0 && loop != GUIDE_NONE; loop = node_at(r, loop)->parent) {
		if (node_is(r, loop, written->loops[left - 1]))
			left--;
		if (loop == scope)
			break;
	}
	return left == 0 && inside(r, loop == GUIDE_NONE ? 0 : loop, scope);
}

static bool place_add(struct rule_text *r, struct rule_place *place, uint16_t node, size_t from)
{
	if (place->node_count == COUNT_OF(place->nodes))
		return rule_refuse(r, from, "expected a place that fewer than %zu segments are", COUNT_OF(place->nodes));
	place->nodes[place->node_count++] = node;
	return true;
}

/* The segments meant, seen from `scope`. */
static bool scope_look(struct rule_text *r, struct rule_place *place, const struct written *written, uint16_t scope,
	size_t from)
{
	place->node_count = 0;
	place->loop = scope;
	for (size_t i = 0; i < r->build->node_count; i++) {
		const struct guide_node *node = node_at(r, (uint16_t)i);
		bool segment = node->kind == NODE_SEGMENT;
		if (!segment)
			continue;
		bool opener = node->parent != GUIDE_NONE && node_at(r, node->parent)->first_child == i;
		bool named = written->segment.len > 0 ? node_is(r, (uint16_t)i, written->segment) : opener;
		if (named && inside(r, (uint16_t)i, scope) && stands_below(r, (uint16_t)i, scope, written) &&
		    !place_add(r, place, (uint16_t)i, from))
			return false;
	}
	return true;
}

static bool place_element(struct rule_text *r, struct rule_place *place, size_t from)
{
	for (unsigned i = 0; i < place->node_count && place->element > 0; i++) {
		const struct guide_node *node = node_at(r, place->nodes[i]);
		const struct guide_element *element =
			place->element > node->element_count ? NULL
			: &r->build->elements[node->first_element + place->element - 1];
		if (element != NULL && place->component > 0)
			element = place->component > element->component_count ? NULL
				: &r->build->elements[element->first_component + place->component - 1];
		if (element == NULL)
			return rule_refuse(r, from, "%.*s: the segment has no such element", SLICE_ARG(place->text));
		if (element->usage == USAGE_NOT_USED)
			return rule_refuse(r, from, "%.*s: the guide does not use this element", SLICE_ARG(place->text));
		if (place->what != NULL && (place->what->type != element->type))
			return rule_refuse(r, from, "%.*s: several segments are meant, and their elements have different types",
				SLICE_ARG(place->text));
		place->what = element;
	}
	return true;
}

/* Keep only segments whose element 01 can be the code. */
static bool place_filter(struct rule_text *r, struct rule_place *place, struct slice code, size_t from)
{
	bool all = true;
	uint16_t kept = 0;
	build_finish(r->build); /* the pool may have moved */
	for (unsigned i = 0; i < place->node_count; i++) {
		const struct guide_element *element = &r->build->elements[node_at(r, place->nodes[i])->first_element];
		place->filter_component = 0;
		if (element->type == TYPE_COMPOSITE && element->component_count > 0) {
			element = &r->build->elements[element->first_component];
			place->filter_component = 1;
		}
		if (!guide_code_listed(&r->build->guide, element->codes, code))
			continue;
		all = all && element->codes != GUIDE_NONE && r->build->lists[element->codes].count == 1;
		place->nodes[kept++] = place->nodes[i];
	}
	place->node_count = kept;
	if (kept == 0)
		return rule_refuse(r, from, "%.*s: no such segment takes code \"%.*s\" in element 01", SLICE_ARG(place->text),
			SLICE_ARG(code));
	if (!all)
		place->filter = build_codes(r->build, &code, 1);
	return true;
}

static bool place_find(struct rule_text *r, struct rule_place *place, const struct written *written, size_t from)
{
	const struct guide_node *own = node_at(r, r->node);
	uint16_t scope = own->kind == NODE_LOOP ? r->node : own->parent;
	place->filter = GUIDE_NONE;
	place->element = written->element;
	place->component = written->component;
	if (own->kind == NODE_SEGMENT && written->loop_count == 0 && written->code.len == 0 && written->element > 0 &&
	    node_is(r, r->node, written->segment)) {
		place->own = true;
		place->loop = scope;
		return place_add(r, place, r->node, from) && place_element(r, place, from);
	}
	for (; scope != GUIDE_NONE; scope = node_at(r, scope)->parent) {
		if (!scope_look(r, place, written, scope, from))
			return false;
		if (place->node_count > 0)
			break;
	}
	if (place->node_count == 0)
		return rule_refuse(r, from, "%.*s: there is no such place in this loop or those around it",
			SLICE_ARG(place->text));
	if (written->code.len > 0 && !place_filter(r, place, written->code, from))
		return false;
	return place_element(r, place, from);
}

bool rule_place_read(struct rule_text *r, struct rule_place *place)
{
	rule_blanks(r);
	size_t from = r->at;
	struct written written;
	*place = (struct rule_place){ 0 };
	if (!written_read(r, &written))
		return false;
	place->text = (struct slice){ r->text.ptr + from, r->at - from };
	return place_find(r, place, &written, from);
}

bool rule_place_is_number(const struct rule_place *place)
{
	return place->what != NULL &&
	       (place->what->type == TYPE_R || (place->what->type == TYPE_N && place->what->decimals == 0));
}

bool rule_place_is_day(const struct rule_place *place)
{
	return place->what != NULL && (place->what->type == TYPE_DT || place->what->format_of != 0);
}

/* ---- facts -------------------------------------------------------------------------------------------- */

static bool fact_same(const struct guide_build *build, const struct guide_fact *a, const struct guide_fact *b)
{
	return a->kind == b->kind && a->loop == b->loop && a->element == b->element && a->component == b->component &&
	       a->filter == b->filter && a->elements == b->elements && a->text == b->text && a->number == b->number &&
	       a->node_count == b->node_count &&
	       memcmp(build->fact_nodes + a->first_node, build->fact_nodes + b->first_node,
		       a->node_count * sizeof(*build->fact_nodes)) == 0;
}

uint16_t rule_fact(struct rule_text *r, const struct rule_place *place, enum fact_kind kind, uint64_t elements,
	struct slice text)
{
	struct guide_build *build = r->build;
	struct guide_fact fact = { .kind = (uint8_t)kind, .level = UINT8_MAX, .element = kind == FACT_SUM ? 0 : place->element,
		.component = place->component, .filter_component = place->filter_component, .loop = place->loop,
		.number = kind == FACT_SUM || rule_place_is_number(place), .filter = place->filter, .elements = elements,
		.first_node = (uint16_t)build->fact_node_count, .node_count = place->node_count };
	fact.text = pool_add(&build->pool, text, &build->failed);
	for (unsigned i = 0; i < place->node_count; i++) {
		uint16_t *node = build_fact_node(build);
		if (node == NULL) {
			rule_refuse(r, r->at, "no room for more rules");
			return GUIDE_NONE;
		}
		*node = place->nodes[i];
	}
	for (size_t i = 0; i < build->fact_count; i++) {
		if (!fact_same(build, &build->facts[i], &fact))
			continue;
		build->fact_node_count = fact.first_node;
		return (uint16_t)i;
	}
	unsigned others = 0;
	for (size_t i = 0; i < build->fact_count; i++)
		others += build->facts[i].loop == fact.loop;
	if (others >= LIMIT_RULE_FACTS) {
		rule_refuse(r, r->at, "expected rules that ask for at most %d things of one loop", LIMIT_RULE_FACTS);
		return GUIDE_NONE;
	}
	struct guide_fact *item = build_fact(build);
	if (item == NULL) {
		rule_refuse(r, r->at, "no room for more rules");
		return GUIDE_NONE;
	}
	*item = fact;
	return (uint16_t)(build->fact_count - 1);
}
