/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * xml_lazy: libxml2, loaded when the first XML document is read.  Linked, it and ICU behind it would take most of the time
 * that a check of one member takes, which reads none.
 *
 * Its functions are called by their own names: xml_lazy.c defines those that are called here, and hands them on.
 */
#ifndef PCCM_BASE_XML_LAZY_H
#define PCCM_BASE_XML_LAZY_H

#include "base/base.h"

/* Load it, once, before the first call; false and a sentence that names the package where it is not there. */
bool xml_load(struct failure *failure) WARN_UNUSED;

#endif
