/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * explain: everything that is known of one member, and why: which file and byte said
 * so, which rule decided, what was paid from which fund in which remittance, what was
 * taken back and for what reason.  Names are printed only if asked for.
 */
#include "exchange/facts.h"

struct explainer {
	struct office *office;
	struct buffer *out;
	struct arena arena;
	struct arena origin_arena;
	struct member member;
	months only;          /* MONTHS_NONE: all */
	struct ledger_member facts;
	months month;         /* whose postings are printed */
	bool any;
	struct buffer verdict, steps, failed; /* of the judgement being read */
	const char *first_rule;
};

/* "2009-12-22-834-full.x12, byte 1234" */
static bool origin_put(struct explainer *explainer, struct origin origin)
{
	struct interchange_row row;
	if (origin.interchange == 0)
		return true;
	arena_reset(&explainer->origin_arena);
	if (!store_interchange_get(explainer->office->store, &explainer->origin_arena, &row, origin.interchange))
		return office_store_failed(explainer->office);
	buffer_format(explainer->out, "  [%.*s, interchange %.*s, byte %llu]", SLICE_ARG(row.file), SLICE_ARG(row.control),
		(unsigned long long)origin.offset);
	return true;
}

static void span_put(struct buffer *out, days begin, days end)
{
	days_put_iso(out, begin);
	buffer_text(out, end == DAYS_OPEN ? " on        " : " to ");
	if (end != DAYS_OPEN)
		days_put_iso(out, end);
}

/* ---- who and since when --------------------------------------------------------- */

static bool version_put(void *data, const struct member *member)
{
	struct explainer *explainer = data;
	buffer_text(explainer->out, "  ");
	days_put_iso(explainer->out, member->recorded);
	buffer_format(explainer->out, "  case %.*s, ", SLICE_ARG(member->case_number));
	if (explainer->office->show_values)
		buffer_format(explainer->out, "%.*s %.*s, %.*s %.*s", SLICE_ARG(member->first), SLICE_ARG(member->last),
			SLICE_ARG(member->home.street), SLICE_ARG(member->home.city));
	else
		buffer_format(explainer->out, "name and street (hidden), %.*s", SLICE_ARG(member->home.city));
	const char *town = program_town(explainer->office->program, &member->home);
	buffer_format(explainer->out, ", town %s", town == NULL ? "none of the program's" : town);
	if (member->died != DAYS_NONE) {
		buffer_text(explainer->out, ", died ");
		days_put_iso(explainer->out, member->died);
	}
	bool done = origin_put(explainer, member->origin);
	buffer_char(explainer->out, '\n');
	return done;
}

static bool coverage_put(struct explainer *explainer)
{
	const struct member *member = &explainer->member;
	buffer_text(explainer->out, "\nCOVERAGE, as believed now\n");
	for (size_t i = 0; i < member->span_count; i++) {
		const struct span *span = &member->spans[i];
		buffer_text(explainer->out, "  ");
		span_put(explainer->out, span->begin, span->end);
		buffer_format(explainer->out, "  %.*s", SLICE_ARG(span->plan));
		if (span->aid_category.len > 0)
			buffer_format(explainer->out, ", aid category %.*s", SLICE_ARG(span->aid_category));
		struct slice fund = span_fund(explainer->office->program, span);
		if (fund.len > 0)
			buffer_format(explainer->out, ", fund %.*s", SLICE_ARG(fund));
		if (!origin_put(explainer, span->origin))
			return false;
		buffer_char(explainer->out, '\n');
	}
	if (member->span_count == 0)
		buffer_text(explainer->out, "  none\n");
	return true;
}

/* ---- requests and their verdicts ---------------------------------------------------- */

/* A new judgement begins: what was said at the one before is told in one line. */
static void judgement_close(struct explainer *explainer, bool last)
{
	buffer_slice(explainer->out, buffer_view(&explainer->verdict));
	buffer_slice(explainer->out, last ? buffer_view(&explainer->steps) : buffer_view(&explainer->failed));
	/* a reset forgets that something did not fit */
	explainer->out->failed = explainer->out->failed || explainer->verdict.failed || explainer->steps.failed || explainer->failed.failed;
	buffer_reset(&explainer->verdict);
	buffer_reset(&explainer->steps);
	buffer_reset(&explainer->failed);
}

/* The last judgement is printed step by step, earlier ones only by what stood against the request. */
static bool trace_put(void *data, days judged, enum request_state state, const struct step *step)
{
	struct explainer *explainer = data;
	struct buffer *out = explainer->out;
	if (explainer->first_rule == NULL)
		explainer->first_rule = step->rule;
	bool begins = explainer->verdict.len == 0 || strcmp(step->rule, explainer->first_rule) == 0;
	if (begins) {
		judgement_close(explainer, false);
		buffer_text(&explainer->verdict, "    judged ");
		days_put_iso(&explainer->verdict, judged);
		buffer_format(&explainer->verdict, ": %s\n", request_state_name(state));
	}
	explainer->out = &explainer->steps; /* origin_put writes there */
	buffer_format(&explainer->steps, "      %-4s %-14s %-18s %.*s", step->passed ? "yes" : "NO", step->rule, step->requirement, SLICE_ARG(step->fact));
	if (!step->passed)
		buffer_format(&explainer->steps, " -> %s: %s", reason_code(step->reason), reason_text(step->reason));
	bool done = origin_put(explainer, step->origin);
	buffer_char(&explainer->steps, '\n');
	explainer->out = out;
	if (!step->passed)
		buffer_format(&explainer->failed, "      NO   %-14s %-18s %.*s -> %s\n", step->rule, step->requirement, SLICE_ARG(step->fact), reason_code(step->reason));
	return done;
}

static const char *relationship_words(struct slice code)
{
	if (slice_is(code, "25"))
		return "established patient";
	if (slice_is(code, "26"))
		return "not an established patient";
	return "patient relationship not stated";
}

static bool request_put(void *data, const struct request *request)
{
	struct explainer *explainer = data;
	explainer->any = true;
	buffer_text(explainer->out, "  received ");
	days_put_iso(explainer->out, request->received);
	buffer_format(explainer->out, " by %.*s: PCP %s, %.*s, %s", SLICE_ARG(request->channel), request->npi, SLICE_ARG(request->source),
		relationship_words(request->relationship));
	if (request->cause.len > 0)
		buffer_format(explainer->out, ", cause %.*s", SLICE_ARG(request->cause));
	if (request->entry.len > 0)
		buffer_format(explainer->out, "  [%.*s]", SLICE_ARG(request->entry));
	if (!origin_put(explainer, request->origin))
		return false;
	buffer_format(explainer->out, "\n    %s", request_state_name(request->state));
	enum reason why = reason_of_code(request->reason);
	if (why != REASON_NONE)
		buffer_format(explainer->out, ": %s, %s", reason_code(why), reason_text(why));
	buffer_char(explainer->out, '\n');
	explainer->first_rule = NULL;
	if (!store_request_trace(explainer->office->store, &explainer->arena, request->id, trace_put, explainer))
		return office_store_failed(explainer->office);
	judgement_close(explainer, true);
	return true;
}

/* ---- assignments ------------------------------------------------------------------------ */

static bool pcp_put(struct explainer *explainer, int64_t pcp_id, days day)
{
	struct office *office = explainer->office;
	for (size_t i = 0; i < explainer->facts.pcp_count; i++) {
		const struct pcp_facts *pcp = &explainer->facts.pcps[i];
		if (pcp->pcp.id != pcp_id)
			continue;
		buffer_format(explainer->out, "%.*s, %.*s (NPI %s)", SLICE_ARG(pcp->pcp.last), SLICE_ARG(pcp->pcp.first), pcp->pcp.npi);
		struct billing_provider billing;
		int64_t id = affiliated_on(pcp, day);
		if (id == 0)
			return true;
		if (!store_billing_get(office->store, &explainer->arena, &billing, id, 0))
			return office_store_failed(office);
		buffer_format(explainer->out, " of %.*s", SLICE_ARG(billing.name));
	}
	return true;
}

static bool assignments_put(struct explainer *explainer)
{
	buffer_text(explainer->out, "\nPRIMARY CARE PROVIDER\n");
	for (size_t i = 0; i < explainer->facts.assignment_count; i++) {
		const struct assignment *assignment = &explainer->facts.assignments[i];
		buffer_text(explainer->out, "  ");
		span_put(explainer->out, assignment->begin, assignment->end);
		buffer_text(explainer->out, "  ");
		if (!pcp_put(explainer, assignment->pcp, assignment->begin))
			return false;
		buffer_format(explainer->out, ", %.*s%s, decided ", SLICE_ARG(assignment->source),
			assignment->exception ? " by the established-patient exception" : "");
		days_put_iso(explainer->out, assignment->processed);
		buffer_format(explainer->out, " by program %.12s\n", assignment->program_hash.len >= 12 ? assignment->program_hash.ptr : "(none)");
	}
	if (explainer->facts.assignment_count == 0)
		buffer_text(explainer->out, "  none\n");
	return true;
}

/* ---- months and money ------------------------------------------------------------------- */

static bool posting_line(struct explainer *explainer, const struct posting *posting)
{
	struct payment payment;
	bool found;
	cents_put_people(explainer->out, posting->amount);
	buffer_format(explainer->out, " %s, fund %s, FCN %s", posting->kind == POSTING_RETRO ? "correction" : strcmp(posting->stream, "fee") == 0 ? "monthly fee" : posting->stream, posting->fund, posting->fcn);
	if (posting->reason != REASON_NONE)
		buffer_format(explainer->out, ", %s: %s", reason_code(posting->reason), reason_text(posting->reason));
	if (!store_payment_by_fcn(explainer->office->store, &explainer->arena, &found, &payment, posting->fcn))
		return office_store_failed(explainer->office);
	if (found) {
		buffer_text(explainer->out, ", in the remittance of ");
		days_put_iso(explainer->out, payment.cycle_date);
		buffer_format(explainer->out, ", trace %.*s", SLICE_ARG(payment.trace));
	}
	buffer_char(explainer->out, '\n');
	return true;
}

static bool posting_put(void *data, const struct posting *posting)
{
	struct explainer *explainer = data;
	if (posting->month != explainer->month)
		return true;
	buffer_text(explainer->out, "    ");
	return posting_line(explainer, posting);
}

/* What the program's other payments owe for the month, and to whom: the practice or its network (PCM-1, PCM-2). */
static bool other_streams_put(struct explainer *explainer, months month)
{
	struct office *office = explainer->office;
	for (size_t i = 1; i < program_stream_count(office->program); i++) {
		struct month_due due;
		month_due(&due, office->program, i, &explainer->facts, month);
		for (size_t l = 0; l < due.count; l++) {
			struct billing_provider payee;
			if (!store_billing_get(office->store, &explainer->arena, &payee, due.lines[l].billing, 0))
				return office_store_failed(office);
			buffer_format(explainer->out, "    and %s: ", program_stream(office->program, i));
			cents_put_people(explainer->out, due.lines[l].amount);
			buffer_format(explainer->out, " from fund %s, to %.*s\n", due.lines[l].fund, SLICE_ARG(payee.name));
		}
	}
	return true;
}

static bool month_put(struct explainer *explainer, months month)
{
	struct office *office = explainer->office;
	struct member_month line;
	enum reason why;
	explainer->month = month;
	buffer_text(explainer->out, "  ");
	month_put_iso(explainer->out, month);
	if (month_entitled(&line, &why, office->program, &explainer->facts, month)) {
		buffer_text(explainer->out, "  entitled now: ");
		cents_put_people(explainer->out, line.amount);
		buffer_format(explainer->out, " from fund %s, to ", line.fund);
		if (!pcp_put(explainer, line.pcp, month_first(month)))
			return false;
	} else if (why == REASON_NONE) {
		buffer_text(explainer->out, "  nothing is due now: no rate of the program holds");
	} else {
		buffer_format(explainer->out, "  not entitled now: %s, %s", reason_code(why), reason_text(why));
	}
	buffer_char(explainer->out, '\n');
	if (!other_streams_put(explainer, month))
		return false;
	if (!store_postings_of(office->store, explainer->member.id, posting_put, explainer))
		return office_store_failed(office);
	return true;
}

static bool months_put(struct explainer *explainer)
{
	struct office *office = explainer->office;
	months first = month_of(program_opens(office->program)), last = first - 1;
	struct cycle_row newest;
	bool found;
	if (explainer->only != MONTHS_NONE) {
		first = last = explainer->only;
	} else {
		if (!store_cycle_newest(office->store, &found, &newest))
			return office_store_failed(office);
		if (found)
			last = newest.month;
		for (size_t i = 0; i < explainer->facts.assignment_count; i++)
			if (i == 0 || month_of(explainer->facts.assignments[i].begin) < first)
				first = month_of(explainer->facts.assignments[i].begin);
	}
	buffer_text(explainer->out, "\nMONTHS AND MONEY\n");
	if (last < first || (explainer->facts.assignment_count == 0 && explainer->only == MONTHS_NONE))
		buffer_text(explainer->out, "  nothing is due and nothing was paid\n");
	else
		for (months month = first; month <= last; month++)
			if (!month_put(explainer, month))
				return false;
	return true;
}

/* ---- ids that were merged into this one -------------------------------------------------- */

static bool merged_posting_put(void *data, const struct posting *posting)
{
	struct explainer *explainer = data;
	buffer_text(explainer->out, "  ");
	month_put_iso(explainer->out, posting->month);
	buffer_text(explainer->out, "  ");
	return posting_line(explainer, posting);
}

/* What was paid, and taken back, under an id that is this member's now (RET-8). */
static bool merged_put(void *data, const struct member *merged)
{
	struct explainer *explainer = data;
	buffer_format(explainer->out, "\nMERGED FROM %.*s", SLICE_ARG(merged->medicaid_id));
	bool done = origin_put(explainer, merged->origin);
	buffer_char(explainer->out, '\n');
	if (!done || !store_member_history(explainer->office->store, &explainer->arena, merged->id, version_put, explainer) ||
		!store_postings_of(explainer->office->store, merged->id, merged_posting_put, explainer))
		return office_store_failed(explainer->office);
	return true;
}

static bool explain_all(struct explainer *explainer)
{
	struct office *office = explainer->office;
	struct store *store = office->store;
	struct member *member = &explainer->member;
	buffer_format(explainer->out, "MEMBER %.*s\n", SLICE_ARG(member->medicaid_id));
	if (!store_member_history(store, &explainer->arena, member->id, version_put, explainer))
		return office_store_failed(office);
	if (member->merged_into != 0)
		buffer_text(explainer->out, "  merged into another member id\n");
	if (!coverage_put(explainer))
		return false;
	buffer_text(explainer->out, "\nREQUESTS AND VERDICTS\n");
	explainer->any = false;
	if (!store_requests_of(store, &explainer->arena, member->id, request_put, explainer))
		return office_store_failed(office);
	if (!explainer->any)
		buffer_text(explainer->out, "  none\n");
	return facts_ledger(office, &explainer->arena, &explainer->facts, member) && assignments_put(explainer) && months_put(explainer) &&
		(store_members_merged(store, &explainer->arena, member->id, merged_put, explainer) || office_store_failed(office));
}

bool explain_member(struct office *office, struct buffer *out, struct slice medicaid_id, months month, bool *found)
{
	struct explainer explainer = { .office = office, .out = out, .only = month };
	arena_init(&explainer.arena, 0);
	arena_init(&explainer.origin_arena, 0);
	buffer_init(&explainer.verdict, 0);
	buffer_init(&explainer.steps, 0);
	buffer_init(&explainer.failed, 0);
	bool done = store_member_find(office->store, &explainer.arena, found, &explainer.member, medicaid_id) || office_store_failed(office);
	if (done && *found) /* rates and suspensions ask for them */
		done = store_attributes(office->store, &explainer.arena, &explainer.member.attributes, SUBJECT_MEMBER, explainer.member.id, 0) ||
			office_store_failed(office);
	if (done && *found)
		done = explain_all(&explainer);
	if (done && out->failed)
		done = failure_set(&office->failure, "could not explain a member: out of memory");
	arena_done(&explainer.arena);
	arena_done(&explainer.origin_arena);
	buffer_done(&explainer.verdict);
	buffer_done(&explainer.steps);
	buffer_done(&explainer.failed);
	return done;
}
