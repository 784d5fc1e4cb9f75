/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * libpq_lazy: see the header.  A call that is missing in the list does not link: nothing else here links libpq.
 */
#include "store/libpq_lazy.h"

#include <dlfcn.h>

#define LIBPQ_LIBRARY "libpq.so.5"

struct libpq_calls libpq;

bool libpq_load(struct failure *failure)
{
	static bool loaded;
	if (loaded)
		return true;
	void *library = dlopen(LIBPQ_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	bool found = library != NULL;
#define CALL(name) found = found && library_call(library, "PQ" #name, &libpq.name, sizeof(libpq.name));
	LIBPQ_CALLS(CALL)
#undef CALL
	if (!found)
		return failure_set(failure, "the store cannot be reached: " LIBPQ_LIBRARY " is not there or too old (install libpq5)");
	loaded = true;
	return true;
}
