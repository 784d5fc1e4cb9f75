/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * kin: who belongs to one family, by everything that files call them.  Private to exchange.
 */
#ifndef PCCM_EXCHANGE_KIN_H
#define PCCM_EXCHANGE_KIN_H

#include "store/store.h"

/* What one unit calls its people: "i" ids, "c" case numbers, "n" a name with its birth. */
#define KIN_NAMES 24
struct kin_names {
	struct buffer texts;
	struct { size_t at, len; } names[KIN_NAMES];
	size_t count;          /* more are not kept: a unit that has more is a family by the first of them */
};
void kin_names_init(struct kin_names *names);
void kin_names_reset(struct kin_names *names);
void kin_names_done(struct kin_names *names);
void kin_name(struct kin_names *names, char kind, struct slice a, struct slice b, struct slice c);

/* All of them are one family from now on. */
bool kin_learn(struct scratch *scratch, const struct kin_names *names, struct failure *failure) WARN_UNUSED;
/* The family's name: the same for whoever belongs to it.  Empty for a unit without names. */
bool kin_family(struct scratch *scratch, struct buffer *family, const struct kin_names *names, struct failure *failure) WARN_UNUSED;

#endif
