/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * attributes: what is known of a member, PCP or practice on a day beside its record.
 */
#include "records/records.h"

const char *subject_name(enum subject subject)
{
	static const char *const names[SUBJECTS] = { "", "member", "pcp", "practice" };
	return names[subject < SUBJECTS ? subject : SUBJECT_NONE];
}

struct slice attribute_on(const struct attribute_list *attributes, struct slice name, days day)
{
	for (size_t i = 0; i < attributes->count; i++) {
		const struct attribute *item = &attributes->items[i];
		if (item->begin <= day && day <= item->end && slice_equal(item->name, name))
			return item->value;
	}
	return SLICE_NONE;
}
