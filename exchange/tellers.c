/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * tellers: the member records of a file, asked for one at a time, so that two files can be
 * read side by side.
 *
 * Holds at every return: `waiting` is true while the walker may have events of the item that
 * was read last.
 */
#include "exchange/told.h"

struct tellers {
	struct diff_side *side;
	struct source *source;
	struct items *items;
	struct walker *walker;
	struct binder *binder;
	struct findings findings;
	struct reader_item item;
	const struct guide *guide; /* of the open set; NULL: it is passed over */
	bool waiting, ending;      /* ending: SE was walked, the loops are still open */
	bool headed;
};

struct tellers *tellers_open(const char *path, struct diff_side *side, struct failure *failure)
{
	struct tellers *tellers = calloc(1, sizeof(*tellers));
	if (tellers == NULL) {
		failure_set(failure, "could not read %s: out of memory", path);
		return NULL;
	}
	tellers->side = side;
	findings_init(&tellers->findings);
	tellers->source = source_open(path, failure);
	tellers->items = tellers->source == NULL ? NULL : items_of(tellers->source, failure);
	tellers->walker = walker_new();
	tellers->binder = binder_new();
	if (tellers->items != NULL && tellers->walker != NULL && tellers->binder != NULL)
		return tellers;
	failure_set(failure, "could not read %s: out of memory", path);
	tellers_close(tellers);
	return NULL;
}

void tellers_close(struct tellers *tellers)
{
	if (tellers == NULL)
		return;
	findings_done(&tellers->findings);
	binder_free(tellers->binder);
	walker_free(tellers->walker);
	items_free(tellers->items);
	source_close(tellers->source);
	free(tellers);
}

/* ---- headers ---------------------------------------------------------------------------- */

static void header_interchange(struct tellers *tellers, const struct interchange_header *header)
{
	struct told *told = tellers->side->header;
	const char usage[2] = { header->usage, '\0' };
	if (tellers->headed || told->count > 0)
		return;
	told_text(told, "interchange sender", slice_of(header->sender));
	told_text(told, "interchange receiver", slice_of(header->receiver));
	told_text(told, "interchange control number", slice_of(header->control));
	told_text(told, "interchange date", slice_of(header->date));
	told_text(told, "interchange usage", slice_of(usage));
}

static void header_set(struct tellers *tellers, const struct enrolment_set *set)
{
	if (tellers->headed)
		return;
	tellers->headed = true;
	tellers->side->full = slice_is(set->action, "4") || slice_is(set->action, "RX");
	told_record(tellers->side->header, RECORD_ENROLMENT_SET, set);
}

/* ---- sets ---------------------------------------------------------------------------------- */

static void set_begin(struct tellers *tellers)
{
	const struct reader_item *item = &tellers->item;
	tellers->guide = guide_find(slice_of(item->set->id), slice_of(item->group->version));
	if (tellers->guide != NULL && strcmp(tellers->guide->set_id, "834") != 0)
		tellers->guide = NULL;
	if (tellers->guide == NULL) {
		tellers->side->others++;
		return;
	}
	tellers->side->sets++;
	findings_reset(&tellers->findings);
	walker_begin(tellers->walker, tellers->guide, item->set, &tellers->findings, (struct checks){ .level = 1, .on = DAYS_NONE });
	walker_segment(tellers->walker, &item->segment, item->position);
	tellers->waiting = true;
}

static void set_end(struct tellers *tellers)
{
	const struct reader_item *item = &tellers->item;
	if (item->segment.id.len > 0)
		walker_segment(tellers->walker, &item->segment, item->position);
	tellers->waiting = tellers->ending = true;
}

static void item_take(struct tellers *tellers)
{
	const struct reader_item *item = &tellers->item;
	switch (item->answer) {
	case READER_INTERCHANGE:
		header_interchange(tellers, item->interchange);
		break;
	case READER_SET:
		set_begin(tellers);
		break;
	case READER_SEGMENT:
		if (tellers->guide == NULL)
			break;
		walker_segment(tellers->walker, &item->segment, item->position);
		tellers->waiting = true;
		break;
	case READER_SET_END:
		if (tellers->guide != NULL)
			set_end(tellers);
		break;
	case READER_FINDING:
		tellers->side->refusing += item->finding.severity == SEVERITY_REFUSE;
		break;
	case READER_TA1:
	case READER_GROUP:
	case READER_GROUP_END:
	case READER_INTERCHANGE_END:
	case READER_MORE:
	case READER_END:
	case READER_FAILED:
		break;
	}
}

/* Bind the events that wait, up to one that completes a member. */
static bool bind(struct tellers *tellers, const struct member_record **member, struct failure *failure)
{
	struct event event;
	while (*member == NULL && walker_event(tellers->walker, &event)) {
		enum record_kind kind;
		const void *record;
		if (binder_event(tellers->binder, &kind, &record, &event)) {
			if (kind == RECORD_ENROLMENT_SET)
				header_set(tellers, record);
			else if (kind == RECORD_MEMBER)
				*member = record;
		}
		if (binder_failed(tellers->binder))
			return failure_set(failure, "could not compare: out of memory");
		if (binder_too_large(tellers->binder))
			return failure_set(failure, "set %s has a member that repeats its loops past the limit", tellers->item.set->control);
	}
	if (*member == NULL && tellers->ending) {
		tellers->ending = false;
		walker_end(tellers->walker, &tellers->item.segment, tellers->item.position);
		tellers->side->refusing += tellers->findings.refusing;
		return !tellers->findings.failed || failure_set(failure, "could not compare: out of memory");
	}
	tellers->waiting = *member != NULL;
	return true;
}

bool tellers_next(struct tellers *tellers, const struct member_record **member, struct failure *failure)
{
	*member = NULL;
	for (;;) {
		while (tellers->waiting && *member == NULL)
			if (!bind(tellers, member, failure))
				return false;
		if (*member != NULL) {
			tellers->side->members++;
			return true;
		}
		if (!items_next(tellers->items, &tellers->item, failure))
			return false;
		if (tellers->item.answer == READER_END)
			return true;
		item_take(tellers);
	}
}
