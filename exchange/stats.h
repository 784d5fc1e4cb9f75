/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * stats: what is in a file, counted segment by segment.  Part of exchange/exchange.h.
 */
#ifndef PCCM_EXCHANGE_STATS_H
#define PCCM_EXCHANGE_STATS_H

#include "parsers/parsers.h"

/* How often something stands in a file, in the order in which it was first seen. */
struct tally_row {
	char key[2][40];      /* cut; the second is empty for most */
	uint64_t count, bytes;
	char first[9], last[9]; /* the first and last day seen with it, CCYYMMDD; empty: none */
	uint16_t then;        /* the row that came after this one when it was last counted: most often it does again */
};
struct tally {
	struct tally_row rows[LIMIT_STATS_ROWS];
	size_t count, latest; /* `latest` was counted last */
	uint64_t others;      /* counted, and no row was left */
};
/* One more of (a, b); NULL when no row is left for it. */
struct tally_row *tally_add(struct tally *tally, struct slice a, struct slice b);
struct stats_interchange {
	struct interchange_header header;
	uint64_t groups, sets, segments, bytes;
	uint8_t line_end;     /* bytes between the ISA and what follows: 0, 1 LF, 2 CR LF, more: something else */
	bool cut_off;         /* IEA is missing */
};
#define STATS_IDS 1024 /* places for segment ids, some four for each row */
struct stats {
	uint64_t bytes;       /* unpacked */
	uint64_t interchange_count, groups, sets, segments;
	struct stats_interchange interchanges[LIMIT_STATS_ROWS];
	uint64_t acknowledgments;   /* TA1 */
	uint64_t members, subscribers, dependents, claims;
	uint64_t refusing;    /* findings on the envelope that refuse */
	char first_finding[64]; /* the name of the first of them */
	struct tally functions; /* GS01, GS08; first and last GS04 */
	struct tally set_types; /* ST01, ST03 or else GS08 */
	struct tally ids;       /* segments by id */
	struct tally maintenance; /* INS03, INS04 */
	struct tally plans;       /* HD03, HD04 */
	struct tally dates;       /* DTP01 or DTM01, with the first and last day */
	struct { uint64_t bytes, offset, line; char id[4]; } longest;
	uint64_t lower, control, high, line_feeds, returns; /* bytes that are no basic character */

	uint16_t places[STATS_IDS]; /* row of ids + 1; 0: free */
	uint32_t keys[STATS_IDS];
	bool looked[STATS_IDS];  /* elements of such segments are counted too */
	bool control_delimiters;
	uint8_t set_kind;
};

/* False: a failure (memory, disk) with its sentence. */
bool stats_file(struct stats *stats, const char *path, struct failure *failure) WARN_UNUSED;

#endif
