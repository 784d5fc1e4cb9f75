/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * thresholds: how far a cycle may go before somebody has to say that it is right
 * (domain reference 8, BAD-13 for money: a missing file or a wrong rate shows in the sums).
 *
 * A limit itself is not past it.  Percents are compared without dividing.
 */
#include "rules/compile.h"

static const struct {
	const char *name;
	bool percent;
} kinds[THRESHOLDS] = {
	[THRESHOLD_CYCLE] = { "cycle-amount", false },
	[THRESHOLD_CHANGE] = { "change-percent", true },
	[THRESHOLD_TAKEBACKS] = { "takeback-percent", true },
	[THRESHOLD_PAYEE] = { "payee-amount", false },
};

const char *threshold_name(enum threshold threshold)
{
	return kinds[threshold].name;
}

void compile_thresholds(struct compiler *c, const xmlNode *from)
{
	bool any = false;
	for (int i = 0; i < THRESHOLDS; i++) {
		int64_t *limit = &c->program->thresholds[i];
		struct slice text = from == NULL ? SLICE_NONE : compile_text(c, from, kinds[i].name);
		*limit = THRESHOLD_NONE;
		if (text.len == 0)
			continue;
		any = true;
		if (kinds[i].percent)
			*limit = compile_number(c, from, kinds[i].name);
		else if (!cents_parse(limit, text))
			compile_complain(c, from, "threshold is not an amount", text);
	}
	if (from != NULL && !any)
		compile_complain(c, from, "no threshold is set: name one, or leave the element out", SLICE("thresholds"));
}

bool program_threshold(int64_t *limit, const struct program *program, enum threshold threshold)
{
	*limit = program->thresholds[threshold];
	return *limit != THRESHOLD_NONE;
}

static cents size_of(cents amount)
{
	return amount < 0 ? -amount : amount;
}

/* part / whole in percent, rounded up; of nothing, anything is past every limit */
static int64_t percent(cents part, cents whole)
{
	if (part == 0)
		return 0;
	return whole <= 0 ? INT64_MAX : (part * 100 + whole - 1) / whole;
}

bool threshold_exceeded(int64_t *found, const struct program *program, enum threshold threshold, const struct cycle_sums *sums)
{
	int64_t limit;
	*found = 0;
	if (threshold == THRESHOLD_CYCLE)
		*found = size_of(sums->amount);
	else if (threshold == THRESHOLD_CHANGE && sums->has_before)
		*found = percent(size_of(sums->amount - sums->amount_before), size_of(sums->amount_before));
	else if (threshold == THRESHOLD_TAKEBACKS)
		*found = percent(sums->taken, sums->paid);
	return program_threshold(&limit, program, threshold) && *found > limit;
}

bool threshold_payee_exceeded(const struct program *program, cents amount)
{
	int64_t limit;
	return program_threshold(&limit, program, THRESHOLD_PAYEE) && size_of(amount) > limit;
}
