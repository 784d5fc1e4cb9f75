/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PCCM_EXCHANGE_RUN_H
#define PCCM_EXCHANGE_RUN_H

#include "exchange/exchange.h"

#define SCREEN_LINES_MAX 25 /* of one list; the rest is counted */

/* The screen of a month: what `pccm run` tells the person in front of it. */
struct screen {
	struct buffer *out;
	struct office *office;
	struct arena arena;
	struct buffer held;     /* findings of the file being read: printed below its line */
	uint64_t findings;      /* of them, how many */
	struct buffer decisions; /* what was refused, line by line */
	uint64_t decision_lines;
};
void screen_heading(struct screen *screen, const char *text);
void screen_month(struct screen *screen, months month);
void screen_finding(void *screen, const struct finding *finding, const char *file);        /* a finding_sink */
void screen_row(void *screen, const char *file, uint64_t line, const char *text);          /* a row_complaint */
void screen_decision(void *screen, const struct decision *decision, const struct member *member, const struct request *request);
void screen_load(struct screen *screen, days day, const char *file, const struct load_report *before, const struct load_report *after);
void screen_rows(struct screen *screen, days day, const char *file, const char *noun, const struct row_report *before, const struct row_report *after);
void screen_answers(struct screen *screen, days day, const char *file, const struct answer_report *before, const struct answer_report *after);
void screen_other(struct screen *screen, days day, const char *file, const char *text);
bool screen_assignments(struct screen *screen, const struct assign_report *report);
bool screen_payments(struct screen *screen, const struct remit_report *report, const struct frozen_month *frozen);

#endif
