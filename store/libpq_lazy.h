/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * libpq_lazy: libpq, loaded when the first store on PostgreSQL is opened.  Linked, it would bring LDAP, Kerberos and
 * a second TLS into every command, and a part of the time that a check of one member takes.
 *
 * Included in place of <libpq-fe.h>: calls go through pointers that libpq_load() fills.
 */
#ifndef PCCM_STORE_LIBPQ_LAZY_H
#define PCCM_STORE_LIBPQ_LAZY_H

#include <libpq-fe.h>

#include "base/base.h"

/* Every function of libpq that is called here: the only list of them. */
#define LIBPQ_CALLS(CALL) \
	CALL(clear) CALL(cmdTuples) CALL(connectdbParams) CALL(enterPipelineMode) CALL(errorMessage) CALL(exec) \
	CALL(exitPipelineMode) CALL(finish) CALL(freemem) CALL(ftype) CALL(getCopyData) CALL(getResult) CALL(getisnull) \
	CALL(getlength) CALL(getvalue) CALL(ntuples) CALL(parameterStatus) CALL(pipelineSync) CALL(putCopyData) \
	CALL(putCopyEnd) CALL(resultErrorField) CALL(resultStatus) CALL(sendPrepare) CALL(sendQueryParams) \
	CALL(sendQueryPrepared) CALL(serverVersion) CALL(status)

struct libpq_calls {
#define CALL(name) __typeof__(&PQ##name) name;
	LIBPQ_CALLS(CALL)
#undef CALL
};
extern struct libpq_calls libpq; /* libpq.status(…) is PQstatus(…) */
/* Load libpq, once; false and a sentence that names the package where it is not there. */
bool libpq_load(struct failure *failure) WARN_UNUSED;

#endif
