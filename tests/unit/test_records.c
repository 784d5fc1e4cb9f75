/* SPDX-License-Identifier: Apache-2.0 */
/* records: segments, the table of findings and its collector, reasons, states, fields. */
#include "records/records.h"
#include "tests/unit/unit.h"
#include "tests/unit/x12_support.h"

static void elements_past_the_end_are_empty(void)
{
	uint32_t ends[LIMIT_ELEMENTS + 1];
	struct segment segment = x12_segment("NM1*IL*1*more than the segment has", ends);
	segment.element_count = 2;
	CU_ASSERT(slice_is(segment_element(&segment, 0), "NM1"));
	CU_ASSERT(slice_is(segment_element(&segment, 1), "IL"));
	CU_ASSERT(slice_is(segment_element(&segment, 2), "1"));
	CU_ASSERT(segment_element(&segment, 3).len == 0);
	CU_ASSERT(segment_element(&segment, LIMIT_ELEMENTS + 1).len == 0);
}

static void parts_of_an_element(void)
{
	struct slice part = SLICE("x");
	CU_ASSERT(slice_parts(SLICE("a:b::"), ':') == 4);
	CU_ASSERT(slice_parts(SLICE_NONE, ':') == 1);
	CU_ASSERT(slice_part(&part, SLICE("a:b::"), ':', 0) && slice_is(part, "a"));
	CU_ASSERT(slice_part(&part, SLICE("a:b::"), ':', 1) && slice_is(part, "b"));
	CU_ASSERT(slice_part(&part, SLICE("a:b::"), ':', 2) && part.len == 0);
	CU_ASSERT(slice_part(&part, SLICE("a:b::"), ':', 3) && part.len == 0);
	CU_ASSERT(!slice_part(&part, SLICE("a:b::"), ':', 4));
	CU_ASSERT(slice_part(&part, SLICE_NONE, ':', 0) && part.len == 0);
	CU_ASSERT(!slice_part(&part, SLICE_NONE, ':', 1));
	CU_ASSERT(slice_part(&part, SLICE("abc"), '^', 0) && slice_is(part, "abc"));
}

/* ---- findings ---- */
static bool plain_words(const char *text)
{
	static const char *const banned[] = { "illegal", "unknown", "invalid input", "unable to", "please", "error" };
	size_t len = strlen(text);
	for (size_t i = 0; i < COUNT_OF(banned); i++) {
		if (strstr(text, banned[i]) != NULL)
			return false;
	}
	return len > 0 && text[len - 1] != '.';
}

static void the_table_of_findings(void)
{
	for (int i = FINDING_NONE + 1; i < FINDING_CODES; i++) {
		const struct finding_kind *kind = finding_kind((enum finding_code)i);
		CU_ASSERT_FATAL(kind->name != NULL && kind->text != NULL);
		CU_ASSERT(kind->level >= 1 && kind->level <= 7);
		CU_ASSERT(plain_words(kind->text));
		CU_ASSERT_FATAL(kind->mend != NULL);
		CU_ASSERT(plain_words(kind->mend) && strlen(kind->mend) <= 140 && strcmp(kind->mend, kind->text) != 0);
		CU_ASSERT(strspn(kind->name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(kind->name));
		CU_ASSERT(strlen(kind->ta1) == 0 || strlen(kind->ta1) == 3);
		/* business findings are never said in an acknowledgment */
		if (kind->scope == SCOPE_BUSINESS)
			CU_ASSERT(kind->ta1[0] == '\0' && kind->ik3[0] == '\0' && kind->ik5[0] == '\0');
		for (int j = FINDING_NONE; j < i; j++)
			CU_ASSERT(strcmp(kind->name, finding_kind((enum finding_code)j)->name) != 0);
	}
	CU_ASSERT_STRING_EQUAL(finding_kind(FINDING_ELEMENT_CODE)->ik4, "7");
	CU_ASSERT_STRING_EQUAL(finding_kind(FINDING_GE_COUNT)->ak9, "5");
	CU_ASSERT_STRING_EQUAL(finding_kind(FINDING_DUPLICATE)->ta1, "025");
}

static void the_collector_counts_past_its_cap(void)
{
	struct findings findings;
	struct finding finding = { .code = FINDING_ELEMENT_CODE, .severity = SEVERITY_REFUSE };
	findings_init(&findings);
	for (uint64_t i = 0; i < LIMIT_FINDINGS_PER_SET; i++) {
		finding.place.offset = i;
		findings_add(&findings, &finding);
	}
	CU_ASSERT(findings.count == LIMIT_FINDINGS_PER_SET && findings.total == LIMIT_FINDINGS_PER_SET);
	CU_ASSERT(!findings_keep(&findings, &finding));
	findings_add(&findings, &finding);
	CU_ASSERT(findings.count == LIMIT_FINDINGS_PER_SET && findings.total == LIMIT_FINDINGS_PER_SET + 1);
	CU_ASSERT(findings.refusing == LIMIT_FINDINGS_PER_SET + 1); /* the verdict must not depend on the cap */
	CU_ASSERT(findings.items[LIMIT_FINDINGS_PER_SET - 1].place.offset == LIMIT_FINDINGS_PER_SET - 1);
	CU_ASSERT(!findings.failed);
	CU_ASSERT(findings.by_code[FINDING_ELEMENT_CODE] == LIMIT_FINDINGS_PER_SET + 1); /* nor what a summary counts */
	CU_ASSERT(findings.by_level[2] == LIMIT_FINDINGS_PER_SET + 1);
	findings_reset(&findings);
	CU_ASSERT(findings.by_level[2] == 0);
	CU_ASSERT(findings.by_code[FINDING_ELEMENT_CODE] == 0);
	findings.interchange = "000000007";
	findings.group = "70";
	findings_add(&findings, &finding);
	CU_ASSERT_STRING_EQUAL(findings.items[0].interchange, "000000007");
	CU_ASSERT_STRING_EQUAL(findings.items[0].group, "70");
	findings_reset(&findings);
	CU_ASSERT(findings.count == 0 && findings.total == 0 && findings.refusing == 0);
	finding.severity = SEVERITY_IGNORE;
	findings_add(&findings, &finding);
	CU_ASSERT(findings.total == 0);
	findings_done(&findings);
	CU_ASSERT(findings.items == NULL);
}

static void notes_leave_room(void)
{
	struct findings findings;
	struct finding note = { .code = FINDING_SITUATION_SEGMENT_MISSING, .severity = SEVERITY_NOTE };
	struct finding error = { .code = FINDING_SE_COUNT, .severity = SEVERITY_REFUSE };
	findings_init(&findings);
	for (uint64_t i = 0; i < LIMIT_NOTES_PER_SET; i++) {
		CU_ASSERT_FATAL(findings_keep(&findings, &note));
		findings_add(&findings, &note);
	}
	CU_ASSERT(!findings_keep(&findings, &note));
	findings_add(&findings, &note);
	CU_ASSERT(findings.count == LIMIT_NOTES_PER_SET && findings.total == LIMIT_NOTES_PER_SET + 1);
	findings_add(&findings, &error);
	CU_ASSERT(findings.count == LIMIT_NOTES_PER_SET + 1 && findings.items[LIMIT_NOTES_PER_SET].code == FINDING_SE_COUNT);
	findings_reset(&findings);
	CU_ASSERT(findings_keep(&findings, &note));
	findings_done(&findings);
}

static bool prints(const struct finding *finding, bool show_values, const char *text)
{
	struct buffer buffer;
	buffer_init(&buffer, 0);
	finding_put_text(&buffer, finding, "in.edi", show_values);
	bool same = slice_is(buffer_view(&buffer), text);
	if (!same)
		printf("    has: %.*s\n", SLICE_ARG(buffer_view(&buffer)));
	buffer_done(&buffer);
	return same;
}

static struct finding a_code_finding(void)
{
	return (struct finding){
		.code = FINDING_ELEMENT_CODE, .severity = SEVERITY_REFUSE,
		.place = { .offset = 214, .line = 14, .column = 5, .segment = 12, .element = 1 },
		.segment_id = "NM1", .loop = "2100A", .path = "2000[3]/2100A[1]", .interchange = "000000007", .group = "70", .guide = "005010X220A1", .name = "Member Name",
		.expected = "74 IL", .value_len = 2, .value = "QQ", .set_id = "834", .set_control = "0001",
	};
}

static void a_finding_reads_like_a_compiler(void)
{
	struct finding finding = a_code_finding();
	CU_ASSERT(prints(&finding, false,
			 "in.edi:14:5: error: NM101 Member Name: code is not one of the guide's: found (hidden), expected 74 IL\n"
			 "  at    2000[3]/2100A[1], segment 12 of 834 0001, group 70, interchange 000000007, byte 214\n"
			 "  mend  send one of the codes that the guide lists here\n"
			 "  code  element-code, SNIP 2, 999 IK403 7, 005010X220A1\n"));
	finding.severity = SEVERITY_NOTE;
	slice_copy(finding.business, sizeof(finding.business), SLICE("001234562"));
	CU_ASSERT(prints(&finding, true,
			 "in.edi:14:5: note: NM101 Member Name: code is not one of the guide's: found QQ, expected 74 IL\n"
			 "  at    2000[3]/2100A[1], about 001234562, segment 12 of 834 0001, group 70, interchange 000000007, byte 214\n"
			 "  mend  send one of the codes that the guide lists here\n"
			 "  code  element-code, SNIP 2, 999 IK403 7, 005010X220A1\n"));
	finding.place.component = 2;
	finding.place.repetition = 3;
	finding.value_len = 0;
	finding.loop[0] = finding.path[0] = '\0';
	finding.name = NULL;
	finding.rule = "834-nm1";
	finding.says = "who is named twice, is named alike";
	CU_ASSERT(prints(&finding, false,
			 "in.edi:14:5: note: NM101-02: who is named twice, is named alike: expected 74 IL\n"
			 "  at    repetition 3, segment 12 of 834 0001, group 70, interchange 000000007, byte 214\n"
			 "  mend  send one of the codes that the guide lists here\n"
			 "  code  element-code, rule 834-nm1, SNIP 2, 999 IK403 7, 005010X220A1\n"));
}

static void an_envelope_finding_leaves_out_the_set(void)
{
	struct finding finding = { .code = FINDING_IEA_COUNT, .severity = SEVERITY_REFUSE, .interchange = "000000007",
				   .place = { .offset = 900, .line = 1, .column = 901, .element = 1 }, .segment_id = "IEA",
				   .expected = "1" };
	CU_ASSERT(prints(&finding, false,
			 "in.edi:1:901: error: IEA01 is not the number of functional groups: expected 1\n"
			 "  at    interchange 000000007, byte 900\n"
			 "  mend  write into IEA01 how many GS segments the interchange has; if it was right, a part of the file was lost\n"
			 "  code  iea-count, SNIP 1, TA1 021\n"));
	struct finding bare = { .code = FINDING_OUTSIDE_SET, .severity = SEVERITY_REFUSE };
	CU_ASSERT(prints(&bare, false,
			 "in.edi: error: segment stands in a functional group outside any transaction set and was skipped\n"
			 "  at    byte 0\n"
			 "  mend  put every segment between an ST and its SE; look for an SE that comes too early\n"
			 "  code  outside-set, SNIP 1, TA1 022\n"));
}

static void a_value_cannot_command_the_terminal(void)
{
	struct finding finding = a_code_finding();
	static const char value[] = "\x1b[2J\xc2\x9b\xf1 \xc3\xb1";
	memcpy(finding.value, value, sizeof(value) - 1);
	finding.value_len = sizeof(value) - 1;
	struct buffer buffer;
	buffer_init(&buffer, 0);
	finding_put_sentence(&buffer, &finding, true);
	CU_ASSERT(slice_is(buffer_view(&buffer), "NM101 Member Name: code is not one of the guide's: found "
		"\\x1b[2J\\xc2\\x9b\\xf1 \xc3\xb1, expected 74 IL"));
	buffer_reset(&buffer);
	finding.value_len = 0;
	finding_put_text(&buffer, &finding, "a\nb\x1b.edi", false);
	CU_ASSERT(slice_starts(buffer_view(&buffer), "a\\x0ab\\x1b.edi:14:5: error: NM101"));
	buffer_done(&buffer);
}

/* ---- reasons and states ---- */
static void reasons_by_code(void)
{
	for (int i = REASON_NONE + 1; i < REASONS; i++) {
		enum reason reason = (enum reason)i;
		CU_ASSERT(reason_of_code(slice_of(reason_code(reason))) == reason);
		CU_ASSERT(plain_words(reason_text(reason)));
	}
	CU_ASSERT(reason_of_code(SLICE_NONE) == REASON_NONE);
	CU_ASSERT(reason_of_code(SLICE("TOWN")) == REASON_NONE);
	CU_ASSERT_STRING_EQUAL(reason_code(REASON_NONE), "");
	CU_ASSERT_STRING_EQUAL(reason_code(REASON_TOWN_NOT_OPEN), "TOWN-NOT-OPEN");
}

static void states_have_names(void)
{
	CU_ASSERT_STRING_EQUAL(request_state_name(REQUEST_PENDING), "pending");
	CU_ASSERT_STRING_EQUAL(request_state_name(REQUEST_SUPERSEDED), "superseded");
	for (int i = REQUEST_NONE; i < REQUEST_SUPERSEDED; i++)
		CU_ASSERT(strcmp(request_state_name((enum request_state)i),
				 request_state_name((enum request_state)(i + 1))) != 0);
}

/* ---- fields ---- */
static size_t field_size(const struct field *field)
{
	switch (field->type) {
	case FIELD_TEXT:
		return sizeof(struct slice);
	case FIELD_DAY:
		return sizeof(days);
	case FIELD_CENTS:
	case FIELD_SUM:
		return sizeof(cents);
	case FIELD_COUNT:
		return sizeof(uint64_t);
	case FIELD_TRACE:
		return sizeof(struct slice[3][3]);
	}
	return 0;
}

static void fields_are_found_by_name(void)
{
	for (size_t i = 0; i < record_field_count; i++) {
		const struct field *field = &record_fields[i];
		CU_ASSERT(record_field_of(field->record, slice_of(field->name)) == (int)i);
		CU_ASSERT(field->offset + field_size(field) <= record_shape(field->record)->size);
		if (i > 0)
			CU_ASSERT(record_fields[i - 1].record <= field->record);
	}
	int last = record_field_of(RECORD_MEMBER, SLICE("last"));
	CU_ASSERT_FATAL(last >= 0);
	CU_ASSERT(record_fields[last].offset == offsetof(struct member_record, last));
	CU_ASSERT(record_field_of(RECORD_MEMBER, SLICE("amount")) == -1);
	CU_ASSERT(record_field_of(RECORD_NONE, SLICE("last")) == -1);
	int claims = record_field_of(RECORD_REMITTANCE, SLICE("claims"));
	CU_ASSERT(claims >= 0 && record_fields[claims].type == FIELD_SUM);
	int trace = record_field_of(RECORD_INQUIRY, SLICE("trace_additional"));
	CU_ASSERT(trace >= 0 && record_fields[trace].type == FIELD_TRACE && record_fields[trace].column == 2);
}

/* Mark `bytes` at `offset`; gives how many were marked before. */
static size_t mark(unsigned char *marks, size_t offset, size_t bytes)
{
	size_t twice = 0;
	for (size_t i = offset; i < offset + bytes; i++)
		twice += marks[i]++ != 0 ? 1 : 0;
	return twice;
}

/* Every byte of a record is a field, an offset, a list, or one of the few named here (with the padding). */
static void no_member_was_forgotten(void)
{
	static const size_t left[RECORD_KINDS] = {
		[RECORD_INQUIRY] = 8 + 4,   /* repetition and its padding; behind born */
		[RECORD_DEPENDENT] = 4,     /* behind born */
		[RECORD_INQUIRY_SET] = 4,   /* behind date */
		[RECORD_ENROLMENT_SET] = 8, /* behind date, behind effective */
		[RECORD_PROVIDER] = 4,      /* behind change_date */
		[RECORD_COVERAGE] = 4,      /* behind maintenance_date */
		[RECORD_MEMBER] = 16,       /* behind death, maintenance_date, born, wrong_born */
	};
	for (int kind = RECORD_NONE + 1; kind < RECORD_KINDS; kind++) {
		static unsigned char marks[sizeof(struct member_record) + sizeof(struct inquiry_record)];
		const struct record_shape *shape = record_shape((enum record_kind)kind);
		size_t twice = 0, unnamed = 0;
		memset(marks, 0, sizeof(marks));
		for (size_t i = 0; i < record_field_count; i++) {
			const struct field *field = &record_fields[i];
			if (field->record == shape->kind && (field->type != FIELD_TRACE || field->column == 0))
				twice += mark(marks, field->offset, field_size(field));
		}
		if (shape->parent != RECORD_NONE)
			twice += mark(marks, 0, sizeof(void *)); /* next */
		if (shape->offset_offset != UINT16_MAX)
			twice += mark(marks, shape->offset_offset, sizeof(uint64_t));
		if (shape->segment_offset != UINT16_MAX)
			twice += mark(marks, shape->segment_offset, sizeof(uint64_t));
		for (int child = RECORD_NONE + 1; child < RECORD_KINDS; child++) {
			if (record_shape((enum record_kind)child)->parent == shape->kind)
				twice += mark(marks, record_shape((enum record_kind)child)->list_offset, sizeof(void *));
		}
		for (size_t i = 0; i < shape->size; i++)
			unnamed += marks[i] == 0 ? 1 : 0;
		CU_ASSERT(twice == 0);
		CU_ASSERT(unnamed == left[kind]);
		if (unnamed != left[kind])
			printf("    %s: %zu bytes have no name, %zu were known\n", shape->name, unnamed, left[kind]);
	}
}

static void shapes_by_name(void)
{
	for (int i = RECORD_NONE + 1; i < RECORD_KINDS; i++) {
		const struct record_shape *shape = record_shape((enum record_kind)i);
		CU_ASSERT(shape->kind == (enum record_kind)i);
		CU_ASSERT(record_kind_of(slice_of(shape->name)) == shape->kind);
	}
	CU_ASSERT(record_kind_of(SLICE("provider")) == RECORD_PROVIDER);
	CU_ASSERT(record_kind_of(SLICE("")) == RECORD_NONE);
	CU_ASSERT(record_kind_of(SLICE("members")) == RECORD_NONE);
	CU_ASSERT(record_shape(RECORD_PROVIDER)->parent == RECORD_COVERAGE);
	CU_ASSERT(record_shape(RECORD_PROVIDER)->list_offset == offsetof(struct coverage_record, providers));
}

static void clearing_leaves_no_date(void)
{
	static struct member_record member;
	struct coverage_record coverage;
	memset(&member, 0x55, sizeof(member));
	memset(&coverage, 0x55, sizeof(coverage));
	record_clear(RECORD_MEMBER, &member);
	record_clear(RECORD_COVERAGE, &coverage);
	CU_ASSERT(member.born == DAYS_NONE && member.death == DAYS_NONE && member.wrong_born == DAYS_NONE);
	CU_ASSERT(member.medicaid_end == DAYS_NONE && member.maintenance_date == DAYS_NONE);
	CU_ASSERT(member.last.ptr == NULL && member.last.len == 0 && member.offset == 0);
	CU_ASSERT(member.coverages == NULL && member.categories == NULL);
	CU_ASSERT(coverage.begin == DAYS_NONE && coverage.end == DAYS_NONE && coverage.next == NULL);
	CU_ASSERT(coverage.offset == 0);
}

/* A member with a coverage, a provider and a category: whatever of them says something else, says it in the number. */
static void the_hash_of_a_record(void)
{
	struct member_record member;
	struct coverage_record coverage;
	struct provider_record provider;
	struct category_record category;
	const struct { enum record_kind kind; void *record; } parts[] = { { RECORD_MEMBER, &member }, { RECORD_COVERAGE, &coverage },
		{ RECORD_PROVIDER, &provider }, { RECORD_CATEGORY, &category } };
	uint64_t seen[256];
	size_t count = 0;
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		record_clear(parts[i].kind, parts[i].record);
	member.coverages = &coverage;
	member.categories = &category;
	coverage.providers = &provider;
	seen[count++] = record_hash(1, RECORD_MEMBER, &member);
	seen[count++] = record_hash(2, RECORD_MEMBER, &member);
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		for (size_t f = record_field_first(parts[i].kind); f < record_field_count && record_fields[f].record == parts[i].kind; f++) {
			char *at = (char *)parts[i].record + record_fields[f].offset;
			days day = 0;
			struct slice text = SLICE("X");
			if (record_fields[f].type == FIELD_DAY)
				memcpy(at, &day, sizeof(day));
			else
				memcpy(at, &text, sizeof(text));
			CU_ASSERT_FATAL(count + 3 < COUNT_OF(seen));
			seen[count++] = record_hash(1, RECORD_MEMBER, &member); /* each says one thing more than the one before */
		}
	}
	member.categories = NULL;
	seen[count++] = record_hash(1, RECORD_MEMBER, &member);
	coverage.providers = NULL;
	seen[count++] = record_hash(1, RECORD_MEMBER, &member);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			CU_ASSERT(seen[i] != seen[j]);
	/* where it stood says nothing, and a text of any length is read whole */
	member.offset = coverage.offset = 77;
	member.segment = 5;
	CU_ASSERT(record_hash(1, RECORD_MEMBER, &member) == seen[count - 1]);
	static char bytes[3000];
	memset(bytes, 'A', sizeof(bytes));
	member.last = (struct slice){ bytes, sizeof(bytes) };
	uint64_t first = record_hash(1, RECORD_MEMBER, &member);
	bytes[sizeof(bytes) - 1] = 'B';
	CU_ASSERT(record_hash(1, RECORD_MEMBER, &member) != first);
}

static const struct unit_case cases[] = {
	{ "the number of a record changes with each of its fields, and with nothing else", the_hash_of_a_record },
	{ "elements past the end of a segment are empty", elements_past_the_end_are_empty },
	{ "an element splits into parts, empty ones too", parts_of_an_element },
	{ "findings have unique names and plain words", the_table_of_findings },
	{ "findings past the cap are counted, refusing ones too", the_collector_counts_past_its_cap },
	{ "what refuses a set is kept behind any number of notes", notes_leave_room },
	{ "a finding reads like a compiler's, its value only when asked", a_finding_reads_like_a_compiler },
	{ "a finding on the envelope names no set", an_envelope_finding_leaves_out_the_set },
	{ "a printed value has no byte that a terminal obeys", a_value_cannot_command_the_terminal },
	{ "reasons are found by their codes", reasons_by_code },
	{ "states of requests have names", states_have_names },
	{ "every field is found by its name and lies in its record", fields_are_found_by_name },
	{ "no member of a record was forgotten among the fields", no_member_was_forgotten },
	{ "records are found by their names", shapes_by_name },
	{ "a cleared record has no dates and no texts", clearing_leaves_no_date },
};

int main(void)
{
	return UNIT_RUN("records", cases);
}
