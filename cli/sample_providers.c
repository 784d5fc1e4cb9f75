/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sample_providers: PCPs and the billing providers to which they belong.
 *
 * The first twenty PCPs in six billing providers are written down: a solo doctor,
 * three groups, an FQHC, a hospital's clinic (PRV-3).  A larger sample makes more of the
 * same kind, one PCP for 500 members, seven to a billing provider.  Numbers pass their
 * check digits and belong to nobody.
 */
#include "cli/sample.h"

#include <assert.h>

#define MEMBERS_PER_PCP 500
#define PCPS_MOST 20000
#define PCPS_PER_BILLING 7
#define NPI_PCP 103070000     /* first nine digits of the first made-up NPI */
#define NPI_BILLING 108550000

struct billing_row {
	const char *name, *kind, *street, *city, *zip, *fiscal_year_end, *method, *account_kind;
	enum sample_area area;
};
static const struct billing_row billing_rows[] = {
	{ "ELENA MARKOVA MD", "SOLO", "18 DEFOREST ST", "WATERTOWN", "06795", "1231", "CHK", "", AREA_WATERBURY },
	{ "BRASS MILL FAMILY MEDICINE PC", "GROUP", "240 BANK ST", "WATERBURY", "06702", "1231", "ACH", "DA", AREA_WATERBURY },
	{ "QUIET CORNER PEDIATRICS AND FAMILY CARE LLC", "GROUP", "77 MAIN ST", "WILLIMANTIC", "06226", "1231", "ACH", "DA",
	  AREA_WINDHAM },
	{ "NEW ELM NEIGHBORHOOD HEALTH CENTER INC", "FQHC", "901 CONGRESS AVE", "NEW HAVEN", "06519", "0630", "ACH", "DA",
	  AREA_NEW_HAVEN },
	{ "RIVERBEND HOSPITAL PRIMARY CARE CLINIC", "HOSPITAL", "1200 VINE ST", "HARTFORD", "06112", "0930", "ACH", "DA",
	  AREA_HARTFORD },
	{ "FOUNDERS BRIDGE MEDICAL GROUP PC", "GROUP", "55 CONNECTICUT BLVD", "EAST HARTFORD", "06108", "", "ACH", "SG",
	  AREA_HARTFORD },
};

struct pcp_row {
	const char *last, *first, *credential, *specialty, *town, *leaves;
	enum sample_area area;
	uint32_t billing;
};
static const struct pcp_row pcp_rows[] = {
	{ "MARKOVA", "ELENA", "MD", "FAMILY MEDICINE", "WATERTOWN", NULL, AREA_WATERBURY, 0 },
	{ "OKONKWO", "LINDA", "MD", "PEDIATRICS", "WATERBURY", NULL, AREA_WATERBURY, 1 },
	{ "CHEN", "DAVID", "MD", "FAMILY MEDICINE", "WATERBURY", NULL, AREA_WATERBURY, 1 },
	{ "WHITCOMB", "ALAN", "MD", "FAMILY MEDICINE", "WATERBURY", "2010-02-28", AREA_WATERBURY, 1 },
	{ "SALAZAR", "TERESA", "APRN", "FAMILY MEDICINE", "NAUGATUCK", NULL, AREA_WATERBURY, 1 },
	{ "HUNT", "GREGORY", "MD", "PEDIATRICS", "NAUGATUCK", NULL, AREA_WATERBURY, 1 },
	{ "LACROIX", "MARIE", "MD", "PEDIATRICS", "WINDHAM", NULL, AREA_WINDHAM, 2 },
	{ "BURKE", "THOMAS", "DO", "FAMILY MEDICINE", "WINDHAM", NULL, AREA_WINDHAM, 2 },
	{ "STERN", "REBECCA", "APRN", "PEDIATRICS", "MANSFIELD", NULL, AREA_WINDHAM, 2 },
	{ "AMATO", "PETER", "MD", "FAMILY MEDICINE", "COVENTRY", NULL, AREA_WINDHAM, 2 },
	{ "WASHINGTON", "JOYCE", "MD", "FAMILY MEDICINE", "NEW HAVEN", NULL, AREA_NEW_HAVEN, 3 },
	{ "FERRARO", "MICHAEL", "MD", "PEDIATRICS", "NEW HAVEN", NULL, AREA_NEW_HAVEN, 3 },
	{ "NGUYEN", "KIM", "APRN", "FAMILY MEDICINE", "NEW HAVEN", NULL, AREA_NEW_HAVEN, 3 },
	{ "ROSARIO", "ISMAEL", "MD", "FAMILY MEDICINE", "WEST HAVEN", NULL, AREA_NEW_HAVEN, 3 },
	{ "BRIGGS", "CATHERINE", "MD", "FAMILY MEDICINE", "HARTFORD", NULL, AREA_HARTFORD, 4 },
	{ "PATEL", "ANJALI", "MD", "PEDIATRICS", "HARTFORD", NULL, AREA_HARTFORD, 4 },
	{ "SULLIVAN", "JAMES", "DO", "FAMILY MEDICINE", "HARTFORD", NULL, AREA_HARTFORD, 4 },
	{ "MENSAH", "KOFI", "MD", "FAMILY MEDICINE", "EAST HARTFORD", NULL, AREA_HARTFORD, 5 },
	{ "LINDGREN", "ANNA", "APRN", "PEDIATRICS", "EAST HARTFORD", NULL, AREA_HARTFORD, 5 },
	{ "DELUCA", "ROBERT", "MD", "FAMILY MEDICINE", "BLOOMFIELD", NULL, AREA_HARTFORD, 5 },
};
/* The towns (not postal places) in which further practices stand. */
static const char *const area_towns[AREAS] = {
	[AREA_WATERBURY] = "WATERBURY", [AREA_WINDHAM] = "WINDHAM", [AREA_HARTFORD] = "HARTFORD", [AREA_NEW_HAVEN] = "NEW HAVEN"
};
static const char *const area_zips[AREAS] = {
	[AREA_WATERBURY] = "06702", [AREA_WINDHAM] = "06280", [AREA_HARTFORD] = "06106", [AREA_NEW_HAVEN] = "06511"
};

static days day_of(const char *text)
{
	days day = DAYS_OPEN;
	bool fine = text == NULL || days_parse_iso(&day, slice_of(text));
	assert(fine);
	(void)fine;
	return day;
}

/* ---- billing providers ---- */

/* A routing number of an invented bank: the last digit makes it pass. */
static void routing_make(char out[10], uint32_t number)
{
	snprintf(out, 10, "0119%04u0", number % 10000);
	while (!aba_valid(slice_of(out)))
		out[8]++;
}

static void billing_numbers(struct sample_billing *billing, uint32_t index, enum sample_area area)
{
	npi_complete(billing->npi, NPI_BILLING + index * 37);
	snprintf(billing->medicaid_id, sizeof(billing->medicaid_id), "%09u", (4012345 + index * 11) % 1000000000);
	snprintf(billing->tax_id, sizeof(billing->tax_id), "%09u", (61112222 + index * 101) % 1000000000);
	snprintf(billing->phone, sizeof(billing->phone), "%.6s%04u", sample_phone_prefix(area), (9000 + index) % 10000);
	snprintf(billing->trading_partner, sizeof(billing->trading_partner), "TP%07u", (101 + index) % 10000000);
	if (strcmp(billing->method, "ACH") != 0)
		return;
	routing_make(billing->routing, 20 + index);
	snprintf(billing->account, sizeof(billing->account), "%010u", 9876543 + index * 7919);
}

static void billing_make(struct sample_billing *billing, uint32_t index)
{
	if (index < COUNT_OF(billing_rows)) {
		const struct billing_row *row = &billing_rows[index];
		*billing = (struct sample_billing){ .kind = row->kind, .city = row->city, .zip = row->zip,
			.fiscal_year_end = row->fiscal_year_end, .method = row->method, .account_kind = row->account_kind };
		snprintf(billing->name, sizeof(billing->name), "%s", row->name);
		snprintf(billing->street, sizeof(billing->street), "%s", row->street);
		billing_numbers(billing, index, row->area);
		return;
	}
	uint32_t extra = index - (uint32_t)COUNT_OF(billing_rows);
	enum sample_area area = (enum sample_area)(extra % AREAS);
	const char *street = sample_streets[extra % sample_street_count];
	*billing = (struct sample_billing){ .kind = "GROUP", .city = area_towns[area], .zip = area_zips[area],
		.fiscal_year_end = "1231", .method = "ACH", .account_kind = "DA" };
	snprintf(billing->name, sizeof(billing->name), "%s MEDICAL GROUP %u PC", street, index);
	snprintf(billing->street, sizeof(billing->street), "%u %s", 1 + extra % 997, street);
	billing_numbers(billing, index, area);
}

/* ---- PCPs ---- */

static void pcp_numbers(struct sample_pcp *pcp, uint32_t index)
{
	npi_complete(pcp->npi, NPI_PCP + index * 53);
	snprintf(pcp->phone, sizeof(pcp->phone), "%.6s%04u", sample_phone_prefix(pcp->area), (200 + index) % 10000);
	bool early = pcp->area == AREA_WATERBURY || pcp->area == AREA_WINDHAM;
	pcp->contract_from = day_of(early ? "2009-02-01" : "2009-12-01");
	pcp->medicaid_from = day_of("2005-07-01") + (days)(index * 97 % 900);
	pcp->panel_limit = 0; /* the program has none (domain reference 2.8) */
}

static void pcp_make(struct sample_pcp *pcp, uint32_t index, uint64_t seed)
{
	if (index < COUNT_OF(pcp_rows)) {
		const struct pcp_row *row = &pcp_rows[index];
		const char *kind = billing_rows[row->billing].kind;
		*pcp = (struct sample_pcp){ .last = row->last, .first = row->first, .credential = row->credential,
			.specialty = row->specialty, .town = row->town, .area = row->area, .billing = row->billing,
			.children_only = strcmp(row->specialty, "PEDIATRICS") == 0,
			.facility_based = strcmp(kind, "FQHC") == 0 || strcmp(kind, "HOSPITAL") == 0,
			.leaves = day_of(row->leaves) };
		pcp_numbers(pcp, index);
		return;
	}
	uint32_t extra = index - (uint32_t)COUNT_OF(pcp_rows), billing = extra / PCPS_PER_BILLING;
	struct random random;
	random_seed(&random, hash64(seed, &extra, sizeof(extra)));
	const struct sample_people_names *names = sample_names_pick(&random);
	bool children_only = extra % PCPS_PER_BILLING % 3 == 1;
	*pcp = (struct sample_pcp){ .last = names->last[random_below(&random, (uint32_t)names->last_count)],
		.first = random_below(&random, 2) == 0 ? names->female[random_below(&random, (uint32_t)names->female_count)]
						       : names->male[random_below(&random, (uint32_t)names->male_count)],
		.credential = "MD", .specialty = children_only ? "PEDIATRICS" : "FAMILY MEDICINE",
		.area = (enum sample_area)(billing % AREAS), .billing = (uint32_t)COUNT_OF(billing_rows) + billing,
		.children_only = children_only, .leaves = DAYS_OPEN };
	pcp->town = area_towns[pcp->area];
	pcp_numbers(pcp, index);
}

bool sample_providers_init(struct sample_providers *providers, uint64_t seed, uint64_t members, struct failure *failure)
{
	uint64_t wanted = members / MEMBERS_PER_PCP;
	uint32_t pcps = (uint32_t)COUNT_OF(pcp_rows), billings = (uint32_t)COUNT_OF(billing_rows);
	*providers = (struct sample_providers){ 0 };
	if (wanted > PCPS_MOST)
		wanted = PCPS_MOST;
	if (wanted > pcps) {
		billings += ((uint32_t)wanted - pcps + PCPS_PER_BILLING - 1) / PCPS_PER_BILLING;
		pcps = (uint32_t)wanted;
	}
	providers->pcps = calloc(pcps, sizeof(*providers->pcps));
	providers->billings = calloc(billings, sizeof(*providers->billings));
	bool fine = providers->pcps != NULL && providers->billings != NULL;
	for (int area = 0; area < AREAS; area++) {
		providers->by_area[area] = calloc(pcps, sizeof(*providers->by_area[area]));
		fine = fine && providers->by_area[area] != NULL;
	}
	if (!fine) {
		sample_providers_done(providers);
		return failure_set(failure, "no memory for %u providers", pcps);
	}
	providers->pcp_count = pcps;
	providers->billing_count = billings;
	for (uint32_t i = 0; i < billings; i++)
		billing_make(&providers->billings[i], i);
	for (uint32_t i = 0; i < pcps; i++) {
		struct sample_pcp *pcp = &providers->pcps[i];
		pcp_make(pcp, i, seed);
		providers->by_area[pcp->area][providers->by_area_count[pcp->area]++] = i;
	}
	return true;
}

void sample_providers_done(struct sample_providers *providers)
{
	free(providers->pcps);
	free(providers->billings);
	for (int area = 0; area < AREAS; area++)
		free(providers->by_area[area]);
	*providers = (struct sample_providers){ 0 };
}

const struct sample_pcp *sample_pcp_pick(const struct sample_providers *providers, struct random *random, enum sample_area area,
	bool child)
{
	uint32_t count = providers->by_area_count[area], at = random_below(random, count);
	const struct sample_pcp *pcp = &providers->pcps[providers->by_area[area][at]];
	while (!child && pcp->children_only) { /* each area has one who treats adults */
		at = (at + 1) % count;
		pcp = &providers->pcps[providers->by_area[area][at]];
	}
	return pcp;
}

/* ---- the files ---- */

static void cells_put(struct buffer *out, const char *const *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buffer_char(out, ',');
		csv_put(out, slice_of(cells[i]));
	}
	buffer_text(out, "\r\n");
}

void sample_billing_csv(struct buffer *out, const struct sample_providers *providers)
{
	buffer_text(out, "billing_npi,medicaid_id,name,kind,tax_id,street,city,state,zip,phone,trading_partner,fiscal_year_end,"
		"method,routing,account,account_kind\r\n");
	for (uint32_t i = 0; i < providers->billing_count; i++) {
		const struct sample_billing *b = &providers->billings[i];
		const char *const cells[] = { b->npi, b->medicaid_id, b->name, b->kind, b->tax_id, b->street, b->city, "CT",
			b->zip, b->phone, b->trading_partner, b->fiscal_year_end, b->method, b->routing, b->account,
			b->account_kind };
		cells_put(out, cells, COUNT_OF(cells));
	}
}

static void day_cell(struct buffer *cell, days day)
{
	buffer_reset(cell);
	if (day != DAYS_OPEN)
		days_put_iso(cell, day);
	buffer_char(cell, '\0');
}

void sample_pcp_csv(struct buffer *out, const struct sample_providers *providers, days known)
{
	struct buffer medicaid, contract, leaves;
	buffer_init(&medicaid, 0);
	buffer_init(&contract, 0);
	buffer_init(&leaves, 0);
	buffer_text(out, "pcp_npi,last_name,first_name,credential,specialty,phone,town,facility_based,medicaid_from,medicaid_to,"
		"contract_from,contract_to,panel_limit,billing_npi,affiliated_from,affiliated_to\r\n");
	for (uint32_t i = 0; i < providers->pcp_count; i++) {
		const struct sample_pcp *p = &providers->pcps[i];
		bool told = p->leaves != DAYS_OPEN && known >= p->leaves - 14; /* two weeks before */
		day_cell(&medicaid, p->medicaid_from);
		day_cell(&contract, p->contract_from);
		day_cell(&leaves, told ? p->leaves : DAYS_OPEN);
		if (medicaid.failed || contract.failed || leaves.failed)
			break;
		const char *const cells[] = { p->npi, p->last, p->first, p->credential, p->specialty, p->phone, p->town,
			p->facility_based ? "yes" : "no", medicaid.ptr, leaves.ptr, contract.ptr, "", "",
			providers->billings[p->billing].npi, contract.ptr, "" };
		cells_put(out, cells, COUNT_OF(cells));
	}
	out->failed = out->failed || medicaid.failed || contract.failed || leaves.failed;
	buffer_done(&medicaid);
	buffer_done(&contract);
	buffer_done(&leaves);
}
