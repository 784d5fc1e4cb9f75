/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * answer: a 271 005010X279A1 to one 270 (domain reference 6.4).
 *
 * Source and receiver are repeated as asked and opened when an answer names
 * others than the open ones.  A rejection of the source or the receiver stands at
 * its level and nothing stands below it; a rejection of the subscriber gives back
 * what was asked and no benefit, so that nobody learns more than he sent.
 * Medicaid members are their own subscribers: HL04 of the subscriber is always 0.
 *
 * Holds: HL01 counts from 1 by one within the set; HL02 is the open level above;
 * a confidential member's address is never written.
 */
#include "generators/generators.h"

#define GUIDE_271 "005010X279A1"
#define TRACES_ECHOED 2 /* the third TRN of the guide is our own */

/* ---- set ---- */

void answer_set_begin(struct answer_writer *aw, struct writer *writer, const struct payer *payer,
                      const struct inquiry_set *asked, struct moment made)
{
	struct buffer *out = writer->out;
	*aw = (struct answer_writer){ .writer = writer, .payer = payer, .made = made };
	writer_set(writer, "271", GUIDE_271);
	writer_begin(writer, "BHT");
	writer_text(writer, "0022");
	writer_text(writer, slice_is(asked->purpose, "01") ? "06" : "11");
	writer_element(writer, asked->reference);
	writer_day(writer, made.day);
	buffer_char(out, writer->delimiters.element);
	moment_put_time4(out, made);
	writer_end(writer);
}

void answer_set_end(struct answer_writer *aw)
{
	writer_set_end(aw->writer);
}

/* ---- levels ---- */

static uint64_t level_put(struct answer_writer *aw, uint64_t parent, const char *level, bool children)
{
	struct writer *writer = aw->writer;
	writer_begin(writer, "HL");
	writer_number(writer, ++aw->hl);
	if (parent == 0)
		writer_text(writer, "");
	else
		writer_number(writer, parent);
	writer_text(writer, level);
	writer_text(writer, children ? "1" : "0");
	writer_end(writer);
	return aw->hl;
}

static bool level_rejected(const struct answer *answer, enum answer_level level)
{
	for (size_t i = 0; i < answer->rejection_count; i++)
		if (answer->rejections[i].level == level)
			return true;
	return false;
}

static void rejection_put(struct writer *writer, const struct rejection *rejection)
{
	writer_begin(writer, "AAA");
	writer_element(writer, (struct slice){ &rejection->valid, 1 });
	writer_text(writer, "");
	writer_text(writer, rejection->code);
	writer_element(writer, (struct slice){ &rejection->follow_up, 1 });
	writer_end(writer);
}

static void rejections_put(struct writer *writer, const struct answer *answer, enum answer_level level)
{
	for (size_t i = 0; i < answer->rejection_count; i++)
		if (answer->rejections[i].level == level)
			rejection_put(writer, &answer->rejections[i]);
}

/* What concerns the exchange itself stands in 2000A, what concerns the payer's name or id in 2100A. */
static bool rejection_of_level(const struct rejection *rejection)
{
	struct slice code = slice_of(rejection->code);
	return slice_is(code, "04") || slice_is(code, "41") || slice_is(code, "42");
}

static void source_rejections_put(struct writer *writer, const struct answer *answer, bool of_level)
{
	for (size_t i = 0; i < answer->rejection_count; i++) {
		const struct rejection *rejection = &answer->rejections[i];
		if (rejection->level == ANSWER_SOURCE && rejection_of_level(rejection) == of_level)
			rejection_put(writer, rejection);
	}
}

static void source_put(struct answer_writer *aw, const struct inquiry_source *source, const struct answer *answer)
{
	struct writer *writer = aw->writer;
	aw->source = source;
	slice_copy(aw->source_hl, sizeof(aw->source_hl), source->hl);
	aw->source_closed = level_rejected(answer, ANSWER_SOURCE);
	aw->receiver = NULL;
	aw->hl_source = level_put(aw, 0, "20", !aw->source_closed);
	source_rejections_put(writer, answer, true);
	writer_name(writer, &(struct writer_name){ .entity = slice_or(source->entity, SLICE("PR")),
		.type = slice_or(source->type, SLICE("2")), .last = slice_or(source->name, aw->payer->name), .first = source->first,
		.id_qualifier = source->id.len > 0 ? source->id_qualifier : SLICE("PI"),
		.id = slice_or(source->id, aw->payer->eligibility_id) });
	source_rejections_put(writer, answer, false);
}

static void receiver_put(struct answer_writer *aw, const struct inquiry_receiver *receiver, const struct answer *answer)
{
	struct writer *writer = aw->writer;
	aw->receiver = receiver;
	slice_copy(aw->receiver_hl, sizeof(aw->receiver_hl), receiver->hl);
	aw->receiver_closed = level_rejected(answer, ANSWER_RECEIVER);
	aw->hl_receiver = level_put(aw, aw->hl_source, "21", !aw->receiver_closed);
	writer_name(writer, &(struct writer_name){ .entity = slice_or(receiver->entity, SLICE("1P")),
		.type = slice_or(receiver->type, SLICE("2")), .last = receiver->last, .first = receiver->first,
		.middle = receiver->middle, .suffix = receiver->suffix, .id_qualifier = receiver->id_qualifier, .id = receiver->id });
	rejections_put(writer, answer, ANSWER_RECEIVER);
}

/* ---- the subscriber ---- */

static void traces_put(struct answer_writer *aw, const struct answer *answer)
{
	struct writer *writer = aw->writer;
	for (size_t i = 0; i < TRACES_ECHOED; i++) {
		const struct slice *trace = answer->inquiry->trace[i];
		if (trace[0].len == 0)
			continue;
		writer_begin(writer, "TRN");
		writer_text(writer, "2");
		for (size_t column = 0; column < 3; column++)
			writer_element(writer, trace[column]);
		writer_end(writer);
	}
	if (answer->own_trace.len == 0)
		return;
	writer_begin(writer, "TRN");
	writer_text(writer, "1");
	writer_element(writer, answer->own_trace);
	writer_element(writer, aw->payer->id);
	writer_end(writer);
}

static void asked_day_put(struct writer *writer, const struct answer *answer)
{
	if (answer->asked == DAYS_NONE)
		return;
	writer_begin(writer, "DTP");
	writer_text(writer, "291");
	writer_span(writer, answer->asked, answer->asked_end == DAYS_NONE ? answer->asked : answer->asked_end);
	writer_end(writer);
}

/* Rejected: what was asked, and why it is not answered. */
static void refused_subscriber_put(struct writer *writer, const struct answer *answer)
{
	const struct inquiry_record *inquiry = answer->inquiry;
	writer_subscriber(writer, inquiry);
	rejections_put(writer, answer, ANSWER_SUBSCRIBER);
	writer_birth(writer, inquiry->born, inquiry->sex);
}

static void address_put(struct writer *writer, const struct address *address)
{
	if (address->street.len > 0) {
		writer_begin(writer, "N3");
		writer_element(writer, address->street);
		writer_element(writer, address->street2);
		writer_end(writer);
	}
	if (address->city.len > 0) {
		writer_begin(writer, "N4");
		writer_element(writer, address->city);
		writer_element(writer, address->state);
		writer_digits(writer, address->zip);
		writer_end(writer);
	}
}

/* Found: the member as stored.  INS says that the name asked about was another (and which twin it is). */
static void subscriber_put(struct writer *writer, const struct answer *answer)
{
	const struct member *member = answer->member;
	writer_name(writer, &(struct writer_name){ .entity = SLICE("IL"), .type = SLICE("1"), .last = member->last,
		.first = member->first, .middle = member->middle, .suffix = member->suffix, .id_qualifier = SLICE("MI"),
		.id = member->medicaid_id });
	writer_reference(writer, "3H", member->case_number);
	if (!member->confidential)
		address_put(writer, &member->home);
	writer_birth(writer, member->born, member->sex);
	if (answer->name_differs || member->birth_sequence.len > 0) {
		writer_begin(writer, "INS");
		writer_text(writer, "Y");
		writer_text(writer, "18");
		writer_text(writer, answer->name_differs ? "001" : "");
		writer_text(writer, answer->name_differs ? "25" : "");
		for (int gap = 5; gap < 17; gap++)
			writer_text(writer, "");
		writer_element(writer, member->birth_sequence);
		writer_end(writer);
	}
	asked_day_put(writer, answer);
}

/* ---- benefits: each EB opens a loop 2110C ---- */

/* EB03: blank-separated service types as repetitions of one element. */
static void service_types_put(struct writer *writer, struct slice types)
{
	struct slice rest = types;
	struct slice type = slice_word(&rest);
	writer_element(writer, type);
	for (size_t count = 1; count < LIMIT_SERVICE_TYPES; count++) {
		type = slice_word(&rest);
		if (type.len == 0)
			return;
		writer_repeat(writer, type);
	}
}

static void benefit_put(struct writer *writer, const char *information, const char *level, struct slice types,
                        struct slice name)
{
	writer_begin(writer, "EB");
	writer_text(writer, information);
	writer_text(writer, level);
	service_types_put(writer, types);
	writer_text(writer, "MC");
	writer_element(writer, name);
	writer_end(writer);
}

static void benefit_dates_put(struct writer *writer, const char *qualifier, days begin, days end)
{
	if (begin == DAYS_NONE)
		return;
	writer_begin(writer, "DTP");
	writer_text(writer, qualifier);
	writer_span(writer, begin, end);
	writer_end(writer);
}

struct related { /* who stands in loop 2120C */
	const char *entity, *type, *npi;
	struct slice last, first, phone;
};

static void related_put(struct writer *writer, const struct related *related)
{
	writer_put(writer, "LS", "2120", NULL);
	writer_name(writer, &(struct writer_name){ .entity = slice_of(related->entity), .type = slice_of(related->type),
		.last = related->last, .first = related->first,
		.id_qualifier = related->npi[0] != '\0' ? SLICE("XX") : SLICE_NONE, .id = slice_of(related->npi) });
	if (related->phone.len > 0) {
		writer_begin(writer, "PER");
		writer_text(writer, "IC");
		writer_text(writer, "");
		writer_text(writer, "TE");
		writer_digits(writer, related->phone);
		writer_end(writer);
	}
	writer_put(writer, "LE", "2120", NULL);
}

/* EB*L names the PCP with his phone (ELV-2), EB*MC the Primary Manager who is paid. */
static void assignment_put(struct writer *writer, const struct answer *answer)
{
	const struct pcp *pcp = answer->pcp;
	const struct billing_provider *billing = answer->billing;
	struct slice all = SLICE("30");
	if (pcp != NULL) {
		struct related related = {
			.entity = "P3", .type = "1", .npi = pcp->npi,
			.last = pcp->last, .first = pcp->first, .phone = pcp->phone,
		};
		benefit_put(writer, "L", "IND", all, answer->program_name);
		benefit_dates_put(writer, "295", answer->pcp_begin, answer->pcp_end);
		related_put(writer, &related);
	}
	if (pcp != NULL && billing != NULL) {
		struct related related = {
			.entity = "1P", .type = "2", .npi = billing->npi, .last = billing->name, .phone = billing->phone,
		};
		benefit_put(writer, "MC", "IND", all, answer->program_name);
		benefit_dates_put(writer, "291", answer->pcp_begin, answer->pcp_end);
		related_put(writer, &related);
	}
}

static void benefits_put(struct writer *writer, const struct answer *answer)
{
	if (!answer->active) {
		writer_put(writer, "EB", "6", "", "30", NULL);
		return;
	}
	benefit_put(writer, "1", "", SLICE("30"), answer->coverage_name);
	benefit_dates_put(writer, "307", answer->covered_begin, answer->covered_end);
	if (slice_trim(answer->service_types).len > 0)
		benefit_put(writer, "1", "", answer->service_types, SLICE_NONE);
	assignment_put(writer, answer);
	for (size_t i = 0; i < answer->contact_count; i++) {
		const struct answer_contact *contact = &answer->contacts[i];
		struct related related = {
			.entity = "VN", .type = "2", .npi = "", .last = contact->name, .phone = contact->phone,
		};
		benefit_put(writer, "U", "", contact->service_type, SLICE_NONE);
		related_put(writer, &related);
	}
}

/* ---- one answer ---- */

static bool level_is_open(const void *open, const void *asked, const char *open_hl, struct slice asked_hl)
{
	return open == asked && slice_is(asked_hl, open_hl);
}

void answer_put(struct answer_writer *aw, const struct inquiry_source *source, const struct inquiry_receiver *receiver,
                const struct answer *answer)
{
	struct writer *writer = aw->writer;
	bool source_rejected = level_rejected(answer, ANSWER_SOURCE);
	bool receiver_rejected = level_rejected(answer, ANSWER_RECEIVER);
	if (!level_is_open(aw->source, source, aw->source_hl, source->hl) || source_rejected != aw->source_closed)
		source_put(aw, source, answer);
	if (source_rejected)
		return;
	if (!level_is_open(aw->receiver, receiver, aw->receiver_hl, receiver->hl) ||
	    receiver_rejected != aw->receiver_closed)
		receiver_put(aw, receiver, answer);
	if (receiver_rejected)
		return;
	level_put(aw, aw->hl_receiver, "22", false);
	traces_put(aw, answer);
	if (level_rejected(answer, ANSWER_SUBSCRIBER) || answer->member == NULL) {
		refused_subscriber_put(writer, answer);
		asked_day_put(writer, answer);
		return;
	}
	subscriber_put(writer, answer);
	benefits_put(writer, answer);
}
