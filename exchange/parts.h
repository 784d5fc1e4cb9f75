/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * parts: many files that belong together: all of them stand under their names at the end, or
 * none.  Nothing that is there is ever written over.  Private to exchange.
 */
#ifndef PCCM_EXCHANGE_PARTS_H
#define PCCM_EXCHANGE_PARTS_H

#include "base/base.h"

struct parts {
	const char *folder;
	const char *form;    /* "{name}-{part}{ext}" */
	struct slice name, ext; /* of the file that is taken apart */
	uint64_t count;      /* parts begun */
	int fd;              /* of the open one; -1: none */
	struct buffer out;   /* what is not in its file yet */
};
/* Is the form one that gives each part a name of its own, in this folder? */
bool parts_form_fits(const char *form);
void parts_init(struct parts *parts, const char *folder, const char *form, const char *path);
bool parts_begin(struct parts *parts, struct failure *failure) WARN_UNUSED;
/* Put bytes into parts->out, then this: it goes to the disk in pieces. */
bool parts_flush(struct parts *parts, bool all, struct failure *failure) WARN_UNUSED;
/* What was put together apart, behind what is in parts->out. */
bool parts_pile(struct parts *parts, struct pile *pile, struct failure *failure) WARN_UNUSED;
bool parts_end(struct parts *parts, struct failure *failure) WARN_UNUSED;
/* All parts get their names, or none does and none is left. */
bool parts_keep(struct parts *parts, struct failure *failure) WARN_UNUSED;
void parts_drop(struct parts *parts); /* also after parts_keep, which leaves nothing to drop */

#endif
