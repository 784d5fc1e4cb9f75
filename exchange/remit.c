/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * remit: a month is frozen, then paid.
 *
 *   freeze   who is whose patient on the month's first day becomes its roster, once, with
 *            the FCN of each fund's payment (RST-1, RST-8; the first working day)
 *   fees     the cycle that pays the month posts exactly that roster (FEE-2, FEE-8)
 *   retro    whatever is entitled now and was not posted, or the other way round, is
 *            posted with its reason (RET-1 … RET-6)
 *   payment  the cycle's postings of a payee become one 835 and one remittance advice
 *
 * cycle.c says in which order, and whether postings go into the ledger or into a draft.
 */
#include "exchange/cycle.h"
#include "exchange/pcps.h"

/* ---- freezing --------------------------------------------------------------- */

struct freezer {
	struct office *office;
	struct frozen_month frozen;
	struct arena arena; /* one member */
	struct arena closed_arena;
	struct closed_list closed;
};

/* The lines that one stream will pay: none of what was posted already. */
static bool freeze_stream(struct freezer *freezer, const struct month_due *due, const struct member_month *net, size_t net_count,
	bool *patient)
{
	struct store *store = freezer->office->store;
	for (size_t i = 0; i < net_count; i++)
		if (due->count > 0 && strcmp(net[i].stream, due->lines[0].stream) == 0)
			return true;
	for (size_t i = 0; i < due->count; i++) {
		struct roster_row row = { .line = due->lines[i], .patient = *patient };
		if (closed_has(&freezer->closed, row.line.billing)) /* RET-10: a patient all the same */
			row.line.amount = 0;
		const struct fcn_key key = { freezer->frozen.cycle_day, row.line.billing, POSTING_FEE, row.line.month, row.line.stream,
			row.line.fund, 1 };
		if (!store_fcn(store, row.fcn, &key) || !store_roster_add(store, &row))
			return office_store_failed(freezer->office);
		freezer->frozen.amount += row.line.amount;
		*patient = false;
	}
	return true;
}

static bool freeze_member(void *data, const struct member *member)
{
	struct freezer *freezer = data;
	struct office *office = freezer->office;
	const struct program *program = office->program;
	struct ledger_member facts;
	struct member_month *net;
	struct roster_row row = { .patient = true };
	enum reason why;
	size_t net_count;
	bool patient = true;
	months month = freezer->frozen.month;
	arena_reset(&freezer->arena);
	if (!facts_ledger(office, &freezer->arena, &facts, member))
		return false;
	if (!month_patient(&row.line, &why, program, &facts, month))
		return true;
	if (!store_posted_net(office->store, &freezer->arena, &net, &net_count, member->id, month, month, 0))
		return office_store_failed(office);
	freezer->frozen.members++;
	for (size_t i = 0; i < program_stream_count(program); i++) {
		struct month_due due;
		if (!program_stream_frozen(program, i))
			continue;
		month_due(&due, program, i, &facts, month);
		if (!freeze_stream(freezer, &due, net, net_count, &patient))
			return false;
	}
	return !patient || store_roster_add(office->store, &row) || office_store_failed(office);
}

/* Months are frozen in their order: ELG-0402 tells the change from the month before (RST-4, RST-11). */
static bool may_freeze(struct office *office, months month)
{
	struct frozen_month newest;
	bool found;
	if (!store_frozen_newest(office->store, &found, &newest))
		return office_store_failed(office);
	bool early = month > month_of(office->now.day), late = found && month < newest.month;
	if (!early && !late && month >= month_of(program_opens(office->program)))
		return true;
	const char *why = early ? "has not begun: its roster is made on its first working day" :
		late ? "has no roster, but a later month has: months are done in their order" : "is before the program opened";
	return office_misused(office, "month %s %s", month_iso(month).text, why);
}

bool month_freeze(struct office *office, months month, days cycle_day, struct frozen_month *frozen)
{
	struct store *store = office->store;
	bool found;
	if (!store_frozen_find(store, &found, frozen, month))
		return office_store_failed(office);
	if (found)
		return true;
	if (!may_freeze(office, month))
		return false;
	struct freezer freezer = { .office = office, .frozen = { .month = month, .made = office->now.day,
		.cycle_day = cycle_day != DAYS_NONE ? cycle_day : program_cycle_day(office->program, month) } };
	arena_init(&freezer.arena, 0);
	arena_init(&freezer.closed_arena, 0);
	bool open = closed_gather(office, &freezer.closed_arena, &freezer.closed, freezer.frozen.cycle_day) && store_begin(store);
	bool done = open && pcps_remember(office) && store_change(store, &freezer.frozen.change, CHANGE_ROSTER, office->now.day, program_hash(office->program)) &&
		store_frozen_add(store, &freezer.frozen) && store_members_each(store, 0, freeze_member, &freezer) &&
		store_frozen_total(store, month, freezer.frozen.members, freezer.frozen.amount) && store_commit(store);
	if (!done)
		office_store_failed(office);
	if (open && !done)
		store_rollback(store);
	*frozen = freezer.frozen;
	pcps_forget(office);
	arena_done(&freezer.arena);
	arena_done(&freezer.closed_arena);
	return done;
}

/* ---- posting ------------------------------------------------------------------ */

bool cycle_put(struct remitter *remitter, struct posting *posting)
{
	struct store *store = remitter->office->store;
	const struct fcn_key key = { remitter->cycle.day, posting->billing, posting->kind, posting->month, posting->stream,
		posting->fund, posting->amount < 0 ? -1 : 1 };
	if (posting->amount > 0 && posting->kind != POSTING_FEE && closed_has(&remitter->closed, posting->billing))
		return true; /* RET-10: what a roster promised is paid, nothing else */
	posting->cycle = remitter->cycle.id;
	remitter->draft.postings++;
	remitter->draft.amount += posting->amount;
	bool put = remitter->to_draft ? store_draft_posting_add(store, remitter->draft.id, remitter->draft.postings, posting) :
		(posting->fcn[0] != '\0' || store_fcn(store, posting->fcn, &key)) && store_posting_add(store, posting);
	return put || office_store_failed(remitter->office);
}

/* Of the month's own roster all that is not paid before its month is over, and in the first cycle that too; of a later one
 * only what is paid for it in it. */
static bool pays_line(const struct remitter *remitter, const struct member_month *line)
{
	const struct program *program = remitter->office->program;
	for (size_t i = 0; i < program_stream_count(program); i++)
		if (strcmp(program_stream(program, i), line->stream) == 0 && program_stream_prospective(program, i))
			return remitter->first || line->month == program_stream_due(program, i, remitter->cycle.month);
	return line->month == remitter->cycle.month;
}

static bool post_fee(void *data, const struct roster_row *row)
{
	struct remitter *remitter = data;
	struct posting posting = { .member = row->line.member, .month = row->line.month, .pcp = row->line.pcp, .billing = row->line.billing,
		.amount = row->line.amount, .kind = POSTING_FEE };
	if (row->line.amount == 0 || !pays_line(remitter, &row->line))
		return true;
	memcpy(posting.stream, row->line.stream, sizeof(posting.stream));
	slice_copy(posting.fund, sizeof(posting.fund), slice_of(row->line.fund));
	slice_copy(posting.fcn, sizeof(posting.fcn), slice_of(row->fcn));
	return cycle_put(remitter, &posting);
}

/* A month that this cycle is the first to pay, counted when it was over, is no correction. */
static void posting_judge(const struct remitter *remitter, struct posting *posting)
{
	const struct program *program = remitter->office->program;
	for (size_t i = 0; remitter->fees && posting->amount > 0 && i < program_stream_count(program); i++)
		if (strcmp(program_stream(program, i), posting->stream) == 0 && !program_stream_frozen(program, i) &&
			posting->month > program_stream_due(program, i, remitter->cycle.month - 1)) {
			posting->kind = POSTING_COUNTED;
			posting->reason = REASON_NONE;
		}
}

/* Whatever is due now and was not posted, or the other way round. */
static bool post_retro(void *data, const struct member *member)
{
	struct remitter *remitter = data;
	struct office *office = remitter->office;
	struct store *store = office->store;
	struct ledger_member facts;
	struct member_month *net;
	size_t net_count;
	months first = month_of(program_opens(office->program)), last = remitter->cycle.month;
	arena_reset(&remitter->arena);
	if (!facts_ledger(office, &remitter->arena, &facts, member))
		return false;
	if (!store_posted_net(store, &remitter->arena, &net, &net_count, member->id, first, last + program_cycle_months(office->program),
			remitter->to_draft ? remitter->draft.id : 0))
		return office_store_failed(office);
	if (facts.assignment_count == 0 && net_count == 0)
		return true;
	size_t most = ledger_room(office->program, net_count, first, last);
	struct posting *postings = arena_alloc(&remitter->arena, most * sizeof(*postings));
	if (postings == NULL)
		return failure_set(&office->failure, "could not work out a member's difference: out of memory");
	size_t count = ledger_delta(postings, most, office->program, &facts, net, net_count, first, last, month_of(remitter->cycle.day));
	for (size_t i = 0; i < count; i++) {
		posting_judge(remitter, &postings[i]);
		if (!cycle_put(remitter, &postings[i]))
			return false;
	}
	return true;
}

months month_ahead(const struct program *program, months month)
{
	months ahead = month + program_cycle_months(program);
	bool prospective = false;
	for (size_t i = 0; i < program_stream_count(program); i++)
		prospective = prospective || program_stream_prospective(program, i);
	return prospective && month_first(ahead) <= program_closes(program) ? ahead : month;
}

bool cycle_post(struct remitter *remitter)
{
	struct store *store = remitter->office->store;
	if (!closed_gather(remitter->office, &remitter->sums_arena, &remitter->closed, remitter->cycle.day))
		return false;
	months month = remitter->cycle.month, ahead = month_ahead(remitter->office->program, month);
	if (remitter->fees && (!store_roster_each(store, month, 0, post_fee, remitter) ||
		(ahead != month && !store_roster_each(store, ahead, 0, post_fee, remitter))))
		return office_store_failed(remitter->office);
	if (!pcps_remember(remitter->office))
		return false;
	bool done = store_members_each(store, 0, post_retro, remitter) || office_store_failed(remitter->office);
	pcps_forget(remitter->office);
	return done;
}

/* ---- paying --------------------------------------------------------------------- */

static bool collect_sum(void *data, const struct posting_total *total)
{
	struct remitter *remitter = data;
	if (remitter->sum_count == remitter->sum_size) {
		size_t size = remitter->sum_size == 0 ? 64 : 2 * remitter->sum_size;
		struct posting_total *sums = arena_alloc(&remitter->sums_arena, size * sizeof(*sums));
		if (sums == NULL)
			return failure_set(&remitter->office->failure, "could not sum the cycle: out of memory");
		if (remitter->sum_count > 0)
			memcpy(sums, remitter->sums, remitter->sum_count * sizeof(*sums));
		remitter->sums = sums;
		remitter->sum_size = size;
	}
	remitter->sums[remitter->sum_count++] = *total;
	return true;
}

/* One payee's turn: its sums of the cycle, if it has any. */
struct turn {
	int64_t billing;
	const struct posting_total *totals;
	size_t count;
};

/* What others pay for it, and what it pays for others (RET-10): as the lines of balances that they become. */
static void offsets_of(const struct remitter *remitter, struct carried *carried, size_t *count, cents *net, int64_t billing)
{
	for (size_t i = 0; i < remitter->offset_count; i++) {
		const struct offset *offset = &remitter->offsets[i];
		if (offset->from != billing && offset->to != billing)
			continue;
		struct carried *line = &carried[(*count)++];
		*line = (struct carried){ .amount = offset->from == billing ? offset->amount : -offset->amount, .plb_code = "OB" };
		memcpy(line->fcn, offset->fcn, sizeof(line->fcn));
		*net -= line->amount;
	}
}

/* The sums and balances of one payee, in the shapes that the rules know. */
static bool payee_facts(struct remitter *remitter, const struct turn *turn, const struct billing_provider *payee, struct posting_sum **sums,
	struct carried **carried, size_t *carried_count, cents *net)
{
	struct carried *before;
	size_t before_count;
	*net = 0;
	*carried_count = 0;
	if (!owed_before(remitter->office, &remitter->arena, &before, &before_count, payee))
		return false;
	*sums = arena_alloc(&remitter->arena, (turn->count + 1) * sizeof(**sums));
	*carried = arena_alloc(&remitter->arena, (before_count + remitter->offset_count + 1) * sizeof(**carried));
	if (*sums == NULL || *carried == NULL)
		return failure_set(&remitter->office->failure, "could not build a payment: out of memory");
	for (size_t i = 0; i < turn->count; i++) {
		struct posting_sum *sum = &(*sums)[i];
		const struct posting_total *total = &turn->totals[i];
		sum->kind = total->kind;
		sum->month = total->month;
		memcpy(sum->stream, total->stream, sizeof(sum->stream));
		memcpy(sum->fund, total->fund, sizeof(sum->fund));
		memcpy(sum->fcn, total->fcn, sizeof(sum->fcn));
		sum->amount = total->amount;
		sum->member_months = total->member_months;
		sum->why = total->why;
		*net += sum->amount;
	}
	for (size_t i = 0; i < before_count; i++) {
		(*carried)[(*carried_count)++] = before[i];
		*net -= before[i].amount;
	}
	offsets_of(remitter, *carried, carried_count, net, payee->id);
	return true;
}

static bool check_own_835(struct office *office, struct slice bytes)
{
	struct buffer first;
	uint64_t refusing;
	buffer_init(&first, 0);
	bool done = flow_check_own(bytes, &refusing, &first, &office->failure);
	if (done && refusing > 0)
		done = failure_set(&office->failure, "an 835 that was built does not pass its own check and was not written: %.*s",
			SLICE_ARG(buffer_view(&first)));
	buffer_done(&first);
	return done;
}

#define WORDS_MAX (LIMIT_FUNDS + LIMIT_STREAMS)
struct wording { /* what reason codes and funds are called */
	struct words words[WORDS_MAX];
	char codes[WORDS_MAX][9], texts[WORDS_MAX][96];
	size_t count;
};

static void word_add(struct wording *wording, struct slice code, struct slice text)
{
	for (size_t i = 0; i < wording->count; i++)
		if (slice_is(code, wording->codes[i]))
			return;
	size_t i = wording->count++;
	slice_copy(wording->codes[i], sizeof(wording->codes[i]), code);
	slice_copy(wording->texts[i], sizeof(wording->texts[i]), text);
	wording->words[i] = (struct words){ wording->codes[i], wording->texts[i] };
}

static void wording_fill(struct wording *wording, const struct program *program)
{
	wording->count = 0;
	for (size_t i = 0; i < program_stream_count(program); i++) {
		const struct payout_codes *payout = program_payout(program, program_stream(program, i));
		word_add(wording, payout->reason, payout->text);
	}
	for (size_t i = 0; i < program_fund_count(program); i++) {
		struct slice code, text;
		program_fund(&code, &text, program, i);
		word_add(wording, code, text);
	}
}

/* The 835 and the advice of one payment, checked, then kept. */
static bool keep_payment(struct remitter *remitter, const struct billing_provider *payee, const struct payment *payment)
{
	struct office *office = remitter->office;
	struct wording wording;
	char name[96];
	struct buffer out, day;
	buffer_init(&out, 0);
	buffer_init(&day, 0);
	days_put8(&day, payment->cycle_date);
	remittance_put(&out, program_payer(office->program), payee, payment, 'P');
	bool done = !out.failed && !day.failed && check_own_835(office, buffer_view(&out));
	snprintf(name, sizeof(name), "835-%s-%.*s.x12", payee->npi, SLICE_ARG(buffer_view(&day)));
	done = done && (store_document_put(office->store, "remittance", remitter->cycle.id, name, buffer_view(&out)) || office_store_failed(office));
	buffer_reset(&out);
	wording_fill(&wording, office->program);
	advice_put(&out, program_payer(office->program), payee, payment, wording.words, wording.count);
	snprintf(name, sizeof(name), "advice-%s-%.*s.txt", payee->npi, SLICE_ARG(buffer_view(&day)));
	done = done && !out.failed &&
		(store_document_put(office->store, "remittance", remitter->cycle.id, name, buffer_view(&out)) || office_store_failed(office));
	buffer_done(&out);
	buffer_done(&day);
	return done || failure_set(&office->failure, "could not write a payment: out of memory");
}

static bool pay_payee(struct remitter *remitter, const struct turn *turn)
{
	struct office *office = remitter->office;
	struct store *store = office->store;
	struct posting_sum *sums = NULL;
	struct carried *carried = NULL, carry;
	struct billing_provider payee;
	size_t carried_count = 0;
	cents net = 0;
	uint64_t trace, control;
	int64_t id;
	char trace_text[16], new_fcn[16] = "";
	arena_reset(&remitter->arena);
	if (!store_billing_get(store, &remitter->arena, &payee, turn->billing, 0) || !store_next(store, &trace, "payment") ||
		!store_next(store, &control, "remittance"))
		return office_store_failed(office);
	if (!payee_facts(remitter, turn, &payee, &sums, &carried, &carried_count, &net))
		return false;
	const struct fcn_key carry_key = { remitter->cycle.day, payee.id, POSTING_NONE, MONTHS_NONE, "", "", 1 };
	if (net < 0 && !store_fcn(store, new_fcn, &carry_key))
		return office_store_failed(office);
	snprintf(trace_text, sizeof(trace_text), "%012llu", (unsigned long long)trace);
	struct payment payment = { .billing = payee.id, .cycle = remitter->cycle.id, .cycle_date = remitter->cycle.day,
		.effective_date = program_payment_day(office->program, remitter->cycle.day), .trace = slice_of(trace_text),
		.control = (int64_t)control };
	if (!payment_build(&payment, &carry, &remitter->arena, office->program, sums, turn->count, carried, carried_count, new_fcn))
		return failure_set(&office->failure, "could not build a payment: out of memory");
	remitter->cycle.payments++;
	remitter->cycle.amount += payment.amount;
	if (!store_payment_add(store, &id, &payment))
		return office_store_failed(office);
	return keep_payment(remitter, &payee, &payment);
}

static int compare_turn(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;
	return x->billing < y->billing ? -1 : x->billing > y->billing;
}

/* Who has a turn: each payee with postings, and each for which another one pays; by id. */
static bool turns_gather(struct remitter *remitter, struct turn **turns, size_t *count)
{
	*count = 0;
	*turns = arena_alloc(&remitter->sums_arena, (remitter->sum_count + remitter->offset_count + 1) * sizeof(**turns));
	if (*turns == NULL)
		return failure_set(&remitter->office->failure, "could not pay the cycle: out of memory");
	for (size_t begin = 0, end; begin < remitter->sum_count; begin = end) {
		for (end = begin; end < remitter->sum_count && remitter->sums[end].billing == remitter->sums[begin].billing; end++)
			continue;
		(*turns)[(*count)++] = (struct turn){ remitter->sums[begin].billing, &remitter->sums[begin], end - begin };
	}
	for (size_t i = 0; i < remitter->offset_count; i++) {
		bool has = false;
		for (size_t t = 0; t < *count && !has; t++)
			has = (*turns)[t].billing == remitter->offsets[i].to;
		if (!has)
			(*turns)[(*count)++] = (struct turn){ .billing = remitter->offsets[i].to };
	}
	if (*count > 0)
		qsort(*turns, *count, sizeof(**turns), compare_turn);
	return true;
}

bool cycle_pay(struct remitter *remitter)
{
	struct store *store = remitter->office->store;
	struct turn *turns = NULL;
	size_t count = 0;
	if (!store_cycle_sums(store, remitter->cycle.id, collect_sum, remitter))
		return office_store_failed(remitter->office);
	if (!offset_plan(remitter) || !turns_gather(remitter, &turns, &count))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!pay_payee(remitter, &turns[i]))
			return false;
	return store_cycle_total(store, remitter->cycle.id, remitter->cycle.payments, remitter->cycle.amount) || office_store_failed(remitter->office);
}
