/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * without: the members who have no PCP.  Those who have one are a bit each, so that only the
 * others are read.
 */
#include "exchange/facts.h"
#include "exchange/member_bits.h"

#include <stdlib.h>

struct without {
	struct office *office;
	struct member_bits assigned;
};

static bool is_assigned(void *data, int64_t member)
{
	struct without *without = data;
	return member_bit_set(&without->assigned, member) ||
		failure_set(&without->office->failure, "could not look for members without a PCP: out of memory");
}

static bool is_wanted(void *data, int64_t member)
{
	const struct without *without = data;
	return !member_bit_get(&without->assigned, member);
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
	free(both.without.assigned.bytes);
	return done || office_store_failed(office);
}

bool facts_without_pcp(struct office *office, struct arena *arena, struct without_pcp *out, const struct member *member, days day)
{
	struct request request;
	*out = (struct without_pcp){ .told = DAYS_NONE };
	if (!facts_member(office, arena, &out->who, member))
		return false;
	out->lacks = lacks_pcp(&out->since, office->program, &out->who, day);
	return !out->lacks || (store_request_pending(office->store, arena, &out->asks, &request, member->id) &&
		store_notice_newest(office->store, &out->told, &out->told_since, member->id, SLICE("CHOOSE"))) || office_store_failed(office);
}
