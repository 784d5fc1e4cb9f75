/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * pattern: how an element of a partner is written, as an XML Schema pattern (the dialect
 * that RELAX NG files use), by libxml2.  A pattern is about the whole value.  One of which
 * libxml2 knows that its matching goes back and forth is refused when it is read; of others
 * (counted parts within counted parts) it gives up after a bounded number of steps, and the
 * value does not fit.
 */
#include <libxml/xmlregexp.h>

#include "guides/partner.h"

#define PATTERN_VALUE_BYTES 1024 /* a value longer than this fits no pattern: no element that has a form is so long */

struct pattern {
	xmlRegexpPtr compiled;
};

static void say_nothing(void *data, xmlErrorPtr error)
{
	(void)data;
	(void)error;
}

struct pattern *pattern_new(const char *text, const char **wrong)
{
	struct pattern *pattern = calloc(1, sizeof(*pattern));
	*wrong = NULL;
	if (pattern == NULL)
		return NULL;
	/* libxml2 would tell the terminal */
	xmlSetStructuredErrorFunc(NULL, say_nothing);
	pattern->compiled = xmlRegexpCompile((const xmlChar *)text);
	xmlSetStructuredErrorFunc(NULL, NULL);
	if (pattern->compiled == NULL)
		*wrong = "which is no pattern of XML Schema, such as [0-9]{9}";
	else if (xmlRegexpIsDeterminist(pattern->compiled) != 1)
		*wrong = "which can be read in more than one way: write it so that each character decides what comes next";
	if (*wrong == NULL)
		return pattern;
	pattern_free(pattern);
	return NULL;
}

void pattern_free(struct pattern *pattern)
{
	if (pattern == NULL)
		return;
	xmlRegFreeRegexp(pattern->compiled);
	free(pattern);
}

bool pattern_fits(const struct pattern *pattern, struct slice value)
{
	char text[PATTERN_VALUE_BYTES + 1];
	if (value.len > PATTERN_VALUE_BYTES || memchr(value.ptr, '\0', value.len) != NULL || !utf8_valid(value))
		return false;
	memcpy(text, value.ptr, value.len);
	text[value.len] = '\0';
	return xmlRegexpExec(pattern->compiled, (const xmlChar *)text) == 1;
}
