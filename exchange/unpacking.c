/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * unpacking: a compressed file unpacked by a thread of its own, a few blocks ahead of who reads them, so that both take
 * the time of the slower.
 *
 * Holds: a block is the thread's until it is counted, and the reader's until he asks for the next one.  The watcher of
 * sources is called by the reader.
 */
#include "exchange/unpacking.h"

#include <assert.h>
#include <pthread.h>

#define BLOCKS 4
#define BLOCK_BYTES (64 * 1024) /* an inflater gives no more at a time */

struct block {
	enum inflate_answer answer;
	bool damaged, failed;
	uint64_t read;          /* bytes of the source so far */
	struct failure failure;
	size_t len;
	char bytes[BLOCK_BYTES];
};
struct unpacking {
	struct source *source;
	struct inflater *inflater;
	bool ended;             /* the source is used up */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool ending;            /* nobody wants more */
	bool held;              /* the reader has the first of them */
	unsigned first, count;
	struct block blocks[BLOCKS];
};

/* What the inflater has to give, or the source to it.  False: a failure. */
static bool block_fill(struct unpacking *unpacking, struct block *block)
{
	struct slice chunk;
	block->len = 0;
	for (;;) {
		block->answer = inflater_next(unpacking->inflater, &chunk);
		block->damaged = inflater_damaged(unpacking->inflater);
		if (block->answer == INFLATE_MORE && unpacking->ended)
			block->answer = INFLATE_END;
		if (block->answer == INFLATE_BYTES) {
			assert(chunk.len <= sizeof(block->bytes));
			block->len = chunk.len;
			memcpy(block->bytes, chunk.ptr, chunk.len);
		}
		if (block->answer != INFLATE_MORE)
			return true;
		if (!source_read_unwatched(unpacking->source, &chunk, &block->read, &block->failure))
			return false;
		unpacking->ended = chunk.len == 0;
		if (unpacking->ended)
			inflater_end(unpacking->inflater);
		else
			inflater_feed(unpacking->inflater, chunk.ptr, chunk.len);
	}
}

static void *unpack(void *data)
{
	struct unpacking *unpacking = data;
	uint64_t read = 0;
	for (bool more = true; more;) {
		pthread_mutex_lock(&unpacking->lock);
		while (unpacking->count == BLOCKS && !unpacking->ending)
			pthread_cond_wait(&unpacking->changed, &unpacking->lock);
		bool wanted = !unpacking->ending;
		struct block *block = &unpacking->blocks[(unpacking->first + unpacking->count) % BLOCKS];
		pthread_mutex_unlock(&unpacking->lock);
		if (!wanted)
			break;
		block->read = read;
		block->failure.text[0] = '\0';
		block->failed = !block_fill(unpacking, block);
		read = block->read;
		more = !block->failed && block->answer == INFLATE_BYTES;
		pthread_mutex_lock(&unpacking->lock);
		unpacking->count++;
		pthread_cond_signal(&unpacking->changed);
		pthread_mutex_unlock(&unpacking->lock);
	}
	return NULL;
}

struct unpacking *unpacking_new(struct source *source, struct inflater *inflater)
{
	struct unpacking *unpacking = malloc(sizeof(*unpacking));
	if (unpacking == NULL)
		return NULL;
	unpacking->source = source;
	unpacking->inflater = inflater;
	unpacking->ended = unpacking->ending = unpacking->held = false;
	unpacking->first = unpacking->count = 0;
	pthread_mutex_init(&unpacking->lock, NULL);
	pthread_cond_init(&unpacking->changed, NULL);
	if (pthread_create(&unpacking->thread, NULL, unpack, unpacking) == 0)
		return unpacking;
	pthread_mutex_destroy(&unpacking->lock);
	pthread_cond_destroy(&unpacking->changed);
	free(unpacking);
	return NULL;
}

void unpacking_free(struct unpacking *unpacking)
{
	if (unpacking == NULL)
		return;
	pthread_mutex_lock(&unpacking->lock);
	unpacking->ending = true;
	pthread_cond_signal(&unpacking->changed);
	pthread_mutex_unlock(&unpacking->lock);
	pthread_join(unpacking->thread, NULL);
	pthread_mutex_destroy(&unpacking->lock);
	pthread_cond_destroy(&unpacking->changed);
	free(unpacking);
}

bool unpacking_next(struct unpacking *unpacking, enum inflate_answer *answer, struct slice *out, bool *damaged,
	struct failure *failure)
{
	pthread_mutex_lock(&unpacking->lock);
	if (unpacking->held) {
		unpacking->first = (unpacking->first + 1) % BLOCKS;
		unpacking->count--;
		pthread_cond_signal(&unpacking->changed);
	}
	while (unpacking->count == 0)
		pthread_cond_wait(&unpacking->changed, &unpacking->lock);
	const struct block *block = &unpacking->blocks[unpacking->first];
	pthread_mutex_unlock(&unpacking->lock);
	unpacking->held = block->answer == INFLATE_BYTES && !block->failed; /* the last one stays: there is no other */
	if (block->failed)
		return failure_set(failure, "%s", block->failure.text);
	*answer = block->answer;
	*damaged = block->damaged;
	*out = (struct slice){ block->bytes, block->len };
	return source_goes_on(unpacking->source, block->read, failure);
}
