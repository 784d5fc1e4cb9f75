/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * requests: names of the states that a request goes through.
 */
#include "records/records.h"

const char *request_state_name(enum request_state state)
{
	switch (state) {
	case REQUEST_PENDING:
		return "pending";
	case REQUEST_ACCEPTED:
		return "accepted";
	case REQUEST_REFUSED:
		return "refused";
	case REQUEST_EXPIRED:
		return "expired";
	case REQUEST_SUPERSEDED:
		return "superseded";
	case REQUEST_NONE:
		break;
	}
	return "none";
}
