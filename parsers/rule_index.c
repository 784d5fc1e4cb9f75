/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_index: a guide's rules turned so that the walker finds what it has to do: by segment node the facts that watch it
 * and the rules that run on it, by loop node the rules that run at its end.  A node with which nothing has to be done
 * costs one look at `levels`.
 *
 * Most rules hold for most segments, and one look shows it: an element or fact that `when` speaks of is not there or is
 * another code, or what `then` asks for is there.  Those looks are taken out of the programs here (struct rule_ready);
 * what they do not decide is run.
 */
#include "parsers/rules.h"

void rule_index_free(struct rule_index *index)
{
	if (index == NULL)
		return;
	free(index->levels);
	free(index->nodes);
	free(index->watches);
	free(index->codes);
	free(index->glances);
	free(index->rules);
	free(index->bits);
	free(index);
}

const uint8_t *rule_index_levels(const struct rule_index *index)
{
	return index->levels;
}

/* Say that there is work at this node, at a level and above. */
static void level_note(struct rule_index *index, uint16_t node, uint8_t level)
{
	if (index->levels[node] > level)
		index->levels[node] = level;
}

/* ---- facts ------------------------------------------------------------------------------------------- */

/* What of a fact is asked for. */
static void watch_uses(const struct guide *guide, struct rule_watch *watch, uint16_t fact)
{
	bool counted = false;
	for (size_t i = 0; i < guide->rule_count; i++) {
		const struct guide_rule *rule = &guide->rules[i];
		watch->placed = watch->placed || rule->at.fact == fact || rule->trigger.fact == fact;
		watch->text = watch->text || rule->at.fact == fact;
	}
	for (size_t i = 0; i < guide->step_count; i++) {
		const struct rule_step *step = &guide->steps[i];
		bool counts = step->op == RULE_PRESENT || step->op == RULE_ABSENT || step->op == RULE_COUNT ||
			step->op == RULE_SUM || step->op == RULE_NUMBER;
		watch->text = watch->text || (step->fact == fact && !counts);
		counted = counted || (step->fact == fact && step->op == RULE_COUNT);
	}
	watch->late = !counted && (watch->placed || watch->text) && !watch->number && watch->kind != FACT_SUM && watch->component == 0;
	watch->kept = counted || watch->placed || watch->text || watch->number || watch->kind == FACT_SUM;
}

static struct rule_watch watch_of(const struct rule_index *index, const struct guide *guide, uint16_t number)
{
	const struct guide_fact *fact = &guide->facts[number];
	struct rule_watch watch = { .bit = index->bits[number], .fact = number, .loop = fact->loop, .filter = GUIDE_NONE,
		.level = fact->level, .kind = fact->kind, .element = fact->element, .component = fact->component,
		.filter_component = fact->filter_component, .number = fact->number, .exact = fact->level <= 3 };
	if (fact->filter != GUIDE_NONE) {
		const char *code = guide_text(guide, guide->code_texts[guide->code_lists[fact->filter].first]);
		watch.code = rule_pack_text(slice_of(code));
		watch.filter = watch.code == 0 ? fact->filter : GUIDE_NONE;
	}
	return watch;
}

/* The table place of a code, whether it stands there or may be put there. */
static struct rule_code *code_place(const struct rule_index *index, const struct rule_node *node, uint64_t code)
{
	struct rule_code *codes = &index->codes[node->codes.first];
	uint32_t place = rule_place(code, node->codes.count);
	while (codes[place].code != code && codes[place].code != 0)
		place = (place + 1) & (node->codes.count - 1);
	return &codes[place];
}

/* Where the watches of a segment node stand that ask for this code. */
static struct rule_span *watches_of(struct rule_index *index, struct rule_node *node, const struct rule_watch *watch)
{
	if (watch->code == 0 || watch->filter_component > 0)
		return &node->watches;
	struct rule_code *place = code_place(index, node, watch->code);
	place->code = watch->code;
	return &place->watches;
}

enum pass { PASS_SIZE /* tables of codes */, PASS_COUNT, PASS_FILL };

static void watches_pass(struct rule_index *index, const struct guide *guide, enum pass pass)
{
	for (uint16_t i = 0; i < guide->fact_count; i++) {
		const struct guide_fact *fact = &guide->facts[i];
		struct rule_watch watch = watch_of(index, guide, i);
		level_note(index, fact->loop, fact->level);
		for (uint16_t k = 0; k < fact->node_count; k++) {
			uint16_t number = guide->fact_nodes[fact->first_node + k];
			struct rule_node *node = &index->nodes[number];
			level_note(index, number, fact->level);
			if (pass == PASS_SIZE) {
				node->codes.count += watch.code != 0 && watch.filter_component == 0;
				continue;
			}
			struct rule_span *span = watches_of(index, node, &watch);
			if (pass == PASS_FILL && k == 0)
				watch_uses(guide, &watch, i);
			if (pass == PASS_FILL)
				index->watches[span->first + span->count] = watch;
			span->count++;
		}
	}
}

/* Room for the tables: twice as many places as codes and more, so that each has a free one.  False: memory. */
static bool codes_place(struct rule_index *index, const struct guide *guide)
{
	uint32_t places = 0;
	for (size_t i = 0; i < guide->node_count; i++) {
		struct rule_span *codes = &index->nodes[i].codes;
		uint32_t size = codes->count == 0 ? 0 : 2;
		while (size > 0 && size < 2 * codes->count)
			size *= 2;
		*codes = (struct rule_span){ places, size };
		places += size;
	}
	index->codes = calloc((size_t)places + 1, sizeof(*index->codes));
	return index->codes != NULL;
}

/* ---- rules ----------------------------------------------------------------------------------------------- */

/* 0 for what has no bit; what is asked of it is left to the program. */
static uint64_t element_bit(unsigned element)
{
	return element == 0 || element > SHAPE_ELEMENTS ? 0 : UINT64_C(1) << (element - 1);
}

/* The only code of a list, packed; 0 if there are more. */
static uint64_t only_code(const struct guide *guide, const struct rule_step *step)
{
	if (step->op != RULE_IN || step->repeats || step->component > 0 || guide->code_lists[step->codes].count != 1)
		return 0;
	return rule_pack_text(slice_of(guide_text(guide, guide->code_texts[guide->code_lists[step->codes].first])));
}

static bool all_are(const struct rule_step *steps, uint16_t count, enum rule_op joined)
{
	for (uint16_t i = 0; i < count; i++)
		if (steps[i].op >= RULE_NOT && steps[i].op <= RULE_IMPLIES && steps[i].op != joined)
			return false;
	return count > 0;
}

/* The tests that `when` joins by and. */
static void when_look(const struct rule_index *index, const struct guide *guide, const struct guide_rule *rule,
	struct rule_ready *ready, struct rule_glance *glance)
{
	const struct rule_step *steps = &guide->steps[rule->first_step];
	if (!all_are(steps, rule->when_count, RULE_AND))
		return;
	for (uint16_t i = 0; i < rule->when_count; i++) {
		const struct rule_step *step = &steps[i];
		bool test = step->op == RULE_PRESENT || (step->op >= RULE_DIGITS && step->op <= RULE_NOT_IN);
		if (test && step->fact != GUIDE_NONE && guide->facts[step->fact].loop == rule->node)
			glance->needs |= index->bits[step->fact];
		uint64_t code = test && ready->when_code == 0 ? only_code(guide, step) : 0;
		if (code == 0 || (step->fact != GUIDE_NONE && guide->facts[step->fact].loop != rule->node))
			continue;
		ready->when_code = code;
		ready->when_fact = step->fact;
		ready->when_element = step->element;
		if (step->fact == GUIDE_NONE)
			glance->needs |= element_bit(step->element);
	}
	ready->when_decides = rule->when_count == 1 && ready->when_code != 0;
}

/* One test, or tests of presence joined by or. */
static void then_look(const struct rule_index *index, const struct guide *guide, const struct guide_rule *rule,
	struct rule_ready *ready, struct rule_glance *glance)
{
	const struct rule_step *steps = &guide->steps[rule->first_step + rule->when_count];
	if (rule->then_count == 1 && steps[0].fact == GUIDE_NONE) {
		ready->then_code = only_code(guide, &steps[0]);
		ready->then_element = steps[0].element;
	}
	if (!all_are(steps, rule->then_count, RULE_OR))
		return;
	for (uint16_t i = 0; i < rule->then_count; i++) {
		const struct rule_step *step = &steps[i];
		if (step->op != RULE_PRESENT)
			continue;
		if (step->fact == GUIDE_NONE)
			glance->holds |= step->component == 0 ? element_bit(step->element) : 0;
		else if (guide->facts[step->fact].loop == rule->node)
			glance->holds |= index->bits[step->fact];
	}
}

static void ready_fill(struct rule_index *index, const struct guide *guide, uint16_t number, uint32_t at)
{
	const struct guide_rule *rule = &guide->rules[number];
	struct rule_ready *ready = &index->rules[at];
	struct rule_glance *glance = &index->glances[at];
	*ready = (struct rule_ready){ .rule = number, .when_fact = GUIDE_NONE, .level = rule->level };
	*glance = (struct rule_glance){ element_bit(rule->needs), element_bit(rule->lacks) };
	when_look(index, guide, rule, ready, glance);
	if (rule->kind == RULE_SITUATION)
		then_look(index, guide, rule, ready, glance);
}

static void rules_pass(struct rule_index *index, const struct guide *guide, enum pass pass)
{
	for (uint16_t i = 0; i < guide->rule_count; i++) {
		struct rule_span *span = &index->nodes[guide->rules[i].node].rules;
		if (pass == PASS_FILL)
			ready_fill(index, guide, i, span->first + span->count);
		span->count++;
		level_note(index, guide->rules[i].node, guide->rules[i].level);
	}
}

/* ---- the index ------------------------------------------------------------------------------------------------ */

static void span_place(struct rule_span *span, uint32_t *next)
{
	span->first = *next;
	*next += span->count;
	span->count = 0;
}

/* What was counted becomes where each node's items begin. */
static void spans_place(struct rule_index *index, const struct guide *guide)
{
	uint32_t watches = 0, rules = 0;
	for (size_t i = 0; i < guide->node_count; i++) {
		struct rule_node *node = &index->nodes[i];
		span_place(&node->rules, &rules);
		span_place(&node->watches, &watches);
		for (uint32_t k = 0; k < node->codes.count; k++)
			span_place(&index->codes[node->codes.first + k].watches, &watches);
	}
}

/* The facts of a loop have a bit each (LIMIT_RULE_FACTS). */
static void bits_give(struct rule_index *index, const struct guide *guide)
{
	for (uint16_t i = 0; i < guide->fact_count; i++) {
		index->bits[i] = 1;
		for (uint16_t k = i; k-- > 0;)
			if (guide->facts[k].loop == guide->facts[i].loop) {
				index->bits[i] = index->bits[k] << 1;
				break;
			}
	}
}

struct rule_index *rule_index_new(const struct guide *guide)
{
	struct rule_index *index = calloc(1, sizeof(*index));
	if (index == NULL)
		return NULL;
	index->levels = malloc((size_t)guide->node_count + 1);
	index->nodes = calloc((size_t)guide->node_count + 1, sizeof(*index->nodes));
	index->watches = calloc((size_t)guide->fact_node_count + 1, sizeof(*index->watches));
	index->glances = calloc((size_t)guide->rule_count + 1, sizeof(*index->glances));
	index->rules = calloc((size_t)guide->rule_count + 1, sizeof(*index->rules));
	index->bits = calloc((size_t)guide->fact_count + 1, sizeof(*index->bits));
	if (index->levels == NULL || index->nodes == NULL || index->watches == NULL || index->glances == NULL ||
		index->rules == NULL || index->bits == NULL) {
		rule_index_free(index);
		return NULL;
	}
	memset(index->levels, UINT8_MAX, (size_t)guide->node_count + 1);
	bits_give(index, guide);
	watches_pass(index, guide, PASS_SIZE);
	if (!codes_place(index, guide)) {
		rule_index_free(index);
		return NULL;
	}
	watches_pass(index, guide, PASS_COUNT);
	rules_pass(index, guide, PASS_COUNT);
	spans_place(index, guide);
	watches_pass(index, guide, PASS_FILL);
	rules_pass(index, guide, PASS_FILL);
	return index;
}
