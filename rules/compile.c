/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile: the elements of a checked program file into a struct program.
 *
 * program.rng has said already which elements and attributes are there and what they look
 * like; what a schema cannot say is checked here, with its line: dates of the calendar,
 * spans in order, names given once, funds that exist, check digits.
 */
#include "rules/compile.h"

void compile_complain(struct compiler *c, const xmlNode *at, const char *text, struct slice value)
{
	c->failed = true;
	if (c->mistakes != NULL)
		mistake_add(c->mistakes, xmlGetLineNo(at), "%s: %.*s", text, SLICE_ARG(value));
	failure_set(c->failure, "%s:%ld: %s: %.*s", c->path, xmlGetLineNo(at), text, SLICE_ARG(value));
}

const xmlNode *xml_child(const xmlNode *parent, const char *name)
{
	for (const xmlNode *node = parent->children; node != NULL; node = node->next)
		if (node->type == XML_ELEMENT_NODE && (name == NULL || strcmp((const char *)node->name, name) == 0))
			return node;
	return NULL;
}

const xmlNode *xml_next(const xmlNode *node, const char *name)
{
	for (node = node->next; node != NULL; node = node->next)
		if (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0)
			return node;
	return NULL;
}

size_t xml_count(const xmlNode *parent, const char *name)
{
	size_t count = 0;
	for (const xmlNode *node = xml_child(parent, name); node != NULL; node = xml_next(node, name))
		count++;
	return count;
}

/* Room for `count` items; a count of 0 still gives a place, so that NULL means memory. */
void *compile_room(struct compiler *c, size_t count, size_t size)
{
	void *items = arena_alloc(&c->program->arena, (count == 0 ? 1 : count) * size);
	if (items == NULL) {
		c->failed = true;
		c->mistakes = NULL; /* what follows would stand on nothing */
		failure_set(c->failure, "%s: no memory for it", c->path);
	}
	return items;
}

/* The attribute's value in the arena, blanks trimmed; empty if it is not there. */
struct slice compile_text(struct compiler *c, const xmlNode *node, const char *name)
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

bool compile_is(struct compiler *c, const xmlNode *node, const char *name, const char *value)
{
	return slice_is(compile_text(c, node, name), value);
}

days compile_day(struct compiler *c, const xmlNode *node, const char *name, days absent)
{
	struct slice text = compile_text(c, node, name);
	days day = absent;
	if (text.len > 0 && !days_parse_iso(&day, text))
		compile_complain(c, node, "date is not a date of the calendar", text);
	return day;
}

void compile_holds(struct compiler *c, const xmlNode *node, days *from, days *to)
{
	*from = compile_day(c, node, "from", DAYS_NONE);
	*to = compile_day(c, node, "to", DAYS_OPEN);
	if (*to < *from)
		compile_complain(c, node, "ends before it begins: give from and to in their order", compile_text(c, node, "from"));
}

int32_t compile_number(struct compiler *c, const xmlNode *node, const char *name)
{
	uint64_t number = 0;
	struct slice text = compile_text(c, node, name);
	if (!slice_number(&number, text) || number > 9999)
		compile_complain(c, node, "number is not between 0 and 9999", text);
	return (int32_t)(number > 9999 ? 0 : number);
}

months compile_window(struct compiler *c, const xmlNode *node, const char *name)
{
	return compile_is(c, node, name, "none") ? MONTHS_OPEN : compile_number(c, node, name);
}

/* ------------------------------------------------------------------ one element each */

static void compile_coverage(struct compiler *c, const xmlNode *from)
{
	struct plan *plans = compile_room(c, xml_count(from, "plan"), sizeof(*plans));
	if (plans == NULL)
		return;
	size_t count = 0, qualifying = 0;
	for (const xmlNode *node = xml_child(from, "plan"); node != NULL; node = xml_next(node, "plan")) {
		struct plan *plan = &plans[count];
		plan->name = compile_text(c, node, "name");
		plan->effect = compile_is(c, node, "effect", "qualifies") ? PLAN_QUALIFIES
			: compile_is(c, node, "effect", "excludes") ? PLAN_EXCLUDES : PLAN_NONE;
		qualifying += plan->effect == PLAN_QUALIFIES;
		for (size_t i = 0; i < count; i++)
			if (plain_equal(plans[i].name, plan->name))
				compile_complain(c, node, "plan is named a second time: take one out", plan->name);
		count++;
	}
	if (qualifying == 0)
		compile_complain(c, from, "no plan qualifies for the program: say effect=\"qualifies\" of one", c->program->name);
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
	program->state = compile_text(c, from, "state");
	program->town_qualifiers = compile_text(c, from, "town-qualifiers");
	program->county_qualifiers = compile_text(c, from, "county-qualifiers");
	size_t towns_size = 0, aliases_size = 0;
	for (const xmlNode *area = xml_child(from, "area"); area != NULL; area = xml_next(area, "area")) {
		towns_size += xml_count(area, "town");
		for (const xmlNode *node = xml_child(area, "town"); node != NULL; node = xml_next(node, "town"))
			aliases_size += xml_count(node, "postal");
	}
	struct town *towns = compile_room(c, towns_size, sizeof(*towns));
	struct town_alias *aliases = compile_room(c, aliases_size, sizeof(*aliases));
	if (towns == NULL || aliases == NULL)
		return;
	size_t town_count = 0, alias_count = 0;
	for (const xmlNode *area = xml_child(from, "area"); area != NULL; area = xml_next(area, "area")) {
		days opens = compile_day(c, area, "opens", DAYS_NONE), closes = compile_day(c, area, "closes", DAYS_OPEN);
		if (closes < opens)
			compile_complain(c, area, "area closes before it opens: give opens and closes in their order", compile_text(c, area, "name"));
		for (const xmlNode *node = xml_child(area, "town"); node != NULL; node = xml_next(node, "town")) {
			struct slice name = compile_text(c, node, "name");
			if (town_is_named(towns, town_count, aliases, alias_count, name))
				compile_complain(c, node, "town is named a second time: take one out", name);
			struct town *town = &towns[town_count++];
			*town = (struct town){ name.ptr, compile_text(c, node, "code"), opens, closes };
			for (const xmlNode *other = xml_child(node, "postal"); other != NULL;
				other = xml_next(other, "postal")) {
				name = compile_text(c, other, "name");
				if (town_is_named(towns, town_count, aliases, alias_count, name))
					compile_complain(c, other, "postal name is named a second time: take one out", name);
				aliases[alias_count++] = (struct town_alias){ name, town };
			}
		}
	}
	program->towns = towns;
	program->town_count = town_count;
	program->aliases = aliases;
	program->alias_count = alias_count;
}

static void compile_reading(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	const xmlNode *head = xml_child(from, "head-of-household"), *phone = xml_child(from, "phone"),
		      *language = xml_child(from, "language");
	if (head == NULL || phone == NULL || language == NULL)
		return;
	program->head_roles = compile_text(c, head, "roles");
	program->adult_years = compile_number(c, head, "adult-years");
	program->phone_order = compile_text(c, phone, "order");
	program->language_order = compile_text(c, language, "order");
}

static void compile_rosters(struct compiler *c, const xmlNode *from)
{
	size_t count = 0;
	for (const xmlNode *node = xml_child(from, "roster"); node != NULL && count < ROSTER_REPORTS; node = xml_next(node, "roster"))
		c->program->rosters[count++] = (struct roster_name){ compile_text(c, node, "report"), compile_text(c, node, "title") };
}

static void compile_payer(struct compiler *c, const xmlNode *from)
{
	struct payer *payer = &c->program->payer;
	*payer = (struct payer){
		.name = compile_text(c, from, "name"),
		.street = compile_text(c, from, "street"),
		.city = compile_text(c, from, "city"),
		.state = compile_text(c, from, "state"),
		.zip = compile_text(c, from, "zip"),
		.phone = compile_text(c, from, "phone"),
		.help_name = compile_text(c, from, "help-name"),
		.help_phone = compile_text(c, from, "help-phone"),
		.id = compile_text(c, from, "id"),
		.routing = compile_text(c, from, "routing"),
		.account = compile_text(c, from, "account"),
		.interchange_id = compile_text(c, from, "interchange-id"),
		.eligibility_id = compile_text(c, from, "eligibility-id"),
	};
	if (!aba_valid(payer->routing))
		compile_complain(c, from, "routing number does not pass its check digit: mend the number", payer->routing);
}

static struct answer_contact contact_of(struct compiler *c, const xmlNode *node)
{
	return (struct answer_contact){ compile_text(c, node, "service-type"), compile_text(c, node, "name"),
		compile_text(c, node, "phone") };
}

static void compile_answers(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	struct answer_contact *contacts = compile_room(c, xml_count(from, "contact"), sizeof(*contacts));
	struct broker *brokers = compile_room(c, xml_count(from, "broker"), sizeof(*brokers));
	if (contacts == NULL || brokers == NULL)
		return;
	program->answers.coverage_name = compile_text(c, from, "coverage-name");
	program->answers.service_types = compile_text(c, from, "service-types");
	size_t types = 0;
	for (struct slice rest = program->answers.service_types; slice_word(&rest).len > 0;)
		types++;
	if (types > LIMIT_SERVICE_TYPES) /* EB03 repeats no more often */
		compile_complain(c, from, "more service types than an answer can carry", SLICE_NONE);
	program->answers.months_back = compile_number(c, from, "months-back");
	for (const xmlNode *node = xml_child(from, "contact"); node != NULL; node = xml_next(node, "contact"))
		contacts[program->answers.contact_count++] = contact_of(c, node);
	program->answers.contacts = contacts;
	for (const xmlNode *node = xml_child(from, "broker"); node != NULL; node = xml_next(node, "broker")) {
		struct broker *broker = &brokers[program->broker_count++];
		broker->contact = contact_of(c, node);
		broker->others = compile_is(c, node, "towns", "others");
		struct slice *towns = compile_room(c, xml_count(node, "serves"), sizeof(*towns));
		if (towns == NULL)
			return;
		for (const xmlNode *town = xml_child(node, "serves"); town != NULL; town = xml_next(town, "serves"))
			towns[broker->town_count++] = compile_text(c, town, "town");
		broker->towns = towns;
	}
	program->brokers = brokers;
}

/* After a mistake the rest is compiled only to find more of them. */
static bool going_on(const struct compiler *c)
{
	return !c->failed || c->mistakes != NULL;
}

bool program_compile(struct program *program, const void *root_node, const char *path, struct mistakes *mistakes, struct failure *failure)
{
	static const struct {
		const char *name;
		void (*compile)(struct compiler *c, const xmlNode *from);
	} parts[] = {
		{ "coverage", compile_coverage },
		{ "towns", compile_towns },
		{ "enrolment", compile_enrolment },
		{ "decision", compile_decision },
		{ "funds", compile_funds },
		{ "rosters", compile_rosters },
		{ "reading", compile_reading },
		{ "payer", compile_payer },
		{ "answers", compile_answers },
	};
	const xmlNode *root = root_node;
	struct compiler compiler = { program, path, failure, mistakes, false }, *c = &compiler;
	program->id = compile_text(c, root, "id").ptr;
	program->name = compile_text(c, root, "name");
	program->opens = compile_day(c, root, "opens", DAYS_NONE);
	program->closes = compile_day(c, root, "closes", DAYS_OPEN);
	if (program->closes < program->opens)
		compile_complain(c, root, "program closes before it opens: give opens and closes in their order", program->name);
	const xmlNode *family = xml_child(root, "family"), *established = xml_child(root, "established"),
		      *departure = xml_child(root, "departure");
	if (family == NULL || established == NULL || departure == NULL) /* program.rng does not let this happen */
		return failure_set(failure, "%s: family, established or departure is missing", path);
	program->family_rule = compile_is(c, family, "rule", "none") ? FAMILY_NONE
		: compile_is(c, family, "rule", "together") ? FAMILY_TOGETHER : FAMILY_COMPLETE;
	program->newborn_family = compile_is(c, family, "newborn-pcp", "family");
	program->hold_days = compile_number(c, family, "hold-days");
	program->newborn_days = compile_number(c, family, "newborn-days");
	program->other_plan_counts = compile_is(c, family, "in-other-plan", "counts");
	program->established_code = compile_text(c, established, "code");
	program->established_family = compile_is(c, established, "carries-family", "yes");
	for (size_t i = 0; i < COUNT_OF(parts) && going_on(c); i++) {
		const xmlNode *node = xml_child(root, parts[i].name);
		if (node != NULL)
			parts[i].compile(c, node);
	}
	if (going_on(c))
		compile_departure(c, departure);
	if (going_on(c))
		compile_population(c, root);
	if (going_on(c))
		compile_changes(c, root);
	if (going_on(c))
		compile_panels(c, root);
	if (going_on(c))
		compile_autos(c, root);
	if (going_on(c))
		compile_money(c, root);
	if (going_on(c))
		compile_receivables(c, xml_child(root, "receivables"));
	if (going_on(c))
		compile_safeguards(c, xml_child(root, "safeguards"));
	if (going_on(c))
		compile_thresholds(c, xml_child(root, "thresholds"));
	return !c->failed;
}
