/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * personal: which values may tell who somebody is.
 *
 * One table by X12 data element number, with the segments in which such an element
 * is structure and not a person.  In doubt a value counts as personal: a hidden
 * trace number costs a second call with --show-values, a shown one a notification.
 */
#include "generators/generators.h"

struct personal_element {
	uint16_t number;
	const char *but_in; /* blank-separated segment ids in which the element says nothing of a person */
};

static const struct personal_element personal_elements[] = {
	{ 19, "" },                      /* city: a place smaller than a state */
	{ 61, "" },                      /* free-form text */
	{ 67, "" },                      /* identification code */
	{ 93, "" },                      /* name */
	{ 116, "" },                     /* postal code */
	{ 127, "BGN BHT ST" },           /* reference identification; a trace is often an account number */
	{ 166, "" },                     /* street */
	{ 276, "" },                     /* account number of a patient's claim line */
	{ 310, "" },                     /* location */
	{ 352, "" },                     /* description */
	{ 364, "" },                     /* phone number, mail address */
	{ 373, "BGN BHT BPR PLB GS" },   /* dates of care and payment of one person */
	{ 508, "" },                     /* account number */
	{ 724, "" },                     /* copy of what was sent */
	{ 933, "" },                     /* free-form message */
	{ 1028, "" },                    /* claim submitter's identifier */
	{ 1035, "" },                    /* last name */
	{ 1036, "" },                    /* first name */
	{ 1037, "" },                    /* middle name */
	{ 1038, "" },                    /* name prefix */
	{ 1039, "" },                    /* name suffix */
	{ 1109, "" },                    /* race or ethnicity */
	{ 1251, "" },                    /* dates of birth, death, coverage */
	{ 1271, "" },                    /* diagnosis */
	{ 9998, "" },                    /* business unit of a 999 */
};

bool personal_element(uint16_t number, struct slice segment_id)
{
	for (size_t i = 0; i < COUNT_OF(personal_elements); i++) {
		if (personal_elements[i].number == number)
			return !slice_among(slice_of(personal_elements[i].but_in), segment_id);
	}
	return false;
}

/* In N1 loops and in names of organisations the same element numbers name firms. */
bool personal_segment(const struct segment *segment)
{
	if (slice_is(segment->id, "NM1"))
		return !slice_is(segment_element(segment, 2), "2");
	if (!slice_is(segment->id, "N1"))
		return true;
	return !slice_among(SLICE("PR P5 IN BO TV"), segment_element(segment, 1));
}
