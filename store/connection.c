/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * connection: which engine a URL means; a store is opened by it and closed.
 */
#include "store/driver.h"

/* "mysql:…" is no file name that somebody meant; "./a:b" is one. */
static bool names_other_kind(const char *url)
{
	size_t letters = strspn(url, "abcdefghijklmnopqrstuvwxyz");
	return letters > 0 && url[letters] == ':';
}

/* The engine, and what the store is called there. */
static const struct driver *engine_of(const char *url, struct slice *name, struct failure *failure)
{
	*name = slice_of(url);
	if (slice_starts(*name, "sqlite:"))
		*name = (struct slice){ name->ptr + 7, name->len - 7 };
	else if (names_other_kind(url)) {
		failure_set(failure, "the store %s is not SQLite, expected sqlite:PATH", url);
		return NULL;
	}
	if (name->len > 0)
		return &sqlite_driver;
	failure_set(failure, "the store has no name, expected sqlite:PATH");
	return NULL;
}

struct store *store_open(const char *url, bool create, struct failure *failure)
{
	struct slice name;
	const struct driver *driver = engine_of(url, &name, failure);
	if (driver == NULL)
		return NULL;
	struct store *store = driver->make();
	char *copy = store == NULL ? NULL : malloc(name.len + 1);
	if (copy == NULL) {
		free(store);
		failure_set(failure, "memory is used up while opening the store %s", url);
		return NULL;
	}
	slice_copy(copy, name.len + 1, name);
	store->driver = driver;
	store->path = copy;
	if (!driver->open(store, copy, create)) {
		failure_set(failure, "%s", store->failure.text);
		store_close(store);
		return NULL;
	}
	return store;
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	free(store->path);
	store->driver->close(store);
}
