/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * drafts: cycles that were prepared, and what was made of them.
 *
 * A draft's postings are rows like any others: only posting is append-only, and what
 * leaves here is either there by then or was never posted.
 */
#include "store/query.h"

static void draft_read(struct query *query, struct draft_row *out)
{
	out->id = query_get(query);
	out->day = query_get_days(query);
	out->month = query_get_days(query);
	out->fees = query_get(query) != 0;
	out->state = (enum draft_state)query_get(query);
	out->prepared = query_get_days(query);
	out->change = query_get(query);
	query_get_chars(query, out->program_hash, sizeof(out->program_hash));
	out->postings = (uint64_t)query_get(query);
	out->amount = query_get(query);
	out->closed = query_get_days(query);
	out->closed_change = query_get(query);
	out->accepted = query_get(query) != 0;
}

static bool draft_find(struct query *query, bool *found, struct draft_row *out)
{
	*found = query_row(query);
	if (*found)
		draft_read(query, out);
	return query_done(query);
}

bool store_draft_open(struct store *store, bool *found, struct draft_row *out)
{
	struct query query = query_open(store, SQL_DRAFT_OPEN);
	return draft_find(&query, found, out);
}

bool store_draft_of_month(struct store *store, bool *found, struct draft_row *out, months month)
{
	struct query query = query_open(store, SQL_DRAFT_OF_MONTH);
	query_put(&query, month);
	return draft_find(&query, found, out);
}

bool store_draft_of_day(struct store *store, bool *found, struct draft_row *out, days day)
{
	struct query query = query_open(store, SQL_DRAFT_OF_DAY);
	query_put(&query, day);
	return draft_find(&query, found, out);
}

bool store_drafts_each(struct store *store, draft_fn fn, void *data)
{
	struct draft_row row = { .id = 0 };
	bool found = true, going = true;
	store_forget_failure(store);
	while (going && found) {
		struct query query = query_open(store, SQL_DRAFTS_AFTER);
		query_put(&query, row.id);
		query_put(&query, 1);
		going = draft_find(&query, &found, &row) && (!found || fn(data, &row));
	}
	return going;
}

bool store_draft_add(struct store *store, int64_t *id, const struct draft_row *draft)
{
	struct query query = query_open(store, SQL_DRAFT_ADD);
	query_put(&query, draft->day);
	query_put(&query, draft->month);
	query_put(&query, draft->fees);
	query_put(&query, draft->state);
	query_put(&query, draft->prepared);
	query_put(&query, draft->change);
	query_put(&query, (int64_t)draft->postings);
	query_put(&query, draft->amount);
	query_put(&query, draft->closed);
	query_put_id(&query, draft->closed_change);
	query_put(&query, draft->accepted);
	return query_run_id(&query, id);
}

bool store_draft_total(struct store *store, int64_t id, uint64_t postings, cents amount)
{
	struct query query = query_open(store, SQL_DRAFT_TOTAL);
	query_put(&query, id);
	query_put(&query, (int64_t)postings);
	query_put(&query, amount);
	if (!query_run(&query))
		return false;
	return store_rows_changed(store) == 1 || store_fail_missing(store, "draft", id);
}

bool store_draft_close(struct store *store, const struct draft_row *draft)
{
	struct query query = query_open(store, SQL_DRAFT_CLOSE);
	query_put(&query, draft->id);
	query_put(&query, draft->state);
	query_put(&query, draft->closed);
	query_put_id(&query, draft->closed_change);
	query_put(&query, draft->accepted);
	if (!query_run(&query))
		return false;
	if (store_rows_changed(store) != 1)
		return store_fail_missing(store, "open draft", draft->id);
	struct query forget = query_open(store, SQL_DRAFT_POSTINGS_FORGET);
	query_put(&forget, draft->id);
	return query_run(&forget);
}

bool store_draft_posting_add(struct store *store, int64_t draft, uint64_t position, const struct posting *posting)
{
	struct query query = query_open(store, SQL_DRAFT_POSTING_ADD);
	query_put(&query, draft);
	query_put(&query, (int64_t)position);
	query_put(&query, posting->member);
	query_put(&query, posting->month);
	query_put_text(&query, slice_of(posting->stream));
	query_put(&query, posting->pcp);
	query_put(&query, posting->billing);
	query_put_text(&query, slice_of(posting->fund));
	query_put(&query, posting->amount);
	query_put(&query, posting->kind);
	query_put_reason(&query, posting->reason);
	query_put_text(&query, slice_of(posting->fcn));
	return query_run(&query);
}

bool store_draft_postings(struct store *store, int64_t draft, posting_fn fn, void *data)
{
	struct posting last = { 0 };
	bool done, more = true;
	store_forget_failure(store);
	while (more) {
		struct query query = query_open(store, SQL_DRAFT_POSTINGS_AFTER);
		query_put(&query, draft);
		query_put(&query, last.id);
		query_put(&query, POSTING_BATCH);
		more = postings_give(&query, &last, &done, fn, data);
	}
	return done;
}

/* ---------------------------------------------------------------- what they come to */

static bool review_read(struct store *store, struct arena *arena, struct review_sum **out, size_t *count, struct query *query)
{
	size_t size = 0;
	*out = NULL;
	*count = 0;
	while (query_row(query)) {
		struct review_sum *items = store_grow(store, arena, *out, &size, *count, sizeof(*items));
		if (items == NULL) {
			query->failed = true;
			break;
		}
		*out = items;
		struct review_sum *item = &items[(*count)++];
		item->billing = query_get(query);
		item->kind = (enum posting_kind)query_get(query);
		query_get_chars(query, item->stream, sizeof(item->stream));
		query_get_chars(query, item->fund, sizeof(item->fund));
		item->reason = query_get_reason(query);
		item->takes = query_get(query) != 0;
		item->amount = query_get(query);
		item->postings = (uint64_t)query_get(query);
	}
	return query_done(query);
}

bool store_draft_review(struct store *store, struct arena *arena, struct review_sum **out, size_t *count, int64_t draft)
{
	struct query query = query_open(store, SQL_DRAFT_SUMS);
	query_put(&query, draft);
	return review_read(store, arena, out, count, &query);
}

bool store_cycle_review(struct store *store, struct arena *arena, struct review_sum **out, size_t *count, int64_t cycle)
{
	struct query query = query_open(store, SQL_CYCLE_REVIEW);
	query_put(&query, cycle);
	return review_read(store, arena, out, count, &query);
}

bool store_cycles_each(struct store *store, cycle_fn fn, void *data)
{
	struct cycle_row row = { .day = DAYS_FIRST };
	bool found = true, going = true;
	store_forget_failure(store);
	while (going && found) {
		struct query query = query_open(store, SQL_CYCLES_AFTER);
		query_put(&query, row.day);
		query_put(&query, 1);
		going = cycle_read(&query, &found, &row) && (!found || fn(data, &row));
	}
	return going;
}
