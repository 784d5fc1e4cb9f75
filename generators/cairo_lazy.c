/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * cairo_lazy: see the header.  A call that is missing in the list does not link: nothing else here links cairo.
 */
#include "generators/cairo_lazy.h"

#include <dlfcn.h>
#include <pthread.h>

#define CAIRO_LIBRARY "libcairo.so.2"

struct cairo_calls cairo;

static bool cairo_find(struct failure *failure)
{
	void *library = dlopen(CAIRO_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	bool found = library != NULL;
#define CALL(name) found = found && library_call(library, "cairo_" #name, &cairo.name, sizeof(cairo.name));
	CAIRO_CALLS(CALL)
#undef CALL
	if (!found)
		return failure_set(failure, "could not draw a roster: " CAIRO_LIBRARY " is not there or too old (install libcairo2)");
	return true;
}

bool cairo_load(struct failure *failure)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* rosters are drawn by several threads */
	static bool loaded;
	pthread_mutex_lock(&lock);
	loaded = loaded || cairo_find(failure);
	pthread_mutex_unlock(&lock);
	return loaded;
}
