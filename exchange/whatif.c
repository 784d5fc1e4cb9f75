/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * whatif: what a run of assign would do, and nothing of it is kept; or in what the runs of two
 * program files differ.
 *
 * A run is made in its transaction, looked at, and taken back.  What a side comes to is one
 * row for a member: the PCP at the end, and the verdict on what was asked.
 */
#include "exchange/facts.h"
#include "exchange/lister.h"

#include <stdlib.h>

struct outcome {
	int64_t pcp;          /* 0: none */
	uint8_t state;        /* enum request_state of the newest verdict; NONE: nothing was judged */
	uint16_t reason;
};
struct side {
	struct office *office;
	struct outcome *items; /* by member id */
	size_t count;
	days day;
};
struct whatif {
	struct office *office;
	struct side sides[2];
	struct lister *lister;
	struct whatif_report *report;
	struct arena arena;   /* one row */
};

static struct outcome *outcome_of(struct side *side, int64_t member)
{
	size_t at = (size_t)member;
	if (at >= side->count) {
		size_t count = 2 * at + 1024;
		struct outcome *items = realloc(side->items, count * sizeof(*items));
		if (items == NULL) {
			failure_set(&side->office->failure, "could not try an assignment run: out of memory");
			return NULL;
		}
		memset(items + side->count, 0, (count - side->count) * sizeof(*items));
		side->items = items;
		side->count = count;
	}
	return &side->items[at];
}

/* Assignments come by member and begin: the last one stands. */
static bool keep_pcp(void *data, int64_t member, int64_t pcp)
{
	struct outcome *outcome = outcome_of(data, member);
	if (outcome != NULL)
		outcome->pcp = pcp;
	return outcome != NULL;
}

static bool look(void *data)
{
	struct side *side = data;
	return store_assigned_pcps(side->office->store, side->day, keep_pcp, side) || office_store_failed(side->office);
}

static void keep_verdict(void *data, const struct decision *decision, const struct member *member, const struct request *request)
{
	struct side *side = data;
	(void)request;
	struct outcome *outcome = outcome_of(side, member->id);
	if (outcome == NULL) /* the look behind it fails too, and says so */
		return;
	outcome->state = (uint8_t)decision->state;
	outcome->reason = (uint16_t)decision->reason;
}

static bool try_program(struct side *side, const struct program *program, struct assign_report *report)
{
	struct office *office = side->office;
	const struct program *kept = office->program;
	office->program = program;
	bool done = assign_try(office, report, keep_verdict, look, side);
	office->program = kept;
	return done && (office->failure.text[0] == '\0');
}

/* ---- rows ------------------------------------------------------------------------ */

static const struct lister_column columns[] = {
	{ "medicaid_id", 12 }, { "what", 13 }, { "from_npi", 10 }, { "to_npi", 10 }, { "verdict", 21 }, { "why", 0 },
};

static bool npi_of(struct whatif *whatif, struct slice *out, int64_t id)
{
	struct pcp pcp;
	*out = SLICE_NONE;
	if (id == 0)
		return true;
	if (!store_pcp_get(whatif->office->store, &whatif->arena, &pcp, id, 0))
		return office_store_failed(whatif->office);
	*out = arena_slice(&whatif->arena, slice_of(pcp.npi));
	return true;
}

static struct slice verdict_of(struct whatif *whatif, const struct outcome *before, const struct outcome *after)
{
	if (whatif->report->two && (before->state != after->state || before->reason != after->reason)) {
		struct slice was = slice_of(before->state == REQUEST_NONE ? "not judged" : request_state_name((enum request_state)before->state));
		struct slice is = slice_of(after->state == REQUEST_NONE ? "not judged" : request_state_name((enum request_state)after->state));
		struct buffer text;
		buffer_init(&text, 0);
		buffer_format(&text, "%.*s, now %.*s", SLICE_ARG(was), SLICE_ARG(is));
		struct slice kept = arena_slice(&whatif->arena, buffer_view(&text));
		buffer_done(&text);
		return kept;
	}
	return after->state == REQUEST_NONE ? SLICE_NONE : slice_of(request_state_name((enum request_state)after->state));
}

static struct slice what_of(struct whatif_report *report, const struct outcome *before, const struct outcome *after)
{
	if (before->pcp == after->pcp) {
		report->waits += after->state == REQUEST_PENDING;
		report->refused += after->state == REQUEST_REFUSED || after->state == REQUEST_EXPIRED;
		return SLICE("keeps");
	}
	report->assigned += before->pcp == 0;
	report->moved += before->pcp != 0 && after->pcp != 0;
	report->lost += after->pcp == 0;
	return before->pcp == 0 ? SLICE("gets a PCP") : after->pcp == 0 ? SLICE("loses the PCP") : SLICE("moves");
}

static bool put_row(struct whatif *whatif, int64_t id, const struct outcome *before, const struct outcome *after)
{
	struct office *office = whatif->office;
	struct member member;
	struct slice from, to;
	arena_reset(&whatif->arena);
	if (!store_member_get(office->store, &whatif->arena, &member, id, 0))
		return office_store_failed(office);
	if (!npi_of(whatif, &from, before->pcp) || !npi_of(whatif, &to, after->pcp))
		return false;
	struct slice what = what_of(whatif->report, before, after);
	enum reason why = (enum reason)after->reason;
	const struct slice values[COUNT_OF(columns)] = { lister_member(office, &whatif->arena, member.medicaid_id),
		from.len == 0 && to.len == 0 ? SLICE("has no PCP") : what, from, to, verdict_of(whatif, before, after),
		why == REASON_NONE ? SLICE_NONE : slice_of(reason_text(why)) };
	return lister_row(whatif->lister, values) || failure_set(&office->failure, "could not write the list");
}

static bool put_rows(struct whatif *whatif)
{
	static const struct outcome nothing = { .pcp = 0 };
	struct side *a = &whatif->sides[0], *b = &whatif->sides[1];
	size_t count = a->count > b->count ? a->count : b->count;
	lister_begin(whatif->lister, columns, COUNT_OF(columns));
	for (size_t id = 1; id < count; id++) {
		const struct outcome *before = id < a->count ? &a->items[id] : &nothing, *after = id < b->count ? &b->items[id] : &nothing;
		bool judged = after->state != REQUEST_NONE && after->state != REQUEST_ACCEPTED;
		bool differs = before->pcp != after->pcp ||
			(whatif->report->two ? before->state != after->state || before->reason != after->reason : judged);
		if (differs && !put_row(whatif, (int64_t)id, before, after))
			return false;
	}
	return lister_end(whatif->lister) || failure_set(&whatif->office->failure, "could not write the list");
}

bool assign_whatif(struct office *office, const struct program *against, struct lister *lister, struct whatif_report *report)
{
	struct whatif whatif = { .office = office, .lister = lister, .report = report };
	days day = program_effective(office->program, office->now.day);
	days other = against == NULL ? day : program_effective(against, office->now.day);
	for (size_t i = 0; i < 2; i++)
		whatif.sides[i] = (struct side){ .office = office, .day = day > other ? day : other };
	report->two = against != NULL;
	arena_init(&whatif.arena, 0);
	bool done = against == NULL ? look(&whatif.sides[0]) : try_program(&whatif.sides[0], against, &report->before);
	done = done && try_program(&whatif.sides[1], office->program, &report->after) && put_rows(&whatif);
	free(whatif.sides[0].items);
	free(whatif.sides[1].items);
	arena_done(&whatif.arena);
	return done;
}
