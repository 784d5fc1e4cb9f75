/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile: what the parts of the guide compiler share: the state of one compilation
 * and the helpers that read XML attributes and complain with file and line.
 */
#ifndef PCCM_GUIDES_COMPILE_H
#define PCCM_GUIDES_COMPILE_H

#include <libxml/tree.h>

#include "guides/tables.h"

#define ATTRIBUTES_MAX 16

struct attributes {
	size_t count;
	struct {
		const char *name;
		xmlChar *value;
		bool used;
	} items[ATTRIBUTES_MAX];
};
struct compile {
	struct guide_build *build;
	const char *path;
	const struct code_tables *tables;
	struct failure *failure;
	unsigned *lines; /* of each node of the guide, for check.c */
	size_t line_size;
	unsigned depth; /* loops open, the set itself being 0 */
	struct {
		const xmlNode *xml;
		uint16_t node, last_child;
		enum record_kind record;
		bool unit;
	} open[LIMIT_LOOP_DEPTH + 1];
	uint32_t comment; /* waits for its loop or segment */
	struct slice text; /* the file */
	struct {
		const xmlNode *xml;
		uint16_t node;
	} *rules; /* wait until the tree is known */
	size_t rule_count, rule_size;
};

/* Say what is wrong at `at`; always false. */
bool compile_refuse(const struct compile *c, const xmlNode *at, const char *format, ...) PRINTF_LIKE(3, 4);
bool xml_is(const xmlNode *xml, const char *name);

/* ---- attributes.c ---- */
bool attributes_read(struct compile *c, const xmlNode *xml, struct attributes *attributes);
void attributes_done(struct attributes *attributes);
/* The value of `name`, NULL if it is not there; the second complains then. */
const char *attribute(struct attributes *attributes, const char *name);
const char *attribute_needed(struct compile *c, const xmlNode *xml, struct attributes *attributes, const char *name);
/* Every attribute was asked for by somebody. */
bool attributes_all_used(struct compile *c, const xmlNode *xml, const struct attributes *attributes);
bool attribute_number(struct compile *c, const xmlNode *xml, struct attributes *attributes, const char *name,
		      uint64_t low, uint64_t high, uint64_t *out);
bool attribute_yes(struct compile *c, const xmlNode *xml, struct attributes *attributes, const char *name, bool *out);
bool attribute_repeat(struct compile *c, const xmlNode *xml, struct attributes *attributes, uint32_t unbounded,
		      uint32_t *out);
bool attribute_usage(struct compile *c, const xmlNode *xml, struct attributes *attributes, uint8_t *out);
/* "03" or "03-01". */
bool designator_parse(struct slice text, uint8_t *at, uint8_t *component);
/* The next child that is an element, NULL at the end; text, comments and the like are refused. */
bool child_next(struct compile *c, const xmlNode **child, const xmlNode *from);
bool child_none(struct compile *c, const xmlNode *xml);

/* The text of a file as a document, without DOCTYPE, entities, and without fetching anything; NULL and a failure. */
xmlDoc *document_parse(const char *path, struct slice text, struct failure *failure);

/* ---- rule_read.c ---- */
/* Keep a <rule> or <balance> of a loop or segment; then compile all. */
bool rule_keep(struct compile *c, const xmlNode *xml, uint16_t node);
bool rules_compile(struct compile *c);

/* ---- elements.c ---- */
/* The next code of a list: a word, or a text with blanks in single quotation marks. */
bool code_next(struct slice *rest, struct slice *code);
/* Syntax notes: "P0304 C0705", positions up to `count`. */
bool notes_read(struct compile *c, const xmlNode *xml, const char *text, size_t count, uint16_t *first,
		uint16_t *note_count);
/* All elements of a segment in a row, then the components of its composites; `after` is the first <rule> or <field>. */
bool elements_read(struct compile *c, const xmlNode *xml, const xmlNode **after);
/* The element (or component) of a segment; NULL if it has none there. */
const struct guide_element *element_at(const struct guide_build *build, const struct guide_node *segment, uint8_t at,
				       uint8_t component);

#endif
