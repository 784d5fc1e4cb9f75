/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * inflate: gzip (RFC 1952) into plain bytes, in pieces of one buffer; unpack.c does the work.
 *
 * What does not begin with the two bytes of gzip is passed through.  Members that follow
 * one another are one stream, NULs behind the last are padding.  What is given is whole
 * buffers, so that the ratio of LIMIT_GZIP_RATIO is looked at in the same places whatever
 * the chunks were.
 *
 * Holds: nothing is given after END, BROKEN, BOMB or FAILED but the same answer again.
 */
#include "parsers/parts.h"
#include "parsers/unpack.h"

#define INFLATE_OUT_BYTES (64 * 1024)
#define INFLATE_IN_BYTES (32 * 1024)

enum inflate_state { INFLATE_AT_START, INFLATE_IN_PLAIN, INFLATE_IN_MEMBER, INFLATE_BETWEEN, INFLATE_OVER };
struct inflater {
	enum inflate_state state;
	enum inflate_answer answer; /* when over */
	bool ended;
	bool head;                  /* the first byte of gzip was seen and is not passed on yet */
	const unsigned char *next;  /* what is looked at: what was fed, or of gzip the block */
	size_t left;
	const unsigned char *fed;   /* of gzip: what is not in the block yet */
	size_t fed_left;
	size_t block_len;
	struct unpacker *unpacker;
	uint64_t in, out;           /* bytes of all members */
	size_t filled;
	unsigned char buffer[INFLATE_OUT_BYTES], block[INFLATE_IN_BYTES];
};

#define GZIP_FIRST 0x1f
#define GZIP_SECOND 0x8b
static const char gzip_first[1] = { GZIP_FIRST };

struct inflater *inflater_new(void)
{
	struct inflater *inflater = calloc(1, sizeof(*inflater));
	if (inflater == NULL)
		return NULL;
	inflater->unpacker = unpacker_new();
	if (inflater->unpacker == NULL || !unpacker_begin(inflater->unpacker)) {
		inflater_free(inflater);
		return NULL;
	}
	return inflater;
}

void inflater_free(struct inflater *inflater)
{
	if (inflater == NULL)
		return;
	unpacker_free(inflater->unpacker);
	free(inflater);
}

bool inflater_damaged(const struct inflater *inflater)
{
	return inflater->state == INFLATE_OVER && inflater->answer != INFLATE_END;
}

bool inflater_plain(const struct inflater *inflater)
{
	return inflater->state == INFLATE_IN_PLAIN;
}

static bool unpacks(const struct inflater *inflater)
{
	return inflater->state == INFLATE_IN_MEMBER || inflater->state == INFLATE_BETWEEN;
}

void inflater_feed(struct inflater *inflater, const void *bytes, size_t len)
{
	if (unpacks(inflater)) {
		inflater->fed = bytes;
		inflater->fed_left = len;
	} else {
		inflater->next = bytes;
		inflater->left = len;
	}
}

/* Of gzip, blocks of one size are unpacked whatever the chunks were: how many bytes come before damage is told depends
 * on where a library is given its input. */
static void gather(struct inflater *inflater)
{
	if (inflater->left > 0 || !unpacks(inflater))
		return;
	size_t room = sizeof(inflater->block) - inflater->block_len;
	size_t len = inflater->fed_left < room ? inflater->fed_left : room;
	if (len > 0)
		memcpy(inflater->block + inflater->block_len, inflater->fed, len);
	inflater->fed += len;
	inflater->fed_left -= len;
	inflater->block_len += len;
	if (inflater->block_len < sizeof(inflater->block) && !inflater->ended)
		return;
	inflater->next = inflater->block;
	inflater->left = inflater->block_len;
	inflater->block_len = 0;
}

void inflater_end(struct inflater *inflater)
{
	inflater->ended = true;
}

static enum inflate_answer over(struct inflater *inflater, enum inflate_answer answer)
{
	inflater->state = INFLATE_OVER;
	inflater->answer = answer;
	return answer;
}

/* Give what is in the buffer, if the ratio allows it. */
static enum inflate_answer give(struct inflater *inflater, struct slice *out)
{
	if (inflater->out > LIMIT_GZIP_FREE_BYTES && inflater->out > inflater->in * LIMIT_GZIP_RATIO)
		return over(inflater, INFLATE_BOMB);
	*out = (struct slice){ (const char *)inflater->buffer, inflater->filled };
	inflater->filled = 0;
	return INFLATE_BYTES;
}

/* The first two bytes tell.  INFLATE_MORE: go on in the state that was found. */
static enum inflate_answer look(struct inflater *inflater, struct slice *out)
{
	if (inflater->left == 0 && !inflater->ended)
		return INFLATE_MORE;
	if (!inflater->head && inflater->left > 0 && inflater->next[0] == GZIP_FIRST) {
		inflater->head = true;
		inflater->next++;
		inflater->left--;
		if (inflater->left == 0 && !inflater->ended)
			return INFLATE_MORE;
	}
	if (inflater->head && inflater->left > 0 && inflater->next[0] == GZIP_SECOND) {
		inflater->state = INFLATE_IN_MEMBER;
		inflater->fed = inflater->next;
		inflater->fed_left = inflater->left;
		inflater->left = 0;
		return INFLATE_MORE;
	}
	inflater->state = INFLATE_IN_PLAIN;
	if (!inflater->head)
		return INFLATE_MORE;
	inflater->head = false;
	*out = (struct slice){ gzip_first, 1 };
	return INFLATE_BYTES;
}

static enum inflate_answer pass(struct inflater *inflater, struct slice *out)
{
	if (inflater->left == 0)
		return inflater->ended ? over(inflater, INFLATE_END) : INFLATE_MORE;
	*out = (struct slice){ (const char *)inflater->next, inflater->left };
	inflater->left = 0;
	return INFLATE_BYTES;
}

/* Unpack one stretch of input: the first byte of a member that was taken to look at it, or what was fed. */
static enum unpack_answer unpack_stretch(struct inflater *inflater)
{
	static const unsigned char first = GZIP_FIRST;
	bool head = inflater->head;
	struct unpacking at = { .in = head ? &first : inflater->next,
		.in_len = head ? 1 : inflater->left < UINT32_MAX / 2 ? inflater->left : UINT32_MAX / 2,
		.out = inflater->buffer + inflater->filled, .room = sizeof(inflater->buffer) - inflater->filled };
	enum unpack_answer answer = unpacker_run(inflater->unpacker, &at);
	inflater->in += at.used;
	inflater->out += at.made;
	inflater->filled += at.made;
	if (head) {
		inflater->head = at.used == 0;
	} else {
		inflater->next += at.used;
		inflater->left -= at.used;
	}
	return answer;
}

static enum inflate_answer member(struct inflater *inflater, struct slice *out)
{
	for (;;) {
		if (inflater->filled == sizeof(inflater->buffer))
			return give(inflater, out);
		enum unpack_answer answer = unpack_stretch(inflater);
		if (answer == UNPACK_END) {
			inflater->state = INFLATE_BETWEEN;
			return INFLATE_MORE;
		}
		if (answer == UNPACK_FAILED)
			return over(inflater, INFLATE_FAILED);
		if (answer == UNPACK_BROKEN)
			return over(inflater, INFLATE_BROKEN);
		if (inflater->left > 0 || inflater->head || inflater->filled == sizeof(inflater->buffer))
			continue;
		return inflater->ended ? over(inflater, INFLATE_BROKEN) : INFLATE_MORE;
	}
}

/* Behind a member: another one, NULs, or the end. */
static enum inflate_answer between(struct inflater *inflater)
{
	while (inflater->left > 0 && !inflater->head && inflater->next[0] == '\0') {
		inflater->next++;
		inflater->left--;
	}
	if (inflater->left == 0)
		return inflater->ended ? over(inflater, inflater->head ? INFLATE_BROKEN : INFLATE_END) : INFLATE_MORE;
	if (!inflater->head && inflater->next[0] == GZIP_FIRST) {
		inflater->head = true;
		inflater->next++;
		inflater->left--;
		return INFLATE_MORE;
	}
	if (!inflater->head || inflater->next[0] != GZIP_SECOND)
		return over(inflater, INFLATE_BROKEN);
	if (!unpacker_begin(inflater->unpacker))
		return over(inflater, INFLATE_FAILED);
	inflater->state = INFLATE_IN_MEMBER;
	return INFLATE_MORE;
}

/* What was unpacked before the data broke is given first, then the end of it. */
static enum inflate_answer last_bytes(struct inflater *inflater, struct slice *out)
{
	bool some = inflater->filled > 0 && (inflater->answer == INFLATE_END || inflater->answer == INFLATE_BROKEN);
	if (!some)
		return inflater->answer;
	return give(inflater, out);
}

enum inflate_answer inflater_next(struct inflater *inflater, struct slice *out)
{
	for (;;) {
		gather(inflater);
		enum inflate_state before = inflater->state;
		size_t left = inflater->left;
		enum inflate_answer answer = INFLATE_MORE;
		switch (inflater->state) {
		case INFLATE_AT_START:
			answer = look(inflater, out);
			break;
		case INFLATE_IN_PLAIN:
			answer = pass(inflater, out);
			break;
		case INFLATE_IN_MEMBER:
			answer = member(inflater, out);
			break;
		case INFLATE_BETWEEN:
			answer = between(inflater);
			break;
		case INFLATE_OVER:
			return last_bytes(inflater, out);
		}
		if (inflater->state == INFLATE_OVER)
			continue;
		if (answer != INFLATE_MORE || (inflater->state == before && inflater->left == left))
			return answer;
	}
}
