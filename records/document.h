/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * document: the pieces of which the JSON and the XML form of X12 are made.  Part of
 * records/records.h, which includes it.
 */
#ifndef PCCM_DOCUMENT_H
#define PCCM_DOCUMENT_H

#include "base/base.h"

/* An object of JSON or an element of XML. */
enum piece_kind {
	PIECE_DOCUMENT, PIECE_INTERCHANGE, PIECE_GROUP, PIECE_SET, PIECE_LOOP, PIECE_SEGMENT, PIECE_ELEMENT, PIECE_TEXT,
	PIECE_MISSING, PIECE_KINDS
};
/* Its properties: those that the bytes depend on, then those that only tell people. */
enum piece_key {
	PIECE_ID, PIECE_AT, PIECE_REPETITION, PIECE_VALUE, PIECE_ENCODING, PIECE_HIDDEN, PIECE_AS_SENT, PIECE_BREAKS, PIECE_CUT,
	PIECE_DELIMITER_ELEMENT, PIECE_DELIMITER_SEGMENT, PIECE_LINE_END,
	PIECE_TELLING, PIECE_NAME = PIECE_TELLING, PIECE_LABEL, PIECE_POSITION, PIECE_GUIDE, PIECE_CONTROL,
	PIECE_SENDER_QUALIFIER, PIECE_SENDER, PIECE_RECEIVER_QUALIFIER, PIECE_RECEIVER, PIECE_DATE, PIECE_TIME,
	PIECE_VERSION, PIECE_USAGE, PIECE_FUNCTION,
	PIECE_KEYS
};
struct piece_row {
	const char *name;   /* "segment" */
	uint32_t keys;      /* bits 1 << PIECE_… that it may have */
	uint32_t parts;     /* bits of the kinds that may stand in it */
};
extern const struct piece_row piece_rows[PIECE_KINDS];
extern const char *const piece_keys[PIECE_KEYS];
/* PIECE_KINDS, PIECE_KEYS: there is none of this name. */
enum piece_kind piece_kind_of(struct slice name);
enum piece_key piece_key_of(struct slice name);

/* One piece as a document has it; its texts live until the next one is read. */
struct piece {
	enum piece_kind kind;
	struct slice values[PIECE_TELLING]; /* ptr NULL: not there */
	/* an element without a place is the one behind the newest, unless it is told to be a part of the newest: */
	uint32_t repetition, component; /* in JSON's lists, from 1; 0: it stands in no list */
	uint64_t line;      /* in the document, from 1 */
	uint64_t column;    /* in bytes, from 1 */
};
/* Why a document cannot be followed, and where. */
struct document_fault {
	uint64_t line, column;
	char text[200];     /* lower case, no full stop; empty: none */
};
/* Keeps the first fault; always gives back false. */
bool document_fault(struct document_fault *fault, uint64_t line, uint64_t column, const char *format, ...) PRINTF_LIKE(4, 5);
/* Who takes a document: each piece as it opens and as it closes.  False: it cannot go on; a fault was told. */
struct document_sink {
	void *data;
	bool (*open)(void *data, const struct piece *piece);
	bool (*close)(void *data, enum piece_kind kind, uint64_t line, uint64_t column);
	struct document_fault *fault;
};

#endif
