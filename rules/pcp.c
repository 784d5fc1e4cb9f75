/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * pcp: may a PCP have members on a day, whom does the fee go to, and when must an
 * assignment end because its PCP left (PRV-1 … PRV-7, domain reference 2.8).
 */
#include "rules/judging.h"

static bool within(days begin, days end, days day)
{
	return begin != DAYS_NONE && begin <= day && (end == DAYS_NONE || day <= end);
}

struct period { days begin, end; };

static struct period period_of(const struct pcp *row, bool contract)
{
	return contract ? (struct period){ row->contract_begin, row->contract_end }
			: (struct period){ row->medicaid_begin, row->medicaid_end };
}

/*
 * The period that `day` is in.  A row of the provider file knows one period of each kind.  Who comes back has a row
 * with a later one, and what ended before that was true none the less: months that were paid in it stay paid.  An
 * earlier row whose period reaches into a later one was corrected by it, and one without any took all before it back.
 */
static bool period_on(struct period *out, const struct pcp_facts *pcp, bool contract, days day)
{
	*out = period_of(&pcp->pcp, contract);
	for (size_t i = 0; !within(out->begin, out->end, day); i++) {
		if (i == pcp->before_count || out->begin == DAYS_NONE)
			return false;
		struct period older = period_of(&pcp->before[i], contract);
		if (older.begin == DAYS_NONE || (older.end != DAYS_NONE && older.end < out->begin))
			*out = older;
	}
	return true;
}

/* Where the first of those periods begins; NONE if there is none. */
static days period_first(const struct pcp_facts *pcp, bool contract)
{
	days first = period_of(&pcp->pcp, contract).begin;
	for (size_t i = 0; i < pcp->before_count && first != DAYS_NONE; i++) {
		struct period older = period_of(&pcp->before[i], contract);
		if (older.begin == DAYS_NONE)
			break;
		if (older.end != DAYS_NONE && older.end < first)
			first = older.begin;
	}
	return first;
}

bool pcp_enrolled(const struct pcp_facts *pcp, days day)
{
	struct period period;
	return period_on(&period, pcp, false, day);
}

bool pcp_contracted(const struct pcp_facts *pcp, days day)
{
	struct period period;
	return period_on(&period, pcp, true, day);
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

const struct practice_facts *practice_on(const struct pcp_facts *pcp, days day)
{
	int64_t id = affiliated_on(pcp, day);
	for (size_t i = 0; i < pcp->practice_count; i++)
		if (pcp->practices[i].provider.id == id)
			return &pcp->practices[i];
	return NULL;
}

const struct departure *pcp_departure(const struct program *program, const struct pcp_facts *pcp, days day)
{
	struct circumstances at = { .program = program, .day = day, .pcp = pcp };
	for (size_t i = 0; i < program->departure_count; i++) {
		const struct departure *departure = &program->departures[i];
		if (departure->from <= day && day <= departure->to && conditions_hold(&departure->when, &at, NULL))
			return departure;
	}
	return NULL;
}

bool pcp_may_serve(enum reason *why, const struct program *program, const struct pcp_facts *pcp, days day)
{
	struct address address = { .city = pcp->pcp.town };
	*why = !pcp_enrolled(pcp, day) ? REASON_PCP_NOT_ENROLLED
		: !pcp_contracted(pcp, day) ? REASON_PCP_NO_CONTRACT
		: affiliated_on(pcp, day) == 0 ? REASON_PCP_NOT_AFFILIATED
		: pcp_departure(program, pcp, day) != NULL ? REASON_PCP_NOT_SERVING
		: !program_town_open(program, program_town(program, &address), day) ? REASON_PCP_TOWN : REASON_NONE;
	return *why == REASON_NONE;
}

/* Enrolled, contracted, affiliated, and nothing took it away.  The town has no dates of its own and so cannot end what it once allowed. */
static bool pcp_holds(const struct program *program, const struct pcp_facts *pcp, days day)
{
	return pcp_enrolled(pcp, day) && pcp_contracted(pcp, day) && affiliated_on(pcp, day) != 0 &&
		pcp_departure(program, pcp, day) == NULL;
}

static days earlier(days a, days b)
{
	return a < b ? a : b;
}

static days edge_of_attributes(const struct attribute_list *attributes, days next, days day)
{
	for (size_t i = 0; i < attributes->count; i++)
		next = edge_after(next, day, attributes->items[i].begin, attributes->items[i].end);
	return next;
}

/* The first day after `day` and up to `end` on which a departure holds, less one: only the days are looked at on which an
 * attribute, a practice or a departure begins or ends. */
static days departs_after(const struct program *program, const struct pcp_facts *pcp, days day, days end)
{
	while (program->departure_count > 0 && day < end) {
		days next = edge_of_attributes(&pcp->attributes, DAYS_OPEN, day);
		for (size_t i = 0; i < pcp->practice_count; i++)
			next = edge_of_attributes(&pcp->practices[i].attributes, next, day);
		for (size_t i = 0; i < pcp->affiliation_count; i++)
			next = edge_after(next, day, pcp->affiliations[i].begin, pcp->affiliations[i].end);
		for (size_t i = 0; i < program->departure_count; i++)
			next = edge_after(next, day, program->departures[i].from, program->departures[i].to);
		if (next > end || next == DAYS_OPEN)
			break;
		if (pcp_departure(program, pcp, next) != NULL)
			return next - 1;
		day = next;
	}
	return end;
}

/* The last day of the stretch of `pcp_holds` that `day` is in. */
static days pcp_holds_until(const struct program *program, const struct pcp_facts *pcp, days day)
{
	struct period medicaid, contract;
	days end = DAYS_OPEN;
	if (period_on(&medicaid, pcp, false, day) && medicaid.end != DAYS_NONE)
		end = medicaid.end;
	if (period_on(&contract, pcp, true, day) && contract.end != DAYS_NONE)
		end = earlier(end, contract.end);
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
	return departs_after(program, pcp, day, earlier(end, reach));
}

bool assignment_ends(days *last, enum reason *why, const struct program *program, const struct assignment *assignment,
	const struct pcp_facts *pcp, days today)
{
	days day = assignment->begin;
	if (day > today && !pcp_holds(program, pcp, today) && !pcp_holds(program, pcp, day)) { /* gone before it began: nobody is to count on it */
		*last = day - 1;
		*why = REASON_PCP_LEFT;
		return true;
	}
	/* each turn goes past at least one end: of an affiliation, of a period in Medicaid or under contract, of an attribute */
	size_t turns = pcp->affiliation_count + 2 * pcp->before_count + program->departure_count + pcp->attributes.count + 1;
	for (size_t i = 0; i < pcp->practice_count; i++)
		turns += pcp->practices[i].attributes.count;
	for (size_t turn = 0; turn <= turns; turn++) {
		days held = pcp_holds(program, pcp, day) ? pcp_holds_until(program, pcp, day) : day - 1;
		if (held == DAYS_OPEN || held >= today)
			return false;
		const struct departure *departure = pcp_departure(program, pcp, held + 1);
		bool same_day = departure != NULL ? departure->same_day : program->departure_same_day;
		*last = same_day || held < assignment->begin ? held : month_last(month_of(held));
		if (*last >= assignment->end)
			return false;
		day = *last + 1;
		if (!pcp_holds(program, pcp, day)) { /* nothing new was in force on the first day that is not held any more */
			*why = REASON_PCP_LEFT;
			return true;
		}
	}
	return false;
}

bool pcp_ever_left(const struct program *program, const struct pcp_facts *pcp, days today)
{
	days last, medicaid = period_first(pcp, false), contract = period_first(pcp, true), joined = DAYS_OPEN;
	enum reason why;
	for (size_t i = 0; i < pcp->affiliation_count; i++)
		joined = earlier(joined, pcp->affiliations[i].begin);
	struct assignment whole = { .begin = medicaid > contract ? medicaid : contract, .end = DAYS_OPEN };
	if (medicaid == DAYS_NONE || contract == DAYS_NONE || pcp->affiliation_count == 0 || joined == DAYS_NONE)
		return true; /* whoever was assigned by what was believed before is looked at */
	whole.begin = whole.begin > joined ? whole.begin : joined;
	return assignment_ends(&last, &why, program, &whole, pcp, today);
}
