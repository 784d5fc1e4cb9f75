/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * providers: CSV files of billing providers and PCPs into the store (PRV-1 … PRV-7).
 *
 * The header row names the columns, in any order, and thereby the kind of file
 * (docs/formats.md).  A file is one transaction.  A row that is wrong is refused with
 * its line and reason and the others go in; a header that is wrong refuses the file.
 */
#include "exchange/table.h"

static const struct column billing_columns[] = {
	{ "billing_npi", COLUMN_NPI, true },
	{ "medicaid_id", COLUMN_TEXT, true },
	{ "name", COLUMN_TEXT, true },
	{ "kind", COLUMN_TEXT, false },
	{ "tax_id", COLUMN_TEXT, true },
	{ "street", COLUMN_TEXT, true },
	{ "city", COLUMN_TEXT, true },
	{ "state", COLUMN_TEXT, true },
	{ "zip", COLUMN_TEXT, true },
	{ "phone", COLUMN_TEXT, false },
	{ "trading_partner", COLUMN_TEXT, true },
	{ "fiscal_year_end", COLUMN_TEXT, false },
	{ "method", COLUMN_TEXT, true },
	{ "routing", COLUMN_ABA, false },
	{ "account", COLUMN_TEXT, false },
	{ "account_kind", COLUMN_TEXT, false },
};
enum { BILLING_NPI, BILLING_MEDICAID_ID, BILLING_NAME, BILLING_KIND, BILLING_TAX_ID, BILLING_STREET, BILLING_CITY, BILLING_STATE,
	BILLING_ZIP, BILLING_PHONE, BILLING_PARTNER, BILLING_FISCAL, BILLING_METHOD, BILLING_ROUTING, BILLING_ACCOUNT, BILLING_ACCOUNT_KIND };
static const struct column pcp_columns[] = {
	{ "pcp_npi", COLUMN_NPI, true },
	{ "last_name", COLUMN_TEXT, true },
	{ "first_name", COLUMN_TEXT, false },
	{ "credential", COLUMN_TEXT, false },
	{ "specialty", COLUMN_TEXT, false },
	{ "phone", COLUMN_TEXT, true },
	{ "town", COLUMN_TEXT, true },
	{ "facility_based", COLUMN_YES, false },
	{ "medicaid_from", COLUMN_DAY, false },
	{ "medicaid_to", COLUMN_DAY, false },
	{ "contract_from", COLUMN_DAY, false },
	{ "contract_to", COLUMN_DAY, false },
	{ "panel_limit", COLUMN_NUMBER, false },
	{ "billing_npi", COLUMN_NPI, false },
	{ "affiliated_from", COLUMN_DAY, false },
	{ "affiliated_to", COLUMN_DAY, false },
};
enum { PCP_NPI, PCP_LAST, PCP_FIRST, PCP_CREDENTIAL, PCP_SPECIALTY, PCP_PHONE, PCP_TOWN, PCP_FACILITY, PCP_MEDICAID_FROM, PCP_MEDICAID_TO,
	PCP_CONTRACT_FROM, PCP_CONTRACT_TO, PCP_PANEL, PCP_BILLING, PCP_AFFILIATED_FROM, PCP_AFFILIATED_TO };

static bool save_billing(struct table *table, const struct value *values)
{
	struct billing_provider billing = {
		.medicaid_id = values[BILLING_MEDICAID_ID].text, .name = values[BILLING_NAME].text, .kind = values[BILLING_KIND].text,
		.tax_id = values[BILLING_TAX_ID].text, .street = values[BILLING_STREET].text, .city = values[BILLING_CITY].text,
		.state = values[BILLING_STATE].text, .zip = values[BILLING_ZIP].text, .phone = values[BILLING_PHONE].text,
		.trading_partner = values[BILLING_PARTNER].text, .fiscal_year_end = values[BILLING_FISCAL].text,
		.method = values[BILLING_METHOD].text, .routing = values[BILLING_ROUTING].text,
		.account = values[BILLING_ACCOUNT].text, .account_kind = values[BILLING_ACCOUNT_KIND].text,
	};
	int64_t id;
	bool changed, ach = slice_is(billing.method, "ACH");
	uint64_t number;
	slice_copy(billing.npi, sizeof(billing.npi), values[BILLING_NPI].text);
	if (!ach && !slice_is(billing.method, "CHK")) {
		table_refuse(table, "method is neither ACH nor CHK");
		return true;
	}
	if (ach && (billing.routing.len == 0 || billing.account.len == 0)) {
		table_refuse(table, "method ACH needs routing and account");
		return true;
	}
	if (billing.tax_id.len != 9 || !slice_number(&number, billing.tax_id)) {
		table_refuse(table, "tax_id is not nine digits");
		return true;
	}
	if (billing.account_kind.len == 0)
		billing.account_kind = SLICE("DA");
	if (!store_billing_save(table->office->store, &id, &changed, &billing))
		return false;
	table_count(table, changed);
	return true;
}

/* An end left open is open if the begin is given. */
static days end_of(const struct value *begin, const struct value *end)
{
	if (begin->day == DAYS_NONE)
		return DAYS_NONE;
	return end->day == DAYS_NONE ? DAYS_OPEN : end->day;
}

/* Spans whose end lies before their begin, or that have an end only, mean nothing. */
static bool spans_are_right(struct table *table, const struct value *values)
{
	static const int begins[] = { PCP_MEDICAID_FROM, PCP_CONTRACT_FROM, PCP_AFFILIATED_FROM };
	for (size_t i = 0; i < COUNT_OF(begins); i++) {
		const struct value *begin = &values[begins[i]], *end = begin + 1;
		if (end->day != DAYS_NONE && (begin->day == DAYS_NONE || end->day < begin->day)) {
			table_refuse(table, "%s is before %s", pcp_columns[begins[i] + 1].name, pcp_columns[begins[i]].name);
			return false;
		}
	}
	if (values[PCP_BILLING].text.len > 0 && values[PCP_AFFILIATED_FROM].day == DAYS_NONE) {
		table_refuse(table, "affiliated_from is empty");
		return false;
	}
	return true;
}

/* *billing 0: the row names no practice; *right false: it names one that is not known. */
static bool find_practice(struct table *table, const struct value *values, int64_t *billing, bool *right)
{
	struct billing_provider found;
	char npi[11];
	*billing = 0;
	*right = true;
	if (values[PCP_BILLING].text.len == 0)
		return true;
	slice_copy(npi, sizeof(npi), values[PCP_BILLING].text);
	if (!store_billing_find(table->office->store, &table->arena, right, &found, npi))
		return false;
	if (*right)
		*billing = found.id;
	else
		table_refuse(table, "billing_npi %s is not known: load the billing providers first", npi);
	return true;
}

/* The row goes in as a whole or not at all: what may be wrong is looked at first. */
static bool save_pcp(struct table *table, const struct value *values)
{
	struct pcp pcp = {
		.last = values[PCP_LAST].text, .first = values[PCP_FIRST].text, .credential = values[PCP_CREDENTIAL].text,
		.specialty = values[PCP_SPECIALTY].text, .phone = values[PCP_PHONE].text, .town = values[PCP_TOWN].text,
		.facility_based = slice_is(values[PCP_FACILITY].text, "yes"),
		.medicaid_begin = values[PCP_MEDICAID_FROM].day, .medicaid_end = end_of(&values[PCP_MEDICAID_FROM], &values[PCP_MEDICAID_TO]),
		.contract_begin = values[PCP_CONTRACT_FROM].day, .contract_end = end_of(&values[PCP_CONTRACT_FROM], &values[PCP_CONTRACT_TO]),
		.panel_limit = (int64_t)values[PCP_PANEL].number,
	};
	int64_t id, billing;
	bool changed, affiliation_changed = false, right;
	slice_copy(pcp.npi, sizeof(pcp.npi), values[PCP_NPI].text);
	if (!spans_are_right(table, values))
		return true;
	if (!find_practice(table, values, &billing, &right))
		return false;
	if (!right)
		return true;
	if (!store_pcp_save(table->office->store, &id, &changed, &pcp))
		return false;
	struct affiliation affiliation = { .pcp = id, .billing = billing, .begin = values[PCP_AFFILIATED_FROM].day,
		.end = end_of(&values[PCP_AFFILIATED_FROM], &values[PCP_AFFILIATED_TO]) };
	if (billing != 0 && !store_affiliation_save(table->office->store, &affiliation_changed, &affiliation))
		return false;
	table_count(table, changed || affiliation_changed);
	return true;
}

static const struct table_kind kinds[] = {
	{ "PCP", "pcp_npi", pcp_columns, COUNT_OF(pcp_columns), save_pcp },
	{ "billing provider", NULL, billing_columns, COUNT_OF(billing_columns), save_billing },
};

bool providers_header(struct slice start)
{
	static const char *const names[] = { "pcp_npi", "billing_npi" };
	return table_header(start, names, COUNT_OF(names));
}

bool providers_file(struct office *office, const char *path, const struct row_complaint *sink, struct row_report *report)
{
	return table_file(office, path, CHANGE_PROVIDERS, kinds, COUNT_OF(kinds), NULL, sink, report);
}
