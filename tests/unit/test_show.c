/* SPDX-License-Identifier: Apache-2.0 */
#include "generators/generators.h"
#include "tests/unit/x12_support.h"
#include "unit.h"

static struct buffer out;
static struct shower shower;
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
	show_event(&shower, &event);
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
	show_event(&shower, &event);
}

/* A part of a 270, with values of a person and one segment that has no place there. */
static void show_sample(enum show_format format, bool show_values)
{
	struct interchange_header interchange = {
		.sender_qualifier = "ZZ", .sender = "A<B", .receiver_qualifier = "ZZ", .receiver = "MMIS",
		.date = "100312", .time = "0930", .version = "00501", .control = "000000007", .usage = 'T',
	};
	struct group_header group = {
		.functional_id = "HS", .sender = "A", .receiver = "MMIS", .date = "20100312", .time = "0930",
		.control = "7", .agency = "X", .version = "005010X279A1",
	};
	guide = guide_find(SLICE("270"), SLICE("005010X279A1"));
	CU_ASSERT_FATAL(guide != NULL);
	position = 0;
	buffer_init(&out, 0);
	shower = (struct shower){ .out = &out, .format = format, .show_values = show_values };
	show_begin(&shower);
	show_interchange(&shower, &interchange);
	show_group(&shower, &group);
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
	show_group_end(&shower);
	show_interchange_end(&shower);
	show_end(&shower);
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
		"        BHT04     20100312          | Transaction Set Creation Date\n"
		"        BHT05     0930              | Transaction Set Creation Time\n"
		"      loop 2100C  Subscriber Name\n"
		"        NM1  Subscriber Name  (segment 2)\n"
		"          NM101     IL                | Entity Identifier Code: Insured or subscriber\n"
		"          NM102     1                 | Entity Type Qualifier: Person\n"
		"          NM103     (hidden)          | Subscriber Last Name\n"
		"          NM104     (hidden)          | Subscriber First Name\n"
		"          NM108     MI                | Identification Code Qualifier: Member identifica"
		"tion number\n"
		"          NM109     (hidden)          | Subscriber Primary Identifier\n"
		"        ZZZ  no place in the guide  (segment 3)\n"
		"          ZZZ01     (hidden)\n"
		"      loop 2110C  Subscriber Eligibility or Benefit Inquiry\n"
		"        EQ  Subscriber Eligibility or Benefit Inquiry  (segment 4)\n"
		"          EQ01      30                | Service Type Code: Health benefit plan coverage\n"
		"          EQ01      98                | Service Type Code: Professional physician visit "
		"office\n"));
}

static void json_document(void)
{
	show_sample(SHOW_JSON, false);
	CU_ASSERT(shown(
		"[\n"
		"{\"kind\": \"interchange\", \"control\": \"000000007\", \"sender_qualifier\": \"ZZ\", \""
		"sender\": \"A<B\", \"receiver_qualifier\": \"ZZ\", \"receiver\": \"MMIS\", \"date\": \"1"
		"00312\", \"time\": \"0930\", \"version\": \"00501\", \"usage\": \"T\", \"children\": [\n"
		" {\"kind\": \"group\", \"control\": \"7\", \"function\": \"HS\", \"sender\": \"A\", \"re"
		"ceiver\": \"MMIS\", \"date\": \"20100312\", \"time\": \"0930\", \"version\": \"005010X27"
		"9A1\", \"children\": [\n"
		"  {\"kind\": \"set\", \"id\": \"270\", \"name\": \"Eligibility, coverage or benefit inqu"
		"iry\", \"guide\": \"005010X279A1\", \"children\": [\n"
		"   {\"kind\": \"segment\", \"id\": \"BHT\", \"name\": \"Beginning of Hierarchical Transa"
		"ction\", \"position\": 1, \"children\": [\n"
		"    {\"kind\": \"element\", \"at\": \"BHT01\", \"name\": \"Hierarchical Structure Code\""
		", \"value\": \"0022\"},\n"
		"    {\"kind\": \"element\", \"at\": \"BHT02\", \"name\": \"Transaction Set Purpose Code"
		"\", \"label\": \"Request\", \"value\": \"13\"},\n"
		"    {\"kind\": \"element\", \"at\": \"BHT03\", \"name\": \"Submitter Transaction Identif"
		"ier\", \"value\": \"REQ-1\"},\n"
		"    {\"kind\": \"element\", \"at\": \"BHT04\", \"name\": \"Transaction Set Creation Date"
		"\", \"value\": \"20100312\"},\n"
		"    {\"kind\": \"element\", \"at\": \"BHT05\", \"name\": \"Transaction Set Creation Time"
		"\", \"value\": \"0930\"}]},\n"
		"   {\"kind\": \"loop\", \"id\": \"2100C\", \"name\": \"Subscriber Name\", \"children\": "
		"[\n"
		"    {\"kind\": \"segment\", \"id\": \"NM1\", \"name\": \"Subscriber Name\", \"position\""
		": 2, \"children\": [\n"
		"     {\"kind\": \"element\", \"at\": \"NM101\", \"name\": \"Entity Identifier Code\", \""
		"label\": \"Insured or subscriber\", \"value\": \"IL\"},\n"
		"     {\"kind\": \"element\", \"at\": \"NM102\", \"name\": \"Entity Type Qualifier\", \"l"
		"abel\": \"Person\", \"value\": \"1\"},\n"
		"     {\"kind\": \"element\", \"at\": \"NM103\", \"name\": \"Subscriber Last Name\", \"hi"
		"dden\": true},\n"
		"     {\"kind\": \"element\", \"at\": \"NM104\", \"name\": \"Subscriber First Name\", \"h"
		"idden\": true},\n"
		"     {\"kind\": \"element\", \"at\": \"NM108\", \"name\": \"Identification Code Qualifie"
		"r\", \"label\": \"Member identification number\", \"value\": \"MI\"},\n"
		"     {\"kind\": \"element\", \"at\": \"NM109\", \"name\": \"Subscriber Primary Identifie"
		"r\", \"hidden\": true}]},\n"
		"    {\"kind\": \"segment\", \"id\": \"ZZZ\", \"name\": \"no place in the guide\", \"posi"
		"tion\": 3, \"children\": [\n"
		"     {\"kind\": \"element\", \"at\": \"ZZZ01\", \"hidden\": true}]}]},\n"
		"   {\"kind\": \"loop\", \"id\": \"2110C\", \"name\": \"Subscriber Eligibility or Benefit"
		" Inquiry\", \"children\": [\n"
		"    {\"kind\": \"segment\", \"id\": \"EQ\", \"name\": \"Subscriber Eligibility or Benefi"
		"t Inquiry\", \"position\": 4, \"children\": [\n"
		"     {\"kind\": \"element\", \"at\": \"EQ01\", \"repetition\": 1, \"name\": \"Service Ty"
		"pe Code\", \"label\": \"Health benefit plan coverage\", \"value\": \"30\"},\n"
		"     {\"kind\": \"element\", \"at\": \"EQ01\", \"repetition\": 2, \"name\": \"Service Ty"
		"pe Code\", \"label\": \"Professional physician visit office\", \"value\": \"98\"}]}]}]}]"
		"}]}\n"
		"]\n"));
}

static void xml_document(void)
{
	show_sample(SHOW_XML, false);
	CU_ASSERT(shown(
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<x12>\n"
		"<interchange control=\"000000007\" sender_qualifier=\"ZZ\" sender=\"A&lt;B\" receiver_qu"
		"alifier=\"ZZ\" receiver=\"MMIS\" date=\"100312\" time=\"0930\" version=\"00501\" usage="
		"\"T\">\n"
		"  <group control=\"7\" function=\"HS\" sender=\"A\" receiver=\"MMIS\" date=\"20100312\" "
		"time=\"0930\" version=\"005010X279A1\">\n"
		"    <set id=\"270\" name=\"Eligibility, coverage or benefit inquiry\" guide=\"005010X279"
		"A1\">\n"
		"      <segment id=\"BHT\" name=\"Beginning of Hierarchical Transaction\" position=\"1\">\n"
		"        <element at=\"BHT01\" name=\"Hierarchical Structure Code\" value=\"0022\"/>\n"
		"        <element at=\"BHT02\" name=\"Transaction Set Purpose Code\" label=\"Request\" va"
		"lue=\"13\"/>\n"
		"        <element at=\"BHT03\" name=\"Submitter Transaction Identifier\" value=\"REQ-1\"/"
		">\n"
		"        <element at=\"BHT04\" name=\"Transaction Set Creation Date\" value=\"20100312\"/"
		">\n"
		"        <element at=\"BHT05\" name=\"Transaction Set Creation Time\" value=\"0930\"/>\n"
		"      </segment>\n"
		"      <loop id=\"2100C\" name=\"Subscriber Name\">\n"
		"        <segment id=\"NM1\" name=\"Subscriber Name\" position=\"2\">\n"
		"          <element at=\"NM101\" name=\"Entity Identifier Code\" label=\"Insured or subsc"
		"riber\" value=\"IL\"/>\n"
		"          <element at=\"NM102\" name=\"Entity Type Qualifier\" label=\"Person\" value=\""
		"1\"/>\n"
		"          <element at=\"NM103\" name=\"Subscriber Last Name\" hidden=\"yes\"/>\n"
		"          <element at=\"NM104\" name=\"Subscriber First Name\" hidden=\"yes\"/>\n"
		"          <element at=\"NM108\" name=\"Identification Code Qualifier\" label=\"Member id"
		"entification number\" value=\"MI\"/>\n"
		"          <element at=\"NM109\" name=\"Subscriber Primary Identifier\" hidden=\"yes\"/>\n"
		"        </segment>\n"
		"        <segment id=\"ZZZ\" name=\"no place in the guide\" position=\"3\">\n"
		"          <element at=\"ZZZ01\" hidden=\"yes\"/>\n"
		"        </segment>\n"
		"      </loop>\n"
		"      <loop id=\"2110C\" name=\"Subscriber Eligibility or Benefit Inquiry\">\n"
		"        <segment id=\"EQ\" name=\"Subscriber Eligibility or Benefit Inquiry\" position="
		"\"4\">\n"
		"          <element at=\"EQ01\" repetition=\"1\" name=\"Service Type Code\" label=\"Healt"
		"h benefit plan coverage\" value=\"30\"/>\n"
		"          <element at=\"EQ01\" repetition=\"2\" name=\"Service Type Code\" label=\"Profe"
		"ssional physician visit office\" value=\"98\"/>\n"
		"        </segment>\n"
		"      </loop>\n"
		"    </set>\n"
		"  </group>\n"
		"</interchange>\n"
		"</x12>\n"));
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
	shower = (struct shower){ .out = &out, .format = SHOW_TEXT, .show_values = true };
	segment_event("", "PLB*1234567893*20101231*CT:8391F1-1*-1762.5");
	CU_ASSERT(shown(
		"PLB  Provider Adjustment  (segment 17)\n"
		"  PLB01     1234567893        | Provider Identifier\n"
		"  PLB02     20101231          | Fiscal Period Date\n"
		"  PLB03-01  CT                | Adjustment Reason Code: Capitation payment\n"
		"  PLB03-02  8391F1-1          | Provider Adjustment Identifier\n"
		"  PLB04     -1762.5           | Provider Adjustment Amount\n"));
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
	buffer_init(&out, 0);
	finding_put_json(&out, &finding, "a.edi", false);
	CU_ASSERT(holds("\"value\":\"099\",\"hidden\":false,\"business\":null,"));
	buffer_init(&out, 0);
	finding_put_json(&out, &finding, "a.edi", false);
	CU_ASSERT(holds("\"text\":\"a death is a termination\""));
	buffer_init(&out, 0);
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
