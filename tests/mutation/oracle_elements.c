/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * oracle_elements: one segment against one node of the guide, element by element, in the plainest way.
 */
#include "tests/mutation/oracle.h"

bool oracle_split(struct oracle_segment *segment, struct slice bytes, char separator)
{
	size_t from = 0, n = 0;
	segment->bytes = bytes;
	for (size_t i = 0; i <= bytes.len; i++) {
		if (i < bytes.len && bytes.ptr[i] != separator)
			continue;
		if (n > ORACLE_ELEMENTS)
			return false;
		segment->elements[n++] = (struct slice){ bytes.ptr + from, i - from };
		from = i + 1;
	}
	segment->id = segment->elements[0];
	segment->count = (unsigned)(n - 1);
	return true;
}

/* ---- values ------------------------------------------------------------------------------ */

static bool all_digits(struct slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] < '0' || value.ptr[i] > '9')
			return false;
	return value.len > 0;
}

static bool is_day(struct slice value)
{
	char text[9] = "20";
	days day;
	if (!all_digits(value) || (value.len != 6 && value.len != 8))
		return false;
	memcpy(text + 8 - value.len, value.ptr, value.len);
	return days_parse8(&day, (struct slice){ text, 8 });
}

static bool is_time(struct slice value)
{
	static const char least[] = "235959"; /* the largest hour, minute, second */
	if (!all_digits(value) || value.len < 4 || value.len > 8 || value.len == 5)
		return false;
	for (size_t i = 0; i + 1 < value.len && i < 6; i += 2)
		if (memcmp(value.ptr + i, least + i, 2) > 0)
			return false;
	return true;
}

static bool is_range(struct slice value)
{
	return value.len == 17 && value.ptr[8] == '-' && is_day((struct slice){ value.ptr, 8 }) &&
	       is_day((struct slice){ value.ptr + 9, 8 });
}

/* Element 1250 says how a date is written; what it does not name here is any text. */
static bool format_fits(struct slice format, struct slice value)
{
	if (slice_is(format, "D8"))
		return value.len == 8 && is_day(value);
	if (slice_is(format, "D6"))
		return value.len == 6 && is_day(value);
	if (slice_is(format, "RD8"))
		return is_range(value);
	if (slice_is(format, "TM"))
		return is_time(value);
	if (slice_is(format, "DT"))
		return value.len == 12 && is_day((struct slice){ value.ptr, 8 }) && is_time((struct slice){ value.ptr + 8, 4 });
	return true;
}

static bool number_fits(const struct guide_element *element, struct slice value)
{
	size_t digits = 0, points = 0;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		digits += c >= '0' && c <= '9';
		points += c == '.';
		bool sign = c == '-' && i == 0;
		if (!sign && c != '.' && (c < '0' || c > '9'))
			return false;
	}
	return points <= (element->type == TYPE_R ? 1 : 0) && digits >= element->min && digits <= element->max && digits > 0;
}

static bool codes_fit(const struct guide *guide, const struct guide_element *element, struct slice value)
{
	return element->codes == GUIDE_NONE || guide_code_listed(guide, element->codes, value);
}

static bool text_fits(const struct guide_element *element, struct slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.ptr[i] < 0x20 || value.ptr[i] == 0x7f)
			return false;
	size_t characters = utf8_count(value);
	return characters >= element->min && characters <= element->max;
}

static bool value_fits(const struct guide *guide, const struct guide_element *element, struct slice value,
	const struct slice *values, unsigned count)
{
	bool fits = text_fits(element, value);
	if (element->type == TYPE_N || element->type == TYPE_R)
		fits = number_fits(element, value);
	else if (element->type == TYPE_DT)
		fits = fits && is_day(value);
	else if (element->type == TYPE_TM)
		fits = fits && is_time(value);
	if (!fits || !codes_fit(guide, element, value))
		return false;
	return element->format_of == 0 || element->format_of > count || format_fits(values[element->format_of - 1], value);
}

/* ---- syntax notes --------------------------------------------------------------------------- */

static bool note_fits(const struct guide_note *note, const struct slice *values, unsigned count)
{
	unsigned present = 0;
	for (unsigned i = 0; i < note->count; i++)
		present += note->positions[i] <= count && values[note->positions[i] - 1].len > 0;
	bool first = note->positions[0] <= count && values[note->positions[0] - 1].len > 0;
	switch (note->kind) {
	case 'P':
		return present == 0 || present == note->count;
	case 'R':
		return present > 0;
	case 'E':
		return present <= 1;
	case 'C':
		return !first || present == note->count;
	default: /* L */
		return !first || present > 1;
	}
}

static bool notes_fit(const struct guide *guide, uint16_t first, uint16_t count, const struct slice *values, unsigned value_count)
{
	for (uint16_t i = 0; i < count; i++)
		if (!note_fits(&guide->notes[first + i], values, value_count))
			return false;
	return true;
}

/* ---- elements --------------------------------------------------------------------------------- */

static unsigned split(struct slice *out, unsigned max, struct slice whole, char separator)
{
	size_t from = 0;
	unsigned n = 0;
	for (size_t i = 0; i <= whole.len; i++)
		if ((i == whole.len || whole.ptr[i] == separator) && n < max) {
			out[n++] = (struct slice){ whole.ptr + from, i - from };
			from = i + 1;
		}
	return n;
}

static bool composite_fits(const struct oracle_set *set, const struct guide_element *whole, struct slice value)
{
	struct slice parts[ORACLE_ELEMENTS];
	unsigned count = split(parts, ORACLE_ELEMENTS, value, set->component);
	for (unsigned i = 0; i < count || i < whole->component_count; i++) {
		bool there = i < count && parts[i].len > 0;
		if (i >= whole->component_count) {
			if (there)
				return false;
			continue;
		}
		const struct guide_element *part = &set->guide->elements[whole->first_component + i];
		if (!there && part->usage == USAGE_REQUIRED)
			return false;
		if (there && (part->usage == USAGE_NOT_USED || !value_fits(set->guide, part, parts[i], parts, count)))
			return false;
	}
	return notes_fit(set->guide, whole->first_note, whole->note_count, parts, count);
}

static bool one_fits(const struct oracle_set *set, const struct guide_element *element, struct slice value,
	const struct oracle_segment *segment)
{
	if (element->type == TYPE_COMPOSITE)
		return composite_fits(set, element, value);
	if (memchr(value.ptr, set->component, value.len) != NULL)
		return false;
	return value_fits(set->guide, element, value, segment->elements + 1, segment->count);
}

static bool element_fits(const struct oracle_set *set, const struct guide_element *element, struct slice value,
	const struct oracle_segment *segment)
{
	struct slice repetitions[128];
	if (value.len == 0)
		return element->usage != USAGE_REQUIRED;
	if (element->usage == USAGE_NOT_USED)
		return false;
	unsigned count = split(repetitions, COUNT_OF(repetitions), value, set->repetition);
	if (element->repeat != UINT16_MAX && count > element->repeat)
		return false;
	for (unsigned i = 0; i < count; i++)
		if (repetitions[i].len > 0 && !one_fits(set, element, repetitions[i], segment))
			return false;
	return true;
}

static bool key_fits(const struct oracle_set *set, const struct guide_node *node, const struct oracle_segment *segment)
{
	if (node->key == 0)
		return true;
	struct slice parts[ORACLE_ELEMENTS], value = node->key <= segment->count ? segment->elements[node->key] : SLICE_NONE;
	split(parts, 1, value, set->repetition);
	if (memchr(value.ptr != NULL ? value.ptr : "", set->repetition, value.len) != NULL)
		value = (struct slice){ value.ptr, (size_t)((const char *)memchr(value.ptr, set->repetition, value.len) - value.ptr) };
	if (node->key_component > 0) {
		unsigned count = split(parts, ORACLE_ELEMENTS, value, set->component);
		value = node->key_component <= count ? parts[node->key_component - 1] : SLICE_NONE;
	}
	return guide_code_listed(set->guide, node->key_codes, value);
}

bool oracle_segment_fits(const struct oracle_set *set, const struct oracle_segment *segment, uint16_t at)
{
	const struct guide *guide = set->guide;
	const struct guide_node *node = &guide->nodes[at];
	if (!slice_is(segment->id, guide_text(guide, node->id)) || !key_fits(set, node, segment))
		return false;
	unsigned from = 1; /* numbers of ST and SE are the envelope's */
	if (slice_is(segment->id, "ST") || slice_is(segment->id, "SE"))
		from = 3;
	if (segment->count == 0)
		return false;
	for (unsigned n = from; n <= segment->count || n <= node->element_count; n++) {
		struct slice value = n <= segment->count ? segment->elements[n] : SLICE_NONE;
		if (n > node->element_count && value.len > 0)
			return false;
		if (n <= node->element_count && !element_fits(set, &guide->elements[node->first_element + n - 1], value, segment))
			return false;
	}
	return notes_fit(guide, node->first_note, node->note_count, segment->elements + 1, segment->count);
}
