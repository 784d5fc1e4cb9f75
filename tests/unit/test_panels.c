/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * panels: the arithmetic of a panel, and a property over made-up histories: whoever asks for the last places of PCPs
 * and practices, in whatever order they were written down, has them by the day of processing, then by the request, and no panel is
 * ever fuller than it may be.  The oracle counts heads month by month and knows nothing of panels.
 */
#include "exchange/exchange.h"
#include "exchange/panels.h"
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#define PCPS 4
#define MEMBERS 30
#define HELD 12
#define MONTHS 18
#define PRACTICE_LIMIT 9

static char folder[64];

/* ---- arithmetic ---------------------------------------------------------------- */

static void panels_add_up(void)
{
	struct arena arena;
	struct panel panel = { 0 };
	arena_init(&arena, 0);
	CU_ASSERT(panel_most(&panel, 100) == 0);
	CU_ASSERT(panel_add(&arena, &panel, 100, DAYS_OPEN, 5) && panel_add(&arena, &panel, 50, 99, 3));
	CU_ASSERT(panel_most(&panel, 0) == 5 && panel_most(&panel, 50) == 5 && panel_most(&panel, 200) == 5);
	CU_ASSERT(panel_add(&arena, &panel, 100, 149, 2) && panel_add(&arena, &panel, 150, 160, 2));
	CU_ASSERT(panel_most(&panel, 0) == 7 && panel_most(&panel, 160) == 7 && panel_most(&panel, 161) == 5);
	CU_ASSERT(panel.count == 3); /* 150 gives as many as it takes: no step */
	CU_ASSERT(panel_add(&arena, &panel, 100, DAYS_OPEN, -5) && panel_most(&panel, 161) == 0);
	CU_ASSERT(panel_add(&arena, &panel, 300, 299, 9) && panel_most(&panel, 0) == 3);
	for (days day = 1000; day > 900; day--) /* backwards, so that each goes to the front */
		CU_ASSERT(panel_add(&arena, &panel, day, day, 1));
	CU_ASSERT(panel_most(&panel, 900) == 1 && panel_most(&panel, 1001) == 0);
	arena_done(&arena);
}

/* ---- the property ---------------------------------------------------------------- */

struct held_place { int pcp; days begin, end; };
struct asking { bool waits; int pcp; days processed, asked_from; int64_t id; };
struct world {
	struct store *store;
	struct office office;
	struct random random;
	int64_t pcps[PCPS], practices[PCPS], members[MEMBERS];
	int64_t limits[PCPS];
	int practice_of[PCPS];
	struct held_place held[MEMBERS][HELD]; /* as the oracle believes */
	size_t held_count[MEMBERS];
	days died[MEMBERS];
	struct asking asking[MEMBERS];
};

static uint32_t pick(struct world *world, uint32_t bound)
{
	return random_below(&world->random, bound);
}

/* How many the oracle counts on a day: of a PCP, or of all PCPs of a practice. */
static int64_t heads(const struct world *world, int pcp, int practice, days day)
{
	int64_t count = 0;
	for (size_t m = 0; m < MEMBERS; m++)
		for (size_t i = 0; i < world->held_count[m]; i++) {
			const struct held_place *held = &world->held[m][i];
			bool of_it = practice < 0 ? held->pcp == pcp : world->practice_of[held->pcp] == practice;
			count += of_it && held->begin <= day && day <= held->end && (world->died[m] == DAYS_NONE || day <= world->died[m]);
		}
	return count;
}

static const struct held_place *held_on(const struct world *world, size_t member, days day)
{
	for (size_t i = 0; i < world->held_count[member]; i++)
		if (world->held[member][i].begin <= day && day <= world->held[member][i].end)
			return &world->held[member][i];
	return NULL;
}

static bool has_room(const struct world *world, size_t member, int pcp, days effective)
{
	int practice = world->practice_of[pcp];
	const struct held_place *now = held_on(world, member, effective);
	bool inside = now != NULL && world->practice_of[now->pcp] == practice;
	for (months month = month_of(effective); month < month_of(effective) + 30; month++) {
		days day = month_first(month);
		if (heads(world, pcp, -1, day) >= world->limits[pcp] || (!inside && heads(world, -1, practice, day) >= PRACTICE_LIMIT))
			return false;
	}
	return true;
}

static void judge(struct world *world, size_t member)
{
	struct asking *asking = &world->asking[member];
	days effective = program_effective(world->office.program, asking->processed);
	effective = asking->asked_from > effective ? asking->asked_from : effective; /* DAYS_NONE is before all others */
	const struct held_place *now = held_on(world, member, effective);
	struct held_place kept[HELD];
	size_t count = 0;
	asking->waits = false;
	if ((now != NULL && now->pcp == asking->pcp) || !has_room(world, member, asking->pcp, effective) ||
		(world->died[member] != DAYS_NONE && world->died[member] < effective))
		return;
	for (size_t i = 0; i < world->held_count[member]; i++) {
		struct held_place held = world->held[member][i];
		if (held.begin < effective) {
			held.end = held.end >= effective ? effective - 1 : held.end;
			kept[count++] = held;
		}
	}
	kept[count++] = (struct held_place){ asking->pcp, effective, DAYS_OPEN };
	CU_ASSERT_FATAL(count < HELD);
	memcpy(world->held[member], kept, sizeof(kept));
	world->held_count[member] = count;
}

static void judge_all(struct world *world)
{
	for (;;) {
		size_t first = MEMBERS;
		for (size_t m = 0; m < MEMBERS; m++) {
			const struct asking *a = &world->asking[m], *b = &world->asking[first == MEMBERS ? 0 : first];
			if (a->waits && (first == MEMBERS || a->processed < b->processed || (a->processed == b->processed && a->id < b->id)))
				first = m;
		}
		if (first == MEMBERS)
			return;
		judge(world, first);
	}
}

/* ---- the store's side -------------------------------------------------------------- */

static int64_t change(struct world *world, enum change_kind kind, days day)
{
	int64_t id = 0;
	CU_ASSERT_FATAL(store_begin(world->store) && store_change(world->store, &id, kind, day, "aa"));
	return id;
}

static void populate(struct world *world, days first)
{
	bool changed;
	change(world, CHANGE_LOAD, first);
	for (uint32_t p = 0; p < PCPS; p++) {
		struct billing_provider billing = { .medicaid_id = SLICE("1"), .name = SLICE("PRACTICE"), .tax_id = SLICE("061112222") };
		struct pcp pcp = { .last = SLICE("PCP"), .town = SLICE("WATERBURY"), .medicaid_begin = first, .medicaid_end = DAYS_OPEN,
			.contract_begin = first, .contract_end = DAYS_OPEN, .panel_limit = 1 + (int64_t)pick(world, 6) };
		world->practice_of[p] = (int)pick(world, 2);
		world->limits[p] = pcp.panel_limit;
		npi_complete(billing.npi, 108550000 + p);
		npi_complete(pcp.npi, 103070000 + p);
		CU_ASSERT_FATAL(store_billing_save(world->store, &world->practices[p], &changed, &billing));
		CU_ASSERT_FATAL(store_pcp_save(world->store, &world->pcps[p], &changed, &pcp));
	}
	for (size_t p = 0; p < PCPS; p++) {
		struct affiliation affiliation = { world->pcps[p], world->practices[world->practice_of[p]], first, DAYS_OPEN };
		CU_ASSERT_FATAL(store_affiliation_save(world->store, &changed, &affiliation));
	}
	for (size_t m = 0; m < MEMBERS; m++) {
		char id[16];
		struct span span = { .begin = first, .end = DAYS_OPEN, .plan = SLICE("HUSKY A") };
		snprintf(id, sizeof(id), "%09zu", m + 1);
		struct member member = { .medicaid_id = slice_of(id), .case_number = slice_of(id), .last = SLICE("DOE"), .born = DAYS_NONE,
			.died = DAYS_NONE, .home = { .city = SLICE("WATERBURY") }, .spans = &span, .span_count = 1 };
		CU_ASSERT_FATAL(store_member_save(world->store, &world->members[m], NULL, &member, (struct origin){ 0 }));
		world->died[m] = DAYS_NONE;
	}
	CU_ASSERT_FATAL(store_commit(world->store));
}

static void ask_some(struct world *world, days before, days today)
{
	change(world, CHANGE_LOAD, today);
	for (size_t turn = 0; turn < MEMBERS / 3; turn++) {
		size_t m = pick(world, MEMBERS);
		int p = (int)pick(world, PCPS);
		struct request request = { .member = world->members[m], .channel = SLICE("FORM"), .source = SLICE("CHOICE"),
			.asked_from = DAYS_NONE, .state = REQUEST_PENDING };
		if (world->asking[m].waits || world->died[m] != DAYS_NONE || world->held_count[m] + 2 > HELD)
			continue;
		request.received = request.processed = before + 1 + (days)pick(world, (uint32_t)(today - before));
		npi_complete(request.npi, 103070000 + (uint32_t)p);
		if (pick(world, 4) == 0) /* what begins later takes its place now */
			request.asked_from = month_first(month_of(today) + 1 + (months)pick(world, 4));
		world->asking[m] = (struct asking){ true, p, request.processed, request.asked_from, 0 };
		CU_ASSERT_FATAL(store_request_add(world->store, &world->asking[m].id, &request));
	}
	CU_ASSERT_FATAL(store_commit(world->store));
}

static void somebody_dies(struct world *world, days today)
{
	size_t m = pick(world, MEMBERS);
	struct arena arena;
	struct member member, after;
	int64_t id;
	if (world->asking[m].waits || world->died[m] != DAYS_NONE)
		return;
	arena_init(&arena, 0);
	change(world, CHANGE_LOAD, today);
	CU_ASSERT_FATAL(store_member_get(world->store, &arena, &member, world->members[m], 0));
	after = member;
	after.died = world->died[m] = today;
	CU_ASSERT_FATAL(store_member_save(world->store, &id, &member, &after, (struct origin){ 0 }));
	CU_ASSERT_FATAL(store_commit(world->store));
	arena_done(&arena);
}

static void compare(struct world *world, uint64_t seed)
{
	struct arena arena;
	bool same = true;
	arena_init(&arena, 0);
	for (size_t m = 0; m < MEMBERS; m++) {
		struct assignment *list;
		size_t count;
		CU_ASSERT_FATAL(store_assignments(world->store, &arena, &list, &count, world->members[m], 0));
		same = same && count == world->held_count[m];
		for (size_t i = 0; same && i < count; i++)
			same = list[i].pcp == world->pcps[world->held[m][i].pcp] && list[i].begin == world->held[m][i].begin &&
				list[i].end == world->held[m][i].end;
	}
	if (!same)
		printf("    history %llu differs from the oracle's\n", (unsigned long long)seed);
	CU_ASSERT(same);
	arena_done(&arena);
}

static void history(const struct program *program, uint64_t seed)
{
	static struct world world;
	struct failure failure = { "" };
	struct assign_report report;
	char path[96];
	days first, before;
	snprintf(path, sizeof(path), "%s/p.db", folder);
	CU_ASSERT_FATAL(days_from_civil(&first, 2009, 6, 1));
	memset(&world, 0, sizeof(world));
	random_seed(&world.random, seed);
	world.store = store_open(path, true, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(world.store);
	world.office = (struct office){ .store = world.store, .program = program };
	populate(&world, first);
	before = first;
	for (months month = month_of(first); month < month_of(first) + MONTHS; month++) {
		days today = month_first(month) + 5 + (days)pick(&world, 24);
		ask_some(&world, before, today);
		if (pick(&world, 3) == 0)
			somebody_dies(&world, today);
		world.office.now.day = today;
		for (int twice = 0; twice < 2; twice++) { /* the second run finds nothing to do */
			report = (struct assign_report){ 0 };
			CU_ASSERT_FATAL(assign_pending(&world.office, &report, NULL, NULL));
		}
		CU_ASSERT(report.accepted + report.refused + report.pending == 0);
		judge_all(&world);
		before = today;
	}
	compare(&world, seed);
	store_close(world.store);
	for (int i = 0; i < 3; i++) {
		char name[112];
		snprintf(name, sizeof(name), "%s%s", path, (const char *[]){ "", "-wal", "-shm" }[i]);
		unlink(name);
	}
}

/* The shipped program with panels and without families. */
static struct program *program_with_panels(void)
{
	static const char *const edits[][2] = {
		{ "<family key=\"case\"", "<family key=\"case\" rule=\"none\"" },
		{ "<rule id=\"family\" test=\"family-complete\" unmet=\"pend\" requirement=\"ENR-7 ENR-8\"/>",
			"<rule id=\"room\" test=\"pcp-capacity\" unmet=\"refuse\"/>" },
		{ "<departure ", "<panels><limit of=\"practice\" members=\"9\"/></panels><departure " },
	};
	struct buffer text;
	struct failure failure = { "" };
	char path[96], chunk[4096];
	size_t got;
	FILE *in = fopen("rules/husky-primary-care.xml", "rb");
	CU_ASSERT_FATAL(in != NULL);
	buffer_init(&text, 0);
	while ((got = fread(chunk, 1, sizeof(chunk), in)) > 0)
		buffer_put(&text, chunk, got);
	fclose(in);
	for (size_t i = 0; i < COUNT_OF(edits); i++) {
		struct buffer changed;
		buffer_char(&text, '\0');
		char *place = strstr(text.ptr, edits[i][0]);
		CU_ASSERT_FATAL(place != NULL);
		buffer_init(&changed, 0);
		buffer_put(&changed, text.ptr, (size_t)(place - text.ptr));
		buffer_text(&changed, edits[i][1]);
		buffer_text(&changed, place + strlen(edits[i][0]));
		buffer_done(&text);
		text = changed;
	}
	snprintf(path, sizeof(path), "%s/p.xml", folder);
	CU_ASSERT_FATAL(file_write_whole(path, buffer_view(&text), NULL));
	struct program *program = program_read(path, &failure);
	CU_ASSERT_STRING_EQUAL(failure.text, "");
	unlink(path);
	buffer_done(&text);
	return program;
}

static void races_go_by_order(void)
{
	const char *wish = getenv("HISTORIES");
	struct program *program = program_with_panels();
	CU_ASSERT_PTR_NOT_NULL_FATAL(program);
	for (uint64_t seed = 1; seed <= (wish == NULL ? 40 : strtoull(wish, NULL, 10)); seed++)
		history(program, seed);
	program_free(program);
}

static const struct unit_case cases[] = {
	{ "ASG-2: a panel is the most members of any day from one on", panels_add_up },
	{ "ASG-2 BAD-25: of many who ask for the last places the first have them, over made-up histories", races_go_by_order },
};

int main(void)
{
	/* memory, where there is some: each history is a store of its own */
	snprintf(folder, sizeof(folder), "%s/pccm-panels-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(folder) == NULL)
		return 1;
	int status = UNIT_RUN("panels", cases);
	rmdir(folder);
	return status;
}
