/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * condition: what a program file may ask of a member-month or of a choice: <when …/>
 * elements below a class, a filter, a rate, an add-on, a fund.  All of them must hold;
 * none at all holds always (docs/rules-format.md).
 */
#ifndef PCCM_RULES_CONDITION_H
#define PCCM_RULES_CONDITION_H

#include "rules/internal.h"

/* What a condition is held against.  What is NULL is not known: nothing asked of it holds, nor its opposite. */
struct circumstances {
	const struct program *program;
	days day;
	const struct member *member;
	const struct span *span;      /* the coverage of that day */
	const struct pcp_facts *pcp;  /* and its practice of that day */
	const struct practice_facts *payee; /* who is paid: the practice or its network */
};
struct compiler;
/* The <when> elements below `from`, in the program's arena. */
struct conditions compile_conditions(struct compiler *c, const void *from);
/* Do all of them hold?  *failed (may be NULL) is the first that does not. */
bool conditions_hold(const struct conditions *conditions, const struct circumstances *at, const struct when **failed);
/* "age 0 to 20, aid category one of F01 F02": for traces and `program show`; in the arena. */
struct slice conditions_text(struct arena *arena, const struct conditions *conditions);
/* What was found where a condition asked: "age 34", "no attribute tribal". */
struct slice when_found(struct arena *arena, const struct when *when, const struct circumstances *at);
/* Does whatever meets `narrow` surely meet `wide`?  Each condition of `wide` stands in `narrow` too: what lies behind a row
 * that is as wide is never reached. */
bool conditions_imply(const struct conditions *narrow, const struct conditions *wide);
/* Does any of them ask for a PCP or practice? */
bool conditions_ask_pcp(const struct conditions *conditions);
/* … for an age? */
bool conditions_ask_age(const struct conditions *conditions);
/* … for the member or its coverage? */
bool conditions_ask_member(const struct conditions *conditions);

#endif
