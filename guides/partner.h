/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * partner: what the files that read a partner file share.
 */
#ifndef PCCM_GUIDES_PARTNER_H
#define PCCM_GUIDES_PARTNER_H

#include "guides/compile.h"

/* A partner being read, and as it is kept. */
struct partner_build {
	struct partner partner; /* first, so that partner_free finds the rest */
	struct arena texts;     /* everything that lives as long as the partner */
	struct code_sets *sets;
	struct pattern **patterns;
	size_t pattern_count, pattern_size;
	struct overlay *overlays;
	size_t overlay_size;
	struct partner_copy {
		const struct guide *of;
		struct guide_build *copy;
	} *guides; /* that have rules of the partner, or other severities of their own */
	size_t guide_count, guide_size;
};
/* One file while it is read: compile.h's helpers take `c`, of which only path and failure are used. */
struct partner_file {
	struct compile c;
	struct partner_build *build;
	/* of the overlay at hand */
	const struct guide *guide;
	struct narrowing *rows;
	size_t row_count, row_size;
};
/* NULL and what is wrong with it as the end of a sentence; both NULL: memory. */
struct pattern *pattern_new(const char *text, const char **wrong);
void pattern_free(struct pattern *pattern);

/* The next child that is an element; comments are let pass. */
bool partner_child(struct partner_file *file, const xmlNode **child, const xmlNode *from);
/* A copy that lives as long as the partner; NULL and a complaint without memory. */
const char *partner_text(struct partner_file *file, const xmlNode *xml, struct slice text);
/* <overlay>: read into a new overlay of the partner (partner_overlay.c). */
bool partner_overlay_read(struct partner_file *file, const xmlNode *xml);
/* What one element, composite or component says, against what the guide says (partner_element.c). */
bool partner_element_read(struct partner_file *file, const xmlNode *xml, const struct guide_element *element,
	struct narrowing *row);
/* "A B 'C D'" as a list of struct narrowing; `out` NULL: an attribute that is not there. */
bool partner_list_read(struct partner_file *file, const xmlNode *xml, const char *text, const char **out);
/* usage, where `guide` is the guide's and the attribute may be missing. */
bool partner_usage_read(struct partner_file *file, const xmlNode *xml, struct attributes *attributes, uint8_t guide,
	const char *what, uint8_t *out);
/* The name, severity and sentence of what a row says. */
bool partner_rule_read(struct partner_file *file, const xmlNode *xml, struct attributes *attributes, struct narrowing *row);
/* refuse, note or ignore. */
bool partner_severity_read(struct partner_file *file, const xmlNode *xml, const char *text, unsigned *out);
/* <rule> of the overlay at hand, in this loop or segment; and the severity of a guide's rule (partner_rule.c). */
bool partner_rule_add(struct partner_file *file, const xmlNode *xml, uint16_t node);
bool partner_rule_severity(struct partner_file *file, const xmlNode *xml, const char *id, enum severity severity);
bool partner_row_add(struct partner_file *file, const xmlNode *xml, const struct narrowing *row);

#endif
