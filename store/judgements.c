/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * judgements: who asks for which PCP, and how it was judged.
 *
 * A request's row holds its newest state; every judgement is a row of its own with its
 * trace as one text: steps parted by RS, the fields of a step by US.  A judgement that
 * says the same as the one before it is not written again, so that a request that waits
 * for months does not grow by a trace a day.
 */
#include "store/members.h"

#define FIELD_MARK '\x1f' /* US */
#define STEP_MARK '\x1e'  /* RS */

/* ---------------------------------------------------------------- requests */

static void request_read(struct query *query, struct arena *arena, struct request *out)
{
	*out = (struct request){ .id = query_get(query) };
	out->member = query_get(query);
	query_get_chars(query, out->npi, sizeof(out->npi));
	out->received = query_get_days(query);
	out->processed = query_get_days(query);
	out->asked_from = query_get_days(query);
	out->channel = query_get_text(query, arena);
	out->relationship = query_get_text(query, arena);
	out->source = query_get_text(query, arena);
	out->state = (enum request_state)query_get(query);
	out->reason = query_get_text(query, arena);
	out->cause = query_get_text(query, arena);
	out->entry = query_get_text(query, arena);
	out->ordered = query_get(query) != 0;
	out->origin = query_get_origin(query);
}

bool store_request_add(struct store *store, int64_t *id, const struct request *request)
{
	return member_forget(store, request->member) && store_request_record(store, id, request);
}

bool store_request_record(struct store *store, int64_t *id, const struct request *request)
{
	assert(store->change != 0);
	struct query query = query_open(store, SQL_REQUEST_ADD);
	query_put(&query, request->member);
	query_put_text(&query, slice_of(request->npi));
	query_put(&query, request->received);
	query_put(&query, request->processed);
	query_put(&query, request->asked_from);
	query_put_text(&query, request->channel);
	query_put_text(&query, request->relationship);
	query_put_text(&query, request->source);
	query_put(&query, request->state);
	query_put_text(&query, request->reason);
	query_put_text(&query, request->cause);
	query_put_text(&query, request->entry);
	query_put(&query, request->ordered);
	query_put_origin(&query, request->origin);
	query_put(&query, store->change);
	return query_run_id(&query, id);
}

static bool read_one(struct query *query, struct arena *arena, bool *found, struct request *out)
{
	*found = query_row(query);
	if (*found)
		request_read(query, arena, out);
	return query_done(query);
}

bool store_request_newest(struct store *store, struct arena *arena, bool *found, struct request *out, int64_t member)
{
	struct query query = query_open(store, SQL_REQUEST_NEWEST);
	query_put(&query, member);
	return read_one(&query, arena, found, out);
}

bool store_request_pending(struct store *store, struct arena *arena, bool *found, struct request *out, int64_t member)
{
	struct query query = query_open(store, SQL_REQUEST_PENDING);
	query_put(&query, member);
	query_put(&query, REQUEST_PENDING);
	return read_one(&query, arena, found, out);
}

bool store_request_entered(struct store *store, bool *entered, const struct request *request)
{
	struct query query = query_open(store, SQL_REQUEST_ENTERED);
	query_put(&query, request->member);
	query_put_text(&query, slice_of(request->npi));
	query_put(&query, request->received);
	query_put_text(&query, request->channel);
	*entered = query_row(&query);
	return query_done(&query);
}

struct request_list {
	struct request *items;
	size_t count, size;
};

static bool list_read(struct store *store, struct arena *arena, struct request_list *list, struct query *query)
{
	while (query_row(query)) {
		struct request *items = store_grow(store, arena, list->items, &list->size, list->count, sizeof(*items));
		if (items == NULL) {
			query->failed = true;
			break;
		}
		list->items = items;
		request_read(query, arena, &items[list->count++]);
	}
	return query_done(query);
}

static bool list_give(const struct request_list *list, request_fn fn, void *data)
{
	for (size_t i = 0; i < list->count; i++)
		if (!fn(data, &list->items[i]))
			return false;
	return true;
}

bool store_requests_of(struct store *store, struct arena *arena, int64_t member, request_fn fn, void *data)
{
	struct request_list list = { 0 };
	store_forget_failure(store);
	struct query query = query_open(store, SQL_REQUESTS_OF);
	query_put(&query, member);
	return list_read(store, arena, &list, &query) && list_give(&list, fn, data);
}

bool store_requests_in_state(struct store *store, enum request_state state, request_fn fn, void *data)
{
	struct arena arena;
	int64_t id = 0;
	days processed = DAYS_NONE; /* the smallest there is */
	bool going = true;
	arena_init(&arena, 0);
	store_forget_failure(store);
	while (going) {
		struct request_list list = { 0 };
		arena_reset(&arena);
		struct query query = query_open(store, SQL_REQUESTS_IN_STATE);
		query_put(&query, state);
		query_put(&query, processed);
		query_put(&query, id);
		query_put(&query, WALK_BATCH);
		going = list_read(store, &arena, &list, &query);
		if (!going || list.count == 0)
			break;
		id = list.items[list.count - 1].id;
		processed = list.items[list.count - 1].processed;
		going = list_give(&list, fn, data);
	}
	arena_done(&arena);
	return going;
}

/* ---------------------------------------------------------------- judging */

/* The marks may not stand in what they part. */
static void trace_put(struct buffer *out, struct slice text, char mark)
{
	char *copy = buffer_reserve(out, text.len + 1);
	if (copy == NULL)
		return;
	for (size_t i = 0; i < text.len; i++)
		copy[i] = text.ptr[i] == FIELD_MARK || text.ptr[i] == STEP_MARK ? ' ' : text.ptr[i];
	copy[text.len] = mark;
	out->len += text.len + 1;
}

static void step_put(struct buffer *out, const struct step *step)
{
	trace_put(out, slice_of(step->rule), FIELD_MARK);
	trace_put(out, slice_of(step->requirement), FIELD_MARK);
	buffer_text(out, step->passed ? "1\x1f" : "0\x1f");
	trace_put(out, step->reason == REASON_NONE ? SLICE_NONE : slice_of(reason_code(step->reason)), FIELD_MARK);
	buffer_number(out, step->origin.interchange);
	buffer_char(out, FIELD_MARK);
	buffer_number(out, (int64_t)step->origin.offset);
	buffer_char(out, FIELD_MARK);
	trace_put(out, step->fact, STEP_MARK);
}

static bool request_state_put(struct store *store, int64_t id, enum request_state state, enum reason why)
{
	/* one that neither waits nor was granted may be asked again by the next file */
	if (state != REQUEST_PENDING && state != REQUEST_ACCEPTED && !member_forget_request(store, id))
		return false;
	struct query query = query_open(store, SQL_REQUEST_STATE);
	query_put(&query, id);
	query_put(&query, state);
	query_put_reason(&query, why);
	if (!query_run(&query))
		return false;
	if (store_rows_changed(store) > 0)
		return true;
	struct query there = query_open(store, SQL_REQUEST_THERE);
	query_put(&there, id);
	bool found = query_row(&there);
	if (!query_done(&there))
		return false;
	return found || store_fail_missing(store, "request", id);
}

/* What a judgement and the look for the same one before it share. */
static struct query judgement_open(struct store *store, enum statement name, const struct decision *decision,
	int64_t program, struct slice trace)
{
	struct query query = query_open(store, name);
	query_put(&query, decision->request);
	query_put(&query, decision->state);
	query_put_reason(&query, decision->reason);
	query_put(&query, decision->state == REQUEST_ACCEPTED ? decision->effective : DAYS_NONE);
	query_put_id(&query, program);
	query_put_text(&query, trace);
	return query;
}

static bool judgement_put(struct store *store, const struct decision *decision, days today, int64_t program,
	struct slice trace)
{
	struct query same = judgement_open(store, SQL_JUDGEMENT_SAME, decision, program, trace);
	bool repeated = query_row(&same) && query_get(&same) != 0;
	if (!query_done(&same) || repeated)
		return repeated && !same.failed;
	struct query query = judgement_open(store, SQL_JUDGEMENT_ADD, decision, program, trace);
	query_put(&query, today);
	query_put(&query, store->change);
	return query_run(&query);
}

bool store_request_judge(struct store *store, const struct decision *decision, days today, const char *program_hash)
{
	struct buffer trace;
	int64_t program;
	assert(store->change != 0);
	assert(decision->step_count <= STEPS_MAX);
	if (!store_program(store, &program, slice_of(program_hash)) ||
	    !request_state_put(store, decision->request, decision->state, decision->reason))
		return false;
	buffer_init(&trace, 0);
	for (size_t i = 0; i < decision->step_count; i++)
		step_put(&trace, &decision->steps[i]);
	bool done = trace.failed ? store_fail_memory(store)
				 : judgement_put(store, decision, today, program, buffer_view(&trace));
	buffer_done(&trace);
	return done;
}

bool store_request_close(struct store *store, int64_t id, enum request_state state, enum reason why, days today)
{
	struct decision decision = { .request = id, .state = state, .reason = why };
	return store_request_judge(store, &decision, today, "");
}

/* ---------------------------------------------------------------- traces */

struct judgement {
	days day;
	enum request_state state;
	enum reason reason;
	struct slice trace;
};

static struct slice trace_next(struct slice *rest, char mark)
{
	const char *end = rest->len == 0 ? NULL : memchr(rest->ptr, mark, rest->len);
	size_t len = end == NULL ? rest->len : (size_t)(end - rest->ptr);
	struct slice part = { rest->ptr, len };
	size_t skip = end == NULL ? len : len + 1;
	*rest = (struct slice){ rest->len == skip ? NULL : rest->ptr + skip, rest->len - skip };
	return part;
}

static bool step_read(struct store *store, struct arena *arena, struct step *out, struct slice text)
{
	uint64_t number = 0;
	struct slice rule = arena_slice(arena, trace_next(&text, FIELD_MARK));
	struct slice requirement = arena_slice(arena, trace_next(&text, FIELD_MARK));
	if (rule.ptr == NULL || requirement.ptr == NULL)
		return store_fail_memory(store);
	*out = (struct step){ .rule = rule.ptr, .requirement = requirement.ptr };
	out->passed = slice_is(trace_next(&text, FIELD_MARK), "1");
	struct slice reason = trace_next(&text, FIELD_MARK);
	out->reason = reason.len == 0 ? REASON_NONE : reason_of_code(reason);
	if (slice_number(&number, trace_next(&text, FIELD_MARK)))
		out->origin.interchange = (int64_t)number;
	if (slice_number(&number, trace_next(&text, FIELD_MARK)))
		out->origin.offset = number;
	out->fact = text;
	return true;
}

/* A judgement without steps (closed by a later request) is given as one step without a rule. */
static bool judgement_give(struct store *store, struct arena *arena, const struct judgement *judgement, trace_fn fn, void *data)
{
	struct step step = { .rule = "", .requirement = "", .reason = judgement->reason };
	struct slice rest = judgement->trace;
	if (rest.len == 0)
		return fn(data, judgement->day, judgement->state, &step);
	while (rest.len > 0)
		if (!step_read(store, arena, &step, trace_next(&rest, STEP_MARK)) ||
		    !fn(data, judgement->day, judgement->state, &step))
			return false;
	return true;
}

bool store_request_trace(struct store *store, struct arena *arena, int64_t request, trace_fn fn, void *data)
{
	struct judgement *list = NULL;
	size_t count = 0, size = 0;
	store_forget_failure(store);
	struct query query = query_open(store, SQL_JUDGEMENTS);
	query_put(&query, request);
	while (query_row(&query)) {
		struct judgement *grown = store_grow(store, arena, list, &size, count, sizeof(*grown));
		if (grown == NULL) {
			query.failed = true;
			break;
		}
		list = grown;
		struct judgement *judgement = &list[count++];
		judgement->day = query_get_days(&query);
		judgement->state = (enum request_state)query_get(&query);
		judgement->reason = query_get_reason(&query);
		judgement->trace = query_get_text(&query, arena);
	}
	if (!query_done(&query))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!judgement_give(store, arena, &list[i], fn, data))
			return false;
	return true;
}

/* ---------------------------------------------------------------- cases */

struct case_item {
	int64_t position, member;
	struct slice case_number;
};

/* The next batch of the collected cases. */
static bool cases_read(struct store *store, struct arena *arena, struct case_item *out, size_t *count, int64_t after)
{
	struct query query = query_open(store, SQL_CASES_AFTER);
	query_put(&query, after);
	query_put(&query, WALK_BATCH);
	for (*count = 0; *count < WALK_BATCH && query_row(&query); ++*count) {
		out[*count].position = query_get(&query);
		out[*count].case_number = query_get_text(&query, arena);
		out[*count].member = query_get(&query);
	}
	return query_done(&query);
}

/*
 * The cases are collected first, into a temporary table and not into memory: what the callback
 * judges changes what is pending, and each case comes once whatever it does.
 */
static bool cases_collect(struct store *store)
{
	struct query forget = query_open(store, SQL_CASES_FORGET);
	if (!query_run(&forget))
		return false;
	struct query collect = query_open(store, SQL_CASES_COLLECT);
	query_put(&collect, REQUEST_PENDING);
	return query_run(&collect);
}

bool store_pending_cases(struct store *store, case_fn fn, void *data)
{
	struct arena arena;
	int64_t after = 0;
	size_t count = 1;
	store_forget_failure(store);
	bool going = cases_collect(store);
	arena_init(&arena, 0);
	while (going && count > 0) {
		arena_reset(&arena);
		struct case_item *items = arena_alloc(&arena, WALK_BATCH * sizeof(*items));
		going = items == NULL ? store_fail_memory(store) : cases_read(store, &arena, items, &count, after);
		for (size_t i = 0; going && i < count; i++) {
			after = items[i].position;
			going = fn(data, items[i].case_number, items[i].member);
		}
	}
	arena_done(&arena);
	return going;
}
