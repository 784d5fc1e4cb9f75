/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * inquiry: one 270 inquiry is judged: who is asked about, covered or not on the asked
 * day, who is the PCP (ELV-1 … ELV-3, OPR-20 … OPR-26, domain reference 5.2).
 *
 * The order: may be answered at all (payer, asker) → the date → the person → coverage
 * → PCP.  Each thing that is wrong becomes an AAA of its own code; with any AAA there
 * is no EB.
 */
#include "exchange/facts.h"

#include <assert.h>

struct search {
	struct office *office;
	struct arena *arena;
	const struct inquiry_record *asked;
	struct member *found; /* the first of them */
	size_t count;
	bool starved; /* memory ran out on the way: what was compared does not count */
};

static void reject(struct answer *answer, enum answer_level level, char valid, const char *code, char follow_up)
{
	assert(answer->rejection_count < REJECTIONS_MAX); /* payer, asker, date, two of the person, two of its dates */
	struct rejection *rejection = &answer->rejections[answer->rejection_count++];
	*rejection = (struct rejection){ .level = level, .valid = valid, .follow_up = follow_up };
	slice_copy(rejection->code, sizeof(rejection->code), slice_of(code));
}

/* ---- who asks whom ------------------------------------------------------------- */

static void judge_parties(struct office *office, struct answer *answer, const struct inquiry_source *source,
	const struct inquiry_receiver *receiver)
{
	const struct payer *payer = program_payer(office->program);
	if (!slice_equal(source->id, payer->eligibility_id) && !slice_equal(source->id, payer->interchange_id) &&
		!slice_equal(source->id, payer->id))
		reject(answer, ANSWER_SOURCE, 'N', "79", 'C');
	if (slice_is(receiver->id_qualifier, "XX") && !npi_valid(receiver->id))
		reject(answer, ANSWER_RECEIVER, 'N', "43", 'C');
}

/* ---- the date ---------------------------------------------------------------------- */

static bool parse_asked(days *begin, days *end, struct slice format, struct slice text)
{
	if (slice_is(format, "RD8")) {
		struct slice first, last;
		return slice_part(&first, text, '-', 0) && slice_part(&last, text, '-', 1) && days_parse8(begin, first) &&
			days_parse8(end, last) && *begin <= *end;
	}
	if (!days_parse8(begin, text))
		return false;
	*end = *begin;
	return true;
}

/* OPR-20: twelve months back up to the end of the current month.  OPR-21: of a range the first day is answered. */
static void judge_date(struct office *office, struct answer *answer)
{
	const struct inquiry_record *asked = answer->inquiry;
	bool benefit = asked->benefit_date.len > 0;
	struct slice format = benefit ? asked->benefit_date_format : asked->date_format;
	struct slice text = benefit ? asked->benefit_date : asked->date;
	days today = office->now.day;
	answer->asked = answer->asked_end = today;
	if (text.len > 0 && !parse_asked(&answer->asked, &answer->asked_end, format, text)) {
		answer->asked = answer->asked_end = today;
		reject(answer, ANSWER_SUBSCRIBER, 'N', "57", 'C');
		return;
	}
	if (answer->asked > month_last(month_of(today)))
		reject(answer, ANSWER_SUBSCRIBER, 'N', "63", 'C');
	else if (answer->asked < month_first(month_of(today) - program_answers(office->program)->months_back))
		reject(answer, ANSWER_SUBSCRIBER, 'N', "62", 'C');
}

/* ---- the person ----------------------------------------------------------------------- */

/* As CORE 258 compares.  *starved: memory ran out, and the answer means nothing. */
static bool same_name(bool *starved, struct arena *arena, struct slice a, struct slice b)
{
	struct slice x = name_normal(arena, a), y = name_normal(arena, b);
	*starved = *starved || x.ptr == NULL || y.ptr == NULL;
	return slice_equal(x, y);
}

static bool consider(void *data, const struct member *member)
{
	struct search *search = data;
	const struct inquiry_record *asked = search->asked;
	struct member then;
	if (search->office->as_of != 0) {
		bool known;
		if (!store_member_as_of(search->office->store, search->arena, &known, &then, member->id, search->office->as_of))
			return office_store_failed(search->office);
		if (!known || then.born != asked->born)
			return true;
		member = &then;
	}
	if (member->merged_into != 0)
		return true;
	if (!same_name(&search->starved, search->arena, member->last, asked->last))
		return true;
	if (asked->first.len > 0 && !same_name(&search->starved, search->arena, member->first, asked->first))
		return true;
	if (asked->sex.len > 0 && member->sex.len > 0 && !slice_equal(asked->sex, member->sex))
		return true;
	if (asked->birth_sequence.len > 0 && member->birth_sequence.len > 0 && !slice_equal(asked->birth_sequence, member->birth_sequence))
		return true;
	if (search->count++ == 0)
		*search->found = *member;
	return true;
}

/* CORE 258: a surname that agrees only when it is normalised is given back as it is stored, with INS*Y*18*001*25. */
static void found(struct answer *answer, const struct member *member)
{
	struct slice asked = answer->inquiry->last;
	answer->member = member;
	answer->name_differs = asked.len > 0 && answer->rejection_count == 0 && !slice_equal(asked, member->last);
}

/* By name and date of birth: exactly one is found, or an AAA says why not (BAD-17, BAD-18). */
static bool find_named(struct office *office, struct arena *arena, struct answer *answer, struct member *out)
{
	const struct inquiry_record *asked = answer->inquiry;
	if (asked->born == DAYS_NONE) {
		reject(answer, ANSWER_SUBSCRIBER, 'N', "58", 'C');
		return true;
	}
	struct search search = { .office = office, .arena = arena, .asked = asked, .found = out };
	/* all of that birthday: stored names are compared after normalising, which no index does */
	if (!store_members_named(office->store, arena, SLICE_NONE, asked->born, consider, &search))
		return office_store_failed(office);
	if (search.starved)
		return failure_set(&office->failure, "could not compare names: out of memory");
	if (search.count == 0)
		reject(answer, ANSWER_SUBSCRIBER, 'N', "75", 'C');
	else if (search.count > 1)
		reject(answer, ANSWER_SUBSCRIBER, 'N', "76", 'C');
	else
		found(answer, out);
	return true;
}

/* The id is good; does the rest agree?  OPR: a different birth date is 71 and never 58; a different name 73. */
static bool compare_person(struct office *office, struct arena *arena, struct answer *answer, const struct member *member)
{
	const struct inquiry_record *asked = answer->inquiry;
	bool starved = false;
	if (asked->born != DAYS_NONE && member->born != DAYS_NONE && asked->born != member->born)
		reject(answer, ANSWER_SUBSCRIBER, 'N', "71", 'C');
	bool last_differs = asked->last.len > 0 && !same_name(&starved, arena, asked->last, member->last);
	bool first_differs = asked->first.len > 0 && !same_name(&starved, arena, asked->first, member->first);
	if (last_differs || first_differs)
		reject(answer, ANSWER_SUBSCRIBER, 'N', "73", 'C');
	return !starved || failure_set(&office->failure, "could not compare names: out of memory");
}

static bool id_formed(struct slice id)
{
	for (size_t i = 0; i < id.len; i++) {
		char c = id.ptr[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'))
			return false;
	}
	return id.len >= 2;
}

static bool find_person(struct office *office, struct arena *arena, struct answer *answer, struct member *out)
{
	const struct inquiry_record *asked = answer->inquiry;
	struct slice id = asked->id.len > 0 ? asked->id : asked->medicaid_number;
	bool known;
	if (id.len == 0 && asked->last.len == 0) { /* a birthday alone finds nobody */
		reject(answer, ANSWER_SUBSCRIBER, 'N', "72", 'C');
		return true;
	}
	if (id.len == 0)
		return find_named(office, arena, answer, out);
	if (!id_formed(id)) {
		reject(answer, ANSWER_SUBSCRIBER, 'N', "72", 'C');
		return true;
	}
	if (!(office->as_of == 0 ? store_member_find(office->store, arena, &known, out, id) :
			store_member_find_as_of(office->store, arena, &known, out, id, office->as_of)))
		return office_store_failed(office);
	if (!known) {
		reject(answer, ANSWER_SUBSCRIBER, 'N', "75", 'C');
		return true;
	}
	if (!compare_person(office, arena, answer, out))
		return false;
	found(answer, out);
	return true;
}

static void compare_dates(struct answer *answer)
{
	const struct member *member = answer->member;
	if (member->born != DAYS_NONE && answer->asked < member->born)
		reject(answer, ANSWER_SUBSCRIBER, 'N', "60", 'C');
	if (member->died != DAYS_NONE && answer->asked > member->died)
		reject(answer, ANSWER_SUBSCRIBER, 'N', "61", 'C');
}

/* ---- coverage and PCP ---------------------------------------------------------------------- */

static bool fill_pcp(struct office *office, struct arena *arena, struct answer *answer)
{
	struct ledger_member facts;
	if (!facts_ledger(office, arena, &facts, answer->member))
		return false;
	const struct assignment *assignment = NULL;
	for (size_t i = 0; i < facts.assignment_count; i++)
		if (facts.assignments[i].begin <= answer->asked && answer->asked <= facts.assignments[i].end)
			assignment = &facts.assignments[i];
	if (assignment == NULL || answer->asked < program_opens(office->program) || answer->asked > program_closes(office->program))
		return true;
	for (size_t i = 0; i < facts.pcp_count; i++) {
		const struct pcp_facts *pcp = &facts.pcps[i];
		days last;
		enum reason why;
		if (pcp->pcp.id != assignment->pcp)
			continue;
		/* who left is not named, also before an assign has seen it (ELV-2, domain reference 2.8) */
		bool leaves = assignment_ends(&last, &why, office->program, assignment, pcp, DAYS_OPEN);
		if (leaves && last < answer->asked)
			return true;
		answer->pcp = &pcp->pcp;
		answer->pcp_begin = assignment->begin;
		answer->pcp_end = leaves ? last : assignment->end;
		answer->program_name = program_name(office->program);
		int64_t billing = affiliated_on(pcp, answer->asked);
		struct billing_provider *manager = arena_alloc(arena, sizeof(*manager));
		if (manager == NULL)
			return failure_set(&office->failure, "could not answer an inquiry: out of memory");
		if (billing != 0) {
			if (!store_billing_get(office->store, arena, manager, billing, office->as_of))
				return office_store_failed(office);
			answer->billing = manager;
		}
	}
	return true;
}

static bool fill_contacts(struct office *office, struct arena *arena, struct answer *answer)
{
	const struct answer_rules *rules = program_answers(office->program);
	struct answer_contact *contacts = arena_alloc(arena, (rules->contact_count + 1) * sizeof(*contacts));
	if (contacts == NULL)
		return failure_set(&office->failure, "could not answer an inquiry: out of memory");
	if (rules->contact_count > 0)
		memcpy(contacts, rules->contacts, rules->contact_count * sizeof(*contacts));
	answer->contact_count = rules->contact_count;
	if (program_broker(&contacts[answer->contact_count], office->program, &answer->member->home))
		answer->contact_count++;
	answer->contacts = contacts;
	return true;
}

static bool fill_coverage(struct office *office, struct arena *arena, struct answer *answer)
{
	const struct answer_rules *rules = program_answers(office->program);
	enum reason why;
	const struct span *span = coverage_on(&why, office->program, answer->member, answer->asked);
	answer->coverage_name = rules->coverage_name;
	answer->service_types = rules->service_types;
	/* in a managed care plan: covered, and by whom is told; there is no PCP of ours (ENR-2) */
	const struct span *other = span != NULL ? NULL : other_plan_on(office->program, answer->member, answer->asked);
	answer->active = span != NULL || other != NULL;
	if (other != NULL) {
		answer->coverage_name = other->plan;
		answer->covered_begin = other->begin;
		answer->covered_end = other->end;
	}
	if (span == NULL)
		return true;
	answer->covered_begin = span->begin;
	answer->covered_end = span->end;
	return fill_pcp(office, arena, answer) && fill_contacts(office, arena, answer);
}

bool answer_inquiry(struct office *office, struct arena *arena, struct answer *answer, const struct inquiry_source *source,
	const struct inquiry_receiver *receiver, const struct inquiry_record *inquiry)
{
	struct member *member = arena_alloc(arena, sizeof(*member));
	*answer = (struct answer){ .inquiry = inquiry, .covered_begin = DAYS_NONE, .covered_end = DAYS_NONE, .pcp_begin = DAYS_NONE,
		.pcp_end = DAYS_NONE };
	if (member == NULL)
		return failure_set(&office->failure, "could not answer an inquiry: out of memory");
	judge_parties(office, answer, source, receiver);
	judge_date(office, answer);
	if (answer->rejection_count > 0 && answer->rejections[0].level != ANSWER_SUBSCRIBER)
		return true;
	if (!find_person(office, arena, answer, member))
		return false;
	if (answer->member != NULL && answer->rejection_count == 0)
		compare_dates(answer);
	if (answer->rejection_count > 0) {
		answer->member = NULL; /* an AAA echoes what was asked, and gives nothing away */
		return true;
	}
	return fill_coverage(office, arena, answer);
}
