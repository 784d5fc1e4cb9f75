/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * treatment: the one table of what is done with each data element that may be personal.
 *
 * The first row that fits counts, so that exceptions stand before the rule; the last row of a
 * number fits always.  Reference numbers of which nothing is known are treated as ids: a
 * program code that is disguised costs a test, an id that is not costs a notification.
 */
#include "generators/disguise.h"

struct row {
	uint16_t number;
	const char *segments;   /* blank-separated ids; empty: all */
	const char *qualifiers; /* of the value; empty: any */
	enum treatment treatment;
};

static const struct row rows[] = {
	{ 19, "", "", TREAT_CITY },
	{ 61, "", "", TREAT_TEXT },
	{ 67, "", "34", TREAT_SSN },
	{ 67, "", "", TREAT_ID },
	{ 93, "PER", "", TREAT_FULL_NAME },
	{ 93, "N1", "", TREAT_ORGANISATION },
	{ 93, "", "", TREAT_FULL_NAME },
	{ 116, "", "", TREAT_ZIP },
	/* what a program calls its groups, rates and funds: many people have the same */
	{ 127, "REF", "17 18 38 9A 9C 9V 9X CE CT EV F2 M7 N6 NF PID RB XX1 XX2", TREAT_KEEP },
	{ 127, "REF", "ZX", TREAT_LOCATION },
	{ 127, "REF", "SY", TREAT_SSN },
	{ 127, "MIA MOA", "", TREAT_KEEP }, /* remark codes */
	{ 127, "", "", TREAT_ID },
	{ 166, "", "", TREAT_STREET },
	{ 276, "", "", TREAT_ID },
	{ 310, "", "", TREAT_LOCATION },
	{ 352, "", "", TREAT_TEXT },
	{ 364, "", "", TREAT_PHONE },
	{ 373, "", "", TREAT_DAY },
	{ 508, "", "", TREAT_ID },
	{ 724, "", "", TREAT_ID },
	{ 933, "", "", TREAT_TEXT },
	{ 1028, "", "", TREAT_ID },
	{ 1035, "", "", TREAT_LAST },
	{ 1036, "", "", TREAT_FIRST },
	{ 1037, "", "", TREAT_MIDDLE },
	{ 1038, "", "", TREAT_PREFIX },
	{ 1039, "", "", TREAT_SUFFIX },
	{ 1109, "", "", TREAT_NOT_TOLD },
	{ 1251, "DMG", "", TREAT_BIRTH },
	{ 1251, "", "", TREAT_DAY },
	{ 1271, "", "", TREAT_KEEP }, /* a diagnosis or remark out of a public list says what somebody has, not who it is */
	{ 9998, "", "", TREAT_ID },
};

static const char *const names[TREATMENTS] = {
	[TREAT_NONE] = "not personal", [TREAT_KEEP] = "kept", [TREAT_ID] = "permuted", [TREAT_SSN] = "invented SSN (9…)",
	[TREAT_LAST] = "invented last name", [TREAT_FIRST] = "invented first name", [TREAT_MIDDLE] = "invented middle name",
	[TREAT_PREFIX] = "invented prefix", [TREAT_SUFFIX] = "invented suffix", [TREAT_FULL_NAME] = "invented name",
	[TREAT_ORGANISATION] = "invented organisation", [TREAT_STREET] = "invented street", [TREAT_CITY] = "invented city",
	[TREAT_LOCATION] = "invented location", [TREAT_ZIP] = "three digits of the ZIP", [TREAT_PHONE] = "invented phone or mail",
	[TREAT_DAY] = "shifted", [TREAT_BIRTH] = "shifted, 90 at most", [TREAT_TEXT] = "removed", [TREAT_NOT_TOLD] = "not told (7)",
};

const char *treatment_name(enum treatment treatment)
{
	return names[treatment];
}

enum party party_of(struct slice entity)
{
	static const struct {
		const char *entities;
		enum party party;
	} parties[] = {
		{ "PR P5 IN BO TV TT GW 2B P4 PRP SEP TTP OC", PARTY_ORGANISATION },
		{ "1P 1X 3D 80 FA OD P3 QA QN Y2 GP PE 82 1I 13 73 I3 VER VN VY X3", PARTY_PROVIDER },
		{ "75", PARTY_CATEGORY },
	};
	for (size_t i = 0; i < COUNT_OF(parties); i++)
		if (slice_among(slice_of(parties[i].entities), entity))
			return parties[i].party;
	return PARTY_PERSON;
}

/* Numbers of a provider, wherever they stand. */
static const char provider_numbers[] = "0B 1A 1B 1C 1D 1G 1H 1J D3 G2 HPI LU PQ TJ";

/* Is the row's treatment one that this place does without? */
static bool stays(const struct disguise_place *place, enum treatment treatment)
{
	bool numbered = slice_is(place->segment, "REF") && slice_among(slice_of(provider_numbers), place->qualifier);
	if (place->keep_providers && numbered)
		return true;
	if (treatment == TREAT_DAY && !place->in_unit)
		return true; /* of a file or a payment, not of a person */
	if (treatment == TREAT_ZIP)
		return place->keep_zips || place->party == PARTY_ORGANISATION;
	if (place->party == PARTY_CATEGORY && place->number == 93)
		return true;
	if (treatment == TREAT_ID && place->coded)
		return true; /* one of a list that the guide gives */
	/* the account of a bank stays nobody's, whoever has it; contacts of a payer are people */
	if (place->number == 508 || slice_is(place->segment, "PER"))
		return place->keep_providers && place->party == PARTY_PROVIDER;
	if (place->party == PARTY_ORGANISATION)
		return true;
	return place->keep_providers && place->party == PARTY_PROVIDER;
}

enum treatment treatment_of(const struct disguise_place *place)
{
	enum treatment treatment = TREAT_NONE;
	for (size_t i = 0; i < COUNT_OF(rows) && treatment == TREAT_NONE; i++) {
		const struct row *row = &rows[i];
		bool fits = row->number == place->number && (row->segments[0] == '\0' || slice_among(slice_of(row->segments), place->segment)) &&
			(row->qualifiers[0] == '\0' || slice_among(slice_of(row->qualifiers), place->qualifier));
		if (fits)
			treatment = row->treatment;
	}
	if (treatment == TREAT_NONE || treatment == TREAT_KEEP || !personal_element(place->number, place->segment))
		return treatment == TREAT_NONE ? TREAT_NONE : TREAT_KEEP;
	if (stays(place, treatment))
		return TREAT_KEEP;
	return treatment == TREAT_LAST && place->organisation ? TREAT_ORGANISATION : treatment;
}
