/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * ahead: business units of a large file walked by several threads.
 *
 * The one who drives the flow stays the only judge.  While he reads a set, the others look at stretches of the file further
 * on: each begins at the first segment there that looks like the opening of a unit, walks from what a walker knows outside
 * of units (parsers/outside.c), and stops behind the stretch, or before the first unit in which anything at all is found,
 * or that is not ordinary.  When the judge has come to the very segment at which such a stretch begins, and finds around it
 * what was assumed, he takes over what its units add up to and goes on behind them.  Everything else he walks himself.
 * So findings, acknowledgments and counts are those of one thread, whatever the threads did.
 *
 * Where stretches turn out to be of no use (a mistake in every unit, sets shorter than a stretch), none are looked at for a
 * while, the longer the oftener.
 *
 * Holds: jobs are taken over in the order of the file; a job's fields are its walker's while it runs, and the judge's
 * before and after.
 */
#include "exchange/ahead.h"

#include <pthread.h>
#include <stdatomic.h>

#define STRETCH_BYTES (128 * 1024)
#define READ_BYTES (64 * 1024)
#define READ_ON_BYTES (4 * 1024) /* behind the stretch, to the next unit */
#define SEARCH_BYTES (4 * 1024)
#define JOBS_MOST 64
#define POOR_MOST 3              /* stretches of little use, until a rest */
#define REST_MOST 8              /* 2 to the power of this many stretches */

enum job_state { JOB_FREE, JOB_WAITING, JOB_RUNNING, JOB_DONE };
struct job {
	enum job_state state;
	uint64_t from, to;         /* the stretch */
	uint64_t begin;            /* where its first unit begins */
	struct reader_spot end;    /* where the unit behind the last that counts begins; lines and positions from `begin` on */
	struct walker_sums units;  /* what those between come to */
	bool some;                 /* there are any */
};
struct hand { /* what a thread works with */
	struct ahead *ahead;
	struct reader *reader;
	struct walker *walker;
	struct findings findings;
	struct job *job;
	pthread_t thread;
	bool started;
};
struct ahead {
	const struct source *source;
	uint64_t size, stretch;
	unsigned hands_count, ring_size;
	struct hand *hands;        /* the first is the judge's own */
	struct job *ring;
	unsigned head, count;      /* of the ring: the oldest job, and how many there are */
	uint64_t next;             /* where the next stretch begins */
	uint64_t from;             /* where the judge looks for a unit: to begin, or to take the oldest job over */
	bool begun;
	unsigned poor, rests;
	struct interchange_header interchange;
	struct walker_outside *outside; /* nobody writes to it while a job runs */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	atomic_bool over;          /* whatever runs is of no use any more */
	bool ending;
};

/* ---- one stretch ----------------------------------------------------------------------------------- */

static bool opens_unit(const struct ahead *ahead, const char *at, const char *end)
{
	uint32_t key = walker_outside_key(ahead->outside);
	unsigned len = key > 0xffff ? 3 : 2;
	if (end - at <= (ptrdiff_t)len || at[len] != ahead->interchange.delimiters.element)
		return false;
	return segment_key((struct slice){ at, len }) == key;
}

/* The first place at or behind `from` where a terminator, perhaps a line end, and the opening of a unit stand. */
static bool unit_find(const struct ahead *ahead, uint64_t from, uint64_t to, uint64_t *begin)
{
	char bytes[SEARCH_BYTES];
	char terminator = ahead->interchange.delimiters.segment;
	for (uint64_t at = from < 3 ? 0 : from - 3; at < to;) {
		size_t len;
		if (!source_read_at(ahead->source, bytes, sizeof(bytes), at, &len) || len < 8)
			return false;
		const char *end = bytes + len;
		for (const char *stop = bytes; (stop = memchr(stop, terminator, (size_t)(end - stop))) != NULL; stop++) {
			const char *id = stop + 1;
			id += id < end && *id == '\r';
			id += id < end && *id == '\n';
			*begin = at + (uint64_t)(id - bytes);
			if (*begin >= from && opens_unit(ahead, id, end))
				return *begin < to;
		}
		at += len - 7; /* what may be cut: a terminator, a line end, an id and a separator */
	}
	return false;
}

/* `at`: the batch that it is the next of, NULL: it came by itself.  False: the stretch ends here, for one reason or another. */
static bool segment_ahead(struct hand *hand, const struct segment *segment, uint64_t position, struct reader_batch *at)
{
	struct job *job = hand->job;
	const struct walker_outside *outside = hand->ahead->outside;
	struct walker_sums sums;
	bool opens = segment->key == walker_outside_key(outside);
	if (opens)
		walker_sum(hand->walker, outside, &sums);
	if (at != NULL)
		(void)walker_batch(hand->walker, at, 1);
	else
		walker_segment(hand->walker, segment, position);
	if (hand->findings.total > 0)
		return false;
	if (!opens || walker_units(hand->walker).count == sums.units)
		return true;
	if (!walker_outside_same(hand->walker, outside))
		return false;
	job->units = sums;
	job->end = (struct reader_spot){ segment->offset, segment->line, segment->line_offset, position };
	return segment->offset < job->to;
}

static bool read_on(struct hand *hand, uint64_t *at)
{
	size_t room, len;
	char *to = reader_space(hand->reader, READ_BYTES, &room);
	size_t wanted = *at >= hand->job->to ? READ_ON_BYTES : hand->job->to - *at + READ_ON_BYTES;
	wanted = wanted < READ_BYTES ? wanted : READ_BYTES;
	if (!source_read_at(hand->ahead->source, to, wanted < room ? wanted : room, *at, &len) || len == 0)
		return false;
	reader_filled(hand->reader, len);
	*at += len;
	return true;
}

/* All of them at once, since nobody takes events. */
static bool run_ahead(struct hand *hand, struct reader_batch *at, size_t count, bool more)
{
	at->held = more;
	while (count > 0)
		count -= walker_batch(hand->walker, at, count);
	return hand->findings.total == 0;
}

/* Of a batch, the segment after which it is to be known what units come to: the first behind the stretch that opens one,
 * else the last.  `count`: none does. */
static size_t opener_of(const struct reader_batch *at, size_t count, uint32_t key, uint64_t to)
{
	size_t opener = count;
	uint32_t start = at->start;
	for (size_t i = 0; i < count; i++) {
		if (at->keys[i] == key) {
			opener = i;
			if (at->offset + start >= to)
				return opener;
		}
		start = at->marks[at->ends[i] & READER_RANK] + 1 + at->gap;
	}
	return opener;
}

static bool batch_ahead(struct hand *hand, struct reader_batch at, size_t count)
{
	struct segment segment;
	size_t opener = opener_of(&at, count, walker_outside_key(hand->ahead->outside), hand->job->to);
	if (!run_ahead(hand, &at, opener, opener < count))
		return false;
	if (opener == count)
		return true;
	size_t left = count - opener - 1;
	reader_batch_begin(&at, &segment);
	reader_batch_fill(&at, 0, at.mark, at.start, &segment);
	at.held = left > 0;
	return segment_ahead(hand, &segment, at.position, &at) && run_ahead(hand, &at, left, false);
}

static void job_run(struct hand *hand, struct job *job)
{
	struct ahead *ahead = hand->ahead;
	hand->job = job;
	job->some = false;
	if (!unit_find(ahead, job->from, job->to, &job->begin))
		return;
	job->end = (struct reader_spot){ .offset = job->begin, .line = 1, .line_offset = job->begin, .position = 1 };
	findings_reset(&hand->findings);
	reader_inside(hand->reader, &ahead->interchange, &job->end);
	if (!walker_inside(hand->walker, ahead->outside, &hand->findings))
		return;
	uint64_t at = job->begin;
	while (!atomic_load_explicit(&ahead->over, memory_order_relaxed)) {
		struct reader_batch batch;
		struct reader_item item;
		size_t count = reader_batch(hand->reader, &batch);
		if (count > 0 && !batch_ahead(hand, batch, count))
			break;
		if (count > 0)
			continue;
		enum reader_answer answer = reader_next(hand->reader, &item);
		if (answer == READER_MORE ? !read_on(hand, &at) : answer != READER_SEGMENT ||
			!segment_ahead(hand, &item.segment, item.position, NULL))
			break;
	}
	job->some = job->end.offset > job->begin;
}

/* ---- threads ------------------------------------------------------------------------------------------ */

/* The oldest job that nobody has; the lock is held. */
static struct job *job_waiting(struct ahead *ahead)
{
	for (unsigned i = 0; i < ahead->count; i++) {
		struct job *job = &ahead->ring[(ahead->head + i) % ahead->ring_size];
		if (job->state == JOB_WAITING)
			return job;
	}
	return NULL;
}

/* Take one and run it; the lock is held before and behind. */
static void job_take(struct hand *hand, struct job *job)
{
	job->state = JOB_RUNNING;
	pthread_mutex_unlock(&hand->ahead->lock);
	job_run(hand, job);
	pthread_mutex_lock(&hand->ahead->lock);
	job->state = JOB_DONE;
	pthread_cond_broadcast(&hand->ahead->changed);
}

static void *hand_work(void *data)
{
	struct hand *hand = data;
	struct ahead *ahead = hand->ahead;
	pthread_mutex_lock(&ahead->lock);
	while (!ahead->ending) {
		struct job *job = job_waiting(ahead);
		if (job != NULL)
			job_take(hand, job);
		else
			pthread_cond_wait(&ahead->changed, &ahead->lock);
	}
	pthread_mutex_unlock(&ahead->lock);
	return NULL;
}

static bool hand_ready(struct hand *hand)
{
	findings_init(&hand->findings);
	hand->reader = reader_new();
	hand->walker = walker_new();
	return hand->reader != NULL && hand->walker != NULL;
}

/* The threads begin with the first stretch.  What cannot be had is done without. */
static void hands_start(struct ahead *ahead)
{
	for (unsigned i = 0; i < ahead->hands_count; i++) {
		struct hand *hand = &ahead->hands[i];
		hand->ahead = ahead;
		hand->started = hand_ready(hand) && i > 0 && pthread_create(&hand->thread, NULL, hand_work, hand) == 0;
	}
	ahead->begun = true;
}

struct ahead *ahead_new(unsigned jobs, uint64_t stretch, const struct source *source)
{
	struct ahead *ahead = calloc(1, sizeof(*ahead));
	if (ahead == NULL)
		return NULL;
	ahead->source = source;
	ahead->size = source_size(source);
	ahead->stretch = stretch > 0 ? stretch : STRETCH_BYTES;
	ahead->hands_count = jobs < JOBS_MOST ? jobs : JOBS_MOST;
	ahead->ring_size = 2 * ahead->hands_count + 2;
	ahead->hands = calloc(ahead->hands_count, sizeof(*ahead->hands));
	ahead->ring = calloc(ahead->ring_size, sizeof(*ahead->ring));
	ahead->outside = walker_outside_new();
	pthread_mutex_init(&ahead->lock, NULL);
	pthread_cond_init(&ahead->changed, NULL);
	if (ahead->hands != NULL && ahead->ring != NULL && ahead->outside != NULL)
		return ahead;
	ahead->hands_count = 0;
	ahead_free(ahead);
	return NULL;
}

void ahead_free(struct ahead *ahead)
{
	if (ahead == NULL)
		return;
	atomic_store(&ahead->over, true);
	pthread_mutex_lock(&ahead->lock);
	ahead->ending = true;
	pthread_cond_broadcast(&ahead->changed);
	pthread_mutex_unlock(&ahead->lock);
	for (unsigned i = 0; ahead->begun && i < ahead->hands_count; i++) {
		struct hand *hand = &ahead->hands[i];
		if (hand->started)
			pthread_join(hand->thread, NULL);
		reader_free(hand->reader);
		walker_free(hand->walker);
		findings_done(&hand->findings);
	}
	pthread_mutex_destroy(&ahead->lock);
	pthread_cond_destroy(&ahead->changed);
	walker_outside_free(ahead->outside);
	free(ahead->hands);
	free(ahead->ring);
	free(ahead);
}

/* ---- the judge -------------------------------------------------------------------------------------------- */

/* Of no use: wait for what runs, and forget all. */
static void jobs_drop(struct ahead *ahead)
{
	atomic_store(&ahead->over, true);
	for (; ahead->count > 0; ahead->count--) {
		struct job *job = &ahead->ring[ahead->head];
		while (job->state == JOB_RUNNING)
			pthread_cond_wait(&ahead->changed, &ahead->lock);
		job->state = JOB_FREE;
		ahead->head = (ahead->head + 1) % ahead->ring_size;
	}
	atomic_store(&ahead->over, false);
}

static void jobs_add(struct ahead *ahead)
{
	bool added = false;
	for (; ahead->count < ahead->ring_size && ahead->next < ahead->size; ahead->count++) {
		struct job *job = &ahead->ring[(ahead->head + ahead->count) % ahead->ring_size];
		*job = (struct job){ .state = JOB_WAITING, .from = ahead->next, .to = ahead->next + ahead->stretch };
		ahead->next += ahead->stretch;
		added = true;
	}
	if (added)
		pthread_cond_broadcast(&ahead->changed);
}

static void job_forget(struct ahead *ahead)
{
	ahead->ring[ahead->head].state = JOB_FREE;
	ahead->head = (ahead->head + 1) % ahead->ring_size;
	ahead->count--;
	jobs_add(ahead);
}

/* Wait for the oldest job, and run others meanwhile. */
static void job_await(struct ahead *ahead)
{
	struct job *oldest = &ahead->ring[ahead->head];
	while (oldest->state != JOB_DONE) {
		struct job *job = job_waiting(ahead);
		if (job != NULL && ahead->hands[0].walker != NULL)
			job_take(&ahead->hands[0], job);
		else
			pthread_cond_wait(&ahead->changed, &ahead->lock);
	}
}

/* What was looked at was of little use, or of much.  After some of little use, a rest. */
static void use_note(struct ahead *ahead, bool good, uint64_t at)
{
	ahead->poor = good ? 0 : ahead->poor + 1;
	ahead->rests = good ? 0 : ahead->rests;
	if (ahead->poor < POOR_MOST)
		return;
	ahead->poor = 0;
	ahead->rests += ahead->rests < REST_MOST;
	ahead->next = at + (ahead->stretch << ahead->rests);
	jobs_drop(ahead);
}

/* Take over what the oldest job has, if it begins with the unit before which the judge had these sums. */
static bool job_join(struct ahead *ahead, struct walker *walker, struct walker_sums *before, struct reader_spot *spot)
{
	job_await(ahead);
	const struct job job = ahead->ring[ahead->head];
	bool fits = job.some && job.begin == spot->offset && walker_skip(walker, ahead->outside, before, &job.units);
	if (fits) {
		walker_sum(walker, ahead->outside, before);
		spot->line_offset = job.end.line > 1 ? job.end.line_offset : spot->line_offset;
		spot->line += job.end.line - 1;
		spot->position += job.end.position - 1;
		spot->offset = job.end.offset;
	}
	job_forget(ahead);
	use_note(ahead, fits && job.end.offset - job.begin >= ahead->stretch / 2, spot->offset);
	return fits && job.end.offset >= job.to; /* else something is there that is to be judged */
}

/* The judge stands behind the opening of a unit, at *spot: take over what begins there, and what follows on it. */
static bool jobs_join(struct ahead *ahead, struct walker *walker, struct walker_sums *before, struct reader_spot *spot)
{
	uint64_t begin = spot->offset;
	while (ahead->count > 0 && ahead->ring[ahead->head].to <= begin) {
		job_await(ahead);
		job_forget(ahead);
	}
	if (ahead->count == 0 || ahead->ring[ahead->head].from > begin)
		return false;
	if (!walker_outside_same(walker, ahead->outside) || !walker_outside_knows(walker, ahead->outside)) {
		ahead->next = begin;
		jobs_drop(ahead);
		use_note(ahead, false, begin);
		return false;
	}
	while (ahead->count > 0 && job_join(ahead, walker, before, spot))
		;
	return spot->offset > begin;
}

static void from_set(struct ahead *ahead)
{
	ahead->from = ahead->count > 0 ? ahead->ring[ahead->head].from : ahead->next < ahead->size ? ahead->next : UINT64_MAX;
}

/* Nothing is looked at: begin, if a unit was opened and units of this guide can be walked apart. */
static void jobs_begin(struct ahead *ahead, const struct walker *walker, uint64_t at, uint64_t read)
{
	if (!ahead->begun)
		hands_start(ahead);
	pthread_mutex_lock(&ahead->lock);
	ahead->next = read;
	if (walker_outside_take(ahead->outside, walker))
		jobs_add(ahead);
	else
		use_note(ahead, false, at);
	from_set(ahead);
	pthread_mutex_unlock(&ahead->lock);
}

bool ahead_walk(struct ahead *ahead, struct walker *walker, const struct segment *segment, uint64_t position, uint64_t read,
	struct reader_spot *spot)
{
	struct walker_sums before;
	bool idle = ahead->count == 0;
	if (!idle && segment->key != walker_outside_key(ahead->outside)) {
		walker_segment(walker, segment, position);
		return false;
	}
	uint64_t units = walker_units(walker).count;
	if (!idle)
		walker_sum(walker, ahead->outside, &before);
	walker_segment(walker, segment, position);
	if (walker_units(walker).count == units)
		return false;
	if (idle) {
		jobs_begin(ahead, walker, segment->offset, read);
		return false;
	}
	*spot = (struct reader_spot){ segment->offset, segment->line, segment->line_offset, position };
	pthread_mutex_lock(&ahead->lock);
	bool joined = jobs_join(ahead, walker, &before, spot);
	from_set(ahead);
	pthread_mutex_unlock(&ahead->lock);
	return joined;
}

uint64_t ahead_from(const struct ahead *ahead)
{
	return ahead->from;
}

void ahead_interchange(struct ahead *ahead, const struct interchange_header *interchange)
{
	pthread_mutex_lock(&ahead->lock);
	if (memcmp(&ahead->interchange.delimiters, &interchange->delimiters, sizeof(interchange->delimiters)) != 0) {
		jobs_drop(ahead);
		ahead->next = interchange->offset;
		ahead->interchange = *interchange;
		from_set(ahead);
	}
	pthread_mutex_unlock(&ahead->lock);
}
