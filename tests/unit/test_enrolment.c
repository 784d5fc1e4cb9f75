/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * One member of an 834 applied to what is known, as rows.  Each row is applied twice: the
 * second time must change nothing.
 */
#include "rules/rules.h"
#include "tests/unit/rows.h"
#include "tests/unit/unit.h"

#define COVERAGES 6

static struct program *program;
static struct arena arena;
static const struct origin ORIGIN = { 7, 100 };

static struct slice present(struct slice value)
{
	return slice_is(value, "-") ? SLICE_NONE : value;
}

static void before_read(struct member *before, struct span spans[COVERAGES], const struct row *row)
{
	struct slice value;
	*before = (struct member){ .id = 5,
		.medicaid_id = SLICE("001"),
		.last = SLICE("RIVERA"),
		.first = SLICE("ANA"),
		.born = 4000,
		.died = row_day(row, "dead", DAYS_NONE),
		.phone = SLICE("2035550101"),
		.home = { .city = SLICE("WATERBURY"), .state = SLICE("CT") },
		.language = SLICE("SPA"),
		.case_number = SLICE("C1"),
		.recorded = 14000,
		.origin = { 3, 1 } };
	before->spans = spans;
	for (size_t i = 0; i < COVERAGES && row_value(&value, row, "has", i); i++) {
		struct span *span = &spans[i];
		*span = (struct span){ .id = (int64_t)i + 1, .plan = value_part(value, 0), .line = SLICE("HLT"),
			.aid_category = value_part(value, 2),
			.payment_category = value_part(value, 3), .origin = { 3, 2 } };
		value_days(&span->begin, &span->end, value_part(value, 1));
		if (span->plan.len > 0 && !slice_is(span->plan, "nothing"))
			before->span_count++;
	}
}

static void coverages_read(struct member_record *record, struct coverage_record coverages[COVERAGES],
	struct provider_record *provider, const struct row *row)
{
	struct slice value;
	struct coverage_record **tail = &record->coverages;
	for (size_t i = 0; i < COVERAGES && row_value(&value, row, "hd", i); i++) {
		struct coverage_record *coverage = &coverages[i];
		record_clear(RECORD_COVERAGE, coverage);
		coverage->maintenance = present(value_part(value, 0));
		coverage->plan = present(value_part(value, 1));
		coverage->line = SLICE("HLT");
		value_days(&coverage->begin, &coverage->end, value_part(value, 2));
		coverage->end = coverage->end == DAYS_OPEN ? DAYS_NONE : coverage->end;
		coverage->aid_category = value_part(value, 3);
		coverage->payment_category = value_part(value, 4);
		*tail = coverage;
		tail = &coverage->next;
	}
	if (!row_value(&value, row, "pcp", 0) || record->coverages == NULL)
		return;
	record_clear(RECORD_PROVIDER, provider);
	provider->entity = row_text(row, "entity", "P3");
	provider->id_qualifier = SLICE("XX");
	provider->id = value_part(value, 0);
	provider->relationship = value_part(value, 1);
	provider->change_date = row_day(row, "pla", DAYS_NONE);
	provider->offset = 555;
	record->coverages->providers = provider;
}

static void record_read(struct member_record *record, struct responsible_record responsible[2], const struct row *row)
{
	struct slice value;
	struct slice facts = row->facts;
	record_clear(RECORD_MEMBER, record);
	record->maintenance = slice_word(&facts);
	record->member_id = present(row_text(row, "id", "001"));
	record->reason = row_text(row, "reason", "");
	record->death = row_day(row, "died", DAYS_NONE);
	record->eligibility_begin = row_day(row, "356", DAYS_NONE);
	record->eligibility_end = row_day(row, "357", DAYS_NONE);
	record->medicaid_begin = row_day(row, "473", DAYS_NONE);
	record->medicaid_end = row_day(row, "474", DAYS_NONE);
	record->maintenance_date = row_day(row, "303", DAYS_NONE);
	record->prior_id = row_text(row, "prior", "");
	record->last = row_text(row, "last", "");
	record->first = row_text(row, "first", "");
	record->confidentiality = row_text(row, "restricted", "");
	record->phone_work = row_text(row, "work", "");
	record->phone_home = row_text(row, "home", "");
	record->language_native = row_text(row, "native", "");
	record->language_spoken = row_text(row, "speaks", "");
	record->city = row_text(row, "city", "");
	record->location_qualifier = value_part(row_text(row, "place", ""), 0);
	record->location = value_part(row_text(row, "place", ""), 1);
	for (size_t i = 2; i-- > 0;) {
		if (!row_value(&value, row, "responsible", i))
			continue;
		responsible[i] = (struct responsible_record){ record->responsible, .role = value_part(value, 0),
			.last = value_part(value, 1) };
		record->responsible = &responsible[i];
	}
}

static void put_text(struct buffer *out, const char *name, struct slice value)
{
	buffer_format(out, " %s=%.*s", name, SLICE_ARG(value));
}

/* What changed, in a fixed order: effect, spans, the rest, the request, notes. */
static void put_outcome(struct buffer *out, const struct enrolment *done, const struct member *before)
{
	static const char *const effects[] = { "SAME", "CHANGED", "NEW", "ASIDE" };
	const struct member *after = &done->after;
	buffer_text(out, effects[done->effect]);
	for (size_t i = 0; i < after->span_count && done->effect != ENROL_SET_ASIDE; i++) {
		const struct span *span = &after->spans[i];
		buffer_format(out, " %.*s:", SLICE_ARG(span->plan));
		days_put_iso(out, span->begin);
		buffer_text(out, "..");
		days_put_iso(out, span->end);
		buffer_format(out, ":%.*s", SLICE_ARG(span->aid_category));
		if (span->payment_category.len > 0)
			buffer_format(out, ":%.*s", SLICE_ARG(span->payment_category));
	}
	struct member none = { .born = DAYS_NONE, .died = DAYS_NONE };
	const struct member *was = before == NULL ? &none : before;
	if (after->died != was->died) {
		buffer_text(out, " died=");
		days_put_iso(out, after->died);
	}
	if (!slice_equal(after->last, was->last))
		put_text(out, "last", after->last);
	if (!slice_equal(after->phone, was->phone))
		put_text(out, "phone", after->phone);
	if (!slice_equal(after->language, was->language))
		put_text(out, "language", after->language);
	if (!slice_equal(after->home.city, was->home.city))
		put_text(out, "city", after->home.city);
	if (!slice_equal(after->home.town_code, was->home.town_code))
		put_text(out, "town", after->home.town_code);
	if (!slice_equal(after->home.county, was->home.county))
		put_text(out, "county", after->home.county);
	if (!slice_equal(after->head_last, was->head_last))
		put_text(out, "head", after->head_last);
	if (after->confidential != was->confidential)
		buffer_text(out, after->confidential ? " restricted" : " open");
	if (done->requested) {
		buffer_format(out, " ask=%s:%.*s:%.*s", done->request.npi, SLICE_ARG(done->request.relationship),
			SLICE_ARG(done->request.source));
		buffer_char(out, ':');
		days_put_iso(out, done->request.asked_from);
		CU_ASSERT(done->request.origin.interchange == ORIGIN.interchange && done->request.origin.offset == 555);
	}
	if (done->prior_id.len > 0)
		put_text(out, "prior", done->prior_id);
	for (size_t i = 0; i < done->note_count; i++)
		buffer_format(out, " (%s)", finding_kind(done->notes[i])->name);
}

/* Spans that stayed keep their number; none of a plan overlap; neighbours that say the same are one. */
static void check_spans(const struct enrolment *done)
{
	const struct member *after = &done->after;
	for (size_t i = 0; i < after->span_count; i++) {
		CU_ASSERT(after->spans[i].begin <= after->spans[i].end);
		CU_ASSERT(after->spans[i].id != 0 || after->spans[i].origin.interchange == ORIGIN.interchange);
		CU_ASSERT(i == 0 || after->spans[i - 1].begin <= after->spans[i].begin);
		for (size_t j = 0; j < i; j++)
			if (slice_equal(after->spans[i].plan, after->spans[j].plan))
				CU_ASSERT(after->spans[j].end < after->spans[i].begin);
	}
}

static void row_run(const struct row *row)
{
	struct member before;
	struct span spans[COVERAGES];
	struct member_record record;
	struct coverage_record coverages[COVERAGES];
	struct provider_record provider;
	struct responsible_record responsible[2];
	struct enrolment_set set;
	struct enrolment done, again;
	struct addition added[COVERAGES];
	struct additions earlier = { .items = added };
	struct slice value;
	days today;
	if (row == NULL)
		return;
	for (; earlier.count < COVERAGES && row_value(&value, row, "added", earlier.count); earlier.count++) {
		added[earlier.count].plan = value_part(value, 0);
		CU_ASSERT(days_parse_iso(&added[earlier.count].begin, value_part(value, 1)));
	}
	bool known = row_value(&value, row, "has", 0);
	CU_ASSERT(days_from_civil(&today, 2010, 3, 10));
	before_read(&before, spans, row);
	record_read(&record, responsible, row);
	coverages_read(&record, coverages, &provider, row);
	record_clear(RECORD_ENROLMENT_SET, &set);
	set.action = slice_is(row->verb, "change") ? SLICE("2")
		: slice_is(row->verb, "verify")    ? SLICE("4")
						   : SLICE("RX");
	CU_ASSERT(enrol(&done, &arena, program, &set, &record, known ? &before : NULL, ORIGIN, today, &earlier));
	struct buffer text;
	buffer_init(&text, 0);
	put_outcome(&text, &done, known ? &before : NULL);
	buffer_char(&text, '\0');
	row_expect(row, text.ptr);
	buffer_done(&text);
	check_spans(&done);
	CU_ASSERT((done.effect == ENROL_SAME) ==
		(known && done.effect != ENROL_SET_ASIDE && member_same(&before, &done.after)));
	if (done.effect == ENROL_SET_ASIDE)
		return;
	CU_ASSERT(enrol(&again, &arena, program, &set, &record, &done.after, ORIGIN, today, &earlier));
	CU_assertImplementation(again.effect == ENROL_SAME, row->line, "the same record again changes nothing",
		row->file, "", CU_FALSE);
}

int main(void)
{
	static const char *const files[] = { "tests/rules/records.txt" };
	struct failure failure = { "" };
	arena_init(&arena, 0);
	program = program_read("rules/husky-primary-care.xml", &failure);
	if (program == NULL) {
		printf("not ok enrolment: %s\n", failure.text);
		return 1;
	}
	int status = rows_run("enrolment", files, COUNT_OF(files), row_run);
	program_free(program);
	arena_done(&arena);
	return status;
}
