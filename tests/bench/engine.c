/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * engine: the reading side in pieces, in one process, by turns.
 *   engine FILE ROUNDS [PIECE]   of each piece, or of that one: name, median of its processor time in microseconds,
 *                                a number that depends on its work
 *     memchr                one look at every byte of the file in memory, for one that is not there
 *     index avx512 …        where separators stand (parsers/scan.c), by each kernel that this machine has
 *     read                  read() of the file in pieces of 128 KiB
 *     inflate               zlib alone over FILE.gz, if that is there
 *     dispatch              read, index, and count the segments of each id
 *     parse, write          read and index, each segment as views; and each one written again
 *     records               834 to member records
 */
#include "exchange/exchange.h"
#include "parsers/parts.h"
#include "tests/bench/median.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#define ROUNDS_MOST 99
#define PIECES_MOST 16
#define PIECE_BYTES (128 * 1024)

static const char *path;
static char *file; /* all of it, with room behind it */
static size_t file_len;
static char gzip_path[4096];

static uint64_t processor_time(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static bool load(void)
{
	struct stat status;
	int fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &status) != 0)
		return false;
	file_len = (size_t)status.st_size;
	file = malloc(file_len + SCAN_PADDING);
	size_t at = 0;
	while (file != NULL && at < file_len) {
		ssize_t got = read(fd, file + at, file_len - at);
		if (got <= 0)
			break;
		at += (size_t)got;
	}
	close(fd);
	return file != NULL && at == file_len;
}

/* ---- the pieces: each gives a number that depends on its work --------------------------- */

static uint64_t look(const char *unused)
{
	(void)unused;
	return memchr(file, '\1', file_len) != NULL;
}

static uint64_t scan_all(const char *kernel)
{
	static struct scan *scan;
	const struct delimiters delimiters = { .element = '*', .repetition = '^', .component = ':', .segment = '~' };
	if (scan == NULL)
		scan = scan_new();
	if (scan == NULL || !reader_kernel(kernel))
		return 0;
	uint64_t sum = 0;
	scan_begin(scan, &delimiters, 0);
	for (size_t at = 0; at < file_len; at += SCAN_STRETCH) {
		size_t len = file_len - at < SCAN_STRETCH ? file_len - at : SCAN_STRETCH;
		scan_restart(scan, 0);
		scan_bytes(scan, file + at, (uint32_t)len);
		sum += scan->mark_count + 7 * (uint64_t)scan->end_count + scan->marks[scan->mark_count / 2];
	}
	return sum;
}

static uint64_t read_all(const char *unused)
{
	(void)unused;
	static char piece[PIECE_BYTES];
	uint64_t sum = 0;
	int fd = open(path, O_RDONLY);
	for (ssize_t got = read(fd, piece, sizeof(piece)); got > 0; got = read(fd, piece, sizeof(piece)))
		sum += (uint64_t)got;
	close(fd);
	return sum;
}

static uint64_t inflate_all(const char *unused)
{
	(void)unused;
	static char piece[PIECE_BYTES];
	uint64_t sum = 0;
	gzFile in = gzopen(gzip_path, "rb");
	if (in == NULL)
		return 0;
	for (int got = gzread(in, piece, sizeof(piece)); got > 0; got = gzread(in, piece, sizeof(piece)))
		sum += (uint64_t)got;
	gzclose(in);
	return sum;
}

#define PLACES 1024
static uint64_t dispatch(const char *unused)
{
	(void)unused;
	static uint32_t keys[PLACES];
	static uint64_t counts[PLACES];
	struct failure failure = { 0 };
	struct source *source = source_open(path, &failure);
	struct items *items = source == NULL ? NULL : items_of(source, &failure);
	struct reader_item *item = malloc(sizeof(*item));
	uint64_t segments = 0;
	memset(counts, 0, sizeof(counts));
	while (items != NULL && item != NULL) {
		struct reader_batch batch;
		size_t count = items_batch(items, &batch);
		segments += count;
		for (size_t i = 0; i < count; i++) {
			uint32_t place = (batch.keys[i] * UINT32_C(0x9e3779b1)) >> 22;
			while (counts[place] > 0 && keys[place] != batch.keys[i])
				place = (place + 1) % PLACES;
			keys[place] = batch.keys[i];
			counts[place]++;
		}
		if (count > 0)
			continue;
		if (!items_next(items, item, &failure) || item->answer == READER_END)
			break;
		segments += item->answer != READER_FINDING;
	}
	free(item);
	items_free(items);
	source_close(source);
	return segments;
}

/* Every segment as views, and written again. */
static uint64_t parse(bool write)
{
	struct failure failure = { 0 };
	struct source *source = source_open(path, &failure);
	struct items *items = source == NULL ? NULL : items_of(source, &failure);
	struct reader_item *item = malloc(sizeof(*item));
	const struct line_end end = { .bytes = "\n", .len = 1 };
	struct buffer out;
	uint64_t sum = 0;
	buffer_init(&out, 0);
	while (items != NULL && item != NULL) {
		struct reader_batch batch;
		size_t count = items_batch(items, &batch);
		if (count > 0)
			reader_batch_begin(&batch, &item->segment);
		for (size_t i = 0; i < count; i++) {
			reader_batch_next(&batch, &item->segment);
			sum += item->segment.element_count;
			if (write)
				segment_put_x12(&out, &item->segment, &end);
		}
		if (out.len > PIECE_BYTES)
			buffer_reset(&out);
		if (count > 0)
			continue;
		if (!items_next(items, item, &failure) || item->answer == READER_END)
			break;
		if (write && item->answer != READER_FINDING && item->segment.id.len > 0)
			segment_put_x12(&out, &item->segment, &end);
	}
	buffer_done(&out);
	free(item);
	items_free(items);
	source_close(source);
	return sum;
}
static uint64_t parse_all(const char *unused)
{
	(void)unused;
	return parse(false);
}
static uint64_t write_all(const char *unused)
{
	(void)unused;
	return parse(true);
}

static bool count_record(void *data, struct flow *flow, enum record_kind kind, const void *record)
{
	(void)flow;
	(void)record;
	*(uint64_t *)data += kind == RECORD_MEMBER;
	return true;
}

static uint64_t records(const char *unused)
{
	(void)unused;
	uint64_t members = 0;
	struct failure failure = { 0 };
	struct source *source = source_open(path, &failure);
	const struct flow_handler handler = { .data = &members, .level = 1, .record = count_record };
	if (source == NULL || !flow_run(source, &handler, &failure))
		members = 0;
	source_close(source);
	return members;
}

/* ---- by turns ------------------------------------------------------------------------------ */

int main(int argc, char **argv)
{
	static const struct {
		const char *name, *kernel;
		uint64_t (*run)(const char *kernel);
	} pieces[] = {
		{ "memchr", NULL, look }, { "index avx512", "avx512", scan_all }, { "index avx2", "avx2", scan_all },
		{ "index sse2", "sse2", scan_all }, { "index plain", "plain", scan_all }, { "read", NULL, read_all },
		{ "dispatch", NULL, dispatch }, { "parse", NULL, parse_all }, { "write", NULL, write_all },
		{ "records", NULL, records }, { "inflate", NULL, inflate_all },
	};
	static uint64_t times[COUNT_OF(pieces)][ROUNDS_MOST];
	uint64_t sums[COUNT_OF(pieces)] = { 0 };
	size_t rounds = argc == 3 || argc == 4 ? (size_t)strtoul(argv[2], NULL, 10) : 0;
	if (rounds == 0 || rounds > ROUNDS_MOST)
		return 2;
	path = argv[1];
	(void)snprintf(gzip_path, sizeof(gzip_path), "%s.gz", path);
	if (!load())
		return 3;
	char best[16];
	(void)snprintf(best, sizeof(best), "%s", reader_kernel_name());
	for (size_t round = 0; round < rounds; round++)
		for (size_t i = 0; i < COUNT_OF(pieces); i++) {
			if (argc == 4 && strcmp(argv[3], pieces[i].name) != 0)
				continue;
			uint64_t begin = processor_time();
			sums[i] = pieces[i].run(pieces[i].kernel);
			times[i][round] = processor_time() - begin;
			(void)reader_kernel(best);
		}
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		unsigned long long time = median(times[i], rounds);
		if (sums[i] != 0 || (pieces[i].run == look && argc == 3))
			printf("%s|%llu|%llu\n", pieces[i].name, time, (unsigned long long)sums[i]);
	}
	free(file);
	return 0;
}
