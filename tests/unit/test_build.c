/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * JSON as tokens, and documents as X12: what is taken, what is refused and where, limits on both sides.
 */
#include "parsers/documents.h"
#include "show_support.h"
#include "unit.h"

/* ---- JSON ---- */

static struct buffer told;

static bool tell(void *data, enum json_token token, struct slice text, uint64_t line, uint64_t column)
{
	static const char *const names[] = { "{", "}", "[", "]", "key ", "text ", "number ", "", "", "" };
	(void)data;
	(void)line;
	(void)column;
	buffer_text(&told, names[token]);
	buffer_slice(&told, text);
	buffer_char(&told, '|');
	return true;
}

/* The tokens of a text, in chunks of any size alike; or its fault, "LINE:COLUMN TEXT". */
static struct slice json_of(struct slice text)
{
	static struct buffer first;
	buffer_done(&first);
	for (size_t chunk = 0; chunk < 4; chunk++) {
		struct document_fault fault = { .text = "" };
		struct json_reader *reader = json_reader_new(tell, NULL, &fault);
		buffer_init(&told, 0);
		bool fine = true;
		for (size_t at = 0; at < text.len && fine; at += chunk == 0 ? text.len : chunk) {
			size_t left = text.len - at;
			fine = json_reader_feed(reader, (struct slice){ text.ptr + at, chunk == 0 || left < chunk ? left : chunk });
		}
		if (!fine || !json_reader_end(reader)) {
			buffer_reset(&told);
			buffer_format(&told, "%llu:%llu %s", (unsigned long long)fault.line, (unsigned long long)fault.column, fault.text);
		}
		json_reader_free(reader);
		if (chunk > 0) {
			CU_ASSERT(slice_equal(buffer_view(&told), buffer_view(&first)));
			buffer_done(&told);
		} else {
			first = told;
		}
	}
	return buffer_view(&first);
}

static void json_tokens(void)
{
	CU_ASSERT(slice_is(json_of(SLICE(" [ {\"a\" : \"b\"} , -1.5e+3, true,false ,null,[ ],{}]\n")),
		"[|{|key a|text b|}|number -1.5e+3|true|false|null|[|]|{|}|]|"));
	CU_ASSERT(slice_is(json_of(SLICE("\xef\xbb\xbf\"\\u00e9\\ud83d\\ude00\\n\\/\"")), "text \xc3\xa9\xf0\x9f\x98\x80\n/|"));
	CU_ASSERT(slice_is(json_of(SLICE("0")), "number 0|"));
}

static void json_refused(void)
{
	static const char *const wrong[] = { "", "[", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{\"a\":}", "[1 2]", "01", "1.", ".5", "-",
		"+1", "1e", "nul", "True", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\n\"", "\"\\ud800\\u0041\"",
		"\"\t\"", "\"\xff\"", "\"\xc3\"", "[]]", "[}", "{]", "[] []", "]", ",", ":", "{\"a\":1 \"b\":2}", "// a\n[]", "\xef\xbb[]" };
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct slice got = json_of(slice_of(wrong[i]));
		bool refused = got.len > 0 && got.ptr[0] >= '0' && got.ptr[0] <= '9';
		CU_ASSERT(refused);
		if (!refused)
			printf("    taken: %s\n", wrong[i]);
	}
	CU_ASSERT(slice_starts(json_of(SLICE("[\n1,\n  x]")), "3:3 "));
}

static void json_limits(void)
{
	struct buffer text;
	buffer_init(&text, 0);
	for (int over = 0; over < 2; over++) {
		buffer_reset(&text);
		for (int i = 0; i < LIMIT_DOCUMENT_DEPTH + over; i++)
			buffer_char(&text, '[');
		for (int i = 0; i < LIMIT_DOCUMENT_DEPTH + over; i++)
			buffer_char(&text, ']');
		CU_ASSERT_EQUAL(slice_starts(json_of(buffer_view(&text)), "[|"), over == 0);
		buffer_reset(&text);
		buffer_char(&text, '"');
		for (int i = 0; i < LIMIT_DOCUMENT_TEXT_BYTES + over; i++)
			buffer_char(&text, 'x');
		buffer_char(&text, '"');
		CU_ASSERT_EQUAL(slice_starts(json_of(buffer_view(&text)), "text "), over == 0);
	}
	/* escapes count as the bytes that they are */
	buffer_reset(&text);
	buffer_char(&text, '"');
	for (int i = 0; i < LIMIT_DOCUMENT_TEXT_BYTES + 1; i++)
		buffer_text(&text, "\\n");
	buffer_char(&text, '"');
	CU_ASSERT(slice_starts(json_of(buffer_view(&text)), "1:1 a text of more than"));
	buffer_done(&text);
}

/* ---- documents ---- */

#define ISA_JSON "{\"kind\":\"segment\",\"id\":\"ISA\",\"parts\":[{\"at\":\"ISA12\",\"value\":\"00501\"},{\"at\":\"ISA13\",\"value\":\"000000007\"}]}"
#define ISA_X12 "ISA*  *          *  *          *  *               *  *               *      *    *^*00501*000000007* * *:~\n"

static bool builds(const char *body, const char *expected)
{
	struct buffer text, out;
	struct document_fault fault = { .text = "" };
	buffer_init(&text, 0);
	buffer_init(&out, 0);
	buffer_format(&text, "[{\"kind\":\"interchange\",\"parts\":[%s,%s]}]", ISA_JSON, body);
	bool fine = build_whole(&out, buffer_view(&text), 3, &fault);
	bool same = fine && out.len > sizeof(ISA_X12) - 1 && memcmp(out.ptr, ISA_X12, sizeof(ISA_X12) - 1) == 0 &&
		    slice_is((struct slice){ out.ptr + sizeof(ISA_X12) - 1, out.len - (sizeof(ISA_X12) - 1) }, expected);
	if (!same)
		printf("    %s\n    %.*s\n", fault.text, SLICE_ARG(buffer_view(&out)));
	buffer_done(&text);
	buffer_done(&out);
	return same;
}

static void trailers_computed(void)
{
	CU_ASSERT(builds("{\"kind\":\"group\",\"parts\":[{\"kind\":\"segment\",\"id\":\"GS\",\"parts\":[{\"at\":\"GS06\",\"value\":\"12\"}]},"
		"{\"kind\":\"set\",\"parts\":[{\"kind\":\"segment\",\"id\":\"ST\",\"parts\":[{\"at\":\"ST01\",\"value\":\"834\"},"
		"{\"at\":\"ST02\",\"value\":\"0001\"}]},{\"kind\":\"loop\",\"parts\":[{\"kind\":\"segment\",\"id\":\"INS\"}]}]}]}",
		"GS******12~\nST*834*0001~\nINS~\nSE*3*0001~\nGE*1*12~\nIEA*1*000000007~\n"));
}

static void places_in_a_segment(void)
{
	CU_ASSERT(builds("{\"kind\":\"segment\",\"id\":\"TA1\",\"parts\":[{\"at\":\"TA101\",\"value\":\"A\"},"
		"{\"at\":\"TA103-02\",\"value\":\"B\"},{\"at\":\"TA103-03\",\"repetition\":3,\"value\":\"C\"},{\"at\":\"TA105\",\"value\":\"\"}]},"
		"{\"kind\":\"text\",\"value\":\"4142\",\"encoding\":\"hex\"},{\"kind\":\"missing\",\"id\":\"IEA\"}",
		"TA1*A**:B^^::C**~AB"));
	CU_ASSERT(builds("{\"kind\":\"segment\",\"id\":\"TA1\",\"breaks\":\"3:LF 5:CRLF\",\"cut\":true,\"parts\":["
		"{\"at\":\"TA101\",\"value\":\"\xc3\xa9Z\",\"encoding\":\"latin1\"}]},{\"kind\":\"missing\",\"id\":\"IEA\"}",
		"TA1\n*\xe9\r\nZ\n"));
}

static void terse_segments(void)
{
	CU_ASSERT(builds("{\"id\":\"TA1\",\"parts\":[\"A\",\"\",[\"\",\"B\",[\"C\",\"\",{\"value\":\"44\",\"encoding\":\"hex\"}]],[[\"E\",\"F\"]],\"\"]}",
		"TA1*A**^B^C::D*E:F*~\nIEA*0*000000007~\n"));
	CU_ASSERT(builds("{\"id\":\"TA1\",\"parts\":[{\"at\":\"TA102\",\"value\":\"A\"},\"B\"]},{\"id\":\"IEA\",\"parts\":[\"5\",\"6\"]}",
		"TA1**A*B~\nIEA*5*6~\n"));
	struct buffer shown;
	buffer_init(&shown, 0);
	CU_ASSERT(show_whole(&shown, SLICE("ISA*00*          *00*          *ZZ*A              *ZZ*B              *100312*0930*^*00501*000000007*0*T*:~"
		"TA1*a\"b*x:y*r^s:t**~IEA*0*000000007~"), SHOW_JSON, true, true));
	CU_ASSERT(slice_is(buffer_view(&shown), "[\n{\"kind\":\"interchange\",\"delimiter_element\":\"*\",\"delimiter_segment\":\"~\","
		"\"line_end\":\"none\",\"parts\":[\n{\"id\":\"ISA\",\"parts\":[\"00\",\"          \",\"00\",\"          \",\"ZZ\",\"A              \","
		"\"ZZ\",\"B              \",\"100312\",\"0930\",\"^\",\"00501\",\"000000007\",\"0\",\"T\",\":\"]},\n"
		"{\"id\":\"TA1\",\"parts\":[\"a\\\"b\",[[\"x\",\"y\"]],[\"r\",[\"s\",\"t\"]],\"\",\"\"]},\n"
		"{\"id\":\"IEA\",\"parts\":[\"0\",\"000000007\"]}]}\n]\n"));
	buffer_done(&shown);
}

static void segment_limit(void)
{
	struct buffer text, out;
	for (int over = 0; over < 2; over++) {
		struct document_fault fault = { .text = "" };
		buffer_init(&text, 0);
		buffer_init(&out, 0);
		buffer_format(&text, "[{\"kind\":\"interchange\",\"parts\":[%s,{\"kind\":\"segment\",\"id\":\"TA1\",\"parts\":[{\"at\":\"TA101\",\"value\":\"", ISA_JSON);
		for (int i = 0; i < LIMIT_SEGMENT_BYTES - 4 + over; i++)
			buffer_char(&text, 'x');
		buffer_text(&text, "\"}]}]}]");
		CU_ASSERT_EQUAL(build_whole(&out, buffer_view(&text), 0, &fault), over == 0);
		CU_ASSERT_EQUAL(fault.text[0] != '\0', over == 1);
		buffer_done(&text);
		buffer_done(&out);
	}
}

/* ---- the fast way and the long way ---- */

static void faces_agree(void)
{
	/* a control character in one name sends its segment the long way; all else must be the same */
	static const char body[] = "BGN*00*12456*20100101*1200****2~N1*P5*STATE*FI*999888777~N1*IN*PLAN*FI*654456654~INS*Y*18*021*28*A***FT~"
		"REF*0F*123~DTP*356*D8*20100101~NM1*IL*1*DOE%c*ANN*M***34*123456789~N3*1 MAIN ST~N4*PUTNAM*CT*06260~DMG*D8*19800229*F~HD*021**HMO~";
	static const enum show_format formats[] = { SHOW_JSON, SHOW_XML };
	char text[600];
	for (size_t f = 0; f < 2 * COUNT_OF(formats); f++) {
		struct buffer x12, fast, slow;
		buffer_init(&fast, 0);
		buffer_init(&slow, 0);
		for (int way = 0; way < 2; way++) {
			buffer_init(&x12, 0);
			(void)snprintf(text, sizeof(text), body, 'X');
			x12_wrap(&x12, "834", text);
			/* taken to be wrapped, each segment goes the long way */
			for (size_t i = 0; i < x12.len && way == 1; i++)
				if (x12.ptr[i] == 'X' && i > 3 && memcmp(x12.ptr + i - 3, "DOE", 3) == 0)
					x12.ptr[i] = '"';
			CU_ASSERT(show_whole(way == 0 ? &fast : &slow, buffer_view(&x12), formats[f / 2], f % 2 == 1, false));
			buffer_done(&x12);
		}
		CU_ASSERT(fast.len > 0 && slice_equal(buffer_view(&fast), buffer_view(&slow)));
		buffer_done(&fast);
		buffer_done(&slow);
	}
}

static const struct unit_case cases[] = {
	{ "JSON is tokens, whatever the chunks", json_tokens },
	{ "what is no JSON is refused with line and column", json_refused },
	{ "JSON: depth and length of a text, on both sides of their limits", json_limits },
	{ "counts, control numbers and trailers that are left out are computed", trailers_computed },
	{ "components, repetitions, empty ends, line ends inside, text and bytes stand where they are told", places_in_a_segment },
	{ "tersely an element is a text, or the list of its repetitions, in which components are lists", terse_segments },
	{ "a segment of 64 KiB is built, a longer one refused", segment_limit },
	{ "a segment shown the fast way and the long way is the same", faces_agree },
};

int main(void)
{
	return UNIT_RUN("build", cases);
}
