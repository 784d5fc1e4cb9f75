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

/* How the source of an attribute that came by a merge begins: unmerging finds it by that. */
static struct slice merged_mark(struct arena *arena, int64_t goes)
{
	char mark[40];
	snprintf(mark, sizeof(mark), "merge %lld: ", (long long)goes);
	return arena_slice(arena, slice_of(mark));
}

/* The days of an attribute on which the one that stays has no value of that name; `kept` is ordered by name, then begin. */
static bool attribute_rest(const struct merging *merging, const struct attribute_list *kept, const struct attribute *from, struct slice source)
{
	struct attribute piece = *from;
	bool changed, open = true;
	piece.of = merging->stays;
	piece.source = source;
	for (size_t i = 0; i <= kept->count && open; i++) {
		const struct attribute *other = i < kept->count ? &kept->items[i] : NULL;
		if (other != NULL && (!slice_equal(other->name, from->name) || other->end < piece.begin || other->begin > from->end))
			continue;
		piece.end = other == NULL ? from->end : other->begin - 1;
		if (piece.begin <= piece.end && !store_attribute_put(merging->office->store, &changed, &piece))
			return office_store_failed(merging->office);
		open = other != NULL && other->end < from->end;
		piece.begin = open ? other->end + 1 : piece.begin;
	}
	return true;
}

static bool move_attributes(const struct merging *merging, const struct member *stays, const struct member *goes)
{
	struct slice mark = merged_mark(merging->arena, merging->goes);
	for (size_t i = 0; i < goes->attributes.count; i++) {
		const struct attribute *from = &goes->attributes.items[i];
		char *source = arena_alloc(merging->arena, mark.len + from->source.len + 1);
		if (mark.ptr == NULL || source == NULL)
			return failure_set(&merging->office->failure, "could not merge two members: out of memory");
		memcpy(source, mark.ptr, mark.len);
		if (from->source.len > 0)
			memcpy(source + mark.len, from->source.ptr, from->source.len);
		if (!attribute_rest(merging, &stays->attributes, from, (struct slice){ source, mark.len + from->source.len }))
			return false;
	}
	return true;
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
	return move_assignments(&merging) && move_request(&merging, today) && move_attributes(&merging, &member, &other);
}

/* ---- by hand: merge, and take it back (BAD-15) --------------------------------------- */

static bool begin(struct office *office)
{
	int64_t change;
	if (!store_begin(office->store))
		return office_store_failed(office);
	return store_change(office->store, &change, CHANGE_MERGE, office->now.day, program_hash(office->program)) || office_store_failed(office);
}

static bool finish(struct office *office, bool done)
{
	if (done && store_commit(office->store))
		return true;
	if (done)
		office_store_failed(office);
	store_rollback(office->store);
	return false;
}

static bool named(struct office *office, struct arena *arena, struct member *out, struct slice id, const char *what)
{
	bool found;
	if (!store_member_find(office->store, arena, &found, out, id))
		return office_store_failed(office);
	return found || office_misused(office, "%s %.*s: no member has this id", what, SLICE_ARG(id));
}

static bool merge_two(struct office *office, struct arena *arena, struct slice stays, struct slice goes)
{
	struct member one, other;
	int64_t merged;
	if (!named(office, arena, &one, stays, "the member that stays,") || !named(office, arena, &other, goes, "the member that goes,"))
		return false;
	if (one.id == other.id)
		return office_misused(office, "both ids are one member already");
	if (!store_apart_set(office->store, one.id, other.id, false) ||
		!store_member_alias(office->store, &merged, one.id, other.medicaid_id))
		return office_store_failed(office);
	return merge_history(office, arena, one.id, merged, (struct origin){ 0 }, office->now.day);
}

bool member_merge(struct office *office, struct slice stays, struct slice goes)
{
	struct arena arena;
	arena_init(&arena, 0);
	bool done = finish(office, begin(office) && merge_two(office, &arena, stays, goes));
	arena_done(&arena);
	return done;
}

struct parting {
	struct office *office;
	struct arena *arena;
	struct member root, other;
	int64_t change; /* that merged them */
};

/* The root as it was before the merge.  One that came with the merge itself had only what the same record brought. */
static bool root_before(const struct parting *parting, struct member *out)
{
	bool found;
	size_t kept = 0;
	struct store *store = parting->office->store;
	if (!store_member_as_of(store, parting->arena, &found, out, parting->root.id, parting->change - 1))
		return office_store_failed(parting->office);
	if (found)
		return true;
	if (!store_member_get(store, parting->arena, out, parting->root.id, parting->change))
		return office_store_failed(parting->office);
	for (size_t i = 0; i < out->span_count; i++) {
		bool others = false;
		for (size_t j = 0; j < parting->other.span_count; j++)
			others = others || (out->spans[i].origin.interchange == parting->other.spans[j].origin.interchange &&
				out->spans[i].origin.offset == parting->other.spans[j].origin.offset);
		if (!others)
			out->spans[kept++] = out->spans[i];
	}
	out->span_count = kept;
	return true;
}

static const struct assignment *assignment_of(const struct assignment *list, size_t count, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].id == id)
			return &list[i];
	return NULL;
}

/* PCPs that the merge brought, as far as they are still there. */
static bool take_assignments(const struct parting *parting)
{
	struct store *store = parting->office->store;
	struct assignment *now, *before, *after;
	size_t now_count, before_count, after_count;
	int64_t root = parting->root.id;
	if (!store_assignments(store, parting->arena, &now, &now_count, root, 0) ||
		!store_assignments(store, parting->arena, &before, &before_count, root, parting->change - 1) ||
		!store_assignments(store, parting->arena, &after, &after_count, root, parting->change))
		return office_store_failed(parting->office);
	for (size_t i = 0; i < now_count; i++) {
		if (assignment_of(after, after_count, now[i].id) == NULL || assignment_of(before, before_count, now[i].id) != NULL)
			continue;
		if (!store_assignment_end(store, now[i].id, now[i].begin - 1, REASON_MEMBER_PARTED))
			return office_store_failed(parting->office);
	}
	return true;
}

/* Is it the other's request, which the merge took over? */
static bool same_request(const struct request *a, const struct request *b)
{
	return strcmp(a->npi, b->npi) == 0 && a->received == b->received && a->processed == b->processed &&
		a->origin.interchange == b->origin.interchange && a->origin.offset == b->origin.offset && slice_equal(a->channel, b->channel);
}

/* What waited when the two were merged waits again for who asked. */
static bool take_request(const struct parting *parting)
{
	struct store *store = parting->office->store;
	struct request waiting, own;
	bool found, found_own;
	int64_t id;
	if (!store_request_pending(store, parting->arena, &found, &waiting, parting->root.id) ||
		!store_request_newest(store, parting->arena, &found_own, &own, parting->other.id))
		return office_store_failed(parting->office);
	if (!found_own || own.state != REQUEST_SUPERSEDED || !slice_is(own.reason, reason_code(REASON_MEMBER_MERGED)))
		return true;
	if (found && waiting.id > own.id && same_request(&waiting, &own) &&
		!store_request_close(store, waiting.id, REQUEST_SUPERSEDED, REASON_MEMBER_PARTED, parting->office->now.day))
		return office_store_failed(parting->office);
	own.state = REQUEST_PENDING;
	own.reason = SLICE_NONE;
	return store_request_add(store, &id, &own) || office_store_failed(parting->office);
}

/* What came by the merge goes; what a file said of those days since then is the root's own. */
static bool take_attributes(struct parting *parting)
{
	struct slice mark = merged_mark(parting->arena, parting->other.id);
	bool changed;
	if (mark.ptr == NULL)
		return failure_set(&parting->office->failure, "could not take a merge back: out of memory");
	for (size_t i = 0; i < parting->root.attributes.count; i++) {
		struct attribute gone = parting->root.attributes.items[i];
		if (!slice_starts(gone.source, mark.ptr))
			continue;
		gone.value = SLICE_NONE;
		if (!store_attribute_put(parting->office->store, &changed, &gone))
			return office_store_failed(parting->office);
	}
	return true;
}

static bool part(struct parting *parting)
{
	struct office *office = parting->office;
	struct store *store = office->store;
	struct member before, after;
	int64_t id;
	if (!store_member_get(store, parting->arena, &parting->root, parting->other.merged_into, 0) ||
		!store_merge_change(store, &parting->change, parting->other.id))
		return office_store_failed(office);
	if (parting->root.merged_into != 0)
		return office_misused(office, "the member that it was merged into was merged itself: take that back first");
	if (!root_before(parting, &before))
		return false;
	if (!member_part(&after, parting->arena, &parting->root, &before, &parting->other))
		return failure_set(&office->failure, "could not take a merge back: out of memory");
	if (!store_member_save(store, &id, &parting->root, &after, (struct origin){ 0 }) ||
		!store_member_part(store, parting->other.id, parting->root.id, parting->change) ||
		!store_apart_set(store, parting->root.id, parting->other.id, true))
		return office_store_failed(office);
	return take_assignments(parting) && take_request(parting) && take_attributes(parting);
}

static bool unmerge(struct office *office, struct arena *arena, struct slice id)
{
	struct parting parting = { .office = office, .arena = arena };
	int64_t member;
	if (!store_member_named(office->store, &member, id))
		return office_store_failed(office);
	if (member == 0)
		return office_misused(office, "%.*s: no member has this id", SLICE_ARG(id));
	if (!store_member_get(office->store, arena, &parting.other, member, 0))
		return office_store_failed(office);
	if (parting.other.merged_into == 0)
		return office_misused(office, "%.*s: was not merged into another member", SLICE_ARG(id));
	return part(&parting);
}

bool member_unmerge(struct office *office, struct slice id)
{
	struct arena arena;
	arena_init(&arena, 0);
	bool done = finish(office, begin(office) && unmerge(office, &arena, id));
	arena_done(&arena);
	return done;
}
