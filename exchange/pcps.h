/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * pcps: the facts of PCPs, kept while a step asks for the same ones again and again.  Private to exchange.
 */
#ifndef PCCM_EXCHANGE_PCPS_H
#define PCCM_EXCHANGE_PCPS_H

#include "exchange/exchange.h"

struct pcps;
/* From here to pcps_forget facts_pcp reads each PCP once: for steps in whose transaction no PCP changes. */
bool pcps_remember(struct office *office) WARN_UNUSED;
void pcps_forget(struct office *office);
/* NULL: not there.  What is given lives until pcps_forget. */
const struct pcp_facts *pcps_find(const struct pcps *pcps, int64_t id);
const struct pcp_facts *pcps_find_npi(const struct pcps *pcps, const char *npi);
/* Where the facts of one more PCP lie; NULL if there are LIMIT_PCPS_KEPT already. */
struct arena *pcps_arena(struct pcps *pcps);
/* Keep them; what they point to is in that arena.  False: memory is used up. */
bool pcps_keep(struct pcps *pcps, const struct pcp_facts *facts) WARN_UNUSED;

#endif
