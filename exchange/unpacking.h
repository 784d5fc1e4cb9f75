/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * unpacking: a compressed file unpacked by a thread of its own (unpacking.c).
 */
#ifndef PCCM_EXCHANGE_UNPACKING_H
#define PCCM_EXCHANGE_UNPACKING_H

#include "exchange/exchange.h"

struct unpacking;
/* Go on with an inflater that has begun and knows that the source is compressed; both are the thread's until it is freed.
 * NULL: there is no thread to be had. */
struct unpacking *unpacking_new(struct source *source, struct inflater *inflater);
void unpacking_free(struct unpacking *unpacking);
/* As inflater_next, but never INFLATE_MORE; and whether the stream was found damaged.  False: a failure. */
bool unpacking_next(struct unpacking *unpacking, enum inflate_answer *answer, struct slice *out, bool *damaged,
	struct failure *failure) WARN_UNUSED;

#endif
