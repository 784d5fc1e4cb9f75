/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rosters in their three forms (RST-1 … RST-11).  The texts and the CSV are compared with tests/unit/roster/; after a
 * change was looked at, PCCM_UPDATE=1 rewrites these files.  The PDF is taken apart with poppler's programs.
 */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/roster_people.h"
#include "tests/unit/unit.h"

static struct people people;

static char *file_read(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	struct buffer bytes;
	buffer_init(&bytes, 0);
	char part[4096];
	for (size_t got; file != NULL && (got = fread(part, 1, sizeof(part), file)) > 0;)
		buffer_put(&bytes, part, got);
	if (file != NULL)
		fclose(file);
	buffer_char(&bytes, '\0');
	*len = bytes.len - 1;
	return bytes.ptr;
}

static void check_golden(const char *path, const struct buffer *out)
{
	struct failure failure = { "" };
	CU_ASSERT_FALSE(out->failed);
	if (getenv("PCCM_UPDATE") != NULL)
		CU_ASSERT_TRUE(file_write_whole(path, buffer_view(out), &failure));
	size_t len;
	char *golden = file_read(path, &len);
	CU_ASSERT_TRUE(len > 0);
	CU_ASSERT_TRUE(slice_equal(buffer_view(out), (struct slice){ golden, len }));
	free(golden);
}

static void check_form(void (*put)(struct buffer *, const struct roster *, enum roster_report), enum roster_report report,
	const char *path)
{
	struct buffer out;
	buffer_init(&out, 0);
	people_make(&people);
	put(&out, &people.roster, report);
	check_golden(path, &out);
	buffer_done(&out);
}

static void text_members(void)
{
	check_form(roster_put_text, ROSTER_REPORT_MEMBERS, "tests/unit/roster/elg-0401.txt");
}
static void text_changes(void)
{
	check_form(roster_put_text, ROSTER_REPORT_CHANGES, "tests/unit/roster/elg-0402.txt");
}
static void csv_members(void)
{
	check_form(roster_put_csv, ROSTER_REPORT_MEMBERS, "tests/unit/roster/elg-0401.csv");
}
static void csv_changes(void)
{
	check_form(roster_put_csv, ROSTER_REPORT_CHANGES, "tests/unit/roster/elg-0402.csv");
}

/* How often `what` stands in `text`. */
static unsigned occurrences(const char *text, const char *what)
{
	unsigned count = 0;
	for (const char *at = strstr(text, what); at != NULL; at = strstr(at + strlen(what), what))
		count++;
	return count;
}

static void text_pages(void)
{
	people_make(&people);
	struct buffer out;
	buffer_init(&out, 0);
	roster_put_text(&out, &people.roster, ROSTER_REPORT_MEMBERS);
	buffer_char(&out, '\0');
	unsigned pages = occurrences(out.ptr, "\f") + 1, widest = 0, lines = 0, tallest = 0;
	for (const char *at = out.ptr; *at != '\0';) {
		size_t len = strcspn(at, "\n");
		struct slice line = { at, len };
		lines = at[0] == '\f' ? 1 : lines + 1;
		line = at[0] == '\f' ? (struct slice){ at + 1, len - 1 } : line;
		widest = utf8_count(line) > widest ? (unsigned)utf8_count(line) : widest;
		tallest = lines > tallest ? lines : tallest;
		at += len + 1;
	}
	CU_ASSERT_EQUAL(widest, 132);
	CU_ASSERT_EQUAL(tallest, 60);
	CU_ASSERT_EQUAL(pages, 5);
	CU_ASSERT_EQUAL(occurrences(out.ptr, " OF 5\n"), 5);
	CU_ASSERT_EQUAL(occurrences(out.ptr, "MEDICAID ID NAME"), 5);
	CU_ASSERT_EQUAL(occurrences(out.ptr, "\fREPORT ELG-0401"), 4);
	buffer_done(&out);
}

/* Whatever the count of clients and of funds, around each page's end. */
static void text_page_ends(void)
{
	static struct roster_line lines[130];
	static struct roster_fund funds[70];
	struct buffer out;
	people_make(&people);
	for (size_t i = 0; i < COUNT_OF(lines); i++)
		lines[i] = people.many[i % MANY];
	for (size_t i = 0; i < COUNT_OF(funds); i++)
		funds[i] = people.funds[0];
	people.roster.pcp_count = 1;
	people.pcps[0].lines = lines;
	people.roster.funds = funds;
	buffer_init(&out, 0);
	for (size_t count = 0; count <= 2 * COUNT_OF(lines); count++) {
		people.pcps[0].line_count = count % COUNT_OF(lines);
		people.roster.fund_count = count < COUNT_OF(lines) ? 2 : count % COUNT_OF(funds);
		buffer_reset(&out);
		roster_put_text(&out, &people.roster, ROSTER_REPORT_MEMBERS);
		buffer_char(&out, '\0');
		unsigned tallest = 0, number = 0;
		for (const char *at = out.ptr; *at != '\0'; at = strchr(at, '\n') + 1) {
			number = *at == '\f' ? 1 : number + 1;
			tallest = number > tallest ? number : tallest;
		}
		CU_ASSERT_TRUE(tallest <= 60);
		CU_ASSERT_EQUAL(occurrences(out.ptr, "\n009"), people.pcps[0].line_count);
		CU_ASSERT_EQUAL(occurrences(out.ptr, "\n  FUND "), people.roster.fund_count);
		CU_ASSERT_EQUAL(occurrences(out.ptr, "\n  PCP TOTAL "), 1);
		CU_ASSERT_EQUAL(occurrences(out.ptr, "PRIMARY MANAGER TOTAL"), 1);
	}
	buffer_done(&out);
}

static void csv_fields(void)
{
	static const struct {
		const char *value, *field;
	} rows[] = {
		{ "", "" }, { "plain", "plain" }, { "a,b", "\"a,b\"" }, { "say \"x\"", "\"say \"\"x\"\"\"" },
		{ "a\nb", "\"a\nb\"" }, { "=1+1", "'=1+1" }, { "+1", "'+1" }, { "-1", "'-1" }, { "@x", "'@x" },
		{ "\tx", "'\tx" }, { "\rx", "\"'\rx\"" }, { "=a,b", "\"'=a,b\"" },
		{ "\xef\xbc\x9d" "1", "'\xef\xbc\x9d" "1" }, { "1-2", "1-2" }, { " x", "\" x\"" },
		{ "NU\xd1" "EZ", "NU\xef\xbf\xbd" "EZ" }, { "NUÑEZ", "NUÑEZ" },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buffer out;
		buffer_init(&out, 0);
		csv_put(&out, slice_of(rows[i].value));
		CU_ASSERT_TRUE(slice_is(buffer_view(&out), rows[i].field));
		buffer_done(&out);
	}
}

static bool adds_up(void)
{
	struct failure failure = { "" };
	bool fine = roster_adds_up(&people.roster, &failure);
	CU_ASSERT_EQUAL(fine, failure.text[0] == '\0');
	return fine;
}

static void identity(void)
{
	people_make(&people);
	CU_ASSERT_TRUE(adds_up()); /* one of the clients changed PCP inside the practice: net 0 */
	people.roster.members_before++;
	CU_ASSERT_FALSE(adds_up());
	people_make(&people);
	people.pcps[1].change_count = 0;
	CU_ASSERT_FALSE(adds_up());
	people_make(&people);
	people.changes[1].change = ROSTER_ADDED;
	CU_ASSERT_FALSE(adds_up());
	people_make(&people);
	people.pcps[2].line_count--;
	CU_ASSERT_FALSE(adds_up());
	people_make(&people);
	people.funds[1].members++;
	CU_ASSERT_FALSE(adds_up());
	people_make(&people);
	people.funds[0].amount -= 750;
	CU_ASSERT_FALSE(adds_up());
	people_make(&people);
	people.moved[0].change = ROSTER_ADDED; /* added, and yet not there */
	people.roster.members_before = people.roster.members - 2;
	CU_ASSERT_FALSE(adds_up());
}

static void report_numbers(void)
{
	people_make(&people);
	CU_ASSERT_TRUE(npi_valid(slice_of(people.roster.billing_npi)));
	for (size_t i = 0; i < people.roster.pcp_count; i++)
		CU_ASSERT_TRUE(npi_valid(slice_of(people.pcps[i].npi)));
}

/* ---- the PDF ---- */

static void make_pdf(struct buffer *out, enum roster_report report)
{
	struct failure failure = { "" };
	buffer_init(out, 0);
	CU_ASSERT_TRUE(roster_put_pdf(out, &people.roster, report, &failure));
	CU_ASSERT_STRING_EQUAL(failure.text, "");
}

/* What `command` prints about the PDF, which it finds as $PDF; to be freed.  NULL if the machine has no poppler. */
static char *about_pdf(const struct buffer *pdf, const char *command)
{
	if (system("command -v pdftotext >/dev/null && command -v pdfinfo >/dev/null") != 0) {
		printf("skip roster: %s: pdftotext and pdfinfo (poppler-utils) are not installed\n", command);
		return NULL;
	}
	const char *base = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
	char folder[256], path[300], answer[300], whole[400];
	snprintf(folder, sizeof(folder), "%s/pccm-roster-XXXXXX", base);
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/roster.pdf", folder);
	snprintf(answer, sizeof(answer), "%s/answer", folder);
	CU_ASSERT_TRUE(file_write_whole(path, buffer_view(pdf), NULL));
	setenv("PDF", path, 1);
	setenv("ANSWER", answer, 1);
	snprintf(whole, sizeof(whole), "%s >\"$ANSWER\"", command);
	CU_ASSERT_EQUAL(system(whole), 0);
	size_t len;
	char *text = file_read(answer, &len);
	unlink(path);
	unlink(answer);
	rmdir(folder);
	return text;
}

/* pdftotext puts a form feed behind each page. */
static void check_pdf_page(const char *page, unsigned number, unsigned pages, unsigned *pcp_pages)
{
	char place[40];
	snprintf(place, sizeof(place), "Page %u of %u\n", number, pages);
	CU_ASSERT_EQUAL(occurrences(page, place), 1);
	CU_ASSERT_EQUAL(occurrences(page, "Report Period 03/2010"), 1);
	CU_ASSERT_EQUAL(occurrences(page, "Primary Manager 004012345"), 1);
	for (size_t i = 0; i < people.roster.pcp_count; i++) {
		snprintf(place, sizeof(place), "PCP %s", people.pcps[i].npi);
		if (strstr(page, place) == NULL)
			continue;
		pcp_pages[i]++;
		CU_ASSERT_EQUAL(occurrences(page, "HEAD OF HOUSEHOLD"), 1);
	}
}

static void pdf_pages(void)
{
	struct buffer pdf;
	people_make(&people);
	make_pdf(&pdf, ROSTER_REPORT_MEMBERS);
	char *text = about_pdf(&pdf, "pdftotext -layout \"$PDF\" -"), *rest = text;
	unsigned pages = text == NULL ? 0 : occurrences(text, "\f"), pcp_pages[3] = { 0 };
	for (unsigned i = 1; i <= pages; i++) {
		char *end = strchr(rest, '\f');
		*end = '\0';
		check_pdf_page(rest, i, pages, pcp_pages);
		*end = '\n';
		rest = end + 1;
	}
	if (text != NULL) {
		CU_ASSERT_EQUAL(pcp_pages[0], 1);
		CU_ASSERT_EQUAL(pcp_pages[1], 1);
		CU_ASSERT_EQUAL(pcp_pages[2], 3);
		CU_ASSERT_EQUAL(pages, 1 + 1 + 3 + 1); /* the totals did not fit under the last PCP */
		for (size_t i = 0; i < MANY; i++)
			CU_ASSERT_EQUAL(occurrences(text, people.names[i]), 1);
		CU_ASSERT_EQUAL(occurrences(text, "NÚÑEZ, ANA M"), 2); /* she heads her household */
		CU_ASSERT_EQUAL(occurrences(text, "SØRENSEN, ÅSE"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "ABERNATHY, JOSÉ"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "O'BRIEN-FITZWILLIAMSON, MA…"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "12B, \"THE MILL\", WATERTOWN CT 06795"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "$735.00"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "FCN 100400018"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "98 clients"), 1);
	}
	free(text);
	buffer_done(&pdf);
}

static void pdf_changes(void)
{
	struct buffer pdf;
	people_make(&people);
	make_pdf(&pdf, ROSTER_REPORT_CHANGES);
	char *text = about_pdf(&pdf, "pdftotext -layout \"$PDF\" - | tr -s ' '");
	if (text != NULL) {
		CU_ASSERT_EQUAL(occurrences(text, "\f"), 3);
		CU_ASSERT_EQUAL(occurrences(text, "DISENROLLED 001234570 PELHAM, ROY"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "02/2010 2 + ADDED 2 - DISENROLLED 1 = CLIENTS 03/2010 3\n"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "02/2010 98 + ADDED 2 - DISENROLLED 2 = CLIENTS 03/2010 98\n"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "No client was added or disenrolled since the previous"), 1);
	}
	free(text);
	buffer_done(&pdf);
}

static void pdf_properties(void)
{
	struct buffer pdf;
	people_make(&people);
	make_pdf(&pdf, ROSTER_REPORT_MEMBERS);
	CU_ASSERT_TRUE(slice_starts(buffer_view(&pdf), "%PDF-1.5\n"));
	static const char bookmark[] = "(PCP 1900000021   OKAFOR, LINDA)";
	char *found = memmem(pdf.ptr, pdf.len, bookmark, sizeof(bookmark) - 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(found);
	found += sizeof(bookmark) - 1; /* and not once more for each of its pages */
	CU_ASSERT_PTR_NULL(memmem(found, pdf.len - (size_t)(found - pdf.ptr), "OKAFOR, LINDA", 13));
	char *text = about_pdf(&pdf, "TZ=UTC pdfinfo \"$PDF\" | tr -s ' '");
	if (text != NULL) {
		CU_ASSERT_EQUAL(occurrences(text, "Title: ELG-0401 PCCM MEMBER ROSTER, Report Period 03/2010\n"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "CreationDate: Mon Mar 1 00:00:00 2010 UTC\n"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "ModDate"), 0);
		CU_ASSERT_EQUAL(occurrences(text, "Tagged: yes\n"), 1);
		CU_ASSERT_EQUAL(occurrences(text, "Page size: 792 x 612 pts (letter)\n"), 1);
	}
	free(text);
	text = about_pdf(&pdf, "pdfinfo -struct-text \"$PDF\" | tr -d '\\n '");
	if (text != NULL) {
		CU_ASSERT_EQUAL(occurrences(text, "TH\"LANGUAGE\""), 5); /* a page of each PCP, three of the last */
		CU_ASSERT_EQUAL(occurrences(text, "TRTD\""), MANY + 3);
		CU_ASSERT_EQUAL(occurrences(text, "H1(block)"), 6);
	}
	free(text);
	buffer_done(&pdf);
}

/* cairo would write the second of its clock into the file: the runs are more than one second apart. */
static void pdf_same_bytes(void)
{
	struct buffer first, second;
	people_make(&people);
	make_pdf(&first, ROSTER_REPORT_MEMBERS);
	nanosleep(&(struct timespec){ .tv_sec = 1, .tv_nsec = 100000000 }, NULL);
	people_make(&people);
	make_pdf(&second, ROSTER_REPORT_MEMBERS);
	CU_ASSERT_TRUE(slice_equal(buffer_view(&first), buffer_view(&second)));
	buffer_done(&second);
	people.roster.made++;
	make_pdf(&second, ROSTER_REPORT_MEMBERS);
	CU_ASSERT_FALSE(slice_equal(buffer_view(&first), buffer_view(&second)));
	buffer_done(&first);
	buffer_done(&second);
}

static void empty_practice(void)
{
	static const char *const note = "No client is enrolled with a PCP of this practice in the report period.";
	struct buffer out;
	people_make(&people);
	people.roster.pcp_count = people.roster.fund_count = 0;
	people.roster.members = people.roster.members_before = people.roster.paid_lines = 0;
	people.roster.amount = 0;
	CU_ASSERT_TRUE(adds_up());
	buffer_init(&out, 0);
	roster_put_text(&out, &people.roster, ROSTER_REPORT_MEMBERS);
	buffer_char(&out, '\0');
	CU_ASSERT_EQUAL(occurrences(out.ptr, note), 1);
	CU_ASSERT_EQUAL(occurrences(out.ptr, "PAGE 1 OF 1\n"), 1);
	buffer_reset(&out);
	roster_put_csv(&out, &people.roster, ROSTER_REPORT_MEMBERS);
	buffer_char(&out, '\0');
	CU_ASSERT_EQUAL(occurrences(out.ptr, "\r\n"), 2);
	CU_ASSERT_EQUAL(occurrences(out.ptr, ",TOTAL,,,,,,,,,,,,0,,,0.00\r\n"), 1);
	buffer_done(&out);
	make_pdf(&out, ROSTER_REPORT_MEMBERS);
	char *text = about_pdf(&out, "pdftotext -layout \"$PDF\" -");
	if (text != NULL) {
		CU_ASSERT_EQUAL(occurrences(text, note), 1);
		CU_ASSERT_EQUAL(occurrences(text, "Page 1 of 1\n"), 1);
	}
	free(text);
	buffer_done(&out);
}

/* What a sender may put into a name must not end a line, a page or the drawing. */
static void rough_values(void)
{
	struct buffer out;
	people_make(&people);
	people.small[0].name = SLICE("NU\xd1" "EZ,\nANA\f\xc2\x85" "M\0X");
	people.small[2].address = slice_of("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKL");
	people.roster.billing_name = slice_of(people.small[2].address.ptr);
	people.roster.program = SLICE("\xff\xfe");
	buffer_init(&out, 0);
	roster_put_text(&out, &people.roster, ROSTER_REPORT_MEMBERS);
	buffer_char(&out, '\0');
	CU_ASSERT_EQUAL(strlen(out.ptr), out.len - 1);
	CU_ASSERT_EQUAL(occurrences(out.ptr, "\f"), 4);
	CU_ASSERT_EQUAL(occurrences(out.ptr, "NU\xef\xbf\xbd" "EZ, ANA  M X "), 1);
	CU_ASSERT_EQUAL(occurrences(out.ptr, " ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG\n"), 1);
	CU_ASSERT_EQUAL(occurrences(out.ptr, " HIJKLMNOPQRSTUVWXYZABCDEFGHIJKLM…\n"), 1);
	CU_ASSERT_TRUE(utf8_valid((struct slice){ out.ptr, out.len }));
	buffer_done(&out);
	make_pdf(&out, ROSTER_REPORT_MEMBERS);
	char *text = about_pdf(&out, "pdftotext -layout \"$PDF\" -");
	if (text != NULL)
		CU_ASSERT_EQUAL(occurrences(text, "EZ, ANA"), 2); /* and as head of household, whole */
	free(text);
	buffer_done(&out);
}

static void no_room(void)
{
	struct failure failure = { "" };
	struct buffer out;
	people_make(&people);
	buffer_init(&out, 1000);
	CU_ASSERT_FALSE(roster_put_pdf(&out, &people.roster, ROSTER_REPORT_MEMBERS, &failure));
	CU_ASSERT_STRING_EQUAL(failure.text, "could not draw a roster: memory is used up");
	buffer_reset(&out);
	roster_put_text(&out, &people.roster, ROSTER_REPORT_MEMBERS);
	CU_ASSERT_TRUE(out.failed);
	buffer_reset(&out);
	roster_put_csv(&out, &people.roster, ROSTER_REPORT_CHANGES);
	CU_ASSERT_TRUE(out.failed);
	buffer_done(&out);
}

static const struct unit_case cases[] = {
	{ "RST-1 RST-2 RST-3 RST-5: the text lists each PCP's clients, then the totals by fund", text_members },
	{ "RST-4 RST-11: the text of the changes leads from the month before to this one", text_changes },
	{ "RST-10: the CSV of the members keeps its columns", csv_members },
	{ "RST-10: the CSV of the changes keeps its columns", csv_changes },
	{ "RST-8 RST-9 RST-10: text pages are 132 by 60 and begin with a heading and a header row", text_pages },
	{ "RST-3 RST-5 RST-10: no page runs over and no row is lost, whatever the counts", text_page_ends },
	{ "CSV fields are quoted after RFC 4180 and formulas are defused", csv_fields },
	{ "RST-11: a roster whose counts or sums do not agree is told from one whose do", identity },
	{ "RST-1 RST-4: there are two reports, and the people here are invented with sound NPIs", report_numbers },
	{ "RST-7 RST-10: the PDF begins a page per PCP with a header row and says page x of y", pdf_pages },
	{ "RST-4 RST-7 RST-11: the PDF of the changes adds up", pdf_changes },
	{ "RST-7: the PDF is tagged, Letter, dated the day of the roster, and names nobody in its properties",
		pdf_properties },
	{ "RST-7: the same roster gives the same PDF bytes at any time", pdf_same_bytes },
	{ "RST-1: a practice without clients gets a roster that says so", empty_practice },
	{ "control characters, bytes that are not UTF-8 and words without end stay in their cell", rough_values },
	{ "a buffer without room fails once, with a sentence", no_room },
};

int main(void)
{
	return UNIT_RUN("roster", cases);
}
