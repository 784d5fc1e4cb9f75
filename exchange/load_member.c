/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * load_member: one member of an 834 into the store.
 *
 * Most records of a full file say what they said the last time.  So the hash of what a record
 * says (records/hash.c) is kept with the member whom it was applied to, if applying it once
 * more would change nothing: enrol() itself is asked.  A record with the same hash is then
 * passed over: whatever else happens to the member, or to what was asked for it, makes the
 * store forget the hash.
 */
#include "exchange/load.h"

static bool store_failed(struct loader *loader)
{
	return office_store_failed(loader->office);
}

/* ---- what is told ---------------------------------------------------------------- */

/* As much of the text as fits; its length. */
static size_t slice_fit(char *out, size_t size, struct slice text)
{
	size_t len = text.len < size ? text.len : size;
	if (len > 0)
		memcpy(out, text.ptr, len);
	return len;
}

static void tell_note(struct loader *loader, enum finding_code code, const struct member_record *record)
{
	struct finding finding = { .code = code, .severity = SEVERITY_NOTE };
	finding.place.offset = record->offset;
	finding.place.segment = record->segment;
	slice_copy(finding.segment_id, sizeof(finding.segment_id), SLICE("INS"));
	slice_copy(finding.loop, sizeof(finding.loop), SLICE("2000"));
	slice_copy(finding.set_id, sizeof(finding.set_id), SLICE("834"));
	slice_copy(finding.set_control, sizeof(finding.set_control), slice_of(loader->set_control));
	slice_copy(finding.business, sizeof(finding.business), record->member_id);
	finding.value_len = (uint8_t)slice_fit(finding.value, sizeof(finding.value), record->member_id);
	load_tell(loader, &finding);
}

/* ---- the PCP asked for -------------------------------------------------------------- */

/* The record names a PCP: a new request, unless it is the one that is pending or in force already (*id 0). */
static bool add_request(struct loader *loader, int64_t *id, int64_t member, bool known, const struct request *asked)
{
	struct request request = *asked;
	request.member = member;
	request.received = request.processed = loader->day;
	request.state = REQUEST_PENDING;
	if (!known) { /* a new member has asked for nothing before */
		loader->set.requests++;
		return store_request_record(loader->office->store, id, &request) || store_failed(loader);
	}
	if (!request_keep(loader->office, &loader->arena, loader->day, id, &request))
		return false;
	loader->set.requests += *id != 0;
	return true;
}

/* ---- what was added before ------------------------------------------------------- */

/* What the interchange added to this member so far, in the arena of the member. */
static bool added_of(struct loader *loader, struct additions *out, int64_t member)
{
	uint64_t kept = loader->added_count < ADDED_MAX ? loader->added_count : ADDED_MAX;
	struct addition *items = NULL;
	*out = (struct additions){ .items = NULL };
	for (uint64_t i = 0; member != 0 && i < kept; i++) {
		const struct added *added = &loader->added[i];
		if (added->member != member)
			continue;
		if (items == NULL)
			out->items = items = arena_alloc(&loader->arena, (size_t)kept * sizeof(*items));
		if (items == NULL)
			return failure_set(&loader->office->failure, "could not apply a member: out of memory");
		items[out->count++] = (struct addition){ added->begin, { added->plan, added->len } };
	}
	return true;
}

static bool remember_added(struct loader *loader, int64_t member, const struct member_record *record)
{
	struct addition addition;
	for (const struct coverage_record *coverage = record->coverages; coverage != NULL; coverage = coverage->next) {
		if (!coverage_addition(&addition, record, coverage) || addition.plan.len > sizeof(loader->added->plan))
			continue;
		if (loader->added == NULL)
			loader->added = calloc(ADDED_MAX, sizeof(*loader->added));
		if (loader->added == NULL)
			return failure_set(&loader->office->failure, "could not apply a member: out of memory");
		struct added *added = &loader->added[loader->added_count++ % ADDED_MAX];
		*added = (struct added){ .member = member, .begin = addition.begin, .len = (uint8_t)addition.plan.len };
		memcpy(added->plan, addition.plan.ptr, addition.plan.len);
	}
	return true;
}

/* ---- one member ----------------------------------------------------------------------- */

/* What a record of this file says, and to whom it says it: 0 if it does not name its member. */
static uint64_t hash_of(const struct loader *loader, const struct enrolment_set *set, const struct member_record *record)
{
	if (record->member_id.len == 0)
		return 0;
	uint64_t hash = record_hash(hash64(loader->hash_seed, set->action.ptr, set->action.len), RECORD_MEMBER, record);
	return hash == 0 ? 1 : hash;
}

uint64_t load_hash_seed(const struct program *program)
{
	return hash64(hash64(0, PCCM_VERSION, strlen(PCCM_VERSION)), program_hash(program), strlen(program_hash(program)));
}

/* May the member be said to reflect the record: would the record, applied to what it left, change and tell nothing? */
static bool reflects(struct loader *loader, bool *out, const struct enrolment_set *set, const struct member_record *record,
	const struct enrolment *done, const struct additions *earlier)
{
	struct enrolment again;
	*out = done->lasting && earlier->count == 0 && slice_equal(done->after.medicaid_id, record->member_id);
	if (!*out || done->effect == ENROL_SAME)
		return true;
	if (!enrol(&again, &loader->arena, loader->office->program, set, record, &done->after, (struct origin){ 0 }, loader->day, NULL))
		return failure_set(&loader->office->failure, "could not apply a member: out of memory");
	*out = again.effect == ENROL_SAME && again.lasting;
	return true;
}

struct applying {
	const struct enrolment_set *set;
	const struct member_record *record;
	struct member_standing standing;
	uint64_t hash;
	bool known;
	struct member before;
	struct additions earlier; /* by records of the same file */
	struct origin origin;
	struct enrolment done;
	bool holds;               /* the member reflects the record from now on */
};

static bool find(struct loader *loader, struct applying *applying, struct slice id)
{
	struct store *store = loader->office->store;
	if (id.len == 0)
		return true;
	bool fine = applying->standing.member != 0
		? store_member_find(store, &loader->arena, &applying->known, &applying->before, id)
		: store_member_find_other(store, &loader->arena, &applying->known, &applying->before, id);
	return fine || store_failed(loader);
}

/* What enrol() found to be true is written. */
static bool keep(struct loader *loader, int64_t *member, const struct applying *applying)
{
	struct store *store = loader->office->store;
	const struct enrolment *done = &applying->done;
	*member = applying->known ? applying->before.id : 0;
	if (done->effect == ENROL_SAME) {
		loader->set.unchanged++;
		return !applying->holds || store_member_reflects(store, *member, applying->hash) || store_failed(loader);
	}
	loader->set.applied++;
	loader->set.added += done->effect == ENROL_NEW;
	if (applying->known && !load_ended(loader, *member, &applying->before, &done->after))
		return false;
	return store_member_record(store, member, applying->known ? &applying->before : NULL, &done->after, applying->origin,
		       applying->holds ? applying->hash : 0) ||
		store_failed(loader);
}

/* Ids of newborns who came under the mother's: hers, and a number. */
#define NEWBORN_ID_BYTES 100
static struct slice newborn_id(char id[NEWBORN_ID_BYTES], struct slice mother, unsigned number)
{
	int len = snprintf(id, NEWBORN_ID_BYTES, "%.*s-N%u", (int)(mother.len < 80 ? mother.len : 80), mother.ptr, number);
	return (struct slice){ id, (size_t)len };
}

/* The newborn under this id who is the person of the record, by birth and birth sequence: *found 0 if there is none, or no one alone. */
static bool find_newborn(struct loader *loader, int64_t *found, struct slice mother, const struct member_record *record)
{
	char id[NEWBORN_ID_BYTES];
	int64_t named = 1;
	size_t count = 0;
	*found = 0;
	for (unsigned n = 1; named != 0 && n <= 9; n++) {
		struct member member;
		if (!store_member_named(loader->office->store, &named, newborn_id(id, mother, n)) ||
			(named != 0 && !store_member_get(loader->office->store, &loader->arena, &member, named, 0)))
			return store_failed(loader);
		if (named == 0 || member.merged_into != 0 || member.born != record->born)
			continue;
		if (record->birth_sequence.len > 0 && slice_equal(record->birth_sequence, member.birth_sequence)) {
			*found = named;
			return true;
		}
		if (record->birth_sequence.len > 0 && member.birth_sequence.len > 0)
			continue;
		*found = named;
		count++;
	}
	if (count > 1) /* twins: rather none than the wrong one */
		*found = 0;
	return true;
}

/* The id that is to become one of this member's, in the member arena; empty: none, and if somebody has to know why, it is told. */
static bool prior_alias(struct loader *loader, struct slice *alias, const struct applying *applying, int64_t member)
{
	struct store *store = loader->office->store;
	struct member known;
	int64_t newborn;
	bool found, apart;
	*alias = SLICE_NONE;
	if (!store_member_find(store, &loader->arena, &found, &known, applying->done.prior_id))
		return store_failed(loader);
	if (!found && applying->record->prior_id.len > 0) /* 2100B may hold what is no Medicaid id at all */
		*alias = applying->done.prior_id;
	if (!found || known.id == member)
		return true;
	if (!store_apart(store, &apart, member, known.id))
		return store_failed(loader);
	if (apart) {
		tell_note(loader, FINDING_PRIOR_APART, applying->record);
		return true;
	}
	*alias = applying->done.prior_id;
	if (!record_is_other(&known, applying->record))
		return true;
	*alias = SLICE_NONE; /* it is the mother's */
	if (!find_newborn(loader, &newborn, applying->done.prior_id, applying->record))
		return false;
	if (newborn == 0)
		tell_note(loader, FINDING_OTHER_PERSON, applying->record);
	else if (!store_member_get(store, &loader->arena, &known, newborn, 0))
		return store_failed(loader);
	else
		*alias = known.medicaid_id;
	return true;
}

/* REF*Q4: the other id is this member's; *merged if it was a member of its own. */
static bool take_prior_id(struct loader *loader, bool *merged, const struct applying *applying, int64_t member)
{
	struct slice alias;
	int64_t other;
	*merged = false;
	if (applying->done.prior_id.len == 0)
		return true;
	if (!prior_alias(loader, &alias, applying, member))
		return false;
	if (alias.len == 0)
		return true;
	if (!store_member_alias(loader->office->store, &other, member, alias))
		return store_failed(loader);
	*merged = other != 0;
	if (!*merged)
		return true;
	tell_note(loader, FINDING_MERGED, applying->record);
	return merge_history(loader->office, &loader->arena, member, other, applying->origin, loader->day);
}

/* The request, then the member that reflects the record; but a new member first, and one that another id is merged into. */
static bool write(struct loader *loader, struct applying *applying)
{
	const struct enrolment *done = &applying->done;
	int64_t member = applying->known ? applying->before.id : 0, request = 0;
	bool first = done->requested && applying->known && done->prior_id.len == 0, merged;
	if (first && !add_request(loader, &request, member, true, &done->request))
		return false;
	if (!reflects(loader, &applying->holds, applying->set, applying->record, done, &applying->earlier))
		return false;
	if (first && request == 0 && applying->holds && !request_lasts(loader->office, &loader->arena, &applying->holds, member))
		return false;
	if (!keep(loader, &member, applying) || !take_prior_id(loader, &merged, applying, member))
		return false;
	if (loader->whole && !load_seen(loader, member))
		return false;
	/* what the other id asked for may be waiting now */
	return !done->requested || first || add_request(loader, &request, member, applying->known || merged, &done->request);
}

static bool apply(struct loader *loader, struct applying *applying)
{
	struct enrolment *done = &applying->done;
	const struct member_record *record = applying->record;
	if (!enrol(done, &loader->arena, loader->office->program, applying->set, record, applying->known ? &applying->before : NULL,
		    applying->origin, loader->day, &applying->earlier))
		return failure_set(&loader->office->failure, "could not apply a member: out of memory");
	if (loader->wish->discrepancies != NULL && !load_differs(loader, applying->set, record, applying->known ? &applying->before : NULL, done))
		return false;
	for (size_t i = 0; i < done->note_count; i++)
		if (loader->wish->discrepancies == NULL || done->notes[i] != FINDING_AUDIT_DIFFERS) /* which says more */
			tell_note(loader, done->notes[i], record);
	if (done->effect == ENROL_SET_ASIDE) {
		loader->set.aside++;
		return true;
	}
	if (applying->known && !loader->full && !remember_added(loader, applying->before.id, record))
		return false;
	return write(loader, applying);
}

/* A newborn's record under the mother's id, as a record under an id of its own. */
struct newborn {
	bool is;
	char id[NEWBORN_ID_BYTES], case_number[NEWBORN_ID_BYTES];
	struct member_record record;
};

/* By INS17; else the first number that is free, or that of the same birth and name. */
static bool newborn_number(struct loader *loader, unsigned *number, const struct member_record *record)
{
	uint64_t sequence;
	char id[NEWBORN_ID_BYTES];
	if (slice_number(&sequence, record->birth_sequence) && sequence >= 1 && sequence <= 9) {
		*number = (unsigned)sequence;
		return true;
	}
	for (*number = 1; *number < 9; ++*number) {
		struct member member;
		int64_t named;
		if (!store_member_named(loader->office->store, &named, newborn_id(id, record->member_id, *number)) ||
			(named != 0 && !store_member_get(loader->office->store, &loader->arena, &member, named, 0)))
			return store_failed(loader);
		if (named == 0 || (member.born == record->born && slice_equal(member.first, record->first)))
			return true;
	}
	return true;
}

/* The id is somebody else's: a newborn is taken in apart, anybody else is set aside. */
static bool somebody_else(struct loader *loader, struct newborn *newborn, const struct member_record *record, const struct member *known)
{
	unsigned number;
	if (!record_is_newborn(known, record, loader->day) || slice_is(record->maintenance, "024")) {
		tell_note(loader, FINDING_OTHER_PERSON, record);
		loader->set.aside++;
		return true;
	}
	if (!newborn_number(loader, &number, record))
		return false;
	newborn->is = true;
	newborn->record = *record;
	newborn->record.member_id = newborn_id(newborn->id, record->member_id, number);
	if (record->case_number.len == 0) {
		slice_copy(newborn->case_number, sizeof(newborn->case_number), known->case_number);
		newborn->record.case_number = slice_of(newborn->case_number);
	}
	tell_note(loader, FINDING_NEWBORN, record);
	return true;
}

static bool is_compared(const struct enrolment_set *set, const struct member_record *record)
{
	return slice_is(set->action, "4") || (slice_is(record->maintenance, "030") && !slice_is(set->action, "RX"));
}

/* `newborn` NULL: whoever it is, the id is its own. */
static bool load_one(struct loader *loader, const struct enrolment_set *set, const struct member_record *record, struct newborn *newborn)
{
	struct applying applying = { .set = set, .record = record, .hash = hash_of(loader, set, record),
		.origin = { loader->row.id, record->offset } };
	struct slice id = record->member_id.len > 0 ? record->member_id : record->id;
	int64_t member;
	arena_reset(&loader->arena);
	if (id.len > 0 && !store_member_standing(loader->office->store, &applying.standing, id))
		return store_failed(loader);
	member = applying.standing.member;
	if (!added_of(loader, &applying.earlier, member))
		return false;
	if (applying.hash != 0 && applying.standing.reflects == applying.hash && applying.earlier.count == 0 && !loader->office->thorough) {
		loader->set.unchanged++;
		loader->set.passed_over++;
		return (!loader->whole || load_seen(loader, member)) && (loader->full || remember_added(loader, member, record));
	}
	if (!find(loader, &applying, id))
		return false;
	bool late = false;
	if (applying.known && !is_compared(set, record) && !load_is_late(loader, &late, &applying.before))
		return false;
	if (late) {
		tell_note(loader, FINDING_RECORD_LATE, record);
		loader->set.aside++;
		return !loader->whole || load_seen(loader, applying.before.id);
	}
	if (applying.known && newborn != NULL && !is_compared(set, record) && record_is_other(&applying.before, record))
		return somebody_else(loader, newborn, record, &applying.before);
	if (applying.known && applying.before.id != member && !added_of(loader, &applying.earlier, applying.before.id))
		return false;
	return apply(loader, &applying);
}

bool load_member(struct loader *loader, const struct enrolment_set *set, const struct member_record *record)
{
	struct newborn newborn = { .is = false };
	return load_one(loader, set, record, &newborn) && (!newborn.is || load_one(loader, set, &newborn.record, NULL));
}
