/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile: what the files that turn elements of a program file into a struct program share.
 * Only they include it.
 *
 * The first mistake is kept with its line; after one, what follows may still be compiled but is never used.
 */
#ifndef PCCM_RULES_COMPILE_H
#define PCCM_RULES_COMPILE_H

#include "rules/internal.h"

#include <libxml/tree.h>

struct compiler {
	struct program *program;
	const char *path;
	struct failure *failure;
	struct mistakes *mistakes; /* NULL: the first one is enough */
	bool failed;
};

/* "FILE:LINE: text: value" */
void compile_complain(struct compiler *c, const xmlNode *at, const char *text, struct slice value);
/* Elements among the children; xml_child: of any name if `name` is NULL. */
const xmlNode *xml_child(const xmlNode *parent, const char *name);
const xmlNode *xml_next(const xmlNode *node, const char *name);
size_t xml_count(const xmlNode *parent, const char *name);
/* Room for `count` items; a count of 0 still gives a place, so that NULL means memory. */
void *compile_room(struct compiler *c, size_t count, size_t size);
/* The attribute's value in the arena, blanks trimmed; empty if it is not there. */
struct slice compile_text(struct compiler *c, const xmlNode *node, const char *name);
bool compile_is(struct compiler *c, const xmlNode *node, const char *name, const char *value);
days compile_day(struct compiler *c, const xmlNode *node, const char *name, days absent);
int32_t compile_number(struct compiler *c, const xmlNode *node, const char *name);
/* A number of months, MONTHS_OPEN for "none". */
months compile_window(struct compiler *c, const xmlNode *node, const char *name);

/* One element each: compile_assignment.c … */
void compile_enrolment(struct compiler *c, const xmlNode *from);
void compile_decision(struct compiler *c, const xmlNode *from);
void compile_departure(struct compiler *c, const xmlNode *from);
void compile_population(struct compiler *c, const xmlNode *root); /* these take the root: a program may have none */
void compile_changes(struct compiler *c, const xmlNode *root);
/* The optional from and to of an entry; complains if they are not in their order. */
void compile_holds(struct compiler *c, const xmlNode *node, days *from, days *to);
void compile_panels(struct compiler *c, const xmlNode *root);
/* compile_cascade.c */
void compile_autos(struct compiler *c, const xmlNode *root);
/* … and compile_money.c, where compile_money takes the root: fee, payments, payout, remittance, retro. */
void compile_funds(struct compiler *c, const xmlNode *from);
void compile_money(struct compiler *c, const xmlNode *root);
/* receivables.c: NULL if the program says nothing. */
void compile_receivables(struct compiler *c, const xmlNode *from);
/* safeguards.c, thresholds.c: NULL if the program sets none. */
void compile_safeguards(struct compiler *c, const xmlNode *from);
void compile_thresholds(struct compiler *c, const xmlNode *from);

#endif
