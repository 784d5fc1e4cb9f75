/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * screen: what `pccm run` tells the person in front of it, in the order in which they
 * ask: what came in, what was refused and why, who is whose patient, who waits and why,
 * what was paid.  Member ids are cut to their last digits unless values were asked for.
 */
#include "exchange/run.h"

void screen_heading(struct screen *screen, const char *text)
{
	buffer_format(screen->out, "\n%s\n", text);
}

void screen_month(struct screen *screen, months month)
{
	static const char *const names[] = { "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER",
		"OCTOBER", "NOVEMBER", "DECEMBER" };
	buffer_format(screen->out, "%s %d   %.*s\n", names[month % 12], (int)(month / 12), SLICE_ARG(program_name(screen->office->program)));
	buffer_text(screen->out, "======================================================================\n");
}

static void file_line(struct screen *screen, days day, const char *file)
{
	buffer_text(screen->out, "  ");
	days_put_iso(screen->out, day);
	buffer_text(screen->out, "  ");
	buffer_pad(screen->out, slice_of(file), 34);
	buffer_char(screen->out, ' ');
}

/* The findings of the file, below its line. */
static void release_findings(struct screen *screen)
{
	buffer_slice(screen->out, buffer_view(&screen->held));
	if (screen->findings > SCREEN_LINES_MAX)
		buffer_format(screen->out, "             … and %llu more\n", (unsigned long long)(screen->findings - SCREEN_LINES_MAX));
	screen->out->failed = screen->out->failed || screen->held.failed; /* which the reset forgets */
	buffer_reset(&screen->held);
	screen->findings = 0;
}

/* ---- what came in ------------------------------------------------------------------ */

void screen_finding(void *data, const struct finding *finding, const char *file)
{
	struct screen *screen = data;
	(void)file; /* stands above */
	if (++screen->findings > SCREEN_LINES_MAX)
		return;
	buffer_text(&screen->held, finding->severity == SEVERITY_REFUSE ? "    REFUSED  " : "    note     ");
	if (finding->place.line > 0)
		buffer_format(&screen->held, "line %llu: ", (unsigned long long)finding->place.line);
	finding_put_sentence(&screen->held, finding, screen->office->show_values);
	buffer_char(&screen->held, '\n');
}

void screen_row(void *data, const char *file, uint64_t line, const char *text)
{
	struct screen *screen = data;
	(void)file;
	if (++screen->findings <= SCREEN_LINES_MAX)
		buffer_format(&screen->held, "    REFUSED  line %llu: %s\n", (unsigned long long)line, text);
}

void screen_load(struct screen *screen, days day, const char *file, const struct load_report *before, const struct load_report *after)
{
	file_line(screen, day, file);
	if (after->duplicates > before->duplicates) {
		buffer_text(screen->out, "834: received before, nothing applied\n");
		release_findings(screen);
		return;
	}
	if (after->resumed > before->resumed && after->members == before->members) {
		buffer_text(screen->out, "834: loaded by an earlier run that was stopped; its requests are decided now\n");
		release_findings(screen);
		return;
	}
	uint64_t members = after->members - before->members;
	buffer_format(screen->out, "834: %llu member%s", (unsigned long long)members, members == 1 ? "" : "s");
	struct { const char *word; uint64_t count; } parts[] = {
		{ "new", after->added - before->added },
		{ "changed", after->applied - after->added - (before->applied - before->added) },
		{ "as before", after->unchanged - before->unchanged },
		{ "set aside", after->aside - before->aside },
		{ "REFUSED", after->refused - before->refused },
	};
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (parts[i].count > 0)
			buffer_format(screen->out, ", %llu %s", (unsigned long long)parts[i].count, parts[i].word);
	uint64_t requests = after->requests - before->requests;
	if (requests > 0)
		buffer_format(screen->out, "; %llu PCP request%s", (unsigned long long)requests, requests == 1 ? "" : "s");
	if (after->interchanges_refused > before->interchanges_refused)
		buffer_text(screen->out, " (the whole interchange is refused)");
	buffer_char(screen->out, '\n');
	release_findings(screen);
}

void screen_rows(struct screen *screen, days day, const char *file, const char *noun, const struct row_report *before, const struct row_report *after)
{
	file_line(screen, day, file);
	buffer_format(screen->out, "%s: %llu rows, %llu new or changed", noun, (unsigned long long)(after->rows - before->rows),
		(unsigned long long)(after->changed - before->changed));
	if (after->refused > before->refused)
		buffer_format(screen->out, ", %llu REFUSED", (unsigned long long)(after->refused - before->refused));
	buffer_char(screen->out, '\n');
	release_findings(screen);
}

void screen_answers(struct screen *screen, days day, const char *file, const struct answer_report *before, const struct answer_report *after)
{
	file_line(screen, day, file);
	buffer_format(screen->out, "270: %llu inquiries: %llu active, %llu inactive, %llu not answered (AAA)",
		(unsigned long long)(after->inquiries - before->inquiries), (unsigned long long)(after->active - before->active),
		(unsigned long long)(after->inactive - before->inactive), (unsigned long long)(after->rejected - before->rejected));
	if (after->sets_refused > before->sets_refused)
		buffer_format(screen->out, ", %llu sets REFUSED", (unsigned long long)(after->sets_refused - before->sets_refused));
	else if (after->refused > before->refused)
		buffer_text(screen->out, ", something REFUSED");
	buffer_char(screen->out, '\n');
	release_findings(screen);
}

void screen_other(struct screen *screen, days day, const char *file, const char *text)
{
	file_line(screen, day, file);
	buffer_format(screen->out, "%s\n", text);
}

/* ---- who is whose patient -------------------------------------------------------------- */

static void member_put(struct screen *screen, struct buffer *out, struct slice id)
{
	if (screen->office->show_values)
		buffer_pad(out, id, 12);
	else
		buffer_format(out, "…%-11.*s", (int)(id.len < 3 ? id.len : 3), id.ptr + (id.len < 3 ? 0 : id.len - 3));
}

static void request_line(struct screen *screen, struct buffer *out, const struct member *member, const char *npi, days day, enum reason why)
{
	buffer_text(out, "    member ");
	member_put(screen, out, member->medicaid_id);
	buffer_format(out, " PCP %s  ", npi);
	days_put_iso(out, day);
	buffer_format(out, "  %s: %s\n", reason_code(why), reason_text(why));
}

void screen_decision(void *data, const struct decision *decision, const struct member *member, const struct request *request)
{
	struct screen *screen = data;
	if (decision->state != REQUEST_REFUSED && decision->state != REQUEST_EXPIRED)
		return;
	if (++screen->decision_lines <= SCREEN_LINES_MAX)
		request_line(screen, &screen->decisions, member, request->npi, screen->office->now.day, decision->reason);
}

struct waiting {
	struct screen *screen;
	uint64_t lines;
};

static bool waiting_put(void *data, const struct request *request)
{
	struct waiting *waiting = data;
	struct screen *screen = waiting->screen;
	struct member member;
	if (++waiting->lines > SCREEN_LINES_MAX)
		return true;
	arena_reset(&screen->arena);
	if (!store_member_get(screen->office->store, &screen->arena, &member, request->member, 0))
		return office_store_failed(screen->office);
	request_line(screen, screen->out, &member, request->npi, request->received, reason_of_code(request->reason));
	return true;
}

static void more_lines(struct buffer *out, uint64_t lines)
{
	if (lines > SCREEN_LINES_MAX)
		buffer_format(out, "    … and %llu more\n", (unsigned long long)(lines - SCREEN_LINES_MAX));
}

bool screen_assignments(struct screen *screen, const struct assign_report *report)
{
	screen_heading(screen, "WHO IS WHOSE PATIENT");
	buffer_format(screen->out, "  accepted this month: %llu; assignments ended because the PCP left: %llu\n",
		(unsigned long long)report->accepted, (unsigned long long)report->ended);
	if (report->excluded > 0)
		buffer_format(screen->out, "  assignments ended because the program does not take the member any more: %llu\n",
			(unsigned long long)report->excluded);
	buffer_format(screen->out, "  refused this month: %llu\n", (unsigned long long)(report->refused + report->expired));
	buffer_slice(screen->out, buffer_view(&screen->decisions));
	more_lines(screen->out, screen->decision_lines);
	struct waiting waiting = { .screen = screen };
	buffer_text(screen->out, "  pending now:\n");
	if (!store_requests_in_state(screen->office->store, REQUEST_PENDING, waiting_put, &waiting))
		return office_store_failed(screen->office);
	if (waiting.lines == 0)
		buffer_text(screen->out, "    nobody\n");
	more_lines(screen->out, waiting.lines);
	return true;
}

/* ---- what was paid -------------------------------------------------------------------------- */

static void pad_cents(struct buffer *out, cents amount, size_t width)
{
	struct buffer text;
	buffer_init(&text, 0);
	cents_put_people(&text, amount);
	for (size_t i = text.len; i < width; i++)
		buffer_char(out, ' ');
	buffer_slice(out, buffer_view(&text));
	out->failed = out->failed || text.failed;
	buffer_done(&text);
}

struct paid {
	struct screen *screen;
	cents columns[LIMIT_FUNDS + 3]; /* totals: per fund, retro, carried, paid */
};

static bool payment_put(void *data, const struct payment *payment)
{
	struct paid *paid = data;
	struct screen *screen = paid->screen;
	struct billing_provider billing;
	size_t funds = program_fund_count(screen->office->program);
	cents columns[LIMIT_FUNDS + 3] = { 0 };
	struct arena arena; /* the payment lives in the screen's arena */
	arena_init(&arena, 0);
	bool done = store_billing_get(screen->office->store, &arena, &billing, payment->billing, 0) || office_store_failed(screen->office);
	for (size_t i = 0; done && i < payment->line_count; i++) {
		const struct payout_line *line = &payment->lines[i];
		const struct payout_codes *codes = program_payout(screen->office->program, line->stream);
		size_t column = funds + (slice_is(codes->carry_code, line->plb_code) || strcmp(line->plb_code, "OB") == 0 ? 1 : 0);
		for (size_t f = 0; f < funds && slice_is(codes->fee_code, line->plb_code) && line->amount < 0; f++) {
			struct slice code, text;
			program_fund(&code, &text, screen->office->program, f);
			if (slice_is(code, line->fund))
				column = f;
		}
		columns[column] -= line->amount;
	}
	columns[funds + 2] = payment->amount;
	if (done) {
		buffer_text(screen->out, "  ");
		buffer_pad(screen->out, billing.name, 34);
		buffer_format(screen->out, " %s", billing.npi);
		for (size_t i = 0; i < funds + 3; i++) {
			pad_cents(screen->out, columns[i], 14);
			paid->columns[i] += columns[i];
		}
		buffer_char(screen->out, '\n');
	}
	arena_done(&arena);
	return done;
}

bool screen_payments(struct screen *screen, const struct remit_report *report, const struct frozen_month *frozen)
{
	const struct program *program = screen->office->program;
	struct paid paid = { .screen = screen };
	size_t funds = program_fund_count(program);
	screen_heading(screen, "WHAT WAS PAID");
	buffer_text(screen->out, "  remittance of ");
	days_put_iso(screen->out, report->cycle.day);
	buffer_format(screen->out, ", for a roster of %llu member-months, ", (unsigned long long)frozen->members);
	cents_put_people(screen->out, frozen->amount);
	buffer_format(screen->out, "%s\n  ", report->repeated ? " (run before: the same documents again, nothing posted)" : "");
	buffer_pad(screen->out, SLICE("billing provider"), 34);
	buffer_text(screen->out, " NPI       ");
	for (size_t f = 0; f < funds; f++) {
		struct slice code, text;
		program_fund(&code, &text, program, f);
		buffer_format(screen->out, "       fund %2.*s", SLICE_ARG(code));
	}
	buffer_text(screen->out, "         retro       carried          paid\n");
	arena_reset(&screen->arena);
	if (!store_payments(screen->office->store, &screen->arena, report->cycle.id, payment_put, &paid))
		return office_store_failed(screen->office);
	buffer_text(screen->out, "  ");
	buffer_pad(screen->out, SLICE("all"), 45);
	for (size_t i = 0; i < funds + 3; i++)
		pad_cents(screen->out, paid.columns[i], 14);
	buffer_char(screen->out, '\n');
	return true;
}
