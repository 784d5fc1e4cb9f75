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
	bool kept;        /* any of the three, or a sum, or how many came: more than that it came */
	bool late;        /* what is kept is a value, which may be put into its cell later */
};
/* A rule to run: what can be told without running it.  First of presence alone: bit n - 1 for element n of its segment,
 * or a loop's facts.  It holds unless all that it needs are there, and if one of the others is. */
struct rule_glance {
	uint64_t needs, holds;
};
struct rule_ready {
	uint64_t when_code, then_code; /* it holds unless when_place is that; it holds if then_element is this; 0: no such look */
	uint16_t rule;
	uint16_t when_fact;   /* when_code is of this fact; GUIDE_NONE: of when_element of the segment */
	uint8_t level;
	uint8_t when_element, then_element;
	bool when_decides;    /* when_code is all that `when` asks */
};
struct rule_span {
	uint32_t first;
	uint32_t count;
};
struct rule_code {        /* the facts that watch segments with this element 01; a place of a table, code 0: free */
	uint64_t code;
	struct rule_span watches;
};
struct rule_node {
	struct rule_span rules;    /* to run */
	struct rule_span watches;  /* facts that watch every such segment, or ask for its code themselves */
	struct rule_span codes;    /* places of its table, a power of two of them; 0: none */
	/* of a loop with 64 rules at most: what had come when it was closed the last time, and the rules that this left open */
	uint64_t came, open;
	bool closed;
};
struct rule_index {
	uint8_t *levels; /* by node: the lowest SNIP level at which there is anything to do; UINT8_MAX: never */
	struct rule_node *nodes;
	struct rule_watch *watches;
	struct rule_code *codes;
	struct rule_glance *glances; /* by place in `rules` */
	struct rule_ready *rules;
	uint64_t *bits;  /* by fact */
};

/* A text of at most 7 bytes as a number; 0: empty or longer.  Of a segment: eight bytes are read. */
#define RULE_PACK_BYTES 7
static inline uint64_t rule_pack(struct slice text)
{
	uint64_t packed;
	if (text.len - 1 >= RULE_PACK_BYTES)
		return 0;
	memcpy(&packed, text.ptr, sizeof(packed));
	return (le64toh(packed) & packed_masks[text.len]) | (uint64_t)text.len << 56;
}
/* The same, without reading behind it. */
static inline uint64_t rule_pack_text(struct slice text)
{
	char bytes[8] = { 0 };
	if (text.len - 1 >= RULE_PACK_BYTES)
		return 0;
	memcpy(bytes, text.ptr, text.len);
	return rule_pack((struct slice){ bytes, text.len });
}
static inline uint32_t rule_place(uint64_t code, uint32_t places)
{
	return (uint32_t)(code * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (places - 1);
}

/* ---- what is known while a loop is open (rule_facts.c) ----------------------------------------------------------- */
struct rule_cell {
	uint64_t count;  /* segments that came, those in which the element is */
	int64_t number;  /* its value, or the sum, in hundredths */
	uint64_t packed; /* its text, by rule_pack */
	bool broken;     /* it is no number, or too large to be added up */
	bool longer;     /* the text is cut */
	uint8_t len;
	_Alignas(8) char text[LIMIT_RULE_VALUE_BYTES];
	struct place place; /* of the first (FACT_LAST: the last) segment or element */
};
/*
 * Most values that are kept are never asked for.  So of the segments of a batch, while it is at hand, only is noted where
 * the value stands (struct rule_ref); it is put into its cell when somebody asks, or at the end of the batch.
 */
void rule_ref_settle(const struct walker *walker, uint16_t fact);
void rules_settle(struct walker *walker); /* all of them */
void rules_forget(struct walker *walker); /* … or none, since no loop is open */
/* The cell of a fact of which more is kept than that it came; an empty one if nothing came. */
const struct rule_cell *rule_cell(const struct walker *walker, uint16_t fact);
/* Of one that came, the text as rule_pack gives it. */
uint64_t rule_packed(const struct walker *walker, uint16_t fact);
/* Did a segment come that a fact is about, and with the element? */
bool rule_seen(const struct walker *walker, uint16_t fact);
bool rule_came(const struct walker *walker, uint16_t fact);
struct slice rule_component(const struct segment *segment, struct slice value, unsigned component);
/* The value at a place in the segment at hand. */
static inline struct slice rule_element(const struct segment *segment, unsigned element, unsigned component)
{
	struct slice value = segment_element(segment, element);
	return component == 0 || value.len == 0 ? value : rule_component(segment, value, component);
}
/* A watched segment came: all facts that watch it; or some of them, by their places in the index, which fit. */
void rule_facts_take(struct walker *walker, uint16_t node, const struct segment *segment);
void rule_watches_take(struct walker *walker, uint16_t node, const uint16_t *watches, unsigned count,
	const struct segment *segment);
/* Is a watched segment one that the fact is about?  The facts of a node that ask for what is in element 01. */
bool rule_watch_fits(const struct walker *walker, const struct rule_watch *watch, const struct segment *segment);
struct rule_span rule_coded_watches(const struct rule_index *index, const struct rule_node *at, const struct segment *segment);

/* ---- rule_run.c ------------------------------------------------------------------------------------------------------ */
/* Does what came settle that the rule holds? */
static inline bool rule_glance_settles(const struct rule_glance *glance, uint64_t came)
{
	return ((glance->needs & ~came) | (glance->holds & came)) != 0;
}
/* One rule of a segment, by its place in the index. */
void rule_ready_run(struct walker *walker, uint16_t ready, const struct segment *segment);

/* ---- rule_tell.c ----------------------------------------------------------------------------------------------------- */
/* Rule `rule` is broken; `value` and `expected` of a balance, else empty. */
void rule_tell(struct walker *walker, const struct guide_rule *rule, const struct segment *segment, struct slice value,
	const char *expected);
/* An amount that is to be added up cannot be. */
void rule_tell_amount(struct walker *walker, uint16_t node, const struct segment *segment, unsigned element);

#endif
