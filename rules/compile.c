/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile: the elements of a checked program file into a struct program.
 *
 * program.rng has said already which elements and attributes are there and what they look
 * like; what a schema cannot say is checked here, with its line: dates of the calendar,
 * spans in order, names given once, funds that exist, check digits.
 */
#include "rules/internal.h"

#include <libxml/tree.h>

struct compiler {
	struct program *program;
	const char *path;
	struct failure *failure;
	bool failed;
};

static void complain(struct compiler *c, const xmlNode *at, const char *text, struct slice value)
{
	c->failed = true;
	failure_set(c->failure, "%s:%ld: %s: %.*s", c->path, xmlGetLineNo(at), text, SLICE_ARG(value));
}

static const xmlNode *child_named(const xmlNode *parent, const char *name)
{
	for (const xmlNode *node = parent->children; node != NULL; node = node->next)
		if (node->type == XML_ELEMENT_NODE && (name == NULL || strcmp((const char *)node->name, name) == 0))
			return node;
	return NULL;
}

static const xmlNode *next_named(const xmlNode *node, const char *name)
{
	for (node = node->next; node != NULL; node = node->next)
		if (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0)
			return node;
	return NULL;
}

static size_t count_named(const xmlNode *parent, const char *name)
{
	size_t count = 0;
	for (const xmlNode *node = child_named(parent, name); node != NULL; node = next_named(node, name))
		count++;
	return count;
}

/* Room for `count` items; a count of 0 still gives a place, so that NULL means memory. */
static void *room(struct compiler *c, size_t count, size_t size)
{
	void *items = arena_alloc(&c->program->arena, (count == 0 ? 1 : count) * size);
	if (items == NULL) {
		c->failed = true;
		failure_set(c->failure, "%s: no memory for it", c->path);
	}
	return items;
}

/* The attribute's value in the arena, blanks trimmed; empty if it is not there. */
static struct slice text_of(struct compiler *c, const xmlNode *node, const char *name)
{
	for (const xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next) {
		if (strcmp((const char *)attribute->name, name) != 0)
			continue;
		xmlChar *value = xmlNodeListGetString(node->doc, attribute->children, 1);
		struct slice kept = arena_slice(&c->program->arena, slice_trim(slice_of((const char *)value)));
		xmlFree(value);
		if (kept.ptr == NULL) {
			c->failed = true;
			failure_set(c->failure, "%s: no memory for it", c->path);
			return SLICE_NONE;
		}
		return kept;
	}
	return SLICE_NONE;
}

static bool is_set(struct compiler *c, const xmlNode *node, const char *name, const char *value)
{
	return slice_is(text_of(c, node, name), value);
}

static days day_of(struct compiler *c, const xmlNode *node, const char *name, days absent)
{
	struct slice text = text_of(c, node, name);
	days day = absent;
	if (text.len > 0 && !days_parse_iso(&day, text))
		complain(c, node, "date is not a date of the calendar", text);
	return day;
}

static int32_t number_of(struct compiler *c, const xmlNode *node, const char *name)
{
	uint64_t number = 0;
	struct slice text = text_of(c, node, name);
	if (!slice_number(&number, text) || number > 9999)
		complain(c, node, "number is not between 0 and 9999", text);
	return (int32_t)(number > 9999 ? 0 : number);
}

static months window_of(struct compiler *c, const xmlNode *node, const char *name)
{
	return is_set(c, node, name, "none") ? MONTHS_OPEN : number_of(c, node, name);
}

/* ------------------------------------------------------------------ one element each */

static void compile_coverage(struct compiler *c, const xmlNode *from)
{
	struct plan *plans = room(c, count_named(from, "plan"), sizeof(*plans));
	if (plans == NULL)
		return;
	size_t count = 0, qualifying = 0;
	for (const xmlNode *node = child_named(from, "plan"); node != NULL; node = next_named(node, "plan")) {
		struct plan *plan = &plans[count];
		plan->name = text_of(c, node, "name");
		plan->effect = is_set(c, node, "effect", "qualifies") ? PLAN_QUALIFIES
			: is_set(c, node, "effect", "excludes") ? PLAN_EXCLUDES : PLAN_NONE;
		qualifying += plan->effect == PLAN_QUALIFIES;
		for (size_t i = 0; i < count; i++)
			if (plain_equal(plans[i].name, plan->name))
				complain(c, node, "plan is named a second time", plan->name);
		count++;
	}
	if (qualifying == 0)
		complain(c, from, "no plan qualifies for the program", c->program->name);
	c->program->plans = plans;
	c->program->plan_count = count;
}

static bool town_is_named(const struct town *towns, size_t town_count, const struct town_alias *aliases,
	size_t alias_count, struct slice name)
{
	for (size_t i = 0; i < town_count; i++)
		if (plain_equal(slice_of(towns[i].name), name))
			return true;
	for (size_t i = 0; i < alias_count; i++)
		if (plain_equal(aliases[i].name, name))
			return true;
	return false;
}

static void compile_towns(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	program->state = text_of(c, from, "state");
	program->town_qualifiers = text_of(c, from, "town-qualifiers");
	program->county_qualifiers = text_of(c, from, "county-qualifiers");
	size_t towns_size = 0, aliases_size = 0;
	for (const xmlNode *area = child_named(from, "area"); area != NULL; area = next_named(area, "area")) {
		towns_size += count_named(area, "town");
		for (const xmlNode *node = child_named(area, "town"); node != NULL; node = next_named(node, "town"))
			aliases_size += count_named(node, "postal");
	}
	struct town *towns = room(c, towns_size, sizeof(*towns));
	struct town_alias *aliases = room(c, aliases_size, sizeof(*aliases));
	if (towns == NULL || aliases == NULL)
		return;
	size_t town_count = 0, alias_count = 0;
	for (const xmlNode *area = child_named(from, "area"); area != NULL; area = next_named(area, "area")) {
		days opens = day_of(c, area, "opens", DAYS_NONE);
		for (const xmlNode *node = child_named(area, "town"); node != NULL; node = next_named(node, "town")) {
			struct slice name = text_of(c, node, "name");
			if (town_is_named(towns, town_count, aliases, alias_count, name))
				complain(c, node, "town is named a second time", name);
			struct town *town = &towns[town_count++];
			*town = (struct town){ name.ptr, text_of(c, node, "code"), opens };
			for (const xmlNode *other = child_named(node, "postal"); other != NULL;
				other = next_named(other, "postal")) {
				name = text_of(c, other, "name");
				if (town_is_named(towns, town_count, aliases, alias_count, name))
					complain(c, other, "postal name is named a second time", name);
				aliases[alias_count++] = (struct town_alias){ name, town };
			}
		}
	}
	program->towns = towns;
	program->town_count = town_count;
	program->aliases = aliases;
	program->alias_count = alias_count;
}

static void compile_enrolment(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	program->cutoff_days = number_of(c, from, "cutoff-days");
	program->channel = text_of(c, from, "channel");
	program->source = text_of(c, from, "source");
	struct source *sources = room(c, count_named(from, "source"), sizeof(*sources));
	if (sources == NULL)
		return;
	for (const xmlNode *node = child_named(from, "source"); node != NULL; node = next_named(node, "source"))
		sources[program->source_count++] = (struct source){ text_of(c, node, "reason"),
			text_of(c, node, "value") };
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

static void compile_decision(struct compiler *c, const xmlNode *from)
{
	struct rule *rules = room(c, count_named(from, "rule"), sizeof(*rules));
	if (rules == NULL)
		return;
	size_t count = 0;
	bool known = false;
	for (const xmlNode *node = child_named(from, "rule"); node != NULL && !c->failed;
		node = next_named(node, "rule")) {
		struct slice test = text_of(c, node, "test");
		struct slice id = text_of(c, node, "id"), requirement = text_of(c, node, "requirement");
		rules[count] = (struct rule){ id.ptr, requirement.ptr == NULL ? "" : requirement.ptr, test_of(test),
			is_set(c, node, "unmet", "pend") };
		for (size_t i = 0; i < count; i++)
			if (strcmp(rules[i].id, rules[count].id) == 0 || rules[i].test == rules[count].test)
				complain(c, node, "rule or its test is named a second time", id);
		known = known || rules[count].test == TEST_PCP_KNOWN;
		/* what is asked about a PCP can only be asked once it is known that there is one */
		bool asks_pcp = rules[count].test == TEST_PCP_ENROLLED || rules[count].test == TEST_PCP_CONTRACTED ||
			rules[count].test == TEST_PCP_AFFILIATED || rules[count].test == TEST_PCP_TOWN ||
			rules[count].test == TEST_PCP_NEW;
		if (asks_pcp && !known)
			complain(c, node, "rule asks about the PCP before pcp-known", id);
		count++;
	}
	if (!known && !c->failed)
		complain(c, from, "no rule has the test", SLICE("pcp-known"));
	if (count > STEPS_MAX - 1) /* one step is kept for the waiting time */
		complain(c, from, "more rules than a trace holds", SLICE(""));
	c->program->rules = rules;
	c->program->rule_count = count;
}

static void compile_fee(struct compiler *c, const xmlNode *from)
{
	struct rate *rates = room(c, count_named(from, "rate"), sizeof(*rates));
	if (rates == NULL)
		return;
	size_t count = 0;
	for (const xmlNode *node = child_named(from, "rate"); node != NULL; node = next_named(node, "rate")) {
		struct rate *rate = &rates[count];
		struct slice amount = text_of(c, node, "amount");
		rate->from = day_of(c, node, "from", DAYS_NONE);
		rate->to = day_of(c, node, "to", DAYS_OPEN);
		if (!cents_parse(&rate->amount, amount))
			complain(c, node, "amount is not an amount", amount);
		if (rate->to < rate->from)
			complain(c, node, "rate ends before it begins", amount);
		for (size_t i = 0; i < count; i++)
			if (rates[i].from <= rate->to && rate->from <= rates[i].to)
				complain(c, node, "rate overlaps another one", amount);
		count++;
	}
	c->program->rates = rates;
	c->program->rate_count = count;
	c->program->count_last_day = is_set(c, from, "count", "last-day");
}

static void compile_aids(struct compiler *c, const xmlNode *from, struct aid *aids, size_t fund)
{
	struct program *program = c->program;
	for (const xmlNode *node = child_named(from, "aid"); node != NULL; node = next_named(node, "aid")) {
		struct slice categories = text_of(c, node, "categories"), rest = categories;
		for (struct slice word = slice_word(&rest); word.len > 0; word = slice_word(&rest))
			for (size_t i = 0; i < program->aid_count; i++)
				if (words_have(aids[i].categories, word))
					complain(c, node, "aid category has a fund already", word);
		aids[program->aid_count++] = (struct aid){ categories, fund };
	}
}

static void compile_funds(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	size_t aids_size = 0;
	for (const xmlNode *node = child_named(from, "fund"); node != NULL; node = next_named(node, "fund"))
		aids_size += count_named(node, "aid");
	struct aid *aids = room(c, aids_size, sizeof(*aids));
	if (aids == NULL)
		return;
	program->aids = aids;
	struct slice chosen = text_of(c, from, "default");
	size_t default_fund = SIZE_MAX;
	for (const xmlNode *node = child_named(from, "fund"); node != NULL; node = next_named(node, "fund")) {
		if (program->fund_count == LIMIT_FUNDS) {
			complain(c, node, "more funds than the limit", text_of(c, node, "code"));
			return;
		}
		struct fund *fund = &program->funds[program->fund_count];
		*fund = (struct fund){ text_of(c, node, "code"), text_of(c, node, "name") };
		for (size_t i = 0; i < program->fund_count; i++)
			if (slice_equal(program->funds[i].code, fund->code))
				complain(c, node, "fund is named a second time", fund->code);
		if (slice_equal(fund->code, chosen))
			default_fund = program->fund_count;
		compile_aids(c, node, aids, program->fund_count);
		program->fund_count++;
	}
	if (chosen.len > 0 && default_fund == SIZE_MAX)
		complain(c, from, "default fund is none of the program's funds", chosen);
	program->default_fund = default_fund == SIZE_MAX ? program->fund_count : default_fund;
}

static void compile_money(struct compiler *c, const xmlNode *root)
{
	static const char *const weekdays[] = { "sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
		"saturday" };
	struct program *program = c->program;
	const xmlNode *payout = child_named(root, "payout"), *remittance = child_named(root, "remittance"),
		      *retro = child_named(root, "retro");
	if (payout == NULL || remittance == NULL || retro == NULL)
		return;
	program->payout = (struct payout_codes){ text_of(c, payout, "reason"), text_of(c, payout, "text"),
		text_of(c, payout, "fee"), text_of(c, payout, "retro"), text_of(c, payout, "carry") };
	for (int i = 0; i < (int)COUNT_OF(weekdays); i++)
		if (is_set(c, remittance, "weekday", weekdays[i]))
			program->cycle_weekday = i;
	program->cycle_nth = number_of(c, remittance, "nth");
	program->cycle_months = number_of(c, remittance, "months-after");
	program->payment_days = number_of(c, remittance, "payment-days");
	program->additions_months = window_of(c, retro, "additions-months");
	program->recoupments_months = window_of(c, retro, "recoupments-months");
	program->death_months = window_of(c, retro, "death-months");
}

static void compile_reading(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	const xmlNode *head = child_named(from, "head-of-household"), *phone = child_named(from, "phone"),
		      *language = child_named(from, "language");
	if (head == NULL || phone == NULL || language == NULL)
		return;
	program->head_roles = text_of(c, head, "roles");
	program->adult_years = number_of(c, head, "adult-years");
	program->phone_order = text_of(c, phone, "order");
	program->language_order = text_of(c, language, "order");
}

static void compile_rosters(struct compiler *c, const xmlNode *from)
{
	size_t count = 0;
	for (const xmlNode *node = child_named(from, "roster"); node != NULL && count < ROSTER_REPORTS; node = next_named(node, "roster"))
		c->program->rosters[count++] = (struct roster_name){ text_of(c, node, "report"), text_of(c, node, "title") };
}

static void compile_payer(struct compiler *c, const xmlNode *from)
{
	struct payer *payer = &c->program->payer;
	*payer = (struct payer){
		.name = text_of(c, from, "name"),
		.street = text_of(c, from, "street"),
		.city = text_of(c, from, "city"),
		.state = text_of(c, from, "state"),
		.zip = text_of(c, from, "zip"),
		.phone = text_of(c, from, "phone"),
		.help_name = text_of(c, from, "help-name"),
		.help_phone = text_of(c, from, "help-phone"),
		.id = text_of(c, from, "id"),
		.routing = text_of(c, from, "routing"),
		.account = text_of(c, from, "account"),
		.interchange_id = text_of(c, from, "interchange-id"),
		.eligibility_id = text_of(c, from, "eligibility-id"),
	};
	if (!aba_valid(payer->routing))
		complain(c, from, "routing number does not pass its check digit", payer->routing);
}

static struct answer_contact contact_of(struct compiler *c, const xmlNode *node)
{
	return (struct answer_contact){ text_of(c, node, "service-type"), text_of(c, node, "name"),
		text_of(c, node, "phone") };
}

static void compile_answers(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	struct answer_contact *contacts = room(c, count_named(from, "contact"), sizeof(*contacts));
	struct broker *brokers = room(c, count_named(from, "broker"), sizeof(*brokers));
	if (contacts == NULL || brokers == NULL)
		return;
	program->answers.coverage_name = text_of(c, from, "coverage-name");
	program->answers.service_types = text_of(c, from, "service-types");
	size_t types = 0;
	for (struct slice rest = program->answers.service_types; slice_word(&rest).len > 0;)
		types++;
	if (types > LIMIT_SERVICE_TYPES) /* EB03 repeats no more often */
		complain(c, from, "more service types than an answer can carry", SLICE_NONE);
	program->answers.months_back = number_of(c, from, "months-back");
	for (const xmlNode *node = child_named(from, "contact"); node != NULL; node = next_named(node, "contact"))
		contacts[program->answers.contact_count++] = contact_of(c, node);
	program->answers.contacts = contacts;
	for (const xmlNode *node = child_named(from, "broker"); node != NULL; node = next_named(node, "broker")) {
		struct broker *broker = &brokers[program->broker_count++];
		broker->contact = contact_of(c, node);
		broker->others = is_set(c, node, "towns", "others");
		struct slice *towns = room(c, count_named(node, "serves"), sizeof(*towns));
		if (towns == NULL)
			return;
		for (const xmlNode *town = child_named(node, "serves"); town != NULL; town = next_named(town, "serves"))
			towns[broker->town_count++] = text_of(c, town, "town");
		broker->towns = towns;
	}
	program->brokers = brokers;
}

bool program_compile(struct program *program, const void *root_node, const char *path, struct failure *failure)
{
	static const struct {
		const char *name;
		void (*compile)(struct compiler *c, const xmlNode *from);
	} parts[] = {
		{ "coverage", compile_coverage },
		{ "towns", compile_towns },
		{ "enrolment", compile_enrolment },
		{ "decision", compile_decision },
		{ "fee", compile_fee },
		{ "funds", compile_funds },
		{ "rosters", compile_rosters },
		{ "reading", compile_reading },
		{ "payer", compile_payer },
		{ "answers", compile_answers },
	};
	const xmlNode *root = root_node;
	struct compiler compiler = { program, path, failure, false }, *c = &compiler;
	program->id = text_of(c, root, "id").ptr;
	program->name = text_of(c, root, "name");
	program->opens = day_of(c, root, "opens", DAYS_NONE);
	program->closes = day_of(c, root, "closes", DAYS_OPEN);
	if (program->closes < program->opens)
		complain(c, root, "program closes before it opens", program->name);
	const xmlNode *family = child_named(root, "family"), *established = child_named(root, "established"),
		      *departure = child_named(root, "departure");
	if (family == NULL || established == NULL || departure == NULL) /* program.rng does not let this happen */
		return failure_set(failure, "%s: family, established or departure is missing", path);
	program->hold_days = number_of(c, family, "hold-days");
	program->newborn_days = number_of(c, family, "newborn-days");
	program->other_plan_counts = is_set(c, family, "in-other-plan", "counts");
	program->established_code = text_of(c, established, "code");
	program->established_family = is_set(c, established, "carries-family", "yes");
	program->departure_same_day = is_set(c, departure, "assignment-ends", "same-day");
	for (size_t i = 0; i < COUNT_OF(parts) && !c->failed; i++) {
		const xmlNode *node = child_named(root, parts[i].name);
		if (node != NULL)
			parts[i].compile(c, node);
	}
	if (!c->failed)
		compile_money(c, root);
	return !c->failed;
}
