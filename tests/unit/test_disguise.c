/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * disguise: every personal element of every guide has a treatment; ids are permuted, forms are kept.
 */
#include "generators/generators.h"
#include "tests/unit/unit.h"

static struct disguise disguise;

static struct slice put(struct buffer *out, enum treatment treatment, const char *value, struct disguise_place place)
{
	buffer_reset(out);
	if (place.max == 0)
		place.max = 80;
	if (place.min == 0)
		place.min = 1;
	if (place.element == 0)
		place.element = 1;
	disguise_put(&disguise, out, treatment, slice_of(value), &place);
	return buffer_view(out);
}

/* ---- the table -------------------------------------------------------------------------- */

static unsigned untreated(const struct guide *guide, const struct guide_node *node, const struct guide_element *element)
{
	struct slice id = slice_of(guide_text(guide, node->id));
	struct disguise_place place = { .segment = id, .element = 1, .number = element->number, .in_unit = true, .shift = -1 };
	if (!personal_element(element->number, id) || treatment_of(&place) != TREAT_NONE)
		return 0;
	printf("%s: %s in %s has no treatment\n", guide->name, guide_text(guide, element->name), guide_text(guide, node->id));
	return 1;
}

static void every_personal_element_is_treated(void)
{
	unsigned missing = 0, seen = 0;
	for (size_t g = 0; g < guides_shipped_count; g++) {
		const struct guide *guide = guides_shipped[g];
		for (uint16_t n = 0; n < guide->node_count; n++) {
			const struct guide_node *node = &guide->nodes[n];
			for (uint16_t e = 0; node->kind == NODE_SEGMENT && e < node->element_count; e++) {
				const struct guide_element *element = &guide->elements[node->first_element + e];
				missing += untreated(guide, node, element);
				seen += personal_element(element->number, slice_of(guide_text(guide, node->id)));
				for (uint16_t c = 0; element->type == TYPE_COMPOSITE && c < element->component_count; c++)
					missing += untreated(guide, node, &guide->elements[element->first_component + c]);
			}
		}
	}
	CU_ASSERT(missing == 0);
	CU_ASSERT(seen > 500);
}

static void what_stays_says_so(void)
{
	static const struct {
		struct disguise_place place;
		const char *segment, *qualifier;
		enum treatment treatment;
	} rows[] = {
		{ { .number = 127 }, "REF", "0F", TREAT_ID }, { { .number = 127 }, "REF", "M7", TREAT_KEEP },
		{ { .number = 127 }, "REF", "SY", TREAT_SSN }, { { .number = 127 }, "REF", "", TREAT_ID },
		{ { .number = 127 }, "MOA", "", TREAT_KEEP }, { { .number = 127 }, "BHT", "", TREAT_KEEP },
		{ { .number = 67 }, "NM1", "34", TREAT_SSN }, { { .number = 67, .coded = true }, "LUI", "LE", TREAT_KEEP },
		{ { .number = 67, .party = PARTY_ORGANISATION }, "NM1", "PI", TREAT_KEEP },
		{ { .number = 67, .party = PARTY_PROVIDER }, "NM1", "XX", TREAT_ID },
		{ { .number = 67, .party = PARTY_PROVIDER, .keep_providers = true }, "NM1", "XX", TREAT_KEEP },
		{ { .number = 127, .keep_providers = true }, "REF", "HPI", TREAT_KEEP },
		{ { .number = 67, .keep_providers = true }, "NM1", "MI", TREAT_ID },
		{ { .number = 1035, .organisation = true }, "NM1", "", TREAT_ORGANISATION }, { { .number = 1035 }, "NM1", "", TREAT_LAST },
		{ { .number = 93, .party = PARTY_ORGANISATION }, "PER", "", TREAT_FULL_NAME },
		{ { .number = 93, .party = PARTY_CATEGORY }, "N1", "", TREAT_KEEP },
		{ { .number = 508, .party = PARTY_ORGANISATION }, "BPR", "", TREAT_ID },
		{ { .number = 1251, .in_unit = true }, "DMG", "", TREAT_BIRTH }, { { .number = 1251, .in_unit = true }, "DTP", "", TREAT_DAY },
		{ { .number = 1251 }, "DTP", "", TREAT_KEEP }, { { .number = 373, .in_unit = true }, "DTM", "", TREAT_DAY },
		{ { .number = 116 }, "N4", "", TREAT_ZIP }, { { .number = 116, .keep_zips = true }, "N4", "", TREAT_KEEP },
		{ { .number = 782 }, "AMT", "", TREAT_NONE }, { { .number = 98 }, "NM1", "", TREAT_NONE },
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct disguise_place place = rows[i].place;
		place.segment = slice_of(rows[i].segment);
		place.qualifier = slice_of(rows[i].qualifier);
		if (treatment_of(&place) != rows[i].treatment)
			printf("%s %u %s: %s\n", rows[i].segment, place.number, rows[i].qualifier, treatment_name(treatment_of(&place)));
		CU_ASSERT(treatment_of(&place) == rows[i].treatment);
	}
}

/* ---- values -------------------------------------------------------------------------------- */

static void ids_are_permuted(void)
{
	static bool taken[10000];
	struct buffer out;
	unsigned fixed = 0;
	buffer_init(&out, 0);
	memset(taken, 0, sizeof(taken));
	for (unsigned i = 0; i < 10000; i++) {
		char id[16];
		uint64_t number = 0;
		snprintf(id, sizeof(id), "%04u", i);
		struct slice invented = put(&out, TREAT_ID, id, (struct disguise_place){ .number = 127 });
		CU_ASSERT_FATAL(invented.len == 4 && slice_number(&number, invented) && !taken[number]);
		taken[number] = true;
		fixed += number == i;
	}
	CU_ASSERT(fixed < 10); /* as many as any permutation has */
	struct slice shape = put(&out, TREAT_ID, "C0-ab Z9", (struct disguise_place){ .number = 127 });
	CU_ASSERT(shape.len == 8 && shape.ptr[2] == '-' && shape.ptr[5] == ' ' && shape.ptr[0] >= 'A' && shape.ptr[0] <= 'Z');
	CU_ASSERT(shape.ptr[1] >= '0' && shape.ptr[1] <= '9' && shape.ptr[3] >= 'a' && shape.ptr[3] <= 'z');
	char long_id[201] = { 0 };
	memset(long_id, 'A', 200);
	CU_ASSERT(put(&out, TREAT_ID, long_id, (struct disguise_place){ .number = 127 }).len == 200);
	CU_ASSERT(put(&out, TREAT_ID, "", (struct disguise_place){ .number = 127 }).len == 0);
	buffer_done(&out);
}

static void npis_stay_npis(void)
{
	struct buffer out;
	buffer_init(&out, 0);
	for (uint32_t i = 0; i < 2000; i++) {
		char npi[11], other[11];
		npi_complete(npi, 100000000 + i * 99991);
		struct slice invented = put(&out, TREAT_ID, npi, (struct disguise_place){ .number = 67 });
		CU_ASSERT(npi_valid(invented) && invented.ptr[0] == npi[0]);
		slice_copy(other, sizeof(other), slice_of(npi));
		other[9] = other[9] == '9' ? '0' : (char)(other[9] + 1);
		CU_ASSERT(!npi_valid(put(&out, TREAT_ID, other, (struct disguise_place){ .number = 67 })));
	}
	buffer_done(&out);
}

static void days_move_together(void)
{
	static const struct { const char *value, *is; enum treatment treatment; } rows[] = {
		{ "20100131", "20100121", TREAT_DAY }, { "20100105-20100301", "20091226-20100219", TREAT_DAY },
		{ "201001311530", "201001211530", TREAT_DAY }, { "1530", "1530", TREAT_DAY }, { "20100230", "99999999", TREAT_DAY },
		{ "2010013", "9999999", TREAT_DAY }, { "AB", "XX", TREAT_DAY }, { "00010105", "00010101", TREAT_DAY },
		{ "19500101", "19491222", TREAT_BIRTH }, { "19190101", "19200101", TREAT_BIRTH }, { "19200611", "19200601", TREAT_BIRTH },
		{ "19200610", "19200101", TREAT_BIRTH }, { "18880101", "19200101", TREAT_BIRTH }, { "19190101", "19181222", TREAT_DAY },
	};
	struct buffer out;
	days asof;
	buffer_init(&out, 0);
	CU_ASSERT(days_from_civil(&asof, 2010, 5, 31)); /* 90 are those born up to 1920-05-31 */
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice is = put(&out, rows[i].treatment, rows[i].value, (struct disguise_place){ .number = 1251, .shift = -10, .asof = asof });
		if (!slice_is(is, rows[i].is))
			printf("%s: %.*s\n", rows[i].value, SLICE_ARG(is));
		CU_ASSERT(slice_is(is, rows[i].is));
	}
	for (unsigned i = 0; i < 2000; i++) {
		char family[16];
		snprintf(family, sizeof(family), "c%u", i);
		int shift = disguise_shift(&disguise, slice_of(family));
		CU_ASSERT(shift <= -1 && shift >= -365 && shift == disguise_shift(&disguise, slice_of(family)));
	}
	buffer_done(&out);
}

static void words_fit_their_elements(void)
{
	struct buffer out;
	buffer_init(&out, 0);
	struct disguise_place place = { .number = 1035, .min = 1, .max = 60 };
	char first[64], again[64];
	slice_copy(first, sizeof(first), put(&out, TREAT_LAST, "O'Brien", place));
	slice_copy(again, sizeof(again), put(&out, TREAT_LAST, "OBRIEN", place));
	CU_ASSERT(strcmp(first, again) == 0 && strlen(first) >= 4);
	place.max = 4;
	CU_ASSERT(put(&out, TREAT_LAST, "FOX", place).len <= 4);
	CU_ASSERT(put(&out, TREAT_LAST, "TOOLONG", place).len == 7); /* it was too long, and stays so */
	place.max = 60;
	place.min = 3;
	CU_ASSERT(put(&out, TREAT_LAST, "AB", place).len == 2);
	struct slice blanks = put(&out, TREAT_LAST, " FOX ", place);
	CU_ASSERT(blanks.len > 2 && blanks.ptr[0] == ' ' && blanks.ptr[blanks.len - 1] == ' ');
	CU_ASSERT(put(&out, TREAT_MIDDLE, "Q", place).len == 1 && !slice_is(buffer_view(&out), "Q"));
	CU_ASSERT(slice_is(put(&out, TREAT_TEXT, "CALL HER SISTER", place), "REMOVED"));
	CU_ASSERT(slice_is(put(&out, TREAT_NOT_TOLD, "C", place), "7"));
	CU_ASSERT(slice_is(put(&out, TREAT_ZIP, "06106", place), "06100") && slice_is(put(&out, TREAT_ZIP, "061061234", place), "061000000"));
	CU_ASSERT(slice_is(put(&out, TREAT_ZIP, "06301", place), "00000")); /* too few people live there */
	CU_ASSERT(put(&out, TREAT_ZIP, "K1A 0B1", place).len == 7 && !slice_is(buffer_view(&out), "K1A 0B1"));
	CU_ASSERT(put(&out, TREAT_SSN, "123456789", place).len == 9 && out.ptr[0] == '9');
	place.qualifier = SLICE("TE");
	CU_ASSERT(put(&out, TREAT_PHONE, "8605551234", place).len == 10 && memcmp(out.ptr, "555", 3) == 0);
	place.qualifier = SLICE("EM");
	place.max = 256;
	struct slice mail = put(&out, TREAT_PHONE, "ana@mail.net", place);
	CU_ASSERT(mail.len == 24 && memcmp(mail.ptr + 12, "@example.com", 12) == 0);
	buffer_done(&out);
}

static void another_key_another_person(void)
{
	struct disguise other;
	struct buffer a, b;
	struct disguise_place place = { .number = 67, .min = 1, .max = 80 };
	buffer_init(&a, 0);
	buffer_init(&b, 0);
	CU_ASSERT_FATAL(disguise_init(&other, SLICE("another key")));
	disguise_put(&disguise, &a, TREAT_ID, SLICE("001235613"), &place);
	disguise_put(&other, &b, TREAT_ID, SLICE("001235613"), &place);
	CU_ASSERT(!slice_equal(buffer_view(&a), buffer_view(&b)));
	disguise_done(&other);
	buffer_done(&a);
	buffer_done(&b);
}

static const struct unit_case cases[] = {
	{ "every element that may be personal, of every guide, has a treatment", every_personal_element_is_treated },
	{ "program codes, payers, days outside a unit and what is asked for stay, the rest does not", what_stays_says_so },
	{ "ids are permuted: no two become one, and letters, digits and signs stand where they stood", ids_are_permuted },
	{ "an NPI becomes an NPI, what is none becomes none", npis_stay_npis },
	{ "days move by the family's shift, ages over 89 become 90, what is no day becomes no day", days_move_together },
	{ "invented words fit their elements, or are as wrong as what they replace", words_fit_their_elements },
	{ "another key invents another person", another_key_another_person },
};

int main(void)
{
	if (!disguise_init(&disguise, SLICE("a key of a test")))
		return 3;
	int status = UNIT_RUN("disguise", cases);
	disguise_done(&disguise);
	return status;
}
