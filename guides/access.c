/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * access: questions about one guide's tables that need nothing else.  Code lists
 * are sorted bytewise, so asking is a binary search.
 */
#include "guides/guides.h"

/* As slice_compare, without measuring the code first: this runs for every coded element. */
static int code_compare(struct slice value, const char *code)
{
	for (size_t i = 0; i < value.len; i++) {
		unsigned char a = (unsigned char)value.ptr[i], b = (unsigned char)code[i];
		if (b == '\0')
			return 1;
		if (a != b)
			return a < b ? -1 : 1;
	}
	return code[value.len] == '\0' ? 0 : -1;
}

bool guide_code_listed(const struct guide *guide, uint16_t codes, struct slice value)
{
	if (codes == GUIDE_NONE)
		return true;
	const struct guide_codes *list = &guide->code_lists[codes];
	const uint32_t *texts = guide->code_texts + list->first;
	size_t low = 0, high = list->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = code_compare(value, guide_text(guide, texts[middle]));
		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

void guide_codes_print(char *out, size_t size, const struct guide *guide, uint16_t codes)
{
	static const char MORE[] = " …";
	if (size == 0)
		return;
	out[0] = '\0';
	if (codes == GUIDE_NONE)
		return;
	const struct guide_codes *list = &guide->code_lists[codes];
	size_t len = 0;
	for (size_t i = 0; i < list->count; i++) {
		struct slice code = slice_of(guide_text(guide, guide->code_texts[list->first + i]));
		bool last = i + 1 == list->count;
		/* whatever is not the last code must leave room for the mark */
		if (len + (i > 0) + code.len + (last ? 0 : sizeof(MORE) - 1) >= size) {
			if (len + sizeof(MORE) <= size)
				memcpy(out + len, MORE, sizeof(MORE));
			return;
		}
		if (i > 0)
			out[len++] = ' ';
		memcpy(out + len, code.ptr, code.len);
		len += code.len;
		out[len] = '\0';
	}
}

void guide_designator(char out[16], const char *segment_id, unsigned element, unsigned component)
{
	if (element == 0)
		snprintf(out, 16, "%.3s", segment_id);
	else if (component == 0)
		snprintf(out, 16, "%.3s%02u", segment_id, element % 1000);
	else
		snprintf(out, 16, "%.3s%02u-%02u", segment_id, element % 1000, component % 1000);
}
