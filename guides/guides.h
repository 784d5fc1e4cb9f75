/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * guides: what the wire may say, as data.  A guide file (guides/834.xml …) is
 * compiled by the build into the static tables below, and by the same compiler at
 * run time.  Everything points by index into the guide's own arrays, texts by
 * offset into its pool, so that the tables need no relocation and starting is free.
 *
 * The tree: node 0 is the transaction set itself (a loop).  A loop's children are
 * nodes in the order of the printed guide; the first child of a loop other than
 * node 0 is the segment that opens it.  HL levels are nested: 2000B is a child of
 * 2000A, so that the walker needs no special case to know who contains whom.
 */
#ifndef PCCM_GUIDES_H
#define PCCM_GUIDES_H

#include "records/records.h"

#define GUIDE_UNBOUNDED UINT32_MAX /* ">1" */
#define GUIDE_NONE UINT16_MAX      /* no such index */

enum guide_usage { USAGE_REQUIRED, USAGE_SITUATIONAL, USAGE_NOT_USED };
enum guide_type { TYPE_AN, TYPE_ID, TYPE_N, TYPE_R, TYPE_DT, TYPE_TM, TYPE_B, TYPE_COMPOSITE };
enum guide_node_kind { NODE_LOOP, NODE_SEGMENT };

struct guide_element {
	uint32_t name;          /* text offset */
	uint16_t number;        /* X12 data element number; 0 for a composite */
	uint8_t type;           /* enum guide_type */
	uint8_t decimals;       /* of Nn */
	uint8_t usage;          /* enum guide_usage */
	uint16_t min, max;      /* characters */
	uint16_t repeat;        /* 1 …; UINT16_MAX: unbounded */
	uint16_t codes;         /* index into code_lists, GUIDE_NONE: any */
	uint16_t codeset;       /* index into the external code sets (guide_codeset), GUIDE_NONE: none */
	uint16_t first_component, component_count; /* into elements, for TYPE_COMPOSITE */
	uint16_t first_note, note_count;           /* into notes: of a composite's components */
	uint32_t composite;     /* text offset: "C040"; 0 if not a composite */
	/* position (1 …) of the format qualifier (D8, RD8, TM …) that rules this value, of a component that in its
	 * composite; 0: none */
	uint16_t format_of;
};
/* A syntax note: P pair, R at least one, E at most one, C if the first then all others,
 * L if the first then one more. */
struct guide_note {
	char kind;
	uint8_t count;
	uint8_t positions[10];
};
/* "When element `when` (with component) equals `is`, position `at` fills `field`." */
struct guide_map {
	uint8_t at, at_component;     /* component 0: the whole element */
	uint8_t when, when_component; /* when 0: always */
	uint32_t is;                  /* text offset: blank-separated values */
	uint16_t field;               /* index into record_fields */
};
struct guide_node {
	uint32_t id;            /* text offset: "NM1" or "2100A" */
	uint32_t name;          /* text offset */
	uint32_t comment;       /* text offset: the comment before it in the guide file, kept for printing; 0: none */
	uint8_t kind;           /* enum guide_node_kind */
	uint8_t usage;
	uint8_t depth;          /* node 0: 0 */
	uint8_t record;         /* loop: enum record_kind that it makes, RECORD_NONE: none */
	uint32_t repeat;        /* GUIDE_UNBOUNDED or the maximum */
	uint16_t parent;        /* node */
	uint16_t next;          /* the next sibling, GUIDE_NONE at the end */
	uint16_t first_child;   /* loop: its first node, GUIDE_NONE if none */
	uint32_t position;      /* the guide's position number, for people; of a loop: that of the segment that opens it */
	/* segments */
	uint16_t first_element, element_count;
	uint16_t first_note, note_count;
	uint16_t first_map, map_count;
	/* What tells this segment from its siblings of the same id: the value of element `key` (and its component)
	 * is in code list `key_codes`.  key 0: the id alone. */
	uint8_t key, key_component;
	uint16_t key_codes;
	bool same_position;     /* segment or loop: may stand before or after its neighbours of the same position number */
	/* The business unit that a 999 names in CTX: a loop with `unit` starts one at each occurrence;
	 * in it, element `business` of this segment is its identifier (REF*0F 02 in the 834, TRN02 in the 270). */
	bool unit;
	uint8_t business;
};
/* Codes, sorted bytewise, as text offsets: code_texts[first … first + count). */
struct guide_codes {
	uint32_t first;
	uint16_t count;
};
/* ---- situational rules and balances: docs/guide-format.md ---------------------- */
enum rule_kind { RULE_SITUATION, RULE_BALANCE };
/*
 * One step of a rule's program.  A step takes what it needs from a stack of at most LIMIT_RULE_DEPTH values and puts
 * one value there; programs have no loops: the SKIPs only go forward.
 */
enum rule_op {
	/* a test of a place */
	RULE_PRESENT, RULE_ABSENT, RULE_DIGITS, RULE_NPI, RULE_STARTS, RULE_IN, RULE_NOT_IN,
	/* a value: texts, numbers (in hundredths), days */
	RULE_TEXT, RULE_NUMBER, RULE_BEGIN, RULE_END, RULE_LENGTH, RULE_COUNT, RULE_SUM, RULE_CONSTANT,
	RULE_ADD, RULE_SUBTRACT,
	/* two numbers or two days; then two texts */
	RULE_EQUAL, RULE_UNEQUAL, RULE_LESS, RULE_LESS_EQUAL, RULE_MORE, RULE_MORE_EQUAL, RULE_SAME, RULE_DIFFERENT,
	RULE_NOT, RULE_AND, RULE_OR, RULE_IMPLIES,
	/* past the `number` steps that follow, if the value on top, which stays, is false (or true) */
	RULE_SKIP_FALSE, RULE_SKIP_TRUE
};
struct rule_step {
	uint8_t op;             /* enum rule_op */
	uint8_t element, component; /* of the rule's own segment, where `fact` is GUIDE_NONE */
	bool repeats;           /* the element repeats: one repetition that passes is enough */
	uint16_t fact;          /* into facts: what was seen in the loops around; GUIDE_NONE: the segment at hand */
	uint16_t codes;         /* STARTS, IN, NOT_IN: into code_lists */
	int64_t number;         /* CONSTANT: hundredths; SKIP: steps; SUM of own elements: bit n for element n */
};
/*
 * What a rule needs to know of segments that it does not stand in: kept while a loop is open, from its opening segment
 * on.  Segments of the nodes fact_nodes[first_node … + node_count), all inside that loop, are watched.
 */
enum fact_kind { FACT_FIRST, FACT_LAST, FACT_SUM };
struct guide_fact {
	uint32_t text;          /* text offset: as the guide file writes it, "2100/CLP04" */
	uint8_t kind;           /* enum fact_kind: which occurrence's value; of all, how many came */
	uint8_t level;          /* lowest SNIP level of the rules that ask for it */
	uint8_t element, component; /* element 0: the segment as a whole */
	uint8_t filter_component; /* of element 01 */
	bool number;            /* the value is one: kept in hundredths */
	uint16_t loop;          /* node of the loop */
	uint16_t filter;        /* element 01 is in this code list; GUIDE_NONE: any */
	uint16_t first_node, node_count;
	uint64_t elements;      /* SUM: bit n for element n */
};
/* Where a rule is told, or what triggered it. */
struct guide_place {
	uint16_t node;          /* segment node; GUIDE_NONE: nowhere */
	uint16_t fact;          /* where that fact was seen; GUIDE_NONE: the segment at hand */
	uint8_t element, component;
};
struct guide_rule {
	uint32_t id, says, source; /* text offsets */
	uint16_t node;          /* segment: run when one was checked; loop: when it closes */
	uint8_t kind;           /* enum rule_kind */
	uint8_t level;          /* SNIP */
	uint8_t severity;       /* enum severity */
	uint8_t finding;        /* enum finding_code */
	bool at_given;          /* `at` is the file's, not what follows from `then` */
	uint8_t needs, lacks;   /* elements of its own segment: it holds where `needs` is absent, or `lacks` present; 0: none */
	uint16_t when_count, then_count;
	uint32_t first_step;    /* steps of `when`, then of `then`; a balance: the value of `of`, then the one of `is` */
	struct guide_place at, trigger;
};

struct guide {
	const char *name;        /* "005010X220A1" */
	const char *set_id;      /* "834" */
	const char *functional_id; /* "BE" */
	const char *title;
	const char *accepts;     /* blank-separated GS08 values: "005010X220A1 005010X220" */
	bool st03;               /* the set carries ST03 */
	const char *business_unit; /* CTX name: "SUBSCRIBER NUMBER REF02"; "" if the 999 names none */
	const char *texts;       /* the pool; offset 0 is the empty text */
	const struct guide_node *nodes;
	uint16_t node_count;
	const struct guide_element *elements;
	uint16_t element_count;
	const struct guide_note *notes;
	uint16_t note_count;
	const struct guide_map *maps;
	uint16_t map_count;
	const struct guide_codes *code_lists;
	uint16_t code_list_count;
	const uint32_t *code_texts;
	uint32_t code_text_count;
	const struct guide_rule *rules; /* in the order of the file */
	uint16_t rule_count;
	const struct rule_step *steps;
	uint32_t step_count;
	const struct guide_fact *facts;
	uint16_t fact_count;
	const uint16_t *fact_nodes;
	uint32_t fact_node_count;
};

/* ---- the shipped guides: 834, 270, 271, 835, 999 ------------------------------- */
extern const struct guide *const guides_shipped[];
extern const size_t guides_shipped_count;
/* By set id and GS08; NULL if none. */
const struct guide *guide_find(struct slice set_id, struct slice version);
/* Is there a guide with this functional id (GS01)?  And one that also accepts this version (GS08)? */
bool guide_function_known(struct slice functional_id);
bool guide_version_known(struct slice functional_id, struct slice version);
/* Has any shipped guide a segment of this id?  Looks at all of them: for what is wrong only. */
bool guide_segment_known(struct slice id);
/* Is the segment one of the standard's set that this guide does not use?  And is the code one that the standard gives to
 * the data element, as far as the shipped guides and labels tell?  For what is wrong only. */
bool guide_segment_not_used(const struct guide *guide, struct slice id);
bool guide_code_known(uint16_t data_element, struct slice code);
/* The first shipped guide of a set id, or of a functional id, whatever its version; NULL if none. */
const struct guide *guide_of_set(struct slice set_id);
const struct guide *guide_of_function(struct slice functional_id);

static inline const char *guide_text(const struct guide *guide, uint32_t offset)
{
	return guide->texts + offset;
}
/* Is `value` in code list `codes` (GUIDE_NONE: yes)? */
bool guide_code_listed(const struct guide *guide, uint16_t codes, struct slice value);
/* The codes of a list, blank separated, at most `size` bytes, ended by " …" when cut. */
void guide_codes_print(char *out, size_t size, const struct guide *guide, uint16_t codes);
/* The reference designator people use: "NM109", "CLM05-03". */
void guide_designator(char out[16], const char *segment_id, unsigned element, unsigned component);
/* A short label for a code, NULL if none is known: "P3" of element 98 is "Primary care provider". */
const char *guide_code_label(uint16_t data_element, struct slice code);

/* ---- external code sets (guides/codes/NAME.csv), dated ------------------------- */
struct code_tables; /* the sets of one installation or partner; NULL, wherever they are asked for: the shipped ones */
/* Sets that replace shipped ones have their index; others come behind. */
const char *guide_codeset_name(const struct code_tables *codes, uint16_t codeset);
enum codeset_answer { CODESET_NOT_LISTED, CODESET_NOT_THAT_DAY, CODESET_HAS };
struct day_span { days start, end; }; /* both included; DAYS_NONE: always has been; DAYS_OPEN: still is */
/* Is it a code of this set on that day (DAYS_NONE: any day)?  span, if it is listed: the days for which it is, of several
 * stretches the last one looked at; may be NULL.  The one question that is asked of code sets. */
enum codeset_answer guide_codeset_ask(const struct code_tables *codes, uint16_t codeset, struct slice code, days on,
	struct day_span *span);

/* ---- trading partners: how one partner's files are held against the guides (docs/partner-format.md) ---- */
enum charset { CHARSET_EXTENDED, CHARSET_BASIC, CHARSET_UTF8 }; /* X12.6 3.3.1; UTF-8 where the partner and we agreed on it */
struct pattern; /* how an element is written: an XML Schema pattern, compiled */
/* One row of what a partner narrows: a segment or loop as a whole (position 0), or an element or component of a segment.
 * What a row does not say is left to the guide. */
struct narrowing {
	uint16_t node;          /* segment, or loop */
	uint16_t parent;        /* the loop in which it is counted */
	uint8_t position, component;
	uint8_t usage;          /* required, not used; USAGE_SITUATIONAL: nothing is said */
	uint8_t key, key_component; /* only where this element is … */
	const char *keys;       /* … one of these, each ended by a NUL, the last by two; NULL: always */
	uint32_t repeat;        /* GUIDE_UNBOUNDED: nothing is said */
	uint16_t min, max;      /* 0 and UINT16_MAX: nothing is said */
	uint16_t codeset;       /* GUIDE_NONE: nothing is said */
	const char *codes;      /* as keys; NULL: nothing is said */
	const struct pattern *pattern;
	const char *pattern_text;
	const char *says;       /* the partner's own sentence; NULL: the kind's */
	const char *rule;       /* name of this rule of the partner, NULL: it has none */
	uint8_t severity;       /* of what breaks it, if it has a name; else that of the kind of finding */
};
/* What a partner narrows of one guide. */
struct overlay {
	const struct guide *guide;     /* the shipped one, whose nodes the rows name */
	const struct narrowing *rows;  /* by node */
	uint32_t count;
	const uint32_t *firsts;        /* by node: its first row; node_count + 1 of them */
	const uint32_t *wholes;        /* the rows of segments and loops as a whole, by the loop in which they are counted */
	const uint32_t *whole_firsts;  /* by loop, as firsts */
};
struct partner_id {
	char qualifier[3], id[16]; /* ISA05 and ISA06, or ISA07 and ISA08; empty: any */
};
struct partner {
	const char *name;      /* for people: "Connecticut PCCM"; "" if it is nobody in particular */
	int level;             /* highest SNIP level that is checked, 1 … 7 */
	enum charset charset;
	bool sets_units_aside; /* one bad business unit (an 834 member) is set aside and the rest accepted: IK5*E */
	uint8_t severities[FINDING_CODES]; /* enum severity of each kind of finding */
	const struct partner_id *senders, *receivers; /* who he is, who we are: one of them each; none: anybody */
	size_t sender_count, receiver_count;
	const struct code_tables *codes; /* external code sets; NULL: the shipped ones */
	const struct overlay *overlays;
	size_t overlay_count;
};
/* Read a partner's file (NULL: nobody's in particular), and before it the code sets of a folder (NULL: none).  NULL and a
 * failure with file and line otherwise.  A file may only be stricter than the guide: what would loosen it is refused. */
struct partner *partner_read(const char *path, const char *codes, struct failure *failure);
void partner_free(struct partner *partner);
/* What the partner narrows of a shipped guide; NULL: nothing, or no partner. */
const struct overlay *partner_overlay(const struct partner *partner, const struct guide *guide);
/* The guide with the partner's own rules and severities of rules: a copy with the same places, or the guide itself. */
const struct guide *partner_guide(const struct partner *partner, const struct guide *guide);
/* Is the value in a list as of struct narrowing? */
bool partner_listed(const char *list, struct slice value);
/* The list with blanks between, cut with " …". */
void partner_list_print(char *out, size_t size, const char *list);
bool pattern_fits(const struct pattern *pattern, struct slice value);

/* ---- events: what the walker says of a transaction set ---------------------------- */
enum event_kind { EVENT_NONE, EVENT_SET_BEGIN, EVENT_LOOP_BEGIN, EVENT_SEGMENT, EVENT_LOOP_END, EVENT_SET_END };
struct event {
	enum event_kind kind;
	const struct guide *guide;
	uint16_t node;                  /* loop or segment node of the guide; GUIDE_NONE: segment without a place */
	const struct segment *segment;  /* EVENT_SEGMENT and LOOP_BEGIN (the opening segment); lives until the next feed */
	uint64_t position;              /* of the segment in the set */
	bool refused;                   /* EVENT_LOOP_END of a business unit: something in it refuses */
};

#endif
