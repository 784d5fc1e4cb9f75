/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * parts: what the files of parsers/ share among themselves.  Nobody else includes it.
 */
#ifndef PCCM_PARSERS_PARTS_H
#define PCCM_PARSERS_PARTS_H

#include "parsers/parsers.h"

#include <endian.h>

/* ---- findings: filled the same way everywhere (found.c) ------------------------ */
void found_init(struct finding *finding, enum finding_code code);
/* If no more are kept: it was counted, and need not be made. */
bool found_counted(struct findings *findings, enum finding_code code);
void found_value(struct finding *finding, struct slice value);
void found_plain(struct finding *finding, struct slice value); /* … that can be no person's: shown without being asked for */
void found_expected(struct finding *finding, const char *format, ...) PRINTF_LIKE(2, 3);

/* ---- segment ids as numbers: compared without a call ---------------------------- */
#define ID2(a, b) ((uint32_t)(a) << 8 | (uint32_t)(b))
#define ID3(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c))
/* 0 for what has not two or three characters */
static inline uint32_t id_number(struct slice id)
{
	return segment_key(id);
}
/* Values side by side, the elements of a segment or the components of a composite, by where they end:
 * value n (1 …) stands between base[ends[n - 1]] and base[ends[n]]. */
struct values {
	const char *base;
	const uint32_t *ends; /* count + 1 of them */
	unsigned count;
};
/* Value n, empty past the end. */
static inline struct slice value_at(const struct values *values, unsigned n)
{
	if (n > values->count)
		return SLICE_NONE;
	uint32_t from = values->ends[n - 1] + 1;
	return (struct slice){ values->base + from, values->ends[n] - from };
}
static inline struct values segment_values(const struct segment *segment)
{
	return (struct values){ segment->base, segment->ends, segment->element_count };
}

/* ---- up to eight bytes as one number ----------------------------------------------- */
#define PACKED_BYTES 8
/* A value without NUL of at most PACKED_BYTES bytes.  Eight are read: the reader's window has room behind it. */
static const uint64_t packed_masks[PACKED_BYTES + 1] = { 0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff,
	0xffffffffffff, 0xffffffffffffff, UINT64_MAX };
static inline uint64_t bytes_packed(struct slice value)
{
	uint64_t packed;
	if (value.len == 0)
		return 0;
	memcpy(&packed, value.ptr, sizeof(packed));
	return le64toh(packed) & packed_masks[value.len];
}

/* The bits of a mask one by one, from the lowest: `at` is the number of each. */
#define EACH_BIT(at, mask) \
	for (uint32_t each_##at = (mask), at; each_##at != 0 && (at = (uint32_t)__builtin_ctz(each_##at), true); \
		each_##at &= each_##at - 1)

/* ---- forms of values (forms.c) --------------------------------------------------- */
bool form_date(struct slice value);  /* YYMMDD or CCYYMMDD, a day of the calendar */
bool form_time(struct slice value);  /* HHMM, HHMMSS, HHMMSSD, HHMMSSDD */
bool form_postal_us(struct slice value); /* ZIP: 5 or 9 digits */
/* Of a number of form_whole or form_decimal: is it written as X12.6 asks, without a minus before zero, zeros before the
 * digits that its least length needs, or a point behind which nothing stands? */
bool form_number_short(struct slice value, size_t min);
bool form_digits(struct slice value); /* one digit or more */
bool form_whole(struct slice value);   /* Nn: a sign, digits */
bool form_decimal(struct slice value); /* R: a sign, digits, a point among them */
size_t form_digit_count(struct slice value);

/* ---- scan: where the delimiters of a stretch of the window stand (scan.c) ------------------- */
/* Bytes that may be read after the ones that are looked at: the kernels load whole blocks. */
#define SCAN_PADDING 64
#define SCAN_SLACK 64 /* places that may be written after the ones that count */
/* What is looked at in one go: with its marks it stays in the nearest caches. */
#define SCAN_STRETCH (16 * 1024)
#define SCAN_MARKS (LIMIT_SEGMENT_BYTES + SCAN_STRETCH + SCAN_SLACK)
struct scan {
	_Alignas(64) uint8_t classes[256]; /* of bytes, by the delimiters that are looked for */
	char element, segment, repetition, component, line_feed, line_return; /* those that are none are doubled */
	/* bit 0: the last byte seen was a terminator; 1: a line end right behind one; 2: a terminator or separator; 3: a blank */
	uint8_t after;
	uint32_t tail_has; /* of the segment whose terminator was not seen yet, as in `ends` */
	uint32_t seen;    /* bytes of the window looked at */
	uint32_t mark_count, end_count;
	uint32_t marks[SCAN_MARKS];               /* where in the window separators and terminators stand */
	uint32_t ends[SCAN_STRETCH + SCAN_SLACK]; /* which marks are terminators; above those bits what the segment has */
};
struct scan *scan_new(void); /* to be freed with free; NULL: memory */
/* Look for other delimiters, or for the same ones anew, from a byte of the window on where a segment begins. */
void scan_begin(struct scan *scan, const struct delimiters *delimiters, uint32_t from);
void scan_restart(struct scan *scan, uint32_t from);
/* Look at the window from `seen` to `to`, SCAN_STRETCH bytes at most.  Every segment that was found was dropped before. */
void scan_bytes(struct scan *scan, const char *window, uint32_t to);
void scan_drop(struct scan *scan); /* forget the segments that ended; what is left belongs to the one that did not */
void scan_shift(struct scan *scan, uint32_t from, uint32_t to); /* the window's byte at `from` moves to `to` */

/* Was the kernel chosen that has registers of 64 bytes? */
bool scan_wide(void);

/* ---- cut: ordinary segments, many at a time (cut.c) ------------------------------------------- */
/* A segment shorter than this that has few elements cannot hide a whole ISA. */
#define HIDDEN_HEADER_BYTES 512
#define HIDDEN_HEADER_ELEMENTS 16
/* Where cutting is: the next segment, its first mark, and the byte behind the terminator before it. */
struct cutting {
	uint32_t next, mark, from;
};
/* Pass ordinary segments that have `gap` line end bytes before them, before `most` and up to one that is not ordinary, and
 * put their keys. */
void cut_segments(const struct scan *scan, const char *window, struct cutting *cutting, uint32_t most, uint32_t *keys,
	unsigned gap);

/* ---- header: the 106 bytes of an ISA (header.c) ----------------------------------- */
#define HEADER_BYTES 106
#define HEADER_WRAPS 16 /* line ends that may stand inside, for files cut into short lines */
enum header_answer { HEADER_NO, HEADER_YES, HEADER_MORE };
enum header_fault { HEADER_WHOLE, HEADER_SHORT, HEADER_CUT };
struct header_bytes {
	enum header_fault fault;
	char isa[HEADER_BYTES]; /* without line ends */
	size_t raw;             /* bytes that it takes in the input */
	uint16_t wrap_count;    /* line ends that were taken out, as in struct segment */
	uint32_t wraps[HEADER_WRAPS];
};
/* Can an ISA begin here?  HEADER_MORE: too few bytes to say. */
enum header_answer header_at(struct header_bytes *out, const char *bytes, size_t len, bool ended);
/* … one that is not of its length, but tells who sent it to whom (header_short.c)?  Put into `out` as if it were. */
enum header_answer header_short(struct header_bytes *out, const char *bytes, size_t len, bool ended);
/* The first place before `limit` where one can, or might if more bytes come; HEADER_NO: none, *at is where to go on. */
enum header_answer header_search(size_t *at, const char *bytes, size_t limit, size_t len, bool ended);
extern const uint32_t header_ends[17]; /* where the separators stand, and the terminator */
unsigned header_place(unsigned n); /* the byte at which element n begins, where no line end was taken out */
struct slice header_element(const char *isa, unsigned n); /* ISA01 … ISA16, blanks trimmed */
void header_parse(struct interchange_header *header, const char *isa, uint64_t offset);

/* ---- looks: "a PDF document" (looks.c) -------------------------------------------- */
const char *looks_like(struct slice start); /* by the first 8 bytes; static */

/* ---- controls: control numbers that stood already (controls.c) ---------------------- */
struct controls;
struct controls *controls_new(void);
void controls_free(struct controls *controls);
void controls_reset(struct controls *controls);
bool controls_seen(struct controls *controls, struct slice control); /* … and remembers it */

/* ---- reader: window and envelope (reader.c, envelope.c) --------------------------- */
enum pending_kind { PENDING_NONE, PENDING_SEGMENT, PENDING_HEADER, PENDING_END };
#define READER_QUEUE 40 /* more findings than one ISA, GS or IEA can raise */
struct reader {
	char *window;
	size_t start, end;    /* bytes not consumed yet */
	uint64_t base;        /* input offset of window[0]; below 0, modulo 2^64, before the first bytes came */
	uint64_t line, line_offset; /* of window[start], and where that line begins in the input */
	bool ended, closed;   /* no more input; READER_END was given */
	/* framing */
	bool inside;          /* an interchange is open */
	bool skipping;        /* dropping bytes up to a terminator */
	bool junk, junk_told; /* dropping bytes up to an ISA */
	struct place junk_place;
	char junk_start[8];   /* the first of them, for looks_like */
	uint8_t junk_len;
	uint64_t dropped;     /* segments in interchanges outside of any set, and without a place there */
	struct scan *scan;
	uint32_t keys[READER_BATCH]; /* of the batch given last */
	uint32_t next;        /* of the segments in scan->ends: the first that was not given */
	uint32_t stretch;     /* what is scanned next: little after an ISA, whose interchange may be short */
	bool simple;          /* no delimiter is a blank or a line end */
	enum pending_kind pending;
	/* of the pending segment at window[start] */
	size_t length, raw;   /* its bytes, and with its terminator */
	unsigned separators;  /* those past the limit too */
	const uint32_t *ends; /* as in struct segment: among scan->marks, or own_ends */
	uint8_t has;
	uint16_t wrap_count;
	uint32_t wraps[SEGMENT_WRAPS];
	uint32_t own_ends[LIMIT_ELEMENTS + 1];
	uint64_t end_offset;  /* after it, and the line there */
	uint64_t next_line, next_line_offset;
	struct header_bytes header_bytes;
	/* envelope */
	bool in_group, in_set;
	bool stray_told;
	struct interchange_header interchange;
	struct group_header group;
	struct set_header set;
	uint64_t segments, sets, groups, acknowledgments, interchanges;
	struct controls *set_controls, *group_controls;
	/* what is to be given before anything else is read */
	struct finding queue[READER_QUEUE];
	size_t queue_head, queue_tail;
	enum reader_answer held; /* an _END that follows the queue; READER_MORE: none */
	bool held_trailer;       /* it has a trailer segment: the pending one */
	uint64_t held_claimed;
};
/* envelope.c: what the pending segment means.  READER_MORE: it was used up without an item. */
enum reader_answer envelope_step(struct reader *reader, struct reader_item *item);
/* Findings first, then the _END that waits behind them.  READER_MORE: nothing waits. */
enum reader_answer envelope_queued(struct reader *reader, struct reader_item *item);
struct finding *envelope_find(struct reader *reader, enum finding_code code, uint64_t offset);
void envelope_stray(struct reader *reader, uint64_t offset, struct slice id, const char *expected);
/* Line and column of a byte that is at hand, at or behind window[start]. */
void reader_place(const struct reader *reader, struct place *place, uint64_t offset);
/* reader.c: the pending segment as views; and done with it. */
void reader_split(const struct reader *reader, struct segment *segment);
void reader_consume(struct reader *reader);
/* The delimiters of the interchange hold from window[start] on. */
void reader_delimit(struct reader *reader);

/* ---- the compiled form of a guide (index.c) ----------------------------------------- */
struct guide_slot {        /* one child of a loop */
	uint64_t bit;          /* it, among the children of its loop: in word `word` of walker->came */
	uint64_t before;       /* the required children before its group, where the loop has one word */
	uint32_t repeat;
	uint16_t node;         /* the child */
	uint16_t word;
	uint16_t segment;      /* its segment node: itself, or the one that opens the loop */
	uint16_t group;        /* first slot of the siblings that share its position number */
	uint16_t same;         /* the next slot of this loop with the same segment id, GUIDE_NONE */
	uint16_t loop;         /* when it is a loop: its number, else GUIDE_NONE */
	bool required;
};
struct guide_loop {
	uint64_t required;     /* its required children, where it has one word */
	uint16_t node, first, count; /* its slots */
	uint16_t word, words;  /* its children's bits in walker->came */
	bool unit;             /* a business unit begins with it */
};
/* Where a segment belongs that comes after `from`: kept for those that came, so that the open loops are searched
 * once for each kind of step.  As much as the nearest cache brings at once. */
struct guide_step {
	uint64_t token;        /* of the segment: its id's number, and its key: element `element` */
	uint64_t before;       /* what must have come */
	uint64_t bit;
	const struct shape *shape;
	uint32_t ours;         /* the elements to look at: a key that has made the step is a code of its list */
	uint32_t limit;        /* how often it may come, 0: not counted (loops always are) */
	uint16_t from, slot;   /* the newest child of the innermost loop; the child that it is */
	uint16_t word, node;   /* its bit's word; its node */
	uint16_t opens;        /* the loop that it opens, GUIDE_NONE */
	uint8_t element;
	uint8_t ends;          /* so many loops */
	uint8_t business;      /* as in its node */
	bool once;             /* it comes once */
	bool known;
	bool stays;            /* a segment of the innermost loop */
	bool level;            /* an HL */
};
#define INDEX_STEPS 2048   /* places, two for each hash; a guide's files use some hundreds */
#define STEP_ALIGNMENT 64
_Static_assert(sizeof(struct guide_step) == STEP_ALIGNMENT, "a step is what the nearest cache brings at once");
#define INDEX_NO_KEY UINT8_MAX
struct guide_list {        /* a code list: codes of at most 8 bytes, packed, each in the pair of its hash */
	uint64_t factor;
	uint32_t first;        /* of its places */
	uint8_t shift;
	bool longer;           /* some code is longer: ask the guide */
};
/* What a segment of a node looks like when nothing is wrong with it (shape.c).  Element n is bit n - 1. */
#define SHAPE_ELEMENTS 32
#define SHAPE_LANES 16     /* lengths that are compared at once */
#define SHAPE_LONGEST 254  /* lengths are kept in bytes: what is longer is looked at with care */
struct shape_bounds {      /* of SHAPE_LANES elements */
	uint8_t low[SHAPE_LANES], high[SHAPE_LANES];
};
struct shape_code {        /* where an element's code list has its codes */
	uint64_t factor;
	uint32_t first;
	uint8_t shift;
};
struct shape_note {        /* a syntax note: if any of `when` is there, so are every of `every` and some of `some` */
	uint32_t when, every, some; /* when UINT32_MAX: always; some 0: none is asked for */
	uint32_t one;          /* at most one of these is there */
};
struct shape {
	uint32_t required, unused;
	uint32_t coded;        /* in a code list that has its hash */
	uint32_t dates, times, numbers;
	uint32_t formats;      /* of a form that another element names */
	uint32_t sets;         /* of an external code set */
	uint32_t pairs;        /* of each two neighbours that come together or not at all, the first */
	uint32_t rare;         /* of those that follow here and above, but `coded`: what most segments have none of */
	uint32_t single;       /* composites and the like: elements.c looks at them one by one */
	struct shape_bounds bounds[SHAPE_ELEMENTS / SHAPE_LANES];
	const struct shape_code *codes; /* by element */
	struct shape_note *notes;
	uint16_t first_element;
	uint8_t elements;      /* 0 also of what is never called clean: more elements than bits, or the like */
	uint8_t note_count;
	uint8_t npi;           /* the element that is an NPI where XX stands before it, 0: none */
	bool others;           /* npi or postal */
	bool postal;           /* N403, a ZIP code unless N404 names another country */
};
#define INDEX_PLACES 256   /* hash places for segment ids: guides have under 60 */
#define INDEX_IDS 200
struct guide_id {          /* a segment id; key 0: none here */
	uint32_t key;          /* id_number */
	uint8_t number;
	uint8_t element;       /* that tells its nodes apart, 0: none; INDEX_NO_KEY: not one */
};
struct guide_index {
	const struct guide *guide;
	const struct guide_node *nodes; /* with the guide's address: tells a guide read anew from the one before */
	struct guide_slot *slots;
	struct guide_loop *loops;
	uint32_t slot_count, loop_count, id_count, word_count;
	struct guide_id ids[INDEX_PLACES];
	uint16_t *firsts;      /* [loop * id_count + id]: first slot with that id, GUIDE_NONE */
	struct guide_step *steps;
	struct stencils *stencils;
	struct delimiters step_delimiters; /* those that `steps` and `stencils` were made for */
	struct guide_list *lists;
	uint64_t *codes;
	uint16_t *last_required; /* by node: its last required element, 0: none */
	struct shape *shapes;  /* by node */
	struct shape_note *notes;
	struct shape_code *shape_codes;
	struct rule_index *rules;
	const uint8_t *rule_levels; /* of `rules`: by node, the lowest level with anything to do */
};
struct guide_index *index_new(const struct guide *guide); /* NULL: memory */
void index_free(struct guide_index *index);
void index_steps_forget(struct guide_index *index); /* all steps and stencils that are kept */
/* NULL: no such segment in the guide. */
static inline const struct guide_id *index_id(const struct guide_index *index, uint32_t key)
{
	unsigned place = (key * UINT32_C(2654435761)) >> 24;
	while (index->ids[place].key != 0 && index->ids[place].key != key)
		place = (place + 1) % INDEX_PLACES;
	return key != 0 && index->ids[place].key == key ? &index->ids[place] : NULL;
}
bool shapes_build(struct guide_index *index); /* false: memory */
bool index_listed(const struct guide_index *index, uint16_t codes, struct slice value);

/* ---- element checks (elements.c, values.c, notes.c) ----------------------------------- */
enum byte_class { CLASS_CONTROL = 1, CLASS_HIGH = 2, CLASS_REPETITION = 4, CLASS_COMPONENT = 8,
	CLASS_FOREIGN = 16 /* not of the character set agreed on */ };
enum check_way { WAY_CAREFUL, WAY_PLAIN, WAY_AVX2, WAY_AVX512 };
struct known_code { /* a code that fits its element, on the day that is asked for */
	uint64_t code; /* 0: none */
	uint64_t list; /* the code set and the guide's codes */
};
#define KNOWN_CODES 64
#define CODE_MEMORIES 32
#define CODE_MEMORY_BYTES 8
struct code_memory { /* a code that no list of its guide had: does the standard have it? */
	uint16_t number;
	uint8_t len;
	bool known;
	char code[CODE_MEMORY_BYTES];
};
struct checker;
/* Is nothing wrong with a segment but, perhaps, with those of its elements that are given back?  `ours`: the elements
 * that are looked at.  CLEAN_NOT: look with care.  (clean.c) */
#define CLEAN_NOT (UINT64_C(1) << 32)
typedef uint64_t clean_function(struct checker *checker, const struct segment *segment, const struct shape *shape,
	uint32_t ours);
struct checker {
	struct code_memory codes[CODE_MEMORIES];
	const struct guide_index *index;
	const struct segment *segment;
	struct values values;          /* its elements */
	const struct guide_node *node;
	struct delimiters delimiters;  /* those that `classes` was made for, and the character set */
	enum charset charset;
	bool ready;
	uint8_t classes[256];
	struct checks checks;  /* findings of a higher level are not made */
	enum check_way way;
	clean_function *clean;
	uint32_t there;        /* of the newest segment, what is not empty: element n is bit n - 1 */
	struct known_code known[KNOWN_CODES];
	struct findings *findings;
	void (*tell)(void *data, struct finding *finding);
	void *data;
};
/* One value and where it stands. */
struct spot {
	const struct guide_element *element;
	struct slice value;
	unsigned classes;      /* of its bytes */
	uint16_t position, component, repetition;
};
/* Check a segment by its node; the first `skip` elements are somebody else's. */
void elements_check(struct checker *checker, const struct segment *segment, const struct guide_node *node,
	unsigned skip);
/* The same once `clean` has said something else than 0. */
void elements_name(struct checker *checker, const struct segment *segment, const struct guide_node *node, unsigned skip,
	uint64_t clean);
clean_function *clean_of(enum check_way way);
enum check_way check_way(void); /* the best of this machine, or what walker_way chose */
/* Has the form that this qualifier (element 1250) names?  True of qualifiers that name none. */
bool format_fits(struct slice qualifier, struct slice value);
/* Is a code without NUL one of the guide's or of the external set that its element has, and holds on the day of the
 * checks?  Those that were found last are at hand. */
bool set_code_fits(struct checker *checker, const struct guide_element *element, struct slice code);
/* One value that is there; `values` are its siblings, for the qualifier of its format. */
void value_check(struct checker *checker, const struct spot *spot, const struct values *values);
/* Syntax notes on values, which are described by elements from first_element on; component notes have a position. */
void notes_check(struct checker *checker, const struct values *values, uint16_t first_note, uint16_t note_count,
	uint16_t first_element, uint16_t position);
void checker_tell(struct checker *checker, enum finding_code code, const struct spot *spot, const char *expected);
/* The same for a finding that is begun already. */
void checker_tell_as(struct checker *checker, struct finding *finding, const struct spot *spot, const char *expected);

/* ---- walker ------------------------------------------------------------------------------ */
struct walker_unit { /* the business unit that a finding is about */
	char name[56];
	size_t first_finding;
};
struct walker_frame {
	uint16_t loop;         /* number in the index */
	uint16_t at;           /* slot of the last child that came; of the innermost loop walker->from may be newer */
	bool strange;          /* the loop, or one around it, came out of order: the cursors around it stand elsewhere */
	uint64_t hl;           /* HL01, 0 if the loop is no level */
	uint64_t hl_children;
	struct place hl_place; /* of the HL, if hl is set */
	char hl_child_code;
	uint16_t hl_child_at;  /* where HL04 begins in its segment */
	struct walker_unit unit; /* if the loop is one */
};
struct rule_loop {         /* a bit for each fact of a loop: a segment came; with the element */
	uint64_t seen, came;
};
struct rule_ref {          /* a value that was not put into its cell yet: where it stands in the batch at hand */
	uint32_t at;           /* 1 + number of its segment in the batch as it was at first; 0: the cell holds */
	uint32_t mark, start;  /* as reader_batch_fill asks for */
	uint16_t watch;        /* of the rule index */
};
struct rule_cells {        /* what rules know of the open loops (rules.h) */
	struct rule_cell *cells; /* by fact of the guide; one holds while its bit is set in `seen` */
	struct rule_loop *of_loops; /* by node */
	struct rule_ref *refs;   /* by fact; only while a batch is walked */
	struct reader_batch batch; /* that they stand in, as it was at first; so many of it were walked: */
	uint32_t passed;
	uint64_t *referred;      /* those that may be set: fact n is bit n % 64 of word n / 64 */
	size_t size, loops;
	uint64_t told_offset;    /* the amounts of the segment there that were told to be broken already: */
	uint64_t told_elements;  /* bit n for element n */
};
#define WALKER_GUIDES 8
#define WALKER_SHOWN 24 /* segments of a batch whose events may wait together */
#define WALKER_EVENTS_OF_ONE (2 * LIMIT_LOOP_DEPTH + 8)
#define WALKER_EVENTS (WALKER_EVENTS_OF_ONE + 2 * WALKER_SHOWN)
struct walker {
	struct guide_index *cache[WALKER_GUIDES];
	unsigned cached, oldest;
	/* of the open loops: which children came, which were told to be missing, and by slot how often; a count holds
	 * once its bit is set, and is kept of loops and of what may come more than once but not for ever */
	uint64_t *came, *told;
	uint32_t *counts;
	uint32_t words_size, counts_size;
	const struct guide *guide;
	struct guide_index *index; /* NULL: no memory for one */
	const struct set_header *header;
	struct findings *findings;
	struct checks checks;
	struct checker checker;
	struct walker_frame frames[LIMIT_LOOP_DEPTH];
	unsigned depth;
	uint16_t from;         /* the cursor of the innermost loop, if steps may be made from there; GUIDE_NONE */
	uint16_t stencil;      /* the newest (stencil.h); 0: the segment was taken without one */
	const struct guide_step *step; /* that the segment at hand made, NULL: none that is known; and what was said of it */
	uint64_t clean;
	bool quick;            /* is there anything to gain from stencils? */
	bool fitted;           /* some stencil fitted the segment at hand, whatever became of it */
	uint64_t position;     /* of the segment at hand */
	const struct segment *segment; /* NULL at the end */
	struct segment shown[WALKER_SHOWN]; /* those of a batch that events look at */
	const struct segment *end; /* SE, or where it should stand, while segment is NULL */
	bool cut_off;          /* it should stand there, and does not */
	uint64_t hl;           /* newest HL01 */
	bool begun;
	uint32_t lost;         /* the id of the newest segment that the guide has not, 0: none, and what it was called */
	enum finding_code lost_code;
	bool quiet;            /* nobody takes the events */
	const bool *heeded;    /* by node: events on it are made; NULL: on all */
	bool alone;            /* … and no partner looks on: none are made */
	unsigned unit_frame;   /* of the outermost business unit that is open; 0: none */
	uint64_t unit_position;
	uint64_t unit_before;  /* findings that refused when it began, and those since that are not about it */
	struct walker_units units;
	uint32_t *partner_counts; /* by row of the overlay: how often what it names came in its loop */
	uint32_t partner_size;
	struct rule_cells rules; /* what rules know so far */
	struct event events[WALKER_EVENTS];
	unsigned event_head, event_tail;
};
static inline const struct guide_node *walker_node(const struct walker *walker, uint16_t node)
{
	return &walker->guide->nodes[node];
}
/* place.c: which child of which open loop a segment is. */
enum place_kind { PLACE_NONE, PLACE_ORDER, PLACE_REPEATED, PLACE_FITS, PLACE_OTHER_CODE };
struct walker_place {
	enum place_kind kind;
	unsigned frame;
	uint16_t slot;
};
struct walker_place walker_place(const struct walker *walker, const struct segment *segment, unsigned id);
/* The loop that a segment belongs to whose opening segment is missing; `place` is what walker_place said.  PLACE_NONE: none. */
struct walker_place walker_implied(const struct walker *walker, const struct segment *segment, unsigned id,
	struct walker_place place);
static inline bool walker_came(const struct walker *walker, const struct guide_slot *slot)
{
	return (walker->came[slot->word] & slot->bit) != 0;
}
/* May the child not come once more? */
static inline bool walker_used_up(const struct walker *walker, const struct guide_slot *slot)
{
	return walker_came(walker, slot) && slot->repeat != GUIDE_UNBOUNDED &&
	       (slot->repeat <= 1 || walker->counts[slot - walker->index->slots] >= slot->repeat);
}
static inline bool walker_has(const struct walker *walker, unsigned word, uint64_t wanted)
{
	return ((walker->came[word] | walker->told[word]) & wanted) == wanted;
}
/* Different for segments that different children may fit; 0: there is none that is short enough. */
#define STEP_KEY_BYTES 6
static inline uint64_t step_token(const struct segment *segment, const struct guide_id *id)
{
	uint64_t token = (uint64_t)id->number + 1;
	if (id->element == 0 || id->element > segment->element_count)
		return id->element == INDEX_NO_KEY ? 0 : token;
	struct slice value = segment_element(segment, id->element);
	return value.len > STEP_KEY_BYTES ? 0 : token | bytes_packed(value) << 8 | (uint64_t)value.len << 56;
}
static inline unsigned step_hash(uint64_t token, uint16_t from)
{
	return (unsigned)((token ^ (uint64_t)from << 48) * UINT64_C(0x9e3779b97f4a7c15) >> 53);
}
_Static_assert(INDEX_STEPS == 1 << 11, "step_hash gives eleven bits");
/* The step that a segment makes, learned if it is new; NULL: it has none.  What it needs is not looked at. */
struct guide_step *step_find(struct walker *walker, const struct segment *segment, const struct guide_id *id,
	uint64_t token);
/* What comes before it has come, and it may come: then it has. */
static inline bool walker_step_counts(struct walker *walker, const struct guide_step *step)
{
	uint64_t *came = &walker->came[step->word];
	if ((step->once && (*came & step->bit) != 0) || !walker_has(walker, step->word, step->before))
		return false;
	if (step->limit != 0) {
		uint32_t *count = &walker->counts[step->slot], held = (*came & step->bit) != 0 ? *count : 0;
		if (held >= step->limit)
			return false;
		*count = held + 1;
	}
	*came |= step->bit;
	return true;
}
/* walker.c: a step that ends or opens loops.  False: not all that it needs holds. */
bool walker_step_move(struct walker *walker, const struct guide_step *step, const struct segment *segment);
void walker_event_make(struct walker *walker, enum event_kind kind, uint16_t node);
/* A segment without any stencil. */
void walker_take(struct walker *walker, const struct segment *segment);
/* quick.c: segments of an open set by stencils, as walker_batch.  Those that none fits go to walker_take. */
size_t walker_quick(struct walker *walker, struct reader_batch *at, size_t count);
/* walker_find.c: findings of the walker. */
bool walker_wants(const struct walker *walker, enum finding_code code);
void walker_tell(struct walker *walker, struct finding *finding);
void walker_find(struct walker *walker, enum finding_code code, uint16_t node, unsigned frame, const char *expected);
/* The same for a finding that is begun already: place, path and names are filled in. */
void walker_find_as(struct walker *walker, struct finding *finding, uint16_t node, unsigned frame);
void walker_check_told(void *walker, struct finding *finding); /* the checker's */
void walker_unit(struct walker *walker, struct slice name);    /* the innermost unit's name became known */
void walker_path(const struct walker *walker, struct finding *finding, unsigned frame); /* loop and path of an open loop */
/* hierarchy.c */
void hierarchy_open(struct walker *walker, unsigned frame);
void hierarchy_imply(struct walker *walker, unsigned frame); /* a level whose HL is missing */
void hierarchy_close(struct walker *walker, unsigned frame);
/* ---- rules (rule_index.c, rule_facts.c, rule_run.c, rule_tell.c); what is in them: rules.h ---- */
struct rule_index *rule_index_new(const struct guide *guide); /* NULL: memory */
void rule_index_free(struct rule_index *index);
const uint8_t *rule_index_levels(const struct rule_index *index);
/* Room for what the rules of this guide keep; false: memory. */
bool rules_room(struct walker *walker, const struct guide *guide);
/* A loop opened; a segment was checked (its loop, if it opens one, is open); a loop is about to close.  Call them where
 * rules_at says so. */
void rules_open(struct walker *walker, uint16_t loop);
void rules_segment(struct walker *walker, uint16_t node, const struct segment *segment);
void rules_close(struct walker *walker, uint16_t loop);
/* Is there anything to do with this node at the walker's level? */
static inline bool rules_at(const struct walker *walker, uint16_t node)
{
	return walker->index->rule_levels[node] <= walker->checks.level;
}

/* ---- the compiled form of a guide's <field> lines (maps.c) ---- */
#define BIND_WORD_BYTES 7
struct bind_map {          /* when the element has this value, its field is filled */
	uint64_t token;        /* bind_token of the value */
	uint32_t long_words;   /* text offset: some value is longer, they are compared as text; 0: none is */
	uint16_t offset;       /* of the field in its record */
	uint8_t type;          /* enum field_type */
	uint8_t record;        /* enum record_kind */
	uint8_t column;
};
struct bind_run {          /* maps side by side that look at the same elements */
	uint8_t at, at_component, when, when_component; /* as in struct guide_map */
	uint16_t count;
	uint32_t first;
};
struct bind_node {
	uint32_t first;        /* of its runs */
	uint16_t count;
	uint8_t record;        /* loop: enum record_kind */
};
struct bind_maps {
	const struct guide *guide;
	const struct guide_node *guide_nodes; /* with the guide's address: tells a guide read anew from the one before */
	struct bind_node *nodes;
	bool *busy;            /* by node: is there anything to do?  The set itself begins and ends with an event */
	struct bind_run *runs;
	struct bind_map *maps;
	uint32_t run_count, map_count;
};
struct bind_maps *maps_new(const struct guide *guide); /* NULL: memory */
void maps_free(struct bind_maps *maps);
/* Different for different values of at most BIND_WORD_BYTES bytes; longer ones have one that is none of theirs. */
static inline uint64_t bind_token(struct slice value)
{
	return value.len > BIND_WORD_BYTES ? UINT64_MAX : bytes_packed(value) | (uint64_t)value.len << 56;
}

/* ---- what a partner narrows (partner.c) ---- */
bool partner_room(struct walker *walker); /* for a set; false: memory */
/* Where checks.overlay is set: what the walker is about to say, with the loop it is about still open. */
void partner_event(struct walker *walker, enum event_kind kind, uint16_t node);

#endif
