/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * assignment: every pending request of one family judged together (domain reference 2.8).
 *
 * The order of the questions is the program file's.  A family is judged in four rounds,
 * because three rules look at the others: first who qualifies by their own facts alone
 * (an established patient carries the family, ENR-6), then who would be accepted were there room for everybody,
 * then who finds room (ASG-2), then everybody for real, with a trace (ENR-7).  Rounds go by flags, not
 * by recursion, so the order of members does not change a verdict.
 *
 * Members who are new to the program take effect together, on the latest of their dates;
 * a member who has a PCP in the program switches alone (ENR-11).
 */
#include "rules/judging.h"

const struct assignment *assigned_on(const struct family_member *member, days day)
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

/* What waited takes effect as if processed on the day that releases it. */
static days released_effective(const struct judging *j, const struct member *member, const struct request *request)
{
	struct request again = *request;
	again.processed = j->today;
	return request_effective(j, member, &again);
}

static days later_if_past(const struct judging *j, days effective, days released)
{
	return effective <= j->today && released > effective ? released : effective;
}

/*
 * Each by its own processed date; the new ones of a family together on the latest.  Requests that all waited
 * already take effect as if processed on the day that releases them: never in the past.
 */
static void set_effective_dates(struct judging *j)
{
	days latest = DAYS_NONE, released = DAYS_NONE;
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
		days again = released_effective(j, member, candidate->request);
		if (candidate->alone) {
			if (candidate->request->reason.len > 0)
				candidate->effective = later_if_past(j, candidate->effective, again);
			continue;
		}
		released = again > released ? again : released;
		latest = candidate->effective > latest ? candidate->effective : latest;
		all_waited = all_waited && candidate->request->reason.len > 0;
	}
	if (all_waited && latest != DAYS_NONE)
		latest = later_if_past(j, latest, released);
	for (size_t i = 0; i < j->count; i++)
		if (j->candidates[i].request != NULL && !j->candidates[i].alone)
			j->candidates[i].effective = latest;
}

/* ---------------------------------------------------------------- the questions in their order */

static bool in_force(days from, days to, days day)
{
	return from <= day && day <= to;
}

bool question_next(struct question *out, const struct program *program, days day)
{
	const struct filter *filters_end = program->filters + program->filter_count;
	const struct filter *filter = out->filter;
	if (filter != NULL) /* more filters behind this one? */
		for (filter++; filter < filters_end; filter++)
			if (in_force(filter->from, filter->to, day)) {
				out->filter = filter;
				return true;
			}
	out->filter = NULL;
	const struct rule *rule = out->rule == NULL ? program->rules : out->rule + 1;
	for (; rule < program->rules + program->rule_count; rule++) {
		if (!in_force(rule->from, rule->to, day))
			continue;
		out->rule = rule;
		if (rule->test != TEST_PCP_ACCEPTS)
			return true;
		for (filter = program->filters; filter < filters_end; filter++)
			if (in_force(filter->from, filter->to, day)) {
				out->filter = filter;
				return true;
			}
	}
	return false;
}

static struct answered ask_date(const struct judging *j, size_t i)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct member *member = j->family->members[i].member;
	days processed = candidate->request->processed, effective = candidate->effective;
	const struct effective_rule *rule = effective_rule_on(j->program, processed);
	struct answered out = { .origin = candidate->request->origin };
	if (effective != request_effective(j, member, candidate->request)) /* released later, or held for the family */
		out.fact = arena_format(j->arena, "received %s, judged %s, effective %s %s", days_iso(processed).text,
			days_iso(j->today).text, days_iso(effective).text, candidate->alone ? "since it waited" : "with the family");
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

static struct answered ask(const struct judging *j, size_t i, const struct question *question)
{
	switch (question->rule->test) {
	case TEST_MEMBER_KNOWN: return ask_known(j, i);
	case TEST_MEMBER_ALIVE: return ask_alive(j, i);
	case TEST_EFFECTIVE_DATE: return ask_date(j, i);
	case TEST_PROGRAM_OPEN: return ask_open(j, i);
	case TEST_COVERED: return ask_covered(j, i);
	case TEST_PCP_KNOWN:
	case TEST_PCP_ENROLLED:
	case TEST_PCP_CONTRACTED:
	case TEST_PCP_SERVING:
	case TEST_PCP_AFFILIATED: return ask_pcp(j, i, question->rule->test);
	case TEST_PCP_TOWN: return ask_pcp_town(j, i);
	case TEST_PCP_ACCEPTS: return ask_filter(j, i, question->filter);
	case TEST_PCP_CAPACITY: return ask_capacity(j, i);
	case TEST_MEMBER_TOWN: return ask_town(j, i);
	case TEST_PCP_NEW: return ask_new(j, i);
	case TEST_POPULATION: return ask_population(j, i);
	case TEST_CHANGE: return ask_change(j, i);
	case TEST_FAMILY: return ask_family(j, i);
	case TEST_NONE:
	case TESTS: break;
	}
	return (struct answered){ 0 };
}

/* ---------------------------------------------------------------- the rounds */

/* Are all questions answered well but those of the family, and of the room in panels unless that is asked for too? */
static bool would_pass(const struct judging *j, size_t i, bool with_room)
{
	struct question question = { 0 };
	while (question_next(&question, j->program, j->candidates[i].effective)) {
		enum rule_test test = question.rule->test;
		if (test != TEST_FAMILY && (with_room || test != TEST_PCP_CAPACITY) && ask(j, i, &question).reason != REASON_NONE)
			return false;
	}
	return true;
}

static void judge_one(struct decision *out, const struct judging *j, size_t i)
{
	const struct program *program = j->program;
	const struct candidate *candidate = &j->candidates[i];
	*out = (struct decision){ .request = candidate->request->id, .member = j->family->members[i].member->id,
		.state = REQUEST_ACCEPTED, .effective = DAYS_NONE };
	struct question question = { 0 };
	while (out->state == REQUEST_ACCEPTED && question_next(&question, program, candidate->effective)) {
		const struct rule *rule = question.rule;
		struct answered answered = ask(j, i, &question);
		out->steps[out->step_count++] = (struct step){ question.filter != NULL ? question.filter->id : rule->id,
			question.filter != NULL ? question.filter->requirement : rule->requirement,
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
	size_t decided = 0;
	j->count = family->member_count < LIMIT_FAMILY ? family->member_count : LIMIT_FAMILY;
	for (size_t i = 0; i < j->count; i++) {
		const struct request *request = family->members[i].request;
		if (request != NULL && request->state == REQUEST_PENDING)
			j->candidates[i] = (struct candidate){ .request = request, .pcp = pcp_asked(family, request) };
	}
	set_effective_dates(j);
	j->arena = NULL; /* nobody reads what the rounds before the last one saw */
	bool established[LIMIT_FAMILY] = { false };
	for (size_t i = 0; i < j->count; i++) /* round one: ENR-5 by their own facts */
		established[i] = j->candidates[i].request != NULL &&
			slice_equal(j->candidates[i].request->relationship, program->established_code) &&
			would_pass(j, i, false);
	for (size_t i = 0; i < j->count; i++)
		j->candidates[i].established = established[i];
	for (size_t i = 0; i < j->count; i++) /* round two: with ENR-6 */
		j->candidates[i].fits = j->candidates[i].request != NULL && would_pass(j, i, false);
	for (size_t i = 0; i < j->count; i++) /* round three: who of them finds room (ASG-2) */
		j->candidates[i].acceptable = j->candidates[i].fits && would_pass(j, i, true);
	j->arena = arena;
	for (size_t i = 0; i < j->count; i++) /* round four: with ENR-7 */
		if (j->candidates[i].request != NULL)
			judge_one(&out[decided++], j, i);
	return decided;
}
