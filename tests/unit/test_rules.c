/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rules of rules/husky-primary-care.xml as rows: who is accepted, what a month is worth,
 * what changes afterwards, when.  tests/rules/README.md explains the words of a row.
 */
#include "rules/rules.h"
#include "tests/unit/rows.h"
#include "tests/unit/unit.h"

#include <unistd.h>

#define SHIPPED "rules/husky-primary-care.xml"

#define PCPS 9
#define SPANS 6
#define MEMBERS 70

struct person { /* one member row with room for what it points to */
	struct member member;
	struct span spans[SPANS];
	struct assignment assignments[SPANS];
	size_t assignment_count;
	struct request request;
	bool asks;
	struct row row;
};

static struct program *program;
static struct arena arena;
static struct pcp_facts pcps[PCPS];
static struct affiliation affiliations[PCPS][SPANS];
static struct pcp befores[PCPS][SPANS];
static struct practice_facts practices[PCPS][SPANS];
static struct panel panels[PCPS][2]; /* of the PCP, of its practices */
static size_t pcp_count;
static struct person people[MEMBERS];
static size_t person_count;
static days today;
static bool too_large;

static struct buffer program_text; /* of the file that the group's rows are about, with its edits */
static bool program_is_stale;
static struct failure program_failure;

static void program_take(const char *path)
{
	char chunk[4096];
	size_t got;
	FILE *in = fopen(path, "rb");
	buffer_reset(&program_text);
	while (in != NULL && (got = fread(chunk, 1, sizeof(chunk), in)) > 0)
		buffer_put(&program_text, chunk, got);
	if (in != NULL) /* without it, or empty, program_read complains */
		fclose(in);
	program_is_stale = true;
}

/* "OLD => NEW": the first place of OLD in the program file says NEW from here on. */
static void program_edit(const struct row *row)
{
	struct buffer text;
	buffer_init(&text, 0);
	buffer_slice(&text, slice_trim(row->facts));
	buffer_char(&text, '\0');
	buffer_char(&program_text, '\0');
	program_text.len--;
	char *arrow = strstr(text.ptr, " => "), *place = NULL;
	if (arrow != NULL) {
		*arrow = '\0';
		place = strstr(program_text.ptr, text.ptr);
	}
	CU_assertImplementation(place != NULL ? CU_TRUE : CU_FALSE, row->line, "OLD => NEW, and OLD is in the program file",
		row->file, "", CU_FALSE);
	if (place != NULL) {
		struct buffer changed;
		buffer_init(&changed, 0);
		buffer_put(&changed, program_text.ptr, (size_t)(place - program_text.ptr));
		buffer_slice(&changed, slice_trim(slice_of(arrow + 4)));
		buffer_text(&changed, place + strlen(text.ptr));
		buffer_done(&program_text);
		program_text = changed;
	}
	buffer_done(&text);
	program_is_stale = true;
}

/* Read what the rows made of the file; NULL and a failure if it is refused. */
static void program_fresh(void)
{
	char made[64];
	if (!program_is_stale)
		return;
	program_free(program);
	/* beside the tables that a program may name */
	snprintf(made, sizeof(made), "tests/rules/.pccm-rules-%d.xml", (int)getpid());
	program_failure.text[0] = '\0';
	CU_ASSERT_FATAL(file_write_whole(made, buffer_view(&program_text), NULL));
	program = program_read(made, &program_failure);
	unlink(made);
	program_is_stale = false;
}

static struct slice npi_name(struct slice name) /* P1 … P9 */
{
	struct buffer text;
	buffer_init(&text, 0);
	buffer_text(&text, "100000000");
	buffer_char(&text, name.len == 2 ? name.ptr[1] : '0');
	struct slice npi = arena_slice(&arena, buffer_view(&text));
	buffer_done(&text);
	return npi;
}

static int64_t pcp_number(struct slice name)
{
	return name.len == 2 ? name.ptr[1] - '0' : 0;
}

/* NAME:VALUE:A..B, ordered as the store gives them. */
static struct attribute_list attributes_read(const struct row *row, const char *key)
{
	struct attribute *items = arena_alloc(&arena, 2 * SPANS * sizeof(*items));
	struct attribute_list list = { items, 0 };
	struct slice value;
	for (; list.count < 2 * SPANS && row_value(&value, row, key, list.count); list.count++) {
		struct attribute one = { .name = value_part(value, 0), .value = value_part(value, 1) };
		struct slice dates = value_part(value, 2);
		value_days(&one.begin, &one.end, dates.len > 0 ? dates : SLICE("2009-01-01..open"));
		size_t at = list.count;
		for (; at > 0 && slice_compare(items[at - 1].name, one.name) > 0; at--)
			items[at] = items[at - 1];
		items[at] = one;
	}
	return list;
}

/* MEMBERS:A..B */
static void panel_read(struct panel *panel, const struct row *row, const char *key)
{
	struct slice value;
	*panel = (struct panel){ 0 };
	for (size_t i = 0; row_value(&value, row, key, i); i++) {
		uint64_t members = 0;
		days begin, end;
		struct slice dates = value_part(value, 1);
		CU_ASSERT(slice_number(&members, value_part(value, 0)));
		value_days(&begin, &end, dates.len > 0 ? dates : SLICE("2009-01-01..open"));
		CU_ASSERT(panel_add(&arena, panel, begin, end, (int64_t)members));
	}
}

static void practices_read(struct pcp_facts *pcp, const struct row *row)
{
	struct practice_facts *list = practices[pcp_count];
	pcp->practices = list;
	panel_read(&panels[pcp_count][0], row, "has");
	panel_read(&panels[pcp_count][1], row, "group-has");
	pcp->panel = &panels[pcp_count][0];
	for (size_t i = 0; i < pcp->affiliation_count; i++) {
		size_t at = 0;
		while (at < pcp->practice_count && list[at].provider.id != pcp->affiliations[i].billing)
			at++;
		if (at < pcp->practice_count)
			continue;
		list[pcp->practice_count++] = (struct practice_facts){ .provider = { .id = pcp->affiliations[i].billing,
				.zip = row_text(row, "group-zip", "") },
			.attributes = attributes_read(row, "group-is"), .panel = &panels[pcp_count][1] };
	}
}

static void pcp_read(const struct row *row)
{
	struct slice facts = row->facts, name = slice_word(&facts), value;
	struct pcp_facts *pcp = &pcps[pcp_count];
	struct pcp *self = &pcp->pcp;
	*pcp = (struct pcp_facts){ .affiliations = affiliations[pcp_count] };
	self->id = pcp_number(name);
	slice_copy(self->npi, sizeof(self->npi), npi_name(name));
	self->town = row_text(row, "town", "Waterbury");
	self->specialty = row_text(row, "specialty", "");
	self->credential = row_text(row, "credential", "");
	pcp->attributes = attributes_read(row, "is");
	uint64_t panel_limit = 0;
	slice_number(&panel_limit, row_text(row, "limit", "0"));
	self->panel_limit = (int64_t)panel_limit;
	value_days(&self->medicaid_begin, &self->medicaid_end, row_text(row, "medicaid", "2009-01-01..open"));
	value_days(&self->contract_begin, &self->contract_end, row_text(row, "contract", "2009-01-01..open"));
	pcp->before = befores[pcp_count];
	for (; pcp->before_count < SPANS && row_value(&value, row, "before", pcp->before_count); pcp->before_count++) {
		struct pcp *before = &befores[pcp_count][pcp->before_count]; /* MEDICAID:CONTRACT of an earlier row, newest first */
		value_days(&before->medicaid_begin, &before->medicaid_end, value_part(value, 0));
		value_days(&before->contract_begin, &before->contract_end, value_part(value, 1));
	}
	for (size_t i = 0; i < SPANS && row_value(&value, row, "group", i); i++) {
		uint64_t billing = 0;
		struct affiliation *affiliation = &affiliations[pcp_count][i];
		slice_number(&billing, value_part(value, 0));
		affiliation->pcp = self->id;
		affiliation->billing = (int64_t)billing;
		value_days(&affiliation->begin, &affiliation->end, value_part(value, 1));
		if (billing != 0)
			pcp->affiliation_count++;
	}
	if (!row_value(&value, row, "group", 0)) {
		affiliations[pcp_count][0] = (struct affiliation){ self->id, 1, self->medicaid_begin, DAYS_OPEN };
		pcp->affiliation_count = 1;
	}
	practices_read(pcp, row);
	pcp_count++;
}

static void person_spans(struct person *person, const struct row *row)
{
	struct slice value;
	person->member.spans = person->spans;
	for (size_t i = 0; i < SPANS; i++) {
		if (!row_value(&value, row, "cover", i)) {
			if (i > 0)
				break;
			value = SLICE("HUSKY A:2009-01-01..open:F07");
		}
		struct span *span = &person->spans[i];
		*span = (struct span){ .plan = value_part(value, 0), .aid_category = value_part(value, 2),
			.payment_category = value_part(value, 3) };
		value_days(&span->begin, &span->end, value_part(value, 1));
		if (!slice_is(span->plan, "none"))
			person->member.span_count++;
	}
	for (size_t i = 0; i < SPANS && row_value(&value, row, "assigned", i); i++) {
		struct assignment *assignment = &person->assignments[person->assignment_count++];
		assignment->pcp = pcp_number(value_part(value, 0));
		value_days(&assignment->begin, &assignment->end, value_part(value, 1));
		assignment->processed = DAYS_NONE;
		if (value_part(value, 2).len > 0)
			CU_ASSERT(days_parse_iso(&assignment->processed, value_part(value, 2)));
	}
}

static struct person *person_read(const struct row *row)
{
	struct person *person = &people[person_count++];
	struct slice value;
	*person = (struct person){ .row = *row };
	struct member *member = &person->member;
	member->id = (int64_t)person_count;
	member->born = row_day(row, "born", DAYS_NONE);
	member->died = row_day(row, "died", DAYS_NONE);
	member->recorded = today;
	member->home.city = row_text(row, "town", "Waterbury");
	member->home.state = row_text(row, "state", "CT");
	member->home.town_code = row_text(row, "code", "");
	member->home.county = row_text(row, "county", "");
	member->home.zip = row_text(row, "zip", "");
	member->sex = row_text(row, "sex", "");
	member->language = row_text(row, "language", "");
	member->attributes = attributes_read(row, "is");
	member->merged_into = row_value(&value, row, "merged", 0) ? 99 : 0;
	person_spans(person, row);
	if (row_value(&value, row, "ask", 0)) {
		person->asks = true;
		person->request = (struct request){ .id = member->id, .member = member->id, .state = REQUEST_PENDING,
			.processed = row_day(row, "processed", today), .asked_from = row_day(row, "from", DAYS_NONE),
			.source = row_text(row, "source", ""), .cause = row_text(row, "cause", ""),
			.relationship = value_part(value, 1), .reason = row_text(row, "waited", "") };
		slice_copy(person->request.npi, sizeof(person->request.npi), npi_name(value_part(value, 0)));
	}
	return person;
}

/* ---------------------------------------------------------------- families */

static void put_verdict(struct buffer *out, const struct decision *decision)
{
	if (decision->state == REQUEST_ACCEPTED) {
		buffer_text(out, "ACCEPTED ");
		days_put_iso(out, decision->effective);
		buffer_text(out, decision->exception ? " exception" : "");
		return;
	}
	buffer_text(out,
		decision->state == REQUEST_PENDING           ? "PENDING "
			: decision->state == REQUEST_EXPIRED ? "EXPIRED "
							     : "REFUSED ");
	buffer_text(out, reason_code(decision->reason));
}

/* What holds of every verdict: a trace that ends where the verdict was made, each step with its requirement. */
static void check_trace(const struct decision *decision)
{
	CU_ASSERT(decision->step_count > 0 && decision->step_count <= STEPS_MAX);
	for (size_t i = 0; i < decision->step_count; i++) {
		const struct step *step = &decision->steps[i];
		CU_ASSERT(step->rule != NULL && step->requirement != NULL && step->requirement[0] != '\0' &&
			step->fact.len > 0);
		CU_ASSERT(step->passed == (step->reason == REASON_NONE));
		CU_ASSERT(step->passed || i + 1 == decision->step_count || decision->state == REQUEST_EXPIRED);
	}
	bool last_passed = decision->steps[decision->step_count - 1].passed;
	CU_ASSERT(last_passed == (decision->state == REQUEST_ACCEPTED));
}

static void family_judge(bool backwards)
{
	static struct family_member members[MEMBERS];
	static struct decision decisions[MEMBERS];
	size_t kept = person_count < LIMIT_FAMILY ? person_count : LIMIT_FAMILY;
	for (size_t i = 0; i < kept; i++) {
		const struct person *person = &people[backwards ? kept - 1 - i : i];
		members[i] = (struct family_member){ &person->member, person->assignments, person->assignment_count,
			person->asks ? &person->request : NULL };
	}
	struct family family = { members, kept, too_large, pcps, pcp_count };
	size_t count = assign_family(decisions, &arena, program, &family, today);
	for (size_t i = 0; i < kept; i++) {
		struct buffer text;
		buffer_init(&text, 0);
		for (size_t j = 0; j < count; j++)
			if (decisions[j].member == people[i].member.id) {
				put_verdict(&text, &decisions[j]);
				check_trace(&decisions[j]);
			}
		if (text.len == 0)
			buffer_text(&text, "-");
		buffer_char(&text, '\0');
		row_expect(&people[i].row, text.ptr);
		buffer_done(&text);
	}
}

static void family_flush(void)
{
	if (person_count > 0) {
		family_judge(false);
		family_judge(true); /* the order of a family's members must not matter */
	}
	person_count = 0;
	too_large = false;
}

/* ---------------------------------------------------------------- months */

static void put_month(struct buffer *out, months month, int64_t billing, const char *fund, cents amount)
{
	if (month != MONTHS_NONE) {
		month_put_iso(out, month);
		buffer_char(out, ' ');
	}
	buffer_number(out, billing);
	buffer_char(out, ' ');
	buffer_text(out, fund);
	buffer_char(out, ' ');
	cents_put_plain(out, amount);
}

static struct ledger_member facts_of(const struct person *person)
{
	return (struct ledger_member){ .member = &person->member, .assignments = person->assignments,
		.assignment_count = person->assignment_count, .pcps = pcps, .pcp_count = pcp_count };
}

static void month_read(struct buffer *out, const struct row *row)
{
	struct ledger_member facts = facts_of(person_read(row));
	struct member_month entitled;
	enum reason why;
	if (month_entitled(&entitled, &why, program, &facts, row_month(row, "month", 0)))
		put_month(out, MONTHS_NONE, entitled.billing, entitled.fund, entitled.amount);
	else
		buffer_text(out, reason_code(why));
}

static void delta_read(struct buffer *out, const struct row *row)
{
	struct ledger_member facts = facts_of(person_read(row));
	struct member_month posted[12];
	struct posting postings[24];
	size_t posted_count = 0;
	struct slice value;
	for (; posted_count < COUNT_OF(posted) && row_value(&value, row, "posted", posted_count); posted_count++) {
		struct member_month *line = &posted[posted_count];
		uint64_t billing = 0;
		*line = (struct member_month){ .member = 1, .stream = "fee", .pcp = 1 };
		CU_ASSERT(month_parse_iso(&line->month, value_part(value, 0)) &&
			slice_number(&billing, value_part(value, 1)));
		line->billing = (int64_t)billing;
		slice_copy(line->fund, sizeof(line->fund), value_part(value, 2));
		CU_ASSERT(cents_parse(&line->amount, value_part(value, 3)));
	}
	months now = row_month(row, "now", 0);
	size_t count = ledger_delta(postings, COUNT_OF(postings), program, &facts, posted, posted_count,
		row_month(row, "first", now - 1), row_month(row, "last", now - 1), now);
	for (size_t i = 0; i < count; i++) {
		buffer_text(out, i == 0 ? "" : " , ");
		put_month(out, postings[i].month, postings[i].billing, postings[i].fund, postings[i].amount);
		buffer_char(out, ' ');
		buffer_text(out, reason_code(postings[i].reason));
		CU_ASSERT(postings[i].kind == POSTING_RETRO);
	}
	if (count == 0)
		buffer_text(out, "nothing");
}

static void ends_read(struct buffer *out, const struct row *row)
{
	const struct person *person = person_read(row);
	days last;
	enum reason why;
	const struct pcp_facts *pcp = NULL;
	for (size_t i = 0; i < pcp_count; i++)
		if (pcps[i].pcp.id == person->assignments[0].pcp)
			pcp = &pcps[i];
	CU_ASSERT_FATAL(pcp != NULL);
	if (!assignment_ends(&last, &why, program, &person->assignments[0], pcp, today)) {
		buffer_text(out, "stays");
		return;
	}
	days_put_iso(out, last);
	buffer_char(out, ' ');
	buffer_text(out, reason_code(why));
}

/* When the member's assignment ends because of the class that the member came into. */
static void leaves_read(struct buffer *out, const struct row *row)
{
	const struct person *person = person_read(row);
	days last;
	enum reason why;
	if (!assignment_excluded(&last, &why, program, &person->member, &person->assignments[0], today)) {
		buffer_text(out, "stays");
		return;
	}
	days_put_iso(out, last);
	buffer_char(out, ' ');
	buffer_text(out, reason_code(why));
}

static void miles_read(struct buffer *out, const struct row *row)
{
	int64_t millimiles;
	if (program_distance(&millimiles, program, row_text(row, "from", ""), row_text(row, "to", "")))
		buffer_format(out, "%lld.%lld", (long long)(millimiles / 1000), (long long)(millimiles % 1000 / 100));
	else
		buffer_text(out, "not known");
}

/* When a member may change the PCP. */
static void may_read(struct buffer *out, const struct row *row)
{
	const struct person *person = person_read(row);
	days day = row_day(row, "processed", today);
	days next = change_allowed_from(program, &person->assignments[0], person->assignments[0].begin, day);
	if (next == day)
		buffer_text(out, "now");
	else
		days_put_iso(out, next);
}

/* ---------------------------------------------------------------- calendar, towns */

static void calendar_read(struct buffer *out, const struct row *row)
{
	days day = row_day(row, "day", DAYS_NONE);
	months month = row_month(row, "month", 0);
	if (slice_is(row->verb, "cutoff"))
		days_put_iso(out, program_cutoff(program, month));
	else if (slice_is(row->verb, "effective"))
		days_put_iso(out, program_effective(program, day));
	else if (slice_is(row->verb, "cycle"))
		days_put_iso(out, program_cycle_day(program, month));
	else if (slice_is(row->verb, "payday"))
		days_put_iso(out, program_payment_day(program, day));
	else if (slice_is(row->verb, "fee"))
		cents_put_plain(out, program_fee(program, month));
	else
		month_put_iso(
			out, program_oldest_open(program, month, slice_is(row_text(row, "of", ""), "recoupment")));
}

static void town_read(struct buffer *out, const struct row *row)
{
	const struct member *member = &person_read(row)->member;
	const char *town = program_town(program, &member->home);
	struct answer_contact contact;
	if (slice_is(row->verb, "broker")) {
		CU_ASSERT(program_broker(&contact, program, &member->home));
		buffer_slice(out, contact.name);
		buffer_char(out, ' ');
		buffer_slice(out, contact.phone);
		return;
	}
	buffer_text(out, town == NULL ? "none" : town);
	if (town != NULL) {
		buffer_char(out, ' ');
		days_put_iso(out, program_town_opens(program, town));
	}
}

/* ---------------------------------------------------------------- the verbs */

/* Verbs that change or judge the program file; true: this was one. */
static bool program_verb(const struct row *row)
{
	struct slice facts = row->facts;
	if (slice_is(row->verb, "program")) {
		program_take(arena_slice(&arena, slice_word(&facts)).ptr);
		return true;
	}
	if (slice_is(row->verb, "edit")) {
		program_edit(row);
		return true;
	}
	program_fresh();
	if (slice_is(row->verb, "refused")) {
		const char *said = strstr(program_failure.text, ".xml:");
		row_expect(row, said == NULL ? program_failure.text : strchr(said + 5, ' ') + 1);
		program_take(SHIPPED);
		return true;
	}
	if (program == NULL) {
		printf("    %s:%u: %s\n", row->file, row->line, program_failure.text);
		program_take(SHIPPED);
	}
	CU_ASSERT_FATAL(program != NULL);
	return false;
}

static void row_run(const struct row *row)
{
	static const struct {
		const char *verb;
		void (*read)(struct buffer *out, const struct row *row);
	} verbs[] = {
		{ "month", month_read },
		{ "delta", delta_read },
		{ "ends", ends_read },
		{ "leaves", leaves_read },
		{ "may", may_read },
		{ "miles", miles_read },
		{ "cutoff", calendar_read },
		{ "effective", calendar_read },
		{ "cycle", calendar_read },
		{ "payday", calendar_read },
		{ "fee", calendar_read },
		{ "oldest", calendar_read },
		{ "town", town_read },
		{ "broker", town_read },
	};
	if (row == NULL || !slice_is(row->verb, "and"))
		family_flush();
	if (row == NULL) {
		pcp_count = 0;
		today = DAYS_NONE;
		program_take(SHIPPED);
		return;
	}
	if (program_verb(row))
		return;
	struct slice facts = row->facts;
	if (slice_is(row->verb, "today")) {
		CU_ASSERT(days_parse_iso(&today, slice_word(&facts)));
	} else if (slice_is(row->verb, "pcp")) {
		CU_ASSERT_FATAL(pcp_count < PCPS);
		pcp_read(row);
	} else if (slice_is(row->verb, "member") || slice_is(row->verb, "and")) {
		CU_ASSERT_FATAL(person_count < MEMBERS);
		person_read(row);
	} else if (slice_is(row->verb, "crowd")) { /* a case past the limit, as the store hands it over */
		too_large = true;
		person_read(row);
	} else {
		struct buffer text;
		size_t i = 0;
		while (i < COUNT_OF(verbs) && !slice_is(row->verb, verbs[i].verb))
			i++;
		CU_assertImplementation(
			i < COUNT_OF(verbs), row->line, "a verb of the row language", row->file, "", CU_FALSE);
		if (i == COUNT_OF(verbs))
			return;
		buffer_init(&text, 0);
		verbs[i].read(&text, row);
		buffer_char(&text, '\0');
		row_expect(row, text.ptr);
		buffer_done(&text);
		person_count = 0;
	}
}

int main(void)
{
	static const char *const files[] = {
		"tests/rules/enrolment.txt",
		"tests/rules/providers.txt",
		"tests/rules/calendar.txt",
		"tests/rules/fees.txt",
		"tests/rules/retro.txt",
		"tests/rules/effective.txt",
		"tests/rules/panels.txt",
		"tests/rules/population.txt",
		"tests/rules/departures.txt",
		"tests/rules/states.txt",
	};
	arena_init(&arena, 0);
	buffer_init(&program_text, 0);
	program_take(SHIPPED);
	int status = rows_run("rules", files, COUNT_OF(files), row_run);
	program_free(program);
	buffer_done(&program_text);
	arena_done(&arena);
	return status;
}
