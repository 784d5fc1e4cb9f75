/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * source: a file or standard input, read in chunks of a fixed size.
 */
#include "exchange/exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_BYTES (128 * 1024)

static source_watcher watcher;
static void *watcher_data;

struct source {
	int fd;
	source_reader *reader;   /* NULL: fd */
	void *from;
	uint64_t bytes, size;    /* read; in all, 0: not known */
	size_t piece;            /* what is read at a time at most */
	const char *path;
	char chunk[CHUNK_BYTES];
};

void source_watch(source_watcher fn, void *data)
{
	watcher = fn;
	watcher_data = data;
}

const char *source_name(const char *path)
{
	if (strcmp(path, "-") == 0)
		return "standard input";
	const char *slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

struct source *source_open(const char *path, struct failure *failure)
{
	struct source *source = malloc(sizeof(*source));
	if (source == NULL) {
		failure_set(failure, "could not open %s: out of memory", path);
		return NULL;
	}
	source->path = path;
	source->bytes = 0;
	source->piece = CHUNK_BYTES;
	source->reader = NULL;
	source->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	if (source->fd < 0 || fstat(source->fd, &status) != 0) {
		failure_set(failure, "could not open %s: %s", path, strerror(errno));
		goto out;
	}
	source->size = S_ISREG(status.st_mode) && status.st_size > 0 ? (uint64_t)status.st_size : 0;
	if (S_ISDIR(status.st_mode)) {
		failure_set(failure, "could not read %s: it is a folder", path);
		goto out;
	}
	return source;
out:
	source_close(source);
	return NULL;
}

struct source *source_of(source_reader *reader, void *from, const char *name, uint64_t size, struct failure *failure)
{
	struct source *source = malloc(sizeof(*source));
	if (source == NULL) {
		failure_set(failure, "could not open %s: out of memory", name);
		return NULL;
	}
	source->fd = -1;
	source->piece = CHUNK_BYTES;
	source->reader = reader;
	source->from = from;
	source->path = name;
	source->bytes = 0;
	source->size = size;
	return source;
}

bool source_goes_on(const struct source *source, uint64_t read, struct failure *failure)
{
	if (watcher == NULL || watcher(watcher_data, source_name(source->path), read, source->size))
		return true;
	return failure_set(failure, "stopped reading %s at byte %llu", source->path, (unsigned long long)read);
}

static bool goes_on(const struct source *source, struct failure *failure)
{
	return source_goes_on(source, source->bytes, failure);
}

bool source_read(struct source *source, struct slice *chunk, struct failure *failure)
{
	chunk->ptr = source->chunk;
	return source_read_to(source, source->chunk, CHUNK_BYTES, &chunk->len, failure);
}

bool source_read_unwatched(struct source *source, struct slice *chunk, uint64_t *read_to, struct failure *failure)
{
	for (;;) {
		ssize_t got = read(source->fd, source->chunk, source->piece);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return failure_set(failure, "could not read %s: %s", source->path, strerror(errno));
		source->bytes += (uint64_t)got;
		*read_to = source->bytes;
		*chunk = (struct slice){ source->chunk, (size_t)got };
		return true;
	}
}

bool source_read_to(struct source *source, char *to, size_t room, size_t *len, struct failure *failure)
{
	if (source->reader != NULL) {
		if (!source->reader(source->from, to, room, len, failure))
			return false;
		source->bytes += (uint64_t)*len;
		return goes_on(source, failure);
	}
	for (;;) {
		ssize_t got = read(source->fd, to, room < source->piece ? room : source->piece);
		if (got >= 0) {
			*len = (size_t)got;
			source->bytes += (uint64_t)got;
			return goes_on(source, failure);
		}
		if (errno != EINTR)
			return failure_set(failure, "could not read %s: %s", source->path, strerror(errno));
		if (!goes_on(source, failure))
			return false;
	}
}

void source_pieces(struct source *source, size_t most)
{
	source->piece = most < CHUNK_BYTES ? most : CHUNK_BYTES;
}

uint64_t source_size(const struct source *source)
{
	return source->fd <= STDIN_FILENO ? 0 : source->size;
}

bool source_read_at(const struct source *source, char *to, size_t room, uint64_t offset, size_t *len)
{
	*len = 0;
	while (*len < room) {
		ssize_t got = pread(source->fd, to + *len, room - *len, (off_t)(offset + *len));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0;
		*len += (size_t)got;
	}
	return true;
}

bool source_jump(struct source *source, uint64_t offset, struct failure *failure)
{
	if (lseek(source->fd, (off_t)offset, SEEK_SET) < 0)
		return failure_set(failure, "could not read %s: %s", source->path, strerror(errno));
	source->bytes = offset;
	return goes_on(source, failure);
}

void source_close(struct source *source)
{
	if (source == NULL)
		return;
	if (source->fd > STDIN_FILENO)
		close(source->fd);
	free(source);
}
