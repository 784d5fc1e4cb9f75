/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * parsers: bytes → segments → structure → records.  No I/O, no clock, no store:
 * feed bytes in any chunking, pull what they mean; the same bytes give the same
 * events and findings whatever the chunks were.
 *
 *   inflate   gzip bytes → plain bytes            (recognised by its first two bytes)
 *   reader    plain bytes → segments and the envelope's own checks
 *   walker    segments of one transaction set → events on guide nodes, and findings
 *   binder    events → records, one at a time, when their loop closes
 */
#ifndef PCCM_PARSERS_H
#define PCCM_PARSERS_H

#include "guides/guides.h"

/* ------------------------------------------------------------------- inflate */
enum inflate_answer { INFLATE_BYTES, INFLATE_MORE, INFLATE_END, INFLATE_BROKEN, INFLATE_BOMB, INFLATE_FAILED };
struct inflater;
struct inflater *inflater_new(void); /* NULL: memory */
void inflater_free(struct inflater *inflater);
/* Plain input is passed through.  Feed a chunk that stays valid until it is used up (INFLATE_MORE). */
void inflater_feed(struct inflater *inflater, const void *bytes, size_t len);
void inflater_end(struct inflater *inflater); /* no more input follows */
bool inflater_plain(const struct inflater *inflater); /* is it known that nothing is compressed? */
/* Was the stream found damaged?  True already while the bytes before the damage are given: an interchange that ends in
 * them was not proven by its checksum. */
bool inflater_damaged(const struct inflater *inflater);
/* INFLATE_BYTES: *out is a view, valid until the next call.  Concatenated gzip members are one stream. */
enum inflate_answer inflater_next(struct inflater *inflater, struct slice *out);

/* -------------------------------------------------------------------- reader
 * The reader knows ISA, IEA, GS, GE, ST, SE, TA1 and delimiters, nothing of guides.
 * What it gives, in order: INTERCHANGE (at ISA), GROUP (GS), SET (ST; the ST segment is
 * given by it), SEGMENT (each segment inside a set, the SE included as SET_END), GROUP_END,
 * INTERCHANGE_END.  TA1 segments come as READER_TA1.  Broken input still closes what it
 * opened: a set that is cut off ends with SET_END carrying a finding SE_MISSING, and so on
 * outward; then reading goes on at the next ST, GS or ISA.
 */
enum reader_answer {
	READER_MORE,            /* feed bytes; nothing was lost */
	READER_INTERCHANGE, READER_TA1, READER_GROUP, READER_SET, READER_SEGMENT,
	READER_SET_END, READER_GROUP_END, READER_INTERCHANGE_END,
	READER_FINDING,         /* a finding on the envelope or characters: in `finding` */
	READER_END,             /* after reader_end() everything was given */
	READER_FAILED           /* memory */
};
struct reader_item {
	enum reader_answer answer;
	struct segment segment;              /* SET, SEGMENT, SET_END (id empty if SE is missing), TA1, GROUP …  */
	uint64_t position;                   /* of the segment in its set, ST being 1 */
	const struct interchange_header *interchange; /* until INTERCHANGE_END was given */
	const struct group_header *group;
	const struct set_header *set;
	uint64_t count;                      /* SET_END: segments as counted; GROUP_END: sets; INTERCHANGE_END: groups */
	uint64_t claimed;                    /* … as the trailer says; 0 if it is missing or not a number */
	struct finding finding;              /* FINDING: scope tells what it belongs to: interchange, group or set being open */
	uint64_t end_offset;                 /* *_END: offset after the trailer (or where it was missing) */
};
struct reader;
struct reader *reader_new(void);
void reader_free(struct reader *reader);
/* Takes a copy of up to the free part of the window; gives back how many bytes it took.  Call reader_next until READER_MORE before feeding the rest. */
size_t reader_feed(struct reader *reader, const void *bytes, size_t len);
/* The same without a copy: room for bytes, `wanted` of them if nothing is pending, and how many were put there. */
char *reader_space(struct reader *reader, size_t wanted, size_t *room);
void reader_filled(struct reader *reader, size_t len);
void reader_end(struct reader *reader);
enum reader_answer reader_next(struct reader *reader, struct reader_item *item);
/* Segments of interchanges so far that were dropped without an item, as they stand outside of any set. */
uint64_t reader_dropped(const struct reader *reader);

/* Many segments of a set at a time: those that are neither its ST nor its SE, with nothing to tell of them. */
#define READER_BATCH 1024
#define READER_RANK_BITS 24
#define READER_RANK ((UINT32_C(1) << READER_RANK_BITS) - 1)
struct reader_batch {
	const uint32_t *keys;  /* segment_key of each id */
	const uint32_t *ends;  /* of each: which of the marks ends it; above READER_RANK_BITS enum segment_has */
	const uint32_t *marks; /* where in base separators and terminators stand */
	const char *base;
	uint32_t mark, start;  /* of the first: which mark ends its id, where it begins in base */
	uint32_t gap;          /* line end bytes between one and the next */
	uint64_t offset;       /* of base in the input */
	uint64_t position;     /* of the first, as in struct reader_item */
	uint64_t line, line_offset; /* of the first; each other one begins a line where there is a gap */
	struct delimiters delimiters;
	bool held;             /* more of it is walked in a later call of walker_batch: what it lies in stays as it is until then */
};
/* How many are at hand; they count as given.  0: ask reader_next, which knows why.  Valid until the next call. */
size_t reader_batch(struct reader *reader, struct reader_batch *batch);
/* Its segments one after the other: `at` is a copy of the batch, which moves on; `segment` was begun with it.  (Little is
 * written for each, and nothing of `at` leaves the caller's registers.) */
static inline void reader_batch_begin(const struct reader_batch *at, struct segment *segment)
{
	segment->base = at->base;
	segment->delimiters = at->delimiters;
	segment->wrap_count = 0;
}
/* Segment `n` of those that are left, which begins at `start` and whose id ends at the mark `mark`. */
static inline void reader_batch_fill(const struct reader_batch *at, uint32_t n, uint32_t mark, uint32_t start, struct segment *segment)
{
	uint32_t end = at->ends[n], last = end & READER_RANK;
	const char *begin = at->base + start;
	segment->bytes = (struct slice){ begin, at->marks[last] - start };
	segment->id = (struct slice){ begin, at->marks[mark] - start };
	segment->offset = at->offset + start;
	segment->element_count = (uint16_t)(last - mark);
	segment->ends = at->marks + mark;
	segment->line = at->line + (at->gap > 0 ? n : 0);
	segment->line_offset = at->gap > 0 && n > 0 ? at->offset + start : at->line_offset;
	segment->has = (uint8_t)(end >> READER_RANK_BITS);
	segment->key = at->keys[n];
}
/* `count` of them are done, at least one; what follows begins as said. */
static inline void reader_batch_pass(struct reader_batch *at, uint32_t count, uint32_t mark, uint32_t start)
{
	at->ends += count;
	at->keys += count;
	at->mark = mark;
	at->start = start;
	at->position += count;
	if (at->gap > 0) {
		at->line += count;
		at->line_offset = at->offset + start;
	}
}
static inline void reader_batch_next(struct reader_batch *at, struct segment *segment)
{
	uint32_t last = *at->ends & READER_RANK;
	reader_batch_fill(at, 0, at->mark, at->start, segment);
	reader_batch_pass(at, 1, last + 1, at->marks[last] + 1 + at->gap);
}
/* A place between two segments of a set. */
struct reader_spot {
	uint64_t offset, line, line_offset; /* of the next segment, as in struct segment */
	uint64_t position;
};
/* The open set goes on at this byte of the input: what was fed and not given is forgotten.  Nothing may be pending. */
void reader_jump(struct reader *reader, const struct reader_spot *spot);
/* Begin in the middle of a set of this interchange. */
void reader_inside(struct reader *reader, const struct interchange_header *interchange, const struct reader_spot *spot);
/* The kernels that find delimiters: "plain", "sse2", "avx2" …; false if this machine has not got it.  Default: the best. */
bool reader_kernel(const char *name);
const char *reader_kernel_name(void);

/* -------------------------------------------------------------------- walker
 * One transaction set against its guide.  Begin with the guide, then hand it every segment
 * from ST to SE; after each call take the events with walker_event until it gives false.
 * Findings go to `findings`.  Nothing is allocated per segment.
 */
struct walker;
struct checks {
	int level;            /* highest SNIP level, 1 … 7 */
	enum charset charset;
	const struct partner *partner;   /* whose set it is; NULL: nobody's in particular */
	const struct overlay *overlay;   /* what he narrows of the guide; NULL: nothing, or the level is below 7 */
	const struct code_tables *codes; /* the external code sets; NULL: the shipped ones */
	bool aside;           /* what refuses inside of a business unit is contained there (struct findings) */
	days on;              /* the day on which dated codes must hold: the group's (GS04); DAYS_NONE: any day */
};
struct walker *walker_new(void);
void walker_free(struct walker *walker);
void walker_begin(struct walker *walker, const struct guide *guide, const struct set_header *header, struct findings *findings,
	struct checks checks);
void walker_segment(struct walker *walker, const struct segment *segment, uint64_t position);
/* The same for those of a batch, of which `count` are left: gives how many were taken, and `at` stands behind them.  It stops
 * where some dozens of events wait; what they look at is the walker's own, until the next call. */
size_t walker_batch(struct walker *walker, struct reader_batch *at, size_t count);
bool walker_event(struct walker *walker, struct event *event);
/* All that are left at once, taken with this; a view until the next call that makes events. */
const struct event *walker_events(struct walker *walker, size_t *count);
/* A finding of the reader on a segment of the open set: it gets its loop and business unit and is added like any other. */
void walker_adopt(struct walker *walker, const struct finding *finding);
/* A finding on the open set as a whole, whatever business unit is open. */
void walker_add(struct walker *walker, const struct finding *finding);
/* Does anything refuse that no business unit contains, the open one counted as over? */
bool walker_refuses(const struct walker *walker);
/* Business units of the set so far; of those that are over, how many have something that refuses, and their segments. */
struct walker_units {
	uint64_t count, refused, refused_segments;
};
struct walker_units walker_units(const struct walker *walker);
/* Until the set ends, only events on these nodes are made; NULL: on all of them. */
void walker_heed(struct walker *walker, const bool *nodes);
/* Nobody will take events: from now on none are made. */
void walker_hush(struct walker *walker);
/* How segments are checked: "careful" looks at each thing in turn, "plain", "avx2" and "avx512" see of most segments at once that
 * nothing is wrong; all give the same findings.  False if this machine has not got it.  Default: the best.  Holds from
 * the next walker_begin on. */
bool walker_way(const char *name);
/* Business units walked before their turn, by another walker in another thread (outside.c): a copy of what a walker knows
 * of all that stands outside of its units.  Several walkers may read it at a time. */
struct walker_outside;
struct walker_outside *walker_outside_new(void);
void walker_outside_free(struct walker_outside *outside);
/* Behind the segment that opens a unit.  False: units of this guide ask about one another, or memory. */
bool walker_outside_take(struct walker_outside *outside, const struct walker *walker);
uint32_t walker_outside_key(const struct walker_outside *outside); /* segment_key of what opens a unit */
/* Begin before a unit of that set.  False: memory. */
bool walker_inside(struct walker *walker, const struct walker_outside *outside, struct findings *findings);
/* Behind the segment that opens a unit: is there nothing around it that a walker_inside does not have?  And do rules know
 * the same of what came before the first? */
bool walker_outside_same(const struct walker *walker, const struct walker_outside *outside);
bool walker_outside_knows(const struct walker *walker, const struct walker_outside *outside);
#define WALKER_SUMS 8
struct walker_sum {
	uint64_t count;
	int64_t number;
	bool seen, came, broken;
};
struct walker_sums { /* what the units so far come to: how many, and for rules of the loops around them */
	uint64_t units;
	uint32_t loops;
	struct walker_sum facts[WALKER_SUMS];
};
void walker_sum(const struct walker *walker, const struct walker_outside *outside, struct walker_sums *sums);
/* Of a walker that is right behind the opening of a unit, before which it had these sums: that unit and others were walked
 * somewhere else and come to `units`; it stands before the next.  False: they cannot be added up, nothing is changed. */
bool walker_skip(struct walker *walker, const struct walker_outside *outside, const struct walker_sums *before,
	const struct walker_sums *units);
/* After the last segment: closes open loops, names what is missing, checks counts and balance.  `end` is SE, which was
 * given as a segment before; where it is missing, one without an id that says where it should stand; then sums and
 * situations of the loops that are open are not judged. */
void walker_end(struct walker *walker, const struct segment *end, uint64_t position);

/* -------------------------------------------------------------------- binder
 * Events in, records out.  A record of a kind without parent is given when its loop closes;
 * texts live in the binder's arena until the next binder_event that follows it.
 * Records of enclosing loops (the set's head, the 270's source and receiver) stay until the set ends.
 */
struct binder;
struct binder *binder_new(void);
void binder_free(struct binder *binder);
/* True if this event completed a record: kind in *kind, struct in *record. */
bool binder_event(struct binder *binder, enum record_kind *kind, const void **record, const struct event *event);
/* The open (or set-level) record of a kind: RECORD_ENROLMENT_SET, RECORD_SOURCE …; NULL if none. */
const void *binder_open(const struct binder *binder, enum record_kind kind);
/* Of each node of a guide, whether the binder has anything to do with it (walker_heed); NULL: memory.  Lives as long as
 * the guide is one of the last few that came. */
const bool *binder_nodes(struct binder *binder, const struct guide *guide);
bool binder_stopped(const struct binder *binder);   /* for one of these: */
bool binder_failed(const struct binder *binder);    /* memory ran out */
bool binder_too_large(const struct binder *binder); /* a record is past LIMIT_RECORD_BYTES: no more records of this set are given */

/* ----------------------------------------------------------------- documents
 * The JSON and XML form of X12 (docs/formats.md), told apart by their first byte, as pieces to a sink.  In one pass and
 * constant memory; feed it in any chunks.  False: a fault was told, or the sink wants no more.
 */
struct document;
struct document *document_new(const struct document_sink *sink); /* NULL: memory.  The sink is copied. */
void document_free(struct document *document);
bool document_feed(struct document *document, struct slice bytes);
bool document_end(struct document *document);

#endif
