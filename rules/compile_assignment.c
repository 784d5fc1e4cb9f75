/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile_assignment: the elements that say who belongs to whom: enrolment and its
 * sources, the questions of the decision in their order.
 */
#include "rules/compile.h"

void compile_enrolment(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	program->cutoff_days = compile_number(c, from, "cutoff-days");
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
		{ "pcp-new", TEST_PCP_NEW },
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
		rules[count] = (struct rule){ id.ptr, requirement.ptr == NULL ? "" : requirement.ptr, test_of(test),
			compile_is(c, node, "unmet", "pend") };
		for (size_t i = 0; i < count; i++)
			if (strcmp(rules[i].id, rules[count].id) == 0 || rules[i].test == rules[count].test)
				compile_complain(c, node, "rule or its test is named a second time", id);
		known = known || rules[count].test == TEST_PCP_KNOWN;
		/* what is asked about a PCP can only be asked once it is known that there is one */
		bool asks_pcp = rules[count].test == TEST_PCP_ENROLLED || rules[count].test == TEST_PCP_CONTRACTED ||
			rules[count].test == TEST_PCP_AFFILIATED || rules[count].test == TEST_PCP_TOWN ||
			rules[count].test == TEST_PCP_NEW;
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
