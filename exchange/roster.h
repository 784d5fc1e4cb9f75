/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PCCM_EXCHANGE_ROSTER_H
#define PCCM_EXCHANGE_ROSTER_H

#include "exchange/facts.h"

struct patient { /* one line of a frozen month */
	int64_t member, pcp;
};
/* The patients of one practice, ordered by PCP and member: of a month, and of the month before. */
struct patients {
	const struct billing_provider *practice;
	const struct frozen_month *frozen;
	const struct patient *now, *before;
	size_t now_count, before_count;
};
/* The same as an 834: all of them (BGN08 RX), or who was added, changed PCP or is gone (BGN08 2).  Texts as known when the
 * month was frozen. */
bool roster_put_834(struct office *office, struct buffer *out, const struct patients *patients, enum roster_report report) WARN_UNUSED;

#endif
