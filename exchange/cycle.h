/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PCCM_EXCHANGE_CYCLE_H
#define PCCM_EXCHANGE_CYCLE_H

#include "exchange/facts.h"

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
/* What was posted becomes payments, 835s and advices. */
bool cycle_pay(struct remitter *remitter) WARN_UNUSED;

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
