/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * members: what members.c and member_walks.c share.
 */
#ifndef PCCM_STORE_MEMBERS_H
#define PCCM_STORE_MEMBERS_H

#include "store/query.h"

/*
 * The key of the index by birth and surname: a day's keys lie side by side, so that one range finds a day and
 * one value a surname.  A number of four bytes costs a load far less than two columns; equal keys are compared by name.
 */
#define NAME_KEYS_A_DAY 65536
int64_t name_key(days born, struct slice last);
bool name_same(struct slice a, struct slice b); /* upper case compared */

/* The member, or the member of a request, reflects no record any more (store.h, struct member_standing). */
bool member_forget(struct store *store, int64_t member);
bool member_forget_request(struct store *store, int64_t request);

/* The columns of MEMBER_READ; spans come after the query is done. */
void member_read(struct query *query, struct arena *arena, struct member *out);
bool member_spans(struct store *store, struct arena *arena, struct member *out, int64_t as_of_change);
/* The spans of a run of members, ordered by id and without gaps, in one query. */
bool members_spans(struct store *store, struct arena *arena, struct member *members, size_t count);

/* Their attributes, likewise ordered by id, in one query. */
bool members_attributes(struct store *store, struct arena *arena, struct member *members, size_t count);

#endif
