/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * office: the ways in which a step of the month ends badly.
 */
#include "exchange/exchange.h"

#include <stdarg.h>

bool office_store_failed(struct office *office)
{
	return failure_set(&office->failure, "%s", store_failure(office->store)->text);
}

bool office_misused(struct office *office, const char *format, ...)
{
	va_list arguments;
	char text[sizeof(office->failure.text)];
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	office->misused = true;
	return failure_set(&office->failure, "%s", text);
}
