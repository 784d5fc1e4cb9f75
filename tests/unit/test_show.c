/* SPDX-License-Identifier: Apache-2.0 */
#include "generators/generators.h"
#include "tests/unit/x12_support.h"
#include "unit.h"

static struct buffer out;
static struct shower *shower;
static uint64_t position;

static const struct guide *guide;

/* The node of a guide by loop and segment id; NULL for the loop itself. */
static uint16_t node_of(const char *loop, const char *segment)
{
	uint16_t parent = 0;
	for (uint16_t i = 1; i < guide->node_count; i++)
		if (guide->nodes[i].kind == NODE_LOOP && slice_is(slice_of(guide_text(guide, guide->nodes[i].id)), loop))
			parent = i;
	if (segment == NULL)
		return parent;
	for (uint16_t i = 1; i < guide->node_count; i++)
		if (guide->nodes[i].kind == NODE_SEGMENT && guide->nodes[i].parent == parent &&
		    slice_is(slice_of(guide_text(guide, guide->nodes[i].id)), segment))
			return i;
	return GUIDE_NONE;
}

static void loop_event(enum event_kind kind, const char *loop)
{
	struct event event = { .kind = kind, .guide = guide, .node = loop == NULL ? 0 : node_of(loop, NULL) };
	show_event(shower, &event);
}

static void segment_event(const char *loop, const char *text)
{
	uint32_t ends[LIMIT_ELEMENTS + 1];
	struct segment segment = x12_segment(text, ends);
	char id[4];
	slice_copy(id, sizeof(id), segment.id);
	struct event event = {
		.kind = EVENT_SEGMENT, .guide = guide, .node = node_of(loop, id), .segment = &segment, .position = ++position,
	};
	show_event(shower, &event);
}

#define ISA "ISA*00*          *00*          *ZZ*A<B            *ZZ*MMIS           *100312*0930*^*00501*000000007*0*T*:"
#define GS "GS*HS*A*MMIS*20100312*0930*7*X*005010X279A1"

/* A part of a 270, with values of a person and one segment that has no place there. */
static void show_sample(enum show_format format, bool show_values)
{
	struct interchange_header interchange = {
		.sender_qualifier = "ZZ", .sender = "A<B", .receiver_qualifier = "ZZ", .receiver = "MMIS",
		.date = "100312", .time = "0930", .version = "00501", .control = "000000007", .usage = 'T',
		.delimiters = { .element = '*', .repetition = '^', .component = ':', .segment = '~' },
	};
	struct group_header group = {
		.functional_id = "HS", .sender = "A", .receiver = "MMIS", .date = "20100312", .time = "0930",
		.control = "7", .agency = "X", .version = "005010X279A1",
	};
	guide = guide_find(SLICE("270"), SLICE("005010X279A1"));
	CU_ASSERT_FATAL(guide != NULL);
	position = 0;
	buffer_init(&out, 0);
	shower = shower_new(&out, format, show_values);
	CU_ASSERT_FATAL(shower != NULL);
	uint32_t isa_ends[LIMIT_ELEMENTS + 1], ge_ends[LIMIT_ELEMENTS + 1];
	struct segment isa = x12_segment(ISA, isa_ends), none = { .bytes = SLICE_NONE };
	show_begin(shower);
	show_interchange(shower, &interchange, &isa, 106);
	struct segment gs = x12_segment(GS, ge_ends);
	show_group(shower, &group, &gs);
	loop_event(EVENT_SET_BEGIN, NULL);
	segment_event("", "BHT*0022*13*REQ-1*20100312*0930");
	loop_event(EVENT_LOOP_BEGIN, "2100C");
	segment_event("2100C", "NM1*IL*1*MOLINA*IRIS****MI*001234561");
	segment_event("2100C", "ZZZ*SECRET");
	loop_event(EVENT_LOOP_END, "2100C");
	loop_event(EVENT_LOOP_BEGIN, "2110C");
	segment_event("2110C", "EQ*30^98");
	loop_event(EVENT_LOOP_END, "2110C");
	loop_event(EVENT_SET_END, NULL);
	struct segment ge = x12_segment("GE*1*7", ge_ends);
	show_group_end(shower, &ge);
	show_interchange_end(shower, &none);
	show_end(shower);
	CU_ASSERT(!show_failed(shower));
	shower_free(shower);
}

static bool shown(const char *expected)
{
	bool same = slice_is(buffer_view(&out), expected) && !out.failed;
	if (!same)
		printf("    wrote:\n%.*s", SLICE_ARG(buffer_view(&out)));
	buffer_done(&out);
	return same;
}

static bool holds(const char *text)
{
	size_t len = slice_of(text).len;
	for (size_t i = 0; i + len <= out.len; i++)
		if (memcmp(out.ptr + i, text, len) == 0)
			return true;
	return false;
}

/* The file holds what is expected. */
static bool shown_as_file(const char *path)
{
	static char expected[16 * 1024];
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return false;
	size_t len = fread(expected, 1, sizeof(expected) - 1, file);
	fclose(file);
	expected[len] = '\0';
	return shown(expected);
}

static void text_tree(void)
{
	show_sample(SHOW_TEXT, false);
	CU_ASSERT(shown(
		"interchange 000000007  from ZZ A<B to ZZ MMIS  on 100312 at 0930  version 00501  usage T\n"
		"  group 7  HS  from A to MMIS  on 20100312 at 0930  version 005010X279A1\n"
		"    set 270  Eligibility, coverage or benefit inquiry\n"
		"      BHT  Beginning of Hierarchical Transaction  (segment 1)\n"
		"        BHT01     0022              | Hierarchical Structure Code\n"
		"        BHT02     13                | Transaction Set Purpose Code: Request\n"
		"        BHT03     REQ-1             | Submitter Transaction Identifier\n"
		"        BHT04     20100312          | Transaction Set Creation Date: 2010-03-12\n"
		"        BHT05     0930              | Transaction Set Creation Time: 09:30\n"
		"      loop 2100C  Subscriber Name\n"
		"        NM1  Subscriber Name  (segment 2)\n"
		"          NM101     IL                | Entity Identifier Code: Insured or subscriber\n"
		"          NM102     1                 | Entity Type Qualifier: Person\n"
		"          NM103     (hidden)          | Subscriber Last Name\n"
		"          NM104     (hidden)          | Subscriber First Name\n"
		"          NM108     MI                | Identification Code Qualifier: Member identification num"
		"ber\n"
		"          NM109     (hidden)          | Subscriber Primary Identifier\n"
		"        ZZZ  no place in the guide  (segment 3)\n"
		"          ZZZ01     (hidden)\n"
		"      loop 2110C  Subscriber Eligibility or Benefit Inquiry\n"
		"        EQ  Subscriber Eligibility or Benefit Inquiry  (segment 4)\n"
		"          EQ01      30                | Service Type Code: Health benefit plan coverage\n"
		"          EQ01      98                | Service Type Code: Professional physician visit office\n"
		"      SE is missing\n"
		"  IEA is missing\n"));
}

static void json_document(void)
{
	show_sample(SHOW_JSON, false);
	CU_ASSERT(shown_as_file("tests/unit/show/270-json.txt"));
}

static void xml_document(void)
{
	show_sample(SHOW_XML, false);
	CU_ASSERT(shown_as_file("tests/unit/show/270-xml.txt"));
}

static void values_when_asked(void)
{
	static const enum show_format formats[] = { SHOW_TEXT, SHOW_JSON, SHOW_XML };
	static const char *const personal[] = { "MOLINA", "IRIS", "001234561", "SECRET" };
	for (size_t f = 0; f < COUNT_OF(formats); f++) {
		for (int show = 0; show < 2; show++) {
			show_sample(formats[f], show == 1);
			for (size_t i = 0; i < COUNT_OF(personal); i++)
				CU_ASSERT_EQUAL(holds(personal[i]), show == 1);
			CU_ASSERT(holds("REQ-1") && holds("20100312") && holds("98"));
			buffer_done(&out);
		}
	}
}

static void composites(void)
{
	guide = guide_find(SLICE("835"), SLICE("005010X221A1"));
	CU_ASSERT_FATAL(guide != NULL);
	position = 16;
	buffer_init(&out, 0);
	shower = shower_new(&out, SHOW_TEXT, true);
	CU_ASSERT_FATAL(shower != NULL);
	segment_event("", "PLB*1234567893*20101231*CT:8391F1-1*-1762.5");
	shower_free(shower);
	CU_ASSERT(shown(
		"PLB  Provider Adjustment  (segment 17)\n"
		"  PLB01     1234567893        | Provider Identifier\n"
		"  PLB02     20101231          | Fiscal Period Date: 2010-12-31\n"
		"  PLB03-01  CT                | Adjustment Reason Code: Capitation payment\n"
		"  PLB03-02  8391F1-1          | Provider Adjustment Identifier\n"
		"  PLB04     -1762.5           | Provider Adjustment Amount: -$1,762.50\n"));
}

static void json_texts(void)
{
	buffer_init(&out, 0);
	json_text(&out, SLICE("a\"b\\c\n\x01 \xc3\xa9 \xff\xc3"));
	CU_ASSERT(shown("\"a\\\"b\\\\c\\n\\u0001 \xc3\xa9 \xef\xbf\xbd\xef\xbf\xbd\""));
	buffer_init(&out, 0);
	json_text(&out, SLICE_NONE);
	CU_ASSERT(shown("\"\""));
}

static void finding_object(void)
{
	struct finding finding = {
		.code = FINDING_ELEMENT_CODE, .severity = SEVERITY_REFUSE, .segment_id = "INS", .loop = "2000",
		.data_element = 875, .guide = "005010X220A1", .name = "Maintenance Type Code", .expected = "001 021",
		.value_len = 3, .value = "099", .set_id = "834", .set_control = "0001", .business = "001234562",
		.interchange = "000000007", .group = "70", .path = "2000[3]",
		.place = { .offset = 1234, .line = 29, .column = 9, .segment = 28, .element = 3 },
	};
	buffer_init(&out, 0);
	finding_put_json(&out, &finding, "a.edi", false);
	CU_ASSERT(shown("{\"code\":\"element-code\",\"severity\":\"refuse\",\"text\":\"code is not one of the guide's\",\"level\":2,"
	                "\"file\":\"a.edi\",\"offset\":1234,\"line\":29,\"column\":9,\"interchange\":\"000000007\",\"group\":\"70\","
	                "\"set\":\"834\",\"set_control\":\"0001\",\"segment\":28,\"segment_id\":\"INS\",\"loop\":\"2000\","
	                "\"path\":\"2000[3]\",\"designator\":\"INS03\",\"element\":3,\"component\":null,\"repetition\":null,"
	                "\"data_element\":875,\"name\":\"Maintenance Type Code\",\"guide\":\"005010X220A1\",\"rule\":null,"
	                "\"expected\":\"001 021\",\"value\":null,\"hidden\":true,\"business\":null,\"answer\":\"999 IK403 7\","
	                "\"mend\":\"send one of the codes that the guide lists here\"}"));
	buffer_init(&out, 0);
	finding_put_json(&out, &finding, "a.edi", true);
	CU_ASSERT(holds("\"value\":\"099\",\"hidden\":false,\"business\":\"001234562\",\"answer\""));
	/* BAD-29: short codes tell of nobody; a rule says its own sentence */
	finding.plain = true;
	finding.rule = "834-ins-03";
	finding.says = "a death is a termination";
	buffer_reset(&out);
	finding_put_json(&out, &finding, "a.edi", false);
	CU_ASSERT(holds("\"value\":\"099\",\"hidden\":false,\"business\":null,"));
	buffer_reset(&out);
	finding_put_json(&out, &finding, "a.edi", false);
	CU_ASSERT(holds("\"text\":\"a death is a termination\""));
	buffer_reset(&out);
	finding_put_json(&out, &finding, "a.edi", false);
	CU_ASSERT(holds("\"rule\":\"834-ins-03\""));
	buffer_done(&out);
}

static const struct unit_case cases[] = {
	{ "a set as a text tree with loops, names and labels", text_tree },
	{ "a set as one JSON document", json_document },
	{ "a set as one XML document", xml_document },
	{ "BAD-29: values of persons are hidden unless asked for, structure is not", values_when_asked },
	{ "a composite shows each component with its name", composites },
	{ "JSON texts are escaped; bytes that are not UTF-8 become U+FFFD", json_texts },
	{ "BAD-29: a finding as JSON has no value and no business unit unless asked for", finding_object },
};

int main(void)
{
	return UNIT_RUN("show", cases);
}
