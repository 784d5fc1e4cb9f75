/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Inflating: plain input, members, damage and bombs, whole and in small chunks.
 */
#include "tests/unit/unit.h"
#include "parsers/parsers.h"
#include "parsers/unpack.h"

#include <zlib.h>

/* Unpack all of it in chunks; *out gets the bytes (NULL: only count them). */
static enum inflate_answer unpack(struct buffer *out, uint64_t *count, struct slice bytes, size_t chunk)
{
	struct inflater *inflater = inflater_new();
	enum inflate_answer answer = INFLATE_MORE;
	struct slice piece;
	*count = 0;
	for (size_t at = 0; answer == INFLATE_MORE; at += chunk) {
		size_t left = at < bytes.len ? bytes.len - at : 0;
		if (left > 0)
			inflater_feed(inflater, bytes.ptr + at, left < chunk ? left : chunk);
		else
			inflater_end(inflater);
		while ((answer = inflater_next(inflater, &piece)) == INFLATE_BYTES) {
			*count += piece.len;
			if (out != NULL)
				buffer_slice(out, piece);
		}
	}
	CU_ASSERT(inflater_next(inflater, &piece) == answer); /* and stays so */
	inflater_free(inflater);
	return answer;
}

static void pack(struct buffer *out, const void *bytes, size_t len)
{
	z_stream stream = { 0 };
	CU_ASSERT_FATAL(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY) == Z_OK);
	static unsigned char packed[1 << 20];
	union {
		const void *in;
		unsigned char *zlib;
	} next = { .in = bytes };
	stream.next_in = next.zlib;
	stream.avail_in = (uInt)len;
	stream.next_out = packed;
	stream.avail_out = sizeof(packed);
	CU_ASSERT_FATAL(deflate(&stream, Z_FINISH) == Z_STREAM_END);
	buffer_put(out, packed, sizeof(packed) - stream.avail_out);
	(void)deflateEnd(&stream);
}

static bool unpacks(struct slice bytes, enum inflate_answer expected, const char *text)
{
	static const size_t chunks[] = { 1, 2, 3, 4, 5, 1 << 20 };
	bool good = true;
	for (size_t i = 0; i < COUNT_OF(chunks); i++) {
		struct buffer out;
		uint64_t count;
		buffer_init(&out, 0);
		enum inflate_answer answer = unpack(&out, &count, bytes, chunks[i]);
		good = good && answer == expected && slice_equal(buffer_view(&out), slice_of(text));
		buffer_done(&out);
	}
	return good;
}

static void test_plain(void)
{
	CU_ASSERT(unpacks(SLICE(""), INFLATE_END, ""));
	CU_ASSERT(unpacks(SLICE("ISA*00*"), INFLATE_END, "ISA*00*"));
	CU_ASSERT(unpacks(SLICE("\x1f"), INFLATE_END, "\x1f"));
	CU_ASSERT(unpacks(SLICE("\x1fno gzip"), INFLATE_END, "\x1fno gzip"));
}

static void test_members(void)
{
	struct buffer packed;
	buffer_init(&packed, 0);
	pack(&packed, "ISA*00", 6);
	CU_ASSERT(unpacks(buffer_view(&packed), INFLATE_END, "ISA*00"));
	pack(&packed, "", 0);
	pack(&packed, "*more", 5);
	CU_ASSERT(unpacks(buffer_view(&packed), INFLATE_END, "ISA*00*more"));
	buffer_put(&packed, "\0\0\0", 3);
	CU_ASSERT(unpacks(buffer_view(&packed), INFLATE_END, "ISA*00*more"));
	buffer_text(&packed, "x");
	CU_ASSERT(unpacks(buffer_view(&packed), INFLATE_BROKEN, "ISA*00*more"));
	buffer_done(&packed);
}

static void test_damage(void)
{
	struct buffer packed;
	buffer_init(&packed, 0);
	pack(&packed, "ISA*00*ISA*01", 13);
	for (size_t len = 2; len < packed.len; len++) {
		uint64_t count;
		CU_ASSERT(unpack(NULL, &count, (struct slice){ packed.ptr, len }, 3) == INFLATE_BROKEN);
	}
	packed.ptr[packed.len - 6] ^= 1; /* the checksum */
	CU_ASSERT(unpacks(buffer_view(&packed), INFLATE_BROKEN, "ISA*00*ISA*01"));
	buffer_done(&packed);
}

static void test_bomb(void)
{
	static char zeros[LIMIT_GZIP_FREE_BYTES];
	memset(zeros, 'x', sizeof(zeros));
	struct buffer packed;
	buffer_init(&packed, 0);
	pack(&packed, zeros, sizeof(zeros));
	uint64_t count;
	/* up to the free bytes any ratio is let pass */
	CU_ASSERT(sizeof(zeros) / packed.len > LIMIT_GZIP_RATIO);
	CU_ASSERT(unpack(NULL, &count, buffer_view(&packed), 4096) == INFLATE_END && count == sizeof(zeros));
	/* a byte more is a bomb */
	buffer_reset(&packed);
	pack(&packed, zeros, sizeof(zeros));
	pack(&packed, zeros, 1);
	CU_ASSERT(unpack(NULL, &count, buffer_view(&packed), 4096) == INFLATE_BOMB);
	CU_ASSERT(count <= sizeof(zeros));
	CU_ASSERT(unpack(NULL, &count, buffer_view(&packed), 1) == INFLATE_BOMB);
	buffer_done(&packed);
}

static void test_large(void)
{
	/* more than the free bytes at an ordinary ratio is no bomb */
	static char text[3 * LIMIT_GZIP_FREE_BYTES / 2];
	struct random random;
	random_seed(&random, 3);
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 100 < 99 ? 'x' : (char)('A' + (int)random_below(&random, 26));
	struct buffer packed;
	buffer_init(&packed, 0);
	for (size_t at = 0; at < sizeof(text); at += sizeof(text) / 4)
		pack(&packed, text + at, sizeof(text) / 4);
	uint64_t count;
	CU_ASSERT(sizeof(text) / packed.len < LIMIT_GZIP_RATIO);
	CU_ASSERT(unpack(NULL, &count, buffer_view(&packed), 65536) == INFLATE_END && count == sizeof(text));
	buffer_done(&packed);
}

/* Each case by zlib as well, where another library is built in. */
static void test_by_zlib(void)
{
	unpacker_by_zlib(true);
	test_members();
	test_damage();
	test_bomb();
	test_large();
	unpacker_by_zlib(false);
}

static const struct unit_case cases[] = {
	{ "what is not gzip is passed through", test_plain },
	{ "members that follow one another are one stream, NULs behind them are padding", test_members },
	{ "data that is cut off or damaged is told, what came before it is given", test_damage },
	{ "a bomb is stopped one byte past the free bytes", test_bomb },
	{ "a large file of an ordinary ratio is unpacked", test_large },
	{ "zlib gives the same of all of them", test_by_zlib },
};

int main(void)
{
	return UNIT_RUN("inflate", cases);
}
