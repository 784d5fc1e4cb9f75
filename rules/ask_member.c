/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * ask_member: what a decision asks about the member and the family (domain reference 2.8).
 * Each question gives its reason, if it is not met, and what was seen.
 */
#include "rules/judging.h"

struct answered ask_known(const struct judging *j, size_t i)
{
	const struct member *member = j->family->members[i].member;
	struct answered out = { .origin = member->origin,
		.reason = member->merged_into != 0 ? REASON_MEMBER_MERGED : REASON_NONE };
	out.fact = arena_format(j->arena, "member recorded %s", days_iso(member->recorded).text);
	return out;
}

struct answered ask_alive(const struct judging *j, size_t i)
{
	const struct member *member = j->family->members[i].member;
	days effective = j->candidates[i].effective;
	bool dead = member->died != DAYS_NONE && member->died < effective;
	struct answered out = { .origin = member->origin, .reason = dead ? REASON_MEMBER_DEAD : REASON_NONE };
	out.fact = member->died == DAYS_NONE ? SLICE("no death known")
					     : arena_format(j->arena, "died %s", days_iso(member->died).text);
	return out;
}

struct answered ask_open(const struct judging *j, size_t i)
{
	days effective = j->candidates[i].effective;
	bool open = j->program->opens <= effective && effective <= j->program->closes;
	struct answered out = { .reason = open ? REASON_NONE : REASON_PROGRAM_CLOSED };
	out.fact = arena_format(j->arena, "program open from %s to %s", days_iso(j->program->opens).text,
		days_iso(j->program->closes).text);
	return out;
}

struct answered ask_covered(const struct judging *j, size_t i)
{
	const struct member *member = j->family->members[i].member;
	days day = j->candidates[i].effective;
	struct answered out = { .origin = member->origin };
	const struct span *span = coverage_on(&out.reason, j->program, member, day);
	if (span == NULL) {
		out.fact = arena_format(j->arena, "coverage on %s: %s", days_iso(day).text,
			out.reason == REASON_OTHER_PLAN ? "in another plan" : "none that qualifies");
		return out;
	}
	out.origin = span->origin;
	out.fact = arena_format(j->arena, "coverage %.*s from %s to %s", SLICE_ARG(span->plan),
		days_iso(span->begin).text, days_iso(span->end).text);
	return out;
}

/* ENR-6: somebody else of the case is a patient already, or becomes one by ENR-5. */
static bool family_carries(const struct judging *j, size_t i)
{
	if (!j->program->established_family)
		return false;
	for (size_t other = 0; other < j->count; other++)
		if (other != i &&
			(j->candidates[other].established ||
				assigned_on(&j->family->members[other], j->candidates[i].effective) != NULL))
			return true;
	return false;
}

struct answered ask_town(const struct judging *j, size_t i)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct member *member = j->family->members[i].member;
	struct answered out = { .origin = member->origin };
	const char *town = program_town(j->program, &member->home);
	struct slice shown = town != NULL ? slice_of(town) : member->home.city;
	if (program_town_open(j->program, town, candidate->effective)) {
		out.fact = arena_format(
			j->arena, "town %s, open since %s", town, days_iso(program_town_opens(j->program, town)).text);
	} else if (slice_equal(candidate->request->relationship, j->program->established_code)) {
		out.exception = true;
		out.origin = candidate->request->origin;
		out.fact = arena_format(
			j->arena, "town %.*s is not open; established patient of the PCP", SLICE_ARG(shown));
	} else if (assigned_on(&j->family->members[i], candidate->effective) != NULL) {
		/* whoever is in the program and moved away is a current patient by that */
		out.exception = true;
		out.fact = arena_format(j->arena, "town %.*s is not open; in the program already", SLICE_ARG(shown));
	} else if (family_carries(j, i)) {
		out.exception = true;
		out.fact = arena_format(
			j->arena, "town %.*s is not open; family of an established patient", SLICE_ARG(shown));
	} else {
		out.reason = REASON_TOWN_NOT_OPEN;
		out.fact = town == NULL ? arena_format(j->arena, "town %.*s is none of the program's", SLICE_ARG(shown))
					: program_town_opens(j->program, town) <= candidate->effective
						? arena_format(j->arena, "town %s is closed", town)
					: arena_format(j->arena, "town %s opens %s", town,
						  days_iso(program_town_opens(j->program, town)).text);
	}
	return out;
}

struct answered ask_new(const struct judging *j, size_t i)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct assignment *held = assigned_on(&j->family->members[i], candidate->effective);
	struct answered out = { 0 };
	if (held == NULL)
		out.fact = SLICE("no PCP in the program on that day");
	else
		out.fact = arena_format(j->arena, "has a PCP in the program since %s", days_iso(held->begin).text);
	if (held != NULL && candidate->pcp != NULL && held->pcp == candidate->pcp->pcp.id)
		out.reason = REASON_ALREADY_ASSIGNED;
	return out;
}

/* Does this member of the case have to have a PCP of the program on `day` (ENR-7)? */
static bool must_enrol(const struct judging *j, const struct member *member, days day)
{
	enum reason why;
	if (member->merged_into != 0 || (member->died != DAYS_NONE && member->died < day))
		return false;
	if (coverage_on(&why, j->program, member, day) == NULL &&
		!(why == REASON_OTHER_PLAN && j->program->other_plan_counts))
		return false;
	enum population population = population_on(NULL, j->program, member, day);
	if (population == POPULATION_EXEMPT || population == POPULATION_EXCLUDED)
		return false;
	/* a newborn's own request may follow: the family does not wait for it */
	return member->born == DAYS_NONE || j->program->newborn_days == 0 ||
		member->born + j->program->newborn_days < j->today;
}

struct answered ask_family(const struct judging *j, size_t i)
{
	days day = j->candidates[i].effective;
	struct answered out = { 0 };
	if (j->candidates[i].switches) {
		out.fact = SLICE("in the program already: switches alone");
		return out;
	}
	if (j->family->too_large) {
		out.reason = REASON_FAMILY_TOO_LARGE;
		out.fact = arena_format(j->arena, "more than %d members in the case", LIMIT_FAMILY);
		return out;
	}
	size_t covered = 0, settled = 0;
	for (size_t other = 0; other < j->count; other++) {
		if (other != i && !must_enrol(j, j->family->members[other].member, day))
			continue;
		covered++;
		settled += other == i || j->candidates[other].acceptable ||
			assigned_on(&j->family->members[other], day) != NULL;
	}
	out.reason = settled == covered ? REASON_NONE : REASON_FAMILY_INCOMPLETE;
	out.fact = arena_format(j->arena, "%zu of %zu covered members of the case with a PCP in the program on %s",
		settled, covered, days_iso(day).text);
	return out;
}
