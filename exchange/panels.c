/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * panels: how full each PCP and practice is, while assignments are made (ASG-2, BAD-25).
 *
 * A PCP is counted by one query when it is first asked for, a practice from the PCPs that belong to it, each on
 * the days on which it does.  Whatever the run then assigns or ends is added to both, so that the request that is judged
 * next sees it: two that race for the last place are decided by their order in the run, not by what was
 * committed when.  One writer holds the store while a run is at work, so nobody else can take a place meanwhile.
 */
#include "exchange/panels.h"

struct counted {
	bool practice;
	int64_t id;
	struct panel panel;
	const struct affiliation *affiliations; /* of a PCP */
	size_t affiliation_count;
};
struct panels {
	struct office *office;
	struct arena arena;       /* all of them, as long as the run */
	struct arena scratch;     /* one count */
	struct counted **slots;   /* by hash, at most half full */
	size_t size, count;
	bool practices;           /* are they asked for? */
};

struct panels *panels_new(struct office *office)
{
	struct panels *panels = calloc(1, sizeof(*panels));
	if (panels == NULL) {
		failure_set(&office->failure, "could not count panels: out of memory");
		return NULL;
	}
	panels->office = office;
	panels->practices = program_counts_practices(office->program);
	arena_init(&panels->arena, 0);
	arena_init(&panels->scratch, 0);
	return panels;
}

void panels_free(struct panels *panels)
{
	if (panels == NULL)
		return;
	arena_done(&panels->arena);
	arena_done(&panels->scratch);
	free(panels->slots);
	free(panels);
}

static bool no_memory(struct panels *panels)
{
	return failure_set(&panels->office->failure, "could not count panels: out of memory");
}

static struct counted **slot_of(struct counted **slots, size_t size, bool practice, int64_t id)
{
	size_t at = (size_t)hash64(practice, &id, sizeof(id)) & (size - 1);
	while (slots[at] != NULL && (slots[at]->id != id || slots[at]->practice != practice))
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static struct counted *find(struct panels *panels, bool practice, int64_t id)
{
	return panels->size == 0 ? NULL : *slot_of(panels->slots, panels->size, practice, id);
}

static struct counted *add(struct panels *panels, bool practice, int64_t id)
{
	if (2 * (panels->count + 1) > panels->size) {
		size_t size = panels->size == 0 ? 256 : 2 * panels->size;
		struct counted **slots = calloc(size, sizeof(*slots));
		if (slots == NULL) {
			no_memory(panels);
			return NULL;
		}
		for (size_t i = 0; i < panels->size; i++)
			if (panels->slots[i] != NULL)
				*slot_of(slots, size, panels->slots[i]->practice, panels->slots[i]->id) = panels->slots[i];
		free(panels->slots);
		panels->slots = slots;
		panels->size = size;
	}
	struct counted *counted = arena_alloc(&panels->arena, sizeof(*counted));
	if (counted == NULL) {
		no_memory(panels);
		return NULL;
	}
	*counted = (struct counted){ .practice = practice, .id = id };
	*slot_of(panels->slots, panels->size, practice, id) = counted;
	panels->count++;
	return counted;
}

/* ---- a practice has a PCP's members on the days on which the PCP belongs to it -------- */

/* The next stretch of days of `pcp` in `billing` that ends on or after *from; the two may be one day. */
static bool belongs_next(const struct counted *pcp, int64_t billing, days from, days *begin, days *end)
{
	struct pcp_facts facts = { .affiliations = pcp->affiliations, .affiliation_count = pcp->affiliation_count };
	while (from != DAYS_OPEN) {
		days change = DAYS_OPEN; /* the first day after `from` on which the practice may be another one */
		for (size_t i = 0; i < pcp->affiliation_count; i++) {
			const struct affiliation *one = &pcp->affiliations[i];
			if (one->begin > from && one->begin < change)
				change = one->begin;
			if (one->end != DAYS_OPEN && one->end >= from && one->end + 1 < change)
				change = one->end + 1;
		}
		if (affiliated_on(&facts, from) == billing) {
			*begin = from;
			*end = change == DAYS_OPEN ? DAYS_OPEN : change - 1;
			return true;
		}
		from = change;
	}
	return false;
}

static bool add_to_practice(struct panels *panels, struct counted *practice, const struct counted *pcp, days begin, days end, int64_t members)
{
	days from, to;
	for (days at = begin; at <= end && belongs_next(pcp, practice->id, at, &from, &to); at = to + 1) {
		if (from > end)
			break;
		if (!panel_add(&panels->arena, &practice->panel, from, to < end ? to : end, members))
			return no_memory(panels);
		if (to == DAYS_OPEN)
			break;
	}
	return true;
}

/* ---- counting ------------------------------------------------------------------ */

static struct counted *pcp_counted(struct panels *panels, int64_t id)
{
	struct store *store = panels->office->store;
	struct counted *pcp = find(panels, false, id);
	struct affiliation *affiliations;
	struct held *held;
	size_t count, affiliation_count;
	if (pcp != NULL)
		return pcp;
	if (!store_panel(store, &panels->scratch, &held, &count, id) ||
		!store_affiliations(store, &panels->arena, &affiliations, &affiliation_count, id, 0)) {
		office_store_failed(panels->office);
		return NULL;
	}
	pcp = add(panels, false, id);
	if (pcp == NULL)
		return NULL;
	pcp->affiliations = affiliations;
	pcp->affiliation_count = affiliation_count;
	for (size_t i = 0; i < count; i++)
		if (!panel_add(&panels->arena, &pcp->panel, held[i].begin, held[i].end, held[i].members)) {
			no_memory(panels);
			return NULL;
		}
	return pcp;
}

static struct counted *practice_counted(struct panels *panels, int64_t id)
{
	struct store *store = panels->office->store;
	struct counted *practice = find(panels, true, id);
	int64_t *pcps;
	size_t pcp_count;
	if (practice != NULL)
		return practice;
	arena_reset(&panels->scratch);
	if (!store_pcps_of_billing(store, &panels->scratch, &pcps, &pcp_count, id)) {
		office_store_failed(panels->office);
		return NULL;
	}
	struct counted sum = { .practice = true, .id = id };
	for (size_t i = 0; i < pcp_count; i++) {
		/* what a PCP has is in its steps: each holds from its day on */
		const struct counted *pcp = pcp_counted(panels, pcps[i]);
		if (pcp == NULL)
			return NULL;
		for (size_t s = 0; s < pcp->panel.count; s++)
			if (!add_to_practice(panels, &sum, pcp, pcp->panel.steps[s].day, DAYS_OPEN, pcp->panel.steps[s].change))
				return NULL;
	}
	practice = add(panels, true, id);
	if (practice != NULL)
		practice->panel = sum.panel;
	return practice;
}

bool panels_attach(struct panels *panels, struct pcp_facts *pcp, struct practice_facts *practices)
{
	arena_reset(&panels->scratch);
	struct counted *counted = pcp_counted(panels, pcp->pcp.id);
	if (counted == NULL)
		return false;
	pcp->panel = &counted->panel;
	for (size_t i = 0; panels->practices && i < pcp->practice_count; i++) {
		counted = practice_counted(panels, practices[i].provider.id);
		if (counted == NULL)
			return false;
		practices[i].panel = &counted->panel;
	}
	return true;
}

bool panels_change(struct panels *panels, int64_t id, days begin, days end, int64_t members)
{
	struct counted *pcp = find(panels, false, id);
	if (pcp == NULL) /* nobody asked yet: it will be counted with this */
		return true;
	if (!panel_add(&panels->arena, &pcp->panel, begin, end, members))
		return no_memory(panels);
	for (size_t i = 0; i < pcp->affiliation_count; i++) {
		int64_t billing = pcp->affiliations[i].billing;
		struct counted *practice = find(panels, true, billing);
		bool before = false; /* a practice to which the PCP came back stands there twice */
		for (size_t j = 0; j < i; j++)
			before = before || pcp->affiliations[j].billing == billing;
		if (practice != NULL && !before && !add_to_practice(panels, practice, pcp, begin, end, members))
			return false;
	}
	return true;
}
