/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * unpack: one gzip member, piece by piece.  For inflate.c, which knows of members and limits, and its tests.
 */
#ifndef PCCM_PARSERS_UNPACK_H
#define PCCM_PARSERS_UNPACK_H

#include "parsers/parsers.h"

#ifndef PCCM_ISAL
#define PCCM_ISAL 0 /* 1: built with ISA-L */
#endif

enum unpack_answer { UNPACK_MORE, UNPACK_END, UNPACK_BROKEN, UNPACK_FAILED };
struct unpacking { /* one call: what is given, and what became of it; lengths of less than 2 GiB */
	const unsigned char *in;
	size_t in_len;
	unsigned char *out;
	size_t room;
	size_t used, made; /* bytes of `in`, bytes of `out` */
};
struct unpacker;
struct unpacker *unpacker_new(void); /* NULL: memory */
void unpacker_free(struct unpacker *unpacker);
bool unpacker_begin(struct unpacker *unpacker); /* a member; false: memory */
enum unpack_answer unpacker_run(struct unpacker *unpacker, struct unpacking *at);
/* For tests: the unpackers made from now on use zlib, also where ISA-L is built in. */
void unpacker_by_zlib(bool yes);

#endif
