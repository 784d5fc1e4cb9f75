/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * newborn: a child who is born into a family of the program has a PCP of the family until somebody
 * chooses another (domain reference 2.8): the mother's, else that of the youngest brother or sister, else
 * that of another adult, the first of them whom the decision accepts for the child.
 */
#include "rules/judging.h"

enum kin { KIN_MOTHER, KIN_CHILD, KIN_ADULT };

static enum kin kin_of(const struct program *program, const struct member *member, days today)
{
	bool adult = member->born == DAYS_NONE || age_months(member->born, today) >= 12 * program->adult_years;
	return !adult ? KIN_CHILD : slice_is(member->sex, "F") ? KIN_MOTHER : KIN_ADULT;
}

/* Who of two stands nearer to the child. */
static bool nearer(const struct program *program, const struct member *a, const struct member *b, days today)
{
	enum kin x = kin_of(program, a, today), y = kin_of(program, b, today);
	if (x != y)
		return x < y;
	if (x == KIN_CHILD && a->born != b->born)
		return a->born > b->born;
	return slice_compare(a->medicaid_id, b->medicaid_id) < 0;
}

static bool is_newborn_without(const struct program *program, const struct family_member *who, days today)
{
	const struct member *member = who->member;
	return who->request == NULL && who->assignment_count == 0 && member->born != DAYS_NONE && member->born <= today &&
		today - member->born <= program->newborn_days && member->merged_into == 0 && member->died == DAYS_NONE;
}

static const struct pcp_facts *pcp_of(const struct family *family, int64_t id)
{
	for (size_t i = 0; i < family->pcp_count; i++)
		if (family->pcps[i].pcp.id == id)
			return &family->pcps[i];
	return NULL;
}

/* Would the decision accept the child's request for this PCP? */
static bool would_accept(struct arena *arena, const struct program *program, const struct family *family, size_t who,
	const struct request *request, days today)
{
	struct family trial = *family;
	struct family_member *members = arena_alloc(arena, family->member_count * sizeof(*members));
	struct decision *decisions = arena_alloc(arena, family->member_count * sizeof(*decisions));
	if (members == NULL || decisions == NULL)
		return false;
	memcpy(members, family->members, family->member_count * sizeof(*members));
	members[who].request = request;
	trial.members = members;
	size_t count = assign_family(decisions, arena, program, &trial, today);
	for (size_t i = 0; i < count; i++)
		if (decisions[i].member == request->member)
			return decisions[i].state == REQUEST_ACCEPTED;
	return false;
}

bool newborn_choice(struct request *out, struct step *step, struct arena *arena, const struct program *program,
	const struct family *family, size_t who, days today)
{
	static const char *const kin[] = { "mother", "youngest brother or sister with a PCP", "family" };
	bool tried[LIMIT_FAMILY] = { false };
	const struct member *child = family->members[who].member;
	if (!program->newborn_family || family->too_large || !is_newborn_without(program, &family->members[who], today))
		return false;
	for (size_t turn = 0; turn < family->member_count; turn++) {
		size_t next = family->member_count;
		for (size_t i = 0; i < family->member_count; i++)
			if (i != who && !tried[i] && assigned_on(&family->members[i], today) != NULL &&
				(next == family->member_count ||
					nearer(program, family->members[i].member, family->members[next].member, today)))
				next = i;
		if (next == family->member_count)
			return false;
		tried[next] = true;
		const struct pcp_facts *pcp = pcp_of(family, assigned_on(&family->members[next], today)->pcp);
		if (pcp == NULL)
			continue;
		*out = (struct request){ .id = INT64_MAX, .member = child->id, .received = today, .processed = today, .asked_from = DAYS_NONE,
			.channel = SLICE("NEWBORN"), .source = SLICE("FAMILY"), .state = REQUEST_PENDING };
		slice_copy(out->npi, sizeof(out->npi), slice_of(pcp->pcp.npi));
		if (!would_accept(arena, program, family, who, out, today))
			continue;
		*step = (struct step){ .rule = "newborn", .requirement = "ENR-7", .passed = true, .origin = child->origin,
			.fact = arena_format(arena, "born %s, no PCP chosen yet: that of the %s", days_iso(child->born).text,
				kin[kin_of(program, family->members[next].member, today)]) };
		return true;
	}
	return false;
}

bool program_newborns(days *window, const struct program *program)
{
	*window = program->newborn_days;
	return program->newborn_family;
}
