/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Partner files: what is accepted, and the sentence for each thing that is not.  What a partner then finds in a set is in
 * tests/golden/strict and tests/golden/connecticut.
 */
#include "tests/unit/unit.h"
#include "tests/unit/x12_support.h"

#include <unistd.h>

#define HEAD "<partner name=\"Try\">\n"
#define MEMBER HEAD "<overlay of=\"005010X220A1\" set=\"834\"><loop id=\"2000\">\n"
#define END "</loop></overlay></partner>\n"

static char path[64];

static struct partner *read_text(const char *text, struct failure *failure)
{
	*failure = (struct failure){ "" };
	FILE *file = fopen(path, "wb");
	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
		return NULL;
	struct partner *partner = partner_read(path, NULL, failure);
	unlink(path);
	return partner;
}

/* Each is refused with this in its sentence, which begins with file and line. */
struct row { const char *text, *told; };

static bool refused(const struct row *rows, size_t count)
{
	bool all = true;
	for (size_t i = 0; i < count; i++) {
		struct failure failure;
		struct partner *partner = read_text(rows[i].text, &failure);
		bool good = partner == NULL && strstr(failure.text, rows[i].told) != NULL &&
			strncmp(failure.text, path, strlen(path)) == 0 && failure.text[strlen(path)] == ':';
		if (!good)
			printf("%s\n  told '%s', expected '%s'\n", rows[i].text, partner == NULL ? failure.text : "nothing", rows[i].told);
		all = all && good;
		partner_free(partner);
	}
	return all;
}

static bool accepted(const char *const *texts, size_t count)
{
	bool all = true;
	for (size_t i = 0; i < count; i++) {
		struct failure failure;
		struct partner *partner = read_text(texts[i], &failure);
		if (partner == NULL)
			printf("%s\n  told '%s', expected nothing\n", texts[i], failure.text);
		all = all && partner != NULL;
		partner_free(partner);
	}
	return all;
}

static void test_the_partner(void)
{
	static const char text[] = "<!-- a --><partner name=\"Try\" level=\"3\" charset=\"utf-8\" sets-units-aside=\"yes\"><!-- b -->\n"
		"<sender qualifier=\"ZZ\" id=\"ONE\"/><sender id=\"TWO\"/><receiver qualifier=\"30\" id=\"061112222\"/>\n"
		"<finding name=\"element-external-code\" severity=\"refuse\"/><finding name=\"balance\" severity=\"note\"/>\n"
		"<finding name=\"element-blanks\" severity=\"ignore\"/></partner>\n";
	struct failure failure;
	struct partner *partner = read_text(text, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(partner);
	CU_ASSERT_STRING_EQUAL(partner->name, "Try");
	CU_ASSERT(partner->level == 3 && partner->charset == CHARSET_UTF8 && partner->sets_units_aside);
	CU_ASSERT(partner->sender_count == 2 && partner->receiver_count == 1 && partner->overlay_count == 0);
	CU_ASSERT_STRING_EQUAL(partner->senders[0].id, "ONE");
	CU_ASSERT_STRING_EQUAL(partner->senders[1].qualifier, "");
	CU_ASSERT(partner->severities[FINDING_ELEMENT_EXTERNAL_CODE] == SEVERITY_REFUSE);
	CU_ASSERT(partner->severities[FINDING_ELEMENT_BLANKS] == SEVERITY_IGNORE);
	CU_ASSERT(partner->severities[FINDING_SE_COUNT] == SEVERITY_REFUSE);
	CU_ASSERT_PTR_NULL(partner->codes);
	partner_free(partner);
	partner = partner_read(NULL, NULL, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(partner);
	CU_ASSERT(partner->level == 7 && partner->charset == CHARSET_EXTENDED && partner->name[0] == '\0');
	partner_free(partner);
	static const struct row rows[] = {
		{ "", ":1: " },
		{ "<partner", ":1: " },
		{ "<!DOCTYPE partner><partner name=\"x\"/>", ":1: a DOCTYPE" },
		{ "<guide/>", ":1: <guide>, expected <partner>" },
		{ "<partner/>", ":1: <partner> needs attribute name" },
		{ "<partner name=\"x\" colour=\"red\"/>", ":1: attribute colour has no meaning on <partner>" },
		{ "<partner name=\"x\" level=\"8\"/>", ":1: level is \"8\", expected a number from 1 to 7" },
		{ "<partner name=\"x\" level=\"0\"/>", ":1: level is \"0\"" },
		{ "<partner name=\"x\" charset=\"latin\"/>", ":1: charset is \"latin\", expected extended, basic or utf-8" },
		{ "<partner name=\"x\" sets-units-aside=\"1\"/>", ":1: sets-units-aside is \"1\", expected yes or no" },
		{ "<partner xmlns=\"urn:x\" name=\"x\"/>", ":1: <partner> is in a namespace" },
		{ HEAD "text</partner>", ":2: text between elements" },
		{ HEAD "<rule/></partner>", ":2: <rule> does not stand in <partner>" },
		{ HEAD "<sender/></partner>", ":2: <sender> needs attribute id" },
		{ HEAD "<sender id=\"1234567890123456\"/></partner>", ":2: id is \"1234567890123456\", expected 1 to 15 characters" },
		{ HEAD "<sender id=\"A \"/></partner>", ":2: id is \"A \"" },
		{ HEAD "<receiver id=\"A\" qualifier=\"Z\"/></partner>", ":2: qualifier is \"Z\", expected two characters" },
		{ HEAD "<overlay of=\"005010X220A1\" set=\"834\"/><codeset name=\"a\" file=\"b\"/></partner>", ":2: <codeset> stands before" },
	};
	CU_ASSERT(refused(rows, COUNT_OF(rows)));
}

/* BAD-32: a partner may be stricter, never looser. */
static void test_severities(void)
{
	static const struct row rows[] = {
		{ HEAD "<finding name=\"moon\" severity=\"note\"/></partner>", ":2: there is no finding \"moon\"" },
		{ HEAD "<finding name=\"se-count\" severity=\"warn\"/></partner>", ":2: severity is \"warn\", expected ignore, note or refuse" },
		{ HEAD "<finding name=\"se-count\" severity=\"note\"/></partner>", ":2: finding se-count refuses by the standard or the guide (SNIP level 1)" },
		{ HEAD "<finding name=\"element-code\" severity=\"ignore\"/></partner>", "(SNIP level 2): no partner can make it less" },
		{ HEAD "<finding name=\"duplicate-interchange\" severity=\"ignore\"/></partner>", ":2: finding duplicate-interchange refuses" },
	};
	CU_ASSERT(refused(rows, COUNT_OF(rows)));
	size_t law = 0;
	for (enum finding_code code = FINDING_NONE + 1; code < FINDING_CODES; code++) {
		const struct finding_kind *kind = finding_kind(code);
		CU_ASSERT(finding_code_of(slice_of(kind->name)) == code);
		law += finding_is_law(code);
		if (kind->severity == SEVERITY_REFUSE && kind->level <= 2)
			CU_ASSERT(finding_is_law(code));
		if (kind->severity == SEVERITY_NOTE || (kind->level >= 3 && kind->scope >= SCOPE_SEGMENT))
			CU_ASSERT(!finding_is_law(code));
	}
	CU_ASSERT(law > 0 && law < FINDING_CODES);
	CU_ASSERT(finding_code_of(SLICE("")) == FINDING_NONE);
}

static void test_places(void)
{
	static const struct row rows[] = {
		{ HEAD "<overlay of=\"005010X999\" set=\"834\"/></partner>", ":2: there is no guide 005010X999 of set 834" },
		{ HEAD "<overlay set=\"834\"/></partner>", ":2: <overlay> needs attribute of" },
		{ HEAD "<overlay of=\"005010X220A1\" set=\"834\"/><overlay of=\"005010X220\" set=\"834\"/></partner>", ":2: a second <overlay>" },
		{ HEAD "<overlay of=\"005010X220A1\" set=\"834\"><loop id=\"9000\"/></overlay></partner>", ":2: there is no loop 9000 in 005010X220A1" },
		{ HEAD "<overlay of=\"005010X279A1\" set=\"271\"><loop id=\"LS\"/></overlay></partner>", "has 2 loops LS: name the loop around it" },
		{ MEMBER "<loop id=\"1000A\"/>" END, ":3: there is no loop 1000A in 2000" },
		{ MEMBER "<segment id=\"HD\"/>" END, ":3: there is no segment HD directly in 2000" },
		{ MEMBER "<segment id=\"REF\"/>" END, ":3: segment REF of 2000: there are several, name one by its key; its keys are 0F | 1L | 17 23 3H" },
		{ MEMBER "<segment id=\"REF\" key=\"XX\"/>" END, ":3: segment REF of 2000: none has all of these keys" },
		{ MEMBER "<segment id=\"REF\" key=\"0F 3H\"/>" END, "none has all of these keys" },
		{ MEMBER "<segment id=\"REF\" key=\" \"/>" END, ":3: \" \" names no code" },
		{ MEMBER "<segment/>" END, ":3: <segment> needs attribute id" },
		{ MEMBER "<element at=\"01\"/>" END, ":3: <element> does not stand in <loop>" },
		{ MEMBER "<segment id=\"INS\"><loop id=\"x\"/></segment>" END, ":3: <loop> does not stand in <segment>" },
		{ MEMBER "<segment id=\"INS\"><element at=\"18\"/></segment>" END, ":3: at is \"18\", expected a number from 1 to 17" },
		{ MEMBER "<segment id=\"INS\"><element at=\"06\"/></segment>" END, ":3: INS06 is a composite of the guide" },
		{ MEMBER "<segment id=\"INS\"><composite at=\"05\"/></segment>" END, ":3: INS05 is no composite" },
		{ MEMBER "<segment id=\"INS\"><composite at=\"06\"><component at=\"9\"/></composite></segment>" END, ":3: at is \"9\", expected a number from 1 to" },
		{ MEMBER "<segment id=\"INS\"><composite at=\"06\"><element at=\"1\"/></composite></segment>" END, ":3: <element> does not stand in <composite>" },
	};
	CU_ASSERT(refused(rows, COUNT_OF(rows)));
}

static void test_rules(void)
{
	static const struct row rows[] = {
		{ HEAD "<finding rule=\"834-NONE\" severity=\"note\"/></partner>", ":2: there is no rule \"834-NONE\"" },
		{ HEAD "<finding rule=\"834-2300-DTP348\"/></partner>", ":2: <finding> needs attribute severity" },
		{ MEMBER "<rule/>" END, ":3: <rule> needs attribute id" },
		{ MEMBER "<rule id=\"A\" then=\"present(REF)\"/>" END, ":3: <rule> needs attribute says" },
		{ MEMBER "<rule id=\"A\" says=\"b\" then=\"present(XYZ)\"/>" END, ":3: rule A: then, character " },
		{ MEMBER "<rule id=\"A\" says=\"b\" then=\"present(REF)\" when=\"maybe\"/>" END, ":3: rule A: when, character " },
		{ MEMBER "<rule id=\"A\" says=\"b\" then=\"present(REF)\" severity=\"warn\"/>" END, ":3: severity is \"warn\"" },
		{ MEMBER "<rule id=\"A\" says=\"b\" then=\"present(REF)\" level=\"2\"/>" END, ":3: attribute level has no meaning on <rule>" },
		{ MEMBER "<rule id=\"A\" says=\"b\" then=\"present(REF)\"><loop/></rule>" END, ":3: <loop> does not stand in <rule>" },
		{ MEMBER "<segment id=\"REF\" key=\"3H\"><rule id=\"A\" says=\"b\" then=\"present(REF02)\"/></segment>" END, "a rule is for all segments" },
	};
	CU_ASSERT(refused(rows, COUNT_OF(rows)));
	static const char *const texts[] = {
		MEMBER "<rule id=\"A\" says=\"b\" then=\"present(REF*3H)\"/><rule id=\"B\" says=\"b\" when=\"INS03 = '021'\" then=\"present(REF*3H)\"/>" END,
		MEMBER "<segment id=\"INS\"><rule id=\"A\" says=\"b\" when=\"INS01 = 'N'\" then=\"absent(INS04)\" at=\"INS04\" severity=\"ignore\"/></segment>" END,
	};
	CU_ASSERT(accepted(texts, COUNT_OF(texts)));
	/* the guide stays as it is; the partner's copy has the same places and one rule more */
	struct failure failure;
	struct partner *partner = read_text(HEAD "<finding rule=\"834-2300-DTP348\" severity=\"ignore\"/>\n"
		"<overlay of=\"005010X220A1\" set=\"834\"><rule id=\"A\" says=\"b\" then=\"present(REF)\"/></overlay></partner>", &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(partner);
	const struct guide *guide = guide_find(SLICE("834"), SLICE("005010X220A1")), *copy = partner_guide(partner, guide);
	const struct guide *other = guide_find(SLICE("835"), SLICE("005010X221A1"));
	CU_ASSERT(copy != guide && partner_guide(partner, other) == other && partner_guide(NULL, guide) == guide);
	CU_ASSERT(copy->rule_count == guide->rule_count + 1 && copy->node_count == guide->node_count);
	CU_ASSERT_STRING_EQUAL(copy->name, guide->name);
	CU_ASSERT_STRING_EQUAL(guide_text(copy, copy->rules[guide->rule_count].id), "A");
	CU_ASSERT(copy->rules[guide->rule_count].level == 7);
	CU_ASSERT(memcmp(copy->nodes, guide->nodes, guide->node_count * sizeof(*guide->nodes)) == 0);
	CU_ASSERT(memcmp(copy->elements, guide->elements, guide->element_count * sizeof(*guide->elements)) == 0);
	partner_free(partner);
}

static void test_law(void)
{
	static const struct row rows[] = {
		{ MEMBER "<segment id=\"REF\" key=\"0F\" usage=\"S\"/>" END, ":3: usage is \"S\", but the guide requires REF: a partner may be stricter" },
		{ MEMBER "<segment id=\"REF\" key=\"0F\" usage=\"N\"/>" END, ":3: usage is \"N\", but the guide requires REF" },
		{ MEMBER "<segment id=\"REF\" key=\"0F\" usage=\"X\"/>" END, ":3: usage is \"X\", expected R, S or N" },
		{ MEMBER "<segment id=\"REF\" key=\"1L\" repeat=\"2\"/>" END, ":3: repeat is 2, but the guide allows 1" },
		{ MEMBER "<segment id=\"INS\" usage=\"R\"/>" END, ":3: INS opens its loop: say of <loop>" },
		{ MEMBER "<loop id=\"2100A\" usage=\"N\"/>" END, ":3: usage is \"N\", but the guide requires 2100A" },
		{ MEMBER "<loop id=\"2300\" repeat=\"100\"/>" END, ":3: repeat is 100, but the guide allows 99" },
		{ MEMBER "<segment id=\"INS\"><element at=\"01\" usage=\"S\"/></segment>" END, ":3: usage is \"S\", but the guide requires INS01" },
		{ MEMBER "<segment id=\"INS\"><element at=\"14\" usage=\"R\"/></segment>" END, ":3: the guide does not use INS14" },
		{ MEMBER "<segment id=\"INS\"><element at=\"01\" codes=\"Y X\"/></segment>" END, ":3: code X is none that the guide allows; it has N Y" },
		{ MEMBER "<segment id=\"REF\" key=\"0F\"><element at=\"02\" max=\"51\"/></segment>" END, ":3: max is \"51\", expected 1 to 50" },
		{ MEMBER "<segment id=\"REF\" key=\"0F\"><element at=\"02\" min=\"0\"/></segment>" END, ":3: min is \"0\", expected 1 to 50" },
		{ MEMBER "<segment id=\"REF\" key=\"0F\"><element at=\"02\" min=\"9\" max=\"8\"/></segment>" END, ":3: max is \"8\", expected 9 to 50" },
		{ MEMBER "<segment id=\"REF\" key=\"0F\"><element at=\"02\" repeat=\"2\"/></segment>" END, ":3: repeat is \"2\", expected 1 to 1" },
		{ MEMBER "<segment id=\"REF\" key=\"0F\"><element at=\"02\" pattern=\"[0-9\"/></segment>" END, "which is no pattern of XML Schema" },
		{ MEMBER "<segment id=\"REF\" key=\"0F\"><element at=\"02\" pattern=\"(A|AA)*B\"/></segment>" END, "which can be read in more than one way" },
		{ MEMBER "<segment id=\"REF\" key=\"0F\"><element at=\"02\" codeset=\"moons\"/></segment>" END, ":3: codeset is \"moons\", and there is none of that name" },
		{ MEMBER "<loop id=\"2100A\"><segment id=\"N4\"><element at=\"02\" codeset=\"states\"/></segment></loop>" END, "codeset states is the guide's already" },
		{ MEMBER "<loop id=\"2100A\"><segment id=\"N4\"><element at=\"02\" codes=\"CT QZ\"/></segment></loop>" END, "code QZ is none that the guide allows: its list is guides/codes/states.csv" },
		{ MEMBER "<loop id=\"2100A\"><segment id=\"N4\"><element at=\"01\" codes=\"X\"/></segment></loop>" END, "code X has 1 characters, and the guide allows 2 to 30" },
		{ MEMBER "<segment id=\"REF\" key=\"1L\" rule=\"Big\"/>" END, ":3: rule is \"Big\", expected 1 to 32 upper-case letters" },
		{ MEMBER "<segment id=\"REF\" key=\"1L\" severity=\"note\"/>" END, ":3: severity stands without rule" },
		{ MEMBER "<segment id=\"REF\" key=\"1L\" rule=\"A\" severity=\"warn\"/>" END, ":3: severity is \"warn\"" },
		{ MEMBER "<segment id=\"REF\" key=\"1L\" says=\"\"/>" END, ":3: says is empty" },
	};
	CU_ASSERT(refused(rows, COUNT_OF(rows)));
	static const char *const texts[] = {
		MEMBER "<segment id=\"REF\" key=\"0F\" usage=\"R\"><element at=\"02\" min=\"1\" max=\"50\"/></segment>" END,
		MEMBER "<segment id=\"REF\" key=\"1L\" usage=\"R\" repeat=\"1\"/>" END, MEMBER "<segment id=\"REF\" key=\"1L\" usage=\"N\"/>" END,
		MEMBER "<segment id=\"REF\" key=\"3H\" usage=\"R\" repeat=\"1\"/>" END, MEMBER "<loop id=\"2300\" repeat=\"99\" usage=\"R\"/>" END,
		MEMBER "<segment id=\"INS\"><element at=\"01\" codes=\"N Y\"/></segment>" END,
		MEMBER "<segment id=\"REF\" key=\"0F\"><element at=\"02\" pattern=\"[0-9]{9}|X[A-Z]{2,4}\"/></segment>" END,
		MEMBER "<loop id=\"2100A\"><segment id=\"N4\"><element at=\"02\" codes=\"CT\"/></segment></loop>" END,
		MEMBER "<segment id=\"REF\" key=\"17 23 3H 4A 6O ABB D3 DX F6 P5 Q4 QQ ZZ\" repeat=\"13\"/>" END,
		HEAD "<overlay of=\"005010X220A1\" set=\"834\"><loop id=\"2310\" repeat=\"1\"/></overlay></partner>",
	};
	CU_ASSERT(accepted(texts, COUNT_OF(texts)));
}

/* LIMIT_PATTERN_BYTES and LIMIT_OVERLAY_ROWS, both sides. */
static void test_limits(void)
{
	struct buffer text;
	struct failure failure;
	for (size_t over = 0; over < 2; over++) {
		char pattern[LIMIT_PATTERN_BYTES + 2];
		memset(pattern, 'A', sizeof(pattern));
		pattern[LIMIT_PATTERN_BYTES + over] = '\0';
		buffer_init(&text, 0);
		buffer_format(&text, MEMBER "<segment id=\"REF\" key=\"0F\"><element at=\"02\" pattern=\"%s\"/></segment>" END, pattern);
		buffer_char(&text, '\0');
		struct partner *partner = read_text(text.ptr, &failure);
		CU_ASSERT((partner != NULL) == (over == 0));
		CU_ASSERT(over == 0 || strstr(failure.text, "pattern is longer than 200 bytes") != NULL);
		partner_free(partner);
		buffer_done(&text);
	}
	for (size_t over = 0; over < 2; over++) {
		buffer_init(&text, 0);
		buffer_text(&text, MEMBER);
		for (size_t i = 0; i < LIMIT_OVERLAY_ROWS + over; i++)
			buffer_text(&text, "<segment id=\"REF\" key=\"1L\" usage=\"R\"/>");
		buffer_text(&text, END);
		buffer_char(&text, '\0');
		struct partner *partner = read_text(text.ptr, &failure);
		CU_ASSERT((partner != NULL) == (over == 0));
		CU_ASSERT(over == 0 || strstr(failure.text, "more than 10000 things narrowed") != NULL);
		partner_free(partner);
		buffer_done(&text);
	}
}

static void test_lists(void)
{
	static const char list[] = "A\0B C\0DDD\0";
	char out[16];
	CU_ASSERT(partner_listed(list, SLICE("A")) && partner_listed(list, SLICE("B C")) && partner_listed(list, SLICE("DDD")));
	CU_ASSERT(!partner_listed(list, SLICE("B")) && !partner_listed(list, SLICE("")) && !partner_listed(list, SLICE("AA")));
	partner_list_print(out, sizeof(out), list);
	CU_ASSERT_STRING_EQUAL(out, "A B C DDD");
	partner_list_print(out, 9, list);
	CU_ASSERT_STRING_EQUAL(out, "A …");
	partner_list_print(out, 10, list);
	CU_ASSERT_STRING_EQUAL(out, "A B C DDD");
}

static const struct unit_case cases[] = {
	{ "a partner's name, level, character set and ids", test_the_partner },
	{ "BAD-32: what refuses by standard or guide stays so", test_severities },
	{ "loops and segments are found by id and key, and a wrong one is told", test_places },
	{ "rules of the partner, and severities of the guide's", test_rules },
	{ "BAD-32: a partner may be stricter than the guide, not looser", test_law },
	{ "a pattern and an overlay have their limits", test_limits },
	{ "a list of codes", test_lists },
};

int main(void)
{
	(void)snprintf(path, sizeof(path), "/tmp/pccm-partner-%ld.xml", (long)getpid());
	return UNIT_RUN("partner", cases);
}
