/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * member_bits: the set grows with the highest id that was put in.
 */
#include "exchange/member_bits.h"

bool member_bit_set(struct member_bits *bits, int64_t member)
{
	size_t at = (size_t)member / 8;
	if (at >= bits->size) {
		size_t size = 2 * at + 4096;
		unsigned char *bytes = realloc(bits->bytes, size);
		if (bytes == NULL)
			return false;
		memset(bytes + bits->size, 0, size - bits->size);
		bits->bytes = bytes;
		bits->size = size;
	}
	bits->bytes[at] |= (unsigned char)(1U << (size_t)member % 8);
	return true;
}

bool member_bit_get(const struct member_bits *bits, int64_t member)
{
	size_t at = (size_t)member / 8;
	return at < bits->size && ((unsigned)bits->bytes[at] >> (size_t)member % 8 & 1U) != 0;
}
