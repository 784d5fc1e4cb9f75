/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * load_order: files that come late or twice (BAD-2).
 *
 * Sets are ordered by the sender's own dates (BGN03).  A set that is older than one that was
 * applied is applied all the same, but not to members of whom a newer set spoke: what was
 * said last about a member holds, in whatever order the files arrive.  A full file speaks of
 * everybody.
 */
#include "exchange/load.h"

static bool store_failed(struct loader *loader)
{
	return office_store_failed(loader->office);
}

static void tell_set(struct loader *loader, enum finding_code code)
{
	struct finding finding = { .code = code, .severity = SEVERITY_NOTE };
	slice_copy(finding.segment_id, sizeof(finding.segment_id), SLICE("BGN"));
	slice_copy(finding.set_id, sizeof(finding.set_id), SLICE("834"));
	slice_copy(finding.set_control, sizeof(finding.set_control), slice_of(loader->set_control));
	slice_copy(finding.interchange, sizeof(finding.interchange), loader->row.control);
	load_tell(loader, &finding);
}

static bool keep_text(struct loader *loader, struct slice *out, struct slice text)
{
	*out = text.len == 0 ? SLICE_NONE : arena_slice(&loader->interchange_arena, text);
	return text.len == 0 || out->ptr != NULL || failure_set(&loader->office->failure, "could not take a set in: out of memory");
}

static bool sender_of(struct loader *loader)
{
	char sender[24];
	if (loader->sender.len > 0)
		return true;
	snprintf(sender, sizeof(sender), "%.*s %.*s", SLICE_ARG(loader->row.sender_qualifier), SLICE_ARG(loader->row.sender));
	return keep_text(loader, &loader->sender, slice_of(sender));
}

bool load_set_head(struct loader *loader, const struct enrolment_set *set)
{
	struct store *store = loader->office->store;
	struct enrolment_set_row *head = &loader->head;
	int64_t before = 0;
	days newest;
	if (head->interchange != 0)
		return true;
	*head = (struct enrolment_set_row){ .interchange = loader->row.id, .day = set->date };
	if (!sender_of(loader) || !keep_text(loader, &head->reference, set->reference) || !keep_text(loader, &head->purpose, set->purpose) ||
		!keep_text(loader, &head->action, set->action))
		return false;
	head->sender = loader->sender;
	if (!store_set_newest(store, &newest, &loader->newest_full, loader->sender) ||
		(head->reference.len > 0 && !store_set_reference(store, &before, loader->sender, head->reference)))
		return store_failed(loader);
	loader->late = set->date != DAYS_NONE && newest != DAYS_NONE && set->date < newest;
	if (loader->late)
		tell_set(loader, FINDING_SET_LATE);
	if (before != 0 && before != loader->row.id)
		tell_set(loader, FINDING_SET_AGAIN);
	return true;
}

bool load_set_applied(struct loader *loader)
{
	if (loader->head.interchange == 0 || loader->head.day == DAYS_NONE)
		return true;
	loader->head.position = loader->heads++;
	return store_set_add(loader->office->store, &loader->head) || store_failed(loader);
}

static bool day_of(struct loader *loader, days *day, int64_t interchange)
{
	*day = DAYS_NONE;
	if (interchange == 0)
		return true;
	if (interchange != loader->asked_interchange && !store_set_day(loader->office->store, &loader->asked_day, interchange))
		return store_failed(loader);
	loader->asked_interchange = interchange;
	*day = loader->asked_day;
	return true;
}

bool load_is_late(struct loader *loader, bool *late, const struct member *known)
{
	days said;
	*late = false;
	if (!loader->late)
		return true;
	if (loader->newest_full > loader->head.day) {
		*late = true;
		return true;
	}
	if (!day_of(loader, &said, known->origin.interchange))
		return false;
	*late = said > loader->head.day;
	for (size_t i = 0; i < known->span_count && !*late; i++) {
		if (!day_of(loader, &said, known->spans[i].origin.interchange))
			return false;
		*late = said > loader->head.day;
	}
	return true;
}
