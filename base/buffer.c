/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * buffer: bytes that grow.
 *
 * A put that does not fit (memory, the limit) sets `failed` and puts nothing; so do
 * all later ones.  Whoever fills a buffer asks once, at the end.  What a failed
 * buffer holds is a whole number of puts, never half of one.
 */
#include "base/base.h"

#include <stdarg.h>

#define BUFFER_FIRST_BYTES ((size_t)256)

void buffer_init(struct buffer *buffer, size_t limit_bytes)
{
	*buffer = (struct buffer){ .limit_bytes = limit_bytes };
}

/* Room for `more` bytes behind what is there. */
static bool buffer_room(struct buffer *buffer, size_t more)
{
	if (buffer->failed)
		return false;
	size_t limit = buffer->limit_bytes == 0 ? SIZE_MAX : buffer->limit_bytes;
	if (buffer->len > limit || more > limit - buffer->len) {
		buffer->failed = true;
		return false;
	}
	size_t need = buffer->len + more;
	if (need <= buffer->size)
		return true;
	size_t size = buffer->size < BUFFER_FIRST_BYTES ? BUFFER_FIRST_BYTES : buffer->size;
	while (size < need)
		size = size > SIZE_MAX / 2 ? need : size * 2;
	char *ptr = realloc(buffer->ptr, size);
	if (ptr == NULL) {
		buffer->failed = true;
		return false;
	}
	buffer->ptr = ptr;
	buffer->size = size;
	return true;
}

void buffer_put(struct buffer *buffer, const void *bytes, size_t len)
{
	if (len == 0 || !buffer_room(buffer, len))
		return;
	memcpy(buffer->ptr + buffer->len, bytes, len);
	buffer->len += len;
}

char *buffer_reserve(struct buffer *buffer, size_t bytes)
{
	return buffer_room(buffer, bytes) ? buffer->ptr + buffer->len : NULL;
}

void buffer_slice(struct buffer *buffer, struct slice a)
{
	buffer_put(buffer, a.ptr, a.len);
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_slice(buffer, slice_of(text));
}

void buffer_char(struct buffer *buffer, char c)
{
	buffer_put(buffer, &c, 1);
}

void buffer_number(struct buffer *buffer, int64_t number)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (number < 0)
		digits[--at] = '-';
	buffer_put(buffer, digits + at, sizeof(digits) - at);
}

void buffer_pad(struct buffer *buffer, struct slice a, size_t width)
{
	size_t bytes = utf8_prefix(a, width);
	size_t filled = width - utf8_count((struct slice){ a.ptr, bytes });
	if (bytes > SIZE_MAX - filled || !buffer_room(buffer, bytes + filled)) {
		buffer->failed = true;
		return;
	}
	if (bytes > 0)
		memcpy(buffer->ptr + buffer->len, a.ptr, bytes);
	if (filled > 0)
		memset(buffer->ptr + buffer->len + bytes, ' ', filled);
	buffer->len += bytes + filled;
}

/* Through memory of its own: vsnprintf writes a NUL, for which a buffer at its limit has no room. */
static void __attribute__((format(printf, 3, 0)))
buffer_formatted(struct buffer *buffer, size_t len, const char *format, va_list args)
{
	char small[512];
	char *text = len < sizeof(small) ? small : malloc(len + 1);
	if (text == NULL) {
		buffer->failed = true;
		return;
	}
	vsnprintf(text, len + 1, format, args);
	buffer_put(buffer, text, len);
	if (text != small)
		free(text);
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
	va_list args, again;
	if (buffer->failed)
		return;
	va_start(args, format);
	va_copy(again, args);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		buffer->failed = true;
	else
		buffer_formatted(buffer, (size_t)len, format, again);
	va_end(again);
}

struct slice buffer_view(const struct buffer *buffer)
{
	return (struct slice){ buffer->ptr, buffer->len };
}

void buffer_reset(struct buffer *buffer)
{
	buffer->len = 0;
	buffer->failed = false;
}

void buffer_done(struct buffer *buffer)
{
	free(buffer->ptr);
	*buffer = (struct buffer){ .limit_bytes = buffer->limit_bytes };
}
