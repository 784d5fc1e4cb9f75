/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * store: members, spans, requests, assignments, ledger, interchanges, replies.
 * On SQLite or PostgreSQL; nothing here shows which engine is behind.  All SQL of the program is in this folder.
 *
 * Two clocks: a row says from when to when it holds in the world (begin, end) and by
 * which change it was recorded and, later, superseded.  A change is one step of work
 * (a load, a provider file, an assignment run, a remittance cycle) with its day; "as
 * known at change C" is: recorded <= C and not superseded at or before C.  Nothing that was ever
 * believed is deleted.
 *
 * Every function gives false on a failure and has filled the store's failure text
 * (store_failure).  Texts given out live in the arena that is passed in.
 * Everything that writes must be between store_begin and store_commit.
 * False from a callback stops a walk, and the walk gives false too; the failure text is
 * then what the callback's own calls left, or empty.  Callbacks may read and write, but
 * not begin the walk again that they are called from.
 */
#ifndef PCCM_STORE_H
#define PCCM_STORE_H

#include "records/records.h"

struct store;
/* url: "sqlite:PATH", a plain path, or "postgresql://…" as libpq knows it.  Creates and migrates as needed (mode 0600); `create` false: the store must exist. */
struct store *store_open(const char *url, bool create, struct failure *failure);
/* One more connection to the same store, for a thread of its own. */
struct store *store_another(const struct store *store, struct failure *failure);
void store_close(struct store *store);
const struct failure *store_failure(const struct store *store);

/* ---- transactions: one at a time; a savepoint inside is a transaction set ---- */
bool store_begin(struct store *store) WARN_UNUSED;    /* takes the write lock; waits a little for another writer */
bool store_commit(struct store *store) WARN_UNUSED;   /* durable when it gives true */
void store_rollback(struct store *store);
bool store_mark(struct store *store) WARN_UNUSED;     /* savepoint */
bool store_keep(struct store *store) WARN_UNUSED;     /* release it */
bool store_undo(struct store *store) WARN_UNUSED;     /* back to it */

/* ---- changes: the recorded clock ---- */
enum change_kind { CHANGE_LOAD = 1, CHANGE_PROVIDERS, CHANGE_ASSIGN, CHANGE_ROSTER, CHANGE_REMIT, CHANGE_ATTRIBUTES, CHANGE_VISITS, CHANGE_REQUESTS, CHANGE_NOTICES,
	CHANGE_PREPARE = 20, CHANGE_DISCARD, CHANGE_MERGE = 30 };
/* Opens a change on `day`; every row written until commit carries it.  *id grows by one each time. */
bool store_change(struct store *store, int64_t *id, enum change_kind kind, days day, const char *program_hash) WARN_UNUSED;
bool store_newest_change(struct store *store, int64_t *id) WARN_UNUSED; /* 0: none yet */
/* The last change up to the end of a day; 0: there was none. */
bool store_change_of_day(struct store *store, int64_t *id, days day) WARN_UNUSED;
/* Was anything recorded behind this change that money is computed from?  Freezing a roster, and preparing or discarding a
 * cycle, is no such thing. */
bool store_changed_since(struct store *store, bool *changed, int64_t change) WARN_UNUSED;

/* ---- interchanges ---- */
struct interchange_row {
	int64_t id;
	struct slice sender_qualifier, sender, receiver_qualifier, receiver, control; /* ISA05-08, ISA13 */
	struct slice file;          /* as named on the command line, without its folder */
	unsigned char hash[SHA256_BYTES];
	uint64_t bytes;
	days received;
	char ack;                   /* TA104; 0: not judged */
	struct slice note;          /* TA105 */
	uint64_t sets, sets_accepted, records;
};
/* Was this key accepted or judged before?  *found false if not.  A refused, cut-off interchange does not count: its number may come again. */
bool store_interchange_find(struct store *store, struct arena *arena, bool *found, struct interchange_row *row, const struct interchange_header *header) WARN_UNUSED;
bool store_interchange_add(struct store *store, int64_t *id, const struct interchange_row *row) WARN_UNUSED;
bool store_interchange_judge(struct store *store, const struct interchange_row *row) WARN_UNUSED; /* hash, bytes, ack, counts by id */
bool store_interchange_get(struct store *store, struct arena *arena, struct interchange_row *row, int64_t id) WARN_UNUSED;
/* Documents that we wrote (acknowledgments, 271s, 835s, advices, rosters): kept, so that they can be fetched again byte for byte. */
bool store_document_put(struct store *store, const char *kind, int64_t owner, const char *name, struct slice bytes) WARN_UNUSED;
bool store_document_find(struct store *store, struct arena *arena, bool *found, struct slice *bytes, const char *kind, int64_t owner,
	const char *name) WARN_UNUSED;
typedef bool (*document_fn)(void *data, const char *kind, const char *name, struct slice bytes);
bool store_documents(struct store *store, const char *kind, int64_t owner, document_fn fn, void *data) WARN_UNUSED; /* in order of writing; false from fn stops */
/* Next number of a named sequence, from 1: control numbers, FCNs. */
bool store_next(struct store *store, uint64_t *number, const char *sequence) WARN_UNUSED;

/* ---- transaction sets that were applied: BGN of each, by its sender ---- */
struct enrolment_set_row {
	int64_t interchange;
	uint64_t position;          /* in the interchange */
	struct slice sender;        /* ISA05 and ISA06 */
	struct slice reference, purpose, action; /* BGN02, BGN01, BGN08 */
	days day;                   /* BGN03 */
};
bool store_set_add(struct store *store, const struct enrolment_set_row *row) WARN_UNUSED;
/* The latest days of a sender's sets, and of those that were the whole membership (RX); NONE: there is none. */
bool store_set_newest(struct store *store, days *newest, days *newest_full, struct slice sender) WARN_UNUSED;
/* The interchange that first brought a set of this reference; 0: none did. */
bool store_set_reference(struct store *store, int64_t *interchange, struct slice sender, struct slice reference) WARN_UNUSED;
bool store_set_day(struct store *store, days *day, int64_t interchange) WARN_UNUSED; /* the latest of its sets; NONE */

/* ---- staged files: whole files that wait to be applied or discarded ---- */
enum staged_state { STAGED_WAITS = 1, STAGED_COMMITTING, STAGED_COMMITTED, STAGED_DISCARDED };
struct staged_row {
	int64_t id;
	struct slice file;          /* its name, without its folder */
	unsigned char hash[SHA256_BYTES];
	uint64_t bytes;
	days made;
	int64_t seen_change;        /* the newest change when it was looked at; 0: none yet */
	enum staged_state state;
	days closed;                /* committed or discarded; NONE: it waits */
	uint64_t received, applied, added, unchanged, ended, missing; /* members: what it would have done then */
};
bool store_staged_add(struct store *store, int64_t *id, const struct staged_row *row) WARN_UNUSED;
bool store_staged_set(struct store *store, const struct staged_row *row) WARN_UNUSED; /* all but its name and day */
bool store_staged_get(struct store *store, struct arena *arena, bool *found, struct staged_row *row, int64_t id) WARN_UNUSED;
typedef bool (*staged_fn)(void *data, const struct staged_row *row);
bool store_staged_each(struct store *store, staged_fn fn, void *data) WARN_UNUSED; /* by id */
/* Its bytes, in pieces numbered from 0; the first one that is empty is behind the last. */
bool store_staged_put(struct store *store, int64_t id, uint64_t position, struct slice bytes) WARN_UNUSED;
bool store_staged_piece(struct store *store, struct arena *arena, struct slice *bytes, int64_t id, uint64_t position) WARN_UNUSED;
bool store_staged_forget(struct store *store, int64_t id) WARN_UNUSED; /* the bytes */

/* ---- members ---- */
/* By Medicaid id (an old id after a merge or a change of id leads to its member); *found false if not known.  Its attributes need not be there (store_attributes). */
bool store_member_find(struct store *store, struct arena *arena, bool *found, struct member *out, struct slice medicaid_id) WARN_UNUSED;
/* By an id that is no member's own. */
bool store_member_find_other(struct store *store, struct arena *arena, bool *found, struct member *out, struct slice old_id) WARN_UNUSED;
bool store_member_get(struct store *store, struct arena *arena, struct member *out, int64_t id, int64_t as_of_change /* 0: now */) WARN_UNUSED;
/*
 * What an 834 record is held against first: the hash of the record that this id's member reflects (records/hash.c), 0 if
 * none is known.  An equal hash means: applying the record again would change nothing.  So whatever changes the member, what
 * it asks for or whose patient it is makes it 0 in the same step: store_member_save and store_member_alias; requests that are
 * added, closed, refused or expired; assignments that end.  A new function that writes there does the same (member_forget);
 * tests/unit/test_statements.c knows the statements that do.
 */
struct member_standing {
	int64_t member;    /* 0: no member has this id as its own */
	uint64_t reflects;
};
bool store_member_standing(struct store *store, struct member_standing *out, struct slice medicaid_id) WARN_UNUSED;
/* Remember it, or forget it (0). */
bool store_member_reflects(struct store *store, int64_t member, uint64_t hash) WARN_UNUSED;
/* Write the difference: a new version if anything but spans changed, spans retired and added.  Gives the id of a new member. */
bool store_member_save(struct store *store, int64_t *id, const struct member *before /* NULL: new */, const struct member *after, struct origin origin) WARN_UNUSED;
/* The same by an 834 record, whose hash the member reflects then (0: of none). */
bool store_member_record(struct store *store, int64_t *id, const struct member *before, const struct member *after, struct origin origin, uint64_t reflects) WARN_UNUSED;
/* Remember that `old_id` names this member (REF*Q4).  If it named another member, that one is merged into this one. *merged: the other's id or 0. */
bool store_member_alias(struct store *store, int64_t *merged, int64_t member, struct slice old_id) WARN_UNUSED;
/* The same as they were known at a change (not 0); *found false: not yet. */
bool store_member_find_as_of(struct store *store, struct arena *arena, bool *found, struct member *out, struct slice medicaid_id, int64_t change) WARN_UNUSED;
bool store_member_as_of(struct store *store, struct arena *arena, bool *found, struct member *out, int64_t id, int64_t change) WARN_UNUSED;
/* Merging, and taking it back (BAD-15).  The change by which a member was merged. */
bool store_merge_change(struct store *store, int64_t *change, int64_t member) WARN_UNUSED;
/* The member that was merged into `root` by `change` is one of its own again; ids that led to the root since then lead to it. */
bool store_member_part(struct store *store, int64_t member, int64_t root, int64_t change) WARN_UNUSED;
/* Two members that somebody said are not one: no file may merge them.  In either order. */
bool store_apart_set(struct store *store, int64_t a, int64_t b, bool apart) WARN_UNUSED;
bool store_apart(struct store *store, bool *apart, int64_t a, int64_t b) WARN_UNUSED;
/* The member that an id names, merged or not; 0: none. */
bool store_member_named(struct store *store, int64_t *id, struct slice medicaid_id) WARN_UNUSED;
typedef bool (*member_fn)(void *data, const struct member *member);
/* Members by surname (as stored, upper case compared) and date of birth; and by date of birth alone (surname empty). */
bool store_members_named(struct store *store, struct arena *arena, struct slice last, days born, member_fn fn, void *data) WARN_UNUSED;
/* All members, ordered by id; each is valid only during the call. */
bool store_members_each(struct store *store, int64_t after_id, member_fn fn, void *data) WARN_UNUSED;
/* The same, of those only that are wanted by their id: the others are not read. */
typedef bool (*member_wanted_fn)(void *data, int64_t id);
bool store_members_wanted(struct store *store, member_wanted_fn wanted, member_fn fn, void *data) WARN_UNUSED;
/* The members of a case, ordered by Medicaid id; *count is the number found even past `size`. */
bool store_family(struct store *store, struct arena *arena, struct member *out, size_t size, size_t *count, struct slice case_number) WARN_UNUSED;
/* The same two without spans and attributes: names, births and addresses, at a third of the cost. */
bool store_member_row(struct store *store, struct arena *arena, struct member *out, int64_t id, int64_t as_of_change) WARN_UNUSED;
bool store_family_rows(struct store *store, struct arena *arena, struct member *out, size_t size, size_t *count, struct slice case_number) WARN_UNUSED;
/* The members that were merged straight into this one, by id. */
bool store_members_merged(struct store *store, struct arena *arena, int64_t member, member_fn fn, void *data) WARN_UNUSED;
bool store_member_count(struct store *store, uint64_t *count) WARN_UNUSED;
/* Every version of a member, oldest first, with its recorded day and origin in the member. */
bool store_member_history(struct store *store, struct arena *arena, int64_t id, member_fn fn, void *data) WARN_UNUSED;

/* ---- requests and assignments ---- */
bool store_request_add(struct store *store, int64_t *id, const struct request *request) WARN_UNUSED;
/* The same by an 834 record that the member reflects: it goes on to. */
bool store_request_record(struct store *store, int64_t *id, const struct request *request) WARN_UNUSED;
bool store_request_judge(struct store *store, const struct decision *decision, days today, const char *program_hash) WARN_UNUSED; /* state, reason, trace */
bool store_request_newest(struct store *store, struct arena *arena, bool *found, struct request *out, int64_t member) WARN_UNUSED;
bool store_request_pending(struct store *store, struct arena *arena, bool *found, struct request *out, int64_t member) WARN_UNUSED;
/* Was a request of this member for this PCP received on that day by that channel, whatever became of it? */
bool store_request_entered(struct store *store, bool *entered, const struct request *request) WARN_UNUSED;
bool store_request_close(struct store *store, int64_t id, enum request_state state, enum reason why, days today) WARN_UNUSED;
typedef bool (*request_fn)(void *data, const struct request *request);
bool store_requests_of(struct store *store, struct arena *arena, int64_t member, request_fn fn, void *data) WARN_UNUSED; /* oldest first */
bool store_requests_in_state(struct store *store, enum request_state state, request_fn fn, void *data) WARN_UNUSED; /* by processed, then id */
/* The trace of a judged request, as text lines, oldest judgement first. */
typedef bool (*trace_fn)(void *data, days judged, enum request_state state, const struct step *step);
bool store_request_trace(struct store *store, struct arena *arena, int64_t request, trace_fn fn, void *data) WARN_UNUSED;
/* Cases that hold a pending request, each once, in order of their oldest request (processed, then id): as case numbers, or as member ids for members without a case. */
typedef bool (*case_fn)(void *data, struct slice case_number, int64_t member);
bool store_pending_cases(struct store *store, case_fn fn, void *data) WARN_UNUSED;
bool store_assignments(struct store *store, struct arena *arena, struct assignment **out, size_t *count, int64_t member, int64_t as_of_change) WARN_UNUSED; /* ordered by begin */
/* Close what overlaps from `begin` on (cut or retire) and write this one; both stay as versions. */
bool store_assign(struct store *store, int64_t *id, const struct assignment *assignment, struct origin origin) WARN_UNUSED;
/* End an assignment on `last` (before its begin: retire it). */
bool store_assignment_end(struct store *store, int64_t id, days last, enum reason why) WARN_UNUSED;
typedef bool (*assignment_fn)(void *data, const struct assignment *assignment);
bool store_assignments_of_pcp(struct store *store, int64_t pcp, days on_or_after, assignment_fn fn, void *data) WARN_UNUSED; /* those that reach past that day */

/* How many members a PCP has, by stretches of days, as assigned now and cut by deaths: ordered by begin, then end. */
struct held { days begin, end; int64_t members; };
bool store_panel(struct store *store, struct arena *arena, struct held **out, size_t *count, int64_t pcp) WARN_UNUSED;

/* ---- visits ---- */
bool store_visit_add(struct store *store, bool *changed, const struct visit *visit) WARN_UNUSED; /* *changed false: it was there */
bool store_visit_days(struct store *store, struct arena *arena, days **out, size_t *count, int64_t member) WARN_UNUSED; /* each once, the latest first */
/* A member's visits from `first` to `last`, by NPI, then day; also those of ids that were merged into it. */
bool store_visits(struct store *store, struct arena *arena, struct visit **out, size_t *count, int64_t member, days first, days last) WARN_UNUSED;

/* ---- notices: who was told what ---- */
struct notice {
	int64_t member;
	struct slice kind;   /* CHOOSE ASSIGNED … */
	months month;        /* whose notices it is among */
	struct slice about;  /* an NPI or a town; empty: nothing in particular */
	days told;           /* the day of the notice */
	days since;          /* CHOOSE: eligible since */
	days day;            /* the day that the notice names; NONE: none */
};
bool store_notice_add(struct store *store, bool *changed, const struct notice *notice) WARN_UNUSED; /* *changed false: it was there */
/* When was the member told this last, and since when was the member eligible then?  Both NONE: never. */
bool store_notice_newest(struct store *store, days *told, days *since, int64_t member, struct slice kind) WARN_UNUSED;
typedef bool (*notice_fn)(void *data, const struct notice *notice);
bool store_notices(struct store *store, months month, notice_fn fn, void *data) WARN_UNUSED; /* by member, kind, about */

/* Assignments whose newest version was recorded on those days, by id: was it made then, and why it ended, if it did. */
typedef bool (*assignment_event_fn)(void *data, const struct assignment *assignment, bool made, enum reason ended);
bool store_assignments_recorded(struct store *store, days first, days last, assignment_event_fn fn, void *data) WARN_UNUSED;
/* Assignments that ended for this reason and were followed by none, by PCP. */
bool store_assignments_orphaned(struct store *store, enum reason why, assignment_fn fn, void *data) WARN_UNUSED;
/* Members who have a PCP on that day or later, by id; and how many each PCP has. */
typedef bool (*member_id_fn)(void *data, int64_t member);
bool store_assigned_members(struct store *store, days day, member_id_fn fn, void *data) WARN_UNUSED;
/* Who has which PCP on that day or later, by member, then begin. */
typedef bool (*assigned_fn)(void *data, int64_t member, int64_t pcp);
bool store_assigned_pcps(struct store *store, days day, assigned_fn fn, void *data) WARN_UNUSED;
typedef bool (*panel_size_fn)(void *data, int64_t pcp, int64_t members);
bool store_panel_sizes(struct store *store, days day, panel_size_fn fn, void *data) WARN_UNUSED; /* by PCP's id; fn may not use the store */

/* ---- providers ---- */
/* Every PCP that ever belonged to a billing provider, by id. */
bool store_pcps_of_billing(struct store *store, struct arena *arena, int64_t **out, size_t *count, int64_t billing) WARN_UNUSED;
bool store_billing_find(struct store *store, struct arena *arena, bool *found, struct billing_provider *out, const char *npi) WARN_UNUSED;
bool store_billing_get(struct store *store, struct arena *arena, struct billing_provider *out, int64_t id, int64_t as_of_change) WARN_UNUSED;
bool store_billing_save(struct store *store, int64_t *id, bool *changed, const struct billing_provider *provider) WARN_UNUSED; /* by NPI; a version if it differs */
bool store_pcp_find(struct store *store, struct arena *arena, bool *found, struct pcp *out, const char *npi) WARN_UNUSED;
bool store_pcp_get(struct store *store, struct arena *arena, struct pcp *out, int64_t id, int64_t as_of_change) WARN_UNUSED;
/* What every row said that is not believed now, newest first; only their dates are filled. */
bool store_pcp_before(struct store *store, struct arena *arena, struct pcp **out, size_t *count, int64_t id) WARN_UNUSED;
bool store_pcp_save(struct store *store, int64_t *id, bool *changed, const struct pcp *pcp) WARN_UNUSED;
bool store_affiliations(struct store *store, struct arena *arena, struct affiliation **out, size_t *count, int64_t pcp, int64_t as_of_change) WARN_UNUSED; /* ordered by begin */
bool store_affiliation_save(struct store *store, bool *changed, const struct affiliation *affiliation) WARN_UNUSED; /* by (pcp, billing, begin): sets the end */
typedef bool (*billing_fn)(void *data, const struct billing_provider *provider);
bool store_billing_each(struct store *store, int64_t as_of_change, billing_fn fn, void *data) WARN_UNUSED; /* by NPI; those that were known then */
typedef bool (*pcp_fn)(void *data, const struct pcp *pcp);
bool store_pcp_each(struct store *store, int64_t as_of_change, pcp_fn fn, void *data) WARN_UNUSED; /* by NPI; those that were known then */

/* ---- attributes ---- */
/* From begin to end the name has this value now, whatever it had; an empty value: none.  *changed false: it had it already. */
bool store_attribute_put(struct store *store, bool *changed, const struct attribute *attribute) WARN_UNUSED;
bool store_attributes(struct store *store, struct arena *arena, struct attribute_list *out, enum subject subject, int64_t of, int64_t as_of_change) WARN_UNUSED;

/* ---- rosters: a month frozen, once ---- */
struct frozen_month {
	months month;
	days made;
	int64_t change;        /* the roster prints names and addresses as known at this change */
	days cycle_day;        /* planned day of the remittance that pays it */
	uint64_t members;
	cents amount;
};
bool store_frozen_find(struct store *store, bool *found, struct frozen_month *out, months month) WARN_UNUSED;
bool store_frozen_newest(struct store *store, bool *found, struct frozen_month *out) WARN_UNUSED; /* the latest month */
bool store_frozen_add(struct store *store, const struct frozen_month *frozen) WARN_UNUSED;
bool store_frozen_total(struct store *store, months month, uint64_t members, cents amount) WARN_UNUSED;
/* One line of a frozen roster, with the FCN that its fund's payment will carry.  A member has a line for each stream and fund
 * of the month, or one without any money; the first of them is the `patient` that the roster names. */
struct roster_row { struct member_month line; bool patient; char fcn[16]; };
bool store_roster_add(struct store *store, const struct roster_row *row) WARN_UNUSED;
typedef bool (*roster_fn)(void *data, const struct roster_row *row);
/* Lines of one practice (0: all), ordered by practice, pcp, member, stream, fund. */
bool store_roster_each(struct store *store, months month, int64_t billing, roster_fn fn, void *data) WARN_UNUSED;
/* Lines that pay this payee for members of practices that are not itself (PCM-2), in the same order. */
bool store_roster_paid(struct store *store, months month, int64_t payee, roster_fn fn, void *data) WARN_UNUSED;
/* The FCN of a sum of money: made on first use, the same afterwards. */
struct fcn_key {
	days cycle_day;
	int64_t billing;
	enum posting_kind kind;
	months month;
	const char *stream, *fund;
	int sign;              /* -1 takes back, +1 pays */
};
bool store_fcn(struct store *store, char out[16], const struct fcn_key *key) WARN_UNUSED;

/* ---- ledger: append-only ---- */
struct cycle_row {
	int64_t id;
	days day;
	months month;          /* the month whose fee it pays */
	int64_t change;
	uint64_t payments;
	cents amount;          /* paid out */
};
bool store_cycle_find(struct store *store, bool *found, struct cycle_row *out, days day) WARN_UNUSED;
bool store_cycle_get(struct store *store, struct cycle_row *out, int64_t id) WARN_UNUSED;
bool store_cycle_of_month(struct store *store, bool *found, struct cycle_row *out, months month) WARN_UNUSED; /* the cycle that paid its fee */
bool store_cycle_newest(struct store *store, bool *found, struct cycle_row *out) WARN_UNUSED;
bool store_cycle_add(struct store *store, int64_t *id, const struct cycle_row *cycle) WARN_UNUSED;
bool store_cycle_total(struct store *store, int64_t id, uint64_t payments, cents amount) WARN_UNUSED;
bool store_posting_add(struct store *store, const struct posting *posting) WARN_UNUSED;
/* Net of the ledger for a member, one row per (month, stream, pcp, billing, fund) that is not zero, ordered by month.  With a
 * draft (0: none) as if it were released. */
bool store_posted_net(struct store *store, struct arena *arena, struct member_month **out, size_t *count, int64_t member, months first, months last,
	int64_t draft) WARN_UNUSED;
typedef bool (*posting_fn)(void *data, const struct posting *posting);
bool store_postings_of(struct store *store, int64_t member, posting_fn fn, void *data) WARN_UNUSED; /* oldest first */
/* `once` names what is posted once for ever: a lump sum and its payee, a sum that is held, its release. */
bool store_payee_posted(struct store *store, bool *found, const char *once) WARN_UNUSED;
bool store_payee_posting_add(struct store *store, const struct payee_posting *posting, const char *once) WARN_UNUSED;
/* What was held back for months up to `last` and not released yet, ordered by payee, month, fund. */
bool store_held(struct store *store, struct arena *arena, struct payee_posting **out, size_t *count, const char *stream, months last) WARN_UNUSED;
/* Those of a payee in a cycle under one FCN, by id. */
bool store_postings_under(struct store *store, int64_t cycle, int64_t billing, const char *fcn, posting_fn fn, void *data) WARN_UNUSED;
bool store_postings_in(struct store *store, int64_t cycle, posting_fn fn, void *data) WARN_UNUSED; /* by billing, then id */
/* Sums of a cycle, per (billing, kind, stream, month, fund, fcn), ordered so; reason NONE when they differ. */
struct posting_total {
	int64_t billing;
	enum posting_kind kind;
	char stream[STREAM_SIZE];
	months month;
	char fund[8];
	char fcn[16];
	cents amount;
	uint64_t member_months;
	enum reason why;
};
typedef bool (*total_fn)(void *data, const struct posting_total *total);
bool store_cycle_sums(struct store *store, int64_t cycle, total_fn fn, void *data) WARN_UNUSED;
/* Sums of all cycles up to a change (0: all), per (billing, stream, fund, month), ordered so. */
struct posted_sum {
	int64_t billing;
	char stream[STREAM_SIZE];
	char fund[8];
	months month;
	cents amount;
};
bool store_posted_sums(struct store *store, struct arena *arena, struct posted_sum **out, size_t *count, int64_t as_of_change) WARN_UNUSED;
/* What was posted for payees and no single member, in all cycles up to a change (0: all). */
bool store_payee_posted_sum(struct store *store, cents *sum, int64_t as_of_change) WARN_UNUSED;
/* Balances carried forward by earlier payments and not used yet, for a payee; oldest first. */
struct carried_row {
	char fcn[16];
	cents amount;
	int64_t change; /* of the cycle that carried it forward */
};
bool store_carried(struct store *store, struct arena *arena, struct carried_row **out, size_t *count, int64_t billing, int64_t as_of_change) WARN_UNUSED;
/* The payees that ever had a balance carried forward, by id. */
typedef bool (*owing_fn)(void *data, int64_t billing);
bool store_owing_each(struct store *store, owing_fn fn, void *data) WARN_UNUSED;
bool store_payment_add(struct store *store, int64_t *id, const struct payment *payment) WARN_UNUSED; /* with its lines; FB lines open or use up balances */
typedef bool (*payment_fn)(void *data, const struct payment *payment);
bool store_payments(struct store *store, struct arena *arena, int64_t cycle, payment_fn fn, void *data) WARN_UNUSED; /* ordered by billing id; lines included */
/* The payment of one payee in a cycle, if there is one. */
bool store_payment_of(struct store *store, struct arena *arena, int64_t cycle, int64_t billing, payment_fn fn, void *data) WARN_UNUSED;
/* All payments of a payee, oldest first; each is valid only during the call. */
bool store_payments_to(struct store *store, int64_t billing, int64_t as_of_change, payment_fn fn, void *data) WARN_UNUSED;
bool store_payment_by_fcn(struct store *store, struct arena *arena, bool *found, struct payment *out, const char *fcn) WARN_UNUSED;

/* ---- drafts: cycles that were prepared ----
 * The postings of a draft are in no ledger.  Released or discarded, the draft's row stays and its postings go: the ledger
 * has them, or nobody.  At most one draft is open. */
enum draft_state { DRAFT_PREPARED = 1, DRAFT_RELEASED, DRAFT_DISCARDED };
struct draft_row {
	int64_t id;
	days day;              /* of the cycle that it is to become */
	months month;
	bool fees;             /* it pays the month's fees; false: corrections only */
	enum draft_state state;
	days prepared;
	int64_t change;        /* the one that prepared it; a newer one makes it stale */
	char program_hash[65];
	uint64_t postings;
	cents amount;          /* what they come to */
	days closed;           /* released or discarded; DAYS_NONE */
	int64_t closed_change; /* 0: none */
	bool accepted;         /* it was past a threshold, and released all the same */
};
bool store_draft_open(struct store *store, bool *found, struct draft_row *out) WARN_UNUSED; /* the one that is open */
bool store_draft_of_month(struct store *store, bool *found, struct draft_row *out, months month) WARN_UNUSED; /* the newest */
bool store_draft_of_day(struct store *store, bool *found, struct draft_row *out, days day) WARN_UNUSED;       /* the newest */
typedef bool (*draft_fn)(void *data, const struct draft_row *draft);
bool store_drafts_each(struct store *store, draft_fn fn, void *data) WARN_UNUSED; /* oldest first */
bool store_draft_add(struct store *store, int64_t *id, const struct draft_row *draft) WARN_UNUSED;
bool store_draft_total(struct store *store, int64_t id, uint64_t postings, cents amount) WARN_UNUSED;
/* Released or discarded: its postings are forgotten. */
bool store_draft_close(struct store *store, const struct draft_row *draft) WARN_UNUSED;
bool store_draft_posting_add(struct store *store, int64_t draft, uint64_t position, const struct posting *posting) WARN_UNUSED;
bool store_draft_postings(struct store *store, int64_t draft, posting_fn fn, void *data) WARN_UNUSED; /* as they were added */
/* What a draft or a cycle comes to, per (billing, kind, stream, fund, reason, pays or takes), ordered so. */
struct review_sum {
	int64_t billing;
	enum posting_kind kind;
	char stream[STREAM_SIZE];
	char fund[8];
	enum reason reason;
	bool takes;            /* amount is below zero, as is that of each of its postings */
	cents amount;
	uint64_t postings;
};
bool store_draft_review(struct store *store, struct arena *arena, struct review_sum **out, size_t *count, int64_t draft) WARN_UNUSED;
bool store_cycle_review(struct store *store, struct arena *arena, struct review_sum **out, size_t *count, int64_t cycle) WARN_UNUSED;
typedef bool (*cycle_fn)(void *data, const struct cycle_row *cycle);
bool store_cycles_each(struct store *store, cycle_fn fn, void *data) WARN_UNUSED; /* by day */

/* ---- scratch ----
 * A table of bytes by key that may be larger than memory: in a file without a name, gone when it is closed.  No part of
 * any store. */
struct scratch;
struct scratch *scratch_open(struct failure *failure); /* NULL: a failure */
void scratch_close(struct scratch *scratch);
/* What was there under the key is replaced. */
bool scratch_put(struct scratch *scratch, struct slice key, struct slice value, struct failure *failure) WARN_UNUSED;
bool scratch_get(struct scratch *scratch, struct slice key, struct buffer *value, bool *found, struct failure *failure) WARN_UNUSED;
/* The first row whose key is behind `after`, which may be a view of *key. */
bool scratch_next(struct scratch *scratch, struct slice after, struct buffer *key, struct buffer *value, bool *found, struct failure *failure) WARN_UNUSED;

/* ---- copies ----
 * Every row of every table, counted and summed (SHA-256 over the rows in the order of their key): two stores with the
 * same sums hold the same, whatever their engines. */
struct table_sum {
	const char *table;
	uint64_t rows;
	char sum[65];
};
typedef bool (*table_sum_fn)(void *data, const struct table_sum *sum); /* in the order in which tables were made */
bool store_sums(struct store *store, table_sum_fn fn, void *data, struct failure *failure) WARN_UNUSED;
/* All of `from` into `to`, which must be empty: one transaction there; nobody writes to `from` meanwhile.  Each table is
 * read back and compared before fn hears of it. */
bool store_copy(struct store *from, struct store *to, table_sum_fn fn, void *data, struct failure *failure) WARN_UNUSED;

/* ---- health ---- */
/* Sums that must agree: roster lines and their fee postings, payments and postings and carried balances; false with a sentence if they do not. */
bool store_verify(struct store *store, struct failure *failure) WARN_UNUSED;
/* Those of one cycle only: what is asked before it is committed, at a cost that does not grow with the months before. */
bool store_verify_cycle(struct store *store, int64_t cycle, struct failure *failure) WARN_UNUSED;

#endif
