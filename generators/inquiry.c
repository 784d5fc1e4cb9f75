/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * inquiry: 270 005010X279A1 inquiries, for samples and round trips.
 *
 * The mirror of the guide's field map (domain reference 6.3).  A set has one source
 * (HL 1) and one receiver (HL 2); the subscribers bring their own HL01, so that a
 * record that was read comes out as it was.
 */
#include "generators/generators.h"

#define GUIDE_270 "005010X279A1"

void inquiry_set_begin(struct writer *writer, const struct inquiry_set *set, const struct inquiry_source *source,
                       const struct inquiry_receiver *receiver)
{
	writer_set(writer, "270", GUIDE_270);
	writer_begin(writer, "BHT");
	writer_text(writer, "0022");
	writer_element(writer, slice_or(set->purpose, SLICE("13")));
	writer_element(writer, set->reference);
	writer_day(writer, set->date);
	writer_element(writer, slice_or(set->time, SLICE("0000")));
	writer_element(writer, set->type);
	writer_end(writer);
	writer_put(writer, "HL", "1", "", "20", "1", NULL);
	writer_name(writer, &(struct writer_name){ .entity = slice_or(source->entity, SLICE("PR")),
		.type = slice_or(source->type, SLICE("2")), .last = source->name, .first = source->first,
		.id_qualifier = slice_or(source->id_qualifier, SLICE("PI")), .id = source->id });
	writer_put(writer, "HL", "2", "1", "21", "1", NULL);
	writer_begin(writer, "NM1");
	writer_element(writer, slice_or(receiver->entity, SLICE("1P")));
	writer_element(writer, slice_or(receiver->type, SLICE("2")));
	writer_element(writer, receiver->last);
	writer_element(writer, receiver->first);
	writer_element(writer, receiver->middle);
	writer_text(writer, "");
	writer_element(writer, receiver->suffix);
	writer_element(writer, slice_or(receiver->id_qualifier, SLICE("XX")));
	writer_element(writer, receiver->id);
	writer_end(writer);
}

/* ---- what subscriber and dependent have in common ---- */

static void level_put(struct writer *writer, struct slice hl, struct slice parent, const char *level, const char *child)
{
	writer_begin(writer, "HL");
	writer_element(writer, hl);
	writer_element(writer, parent);
	writer_text(writer, level);
	writer_text(writer, child);
	writer_end(writer);
}

static void traces_put(struct writer *writer, const struct slice traces[3][3])
{
	for (size_t i = 0; i < 3; i++) {
		if (traces[i][0].len == 0)
			continue;
		writer_begin(writer, "TRN");
		writer_text(writer, "1");
		for (size_t column = 0; column < 3; column++)
			writer_element(writer, traces[i][column]);
		writer_end(writer);
	}
}

static void twin_put(struct writer *writer, const char *insured, const char *relationship, struct slice sequence)
{
	if (sequence.len == 0)
		return;
	writer_begin(writer, "INS");
	writer_text(writer, insured);
	writer_text(writer, relationship);
	for (int gap = 3; gap < 17; gap++)
		writer_text(writer, "");
	writer_element(writer, sequence);
	writer_end(writer);
}

static void date_put(struct writer *writer, struct slice format, struct slice date)
{
	if (date.len == 0)
		return;
	writer_begin(writer, "DTP");
	writer_text(writer, "291");
	writer_element(writer, slice_or(format, SLICE("D8")));
	writer_element(writer, date);
	writer_end(writer);
}

/* EQ01 with its repetitions as `separator` parts them in the record. */
static void service_types_put(struct writer *writer, struct slice types, char separator)
{
	struct slice part;
	if (types.len == 0)
		return;
	writer_begin(writer, "EQ");
	if (separator == '\0') {
		writer_element(writer, types);
		writer_end(writer);
		return;
	}
	for (unsigned n = 0; slice_part(&part, types, separator, n); n++) {
		if (n == 0)
			writer_element(writer, part);
		else
			writer_repeat(writer, part);
	}
	writer_end(writer);
}

/* ---- levels ---- */

static void dependent_put(struct writer *writer, const struct inquiry_dependent *dependent,
                          const struct inquiry_record *subscriber)
{
	level_put(writer, dependent->hl, subscriber->hl, "23", "0");
	traces_put(writer, dependent->trace);
	writer_name(writer, &(struct writer_name){ .entity = SLICE("03"), .type = SLICE("1"), .last = dependent->last,
		.first = dependent->first, .middle = dependent->middle, .suffix = dependent->suffix });
	writer_reference(writer, "SY", dependent->ssn);
	writer_birth(writer, dependent->born, dependent->sex);
	twin_put(writer, "N", "19", dependent->birth_sequence);
	date_put(writer, dependent->date_format, dependent->date);
	service_types_put(writer, dependent->service_types, subscriber->repetition);
}

static void address_put(struct writer *writer, const struct inquiry_record *inquiry)
{
	if (inquiry->street.len > 0) {
		writer_begin(writer, "N3");
		writer_element(writer, inquiry->street);
		writer_end(writer);
	}
	if (inquiry->city.len > 0) {
		writer_begin(writer, "N4");
		writer_element(writer, inquiry->city);
		writer_element(writer, inquiry->state);
		writer_element(writer, inquiry->zip);
		writer_end(writer);
	}
}

void writer_subscriber(struct writer *writer, const struct inquiry_record *inquiry)
{
	bool identified = inquiry->id.len > 0;
	writer_name(writer, &(struct writer_name){ .entity = SLICE("IL"), .type = SLICE("1"), .last = inquiry->last,
		.first = inquiry->first, .middle = inquiry->middle, .suffix = inquiry->suffix,
		.id_qualifier = identified ? slice_or(inquiry->id_qualifier, SLICE("MI")) : SLICE_NONE, .id = inquiry->id });
}

void inquiry_put(struct writer *writer, const struct inquiry_record *inquiry)
{
	level_put(writer, inquiry->hl, SLICE("2"), "22", inquiry->dependents == NULL ? "0" : "1");
	traces_put(writer, inquiry->trace);
	writer_subscriber(writer, inquiry);
	writer_reference(writer, "3H", inquiry->case_number);
	writer_reference(writer, "NQ", inquiry->medicaid_number);
	writer_reference(writer, "SY", inquiry->ssn);
	address_put(writer, inquiry);
	writer_birth(writer, inquiry->born, inquiry->sex);
	twin_put(writer, "Y", "18", inquiry->birth_sequence);
	date_put(writer, inquiry->date_format, inquiry->date);
	service_types_put(writer, inquiry->service_types, inquiry->repetition);
	date_put(writer, inquiry->benefit_date_format, inquiry->benefit_date);
	for (const struct inquiry_dependent *d = inquiry->dependents; d != NULL; d = d->next)
		dependent_put(writer, d, inquiry);
}
