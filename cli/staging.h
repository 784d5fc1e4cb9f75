/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PCCM_CLI_STAGING_H
#define PCCM_CLI_STAGING_H

#include "cli/cli.h"

/* What load.c and staging.c share. */
void load_say(const struct load_report *report);
int load_status(const struct load_report *report);
/* Is it something else than applying files?  *status: EXIT_CLEAN, or the usage error that was told. */
bool staging_wanted(enum option *verb, const struct arguments *arguments, int *status);
int staging_run(enum option verb, struct office *office, const struct arguments *arguments);

#endif
