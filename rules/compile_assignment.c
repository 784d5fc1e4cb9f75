/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile_assignment: the elements that say who belongs to whom: enrolment and its
 * sources, the questions of the decision in their order.
 */
#include "rules/compile.h"

#define CUTOFF_WORKING_MAX 15 /* the shortest February has 20 working days */

static struct effective_rule effective_of(struct compiler *c, const xmlNode *node, days since)
{
	struct effective_rule rule = { .since = since, .retro_months = MONTHS_NONE };
	rule.kind = compile_is(c, node, "effective", "immediate") ? EFFECTIVE_IMMEDIATE
		: compile_is(c, node, "effective", "first-of-month") ? EFFECTIVE_THIS_MONTH : EFFECTIVE_NEXT_MONTH;
	if (rule.kind == EFFECTIVE_NEXT_MONTH)
		rule.cutoff_days = compile_number(c, node, "cutoff-days");
	rule.cutoff_working = compile_is(c, node, "cutoff-counts", "working-days");
	rule.newborns = compile_is(c, node, "newborns", "birth-month");
	if (compile_text(c, node, "retro-months").len > 0)
		rule.retro_months = compile_number(c, node, "retro-months");
	if (rule.cutoff_working && rule.cutoff_days > CUTOFF_WORKING_MAX)
		compile_complain(c, node, "cut-off lies before the month: every month has 20 working days, a cut-off may leave 15 of them",
			compile_text(c, node, "cutoff-days"));
	if (rule.newborns && rule.retro_months == MONTHS_NONE)
		compile_complain(c, node, "newborns=\"birth-month\" reaches back: say how far with retro-months",
			SLICE("birth-month"));
	return rule;
}

/* The rule of the element itself, then those since a day, each after the one before. */
static void compile_effectives(struct compiler *c, const xmlNode *from)
{
	struct effective_rule *rules = compile_room(c, 1 + xml_count(from, "since"), sizeof(*rules));
	size_t count = 0;
	if (rules == NULL)
		return;
	rules[count++] = effective_of(c, from, DAYS_NONE);
	for (const xmlNode *node = xml_child(from, "since"); node != NULL && !c->failed; node = xml_next(node, "since")) {
		rules[count] = effective_of(c, node, compile_day(c, node, "day", DAYS_NONE));
		if (rules[count].since <= rules[count - 1].since && !c->failed)
			compile_complain(c, node, "since is not after the one before it: put them in the order of their days",
				compile_text(c, node, "day"));
		count++;
	}
	c->program->effectives = rules;
	c->program->effective_count = count;
}

void compile_enrolment(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	compile_effectives(c, from);
	program->switching_windows = compile_is(c, from, "switching", "windows");
	program->channel = compile_text(c, from, "channel");
	program->source = compile_text(c, from, "source");
	struct source *sources = compile_room(c, xml_count(from, "source"), sizeof(*sources));
	if (sources == NULL)
		return;
	for (const xmlNode *node = xml_child(from, "source"); node != NULL; node = xml_next(node, "source"))
		sources[program->source_count++] = (struct source){ compile_text(c, node, "reason"),
			compile_text(c, node, "value") };
	program->sources = sources;
}

static enum rule_test test_of(struct slice name)
{
	static const struct { const char *name; enum rule_test test;
	} names[] = {
		{ "member-known", TEST_MEMBER_KNOWN },
		{ "member-alive", TEST_MEMBER_ALIVE },
		{ "effective-date", TEST_EFFECTIVE_DATE },
		{ "program-open", TEST_PROGRAM_OPEN },
		{ "covered", TEST_COVERED },
		{ "pcp-known", TEST_PCP_KNOWN },
		{ "pcp-enrolled", TEST_PCP_ENROLLED },
		{ "pcp-contracted", TEST_PCP_CONTRACTED },
		{ "pcp-affiliated", TEST_PCP_AFFILIATED },
		{ "pcp-town-open", TEST_PCP_TOWN },
		{ "member-town-open", TEST_MEMBER_TOWN },
		{ "pcp-serving", TEST_PCP_SERVING },
		{ "pcp-accepts", TEST_PCP_ACCEPTS },
		{ "pcp-capacity", TEST_PCP_CAPACITY },
		{ "pcp-new", TEST_PCP_NEW },
		{ "population", TEST_POPULATION },
		{ "change-allowed", TEST_CHANGE },
		{ "family-complete", TEST_FAMILY },
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (slice_is(name, names[i].name))
			return names[i].test;
	return TEST_NONE;
}

void compile_decision(struct compiler *c, const xmlNode *from)
{
	struct rule *rules = compile_room(c, xml_count(from, "rule"), sizeof(*rules));
	if (rules == NULL)
		return;
	size_t count = 0;
	bool known = false;
	for (const xmlNode *node = xml_child(from, "rule"); node != NULL && !c->failed;
		node = xml_next(node, "rule")) {
		struct slice test = compile_text(c, node, "test");
		struct slice id = compile_text(c, node, "id"), requirement = compile_text(c, node, "requirement");
		struct rule *rule = &rules[count];
		*rule = (struct rule){ id.ptr, requirement.ptr == NULL ? "" : requirement.ptr, test_of(test),
			compile_is(c, node, "unmet", "pend"), DAYS_NONE, DAYS_OPEN };
		compile_holds(c, node, &rule->from, &rule->to);
		for (size_t i = 0; i < count; i++)
			if (strcmp(rules[i].id, rule->id) == 0 ||
				(rules[i].test == rule->test && rules[i].from <= rule->to && rule->from <= rules[i].to))
				compile_complain(c, node, "rule or its test is named a second time for the same days", id);
		if (rules[count].test == TEST_FAMILY && c->program->family_rule != FAMILY_COMPLETE)
			compile_complain(c, node, "rule waits for the family, but family rule= is not complete: take the rule out, or say complete",
				id);
		known = known || rules[count].test == TEST_PCP_KNOWN;
		/* what is asked about a PCP can only be asked once it is known that there is one */
		bool asks_pcp = rules[count].test == TEST_PCP_ENROLLED || rules[count].test == TEST_PCP_CONTRACTED ||
			rules[count].test == TEST_PCP_AFFILIATED || rules[count].test == TEST_PCP_TOWN ||
			rules[count].test == TEST_PCP_SERVING || rules[count].test == TEST_PCP_NEW || rules[count].test == TEST_PCP_ACCEPTS ||
			rules[count].test == TEST_PCP_CAPACITY;
		if (asks_pcp && !known)
			compile_complain(c, node, "rule asks about the PCP before pcp-known", id);
		count++;
	}
	if (!known && !c->failed)
		compile_complain(c, from, "no rule has the test", SLICE("pcp-known"));
	if (count > STEPS_MAX - 1) /* one step is kept for the waiting time */
		compile_complain(c, from, "more rules than a trace holds", SLICE(""));
	c->program->rules = rules;
	c->program->rule_count = count;
}
