/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * offset: payees that are closed, and what is taken from others for them (RET-10).
 *
 * A closed payee gets no payment: what would be added stays entitled and not posted, what
 * is taken back stays owed.  Where the program says so, another payee with its tax id pays
 * for it: an OB pair takes from the one, an OB pair with the same number gives to the
 * other, whose debt it uses up.  Both stand in one cycle, so that its OB pairs come to
 * nothing.
 */
#include "exchange/cycle.h"

/* ---- who is closed ---------------------------------------------------------------- */

struct closing {
	struct office *office;
	struct arena *arena;
	struct closed_list *list;
	size_t size;
	days day;
	struct arena scratch;
};

static bool close_one(void *data, const struct billing_provider *billing)
{
	struct closing *closing = data;
	struct closed_list *list = closing->list;
	struct attribute_list attributes;
	arena_reset(&closing->scratch);
	if (!store_attributes(closing->office->store, &closing->scratch, &attributes, SUBJECT_PRACTICE, billing->id, 0))
		return office_store_failed(closing->office);
	if (attribute_on(&attributes, program_receivables(closing->office->program)->closed, closing->day).len == 0)
		return true;
	if (list->count == closing->size) {
		size_t size = closing->size == 0 ? 16 : 2 * closing->size;
		struct closed_payee *items = arena_alloc(closing->arena, size * sizeof(*items));
		if (items == NULL)
			return failure_set(&closing->office->failure, "could not gather closed payees: out of memory");
		if (list->count > 0)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
		closing->size = size;
	}
	struct closed_payee *payee = &list->items[list->count++];
	*payee = (struct closed_payee){ .billing = billing->id };
	slice_copy(payee->tax_id, sizeof(payee->tax_id), billing->tax_id);
	return true;
}

static int compare_closed(const void *a, const void *b)
{
	const struct closed_payee *x = a, *y = b;
	return x->billing < y->billing ? -1 : x->billing > y->billing;
}

bool closed_gather(struct office *office, struct arena *arena, struct closed_list *list, days day)
{
	struct closing closing = { .office = office, .arena = arena, .list = list, .day = day };
	*list = (struct closed_list){ .count = 0 };
	if (program_receivables(office->program)->closed.len == 0)
		return true;
	arena_init(&closing.scratch, 0);
	bool done = store_billing_each(office->store, 0, close_one, &closing) || office_store_failed(office);
	arena_done(&closing.scratch);
	if (done && list->count > 0)
		qsort(list->items, list->count, sizeof(*list->items), compare_closed);
	return done;
}

bool closed_has(const struct closed_list *list, int64_t billing)
{
	const struct closed_payee key = { .billing = billing };
	return list->count > 0 && bsearch(&key, list->items, list->count, sizeof(key), compare_closed) != NULL;
}

/* ---- what a payee owes from before -------------------------------------------------- */

bool owed_before(struct office *office, struct arena *arena, struct carried **out, size_t *count, const struct billing_provider *payee)
{
	struct carried_row *rows;
	struct billing_provider then;
	size_t row_count;
	*count = 0;
	if (!store_carried(office->store, arena, &rows, &row_count, payee->id, 0))
		return office_store_failed(office);
	*out = arena_alloc(arena, (row_count + 1) * sizeof(**out));
	if (*out == NULL)
		return failure_set(&office->failure, "could not gather what a payee owes: out of memory");
	for (size_t i = 0; i < row_count; i++) {
		if (program_receivables(office->program)->stays) { /* BAD-23: it stays with whom it was owed by */
			if (!store_billing_get(office->store, arena, &then, payee->id, rows[i].change))
				return office_store_failed(office);
			if (!slice_equal(then.tax_id, payee->tax_id))
				continue;
		}
		struct carried *carried = &(*out)[(*count)++];
		*carried = (struct carried){ .amount = rows[i].amount };
		memcpy(carried->fcn, rows[i].fcn, sizeof(carried->fcn));
	}
	return true;
}

/* ---- who pays for whom ---------------------------------------------------------------- */

/* What a payee's postings of the cycle and its debts come to; its row and debts live in the remitter's arena until the next. */
static bool payee_net(struct remitter *remitter, struct billing_provider *payee, int64_t billing, cents *net)
{
	struct office *office = remitter->office;
	struct carried *carried;
	size_t count;
	*net = 0;
	arena_reset(&remitter->arena);
	if (!store_billing_get(office->store, &remitter->arena, payee, billing, 0))
		return office_store_failed(office);
	if (!owed_before(office, &remitter->arena, &carried, &count, payee))
		return false;
	for (size_t i = 0; i < remitter->sum_count; i++)
		if (remitter->sums[i].billing == billing)
			*net += remitter->sums[i].amount;
	for (size_t i = 0; i < count; i++)
		*net -= carried[i].amount;
	return true;
}

static bool offset_add(struct remitter *remitter, int64_t from, int64_t to, cents amount)
{
	struct office *office = remitter->office;
	size_t count = remitter->offset_count;
	/* one number for both sides; its key counts the cycle's offsets */
	const struct fcn_key key = { remitter->cycle.day, to, POSTING_NONE, (months)count, "OB", "", 1 };
	struct offset *grown = arena_alloc(&remitter->sums_arena, (count + 1) * sizeof(*grown));
	if (grown == NULL)
		return failure_set(&office->failure, "could not offset what a payee owes: out of memory");
	if (count > 0)
		memcpy(grown, remitter->offsets, count * sizeof(*grown));
	grown[count] = (struct offset){ .from = from, .to = to, .amount = amount };
	remitter->offsets = grown;
	remitter->offset_count++;
	return store_fcn(office->store, grown[count].fcn, &key) || office_store_failed(office);
}

/* One payee that is to be paid `net` pays for the closed ones of its tax id, in the order of their ids. */
static bool offset_payee(struct remitter *remitter, const struct billing_provider *payee, cents net)
{
	char tax_id[sizeof(remitter->closed.items->tax_id)];
	int64_t from = payee->id;
	slice_copy(tax_id, sizeof(tax_id), payee->tax_id);
	for (size_t i = 0; i < remitter->closed.count && net > 0 && tax_id[0] != '\0'; i++) {
		struct closed_payee *closed = &remitter->closed.items[i];
		cents amount = closed->owes < net ? closed->owes : net;
		if (amount <= 0 || strcmp(closed->tax_id, tax_id) != 0)
			continue;
		closed->owes -= amount;
		net -= amount;
		if (!offset_add(remitter, from, closed->billing, amount))
			return false;
	}
	return true;
}

bool offset_plan(struct remitter *remitter)
{
	struct billing_provider payee;
	cents net;
	if (!program_receivables(remitter->office->program)->offset || remitter->closed.count == 0)
		return true;
	for (size_t i = 0; i < remitter->closed.count; i++) {
		if (!payee_net(remitter, &payee, remitter->closed.items[i].billing, &net))
			return false;
		remitter->closed.items[i].owes = net < 0 ? -net : 0;
	}
	for (size_t at = 0, next; at < remitter->sum_count; at = next) {
		int64_t billing = remitter->sums[at].billing;
		for (next = at; next < remitter->sum_count && remitter->sums[next].billing == billing; next++)
			continue;
		if (closed_has(&remitter->closed, billing))
			continue;
		if (!payee_net(remitter, &payee, billing, &net) || (net > 0 && !offset_payee(remitter, &payee, net)))
			return false;
	}
	return true;
}
