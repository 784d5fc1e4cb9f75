/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rules: situational rules and balances of a guide while a set is read: what the rule files and the walker share.
 */
#ifndef PCCM_PARSERS_RULES_H
#define PCCM_PARSERS_RULES_H

#include "parsers/parts.h"

struct rule_span {
	uint32_t first;
	uint16_t count; /* items from first on */
};
struct rule_index {
	uint8_t *levels; /* by node: the lowest SNIP level at which there is anything to do; UINT8_MAX: never */
	struct {
		struct rule_span facts, watches, rules;
	} *spans;        /* by node: facts that begin with this loop; facts that watch this segment; rules to run */
	uint16_t *items; /* numbers of facts or rules */
};
/* What is known of one fact while its loop is open. */
struct rule_cell {
	uint64_t seen;   /* segments that came */
	uint64_t count;  /* of them, those in which the element is */
	int64_t number;  /* its value, or the sum, in hundredths */
	struct place place; /* of the first (FACT_LAST: the last) segment or element */
	bool broken;     /* it is no number, or too large to be added up */
	bool longer;     /* the text is cut */
	uint8_t len;
	char text[LIMIT_RULE_VALUE_BYTES];
};

/* The value at a step's place in the segment at hand. */
struct slice rule_element(const struct segment *segment, unsigned element, unsigned component);
/* rule_facts.c: a watched segment came. */
void rule_facts_take(struct walker *walker, uint16_t node, const struct segment *segment);
/* rule_run.c: the rules of a node. */
void rules_run(struct walker *walker, uint16_t node, const struct segment *segment);
/* rule_tell.c: rule `rule` is broken; `value` and `expected` of a balance, else empty. */
void rule_tell(struct walker *walker, const struct guide_rule *rule, const struct segment *segment, struct slice value,
	const char *expected);
/* An amount that is to be added up cannot be. */
void rule_tell_amount(struct walker *walker, uint16_t node, const struct segment *segment, unsigned element);

#endif
