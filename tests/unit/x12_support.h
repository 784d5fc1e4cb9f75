/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * x12_support: bytes through inflate, reader, walker and binder, for tests.  Linked into
 * every unit test.
 */
#ifndef PCCM_TESTS_X12_SUPPORT_H
#define PCCM_TESTS_X12_SUPPORT_H

#include "parsers/parsers.h"

/* What is called on the way; any may be NULL. */
struct x12_sink {
	void (*item)(void *data, const struct reader_item *item);
	void (*event)(void *data, const struct event *event);
	void (*finding)(void *data, const struct finding *finding); /* the reader's and the walker's, in order */
	void (*record)(void *data, enum record_kind kind, const void *record);
	void *data;
	const struct guide *guide; /* holds every set, whatever its id and version; NULL: the one that they name */
};
struct x12_totals {
	uint64_t interchanges, groups, sets, segments, findings, refusing, records[RECORD_KINDS];
	enum inflate_answer inflated; /* how the bytes ended */
	uint64_t misplaced;           /* findings and segments whose line and column are not those of their offset */
	bool failed;
};
/* Run bytes in chunks (0: whole, and segments in batches where the reader has them) up to SNIP level; sets without a guide are not walked (ST_UNKNOWN is told). */
/* What the walker is to hold sets against besides the guide, until it is called again; the level is each call's. */
void x12_checks(struct checks checks);
void x12_guides(const struct partner *partner); /* … and with the guides that he has; NULL: the shipped ones */
struct x12_totals x12_run(struct slice bytes, size_t chunk, int level, const struct x12_sink *sink);

/* Everything that happens, a line each: items, events, findings, records.  Ask for parts by letters: "iefr". */
void x12_dump(struct buffer *out, struct slice bytes, size_t chunk, int level, const char *parts);
/* Do all chunk sizes 1 … 5 and whole give the same?  *out holds the dump of the whole. */
bool x12_same(struct buffer *out, struct slice bytes, int level, const char *parts);

/* An interchange with one group and set: body holds the segments between ST and SE, each ended by '~', line ends ignored. */
void x12_wrap(struct buffer *out, const char *set_id, const char *body);
/* The names of all findings in order, blank separated: "element-code se-count"; and "misplaced" if one says a wrong line. */
void x12_findings(struct buffer *out, struct slice bytes, int level);
/* A segment of text like "NM1*IL*1": as the reader would give it, or a part of it.  `ends` has room for LIMIT_ELEMENTS + 1. */
struct segment x12_segment(const char *text, uint32_t *ends);
/* Is it in the text? */
bool x12_has(const struct buffer *text, const char *part);

#endif
