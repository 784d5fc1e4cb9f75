/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * flow: the architecture in code, read first.  One stream of bytes goes through all
 * layers, in this order:
 *
 *   source → inflate → reader → (set by set) walker → binder → handler
 *
 * and on the way back every set, group and interchange is judged:
 *
 *   findings of a set        → set_verdict          (999: IK3 IK4 IK5)
 *   verdicts of a group      → group_verdict        (999: AK9)
 *   envelope findings        → interchange_verdict  (TA1)
 *
 * What is done with records and verdicts (apply them, answer them, print them) is the
 * handler's; flow knows no store, no file name, no clock.
 *
 * Holds always: a handler sees interchange, group, set, records, set_end, group_end,
 * interchange_end properly nested, also for input that is not.  Memory is the reader's
 * window, one record and one set's findings.
 */
#include "exchange/ahead.h"
#include "exchange/reckon.h"

#include <assert.h>

struct flow {
	const struct flow_handler *handler;
	struct failure *failure;
	struct items *items;
	struct reader_item item; /* of the open set, for the segments of a batch */
	struct walker *walker;
	struct binder *binder;
	struct sha256 hash;

	enum flow_wish interchange_wish;
	struct interchange_verdict interchange;
	struct group_verdict group;
	bool group_refused;      /* no guide for the group: its sets are not looked at */
	struct set_verdict set;
	struct ahead *ahead;     /* who walks units before their turn; NULL: nobody */
	bool set_too_large;
	bool deaf;               /* the handler takes neither events nor records */
	bool sets_aside;         /* units that refuse do not refuse their set */
	struct unit_bytes unit;  /* … and are kept as they were sent */
	uint64_t seen;           /* segments of the interchange, counted as they came; the reckon must agree */
	uint64_t own_segments;   /* ISA and TA1 */
	uint64_t strays, group_strays; /* segments that were dropped before the interchange, before the group */
	uint64_t strays_in_groups;
	const struct guide *guide; /* of the open set while it is walked, NULL: it is skipped */
};

struct failure *flow_failure(struct flow *flow)
{
	return flow->failure;
}

const struct interchange_header *flow_interchange(const struct flow *flow)
{
	return &flow->interchange.header;
}

const struct binder *flow_binder(const struct flow *flow)
{
	return flow->binder;
}

bool flow_set_refuses(const struct flow *flow)
{
	return flow->guide != NULL ? walker_refuses(flow->walker) : findings_refuse(&flow->set.findings);
}

static void add_finding(struct findings *findings, enum finding_code code, const struct segment *segment, const char *segment_id)
{
	struct finding finding = { .code = code, .severity = finding_kind(code)->severity };
	segment_place(&finding.place, segment, NULL);
	slice_copy(finding.segment_id, sizeof(finding.segment_id), slice_of(segment_id));
	findings_add(findings, &finding);
}

/* Element n of the header of a group or set says what no guide here answers to. */
static void add_header_finding(struct findings *findings, enum finding_code code, const struct segment *segment, unsigned n,
	const char *expected)
{
	struct finding finding = { .code = code, .severity = finding_kind(code)->severity, .plain = true };
	struct slice value = segment_element(segment, n);
	segment_place(&finding.place, segment, value.ptr);
	value = slice_trim(value);
	finding.place.element = (uint16_t)n;
	finding.value_len = (uint8_t)(value.len < sizeof(finding.value) ? value.len : sizeof(finding.value));
	if (finding.value_len > 0)
		memcpy(finding.value, value.ptr, finding.value_len);
	slice_copy(finding.segment_id, sizeof(finding.segment_id), segment->id);
	slice_copy(finding.expected, sizeof(finding.expected), slice_of(expected));
	findings_add(findings, &finding);
}

/* What a group's GS01 could have been, or its GS08 (of a function), or the ST01 of a set in it. */
enum header_word { WORD_FUNCTION, WORD_VERSION, WORD_SET };

static void add_unknown(struct findings *findings, enum finding_code code, const struct segment *segment, unsigned n,
	enum header_word word, const struct group_header *group)
{
	char expected[96] = "one of";
	size_t len = strlen(expected);
	for (size_t i = 0; i < guides_shipped_count; i++) {
		const struct guide *guide = guides_shipped[i];
		if (word != WORD_FUNCTION && strcmp(guide->functional_id, group->functional_id) != 0)
			continue;
		const char *one = word == WORD_FUNCTION ? guide->functional_id : word == WORD_VERSION ? guide->accepts : guide->set_id;
		int put = snprintf(expected + len, sizeof(expected) - len, " %s", one);
		len += put > 0 && (size_t)put < sizeof(expected) - len ? (size_t)put : 0;
	}
	add_header_finding(findings, code, segment, n, expected);
}

/* ---- partners -------------------------------------------------------------- */

static int flow_level(const struct flow *flow)
{
	const struct flow_handler *handler = flow->handler;
	return handler->level > 0 ? handler->level : handler->partner != NULL ? handler->partner->level : 5;
}

/* Is one of these ids the header's?  Else which of the two findings it is: the id under another qualifier, or another id. */
static enum finding_code id_check(const struct partner_id *ids, size_t count, const char *qualifier, const char *id,
	enum finding_code other_qualifier, enum finding_code other)
{
	enum finding_code code = count == 0 || id[0] == '\0' ? FINDING_NONE : other; /* an empty one has its own finding */
	for (size_t i = 0; i < count; i++) {
		if (strcmp(ids[i].id, id) != 0)
			continue;
		if (ids[i].qualifier[0] == '\0' || strcmp(ids[i].qualifier, qualifier) == 0)
			return FINDING_NONE;
		code = other_qualifier;
	}
	return code;
}

static void id_tell(struct flow *flow, const struct reader_item *item, enum finding_code code, unsigned element,
	const struct partner_id *ids, size_t count)
{
	bool qualifier = code == FINDING_PARTNER_SENDER_QUALIFIER || code == FINDING_PARTNER_RECEIVER_QUALIFIER;
	char expected[96] = "";
	size_t len = 0;
	const char *sent = element == 5 ? item->interchange->sender : item->interchange->receiver;
	if (code == FINDING_NONE)
		return;
	for (size_t i = 0; i < count; i++) {
		if (qualifier && strcmp(ids[i].id, sent) != 0) /* the qualifier of that id is meant */
			continue;
		int put = snprintf(expected + len, sizeof(expected) - len, "%s%s", len == 0 ? "" : " or ",
			qualifier ? ids[i].qualifier : ids[i].id);
		len += put > 0 && (size_t)put < sizeof(expected) - len ? (size_t)put : 0;
	}
	add_header_finding(&flow->interchange.findings, code, &item->segment, qualifier ? element : element + 1, expected);
}

/* Who sends and who is meant (ISA05 to ISA08), as the partner file says; else whether it is us. */
static void parties_check(struct flow *flow, const struct reader_item *item)
{
	const struct partner *partner = flow->handler->partner;
	const struct interchange_header *header = item->interchange;
	const struct slice *us = flow->handler->receivers;
	bool asked = us[0].len + us[1].len > 0 && header->receiver[0] != '\0'; /* an empty one has its own finding */
	bool stated = partner != NULL && flow_level(flow) >= 7 && partner->receiver_count > 0;
	if (asked && !stated && !slice_is(us[0], header->receiver) && !slice_is(us[1], header->receiver))
		add_header_finding(&flow->interchange.findings, FINDING_ISA_OTHER_RECEIVER, &item->segment, 8, "our own id");
	if (partner == NULL || flow_level(flow) < 7)
		return;
	id_tell(flow, item, id_check(partner->senders, partner->sender_count, header->sender_qualifier, header->sender,
		FINDING_PARTNER_SENDER_QUALIFIER, FINDING_PARTNER_SENDER), 5, partner->senders, partner->sender_count);
	id_tell(flow, item, id_check(partner->receivers, partner->receiver_count, header->receiver_qualifier, header->receiver,
		FINDING_PARTNER_RECEIVER_QUALIFIER, FINDING_ISA_OTHER_RECEIVER), 7, partner->receivers, partner->receiver_count);
}

/* ---- envelope: begin -------------------------------------------------------- */

/* The interchange's hash is over its segments, so that line breaks between them do not matter. */
static bool hash_begin(struct flow *flow, const struct interchange_header *header)
{
	sha256_done(&flow->hash);
	if (!flow->handler->hash)
		return true;
	if (!sha256_init(&flow->hash))
		return false;
	sha256_add(&flow->hash, header, offsetof(struct interchange_header, delimiters));
	return true;
}

static bool tell_segment(struct flow *flow, const struct reader_item *item)
{
	return flow->handler->segment == NULL || flow->handler->segment(flow->handler->data, flow, item);
}

static bool interchange_begin(struct flow *flow, const struct reader_item *item)
{
	if (!tell_segment(flow, item))
		return false;
	findings_reset(&flow->interchange.findings);
	struct findings kept = flow->interchange.findings;
	flow->interchange = (struct interchange_verdict){ .header = *item->interchange, .findings = kept };
	flow->interchange_wish = FLOW_READ;
	if (flow->ahead != NULL)
		ahead_interchange(flow->ahead, item->interchange);
	flow->seen = flow->own_segments = 1;
	flow->strays = items_dropped(flow->items);
	flow->strays_in_groups = 0;
	if (!hash_begin(flow, item->interchange))
		return failure_set(flow->failure, "could not hash the interchange: " SHA256_FAILED);
	const struct interchange_header *header = item->interchange;
	parties_check(flow, item);
	if (flow->handler->interchange == NULL)
		return true;
	return flow->handler->interchange(flow->handler->data, flow, header, &flow->interchange_wish);
}

static bool group_begin(struct flow *flow, const struct reader_item *item)
{
	if (!tell_segment(flow, item))
		return false;
	findings_reset(&flow->group.findings);
	struct findings kept = flow->group.findings;
	flow->group = (struct group_verdict){ .header = *item->group, .findings = kept };
	struct slice function = slice_of(item->group->functional_id), version = slice_of(item->group->version);
	flow->group_refused = false;
	flow->group_strays = items_dropped(flow->items);
	flow->interchange.acknowledgments += strcmp(item->group->functional_id, "FA") == 0;
	if (!guide_function_known(function)) {
		add_unknown(&flow->group.findings, FINDING_GS_FUNCTION, &item->segment, 1, WORD_FUNCTION, item->group);
		flow->group_refused = true;
	} else if (!guide_version_known(function, version)) {
		add_unknown(&flow->group.findings, FINDING_GS_VERSION, &item->segment, 8, WORD_VERSION, item->group);
		flow->group_refused = true;
	}
	/* no 999 can answer it: then the TA1 does, for the interchange (domain reference 6.5, policy) */
	if (!ack_group_fits(item->group))
		add_finding(&flow->interchange.findings, FINDING_GS_UNANSWERABLE, &item->segment, "GS");
	if (flow->interchange_wish == FLOW_SKIP || flow->handler->group == NULL)
		return true;
	return flow->handler->group(flow->handler->data, flow, item->group);
}

/* ---- transaction sets --------------------------------------------------------- */

/* A record past its limit refuses the set; it is told once. */
static void too_large(struct flow *flow, const struct event *event)
{
	struct finding finding = { .code = FINDING_RECORD_TOO_LARGE, .severity = SEVERITY_REFUSE, .guide = flow->guide->name };
	if (event->segment != NULL) {
		segment_place(&finding.place, event->segment, NULL);
		slice_copy(finding.segment_id, sizeof(finding.segment_id), event->segment->id);
	}
	finding.place.segment = event->position;
	slice_copy(finding.set_id, sizeof(finding.set_id), slice_of(flow->set.header.id));
	slice_copy(finding.set_control, sizeof(finding.set_control), slice_of(flow->set.header.control));
	walker_add(flow->walker, &finding);
	flow->set_too_large = true;
}

static bool set_aside(struct flow *flow)
{
	const struct unit_aside unit = { .offset = flow->unit.offset, .position = flow->unit.position,
		.bytes = buffer_view(&flow->unit.bytes) };
	if (flow->unit.bytes.failed)
		return failure_set(flow->failure, "could not set a member aside: out of memory");
	return flow->handler->aside == NULL || flow->handler->aside(flow->handler->data, flow, &unit);
}

/* A record could not be kept.  Loops that end need no room: it was the segment at hand, and so is the last event. */
static bool records_lost(struct flow *flow, const struct event *last)
{
	if (binder_failed(flow->binder))
		return failure_set(flow->failure, "could not keep a record of the transaction set: out of memory");
	if (!flow->set_too_large)
		too_large(flow, last);
	return true;
}

/* Take the events that are waiting, bind them, hand them on. */
static bool pump_events(struct flow *flow)
{
	const struct flow_handler *handler = flow->handler;
	size_t count;
	const struct event *event = walker_events(flow->walker, &count);
	for (const struct event *end = event + count; event < end; event++) {
		if (handler->event != NULL && !handler->event(handler->data, flow, event))
			return false;
		bool aside = flow->sets_aside && unit_bytes_event(&flow->unit, event);
		if (aside && !set_aside(flow))
			return false;
		if (handler->record == NULL)
			continue;
		enum record_kind kind;
		const void *record;
		bool made = binder_event(flow->binder, &kind, &record, event);
		if (made && !aside && !handler->record(handler->data, flow, kind, record))
			return false;
	}
	return count == 0 || !binder_stopped(flow->binder) || records_lost(flow, event - 1);
}

static bool walk(struct flow *flow, const struct reader_item *item)
{
	walker_segment(flow->walker, &item->segment, item->position);
	return flow->deaf || pump_events(flow);
}

/* A set of another version cannot be held against a guide, but whether its money adds up can be said: amounts stand where
 * they stood before. */
static const struct guide *guide_for_sums(const struct flow *flow, const struct set_header *set)
{
	const struct guide *guide = guide_of_set(slice_of(set->id));
	bool asked = flow->deaf && flow->handler->segment == NULL && flow_level(flow) >= 3;
	return asked && guide != NULL && strcmp(guide->functional_id, flow->group.header.functional_id) == 0 ? guide : NULL;
}

/* Of what was found in it, the sums are noted with the group, which is refused already. */
static void note_sums(struct flow *flow)
{
	for (size_t i = 0; i < flow->set.findings.count; i++) {
		struct finding finding = flow->set.findings.items[i];
		if (finding.code != FINDING_BALANCE && finding.code != FINDING_BALANCE_EXACT)
			continue;
		finding.severity = SEVERITY_NOTE;
		findings_add(&flow->group.findings, &finding);
	}
}

/* Which guide reads this set; NULL, with a finding, if none does or the handler does not want it. */
static bool choose_guide(struct flow *flow, const struct reader_item *item)
{
	const struct set_header *set = item->set;
	const char *version = flow->group.header.version;
	flow->guide = NULL;
	if (flow->interchange_wish == FLOW_SKIP || flow->group_refused) {
		flow->guide = flow->interchange_wish == FLOW_SKIP ? NULL : guide_for_sums(flow, set);
		return true;
	}
	const struct guide *guide = guide_find(slice_of(set->id), slice_of(version));
	const struct guide *other = guide_of_set(slice_of(set->id));
	/* a 999 is none that AK2 could name: it counts as one that no guide knows */
	if (other != NULL && strcmp(other->functional_id, "FA") != 0 &&
		strcmp(other->functional_id, flow->group.header.functional_id) != 0) {
		add_unknown(&flow->set.findings, FINDING_ST_NOT_IN_GROUP, &item->segment, 1, WORD_SET, &flow->group.header);
		guide = NULL;
	} else if (guide == NULL) {
		add_unknown(&flow->set.findings, FINDING_ST_UNKNOWN, &item->segment, 1, WORD_SET, &flow->group.header);
	}
	enum flow_wish wish = FLOW_READ;
	if (flow->handler->set != NULL && !flow->handler->set(flow->handler->data, flow, set, guide, &wish))
		return false;
	if (guide != NULL && wish == FLOW_SKIP)
		add_header_finding(&flow->set.findings, FINDING_ST_UNKNOWN, &item->segment, 1, "");
	flow->guide = wish == FLOW_SKIP ? NULL : guide;
	return true;
}

static bool set_begin(struct flow *flow, const struct reader_item *item)
{
	flow->item.answer = READER_SEGMENT;
	flow->item.interchange = item->interchange;
	flow->item.group = item->group;
	flow->item.set = item->set;
	findings_reset(&flow->set.findings);
	struct findings kept = flow->set.findings;
	flow->set = (struct set_verdict){ .header = *item->set, .findings = kept };
	flow->set_too_large = false;
	if (!choose_guide(flow, item))
		return false;
	if (flow->guide == NULL)
		return tell_segment(flow, item);
	struct checks checks = { .level = flow_level(flow), .on = DAYS_NONE, .aside = flow->sets_aside };
	const struct partner *partner = flow->handler->partner;
	if (partner != NULL) {
		checks.partner = partner;
		checks.charset = partner->charset;
		checks.codes = partner->codes;
		checks.overlay = checks.level >= 7 ? partner_overlay(partner, flow->guide) : NULL;
		flow->guide = partner_guide(partner, flow->guide);
	}
	unit_bytes_begin(&flow->unit);
	if (!days_parse8(&checks.on, slice_of(flow->group.header.date)))
		checks.on = DAYS_NONE;
	walker_begin(flow->walker, flow->guide, item->set, &flow->set.findings, checks);
	if (flow->handler->event == NULL && flow->handler->record != NULL && !flow->sets_aside)
		walker_heed(flow->walker, binder_nodes(flow->binder, flow->guide));
	return walk(flow, item);
}

/* What the set adds to its group, whatever became of it. */
static void set_count(struct flow *flow)
{
	reckoning_add(&flow->group.units_reckoned, &flow->set.units_reckoned);
	reckoning_add(&flow->group.segments_reckoned, &flow->set.segments_reckoned);
}

/* A set of which nothing would be left is rejected. */
static void judge_set(struct flow *flow, const struct reader_item *item)
{
	struct walker_units units = flow->guide != NULL ? walker_units(flow->walker) : (struct walker_units){ .count = 0 };
	bool looked_at = flow->interchange_wish != FLOW_SKIP && !flow->group_refused;
	flow->set.ack = looked_at ? set_ack(&flow->set.findings) : ACK_REJECTED;
	if (flow->sets_aside && units.count > 0 && units.refused == units.count)
		flow->set.ack = ACK_REJECTED;
	set_reckon(&flow->set, item->position, units, flow->sets_aside);
}

static bool set_end(struct flow *flow, const struct reader_item *item)
{
	flow->interchange.sets++;
	flow->interchange.segments += item->position;
	flow->group.sets_received++;
	if (flow->guide != NULL) {
		if (item->segment.id.len > 0)
			walker_segment(flow->walker, &item->segment, item->position);
		if (!pump_events(flow))
			return false;
		walker_end(flow->walker, &item->segment, item->position);
		if (!pump_events(flow))
			return false;
	} else if (!tell_segment(flow, item)) {
		return false;
	}
	if (flow->set.findings.failed)
		return failure_set(flow->failure, "could not keep the findings of a transaction set: out of memory");
	if (flow->group_refused && flow->guide != NULL)
		note_sums(flow);
	judge_set(flow, item);
	set_count(flow);
	if (flow->interchange_wish == FLOW_SKIP || flow->group_refused)
		return true;
	if (flow->handler->set_end != NULL && !flow->handler->set_end(flow->handler->data, flow, &flow->set))
		return false;
	if (flow->set.ack != ACK_REJECTED) {
		flow->group.sets_accepted++;
		flow->group.sets_noted += flow->set.ack == ACK_ERRORS;
		flow->interchange.sets_accepted++;
	}
	return true;
}

/* ---- envelope: end -------------------------------------------------------------- */

static bool group_end(struct flow *flow, const struct reader_item *item)
{
	if (!tell_segment(flow, item))
		return false;
	flow->interchange.groups++;
	flow->interchange.segments += item->segment.id.len > 0 ? 2 : 1; /* GS, and GE if it is there */
	flow->group.sets_included = item->claimed > 0 ? item->claimed : item->count;
	flow->group.sets_received = item->count;
	if (flow->group.findings.refusing > 0) { /* a group that is refused takes its sets with it: AK904 is 0 */
		flow->interchange.sets_accepted -= flow->group.sets_accepted;
		flow->group.sets_accepted = 0;
	}
	flow->group.ack = group_ack(&flow->group);
	uint64_t strays = items_dropped(flow->items) - flow->group_strays;
	flow->strays_in_groups += strays;
	group_reckon(&flow->group, item->segment.id.len > 0 ? 2 : 1, strays);
	reckoning_add(&flow->interchange.units_reckoned, &flow->group.units_reckoned);
	reckoning_add(&flow->interchange.segments_reckoned, &flow->group.segments_reckoned);
	if (flow->group.findings.failed)
		return failure_set(flow->failure, "could not keep the findings of a functional group: out of memory");
	if (flow->interchange_wish == FLOW_SKIP || flow->handler->group_end == NULL)
		return true;
	return flow->handler->group_end(flow->handler->data, flow, &flow->group);
}

/* TA104 and TA105: the first finding that refuses, else the first that has a note. */
static void judge_interchange(struct interchange_verdict *verdict)
{
	verdict->ack = 'A';
	slice_copy(verdict->note, sizeof(verdict->note), SLICE("000"));
	for (size_t i = 0; i < verdict->findings.count; i++) {
		const struct finding *finding = &verdict->findings.items[i];
		const char *note = finding_kind(finding->code)->ta1;
		bool refuses = finding->severity == SEVERITY_REFUSE;
		if (note[0] == '\0' || verdict->ack == 'R' || (verdict->ack == 'E' && !refuses))
			continue;
		verdict->ack = refuses ? 'R' : 'E';
		slice_copy(verdict->note, sizeof(verdict->note), slice_of(note));
	}
}

static bool interchange_end(struct flow *flow, const struct reader_item *item)
{
	if (!tell_segment(flow, item))
		return false;
	unsigned char hash[SHA256_BYTES] = { 0 };
	if (flow->handler->hash && !sha256_end(&flow->hash, hash))
		return failure_set(flow->failure, "could not hash the interchange: out of memory");
	flow->interchange.bytes = item->end_offset - flow->interchange.header.offset;
	flow->interchange.groups = item->count;
	flow->interchange.segments += item->segment.id.len > 0 ? 2 : 1;
	if (items_damaged(flow->items) && flow->interchange.findings.refusing == 0)
		add_finding(&flow->interchange.findings, FINDING_GZIP_BROKEN, &item->segment, "IEA");
	if (flow->interchange.findings.failed)
		return failure_set(flow->failure, "could not keep the findings of an interchange: out of memory");
	judge_interchange(&flow->interchange);
	uint64_t strays = items_dropped(flow->items) - flow->strays;
	interchange_reckon(&flow->interchange, flow->own_segments + (item->segment.id.len > 0), strays - flow->strays_in_groups);
	assert(flow->interchange.segments_reckoned.received == flow->seen + strays);
	if (flow->handler->interchange_end == NULL)
		return true;
	return flow->handler->interchange_end(flow->handler->data, flow, &flow->interchange, hash);
}

/* A finding of the reader goes to what it speaks of; outside any interchange, to `stray`. */
static bool file_finding(struct flow *flow, const struct reader_item *item)
{
	const struct finding *finding = &item->finding;
	enum finding_scope scope = finding_kind(finding->code)->scope;
	if (item->interchange == NULL) {
		struct finding stray = *finding;
		if (flow->handler->partner != NULL)
			stray.severity = (enum severity)flow->handler->partner->severities[stray.code];
		if (flow->handler->stray == NULL || stray.severity == SEVERITY_IGNORE)
			return true;
		return flow->handler->stray(flow->handler->data, flow, &stray);
	}
	flow->seen += finding->code == FINDING_SEGMENT_TOO_LONG; /* no item was made of it */
	if ((scope == SCOPE_SEGMENT || scope == SCOPE_ELEMENT) && item->set != NULL && flow->guide != NULL)
		walker_adopt(flow->walker, finding);
	else if (scope == SCOPE_SET && item->set != NULL && flow->guide != NULL)
		walker_add(flow->walker, finding);
	else if ((scope == SCOPE_SET || scope == SCOPE_SEGMENT || scope == SCOPE_ELEMENT) && item->set != NULL)
		findings_add(&flow->set.findings, finding);
	else if (scope == SCOPE_GROUP && item->group != NULL)
		findings_add(&flow->group.findings, finding);
	else
		findings_add(&flow->interchange.findings, finding);
	return true;
}

static void hash_segment(struct flow *flow, const struct reader_item *item)
{
	if (!flow->handler->hash)
		return;
	sha256_add(&flow->hash, item->segment.bytes.ptr, item->segment.bytes.len);
	sha256_add(&flow->hash, "~", 1);
}

static bool handle(struct flow *flow, const struct reader_item *item)
{
	if (item->answer != READER_FINDING && item->answer != READER_INTERCHANGE)
		flow->seen += item->segment.id.len > 0 || item->answer == READER_SEGMENT;
	switch (item->answer) {
	case READER_INTERCHANGE:
		return interchange_begin(flow, item);
	case READER_TA1:
		flow->interchange.acknowledgments++;
		flow->interchange.segments++;
		flow->own_segments++;
		hash_segment(flow, item);
		return tell_segment(flow, item);
	case READER_GROUP:
		hash_segment(flow, item);
		return group_begin(flow, item);
	case READER_SET:
		hash_segment(flow, item);
		return set_begin(flow, item);
	case READER_SEGMENT:
		hash_segment(flow, item);
		return flow->guide == NULL ? tell_segment(flow, item) : walk(flow, item);
	case READER_SET_END:
		hash_segment(flow, item);
		return set_end(flow, item);
	case READER_GROUP_END:
		hash_segment(flow, item);
		return group_end(flow, item);
	case READER_INTERCHANGE_END:
		return interchange_end(flow, item);
	case READER_FINDING:
		return file_finding(flow, item);
	case READER_FAILED:
		return failure_set(flow->failure, "could not go on reading: out of memory");
	case READER_MORE:
	case READER_END:
		break;
	}
	return true;
}

/* ---- driving ------------------------------------------------------------------------ */

/* The ordinary segments of a set, many at a time. */
static bool walk_batch(struct flow *flow, const struct reader_batch *batch, size_t count)
{
	struct segment *segment = &flow->item.segment;
	struct reader_batch at = *batch;
	reader_batch_begin(batch, segment);
	for (size_t i = 0; i < count && flow->handler->hash; i++) {
		reader_batch_next(&at, segment);
		hash_segment(flow, &flow->item);
	}
	at = *batch;
	while (count > 0 && flow->guide != NULL) {
		count -= walker_batch(flow->walker, &at, count);
		if (!flow->deaf && !pump_events(flow))
			return false;
	}
	for (; count > 0 && flow->handler->segment != NULL; count--) {
		flow->item.position = at.position;
		reader_batch_next(&at, segment);
		if (!tell_segment(flow, &flow->item))
			return false;
	}
	return true;
}

/* Ordinary segments that nobody but the walker wants, of a file that others look at too. */
static bool walk_batch_ahead(struct flow *flow, const struct reader_batch *batch, size_t count, uint64_t read)
{
	struct segment *segment = &flow->item.segment;
	struct reader_spot spot;
	struct reader_batch at = *batch;
	uint64_t from = ahead_from(flow->ahead);
	if (at.offset + at.marks[at.ends[count - 1] & READER_RANK] < from)
		return walk_batch(flow, batch, count);
	reader_batch_begin(&at, segment);
	for (size_t i = 0; i < count; i++) {
		uint64_t position = at.position;
		reader_batch_next(&at, segment);
		if (segment->offset < from) {
			walker_segment(flow->walker, segment, position);
			continue;
		}
		if (ahead_walk(flow->ahead, flow->walker, segment, position, read, &spot)) {
			flow->seen += spot.position - position - (count - i);
			return items_jump(flow->items, &spot, flow->failure);
		}
		from = ahead_from(flow->ahead);
	}
	return true;
}

static bool drive(struct flow *flow)
{
	for (;;) {
		struct reader_item item;
		struct reader_batch batch;
		size_t count = items_batch(flow->items, &batch);
		if (count > 0) {
			uint64_t read = flow->ahead != NULL && flow->guide != NULL ? items_read_to(flow->items) : 0;
			flow->seen += count;
			if (!(read > 0 ? walk_batch_ahead(flow, &batch, count, read) : walk_batch(flow, &batch, count)))
				return false;
			continue;
		}
		if (!items_next(flow->items, &item, flow->failure))
			return false;
		if (item.answer == READER_END)
			return true;
		if (!handle(flow, &item))
			return false;
	}
}

/* `source` may be NULL; `items` becomes the flow's: NULL is a failure that was told. */
static bool flow_open(struct flow *flow, const struct flow_handler *handler, struct source *source, struct items *items,
	struct failure *failure)
{
	*flow = (struct flow){ .handler = handler, .failure = failure, .items = items };
	findings_init(&flow->interchange.findings);
	findings_init(&flow->group.findings);
	findings_init(&flow->set.findings);
	if (handler->partner != NULL)
		flow->interchange.findings.severities = flow->group.findings.severities = flow->set.findings.severities =
			handler->partner->severities;
	const char *interchange = flow->interchange.header.control, *group = flow->group.header.control;
	flow->interchange.findings.interchange = flow->group.findings.interchange = flow->set.findings.interchange = interchange;
	flow->group.findings.group = flow->set.findings.group = group;
	if (items != NULL && handler->bytes != NULL)
		items_watch(items, handler->bytes, handler->data);
	flow->sets_aside = handler->partner != NULL && handler->partner->sets_units_aside;
	unit_bytes_init(&flow->unit);
	flow->walker = walker_new();
	flow->binder = binder_new();
	if (flow->items == NULL || flow->walker == NULL || flow->binder == NULL)
		return failure_set(failure, "could not begin reading: out of memory");
	flow->deaf = handler->event == NULL && handler->record == NULL && handler->aside == NULL;
	if (flow->deaf)
		walker_hush(flow->walker);
	if (handler->jobs > 1)
		items_unpack_apart(items);
	if (handler->jobs > 1 && source != NULL && source_size(source) > 0 && flow->deaf && handler->segment == NULL && !handler->hash)
		flow->ahead = ahead_new(handler->jobs, handler->stretch, source); /* without it one thread does */
	if (flow->ahead != NULL && handler->stretch > 0)
		source_pieces(source, handler->stretch);
	return true;
}

static void flow_close(struct flow *flow)
{
	sha256_done(&flow->hash);
	unit_bytes_done(&flow->unit);
	findings_done(&flow->interchange.findings);
	findings_done(&flow->group.findings);
	findings_done(&flow->set.findings);
	ahead_free(flow->ahead);
	binder_free(flow->binder);
	walker_free(flow->walker);
	items_free(flow->items);
}

bool flow_run(struct source *source, const struct flow_handler *handler, struct failure *failure)
{
	struct flow flow;
	bool done = flow_open(&flow, handler, source, items_of(source, failure), failure) && drive(&flow);
	flow_close(&flow);
	return done;
}

/* ---- what we wrote ourselves, read back ------------------------------------------------ */

struct own_check {
	struct slice rest;
	uint64_t refusing;
	struct buffer *first;
};

static bool read_own(void *from, struct slice *chunk, struct failure *failure)
{
	(void)failure;
	struct own_check *own = from;
	*chunk = own->rest;
	own->rest = SLICE_NONE;
	return true;
}

static void count_own(struct own_check *own, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count && own->refusing == 0; i++)
		if (findings->items[i].severity == SEVERITY_REFUSE)
			finding_put_sentence(own->first, &findings->items[i], false);
	own->refusing += findings->refusing;
}

static bool own_set(void *data, struct flow *flow, struct set_verdict *verdict)
{
	(void)flow;
	count_own(data, &verdict->findings);
	return true;
}

static bool own_group(void *data, struct flow *flow, const struct group_verdict *verdict)
{
	(void)flow;
	count_own(data, &verdict->findings);
	return true;
}

static bool own_interchange(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char hash[SHA256_BYTES])
{
	(void)flow;
	(void)hash;
	count_own(data, &verdict->findings);
	return true;
}

static bool own_stray(void *data, struct flow *flow, const struct finding *finding)
{
	(void)flow;
	struct own_check *own = data;
	if (own->refusing++ == 0)
		finding_put_sentence(own->first, finding, false);
	return true;
}

bool flow_check_own(struct slice bytes, uint64_t *refusing, struct buffer *first, struct failure *failure)
{
	struct own_check own = { .rest = bytes, .first = first };
	struct flow_handler handler = { .data = &own, .level = 5, .set_end = own_set, .group_end = own_group,
		.interchange_end = own_interchange, .stray = own_stray };
	struct flow flow;
	bool done = flow_open(&flow, &handler, NULL, items_new(read_own, &own, failure), failure) && drive(&flow);
	flow_close(&flow);
	*refusing = own.refusing;
	return done;
}
