/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * newborns: children who were born into families of the program get a PCP of the family until one
 * is chosen.  They are found by their dates of birth, so that a run looks at some hundred children and not
 * at a million members.
 */
#include "exchange/assigning.h"

static bool judge_newborn(void *data, const struct member *member)
{
	struct assigner *assigner = data;
	struct office *office = assigner->office;
	struct family family;
	struct request request;
	struct step step;
	struct arena arena;
	bool done = true;
	if (member->merged_into != 0 || member->case_number.len == 0)
		return true;
	arena_init(&arena, 0);
	struct slice case_number = arena_slice(&arena, member->case_number);
	done = facts_family(office, &arena, &family, case_number, member->id);
	for (size_t i = 0; done && i < family.member_count; i++) {
		if (family.members[i].member->id != member->id ||
			!newborn_choice(&request, &step, &arena, office->program, &family, i, office->now.day))
			continue;
		struct prelude prelude = { .steps = &step, .step_count = 1 };
		done = store_request_add(office->store, &prelude.request, &request) || office_store_failed(office);
		assigner->preludes = &prelude;
		assigner->prelude_count = 1;
		done = done && assigner_judge(assigner, case_number, member->id);
		assigner->preludes = NULL;
		assigner->prelude_count = 0;
		break;
	}
	arena_done(&arena);
	return done;
}

bool assigner_newborns(struct assigner *assigner)
{
	struct office *office = assigner->office;
	struct arena arena;
	days window;
	bool done = true;
	if (!program_newborns(&window, office->program))
		return true;
	arena_init(&arena, 0);
	for (days born = office->now.day - window; done && born <= office->now.day; born++) {
		arena_reset(&arena);
		done = store_members_named(office->store, &arena, SLICE_NONE, born, judge_newborn, assigner) || office_store_failed(office);
	}
	arena_done(&arena);
	return done;
}
