/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * facts: what the rules need to know of a member or a family, brought from the
 * store.  Everything lives in the arena that is passed in.
 */
#include "exchange/facts.h"

#include "exchange/panels.h"
#include "exchange/pcps.h"

#include <stdlib.h>

static const struct pcp_facts *pcp_listed(const struct pcp_list *list, int64_t id)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].pcp.id == id)
			return &list->items[i];
	return NULL;
}

static bool pcp_grow(struct office *office, struct arena *arena, struct pcp_list *list)
{
	if (list->count < list->size)
		return true;
	size_t size = list->size == 0 ? 4 : 2 * list->size;
	struct pcp_facts *items = arena_alloc(arena, size * sizeof(*items));
	if (items == NULL)
		return failure_set(&office->failure, "could not gather the PCPs of a family: out of memory");
	if (list->count > 0)
		memcpy(items, list->items, list->count * sizeof(*items));
	list->items = items;
	list->size = size;
	return true;
}

static bool practices_fill(struct office *office, struct arena *arena, struct pcp_facts *facts)
{
	struct practice_facts *practices = arena_alloc(arena, (facts->affiliation_count + 1) * sizeof(*practices));
	if (practices == NULL)
		return failure_set(&office->failure, "could not gather the practices of a PCP: out of memory");
	for (size_t i = 0; i < facts->affiliation_count; i++) {
		int64_t id = facts->affiliations[i].billing;
		size_t at = 0;
		while (at < facts->practice_count && practices[at].provider.id != id)
			at++;
		if (at < facts->practice_count)
			continue;
		if (!store_billing_get(office->store, arena, &practices[at].provider, id, office->as_of) ||
			!store_attributes(office->store, arena, &practices[at].attributes, SUBJECT_PRACTICE, id, office->as_of))
			return office_store_failed(office);
		facts->practice_count++;
	}
	facts->practices = practices;
	return office->panels == NULL || panels_attach(office->panels, facts, practices);
}

/* What else is known of a PCP whose row is there already. */
static bool pcp_fill(struct office *office, struct arena *arena, struct pcp_facts *facts)
{
	struct affiliation *affiliations;
	struct pcp *before;
	int64_t id = facts->pcp.id;
	if (!store_affiliations(office->store, arena, &affiliations, &facts->affiliation_count, id, office->as_of) ||
		!store_pcp_before(office->store, arena, &before, &facts->before_count, id) ||
		!store_attributes(office->store, arena, &facts->attributes, SUBJECT_PCP, id, office->as_of))
		return office_store_failed(office);
	facts->affiliations = affiliations;
	facts->before = before;
	return practices_fill(office, arena, facts);
}

/* Put the PCP of an id, or of an NPI if that is not NULL, at the end of the list; nothing if there is no such NPI. */
static bool pcp_append(struct office *office, struct arena *arena, struct pcp_list *list, int64_t id, const char *npi)
{
	struct pcp_facts *facts = &list->items[list->count];
	struct arena *kept = office->pcps == NULL ? NULL : pcps_arena(office->pcps);
	struct arena *to = kept == NULL ? arena : kept;
	bool found = true;
	*facts = (struct pcp_facts){ .before = NULL };
	if (npi != NULL ? !store_pcp_find(office->store, to, &found, &facts->pcp, npi) : !store_pcp_get(office->store, to, &facts->pcp, id, office->as_of))
		return office_store_failed(office);
	if (!found || (npi != NULL && pcp_listed(list, facts->pcp.id) != NULL))
		return true;
	if (!pcp_fill(office, to, facts))
		return false;
	list->count++;
	return kept == NULL || pcps_keep(office->pcps, facts) ||
		failure_set(&office->failure, "could not gather PCPs: out of memory");
}

bool facts_pcp_new(struct office *office, struct arena *arena, struct pcp_list *list, int64_t id)
{
	if (!pcp_grow(office, arena, list))
		return false;
	const struct pcp_facts *known = office->pcps == NULL ? NULL : pcps_find(office->pcps, id);
	if (known == NULL)
		return pcp_append(office, arena, list, id, NULL);
	list->items[list->count++] = *known;
	return true;
}

bool facts_pcp(struct office *office, struct arena *arena, struct pcp_list *list, int64_t id)
{
	return pcp_listed(list, id) != NULL || facts_pcp_new(office, arena, list, id);
}

struct pcp_place { int64_t id; size_t index; }; /* of a PCP in a list */
struct sizes {
	struct pcp_place *places; /* by id */
	size_t count;
	int64_t *members;
};

static int pcp_place_order(const void *a, const void *b)
{
	const struct pcp_place *x = a, *y = b;
	return x->id < y->id ? -1 : x->id > y->id;
}

static bool keep_size(void *data, int64_t pcp, int64_t members)
{
	struct sizes *sizes = data;
	struct pcp_place wanted = { .id = pcp };
	const struct pcp_place *found = bsearch(&wanted, sizes->places, sizes->count, sizeof(wanted), pcp_place_order);
	if (found != NULL)
		sizes->members[found->index] = members;
	return true;
}

bool facts_panel_sizes(struct office *office, const struct pcp_list *list, days day, int64_t *members)
{
	struct sizes sizes = { .places = calloc(list->count + 1, sizeof(*sizes.places)), .count = list->count, .members = members };
	if (sizes.places == NULL)
		return failure_set(&office->failure, "could not count panels: out of memory");
	for (size_t i = 0; i < list->count; i++)
		sizes.places[i] = (struct pcp_place){ list->items[i].pcp.id, i };
	qsort(sizes.places, sizes.count, sizeof(*sizes.places), pcp_place_order);
	bool done = store_panel_sizes(office->store, day, keep_size, &sizes) || office_store_failed(office);
	free(sizes.places);
	return done;
}

/* By NPI: nothing happens if there is no such PCP. */
static bool facts_pcp_npi(struct office *office, struct arena *arena, struct pcp_list *list, const char *npi)
{
	const struct pcp_facts *known = office->pcps == NULL ? NULL : pcps_find_npi(office->pcps, npi);
	if (known != NULL)
		return facts_pcp(office, arena, list, known->pcp.id);
	return pcp_grow(office, arena, list) && pcp_append(office, arena, list, 0, npi);
}

static bool network_add(struct office *office, struct arena *arena, struct practice_facts *networks, size_t *count,
	const struct attribute *attribute)
{
	char npi[11];
	bool found;
	struct practice_facts *network = &networks[*count];
	if (!slice_is(attribute->name, "network") || attribute->value.len != 10)
		return true;
	slice_copy(npi, sizeof(npi), attribute->value);
	for (size_t i = 0; i < *count; i++)
		if (strcmp(networks[i].provider.npi, npi) == 0)
			return true;
	if (!store_billing_find(office->store, arena, &found, &network->provider, npi))
		return office_store_failed(office);
	if (!found)
		return true;
	++*count;
	return store_attributes(office->store, arena, &network->attributes, SUBJECT_PRACTICE, network->provider.id, office->as_of) || office_store_failed(office);
}

/* The billing providers that attributes `network` of these PCPs' practices name, each once (PCM-2). */
static bool facts_networks(struct office *office, struct arena *arena, struct ledger_member *out, const struct pcp_list *pcps)
{
	struct practice_facts *networks = NULL;
	size_t size = 0;
	for (size_t p = 0; p < pcps->count; p++)
		for (size_t g = 0; g < pcps->items[p].practice_count; g++)
			size += pcps->items[p].practices[g].attributes.count;
	if (size > 0 && (networks = arena_alloc(arena, size * sizeof(*networks))) == NULL)
		return failure_set(&office->failure, "could not gather the networks of a practice: out of memory");
	for (size_t p = 0; p < pcps->count; p++)
		for (size_t g = 0; g < pcps->items[p].practice_count; g++)
			for (size_t a = 0; a < pcps->items[p].practices[g].attributes.count; a++)
				if (!network_add(office, arena, networks, &out->network_count, &pcps->items[p].practices[g].attributes.items[a]))
					return false;
	out->networks = networks;
	return true;
}

static bool facts_visits(struct office *office, struct arena *arena, struct ledger_member *out)
{
	days *visits;
	if (!program_asks_visits(office->program))
		return true;
	if (!store_visit_days(office->store, arena, &visits, &out->visit_count, out->member->id))
		return office_store_failed(office);
	out->visits = visits;
	return true;
}

bool facts_ledger(struct office *office, struct arena *arena, struct ledger_member *out, const struct member *member)
{
	struct assignment *assignments;
	struct pcp_list pcps = { .items = NULL };
	*out = (struct ledger_member){ .member = member };
	if (!store_assignments(office->store, arena, &assignments, &out->assignment_count, member->id, office->as_of))
		return office_store_failed(office);
	out->assignments = assignments;
	for (size_t i = 0; i < out->assignment_count; i++)
		if (!facts_pcp(office, arena, &pcps, assignments[i].pcp))
			return false;
	out->pcps = pcps.items;
	out->pcp_count = pcps.count;
	return facts_networks(office, arena, out, &pcps) && facts_visits(office, arena, out);
}

bool facts_member(struct office *office, struct arena *arena, struct family_member *out, const struct member *member)
{
	struct assignment *assignments;
	*out = (struct family_member){ .member = member };
	if (!store_assignments(office->store, arena, &assignments, &out->assignment_count, member->id, office->as_of))
		return office_store_failed(office);
	out->assignments = assignments;
	return true;
}

struct member *family_room(struct arena *arena)
{
	_Static_assert(LIMIT_FAMILY * sizeof(struct member) % ARENA_ALIGN == 0, "arena_take takes whole lines");
	return arena_take(arena, LIMIT_FAMILY * sizeof(struct member));
}

/* The members of a case; a member without a case is a family of one. */
static bool family_members(struct office *office, struct arena *arena, struct member **members, size_t *count, bool *too_large,
	struct slice case_number, int64_t member)
{
	*members = family_room(arena);
	*too_large = false;
	if (*members == NULL)
		return failure_set(&office->failure, "could not gather a family: out of memory");
	if (case_number.len == 0) {
		*count = 1;
		return store_member_get(office->store, arena, *members, member, 0) || office_store_failed(office);
	}
	if (!store_family(office->store, arena, *members, LIMIT_FAMILY, count, case_number))
		return office_store_failed(office);
	*too_large = *count > LIMIT_FAMILY;
	if (*too_large)
		*count = LIMIT_FAMILY;
	return true;
}

bool facts_family(struct office *office, struct arena *arena, struct family *out, struct slice case_number, int64_t member)
{
	struct member *members;
	struct pcp_list pcps = { .items = NULL };
	*out = (struct family){ .members = NULL };
	if (!family_members(office, arena, &members, &out->member_count, &out->too_large, case_number, member))
		return false;
	struct family_member *family = arena_alloc(arena, (out->member_count + 1) * sizeof(*family));
	struct request *requests = arena_alloc(arena, (out->member_count + 1) * sizeof(*requests));
	if (family == NULL || requests == NULL)
		return failure_set(&office->failure, "could not gather a family: out of memory");
	for (size_t i = 0; i < out->member_count; i++) {
		struct assignment *assignments;
		bool found;
		family[i].member = &members[i];
		if (!store_assignments(office->store, arena, &assignments, &family[i].assignment_count, members[i].id, 0) ||
			!store_request_pending(office->store, arena, &found, &requests[i], members[i].id))
			return office_store_failed(office);
		family[i].assignments = assignments;
		if (found) {
			family[i].request = &requests[i];
			if (!facts_pcp_npi(office, arena, &pcps, requests[i].npi))
				return false;
		}
		for (size_t a = 0; a < family[i].assignment_count; a++)
			if (!facts_pcp(office, arena, &pcps, assignments[a].pcp))
				return false;
	}
	out->members = family;
	out->pcps = pcps.items;
	out->pcp_count = pcps.count;
	return true;
}
