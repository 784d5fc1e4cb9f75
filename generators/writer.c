/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * writer: puts interchanges together, segment by segment and element by element.
 *
 * Separators are written only when something follows them: an empty element or
 * component is counted as pending and put when a later one has a value, so that
 * nothing empty stands at the end of a segment (domain reference 6.7).
 *
 * Holds at every return: between writer_begin and writer_end nothing but the open
 * segment is unfinished; `segments` is what SE01 will say less the SE itself; no
 * byte of a value is a delimiter.
 */
#include "generators/generators.h"

#include <assert.h>
#include <stdarg.h>

void writer_init(struct writer *writer, struct buffer *out)
{
	*writer = (struct writer){
		.out = out,
		.delimiters = { .element = '*', .repetition = '^', .component = ':', .segment = '~' },
		.line_feeds = true,
	};
}

/* ---- values ---- */

static bool byte_is_delimiter(const struct writer *writer, char byte)
{
	const struct delimiters *d = &writer->delimiters;
	return byte == d->element || byte == d->component || byte == d->segment ||
	       (d->repetition != '\0' && byte == d->repetition) || (unsigned char)byte < ' ';
}

struct slice writer_core(const struct writer *writer, struct slice value)
{
	while (value.len > 0 && (value.ptr[0] == ' ' || byte_is_delimiter(writer, value.ptr[0]))) {
		value.ptr++;
		value.len--;
	}
	while (value.len > 0 && (value.ptr[value.len - 1] == ' ' || byte_is_delimiter(writer, value.ptr[value.len - 1])))
		value.len--;
	return value;
}

/* Delimiters inside a value would tear the segment apart: a blank takes their place. */
static void value_put(struct writer *writer, struct slice value)
{
	size_t clean = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (!byte_is_delimiter(writer, value.ptr[i]))
			continue;
		buffer_put(writer->out, value.ptr + clean, i - clean);
		buffer_char(writer->out, ' ');
		writer->replaced++;
		clean = i + 1;
	}
	if (clean < value.len)
		buffer_put(writer->out, value.ptr + clean, value.len - clean);
}

static void separators_put(struct writer *writer, char separator, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_char(writer->out, separator);
}

/* Open the next element, which has a value. */
static void element_open(struct writer *writer)
{
	separators_put(writer, writer->delimiters.element, writer->pending_elements + 1);
	writer->pending_elements = 0;
	writer->pending_components = 0;
}

static void element_gap(struct writer *writer)
{
	writer->pending_elements++;
	writer->pending_components = 0;
}

/* ---- segments ---- */

void writer_begin(struct writer *writer, const char *segment_id)
{
	writer->pending_elements = 0;
	writer->pending_components = 0;
	buffer_text(writer->out, segment_id);
}

void writer_end(struct writer *writer)
{
	buffer_char(writer->out, writer->delimiters.segment);
	if (writer->line_feeds)
		buffer_char(writer->out, '\n');
	writer->segments++;
}

void writer_element(struct writer *writer, struct slice value)
{
	if (value.len == 0) {
		element_gap(writer);
		return;
	}
	element_open(writer);
	value_put(writer, value);
}

void writer_text(struct writer *writer, const char *value)
{
	writer_element(writer, slice_of(value));
}

void writer_number(struct writer *writer, uint64_t value)
{
	assert(value <= INT64_MAX);
	element_open(writer);
	buffer_number(writer->out, (int64_t)value);
}

void writer_cents(struct writer *writer, cents amount)
{
	element_open(writer);
	cents_put_x12(writer->out, amount);
}

void writer_day(struct writer *writer, days day)
{
	if (day == DAYS_NONE || day == DAYS_OPEN) {
		element_gap(writer);
		return;
	}
	element_open(writer);
	days_put8(writer->out, day);
}

void writer_digits(struct writer *writer, struct slice value)
{
	char digits[33];
	size_t len = 0;
	for (size_t i = 0; i < value.len && len < sizeof(digits); i++)
		if (value.ptr[i] >= '0' && value.ptr[i] <= '9')
			digits[len++] = value.ptr[i];
	writer_element(writer, (struct slice){ digits, len });
}

void writer_span(struct writer *writer, days begin, days end)
{
	if (end == DAYS_NONE || end == DAYS_OPEN || begin == DAYS_NONE || end == begin) {
		writer_text(writer, begin == DAYS_NONE ? "" : "D8");
		writer_day(writer, begin);
		return;
	}
	writer_text(writer, "RD8");
	writer_day(writer, begin);
	buffer_char(writer->out, '-');
	days_put8(writer->out, end);
}

void writer_component(struct writer *writer, struct slice value)
{
	writer->pending_components++;
	if (value.len == 0)
		return;
	/* the element itself is still pending when its first component was empty */
	separators_put(writer, writer->delimiters.element, writer->pending_elements);
	writer->pending_elements = 0;
	separators_put(writer, writer->delimiters.component, writer->pending_components);
	writer->pending_components = 0;
	value_put(writer, value);
}

void writer_repeat(struct writer *writer, struct slice value)
{
	if (value.len == 0)
		return;
	writer->pending_components = 0;
	if (writer->pending_elements > 0) { /* the element was empty: this is its first value */
		separators_put(writer, writer->delimiters.element, writer->pending_elements);
		writer->pending_elements = 0;
	} else {
		assert(writer->delimiters.repetition != '\0');
		buffer_char(writer->out, writer->delimiters.repetition);
	}
	value_put(writer, value);
}

void writer_put(struct writer *writer, const char *segment_id, ...)
{
	va_list list;
	va_start(list, segment_id);
	writer_begin(writer, segment_id);
	for (const char *value = va_arg(list, const char *); value != NULL; value = va_arg(list, const char *))
		writer_text(writer, value);
	writer_end(writer);
	va_end(list);
}

/* ---- segments that many documents have ---- */

void writer_name(struct writer *writer, const struct writer_name *name)
{
	const struct slice elements[] = { name->entity, name->type, name->last, name->first, name->middle, name->prefix,
		name->suffix, name->id_qualifier, name->id, name->relationship };
	writer_begin(writer, "NM1");
	for (size_t i = 0; i < COUNT_OF(elements); i++)
		writer_element(writer, elements[i]);
	writer_end(writer);
}

void writer_reference(struct writer *writer, const char *qualifier, struct slice value)
{
	if (value.len == 0)
		return;
	writer_begin(writer, "REF");
	writer_text(writer, qualifier);
	writer_element(writer, value);
	writer_end(writer);
}

void writer_birth(struct writer *writer, days born, struct slice sex)
{
	if (born == DAYS_NONE && sex.len == 0)
		return;
	writer_begin(writer, "DMG");
	writer_text(writer, born == DAYS_NONE ? "" : "D8");
	writer_day(writer, born);
	writer_element(writer, sex);
	writer_end(writer);
}

/* ---- envelope ---- */

static void control_put(char *out, size_t size, uint64_t control, int width)
{
	int len = snprintf(out, size, "%0*llu", width, (unsigned long long)(control % 1000000000));
	assert(len > 0 && (size_t)len < size);
	(void)len;
}

/* An element of ISA: exactly `width` bytes. */
static void isa_element(struct writer *writer, struct slice value, size_t width)
{
	buffer_char(writer->out, writer->delimiters.element);
	if (value.len > width)
		value.len = width;
	value_put(writer, value);
	for (size_t i = value.len; i < width; i++)
		buffer_char(writer->out, ' ');
}

void writer_interchange(struct writer *writer, const struct envelope *envelope)
{
	struct buffer *out = writer->out;
	const struct delimiters *d = &writer->delimiters;
	assert(envelope->usage == 'P' || envelope->usage == 'T');
	writer->groups = 0;
	control_put(writer->interchange_control, sizeof(writer->interchange_control), envelope->control, 9);
	buffer_text(out, "ISA");
	isa_element(writer, SLICE("00"), 2);
	isa_element(writer, SLICE_NONE, 10);
	isa_element(writer, SLICE("00"), 2);
	isa_element(writer, SLICE_NONE, 10);
	isa_element(writer, envelope->sender_qualifier, 2);
	isa_element(writer, envelope->sender, 15);
	isa_element(writer, envelope->receiver_qualifier, 2);
	isa_element(writer, envelope->receiver, 15);
	buffer_char(out, d->element);
	days_put6(out, envelope->made.day);
	buffer_char(out, d->element);
	moment_put_time4(out, envelope->made);
	buffer_char(out, d->element);
	buffer_char(out, d->repetition);
	isa_element(writer, SLICE("00501"), 5);
	isa_element(writer, slice_of(writer->interchange_control), 9);
	isa_element(writer, envelope->ack_requested ? SLICE("1") : SLICE("0"), 1);
	isa_element(writer, (struct slice){ &envelope->usage, 1 }, 1);
	buffer_char(out, d->element);
	buffer_char(out, d->component);
	writer_end(writer);
}

void writer_interchange_end(struct writer *writer)
{
	writer_begin(writer, "IEA");
	writer_number(writer, writer->groups);
	writer_text(writer, writer->interchange_control);
	writer_end(writer);
}

/* GS06 is the interchange's number for its first group and counts up from there: unique in the interchange. */
void writer_group(struct writer *writer, const struct envelope *envelope, const char *functional_id, const char *version)
{
	control_put(writer->group_control, sizeof(writer->group_control), envelope->control + writer->groups, 1);
	writer->groups++;
	writer->sets = 0;
	writer_begin(writer, "GS");
	writer_text(writer, functional_id);
	writer_element(writer, envelope->sender);
	writer_element(writer, envelope->receiver);
	writer_day(writer, envelope->made.day);
	element_open(writer);
	moment_put_time4(writer->out, envelope->made);
	writer_text(writer, writer->group_control);
	writer_text(writer, "X");
	writer_text(writer, version);
	writer_end(writer);
}

void writer_group_end(struct writer *writer)
{
	writer_begin(writer, "GE");
	writer_number(writer, writer->sets);
	writer_text(writer, writer->group_control);
	writer_end(writer);
}

void writer_set(struct writer *writer, const char *set_id, const char *convention)
{
	writer->sets++;
	writer->segments = 0;
	control_put(writer->set_control, sizeof(writer->set_control), writer->sets, 4);
	writer_begin(writer, "ST");
	writer_text(writer, set_id);
	writer_text(writer, writer->set_control);
	if (convention != NULL)
		writer_text(writer, convention);
	writer_end(writer);
}

void writer_set_end(struct writer *writer)
{
	writer_begin(writer, "SE");
	writer_number(writer, writer->segments + 1);
	writer_text(writer, writer->set_control);
	writer_end(writer);
}
