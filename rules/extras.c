/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * extras: what a payee gets or owes for no single member: lump sums, and money held back
 * and released (FEE-R6, MH-4).
 */
#include "rules/condition.h"

cents program_withhold(const struct program *program, size_t index, months month, cents amount)
{
	const struct stream *stream = &program->streams[index];
	days day = month_first(month);
	for (size_t i = 0; i < stream->withhold_count; i++)
		if (stream->withholds[i].from <= day && day <= stream->withholds[i].to)
			return (amount * stream->withholds[i].percent + 5000) / 10000;
	return 0;
}

months program_release_due(const struct program *program, size_t index, months month)
{
	const struct stream *stream = &program->streams[index];
	return stream->withhold_count == 0 ? MONTHS_NONE : month - stream->withholds[0].release;
}

bool program_lump(struct payee_posting *out, bool *more, const struct program *program, size_t index,
	const struct practice_facts *payee, days day)
{
	*more = index < program->lump_count;
	if (!*more)
		return false;
	const struct lump *lump = &program->lumps[index];
	const struct circumstances at = { .program = program, .day = day, .payee = payee };
	if (day < lump->from || day > lump->to || !conditions_hold(lump->when, &at, NULL))
		return false;
	*out = (struct payee_posting){ .billing = payee->provider.id, .kind = POSTING_LUMP, .month = MONTHS_NONE,
		.amount = lump->amount };
	memcpy(out->stream, lump->id, sizeof(out->stream));
	slice_copy(out->fund, sizeof(out->fund), program->funds[lump->fund].code);
	return true;
}
