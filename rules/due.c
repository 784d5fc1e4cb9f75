/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * due: what a member-month is worth by what is known now (FEE-1 … FEE-8, FEE-R1 … FEE-R7).
 *
 * A day is payable when the member is covered, has a PCP of the program, and the PCP a practice.  The stream's
 * counting rule says which day of the month speaks, or how many do.  A month that is paid by days may have
 * several payees; its parts are differences of one running total that is rounded half up, so that they never add up
 * to more than the whole month.
 */
#include "rules/condition.h"

#include <assert.h>

struct day_look { /* a payable day */
	const struct span *span;
	const struct assignment *assignment;
	const struct pcp_facts *pcp;
	int64_t practice;
};

static const struct assignment *assignment_on(const struct ledger_member *facts, days day)
{
	for (size_t i = 0; i < facts->assignment_count; i++)
		if (facts->assignments[i].begin <= day && day <= facts->assignments[i].end)
			return &facts->assignments[i];
	return NULL;
}

static const struct pcp_facts *pcp_of(const struct ledger_member *facts, int64_t pcp)
{
	for (size_t i = 0; i < facts->pcp_count; i++)
		if (facts->pcps[i].pcp.id == pcp)
			return &facts->pcps[i];
	return NULL;
}

/* Did the last assignment before `day` lose its PCP by then?  Tells a PCP who left from a mended assignment. */
static bool left_before(const struct ledger_member *facts, days day)
{
	const struct assignment *newest = NULL;
	for (size_t i = 0; i < facts->assignment_count; i++)
		if (facts->assignments[i].end < day && (newest == NULL || facts->assignments[i].end > newest->end))
			newest = &facts->assignments[i];
	const struct pcp_facts *pcp = newest == NULL ? NULL : pcp_of(facts, newest->pcp);
	return pcp != NULL && !(pcp_enrolled(pcp, day) && pcp_contracted(pcp, day) && affiliated_on(pcp, day) != 0);
}

static bool day_payable(struct day_look *out, enum reason *why, const struct program *program,
	const struct ledger_member *facts, days day)
{
	const struct member *member = facts->member;
	*why = REASON_MERGE;
	if (member->merged_into != 0) /* RET-8: its months are the other id's */
		return false;
	*why = REASON_DEATH;
	if (member->died != DAYS_NONE && member->died < day) /* RET-6 */
		return false;
	*why = REASON_PROGRAM_CLOSED;
	if (day < program->opens || day > program->closes)
		return false;
	out->span = coverage_on(why, program, member, day);
	if (out->span == NULL)
		return false;
	out->assignment = assignment_on(facts, day);
	if (out->assignment == NULL) {
		*why = left_before(facts, day) ? REASON_PCP_LEFT : REASON_COVERAGE_ENDED;
		return false;
	}
	*why = REASON_PCP_UNKNOWN;
	const struct pcp_facts *pcp = out->pcp = pcp_of(facts, out->assignment->pcp);
	if (pcp == NULL)
		return false;
	*why = REASON_PCP_NOT_ENROLLED;
	if (!pcp_enrolled(pcp, day))
		return false;
	*why = REASON_PCP_NO_CONTRACT;
	if (!pcp_contracted(pcp, day))
		return false;
	*why = REASON_PCP_NOT_AFFILIATED;
	out->practice = affiliated_on(pcp, day);
	if (out->practice == 0)
		return false;
	*why = REASON_NONE;
	return true;
}

bool month_patient(struct member_month *out, enum reason *why, const struct program *program,
	const struct ledger_member *facts, months month)
{
	struct day_look look = { 0 };
	*out = (struct member_month){ .member = facts->member->id, .month = month };
	if (!day_payable(&look, why, program, facts, month_first(month)))
		return false;
	out->pcp = look.assignment->pcp;
	out->practice = out->billing = look.practice;
	return true;
}

/* ------------------------------------------------------------------ one day's money */

/* FEE-R1: the first row that is in force on the day and whose conditions hold. */
static cents rate_of(const struct rate *rates, size_t count, const struct circumstances *at)
{
	for (size_t i = 0; i < count; i++)
		if (rates[i].from <= at->day && at->day <= rates[i].to && conditions_hold(rates[i].when, at, NULL))
			return rates[i].amount;
	return 0;
}

static cents day_rate(const struct program *program, const struct stream *stream, const struct ledger_member *facts,
	const struct day_look *look, days day)
{
	const struct circumstances at = { program, day, facts->member, look->span, look->pcp };
	return rate_of(stream->rates, stream->rate_count, &at);
}

static void line_add(struct month_due *due, const struct member_month *line)
{
	for (size_t i = 0; i < due->count; i++)
		if (due->lines[i].billing == line->billing && strcmp(due->lines[i].fund, line->fund) == 0) {
			due->lines[i].amount += line->amount;
			return;
		}
	assert(due->count < LIMIT_MONTH_LINES); /* the compiler sees to it */
	due->lines[due->count++] = *line;
}

/* FEE-R7: whole from the fund of the aid category, or by shares of that day: cents that do not divide go to the largest
 * remainders, of equal ones to the fund code that comes first. */
static void line_split(struct month_due *due, const struct program *program, const struct stream *stream,
	const struct span *span, days day, struct member_month *line)
{
	if (line->amount == 0)
		return;
	if (stream->share_count == 0) {
		slice_copy(line->fund, sizeof(line->fund), span_fund(program, span));
		line_add(due, line);
		return;
	}
	cents whole = line->amount, given = 0, parts[LIMIT_FUNDS], rests[LIMIT_FUNDS];
	size_t count = 0, at[LIMIT_FUNDS];
	for (size_t i = 0; i < stream->share_count; i++) {
		const struct share *share = &stream->shares[i];
		if (day < share->from || day > share->to)
			continue;
		parts[count] = whole * share->percent / 10000;
		rests[count] = whole * share->percent % 10000;
		given += parts[count];
		at[count++] = share->fund;
	}
	for (; given < whole && count > 0; given++) {
		size_t best = 0;
		for (size_t i = 1; i < count; i++)
			if (rests[i] > rests[best] || (rests[i] == rests[best] &&
				slice_compare(program->funds[at[i]].code, program->funds[at[best]].code) < 0))
				best = i;
		parts[best]++;
		rests[best] -= 10000;
	}
	for (size_t i = 0; i < count; i++) {
		line->amount = parts[i];
		slice_copy(line->fund, sizeof(line->fund), program->funds[at[i]].code);
		if (parts[i] != 0)
			line_add(due, line);
	}
	line->amount = whole;
}

static bool line_begin(struct member_month *line, const struct ledger_member *facts, const struct stream *stream,
	const struct day_look *look, months month)
{
	*line = (struct member_month){ .member = facts->member->id, .month = month, .pcp = look->assignment->pcp,
		.practice = look->practice, .billing = look->practice };
	memcpy(line->stream, stream->id, sizeof(line->stream));
	return true;
}

/* ------------------------------------------------------------------ a month */

static void due_of_day(struct month_due *due, const struct program *program, const struct stream *stream,
	const struct ledger_member *facts, months month, days day, const struct day_look *look)
{
	struct member_month line;
	if (!line_begin(&line, facts, stream, look, month))
		return;
	line.amount = day_rate(program, stream, facts, look, day);
	line_split(due, program, stream, look->span, day, &line);
}

/* Actual days of the month are the basis; what the days up to one come to is rounded half up. */
static void due_by_days(struct month_due *due, const struct program *program, const struct stream *stream,
	const struct ledger_member *facts, months month)
{
	days first = month_first(month), last = month_last(month);
	cents basis = last - first + 1, total = 0, given = 0;
	enum reason why = REASON_NONE;
	for (days day = first; day <= last; day++) {
		struct day_look look;
		struct member_month line;
		if (!day_payable(&look, &why, program, facts, day)) {
			due->why = why;
			continue;
		}
		total += day_rate(program, stream, facts, &look, day);
		cents rounded = (2 * total + basis) / (2 * basis);
		if (line_begin(&line, facts, stream, &look, month)) {
			line.amount = rounded - given;
			line_split(due, program, stream, look.span, day, &line);
		}
		given = rounded;
	}
}

void month_due(struct month_due *out, const struct program *program, size_t stream_index,
	const struct ledger_member *facts, months month)
{
	const struct stream *stream = &program->streams[stream_index];
	days first = month_first(month), last = month_last(month);
	struct day_look look;
	out->count = 0;
	out->why = REASON_NONE;
	if (stream->count == COUNT_DAYS) {
		due_by_days(out, program, stream, facts, month);
		return;
	}
	days from = stream->count == COUNT_LAST_DAY ? last : first, to = stream->count == COUNT_FIRST_DAY ? first : last;
	for (days day = from; day <= to; day++)
		if (day_payable(&look, &out->why, program, facts, day)) {
			due_of_day(out, program, stream, facts, month, day, &look);
			return;
		}
}

bool month_entitled(struct member_month *out, enum reason *why, const struct program *program,
	const struct ledger_member *facts, months month)
{
	struct month_due due;
	month_due(&due, program, 0, facts, month);
	*why = due.why;
	*out = (struct member_month){ .member = facts->member->id, .month = month };
	if (due.count > 0)
		*out = due.lines[0];
	for (size_t i = 1; i < due.count; i++)
		out->amount += due.lines[i].amount;
	return out->amount != 0;
}
