/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * banned: functions that do not compile here, with what to use instead.
 * System headers that declare them come first, so that only calls are refused.
 */
#ifndef PCCM_BANNED_H
#define PCCM_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef sprintf  /* macros where the compiler is clang and _FORTIFY_SOURCE is set */
#undef vsprintf

#pragma GCC poison strcpy strcat sprintf vsprintf gets strtok   /* buffer_*, slice_word */
#pragma GCC poison atoi atol atof strncpy strncat               /* slice_number, slice_copy */
#pragma GCC poison localtime gmtime ctime asctime mktime        /* days_*, base/clock.c */
#pragma GCC poison rand srand random_r                          /* random_below */

#endif
