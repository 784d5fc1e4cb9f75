/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * assigning: one run of assign, as its files share it.  assign.c judges what is asked for,
 * auto.c asks for those who do not.
 */
#ifndef PCCM_EXCHANGE_ASSIGNING_H
#define PCCM_EXCHANGE_ASSIGNING_H

#include "exchange/facts.h"

/* What led to a request that the run itself made: stands before the steps of its verdict. */
struct prelude {
	int64_t request;
	const struct step *steps;
	size_t step_count;
};
struct assigner {
	struct office *office;
	struct assign_report *report;
	decision_fn fn;
	void *fn_data;
	struct arena arena;      /* one family, or one PCP */
	struct pcp_list leaving; /* the PCP whose panel is looked at */
	const struct prelude *preludes;
	size_t prelude_count;
};
/* Judge what is pending of a family: a case number, or a member without one. */
bool assigner_judge(struct assigner *assigner, struct slice case_number, int64_t member) WARN_UNUSED;
/* Newborns of families in the program: a PCP of the family until one is chosen (domain reference 2.8). */
bool assigner_newborns(struct assigner *assigner) WARN_UNUSED;
/* Members who chose nobody in time: find a PCP for each, ask for him and judge it (ASG-3, ASG-4). */
bool assigner_choose(struct assigner *assigner) WARN_UNUSED;

/* Assignments end whose coverage was away for too long, and go on where it came back in time (ASG-7). */
bool assigner_gaps(struct assigner *assigner) WARN_UNUSED;

#endif
