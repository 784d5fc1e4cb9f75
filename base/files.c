/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * files: written whole or not at all.
 *
 * A reader of `path` sees the old bytes or the new ones, never a part, whenever the
 * machine stops: the new bytes are on the disk before the name points to them, and
 * the name is on the disk before we say so.  What fails leaves the old file alone
 * and no hidden file behind.  What is no file (a device, a pipe) is written into.
 */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, struct slice bytes)
{
	while (bytes.len > 0) {
		/* Linux writes at most 0x7ffff000 bytes a call and says so in its answer */
		ssize_t written = write(fd, bytes.ptr, bytes.len);
		if (written < 0) {
			if (errno == EINTR)
				continue;
			return false;
		}
		bytes.ptr += written;
		bytes.len -= (size_t)written;
	}
	return true;
}

/* The folder of `path`, "." if it names none.  A NUL follows it. */
static void folder_of(struct buffer *folder, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (slash == NULL)
		buffer_char(folder, '.');
	else
		buffer_put(folder, path, slash == path ? 1 : (size_t)(slash - path));
	buffer_char(folder, '\0');
}

static bool folder_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool fine = fsync(fd) == 0;
	int why = errno;
	close(fd);
	errno = why;
	return fine;
}

static bool put_into_file(void *to, struct slice bytes)
{
	const int *fd = to;
	return write_all(*fd, bytes);
}

/* Bytes to the disk under the name `hidden` (a template of mkostemp, which makes it mode 0600). */
static bool hidden_write(char *hidden, pieces_fn *pieces, void *from)
{
	int fd = mkostemp(hidden, O_CLOEXEC);
	if (fd < 0)
		return false;
	bool fine = pieces(from, put_into_file, &fd) && fsync(fd) == 0;
	int why = errno;
	if (close(fd) != 0 && fine) {
		fine = false;
		why = errno;
	}
	if (!fine)
		unlink(hidden);
	errno = why;
	return fine;
}

static bool file_replace(const char *path, const char *folder, char *hidden, pieces_fn *pieces, void *from, struct failure *failure)
{
	if (!hidden_write(hidden, pieces, from))
		return failure_set(failure, "cannot write %s: %s", path, strerror(errno));
	if (rename(hidden, path) != 0) {
		int why = errno;
		unlink(hidden);
		return failure_set(failure, "cannot write %s: %s", path, strerror(why));
	}
	if (!folder_sync(folder))
		return failure_set(failure, "wrote %s, but its folder did not reach the disk: %s", path, strerror(errno));
	return true;
}

/* A device or a pipe is written into: another file under its name would take its place for everybody. */
static bool device_write(const char *path, pieces_fn *pieces, void *from, struct failure *failure)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return failure_set(failure, "cannot write %s: %s", path, strerror(errno));
	bool fine = pieces(from, put_into_file, &fd);
	int why = errno;
	if (close(fd) != 0 && fine) {
		fine = false;
		why = errno;
	}
	return fine || failure_set(failure, "cannot write %s: %s", path, strerror(why));
}

bool file_write_pieces(const char *path, pieces_fn *pieces, void *from, struct failure *failure)
{
	struct buffer folder, hidden;
	struct stat status;
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	if (name[0] == '\0')
		return failure_set(failure, "cannot write %s: it names no file", path);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return device_write(path, pieces, from, failure);
	buffer_init(&folder, 0);
	buffer_init(&hidden, 0);
	folder_of(&folder, path);
	buffer_put(&hidden, path, (size_t)(name - path));
	buffer_text(&hidden, ".");
	buffer_text(&hidden, name);
	buffer_text(&hidden, ".XXXXXX");
	buffer_char(&hidden, '\0');
	bool fine = folder.failed || hidden.failed
			    ? failure_set(failure, "cannot write %s: memory is used up", path)
			    : file_replace(path, folder.ptr, hidden.ptr, pieces, from, failure);
	buffer_done(&folder);
	buffer_done(&hidden);
	return fine;
}

static bool one_piece(void *from, put_fn *put, void *to)
{
	const struct slice *bytes = from;
	return put(to, *bytes);
}

bool file_write_whole(const char *path, struct slice bytes, struct failure *failure)
{
	return file_write_pieces(path, one_piece, &bytes, failure);
}

bool folder_make(const char *path, struct failure *failure)
{
	struct stat status;
	struct buffer part;
	bool made = path[0] != '\0';
	if (!made)
		return failure_set(failure, "cannot make a folder that has no name");
	buffer_init(&part, 0);
	buffer_text(&part, path);
	buffer_char(&part, '\0');
	if (part.failed)
		return failure_set(failure, "cannot make the folder %s: memory is used up", path);
	/* cut at each slash in turn; what is there already is what stat says at the end */
	for (size_t i = 1; i < part.len; i++) {
		char c = part.ptr[i];
		if (c != '/' && c != '\0')
			continue;
		part.ptr[i] = '\0';
		if (mkdir(part.ptr, 0700) != 0 && stat(part.ptr, &status) != 0) {
			failure_set(failure, "cannot make the folder %s: %s", path, strerror(errno));
			made = false;
			break;
		}
		part.ptr[i] = c;
	}
	buffer_done(&part);
	if (made && (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)))
		return failure_set(failure, "cannot make the folder %s: a file of that name is there", path);
	return made;
}
