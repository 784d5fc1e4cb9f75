/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * build.h: what the files of build share among themselves.
 */
#ifndef PCCM_GENERATORS_BUILD_H
#define PCCM_GENERATORS_BUILD_H

#include "generators/generators.h"

#define ISA_BYTES 105 /* without its terminator */

struct builder_level {
	enum piece_kind kind;
	bool begun;            /* its first segment came */
	bool ended;            /* its trailer came, or is said to be missing */
};
struct builder {
	struct buffer *out;
	struct document_fault *fault;
	struct builder_level levels[LIMIT_DOCUMENT_DEPTH];
	unsigned depth;
	/* the interchange */
	struct delimiters delimiters;
	struct slice line_end; /* static text */
	bool line_end_due;     /* behind the newest segment, unless a text takes its place */
	uint64_t segments, sets, groups;
	char set_control[64], group_control[64], interchange_control[16];
	/* the segment that is open */
	char id[4];
	struct buffer segment, value, as_sent;
	unsigned element, repetition, component; /* the newest place in it */
	unsigned told;         /* bits of elements 1 and 2 that were told */
	bool cut;
	char breaks[200];
	bool in_isa;
	char isa[ISA_BYTES];
	unsigned isa_at;       /* its newest element */
};

/* build_isa.c */
void isa_begin(struct builder *builder, bool heads); /* heads: the segment is the ISA of its interchange */
bool isa_element(struct builder *builder, const struct piece *piece, uint64_t element, struct slice value);
bool isa_end(struct builder *builder, uint64_t line, uint64_t column);
/* Bytes of "4A6F"; of text whose characters are all below U+0100. */
bool bytes_of_hex(struct buffer *out, struct slice digits);
bool bytes_of_latin1(struct buffer *out, struct slice text);

#endif
