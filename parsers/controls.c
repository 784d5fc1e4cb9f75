/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * controls: which control numbers stood already in a group (ST02) or interchange (GS06),
 * in bounded memory.
 *
 * The first CONTROLS_KEPT numbers are kept as text and compared exactly, in any order.
 * Past that a number is still known to be new when it is greater than every one before,
 * which is how senders count.  What is not caught: a number that stands twice, both times
 * after the table was full, and the second time smaller than some number before it.
 * Nothing is ever reported that did not stand twice.
 */
#include "parsers/parts.h"

#define CONTROLS_PLACES 8192
#define CONTROLS_KEPT 6144 /* of the places: open addressing needs free ones */
#define CONTROL_BYTES 9    /* element 329 and 28 */

struct controls {
	uint64_t highest; /* of those that are numbers */
	uint32_t count;
	uint32_t round; /* a place of an earlier round is free: forgetting all costs nothing */
	struct {
		uint32_t round;
		char text[CONTROL_BYTES];
		uint8_t len;
	} places[CONTROLS_PLACES];
};

struct controls *controls_new(void)
{
	struct controls *controls = calloc(1, sizeof(*controls));
	if (controls != NULL)
		controls->round = 1;
	return controls;
}

void controls_free(struct controls *controls)
{
	free(controls);
}

void controls_reset(struct controls *controls)
{
	if (++controls->round == 0) {
		memset(controls->places, 0, sizeof(controls->places));
		controls->round = 1;
	}
	controls->count = 0;
	controls->highest = 0;
}

bool controls_seen(struct controls *controls, struct slice control)
{
	if (control.len == 0 || control.len > CONTROL_BYTES)
		return false; /* not of its form: another finding says so */
	uint64_t number = 0;
	bool newest = slice_number(&number, control) && number > controls->highest;
	if (newest)
		controls->highest = number;
	size_t place = hash64(0, control.ptr, control.len) % CONTROLS_PLACES;
	for (; controls->places[place].round == controls->round; place = (place + 1) % CONTROLS_PLACES) {
		struct slice kept = { controls->places[place].text, controls->places[place].len };
		if (!newest && slice_equal(kept, control))
			return true;
	}
	if (controls->count < CONTROLS_KEPT) {
		memcpy(controls->places[place].text, control.ptr, control.len);
		controls->places[place].len = (uint8_t)control.len;
		controls->places[place].round = controls->round;
		controls->count++;
	}
	return false;
}
