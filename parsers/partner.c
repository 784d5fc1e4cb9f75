/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * partner: a set against what its partner narrows (SNIP type 7), after the guide has been
 * asked.  The guide's own checks know nothing of partners: this file looks at the segments
 * that rows of the overlay name, and counts those that a loop must or may not have.
 *
 * What the guide refuses of a value is not told again here: the sender mends that first.
 */
#include "parsers/parts.h"

/* ---- telling ------------------------------------------------------------------------------- */

static void fill(const struct walker *walker, struct finding *finding, const struct narrowing *row)
{
	finding->guide = walker->checks.partner->name;
	finding->says = row->says;
	finding->rule = row->rule;
	if (row->rule != NULL)
		finding->severity = (enum severity)row->severity;
}

static void whole_tell(struct walker *walker, enum finding_code code, const struct narrowing *row, unsigned frame,
	const char *expected)
{
	const struct guide_node *node = walker_node(walker, row->node);
	uint16_t segment = node->kind == NODE_LOOP ? node->first_child : row->node;
	struct finding finding;
	found_init(&finding, code);
	fill(walker, &finding, row);
	slice_copy(finding.expected, sizeof(finding.expected), slice_of(expected));
	walker_find_as(walker, &finding, segment, frame);
}

static void element_tell(struct checker *checker, enum finding_code code, const struct narrowing *row, const struct spot *spot,
	const char *expected)
{
	struct finding finding;
	found_init(&finding, code);
	fill(checker->data, &finding, row);
	checker_tell_as(checker, &finding, spot, expected);
}

/* ---- one value --------------------------------------------------------------------------------- */

static size_t length_of(const struct guide_element *element, struct slice value)
{
	return element->type == TYPE_N || element->type == TYPE_R ? form_digit_count(value) : utf8_count(value);
}

/* Does the guide itself take it?  Else it was told. */
static bool guide_takes(const struct checker *checker, const struct guide_element *element, struct slice value)
{
	size_t length = length_of(element, value);
	if (length < element->min || length > element->max)
		return false;
	return index_listed(checker->index, element->codes, value) || (element->codeset != GUIDE_NONE &&
		guide_codeset_ask(checker->checks.codes, element->codeset, value, DAYS_NONE, NULL) != CODESET_NOT_LISTED);
}

static void value_narrow(struct checker *checker, const struct narrowing *row, const struct spot *spot)
{
	char expected[96] = "";
	size_t length = length_of(spot->element, spot->value);
	if (!guide_takes(checker, spot->element, spot->value))
		return;
	if (length < row->min || length > row->max) {
		unsigned min = row->min > 0 ? row->min : spot->element->min, max = row->max < UINT16_MAX ? row->max : spot->element->max;
		if (min == max)
			(void)snprintf(expected, sizeof(expected), "%u characters", min);
		else
			(void)snprintf(expected, sizeof(expected), "%u to %u characters", min, max);
		element_tell(checker, FINDING_PARTNER_LENGTH, row, spot, expected);
	} else if (row->codes != NULL && !partner_listed(row->codes, spot->value)) {
		(void)snprintf(expected, sizeof(expected), "one of ");
		partner_list_print(expected + 7, sizeof(expected) - 7, row->codes);
		element_tell(checker, FINDING_PARTNER_CODE, row, spot, expected);
	} else if (row->codeset != GUIDE_NONE && guide_codeset_ask(checker->checks.codes, row->codeset, spot->value,
		checker->checks.on, NULL) != CODESET_HAS) {
		(void)snprintf(expected, sizeof(expected), "a code of %s%s%s", guide_codeset_name(checker->checks.codes, row->codeset),
			checker->checks.on == DAYS_NONE ? "" : " on ",
			checker->checks.on == DAYS_NONE ? "" : days_iso(checker->checks.on).text);
		element_tell(checker, FINDING_PARTNER_CODE, row, spot, expected);
	} else if (row->pattern != NULL && !pattern_fits(row->pattern, spot->value)) {
		(void)snprintf(expected, sizeof(expected), "%.95s", row->pattern_text);
		element_tell(checker, FINDING_PARTNER_PATTERN, row, spot, expected);
	}
}

/* ---- one element ------------------------------------------------------------------------------- */

static struct slice component_of(const struct checker *checker, struct slice whole, unsigned component)
{
	struct slice part = SLICE_NONE;
	return component > 0 && !slice_part(&part, whole, checker->segment->delimiters.component, component - 1) ? SLICE_NONE
		: component > 0 ? part : whole;
}

static void element_narrow(struct checker *checker, const struct narrowing *row)
{
	const struct segment *segment = checker->segment;
	const struct guide *guide = checker->index->guide;
	const struct guide_element *whole = &guide->elements[checker->node->first_element + row->position - 1];
	struct slice sent = segment_element(segment, row->position);
	struct spot spot = { .value = component_of(checker, sent, row->component), .position = row->position,
		.component = row->component,
		.element = row->component == 0 ? whole : &guide->elements[whole->first_component + row->component - 1] };
	if (spot.value.ptr == NULL)
		spot.value = sent.ptr != NULL ? (struct slice){ sent.ptr + sent.len, 0 }
			: (struct slice){ segment->bytes.ptr + segment->bytes.len, 0 };
	if (spot.value.len == 0) {
		/* a component of what is not sent at all is the composite's to miss */
		if (row->usage == USAGE_REQUIRED && (row->component == 0 || sent.len > 0))
			element_tell(checker, FINDING_PARTNER_ELEMENT_MISSING, row, &spot, NULL);
		return;
	}
	if (row->usage == USAGE_NOT_USED) {
		element_tell(checker, FINDING_PARTNER_ELEMENT_NOT_USED, row, &spot, "nothing");
		return;
	}
	char separator = checker->segment->delimiters.repetition;
	size_t count = separator == '\0' || whole->repeat == 1 ? 1 : slice_parts(sent, separator);
	if (row->component == 0 && count > row->repeat && count <= whole->repeat) {
		char expected[40];
		(void)snprintf(expected, sizeof(expected), "at most %u", row->repeat);
		element_tell(checker, FINDING_PARTNER_REPETITIONS, row, &spot, expected);
		return;
	}
	if (spot.element->type == TYPE_COMPOSITE)
		return;
	struct slice repetition = sent;
	for (size_t i = 0; i < count; i++) {
		if (count > 1 && !slice_part(&repetition, sent, separator, (unsigned)i))
			return;
		spot.value = component_of(checker, repetition, row->component);
		spot.repetition = count > 1 ? (uint16_t)(i + 1) : 0;
		if (spot.value.len > 0)
			value_narrow(checker, row, &spot);
	}
}

/* ---- segments and loops --------------------------------------------------------------------------- */

static bool row_applies(const struct narrowing *row, const struct segment *segment)
{
	if (row->keys == NULL)
		return true;
	struct slice value = segment_element(segment, row->key), part = value;
	if (row->key_component > 0 &&
		!slice_part(&part, value, segment->delimiters.component, (unsigned)row->key_component - 1))
		return false;
	return partner_listed(row->keys, part);
}

/* The counter of row `at` of the overlay, in the loop that is open at `frame`. */
static void whole_count(struct walker *walker, uint32_t at, unsigned frame)
{
	const struct narrowing *row = &walker->checks.overlay->rows[at];
	uint32_t *count = &walker->partner_counts[at];
	if (*count < UINT32_MAX)
		++*count;
	if (row->usage == USAGE_NOT_USED) {
		whole_tell(walker, FINDING_PARTNER_NOT_USED, row, frame, "");
	} else if (*count > row->repeat) {
		char expected[40];
		(void)snprintf(expected, sizeof(expected), "at most %u", row->repeat);
		whole_tell(walker, FINDING_PARTNER_REPEAT, row, frame, expected);
	}
}

static void loop_opened(struct walker *walker, uint16_t node)
{
	const struct overlay *overlay = walker->checks.overlay;
	for (uint32_t i = overlay->whole_firsts[node]; i < overlay->whole_firsts[node + 1]; i++)
		walker->partner_counts[overlay->wholes[i]] = 0;
}

static void loop_came(struct walker *walker, uint16_t node)
{
	const struct overlay *overlay = walker->checks.overlay;
	for (uint32_t i = overlay->firsts[node]; i < overlay->firsts[node + 1]; i++)
		whole_count(walker, i, walker->depth - 1);
}

static void segment_came(struct walker *walker, const struct segment *segment, uint16_t node)
{
	const struct overlay *overlay = walker->checks.overlay;
	walker->checker.segment = segment;
	walker->checker.node = walker_node(walker, node);
	for (uint32_t i = overlay->firsts[node]; i < overlay->firsts[node + 1]; i++) {
		const struct narrowing *row = &overlay->rows[i];
		if (!row_applies(row, segment))
			continue;
		if (row->position > 0)
			element_narrow(&walker->checker, row);
		else
			whole_count(walker, i, walker->depth - 1);
	}
}

static void loop_closes(struct walker *walker, uint16_t node, unsigned frame)
{
	const struct overlay *overlay = walker->checks.overlay;
	for (uint32_t i = overlay->whole_firsts[node]; i < overlay->whole_firsts[node + 1]; i++) {
		const struct narrowing *row = &overlay->rows[overlay->wholes[i]];
		if (row->usage != USAGE_REQUIRED || walker->partner_counts[overlay->wholes[i]] > 0)
			continue;
		const struct guide_node *missing = walker_node(walker, row->node);
		char expected[128], keys[40] = "";
		if (row->keys != NULL)
			partner_list_print(keys, sizeof(keys), row->keys);
		(void)snprintf(expected, sizeof(expected), "%.8s%s%s: %.70s", guide_text(walker->guide, missing->id),
			keys[0] == '\0' ? "" : "*", keys, guide_text(walker->guide, missing->name));
		whole_tell(walker, FINDING_PARTNER_MISSING, row, frame, expected);
	}
}

void partner_event(struct walker *walker, enum event_kind kind, uint16_t node)
{
	switch (kind) {
	case EVENT_SET_BEGIN:
		loop_opened(walker, node);
		break;
	case EVENT_LOOP_BEGIN:
		loop_opened(walker, node);
		loop_came(walker, node);
		break;
	case EVENT_SEGMENT:
		if (node != GUIDE_NONE)
			segment_came(walker, walker->segment, node);
		break;
	case EVENT_LOOP_END:
	case EVENT_SET_END:
		loop_closes(walker, node, walker->depth - 1);
		break;
	case EVENT_NONE:
		break;
	}
}

bool partner_room(struct walker *walker)
{
	const struct overlay *overlay = walker->checks.overlay;
	if (overlay == NULL || overlay->count <= walker->partner_size)
		return true;
	uint32_t *counts = realloc(walker->partner_counts, overlay->count * sizeof(*counts));
	if (counts == NULL)
		return false;
	walker->partner_counts = counts;
	walker->partner_size = overlay->count;
	return true;
}
