/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * assignments: who is whose patient, from when to when.
 *
 * What stays true: the assignments of a member that are believed now do not overlap;
 * an id names the same assignment in all of its versions; one that was retired lives on
 * in the past only.
 */
#include "store/members.h"

static void assignment_read(struct query *query, struct arena *arena, struct assignment *out)
{
	*out = (struct assignment){ .id = query_get(query) };
	out->member = query_get(query);
	out->pcp = query_get(query);
	out->begin = query_get_days(query);
	out->end = query_get_days(query);
	out->source = query_get_text(query, arena);
	out->exception = query_get(query) != 0;
	out->request = query_get(query);
	out->processed = query_get_days(query);
	out->program_hash = query_get_text(query, arena);
}

static bool list_read(struct store *store, struct arena *arena, struct assignment **out, size_t *count, struct query *query)
{
	size_t size = 0;
	*out = NULL;
	*count = 0;
	while (query_row(query)) {
		struct assignment *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query->failed = true;
			break;
		}
		*out = items;
		assignment_read(query, arena, &items[(*count)++]);
	}
	return query_done(query);
}

bool store_assignments(struct store *store, struct arena *arena, struct assignment **out, size_t *count, int64_t member,
	int64_t as_of_change)
{
	struct query query = query_open(store, as_of_change == 0 ? SQL_ASSIGNMENTS : SQL_ASSIGNMENTS_AS_OF);
	query_put(&query, member);
	if (as_of_change != 0)
		query_put(&query, as_of_change);
	return list_read(store, arena, out, count, &query);
}

/* Cut to `last`, or retire what would then end before it begins. */
static bool assignment_close(struct store *store, const struct assignment *assignment, days last, enum reason why)
{
	if (last >= assignment->end)
		return true;
	if (!member_forget(store, assignment->member)) /* the next file that names the PCP asks again */
		return false;
	struct query keep = query_open(store, SQL_ASSIGNMENT_KEEP);
	query_put(&keep, assignment->id);
	query_put(&keep, store->change);
	if (!query_run(&keep))
		return false;
	struct query query = query_open(store, last < assignment->begin ? SQL_ASSIGNMENT_RETIRE : SQL_ASSIGNMENT_CUT);
	query_put(&query, assignment->id);
	if (last >= assignment->begin) {
		query_put(&query, last);
		query_put_reason(&query, why);
		query_put(&query, store->change);
	}
	return query_run(&query);
}

static bool assignment_add(struct store *store, int64_t *id, const struct assignment *assignment, struct origin origin)
{
	int64_t program;
	if (!store_program(store, &program, assignment->program_hash) ||
	    (assignment->end != DAYS_OPEN && !member_forget(store, assignment->member)))
		return false;
	struct query query = query_open(store, SQL_ASSIGNMENT_ADD);
	query_put(&query, assignment->member);
	query_put(&query, assignment->pcp);
	query_put(&query, assignment->begin);
	query_put(&query, assignment->end);
	query_put_text(&query, assignment->source);
	query_put(&query, assignment->exception);
	query_put_id(&query, assignment->request);
	query_put(&query, assignment->processed);
	query_put_id(&query, program);
	query_put_origin(&query, origin);
	query_put(&query, store->change);
	return query_run_id(&query, id);
}

bool store_assign(struct store *store, int64_t *id, const struct assignment *assignment, struct origin origin)
{
	struct arena arena;
	struct assignment *old;
	size_t count;
	assert(store->change != 0);
	assert(assignment->begin <= assignment->end);
	arena_init(&arena, 0);
	bool done = store_assignments(store, &arena, &old, &count, assignment->member, 0);
	for (size_t i = 0; done && i < count; i++)
		if (old[i].end >= assignment->begin && old[i].begin <= assignment->end) {
			/* what begins inside the new one is retired as a whole, also if it ends after it */
			days last = old[i].begin < assignment->begin ? assignment->begin - 1 : old[i].begin - 1;
			done = assignment_close(store, &old[i], last, REASON_SUPERSEDED);
		}
	done = done && assignment_add(store, id, assignment, origin);
	arena_done(&arena);
	return done;
}

bool store_assignment_end(struct store *store, int64_t id, days last, enum reason why)
{
	struct arena arena;
	struct assignment assignment;
	assert(store->change != 0);
	arena_init(&arena, 0);
	struct query query = query_open(store, SQL_ASSIGNMENT_GET);
	query_put(&query, id);
	bool found = query_row(&query);
	if (found)
		assignment_read(&query, &arena, &assignment);
	bool done = query_done(&query) && (found || store_fail_missing(store, "assignment", id));
	done = done && assignment_close(store, &assignment, last, why);
	arena_done(&arena);
	return done;
}

bool store_assignments_of_pcp(struct store *store, int64_t pcp, days on_or_after, assignment_fn fn, void *data)
{
	struct arena arena;
	int64_t after = 0;
	size_t count = 1;
	bool going = true;
	arena_init(&arena, 0);
	store_forget_failure(store);
	while (going && count > 0) {
		struct assignment *list;
		arena_reset(&arena);
		struct query query = query_open(store, SQL_ASSIGNMENTS_OF_PCP);
		query_put(&query, pcp);
		query_put(&query, on_or_after);
		query_put(&query, after);
		query_put(&query, WALK_BATCH);
		going = list_read(store, &arena, &list, &count, &query);
		for (size_t i = 0; going && i < count; i++) {
			after = list[i].id;
			going = fn(data, &list[i]);
		}
	}
	arena_done(&arena);
	return going;
}

bool store_assigned_members(struct store *store, days day, member_id_fn fn, void *data)
{
	int64_t ids[WALK_BATCH], after = 0;
	size_t count = WALK_BATCH;
	store_forget_failure(store);
	while (count == WALK_BATCH) {
		struct query query = query_open(store, SQL_ASSIGNED_MEMBERS);
		query_put(&query, day);
		query_put(&query, after);
		query_put(&query, WALK_BATCH);
		for (count = 0; count < WALK_BATCH && query_row(&query); count++)
			ids[count] = query_get(&query);
		if (!query_done(&query))
			return false;
		for (size_t i = 0; i < count; i++)
			if (!fn(data, ids[i]))
				return false;
		after = count == 0 ? after : ids[count - 1];
	}
	return true;
}

bool store_panel_sizes(struct store *store, days day, panel_size_fn fn, void *data)
{
	bool going = true;
	store_forget_failure(store);
	struct query query = query_open(store, SQL_PANEL_SIZES);
	query_put(&query, day);
	while (going && query_row(&query)) {
		int64_t pcp = query_get(&query);
		going = fn(data, pcp, query_get(&query));
	}
	return query_done(&query) && going;
}

struct event {
	struct assignment assignment;
	bool made;
	enum reason ended;
};

static bool events_read(struct arena *arena, struct event *out, size_t *count, struct query *query)
{
	for (*count = 0; *count < WALK_BATCH && query_row(query); ++*count) {
		struct event *event = &out[*count];
		assignment_read(query, arena, &event->assignment);
		event->made = query_get(query) == 1; /* its first version */
		event->ended = query_get_reason(query);
	}
	return query_done(query);
}

bool store_assignments_recorded(struct store *store, days first, days last, assignment_event_fn fn, void *data)
{
	struct arena arena;
	int64_t after = 0;
	size_t count = 1;
	bool going = true;
	arena_init(&arena, 0);
	store_forget_failure(store);
	while (going && count > 0) {
		arena_reset(&arena);
		struct event *events = arena_alloc(&arena, WALK_BATCH * sizeof(*events));
		struct query query = query_open(store, SQL_ASSIGNMENTS_RECORDED);
		query_put(&query, first);
		query_put(&query, last);
		query_put(&query, after);
		query_put(&query, WALK_BATCH);
		going = events == NULL ? store_fail_memory(store) && query_done(&query) : events_read(&arena, events, &count, &query);
		for (size_t i = 0; going && i < count; i++) {
			after = events[i].assignment.id;
			going = fn(data, &events[i].assignment, events[i].made, events[i].ended);
		}
	}
	arena_done(&arena);
	return going;
}

bool store_assignments_orphaned(struct store *store, enum reason why, assignment_fn fn, void *data)
{
	struct arena arena;
	int64_t pcp = 0, id = 0;
	size_t count = 1;
	bool going = true;
	arena_init(&arena, 0);
	store_forget_failure(store);
	while (going && count > 0) {
		struct assignment *list;
		arena_reset(&arena);
		struct query query = query_open(store, SQL_ASSIGNMENTS_ORPHANED);
		query_put_reason(&query, why);
		query_put(&query, pcp);
		query_put(&query, id);
		query_put(&query, WALK_BATCH);
		going = list_read(store, &arena, &list, &count, &query);
		for (size_t i = 0; going && i < count; i++) {
			pcp = list[i].pcp;
			id = list[i].id;
			going = fn(data, &list[i]);
		}
	}
	arena_done(&arena);
	return going;
}

bool store_assigned_pcps(struct store *store, days day, assigned_fn fn, void *data)
{
	enum { ROWS = WALK_BATCH / 2 }; /* they lie on the stack */
	struct { int64_t member, begin, id, pcp; } rows[ROWS];
	int64_t member = 0, begin = DAYS_NONE, id = 0;
	size_t count = ROWS;
	store_forget_failure(store);
	while (count == ROWS) {
		struct query query = query_open(store, SQL_ASSIGNED_PCPS);
		query_put(&query, day);
		query_put(&query, member);
		query_put(&query, begin);
		query_put(&query, id);
		query_put(&query, ROWS);
		for (count = 0; count < ROWS && query_row(&query); count++) {
			rows[count].member = query_get(&query);
			rows[count].begin = query_get(&query);
			rows[count].id = query_get(&query);
			rows[count].pcp = query_get(&query);
		}
		if (!query_done(&query))
			return false;
		for (size_t i = 0; i < count; i++)
			if (!fn(data, rows[i].member, rows[i].pcp))
				return false;
		if (count > 0) {
			member = rows[count - 1].member;
			begin = rows[count - 1].begin;
			id = rows[count - 1].id;
		}
	}
	return true;
}
