/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * exchange: an interchange arrives, answers leave.  flow.c is the architecture in
 * code: it drives bytes through inflate, reader, walker and binder and hands what
 * they mean to a handler; load, answer, check and show are handlers.  The other
 * files are the steps of a month: providers, assign, freeze, remit, roster, run.
 */
#ifndef PCCM_EXCHANGE_H
#define PCCM_EXCHANGE_H

#include "exchange/stats.h"
#include "generators/generators.h"
#include "parsers/parsers.h"
#include "rules/rules.h"
#include "store/store.h"

/* ------------------------------------------------------------------- sources */
struct source; /* a file or standard input, read in chunks */
/* Bytes that come from somewhere else: at most `room` of them to `to`; *len 0: no more. */
typedef bool source_reader(void *from, char *to, size_t room, size_t *len, struct failure *failure);
struct source *source_of(source_reader *reader, void *from, const char *name /* must live as long */, uint64_t size /* 0: not known */,
	struct failure *failure);
struct source *source_open(const char *path /* "-": standard input */, struct failure *failure);
/* The next chunk, empty at the end; false on a failure.  Valid until the next call. */
bool source_read(struct source *source, struct slice *chunk, struct failure *failure);
/* The same to a place of the caller's: what came in *len, 0 at the end. */
bool source_read_to(struct source *source, char *to, size_t room, size_t *len, struct failure *failure);
/* By another thread than the one that has the watcher: the next chunk, and how far that is; and the watcher told of it. */
bool source_read_unwatched(struct source *source, struct slice *chunk, uint64_t *read, struct failure *failure);
bool source_goes_on(const struct source *source, uint64_t read, struct failure *failure);
void source_pieces(struct source *source, size_t most); /* not more is read at a time */
uint64_t source_size(const struct source *source); /* in bytes, of a file that can be read at any place; else 0 */
/* What stands at a place of such a file, without moving where source_read goes on: less than asked for only at the end.
 * False: it cannot be read.  From any thread. */
bool source_read_at(const struct source *source, char *to, size_t room, uint64_t offset, size_t *len);
/* source_read goes on there.  False: a failure, or the watcher stops it. */
bool source_jump(struct source *source, uint64_t offset, struct failure *failure);
void source_close(struct source *source);
/* Be told of every chunk of every source that is read, and when a signal came while one was awaited: name, bytes so far,
 * bytes that it has (0: not known).  False stops: source_read fails.  For progress on a terminal; one watcher a process. */
typedef bool (*source_watcher)(void *data, const char *name, uint64_t bytes, uint64_t size);
void source_watch(source_watcher fn, void *data);
/* "2010-01-04-834-change.x12" of a path; "standard input" of "-". */
const char *source_name(const char *path);

/* --------------------------------------------------------------------- items
 * A stream's envelope and segments, one at a time: source → inflate → reader.  No guide is asked.
 */
struct items;
typedef bool items_read(void *from, struct slice *chunk, struct failure *failure); /* as source_read */
typedef void items_bytes(void *data, struct slice bytes);
struct items *items_new(items_read *read, void *from, struct failure *failure);
struct items *items_of(struct source *source, struct failure *failure);
void items_free(struct items *items);
/* Be told of all bytes, unpacked, before their segments are given. */
void items_watch(struct items *items, items_bytes *bytes, void *data);
/* The next item; its answer is never READER_MORE or READER_FAILED, and READER_END at the end.  What does not unpack is a
 * READER_FINDING outside any interchange.  Valid until the next call.  False: a failure. */
bool items_next(struct items *items, struct reader_item *item, struct failure *failure) WARN_UNUSED;
/* Many segments of a set at a time, as reader_batch gives them.  0: items_next goes on. */
size_t items_batch(struct items *items, struct reader_batch *batch);
/* How far the source was read, if it can be read at any place and is not compressed; else 0. */
/* A compressed file may be unpacked by a thread of its own. */
void items_unpack_apart(struct items *items);
uint64_t items_read_to(const struct items *items);
/* The open set goes on at this place of it.  False: a failure. */
bool items_jump(struct items *items, const struct reader_spot *spot, struct failure *failure) WARN_UNUSED;
uint64_t items_dropped(const struct items *items); /* as reader_dropped */
/* Compressed input whose checksum does not prove what is read now. */
bool items_damaged(const struct items *items);

/* ---------------------------------------------------------------------- flow */
struct flow;
enum flow_wish { FLOW_READ, FLOW_SKIP }; /* SKIP: the envelope is followed, sets are not walked */
struct unit_aside {
	uint64_t offset, position; /* of its first segment */
	struct slice bytes;        /* until the call returns */
};
/*
 * What somebody wants to know of the interchanges in a stream.  Each member may be NULL.
 * False from one of them stops the flow as a failure (put a sentence into flow_failure).
 */
struct flow_handler {
	void *data;
	int level; /* highest SNIP level that is checked, 1 … 7; 0: the partner's, or 5 without one */
	struct slice receivers[2]; /* our own ids (ISA08): an interchange for another is refused (TA1 009); both empty: whoever it is for */
	const struct partner *partner; /* whose files these are; NULL: nobody's in particular */
	unsigned jobs;    /* threads that may check a large file, if nobody asks for events, records or segments; 0: one */
	uint64_t stretch; /* bytes that one looks at in one go; 0: a good number */
	bool hash; /* interchange_end is to get the interchange's hash: costs a tenth of checking */
	bool (*interchange)(void *data, struct flow *flow, const struct interchange_header *header, enum flow_wish *wish);
	bool (*group)(void *data, struct flow *flow, const struct group_header *group);
	/* All bytes, unpacked, before what they mean is told.  With jobs, of those that others read only how many. */
	void (*bytes)(void *data, struct slice bytes);
	/* A segment of the envelope, or of a set that no guide reads, before anything else is told of it: item->answer is
	 * READER_INTERCHANGE, TA1, GROUP, SET, SEGMENT or one of the ends, whose segment is empty if it is missing. */
	bool (*segment)(void *data, struct flow *flow, const struct reader_item *item);
	/* A set begins; guide NULL if none fits.  *wish FLOW_SKIP: not for this handler. */
	bool (*set)(void *data, struct flow *flow, const struct set_header *set, const struct guide *guide, enum flow_wish *wish);
	bool (*event)(void *data, struct flow *flow, const struct event *event);
	bool (*record)(void *data, struct flow *flow, enum record_kind kind, const void *record);
	/* A business unit in which something refuses is set aside (partner->sets_units_aside) instead of being given as a
	 * record: its segments as they were sent, each with its terminator and a line feed.  It is refused after all if its
	 * set, group or interchange is. */
	bool (*aside)(void *data, struct flow *flow, const struct unit_aside *unit);
	/* A set, group, interchange is over and judged; findings are complete.  set_end may still add findings of its own. */
	bool (*set_end)(void *data, struct flow *flow, struct set_verdict *verdict);
	bool (*group_end)(void *data, struct flow *flow, const struct group_verdict *verdict);
	bool (*interchange_end)(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char hash[SHA256_BYTES] /* zeros unless asked for */);
	/* Findings on bytes outside any interchange. */
	bool (*stray)(void *data, struct flow *flow, const struct finding *finding);
};
/* Drive a whole source through a handler.  False: a failure (memory, disk, or the handler's), with its sentence. */
bool flow_run(struct source *source, const struct flow_handler *handler, struct failure *failure) WARN_UNUSED;
struct failure *flow_failure(struct flow *flow);
const struct interchange_header *flow_interchange(const struct flow *flow); /* the one that is open */
const struct binder *flow_binder(const struct flow *flow); /* for the records of enclosing loops */
bool flow_set_refuses(const struct flow *flow); /* will the open set be rejected, as far as is known? */
/* ISA09 as a day of this century; `otherwise` if it is none. */
days interchange_day(const struct interchange_header *header, days otherwise);
/* Read bytes that we wrote ourselves: the number of findings that refuse, the first of them as text. */
bool flow_check_own(struct slice bytes, uint64_t *refusing, struct buffer *first, struct failure *failure) WARN_UNUSED;

/* --------------------------------------------------------------------- split
 * One file into several, each a whole interchange.  All parts, or none; nothing is written over.
 */
enum split_by { SPLIT_GROUP, SPLIT_SET, SPLIT_UNITS };
struct split_wish {
	enum split_by by;
	uint64_t every;        /* units of a part, at least 1, for SPLIT_UNITS */
	const char *out;       /* folder, made if it is not there */
	const char *form;      /* of names: split_form_fits */
	uint64_t control;      /* ISA13 of the first part; 0: that of the file */
};
struct split_report {
	uint64_t parts, units;
	uint64_t next_control;
	bool replaces;         /* a set that was cut says that it is the whole (BGN08 RX or 4): its parts say so too */
	struct failure refusal; /* why the sender's data cannot be split; empty: it was */
};
bool split_form_fits(const char *form);
/* False: a failure.  True with a refusal: nothing was written. */
bool split_file(const char *path, const struct split_wish *wish, struct split_report *report, struct failure *failure) WARN_UNUSED;

/* ---------------------------------------------------------------------- diff
 * Two 834 files, member by member.  What a field table names is compared (records/fields.c).
 */
struct told;
struct diff_side {
	struct told *header;     /* of the first interchange and its first 834 */
	bool full;               /* BGN08 4 or RX: who is missing is no member any more */
	uint64_t members;        /* records read */
	uint64_t unnamed;        /* of them, those without any id: not compared */
	uint64_t sets, others;   /* 834 that a guide reads; sets that are something else */
	uint64_t refusing;       /* findings on the way that refuse */
};
enum diff_kind { DIFF_SAME, DIFF_ADDED, DIFF_ENDED, DIFF_REINSTATED, DIFF_CHANGED, DIFF_LEFT_OUT, DIFF_KINDS };
struct diff_field { /* views that live until the sink returns */
	struct slice path;       /* as in exchange/told.h: personal parts between two bytes 1 */
	struct slice a, b;       /* empty: not said */
};
struct diff_member {
	enum diff_kind kind;
	struct slice key;
	const struct diff_field *fields;
	size_t field_count;
};
struct diff_report {
	struct diff_side a, b;
	uint64_t counts[DIFF_KINDS];
	bool sorted;             /* both were in the order of their members: nothing was kept */
};
struct diff_sink {
	void *data;
	/* Differences of the headers come first, then those of members in the order of their keys.  False: a failure. */
	bool (*header)(void *data, const struct diff_report *report, const struct diff_field *fields, size_t count);
	bool (*member)(void *data, const struct diff_member *member);
};
const char *diff_kind_name(enum diff_kind kind);
bool diff_files(const char *a, const char *b, const struct diff_sink *sink, struct diff_report *report, struct failure *failure) WARN_UNUSED;
void diff_report_done(struct diff_report *report);

/* ---------------------------------------------------------------- deidentify
 * Files with the same people invented: each person the same one in every file.  Files are read twice: first who belongs
 * together, then each is written whole or not at all.
 */
struct deidentify_wish {
	const char *out;        /* folder, made if it is not there */
	struct slice secret;    /* the key */
	days asof;              /* ages are those of this day; DAYS_NONE: of the first interchange */
	bool keep_providers, keep_zips;
};
struct deidentify_report {
	struct tally touched;   /* by place ("REF02 0F") and treatment */
	uint64_t files, units, segments;
	const char *refused;    /* the file that could not be treated, and why; NULL: none */
	struct failure refusal;
};
bool deidentify_files(char *const *paths, int count, const struct deidentify_wish *wish, struct deidentify_report *report,
	struct failure *failure) WARN_UNUSED;

/* ---------------------------------------------------------- the office at work */
struct panels; /* exchange/panels.h */
/* What every step of a month needs: the store, the program, the day that it is. */
struct office {
	struct store *store;
	const struct program *program;
	const struct partner *partner; /* whose files are read; NULL: nobody's in particular */
	struct moment now;
	bool resumes;           /* an earlier run began with this file: what it loaded of it is no repeat */
	int64_t as_of;          /* questions are answered as known at this change; 0: now.  Nothing is decided or paid then */
	bool now_is_given;      /* false: files are received when their interchange says (run) */
	bool thorough;          /* a load applies every record, also those that say what they said the last time */
	bool show_values;
	bool acks_together;     /* TA1 and 999 of an interchange in one document */
	unsigned jobs;          /* threads that print rosters; 0: one */
	struct pcps *pcps;      /* while a step asks for many: the PCPs that it asked for; NULL: none are kept */
	struct panels *panels;  /* while assignments are made: how full they are; NULL: no rule asks */
	bool transaction_is_open; /* by the caller, around answer_file: number and reply are kept together */
	struct failure failure; /* of the step that gave false */
	bool misused;           /* … and it is the caller's order that cannot be followed (exit status 2), not a failure */
	bool refused;           /* … and the work is refused as it stands (exit status 1): the sentence says what would help */
	bool accepts_thresholds; /* a cycle past a threshold is released all the same, and that is recorded */
};
/* Put the store's sentence into the office; gives false. */
bool office_store_failed(struct office *office);
/* Put a sentence about an order that cannot be followed into the office; gives false. */
bool office_misused(struct office *office, const char *format, ...) PRINTF_LIKE(2, 3);
/* Put a sentence about work that is refused into the office; gives false. */
bool office_refused(struct office *office, const char *format, ...) PRINTF_LIKE(2, 3);
/* Write a document whole into a folder. */
bool office_write(struct office *office, const char *folder, const char *name, struct slice bytes) WARN_UNUSED;

/* Findings of one file, printed as they are known. */
struct finding_sink {
	void *data;
	void (*finding)(void *data, const struct finding *finding, const char *file);
};

/* ---- acknowledgments of one interchange, put together as it goes by ---- */
enum acks_document { ACKS_TA1, ACKS_999, ACKS_TOGETHER /* one interchange: the TA1 between its ISA and the groups of 999 */ };
struct acks {
	struct acknowledger ack;
	struct buffer part;      /* of the 999 of the open group: what is not in the pile yet */
	struct pile groups;     /* GS … GE of the 999s */
	bool opened, group_open;
	bool has_ta1, has_groups; /* once the interchange is over */
	bool show_values;
	char verdict, note[4];   /* TA104, TA105 */
	struct interchange_header heard;
	struct moment made;
	uint64_t control;       /* of the 999 interchange, and of one that holds both; the TA1's is the next */
};
void acks_init(struct acks *acks);
/* A new interchange: forget the old.  `control` is used for the 999s, control + 1 for a TA1 that travels alone. */
void acks_begin(struct acks *acks, struct moment made, uint64_t control, bool show_values);
/* Acknowledgments are not acknowledged: groups of 999 (FA) and TA1 are passed over. */
void acks_group(struct acks *acks, const struct interchange_header *heard, const struct group_header *group);
void acks_set(struct acks *acks, const struct set_verdict *set);
void acks_group_end(struct acks *acks, const struct group_verdict *group);
/* The TA1, unless the interchange itself brought acknowledgments; and the 999s, unless the interchange as a whole is refused. */
void acks_end(struct acks *acks, const struct interchange_verdict *verdict);
/* After acks_end: is there such a document?  And hand on its bytes; nothing if there is none.  False: a put said so, or the
 * pile could not be read. */
bool acks_has(const struct acks *acks, enum acks_document document);
bool acks_give(struct acks *acks, enum acks_document document, put_fn *put, void *to) WARN_UNUSED;
bool acks_fine(const struct acks *acks, struct failure *failure) WARN_UNUSED;
void acks_done(struct acks *acks);

/* ---- load: 834 into the store ---- */
struct load_report {
	uint64_t interchanges, interchanges_refused, duplicates;
	uint64_t resumed;     /* loaded by a run that was stopped before it had done the file */
	uint64_t sets, sets_accepted;
	uint64_t members;     /* received = applied + unchanged + aside + refused */
	uint64_t applied, unchanged, added, aside, refused;
	uint64_t passed_over; /* of the unchanged: known to be by their hash alone */
	struct reckoning segments; /* of the interchanges */
	uint64_t requests;
	uint64_t ended;       /* members whose coverage was ended: covered before, today or two months ahead, and not after */
	uint64_t missing;     /* covered members whom a full file does not name */
	uint64_t stopped;     /* interchanges that a safeguard stopped: nothing of them was applied (BAD-13) */
	uint64_t findings, notes;
	uint64_t others_refused; /* functional groups, and bytes outside of any interchange */
	days first_day;       /* of the interchanges seen; DAYS_NONE */
	int64_t first_interchange, last_interchange; /* their rows in the store; 0: none */
};
/* ---- what a file says otherwise than the store (BAD-12) ---- */
enum discrepancy_kind {
	DISCREPANCY_MISSING_HERE,  /* the file has a member who is not known */
	DISCREPANCY_MISSING_THERE, /* a covered member is not in a full file */
	DISCREPANCY_COVERAGE, DISCREPANCY_PCP, DISCREPANCY_DEMOGRAPHICS, DISCREPANCY_CASE,
	DISCREPANCY_KINDS
};
const char *discrepancy_name(enum discrepancy_kind kind); /* "missing-here" */
/* One of them; views that live until the sink returns. */
struct discrepancy {
	enum discrepancy_kind kind;
	struct slice medicaid_id;
	const char *what;          /* "span", "home-address" … */
	struct slice here, file;   /* empty: there is none */
	bool personal;             /* here and file may say who somebody is or how to find them */
	struct origin origin;      /* the record; interchange 0: none, who is missing there has none */
};
struct discrepancy_sink {
	void *data;
	bool (*say)(void *data, const struct discrepancy *discrepancy); /* false: a failure, with its sentence in the office */
};
/* Everything that `file` says otherwise than `here`.  False: the sink said so, or memory. */
bool discrepancies_tell(const struct discrepancy_sink *sink, const struct member *here, const struct member *file, struct origin origin) WARN_UNUSED;

/* What is done with a file beside applying it.  All zero: it is applied, within the program's safeguards. */
struct load_wish {
	bool only_look;            /* nothing of it stays: what it would do is told (a dry run) */
	bool looked_at;            /* somebody saw what it would do: no safeguard stops it, and it may end who is missing in it */
	const struct discrepancy_sink *discrepancies; /* NULL: not wanted */
};
/* As load_file, otherwise. */
bool load_file_as(struct office *office, const struct load_wish *wish, const char *path, const char *out, const struct finding_sink *sink,
	struct load_report *report) WARN_UNUSED;
/* out: folder for acknowledgments, NULL: none are written (they are kept in the store all the same). */
bool load_file(struct office *office, const char *path, const char *out, const struct finding_sink *sink, struct load_report *report) WARN_UNUSED;

/*
 * A file in two phases: staged it is kept whole in the store, and what it would do is told; committed it is applied as it was
 * staged, whatever it ends; or it is discarded.  *found false: there is no such, or not in that state any more.
 */
bool stage_file(struct office *office, const struct load_wish *wish, const char *path, const struct finding_sink *sink, struct staged_row *row,
	struct load_report *report) WARN_UNUSED;
/* What it would do now.  *changed: the store is not what it was when it was staged, and `row` says what it would have done then. */
bool stage_look(struct office *office, const struct load_wish *wish, int64_t id, const struct finding_sink *sink, struct staged_row *row,
	bool *found, bool *changed, struct load_report *report) WARN_UNUSED;
bool stage_commit(struct office *office, int64_t id, const char *out, const struct finding_sink *sink, struct staged_row *row, bool *found,
	bool *changed, struct load_report *report) WARN_UNUSED;
bool stage_discard(struct office *office, int64_t id, struct staged_row *row, bool *found) WARN_UNUSED;

/* Write the acknowledgments of an interchange that was loaded to a folder: always the same bytes. */
bool load_acknowledgments(struct office *office, int64_t interchange, const char *out) WARN_UNUSED;

/* ---- providers: CSV into the store ---- */
struct row_report { uint64_t rows, changed, unchanged, refused; };
struct row_complaint { void *data; void (*say)(void *data, const char *file, uint64_t line, const char *text); };
bool providers_file(struct office *office, const char *path, const struct row_complaint *sink, struct row_report *report) WARN_UNUSED;
/* Does the first line of this chunk look like a provider file's header? */
bool providers_header(struct slice start);
/* Dated facts about members, PCPs and practices from a CSV file (docs/formats.md), likewise. */
bool attributes_file(struct office *office, const char *path, const struct row_complaint *sink, struct row_report *report) WARN_UNUSED;
bool attributes_header(struct slice start);

/* ---- visits and requests: CSV into the store ---- */
bool visits_file(struct office *office, const char *path, const struct row_complaint *sink, struct row_report *report) WARN_UNUSED;
bool requests_file(struct office *office, const char *path, const struct row_complaint *sink, struct row_report *report) WARN_UNUSED;
/* Keep a request as pending, in place of the one that is, unless the same is pending or in force (*id 0).  Between store_begin
 * and store_commit; asked->member is filled. */
bool request_keep(struct office *office, struct arena *arena, days today, int64_t *id, const struct request *asked) WARN_UNUSED;
/* Does what the member asked for last wait, or hold with no end known?  Then asking for the same again changes nothing, on any day. */
bool request_lasts(struct office *office, struct arena *arena, bool *lasts, int64_t member) WARN_UNUSED;
/* One request by hand, as a change of its own.  *known false: there is no such member.  *id 0: it was there before. */
bool request_enter(struct office *office, bool *known, int64_t *id, struct slice medicaid_id, const struct request *asked) WARN_UNUSED;

/* ---- lists: rows as text, CSV or JSON ---- */
struct lister_column;
enum lister_format { LISTER_TEXT, LISTER_CSV, LISTER_JSON };
extern const char *const lister_formats[]; /* their names, and NULL */
struct lister {
	enum lister_format format;
	put_fn *put;
	void *to;
	const struct lister_column *columns;
	size_t count;
	uint64_t rows;
	struct buffer out;
};
void lister_init(struct lister *lister, enum lister_format format, put_fn *put, void *to);
void lister_done(struct lister *lister);

/* ---- work lists: what somebody has to look at ---- */
struct worklist { const char *name, *summary; };
extern const struct worklist worklists[]; /* up to one without a name */
bool worklist_put(struct office *office, const char *name, struct lister *lister) WARN_UNUSED;

/* ---- transfer: a panel goes over to other PCPs (ASG-8, BAD-24) ---- */
struct transfer_wish {
	const char *from;    /* NPI of a PCP, or of a practice: all of its PCPs */
	const char *to;      /* the same, several with commas */
	days effective;
	bool apply;          /* false: only told */
};
struct transfer_report { uint64_t moved, apart, stay, families; };
bool transfer_panel(struct office *office, const struct transfer_wish *wish, struct lister *lister, struct transfer_report *report) WARN_UNUSED;

/* ---- notices: who must be told what, among those of a month (ENR-13, ENR-14) ---- */
struct notice_report { uint64_t fresh, all; };
bool notices_month(struct office *office, months month, struct lister *lister, struct notice_report *report) WARN_UNUSED;

/* ---- assign: decide what is pending ---- */
struct assign_report {
	uint64_t accepted, pending, refused, expired, ended /* because the PCP left */, excluded;
	uint64_t lapsed, returned; /* coverage was away for too long, or came back in time */
	uint64_t nobody; /* members who are to be assigned, and no PCP takes them */
};
typedef void (*decision_fn)(void *data, const struct decision *decision, const struct member *member, const struct request *request);
bool assign_pending(struct office *office, struct assign_report *report, decision_fn fn, void *data) WARN_UNUSED;
/* The same, and `look` sees what came out before all of it is taken back; fn and look get the same data. */
bool assign_try(struct office *office, struct assign_report *report, decision_fn fn, bool (*look)(void *data), void *data) WARN_UNUSED;
/* What a run would do: who would have another PCP, what would wait or be refused, and why; nothing is kept.  `against` (may be NULL):
 * a program file to compare with: only what is decided otherwise is told. */
struct whatif_report {
	bool two;                            /* two program files were compared */
	struct assign_report before, after;  /* by `against`, by the program */
	uint64_t assigned, moved, lost, waits, refused; /* of the members that are told */
};
bool assign_whatif(struct office *office, const struct program *against, struct lister *lister, struct whatif_report *report) WARN_UNUSED;

/* ---- a month: freeze its roster, pay it ---- */
bool month_freeze(struct office *office, months month, days cycle_day, struct frozen_month *frozen) WARN_UNUSED;
struct remit_report {
	struct cycle_row cycle;
	bool repeated;            /* the cycle was there: the same documents again, nothing posted */
	uint64_t documents;
};
bool remit_month(struct office *office, months month, days cycle_day /* NONE: by the calendar */, const char *out, struct remit_report *report) WARN_UNUSED;
/* ---- cycles: prepared, looked at, then released or discarded ---- */
struct cycle_report {
	struct draft_row draft;
	bool repeated;            /* it was so before: nothing was done */
	bool replaced;            /* prepare: a draft that had become stale was discarded for this one */
	unsigned exceeded;        /* thresholds */
};
/* The month's next cycle as a draft: postings that no ledger holds.  Freezes the month's roster if that was not done. */
bool cycle_prepare(struct office *office, months month, days cycle_day /* NONE: by the calendar */, struct cycle_report *report) WARN_UNUSED;
/* The open draft becomes the ledger's cycle, its 835s and advices: one transaction.  `out` NULL: documents are only kept. */
bool cycle_release(struct office *office, months month, days cycle_day, const char *out, struct remit_report *report) WARN_UNUSED;
bool cycle_discard(struct office *office, months month, days cycle_day, struct cycle_report *report) WARN_UNUSED;
/* What a cycle holds, prepared or released: payees, funds, reasons, thresholds, differences to the month before. */
bool cycle_show(struct office *office, struct buffer *out, months month, days cycle_day, enum sheet_format format) WARN_UNUSED;
bool cycle_list(struct office *office, struct buffer *out, enum sheet_format format) WARN_UNUSED;

/* ---- reconcile: what is due, posted, sent and moved, as known now or at office->as_of; *agrees: to the cent ---- */
bool reconcile(struct office *office, struct buffer *out, enum sheet_format format, bool *agrees) WARN_UNUSED;
/* ---- tmsis: the postings of a released cycle as rows of CSV ---- */
bool tmsis_cycle(struct office *office, struct pile *pile, months month /* NONE */, days cycle_day /* NONE */, uint64_t *rows) WARN_UNUSED;
/* ---- the bank: a released cycle's payments, and its NACHA file into `folder` (NULL: it is only told) ---- */
bool bank_cycle(struct office *office, struct buffer *out, months month /* NONE */, days cycle_day /* NONE */, const char *folder,
	enum sheet_format format) WARN_UNUSED;
/* ---- receivables: balances by age, or who gets a letter; as_of NONE: as known now ---- */
bool receivables_show(struct office *office, struct buffer *out, bool demands, days as_of, enum sheet_format format) WARN_UNUSED;

bool roster_month(struct office *office, months month, const char *format /* pdf csv text 834; NULL: the first three */, const char *out, uint64_t *documents) WARN_UNUSED;

/* ---- answer: 270 → 271 ---- */
struct answer_report {
	uint64_t interchanges, sets, sets_refused;
	uint64_t inquiries, active, inactive, rejected; /* of the sets that are answered */
	uint64_t refused; /* interchanges, and bytes outside of any, in which something was refused */
};
/* Replies (271; TA1 and 999 where something was refused) are appended to `out` as each interchange closes. */
bool answer_file(struct office *office, const char *path, struct buffer *out, const struct finding_sink *sink, struct answer_report *report) WARN_UNUSED;
/* Judge one inquiry (domain reference 5.2, 6.4).  Texts in the arena. */
bool answer_inquiry(struct office *office, struct arena *arena, struct answer *answer, const struct inquiry_source *source,
	const struct inquiry_receiver *receiver, const struct inquiry_record *inquiry) WARN_UNUSED;
/* A surname as CORE 258 compares it: upper case, no punctuation, no suffixes. */
struct slice name_normal(struct arena *arena, struct slice name);

/* ---- members that are one person, or are not after all (BAD-15) ----
 * `goes` becomes an id of `stays`, with its coverage, PCPs and waiting request; and back.  What cannot be done is misuse. */
bool member_merge(struct office *office, struct slice stays, struct slice goes) WARN_UNUSED;
bool member_unmerge(struct office *office, struct slice id) WARN_UNUSED;

/* ---- explain ---- */
/* A payee by NPI, and what is paid or taken under one control number, down to the member-months and where they are from. */
bool explain_payee(struct office *office, struct buffer *out, const char *npi, enum sheet_format format, bool *found) WARN_UNUSED;
bool explain_fcn(struct office *office, struct buffer *out, const char *fcn, enum sheet_format format, bool *found) WARN_UNUSED;
bool explain_member(struct office *office, struct buffer *out, struct slice medicaid_id, months month /* NONE: all */, bool *found) WARN_UNUSED;

/* ---- run: a month's folder, in order of days ---- */
struct run_report {
	struct load_report load;
	struct row_report rows;    /* of CSV files */
	struct assign_report assign;
	struct answer_report answers;
	struct remit_report remit;
	uint64_t files, files_refused;
	uint64_t done_before, refused_before; /* by an earlier run of this month; of them, with something refused */
};
bool run_month(struct office *office, const char *in, const char *out, months month, struct buffer *screen, struct run_report *report) WARN_UNUSED;

#endif
