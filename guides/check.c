/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * check: what only the whole tree of a guide shows.  A loop is opened by its first
 * child; siblings that open with the same segment id can be told apart by their key
 * codes; a level nested in a level of the same id (HL in HL) can be told from it.
 * Also fills in what follows from the tree: key codes are there already, the
 * position of a loop and who may change places with a neighbour are added here.
 */
#include <stdarg.h>

#include "guides/tables.h"

struct check {
	struct guide_build *build;
	const unsigned *lines;
	const char *path;
	struct failure *failure;
};

PRINTF_LIKE(3, 4)
static bool refuse(const struct check *c, uint16_t node, const char *format, ...)
{
	char text[384];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return failure_set(c->failure, "%s:%u: %s", c->path, c->lines[node], text);
}

/* The segment by which one gets into a node. */
static uint16_t opener(const struct guide *guide, uint16_t node)
{
	while (guide->nodes[node].kind == NODE_LOOP)
		node = guide->nodes[node].first_child;
	return node;
}

/* A code that both lists have, NULL if none.  Both are sorted. */
static const char *shared_code(const struct guide *guide, uint16_t a, uint16_t b)
{
	const struct guide_codes *list = &guide->code_lists[a];
	for (uint32_t i = 0; i < list->count; i++) {
		const char *code = guide_text(guide, guide->code_texts[list->first + i]);
		if (guide_code_listed(guide, b, slice_of(code)))
			return code;
	}
	return NULL;
}

/* Can the segments `a` and `b`, which may stand for each other, be told apart? */
static bool distinct(const struct check *c, uint16_t a, uint16_t b)
{
	const struct guide *guide = &c->build->guide;
	const struct guide_node *one = &guide->nodes[a], *two = &guide->nodes[b];
	if (one->id != two->id)
		return true;
	if (one->key == 0 || one->key != two->key || one->key_component != two->key_component)
		return refuse(c, b, "%s cannot be told from the %s in line %u: both need the same key element",
			      guide_text(guide, two->id), guide_text(guide, one->id), c->lines[a]);
	const char *code = shared_code(guide, one->key_codes, two->key_codes);
	if (code != NULL)
		return refuse(c, b, "%s cannot be told from the %s in line %u: both take code \"%s\"",
			      guide_text(guide, two->id), guide_text(guide, one->id), c->lines[a], code);
	return true;
}

static bool loop_check(const struct check *c, uint16_t loop)
{
	const struct guide *guide = &c->build->guide;
	const struct guide_node *nodes = guide->nodes;
	uint16_t first = nodes[loop].first_child;
	if (first == GUIDE_NONE)
		return refuse(c, loop, "loop %s is empty", guide_text(guide, nodes[loop].id));
	if (nodes[first].kind != NODE_SEGMENT || nodes[first].usage != USAGE_REQUIRED || nodes[first].repeat != 1)
		return refuse(c, first, "loop %s must begin with a required segment that does not repeat",
			      guide_text(guide, nodes[loop].id));
	if (loop != 0 && nodes[loop].usage == USAGE_NOT_USED)
		return refuse(c, loop, "loop %s has usage N, leave it out", guide_text(guide, nodes[loop].id));
	return true;
}

/* Siblings, and a loop's opener against those of the loops around it that may begin anew. */
static bool node_check(const struct check *c, uint16_t node)
{
	const struct guide *guide = &c->build->guide;
	const struct guide_node *nodes = guide->nodes;
	uint16_t mine = opener(guide, node);
	for (uint16_t next = nodes[node].next; next != GUIDE_NONE; next = nodes[next].next)
		if (!distinct(c, mine, opener(guide, next)))
			return false;
	if (nodes[node].kind == NODE_SEGMENT)
		return true;
	for (uint16_t around = nodes[node].parent; around != GUIDE_NONE && around != 0; around = nodes[around].parent)
		if (nodes[around].repeat != 1 && !distinct(c, opener(guide, around), mine))
			return false;
	return true;
}

/* Neighbours with the same position number may change places. */
static void positions_fill(struct guide_build *build)
{
	struct guide_node *nodes = build->nodes;
	for (size_t i = 1; i < build->node_count; i++)
		nodes[i].position = nodes[opener(&build->guide, (uint16_t)i)].position;
	for (size_t i = 1; i < build->node_count; i++) {
		uint16_t next = nodes[i].next;
		if (next == GUIDE_NONE || nodes[next].position != nodes[i].position)
			continue;
		/* what opens a loop stays first */
		nodes[i].same_position = nodes[nodes[i].parent].first_child != i || nodes[i].parent == 0;
		nodes[next].same_position = true;
	}
}

bool guide_check(struct guide_build *build, const unsigned *lines, const char *path, struct failure *failure)
{
	const struct check c = {.build = build, .lines = lines, .path = path, .failure = failure};
	for (size_t i = 0; i < build->node_count; i++)
		if (build->nodes[i].kind == NODE_LOOP && !loop_check(&c, (uint16_t)i))
			return false;
	for (size_t i = 1; i < build->node_count; i++)
		if (!node_check(&c, (uint16_t)i))
			return false;
	if (strcmp(guide_text(&build->guide, build->nodes[build->nodes[0].first_child].id), "ST") != 0)
		return refuse(&c, build->nodes[0].first_child, "a transaction set begins with ST");
	positions_fill(build);
	return true;
}
