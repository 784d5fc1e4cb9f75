/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rosters: a month frozen once, its lines, and the control numbers of its money.
 *
 * An FCN is made when it is first asked for and is the same ever after: the roster, the
 * remittance advice and the PLB pair of one sum of money name it alike (BAD-8).
 */
#include "store/query.h"

static bool frozen_read(struct query *query, struct frozen_month *out)
{
	if (!query_row(query))
		return false;
	out->month = query_get_days(query);
	out->made = query_get_days(query);
	out->change = query_get(query);
	out->cycle_day = query_get_days(query);
	out->members = (uint64_t)query_get(query);
	out->amount = query_get(query);
	return true;
}

bool store_frozen_find(struct store *store, bool *found, struct frozen_month *out, months month)
{
	struct query query = query_open(store, SQL_FROZEN_FIND);
	query_put(&query, month);
	*found = frozen_read(&query, out);
	return query_done(&query);
}

bool store_frozen_newest(struct store *store, bool *found, struct frozen_month *out)
{
	struct query query = query_open(store, SQL_FROZEN_NEWEST);
	*found = frozen_read(&query, out);
	return query_done(&query);
}

bool store_frozen_add(struct store *store, const struct frozen_month *frozen)
{
	struct query query = query_open(store, SQL_FROZEN_ADD);
	query_put(&query, frozen->month);
	query_put(&query, frozen->made);
	query_put(&query, frozen->change);
	query_put(&query, frozen->cycle_day);
	query_put(&query, (int64_t)frozen->members);
	query_put(&query, frozen->amount);
	return query_run(&query);
}

bool store_frozen_total(struct store *store, months month, uint64_t members, cents amount)
{
	struct query query = query_open(store, SQL_FROZEN_TOTAL);
	query_put(&query, month);
	query_put(&query, (int64_t)members);
	query_put(&query, amount);
	if (!query_run(&query))
		return false;
	return store_rows_changed(store) == 1 || store_fail_missing(store, "frozen month", month);
}

bool store_roster_add(struct store *store, const struct roster_row *row)
{
	const struct member_month *line = &row->line;
	struct query query = query_open(store, SQL_ROSTER_ADD);
	query_put(&query, line->month);
	query_put(&query, line->practice);
	query_put(&query, line->pcp);
	query_put(&query, line->member);
	query_put_text(&query, slice_of(line->stream));
	query_put_text(&query, slice_of(line->fund));
	query_put(&query, line->billing);
	query_put(&query, row->patient);
	query_put(&query, line->amount);
	query_put_text(&query, slice_of(row->fcn));
	return query_run(&query);
}

static void roster_read(struct query *query, struct roster_row *out)
{
	*out = (struct roster_row){ .line.month = query_get_days(query) };
	out->line.practice = query_get(query);
	out->line.pcp = query_get(query);
	out->line.member = query_get(query);
	query_get_chars(query, out->line.stream, sizeof(out->line.stream));
	query_get_chars(query, out->line.fund, sizeof(out->line.fund));
	out->line.billing = query_get(query);
	out->patient = query_get(query) != 0;
	out->line.amount = query_get(query);
	query_get_chars(query, out->fcn, sizeof(out->fcn));
}

/* The lines after `last`: of all, of one practice, or of one payee that is not the practice. */
static struct query roster_open(struct store *store, enum statement name, months month, int64_t billing, const struct member_month *last)
{
	struct query query = query_open(store, name);
	query_put(&query, month);
	if (name != SQL_ROSTER_AFTER)
		query_put(&query, billing);
	if (name != SQL_ROSTER_OF)
		query_put(&query, last->practice);
	query_put(&query, last->pcp);
	query_put(&query, last->member);
	query_put_text(&query, slice_of(last->stream));
	query_put_text(&query, slice_of(last->fund));
	query_put(&query, WALK_BATCH);
	return query;
}

static bool roster_walk(struct store *store, enum statement name, months month, int64_t billing, roster_fn fn, void *data)
{
	struct arena arena;
	struct member_month last = { 0 };
	size_t count = WALK_BATCH;
	arena_init(&arena, 0);
	store_forget_failure(store);
	struct roster_row *rows = arena_alloc(&arena, WALK_BATCH * sizeof(*rows));
	bool going = rows != NULL || store_fail_memory(store);
	while (going && count == WALK_BATCH) {
		struct query query = roster_open(store, name, month, billing, &last);
		for (count = 0; count < WALK_BATCH && query_row(&query); count++)
			roster_read(&query, &rows[count]);
		going = query_done(&query);
		for (size_t i = 0; going && i < count; i++) {
			last = rows[i].line;
			going = fn(data, &rows[i]);
		}
	}
	arena_done(&arena);
	return going;
}

bool store_roster_each(struct store *store, months month, int64_t billing, roster_fn fn, void *data)
{
	return roster_walk(store, billing == 0 ? SQL_ROSTER_AFTER : SQL_ROSTER_OF, month, billing, fn, data);
}

bool store_roster_paid(struct store *store, months month, int64_t payee, roster_fn fn, void *data)
{
	return roster_walk(store, SQL_ROSTER_PAID, month, payee, fn, data);
}

static struct query fcn_open(struct store *store, enum statement name, const struct fcn_key *key)
{
	struct query query = query_open(store, name);
	query_put(&query, key->cycle_day);
	query_put(&query, key->billing);
	query_put(&query, key->kind);
	query_put(&query, key->month);
	query_put_text(&query, slice_of(key->fund));
	query_put(&query, key->sign);
	query_put_text(&query, slice_of(key->stream));
	return query;
}

bool store_fcn(struct store *store, char out[16], const struct fcn_key *key)
{
	uint64_t number;
	struct query find = fcn_open(store, SQL_FCN_FIND, key);
	bool found = query_row(&find);
	if (found)
		query_get_chars(&find, out, 16);
	if (!query_done(&find))
		return false;
	if (found)
		return true;
	/* its number is unique for ever */
	if (!store_next(store, &number, "fcn"))
		return false;
	fcn_print(out, key->cycle_day, number);
	struct query add = fcn_open(store, SQL_FCN_ADD, key);
	query_put_text(&add, slice_of(out));
	return query_run(&add);
}
