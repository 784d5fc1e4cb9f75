/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * found: a finding begins here, wherever in parsers/ it is made, so that none carries
 * bytes of the one before it and each has the severity of the table.
 */
#include "parsers/parts.h"

#include <stdarg.h>

void found_init(struct finding *finding, enum finding_code code)
{
	memset(finding, 0, sizeof(*finding));
	finding->code = code;
	finding->severity = finding_kind(code)->severity;
}

bool found_counted(struct findings *findings, enum finding_code code)
{
	if (findings->count < LIMIT_NOTES_PER_SET)
		return false;
	struct finding bare; /* the rest is not looked at */
	bare.code = code;
	bare.severity = finding_kind(code)->severity;
	bare.level = 0;
	bare.rule = NULL;
	if (findings_keep(findings, &bare))
		return false;
	findings_add(findings, &bare);
	return true;
}

void found_value(struct finding *finding, struct slice value)
{
	size_t len = value.len < sizeof(finding->value) ? value.len : sizeof(finding->value);
	if (len > 0)
		memcpy(finding->value, value.ptr, len);
	finding->value_len = (uint8_t)len;
}

void found_plain(struct finding *finding, struct slice value)
{
	found_value(finding, value);
	finding->plain = true;
}

void found_expected(struct finding *finding, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	(void)vsnprintf(finding->expected, sizeof(finding->expected), format, args);
	va_end(args);
}
