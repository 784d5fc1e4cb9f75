/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * reckon: how much was received and what became of it, as verdicts are made; and the bytes
 * of a business unit that is set aside.  Private to exchange.
 */
#ifndef PCCM_EXCHANGE_RECKON_H
#define PCCM_EXCHANGE_RECKON_H

#include "exchange/exchange.h"

/* What is known when a set is judged: aside is false where no unit is set aside by itself. */
void set_reckon(struct set_verdict *set, uint64_t segments, struct walker_units units, bool aside);
/* `envelope`: GS, and GE if it is there; `strays` stand between them outside of any set. */
void group_reckon(struct group_verdict *group, uint64_t envelope, uint64_t strays);
void interchange_reckon(struct interchange_verdict *interchange, uint64_t envelope, uint64_t strays);

/* The segments of the business unit that is open, as they were sent, each with its terminator and a line feed. */
struct unit_bytes {
	struct buffer bytes;
	uint16_t node;       /* of its loop; GUIDE_NONE: none is open */
	uint64_t offset, position;
};
void unit_bytes_init(struct unit_bytes *unit);
void unit_bytes_begin(struct unit_bytes *unit); /* of a set */
/* Keep what the event says.  True: it ends a unit that refuses. */
bool unit_bytes_event(struct unit_bytes *unit, const struct event *event);
void unit_bytes_done(struct unit_bytes *unit);

#endif
