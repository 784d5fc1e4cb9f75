/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * ask_pcp: what a decision asks about the PCP: may it have members at all (PRV-1 … PRV-7), does it take
 * this one (ASG-1), is there room (ASG-2).
 */
#include "rules/judging.h"

#include <assert.h>

struct answered ask_pcp(const struct judging *j, size_t i, enum rule_test test)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct pcp_facts *pcp = candidate->pcp;
	days day = candidate->effective;
	struct answered out = { .origin = candidate->request->origin };
	if (pcp == NULL) {
		out.reason = REASON_PCP_UNKNOWN;
		out.fact = arena_format(j->arena, "NPI %s is not in the provider file", candidate->request->npi);
	} else if (test == TEST_PCP_ENROLLED) {
		out.reason = pcp_enrolled(pcp, day) ? REASON_NONE : REASON_PCP_NOT_ENROLLED;
		out.fact = arena_format(j->arena, "in Medicaid from %s to %s", days_iso(pcp->pcp.medicaid_begin).text,
			days_iso(pcp->pcp.medicaid_end).text);
	} else if (test == TEST_PCP_CONTRACTED) {
		out.reason = pcp_contracted(pcp, day) ? REASON_NONE : REASON_PCP_NO_CONTRACT;
		out.fact = arena_format(j->arena, "contract from %s to %s", days_iso(pcp->pcp.contract_begin).text,
			days_iso(pcp->pcp.contract_end).text);
	} else if (test == TEST_PCP_SERVING) {
		const struct departure *departure = pcp_departure(j->program, pcp, day);
		out.reason = departure == NULL ? REASON_NONE : REASON_PCP_NOT_SERVING;
		out.fact = departure == NULL ? SLICE("nothing known that takes the PCP's members away")
					     : arena_format(j->arena, "%s: %.*s", departure->id,
						       SLICE_ARG(conditions_text(j->arena, &departure->when)));
	} else if (test == TEST_PCP_AFFILIATED) {
		int64_t billing = affiliated_on(pcp, day);
		out.reason = billing != 0 ? REASON_NONE : REASON_PCP_NOT_AFFILIATED;
		out.fact = billing != 0 ? SLICE("belongs to a billing provider")
					: SLICE("belongs to no billing provider");
	} else {
		out.fact = arena_format(j->arena, "NPI %s %.*s, %.*s", pcp->pcp.npi, SLICE_ARG(pcp->pcp.last),
			SLICE_ARG(pcp->pcp.first));
	}
	return out;
}

struct answered ask_pcp_town(const struct judging *j, size_t i)
{
	const struct candidate *candidate = &j->candidates[i];
	struct answered out = ask_pcp(j, i, TEST_PCP_KNOWN);
	if (candidate->pcp == NULL)
		return out;
	struct address address = { .city = candidate->pcp->pcp.town };
	const char *town = program_town(j->program, &address);
	out.reason = program_town_open(j->program, town, candidate->effective) ? REASON_NONE : REASON_PCP_TOWN;
	days opens = program_town_opens(j->program, town);
	if (town == NULL)
		out.fact = arena_format(j->arena, "PCP in %.*s, none of the program's towns", SLICE_ARG(candidate->pcp->pcp.town));
	else if (out.reason != REASON_NONE && opens <= candidate->effective)
		out.fact = arena_format(j->arena, "PCP in %s, which is closed", town);
	else
		out.fact = arena_format(j->arena, "PCP in %s, open since %s", town, days_iso(opens).text);
	return out;
}

/* ---------------------------------------------------------------- filters (ASG-1) */

/* A list as people write it: parts between commas, or words. */
static bool listed(struct slice list, struct slice item)
{
	struct slice part;
	if (item.len == 0)
		return false;
	for (unsigned i = 0; slice_part(&part, list, ',', i); i++)
		if (plain_equal(part, item))
			return true;
	while ((part = slice_word(&list)).len > 0)
		if (plain_equal(part, item))
			return true;
	return false;
}

/* What the PCP says, else its practice. */
static struct slice pcp_says(const struct pcp_facts *pcp, struct slice attribute, days day)
{
	const struct practice_facts *practice = practice_on(pcp, day);
	struct slice said = attribute_on(&pcp->attributes, attribute, day);
	return said.len > 0 || practice == NULL ? said : attribute_on(&practice->attributes, attribute, day);
}

static int64_t pcp_number(const struct pcp_facts *pcp, struct slice attribute, days day, int64_t absent)
{
	uint64_t number;
	return attribute.len > 0 && slice_number(&number, pcp_says(pcp, attribute, day)) ? (int64_t)number : absent;
}

static bool is_established(const struct judging *j, size_t i)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct family_member *who = &j->family->members[i];
	if (slice_equal(candidate->request->relationship, j->program->established_code))
		return true;
	for (size_t a = 0; a < who->assignment_count; a++)
		if (who->assignments[a].pcp == candidate->pcp->pcp.id)
			return true;
	return false;
}

/* Is somebody else of the family this PCP's on that day? */
static bool family_has(const struct judging *j, size_t i, const struct pcp_facts *pcp, days day)
{
	for (size_t other = 0; other < j->count; other++) {
		const struct assignment *held = other == i ? NULL : assigned_on(&j->family->members[other], day);
		if (held != NULL && held->pcp == pcp->pcp.id)
			return true;
	}
	return false;
}

static struct answered ask_age(const struct judging *j, size_t i, const struct filter *filter)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct member *member = j->family->members[i].member;
	days day = candidate->effective;
	int64_t least = pcp_number(candidate->pcp, filter->attribute, day, filter->least);
	int64_t most = pcp_number(candidate->pcp, filter->upper_attribute, day, filter->most);
	struct answered out = { .origin = member->origin };
	if (member->born == DAYS_NONE) {
		out.fact = SLICE("date of birth not known");
		return out;
	}
	int age = age_months(member->born, day);
	out.reason = age < least || age > most ? REASON_PCP_AGE : REASON_NONE;
	out.fact = most == INT64_MAX && least <= 0
		? arena_format(j->arena, "%d months old, the PCP names no ages", age)
		: most == INT64_MAX
		? arena_format(j->arena, "%d months old, the PCP takes %lld and more", age, (long long)least)
		: arena_format(j->arena, "%d months old, the PCP takes %lld to %lld", age, (long long)least, (long long)most);
	return out;
}

/* One value of the member against a list: nothing said on either side refuses nobody. */
static struct answered ask_listed(const struct judging *j, size_t i, const struct filter *filter)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct member *member = j->family->members[i].member;
	const char *town = program_town(j->program, &member->home);
	struct slice list = filter->attribute.len > 0 ? pcp_says(candidate->pcp, filter->attribute, candidate->effective) : filter->in;
	struct slice value = filter->kind == FILTER_SEX ? member->sex : filter->kind == FILTER_LANGUAGE ? member->language
		: town != NULL ? slice_of(town) : member->home.city;
	const char *name = filter->kind == FILTER_SEX ? "sex" : filter->kind == FILTER_LANGUAGE ? "language" : "town";
	struct answered out = { .origin = member->origin };
	bool fits = list.len == 0 || value.len == 0 || listed(list, value) ||
		(filter->kind == FILTER_AREA && (listed(list, member->home.county) || listed(list, member->home.city)));
	if (!fits)
		out.reason = filter->kind == FILTER_SEX ? REASON_PCP_SEX : filter->kind == FILTER_LANGUAGE ? REASON_PCP_LANGUAGE : REASON_PCP_AREA;
	if (list.len == 0)
		out.fact = arena_format(j->arena, "the PCP names no %s", name);
	else
		out.fact = arena_format(j->arena, "%s %.*s, the PCP takes %.*s", name, SLICE_ARG(value), SLICE_ARG(list));
	return out;
}

/* Where the PCP is: its attribute zip, else the practice. */
static struct slice zip_of(const struct pcp_facts *pcp, days day)
{
	const struct practice_facts *practice = practice_on(pcp, day);
	struct slice zip = attribute_on(&pcp->attributes, SLICE("zip"), day);
	return zip.len > 0 || practice == NULL ? zip : practice->provider.zip;
}

static struct answered ask_distance(const struct judging *j, size_t i, const struct filter *filter)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct member *member = j->family->members[i].member;
	struct slice from = member->home.zip, to = zip_of(candidate->pcp, candidate->effective);
	struct answered out = { .origin = member->origin };
	int64_t millimiles;
	from.len = from.len > 5 ? 5 : from.len;
	to.len = to.len > 5 ? 5 : to.len;
	if (j->program->centroid_count == 0) {
		out.fact = SLICE("distance not known: the program names no table of centroids");
	} else if (!program_distance(&millimiles, j->program, from, to)) {
		out.fact = arena_format(j->arena, "distance not known: from ZIP code \"%.*s\" to \"%.*s\"", SLICE_ARG(from), SLICE_ARG(to));
	} else {
		out.reason = millimiles > 1000 * filter->most ? REASON_PCP_DISTANCE : REASON_NONE;
		out.fact = arena_format(j->arena, "%lld.%lld miles from ZIP code %.*s to %.*s, at most %lld", (long long)(millimiles / 1000),
			(long long)(millimiles % 1000 / 100), SLICE_ARG(from), SLICE_ARG(to), (long long)filter->most);
	}
	return out;
}

static struct answered ask_openness(const struct judging *j, size_t i, const struct filter *filter)
{
	const struct candidate *candidate = &j->candidates[i];
	struct slice said = pcp_says(candidate->pcp, filter->attribute, candidate->effective);
	bool only_established = filter->kind == FILTER_ESTABLISHED;
	bool limits = only_established ? said.len > 0 && !slice_is(said, "no") : slice_is(said, "no");
	struct answered out = { .origin = candidate->request->origin };
	if (!limits)
		out.fact = only_established ? SLICE("the PCP takes others than established patients") : SLICE("the PCP takes new members");
	else if (is_established(j, i))
		out.fact = SLICE("an established patient of the PCP");
	else if (!only_established && family_has(j, i, candidate->pcp, candidate->effective))
		out.fact = SLICE("the PCP takes no new members but those of a family that it has");
	else {
		out.reason = only_established ? REASON_PCP_ESTABLISHED : REASON_PCP_CLOSED;
		out.fact = arena_format(j->arena, "%.*s of the PCP: %.*s; the member is no established patient", SLICE_ARG(filter->attribute),
			SLICE_ARG(said));
	}
	return out;
}

struct answered ask_filter(const struct judging *j, size_t i, const struct filter *filter)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct member *member = j->family->members[i].member;
	enum reason why;
	if (candidate->pcp == NULL)
		return ask_pcp(j, i, TEST_PCP_KNOWN);
	struct circumstances at = { .program = j->program, .day = candidate->effective, .member = member,
		.span = coverage_on(&why, j->program, member, candidate->effective), .pcp = candidate->pcp };
	bool concerns = conditions_hold(&filter->when, &at, NULL);
	struct answered out = { .origin = candidate->request->origin };
	if (filter->kind == FILTER_NOBODY) {
		out.reason = concerns ? REASON_PCP_FILTER : REASON_NONE;
		out.fact = arena_format(j->arena, "%s %.*s", concerns ? "not taken:" : "taken, since it is not so:",
			SLICE_ARG(conditions_text(j->arena, &filter->when)));
		return out;
	}
	if (!concerns) {
		out.fact = arena_format(j->arena, "asked only of %.*s", SLICE_ARG(conditions_text(j->arena, &filter->when)));
		return out;
	}
	switch (filter->kind) {
	case FILTER_AGE: return ask_age(j, i, filter);
	case FILTER_SEX:
	case FILTER_LANGUAGE:
	case FILTER_AREA: return ask_listed(j, i, filter);
	case FILTER_DISTANCE: return ask_distance(j, i, filter);
	case FILTER_ESTABLISHED:
	case FILTER_NEW: return ask_openness(j, i, filter);
	case FILTER_SPECIALTY:
	case FILTER_NOBODY: break;
	}
	out.reason = listed(filter->in, candidate->pcp->pcp.specialty) ? REASON_NONE : REASON_PCP_SPECIALTY;
	out.fact = arena_format(j->arena, "specialty %.*s, expected one of %.*s", SLICE_ARG(candidate->pcp->pcp.specialty),
		SLICE_ARG(filter->in));
	return out;
}

/* ---------------------------------------------------------------- room (ASG-2, BAD-25) */

bool program_counts_panels(const struct program *program)
{
	for (size_t i = 0; i < program->rule_count; i++)
		if (program->rules[i].test == TEST_PCP_CAPACITY)
			return true;
	return false;
}

bool program_counts_practices(const struct program *program)
{
	for (size_t i = 0; i < program->limit_count; i++)
		if (program->limits[i].practice)
			return true;
	return false;
}

/* The most that a panel may have on a day; INT64_MAX: no limit. */
static int64_t panel_limit_on(const struct program *program, const struct pcp_facts *pcp, bool practice, days day)
{
	const struct practice_facts *belongs = practice_on(pcp, day);
	struct circumstances at = { .program = program, .day = day, .pcp = pcp };
	int64_t most = !practice && pcp->pcp.panel_limit > 0 ? pcp->pcp.panel_limit : INT64_MAX;
	for (size_t i = 0; i < program->limit_count; i++) {
		const struct panel_limit *limit = &program->limits[i];
		if (limit->practice != practice || day < limit->from || day > limit->to || !conditions_hold(&limit->when, &at, NULL))
			continue;
		int64_t members = limit->members;
		uint64_t said;
		if (limit->attribute.len > 0) {
			const struct attribute_list *from = !practice ? &pcp->attributes : belongs == NULL ? NULL : &belongs->attributes;
			if (from == NULL || !slice_number(&said, attribute_on(from, limit->attribute, day)))
				continue; /* it says none: the next limit */
			members = (int64_t)said;
		}
		return members < most ? members : most;
	}
	return most;
}

int64_t pcp_limit(const struct program *program, const struct pcp_facts *pcp, days day)
{
	return panel_limit_on(program, pcp, false, day);
}

static bool in_practice(const struct judging *j, size_t i, int64_t practice, days day)
{
	const struct assignment *held = assigned_on(&j->family->members[i], day);
	for (size_t p = 0; held != NULL && p < j->family->pcp_count; p++)
		if (j->family->pcps[p].pcp.id == held->pcp)
			return affiliated_on(&j->family->pcps[p], day) == practice;
	return false;
}

static bool earlier_request(const struct request *a, const struct request *b)
{
	return a->processed != b->processed ? a->processed < b->processed : a->id < b->id;
}

/* How many of the family want a place of the same panel with this one or before it: those who take effect together
 * together, others by the order of their requests. */
static int64_t places_wanted(const struct judging *j, size_t i, bool practice, int64_t billing)
{
	const struct candidate *self = &j->candidates[i];
	int64_t wanted = 1;
	for (size_t other = 0; other < j->count; other++) {
		const struct candidate *candidate = &j->candidates[other];
		if (other == i || candidate->request == NULL || candidate->pcp == NULL || !candidate->fits)
			continue;
		bool same = practice ? affiliated_on(candidate->pcp, candidate->effective) == billing &&
					!in_practice(j, other, billing, candidate->effective)
				     : candidate->pcp == self->pcp;
		bool together = !self->alone && !candidate->alone;
		wanted += same && (together || earlier_request(candidate->request, self->request));
	}
	return wanted;
}

static struct answered ask_room(const struct judging *j, size_t i, bool practice)
{
	const struct candidate *self = &j->candidates[i];
	days day = self->effective;
	const struct practice_facts *belongs = practice_on(self->pcp, day);
	const struct panel *panel = !practice ? self->pcp->panel : belongs == NULL ? NULL : belongs->panel;
	int64_t limit = panel_limit_on(j->program, self->pcp, practice, day), has = panel == NULL ? 0 : panel_most(panel, day);
	struct answered out = { .origin = self->request->origin };
	if (limit == INT64_MAX)
		return out;
	if (practice && in_practice(j, i, belongs == NULL ? 0 : belongs->provider.id, day)) {
		out.fact = SLICE("changes inside the practice");
		return out;
	}
	int64_t wanted = places_wanted(j, i, practice, belongs == NULL ? 0 : belongs->provider.id);
	bool kept_together = has < limit ? wanted > 1 || family_has(j, i, self->pcp, day) : family_has(j, i, self->pcp, day);
	int64_t over = kept_together ? j->program->family_over : 0;
	if (has + wanted > limit + over)
		out.reason = practice ? REASON_PRACTICE_FULL : REASON_PANEL_FULL;
	out.fact = arena_format(j->arena, "%s has %lld of %lld members from %s on%s", practice ? "practice" : "panel", (long long)has,
		(long long)limit, days_iso(day).text, out.reason == REASON_NONE && has + wanted > limit ? ", over it for the family" : "");
	if (wanted > 1)
		out.fact = arena_format(j->arena, "%.*s; with this one %lld of the family want a place", SLICE_ARG(out.fact), (long long)wanted);
	return out;
}

struct answered ask_capacity(const struct judging *j, size_t i)
{
	if (j->candidates[i].pcp == NULL)
		return ask_pcp(j, i, TEST_PCP_KNOWN);
	struct answered pcp = ask_room(j, i, false);
	if (pcp.reason != REASON_NONE)
		return pcp;
	struct answered practice = ask_room(j, i, true);
	if (practice.reason != REASON_NONE || pcp.fact.len == 0)
		pcp = practice;
	else if (practice.fact.len > 0)
		pcp.fact = arena_format(j->arena, "%.*s; %.*s", SLICE_ARG(pcp.fact), SLICE_ARG(practice.fact));
	if (pcp.fact.len == 0)
		pcp.fact = SLICE("no limit");
	return pcp;
}

/* ---------------------------------------------------------------- without a request */

bool pcp_may_take(struct taking *taking, struct arena *arena, const struct program *program, const struct family *family, size_t who,
	const struct pcp_facts *pcp, days day)
{
	struct judging judging = { .program = program, .family = family, .arena = arena, .today = day }, *j = &judging;
	struct request request = { .member = family->members[who].member->id,
		.relationship = taking->established ? program->established_code : SLICE_NONE };
	j->count = family->member_count < LIMIT_FAMILY ? family->member_count : LIMIT_FAMILY;
	assert(who < j->count);
	j->candidates[who] = (struct candidate){ .request = &request, .pcp = pcp, .effective = day, .alone = true,
		.switches = assigned_on(&family->members[who], day) != NULL };
	slice_copy(request.npi, sizeof(request.npi), slice_of(pcp->pcp.npi));
	struct question question = { 0 };
	while (question_next(&question, program, day)) {
		enum rule_test test = question.rule->test;
		struct answered answered = { 0 };
		if (test == TEST_PCP_ENROLLED || test == TEST_PCP_CONTRACTED || test == TEST_PCP_AFFILIATED || test == TEST_PCP_SERVING)
			answered = ask_pcp(j, who, test);
		else if (test == TEST_PCP_TOWN)
			answered = ask_pcp_town(j, who);
		else if (test == TEST_PCP_ACCEPTS)
			answered = ask_filter(j, who, question.filter);
		else if (test == TEST_PCP_CAPACITY)
			answered = ask_capacity(j, who);
		if (answered.reason == REASON_NONE)
			continue;
		const struct filter *filter = question.filter;
		taking->unmet = (struct step){ filter != NULL ? filter->id : question.rule->id,
			filter != NULL ? filter->requirement : question.rule->requirement, false, answered.reason, answered.fact, answered.origin };
		return false;
	}
	return true;
}
