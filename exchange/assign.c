/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * assign: decide what is pending.  First the assignments end whose PCP left, then
 * every family that holds a pending request is judged, in the order of its oldest
 * request.  One run is one transaction: it happened or it did not.
 *
 * Whoever comes first has the last place of a panel: by the day of processing, then by the request's id (BAD-25);
 * a family comes with its oldest request.
 */
#include "exchange/assigning.h"
#include "exchange/panels.h"
#include "exchange/pcps.h"

/* ---- ends ------------------------------------------------------------------ */

static bool end_assignment(void *data, const struct assignment *assignment)
{
	struct assigner *assigner = data;
	struct office *office = assigner->office;
	days last;
	enum reason why;
	if (!assignment_ends(&last, &why, office->program, assignment, &assigner->leaving.items[0], office->now.day))
		return true;
	assigner->report->ended++;
	return store_assignment_end(office->store, assignment->id, last, why) || office_store_failed(office);
}

/* A PCP who may not serve next month has a panel to look at (domain reference 2.8), and one who left and is back again:
 * what ends does not depend on whether somebody looked in between. */
static bool end_panel(void *data, const struct pcp *pcp)
{
	struct assigner *assigner = data;
	struct office *office = assigner->office;
	enum reason why;
	arena_reset(&assigner->arena);
	assigner->leaving = (struct pcp_list){ .items = NULL };
	if (!facts_pcp(office, &assigner->arena, &assigner->leaving, pcp->id))
		return false;
	days next = month_first(month_of(office->now.day) + 1);
	const struct pcp_facts *facts = &assigner->leaving.items[0];
	if (pcp_may_serve(&why, office->program, facts, next) && !pcp_ever_left(office->program, facts, office->now.day))
		return true;
	return store_assignments_of_pcp(office->store, pcp->id, office->now.day, end_assignment, assigner) || office_store_failed(office);
}

/* ---- families ------------------------------------------------------------------ */

static const struct family_member *member_of(const struct family *family, int64_t id)
{
	for (size_t i = 0; i < family->member_count; i++)
		if (family->members[i].member->id == id)
			return &family->members[i];
	return NULL;
}

static void count_decision(struct assign_report *report, enum request_state state)
{
	switch (state) {
	case REQUEST_ACCEPTED:
		report->accepted++;
		break;
	case REQUEST_PENDING:
		report->pending++;
		break;
	case REQUEST_REFUSED:
		report->refused++;
		break;
	case REQUEST_EXPIRED:
		report->expired++;
		break;
	case REQUEST_NONE:
	case REQUEST_SUPERSEDED:
		break;
	}
}

/* The new assignment takes a place and cuts what it overlaps, as store_assign does. */
static bool take_place(struct office *office, const struct family_member *who, const struct assignment *made)
{
	days died = who->member->died, last = died == DAYS_NONE ? DAYS_OPEN : died;
	if (office->panels == NULL)
		return true;
	for (size_t i = 0; i < who->assignment_count; i++) {
		const struct assignment *old = &who->assignments[i];
		if (old->end < made->begin || old->begin > made->end)
			continue;
		days from = old->begin < made->begin ? made->begin : old->begin, to = old->end < last ? old->end : last;
		if (!panels_change(office->panels, old->pcp, from, to, -1))
			return false;
	}
	return panels_change(office->panels, made->pcp, made->begin, made->end < last ? made->end : last, 1);
}

static bool carry_out(struct assigner *assigner, const struct decision *decision, const struct family_member *who)
{
	const struct request *request = who->request;
	struct office *office = assigner->office;
	const char *hash = program_hash(office->program);
	if (!store_request_judge(office->store, decision, office->now.day, hash))
		return office_store_failed(office);
	if (decision->state != REQUEST_ACCEPTED)
		return true;
	struct assignment assignment = { .member = decision->member, .pcp = decision->pcp, .begin = decision->effective, .end = DAYS_OPEN,
		.source = request->source, .exception = decision->exception, .request = decision->request,
		.processed = office->now.day, .program_hash = slice_of(hash) };
	int64_t id;
	if (!store_assign(office->store, &id, &assignment, request->origin))
		return office_store_failed(office);
	return take_place(office, who, &assignment);
}

/* From here on panels are counted: what ended before needs no place any more.  Valid as long as the transaction. */
static bool count_panels(struct office *office)
{
	if (!program_counts_panels(office->program))
		return true;
	office->panels = panels_new(office);
	return office->panels != NULL;
}

/* The steps that led to a request of the run's own come before those of its verdict. */
static void put_prelude(const struct assigner *assigner, struct decision *decision)
{
	for (size_t i = 0; i < assigner->prelude_count; i++) {
		const struct prelude *prelude = &assigner->preludes[i];
		if (prelude->request != decision->request || prelude->step_count + decision->step_count > STEPS_MAX)
			continue;
		memmove(decision->steps + prelude->step_count, decision->steps, decision->step_count * sizeof(*decision->steps));
		memcpy(decision->steps, prelude->steps, prelude->step_count * sizeof(*decision->steps));
		decision->step_count += prelude->step_count;
	}
}

bool assigner_judge(struct assigner *assigner, struct slice case_number, int64_t member)
{
	struct office *office = assigner->office;
	struct family family;
	arena_reset(&assigner->arena);
	if (!facts_family(office, &assigner->arena, &family, case_number, member))
		return false;
	struct decision *decisions = arena_alloc(&assigner->arena, (family.member_count + 1) * sizeof(*decisions));
	if (decisions == NULL)
		return failure_set(&office->failure, "could not judge a family: out of memory");
	size_t count = assign_family(decisions, &assigner->arena, office->program, &family, office->now.day);
	for (size_t i = 0; i < count; i++) {
		const struct family_member *who = member_of(&family, decisions[i].member);
		if (who == NULL || who->request == NULL)
			continue;
		put_prelude(assigner, &decisions[i]);
		if (!carry_out(assigner, &decisions[i], who))
			return false;
		count_decision(assigner->report, decisions[i].state);
		if (assigner->fn != NULL)
			assigner->fn(assigner->fn_data, &decisions[i], who->member, who->request);
	}
	return true;
}

static bool judge_family(void *data, struct slice case_number, int64_t member)
{
	return assigner_judge(data, case_number, member);
}

/* All steps of a run, inside a transaction. */
static bool decide_all(struct assigner *assigner)
{
	struct office *office = assigner->office;
	int64_t change;
	return store_change(office->store, &change, CHANGE_ASSIGN, office->now.day, program_hash(office->program)) &&
		store_pcp_each(office->store, 0, end_panel, assigner) &&
		end_excluded(office, &assigner->report->excluded) && assigner_gaps(assigner) && count_panels(office) && pcps_remember(office) &&
		store_pending_cases(office->store, judge_family, assigner) && assigner_newborns(assigner) &&
		assigner_choose(assigner);
}

/* `look` (may be NULL): at the end, before it is taken back; without it, it is kept. */
static bool assign_run(struct office *office, struct assign_report *report, decision_fn fn, void *data, bool (*look)(void *data))
{
	struct assigner assigner = { .office = office, .report = report, .fn = fn, .fn_data = data };
	arena_init(&assigner.arena, 0);
	bool open = store_begin(office->store);
	bool done = open && decide_all(&assigner) && (look == NULL ? store_commit(office->store) : look(data));
	if (!done)
		office_store_failed(office);
	if (open && (!done || look != NULL))
		store_rollback(office->store);
	pcps_forget(office);
	panels_free(office->panels);
	office->panels = NULL;
	arena_done(&assigner.arena);
	return done;
}

bool assign_pending(struct office *office, struct assign_report *report, decision_fn fn, void *data)
{
	return assign_run(office, report, fn, data, NULL);
}

bool assign_try(struct office *office, struct assign_report *report, decision_fn fn, bool (*look)(void *data), void *data)
{
	return assign_run(office, report, fn, data, look);
}
