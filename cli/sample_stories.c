/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sample_stories: the families to whom something happens, what happens to them in which
 * file, and what is asked about them.  samples/README.md tells the same to people.
 *
 * A family begins with its head; those that follow live with it.  PCPs are named by their
 * row in sample_providers.c.  Whoever comes in by an event (STORY_ADDED, STORY_BORN) is not
 * in the full file.
 */
#include "cli/sample.h"

#include <assert.h>

enum { PCP_MARKOVA, PCP_OKONKWO, PCP_CHEN, PCP_WHITCOMB, PCP_SALAZAR, PCP_HUNT, PCP_LACROIX, PCP_BURKE, PCP_STERN, PCP_AMATO,
	PCP_WASHINGTON, PCP_FERRARO, PCP_NGUYEN, PCP_ROSARIO, PCP_BRIGGS, PCP_PATEL, PCP_SULLIVAN, PCP_MENSAH, PCP_LINDGREN, PCP_DELUCA };
#define PCP_NONE (-1)      /* asks for nobody */
#define PCP_NOT_KNOWN (-2) /* asks for somebody who is no PCP */

struct story_row {
	const char *last, *first, *middle;
	char sex;
	const char *born;
	int pcp;
	const char *relationship, *aid;
	const char *language, *street, *city, *phone; /* of the family: only with its head */
	enum { WITH_THE_REST, CONFIDENTIAL, MANAGED_CARE } how;
};
static const struct story_row rows[] = {
	/* a PCP chosen, then changed; each of the family with a PCP of its own (ENR-8, ENR-11) */
	{ "RIVERA", "ANA", "M", 'F', "1982-07-15", PCP_CHEN, "26", "F07", "SPA", "12 WILLOW ST", "WATERBURY", "2035550101", 0 },
	{ "RIVERA", "LUIS", "", 'M', "2006-09-30", PCP_OKONKWO, "25", "P02", NULL, NULL, NULL, NULL, 0 },
	{ "RIVERA", "SOFIA", "", 'F', "2008-03-11", PCP_OKONKWO, "25", "P02", NULL, NULL, NULL, NULL, 0 },
	/* one of the family has not chosen yet (ENR-7) */
	{ "BROOKS", "DENISE", "", 'F', "1979-05-02", PCP_SULLIVAN, "26", "F07", "ENG", "31 GARDEN ST", "HARTFORD", "8605550102", 0 },
	{ "BROOKS", "MARCUS", "J", 'M', "2001-11-23", PCP_PATEL, "26", "F07", NULL, NULL, NULL, NULL, 0 },
	{ "BROOKS", "JADEN", "", 'M', "2004-08-14", PCP_NONE, "26", "F07", NULL, NULL, NULL, NULL, 0 },
	/* out of town, an established patient, with her child (ENR-5, ENR-6) */
	{ "NOWAK", "MARTA", "", 'F', "1984-01-19", PCP_CHEN, "25", "F07", "POL", "8 COLONY ST", "MERIDEN", "2035550103", 0 },
	{ "NOWAK", "PIOTR", "", 'M', "2007-06-05", PCP_HUNT, "26", "F07", NULL, NULL, NULL, NULL, 0 },
	/* out of town, nobody's patient yet (ENR-4) */
	{ "OSEI", "GRACE", "", 'F', "1990-10-08", PCP_BURKE, "26", "F07", "ENG", "140 BROADWAY", "NORWICH", "8605550104", 0 },
	/* a town that opens in July 2010 (PRG-5) */
	{ "TREMBLAY", "HENRY", "P", 'M', "1971-02-27", PCP_LACROIX, "26", "F07", "ENG", "5 GROVE ST", "PUTNAM", "8605550105", 0 },
	/* asks after the cut-off (ENR-10) */
	{ "DOHERTY", "KEVIN", "", 'M', "1986-12-01", PCP_NONE, "26", "F07", "ENG", "77 SILVER LN", "EAST HARTFORD", "8605550106", 0 },
	/* a birth */
	{ "MENDES", "CARLA", "", 'F', "1988-04-17", PCP_WASHINGTON, "26", "F07", "POR", "219 FERRY ST", "NEW HAVEN", "2035550107", 0 },
	{ "MENDES", "MATEUS", "", 'M', "2010-01-20", PCP_FERRARO, "26", "F07", NULL, NULL, NULL, NULL, 0 },
	/* a death in January that is known in March (RET-6) */
	{ "FINCH", "HAROLD", "T", 'M', "1958-03-03", PCP_BURKE, "25", "F07", "ENG", "16 VALLEY ST", "WILLIMANTIC", "8605550108", 0 },
	{ "FINCH", "EDITH", "", 'F', "1960-06-21", PCP_AMATO, "25", "F07", NULL, NULL, NULL, NULL, 0 },
	/* coverage ended in the past: HD*024 with DTP*349 (RET-3) */
	{ "LINDQUIST", "TERESA", "", 'F', "1983-09-12", PCP_SALAZAR, "26", "F07", "ENG", "44 MAPLE ST", "NAUGATUCK", "2035550109", 0 },
	/* ... and INS*001 with DTP*357 */
	{ "COLE", "MARVIN", "", 'M', "1977-07-07", PCP_MENSAH, "26", "F07", "ENG", "9 MAIN ST", "EAST HARTFORD", "8605550110", 0 },
	/* another aid category from January on, known in February (RET-4) */
	{ "CHAVEZ", "LUCIA", "", 'F', "1980-11-30", PCP_ROSARIO, "26", "F07", "SPA", "310 CAMPBELL AVE", "WEST HAVEN", "2035550111", 0 },
	{ "CHAVEZ", "ISABEL", "", 'F', "2002-02-14", PCP_FERRARO, "26", "F07", NULL, NULL, NULL, NULL, 0 },
	/* moves out of the program's towns */
	{ "GRANT", "OLIVIA", "", 'F', "1985-05-25", PCP_SALAZAR, "25", "F07", "ENG", "3 SPRING ST", "NAUGATUCK", "2035550112", 0 },
	/* patients of a PCP who leaves Medicaid; they choose again in March */
	{ "PRICE", "JUNE", "", 'F', "1972-06-09", PCP_WHITCOMB, "25", "F07", "ENG", "61 COOKE ST", "WATERBURY", "2035550113", 0 },
	{ "PRICE", "WALTER", "", 'M', "1969-01-31", PCP_WHITCOMB, "25", "F07", NULL, NULL, NULL, NULL, 0 },
	/* asks for the PCP who has left (PRV-1) */
	{ "BLAKE", "NORA", "", 'F', "1991-03-18", PCP_NONE, "26", "F07", "ENG", "25 HILLSIDE AVE", "WATERBURY", "2035550114", 0 },
	/* in a managed care plan, and asks (ENR-2) */
	{ "ADEYEMI", "SAMUEL", "", 'M', "1981-08-29", PCP_WASHINGTON, "26", "F07", "ENG", "88 ORCHARD ST", "NEW HAVEN", "2035550115",
	  MANAGED_CARE },
	/* asks for somebody who is no PCP */
	{ "VOSS", "ELLEN", "", 'F', "1987-10-10", PCP_NOT_KNOWN, "26", "F07", "ENG", "12 PARK TER", "HARTFORD", "8605550116", 0 },
	/* her address is nobody's business (INS13) */
	{ "ELLERY", "RUTH", "", 'F', "1989-02-22", PCP_BRIGGS, "26", "F07", "ENG", "400 ASYLUM ST", "HARTFORD", "8605550117", CONFIDENTIAL },
	/* coverage ends and comes back */
	{ "SOTO", "DANIEL", "", 'M', "1984-12-12", PCP_NGUYEN, "26", "S01", "SPA", "71 GRAND AVE", "NEW HAVEN", "2035550118", 0 },
	/* one woman, two ids (RET-8) */
	{ "LOPES", "MARIA", "", 'F', "1986-06-16", PCP_CHEN, "26", "F07", "POR", "14 ELM ST", "WATERBURY", "2035550119", 0 },
	{ "LOPEZ", "MARIA", "", 'F', "1986-06-16", PCP_CHEN, "26", "F07", "POR", "14 ELM ST", "WATERBURY", "2035550119", 0 },
	/* three in a file of which one set has a wrong count and one a code that no guide has */
	{ "IBARRA", "ROSA", "", 'F', "1982-04-04", PCP_NONE, "26", "F07", "SPA", "27 DIXWELL AVE", "HAMDEN", "2035550120", 0 },
	{ "KANE", "VICTOR", "", 'M', "1978-09-19", PCP_NONE, "26", "F07", "ENG", "2 FARMINGTON AVE", "WEST HARTFORD", "8605550121", 0 },
	{ "LARSEN", "AMY", "", 'F', "1990-07-21", PCP_NONE, "26", "F07", "ENG", "50 BROAD ST", "WINDSOR", "8605550122", 0 },
	/* a child with the state's own coverage, asks as one of the family joins from outside */
	{ "PETIT", "NADIA", "", 'F', "1987-01-05", PCP_DELUCA, "26", "S01", "HAT", "19 WOODLAND ST", "BLOOMFIELD", "8605550123", 0 },
	{ "PETIT", "CLAUDE", "", 'M', "2005-05-15", PCP_LINDGREN, "26", "S01", NULL, NULL, NULL, NULL, 0 },
};

/* ---- what happens, in the order of the files ---- */

const struct story_event sample_events[] = {
	{ "2010-01-05-834-change", "PETIT", "NADIA", STORY_ADDED, NULL, PCP_DELUCA, "26", NULL },
	{ "2010-01-05-834-change", "PETIT", "CLAUDE", STORY_ADDED, NULL, PCP_LINDGREN, "26", NULL },
	{ "2010-01-12-834-change", NULL, NULL, STORY_NOBODY, "2009-12-31", PCP_NONE, NULL, NULL },
	{ "2010-01-19-834-change", "SOTO", "DANIEL", STORY_COVER_ENDS, "2010-01-31", PCP_NONE, NULL, NULL },
	{ "2010-01-29-834-change", "DOHERTY", "KEVIN", STORY_PCP, NULL, PCP_MENSAH, "26", NULL },
	{ "2010-02-05-834-change", "MENDES", "MATEUS", STORY_BORN, NULL, PCP_FERRARO, "26", NULL },
	{ "2010-02-05-834-change", "SOTO", "DANIEL", STORY_BACK, "2010-02-01", PCP_NONE, NULL, NULL },
	{ "2010-02-12-834-change", "RIVERA", "LUIS", STORY_PCP, NULL, PCP_MARKOVA, "26", NULL },
	{ "2010-02-12-834-change", "BROOKS", "JADEN", STORY_PCP, NULL, PCP_PATEL, "26", NULL },
	{ "2010-02-16-834-change", "IBARRA", "ROSA", STORY_PCP, NULL, PCP_WASHINGTON, "26", NULL },
	{ "2010-02-16-834-change", "KANE", "VICTOR", STORY_PCP, NULL, PCP_MENSAH, "26", NULL },
	{ "2010-02-16-834-change", "LARSEN", "AMY", STORY_CODE, NULL, PCP_DELUCA, "26", NULL },
	{ "2010-02-17-834-change", "KANE", "VICTOR", STORY_PCP, NULL, PCP_MENSAH, "26", NULL },
	{ "2010-02-17-834-change", "LARSEN", "AMY", STORY_PCP, NULL, PCP_DELUCA, "26", NULL },
	{ "2010-02-19-834-change", "CHAVEZ", "ISABEL", STORY_AID, "2010-01-01", PCP_NONE, NULL, "P02" },
	{ "2010-02-23-834-change", "BLAKE", "NORA", STORY_MOVES, "2010-02-15", PCP_NONE, NULL, "WOLCOTT" },
	{ "2010-02-23-834-change", "LINDQUIST", "TERESA", STORY_COVER_ENDS, "2009-12-31", PCP_NONE, NULL, NULL },
	{ "2010-02-24-834-change", "BLAKE", "NORA", STORY_MOVES, "2010-02-15", PCP_NONE, NULL, "WOLCOTT" },
	{ "2010-02-24-834-change", "LINDQUIST", "TERESA", STORY_COVER_ENDS, "2009-12-31", PCP_NONE, NULL, NULL },
	{ "2010-03-05-834-change", "COLE", "MARVIN", STORY_ELIGIBLE_ENDS, "2010-01-31", PCP_NONE, NULL, NULL },
	{ "2010-03-05-834-change", "GRANT", "OLIVIA", STORY_MOVES, "2010-02-20", PCP_NONE, NULL, "DANBURY" },
	{ "2010-03-12-834-change", "FINCH", "HAROLD", STORY_DIED, "2010-01-18", PCP_NONE, NULL, NULL },
	{ "2010-03-12-834-change", "BLAKE", "NORA", STORY_PCP, NULL, PCP_WHITCOMB, "26", NULL },
	{ "2010-03-19-834-change", "PRICE", "JUNE", STORY_PCP, NULL, PCP_SALAZAR, "26", NULL },
	{ "2010-03-19-834-change", "PRICE", "WALTER", STORY_PCP, NULL, PCP_CHEN, "26", NULL },
	{ "2010-03-19-834-change", "LOPES", "MARIA", STORY_MERGED, NULL, PCP_NONE, NULL, "LOPEZ" },
};
const size_t sample_event_count = COUNT_OF(sample_events);

const struct story_question sample_questions[] = {
	{ "2010-01-12-270", "RIVERA", "ANA", 'i', NULL },
	{ "2010-01-12-270", "RIVERA", "LUIS", 'd', "2010-01-12" },
	{ "2010-01-12-270", "RIVERA", "SOFIA", 'n', "2010-01-12" },
	{ "2010-01-12-270", "OSEI", "GRACE", 'i', "2010-01-12" },       /* covered, no PCP */
	{ "2010-01-12-270", "FINCH", "HAROLD", 'w', "2010-01-12" },     /* a wrong day of birth */
	{ "2010-01-12-270", NULL, NULL, 'x', "2010-01-12" },            /* an id that is nobody's */
	{ "2010-01-12-270", "ADEYEMI", "SAMUEL", 'i', "2010-01-12" },   /* in a managed care plan */
	{ "2010-02-09-270", "BROOKS", "DENISE", 'i', "2010-02-09" },    /* pending */
	{ "2010-02-09-270", "RIVERA", "ANA", 'i', "2008-11-03" },       /* too long ago */
	{ "2010-02-09-270", "MENDES", "MATEUS", 'n', "2010-02-09" },    /* new-born */
	{ "2010-02-09-270", "SOTO", "DANIEL", 'd', "2010-02-09" },      /* back */
	{ "2010-02-09-270", "LINDQUIST", "TERESA", 'i', "2010-02-09" }, /* as known that day: covered */
	{ "2010-03-09-270", "LINDQUIST", "TERESA", 'i', "2010-03-09" }, /* ... and not any more */
	{ "2010-03-09-270", "COLE", "MARVIN", 'd', "2010-03-09" },      /* not covered any more */
	{ "2010-03-09-270", "RIVERA", "LUIS", 'd', "2010-03-09" },      /* the new PCP */
	{ "2010-03-09-270", "BROOKS", "JADEN", 'n', "2010-03-09" },
	{ "2010-03-09-270", "ELLERY", "RUTH", 'i', "2010-03-09" },      /* no address to anybody */
	{ "2010-03-09-270", "DOHERTY", "KEVIN", 'i', "2010-05-03" },    /* in the future */
	{ "2010-03-23-270", "FINCH", "HAROLD", 'i', "2010-03-23" },     /* died */
	{ "2010-03-23-270", "PRICE", "JUNE", 'i', "2010-03-23" },       /* her PCP left */
	{ "2010-03-23-270", "GRANT", "OLIVIA", 'd', "2010-03-23" },     /* moved away, still a patient */
	{ "2010-03-23-270", "LOPEZ", "MARIA", 'i', "2010-03-23" },      /* by the id that was merged */
};
const size_t sample_question_count = COUNT_OF(sample_questions);

/* ---- rows to families ---- */

/* The first row of a story; COUNT_OF(rows) past the last. */
static size_t story_row(uint32_t story)
{
	size_t row = 0;
	for (uint32_t at = 0; row < COUNT_OF(rows); row++) {
		if (rows[row].language != NULL && at++ == story)
			break;
	}
	return row;
}

uint32_t sample_story_members(uint32_t story)
{
	return (uint32_t)(story_row(story + 1) - story_row(story));
}

static days day_of(const char *text)
{
	days day = DAYS_NONE;
	bool fine = days_parse_iso(&day, slice_of(text));
	assert(fine);
	(void)fine;
	return day;
}

static bool comes_later(const struct story_row *row)
{
	for (size_t i = 0; i < sample_event_count; i++) {
		const struct story_event *event = &sample_events[i];
		bool comes = event->kind == STORY_ADDED || event->kind == STORY_BORN;
		if (comes && strcmp(event->family, row->last) == 0 && strcmp(event->first, row->first) == 0)
			return true;
	}
	return false;
}

/* An NPI that passes its check digit and is in no provider file. */
static const struct sample_pcp stranger = { .npi = "1999999992", .phone = "8605559999", .last = "NOBODY", .first = "PAT" };

const struct sample_pcp *sample_story_pcp(const struct sample *sample, int pcp)
{
	return pcp == PCP_NONE ? NULL : pcp == PCP_NOT_KNOWN ? &stranger : &sample->providers.pcps[pcp];
}

void sample_story_fill(struct sample_family *family, const struct sample *sample)
{
	const struct story_row *head = &rows[story_row(family->story - 1)];
	assert(story_row(SAMPLE_STORIES - 1) < COUNT_OF(rows) && story_row(SAMPLE_STORIES) == COUNT_OF(rows));
	family->language = head->language;
	for (uint32_t i = 0; i < family->member_count; i++) {
		const struct story_row *row = head + i;
		struct sample_person *person = &family->people[i];
		bool elsewhere = row->how == MANAGED_CARE;
		*person = (struct sample_person){ .first = row->first, .middle = row->middle, .last = row->last,
			.town = sample_town_named(head->city), .born = day_of(row->born), .sex = row->sex, .head = i == 0,
			.confidential = row->how == CONFIDENTIAL, .line = elsewhere ? SAMPLE_MCO_LINE : SAMPLE_LINE,
			.plan = elsewhere ? SAMPLE_MCO_PLAN : SAMPLE_PLAN, .aid = row->aid, .covered = day_of("2009-07-01"),
			.pcp = sample_story_pcp(sample, row->pcp), .relationship = row->relationship,
			.late = comes_later(row) };
		if (person->covered < person->born)
			person->covered = person->born;
		snprintf(person->street, sizeof(person->street), "%s", head->street);
		snprintf(person->phone, sizeof(person->phone), "%s", head->phone);
	}
}

void sample_story_person(struct sample_family *family, uint32_t *index, const char *last, const char *first,
	const struct sample *sample)
{
	struct sample_walk walk = { 0 };
	bool found = false;
	while (!found && sample_family_next(family, &walk, sample) && family->story != 0) {
		for (uint32_t i = 0; !found && i < family->member_count; i++) {
			found = strcmp(family->people[i].last, last) == 0 && strcmp(family->people[i].first, first) == 0;
			*index = i;
		}
	}
	assert(found); /* every story is about somebody who is there */
}
