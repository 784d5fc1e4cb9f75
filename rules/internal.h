/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * internal: a program file as the engine holds it, and what the files of this folder
 * share.  Nothing outside rules/ includes it.
 *
 * A struct program never changes after program_read: everything in it lives in its
 * arena, so texts taken from it stay valid until program_free.
 */
#ifndef PCCM_RULES_INTERNAL_H
#define PCCM_RULES_INTERNAL_H

#include "rules/rules.h"

enum plan_effect { PLAN_NONE, PLAN_QUALIFIES, PLAN_EXCLUDES };
struct plan {
	struct slice name;
	enum plan_effect effect;
};
struct town {
	const char *name;
	struct slice code; /* empty: the program names none */
	days opens, closes; /* both included */
};
struct town_alias { /* a postal city that lies in a town */
	struct slice name;
	const struct town *town;
};
struct conditions;
struct rate {
	days from, to; /* both included */
	cents amount;
	struct conditions *when;
};
struct due_rule { /* how long after the last time something is due again (PCM-5) */
	struct slice attribute;
	enum subject of;
	bool payee;
	int32_t months;
	struct conditions *when;
};
struct withhold { /* FEE-R6 */
	days from, to;
	int32_t percent; /* in hundredths */
	months release;  /* so many months after the month it was held for */
};
struct lump { /* MH-4: once for a payee, ever */
	char id[STREAM_SIZE];
	days from, to;
	cents amount;
	size_t fund;
	struct conditions *when;
	struct payout_codes payout;
};
struct addon { /* PCM-3, MH-3 */
	struct slice id, name;
	struct conditions *when;
	const struct rate *rates;
	size_t rate_count;
	const struct due_rule *dues;
	size_t due_count;
};
struct suspension { /* RET-7 */
	struct slice attribute;
	bool same_day; /* else from the first of the month after it began */
};
enum death_month { DEATH_COUNTED, DEATH_PAYABLE, DEATH_UNPAID };
enum payee_rule { PAYEE_PRACTICE, PAYEE_NETWORK, PAYEE_EITHER };
struct cycle_date {
	months month;
	days on;
};
enum count_rule { COUNT_FIRST_DAY, COUNT_LAST_DAY, COUNT_ANY_DAY, COUNT_DAYS };
struct share { /* of a stream that is paid from several funds (FEE-R7) */
	days from, to;
	int32_t percent; /* in hundredths */
	size_t fund;
};
struct stream { /* the fee, or another payment (PCM-1) */
	char id[STREAM_SIZE];
	enum count_rule count;
	bool prospective;    /* paid for M in M (FEE-R3) */
	months period, delay; /* months of whole periods, paid so long after their end; 1 and 0: each month */
	const struct rate *rates;
	size_t rate_count;
	const struct addon *addons;
	size_t addon_count;
	enum payee_rule payee; /* PCM-2: the practice's attribute `network` names it by NPI */
	int32_t visit_months;  /* FEE-R4: nothing without a visit in as many months; 0: whoever visits */
	const struct withhold *withholds;
	size_t withhold_count;
	const struct share *shares;
	size_t share_count;  /* 0: whole, from the fund of the aid category */
	struct payout_codes payout;
};
struct fund {
	struct slice code, name;
};
struct aid { /* aid categories of a fund, blank separated */
	struct slice categories;
	size_t fund;
};
struct broker {
	struct answer_contact contact;
	const struct slice *towns;
	size_t town_count;
	bool others; /* serves every town that no other broker names */
};
struct source { /* INS04 → where an assignment comes from */
	struct slice reason, value;
};

/* When a request takes effect (ASG-5). */
enum effective_kind { EFFECTIVE_NEXT_MONTH, EFFECTIVE_IMMEDIATE, EFFECTIVE_THIS_MONTH };
struct effective_rule {
	days since;            /* requests processed from this day on, up to the next rule's */
	enum effective_kind kind;
	days cutoff_days;      /* so many days of the month are left after the cut-off … */
	bool cutoff_working;   /* … Mondays to Fridays */
	bool newborns;         /* a newborn's takes effect in the month of birth */
	months retro_months;   /* a date may lie so many months before the month of processing; MONTHS_NONE: never before it */
};

/* Members of a case each by themselves, on one day, or all or none of them (ENR-7). */
enum family_rule { FAMILY_COMPLETE, FAMILY_TOGETHER, FAMILY_NONE };

/* Who chooses nobody is assigned: strategies in their order (ASG-3). */
enum strategy_use { STRATEGY_PRIOR, STRATEGY_CLAIMS, STRATEGY_FAMILY, STRATEGY_FAMILY_CLAIMS, STRATEGY_PROXIMITY, STRATEGY_NEEDS,
	STRATEGY_LANGUAGE, STRATEGY_ROUND_ROBIN, STRATEGIES };
#define STRATEGY_PLACES 4
#define STRATEGIES_MAX 12 /* one step of a trace each, beside those of the decision */
struct strategy {
	const char *id, *requirement;
	enum strategy_use use;
	const void *when;             /* struct conditions on the member; NULL: always */
	months look_back;             /* of what is looked at; MONTHS_OPEN: however long ago */
	uint64_t least_visits;
	int places[STRATEGY_PLACES];  /* enum nearness, nearest first */
	size_t place_count;
	struct slice of_member, of_pcp; /* attributes: needs and who meets them; languages */
	struct slice except;          /* languages that everybody speaks */
};
struct auto_rule {
	const char *requirement;
	days from, to;
	const void *when;             /* struct conditions on the member: who has to have a PCP */
	days choice_days;
	bool from_notice;             /* the days to choose begin with the notice, not with eligibility */
	bool together;                /* one PCP for those of a family who have none by themselves, if one takes them all */
	int64_t open_panel;           /* free places that a PCP without a limit counts for */
	const struct strategy *strategies;
	size_t strategy_count;
};

enum rule_test {
	TEST_NONE,
	TEST_MEMBER_KNOWN,
	TEST_MEMBER_ALIVE,
	TEST_EFFECTIVE_DATE,
	TEST_PROGRAM_OPEN,
	TEST_COVERED,
	TEST_PCP_KNOWN,
	TEST_PCP_ENROLLED,
	TEST_PCP_CONTRACTED,
	TEST_PCP_AFFILIATED,
	TEST_PCP_TOWN,
	TEST_PCP_SERVING,
	TEST_PCP_ACCEPTS,
	TEST_PCP_CAPACITY,
	TEST_MEMBER_TOWN,
	TEST_PCP_NEW,
	TEST_POPULATION,
	TEST_CHANGE,
	TEST_FAMILY,
	TESTS
};
struct rule {
	const char *id, *requirement;
	enum rule_test test;
	bool pends; /* unmet: the request waits instead of being refused */
	days from, to; /* effective dates for which it is asked */
};
/* Conditions of an entry: rules/condition.h. */
struct when;
struct conditions {
	const struct when *items;
	size_t count;
};
/* Whom a PCP takes (ASG-1). */
enum filter_kind {
	FILTER_SPECIALTY, /* the PCP's is one of `in` */
	FILTER_AGE,       /* months, from least to most */
	FILTER_SEX,
	FILTER_LANGUAGE,
	FILTER_AREA,      /* town or county */
	FILTER_DISTANCE,  /* miles, up to most */
	FILTER_ESTABLISHED, /* nobody but established patients */
	FILTER_NEW,       /* closed: nobody but established patients and families of patients */
	FILTER_NOBODY     /* not those of whom the conditions hold */
};
struct filter {
	const char *id, *requirement;
	enum filter_kind kind;
	days from, to;
	struct conditions when; /* for whom it is asked */
	struct slice in;        /* comma separated; empty: what the attribute says */
	struct slice attribute, upper_attribute; /* of the PCP, else of its practice */
	int64_t least, most;
};
/* How many members a panel may have (ASG-2); of several the first that holds. */
struct panel_limit {
	bool practice;
	days from, to;
	struct conditions when;
	int64_t members;        /* without an attribute */
	struct slice attribute; /* of the PCP or practice */
};

/* Who has to, may, or may not be in the program (ASG-6): the first class that holds. */
struct population_class {
	const char *id;
	enum population is;
	days from, to;
	struct conditions when;
	bool ends, same_day; /* an assignment ends when a member comes into this class: that day, or with the month */
};
/* When a member may change the PCP (ASG-4, 42 CFR 438.56): any of them will do. */
enum window_kind { WINDOW_BEGIN, WINDOW_SEASON, WINDOW_EVERY, WINDOW_CAUSE };
struct window {
	const char *id;
	enum window_kind kind;
	days from, to;      /* of processing: between them the window is there at all */
	days days_after;    /* BEGIN: so many days after the member came into the program */
	int opens, closes;  /* SEASON: 100 * month + day, both included; may go over the end of a year */
	months months_after; /* EVERY: so many months after the PCP's first day */
	struct slice causes; /* CAUSE: comma separated */
};

/* What else takes a PCP's members away (ASG-8): death, a sanction, closing, by the attributes of PCP and practice. */
struct departure {
	const char *id;
	days from, to;
	struct conditions when;
	bool same_day;
};

/* Where a ZIP code lies, in ten-thousandths of a degree. */
struct centroid { uint32_t zip; int32_t latitude, longitude; };

#define FILTERS_MAX 16 /* each is a step of a trace, as is each test: STEPS_MAX holds them all */

#define THRESHOLD_NONE INT64_MIN

struct program {
	struct arena arena;
	const char *id;
	struct slice name;
	char hash[65];
	days opens, closes;
	const struct plan *plans;
	size_t plan_count;
	/* towns */
	struct slice state, town_qualifiers, county_qualifiers;
	const struct town *towns;
	size_t town_count;
	const struct town_alias *aliases;
	size_t alias_count;
	/* family and exceptions */
	enum family_rule family_rule;
	days hold_days, newborn_days;
	bool newborn_family; /* a newborn has a PCP of the family until one is chosen */
	bool other_plan_counts;
	struct slice established_code;
	bool established_family;
	/* enrolment */
	const struct effective_rule *effectives; /* by since; the first holds from the beginning */
	size_t effective_count;
	struct slice channel, source;
	const struct source *sources;
	size_t source_count;
	const struct rule *rules;
	size_t rule_count;
	const struct population_class *classes;
	size_t class_count;
	enum population otherwise; /* of whom no class holds */
	bool switching_windows;    /* a PCP is changed in windows only */
	const struct window *windows;
	size_t window_count;
	const struct filter *filters;
	size_t filter_count;
	struct slice centroid_file; /* as the program file names it; empty: none */
	const struct centroid *centroids; /* by zip; none: no distance is known */
	size_t centroid_count;
	const struct panel_limit *limits;
	size_t limit_count;
	int64_t family_over; /* so many may a family exceed a limit by */
	bool departure_same_day;
	months gap_months; /* coverage may be away so long before the PCP is lost; MONTHS_OPEN: for ever */
	const struct auto_rule *autos; /* on no day more than one */
	size_t auto_count;
	const struct departure *departures; /* besides leaving Medicaid, contract or practice */
	size_t departure_count;
	/* money */
	struct stream streams[LIMIT_STREAMS]; /* the fee first, if there is one */
	size_t stream_count;
	const struct lump *lumps;
	size_t lump_count;
	const struct suspension *suspensions;
	size_t suspension_count;
	enum death_month death_month;
	struct fund funds[LIMIT_FUNDS];
	size_t fund_count;
	size_t default_fund; /* fund_count: none */
	const struct aid *aids;
	size_t aid_count;
	int cycle_weekday, cycle_nth;
	int cycle_dom;                  /* 0: by weekday */
	int cycle_moves;                /* off a day on which nobody works: +1, -1, 0 */
	const struct cycle_date *cycle_dates; /* months whose cycle the program names */
	size_t cycle_date_count;
	const days *holidays;
	size_t holiday_count;
	months cycle_months;
	days payment_days;
	cents least_difference; /* FEE-R5: smaller ones of a member-month are not posted */
	months additions_months, recoupments_months, death_months; /* MONTHS_OPEN: no window */
	struct receivable_rules receivables;
	struct safeguards safeguards;
	int64_t thresholds[THRESHOLDS]; /* THRESHOLD_NONE: not set */
	/* what is printed and read */
	struct roster_name rosters[ROSTER_REPORTS]; /* the schema holds the file to as many */
	struct slice head_roles, phone_order, language_order;
	int adult_years;
	struct payer payer;
	struct answer_rules answers;
	const struct broker *brokers;
	size_t broker_count;
};

/* The schema, compiled in from program.rng. */
extern const unsigned char rules_program_rng[];
extern const size_t rules_program_rng_size;

/* compile.c: fills `program` from the root element of a document that program.rng has accepted. */
struct mistakes;
bool program_compile(struct program *program, const void *root, const char *path, struct mistakes *mistakes, struct failure *failure);

/* mistakes.c: what is wrong with a program file, each line's best sentence. */
struct mistakes {
	struct mistake items[LIMIT_MISTAKES];
	size_t count;
	uint64_t more; /* past the limit */
};
void mistake_add(struct mistakes *mistakes, long line, const char *format, ...) PRINTF_LIKE(3, 4);
/* A sentence of libxml2 about an element that is not as program.rng wants it, in words for people. */
void mistake_schema(struct mistakes *mistakes, const void *error);
/* statements.c: the statements of a checked document. */
bool statements_of(struct statement **out, size_t *count, struct arena *arena, const void *root);
/* By line, each once. */
void mistakes_sort(struct mistakes *mistakes);

/* cascade.c: the rule in force on a day; NULL: none */
const struct auto_rule *auto_rule_on(const struct program *program, days day);

/* text.c: equal in upper case, with blanks trimmed and squeezed: how plans, towns and cities are compared. */
bool plain_equal(struct slice a, struct slice b);
/* printf into the arena; the empty slice if it is full, or NULL. */
struct slice arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* spans.c: the coverage of one member as a working list.  Ops keep spans of one plan apart. */
struct span_list {
	struct span *items;
	size_t count, size;
	bool full; /* a put did not fit: the list is not to be used */
};
/* Take begin … end out of every span of `plan`. */
void spans_carve(struct span_list *list, struct slice plan, days begin, days end);
/* Put a span in place of whatever its plan had on those days. */
void spans_put(struct span_list *list, struct span span);
/* Nothing after `last`; of all plans if plan is empty. */
void spans_cap(struct span_list *list, struct slice plan, days last);
/* Order by begin, then plan; join neighbours of one plan that say the same. */
void spans_tidy(struct span_list *list);
bool span_same_facts(const struct span *a, const struct span *b); /* all but dates, id, origin */
/* The span of `plan` that the day falls in; else the last one before it; else the first one after it; NULL. */
const struct span *spans_near(const struct span_list *list, struct slice plan, days day);
/* The first span of `plan` that begins after the day; NULL. */
const struct span *spans_next(const struct span_list *list, struct slice plan, days day);
const struct span *spans_last(const struct span_list *list, struct slice plan);

/* distance.c: the rows of a table of centroids. */
bool centroids_read(struct program *program, struct slice bytes, const char *path, struct failure *failure);
/* calendar.c: the first day after `day` on which a stretch of days begins or is over, if it is before `next`; else that. */
days edge_after(days next, days day, days begin, days end);
/* calendar.c: the rule for requests that are processed on a day, and its cut-off in a month. */
const struct effective_rule *effective_rule_on(const struct program *program, days day);
days effective_cutoff(const struct effective_rule *rule, months month);

/* pcp.c: what the rules ask about a PCP on a day; *fact (may be NULL with arena NULL) says what was seen. */
bool pcp_enrolled(const struct pcp_facts *pcp, days day);
bool pcp_contracted(const struct pcp_facts *pcp, days day);
/* The departure that holds of a PCP on a day; NULL: none. */
const struct departure *pcp_departure(const struct program *program, const struct pcp_facts *pcp, days day);

#endif
