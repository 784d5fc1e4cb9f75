/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * partner_overlay: one <overlay> of a partner file: its loops and segments are found in the
 * guide by id and key, and what is said of them becomes rows.  The tree is walked once in
 * file order with a stack of the open loops.
 */
#include "guides/partner.h"

/* ---- finding things in the guide ---------------------------------------------------- */

static bool inside(const struct guide *guide, uint16_t node, uint16_t loop)
{
	while (node != loop && node != 0)
		node = guide->nodes[node].parent;
	return node == loop;
}

/* The loop of this id somewhere in `around`. */
static bool loop_find(struct partner_file *file, const xmlNode *xml, const char *id, uint16_t around, uint16_t *out)
{
	const struct guide *guide = file->guide;
	unsigned count = 0;
	for (uint16_t i = 1; i < guide->node_count; i++)
		if (guide->nodes[i].kind == NODE_LOOP && strcmp(guide_text(guide, guide->nodes[i].id), id) == 0 && i != around &&
			inside(guide, i, around)) {
			*out = i;
			count++;
		}
	const char *where = around == 0 ? guide->name : guide_text(guide, guide->nodes[around].id);
	if (count == 0)
		return compile_refuse(&file->c, xml, "there is no loop %s in %s", id, where);
	return count == 1 || compile_refuse(&file->c, xml, "%s has %u loops %s: name the loop around it first", where, count, id);
}

/* The element that tells segments of this id apart, and its codes; without one the first, if it has codes. */
static uint16_t key_codes(const struct guide *guide, const struct guide_node *segment, struct narrowing *row)
{
	row->key = segment->key > 0 ? segment->key : 1;
	row->key_component = segment->key_component;
	return segment->key > 0 ? segment->key_codes : guide->elements[segment->first_element].codes;
}

static bool has_all(const struct guide *guide, uint16_t codes, const char *keys)
{
	for (const char *key = keys; *key != '\0'; key += strlen(key) + 1)
		if (codes == GUIDE_NONE || !guide_code_listed(guide, codes, slice_of(key)))
			return false;
	return true;
}

static size_t list_count(const char *list)
{
	size_t count = 0;
	for (; *list != '\0'; list += strlen(list) + 1)
		count++;
	return count;
}

/* Say which keys there would be. */
static bool key_refuse(struct partner_file *file, const xmlNode *xml, const char *id, uint16_t loop, const char *problem)
{
	const struct guide *guide = file->guide;
	char known[200] = "";
	size_t len = 0;
	for (uint16_t i = guide->nodes[loop].first_child; i != GUIDE_NONE; i = guide->nodes[i].next) {
		struct narrowing row;
		if (guide->nodes[i].kind != NODE_SEGMENT || strcmp(guide_text(guide, guide->nodes[i].id), id) != 0)
			continue;
		char codes[96];
		guide_codes_print(codes, sizeof(codes), guide, key_codes(guide, &guide->nodes[i], &row));
		int put = snprintf(known + len, sizeof(known) - len, "%s%s", len == 0 ? "" : " | ", codes);
		len += put > 0 && (size_t)put < sizeof(known) - len ? (size_t)put : 0;
	}
	return compile_refuse(&file->c, xml, "segment %s of %s: %s; its keys are %s", id,
		loop == 0 ? guide->name : guide_text(guide, guide->nodes[loop].id), problem, known);
}

/* The segment of this id, and key if there is one, in `loop`: node and key of the row. */
static bool segment_find(struct partner_file *file, const xmlNode *xml, const char *id, const char *keys, uint16_t loop,
	struct narrowing *row)
{
	const struct guide *guide = file->guide;
	unsigned same = 0, fits = 0;
	struct narrowing found = *row;
	for (uint16_t i = guide->nodes[loop].first_child; i != GUIDE_NONE; i = guide->nodes[i].next) {
		const struct guide_node *node = &guide->nodes[i];
		if (node->kind != NODE_SEGMENT || strcmp(guide_text(guide, node->id), id) != 0)
			continue;
		same++;
		uint16_t codes = key_codes(guide, node, row);
		if (keys != NULL && !has_all(guide, codes, keys))
			continue;
		fits++;
		found = *row;
		found.node = i;
		/* all of its codes: then it needs no asking */
		found.keys = keys != NULL && list_count(keys) < guide->code_lists[codes].count ? keys : NULL;
	}
	*row = found;
	if (same == 0)
		return compile_refuse(&file->c, xml, "there is no segment %s directly in %s", id,
			loop == 0 ? guide->name : guide_text(guide, guide->nodes[loop].id));
	if (fits == 1)
		return true;
	if (keys == NULL)
		return key_refuse(file, xml, id, loop, "there are several, name one by its key");
	return key_refuse(file, xml, id, loop, fits == 0 ? "none has all of these keys" : "several have this key");
}

/* ---- loops and segments --------------------------------------------------------------- */

bool partner_row_add(struct partner_file *file, const xmlNode *xml, const struct narrowing *row)
{
	bool whole = row->position == 0;
	bool silent = row->usage == USAGE_SITUATIONAL && row->repeat == GUIDE_UNBOUNDED && row->min == 0 &&
		row->max == UINT16_MAX && row->codeset == GUIDE_NONE && row->codes == NULL && row->pattern == NULL;
	if (silent)
		return true;
	void *rows = file->rows;
	if (file->row_count >= LIMIT_OVERLAY_ROWS)
		return compile_refuse(&file->c, xml, "more than %d things narrowed in one guide", LIMIT_OVERLAY_ROWS);
	if (!array_grow(&rows, &file->row_size, file->row_count, sizeof(*row)))
		return compile_refuse(&file->c, xml, "no memory left");
	file->rows = rows;
	file->rows[file->row_count] = *row;
	file->rows[file->row_count++].parent = whole ? file->guide->nodes[row->node].parent : 0;
	return true;
}

/* usage, repeat, says: of a segment or loop as a whole. */
static bool whole_read(struct partner_file *file, const xmlNode *xml, struct attributes *attributes, struct narrowing *row)
{
	const struct guide_node *node = &file->guide->nodes[row->node];
	const char *id = guide_text(file->guide, node->id);
	bool opens = node->kind == NODE_SEGMENT && row->node == file->guide->nodes[node->parent].first_child && node->parent != 0;
	uint32_t repeat;
	if (opens && (attribute(attributes, "usage") != NULL || attribute(attributes, "repeat") != NULL))
		return compile_refuse(&file->c, xml, "%s opens its loop: say of <loop> how often it comes", id);
	/* one code of several may be required or left out, though the guide has no word on that code alone */
	uint8_t usage = row->keys != NULL ? USAGE_SITUATIONAL : node->usage;
	if (!partner_usage_read(file, xml, attributes, usage, id, &row->usage) ||
		!attribute_repeat(&file->c, xml, attributes, GUIDE_UNBOUNDED, &repeat))
		return false;
	row->repeat = attribute(attributes, "repeat") == NULL ? GUIDE_UNBOUNDED : repeat;
	if (row->repeat > node->repeat && row->repeat != GUIDE_UNBOUNDED)
		return compile_refuse(&file->c, xml, "repeat is %u, but the guide allows %u: a partner may be stricter than the guide, "
			"not looser", row->repeat, node->repeat);
	return partner_rule_read(file, xml, attributes, row);
}

static const struct narrowing silent_row = { .usage = USAGE_SITUATIONAL, .repeat = GUIDE_UNBOUNDED, .max = UINT16_MAX,
	.codeset = GUIDE_NONE };

/* at="03", of elements [0 … count). */
static bool at_read(struct partner_file *file, const xmlNode *xml, unsigned count, uint8_t *out)
{
	struct attributes attributes;
	uint64_t at = 0;
	bool ok = attributes_read(&file->c, xml, &attributes);
	if (ok && count == 0)
		ok = compile_refuse(&file->c, xml, "the guide has no components there");
	ok = ok && attribute_number(&file->c, xml, &attributes, "at", 1, count, &at);
	attributes_done(&attributes);
	*out = (uint8_t)at;
	return ok;
}

static bool components_read(struct partner_file *file, const xmlNode *xml, const struct guide_element *composite,
	const struct narrowing *segment)
{
	const xmlNode *child;
	if (!partner_child(file, &child, xml->children))
		return false;
	while (child != NULL) {
		struct narrowing row = *segment;
		if (!xml_is(child, "component"))
			return compile_refuse(&file->c, child, "<%s> does not stand in <composite>", (const char *)child->name);
		if (!at_read(file, child, composite->component_count, &row.component) ||
			!partner_element_read(file, child, &file->guide->elements[composite->first_component + row.component - 1],
				&row) ||
			!partner_child(file, &child, child->next))
			return false;
	}
	return true;
}

static bool elements_read_of(struct partner_file *file, const xmlNode *xml, const struct narrowing *segment)
{
	const struct guide_node *node = &file->guide->nodes[segment->node];
	const xmlNode *child;
	if (!partner_child(file, &child, xml->children))
		return false;
	while (child != NULL) {
		struct narrowing row = silent_row;
		row.node = segment->node;
		row.key = segment->key;
		row.key_component = segment->key_component;
		row.keys = segment->keys;
		if (xml_is(child, "rule")) {
			if (segment->keys != NULL)
				return compile_refuse(&file->c, child, "a rule is for all segments at this place: leave key out, or name all of it");
			if (!partner_rule_add(file, child, segment->node) || !partner_child(file, &child, child->next))
				return false;
			continue;
		}
		if (!xml_is(child, "element") && !xml_is(child, "composite"))
			return compile_refuse(&file->c, child, "<%s> does not stand in <segment>", (const char *)child->name);
		if (!at_read(file, child, node->element_count, &row.position))
			return false;
		struct narrowing whole = row;
		const struct guide_element *element = &file->guide->elements[node->first_element + row.position - 1];
		if (!partner_element_read(file, child, element, &row) ||
			(element->type == TYPE_COMPOSITE && !components_read(file, child, element, &whole)) ||
			!partner_child(file, &child, child->next))
			return false;
	}
	return true;
}

static bool segment_read_of(struct partner_file *file, const xmlNode *xml, uint16_t loop)
{
	struct narrowing row = silent_row;
	struct attributes attributes;
	const char *keys = NULL;
	bool ok = attributes_read(&file->c, xml, &attributes);
	const char *id = ok ? attribute_needed(&file->c, xml, &attributes, "id") : NULL;
	ok = id != NULL && partner_list_read(file, xml, attribute(&attributes, "key"), &keys) &&
		segment_find(file, xml, id, keys, loop, &row) && whole_read(file, xml, &attributes, &row) &&
		attributes_all_used(&file->c, xml, &attributes);
	attributes_done(&attributes);
	return ok && partner_row_add(file, xml, &row) && elements_read_of(file, xml, &row);
}

static bool loop_read_of(struct partner_file *file, const xmlNode *xml, uint16_t around, uint16_t *loop)
{
	struct narrowing row = silent_row;
	struct attributes attributes;
	bool ok = attributes_read(&file->c, xml, &attributes);
	const char *id = ok ? attribute_needed(&file->c, xml, &attributes, "id") : NULL;
	ok = id != NULL && loop_find(file, xml, id, around, &row.node) && whole_read(file, xml, &attributes, &row) &&
		attributes_all_used(&file->c, xml, &attributes);
	attributes_done(&attributes);
	*loop = row.node;
	return ok && partner_row_add(file, xml, &row);
}

/* ---- the overlay ------------------------------------------------------------------------ */

static bool tree_read_of(struct partner_file *file, const xmlNode *root)
{
	struct { const xmlNode *xml; uint16_t node; } open[LIMIT_LOOP_DEPTH + 1] = { { root, 0 } };
	unsigned depth = 0;
	const xmlNode *at;
	if (!partner_child(file, &at, root->children))
		return false;
	for (;;) {
		if (at == NULL) {
			if (depth == 0)
				return true;
			if (!partner_child(file, &at, open[depth--].xml->next))
				return false;
		} else if (xml_is(at, "segment")) {
			if (!segment_read_of(file, at, open[depth].node) || !partner_child(file, &at, at->next))
				return false;
		} else if (xml_is(at, "rule")) {
			if (!partner_rule_add(file, at, open[depth].node) || !partner_child(file, &at, at->next))
				return false;
		} else if (xml_is(at, "loop")) {
			if (depth == LIMIT_LOOP_DEPTH)
				return compile_refuse(&file->c, at, "loops nested deeper than %d", LIMIT_LOOP_DEPTH);
			open[depth + 1].xml = at;
			if (!loop_read_of(file, at, open[depth].node, &open[depth + 1].node) ||
				!partner_child(file, &at, at->children))
				return false;
			depth++;
		} else {
			return compile_refuse(&file->c, at, "<%s> does not stand in <%s>", (const char *)at->name,
				depth == 0 ? "overlay" : "loop");
		}
	}
}

static int compare_rows(const void *a, const void *b)
{
	const struct narrowing *one = a, *two = b;
	if (one->node != two->node)
		return one->node < two->node ? -1 : 1;
	if (one->position != two->position)
		return one->position < two->position ? -1 : 1;
	return (one->component > two->component) - (one->component < two->component);
}

/* Rows by node, and those of wholes by the loop that counts them. */
static bool rows_finish(struct partner_file *file, struct overlay *overlay)
{
	struct arena *arena = &file->build->texts;
	size_t nodes = file->guide->node_count;
	struct narrowing *rows = arena_alloc(arena, (file->row_count + 1) * sizeof(*rows));
	uint32_t *firsts = arena_alloc(arena, (nodes + 1) * sizeof(*firsts));
	uint32_t *wholes = arena_alloc(arena, (file->row_count + 1) * sizeof(*wholes));
	uint32_t *whole_firsts = arena_alloc(arena, (nodes + 1) * sizeof(*whole_firsts));
	if (rows == NULL || firsts == NULL || wholes == NULL || whole_firsts == NULL)
		return failure_set(file->c.failure, "%s: no memory left for it", file->c.path);
	if (file->row_count > 0) {
		qsort(file->rows, file->row_count, sizeof(*rows), compare_rows);
		memcpy(rows, file->rows, file->row_count * sizeof(*rows));
	}
	uint32_t at = 0, count = 0;
	for (size_t node = 0; node <= nodes; node++) {
		firsts[node] = at;
		while (at < file->row_count && rows[at].node == node)
			at++;
		whole_firsts[node] = count;
		for (uint32_t i = 0; i < file->row_count; i++)
			if (rows[i].position == 0 && rows[i].parent == node)
				wholes[count++] = i;
	}
	*overlay = (struct overlay){ .guide = file->guide, .rows = rows, .count = (uint32_t)file->row_count, .firsts = firsts,
		.wholes = wholes, .whole_firsts = whole_firsts };
	return true;
}

bool partner_overlay_read(struct partner_file *file, const xmlNode *xml)
{
	struct partner_build *build = file->build;
	struct attributes attributes;
	bool ok = attributes_read(&file->c, xml, &attributes);
	const char *of = ok ? attribute_needed(&file->c, xml, &attributes, "of") : NULL;
	const char *set = of == NULL ? NULL : attribute_needed(&file->c, xml, &attributes, "set");
	ok = set != NULL && attributes_all_used(&file->c, xml, &attributes);
	file->guide = ok ? guide_find(slice_of(set), slice_of(of)) : NULL;
	if (ok && file->guide == NULL)
		ok = compile_refuse(&file->c, xml, "there is no guide %s of set %s to be narrowed", of, set);
	attributes_done(&attributes);
	if (ok && partner_overlay(&build->partner, file->guide) != NULL)
		ok = compile_refuse(&file->c, xml, "a second <overlay> of %s: one guide has one", file->guide->name);
	void *items = build->overlays;
	struct overlay overlay;
	file->row_count = 0;
	ok = ok && tree_read_of(file, xml) && rows_finish(file, &overlay);
	if (ok && !array_grow(&items, &build->overlay_size, build->partner.overlay_count, sizeof(overlay)))
		ok = compile_refuse(&file->c, xml, "no memory left");
	if (!ok)
		return false;
	build->overlays = items;
	build->overlays[build->partner.overlay_count++] = overlay;
	build->partner.overlays = build->overlays;
	return true;
}
