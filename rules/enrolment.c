/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * enrolment: one member of an 834 applied to what is known of that member (domain
 * reference 6.2).  Nothing is stored here: the whole state after comes back, and the
 * caller keeps the difference.
 *
 *   change file (BGN08 2)   what a segment does not say stays as it is
 *   replace file (RX)       what a segment does not say is not there; coverage from the
 *                           record's own first day on is the record's, what lies before stays
 *   verify file (4) and 030 compared, never applied: a difference is a note
 *
 * Coverage itself is in coverage.c.  Holds at every return that gives true: spans of one
 * plan do not overlap, `after` of a record that says nothing new is member_same as `before`.
 */
#include "rules/coverage.h"

#include <assert.h>

static void note(struct enrolment *out, enum finding_code code)
{
	for (size_t i = 0; i < out->note_count; i++)
		if (out->notes[i] == code)
			return;
	assert(out->note_count < ENROL_NOTES_MAX); /* each code once, and there are seven */
	out->notes[out->note_count++] = code;
}

static void take(struct slice *kept, struct slice sent)
{
	if (sent.len > 0)
		*kept = sent;
}

/* ---------------------------------------------------------------- demographics */

static struct slice phone_of(const struct program *program, const struct member_record *record)
{
	struct slice order = program->phone_order;
	for (struct slice kind = slice_word(&order); kind.len > 0; kind = slice_word(&order)) {
		struct slice number = slice_is(kind, "HP") ? record->phone_home
			: slice_is(kind, "TE")             ? record->phone_telephone
			: slice_is(kind, "CP")             ? record->phone_cellular
			: slice_is(kind, "WP")             ? record->phone_work
			: slice_is(kind, "AP")             ? record->phone_alternate
							   : SLICE_NONE;
		if (number.len > 0)
			return number;
	}
	return SLICE_NONE;
}

static struct slice code_or_text(struct slice code, struct slice text)
{
	return code.len > 0 ? code : text;
}

static struct slice language_of(const struct program *program, const struct member_record *record)
{
	struct slice order = program->language_order;
	for (struct slice use = slice_word(&order); use.len > 0; use = slice_word(&order)) {
		struct slice language = slice_is(use, "7")
			? code_or_text(record->language_spoken, record->language_spoken_text)
			: slice_is(use, "8") ? code_or_text(record->language_native, record->language_native_text)
					     : code_or_text(record->language_any, record->language_any_text);
		if (language.len > 0)
			return language;
	}
	return SLICE_NONE;
}

static const struct responsible_record *head_of(const struct program *program, const struct member_record *record)
{
	struct slice order = program->head_roles;
	for (struct slice role = slice_word(&order); role.len > 0; role = slice_word(&order))
		for (const struct responsible_record *person = record->responsible; person != NULL;
			person = person->next)
			if (slice_equal(person->role, role) && person->last.len > 0)
				return person;
	return NULL;
}

static void take_addresses(
	struct member *after, const struct program *program, const struct member_record *record, bool replace)
{
	if (replace || record->street.len > 0 || record->city.len > 0) {
		after->home = (struct address){ .street = record->street,
			.street2 = record->street2,
			.city = record->city,
			.state = record->state,
			.zip = record->zip };
		if (slice_among(program->town_qualifiers, record->location_qualifier))
			after->home.town_code = record->location;
		if (slice_among(program->county_qualifiers, record->location_qualifier))
			after->home.county = record->location;
	}
	if (replace || record->mail_street.len > 0 || record->mail_city.len > 0)
		after->mail = (struct address){ .street = record->mail_street,
			.street2 = record->mail_street2,
			.city = record->mail_city,
			.state = record->mail_state,
			.zip = record->mail_zip };
}

/* A segment that is there is there as a whole: a name without its middle name has none. */
static void take_person(
	struct member *after, const struct program *program, const struct member_record *record, bool replace)
{
	if (record->last.len > 0 || record->first.len > 0) {
		after->last = record->last;
		after->first = record->first;
		after->middle = record->middle;
		after->suffix = record->suffix;
	}
	if (record->id.len > 0 && slice_is(record->id_qualifier, "34"))
		after->ssn = record->id;
	if (record->born != DAYS_NONE || replace)
		after->born = record->born;
	if (record->sex.len > 0 || replace)
		after->sex = record->sex;
	struct slice language = language_of(program, record), phone = phone_of(program, record);
	if (language.len > 0 || replace)
		after->language = language;
	if (phone.len > 0 || replace)
		after->phone = phone;
	if (record->case_number.len > 0 || replace)
		after->case_number = record->case_number;
	take(&after->birth_sequence, record->birth_sequence);
	if (record->confidentiality.len > 0 || replace)
		after->confidential = slice_is(record->confidentiality, "R");
	const struct responsible_record *head = head_of(program, record);
	if (head != NULL || replace) {
		after->head_last = head == NULL ? SLICE_NONE : head->last;
		after->head_first = head == NULL ? SLICE_NONE : head->first;
		after->head_middle = head == NULL ? SLICE_NONE : head->middle;
	}
	take_addresses(after, program, record, replace);
}

/* INS12, or a termination by death (INS04 03) that dates itself by its end.  A reinstatement takes a death back. */
static void take_death(struct member *after, const struct member_record *record)
{
	if (record->death != DAYS_NONE)
		after->died = record->death;
	else if (slice_is(record->maintenance, "025"))
		after->died = DAYS_NONE;
	else if (slice_is(record->maintenance, "024") && slice_is(record->reason, "03") && after->died == DAYS_NONE)
		after->died = record_last_day(record);
}

/* ---------------------------------------------------------------- the PCP asked for */

static bool is_npi_shaped(struct slice id)
{
	for (size_t i = 0; i < id.len; i++)
		if (id.ptr[i] < '0' || id.ptr[i] > '9')
			return false;
	return id.len == 10;
}

static struct slice source_of(const struct program *program, struct slice reason)
{
	for (size_t i = 0; i < program->source_count; i++)
		if (slice_equal(program->sources[i].reason, reason))
			return program->sources[i].value;
	return program->source;
}

bool enrol_request(struct request *out, bool *other_id, const struct program *program, const struct enrolment_set *set,
	const struct member_record *record, struct origin origin, days today)
{
	*other_id = false;
	if (slice_is(record->maintenance, "024"))
		return false;
	for (const struct coverage_record *coverage = record->coverages; coverage != NULL; coverage = coverage->next) {
		if (coverage_takes_away(record, coverage))
			continue;
		for (const struct provider_record *provider = coverage->providers; provider != NULL;
			provider = provider->next) {
			/* the qualifier says XX where it is an NPI, but ten digits are one whatever it says */
			if (!slice_is(provider->entity, "P3"))
				continue;
			if (!is_npi_shaped(provider->id)) {
				*other_id = true;
				continue;
			}
			*out = (struct request){ .processed = today, .state = REQUEST_PENDING,
				.channel = program->channel,
				.relationship = provider->relationship, .cause = provider->change_reason, .source = source_of(program, record->reason),
				.origin = { origin.interchange, provider->offset } };
			out->received = set->date != DAYS_NONE && set->date <= today ? set->date : today;
			out->asked_from = provider->change_date != DAYS_NONE ? provider->change_date
									     : coverage->begin;
			slice_copy(out->npi, sizeof(out->npi), provider->id);
			return true;
		}
	}
	return false;
}

/* ---------------------------------------------------------------- the whole */

static bool address_same(const struct address *a, const struct address *b)
{
	return slice_equal(a->street, b->street) && slice_equal(a->street2, b->street2) &&
		slice_equal(a->city, b->city) && slice_equal(a->state, b->state) && slice_equal(a->zip, b->zip) &&
		slice_equal(a->town_code, b->town_code) && slice_equal(a->county, b->county);
}

static bool spans_same(const struct member *a, const struct member *b)
{
	if (a->span_count != b->span_count)
		return false;
	for (size_t i = 0; i < a->span_count; i++)
		if (a->spans[i].begin != b->spans[i].begin || a->spans[i].end != b->spans[i].end ||
			!span_same_facts(&a->spans[i], &b->spans[i]))
			return false;
	return true;
}

bool member_same(const struct member *a, const struct member *b)
{
	return slice_equal(a->medicaid_id, b->medicaid_id) && slice_equal(a->case_number, b->case_number) &&
		slice_equal(a->last, b->last) && slice_equal(a->first, b->first) && slice_equal(a->middle, b->middle) &&
		slice_equal(a->suffix, b->suffix) && a->born == b->born && a->died == b->died &&
		slice_equal(a->sex, b->sex) && slice_equal(a->language, b->language) &&
		slice_equal(a->phone, b->phone) && address_same(&a->home, &b->home) &&
		address_same(&a->mail, &b->mail) && a->confidential == b->confidential &&
		slice_equal(a->birth_sequence, b->birth_sequence) && slice_equal(a->head_last, b->head_last) &&
		slice_equal(a->head_first, b->head_first) && slice_equal(a->head_middle, b->head_middle) &&
		slice_equal(a->ssn, b->ssn) && a->merged_into == b->merged_into && spans_same(a, b);
}

/* Spans that stayed keep their number and origin; the others are this record's. */
static void spans_own(struct member *after, const struct member *before, struct origin origin)
{
	for (size_t i = 0; i < after->span_count; i++) {
		struct span *span = &after->spans[i];
		span->id = 0;
		span->origin = origin;
		for (size_t j = 0; before != NULL && j < before->span_count; j++) {
			const struct span *kept = &before->spans[j];
			if (kept->begin == span->begin && kept->end == span->end && span_same_facts(kept, span)) {
				*span = *kept;
				break;
			}
		}
	}
}

static void set_aside(struct enrolment *out, enum finding_code code, const struct member *before)
{
	note(out, code);
	out->effect = ENROL_SET_ASIDE;
	out->requested = false;
	out->after = before == NULL ? (struct member){ .born = DAYS_NONE, .died = DAYS_NONE, .recorded = DAYS_NONE }
				    : *before;
}

/* What the record is about to do to somebody: false when it can do nothing, with its note. */
static bool enrol_may(
	struct enrolment *out, const struct member_record *record, const struct member *before, bool compare)
{
	if (record->member_id.len == 0) {
		set_aside(out, FINDING_MEMBER_NO_ID, before);
		return false;
	}
	if (before != NULL)
		return true;
	if (compare) {
		set_aside(out, FINDING_AUDIT_DIFFERS, before);
		return false;
	}
	if (slice_is(record->maintenance, "021") || slice_is(record->maintenance, "030")) /* 030: of a replace file */
		return true;
	if (slice_is(record->maintenance, "024") || !record_brings_coverage(record)) {
		set_aside(out, FINDING_MEMBER_UNKNOWN, before);
		return false;
	}
	note(out, FINDING_MEMBER_UNKNOWN);
	return true;
}

static void enrol_judge(
	struct enrolment *out, const struct member *before, bool compare, struct origin origin, days today)
{
	if (before == NULL) {
		out->effect = ENROL_NEW;
	} else if (compare) {
		if (!member_same(before, &out->after))
			note(out, FINDING_AUDIT_DIFFERS);
		out->compared = true;
		out->says = out->after;
		out->after = *before;
		out->effect = ENROL_SAME;
		return;
	} else {
		out->effect = member_same(before, &out->after) ? ENROL_SAME : ENROL_CHANGED;
	}
	spans_own(&out->after, before, origin);
	if (out->effect == ENROL_SAME)
		return;
	out->after.origin = origin;
	out->after.recorded = today;
}

bool enrol(struct enrolment *out, struct arena *arena, const struct program *program, const struct enrolment_set *set,
	const struct member_record *record, const struct member *before, struct origin origin, days today,
	const struct additions *earlier)
{
	*out = (struct enrolment){ 0 };
	bool compare = slice_is(set->action, "4") ||
		(slice_is(record->maintenance, "030") && !slice_is(set->action, "RX"));
	bool replace = slice_is(set->action, "RX") && !slice_is(record->maintenance, "024");
	if (!enrol_may(out, record, before, compare))
		return true;
	struct member *after = &out->after;
	*after = before != NULL
		? *before
		: (struct member){
			  .medicaid_id = record->member_id, .born = DAYS_NONE, .died = DAYS_NONE, .recorded = DAYS_NONE
		  };
	/* a new member has nothing to keep; an audit compares coverage as a whole and of the rest what it says */
	take_person(after, program, record, replace);
	take_death(after, record);
	struct coverage_change change = {
		.program = program, .set = set, .record = record, .replace = replace || compare, .today = today, .earlier = earlier
	};
	if (!coverage_apply(&change, after, before, arena))
		return false;
	if (change.span_dates)
		note(out, FINDING_SPAN_DATES);
	if (change.added_twice && !compare)
		note(out, FINDING_ADDED_TWICE);
	if (after->span_count > LIMIT_SPANS) {
		set_aside(out, FINDING_TOO_MANY_SPANS, before);
		return true;
	}
	enrol_judge(out, before, compare, origin, today);
	if (!compare) {
		bool other_id;
		out->requested = enrol_request(&out->request, &other_id, program, set, record, origin, today);
		if (other_id && !out->requested)
			note(out, FINDING_PCP_NO_NPI);
		struct slice prior = record->prior_id.len > 0 ? record->prior_id : record->wrong_id;
		if (prior.len > 0 && !slice_equal(prior, record->member_id))
			out->prior_id = prior;
	}
	out->lasting = !compare && !change.by_day && out->note_count == 0 && out->prior_id.len == 0;
	return true;
}
