/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * judging: one family while its requests are judged: what the files that ask the questions
 * of a decision share.  assignment.c has the rounds, ask_member.c and ask_pcp.c the questions.
 */
#ifndef PCCM_RULES_JUDGING_H
#define PCCM_RULES_JUDGING_H

#include "rules/condition.h"

struct candidate {
	const struct request *request; /* pending; NULL */
	const struct pcp_facts *pcp;   /* asked for; NULL: not known */
	days effective;
	bool switches;      /* has a PCP in the program on that day */
	bool alone;         /* on a day of their own: switches, or was born into a family of the program */
	bool established;   /* would be accepted by their own facts with ENR-5's code */
	bool fits;          /* would be accepted if the family were complete and every panel had room */
	bool acceptable;    /* would be accepted if the family were complete */
};
struct judging {
	const struct program *program;
	const struct family *family;
	struct arena *arena; /* where facts are written down; NULL: they are not */
	days today;
	struct candidate candidates[LIMIT_FAMILY];
	size_t count;
};
struct answered { /* how one question came out for one member */
	enum reason reason; /* NONE: passed */
	struct slice fact;
	struct origin origin;
	bool exception;     /* passed by ENR-5 or ENR-6 */
};
/* A rule of the decision, or one of the filters that a rule stands for. */
struct question {
	const struct rule *rule;
	const struct filter *filter; /* NULL: none */
};

/* assignment.c */
const struct assignment *assigned_on(const struct family_member *member, days day);
/* The next question for a member on a day; *out zeroed before the first.  False: there is none any more. */
bool question_next(struct question *out, const struct program *program, days day);

/* ask_member.c */
struct answered ask_known(const struct judging *j, size_t i);
struct answered ask_alive(const struct judging *j, size_t i);
struct answered ask_open(const struct judging *j, size_t i);
struct answered ask_covered(const struct judging *j, size_t i);
struct answered ask_town(const struct judging *j, size_t i);
struct answered ask_population(const struct judging *j, size_t i);
struct answered ask_change(const struct judging *j, size_t i);
struct answered ask_new(const struct judging *j, size_t i);
struct answered ask_family(const struct judging *j, size_t i);

/* ask_pcp.c */
struct answered ask_pcp(const struct judging *j, size_t i, enum rule_test test);
struct answered ask_pcp_town(const struct judging *j, size_t i);
struct answered ask_filter(const struct judging *j, size_t i, const struct filter *filter);
struct answered ask_capacity(const struct judging *j, size_t i);

#endif
