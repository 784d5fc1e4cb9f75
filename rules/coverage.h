/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * coverage: what the 2300 loops and the end dates of one member record do to the member's
 * spans.  Between enrolment.c and spans.c; nobody else includes it.
 */
#ifndef PCCM_RULES_COVERAGE_H
#define PCCM_RULES_COVERAGE_H

#include "rules/internal.h"

struct coverage_change {
	const struct program *program;
	const struct enrolment_set *set;
	const struct member_record *record;
	bool replace;     /* coverage from the record's first day on is the record's */
	days today;
	const struct additions *earlier; /* by records of the same file */
	bool span_dates;  /* out: a span was left out */
	bool added_twice; /* out: an addition met the same plan with other dates */
	bool by_day;      /* out: today or the set's own date stood in for a date that the record does not name */
};
/* Fills after->spans (arena).  False: the arena is full. */
bool coverage_apply(
	struct coverage_change *change, struct member *after, const struct member *before, struct arena *arena);
/* Does this HD end or delete (by its own HD01, else by INS03)? */
bool coverage_takes_away(const struct member_record *record, const struct coverage_record *coverage);
/* Has the record any coverage that is not taken away? */
bool record_brings_coverage(const struct member_record *record);
/* The last day that a termination names: DTP 357, 474, then 349 of its coverages, then 303; NONE. */
days record_last_day(const struct member_record *record);

#endif
