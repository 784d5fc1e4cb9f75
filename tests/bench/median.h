/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * median: of times that were taken by turns.
 */
#ifndef PCCM_TESTS_BENCH_MEDIAN_H
#define PCCM_TESTS_BENCH_MEDIAN_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static inline int by_time(const void *a, const void *b)
{
	uint64_t x, y;
	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

/* Sorts them. */
static inline uint64_t median(uint64_t *times, size_t count)
{
	qsort(times, count, sizeof(times[0]), by_time);
	return times[count / 2];
}

#endif
