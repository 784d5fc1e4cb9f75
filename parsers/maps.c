/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * maps: the <field> lines of a guide turned so that the binder fills a record in few steps: those of a segment that look
 * at the same elements side by side, the values that they wait for as numbers, and where in its record each field is.
 * Built once a guide.
 */
#include "parsers/parts.h"

void maps_free(struct bind_maps *maps)
{
	if (maps == NULL)
		return;
	free(maps->nodes);
	free(maps->busy);
	free(maps->runs);
	free(maps->maps);
	free(maps);
}

/* One value that a map waits for, none if it is empty; those from `first` on are the same map's. */
static void map_add(struct bind_maps *maps, const struct guide_map *map, uint32_t first, struct slice word)
{
	const struct field *field = &record_fields[map->field];
	struct bind_run *run = &maps->runs[maps->run_count - 1];
	char bytes[BIND_WORD_BYTES + 1] = "";
	struct bind_map item = { .long_words = word.len > BIND_WORD_BYTES ? map->is : 0, .offset = field->offset,
		.type = (uint8_t)field->type, .record = (uint8_t)field->record, .column = field->column };
	if (word.len <= BIND_WORD_BYTES) {
		memcpy(bytes, word.ptr == NULL ? "" : word.ptr, word.len);
		item.token = bind_token((struct slice){ bytes, word.len });
	}
	for (uint32_t i = first; i < maps->map_count; i++) /* a value that is said twice counts once */
		if (maps->maps[i].token == item.token)
			return;
	maps->maps[maps->map_count++] = item;
	run->count++;
}

/* The map's values, each as a map of its own; what has a longer one stays together and is compared as text. */
static void words_add(struct bind_maps *maps, const struct guide *guide, const struct guide_map *map)
{
	struct slice rest = slice_of(guide_text(guide, map->is)), longest = SLICE_NONE;
	uint32_t first = maps->map_count;
	if (map->when == 0) {
		map_add(maps, map, first, SLICE_NONE);
		return;
	}
	for (struct slice word = slice_word(&rest); word.len > 0; word = slice_word(&rest))
		if (word.len > longest.len)
			longest = word;
	rest = slice_of(guide_text(guide, map->is));
	if (longest.len > BIND_WORD_BYTES)
		map_add(maps, map, first, longest);
	else
		for (struct slice word = slice_word(&rest); word.len > 0; word = slice_word(&rest))
			map_add(maps, map, first, word);
}

static void node_add(struct bind_maps *maps, const struct guide *guide, uint16_t number)
{
	const struct guide_node *node = &guide->nodes[number];
	struct bind_node *item = &maps->nodes[number];
	const struct bind_run *run = NULL;
	*item = (struct bind_node){ .first = maps->run_count, .record = node->record };
	for (unsigned i = 0; i < node->map_count; i++) {
		const struct guide_map *map = &guide->maps[node->first_map + i];
		if (run == NULL || run->at != map->at || run->at_component != map->at_component || run->when != map->when ||
			run->when_component != map->when_component) {
			maps->runs[maps->run_count] = (struct bind_run){ .at = map->at, .at_component = map->at_component,
				.when = map->when, .when_component = map->when_component, .first = maps->map_count };
			run = &maps->runs[maps->run_count++];
			item->count++;
		}
		words_add(maps, guide, map);
	}
	maps->busy[number] = number == 0 || item->record != RECORD_NONE || item->count > 0;
}

/* Maps that there are at most: one for each value. */
static size_t words_most(const struct guide *guide)
{
	size_t words = 0;
	for (uint16_t i = 0; i < guide->map_count; i++)
		words += 1 + strlen(guide_text(guide, guide->maps[i].is));
	return words;
}

struct bind_maps *maps_new(const struct guide *guide)
{
	struct bind_maps *maps = calloc(1, sizeof(*maps));
	if (maps == NULL)
		return NULL;
	maps->guide = guide;
	maps->guide_nodes = guide->nodes;
	maps->nodes = calloc((size_t)guide->node_count + 1, sizeof(*maps->nodes));
	maps->busy = calloc((size_t)guide->node_count + 1, sizeof(*maps->busy));
	maps->runs = calloc((size_t)guide->map_count + 1, sizeof(*maps->runs));
	maps->maps = calloc(words_most(guide) + 1, sizeof(*maps->maps));
	if (maps->nodes == NULL || maps->busy == NULL || maps->runs == NULL || maps->maps == NULL) {
		maps_free(maps);
		return NULL;
	}
	for (uint16_t i = 0; i < guide->node_count; i++)
		node_add(maps, guide, i);
	return maps;
}
