/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * nomalloc: a library to preload that lets one allocation fail.
 *   NOMALLOC_AT=N         the N-th allocation gives NULL (1 is the first)
 *   NOMALLOC_FOREVER=1    ... and so does every one after it
 *   NOMALLOC_COUNT=FILE   write the number of allocations to FILE at the end
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* glibc's own, under the names that stay when malloc is replaced */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

static unsigned long calls, fail_at;
static bool asked, forever;

static bool fails(void)
{
	if (!asked) {
		asked = true;
		const char *text = getenv("NOMALLOC_AT");
		fail_at = text == NULL ? 0 : strtoul(text, NULL, 10);
		forever = getenv("NOMALLOC_FOREVER") != NULL;
	}
	calls++;
	if (fail_at == 0 || (forever ? calls < fail_at : calls != fail_at))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	return fails() ? NULL : __libc_realloc(block, size);
}

__attribute__((destructor)) static void report(void)
{
	const char *path = getenv("NOMALLOC_COUNT");
	unsigned long total = calls;
	FILE *file = path == NULL ? NULL : fopen(path, "w");
	if (file == NULL)
		return;
	fprintf(file, "%lu\n", total);
	fclose(file);
}
