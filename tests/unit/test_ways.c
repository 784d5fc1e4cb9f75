/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ways to check a segment agree: what tells at once that nothing is wrong gives the findings, events and records
 * that looking at each thing in turn gives.  Over every golden file and thousands of mutants of them, made from a seed
 * number so that a failure comes again.
 */
#include "tests/unit/unit.h"
#include "tests/unit/x12_support.h"

#include <dirent.h>

#define GOLDEN "tests/golden"
#define MUTANTS 25 /* of each file */
#define FILE_BYTES (64 * 1024)

static const char *const ways[] = { "careful", "plain", "avx2", "avx512" };

/* ---- one file in all ways ---------------------------------------------------------------------------- */

static unsigned compared;

static void compare(struct slice bytes, const char *name, unsigned mutant)
{
	struct buffer dumps[COUNT_OF(ways)];
	int level = mutant % 5 == 0 ? 1 + (int)(mutant / 5 % 4) : 5;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		buffer_init(&dumps[i], 0);
		if (walker_way(ways[i]))
			x12_dump(&dumps[i], bytes, 0, level, "efr");
		else
			buffer_slice(&dumps[i], buffer_view(&dumps[0]));
		if (!slice_equal(buffer_view(&dumps[i]), buffer_view(&dumps[0]))) {
			printf("%s, mutant %u, level %d: %s is not as careful\n", name, mutant, level, ways[i]);
			CU_FAIL("the ways differ");
		}
	}
	for (size_t i = 0; i < COUNT_OF(ways); i++)
		buffer_done(&dumps[i]);
	compared++;
}

/* ---- mutants: of segments and elements, not of bytes, so that most stay X12 --------------------------- */

static const char *const values[] = { "", " ", "A", " A", "A ", "D8", "RD8", "20100230", "20000229", "20091301", "00000101",
	"20100101-20100131", "-1.5", "1..2", "0.50", "007", "-0", "12345678901234567890", "XX", "1234567893", "1245319599", "ZZ",
	"a^b", "a:b", ":", "^", "\xc3\xa9", "\x01", "24", "0F", "IL", "P3", "18", "CT", "QQ", "06106", "061061", "ABCDEFGHI" };
static const char *const segments[] = { "ZZZ*1", "REF*0F*1", "NM1*IL*1*A*B", "HL*5*9*22*1", "LX*1", "N3", "N4*A*CT*06106*CA",
	"DTP*348*D8*20091301", "LS*2700", "LE*2700", "LX", "INS*Y*18*021*28*A", "SE*1*0001", "HD*021**HLT", "CAS*CO*1*5" };

struct text {
	char bytes[FILE_BYTES];
	size_t len;
};

/* Replace [from, to) by what is given; false if there is no room. */
static bool put(struct text *text, size_t from, size_t to, const char *with, size_t len)
{
	if (text->len - (to - from) + len > sizeof(text->bytes))
		return false;
	memmove(text->bytes + from + len, text->bytes + to, text->len - to);
	memcpy(text->bytes + from, with, len);
	text->len = text->len - (to - from) + len;
	return true;
}

/* A stretch that ends at `stop`, somewhere behind the ISA: its first byte, and one behind its last. */
static void stretch(const struct text *text, struct random *random, char stop, size_t *from, size_t *to)
{
	size_t at = 106 + (text->len > 106 ? random_below(random, (uint32_t)(text->len - 106)) : 0);
	*from = at;
	while (*from > 106 && text->bytes[*from - 1] != stop && text->bytes[*from - 1] != text->bytes[105])
		(*from)--;
	*to = at;
	while (*to < text->len && text->bytes[*to] != stop && text->bytes[*to] != text->bytes[105])
		(*to)++;
}

static void mutate(struct text *text, struct random *random)
{
	char element = text->bytes[3], end = text->bytes[105], held[512];
	size_t from, to, len;
	const char *value = values[random_below(random, COUNT_OF(values))];
	const char *segment = segments[random_below(random, COUNT_OF(segments))];
	switch (random_below(random, 8)) {
	case 0: /* a segment goes */
		stretch(text, random, end, &from, &to);
		(void)put(text, from, to < text->len ? to + 1 : to, "", 0);
		break;
	case 1: /* … or comes twice */
	case 2: /* … or moves */
		stretch(text, random, end, &from, &to);
		if (to == text->len || to + 1 - from > sizeof(held))
			break;
		len = to + 1 - from;
		memcpy(held, text->bytes + from, len);
		if (random_below(random, 2) == 0)
			(void)put(text, from, to + 1, "", 0);
		stretch(text, random, end, &from, &to);
		(void)put(text, from, from, held, len);
		break;
	case 3: /* one that was not there */
		stretch(text, random, end, &from, &to);
		(void)snprintf(held, sizeof(held), "%s%c", segment, end);
		(void)put(text, from, from, held, strlen(held));
		break;
	case 4: /* an element more */
		stretch(text, random, element, &from, &to);
		(void)put(text, to, to, &element, 1);
		break;
	default:
		stretch(text, random, element, &from, &to);
		(void)put(text, from, to, value, strlen(value));
		break;
	}
}

/* ---- all files ----------------------------------------------------------------------------------------- */

static struct text file, mutant;

static void each_mutant(const char *name, struct random *random)
{
	compare((struct slice){ file.bytes, file.len }, name, 0);
	for (unsigned i = 1; i <= MUTANTS && file.len > 150; i++) {
		mutant = file;
		for (uint32_t n = 1 + random_below(random, 3); n > 0 && mutant.len > 150; n--)
			mutate(&mutant, random);
		compare((struct slice){ mutant.bytes, mutant.len }, name, i);
	}
}

static void each_file(const char *folder, struct random *random)
{
	char path[600];
	DIR *open = opendir(folder);
	CU_ASSERT_FATAL(open != NULL);
	for (struct dirent *entry = readdir(open); entry != NULL; entry = readdir(open)) {
		const char *dot = strrchr(entry->d_name, '.');
		if (dot == NULL || strcmp(dot, ".edi") != 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		FILE *stream = fopen(path, "rb");
		CU_ASSERT_FATAL(stream != NULL);
		file.len = fread(file.bytes, 1, sizeof(file.bytes), stream);
		fclose(stream);
		each_mutant(path, random);
	}
	closedir(open);
}

static void ways_agree(void)
{
	static const char *const folders[] = { "270", "271", "834", "835", "999", "envelope" };
	struct random random;
	random_seed(&random, 834);
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		char folder[64];
		(void)snprintf(folder, sizeof(folder), GOLDEN "/%s", folders[i]);
		each_file(folder, &random);
	}
	CU_ASSERT(compared > 2000);
	CU_ASSERT(!walker_way("no such way"));
}

/* A length is kept in a byte: at its ends, and where a half of it would be one. */
static void lengths_agree(void)
{
	static const size_t lengths[] = { 1, 50, 60, 61, 254, 255, 256, 257, 511, 512, 32767, 32768, 40000, 60000 };
	compared = 0;
	for (size_t i = 0; i < COUNT_OF(lengths); i++) {
		struct buffer body, file_bytes;
		buffer_init(&body, 0);
		buffer_init(&file_bytes, 0);
		buffer_text(&body, "BGN*00*1*20100104*0900****2~N1*P5**FI*06~N1*IN**FI*06~INS*Y*18*021*28*A~REF*0F*1~NM1*IL*1*B*");
		for (size_t k = 0; k < lengths[i]; k++)
			buffer_char(&body, 'A');
		buffer_put(&body, "*C***ZZ*123456~", sizeof("*C***ZZ*123456~"));
		x12_wrap(&file_bytes, "834", buffer_view(&body).ptr);
		compare(buffer_view(&file_bytes), "a long name", 1);
		buffer_done(&body);
		buffer_done(&file_bytes);
	}
	CU_ASSERT_EQUAL(compared, COUNT_OF(lengths));
}

static const struct unit_case cases[] = {
	{ "the ways agree on elements of any length", lengths_agree },
	{ "the ways to check a segment agree on golden files and their mutants, at every level", ways_agree },
};

int main(void)
{
	return UNIT_RUN("ways", cases);
}
