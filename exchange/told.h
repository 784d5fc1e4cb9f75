/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * told: what one file says of one member, as values by the names of their fields; and the
 * members of a file, one after the other.  Private to exchange: diff is made of it.
 */
#ifndef PCCM_EXCHANGE_TOLD_H
#define PCCM_EXCHANGE_TOLD_H

#include "exchange/exchange.h"

/*
 * A path names a field: "last", or "coverage HLT HUSKY A / provider P3 / phone".  What is personal in it
 * stands between two bytes TOLD_PERSONAL.
 */
#define TOLD_PERSONAL '\1'
struct told_value {
	size_t path, path_len, text, text_len; /* in told->texts */
};
struct told {
	struct buffer key;     /* who it is: told_key */
	struct buffer texts;   /* paths and values; those that were replaced lie about */
	struct told_value *values;
	size_t count, size;
	size_t older;          /* values of records before this one: only those can be said again */
	bool ended;            /* what was told last ends the member (INS03 024) */
	bool failed;           /* memory ran out */
};
void told_init(struct told *told);
void told_reset(struct told *told);
void told_done(struct told *told);
/* Who the member is: REF*0F, else NM109; for a dependent (INS01 N) what tells it from its subscriber is added.  Empty: nobody knows. */
void told_key(struct buffer *key, const struct member_record *member);
/* One more record of the member: what it says is added to what was said before (BAD-14). */
void told_member(struct told *told, const struct member_record *member);
/* The fields of any record without parent. */
void told_record(struct told *told, enum record_kind kind, const void *record);
void told_text(struct told *told, const char *path, struct slice text); /* empty: nothing is told */
void told_sort(struct told *told); /* by path */
struct slice told_path_at(const struct told *told, size_t i);
struct slice told_text_at(const struct told *told, size_t i);
/* As bytes and back, without the key; a told that is read is sorted as it was. */
void told_put(struct buffer *out, const struct told *told);
void told_read(struct told *told, struct slice bytes);

/* ---- the members of a file ---- */
struct tellers; /* a stream of members */
struct tellers *tellers_open(const char *path, struct diff_side *side, struct failure *failure);
void tellers_close(struct tellers *tellers);
/* The next member; NULL at the end.  Valid until the next call. */
bool tellers_next(struct tellers *tellers, const struct member_record **member, struct failure *failure) WARN_UNUSED;

#endif
