/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * progress: how far reading is, on a terminal; and what a signal leaves there: nothing.
 *
 * The line is drawn from the watcher of sources, ten times a second at most, so that a
 * chunk costs a look at the clock.  A signal that ends the program takes the line back
 * first; Ctrl-C in a command that asked for it only stops the reading.
 */
#include "cli/progress.h"

#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define CLEAR_LINE "\r\033[K"
#define TICKS_SECOND UINT64_C(1000000000)
#define FIRST_AFTER (TICKS_SECOND / 2)
#define EVERY (TICKS_SECOND / 10)
#define LINE_BYTES 200

static bool wanted;               /* standard error is a terminal that can take a line back */
static bool off;
static volatile sig_atomic_t drawn, interrupted;
static uint64_t began, next, bytes_read, findings_found;

/* ---- the line ------------------------------------------------------------------------ */

static size_t terminal_width(void)
{
	struct winsize size = { 0, 0, 0, 0 };
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20)
		return 80;
	return size.ws_col < LINE_BYTES ? size.ws_col : LINE_BYTES;
}

/* "in.x12: 45%, 212 of 470 MB, 612 MB/s, 1024 findings, 4 s left", and less of it where the size is not known */
static void put_line(struct buffer *out, const char *name, uint64_t bytes, uint64_t size, uint64_t ticks)
{
	unsigned long long mega = bytes / 1000000, speed = bytes * 1000 / ticks;
	text_put_printable(out, slice_of(name));
	if (size > 0)
		buffer_format(out, ": %llu%%, %llu of %llu MB", (unsigned long long)(bytes * 100 / size), mega, (unsigned long long)(size / 1000000));
	else
		buffer_format(out, ": %llu MB", mega);
	buffer_format(out, ", %llu MB/s", speed);
	if (findings_found > 0)
		buffer_format(out, ", %llu finding%s", (unsigned long long)findings_found, findings_found == 1 ? "" : "s");
	uint64_t a_second = bytes / (ticks / (TICKS_SECOND / 1000) + 1) * 1000 + 1;
	if (size >= bytes && size > 0)
		buffer_format(out, ", %llu s left", (unsigned long long)((size - bytes) / a_second));
}

static void draw(const char *name, uint64_t bytes, uint64_t size, uint64_t now)
{
	struct buffer line;
	buffer_init(&line, 0);
	put_line(&line, name, bytes, size, now - began);
	struct slice shown = { line.ptr, line.failed ? 0 : utf8_prefix(buffer_view(&line), terminal_width() - 1) };
	drawn = 1;
	fprintf(stderr, CLEAR_LINE "%.*s", SLICE_ARG(shown));
	buffer_done(&line);
}

static bool watch(void *data, const char *name, uint64_t bytes, uint64_t size)
{
	(void)data;
	if (interrupted)
		return false;
	bool begins = bytes < bytes_read || began == 0;
	bytes_read = bytes;
	if (!wanted || off)
		return true;
	uint64_t now = clock_ticks();
	if (begins) {
		began = now;
		next = now + FIRST_AFTER;
	}
	if (now < next)
		return true;
	next = now + EVERY;
	draw(name, bytes, size, now);
	return true;
}

void progress_clear(void)
{
	if (drawn)
		fputs(CLEAR_LINE, stderr);
	drawn = 0;
}

void progress_end(void)
{
	progress_clear();
}

void progress_off(void)
{
	progress_clear();
	off = true;
}

void progress_findings(uint64_t findings)
{
	findings_found = findings;
}

/* ---- signals -------------------------------------------------------------------------------- */

static void wipe(int number)
{
	static const char clear[] = CLEAR_LINE;
	if (drawn && write(STDERR_FILENO, clear, sizeof(clear) - 1) < 0)
		drawn = 0;
	raise(number); /* the handler was taken back when it was called */
}

static void interrupt(int number)
{
	interrupted = number;
}

/* Once, and without restarting a read that waits for a pipe.  What the caller has us ignore stays ignored. */
static void on_signal(int number, void (*handler)(int number))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = (int)SA_RESETHAND }, before;
	if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(number, &action, NULL);
}

void progress_begin(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	const char *terminal = getenv("TERM");
	wanted = isatty(STDERR_FILENO) == 1 && terminal != NULL && strcmp(terminal, "dumb") != 0;
	source_watch(watch, NULL);
	for (size_t i = 0; wanted && i < COUNT_OF(ends); i++)
		on_signal(ends[i], wipe);
}

void progress_interruptible(void)
{
	on_signal(SIGINT, interrupt);
}

bool progress_interrupted(void)
{
	return interrupted != 0;
}

void progress_resignal(void)
{
	if (interrupted == 0)
		return;
	signal(interrupted, SIG_DFL);
	raise(interrupted);
}

bool colours_wanted(int fd)
{
	const char *terminal = getenv("TERM"), *none = getenv("NO_COLOR");
	return isatty(fd) == 1 && terminal != NULL && strcmp(terminal, "dumb") != 0 && (none == NULL || none[0] == '\0');
}
