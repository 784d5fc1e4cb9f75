/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rules: a program file (data) and the engine that runs it.  Pure functions over
 * records: no store, no clock, no I/O but reading the program file.  Whoever calls
 * brings the facts; every verdict carries its trace.
 */
#ifndef PCCM_RULES_H
#define PCCM_RULES_H

#include "records/records.h"

/* ------------------------------------------------------------- program files */
struct program;
/* Read, check against program.rng and compile; NULL and a failure with file and line.  Free with program_free. */
struct program *program_read(const char *path, struct failure *failure);
void program_free(struct program *program);

/* Every mistake of a program file, ordered by line; at most LIMIT_MISTAKES are given, *count is all.  False: it could not be read at all. */
struct mistake { long line; char text[400]; };
bool program_mistakes(struct mistake *out, uint64_t *count, const char *path, struct failure *failure);
/* What a program file says, statement by statement in the order of the file: "payment upfront, rate", "18.00 from 2020-01-01 …", and where
 * it comes from.  Texts live in the arena.  False: the file has a mistake, or memory ran out. */
struct statement { struct slice section, text, note; long line; };
bool program_statements(struct statement **out, size_t *count, struct arena *arena, const char *path, struct failure *failure);

const char *program_id(const struct program *program);         /* husky-primary-care */
struct slice program_name(const struct program *program);      /* HUSKY PRIMARY CARE */
const char *program_hash(const struct program *program);       /* SHA-256 of the file, hex */
days program_opens(const struct program *program);
days program_closes(const struct program *program);            /* DAYS_OPEN if no end */
const struct payer *program_payer(const struct program *program);
/* What is paid: the fee and other streams (PCM-1), by their ids; the first one is "fee" if the program has a fee. */
size_t program_stream_count(const struct program *program);
const char *program_stream(const struct program *program, size_t index);
/* Paid from the roster, frozen on its first working day; else counted when the month is over. */
bool program_stream_frozen(const struct program *program, size_t index);
bool program_stream_prospective(const struct program *program, size_t index); /* paid for M in M (FEE-R3) */
/* What is held back of a stream's money for a month, half cents up, and the newest month whose held sums a cycle of `month` releases
 * (MONTHS_NONE: the stream holds nothing back). */
cents program_withhold(const struct program *program, size_t index, months month, cents amount);
months program_release_due(const struct program *program, size_t index, months month);
/* The lump sum `index` for a payee on the cycle's day (MH-4): false with *more false when there are no more, else why it is not due.  The caller
 * pays each once. */
struct practice_facts;
bool program_lump(struct payee_posting *out, bool *more, const struct program *program, size_t index, const struct practice_facts *payee, days day);
/* The last month that the cycle of `month` pays: `month` itself, a later one, or the last of a whole quarter or year. */
months program_stream_due(const struct program *program, size_t index, months month);
/* Payout of a stream (NULL: the first): reason code and words (8391), PLB codes. */
struct payout_codes { struct slice reason, text, fee_code, retro_code, carry_code; };
const struct payout_codes *program_payout(const struct program *program, const char *stream);
size_t program_fund_count(const struct program *program);
void program_fund(struct slice *code, struct slice *text, const struct program *program, size_t index);
/* The day of the remittance that pays `month` (first RA of the month after, FEE-4), and the day its money moves (BPR16). */
days program_cycle_day(const struct program *program, months month);
/* Neither a weekend nor one of the program's holidays; and the first such day of a month (RST-1). */
bool program_working(const struct program *program, days day);
days program_first_working(const struct program *program, months month);
days program_payment_day(const struct program *program, days cycle);
/* The last day of `month` on which a request still takes effect on the first of the next (ENR-10). */
days program_cutoff(const struct program *program, months month);
/* First of the month on which what is processed on `day` takes effect (ENR-9, ENR-10). */
days program_effective(const struct program *program, days day);
/* How many months after the month that a cycle pays its day lies. */
months program_cycle_months(const struct program *program);
/* The fee of a member-month in cents, by the first stream's rate for everybody; 0 when none is in force. */
cents program_fee(const struct program *program, months month);
/* How far back a month may still change by additions and recoupments (death has no window: RET-6). */
months program_oldest_open(const struct program *program, months now, bool recoupment);
/* A town by town code, else postal alias, else city; NULL if it is none of the program's.  Opening day of its area. */
const char *program_town(const struct program *program, const struct address *address);
bool program_town_open(const struct program *program, const char *town, days day);
days program_town_opens(const struct program *program, const char *town);
/* Years from which a member of a case counts as head of household when the file names none (domain reference 6.2). */
/* Days that a request waits before it expires. */
days program_hold_days(const struct program *program);
int program_adult_years(const struct program *program);
/* How a request says that the member is an established patient of the PCP (ENR-5): its NM110. */
struct slice program_established(const struct program *program);
/* Rosters */
const struct roster_name *program_roster(const struct program *program, enum roster_report report);
/* Answers: what a 271 says besides the PCP. */
struct answer_rules {
	struct slice coverage_name;    /* HUSKY A */
	struct slice service_types;    /* blank separated */
	int months_back;               /* OPR-20: 12 */
	const struct answer_contact *contacts; /* carve-outs for everybody */
	size_t contact_count;
};
const struct answer_rules *program_answers(const struct program *program);
/* The transport broker by town (ELV-4); false if the program names none. */
bool program_broker(struct answer_contact *out, const struct program *program, const struct address *address);

/* --------------------------------------------------------------- eligibility */
/* The qualifying span that covers `day` (and is not beaten by another plan: ENR-1, ENR-2); NULL and a reason. */
const struct span *coverage_on(enum reason *why, const struct program *program, const struct member *member, days day);
/* The span of a plan that excludes from the program on that day (ENR-2): covered, but elsewhere; NULL if none. */
const struct span *other_plan_on(const struct program *program, const struct member *member, days day);
/* The fund of a span (FEE-7): by aid category, else by payment category, else the program's default; empty if it has none. */
struct slice span_fund(const struct program *program, const struct span *span);

/* ------------------------------------------------- enrolment: 834 record → member */
enum enrol_effect { ENROL_SAME, ENROL_CHANGED, ENROL_NEW, ENROL_SET_ASIDE };
#define ENROL_NOTES_MAX 8
struct enrolment {
	enum enrol_effect effect;
	struct member after;         /* whole state after; texts live in the arena, the record or `before` */
	bool requested;              /* the record names a PCP */
	struct request request;      /* member not filled; asked_from is PLA03, else the coverage's DTP 348 */
	struct slice prior_id;       /* REF*Q4, else NM109 of 2100B, where it differs from the member's id; the caller merges */
	enum finding_code notes[ENROL_NOTES_MAX];
	size_t note_count;
	bool compared;               /* the record is compared with what is known, and not applied */
	struct member says;          /* … and this is the state that applying it would have left */
	/* The same record on any other day, in any other set of the same action, would do the same: nothing was noted, no day
	 * stood in for a date that the record does not name, no other id is named. */
	bool lasting;
};
/* What earlier records of the same file added to a member.  A termination that comes behind its addition must not take it
 * away again (BAD-14): from `begin` on the plan goes on. */
struct addition {
	days begin;
	struct slice plan;
};
struct additions {
	const struct addition *items;
	size_t count;
};
/* Does this coverage of the record add (021, 025, 026) from a day on?  Texts are the record's. */
bool coverage_addition(struct addition *out, const struct member_record *record, const struct coverage_record *coverage);
/* Apply one member of an 834 to what is known (`before`, NULL if the id is not known): 021 001 024 025 030,
 * change, verify and replace files, deaths, retroactive ends (domain reference 6.2).  False: the arena is full. */
bool enrol(struct enrolment *out, struct arena *arena, const struct program *program, const struct enrolment_set *set,
	const struct member_record *record, const struct member *before, struct origin origin, days today,
	const struct additions *earlier);
/* The PCP that a record asks for; false: none.  *other_id: it names one, but not by an NPI. */
bool enrol_request(struct request *out, bool *other_id, const struct program *program, const struct enrolment_set *set,
	const struct member_record *record, struct origin origin, days today);
/* Is the record about somebody else than the member whom its id names (BAD-16)?  And if so, about a newborn under the mother's id? */
bool record_is_other(const struct member *known, const struct member_record *record);
bool record_is_newborn(const struct member *known, const struct member_record *record, days today);
/* Are two states the same but for ids, origins and recorded days? */
bool member_same(const struct member *a, const struct member *b);

/* Two ids were one person (RET-8): `stays` with what `goes` had on days without coverage, and its death.  False: the arena is full. */
/* They were not (BAD-15): `now` without what it took over from `other`, as both were `before` the merge, where that still stands as it
 * was taken over.  What files said of the member since stays with it. */
bool member_part(struct member *out, struct arena *arena, const struct member *now, const struct member *before, const struct member *other);
bool member_absorb(struct member *out, struct arena *arena, const struct member *stays, const struct member *goes);

/* Thousandths of a mile between two ZIP codes, by the program's table of centroids; false if it does not have both. */
bool program_distance(int64_t *millimiles, const struct program *program, struct slice from, struct slice to);

/* -------------------------------------------------------------------- panels */
struct panel_step { days day; int64_t change; };
struct panel { struct panel_step *steps; size_t count, size; }; /* zeroed: nobody */
/* So many members from begin to end (both included; negative: so many fewer).  False: the arena is full. */
bool panel_add(struct arena *arena, struct panel *panel, days begin, days end, int64_t members) WARN_UNUSED;
/* The most members that it has on any day from `from` on: what was accepted for later has its place already (ASG-2). */
int64_t panel_most(const struct panel *panel, days from);
/* Does any rule of the program ask how full a panel is?  If not, nobody has to count. */
bool program_counts_panels(const struct program *program);
bool program_counts_practices(const struct program *program);

/* --------------------------------------------------------------- assignment */
struct practice_facts {
	struct billing_provider provider;
	struct attribute_list attributes;
	const struct panel *panel; /* NULL: nobody counted */
};
struct pcp_facts {
	struct pcp pcp;
	struct attribute_list attributes;
	const struct pcp *before; /* what earlier rows of the provider file said, newest first; only their dates count */
	size_t before_count;
	const struct affiliation *affiliations;
	size_t affiliation_count;
	const struct practice_facts *practices; /* every practice of the affiliations, each once */
	size_t practice_count;
	const struct panel *panel; /* NULL: nobody counted */
};
struct family_member {
	const struct member *member;
	const struct assignment *assignments; /* all that are believed now, ordered by begin */
	size_t assignment_count;
	const struct request *request;        /* the pending one, NULL */
};
struct family {
	const struct family_member *members;
	size_t member_count;
	bool too_large;                       /* past LIMIT_FAMILY: members holds the first of them */
	const struct pcp_facts *pcps;         /* every PCP that a request or assignment of the family names */
	size_t pcp_count;
};
/* Judge every pending request of one family on `today`; one decision per pending request, in member order.
 * `out` holds at least member_count.  Facts in the trace live in the arena. */
size_t assign_family(struct decision *out, struct arena *arena, const struct program *program, const struct family *family, days today);
/* Has a newborn a PCP of the family until one is chosen?  *window: for how many days after birth one is looked for. */
bool program_newborns(days *window, const struct program *program);
/* The request that gives a newborn without a PCP one of the family, and the step that says why; false if nobody's PCP is accepted. */
bool newborn_choice(struct request *out, struct step *step, struct arena *arena, const struct program *program,
	const struct family *family, size_t who, days today);
/* May this member of a family have this PCP from `day` on: does the decision ask nothing of the PCP that is not met
 * (ASG-1, ASG-2, PRV-1 … PRV-7)?  The member counts as an established patient if the caller knows of visits.  The first
 * question that is not met says which, why and what was seen; its texts live in the arena. */
struct taking { bool established; struct step unmet; };
bool pcp_may_take(struct taking *taking, struct arena *arena, const struct program *program, const struct family *family, size_t who,
	const struct pcp_facts *pcp, days day);
/* Who has to be in the program, may choose to, is exempt for a time, or cannot be (ASG-6, 42 CFR 438.50). */
enum population { POPULATION_MANDATORY, POPULATION_VOLUNTARY, POPULATION_EXEMPT, POPULATION_EXCLUDED };
const char *population_name(enum population population); /* "mandatory" */
/* By the first class of the program file that holds on the day; *class_id (may be NULL) is its id, NULL if none holds. */
enum population population_on(const char **class_id, const struct program *program, const struct member *member, days day);
/* Can a member come into a class that ends an assignment?  If not, nobody needs a look. */
bool program_excludes(const struct program *program);
/* Must this assignment end because the member came into such a class on a day up to today?  The last day it holds, and why. */
bool assignment_excluded(days *last, enum reason *why, const struct program *program, const struct member *member,
	const struct assignment *assignment, days today);
/* When may a member who has this PCP change to another again, if processed on `day` (ASG-4)?  That day, if now; DAYS_OPEN: never
 * but for cause.  `in_since`: since when, without a gap, the member has been in the program. */
days change_allowed_from(const struct program *program, const struct assignment *held, days in_since, days day);
/* Must this assignment end because its PCP left (domain reference 2.8)?  The last day it holds, and why. */
bool assignment_ends(days *last, enum reason *why, const struct program *program, const struct assignment *assignment, const struct pcp_facts *pcp, days today);
/* Was there a day, up to yesterday, on which this PCP was not there any more?  If not, no assignment needs a look. */
bool pcp_ever_left(const struct program *program, const struct pcp_facts *pcp, days today);
/* Does an assignment end when coverage is away for long (ASG-7)?  If not, nobody needs a look. */
bool program_ends_gaps(const struct program *program);
/* Was coverage away for longer than the program keeps a PCP, by today?  The last covered day. */
bool assignment_lapses(days *last, const struct program *program, const struct member *member, const struct assignment *assignment, days today);
/* Did the member of an assignment that ended with its coverage come back in time?  The first covered day behind it. */
bool assignment_returns(days *first, const struct program *program, const struct member *member, const struct assignment *assignment);
/* The billing provider of a PCP on a day; 0: none. */
int64_t affiliated_on(const struct pcp_facts *pcp, days day);
/* The practice of a PCP on a day; NULL: none. */
const struct practice_facts *practice_on(const struct pcp_facts *pcp, days day);
/* The most members that a PCP may have on a day; INT64_MAX: no limit. */
int64_t pcp_limit(const struct program *program, const struct pcp_facts *pcp, days day);
/* May this PCP have members on that day (PRV-1, PRV-2, PRV-7)?  Otherwise why not. */
bool pcp_may_serve(enum reason *why, const struct program *program, const struct pcp_facts *pcp, days day);

/* ------------------------------------- auto-assignment: who chooses nobody (ASG-3, ASG-4) */
/* Does the program assign members who do not choose, on that day? */
bool program_assigns(const struct program *program, days day);
/* How many months back the claims history matters; 0: not at all. */
months program_claims_months(const struct program *program, days day);
/* Every PCP who may be assigned.  `members`: how many each has (NULL: none); facts are the caller's and live longer. */
struct directory;
struct directory *directory_new(const struct program *program, const struct pcp_facts *pcps, const int64_t *members, size_t count, days day,
	struct failure *failure);
void directory_free(struct directory *directory);
const struct pcp_facts *directory_pcp(const struct directory *directory, const char *npi); /* NULL: nobody */
/* A member became this PCP's patient: the next one is offered somebody else, by free places. */
void directory_give(struct directory *directory, const char *npi);
/* PCPs for a member: those of the member's town, then all, each by free places. */
struct offers { struct group *group; size_t aside_count; };
struct directory_walk {
	struct directory *directory;
	struct arena arena;
	struct offers offers;
	struct slice town;
	int stage;
};
void directory_walk_open(struct directory_walk *walk, struct directory *directory, const struct program *program, const struct member *member);
/* The next who has places for so many; NULL: no more. */
const struct pcp_facts *directory_walk_next(struct directory_walk *walk, size_t places);
void directory_walk_close(struct directory_walk *walk);
/* What is known besides of a member of a family that is looked at. */
struct undecided {
	const struct visit *visits; /* by NPI, then day */
	size_t visit_count;
	days told, told_since;      /* when the member was told to choose, and since when the member was eligible then; NONE: not yet */
};
/* Has somebody who chooses nobody to be assigned?  *ends: the last day on which the member may still choose; NONE: not known yet. */
enum choice { CHOICE_NONE, CHOICE_OPEN, CHOICE_OVER };
enum choice choice_of(days *ends, const struct program *program, const struct family_member *member, days told, days told_since,
	days today);
/* Could this member have a PCP of the program on that day, and has none then or later?  *since: when this stretch of eligibility began:
 * covered without a gap, the program and the member's town open, no PCP. */
bool lacks_pcp(days *since, const struct program *program, const struct family_member *member, days day);
/* Who is assigned to whom, and why: every strategy that was tried.  Without an NPI nobody takes the member. */
struct proposal {
	size_t member;              /* of the family */
	char npi[11];
	struct slice source;        /* AUTO FAMILY CLAIMS */
	bool established;           /* the member was this PCP's patient, or went there */
	const struct step *steps;
	size_t step_count;
};
/* A proposal for every member of the family whose time to choose is over, in the order in which they are to be asked for: who comes
 * first has the last place of a panel.  `out` holds member_count, `undecided` as many.  False: the arena is full. */
bool cascade_family(struct proposal *out, size_t *count, struct arena *arena, const struct program *program, const struct family *family,
	struct directory *directory, const struct undecided *undecided, days today);

/* ---------------------------------------------------------------- the ledger */
struct ledger_member {
	const struct member *member;
	const struct assignment *assignments;
	size_t assignment_count;
	const struct pcp_facts *pcps;  /* of those assignments */
	size_t pcp_count;
	const struct practice_facts *networks; /* that any of their practices ever named: who may be paid instead (PCM-2) */
	size_t network_count;
	const days *visits;            /* days of visits, the latest first; only if the program asks (program_asks_visits) */
	size_t visit_count;
};
/* Does any payment ask when the member was seen last (FEE-R4)? */
bool program_asks_visits(const struct program *program);
/* When is what an add-on asks of the member due (PCM-5)?  `index` counts from 0 over the add-ons that would hold on that day otherwise;
 * false: no more. */
bool screening_due(struct slice *addon, struct slice *attribute, days *due, const struct program *program, size_t index,
	const struct ledger_member *facts, days day);
/* Whose patient is the member on the month's first day: on whose roster does it stand (RST-8)?  No fund, no amount. */
bool month_patient(struct member_month *out, enum reason *why, const struct program *program, const struct ledger_member *facts, months month);
/* What a stream owes for the member-month: to whom, from which funds (FEE-1 … FEE-7, FEE-R1 … FEE-R7, RET-6 … RET-8). */
struct month_due {
	struct member_month lines[LIMIT_MONTH_LINES]; /* each payee and fund once, no amount zero */
	size_t count;
	enum reason why;  /* nothing is due: why not; NONE: the rate is nothing */
};
void month_due(struct month_due *out, const struct program *program, size_t stream, const struct ledger_member *facts, months month);
/* The first stream's lines as one sum.  False and why not. */
bool month_entitled(struct member_month *out, enum reason *why, const struct program *program, const struct ledger_member *facts, months month);
/* The difference between what is due and what was posted (RET-1 … RET-8), for the months `first` … `last`, of each stream as far as
 * the cycle of `last` pays it.  `posted`: net of the ledger per (month, stream, billing, fund), ordered so, zero rows left out.
 * Postings come ordered by month, then stream, takebacks before additions; id, cycle and fcn are not filled.  kind is POSTING_RETRO with
 * its reason.  Gives the count; `out` holds at most `size`, and ledger_room is always enough. */
size_t ledger_room(const struct program *program, size_t posted_count, months first, months last);
size_t ledger_delta(struct posting *out, size_t size, const struct program *program, const struct ledger_member *facts,
	const struct member_month *posted, size_t posted_count, months first, months last, months now);

/* --------------------------------------------------------- safeguards of an enrolment file
 * How many members a file may end before somebody has to look at it (BAD-13).  A limit that is not set is SAFEGUARD_NONE. */
#define SAFEGUARD_NONE (-1)
struct safeguards {
	int64_t ended_percent; /* of the covered members */
	int64_t ended_members;
	int64_t place_percent; /* of those of one town, or of one county outside of the program's towns */
	int64_t from_members;  /* as many must be ended before any limit counts */
	bool ends_missing;     /* a full file that was looked at ends the covered members whom it does not name */
};
const struct safeguards *program_safeguards(const struct program *program);
enum safeguard { SAFEGUARD_HOLDS, SAFEGUARD_MEMBERS, SAFEGUARD_PERCENT, SAFEGUARD_PLACE };
enum safeguard safeguard_past(const struct safeguards *safeguards, uint64_t ended, uint64_t covered);
bool safeguard_place_past(const struct safeguards *safeguards, uint64_t ended, uint64_t covered);
/* Was the member covered before, today or two months ahead, and is not after? */
bool coverage_is_ended(const struct program *program, const struct member *before, const struct member *after, days today);
/* Is the member without coverage today, or two months ahead? */
bool coverage_is_ending(const struct program *program, const struct member *member, days today);
/* The member with no coverage after `last`.  False: the arena is full. */
bool coverage_end_all(struct member *out, struct arena *arena, const struct member *member, days last);

/* ------------------------------------------------------------- thresholds of a cycle
 * Past one of them a cycle is looked at by somebody before it is released (FEE-R, RET-2).  All amounts are of postings,
 * before balances are carried. */
enum threshold { THRESHOLD_CYCLE, THRESHOLD_CHANGE, THRESHOLD_TAKEBACKS, THRESHOLD_PAYEE, THRESHOLDS };
struct cycle_sums {
	cents amount;         /* what the postings come to */
	cents paid, taken;    /* the sum of those that pay, and of those that take back, both positive */
	bool has_before;      /* a cycle paid the month before */
	cents amount_before;
};
const char *threshold_name(enum threshold threshold); /* as the program file's attribute: "cycle-amount" */
/* Is it set, and where?  Cents, or percent. */
bool program_threshold(int64_t *limit, const struct program *program, enum threshold threshold);
/* Is a cycle past it?  *found is what is held against the limit: cents or whole percent, rounded up. */
bool threshold_exceeded(int64_t *found, const struct program *program, enum threshold threshold, const struct cycle_sums *sums);
/* Is what one payee comes to past THRESHOLD_PAYEE, in either direction? */
bool threshold_payee_exceeded(const struct program *program, cents amount);

/* ------------------------------------------------------------- what payees owe (RET-9, RET-10, BAD-23) */
struct receivable_rules {
	struct slice closed;     /* the attribute of a practice that gets no payment any more; empty: none is asked */
	bool offset;             /* what a closed payee owes is taken from others with its tax id */
	bool stays;              /* what was owed under another tax id is not taken under this one */
	days demand_days;        /* a debt older than this gets a letter */
};
const struct receivable_rules *program_receivables(const struct program *program);

/* ---------------------------------------------------------------- the payment
 * Lines of one payee's payment from its postings of a cycle, grouped and summed by the caller's order
 * (fee lines by fund, then retro lines by month, fund, sign) plus a balance carried from before (RET-9). */
struct posting_sum { /* one (kind, stream, month, fund, sign) of a payee and cycle */
	enum posting_kind kind;
	char stream[STREAM_SIZE];
	months month;
	char fund[8];
	cents amount;            /* signed as in the ledger: positive is owed to the payee */
	uint64_t member_months;
	char fcn[16];
	enum reason why;         /* if all share one */
};
struct carried {             /* a balance that an earlier payment moved forward: positive cents are owed by the payee */
	char fcn[16];
	cents amount;
	char plb_code[3];        /* empty: the program's carry code; OB: set against what another payee owes or is owed (RET-10) */
};
/* Fills lines (arena) and amount.  `new_fcn` is used for an FB line if one is needed; *carry says what moves on (amount 0: nothing). */
bool payment_build(struct payment *out, struct carried *carry, struct arena *arena, const struct program *program,
	const struct posting_sum *sums, size_t sum_count, const struct carried *from, size_t from_count, const char *new_fcn);
#endif
