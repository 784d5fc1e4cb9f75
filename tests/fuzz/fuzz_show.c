/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_show: any bytes as JSON and XML and back.  What was shown with its values must build into the same bytes; what
 * was shown without them must be a document that is refused for nothing but what is hidden.
 */
#include "tests/unit/show_support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum show_format formats[] = { SHOW_JSON, SHOW_XML, SHOW_TEXT, SHOW_JSON, SHOW_XML };
	struct slice bytes = { (const char *)data, size };
	if (size >= 2 && data[0] == 0x1f && data[1] == 0x8b)
		return 0;
	for (size_t i = 0; i < COUNT_OF(formats); i++) {
		for (int values = 0; values < 2; values++) {
			struct buffer shown, built;
			struct document_fault fault = { .text = "" };
			buffer_init(&shown, 0);
			buffer_init(&built, 0);
			if (!show_whole(&shown, bytes, formats[i], i > 2, values == 1))
				abort();
			bool fine = formats[i] == SHOW_TEXT || build_whole(&built, buffer_view(&shown), 0, &fault);
			if (formats[i] != SHOW_TEXT && values == 1 && (!fine || !slice_equal(buffer_view(&built), bytes)))
				abort();
			if (!fine && !has(fault.text, "hidden"))
				abort();
			buffer_done(&shown);
			buffer_done(&built);
		}
	}
	return 0;
}
