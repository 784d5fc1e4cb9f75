/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * transfer: a panel, or those of a whole practice, go over to other PCPs (ASG-8, BAD-24).
 *
 * Whoever the PCPs have on the day, or had until they left, moves; families are gone through by their
 * case number and stay together if one PCP takes them all, else each goes to who takes
 * them.  PCPs of the member's town come first, then all; among them goes by free places.  What nobody takes stays and is
 * listed with the reason.  A preview writes nothing; done, each move is a request that was ordered, with its trace.
 */
#include "exchange/facts.h"
#include "exchange/lister.h"

#include <stdlib.h>

struct mover {
	struct slice medicaid_id, case_number;
	int64_t id;
	char from[11];
};
struct transfer {
	struct office *office;
	const struct transfer_wish *wish;
	struct transfer_report *report;
	struct lister *lister;
	struct arena arena;          /* the whole transfer */
	struct arena family;
	struct pcp_list from, to;
	const struct pcp *leaves;    /* whose members are listed at the moment */
	struct mover *movers;
	size_t count, size;
	int64_t *members;            /* how many each of `to` has */
	struct directory *directory;
};
struct move { /* of one member of a family */
	const struct mover *mover;
	size_t member;               /* of the family */
	const struct pcp_facts *to;  /* NULL: stays */
	bool alone;                  /* without the rest of the family */
	struct step why;             /* who nobody takes: what was not met last */
};

static bool no_memory(struct transfer *transfer)
{
	return failure_set(&transfer->office->failure, "could not transfer a panel: out of memory");
}

/* ---- who is meant by an NPI: a PCP, or the PCPs of a practice on the day ------------- */

/* Whom is left is not gone to, though he belongs to the practice that gets the panel. */
static bool is_left(const struct transfer *transfer, const struct pcp_list *list, int64_t pcp)
{
	for (size_t i = 0; list == &transfer->to && i < transfer->from.count; i++)
		if (transfer->from.items[i].pcp.id == pcp)
			return true;
	return false;
}

static bool add_of_practice(struct transfer *transfer, struct pcp_list *list, int64_t practice, days day)
{
	struct office *office = transfer->office;
	struct pcp_list all = { .items = NULL };
	int64_t *ids;
	size_t count;
	if (!store_pcps_of_billing(office->store, &transfer->arena, &ids, &count, practice))
		return office_store_failed(office);
	for (size_t i = 0; i < count; i++) {
		if (!facts_pcp(office, &transfer->arena, &all, ids[i]))
			return false;
		if (affiliated_on(&all.items[i], day) == practice && !is_left(transfer, list, ids[i]) && !facts_pcp(office, &transfer->arena, list, ids[i]))
			return false;
	}
	return true;
}

static bool add_named(struct transfer *transfer, struct pcp_list *list, struct slice name, days day)
{
	struct office *office = transfer->office;
	struct billing_provider practice;
	struct pcp pcp;
	char npi[11];
	bool found;
	size_t before = list->count;
	if (!npi_valid(name))
		return office_misused(office, "%.*s: does not pass the NPI check digit", SLICE_ARG(name));
	slice_copy(npi, sizeof(npi), name);
	if (!store_pcp_find(office->store, &transfer->arena, &found, &pcp, npi))
		return office_store_failed(office);
	if (found)
		return facts_pcp(office, &transfer->arena, list, pcp.id);
	if (!store_billing_find(office->store, &transfer->arena, &found, &practice, npi))
		return office_store_failed(office);
	if (!found)
		return office_misused(office, "%s: neither a PCP nor a billing provider has this NPI", npi);
	if (!add_of_practice(transfer, list, practice.id, day))
		return false;
	return list->count > before || office_misused(office, "%s: no PCP belongs to this practice on %s", npi, days_iso(day).text);
}

static bool resolve(struct transfer *transfer)
{
	struct office *office = transfer->office;
	days day = transfer->wish->effective;
	struct slice rest = slice_of(transfer->wish->to), name;
	if (!add_named(transfer, &transfer->from, slice_of(transfer->wish->from), day - 1))
		return false;
	for (unsigned n = 0; slice_part(&name, rest, ',', n); n++)
		if (!add_named(transfer, &transfer->to, slice_trim(name), day))
			return false;
	for (size_t i = 0; i < transfer->from.count; i++)
		for (size_t j = 0; j < transfer->to.count; j++)
			if (transfer->from.items[i].pcp.id == transfer->to.items[j].pcp.id)
				return office_misused(office, "%s: is both left and gone to", transfer->to.items[j].pcp.npi);
	return true;
}

/* ---- who moves -------------------------------------------------------------------- */

static bool add_mover(struct transfer *transfer, int64_t member)
{
	struct member found;
	if (transfer->count == transfer->size) {
		size_t size = transfer->size == 0 ? 256 : 2 * transfer->size;
		struct mover *movers = realloc(transfer->movers, size * sizeof(*movers));
		if (movers == NULL)
			return no_memory(transfer);
		transfer->movers = movers;
		transfer->size = size;
	}
	arena_reset(&transfer->family);
	if (!store_member_get(transfer->office->store, &transfer->family, &found, member, 0))
		return office_store_failed(transfer->office);
	struct mover *mover = &transfer->movers[transfer->count++];
	*mover = (struct mover){ arena_slice(&transfer->arena, found.medicaid_id), arena_slice(&transfer->arena, found.case_number), member, "" };
	slice_copy(mover->from, sizeof(mover->from), slice_of(transfer->leaves->npi));
	return (mover->medicaid_id.ptr != NULL && mover->case_number.ptr != NULL) || no_memory(transfer);
}

static bool add_assigned(void *data, const struct assignment *assignment)
{
	struct transfer *transfer = data;
	days day = transfer->wish->effective;
	return assignment->begin > day || add_mover(transfer, assignment->member);
}

/* Whoever the PCP had until he left, and who has found no other. */
static bool add_orphan(void *data, const struct assignment *assignment)
{
	struct transfer *transfer = data;
	for (size_t i = 0; i < transfer->from.count; i++)
		if (transfer->from.items[i].pcp.id == assignment->pcp && assignment->end < transfer->wish->effective) {
			transfer->leaves = &transfer->from.items[i].pcp;
			return add_mover(transfer, assignment->member);
		}
	return true;
}

/* Families together, each by Medicaid id. */
static int mover_order(const void *a, const void *b)
{
	const struct mover *x = a, *y = b;
	int order = slice_compare(x->case_number, y->case_number);
	if (order == 0)
		order = slice_compare(x->medicaid_id, y->medicaid_id);
	return order != 0 ? order : x->id < y->id ? -1 : x->id > y->id;
}

static bool gather(struct transfer *transfer)
{
	struct office *office = transfer->office;
	for (size_t i = 0; i < transfer->from.count; i++) {
		transfer->leaves = &transfer->from.items[i].pcp;
		if (!store_assignments_of_pcp(office->store, transfer->leaves->id, transfer->wish->effective, add_assigned, transfer))
			return office_store_failed(office);
	}
	if (!store_assignments_orphaned(office->store, REASON_PCP_LEFT, add_orphan, transfer))
		return office_store_failed(office);
	if (transfer->count > 1)
		qsort(transfer->movers, transfer->count, sizeof(*transfer->movers), mover_order);
	transfer->members = arena_alloc(&transfer->arena, (transfer->to.count + 1) * sizeof(*transfer->members));
	if (transfer->members == NULL)
		return no_memory(transfer);
	if (!facts_panel_sizes(office, &transfer->to, transfer->wish->effective, transfer->members))
		return false;
	transfer->directory = directory_new(office->program, transfer->to.items, transfer->members, transfer->to.count,
		transfer->wish->effective, &office->failure);
	return transfer->directory != NULL;
}

/* ---- one family --------------------------------------------------------------------- */

/* Does this PCP take all of these members?  The first whom he does not: why not. */
static bool takes(struct transfer *transfer, const struct family *family, struct move *moves, size_t count, const struct pcp_facts *pcp)
{
	for (size_t i = 0; i < count; i++) {
		struct taking taking = { .established = false };
		if (pcp_may_take(&taking, &transfer->family, transfer->office->program, family, moves[i].member, pcp, transfer->wish->effective))
			continue;
		moves[i].why = taking.unmet;
		return false;
	}
	return true;
}

/* The PCP who takes them, by town, then by free places; NULL: nobody. */
static const struct pcp_facts *find(struct transfer *transfer, const struct family *family, struct move *moves, size_t count)
{
	struct directory_walk walk;
	const struct pcp_facts *pcp, *found = NULL;
	directory_walk_open(&walk, transfer->directory, transfer->office->program, family->members[moves[0].member].member);
	while (found == NULL && (pcp = directory_walk_next(&walk, count)) != NULL)
		if (takes(transfer, family, moves, count, pcp))
			found = pcp;
	directory_walk_close(&walk);
	for (size_t i = 0; found != NULL && i < count; i++) {
		moves[i].to = found;
		directory_give(transfer->directory, found->pcp.npi);
	}
	return found;
}

/* Nobody who may not have a PCP on the day is moved. */
static enum reason cannot_move(const struct transfer *transfer, const struct member *member)
{
	enum reason why;
	days day = transfer->wish->effective;
	if (member->merged_into != 0)
		return REASON_MEMBER_MERGED;
	if (member->died != DAYS_NONE && member->died < day)
		return REASON_MEMBER_DEAD;
	return coverage_on(&why, transfer->office->program, member, day) == NULL ? why : REASON_NONE;
}

static bool carry_out(struct transfer *transfer, const struct family *family, const struct move *move, struct step *step)
{
	struct office *office = transfer->office;
	struct store *store = office->store;
	struct request pending;
	bool found;
	int64_t id, member = family->members[move->member].member->id;
	if (!store_request_pending(store, &transfer->family, &found, &pending, member) ||
		(found && !store_request_close(store, pending.id, REQUEST_SUPERSEDED, REASON_SUPERSEDED, office->now.day)))
		return office_store_failed(office);
	struct request request = { .member = member, .received = office->now.day, .processed = office->now.day,
		.asked_from = transfer->wish->effective, .channel = SLICE("TRANSFER"), .source = SLICE("AUTO"), .ordered = true,
		.state = REQUEST_PENDING };
	slice_copy(request.npi, sizeof(request.npi), slice_of(move->to->pcp.npi));
	if (!store_request_add(store, &id, &request))
		return office_store_failed(office);
	struct decision *decision = arena_alloc(&transfer->family, sizeof(*decision));
	if (decision == NULL)
		return no_memory(transfer);
	*decision = (struct decision){ .request = id, .member = member, .state = REQUEST_ACCEPTED, .effective = transfer->wish->effective,
		.pcp = move->to->pcp.id, .step_count = 1 };
	decision->steps[0] = *step;
	struct assignment assignment = { .member = member, .pcp = move->to->pcp.id, .begin = transfer->wish->effective, .end = DAYS_OPEN,
		.source = SLICE("AUTO"), .request = id, .processed = office->now.day, .program_hash = slice_of(program_hash(office->program)) };
	return (store_request_judge(store, decision, office->now.day, program_hash(office->program)) &&
		       store_assign(store, &id, &assignment, request.origin)) ||
		office_store_failed(office);
}

static const struct lister_column columns[] = {
	{ "medicaid_id", 12 }, { "case", 12 }, { "from_npi", 10 }, { "to_npi", 10 }, { "to_name", 24 }, { "day", 10 }, { "what", 0 },
};

static bool tell(struct transfer *transfer, const struct move *move)
{
	struct office *office = transfer->office;
	struct arena *arena = &transfer->family;
	const char *why = move->why.reason == REASON_NONE ? "" : reason_code(move->why.reason);
	const struct slice values[COUNT_OF(columns)] = { lister_member(office, arena, move->mover->medicaid_id),
		lister_member(office, arena, move->mover->case_number),
		slice_of(move->mover->from), move->to == NULL ? SLICE_NONE : slice_of(move->to->pcp.npi),
		move->to == NULL ? SLICE_NONE : lister_name(arena, move->to->pcp.last, move->to->pcp.first),
		lister_day(arena, transfer->wish->effective),
		move->to != NULL ? (move->alone ? SLICE("moves, apart from the family") : SLICE("moves"))
				 : lister_words(arena, "stays, nobody takes the member: ", why[0] == '\0' ? "PANEL-FULL" : why) };
	return lister_row(transfer->lister, values) || failure_set(&office->failure, "could not write the list");
}

static bool settle(struct transfer *transfer, const struct family *family, const struct move *moves, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct move *move = &moves[i];
		struct step step = { .rule = "transfer", .requirement = "ASG-8", .passed = true };
		transfer->report->moved += move->to != NULL;
		transfer->report->apart += move->to != NULL && move->alone;
		transfer->report->stay += move->to == NULL;
		if (!tell(transfer, move))
			return false;
		if (move->to == NULL || !transfer->wish->apply)
			continue;
		step.fact = lister_words(&transfer->family, "ordered: the panel of NPI ", move->mover->from);
		if (!carry_out(transfer, family, move, &step))
			return false;
	}
	return true;
}

/* The movers first … first + count - 1 are of one case. */
static bool move_family(struct transfer *transfer, const struct mover *movers, size_t count)
{
	struct office *office = transfer->office;
	struct family family;
	size_t moving = 0;
	arena_reset(&transfer->family);
	struct move *moves = arena_alloc(&transfer->family, (count + 1) * sizeof(*moves));
	struct move *stays = arena_alloc(&transfer->family, (count + 1) * sizeof(*stays));
	if (moves == NULL || stays == NULL)
		return no_memory(transfer);
	if (!facts_family(office, &transfer->family, &family, movers[0].case_number, movers[0].id))
		return false;
	size_t staying = 0;
	for (size_t i = 0; i < count; i++) {
		size_t at = 0;
		while (at < family.member_count && family.members[at].member->id != movers[i].id)
			at++;
		enum reason why = at == family.member_count ? REASON_MEMBER_MERGED : cannot_move(transfer, family.members[at].member);
		struct move move = { .mover = &movers[i], .member = at, .why = { .reason = why } };
		if (why == REASON_NONE)
			moves[moving++] = move;
		else
			stays[staying++] = move;
	}
	if (moving > 0 && find(transfer, &family, moves, moving) == NULL)
		for (size_t i = 0; i < moving; i++)
			moves[i].alone = find(transfer, &family, &moves[i], 1) != NULL && moving > 1;
	transfer->report->families += moving > 0;
	return settle(transfer, &family, moves, moving) && settle(transfer, &family, stays, staying);
}

static bool move_all(struct transfer *transfer)
{
	for (size_t i = 0, together = 1; i < transfer->count; i += together) {
		const struct mover *first = &transfer->movers[i];
		together = 1;
		while (first->case_number.len > 0 && i + together < transfer->count &&
			slice_equal(transfer->movers[i + together].case_number, first->case_number))
			together++;
		if (!move_family(transfer, first, together))
			return false;
	}
	return true;
}

static bool run(struct transfer *transfer)
{
	struct office *office = transfer->office;
	int64_t change;
	if (!resolve(transfer))
		return false;
	if (transfer->wish->apply && !store_change(office->store, &change, CHANGE_ASSIGN, office->now.day, program_hash(office->program)))
		return office_store_failed(office);
	if (!gather(transfer))
		return false;
	lister_begin(transfer->lister, columns, COUNT_OF(columns));
	return move_all(transfer) && (lister_end(transfer->lister) || failure_set(&office->failure, "could not write the list"));
}

bool transfer_panel(struct office *office, const struct transfer_wish *wish, struct lister *lister, struct transfer_report *report)
{
	struct transfer transfer = { .office = office, .wish = wish, .report = report, .lister = lister };
	if (wish->effective <= office->now.day)
		return office_misused(office, "--effective %s: a transfer takes effect behind the day that it is, %s", days_iso(wish->effective).text,
			days_iso(office->now.day).text);
	arena_init(&transfer.arena, 0);
	arena_init(&transfer.family, 0);
	bool open = store_begin(office->store) || office_store_failed(office);
	bool done = open && run(&transfer);
	if (done && wish->apply)
		done = store_commit(office->store) || office_store_failed(office);
	if (open && (!done || !wish->apply))
		store_rollback(office->store);
	directory_free(transfer.directory);
	free(transfer.movers);
	arena_done(&transfer.arena);
	arena_done(&transfer.family);
	return done;
}
