/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * oracle: is a transaction set what its guide allows, at SNIP levels 1 and 2?  Answers yes or no, and is written
 * apart from parsers/ on purpose, in the plainest way: the guide is a grammar, and the set is in its language or not.
 * It knows no findings, no cursor and no recovery, so that it can be wrong only where the guide's tables are.
 */
#ifndef PCCM_TESTS_ORACLE_H
#define PCCM_TESTS_ORACLE_H

#include "guides/guides.h"

#define ORACLE_SEGMENTS 192
#define ORACLE_ELEMENTS 40
struct oracle_segment {
	struct slice id, bytes;
	unsigned count;                              /* elements after the id */
	struct slice elements[ORACLE_ELEMENTS + 1];  /* [1] is the first */
};
struct oracle_set {
	const struct guide *guide;
	char element, repetition, component;
	unsigned count; /* segments, ST and SE among them */
	struct oracle_segment segments[ORACLE_SEGMENTS];
};
/* Split a segment's bytes, without its terminator; false if it has more elements than are kept. */
bool oracle_split(struct oracle_segment *segment, struct slice bytes, char separator);
/* Is the sequence of segments one that the guide allows, each with elements that it allows? */
bool oracle_allows(const struct oracle_set *set);
/* One segment against one node of the guide: id, key, and every element (oracle_elements.c). */
bool oracle_segment_fits(const struct oracle_set *set, const struct oracle_segment *segment, uint16_t node);

#endif
