/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * safeguards: how many members one enrolment file may end before somebody has to look at it
 * (BAD-13: a full file that lost a region, a change file that was made by mistake).
 *
 * A limit itself is not past it.  Percents are compared without dividing.
 */
#include "rules/compile.h"

static int64_t limit_of(struct compiler *c, const xmlNode *from, const char *name)
{
	uint64_t number = 0;
	return slice_number(&number, compile_text(c, from, name)) ? (int64_t)number : SAFEGUARD_NONE; /* program.rng bounds it */
}

void compile_safeguards(struct compiler *c, const xmlNode *from)
{
	struct safeguards *safeguards = &c->program->safeguards;
	*safeguards = (struct safeguards){ SAFEGUARD_NONE, SAFEGUARD_NONE, SAFEGUARD_NONE, 0, false };
	if (from == NULL)
		return;
	safeguards->ended_percent = limit_of(c, from, "ended-percent");
	safeguards->ended_members = limit_of(c, from, "ended-members");
	safeguards->place_percent = limit_of(c, from, "place-percent");
	int64_t least = limit_of(c, from, "from-members");
	safeguards->from_members = least == SAFEGUARD_NONE ? 0 : least;
	safeguards->ends_missing = compile_is(c, from, "missing", "end");
	if (safeguards->ended_percent == SAFEGUARD_NONE && safeguards->ended_members == SAFEGUARD_NONE &&
		safeguards->place_percent == SAFEGUARD_NONE && !safeguards->ends_missing)
		compile_complain(c, from, "no safeguard is set: name a limit, or leave the element out", SLICE("safeguards"));
}

const struct safeguards *program_safeguards(const struct program *program)
{
	return &program->safeguards;
}

static bool past_percent(uint64_t ended, uint64_t covered, int64_t percent)
{
	return percent != SAFEGUARD_NONE && ended * 100 > covered * (uint64_t)percent;
}

enum safeguard safeguard_past(const struct safeguards *safeguards, uint64_t ended, uint64_t covered)
{
	if (ended < (uint64_t)safeguards->from_members || ended == 0)
		return SAFEGUARD_HOLDS;
	if (safeguards->ended_members != SAFEGUARD_NONE && ended > (uint64_t)safeguards->ended_members)
		return SAFEGUARD_MEMBERS;
	return past_percent(ended, covered, safeguards->ended_percent) ? SAFEGUARD_PERCENT : SAFEGUARD_HOLDS;
}

bool safeguard_place_past(const struct safeguards *safeguards, uint64_t ended, uint64_t covered)
{
	return ended > 0 && ended >= (uint64_t)safeguards->from_members && past_percent(ended, covered, safeguards->place_percent);
}

/* Two months ahead: an end that lies further away is seen by more than one file before it comes. */
#define AHEAD 62

bool coverage_is_ended(const struct program *program, const struct member *before, const struct member *after, days today)
{
	const days looked_at[] = { today, today + AHEAD };
	enum reason why;
	for (size_t i = 0; i < COUNT_OF(looked_at); i++)
		if (coverage_on(&why, program, before, looked_at[i]) != NULL && coverage_on(&why, program, after, looked_at[i]) == NULL)
			return true;
	return false;
}

bool coverage_is_ending(const struct program *program, const struct member *member, days today)
{
	enum reason why;
	return coverage_on(&why, program, member, today) == NULL || coverage_on(&why, program, member, today + AHEAD) == NULL;
}

bool coverage_end_all(struct member *out, struct arena *arena, const struct member *member, days last)
{
	struct span_list list = { .size = member->span_count + 1 };
	list.items = arena_alloc(arena, list.size * sizeof(*list.items));
	if (list.items == NULL)
		return false;
	if (member->span_count > 0)
		memcpy(list.items, member->spans, member->span_count * sizeof(*list.items));
	list.count = member->span_count;
	spans_cap(&list, SLICE_NONE, last);
	for (size_t i = 0; i < list.count; i++)
		if (list.items[i].end == last)
			list.items[i].origin = (struct origin){ 0 }; /* the file that ends it says so */
	spans_tidy(&list);
	*out = *member;
	out->spans = list.items;
	out->span_count = list.count;
	return true;
}
