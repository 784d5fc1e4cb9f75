/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * parts: the files that `pccm split` and `pccm deidentify` write.
 *
 * Each part is written under a hidden name beside its own; when all are whole they are linked
 * to their names, which fails if somebody else is there, and the hidden names go.  The names
 * follow from a form and a number, so that nothing is kept for each part.
 *
 * Holds at every return: parts 1 … count lie under their hidden names, or after parts_keep
 * under their own.
 */
#include "exchange/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE_BYTES (256 * 1024)

static bool write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t written = write(fd, bytes, len);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		bytes += written;
		len -= (size_t)written;
	}
	return true;
}

/* ---- names ---- */

static const struct {
	const char *word;
	char what;
} words[] = { { "{name}", 'n' }, { "{part}", 'p' }, { "{ext}", 'e' } };

static char word_at(const char *form, size_t *len)
{
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		*len = strlen(words[i].word);
		if (strncmp(form, words[i].word, *len) == 0)
			return words[i].what;
	}
	*len = 1;
	return '\0';
}

bool parts_form_fits(const char *form)
{
	bool numbered = false;
	size_t len;
	if (form[0] == '.' || strchr(form, '/') != NULL)
		return false;
	for (; *form != '\0'; form += len) {
		char what = word_at(form, &len);
		if (what == '\0' && (*form == '{' || *form == '}'))
			return false;
		numbered = numbered || what == 'p';
	}
	return numbered;
}

/* The path of a part, ended by NUL. */
static void path_put(struct buffer *path, const struct parts *parts, uint64_t number, bool hidden)
{
	size_t len;
	buffer_reset(path);
	buffer_format(path, "%s/%s", parts->folder, hidden ? "." : "");
	for (const char *at = parts->form; *at != '\0'; at += len) {
		char what = word_at(at, &len);
		if (what == 'n')
			buffer_slice(path, parts->name);
		else if (what == 'e')
			buffer_slice(path, parts->ext);
		else if (what == 'p')
			buffer_format(path, "%05llu", (unsigned long long)number);
		else
			buffer_char(path, *at);
	}
	if (hidden)
		buffer_text(path, ".part");
	buffer_char(path, '\0');
}

void parts_init(struct parts *parts, const char *folder, const char *form, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct slice name = slice_of(strcmp(path, "-") == 0 ? "part" : slash == NULL ? path : slash + 1);
	if (name.len > 3 && memcmp(name.ptr + name.len - 3, ".gz", 3) == 0)
		name.len -= 3;
	size_t dot = name.len;
	while (dot > 1 && name.ptr[dot - 1] != '.')
		dot--;
	*parts = (struct parts){ .folder = folder, .form = form, .name = name, .fd = -1 };
	if (dot > 1) {
		parts->ext = (struct slice){ name.ptr + dot - 1, name.len - dot + 1 };
		parts->name.len = dot - 1;
	}
	buffer_init(&parts->out, 0);
}

/* ---- one part ---- */

bool parts_begin(struct parts *parts, struct failure *failure)
{
	struct buffer path, hidden;
	struct stat status;
	buffer_init(&path, 0);
	buffer_init(&hidden, 0);
	path_put(&path, parts, parts->count + 1, false);
	path_put(&hidden, parts, parts->count + 1, true);
	bool begun = false;
	if (path.failed || hidden.failed)
		failure_set(failure, "could not name a part: out of memory");
	else if (lstat(path.ptr, &status) == 0)
		failure_set(failure, "%s is there already, and is not written over", path.ptr);
	else
		begun = true;
	if (begun) {
		parts->fd = open(hidden.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (parts->fd < 0 && errno == EEXIST)
			begun = failure_set(failure, "%s is there: another command is writing it, or was killed when it did; then delete it", hidden.ptr);
		else
			begun = parts->fd >= 0 || failure_set(failure, "cannot write %s: %s", hidden.ptr, strerror(errno));
	}
	parts->count += begun;
	buffer_done(&path);
	buffer_done(&hidden);
	return begun;
}

bool parts_flush(struct parts *parts, bool all, struct failure *failure)
{
	if (parts->out.failed)
		return failure_set(failure, "could not write a part: out of memory");
	if (!all && parts->out.len < PIECE_BYTES)
		return true;
	if (parts->out.len > 0 && !write_all(parts->fd, parts->out.ptr, parts->out.len))
		return failure_set(failure, "cannot write part %llu in %s: %s", (unsigned long long)parts->count, parts->folder, strerror(errno));
	buffer_reset(&parts->out);
	return true;
}

struct pouring {
	struct parts *parts;
	struct failure *failure;
};

static bool pour(void *to, struct slice bytes)
{
	struct pouring *pouring = to;
	buffer_slice(&pouring->parts->out, bytes);
	return parts_flush(pouring->parts, false, pouring->failure);
}

bool parts_pile(struct parts *parts, struct pile *pile, struct failure *failure)
{
	struct pouring pouring = { parts, failure };
	if (!pile_fine(pile, "a part", failure))
		return false;
	return pile_pieces(pile, pour, &pouring) || failure_set(failure, "cannot read back a part: %s", strerror(errno));
}

bool parts_end(struct parts *parts, struct failure *failure)
{
	bool fine = parts_flush(parts, true, failure);
	if (fine && fsync(parts->fd) != 0)
		fine = failure_set(failure, "cannot write part %llu in %s: %s", (unsigned long long)parts->count, parts->folder, strerror(errno));
	if (close(parts->fd) != 0 && fine)
		fine = failure_set(failure, "cannot write part %llu in %s: %s", (unsigned long long)parts->count, parts->folder, strerror(errno));
	parts->fd = -1;
	return fine;
}

/* ---- all of them ---- */

static bool name_one(const struct parts *parts, uint64_t number, struct buffer *path, struct buffer *hidden, struct failure *failure)
{
	path_put(path, parts, number, false);
	path_put(hidden, parts, number, true);
	if (path->failed || hidden->failed)
		return failure_set(failure, "could not name a part: out of memory");
	if (link(hidden->ptr, path->ptr) == 0)
		return true;
	if (errno == EEXIST)
		return failure_set(failure, "%s is there already, and is not written over", path->ptr);
	return failure_set(failure, "cannot write %s: %s", path->ptr, strerror(errno));
}

static void unlink_all(const struct parts *parts, uint64_t count, bool hidden)
{
	struct buffer path;
	buffer_init(&path, 0);
	for (uint64_t number = 1; number <= count && !path.failed; number++) {
		path_put(&path, parts, number, hidden);
		if (!path.failed)
			unlink(path.ptr);
	}
	buffer_done(&path);
}

static bool folder_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool fine = fsync(fd) == 0;
	close(fd);
	return fine;
}

bool parts_keep(struct parts *parts, struct failure *failure)
{
	struct buffer path, hidden;
	uint64_t named = 0;
	buffer_init(&path, 0);
	buffer_init(&hidden, 0);
	while (named < parts->count && name_one(parts, named + 1, &path, &hidden, failure))
		named++;
	bool kept = named == parts->count;
	if (kept && !folder_sync(parts->folder))
		kept = failure_set(failure, "wrote the parts, but their folder %s did not reach the disk: %s", parts->folder, strerror(errno));
	if (!kept)
		unlink_all(parts, named, false);
	unlink_all(parts, parts->count, true);
	parts->count = kept ? parts->count : 0;
	buffer_done(&path);
	buffer_done(&hidden);
	return kept;
}

void parts_drop(struct parts *parts)
{
	if (parts->fd >= 0)
		close(parts->fd);
	parts->fd = -1;
	unlink_all(parts, parts->count, true);
	buffer_done(&parts->out);
}
