/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * cairo_lazy: see the header.  A call that is missing in the list does not link: nothing else here links cairo.
 */
#include "generators/cairo_lazy.h"

#include <dlfcn.h>

#define CAIRO_LIBRARY "libcairo.so.2"

struct cairo_calls cairo;

bool cairo_load(struct failure *failure)
{
	static bool loaded;
	if (loaded)
		return true;
	void *library = dlopen(CAIRO_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	bool found = library != NULL;
#define CALL(name) found = found && library_call(library, "cairo_" #name, &cairo.name, sizeof(cairo.name));
	CAIRO_CALLS(CALL)
#undef CALL
	if (!found)
		return failure_set(failure, "could not draw a roster: " CAIRO_LIBRARY " is not there or too old (install libcairo2)");
	loaded = true;
	return true;
}
