/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * looks: what a file that is no X12 seems to be, by its first bytes, for the sentence that
 * refuses it: who took the wrong file sees which one it was.
 */
#include "parsers/parts.h"

static const struct {
	const char *start;
	const char *looks;
} kinds[] = {
	{ "%PDF", "a PDF document" },
	{ "PK\x03\x04", "a ZIP archive or an office document" },
	{ "<", "XML or HTML" },
	{ "{", "JSON" },
	{ "UNA", "EDIFACT" },
	{ "UNB", "EDIFACT" },
	{ "isa", "ISA in lower case" },
	{ "GS", "X12 without its ISA" },
	{ "ST", "X12 without its ISA and GS" },
	{ "\xff\xfe", "text in UTF-16" },
	{ "\xfe\xff", "text in UTF-16" },
	{ "-----BEG", "an encrypted or signed message" },
	{ "\x7f" "ELF", "a program" },
	{ "BZh", "a bzip2 archive" },
	{ "\xfd" "7zXZ", "an xz archive" },
	{ "\x28\xb5\x2f\xfd", "a zstd archive" },
	{ "\x1f\x9d", "a compress archive" },
	{ "\xd0\xcf\x11\xe0", "an old office document" },
};

const char *looks_like(struct slice start)
{
	if (start.len == 0)
		return "nothing";
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (slice_starts(start, kinds[i].start))
			return kinds[i].looks;
	for (size_t i = 0; i < start.len; i++)
		if ((unsigned char)start.ptr[i] < 0x20 && strchr("\t\r\n", start.ptr[i]) == NULL)
			return "binary data";
	return "text of another kind";
}
