/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * roster: the frozen lines of a month become ELG-0401 and ELG-0402, one Primary
 * Manager at a time.  Members, PCPs and practices are printed as they were known when
 * the month was frozen, so that a roster printed again is the same (BAD-11).
 *
 * ELG-0402 is the difference between two frozen months, per PCP: a member who went
 * from one PCP of the practice to another is disenrolled at one and added at the
 * other (RST-11).
 */
#include "exchange/roster.h"

#include <pthread.h>

struct practice { /* what is gathered of one Primary Manager */
	struct office *office;
	struct frozen_month frozen;
	struct arena arena;
	struct arena scratch;     /* one line: the member and its family */
	struct patient *now, *before;
	size_t now_count, now_size, before_count, before_size;
	int64_t billing;
	struct roster_fund funds[LIMIT_FUNDS * LIMIT_STREAMS];
	size_t fund_count;
	uint64_t paid_lines;
	cents amount;
};
struct printer {
	struct office *office;
	struct frozen_month frozen;
	bool has_before;
	const char *format, *out;
	uint64_t documents;
	unsigned share, shares;           /* every so many-th practice is this printer's, beginning with that one */
	uint64_t practices;               /* gone by */
	struct arena affiliation_arena;
	struct affiliation *affiliations; /* of every PCP that serves in the month */
	size_t affiliation_count, affiliation_size;
};

/* ---- gathering ------------------------------------------------------------------ */

static bool patient_add(struct practice *practice, struct patient **list, size_t *count, size_t *size, const struct patient *patient)
{
	if (*count == *size) {
		size_t grown = *size == 0 ? 256 : 2 * *size;
		struct patient *items = arena_alloc(&practice->arena, grown * sizeof(*items));
		if (items == NULL)
			return failure_set(&practice->office->failure, "could not gather a roster: out of memory");
		if (*count > 0)
			memcpy(items, *list, *count * sizeof(*items));
		*list = items;
		*size = grown;
	}
	(*list)[(*count)++] = *patient;
	return true;
}

static bool fund_add(struct practice *practice, const struct roster_row *row)
{
	size_t i = 0;
	while (i < practice->fund_count && strcmp(practice->funds[i].fcn, row->fcn) != 0)
		i++;
	if (i == COUNT_OF(practice->funds)) /* one FCN a stream and fund of the month: a program has no more */
		return failure_set(&practice->office->failure, "a roster has more FCNs than a program has funds");
	if (i == practice->fund_count) {
		practice->funds[i] = (struct roster_fund){ .members = 0 };
		memcpy(practice->funds[i].stream, row->line.stream, sizeof(practice->funds[i].stream));
		slice_copy(practice->funds[i].fund, sizeof(practice->funds[i].fund), slice_of(row->line.fund));
		slice_copy(practice->funds[i].fcn, sizeof(practice->funds[i].fcn), slice_of(row->fcn));
		practice->fund_count++;
	}
	practice->funds[i].members++;
	practice->paid_lines++;
	practice->funds[i].amount += row->line.amount;
	return true;
}

static bool gather_now(void *data, const struct roster_row *row)
{
	struct practice *practice = data;
	if (row->line.billing == practice->billing && row->line.amount != 0) {
		if (!fund_add(practice, row))
			return false;
		practice->amount += row->line.amount;
	}
	if (!row->patient && row->line.practice == practice->billing)
		return true;
	return patient_add(practice, &practice->now, &practice->now_count, &practice->now_size,
		&(struct patient){ row->line.member, row->line.pcp });
}

static bool gather_before(void *data, const struct roster_row *row)
{
	struct practice *practice = data;
	if (!row->patient && row->line.practice == practice->billing)
		return true;
	return patient_add(practice, &practice->before, &practice->before_count, &practice->before_size,
		&(struct patient){ row->line.member, row->line.pcp });
}

static int compare_patient(const void *a, const void *b)
{
	const struct patient *x = a, *y = b;
	if (x->pcp != y->pcp)
		return x->pcp < y->pcp ? -1 : 1;
	return x->member < y->member ? -1 : x->member > y->member;
}

static bool has_patient(const struct patient *list, size_t count, const struct patient *patient)
{
	return count > 0 && bsearch(patient, list, count, sizeof(*list), compare_patient) != NULL;
}

/* ---- one line -------------------------------------------------------------------- */

static struct slice text_of(struct practice *practice, struct buffer *buffer)
{
	struct slice text = buffer->failed ? SLICE_NONE : arena_slice(&practice->arena, buffer_view(buffer));
	buffer_reset(buffer); /* which forgets that it failed */
	return text;
}

/* LAST, FIRST M */
static void name_put(struct buffer *out, struct slice last, struct slice first, struct slice middle)
{
	buffer_slice(out, last);
	if (first.len > 0) {
		buffer_text(out, ", ");
		buffer_slice(out, first);
	}
	if (middle.len > 0) {
		buffer_char(out, ' ');
		buffer_slice(out, (struct slice){ middle.ptr, utf8_prefix(middle, 1) });
	}
}

static void address_put(struct buffer *out, const struct member *member)
{
	if (member->confidential) {
		buffer_text(out, "(withheld)");
		return;
	}
	const struct address *home = &member->home;
	struct slice parts[] = { home->street, home->street2, home->city };
	bool any = false;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (parts[i].len == 0)
			continue;
		buffer_text(out, any ? ", " : "");
		buffer_slice(out, parts[i]);
		any = true;
	}
	buffer_char(out, ' ');
	buffer_slice(out, home->state);
	buffer_char(out, ' ');
	buffer_slice(out, (struct slice){ home->zip.ptr, home->zip.len > 5 ? 5 : home->zip.len });
}

/* 2035550101 → 203-555-0101 */
static void phone_put(struct buffer *out, struct slice phone)
{
	uint64_t number;
	if (phone.len == 10 && slice_number(&number, phone))
		buffer_format(out, "%.3s-%.3s-%.4s", phone.ptr, phone.ptr + 3, phone.ptr + 6);
	else
		buffer_slice(out, phone);
}

/* No responsible person was named: the adult of the case with the lowest id, else the member (domain reference 6.2). */
static bool head_put(struct practice *practice, struct buffer *out, const struct member *member)
{
	if (member->head_last.len > 0) {
		name_put(out, member->head_last, member->head_first, member->head_middle);
		return true;
	}
	const struct member *head = member;
	if (member->case_number.len > 0) {
		struct member *family = family_room(&practice->scratch);
		int adult = 12 * program_adult_years(practice->office->program);
		size_t count;
		if (family == NULL)
			return failure_set(&practice->office->failure, "could not print a roster: out of memory");
		if (!store_family_rows(practice->office->store, &practice->scratch, family, LIMIT_FAMILY, &count, member->case_number))
			return office_store_failed(practice->office);
		for (size_t i = 0; i < count && i < LIMIT_FAMILY; i++) {
			if (family[i].born != DAYS_NONE && age_months(family[i].born, practice->frozen.made) >= adult) {
				head = &family[i];
				break;
			}
		}
	}
	name_put(out, head->last, head->first, head->middle);
	return true;
}

static bool line_fill(struct practice *practice, struct roster_line *line, const struct patient *patient, enum roster_change change)
{
	struct office *office = practice->office;
	struct member member;
	struct buffer text;
	arena_reset(&practice->scratch);
	if (!store_member_row(office->store, &practice->scratch, &member, patient->member, practice->frozen.change))
		return office_store_failed(office);
	buffer_init(&text, 0);
	*line = (struct roster_line){ .change = change, .medicaid_id = arena_slice(&practice->arena, member.medicaid_id),
		.sex = arena_slice(&practice->arena, member.sex), .born = member.born };
	name_put(&text, member.last, member.first, member.middle);
	line->name = text_of(practice, &text);
	bool done = head_put(practice, &text, &member);
	line->head = text_of(practice, &text);
	address_put(&text, &member);
	line->address = text_of(practice, &text);
	if (!member.confidential)
		phone_put(&text, member.phone);
	line->phone = text_of(practice, &text);
	line->language = arena_slice(&practice->arena, language_name(member.language));
	const struct slice kept[] = { line->medicaid_id, line->sex, line->name, line->head, line->address, line->phone, line->language };
	bool starved = text.failed;
	for (size_t i = 0; i < COUNT_OF(kept); i++)
		starved = starved || kept[i].ptr == NULL; /* of an empty text too, only when memory is used up */
	done = done && (!starved || failure_set(&office->failure, "could not print a roster: out of memory"));
	buffer_done(&text);
	return done;
}

/* ---- one PCP ------------------------------------------------------------------------ */

static int compare_line(const void *a, const void *b)
{
	const struct roster_line *x = a, *y = b;
	int order = slice_compare(x->name, y->name);
	if (order == 0)
		order = slice_compare(x->medicaid_id, y->medicaid_id);
	return order != 0 ? order : (int)x->change - (int)y->change;
}

/* The lines of `pcp` in one list that are not in the other (or all, if other is NULL). */
static bool lines_of(struct practice *practice, struct roster_line *lines, size_t *count, int64_t pcp, const struct patient *list,
	size_t list_count, const struct patient *other, size_t other_count, bool all, enum roster_change change)
{
	for (size_t i = 0; i < list_count; i++) {
		if (list[i].pcp != pcp || (!all && has_patient(other, other_count, &list[i])))
			continue;
		if (!line_fill(practice, &lines[*count], &list[i], change))
			return false;
		++*count;
	}
	return true;
}

static size_t patients_of(const struct patient *list, size_t count, int64_t pcp)
{
	size_t patients = 0;
	for (size_t i = 0; i < count; i++)
		patients += list[i].pcp == pcp;
	return patients;
}

static bool pcp_fill(struct practice *practice, struct roster_pcp *out, int64_t id)
{
	struct pcp pcp;
	struct buffer name;
	if (!store_pcp_get(practice->office->store, &practice->arena, &pcp, id, practice->frozen.change))
		return office_store_failed(practice->office);
	*out = (struct roster_pcp){ .line_count = 0 };
	memcpy(out->npi, pcp.npi, sizeof(out->npi));
	buffer_init(&name, 0);
	name_put(&name, pcp.last, pcp.first, SLICE_NONE);
	bool starved = name.failed;
	out->name = text_of(practice, &name);
	buffer_done(&name);
	if (starved || out->name.ptr == NULL)
		return failure_set(&practice->office->failure, "could not print a roster: out of memory");
	size_t most = patients_of(practice->now, practice->now_count, id) + patients_of(practice->before, practice->before_count, id) + 1;
	out->lines = arena_alloc(&practice->arena, most * sizeof(*out->lines));
	out->changes = arena_alloc(&practice->arena, most * sizeof(*out->changes));
	if (out->lines == NULL || out->changes == NULL)
		return failure_set(&practice->office->failure, "could not print a roster: out of memory");
	if (!lines_of(practice, out->lines, &out->line_count, id, practice->now, practice->now_count, NULL, 0, true, ROSTER_MEMBER) ||
		!lines_of(practice, out->changes, &out->change_count, id, practice->now, practice->now_count, practice->before,
			practice->before_count, false, ROSTER_ADDED) ||
		!lines_of(practice, out->changes, &out->change_count, id, practice->before, practice->before_count, practice->now,
			practice->now_count, false, ROSTER_DROPPED))
		return false;
	qsort(out->lines, out->line_count, sizeof(*out->lines), compare_line);
	qsort(out->changes, out->change_count, sizeof(*out->changes), compare_line);
	return true;
}

static int compare_pcp(const void *a, const void *b)
{
	const struct roster_pcp *x = a, *y = b;
	int order = slice_compare(x->name, y->name);
	return order != 0 ? order : strcmp(x->npi, y->npi);
}

static int compare_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* Each PCP of the practice once: those with patients now or before, and those who serve without any (RST-3). */
static bool practice_pcps(struct practice *practice, const struct printer *printer, int64_t billing, int64_t **ids, size_t *count)
{
	*ids = arena_alloc(&practice->arena, (practice->now_count + practice->before_count + printer->affiliation_count + 1) * sizeof(**ids));
	if (*ids == NULL)
		return failure_set(&practice->office->failure, "could not print a roster: out of memory");
	size_t n = 0;
	for (size_t i = 0; i < practice->now_count; i++)
		(*ids)[n++] = practice->now[i].pcp;
	for (size_t i = 0; i < practice->before_count; i++)
		(*ids)[n++] = practice->before[i].pcp;
	for (size_t i = 0; i < printer->affiliation_count; i++)
		if (printer->affiliations[i].billing == billing)
			(*ids)[n++] = printer->affiliations[i].pcp;
	qsort(*ids, n, sizeof(**ids), compare_id);
	*count = 0;
	for (size_t i = 0; i < n; i++)
		if (*count == 0 || (*ids)[*count - 1] != (*ids)[i])
			(*ids)[(*count)++] = (*ids)[i];
	return true;
}

/* ---- one Primary Manager ---------------------------------------------------------------- */

static bool write_roster(struct printer *printer, const struct roster *roster, enum roster_report report, const char *format)
{
	struct buffer out, name;
	buffer_init(&out, 0);
	buffer_init(&name, 0);
	bool done = true;
	if (strcmp(format, "pdf") == 0)
		done = roster_put_pdf(&out, roster, report, &printer->office->failure);
	else if (strcmp(format, "csv") == 0)
		roster_put_csv(&out, roster, report);
	else
		roster_put_text(&out, roster, report);
	buffer_format(&name, "%.*s-%s-%s.%s", SLICE_ARG(roster->reports[report].number), roster->billing_npi,
		month_iso(roster->month).text, strcmp(format, "text") == 0 ? "txt" : format);
	buffer_char(&name, '\0');
	if (done && (out.failed || name.failed))
		done = failure_set(&printer->office->failure, "could not print a roster: out of memory");
	done = done && office_write(printer->office, printer->out, name.ptr, buffer_view(&out));
	printer->documents += done;
	buffer_done(&out);
	buffer_done(&name);
	return done;
}

/* As 834: the same lines for a computer; only where it is asked for. */
static bool write_834(struct printer *printer, const struct practice *practice, const struct billing_provider *billing)
{
	const struct patients patients = { billing, &practice->frozen, practice->now, practice->before, practice->now_count, practice->before_count };
	for (unsigned report = 0; report < ROSTER_REPORTS; report++) {
		struct buffer out;
		char name[64];
		const struct roster_name *number = program_roster(printer->office->program, (enum roster_report)report);
		buffer_init(&out, 0);
		snprintf(name, sizeof(name), "%.*s-%s-%s.x12", SLICE_ARG(number->number), billing->npi, month_iso(practice->frozen.month).text);
		bool done = roster_put_834(printer->office, &out, &patients, (enum roster_report)report) &&
			(out.len == 0 || office_write(printer->office, printer->out, name, buffer_view(&out)));
		printer->documents += done && out.len > 0;
		buffer_done(&out);
		if (!done)
			return false;
	}
	return true;
}

static bool write_formats(struct printer *printer, const struct roster *roster)
{
	static const char *const formats[] = { "pdf", "csv", "text" };
	for (unsigned report = 0; report < ROSTER_REPORTS; report++) {
		for (size_t i = 0; i < COUNT_OF(formats); i++)
			if (printer->format == NULL || strcmp(printer->format, formats[i]) == 0)
				if (!write_roster(printer, roster, (enum roster_report)report, formats[i]))
					return false;
	}
	return true;
}

/* In order, each once: a payee that is not their practice has its members' lines of several streams and funds. */
static void patients_sort(struct patient *list, size_t *count)
{
	size_t kept = 0;
	if (*count > 0)
		qsort(list, *count, sizeof(*list), compare_patient);
	for (size_t i = 0; i < *count; i++)
		if (kept == 0 || compare_patient(&list[kept - 1], &list[i]) != 0)
			list[kept++] = list[i];
	*count = kept;
}

/* The patients of its own PCPs, and those for whom it is paid as the payee of other practices (PCM-2). */
static bool practice_gather(struct practice *practice, bool has_before, int64_t billing)
{
	struct store *store = practice->office->store;
	months month = practice->frozen.month;
	practice->billing = billing;
	if (!store_roster_each(store, month, billing, gather_now, practice) || !store_roster_paid(store, month, billing, gather_now, practice) ||
		(has_before && (!store_roster_each(store, month - 1, billing, gather_before, practice) ||
			!store_roster_paid(store, month - 1, billing, gather_before, practice))))
		return office_store_failed(practice->office);
	patients_sort(practice->now, &practice->now_count);
	patients_sort(practice->before, &practice->before_count);
	return true;
}

static int compare_fund(const void *a, const void *b)
{
	const struct roster_fund *x = a, *y = b;
	int order = strcmp(x->stream, y->stream);
	return order != 0 ? order : strcmp(x->fund, y->fund);
}

static bool practice_print(struct printer *printer, struct practice *practice, const struct billing_provider *billing)
{
	int64_t *ids = NULL;
	size_t count = 0;
	if (!practice_gather(practice, printer->has_before, billing->id))
		return false;
	if (printer->format != NULL && strcmp(printer->format, "834") == 0)
		return write_834(printer, practice, billing);
	if (!practice_pcps(practice, printer, billing->id, &ids, &count))
		return false;
	struct roster roster = { .month = practice->frozen.month, .made = practice->frozen.made, .program = program_name(printer->office->program),
		.billing_medicaid_id = billing->medicaid_id, .billing_name = billing->name, .funds = practice->funds,
		.fund_count = practice->fund_count, .members = practice->now_count, .members_before = practice->before_count,
		.amount = practice->amount, .paid_lines = practice->paid_lines, .pcp_count = count };
	for (unsigned report = 0; report < ROSTER_REPORTS; report++)
		roster.reports[report] = *program_roster(printer->office->program, (enum roster_report)report);
	memcpy(roster.billing_npi, billing->npi, sizeof(roster.billing_npi));
	roster.pcps = arena_alloc(&practice->arena, (count + 1) * sizeof(*roster.pcps));
	if (roster.pcps == NULL)
		return failure_set(&printer->office->failure, "could not print a roster: out of memory");
	for (size_t i = 0; i < count; i++)
		if (!pcp_fill(practice, &roster.pcps[i], ids[i]))
			return false;
	qsort(roster.pcps, count, sizeof(*roster.pcps), compare_pcp);
	qsort(roster.funds, roster.fund_count, sizeof(*roster.funds), compare_fund);
	return roster_adds_up(&roster, &printer->office->failure) && write_formats(printer, &roster);
}

static bool print_practice(void *data, const struct billing_provider *billing)
{
	struct printer *printer = data;
	if (printer->practices++ % printer->shares != printer->share)
		return true;
	struct practice *practice = calloc(1, sizeof(*practice));
	if (practice == NULL)
		return failure_set(&printer->office->failure, "could not print a roster: out of memory");
	practice->office = printer->office;
	practice->frozen = printer->frozen;
	arena_init(&practice->arena, 0);
	arena_init(&practice->scratch, 0);
	bool done = practice_print(printer, practice, billing);
	arena_done(&practice->arena);
	arena_done(&practice->scratch);
	free(practice);
	return done;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static bool collect_serving(void *data, const struct pcp *pcp)
{
	struct printer *printer = data;
	struct office *office = printer->office;
	struct pcp_facts facts = { .pcp = *pcp };
	struct affiliation *affiliations;
	enum reason why;
	days first = month_first(printer->frozen.month);
	if (!store_affiliations(office->store, &printer->affiliation_arena, &affiliations, &facts.affiliation_count, pcp->id,
			printer->frozen.change))
		return office_store_failed(office);
	facts.affiliations = affiliations;
	if (!pcp_may_serve(&why, office->program, &facts, first))
		return true;
	if (printer->affiliation_count == printer->affiliation_size) {
		size_t size = printer->affiliation_size == 0 ? 64 : 2 * printer->affiliation_size;
		struct affiliation *items = arena_alloc(&printer->affiliation_arena, size * sizeof(*items));
		if (items == NULL)
			return failure_set(&printer->office->failure, "could not print rosters: out of memory");
		if (printer->affiliation_count > 0)
			memcpy(items, printer->affiliations, printer->affiliation_count * sizeof(*items));
		printer->affiliations = items;
		printer->affiliation_size = size;
	}
	printer->affiliations[printer->affiliation_count++] = (struct affiliation){ .pcp = pcp->id, .billing = affiliated_on(&facts, first) };
	return true;
}

/* A part of the practices, by a connection of its own: what is frozen does not change while it is printed. */
struct print_job {
	pthread_t thread;
	struct office office;
	struct printer printer;
	bool started, done;
};

static bool print_share(struct printer *printer)
{
	return store_billing_each(printer->office->store, printer->frozen.change, print_practice, printer) || office_store_failed(printer->office);
}

static void *print_thread(void *data)
{
	struct print_job *job = data;
	job->office.store = store_another(job->office.store, &job->office.failure);
	job->done = job->office.store != NULL && print_share(&job->printer);
	store_close(job->office.store);
	return NULL;
}

/* The caller prints the first share; a thread that cannot be had leaves its share to nobody, so that is a failure. */
static bool print_all(struct printer *printer)
{
	struct office *office = printer->office;
	printer->shares = office->jobs < 1 ? 1 : office->jobs > LIMIT_ROSTER_JOBS ? LIMIT_ROSTER_JOBS : office->jobs;
	struct print_job *jobs = calloc(printer->shares, sizeof(*jobs));
	bool done = jobs != NULL || failure_set(&office->failure, "could not print rosters: out of memory");
	if (!done)
		return false;
	for (unsigned i = 1; i < printer->shares; i++) {
		struct print_job *job = &jobs[i];
		job->office = *office;
		job->office.failure.text[0] = '\0';
		job->printer = *printer;
		job->printer.office = &job->office;
		job->printer.share = i;
		job->started = done && pthread_create(&job->thread, NULL, print_thread, job) == 0;
		done = job->started;
	}
	if (!done)
		failure_set(&office->failure, "could not begin a thread that prints rosters: give --jobs 1");
	done = done && print_share(printer);
	for (unsigned i = 1; i < printer->shares; i++) {
		if (!jobs[i].started)
			continue;
		pthread_join(jobs[i].thread, NULL);
		printer->documents += jobs[i].printer.documents;
		if (!jobs[i].done)
			failure_set(&office->failure, "%s", jobs[i].office.failure.text);
		done = done && jobs[i].done;
	}
	free(jobs);
	return done;
}

bool roster_month(struct office *office, months month, const char *format, const char *out, uint64_t *documents)
{
	struct printer printer = { .office = office, .format = format, .out = out };
	struct frozen_month before;
	struct store *store = office->store;
	if (!folder_make(out, &office->failure) || !month_freeze(office, month, DAYS_NONE, &printer.frozen))
		return false;
	if (!store_frozen_find(store, &printer.has_before, &before, month - 1))
		return office_store_failed(office);
	arena_init(&printer.affiliation_arena, 0);
	bool done = (store_pcp_each(store, printer.frozen.change, collect_serving, &printer) || office_store_failed(office)) && print_all(&printer);
	*documents = printer.documents;
	arena_done(&printer.affiliation_arena);
	return done;
}
