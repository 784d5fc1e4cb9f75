/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What programs pay, as rows: each group names its program file, its PCPs, practices and
 * networks, then asks for months, differences, screenings.  tests/rules/README.md explains the words.
 */
#include "rules/rules.h"
#include "tests/unit/rows.h"
#include "tests/unit/unit.h"

#define ITEMS 12

static struct program *program;
static struct arena arena;
static struct pcp_facts pcps[ITEMS];
static struct affiliation affiliations[ITEMS][ITEMS];
static size_t pcp_count;
static struct practice_facts practices[ITEMS], networks[ITEMS];
static size_t practice_count, network_count;

struct person {
	struct member member;
	struct span spans[ITEMS];
	struct assignment assignments[ITEMS];
	size_t assignment_count;
	days visits[ITEMS];
	size_t visit_count;
};

static struct attribute_list attributes_read(const struct row *row)
{
	struct attribute *items = arena_alloc(&arena, ITEMS * sizeof(*items));
	struct attribute_list list = { items, 0 };
	struct slice value;
	CU_ASSERT_FATAL(items != NULL);
	for (; list.count < ITEMS && row_value(&value, row, "has", list.count); list.count++) {
		items[list.count] = (struct attribute){ .name = value_part(value, 0), .value = value_part(value, 1) };
		value_days(&items[list.count].begin, &items[list.count].end, value_part(value, 2));
	}
	return list;
}

static int64_t number_of(struct slice text)
{
	uint64_t number = 0;
	slice_number(&number, text);
	return (int64_t)number;
}

static void practice_read(const struct row *row)
{
	struct slice facts = row->facts;
	bool network = slice_is(row->verb, "network");
	struct practice_facts *out = network ? &networks[network_count++] : &practices[practice_count++];
	*out = (struct practice_facts){ .provider = { .id = number_of(slice_word(&facts)), .kind = row_text(row, "kind", "GROUP") } };
	snprintf(out->provider.npi, sizeof(out->provider.npi), "%010d", (int)out->provider.id);
	out->attributes = attributes_read(row);
}

static void pcp_read(const struct row *row)
{
	struct slice facts = row->facts, value, name = slice_word(&facts);
	struct pcp_facts *pcp = &pcps[pcp_count];
	*pcp = (struct pcp_facts){ .pcp = { .id = name.ptr[1] - '0', .medicaid_begin = 0, .medicaid_end = DAYS_OPEN, .contract_begin = 0,
					   .contract_end = DAYS_OPEN },
		.affiliations = affiliations[pcp_count], .practices = practices, .attributes = attributes_read(row) };
	for (; pcp->affiliation_count < ITEMS && row_value(&value, row, "group", pcp->affiliation_count); pcp->affiliation_count++) {
		struct affiliation *affiliation = &affiliations[pcp_count][pcp->affiliation_count];
		affiliation->pcp = pcp->pcp.id;
		affiliation->billing = number_of(value_part(value, 0));
		value_days(&affiliation->begin, &affiliation->end, value_part(value, 1));
	}
	pcp_count++;
}

static void person_read(struct person *person, const struct row *row)
{
	struct slice value;
	*person = (struct person){ .member = { .id = 1, .spans = person->spans, .born = row_day(row, "born", DAYS_NONE),
					   .died = row_day(row, "died", DAYS_NONE), .sex = row_text(row, "sex", "F") } };
	person->member.attributes = attributes_read(row);
	for (size_t i = 0; i < ITEMS && row_value(&value, row, "cover", i); i++) {
		struct span *span = &person->spans[person->member.span_count++];
		*span = (struct span){ .plan = value_part(value, 0), .aid_category = value_part(value, 2) };
		value_days(&span->begin, &span->end, value_part(value, 1));
	}
	for (size_t i = 0; i < ITEMS && row_value(&value, row, "assigned", i); i++) {
		struct assignment *assignment = &person->assignments[person->assignment_count++];
		assignment->pcp = value.ptr[1] - '0';
		value_days(&assignment->begin, &assignment->end, value_part(value, 1));
	}
	for (; person->visit_count < ITEMS && row_value(&value, row, "visit", person->visit_count); person->visit_count++)
		CU_ASSERT(days_parse_iso(&person->visits[person->visit_count], value));
	for (size_t i = 0; i < pcp_count; i++)
		pcps[i].practice_count = practice_count;
}

static struct ledger_member facts_of(const struct person *person)
{
	return (struct ledger_member){ .member = &person->member, .assignments = person->assignments,
		.assignment_count = person->assignment_count, .pcps = pcps, .pcp_count = pcp_count, .networks = networks,
		.network_count = network_count, .visits = person->visits, .visit_count = person->visit_count };
}

static size_t stream_of(struct slice name)
{
	size_t i = 0;
	while (i + 1 < program_stream_count(program) && !slice_is(name, program_stream(program, i)))
		i++;
	CU_ASSERT(slice_is(name, program_stream(program, i)));
	return i;
}

static void put_sum(struct buffer *out, int64_t billing, const char *fund, cents amount)
{
	buffer_number(out, billing);
	buffer_format(out, " %s ", fund);
	cents_put_plain(out, amount);
}

/* A month's lines, whoever is paid; else the reason. */
static void due_read(struct buffer *out, const struct row *row)
{
	struct person person;
	struct month_due due;
	person_read(&person, row);
	struct ledger_member facts = facts_of(&person);
	month_due(&due, program, stream_of(row_text(row, "stream", program_stream(program, 0))), &facts, row_month(row, "month", 0));
	for (size_t i = 0; i < due.count; i++) {
		buffer_text(out, i == 0 ? "" : " , ");
		put_sum(out, due.lines[i].billing, due.lines[i].fund, due.lines[i].amount);
	}
	if (due.count == 0)
		buffer_text(out, due.why == REASON_NONE ? "nothing" : reason_code(due.why));
}

static void delta_read(struct buffer *out, const struct row *row)
{
	struct person person;
	struct member_month posted[ITEMS];
	static struct posting postings[200];
	size_t posted_count = 0;
	struct slice value;
	person_read(&person, row);
	struct ledger_member facts = facts_of(&person);
	for (; posted_count < ITEMS && row_value(&value, row, "posted", posted_count); posted_count++) {
		struct member_month *line = &posted[posted_count];
		struct slice stream = value_part(value, 4);
		*line = (struct member_month){ .member = 1, .pcp = 1, .billing = number_of(value_part(value, 1)) };
		CU_ASSERT(month_parse_iso(&line->month, value_part(value, 0)) && cents_parse(&line->amount, value_part(value, 3)));
		slice_copy(line->fund, sizeof(line->fund), value_part(value, 2));
		slice_copy(line->stream, sizeof(line->stream), stream.len > 0 ? stream : slice_of(program_stream(program, 0)));
	}
	months now = row_month(row, "now", 0), first = row_month(row, "first", now - 1), last = row_month(row, "last", now - 1);
	CU_ASSERT_FATAL(ledger_room(program, posted_count, first, last) <= COUNT_OF(postings));
	size_t count = ledger_delta(postings, COUNT_OF(postings), program, &facts, posted, posted_count, first, last, now);
	for (size_t i = 0; i < count; i++) {
		buffer_text(out, i == 0 ? "" : " , ");
		month_put_iso(out, postings[i].month);
		buffer_format(out, strcmp(postings[i].stream, program_stream(program, 0)) == 0 ? "%s " : " %s ",
			strcmp(postings[i].stream, program_stream(program, 0)) == 0 ? "" : postings[i].stream);
		put_sum(out, postings[i].billing, postings[i].fund, postings[i].amount);
		buffer_format(out, " %s", reason_code(postings[i].reason));
	}
	if (count == 0)
		buffer_text(out, "nothing");
}

static void screening_read(struct buffer *out, const struct row *row)
{
	struct person person;
	struct slice name, attribute;
	days due;
	person_read(&person, row);
	struct ledger_member facts = facts_of(&person);
	size_t count = 0;
	for (; screening_due(&name, &attribute, &due, program, count, &facts, row_day(row, "day", 0)); count++)
		buffer_format(out, "%s%.*s due %s", count == 0 ? "" : " , ", SLICE_ARG(attribute), days_iso(due).text);
	if (count == 0)
		buffer_text(out, "none");
}

static void withhold_read(struct buffer *out, const struct row *row)
{
	cents amount = 0;
	size_t stream = stream_of(row_text(row, "stream", program_stream(program, 0)));
	months month = row_month(row, "month", 0);
	CU_ASSERT(cents_parse(&amount, row_text(row, "amount", "")));
	cents_put_plain(out, program_withhold(program, stream, month, amount));
	buffer_text(out, " released with ");
	month_put_iso(out, 2 * month - program_release_due(program, stream, month));
}

static void lump_read(struct buffer *out, const struct row *row)
{
	struct payee_posting posting;
	bool more = true, any = false;
	int64_t id = number_of(row_text(row, "to", ""));
	for (size_t p = 0; p < practice_count; p++)
		for (size_t i = 0; practices[p].provider.id == id && (i == 0 || more); i++) {
			if (!program_lump(&posting, &more, program, i, &practices[p], row_day(row, "day", 0)))
				continue;
			buffer_format(out, "%s%s ", any ? " , " : "", posting.stream);
			put_sum(out, posting.billing, posting.fund, posting.amount);
			any = true;
		}
	if (!any)
		buffer_text(out, "nothing");
}

/* Which month the cycle of a month pays, by stream. */
static void pays_read(struct buffer *out, const struct row *row)
{
	size_t stream = stream_of(row_text(row, "stream", program_stream(program, 0)));
	month_put_iso(out, program_stream_due(program, stream, row_month(row, "month", 0)));
}

static void cycle_read(struct buffer *out, const struct row *row)
{
	days day = program_cycle_day(program, row_month(row, "month", 0));
	days_put_iso(out, day);
	buffer_char(out, ' ');
	days_put_iso(out, program_payment_day(program, day));
}

static void program_take(struct slice name)
{
	char path[128];
	struct failure failure = { "" };
	bool own = name.len > 4 && slice_is((struct slice){ name.ptr, 4 }, "own-"); /* a program made for these rows only */
	snprintf(path, sizeof(path), own ? "tests/rules/%.*s.xml" : "rules/%.*s.xml", SLICE_ARG(name));
	program_free(program);
	program = program_read(path, &failure);
	if (program == NULL)
		printf("    %s\n", failure.text);
	CU_ASSERT_FATAL(program != NULL);
}

static void row_run(const struct row *row)
{
	static const struct {
		const char *verb;
		void (*read)(struct buffer *out, const struct row *row);
	} verbs[] = {
		{ "due", due_read },
		{ "delta", delta_read },
		{ "screening", screening_read },
		{ "withhold", withhold_read },
		{ "lump", lump_read },
		{ "pays", pays_read },
		{ "cycle", cycle_read },
	};
	if (row == NULL) {
		pcp_count = practice_count = network_count = 0;
		return;
	}
	struct slice facts = row->facts;
	if (slice_is(row->verb, "program"))
		program_take(slice_word(&facts));
	else if (slice_is(row->verb, "pcp"))
		pcp_read(row);
	else if (slice_is(row->verb, "practice") || slice_is(row->verb, "network"))
		practice_read(row);
	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		struct buffer text;
		if (!slice_is(row->verb, verbs[i].verb))
			continue;
		buffer_init(&text, 0);
		verbs[i].read(&text, row);
		buffer_char(&text, '\0');
		row_expect(row, text.ptr);
		buffer_done(&text);
	}
}

int main(void)
{
	static const char *const files[] = { "tests/rules/programs.txt", "tests/rules/money.txt" };
	arena_init(&arena, 0);
	int status = rows_run("money", files, COUNT_OF(files), row_run);
	program_free(program);
	arena_done(&arena);
	return status;
}
