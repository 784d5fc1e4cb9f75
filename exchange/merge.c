/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * merge: the history of a member id that was merged goes over to the one that stays
 * (RET-8, BAD-15): coverage, PCPs, and the request that waits.  What was posted stays
 * where it was posted; the next cycle takes it back there and pays it here.
 */
#include "exchange/facts.h"

struct merging {
	struct office *office;
	struct arena *arena;
	int64_t stays, goes;
	struct origin origin;
	const struct assignment *kept; /* of the one that stays, ordered by begin */
	size_t kept_count;
};

static bool assign_piece(const struct merging *merging, const struct assignment *from, days begin, days end)
{
	struct assignment piece = *from;
	int64_t id;
	if (begin > end)
		return true;
	piece.member = merging->stays;
	piece.begin = begin;
	piece.end = end;
	return store_assign(merging->office->store, &id, &piece, merging->origin) || office_store_failed(merging->office);
}

/* The days of an assignment on which the one that stays has no PCP. */
static bool assign_rest(const struct merging *merging, const struct assignment *from)
{
	days begin = from->begin;
	for (size_t i = 0; i < merging->kept_count; i++) {
		const struct assignment *kept = &merging->kept[i];
		if (kept->end < begin || kept->begin > from->end)
			continue;
		if (!assign_piece(merging, from, begin, kept->begin - 1))
			return false;
		if (kept->end == DAYS_OPEN)
			return true;
		begin = kept->end + 1;
	}
	return assign_piece(merging, from, begin, from->end);
}

static bool move_assignments(struct merging *merging)
{
	struct store *store = merging->office->store;
	struct assignment *kept, *gone;
	size_t count;
	if (!store_assignments(store, merging->arena, &kept, &merging->kept_count, merging->stays, 0) ||
		!store_assignments(store, merging->arena, &gone, &count, merging->goes, 0))
		return office_store_failed(merging->office);
	merging->kept = kept;
	for (size_t i = 0; i < count; i++)
		if (!assign_rest(merging, &gone[i]))
			return false;
	return true;
}

static bool move_request(const struct merging *merging, days today)
{
	struct store *store = merging->office->store;
	struct request waiting, own;
	bool found, found_own;
	int64_t id;
	if (!store_request_pending(store, merging->arena, &found, &waiting, merging->goes) ||
		!store_request_pending(store, merging->arena, &found_own, &own, merging->stays))
		return office_store_failed(merging->office);
	if (!found)
		return true;
	if (!store_request_close(store, waiting.id, REQUEST_SUPERSEDED, REASON_MEMBER_MERGED, today))
		return office_store_failed(merging->office);
	if (found_own)
		return true;
	waiting.member = merging->stays;
	waiting.reason = SLICE_NONE; /* not judged yet */
	return store_request_add(store, &id, &waiting) || office_store_failed(merging->office);
}

bool merge_history(struct office *office, struct arena *arena, int64_t stays, int64_t goes, struct origin origin, days today)
{
	struct merging merging = { .office = office, .arena = arena, .stays = stays, .goes = goes, .origin = origin };
	struct member member, other, after;
	int64_t id;
	if (!store_member_get(office->store, arena, &member, stays, 0) || !store_member_get(office->store, arena, &other, goes, 0))
		return office_store_failed(office);
	if (!member_absorb(&after, arena, &member, &other))
		return failure_set(&office->failure, "could not merge two members: out of memory");
	if (!member_same(&member, &after) && !store_member_save(office->store, &id, &member, &after, origin))
		return office_store_failed(office);
	return move_assignments(&merging) && move_request(&merging, today);
}
