/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PCCM_EXCHANGE_READ_BACK_H
#define PCCM_EXCHANGE_READ_BACK_H

#include "exchange/exchange.h"

/* What left, read again from its bytes and from nothing else. */
struct pair_read { /* one pair of a PLB */
	struct slice code, reference;
	cents amount;
};
struct paper { /* an 835 */
	cents amount;                 /* BPR02 */
	struct slice method, trace, payee; /* BPR04, TRN02, N104 of the payee */
	struct pair_read *pairs;
	size_t count, size;
	bool readable;                /* one 835 whose amounts are amounts */
};
bool paper_read(struct office *office, struct arena *arena, struct paper *paper, struct slice bytes) WARN_UNUSED;

struct entry_read { /* a credit of a bank's file */
	struct slice trace;           /* the TRN segment of its addenda: TRN02 */
	cents amount;
};
/* False: memory.  A record that is none counts as an entry without a trace. */
bool entries_read(struct office *office, struct arena *arena, struct entry_read **out, size_t *count, struct slice bytes) WARN_UNUSED;

#endif
