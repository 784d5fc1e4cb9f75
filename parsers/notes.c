/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * notes: syntax notes (X12.6 3.8.3.3): conditions between the elements of a segment or the
 * components of a composite.  P paired or multiple, R required, E exclusion, C conditional,
 * L list conditional.
 */
#include "parsers/parts.h"

struct noted {
	struct checker *checker;
	const struct values *values;
	uint16_t first_element, position;
};

static bool there(const struct noted *noted, unsigned at)
{
	return value_at(noted->values, at).len > 0;
}

static void note_tell(const struct noted *noted, enum finding_code code, unsigned at, const struct guide_note *note)
{
	const struct guide_element *element = &noted->checker->index->guide->elements[noted->first_element + at - 1];
	/* a required element that is missing was told already */
	if (code == FINDING_ELEMENT_CONDITION && element->usage == USAGE_REQUIRED)
		return;
	struct spot spot = { .element = element };
	spot.position = noted->position == 0 ? (uint16_t)at : noted->position;
	spot.component = noted->position == 0 ? 0 : (uint16_t)at;
	unsigned count = noted->values->count;
	if (at <= count)
		spot.value = value_at(noted->values, at);
	else if (count > 0) /* behind the last that was sent */
		spot.value = (struct slice){ noted->values->base + noted->values->ends[count], 0 };
	char expected[64] = "syntax note ";
	size_t len = strlen(expected);
	expected[len++] = note->kind;
	for (unsigned i = 0; i < note->count && len + 3 < sizeof(expected); i++)
		len += (size_t)snprintf(expected + len, sizeof(expected) - len, "%02u", note->positions[i]);
	checker_tell(noted->checker, code, &spot, expected);
}

static void note_check(const struct noted *noted, const struct guide_note *note)
{
	unsigned present = 0, absent = 0, first = note->positions[0];
	if ((note->kind == 'C' || note->kind == 'L') && !there(noted, first))
		return;
	for (unsigned i = 0; i < note->count; i++) {
		unsigned at = note->positions[i];
		if (!there(noted, at)) {
			absent = absent == 0 && (i > 0 || note->kind != 'L') ? at : absent;
			continue;
		}
		present++;
		if (note->kind == 'E' && present == 2)
			note_tell(noted, FINDING_ELEMENT_EXCLUDED, at, note);
	}
	bool wrong = false;
	if (note->kind == 'P')
		wrong = present > 0 && present < note->count;
	else if (note->kind == 'R')
		wrong = present == 0;
	else if (note->kind == 'C')
		wrong = there(noted, first) && present < note->count;
	else if (note->kind == 'L')
		wrong = there(noted, first) && present == 1;
	if (wrong && absent != 0)
		note_tell(noted, FINDING_ELEMENT_CONDITION, absent, note);
}

void notes_check(struct checker *checker, const struct values *values, uint16_t first_note, uint16_t note_count,
	uint16_t first_element, uint16_t position)
{
	const struct noted noted = { checker, values, first_element, position };
	for (unsigned i = 0; i < note_count; i++) {
		const struct guide_note *note = &checker->index->guide->notes[first_note + i];
		if (note->count > 0)
			note_check(&noted, note);
	}
}
