/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * worklist: what somebody has to look at, as rows: requests that wait, members without a PCP,
 * panels that are full or whose PCP leaves (ASG-8, BAD-24).  Nothing is kept: a list is what
 * is so on the day that it is asked for.
 */
#include "exchange/facts.h"
#include "exchange/lister.h"

struct work {
	struct office *office;
	struct lister *lister;
	struct arena arena;   /* one row */
	struct arena sizes;   /* how many each PCP has */
	struct panel_size { int64_t pcp, members; } *panels;
	size_t panel_count, panel_room;
};

static bool row(struct work *work, const struct slice *values)
{
	return lister_row(work->lister, values) || failure_set(&work->office->failure, "could not write the list");
}

static bool pcp_of(struct work *work, struct pcp *pcp, int64_t id)
{
	return store_pcp_get(work->office->store, &work->arena, pcp, id, 0) || office_store_failed(work->office);
}

/* ---- requests that wait ----------------------------------------------------------- */

static const struct lister_column pending_columns[] = {
	{ "medicaid_id", 12 }, { "pcp_npi", 10 }, { "channel", 8 }, { "received", 10 }, { "expires", 10 }, { "reason", 20 }, { "why", 0 },
};

static bool pending_row(void *data, const struct request *request)
{
	struct work *work = data;
	struct member member;
	arena_reset(&work->arena);
	if (!store_member_get(work->office->store, &work->arena, &member, request->member, 0))
		return office_store_failed(work->office);
	enum reason why = reason_of_code(request->reason);
	const struct slice values[COUNT_OF(pending_columns)] = { lister_member(work->office, &work->arena, member.medicaid_id),
		slice_of(request->npi), request->channel, lister_day(&work->arena, request->received),
		lister_day(&work->arena, request->processed + program_hold_days(work->office->program) + 1), request->reason,
		why == REASON_NONE ? SLICE("not judged yet") : slice_of(reason_text(why)) };
	return row(work, values);
}

static bool list_pending(struct work *work)
{
	lister_begin(work->lister, pending_columns, COUNT_OF(pending_columns));
	return store_requests_in_state(work->office->store, REQUEST_PENDING, pending_row, work) || office_store_failed(work->office);
}

/* ---- members without a PCP ----------------------------------------------------------- */

static const struct lister_column unassigned_columns[] = {
	{ "medicaid_id", 12 }, { "eligible_since", 14 }, { "told", 10 }, { "choice_ends", 11 }, { "town", 16 }, { "state", 0 },
};

static bool unassigned_row(void *data, const struct member *member)
{
	struct work *work = data;
	struct office *office = work->office;
	struct without_pcp found;
	days ends;
	arena_reset(&work->arena);
	if (!facts_without_pcp(office, &work->arena, &found, member, program_effective(office->program, office->now.day)))
		return false;
	if (!found.lacks)
		return true;
	enum choice choice = choice_of(&ends, office->program, &found.who, found.told, found.told_since, office->now.day);
	bool is_told = found.told != DAYS_NONE && found.told_since >= found.since;
	const struct slice values[COUNT_OF(unassigned_columns)] = { lister_member(office, &work->arena, member->medicaid_id),
		lister_day(&work->arena, found.since), lister_day(&work->arena, is_told ? found.told : DAYS_NONE), lister_day(&work->arena, ends),
		slice_of(program_town(office->program, &member->home)),
		found.asks ? SLICE("a request is pending") : choice == CHOICE_OVER ? SLICE("to be assigned")
			: choice == CHOICE_NONE ? SLICE("may choose") : ends == DAYS_NONE ? SLICE("to be told") : SLICE("may choose until then") };
	return row(work, values);
}

static bool list_unassigned(struct work *work)
{
	lister_begin(work->lister, unassigned_columns, COUNT_OF(unassigned_columns));
	return members_without_pcp(work->office, program_effective(work->office->program, work->office->now.day), unassigned_row, work);
}

/* ---- panels whose PCP left -------------------------------------------------------------- */

static const struct lister_column orphaned_columns[] = {
	{ "pcp_npi", 10 }, { "pcp_name", 24 }, { "medicaid_id", 12 }, { "case", 12 }, { "last_day", 10 }, { "state", 0 },
};

static bool orphaned_row(void *data, const struct assignment *assignment)
{
	struct work *work = data;
	struct office *office = work->office;
	struct member member;
	struct request request;
	struct pcp pcp;
	bool asks;
	days since, day = program_effective(office->program, office->now.day);
	arena_reset(&work->arena);
	if (!store_member_get(office->store, &work->arena, &member, assignment->member, 0) ||
		!store_request_pending(office->store, &work->arena, &asks, &request, assignment->member))
		return office_store_failed(office);
	struct family_member who = { .member = &member };
	if (!lacks_pcp(&since, office->program, &who, day)) /* is not covered any more, or died */
		return true;
	if (!pcp_of(work, &pcp, assignment->pcp))
		return false;
	const struct slice values[COUNT_OF(orphaned_columns)] = { slice_of(pcp.npi), lister_name(&work->arena, pcp.last, pcp.first),
		lister_member(office, &work->arena, member.medicaid_id),
		lister_member(office, &work->arena, member.case_number), lister_day(&work->arena, assignment->end),
		asks ? SLICE("a request is pending") : SLICE("has no PCP behind that day") };
	return row(work, values);
}

static bool list_orphaned(struct work *work)
{
	lister_begin(work->lister, orphaned_columns, COUNT_OF(orphaned_columns));
	return store_assignments_orphaned(work->office->store, REASON_PCP_LEFT, orphaned_row, work) || office_store_failed(work->office);
}

/* ---- panels by PCP: who leaves, who is full ------------------------------------------------- */

static bool keep_size(void *data, int64_t pcp, int64_t members)
{
	struct work *work = data;
	if (work->panel_count == work->panel_room) {
		size_t room = work->panel_room == 0 ? 256 : 2 * work->panel_room;
		struct panel_size *panels = arena_alloc(&work->sizes, room * sizeof(*panels));
		if (panels == NULL)
			return failure_set(&work->office->failure, "could not count panels: out of memory");
		if (work->panel_count > 0)
			memcpy(panels, work->panels, work->panel_count * sizeof(*panels));
		work->panels = panels;
		work->panel_room = room;
	}
	work->panels[work->panel_count++] = (struct panel_size){ pcp, members };
	return true;
}

static int64_t size_of(const struct work *work, int64_t pcp)
{
	for (size_t low = 0, high = work->panel_count; low < high;) {
		size_t middle = (low + high) / 2;
		if (work->panels[middle].pcp == pcp)
			return work->panels[middle].members;
		if (work->panels[middle].pcp < pcp)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

static bool each_panel(struct work *work, pcp_fn fn)
{
	struct office *office = work->office;
	if (!store_panel_sizes(office->store, office->now.day, keep_size, work) || !store_pcp_each(office->store, 0, fn, work))
		return office_store_failed(office);
	return true;
}

static const struct lister_column leaving_columns[] = {
	{ "pcp_npi", 10 }, { "pcp_name", 24 }, { "last_day", 10 }, { "members", 7 }, { "what_ends", 0 },
};

static bool leaving_row(void *data, const struct pcp *pcp)
{
	struct work *work = data;
	struct affiliation *affiliations;
	size_t count;
	days belongs = DAYS_NONE;
	arena_reset(&work->arena);
	int64_t members = size_of(work, pcp->id);
	if (members == 0)
		return true;
	if (!store_affiliations(work->office->store, &work->arena, &affiliations, &count, pcp->id, 0))
		return office_store_failed(work->office);
	for (size_t i = 0; i < count; i++)
		belongs = affiliations[i].end > belongs ? affiliations[i].end : belongs;
	days medicaid = pcp->medicaid_begin == DAYS_NONE ? DAYS_NONE : pcp->medicaid_end;
	days contract = pcp->contract_begin == DAYS_NONE ? DAYS_NONE : pcp->contract_end;
	days last = medicaid < contract ? medicaid : contract;
	last = belongs < last ? belongs : last;
	if (last == DAYS_OPEN)
		return true;
	const struct slice values[COUNT_OF(leaving_columns)] = { slice_of(pcp->npi), lister_name(&work->arena, pcp->last, pcp->first),
		lister_day(&work->arena, last), lister_number(&work->arena, members),
		last == medicaid ? SLICE("enrolment in Medicaid") : last == contract ? SLICE("contract") : SLICE("place in a practice") };
	return row(work, values);
}

static bool list_leaving(struct work *work)
{
	lister_begin(work->lister, leaving_columns, COUNT_OF(leaving_columns));
	return each_panel(work, leaving_row);
}

static const struct lister_column full_columns[] = {
	{ "pcp_npi", 10 }, { "pcp_name", 24 }, { "members", 7 }, { "limit", 7 }, { "state", 0 },
};

static bool full_row(void *data, const struct pcp *pcp)
{
	struct work *work = data;
	struct pcp_list list = { .items = NULL };
	arena_reset(&work->arena);
	if (!facts_pcp(work->office, &work->arena, &list, pcp->id))
		return false;
	int64_t members = size_of(work, pcp->id), limit = pcp_limit(work->office->program, &list.items[0], work->office->now.day);
	if (members < limit)
		return true;
	const struct slice values[COUNT_OF(full_columns)] = { slice_of(pcp->npi), lister_name(&work->arena, pcp->last, pcp->first),
		lister_number(&work->arena, members), lister_number(&work->arena, limit), members > limit ? SLICE("over capacity") : SLICE("full") };
	return row(work, values);
}

static bool list_full(struct work *work)
{
	lister_begin(work->lister, full_columns, COUNT_OF(full_columns));
	return each_panel(work, full_row);
}

/* ---- what add-ons ask of members, and is due ------------------------------------------------- */

static const struct lister_column screening_columns[] = {
	{ "medicaid_id", 12 }, { "pcp_npi", 10 }, { "add_on", 32 }, { "attribute", 20 }, { "due", 10 }, { "state", 0 },
};

/* Overdue, or due by the end of the month (PCM-5). */
static bool screening_row(void *data, const struct member *member)
{
	struct work *work = data;
	struct office *office = work->office;
	struct ledger_member facts;
	struct slice addon, attribute;
	days due, today = office->now.day, last = month_last(month_of(today));
	arena_reset(&work->arena);
	if (!facts_ledger(office, &work->arena, &facts, member))
		return false;
	for (size_t i = 0; screening_due(&addon, &attribute, &due, office->program, i, &facts, today); i++) {
		const struct pcp_facts *pcp = facts.pcps;
		for (size_t a = 0; a < facts.assignment_count; a++)
			for (size_t p = 0; p < facts.pcp_count; p++)
				if (facts.assignments[a].begin <= today && today <= facts.assignments[a].end && facts.pcps[p].pcp.id == facts.assignments[a].pcp)
					pcp = &facts.pcps[p];
		const struct slice values[COUNT_OF(screening_columns)] = { lister_member(office, &work->arena, member->medicaid_id),
			slice_of(pcp->pcp.npi), addon, attribute, lister_day(&work->arena, due),
			due <= today ? SLICE("overdue: the add-on is not paid") : SLICE("due this month") };
		if (due <= last && !row(work, values))
			return false;
	}
	return true;
}

static bool list_screening(struct work *work)
{
	lister_begin(work->lister, screening_columns, COUNT_OF(screening_columns));
	return store_members_each(work->office->store, 0, screening_row, work) || office_store_failed(work->office);
}

/* ---- the lists ---------------------------------------------------------------------------- */

const struct worklist worklists[] = {
	{ "pending", "requests that wait, and for what" },
	{ "unassigned", "members who could have a PCP and have none" },
	{ "orphaned", "members whose PCP left and who have no other" },
	{ "leaving", "PCPs who leave, and how many members they have" },
	{ "over-capacity", "PCPs whose panel is full or more than that" },
	{ "screening", "members for whom something is due that an add-on asks for" },
	{ NULL, NULL },
};
static bool (*const makers[])(struct work *work) = { list_pending, list_unassigned, list_orphaned, list_leaving, list_full, list_screening };

bool worklist_put(struct office *office, const char *name, struct lister *lister)
{
	struct work work = { .office = office, .lister = lister };
	size_t kind = 0;
	while (worklists[kind].name != NULL && strcmp(worklists[kind].name, name) != 0)
		kind++;
	if (worklists[kind].name == NULL)
		return office_misused(office, "%s: no work list, expected pending, unassigned, orphaned, leaving, over-capacity or screening", name);
	arena_init(&work.arena, 0);
	arena_init(&work.sizes, 0);
	bool done = makers[kind](&work) && (lister_end(lister) || failure_set(&office->failure, "could not write the list"));
	arena_done(&work.arena);
	arena_done(&work.sizes);
	return done;
}
