/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Members who choose nobody, as rows: who gets which PCP, by which strategy
 * (tests/rules/cascade.txt; tests/rules/README.md explains the words of a row).
 */
#include "rules/rules.h"
#include "tests/unit/rows.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

#define PCPS 9
#define SOME 6
#define PEOPLE 9

struct person {
	struct member member;
	struct span spans[SOME];
	struct assignment assignments[SOME];
	struct visit visits[SOME];
	struct attribute attributes[SOME];
	struct request request;
	struct family_member facts;
	struct undecided undecided;
	struct row row;
};

static struct program *program;
static struct buffer program_text;
static bool program_is_stale = true;
static struct failure program_failure;
static struct arena arena;
static struct pcp_facts pcps[PCPS];
static struct affiliation affiliations[PCPS];
static struct attribute pcp_attributes[PCPS][SOME];
static int64_t has[PCPS];
static size_t pcp_count;
static struct person people[PEOPLE];
static size_t person_count;
static struct directory *directory; /* of a group of turns; else made for each family */
static days today;

/* ---------------------------------------------------------------- the program file */

static void program_take(const char *path)
{
	char chunk[4096];
	size_t got;
	FILE *in = fopen(path, "rb");
	buffer_reset(&program_text);
	while (in != NULL && (got = fread(chunk, 1, sizeof(chunk), in)) > 0)
		buffer_put(&program_text, chunk, got);
	if (in != NULL)
		fclose(in);
	program_is_stale = true;
}

/* "OLD => NEW": the first place of OLD in the program file says NEW from here on. */
static void program_edit(const struct row *row)
{
	struct slice facts = slice_trim(row->facts);
	const char *arrow = memmem(facts.ptr, facts.len, " => ", 4);
	CU_ASSERT_FATAL(arrow != NULL);
	struct slice old = { facts.ptr, (size_t)(arrow - facts.ptr) };
	const char *end = facts.ptr + facts.len, *place = memmem(program_text.ptr, program_text.len, old.ptr, old.len);
	CU_assertImplementation(place != NULL ? CU_TRUE : CU_FALSE, row->line, "OLD is in the program file", row->file, "", CU_TRUE);
	struct buffer changed;
	buffer_init(&changed, 0);
	buffer_put(&changed, program_text.ptr, (size_t)(place - program_text.ptr));
	buffer_put(&changed, arrow + 4, (size_t)(end - (arrow + 4)));
	buffer_put(&changed, place + old.len, (size_t)(program_text.ptr + program_text.len - (place + old.len)));
	buffer_done(&program_text);
	program_text = changed;
	program_is_stale = true;
}

static void program_fresh(void)
{
	char made[] = "/tmp/pccm-cascade-XXXXXX.xml";
	if (!program_is_stale)
		return;
	program_free(program);
	program_failure = (struct failure){ "" };
	int fd = mkstemps(made, 4);
	CU_ASSERT_FATAL(fd >= 0 && write(fd, program_text.ptr, program_text.len) == (ssize_t)program_text.len);
	close(fd);
	program = program_read(made, &program_failure);
	unlink(made);
	program_is_stale = false;
}

/* ---------------------------------------------------------------- PCPs and people */

static struct slice npi_name(struct slice name) /* P1 … P9 */
{
	char npi[] = "1000000000";
	npi[9] = name.len == 2 ? name.ptr[1] : '0';
	return arena_slice(&arena, slice_of(npi));
}

static int64_t pcp_number(struct slice name)
{
	return name.len == 2 ? name.ptr[1] - '0' : 0;
}

static void attribute_read(struct attribute_list *list, struct attribute *items, const struct row *row, const char *key, const char *name)
{
	struct slice value;
	if (!row_value(&value, row, key, 0))
		return;
	items[list->count++] = (struct attribute){ .name = slice_of(name), .value = value, .begin = DAYS_FIRST, .end = DAYS_OPEN };
	list->items = items;
}

static uint64_t number_of(const struct row *row, const char *key)
{
	uint64_t number = 0;
	slice_number(&number, row_text(row, key, "0"));
	return number;
}

static void pcp_read(const struct row *row)
{
	struct slice facts = row->facts, name = slice_word(&facts);
	struct pcp_facts *facts_of = &pcps[pcp_count];
	struct pcp *self = &facts_of->pcp;
	*facts_of = (struct pcp_facts){ .affiliations = &affiliations[pcp_count], .affiliation_count = 1 };
	self->id = pcp_number(name);
	slice_copy(self->npi, sizeof(self->npi), npi_name(name));
	self->last = SLICE("DOE");
	self->first = SLICE("JO");
	self->town = row_text(row, "town", "Apex");
	value_days(&self->medicaid_begin, &self->medicaid_end, row_text(row, "medicaid", "2009-01-01..open"));
	value_days(&self->contract_begin, &self->contract_end, row_text(row, "contract", "2009-01-01..open"));
	self->panel_limit = (int64_t)number_of(row, "limit");
	has[pcp_count] = (int64_t)number_of(row, "has");
	affiliations[pcp_count] = (struct affiliation){ self->id, 1, self->medicaid_begin, DAYS_OPEN };
	attribute_read(&facts_of->attributes, pcp_attributes[pcp_count], row, "languages", "languages");
	attribute_read(&facts_of->attributes, pcp_attributes[pcp_count], row, "capabilities", "capabilities");
	attribute_read(&facts_of->attributes, pcp_attributes[pcp_count], row, "zip", "zip");
	attribute_read(&facts_of->attributes, pcp_attributes[pcp_count], row, "county", "county");
	pcp_count++;
}

static void person_lists(struct person *person, const struct row *row)
{
	struct slice value;
	for (size_t i = 0; i < SOME; i++) {
		if (!row_value(&value, row, "cover", i)) {
			if (i > 0)
				break;
			value = SLICE("MEDICAID:2009-01-01..open:AF");
		}
		struct span *span = &person->spans[person->member.span_count++];
		*span = (struct span){ .plan = value_part(value, 0), .aid_category = value_part(value, 2) };
		value_days(&span->begin, &span->end, value_part(value, 1));
	}
	for (size_t i = 0; i < SOME && row_value(&value, row, "assigned", i); i++) {
		struct assignment *assignment = &person->assignments[person->facts.assignment_count++];
		assignment->pcp = pcp_number(value_part(value, 0));
		value_days(&assignment->begin, &assignment->end, value_part(value, 1));
	}
	for (size_t i = 0; i < SOME && row_value(&value, row, "visit", i); i++) {
		struct visit *visit = &person->visits[person->undecided.visit_count++];
		slice_copy(visit->npi, sizeof(visit->npi), npi_name(value_part(value, 0)));
		CU_ASSERT(days_parse_iso(&visit->day, value_part(value, 1)));
		visit->source = SLICE("visits.csv:2");
	}
}

static void person_read(const struct row *row)
{
	struct person *person = &people[person_count++];
	struct slice value;
	*person = (struct person){ .row = *row };
	struct member *member = &person->member;
	member->id = (int64_t)person_count;
	member->medicaid_id = arena_slice(&arena, (struct slice){ "123456789" + person_count - 1, 1 });
	member->died = row_day(row, "died", DAYS_NONE);
	member->born = DAYS_NONE;
	member->home.city = row_text(row, "town", "Apex");
	member->home.state = row_text(row, "state", "NC");
	member->home.zip = row_text(row, "zip", "");
	member->home.county = row_text(row, "county", "");
	member->language = row_text(row, "speaks", "");
	member->merged_into = row_value(&value, row, "merged", 0) ? 99 : 0;
	member->spans = person->spans;
	attribute_read(&member->attributes, person->attributes, row, "needs", "special-needs");
	person->undecided.told = row_day(row, "told", DAYS_NONE);
	person->undecided.told_since = row_day(row, "since", person->undecided.told == DAYS_NONE ? DAYS_NONE : DAYS_LAST);
	person_lists(person, row);
	if (row_value(&value, row, "ask", 0))
		person->request.state = REQUEST_PENDING;
}

/* ---------------------------------------------------------------- what comes out */

static void put_choice(struct buffer *out, const struct person *person)
{
	days ends;
	enum choice choice = choice_of(&ends, program, &person->facts, person->undecided.told, person->undecided.told_since, today);
	if (choice == CHOICE_NONE)
		buffer_text(out, "-");
	else if (choice == CHOICE_OVER)
		buffer_text(out, "is over, and nothing is proposed");
	else if (ends == DAYS_NONE)
		buffer_text(out, "waits for a notice");
	else
		buffer_format(out, "may choose until %s", days_iso(ends).text);
}

static void put_proposal(struct buffer *out, const struct proposal *proposal, bool turn)
{
	if (proposal->npi[0] == '\0') {
		buffer_text(out, "nobody");
	} else if (turn) {
		buffer_format(out, "P%c", proposal->npi[9]);
	} else {
		const struct step *last = &proposal->steps[proposal->step_count - 1];
		buffer_format(out, "%.*s P%c %s", SLICE_ARG(proposal->source), proposal->npi[9], last->rule);
		CU_ASSERT(last->passed && last->fact.len > 0);
	}
	for (size_t i = 0; i + 1 < proposal->step_count; i++) /* every strategy that was tried says why it named nobody */
		CU_ASSERT(!proposal->steps[i].passed && proposal->steps[i].fact.len > 0 && proposal->steps[i].reason == REASON_NO_CANDIDATE);
}

static void family_propose(bool backwards, bool turn)
{
	static struct family_member members[PEOPLE];
	static struct undecided undecided[PEOPLE];
	static struct proposal proposals[PEOPLE];
	struct failure failure = { "" };
	size_t count;
	for (size_t i = 0; i < person_count; i++) {
		struct person *person = &people[backwards ? person_count - 1 - i : i];
		person->facts.member = &person->member;
		person->facts.assignments = person->assignments;
		person->facts.request = person->request.state == REQUEST_PENDING ? &person->request : NULL;
		person->undecided.visits = person->visits;
		members[i] = person->facts;
		undecided[i] = person->undecided;
	}
	struct family family = { members, person_count, false, pcps, pcp_count };
	if (directory == NULL)
		directory = directory_new(program, pcps, has, pcp_count, today, &failure);
	CU_ASSERT_FATAL(directory != NULL);
	CU_ASSERT(cascade_family(proposals, &count, &arena, program, &family, directory, undecided, today));
	if (!turn) {
		directory_free(directory);
		directory = NULL;
	}
	for (size_t i = 0; i < person_count; i++) {
		struct person *person = &people[backwards ? person_count - 1 - i : i];
		struct buffer text;
		buffer_init(&text, 0);
		for (size_t p = 0; p < count; p++)
			if (proposals[p].member == i)
				put_proposal(&text, &proposals[p], turn);
		if (text.len == 0)
			put_choice(&text, person);
		buffer_char(&text, '\0');
		row_expect(&person->row, text.ptr);
		buffer_done(&text);
	}
}

static void family_flush(void)
{
	if (person_count > 0) {
		family_propose(false, false);
		family_propose(true, false); /* the order of a family's members must not matter */
	}
	person_count = 0;
}

/* An assignment whose coverage was away; one that ended with it, when it is back. */
static void gap_read(const struct row *row)
{
	struct buffer text;
	days day;
	person_read(row);
	struct person *person = &people[0];
	const struct assignment *assignment = &person->assignments[0];
	buffer_init(&text, 0);
	if (slice_is(row->verb, "returns"))
		buffer_format(&text, "%s", assignment_returns(&day, program, &person->member, assignment) ? days_iso(day).text : "no");
	else
		buffer_format(&text, "%s", assignment_lapses(&day, program, &person->member, assignment, today) ? days_iso(day).text : "goes on");
	buffer_char(&text, '\0');
	row_expect(row, text.ptr);
	buffer_done(&text);
	person_count = 0;
}

static void row_run(const struct row *row)
{
	if (row == NULL || !slice_is(row->verb, "and"))
		family_flush();
	if (row == NULL) {
		directory_free(directory);
		directory = NULL;
		pcp_count = 0;
		return;
	}
	struct slice facts = row->facts;
	if (slice_is(row->verb, "program")) {
		program_take(arena_slice(&arena, slice_word(&facts)).ptr);
		return;
	}
	if (slice_is(row->verb, "edit")) {
		program_edit(row);
		return;
	}
	program_fresh();
	if (slice_is(row->verb, "refused")) {
		const char *said = strstr(program_failure.text, ".xml:");
		row_expect(row, said == NULL ? program_failure.text : strchr(said + 5, ' ') + 1);
		program_take("tests/rules/cascade.xml");
		return;
	}
	if (program == NULL)
		printf("    %s:%u: %s\n", row->file, row->line, program_failure.text);
	CU_ASSERT_FATAL(program != NULL);
	if (slice_is(row->verb, "today")) {
		CU_ASSERT(days_parse_iso(&today, slice_word(&facts)));
	} else if (slice_is(row->verb, "pcp")) {
		CU_ASSERT_FATAL(pcp_count < PCPS);
		pcp_read(row);
	} else if (slice_is(row->verb, "turn")) { /* one after the other, of one run */
		person_read(row);
		family_propose(false, true);
		person_count = 0;
	} else if (slice_is(row->verb, "lapses") || slice_is(row->verb, "returns")) {
		gap_read(row);
	} else {
		CU_assertImplementation(slice_is(row->verb, "member") || slice_is(row->verb, "and"), row->line, "a verb of the row language", row->file,
			"", CU_TRUE);
		CU_ASSERT_FATAL(person_count < PEOPLE);
		person_read(row);
	}
}

int main(void)
{
	static const char *const files[] = { "tests/rules/cascade.txt" };
	arena_init(&arena, 0);
	buffer_init(&program_text, 0);
	int status = rows_run("cascade", files, COUNT_OF(files), row_run);
	program_free(program);
	buffer_done(&program_text);
	arena_done(&arena);
	return status;
}
