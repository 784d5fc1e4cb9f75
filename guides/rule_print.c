/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_print: a rule's program as the expression that people write.  What is printed compiles to the same steps, with as
 * few parentheses as that takes.  The texts of what stands on the program's stack lie side by side in one buffer, in its
 * order, so that an operator only puts its word between the last two.
 */
#include "guides/tables.h"

enum binding { BINDS_IMPLIES, BINDS_OR, BINDS_AND, BINDS_NOT, BINDS_TEST, BINDS_VALUE };
struct printing {
	const struct guide *guide;
	const struct guide_rule *rule;
	struct buffer text;
	struct {
		size_t from;
		enum binding binding;
	} parts[LIMIT_RULE_DEPTH + 1];
	unsigned count;
};

static void put_place(struct printing *p, const struct rule_step *step)
{
	if (step->fact != GUIDE_NONE) {
		buffer_text(&p->text, guide_text(p->guide, p->guide->facts[step->fact].text));
		return;
	}
	buffer_text(&p->text, guide_text(p->guide, p->guide->nodes[p->rule->node].id));
	buffer_format(&p->text, "%02u", step->element);
	if (step->component > 0)
		buffer_format(&p->text, "-%02u", step->component);
	/* further elements of a sum */
	for (unsigned i = step->element + 1U; step->op == RULE_SUM && i < 64; i++)
		if (((uint64_t)step->number >> i & 1) != 0)
			buffer_format(&p->text, ",%02u", i);
}

static void put_function(struct printing *p, const struct rule_step *step, const char *name)
{
	buffer_text(&p->text, name);
	buffer_char(&p->text, '(');
	put_place(p, step);
	buffer_char(&p->text, ')');
}

static void put_list(struct printing *p, const struct rule_step *step)
{
	const struct guide_codes *list = &p->guide->code_lists[step->codes];
	bool starts = step->op == RULE_STARTS, one = list->count == 1 && !starts, in = step->op == RULE_IN;
	buffer_text(&p->text, starts ? "starts(" : "");
	put_place(p, step);
	buffer_text(&p->text, starts ? ", " : one ? (in ? " = " : " <> ") : in ? " in (" : " not in (");
	for (uint32_t i = 0; i < list->count; i++)
		buffer_format(&p->text, "%s'%s'", i == 0 ? "" : ", ",
			guide_text(p->guide, p->guide->code_texts[list->first + i]));
	buffer_text(&p->text, one ? "" : ")");
}

/* A step that takes nothing from the stack. */
static void put_leaf(struct printing *p, const struct rule_step *step)
{
	static const char *const functions[] = { [RULE_PRESENT] = "present", [RULE_ABSENT] = "absent",
		[RULE_DIGITS] = "digits", [RULE_NPI] = "npi", [RULE_BEGIN] = "begin", [RULE_END] = "end",
		[RULE_LENGTH] = "length", [RULE_COUNT] = "count", [RULE_SUM] = "sum" };
	if (p->count >= COUNT_OF(p->parts))
		return;
	p->parts[p->count].from = p->text.len;
	p->parts[p->count++].binding = step->op >= RULE_TEXT ? BINDS_VALUE : BINDS_TEST;
	if (step->op == RULE_IN || step->op == RULE_NOT_IN || step->op == RULE_STARTS)
		put_list(p, step);
	else if (step->op == RULE_CONSTANT)
		cents_put_x12(&p->text, step->number);
	else if ((step->op == RULE_TEXT || step->op == RULE_NUMBER) && step->fact != GUIDE_NONE &&
		p->guide->facts[step->fact].kind == FACT_LAST)
		put_function(p, step, "last");
	else if (step->op == RULE_TEXT || step->op == RULE_NUMBER)
		put_place(p, step);
	else
		put_function(p, step, functions[step->op]);
}

static void insert(struct printing *p, size_t at, const char *text)
{
	size_t len = strlen(text);
	buffer_text(&p->text, text);
	if (p->text.failed)
		return;
	memmove(p->text.ptr + at + len, p->text.ptr + at, p->text.len - len - at);
	memcpy(p->text.ptr + at, text, len);
}

/* Put parentheses around the last part if it binds less than it must here. */
static void bind(struct printing *p, enum binding least)
{
	if (p->parts[p->count - 1].binding >= least)
		return;
	insert(p, p->parts[p->count - 1].from, "(");
	buffer_char(&p->text, ')');
}

/* The last two parts become one. */
static void join(struct printing *p, const char *word, enum binding left, enum binding right, enum binding now)
{
	if (p->count < 2)
		return;
	bind(p, right);
	size_t from = p->parts[p->count - 1].from;
	if (p->parts[p->count - 2].binding < left) {
		insert(p, from, ")");
		insert(p, p->parts[p->count - 2].from, "(");
		from += 2;
	}
	insert(p, from, word);
	p->count--;
	p->parts[p->count - 1].binding = now;
}

static void put_step(struct printing *p, const struct rule_step *step)
{
	static const char *const comparisons[] = { " = ", " <> ", " < ", " <= ", " > ", " >= ", " = ", " <> " };
	switch ((enum rule_op)step->op) {
	case RULE_SKIP_FALSE:
	case RULE_SKIP_TRUE:
		return;
	case RULE_NOT:
		if (p->count == 0)
			return;
		bind(p, BINDS_TEST);
		insert(p, p->parts[p->count - 1].from, "not ");
		p->parts[p->count - 1].binding = BINDS_NOT;
		return;
	case RULE_AND:
		join(p, " and ", BINDS_AND, BINDS_NOT, BINDS_AND);
		return;
	case RULE_OR:
		join(p, " or ", BINDS_OR, BINDS_AND, BINDS_OR);
		return;
	case RULE_IMPLIES:
		join(p, " implies ", BINDS_OR, BINDS_OR, BINDS_IMPLIES);
		return;
	case RULE_ADD:
	case RULE_SUBTRACT:
		join(p, step->op == RULE_ADD ? " + " : " - ", BINDS_VALUE, BINDS_VALUE, BINDS_VALUE);
		return;
	case RULE_EQUAL:
	case RULE_UNEQUAL:
	case RULE_LESS:
	case RULE_LESS_EQUAL:
	case RULE_MORE:
	case RULE_MORE_EQUAL:
	case RULE_SAME:
	case RULE_DIFFERENT:
		join(p, comparisons[step->op - RULE_EQUAL], BINDS_VALUE, BINDS_VALUE, BINDS_TEST);
		return;
	case RULE_PRESENT:
	case RULE_ABSENT:
	case RULE_DIGITS:
	case RULE_NPI:
	case RULE_STARTS:
	case RULE_IN:
	case RULE_NOT_IN:
	case RULE_TEXT:
	case RULE_NUMBER:
	case RULE_BEGIN:
	case RULE_END:
	case RULE_LENGTH:
	case RULE_COUNT:
	case RULE_SUM:
	case RULE_CONSTANT:
		put_leaf(p, step);
		return;
	}
}

void guide_rule_print(struct buffer *out, const struct guide *guide, const struct guide_rule *rule, uint32_t first_step,
	uint32_t count)
{
	struct printing p = { .guide = guide, .rule = rule };
	buffer_init(&p.text, 0);
	for (uint32_t i = 0; i < count; i++)
		put_step(&p, &guide->steps[first_step + i]);
	if (p.text.failed)
		out->failed = true;
	else
		buffer_slice(out, buffer_view(&p.text));
	buffer_done(&p.text);
}
