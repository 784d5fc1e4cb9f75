/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * load: what load.c (an interchange goes by) and load_member.c (one member of it is applied)
 * share.  Nobody else includes it.
 */
#ifndef PCCM_EXCHANGE_LOAD_H
#define PCCM_EXCHANGE_LOAD_H

#include "exchange/facts.h"

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
	unsigned char *seen;         /* a bit per member id: who stood in the interchange */
	size_t seen_bytes;
	uint64_t missing;
	struct added *added;         /* the newest ADDED_MAX additions to members who were known; NULL: none yet */
	uint64_t added_count, added_before_set;
	struct load_report set, group, interchange; /* counts since each began: undone with it */
	struct pile aside;           /* the segments of members that were set aside, as they came */
	uint64_t aside_before_set, aside_before_group;
};

/* A finding is told, and counted. */
void load_tell(struct loader *loader, const struct finding *finding);
/* What all hashes of one load begin with. */
uint64_t load_hash_seed(const struct program *program);
/* One member of a set that is not refused so far. */
bool load_member(struct loader *loader, const struct enrolment_set *set, const struct member_record *record) WARN_UNUSED;
/* The interchange was a full file and all of it is applied: who is covered here and missing there. */
bool load_missing(struct loader *loader) WARN_UNUSED;

#endif
