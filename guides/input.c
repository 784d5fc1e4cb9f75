/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * input: a guide or code file, read whole.  Past LIMIT_XML_BYTES it is refused
 * before any parser sees it.
 */
#include "guides/tables.h"

#include <errno.h>

bool input_read(struct buffer *out, const char *path, struct failure *failure)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return failure_set(failure, "%s: %s", path, strerror(errno));
	char chunk[4096];
	size_t len;
	while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0 && out->len <= LIMIT_XML_BYTES)
		buffer_put(out, chunk, len);
	bool ok = true;
	if (ferror(file) != 0)
		ok = failure_set(failure, "%s: cannot be read to its end", path);
	else if (out->len > LIMIT_XML_BYTES)
		ok = failure_set(failure, "%s: is longer than %d bytes", path, LIMIT_XML_BYTES);
	else if (out->failed)
		ok = failure_set(failure, "%s: no memory left for it", path);
	fclose(file);
	return ok;
}
