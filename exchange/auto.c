/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * auto: members whose time to choose is over get a PCP (ASG-3, ASG-4).
 *
 * Whoever has no PCP is listed first, then each family is gone through in the order of its
 * lowest Medicaid id: what was loaded in which order decides nothing.  What the cascade
 * proposes becomes a request like any other and is judged by the same rules.
 */
#include "exchange/assigning.h"

#include <stdlib.h>

struct waiting { /* a member without a PCP */
	struct slice medicaid_id, case_number;
	int64_t id;
};
struct auto_run {
	struct assigner *assigner;
	struct arena arena;          /* the list and the PCPs */
	struct arena family;         /* one family */
	days day;                    /* what is decided takes effect then, if nothing speaks against it */
	struct waiting *list;
	size_t count, size;
	unsigned char *done;         /* a bit for each member whose family was looked at */
	size_t done_bytes;
	struct pcp_list pcps;
	int64_t *members;            /* of each PCP */
	struct directory *directory;
};

static bool no_memory(struct office *office)
{
	return failure_set(&office->failure, "could not assign who does not choose: out of memory");
}

/* ---- who has no PCP ------------------------------------------------------------- */

static bool bit(const unsigned char *bits, size_t bytes, int64_t id)
{
	size_t at = (size_t)id / 8;
	return at < bytes && (bits[at] & 1U << (size_t)id % 8) != 0;
}

static bool list_waiting(void *data, const struct member *member)
{
	struct auto_run *run = data;
	struct family_member alone = { .member = member };
	days ends;
	/* as if told long ago: whoever may still choose is left out when the family is known */
	if (choice_of(&ends, run->assigner->office->program, &alone, DAYS_FIRST, DAYS_OPEN, run->assigner->office->now.day) == CHOICE_NONE)
		return true;
	if (run->count == run->size) {
		size_t size = run->size == 0 ? 1024 : 2 * run->size;
		struct waiting *list = realloc(run->list, size * sizeof(*list));
		if (list == NULL)
			return no_memory(run->assigner->office);
		run->list = list;
		run->size = size;
	}
	struct waiting *waiting = &run->list[run->count++];
	*waiting = (struct waiting){ arena_slice(&run->arena, member->medicaid_id), arena_slice(&run->arena, member->case_number), member->id };
	return (waiting->medicaid_id.ptr != NULL && waiting->case_number.ptr != NULL) || no_memory(run->assigner->office);
}

static int waiting_order(const void *a, const void *b)
{
	const struct waiting *x = a, *y = b;
	int order = slice_compare(x->medicaid_id, y->medicaid_id);
	return order != 0 ? order : x->id < y->id ? -1 : x->id > y->id;
}

/* ---- the PCPs -------------------------------------------------------------------- */

static bool list_pcp(void *data, const struct pcp *pcp)
{
	struct auto_run *run = data;
	enum reason why;
	size_t before = run->pcps.count;
	if (!facts_pcp_new(run->assigner->office, &run->arena, &run->pcps, pcp->id))
		return false;
	if (!pcp_may_serve(&why, run->assigner->office->program, &run->pcps.items[before], run->day))
		run->pcps.count = before; /* nobody is offered who may not serve */
	return true;
}

static bool gather_pcps(struct auto_run *run)
{
	struct office *office = run->assigner->office;
	if (!store_pcp_each(office->store, 0, list_pcp, run))
		return office_store_failed(office);
	run->members = arena_alloc(&run->arena, (run->pcps.count + 1) * sizeof(*run->members));
	if (run->members == NULL)
		return no_memory(office);
	if (!facts_panel_sizes(office, &run->pcps, run->day, run->members))
		return false;
	run->directory = directory_new(office->program, run->pcps.items, run->members, run->pcps.count, office->now.day, &office->failure);
	return run->directory != NULL;
}

/* ---- one family -------------------------------------------------------------------- */

static bool know_family(struct auto_run *run, const struct family *family, struct undecided *undecided)
{
	struct office *office = run->assigner->office;
	months back = program_claims_months(office->program, office->now.day);
	days first = month_first(month_of(office->now.day) - back);
	for (size_t i = 0; i < family->member_count; i++) {
		struct visit *visits = NULL;
		int64_t id = family->members[i].member->id;
		if (back > 0 && !store_visits(office->store, &run->family, &visits, &undecided[i].visit_count, id, first, office->now.day))
			return office_store_failed(office);
		undecided[i].visits = visits;
		if (!store_notice_newest(office->store, &undecided[i].told, &undecided[i].told_since, id, SLICE("CHOOSE")))
			return office_store_failed(office);
	}
	return true;
}

/* What is proposed becomes requests of today; the steps that led there wait for the verdict. */
static bool ask(struct auto_run *run, const struct family *family, const struct proposal *proposals, size_t count, size_t *asked)
{
	struct office *office = run->assigner->office;
	struct prelude *preludes = arena_alloc(&run->family, (count + 1) * sizeof(*preludes));
	*asked = 0;
	if (preludes == NULL)
		return no_memory(office);
	for (size_t i = 0; i < count; i++) {
		if (proposals[i].npi[0] == '\0')
			continue;
		struct request request = { .member = family->members[proposals[i].member].member->id, .received = office->now.day,
			.processed = office->now.day, .asked_from = DAYS_NONE, .channel = SLICE("AUTO"), .source = proposals[i].source,
			.relationship = proposals[i].established ? program_established(office->program) : SLICE_NONE, .state = REQUEST_PENDING };
		slice_copy(request.npi, sizeof(request.npi), slice_of(proposals[i].npi));
		if (!store_request_add(office->store, &preludes[*asked].request, &request))
			return office_store_failed(office);
		preludes[*asked].steps = proposals[i].steps;
		preludes[(*asked)++].step_count = proposals[i].step_count;
	}
	run->assigner->preludes = preludes;
	run->assigner->prelude_count = *asked;
	return true;
}

static bool choose_for(struct auto_run *run, const struct waiting *waiting)
{
	struct assigner *assigner = run->assigner;
	struct office *office = assigner->office;
	struct family family;
	size_t count = 0, asked;
	arena_reset(&run->family);
	if (!facts_family(office, &run->family, &family, waiting->case_number, waiting->id))
		return false;
	struct undecided *undecided = arena_alloc(&run->family, (family.member_count + 1) * sizeof(*undecided));
	struct proposal *proposals = arena_alloc(&run->family, (family.member_count + 1) * sizeof(*proposals));
	if (undecided == NULL || proposals == NULL)
		return no_memory(office);
	for (size_t i = 0; i < family.member_count; i++) {
		size_t at = (size_t)family.members[i].member->id / 8;
		if (at < run->done_bytes) /* members behind it are not listed */
			run->done[at] |= (unsigned char)(1U << (size_t)family.members[i].member->id % 8);
	}
	if (!know_family(run, &family, undecided))
		return false;
	if (!cascade_family(proposals, &count, &run->family, office->program, &family, run->directory, undecided, office->now.day))
		return no_memory(office);
	for (size_t i = 0; i < count; i++)
		assigner->report->nobody += proposals[i].npi[0] == '\0';
	if (!ask(run, &family, proposals, count, &asked) ||
		(asked > 0 && !assigner_judge(assigner, waiting->case_number, waiting->id)))
		return false;
	assigner->preludes = NULL;
	assigner->prelude_count = 0;
	return true;
}

static bool choose_all(struct auto_run *run)
{
	struct office *office = run->assigner->office;
	if (!members_without_pcp(office, run->day, list_waiting, run))
		return false;
	if (run->count == 0)
		return true;
	qsort(run->list, run->count, sizeof(*run->list), waiting_order);
	int64_t last = 0; /* `done` has to have a bit for each that is listed */
	for (size_t i = 0; i < run->count; i++)
		last = run->list[i].id > last ? run->list[i].id : last;
	run->done_bytes = (size_t)last / 8 + 1;
	run->done = calloc(run->done_bytes, 1);
	if (run->done == NULL)
		return no_memory(office);
	if (!gather_pcps(run))
		return false;
	for (size_t i = 0; i < run->count; i++)
		if (!bit(run->done, run->done_bytes, run->list[i].id) && !choose_for(run, &run->list[i]))
			return false;
	return true;
}

bool assigner_choose(struct assigner *assigner)
{
	struct office *office = assigner->office;
	if (!program_assigns(office->program, office->now.day))
		return true;
	struct auto_run run = { .assigner = assigner, .day = program_effective(office->program, office->now.day) };
	arena_init(&run.arena, 0);
	arena_init(&run.family, 0);
	bool done = choose_all(&run);
	directory_free(run.directory);
	free(run.list);
	free(run.done);
	arena_done(&run.arena);
	arena_done(&run.family);
	return done;
}
