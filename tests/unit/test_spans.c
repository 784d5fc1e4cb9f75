/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Laws of a member's coverage under random 834 records: spans of a plan never overlap, stay in
 * order and joined, and the same record again changes nothing.
 */
#include "rules/rules.h"
#include "tests/unit/unit.h"

#define MEMBERS 3000
#define RECORDS 12
#define COVERAGES 3

static struct program *program;

static struct slice pick(struct random *random, const char *const *words, uint32_t count)
{
	return slice_of(words[random_below(random, count)]);
}

static days pick_day(struct random *random)
{
	return random_below(random, 4) == 0 ? DAYS_NONE : 14610 + 31 * (days)random_below(random, 8);
}

static void random_record(
	struct member_record *record, struct coverage_record coverages[COVERAGES], struct random *random)
{
	static const char *const kinds[] = { "021", "001", "024", "025", "021", "001" };
	static const char *const does[] = { "", "", "021", "001", "024", "025", "002", "026", "030", "032" };
	static const char *const plans[] = { "HUSKY A", "HUSKY A", "HUSKY B", "MANAGED CARE PLAN 1", "" };
	static const char *const aids[] = { "", "F07", "P01" };
	record_clear(RECORD_MEMBER, record);
	record->maintenance = pick(random, kinds, COUNT_OF(kinds));
	record->member_id = SLICE("001");
	record->eligibility_begin = random_below(random, 3) == 0 ? pick_day(random) : DAYS_NONE;
	record->eligibility_end = random_below(random, 8) == 0 ? pick_day(random) : DAYS_NONE;
	struct coverage_record **tail = &record->coverages;
	for (uint32_t i = random_below(random, COVERAGES + 1); i > 0; i--) {
		struct coverage_record *coverage = &coverages[i - 1];
		record_clear(RECORD_COVERAGE, coverage);
		coverage->maintenance = pick(random, does, COUNT_OF(does));
		coverage->plan = pick(random, plans, COUNT_OF(plans));
		coverage->aid_category = pick(random, aids, COUNT_OF(aids));
		coverage->begin = pick_day(random);
		coverage->end = random_below(random, 2) == 0 ? pick_day(random) : DAYS_NONE;
		*tail = coverage;
		tail = &coverage->next;
	}
}

static void check_member(const struct member *member)
{
	for (size_t i = 0; i < member->span_count; i++) {
		const struct span *a = &member->spans[i];
		CU_ASSERT(a->begin != DAYS_NONE && a->begin <= a->end && a->plan.len > 0);
		CU_ASSERT(i == 0 || member->spans[i - 1].begin <= a->begin);
		for (size_t j = i + 1; j < member->span_count; j++) {
			const struct span *b = &member->spans[j];
			bool joined = a->end != DAYS_OPEN && b->begin == a->end + 1 &&
				slice_equal(a->aid_category, b->aid_category) &&
				slice_equal(a->payment_category, b->payment_category);
			CU_ASSERT(!slice_equal(a->plan, b->plan) || (a->end < b->begin && !joined));
		}
	}
}

/* A record with one coverage says one thing, and saying it again says nothing new. */
static void random_records(void)
{
	struct random random;
	struct arena arena;
	struct enrolment_set set;
	size_t repeated = 0;
	random_seed(&random, 834);
	arena_init(&arena, 0);
	record_clear(RECORD_ENROLMENT_SET, &set);
	set.action = SLICE("2");
	for (int i = 0; i < MEMBERS; i++) {
		struct member member = { .born = DAYS_NONE, .died = DAYS_NONE };
		bool known = false;
		for (int j = 0; j < RECORDS; j++) {
			struct member_record record;
			struct coverage_record coverages[COVERAGES];
			struct enrolment done, again;
			random_record(&record, coverages, &random);
			const struct member *before = known ? &member : NULL;
			CU_ASSERT(enrol(&done, &arena, program, &set, &record, before, (struct origin){ 1, 1 }, 14700, NULL));
			if (done.effect == ENROL_SET_ASIDE)
				continue;
			check_member(&done.after);
			before = &done.after;
			CU_ASSERT(enrol(&again, &arena, program, &set, &record, before, (struct origin){ 2, 2 }, 14701, NULL));
			check_member(&again.after);
			/* several coverages of one record may contradict each other, and 357 whatever they add */
			bool plain = record.coverages == NULL || record.coverages->next == NULL;
			if (plain && record.eligibility_end == DAYS_NONE) {
				CU_ASSERT(again.effect == ENROL_SAME);
				repeated++;
			}
			member = done.after;
			known = true;
		}
		arena_reset(&arena);
	}
	CU_ASSERT(repeated > 5000);
	arena_done(&arena);
}

static void no_memory(void)
{
	struct arena arena;
	struct enrolment_set set;
	struct member_record record;
	struct coverage_record coverage;
	struct enrolment done;
	record_clear(RECORD_ENROLMENT_SET, &set);
	record_clear(RECORD_MEMBER, &record);
	record_clear(RECORD_COVERAGE, &coverage);
	record.maintenance = SLICE("021");
	record.member_id = SLICE("001");
	coverage.plan = SLICE("HUSKY A");
	coverage.begin = 14610;
	record.coverages = &coverage;
	arena_init(&arena, 64);
	CU_ASSERT(!enrol(&done, &arena, program, &set, &record, NULL, (struct origin){ 1, 1 }, 14700, NULL));
	arena_done(&arena);
}

static void span_limit(void)
{
	static struct span spans[LIMIT_SPANS];
	struct arena arena;
	struct enrolment_set set;
	struct member_record record;
	struct coverage_record coverage;
	struct enrolment done;
	struct member before = { .medicaid_id = SLICE("001"), .born = DAYS_NONE, .died = DAYS_NONE, .spans = spans };
	for (int i = 0; i < LIMIT_SPANS - 1; i++)
		spans[i] = (struct span){ .begin = 1000 + 10 * i, .end = 1004 + 10 * i, .plan = SLICE("HUSKY A") };
	before.span_count = LIMIT_SPANS - 1;
	record_clear(RECORD_ENROLMENT_SET, &set);
	record_clear(RECORD_MEMBER, &record);
	record_clear(RECORD_COVERAGE, &coverage);
	record.maintenance = SLICE("021");
	record.member_id = SLICE("001");
	coverage.plan = SLICE("HUSKY A");
	coverage.begin = 14610;
	record.coverages = &coverage;
	arena_init(&arena, 0);
	CU_ASSERT(enrol(&done, &arena, program, &set, &record, &before, (struct origin){ 1, 1 }, 14700, NULL));
	CU_ASSERT(done.effect == ENROL_CHANGED && done.after.span_count == LIMIT_SPANS);
	spans[LIMIT_SPANS - 1] = (struct span){ .begin = 9000, .end = 9004, .plan = SLICE("HUSKY A") };
	before.span_count = LIMIT_SPANS;
	CU_ASSERT(enrol(&done, &arena, program, &set, &record, &before, (struct origin){ 1, 1 }, 14700, NULL));
	CU_ASSERT(done.effect == ENROL_SET_ASIDE && done.notes[0] == FINDING_TOO_MANY_SPANS);
	CU_ASSERT(done.after.span_count == LIMIT_SPANS && done.after.spans == spans);
	arena_done(&arena);
}

static const struct unit_case cases[] = {
	{ "RET-1 RET-2: random records keep spans apart, and a record again changes nothing", random_records },
	{ "a member at the limit of spans is kept, one past it is set aside", span_limit },
	{ "an enrolment without memory is a failure", no_memory },
};

int main(void)
{
	struct failure failure = { "" };
	program = program_read("rules/husky-primary-care.xml", &failure);
	if (program == NULL) {
		printf("not ok spans: %s\n", failure.text);
		return 1;
	}
	int status = UNIT_RUN("spans", cases);
	program_free(program);
	return status;
}
