/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * library: functions of libraries that are loaded when they are needed.
 */
#include "base/base.h"

#include <dlfcn.h>

bool library_call(void *library, const char *name, void *out, size_t size)
{
	void *found = dlsym(library, name);
	if (found == NULL)
		return false;
	memcpy(out, &found, size); /* POSIX gives functions as void *; ISO C has no cast from there */
	return true;
}
