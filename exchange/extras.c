/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * extras: the postings of a cycle that belong to a payee and to no single member (FEE-R6, MH-4): lump sums,
 * each once for ever, what is held back of a payment, and what is released of it later.
 */
#include "exchange/cycle.h"

struct extras {
	struct office *office;
	const struct cycle_row *cycle;
	const struct closed_list *closed;
	struct arena arena; /* one payee */
};

static bool extra_add(struct extras *extras, struct payee_posting *posting, const char *once)
{
	struct store *store = extras->office->store;
	const struct fcn_key key = { extras->cycle->day, posting->billing, posting->kind, posting->month, posting->stream, posting->fund, 1 };
	if (posting->amount > 0 && closed_has(extras->closed, posting->billing))
		return true; /* RET-10: posted when it is open again */
	posting->cycle = extras->cycle->id;
	return ((posting->kind == POSTING_RELEASED || store_fcn(store, posting->fcn, &key)) &&
		store_payee_posting_add(store, posting, once)) || office_store_failed(extras->office);
}

/* ---- lump sums ---------------------------------------------------------------- */

static bool lump_payee(void *data, const struct billing_provider *provider)
{
	struct extras *extras = data;
	struct store *store = extras->office->store;
	struct practice_facts facts = { .provider = *provider };
	struct payee_posting posting;
	bool more = true, found;
	char once[64];
	arena_reset(&extras->arena);
	if (!store_attributes(store, &extras->arena, &facts.attributes, SUBJECT_PRACTICE, provider->id, 0))
		return office_store_failed(extras->office);
	for (size_t i = 0; more; i++) {
		if (!program_lump(&posting, &more, extras->office->program, i, &facts, extras->cycle->day))
			continue;
		snprintf(once, sizeof(once), "lump/%s/%lld", posting.stream, (long long)provider->id);
		if (!store_payee_posted(store, &found, once))
			return office_store_failed(extras->office);
		if (!found && !extra_add(extras, &posting, once))
			return false;
	}
	return true;
}

/* ---- held back, and released ------------------------------------------------------ */

static bool hold_total(void *data, const struct posting_total *total)
{
	struct extras *extras = data;
	const struct program *program = extras->office->program;
	char once[96];
	if ((total->kind != POSTING_FEE && total->kind != POSTING_COUNTED) || total->amount <= 0)
		return true;
	for (size_t i = 0; i < program_stream_count(program); i++) {
		if (strcmp(program_stream(program, i), total->stream) != 0)
			continue;
		struct payee_posting posting = { .billing = total->billing, .kind = POSTING_HELD, .month = total->month,
			.amount = -program_withhold(program, i, total->month, total->amount) };
		memcpy(posting.stream, total->stream, sizeof(posting.stream));
		memcpy(posting.fund, total->fund, sizeof(posting.fund));
		snprintf(once, sizeof(once), "held/%s/%s", total->fcn, total->stream);
		if (posting.amount != 0 && !extra_add(extras, &posting, once))
			return false;
	}
	return true;
}

static bool release_stream(struct extras *extras, size_t index)
{
	struct office *office = extras->office;
	struct payee_posting *held;
	size_t count;
	char once[64];
	months last = program_release_due(office->program, index, extras->cycle->month);
	arena_reset(&extras->arena);
	if (last == MONTHS_NONE)
		return true;
	if (!store_held(office->store, &extras->arena, &held, &count, program_stream(office->program, index), last))
		return office_store_failed(office);
	for (size_t i = 0; i < count; i++) {
		held[i].kind = POSTING_RELEASED;
		held[i].amount = -held[i].amount;
		snprintf(once, sizeof(once), "back/%s", held[i].fcn);
		if (!extra_add(extras, &held[i], once))
			return false;
	}
	return true;
}

bool remit_extras(struct office *office, const struct cycle_row *cycle, const struct closed_list *closed)
{
	struct extras extras = { .office = office, .cycle = cycle, .closed = closed };
	struct payee_posting none;
	struct practice_facts nobody = { .provider = { .id = 0 } };
	bool lumps, holds = false, done = true;
	program_lump(&none, &lumps, office->program, 0, &nobody, DAYS_NONE);
	for (size_t i = 0; i < program_stream_count(office->program); i++)
		holds = holds || program_release_due(office->program, i, cycle->month) != MONTHS_NONE;
	arena_init(&extras.arena, 0);
	if (lumps)
		done = store_billing_each(office->store, 0, lump_payee, &extras) || office_store_failed(office);
	if (done && holds)
		done = store_cycle_sums(office->store, cycle->id, hold_total, &extras) || office_store_failed(office);
	for (size_t i = 0; done && i < program_stream_count(office->program); i++)
		done = release_stream(&extras, i);
	arena_done(&extras.arena);
	return done;
}
