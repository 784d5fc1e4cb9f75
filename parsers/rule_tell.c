/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_tell: the finding of a rule that is broken: where, by which rule and in whose words, and what triggered it.
 */
#include "parsers/rules.h"

/* The id of the loop that a segment stands in; LS is none. */
static const char *loop_of(const struct walker *walker, uint16_t node)
{
	uint16_t loop = walker_node(walker, node)->parent;
	while (loop != GUIDE_NONE && loop != 0 && strcmp(guide_text(walker->guide, walker_node(walker, loop)->id), "LS") == 0)
		loop = walker_node(walker, loop)->parent;
	return loop == GUIDE_NONE || loop == 0 ? "" : guide_text(walker->guide, walker_node(walker, loop)->id);
}

static const struct guide_element *element_of(const struct walker *walker, const struct guide_place *place)
{
	if (place->element == 0)
		return NULL;
	const struct guide_element *elements = walker->guide->elements;
	const struct guide_element *element = &elements[walker_node(walker, place->node)->first_element + place->element - 1];
	return place->component == 0 ? element : &elements[element->first_component + place->component - 1];
}

static void trigger_fill(const struct walker *walker, struct trigger *trigger, const struct guide_place *place)
{
	if (place->node == GUIDE_NONE)
		return;
	trigger->segment = walker->position;
	if (place->fact != GUIDE_NONE) {
		const struct rule_cell *cell = rule_cell(walker, place->fact);
		if (!rule_seen(walker, place->fact) || walker->guide->facts[place->fact].kind == FACT_SUM)
			return;
		trigger->segment = cell->place.segment;
	}
	const struct guide_element *element = element_of(walker, place);
	slice_copy(trigger->segment_id, sizeof(trigger->segment_id),
		slice_of(guide_text(walker->guide, walker_node(walker, place->node)->id)));
	slice_copy(trigger->loop, sizeof(trigger->loop), slice_of(loop_of(walker, place->node)));
	trigger->element = place->element;
	trigger->component = place->component;
	trigger->data_element = element == NULL ? 0 : element->number;
}

/* Where the newest segment stands, or the end of the set. */
static void here(const struct walker *walker, struct place *place)
{
	segment_place(place, walker->segment != NULL ? walker->segment : walker->end, NULL);
	place->segment = walker->position;
}

static void place_fill(const struct walker *walker, struct finding *finding, const struct guide_place *at,
	const struct segment *segment)
{
	struct slice value = SLICE_NONE;
	if (at->node == GUIDE_NONE) {
		here(walker, &finding->place);
		return;
	}
	const struct rule_cell *cell = at->fact == GUIDE_NONE ? NULL : rule_cell(walker, at->fact);
	if (segment != NULL && at->fact == GUIDE_NONE) {
		value = rule_element(segment, at->element, at->component);
		const char *end = segment->bytes.ptr + segment->bytes.len;
		segment_place(&finding->place, segment, at->element == 0 ? NULL : value.ptr != NULL ? value.ptr : end);
		finding->place.segment = walker->position;
	} else if (cell != NULL && rule_seen(walker, at->fact) && walker->guide->facts[at->fact].kind != FACT_SUM) {
		finding->place = cell->place;
		value = (struct slice){ cell->text, at->element == 0 ? 0 : cell->len };
	} else {
		here(walker, &finding->place);
	}
	const struct guide_element *element = element_of(walker, at);
	const struct guide_node *node = walker_node(walker, at->node);
	finding->place.element = at->element;
	finding->place.component = at->component;
	finding->data_element = element == NULL ? 0 : element->number;
	finding->name = guide_text(walker->guide, element == NULL ? node->name : element->name);
	slice_copy(finding->segment_id, sizeof(finding->segment_id), slice_of(guide_text(walker->guide, node->id)));
	if (strcmp(finding->loop, loop_of(walker, at->node)) != 0)
		slice_copy(finding->loop, sizeof(finding->loop), slice_of(loop_of(walker, at->node)));
	if (finding->value_len == 0)
		found_value(finding, value);
	finding->plain = finding->plain || (element != NULL && element->type == TYPE_ID && value.len <= 3);
}

void rule_tell(struct walker *walker, const struct guide_rule *rule, const struct segment *segment, struct slice value,
	const char *expected)
{
	struct finding finding;
	const struct guide *guide = walker->guide;
	found_init(&finding, (enum finding_code)rule->finding);
	finding.severity = (enum severity)rule->severity;
	finding.level = rule->level;
	finding.rule = guide_text(guide, rule->id);
	finding.says = guide_text(guide, rule->says);
	if (rule->level == 7 && walker->checks.partner != NULL)
		finding.guide = walker->checks.partner->name;
	if (!findings_keep(walker->findings, &finding)) { /* it will only be counted */
		walker_tell(walker, &finding);
		return;
	}
	if (value.len > 0)
		found_plain(&finding, value); /* a sum or count tells of nobody */
	slice_copy(finding.expected, sizeof(finding.expected), slice_of(expected));
	const struct rule_step *then = &guide->steps[rule->first_step + rule->when_count];
	if (rule->kind == RULE_SITUATION && rule->then_count == 1 && then->op == RULE_IN) {
		size_t len = guide->code_lists[then->codes].count == 1 ? 0 : strlen("one of ");
		slice_copy(finding.expected, sizeof(finding.expected), (struct slice){ "one of ", len });
		guide_codes_print(finding.expected + len, sizeof(finding.expected) - len, guide, then->codes);
	}
	walker_path(walker, &finding, walker->depth - 1);
	place_fill(walker, &finding, &rule->at, segment);
	trigger_fill(walker, &finding.trigger, &rule->trigger);
	walker_tell(walker, &finding);
}

void rule_tell_amount(struct walker *walker, uint16_t node, const struct segment *segment, unsigned element)
{
	struct rule_cells *rules = &walker->rules;
	uint64_t bit = UINT64_C(1) << (element & 63);
	if (rules->told_offset != segment->offset)
		rules->told_elements = 0;
	rules->told_offset = segment->offset;
	if ((rules->told_elements & bit) != 0)
		return;
	rules->told_elements |= bit;
	struct finding finding;
	const struct guide_place at = { .node = node, .fact = GUIDE_NONE, .element = (uint8_t)element };
	found_init(&finding, FINDING_BALANCE_EXACT);
	found_plain(&finding, segment_element(segment, element));
	slice_copy(finding.expected, sizeof(finding.expected), SLICE("an amount in whole cents"));
	walker_path(walker, &finding, walker->depth - 1);
	place_fill(walker, &finding, &at, segment);
	walker_tell(walker, &finding);
}
