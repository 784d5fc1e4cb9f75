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

static bool attribute_said(const struct attribute_list *attributes, struct slice name, days day)
{
	struct slice value = attribute_on(attributes, name, day);
	return value.len > 0 && !slice_is(value, "no");
}

/* RET-7: from the day itself, or from the first of the month after it began: it held on the last of the month before and holds. */
static bool suspended(const struct program *program, const struct member *member, days day)
{
	days before = month_first(month_of(day)) - 1;
	for (size_t i = 0; i < program->suspension_count; i++) {
		const struct suspension *suspension = &program->suspensions[i];
		if (attribute_said(&member->attributes, suspension->attribute, day) &&
			(suspension->same_day || attribute_said(&member->attributes, suspension->attribute, before)))
			return true;
	}
	return false;
}

/* RET-6: the day of death is the last one that counts, or the program says what its month is worth. */
static bool dead_on(const struct program *program, const struct member *member, days day)
{
	if (member->died == DAYS_NONE)
		return false;
	months month = month_of(member->died);
	return program->death_month == DEATH_COUNTED ? member->died < day
		: program->death_month == DEATH_PAYABLE ? month < month_of(day) : month <= month_of(day);
}

static bool day_payable(struct day_look *out, enum reason *why, const struct program *program,
	const struct ledger_member *facts, days day)
{
	const struct member *member = facts->member;
	*why = REASON_MERGE;
	if (member->merged_into != 0) /* RET-8: its months are the other id's */
		return false;
	*why = REASON_DEATH;
	if (dead_on(program, member, day))
		return false;
	*why = REASON_PROGRAM_CLOSED;
	if (day < program->opens || day > program->closes)
		return false;
	out->span = coverage_on(why, program, member, day);
	if (out->span == NULL)
		return false;
	*why = REASON_INCARCERATION;
	if (suspended(program, member, day))
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

/* The day on which something was done last: an attribute's value if that is a date, else the day it began; DAYS_NONE. */
static days done_last(const struct attribute_list *attributes, struct slice name, days day)
{
	days last = DAYS_NONE;
	for (size_t i = 0; i < attributes->count; i++) {
		const struct attribute *item = &attributes->items[i];
		days done = item->begin;
		if (item->begin > day || !slice_equal(item->name, name) || item->value.len == 0)
			continue;
		if (!days_parse_iso(&done, item->value))
			done = item->begin;
		last = done > last && done <= day ? done : last;
	}
	return last;
}

/* PCM-5: when it is due again by the first row that holds; the day itself if it was never done.  DAYS_NONE: no row holds. */
static days addon_due(const struct addon *addon, const struct circumstances *at)
{
	for (size_t i = 0; i < addon->due_count; i++) {
		if (!conditions_hold(addon->dues[i].when, at, NULL))
			continue;
		const struct due_rule *due = &addon->dues[i];
		const struct practice_facts *practice = due->payee ? at->payee : practice_on(at->pcp, at->day);
		const struct attribute_list none = { 0 }, *of = due->of == SUBJECT_MEMBER && !due->payee ? &at->member->attributes
			: practice != NULL ? &practice->attributes : &none;
		days last = done_last(of, due->attribute, at->day);
		return last == DAYS_NONE ? at->day : days_months_later(last, due->months);
	}
	return DAYS_NONE;
}

/* The base rate and the add-ons; what is overdue stops its add-on. */
static cents day_rate(const struct stream *stream, const struct circumstances *at)
{
	cents rate = rate_of(stream->rates, stream->rate_count, at);
	for (size_t i = 0; i < stream->addon_count; i++) {
		const struct addon *addon = &stream->addons[i];
		days due = addon_due(addon, at);
		if (conditions_hold(addon->when, at, NULL) && (due == DAYS_NONE || at->day < due))
			rate += rate_of(addon->rates, addon->rate_count, at);
	}
	return rate;
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

static const struct practice_facts *network_of(const struct ledger_member *facts, const struct practice_facts *practice, days day)
{
	struct slice npi = practice == NULL ? SLICE_NONE : attribute_on(&practice->attributes, SLICE("network"), day);
	for (size_t i = 0; npi.len > 0 && i < facts->network_count; i++)
		if (slice_is(npi, facts->networks[i].provider.npi))
			return &facts->networks[i];
	return NULL;
}

/* PCM-2: the practice or its network of that day.  False: nobody could be paid. */
static bool line_begin(struct member_month *line, const struct practice_facts **payee, const struct ledger_member *facts,
	const struct stream *stream, const struct day_look *look, months month, days day)
{
	const struct practice_facts *practice = practice_on(look->pcp, day);
	*line = (struct member_month){ .member = facts->member->id, .month = month, .pcp = look->assignment->pcp,
		.practice = look->practice, .billing = look->practice };
	memcpy(line->stream, stream->id, sizeof(line->stream));
	*payee = practice;
	if (stream->payee == PAYEE_PRACTICE)
		return true;
	const struct practice_facts *network = network_of(facts, practice, day);
	if (network == NULL)
		return stream->payee == PAYEE_EITHER;
	*payee = network;
	line->billing = network->provider.id;
	return true;
}

/* ------------------------------------------------------------------ a month */

/* FEE-R4: was the member seen in the months up to that day? */
static bool seen(const struct stream *stream, const struct ledger_member *facts, days day)
{
	for (size_t i = 0; i < facts->visit_count; i++)
		if (facts->visits[i] <= day)
			return day < days_months_later(facts->visits[i], stream->visit_months);
	return false;
}

/* What one payable day says of the line and of the rate; false and why not. */
static bool day_worth(struct member_month *line, cents *rate, enum reason *why, const struct program *program,
	const struct stream *stream, const struct ledger_member *facts, const struct day_look *look, months month, days day)
{
	struct circumstances at = { program, day, facts->member, look->span, look->pcp, NULL };
	*why = REASON_PAYEE_UNKNOWN;
	if (!line_begin(line, &at.payee, facts, stream, look, month, day))
		return false;
	*why = REASON_NO_VISIT;
	if (stream->visit_months > 0 && !seen(stream, facts, day))
		return false;
	*why = REASON_NONE;
	*rate = day_rate(stream, &at);
	return true;
}

static void due_of_day(struct month_due *due, const struct program *program, const struct stream *stream,
	const struct ledger_member *facts, months month, days day, const struct day_look *look)
{
	struct member_month line;
	if (day_worth(&line, &line.amount, &due->why, program, stream, facts, look, month, day))
		line_split(due, program, stream, look->span, day, &line);
}

/* Actual days of the month are the basis; what the days up to one come to is rounded half up. */
static void due_by_days(struct month_due *due, const struct program *program, const struct stream *stream,
	const struct ledger_member *facts, months month)
{
	days first = month_first(month), last = month_last(month);
	cents basis = last - first + 1, total = 0, given = 0;
	for (days day = first; day <= last; day++) {
		struct day_look look;
		struct member_month line;
		enum reason why;
		cents rate = 0;
		if (!day_payable(&look, &why, program, facts, day) ||
			!day_worth(&line, &rate, &why, program, stream, facts, &look, month, day)) {
			due->why = why;
			continue;
		}
		total += rate;
		cents rounded = (2 * total + basis) / (2 * basis);
		line.amount = rounded - given;
		line_split(due, program, stream, look.span, day, &line);
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

bool program_asks_visits(const struct program *program)
{
	for (size_t i = 0; i < program->stream_count; i++)
		if (program->streams[i].visit_months > 0)
			return true;
	return false;
}

bool screening_due(struct slice *addon, struct slice *attribute, days *due, const struct program *program, size_t index,
	const struct ledger_member *facts, days day)
{
	struct day_look look;
	enum reason why;
	if (!day_payable(&look, &why, program, facts, day))
		return false;
	for (size_t i = 0; i < program->stream_count; i++)
		for (size_t a = 0; a < program->streams[i].addon_count; a++) {
			const struct addon *item = &program->streams[i].addons[a];
			struct circumstances at = { program, day, facts->member, look.span, look.pcp, NULL };
			struct member_month line;
			if (item->due_count == 0 || item->dues[0].payee || item->dues[0].of != SUBJECT_MEMBER || !line_begin(&line, &at.payee, facts, &program->streams[i], &look, month_of(day), day) ||
				!conditions_hold(item->when, &at, NULL) || index-- > 0)
				continue;
			*addon = item->name;
			*attribute = item->dues[0].attribute;
			*due = addon_due(item, &at);
			return true;
		}
	return false;
}
