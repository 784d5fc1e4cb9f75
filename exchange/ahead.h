/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * ahead: business units of a large file walked by several threads (ahead.c).
 */
#ifndef PCCM_EXCHANGE_AHEAD_H
#define PCCM_EXCHANGE_AHEAD_H

#include "exchange/exchange.h"

struct ahead;
/* `jobs` threads, the caller's counted, look at stretches of so many bytes of the source (0: a good number).  NULL: memory. */
struct ahead *ahead_new(unsigned jobs, uint64_t stretch, const struct source *source);
void ahead_free(struct ahead *ahead); /* ends its threads */
/* An interchange began. */
void ahead_interchange(struct ahead *ahead, const struct interchange_header *interchange);
/* From this byte on segments are given to ahead_walk instead of to the walker. */
uint64_t ahead_from(const struct ahead *ahead);
/* Walk one.  True: it opened a unit, and that one and others behind it are walked already; the set goes on at *spot.
 * `read` says how far the file was read. */
bool ahead_walk(struct ahead *ahead, struct walker *walker, const struct segment *segment, uint64_t position, uint64_t read,
	struct reader_spot *spot);

#endif
