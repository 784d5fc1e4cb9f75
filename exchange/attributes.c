/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * attributes: CSV files of dated facts about members, PCPs and practices into the store.
 */
#include "exchange/table.h"

static const struct column columns[] = {
	{ "subject", COLUMN_TEXT, true },
	{ "id", COLUMN_TEXT, true },
	{ "name", COLUMN_TEXT, true },
	{ "value", COLUMN_TEXT, false },
	{ "from", COLUMN_DAY, true },
	{ "to", COLUMN_DAY, false },
};
enum { SUBJECT, ID, NAME, VALUE, FROM, TO };

/* *of 0: nobody has this id, and that was said. */
static bool find_subject(struct table *table, const struct value *values, enum subject *subject, int64_t *of)
{
	struct store *store = table->office->store;
	struct slice id = values[ID].text;
	bool found = false;
	char npi[11];
	*of = 0;
	for (*subject = SUBJECT_MEMBER; *subject < SUBJECTS && !slice_is(values[SUBJECT].text, subject_name(*subject)); ++*subject)
		;
	if (*subject == SUBJECTS) {
		table_refuse(table, "subject is neither member nor pcp nor practice");
		return true;
	}
	if (*subject != SUBJECT_MEMBER && !npi_valid(id)) {
		table_refuse(table, "id of a %s does not pass the NPI check digit", subject_name(*subject));
		return true;
	}
	slice_copy(npi, sizeof(npi), id);
	if (*subject == SUBJECT_MEMBER) {
		struct member member;
		if (!store_member_find(store, &table->arena, &found, &member, id))
			return false;
		*of = found ? member.id : 0;
	} else if (*subject == SUBJECT_PCP) {
		struct pcp pcp;
		if (!store_pcp_find(store, &table->arena, &found, &pcp, npi))
			return false;
		*of = found ? pcp.id : 0;
	} else {
		struct billing_provider practice;
		if (!store_billing_find(store, &table->arena, &found, &practice, npi))
			return false;
		*of = found ? practice.id : 0;
	}
	if (!found)
		table_refuse(table, "%s is not known", subject_name(*subject)); /* whose id it is, the line tells who may see it */
	return true;
}

/* Lower-case letters, digits and hyphens, as program files write names. */
static bool is_name(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (i > 0 && ((c >= '0' && c <= '9') || c == '-'))))
			return false;
	}
	return text.len > 0 && text.len <= LIMIT_ATTRIBUTE_NAME;
}

static bool save_attribute(struct table *table, const struct value *values)
{
	struct attribute attribute = { .name = values[NAME].text, .value = values[VALUE].text, .begin = values[FROM].day,
		.end = values[TO].day == DAYS_NONE ? DAYS_OPEN : values[TO].day };
	char source[256];
	bool changed;
	if (!is_name(attribute.name)) {
		table_refuse(table, "name is not a lower-case word of at most %d letters, digits and hyphens", LIMIT_ATTRIBUTE_NAME);
		return true;
	}
	if (attribute.end < attribute.begin) {
		table_refuse(table, "to is before from");
		return true;
	}
	if (!find_subject(table, values, &attribute.subject, &attribute.of))
		return false;
	if (attribute.of == 0)
		return true;
	snprintf(source, sizeof(source), "%.200s:%llu", table_name(table), (unsigned long long)table->line);
	attribute.source = slice_of(source);
	if (!store_attribute_put(table->office->store, &changed, &attribute))
		return false;
	table_count(table, changed);
	return true;
}

static const struct table_kind kinds[] = {
	{ "attribute", "subject", columns, COUNT_OF(columns), save_attribute },
};

bool attributes_header(struct slice start)
{
	static const char *const names[] = { "subject" };
	return table_header(start, names, COUNT_OF(names));
}

bool attributes_file(struct office *office, const char *path, const struct row_complaint *sink, struct row_report *report)
{
	return table_file(office, path, CHANGE_ATTRIBUTES, kinds, COUNT_OF(kinds), NULL, sink, report);
}
