/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * elements: a segment's elements against its node of the guide: which must be there,
 * which must not, how often they repeat, of what they are composed.  values.c checks one
 * value, notes.c the conditions between them.
 *
 * A byte that is a delimiter cannot be data (X12.6), so that a separator inside an element
 * that has no parts is too many parts, not text.
 */
#include "parsers/parts.h"

/* X12.6 3.3.1 (basic): capital letters, digits, the blank and these.  3.3.2 (extended) adds the small letters and
 * what else ASCII prints.  A byte above is of neither; in UTF-8 it is, as part of a character. */
static uint8_t class_of(unsigned byte, enum charset charset)
{
	static const char basic[] = " !\"&'()*+,-./:;?=";
	if (byte < 0x20 || byte == 0x7f)
		return CLASS_CONTROL;
	if (byte >= 0x80)
		return charset == CHARSET_UTF8 ? CLASS_HIGH : CLASS_HIGH | CLASS_FOREIGN;
	bool plain = (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || strchr(basic, (int)byte) != NULL;
	return charset == CHARSET_BASIC && !plain ? CLASS_FOREIGN : 0;
}

static void classes_make(struct checker *checker, const struct delimiters *delimiters)
{
	for (unsigned i = 0; i < 256; i++)
		checker->classes[i] = class_of(i, checker->checks.charset);
	checker->charset = checker->checks.charset;
	if (delimiters->repetition != '\0')
		checker->classes[(unsigned char)delimiters->repetition] = CLASS_REPETITION;
	checker->classes[(unsigned char)delimiters->component] = CLASS_COMPONENT;
	checker->delimiters = *delimiters;
	checker->ready = true;
}

static unsigned classes_of(const struct checker *checker, struct slice value)
{
	unsigned classes = 0;
	for (size_t i = 0; i < value.len; i++)
		classes |= checker->classes[(unsigned char)value.ptr[i]];
	return classes;
}

/* ---- telling ------------------------------------------------------------------------------- */

static const char *type_text(const struct guide_element *element)
{
	static const char *const names[] = { "AN", "ID", "N", "R", "DT", "TM", "B", "composite" };
	return element->type < COUNT_OF(names) ? names[element->type] : "";
}

/* "one of 001 021" or "AN, 1 to 50 characters". */
static void element_expected(char *out, size_t size, const struct guide *guide, const struct guide_element *element)
{
	if (element->codes != GUIDE_NONE) {
		static const char words[] = "one of ";
		(void)snprintf(out, size, "%s", words);
		guide_codes_print(out + sizeof(words) - 1, size - (sizeof(words) - 1), guide, element->codes);
		return;
	}
	if (element->type == TYPE_COMPOSITE) {
		(void)snprintf(out, size, "composite %s", guide_text(guide, element->composite));
		return;
	}
	bool number = element->type == TYPE_N || element->type == TYPE_R;
	const char *unit = number ? "digits" : "characters";
	if (element->min == element->max)
		(void)snprintf(out, size, "%s, %u %s", type_text(element), element->min, unit);
	else
		(void)snprintf(out, size, "%s, %u to %u %s", type_text(element), element->min, element->max, unit);
}

void checker_tell_as(struct checker *checker, struct finding *finding, const struct spot *spot, const char *expected)
{
	if (finding_kind(finding->code)->level > checker->checks.level)
		return;
	const struct segment *segment = checker->segment;
	segment_place(&finding->place, segment, spot->value.ptr);
	finding->place.element = spot->position;
	finding->place.component = spot->component;
	finding->place.repetition = spot->repetition;
	if (spot->element != NULL) {
		finding->data_element = spot->element->number;
		finding->name = guide_text(checker->index->guide, spot->element->name);
	}
	if (expected != NULL)
		slice_copy(finding->expected, sizeof(finding->expected), slice_of(expected));
	else if (spot->element != NULL)
		element_expected(finding->expected, sizeof(finding->expected), checker->index->guide, spot->element);
	found_value(finding, spot->value);
	/* a code of three characters is no name, number or day of anybody */
	finding->plain = spot->element != NULL && spot->element->type == TYPE_ID && spot->value.len <= 3;
	checker->tell(checker->data, finding);
}

void checker_tell(struct checker *checker, enum finding_code code, const struct spot *spot, const char *expected)
{
	struct finding finding;
	if (finding_kind(code)->level > checker->checks.level || found_counted(checker->findings, code))
		return;
	found_init(&finding, code);
	checker_tell_as(checker, &finding, spot, expected);
}

/* ---- composites and repetitions --------------------------------------------------------------- */

static void composite_check(struct checker *checker, const struct spot *spot)
{
	const struct guide *guide = checker->index->guide;
	const struct guide_element *whole = spot->element;
	const struct guide_element *parts = &guide->elements[whole->component_count > 0 ? whole->first_component : 0];
	/* an element has a separator before it: there the first component begins */
	uint32_t ends[LIMIT_ELEMENTS + 1] = { 0 };
	struct values values = { spot->value.ptr - 1, ends, 0 };
	for (size_t i = 0; i <= spot->value.len && values.count < LIMIT_ELEMENTS; i++)
		if (i == spot->value.len || spot->value.ptr[i] == checker->delimiters.component)
			ends[++values.count] = (uint32_t)i + 1;
	unsigned count = values.count;
	for (unsigned i = 0; i < count || i < whole->component_count; i++) {
		struct spot part = *spot;
		part.component = (uint16_t)(i + 1);
		part.value = value_at(&values, i + 1);
		if (spot->classes != 0)
			part.classes = classes_of(checker, part.value);
		part.element = i < whole->component_count ? &parts[i] : NULL;
		if (part.element == NULL) {
			if (part.value.len == 0)
				continue;
			char expected[40];
			(void)snprintf(expected, sizeof(expected), "at most %u components", whole->component_count);
			checker_tell(checker, FINDING_ELEMENT_COMPONENTS, &part, expected);
			break;
		}
		if (part.value.len == 0) {
			if (part.element->usage == USAGE_REQUIRED)
				checker_tell(checker, FINDING_ELEMENT_MISSING, &part, NULL);
			continue;
		}
		if (part.element->usage == USAGE_NOT_USED) {
			checker_tell(checker, FINDING_ELEMENT_NOT_USED, &part, "nothing");
			continue;
		}
		value_check(checker, &part, &values);
	}
	if (count > 1 && value_at(&values, count).len == 0)
		checker_tell(checker, FINDING_ELEMENT_TRAILING, spot, "no empty components at the end");
	notes_check(checker, &values, whole->first_note, whole->note_count, whole->first_component, spot->position);
}

static void one_check(struct checker *checker, const struct spot *spot)
{
	if (spot->element->type == TYPE_COMPOSITE)
		composite_check(checker, spot);
	else if ((spot->classes & CLASS_COMPONENT) != 0 && spot->element->type != TYPE_B)
		checker_tell(checker, FINDING_ELEMENT_COMPONENTS, spot, "one component");
	else
		value_check(checker, spot, &checker->values);
}

static void repetitions_check(struct checker *checker, const struct spot *whole)
{
	size_t allowed = whole->element->repeat == UINT16_MAX ? SIZE_MAX : whole->element->repeat;
	size_t count = 0, from = 0;
	for (size_t i = 0; i <= whole->value.len; i++) {
		if (i < whole->value.len && whole->value.ptr[i] != checker->delimiters.repetition)
			continue;
		struct spot one = *whole;
		one.value = (struct slice){ whole->value.ptr + from, i - from };
		one.classes = classes_of(checker, one.value);
		one.repetition = (uint16_t)(count < UINT16_MAX ? count + 1 : UINT16_MAX);
		from = i + 1;
		if (++count > allowed) {
			char expected[40];
			(void)snprintf(expected, sizeof(expected), "at most %zu", allowed);
			checker_tell(checker, FINDING_ELEMENT_REPETITIONS, &one, expected);
			return;
		}
		if (one.value.len > 0)
			one_check(checker, &one);
		else
			checker_tell(checker, FINDING_ELEMENT_TRAILING, &one, "no empty repetitions");
	}
}

/* ---- NPI ------------------------------------------------------------------------------------------- */

/* NM109 and N104 are NPIs where the qualifier before them is XX. */
static void npi_check(struct checker *checker)
{
	const struct segment *segment = checker->segment;
	uint32_t id = id_number(segment->id);
	unsigned at = id == ID3('N', 'M', '1') ? 9 : id == ID2('N', '1') ? 4 : 0;
	if (at == 0 || !slice_is(segment_element(segment, at - 1), "XX"))
		return;
	struct slice npi = segment_element(segment, at);
	if (npi.len == 0 || npi_valid(npi) || at > checker->node->element_count)
		return;
	struct spot spot = { .value = npi, .position = (uint16_t)at,
		.element = &checker->index->guide->elements[checker->node->first_element + at - 1] };
	checker_tell(checker, FINDING_NPI_CHECK_DIGIT, &spot, "ten digits with their check digit");
}

/* ---- US postal codes ------------------------------------------------------------------------------- */

/* N403 is a ZIP code where N404 names no other country (element 26: empty is the United States). */
static void postal_check(struct checker *checker)
{
	const struct segment *segment = checker->segment;
	struct slice postal = segment_element(segment, 3), country = segment_element(segment, 4);
	if (id_number(segment->id) != ID2('N', '4') || postal.len == 0 || checker->node->element_count < 3)
		return;
	if ((country.len > 0 && !slice_is(country, "US")) || form_postal_us(postal))
		return;
	struct spot spot = { .value = postal, .position = 3,
		.element = &checker->index->guide->elements[checker->node->first_element + 2] };
	if (postal.len >= spot.element->min && postal.len <= spot.element->max) /* else its length was told */
		checker_tell(checker, FINDING_ELEMENT_POSTAL, &spot, "5 or 9 digits, or a country in N404");
}

/* ---- the segment -------------------------------------------------------------------------------------- */

static void extra_check(struct checker *checker, unsigned from)
{
	const struct segment *segment = checker->segment;
	for (unsigned i = from; i <= segment->element_count; i++) {
		struct spot spot = { .value = segment_element(segment, i), .position = (uint16_t)i };
		if (spot.value.len == 0)
			continue;
		char expected[40];
		(void)snprintf(expected, sizeof(expected), "at most %u elements", checker->node->element_count);
		checker_tell(checker, FINDING_ELEMENT_COUNT, &spot, expected);
		return;
	}
}

static void element_check(struct checker *checker, const struct guide_element *element, unsigned position)
{
	struct spot spot = { .element = element, .value = value_at(&checker->values, position),
		.position = (uint16_t)position };
	if (element->usage == USAGE_NOT_USED) {
		checker_tell(checker, FINDING_ELEMENT_NOT_USED, &spot, "nothing");
		return;
	}
	/* most codes are the guide's: then nothing can be wrong with them */
	if (element->type == TYPE_ID && element->codes != GUIDE_NONE && element->codeset == GUIDE_NONE &&
		index_listed(checker->index, element->codes, spot.value))
		return;
	spot.classes = classes_of(checker, spot.value);
	if ((spot.classes & CLASS_REPETITION) != 0 && element->type != TYPE_B)
		repetitions_check(checker, &spot);
	else
		one_check(checker, &spot);
}

static void segment_begin(struct checker *checker, const struct segment *segment, const struct guide_node *node)
{
	checker->segment = segment;
	checker->values = segment_values(segment);
	checker->node = node;
	if (!checker->ready || checker->charset != checker->checks.charset ||
		memcmp(&checker->delimiters, &segment->delimiters, sizeof(segment->delimiters)) != 0)
		classes_make(checker, &segment->delimiters);
}

void elements_check(struct checker *checker, const struct segment *segment, const struct guide_node *node,
	unsigned skip)
{
	const struct shape *shape = &checker->index->shapes[node - checker->index->nodes];
	uint64_t clean = checker->clean(checker, segment, shape, UINT32_MAX << skip);
	if (clean != 0)
		elements_name(checker, segment, node, skip, clean);
}

void elements_name(struct checker *checker, const struct segment *segment, const struct guide_node *node, unsigned skip,
	uint64_t clean)
{
	const struct guide_element *elements = &checker->index->guide->elements[node->element_count > 0
		? node->first_element : 0];
	unsigned count = segment->element_count;
	segment_begin(checker, segment, node);
	if (clean != CLEAN_NOT) {
		EACH_BIT(at, (uint32_t)clean)
			element_check(checker, &elements[at], at + 1);
		return;
	}
	unsigned last = checker->index->last_required[node - checker->index->nodes];
	if (last < count)
		last = count < node->element_count ? count : node->element_count;
	for (unsigned i = skip + 1; i <= last; i++) {
		if (value_at(&checker->values, i).len > 0) {
			element_check(checker, &elements[i - 1], i);
		} else if (elements[i - 1].usage == USAGE_REQUIRED) {
			struct spot spot = { .element = &elements[i - 1], .position = (uint16_t)i };
			spot.value = i <= count ? segment_element(segment, i)
				: (struct slice){ segment->bytes.ptr + segment->bytes.len, 0 };
			checker_tell(checker, FINDING_ELEMENT_MISSING, &spot, NULL);
		}
	}
	if (count > node->element_count)
		extra_check(checker, node->element_count + 1U);
	if (count > 0 && segment_element(segment, count).len == 0) {
		struct spot spot = { .value = segment_element(segment, count), .position = (uint16_t)count };
		checker_tell(checker, FINDING_ELEMENT_TRAILING, &spot, "no empty elements at the end");
	}
	if (node->note_count > 0)
		notes_check(checker, &checker->values, node->first_note, node->note_count, node->first_element, 0);
	if (checker->checks.level >= 5) {
		npi_check(checker);
		postal_check(checker);
	}
}
