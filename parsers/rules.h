/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rules: situational rules and balances of a guide while a set is read: what the rule files and the walker share.
 */
#ifndef PCCM_PARSERS_RULES_H
#define PCCM_PARSERS_RULES_H

#include "parsers/parts.h"

/* ---- the guide's rules, turned so that most of what comes is seen to break none at a glance (rule_index.c) ---- */
/* A fact that watches a segment. */
struct rule_watch {
	uint64_t code;    /* element 01 as rule_pack gives it; 0: any */
	uint64_t bit;     /* of the fact, among those of its loop */
	uint16_t fact, loop;
	uint16_t filter;  /* where the code is too long to pack: a code list */
	uint8_t level;
	uint8_t kind, element, component, filter_component; /* as in struct guide_fact */
	bool number, exact; /* an amount to be kept; parts of a cent are told */
	bool placed;      /* some rule is told there, or triggered there */
	bool text;        /* some rule reads its value */
};
/* A rule to run: first what can be told without running it. */
struct rule_ready {
	uint64_t needs_facts; /* of its own loop: it holds unless all of them came */
	uint64_t holds_facts; /* and if one of these came */
	uint64_t when_code, then_code; /* packed: it holds unless when_place is that; it holds if then_element is this; 0: no such glance */
	uint16_t rule;
	uint16_t when_fact;   /* when_code is of this fact; GUIDE_NONE: of when_element of the segment */
	uint8_t level;
	uint8_t needs, lacks; /* as in struct guide_rule */
	uint8_t when_element, then_element;
	bool when_decides;    /* when_code is all that `when` asks */
};
struct rule_span {
	uint32_t first;
	uint32_t count;
};
struct rule_index {
	uint8_t *levels; /* by node: the lowest SNIP level at which there is anything to do; UINT8_MAX: never */
	struct {
		struct rule_span watches, rules;
	} *spans;        /* by node: facts that watch this segment; rules to run */
	struct rule_watch *watches;
	struct rule_ready *rules;
	uint64_t *bits;  /* by fact */
};

/* A text of at most 7 bytes as a number; 0: empty or longer. */
static inline uint64_t rule_pack(struct slice text)
{
	uint64_t packed = 0;
	if (text.len - 1 > 6)
		return 0;
	for (size_t i = 0; i < text.len; i++)
		packed = packed << 8 | (unsigned char)text.ptr[i];
	return packed << 8 | text.len;
}

/* ---- what is known while a loop is open (rule_facts.c) ----------------------------------------------------------- */
struct rule_cell {
	uint64_t seen;   /* segments that came */
	uint64_t count;  /* of them, those in which the element is */
	int64_t number;  /* its value, or the sum, in hundredths */
	uint64_t packed; /* its text, by rule_pack */
	struct place place; /* of the first (FACT_LAST: the last) segment or element */
	bool broken;     /* it is no number, or too large to be added up */
	bool longer;     /* the text is cut */
	uint8_t len;
	char text[LIMIT_RULE_VALUE_BYTES];
};
/* The cell of a fact; an empty one if nothing came. */
const struct rule_cell *rule_cell(const struct walker *walker, uint16_t fact);
/* The value at a place in the segment at hand. */
static inline struct slice rule_element(const struct segment *segment, unsigned element, unsigned component)
{
	struct slice value = segment_element(segment, element), part;
	if (component == 0 || value.len == 0)
		return value;
	return slice_part(&part, value, segment->delimiters.component, component - 1) ? part : SLICE_NONE;
}
/* A watched segment came. */
void rule_facts_take(struct walker *walker, uint16_t node, const struct segment *segment);

/* ---- rule_tell.c ----------------------------------------------------------------------------------------------------- */
/* Rule `rule` is broken; `value` and `expected` of a balance, else empty. */
void rule_tell(struct walker *walker, const struct guide_rule *rule, const struct segment *segment, struct slice value,
	const char *expected);
/* An amount that is to be added up cannot be. */
void rule_tell_amount(struct walker *walker, uint16_t node, const struct segment *segment, unsigned element);

#endif
