/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * postings: cycles, postings, payments.  Rows of postings and payments are only ever
 * added; triggers in the schema refuse the rest.
 *
 * A balance carried forward is not kept anywhere: it is what the FB lines of a payee
 * leave over, a negative line opening it and a positive one with the same FCN using it
 * up (835-9).  So it cannot differ from what was sent.
 */
#include "store/query.h"

/* ---------------------------------------------------------------- cycles */

bool cycle_read(struct query *query, bool *found, struct cycle_row *out)
{
	*found = query_row(query);
	if (*found) {
		out->id = query_get(query);
		out->day = query_get_days(query);
		out->month = query_get_days(query);
		out->change = query_get(query);
		out->payments = (uint64_t)query_get(query);
		out->amount = query_get(query);
	}
	return query_done(query);
}

bool store_cycle_find(struct store *store, bool *found, struct cycle_row *out, days day)
{
	struct query query = query_open(store, SQL_CYCLE_FIND);
	query_put(&query, day);
	return cycle_read(&query, found, out);
}

bool store_cycle_get(struct store *store, struct cycle_row *out, int64_t id)
{
	bool found;
	struct query query = query_open(store, SQL_CYCLE_GET);
	query_put(&query, id);
	return cycle_read(&query, &found, out) && (found || store_fail_missing(store, "cycle", id));
}

bool store_cycle_of_month(struct store *store, bool *found, struct cycle_row *out, months month)
{
	struct query query = query_open(store, SQL_CYCLE_OF_MONTH);
	query_put(&query, month);
	return cycle_read(&query, found, out);
}

bool store_cycle_newest(struct store *store, bool *found, struct cycle_row *out)
{
	struct query query = query_open(store, SQL_CYCLE_NEWEST);
	return cycle_read(&query, found, out);
}

bool store_cycle_add(struct store *store, int64_t *id, const struct cycle_row *cycle)
{
	struct query query = query_open(store, SQL_CYCLE_ADD);
	query_put(&query, cycle->day);
	query_put(&query, cycle->month);
	query_put(&query, cycle->change);
	query_put(&query, (int64_t)cycle->payments);
	query_put(&query, cycle->amount);
	return query_run_id(&query, id);
}

bool store_cycle_total(struct store *store, int64_t id, uint64_t payments, cents amount)
{
	struct query query = query_open(store, SQL_CYCLE_TOTAL);
	query_put(&query, id);
	query_put(&query, (int64_t)payments);
	query_put(&query, amount);
	if (!query_run(&query))
		return false;
	return store_rows_changed(store) == 1 || store_fail_missing(store, "cycle", id);
}

/* ---------------------------------------------------------------- postings */

bool store_posting_add(struct store *store, const struct posting *posting)
{
	struct query query = query_open(store, SQL_POSTING_ADD);
	query_put(&query, posting->member);
	query_put(&query, posting->month);
	query_put_text(&query, slice_of(posting->stream));
	query_put(&query, posting->pcp);
	query_put(&query, posting->billing);
	query_put_text(&query, slice_of(posting->fund));
	query_put(&query, posting->amount);
	query_put(&query, posting->kind);
	query_put_reason(&query, posting->reason);
	query_put(&query, posting->cycle);
	query_put_text(&query, slice_of(posting->fcn));
	return query_run(&query);
}

bool store_posted_net(struct store *store, struct arena *arena, struct member_month **out, size_t *count, int64_t member,
	months first, months last, int64_t draft)
{
	size_t size = 0;
	*out = NULL;
	*count = 0;
	struct query query = query_open(store, draft == 0 ? SQL_POSTED_NET : SQL_POSTED_NET_DRAFT);
	query_put(&query, member);
	query_put(&query, first);
	query_put(&query, last);
	if (draft != 0)
		query_put(&query, draft);
	while (query_row(&query)) {
		struct member_month *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		*out = items;
		struct member_month *item = &items[(*count)++];
		*item = (struct member_month){ .member = query_get(&query) };
		item->month = query_get_days(&query);
		query_get_chars(&query, item->stream, sizeof(item->stream));
		item->pcp = query_get(&query);
		item->billing = query_get(&query);
		query_get_chars(&query, item->fund, sizeof(item->fund));
		item->amount = query_get(&query);
	}
	return query_done(&query);
}

static void posting_read(struct query *query, struct posting *out)
{
	out->id = query_get(query);
	out->member = query_get(query);
	out->month = query_get_days(query);
	query_get_chars(query, out->stream, sizeof(out->stream));
	out->pcp = query_get(query);
	out->billing = query_get(query);
	query_get_chars(query, out->fund, sizeof(out->fund));
	out->amount = query_get(query);
	out->kind = (enum posting_kind)query_get(query);
	out->reason = query_get_reason(query);
	out->cycle = query_get(query);
	query_get_chars(query, out->fcn, sizeof(out->fcn));
}

bool postings_give(struct query *query, struct posting *last, bool *done, posting_fn fn, void *data)
{
	struct posting batch[POSTING_BATCH];
	size_t count = 0;
	for (; count < POSTING_BATCH && query_row(query); count++)
		posting_read(query, &batch[count]);
	*done = query_done(query);
	for (size_t i = 0; *done && i < count; i++) {
		*last = batch[i];
		*done = fn(data, &batch[i]);
	}
	return *done && count == POSTING_BATCH;
}

bool store_postings_of(struct store *store, int64_t member, posting_fn fn, void *data)
{
	struct posting last = { 0 };
	bool done, more = true;
	store_forget_failure(store);
	while (more) {
		struct query query = query_open(store, SQL_POSTINGS_OF);
		query_put(&query, member);
		query_put(&query, last.id);
		query_put(&query, POSTING_BATCH);
		more = postings_give(&query, &last, &done, fn, data);
	}
	return done;
}

/* ---------------------------------------------------------------- postings of a payee */

bool store_payee_posted(struct store *store, bool *found, const char *once)
{
	struct query query = query_open(store, SQL_PAYEE_POSTED);
	query_put_text(&query, slice_of(once));
	*found = query_row(&query);
	return query_done(&query);
}

bool store_payee_posting_add(struct store *store, const struct payee_posting *posting, const char *once)
{
	struct query query = query_open(store, SQL_PAYEE_POSTING_ADD);
	query_put(&query, posting->billing);
	query_put_text(&query, slice_of(posting->stream));
	query_put(&query, posting->kind);
	query_put(&query, posting->month);
	query_put_text(&query, slice_of(posting->fund));
	query_put(&query, posting->amount);
	query_put(&query, posting->cycle);
	query_put_text(&query, slice_of(posting->fcn));
	query_put_text(&query, slice_of(once));
	return query_run(&query);
}

bool store_held(struct store *store, struct arena *arena, struct payee_posting **out, size_t *count, const char *stream, months last)
{
	size_t size = 0;
	*out = NULL;
	*count = 0;
	struct query query = query_open(store, SQL_HELD);
	query_put_text(&query, slice_of(stream));
	query_put(&query, last);
	while (query_row(&query)) {
		struct payee_posting *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		*out = items;
		struct payee_posting *item = &items[(*count)++];
		*item = (struct payee_posting){ .billing = query_get(&query) };
		query_get_chars(&query, item->stream, sizeof(item->stream));
		item->kind = (enum posting_kind)query_get(&query);
		item->month = query_get_days(&query);
		query_get_chars(&query, item->fund, sizeof(item->fund));
		item->amount = query_get(&query);
		item->cycle = query_get(&query);
		query_get_chars(&query, item->fcn, sizeof(item->fcn));
	}
	return query_done(&query);
}

bool store_postings_under(struct store *store, int64_t cycle, int64_t billing, const char *fcn, posting_fn fn, void *data)
{
	struct posting last = { 0 };
	bool done, more = true;
	store_forget_failure(store);
	while (more) {
		struct query query = query_open(store, SQL_POSTINGS_UNDER);
		query_put(&query, cycle);
		query_put(&query, billing);
		query_put_text(&query, slice_of(fcn));
		query_put(&query, last.id);
		query_put(&query, POSTING_BATCH);
		more = postings_give(&query, &last, &done, fn, data);
	}
	return done;
}

bool store_postings_in(struct store *store, int64_t cycle, posting_fn fn, void *data)
{
	struct posting last = { 0 };
	bool done, more = true;
	store_forget_failure(store);
	while (more) {
		struct query query = query_open(store, SQL_CYCLE_POSTINGS_AFTER);
		query_put(&query, cycle);
		query_put(&query, last.billing);
		query_put(&query, last.id);
		query_put(&query, POSTING_BATCH);
		more = postings_give(&query, &last, &done, fn, data);
	}
	return done;
}

/* ---------------------------------------------------------------- sums of a cycle */

struct total_list {
	struct posting_total *items;
	size_t count, size;
};

static bool payee_next(struct store *store, bool *found, int64_t *billing, int64_t cycle)
{
	struct query query = query_open(store, SQL_CYCLE_PAYEE);
	query_put(&query, cycle);
	query_put(&query, *billing);
	*found = query_row(&query);
	if (*found)
		*billing = query_get(&query);
	return query_done(&query);
}

static bool payee_sums(struct store *store, struct arena *arena, struct total_list *list, int64_t cycle, int64_t billing)
{
	struct query query = query_open(store, SQL_CYCLE_SUMS);
	query_put(&query, cycle);
	query_put(&query, billing);
	while (query_row(&query)) {
		struct posting_total *items = store_grow(store, arena, list->items, &list->size, list->count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		list->items = items;
		struct posting_total *item = &items[list->count++];
		item->billing = query_get(&query);
		item->kind = (enum posting_kind)query_get(&query);
		query_get_chars(&query, item->stream, sizeof(item->stream));
		item->month = query_get_days(&query);
		query_get_chars(&query, item->fund, sizeof(item->fund));
		query_get_chars(&query, item->fcn, sizeof(item->fcn));
		item->amount = query_get(&query);
		item->member_months = (uint64_t)query_get(&query);
		enum reason least = query_get_reason(&query), greatest = query_get_reason(&query);
		item->why = least == greatest ? least : REASON_NONE;
	}
	return query_done(&query);
}

bool store_cycle_sums(struct store *store, int64_t cycle, total_fn fn, void *data)
{
	struct arena arena;
	int64_t billing = 0;
	bool found = true, going = true;
	arena_init(&arena, 0);
	store_forget_failure(store);
	while (going && found) {
		struct total_list list = { 0 };
		arena_reset(&arena);
		going = payee_next(store, &found, &billing, cycle);
		if (going && found)
			going = payee_sums(store, &arena, &list, cycle, billing);
		for (size_t i = 0; going && i < list.count; i++)
			going = fn(data, &list.items[i]);
	}
	arena_done(&arena);
	return going;
}

bool store_posted_sums(struct store *store, struct arena *arena, struct posted_sum **out, size_t *count, int64_t as_of_change)
{
	size_t size = 0;
	*out = NULL;
	*count = 0;
	struct query query = query_open(store, SQL_POSTED_SUMS);
	query_put(&query, as_of_change == 0 ? INT64_MAX : as_of_change);
	while (query_row(&query)) {
		struct posted_sum *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		*out = items;
		struct posted_sum *item = &items[(*count)++];
		item->billing = query_get(&query);
		query_get_chars(&query, item->stream, sizeof(item->stream));
		query_get_chars(&query, item->fund, sizeof(item->fund));
		item->month = query_get_days(&query);
		item->amount = query_get(&query);
	}
	return query_done(&query);
}

bool store_payee_posted_sum(struct store *store, cents *sum, int64_t as_of_change)
{
	struct query query = query_open(store, SQL_PAYEE_POSTED_SUM);
	query_put(&query, as_of_change == 0 ? INT64_MAX : as_of_change);
	*sum = query_row(&query) ? query_get(&query) : 0;
	return query_done(&query);
}

/* ---------------------------------------------------------------- balances carried forward */

bool store_carried(struct store *store, struct arena *arena, struct carried_row **out, size_t *count, int64_t billing,
	int64_t as_of_change)
{
	size_t size = 0;
	*out = NULL;
	*count = 0;
	struct query query = query_open(store, SQL_CARRIED);
	query_put(&query, billing);
	query_put(&query, as_of_change == 0 ? INT64_MAX : as_of_change);
	while (query_row(&query)) {
		struct carried_row *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		*out = items;
		struct carried_row *item = &items[(*count)++];
		query_get_chars(&query, item->fcn, sizeof(item->fcn));
		item->amount = query_get(&query);
		item->change = query_get(&query);
	}
	return query_done(&query);
}

bool store_owing_each(struct store *store, owing_fn fn, void *data)
{
	int64_t billing = 0;
	store_forget_failure(store);
	for (;;) {
		struct query query = query_open(store, SQL_OWING_AFTER);
		query_put(&query, billing);
		billing = query_row(&query) ? query_get(&query) : 0; /* NULL reads as 0 */
		if (!query_done(&query))
			return false;
		if (billing == 0)
			return true;
		if (!fn(data, billing))
			return false;
	}
}

/* ---------------------------------------------------------------- payments */

static bool line_add(struct store *store, int64_t payment, size_t position, const struct payout_line *line)
{
	struct query query = query_open(store, SQL_LINE_ADD);
	query_put(&query, payment);
	query_put(&query, (int64_t)position);
	query_put_text(&query, slice_of(line->plb_code));
	query_put_text(&query, slice_of(line->stream));
	query_put_text(&query, slice_of(line->reason));
	query_put_text(&query, slice_of(line->fund));
	query_put_text(&query, slice_of(line->fcn));
	query_put(&query, line->month);
	query_put(&query, line->amount);
	query_put(&query, (int64_t)line->member_months);
	query_put_reason(&query, line->why);
	query_put_text(&query, line->reference);
	return query_run(&query);
}

bool store_payment_add(struct store *store, int64_t *id, const struct payment *payment)
{
	struct query query = query_open(store, SQL_PAYMENT_ADD);
	query_put(&query, payment->billing);
	query_put(&query, payment->cycle);
	query_put(&query, payment->cycle_date);
	query_put(&query, payment->effective_date);
	query_put(&query, payment->amount);
	query_put_text(&query, payment->trace);
	query_put(&query, payment->control);
	if (!query_run_id(&query, id))
		return false;
	for (size_t i = 0; i < payment->line_count; i++)
		if (!line_add(store, *id, i + 1, &payment->lines[i]))
			return false;
	return true;
}

static void line_read(struct query *query, struct arena *arena, struct payout_line *out)
{
	query_get_chars(query, out->plb_code, sizeof(out->plb_code));
	query_get_chars(query, out->stream, sizeof(out->stream));
	query_get_chars(query, out->reason, sizeof(out->reason));
	query_get_chars(query, out->fund, sizeof(out->fund));
	query_get_chars(query, out->fcn, sizeof(out->fcn));
	out->month = query_get_days(query);
	out->amount = query_get(query);
	out->member_months = (uint64_t)query_get(query);
	out->why = query_get_reason(query);
	out->reference = query_get_text(query, arena);
}

static bool lines_read(struct store *store, struct arena *arena, struct payment *payment)
{
	size_t size = 0;
	struct query query = query_open(store, SQL_LINES);
	query_put(&query, payment->id);
	while (query_row(&query)) {
		struct payout_line *items = store_grow(store, arena, payment->lines, &size, payment->line_count, sizeof(*items));
		if (items == NULL) {
			query.failed = true;
			break;
		}
		payment->lines = items;
		line_read(&query, arena, &items[payment->line_count++]);
	}
	return query_done(&query);
}

static bool payment_read(struct store *store, struct arena *arena, bool *found, struct payment *out, struct query *query)
{
	*found = query_row(query);
	if (*found) {
		*out = (struct payment){ .id = query_get(query) };
		out->billing = query_get(query);
		out->cycle = query_get(query);
		out->cycle_date = query_get_days(query);
		out->effective_date = query_get_days(query);
		out->amount = query_get(query);
		out->trace = query_get_text(query, arena);
		out->control = query_get(query);
	}
	return query_done(query) && (!*found || lines_read(store, arena, out));
}

bool store_payments(struct store *store, struct arena *arena, int64_t cycle, payment_fn fn, void *data)
{
	struct payment payment = { 0 };
	bool found = true;
	store_forget_failure(store);
	while (found) {
		struct query query = query_open(store, SQL_PAYMENT_AFTER);
		query_put(&query, cycle);
		query_put(&query, payment.billing);
		if (!payment_read(store, arena, &found, &payment, &query) || (found && !fn(data, &payment)))
			return false;
	}
	return true;
}

bool store_payment_of(struct store *store, struct arena *arena, int64_t cycle, int64_t billing, payment_fn fn, void *data)
{
	struct payment payment;
	bool found;
	struct query query = query_open(store, SQL_PAYMENT_OF);
	query_put(&query, cycle);
	query_put(&query, billing);
	return payment_read(store, arena, &found, &payment, &query) && (!found || fn(data, &payment));
}

bool store_payments_to(struct store *store, int64_t billing, int64_t as_of_change, payment_fn fn, void *data)
{
	struct payment payment = { 0 };
	struct arena arena;
	bool found = true, going = true;
	arena_init(&arena, 0);
	store_forget_failure(store);
	while (going && found) {
		arena_reset(&arena);
		struct query query = query_open(store, SQL_PAYMENTS_OF_AFTER);
		query_put(&query, billing);
		query_put(&query, payment.id);
		query_put(&query, as_of_change == 0 ? INT64_MAX : as_of_change);
		going = payment_read(store, &arena, &found, &payment, &query) && (!found || fn(data, &payment));
	}
	arena_done(&arena);
	return going;
}

bool store_payment_by_fcn(struct store *store, struct arena *arena, bool *found, struct payment *out, const char *fcn)
{
	struct query query = query_open(store, SQL_PAYMENT_BY_FCN);
	query_put_text(&query, slice_of(fcn));
	return payment_read(store, arena, found, out, &query);
}
