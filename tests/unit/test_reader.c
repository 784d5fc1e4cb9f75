/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The reader: every input whole and in chunks of 1 to 5 bytes, with each kernel.
 */
#include "tests/unit/unit.h"
#include "tests/unit/x12_support.h"
#include "parsers/parts.h"

#define ISA "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *100101*0900*^*00501*000000001*0*T*:~"
#define GS "GS*BE*SENDER*RECEIVER*20100101*0900*1*X*005010X220A1~"
#define END "GE*1*1~IEA*1*000000001~"

/* What is found, by name, and that chunks change nothing. */
static bool finds(const char *input, const char *expected)
{
	struct buffer out;
	buffer_init(&out, 0);
	struct slice bytes = slice_of(input);
	bool same = x12_same(&out, bytes, 5, "iefr");
	x12_findings(&out, bytes, 5);
	bool equal = slice_is(buffer_view(&out), expected);
	if (!equal)
		printf("found '%.*s', expected '%s'\n", SLICE_ARG(buffer_view(&out)), expected);
	buffer_done(&out);
	return same && equal;
}

/* The dump of what the reader gives and finds holds this. */
static bool gives(struct slice bytes, const char *part)
{
	struct buffer out;
	buffer_init(&out, 0);
	bool good = x12_same(&out, bytes, 5, "if") && x12_has(&out, part);
	if (!good)
		printf("'%s' is not in:\n%.*s\n", part, SLICE_ARG(buffer_view(&out)));
	buffer_done(&out);
	return good;
}

/* A set that no guide knows: only the reader speaks, and the one finding that says so. */
#define SET "ST*997*0001~AK1*A*1~SE*3*0001~"
#define CLEAN ISA GS SET END

static void test_clean(void)
{
	CU_ASSERT(finds(CLEAN, "set-not-supported"));
	CU_ASSERT(gives(SLICE(CLEAN), "item segment AK1|A|1 @171 position 2"));
	CU_ASSERT(gives(SLICE(CLEAN), "count 3 claimed 3"));
	CU_ASSERT(gives(SLICE(CLEAN), "item interchange-end IEA|1|000000001"));
}

static void test_line_ends(void)
{
	CU_ASSERT(finds(ISA "\r\n" GS "\n" "ST*997*0001~\r\nAK1*A*1~\n\n  SE*3*0001~\r\n" END "\r\n\x1a", "set-not-supported"));
	CU_ASSERT(finds("\xef\xbb\xbf \n" CLEAN "  \r\n", "set-not-supported"));
	/* cut into lines of 40 bytes, the ISA too */
	char cut[1024];
	size_t len = 0;
	for (size_t i = 0; i < sizeof(CLEAN) - 1; i++) {
		if (i > 0 && i % 40 == 0) {
			cut[len++] = '\r';
			cut[len++] = '\n';
		}
		cut[len++] = CLEAN[i];
	}
	cut[len] = '\0';
	CU_ASSERT(finds(cut, "set-not-supported"));
	CU_ASSERT(gives(slice_of(cut), "item segment AK1|A|1"));
}

static void replace(char *text, size_t len, char from, char to)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == from)
			text[i] = to;
}

static void test_delimiters(void)
{
	static const char bytes[] = { '\n', '\r', '\x1c', '\x01', '|', '+', '\t', '\0', '\xff', '\'' };
	for (size_t i = 0; i < sizeof(bytes); i++) {
		char text[] = CLEAN;
		replace(text, sizeof(text) - 1, '~', bytes[i]);
		CU_ASSERT(gives((struct slice){ text, sizeof(text) - 1 }, "item segment AK1|A|1 @171 position 2"));
		char other[] = CLEAN;
		replace(other, sizeof(other) - 1, '*', bytes[i]);
		CU_ASSERT(gives((struct slice){ other, sizeof(other) - 1 }, "item segment AK1|A|1 @171 position 2"));
	}
	char terminator_is_separator[] = CLEAN;
	terminator_is_separator[105] = '*';
	CU_ASSERT(gives(slice_of(terminator_is_separator), "isa-terminator"));
}

static void test_repetition(void)
{
	char letter[] = CLEAN, old[] = CLEAN, clash[] = CLEAN;
	letter[82] = 'U';
	CU_ASSERT(finds(letter, "isa-repetition-separator set-not-supported"));
	old[82] = 'U';
	memcpy(old + 84, "00401", 5);
	CU_ASSERT(finds(old, "isa-version set-not-supported"));
	clash[82] = ':';
	CU_ASSERT(finds(clash, "isa-component-separator set-not-supported"));
	char blank[] = CLEAN;
	blank[104] = ' ';
	CU_ASSERT(finds(blank, "isa-component-separator set-not-supported"));
}

static void test_not_x12(void)
{
	CU_ASSERT(finds("", "not-x12"));
	CU_ASSERT(finds("\r\n  ", "not-x12"));
	CU_ASSERT(finds("I", "not-x12"));
	CU_ASSERT(finds("%PDF-1.4 and so on", "not-x12"));
	CU_ASSERT(finds("ISA*00*", "isa-unreadable"));
	CU_ASSERT(finds("ISA", "isa-unreadable"));
	CU_ASSERT(gives(SLICE("\n\nhello"), "finding not-x12 offset 2 "));
	CU_ASSERT(finds("GS*BE~" CLEAN, "stray-bytes set-not-supported"));
	CU_ASSERT(finds(CLEAN "garbage", "set-not-supported stray-bytes"));
	CU_ASSERT(gives(SLICE(CLEAN "garbage ISA*00*"), "finding stray-bytes offset 212"));
}

static void test_short_isa(void)
{
	/* one blank too few in ISA06: its interchange is read on, to be refused, and so is the next */
	CU_ASSERT(finds("ISA*00*          *00*          *ZZ*SENDER        *ZZ*RECEIVER       *100101*0900*^*00501*000000001*0*T*:~" GS
			SET END CLEAN, "isa-short set-not-supported set-not-supported"));
	CU_ASSERT(finds(ISA GS SET "GE*1*1~ISA*00*x~IEA*1*000000001~" CLEAN,
		"set-not-supported outside-group set-not-supported"));
	CU_ASSERT(finds(ISA GS SET "GE*1*1~ISA*00**00**ZZ*SENDER*ZZ*RECEIVER*100101*0900*^*00501*000000002*0*T*:~IEA*0*000000002~" CLEAN,
		"set-not-supported iea-missing isa-short no-groups set-not-supported"));
	/* 105 bytes of the 106 */
	char cut[] = ISA;
	cut[105] = '\0';
	CU_ASSERT(finds(cut, "isa-cut iea-missing"));
	CU_ASSERT(finds(ISA, "iea-missing"));
}

static void test_isa_elements(void)
{
	static const struct {
		size_t at;
		const char *bytes, *expected;
	} rows[] = {
		{ 4, "07", "isa-authorization" }, { 18, "99", "isa-security" }, { 32, "XX", "isa-sender-qualifier" },
		{ 35, "               ", "isa-sender" }, { 51, "  ", "isa-receiver-qualifier" },
		{ 54, "               ", "isa-receiver" }, { 70, "100230", "isa-date" }, { 77, "2460", "isa-time" },
		{ 84, "00602", "isa-version" }, { 84, "00199", "isa-version-id" }, { 90, "00000000A", "isa-control" }, { 100, "2", "isa-ack-requested" },
		{ 102, "X", "isa-usage" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char text[] = CLEAN;
		char expected[80];
		memcpy(text + rows[i].at, rows[i].bytes, strlen(rows[i].bytes));
		(void)snprintf(expected, sizeof(expected), "%s set-not-supported%s", rows[i].expected,
			rows[i].at == 90 ? " iea-control" : "");
		CU_ASSERT(finds(text, expected));
	}
}

static void test_gs_elements(void)
{
	static const char *const groups[] = { "GS*B*S1*R1*20100101*0900*1*X*V~", "GS*BE*S*R1*20100101*0900*1*X*V~",
		"GS*BE*S1**20100101*0900*1*X*V~", "GS*BE*S1*R1*20100231*0900*1*X*V~", "GS*BE*S1*R1*20100101*9900*1*X*V~",
		"GS*BE*S1*R1*20100101*0900*1*T*V~", "GS*BE*S1*R1*20100101*0900*1*X~", "GS*BE*S1*R1*20100101*0900*1*X*V*more~" };
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		char text[600];
		(void)snprintf(text, sizeof(text), "%s%s%s", ISA, groups[i], SET END);
		CU_ASSERT(finds(text, "gs-syntax set-not-supported"));
	}
}

static void test_counts(void)
{
	CU_ASSERT(finds(ISA GS "ST*997*0001~AK1*A*1~SE*4*0001~" END, "set-not-supported se-count"));
	CU_ASSERT(finds(ISA GS "ST*997*0001~AK1*A*1~SE*x*0001~" END, "set-not-supported se-count"));
	CU_ASSERT(finds(ISA GS "ST*997*0001~AK1*A*1~SE*3*0002~" END, "set-not-supported se-control"));
	CU_ASSERT(finds(ISA GS "ST*997*0001~AK1*A*1~SE~" END, "set-not-supported se-count se-control"));
	CU_ASSERT(finds(ISA GS SET "GE*2*1~IEA*1*000000001~", "set-not-supported ge-count"));
	CU_ASSERT(finds(ISA GS SET "GE*1*2~IEA*1*000000001~", "set-not-supported ge-control"));
	CU_ASSERT(finds(ISA GS SET "GE*1*1~IEA*0*000000001~", "set-not-supported iea-count"));
	CU_ASSERT(finds(ISA GS SET "GE*1*1~IEA*1*000000002~", "set-not-supported iea-control"));
	CU_ASSERT(finds(ISA "IEA*0*000000001~", "no-groups"));
	CU_ASSERT(finds(ISA GS "ST*997*1~AK1*A*1~SE*3*1~" END, "set-not-supported set-control"));
}

static void test_missing(void)
{
	CU_ASSERT(finds(ISA GS "ST*997*0001~AK1*A*1~" END, "set-not-supported se-missing"));
	CU_ASSERT(finds(ISA GS SET "IEA*1*000000001~", "set-not-supported ge-missing"));
	CU_ASSERT(finds(ISA GS SET "GE*1*1~", "set-not-supported iea-missing"));
	CU_ASSERT(finds(ISA GS "ST*997*0001~AK1*A*1~", "set-not-supported se-missing ge-missing iea-missing"));
	CU_ASSERT(finds(ISA GS "ST*997*0001~AK1*A*1~ST*997*0002~SE*2*0002~GE*2*1~IEA*1*000000001~",
		"set-not-supported se-missing set-not-supported"));
	CU_ASSERT(finds(ISA GS "ST*997*0001~AK1*A*1~" GS SET "GE*1*1~IEA*2*000000001~",
		"set-not-supported se-missing ge-missing gs-control-repeated set-not-supported"));
	CU_ASSERT(finds(ISA GS "ST*997*0001~AK1*A*1~" CLEAN, "set-not-supported se-missing ge-missing iea-missing set-not-supported"));
	CU_ASSERT(gives(SLICE(ISA GS "ST*997*0001~AK1*A*1~"), "item set-end  @179 position 0 count 2 claimed 0 end 179"));
}

static void test_cut_everywhere(void)
{
	/* cut after any byte: ends, closes what it opened, and says so; the last terminator may be missing */
	for (size_t len = 0; len < sizeof(CLEAN) - 1; len++) {
		struct buffer out;
		buffer_init(&out, 0);
		CU_ASSERT(x12_same(&out, (struct slice){ CLEAN, len }, 5, "iefr"));
		struct x12_totals totals = x12_run((struct slice){ CLEAN, len }, 0, 5, NULL);
		CU_ASSERT(len == sizeof(CLEAN) - 2 || totals.refusing > (totals.sets > 0 ? 1U : 0U));
		buffer_done(&out);
	}
}

static void test_cut_and_another(void)
{
	/* a file that ends in the middle of a segment, and the next one right behind it */
	CU_ASSERT(finds(ISA GS "ST*997*0001~AK1*A*1~AK2*83" CLEAN, "set-not-supported se-missing ge-missing iea-missing set-not-supported"));
	CU_ASSERT(gives(SLICE(ISA GS "ST*997*0001~AK1*A*1~AK2*83" CLEAN), "item segment AK2|83 @179 position 3"));
}

/* Found by fuzzing: the terminator is a byte of "ISA", so that a segment ends where the next header begins. */
static void test_header_on_the_edge(void)
{
	char head[] = ISA;
	head[105] = 'S';
	struct buffer text, out;
	buffer_init(&out, 0);
	for (int filler = 0; filler <= LIMIT_SEGMENT_BYTES; filler += LIMIT_SEGMENT_BYTES / 2) {
		buffer_init(&text, 0);
		buffer_text(&text, head);
		buffer_text(&text, "NTE*1*2*3*4*5*6*7*8*9*10*11*12*13*14*15*16*17");
		for (int i = 0; i < filler; i++)
			buffer_char(&text, 'x');
		buffer_text(&text, CLEAN);
		CU_ASSERT(x12_same(&out, buffer_view(&text), 5, "iefr"));
		CU_ASSERT(x12_has(&out, "item set ST|997|0001"));
		buffer_done(&text);
	}
	buffer_done(&out);
}

static void test_outside(void)
{
	CU_ASSERT(finds(ISA "REF*1~DTP*2~" GS SET END, "outside-group set-not-supported"));
	CU_ASSERT(finds(ISA GS "REF*1~DTP*2~" SET "NTE*1~" END, "outside-set set-not-supported outside-set"));
	CU_ASSERT(finds(ISA SET "IEA*0*000000001~", "outside-group no-groups"));
	CU_ASSERT(finds(ISA "GE*1*1~" GS SET END, "outside-group set-not-supported"));
	CU_ASSERT(finds(ISA "TA1*000000009*100101*0900*A*000~IEA*0*000000001~", ""));
	CU_ASSERT(finds(ISA "TA1*000000009*100101*0900*A*000~" GS SET END, "set-not-supported"));
	CU_ASSERT(gives(SLICE(ISA "TA1*000000009*100101*0900*A*000~IEA*0*000000001~"), "item ta1 TA1|000000009|100101|0900|A|000"));
}

static void test_several(void)
{
	char other[] = CLEAN;
	replace(other, sizeof(other) - 1, '*', '|');
	replace(other, sizeof(other) - 1, '~', '\n');
	struct buffer text;
	buffer_init(&text, 0);
	buffer_text(&text, CLEAN "\r\n");
	buffer_text(&text, other);
	buffer_text(&text, CLEAN);
	struct x12_totals totals = x12_run(buffer_view(&text), 0, 5, NULL);
	CU_ASSERT(totals.interchanges == 3 && totals.sets == 3 && totals.findings == 3);
	CU_ASSERT(gives(buffer_view(&text), "item interchange ISA|00"));
	buffer_done(&text);
}

static void test_controls(void)
{
	CU_ASSERT(finds(ISA GS SET SET "GE*2*1~IEA*1*000000001~", "set-not-supported set-not-supported set-control-repeated"));
	struct controls *controls = controls_new();
	char text[12];
	for (unsigned i = 1; i <= 6144; i++) {
		(void)snprintf(text, sizeof(text), "%u", 2 * i);
		CU_ASSERT(!controls_seen(controls, slice_of(text)));
	}
	CU_ASSERT(controls_seen(controls, SLICE("2")));
	CU_ASSERT(controls_seen(controls, SLICE("12288")));
	CU_ASSERT(!controls_seen(controls, SLICE("0002"))); /* control numbers are text */
	CU_ASSERT(!controls_seen(controls, SLICE("20000"))); /* past the table: new because it is greater */
	CU_ASSERT(!controls_seen(controls, SLICE("20001")));
	controls_reset(controls);
	CU_ASSERT(!controls_seen(controls, SLICE("2")));
	controls_free(controls);
}

/* A segment whose element has so many bytes, in a set of an interchange. */
static void long_input(struct buffer *out, size_t element_bytes)
{
	buffer_text(out, ISA GS "ST*997*0001~NTE*");
	for (size_t i = 0; i < element_bytes; i++)
		buffer_char(out, 'x');
	buffer_text(out, "~SE*3*0001~" END);
}

static void test_long_segment(void)
{
	struct buffer text, found;
	buffer_init(&text, 0);
	buffer_init(&found, 0);
	long_input(&text, LIMIT_SEGMENT_BYTES - 5); /* with NTE* and terminator the limit itself */
	x12_findings(&found, buffer_view(&text), 5);
	CU_ASSERT(slice_is(buffer_view(&found), "set-not-supported"));
	buffer_reset(&text);
	long_input(&text, LIMIT_SEGMENT_BYTES - 4);
	x12_findings(&found, buffer_view(&text), 5);
	CU_ASSERT(slice_is(buffer_view(&found), "set-not-supported segment-too-long"));
	CU_ASSERT(gives(buffer_view(&text), "count 3 claimed 3"));
	buffer_done(&text);
	buffer_done(&found);
}

static void test_no_terminator(void)
{
	/* a terminator that never comes, and a whole interchange behind it */
	struct buffer text, found;
	buffer_init(&text, 0);
	buffer_init(&found, 0);
	char lost[] = ISA GS SET END;
	lost[105] = '\x1d';
	buffer_text(&text, lost);
	for (int i = 0; i < 5000; i++)
		buffer_text(&text, "NTE*ADD*no terminator here.");
	buffer_text(&text, CLEAN);
	x12_findings(&found, buffer_view(&text), 5);
	CU_ASSERT(slice_is(buffer_view(&found), "outside-group iea-missing set-not-supported"));
	CU_ASSERT(gives(buffer_view(&text), "item interchange-end IEA|1|000000001"));
	buffer_done(&text);
	buffer_done(&found);
}

static void test_gigabyte_element(void)
{
	struct reader *reader = reader_new();
	struct reader_item item;
	static char chunk[64 * 1024];
	memset(chunk, 'x', sizeof(chunk));
	size_t taken = reader_feed(reader, ISA GS "ST*997*0001~NTE*", sizeof(ISA GS "ST*997*0001~NTE*") - 1);
	CU_ASSERT(taken > 0);
	unsigned findings = 0;
	for (uint64_t fed = 0; fed < UINT64_C(1) << 30;) {
		while (reader_next(reader, &item) != READER_MORE)
			findings += item.answer == READER_FINDING;
		taken = reader_feed(reader, chunk, sizeof(chunk));
		CU_ASSERT_FATAL(taken == sizeof(chunk)); /* there is room: nothing is kept */
		fed += taken;
	}
	reader_end(reader);
	while (reader_next(reader, &item) != READER_END)
		findings += item.answer == READER_FINDING;
	CU_ASSERT(findings == 4); /* too long, SE, GE, IEA missing */
	CU_ASSERT(item.interchange != NULL);
	reader_free(reader);
}

static void test_many_elements(void)
{
	struct buffer text, found;
	buffer_init(&found, 0);
	for (int more = 0; more <= 1; more++) {
		buffer_init(&text, 0);
		buffer_text(&text, ISA GS "ST*997*0001~NTE");
		for (int i = 0; i < LIMIT_ELEMENTS + more; i++)
			buffer_text(&text, "*e");
		buffer_text(&text, "~SE*3*0001~" END);
		x12_findings(&found, buffer_view(&text), 5);
		CU_ASSERT(x12_has(&found, "segment-elements") == (more == 1));
		CU_ASSERT(gives(buffer_view(&text), "item segment NTE|e|e|e"));
		buffer_done(&text);
	}
	/* a million empty elements */
	buffer_init(&text, 0);
	buffer_text(&text, ISA GS "ST*997*0001~NTE");
	for (int i = 0; i < 1000000; i++)
		buffer_char(&text, '*');
	buffer_text(&text, "~SE*3*0001~" END);
	x12_findings(&found, buffer_view(&text), 5);
	CU_ASSERT(slice_is(buffer_view(&found), "set-not-supported segment-too-long"));
	buffer_done(&text);
	buffer_done(&found);
}

static void test_empty_segments(void)
{
	CU_ASSERT(finds(ISA GS "ST*997*0001~~AK1*A*1~SE*3*0001~" END, "set-not-supported segment-nothing"));
}

/* Do they know the same of the window? */
static bool scans_equal(const struct scan *a, const struct scan *b)
{
	return a->seen == b->seen && a->mark_count == b->mark_count && a->end_count == b->end_count && a->after == b->after &&
	       a->tail_has == b->tail_has && memcmp(a->marks, b->marks, a->mark_count * sizeof(a->marks[0])) == 0 &&
	       memcmp(a->ends, b->ends, a->end_count * sizeof(a->ends[0])) == 0;
}

/* What a byte-for-byte reading gives. */
static void scan_slowly(struct scan *scan, const struct delimiters *d, const char *bytes, uint32_t from, uint32_t to)
{
	scan_begin(scan, d, from);
	unsigned line_ends = 9; /* since the last terminator: only two right behind it are none of a segment */
	for (uint32_t i = from; i < to; i++) {
		unsigned char c = (unsigned char)bytes[i];
		uint32_t has = bytes[i] == d->component ? SEGMENT_HAS_COMPONENT
			: bytes[i] == d->repetition && c != '\0' ? SEGMENT_HAS_REPETITION
			: c == '\n' || c == '\r' ? (line_ends < 2 ? 0 : SEGMENT_HAS_LINE_END)
			: c >= 0x80 ? SEGMENT_HAS_HIGH : c < 0x20 || c == 0x7f ? SEGMENT_HAS_CONTROL : 0;
		bool ends = bytes[i] == d->segment, separates = !ends && bytes[i] == d->element;
		bool line_end = (c == '\n' || c == '\r') && !ends && !separates && bytes[i] != d->component &&
				(bytes[i] != d->repetition || c == '\0');
		bool mark_before = (scan->after & 4) != 0, blank_before = (scan->after & 8) != 0;
		bool blank = c == ' ' && !ends && !separates;
		has = ends || separates ? 0 : has;
		has |= (blank && mark_before) || ((ends || separates) && blank_before) ? SEGMENT_HAS_EDGE_BLANK : 0;
		scan->tail_has |= has << READER_RANK_BITS;
		if (ends || separates)
			scan->marks[scan->mark_count++] = i;
		if (ends) {
			scan->ends[scan->end_count++] = (scan->mark_count - 1) | scan->tail_has;
			scan->tail_has = 0;
		}
		line_ends = ends ? 0 : line_end ? line_ends + 1 : 9;
		scan->after = line_ends == 0 ? 1 : line_ends == 1 ? 2 : 0;
		scan->after |= ends || separates ? 4 : blank ? 8 : 0;
	}
	scan->seen = to;
}

/* In one go, and in pieces of every length. */
static void kernel_right(const struct delimiters *delimiters, const char *bytes, uint32_t from, uint32_t to)
{
	struct scan *right = scan_new(), *scan = scan_new();
	scan_slowly(right, delimiters, bytes, from, to);
	for (uint32_t step = 1; step <= to - from + 6; step += 7) {
		scan_begin(scan, delimiters, from);
		for (uint32_t at = from; at < to; at += step)
			scan_bytes(scan, bytes, at + step < to ? at + step : to);
		CU_ASSERT(scans_equal(scan, right));
	}
	free(right);
	free(scan);
}

static void test_kernels(void)
{
	static const char *const names[] = { "plain", "sse2", "avx2", "avx512" };
	/* a usual interchange; line ends that separate; bytes above 0x7f that do; two that are one; no repetition */
	static const struct delimiters delimiters[] = { { '*', '^', ':', '~' }, { '\n', '^', '\r', '~' }, { '*', '\xff', '\x80', '\xb0' },
		{ '*', '^', '*', '\n' }, { '\t', '\0', ':', '\0' } };
	char best[16];
	(void)snprintf(best, sizeof(best), "%s", reader_kernel_name());
	struct random random;
	random_seed(&random, 20100101);
	for (unsigned round = 0; round < 300; round++) {
		char bytes[700 + SCAN_PADDING];
		const struct delimiters *d = &delimiters[round % COUNT_OF(delimiters)];
		uint32_t from = random_below(&random, 80), to = from + random_below(&random, 600);
		const char usual[] = { 'A', 'B', ' ', d->element, d->element, d->segment, '\n', '\r', d->component, d->repetition,
			'\x7f', '\x1f', '\x80', '\0', '*', '~' };
		for (size_t i = 0; i < sizeof(bytes); i++) {
			bytes[i] = usual[random_below(&random, round % 3 == 0 ? 16 : round % 3 == 1 ? 8 : 4)];
			if (round % 3 == 2 && random_below(&random, 12) == 0)
				bytes[i] = d->segment;
			if (round % 3 == 2 && i > 0 && bytes[i - 1] == d->segment)
				bytes[i] = '\n';
		}
		for (size_t k = 0; k < COUNT_OF(names); k++)
			if (reader_kernel(names[k]))
				kernel_right(d, bytes, from, to);
	}
	/* all of one kind: the most places that a stretch can have */
	static char full[SCAN_STRETCH + SCAN_PADDING];
	for (size_t which = 0; which < 4; which++) {
		memset(full, "*~\n:"[which], sizeof(full));
		for (size_t k = 0; k < COUNT_OF(names); k++) {
			struct scan *right = scan_new(), *scan = scan_new();
			scan_slowly(right, &delimiters[0], full, 0, SCAN_STRETCH);
			scan_begin(scan, &delimiters[0], 0);
			if (reader_kernel(names[k])) {
				scan_bytes(scan, full, SCAN_STRETCH);
				CU_ASSERT(scans_equal(scan, right));
			}
			free(right);
			free(scan);
		}
	}
	CU_ASSERT(!reader_kernel("none"));
	for (size_t k = 0; k < COUNT_OF(names); k++)
		if (reader_kernel(names[k])) {
			CU_ASSERT(strcmp(reader_kernel_name(), names[k]) == 0);
			test_clean();
			test_line_ends();
			test_cut_and_another();
			test_long_segment();
		}
	CU_ASSERT(reader_kernel(best));
}

/* A set of segments most of which are ordinary, some odd in one way each. */
static void many_segments(struct buffer *out, struct random *random, const char *gap)
{
	static const char *const odd[] = { "ST", "GS*1", "SV1*1", "ISA*00", "IEA*1", "IXA*1", "N", "LONG*1", "N1", "REF", "A*B", "\x01*1", "",
		" N1*1", "\nN1*1", "N1*a\nb", "N1*\xe9", "REF*a:b*c^d", "N1*1*2*3*4*5*6*7*8*9*0*1*2*3*4*5*6*7*8", "W1*1", "C5*1", "\r\n\r\nN1*2" };
	buffer_text(out, ISA);
	buffer_text(out, gap);
	buffer_text(out, GS "ST*997*0001~");
	for (unsigned i = 0; i < 200; i++) {
		buffer_text(out, random_below(random, 40) == 0 ? "\r\n" : gap);
		if (random_below(random, 25) == 0)
			buffer_text(out, odd[random_below(random, COUNT_OF(odd))]);
		else
			buffer_format(out, random_below(random, 2) == 0 ? "REF*0F*%u" : "N%u**4", random_below(random, 10));
		if (random_below(random, 60) == 0)
			for (unsigned k = 0; k < 600; k++)
				buffer_char(out, 'x');
		buffer_char(out, '~');
	}
	buffer_text(out, "SE*3*0001~" END);
}

static void test_batches(void)
{
	static const char *const names[] = { "plain", "sse2", "avx2", "avx512" }, *const gaps[] = { "", "\n", "\r\n" };
	char best[16];
	(void)snprintf(best, sizeof(best), "%s", reader_kernel_name());
	struct random random;
	struct buffer text, out;
	random_seed(&random, 834);
	buffer_init(&out, 0);
	for (unsigned round = 0; round < 24; round++) {
		buffer_init(&text, 0);
		many_segments(&text, &random, gaps[round % COUNT_OF(gaps)]);
		for (size_t k = 0; k < COUNT_OF(names); k++)
			if (reader_kernel(names[k])) /* the whole in batches, the chunks one by one */
				CU_ASSERT(x12_same(&out, buffer_view(&text), 5, "if"));
		buffer_done(&text);
	}
	buffer_done(&out);
	CU_ASSERT(reader_kernel(best));
}

static const struct unit_case cases[] = {
	{ "a clean interchange is given in order, with positions, offsets and counts", test_clean },
	{ "line ends, byte order mark and padding change nothing", test_line_ends },
	{ "any byte can be a delimiter", test_delimiters },
	{ "ISA11 is a repetition separator from 00402 on and must be able to separate", test_repetition },
	{ "what is not X12 is a finding with its place", test_not_x12 },
	{ "a short ISA is a finding and reading goes on at the next one", test_short_isa },
	{ "each element of ISA has its own finding", test_isa_elements },
	{ "each element of GS is checked", test_gs_elements },
	{ "counts and control numbers of trailers are held against what came", test_counts },
	{ "missing trailers are closed inside out and reading goes on", test_missing },
	{ "input cut after any byte ends with findings, the same in all chunks", test_cut_everywhere },
	{ "a file cut off in a segment does not cost the one behind it", test_cut_and_another },
	{ "a header is seen where a terminator cuts its first bytes", test_header_on_the_edge },
	{ "segments outside groups and sets are told once a stretch, TA1 is given", test_outside },
	{ "several interchanges with other delimiters each", test_several },
	{ "control numbers that stand twice, exact up to the table and by order past it", test_controls },
	{ "a segment at the limit is read and one byte more is skipped", test_long_segment },
	{ "a terminator that never comes costs only its own interchange", test_no_terminator },
	{ "an element of a gigabyte is skipped in bounded memory", test_gigabyte_element },
	{ "elements at the limit are read, one more is cut, a million are skipped", test_many_elements },
	{ "two terminators in a row are an empty segment", test_empty_segments },
	{ "the kernels give the same for the same bytes", test_kernels },
	{ "many segments at a time are the same as one by one, with every kernel", test_batches },
};

int main(void)
{
	return UNIT_RUN("reader", cases);
}
