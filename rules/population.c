/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * population: who has to be in the program, may choose to, is exempt for a time, or cannot be
 * (ASG-6, 42 CFR 438.50), and when a member who came into such a class leaves the PCP.
 *
 * Classes are asked in their order and the first that holds is the member's.  What a member is can only change
 * on few days: a span or an attribute begins or ends, a class does, the member has a birthday.  Only
 * those are looked at, and what comes out does not depend on the day on which somebody looks.
 */
#include "rules/judging.h"

#define CLASS_TURNS 240 /* changes that are looked at for the end of a class: ten years of birthdays and as much again */

const char *population_name(enum population population)
{
	static const char *const names[] = { "mandatory", "voluntary", "exempt", "excluded" };
	return names[population];
}

static const struct population_class *class_on(const struct program *program, const struct member *member, days day)
{
	enum reason why;
	struct circumstances at = { .program = program, .day = day, .member = member };
	if (program->class_count > 0)
		at.span = coverage_on(&why, program, member, day);
	for (size_t i = 0; i < program->class_count; i++) {
		const struct population_class *class = &program->classes[i];
		if (class->from <= day && day <= class->to && conditions_hold(&class->when, &at, NULL))
			return class;
	}
	return NULL;
}

enum population population_on(const char **class_id, const struct program *program, const struct member *member, days day)
{
	const struct population_class *class = class_on(program, member, day);
	if (class_id != NULL)
		*class_id = class == NULL ? NULL : class->id;
	return class == NULL ? program->otherwise : class->is;
}

bool program_excludes(const struct program *program)
{
	for (size_t i = 0; i < program->class_count; i++)
		if (program->classes[i].ends)
			return true;
	return false;
}

/* ---- the days on which a class may begin or end ------------------------------------ */

/* The first day after `day` on which the member is a month older. */
static days older_after(days born, days day)
{
	int year, month, dom, age = age_months(born, day) + 1;
	days_to_civil(born, &year, &month, &dom);
	months then = month_of(born) + age;
	days first = month_first(then), last = month_last(then), birthday = first + dom - 1;
	birthday = birthday > last ? last : birthday;
	if (age_months(born, birthday) < age) /* a month without that day: the first of the next */
		birthday++;
	return birthday > day ? birthday : DAYS_OPEN;
}

/* The first day after `day` on which something of the member or the program changes; DAYS_OPEN: none. */
static days change_after(const struct program *program, const struct member *member, days day, bool ages)
{
	days next = DAYS_OPEN;
	const struct attribute_list *attributes = &member->attributes;
	for (size_t i = 0; i < member->span_count; i++)
		next = edge_after(next, day, member->spans[i].begin, member->spans[i].end);
	for (size_t i = 0; i < attributes->count; i++)
		next = edge_after(next, day, attributes->items[i].begin, attributes->items[i].end);
	for (size_t i = 0; i < program->class_count; i++)
		next = edge_after(next, day, program->classes[i].from, program->classes[i].to);
	if (!ages || member->born == DAYS_NONE)
		return next;
	days older = day < member->born ? member->born : older_after(member->born, day);
	return older < next ? older : next;
}

static bool classes_ask_age(const struct program *program)
{
	for (size_t i = 0; i < program->class_count; i++)
		if (conditions_ask_age(&program->classes[i].when))
			return true;
	return false;
}

bool assignment_excluded(days *last, enum reason *why, const struct program *program, const struct member *member,
	const struct assignment *assignment, days today)
{
	bool ages = classes_ask_age(program);
	days until = assignment->end < today ? assignment->end : today;
	for (days day = assignment->begin; day <= until; day = change_after(program, member, day, ages)) {
		const struct population_class *class = class_on(program, member, day);
		if (class == NULL || !class->ends)
			continue;
		*last = class->same_day || day == assignment->begin ? day - 1 : month_last(month_of(day - 1));
		*why = class->is == POPULATION_EXEMPT ? REASON_EXEMPT : REASON_EXCLUDED;
		return *last < assignment->end;
	}
	return false;
}

/* ---- the question ------------------------------------------------------------------ */

/* The last day of a stretch in one class; DAYS_OPEN: no end known. */
static days class_until(const struct program *program, const struct member *member, days day)
{
	const struct population_class *class = class_on(program, member, day);
	bool ages = classes_ask_age(program);
	for (size_t turn = 0; turn < CLASS_TURNS; turn++) { /* birthdays go on for ever */
		days next = change_after(program, member, day, ages);
		if (next == DAYS_OPEN)
			return DAYS_OPEN;
		if (class_on(program, member, next) != class)
			return next - 1;
		day = next;
	}
	return DAYS_OPEN;
}

struct answered ask_population(const struct judging *j, size_t i)
{
	const struct candidate *candidate = &j->candidates[i];
	const struct member *member = j->family->members[i].member;
	const char *id;
	enum population is = population_on(&id, j->program, member, candidate->effective);
	struct answered out = { .origin = member->origin };
	bool unasked = !slice_is(candidate->request->source, "CHOICE") && candidate->request->source.len > 0;
	if (is == POPULATION_EXCLUDED)
		out.reason = REASON_EXCLUDED;
	else if (is == POPULATION_EXEMPT)
		out.reason = REASON_EXEMPT;
	else if (is == POPULATION_VOLUNTARY && unasked)
		out.reason = REASON_NOT_REQUIRED;
	out.fact = id == NULL ? arena_format(j->arena, "%s: no class holds", population_name(is))
			      : arena_format(j->arena, "%s by class %s", population_name(is), id);
	if (out.reason == REASON_NONE) /* how long it lasts is asked only where it matters: birthdays are many */
		return out;
	days until = class_until(j->program, member, candidate->effective);
	if (until != DAYS_OPEN)
		out.fact = arena_format(j->arena, "%.*s until %s", SLICE_ARG(out.fact), days_iso(until).text);
	return out;
}
