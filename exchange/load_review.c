/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * load_review: what an interchange does to the membership as a whole: who is missing in a
 * full file, whose coverage it ends, whether that is more than the program allows without
 * somebody having looked (BAD-12, BAD-13), and in what it differs from the store.
 *
 * Whose coverage was ended is remembered by id and asked again at the end of the
 * interchange: a termination that the same file takes back ends nobody (BAD-14).
 */
#include "exchange/load.h"

static bool store_failed(struct loader *loader)
{
	return office_store_failed(loader->office);
}

/* ---- who was there ------------------------------------------------ */

static bool bit_set(struct loader *loader, struct member_bits *bits, int64_t member)
{
	return member_bit_set(bits, member) || failure_set(&loader->office->failure, "could not go on with a file: out of memory");
}

void load_review_begin(struct loader *loader)
{
	if (loader->seen.bytes != NULL)
		memset(loader->seen.bytes, 0, loader->seen.size);
	loader->ended_count = 0;
	loader->set_day = DAYS_NONE;
	loader->totals_differ = false;
}

void load_review_done(struct loader *loader)
{
	free(loader->seen.bytes);
	free(loader->ended);
}

bool load_seen(struct loader *loader, int64_t member)
{
	return bit_set(loader, &loader->seen, member);
}

bool load_ended(struct loader *loader, int64_t member, const struct member *before, const struct member *after)
{
	if (!coverage_is_ended(loader->office->program, before, after, loader->day))
		return true;
	if (loader->ended_count == loader->ended_size) {
		size_t size = loader->ended_size == 0 ? 256 : 2 * loader->ended_size;
		int64_t *ended = realloc(loader->ended, size * sizeof(*ended));
		if (ended == NULL)
			return failure_set(&loader->office->failure, "could not go on with a file: out of memory");
		loader->ended = ended;
		loader->ended_size = size;
	}
	loader->ended[loader->ended_count++] = member;
	return true;
}

/* ---- what differs ---------------------------------------------------------------- */

static bool say(struct loader *loader, const struct discrepancy *discrepancy)
{
	const struct discrepancy_sink *sink = loader->wish->discrepancies;
	return sink->say(sink->data, discrepancy);
}

/* The PCP that is asked for beside the one that was asked for last, if that waits or was granted. */
static bool say_pcp(struct loader *loader, const struct member *member, const struct enrolment_set *set, const struct member_record *record)
{
	struct request asked, newest;
	bool other_id, found;
	if (!enrol_request(&asked, &other_id, loader->office->program, set, record, (struct origin){ 0 }, loader->day))
		return true;
	if (!store_request_newest(loader->office->store, &loader->arena, &found, &newest, member->id))
		return store_failed(loader);
	found = found && (newest.state == REQUEST_PENDING || newest.state == REQUEST_ACCEPTED);
	if (found && strcmp(newest.npi, asked.npi) == 0)
		return true;
	return say(loader, &(struct discrepancy){ .kind = DISCREPANCY_PCP, .medicaid_id = member->medicaid_id, .what = "npi",
		.here = found ? slice_of(newest.npi) : SLICE_NONE, .file = slice_of(asked.npi),
		.origin = { loader->row.id, record->offset } });
}

bool load_differs(struct loader *loader, const struct enrolment_set *set, const struct member_record *record, const struct member *here,
	const struct enrolment *done)
{
	struct origin origin = { loader->row.id, record->offset };
	if (here == NULL) {
		bool compared = done->effect == ENROL_SET_ASIDE && done->note_count > 0 && done->notes[0] == FINDING_AUDIT_DIFFERS;
		return (done->effect != ENROL_NEW && !compared) || say(loader, &(struct discrepancy){ .kind = DISCREPANCY_MISSING_HERE,
			.medicaid_id = record->member_id, .what = "member", .file = record->member_id, .origin = origin });
	}
	if (done->effect == ENROL_SET_ASIDE)
		return true;
	const struct member *file = done->compared ? &done->says : &done->after;
	if (!member_same(here, file) && !discrepancies_tell(loader->wish->discrepancies, here, file, origin))
		return loader->office->failure.text[0] == '\0' ? failure_set(&loader->office->failure, "could not say what differs: out of memory")
							       : false;
	return say_pcp(loader, here, set, record);
}

/* ---- who is missing in a full file -------------------------------------------------- */

static bool not_seen(void *data, int64_t member)
{
	const struct loader *loader = data;
	return !member_bit_get(&loader->seen, member);
}

static void tell_missing(struct loader *loader, const struct member *member)
{
	if (loader->interchange.missing > LIMIT_FINDINGS_PER_SET) {
		loader->report->findings++;
		loader->report->notes++;
		return;
	}
	struct finding finding = { .code = FINDING_MISSING_IN_FULL, .severity = SEVERITY_NOTE };
	slice_copy(finding.business, sizeof(finding.business), member->medicaid_id);
	finding.value_len = (uint8_t)(member->medicaid_id.len < sizeof(finding.value) ? member->medicaid_id.len : sizeof(finding.value));
	memcpy(finding.value, member->medicaid_id.ptr, finding.value_len);
	load_tell(loader, &finding);
}

/* The file was looked at, and the program lets it end whom it does not name: on the day before the file's own. */
static bool end_missing(struct loader *loader, const struct member *member)
{
	struct member after;
	int64_t id;
	if (!coverage_end_all(&after, &loader->arena, member, loader->set_day - 1))
		return failure_set(&loader->office->failure, "could not end a member: out of memory");
	return (store_member_save(loader->office->store, &id, member, &after, (struct origin){ loader->row.id, 0 }) || store_failed(loader)) &&
		load_ended(loader, member->id, member, &after);
}

static bool missing(void *data, const struct member *member)
{
	struct loader *loader = data;
	enum reason why;
	if (member->merged_into != 0 || coverage_on(&why, loader->office->program, member, loader->day) == NULL)
		return true;
	loader->interchange.missing++;
	if (loader->ends_missing) {
		arena_reset(&loader->arena);
		return end_missing(loader, member);
	}
	if (loader->wish->discrepancies == NULL) {
		tell_missing(loader, member);
		return true;
	}
	return say(loader, &(struct discrepancy){ .kind = DISCREPANCY_MISSING_THERE, .medicaid_id = member->medicaid_id, .what = "member",
		.here = member->medicaid_id });
}

bool load_missing(struct loader *loader)
{
	const struct load_report *counts = &loader->interchange;
	/* never by a file in which anything is wrong or left out */
	loader->ends_missing = loader->wish->looked_at && program_safeguards(loader->office->program)->ends_missing && loader->full &&
		counts->aside == 0 && counts->refused == 0 && !loader->totals_differ && loader->set_day != DAYS_NONE;
	return store_members_wanted(loader->office->store, not_seen, missing, loader) || store_failed(loader);
}

/* ---- safeguards ------------------------------------------------------------------------ */

struct region {
	struct slice name;
	uint64_t covered, ended;
};
struct weighing {
	struct loader *loader;
	struct member_bits ended;
	struct region *places;
	size_t place_count, place_size;
	uint64_t covered;
	struct arena names;
};

/* Of those whom the interchange ended somewhere, who is ended by it as a whole. */
static bool count_ended(struct loader *loader, struct member_bits *bits)
{
	for (size_t i = 0; i < loader->ended_count; i++) {
		struct member member;
		if (member_bit_get(bits, loader->ended[i]))
			continue;
		arena_reset(&loader->arena);
		if (!store_member_get(loader->office->store, &loader->arena, &member, loader->ended[i], 0))
			return store_failed(loader);
		if (!coverage_is_ending(loader->office->program, &member, loader->day))
			continue;
		if (!bit_set(loader, bits, loader->ended[i]))
			return false;
		loader->interchange.ended++;
	}
	return true;
}

/* The town, outside of the program's towns the county. */
static struct region *place_of(struct weighing *weighing, const struct address *address)
{
	const char *town = program_town(weighing->loader->office->program, address);
	struct slice name = town != NULL ? slice_of(town) : address->county;
	for (size_t i = 0; i < weighing->place_count; i++)
		if (slice_equal(weighing->places[i].name, name))
			return &weighing->places[i];
	if (weighing->place_count == weighing->place_size) {
		size_t size = weighing->place_size == 0 ? 64 : 2 * weighing->place_size;
		struct region *places = realloc(weighing->places, size * sizeof(*places));
		if (places == NULL)
			return NULL;
		weighing->places = places;
		weighing->place_size = size;
	}
	struct region *place = &weighing->places[weighing->place_count];
	*place = (struct region){ .name = name.len == 0 ? name : arena_slice(&weighing->names, name) };
	if (name.len > 0 && place->name.ptr == NULL)
		return NULL;
	weighing->place_count++;
	return place;
}

/* Covered before: who is covered now, or was until this file. */
static bool weigh(void *data, const struct member *member)
{
	struct weighing *weighing = data;
	enum reason why;
	bool ended = member_bit_get(&weighing->ended, member->id);
	if (!ended && (member->merged_into != 0 || coverage_on(&why, weighing->loader->office->program, member, weighing->loader->day) == NULL))
		return true;
	struct region *place = place_of(weighing, &member->home);
	if (place == NULL)
		return failure_set(&weighing->loader->office->failure, "could not weigh what a file ends: out of memory");
	weighing->covered++;
	place->covered++;
	place->ended += ended;
	return true;
}

static void stop(struct loader *loader, uint64_t ended, uint64_t covered, struct slice place)
{
	struct finding finding = { .code = FINDING_TOO_MANY_ENDED, .severity = SEVERITY_REFUSE, .plain = true };
	struct buffer where;
	buffer_init(&where, 0);
	buffer_format(&where, "%llu of %llu%s%.*s", (unsigned long long)ended, (unsigned long long)covered, place.len > 0 ? " in " : "", SLICE_ARG(place));
	finding.value_len = (uint8_t)(where.len < sizeof(finding.value) ? where.len : sizeof(finding.value));
	memcpy(finding.value, where.ptr, finding.value_len);
	slice_copy(finding.interchange, sizeof(finding.interchange), loader->row.control);
	load_tell(loader, &finding);
	buffer_done(&where);
}

/* The walk over all members is made only by a file that ends as many as count. */
static bool weigh_all(struct weighing *weighing, bool *past)
{
	struct loader *loader = weighing->loader;
	const struct safeguards *limits = program_safeguards(loader->office->program);
	if (!store_members_each(loader->office->store, 0, weigh, weighing))
		return store_failed(loader);
	if (safeguard_past(limits, loader->interchange.ended, weighing->covered) != SAFEGUARD_HOLDS) {
		*past = true;
		stop(loader, loader->interchange.ended, weighing->covered, SLICE_NONE);
	}
	for (size_t i = 0; i < weighing->place_count; i++) {
		const struct region *place = &weighing->places[i];
		if (!safeguard_place_past(limits, place->ended, place->covered))
			continue;
		*past = true;
		stop(loader, place->ended, place->covered, place->name.len > 0 ? place->name : SLICE("no town or county"));
	}
	return true;
}

bool load_weigh(struct loader *loader, bool *past)
{
	const struct safeguards *limits = program_safeguards(loader->office->program);
	struct weighing weighing = { .loader = loader };
	*past = false;
	if (loader->ended_count == 0)
		return true;
	arena_init(&weighing.names, 0);
	bool done = count_ended(loader, &weighing.ended);
	bool limited = limits->ended_members != SAFEGUARD_NONE || limits->ended_percent != SAFEGUARD_NONE || limits->place_percent != SAFEGUARD_NONE;
	if (done && limited && !loader->wish->looked_at && loader->interchange.ended >= (uint64_t)limits->from_members && loader->interchange.ended > 0)
		done = weigh_all(&weighing, past);
	free(weighing.ended.bytes);
	free(weighing.places);
	arena_done(&weighing.names);
	return done;
}
