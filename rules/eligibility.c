/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * eligibility: which stretch of coverage speaks for a member on a day, and which fund it
 * draws on (ENR-1, ENR-2, FEE-7).  Says nothing about death: whoever asks knows what a
 * death means to the question.
 */
#include "rules/internal.h"

static enum plan_effect plan_effect(const struct program *program, struct slice plan)
{
	for (size_t i = 0; i < program->plan_count; i++)
		if (plain_equal(program->plans[i].name, plan))
			return program->plans[i].effect;
	return PLAN_NONE;
}

const struct span *coverage_on(enum reason *why, const struct program *program, const struct member *member, days day)
{
	const struct span *found = NULL;
	for (size_t i = 0; i < member->span_count; i++) {
		const struct span *span = &member->spans[i];
		if (day < span->begin || day > span->end)
			continue;
		enum plan_effect effect = plan_effect(program, span->plan);
		if (effect == PLAN_EXCLUDES) { /* ENR-2: instead of, never beside */
			*why = REASON_OTHER_PLAN;
			return NULL;
		}
		/* of two that qualify the later one speaks: spans are ordered by begin */
		if (effect == PLAN_QUALIFIES)
			found = span;
	}
	*why = found == NULL ? REASON_NOT_COVERED : REASON_NONE;
	return found;
}

const struct span *other_plan_on(const struct program *program, const struct member *member, days day)
{
	for (size_t i = 0; i < member->span_count; i++) {
		const struct span *span = &member->spans[i];
		if (span->begin <= day && day <= span->end && plan_effect(program, span->plan) == PLAN_EXCLUDES)
			return span;
	}
	return NULL;
}

struct slice span_fund(const struct program *program, const struct span *span)
{
	for (size_t i = 0; i < program->aid_count; i++)
		if (slice_among(program->aids[i].categories, span->aid_category))
			return program->funds[program->aids[i].fund].code;
	for (size_t i = 0; i < program->fund_count; i++)
		if (plain_equal(program->funds[i].code, span->payment_category))
			return program->funds[i].code;
	return program->default_fund < program->fund_count ? program->funds[program->default_fund].code : SLICE_NONE;
}
