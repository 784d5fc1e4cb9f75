/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * build: a guide under construction.  Every text and every code list is kept once;
 * items are only ever appended, so an index handed out stays right.  The same guide
 * file gives the same tables, whoever compiles it: the order of the file decides.
 */
#include "guides/tables.h"

bool array_grow(void **items, size_t *size, size_t count, size_t item_bytes)
{
	if (count < *size)
		return true;
	size_t wanted = *size == 0 ? 64 : *size * 2;
	void *grown = realloc(*items, wanted * item_bytes);
	if (grown == NULL)
		return false;
	*items = grown;
	*size = wanted;
	return true;
}

static uint32_t *pool_slot(const struct text_pool *pool, uint32_t *slots, size_t slot_count, struct slice text)
{
	size_t at = (size_t)hash64(0, text.ptr, text.len) & (slot_count - 1);
	while (slots[at] != 0 && !slice_is(text, pool->bytes + slots[at]))
		at = (at + 1) & (slot_count - 1);
	return &slots[at];
}

static bool pool_rehash(struct text_pool *pool)
{
	size_t count = pool->slot_count == 0 ? 1024 : pool->slot_count * 2;
	uint32_t *slots = calloc(count, sizeof(*slots));
	if (slots == NULL)
		return false;
	for (size_t i = 0; i < pool->slot_count; i++)
		if (pool->slots[i] != 0)
			*pool_slot(pool, slots, count, slice_of(pool->bytes + pool->slots[i])) = pool->slots[i];
	free(pool->slots);
	pool->slots = slots;
	pool->slot_count = count;
	return true;
}

static bool pool_room(struct text_pool *pool, size_t len)
{
	if (pool->size - pool->len >= len)
		return true;
	size_t size = pool->size == 0 ? 4096 : pool->size;
	while (size - pool->len < len)
		size *= 2;
	char *bytes = size > INT32_MAX ? NULL : realloc(pool->bytes, size);
	if (bytes == NULL)
		return false;
	if (pool->len == 0) {
		bytes[0] = '\0';
		pool->len = 1;
	}
	pool->bytes = bytes;
	pool->size = size;
	return true;
}

uint32_t pool_add(struct text_pool *pool, struct slice text, bool *failed)
{
	if (!pool_room(pool, text.len + 2) || (pool->text_count * 2 >= pool->slot_count && !pool_rehash(pool))) {
		*failed = true;
		return 0;
	}
	if (text.len == 0)
		return 0;
	uint32_t *slot = pool_slot(pool, pool->slots, pool->slot_count, text);
	if (*slot != 0)
		return *slot;
	*slot = (uint32_t)pool->len;
	memcpy(pool->bytes + pool->len, text.ptr, text.len);
	pool->bytes[pool->len + text.len] = '\0';
	pool->len += text.len + 1;
	pool->text_count++;
	return *slot;
}

void pool_done(struct text_pool *pool)
{
	free(pool->bytes);
	free(pool->slots);
	*pool = (struct text_pool){0};
}

struct guide_build *build_new(void)
{
	return calloc(1, sizeof(struct guide_build));
}

/* A copy of `count` items, with room for one; NULL and *failed without memory. */
static void *items_copy(const void *items, size_t count, size_t item_bytes, size_t *size, bool *failed)
{
	void *copy = malloc((count + 1) * item_bytes);
	*size = count + 1;
	if (copy == NULL)
		*failed = true;
	else if (count > 0)
		memcpy(copy, items, count * item_bytes);
	return copy;
}

#define COPY(build, from, what)                                                                                        \
	((build)->what##_count = (from)->what##_count,                                                                 \
	 (build)->what##s = items_copy((from)->what##s, (from)->what##_count, sizeof(*(from)->what##s),                \
				       &(build)->what##_size, &(build)->failed))

struct guide_build *build_of(const struct guide *guide)
{
	struct guide_build *build = build_new();
	if (build == NULL)
		return NULL;
	COPY(build, guide, node);
	COPY(build, guide, element);
	COPY(build, guide, note);
	COPY(build, guide, map);
	COPY(build, guide, code_text);
	COPY(build, guide, rule);
	COPY(build, guide, step);
	COPY(build, guide, fact);
	COPY(build, guide, fact_node);
	build->list_count = guide->code_list_count;
	build->lists = items_copy(guide->code_lists, guide->code_list_count, sizeof(*guide->code_lists), &build->list_size,
				  &build->failed);
	/* the texts stay where they are; what is added later is not looked for among them */
	build->pool.len = guide_texts_end(guide);
	build->pool.bytes = items_copy(guide->texts, build->pool.len, 1, &build->pool.size, &build->failed);
	build->name = (uint32_t)(guide->name - guide->texts);
	build->set_id = (uint32_t)(guide->set_id - guide->texts);
	build->functional_id = (uint32_t)(guide->functional_id - guide->texts);
	build->title = (uint32_t)(guide->title - guide->texts);
	build->accepts = (uint32_t)(guide->accepts - guide->texts);
	build->business_unit = (uint32_t)(guide->business_unit - guide->texts);
	build->guide.st03 = guide->st03;
	if (build->failed) {
		build_free(build);
		return NULL;
	}
	build_finish(build);
	return build;
}

void build_free(struct guide_build *build)
{
	if (build == NULL)
		return;
	pool_done(&build->pool);
	free(build->nodes);
	free(build->elements);
	free(build->notes);
	free(build->maps);
	free(build->lists);
	free(build->code_texts);
	free(build->rules);
	free(build->steps);
	free(build->facts);
	free(build->fact_nodes);
	free(build);
}

uint32_t build_text(struct guide_build *build, const char *text)
{
	return pool_add(&build->pool, slice_of(text), &build->failed);
}

/* The next item of one of the arrays, zeroed; indices stay below GUIDE_NONE. */
static void *build_item(struct guide_build *build, void **items, size_t *size, size_t *count, size_t item_bytes)
{
	if (*count >= GUIDE_NONE || !array_grow(items, size, *count, item_bytes)) {
		build->failed = true;
		return NULL;
	}
	char *item = (char *)*items + *count * item_bytes;
	memset(item, 0, item_bytes);
	++*count;
	return item;
}

#define ITEM(build, what)                                                                                              \
	void *items = (build)->what##s;                                                                                \
	void *item =                                                                                                   \
		build_item(build, &items, &(build)->what##_size, &(build)->what##_count, sizeof(*(build)->what##s));   \
	(build)->what##s = items;                                                                                      \
	return item

struct guide_node *build_node(struct guide_build *build)
{
	ITEM(build, node);
}

struct guide_element *build_element(struct guide_build *build)
{
	ITEM(build, element);
}

struct guide_note *build_note(struct guide_build *build)
{
	ITEM(build, note);
}

struct guide_map *build_map(struct guide_build *build)
{
	ITEM(build, map);
}

struct guide_rule *build_rule(struct guide_build *build)
{
	ITEM(build, rule);
}

struct rule_step *build_step(struct guide_build *build)
{
	ITEM(build, step);
}

struct guide_fact *build_fact(struct guide_build *build)
{
	ITEM(build, fact);
}

uint16_t *build_fact_node(struct guide_build *build)
{
	ITEM(build, fact_node);
}

static struct guide_codes *build_list(struct guide_build *build)
{
	ITEM(build, list);
}

static int compare_slices(const void *a, const void *b)
{
	return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

uint16_t build_codes(struct guide_build *build, struct slice *codes, size_t count)
{
	size_t first = build->code_text_count;
	qsort(codes, count, sizeof(*codes), compare_slices);
	for (size_t i = 0; i < count; i++) {
		void *items = build->code_texts;
		if (!array_grow(&items, &build->code_text_size, build->code_text_count, sizeof(*build->code_texts))) {
			build->failed = true;
			return GUIDE_NONE;
		}
		build->code_texts = items;
		build->code_texts[build->code_text_count++] = pool_add(&build->pool, codes[i], &build->failed);
	}
	for (size_t i = 0; i < build->list_count; i++) {
		const struct guide_codes *list = &build->lists[i];
		if (list->count == count && memcmp(build->code_texts + list->first, build->code_texts + first,
						   count * sizeof(*build->code_texts)) == 0) {
			build->code_text_count = first;
			return (uint16_t)i;
		}
	}
	struct guide_codes *list = build_list(build);
	if (list == NULL)
		return GUIDE_NONE;
	list->first = (uint32_t)first;
	list->count = (uint16_t)count;
	return (uint16_t)(build->list_count - 1);
}

void build_finish(struct guide_build *build)
{
	struct guide *guide = &build->guide;
	guide->texts = build->pool.bytes;
	guide->name = guide->texts + build->name;
	guide->set_id = guide->texts + build->set_id;
	guide->functional_id = guide->texts + build->functional_id;
	guide->title = guide->texts + build->title;
	guide->accepts = guide->texts + build->accepts;
	guide->business_unit = guide->texts + build->business_unit;
	guide->nodes = build->nodes;
	guide->node_count = (uint16_t)build->node_count;
	guide->elements = build->elements;
	guide->element_count = (uint16_t)build->element_count;
	guide->notes = build->notes;
	guide->note_count = (uint16_t)build->note_count;
	guide->maps = build->maps;
	guide->map_count = (uint16_t)build->map_count;
	guide->code_lists = build->lists;
	guide->code_list_count = (uint16_t)build->list_count;
	guide->code_texts = build->code_texts;
	guide->code_text_count = (uint32_t)build->code_text_count;
	guide->rules = build->rules;
	guide->rule_count = (uint16_t)build->rule_count;
	guide->steps = build->steps;
	guide->step_count = (uint32_t)build->step_count;
	guide->facts = build->facts;
	guide->fact_count = (uint16_t)build->fact_count;
	guide->fact_nodes = build->fact_nodes;
	guide->fact_node_count = (uint32_t)build->fact_node_count;
}

void guide_free(struct guide *guide)
{
	/* `guide` is the first member of what guide_compile made */
	build_free((struct guide_build *)(void *)guide);
}
