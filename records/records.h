/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * records: what documents mean, where it stood on the wire, and what was wrong
 * with it.  This is the language in which the layers talk: parsers fill these
 * records, rules judge them, the store keeps them, generators print them.
 *
 * Texts are slices into the arena of whoever made the record.  An empty slice is
 * "not said"; DAYS_NONE is "no date"; DAYS_OPEN as an end is "no end known".
 */
#ifndef PCCM_RECORDS_H
#define PCCM_RECORDS_H

#include "records/document.h"
#include "records/wire.h"

/* ============================================================ 834: enrolment in */

/* Head of an 834 (BGN, REF*38, DTP, QTY, 1000A, 1000B). */
struct enrolment_set {
	struct slice purpose;   /* BGN01 00 original, 15 resubmission, 22 information copy */
	struct slice reference; /* BGN02 */
	days date;              /* BGN03 */
	struct slice time;      /* BGN04 */
	struct slice original;  /* BGN06 */
	struct slice action;    /* BGN08 2 change, 4 verify, RX replace */
	struct slice policy;    /* REF*38 */
	days effective;         /* DTP*007 */
	struct slice total;     /* QTY*TO */
	struct slice sponsor, sponsor_id, payer, payer_id;
};

struct provider_record { /* 2310 */
	struct provider_record *next;
	struct slice entity;       /* NM101: P3 primary care provider */
	struct slice type;         /* NM102 */
	struct slice last, first, middle;
	struct slice id_qualifier; /* NM108 */
	struct slice id;           /* NM109 */
	struct slice relationship; /* NM110 25 established patient, 26 not established, 72 not known */
	struct slice phone;        /* PER*IC TE */
	days change_date;          /* PLA03 */
	struct slice change_reason; /* PLA05 */
	uint64_t offset;           /* of NM1 */
};
struct coverage_record { /* 2300 */
	struct coverage_record *next;
	struct slice maintenance;  /* HD01 */
	struct slice line;         /* HD03 */
	struct slice plan;         /* HD04 */
	struct slice level;        /* HD05 */
	days begin, end;           /* DTP*348, DTP*349 */
	days maintenance_date;     /* DTP*303 */
	struct slice aid_category;     /* REF*M7 */
	struct slice payment_category; /* REF*9V */
	struct slice special_program;  /* REF*XX1 */
	struct slice program_id;       /* REF*PID */
	struct slice rate_code;        /* REF*RB */
	struct slice service_area;     /* REF*XX2 */
	struct slice county;           /* REF*ZX */
	struct slice client_category;  /* REF*17 */
	struct slice contract_class;   /* REF*CE */
	struct provider_record *providers; /* in file order */
	uint64_t offset;           /* of HD */
};
struct responsible_record { /* 2100G */
	struct responsible_record *next;
	struct slice role; /* NM101 */
	struct slice last, first, middle, suffix, id, phone;
};
struct category_record { /* 2750 */
	struct category_record *next;
	struct slice name;      /* N102 */
	struct slice qualifier; /* REF01 */
	struct slice value;     /* REF02 */
	struct slice date;      /* DTP03 as sent: D8 or RD8 */
};
struct member_record { /* 2000 with everything below it */
	uint64_t offset;           /* of INS */
	uint64_t segment;          /* its position in the set */
	struct slice subscriber;   /* INS01 */
	struct slice relationship; /* INS02 */
	struct slice maintenance;  /* INS03 001 021 024 025 030 */
	struct slice reason;       /* INS04 03 death, 15 PCP change, AL assigned, EC chosen … */
	struct slice benefit_status; /* INS05 */
	struct slice employment;     /* INS08 */
	days death;                /* INS12 */
	struct slice confidentiality; /* INS13 R restricted */
	struct slice birth_sequence;  /* INS17 */
	struct slice member_id;    /* REF*0F */
	struct slice policy;       /* REF*1L */
	struct slice case_number;  /* REF*3H */
	struct slice prior_id;     /* REF*Q4 */
	struct slice cross_reference; /* REF*6O */
	struct slice client_number;   /* REF*23 */
	days eligibility_begin, eligibility_end; /* DTP*356, DTP*357 */
	days medicaid_begin, medicaid_end;       /* DTP*473, DTP*474 */
	days maintenance_date;                   /* DTP*303 */
	struct slice entity;       /* NM101 of 2100A: IL, or 74 corrected */
	struct slice last, first, middle, prefix, suffix;
	struct slice id_qualifier; /* NM108: 34 SSN, ZZ */
	struct slice id;           /* NM109 */
	struct slice phone_home, phone_telephone, phone_cellular, phone_work, phone_alternate; /* PER HP TE CP WP AP */
	struct slice street, street2, city, state, zip, country, location_qualifier, location; /* N3, N4; N405, N406 */
	days born;                 /* DMG02 */
	struct slice sex;          /* DMG03 */
	struct slice language_spoken, language_native, language_any; /* LUI02 by LUI04 7, 8, first of any */
	struct slice language_spoken_text, language_native_text, language_any_text; /* LUI03 */
	struct slice mail_street, mail_street2, mail_city, mail_state, mail_zip; /* 2100C */
	struct slice wrong_last, wrong_first, wrong_id; /* 2100B */
	days wrong_born;
	struct responsible_record *responsible; /* 2100G in file order */
	struct coverage_record *coverages;      /* 2300 in file order */
	struct category_record *categories;     /* 2750 in file order */
};

/* ===================================================== 270: eligibility inquiry in */

struct inquiry_set { /* BHT */
	struct slice purpose;   /* BHT02 13 request, 01 cancellation */
	struct slice reference; /* BHT03 */
	days date;              /* BHT04 */
	struct slice time;      /* BHT05 */
	struct slice type;      /* BHT06 */
};
struct inquiry_source { /* 2000A, 2100A: the payer that is asked */
	struct slice hl;
	struct slice entity, type, name, first, id_qualifier, id;
};
struct inquiry_receiver { /* 2000B, 2100B: who asks */
	struct slice hl;
	struct slice entity, type, last, first, middle, suffix, id_qualifier, id;
};
struct inquiry_dependent { /* 2000D, 2100D, 2110D */
	struct inquiry_dependent *next;
	struct slice hl;
	struct slice trace[3][3];   /* per TRN: TRN02, TRN03, TRN04 */
	struct slice last, first, middle, suffix;
	days born;
	struct slice sex, birth_sequence, ssn;
	struct slice date_format, date; /* DTP*291 */
	struct slice service_types;    /* EQ01 of the first 2110D, repetitions as sent */
	uint64_t offset;
};
struct inquiry_record { /* 2000C, 2100C, 2110C and the 2000D below */
	uint64_t offset;
	uint64_t segment;
	char repetition;            /* separator inside service_types */
	struct slice hl;            /* HL01 */
	struct slice child_code;    /* HL04 */
	struct slice trace[3][3];   /* TRN02, TRN03, TRN04 of up to 3 TRN */
	struct slice last, first, middle, suffix, id_qualifier, id; /* NM1*IL */
	struct slice ssn;           /* REF*SY */
	struct slice medicaid_number; /* REF*NQ */
	struct slice case_number;   /* REF*3H */
	struct slice street, city, state, zip;
	days born;                  /* DMG02 */
	struct slice sex;           /* DMG03 */
	struct slice birth_sequence; /* INS17 */
	struct slice date_format, date; /* 2100C DTP*291: D8 or RD8 */
	struct slice benefit_date_format, benefit_date; /* 2110C DTP*291 */
	struct slice service_types; /* EQ01 of the first 2110C */
	struct inquiry_dependent *dependents;
};

/* ============================================ 835: what its balance needs, read back */

struct remittance_record {
	struct slice handling, method;  /* BPR01, BPR04 */
	cents amount;                   /* BPR02 */
	struct slice credit;            /* BPR03 */
	struct slice trace;             /* TRN02 */
	struct slice payer, payee, payee_id; /* N1*PR, N1*PE */
	cents claims;                   /* sum of CLP04 */
	cents adjustments;              /* sum of PLB04 06 08 10 12 14 */
	uint64_t claim_count;
	uint64_t offset;
};

/* ============================================================ members and coverage */

struct address {
	struct slice street, street2, city, state, zip;
	struct slice town_code;  /* N406 when N405 says so: wins over the city's name */
	struct slice county;
};
/* One stretch of coverage as it is believed now. */
struct span {
	int64_t id;               /* the store's; 0: new */
	days begin, end;          /* both included; end may be DAYS_OPEN */
	struct slice plan;        /* HD04 */
	struct slice line;        /* HD03 */
	struct slice aid_category;     /* REF*M7 */
	struct slice payment_category; /* REF*9V */
	struct slice special_program;  /* REF*XX1 */
	struct origin origin;
};
/*
 * A dated fact that no 834 and no provider file tells: tribal, risk-band, ncqa-level, accepts-new …  Which names mean
 * something, the program file says.  One name has one value on a day; a value may be a list of words, blanks between.
 */
enum subject { SUBJECT_NONE, SUBJECT_MEMBER, SUBJECT_PCP, SUBJECT_PRACTICE, SUBJECTS };
const char *subject_name(enum subject subject); /* "member" */
struct attribute {
	int64_t id;               /* the store's; 0: new */
	enum subject subject;
	int64_t of;               /* the store's id of the member, PCP or billing provider */
	struct slice name;        /* lower-case words with hyphens */
	struct slice value;       /* empty: those days have no value any more */
	days begin, end;          /* both included; end may be DAYS_OPEN */
	struct slice source;      /* "risk-2010-03.csv:12" */
};
struct attribute_list { struct attribute *items; size_t count; }; /* of one subject, by name, then begin */
/* The value on a day; empty: there is none. */
struct slice attribute_on(const struct attribute_list *attributes, struct slice name, days day);

struct member {
	int64_t id;               /* the store's; 0: new */
	struct slice medicaid_id;
	struct slice case_number;
	struct slice last, first, middle, suffix;
	days born, died;
	struct slice sex;
	struct slice language;      /* code as sent: ENG, SPA … */
	struct slice phone;
	struct address home, mail;
	bool confidential;          /* INS13 = R: no address in rosters */
	struct slice birth_sequence;
	struct slice head_last, head_first, head_middle; /* head of household */
	struct slice ssn;
	int64_t merged_into;        /* another member's id; 0: a member of its own */
	struct span *spans;         /* ordered by begin, then plan */
	size_t span_count;
	struct attribute_list attributes; /* filled by all that reads members but store_member_find */
	struct origin origin;       /* of the newest version */
	days recorded;              /* day of the newest version */
};

/* ==================================================================== providers */

struct pcp { /* a primary care provider, one row of the provider file */
	int64_t id;
	char npi[11];
	struct slice last, first, credential, specialty;
	struct slice phone;
	struct slice town;
	days medicaid_begin, medicaid_end; /* enrolled in Medicaid (PRV-1); NONE: never */
	days contract_begin, contract_end; /* contract with the program (PRV-2); NONE: never */
	int64_t panel_limit;               /* 0: none */
	bool facility_based;               /* FQHC or hospital: does not bill Medicaid alone (PRV-3) */
};
struct billing_provider { /* a Primary Manager: the payee (PRV-4) */
	int64_t id;
	char npi[11];
	struct slice medicaid_id;
	struct slice name;
	struct slice kind;            /* SOLO GROUP FQHC HOSPITAL */
	struct slice tax_id;          /* nine digits */
	struct slice street, city, state, zip, phone;
	struct slice trading_partner; /* where its files go: REF*EV and ISA08 */
	struct slice fiscal_year_end; /* MMDD; empty: 1231 (835-6) */
	struct slice method;          /* ACH or CHK */
	struct slice routing, account; /* ABA number and account for ACH */
	struct slice account_kind;    /* DA or SG */
};
struct affiliation { /* dated (PRV-6) */
	int64_t pcp, billing;
	days begin, end;
};

/* =================================================================== assignment */

enum request_state {
	REQUEST_NONE, REQUEST_PENDING, REQUEST_ACCEPTED, REQUEST_REFUSED, REQUEST_EXPIRED, REQUEST_SUPERSEDED
};
const char *request_state_name(enum request_state state);

/* Somebody asks that a member be this PCP's patient. */
struct request {
	int64_t id;
	int64_t member;
	char npi[11];              /* the PCP asked for */
	days received, processed;  /* ENR-12 */
	days asked_from;           /* the file's own date for it, DAYS_NONE if none */
	struct slice channel;      /* 834, CSV, PHONE … */
	struct slice relationship; /* NM110 */
	struct slice source;       /* CHOICE AUTO FAMILY CLAIMS */
	enum request_state state;
	struct slice reason;       /* reason code of the last verdict */
	struct slice cause;        /* why another PCP is wanted, as the program names causes; empty: none was given */
	struct slice entry;        /* where it was entered, if in no 834: "requests.csv:3"; empty: by hand or in an 834 */
	bool ordered;              /* asked_from is the effective day, whatever the cut-off: a transfer, a return after a gap */
	struct origin origin;
};
/* A visit, as the claims history has it: one for a member, provider and day. */
struct visit {
	int64_t member;
	char npi[11];              /* who was seen; need not be a PCP */
	days day;
	struct slice source;       /* "visits.csv:3" */
};
struct assignment {
	int64_t id;
	int64_t member, pcp;
	days begin, end;        /* end may be DAYS_OPEN */
	struct slice source;    /* CHOICE AUTO FAMILY CLAIMS */
	bool exception;         /* by the established-patient exception (ENR-5) */
	int64_t request;
	days processed;
	struct slice program_hash; /* hex of the program file that decided */
};

enum reason {
	REASON_NONE = 0,
#define REASON(name, code, text) REASON_##name,
#include "reasons.def"
#undef REASON
	REASONS
};
const char *reason_code(enum reason reason); /* "TOWN-NOT-OPEN" */
const char *reason_text(enum reason reason); /* a sentence part for people */
enum reason reason_of_code(struct slice code); /* REASON_NONE if there is no such */

/* One step of a verdict's trace: which rule, what it looked at, how it ended. */
struct step {
	const char *rule;        /* the rule's id in the program file; lives as long as the program */
	const char *requirement; /* "ENR-4": from the program file */
	bool passed;
	enum reason reason;      /* when not passed */
	struct slice fact;       /* "town Waterbury, open since 2009-02-01" */
	struct origin origin;
};
#define STEPS_MAX 48
struct decision {
	int64_t request, member;
	enum request_state state;  /* PENDING, ACCEPTED, REFUSED, EXPIRED */
	enum reason reason;        /* why not accepted */
	days effective;            /* when accepted */
	int64_t pcp;               /* store id of the PCP when accepted */
	bool exception;
	struct step steps[STEPS_MAX];
	size_t step_count;
};

/* ======================================================================== money */

/* A program pays one or several streams: its fee ("fee"), and others by the ids of the program file (PCM-1). */
#define STREAM_SIZE 16
/* What a stream pays for one member-month from one fund, by the spans as known now. */
struct member_month {
	int64_t member;
	months month;
	char stream[STREAM_SIZE];
	int64_t pcp;
	int64_t practice; /* of the PCP: on whose roster the member stands; 0 where only money is meant */
	int64_t billing;  /* who is paid: the practice, or its network (PCM-2) */
	char fund[8];
	cents amount;
};
/* FEE pays a line of a frozen roster; COUNTED a month that could be counted only when it was over; RETRO is a difference.
 * Of a payee, not of a member: a LUMP sum, what is HELD back and later RELEASED (FEE-R6). */
enum posting_kind { POSTING_NONE, POSTING_FEE, POSTING_RETRO, POSTING_COUNTED, POSTING_LUMP, POSTING_HELD, POSTING_RELEASED };
/* One line of the ledger of payees.  Positive cents are owed to the payee. */
struct payee_posting {
	int64_t billing;
	char stream[STREAM_SIZE]; /* or the lump sum's id */
	enum posting_kind kind;
	months month;             /* MONTHS_NONE for a lump sum */
	char fund[8];
	cents amount;
	int64_t cycle;
	char fcn[16];             /* what is released keeps the number under which it was held (835-8) */
};
/* One line of the append-only ledger.  Positive cents are owed to the payee. */
struct posting {
	int64_t id;
	int64_t member;
	months month;
	char stream[STREAM_SIZE];
	int64_t pcp, billing;
	char fund[8];
	cents amount;
	enum posting_kind kind;
	enum reason reason;  /* REASON_NONE for the fee itself */
	int64_t cycle;
	char fcn[16];
};
/* A financial control number: YYDDD of the cycle's day and a number, "100400017" (domain reference 1.4). */
void fcn_print(char out[16], days cycle, uint64_t number);
/* One PLB pair of a payment, and one line of the remittance advice. */
struct payout_line {
	char plb_code[3];    /* CT RA FB */
	char stream[STREAM_SIZE]; /* empty for FB */
	char reason[8];      /* 8391; empty for FB */
	char fund[8];
	char fcn[16];
	months month;        /* service month; MONTHS_NONE for FB */
	cents amount;        /* as in the PLB: negative pays the provider (835-9) */
	uint64_t member_months;
	enum reason why;     /* for RA: the reason when all of its postings share one, else NONE */
	struct slice reference; /* PLB03-2 */
};
struct payment {
	int64_t id;
	int64_t billing, cycle;
	days cycle_date, effective_date;  /* DTM*405, BPR16 */
	cents amount;          /* BPR02, never negative */
	struct slice trace;    /* TRN02 */
	struct payout_line *lines;
	size_t line_count;
	int64_t control;       /* ISA13, GS06 of its 835 */
};
/* Who pays: from the program file. */
struct payer {
	struct slice name, street, city, state, zip, phone;
	struct slice help_name, help_phone;     /* PER*BL */
	struct slice id;                        /* BPR10 and TRN03: 1 + EIN, ten characters */
	struct slice routing, account;          /* BPR07, BPR09 */
	struct slice interchange_id;            /* ISA06, GS02 */
	struct slice eligibility_id;            /* NM109 of the 271's information source */
};

/* ====================================================================== rosters */

enum roster_change { ROSTER_MEMBER, ROSTER_ADDED, ROSTER_DROPPED };
struct roster_line {
	enum roster_change change;
	struct slice medicaid_id, name, sex, head, address, phone, language; /* name as LAST, FIRST M */
	days born;
};
struct roster_fund {
	char stream[STREAM_SIZE];
	char fund[8];
	char fcn[16];
	uint64_t members;
	cents amount;
};
struct roster_pcp {
	char npi[11];
	struct slice name;  /* LAST, FIRST */
	struct roster_line *lines;   /* ELG-0401: members, by name then id */
	size_t line_count;
	struct roster_line *changes; /* ELG-0402: added and dropped */
	size_t change_count;
};
/* The two reports of a roster; number and title come from the program file. */
enum roster_report { ROSTER_REPORT_MEMBERS, ROSTER_REPORT_CHANGES };
#define ROSTER_REPORTS 2
struct roster_name {
	struct slice number; /* "ELG-0401" */
	struct slice title;
};
struct roster {
	struct roster_name reports[ROSTER_REPORTS];
	months month;               /* Report Period */
	days made;                  /* the day it was frozen */
	struct slice program;       /* name for the heading */
	char billing_npi[11];
	struct slice billing_medicaid_id, billing_name;
	struct roster_pcp *pcps;    /* by name, then NPI */
	size_t pcp_count;
	struct roster_fund *funds;
	size_t fund_count;
	uint64_t members;
	uint64_t paid_lines;        /* members of all funds: of several streams, each counts */
	uint64_t members_before;    /* ELG-0401 count of the month before (RST-11) */
	cents amount;
};

/* ====================================================================== answers */

enum answer_level { ANSWER_SOURCE, ANSWER_RECEIVER, ANSWER_SUBSCRIBER };
struct rejection {       /* an AAA */
	enum answer_level level;
	char valid;          /* AAA01 */
	char code[3];        /* AAA03 */
	char follow_up;      /* AAA04 */
};
#define REJECTIONS_MAX 9
struct answer_contact { /* carve-outs and the transport broker (ELV-4) */
	struct slice service_type; /* EB03 */
	struct slice name, phone;
};
/* What is answered to one inquiry. */
struct answer {
	const struct inquiry_record *inquiry;
	struct rejection rejections[REJECTIONS_MAX];
	size_t rejection_count;
	const struct member *member; /* NULL when rejected before one was found */
	bool name_differs;           /* the stored name differs after normalising: INS*Y*18*001*25 */
	days asked;                  /* first day asked about */
	days asked_end;
	bool active;
	days covered_begin, covered_end; /* of the span on the asked day */
	struct slice coverage_name;      /* HUSKY A */
	struct slice program_name;       /* HUSKY PRIMARY CARE; empty if not assigned */
	struct slice service_types;      /* space separated, what EB*1 lists besides 30 */
	const struct pcp *pcp;           /* NULL: none on that day */
	days pcp_begin, pcp_end;
	const struct billing_provider *billing;
	struct slice own_trace;          /* TRN*1 reference of ours */
	const struct answer_contact *contacts;
	size_t contact_count;
};

/* ============================================ fields: guide position ↔ record member */

enum record_kind {
	RECORD_NONE,
	RECORD_ENROLMENT_SET, RECORD_MEMBER, RECORD_COVERAGE, RECORD_PROVIDER, RECORD_RESPONSIBLE, RECORD_CATEGORY,
	RECORD_INQUIRY_SET, RECORD_SOURCE, RECORD_RECEIVER, RECORD_INQUIRY, RECORD_DEPENDENT,
	RECORD_REMITTANCE,
	RECORD_KINDS
};
enum field_type {
	FIELD_TEXT,  /* struct slice; a second value does not overwrite the first */
	FIELD_DAY,   /* days, from CCYYMMDD */
	FIELD_CENTS, /* cents */
	FIELD_SUM,   /* cents, added up over all occurrences */
	FIELD_COUNT, /* uint64_t, counts occurrences */
	FIELD_TRACE  /* struct slice [3][3]: the next free row of the array, by the field's column */
};
/* One field that a guide may fill: named in guide files as "member.last". */
struct field {
	const char *name;        /* "last" */
	enum record_kind record;
	enum field_type type;
	uint16_t offset;         /* in the record's struct */
	uint8_t column;          /* FIELD_TRACE: 0 TRN02, 1 TRN03, 2 TRN04 */
};
struct record_shape {
	const char *name;          /* "member" */
	enum record_kind kind;
	enum record_kind parent;   /* NONE: emitted on its own when its loop closes */
	uint16_t size;             /* of the struct */
	uint16_t list_offset;      /* where the parent keeps the head of its list of these */
	uint16_t offset_offset;    /* where the struct keeps its byte offset; UINT16_MAX: nowhere */
	uint16_t segment_offset;   /* … its segment position; UINT16_MAX: nowhere */
};
extern const struct field record_fields[];
extern const size_t record_field_count;
const struct record_shape *record_shape(enum record_kind kind);
enum record_kind record_kind_of(struct slice name);             /* RECORD_NONE if there is no such */
size_t record_field_first(enum record_kind kind);               /* index into record_fields: those of a kind stand together */
int record_field_of(enum record_kind kind, struct slice name);  /* index into record_fields, -1 if none */
/* Set every day to DAYS_NONE, everything else to zero. */
void record_clear(enum record_kind kind, void *record);
/*
 * What a record and the lists below it say, as one number: that of the same words in the same places, wherever in a file
 * they stood and however they were written there.  It may be kept: it is the same on every machine, and changes with
 * record_fields.  `seed` is what else must be the same for two numbers to be compared.  Two records that differ have the
 * same number once in 2^64 times: a state of ten million members that is sent whole every night for ten years would see
 * one in 500 million such histories.
 */
uint64_t record_hash(uint64_t seed, enum record_kind kind, const void *record);

#endif
