/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_document: any bytes as a JSON or XML document of X12.  The first byte of the input chooses the chunk sizes, the
 * rest is the document.  The chunks must change nothing: the same X12, or the same fault at the same place.  What is
 * built must come back through JSON.
 */
#include "tests/unit/show_support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t chunks[] = { 1, 2, 3, 5, 7, 13, 64, 1000, 4096 };
	if (size < 1)
		return 0;
	struct slice bytes = { (const char *)data + 1, size - 1 };
	struct buffer whole, parts;
	struct document_fault one = { .text = "" }, two = { .text = "" };
	buffer_init(&whole, 0);
	buffer_init(&parts, 0);
	bool fine = build_whole(&whole, bytes, 0, &one);
	/* libxml2 looks ahead as far as its input reaches: only JSON is told the same to the letter */
	bool json = size > 1 && (bytes.ptr[0] == '[' || bytes.ptr[0] == '{');
	bool again = json ? build_whole(&parts, bytes, chunks[data[0] % COUNT_OF(chunks)], &two) : fine;
	if (json && (fine != again || strcmp(one.text, two.text) != 0 || one.line != two.line || one.column != two.column ||
		!slice_equal(buffer_view(&whole), buffer_view(&parts))))
		abort();
	if (fine && one.text[0] != '\0')
		abort();
	if (!fine && one.text[0] == '\0')
		abort();
	if (fine && !(whole.len >= 2 && memcmp(whole.ptr, "\x1f\x8b", 2) == 0)) {
		struct buffer shown;
		buffer_init(&shown, 0);
		buffer_reset(&parts);
		if (!show_whole(&shown, buffer_view(&whole), SHOW_JSON, false, true) || !build_whole(&parts, buffer_view(&shown), 0, &two) ||
			!slice_equal(buffer_view(&whole), buffer_view(&parts)))
			abort();
		buffer_done(&shown);
	}
	buffer_done(&whole);
	buffer_done(&parts);
	return 0;
}
