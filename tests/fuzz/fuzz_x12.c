/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_x12: any bytes through inflate, reader, walker and binder.  The first byte of the
 * input chooses the chunk sizes, the rest is the file.  Besides not crashing, the chunks
 * must change nothing: the same bytes in one piece give the same findings and segments.
 */
#include "tests/unit/x12_support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(void *data, const struct finding *finding)
{
	uint64_t *hash = data;
	*hash = hash64(*hash, &finding->place.offset, sizeof(finding->place.offset));
	*hash = hash64(*hash, &finding->code, sizeof(finding->code));
	*hash = hash64(*hash, finding->business, strlen(finding->business));
}

static void item(void *data, const struct reader_item *item)
{
	uint64_t *hash = data;
	*hash = hash64(*hash, &item->answer, sizeof(item->answer));
	if (item->answer != READER_FINDING && item->segment.bytes.len > 0)
		*hash = hash64(*hash, item->segment.bytes.ptr, item->segment.bytes.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	struct slice bytes = { (const char *)data + 1, size - 1 };
	static const size_t chunks[] = { 1, 2, 3, 5, 7, 13, 64, 105, 106, 107, 1000, 4096 };
	uint64_t whole = 0, parts = 0;
	const struct x12_sink one = { .finding = count, .item = item, .data = &whole };
	const struct x12_sink two = { .finding = count, .item = item, .data = &parts };
	struct x12_totals a = x12_run(bytes, 0, 5, &one);
	struct x12_totals b = x12_run(bytes, chunks[data[0] % COUNT_OF(chunks)], 5, &two);
	if (a.misplaced > 0 || b.misplaced > 0)
		abort();
	if (whole != parts || a.findings != b.findings || a.inflated != b.inflated)
		abort();
	return 0;
}
