/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sample: a small complete program out of a seed: who lives where, who treats them,
 * and what the partners send about it, month by month.
 *
 *   sample_names.c      tables of invented names, streets and the program's towns
 *   sample_people.c     family number → its members, always the same
 *   sample_providers.c  PCPs and billing providers, and the CSV files about them
 *   sample_stories.c    the families to whom something happens, and when
 *   sample_enrolment.c  834 files: the full file, the changes
 *   sample_inquiry.c    270 files
 *   sample_files.c      an interchange on the disk: envelope, numbers, damage on purpose
 *
 * Holds: everything follows from seed, number of members and number of months; memory
 * does not grow with the members, only with the PCPs (one for 500 members).
 */
#ifndef PCCM_SAMPLE_H
#define PCCM_SAMPLE_H

#include "generators/generators.h"

#define SAMPLE_MEMBERS_LEAST 100  /* the stories need some fifty people, and others around them */
#define SAMPLE_MEMBERS_MOST 50000000
#define SAMPLE_MONTHS_MOST 120
#define SAMPLE_FAMILY 8           /* most members of one family */
#define SAMPLE_SET_MEMBERS 10000  /* INS of one ST (domain reference 6.2) */
#define SAMPLE_SET_INQUIRIES 99   /* subscribers of one 270 set (OPR-9) */

/* ---------------------------------------------------------------------- names */
enum sample_area { AREA_WATERBURY, AREA_WINDHAM, AREA_HARTFORD, AREA_NEW_HAVEN, AREAS, AREA_OUTSIDE = AREAS };
struct sample_town {
	const char *city; /* as in N401: a postal place, not always the town's name */
	const char *zip, *county;
	enum sample_area area;
	unsigned weight;
};
const struct sample_town *sample_town_named(const char *city); /* must be there */
const struct sample_town *sample_town_pick(struct random *random); /* of the program's areas, by weight */
const char *sample_phone_prefix(enum sample_area area);
extern const char *const sample_streets[];
extern const size_t sample_street_count;
struct sample_people_names { /* names that go together with a language */
	const char *language; /* LUI02 */
	unsigned weight;
	const char *const *last, *const *female, *const *male;
	size_t last_count, female_count, male_count;
};
const struct sample_people_names *sample_names_pick(struct random *random);

/* ------------------------------------------------------------------ providers */
struct sample_billing {
	char npi[11], medicaid_id[10], tax_id[10], phone[11], trading_partner[16], routing[10], account[13];
	char name[61], street[56];
	const char *kind, *city, *zip, *fiscal_year_end, *method, *account_kind;
};
struct sample_pcp {
	char npi[11], phone[11];
	const char *last, *first, *credential, *specialty, *town;
	enum sample_area area;
	bool children_only, facility_based;
	unsigned panel_limit;
	days medicaid_from, contract_from;
	uint32_t billing;   /* index */
	days leaves;        /* leaves Medicaid; DAYS_OPEN */
};
struct sample_providers {
	struct sample_billing *billings;
	struct sample_pcp *pcps;
	uint32_t billing_count, pcp_count;
	uint32_t *by_area[AREAS]; /* indexes of PCPs */
	uint32_t by_area_count[AREAS];
};
bool sample_providers_init(struct sample_providers *providers, uint64_t seed, uint64_t members, struct failure *failure);
void sample_providers_done(struct sample_providers *providers);
/* A PCP for somebody of that age in that area. */
const struct sample_pcp *sample_pcp_pick(const struct sample_providers *providers, struct random *random, enum sample_area area, bool child);
void sample_billing_csv(struct buffer *out, const struct sample_providers *providers);
/* `known`: what the sender knows on that day; who leaves later is not said yet. */
void sample_pcp_csv(struct buffer *out, const struct sample_providers *providers, days known);

/* --------------------------------------------------------------------- people */
struct sample_person {
	char id[10], phone[11];
	char street[56];
	const char *first, *middle, *last;
	const struct sample_town *town;
	days born;
	char sex;
	bool head;                  /* head of the household */
	bool confidential;
	const char *line, *plan;    /* HD03, HD04 */
	const char *aid;            /* REF*M7 */
	days covered;
	const struct sample_pcp *pcp; /* asked for with the first record; NULL: nobody */
	const char *relationship;   /* NM110 */
	bool late;                  /* not in the full file */
};
#define SAMPLE_FILES_A_MONTH 4 /* regular change files */
/* What may happen to a family besides the stories. */
enum sample_event { EVENT_NOTHING, EVENT_ARRIVES, EVENT_CHOOSES, EVENT_CHANGES, EVENT_ENDS, EVENT_MOVES };
struct sample_family {
	uint64_t number;          /* 0 … */
	uint64_t first_member;    /* number of its first member, 0 … */
	uint32_t member_count;
	uint32_t story;           /* index of its story + 1; 0: none */
	enum sample_event event;
	int event_month;          /* 0 … */
	int event_file;           /* which of the month's regular files, 0 … SAMPLE_FILES_A_MONTH - 1 */
	struct random random;     /* what is drawn next */
	char case_number[10];
	const char *language;
	struct sample_person people[SAMPLE_FAMILY];
};
/* Coverage as the sender names it: HD03 and HD04 of HUSKY A by fee for service, and of a managed care plan. */
#define SAMPLE_LINE "HLT"
#define SAMPLE_PLAN "HUSKY A"
#define SAMPLE_MCO_LINE "HMO"
#define SAMPLE_MCO_PLAN "MANAGED CARE PLAN 1"
/* Of eight digits that no member here has. */
#define SAMPLE_NOBODY_ID "987654325"
/* Which fund pays an aid category: REF*9V. */
const char *sample_fund(const char *aid);

/* --------------------------------------------------------------------- sample */
struct sample {
	uint64_t seed, members;
	months first;              /* month */
	int month_count;
	const char *out;
	struct sample_providers providers;
	uint64_t control;          /* last interchange control number given */
	uint64_t families;         /* counted by the full file */
	uint64_t files;
	struct failure failure;
};
/* All families one after the other.  Begin with a zeroed walk; false at the end. */
struct sample_walk { uint64_t families, members; };
bool sample_family_next(struct sample_family *family, struct sample_walk *walk, const struct sample *sample);
/* The same without names: number, first member, count, story and event only.  Fast. */
bool sample_family_skim(struct sample_family *family, struct sample_walk *walk, const struct sample *sample);
/* ... and then the names of that one. */
void sample_family_fill(struct sample_family *family, const struct sample *sample);

/* -------------------------------------------------------------------- stories */
#define SAMPLE_STORIES 24 /* families in the table of sample_stories.c */
uint32_t sample_story_members(uint32_t story);
void sample_story_fill(struct sample_family *family, const struct sample *sample); /* names, and who is in the full file */
enum story_kind {
	STORY_NONE,
	STORY_ADDED,      /* 021, the whole person */
	STORY_PCP,        /* 001 with a PCP */
	STORY_BORN,       /* 021 reason 02 */
	STORY_DIED,       /* 024 reason 03, INS12 */
	STORY_COVER_ENDS, /* 024 with HD 349 */
	STORY_ELIGIBLE_ENDS, /* 001 with DTP*357 */
	STORY_BACK,       /* 025 */
	STORY_AID,        /* 001, another aid category from a day on */
	STORY_MOVES,      /* 001 reason 43 */
	STORY_MERGED,     /* 001 with REF*Q4 */
	STORY_NOBODY,     /* 024 for an id that is nobody's */
	STORY_CODE        /* 021 with a maintenance code that no guide has */
};
struct story_event {
	const char *file;    /* its name without ".x12": "2010-01-05-834-change" */
	const char *family, *first; /* who; NULL: nobody */
	enum story_kind kind;
	const char *day;     /* effective, ended, died, born: YYYY-MM-DD */
	int pcp;             /* index of the PCP, -1: none */
	const char *relationship;
	const char *detail;  /* aid category, town, old id's first name */
};
extern const struct story_event sample_events[];
extern const size_t sample_event_count;
/* The family of somebody in the stories, and the index in it; numbers as in every walk. */
void sample_story_person(struct sample_family *family, uint32_t *index, const char *last, const char *first, const struct sample *sample);
const struct sample_pcp *sample_story_pcp(const struct sample *sample, int pcp); /* NULL for -1 */
struct story_question {
	const char *file;
	const char *family, *first;
	char kind;           /* i id, d id and day of birth, n name and day of birth, w id and a wrong day of birth, x an id that is nobody's */
	const char *day;     /* asked about; NULL: none said */
};
extern const struct story_question sample_questions[];
extern const size_t sample_question_count;

/* ----------------------------------------------------------------- interchanges */
enum sample_damage { DAMAGE_NONE, DAMAGE_CUT, DAMAGE_COUNT /* the second set's SE01 */ };
struct sample_file {
	struct writer writer;
	struct buffer bytes;
	FILE *streams[2];       /* the file, and its copy under another name */
	char paths[2][512];
	enum sample_damage damage;
	struct envelope envelope;
};
/* The day at the head of a file's name. */
days sample_name_day(const char *name);
/* DIR/2010-01/ of the month in which a file of that day arrives; what comes before the first month comes with it. */
bool sample_folder_make(struct sample *sample, months month);
/* Opens DIR/MONTH/NAME (and COPY in it); makes the envelope of that day and begins a group. */
bool sample_file_begin(struct sample_file *file, struct sample *sample, const char *name, const char *copy,
	const char *sender, const char *functional_id, const char *version, int32_t second);
/* To be called between segments, now and then: what is full goes to the disk. */
bool sample_file_flush(struct sample_file *file, struct sample *sample);
bool sample_file_end(struct sample_file *file, struct sample *sample);
/* A file that is there as a whole. */
bool sample_file_text(struct sample *sample, const char *name, struct slice bytes);

/* ------------------------------------------------------------------- documents */
bool sample_full_file(struct sample *sample, const char *name);
/* Stories of that name, and what happens to other families in regular file `regular` of the month (-1: none). */
bool sample_change_file(struct sample *sample, const char *name, const char *copy, int month, int regular, enum sample_damage damage);
bool sample_inquiry_file(struct sample *sample, const char *name, int number);

#endif
