/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * fields: the members of records by name, so that a guide file can say which element
 * fills which of them.
 *
 * Fields stand by record kind in the order of enum record_kind, which is how they are
 * found.  A new text, date or amount of a record is named here too;
 * tests/unit/test_records.c counts the bytes that nobody named.
 */
#include "records/records.h"

#include <assert.h>

/* IN(member) is two columns: it has to be expanded before FIELD sees them. */
#define FIELD_ROW(name, type, kind, offset, column) { name, kind, type, (uint16_t)(offset), column }
#define FIELD_COLUMNS(...) FIELD_ROW(__VA_ARGS__)
#define FIELD(name, type, in) FIELD_COLUMNS(name, FIELD_##type, in, 0)
#define TRACE(name, in, column) FIELD_COLUMNS(name, FIELD_TRACE, in, column)

const struct field record_fields[] = {
	/* struct enrolment_set */
#define IN(member) RECORD_ENROLMENT_SET, offsetof(struct enrolment_set, member)
	FIELD("purpose", TEXT, IN(purpose)),
	FIELD("reference", TEXT, IN(reference)),
	FIELD("date", DAY, IN(date)),
	FIELD("time", TEXT, IN(time)),
	FIELD("original", TEXT, IN(original)),
	FIELD("action", TEXT, IN(action)),
	FIELD("policy", TEXT, IN(policy)),
	FIELD("effective", DAY, IN(effective)),
	FIELD("total", TEXT, IN(total)),
	FIELD("sponsor", TEXT, IN(sponsor)),
	FIELD("sponsor_id", TEXT, IN(sponsor_id)),
	FIELD("payer", TEXT, IN(payer)),
	FIELD("payer_id", TEXT, IN(payer_id)),
#undef IN
	/* struct member_record */
#define IN(member) RECORD_MEMBER, offsetof(struct member_record, member)
	FIELD("subscriber", TEXT, IN(subscriber)),
	FIELD("relationship", TEXT, IN(relationship)),
	FIELD("maintenance", TEXT, IN(maintenance)),
	FIELD("reason", TEXT, IN(reason)),
	FIELD("benefit_status", TEXT, IN(benefit_status)),
	FIELD("employment", TEXT, IN(employment)),
	FIELD("death", DAY, IN(death)),
	FIELD("confidentiality", TEXT, IN(confidentiality)),
	FIELD("birth_sequence", TEXT, IN(birth_sequence)),
	FIELD("member_id", TEXT, IN(member_id)),
	FIELD("policy", TEXT, IN(policy)),
	FIELD("case_number", TEXT, IN(case_number)),
	FIELD("prior_id", TEXT, IN(prior_id)),
	FIELD("cross_reference", TEXT, IN(cross_reference)),
	FIELD("client_number", TEXT, IN(client_number)),
	FIELD("eligibility_begin", DAY, IN(eligibility_begin)),
	FIELD("eligibility_end", DAY, IN(eligibility_end)),
	FIELD("medicaid_begin", DAY, IN(medicaid_begin)),
	FIELD("medicaid_end", DAY, IN(medicaid_end)),
	FIELD("maintenance_date", DAY, IN(maintenance_date)),
	FIELD("entity", TEXT, IN(entity)),
	FIELD("last", TEXT, IN(last)),
	FIELD("first", TEXT, IN(first)),
	FIELD("middle", TEXT, IN(middle)),
	FIELD("prefix", TEXT, IN(prefix)),
	FIELD("suffix", TEXT, IN(suffix)),
	FIELD("id_qualifier", TEXT, IN(id_qualifier)),
	FIELD("id", TEXT, IN(id)),
	FIELD("phone_home", TEXT, IN(phone_home)),
	FIELD("phone_telephone", TEXT, IN(phone_telephone)),
	FIELD("phone_cellular", TEXT, IN(phone_cellular)),
	FIELD("phone_work", TEXT, IN(phone_work)),
	FIELD("phone_alternate", TEXT, IN(phone_alternate)),
	FIELD("street", TEXT, IN(street)),
	FIELD("street2", TEXT, IN(street2)),
	FIELD("city", TEXT, IN(city)),
	FIELD("state", TEXT, IN(state)),
	FIELD("zip", TEXT, IN(zip)),
	FIELD("country", TEXT, IN(country)),
	FIELD("location_qualifier", TEXT, IN(location_qualifier)),
	FIELD("location", TEXT, IN(location)),
	FIELD("born", DAY, IN(born)),
	FIELD("sex", TEXT, IN(sex)),
	FIELD("language_spoken", TEXT, IN(language_spoken)),
	FIELD("language_native", TEXT, IN(language_native)),
	FIELD("language_any", TEXT, IN(language_any)),
	FIELD("language_spoken_text", TEXT, IN(language_spoken_text)),
	FIELD("language_native_text", TEXT, IN(language_native_text)),
	FIELD("language_any_text", TEXT, IN(language_any_text)),
	FIELD("mail_street", TEXT, IN(mail_street)),
	FIELD("mail_street2", TEXT, IN(mail_street2)),
	FIELD("mail_city", TEXT, IN(mail_city)),
	FIELD("mail_state", TEXT, IN(mail_state)),
	FIELD("mail_zip", TEXT, IN(mail_zip)),
	FIELD("wrong_last", TEXT, IN(wrong_last)),
	FIELD("wrong_first", TEXT, IN(wrong_first)),
	FIELD("wrong_id", TEXT, IN(wrong_id)),
	FIELD("wrong_born", DAY, IN(wrong_born)),
#undef IN
	/* struct coverage_record */
#define IN(member) RECORD_COVERAGE, offsetof(struct coverage_record, member)
	FIELD("maintenance", TEXT, IN(maintenance)),
	FIELD("line", TEXT, IN(line)),
	FIELD("plan", TEXT, IN(plan)),
	FIELD("level", TEXT, IN(level)),
	FIELD("begin", DAY, IN(begin)),
	FIELD("end", DAY, IN(end)),
	FIELD("maintenance_date", DAY, IN(maintenance_date)),
	FIELD("aid_category", TEXT, IN(aid_category)),
	FIELD("payment_category", TEXT, IN(payment_category)),
	FIELD("special_program", TEXT, IN(special_program)),
	FIELD("program_id", TEXT, IN(program_id)),
	FIELD("rate_code", TEXT, IN(rate_code)),
	FIELD("service_area", TEXT, IN(service_area)),
	FIELD("county", TEXT, IN(county)),
	FIELD("client_category", TEXT, IN(client_category)),
	FIELD("contract_class", TEXT, IN(contract_class)),
#undef IN
	/* struct provider_record */
#define IN(member) RECORD_PROVIDER, offsetof(struct provider_record, member)
	FIELD("entity", TEXT, IN(entity)),
	FIELD("type", TEXT, IN(type)),
	FIELD("last", TEXT, IN(last)),
	FIELD("first", TEXT, IN(first)),
	FIELD("middle", TEXT, IN(middle)),
	FIELD("id_qualifier", TEXT, IN(id_qualifier)),
	FIELD("id", TEXT, IN(id)),
	FIELD("relationship", TEXT, IN(relationship)),
	FIELD("phone", TEXT, IN(phone)),
	FIELD("change_date", DAY, IN(change_date)),
	FIELD("change_reason", TEXT, IN(change_reason)),
#undef IN
	/* struct responsible_record */
#define IN(member) RECORD_RESPONSIBLE, offsetof(struct responsible_record, member)
	FIELD("role", TEXT, IN(role)),
	FIELD("last", TEXT, IN(last)),
	FIELD("first", TEXT, IN(first)),
	FIELD("middle", TEXT, IN(middle)),
	FIELD("suffix", TEXT, IN(suffix)),
	FIELD("id", TEXT, IN(id)),
	FIELD("phone", TEXT, IN(phone)),
#undef IN
	/* struct category_record */
#define IN(member) RECORD_CATEGORY, offsetof(struct category_record, member)
	FIELD("name", TEXT, IN(name)),
	FIELD("qualifier", TEXT, IN(qualifier)),
	FIELD("value", TEXT, IN(value)),
	FIELD("date", TEXT, IN(date)),
#undef IN
	/* struct inquiry_set */
#define IN(member) RECORD_INQUIRY_SET, offsetof(struct inquiry_set, member)
	FIELD("purpose", TEXT, IN(purpose)),
	FIELD("reference", TEXT, IN(reference)),
	FIELD("date", DAY, IN(date)),
	FIELD("time", TEXT, IN(time)),
	FIELD("type", TEXT, IN(type)),
#undef IN
	/* struct inquiry_source */
#define IN(member) RECORD_SOURCE, offsetof(struct inquiry_source, member)
	FIELD("hl", TEXT, IN(hl)),
	FIELD("entity", TEXT, IN(entity)),
	FIELD("type", TEXT, IN(type)),
	FIELD("name", TEXT, IN(name)),
	FIELD("first", TEXT, IN(first)),
	FIELD("id_qualifier", TEXT, IN(id_qualifier)),
	FIELD("id", TEXT, IN(id)),
#undef IN
	/* struct inquiry_receiver */
#define IN(member) RECORD_RECEIVER, offsetof(struct inquiry_receiver, member)
	FIELD("hl", TEXT, IN(hl)),
	FIELD("entity", TEXT, IN(entity)),
	FIELD("type", TEXT, IN(type)),
	FIELD("last", TEXT, IN(last)),
	FIELD("first", TEXT, IN(first)),
	FIELD("middle", TEXT, IN(middle)),
	FIELD("suffix", TEXT, IN(suffix)),
	FIELD("id_qualifier", TEXT, IN(id_qualifier)),
	FIELD("id", TEXT, IN(id)),
#undef IN
	/* struct inquiry_record */
#define IN(member) RECORD_INQUIRY, offsetof(struct inquiry_record, member)
	FIELD("hl", TEXT, IN(hl)),
	FIELD("child_code", TEXT, IN(child_code)),
	TRACE("trace_number", IN(trace), 0),
	TRACE("trace_entity", IN(trace), 1),
	TRACE("trace_additional", IN(trace), 2),
	FIELD("last", TEXT, IN(last)),
	FIELD("first", TEXT, IN(first)),
	FIELD("middle", TEXT, IN(middle)),
	FIELD("suffix", TEXT, IN(suffix)),
	FIELD("id_qualifier", TEXT, IN(id_qualifier)),
	FIELD("id", TEXT, IN(id)),
	FIELD("ssn", TEXT, IN(ssn)),
	FIELD("medicaid_number", TEXT, IN(medicaid_number)),
	FIELD("case_number", TEXT, IN(case_number)),
	FIELD("street", TEXT, IN(street)),
	FIELD("city", TEXT, IN(city)),
	FIELD("state", TEXT, IN(state)),
	FIELD("zip", TEXT, IN(zip)),
	FIELD("born", DAY, IN(born)),
	FIELD("sex", TEXT, IN(sex)),
	FIELD("birth_sequence", TEXT, IN(birth_sequence)),
	FIELD("date_format", TEXT, IN(date_format)),
	FIELD("date", TEXT, IN(date)),
	FIELD("benefit_date_format", TEXT, IN(benefit_date_format)),
	FIELD("benefit_date", TEXT, IN(benefit_date)),
	FIELD("service_types", TEXT, IN(service_types)),
#undef IN
	/* struct inquiry_dependent */
#define IN(member) RECORD_DEPENDENT, offsetof(struct inquiry_dependent, member)
	FIELD("hl", TEXT, IN(hl)),
	TRACE("trace_number", IN(trace), 0),
	TRACE("trace_entity", IN(trace), 1),
	TRACE("trace_additional", IN(trace), 2),
	FIELD("last", TEXT, IN(last)),
	FIELD("first", TEXT, IN(first)),
	FIELD("middle", TEXT, IN(middle)),
	FIELD("suffix", TEXT, IN(suffix)),
	FIELD("born", DAY, IN(born)),
	FIELD("sex", TEXT, IN(sex)),
	FIELD("birth_sequence", TEXT, IN(birth_sequence)),
	FIELD("ssn", TEXT, IN(ssn)),
	FIELD("date_format", TEXT, IN(date_format)),
	FIELD("date", TEXT, IN(date)),
	FIELD("service_types", TEXT, IN(service_types)),
#undef IN
	/* struct remittance_record */
#define IN(member) RECORD_REMITTANCE, offsetof(struct remittance_record, member)
	FIELD("handling", TEXT, IN(handling)),
	FIELD("method", TEXT, IN(method)),
	FIELD("amount", CENTS, IN(amount)),
	FIELD("credit", TEXT, IN(credit)),
	FIELD("trace", TEXT, IN(trace)),
	FIELD("payer", TEXT, IN(payer)),
	FIELD("payee", TEXT, IN(payee)),
	FIELD("payee_id", TEXT, IN(payee_id)),
	FIELD("claims", SUM, IN(claims)),
	FIELD("adjustments", SUM, IN(adjustments)),
	FIELD("claim_count", COUNT, IN(claim_count)),
#undef IN
};
const size_t record_field_count = COUNT_OF(record_fields);

#define NOWHERE UINT16_MAX
#define AT(type, member) (uint16_t)offsetof(struct type, member)
#define SIZE_OF(type) (uint16_t)sizeof(struct type)

/* Offsets and sizes are uint16_t; a list is walked by the pointer that its structs begin with. */
_Static_assert(sizeof(struct member_record) < UINT16_MAX, "record too large for its offsets");
_Static_assert(offsetof(struct coverage_record, next) == 0, "next comes first");
_Static_assert(offsetof(struct provider_record, next) == 0, "next comes first");
_Static_assert(offsetof(struct responsible_record, next) == 0, "next comes first");
_Static_assert(offsetof(struct category_record, next) == 0, "next comes first");
_Static_assert(offsetof(struct inquiry_dependent, next) == 0, "next comes first");

/* name, kind, parent, size, list in the parent, byte offset, segment position */
static const struct record_shape shapes[RECORD_KINDS] = {
	[RECORD_NONE] = { "", RECORD_NONE, RECORD_NONE, 0, NOWHERE, NOWHERE, NOWHERE },
	[RECORD_ENROLMENT_SET] = { "enrolment_set", RECORD_ENROLMENT_SET, RECORD_NONE, SIZE_OF(enrolment_set),
				   NOWHERE, NOWHERE, NOWHERE },
	[RECORD_MEMBER] = { "member", RECORD_MEMBER, RECORD_NONE, SIZE_OF(member_record), NOWHERE,
			    AT(member_record, offset), AT(member_record, segment) },
	[RECORD_COVERAGE] = { "coverage", RECORD_COVERAGE, RECORD_MEMBER, SIZE_OF(coverage_record),
			      AT(member_record, coverages), AT(coverage_record, offset), NOWHERE },
	[RECORD_PROVIDER] = { "provider", RECORD_PROVIDER, RECORD_COVERAGE, SIZE_OF(provider_record),
			      AT(coverage_record, providers), AT(provider_record, offset), NOWHERE },
	[RECORD_RESPONSIBLE] = { "responsible", RECORD_RESPONSIBLE, RECORD_MEMBER, SIZE_OF(responsible_record),
				 AT(member_record, responsible), NOWHERE, NOWHERE },
	[RECORD_CATEGORY] = { "category", RECORD_CATEGORY, RECORD_MEMBER, SIZE_OF(category_record),
			      AT(member_record, categories), NOWHERE, NOWHERE },
	[RECORD_INQUIRY_SET] = { "inquiry_set", RECORD_INQUIRY_SET, RECORD_NONE, SIZE_OF(inquiry_set), NOWHERE,
				 NOWHERE, NOWHERE },
	[RECORD_SOURCE] = { "source", RECORD_SOURCE, RECORD_NONE, SIZE_OF(inquiry_source), NOWHERE, NOWHERE,
			    NOWHERE },
	[RECORD_RECEIVER] = { "receiver", RECORD_RECEIVER, RECORD_NONE, SIZE_OF(inquiry_receiver), NOWHERE, NOWHERE,
			      NOWHERE },
	[RECORD_INQUIRY] = { "inquiry", RECORD_INQUIRY, RECORD_NONE, SIZE_OF(inquiry_record), NOWHERE,
			     AT(inquiry_record, offset), AT(inquiry_record, segment) },
	[RECORD_DEPENDENT] = { "dependent", RECORD_DEPENDENT, RECORD_INQUIRY, SIZE_OF(inquiry_dependent),
			       AT(inquiry_record, dependents), AT(inquiry_dependent, offset), NOWHERE },
	[RECORD_REMITTANCE] = { "remittance", RECORD_REMITTANCE, RECORD_NONE, SIZE_OF(remittance_record), NOWHERE,
				AT(remittance_record, offset), NOWHERE },
};

const struct record_shape *record_shape(enum record_kind kind)
{
	assert(kind >= RECORD_NONE && kind < RECORD_KINDS);
	return &shapes[kind];
}

enum record_kind record_kind_of(struct slice name)
{
	for (int i = RECORD_NONE + 1; i < RECORD_KINDS; i++) {
		if (slice_is(name, shapes[i].name))
			return (enum record_kind)i;
	}
	return RECORD_NONE;
}

/* record_fields is ordered by kind. */
size_t record_field_first(enum record_kind kind)
{
	size_t low = 0, high = COUNT_OF(record_fields);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (record_fields[middle].record < kind)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int record_field_of(enum record_kind kind, struct slice name)
{
	for (size_t i = record_field_first(kind); i < COUNT_OF(record_fields) && record_fields[i].record == kind; i++) {
		if (slice_is(name, record_fields[i].name))
			return (int)i;
	}
	return -1;
}

void record_clear(enum record_kind kind, void *record)
{
	const days none = DAYS_NONE;
	memset(record, 0, record_shape(kind)->size);
	for (size_t i = record_field_first(kind); i < COUNT_OF(record_fields) && record_fields[i].record == kind; i++) {
		if (record_fields[i].type == FIELD_DAY)
			memcpy((char *)record + record_fields[i].offset, &none, sizeof(none));
	}
}
