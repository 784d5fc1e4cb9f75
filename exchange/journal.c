/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * journal: which files of a month were done.
 *
 * A run that was stopped in the middle is run again from its first file.  Interchanges
 * of 834 are known by their numbers, but a provider file, an answer and the decisions
 * after a file depend on what was known on that day: done a second time they would see
 * what came later.  So each file that is done leaves an entry in the store, under the
 * hash of its bytes and its name, and is not done again in that month.
 *
 * An entry is a document of kind "run" whose owner is the month; the reply of a 270 is
 * one of kind "reply".  An 834 file has one of kind "begun" before it is loaded: what a
 * run that was stopped had loaded of it is not taken for a repeat by the next one.
 */
#include "exchange/journal.h"

static const char entry_kind[] = "run", begun_kind[] = "begun", reply_kind[] = "reply";

bool journal_key(struct office *office, char key[JOURNAL_KEY_BYTES], const char *path)
{
	struct sha256 hash;
	unsigned char digest[SHA256_BYTES];
	char hex[65];
	struct slice chunk;
	struct source *source = source_open(path, &office->failure);
	if (source == NULL)
		return false;
	bool hashing = sha256_init(&hash), done = hashing || failure_set(&office->failure, "could not hash %s: " SHA256_FAILED, path);
	do {
		done = done && source_read(source, &chunk, &office->failure);
		if (done)
			sha256_add(&hash, chunk.ptr, chunk.len);
	} while (done && chunk.len > 0);
	if (done && !sha256_end(&hash, digest))
		done = failure_set(&office->failure, "could not hash %s: " SHA256_FAILED, path);
	if (hashing)
		sha256_done(&hash);
	source_close(source);
	if (!done)
		return false;
	sha256_hex(hex, digest);
	snprintf(key, JOURNAL_KEY_BYTES, "%s %s", hex, source_name(path));
	return true;
}

/* ---- entries: "refused first last", as numbers ------------------------------------ */

static bool entry_read(struct journal_entry *entry, struct slice text)
{
	uint64_t numbers[3];
	struct slice word;
	for (unsigned i = 0; i < COUNT_OF(numbers); i++)
		if (!slice_part(&word, text, ' ', i) || !slice_number(&numbers[i], word))
			return false;
	*entry = (struct journal_entry){ .done = true, .refused = numbers[0] != 0, .first = (int64_t)numbers[1], .last = (int64_t)numbers[2] };
	return true;
}

/* The document of a file, in the arena; *found false: there is none. */
static bool find(struct office *office, struct arena *arena, bool *found, struct slice *bytes, const char *kind, months month, const char *key)
{
	return store_document_find(office->store, arena, found, bytes, kind, month, key) || office_store_failed(office);
}

bool journal_find(struct office *office, months month, const char *key, struct journal_entry *entry)
{
	struct arena arena;
	struct slice text;
	bool found;
	*entry = (struct journal_entry){ .done = false };
	arena_init(&arena, 0);
	bool done = find(office, &arena, &found, &text, entry_kind, month, key);
	if (done && found && !entry_read(entry, text))
		done = failure_set(&office->failure, "the store's entry about an earlier run cannot be read: %s", key);
	arena_done(&arena);
	return done;
}

bool journal_begin(struct office *office, months month, const char *key, bool *before)
{
	struct arena arena;
	struct slice none;
	arena_init(&arena, 0);
	bool done = find(office, &arena, before, &none, begun_kind, month, key);
	arena_done(&arena);
	if (!done || *before)
		return done;
	if (!store_begin(office->store))
		return office_store_failed(office);
	if (store_document_put(office->store, begun_kind, month, key, SLICE_NONE) && store_commit(office->store))
		return true;
	(void)office_store_failed(office);
	store_rollback(office->store);
	return false;
}

bool journal_add(struct office *office, months month, const char *key, const struct journal_entry *entry)
{
	char text[64];
	snprintf(text, sizeof(text), "%d %lld %lld", (int)entry->refused, (long long)entry->first, (long long)entry->last);
	return store_document_put(office->store, entry_kind, month, key, slice_of(text)) || office_store_failed(office);
}

bool journal_keep_reply(struct office *office, months month, const char *key, struct slice reply)
{
	return store_document_put(office->store, reply_kind, month, key, reply) || office_store_failed(office);
}

bool journal_reply(struct office *office, months month, const char *key, struct buffer *reply)
{
	struct arena arena;
	struct slice bytes;
	bool found;
	arena_init(&arena, 0);
	bool done = find(office, &arena, &found, &bytes, reply_kind, month, key);
	if (done && !found)
		done = failure_set(&office->failure, "the store has no reply to a 270 file that was answered: %s", key);
	if (done)
		buffer_slice(reply, bytes);
	arena_done(&arena);
	if (done && reply->failed)
		done = failure_set(&office->failure, "could not fetch a reply: out of memory");
	return done;
}
