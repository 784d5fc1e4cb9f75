/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * roster_people: an invented practice for test_roster.  Nobody in it lives.
 */
#ifndef PCCM_TEST_ROSTER_PEOPLE_H
#define PCCM_TEST_ROSTER_PEOPLE_H

#include "generators/generators.h"

#define MANY 95
struct people {
	struct roster roster;
	struct roster_pcp pcps[3];
	struct roster_line small[3], many[MANY], changes[3], moved[1];
	struct roster_fund funds[2];
	char names[MANY][40], ids[MANY][16];
};

static inline struct roster_line person(enum roster_change change, const char *id, const char *name, int year,
	const char *sex, const char *head, const char *address, const char *phone, const char *language)
{
	struct roster_line line = {
		.change = change, .medicaid_id = slice_of(id), .name = slice_of(name), .sex = slice_of(sex),
		.head = slice_of(head), .address = slice_of(address), .phone = slice_of(phone),
		.language = slice_of(language),
	};
	if (!days_from_civil(&line.born, year, 7, 15))
		line.born = DAYS_NONE;
	return line;
}

/* Three PCPs: one with three clients whose values are awkward, one with none (it lost one), one with MANY. */
static inline void people_make(struct people *p)
{
	*p = (struct people){ 0 };
	p->small[0] = person(ROSTER_MEMBER, "001234561", "NÚÑEZ, ANA M", 1982, "F", "NÚÑEZ, ANA M",
		"12 WILLOW ST, WATERBURY CT 06702", "203-555-0101", "SPANISH");
	p->small[1] = person(ROSTER_MEMBER, "001234562", "O'BRIEN-FITZWILLIAMSON, MAXIMILIANA JOSEPHINE R", 2004, "F",
		"=SUM(A1)", "1450 NORTH FROSTBRIDGE ROAD, APARTMENT 12B, \"THE MILL\", WATERTOWN CT 06795",
		"203-555-0102", "ENGLISH");
	p->small[2] = person(ROSTER_MEMBER, "001234563", "SØRENSEN, ÅSE", 0, "", "", "", "", "");
	p->changes[0] = person(ROSTER_ADDED, "001234561", "NÚÑEZ, ANA M", 1982, "F", "NÚÑEZ, ANA M",
		"12 WILLOW ST, WATERBURY CT 06702", "203-555-0101", "SPANISH");
	p->changes[1] = person(ROSTER_DROPPED, "001234570", "PELHAM, ROY", 1999, "M", "PELHAM, IDA",
		"3 ELM CT, WATERBURY CT 06705", "203-555-0103", "ENGLISH");
	p->changes[2] = person(ROSTER_ADDED, "001234563", "SØRENSEN, ÅSE", 0, "", "", "", "", "");
	p->moved[0] = person(ROSTER_DROPPED, "001234563", "SØRENSEN, ÅSE", 0, "", "", "", "", "");
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(p->names[i], sizeof(p->names[i]), "TESTER%03u, PAT %c", i, 'A' + (char)(i % 26));
		snprintf(p->ids[i], sizeof(p->ids[i]), "0090%05u", i);
		p->many[i] = person(ROSTER_MEMBER, p->ids[i], p->names[i], 1960 + (int)(i % 50), i % 2 ? "F" : "M",
			"TESTER, LEE", i % 7 ? "7 OAK AVE, WINDHAM CT 06280"
				: "1201 UPPER JACKSON STREET, FLOOR 3 REAR, WILLIMANTIC CT 06226",
			"860-555-0199", "ENGLISH");
	}
	p->pcps[0] = (struct roster_pcp){
		.npi = "1245319599", .name = SLICE("ABERNATHY, JOSÉ"), .lines = p->small, .line_count = 3,
		.changes = p->changes, .change_count = 3,
	};
	p->pcps[1] = (struct roster_pcp){
		.npi = "1500000017", .name = SLICE("LINDQVIST, MAE"), .changes = p->moved, .change_count = 1,
	};
	p->pcps[2] = (struct roster_pcp){
		.npi = "1900000021", .name = SLICE("OKAFOR, LINDA"), .lines = p->many, .line_count = MANY,
	};
	p->funds[0] = (struct roster_fund){ .fund = "F1", .fcn = "100400017", .members = 90, .amount = 67500 };
	p->funds[1] = (struct roster_fund){ .fund = "F2", .fcn = "100400018", .members = 8, .amount = 6000 };
	p->roster = (struct roster){
		.month = 2010 * 12 + 2, .made = 14669, .program = SLICE("HUSKY PRIMARY CARE"),
		.billing_npi = "1234567893", .billing_medicaid_id = SLICE("004012345"),
		.billing_name = SLICE("STAYWELL PEDIATRICS PC"), .pcps = p->pcps, .pcp_count = 3,
		.funds = p->funds, .fund_count = 2, .members = MANY + 3, .paid_lines = MANY + 3, .members_before = MANY + 3, .amount = 73500,
	};
	p->roster.reports[ROSTER_REPORT_MEMBERS] = (struct roster_name){ SLICE("ELG-0401"), SLICE("PCCM MEMBER ROSTER") };
	p->roster.reports[ROSTER_REPORT_CHANGES] = (struct roster_name){ SLICE("ELG-0402"), SLICE("PCCM ROSTER CHANGES") };
}

#endif
