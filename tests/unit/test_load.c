/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Properties of loading, over made-up histories: files of changes and whole files, many records of which say again what
 * was said before, with requests by hand, assignments and ends of assignments in between.
 */
#include "exchange/facts.h"
#include "tests/unit/unit.h"

#include <sqlite3.h>
#include <unistd.h>

#define PROGRAM "rules/husky-primary-care.xml"
#define HISTORIES 200 /* of one batch: they share their files */
#define MEMBERS 5
#define FILES 8
#define FIRST_DAY 14600 /* 2009-12-22 */

static struct program *program;

/* ---- what is sent -------------------------------------------------------------------- */

struct sender {
	struct random random;
	struct buffer last[HISTORIES][MEMBERS]; /* what was said of a member before */
	uint32_t control;
};

static bool one_in(struct sender *sender, uint32_t n)
{
	return random_below(&sender->random, n) == 0;
}

static days some_day(struct sender *sender)
{
	return FIRST_DAY - 400 + (days)random_below(&sender->random, one_in(sender, 3) ? 60 : 20) * 15;
}

static void put_date(struct buffer *out, const char *qualifier, days day)
{
	buffer_format(out, "DTP*%s*D8*", qualifier);
	days_put8(out, day);
	buffer_text(out, "~");
}

static void put_coverage(struct sender *sender, struct buffer *out, const char *maintenance)
{
	static const char *const plans[] = { "HUSKY A", "HUSKY A", "HUSKY A", "HUSKY A", "HUSKY B" };
	static const char *const aids[] = { "F07", "P02", "" };
	static const char *const ways[] = { "021", "024", "025", "026", "001", "002", "030" };
	static const char *const pcps[] = { "1030700532*25", "1030701068*26", "1030701068*25", "1999999992*26", "12345*26" };
	if (one_in(sender, 5))
		maintenance = ways[random_below(&sender->random, COUNT_OF(ways))];
	buffer_format(out, "HD*%s**HLT*%s*IND~", maintenance, one_in(sender, 12) ? "" : plans[random_below(&sender->random, COUNT_OF(plans))]);
	bool dated = !one_in(sender, 8);
	if (!dated || one_in(sender, 10))
		put_date(out, "303", some_day(sender));
	if (dated)
		put_date(out, "348", some_day(sender));
	if (one_in(sender, 3))
		put_date(out, "349", some_day(sender));
	if (one_in(sender, 2))
		buffer_format(out, "REF*M7*%s~", aids[random_below(&sender->random, 2)]);
	if (one_in(sender, 2))
		buffer_format(out, "LX*1~NM1*P3*1*WHO*EVER****XX*%s~", pcps[random_below(&sender->random, COUNT_OF(pcps))]);
}

static void id_put(struct buffer *out, uint32_t history, uint32_t member)
{
	buffer_format(out, "9%04u%u", history, member);
}

static void put_person(struct sender *sender, struct buffer *out, uint32_t history, uint32_t member)
{
	static const char *const towns[] = { "WATERBURY", "WATERBURY", "FARMINGTON" };
	buffer_text(out, "NM1*IL*1*ROE*");
	buffer_format(out, "%s****ZZ*", one_in(sender, 3) ? "ANA" : "LUIS");
	id_put(out, history, member);
	buffer_text(out, "~");
	if (!one_in(sender, 3))
		buffer_format(out, "PER*IP**HP*203555%04u~", random_below(&sender->random, 3));
	if (!one_in(sender, 3))
		buffer_format(out, "N3*1 MAIN ST~N4*%s*CT*06702~", towns[random_below(&sender->random, COUNT_OF(towns))]);
	buffer_format(out, "DMG*D8*198%u0715*F~", random_below(&sender->random, 2));
	if (one_in(sender, 3))
		buffer_text(out, "LUI*LE*SPA**7~");
}

static void put_new(struct sender *sender, struct buffer *out, uint32_t history, uint32_t member)
{
	static const char *const ways[] = { "021", "021", "021", "001", "001", "024", "025", "030" };
	const char *maintenance = ways[random_below(&sender->random, COUNT_OF(ways))];
	bool dies = one_in(sender, 20);
	buffer_format(out, "INS*Y*18*%s*%s*A%s~REF*0F*", maintenance, dies ? "03" : "28", dies ? "******D8*20100105" : "");
	id_put(out, history, member);
	buffer_text(out, "~");
	if (!one_in(sender, 5))
		buffer_format(out, "REF*3H*C%u-%u~", history, member);
	if (one_in(sender, 25)) {
		buffer_text(out, "REF*Q4*");
		id_put(out, history, random_below(&sender->random, MEMBERS + 2));
		buffer_text(out, "~");
	}
	if (one_in(sender, 6))
		put_date(out, "303", some_day(sender));
	if (one_in(sender, 5))
		put_date(out, "356", some_day(sender));
	if (one_in(sender, 8))
		put_date(out, "357", some_day(sender));
	put_person(sender, out, history, member);
	for (uint32_t n = (1 + random_below(&sender->random, 5)) / 2; n > 0; n--)
		put_coverage(sender, out, maintenance);
}

/* Two of three records say what they said the last time; some members stand twice in a file. */
static void put_member(struct sender *sender, struct buffer *out, uint32_t history, uint32_t member)
{
	struct buffer *last = &sender->last[history][member];
	if (last->len == 0 || one_in(sender, 3)) {
		buffer_reset(last);
		put_new(sender, last, history, member);
	}
	buffer_slice(out, buffer_view(last));
}

static uint64_t segments_of(struct slice text)
{
	uint64_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '~';
	return count;
}

static void put_file(struct sender *sender, struct buffer *out, days day)
{
	static const char *const actions[] = { "2", "2", "2", "2", "RX", "RX", "4" };
	struct buffer body;
	buffer_init(&body, 0);
	buffer_text(&body, "ST*834*0001*005010X220A1~BGN*00*T1*");
	days_put8(&body, day);
	buffer_format(&body, "*2105****%s~REF*38*HUSKYA~N1*P5*STATE*FI*060000001~N1*IN*HUSKY*FI*060000001~",
		actions[random_below(&sender->random, COUNT_OF(actions))]);
	for (uint32_t history = 0; history < HISTORIES; history++)
		for (uint32_t member = 0; member < MEMBERS; member++)
			for (uint32_t n = one_in(sender, 5) ? 0 : one_in(sender, 8) ? 2 : 1; n > 0; n--)
				put_member(sender, &body, history, member);
	buffer_format(out, "ISA*00*          *00*          *ZZ*CTDSSENROLL    *ZZ*CTDSS          *100105*2105*^*00501*%09u*0*T*:~"
			   "GS*BE*CTDSSENROLL*CTDSS*20100105*2105*1*X*005010X220A1~", ++sender->control);
	buffer_slice(out, buffer_view(&body));
	buffer_format(out, "SE*%llu*0001~GE*1*1~IEA*1*%09u~", (unsigned long long)segments_of(buffer_view(&body)) + 1, sender->control);
	CU_ASSERT_FATAL(!out->failed && !body.failed);
	buffer_done(&body);
}

/* ---- who takes it ------------------------------------------------------------------------ */

struct desk {
	char folder[32], path[48];
	struct office office;
};

static void desk_begin(struct desk *desk, bool thorough)
{
	struct row_report report = { 0 };
	snprintf(desk->folder, sizeof(desk->folder), "/tmp/test_load.XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(desk->folder));
	snprintf(desk->path, sizeof(desk->path), "%s/p.db", desk->folder);
	desk->office = (struct office){ .program = program, .now = { .day = FIRST_DAY }, .now_is_given = true, .thorough = thorough };
	desk->office.store = store_open(desk->path, true, &desk->office.failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(desk->office.store);
	CU_ASSERT_FATAL(providers_file(&desk->office, "samples/2010-01/2009-12-21-billing.csv", NULL, &report) &&
		providers_file(&desk->office, "samples/2010-01/2009-12-21-pcps.csv", NULL, &report));
}

static void desk_end(struct desk *desk)
{
	static const char *const files[] = { "p.db", "p.db-wal", "p.db-shm", "in.x12" };
	store_close(desk->office.store);
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		char path[64];
		snprintf(path, sizeof(path), "%s/%s", desk->folder, files[i]);
		unlink(path);
	}
	CU_ASSERT(rmdir(desk->folder) == 0);
}

static void desk_load(struct desk *desk, struct load_report *report, struct slice bytes)
{
	char path[64];
	snprintf(path, sizeof(path), "%s/in.x12", desk->folder);
	*report = (struct load_report){ .first_day = DAYS_NONE };
	CU_ASSERT_FATAL(file_write_whole(path, bytes, &desk->office.failure));
	bool done = load_file(&desk->office, path, NULL, NULL, report);
	if (!done)
		puts(desk->office.failure.text);
	CU_ASSERT_FATAL(done);
}

/* Somebody telephones, or is taken off a panel. */
static void desk_event(struct desk *desk, struct random *random, struct arena *arena)
{
	struct store *store = desk->office.store;
	struct member member;
	struct assignment *assignments;
	struct buffer id;
	size_t count = 0;
	bool found;
	int64_t made;
	arena_reset(arena);
	buffer_init(&id, 0);
	id_put(&id, random_below(random, HISTORIES), random_below(random, MEMBERS));
	CU_ASSERT_FATAL(store_member_find(store, arena, &found, &member, buffer_view(&id)));
	buffer_done(&id);
	struct request request = { .member = member.id, .channel = SLICE("PHONE"), .source = SLICE("CHOICE"), .received = desk->office.now.day,
		.processed = desk->office.now.day, .asked_from = DAYS_NONE, .npi = "1030700532" };
	uint32_t what = random_below(random, 3);
	days last = desk->office.now.day + (days)random_below(random, 40);
	if (!found)
		return;
	if (what == 0)
		CU_ASSERT_FATAL(request_keep(&desk->office, arena, desk->office.now.day, &made, &request));
	CU_ASSERT_FATAL(store_assignments(store, arena, &assignments, &count, member.id, 0));
	if (what > 0 && count > 0)
		CU_ASSERT_FATAL(store_assignment_end(store, assignments[count - 1].id, last, REASON_SUPERSEDED));
}

static void desk_work(struct desk *desk, uint64_t seed)
{
	struct random random;
	struct assign_report assigned = { 0 };
	struct arena arena;
	int64_t change;
	random_seed(&random, seed);
	arena_init(&arena, 0);
	CU_ASSERT_FATAL(store_begin(desk->office.store) && store_change(desk->office.store, &change, CHANGE_REQUESTS, desk->office.now.day, ""));
	for (uint32_t n = random_below(&random, HISTORIES); n > 0; n--)
		desk_event(desk, &random, &arena);
	CU_ASSERT_FATAL(store_commit(desk->office.store));
	arena_done(&arena);
	if (random_below(&random, 3) > 0)
		CU_ASSERT_FATAL(assign_pending(&desk->office, &assigned, NULL, NULL));
}

/* ---- what both then hold -------------------------------------------------------------------- */

static void put_rows(struct buffer *out, sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	CU_ASSERT_EQUAL_FATAL(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(stmt); i++)
			if (strcmp(sqlite3_column_name(stmt, i), "reflects") != 0)
				buffer_format(out, "%s|", (const char *)sqlite3_column_text(stmt, i) == NULL ? "" : (const char *)sqlite3_column_text(stmt, i));
		buffer_char(out, '\n');
	}
	sqlite3_finalize(stmt);
}

static void desk_dump(struct buffer *out, const struct desk *desk)
{
	static const char *const tables[] = {
		"SELECT * FROM member ORDER BY id", "SELECT * FROM member_past ORDER BY id, version", "SELECT * FROM member_alias ORDER BY old_id",
		"SELECT * FROM span ORDER BY id", "SELECT * FROM request ORDER BY id", "SELECT * FROM judgement ORDER BY id",
		"SELECT * FROM assignment ORDER BY id", "SELECT * FROM assignment_past ORDER BY id, version",
		"SELECT id, control, ack, sets, sets_accepted, records FROM interchange ORDER BY id",
	};
	sqlite3 *db = NULL;
	buffer_reset(out);
	CU_ASSERT_EQUAL_FATAL(sqlite3_open(desk->path, &db), SQLITE_OK);
	for (size_t i = 0; i < COUNT_OF(tables); i++)
		put_rows(out, db, tables[i]);
	sqlite3_close(db);
}

static bool dumps_same(const struct buffer *a, const struct buffer *b)
{
	size_t at = 0, line = 0;
	if (slice_equal(buffer_view(a), buffer_view(b)))
		return true;
	for (; at < a->len && at < b->len && a->ptr[at] == b->ptr[at]; at++)
		line = a->ptr[at] == '\n' ? at + 1 : line;
	printf("one:   %.*s\nother: %.*s\n", (int)(a->len - line < 200 ? a->len - line : 200), a->ptr + line,
		(int)(b->len - line < 200 ? b->len - line : 200), b->ptr + line);
	return false;
}

/* ---- properties -------------------------------------------------------------------------------- */

static void batch(uint64_t seed, uint64_t *passed_over)
{
	static struct sender sender;
	struct desk quick, thorough;
	struct buffer file, dumps[2];
	random_seed(&sender.random, seed);
	sender.control = 0;
	for (size_t i = 0; i < HISTORIES * MEMBERS; i++)
		buffer_init(&sender.last[i / MEMBERS][i % MEMBERS], 0);
	buffer_init(&file, 0);
	buffer_init(&dumps[0], 0);
	buffer_init(&dumps[1], 0);
	desk_begin(&quick, false);
	desk_begin(&thorough, true);
	for (days n = 0; n < FILES; n++) {
		struct load_report reports[2];
		quick.office.now.day = thorough.office.now.day = FIRST_DAY + 7 * n;
		buffer_reset(&file);
		put_file(&sender, &file, quick.office.now.day);
		desk_load(&quick, &reports[0], buffer_view(&file));
		desk_load(&thorough, &reports[1], buffer_view(&file));
		CU_ASSERT(reports[0].interchanges_refused == 0 && reports[0].sets_accepted == 1);
		*passed_over += reports[0].passed_over;
		CU_ASSERT(reports[1].passed_over == 0);
		reports[0].passed_over = 0;
		CU_ASSERT(memcmp(&reports[0], &reports[1], sizeof(reports[0])) == 0); /* counts, notes, requests */
		uint64_t work = random_below(&sender.random, UINT32_MAX);
		desk_work(&quick, work);
		desk_work(&thorough, work);
		if (n % 4 < 3) /* nothing is forgotten: what differs once differs at the end */
			continue;
		desk_dump(&dumps[0], &quick);
		desk_dump(&dumps[1], &thorough);
		CU_ASSERT_FATAL(dumps_same(&dumps[0], &dumps[1]));
	}
	desk_end(&quick);
	desk_end(&thorough);
	buffer_done(&file);
	buffer_done(&dumps[0]);
	buffer_done(&dumps[1]);
	for (size_t i = 0; i < HISTORIES * MEMBERS; i++)
		buffer_done(&sender.last[i / MEMBERS][i % MEMBERS]);
}

static void test_passed_over(void)
{
	uint64_t passed_over = 0;
	for (uint64_t seed = 1; seed <= 2000 / HISTORIES; seed++)
		batch(seed, &passed_over);
	printf("# %llu records passed over\n", (unsigned long long)passed_over);
	CU_ASSERT(passed_over > 2000);
}

/* What is true of a member, without numbers of rows: coverage, PCPs, what waits. */
static void put_state(struct buffer *out, struct desk *desk, struct arena *arena, uint32_t history, uint32_t number)
{
	struct buffer id;
	struct member member;
	struct assignment *assignments;
	struct request request;
	size_t count;
	bool found;
	buffer_init(&id, 0);
	id_put(&id, history, number);
	CU_ASSERT_FATAL(store_member_find(desk->office.store, arena, &found, &member, buffer_view(&id)));
	buffer_done(&id);
	if (!found)
		return;
	buffer_format(out, "%.*s died %d", SLICE_ARG(member.medicaid_id), member.died);
	for (size_t i = 0; i < member.span_count; i++)
		buffer_format(out, " %.*s %d..%d %.*s", SLICE_ARG(member.spans[i].plan), member.spans[i].begin, member.spans[i].end,
			SLICE_ARG(member.spans[i].aid_category));
	CU_ASSERT_FATAL(store_assignments(desk->office.store, arena, &assignments, &count, member.id, 0));
	for (size_t i = 0; i < count; i++)
		buffer_format(out, " pcp %lld %d..%d", (long long)assignments[i].pcp, assignments[i].begin, assignments[i].end);
	CU_ASSERT_FATAL(store_request_pending(desk->office.store, arena, &found, &request, member.id));
	if (found)
		buffer_format(out, " asks %s", request.npi);
	buffer_char(out, '\n');
}

/* BAD-15: merged and parted again, both are what they were. */
static void test_unmerge(void)
{
	static struct sender sender;
	struct desk desk;
	struct buffer file, before, after, ids[2];
	struct arena arena;
	unsigned merged = 0;
	random_seed(&sender.random, 77);
	sender.control = 0;
	struct buffer *const buffers[] = { &file, &before, &after, &ids[0], &ids[1] };
	for (size_t i = 0; i < COUNT_OF(buffers); i++)
		buffer_init(buffers[i], 0);
	for (size_t i = 0; i < HISTORIES * MEMBERS; i++)
		buffer_init(&sender.last[i / MEMBERS][i % MEMBERS], 0);
	arena_init(&arena, 0);
	desk_begin(&desk, false);
	for (days n = 0; n < 3; n++) {
		struct load_report report;
		desk.office.now.day = FIRST_DAY + 7 * n;
		buffer_reset(&file);
		put_file(&sender, &file, desk.office.now.day);
		desk_load(&desk, &report, buffer_view(&file));
		desk_work(&desk, (uint64_t)n);
	}
	for (uint32_t history = 0; history < HISTORIES; history++) {
		uint32_t one = random_below(&sender.random, MEMBERS), other = random_below(&sender.random, MEMBERS);
		arena_reset(&arena);
		for (size_t i = 1; i < COUNT_OF(buffers); i++)
			buffer_reset(buffers[i]);
		id_put(&ids[0], history, one);
		id_put(&ids[1], history, other);
		put_state(&before, &desk, &arena, history, one);
		put_state(&before, &desk, &arena, history, other);
		bool done = member_merge(&desk.office, buffer_view(&ids[0]), buffer_view(&ids[1]));
		CU_ASSERT(done || desk.office.misused); /* one is not known, or they are one already */
		desk.office.misused = false;
		desk.office.failure.text[0] = '\0';
		if (!done)
			continue;
		put_state(&after, &desk, &arena, history, one);
		put_state(&after, &desk, &arena, history, other);
		CU_ASSERT(!slice_equal(buffer_view(&before), buffer_view(&after))); /* both ids find the one */
		buffer_reset(&after);
		CU_ASSERT(member_unmerge(&desk.office, buffer_view(&ids[1])));
		put_state(&after, &desk, &arena, history, one);
		put_state(&after, &desk, &arena, history, other);
		CU_ASSERT(dumps_same(&after, &before));
		merged++;
	}
	CU_ASSERT(merged > HISTORIES / 4);
	desk_end(&desk);
	arena_done(&arena);
	for (size_t i = 0; i < COUNT_OF(buffers); i++)
		buffer_done(buffers[i]);
	for (size_t i = 0; i < HISTORIES * MEMBERS; i++)
		buffer_done(&sender.last[i / MEMBERS][i % MEMBERS]);
}

/* The same file with its histories in the opposite order: each keeps the order of its own records. */
static void put_reversed(struct buffer *out, struct slice file)
{
	static const char *loops[HISTORIES * MEMBERS * 2 + 1];
	size_t count = 0;
	const char *end = file.ptr + file.len, *first = NULL, *trailer = NULL;
	for (const char *at = file.ptr; at + 4 < end; at++) {
		if (at[-1 + (at == file.ptr)] != '~' || (memcmp(at, "INS*", 4) != 0 && memcmp(at, "SE*", 3) != 0))
			continue;
		if (first == NULL)
			first = at;
		if (at[0] == 'S') {
			trailer = at;
			break;
		}
		CU_ASSERT_FATAL(count < COUNT_OF(loops) - 1);
		loops[count++] = at;
	}
	CU_ASSERT_FATAL(first != NULL && trailer != NULL);
	loops[count] = trailer;
	buffer_put(out, file.ptr, (size_t)(first - file.ptr));
	for (size_t last = count; last > 0;) {
		size_t from = last - 1;
		const char *id = strstr(loops[from], "REF*0F*9") + 8;
		while (from > 0 && memcmp(strstr(loops[from - 1], "REF*0F*9") + 8, id, 4) == 0)
			from--;
		buffer_put(out, loops[from], (size_t)(loops[last] - loops[from]));
		last = from;
	}
	buffer_put(out, trailer, (size_t)(end - trailer));
}

/* Members who have nothing to do with one another may stand in any order. */
static void test_any_order(void)
{
	static struct sender sender;
	struct desk desks[2];
	struct buffer file, reversed, states[2];
	struct arena arena;
	struct buffer *const buffers[] = { &file, &reversed, &states[0], &states[1] };
	random_seed(&sender.random, 4242);
	sender.control = 0;
	for (size_t i = 0; i < COUNT_OF(buffers); i++)
		buffer_init(buffers[i], 0);
	for (size_t i = 0; i < HISTORIES * MEMBERS; i++)
		buffer_init(&sender.last[i / MEMBERS][i % MEMBERS], 0);
	arena_init(&arena, 0);
	desk_begin(&desks[0], false);
	desk_begin(&desks[1], false);
	for (days n = 0; n < FILES; n++) {
		struct load_report reports[2];
		desks[0].office.now.day = desks[1].office.now.day = FIRST_DAY + 7 * n;
		buffer_reset(&file);
		buffer_reset(&reversed);
		put_file(&sender, &file, FIRST_DAY + 7 * n);
		put_reversed(&reversed, buffer_view(&file));
		CU_ASSERT(file.len == reversed.len);
		desk_load(&desks[0], &reports[0], buffer_view(&file));
		desk_load(&desks[1], &reports[1], buffer_view(&reversed));
		CU_ASSERT(reports[0].sets_accepted == 1);
		reports[0].passed_over = reports[1].passed_over = 0;
		CU_ASSERT(memcmp(&reports[0], &reports[1], sizeof(reports[0])) == 0);
	}
	for (uint32_t history = 0; history < HISTORIES; history++)
		for (uint32_t member = 0; member < MEMBERS; member++)
			for (size_t d = 0; d < COUNT_OF(desks); d++) {
				arena_reset(&arena);
				put_state(&states[d], &desks[d], &arena, history, member);
			}
	CU_ASSERT(states[0].len > 1000 && dumps_same(&states[0], &states[1]));
	desk_end(&desks[0]);
	desk_end(&desks[1]);
	arena_done(&arena);
	for (size_t i = 0; i < COUNT_OF(buffers); i++)
		buffer_done(buffers[i]);
	for (size_t i = 0; i < HISTORIES * MEMBERS; i++)
		buffer_done(&sender.last[i / MEMBERS][i % MEMBERS]);
}

static const struct unit_case cases[] = {
	{ "independent members may stand in any order in a file", test_any_order },
	{ "BAD-15: two members who were merged are what they were when that is taken back", test_unmerge },
	{ "a record that is passed over would have changed nothing: both ways give the same store, over 2,000 histories", test_passed_over },
};

int main(void)
{
	struct failure failure = { 0 };
	program = program_read(PROGRAM, &failure);
	if (program == NULL) {
		puts(failure.text);
		return 3;
	}
	int status = UNIT_RUN("load", cases);
	program_free(program);
	return status;
}
