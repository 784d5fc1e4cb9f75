/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_guide: the loader of guide files and the language of their rules.  Input that begins with '<' is a guide file;
 * any other is an expression, put into a small guide as a rule of a segment (first byte even) or of a loop.  What is
 * accepted prints, the print reads to a guide that prints the same, and its rules run over a set.
 */
#include "guides/tables.h"
#include "tests/unit/x12_support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char head[] = "<guide name=\"T\" set=\"834\" function=\"BE\" title=\"t\" accepts=\"T\" st03=\"yes\">"
	"<segment id=\"ST\" position=\"0100\" usage=\"R\" name=\"n\">"
	"<element at=\"01\" usage=\"R\" name=\"n\" number=\"143\" type=\"ID\" min=\"3\" max=\"3\" codes=\"834\"/></segment>"
	"<loop id=\"2000\" usage=\"R\" repeat=\"&gt;1\" name=\"n\"><segment id=\"INS\" position=\"0100\" usage=\"R\" name=\"n\">"
	"<element at=\"01\" usage=\"R\" name=\"n\" number=\"1073\" type=\"ID\" min=\"1\" max=\"1\" codes=\"N Y\"/>"
	"<element at=\"02\" usage=\"S\" name=\"n\" number=\"67\" type=\"AN\" min=\"1\" max=\"80\"/>"
	"<element at=\"03\" usage=\"S\" name=\"n\" number=\"782\" type=\"R\" min=\"1\" max=\"18\"/>"
	"<element at=\"04\" usage=\"S\" name=\"n\" number=\"373\" type=\"DT\" min=\"8\" max=\"8\"/>"
	"<element at=\"05\" usage=\"S\" name=\"n\" number=\"1365\" type=\"ID\" min=\"1\" max=\"2\" repeat=\"9\"/>";
static const char middle[] = "</segment><segment id=\"DTP\" position=\"0200\" usage=\"S\" repeat=\"9\" name=\"n\">"
	"<element at=\"01\" usage=\"R\" name=\"n\" number=\"374\" type=\"ID\" min=\"3\" max=\"3\" codes=\"348 349\"/>"
	"<element at=\"02\" usage=\"R\" name=\"n\" number=\"1250\" type=\"ID\" min=\"2\" max=\"3\" codes=\"D8 RD8\"/>"
	"<element at=\"03\" usage=\"R\" name=\"n\" number=\"1251\" type=\"AN\" min=\"1\" max=\"35\" format=\"02\"/></segment>"
	"<loop id=\"2300\" usage=\"S\" repeat=\"9\" name=\"n\"><segment id=\"HD\" position=\"0300\" usage=\"R\" name=\"n\">"
	"<element at=\"01\" usage=\"R\" name=\"n\" number=\"875\" type=\"ID\" min=\"3\" max=\"3\" codes=\"001 021\"/>"
	"<element at=\"02\" usage=\"S\" name=\"n\" number=\"782\" type=\"R\" min=\"1\" max=\"18\"/></segment></loop>";
static const char tail[] = "</loop><segment id=\"SE\" position=\"0900\" usage=\"R\" name=\"n\">"
	"<element at=\"01\" usage=\"R\" name=\"n\" number=\"96\" type=\"N0\" min=\"1\" max=\"10\"/></segment></guide>";

static const char body[] = "INS*Y*AB*1.5*20100101*30^98~DTP*348*D8*20100101~DTP*349*RD8*20100101-20100131~HD*001*1.25~"
	"HD*021*99999999999999~INS*N**1.005*x*1~HD*001*0~INS*Y*1234567893~NM1*X~";

static void rule_put(struct buffer *out, struct slice expression)
{
	buffer_text(out, "<rule id=\"R-1\" says=\"s\" then=\"");
	for (size_t i = 0; i < expression.len; i++) {
		unsigned char c = (unsigned char)expression.ptr[i];
		if (c == '<' || c == '&' || c == '"')
			buffer_format(out, "&#%u;", c);
		else if (c >= 0x20 && c < 0x7f)
			buffer_char(out, (char)c);
	}
	buffer_text(out, "\"/>");
}

static void walk(const struct guide *guide)
{
	const struct x12_sink sink = { .guide = guide };
	struct buffer text;
	buffer_init(&text, 0);
	x12_wrap(&text, guide->set_id, body);
	(void)x12_run(buffer_view(&text), 0, 7, &sink);
	buffer_done(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer text, once, twice;
	struct failure failure = { "" };
	struct slice input = { (const char *)data, size };
	buffer_init(&text, 0);
	buffer_init(&once, 0);
	buffer_init(&twice, 0);
	if (size > 0 && input.ptr[0] != '<') {
		bool segment = input.ptr[0] % 2 == 0;
		struct slice expression = { input.ptr + 1, size - 1 };
		buffer_text(&text, head);
		if (segment)
			rule_put(&text, expression);
		buffer_text(&text, middle);
		if (!segment)
			rule_put(&text, expression);
		buffer_text(&text, tail);
	} else {
		buffer_slice(&text, input);
	}
	struct guide *guide = guide_compile_text("fuzz", buffer_view(&text), &code_tables_shipped, &failure);
	if ((guide == NULL) != (failure.text[0] != '\0'))
		abort();
	if (guide != NULL) {
		if (!guide_print(&once, guide))
			abort();
		struct guide *again = guide_compile_text("print", buffer_view(&once), &code_tables_shipped, &failure);
		if (again == NULL || !guide_print(&twice, again) || !slice_equal(buffer_view(&once), buffer_view(&twice)))
			abort();
		walk(again);
		guide_free(again);
	}
	guide_free(guide);
	buffer_done(&text);
	buffer_done(&once);
	buffer_done(&twice);
	return 0;
}
