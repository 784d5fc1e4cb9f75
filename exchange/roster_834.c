/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * roster_834: the patients of a practice as an 834 that its systems can read (RST-2 …
 * RST-5): ELG-0401 as a file that replaces (BGN08 RX), ELG-0402 as one of changes (2).
 *
 * A change of PCP inside the practice is a drop and an addition on the printed report,
 * and one change here.  Who is confidential comes without address and telephone.
 */
#include "exchange/roster.h"

#define CONTROL_BASE UINT64_C(900000000) /* beside the numbers that remittances take from their sequence */

enum roster_step { STEP_KEEP, STEP_ADD, STEP_MOVE, STEP_DROP };
static const struct {
	const char *maintenance, *reason, *coverage;
} words[] = {
	[STEP_KEEP] = { "030", "XN", "030" },
	[STEP_ADD] = { "021", "28", "021" },
	[STEP_MOVE] = { "001", "15", "001" },
	[STEP_DROP] = { "024", "07", "024" },
};

struct speller {
	struct office *office;
	const struct patients *patients;
	struct writer writer;
	struct arena arena; /* one member */
};

static bool starved(struct speller *speller)
{
	return failure_set(&speller->office->failure, "could not write a roster as 834: out of memory");
}

static bool same_member(const struct patient *list, size_t count, int64_t member)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].member == member)
			return true;
	return false;
}

static bool has_patient(const struct patient *list, size_t count, const struct patient *patient)
{
	size_t begin = 0, end = count; /* they are in the order of PCP and member */
	while (begin < end) {
		size_t middle = begin + (end - begin) / 2;
		const struct patient *at = &list[middle];
		if (at->pcp == patient->pcp && at->member == patient->member)
			return true;
		if (at->pcp < patient->pcp || (at->pcp == patient->pcp && at->member < patient->member))
			begin = middle + 1;
		else
			end = middle;
	}
	return false;
}

/* The nine digits of a payer's id, which is 1 and an EIN. */
static struct slice ein(const struct payer *payer)
{
	return payer->id.len == 10 ? (struct slice){ payer->id.ptr + 1, 9 } : payer->id;
}

static void person_fill(struct member_record *record, struct responsible_record *head, const struct member *member)
{
	record->member_id = record->id = member->medicaid_id;
	record->case_number = member->case_number;
	record->last = slice_or(member->last, SLICE("UNKNOWN"));
	record->first = member->first;
	record->middle = member->middle;
	record->suffix = member->suffix;
	record->born = member->born;
	record->sex = slice_or(member->sex, SLICE("U"));
	record->language_any = record->language_spoken = member->language;
	record->birth_sequence = member->birth_sequence;
	record->death = member->died;
	if (member->confidential) {
		record->confidentiality = SLICE("R");
	} else {
		record->phone_home = member->phone;
		record->street = member->home.street;
		record->street2 = member->home.street2;
		record->city = member->home.city;
		record->state = member->home.state;
		record->zip = member->home.zip;
	}
	if (member->head_last.len > 0) {
		*head = (struct responsible_record){ .role = SLICE("QD"), .last = member->head_last, .first = member->head_first,
			.middle = member->head_middle };
		record->responsible = head;
	}
}

static bool patient_put(struct speller *speller, const struct patient *patient, enum roster_step step)
{
	struct office *office = speller->office;
	const struct frozen_month *frozen = speller->patients->frozen;
	days first = month_first(frozen->month), before = first - 1;
	struct member member;
	struct pcp pcp;
	struct member_record record;
	struct coverage_record coverage;
	struct provider_record provider;
	struct responsible_record head;
	enum reason why;
	arena_reset(&speller->arena);
	if (!store_member_get(office->store, &speller->arena, &member, patient->member, frozen->change) ||
		!store_pcp_get(office->store, &speller->arena, &pcp, patient->pcp, frozen->change))
		return office_store_failed(office);
	record_clear(RECORD_MEMBER, &record);
	record_clear(RECORD_COVERAGE, &coverage);
	record_clear(RECORD_PROVIDER, &provider);
	record.maintenance = slice_of(words[step].maintenance);
	record.reason = slice_of(step == STEP_DROP && member.died != DAYS_NONE ? "03" : words[step].reason);
	person_fill(&record, &head, &member);
	const struct span *span = coverage_on(&why, office->program, &member, step == STEP_DROP ? before : first);
	coverage.maintenance = slice_of(words[step].coverage);
	coverage.plan = span != NULL ? span->plan : program_name(office->program);
	coverage.level = SLICE("IND");
	coverage.begin = span != NULL ? span->begin : step == STEP_DROP ? month_first(frozen->month - 1) : first;
	coverage.end = step == STEP_DROP ? before : DAYS_NONE;
	coverage.aid_category = span != NULL ? span->aid_category : SLICE_NONE;
	provider.last = pcp.last;
	provider.first = pcp.first;
	provider.id_qualifier = SLICE("XX");
	provider.id = slice_of(pcp.npi);
	provider.phone = pcp.phone;
	if (step == STEP_MOVE) {
		provider.change_date = first;
		provider.change_reason = SLICE("14");
	}
	if (step != STEP_DROP)
		coverage.providers = &provider;
	record.coverages = &coverage;
	enrolment_member(&speller->writer, &record);
	return true;
}

/* What becomes of a patient of now; *skip: nothing is told. */
static enum roster_step step_now(const struct patients *patients, const struct patient *patient, bool *skip)
{
	*skip = has_patient(patients->before, patients->before_count, patient);
	return *skip || same_member(patients->before, patients->before_count, patient->member) ? STEP_MOVE : STEP_ADD;
}

/* Was a patient, and is none of any PCP of the practice any more. */
static bool is_gone(const struct patients *patients, const struct patient *patient)
{
	return !has_patient(patients->now, patients->now_count, patient) &&
		!same_member(patients->now, patients->now_count, patient->member);
}

static uint64_t count_patients(const struct patients *patients, enum roster_report report)
{
	uint64_t count = report == ROSTER_REPORT_MEMBERS ? patients->now_count : 0;
	bool skip;
	for (size_t i = 0; report != ROSTER_REPORT_MEMBERS && i < patients->now_count; i++) {
		(void)step_now(patients, &patients->now[i], &skip);
		count += !skip;
	}
	for (size_t i = 0; report != ROSTER_REPORT_MEMBERS && i < patients->before_count; i++)
		count += is_gone(patients, &patients->before[i]);
	return count;
}

static bool patients_put(struct speller *speller, enum roster_report report)
{
	const struct patients *patients = speller->patients;
	bool all = report == ROSTER_REPORT_MEMBERS, skip;
	for (size_t i = 0; i < patients->now_count; i++) {
		enum roster_step step = step_now(patients, &patients->now[i], &skip);
		if ((all || !skip) && !patient_put(speller, &patients->now[i], all ? STEP_KEEP : step))
			return false;
	}
	for (size_t i = 0; !all && i < patients->before_count; i++)
		if (is_gone(patients, &patients->before[i]) && !patient_put(speller, &patients->before[i], STEP_DROP))
			return false;
	return true;
}

bool roster_put_834(struct office *office, struct buffer *out, const struct patients *patients, enum roster_report report)
{
	const struct payer *payer = program_payer(office->program);
	const struct frozen_month *frozen = patients->frozen;
	const struct roster_name *name = program_roster(office->program, report);
	uint64_t count = count_patients(patients, report);
	char total[24];
	struct buffer reference;
	if (count == 0) /* an 834 without members is none */
		return true;
	struct speller speller = { .office = office, .patients = patients };
	struct envelope envelope = { .sender_qualifier = SLICE("ZZ"), .sender = payer->interchange_id, .receiver_qualifier = SLICE("ZZ"),
		.receiver = patients->practice->trading_partner, .made = { .day = frozen->made }, .usage = 'P',
		.control = CONTROL_BASE + 2 * (uint64_t)frozen->month + (report == ROSTER_REPORT_CHANGES) };
	buffer_init(&reference, 0);
	buffer_format(&reference, "%.*s-%s", SLICE_ARG(name->number), month_iso(frozen->month).text);
	snprintf(total, sizeof(total), "%llu", (unsigned long long)count);
	struct enrolment_set set = { .purpose = SLICE("00"), .reference = buffer_view(&reference), .date = frozen->made, .time = SLICE("0000"),
		.action = report == ROSTER_REPORT_MEMBERS ? SLICE("RX") : SLICE("2"), .policy = program_name(office->program),
		.effective = month_first(frozen->month), .total = slice_of(total), .sponsor = payer->name, .sponsor_id = ein(payer),
		.payer = program_name(office->program), .payer_id = ein(payer) };
	arena_init(&speller.arena, 0);
	writer_init(&speller.writer, out);
	writer_interchange(&speller.writer, &envelope);
	writer_group(&speller.writer, &envelope, "BE", "005010X220A1");
	enrolment_set_begin(&speller.writer, &set);
	bool done = !reference.failed ? patients_put(&speller, report) : starved(&speller);
	writer_set_end(&speller.writer);
	writer_group_end(&speller.writer);
	writer_interchange_end(&speller.writer);
	arena_done(&speller.arena);
	buffer_done(&reference);
	return done && (!out->failed || starved(&speller));
}
