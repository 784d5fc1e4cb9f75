/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * nomalloc: a library to preload that lets one allocation fail.  Counted are the allocations
 * of pccm, SQLite, zlib, libcsv and the C library.  Not counted are those of libraries
 * that crash without memory whatever their caller does: OpenSSL and pixman while they set
 * themselves up, libxml2's buffers, cairo's arrays (NOMALLOC_ALL counts these too).
 *   NOMALLOC_AT=N         the N-th allocation gives NULL (1 is the first)
 *   NOMALLOC_FOREVER=1    ... and so does every one after it
 *   NOMALLOC_COUNT=FILE   write the number of allocations to FILE at the end
 */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* glibc's own, under the names that stay when malloc is replaced */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

static const char *const left_alone[] = { "libcrypto", "libxml2", "libcairo", "libpixman", "libfontconfig", "libfreetype",
	"libexpat", "libpng", "libX11", "libxcb", "ld-linux" };
static struct range { uintptr_t begin, end; } ranges[32];
static size_t range_count;
static unsigned long calls, fail_at;
static bool asked, forever, loading;

static int note_library(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)size;
	(void)data;
	bool alone = false;
	for (size_t i = 0; i < sizeof(left_alone) / sizeof(left_alone[0]); i++)
		alone = alone || strstr(info->dlpi_name, left_alone[i]) != NULL;
	if (!alone || range_count == sizeof(ranges) / sizeof(ranges[0]))
		return 0;
	struct range range = { UINTPTR_MAX, 0 };
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_LOAD)
			continue;
		uintptr_t begin = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, end = begin + info->dlpi_phdr[i].p_memsz;
		range.begin = begin < range.begin ? begin : range.begin;
		range.end = end > range.end ? end : range.end;
	}
	ranges[range_count++] = range;
	return 0;
}

static void ask(void)
{
	asked = true;
	const char *text = getenv("NOMALLOC_AT");
	fail_at = text == NULL ? 0 : strtoul(text, NULL, 10);
	forever = getenv("NOMALLOC_FOREVER") != NULL;
	if (getenv("NOMALLOC_ALL") == NULL)
		dl_iterate_phdr(note_library, NULL);
}

static bool fails(uintptr_t caller)
{
	if (loading)
		return false;
	if (!asked)
		ask();
	for (size_t i = 0; i < range_count; i++)
		if (caller >= ranges[i].begin && caller < ranges[i].end)
			return false;
	calls++;
	if (fail_at == 0 || (forever ? calls < fail_at : calls != fail_at))
		return false;
	errno = ENOMEM;
	return true;
}

/* Some libraries come late; what loading does without memory is the C library's own. */
void *dlopen(const char *name, int mode)
{
	static void *(*own)(const char *name, int mode);
	void *found = dlsym(RTLD_NEXT, "dlopen");
	memcpy(&own, &found, sizeof(own));
	loading = true;
	void *library = own(name, mode);
	loading = false;
	range_count = 0;
	asked = false;
	return library;
}

#define CALLER ((uintptr_t)__builtin_return_address(0))

void *malloc(size_t size)
{
	return fails(CALLER) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails(CALLER) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	return fails(CALLER) ? NULL : __libc_realloc(block, size);
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
