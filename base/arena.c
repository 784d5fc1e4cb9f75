/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * arena: memory that is given out piece by piece and freed as a whole.
 *
 * Blocks are chained, the newest first; each is twice the one before it up to a
 * bound, so that a large record costs few calls and a small one little memory.
 * Holds at every return: used_bytes never passes a limit that is not 0; whatever
 * was given out is zeroed, aligned for any type and stays where it is.
 */
#include "base/base.h"

#include <stdalign.h>

#define BLOCK_FIRST_BYTES ((size_t)4 * 1024)
#define BLOCK_LARGEST_BYTES ((size_t)1024 * 1024)
#define ALIGN alignof(max_align_t)

struct arena_block {
	struct arena_block *older;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *arena, size_t limit_bytes)
{
	*arena = (struct arena){ .limit_bytes = limit_bytes };
}

static struct arena_block *block_new(struct arena *arena, size_t bytes)
{
	size_t size = arena->block == NULL ? BLOCK_FIRST_BYTES : arena->block->size;
	if (arena->block != NULL && size < BLOCK_LARGEST_BYTES)
		size *= 2;
	if (size < bytes)
		size = bytes;
	struct arena_block *block = malloc(sizeof(struct arena_block) + size);
	if (block == NULL)
		return NULL;
	block->older = arena->block;
	block->size = size;
	block->used = 0;
	arena->block = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	if (bytes == 0)
		bytes = 1; /* two allocations are never the same place */
	if (bytes > PTRDIFF_MAX - sizeof(struct arena_block) - ALIGN) /* no object of C is larger */
		return NULL;
	bytes = (bytes + ALIGN - 1) / ALIGN * ALIGN;
	if (bytes > SIZE_MAX - arena->used_bytes)
		return NULL;
	if (arena->limit_bytes != 0 && arena->used_bytes + bytes > arena->limit_bytes)
		return NULL;
	struct arena_block *block = arena->block;
	if (block == NULL || block->size - block->used < bytes)
		block = block_new(arena, bytes);
	if (block == NULL)
		return NULL;
	void *out = block->bytes + block->used;
	block->used += bytes;
	arena->used_bytes += bytes;
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
		kept->used = 0;
	}
	arena->used_bytes = 0;
}

void arena_done(struct arena *arena)
{
	arena_reset(arena);
	free(arena->block);
	arena->block = NULL;
}
