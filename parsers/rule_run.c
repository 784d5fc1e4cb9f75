/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_run: runs the programs of rules.  A program is a row of steps on a stack of at most LIMIT_RULE_DEPTH values; its
 * jumps go forward, so that it ends.
 *
 * A value may be undecided: one that is not there, a date or number that is not one (which other checks tell), a text
 * too long to be kept.  What is computed of it is undecided too, unless the rest decides (false and undecided is false).
 * A rule speaks only where `when` is true and `then` is false; a balance only where both of its numbers are known.
 */
#include "parsers/rules.h"

struct rule_value {
	int64_t number; /* a truth: 0 or 1 */
	struct slice text;
	bool known;
};
struct rule_machine {
	const struct walker *walker;
	const struct segment *segment;
	struct rule_value stack[LIMIT_RULE_DEPTH + 1];
	unsigned count;
};

static struct rule_value truth(bool value)
{
	return (struct rule_value){ .number = value, .known = true };
}

static struct rule_value number_of(int64_t number)
{
	return (struct rule_value){ .number = number, .known = true };
}

static const struct rule_value undecided = { 0 };

/* ---- places ------------------------------------------------------------------------------------ */

static const struct rule_cell *cell_of(const struct rule_machine *m, const struct rule_step *step)
{
	return rule_cell(m->walker, step->fact);
}

/* The value as text; known is false if it had to be cut. */
static struct slice text_of(const struct rule_machine *m, const struct rule_step *step, bool *known)
{
	*known = true;
	if (step->fact == GUIDE_NONE)
		return rule_element(m->segment, step->element, step->component);
	const struct rule_cell *cell = cell_of(m, step);
	*known = !cell->longer;
	return (struct slice){ cell->text, cell->len };
}

static bool value_starts(const struct guide *guide, uint16_t codes, struct slice value)
{
	const struct guide_codes *list = &guide->code_lists[codes];
	for (uint32_t i = 0; i < list->count; i++)
		if (slice_starts(value, guide_text(guide, guide->code_texts[list->first + i])))
			return true;
	return false;
}

static bool value_passes(const struct rule_machine *m, const struct rule_step *step, struct slice value)
{
	switch (step->op) {
	case RULE_DIGITS:
		return form_digits(value);
	case RULE_NPI:
		return npi_valid(value);
	case RULE_STARTS:
		return value_starts(m->walker->guide, step->codes, value);
	default:
		return index_listed(m->walker->index, step->codes, value);
	}
}

/* One repetition that passes is enough. */
static bool repetition_passes(const struct rule_machine *m, const struct rule_step *step)
{
	struct slice whole = segment_element(m->segment, step->element), one, part;
	char separator = m->segment->delimiters.repetition;
	for (size_t from = 0; from <= whole.len;) {
		const char *end = separator == '\0' || from == whole.len ? NULL : memchr(whole.ptr + from, separator, whole.len - from);
		size_t to = end == NULL ? whole.len : (size_t)(end - whole.ptr);
		one = part = (struct slice){ whole.ptr + from, to - from };
		if (step->component > 0 && !slice_part(&part, one, m->segment->delimiters.component, step->component - 1U))
			part = SLICE_NONE;
		if (part.len > 0 && value_passes(m, step, part))
			return true;
		from = to + 1;
	}
	return false;
}

static struct rule_value place_tested(const struct rule_machine *m, const struct rule_step *step)
{
	if (step->op == RULE_PRESENT || step->op == RULE_ABSENT) {
		bool there = step->fact == GUIDE_NONE ? rule_element(m->segment, step->element, step->component).len > 0
			: rule_came(m->walker, step->fact);
		return truth(there == (step->op == RULE_PRESENT));
	}
	bool wanted = step->op != RULE_NOT_IN, known;
	struct slice value = text_of(m, step, &known);
	if (!known || value.len == 0)
		return undecided;
	return truth((step->repeats ? repetition_passes(m, step) : value_passes(m, step, value)) == wanted);
}

/* CCYYMMDD, or two of them. */
static struct rule_value day_of(struct slice text, bool end)
{
	days day;
	struct slice part = text;
	if (text.len == 17 && text.ptr[8] == '-')
		part = (struct slice){ text.ptr + (end ? 9 : 0), 8 };
	return days_parse8(&day, part) ? number_of(day) : undecided;
}

static struct rule_value own_sum(const struct rule_machine *m, const struct rule_step *step)
{
	int64_t sum = 0;
	for (uint64_t left = (uint64_t)step->number; left != 0; left &= left - 1) {
		struct slice text = segment_element(m->segment, (unsigned)__builtin_ctzll(left));
		cents amount = 0;
		if (text.len > 0 && (!cents_parse(&amount, text) || __builtin_add_overflow(sum, amount, &sum)))
			return undecided;
	}
	return number_of(sum);
}

static struct rule_value place_number(const struct rule_machine *m, const struct rule_step *step)
{
	bool known;
	cents number;
	struct slice text;
	if (step->fact == GUIDE_NONE) {
		if (step->op == RULE_SUM)
			return own_sum(m, step);
		text = text_of(m, step, &known);
		return cents_parse(&number, text) ? number_of(number) : undecided;
	}
	const struct rule_cell *cell = cell_of(m, step);
	if (cell->broken || (step->op == RULE_NUMBER && cell->count == 0))
		return undecided;
	return number_of(cell->number);
}

static struct rule_value place_value(const struct rule_machine *m, const struct rule_step *step)
{
	bool known;
	struct slice text;
	switch (step->op) {
	case RULE_COUNT:
		return number_of((int64_t)(cell_of(m, step)->count * 100));
	case RULE_SUM:
	case RULE_NUMBER:
		return place_number(m, step);
	case RULE_CONSTANT:
		return number_of(step->number);
	default:
		break;
	}
	text = text_of(m, step, &known);
	if (!known || text.len == 0)
		return undecided;
	if (step->op == RULE_LENGTH)
		return number_of((int64_t)text.len * 100);
	if (step->op == RULE_TEXT)
		return (struct rule_value){ .text = text, .known = true };
	return day_of(text, step->op == RULE_END);
}

/* ---- operators --------------------------------------------------------------------------------------- */

static struct rule_value compared(enum rule_op op, const struct rule_value *a, const struct rule_value *b)
{
	if (!a->known || !b->known)
		return undecided;
	if (op == RULE_SAME || op == RULE_DIFFERENT)
		return truth(slice_equal(a->text, b->text) == (op == RULE_SAME));
	bool less = a->number < b->number, more = a->number > b->number;
	return truth(op == RULE_EQUAL ? !less && !more : op == RULE_UNEQUAL ? less || more : op == RULE_LESS ? less
		: op == RULE_LESS_EQUAL ? !more : op == RULE_MORE ? more : !less);
}

static struct rule_value joined(enum rule_op op, const struct rule_value *a, const struct rule_value *b)
{
	int64_t decides = op == RULE_AND ? 0 : 1; /* either side alone */
	int64_t left = op == RULE_IMPLIES ? !a->number : a->number;
	if ((a->known && left == decides) || (b->known && b->number == decides))
		return truth(decides == 1);
	return a->known && b->known ? truth(decides == 0) : undecided;
}

static struct rule_value computed(enum rule_op op, const struct rule_value *a, const struct rule_value *b)
{
	struct rule_value sum = number_of(0);
	bool over = op == RULE_ADD ? __builtin_add_overflow(a->number, b->number, &sum.number)
		: __builtin_sub_overflow(a->number, b->number, &sum.number);
	return a->known && b->known && !over ? sum : undecided;
}

/* Two values become one. */
static void operate(struct rule_machine *m, enum rule_op op)
{
	const struct rule_value b = m->stack[--m->count], a = m->stack[m->count - 1];
	struct rule_value *out = &m->stack[m->count - 1];
	if (op == RULE_ADD || op == RULE_SUBTRACT)
		*out = computed(op, &a, &b);
	else if (op >= RULE_AND)
		*out = joined(op, &a, &b);
	else
		*out = compared(op, &a, &b);
}

/* The compiler saw that the stack is deep enough and never runs out (rule_compile.c). */
static void program_run(struct rule_machine *m, const struct rule_step *steps, uint32_t count)
{
	m->count = 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct rule_step *step = &steps[i];
		if (step->op <= RULE_NOT_IN) {
			m->stack[m->count++] = place_tested(m, step);
		} else if (step->op <= RULE_CONSTANT) {
			m->stack[m->count++] = place_value(m, step);
		} else if (step->op == RULE_NOT) {
			m->stack[m->count - 1].number = !m->stack[m->count - 1].number;
		} else if (step->op == RULE_SKIP_FALSE || step->op == RULE_SKIP_TRUE) {
			const struct rule_value *top = &m->stack[m->count - 1];
			if (top->known && top->number == (step->op == RULE_SKIP_TRUE))
				i += (uint32_t)step->number;
		} else {
			operate(m, (enum rule_op)step->op);
		}
	}
}

/* ---- rules ----------------------------------------------------------------------------------------------- */

static void balance_tell(struct rule_machine *m, struct walker *walker, const struct guide_rule *rule)
{
	struct buffer value, expected;
	buffer_init(&value, 64);
	buffer_init(&expected, 64);
	cents_put_x12(&value, m->stack[0].number);
	cents_put_x12(&expected, m->stack[1].number);
	char words[64];
	slice_copy(words, sizeof(words), buffer_view(&expected));
	rule_tell(walker, rule, m->segment, buffer_view(&value), words);
	buffer_done(&value);
	buffer_done(&expected);
}

static __attribute__((noinline)) void rule_run(struct walker *walker, const struct guide_rule *rule,
	const struct segment *segment, bool decided)
{
	struct rule_machine m;
	m.walker = walker;
	m.segment = segment;
	const struct rule_step *steps = &walker->guide->steps[rule->first_step];
	if (rule->when_count > 0 && !decided) {
		program_run(&m, steps, rule->when_count);
		if (!m.stack[0].known || m.stack[0].number == 0)
			return;
	}
	program_run(&m, steps + rule->when_count, rule->then_count);
	if (rule->kind == RULE_BALANCE) {
		if (m.stack[0].known && m.stack[1].known && m.stack[0].number != m.stack[1].number)
			balance_tell(&m, walker, rule);
	} else if (m.stack[0].known && m.stack[0].number == 0) {
		rule_tell(walker, rule, segment, SLICE_NONE, "");
	}
}

/* Is it seen of a code that the rule holds?  See struct rule_ready. */
static inline bool code_holds(const struct walker *walker, const struct rule_ready *ready, const struct segment *segment)
{
	if (segment == NULL)
		return ready->when_code != 0 && rule_packed(walker, ready->when_fact) != ready->when_code;
	bool holds = false;
	if (ready->when_code != 0 && ready->when_fact == GUIDE_NONE)
		holds = rule_pack(segment_element(segment, ready->when_element)) != ready->when_code;
	if (ready->then_code != 0)
		holds |= rule_pack(segment_element(segment, ready->then_element)) == ready->then_code;
	return holds;
}

/* Which of at most 64 rules are not settled by what came?  Without a branch for each: what came is not to be foreseen. */
static inline uint64_t unsettled(const struct rule_glance *glances, uint32_t count, uint64_t came)
{
	uint64_t left = 0;
	for (uint32_t i = count; i-- > 0;)
		left = left << 1 | !rule_glance_settles(&glances[i], came);
	return left;
}

static inline void ready_run(struct walker *walker, const struct rule_ready *ready, const struct segment *segment)
{
	if (ready->level <= walker->checks.level && !code_holds(walker, ready, segment))
		rule_run(walker, &walker->guide->rules[ready->rule], segment, ready->when_decides);
}

void rule_ready_run(struct walker *walker, uint16_t ready, const struct segment *segment)
{
	ready_run(walker, &walker->index->rules->rules[ready], segment);
}

/* The rules of a loop: those of most members are settled by the same facts. */
static void rules_run_last(struct walker *walker, struct rule_node *at, uint64_t came)
{
	const struct rule_index *index = walker->index->rules;
	if (!at->closed || at->came != came)
		at->open = unsettled(&index->glances[at->rules.first], at->rules.count, came);
	at->came = came;
	at->closed = true;
	for (uint64_t left = at->open; left != 0; left &= left - 1)
		ready_run(walker, &index->rules[at->rules.first + (uint32_t)__builtin_ctzll(left)], NULL);
}

/* The rules of a node. */
static void rules_run(struct walker *walker, uint16_t node, const struct segment *segment)
{
	const struct rule_index *index = walker->index->rules;
	struct rule_span span = index->nodes[node].rules;
	/* facts of a loop are at hand while it is open; a segment has none of its own */
	uint64_t came = segment == NULL ? walker->rules.of_loops[node].came : walker->checker.there;
	for (uint32_t from = span.first, end = span.first + span.count; from < end; from += 64) {
		uint32_t count = end - from < 64 ? end - from : 64;
		for (uint64_t left = unsettled(&index->glances[from], count, came); left != 0; left &= left - 1)
			ready_run(walker, &index->rules[from + (uint32_t)__builtin_ctzll(left)], segment);
	}
}

void rules_segment(struct walker *walker, uint16_t node, const struct segment *segment)
{
	const struct rule_node *at = &walker->index->rules->nodes[node];
	if ((at->watches.count | at->codes.count) > 0)
		rule_facts_take(walker, node, segment);
	if (at->rules.count > 0)
		rules_run(walker, node, segment);
}

void rules_close(struct walker *walker, uint16_t loop)
{
	struct rule_node *at = &walker->index->rules->nodes[loop];
	if (at->rules.count > 0 && at->rules.count <= 64)
		rules_run_last(walker, at, walker->rules.of_loops[loop].came);
	else
		rules_run(walker, loop, NULL);
}
