/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * visits: CSV files of the claims history (ASG-3, MH-5): who was seen by whom, and when.
 */
#include "exchange/table.h"

static const struct column visit_columns[] = {
	{ "medicaid_id", COLUMN_TEXT, true },
	{ "provider_npi", COLUMN_NPI, true },
	{ "visit_date", COLUMN_DAY, true },
};
enum { VISIT_MEMBER, VISIT_NPI, VISIT_DATE };

static bool save_visit(struct table *table, const struct value *values)
{
	struct store *store = table->office->store;
	struct member member;
	bool found, changed;
	if (!store_member_find(store, &table->arena, &found, &member, values[VISIT_MEMBER].text))
		return false;
	if (!found) {
		table_refuse(table, "medicaid_id is not known: load the 834 that brings the member first");
		return true;
	}
	if (values[VISIT_DATE].day > table->office->now.day) {
		table_refuse(table, "visit_date is after %s, the day that it is", days_iso(table->office->now.day).text);
		return true;
	}
	struct visit visit = { .member = member.id, .day = values[VISIT_DATE].day, .source = table_place(table) };
	slice_copy(visit.npi, sizeof(visit.npi), values[VISIT_NPI].text);
	if (!store_visit_add(store, &changed, &visit))
		return false;
	table_count(table, changed);
	return true;
}

bool visits_file(struct office *office, const char *path, const struct row_complaint *sink, struct row_report *report)
{
	static const struct table_kind kinds[] = { { "visit", NULL, visit_columns, COUNT_OF(visit_columns), save_visit } };
	return table_file(office, path, CHANGE_VISITS, kinds, COUNT_OF(kinds), NULL, sink, report);
}
