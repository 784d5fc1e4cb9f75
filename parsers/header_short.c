/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * header_short: an ISA that is not of its length.  Blanks that were lost, an element that is
 * too long, a file that ends in it: what can be told apart by the separators is put where it
 * would stand, so that the interchange is read on and its sender gets a TA1 that refuses it.
 *
 * What makes it an ISA all the same: 16 elements, none much longer than it may be, and a
 * byte each for ISA16 and the terminator; or the end of the input, once ISA05 to ISA08 are
 * whole.  Anything else is no header: "ISA" inside a name is none.
 */
#include "parsers/parts.h"

#define SHORT_BYTES 512  /* all elements at their longest, and line ends */
#define LONGEST 40       /* an element that is too long, and still one */
#define ELEMENTS 16
#define ANSWERABLE 8     /* ISA08: from there on it is known who has sent it to whom */

struct loose {
	char elements[ELEMENTS][LONGEST];
	size_t lengths[ELEMENTS];
	unsigned count;      /* those that their separator ended */
	size_t raw;          /* bytes up to here */
};

static bool line_end(char c)
{
	return c == '\r' || c == '\n';
}

/* Take the elements that a separator ends.  False: one is too long to be any. */
static bool elements_take(struct loose *loose, const char *bytes, size_t len)
{
	char separator = bytes[3];
	loose->count = 0;
	loose->lengths[0] = 0;
	for (loose->raw = 4; loose->raw < len && loose->count < ELEMENTS - 1; loose->raw++) {
		char c = bytes[loose->raw];
		if (c == separator) {
			loose->lengths[++loose->count] = 0;
			continue;
		}
		if (line_end(c))
			continue;
		if (loose->lengths[loose->count] == LONGEST)
			return false;
		loose->elements[loose->count][loose->lengths[loose->count]++] = c;
	}
	return true;
}

static bool id_fits(const struct loose *loose, unsigned n)
{
	struct slice id = slice_trim((struct slice){ loose->elements[n - 1], loose->lengths[n - 1] });
	return id.len > 0 && id.len <= 15;
}

static void header_put(struct header_bytes *out, const struct loose *loose, char separator, char component, char terminator)
{
	memset(out->isa, ' ', sizeof(out->isa));
	memcpy(out->isa, "ISA", 3);
	for (unsigned n = 1; n <= ELEMENTS; n++) {
		size_t at = header_place(n), width = header_place(n + 1) - 1 - at;
		out->isa[at - 1] = separator;
		if (n <= loose->count)
			memcpy(out->isa + at, loose->elements[n - 1], loose->lengths[n - 1] < width ? loose->lengths[n - 1] : width);
	}
	out->isa[HEADER_BYTES - 2] = component;
	out->isa[HEADER_BYTES - 1] = terminator;
}

enum header_answer header_short(struct header_bytes *out, const char *bytes, size_t len, bool ended)
{
	struct loose loose;
	if (memcmp(bytes, "ISA", len < 3 ? len : 3) != 0)
		return HEADER_NO;
	if (len < 4)
		return ended ? HEADER_NO : HEADER_MORE;
	char separator = bytes[3];
	if ((separator >= '0' && separator <= '9') || (separator >= 'A' && separator <= 'Z') ||
		(separator >= 'a' && separator <= 'z') || separator == ' ' || line_end(separator))
		return HEADER_NO;
	size_t reach = len < SHORT_BYTES ? len : SHORT_BYTES;
	if (!elements_take(&loose, bytes, reach))
		return HEADER_NO;
	bool whole = loose.count == ELEMENTS - 1 && loose.raw + 2 <= reach;
	if (!whole && len < SHORT_BYTES && !ended)
		return HEADER_MORE;
	if (!whole && (!ended || len >= SHORT_BYTES))
		return HEADER_NO;
	if (loose.count < ANSWERABLE || !id_fits(&loose, 6) || !id_fits(&loose, 8))
		return HEADER_NO;
	out->fault = whole ? HEADER_SHORT : HEADER_CUT;
	header_put(out, &loose, separator, whole ? bytes[loose.raw] : ':', whole ? bytes[loose.raw + 1] : '~');
	out->raw = whole ? loose.raw + 2 : len;
	out->wrap_count = 0;
	return HEADER_YES;
}
