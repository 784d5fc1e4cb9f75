/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * load: what load.c (an interchange goes by) and load_member.c (one member of it is applied)
 * share.  Nobody else includes it.
 */
#ifndef PCCM_EXCHANGE_LOAD_H
#define PCCM_EXCHANGE_LOAD_H

#include "exchange/facts.h"
#include "exchange/member_bits.h"

/* What a record of the interchange added to a member: a termination that belongs to it may follow (BAD-14).  The two stand
 * near each other in a file, so only the newest are remembered. */
#define ADDED_MAX 512
struct added {
	int64_t member;
	days begin;
	uint8_t len;
	char plan[64];
};

struct loader {
	struct office *office;
	const struct load_wish *wish;
	const char *path, *out;
	const struct finding_sink *sink;
	struct load_report *report;
	struct acks acks;
	struct arena arena;          /* one member */
	struct arena interchange_arena;
	bool open;                   /* a transaction of the store is open */
	bool repeated;               /* the interchange was there before: `before` */
	bool resumed;                /* … from this very file, in a run that was stopped */
	struct interchange_row before, row;
	days day;
	uint64_t hash_seed;          /* of what records say: the program and this version of pccm */
	char set_control[10];
	bool copy;                   /* BGN01 22: an information copy, read and not applied */
	bool full;                   /* a set of the interchange is the whole membership (BGN08 RX) */
	bool whole;                  /* … or is to be compared with it (RX or 4, where differences are asked for): who is missing counts */
	/* order: the head of the open set, and what was applied before it */
	struct enrolment_set_row head; /* texts in the interchange arena; interchange 0: no record came yet */
	uint64_t heads;              /* sets of the interchange that were applied */
	struct slice sender;         /* ISA05 and ISA06 */
	bool late;                   /* a newer set of the sender was applied before */
	days newest_full;            /* of its full files; NONE */
	int64_t asked_interchange;   /* whose day was asked for last, and is asked_day */
	days asked_day;
	bool ends_missing;           /* … and it ends who is missing in it */
	bool totals_differ;          /* a set holds another number of members than its QTY*TO says */
	uint64_t set_total;          /* QTY*TO of the open set; UINT64_MAX: none */
	days set_day;                /* DTP*007 of the newest set, else its BGN03 */
	struct member_bits seen;     /* who stood in the interchange, if that is asked for */
	int64_t *ended;              /* members whose coverage a record ended */
	size_t ended_count, ended_size, ended_before_set, ended_before_group;
	struct added *added;         /* the newest ADDED_MAX additions to members who were known; NULL: none yet */
	uint64_t added_count, added_before_set;
	struct load_report set, group, interchange; /* counts since each began: undone with it */
	struct pile aside;           /* the segments of members that were set aside, as they came */
	uint64_t aside_before_set, aside_before_group;
};

/* As load_file_as, from any source, which is not closed; `path` names it. */
bool load_source(struct office *office, const struct load_wish *wish, struct source *source, const char *path, const char *out,
	const struct finding_sink *sink, struct load_report *report) WARN_UNUSED;
/* A finding is told, and counted. */
void load_tell(struct loader *loader, const struct finding *finding);
/* What all hashes of one load begin with. */
uint64_t load_hash_seed(const struct program *program);
/* One member of a set that is not refused so far. */
bool load_member(struct loader *loader, const struct enrolment_set *set, const struct member_record *record) WARN_UNUSED;

/* ---- load_order.c ---- */
/* The first record of a set: is the set out of order, was its reference there before? */
bool load_set_head(struct loader *loader, const struct enrolment_set *set) WARN_UNUSED;
/* The set was accepted. */
bool load_set_applied(struct loader *loader) WARN_UNUSED;
/* Did a newer set than the open one speak of the member? */
bool load_is_late(struct loader *loader, bool *late, const struct member *known) WARN_UNUSED;

/* ---- load_review.c ---- */
void load_review_begin(struct loader *loader); /* an interchange */
void load_review_done(struct loader *loader);
bool load_seen(struct loader *loader, int64_t member) WARN_UNUSED;
/* A record changed this member: was its coverage ended? */
bool load_ended(struct loader *loader, int64_t member, const struct member *before, const struct member *after) WARN_UNUSED;
/* Tell in what the record and the member as known (NULL: not known) differ. */
bool load_differs(struct loader *loader, const struct enrolment_set *set, const struct member_record *record, const struct member *here,
	const struct enrolment *done) WARN_UNUSED;
/* The interchange was a full file and all of it is applied: members who are covered here and missing there are told, and stay as
 * they are; unless somebody looked at it and the program wants them ended. */
bool load_missing(struct loader *loader) WARN_UNUSED;
/* How many members the interchange ended as a whole, and whether that is past a safeguard, which is told. */
bool load_weigh(struct loader *loader, bool *past) WARN_UNUSED;

#endif
