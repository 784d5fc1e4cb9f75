/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * cascade: a PCP for members who choose none (ASG-3, 42 CFR 438.54): strategies in the order of
 * the program file, each names PCPs in an order of its own, and the first one takes the member
 * whom the decision would accept, were he asked for.
 *
 * A family is gone through in two passes: first the strategies before the first that looks at
 * the family, for each member alone: whoever has a doctor keeps him.  Then the others, where PCPs found in
 * the first pass are family PCPs already.  Ties are broken by named keys, last by NPI, so that
 * the order in which members came to us decides nothing.
 */
#include "rules/condition.h"
#include "rules/directory.h"

#include <stdlib.h>

#define TRIED_MAX 3 /* PCPs named in a step that nobody came out of */

struct chooser { /* a member who is to be assigned */
	bool due, settled, hopeless; /* hopeless: the decision refuses the member, whoever the PCP is */
	struct step *steps;
	size_t step_count;
};
struct cascade {
	const struct program *program;
	const struct auto_rule *rule;
	const struct family *family;
	struct directory *directory;
	const struct undecided *undecided;
	days today, effective;
	struct arena *arena;            /* what is given out */
	struct arena scratch;           /* one judgement */
	struct family trial;            /* the family with the requests that are proposed */
	struct family_member members[LIMIT_FAMILY];
	struct request requests[LIMIT_FAMILY];
	struct pcp_facts *pcps;         /* of the trial: those of the family, then one for each member */
	struct proposal *out;           /* by member */
	struct chooser choosers[LIMIT_FAMILY];
	size_t count;
	size_t settled;                 /* so many have their PCP */
	size_t order[LIMIT_FAMILY];     /* members by Medicaid id: who comes first has the place */
	bool any;                       /* somebody is to be assigned */
	bool full;                      /* the arena did not hold it */
};
/* What one strategy said, for its step. */
struct told {
	struct buffer fact;
	size_t tried;
	struct origin origin;
};

const struct auto_rule *auto_rule_on(const struct program *program, days day)
{
	for (size_t i = 0; i < program->auto_count; i++)
		if (program->autos[i].from <= day && day <= program->autos[i].to)
			return &program->autos[i];
	return NULL;
}

bool program_assigns(const struct program *program, days day)
{
	return auto_rule_on(program, day) != NULL;
}

months program_claims_months(const struct program *program, days day)
{
	const struct auto_rule *rule = auto_rule_on(program, day);
	months most = 0;
	for (size_t i = 0; rule != NULL && i < rule->strategy_count; i++) {
		const struct strategy *strategy = &rule->strategies[i];
		if ((strategy->use == STRATEGY_CLAIMS || strategy->use == STRATEGY_FAMILY_CLAIMS) && strategy->look_back > most)
			most = strategy->look_back;
	}
	return most;
}

/* ---- who has to have a PCP ------------------------------------------------------- */

static bool holds(const void *when, const struct program *program, const struct member *member, const struct span *span,
	const struct pcp_facts *pcp, days day)
{
	struct circumstances at = { .program = program, .day = day, .member = member, .span = span, .pcp = pcp };
	return when == NULL || conditions_hold(when, &at, NULL);
}

/* Since when the member could choose: covered without a gap, in a program and a town that are open. */
static days eligible_since(const struct program *program, const struct member *member, days day)
{
	enum reason why;
	days since = day;
	for (const struct span *span = coverage_on(&why, program, member, since); span != NULL;
		span = coverage_on(&why, program, member, since - 1))
		since = span->begin < since ? span->begin : since - 1;
	days opens = program_town_opens(program, program_town(program, &member->home));
	since = since > program->opens ? since : program->opens;
	return since > opens ? since : opens;
}

/* Does the program ask where its members live? */
static bool asks_town(const struct program *program)
{
	for (size_t i = 0; i < program->rule_count; i++)
		if (program->rules[i].test == TEST_MEMBER_TOWN)
			return true;
	return false;
}

bool lacks_pcp(days *since, const struct program *program, const struct family_member *who, days day)
{
	const struct member *member = who->member;
	enum reason why;
	if (member->merged_into != 0 || (member->died != DAYS_NONE && member->died < day) || day < program->opens || day > program->closes)
		return false;
	for (size_t i = 0; i < who->assignment_count; i++)
		if (who->assignments[i].end >= day)
			return false;
	enum population is = population_on(NULL, program, member, day);
	if (coverage_on(&why, program, member, day) == NULL || is == POPULATION_EXCLUDED || is == POPULATION_EXEMPT)
		return false;
	if (asks_town(program) && !program_town_open(program, program_town(program, &member->home), day))
		return false;
	*since = eligible_since(program, member, day);
	for (size_t i = 0; i < who->assignment_count; i++) /* whoever had a PCP chooses again */
		if (who->assignments[i].end >= *since)
			*since = who->assignments[i].end + 1;
	return true;
}

enum choice choice_of(days *ends, const struct program *program, const struct family_member *who, days told, days told_since, days today)
{
	const struct auto_rule *rule = auto_rule_on(program, today);
	const struct member *member = who->member;
	days day = program_effective(program, today), since;
	enum reason why;
	*ends = DAYS_NONE;
	if (rule == NULL || who->request != NULL || !lacks_pcp(&since, program, who, day))
		return CHOICE_NONE;
	if (program->class_count > 0 && population_on(NULL, program, member, day) != POPULATION_MANDATORY) /* ASG-6 */
		return CHOICE_NONE;
	if (!holds(rule->when, program, member, coverage_on(&why, program, member, day), NULL, day))
		return CHOICE_NONE;
	days begin = since;
	if (rule->from_notice) /* a notice of an earlier stretch of eligibility is none */
		begin = told != DAYS_NONE && told_since >= since ? told : DAYS_NONE;
	if (rule->choice_days > 0 && begin == DAYS_NONE)
		return CHOICE_OPEN;
	*ends = rule->choice_days == 0 ? today - 1 : begin + rule->choice_days;
	return *ends < today ? CHOICE_OVER : CHOICE_OPEN;
}

/* ---- would the decision accept this PCP? ------------------------------------------ */

/* Reasons that another PCP would not mend. */
static bool is_hopeless(enum reason reason)
{
	return reason == REASON_MEMBER_MERGED || reason == REASON_MEMBER_DEAD || reason == REASON_NOT_COVERED ||
		reason == REASON_OTHER_PLAN || reason == REASON_PROGRAM_CLOSED || reason == REASON_TOWN_NOT_OPEN ||
		reason == REASON_FAMILY_TOO_LARGE || reason == REASON_EXCLUDED || reason == REASON_EXEMPT || reason == REASON_NOT_REQUIRED;
}

/* Whoever was seen before is an established patient. */
static bool knows(enum strategy_use use)
{
	return use == STRATEGY_PRIOR || use == STRATEGY_CLAIMS;
}

static void ask_for(struct cascade *c, size_t i, const struct pcp_facts *pcp, enum strategy_use use)
{
	/* who was settled before comes before, as the requests will */
	c->requests[i] = (struct request){ .id = (int64_t)c->settled + 1, .member = c->family->members[i].member->id, .received = c->today, .processed = c->today,
		.asked_from = DAYS_NONE, .channel = SLICE("AUTO"), .source = SLICE("AUTO"), .state = REQUEST_PENDING,
		.relationship = knows(use) ? c->program->established_code : SLICE_NONE };
	slice_copy(c->requests[i].npi, sizeof(c->requests[i].npi), slice_of(pcp->pcp.npi));
	c->members[i].request = &c->requests[i];
	c->pcps[c->family->pcp_count + i] = *pcp;
}

/* Why the decision would not accept it; NONE: it would, if all of the family that has to comes along. */
static enum reason would_take(struct cascade *c, size_t i, const struct pcp_facts *pcp, enum strategy_use use)
{
	enum reason why = REASON_ERROR;
	arena_reset(&c->scratch);
	struct decision *decisions = arena_alloc(&c->scratch, (c->count + 1) * sizeof(*decisions));
	if (decisions == NULL) {
		c->full = true;
		return REASON_ERROR;
	}
	ask_for(c, i, pcp, use);
	size_t decided = assign_family(decisions, &c->scratch, c->program, &c->trial, c->today);
	for (size_t d = 0; d < decided; d++)
		if (decisions[d].member == c->requests[i].member)
			why = decisions[d].state == REQUEST_ACCEPTED || decisions[d].reason == REASON_FAMILY_INCOMPLETE ? REASON_NONE
													 : decisions[d].reason;
	c->choosers[i].hopeless = c->choosers[i].hopeless || is_hopeless(why);
	if (why != REASON_NONE)
		c->members[i].request = NULL;
	return why;
}

static void settle(struct cascade *c, size_t i, const struct pcp_facts *pcp, enum strategy_use use)
{
	struct proposal *out = &c->out[i];
	slice_copy(out->npi, sizeof(out->npi), slice_of(pcp->pcp.npi));
	out->source = use == STRATEGY_CLAIMS || use == STRATEGY_FAMILY_CLAIMS ? SLICE("CLAIMS")
		: use == STRATEGY_FAMILY ? SLICE("FAMILY") : SLICE("AUTO");
	out->established = knows(use);
	c->requests[i].source = out->source;
	c->choosers[i].settled = true;
	c->requests[i].id = (int64_t)++c->settled;
	directory_give(c->directory, pcp->pcp.npi);
}

/* ---- steps of the trace -------------------------------------------------------------- */

static void told_pcp(struct told *told, const char *npi, enum reason why)
{
	if (told->tried++ < TRIED_MAX)
		buffer_format(&told->fact, "%sNPI %s: %s", told->fact.len == 0 ? "" : "; ", npi, reason_code(why));
}

static void step_add(struct cascade *c, size_t i, const struct strategy *strategy, struct told *told, bool passed)
{
	struct chooser *chooser = &c->choosers[i];
	if (told->tried > TRIED_MAX && !passed)
		buffer_format(&told->fact, "; and %zu more", told->tried - TRIED_MAX);
	struct slice fact = arena_slice(c->arena, buffer_view(&told->fact));
	c->full = c->full || fact.ptr == NULL || told->fact.failed;
	chooser->steps[chooser->step_count++] = (struct step){ strategy->id, strategy->requirement, passed,
		passed ? REASON_NONE : REASON_NO_CANDIDATE, fact, told->origin };
}

/* Try a PCP; if it takes the member, the step says only that. */
static bool try_pcp(struct cascade *c, size_t i, const struct strategy *strategy, struct told *told, const struct pcp_facts *pcp,
	struct slice because)
{
	enum reason why = would_take(c, i, pcp, strategy->use);
	if (why != REASON_NONE) {
		told_pcp(told, pcp->pcp.npi, why);
		return false;
	}
	buffer_reset(&told->fact);
	buffer_format(&told->fact, "NPI %s %.*s, %.*s: %.*s", pcp->pcp.npi, SLICE_ARG(pcp->pcp.last), SLICE_ARG(pcp->pcp.first),
		SLICE_ARG(because));
	settle(c, i, pcp, strategy->use);
	return true;
}

static void told_nothing(struct told *told, const char *text)
{
	if (told->fact.len == 0)
		buffer_text(&told->fact, text);
}

/* ---- strategies that look at the member ------------------------------------------------ */

/* The first day that is looked at. */
static days back_to(const struct cascade *c, const struct strategy *strategy)
{
	return strategy->look_back == MONTHS_OPEN ? DAYS_FIRST : month_first(month_of(c->today) - strategy->look_back);
}

/* Earlier PCPs, the latest first. */
static bool use_prior(struct cascade *c, size_t i, const struct strategy *strategy, struct told *told)
{
	const struct family_member *who = &c->family->members[i];
	days first = back_to(c, strategy), bound = DAYS_OPEN;
	for (;;) {
		const struct assignment *latest = NULL;
		for (size_t a = 0; a < who->assignment_count; a++)
			if (who->assignments[a].end < bound && who->assignments[a].end >= first &&
				(latest == NULL || who->assignments[a].end > latest->end))
				latest = &who->assignments[a];
		if (latest == NULL)
			break;
		bound = latest->end;
		const struct listed *listed = directory_id(c->directory, latest->pcp);
		if (listed != NULL && try_pcp(c, i, strategy, told, listed->pcp,
					      arena_format(c->arena, "the PCP until %s", days_iso(latest->end).text)))
			return true;
		if (c->choosers[i].hopeless)
			return false;
	}
	told_nothing(told, "no PCP before, or too long ago");
	return false;
}

struct seen { /* visits to one provider */
	const char *npi;
	uint64_t visits;
	days latest;
	struct slice source;
};

/* Most visits, then the latest, then by NPI. */
static int seen_order(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;
	if (x->visits != y->visits)
		return x->visits > y->visits ? -1 : 1;
	if (x->latest != y->latest)
		return x->latest > y->latest ? -1 : 1;
	return strcmp(x->npi, y->npi);
}

static bool seen_add(struct cascade *c, struct seen *list, size_t *count, size_t size, const struct undecided *who, days first)
{
	for (size_t v = 0; v < who->visit_count; v++) {
		const struct visit *visit = &who->visits[v];
		size_t at = 0;
		if (visit->day < first || visit->day > c->today)
			continue;
		while (at < *count && strcmp(list[at].npi, visit->npi) != 0)
			at++;
		if (at == size)
			return false;
		if (at == *count)
			list[(*count)++] = (struct seen){ .npi = visit->npi, .latest = DAYS_NONE };
		list[at].visits++;
		if (visit->day > list[at].latest) {
			list[at].latest = visit->day;
			list[at].source = visit->source;
		}
	}
	return true;
}

/* Who was seen most, by the member or by the rest of the family. */
static bool use_claims(struct cascade *c, size_t i, const struct strategy *strategy, struct told *told)
{
	bool family = strategy->use == STRATEGY_FAMILY_CLAIMS;
	size_t size = 0, count = 0;
	for (size_t m = 0; m < c->count; m++)
		size += (m == i) != family ? c->undecided[m].visit_count : 0;
	struct seen *list = arena_alloc(c->arena, (size + 1) * sizeof(*list));
	c->full = c->full || list == NULL;
	for (size_t m = 0; m < c->count && list != NULL; m++)
		if ((m == i) != family)
			seen_add(c, list, &count, size, &c->undecided[m], back_to(c, strategy));
	if (count > 1)
		qsort(list, count, sizeof(*list), seen_order);
	for (size_t s = 0; s < count && list[s].visits >= strategy->least_visits && !c->choosers[i].hopeless; s++) {
		const struct listed *listed = directory_npi(c->directory, list[s].npi);
		if (listed != NULL && try_pcp(c, i, strategy, told, listed->pcp,
					      arena_format(c->arena, "%llu visit%s%s, the latest on %s [%.*s]", (unsigned long long)list[s].visits,
						      list[s].visits == 1 ? "" : "s", family ? " of the family" : "",
						      days_iso(list[s].latest).text, SLICE_ARG(list[s].source))))
			return true;
	}
	told_nothing(told, count == 0 ? "no visits" : "no visits to a PCP of the program, or too few");
	return false;
}

/* ---- PCPs of the family ------------------------------------------------------------------ */

/* The PCP of a member of the family on the day that counts, or the one that this run found; NULL: none. */
static const struct pcp_facts *family_pcp(const struct cascade *c, size_t m)
{
	const struct family_member *who = &c->family->members[m];
	if (c->choosers[m].settled)
		return &c->pcps[c->family->pcp_count + m];
	for (size_t a = 0; a < who->assignment_count; a++)
		if (who->assignments[a].begin <= c->effective && c->effective <= who->assignments[a].end) {
			const struct listed *listed = directory_id(c->directory, who->assignments[a].pcp);
			return listed == NULL ? NULL : listed->pcp;
		}
	return NULL;
}

/* Who has most of the family, then by NPI. */
static bool use_family(struct cascade *c, size_t i, const struct strategy *strategy, struct told *told)
{
	struct seen list[LIMIT_FAMILY];
	size_t count = 0;
	for (size_t m = 0; m < c->count; m++) {
		const struct pcp_facts *pcp = m == i ? NULL : family_pcp(c, m);
		size_t at = 0;
		if (pcp == NULL)
			continue;
		while (at < count && strcmp(list[at].npi, pcp->pcp.npi) != 0)
			at++;
		if (at == count)
			list[count++] = (struct seen){ .npi = pcp->pcp.npi };
		list[at].visits++;
	}
	if (count > 1)
		qsort(list, count, sizeof(*list), seen_order);
	for (size_t s = 0; s < count && !c->choosers[i].hopeless; s++) {
		const struct listed *listed = directory_npi(c->directory, list[s].npi);
		if (listed != NULL && try_pcp(c, i, strategy, told, listed->pcp,
					      arena_format(c->arena, "the PCP of %llu of the family", (unsigned long long)list[s].visits)))
			return true;
	}
	told_nothing(told, "nobody of the family has a PCP in the program");
	return false;
}

/* ---- strategies that look around ----------------------------------------------------------- */

/* Is each word of the member's value among the PCP's? */
static bool words_met(struct slice wanted, struct slice offered)
{
	for (struct slice word = slice_word(&wanted); word.len > 0; word = slice_word(&wanted))
		if (!slice_among(offered, word))
			return false;
	return true;
}

/* What the PCP has to have for the strategy; empty: nothing in particular. */
static struct slice wanted_of(const struct cascade *c, size_t i, const struct strategy *strategy)
{
	const struct member *member = c->family->members[i].member;
	if (strategy->use == STRATEGY_NEEDS)
		return attribute_on(&member->attributes, strategy->of_member, c->effective);
	if (strategy->use == STRATEGY_LANGUAGE && !slice_among(strategy->except, member->language))
		return member->language;
	return SLICE_NONE;
}

static bool meets(const struct cascade *c, const struct strategy *strategy, struct slice wanted, const struct pcp_facts *pcp)
{
	return wanted.len == 0 || words_met(wanted, attribute_on(&pcp->attributes, strategy->of_pcp, c->effective));
}

/* Does the PCP take all of these members?  Then they are his. */
static bool try_all(struct cascade *c, const size_t *members, size_t count, const struct strategy *strategy, struct told *told,
	const struct pcp_facts *pcp, struct slice because)
{
	size_t settled = c->settled;
	for (size_t m = 0; m < count; m++) {
		c->settled = settled + m; /* one place each */
		enum reason why = meets(c, strategy, wanted_of(c, members[m], strategy), pcp) ? would_take(c, members[m], pcp, strategy->use) : REASON_NO_CANDIDATE;
		if (why == REASON_NONE)
			continue;
		told_pcp(told, pcp->pcp.npi, why);
		for (size_t back = 0; back < m; back++)
			c->members[members[back]].request = NULL;
		c->settled = settled;
		return false;
	}
	c->settled = settled;
	buffer_reset(&told->fact);
	buffer_format(&told->fact, "NPI %s %.*s, %.*s: %.*s%s", pcp->pcp.npi, SLICE_ARG(pcp->pcp.last), SLICE_ARG(pcp->pcp.first),
		SLICE_ARG(because), count > 1 ? ", for the family" : "");
	for (size_t m = 0; m < count; m++)
		settle(c, members[m], pcp, strategy->use);
	return true;
}

static bool any_hopeless(const struct cascade *c, const size_t *members, size_t count)
{
	for (size_t m = 0; m < count; m++)
		if (c->choosers[members[m]].hopeless)
			return true;
	return false;
}

/* PCPs around the first of these members, nearest first, by the share of their free places that is given. */
static bool use_around(struct cascade *c, const size_t *members, size_t count, const struct strategy *strategy, struct told *told)
{
	const struct member *member = c->family->members[members[0]].member;
	struct slice wanted = wanted_of(c, members[0], strategy);
	bool found = false;
	if (wanted.len == 0 && strategy->use != STRATEGY_PROXIMITY && strategy->use != STRATEGY_ROUND_ROBIN) {
		told_nothing(told, strategy->use == STRATEGY_NEEDS ? "no special need known" : "no language that needs a PCP who speaks it");
		return false;
	}
	for (size_t p = 0; p < strategy->place_count && !found; p++) {
		enum nearness nearness = (enum nearness)strategy->places[p];
		struct slice key = near_key(c->arena, c->program, member, nearness, c->effective);
		struct offers offers;
		if ((key.len == 0 && nearness != NEAR_PROGRAM) || !offers_open(&offers, c->directory, nearness, key))
			continue;
		struct slice because = nearness == NEAR_PROGRAM ? SLICE("in the program")
			: arena_format(c->arena, "in %s %.*s", nearness_name(nearness), SLICE_ARG(key));
		if (wanted.len > 0)
			because = arena_format(c->arena, "%.*s, has %.*s", SLICE_ARG(because), SLICE_ARG(wanted));
		for (struct listed *listed = offers_next(&offers); listed != NULL && !found && !any_hopeless(c, members, count);
			listed = found ? NULL : offers_next(&offers))
			found = meets(c, strategy, wanted, listed->pcp) && try_all(c, members, count, strategy, told, listed->pcp, because);
		offers_close(&offers);
	}
	if (!found)
		told_nothing(told, "no such PCP around");
	return found;
}

/* ---- passes -------------------------------------------------------------------------------- */

static bool use(struct cascade *c, size_t i, const struct strategy *strategy, struct told *told)
{
	const struct member *member = c->family->members[i].member;
	enum reason why;
	if (!holds(strategy->when, c->program, member, coverage_on(&why, c->program, member, c->effective), NULL, c->effective)) {
		told_nothing(told, "not for this member");
		return false;
	}
	switch (strategy->use) {
	case STRATEGY_PRIOR: return use_prior(c, i, strategy, told);
	case STRATEGY_CLAIMS:
	case STRATEGY_FAMILY_CLAIMS: return use_claims(c, i, strategy, told);
	case STRATEGY_FAMILY: return use_family(c, i, strategy, told);
	case STRATEGY_PROXIMITY:
	case STRATEGY_NEEDS:
	case STRATEGY_LANGUAGE:
	case STRATEGY_ROUND_ROBIN: return use_around(c, &i, 1, strategy, told);
	case STRATEGIES: break;
	}
	return false;
}

static bool looks_around(enum strategy_use use)
{
	return use == STRATEGY_PROXIMITY || use == STRATEGY_NEEDS || use == STRATEGY_LANGUAGE || use == STRATEGY_ROUND_ROBIN;
}

static bool waits(const struct chooser *chooser)
{
	return chooser->due && !chooser->settled && !chooser->hopeless;
}

/* Strategies first … last - 1 for one member. */
static void go_through(struct cascade *c, size_t i, size_t first, size_t last)
{
	for (size_t s = first; s < last && waits(&c->choosers[i]); s++) {
		struct told told = { .tried = 0 };
		buffer_init(&told.fact, 0);
		bool found = use(c, i, &c->rule->strategies[s], &told);
		step_add(c, i, &c->rule->strategies[s], &told, found);
		buffer_done(&told.fact);
	}
}

/* One PCP for all who have none yet, if a strategy that looks around names one who takes them. */
static void go_together(struct cascade *c, size_t first)
{
	size_t members[LIMIT_FAMILY], count = 0;
	for (size_t i = 0; i < c->count; i++)
		if (waits(&c->choosers[c->order[i]]))
			members[count++] = c->order[i];
	for (size_t s = first; s < c->rule->strategy_count && count > 1; s++) {
		const struct strategy *strategy = &c->rule->strategies[s];
		struct told told = { .tried = 0 };
		if (!looks_around(strategy->use) || strategy->when != NULL)
			continue;
		buffer_init(&told.fact, 0);
		if (use_around(c, members, count, strategy, &told)) {
			for (size_t m = 0; m < count; m++)
				step_add(c, members[m], strategy, &told, true);
			count = 0;
		}
		buffer_done(&told.fact);
	}
}

/* Behind the strategies that look at one member alone. */
static size_t first_of_family(const struct auto_rule *rule)
{
	size_t first = 0;
	while (first < rule->strategy_count && (rule->strategies[first].use == STRATEGY_PRIOR || rule->strategies[first].use == STRATEGY_CLAIMS))
		first++;
	return first;
}

static void run(struct cascade *c)
{
	size_t split = first_of_family(c->rule), all = c->rule->strategy_count, around = split;
	for (size_t i = 0; i < c->count; i++)
		go_through(c, c->order[i], 0, split);
	if (c->rule->together) {
		while (around < all && !looks_around(c->rule->strategies[around].use))
			around++;
		for (size_t i = 0; i < c->count; i++)
			go_through(c, c->order[i], split, around);
		go_together(c, around);
	}
	for (size_t i = 0; i < c->count; i++) /* one after the other: who comes later finds a family PCP */
		go_through(c, c->order[i], around, all);
}

static void put_in_order(struct cascade *c)
{
	for (size_t i = 0; i < c->count; i++) {
		size_t at = i;
		const struct member *member = c->family->members[i].member;
		for (; at > 0; at--) {
			const struct member *before = c->family->members[c->order[at - 1]].member;
			int order = slice_compare(before->medicaid_id, member->medicaid_id);
			if (order < 0 || (order == 0 && before->id < member->id))
				break;
			c->order[at] = c->order[at - 1];
		}
		c->order[at] = i;
	}
}

static bool prepare(struct cascade *c)
{
	c->pcps = arena_alloc(c->arena, (c->family->pcp_count + c->count + 1) * sizeof(*c->pcps));
	if (c->pcps == NULL)
		return false;
	if (c->family->pcp_count > 0)
		memcpy(c->pcps, c->family->pcps, c->family->pcp_count * sizeof(*c->pcps));
	c->trial = *c->family;
	c->trial.members = c->members;
	c->trial.member_count = c->count;
	c->trial.pcps = c->pcps;
	c->trial.pcp_count = c->family->pcp_count + c->count;
	put_in_order(c);
	for (size_t i = 0; i < c->count; i++) {
		days ends;
		c->members[i] = c->family->members[i];
		c->choosers[i].due = choice_of(&ends, c->program, &c->members[i], c->undecided[i].told, c->undecided[i].told_since,
					      c->today) == CHOICE_OVER;
		c->choosers[i].steps = arena_alloc(c->arena, STRATEGIES_MAX * sizeof(struct step));
		if (c->choosers[i].steps == NULL)
			return false;
		c->any = c->any || c->choosers[i].due;
	}
	return true;
}

static void give(const struct cascade *c, struct proposal *out, size_t i)
{
	*out = c->out[i];
	out->member = i;
	out->steps = c->choosers[i].steps;
	out->step_count = c->choosers[i].step_count;
}

bool cascade_family(struct proposal *out, size_t *count, struct arena *arena, const struct program *program, const struct family *family,
	struct directory *directory, const struct undecided *undecided, days today)
{
	struct cascade *c = arena_alloc(arena, sizeof(*c));
	struct proposal *proposals = arena_alloc(arena, (family->member_count + 1) * sizeof(*proposals));
	*count = 0;
	if (c == NULL || proposals == NULL)
		return false;
	*c = (struct cascade){ .program = program, .rule = auto_rule_on(program, today), .family = family, .directory = directory,
		.undecided = undecided, .today = today, .effective = program_effective(program, today), .arena = arena, .out = proposals,
		.count = family->member_count };
	if (c->rule == NULL || family->too_large)
		return true;
	if (!prepare(c))
		return false;
	if (c->any) {
		arena_init(&c->scratch, 0);
		run(c);
		arena_done(&c->scratch);
	}
	for (size_t rank = 1; rank <= c->settled; rank++) /* in the order in which they were settled */
		for (size_t i = 0; i < c->count; i++)
			if (c->choosers[i].settled && c->requests[i].id == (int64_t)rank)
				give(c, &out[(*count)++], i);
	for (size_t i = 0; i < c->count; i++)
		if (c->choosers[i].due && !c->choosers[i].settled)
			give(c, &out[(*count)++], i);
	return !c->full;
}
