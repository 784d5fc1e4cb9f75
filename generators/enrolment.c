/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * enrolment: member records as an 834 005010X220A1, for samples and round trips.
 *
 * The mirror of the guide's field map: what the binder reads into the record,
 * this writes, in the order of the printed guide (domain reference 6.2).  What the
 * record does not say is not sent.
 *
 * Holds: each segment that the guide requires of a member is written; a qualifier
 * that the record does not keep gets the one that Medicaid files use.
 */
#include "generators/generators.h"

#define GUIDE_834 "005010X220A1"
#define PHONES_MAX 3 /* PER03 to PER08 */

static void gaps_put(struct writer *writer, int count)
{
	for (int i = 0; i < count; i++)
		writer_text(writer, "");
}

static void day_put(struct writer *writer, const char *qualifier, days day)
{
	if (day == DAYS_NONE || day == DAYS_OPEN)
		return;
	writer_begin(writer, "DTP");
	writer_text(writer, qualifier);
	writer_text(writer, "D8");
	writer_day(writer, day);
	writer_end(writer);
}

/* ---- head ---- */

static void party_put(struct writer *writer, const char *entity, struct slice name, struct slice id)
{
	writer_begin(writer, "N1");
	writer_text(writer, entity);
	writer_element(writer, name);
	writer_text(writer, "FI");
	writer_element(writer, id);
	writer_end(writer);
}

void enrolment_set_begin(struct writer *writer, const struct enrolment_set *set)
{
	writer_set(writer, "834", GUIDE_834);
	writer_begin(writer, "BGN");
	writer_element(writer, slice_or(set->purpose, SLICE("00")));
	writer_element(writer, set->reference);
	writer_day(writer, set->date);
	writer_element(writer, slice_or(set->time, SLICE("0000")));
	writer_text(writer, "");
	writer_element(writer, set->original);
	writer_text(writer, "");
	writer_element(writer, slice_or(set->action, SLICE("2")));
	writer_end(writer);
	writer_reference(writer, "38", set->policy);
	day_put(writer, "007", set->effective);
	if (set->total.len > 0) {
		writer_begin(writer, "QTY");
		writer_text(writer, "TO");
		writer_element(writer, set->total);
		writer_end(writer);
	}
	party_put(writer, "P5", set->sponsor, set->sponsor_id);
	party_put(writer, "IN", set->payer, set->payer_id);
}

/* ---- who it is: 2000, 2100A ---- */

static void level_put(struct writer *writer, const struct member_record *member)
{
	writer_begin(writer, "INS");
	writer_element(writer, slice_or(member->subscriber, SLICE("Y")));
	writer_element(writer, slice_or(member->relationship, SLICE("18")));
	writer_element(writer, member->maintenance);
	writer_element(writer, member->reason);
	writer_element(writer, slice_or(member->benefit_status, SLICE("A")));
	gaps_put(writer, 2);
	writer_element(writer, member->employment);
	gaps_put(writer, 2);
	writer_text(writer, member->death == DAYS_NONE ? "" : "D8");
	writer_day(writer, member->death);
	writer_element(writer, member->confidentiality);
	gaps_put(writer, 3);
	writer_element(writer, member->birth_sequence);
	writer_end(writer);
	writer_reference(writer, "0F", member->member_id);
	writer_reference(writer, "1L", member->policy);
	writer_reference(writer, "23", member->client_number);
	writer_reference(writer, "3H", member->case_number);
	writer_reference(writer, "6O", member->cross_reference);
	writer_reference(writer, "Q4", member->prior_id);
	day_put(writer, "303", member->maintenance_date);
	day_put(writer, "356", member->eligibility_begin);
	day_put(writer, "357", member->eligibility_end);
	day_put(writer, "473", member->medicaid_begin);
	day_put(writer, "474", member->medicaid_end);
}

/* PER holds three numbers: the first three in the order of preference (6.2). */
static void phones_put(struct writer *writer, const struct member_record *member)
{
	const struct {
		const char *qualifier;
		struct slice number;
	} phones[] = {
		{ "HP", member->phone_home },     { "TE", member->phone_telephone }, { "CP", member->phone_cellular },
		{ "WP", member->phone_work },     { "AP", member->phone_alternate },
	};
	int count = 0;
	for (size_t i = 0; i < COUNT_OF(phones) && count < PHONES_MAX; i++) {
		if (phones[i].number.len == 0)
			continue;
		if (count++ == 0) {
			writer_begin(writer, "PER");
			writer_text(writer, "IP");
			writer_text(writer, "");
		}
		writer_text(writer, phones[i].qualifier);
		writer_element(writer, phones[i].number);
	}
	if (count > 0)
		writer_end(writer);
}

static void street_put(struct writer *writer, struct slice street, struct slice street2)
{
	if (street.len == 0)
		return;
	writer_begin(writer, "N3");
	writer_element(writer, street);
	writer_element(writer, street2);
	writer_end(writer);
}

static void city_put(struct writer *writer, const struct member_record *member)
{
	if (member->city.len == 0)
		return;
	writer_begin(writer, "N4");
	writer_element(writer, member->city);
	writer_element(writer, member->state);
	writer_element(writer, member->zip);
	writer_element(writer, member->country);
	writer_element(writer, member->location_qualifier);
	writer_element(writer, member->location);
	writer_end(writer);
}

static void language_put(struct writer *writer, struct slice code, struct slice text, const char *use)
{
	if (code.len == 0 && text.len == 0)
		return;
	writer_begin(writer, "LUI");
	writer_text(writer, code.len > 0 ? "LE" : "");
	writer_element(writer, code);
	writer_element(writer, text);
	writer_text(writer, use);
	writer_end(writer);
}

/* Is the first language that was sent this one?  A language may come with a code, a text or both. */
static bool language_is(const struct member_record *member, struct slice code, struct slice text)
{
	if (member->language_any.len > 0)
		return slice_equal(member->language_any, code);
	return slice_equal(member->language_any_text, text);
}

/* `language_any` is the first LUI that the binder saw: one of the two others, or a third of neither use. */
static void languages_put(struct writer *writer, const struct member_record *member)
{
	bool spoken = language_is(member, member->language_spoken, member->language_spoken_text);
	bool native = language_is(member, member->language_native, member->language_native_text);
	if (!spoken && !native)
		language_put(writer, member->language_any, member->language_any_text, "");
	if (native && !spoken)
		language_put(writer, member->language_native, member->language_native_text, "8");
	language_put(writer, member->language_spoken, member->language_spoken_text, "7");
	if (!native || spoken)
		language_put(writer, member->language_native, member->language_native_text, "8");
}

/* A qualifier stands only where its id does (P0809). */
static struct slice when_there(struct slice id, struct slice qualifier)
{
	return id.len > 0 ? qualifier : SLICE_NONE;
}

static void name_put(struct writer *writer, const struct member_record *member)
{
	writer_name(writer, &(struct writer_name){ .entity = slice_or(member->entity, SLICE("IL")), .type = SLICE("1"),
		.last = member->last, .first = member->first, .middle = member->middle, .prefix = member->prefix,
		.suffix = member->suffix, .id_qualifier = when_there(member->id, slice_or(member->id_qualifier, SLICE("ZZ"))),
		.id = member->id });
	phones_put(writer, member);
	street_put(writer, member->street, member->street2);
	city_put(writer, member);
	writer_birth(writer, member->born, member->sex);
	languages_put(writer, member);
}

/* ---- other people: 2100B, 2100C, 2100G ---- */

static void wrong_name_put(struct writer *writer, const struct member_record *member)
{
	if (member->wrong_last.len == 0 && member->wrong_id.len == 0 && member->wrong_born == DAYS_NONE)
		return;
	writer_name(writer, &(struct writer_name){ .entity = SLICE("70"), .type = SLICE("1"),
		.last = slice_or(member->wrong_last, member->last), /* required */ .first = member->wrong_first,
		.id_qualifier = when_there(member->wrong_id, SLICE("ZZ")), .id = member->wrong_id });
	writer_birth(writer, member->wrong_born, SLICE_NONE);
}

static void mail_put(struct writer *writer, const struct member_record *member)
{
	if (member->mail_street.len == 0)
		return;
	writer_put(writer, "NM1", "31", "1", NULL);
	street_put(writer, member->mail_street, member->mail_street2);
	writer_begin(writer, "N4");
	writer_element(writer, member->mail_city);
	writer_element(writer, member->mail_state);
	writer_element(writer, member->mail_zip);
	writer_end(writer);
}

static void responsible_put(struct writer *writer, const struct responsible_record *responsible)
{
	writer_name(writer, &(struct writer_name){ .entity = responsible->role, .type = SLICE("1"), .last = responsible->last,
		.first = responsible->first, .middle = responsible->middle, .suffix = responsible->suffix,
		.id_qualifier = when_there(responsible->id, SLICE("ZZ")), .id = responsible->id });
	if (responsible->phone.len > 0) {
		writer_begin(writer, "PER");
		writer_text(writer, "RP");
		writer_text(writer, "");
		writer_text(writer, "TE");
		writer_element(writer, responsible->phone);
		writer_end(writer);
	}
}

/* ---- coverage: 2300, 2310 ---- */

static void provider_put(struct writer *writer, const struct provider_record *provider, uint64_t number)
{
	writer_begin(writer, "LX");
	writer_number(writer, number);
	writer_end(writer);
	writer_name(writer, &(struct writer_name){ .entity = slice_or(provider->entity, SLICE("P3")),
		.type = slice_or(provider->type, SLICE("1")), .last = provider->last, .first = provider->first,
		.middle = provider->middle, .id_qualifier = provider->id_qualifier, .id = provider->id,
		.relationship = slice_or(provider->relationship, SLICE("72")) });
	if (provider->phone.len > 0) {
		writer_begin(writer, "PER");
		writer_text(writer, "IC");
		writer_text(writer, "");
		writer_text(writer, "TE");
		writer_element(writer, provider->phone);
		writer_end(writer);
	}
	if (provider->change_date != DAYS_NONE) {
		writer_begin(writer, "PLA");
		writer_text(writer, "2");
		writer_text(writer, "1P");
		writer_day(writer, provider->change_date);
		writer_text(writer, "");
		writer_element(writer, slice_or(provider->change_reason, SLICE("14")));
		writer_end(writer);
	}
}

static void coverage_put(struct writer *writer, const struct coverage_record *coverage)
{
	uint64_t number = 0;
	writer_begin(writer, "HD");
	writer_element(writer, coverage->maintenance);
	writer_text(writer, "");
	writer_element(writer, slice_or(coverage->line, SLICE("HLT")));
	writer_element(writer, coverage->plan);
	writer_element(writer, coverage->level);
	writer_end(writer);
	day_put(writer, "303", coverage->maintenance_date);
	day_put(writer, "348", coverage->begin);
	day_put(writer, "349", coverage->end);
	writer_reference(writer, "17", coverage->client_category);
	writer_reference(writer, "9V", coverage->payment_category);
	writer_reference(writer, "CE", coverage->contract_class);
	writer_reference(writer, "M7", coverage->aid_category);
	writer_reference(writer, "PID", coverage->program_id);
	writer_reference(writer, "RB", coverage->rate_code);
	writer_reference(writer, "XX1", coverage->special_program);
	writer_reference(writer, "XX2", coverage->service_area);
	writer_reference(writer, "ZX", coverage->county);
	for (const struct provider_record *p = coverage->providers; p != NULL; p = p->next)
		provider_put(writer, p, ++number);
}

/* ---- reporting categories: one LS/LE pair a member, LX counting inside ---- */

static void categories_put(struct writer *writer, const struct category_record *categories)
{
	uint64_t number = 0;
	writer_put(writer, "LS", "2700", NULL);
	for (const struct category_record *c = categories; c != NULL; c = c->next) {
		writer_begin(writer, "LX");
		writer_number(writer, ++number);
		writer_end(writer);
		writer_begin(writer, "N1");
		writer_text(writer, "75");
		writer_element(writer, c->name);
		writer_end(writer);
		writer_begin(writer, "REF");
		writer_element(writer, c->qualifier);
		writer_element(writer, c->value);
		writer_end(writer);
		if (c->date.len == 0)
			continue;
		writer_begin(writer, "DTP");
		writer_text(writer, "007");
		writer_text(writer, c->date.len == 8 ? "D8" : "RD8");
		writer_element(writer, c->date);
		writer_end(writer);
	}
	writer_put(writer, "LE", "2700", NULL);
}

void enrolment_member(struct writer *writer, const struct member_record *member)
{
	level_put(writer, member);
	name_put(writer, member);
	wrong_name_put(writer, member);
	mail_put(writer, member);
	for (const struct responsible_record *r = member->responsible; r != NULL; r = r->next)
		responsible_put(writer, r);
	for (const struct coverage_record *c = member->coverages; c != NULL; c = c->next)
		coverage_put(writer, c);
	if (member->categories != NULL)
		categories_put(writer, member->categories);
}
