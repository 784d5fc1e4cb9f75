/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * member_bits: a set of members by the store's ids, a bit each.  Zeroed it is empty.  Private to exchange.
 */
#ifndef PCCM_EXCHANGE_MEMBER_BITS_H
#define PCCM_EXCHANGE_MEMBER_BITS_H

#include "exchange/exchange.h"

struct member_bits {
	unsigned char *bytes; /* the caller's to free */
	size_t size;
};
/* False: memory is used up, nothing was changed. */
bool member_bit_set(struct member_bits *bits, int64_t member) WARN_UNUSED;
bool member_bit_get(const struct member_bits *bits, int64_t member);

#endif
