/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PCCM_EXCHANGE_CYCLE_H
#define PCCM_EXCHANGE_CYCLE_H

#include "exchange/facts.h"

/* Payees that get no payment any more, by id (offset.c). */
struct closed_payee {
	int64_t billing;
	char tax_id[16];
	cents owes;      /* while offsets are planned */
};
struct closed_list {
	struct closed_payee *items;
	size_t count;
};
bool closed_gather(struct office *office, struct arena *arena, struct closed_list *list, days day) WARN_UNUSED;
bool closed_has(const struct closed_list *list, int64_t billing);
/* What `from` pays of what `to` owes: an OB pair in the remittance of each, under one number. */
struct offset {
	int64_t from, to;
	cents amount;
	char fcn[16];
};

/* A cycle at work: remit.c posts and pays, cycle.c says when and where to. */
struct remitter {
	struct office *office;
	struct cycle_row cycle;
	struct draft_row draft;   /* id 0: none */
	bool to_draft;            /* postings go into the draft, not into the ledger */
	struct arena arena;       /* one member, or one payee */
	struct arena sums_arena;  /* the cycle's sums */
	bool fees;                /* it pays the month, and does not only correct it */
	bool first;               /* no cycle came before it */
	struct closed_list closed;
	struct offset *offsets;
	size_t offset_count;
	struct posting_total *sums;
	size_t sum_count, sum_size;
	uint64_t documents;
	const char *out;
};
/* One posting into the draft or the ledger; there it gets its cycle, and an FCN if it has none. */
bool cycle_put(struct remitter *remitter, struct posting *posting) WARN_UNUSED;
/* Every posting of the cycle: the frozen roster's fees if it pays them, then the differences. */
bool cycle_post(struct remitter *remitter) WARN_UNUSED;
/* The month that a cycle pays in advance; the month itself if there is none. */
months month_ahead(const struct program *program, months month);
/* The balances that earlier remittances carried forward and this one takes up (BAD-23). */
bool owed_before(struct office *office, struct arena *arena, struct carried **out, size_t *count, const struct billing_provider *payee) WARN_UNUSED;
/* After the sums are known: who pays for whom. */
bool offset_plan(struct remitter *remitter) WARN_UNUSED;
/* extras.c: what a cycle posts for payees beside the months of members; nothing is added for those that are closed. */
bool remit_extras(struct office *office, const struct cycle_row *cycle, const struct closed_list *closed) WARN_UNUSED;
/* What was posted becomes payments, 835s and advices. */
bool cycle_pay(struct remitter *remitter) WARN_UNUSED;

/* The bank's file of a cycle, kept with its documents; and found again (bank.c). */
bool bank_keep(struct office *office, const struct cycle_row *cycle) WARN_UNUSED;
bool bank_find(struct office *office, struct arena *arena, bool *found, struct slice *bytes, const struct cycle_row *cycle) WARN_UNUSED;

/* The released cycle of a day, or the one that paid a month; either may be NONE. */
bool cycle_released(struct office *office, struct cycle_row *cycle, months month, days day) WARN_UNUSED;
/* Can the bank's file hold a transfer of this amount to this payee? */
bool bank_holds(struct office *office, const struct cycle_row *cycle, const struct billing_provider *payee, cents amount);

/* What a cycle or draft comes to, and what the cycle that paid the month before came to (review.c). */
struct review {
	struct review_sum *sums, *before;
	size_t count, before_count;
	struct cycle_row before_cycle;
	struct cycle_sums facts;
};
bool review_gather(struct office *office, struct arena *arena, struct review *review, const struct draft_row *draft /* NULL: the cycle */,
	const struct cycle_row *cycle) WARN_UNUSED;
/* The sum of one payee; *next: behind its sums. */
cents review_payee(const struct review_sum *sums, size_t count, size_t at, size_t *next);
/* How many thresholds it is past; the first of them as words, if `words` is not NULL. */
bool review_exceeded(struct office *office, const struct review *review, unsigned *exceeded, struct buffer *words) WARN_UNUSED;

#endif
