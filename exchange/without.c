/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * without: the members who have no PCP.  Those who have one are a bit each, so that only the
 * others are read.
 */
#include "exchange/facts.h"

#include <stdlib.h>

struct without {
	struct office *office;
	unsigned char *assigned;
	size_t bytes;
};

static bool is_assigned(void *data, int64_t member)
{
	struct without *without = data;
	size_t at = (size_t)member / 8;
	if (at >= without->bytes) {
		size_t size = 2 * at + 4096;
		unsigned char *bits = realloc(without->assigned, size);
		if (bits == NULL)
			return failure_set(&without->office->failure, "could not look for members without a PCP: out of memory");
		memset(bits + without->bytes, 0, size - without->bytes);
		without->assigned = bits;
		without->bytes = size;
	}
	without->assigned[at] |= (unsigned char)(1U << (size_t)member % 8);
	return true;
}

static bool is_wanted(void *data, int64_t member)
{
	const struct without *without = data;
	size_t at = (size_t)member / 8;
	return at >= without->bytes || (without->assigned[at] & 1U << (size_t)member % 8) == 0;
}

/* store_members_wanted gives its own data to both functions. */
struct both {
	struct without without;
	member_fn fn;
	void *data;
};

static bool wanted(void *data, int64_t member)
{
	return is_wanted(&((struct both *)data)->without, member);
}

static bool give(void *data, const struct member *member)
{
	struct both *both = data;
	return both->fn(both->data, member);
}

bool members_without_pcp(struct office *office, days day, member_fn fn, void *data)
{
	struct both both = { { .office = office }, fn, data };
	bool done = store_assigned_members(office->store, day, is_assigned, &both.without) &&
		store_members_wanted(office->store, wanted, give, &both);
	free(both.without.assigned);
	return done || office_store_failed(office);
}
