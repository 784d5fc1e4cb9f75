/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * guides: the shipped guides are what their files say, files print back byte for
 * byte, and a broken file is refused with its line.
 */
#include <libxml/relaxng.h>
#include <unistd.h>

#include "guides/tables.h"

#include <sys/stat.h>
#include "unit.h"

static const char *const FILES[] = {"guides/270.xml", "guides/271.xml", "guides/834.xml", "guides/835.xml",
				    "guides/999.xml"};

static const struct guide *shipped(const char *set, const char *version)
{
	const struct guide *guide = guide_find(slice_of(set), slice_of(version));
	CU_ASSERT_PTR_NOT_NULL_FATAL(guide);
	return guide;
}

/* The first node of `kind` with this id below the first loop `loop`, or with this key code. */
static const struct guide_node *node_of(const struct guide *guide, const char *loop, const char *id, const char *code)
{
	for (uint16_t i = 0; i < guide->node_count; i++) {
		const struct guide_node *node = &guide->nodes[i];
		const struct guide_node *parent = node->parent == GUIDE_NONE ? NULL : &guide->nodes[node->parent];
		if (strcmp(guide_text(guide, node->id), id) != 0 || parent == NULL ||
		    strcmp(guide_text(guide, parent->id), loop) != 0)
			continue;
		if (code == NULL || (node->key != 0 && guide_code_listed(guide, node->key_codes, slice_of(code))))
			return node;
	}
	CU_FAIL_FATAL("no such node");
	return NULL;
}

static const struct guide_element *element_of(const struct guide *guide, const struct guide_node *node, unsigned at)
{
	CU_ASSERT_FATAL(at <= node->element_count);
	return &guide->elements[node->first_element + at - 1];
}

static bool texts_same(const struct guide *a, uint32_t one, const struct guide *b, uint32_t two)
{
	return strcmp(guide_text(a, one), guide_text(b, two)) == 0;
}

/* Padding bytes of the structs are zero in both: members are compared as bytes only where there is none. */
static void tables_same(const struct guide *a, const struct guide *b)
{
	CU_ASSERT_STRING_EQUAL(a->name, b->name);
	CU_ASSERT_STRING_EQUAL(a->set_id, b->set_id);
	CU_ASSERT_STRING_EQUAL(a->functional_id, b->functional_id);
	CU_ASSERT_STRING_EQUAL(a->title, b->title);
	CU_ASSERT_STRING_EQUAL(a->accepts, b->accepts);
	CU_ASSERT_STRING_EQUAL(a->business_unit, b->business_unit);
	CU_ASSERT_EQUAL(a->st03, b->st03);
	CU_ASSERT_EQUAL_FATAL(a->node_count, b->node_count);
	CU_ASSERT_EQUAL_FATAL(a->element_count, b->element_count);
	CU_ASSERT_EQUAL_FATAL(a->note_count, b->note_count);
	CU_ASSERT_EQUAL_FATAL(a->map_count, b->map_count);
	CU_ASSERT_EQUAL_FATAL(a->code_list_count, b->code_list_count);
	CU_ASSERT_EQUAL_FATAL(a->code_text_count, b->code_text_count);
	bool same = true;
	for (size_t i = 0; i < a->node_count; i++) {
		const struct guide_node *x = &a->nodes[i], *y = &b->nodes[i];
		same = same && texts_same(a, x->id, b, y->id) && texts_same(a, x->name, b, y->name) &&
		       x->kind == y->kind && x->usage == y->usage && x->depth == y->depth && x->record == y->record &&
		       x->repeat == y->repeat && x->parent == y->parent && x->next == y->next &&
		       x->first_child == y->first_child && x->position == y->position &&
		       x->first_element == y->first_element && x->element_count == y->element_count &&
		       x->first_note == y->first_note && x->note_count == y->note_count &&
		       x->first_map == y->first_map && x->map_count == y->map_count && x->key == y->key &&
		       x->key_component == y->key_component && x->key_codes == y->key_codes &&
		       x->same_position == y->same_position && x->unit == y->unit && x->business == y->business;
	}
	CU_ASSERT_TRUE(same);
	for (size_t i = 0; i < a->element_count; i++) {
		const struct guide_element *x = &a->elements[i], *y = &b->elements[i];
		same = same && texts_same(a, x->name, b, y->name) && texts_same(a, x->composite, b, y->composite) &&
		       x->number == y->number && x->type == y->type && x->decimals == y->decimals &&
		       x->usage == y->usage && x->min == y->min && x->max == y->max && x->repeat == y->repeat &&
		       x->codes == y->codes && x->codeset == y->codeset && x->first_component == y->first_component &&
		       x->component_count == y->component_count && x->first_note == y->first_note &&
		       x->note_count == y->note_count && x->format_of == y->format_of;
	}
	CU_ASSERT_TRUE(same);
	for (size_t i = 0; i < a->note_count; i++)
		same = same && memcmp(&a->notes[i], &b->notes[i], sizeof(a->notes[i])) == 0;
	for (size_t i = 0; i < a->map_count; i++)
		same = same && a->maps[i].at == b->maps[i].at && a->maps[i].at_component == b->maps[i].at_component &&
		       a->maps[i].when == b->maps[i].when && a->maps[i].when_component == b->maps[i].when_component &&
		       a->maps[i].field == b->maps[i].field && texts_same(a, a->maps[i].is, b, b->maps[i].is);
	for (size_t i = 0; i < a->code_list_count; i++)
		same = same && a->code_lists[i].first == b->code_lists[i].first &&
		       a->code_lists[i].count == b->code_lists[i].count;
	for (size_t i = 0; i < a->code_text_count; i++)
		same = same && texts_same(a, a->code_texts[i], b, b->code_texts[i]);
	CU_ASSERT_TRUE(same);
}

static struct guide *read_file(const char *path)
{
	struct failure failure = {""};
	struct guide *guide = guide_compile(path, &code_tables_shipped, &failure);
	CU_ASSERT_STRING_EQUAL(failure.text, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(guide);
	return guide;
}

static void prints_as(const struct guide *guide, const char *path)
{
	struct failure failure = {""};
	struct buffer file, printed;
	buffer_init(&file, 0);
	buffer_init(&printed, 0);
	CU_ASSERT_TRUE_FATAL(input_read(&file, path, &failure));
	CU_ASSERT_TRUE(guide_print(&printed, guide));
	CU_ASSERT_TRUE(slice_equal(buffer_view(&file), buffer_view(&printed)));
	buffer_done(&file);
	buffer_done(&printed);
}

static void files_print_back(void)
{
	for (size_t i = 0; i < COUNT_OF(FILES); i++) {
		struct guide *guide = read_file(FILES[i]);
		prints_as(guide, FILES[i]);
		prints_as(shipped(guide->set_id, guide->name), FILES[i]);
		guide_free(guide);
	}
}

static void compiled_is_what_is_read(void)
{
	CU_ASSERT_EQUAL(guides_shipped_count, COUNT_OF(FILES));
	for (size_t i = 0; i < COUNT_OF(FILES); i++) {
		struct guide *guide = read_file(FILES[i]);
		tables_same(guide, shipped(guide->set_id, guide->name));
		guide_free(guide);
	}
}

static void be_silent(void *context, xmlErrorPtr said)
{
	(void)context;
	(void)said;
}

static void files_fit_the_schema(void)
{
	static const xmlChar NAME[] = "st03", VALUE[] = "perhaps";
	xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewParserCtxt("guides/guide.rng");
	xmlRelaxNG *schema = xmlRelaxNGParse(parser);
	CU_ASSERT_PTR_NOT_NULL_FATAL(schema);
	for (size_t i = 0; i < COUNT_OF(FILES); i++) {
		xmlRelaxNGValidCtxt *valid = xmlRelaxNGNewValidCtxt(schema);
		xmlRelaxNGSetValidStructuredErrors(valid, be_silent, NULL);
		xmlDoc *doc = xmlReadFile(FILES[i], NULL, XML_PARSE_NONET);
		CU_ASSERT_EQUAL(xmlRelaxNGValidateDoc(valid, doc), 0);
		/* … and it is a schema that can refuse */
		xmlSetProp(xmlDocGetRootElement(doc), NAME, VALUE);
		CU_ASSERT_NOT_EQUAL(xmlRelaxNGValidateDoc(valid, doc), 0);
		xmlFreeDoc(doc);
		xmlRelaxNGFreeValidCtxt(valid);
	}
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(parser);
}

/* ---- broken files ---------------------------------------------------------------- */

static const char WHOLE[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" /* 1 */
	"<guide name=\"T1\" set=\"834\" function=\"BE\" title=\"t\" accepts=\"T1\" st03=\"yes\" "
	"record=\"enrolment_set\">\n"
	"<segment id=\"ST\" position=\"0100\" usage=\"R\" name=\"Head\">\n" /* 3 */
	"<element at=\"01\" usage=\"R\" name=\"Set\" number=\"143\" type=\"ID\" min=\"3\" max=\"3\" codes=\"834\"/>\n"
	"</segment>\n" /* 5 */
	"<segment id=\"REF\" position=\"0200\" usage=\"S\" name=\"One\" key=\"01\" syntax=\"P0102\">\n"
	"<element at=\"01\" usage=\"R\" name=\"Kind\" number=\"128\" type=\"ID\" min=\"2\" max=\"3\" codes=\"38 "
	"39\"/>\n"
	"<element at=\"02\" usage=\"R\" name=\"Value\" number=\"127\" type=\"AN\" min=\"1\" max=\"50\"/>\n" /* 8 */
	"<field at=\"02\" when=\"01=38\" to=\"policy\"/>\n"
	"</segment>\n" /* 10 */
	"<segment id=\"REF\" position=\"0200\" usage=\"S\" name=\"Two\" key=\"01\">\n"
	"<element at=\"01\" usage=\"R\" name=\"Kind\" number=\"128\" type=\"ID\" min=\"2\" max=\"3\" codes=\"40\"/>\n"
	"</segment>\n" /* 13 */
	"<loop id=\"2000\" usage=\"R\" repeat=\">1\" name=\"Member\" record=\"member\">\n"
	"<segment id=\"INS\" position=\"0100\" usage=\"R\" name=\"Member\">\n" /* 15 */
	"<element at=\"01\" usage=\"R\" name=\"Yes\" number=\"1073\" type=\"ID\" min=\"1\" max=\"1\"/>\n"
	"<composite at=\"02\" usage=\"S\" name=\"Pair\" id=\"C001\">\n" /* 17 */
	"<component at=\"01\" usage=\"R\" name=\"Part\" number=\"355\" type=\"ID\" min=\"2\" max=\"2\"/>\n"
	"</composite>\n" /* 19 */
	"</segment>\n"
	"</loop>\n" /* 21 */
	"</guide>\n";

/* WHOLE with `from` replaced by `to` is refused with ":LINE: …`says`". */
struct broken {
	const char *from, *to, *says;
};
static const struct broken BROKEN[] = {
	{"</guide>", "</gide>", ":22: "},
	{"<guide", "<!DOCTYPE guide>\n<guide", ":2: a DOCTYPE"},
	{"<guide", "<!-- <!ENTITY x 'y'> -->\n<guide", ":2: a DOCTYPE"},
	{"st03=\"yes\"", "st03=\"1\"", ":2: st03 is \"1\", expected yes or no"},
	{" title=\"t\"", "", ":2: <guide> needs attribute title"},
	{"record=\"enrolment_set\"", "record=\"set\"", ":2: record is \"set\", and there is no such record"},
	{"record=\"enrolment_set\"", "", ":9: no loop around this field makes a record"},
	{"record=\"enrolment_set\"", "record=\"provider\"", ":2: record provider stands in a loop of record coverage"},
	{"id=\"ST\"", "id=\"SX\"", ":3: a transaction set begins with ST"},
	{"id=\"ST\"", "id=\"st\"", ":3: id is \"st\""},
	{"usage=\"R\" name=\"Head\"", "usage=\"S\" name=\"Head\"", ":3: loop 834 must begin with a required segment"},
	{"usage=\"R\" name=\"Set\"", "usage=\"X\" name=\"Set\"", ":4: usage is \"X\", expected R, S or N"},
	{"at=\"02\" usage=\"R\" name=\"Value\"", "at=\"03\" usage=\"R\" name=\"Value\"", ":8: at is \"03\""},
	{"codes=\"834\"", "codes=\"834 834\"", ":4: code \"834\" stands twice"},
	{"codes=\"834\"", "codes=\" \"", ":4: codes is \" \""},
	{"codes=\"834\"", "codeset=\"moons\"", ":4: codeset is \"moons\""},
	{"codes=\"834\"", "code=\"834\"", ":4: attribute code has no meaning on <element>"},
	{"codes=\"834\"", "xmlns=\"x\"", ":4: <element> is in a namespace"},
	{"type=\"ID\" min=\"3\"", "type=\"XX\" min=\"3\"", ":4: type is \"XX\""},
	{"min=\"3\" max=\"3\" codes", "min=\"4\" max=\"3\" codes", ":4: max is \"3\""},
	{"max=\"50\"", "max=\"50\" format=\"02\"", ":8: format is \"02\""},
	{"key=\"01\" syntax", "key=\"02\" syntax", ":6: key element 02 has no codes"},
	{"key=\"01\" syntax", "key=\"05\" syntax", ":6: key is \"05\", and the segment has no such element"},
	{"key=\"01\" syntax", "syntax", ":11: REF cannot be told from the REF in line 6"},
	{"codes=\"40\"", "codes=\"39 40\"", ":11: REF cannot be told from the REF in line 6: both take code \"39\""},
	{"P0102", "P0103", ":6: syntax note \"P0103\""},
	{"P0102", "X0102", ":6: syntax note \"X0102\""},
	{"to=\"policy\"", "to=\"moon\"", ":9: record enrolment_set has no field \"moon\""},
	{"to=\"policy\"", "to=\"effective\"", ":9: field \"effective\" cannot hold"},
	{"when=\"01=38\"", "when=\"01=99\"", ":9: when is \"01=99\", and 99 is not among"},
	{"when=\"01=38\"", "when=\"1=38\"", ":9: when is \"1=38\""},
	{"<field at=\"02\"", "<field at=\"07\"", ":9: at is \"07\""},
	{"repeat=\">1\"", "repeat=\"many\"", ":14: repeat is \"many\""},
	{"id=\"2000\"", "id=\"20000000\"", ":14: id is \"20000000\""},
	{"name=\"Member\">\n<element", "name=\"Member\" business=\"01\">\n<element", ":15: business stands outside"},
	{"name=\"Yes\"", "name=\"\"", ":16: <element> needs attribute name"},
	{"</loop>", "<!-- late --></loop>", ":14: a comment stands before"},
	{"</segment>\n</loop>", "<!-- in it --></segment>\n</loop>", ":20: a comment stands before"},
	{"</loop>", "text</loop>", ":21: text between"},
	{"<component at=\"01\"", "<component at=\"01\" repeat=\"2\"", ":18: attribute repeat has no meaning"},
	{"</loop>", "<loop id=\"X\" usage=\"S\" name=\"x\"/></loop>", ":21: loop X is empty"},
};

static void write_replaced(const char *path, const char *from, const char *to)
{
	const char *at = strstr(WHOLE, from);
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	FILE *file = fopen(path, "wb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fprintf(file, "%.*s%s%s", (int)(at - WHOLE), WHOLE, to, at + strlen(from));
	fclose(file);
}

static void temporary_path(char out[64])
{
	snprintf(out, 64, "/tmp/pccm-test-guides-XXXXXX");
	int fd = mkstemp(out);
	CU_ASSERT_FATAL(fd >= 0);
	close(fd);
}

static void broken_files_say_their_line(void)
{
	char path[64];
	temporary_path(path);
	write_replaced(path, "Head", "Head");
	guide_free(read_file(path)); /* unbroken, it is read */
	for (size_t i = 0; i < COUNT_OF(BROKEN); i++) {
		struct failure failure = {""};
		write_replaced(path, BROKEN[i].from, BROKEN[i].to);
		struct guide *guide = guide_compile(path, &code_tables_shipped, &failure);
		CU_ASSERT_PTR_NULL(guide);
		bool said =
			strncmp(failure.text, path, strlen(path)) == 0 && strstr(failure.text, BROKEN[i].says) != NULL;
		CU_ASSERT_TRUE(said);
		if (!said)
			printf("expected \"%s\", was \"%s\"\n", BROKEN[i].says, failure.text);
		guide_free(guide);
	}
	unlink(path);
}

static void deep_nesting_is_refused(void)
{
	char path[64];
	struct buffer text;
	struct failure failure = {""};
	buffer_init(&text, 0);
	temporary_path(path);
	for (int more = 0; more <= 1; more++) { /* the limit itself is refused for another reason: nothing is in its loops */
		buffer_reset(&text);
		failure.text[0] = '\0';
		for (int i = 0; i < LIMIT_LOOP_DEPTH + more; i++)
			buffer_text(&text, "<loop id=\"A\" usage=\"S\" name=\"a\">");
		for (int i = 0; i < LIMIT_LOOP_DEPTH + more; i++)
			buffer_text(&text, "</loop>");
		buffer_text(&text, "<loop");
		buffer_char(&text, '\0');
		write_replaced(path, "<loop", text.ptr);
		CU_ASSERT_PTR_NULL(guide_compile(path, &code_tables_shipped, &failure));
		CU_ASSERT((strstr(failure.text, ":14: loops nested deeper than 16") != NULL) == (more == 1));
	}
	buffer_done(&text);
	unlink(path);
	failure.text[0] = '\0';
	CU_ASSERT_PTR_NULL(guide_compile("guides/no-such-file.xml", &code_tables_shipped, &failure));
	CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, "guides/no-such-file.xml: "));
}

/* ---- facts ------------------------------------------------------------------------- */

static void facts_834(void)
{
	const struct guide *guide = shipped("834", "005010X220");
	const struct guide_node *coverage = node_of(guide, "2000", "2300", NULL);
	CU_ASSERT_EQUAL(coverage->repeat, 99);
	CU_ASSERT_EQUAL(coverage->usage, USAGE_SITUATIONAL);
	CU_ASSERT_EQUAL(coverage->record, RECORD_COVERAGE);
	CU_ASSERT_EQUAL(node_of(guide, "2300", "2310", NULL)->repeat, 30);
	const struct guide_node *ins = node_of(guide, "2000", "INS", NULL);
	char codes[64];
	guide_codes_print(codes, sizeof(codes), guide, element_of(guide, ins, 3)->codes);
	CU_ASSERT_STRING_EQUAL(codes, "001 021 024 025 030");
	guide_codes_print(codes, 16, guide, element_of(guide, ins, 3)->codes);
	CU_ASSERT_STRING_EQUAL(codes, "001 021 024 …");
	CU_ASSERT_TRUE(guide_code_listed(guide, element_of(guide, ins, 3)->codes, SLICE("030")));
	CU_ASSERT_FALSE(guide_code_listed(guide, element_of(guide, ins, 3)->codes, SLICE("03")));
	CU_ASSERT_FALSE(guide_code_listed(guide, element_of(guide, ins, 3)->codes, SLICE("099")));
	CU_ASSERT_FALSE(guide_code_listed(guide, element_of(guide, ins, 3)->codes, SLICE("0300")));
	CU_ASSERT_FALSE(guide_code_listed(guide, element_of(guide, ins, 3)->codes, SLICE("030\0")));
	CU_ASSERT_FALSE(guide_code_listed(guide, element_of(guide, ins, 3)->codes, SLICE_NONE));
	CU_ASSERT_TRUE(guide_code_listed(guide, GUIDE_NONE, SLICE("anything")));
	CU_ASSERT_EQUAL(element_of(guide, ins, 12)->format_of, 11);
	CU_ASSERT_EQUAL(node_of(guide, "2000", "REF", "0F")->business, 2);
	CU_ASSERT_TRUE(node_of(guide, "834", "2000", NULL)->unit);
	CU_ASSERT_STRING_EQUAL(guide->business_unit, "SUBSCRIBER NUMBER REF02");
	CU_ASSERT_EQUAL(node_of(guide, "2000", "REF", "3H")->repeat, 13);
	CU_ASSERT_EQUAL(node_of(guide, "2700", "2750", NULL)->record, RECORD_CATEGORY);
	CU_ASSERT_EQUAL(element_of(guide, node_of(guide, "2100A", "DMG", NULL), 5)->repeat, 10);
	/* loops of one position number may come in any order, the name of the member among them */
	CU_ASSERT_TRUE(node_of(guide, "2000", "2100A", NULL)->same_position);
	CU_ASSERT_TRUE(node_of(guide, "2000", "2100G", NULL)->same_position);
	CU_ASSERT_FALSE(coverage->same_position);
}

static void facts_eligibility(void)
{
	const struct guide *inquiry = shipped("270", "005010X279A1"), *answer = shipped("271", "005010X279");
	const struct guide_node *level = node_of(inquiry, "2000C", "2000D", NULL);
	CU_ASSERT_EQUAL(level->depth, 4);
	CU_ASSERT_EQUAL(level->record, RECORD_DEPENDENT);
	const struct guide_node *hl = node_of(inquiry, "2000D", "HL", "23");
	CU_ASSERT_EQUAL(hl->key, 3);
	CU_ASSERT_FALSE(guide_code_listed(inquiry, hl->key_codes, SLICE("22")));
	CU_ASSERT_EQUAL(element_of(inquiry, node_of(inquiry, "2110C", "EQ", NULL), 1)->repeat, 99);
	CU_ASSERT_EQUAL(element_of(answer, node_of(answer, "2110C", "EB", NULL), 3)->repeat, 99);
	/* LS, 2120, LE stand beside 2115, not in it */
	CU_ASSERT_EQUAL(node_of(answer, "LS", "2120C", NULL)->repeat, 23);
	CU_ASSERT_EQUAL(node_of(answer, "2110C", "LS", NULL)->depth, node_of(answer, "2110C", "2115C", NULL)->depth);
}

static void facts_835(void)
{
	const struct guide *guide = shipped("835", "005010X221A1");
	CU_ASSERT_FALSE(guide->st03);
	CU_ASSERT_EQUAL(element_of(guide, node_of(guide, "835", "ST", NULL), 3)->usage, USAGE_NOT_USED);
	CU_ASSERT_EQUAL(node_of(guide, "835", "2000", NULL)->usage, USAGE_SITUATIONAL);
	const struct guide_node *plb = node_of(guide, "835", "PLB", NULL);
	CU_ASSERT_EQUAL(plb->note_count, 5);
	CU_ASSERT_EQUAL(guide->notes[plb->first_note].kind, 'P');
	CU_ASSERT_EQUAL(guide->notes[plb->first_note].count, 2);
	CU_ASSERT_EQUAL(guide->notes[plb->first_note].positions[0], 5);
	CU_ASSERT_EQUAL(guide->notes[plb->first_note].positions[1], 6);
	CU_ASSERT_EQUAL(plb->map_count, 6);
	CU_ASSERT_EQUAL(record_fields[guide->maps[plb->first_map].field].type, FIELD_SUM);
	const struct guide_element *reason = element_of(guide, plb, 5);
	CU_ASSERT_STRING_EQUAL(guide_text(guide, reason->composite), "C042");
	CU_ASSERT_TRUE(guide_code_listed(guide, guide->elements[reason->first_component].codes, SLICE("CT")));
}

static void facts_999(void)
{
	const struct guide *guide = shipped("999", "005010X231");
	const struct guide_element *position = element_of(guide, node_of(guide, "2100", "IK3", NULL), 2);
	CU_ASSERT_EQUAL(position->number, 719);
	CU_ASSERT_EQUAL(position->max, 10);
	const struct guide_node *unit = node_of(guide, "2100", "CTX", "SUBSCRIBER NUMBER REF02");
	CU_ASSERT_EQUAL(unit->key_component, 1);
	CU_ASSERT_PTR_NOT_EQUAL(unit, node_of(guide, "2100", "CTX", "SITUATIONAL TRIGGER"));
}

static void guides_are_found(void)
{
	CU_ASSERT_PTR_NULL(guide_find(SLICE("834"), SLICE("005010X220A2")));
	CU_ASSERT_PTR_NULL(guide_find(SLICE("837"), SLICE("005010X220A1")));
	CU_ASSERT_TRUE(guide_function_known(SLICE("HS")));
	CU_ASSERT_FALSE(guide_function_known(SLICE("RA")));
	CU_ASSERT_TRUE(guide_version_known(SLICE("HB"), SLICE("005010X279")));
	CU_ASSERT_FALSE(guide_version_known(SLICE("BE"), SLICE("005010X279")));
}

static void names_and_labels(void)
{
	char out[16];
	guide_designator(out, "NM1", 9, 0);
	CU_ASSERT_STRING_EQUAL(out, "NM109");
	guide_designator(out, "CLM", 5, 3);
	CU_ASSERT_STRING_EQUAL(out, "CLM05-03");
	guide_designator(out, "INS", 0, 0);
	CU_ASSERT_STRING_EQUAL(out, "INS");
	CU_ASSERT_STRING_EQUAL(guide_code_label(98, SLICE("P3")), "Primary care provider");
	CU_ASSERT_STRING_EQUAL(guide_code_label(426, SLICE("CT")), "Capitation payment");
	CU_ASSERT_STRING_EQUAL(guide_code_label(875, SLICE("021")), "Addition");
	CU_ASSERT_PTR_NULL(guide_code_label(98, SLICE("??")));
	CU_ASSERT_PTR_NULL(guide_code_label(1, SLICE("P3")));
}

static void code_sets_have_dates(void)
{
	uint16_t states = codeset_of(&code_tables_shipped, SLICE("states"));
	CU_ASSERT_STRING_EQUAL(guide_codeset_name(NULL, states), "states");
	CU_ASSERT_EQUAL(guide_codeset_ask(NULL, states, SLICE("CT"), DAYS_NONE, NULL), CODESET_HAS);
	CU_ASSERT_EQUAL(guide_codeset_ask(NULL, states, SLICE("CT"), 14000, NULL), CODESET_HAS);
	CU_ASSERT_EQUAL(guide_codeset_ask(NULL, states, SLICE("ZZ"), DAYS_NONE, NULL), CODESET_NOT_LISTED);
	CU_ASSERT_EQUAL(codeset_of(&code_tables_shipped, SLICE("moons")), GUIDE_NONE);
	CU_ASSERT_EQUAL(guide_codeset_ask(NULL, GUIDE_NONE, SLICE("CT"), DAYS_NONE, NULL), CODESET_NOT_LISTED);

	char path[64];
	temporary_path(path);
	FILE *file = fopen(path, "wb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("code,start,end\nB,2010-01-01,2010-12-31\nA,,\nB,2012-01-01,\n", file);
	fclose(file);
	struct code_reader reader = {0};
	struct failure failure = {""};
	CU_ASSERT_TRUE(code_reader_add(&reader, path, &failure));
	struct code_tables tables = code_reader_tables(&reader);
	days in_2010 = DAYS_NONE, in_2011 = DAYS_NONE, in_2013 = DAYS_NONE;
	CU_ASSERT_TRUE(days_from_civil(&in_2010, 2010, 12, 31));
	CU_ASSERT_TRUE(days_from_civil(&in_2011, 2011, 6, 1));
	CU_ASSERT_TRUE(days_from_civil(&in_2013, 2013, 1, 1));
	CU_ASSERT_EQUAL(codeset_ask(&tables, 0, SLICE("A"), in_2011, NULL), CODESET_HAS);
	CU_ASSERT_EQUAL(codeset_ask(&tables, 0, SLICE("B"), in_2010, NULL), CODESET_HAS);
	struct day_span span = { 0, 0 };
	CU_ASSERT_EQUAL(codeset_ask(&tables, 0, SLICE("B"), in_2011, &span), CODESET_NOT_THAT_DAY);
	CU_ASSERT_EQUAL(span.end, DAYS_OPEN);
	CU_ASSERT_EQUAL(codeset_ask(&tables, 0, SLICE("B"), in_2013, NULL), CODESET_HAS);
	CU_ASSERT_EQUAL(codeset_ask(&tables, 0, SLICE("B"), DAYS_NONE, NULL), CODESET_HAS);
	CU_ASSERT_EQUAL(codeset_ask(&tables, 0, SLICE("C"), DAYS_NONE, NULL), CODESET_NOT_LISTED);
	code_reader_done(&reader);

	file = fopen(path, "wb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("code,start,end\nA,,\nB,2010-02-30,\n", file);
	fclose(file);
	CU_ASSERT_FALSE(code_reader_add(&reader, path, &failure));
	CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, ":3: "));
	code_reader_done(&reader);
	unlink(path);
}

static bool file_put(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");
	return file != NULL && fputs(text, file) >= 0 && fclose(file) == 0;
}

/* A set that is brought replaces the shipped one of its name whole; the others, and every index, stay. */
static void code_sets_are_replaced(void)
{
	char folder[64], path[96];
	temporary_path(folder);
	unlink(folder);
	CU_ASSERT_EQUAL_FATAL(mkdir(folder, 0700), 0);
	struct failure failure = {""};
	struct code_sets *sets = code_sets_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(sets);
	CU_ASSERT_FALSE(code_sets_folder(sets, folder, &failure)); /* nothing in it */
	(void)snprintf(path, sizeof(path), "%s/states.csv", folder);
	CU_ASSERT_TRUE(file_put(path, "\xef\xbb\xbf" "code,start,end\r\nQQ,2020-01-01,\r\n"));
	CU_ASSERT_TRUE(code_sets_folder(sets, folder, &failure));
	const struct code_tables *tables = code_sets_tables(sets, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tables);
	uint16_t states = codeset_of(&code_tables_shipped, SLICE("states")), country = codeset_of(&code_tables_shipped, SLICE("country"));
	CU_ASSERT_STRING_EQUAL(guide_codeset_name(tables, states), "states");
	CU_ASSERT_EQUAL(guide_codeset_ask(tables, states, SLICE("QQ"), DAYS_NONE, NULL), CODESET_HAS);
	CU_ASSERT_EQUAL(guide_codeset_ask(tables, states, SLICE("QQ"), 14000, NULL), CODESET_NOT_THAT_DAY);
	CU_ASSERT_EQUAL(guide_codeset_ask(tables, states, SLICE("CT"), DAYS_NONE, NULL), CODESET_NOT_LISTED);
	CU_ASSERT_EQUAL(guide_codeset_ask(tables, country, SLICE("US"), 14000, NULL), CODESET_HAS);
	CU_ASSERT_EQUAL(guide_codeset_ask(NULL, states, SLICE("CT"), 14000, NULL), CODESET_HAS);
	/* what cannot be read is told with file and line */
	static const struct {
		const char *text, *told;
	} rows[] = {
		{"", ":1: expected the head line"},
		{"state,from\nCT,\n", ":1: expected the head line"},
		{"element,code,label\n1,A,b\n", ":1: expected the head line"},
		{"code,start,end\nCT\n", ":2: expected code,start,end"},
		{"code,start,end\n,,\n", ":2: expected code,start,end"},
		{"code,start,end\n\"CT\",,\n", ":2: a quotation mark"},
		{"code,start,end\nCT,,\nNY,2010-13-01,\n", ":3: expected two days"},
		{"code,start,end\nCT,2011-01-01,2010-01-01\n", ":2: expected two days"},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		failure = (struct failure){""};
		CU_ASSERT_TRUE(file_put(path, rows[i].text));
		CU_ASSERT_FALSE(code_sets_folder(sets, folder, &failure));
		CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, rows[i].told));
		CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, "states.csv"));
	}
	unlink(path);
	(void)snprintf(path, sizeof(path), "%s/moons.csv", folder);
	failure = (struct failure){""};
	CU_ASSERT_TRUE(file_put(path, "code,start,end\nIO,,\n"));
	CU_ASSERT_FALSE(code_sets_folder(sets, folder, &failure));
	CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, "no code set \"moons\""));
	failure = (struct failure){""};
	/* … but a partner file may name a set of its own, which comes behind the shipped ones */
	CU_ASSERT_TRUE(code_sets_file(sets, SLICE("moons"), path, &failure));
	for (size_t i = 1; i < LIMIT_CODE_SETS; i++)
		(void)code_sets_file(sets, SLICE("moons"), path, &failure);
	CU_ASSERT_FALSE(code_sets_file(sets, SLICE("moons"), path, &failure));
	CU_ASSERT_PTR_NOT_NULL(strstr(failure.text, "more than 100 code sets"));
	tables = code_sets_tables(sets, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tables);
	uint16_t moons = codeset_of(tables, SLICE("moons"));
	CU_ASSERT_NOT_EQUAL(moons, GUIDE_NONE);
	CU_ASSERT_EQUAL(codeset_of(&code_tables_shipped, SLICE("moons")), GUIDE_NONE);
	CU_ASSERT_EQUAL(guide_codeset_ask(tables, moons, SLICE("IO"), DAYS_NONE, NULL), CODESET_HAS);
	code_sets_free(sets);
	unlink(path);
	rmdir(folder);
}

/* Every member that records.h ties to a place of the guide is filled by some field of some guide. */
static void every_record_field_is_filled(void)
{
	for (size_t f = 0; f < record_field_count; f++) {
		bool filled = false;
		for (size_t g = 0; g < guides_shipped_count; g++)
			for (size_t m = 0; m < guides_shipped[g]->map_count; m++)
				filled = filled || guides_shipped[g]->maps[m].field == f;
		CU_ASSERT_TRUE(filled);
		if (!filled)
			printf("field %s.%s is filled by no guide\n", record_shape(record_fields[f].record)->name,
			       record_fields[f].name);
	}
}

int main(void)
{
	static const struct unit_case cases[] = {
		{"a shipped guide prints back to its file, byte for byte", files_print_back},
		{"a guide read at run time equals the compiled tables", compiled_is_what_is_read},
		{"every guide file fits guide.rng, and the schema can refuse", files_fit_the_schema},
		{"a broken guide file is refused with its line, a DOCTYPE too", broken_files_say_their_line},
		{"loops nested too deep and a missing file are refused", deep_nesting_is_refused},
		{"834: 2300 repeats 99, 2310 stands in it, INS03 has five codes", facts_834},
		{"270 and 271: levels nest, EQ01 and EB03 repeat 99, LS stands beside 2115", facts_eligibility},
		{"835: no ST03, PLB pairs, a set may be without claims", facts_835},
		{"999: positions of ten digits, two CTX told apart by a component", facts_999},
		{"guides are found by set and version, with and without errata", guides_are_found},
		{"designators and code labels", names_and_labels},
		{"external codes hold on their days only", code_sets_have_dates},
	{"code sets are replaced at run time, and a wrong file is told", code_sets_are_replaced},
		{"every field of a record is filled by a guide", every_record_field_is_filled},
	};
	return UNIT_RUN("guides", cases);
}
