/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * notices: who must be told what (ENR-13, ENR-14, ASG-4): one line for a member and a thing to
 * tell.  A notice is made once and kept; a month's list is what was made for it, so
 * that the same month again is the same list and what is new.
 *
 *   CHOOSE       newly eligible and without a PCP (ENR-13); about a town: because it opened (ENR-14)
 *   CHOICE-ENDS  who does not choose by the day is assigned
 *   ASSIGNED     has a PCP from the day on
 *   CHANGED      has another PCP from the day on
 *   PCP-LEAVES   the PCP left; the day is the last one
 *   ENDED        has no PCP of the program behind the day, for another reason
 */
#include "exchange/facts.h"
#include "exchange/lister.h"

struct notice_run {
	struct office *office;
	months month;
	struct arena arena;       /* one member */
	struct lister *lister;
	struct notice_report *report;
};

static bool make(struct notice_run *run, int64_t member, struct slice kind, struct slice about, days since, days day)
{
	struct office *office = run->office;
	struct notice notice = { .member = member, .kind = kind, .month = run->month, .about = about, .told = office->now.day,
		.since = since, .day = day };
	bool changed;
	if (!store_notice_add(office->store, &changed, &notice))
		return office_store_failed(office);
	run->report->fresh += changed;
	return true;
}

/* ---- who may choose ------------------------------------------------------------- */

/* Was the town what the member waited for? */
static struct slice town_that_opened(struct notice_run *run, const struct member *member, days since)
{
	const struct program *program = run->office->program;
	const char *town = program_town(program, &member->home);
	enum reason why;
	if (town == NULL || program_town_opens(program, town) != since || coverage_on(&why, program, member, since - 1) == NULL)
		return SLICE_NONE;
	return slice_of(town);
}

static bool tell_to_choose(void *data, const struct member *member)
{
	struct notice_run *run = data;
	struct office *office = run->office;
	struct without_pcp found;
	days ends;
	arena_reset(&run->arena);
	if (!facts_without_pcp(office, &run->arena, &found, member, month_last(run->month)))
		return false;
	if (!found.lacks || found.asks) /* has a PCP, or has chosen */
		return true;
	days since = found.since, told = found.told;
	bool fresh = told == DAYS_NONE || found.told_since < since;
	enum choice choice = choice_of(&ends, office->program, &found.who, fresh ? office->now.day : told, fresh ? since : found.told_since,
		office->now.day);
	if (fresh)
		return make(run, member->id, SLICE("CHOOSE"), town_that_opened(run, member, since), since, choice == CHOICE_OPEN ? ends : DAYS_NONE);
	/* told in an earlier month, and the last day to choose is in this one */
	if (choice == CHOICE_OPEN && month_of(ends) == run->month && month_of(told) < run->month)
		return make(run, member->id, SLICE("CHOICE-ENDS"), SLICE_NONE, since, ends);
	return true;
}

/* ---- what was decided ------------------------------------------------------------- */

static bool tell_decided(void *data, const struct assignment *assignment, bool made, enum reason ended)
{
	struct notice_run *run = data;
	struct office *office = run->office;
	struct assignment *all;
	struct pcp pcp;
	size_t count;
	arena_reset(&run->arena);
	if (!store_assignments(office->store, &run->arena, &all, &count, assignment->member, 0) ||
		!store_pcp_get(office->store, &run->arena, &pcp, assignment->pcp, 0))
		return office_store_failed(office);
	bool before = false, after = false; /* another assignment touches this one */
	for (size_t i = 0; i < count; i++) {
		before = before || (all[i].id != assignment->id && all[i].end + 1 == assignment->begin);
		after = after || (assignment->end != DAYS_OPEN && all[i].begin == assignment->end + 1);
	}
	struct slice npi = slice_of(pcp.npi);
	if ((made || (ended != REASON_NONE && month_of(assignment->processed) == run->month)) &&
		!make(run, assignment->member, before ? SLICE("CHANGED") : SLICE("ASSIGNED"), npi, DAYS_NONE, assignment->begin))
		return false;
	if (ended == REASON_NONE || ended == REASON_SUPERSEDED || after)
		return true;
	return make(run, assignment->member, ended == REASON_PCP_LEFT ? SLICE("PCP-LEAVES") : SLICE("ENDED"), npi, DAYS_NONE, assignment->end);
}

/* ---- the list ----------------------------------------------------------------------- */

static const struct lister_column columns[] = {
	{ "medicaid_id", 12 }, { "notice", 11 }, { "told", 10 }, { "day", 10 }, { "about", 12 }, { "pcp_name", 24 }, { "pcp_phone", 10 },
	{ "last_name", 14 }, { "first_name", 12 }, { "head_of_household", 20 }, { "street", 20 }, { "street2", 8 }, { "city", 14 },
	{ "state", 5 }, { "zip", 9 }, { "language", 8 },
};

static bool list_notice(void *data, const struct notice *notice)
{
	struct notice_run *run = data;
	struct office *office = run->office;
	struct member member;
	struct pcp pcp = { .npi = "" };
	bool found = false;
	char npi[11];
	arena_reset(&run->arena);
	slice_copy(npi, sizeof(npi), notice->about);
	if (!store_member_get(office->store, &run->arena, &member, notice->member, 0) ||
		(npi_valid(notice->about) && !store_pcp_find(office->store, &run->arena, &found, &pcp, npi)))
		return office_store_failed(office);
	const struct address *to = member.mail.street.len > 0 ? &member.mail : &member.home;
	const struct slice values[COUNT_OF(columns)] = { member.medicaid_id, notice->kind, lister_day(&run->arena, notice->told),
		lister_day(&run->arena, notice->day), notice->about, found ? lister_name(&run->arena, pcp.last, pcp.first) : SLICE_NONE,
		found ? pcp.phone : SLICE_NONE, member.last, member.first, lister_name(&run->arena, member.head_last, member.head_first),
		to->street, to->street2, to->city, to->state, to->zip, member.language };
	run->report->all++;
	return lister_row(run->lister, values) || failure_set(&office->failure, "could not write the notices");
}

static bool make_all(struct notice_run *run)
{
	struct office *office = run->office;
	int64_t change;
	if (!store_change(office->store, &change, CHANGE_NOTICES, office->now.day, program_hash(office->program)))
		return office_store_failed(office);
	if (!members_without_pcp(office, month_last(run->month), tell_to_choose, run))
		return false;
	return store_assignments_recorded(office->store, month_first(run->month), month_last(run->month), tell_decided, run) ||
		office_store_failed(office);
}

bool notices_month(struct office *office, months month, struct lister *lister, struct notice_report *report)
{
	struct notice_run run = { .office = office, .month = month, .lister = lister, .report = report };
	if (month_of(office->now.day) != month && month_of(office->now.day) != month + 1)
		return office_misused(office, "notices of a month are made in it or in the next, not on %s: give --date", days_iso(office->now.day).text);
	arena_init(&run.arena, 0);
	bool open = store_begin(office->store) || office_store_failed(office);
	bool done = open && make_all(&run) && (store_commit(office->store) || office_store_failed(office));
	if (open && !done)
		store_rollback(office->store);
	lister_begin(lister, columns, COUNT_OF(columns));
	done = done && (store_notices(office->store, month, list_notice, &run) || office_store_failed(office)) &&
		(lister_end(lister) || failure_set(&office->failure, "could not write the notices"));
	arena_done(&run.arena);
	return done;
}
