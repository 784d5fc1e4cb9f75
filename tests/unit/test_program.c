/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Program files that are not right: each is the shipped one with one text replaced, so that
 * what is refused is that text and nothing else.  And what the shipped one says.
 */
#include "rules/rules.h"
#include "tests/unit/unit.h"

#include <unistd.h>

#define SHIPPED "rules/husky-primary-care.xml"

static char folder[64];

static void whole_file(struct buffer *out, const char *path)
{
	char chunk[4096];
	size_t got;
	FILE *in = fopen(path, "rb");
	CU_ASSERT_FATAL(in != NULL);
	while ((got = fread(chunk, 1, sizeof(chunk), in)) > 0)
		buffer_put(out, chunk, got);
	fclose(in);
}

static struct program *read_text(struct slice text, char path[128], struct failure *failure)
{
	snprintf(path, 128, "%s/program.xml", folder);
	CU_ASSERT_FATAL(file_write_whole(path, text, NULL));
	struct program *program = program_read(path, failure);
	unlink(path);
	return program;
}

/* The shipped file with `from` (its first place) replaced by `to`; *line is where that is. */
static void put_replaced(struct buffer *out, int *line, const char *from, const char *to)
{
	struct buffer text;
	buffer_init(&text, 0);
	whole_file(&text, SHIPPED);
	buffer_char(&text, '\0');
	char *place = strstr(text.ptr, from);
	CU_ASSERT_FATAL(place != NULL);
	*line = 1;
	for (const char *at = text.ptr; at < place; at++)
		*line += *at == '\n';
	buffer_put(out, text.ptr, (size_t)(place - text.ptr));
	buffer_text(out, to);
	buffer_text(out, place + strlen(from));
	buffer_done(&text);
}

/* It must be refused with the path, the line of the change (or one of the lines after it) and these words. */
static void refuse(const char *from, const char *to, int lines_after, const char *words)
{
	struct buffer text;
	struct failure failure = { "" };
	char path[128], place[160];
	int line;
	buffer_init(&text, 0);
	put_replaced(&text, &line, from, to);
	struct program *program = read_text(buffer_view(&text), path, &failure);
	CU_ASSERT(program == NULL);
	bool placed = false;
	for (int i = 0; i <= lines_after; i++) {
		snprintf(place, sizeof(place), "%s:%d: ", path, line + i);
		placed = placed || strncmp(failure.text, place, strlen(place)) == 0;
	}
	if (!placed || strstr(failure.text, words) == NULL)
		printf("    %s\n    expected line %d, \"%s\"\n", failure.text, line, words);
	CU_ASSERT(placed);
	CU_ASSERT(strstr(failure.text, words) != NULL);
	program_free(program);
	buffer_done(&text);
}

static void shipped_is_read(void)
{
	struct failure failure = { "" };
	struct program *program = program_read(SHIPPED, &failure);
	CU_ASSERT_FATAL(program != NULL);
	CU_ASSERT_STRING_EQUAL(program_id(program), "husky-primary-care");
	CU_ASSERT(slice_is(program_name(program), "HUSKY PRIMARY CARE"));
	CU_ASSERT(strlen(program_hash(program)) == 64);
	days opens, closes;
	CU_ASSERT(days_from_civil(&opens, 2009, 2, 1) && days_from_civil(&closes, 2011, 12, 31));
	CU_ASSERT(program_opens(program) == opens && program_closes(program) == closes);
	const struct payer *payer = program_payer(program);
	CU_ASSERT(aba_valid(payer->routing) && payer->id.len == 10 && payer->account.len > 0 &&
		payer->eligibility_id.len > 0);
	const struct payout_codes *payout = program_payout(program, NULL);
	CU_ASSERT(slice_is(payout->reason, "8391") &&
		slice_is(payout->text, "Primary Care Case Management (PCCM) Payment"));
	CU_ASSERT(slice_is(payout->fee_code, "CT") && slice_is(payout->retro_code, "RA") &&
		slice_is(payout->carry_code, "FB"));
	CU_ASSERT(program_adult_years(program) == 18);
	program_free(program);
}

static void shipped_funds_rosters_answers(void)
{
	struct program *program = program_read(SHIPPED, NULL);
	struct slice code, text;
	CU_ASSERT_FATAL(program != NULL);
	CU_ASSERT_FATAL(program_fund_count(program) == 3);
	program_fund(&code, &text, program, 1);
	CU_ASSERT(slice_is(code, "F2") && slice_is(text, "TITLE XXI"));
	CU_ASSERT(slice_is(program_roster(program, ROSTER_REPORT_MEMBERS)->number, "ELG-0401") &&
		slice_is(program_roster(program, ROSTER_REPORT_CHANGES)->number, "ELG-0402"));
	const struct answer_rules *answers = program_answers(program);
	CU_ASSERT(slice_is(answers->coverage_name, "HUSKY A") && answers->months_back == 12 &&
		answers->contact_count == 2);
	size_t types = 0;
	struct slice rest = answers->service_types;
	while (slice_word(&rest).len > 0)
		types++;
	CU_ASSERT(types == 12);
	program_free(program);
}

static void shipped_towns(void)
{
	static const char *const towns[] = {
		"Waterbury",
		"Watertown",
		"Plymouth",
		"Wolcott",
		"Cheshire",
		"Prospect",
		"Naugatuck",
		"Middlebury",
		"Thomaston",
		"Windham",
		"Chaplin",
		"Scotland",
		"Sprague",
		"Franklin",
		"Lebanon",
		"Columbia",
		"Coventry",
		"Mansfield",
		"Hartford",
		"East Hartford",
		"West Hartford",
		"Newington",
		"Wethersfield",
		"Bloomfield",
		"Windsor",
		"South Windsor",
		"New Haven",
		"Hamden",
		"North Haven",
		"East Haven",
		"West Haven",
		"Orange",
		"Woodbridge",
		"Putnam",
		"Torrington",
	};
	struct program *program = program_read(SHIPPED, NULL);
	days first, second, third, fourth;
	CU_ASSERT_FATAL(program != NULL);
	CU_ASSERT(days_from_civil(&first, 2009, 2, 1) && days_from_civil(&second, 2010, 1, 1));
	CU_ASSERT(days_from_civil(&third, 2010, 7, 1) && days_from_civil(&fourth, 2010, 10, 1));
	CU_ASSERT(COUNT_OF(towns) == 35);
	for (size_t i = 0; i < COUNT_OF(towns); i++) {
		days opens = i < 18 ? first : i < 33 ? second : i < 34 ? third : fourth;
		CU_ASSERT(program_town_opens(program, towns[i]) == opens);
		CU_ASSERT(program_town_open(program, towns[i], opens) &&
			!program_town_open(program, towns[i], opens - 1));
	}
	CU_ASSERT(program_town_opens(program, "Farmington") == DAYS_NONE && !program_town_open(program, NULL, third));
	program_free(program);
}

static void hash_is_of_the_bytes(void)
{
	struct buffer text;
	char path[128];
	int line;
	buffer_init(&text, 0);
	put_replaced(&text, &line, "<town name=\"Wolcott\"/>", "<town name=\"Wolcott\" />");
	struct program *same = program_read(SHIPPED, NULL), *other = read_text(buffer_view(&text), path, NULL);
	CU_ASSERT_FATAL(same != NULL && other != NULL);
	CU_ASSERT_STRING_NOT_EQUAL(program_hash(same), program_hash(other));
	program_free(same);
	program_free(other);
	buffer_done(&text);
}

static void not_xml(void)
{
	struct failure failure = { "" };
	char path[128];
	CU_ASSERT(program_read("no/such/program.xml", &failure) == NULL);
	CU_ASSERT(strstr(failure.text, "no/such/program.xml: could not be opened") != NULL);
	failure.text[0] = '\0';
	CU_ASSERT(read_text(SLICE(""), path, &failure) == NULL && strstr(failure.text, path) == failure.text);
	failure.text[0] = '\0';
	CU_ASSERT(
		read_text(SLICE("ISA*00*"), path, &failure) == NULL && strstr(failure.text, "program.xml:1: ") != NULL);
	refuse("</coverage>", "</covered>", 1, "coverage");
	CU_ASSERT(program_read("rules", &failure) == NULL);
}

static void doctypes(void)
{
	const char *const heads[] = {
		"<!DOCTYPE program [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]><program id=\"&b;\"/>",
		"<!DOCTYPE program SYSTEM \"program.dtd\"><program/>",
		"<!DOCTYPE program [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><program>&x;</program>",
		"<?xml version=\"1.0\"?>\n<!DOCTYPE program>\n<program/>",
	};
	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		struct failure failure = { "" };
		char path[128];
		CU_ASSERT(read_text(slice_of(heads[i]), path, &failure) == NULL);
		CU_ASSERT(strstr(failure.text, "document type declaration") != NULL);
	}
}

static void too_large(void)
{
	struct buffer text;
	struct failure failure = { "" };
	char path[128];
	buffer_init(&text, 0);
	whole_file(&text, SHIPPED);
	size_t len = text.len;
	while (text.len < LIMIT_XML_BYTES)
		buffer_char(&text, '\n');
	struct program *program = read_text(buffer_view(&text), path, &failure);
	CU_ASSERT(program != NULL && len < text.len);
	program_free(program);
	buffer_char(&text, '\n');
	CU_ASSERT(read_text(buffer_view(&text), path, &failure) == NULL && strstr(failure.text, "larger than") != NULL);
	buffer_done(&text);
}

static void schema_refuses(void)
{
	refuse("effect=\"qualifies\"", "effect=\"maybe\"", 2, "does not follow program.rng");
	refuse("cutoff-days=\"3\"", "cutoff-days=\"three\"", 2, "does not follow program.rng");
	refuse("cutoff-days=\"3\"", "cutoff-days=\"28\"", 2, "does not follow program.rng");
	refuse("amount=\"7.50\"", "amount=\"7.5\"", 2, "does not follow program.rng");
	refuse("amount=\"7.50\"", "amount=\"-7.50\"", 2, "does not follow program.rng");
	refuse("test=\"pcp-contracted\"", "test=\"pcp-liked\"", 2, "does not follow program.rng");
	refuse("requirement=\"PRV-1\"/>", "requirement=\"prv 1\"/>", 2, "does not follow program.rng");
	refuse("<departure ", "<parting ", 4, "does not follow program.rng");
	refuse("weekday=\"tuesday\"", "weekday=\"payday\"", 2, "does not follow program.rng");
}

static void dates_are_dates(void)
{
	refuse("opens=\"2009-02-01\" closes=\"2011-12-31\"", "opens=\"2009-02-30\" closes=\"2011-12-31\"", 2,
		"program");
	refuse("closes=\"2011-12-31\"", "closes=\"2008-12-31\"", 2, "closes before it opens");
	refuse("<area name=\"Putnam\" opens=\"2010-07-01\"", "<area name=\"Putnam\" opens=\"soon\"", 2,
		"does not follow program.rng");
	refuse("from=\"2009-02-01\" requirement", "from=\"2009-02-01\" to=\"2009-01-31\" requirement", 2,
		"rate ends before it begins");
}

static void names_are_said_once(void)
{
	refuse("<plan name=\"HUSKY B\"", "<plan name=\"husky  a\"", 1, "plan is named a second time");
	refuse("<town name=\"Wolcott\"/>", "<town name=\"WATERBURY\"/>", 1, "town is named a second time");
	refuse("<postal name=\"Oakville\"", "<postal name=\"Waterbury\"", 1, "postal name is named a second time");
	refuse("<town name=\"Torrington\"/>", "<town name=\"Oakville\"/>", 1, "town is named a second time");
	refuse("<fund code=\"F2\"", "<fund code=\"F1\"", 1, "fund is named a second time");
	refuse("P01 P02", "F01 P02", 1, "aid category has a fund already");
	refuse("id=\"alive\"", "id=\"known\"", 1, "named a second time");
	refuse("test=\"member-alive\"", "test=\"member-known\"", 1, "named a second time");
	refuse("<rate amount", "<rate amount=\"7.00\" from=\"2009-02-01\"/><rate amount", 1, "rate overlaps");
}

static void references_exist(void)
{
	refuse("<funds default=\"F1\"", "<funds default=\"F9\"", 1, "default fund is none of the program's funds: add the fund, or name another: F9");
	refuse("routing=\"011900254\"", "routing=\"011900255\"", 3, "check digit");
	refuse("<rule id=\"pcp\" test=\"pcp-known\" unmet=\"refuse\" requirement=\"PRV-2\"/>", "", 1,
		"before pcp-known");
}

static void another_program(void)
{
	struct buffer text;
	char path[128];
	int line;
	struct failure failure = { "" };
	buffer_init(&text, 0);
	put_replaced(&text, &line, "<rate amount=\"7.50\" from=\"2009-02-01\" requirement=\"FEE-1\"/>",
		"<rate amount=\"3.00\" from=\"2009-02-01\" to=\"2009-12-31\"/><rate amount=\"1234.56\" "
		"from=\"2010-01-01\"/>");
	struct program *program = read_text(buffer_view(&text), path, &failure);
	CU_ASSERT_FATAL(program != NULL);
	CU_ASSERT(program_fee(program, 2009 * 12 + 11) == 300 && program_fee(program, 2010 * 12) == 123456);
	program_free(program);
	buffer_reset(&text);
	put_replaced(&text, &line, "<funds default=\"F1\"", "<funds");
	program = read_text(buffer_view(&text), path, &failure);
	CU_ASSERT_FATAL(program != NULL);
	struct span span = { .aid_category = SLICE("Q99") };
	CU_ASSERT(span_fund(program, &span).len == 0);
	program_free(program);
	buffer_reset(&text);
	put_replaced(&text, &line, "count=\"first-day\"", "count=\"last-day\"");
	program = read_text(buffer_view(&text), path, &failure);
	CU_ASSERT_FATAL(program != NULL);
	CU_ASSERT(program_fee(program, 2009 * 12) == 0 && program_fee(program, 2009 * 12 + 1) == 750);
	program_free(program);
	buffer_done(&text);
}

static void town_codes_win(void)
{
	struct buffer text;
	char path[128];
	int line;
	struct address address = { .city = SLICE("Hartford"), .state = SLICE("CT"), .town_code = SLICE("151") };
	buffer_init(&text, 0);
	put_replaced(&text, &line, "<town name=\"Waterbury\"/>", "<town name=\"Waterbury\" code=\"151\"/>");
	struct program *program = read_text(buffer_view(&text), path, NULL);
	CU_ASSERT_FATAL(program != NULL);
	const char *town = program_town(program, &address);
	CU_ASSERT_FATAL(town != NULL);
	CU_ASSERT_STRING_EQUAL(town, "Waterbury");
	address.town_code = SLICE("052");
	CU_ASSERT(program_town(program, &address) == NULL);
	program_free(program);
	buffer_done(&text);
}

static const struct unit_case cases[] = {
	{ "PRG-4 PRG-10 FEE-6: the shipped program is read, with its dates, payer and payout codes", shipped_is_read },
	{ "FEE-7 RST-1 RST-4: the shipped program has three funds, two rosters and twelve service types",
		shipped_funds_rosters_answers },
	{ "ENR-4 PRG-5: the 35 towns open on their days", shipped_towns },
	{ "the hash is of the file's bytes", hash_is_of_the_bytes },
	{ "what is not XML is refused with file and line", not_xml },
	{ "a document type declaration is refused, whatever is in it", doctypes },
	{ "a file of the limit is read, one byte more is not", too_large },
	{ "what program.rng does not allow is refused with file and line", schema_refuses },
	{ "dates must be of the calendar and in order", dates_are_dates },
	{ "plans, towns, funds, aid categories, rules and rates are said once", names_are_said_once },
	{ "a default fund, a routing number and the order of rules are checked", references_exist },
	{ "FEE-1: another program file has other fees, funds and counting", another_program },
	{ "ENR-4: a town code wins over the postal city", town_codes_win },
};

int main(void)
{
	snprintf(folder, sizeof(folder), "/tmp/pccm-program-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return 1;
	int status = UNIT_RUN("program", cases);
	rmdir(folder);
	return status;
}
