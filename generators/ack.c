/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * ack: the TA1 and the 999 005010X231A1 that answer an interchange.
 *
 * What is said comes from the one table of findings: a finding of a segment or an
 * element becomes an IK3 (with an IK4), a finding of the set a code in IK5, one of
 * the group a code in AK9.  Element findings of one segment share its IK3.
 * Business findings never appear (domain reference 6.5, policy).
 *
 * Holds: at most LIMIT_FINDINGS_PER_SET IK3 and IK4 segments a set; IK404 only if
 * the receiver of the acknowledgment is to see values; our ISA14 is 0, so that an
 * acknowledgment never asks for one.
 */
#include "generators/generators.h"

#define GUIDE_999 "005010X231A1"
#define CODES_MAX 5       /* IK502-06 and AK905-09 */
#define IK303_BYTES 4     /* element 447 ends at 4: loop 2100A is named 2100 */
#define SNIP_SITUATION 4
#define NO_SEGMENT_ID "ZZZ" /* IK301 of what has none: of one letter, of four, of none at all */
#define ELEMENT_ERRORS "8" /* IK304: one IK3 holds them all */
#define BUSINESS_BYTES 35 /* element 9998 */
#define CONTROL_BYTES 9   /* element I12 */
#define SET_CONTROL_BYTES 4 /* element 329 has 4 to 9 */
#define SETS_MAX 999999   /* elements 97, 123 and 2 end at 6 digits */

/* ---- verdicts ---- */

static bool kind_is_acknowledged(const struct finding_kind *kind)
{
	return kind->scope != SCOPE_BUSINESS && (kind->ik5[0] != '\0' || kind->ak9[0] != '\0');
}

enum ack set_ack(const struct findings *findings)
{
	if (findings_refuse(findings))
		return ACK_REJECTED;
	for (int code = FINDING_NONE + 1; findings->total > 0 && findings->by_code != NULL && code < FINDING_CODES; code++)
		if (findings->by_code[code] > 0 && kind_is_acknowledged(finding_kind((enum finding_code)code)))
			return ACK_ERRORS;
	return ACK_ACCEPTED;
}

enum ack group_ack(const struct group_verdict *group)
{
	if (group->findings.refusing > 0 || group->sets_accepted == 0)
		return ACK_REJECTED;
	if (group->sets_accepted < group->sets_received)
		return ACK_PARTIAL;
	if (group->sets_noted > 0)
		return ACK_ERRORS;
	return set_ack(&group->findings);
}

/* ---- lists of distinct codes ---- */

struct code_list {
	const char *codes[CODES_MAX];
	size_t count;
};

static void code_list_add(struct code_list *list, const char *code)
{
	if (code[0] == '\0' || list->count == CODES_MAX)
		return;
	for (size_t i = 0; i < list->count; i++)
		if (slice_is(slice_of(list->codes[i]), code))
			return;
	list->codes[list->count++] = code;
}

static void code_list_put(struct writer *writer, const struct code_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		writer_text(writer, list->codes[i]);
}

/* ---- the reply's envelope ---- */

/* What was heard is repeated where it can stand; elsewhere something takes its place that can, so that what we send
 * is never refused for what we were sent. */

static bool all_digits(const char *text)
{
	return text[0] != '\0' && strspn(text, "0123456789") == strlen(text);
}

/* Is `value` one of the codes that the 999 guide gives to element `at` of the first segment `id`? */
static bool listed_in_999(const char *id, unsigned at, struct slice value)
{
	const struct guide *guide = guide_find(SLICE("999"), SLICE(GUIDE_999));
	for (size_t i = 0; guide != NULL && i < guide->node_count; i++) {
		const struct guide_node *node = &guide->nodes[i];
		if (node->kind == NODE_SEGMENT && slice_is(slice_of(guide_text(guide, node->id)), id))
			return guide_code_listed(guide, guide->elements[node->first_element + at - 1].codes, value);
	}
	return false;
}

static struct slice qualifier_or_mutual(const char *qualifier)
{
	static const char *const kinds[] = { "01", "14", "20", "27", "28", "29", "30", "33" };
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (slice_is(slice_of(kinds[i]), qualifier))
			return slice_of(qualifier);
	return SLICE("ZZ");
}

static struct slice partner_or_nobody(const struct writer *writer, const char *id)
{
	struct slice core = writer_core(writer, slice_of(id));
	return core.len == 0 ? SLICE("UNADDRESSED") : core;
}

/* GS02 and GS03 have 2 to 15 characters. */
static struct slice application_or_partner(const struct writer *writer, const char *application, struct slice partner)
{
	struct slice core = writer_core(writer, slice_of(application));
	return core.len < 2 ? partner : core;
}

static bool letters_and_digits(const char *text)
{
	size_t len = 0;
	while ((text[len] >= 'A' && text[len] <= 'Z') || (text[len] >= 'a' && text[len] <= 'z') || (text[len] >= '0' && text[len] <= '9'))
		len++;
	return len > 0 && text[len] == '\0';
}

bool ack_group_fits(const struct group_header *group)
{
	struct slice function = slice_of(group->functional_id);
	return slice_is(function, "FA") || /* is not answered at all */
	       (listed_in_999("AK1", 1, function) && all_digits(group->control) && letters_and_digits(group->version));
}

void ack_begin(struct acknowledger *ack, struct buffer *out, const struct interchange_header *heard,
               struct moment made, uint64_t control, bool show_values)
{
	*ack = (struct acknowledger){ .show_values = show_values };
	writer_init(&ack->writer, out);
	ack->envelope = (struct envelope){
		.sender_qualifier = qualifier_or_mutual(heard->receiver_qualifier),
		.sender = partner_or_nobody(&ack->writer, heard->receiver),
		.receiver_qualifier = qualifier_or_mutual(heard->sender_qualifier),
		.receiver = partner_or_nobody(&ack->writer, heard->sender),
		.made = made,
		.usage = heard->usage == 'T' ? 'T' : 'P',
		.control = control,
	};
	slice_copy(ack->sender, sizeof(ack->sender), ack->envelope.sender);
	slice_copy(ack->receiver, sizeof(ack->receiver), ack->envelope.receiver);
	writer_interchange(&ack->writer, &ack->envelope);
}

/* TA101 to TA103: number, date and time of the interchange that was heard; where it had none, zeros and our own. */
static void heard_moment_put(struct writer *writer, const struct interchange_header *heard, struct moment made)
{
	char date[9], hour[3] = { heard->time[0], heard->time[1], '\0' };
	struct buffer own;
	days day;
	bool fits = strlen(heard->control) == CONTROL_BYTES && all_digits(heard->control);
	bool dated = snprintf(date, sizeof(date), "20%s", heard->date) == 8 && days_parse8(&day, slice_of(date));
	bool timed = strlen(heard->time) == 4 && all_digits(heard->time) && strcmp(hour, "24") < 0 && heard->time[2] < '6';
	buffer_init(&own, 0);
	days_put6(&own, made.day);
	moment_put_time4(&own, made);
	struct slice ours = buffer_view(&own);
	writer_text(writer, fits ? heard->control : "000000000");
	writer_element(writer, dated ? slice_of(heard->date) : (struct slice){ ours.ptr, ours.len < 6 ? 0 : 6 });
	writer_element(writer, timed ? slice_of(heard->time) : (struct slice){ ours.len < 10 ? NULL : ours.ptr + 6, ours.len < 10 ? 0 : 4 });
	writer->out->failed = writer->out->failed || own.failed;
	buffer_done(&own);
}

void ack_ta1(struct acknowledger *ack, const struct interchange_verdict *verdict)
{
	struct writer *writer = &ack->writer;
	writer_begin(writer, "TA1");
	heard_moment_put(writer, &verdict->header, ack->envelope.made);
	writer_element(writer, (struct slice){ &verdict->ack, 1 });
	writer_text(writer, verdict->note[0] == '\0' ? "000" : verdict->note);
	writer_end(writer);
}

/* GS02 and GS03 are the application's names, which the sender may choose apart from those of ISA. */
void ack_group(struct acknowledger *ack, const struct group_header *group)
{
	struct writer *writer = &ack->writer;
	ack->envelope.sender = application_or_partner(writer, group->receiver, slice_of(ack->sender));
	ack->envelope.receiver = application_or_partner(writer, group->sender, slice_of(ack->receiver));
	slice_copy(ack->functional_id, sizeof(ack->functional_id), slice_of(group->functional_id));
	writer_group(writer, &ack->envelope, "FA", GUIDE_999);
	writer_set(writer, "999", GUIDE_999);
	writer_put(writer, "AK1", group->functional_id, group->control, group->version, NULL);
	ack->group_open = true;
}

/* ---- a set ---- */

/* May `next` stand under the IK3 that was written for `open`? */
static bool finding_shares_segment(const struct finding *open, const struct finding *next)
{
	return open != NULL && open->place.segment == next->place.segment &&
	       slice_equal(slice_of(open->segment_id), slice_of(next->segment_id)) &&
	       slice_is(slice_of(finding_kind(open->code)->ik3), ELEMENT_ERRORS) &&
	       slice_is(slice_of(finding_kind(next->code)->ik3), ELEMENT_ERRORS);
}

/* CTX: which member or inquiry it was, by the name that the guide gives to its business unit. */
static void business_put(struct writer *writer, const struct set_header *set, const struct finding *finding)
{
	/* by the set, not by the finding's guide: that of a rule may be a partner's */
	const struct guide *guide = finding->business[0] == '\0' ? NULL : guide_of_set(slice_of(set->id));
	if (guide == NULL || guide->business_unit == NULL || guide->business_unit[0] == '\0')
		return;
	struct slice business = slice_of(finding->business);
	business.len = utf8_prefix(business, BUSINESS_BYTES);
	business = writer_core(writer, business);
	if (business.len == 0)
		return;
	writer_begin(writer, "CTX");
	writer_text(writer, guide->business_unit);
	writer_component(writer, business);
	writer_end(writer);
}

/* Element 721 has 2 to 3 characters: what is no segment id is not copied into IK301. */
static bool segment_id_fits(const char *id)
{
	return letters_and_digits(id) && strlen(id) >= 2 && strlen(id) <= 3;
}

/* Element 447: a loop's number as far as it fits. */
static struct slice loop_put(const char *loop)
{
	struct slice id = slice_of(loop);
	return id.len > IK303_BYTES ? (struct slice){ id.ptr, IK303_BYTES } : id;
}

static void position_part(struct writer *writer, uint16_t part)
{
	char digits[8];
	int len = snprintf(digits, sizeof(digits), "%u", (unsigned)part);
	writer_component(writer, (struct slice){ digits, part == 0 ? 0 : (size_t)len });
}

/* CTX*SITUATIONAL TRIGGER: the segment, and the element in it, that made the broken rule speak.  Behind IK3 for a rule
 * about a segment, behind IK4 for one about an element. */
static void trigger_put(struct writer *writer, const struct finding *finding)
{
	const struct trigger *trigger = &finding->trigger;
	bool situation = finding_kind(finding->code)->level == SNIP_SITUATION; /* a balance has parts, not a trigger */
	if (!situation || !segment_id_fits(trigger->segment_id) || trigger->segment == 0)
		return;
	writer_begin(writer, "CTX");
	writer_text(writer, "SITUATIONAL TRIGGER");
	writer_text(writer, trigger->segment_id);
	writer_number(writer, trigger->segment);
	writer_element(writer, loop_put(trigger->loop));
	if (trigger->element > 0) {
		writer_number(writer, trigger->element);
		position_part(writer, trigger->component);
	}
	if (trigger->element > 0 && trigger->data_element > 0)
		writer_number(writer, trigger->data_element);
	writer_end(writer);
}

static void segment_put(struct writer *writer, const struct set_header *set, const struct finding *finding)
{
	writer_begin(writer, "IK3");
	writer_text(writer, segment_id_fits(finding->segment_id) ? finding->segment_id : NO_SEGMENT_ID);
	writer_number(writer, finding->place.segment);
	writer_element(writer, loop_put(finding->loop));
	writer_text(writer, finding_kind(finding->code)->ik3);
	writer_end(writer);
	if (finding_kind(finding->code)->ik4[0] == '\0')
		trigger_put(writer, finding);
	business_put(writer, set, finding);
}

static void element_put(struct writer *writer, const struct finding *finding, bool show_values)
{
	writer_begin(writer, "IK4");
	writer_number(writer, finding->place.element);
	position_part(writer, finding->place.component);
	position_part(writer, finding->place.repetition);
	if (finding->data_element == 0)
		writer_text(writer, "");
	else
		writer_number(writer, finding->data_element);
	writer_text(writer, finding_kind(finding->code)->ik4);
	if (show_values || finding->plain)
		writer_element(writer, writer_core(writer, (struct slice){ finding->value, finding->value_len }));
	writer_end(writer);
	trigger_put(writer, finding);
}

/* IK3 segments stand in the order of their segments.  Findings nearly do: a sum is told at its end, and stands at its
 * beginning. */
static size_t by_segment(const struct findings *findings, uint16_t order[LIMIT_FINDINGS_PER_SET])
{
	for (size_t i = 0; i < findings->count; i++) {
		size_t at = i;
		for (; at > 0 && findings->items[order[at - 1]].place.segment > findings->items[i].place.segment; at--)
			order[at] = order[at - 1];
		order[at] = (uint16_t)i;
	}
	return findings->count;
}

/* What is kept no more says its code, too. */
static void codes_of_all(struct code_list *codes, const struct findings *findings)
{
	if (findings->total == findings->count || findings->by_code == NULL)
		return;
	for (int code = FINDING_NONE + 1; code < FINDING_CODES; code++) {
		const struct finding_kind *kind = finding_kind((enum finding_code)code);
		if (findings->by_code[code] > 0 && kind_is_acknowledged(kind))
			code_list_add(codes, kind->ik5);
	}
}

static void findings_put(struct acknowledger *ack, const struct set_verdict *set, struct code_list *codes)
{
	struct writer *writer = &ack->writer;
	const struct finding *open = NULL;
	size_t room = ack->detail_bytes > LIMIT_ACK_DETAIL_BYTES ? 0 : LIMIT_ACK_ERRORS_PER_SET;
	uint16_t order[LIMIT_FINDINGS_PER_SET];
	size_t count = by_segment(&set->findings, order);
	for (size_t i = 0; i < count; i++) {
		const struct finding *finding = &set->findings.items[order[i]];
		const struct finding_kind *kind = finding_kind(finding->code);
		if (!kind_is_acknowledged(kind))
			continue;
		code_list_add(codes, kind->ik5);
		/* a set has its code in IK5 only */
		if (kind->ik3[0] == '\0' || finding->place.segment == 0 || room == 0)
			continue;
		if (!finding_shares_segment(open, finding)) {
			segment_put(writer, &set->header, finding);
			room--;
		}
		open = finding;
		if (kind->ik4[0] == '\0' || finding->place.element == 0 || room == 0)
			continue;
		element_put(writer, finding, ack->show_values);
		room--;
	}
	codes_of_all(codes, &set->findings);
}

/* AK201: a set id that the 999 does not list gives place to that of the group's own sets; IK502 6 says that it was none. */
static struct slice set_id_or_own(const struct acknowledger *ack, const char *id)
{
	const struct guide *own = guide_of_function(slice_of(ack->functional_id));
	return own == NULL || listed_in_999("AK2", 1, slice_of(id)) ? slice_of(id) : slice_of(own->set_id);
}

/* AK202: one of fewer than 4 characters is filled up with zeros. */
static void set_control_put(struct writer *writer, const char *control)
{
	char filled[SET_CONTROL_BYTES + 1] = "0000";
	struct slice core = writer_core(writer, slice_of(control));
	if (core.len > 0 && core.len < SET_CONTROL_BYTES)
		memcpy(filled + SET_CONTROL_BYTES - core.len, core.ptr, core.len);
	writer_element(writer, core.len < SET_CONTROL_BYTES ? slice_of(filled) : core);
}

static uint64_t count_of_sets(uint64_t count)
{
	return count < SETS_MAX ? count : SETS_MAX;
}

void ack_set(struct acknowledger *ack, const struct set_verdict *set)
{
	struct writer *writer = &ack->writer;
	size_t before = writer->out->len;
	struct code_list codes = { .count = 0 };
	char verdict = (char)set->ack;
	writer_begin(writer, "AK2");
	writer_element(writer, set_id_or_own(ack, set->header.id));
	set_control_put(writer, set->header.control);
	writer_element(writer, writer_core(writer, slice_of(set->header.convention)));
	writer_end(writer);
	findings_put(ack, set, &codes);
	ack->detail_bytes += writer->out->len - before;
	writer_begin(writer, "IK5");
	writer_element(writer, (struct slice){ &verdict, 1 });
	code_list_put(writer, &codes);
	writer_end(writer);
}

void ack_group_end(struct acknowledger *ack, const struct group_verdict *group)
{
	struct writer *writer = &ack->writer;
	struct code_list codes = { .count = 0 };
	char verdict = (char)group->ack;
	for (size_t i = 0; i < group->findings.count; i++)
		if (kind_is_acknowledged(finding_kind(group->findings.items[i].code)))
			code_list_add(&codes, finding_kind(group->findings.items[i].code)->ak9);
	writer_begin(writer, "AK9");
	writer_element(writer, (struct slice){ &verdict, 1 });
	writer_number(writer, count_of_sets(group->sets_included));
	writer_number(writer, count_of_sets(group->sets_received));
	writer_number(writer, count_of_sets(group->sets_accepted));
	code_list_put(writer, &codes);
	writer_end(writer);
	writer_set_end(writer);
	writer_group_end(writer);
	ack->group_open = false;
}

void ack_end(struct acknowledger *ack)
{
	writer_interchange_end(&ack->writer);
}
