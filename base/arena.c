/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * arena: memory that is given out piece by piece and freed as a whole.
 *
 * Blocks are chained, the newest first; each is twice the one before it up to a
 * bound, so that a large record costs few calls and a small one little memory.
 * Holds at every return: used_bytes never passes a limit that is not 0; whatever
 * was given out is aligned for any type and stays where it is.
 */
#include "base/base.h"

#include <stdalign.h>

#define BLOCK_FIRST_BYTES ((size_t)4 * 1024)
#define BLOCK_LARGEST_BYTES ((size_t)1024 * 1024)

struct arena_block {
	struct arena_block *older;
	size_t size;
	alignas(ARENA_ALIGN) char bytes[];
};
_Static_assert(ARENA_ALIGN >= alignof(max_align_t), "aligned for any type");

void arena_init(struct arena *arena, size_t limit_bytes)
{
	*arena = (struct arena){ .limit_bytes = limit_bytes };
}

/* Take from the newest block, which nothing was taken from. */
static void block_begin(struct arena *arena)
{
	size_t left = arena->limit_bytes == 0 ? SIZE_MAX : arena->limit_bytes - arena->used_bytes;
	arena->next = arena->block->bytes;
	arena->room = arena->block->size < left ? arena->block->size : left;
}

static bool block_new(struct arena *arena, size_t bytes)
{
	size_t size = arena->block == NULL ? BLOCK_FIRST_BYTES : arena->block->size;
	if (arena->block != NULL && size < BLOCK_LARGEST_BYTES)
		size *= 2;
	if (size < bytes)
		size = bytes;
	struct arena_block *block = malloc(sizeof(struct arena_block) + size);
	if (block == NULL)
		return false;
	block->older = arena->block;
	block->size = size;
	arena->block = block;
	block_begin(arena);
	return true;
}

void *arena_more(struct arena *arena, size_t bytes)
{
	if (bytes > SIZE_MAX - arena->used_bytes)
		return NULL;
	if (arena->limit_bytes != 0 && arena->used_bytes + bytes > arena->limit_bytes)
		return NULL;
	return block_new(arena, bytes) ? arena_take(arena, bytes) : NULL;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	if (bytes == 0)
		bytes = 1; /* two allocations are never the same place */
	if (bytes > PTRDIFF_MAX - sizeof(struct arena_block) - ARENA_ALIGN) /* no object of C is larger */
		return NULL;
	bytes = (bytes + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	void *out = arena_take(arena, bytes);
	if (out != NULL)
		memset(out, 0, bytes);
	return out;
}

struct slice arena_slice(struct arena *arena, struct slice a)
{
	if (a.len == SIZE_MAX)
		return SLICE_NONE;
	char *copy = arena_alloc(arena, a.len + 1);
	if (copy == NULL)
		return SLICE_NONE;
	if (a.len > 0)
		memcpy(copy, a.ptr, a.len);
	return (struct slice){ copy, a.len };
}

void arena_reset(struct arena *arena)
{
	struct arena_block *kept = arena->block;
	if (kept != NULL) {
		struct arena_block *older = kept->older;
		while (older != NULL) {
			struct arena_block *next = older->older;
			free(older);
			older = next;
		}
		kept->older = NULL;
	}
	arena->used_bytes = 0;
	if (kept != NULL)
		block_begin(arena);
}

void arena_done(struct arena *arena)
{
	arena_reset(arena);
	free(arena->block);
	arena->block = NULL;
	arena->next = NULL;
	arena->room = 0;
}
