/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * pcps: a table of PCP facts by the store's id and by NPI.
 *
 * A month asks for the PCP of every member, a few thousand PCPs in all.
 */
#include "exchange/pcps.h"

#include <assert.h>

struct pcps {
	struct arena arena;
	const struct pcp_facts **by_id, **by_npi; /* by hash, at most half full */
	size_t size, count;
};

static const struct pcp_facts **slot_id(const struct pcp_facts **slots, size_t size, int64_t id)
{
	size_t at = (size_t)hash64(1, &id, sizeof(id)) & (size - 1);
	while (slots[at] != NULL && slots[at]->pcp.id != id)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

static const struct pcp_facts **slot_npi(const struct pcp_facts **slots, size_t size, const char *npi)
{
	size_t at = (size_t)hash64(2, npi, strlen(npi)) & (size - 1);
	while (slots[at] != NULL && strcmp(slots[at]->pcp.npi, npi) != 0)
		at = (at + 1) & (size - 1);
	return &slots[at];
}

bool pcps_remember(struct office *office)
{
	assert(office->pcps == NULL);
	office->pcps = calloc(1, sizeof(*office->pcps));
	if (office->pcps == NULL)
		return failure_set(&office->failure, "could not gather PCPs: out of memory");
	arena_init(&office->pcps->arena, 0);
	return true;
}

void pcps_forget(struct office *office)
{
	if (office->pcps == NULL)
		return;
	arena_done(&office->pcps->arena);
	free(office->pcps->by_id);
	free(office->pcps->by_npi);
	free(office->pcps);
	office->pcps = NULL;
}

const struct pcp_facts *pcps_find(const struct pcps *pcps, int64_t id)
{
	return pcps->size == 0 ? NULL : *slot_id(pcps->by_id, pcps->size, id);
}

const struct pcp_facts *pcps_find_npi(const struct pcps *pcps, const char *npi)
{
	return pcps->size == 0 ? NULL : *slot_npi(pcps->by_npi, pcps->size, npi);
}

struct arena *pcps_arena(struct pcps *pcps)
{
	return pcps->count < LIMIT_PCPS_KEPT ? &pcps->arena : NULL;
}

static bool grow(struct pcps *pcps)
{
	size_t size = pcps->size == 0 ? 256 : 2 * pcps->size;
	const struct pcp_facts **by_id = calloc(size, sizeof(*by_id)), **by_npi = calloc(size, sizeof(*by_npi));
	if (by_id == NULL || by_npi == NULL) {
		free(by_id);
		free(by_npi);
		return false;
	}
	for (size_t i = 0; i < pcps->size; i++) {
		const struct pcp_facts *facts = pcps->by_id[i];
		if (facts == NULL)
			continue;
		*slot_id(by_id, size, facts->pcp.id) = facts;
		*slot_npi(by_npi, size, facts->pcp.npi) = facts;
	}
	free(pcps->by_id);
	free(pcps->by_npi);
	pcps->by_id = by_id;
	pcps->by_npi = by_npi;
	pcps->size = size;
	return true;
}

bool pcps_keep(struct pcps *pcps, const struct pcp_facts *facts)
{
	struct pcp_facts *kept = arena_alloc(&pcps->arena, sizeof(*kept));
	if (kept == NULL || (2 * (pcps->count + 1) > pcps->size && !grow(pcps)))
		return false;
	*kept = *facts;
	*slot_id(pcps->by_id, pcps->size, facts->pcp.id) = kept;
	*slot_npi(pcps->by_npi, pcps->size, facts->pcp.npi) = kept;
	pcps->count++;
	return true;
}
