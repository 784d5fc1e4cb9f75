/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * pile: bytes that are put together before they are written, in constant memory.  The last
 * of them lie in memory, the others in a file without a name (in TMPDIR, else /tmp), which is
 * gone when the program is, whatever ends it.
 *
 * Holds: len = what lies in the file + what lies in memory; a put that fails is remembered,
 * later ones do nothing, and pile_fine says why.
 */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define PILE_BYTES (64 * 1024) /* in memory */

void pile_init(struct pile *pile)
{
	*pile = (struct pile){ .fd = -1 };
	buffer_init(&pile->tail, 0);
}

void pile_done(struct pile *pile)
{
	if (pile->fd >= 0)
		close(pile->fd);
	buffer_done(&pile->tail);
	pile_init(pile);
}

static int nameless_file(void)
{
	const char *folder = getenv("TMPDIR");
	if (folder == NULL || folder[0] == '\0')
		folder = "/tmp";
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL))
		return fd;
	/* a file system that has none: one whose name is taken away at once */
	struct buffer path;
	buffer_init(&path, 0);
	buffer_text(&path, folder);
	buffer_text(&path, "/.pccm.XXXXXX");
	buffer_char(&path, '\0');
	if (!path.failed && (fd = mkostemp(path.ptr, O_CLOEXEC)) >= 0)
		unlink(path.ptr);
	buffer_done(&path);
	return fd;
}

static bool tail_write(struct pile *pile)
{
	if (pile->fd < 0)
		pile->fd = nameless_file();
	size_t done = 0;
	while (pile->fd >= 0 && done < pile->tail.len) {
		ssize_t wrote = pwrite(pile->fd, pile->tail.ptr + done, pile->tail.len - done, (off_t)(pile->in_file + done));
		if (wrote < 0 && errno != EINTR)
			break;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	if (done < pile->tail.len) {
		pile->why = errno;
		return false;
	}
	pile->in_file += done;
	buffer_reset(&pile->tail);
	return true;
}

void pile_put(struct pile *pile, struct slice bytes)
{
	while (pile->why == 0 && !pile->tail.failed && bytes.len > 0) {
		size_t room = PILE_BYTES - pile->tail.len, taken = bytes.len < room ? bytes.len : room;
		buffer_put(&pile->tail, bytes.ptr, taken);
		bytes.ptr += taken;
		bytes.len -= taken;
		if (pile->tail.len == PILE_BYTES && !tail_write(pile))
			return;
	}
}

uint64_t pile_len(const struct pile *pile)
{
	return pile->in_file + pile->tail.len;
}

void pile_cut(struct pile *pile, uint64_t len)
{
	if (len >= pile->in_file) {
		size_t keep = (size_t)(len - pile->in_file);
		pile->tail.len = keep < pile->tail.len ? keep : pile->tail.len;
		return;
	}
	/* what is behind the new end in the file is written over, or never read */
	pile->in_file = len;
	buffer_reset(&pile->tail);
}

bool pile_fine(const struct pile *pile, const char *what, struct failure *failure)
{
	if (pile->why != 0)
		return failure_set(failure, "could not write %s: %s", what, strerror(pile->why));
	if (pile->tail.failed)
		return failure_set(failure, "could not write %s: out of memory", what);
	return true;
}

bool pile_pieces(void *from, put_fn *put, void *to)
{
	const struct pile *pile = from;
	char *piece = pile->in_file > 0 ? malloc(PILE_BYTES) : NULL;
	if (pile->in_file > 0 && piece == NULL)
		return false;
	uint64_t done = 0;
	bool fine = pile->why == 0 && !pile->tail.failed;
	while (fine && done < pile->in_file) {
		uint64_t rest = pile->in_file - done;
		ssize_t got = pread(pile->fd, piece, rest < PILE_BYTES ? (size_t)rest : PILE_BYTES, (off_t)done);
		if (got < 0 && errno == EINTR)
			continue;
		fine = got > 0 && put(to, (struct slice){ piece, (size_t)got });
		done += got > 0 ? (uint64_t)got : 0;
	}
	free(piece);
	return fine && (pile->tail.len == 0 || put(to, buffer_view(&pile->tail)));
}

bool pile_take(void *to, struct slice bytes)
{
	struct pile *pile = to;
	pile_put(pile, bytes);
	return pile->why == 0 && !pile->tail.failed;
}

bool buffer_take(void *to, struct slice bytes)
{
	struct buffer *buffer = to;
	buffer_slice(buffer, bytes);
	return !buffer->failed;
}
