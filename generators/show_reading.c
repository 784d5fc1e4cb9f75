/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show_reading: values as people write them (2010-01-05, 21:05, $1,882.50), and the few
 * words that say at one glance what a segment is about.
 */
#include "generators/show.h"

#define NUMBER_AMOUNT 782 /* X12 data element "Monetary Amount" */

static bool digits_only(struct slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return text.len > 0;
}

static bool day_reading(char out[48], struct slice text)
{
	days day;
	if (!days_parse8(&day, text))
		return false;
	slice_copy(out, 48, slice_of(days_iso(day).text));
	return true;
}

static bool span_reading(char out[48], struct slice text)
{
	days from, to;
	if (text.len != 17 || text.ptr[8] != '-' || !days_parse8(&from, (struct slice){ text.ptr, 8 }) ||
		!days_parse8(&to, (struct slice){ text.ptr + 9, 8 }))
		return false;
	snprintf(out, 48, "%s to %s", days_iso(from).text, days_iso(to).text);
	return true;
}

/* HHMM, HHMMSS, and with parts of a second. */
static bool time_reading(char out[48], struct slice text)
{
	if (!digits_only(text) || (text.len != 4 && text.len != 6 && text.len != 8))
		return false;
	if (text.len == 4)
		snprintf(out, 48, "%.2s:%.2s", text.ptr, text.ptr + 2);
	else
		snprintf(out, 48, "%.2s:%.2s:%.2s", text.ptr, text.ptr + 2, text.ptr + 4);
	return true;
}

static bool amount_reading(char out[48], struct slice text)
{
	struct buffer people;
	cents amount;
	if (!cents_parse(&amount, text))
		return false;
	buffer_init(&people, 0);
	cents_put_people(&people, amount);
	slice_copy(out, 48, buffer_view(&people));
	bool put = people.len > 0 && !people.failed;
	buffer_done(&people);
	return put;
}

bool reading_of(char out[48], const struct event *event, const struct guide_element *rule, unsigned element, struct slice text)
{
	const struct segment *segment = event->segment;
	if (text.len == 0)
		return false;
	if (rule->number == NUMBER_AMOUNT)
		return amount_reading(out, text);
	if (rule->type == TYPE_DT)
		return day_reading(out, text);
	if (rule->type == TYPE_TM)
		return time_reading(out, text);
	if (rule->format_of == 0)
		return false;
	/* the qualifier stands in the segment, of a component in its composite */
	struct slice qualifier = segment_element(segment, rule->format_of);
	struct slice whole = segment_element(segment, element);
	if (text.len < whole.len && !slice_part(&qualifier, whole, segment->delimiters.component, rule->format_of - 1U))
		return false;
	if (slice_is(qualifier, "D8"))
		return day_reading(out, text);
	if (slice_is(qualifier, "RD8"))
		return span_reading(out, text);
	return slice_is(qualifier, "TM") && time_reading(out, text);
}

/* ---- headings ---- */

/* The elements that tell a segment from the others of its kind. */
static const struct {
	const char *id;
	uint8_t elements[4];
} summaries[] = {
	{ "AMT", { 1, 2 } }, { "BGN", { 1, 2 } }, { "BPR", { 2, 4, 16 } }, { "CAS", { 1, 2, 3 } }, { "CLP", { 1, 2, 3, 4 } },
	{ "DMG", { 2, 3 } }, { "DTM", { 1, 2 } }, { "DTP", { 1, 3 } }, { "EB", { 1, 3, 4 } }, { "EQ", { 1 } }, { "HD", { 1, 3 } },
	{ "HL", { 3 } }, { "INS", { 2, 3 } }, { "N1", { 2, 4 } }, { "N3", { 1, 2 } }, { "N4", { 1, 2, 3 } },
	{ "NM1", { 3, 4, 9 } }, { "PER", { 2, 4 } }, { "QTY", { 1, 2 } }, { "REF", { 1, 2 } }, { "TRN", { 2 } },
	{ "AK1", { 1, 2 } }, { "AK2", { 1, 2 } }, { "AK9", { 1 } }, { "IK5", { 1 } }, { "TA1", { 1, 4, 5 } },
};

static bool word_put(struct shower *shower, const struct event *event, const struct guide_element *rule, unsigned n,
	const char *before)
{
	char reading[48];
	struct slice text = segment_element(event->segment, n);
	if (text.len == 0 || rule->type == TYPE_COMPOSITE || (event->segment->delimiters.repetition != '\0' &&
		memchr(text.ptr, event->segment->delimiters.repetition, text.len) != NULL))
		return false;
	if (!shower->show_values && personal_segment(event->segment) && personal_element(rule->number, event->segment->id))
		return false;
	const char *label = rule->type == TYPE_ID ? guide_code_label(rule->number, text) : NULL;
	buffer_text(shower->out, before);
	if (label != NULL)
		buffer_text(shower->out, label);
	else if (reading_of(reading, event, rule, n, text))
		buffer_text(shower->out, reading);
	else
		bytes_put(shower, text);
	return true;
}

void summary_put(struct shower *shower, const struct event *event)
{
	const struct guide_node *node = &event->guide->nodes[event->node];
	const char *before = ": ";
	size_t row = 0;
	while (row < COUNT_OF(summaries) && !slice_is(event->segment->id, summaries[row].id))
		row++;
	for (size_t i = 0; row < COUNT_OF(summaries) && i < COUNT_OF(summaries[row].elements); i++) {
		unsigned n = summaries[row].elements[i];
		if (n == 0 || n > node->element_count)
			continue;
		if (word_put(shower, event, &event->guide->elements[node->first_element + n - 1], n, before))
			before = ", ";
	}
}
