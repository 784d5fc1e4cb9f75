/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * items: source → inflate → reader, one item at a time for whoever asks.  flow is built on
 * it; so are the commands that look at segments without holding them against a guide.
 *
 * Asked, not told: two streams can be read side by side, as `pccm diff` does.
 *
 * Holds at every return: what was taken from the source and not given yet lies in `rest` or
 * in the reader's window; once `over`, nothing more is asked of the source.
 */
#include "exchange/unpacking.h"

/* What is read at a time: it stays in the second cache until it was looked at. */
#define READ_BYTES (128 * 1024)

struct items {
	items_read *read;
	void *from;
	struct source *source;   /* the same, if it can read into the reader's window; or NULL */
	items_bytes *bytes;
	void *bytes_data;
	struct inflater *inflater;
	bool apart;              /* it may be another thread's … */
	struct unpacking *unpacking; /* … and is; or NULL */
	struct reader *reader;
	struct reader_batch batch; /* given one by one: so many are left of it */
	size_t left;
	const struct interchange_header *interchange; /* of the set that is open */
	const struct group_header *group;
	const struct set_header *set;
	struct slice rest;       /* unpacked, not taken by the reader yet */
	uint64_t at, told;       /* how far the source was read; and how far `bytes` knows of it, which is not less */
	bool damaged;
	bool ended;              /* the source is used up */
	bool over;               /* reader_end was said */
};

struct items *items_new(items_read *read, void *from, struct failure *failure)
{
	struct items *items = calloc(1, sizeof(*items));
	if (items != NULL) {
		*items = (struct items){ .read = read, .from = from, .inflater = inflater_new(), .reader = reader_new() };
		if (items->inflater != NULL && items->reader != NULL)
			return items;
	}
	items_free(items);
	failure_set(failure, "could not begin reading: out of memory");
	return NULL;
}

static bool read_source(void *from, struct slice *chunk, struct failure *failure)
{
	return source_read(from, chunk, failure);
}

struct items *items_of(struct source *source, struct failure *failure)
{
	struct items *items = items_new(read_source, source, failure);
	if (items != NULL)
		items->source = source;
	return items;
}

void items_watch(struct items *items, items_bytes *bytes, void *data)
{
	items->bytes = bytes;
	items->bytes_data = data;
}

void items_free(struct items *items)
{
	if (items == NULL)
		return;
	unpacking_free(items->unpacking);
	reader_free(items->reader);
	inflater_free(items->inflater);
	free(items);
}

bool items_damaged(const struct items *items)
{
	return items->damaged;
}

uint64_t items_dropped(const struct items *items)
{
	return reader_dropped(items->reader);
}

static void end(struct items *items)
{
	reader_end(items->reader);
	items->over = true;
}

/* A stream that does not unpack: what came so far is closed as cut off, and the reason is told first. */
static bool unpacked_ill(struct items *items, struct reader_item *item, enum finding_code code)
{
	end(items);
	memset(item, 0, sizeof(*item));
	item->answer = READER_FINDING;
	item->finding = (struct finding){ .code = code, .severity = SEVERITY_REFUSE };
	return true;
}

static bool read_chunk(struct items *items, struct failure *failure)
{
	struct slice chunk;
	if (!items->read(items->from, &chunk, failure))
		return false;
	items->ended = chunk.len == 0;
	if (items->ended)
		inflater_end(items->inflater);
	else
		inflater_feed(items->inflater, chunk.ptr, chunk.len);
	items->at += chunk.len;
	return true;
}

/* So far the bytes are known; `from` may be NULL: somebody else read them. */
static void bytes_tell(struct items *items, const char *from, uint64_t to)
{
	if (items->bytes != NULL)
		items->bytes(items->bytes_data, (struct slice){ from, (size_t)(to - items->told) });
	items->told = to;
}

/* Bytes that need not be unpacked go where the reader wants them. */
static bool read_straight(struct items *items, struct failure *failure)
{
	size_t room, len;
	char *to = reader_space(items->reader, READ_BYTES, &room);
	if (!source_read_to(items->source, to, room < READ_BYTES ? room : READ_BYTES, &len, failure))
		return false;
	items->ended = len == 0;
	if (items->ended)
		end(items);
	items->at += len;
	if (items->at > items->told)
		bytes_tell(items, to + len - (items->at - items->told), items->at);
	reader_filled(items->reader, len);
	return true;
}

void items_unpack_apart(struct items *items)
{
	items->apart = items->source != NULL && source_size(items->source) > 0; /* what waits for a pipe hears no signal */
}

/* Bytes, if the inflater or the thread that has it can give some; those before are used up.  False: a failure. */
static bool unpack(struct items *items, enum inflate_answer *answer, struct failure *failure)
{
	if (items->apart && items->told > 0) { /* by now it knows whether they are compressed */
		items->apart = false;
		if (!inflater_plain(items->inflater))
			items->unpacking = unpacking_new(items->source, items->inflater);
	}
	if (items->unpacking != NULL)
		return unpacking_next(items->unpacking, answer, &items->rest, &items->damaged, failure);
	*answer = inflater_next(items->inflater, &items->rest);
	items->damaged = inflater_damaged(items->inflater);
	return true;
}

/* Bring more bytes.  *told: an item was made of what went wrong with them. */
static bool refill(struct items *items, struct reader_item *item, bool *told, struct failure *failure)
{
	*told = false;
	while (items->rest.len == 0 && !items->over) {
		enum inflate_answer answer;
		if (!unpack(items, &answer, failure))
			return false;
		switch (answer) {
		case INFLATE_BYTES:
			bytes_tell(items, items->rest.ptr, items->told + items->rest.len);
			break;
		case INFLATE_MORE:
			items->rest = SLICE_NONE;
			if (items->ended)
				end(items);
			else if (items->source != NULL && items->unpacking == NULL && inflater_plain(items->inflater))
				return read_straight(items, failure);
			else if (!read_chunk(items, failure))
				return false;
			break;
		case INFLATE_END:
			items->rest = SLICE_NONE;
			end(items);
			break;
		case INFLATE_BROKEN:
			items->rest = SLICE_NONE;
			return *told = unpacked_ill(items, item, FINDING_GZIP_BROKEN);
		case INFLATE_BOMB:
			items->rest = SLICE_NONE;
			return *told = unpacked_ill(items, item, FINDING_GZIP_BOMB);
		case INFLATE_FAILED:
			return failure_set(failure, "could not unpack the input: out of memory");
		}
	}
	if (items->rest.len > 0) {
		size_t took = reader_feed(items->reader, items->rest.ptr, items->rest.len);
		items->rest.ptr += took;
		items->rest.len -= took;
	}
	return true;
}

uint64_t items_read_to(const struct items *items)
{
	bool plain = items->source != NULL && items->unpacking == NULL && inflater_plain(items->inflater) && items->rest.len == 0;
	return plain && source_size(items->source) > 0 ? items->at : 0;
}

bool items_jump(struct items *items, const struct reader_spot *spot, struct failure *failure)
{
	if (!source_jump(items->source, spot->offset, failure))
		return false;
	items->at = spot->offset;
	if (items->at > items->told)
		bytes_tell(items, NULL, items->at);
	items->ended = items->over = false;
	reader_jump(items->reader, spot);
	return true;
}

size_t items_batch(struct items *items, struct reader_batch *batch)
{
	if (items->left == 0)
		return reader_batch(items->reader, batch);
	size_t count = items->left;
	*batch = items->batch;
	items->left = 0;
	return count;
}

/* The next of many that the reader gave together. */
static void give_one(struct items *items, struct reader_item *item)
{
	reader_batch_begin(&items->batch, &item->segment);
	item->answer = READER_SEGMENT;
	item->position = items->batch.position;
	reader_batch_next(&items->batch, &item->segment);
	item->interchange = items->interchange;
	item->group = items->group;
	item->set = items->set;
	item->end_offset = item->segment.offset + item->segment.bytes.len + 1;
	items->left--;
}

bool items_next(struct items *items, struct reader_item *item, struct failure *failure)
{
	for (;;) {
		if (items->left == 0)
			items->left = reader_batch(items->reader, &items->batch);
		if (items->left > 0) {
			give_one(items, item);
			return true;
		}
		enum reader_answer answer = reader_next(items->reader, item);
		bool told;
		if (answer == READER_FAILED)
			return failure_set(failure, "could not go on reading: out of memory");
		if (answer != READER_MORE) {
			item->answer = answer;
			if (answer == READER_SET) {
				items->interchange = item->interchange;
				items->group = item->group;
				items->set = item->set;
			}
			return true;
		}
		if (!refill(items, item, &told, failure))
			return false;
		if (told)
			return true;
	}
}
