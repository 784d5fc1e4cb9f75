/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * clock: the one place that reads the time.  UTC, so that no zone and no summer
 * time can make an hour happen twice.
 */
#include "base/base.h"

#define DAY_SECONDS 86400

struct moment clock_now(void)
{
	struct timespec now = { 0, 0 };
	/* CLOCK_REALTIME is there on every Linux; a clock before 1970 or past 9999 is cut to the calendar */
	if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < 0)
		return (struct moment){ 0, 0 };
	int64_t day = (int64_t)now.tv_sec / DAY_SECONDS;
	if (day > DAYS_LAST)
		return (struct moment){ DAYS_LAST, DAY_SECONDS - 1 };
	return (struct moment){ (days)day, (int32_t)((int64_t)now.tv_sec % DAY_SECONDS) };
}

void moment_put_time4(struct buffer *buffer, struct moment moment)
{
	buffer_format(buffer, "%02d%02d", (int)(moment.second / 3600), (int)(moment.second / 60 % 60));
}

uint64_t clock_ticks(void)
{
	struct timespec now = { 0, 0 };
	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0 || now.tv_sec < 0)
		return 0;
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}
