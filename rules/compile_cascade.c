/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile_cascade: <auto-assignment>: who is assigned without choosing, and the strategies in
 * their order.
 */
#include "rules/compile.h"
#include "rules/condition.h"
#include "rules/directory.h"

static int nearness_of(struct slice name)
{
	for (int i = 0; i < NEARNESSES; i++)
		if (slice_is(name, nearness_name((enum nearness)i)))
			return i;
	return -1;
}

/* Conditions on the member; NULL if there are none. */
static const void *compile_when(struct compiler *c, const xmlNode *from)
{
	if (xml_count(from, "when") == 0)
		return NULL;
	struct conditions *when = compile_room(c, 1, sizeof(*when));
	if (when == NULL)
		return NULL;
	*when = compile_conditions(c, from);
	if (conditions_ask_pcp(when))
		compile_complain(c, from, "nobody has a PCP yet whom a condition here could ask about", compile_text(c, from, "id"));
	return when;
}

static void compile_places(struct compiler *c, const xmlNode *node, struct strategy *strategy)
{
	struct slice words = compile_text(c, node, "within");
	if (words.len == 0) /* everybody, nearest first */
		words = strategy->use == STRATEGY_ROUND_ROBIN ? SLICE("program") : SLICE("town zip county program");
	for (struct slice word = slice_word(&words); word.len > 0; word = slice_word(&words)) {
		int place = nearness_of(word);
		for (size_t i = 0; i < strategy->place_count; i++)
			if (strategy->places[i] == place)
				compile_complain(c, node, "place is named a second time", word);
		if (place >= 0 && strategy->place_count < STRATEGY_PLACES)
			strategy->places[strategy->place_count++] = place;
	}
}

static const struct {
	const char *name;
	bool looks_back, around;
} uses[STRATEGIES] = {
	[STRATEGY_PRIOR] = { "prior-pcp", true, false },
	[STRATEGY_CLAIMS] = { "claims", true, false },
	[STRATEGY_FAMILY] = { "family", false, false },
	[STRATEGY_FAMILY_CLAIMS] = { "family-claims", true, false },
	[STRATEGY_PROXIMITY] = { "proximity", false, true },
	[STRATEGY_NEEDS] = { "special-needs", false, true },
	[STRATEGY_LANGUAGE] = { "language", false, true },
	[STRATEGY_ROUND_ROBIN] = { "round-robin", false, true },
};

/* An attribute that the strategy would not look at is a mistake, not a wish. */
static void refuse_stray(struct compiler *c, const xmlNode *node, const char *name, bool fits)
{
	if (!fits && compile_text(c, node, name).len > 0)
		compile_complain(c, node, "strategy does not look at it: take it out", slice_of(name));
}

static void compile_strategy(struct compiler *c, const xmlNode *node, struct strategy *out)
{
	struct slice use = compile_text(c, node, "use"), requirement = compile_text(c, node, "requirement");
	*out = (struct strategy){ .id = compile_text(c, node, "id").ptr, .requirement = requirement.ptr == NULL ? "" : requirement.ptr,
		.look_back = MONTHS_OPEN, .least_visits = 1, .when = compile_when(c, node) };
	while (out->use < STRATEGIES && !slice_is(use, uses[out->use].name))
		out->use++;
	if (out->use == STRATEGIES) /* program.rng does not let this happen */
		return;
	bool claims = out->use == STRATEGY_CLAIMS || out->use == STRATEGY_FAMILY_CLAIMS;
	refuse_stray(c, node, "months", uses[out->use].looks_back);
	refuse_stray(c, node, "visits", claims);
	refuse_stray(c, node, "within", uses[out->use].around);
	refuse_stray(c, node, "member", out->use == STRATEGY_NEEDS);
	refuse_stray(c, node, "pcp", out->use == STRATEGY_NEEDS || out->use == STRATEGY_LANGUAGE);
	refuse_stray(c, node, "except", out->use == STRATEGY_LANGUAGE);
	if (compile_text(c, node, "months").len > 0)
		out->look_back = compile_window(c, node, "months");
	else if (claims)
		compile_complain(c, node, "claims are looked at for some months: give months", use);
	if (compile_text(c, node, "visits").len > 0)
		out->least_visits = (uint64_t)compile_number(c, node, "visits");
	out->of_member = slice_or(compile_text(c, node, "member"), SLICE("special-needs"));
	out->of_pcp = slice_or(compile_text(c, node, "pcp"), out->use == STRATEGY_NEEDS ? SLICE("capabilities") : SLICE("languages"));
	out->except = compile_text(c, node, "except");
	if (uses[out->use].around)
		compile_places(c, node, out);
}

static void compile_strategies(struct compiler *c, const xmlNode *from, struct auto_rule *rule)
{
	size_t count = xml_count(from, "strategy");
	struct strategy *strategies = compile_room(c, count, sizeof(*strategies));
	if (strategies == NULL)
		return;
	if (count > STRATEGIES_MAX) {
		compile_complain(c, from, "more strategies than a trace holds", SLICE_NONE);
		return;
	}
	for (const xmlNode *node = xml_child(from, "strategy"); node != NULL && !c->failed; node = xml_next(node, "strategy")) {
		struct strategy *strategy = &strategies[rule->strategy_count];
		compile_strategy(c, node, strategy);
		for (size_t i = 0; i < rule->strategy_count && !c->failed; i++) {
			const struct strategy *before = &strategies[i];
			if (strcmp(before->id, strategy->id) == 0)
				compile_complain(c, node, "strategy is named a second time", slice_of(strategy->id));
			/* who takes from the whole program leaves nobody to a strategy behind it */
			if (before->use == STRATEGY_ROUND_ROBIN && before->when == NULL && before->places[before->place_count - 1] == NEAR_PROGRAM)
				compile_complain(c, node, "strategy is never reached: a round robin of the whole program stands before it", slice_of(strategy->id));
		}
		rule->strategy_count++;
	}
	rule->strategies = strategies;
}

/* Without the element a PCP is kept however long coverage is away. */
static void compile_gap(struct compiler *c, const xmlNode *node)
{
	c->program->gap_months = node == NULL ? MONTHS_OPEN : compile_number(c, node, "same-pcp-months");
}

void compile_autos(struct compiler *c, const xmlNode *root)
{
	struct program *program = c->program;
	compile_gap(c, xml_child(root, "re-enrolment"));
	struct auto_rule *rules = compile_room(c, xml_count(root, "auto-assignment"), sizeof(*rules));
	if (rules == NULL)
		return;
	program->autos = rules;
	for (const xmlNode *node = xml_child(root, "auto-assignment"); node != NULL && !c->failed; node = xml_next(node, "auto-assignment")) {
		struct auto_rule *rule = &rules[program->auto_count];
		struct slice requirement = compile_text(c, node, "requirement"), open = compile_text(c, node, "open-panel");
		*rule = (struct auto_rule){ .requirement = requirement.ptr == NULL ? "" : requirement.ptr,
			.from = compile_day(c, node, "from", program->opens), .to = compile_day(c, node, "to", DAYS_OPEN),
			.when = compile_when(c, node), .choice_days = compile_number(c, node, "choice-days"),
			.from_notice = !compile_is(c, node, "choice-from", "eligible"), .together = compile_is(c, node, "families", "together"),
			.open_panel = open.len == 0 ? 1000 : compile_number(c, node, "open-panel") };
		if (rule->to < rule->from)
			compile_complain(c, node, "auto-assignment ends before it begins", compile_text(c, node, "to"));
		for (size_t i = 0; i < program->auto_count; i++)
			if (rules[i].from <= rule->to && rule->from <= rules[i].to)
				compile_complain(c, node, "auto-assignment of the same days is there twice: give from and to", compile_text(c, node, "from"));
		compile_strategies(c, node, rule);
		program->auto_count++;
	}
}
