/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * random: numbers that look random and are not: the same seed gives the same
 * numbers on every machine.  splitmix64; for samples and tests, never for secrets.
 */
#include "base/base.h"

#include <assert.h>

void random_seed(struct random *random, uint64_t seed)
{
	random->state = seed;
}

static uint32_t random_next(struct random *random)
{
	uint64_t x = random->state += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((x ^ (x >> 31)) >> 32);
}

uint32_t random_below(struct random *random, uint32_t bound)
{
	assert(bound > 0);
	/* the first 2^32 mod bound numbers are thrown away: else the small results came up more often */
	uint32_t least = (0 - bound) % bound;
	uint32_t number = random_next(random);
	while (number < least)
		number = random_next(random);
	return number % bound;
}
