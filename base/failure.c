/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * failure: one sentence about memory, disk, store or a peer, handed upward.
 * The first sentence stays: it stands nearest to the cause.
 */
#include "base/base.h"

#include <stdarg.h>

bool failure_set(struct failure *failure, const char *format, ...)
{
	if (failure == NULL || failure->text[0] != '\0')
		return false;
	va_list args;
	va_start(args, format);
	int len = vsnprintf(failure->text, sizeof(failure->text), format, args);
	va_end(args);
	if (len <= 0) /* an empty sentence would read as "nothing failed" */
		snprintf(failure->text, sizeof(failure->text), "failed for a reason that has no words");
	return false;
}
