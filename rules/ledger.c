/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * ledger: the difference between what is due by what is known now and what was posted (RET-1 … RET-8).
 *
 * The difference is taken per (month, stream, payee, fund): a change of PCP inside one
 * practice moves no money.  A month of a stream that belongs to another payee or fund now gives two
 * postings or more, and either all fall into their windows or none is made, so that
 * no month is ever paid twice or to nobody by halves.  Deltas of what a delta has settled are empty.
 */
#include "rules/internal.h"

/* Why a month that was paid is not payable at all. */
static enum reason takeback_reason(enum reason why)
{
	if (why == REASON_DEATH || why == REASON_MERGE || why == REASON_PCP_LEFT || why == REASON_INCARCERATION)
		return why;
	if (why == REASON_NOT_COVERED || why == REASON_OTHER_PLAN || why == REASON_PROGRAM_CLOSED)
		return REASON_RETRO_TERM;
	if (why == REASON_PCP_NOT_ENROLLED || why == REASON_PCP_NO_CONTRACT || why == REASON_PCP_NOT_AFFILIATED)
		return REASON_PCP_LEFT;
	return why == REASON_NONE ? REASON_RATE_CHANGE : REASON_ERROR;
}

struct group { /* one month of one stream */
	struct month_due due;
	const struct member_month *posted; /* rows of this month and stream only */
	size_t posted_count;
	bool by_days;
};

static bool same_key(const struct member_month *a, const struct member_month *b)
{
	return a->billing == b->billing && strcmp(a->fund, b->fund) == 0;
}

/* What was posted under the key of `line`. */
static cents posted_net(const struct group *group, const struct member_month *line)
{
	cents net = 0;
	for (size_t i = 0; i < group->posted_count; i++)
		if (same_key(&group->posted[i], line))
			net += group->posted[i].amount;
	return net;
}

static bool first_of_key(const struct group *group, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (same_key(&group->posted[i], &group->posted[index]))
			return false;
	return true;
}

static cents due_under(const struct group *group, const struct member_month *line)
{
	for (size_t i = 0; i < group->due.count; i++)
		if (same_key(&group->due.lines[i], line))
			return group->due.lines[i].amount;
	return 0;
}

/* The sum that was posted and should not have been is another payee's, or another fund's, or nobody's now. */
static enum reason reason_taken(const struct group *group, const struct member_month *line, cents due)
{
	if (group->due.count == 0)
		return takeback_reason(group->due.why);
	if (due != 0)
		return !group->by_days ? REASON_RATE_CHANGE : group->due.why == REASON_NONE ? REASON_RETRO_TERM
			: takeback_reason(group->due.why);
	for (size_t i = 0; i < group->due.count; i++)
		if (group->due.lines[i].billing == line->billing)
			return REASON_FUND_CHANGE;
	return REASON_PCP_CHANGE;
}

static enum reason reason_added(const struct group *group, const struct member_month *line, cents posted)
{
	bool any = false, same_payee = false;
	if (posted != 0)
		return group->by_days ? REASON_RETRO_ADD : REASON_RATE_CHANGE;
	for (size_t i = 0; i < group->posted_count; i++) {
		if (posted_net(group, &group->posted[i]) == 0)
			continue;
		any = true;
		same_payee = same_payee || group->posted[i].billing == line->billing;
	}
	return !any ? REASON_RETRO_ADD : same_payee ? REASON_FUND_CHANGE : REASON_PCP_CHANGE;
}

struct delta_out {
	struct posting *items;
	size_t count, size;
	bool full;
	bool takes, adds;
	cents net;
};

static void delta_put(struct delta_out *out, const struct member_month *at, cents amount, enum reason reason)
{
	if (out->count == out->size) {
		out->full = true;
		return;
	}
	struct posting *posting = &out->items[out->count++];
	*posting = (struct posting){ .member = at->member, .month = at->month, .pcp = at->pcp, .billing = at->billing,
		.amount = amount, .kind = POSTING_RETRO, .reason = reason };
	memcpy(posting->stream, at->stream, sizeof(posting->stream));
	memcpy(posting->fund, at->fund, sizeof(posting->fund));
	out->net += amount;
	out->takes = out->takes || amount < 0;
	out->adds = out->adds || amount > 0;
}

static void group_delta(struct delta_out *out, const struct group *group)
{
	for (size_t i = 0; i < group->posted_count; i++) {
		const struct member_month *line = &group->posted[i];
		cents due = due_under(group, line), difference = due - posted_net(group, line);
		if (first_of_key(group, i) && difference != 0 && (difference < 0 || due == 0))
			delta_put(out, line, difference, reason_taken(group, line, due));
	}
	for (size_t i = 0; i < group->due.count; i++) {
		const struct member_month *line = &group->due.lines[i];
		cents posted = posted_net(group, line);
		if (line->amount > posted)
			delta_put(out, line, line->amount - posted, reason_added(group, line, posted));
	}
}

/* Are the windows open for what this month needs (FEE-R5)?  Death has a window of its own (RET-6), and no least amount. */
static bool month_open(const struct program *program, const struct delta_out *delta, enum reason why, months month, months now)
{
	months oldest = program_oldest_open(program, now, true);
	if (why == REASON_DEATH)
		oldest = program->death_months == MONTHS_OPEN ? MONTHS_NONE : now - program->death_months;
	if (delta->takes && month < oldest)
		return false;
	if (delta->adds && month < program_oldest_open(program, now, false))
		return false;
	cents net = delta->net < 0 ? -delta->net : delta->net;
	return net == 0 || net >= program->least_difference || why == REASON_DEATH;
}

/* The rows of `posted` for one month and stream: they lie together. */
static size_t rows_of(const struct member_month **first, const struct member_month *posted, size_t count, months month,
	const char *stream)
{
	size_t begin = 0, end;
	while (begin < count && (posted[begin].month != month || strcmp(posted[begin].stream, stream) != 0))
		begin++;
	for (end = begin; end < count && posted[end].month == month && strcmp(posted[end].stream, stream) == 0; end++)
		continue;
	*first = posted + begin;
	return end - begin;
}

size_t ledger_room(const struct program *program, size_t posted_count, months first, months last)
{
	size_t lines = 0;
	months ahead = 0;
	for (size_t i = 0; i < program->stream_count; i++) {
		const struct stream *stream = &program->streams[i];
		lines += (stream->count == COUNT_DAYS ? 31U : 1U) * (stream->share_count > 0 ? LIMIT_FUNDS : 1U);
		ahead = stream->prospective ? program->cycle_months : ahead;
	}
	return posted_count + lines * (size_t)(last + ahead < first ? 0 : last + ahead - first + 1);
}

size_t ledger_delta(struct posting *out, size_t size, const struct program *program, const struct ledger_member *facts,
	const struct member_month *posted, size_t posted_count, months first, months last, months now)
{
	size_t count = 0;
	for (months month = first; month <= last + program->cycle_months; month++) {
		for (size_t i = 0; i < program->stream_count; i++) {
			struct group group;
			struct delta_out delta = { out + count, 0, size - count, false, false, false, 0 };
			if (month > program_stream_due(program, i, last))
				continue;
			group.posted_count = rows_of(&group.posted, posted, posted_count, month, program->streams[i].id);
			group.by_days = program->streams[i].count == COUNT_DAYS;
			month_due(&group.due, program, i, facts, month);
			group_delta(&delta, &group);
			if (delta.full) /* the whole group waits for the next call */
				return count;
			if (month_open(program, &delta, group.due.why, month, now))
				count += delta.count;
		}
	}
	return count;
}
