/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * pcp: may a PCP have members on a day, whom does the fee go to, and when must an
 * assignment end because its PCP left (PRV-1 … PRV-7, domain reference 2.8).
 */
#include "rules/internal.h"

static bool within(days begin, days end, days day)
{
	return begin != DAYS_NONE && begin <= day && (end == DAYS_NONE || day <= end);
}

bool pcp_enrolled(const struct pcp_facts *pcp, days day)
{
	return within(pcp->pcp.medicaid_begin, pcp->pcp.medicaid_end, day);
}

bool pcp_contracted(const struct pcp_facts *pcp, days day)
{
	return within(pcp->pcp.contract_begin, pcp->pcp.contract_end, day);
}

int64_t affiliated_on(const struct pcp_facts *pcp, days day)
{
	int64_t billing = 0; /* of two at once the later one holds */
	days newest = DAYS_NONE;
	for (size_t i = 0; i < pcp->affiliation_count; i++) {
		const struct affiliation *affiliation = &pcp->affiliations[i];
		if (!within(affiliation->begin, affiliation->end, day) || affiliation->begin < newest)
			continue;
		newest = affiliation->begin;
		billing = affiliation->billing;
	}
	return billing;
}

bool pcp_may_serve(enum reason *why, const struct program *program, const struct pcp_facts *pcp, days day)
{
	struct address address = { .city = pcp->pcp.town };
	*why = !pcp_enrolled(pcp, day) ? REASON_PCP_NOT_ENROLLED
		: !pcp_contracted(pcp, day) ? REASON_PCP_NO_CONTRACT
		: affiliated_on(pcp, day) == 0 ? REASON_PCP_NOT_AFFILIATED
		: !program_town_open(program, program_town(program, &address), day) ? REASON_PCP_TOWN : REASON_NONE;
	return *why == REASON_NONE;
}

/* Enrolled, contracted, affiliated.  The town has no dates of its own and so cannot end what it once allowed. */
static bool pcp_holds(const struct pcp_facts *pcp, days day)
{
	return pcp_enrolled(pcp, day) && pcp_contracted(pcp, day) && affiliated_on(pcp, day) != 0;
}

static days earlier(days a, days b)
{
	return a < b ? a : b;
}

/* The last day of the stretch of `pcp_holds` that `day` is in. */
static days pcp_holds_until(const struct pcp_facts *pcp, days day)
{
	days end = pcp->pcp.medicaid_end == DAYS_NONE ? DAYS_OPEN : pcp->pcp.medicaid_end;
	end = earlier(end, pcp->pcp.contract_end == DAYS_NONE ? DAYS_OPEN : pcp->pcp.contract_end);
	days reach = day;
	for (bool grew = true; grew && reach < end;) { /* affiliations may follow each other without a gap */
		grew = false;
		for (size_t i = 0; i < pcp->affiliation_count; i++) {
			const struct affiliation *affiliation = &pcp->affiliations[i];
			days last = affiliation->end == DAYS_NONE ? DAYS_OPEN : affiliation->end;
			if (affiliation->begin != DAYS_NONE && affiliation->begin <= reach + 1 && last > reach) {
				reach = last;
				grew = reach != DAYS_OPEN;
			}
		}
	}
	return earlier(end, reach);
}

bool assignment_ends(days *last, enum reason *why, const struct program *program, const struct assignment *assignment,
	const struct pcp_facts *pcp, days today)
{
	days day = assignment->begin;
	/* each turn goes past at least one end of an affiliation */
	for (size_t turn = 0; turn <= pcp->affiliation_count + 1; turn++) {
		days held = pcp_holds(pcp, day) ? pcp_holds_until(pcp, day) : day - 1;
		if (held == DAYS_OPEN || held >= today)
			return false;
		*last = program->departure_same_day || held < assignment->begin ? held : month_last(month_of(held));
		if (*last >= assignment->end)
			return false;
		day = *last + 1;
		if (!pcp_holds(pcp, day)) { /* nothing new was in force on the first day that is not held any more */
			*why = REASON_PCP_LEFT;
			return true;
		}
	}
	return false;
}
