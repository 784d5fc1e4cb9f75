/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule: what the files of the rule compiler share: one expression being read, and the places in it.
 */
#ifndef PCCM_GUIDES_RULE_H
#define PCCM_GUIDES_RULE_H

#include "guides/tables.h"

enum rule_type { RULE_IS_TEXT, RULE_IS_NUMBER, RULE_IS_DAY };

/* A place as it was written and what it means: an element of the rule's own segment, or something of the loops around. */
struct rule_place {
	struct slice text;
	bool own;
	uint16_t loop;                       /* node of the loop that the fact is about */
	uint16_t nodes[64];                  /* segments that are meant, in file order */
	uint16_t node_count;
	uint8_t element, component;          /* element 0: the segment, or the loop that it opens */
	uint16_t filter;                     /* as in struct guide_fact */
	uint8_t filter_component;
	const struct guide_element *what;    /* the element; NULL for a whole segment */
};
/* One expression being read. */
struct rule_text {
	struct guide_build *build;
	uint16_t node;                       /* the rule's loop or segment */
	struct rule_error *error;
	const char *attribute;
	struct slice text;
	size_t at;
	unsigned depth;                      /* parentheses open */
	unsigned values;                     /* values on the stack when what was read so far runs */
	size_t first_step;
	struct guide_place first;            /* the first place named */
};

/* rule_place.c.  Say what is wrong at byte `offset`; always false. */
bool rule_refuse(struct rule_text *r, size_t offset, const char *format, ...) PRINTF_LIKE(3, 4);
void rule_blanks(struct rule_text *r);
/* Read a place and find what it means. */
bool rule_place_read(struct rule_text *r, struct rule_place *place);
bool rule_place_is_number(const struct rule_place *place);
bool rule_place_is_day(const struct rule_place *place);
/* The fact that this place is: GUIDE_NONE and a complaint if there is no room.  `elements` of a sum. */
uint16_t rule_fact(struct rule_text *r, const struct rule_place *place, enum fact_kind kind, uint64_t elements,
	struct slice text);

#endif
