/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_language: expressions of rules: what is read prints as it was written, what cannot be read is refused at its
 * character with what was expected, and what runs gives what its words say.
 */
#include "guides/tables.h"
#include "tests/unit/unit.h"
#include "tests/unit/x12_support.h"

#include <unistd.h>

/* A small guide whose rules are the test's: in INS, in loop 2000, and in the set. */
#define GUIDE_HEAD "<guide name=\"T1\" set=\"834\" function=\"BE\" title=\"t\" accepts=\"T1\" st03=\"yes\">\n" \
	"\t<segment id=\"ST\" position=\"0100\" usage=\"R\" name=\"n\">\n" \
	"\t\t<element at=\"01\" usage=\"R\" name=\"n\" number=\"143\" type=\"ID\" min=\"3\" max=\"3\" codes=\"834\"/>\n" \
	"\t</segment>\n" \
	"\t<segment id=\"QTY\" position=\"0200\" usage=\"S\" repeat=\"9\" name=\"n\">\n" \
	"\t\t<element at=\"01\" usage=\"R\" name=\"n\" number=\"673\" type=\"ID\" min=\"2\" max=\"2\" codes=\"DT TO\"/>\n" \
	"\t\t<element at=\"02\" usage=\"R\" name=\"n\" number=\"380\" type=\"R\" min=\"1\" max=\"15\"/>\n" \
	"\t</segment>\n" \
	"\t<loop id=\"2000\" usage=\"R\" repeat=\"&gt;1\" name=\"n\">\n" \
	"\t\t<segment id=\"INS\" position=\"0100\" usage=\"R\" name=\"n\">\n" \
	"\t\t\t<element at=\"01\" usage=\"R\" name=\"n\" number=\"1073\" type=\"ID\" min=\"1\" max=\"1\" codes=\"N Y\"/>\n" \
	"\t\t\t<element at=\"02\" usage=\"S\" name=\"n\" number=\"67\" type=\"AN\" min=\"1\" max=\"80\"/>\n" \
	"\t\t\t<element at=\"03\" usage=\"S\" name=\"n\" number=\"782\" type=\"R\" min=\"1\" max=\"18\"/>\n" \
	"\t\t\t<element at=\"04\" usage=\"S\" name=\"n\" number=\"373\" type=\"DT\" min=\"8\" max=\"8\"/>\n" \
	"\t\t\t<element at=\"05\" usage=\"S\" name=\"n\" number=\"1365\" type=\"ID\" min=\"1\" max=\"2\" repeat=\"9\"/>\n" \
	"\t\t\t<element at=\"06\" usage=\"N\" name=\"n\" number=\"1365\" type=\"ID\" min=\"1\" max=\"2\"/>\n"
#define GUIDE_REST "\t\t</segment>\n" \
	"\t\t<segment id=\"DTP\" position=\"0200\" usage=\"S\" repeat=\"9\" name=\"n\">\n" \
	"\t\t\t<element at=\"01\" usage=\"R\" name=\"n\" number=\"374\" type=\"ID\" min=\"3\" max=\"3\" codes=\"348 349\"/>\n" \
	"\t\t\t<element at=\"02\" usage=\"R\" name=\"n\" number=\"1250\" type=\"ID\" min=\"2\" max=\"3\" codes=\"D8 RD8\"/>\n" \
	"\t\t\t<element at=\"03\" usage=\"R\" name=\"n\" number=\"1251\" type=\"AN\" min=\"1\" max=\"35\" format=\"02\"/>\n" \
	"\t\t</segment>\n" \
	"\t\t<loop id=\"2300\" usage=\"S\" repeat=\"9\" name=\"n\">\n" \
	"\t\t\t<segment id=\"HD\" position=\"0300\" usage=\"R\" name=\"n\">\n" \
	"\t\t\t\t<element at=\"01\" usage=\"R\" name=\"n\" number=\"875\" type=\"ID\" min=\"3\" max=\"3\" codes=\"001 021\"/>\n" \
	"\t\t\t\t<element at=\"02\" usage=\"S\" name=\"n\" number=\"782\" type=\"R\" min=\"1\" max=\"18\"/>\n" \
	"\t\t\t</segment>\n" \
	"\t\t</loop>\n"
#define GUIDE_SET "\t</loop>\n" \
	"\t<segment id=\"SE\" position=\"0900\" usage=\"R\" name=\"n\">\n" \
	"\t\t<element at=\"01\" usage=\"R\" name=\"n\" number=\"96\" type=\"N0\" min=\"1\" max=\"10\"/>\n" \
	"\t</segment>\n"

/* The guide with a line of XML at one of its places; NULL and a failure. */
static struct guide *guide_with(const char *ins, const char *loop, const char *set, struct failure *failure)
{
	char path[] = "/tmp/pccm-rule-XXXXXX";
	int fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0);
	FILE *file = fdopen(fd, "w");
	CU_ASSERT_FATAL(file != NULL);
	(void)fprintf(file, "%s%s%s%s%s%s</guide>\n", GUIDE_HEAD, ins, GUIDE_REST, loop, GUIDE_SET, set);
	(void)fclose(file);
	struct guide *guide = guide_compile(path, &code_tables_shipped, failure);
	(void)unlink(path);
	return guide;
}

static struct guide *guide_in(char place, const char *line, struct failure *failure)
{
	return guide_with(place == 's' ? line : "", place == 'l' ? line : "", place == 'g' ? line : "", failure);
}

/* `<` and `&` as XML wants them. */
static void escape(char *out, size_t size, const char *text)
{
	size_t len = 0;
	for (; *text != '\0' && len + 6 < size; text++) {
		if (*text == '<')
			len += (size_t)snprintf(out + len, size - len, "&lt;");
		else
			out[len++] = *text;
	}
	out[len] = '\0';
}

static void rule_line(char *out, size_t size, const char *then)
{
	char escaped[3000];
	escape(escaped, sizeof(escaped), then);
	(void)snprintf(out, size, "<rule id=\"R-1\" then=\"%s\" says=\"it speaks\"/>\n", escaped);
}

/* ---- reading and printing -------------------------------------------------------------------------- */

/* Is `then` read, and printed as `printed` (NULL: the same)? */
static bool prints(char place, const char *then, const char *printed)
{
	char line[4000];
	struct failure failure = { "" };
	struct buffer out;
	rule_line(line, sizeof(line), then);
	struct guide *guide = guide_in(place, line, &failure);
	if (guide == NULL) {
		printf("%s: %s\n", then, failure.text);
		return false;
	}
	buffer_init(&out, 0);
	const struct guide_rule *rule = &guide->rules[0];
	guide_rule_print(&out, guide, rule, rule->first_step, rule->then_count);
	bool same = slice_is(buffer_view(&out), printed == NULL ? then : printed);
	if (!same)
		printf("%s: printed as %.*s\n", then, SLICE_ARG(buffer_view(&out)));
	buffer_done(&out);
	guide_free(guide);
	return same;
}

static void test_print(void)
{
	static const char *const own[] = { "present(INS02)", "absent(INS02) or INS01 = 'Y'", "INS02 in ('A', 'B', 'c d')",
		"INS02 not in ('A', 'B')", "INS02 <> 'A'", "INS03 = 0", "INS03 <> -1.5", "INS03 + 2 >= INS03 - 1",
		"digits(INS02) and length(INS02) = 9", "npi(INS02)", "starts(INS02, '1', '9')", "begin(INS04) <= end(INS04)",
		"not present(INS02)", "not (present(INS02) and present(INS03))", "INS01 = 'Y' implies present(INS02)",
		"(present(INS02) or present(INS03)) and present(INS04)", "present(INS02) or present(INS03) and present(INS04)",
		"(INS01 = 'Y' implies present(INS02)) and present(INS04)", "sum(INS03) = 3", "INS01 = INS02",
		"INS01 <> INS02", "INS05 = '30'", "QTY*TO.02 > 0", "count(QTY*DT) = 0" };
	static const char *const loop[] = { "present(DTP*348)", "count(2300) >= 1", "2300/HD01 = '021'", "count(2300/HD*021) < 2",
		"begin(DTP*348.03) < begin(DTP*349.03)", "sum(2300/HD02) = INS03", "present(2300)", "last(2300/HD02) = 1",
		"QTY*TO.02 = 1", "present(2300/HD02)", "2000/INS01 = 'Y'" };
	for (size_t i = 0; i < COUNT_OF(own); i++)
		CU_ASSERT(prints('s', own[i], NULL));
	for (size_t i = 0; i < COUNT_OF(loop); i++)
		CU_ASSERT(prints('l', loop[i], NULL));
	CU_ASSERT(prints('g', "sum(2300/HD02) + sum(QTY02) <> count(2000)", NULL));
	/* blanks, order and parentheses that are not needed go */
	CU_ASSERT(prints('s', "  INS02   in('B','A')", "INS02 in ('A', 'B')"));
	CU_ASSERT(prints('s', "INS02 in ('A')", "INS02 = 'A'"));
	CU_ASSERT(prints('s', "((present(INS02)) and (present(INS03)))and present(INS04)", "present(INS02) and present(INS03) and present(INS04)"));
	CU_ASSERT(prints('s', "INS03 = 1.50", "INS03 = 1.5"));
}

/* ---- complaints -------------------------------------------------------------------------------------- */

/* Is it refused, at this column of the expression (from 1) and with these words? */
static bool refused(char place, const char *then, size_t column, const char *words)
{
	char line[4000], where[40];
	struct failure failure = { "" };
	rule_line(line, sizeof(line), then);
	struct guide *guide = guide_in(place, line, &failure);
	(void)snprintf(where, sizeof(where), ":%zu: rule R-1: then: ", strlen("<rule id=\"R-1\" then=\"") + column);
	bool good = guide == NULL && strstr(failure.text, where) != NULL && strstr(failure.text, words) != NULL;
	if (!good)
		printf("%s: \"%s\", expected \"%s\" and \"%s\"\n", then, failure.text, where, words);
	guide_free(guide);
	return good;
}

static void test_refused(void)
{
	CU_ASSERT(refused('s', "present(INS02", 14, "expected \")\", and the text ends"));
	CU_ASSERT(refused('s', "present INS02", 9, "expected \"(\", found \"INS02\""));
	CU_ASSERT(refused('s', "present(INS02) present(INS03)", 16, "expected \"and\", \"or\" or the end, found \"present(INS0\""));
	CU_ASSERT(refused('s', "INS01 = 'X'", 1, "'X' is not among the codes of INS01"));
	CU_ASSERT(refused('s', "INS02 = 'X", 9, "ended by a single quotation mark"));
	CU_ASSERT(refused('s', "INS02 = ''", 9, "one character or more"));
	CU_ASSERT(refused('s', "INS02 in 'A'", 10, "expected \"(\""));
	CU_ASSERT(refused('s', "INS02 in ('A', 'A')", 1, "'A' stands twice"));
	CU_ASSERT(refused('s', "INS02 > 'A'", 9, "expected a place"));
	CU_ASSERT(refused('s', "INS02 > INS01", 7, "texts are compared with = or <> only"));
	CU_ASSERT(refused('s', "INS03 = '5'", 1, "INS03 is a number"));
	CU_ASSERT(refused('s', "INS03 = INS02", 1, "a number cannot be compared with a text"));
	CU_ASSERT(refused('s', "INS03 = begin(INS04)", 1, "a number cannot be compared with a date"));
	CU_ASSERT(refused('s', "begin(INS02) = begin(INS04)", 7, "begin and end need a date"));
	CU_ASSERT(refused('s', "INS02 + 1 = 2", 1, "only numbers can be added up"));
	CU_ASSERT(refused('s', "sum(INS02) = 2", 5, "sum needs elements of type R"));
	CU_ASSERT(refused('s', "INS03 = 1.005", 9, "at most two decimals"));
	CU_ASSERT(refused('s', "present(INS07)", 9, "the segment has no such element"));
	CU_ASSERT(refused('s', "present(INS06)", 9, "the guide does not use this element"));
	CU_ASSERT(refused('s', "present(NM1)", 9, "there is no such place"));
	CU_ASSERT(refused('s', "INS02-01 = 'A'", 1, "the segment has no such element"));
	CU_ASSERT(refused('l', "present(DTP*350)", 9, "no such segment takes code \"350\""));
	CU_ASSERT(refused('l', "present(2400)", 9, "there is no such place"));
	CU_ASSERT(refused('l', "count(DTP03) = 1", 7, "count needs a segment or a loop"));
	CU_ASSERT(refused('l', "DTP = 'A'", 1, "a text is an element or component, and this is a segment or loop"));
	CU_ASSERT(refused('l', "exists(DTP)", 1, "expected a test or a value, found \"exists\""));
	CU_ASSERT(refused('l', " ", 2, "expected a test"));
	CU_ASSERT(refused('l', "present(DTP) and", 17, "and the text ends"));
}

/* ---- limits --------------------------------------------------------------------------------------------- */

/* `first`, then `count` times `more`. */
static const char *repeated(struct buffer *out, const char *first, const char *more, int count)
{
	buffer_reset(out);
	buffer_text(out, first);
	for (int i = 0; i < count; i++)
		buffer_text(out, more);
	buffer_char(out, '\0');
	return out->ptr;
}

static void test_limits(void)
{
	struct buffer text, end;
	char deep[200];
	buffer_init(&text, 0);
	buffer_init(&end, 0);
	(void)snprintf(deep, sizeof(deep), "%spresent(INS02)%s", repeated(&text, "", "(", LIMIT_RULE_DEPTH),
		repeated(&end, "", ")", LIMIT_RULE_DEPTH));
	CU_ASSERT(prints('s', deep, "present(INS02)"));
	(void)snprintf(deep, sizeof(deep), "%spresent(INS02)%s", repeated(&text, "", "(", LIMIT_RULE_DEPTH + 1),
		repeated(&end, "", ")", LIMIT_RULE_DEPTH + 1));
	CU_ASSERT(refused('s', deep, LIMIT_RULE_DEPTH + 1, "parentheses"));
	/* a test is a step, "and" and "or" are two */
	const char *most = repeated(&text, "npi(INS02)", " and npi(INS02)", 66);
	CU_ASSERT(strlen(most) == LIMIT_RULE_CHARACTERS);
	CU_ASSERT(prints('s', most, NULL));
	CU_ASSERT(refused('s', repeated(&text, "npi(INS02) ", " and npi(INS02)", 66), LIMIT_RULE_CHARACTERS + 1, "1000 characters"));
	const char *more = repeated(&text, "npi(INS02)", " or npi(INS02)", 67);
	CU_ASSERT(refused('s', more, strlen(more) + 1, "at most 200 steps"));
	buffer_done(&text);
	buffer_done(&end);
}

/* So many rules, each of which asks for another thing of loop 2000. */
static struct guide *guide_asking(unsigned things, struct failure *failure)
{
	static const char *const segments[] = { "DTP", "DTP*348", "DTP*349", "INS", "2300/HD", "2300/HD*001", "2300/HD*021" };
	struct buffer rules;
	unsigned put = 0;
	buffer_init(&rules, 0);
	for (unsigned way = 0; way < 4; way++) /* by path and without, the first and the last */
		for (unsigned element = 1; element <= 3; element++)
			for (size_t i = 0; i < COUNT_OF(segments) && put < things; i++) {
				char place[40];
				bool code = strchr(segments[i], '*') != NULL;
				if (i >= 4 && element == 3) /* HD has two */
					continue;
				(void)snprintf(place, sizeof(place), "%s%s%s%02u", way % 2 == 0 ? "" : "2000/", segments[i], code ? "." : "",
					element);
				put++;
				if (way < 2)
					buffer_format(&rules, "<rule id=\"R-%u\" then=\"present(%s)\" says=\"s\"/>", put, place);
				else
					buffer_format(&rules, "<rule id=\"R-%u\" then=\"last(%s) = last(%s)\" says=\"s\"/>", put, place, place);
			}
	CU_ASSERT_EQUAL(put, things);
	buffer_char(&rules, '\n');
	buffer_char(&rules, '\0');
	struct guide *guide = guide_in('l', rules.ptr, failure);
	buffer_done(&rules);
	return guide;
}

static void test_facts_of_a_loop(void)
{
	struct failure failure = { "" };
	struct guide *guide = guide_asking(LIMIT_RULE_FACTS, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(guide);
	CU_ASSERT_EQUAL(guide->fact_count, LIMIT_RULE_FACTS);
	guide_free(guide);
	CU_ASSERT_PTR_NULL(guide_asking(LIMIT_RULE_FACTS + 1, &failure));
	CU_ASSERT(strstr(failure.text, "at most 64 things of one loop") != NULL);
}

/* ---- running ------------------------------------------------------------------------------------------------- */

static void put_name(void *data, const struct finding *finding)
{
	struct buffer *out = data;
	if (finding->rule != NULL || finding->code == FINDING_BALANCE_EXACT)
		buffer_format(out, "%s%s %s%02u", out->len == 0 ? "" : ", ", finding_kind(finding->code)->name,
			finding->segment_id, finding->place.element);
}

/* One set under a guide of our own. */
static void walk(struct buffer *out, const struct guide *guide, const char *body)
{
	const struct x12_sink sink = { .finding = put_name, .data = out, .guide = guide };
	struct buffer text;
	buffer_init(&text, 0);
	x12_wrap(&text, "834", body);
	CU_ASSERT(!x12_run(buffer_view(&text), 0, 7, &sink).failed);
	buffer_done(&text);
}

static bool runs(char place, const char *line, const char *body, const char *expected)
{
	char escaped[2000];
	struct failure failure = { "" };
	struct buffer out;
	(void)snprintf(escaped, sizeof(escaped), "%s\n", line);
	struct guide *guide = guide_in(place, escaped, &failure);
	if (guide == NULL) {
		printf("%s: %s\n", line, failure.text);
		return false;
	}
	buffer_init(&out, 0);
	walk(&out, guide, body);
	bool same = slice_is(buffer_view(&out), expected);
	if (!same)
		printf("%s on %s: \"%.*s\", expected \"%s\"\n", line, body, SLICE_ARG(buffer_view(&out)), expected);
	buffer_done(&out);
	guide_free(guide);
	return same;
}

#define RULE(then) "<rule id=\"R-1\" then=\"" then "\" says=\"s\"/>"
#define WHEN(when, then) "<rule id=\"R-1\" when=\"" when "\" then=\"" then "\" says=\"s\"/>"

static void test_run(void)
{
	CU_ASSERT(runs('s', RULE("present(INS02)"), "INS*Y*A~", ""));
	CU_ASSERT(runs('s', RULE("present(INS02)"), "INS*Y~", "rule-element-missing INS02"));
	CU_ASSERT(runs('s', RULE("absent(INS02)"), "INS*Y*A~", "rule-element-present INS02"));
	CU_ASSERT(runs('s', RULE("INS02 = 'A'"), "INS*Y*B~", "rule-value INS02"));
	CU_ASSERT(runs('s', RULE("INS01 = 'Y'"), "INS*N~", "rule-code INS01"));
	/* what is not there decides nothing */
	CU_ASSERT(runs('s', RULE("INS02 = 'A'"), "INS*Y~", ""));
	CU_ASSERT(runs('s', RULE("INS02 &lt;> 'A'"), "INS*Y~", ""));
	CU_ASSERT(runs('s', RULE("INS03 > 1"), "INS*Y~", ""));
	CU_ASSERT(runs('s', RULE("INS03 > 1"), "INS*Y**x~", ""));
	CU_ASSERT(runs('s', RULE("INS03 > 1"), "INS*Y**1.00~", "rule-value INS03"));
	CU_ASSERT(runs('s', RULE("INS03 > 1 and present(INS02)"), "INS*Y~", "rule-value INS03"));
	CU_ASSERT(runs('s', RULE("INS03 > 1 or present(INS02)"), "INS*Y~", ""));
	CU_ASSERT(runs('s', RULE("not INS03 > 1"), "INS*Y~", ""));
	CU_ASSERT(runs('s', WHEN("not present(INS02)", "present(INS03)"), "INS*Y~", "rule-element-missing INS03"));
	CU_ASSERT(runs('s', WHEN("INS02 = 'A' or INS02 = 'B'", "present(INS03)"), "INS*Y*B~", "rule-element-missing INS03"));
	CU_ASSERT(runs('s', WHEN("INS02 = 'A' or INS02 = 'B'", "present(INS03)"), "INS*Y*C~", ""));
	/* one repetition is enough, and none for not in */
	CU_ASSERT(runs('s', WHEN("INS05 = '30'", "present(INS02)"), "INS*Y****1^30~", "rule-element-missing INS02"));
	CU_ASSERT(runs('s', RULE("INS05 not in ('30')"), "INS*Y****1^30~", "rule-code INS05"));
	CU_ASSERT(runs('s', RULE("starts(INS02, '12', '9')"), "INS*Y*123~INS*Y*9~INS*Y*13~", "rule-value INS02"));
	CU_ASSERT(runs('s', RULE("npi(INS02)"), "INS*Y*1234567893~INS*Y*1234567890~", "rule-value INS02"));
	CU_ASSERT(runs('s', RULE("digits(INS02) and length(INS02) = 3"), "INS*Y*12~INS*Y*123~INS*Y*12A~",
		"rule-value INS02, rule-value INS02"));
	CU_ASSERT(runs('s', RULE("INS01 = 'Y' implies INS03 = 0"), "INS*N**5~INS*Y**0.00~INS*Y**5~", "rule-code INS01"));
}

static void test_kind(void)
{
	struct failure failure = { "" };
	struct guide *guide = guide_in('l', RULE("count(DTP) >= 1") "\n", &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(guide);
	CU_ASSERT(guide->rules[0].finding == FINDING_SITUATION_FEW && guide->rules[0].severity == SEVERITY_REFUSE);
	CU_ASSERT(guide->rules[0].level == 4 && guide->facts[0].level == 4 && guide->rules[0].trigger.node == GUIDE_NONE);
	guide_free(guide);
	CU_ASSERT_PTR_NULL(guide_in('l', RULE("present(DTP)") RULE("present(DTP)") "\n", &failure));
	CU_ASSERT(strstr(failure.text, "another rule of this guide has this id") != NULL);
	failure.text[0] = '\0';
	CU_ASSERT_PTR_NULL(guide_in('s', "<rule id=\"R-1\" severity=\"loud\" then=\"present(INS02)\" says=\"s\"/>\n", &failure));
	CU_ASSERT(strstr(failure.text, "severity is \"loud\", expected refuse or note") != NULL);
}

static void test_facts(void)
{
	CU_ASSERT(runs('l', RULE("count(DTP) >= 1"), "INS*Y~DTP*348*D8*20100101~INS*Y~", "rule-too-few DTP00"));
	CU_ASSERT(runs('l', RULE("count(DTP*348) &lt;= 1"), "INS*Y~DTP*348*D8*20100101~DTP*349*D8*20100101~INS*Y~DTP*348*D8*20100101~"
		"DTP*348*D8*20100101~", "rule-too-many DTP00"));
	CU_ASSERT(runs('l', RULE("present(2300)"), "INS*Y~HD*001~INS*Y~", "rule-segment-missing HD00"));
	CU_ASSERT(runs('l', RULE("absent(2300/HD*021)"), "INS*Y~HD*001~INS*Y~HD*001~HD*021~", "rule-segment-present HD00"));
	CU_ASSERT(runs('l', RULE("begin(DTP*348.03) &lt;= end(DTP*349.03)"), "INS*Y~DTP*348*D8*20100103~DTP*349*RD8*20091201-20100103~INS*Y~"
		"DTP*348*D8*20100104~DTP*349*RD8*20091201-20100103~", "rule-value DTP03"));
	CU_ASSERT(runs('l', RULE("2300/HD02 = 1"), "INS*Y~HD*001*1~HD*001*2~INS*Y~HD*001~HD*001*2~", "rule-value HD02"));
	CU_ASSERT(runs('l', RULE("last(2300/HD02) = 1"), "INS*Y~HD*001*1~HD*001*2~INS*Y~HD*001*1~HD*001~", "rule-value HD02"));
	/* a rule of a segment sees what came before it in the loops around */
	CU_ASSERT(runs('s', RULE("QTY*TO.02 = INS03"), "QTY*DT*1~QTY*TO*2~INS*Y**2.00~INS*Y**1~", "rule-value QTY02"));
	/* a long value decides nothing */
	char body[400], value[LIMIT_RULE_VALUE_BYTES + 2];
	memset(value, 'A', sizeof(value));
	value[LIMIT_RULE_VALUE_BYTES] = '\0';
	(void)snprintf(body, sizeof(body), "INS*Y*%s~", value);
	CU_ASSERT(runs('l', RULE("INS02 = 'B'"), body, "rule-value INS02"));
	(void)snprintf(body, sizeof(body), "INS*Y*%sA~", value);
	CU_ASSERT(runs('l', RULE("INS02 = 'B'"), body, ""));
}

#define BALANCE(of, is) "<balance id=\"R-1\" of=\"" of "\" is=\"" is "\" says=\"s\"/>"

static void test_balances(void)
{
	CU_ASSERT(runs('g', BALANCE("QTY*TO.02", "count(2000)"), "QTY*TO*2~INS*Y~INS*Y~", ""));
	CU_ASSERT(runs('g', BALANCE("QTY*TO.02", "count(2000)"), "QTY*TO*2~INS*Y~", "balance QTY02"));
	CU_ASSERT(runs('g', BALANCE("QTY*TO.02", "count(2000)"), "QTY*DT*2~INS*Y~", ""));
	CU_ASSERT(runs('l', BALANCE("INS03", "sum(2300/HD02)"), "INS*Y**1.5~HD*001*1~HD*001*.5~INS*Y**0~INS*Y**1~", "balance INS03"));
	/* parts of a cent are told where they stand, and spoil the sum */
	CU_ASSERT(runs('l', BALANCE("INS03", "sum(2300/HD02)"), "INS*Y**1.5~HD*001*1.001~HD*001*5~", "balance-exact HD02"));
	CU_ASSERT(runs('l', BALANCE("INS03", "sum(2300/HD02)"), "INS*Y**1.505~HD*001*1~", "balance-exact INS03"));
	CU_ASSERT(runs('l', BALANCE("INS03", "sum(2300/HD02)"), "INS*Y**1~HD*001*x~", ""));
	CU_ASSERT(runs('l', BALANCE("INS03", "sum(2300/HD02)"), "INS*Y**1~HD*001*999999999999999999~", "balance-exact HD02"));
}

static const struct unit_case cases[] = {
	{ "an expression prints as it is written in its shortest form", test_print },
	{ "what cannot be read is refused at its character, with what was expected", test_refused },
	{ "depth, steps and characters have limits", test_limits },
	{ "the rules of a guide ask for 64 things of one loop", test_facts_of_a_loop },
	{ "tests of a segment's own elements, and what decides nothing", test_run },
	{ "a rule has its kind, severity and level, and an id of its own", test_kind },
	{ "what came before in the loops around", test_facts },
	{ "balances are exact to the cent", test_balances },
};

int main(void)
{
	return unit_run("rule_language", cases, COUNT_OF(cases));
}
