/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * base/limits.h, on both sides of each limit that has no test with its owner.  With their owners: segment bytes and
 * elements (test_reader), gzip (test_inflate), findings of a set (test_records), loops of a guide (test_guides), spans
 * (test_spans), service types of an inquiry (test_elements), XML bytes (test_program), rules of a guide
 * (test_rule_language).
 */
#include "exchange/facts.h"
#include "tests/unit/unit.h"
#include "tests/unit/x12_support.h"

#include <unistd.h>

#define SHIPPED "rules/husky-primary-care.xml"

/* ---- what the reader holds --------------------------------------------------------- */

static void test_window(void)
{
	static char bytes[LIMIT_READER_WINDOW_BYTES + 1];
	memset(bytes, ' ', sizeof(bytes));
	memcpy(bytes, "ISA", 3);
	CU_ASSERT(LIMIT_READER_WINDOW_BYTES >= 2 * LIMIT_SEGMENT_BYTES); /* a segment, and what was read ahead */
	struct reader *reader = reader_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	CU_ASSERT(reader_feed(reader, bytes, sizeof(bytes) - 1) == LIMIT_READER_WINDOW_BYTES);
	CU_ASSERT(reader_feed(reader, bytes, 1) == 0);
	reader_free(reader);
	reader = reader_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(reader);
	CU_ASSERT(reader_feed(reader, bytes, sizeof(bytes)) == LIMIT_READER_WINDOW_BYTES);
	reader_free(reader);
}

/* ---- the value in a finding ---------------------------------------------------------- */

struct value_seen {
	size_t len;
	bool whole;
};

static void see_value(void *data, const struct finding *finding)
{
	struct value_seen *seen = data;
	if (finding->code != FINDING_ELEMENT_LONG)
		return;
	seen->len = finding->value_len;
	seen->whole = finding->value[finding->value_len - 1] == 'Z';
}

/* A surname of `len` letters, the last of them Z, is too long: what does the finding keep? */
static struct value_seen value_of(size_t len)
{
	struct value_seen seen = { 0 };
	struct x12_sink sink = { .finding = see_value, .data = &seen };
	struct buffer body, text;
	buffer_init(&body, 0);
	buffer_init(&text, 0);
	buffer_text(&body, "BGN*00*F1*20100101*1200****4~N1*P5*STATE*FI*123456789~N1*IN*PLAN*FI*987654321~INS*Y*18*021*EC*A***FT~"
			   "REF*0F*ID7~NM1*IL*1*");
	for (size_t i = 1; i < len; i++)
		buffer_char(&body, 'A');
	buffer_text(&body, "Z*ANN~");
	buffer_char(&body, '\0');
	x12_wrap(&text, "834", body.ptr);
	x12_run(buffer_view(&text), 0, 5, &sink);
	buffer_done(&body);
	buffer_done(&text);
	return seen;
}

static void test_value(void)
{
	struct value_seen whole = value_of(LIMIT_FINDING_VALUE_BYTES), cut = value_of(LIMIT_FINDING_VALUE_BYTES + 1);
	CU_ASSERT(whole.len == LIMIT_FINDING_VALUE_BYTES && whole.whole);
	CU_ASSERT(cut.len == LIMIT_FINDING_VALUE_BYTES && !cut.whole);
}

/* ---- a record -------------------------------------------------------------------------- */

static bool take_record(void *data, struct flow *flow, enum record_kind kind, const void *record)
{
	uint64_t *members = data;
	(void)record;
	*members += kind == RECORD_MEMBER && !flow_set_refuses(flow); /* as load takes them */
	return true;
}

static uint64_t too_large;

static bool take_set(void *data, struct flow *flow, struct set_verdict *verdict)
{
	(void)data;
	(void)flow;
	too_large = 0;
	for (size_t i = 0; i < verdict->findings.count; i++)
		too_large += verdict->findings.items[i].code == FINDING_RECORD_TOO_LARGE;
	return true;
}

/* A member with so many categories: is the record whole, or the set refused because of its size? */
static bool record_fits(unsigned categories)
{
	char path[] = "/tmp/test_limits.XXXXXX";
	uint64_t members = 0;
	struct failure failure = { "" };
	struct flow_handler handler = { .data = &members, .level = 1, .record = take_record, .set_end = take_set };
	struct buffer body, text;
	buffer_init(&body, 0);
	buffer_init(&text, 0);
	buffer_text(&body, "BGN*00*F1*20100101*1200****4~N1*P5*STATE*FI*123456789~N1*IN*PLAN*FI*987654321~INS*Y*18*021*EC*A***FT~"
			   "REF*0F*ID8~NM1*IL*1*ROE*BO~LS*2700~");
	for (unsigned i = 0; i < categories; i++)
		buffer_text(&body, "LX*1~N1*75*A CATEGORY~REF*17*ABC~");
	buffer_text(&body, "LE*2700~");
	buffer_char(&body, '\0');
	x12_wrap(&text, "834", body.ptr);
	int fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0 && write(fd, text.ptr, text.len) == (ssize_t)text.len);
	close(fd);
	struct source *source = source_open(path, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(source);
	CU_ASSERT(flow_run(source, &handler, &failure)); /* no failure of the machine on either side */
	source_close(source);
	unlink(path);
	buffer_done(&body);
	buffer_done(&text);
	CU_ASSERT((members == 1) == (too_large == 0) && too_large <= 1);
	return too_large == 0;
}

static void test_record(void)
{
	unsigned fits = 1, past = LIMIT_RECORD_BYTES / sizeof(struct category_record);
	CU_ASSERT(record_fits(fits) && !record_fits(past));
	while (past - fits > 1) {
		unsigned middle = fits + (past - fits) / 2;
		if (record_fits(middle))
			fits = middle;
		else
			past = middle;
	}
	CU_ASSERT(past == fits + 1);
	/* … and that is where the limit lies: a category is its struct and three texts */
	CU_ASSERT(past * (sizeof(struct category_record) + 3 * 64) > LIMIT_RECORD_BYTES);
}

/* ---- what a 999 tells of a set ------------------------------------------------------------ */

static bool set_is_told(struct acknowledger *ack, struct buffer *out, const struct set_verdict *set)
{
	size_t before = out->len;
	ack_set(ack, set);
	CU_ASSERT(memmem(out->ptr + before, out->len - before, "IK5*R", 5) != NULL);
	return memmem(out->ptr + before, out->len - before, "IK3*", 4) != NULL;
}

static void test_ack(void)
{
	struct interchange_header heard = { .sender_qualifier = "ZZ", .sender = "A", .receiver_qualifier = "ZZ", .receiver = "B",
		.date = "100310", .time = "0930", .version = "00501", .control = "000000001", .usage = 'T' };
	struct group_header group = { .functional_id = "BE", .sender = "A", .receiver = "B", .date = "20100310", .time = "0930",
		.control = "1", .agency = "X", .version = "005010X220A1" };
	struct set_verdict set = { .header = { .id = "834", .control = "0001", .convention = "005010X220A1" }, .ack = ACK_REJECTED };
	struct acknowledger ack;
	struct buffer out;
	findings_init(&set.findings);
	for (uint64_t i = 0; i < LIMIT_FINDINGS_PER_SET; i++) {
		struct finding finding = { .code = FINDING_SEGMENT_UNEXPECTED, .severity = SEVERITY_REFUSE, .guide = "005010X220A1" };
		finding.place.segment = i + 2;
		slice_copy(finding.segment_id, sizeof(finding.segment_id), SLICE("HLH"));
		findings_add(&set.findings, &finding);
	}
	buffer_init(&out, 0);
	ack_begin(&ack, &out, &heard, (struct moment){ .day = 14678 }, 1, false);
	ack_group(&ack, &group);
	while (out.len <= LIMIT_ACK_DETAIL_BYTES)
		CU_ASSERT_FATAL(set_is_told(&ack, &out, &set));
	size_t before = out.len;
	CU_ASSERT(!set_is_told(&ack, &out, &set));
	CU_ASSERT(out.len - before < 100 && !out.failed);
	findings_done(&set.findings);
	buffer_done(&out);
}

/* ---- a family ------------------------------------------------------------------------------- */

static struct program *program_text(struct slice text, struct failure *failure)
{
	char path[] = "/tmp/test_limits.XXXXXX";
	int fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0 && write(fd, text.ptr, text.len) == (ssize_t)text.len);
	close(fd);
	struct program *program = program_read(path, failure);
	unlink(path);
	return program;
}

static void test_family(void)
{
	char folder[] = "/tmp/test_limits.XXXXXX", path[64], id[16];
	struct office office = { .now = { .day = 14614 } };
	struct arena arena;
	int64_t change, member = 0;
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/p.db", folder);
	arena_init(&arena, 0);
	office.store = store_open(path, true, &office.failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(office.store);
	for (int count = 1; count <= LIMIT_FAMILY + 1; count++) {
		struct family family;
		snprintf(id, sizeof(id), "%09d", count);
		struct member one = { .medicaid_id = slice_of(id), .case_number = SLICE("C1"), .last = SLICE("ROE"), .born = 0, .died = DAYS_NONE };
		CU_ASSERT_FATAL(store_begin(office.store) && store_change(office.store, &change, CHANGE_LOAD, 14614, "aa") &&
			store_member_save(office.store, &member, NULL, &one, (struct origin){ 0 }) && store_commit(office.store));
		if (count < LIMIT_FAMILY)
			continue;
		CU_ASSERT(facts_family(&office, &arena, &family, SLICE("C1"), 0));
		CU_ASSERT(family.member_count == LIMIT_FAMILY && family.too_large == (count > LIMIT_FAMILY));
	}
	store_close(office.store);
	arena_done(&arena);
	unlink(path);
	CU_ASSERT(rmdir(folder) == 0);
}

/* ---- a program file --------------------------------------------------------------------------- */

/* The shipped program file with `text` put behind the first `mark`. */
static void put_shipped(struct buffer *out, const char *mark, struct slice text)
{
	struct buffer whole;
	char chunk[4096];
	size_t got;
	FILE *in = fopen(SHIPPED, "rb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(in);
	buffer_init(&whole, 0);
	while ((got = fread(chunk, 1, sizeof(chunk), in)) > 0)
		buffer_put(&whole, chunk, got);
	fclose(in);
	buffer_char(&whole, '\0');
	const char *place = strstr(whole.ptr, mark);
	CU_ASSERT_PTR_NOT_NULL_FATAL(place);
	buffer_put(out, whole.ptr, (size_t)(place - whole.ptr) + strlen(mark));
	buffer_slice(out, text);
	buffer_text(out, place + strlen(mark));
	buffer_done(&whole);
}

/* With so many `word`s (numbered) behind the mark: is the program read?  If not, why? */
static bool program_reads(const char *mark, const char *word, const char *rest, int count, const char *why)
{
	struct failure failure = { "" };
	struct buffer more, text;
	buffer_init(&more, 0);
	buffer_init(&text, 0);
	for (int i = 0; i < count; i++)
		buffer_format(&more, "%s%02d%s", word, i, rest);
	put_shipped(&text, mark, buffer_view(&more));
	struct program *program = program_text(buffer_view(&text), &failure);
	bool reads = program != NULL;
	if (!reads && strstr(failure.text, why) == NULL)
		printf("    %s\n", failure.text);
	CU_ASSERT(reads || strstr(failure.text, why) != NULL);
	program_free(program);
	buffer_done(&more);
	buffer_done(&text);
	return reads;
}

static void test_program(void)
{
	const char *fund = "<fund code=\"G", *name = "\" name=\"FUND\"/>", *funds = "</fund>";
	const char *rule = "<rule id=\"x", *test = "\" test=\"member-known\" unmet=\"refuse\"/>", *rules = "<decision requirement=\"ENR-1\">";
	const char *types = "service-types=\"1 33 35 47 48 50 86 88 98 AL MH UC";
	CU_ASSERT(program_reads(funds, fund, name, LIMIT_FUNDS - 3, "")); /* three are there */
	CU_ASSERT(!program_reads(funds, fund, name, LIMIT_FUNDS - 2, "more funds than the limit"));
	CU_ASSERT(program_reads(types, " X", "", LIMIT_SERVICE_TYPES - 12, "")); /* twelve are */
	CU_ASSERT(!program_reads(types, " X", "", LIMIT_SERVICE_TYPES - 11, "more service types than an answer can carry"));
	const char *payment = "<payment id=\"p", *stream = "\" name=\"PAYMENT\" count=\"any-day\" paid=\"arrears\">"
		"<rate amount=\"1.00\" from=\"2009-02-01\"/></payment>";
	CU_ASSERT(program_reads("</fee>", payment, stream, LIMIT_STREAMS - 1, "")); /* and the fee */
	CU_ASSERT(!program_reads("</fee>", payment, stream, LIMIT_STREAMS, "more payments than the limit"));
	/* what is counted by days has at most a payee for each day, and two funds: LIMIT_MONTH_LINES */
	CU_ASSERT(LIMIT_MONTH_LINES >= 31 * 2 && LIMIT_MONTH_LINES >= LIMIT_FUNDS);
	/* each test stands in one rule, so that a trace (STEPS_MAX) cannot overflow */
	CU_ASSERT(!program_reads(rules, rule, test, 1, "rule or its test is named a second time"));
}

static const struct unit_case cases[] = {
	{ "the reader takes as much as its window holds, and no byte more", test_window },
	{ "a finding keeps 99 bytes of a value, and 99 of a longer one", test_value },
	{ "a record is whole up to its limit; past it the set is refused, once, and nothing failed", test_record },
	{ "a 999 of 4 MiB names the sets that follow, and no longer their findings", test_ack },
	{ "a case of 64 is a family; one of 65 is told to be too large", test_family },
	{ "a program of 16 funds and 99 service types is read; one more of either is refused", test_program },
};

int main(void)
{
	return UNIT_RUN("limits", cases);
}
