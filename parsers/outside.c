/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * outside: what the walker of a set knows of all that stands outside of its business units.
 *
 * Members of an 834 and claims of an 835 do not ask about one another: what a unit's checks and rules look at is the unit
 * itself and what stands in front of the first one.  So a second walker, given that much, can walk units before their turn,
 * and of those in which it finds nothing no more is needed than how many they were and what they add to sums of the loops
 * around them.  Guides in which this does not hold (levels that number each other, rules of a unit that ask how many came
 * before) are told apart here; their units are walked in their turn.
 *
 * Holds: a walker that skips units is in the state in which it would be had it walked them and stood before the next.
 */
#include "parsers/rules.h"

struct walker_outside {
	const struct guide *guide;
	struct set_header header;
	struct checks checks;
	struct delimiters delimiters;
	unsigned depth;           /* open loops outside */
	struct walker_frame frames[LIMIT_LOOP_DEPTH];
	uint16_t slot, loop;      /* of the units */
	uint32_t key;             /* id of the segment that opens them */
	uint64_t *came, *told;
	uint32_t *counts;
	struct rule_cell *cells;
	struct rule_loop *of_loops;
	uint16_t facts[WALKER_SUMS]; /* that segments of units add to */
	unsigned fact_count;
};

struct walker_outside *walker_outside_new(void)
{
	return calloc(1, sizeof(struct walker_outside));
}

static void arrays_free(struct walker_outside *outside)
{
	free(outside->came);
	free(outside->told);
	free(outside->counts);
	free(outside->cells);
	free(outside->of_loops);
}

void walker_outside_free(struct walker_outside *outside)
{
	if (outside == NULL)
		return;
	arrays_free(outside);
	free(outside);
}

uint32_t walker_outside_key(const struct walker_outside *outside)
{
	return outside->key;
}

/* ---- do the units of this guide stand apart? ----------------------------------------------------- */

static bool node_within(const struct guide *guide, uint16_t node, uint16_t loop)
{
	while (node != GUIDE_NONE && node != loop)
		node = guide->nodes[node].parent;
	return node == loop;
}

static bool fact_listed(const struct walker_outside *outside, uint16_t fact)
{
	for (unsigned i = 0; i < outside->fact_count; i++)
		if (outside->facts[i] == fact)
			return true;
	return false;
}

/* The facts of loops outside that segments of units add to.  False: one of them is no count and no sum, or too many. */
static bool facts_list(struct walker_outside *outside, uint16_t unit)
{
	const struct guide *guide = outside->guide;
	outside->fact_count = 0;
	for (uint16_t i = 0; i < guide->fact_count; i++) {
		const struct guide_fact *fact = &guide->facts[i];
		bool adds = false;
		for (uint16_t k = 0; k < fact->node_count; k++)
			adds = adds || node_within(guide, guide->fact_nodes[fact->first_node + k], unit);
		if (!adds || fact->level > outside->checks.level || node_within(guide, fact->loop, unit))
			continue;
		if ((fact->kind != FACT_SUM && (fact->kind != FACT_FIRST || fact->element > 0)) || outside->fact_count == WALKER_SUMS)
			return false;
		outside->facts[outside->fact_count++] = i;
	}
	return true;
}

/* Does a rule that is run in a unit ask for one of them? */
static bool rules_ask(const struct walker_outside *outside, uint16_t unit)
{
	const struct guide *guide = outside->guide;
	for (uint16_t i = 0; i < guide->rule_count; i++) {
		const struct guide_rule *rule = &guide->rules[i];
		if (!node_within(guide, rule->node, unit))
			continue;
		if (fact_listed(outside, rule->at.fact) || fact_listed(outside, rule->trigger.fact))
			return true;
		for (uint32_t k = 0; k < (uint32_t)rule->when_count + rule->then_count; k++)
			if (fact_listed(outside, guide->steps[rule->first_step + k].fact))
				return true;
	}
	return false;
}

/* Has the loop no sibling that may stand among its repetitions, and may it come as often as it likes? */
static bool stands_alone(const struct guide_index *index, uint16_t slot)
{
	const struct guide_slot *at = &index->slots[slot];
	bool last = slot + 1U == index->slot_count || index->slots[slot + 1].group != at->group;
	return at->repeat == GUIDE_UNBOUNDED && at->group == slot && last;
}

static bool apart(struct walker_outside *outside, const struct walker *walker)
{
	uint16_t unit = walker->index->loops[outside->loop].node;
	for (unsigned i = 0; i <= outside->depth; i++)
		if (walker->frames[i].strange)
			return false;
	return walker->checks.overlay == NULL && index_id(walker->index, ID2('H', 'L')) == NULL &&
		stands_alone(walker->index, outside->slot) && facts_list(outside, unit) && !rules_ask(outside, unit);
}

/* ---- the copy ------------------------------------------------------------------------------------------ */

static bool copy(void *to, const void *from, size_t count, size_t item)
{
	void *kept = malloc(count * item + 1);
	if (kept != NULL && count > 0)
		memcpy(kept, from, count * item);
	memcpy(to, &kept, sizeof(kept));
	return kept != NULL;
}

bool walker_outside_take(struct walker_outside *outside, const struct walker *walker)
{
	const struct guide_index *index = walker->index;
	if (index == NULL || walker->unit_frame == 0 || walker->depth != walker->unit_frame + 1)
		return false;
	arrays_free(outside);
	*outside = (struct walker_outside){ .guide = walker->guide, .header = *walker->header, .checks = walker->checks,
		.delimiters = index->step_delimiters, .depth = walker->unit_frame,
		.slot = walker->frames[walker->unit_frame - 1].at, .loop = walker->frames[walker->unit_frame].loop };
	if (index->slots[outside->slot].loop != outside->loop || !apart(outside, walker))
		return false;
	memcpy(outside->frames, walker->frames, sizeof(outside->frames));
	const struct guide_node *node = walker_node(walker, index->slots[outside->slot].segment);
	outside->key = segment_key(slice_of(guide_text(walker->guide, node->id)));
	return copy(&outside->came, walker->came, index->word_count, sizeof(*walker->came)) &&
		copy(&outside->told, walker->told, index->word_count, sizeof(*walker->told)) &&
		copy(&outside->counts, walker->counts, index->slot_count, sizeof(*walker->counts)) &&
		copy(&outside->cells, walker->rules.cells, walker->guide->fact_count, sizeof(*walker->rules.cells)) &&
		copy(&outside->of_loops, walker->rules.of_loops, walker->guide->node_count, sizeof(*walker->rules.of_loops));
}

bool walker_inside(struct walker *walker, const struct walker_outside *outside, struct findings *findings)
{
	const struct guide *guide = outside->guide;
	walker_hush(walker);
	walker_begin(walker, guide, &outside->header, findings, outside->checks);
	struct guide_index *index = walker->index;
	if (index == NULL)
		return false;
	walker->begun = true;
	if (memcmp(&index->step_delimiters, &outside->delimiters, sizeof(outside->delimiters)) != 0) {
		index_steps_forget(index);
		index->step_delimiters = outside->delimiters;
	}
	memcpy(walker->came, outside->came, index->word_count * sizeof(*walker->came));
	memcpy(walker->told, outside->told, index->word_count * sizeof(*walker->told));
	memcpy(walker->counts, outside->counts, index->slot_count * sizeof(*walker->counts));
	memcpy(walker->rules.cells, outside->cells, guide->fact_count * sizeof(*walker->rules.cells));
	memcpy(walker->rules.of_loops, outside->of_loops, guide->node_count * sizeof(*walker->rules.of_loops));
	memcpy(walker->frames, outside->frames, sizeof(walker->frames));
	walker->depth = outside->depth;
	walker->counts[outside->slot] = 0;
	walker->from = walker->checker.way == WAY_CAREFUL ? GUIDE_NONE : outside->slot;
	for (unsigned i = 0; i < outside->fact_count; i++) {
		struct rule_loop *loop = &walker->rules.of_loops[guide->facts[outside->facts[i]].loop];
		uint64_t bit = index->rules->bits[outside->facts[i]];
		loop->seen &= ~bit;
		loop->came &= ~bit;
	}
	return true;
}

/* ---- is it the same outside? --------------------------------------------------------------------------- */

static bool checks_same(const struct checks *a, const struct checks *b)
{
	return a->level == b->level && a->charset == b->charset && a->partner == b->partner && a->overlay == b->overlay &&
		a->codes == b->codes && a->aside == b->aside && a->on == b->on;
}

/* What rules of a unit may read of a fact outside. */
static bool fact_same(const struct walker *walker, const struct walker_outside *outside, uint16_t fact)
{
	uint16_t number = walker->guide->facts[fact].loop;
	const struct rule_loop *loop = &walker->rules.of_loops[number], *kept = &outside->of_loops[number];
	uint64_t bit = walker->index->rules->bits[fact];
	if (((loop->seen ^ kept->seen) & bit) != 0 || ((loop->came ^ kept->came) & bit) != 0)
		return false;
	const struct rule_cell *a = &walker->rules.cells[fact], *b = &outside->cells[fact];
	if ((loop->seen & bit) == 0)
		return true;
	return a->count == b->count && a->number == b->number && a->packed == b->packed && a->broken == b->broken &&
		a->longer == b->longer && a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

bool walker_outside_same(const struct walker *walker, const struct walker_outside *outside)
{
	const struct guide_index *index = walker->index;
	if (index == NULL || walker->guide != outside->guide || !checks_same(&walker->checks, &outside->checks) ||
		memcmp(&index->step_delimiters, &outside->delimiters, sizeof(outside->delimiters)) != 0 ||
		walker->depth != outside->depth + 1 || walker->unit_frame != outside->depth ||
		walker->frames[outside->depth].loop != outside->loop)
		return false;
	for (unsigned i = 0; i < outside->depth; i++) {
		const struct guide_loop *loop = &index->loops[walker->frames[i].loop];
		size_t bytes = loop->words * sizeof(uint64_t);
		if (walker->frames[i].loop != outside->frames[i].loop || walker->frames[i].at != outside->frames[i].at ||
			walker->frames[i].strange || memcmp(&walker->came[loop->word], &outside->came[loop->word], bytes) != 0 ||
			memcmp(&walker->told[loop->word], &outside->told[loop->word], bytes) != 0)
			return false;
	}
	return !walker->frames[outside->depth].strange;
}

bool walker_outside_knows(const struct walker *walker, const struct walker_outside *outside)
{
	uint16_t unit = walker->index->loops[outside->loop].node;
	for (uint16_t i = 0; i < walker->guide->fact_count; i++)
		if (walker->guide->facts[i].level <= walker->checks.level && !fact_listed(outside, i) &&
			!node_within(walker->guide, walker->guide->facts[i].loop, unit) && !fact_same(walker, outside, i))
			return false;
	return true;
}

/* ---- what units add up to -------------------------------------------------------------------------------- */

void walker_sum(const struct walker *walker, const struct walker_outside *outside, struct walker_sums *sums)
{
	*sums = (struct walker_sums){ .units = walker->units.count };
	if (walker->guide != outside->guide || walker->index == NULL)
		return;
	sums->loops = walker->counts[outside->slot];
	for (unsigned i = 0; i < outside->fact_count; i++) {
		uint16_t fact = outside->facts[i];
		const struct rule_loop *loop = &walker->rules.of_loops[walker->guide->facts[fact].loop];
		uint64_t bit = walker->index->rules->bits[fact];
		const struct rule_cell *cell = &walker->rules.cells[fact];
		sums->facts[i] = (struct walker_sum){ .seen = (loop->seen & bit) != 0, .came = (loop->came & bit) != 0 };
		if (sums->facts[i].seen) {
			sums->facts[i].count = cell->count;
			sums->facts[i].number = cell->number;
			sums->facts[i].broken = cell->broken;
		}
	}
}

/* What was known of a fact before the units, and what they add. */
static bool fact_add(struct walker_sum *sum, const struct walker_sum *before, const struct walker_sum *units, bool placed)
{
	*sum = *before;
	if (!units->seen)
		return true;
	if (!before->seen) {
		*sum = *units;
		return !placed; /* the first one's place was seen by somebody else */
	}
	sum->came = before->came || units->came;
	sum->count = before->count + units->count;
	sum->broken = before->broken || units->broken;
	return !__builtin_add_overflow(before->number, units->number, &sum->number);
}

static bool fact_placed(const struct guide *guide, uint16_t fact)
{
	for (size_t i = 0; i < guide->rule_count; i++)
		if (guide->rules[i].at.fact == fact || guide->rules[i].trigger.fact == fact)
			return true;
	return false;
}

bool walker_skip(struct walker *walker, const struct walker_outside *outside, const struct walker_sums *before,
	const struct walker_sums *units)
{
	struct walker_sum sums[WALKER_SUMS];
	for (unsigned i = 0; i < outside->fact_count; i++)
		if (!fact_add(&sums[i], &before->facts[i], &units->facts[i], fact_placed(walker->guide, outside->facts[i])))
			return false;
	if (units->loops >= UINT32_MAX - before->loops)
		return false;
	for (unsigned i = 0; i < outside->fact_count; i++) {
		uint16_t fact = outside->facts[i];
		struct rule_loop *loop = &walker->rules.of_loops[walker->guide->facts[fact].loop];
		uint64_t bit = walker->index->rules->bits[fact];
		struct rule_cell *cell = &walker->rules.cells[fact];
		loop->seen = sums[i].seen ? loop->seen | bit : loop->seen & ~bit;
		loop->came = sums[i].came ? loop->came | bit : loop->came & ~bit;
		if (!before->facts[i].seen)
			*cell = (struct rule_cell){ .count = 0 };
		cell->count = sums[i].count;
		cell->number = sums[i].number;
		cell->broken = sums[i].broken;
	}
	walker->units.count = before->units + units->units;
	walker->counts[outside->slot] = before->loops + units->loops;
	walker->depth = outside->depth;
	walker->unit_frame = 0;
	walker->from = walker->checker.way == WAY_CAREFUL ? GUIDE_NONE : outside->slot;
	return true;
}
