/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * reasons: why a verdict or a posting is what it is, as codes that are kept and as
 * words for people.
 */
#include "records/records.h"

#include <assert.h>

static const struct {
	const char *code, *text;
} reasons[REASONS] = {
	[REASON_NONE] = { "", "" },
#define REASON(name, code, text) [REASON_##name] = { code, text },
#include "reasons.def"
#undef REASON
};

const char *reason_code(enum reason reason)
{
	assert(reason >= REASON_NONE && reason < REASONS);
	return reasons[reason].code;
}

const char *reason_text(enum reason reason)
{
	assert(reason >= REASON_NONE && reason < REASONS);
	return reasons[reason].text;
}

enum reason reason_of_code(struct slice code)
{
	for (int i = REASON_NONE + 1; i < REASONS; i++) {
		if (slice_is(code, reasons[i].code))
			return (enum reason)i;
	}
	return REASON_NONE;
}
