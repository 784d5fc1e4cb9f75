/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * office: the ways in which a step of the month ends: badly, or with a document.
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

bool office_refused(struct office *office, const char *format, ...)
{
	va_list arguments;
	char text[sizeof(office->failure.text)];
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	office->refused = true;
	return failure_set(&office->failure, "%s", text);
}

bool office_write(struct office *office, const char *folder, const char *name, struct slice bytes)
{
	struct buffer path;
	buffer_init(&path, 0);
	buffer_format(&path, "%s/%s", folder, name);
	buffer_char(&path, '\0');
	bool done = path.failed ? failure_set(&office->failure, "could not write %s: out of memory", name) :
		file_write_whole(path.ptr, bytes, &office->failure);
	buffer_done(&path);
	return done;
}
