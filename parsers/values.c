/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * values: one value against what the guide says of its element: characters, length, form
 * of its type (X12.6 3.5), code list, external code set, and the date form that another
 * element names.  The first thing wrong with a value is told, not all that follow from it.
 */
#include "parsers/parts.h"

/* ---- dates whose form another element names (element 1250) ---------------------------------------- */

static bool range_fits(struct slice value)
{
	const char *dash = memchr(value.ptr, '-', value.len);
	if (dash == NULL)
		return false;
	struct slice first = { value.ptr, (size_t)(dash - value.ptr) };
	struct slice second = { dash + 1, value.len - first.len - 1 };
	return first.len == 8 && second.len == 8 && form_date(first) && form_date(second);
}

static bool day8_fits(struct slice value)
{
	return value.len == 8 && form_date(value);
}
static bool day6_fits(struct slice value)
{
	return value.len == 6 && form_date(value);
}
static bool moment_fits(struct slice value)
{
	return value.len == 12 && form_date((struct slice){ value.ptr, 8 }) &&
		form_time((struct slice){ value.ptr + 8, 4 });
}

static bool time4_fits(struct slice value)
{
	return value.len == 4 && form_time(value);
}

static const struct {
	const char *qualifier;
	bool (*fits)(struct slice value);
	enum finding_code code;
	const char *expected;
} formats[] = {
	{ "D8", day8_fits, FINDING_ELEMENT_DATE, "CCYYMMDD" },
	{ "RD8", range_fits, FINDING_ELEMENT_DATE, "CCYYMMDD-CCYYMMDD" },
	{ "D6", day6_fits, FINDING_ELEMENT_DATE, "YYMMDD" },
	{ "DT", moment_fits, FINDING_ELEMENT_DATE, "CCYYMMDDHHMM" },
	{ "TM", time4_fits, FINDING_ELEMENT_TIME, "HHMM" },
};

static size_t format_row(struct slice qualifier)
{
	size_t row = 0;
	while (row < COUNT_OF(formats) && !slice_is(qualifier, formats[row].qualifier))
		row++;
	return row;
}

bool format_fits(struct slice qualifier, struct slice value)
{
	size_t row = format_row(qualifier);
	return row == COUNT_OF(formats) || formats[row].fits(value);
}

static bool format_check(struct checker *checker, const struct spot *spot, const struct values *values)
{
	unsigned at = spot->element->format_of;
	if (at == 0 || at > values->count)
		return true;
	size_t row = format_row(value_at(values, at));
	if (row == COUNT_OF(formats) || formats[row].fits(spot->value))
		return true;
	checker_tell(checker, formats[row].code, spot, formats[row].expected);
	return false;
}

/* ---- codes that the guide does not list ------------------------------------------------------------------ */

/* Has the standard this code, as far as is known here: does any shipped guide or label give it to the element?  Looked up
 * once for each of the last wrong codes: who sends one sends it again. */
static bool checker_code_known(struct checker *checker, uint16_t number, struct slice value)
{
	if (value.len > CODE_MEMORY_BYTES)
		return guide_code_known(number, value);
	struct code_memory *memory = &checker->codes[hash64(number, value.ptr, value.len) % CODE_MEMORIES];
	if (memory->number != number || memory->len != value.len || memcmp(memory->code, value.ptr, value.len) != 0) {
		*memory = (struct code_memory){ .number = number, .len = (uint8_t)value.len };
		memcpy(memory->code, value.ptr, value.len);
		memory->known = guide_code_known(number, value);
	}
	return memory->known;
}

/* ---- types -------------------------------------------------------------------------------------------- */

static bool length_check(struct checker *checker, const struct spot *spot, size_t length)
{
	if (length < spot->element->min)
		checker_tell(checker, FINDING_ELEMENT_SHORT, spot, NULL);
	else if (length > spot->element->max)
		checker_tell(checker, FINDING_ELEMENT_LONG, spot, NULL);
	else
		return true;
	return false;
}

static bool form_check(struct checker *checker, const struct spot *spot, bool fits, enum finding_code code,
	const char *expected)
{
	if (!fits)
		checker_tell(checker, code, spot, expected);
	return fits;
}

/* Blanks before a text, or behind it where its least length does not need them. */
static void blanks_check(struct checker *checker, const struct spot *spot, size_t length)
{
	char first = spot->value.ptr[0], last = spot->value.ptr[spot->value.len - 1];
	if (first == ' ' || (last == ' ' && length > spot->element->min))
		checker_tell(checker, FINDING_ELEMENT_BLANKS, spot, NULL);
}

/* Zeros, a sign or a point that the number does not need (X12.6 3.5.1, 3.5.2). */
static void number_check(struct checker *checker, const struct spot *spot)
{
	if (!form_number_short(spot->value, spot->element->min))
		checker_tell(checker, FINDING_ELEMENT_NUMBER_FORM, spot,
			"no zeros in front, no minus before zero, no point at the end");
}

static void charset_check(struct checker *checker, const struct spot *spot)
{
	static const char *const sets[] = {
		[CHARSET_BASIC] = "the basic character set: capital letters, digits, blank and !\"&'()*+,-./:;?=",
		[CHARSET_EXTENDED] = "the extended character set: letters, digits, signs of ASCII",
		[CHARSET_UTF8] = "the character set UTF-8",
	};
	bool fits = (spot->classes & CLASS_FOREIGN) == 0;
	if (fits && checker->checks.charset == CHARSET_UTF8 && (spot->classes & CLASS_HIGH) != 0)
		fits = utf8_valid(spot->value);
	if (!fits)
		checker_tell(checker, FINDING_ELEMENT_CHARSET, spot, sets[checker->checks.charset]);
}

static bool type_check(struct checker *checker, const struct spot *spot)
{
	struct slice value = spot->value;
	size_t length = (spot->classes & CLASS_HIGH) != 0 ? utf8_count(value) : value.len;
	switch ((int)spot->element->type) {
	case TYPE_N:
		if (!form_check(checker, spot, form_whole(value), FINDING_ELEMENT_CHARACTER, NULL) ||
			!length_check(checker, spot, form_digit_count(value)))
			return false;
		number_check(checker, spot);
		return true;
	case TYPE_R:
		if (!form_check(checker, spot, form_decimal(value), FINDING_ELEMENT_CHARACTER, NULL) ||
			!length_check(checker, spot, form_digit_count(value)))
			return false;
		number_check(checker, spot);
		return true;
	case TYPE_DT:
		return length_check(checker, spot, length) && form_check(checker, spot, form_date(value),
		FINDING_ELEMENT_DATE,
			spot->element->max == 6 ? "YYMMDD" : "CCYYMMDD");
	case TYPE_TM:
		return length_check(checker, spot, length) &&
		       form_check(checker, spot, form_time(value), FINDING_ELEMENT_TIME, "HHMM, HHMMSS or HHMMSSDD");
	case TYPE_B:
		return length_check(checker, spot, value.len);
	default:
		break;
	}
	if ((spot->classes & CLASS_CONTROL) != 0)
		return form_check(checker, spot, false, FINDING_ELEMENT_CHARACTER, "no control characters");
	if (!length_check(checker, spot, length))
		return false;
	blanks_check(checker, spot, length);
	if ((spot->classes & (CLASS_FOREIGN | CLASS_HIGH)) != 0)
		charset_check(checker, spot);
	return true;
}

/* The code sets that stand outside the guide.  A code that the guide has too needs no line there; if it has one, its
 * days hold. */
static void codeset_check(struct checker *checker, const struct spot *spot, bool listed)
{
	const struct code_tables *codes = checker->checks.codes;
	uint16_t codeset = spot->element->codeset;
	days on = checker->checks.on;
	struct day_span span;
	char expected[96];
	switch (guide_codeset_ask(codes, codeset, spot->value, on, &span)) {
	case CODESET_HAS:
		return;
	case CODESET_NOT_LISTED:
		if (listed)
			return;
		(void)snprintf(expected, sizeof(expected), "a code of %s", guide_codeset_name(codes, codeset));
		checker_tell(checker, FINDING_ELEMENT_EXTERNAL_CODE, spot, expected);
		return;
	case CODESET_NOT_THAT_DAY:
		break;
	}
	bool since = span.start != DAYS_NONE, until = span.end != DAYS_OPEN;
	(void)snprintf(expected, sizeof(expected), "a code of %s on %s; this one holds%s%s%s%s",
		guide_codeset_name(codes, codeset), days_iso(on).text, since ? " from " : "",
		since ? days_iso(span.start).text : "", until ? " until " : "", until ? days_iso(span.end).text : "");
	checker_tell(checker, FINDING_ELEMENT_CODE_DATED, spot, expected);
}

void value_check(struct checker *checker, const struct spot *spot, const struct values *values)
{
	const struct guide_element *element = spot->element;
	if (!type_check(checker, spot))
		return;
	bool listed = element->codes != GUIDE_NONE && index_listed(checker->index, element->codes, spot->value);
	if (element->codes != GUIDE_NONE && !listed &&
		(element->codeset == GUIDE_NONE || guide_codeset_ask(checker->checks.codes, element->codeset, spot->value,
			DAYS_NONE, NULL) == CODESET_NOT_LISTED)) {
		bool standard = checker_code_known(checker, element->number, spot->value);
		checker_tell(checker, standard ? FINDING_ELEMENT_CODE_UNUSED : FINDING_ELEMENT_CODE, spot, NULL);
		return;
	}
	if (!format_check(checker, spot, values))
		return;
	if (checker->checks.level >= 5 && element->codeset != GUIDE_NONE)
		codeset_check(checker, spot, listed);
}

/* ---- codes that come again -------------------------------------------------------------------------------- */

static bool set_code_ask(const struct checker *checker, const struct guide_element *element, struct slice code)
{
	const struct checks *checks = &checker->checks;
	bool listed = element->codes != GUIDE_NONE && index_listed(checker->index, element->codes, code);
	if (checks->level < 5 && (listed || element->codes == GUIDE_NONE))
		return true;
	switch (guide_codeset_ask(checks->codes, element->codeset, code, checks->level < 5 ? DAYS_NONE : checks->on, NULL)) {
	case CODESET_HAS:
		return true;
	case CODESET_NOT_LISTED:
		return listed;
	case CODESET_NOT_THAT_DAY:
		break;
	}
	return false;
}

bool set_code_fits(struct checker *checker, const struct guide_element *element, struct slice code)
{
	if (code.len == 0 || code.len > PACKED_BYTES)
		return set_code_ask(checker, element, code);
	struct known_code known = { bytes_packed(code), (uint64_t)element->codeset << 16 | element->codes };
	uint64_t hash = (known.code ^ known.list << 32) * UINT64_C(0x9e3779b97f4a7c15);
	struct known_code *held = &checker->known[hash >> 58];
	if (held->code == known.code && held->list == known.list)
		return true;
	if (!set_code_ask(checker, element, code))
		return false;
	*held = known;
	return true;
}
_Static_assert(KNOWN_CODES == 1 << 6, "set_code_fits takes the highest six bits");
