/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * kin: families as sets that grow together.  Each name leads to a name before it, the first one
 * to itself; names that a unit says together get one end.  The table is on the disk, so that a
 * file may have any number of people.
 *
 * Holds at every return: following names from any one ends.
 */
#include "exchange/kin.h"

void kin_names_init(struct kin_names *names)
{
	buffer_init(&names->texts, 0);
	names->count = 0;
}

void kin_names_reset(struct kin_names *names)
{
	buffer_reset(&names->texts);
	names->count = 0;
}

void kin_names_done(struct kin_names *names)
{
	buffer_done(&names->texts);
}

static struct slice name_at(const struct kin_names *names, size_t i)
{
	return (struct slice){ names->texts.ptr + names->names[i].at, names->names[i].len };
}

void kin_name(struct kin_names *names, char kind, struct slice a, struct slice b, struct slice c)
{
	if (a.len == 0 || names->count == KIN_NAMES)
		return;
	size_t at = names->texts.len;
	buffer_char(&names->texts, kind);
	buffer_slice(&names->texts, a);
	buffer_char(&names->texts, '\0');
	buffer_slice(&names->texts, b);
	buffer_char(&names->texts, '\0');
	buffer_slice(&names->texts, c);
	names->names[names->count].at = at;
	names->names[names->count++].len = names->texts.len - at;
}

/* Where a name leads in the end.  *known is false, and the end the name itself, if it was never learned. */
static bool follow(struct scratch *scratch, struct buffer *last, bool *known, struct slice name, struct failure *failure)
{
	struct buffer next;
	bool found = true, fine = true;
	*known = false;
	buffer_init(&next, 0);
	buffer_reset(last);
	buffer_slice(last, name);
	while (fine && found) {
		fine = scratch_get(scratch, buffer_view(last), &next, &found, failure);
		if (!fine || !found)
			break;
		*known = true;
		if (slice_equal(buffer_view(&next), buffer_view(last)))
			break;
		buffer_reset(last);
		buffer_slice(last, buffer_view(&next));
	}
	if (fine && (last->failed || next.failed))
		fine = failure_set(failure, "could not find families: out of memory");
	buffer_done(&next);
	return fine;
}

bool kin_family(struct scratch *scratch, struct buffer *family, const struct kin_names *names, struct failure *failure)
{
	bool known;
	buffer_reset(family);
	return names->count == 0 || follow(scratch, family, &known, name_at(names, 0), failure);
}

bool kin_learn(struct scratch *scratch, const struct kin_names *names, struct failure *failure)
{
	struct buffer family, last;
	bool known;
	if (names->count == 0)
		return true;
	buffer_init(&family, 0);
	buffer_init(&last, 0);
	bool fine = !names->texts.failed || failure_set(failure, "could not find families: out of memory");
	fine = fine && follow(scratch, &family, &known, name_at(names, 0), failure);
	if (fine && !known)
		fine = scratch_put(scratch, buffer_view(&family), buffer_view(&family), failure);
	for (size_t i = 1; fine && i < names->count; i++) {
		fine = follow(scratch, &last, &known, name_at(names, i), failure);
		if (fine && !slice_equal(buffer_view(&last), buffer_view(&family)))
			fine = scratch_put(scratch, buffer_view(&last), buffer_view(&family), failure);
	}
	buffer_done(&family);
	buffer_done(&last);
	return fine;
}
