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
	if (slice_starts(*name, "postgresql://") || slice_starts(*name, "postgres://"))
		return &postgres_driver;
	if (slice_starts(*name, "sqlite:"))
		*name = (struct slice){ name->ptr + 7, name->len - 7 };
	else if (names_other_kind(url)) {
		failure_set(failure, "the store %s is of no kind that is known, expected sqlite:PATH or postgresql://HOST/DATABASE", url);
		return NULL;
	}
	if (name->len > 0)
		return &sqlite_driver;
	failure_set(failure, "the store has no name, expected sqlite:PATH or postgresql://HOST/DATABASE");
	return NULL;
}

/* A password is nobody's business: "//user:secret@" loses it, and so does "password=secret". */
static void name_put(char *out, struct slice url)
{
	const char *host = url.ptr, *at = memchr(url.ptr, '@', url.len);
	for (size_t i = 0; i < url.len; i++) {
		const char *p = url.ptr + i;
		if (*p == '/' && p[1] == '/' && host == url.ptr)
			host = p + 2;
		bool hidden = host > url.ptr && at != NULL && p > host && p < at && memchr(host, ':', (size_t)(p - host)) != NULL;
		if (!hidden)
			*out++ = *p;
		if (p - url.ptr >= 8 && memcmp(p - 8, "password=", 9) == 0)
			while (i + 1 < url.len && url.ptr[i + 1] != '&')
				i++;
	}
	*out = '\0';
}

struct store *store_open(const char *url, bool create, struct failure *failure)
{
	struct slice name;
	const struct driver *driver = engine_of(url, &name, failure);
	if (driver == NULL)
		return NULL;
	struct store *store = driver->make();
	char *copy = store == NULL ? NULL : malloc(name.len + 1), *kept = store == NULL ? NULL : strdup(url);
	if (copy == NULL || kept == NULL) {
		free(copy);
		free(kept);
		free(store);
		failure_set(failure, "memory is used up while opening the store %s", url);
		return NULL;
	}
	if (driver == &postgres_driver)
		name_put(copy, name);
	else
		slice_copy(copy, name.len + 1, name);
	store->driver = driver;
	store->path = copy;
	store->url = kept;
	if (!driver->open(store, driver == &postgres_driver ? url : copy, create)) {
		failure_set(failure, "%s", store->failure.text);
		store_close(store);
		return NULL;
	}
	return store;
}

struct store *store_another(const struct store *store, struct failure *failure)
{
	return store_open(store->url, false, failure);
}

void store_close(struct store *store)
{
	if (store == NULL)
		return;
	free(store->path);
	free(store->url);
	store->driver->close(store);
}
