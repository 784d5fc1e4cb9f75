/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * identity: is the person of a record the one whom its id names? (BAD-16)
 *
 * An id is believed unless two things speak against it: another day of birth and another
 * first name.  One of them alone is a correction.  A record that says itself that it corrects
 * (2100A NM1*74, 2100B) is believed whatever it says.
 */
#include "rules/internal.h"

bool record_is_other(const struct member *known, const struct member_record *record)
{
	bool corrects = slice_is(record->entity, "74") || record->wrong_last.len > 0 || record->wrong_first.len > 0 || record->wrong_born != DAYS_NONE;
	return !corrects && known->born != DAYS_NONE && record->born != DAYS_NONE && known->born != record->born &&
		known->first.len > 0 && record->first.len > 0 && !plain_equal(known->first, record->first);
}

/* Younger than a year, under the id of somebody who can be the mother. */
#define NEWBORN_DAYS 366
#define MOTHER_DAYS (12 * 366)

bool record_is_newborn(const struct member *known, const struct member_record *record, days today)
{
	return record_is_other(known, record) && record->born <= today && record->born > today - NEWBORN_DAYS &&
		record->born - known->born > MOTHER_DAYS;
}
