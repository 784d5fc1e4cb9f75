/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * reckoning: received = accepted + set aside + refused, in business units and in segments.
 */
#include "records/records.h"

bool reckoning_holds(const struct reckoning *reckoning)
{
	return reckoning->received == reckoning->accepted + reckoning->aside + reckoning->refused;
}

void reckoning_add(struct reckoning *to, const struct reckoning *from)
{
	to->received += from->received;
	to->accepted += from->accepted;
	to->aside += from->aside;
	to->refused += from->refused;
}

void reckoning_refuse(struct reckoning *reckoning)
{
	*reckoning = (struct reckoning){ .received = reckoning->received, .refused = reckoning->received };
}
