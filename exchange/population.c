/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * population: assignments end when their members come into a class that the program does not
 * take (ASG-6).
 *
 * Every member is looked at in every run, since birthdays and dated attributes make somebody another one
 * without any file coming in; the assignments are read only of who is in such a class on some day.
 */
#include "exchange/facts.h"

struct excluder {
	struct office *office;
	uint64_t *ended;
	struct arena arena; /* one member */
};

static bool end_of(void *data, const struct member *member)
{
	struct excluder *excluder = data;
	struct office *office = excluder->office;
	struct assignment *assignments, always = { .begin = program_opens(office->program), .end = DAYS_OPEN };
	size_t count;
	days last, today = office->now.day;
	enum reason why;
	if (member->merged_into != 0 || !assignment_excluded(&last, &why, office->program, member, &always, today))
		return true;
	arena_reset(&excluder->arena);
	if (!store_assignments(office->store, &excluder->arena, &assignments, &count, member->id, 0))
		return office_store_failed(office);
	for (size_t i = 0; i < count; i++) {
		if (!assignment_excluded(&last, &why, office->program, member, &assignments[i], today))
			continue;
		++*excluder->ended;
		if (!store_assignment_end(office->store, assignments[i].id, last, why))
			return office_store_failed(office);
	}
	return true;
}

bool end_excluded(struct office *office, uint64_t *ended)
{
	struct excluder excluder = { .office = office, .ended = ended };
	if (!program_excludes(office->program))
		return true;
	arena_init(&excluder.arena, 0);
	bool done = store_members_each(office->store, 0, end_of, &excluder) || office_store_failed(office);
	arena_done(&excluder.arena);
	return done;
}
