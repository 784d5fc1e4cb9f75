/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * tables: what the layer keeps to itself.  The shape of the external code sets and
 * code labels that the build compiles in, the guide under construction, and the
 * parts of the guide compiler.
 *
 * Only lookup.c and print.c refer to the shipped tables; the build's own tool
 * (compiler_main.c), which makes them, links everything else.
 */
#ifndef PCCM_GUIDES_TABLES_H
#define PCCM_GUIDES_TABLES_H

#include "guides/guides.h"

/* ---- compiled code sets and labels: texts are offsets into one pool ------------ */
struct dated_code {
	uint32_t code;
	days start, end; /* both included; DAYS_NONE: always has been; DAYS_OPEN: still is */
};
struct codeset {
	uint32_t name;
	uint32_t first, count; /* into the dated codes, by code, then start */
};
struct code_label {
	uint16_t element; /* X12 data element number */
	uint32_t code, label;
};
struct code_tables {
	const char *texts;
	const struct codeset *sets; /* by name */
	size_t set_count;
	const struct dated_code *codes;
	size_t code_count;
	const struct code_label *labels; /* by element, then code */
	size_t label_count;
};
extern const struct code_tables code_tables_shipped;
uint16_t codeset_of(const struct code_tables *tables, struct slice name);
enum codeset_answer codeset_ask(const struct code_tables *tables, uint16_t codeset, struct slice code, days on,
				struct day_span *span);

/* ---- a pool of texts: each text once, offset 0 is the empty one ------------------ */
struct text_pool {
	char *bytes;
	size_t len, size;
	uint32_t *slots; /* open addressing: offset of a text, 0 for free */
	size_t slot_count, text_count;
};
/* The offset of `text`; 0 for the empty text, and with *failed set when memory is used up. */
uint32_t pool_add(struct text_pool *pool, struct slice text, bool *failed);
void pool_done(struct text_pool *pool);
/* Room for one more item in an array of `count` items; false when memory is used up. */
bool array_grow(void **items, size_t *size, size_t count, size_t item_bytes);

/* ---- code tables from CSV files ---------------------------------------------------- */
struct code_reader {
	struct text_pool pool;
	struct codeset *sets;
	struct dated_code *codes;
	struct code_label *labels;
	size_t set_count, set_size, code_count, code_size, label_count, label_size;
};
/* "states.csv" becomes set "states"; a file with the head line element,code,label adds labels. */
bool code_reader_add(struct code_reader *reader, const char *path, struct failure *failure);
/* Sort codes, labels and sets; the view lives as long as the reader. */
struct code_tables code_reader_tables(struct code_reader *reader);
/* Sort codes and labels and leave the sets where they are; and the view alone. */
void code_reader_sort(struct code_reader *reader);
struct code_tables code_reader_view(const struct code_reader *reader);
void code_reader_done(struct code_reader *reader);

/* ---- code sets that are brought along (codesets.c) ---------------------------------- */
struct code_sets {
	struct code_reader brought, all;
	struct code_tables tables;
};
struct code_sets *code_sets_new(void); /* NULL: memory */
void code_sets_free(struct code_sets *sets);
/* A file as set `name`; what was brought last under a name counts. */
bool code_sets_file(struct code_sets *sets, struct slice name, const char *path, struct failure *failure);
/* Every NAME.csv of a folder in place of the shipped set NAME; labels.csv is not read. */
bool code_sets_folder(struct code_sets *sets, const char *folder, struct failure *failure);
/* All sets, shipped and brought, as long as `sets` lives and nothing more is brought; NULL and a failure. */
const struct code_tables *code_sets_tables(struct code_sets *sets, struct failure *failure);

/* ---- a guide under construction, and as read at run time ----------------------------- */
struct guide_build {
	struct guide guide; /* first, so that guide_free finds the rest */
	struct text_pool pool;
	struct guide_node *nodes;
	struct guide_element *elements;
	struct guide_note *notes;
	struct guide_map *maps;
	struct guide_codes *lists;
	uint32_t *code_texts;
	size_t node_count, node_size, element_count, element_size, note_count, note_size, map_count, map_size;
	size_t list_count, list_size, code_text_count, code_text_size;
	struct guide_rule *rules;
	struct rule_step *steps;
	struct guide_fact *facts;
	uint16_t *fact_nodes;
	size_t rule_count, rule_size, step_count, step_size, fact_count, fact_size, fact_node_count, fact_node_size;
	uint32_t name, set_id, functional_id, title, accepts, business_unit; /* text offsets */
	bool failed;                                                         /* memory, or an array past 65,534 items */
};
struct guide_build *build_new(void);
/* A guide that is there, to be added to: the same tables at the same places.  NULL: memory. */
struct guide_build *build_of(const struct guide *guide);
void build_free(struct guide_build *build);
uint32_t build_text(struct guide_build *build, const char *text); /* NULL: the empty text */
/* Append a zeroed item; NULL and `failed` when there is no room. */
struct guide_node *build_node(struct guide_build *build);
struct guide_element *build_element(struct guide_build *build);
struct guide_note *build_note(struct guide_build *build);
struct guide_map *build_map(struct guide_build *build);
struct guide_rule *build_rule(struct guide_build *build);
struct rule_step *build_step(struct guide_build *build);
struct guide_fact *build_fact(struct guide_build *build);
uint16_t *build_fact_node(struct guide_build *build);
/* The list of these codes, sorted here; the same list is kept once. */
uint16_t build_codes(struct guide_build *build, struct slice *codes, size_t count);
/* Point `guide` at what was built. */
void build_finish(struct guide_build *build);

/* ---- rules (rule_compile.c, rule_place.c, rule_print.c) -------------------------------- */
/* A rule as it is written.  Texts are NULL where they are left out. */
struct rule_source {
	enum rule_kind kind;
	const char *id, *says, *source; /* source may be NULL */
	const char *at;                 /* may be NULL: the first place of `then` or `of` */
	const char *when;               /* may be NULL: always */
	const char *then;               /* a balance: what it `is` */
	const char *of;                 /* a balance: whose value that must be */
	int level;                      /* SNIP */
	enum severity severity;
};
struct rule_error {
	const char *attribute;          /* "then": what is wrong stands there; NULL: in the rule as a whole */
	size_t offset;                  /* byte in it */
	char text[256];                 /* what was expected */
};
/* Compile one rule for a loop or segment of a guide whose nodes are all built, and append it to the guide's.  Nothing of
 * it remains when it is refused, but texts in the pool. */
bool rule_compile(struct guide_build *build, uint16_t node, const struct rule_source *source, struct rule_error *error);

/* Compile a guide file against these code sets; NULL and a failure with file and line.  Free with guide_free. */
struct guide *guide_compile(const char *path, const struct code_tables *tables, struct failure *failure);
/* The same of a text at hand; `path` is what complaints name. */
struct guide *guide_compile_text(const char *path, struct slice text, const struct code_tables *tables,
				 struct failure *failure);
void guide_free(struct guide *guide);
/* What can only be seen of the whole tree; false and a failure naming the node. */
bool guide_check(struct guide_build *build, const unsigned *lines, const char *path, struct failure *failure);

/* A whole file, at most LIMIT_XML_BYTES. */
bool input_read(struct buffer *out, const char *path, struct failure *failure);

/* ---- tables printed as the file that they come from: by this the tests hold compiler and files together ---- */
/* A rule's expression as a guide file writes it; count 0: nothing. */
void guide_rule_print(struct buffer *out, const struct guide *guide, const struct guide_rule *rule, uint32_t first_step,
	uint32_t count);
/* What was printed and read again has the same tables, and a shipped file prints byte for byte.  False: memory. */
bool guide_print(struct buffer *out, const struct guide *guide);

/* How long a guide's pool of texts is. */
size_t guide_texts_end(const struct guide *guide);
/* C source with everything as static const tables. */
void emit_tables(struct buffer *out, const struct guide *const *guides, size_t guide_count,
		 const struct code_tables *tables);

#endif
