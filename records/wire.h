/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * wire: where things stand on the wire, what was wrong there, and what an
 * acknowledgment says of it.  Part of records/records.h, which includes it.
 */
#ifndef PCCM_WIRE_H
#define PCCM_WIRE_H

#include "base/base.h"

/* ======================================================================== wire */

/* Where something stands.  Counting is as people and acknowledgments count: from 1; 0 means "as a whole". */
struct place {
	uint64_t offset;     /* byte offset in the (inflated) input, of the element if one is named */
	uint64_t line;       /* of the input, from 1; 0: not known */
	uint32_t column;     /* in that line, in bytes, from 1 */
	uint64_t segment;    /* position in its transaction set, ST being 1; 0 for the envelope */
	uint16_t element;    /* 1 … */
	uint16_t component;  /* 1 …, 0 if the element is not a composite */
	uint16_t repetition; /* 1 …, 0 if the element does not repeat */
};

/* From which interchange and byte a fact came.  interchange is the store's number; 0: not from an interchange. */
struct origin {
	int64_t interchange;
	uint64_t offset;
};

struct delimiters {
	char element;    /* ISA byte 4 */
	char repetition; /* ISA11; '\0' if the interchange has none (before 00402) */
	char component;  /* ISA16 */
	char segment;    /* byte 106 */
};

/* What the scan saw among a segment's bytes, delimiters of elements and segments aside. */
enum segment_has {
	SEGMENT_HAS_CONTROL = 1,    /* below 0x20, or 0x7f */
	SEGMENT_HAS_HIGH = 2,       /* 0x80 and above */
	SEGMENT_HAS_REPETITION = 4, /* the repetition separator */
	SEGMENT_HAS_COMPONENT = 8,  /* the component separator */
	SEGMENT_HAS_EDGE_BLANK = 16, /* an element that begins or ends with a blank */
	SEGMENT_HAS_LINE_END = 32   /* a line end inside: the reader takes it out and nobody else sees this */
};
/*
 * One segment as views into the reader's window: valid until the next call on the reader.
 * Its elements are not kept one by one but by where they end: element n stands between the separators
 * base[ends[n - 1]] and base[ends[n]], and the id in front of base[ends[0]].
 */
#define SEGMENT_WRAPS 16 /* a segment of a file cut into lines of 80 bytes passes them at 1,280 */
struct segment {
	struct slice bytes; /* from the id to before the terminator */
	struct slice id;
	uint64_t offset;    /* of the id's first byte in the input */
	uint16_t element_count; /* elements after the id, trailing empty ones counted as sent */
	const char *base;
	const uint32_t *ends; /* element_count + 1 of them; NULL: the segment is missing and has no elements */
	struct delimiters delimiters;
	uint64_t line;        /* of the id's first byte, from 1; 0: not known */
	uint64_t line_offset; /* of that line's first byte in the input */
	uint8_t has;          /* enum segment_has: a bit that is not set is a promise */
	uint32_t key;         /* segment_key of the id */
	/* where line ends were taken out: so many, before these bytes of the segment (the first SEGMENT_WRAPS of them) */
	uint16_t wrap_count;
	uint32_t wraps[SEGMENT_WRAPS]; /* with SEGMENT_WRAP_LINE where the byte was a LF: a line begins */
};
#define SEGMENT_WRAP_LINE (UINT32_C(1) << 31)
/* An id as a number: two or three bytes, the first highest; 0 for what has not two or three. */
static inline uint32_t segment_key(struct slice id)
{
	const unsigned char *c = (const unsigned char *)id.ptr;
	return id.len == 3 ? (uint32_t)c[0] << 16 | (uint32_t)c[1] << 8 | c[2] : id.len == 2 ? (uint32_t)c[0] << 8 | c[1] : 0;
}
/* Where `at`, a byte of the segment or the end of one, stands in the input; NULL: where the segment begins. */
uint64_t segment_offset(const struct segment *segment, const char *at);
/* The same with line and column, as far as they are known. */
void segment_place(struct place *place, const struct segment *segment, const char *at);
/* Element n (1 …), empty past the end; 0 gives the id. */
static inline struct slice segment_element(const struct segment *segment, unsigned n)
{
	if (n == 0)
		return segment->id;
	if (n > segment->element_count)
		return SLICE_NONE;
	uint32_t from = segment->ends[n - 1] + 1;
	return (struct slice){ segment->base + from, segment->ends[n] - from };
}
/* Part `n` (0 …) of `whole` split at `separator`; false when there is none. */
bool slice_part(struct slice *out, struct slice whole, char separator, unsigned n);
size_t slice_parts(struct slice whole, char separator); /* at least 1 */

/* ==================================================================== findings */

enum finding_code {
	FINDING_NONE = 0,
#define FINDING(name, ...) FINDING_##name,
#include "findings.def"
#undef FINDING
	FINDING_CODES
};
enum severity { SEVERITY_IGNORE, SEVERITY_NOTE, SEVERITY_REFUSE, SEVERITIES };
extern const char *const severity_words[SEVERITIES]; /* "ignore" … */
enum finding_scope { SCOPE_INTERCHANGE, SCOPE_GROUP, SCOPE_SET, SCOPE_SEGMENT, SCOPE_ELEMENT, SCOPE_BUSINESS };

/* One row of the only table of findings (findings.def). */
struct finding_kind {
	const char *name;  /* "element-code": stable, for JSON and for people who search */
	const char *text;  /* lower case, no full stop */
	enum finding_scope scope;
	int level;         /* SNIP type 1 … 7 */
	enum severity severity; /* without a partner's overlay */
	const char *ta1;   /* TA105, or "" */
	const char *ik3;   /* IK304, or "" */
	const char *ik4;   /* IK403, or "" */
	const char *ik5;   /* IK502 …, or "" */
	const char *ak9;   /* AK905 …, or "" */
	const char *mend;  /* what the sender does about it: one sentence, lower case, no full stop */
};
const struct finding_kind *finding_kind(enum finding_code code);
/* May no partner make less of it?  What refuses by the standard or the guide (levels 1 and 2), and what refuses an
 * interchange or group as a whole, is law; balance, situations and code sets are what partners agree on. */
bool finding_is_law(enum finding_code code);
/* By its stable name; FINDING_NONE if there is none. */
enum finding_code finding_code_of(struct slice name);

/* What made a situational rule speak: CTX*SITUATIONAL TRIGGER of the 999.  The segment may be another than the one that
 * the finding is about. */
struct trigger {
	char segment_id[4];    /* empty: nothing triggered it, the rule always holds */
	char loop[8];          /* its loop, as in struct finding */
	uint64_t segment;      /* its position in the set, ST being 1 */
	uint16_t element, component, data_element; /* 0: the segment as a whole */
};
struct finding {
	enum finding_code code;
	enum severity severity;
	uint8_t level;              /* SNIP level of the rule; 0: that of the kind, see finding_level */
	struct place place;
	char segment_id[4];         /* "NM1" */
	char loop[8];               /* "2100A"; empty at set level */
	char path[112];             /* the open loops with their occurrence, "2000[12]/2300[1]"; empty at set level */
	const char *rule;           /* id of the guide's or the partner's rule that was broken, as long-lived as the guide; or NULL */
	const char *says;           /* that rule's own sentence, in place of the kind's text; same life; or NULL */
	struct trigger trigger;     /* of a rule */
	uint16_t data_element;      /* X12 data element number (IK402), 0 if none */
	const char *guide;          /* "005010X220A1", static or as long-lived as the guide; NULL for the envelope */
	const char *name;           /* the guide's name of the element or segment, same life; may be NULL */
	char expected[96];          /* what would have been right; empty if the text says it */
	bool plain;                 /* the value is a count, control number or short code: it tells of nobody */
	uint8_t value_len;
	char value[LIMIT_FINDING_VALUE_BYTES]; /* copy of what was sent, cut; unless plain, print it only when asked */
	/* the second place: what was open around it */
	char interchange[10];       /* ISA13 */
	char group[10];             /* GS06 */
	char set_id[4];             /* "834" */
	char set_control[10];       /* ST02 */
	char business[56];          /* the business unit for CTX: REF*0F of the member, TRN02 of the inquiry, CLP01; may be personal */
};

/* The SNIP level of a finding. */
static inline int finding_level(const struct finding *finding)
{
	return finding->level != 0 ? finding->level : finding_kind(finding->code)->level;
}

#define FINDING_LEVELS 8 /* SNIP levels 1 to 7; 0 stays empty */

/* What was found in one stretch (a set, a group's envelope, an interchange's envelope). */
struct findings {
	struct finding *items;   /* at most LIMIT_FINDINGS_PER_SET */
	size_t count;            /* kept */
	size_t notes;            /* of those, what refuses nothing: at most LIMIT_NOTES_PER_SET */
	size_t size;
	uint64_t total;          /* found, whether kept or not */
	uint64_t refusing;       /* of them, how many refuse */
	uint64_t contained;      /* of those, how many stand in a business unit that is set aside: they do not refuse the set */
	bool failed;             /* memory ran out: the caller must treat the stretch as failed */
	uint64_t *by_code;       /* how many were found of each code, kept or not; NULL while there are none */
	uint64_t by_level[FINDING_LEVELS]; /* the same, of each SNIP level */
	const char *interchange, *group; /* ISA13 and GS06 of what is open around, for each finding; NULL: none; not owned */
	const uint8_t *severities; /* enum severity by finding code, of a partner; NULL: that of each kind; not owned */
};
void findings_init(struct findings *findings);
/* The partner's severity, if `severities` is set, replaces the finding's; that of a rule only where it is another than
 * the kind's.  SEVERITY_IGNORE is not even counted. */
void findings_add(struct findings *findings, const struct finding *finding);
/* Are there as many as are kept?  What is added now is only counted, by its code, level and severity. */
static inline bool findings_full(const struct findings *findings)
{
	return findings->count == LIMIT_FINDINGS_PER_SET;
}
/* Would this one be kept?  Looks at its code, severity and rule only. */
bool findings_keep(const struct findings *findings, const struct finding *finding);
static inline bool findings_refuse(const struct findings *findings)
{
	return findings->refusing > findings->contained;
}
void findings_reset(struct findings *findings);
void findings_done(struct findings *findings);
/* A sender chose these bytes and a terminal obeys some of them: what is not a printable character is spelled out. */
void text_put_printable(struct buffer *out, struct slice text);
/* One finding as people read it, four lines (docs/formats.md); values only if asked.  `file` is printed as it is given. */
void finding_put_text(struct buffer *out, const struct finding *finding, const char *file, bool show_values);
void finding_put_colours(struct buffer *out, const struct finding *finding, const char *file, bool show_values); /* for a terminal */
/* The sentence alone, without a line end: "INS03 Maintenance Type Code: code is not …: found 099, expected …". */
void finding_put_sentence(struct buffer *out, const struct finding *finding, bool show_values);
/* "INS03", "NM109-02"; "INS" for the segment as a whole; nothing if there is none. */
void finding_put_designator(struct buffer *out, const struct finding *finding);
/* What the answer says of it: "TA1 022", "999 IK403 7"; nothing if it says nothing. */
void finding_put_answer(struct buffer *out, const struct finding *finding);
const char *severity_label(enum severity severity); /* as compilers and SARIF call it */
const char *finding_text(const struct finding *finding); /* the rule's own sentence, else that of the kind */

/* ==================================================================== envelope */

struct interchange_header { /* ISA, trimmed of blanks */
	char sender_qualifier[3], sender[16], receiver_qualifier[3], receiver[16];
	char date[7], time[5], version[6], control[10], ack_requested, usage;
	struct delimiters delimiters;
	uint64_t offset;
};
struct group_header { /* GS */
	char functional_id[3], sender[16], receiver[16], date[9], time[9], control[10], agency[3], version[13];
	uint64_t offset;
};
struct set_header { /* ST */
	char id[4], control[10], convention[36];
	uint64_t offset;
};

/* What became of what was received.  Holds in every verdict: received = accepted + aside + refused. */
struct reckoning {
	uint64_t received, accepted, aside, refused;
};
bool reckoning_holds(const struct reckoning *reckoning);
void reckoning_add(struct reckoning *to, const struct reckoning *from);
void reckoning_refuse(struct reckoning *reckoning); /* none of it, whatever was said before */

/* What became of one transaction set and one group: what a 999 says. */
enum ack { ACK_ACCEPTED = 'A', ACK_ERRORS = 'E', ACK_PARTIAL = 'P', ACK_REJECTED = 'R' };
struct set_verdict {
	struct set_header header;
	enum ack ack;
	struct findings findings;   /* owned by the verdict */
	uint64_t records;           /* members, inquiries, … read */
	/* business units (members, subscribers, claims; none where no guide reads the set) and segments, ST and SE included */
	struct reckoning units_reckoned, segments_reckoned;
};
struct group_verdict {
	struct group_header header;
	enum ack ack;
	uint64_t sets_included;  /* GE01 as sent; as counted if GE is missing */
	uint64_t sets_received;
	uint64_t sets_accepted;
	uint64_t sets_noted;     /* of the accepted, those with findings (IK501 E) */
	struct findings findings; /* of the group's own envelope */
	struct reckoning units_reckoned, segments_reckoned; /* of its sets; of them and its own envelope, what stands between them is refused */
};
struct interchange_verdict {
	struct interchange_header header;
	char ack;            /* A E R: TA104 */
	char note[4];        /* TA105 */
	bool duplicate;      /* TA1 025 */
	uint64_t bytes, segments, groups, sets, sets_accepted; /* segments: all from ISA to IEA that are there */
	uint64_t acknowledgments;    /* TA1 segments and groups of 999 in it */
	struct reckoning units_reckoned, segments_reckoned; /* of its groups; of them and its own envelope */
	struct findings findings; /* of the interchange's envelope */
};

#endif
