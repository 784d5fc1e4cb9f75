/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * payment: the PLB pairs of one payee's remittance (835-1 … 835-11, RET-9).
 *
 * Amounts are signed as in the PLB: negative pays.  BPR02 is what the lines come to, never
 * below zero: what the payee owes beyond what it gets moves on in a line of its own, and
 * comes back in the next remittance under the same number.  No line is ever zero (835-4).
 */
#include "rules/internal.h"

struct lines {
	struct payout_line *items;
	size_t count;
	cents net; /* positive: owed to the payee */
	bool failed;
};

static void line_put(struct lines *lines, struct payout_line line, struct slice code, struct slice reference)
{
	if (line.amount == 0)
		return;
	if (reference.ptr == NULL)
		lines->failed = true;
	slice_copy(line.plb_code, sizeof(line.plb_code), code);
	line.reference = reference;
	lines->net -= line.amount;
	lines->items[lines->count++] = line;
}

static void line_of_sum(
	struct lines *lines, struct arena *arena, const struct program *program, const struct posting_sum *sum)
{
	const struct payout_codes *codes = program_payout(program, sum->stream);
	struct payout_line line = {
		.month = sum->month, .amount = -sum->amount, .member_months = sum->member_months, .why = sum->why
	};
	memcpy(line.stream, sum->stream, sizeof(line.stream));
	slice_copy(line.reason, sizeof(line.reason), codes->reason);
	slice_copy(line.fund, sizeof(line.fund), slice_of(sum->fund));
	slice_copy(line.fcn, sizeof(line.fcn), slice_of(sum->fcn));
	struct slice reference = arena_format(arena, "%.*s%s-%s", SLICE_ARG(codes->reason), sum->fund, sum->fcn);
	bool held = sum->kind == POSTING_HELD || sum->kind == POSTING_RELEASED;
	line_put(lines, line, held ? SLICE("E3") : sum->kind == POSTING_RETRO ? codes->retro_code : codes->fee_code, reference);
}

static void line_of_balance(
	struct lines *lines, struct arena *arena, const struct program *program, const struct carried *balance, cents amount)
{
	struct payout_line line = { .month = MONTHS_NONE, .amount = amount };
	slice_copy(line.fcn, sizeof(line.fcn), slice_of(balance->fcn));
	struct slice code = balance->plb_code[0] != '\0' ? slice_of(balance->plb_code) : program_payout(program, NULL)->carry_code;
	line_put(lines, line, code, arena_slice(arena, slice_of(balance->fcn)));
}

bool payment_build(struct payment *out, struct carried *carry, struct arena *arena, const struct program *program,
	const struct posting_sum *sums, size_t sum_count, const struct carried *from, size_t from_count,
	const char *new_fcn)
{
	struct lines lines = { 0 };
	*carry = (struct carried){ 0 };
	out->amount = 0;
	out->line_count = 0;
	out->lines = lines.items = arena_alloc(arena, (sum_count + from_count + 1) * sizeof(*lines.items));
	if (lines.items == NULL)
		return false;
	for (size_t i = 0; i < sum_count; i++)
		line_of_sum(&lines, arena, program, &sums[i]);
	for (size_t i = 0; i < from_count; i++)
		line_of_balance(&lines, arena, program, &from[i], from[i].amount);
	if (lines.net < 0) {
		slice_copy(carry->fcn, sizeof(carry->fcn), slice_of(new_fcn));
		carry->amount = -lines.net;
		line_of_balance(&lines, arena, program, carry, lines.net);
	}
	out->amount = lines.net;
	out->line_count = lines.count;
	return !lines.failed;
}
