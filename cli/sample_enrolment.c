/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sample_enrolment: 834 files of the sample: the full file, and what changes.
 *
 * Every member is sent as domain reference 6.2 lays it out.  QTY*TO of a set says how many
 * members follow, so the members of a file are counted in a first walk and written in a
 * second.
 */
#include "cli/sample.h"

#include <assert.h>

#define SENDER "CTDSSENROLL"
#define GUIDE "005010X220A1"
#define NEW_STREET "11 HARBOR RD" /* of whoever moves in a story */
#define SECOND_OF_DAY (21 * 3600 + 5 * 60) /* files of the night */

/* What a record points to. */
struct member_parts {
	struct member_record record;
	struct responsible_record responsible;
	struct coverage_record coverage;
	struct provider_record provider;
};
/* One 834 file being written. */
struct enrolment_file {
	struct sample *sample;
	struct sample_file file;
	days day;
	const char *action;      /* BGN08 */
	uint64_t left;           /* members still to come */
	uint64_t in_set;         /* members still to come in the open set; 0: none is open */
	uint64_t set_most;       /* members of one set */
	bool failed;
	struct member_parts parts;   /* the member being written */
	struct sample_family family, other; /* whom a story is about; the other one of a merge */
};

/* ---- sets ---- */

static void set_open(struct enrolment_file *out)
{
	struct buffer texts;
	char total[21], reference[40];
	out->in_set = out->left < out->set_most ? out->left : out->set_most;
	snprintf(total, sizeof(total), "%llu", (unsigned long long)out->in_set);
	buffer_init(&texts, 0);
	days_put8(&texts, out->day);
	snprintf(reference, sizeof(reference), "ENR%.*s-%u", SLICE_ARG(buffer_view(&texts)), out->file.writer.sets + 1);
	struct enrolment_set set = { .purpose = SLICE("00"), .reference = slice_of(reference), .date = out->day,
		.time = SLICE("2105"), .action = slice_of(out->action), .policy = SLICE("HUSKYA"), .effective = out->day,
		.total = slice_of(total), .sponsor = SLICE("STATE OF CT DSS"), .sponsor_id = SLICE("060000001"),
		.payer = SLICE("HUSKY PRIMARY CARE"), .payer_id = SLICE("060000001") };
	enrolment_set_begin(&out->file.writer, &set);
	out->failed = out->failed || texts.failed;
	buffer_done(&texts);
}

static void member_write(struct enrolment_file *out, const struct member_record *record)
{
	if (out->in_set == 0)
		set_open(out);
	enrolment_member(&out->file.writer, record);
	out->left--;
	if (--out->in_set == 0)
		writer_set_end(&out->file.writer);
	if (!out->failed && !sample_file_flush(&out->file, out->sample))
		out->failed = true;
}

/* ---- a person as a record ---- */

static void record_begin(struct member_parts *parts, const struct sample_family *family, uint32_t index, const char *maintenance,
	const char *reason)
{
	const struct sample_person *person = &family->people[index];
	struct member_record *record = &parts->record;
	record_clear(RECORD_MEMBER, record);
	record->subscriber = SLICE("Y");
	record->relationship = SLICE("18");
	record->maintenance = slice_of(maintenance);
	record->reason = slice_of(reason);
	record->benefit_status = SLICE("A");
	record->confidentiality = person->confidential ? SLICE("R") : SLICE_NONE;
	record->member_id = record->id = slice_of(person->id);
	record->policy = SLICE("HUSKYA");
	record->case_number = slice_of(family->case_number);
	record->entity = SLICE("IL");
	record->id_qualifier = SLICE("ZZ");
	record->last = slice_of(person->last);
	record->first = slice_of(person->first);
	record->middle = slice_of(person->middle);
}

static void record_address(struct member_record *record, const struct sample_person *person, const char *street,
	const struct sample_town *town)
{
	record->phone_home = slice_of(person->phone);
	record->street = slice_of(street);
	record->city = slice_of(town->city);
	record->state = SLICE("CT");
	record->zip = slice_of(town->zip);
	record->location_qualifier = SLICE("CY");
	record->location = slice_of(town->county);
}

/* A child's mother or father is the responsible party; others answer for themselves. */
static void record_responsible(struct member_parts *parts, const struct sample_family *family, uint32_t index, days day)
{
	const struct sample_person *head = &family->people[0];
	if (index == 0 || age_months(family->people[index].born, day) >= 18 * 12)
		return;
	parts->responsible = (struct responsible_record){ .role = SLICE("S1"), .last = slice_of(head->last),
		.first = slice_of(head->first), .middle = slice_of(head->middle), .id = slice_of(head->id),
		.phone = slice_of(head->phone) };
	parts->record.responsible = &parts->responsible;
}

static struct coverage_record *record_coverage(struct member_parts *parts, const struct sample_person *person, const char *maintenance)
{
	struct coverage_record *coverage = &parts->coverage;
	record_clear(RECORD_COVERAGE, coverage);
	coverage->maintenance = slice_of(maintenance);
	coverage->line = slice_of(person->line);
	coverage->plan = slice_of(person->plan);
	coverage->level = SLICE("IND");
	parts->record.coverages = coverage;
	return coverage;
}

static void coverage_category(struct coverage_record *coverage, const char *aid)
{
	coverage->aid_category = slice_of(aid);
	coverage->payment_category = slice_of(sample_fund(aid));
	coverage->special_program = SLICE("PCCM");
}

static void coverage_provider(struct member_parts *parts, const struct sample_pcp *pcp, const char *relationship)
{
	struct provider_record *provider = &parts->provider;
	if (pcp == NULL)
		return;
	record_clear(RECORD_PROVIDER, provider);
	provider->entity = SLICE("P3");
	provider->type = SLICE("1");
	provider->last = slice_of(pcp->last);
	provider->first = slice_of(pcp->first);
	provider->id_qualifier = SLICE("XX");
	provider->id = slice_of(pcp->npi);
	provider->relationship = slice_of(relationship);
	provider->phone = slice_of(pcp->phone);
	parts->coverage.providers = provider;
}

/* ---- kinds of records ---- */

/* The whole person: full file, and whoever is new. */
static void whole_put(struct enrolment_file *out, const struct sample_family *family, uint32_t index, const char *maintenance,
	const char *reason)
{
	const struct sample_person *person = &family->people[index];
	struct member_parts *parts = &out->parts;
	record_begin(parts, family, index, maintenance, reason);
	parts->record.employment = person->head ? SLICE("AC") : SLICE_NONE;
	parts->record.eligibility_begin = parts->record.medicaid_begin = person->covered;
	record_address(&parts->record, person, person->street, person->town);
	parts->record.born = person->born;
	parts->record.sex = (struct slice){ &person->sex, 1 };
	parts->record.language_spoken = parts->record.language_any = slice_of(family->language);
	record_responsible(parts, family, index, out->day);
	struct coverage_record *coverage = record_coverage(parts, person, "021");
	coverage->begin = person->covered;
	coverage_category(coverage, person->aid);
	coverage_provider(parts, person->pcp, person->relationship);
	member_write(out, &parts->record);
}

static void pcp_put(struct enrolment_file *out, const struct sample_family *family, uint32_t index, const struct sample_pcp *pcp,
	const char *relationship, const char *maintenance)
{
	const struct sample_person *person = &family->people[index];
	struct member_parts *parts = &out->parts;
	record_begin(parts, family, index, maintenance, "15");
	parts->record.maintenance_date = out->day;
	record_address(&parts->record, person, person->street, person->town);
	record_coverage(parts, person, "001")->maintenance_date = out->day;
	coverage_category(&parts->coverage, person->aid);
	coverage_provider(parts, pcp, relationship);
	if (pcp != NULL && person->pcp != NULL && person->pcp != pcp) { /* PLA: instead of another one */
		parts->provider.change_date = month_first(month_of(out->day) + 1);
		parts->provider.change_reason = SLICE("14");
	}
	member_write(out, &parts->record);
}

static void end_put(struct enrolment_file *out, const struct sample_family *family, uint32_t index, days last)
{
	struct member_parts *parts = &out->parts;
	record_begin(parts, family, index, "024", "07");
	parts->record.maintenance_date = out->day;
	record_coverage(parts, &family->people[index], "024")->end = last;
	member_write(out, &parts->record);
}

static void move_put(struct enrolment_file *out, const struct sample_family *family, uint32_t index, const char *street,
	const struct sample_town *town)
{
	struct member_parts *parts = &out->parts;
	record_begin(parts, family, index, "001", "43");
	parts->record.maintenance_date = out->day;
	record_address(&parts->record, &family->people[index], street, town);
	member_write(out, &parts->record);
}

/* ---- stories ---- */

static void death_put(struct enrolment_file *out, const struct sample_family *family, uint32_t index, days died)
{
	struct member_parts *parts = &out->parts;
	record_begin(parts, family, index, "024", "03");
	parts->record.death = parts->record.eligibility_end = died;
	record_coverage(parts, &family->people[index], "024")->end = died;
	member_write(out, &parts->record);
}

static void eligible_end_put(struct enrolment_file *out, const struct sample_family *family, uint32_t index, days last)
{
	struct member_parts *parts = &out->parts;
	record_begin(parts, family, index, "001", "07");
	parts->record.eligibility_end = last;
	member_write(out, &parts->record);
}

static void back_put(struct enrolment_file *out, const struct sample_family *family, uint32_t index, days begin)
{
	struct member_parts *parts = &out->parts;
	record_begin(parts, family, index, "025", "41");
	record_coverage(parts, &family->people[index], "025")->begin = begin;
	coverage_category(&parts->coverage, family->people[index].aid);
	member_write(out, &parts->record);
}

static void aid_put(struct enrolment_file *out, const struct sample_family *family, uint32_t index, days begin, const char *aid)
{
	struct member_parts *parts = &out->parts;
	record_begin(parts, family, index, "001", "22");
	parts->record.maintenance_date = begin;
	record_coverage(parts, &family->people[index], "001")->begin = begin;
	coverage_category(&parts->coverage, aid);
	member_write(out, &parts->record);
}

static void merge_put(struct enrolment_file *out, const struct sample_family *family, uint32_t index, const char *other)
{
	struct sample_family *old = &out->other;
	struct member_parts *parts = &out->parts;
	uint32_t at;
	sample_story_person(old, &at, other, family->people[index].first, out->sample);
	record_begin(parts, family, index, "001", "25");
	parts->record.prior_id = slice_of(old->people[at].id);
	member_write(out, &parts->record);
}

/* Somebody's coverage ends whom nobody has heard of. */
static void nobody_put(struct enrolment_file *out, days last)
{
	struct sample_family *family = &out->family;
	*family = (struct sample_family){ .case_number = "C00000001", .member_count = 1 };
	family->people[0] = (struct sample_person){ .id = SAMPLE_NOBODY_ID, .first = "ROY", .middle = "", .last = "TATE",
		.line = SAMPLE_LINE, .plan = SAMPLE_PLAN };
	end_put(out, family, 0, last);
}

/* Where somebody lives who moved in an earlier file. */
static void person_moved(struct sample_person *person, const struct story_event *event)
{
	for (size_t i = 0; i < sample_event_count; i++) {
		const struct story_event *earlier = &sample_events[i];
		if (earlier->kind != STORY_MOVES || strcmp(earlier->file, event->file) >= 0 ||
		    strcmp(earlier->family, event->family) != 0 || strcmp(earlier->first, event->first) != 0)
			continue;
		person->town = sample_town_named(earlier->detail);
		snprintf(person->street, sizeof(person->street), "%s", NEW_STREET);
	}
}

static void story_put(struct enrolment_file *out, const struct story_event *event)
{
	struct sample_family *family = &out->family;
	uint32_t index;
	days day = DAYS_NONE;
	if (event->day != NULL)
		day = sample_name_day(event->day);
	if (event->family == NULL) {
		nobody_put(out, day);
		return;
	}
	sample_story_person(family, &index, event->family, event->first, out->sample);
	person_moved(&family->people[index], event);
	switch (event->kind) {
	case STORY_ADDED: whole_put(out, family, index, "021", "28"); break;
	case STORY_BORN: whole_put(out, family, index, "021", "02"); break;
	case STORY_PCP:
		pcp_put(out, family, index, sample_story_pcp(out->sample, event->pcp), event->relationship, "001");
		break;
	case STORY_CODE:
		pcp_put(out, family, index, sample_story_pcp(out->sample, event->pcp), event->relationship, "099");
		break;
	case STORY_DIED: death_put(out, family, index, day); break;
	case STORY_COVER_ENDS: end_put(out, family, index, day); break;
	case STORY_ELIGIBLE_ENDS: eligible_end_put(out, family, index, day); break;
	case STORY_BACK: back_put(out, family, index, day); break;
	case STORY_AID: aid_put(out, family, index, day, event->detail); break;
	case STORY_MOVES: move_put(out, family, index, NEW_STREET, sample_town_named(event->detail)); break;
	case STORY_MERGED: merge_put(out, family, index, event->detail); break;
	case STORY_NONE:
	case STORY_NOBODY: break;
	}
}

/* ---- other families ---- */

static bool event_here(const struct sample_family *family, int month, int regular)
{
	return family->event != EVENT_NOTHING && family->event_month == month && family->event_file == regular;
}

static uint32_t event_records(const struct sample_family *family)
{
	return family->event == EVENT_CHANGES ? 1 : family->member_count;
}

static void event_put(struct enrolment_file *out, struct sample_family *family)
{
	struct random *random = &family->random;
	const struct sample *sample = out->sample;
	enum sample_area area = family->people[0].town->area;
	uint32_t one = random_below(random, family->member_count);
	uint32_t house = 1 + random_below(random, 400);
	char street[56];
	snprintf(street, sizeof(street), "%u %s", house, sample_streets[random_below(random, (uint32_t)sample_street_count)]);
	const struct sample_town *town = sample_town_pick(random);
	for (uint32_t i = 0; i < family->member_count; i++) {
		bool child = age_months(family->people[i].born, out->day) < 18 * 12;
		const struct sample_pcp *pcp = sample_pcp_pick(&sample->providers, random, area, child);
		/* whoever changes takes another one; who is about to leave takes no new patients */
		for (int tries = 0; tries < 8 && (pcp == family->people[i].pcp || pcp->leaves != DAYS_OPEN); tries++)
			pcp = sample_pcp_pick(&sample->providers, random, area, child);
		if (family->people[i].pcp != NULL && family->people[i].pcp->leaves != DAYS_OPEN && family->event == EVENT_ARRIVES)
			family->people[i].pcp = pcp;
		switch (family->event) {
		case EVENT_ARRIVES: whole_put(out, family, i, "021", "28"); break;
		case EVENT_CHOOSES: pcp_put(out, family, i, pcp, "26", "001"); break;
		case EVENT_CHANGES:
			if (i == one)
				pcp_put(out, family, i, pcp, "26", "001");
			break;
		case EVENT_ENDS: end_put(out, family, i, month_last(month_of(out->day))); break;
		case EVENT_MOVES: move_put(out, family, i, street, town); break;
		case EVENT_NOTHING: break;
		}
	}
}

/* ---- files ---- */

static bool file_open(struct enrolment_file *out, struct sample *sample, const char *name, const char *copy, const char *action)
{
	char path[80], copy_path[80];
	out->sample = sample;
	out->day = sample_name_day(name);
	out->action = action;
	snprintf(path, sizeof(path), "%s.x12", name);
	snprintf(copy_path, sizeof(copy_path), "%s.x12", copy == NULL ? "" : copy);
	return sample_file_begin(&out->file, sample, path, copy == NULL ? NULL : copy_path, SENDER, "BE", GUIDE, SECOND_OF_DAY);
}

static bool file_close(struct enrolment_file *out)
{
	assert(out->failed || (out->left == 0 && out->in_set == 0));
	bool fine = sample_file_end(&out->file, out->sample);
	return fine && !out->failed;
}

bool sample_full_file(struct sample *sample, const char *name)
{
	struct sample_family family;
	struct enrolment_file out = { .set_most = SAMPLE_SET_MEMBERS };
	struct sample_walk walk = { 0 };
	while (sample_family_skim(&family, &walk, sample)) {
		if (family.story != 0)
			sample_family_fill(&family, sample);
		for (uint32_t i = 0; i < family.member_count; i++)
			out.left += family.story != 0 ? !family.people[i].late : family.event != EVENT_ARRIVES;
	}
	sample->families = walk.families;
	if (!file_open(&out, sample, name, NULL, "RX"))
		return false;
	walk = (struct sample_walk){ 0 };
	while (!out.failed && sample_family_next(&family, &walk, sample)) {
		for (uint32_t i = 0; i < family.member_count; i++) {
			if (!family.people[i].late)
				whole_put(&out, &family, i, "021", "28");
		}
	}
	return file_close(&out);
}

bool sample_change_file(struct sample *sample, const char *name, const char *copy, int month, int regular, enum sample_damage damage)
{
	struct sample_family family;
	struct enrolment_file out = { .set_most = damage == DAMAGE_COUNT ? 1 : SAMPLE_SET_MEMBERS };
	struct sample_walk walk = { 0 };
	for (size_t i = 0; i < sample_event_count; i++)
		out.left += strcmp(sample_events[i].file, name) == 0;
	while (regular >= 0 && sample_family_skim(&family, &walk, sample)) {
		if (event_here(&family, month, regular))
			out.left += event_records(&family);
	}
	if (out.left == 0)
		return true; /* nothing happened: nothing is sent */
	if (!file_open(&out, sample, name, copy, "2"))
		return false;
	out.file.damage = damage;
	for (size_t i = 0; i < sample_event_count; i++) {
		if (strcmp(sample_events[i].file, name) == 0)
			story_put(&out, &sample_events[i]);
	}
	walk = (struct sample_walk){ 0 };
	while (!out.failed && regular >= 0 && sample_family_skim(&family, &walk, sample)) {
		if (!event_here(&family, month, regular))
			continue;
		sample_family_fill(&family, sample);
		event_put(&out, &family);
	}
	return file_close(&out);
}
