/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * ledger: what a member-month is worth by what is known now, and the difference to what
 * was posted for it (RET-1 … RET-8).
 *
 * The difference is taken per (month, billing provider, fund): a change of PCP inside one
 * practice moves no money.  A month that belongs to another payee or fund now gives two
 * postings, and either both fall into their windows or neither is made, so that
 * no month is ever paid twice or to nobody by halves.  Deltas of what a delta has settled are empty.
 */
#include "rules/internal.h"

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

bool month_entitled(struct member_month *out, enum reason *why, const struct program *program,
	const struct ledger_member *facts, months month)
{
	const struct member *member = facts->member;
	days day = program->count_last_day ? month_last(month) : month_first(month);
	*out = (struct member_month){ .member = member->id, .month = month };
	*why = REASON_MERGE;
	if (member->merged_into != 0) /* RET-8: its months are the other id's */
		return false;
	*why = REASON_DEATH;
	if (member->died != DAYS_NONE && member->died < day) /* RET-6 */
		return false;
	*why = REASON_PROGRAM_CLOSED;
	if (day < program->opens || day > program->closes)
		return false;
	const struct span *span = coverage_on(why, program, member, day);
	if (span == NULL)
		return false;
	const struct assignment *assignment = assignment_on(facts, day);
	if (assignment == NULL) {
		*why = left_before(facts, day) ? REASON_PCP_LEFT : REASON_COVERAGE_ENDED;
		return false;
	}
	*why = REASON_PCP_UNKNOWN;
	const struct pcp_facts *pcp = pcp_of(facts, assignment->pcp);
	if (pcp == NULL)
		return false;
	*why = REASON_PCP_NOT_ENROLLED;
	if (!pcp_enrolled(pcp, day))
		return false;
	*why = REASON_PCP_NO_CONTRACT;
	if (!pcp_contracted(pcp, day))
		return false;
	*why = REASON_PCP_NOT_AFFILIATED;
	int64_t billing = affiliated_on(pcp, day);
	if (billing == 0)
		return false;
	*why = REASON_NONE;
	out->pcp = assignment->pcp;
	out->billing = billing;
	slice_copy(out->fund, sizeof(out->fund), span_fund(program, span));
	out->amount = program_fee(program, month);
	return out->amount != 0;
}

/* Why a month that was paid is not payable at all. */
static enum reason takeback_reason(enum reason why)
{
	if (why == REASON_DEATH || why == REASON_MERGE || why == REASON_PCP_LEFT)
		return why;
	if (why == REASON_NOT_COVERED || why == REASON_OTHER_PLAN || why == REASON_PROGRAM_CLOSED)
		return REASON_RETRO_TERM;
	if (why == REASON_PCP_NOT_ENROLLED || why == REASON_PCP_NO_CONTRACT || why == REASON_PCP_NOT_AFFILIATED)
		return REASON_PCP_LEFT;
	return why == REASON_NONE ? REASON_RATE_CHANGE : REASON_ERROR;
}

static bool same_key(const struct member_month *a, const struct member_month *b)
{
	return a->billing == b->billing && strcmp(a->fund, b->fund) == 0;
}

/* The net of row `index`'s key; 0 unless it is the first row of its key. */
static cents key_net(const struct member_month *posted, size_t count, size_t index)
{
	cents net = 0;
	for (size_t i = 0; i < count; i++) {
		if (posted[i].month != posted[index].month || !same_key(&posted[i], &posted[index]))
			continue;
		if (i < index)
			return 0;
		net += posted[i].amount;
	}
	return net;
}

struct month_delta {
	struct member_month entitled; /* amount 0: nothing */
	enum reason why;              /* not entitled: why not */
	cents posted_same;            /* net under the entitled key */
	const struct member_month *other; /* a key that has money and should not; NULL */
};

static struct month_delta month_look(const struct program *program, const struct ledger_member *facts,
	const struct member_month *posted, size_t count, months month)
{
	struct month_delta look = { 0 };
	if (!month_entitled(&look.entitled, &look.why, program, facts, month))
		look.entitled.amount = 0;
	for (size_t i = 0; i < count; i++) {
		if (posted[i].month != month)
			continue;
		if (look.entitled.amount != 0 && same_key(&posted[i], &look.entitled))
			look.posted_same += posted[i].amount;
		else if (look.other == NULL && key_net(posted, count, i) != 0)
			look.other = &posted[i];
	}
	return look;
}

struct delta_out {
	struct posting *items;
	size_t count, size;
};

static void delta_put(
	struct delta_out *out, const struct member_month *at, int64_t member, cents amount, enum reason reason)
{
	if (amount == 0 || out->count == out->size)
		return;
	struct posting *posting = &out->items[out->count++];
	*posting = (struct posting){ .member = member, .month = at->month, .pcp = at->pcp, .billing = at->billing,
		.amount = amount, .kind = POSTING_RETRO, .reason = reason };
	slice_copy(posting->fund, sizeof(posting->fund), slice_of(at->fund));
}

/* Are the windows open for what this month needs?  Death has a window of its own (RET-6). */
static bool month_open(const struct program *program, const struct month_delta *look, months month, months now)
{
	cents difference = look->entitled.amount - look->posted_same;
	bool takes = look->other != NULL || difference < 0;
	months oldest = program_oldest_open(program, now, true);
	if (look->why == REASON_DEATH)
		oldest = program->death_months == MONTHS_OPEN ? MONTHS_NONE : now - program->death_months;
	if (takes && month < oldest)
		return false;
	return difference <= 0 || month >= program_oldest_open(program, now, false);
}

size_t ledger_delta(struct posting *out, size_t size, const struct program *program, const struct ledger_member *facts,
	const struct member_month *posted, size_t posted_count, months first, months last, months now)
{
	struct delta_out delta = { out, 0, size };
	int64_t member = facts->member->id;
	for (months month = first; month <= last && delta.count < size; month++) {
		struct month_delta look = month_look(program, facts, posted, posted_count, month);
		if (!month_open(program, &look, month, now))
			continue;
		cents difference = look.entitled.amount - look.posted_same;
		size_t before = delta.count;
		for (size_t i = 0; i < posted_count; i++) {
			if (posted[i].month != month ||
				(look.entitled.amount != 0 && same_key(&posted[i], &look.entitled)))
				continue;
			enum reason reason = look.entitled.amount == 0 ? takeback_reason(look.why)
				: posted[i].billing != look.entitled.billing ? REASON_PCP_CHANGE : REASON_FUND_CHANGE;
			delta_put(&delta, &posted[i], member, -key_net(posted, posted_count, i), reason);
		}
		if (difference == 0)
			continue;
		enum reason reason = look.posted_same != 0 ? REASON_RATE_CHANGE : look.other == NULL ? REASON_RETRO_ADD
			: look.other->billing != look.entitled.billing ? REASON_PCP_CHANGE : REASON_FUND_CHANGE;
		if (delta.count == size) { /* takebacks whose addition does not fit wait for the next call */
			delta.count = before;
			break;
		}
		delta_put(&delta, &look.entitled, member, difference, reason);
	}
	return delta.count;
}
