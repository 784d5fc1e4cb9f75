/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * receivables: what a program says of payees that owe: which attribute of a practice
 * means that it is closed (RET-10), whether another payee of the same tax id may be made
 * to pay for it, what happens when a tax id changes (BAD-23), and when a letter is due.
 */
#include "rules/compile.h"

#define DEMAND_DAYS 90 /* the last bucket of an aging report (RET-9) */

void compile_receivables(struct compiler *c, const xmlNode *from)
{
	struct receivable_rules *rules = &c->program->receivables;
	*rules = (struct receivable_rules){ .demand_days = DEMAND_DAYS };
	if (from == NULL)
		return;
	rules->closed = compile_text(c, from, "closed");
	rules->offset = compile_is(c, from, "offset", "same-tax-id");
	rules->stays = compile_is(c, from, "tax-id-change", "stays");
	if (compile_text(c, from, "demand-days").len > 0)
		rules->demand_days = compile_number(c, from, "demand-days");
	if (rules->offset && rules->closed.len == 0)
		compile_complain(c, from, "nobody is ever closed, so that nothing is offset: name the attribute in closed", SLICE("same-tax-id"));
}

const struct receivable_rules *program_receivables(const struct program *program)
{
	return &program->receivables;
}
