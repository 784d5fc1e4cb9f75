/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * condition: the one language in which a program file asks about people and practices.
 *
 * A fact is a row of the table below: a name, and how it is read as a text or as a
 * number.  An attribute is a fact whose name the program file chose.
 */
#include "rules/condition.h"

#include "rules/compile.h"

struct found {
	bool known;        /* there is something to compare */
	struct slice text; /* words, blanks between */
	int64_t number;
};
struct fact {
	const char *name;  /* in the program file */
	const char *label; /* in sentences */
	bool number;
	bool of_pcp;
	struct found (*look)(const struct circumstances *at);
};
struct when {
	const struct fact *fact;   /* NULL: an attribute */
	enum subject subject;      /* of the attribute */
	bool payee;                /* of="payee": of who is paid, not of the practice */
	struct slice attribute;
	struct slice in;           /* one of these words */
	bool ranged;
	int64_t from, to;          /* both included */
	bool not;
};

/* ---- facts of the member and its coverage ---- */

static struct found words(struct slice text)
{
	return (struct found){ .known = true, .text = text };
}

static struct found age(const struct circumstances *at, int32_t unit)
{
	if (at->member == NULL || at->member->born == DAYS_NONE || at->member->born > at->day)
		return (struct found){ 0 };
	return (struct found){ .known = true, .number = age_months(at->member->born, at->day) / unit };
}

static struct found age_in_years(const struct circumstances *at)
{
	return age(at, 12);
}

static struct found age_in_months(const struct circumstances *at)
{
	return age(at, 1);
}

#define MEMBER_FACT(name, expression) \
	static struct found name(const struct circumstances *at) \
	{ \
		return at->member == NULL ? (struct found){ 0 } : words(expression); \
	}
#define SPAN_FACT(name, expression) \
	static struct found name(const struct circumstances *at) \
	{ \
		return at->span == NULL ? (struct found){ 0 } : words(expression); \
	}
#define PCP_FACT(name, expression) \
	static struct found name(const struct circumstances *at) \
	{ \
		return at->pcp == NULL ? (struct found){ 0 } : words(expression); \
	}
MEMBER_FACT(sex, at->member->sex)
MEMBER_FACT(language, at->member->language)
MEMBER_FACT(state, at->member->home.state)
MEMBER_FACT(county, at->member->home.county)
MEMBER_FACT(zip, ((struct slice){ at->member->home.zip.ptr, at->member->home.zip.len < 5 ? at->member->home.zip.len : 5 }))
MEMBER_FACT(town, slice_of(program_town(at->program, &at->member->home)))
SPAN_FACT(plan, at->span->plan)
SPAN_FACT(line, at->span->line)
SPAN_FACT(aid_category, at->span->aid_category)
SPAN_FACT(payment_category, at->span->payment_category)
SPAN_FACT(special_program, at->span->special_program)
PCP_FACT(specialty, at->pcp->pcp.specialty)
PCP_FACT(credential, at->pcp->pcp.credential)
PCP_FACT(pcp_town, at->pcp->pcp.town)
PCP_FACT(pcp_npi, slice_of(at->pcp->pcp.npi))
PCP_FACT(facility, at->pcp->pcp.facility_based ? SLICE("yes") : SLICE("no"))

/* The practice of the PCP; where no PCP is asked for, as for a lump sum, who is paid. */
static const struct practice_facts *practice_at(const struct circumstances *at)
{
	return at->pcp == NULL ? at->payee : practice_on(at->pcp, at->day);
}

static struct found practice_kind(const struct circumstances *at)
{
	const struct practice_facts *practice = practice_at(at);
	return practice == NULL ? (struct found){ 0 } : words(practice->provider.kind);
}

static struct found practice_npi(const struct circumstances *at)
{
	const struct practice_facts *practice = practice_at(at);
	return practice == NULL ? (struct found){ 0 } : words(slice_of(practice->provider.npi));
}

static const struct fact facts[] = {
	{ "age-years", "age in years", true, false, age_in_years },
	{ "age-months", "age in months", true, false, age_in_months },
	{ "sex", "sex", false, false, sex },
	{ "language", "language", false, false, language },
	{ "state", "state", false, false, state },
	{ "county", "county", false, false, county },
	{ "zip", "ZIP code", false, false, zip },
	{ "town", "town", false, false, town },
	{ "plan", "plan", false, false, plan },
	{ "insurance-line", "insurance line", false, false, line },
	{ "aid-category", "aid category", false, false, aid_category },
	{ "payment-category", "payment category", false, false, payment_category },
	{ "special-program", "special program", false, false, special_program },
	{ "pcp-specialty", "specialty of the PCP", false, true, specialty },
	{ "pcp-credential", "credential of the PCP", false, true, credential },
	{ "pcp-town", "town of the PCP", false, true, pcp_town },
	{ "pcp-npi", "NPI of the PCP", false, true, pcp_npi },
	{ "pcp-facility", "facility based", false, true, facility },
	{ "practice-kind", "kind of the practice", false, true, practice_kind },
	{ "practice-npi", "NPI of the practice", false, true, practice_npi },
};

static struct found attribute_found(const struct when *when, const struct circumstances *at)
{
	const struct practice_facts *practice = practice_at(at);
	const struct attribute_list *attributes = when->subject == SUBJECT_MEMBER ? (at->member == NULL ? NULL : &at->member->attributes)
		: when->subject == SUBJECT_PCP ? (at->pcp == NULL ? NULL : &at->pcp->attributes)
		: when->payee ? (at->payee == NULL ? NULL : &at->payee->attributes)
		: (practice == NULL ? NULL : &practice->attributes);
	if (attributes == NULL)
		return (struct found){ 0 };
	struct found found = words(attribute_on(attributes, when->attribute, at->day));
	uint64_t number = 0;
	if (when->ranged && slice_number(&number, found.text))
		found.number = (int64_t)number;
	else if (when->ranged)
		found.number = INT64_MIN; /* no number: outside of every range */
	return found;
}

static struct found look(const struct when *when, const struct circumstances *at)
{
	return when->fact == NULL ? attribute_found(when, at) : when->fact->look(at);
}

/* ---- holding ---- */

/* Lists in a program file are comma separated, since towns, plans and specialties have blanks in them. */
static bool among(struct slice list, struct slice value, bool words)
{
	struct slice item;
	for (unsigned i = 0; slice_part(&item, list, ',', i); i++) {
		item = slice_trim(item);
		if (plain_equal(item, value) || (words && slice_among(value, item)))
			return item.len > 0;
	}
	return false;
}

static bool when_holds(const struct when *when, const struct circumstances *at)
{
	struct found found = look(when, at);
	if (!found.known)
		return false;
	bool holds = when->ranged ? when->from <= found.number && found.number <= when->to
		: when->in.len > 0 ? among(when->in, found.text, when->fact == NULL)
		: found.text.len > 0 && !slice_is(found.text, "no");
	return holds != when->not;
}

bool conditions_hold(const struct conditions *conditions, const struct circumstances *at, const struct when **failed)
{
	for (size_t i = 0; i < conditions->count; i++) {
		if (when_holds(&conditions->items[i], at))
			continue;
		if (failed != NULL)
			*failed = &conditions->items[i];
		return false;
	}
	return true;
}

static bool when_same(const struct when *a, const struct when *b)
{
	return a->fact == b->fact && a->subject == b->subject && a->payee == b->payee && slice_equal(a->attribute, b->attribute) && slice_equal(a->in, b->in) &&
	       a->ranged == b->ranged && a->from == b->from && a->to == b->to && a->not == b->not;
}

/* The same question with a narrower range is as good as the same. */
static bool when_implies(const struct when *narrow, const struct when *wide)
{
	struct when widened = *narrow;
	if (narrow->ranged && wide->ranged && !narrow->not && narrow->from >= wide->from && narrow->to <= wide->to) {
		widened.from = wide->from;
		widened.to = wide->to;
	}
	return when_same(&widened, wide);
}

bool conditions_imply(const struct conditions *narrow, const struct conditions *wide)
{
	for (size_t w = 0; w < wide->count; w++) {
		bool there = false;
		for (size_t n = 0; n < narrow->count && !there; n++)
			there = when_implies(&narrow->items[n], &wide->items[w]);
		if (!there)
			return false;
	}
	return true;
}

bool conditions_ask_pcp(const struct conditions *conditions)
{
	for (size_t i = 0; i < conditions->count; i++)
		if (conditions->items[i].fact != NULL ? conditions->items[i].fact->of_pcp : conditions->items[i].subject != SUBJECT_MEMBER)
			return true;
	return false;
}

bool conditions_ask_age(const struct conditions *conditions)
{
	for (size_t i = 0; i < conditions->count; i++)
		if (conditions->items[i].fact != NULL && conditions->items[i].fact->number) /* ages are the only numbers among the facts */
			return true;
	return false;
}

bool conditions_ask_member(const struct conditions *conditions)
{
	for (size_t i = 0; i < conditions->count; i++)
		if (conditions->items[i].fact != NULL ? !conditions->items[i].fact->of_pcp : conditions->items[i].subject == SUBJECT_MEMBER)
			return true;
	return false;
}

/* ---- in words ---- */

static struct slice when_name(struct arena *arena, const struct when *when)
{
	return when->fact != NULL ? slice_of(when->fact->label)
		: when->subject == SUBJECT_MEMBER ? when->attribute
		: arena_format(arena, "%.*s of the %s", SLICE_ARG(when->attribute), when->subject == SUBJECT_PCP ? "PCP" : when->payee ? "payee" : "practice");
}

static struct slice when_text(struct arena *arena, const struct when *when)
{
	struct slice name = when_name(arena, when);
	const char *not = when->not ? "not " : "";
	if (when->ranged && when->to == INT64_MAX)
		return arena_format(arena, "%.*s %s%lld or more", SLICE_ARG(name), not, (long long)when->from);
	if (when->ranged)
		return arena_format(arena, "%.*s %s%lld to %lld", SLICE_ARG(name), not, (long long)when->from, (long long)when->to);
	if (when->in.len > 0)
		return arena_format(arena, "%.*s %sone of %.*s", SLICE_ARG(name), not, SLICE_ARG(when->in));
	return arena_format(arena, "%s%.*s", when->not ? "not " : "", SLICE_ARG(name));
}

struct slice conditions_text(struct arena *arena, const struct conditions *conditions)
{
	struct slice text = SLICE("everybody");
	for (size_t i = 0; i < conditions->count; i++) {
		struct slice next = when_text(arena, &conditions->items[i]);
		text = i == 0 ? next : arena_format(arena, "%.*s, %.*s", SLICE_ARG(text), SLICE_ARG(next));
	}
	return text;
}

struct slice when_found(struct arena *arena, const struct when *when, const struct circumstances *at)
{
	struct found found = look(when, at);
	struct slice name = when_name(arena, when);
	if (!found.known)
		return arena_format(arena, "%.*s is not known", SLICE_ARG(name));
	if (when->fact != NULL && when->fact->number)
		return arena_format(arena, "%.*s %lld", SLICE_ARG(name), (long long)found.number);
	if (found.text.len == 0)
		return arena_format(arena, "no %.*s", SLICE_ARG(name));
	return arena_format(arena, "%.*s %.*s", SLICE_ARG(name), SLICE_ARG(found.text));
}

/* ---- from the program file ---- */

static int64_t bound(struct compiler *c, const xmlNode *node, const char *name, int64_t absent)
{
	struct slice text = compile_text(c, node, name);
	uint64_t number;
	if (text.len == 0)
		return absent;
	return slice_number(&number, text) ? (int64_t)number : absent; /* program.rng has said that it is one */
}

/* Towns are those of the program: a slip of the pen would hold for nobody. */
static void compile_towns_named(struct compiler *c, const xmlNode *node, struct slice list)
{
	const struct program *program = c->program;
	struct slice item;
	for (unsigned i = 0; slice_part(&item, list, ',', i); i++) {
		bool known = false;
		for (size_t t = 0; t < program->town_count && !known; t++)
			known = plain_equal(slice_of(program->towns[t].name), item);
		if (!known)
			compile_complain(c, node, "town is none of the program's; add it to <towns> or mend the name", slice_trim(item));
	}
}

static void compile_when(struct compiler *c, const xmlNode *node, struct when *when)
{
	struct slice fact = compile_text(c, node, "fact"), of = compile_text(c, node, "of");
	*when = (struct when){ .attribute = compile_text(c, node, "attribute"), .in = compile_text(c, node, "in"),
		.from = bound(c, node, "from", 0), .to = bound(c, node, "to", INT64_MAX), .not = compile_is(c, node, "not", "yes") };
	when->ranged = compile_text(c, node, "from").len > 0 || compile_text(c, node, "to").len > 0;
	for (size_t i = 0; i < COUNT_OF(facts); i++)
		if (slice_is(fact, facts[i].name))
			when->fact = &facts[i];
	for (enum subject subject = SUBJECT_MEMBER; subject < SUBJECTS; subject++)
		if (when->fact == NULL && slice_is(of.len == 0 ? SLICE("member") : of, subject_name(subject)))
			when->subject = subject;
	when->payee = slice_is(of, "payee");
	if (when->payee)
		when->subject = SUBJECT_PRACTICE;
	if (when->from > when->to)
		compile_complain(c, node, "range ends before it begins; give from and to in their order", fact.len > 0 ? fact : when->attribute);
	if (when->fact != NULL && when->fact->number != when->ranged)
		compile_complain(c, node, when->fact->number ? "a number is asked by from and to" : "a text is asked by in, not by from and to", fact);
	if (when->fact != NULL && slice_is(fact, "town"))
		compile_towns_named(c, node, when->in);
}

struct conditions compile_conditions(struct compiler *c, const void *from)
{
	const xmlNode *parent = from;
	struct conditions conditions = { 0 };
	struct when *items = compile_room(c, xml_count(parent, "when"), sizeof(*items));
	if (items == NULL)
		return conditions;
	for (const xmlNode *node = xml_child(parent, "when"); node != NULL; node = xml_next(node, "when"))
		compile_when(c, node, &items[conditions.count++]);
	conditions.items = items;
	return conditions;
}
