/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * split: what split.c and split_set.c share.  Private to exchange.
 */
#ifndef PCCM_EXCHANGE_SPLIT_H
#define PCCM_EXCHANGE_SPLIT_H

#include "exchange/exchange.h"
#include "exchange/parts.h"

struct split_level { /* an open loop at or above a unit, or with an HL below one; by its depth in the guide */
	struct buffer bytes;     /* of one above: its segments behind the HL, to be said again in the next part */
	struct buffer hl_rest;   /* HL03 and what follows, separators included */
	uint64_t segments;
	uint64_t sent, written;  /* HL01; 0: the loop has no HL */
};
#define SPLIT_TOTALS 8 /* QTY of one head: the guide allows 3 */
struct split_total {
	char what;               /* T all, E subscribers, D dependents */
	size_t at, end;          /* of QTY02 in the head */
	uint64_t said;
};
struct splitter {
	const struct split_wish *wish;
	struct split_report *report;
	struct failure *failure;
	struct parts parts;

	/* the interchange and group that are open, as sent */
	char isa[106];
	struct delimiters delimiters;
	char line_end[2];
	uint8_t line_end_len;
	bool first_segment;      /* the next segment follows the ISA */
	struct buffer acknowledgments; /* TA1 that no part has yet */
	struct buffer group;     /* GS */
	size_t group_control_at, group_control_end; /* GS06 in it */
	uint64_t sets_of_group, parts_of_interchange;
	uint64_t control;        /* of the next part; 0: not known yet */
	char part_control[10];

	/* the open set, when sets are cut (split_set.c) */
	struct walker *walker;
	struct findings findings; /* the walker must have somewhere to tell; nobody asks */
	const struct guide *guide;
	uint16_t unit;           /* node */
	char set_control[10];
	struct buffer head;      /* segments before the first level */
	uint64_t head_segments;
	struct split_total totals[SPLIT_TOTALS];
	size_t total_count;
	struct split_level levels[LIMIT_LOOP_DEPTH];
	unsigned depth;          /* of the level that segments belong to; 0: the head */
	uint64_t hl_sent;        /* HL01 that was read last */
	uint64_t set_units, set_subscribers;
	bool in_unit;
	/* the part of it that is being put together */
	bool begun;
	struct pile body;
	struct buffer piece;     /* one segment on its way into the body */
	uint64_t body_segments, hl_written, units, subscribers;
};

/* What the sender's data does not allow: one sentence; gives false. */
bool split_refuse(struct splitter *s, const char *format, ...) PRINTF_LIKE(2, 3);
void split_segment(const struct splitter *s, struct buffer *out, struct slice bytes);
void split_segment_end(const struct splitter *s, struct buffer *out);
void split_trailer(const struct splitter *s, struct buffer *out, const char *id, uint64_t count, const char *control);
bool split_part_begin(struct splitter *s, bool with_group);
bool split_part_end(struct splitter *s, bool with_group, uint64_t sets);

void split_sets_init(struct splitter *s); /* s->walker NULL: memory */
void split_sets_done(struct splitter *s);
bool split_set_begin(struct splitter *s, const struct reader_item *item);
bool split_set_segment(struct splitter *s, const struct reader_item *item);
bool split_set_end(struct splitter *s);

#endif
