/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The walker: structure against the shipped guides, whole and in chunks of 1 to 5 bytes.
 */
#include "tests/unit/unit.h"
#include "tests/unit/x12_support.h"

#define HEAD "BGN*00*1*20100101*1200****2~N1*P5*STATE*FI*123456789~N1*IN*PLAN*FI*987654321~"
#define NAME "NM1*IL*1*DOE*ANN~"
#define MEMBER "INS*Y*18*001*EC*A***FT~REF*0F*ID7~DTP*356*D8*20100101~" NAME
#define COVERAGE "HD*021**HMO*A*IND~DTP*348*D8*20100101~"

#define ASK "BHT*0022*13*1*20100101*1200~"
#define SOURCE "HL*1**20*1~NM1*PR*2*STATE*****PI*123~"
#define RECEIVER "HL*2*1*21*1~NM1*1P*2*CLINIC*****XX*1234567893~"
#define PATIENT "HL*3*2*22*0~TRN*1*T1*9SENDERXX1~NM1*IL*1*DOE*ANN****MI*001~EQ*30~"

#define PAY "BPR*I*%s*C*ACH*CCP*01*111000025*DA*1*1999999999**01*111000025*DA*2*20100115~TRN*1*1*1999999999~N1*PR*STATE~N3*1 ST~N4*HARTFORD*CT*06101~PER*BL*HELP*TE*8605550000~N1*PE*CLINIC*XX*1234567893~"

/* The finding names of a set, at a level, the same in all chunks. */
static bool finds_at(const char *set_id, const char *body, int level, const char *expected)
{
	struct buffer text, out;
	buffer_init(&text, 0);
	buffer_init(&out, 0);
	x12_wrap(&text, set_id, body);
	bool same = x12_same(&out, buffer_view(&text), level, "iefr");
	x12_findings(&out, buffer_view(&text), level);
	bool equal = slice_is(buffer_view(&out), expected);
	if (!equal)
		printf("found '%.*s', expected '%s'\n", SLICE_ARG(buffer_view(&out)), expected);
	buffer_done(&text);
	buffer_done(&out);
	return same && equal;
}

static bool finds(const char *set_id, const char *body, const char *expected)
{
	return finds_at(set_id, body, 5, expected);
}

/* The dump of a set holds this. */
static bool shows(const char *set_id, const char *body, const char *parts, const char *part)
{
	struct buffer text, out;
	buffer_init(&text, 0);
	buffer_init(&out, 0);
	x12_wrap(&text, set_id, body);
	x12_dump(&out, buffer_view(&text), 0, 5, parts);
	bool good = x12_has(&out, part);
	if (!good)
		printf("'%s' is not in:\n%.*s\n", part, SLICE_ARG(buffer_view(&out)));
	buffer_done(&text);
	buffer_done(&out);
	return good;
}

static void test_clean(void)
{
	CU_ASSERT(finds("834", HEAD MEMBER COVERAGE MEMBER, ""));
	CU_ASSERT(finds("270", ASK SOURCE RECEIVER PATIENT, ""));
	CU_ASSERT(shows("834", HEAD MEMBER COVERAGE, "e",
		"event loop-begin 2000 5\nevent segment INS 5\nevent segment REF 6\nevent segment DTP 7\n"
		"event loop-begin 2100A 8\nevent segment NM1 8\nevent loop-end 2100A 9\n"
		"event loop-begin 2300 9\nevent segment HD 9\nevent segment DTP 10\n"
		"event loop-end 2300 11\nevent loop-end 2000 11\nevent segment SE 11\nevent set-end 834 11\n"));
}

static void test_missing(void)
{
	CU_ASSERT(finds("834", "N1*P5*STATE*FI*123456789~N1*IN*PLAN*FI*987654321~" MEMBER, "segment-missing"));
	CU_ASSERT(finds("834", "BGN*00*1*20100101*1200****2~N1*P5*STATE*FI*123456789~" MEMBER, "loop-missing"));
	CU_ASSERT(shows("834", "BGN*00*1*20100101*1200****2~N1*P5*STATE*FI*123456789~" MEMBER, "f",
		"loop-missing offset 237 at N1 4 0-0-0 loop '' unit '' expected '1000B: Payer'"));
	CU_ASSERT(finds("834", HEAD, "loop-missing"));
	CU_ASSERT(finds("834", HEAD MEMBER "HD*021**HMO~", "segment-missing-in-guide"));
	CU_ASSERT(finds("834", HEAD "INS*Y*18*001*EC*A***FT~DTP*356*D8*20100101~" NAME, "segment-missing-in-guide"));
}

static void test_repeats(void)
{
	CU_ASSERT(finds("834", HEAD "INS*Y*18*001*EC*A***FT~REF*0F*ID7~REF*0F*ID8~" NAME, "segment-repeat"));
	CU_ASSERT(finds("834", HEAD MEMBER NAME, "loop-repeat"));
	CU_ASSERT(finds("834", "BGN*00*1*20100101*1200****2~BGN*00*1*20100101*1200****2~N1*P5*S*FI*12~N1*IN*P*FI*98~" MEMBER,
		"segment-repeat"));
	struct buffer body;
	for (int more = 0; more <= 1; more++) {
		buffer_init(&body, 0);
		buffer_text(&body, HEAD MEMBER);
		for (int i = 0; i < 99 /* 834 loop 2300 */ + more; i++)
			buffer_text(&body, COVERAGE);
		buffer_char(&body, '\0');
		CU_ASSERT(finds("834", body.ptr, more == 1 ? "loop-repeat" : ""));
		buffer_done(&body);
	}
}

static void test_order(void)
{
	/* REF of one position number in any order, and loops of one position too */
	CU_ASSERT(finds("834", HEAD "INS*Y*18*001*EC*A***FT~REF*3H*C1~REF*1L*G1~REF*0F*ID7~" NAME, ""));
	CU_ASSERT(finds("834", HEAD "INS*Y*18*001*EC*A***FT~REF*0F*ID7~NM1*S1*1*DOE*BO~NM1*IL*1*DOE*ANN~", ""));
	CU_ASSERT(finds("834", "BGN*00*1*20100101*1200****2~N1*IN*PLAN*FI*98~N1*P5*STATE*FI*12~" MEMBER, ""));
	/* a date of the member behind his name */
	CU_ASSERT(finds("834", HEAD "INS*Y*18*001*EC*A***FT~REF*0F*ID7~" NAME "DTP*356*D8*20100101~", "segment-order"));
	CU_ASSERT(shows("834", HEAD "INS*Y*18*001*EC*A***FT~REF*0F*ID7~" NAME "DTP*356*D8*20100101~", "f",
		"segment-order offset 312 at DTP 8 0-0-0 loop '2000' unit 'ID7'"));
}

static void test_lost(void)
{
	CU_ASSERT(finds("834", HEAD MEMBER "ZZZ*1~", "segment-id"));
	CU_ASSERT(finds("834", HEAD MEMBER "LONGID*1~", "segment-id"));
	CU_ASSERT(finds("834", "BGN*00*1*20100101*1200****2~HD*021**HMO~N1*P5*S*FI*12~N1*IN*P*FI*98~" MEMBER,
		"segment-unexpected"));
	CU_ASSERT(shows("834", HEAD MEMBER "ZZZ*1~", "e", "event segment - 9"));
	CU_ASSERT(finds("834", HEAD MEMBER "HD~", "element-missing element-missing segment-missing-in-guide"));
}

static void test_one_mistake(void)
{
	/* the opening segment of a loop is gone: one finding, and what follows is in its place */
	CU_ASSERT(finds("834", HEAD "REF*0F*ID7~DTP*356*D8*20100101~" NAME COVERAGE, "segment-missing"));
	CU_ASSERT(finds("834", HEAD MEMBER COVERAGE "REF*0F*ID8~DTP*356*D8*20100101~" NAME COVERAGE, "segment-missing"));
	CU_ASSERT(finds("834", HEAD MEMBER COVERAGE "NM1*P3*1*DOE*BO****XX*1234567893*25~", "segment-missing"));
	CU_ASSERT(finds("834", HEAD "ZZZ*Y~REF*0F*ID7~DTP*356*D8*20100101~" NAME COVERAGE, "segment-id segment-missing"));
	CU_ASSERT(shows("834", HEAD "REF*0F*ID7~DTP*356*D8*20100101~" NAME, "f",
		"segment-missing offset 261 at INS 5 0-0-0 loop '2000' unit 'ID7' expected 'INS: Member Level Detail'"));
	/* a level is gone, counted or not */
	CU_ASSERT(finds("270", ASK "NM1*PR*2*STATE*****PI*123~" RECEIVER PATIENT, "segment-missing"));
	CU_ASSERT(finds("270", ASK SOURCE "NM1*1P*2*CLINIC*****XX*1234567893~" PATIENT, "segment-missing"));
	CU_ASSERT(finds("270", ASK SOURCE "HL*2*1*22*0~TRN*1*T1*9SENDERXX1~NM1*IL*1*DOE*ANN****MI*001~EQ*30~",
		"segment-missing loop-missing"));
	/* a segment that comes late ends no loop */
	CU_ASSERT(finds("834", HEAD MEMBER "DTP*357*D8*20101231~" COVERAGE "REF*9V*F1~", "segment-order"));
	/* what is required is not passed over: then it is the segment that is wrong */
	CU_ASSERT(finds("834", "BGN*00*1*20100101*1200****2~NM1*IL*1*DOE*ANN~N1*P5*S*FI*12~N1*IN*P*FI*98~" MEMBER,
		"segment-unexpected"));
}

static void test_codes(void)
{
	/* the id fits and the code does not: taken for the segment that is still needed, and told */
	CU_ASSERT(shows("834", "BGN*00*1*20100101*1200****2~N1*XX*STATE*FI*12~N1*IN*PLAN*FI*98~" MEMBER, "f",
		"element-code offset 215 at N1 3 1-0-0 loop '1000A' unit '' expected 'one of P5' value 'XX'"));
	CU_ASSERT(finds("834", "BGN*00*1*20100101*1200****2~N1*XX*STATE*FI*12~N1*IN*PLAN*FI*98~" MEMBER, "element-code"));
	CU_ASSERT(shows("834", HEAD "INS*Y*18*999*EC*A***FT~REF*0F*ID7~" NAME, "f",
		"element-code offset 270 at INS 5 3-0-0 loop '2000' unit 'ID7' expected 'one of 001 021 024 025 030' value '999'"));
	CU_ASSERT(finds("834", HEAD MEMBER "HD*001**HMO~DTP*999*D8*20100101~", "element-code"));
}

static void test_units(void)
{
	/* both a finding before REF*0F and one after it carry the member's id; the next member's does not */
	const char *body = HEAD "INS*Y*18*999*EC*A***FT~REF*0F*ID7~" NAME COVERAGE "DTP*349*D8*20100231~"
				"INS*Y*18*999*EC*A***FT~REF*0F*ID8~" NAME;
	CU_ASSERT(finds("834", body, "element-code element-date element-code"));
	CU_ASSERT(shows("834", body, "f", "at INS 5 3-0-0 loop '2000' unit 'ID7'"));
	CU_ASSERT(shows("834", body, "f", "at DTP 10 3-0-0 loop '2300' unit 'ID7'"));
	CU_ASSERT(shows("834", body, "f", "at INS 11 3-0-0 loop '2000' unit 'ID8'"));
	CU_ASSERT(shows("270", ASK SOURCE RECEIVER "HL*3*2*22*9~TRN*1*T1*9SENDERXX1~NM1*IL*1*DOE*ANN****MI*001~EQ*30~", "f",
		"unit 'T1'"));
}

static void test_hierarchy(void)
{
	CU_ASSERT(finds("270", ASK SOURCE RECEIVER "HL*4*2*22*0~NM1*IL*1*DOE*ANN****MI*001~EQ*30~", "hl-number"));
	CU_ASSERT(finds("270", ASK SOURCE RECEIVER "HL*3*3*22*0~NM1*IL*1*DOE*ANN****MI*001~EQ*30~", "hl-parent"));
	CU_ASSERT(finds("270", ASK SOURCE RECEIVER "HL*3**22*0~NM1*IL*1*DOE*ANN****MI*001~EQ*30~",
		"element-missing"));
	CU_ASSERT(finds("270", ASK SOURCE RECEIVER "HL*3*2*22*1~NM1*IL*1*DOE*ANN****MI*001~EQ*30~", "hl-child"));
	CU_ASSERT(finds("270", ASK SOURCE RECEIVER "HL*3*2*22*1~NM1*IL*1*DOE*ANN****MI*001~"
			"HL*4*3*23*0~NM1*03*1*DOE*BO~EQ*30~HL*5*2*22*0~NM1*IL*1*ROE*AL****MI*002~EQ*30~", ""));
	/* two sources: the second level of the highest kind has no parent and closes everything */
	CU_ASSERT(finds("270", ASK SOURCE RECEIVER PATIENT
			"HL*4**20*1~NM1*PR*2*STATE*****PI*123~HL*5*4*21*1~NM1*1P*2*C*****XX*1234567893~"
			"HL*6*5*22*0~NM1*IL*1*ROE*AL****MI*002~EQ*30~", ""));
	/* levels that name each other as parents */
	CU_ASSERT(finds("270", ASK "HL*1*2*20*1~NM1*PR*2*STATE*****PI*123~HL*2*1*21*1~NM1*1P*2*C*****XX*1234567893~"
			"HL*3*3*22*0~NM1*IL*1*DOE*ANN****MI*001~EQ*30~", "hl-parent element-not-used hl-parent"));
}

static void test_convention(void)
{
	struct buffer text, out;
	buffer_init(&text, 0);
	buffer_init(&out, 0);
	x12_wrap(&text, "834", HEAD MEMBER);
	char *at = memmem(text.ptr, text.len, "ST*834*0001*005010X220A1", 24);
	CU_ASSERT_FATAL(at != NULL);
	memcpy(at + 12, "005010X221A1", 12);
	x12_findings(&out, buffer_view(&text), 3);
	CU_ASSERT(slice_is(buffer_view(&out), "set-convention"));
	buffer_done(&text);
	buffer_done(&out);
}

static void test_counts(void)
{
	CU_ASSERT(finds("834", "BGN*00*1*20100101*1200****2~QTY*TO*2~N1*P5*S*FI*12~N1*IN*P*FI*98~" MEMBER MEMBER, ""));
	CU_ASSERT(finds("834", "BGN*00*1*20100101*1200****2~QTY*TO*3~N1*P5*S*FI*12~N1*IN*P*FI*98~" MEMBER MEMBER, "balance"));
	CU_ASSERT(finds("834", "BGN*00*1*20100101*1200****2~QTY*ET*3~N1*P5*S*FI*12~N1*IN*P*FI*98~" MEMBER, "balance"));
	CU_ASSERT(finds_at("834", "BGN*00*1*20100101*1200****2~QTY*TO*3~N1*P5*S*FI*12~N1*IN*P*FI*98~" MEMBER, 2, ""));
}

static bool pays(const char *amount, const char *rest, const char *expected)
{
	char body[1000];
	int len = snprintf(body, sizeof(body), PAY, amount);
	(void)snprintf(body + len, sizeof(body) - (size_t)len, "%s", rest);
	return finds("835", body, expected);
}

static void test_balance(void)
{
	CU_ASSERT(pays("7.5", "PLB*1234567893*20101231*CT:8391F-1*-7.5~", ""));
	CU_ASSERT(pays("7.50", "PLB*1234567893*20101231*CT:8391F-1*-10*RA:1*2.5~", ""));
	CU_ASSERT(pays("7.51", "PLB*1234567893*20101231*CT:8391F-1*-7.5~", "balance"));
	CU_ASSERT(pays("107.5", "LX*1~CLP*1*1*120*100*20*MC*1~CAS*PR*1*20~NM1*QC*1*DOE*ANN~PLB*1234567893*20101231*CT:8391F-1*-7.5~", ""));
	CU_ASSERT(pays("100", "LX*1~CLP*1*1*120*100*20*MC*1~CAS*PR*1*20~NM1*QC*1*DOE*ANN~PLB*1234567893*20101231*CT:8391F-1*-7.5~",
		"balance"));
	CU_ASSERT(pays("7.505", "PLB*1234567893*20101231*CT:8391F-1*-7.505~", "balance-exact balance-exact"));
	CU_ASSERT(pays("7.500", "PLB*1234567893*20101231*CT:8391F-1*-7.5~", ""));
	char body[1000];
	int len = snprintf(body, sizeof(body), PAY, "8");
	(void)snprintf(body + len, sizeof(body) - (size_t)len, "PLB*1*20101231*CT:8391F-1*-7.5~");
	CU_ASSERT(shows("835", body, "f", "at BPR 2 2-0-0 loop '' unit '' expected '7.5' value '8'"));
	CU_ASSERT(finds_at("835", body, 2, ""));
}

static void test_cut_set(void)
{
	struct buffer text, out;
	buffer_init(&text, 0);
	buffer_init(&out, 0);
	x12_wrap(&text, "834", HEAD MEMBER COVERAGE);
	/* cut after any byte: the same findings in all chunks, every loop that began ends */
	for (size_t len = 150; len < text.len; len += 3) {
		struct slice cut = { text.ptr, len };
		CU_ASSERT(x12_same(&out, cut, 5, "iefr"));
		unsigned begun = 0, ended = 0;
		struct slice rest = buffer_view(&out);
		for (size_t i = 0; i + 12 < rest.len; i++) {
			begun += memcmp(rest.ptr + i, "event loop-b", 12) == 0;
			ended += memcmp(rest.ptr + i, "event loop-e", 12) == 0;
		}
		CU_ASSERT(begun == ended);
	}
	buffer_done(&text);
	buffer_done(&out);
}

static void test_many_findings(void)
{
	struct buffer body, text;
	buffer_init(&body, 0);
	buffer_init(&text, 0);
	buffer_text(&body, HEAD MEMBER);
	for (int i = 0; i < 2 * LIMIT_FINDINGS_PER_SET; i++)
		buffer_text(&body, "ZZZ*1~");
	buffer_char(&body, '\0');
	x12_wrap(&text, "834", body.ptr);
	struct x12_totals totals = x12_run(buffer_view(&text), 0, 5, NULL);
	CU_ASSERT(totals.findings == LIMIT_FINDINGS_PER_SET);
	CU_ASSERT(!totals.failed);
	buffer_done(&body);
	buffer_done(&text);
}

static const struct unit_case cases[] = {
	{ "clean sets have no finding and their loops are events", test_clean },
	{ "required segments and loops that are missing are told where they should stand", test_missing },
	{ "segments and loops at their most are taken, one more is told", test_repeats },
	{ "siblings of one position stand in any order, others do not", test_order },
	{ "segments without a place are told and given without a node", test_lost },
	{ "one mistake is one finding: a loop without its opening segment is told once and gone on with", test_one_mistake },
	{ "an id with another code is taken for its sibling and the code is told", test_codes },
	{ "every finding in a member carries the member's id, also those before it was read", test_units },
	{ "HL numbers, parents and children", test_hierarchy },
	{ "ST03 is one that the guide answers to", test_convention },
	{ "QTY*TO is the number of INS where it is sent", test_counts },
	{ "835-9: BPR02 is the claims less the provider adjustments, to the cent", test_balance },
	{ "a set cut after any byte ends every loop that began", test_cut_set },
	{ "findings past the limit of a set are not kept", test_many_findings },
};

int main(void)
{
	return UNIT_RUN("walker", cases);
}
