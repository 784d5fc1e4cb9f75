/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * clean: what clean.c and quick.c ask of values, in few instructions and with hardly a branch.  "No" means: look with care.
 */
#ifndef PCCM_CLEAN_H
#define PCCM_CLEAN_H

#include "parsers/parts.h"

#if defined(__x86_64__) || defined(__i386__)
#define CLEAN_VECTORS 1
#define TARGET_AVX2 "avx2,bmi,bmi2"
#define TARGET_AVX512 "avx2,bmi,bmi2,avx512f,avx512bw,avx512vl"
#include <immintrin.h>
#else
#define CLEAN_VECTORS 0
#endif

/* Are the eight bytes digits?  In *digits their values. */
static inline bool digits_are(uint64_t packed, uint64_t *digits)
{
	*digits = packed ^ UINT64_C(0x3030303030303030);
	return ((*digits | (*digits + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080)) == 0;
}

/* CCYYMMDD; the 29th of February is left to form_date. */
static inline bool day_is_plain(struct slice value)
{
	static const uint8_t lengths[128] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	uint64_t digits;
	if (value.len != 8 || !digits_are(bytes_packed(value), &digits))
		return false;
	uint64_t pairs = digits * 10 + (digits >> 8); /* of them every other byte: CC, YY, MM, DD */
	uint8_t month = (uint8_t)(pairs >> 32), day = (uint8_t)(pairs >> 48);
	return (uint8_t)(day - 1) < lengths[month & 0x7f] && (pairs & 0xff00ff) != 0;
}

static inline struct slice value_of(const struct segment *segment, unsigned at)
{
	uint32_t from = segment->ends[at] + 1;
	return (struct slice){ segment->base + from, segment->ends[at + 1] - from };
}

/* Of at most PACKED_BYTES bytes. */
static inline uint64_t packed_of(const struct segment *segment, unsigned at)
{
	uint64_t packed;
	uint32_t from = segment->ends[at] + 1;
	memcpy(&packed, segment->base + from, sizeof(packed));
	return le64toh(packed) & packed_masks[segment->ends[at + 1] - from];
}

/* The highest bit alone tells: is it 0?  (A compiler makes a branch of a comparison.) */
static inline uint64_t is_zero(uint64_t word)
{
	return (word - 1) & ~word;
}

static inline bool code_is_listed(const uint64_t *codes, uint64_t code, const struct shape_code *list)
{
	const uint64_t *pair = codes + list->first + 2 * (code * list->factor >> list->shift);
	/* which of the two it is, is not to be foreseen */
	return (is_zero(pair[0] ^ code) | is_zero(pair[1] ^ code)) >> 63 != 0;
}

static inline bool codes_are_listed(const uint64_t *codes, const struct segment *segment, const struct shape_code *lists,
	uint32_t coded)
{
	EACH_BIT(at, coded) {
		if (!code_is_listed(codes, packed_of(segment, at), &lists[at]))
			return false;
	}
	return true;
}

/* An element that is an NPI if XX stands before it. */
#define QUALIFIER_XX UINT64_C(0x5858)
static inline bool npi_fits(const struct segment *segment, unsigned npi)
{
	const uint32_t *ends = segment->ends;
	return ends[npi - 1] - ends[npi - 2] != 3 || packed_of(segment, npi - 2) != QUALIFIER_XX ||
	       npi_valid(value_of(segment, npi - 1));
}

/* Of the elements `now`, those that need more than a look: forms, numbers, code sets; and NPI and ZIP (clean.c). */
bool clean_rest(struct checker *checker, const struct segment *segment, const struct shape *shape, uint32_t there, uint32_t now);
/* Component separators may stand where components do: they do not in the elements `simple`. */
bool clean_apart(const struct segment *segment, uint32_t simple);

#endif
