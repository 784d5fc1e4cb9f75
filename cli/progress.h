/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PCCM_CLI_PROGRESS_H
#define PCCM_CLI_PROGRESS_H

#include "cli/cli.h"

/* A line on standard error that says how far reading is.  Drawn only on a terminal that can take it back, and only of
 * what takes longer than a moment. */
void progress_begin(void);
void progress_off(void);                   /* --no-progress, --quiet */
void progress_findings(uint64_t findings); /* so far */
void progress_clear(void);                 /* before something else is printed; it comes again with the next chunk */
void progress_end(void);

/* An interrupt (Ctrl-C) is to end reading in good order: source_read fails, and progress_interrupted tells why. */
void progress_interruptible(void);
bool progress_interrupted(void);
/* End by the signal that came, so that a shell knows; returns if none came. */
void progress_resignal(void);
/* May this stream get colours?  It is a terminal that is not dumb, and NO_COLOR is not set. */
bool colours_wanted(int fd);

#endif
