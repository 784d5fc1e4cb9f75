/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * stencil: what a right segment looks like that makes a certain step and has just these elements.
 *
 * Which step it is and which elements are there settles nearly all that is asked of a segment: that they are required or
 * used, the syntax notes between them, which facts it adds to and which rules it can break.  So the first such segment
 * is checked the long way, and if nothing is wrong a stencil is cut of it (stencil.c): its first bytes, the lengths that
 * each element may have, which values are still to be looked at, and what is to be done.  Of those that follow, a few
 * compares say whether the stencil fits (quick.c).  Where none fits, or anything is not as it should be, walker.c does
 * all of it, as if there were no stencils: they never find anything themselves.
 */
#ifndef PCCM_STENCIL_H
#define PCCM_STENCIL_H

#include "parsers/rules.h"

#define STENCILS 512          /* of a guide; number 0 fits nothing */
#define STENCILS_FROM 16      /* … of those that come after one slot: more are not tried */
#define STENCIL_LANES 16      /* elements; what has more is left to walker.c */
#define STENCIL_START 16      /* first bytes that are compared */
#define STENCIL_MARKS 2       /* loops whose facts it adds to */
#define STENCIL_REFS 4
#define STENCIL_WATCHES 8
#define STENCIL_RULES 8
#define STENCIL_CODES 8
struct stencil {
	_Alignas(64) uint8_t start[STENCIL_START]; /* the id, and the elements behind it that have one or two codes */
	uint8_t start_mask[STENCIL_START]; /* 0xff for each byte that must be the same */
	uint8_t low[STENCIL_LANES];     /* by element: the least that its places may be apart (length and separator), … */
	uint8_t range[STENCIL_LANES];   /* … and how much more */
	uint64_t key;                   /* where element `key_at` tells the step and is not in `start`: its bytes, and so many */
	uint32_t count;                 /* elements; above READER_RANK_BITS what else it has (enum segment_has) */
	uint32_t lanes;                 /* a bit for each */
	uint16_t from;                  /* as in its step */
	uint16_t next;                  /* the stencil that fitted after it the last time */
	uint16_t other;                 /* one more of the same `from`, 0: none */
	uint8_t key_at, key_len;
	/* of its elements: days as CCYYMMDD; of code sets; what else clean_rest looks at; those that may not have
	 * components where others do; and what elements.c looks at */
	uint32_t days, sets, rest, apart, single;
	uint8_t npi;                    /* the element that is an NPI where XX stands before it, 0: none */
	uint32_t there;
	uint16_t number;                /* its own */
	bool busy;                      /* there is more to be done than to look at codes and days, to count it, and … */
	bool noted;                     /* … to note facts */
	uint8_t code_count, mark_count, ref_count, watch_count, rule_count;
	struct guide_step step;
	struct {
		uint64_t seen, came;
		uint16_t loop;
	} marks[STENCIL_MARKS];         /* facts of which no more is kept than that they came */
	struct stencil_ref {
		uint64_t bit;
		uint16_t loop, fact, watch;
		bool came, last;        /* the element is there; it is the last value that counts */
	} refs[STENCIL_REFS];           /* facts whose value may be put into its cell later */
	uint16_t watches[STENCIL_WATCHES]; /* other facts, by place in the rule index */
	struct stencil_rule {
		uint64_t code;          /* it holds unless element `at` is this, by rule_pack; 0: run it */
		uint16_t ready, at;     /* its place in the rule index */
	} rules[STENCIL_RULES];
	struct stencil_code {
		struct shape_code list;
		uint32_t at;            /* element, less one */
	} codes[STENCIL_CODES];
};
struct stencils {
	struct stencil all[STENCILS];
	uint16_t count;                 /* number 0 counted */
	int level;                      /* the SNIP level that they were cut for */
	uint16_t firsts[];              /* by slot: the first of those that come from it, 0: none */
};
/* Segments of other delimiters, or checks of another level, are to come. */
void stencils_forget(struct stencils *stencils, uint32_t slots);
/* A segment made a step from a slot and nothing is wrong with it, but perhaps with the elements `clean`: cut its stencil. */
void stencil_cut(struct walker *walker, const struct guide_step *step, uint16_t from, const struct segment *segment,
	uint64_t clean);

#endif
