/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * unpack: one gzip member (RFC 1952) of a stream, piece by piece, header and checksum too.  Two libraries can do it: zlib
 * everywhere, and ISA-L where it is built in (three times as fast on the processors it is made for).  What they give
 * is the same; tests run both.
 */
#include "parsers/unpack.h"

#include <zlib.h>
#if PCCM_ISAL
#include <isa-l/igzip_lib.h>
#endif

struct unpacker {
	bool by_zlib;
	z_stream zlib;
#if PCCM_ISAL
	struct inflate_state isal;
#endif
};

static bool zlib_asked;

void unpacker_by_zlib(bool yes)
{
	zlib_asked = yes;
}

struct unpacker *unpacker_new(void)
{
	struct unpacker *unpacker = calloc(1, sizeof(*unpacker));
	if (unpacker == NULL)
		return NULL;
	unpacker->by_zlib = zlib_asked || !PCCM_ISAL;
	if (unpacker->by_zlib && inflateInit2(&unpacker->zlib, 16 + MAX_WBITS) != Z_OK) {
		free(unpacker);
		return NULL;
	}
	return unpacker;
}

void unpacker_free(struct unpacker *unpacker)
{
	if (unpacker == NULL)
		return;
	if (unpacker->by_zlib)
		(void)inflateEnd(&unpacker->zlib);
	free(unpacker);
}

bool unpacker_begin(struct unpacker *unpacker)
{
#if PCCM_ISAL
	if (!unpacker->by_zlib) {
		isal_inflate_init(&unpacker->isal);
		unpacker->isal.crc_flag = ISAL_GZIP;
		return true;
	}
#endif
	return inflateReset(&unpacker->zlib) == Z_OK;
}

/* The libraries are declared as if they wrote to their input; they do not. */
union input {
	const unsigned char *bytes;
	unsigned char *declared;
};

static enum unpack_answer by_zlib(struct unpacker *unpacker, struct unpacking *at)
{
	z_stream *stream = &unpacker->zlib;
	union input input = { .bytes = at->in };
	stream->next_in = input.declared;
	stream->avail_in = (uInt)at->in_len;
	stream->next_out = at->out;
	stream->avail_out = (uInt)at->room;
	int status = inflate(stream, Z_NO_FLUSH);
	at->used = at->in_len - stream->avail_in;
	at->made = at->room - stream->avail_out;
	stream->next_in = NULL;
	if (status == Z_STREAM_END)
		return UNPACK_END;
	if (status == Z_MEM_ERROR)
		return UNPACK_FAILED;
	return status == Z_OK || status == Z_BUF_ERROR ? UNPACK_MORE : UNPACK_BROKEN;
}

#if PCCM_ISAL
static enum unpack_answer by_isal(struct unpacker *unpacker, struct unpacking *at)
{
	struct inflate_state *state = &unpacker->isal;
	union input input = { .bytes = at->in };
	state->next_in = input.declared;
	state->avail_in = (uint32_t)at->in_len;
	state->next_out = at->out;
	state->avail_out = (uint32_t)at->room;
	int status = isal_inflate(state);
	at->used = at->in_len - state->avail_in;
	at->made = at->room - state->avail_out;
	state->next_in = NULL;
	if (status != ISAL_DECOMP_OK && status != ISAL_END_INPUT && status != ISAL_OUT_OVERFLOW)
		return UNPACK_BROKEN;
	return state->block_state == ISAL_BLOCK_FINISH ? UNPACK_END : UNPACK_MORE;
}
#endif

enum unpack_answer unpacker_run(struct unpacker *unpacker, struct unpacking *at)
{
#if PCCM_ISAL
	if (!unpacker->by_zlib)
		return by_isal(unpacker, at);
#endif
	return by_zlib(unpacker, at);
}
