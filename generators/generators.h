/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * generators: records → bytes.  The mirror of parsers: a writer that knows
 * delimiters and counts, and one file per document that it writes.  No I/O, no
 * clock, no store.  Every function appends to a buffer, whose sticky `failed` is
 * asked once at the end; the same records give the same bytes.
 */
#ifndef PCCM_GENERATORS_H
#define PCCM_GENERATORS_H

#include "guides/guides.h"

/* -------------------------------------------------------------------- writer
 * Segments are put together element by element; empty elements at the end are not sent.
 * A value that holds a delimiter is a bug of the caller's data: the delimiter is replaced by a blank, and `replaced` counts it.
 */
struct writer {
	struct buffer *out;
	struct delimiters delimiters;
	bool line_feeds;          /* "\n" after each terminator */
	uint64_t segments;        /* of the open set */
	uint32_t sets, groups;    /* sets of the open group, groups of the open interchange */
	char set_control[10], group_control[10], interchange_control[10];
	size_t pending_elements;  /* empty elements not written yet */
	size_t pending_components;
	uint64_t replaced;
};
void writer_init(struct writer *writer, struct buffer *out);
struct envelope { /* who writes to whom; ids unpadded */
	struct slice sender_qualifier, sender, receiver_qualifier, receiver;
	struct moment made;
	char usage;               /* P or T */
	bool ack_requested;
	uint64_t control;         /* ISA13 and GS06 */
};
void writer_interchange(struct writer *writer, const struct envelope *envelope);
void writer_interchange_end(struct writer *writer);
void writer_group(struct writer *writer, const struct envelope *envelope, const char *functional_id, const char *version);
void writer_group_end(struct writer *writer);
void writer_set(struct writer *writer, const char *set_id, const char *convention /* NULL: no ST03 */);
void writer_set_end(struct writer *writer);
void writer_begin(struct writer *writer, const char *segment_id);
void writer_element(struct writer *writer, struct slice value);   /* empty: a gap */
void writer_text(struct writer *writer, const char *value);
/* The value without blanks, and without what would become blanks, at its ends. */
struct slice writer_core(const struct writer *writer, struct slice value);
void writer_number(struct writer *writer, uint64_t value);
void writer_cents(struct writer *writer, cents amount);
void writer_day(struct writer *writer, days day);                 /* CCYYMMDD; NONE: a gap */
void writer_component(struct writer *writer, struct slice value); /* further component of the last element */
void writer_repeat(struct writer *writer, struct slice value);    /* further repetition of the last element */
void writer_end(struct writer *writer);
void writer_digits(struct writer *writer, struct slice value);    /* the digits of a phone number or tax id */
void writer_span(struct writer *writer, days begin, days end);    /* two elements: D8 and a day, or RD8 and a span */
/* A whole segment: writer_put(w, "REF", "EV", id, NULL) with C strings. */
void writer_put(struct writer *writer, const char *segment_id, ...) __attribute__((sentinel));
/* NM1; what is empty at the end is not sent. */
struct writer_name {
	struct slice entity, type, last, first, middle, prefix, suffix, id_qualifier, id, relationship; /* NM101 … NM110 */
};
void writer_name(struct writer *writer, const struct writer_name *name);
/* REF and DMG, left out where there is nothing to say. */
void writer_reference(struct writer *writer, const char *qualifier, struct slice value);
void writer_birth(struct writer *writer, days born, struct slice sex);

/* ----------------------------------------------------------- acknowledgments
 * TA1 stands between ISA and GS of the reply; a 999 per functional group.
 * ack_begin opens the reply to `heard`; ack_ta1 at most once, directly after it;
 * then per group ack_group, ack_set for each of its sets, ack_group_end; ack_end.
 * Each group that was heard is answered by a group of its own with one 999 in it.  Nothing of
 * what is handed in is kept after the call.
 * Values of elements are copied into IK404 only if `show_values`.
 */
struct acknowledger {
	struct writer writer;
	struct envelope envelope;
	char sender[16], receiver[16]; /* as in our ISA */
	char functional_id[3];         /* of the group that is open */
	bool show_values;
	bool group_open;
	uint64_t detail_bytes;         /* of the sets so far, but for their IK5 */
};
void ack_begin(struct acknowledger *ack, struct buffer *out, const struct interchange_header *heard, struct moment made, uint64_t control, bool show_values);
/* Can the group be named in AK1?  If not there is no 999 that could answer it. */
bool ack_group_fits(const struct group_header *group);
void ack_ta1(struct acknowledger *ack, const struct interchange_verdict *verdict);
void ack_group(struct acknowledger *ack, const struct group_header *group);
void ack_set(struct acknowledger *ack, const struct set_verdict *set);
void ack_group_end(struct acknowledger *ack, const struct group_verdict *group);
void ack_end(struct acknowledger *ack);
/* How sets and findings become IK501 and AK901: R if anything refuses, E if there are findings, else A; group A, E, P, R. */
enum ack set_ack(const struct findings *findings);
enum ack group_ack(const struct group_verdict *group);

/* ------------------------------------------------------------------------ 271
 * One reply set to one 270 set: answers come one by one in the order of the inquiries.
 * HL numbers are counted; source and receiver are repeated as asked.
 */
struct answer_writer {
	struct writer *writer;
	const struct payer *payer;
	struct moment made;
	uint64_t hl, hl_source, hl_receiver;
	const void *source, *receiver;       /* of the open levels, with their HL01 as asked */
	char source_hl[13], receiver_hl[13];
	bool source_closed, receiver_closed; /* the open level was rejected: nothing stands below it */
};
void answer_set_begin(struct answer_writer *aw, struct writer *writer, const struct payer *payer, const struct inquiry_set *asked, struct moment made);
/* Rejections of level SOURCE or RECEIVER are put at that level and the subscriber level is left out (271: domain reference 6.4). */
void answer_put(struct answer_writer *aw, const struct inquiry_source *source, const struct inquiry_receiver *receiver, const struct answer *answer);
void answer_set_end(struct answer_writer *aw);

/* ------------------------------------------------------------------------ 835 */
/* The whole interchange of one payment (835-1 … 835-11, domain reference 1.3–1.7).  Asserts that BPR02 = -sum(PLB). */
void remittance_put(struct buffer *out, const struct payer *payer, const struct billing_provider *payee, const struct payment *payment, char usage);
/* The remittance advice that a person reads: blocks 1 and 3 of domain reference 1.2, reason words, totals.  Fund and reason words from the caller's table. */
struct words { const char *code; const char *text; };
void advice_put(struct buffer *out, const struct payer *payer, const struct billing_provider *payee, const struct payment *payment, const struct words *words, size_t word_count);

/* --------------------------------------------------------------------- the bank
 * A NACHA file with one batch of CCD entries, each with an addenda record that carries the TRN segment of its 835
 * (reassociation, OPR-40): records of 94 characters, each with a line feed, in blocks of ten. */
struct bank_entry {
	struct slice routing, account; /* of the receiver */
	bool savings;
	cents amount;
	struct slice trace;            /* TRN02 */
	uint64_t number;               /* the same as a number: its last seven digits end the trace number */
	struct slice name;
};
/* Can this be an entry: are account and amount within what the form holds?  Otherwise why not. */
bool bank_fits(const char **why, const struct bank_entry *entry);
/* `day`: of the cycle, the file's creation date; `effective`: effective entry date, BPR16.  No entries: no file, nothing is put. */
void bank_put(struct buffer *out, const struct payer *payer, const struct bank_entry *entries, size_t count, days day, days effective);

/* ------------------------------------------------------------------------ 834
 * A member as an 834 2000 loop, for samples and for round trips: what the binder reads, this writes.
 * enrolment_set_begin opens the set (ST); writer_set_end closes it. */
void enrolment_set_begin(struct writer *writer, const struct enrolment_set *set);
void enrolment_member(struct writer *writer, const struct member_record *member);

/* ------------------------------------------------------------------------ 270
 * inquiry_set_begin opens the set (ST) with one source, HL 1, and one receiver, HL 2; writer_set_end closes it. */
void inquiry_set_begin(struct writer *writer, const struct inquiry_set *set, const struct inquiry_source *source, const struct inquiry_receiver *receiver);
/* NM1*IL of who is asked about, as the 270 asks and as the 271 gives it back. */
void writer_subscriber(struct writer *writer, const struct inquiry_record *inquiry);
void inquiry_put(struct writer *writer, const struct inquiry_record *inquiry); /* HL numbers as in the record */

/* -------------------------------------------------------------------- rosters
 * ELG-0401 and ELG-0402 of one Primary Manager (RST-1 … RST-11).  `report` is "ELG-0401" or "ELG-0402". */
void roster_put_text(struct buffer *out, const struct roster *roster, enum roster_report report);
void roster_put_csv(struct buffer *out, const struct roster *roster, enum roster_report report); /* RFC 4180, UTF-8, header row */
bool roster_put_pdf(struct buffer *out, const struct roster *roster, enum roster_report report, struct failure *failure) WARN_UNUSED;
/*
 * PCPs, funds and totals agree, and clients before + added - disenrolled = clients now (RST-11).  For whoever made the
 * roster to ask before it is printed: false with a sentence.
 */
bool roster_adds_up(const struct roster *roster, struct failure *failure) WARN_UNUSED;
/* A CSV field, quoted when it must be; formulas (=, +, -, @ first) are defused with a leading apostrophe. */
void csv_put(struct buffer *out, struct slice value);

/* -------------------------------------------------------------------- sheets
 * Facts and tables of one sheet, each value said once: as text for people, CSV (tables alone) or JSON.  Facts come
 * before, between or behind tables; the cells of a table come row by row, column by column. */
enum sheet_format { SHEET_TEXT, SHEET_CSV, SHEET_JSON };
enum cell_kind { CELL_TEXT, CELL_CENTS, CELL_COUNT };
struct sheet_column {
	const char *key;      /* in JSON and CSV; JSON puts _cents behind that of money */
	const char *title;    /* over the column, for people */
	enum cell_kind kind;
	unsigned width;       /* characters, for people; more is not cut */
};
struct sheet {
	struct buffer *out;
	enum sheet_format format;
	bool any;                      /* JSON: a fact or table stands before */
	const struct sheet_column *columns;  /* of the open table; NULL: none */
	size_t column_count, column;
	uint64_t rows;
};
void sheet_begin(struct sheet *sheet, struct buffer *out, enum sheet_format format);
void sheet_end(struct sheet *sheet);
void sheet_fact(struct sheet *sheet, const char *key, const char *label, struct slice value);
void sheet_fact_cents(struct sheet *sheet, const char *key, const char *label, cents value);
void sheet_fact_count(struct sheet *sheet, const char *key, const char *label, uint64_t value);
void sheet_fact_day(struct sheet *sheet, const char *key, const char *label, days value);       /* NONE, OPEN: empty */
void sheet_fact_month(struct sheet *sheet, const char *key, const char *label, months value);
void sheet_say(struct sheet *sheet, const char *sentence); /* for people only */
void sheet_table(struct sheet *sheet, const char *key, const char *title, const struct sheet_column *columns, size_t count);
void sheet_cell(struct sheet *sheet, struct slice value);
void sheet_cell_cents(struct sheet *sheet, cents value);
void sheet_cell_count(struct sheet *sheet, int64_t value);
void sheet_cell_day(struct sheet *sheet, days value);
void sheet_cell_month(struct sheet *sheet, months value);
void sheet_table_end(struct sheet *sheet);

/* ------------------------------------------------------------- show and JSON
 * The structure of interchanges for people, or as a JSON or XML document that turns back into the same bytes
 * (docs/formats.md).  show_begin first and show_end last; between them any number of files, each closed by show_file_end.
 */
enum show_format { SHOW_TEXT, SHOW_JSON, SHOW_XML, SHOW_X12 /* segment_put_x12: no shower */ };
struct shower;
/* show_values false: values of elements that may be personal print as (hidden).  NULL: memory. */
struct shower *shower_new(struct buffer *out, enum show_format format, bool show_values);
/* Before show_begin, JSON and XML: no names, no labels, no positions; a segment is one short line. */
void shower_terse(struct shower *shower);
void shower_free(struct shower *shower);
void show_begin(struct shower *shower);
void show_end(struct shower *shower);
/* The bytes of the file, before the segments in them are shown: so what stands between segments is kept too.  Who never
 * calls it gets a document without it. */
void show_bytes(struct shower *shower, struct slice bytes);
/* The ISA ends before byte `end` of the input. */
void show_interchange(struct shower *shower, const struct interchange_header *header, const struct segment *isa, uint64_t end);
void show_group(struct shower *shower, const struct group_header *header, const struct segment *gs);
void show_event(struct shower *shower, const struct event *event);
/* A TA1; and a set that no guide reads, segment by segment. */
void show_set(struct shower *shower, const struct set_header *header, const struct segment *st);
void show_segment(struct shower *shower, const struct segment *segment, uint64_t position /* 0: outside a set */);
/* The trailer's id is empty if it is missing. */
void show_set_end(struct shower *shower, const struct segment *se, uint64_t position);
void show_group_end(struct shower *shower, const struct segment *ge);
void show_interchange_end(struct shower *shower, const struct segment *iea);
void show_file_end(struct shower *shower);
bool show_failed(const struct shower *shower); /* memory ran out */
/* A segment as it was read (without line ends inside), its terminator, and what is to stand behind each. */
struct line_end { char bytes[2]; uint8_t len; };
void segment_put_x12(struct buffer *out, const struct segment *segment, const struct line_end *end);
/* ---------------------------------------------------------------------- build
 * The other way round: the pieces of a document, from whoever reads it, become X12 in `out`, which the caller may take
 * away and reset between pieces.  What cannot be built is told in `fault` with its line and column. */
struct builder;
struct builder *builder_new(struct buffer *out, struct document_fault *fault); /* NULL: memory */
void builder_free(struct builder *builder);
struct document_sink builder_sink(struct builder *builder);
void builder_end(struct builder *builder);          /* the document is over */
bool builder_failed(const struct builder *builder); /* memory ran out */

/* May the value of this X12 data element in this segment tell who somebody is?  And does the segment speak of a person? */
bool personal_element(uint16_t number, struct slice segment_id);
bool personal_segment(const struct segment *segment);
void json_text(struct buffer *out, struct slice text); /* quoted and escaped; bytes that are not UTF-8 as U+FFFD */
/* A finding as one JSON object. */
void finding_put_json(struct buffer *out, const struct finding *finding, const char *file, bool show_values);

/* ---- findings as one SARIF 2.1.0 log: begin, the findings, end ---- */
void sarif_begin(struct buffer *out, const char *version /* of this program */);
void sarif_finding(struct buffer *out, const struct finding *finding, const char *file, bool show_values, bool first);
/* whole: all input was read.  summary: a JSON object that stands among the run's properties. */
void sarif_end(struct buffer *out, bool whole, struct slice summary);

/* ------------------------------------------------------------------ disguise
 * Personal values become invented ones of the same form, always the same for the same key.  One table (treatment.c)
 * says for each data element what is done; each personal_element has a row there.
 */
enum treatment {
	TREAT_NONE,     /* the table does not know the data element: it is not personal */
	TREAT_KEEP,     /* known, and stays: it says what, not who */
	TREAT_ID, TREAT_SSN, TREAT_LAST, TREAT_FIRST, TREAT_MIDDLE, TREAT_PREFIX, TREAT_SUFFIX, TREAT_FULL_NAME, TREAT_ORGANISATION,
	TREAT_STREET, TREAT_CITY, TREAT_LOCATION, TREAT_ZIP, TREAT_PHONE, TREAT_DAY, TREAT_BIRTH, TREAT_TEXT, TREAT_NOT_TOLD,
	TREATMENTS
};
const char *treatment_name(enum treatment treatment); /* "permuted", "invented last name" … */
/* Whom a segment speaks of, by its NM101 or N101, or that of the loop it stands in. */
enum party { PARTY_PERSON, PARTY_PROVIDER, PARTY_ORGANISATION /* payers, sponsors, brokers */, PARTY_CATEGORY /* N1*75: nobody */ };
enum party party_of(struct slice entity);
struct disguise_place { /* where a value stands */
	struct slice segment;   /* id */
	unsigned element;       /* 1 … */
	uint16_t number;        /* data element */
	size_t min, max;        /* length */
	bool coded;             /* the guide has a list of codes for it */
	bool organisation;      /* NM102 is 2 */
	struct slice qualifier; /* the qualifier before it in its segment or composite; empty: none */
	enum party party;
	bool in_unit;           /* inside a member, subscriber or claim: days are somebody's */
	int shift;              /* days */
	days asof;              /* the day on which ages are looked at; DAYS_NONE: they are not */
	bool keep_providers, keep_zips;
};
enum treatment treatment_of(const struct disguise_place *place);
struct disguise { struct hmac hmac; bool failed; };
bool disguise_init(struct disguise *disguise, struct slice secret) WARN_UNUSED; /* false: memory */
void disguise_done(struct disguise *disguise);
/* How many days all dates of a family move: -1 … -365, so that no date comes to lie in the future. */
int disguise_shift(struct disguise *disguise, struct slice family);
void disguise_put(struct disguise *disguise, struct buffer *out, enum treatment treatment, struct slice value, const struct disguise_place *place);

#endif
