/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PCCM_EXCHANGE_JOURNAL_H
#define PCCM_EXCHANGE_JOURNAL_H

#include "exchange/exchange.h"

/* What an earlier run of a month did with a file of these bytes and this name. */
struct journal_entry {
	bool done;
	bool refused;           /* something in it was refused */
	int64_t first, last;    /* 834: the interchanges that it became; 0: none */
};
#define JOURNAL_KEY_BYTES 384
/* The key of a file: the hash of its bytes and its name. */
bool journal_key(struct office *office, char key[JOURNAL_KEY_BYTES], const char *path) WARN_UNUSED;
bool journal_find(struct office *office, months month, const char *key, struct journal_entry *entry) WARN_UNUSED;
/* Did an earlier run of the month begin with this file?  From now on one did. */
bool journal_begin(struct office *office, months month, const char *key, bool *before) WARN_UNUSED;
bool journal_add(struct office *office, months month, const char *key, const struct journal_entry *entry) WARN_UNUSED;
/* The reply of a 270 file: kept with the entry, and fetched again. */
bool journal_keep_reply(struct office *office, months month, const char *key, struct slice reply) WARN_UNUSED;
bool journal_reply(struct office *office, months month, const char *key, struct buffer *reply) WARN_UNUSED;

#endif
