/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * panels: how full each PCP and practice is, while assignments are made.  Private to exchange.
 */
#ifndef PCCM_EXCHANGE_PANELS_H
#define PCCM_EXCHANGE_PANELS_H

#include "exchange/exchange.h"

/* Counted when first asked for, then kept up to date by panels_assign and panels_end: valid inside one transaction only. */
struct panels;
struct panels *panels_new(struct office *office); /* NULL: a failure */
void panels_free(struct panels *panels);
/* Give the facts of a PCP its panel, and those of its practices; they live as long as `panels`. */
bool panels_attach(struct panels *panels, struct pcp_facts *pcp, struct practice_facts *practices) WARN_UNUSED;
/* The member is this PCP's now on those days, or is not any more. */
bool panels_change(struct panels *panels, int64_t pcp, days begin, days end, int64_t members) WARN_UNUSED;

#endif
