/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * disguise: what disguise.c, treatment.c and invented.c share.  Private to generators.
 */
#ifndef PCCM_GENERATORS_DISGUISE_H
#define PCCM_GENERATORS_DISGUISE_H

#include "generators/generators.h"

enum invented { INVENTED_LAST, INVENTED_FIRST, INVENTED_STREET, INVENTED_CITY, INVENTED_ORGANISATION, INVENTED_SUFFIX, INVENTED_PREFIX, INVENTED_LISTS };
/* A word of a list by any number; never `but`. */
const char *invented_word(enum invented list, uint64_t number, struct slice but);

#endif
