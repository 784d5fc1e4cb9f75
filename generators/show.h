/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show.h: what the files of show share among themselves.
 */
#ifndef PCCM_GENERATORS_SHOW_H
#define PCCM_GENERATORS_SHOW_H

#include "generators/generators.h"

#define SHOW_GUIDES 8      /* guides whose faces are kept */
#define SHOW_BREAKS_BYTES 200 /* of line ends in a segment; one with more of them is shown as text */
#define SHOW_TRAIL_SLACK 64 /* bytes that may be read behind the trail */
#define TEXT_PIECE_BYTES (32 * 1024) /* of what is no segment, as much as one piece of a document holds */

/* ---- faces (show_face.c): what is always the same of an element's line, made once for each node of a guide ---- */
struct face_label {        /* one code of an element and how its line ends */
	uint64_t code;         /* its bytes, 1 to 8 of them; 0: free */
	const char *close;
	uint32_t close_len;
};
struct face_element {
	const char *open;      /* up to the value */
	const char *close;     /* behind it, for a value without a label */
	const char *hidden;    /* the whole line if the value is not to be seen */
	uint16_t open_len, close_len, hidden_len;
	uint16_t number;       /* data element */
	uint16_t label_mask;   /* labels: a power of two less 1; 0: the element has no codes */
	uint16_t label_count;
	bool personal;
	struct face_label *labels;
};
struct face_node {
	struct face_element *elements; /* element n is [n - 1]; NULL: not made */
	const char *open;      /* the segment's line up to its position; all of a loop's opening line */
	size_t open_len;
	size_t room;           /* bytes that its lines can take, values aside */
	unsigned depth;        /* for which it was made */
	uint16_t element_count;
	bool entity;           /* NM1 or N1: whether it speaks of a person depends on its values */
};
struct face {
	const struct guide *guide;
	const struct guide_node *guide_nodes; /* tells a guide read anew from the one before */
	struct arena arena;
	struct face_node *nodes;
};

struct shower {
	struct buffer *out;
	enum show_format format;
	bool show_values;
	bool terse;            /* no names, labels and positions; a segment is one line */
	unsigned depth;
	bool comma;            /* JSON: something stands before in the open container */
	uint32_t last_id;      /* of the newest segment: its segment_key */
	/* the bytes that were read and not shown: trail.ptr[0] is byte trail_offset of the input; those before `shown` are done */
	struct buffer trail;
	uint64_t trail_offset, shown;
	char line_end[3];      /* of the interchange: what stands behind each of its segments */
	bool line_end_due;     /* a segment was shown and not what stands behind it */
	size_t taken;       /* bytes of a line end that went by before a group or set began, nothing being shown of it yet */
	/* an ISA waits for what follows it: only then the interchange's line end is known */
	bool held;
	struct interchange_header header;
	char isa[106], isa_breaks[SHOW_BREAKS_BYTES];
	bool isa_mended;       /* the reader made it of one that is broken: isa_sent has that one's bytes */
	struct buffer isa_sent;
	char breaks[SHOW_BREAKS_BYTES]; /* of the segment at hand */
	struct face *faces[SHOW_GUIDES];
	unsigned face_count, face_oldest;
	struct face *face;     /* the newest that was used */
	uint64_t next;         /* the position that is expected, as digits; counted up behind each use, so that no load waits */
	char digits[32];
	size_t digits_len;
	struct buffer scratch;
};

/* One place of a segment, ready to be shown. */
struct value {
	char designator[16];
	unsigned repetition;   /* 0: the element has one */
	const char *name;      /* may be NULL */
	struct slice text;
	const char *label;     /* of a code; NULL if none */
	const char *reading;   /* text: a date or amount as people write it; NULL: none */
	bool hidden;
};
/* A value's line: up to the value, the value, and the rest of the line. */
void value_open(struct shower *shower, const struct value *value);
void value_close(struct shower *shower, const struct value *value, const char *encoding);
void value_put(struct shower *shower, const struct value *value);
void indent_put(const struct shower *shower);
/* Bytes as the format wants them inside its quotation marks; gives the encoding that a reader must undo, NULL: none. */
const char *bytes_put(struct shower *shower, struct slice bytes);
void container_open(struct shower *shower, const char *tag, const char *id, const char *name, const char *guide);
void property_put(struct shower *shower, const char *key, struct slice value);
void bytes_property_put(struct shower *shower, const char *key, struct slice bytes, bool hidden);
void flag_put(struct shower *shower, const char *key);
void number_property_put(struct shower *shower, const char *key, uint64_t number);
void object_open(struct shower *shower, const char *tag);
void children_open(struct shower *shower);
void children_close(struct shower *shower, const char *tag);
void object_close(struct shower *shower);

/* The elements of a segment, one by one (show_elements.c). */
void elements_put(struct shower *shower, const struct event *event);
const char *envelope_name(struct slice segment_id, unsigned element); /* 0: of the segment; NULL: none */
/* The segment in one stroke, if it is as plain as nearly all are; false: nothing was put. */
bool face_segment(struct shower *shower, const struct event *event);
bool face_loop(struct shower *shower, const struct event *event);
bool face_plain(const struct segment *segment, enum show_format format); /* nothing in it must be escaped or taken apart */
const struct face_node *face_of_segment(struct shower *shower, const struct event *event); /* NULL: none can be had */
void faces_free(struct shower *shower);

/* Terse JSON (show_terse.c): as face_segment. */
bool terse_segment(struct shower *shower, const struct event *event);

/* show_reading.c: dates, times and amounts as people write them; false: it is none. */
bool reading_of(char out[48], const struct event *event, const struct guide_element *rule, unsigned element, struct slice text);
/* What a segment says, for its heading: "PETIT, NADIA"; nothing that is hidden. */
void summary_put(struct shower *shower, const struct event *event);

#endif
