/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * assignment: every pending request of one family judged together (domain reference 2.8).
 *
 * The order of the questions is the program file's.  A family is judged in three rounds,
 * because two rules look at the others: first who qualifies by their own facts alone
 * (an established patient carries the family, ENR-6), then who would be accepted were the family
 * complete, then everybody for real, with a trace (ENR-7).  Rounds go by flags, not
 * by recursion, so the order of members does not change a verdict.
 *
 * Members who are new to the program take effect together, on the latest of their dates;
 * a member who has a PCP in the program switches alone (ENR-11).
 */
#include "rules/internal.h"

struct candidate {
	const struct request *request; /* pending; NULL */
	const struct pcp_facts *pcp;   /* asked for; NULL: not known */
	days effective;
	bool switches;      /* has a PCP in the program on that day */
	bool alone;         /* on a day of their own: switches, or was born into a family of the program */
	bool established;   /* would be accepted by their own facts with ENR-5's code */
	bool acceptable;    /* would be accepted if the family were complete */
};
struct judging {
	const struct program *program;
	const struct family *family;
	struct arena *arena;
	days today;
	struct candidate candidates[LIMIT_FAMILY];
	size_t count;
};

static const struct assignment *assigned_on(const struct family_member *member, days day)
{
	for (size_t i = 0; i < member->assignment_count; i++)
		if (member->assignments[i].begin <= day && day <= member->assignments[i].end)
			return &member->assignments[i];
	return NULL;
}

static const struct pcp_facts *pcp_asked(const struct family *family, const struct request *request)
{
	for (size_t i = 0; i < family->pcp_count; i++)
		if (strcmp(family->pcps[i].pcp.npi, request->npi) == 0)
			return &family->pcps[i];
	return NULL;
}

/* ---------------------------------------------------------------- effective dates */

/* The day that was asked for, if months are what counts the first of one that is not before it. */
static days asked_day(const struct effective_rule *rule, days asked)
{
	months month = month_of(asked);
	return rule->kind == EFFECTIVE_IMMEDIATE || asked == month_first(month) ? asked : month_first(month + 1);
}

/* ASG-5: a newborn belongs to a PCP from the month of birth on, as soon as it is covered. */
static bool is_newborn(const struct program *program, const struct member *member, const struct request *request)
{
	return effective_rule_on(program, request->processed)->newborns && member->born != DAYS_NONE &&
		member->born <= request->processed && request->processed - member->born <= program->newborn_days;
}

static days newborn_effective(const struct program *program, const struct member *member)
{
	enum reason why;
	days first = month_first(month_of(member->born));
	const struct span *span = coverage_on(&why, program, member, member->born);
	return span != NULL && span->begin > first ? span->begin : first;
}

static days request_effective(const struct judging *j, const struct member *member, const struct request *request)
{
	const struct effective_rule *rule = effective_rule_on(j->program, request->processed);
	days effective = program_effective(j->program, request->processed), asked = request->asked_from;
	if (is_newborn(j->program, member, request))
		asked = newborn_effective(j->program, member);
	else if (asked != DAYS_NONE)
		asked = asked_day(rule, asked);
	if (asked == DAYS_NONE || asked == effective)
		return effective;
	if (asked > effective) /* asked for later: never earlier */
		return asked;
	if (rule->retro_months == MONTHS_NONE)
		return effective;
	days oldest = month_first(month_of(request->processed) - rule->retro_months);
	return asked > oldest ? asked : oldest < effective ? oldest : effective;
}

/* Does the family have somebody in the program on that day? */
static bool family_is_in(const struct judging *j, days day)
{
	for (size_t i = 0; i < j->count; i++)
		if (assigned_on(&j->family->members[i], day) != NULL)
			return true;
	return false;
}

/*
 * Each by its own processed date; the new ones of a family together on the latest.  Requests that all waited
 * already take effect as if processed on the day that releases them: never in the past.
 */
static void set_effective_dates(struct judging *j)
{
	days latest = DAYS_NONE;
	bool all_waited = true;
	for (size_t i = 0; i < j->count; i++) {
		struct candidate *candidate = &j->candidates[i];
		if (candidate->request == NULL)
			continue;
		const struct member *member = j->family->members[i].member;
		candidate->effective = request_effective(j, member, candidate->request);
		candidate->switches = assigned_on(&j->family->members[i], candidate->effective) != NULL;
		candidate->alone = j->program->family_rule == FAMILY_NONE || candidate->switches ||
			(is_newborn(j->program, member, candidate->request) && family_is_in(j, candidate->effective));
		if (candidate->alone)
			continue;
		latest = candidate->effective > latest ? candidate->effective : latest;
		all_waited = all_waited && candidate->request->reason.len > 0;
	}
	days released = program_effective(j->program, j->today);
	if (all_waited && latest != DAYS_NONE && latest <= j->today && released > latest)
		latest = released;
	for (size_t i = 0; i < j->count; i++)
		if (j->candidates[i].request != NULL && !j->candidates[i].alone)
			j->candidates[i].effective = latest;
}

/* ---------------------------------------------------------------- one question each */

struct answered { /* how one rule came out for one member */
	enum reason reason; /* NONE: passed */
	struct slice fact;
	struct origin origin;
	bool exception;     /* passed by ENR-5 or ENR-6 */
};

static struct answered ask_covered(const struct judging *j, size_t i)
{
	const struct member *member = j->family->members[i].member;
	days day = j->candidates[i].effective;
	struct answered out = { .origin = member->origin };
	const struct span *span = coverage_on(&out.reason, j->program, member, day);
	if (span == NULL) {
		out.fact = arena_format(j->arena, "coverage on %s: %s", days_iso(day).text,
			out.reason == REASON_OTHER_PLAN ? "in another plan" : "none that qualifies");
		return out;
	}
	out.origin = span->origin;
	out.fact = arena_format(j->arena, "coverage %.*s from %s to %s", SLICE_ARG(span->plan),
		days_iso(span->begin).text, days_iso(span->end).text);
	return out;
}

static struct answered ask_known(const struct judging *j, const struct member *member)
{
	struct answered out = { .origin = member->origin,
		.reason = member->merged_into != 0 ? REASON_MEMBER_MERGED : REASON_NONE };
	out.fact = arena_format(j->arena, "member recorded %s", days_iso(member->recorded).text);
	return out;
}

static struct answered ask_alive(const struct judging *j, const struct member *member, days effective)
{
	bool dead = member->died != DAYS_NONE && member->died < effective;
	struct answered out = { .origin = member->origin, .reason = dead ? REASON_MEMBER_DEAD : REASON_NONE };
	out.fact = member->died == DAYS_NONE ? SLICE("no death known")
					     : arena_format(j->arena, "died %s", days_iso(member->died).text);
	return out;
}

static struct answered ask_date(const struct judging *j, size_t i)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct member *member = j->family->members[i].member;
	days processed = candidate->request->processed, effective = candidate->effective;
	const struct effective_rule *rule = effective_rule_on(j->program, processed);
	struct answered out = { .origin = candidate->request->origin };
	if (effective != request_effective(j, member, candidate->request)) /* released later, or held for the family */
		out.fact = arena_format(j->arena, "received %s, judged %s, effective %s with the family",
			days_iso(processed).text, days_iso(j->today).text, days_iso(effective).text);
	else if (is_newborn(j->program, member, candidate->request) && effective < processed)
		out.fact = arena_format(j->arena, "received %s, a newborn, at most %d months back: effective %s",
			days_iso(processed).text, (int)rule->retro_months, days_iso(effective).text);
	else if (effective < program_effective(j->program, processed))
		out.fact = arena_format(j->arena, "received %s, asked for %s, at most %d months back: effective %s",
			days_iso(processed).text, days_iso(candidate->request->asked_from).text, (int)rule->retro_months,
			days_iso(effective).text);
	else if (rule->kind != EFFECTIVE_NEXT_MONTH)
		out.fact = arena_format(j->arena, "received %s, effective %s, %s", days_iso(processed).text,
			days_iso(effective).text, rule->kind == EFFECTIVE_IMMEDIATE ? "at once" : "first of that month");
	else
		out.fact = arena_format(j->arena, "received %s, cut-off %s, effective %s", days_iso(processed).text,
			days_iso(effective_cutoff(rule, month_of(processed))).text, days_iso(effective).text);
	return out;
}

static struct answered ask_open(const struct judging *j, days effective)
{
	bool open = j->program->opens <= effective && effective <= j->program->closes;
	struct answered out = { .reason = open ? REASON_NONE : REASON_PROGRAM_CLOSED };
	out.fact = arena_format(j->arena, "program open from %s to %s", days_iso(j->program->opens).text,
		days_iso(j->program->closes).text);
	return out;
}

static struct answered ask_pcp(const struct judging *j, const struct candidate *candidate, enum rule_test test)
{
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

static struct answered ask_pcp_town(const struct judging *j, const struct candidate *candidate)
{
	struct answered out = ask_pcp(j, candidate, TEST_PCP_KNOWN);
	if (candidate->pcp == NULL)
		return out;
	struct address address = { .city = candidate->pcp->pcp.town };
	const char *town = program_town(j->program, &address);
	out.reason = program_town_open(j->program, town, candidate->effective) ? REASON_NONE : REASON_PCP_TOWN;
	out.fact = town == NULL ? arena_format(j->arena, "PCP in %.*s, none of the program's towns",
					  SLICE_ARG(candidate->pcp->pcp.town))
				: arena_format(j->arena, "PCP in %s, open since %s", town,
					  days_iso(program_town_opens(j->program, town)).text);
	return out;
}

/* ENR-6: somebody else of the case is a patient already, or becomes one by ENR-5. */
static bool family_carries(const struct judging *j, size_t i)
{
	if (!j->program->established_family)
		return false;
	for (size_t other = 0; other < j->count; other++)
		if (other != i &&
			(j->candidates[other].established ||
				assigned_on(&j->family->members[other], j->candidates[i].effective) != NULL))
			return true;
	return false;
}

static struct answered ask_town(const struct judging *j, size_t i)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct member *member = j->family->members[i].member;
	struct answered out = { .origin = member->origin };
	const char *town = program_town(j->program, &member->home);
	struct slice shown = town != NULL ? slice_of(town) : member->home.city;
	if (program_town_open(j->program, town, candidate->effective)) {
		out.fact = arena_format(
			j->arena, "town %s, open since %s", town, days_iso(program_town_opens(j->program, town)).text);
	} else if (slice_equal(candidate->request->relationship, j->program->established_code)) {
		out.exception = true;
		out.origin = candidate->request->origin;
		out.fact = arena_format(
			j->arena, "town %.*s is not open; established patient of the PCP", SLICE_ARG(shown));
	} else if (assigned_on(&j->family->members[i], candidate->effective) != NULL) {
		/* whoever is in the program and moved away is a current patient by that */
		out.exception = true;
		out.fact = arena_format(j->arena, "town %.*s is not open; in the program already", SLICE_ARG(shown));
	} else if (family_carries(j, i)) {
		out.exception = true;
		out.fact = arena_format(
			j->arena, "town %.*s is not open; family of an established patient", SLICE_ARG(shown));
	} else {
		out.reason = REASON_TOWN_NOT_OPEN;
		out.fact = town == NULL ? arena_format(j->arena, "town %.*s is none of the program's", SLICE_ARG(shown))
					: arena_format(j->arena, "town %s opens %s", town,
						  days_iso(program_town_opens(j->program, town)).text);
	}
	return out;
}

static struct answered ask_new(const struct judging *j, size_t i)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct assignment *held = assigned_on(&j->family->members[i], candidate->effective);
	struct answered out = { 0 };
	if (held == NULL)
		out.fact = SLICE("no PCP in the program on that day");
	else
		out.fact = arena_format(j->arena, "has a PCP in the program since %s", days_iso(held->begin).text);
	if (held != NULL && candidate->pcp != NULL && held->pcp == candidate->pcp->pcp.id)
		out.reason = REASON_ALREADY_ASSIGNED;
	return out;
}

/* Does this member of the case have to have a PCP of the program on `day` (ENR-7)? */
static bool must_enrol(const struct judging *j, const struct member *member, days day)
{
	enum reason why;
	if (member->merged_into != 0 || (member->died != DAYS_NONE && member->died < day))
		return false;
	if (coverage_on(&why, j->program, member, day) == NULL &&
		!(why == REASON_OTHER_PLAN && j->program->other_plan_counts))
		return false;
	/* a newborn's own request may follow: the family does not wait for it */
	return member->born == DAYS_NONE || j->program->newborn_days == 0 ||
		member->born + j->program->newborn_days < j->today;
}

static struct answered ask_family(const struct judging *j, size_t i)
{
	days day = j->candidates[i].effective;
	struct answered out = { 0 };
	if (j->candidates[i].switches) {
		out.fact = SLICE("in the program already: switches alone");
		return out;
	}
	if (j->family->too_large) {
		out.reason = REASON_FAMILY_TOO_LARGE;
		out.fact = arena_format(j->arena, "more than %d members in the case", LIMIT_FAMILY);
		return out;
	}
	size_t covered = 0, settled = 0;
	for (size_t other = 0; other < j->count; other++) {
		if (other != i && !must_enrol(j, j->family->members[other].member, day))
			continue;
		covered++;
		settled += other == i || j->candidates[other].acceptable ||
			assigned_on(&j->family->members[other], day) != NULL;
	}
	out.reason = settled == covered ? REASON_NONE : REASON_FAMILY_INCOMPLETE;
	out.fact = arena_format(j->arena, "%zu of %zu covered members of the case with a PCP in the program on %s",
		settled, covered, days_iso(day).text);
	return out;
}

static struct answered ask(const struct judging *j, size_t i, enum rule_test test)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct member *member = j->family->members[i].member;
	switch (test) {
	case TEST_MEMBER_KNOWN: return ask_known(j, member);
	case TEST_MEMBER_ALIVE: return ask_alive(j, member, candidate->effective);
	case TEST_EFFECTIVE_DATE: return ask_date(j, i);
	case TEST_PROGRAM_OPEN: return ask_open(j, candidate->effective);
	case TEST_COVERED: return ask_covered(j, i);
	case TEST_PCP_KNOWN:
	case TEST_PCP_ENROLLED:
	case TEST_PCP_CONTRACTED:
	case TEST_PCP_AFFILIATED: return ask_pcp(j, candidate, test);
	case TEST_PCP_TOWN: return ask_pcp_town(j, candidate);
	case TEST_MEMBER_TOWN: return ask_town(j, i);
	case TEST_PCP_NEW: return ask_new(j, i);
	case TEST_FAMILY: return ask_family(j, i);
	case TEST_NONE:
	case TESTS: break;
	}
	return (struct answered){ 0 };
}

/* ---------------------------------------------------------------- the rounds */

/* Do all rules but the family's pass?  `own` leaves out what the family could carry. */
static bool would_pass(const struct judging *j, size_t i, bool *exception)
{
	*exception = false;
	for (size_t r = 0; r < j->program->rule_count; r++) {
		enum rule_test test = j->program->rules[r].test;
		if (test == TEST_FAMILY)
			continue;
		struct answered answered = ask(j, i, test);
		if (answered.reason != REASON_NONE)
			return false;
		*exception = *exception || answered.exception;
	}
	return true;
}

static void judge_one(struct decision *out, const struct judging *j, size_t i)
{
	const struct program *program = j->program;
	const struct candidate *candidate = &j->candidates[i];
	*out = (struct decision){ .request = candidate->request->id, .member = j->family->members[i].member->id,
		.state = REQUEST_ACCEPTED, .effective = DAYS_NONE };
	for (size_t r = 0; r < program->rule_count && out->state == REQUEST_ACCEPTED; r++) {
		const struct rule *rule = &program->rules[r];
		struct answered answered = ask(j, i, rule->test);
		out->steps[out->step_count++] = (struct step){ rule->id, rule->requirement,
			answered.reason == REASON_NONE, answered.reason, answered.fact, answered.origin };
		out->exception = out->exception || answered.exception;
		if (answered.reason == REASON_NONE)
			continue;
		out->reason = answered.reason;
		out->state = rule->pends ? REQUEST_PENDING : REQUEST_REFUSED;
	}
	if (out->state == REQUEST_ACCEPTED) {
		out->effective = candidate->effective;
		out->pcp = candidate->pcp->pcp.id;
		return;
	}
	out->exception = false;
	if (out->state == REQUEST_PENDING && j->today - candidate->request->processed > program->hold_days) {
		const char *requirement = out->steps[out->step_count - 1]
						  .requirement; /* of the rule that it waited for */
		out->steps[out->step_count++] = (struct step){ "hold", requirement, false, REASON_EXPIRED,
			arena_format(j->arena, "waited since %s, longer than %d days",
				days_iso(candidate->request->processed).text, (int)program->hold_days),
			candidate->request->origin };
		out->state = REQUEST_EXPIRED;
		out->reason = REASON_EXPIRED;
	}
}

size_t assign_family(struct decision *out, struct arena *arena, const struct program *program,
	const struct family *family, days today)
{
	struct judging judging = { .program = program, .family = family, .arena = arena, .today = today },
		       *j = &judging;
	bool exception;
	size_t decided = 0;
	j->count = family->member_count < LIMIT_FAMILY ? family->member_count : LIMIT_FAMILY;
	for (size_t i = 0; i < j->count; i++) {
		const struct request *request = family->members[i].request;
		if (request != NULL && request->state == REQUEST_PENDING)
			j->candidates[i] = (struct candidate){ .request = request, .pcp = pcp_asked(family, request) };
	}
	set_effective_dates(j);
	bool established[LIMIT_FAMILY] = { false };
	for (size_t i = 0; i < j->count; i++) /* round one: ENR-5 by their own facts */
		established[i] = j->candidates[i].request != NULL &&
			slice_equal(j->candidates[i].request->relationship, program->established_code) &&
			would_pass(j, i, &exception);
	for (size_t i = 0; i < j->count; i++)
		j->candidates[i].established = established[i];
	for (size_t i = 0; i < j->count; i++) /* round two: with ENR-6 */
		j->candidates[i].acceptable = j->candidates[i].request != NULL && would_pass(j, i, &exception);
	for (size_t i = 0; i < j->count; i++) /* round three: with ENR-7 */
		if (j->candidates[i].request != NULL)
			judge_one(&out[decided++], j, i);
	return decided;
}
