/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show_elements: the elements of any segment, one by one, with the names of its guide
 * or, for the envelope's segments, those of X12.5 and X12.6.
 *
 * An element that is not mentioned is empty.  So only what has a value is shown, and
 * besides it what would be lost otherwise: the last element, repetition or component, if
 * it was sent empty.  Wherever a separator stands in a value the value is taken apart,
 * whether the guide knows of parts or not; put together again they are the same bytes.
 */
#include "generators/show.h"

/* ---- the envelope's own names ---- */

static const struct {
	const char *id, *name;
	const char *elements[16];
} envelope_names[] = {
	{ "ISA", "Interchange Control Header", { "Authorization Information Qualifier", "Authorization Information",
		"Security Information Qualifier", "Security Information", "Interchange Sender ID Qualifier",
		"Interchange Sender ID", "Interchange Receiver ID Qualifier", "Interchange Receiver ID",
		"Interchange Date", "Interchange Time", "Repetition Separator", "Interchange Control Version Number",
		"Interchange Control Number", "Acknowledgment Requested", "Interchange Usage Indicator",
		"Component Element Separator" } },
	{ "TA1", "Interchange Acknowledgment", { "Interchange Control Number", "Interchange Date", "Interchange Time",
		"Interchange Acknowledgment Code", "Interchange Note Code" } },
	{ "GS", "Functional Group Header", { "Functional Identifier Code", "Application Sender's Code",
		"Application Receiver's Code", "Date", "Time", "Group Control Number", "Responsible Agency Code",
		"Version / Release / Industry Identifier Code" } },
	{ "GE", "Functional Group Trailer", { "Number of Transaction Sets Included", "Group Control Number" } },
	{ "IEA", "Interchange Control Trailer", { "Number of Included Functional Groups", "Interchange Control Number" } },
	{ "ST", "Transaction Set Header", { "Transaction Set Identifier Code", "Transaction Set Control Number",
		"Implementation Convention Reference" } },
	{ "SE", "Transaction Set Trailer", { "Number of Included Segments", "Transaction Set Control Number" } },
};

const char *envelope_name(struct slice segment_id, unsigned element)
{
	for (size_t i = 0; i < COUNT_OF(envelope_names); i++)
		if (slice_is(segment_id, envelope_names[i].id))
			return element == 0 ? envelope_names[i].name : element <= 16 ? envelope_names[i].elements[element - 1] : NULL;
	return NULL;
}

/* Of the envelope only what opens a door is hidden: ISA02 and ISA04. */
static bool envelope_secret(struct slice segment_id, unsigned element, struct slice text)
{
	return slice_is(segment_id, "ISA") && (element == 2 || element == 4) && slice_trim(text).len > 0;
}

/* ---- one element ---- */

struct place_of { /* where a value stands, and what is known of the place */
	const struct event *event;
	const struct guide_element *rule; /* NULL: none */
	const char *name;      /* of the envelope's element */
	bool personal;         /* the segment may speak of a person */
	bool fixed;            /* ISA: its elements have no parts, two of them are the separators */
	char id[4];
	unsigned element, repetition;
};

static bool part_hidden(const struct shower *shower, const struct place_of *place, const struct guide_element *rule,
	struct slice text)
{
	struct slice id = place->event->segment->id;
	if (shower->show_values || text.len == 0)
		return false;
	if (place->name != NULL)
		return envelope_secret(id, place->element, text);
	return rule == NULL || (place->personal && personal_element(rule->number, id));
}

/* Terse JSON: a text, or an object that says how its bytes became text or that they are hidden. */
static void text_put(struct shower *shower, const struct place_of *place, const struct guide_element *rule, struct slice text)
{
	struct buffer *out = shower->out;
	bool hidden = part_hidden(shower, place, rule, text);
	size_t begin = out->len;
	if (!hidden) {
		buffer_text(out, shower->comma ? ",\"" : "\"");
		bool plain = bytes_put(shower, text) == NULL;
		buffer_char(out, '"');
		if (plain) {
			shower->comma = true;
			return;
		}
		out->len = begin; /* once more, as an object */
	}
	buffer_text(out, shower->comma ? ",{" : "{");
	shower->comma = false;
	bytes_property_put(shower, "value", text, hidden);
	object_close(shower);
}

static void list_open(struct shower *shower)
{
	buffer_text(shower->out, shower->comma ? ",[" : "[");
	shower->comma = false;
}

static void list_close(struct shower *shower)
{
	buffer_char(shower->out, ']');
	shower->comma = true;
}

/* The text up to the next separator; false: there was none before the end. */
static bool part_take(struct slice *part, struct slice *rest, char separator)
{
	const char *end = rest->len == 0 ? NULL : memchr(rest->ptr, separator, rest->len);
	*part = (struct slice){ rest->ptr, end == NULL ? rest->len : (size_t)(end - rest->ptr) };
	if (end != NULL)
		*rest = (struct slice){ end + 1, rest->len - part->len - 1 };
	return end != NULL;
}

static bool stands_in(struct slice text, char separator)
{
	return text.len > 0 && separator != '\0' && memchr(text.ptr, separator, text.len) != NULL;
}

static void terse_repetition_put(struct shower *shower, const struct place_of *place, struct slice whole)
{
	const struct guide_element *rule = place->rule;
	char separator = place->event->segment->delimiters.component;
	bool composite = rule != NULL && rule->type == TYPE_COMPOSITE, more = true;
	struct slice part;
	if (!stands_in(whole, separator)) {
		if (composite)
			rule = rule->component_count == 0 ? NULL : &place->event->guide->elements[rule->first_component];
		text_put(shower, place, rule, whole);
		return;
	}
	list_open(shower);
	for (unsigned n = 0; more; n++) {
		more = part_take(&part, &whole, separator);
		text_put(shower, place, composite ? n < rule->component_count
			? &place->event->guide->elements[rule->first_component + n] : NULL : rule, part);
	}
	list_close(shower);
}

/* "A", ["A","B"] with repetitions, [["A","B"]] with components. */
static void terse_element_put(struct shower *shower, const struct place_of *place, struct slice whole)
{
	const struct delimiters *d = &place->event->segment->delimiters;
	struct slice part;
	if (place->fixed) {
		text_put(shower, place, place->rule, whole);
		return;
	}
	if (!stands_in(whole, d->repetition) && !stands_in(whole, d->component)) {
		terse_repetition_put(shower, place, whole);
		return;
	}
	bool repeated = stands_in(whole, d->repetition), more = true;
	list_open(shower);
	while (more) {
		part = whole;
		more = repeated && part_take(&part, &whole, d->repetition);
		terse_repetition_put(shower, place, part);
	}
	list_close(shower);
}

static void part_put(struct shower *shower, const struct place_of *place, const struct guide_element *rule,
	unsigned component, struct slice text)
{
	struct value value = { .repetition = place->repetition, .text = text, .name = place->name };
	char reading[48];
	/* terse: all elements are there, so that what stands alone is the next */
	if (!shower->terse || component > 0 || place->repetition > 0)
		guide_designator(value.designator, place->id, place->element, component);
	if (shower->terse)
		value.name = NULL;
	else if (rule != NULL) {
		value.name = guide_text(place->event->guide, rule->name);
		value.label = rule->type == TYPE_ID ? guide_code_label(rule->number, text) : NULL;
		if (shower->format == SHOW_TEXT && reading_of(reading, place->event, rule, place->element, text))
			value.reading = reading;
	}
	value.hidden = part_hidden(shower, place, rule, text);
	value_put(shower, &value);
}

/* One repetition of an element: a value, or a value for each component. */
static void repetition_put(struct shower *shower, const struct place_of *place, struct slice whole)
{
	const struct guide_element *rule = place->rule;
	const struct segment *segment = place->event->segment;
	char separator = segment->delimiters.component;
	bool composite = rule != NULL && rule->type == TYPE_COMPOSITE;
	bool parts = !place->fixed && whole.len > 0 && memchr(whole.ptr, separator, whole.len) != NULL;
	if (!composite && !parts) {
		part_put(shower, place, rule, 0, whole);
		return;
	}
	struct slice rest = whole;
	for (unsigned n = 1;; n++) {
		const char *end = rest.len == 0 ? NULL : memchr(rest.ptr, separator, rest.len);
		struct slice text = { rest.ptr, end == NULL ? rest.len : (size_t)(end - rest.ptr) };
		const struct guide_element *part = NULL;
		if (composite && n <= rule->component_count)
			part = &place->event->guide->elements[rule->first_component + n - 1];
		if (text.len > 0 || end == NULL)
			part_put(shower, place, part, n, text);
		if (end == NULL)
			return;
		rest = (struct slice){ end + 1, rest.len - text.len - 1 };
	}
}

static void element_put(struct shower *shower, struct place_of *place, struct slice whole)
{
	char separator = place->event->segment->delimiters.repetition;
	place->repetition = 0;
	if (separator == '\0' || place->fixed || whole.len == 0 || memchr(whole.ptr, separator, whole.len) == NULL) {
		repetition_put(shower, place, whole);
		return;
	}
	struct slice rest = whole;
	for (;;) {
		const char *end = rest.len == 0 ? NULL : memchr(rest.ptr, separator, rest.len);
		struct slice text = { rest.ptr, end == NULL ? rest.len : (size_t)(end - rest.ptr) };
		place->repetition++;
		if (text.len > 0 || end == NULL)
			repetition_put(shower, place, text);
		if (end == NULL)
			return;
		rest = (struct slice){ end + 1, rest.len - text.len - 1 };
	}
}

/* SE, GE and IEA always say both their elements: one that is not mentioned is one that build may compute. */
static bool trailer(struct slice id)
{
	return slice_is(id, "SE") || slice_is(id, "GE") || slice_is(id, "IEA");
}

void elements_put(struct shower *shower, const struct event *event)
{
	const struct segment *segment = event->segment;
	const struct guide_node *node = event->guide == NULL || event->node == GUIDE_NONE ? NULL
		: &event->guide->nodes[event->node];
	struct place_of place = { .event = event, .personal = personal_segment(segment),
		.fixed = slice_is(segment->id, "ISA") };
	bool all = trailer(segment->id);
	slice_copy(place.id, sizeof(place.id), segment->id);
	for (unsigned i = 1; i <= segment->element_count; i++) {
		struct slice whole = segment_element(segment, i);
		bool last = i == segment->element_count && shower->format != SHOW_TEXT;
		if (whole.len == 0 && !last && !shower->terse && !(all && i <= 2 && shower->format != SHOW_TEXT))
			continue;
		place.element = i;
		place.rule = node != NULL && i <= node->element_count ? &event->guide->elements[node->first_element + i - 1] : NULL;
		place.name = node == NULL ? envelope_name(segment->id, i) : NULL;
		if (shower->terse && shower->format == SHOW_JSON)
			terse_element_put(shower, &place, whole);
		else
			element_put(shower, &place, whole);
	}
}
