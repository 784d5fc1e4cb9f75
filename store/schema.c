/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * schema: the tables, as numbered steps.
 *
 * A table NOUN holds what is believed now, with the change that recorded it; NOUN_past
 * holds what was believed before, each row with the change that superseded it.  Spans
 * are never edited, so they carry `superseded` themselves.  As known at change C is:
 * recorded <= C and not superseded at or before C.
 *
 * Days are day numbers, months month numbers, money cents, all 64-bit integers; texts are
 * never NULL; a reference to nothing is NULL.  Reasons are kept as their codes, kinds and
 * states as the numbers of their enums, which therefore never change.
 *
 * Indexes are few: each costs at every insert of a load.
 */
#include "store/driver.h"

#define TEXT_COLUMN(name) name " TEXT NOT NULL, "
#define INT_COLUMN(name) name " INTEGER NOT NULL, "
#define ADDRESS_COLUMNS(place) \
	TEXT_COLUMN(place "_street") TEXT_COLUMN(place "_street2") TEXT_COLUMN(place "_city") \
	TEXT_COLUMN(place "_state") TEXT_COLUMN(place "_zip") TEXT_COLUMN(place "_town_code") \
	TEXT_COLUMN(place "_county")
#define ORIGIN_COLUMNS "origin_interchange INTEGER REFERENCES interchange (id), origin_offset INTEGER NOT NULL, "

#define MEMBER_COLUMNS \
	TEXT_COLUMN("medicaid_id") TEXT_COLUMN("case_number") \
	TEXT_COLUMN("last_name") TEXT_COLUMN("first_name") TEXT_COLUMN("middle_name") TEXT_COLUMN("suffix") \
	INT_COLUMN("born") INT_COLUMN("died") TEXT_COLUMN("sex") TEXT_COLUMN("language") TEXT_COLUMN("phone") \
	ADDRESS_COLUMNS("home") ADDRESS_COLUMNS("mail") \
	INT_COLUMN("confidential") TEXT_COLUMN("birth_sequence") \
	TEXT_COLUMN("head_last") TEXT_COLUMN("head_first") TEXT_COLUMN("head_middle") TEXT_COLUMN("ssn") \
	"merged_into INTEGER REFERENCES member (id), " ORIGIN_COLUMNS \
	"recorded INTEGER NOT NULL REFERENCES change (id)"
#define ASSIGNMENT_COLUMNS \
	"member INTEGER NOT NULL REFERENCES member (id), pcp INTEGER NOT NULL REFERENCES pcp (id), " \
	INT_COLUMN("begins") INT_COLUMN("ends") TEXT_COLUMN("source") INT_COLUMN("exception") \
	"request INTEGER REFERENCES request (id), processed INTEGER NOT NULL, " \
	"program INTEGER REFERENCES program (id), " TEXT_COLUMN("ended_why") ORIGIN_COLUMNS \
	"recorded INTEGER NOT NULL REFERENCES change (id)"
#define PCP_COLUMNS \
	TEXT_COLUMN("npi") TEXT_COLUMN("last_name") TEXT_COLUMN("first_name") TEXT_COLUMN("credential") \
	TEXT_COLUMN("specialty") TEXT_COLUMN("phone") TEXT_COLUMN("town") \
	INT_COLUMN("medicaid_begin") INT_COLUMN("medicaid_end") \
	INT_COLUMN("contract_begin") INT_COLUMN("contract_end") \
	INT_COLUMN("panel_limit") INT_COLUMN("facility_based") \
	"recorded INTEGER NOT NULL REFERENCES change (id)"
#define BILLING_COLUMNS \
	TEXT_COLUMN("npi") TEXT_COLUMN("medicaid_id") TEXT_COLUMN("name") TEXT_COLUMN("kind") TEXT_COLUMN("tax_id") \
	TEXT_COLUMN("street") TEXT_COLUMN("city") TEXT_COLUMN("state") TEXT_COLUMN("zip") TEXT_COLUMN("phone") \
	TEXT_COLUMN("trading_partner") TEXT_COLUMN("fiscal_year_end") TEXT_COLUMN("method") \
	TEXT_COLUMN("routing") TEXT_COLUMN("account") TEXT_COLUMN("account_kind") \
	"recorded INTEGER NOT NULL REFERENCES change (id)"
/* A noun's past: the versions 1 … of a row, each with the change that put the next in its place. */
#define PAST_TABLE(noun, columns) \
	"CREATE TABLE " noun "_past (id INTEGER NOT NULL, version INTEGER NOT NULL, " columns ", " \
	"superseded INTEGER NOT NULL REFERENCES change (id), PRIMARY KEY (id, version)) STRICT, WITHOUT ROWID"
/* `same`: a row of NEW's key, which REPLACE would take away without asking the delete trigger. */
#define APPEND_ONLY(table, same) \
	"CREATE TRIGGER " table "_update BEFORE UPDATE ON " table \
	" BEGIN SELECT RAISE (ABORT, 'rows of " table " are never changed'); END", \
	"CREATE TRIGGER " table "_delete BEFORE DELETE ON " table \
	" BEGIN SELECT RAISE (ABORT, 'rows of " table " are never deleted'); END", \
	"CREATE TRIGGER " table "_replace BEFORE INSERT ON " table " WHEN EXISTS (SELECT 1 FROM " table " WHERE " same ")" \
	" BEGIN SELECT RAISE (ABORT, 'rows of " table " are never replaced'); END"

static const char *const version_1[] = {
	"PRAGMA application_id = 0x5043434D",
	"CREATE TABLE program (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE) STRICT",
	"CREATE TABLE change (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, day INTEGER NOT NULL, "
	"program INTEGER REFERENCES program (id)) STRICT",
	"CREATE TABLE sequence (name TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID",

	"CREATE TABLE interchange (id INTEGER PRIMARY KEY, sender_qualifier TEXT NOT NULL, sender TEXT NOT NULL, "
	"receiver_qualifier TEXT NOT NULL, receiver TEXT NOT NULL, control TEXT NOT NULL, file TEXT NOT NULL, "
	"hash BLOB NOT NULL, bytes INTEGER NOT NULL, received INTEGER NOT NULL, ack TEXT NOT NULL, note TEXT NOT NULL, "
	"sets INTEGER NOT NULL, sets_accepted INTEGER NOT NULL, records INTEGER NOT NULL) STRICT",
	"CREATE INDEX interchange_key ON interchange (control, sender)",
	"CREATE TABLE document (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, owner INTEGER NOT NULL, name TEXT NOT NULL, "
	"bytes BLOB NOT NULL, UNIQUE (kind, owner, name)) STRICT",
	"CREATE INDEX document_order ON document (kind, owner)", /* and id: one by one, in order of writing */

	"CREATE TABLE member (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, name_key INTEGER NOT NULL, " MEMBER_COLUMNS
	") STRICT",
	"CREATE UNIQUE INDEX member_medicaid_id ON member (medicaid_id)",
	"CREATE INDEX member_case ON member (case_number) WHERE case_number <> ''",
	"CREATE INDEX member_name ON member (name_key)",
	"CREATE INDEX member_merged ON member (merged_into) WHERE merged_into IS NOT NULL",
	PAST_TABLE("member", MEMBER_COLUMNS),
	"CREATE TABLE member_alias (old_id TEXT PRIMARY KEY, member INTEGER NOT NULL REFERENCES member (id), "
	"recorded INTEGER NOT NULL REFERENCES change (id)) STRICT, WITHOUT ROWID",
	"CREATE TABLE span (id INTEGER PRIMARY KEY, member INTEGER NOT NULL REFERENCES member (id), "
	INT_COLUMN("begins") INT_COLUMN("ends") TEXT_COLUMN("plan") TEXT_COLUMN("line") TEXT_COLUMN("aid_category")
	TEXT_COLUMN("payment_category") TEXT_COLUMN("special_program") ORIGIN_COLUMNS
	"recorded INTEGER NOT NULL REFERENCES change (id), superseded INTEGER REFERENCES change (id)) STRICT",
	"CREATE INDEX span_member ON span (member)",

	"CREATE TABLE pcp (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, " PCP_COLUMNS ", UNIQUE (npi)) STRICT",
	PAST_TABLE("pcp", PCP_COLUMNS),
	"CREATE TABLE billing (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, " BILLING_COLUMNS ", UNIQUE (npi)) STRICT",
	PAST_TABLE("billing", BILLING_COLUMNS),
	"CREATE TABLE affiliation (pcp INTEGER NOT NULL REFERENCES pcp (id), billing INTEGER NOT NULL REFERENCES billing (id), "
	"begins INTEGER NOT NULL, ends INTEGER NOT NULL, version INTEGER NOT NULL, "
	"recorded INTEGER NOT NULL REFERENCES change (id), PRIMARY KEY (pcp, billing, begins)) STRICT, WITHOUT ROWID",
	"CREATE TABLE affiliation_past (pcp INTEGER NOT NULL, billing INTEGER NOT NULL, begins INTEGER NOT NULL, "
	"version INTEGER NOT NULL, ends INTEGER NOT NULL, recorded INTEGER NOT NULL REFERENCES change (id), "
	"superseded INTEGER NOT NULL REFERENCES change (id), PRIMARY KEY (pcp, billing, begins, version)) "
	"STRICT, WITHOUT ROWID",

	"CREATE TABLE request (id INTEGER PRIMARY KEY, member INTEGER NOT NULL REFERENCES member (id), "
	TEXT_COLUMN("npi") INT_COLUMN("received") INT_COLUMN("processed") INT_COLUMN("asked_from") TEXT_COLUMN("channel")
	TEXT_COLUMN("relationship") TEXT_COLUMN("source") INT_COLUMN("state") TEXT_COLUMN("reason") ORIGIN_COLUMNS
	"recorded INTEGER NOT NULL REFERENCES change (id)) STRICT",
	"CREATE INDEX request_member ON request (member)",
	"CREATE INDEX request_state ON request (state, processed)",
	"CREATE TABLE judgement (id INTEGER PRIMARY KEY, request INTEGER NOT NULL REFERENCES request (id), "
	INT_COLUMN("day") INT_COLUMN("state") TEXT_COLUMN("reason") INT_COLUMN("effective")
	"program INTEGER REFERENCES program (id), trace TEXT NOT NULL, "
	"recorded INTEGER NOT NULL REFERENCES change (id)) STRICT",
	"CREATE INDEX judgement_request ON judgement (request)",
	/* retired assignments leave this table: AUTOINCREMENT keeps their ids from coming again */
	"CREATE TABLE assignment (id INTEGER PRIMARY KEY AUTOINCREMENT, version INTEGER NOT NULL, " ASSIGNMENT_COLUMNS
	") STRICT",
	"CREATE INDEX assignment_member ON assignment (member)",
	"CREATE INDEX assignment_pcp ON assignment (pcp)",
	PAST_TABLE("assignment", ASSIGNMENT_COLUMNS),
	"CREATE INDEX assignment_past_member ON assignment_past (member)",

	"CREATE TABLE frozen_month (month INTEGER PRIMARY KEY, made INTEGER NOT NULL, change INTEGER NOT NULL, "
	"cycle_day INTEGER NOT NULL, members INTEGER NOT NULL, amount INTEGER NOT NULL) STRICT",
	"CREATE TABLE roster_line (month INTEGER NOT NULL REFERENCES frozen_month (month), "
	"billing INTEGER NOT NULL REFERENCES billing (id), pcp INTEGER NOT NULL REFERENCES pcp (id), "
	"member INTEGER NOT NULL REFERENCES member (id), fund TEXT NOT NULL, amount INTEGER NOT NULL, fcn TEXT NOT NULL, "
	"PRIMARY KEY (month, billing, pcp, member)) STRICT, WITHOUT ROWID",
	"CREATE TABLE fcn (cycle_day INTEGER NOT NULL, billing INTEGER NOT NULL, kind INTEGER NOT NULL, "
	"month INTEGER NOT NULL, fund TEXT NOT NULL, sign INTEGER NOT NULL, fcn TEXT NOT NULL, "
	"PRIMARY KEY (cycle_day, billing, kind, month, fund, sign)) STRICT, WITHOUT ROWID",
	"CREATE TABLE cycle (id INTEGER PRIMARY KEY, day INTEGER NOT NULL UNIQUE, month INTEGER NOT NULL, "
	"change INTEGER NOT NULL, payments INTEGER NOT NULL, amount INTEGER NOT NULL) STRICT",
	"CREATE TABLE posting (id INTEGER PRIMARY KEY, member INTEGER NOT NULL REFERENCES member (id), "
	"month INTEGER NOT NULL, pcp INTEGER NOT NULL REFERENCES pcp (id), billing INTEGER NOT NULL REFERENCES billing (id), "
	"fund TEXT NOT NULL, amount INTEGER NOT NULL, kind INTEGER NOT NULL, reason TEXT NOT NULL, "
	"cycle INTEGER NOT NULL REFERENCES cycle (id), fcn TEXT NOT NULL) STRICT",
	"CREATE INDEX posting_member ON posting (member, month)",
	"CREATE INDEX posting_cycle ON posting (cycle, billing)",
	"CREATE TABLE payment (id INTEGER PRIMARY KEY, billing INTEGER NOT NULL REFERENCES billing (id), "
	"cycle INTEGER NOT NULL REFERENCES cycle (id), cycle_date INTEGER NOT NULL, effective_date INTEGER NOT NULL, "
	"amount INTEGER NOT NULL CHECK (amount >= 0), trace TEXT NOT NULL, control INTEGER NOT NULL, "
	"UNIQUE (cycle, billing)) STRICT", /* 835-7: one payee, one cycle, one payment */
	"CREATE INDEX payment_billing ON payment (billing)",
	"CREATE TABLE payment_line (payment INTEGER NOT NULL REFERENCES payment (id), position INTEGER NOT NULL, "
	"plb_code TEXT NOT NULL, reason TEXT NOT NULL, fund TEXT NOT NULL, fcn TEXT NOT NULL, month INTEGER NOT NULL, "
	"amount INTEGER NOT NULL CHECK (amount <> 0), member_months INTEGER NOT NULL, why TEXT NOT NULL, " /* 835-4 */
	"reference TEXT NOT NULL, PRIMARY KEY (payment, position)) STRICT, WITHOUT ROWID",
	"CREATE INDEX payment_line_fcn ON payment_line (fcn)",
	"CREATE INDEX payment_line_carried ON payment_line (payment) WHERE plb_code = 'FB'",
	APPEND_ONLY("posting", "id = NEW.id"),
	APPEND_ONLY("payment", "id = NEW.id OR cycle = NEW.cycle AND billing = NEW.billing"),
	APPEND_ONLY("payment_line", "payment = NEW.payment AND position = NEW.position"),
	NULL,
};

/* version 2: not released yet, so that it may still grow */
static const char *const version_2[] = {
	"CREATE TABLE attribute (id INTEGER PRIMARY KEY, subject INTEGER NOT NULL, subject_id INTEGER NOT NULL, "
	TEXT_COLUMN("name") TEXT_COLUMN("value") INT_COLUMN("begins") INT_COLUMN("ends") TEXT_COLUMN("source")
	"recorded INTEGER NOT NULL REFERENCES change (id), superseded INTEGER REFERENCES change (id)) STRICT",
	"CREATE INDEX attribute_subject ON attribute (subject_id, subject)",
	"CREATE TABLE visit (member INTEGER NOT NULL REFERENCES member (id), day INTEGER NOT NULL, npi TEXT NOT NULL, "
	TEXT_COLUMN("source") "recorded INTEGER NOT NULL REFERENCES change (id), PRIMARY KEY (member, day, npi)) "
	"STRICT, WITHOUT ROWID",
	"CREATE TABLE notice (member INTEGER NOT NULL REFERENCES member (id), kind TEXT NOT NULL, month INTEGER NOT NULL, "
	"about TEXT NOT NULL, " INT_COLUMN("told") INT_COLUMN("since") INT_COLUMN("day")
	"recorded INTEGER NOT NULL REFERENCES change (id), PRIMARY KEY (member, kind, month, about)) STRICT, WITHOUT ROWID",
	"CREATE INDEX notice_month ON notice (month)",
	"ALTER TABLE request ADD COLUMN cause TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE request ADD COLUMN entry TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE request ADD COLUMN ordered INTEGER NOT NULL DEFAULT 0",
	/* streams: a member-month is paid by several, each from one fund or more, to the practice or another payee */
	"CREATE TABLE roster_line_2 (month INTEGER NOT NULL REFERENCES frozen_month (month), "
	"billing INTEGER NOT NULL REFERENCES billing (id), pcp INTEGER NOT NULL REFERENCES pcp (id), "
	"member INTEGER NOT NULL REFERENCES member (id), stream TEXT NOT NULL, fund TEXT NOT NULL, "
	"payee INTEGER NOT NULL REFERENCES billing (id), patient INTEGER NOT NULL, amount INTEGER NOT NULL, fcn TEXT NOT NULL, "
	"PRIMARY KEY (month, billing, pcp, member, stream, fund)) STRICT, WITHOUT ROWID",
	"INSERT INTO roster_line_2 (month, billing, pcp, member, stream, fund, payee, patient, amount, fcn) "
	"SELECT month, billing, pcp, member, 'fee', fund, billing, 1, amount, fcn FROM roster_line",
	"DROP TABLE roster_line",
	"ALTER TABLE roster_line_2 RENAME TO roster_line",
	"CREATE INDEX roster_line_payee ON roster_line (month, payee) WHERE payee <> billing",
	"CREATE TABLE fcn_2 (cycle_day INTEGER NOT NULL, billing INTEGER NOT NULL, kind INTEGER NOT NULL, "
	"month INTEGER NOT NULL, stream TEXT NOT NULL, fund TEXT NOT NULL, sign INTEGER NOT NULL, fcn TEXT NOT NULL, "
	"PRIMARY KEY (cycle_day, billing, kind, month, stream, fund, sign)) STRICT, WITHOUT ROWID",
	"INSERT INTO fcn_2 (cycle_day, billing, kind, month, stream, fund, sign, fcn) "
	"SELECT cycle_day, billing, kind, month, CASE kind WHEN 0 THEN '' ELSE 'fee' END, fund, sign, fcn FROM fcn",
	"DROP TABLE fcn",
	"ALTER TABLE fcn_2 RENAME TO fcn",
	"ALTER TABLE posting ADD COLUMN stream TEXT NOT NULL DEFAULT 'fee'",
	"ALTER TABLE payment_line ADD COLUMN stream TEXT NOT NULL DEFAULT 'fee'",
	/* what is paid to, or held back from, a payee for no member: each once, by its key */
	"CREATE TABLE payee_posting (id INTEGER PRIMARY KEY, billing INTEGER NOT NULL REFERENCES billing (id), "
	"stream TEXT NOT NULL, kind INTEGER NOT NULL, month INTEGER NOT NULL, fund TEXT NOT NULL, amount INTEGER NOT NULL, "
	"cycle INTEGER NOT NULL REFERENCES cycle (id), fcn TEXT NOT NULL, once TEXT NOT NULL UNIQUE) STRICT",
	"CREATE INDEX payee_posting_cycle ON payee_posting (cycle, billing)",
	APPEND_ONLY("payee_posting", "id = NEW.id"),
	/* A cycle that was prepared: its postings stand here until it is released into the ledger or discarded. */
	"CREATE TABLE draft (id INTEGER PRIMARY KEY, day INTEGER NOT NULL, month INTEGER NOT NULL, fees INTEGER NOT NULL, "
	"state INTEGER NOT NULL, prepared INTEGER NOT NULL, change INTEGER NOT NULL REFERENCES change (id), "
	"postings INTEGER NOT NULL, amount INTEGER NOT NULL, closed INTEGER NOT NULL, "
	"closed_change INTEGER REFERENCES change (id), accepted INTEGER NOT NULL) STRICT",
	"CREATE INDEX draft_month ON draft (month)",
	"CREATE TABLE draft_posting (draft INTEGER NOT NULL REFERENCES draft (id), position INTEGER NOT NULL, "
	"member INTEGER NOT NULL REFERENCES member (id), month INTEGER NOT NULL, stream TEXT NOT NULL, "
	"pcp INTEGER NOT NULL REFERENCES pcp (id), billing INTEGER NOT NULL REFERENCES billing (id), fund TEXT NOT NULL, "
	"amount INTEGER NOT NULL, kind INTEGER NOT NULL, reason TEXT NOT NULL, fcn TEXT NOT NULL, PRIMARY KEY (draft, position)) STRICT, WITHOUT ROWID",
	"CREATE INDEX draft_posting_member ON draft_posting (draft, member)",
	/* the hash of the newest 834 record that the member reflects: no belief, so the past has none; 0: of none */
	"ALTER TABLE member ADD COLUMN reflects INTEGER NOT NULL DEFAULT 0",
	/* transaction sets that were applied: what came before what, by the sender's own dates */
	"CREATE TABLE enrolment_set (interchange INTEGER NOT NULL REFERENCES interchange (id), position INTEGER NOT NULL, "
	TEXT_COLUMN("sender") TEXT_COLUMN("reference") TEXT_COLUMN("purpose") TEXT_COLUMN("action") "day INTEGER NOT NULL, "
	"PRIMARY KEY (interchange, position)) STRICT, WITHOUT ROWID",
	"CREATE INDEX enrolment_set_day ON enrolment_set (sender, day)",
	"CREATE INDEX enrolment_set_reference ON enrolment_set (sender, reference)",
	/* members who were merged by mistake: the smaller id first */
	"CREATE TABLE member_apart (member INTEGER NOT NULL REFERENCES member (id), other INTEGER NOT NULL REFERENCES member (id), "
	"PRIMARY KEY (member, other)) STRICT, WITHOUT ROWID",
	/* a file that waits for somebody to look at it; its bytes leave when it is applied or discarded */
	"CREATE TABLE staged (id INTEGER PRIMARY KEY, " TEXT_COLUMN("file") "hash BLOB NOT NULL, " INT_COLUMN("bytes") INT_COLUMN("made")
	INT_COLUMN("seen_change") INT_COLUMN("state") INT_COLUMN("closed") INT_COLUMN("received") INT_COLUMN("applied") INT_COLUMN("added")
	INT_COLUMN("unchanged") INT_COLUMN("ended") "missing INTEGER NOT NULL) STRICT",
	"CREATE TABLE staged_piece (staged INTEGER NOT NULL REFERENCES staged (id), position INTEGER NOT NULL, bytes BLOB NOT NULL, "
	"PRIMARY KEY (staged, position)) STRICT",
	"CREATE INDEX affiliation_billing ON affiliation (billing)",
	NULL,
};

static const char *const *const steps[] = { version_1, version_2 };
const int schema_version = (int)COUNT_OF(steps);

const char *const *schema_step(int from)
{
	assert(from >= 0 && from < schema_version);
	return steps[from];
}
