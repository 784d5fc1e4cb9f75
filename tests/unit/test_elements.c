/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Element checks: forms of values, and segments of members and inquiries with one thing wrong each.
 */
#include "tests/unit/unit.h"
#include "tests/unit/x12_support.h"
#include "parsers/parts.h"

#define HEAD "BGN*00*1*20100101*1200****2~N1*P5*STATE*FI*123456789~N1*IN*PLAN*FI*987654321~"
#define MEMBER "INS*Y*18*021*EC*A***FT~REF*0F*ID7~NM1*IL*1*DOE*ANN~"
#define FROM "DTP*348*D8*20100101"
#define ASK "BHT*0022*13*1*20100101*1200~HL*1**20*1~NM1*PR*2*STATE*****PI*123~HL*2*1*21*1~NM1*1P*2*C*****XX*1234567893~" \
	    "HL*3*2*22*0~NM1*IL*1*DOE*ANN****MI*001~"

/* Take the words that begin so out of a list: situational rules look at more than the segment that is tested here. */
static void words_drop(struct buffer *text, const char *start)
{
	char kept[2000] = "";
	struct slice rest = buffer_view(text), word;
	while ((word = slice_word(&rest)).len > 0)
		if (!slice_starts(word, start))
			(void)snprintf(kept + strlen(kept), sizeof(kept) - strlen(kept), "%s%.*s", kept[0] == '\0' ? "" : " ",
				SLICE_ARG(word));
	buffer_reset(text);
	buffer_text(text, kept);
}

/* Findings of a segment behind what stands before it, at level 5 and the same in all chunks. */
static bool finds(const char *set_id, const char *before, const char *segment, const char *expected)
{
	struct buffer text, out;
	char body[2000];
	(void)snprintf(body, sizeof(body), "%s%s~", before, segment);
	buffer_init(&text, 0);
	buffer_init(&out, 0);
	x12_wrap(&text, set_id, body);
	bool same = x12_same(&out, buffer_view(&text), 5, "f");
	x12_findings(&out, buffer_view(&text), 5);
	words_drop(&out, "rule-");
	bool equal = slice_is(buffer_view(&out), expected);
	if (!equal)
		printf("%s: found '%.*s', expected '%s'\n", segment, SLICE_ARG(buffer_view(&out)), expected);
	buffer_done(&text);
	buffer_done(&out);
	return same && equal;
}

static bool member(const char *segment, const char *expected)
{
	return finds("834", HEAD MEMBER, segment, expected);
}

/* A finding of a segment in full. */
static bool tells(const char *set_id, const char *before, const char *segment, const char *part)
{
	struct buffer text, out;
	char body[2000];
	(void)snprintf(body, sizeof(body), "%s%s~", before, segment);
	buffer_init(&text, 0);
	buffer_init(&out, 0);
	x12_wrap(&text, set_id, body);
	x12_dump(&out, buffer_view(&text), 0, 5, "f");
	bool good = x12_has(&out, part);
	if (!good)
		printf("'%s' is not in:\n%.*s\n", part, SLICE_ARG(buffer_view(&out)));
	buffer_done(&text);
	buffer_done(&out);
	return good;
}

static void test_dates(void)
{
	CU_ASSERT(form_date(SLICE("20000229")) && !form_date(SLICE("19000229")) && form_date(SLICE("20040229")));
	CU_ASSERT(!form_date(SLICE("20100230")) && !form_date(SLICE("20101301")) && !form_date(SLICE("20100100")));
	CU_ASSERT(form_date(SLICE("100131")) && !form_date(SLICE("1001311")) && !form_date(SLICE("2010 131")));
	CU_ASSERT(!form_date(SLICE("")) && !form_date(SLICE("00000101")) && !form_date(SLICE("2010013A")));
}

static void test_times(void)
{
	CU_ASSERT(form_time(SLICE("0000")) && form_time(SLICE("2359")) && form_time(SLICE("235959")));
	CU_ASSERT(form_time(SLICE("2359599")) && form_time(SLICE("23595999")));
	CU_ASSERT(!form_time(SLICE("2400")) && !form_time(SLICE("2360")) && !form_time(SLICE("235960")));
	CU_ASSERT(!form_time(SLICE("12345")) && !form_time(SLICE("123")) && !form_time(SLICE("123456789")) && !form_time(SLICE("12 4")));
}

static void test_numbers(void)
{
	CU_ASSERT(form_decimal(SLICE("7.5")) && form_decimal(SLICE("-.5")) && form_decimal(SLICE("5.")) && form_decimal(SLICE("-120")));
	CU_ASSERT(!form_decimal(SLICE("")) && !form_decimal(SLICE("-")) && !form_decimal(SLICE(".")) && !form_decimal(SLICE("1.2.3")));
	CU_ASSERT(!form_decimal(SLICE("+1")) && !form_decimal(SLICE("1e3")) && !form_decimal(SLICE("1-")) && !form_decimal(SLICE("1,5")));
	CU_ASSERT(form_whole(SLICE("-12")) && form_whole(SLICE("007")) && !form_whole(SLICE("1.0")) && !form_whole(SLICE("-")));
	CU_ASSERT(form_digit_count(SLICE("-12.50")) == 4);
}

static void test_presence(void)
{
	CU_ASSERT(member("HD*021**HMO~" FROM, ""));
	CU_ASSERT(member("HD*021~" FROM, "element-missing"));
	CU_ASSERT(finds("834", HEAD, "INS*Y**021*EC*A***FT~REF*0F*ID7~NM1*IL*1*DOE", "element-missing"));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A***FT******TOWN~REF*0F*ID7~NM1*IL*1*DOE", "element-not-used"));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A***FT**********more~REF*0F*ID7~NM1*IL*1*DOE", "element-count"));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A***FT*~REF*0F*ID7~NM1*IL*1*DOE", "element-trailing"));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A***FT***********~REF*0F*ID7~NM1*IL*1*DOE", "element-trailing"));
}

static void test_lengths(void)
{
	CU_ASSERT(member("N3*1 MAIN ST~N4*PUTNAM*CT*06260", ""));
	CU_ASSERT(member("N3*1 MAIN ST~N4*P*CT*06260", "element-short"));
	CU_ASSERT(member("N3*1 MAIN ST~N4*PUTNAM*CT*0626012345678901", "element-long"));
	CU_ASSERT(tells("834", HEAD MEMBER, "N3*1 MAIN ST~N4*P*CT*06260", "loop '2100A' unit 'ID7' expected 'AN, 2 to 30 characters' value 'P'"));
	/* characters, not bytes: 30 of two bytes each fit into 30 */
	char town[80] = "";
	for (int i = 0; i < 30; i++)
		memcpy(town + 2 * i, "\xc3\xa9", 3);
	char segment[120];
	x12_checks((struct checks){ .on = DAYS_NONE, .charset = CHARSET_UTF8 });
	(void)snprintf(segment, sizeof(segment), "N3*1 MAIN ST~N4*%s*CT*06260", town);
	CU_ASSERT(member(segment, ""));
	(void)snprintf(segment, sizeof(segment), "N3*1 MAIN ST~N4*%sX*CT*06260", town);
	CU_ASSERT(member(segment, "element-long"));
	x12_checks((struct checks){ .on = DAYS_NONE });
	/* sign and point do not count: AMT02 is R of 18 digits at most */
	CU_ASSERT(member("AMT*P3*-1234567890123456.78", ""));
	CU_ASSERT(member("AMT*P3*-12345678901234567.89", "element-long"));
}

static void test_characters(void)
{
	CU_ASSERT(member("N3*1\tMAIN", "element-character"));
	CU_ASSERT(member("N3* 1 MAIN", "element-blanks"));
	CU_ASSERT(member("N3*1 MAIN ", "element-blanks"));
	CU_ASSERT(member("AMT*P3*12x", "element-character"));
	CU_ASSERT(member("AMT*P3*1E5", "element-character"));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A***FT*********1.0~REF*0F*ID7~NM1*IL*1*DOE", "element-character"));
}

/* Both sides of each of the three character sets (X12.6 3.3). */
static void test_charsets(void)
{
	static const char *const names[] = { "1 MAIN", "!\"&'()+,-./;?=", "1 Main", "#$%@[]_{}\\|<>`", "RU\xc3\x89", "RU\xc9", "\xc2", "A\tB" };
	static const struct {
		enum charset charset;
		const char *found[COUNT_OF(names)];
	} rows[] = {
		{ CHARSET_BASIC, { "", "", "element-charset", "element-charset", "element-charset", "element-charset", "element-charset", "element-character" } },
		{ CHARSET_EXTENDED, { "", "", "", "", "element-charset", "element-charset", "element-charset", "element-character" } },
		{ CHARSET_UTF8, { "", "", "", "", "", "element-charset", "element-charset", "element-character" } },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		x12_checks((struct checks){ .on = DAYS_NONE, .charset = rows[i].charset });
		for (size_t k = 0; k < COUNT_OF(names); k++) {
			char segment[80];
			(void)snprintf(segment, sizeof(segment), "N3*%s", names[k]);
			CU_ASSERT(member(segment, rows[i].found[k]));
		}
	}
	x12_checks((struct checks){ .on = DAYS_NONE, .charset = CHARSET_BASIC });
	CU_ASSERT(tells("834", HEAD MEMBER, "N3*1 Main", "expected 'the basic character set: "));
	x12_checks((struct checks){ .on = DAYS_NONE });
	CU_ASSERT(tells("834", HEAD MEMBER, "N3*RU\xc9", "expected 'the extended character set: "));
}

/* X12.6 3.5.1 and 3.5.2: zeros, signs and points that a number is written without. */
static void test_number_forms(void)
{
	static const char *const good[] = { "0", "7.5", "-120", "0.5", ".5", "100.00", "-0.01", "10" };
	static const char *const bad[] = { "-0", "-0.00", "05", "00.5", "5.", "-007", "00" };
	char segment[80];
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		(void)snprintf(segment, sizeof(segment), "AMT*P3*%s", good[i]);
		CU_ASSERT(member(segment, ""));
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		(void)snprintf(segment, sizeof(segment), "AMT*P3*%s", bad[i]);
		CU_ASSERT(member(segment, "element-number-form"));
	}
	/* where the least length needs the zeros, they belong there */
	CU_ASSERT(form_number_short(SLICE("007"), 3) && !form_number_short(SLICE("0007"), 3));
}

static void test_postal(void)
{
	CU_ASSERT(member("N3*1 MAIN ST~N4*PUTNAM*CT*06260", ""));
	CU_ASSERT(member("N3*1 MAIN ST~N4*PUTNAM*CT*062601234", ""));
	CU_ASSERT(member("N3*1 MAIN ST~N4*PUTNAM*CT*06260*US", ""));
	CU_ASSERT(member("N3*1 MAIN ST~N4*PUTNAM*CT*06260-1234", "element-postal"));
	CU_ASSERT(member("N3*1 MAIN ST~N4*PUTNAM*CT*0626*US", "element-postal"));
	CU_ASSERT(member("N3*1 RUE~N4*MONTREAL**H2X 1Y4*CA", ""));
	CU_ASSERT(member("N3*1 RUE~N4*MONTREAL**H2X 1Y4", "element-postal"));
}

static void test_qualified_dates(void)
{
	CU_ASSERT(member("DMG*D8*20000229*F", ""));
	CU_ASSERT(member("DMG*D8*19000229*F", "element-date"));
	CU_ASSERT(member("DMG*D8*000229*F", "element-date"));
	CU_ASSERT(tells("834", HEAD MEMBER, "DMG*D8*19000229*F", "expected 'CCYYMMDD' value '19000229'"));
	CU_ASSERT(finds("270", ASK, "DTP*291*RD8*20100101-20100131~EQ*30", ""));
	CU_ASSERT(finds("270", ASK, "DTP*291*RD8*20100101-20100132~EQ*30", "element-date"));
	CU_ASSERT(finds("270", ASK, "DTP*291*RD8*20100101~EQ*30", "element-date"));
	CU_ASSERT(finds("270", ASK, "DTP*291*RD8*20100101-20100101~EQ*30", ""));
	/* that it runs backwards is no matter of form: the 271 says so (AAA03 57) */
	CU_ASSERT(finds("270", ASK, "DTP*291*RD8*20100102-20100101~EQ*30", ""));
	CU_ASSERT(finds("834", "BGN*00*1*20100230*1200****2~N1*P5*S*FI*12~N1*IN*P*FI*98~" MEMBER, "N3*1", "element-date"));
	CU_ASSERT(finds("834", "BGN*00*1*20100201*2500****2~N1*P5*S*FI*12~N1*IN*P*FI*98~" MEMBER, "N3*1", "element-time"));
}

static void test_codes(void)
{
	CU_ASSERT(member("DMG*D8*20000229*X", "element-code"));
	CU_ASSERT(member("HD*999**HMO~" FROM, "element-code"));
	CU_ASSERT(member("HD*021**hmo~" FROM, "element-code"));
	CU_ASSERT(tells("834", HEAD MEMBER, "DMG*D8*20000229*X", "3-0-0 loop '2100A' unit 'ID7' expected 'one of F M"));
	CU_ASSERT(member("N3*1 MAIN ST~N4*PUTNAM*QQ*06260", "element-external-code"));
}

/* A code can start and end: the day is the group's. */
static void test_dated_codes(void)
{
	static const struct { const char *day, *country, *found; } rows[] = {
		{ "2010-12-15", "AN", "" }, { "2010-12-16", "AN", "element-code-dated" }, { "2010-12-14", "SX", "element-code-dated" },
		{ "2010-12-15", "SX", "" }, { "2010-12-15", "QQ", "element-external-code" }, { "2004-06-01", "CS", "" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct checks checks = { .on = DAYS_NONE };
		char segment[80];
		CU_ASSERT(days_parse_iso(&checks.on, slice_of(rows[i].day)));
		x12_checks(checks);
		(void)snprintf(segment, sizeof(segment), "N3*1 WEG~N4*WILLEMSTAD***%s", rows[i].country);
		CU_ASSERT(member(segment, rows[i].found));
	}
	x12_checks((struct checks){ .on = 15000 });
	CU_ASSERT(tells("834", HEAD MEMBER, "N3*1 WEG~N4*WILLEMSTAD***AN", "expected 'a code of country on 2011-01-26; this one holds until 2010-12-15'"));
	CU_ASSERT(member("LUI*LE*SPA**7", "") && member("LUI*LE*es**7", "") && member("LUI*LD*XQX**7", "element-external-code"));
	x12_checks((struct checks){ .on = DAYS_NONE });
}

static void test_composites(void)
{
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A*A:0**FT~REF*0F*ID7~NM1*IL*1*DOE", ""));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A*Z**FT~REF*0F*ID7~NM1*IL*1*DOE", "element-code"));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A*:0**FT~REF*0F*ID7~NM1*IL*1*DOE", "element-missing"));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A*A::x**FT~REF*0F*ID7~NM1*IL*1*DOE", "element-not-used"));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A*A::::x**FT~REF*0F*ID7~NM1*IL*1*DOE", "element-components"));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A*A:**FT~REF*0F*ID7~NM1*IL*1*DOE", "element-trailing"));
	CU_ASSERT(member("N3*1 MAIN:2", "element-components"));
	CU_ASSERT(tells("834", HEAD, "INS*Y*18*021*EC*A*A:9**FT~REF*0F*ID7~NM1*IL*1*DOE", "at INS 5 6-2-0 loop '2000' unit 'ID7'"));
}

static void test_repetitions(void)
{
	CU_ASSERT(finds("270", ASK, "EQ*30^98^1", ""));
	CU_ASSERT(finds("270", ASK, "EQ*30^ZY^1", "element-code"));
	CU_ASSERT(tells("270", ASK, "EQ*30^ZY^1", "at EQ 9 1-0-2 "));
	CU_ASSERT(finds("270", ASK, "EQ*30^^1", "element-trailing"));
	CU_ASSERT(member("N3*1 MAIN^2", "element-repetitions"));
	char segment[400] = "EQ*30";
	for (int i = 1; i < LIMIT_SERVICE_TYPES; i++)
		memcpy(segment + strlen(segment), "^98", 4);
	CU_ASSERT(finds("270", ASK, segment, ""));
	memcpy(segment + strlen(segment), "^98", 4);
	CU_ASSERT(finds("270", ASK, segment, "element-repetitions"));
}

static void test_notes(void)
{
	/* P0304 of N1; 1112 of INS; R0203 of N1 */
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A***FT***D8~REF*0F*ID7~NM1*IL*1*DOE", "element-condition"));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A***FT****20100101~REF*0F*ID7~NM1*IL*1*DOE", "element-condition"));
	CU_ASSERT(finds("834", HEAD, "INS*Y*18*021*EC*A***FT***D8*20100101~REF*0F*ID7~NM1*IL*1*DOE", ""));
	/* a pair whose other half is required is told once, as missing */
	CU_ASSERT(member("DMG*D8**F", "element-missing"));
	CU_ASSERT(tells("834", HEAD, "INS*Y*18*021*EC*A***FT***D8~REF*0F*ID7~NM1*IL*1*DOE", "12-0-0 loop '2000' unit 'ID7' expected 'syntax note P1112'"));
}

/* All five kinds, on a guide of their own: nothing shipped has each. */
static struct finding told[8];
static unsigned told_count;
static void note_told(void *data, struct finding *finding)
{
	(void)data;
	told[told_count++ % COUNT_OF(told)] = *finding;
}

static void test_note_kinds(void)
{
	static const struct guide_element elements[3] = { { .usage = USAGE_SITUATIONAL }, { .usage = USAGE_SITUATIONAL },
		{ .usage = USAGE_SITUATIONAL } };
	static const struct {
		char kind;
		bool present[3];
		enum finding_code code;
		uint16_t at;
	} rows[] = {
		{ 'P', { false, false, false }, FINDING_NONE, 0 }, { 'P', { true, false, true }, FINDING_ELEMENT_CONDITION, 2 },
		{ 'P', { true, true, true }, FINDING_NONE, 0 }, { 'R', { false, false, false }, FINDING_ELEMENT_CONDITION, 1 },
		{ 'R', { false, false, true }, FINDING_NONE, 0 }, { 'E', { true, false, true }, FINDING_ELEMENT_EXCLUDED, 3 },
		{ 'E', { false, true, false }, FINDING_NONE, 0 }, { 'C', { true, true, false }, FINDING_ELEMENT_CONDITION, 3 },
		{ 'C', { false, true, false }, FINDING_NONE, 0 }, { 'L', { true, false, false }, FINDING_ELEMENT_CONDITION, 2 },
		{ 'L', { true, false, true }, FINDING_NONE, 0 }, { 'L', { false, false, true }, FINDING_NONE, 0 },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct guide_note note = { .kind = rows[i].kind, .count = 3, .positions = { 1, 2, 3 } };
		struct guide guide = { .name = "test", .texts = "", .elements = elements, .element_count = 3, .notes = &note, .note_count = 1 };
		struct guide_index index = { .guide = &guide };
		uint32_t ends[LIMIT_ELEMENTS + 1];
		char text[8] = "X";
		for (size_t k = 0, len = 1; k < 3; k++, len = strlen(text))
			(void)snprintf(text + len, sizeof(text) - len, "%s", rows[i].present[k] ? "*x" : "*");
		struct segment segment = x12_segment(text, ends);
		struct findings findings;
		findings_init(&findings);
		struct checker checker = { .index = &index, .segment = &segment, .checks = { .level = 5, .on = DAYS_NONE },
			.findings = &findings, .tell = note_told };
		const struct values values = segment_values(&segment);
		told_count = 0;
		notes_check(&checker, &values, 0, 1, 0, 0);
		CU_ASSERT(told_count == (rows[i].code != FINDING_NONE));
		if (told_count == 1 && rows[i].code != FINDING_NONE)
			CU_ASSERT(told[0].code == rows[i].code && told[0].place.element == rows[i].at);
	}
}

static void test_npi(void)
{
	CU_ASSERT(member("HD*021**HMO~" FROM "~LX*1~NM1*P3*1*DOC*JO****XX*1234567893*25", ""));
	CU_ASSERT(member("HD*021**HMO~" FROM "~LX*1~NM1*P3*1*DOC*JO****XX*1234567890*25", "npi-check-digit"));
	CU_ASSERT(member("HD*021**HMO~" FROM "~LX*1~NM1*P3*1*DOC*JO****SV*1234567890*25", ""));
}

static const struct unit_case cases[] = {
	{ "dates are days of the calendar", test_dates },
	{ "times are HHMM with seconds and parts of them", test_times },
	{ "numbers have a sign, digits and at most one point", test_numbers },
	{ "what is required, not used, too many or empty at the end", test_presence },
	{ "lengths count characters, and digits of numbers", test_lengths },
	{ "control characters, blanks and letters in numbers", test_characters },
	{ "the basic, the extended character set, and UTF-8", test_charsets },
	{ "numbers without zeros, signs and points that say nothing", test_number_forms },
	{ "a ZIP code has 5 or 9 digits where the country is the United States", test_postal },
	{ "a date has the form that its qualifier names", test_qualified_dates },
	{ "codes of the guide and of external lists", test_codes },
	{ "a code of an external list is judged on the day of the group", test_dated_codes },
	{ "composites: their components are checked like elements", test_composites },
	{ "repetitions are split, counted and checked one by one", test_repetitions },
	{ "syntax notes tell the element that is missing", test_notes },
	{ "the five kinds of syntax notes", test_note_kinds },
	{ "an NPI has its check digit where the qualifier is XX", test_npi },
};

int main(void)
{
	return UNIT_RUN("elements", cases);
}
