/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * gaps: assignments end when coverage was away for too long, and go on when it turns out
 * that it was not (ASG-7).
 *
 * Every member is looked at, since a gap grows without any file coming in; assignments are read only of
 * who has one.
 */
#include "exchange/assigning.h"

struct gap_walk {
	struct assigner *assigner;
	struct arena arena; /* one member */
};

static bool end_lapsed(void *data, const struct member *member)
{
	struct gap_walk *walk = data;
	struct office *office = walk->assigner->office;
	struct assignment *list, always = { .begin = program_opens(office->program), .end = DAYS_OPEN };
	size_t count;
	days last;
	if (member->merged_into != 0 || !assignment_lapses(&last, office->program, member, &always, office->now.day))
		return true;
	arena_reset(&walk->arena);
	if (!store_assignments(office->store, &walk->arena, &list, &count, member->id, 0))
		return office_store_failed(office);
	for (size_t i = 0; i < count; i++) {
		if (!assignment_lapses(&last, office->program, member, &list[i], office->now.day) || last >= list[i].end)
			continue;
		walk->assigner->report->lapsed++;
		if (!store_assignment_end(office->store, list[i].id, last, REASON_COVERAGE_ENDED))
			return office_store_failed(office);
	}
	return true;
}

/* The same PCP again from the first covered day on, by a request that says why. */
static bool go_on(struct gap_walk *walk, const struct member *member, const struct assignment *ended, const struct pcp_facts *pcp, days first)
{
	struct office *office = walk->assigner->office;
	struct request pending;
	bool found;
	int64_t id;
	if (!store_request_pending(office->store, &walk->arena, &found, &pending, member->id))
		return office_store_failed(office);
	if (found) /* has asked for somebody: that is judged instead */
		return true;
	struct request request = { .member = member->id, .received = office->now.day, .processed = office->now.day, .asked_from = first,
		.channel = SLICE("RE-ENROL"), .source = ended->source, .ordered = true, .state = REQUEST_PENDING };
	slice_copy(request.npi, sizeof(request.npi), slice_of(pcp->pcp.npi));
	if (!store_request_add(office->store, &id, &request))
		return office_store_failed(office);
	struct decision *decision = arena_alloc(&walk->arena, sizeof(*decision));
	struct buffer fact;
	if (decision == NULL)
		return failure_set(&office->failure, "could not end or go on with assignments: out of memory");
	*decision = (struct decision){ .request = id, .member = member->id, .state = REQUEST_ACCEPTED, .effective = first, .pcp = ended->pcp,
		.exception = ended->exception, .step_count = 1 };
	buffer_init(&fact, 0);
	buffer_format(&fact, "the PCP until %s, covered again from %s on", days_iso(ended->end).text, days_iso(first).text);
	decision->steps[0] = (struct step){ .rule = "re-enrolment", .requirement = "ASG-7", .passed = true, .fact = buffer_view(&fact),
		.origin = member->origin };
	struct assignment again = { .member = member->id, .pcp = ended->pcp, .begin = first, .end = DAYS_OPEN, .source = ended->source,
		.exception = ended->exception, .request = id, .processed = office->now.day, .program_hash = slice_of(program_hash(office->program)) };
	walk->assigner->report->returned++;
	bool done = store_request_judge(office->store, decision, office->now.day, program_hash(office->program)) &&
		store_assign(office->store, &id, &again, request.origin);
	buffer_done(&fact);
	return done || office_store_failed(office);
}

static bool look_for_return(void *data, const struct assignment *ended)
{
	struct gap_walk *walk = data;
	struct office *office = walk->assigner->office;
	struct pcp_list pcps = { .items = NULL };
	struct member member;
	enum reason why;
	days first;
	arena_reset(&walk->arena);
	if (!store_member_get(office->store, &walk->arena, &member, ended->member, 0))
		return office_store_failed(office);
	if (member.merged_into != 0 || !assignment_returns(&first, office->program, &member, ended))
		return true;
	if (!facts_pcp(office, &walk->arena, &pcps, ended->pcp))
		return false;
	if (!pcp_may_serve(&why, office->program, &pcps.items[0], first)) /* somebody else has to be found */
		return true;
	return go_on(walk, &member, ended, &pcps.items[0], first);
}

bool assigner_gaps(struct assigner *assigner)
{
	struct office *office = assigner->office;
	struct gap_walk walk = { .assigner = assigner };
	if (!program_ends_gaps(office->program))
		return true;
	arena_init(&walk.arena, 0);
	bool done = (store_members_each(office->store, 0, end_lapsed, &walk) &&
			    store_assignments_orphaned(office->store, REASON_COVERAGE_ENDED, look_for_return, &walk)) ||
		office_store_failed(office);
	arena_done(&walk.arena);
	return done;
}
