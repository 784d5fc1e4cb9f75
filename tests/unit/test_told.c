/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * told: what a file says of a member, by field; and the temporary table.
 */
#include "exchange/told.h"
#include "tests/unit/unit.h"

/* A member with one entry in each of its lists. */
struct whole {
	struct member_record member;
	struct coverage_record coverage;
	struct provider_record provider;
	struct responsible_record responsible;
	struct category_record category;
};

static void whole_init(struct whole *whole)
{
	record_clear(RECORD_MEMBER, &whole->member);
	record_clear(RECORD_COVERAGE, &whole->coverage);
	record_clear(RECORD_PROVIDER, &whole->provider);
	record_clear(RECORD_RESPONSIBLE, &whole->responsible);
	record_clear(RECORD_CATEGORY, &whole->category);
	whole->member.coverages = &whole->coverage;
	whole->member.responsible = &whole->responsible;
	whole->member.categories = &whole->category;
	whole->coverage.providers = &whole->provider;
}

static void *whole_record(struct whole *whole, enum record_kind kind)
{
	void *records[RECORD_KINDS] = { [RECORD_MEMBER] = &whole->member, [RECORD_COVERAGE] = &whole->coverage,
		[RECORD_PROVIDER] = &whole->provider, [RECORD_RESPONSIBLE] = &whole->responsible,
		[RECORD_CATEGORY] = &whole->category };
	return records[kind];
}

static void every_field_is_told(void)
{
	size_t fields = 0;
	for (size_t i = 0; i < record_field_count; i++) {
		struct whole whole;
		struct told told;
		const struct field *field = &record_fields[i];
		whole_init(&whole);
		char *record = whole_record(&whole, field->record);
		if (record == NULL)
			continue;
		CU_ASSERT_FATAL(field->type == FIELD_TEXT || field->type == FIELD_DAY);
		struct slice text = SLICE("SAID");
		days day = 14610;
		memcpy(record + field->offset, field->type == FIELD_DAY ? (void *)&day : (void *)&text,
			field->type == FIELD_DAY ? sizeof(day) : sizeof(text));
		told_init(&told);
		told_member(&told, &whole.member);
		bool one = !told.failed && told.count == 1;
		CU_ASSERT(one);
		if (one) {
			struct slice path = told_path_at(&told, 0);
			size_t len = strlen(field->name);
			CU_ASSERT(path.len >= len && memcmp(path.ptr + path.len - len, field->name, len) == 0);
			CU_ASSERT(slice_is(told_text_at(&told, 0), field->type == FIELD_DAY ? "2010-01-01" : "SAID"));
		}
		told_done(&told);
		fields++;
	}
	CU_ASSERT(fields > 90);
}

static struct slice told_value_of(const struct told *told, const char *path)
{
	for (size_t i = 0; i < told->count; i++)
		if (slice_is(told_path_at(told, i), path))
			return told_text_at(told, i);
	return SLICE_NONE;
}

static void later_records_add_to_earlier_ones(void)
{
	struct whole first, second;
	struct told told;
	whole_init(&first);
	whole_init(&second);
	first.member.maintenance = SLICE("024");
	first.member.last = SLICE("FINCH");
	first.member.sex = SLICE("M");
	first.coverage.maintenance = SLICE("024");
	first.coverage.line = SLICE("HLT");
	first.coverage.end = 14610;
	second.member.maintenance = SLICE("021");
	second.member.last = SLICE("FINCHER");
	second.coverage.maintenance = SLICE("021");
	second.coverage.line = SLICE("HLT");
	second.coverage.begin = 14611;
	told_init(&told);
	told_member(&told, &first.member);
	CU_ASSERT(told.ended && told_value_of(&told, "coverage HLT / end").len > 0);
	told_member(&told, &second.member);
	CU_ASSERT(!told.ended && !told.failed);
	CU_ASSERT(slice_is(told_value_of(&told, "last"), "FINCHER") && slice_is(told_value_of(&told, "sex"), "M"));
	CU_ASSERT(told_value_of(&told, "coverage HLT / end").len == 0); /* an added coverage is told whole */
	CU_ASSERT(slice_is(told_value_of(&told, "coverage HLT / begin"), "2010-01-02"));
	told_done(&told);
}

static void entries_of_one_key_are_numbered(void)
{
	struct whole whole;
	struct coverage_record more;
	struct told told;
	whole_init(&whole);
	whole.coverage.line = SLICE("HLT");
	more = whole.coverage;
	more.providers = NULL;
	more.plan = SLICE("A");
	whole.coverage.next = &more;
	struct coverage_record third = whole.coverage;
	third.next = NULL;
	third.providers = NULL;
	more.next = &third;
	told_init(&told);
	told_member(&told, &whole.member);
	CU_ASSERT(slice_is(told_value_of(&told, "coverage HLT / line"), "HLT"));
	CU_ASSERT(slice_is(told_value_of(&told, "coverage HLT A / plan"), "A"));
	CU_ASSERT(slice_is(told_value_of(&told, "coverage HLT (2) / line"), "HLT"));
	CU_ASSERT(told.count == 4);
	told_done(&told);
}

static void keys_tell_dependents_apart(void)
{
	static const struct {
		const char *subscriber, *member_id, *id, *first, *key;
	} rows[] = {
		{ "Y", "100", "A1", "ANA", "100" }, { "N", "100", "A2", "BEA", "100 / A2" }, { "N", "100", "", "BEA", "100 / 20100101 BEA" },
		{ "Y", "", "A3", "", "A3" }, { "N", "", "A3", "", "A3" }, { "Y", "", "", "ANA", "" },
	};
	struct buffer key;
	buffer_init(&key, 0);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct whole whole;
		whole_init(&whole);
		whole.member.subscriber = slice_of(rows[i].subscriber);
		whole.member.member_id = slice_of(rows[i].member_id);
		whole.member.id = slice_of(rows[i].id);
		whole.member.first = slice_of(rows[i].first);
		whole.member.born = 14610;
		told_key(&key, &whole.member);
		CU_ASSERT(slice_is(buffer_view(&key), rows[i].key));
	}
	buffer_done(&key);
}

static void tellings_survive_as_bytes(void)
{
	struct whole whole;
	struct told told, again;
	struct buffer bytes;
	whole_init(&whole);
	whole.member.maintenance = SLICE("024");
	whole.member.last = SLICE("A\0B\xff");
	whole.coverage.plan = SLICE("X");
	told_init(&told);
	told_init(&again);
	buffer_init(&bytes, 0);
	told_member(&told, &whole.member);
	told_sort(&told);
	told_put(&bytes, &told);
	told_read(&again, buffer_view(&bytes));
	CU_ASSERT(again.ended && again.count == told.count && again.count == 3);
	for (size_t i = 0; i < told.count && i < again.count; i++)
		CU_ASSERT(slice_equal(told_path_at(&told, i), told_path_at(&again, i)) && slice_equal(told_text_at(&told, i), told_text_at(&again, i)));
	told_done(&told);
	told_done(&again);
	buffer_done(&bytes);
}

static void scratch_keeps_and_orders(void)
{
	struct failure failure = { "" };
	struct scratch *scratch = scratch_open(&failure);
	struct buffer key, value;
	bool found = false;
	buffer_init(&key, 0);
	buffer_init(&value, 0);
	CU_ASSERT_FATAL(scratch != NULL);
	CU_ASSERT(scratch_get(scratch, SLICE("a"), &value, &found, &failure) && !found);
	CU_ASSERT(scratch_put(scratch, SLICE("b"), SLICE("2"), &failure) && scratch_put(scratch, SLICE("a\0z"), SLICE(""), &failure));
	CU_ASSERT(scratch_put(scratch, SLICE("b"), SLICE("3\0"), &failure));
	CU_ASSERT(scratch_get(scratch, SLICE("b"), &value, &found, &failure) && found && slice_equal(buffer_view(&value), SLICE("3\0")));
	CU_ASSERT(scratch_next(scratch, buffer_view(&key), &key, &value, &found, &failure) && found);
	CU_ASSERT(slice_equal(buffer_view(&key), SLICE("a\0z")) && value.len == 0);
	CU_ASSERT(scratch_next(scratch, buffer_view(&key), &key, &value, &found, &failure) && found);
	CU_ASSERT(slice_is(buffer_view(&key), "b"));
	CU_ASSERT(scratch_next(scratch, buffer_view(&key), &key, &value, &found, &failure) && !found);
	scratch_close(scratch);
	buffer_done(&key);
	buffer_done(&value);
}

static const struct unit_case cases[] = {
	{ "every field of a member and of its lists is told, by its name", every_field_is_told },
	{ "BAD-14: a later record of a member adds to an earlier one; a coverage that is added is told whole", later_records_add_to_earlier_ones },
	{ "entries of a list with the same key are numbered", entries_of_one_key_are_numbered },
	{ "a member's key is REF*0F, else NM109; a dependent's has its own id behind it", keys_tell_dependents_apart },
	{ "what is told survives as bytes", tellings_survive_as_bytes },
	{ "the temporary table keeps the newest value of a key and gives keys in order", scratch_keeps_and_orders },
};

int main(void)
{
	return UNIT_RUN("told", cases);
}
