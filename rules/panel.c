/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * panel: how many members a PCP or a practice has, day by day (ASG-2).
 *
 * A panel is kept as the days on which its number changes: nearly always firsts of months, so that
 * years of a panel of thousands are a few dozen steps.  What is asked is the most that there are on any
 * day from one on: an assignment that was accepted for later takes its place now.
 *
 * Holds at every return: steps are in the order of their days, each day once, none of them zero.
 */
#include "rules/rules.h"

static bool step_add(struct arena *arena, struct panel *panel, days day, int64_t change)
{
	size_t at = panel->count;
	while (at > 0 && panel->steps[at - 1].day >= day)
		at--;
	if (at < panel->count && panel->steps[at].day == day) {
		panel->steps[at].change += change;
		if (panel->steps[at].change == 0) {
			panel->count--;
			memmove(&panel->steps[at], &panel->steps[at + 1], (panel->count - at) * sizeof(*panel->steps));
		}
		return true;
	}
	if (panel->count == panel->size) {
		size_t size = panel->size == 0 ? 8 : 2 * panel->size;
		struct panel_step *steps = arena_alloc(arena, size * sizeof(*steps));
		if (steps == NULL)
			return false;
		if (panel->count > 0)
			memcpy(steps, panel->steps, panel->count * sizeof(*steps));
		panel->steps = steps;
		panel->size = size;
	}
	memmove(&panel->steps[at + 1], &panel->steps[at], (panel->count - at) * sizeof(*panel->steps));
	panel->steps[at] = (struct panel_step){ day, change };
	panel->count++;
	return true;
}

bool panel_add(struct arena *arena, struct panel *panel, days begin, days end, int64_t members)
{
	if (end < begin || members == 0)
		return true;
	return step_add(arena, panel, begin, members) && (end == DAYS_OPEN || step_add(arena, panel, end + 1, -members));
}

int64_t panel_most(const struct panel *panel, days from)
{
	int64_t members = 0, most = 0;
	size_t i = 0;
	for (; i < panel->count && panel->steps[i].day <= from; i++)
		members += panel->steps[i].change;
	for (most = members; i < panel->count; i++) {
		members += panel->steps[i].change;
		most = members > most ? members : most;
	}
	return most;
}
