/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * envelope: what ISA, GS, ST, SE, GE, IEA and TA1 mean: what is open, what each of them
 * closes, and the checks on their own elements (X12.5, X12.6; domain reference 6.5).
 *
 * A segment of the envelope that comes where another one is missing closes what is open,
 * innermost first, each with its finding, and then does its own work: so any of ISA, GS,
 * ST, SE, GE and IEA sets reading right again.  An opening is given before the findings on
 * it, an end after them, so that whoever listens always has open what a finding is about.
 *
 * Holds at every return: in_set implies in_group, in_group implies inside.
 */
#include "parsers/parts.h"

#include <assert.h>

/* ---- findings of the envelope ---------------------------------------------------------- */

struct finding *envelope_find(struct reader *reader, enum finding_code code, uint64_t offset)
{
	assert(reader->queue_tail < READER_QUEUE);
	struct finding *finding = &reader->queue[reader->queue_tail++];
	found_init(finding, code);
	reader_place(reader, &finding->place, offset);
	if (reader->in_set) {
		finding->place.segment = reader->segments;
		slice_copy(finding->set_id, sizeof(finding->set_id), slice_of(reader->set.id));
		slice_copy(finding->set_control, sizeof(finding->set_control), slice_of(reader->set.control));
	}
	return finding;
}

/* A finding on element n of a segment of the envelope. */
static struct finding *element_find(struct reader *reader, enum finding_code code, const struct segment *segment,
	unsigned n)
{
	struct slice value = segment_element(segment, n);
	const char *at = value.ptr != NULL ? value.ptr : segment->bytes.ptr + segment->bytes.len;
	struct finding *finding = envelope_find(reader, code, segment->offset);
	segment_place(&finding->place, segment, at);
	slice_copy(finding->segment_id, sizeof(finding->segment_id), segment->id);
	finding->place.element = (uint16_t)n;
	found_plain(finding, value);
	return finding;
}

/* A segment that has no place in the envelope: told once for each stretch of them. */
void envelope_stray(struct reader *reader, uint64_t offset, struct slice id, const char *expected)
{
	if (reader->stray_told)
		return;
	reader->stray_told = true;
	struct finding *finding = envelope_find(reader, reader->in_group ? FINDING_OUTSIDE_SET
		: FINDING_OUTSIDE_GROUP, offset);
	if (id.len <= 3)
		slice_copy(finding->segment_id, sizeof(finding->segment_id), id);
	slice_copy(finding->expected, sizeof(finding->expected), slice_of(expected));
}

/* ---- ISA ---------------------------------------------------------------------------------- */

static const char sender_kinds[] = "01 14 20 27 28 29 30 33 ZZ";

static bool is_filled(struct slice value)
{
	return value.len > 0;
}
static bool is_date6(struct slice value)
{
	return value.len == 6 && form_date(value);
}
static bool is_time4(struct slice value)
{
	return value.len == 4 && form_time(value);
}
static bool is_nine_digits(struct slice value)
{
	return value.len == 9 && form_digits(value);
}

/* I11: the control versions that were published, from 00200 on; 00501 is the one that is read here. */
static bool is_version(struct slice value)
{
	return value.len == 5 && form_digits(value) && slice_starts(value, "00") && value.ptr[2] >= '2' && value.ptr[2] <= '8';
}
static bool is_read_here(struct slice value)
{
	return slice_is(value, "00501") || !is_version(value); /* what is no version is told as that */
}

/* The elements of ISA in their order: a list of codes, or a form; some only where the one before has a value. */
static const struct {
	unsigned element;
	enum finding_code code;
	const char *codes;
	bool (*form)(struct slice value);
	const char *expected;
	const char *after;
} isa_checks[] = {
	{ 1, FINDING_ISA_AUTHORIZATION, "00 03", NULL, "one of 00 03", NULL },
	{ 2, FINDING_ISA_AUTHORIZATION_EMPTY, NULL, is_filled, "1 to 10 characters, as ISA01 is 03", "03" },
	{ 3, FINDING_ISA_SECURITY, "00 01", NULL, "one of 00 01", NULL },
	{ 4, FINDING_ISA_SECURITY_EMPTY, NULL, is_filled, "1 to 10 characters, as ISA03 is 01", "01" },
	{ 5, FINDING_ISA_SENDER_QUALIFIER, sender_kinds, NULL, "one of 01 14 20 27 28 29 30 33 ZZ", NULL },
	{ 6, FINDING_ISA_SENDER, NULL, is_filled, "1 to 15 characters", NULL },
	{ 7, FINDING_ISA_RECEIVER_QUALIFIER, sender_kinds, NULL, "one of 01 14 20 27 28 29 30 33 ZZ", NULL },
	{ 8, FINDING_ISA_RECEIVER, NULL, is_filled, "1 to 15 characters", NULL },
	{ 9, FINDING_ISA_DATE, NULL, is_date6, "YYMMDD", NULL },
	{ 10, FINDING_ISA_TIME, NULL, is_time4, "HHMM", NULL },
	{ 12, FINDING_ISA_VERSION_ID, NULL, is_version, "00501", NULL },
	{ 12, FINDING_ISA_VERSION, NULL, is_read_here, "00501", NULL },
	{ 13, FINDING_ISA_CONTROL, NULL, is_nine_digits, "nine digits", NULL },
	{ 14, FINDING_ISA_ACK_REQUESTED, "0 1", NULL, "0 or 1", NULL },
	{ 15, FINDING_ISA_USAGE, "P T", NULL, "P or T", NULL },
};

static bool separates(char c)
{
	return !((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == ' ');
}

_Static_assert(HEADER_WRAPS <= SEGMENT_WRAPS, "a segment keeps the line ends of an ISA");
/* The ISA as a segment of views, like any other: its elements as sent, with their blanks. */
static void header_split(const struct reader *reader, struct segment *segment)
{
	const struct header_bytes *header = &reader->header_bytes;
	bool whole = header->wrap_count == 0 && header->fault == HEADER_WHOLE;
	const char *bytes = whole ? reader->window + reader->start : header->isa;
	segment->bytes = (struct slice){ bytes, HEADER_BYTES - 1 };
	segment->id = (struct slice){ bytes, 3 };
	segment->key = segment_key(segment->id);
	segment->offset = reader->base + reader->start;
	segment->line = reader->line;
	segment->line_offset = reader->line_offset;
	segment->element_count = 16;
	segment->base = bytes;
	segment->ends = header_ends;
	segment->delimiters = reader->interchange.delimiters;
	segment->has = SEGMENT_HAS_LINE_END - 1; /* nothing is promised */
	segment->wrap_count = header->wrap_count;
	memcpy(segment->wraps, header->wraps, header->wrap_count * sizeof(header->wraps[0]));
}

static struct finding *isa_find(struct reader *reader, enum finding_code code, unsigned element, struct slice value)
{
	struct segment segment;
	header_split(reader, &segment);
	struct finding *finding = envelope_find(reader, code, segment.offset);
	/* of an ISA that is not of its length the elements stand elsewhere */
	if (reader->header_bytes.fault == HEADER_WHOLE)
		segment_place(&finding->place, &segment, segment.base + (element > 0 ? header_place(element) : 0));
	slice_copy(finding->segment_id, sizeof(finding->segment_id), SLICE("ISA"));
	finding->place.element = (uint16_t)element;
	found_plain(finding, value);
	return finding;
}

/* The bytes that separate, in the order in which they stand.  Before 00402 ISA11 is no separator: it names whose
 * standards the envelope follows, and U is the only name there is. */
static void delimiters_check(struct reader *reader, const char *isa)
{
	bool old = is_version(header_element(isa, 12)) && slice_compare(header_element(isa, 12), SLICE("00402")) < 0;
	char element = isa[3], repetition = old ? '\0' : isa[82], component = isa[104], terminator = isa[105];
	static const char expected[] = "a byte that is no letter, digit, blank or other delimiter";
	if (!separates(element))
		found_expected(isa_find(reader, FINDING_ISA_SEPARATOR, 0, SLICE_NONE), "%s", expected);
	if (old && isa[82] != 'U')
		found_expected(isa_find(reader, FINDING_ISA_STANDARDS, 11, header_element(isa, 11)), "U");
	else if (!old && (!separates(repetition) || repetition == element))
		found_expected(isa_find(reader, FINDING_ISA_REPETITION, 11, header_element(isa, 11)), "%s", expected);
	if (!separates(component) || component == element || (!old && component == repetition))
		found_expected(isa_find(reader, FINDING_ISA_COMPONENT, 16, header_element(isa, 16)), "%s", expected);
	if (!separates(terminator) || terminator == element || terminator == component || (!old && terminator == repetition))
		found_expected(isa_find(reader, FINDING_ISA_TERMINATOR, 0, SLICE_NONE), "%s", expected);
}

static void header_check(struct reader *reader, const char *isa)
{
	delimiters_check(reader, isa);
	for (size_t i = 0; i < COUNT_OF(isa_checks); i++) {
		unsigned n = isa_checks[i].element;
		struct slice value = header_element(isa, n);
		if (isa_checks[i].after != NULL && !slice_is(header_element(isa, n - 1), isa_checks[i].after))
			continue;
		bool fits = isa_checks[i].form != NULL ? isa_checks[i].form(value) :
			slice_among(slice_of(isa_checks[i].codes), value);
		if (!fits)
			found_expected(isa_find(reader, isa_checks[i].code, n, value), "%s", isa_checks[i].expected);
	}
}

static enum reader_answer open_interchange(struct reader *reader, struct reader_item *item)
{
	const char *isa = reader->header_bytes.isa;
	uint64_t offset = reader->base + reader->start;
	header_parse(&reader->interchange, isa, offset);
	reader->inside = true;
	reader->stray_told = false;
	reader->groups = 0;
	reader->acknowledgments = 0;
	reader->interchanges++;
	controls_reset(reader->group_controls);
	header_split(reader, &item->segment);
	if (reader->header_bytes.fault != HEADER_WHOLE)
		isa_find(reader, reader->header_bytes.fault == HEADER_CUT ? FINDING_ISA_CUT : FINDING_ISA_SHORT, 0, SLICE_NONE);
	else
		header_check(reader, isa);
	item->interchange = &reader->interchange;
	item->end_offset = reader->end_offset;
	reader_consume(reader);
	reader_delimit(reader);
	return item->answer = READER_INTERCHANGE;
}

/* ---- GS, ST, TA1 ------------------------------------------------------------------------------ */

static bool length_within(struct slice value, size_t min, size_t max)
{
	return value.len >= min && value.len <= max;
}

static bool gs_element_fits(const struct segment *segment, unsigned n)
{
	struct slice value = segment_element(segment, n);
	switch (n) {
	case 1:
		return value.len == 2;
	case 2:
	case 3:
		return length_within(value, 2, 15) && slice_trim(value).len > 0;
	case 4:
		return value.len == 8 && form_date(value);
	case 5:
		return form_time(value);
	case 6:
		return length_within(value, 1, 9) && form_digits(value);
	case 7:
		return slice_is(value, "X");
	default:
		return length_within(value, 1, 12);
	}
}

static enum reader_answer open_group(struct reader *reader, struct reader_item *item)
{
	static const char *const forms[] = { "2 letters", "2 to 15 characters", "2 to 15 characters", "CCYYMMDD",
		"HHMM, HHMMSS or HHMMSSDD", "1 to 9 digits", "X", "1 to 12 characters" };
	const struct segment *segment = &item->segment;
	struct group_header *group = &reader->group;
	memset(group, 0, sizeof(*group));
	slice_copy(group->functional_id, sizeof(group->functional_id), segment_element(segment, 1));
	slice_copy(group->sender, sizeof(group->sender), slice_trim(segment_element(segment, 2)));
	slice_copy(group->receiver, sizeof(group->receiver), slice_trim(segment_element(segment, 3)));
	slice_copy(group->date, sizeof(group->date), segment_element(segment, 4));
	slice_copy(group->time, sizeof(group->time), segment_element(segment, 5));
	slice_copy(group->control, sizeof(group->control), segment_element(segment, 6));
	slice_copy(group->agency, sizeof(group->agency), segment_element(segment, 7));
	slice_copy(group->version, sizeof(group->version), segment_element(segment, 8));
	group->offset = segment->offset;
	reader->in_group = true;
	reader->stray_told = false;
	reader->sets = 0;
	reader->groups++;
	controls_reset(reader->set_controls);
	for (unsigned n = 1; n <= COUNT_OF(forms); n++)
		if (!gs_element_fits(segment, n))
			found_expected(element_find(reader, n == 6 ? FINDING_GS_CONTROL : FINDING_GS_SYNTAX, segment, n), "%s", forms[n - 1]);
	if (segment->element_count > COUNT_OF(forms))
		found_expected(element_find(reader, FINDING_GS_SYNTAX, segment, 9), "8 elements");
	if (controls_seen(reader->group_controls, segment_element(segment, 6)))
		(void)element_find(reader, FINDING_GS_CONTROL_REPEATED, segment, 6);
	item->interchange = &reader->interchange;
	item->group = group;
	item->end_offset = reader->end_offset;
	reader_consume(reader);
	return item->answer = READER_GROUP;
}

static bool control_form(struct slice control)
{
	if (!length_within(control, 4, 9))
		return false;
	for (size_t i = 0; i < control.len; i++)
		if (separates(control.ptr[i]) || control.ptr[i] == ' ')
			return false;
	return true;
}

static enum reader_answer open_set(struct reader *reader, struct reader_item *item)
{
	const struct segment *segment = &item->segment;
	struct set_header *set = &reader->set;
	memset(set, 0, sizeof(*set));
	slice_copy(set->id, sizeof(set->id), segment_element(segment, 1));
	slice_copy(set->control, sizeof(set->control), segment_element(segment, 2));
	slice_copy(set->convention, sizeof(set->convention), segment_element(segment, 3));
	set->offset = segment->offset;
	reader->in_set = true;
	reader->stray_told = false;
	reader->segments = 1;
	reader->sets++;
	/* what is kept of a longer one may be the id of a guide */
	if (segment_element(segment, 1).len >= sizeof(set->id))
		found_expected(element_find(reader, FINDING_ST_UNKNOWN, segment, 1), "3 digits");
	struct slice control = segment_element(segment, 2);
	if (!control_form(control))
		found_expected(element_find(reader, FINDING_ST_CONTROL, segment, 2), "4 to 9 letters and digits");
	else if (controls_seen(reader->set_controls, control))
		(void)element_find(reader, FINDING_ST_CONTROL_REPEATED, segment, 2);
	item->position = 1;
	item->interchange = &reader->interchange;
	item->group = &reader->group;
	item->set = set;
	item->end_offset = reader->end_offset;
	reader_consume(reader);
	return item->answer = READER_SET;
}

/* ---- ends ------------------------------------------------------------------------------------------ */

/* An end waits behind its findings. */
static enum reader_answer hold(struct reader *reader, struct reader_item *item, enum reader_answer end, bool trailer)
{
	reader->held = end;
	reader->held_trailer = trailer;
	return envelope_queued(reader, item);
}

/* The number of a trailer's first element; 0 if it is none. */
static uint64_t claimed_count(const struct segment *segment)
{
	uint64_t count = 0;
	return slice_number(&count, segment_element(segment, 1)) ? count : 0;
}

static void trailer_check(struct reader *reader, const struct segment *segment, uint64_t counted, const char *control,
	enum finding_code count_code, enum finding_code control_code)
{
	uint64_t claimed = 0;
	if (!slice_number(&claimed, segment_element(segment, 1)) || claimed != counted)
		found_expected(element_find(reader, count_code, segment, 1), "%llu", (unsigned long long)counted);
	reader->held_claimed = claimed_count(segment);
	struct slice sent = segment_element(segment, 2);
	uint64_t a = 0, b = 0;
	bool equal = slice_is(sent, control);
	/* group and interchange numbers are numbers; a set's is text */
	if (!equal && control_code != FINDING_SE_CONTROL)
		equal = slice_number(&a, sent) && slice_number(&b, slice_of(control)) && a == b;
	if (!equal)
		found_expected(element_find(reader, control_code, segment, 2), "%s", control);
}

static enum reader_answer end_missing(struct reader *reader, struct reader_item *item, enum finding_code code,
	enum reader_answer end)
{
	uint64_t offset = reader->base + reader->start;
	(void)envelope_find(reader, code, offset);
	reader->held_claimed = 0;
	return hold(reader, item, end, false);
}

/* Close the innermost of what is open down to `keep` (READER_SET: close a set only; READER_GROUP: set and group). */
static enum reader_answer close_one(struct reader *reader, struct reader_item *item, enum reader_answer outermost)
{
	if (reader->in_set)
		return end_missing(reader, item, FINDING_SE_MISSING, READER_SET_END);
	if (reader->in_group && outermost != READER_SET)
		return end_missing(reader, item, FINDING_GE_MISSING, READER_GROUP_END);
	if (reader->inside && outermost == READER_INTERCHANGE)
		return end_missing(reader, item, FINDING_IEA_MISSING, READER_INTERCHANGE_END);
	return READER_MORE;
}

static void item_end(struct reader *reader, struct reader_item *item, enum reader_answer end)
{
	item->interchange = &reader->interchange;
	item->group = end == READER_INTERCHANGE_END ? NULL : &reader->group;
	item->set = end == READER_SET_END ? &reader->set : NULL;
	item->position = 0;
	item->claimed = reader->held_claimed;
	reader->stray_told = false;
	switch ((int)end) {
	case READER_SET_END:
		item->count = reader->segments;
		item->position = reader->segments;
		reader->in_set = false;
		break;
	case READER_GROUP_END:
		item->count = reader->sets;
		reader->in_group = false;
		break;
	default:
		item->count = reader->groups;
		reader->inside = false;
		break;
	}
}

enum reader_answer envelope_queued(struct reader *reader, struct reader_item *item)
{
	if (reader->queue_head < reader->queue_tail) {
		item->finding = reader->queue[reader->queue_head++];
		item->interchange = reader->inside ? &reader->interchange : NULL;
		item->group = reader->in_group ? &reader->group : NULL;
		item->set = reader->in_set ? &reader->set : NULL;
		item->position = reader->in_set ? reader->segments : 0;
		return item->answer = READER_FINDING;
	}
	reader->queue_head = 0;
	reader->queue_tail = 0;
	if (reader->held == READER_MORE)
		return READER_MORE;
	enum reader_answer end = reader->held;
	reader->held = READER_MORE;
	item_end(reader, item, end);
	if (reader->held_trailer) {
		reader_split(reader, &item->segment);
		item->end_offset = reader->end_offset;
		reader_consume(reader);
	} else {
		item->segment.bytes = item->segment.id = SLICE_NONE;
		item->segment.base = NULL;
		item->segment.ends = NULL;
		item->segment.element_count = 0;
		item->segment.wrap_count = 0;
		item->segment.key = 0;
		item->segment.line = reader->line;
		item->segment.line_offset = reader->line_offset;
		item->segment.offset = item->end_offset = reader->base + reader->start;
		item->segment.delimiters = reader->interchange.delimiters;
	}
	return item->answer = end;
}

static enum reader_answer end_set(struct reader *reader, struct reader_item *item)
{
	reader->segments++;
	trailer_check(reader, &item->segment, reader->segments, reader->set.control, FINDING_SE_COUNT,
		FINDING_SE_CONTROL);
	return hold(reader, item, READER_SET_END, true);
}

static enum reader_answer end_group(struct reader *reader, struct reader_item *item)
{
	trailer_check(reader, &item->segment, reader->sets, reader->group.control, FINDING_GE_COUNT,
		FINDING_GE_CONTROL);
	return hold(reader, item, READER_GROUP_END, true);
}

static enum reader_answer end_interchange(struct reader *reader, struct reader_item *item)
{
	trailer_check(reader, &item->segment, reader->groups, reader->interchange.control, FINDING_IEA_COUNT,
		FINDING_IEA_CONTROL);
	if (reader->groups == 0 && reader->acknowledgments == 0)
		(void)envelope_find(reader, FINDING_NO_GROUPS, item->segment.offset);
	return hold(reader, item, READER_INTERCHANGE_END, true);
}

/* ---- one segment ------------------------------------------------------------------------------------- */

static enum reader_answer set_segment(struct reader *reader, struct reader_item *item)
{
	if (reader->length == 0) {
		envelope_find(reader, FINDING_SEGMENT_NOTHING, item->segment.offset)->place.segment = reader->segments + 1;
		reader_consume(reader);
		return READER_MORE;
	}
	reader->segments++;
	if (reader->separators > LIMIT_ELEMENTS) {
		struct finding *finding = envelope_find(reader, FINDING_SEGMENT_ELEMENTS, item->segment.offset);
		if (item->segment.id.len <= 3)
			slice_copy(finding->segment_id, sizeof(finding->segment_id), item->segment.id);
		finding->place.element = LIMIT_ELEMENTS + 1;
		found_expected(finding, "at most %d elements", LIMIT_ELEMENTS);
	}
	item->position = reader->segments;
	item->interchange = &reader->interchange;
	item->group = &reader->group;
	item->set = &reader->set;
	item->end_offset = reader->end_offset;
	reader_consume(reader);
	return item->answer = READER_SEGMENT;
}

static enum reader_answer stray(struct reader *reader, struct reader_item *item)
{
	envelope_stray(reader, item->segment.offset, item->segment.id, reader->in_group ? "ST or GE"
		: "GS, TA1 or IEA");
	reader->dropped++;
	reader_consume(reader);
	return READER_MORE;
}

static bool is_verdict(struct slice value)
{
	return slice_among(SLICE("A E R"), value);
}
/* TA105: 000 to 031. */
static bool is_note(struct slice value)
{
	uint64_t note = 0;
	return value.len == 3 && slice_number(&note, value) && note <= 31;
}

static enum reader_answer acknowledgment(struct reader *reader, struct reader_item *item)
{
	static const struct {
		bool (*form)(struct slice value);
		const char *expected;
	} forms[] = {
		{ is_nine_digits, "nine digits" }, { is_date6, "YYMMDD" }, { is_time4, "HHMM" },
		{ is_verdict, "A, E or R" }, { is_note, "000 to 031" },
	};
	for (unsigned n = 1; n <= COUNT_OF(forms); n++)
		if (!forms[n - 1].form(segment_element(&item->segment, n)))
			found_expected(element_find(reader, FINDING_TA1_SYNTAX, &item->segment, n), "%s", forms[n - 1].expected);
	reader->acknowledgments++;
	item->interchange = &reader->interchange;
	item->group = NULL;
	item->set = NULL;
	item->position = 0;
	item->end_offset = reader->end_offset;
	reader_consume(reader);
	return item->answer = READER_TA1;
}

/* Does the pending segment begin an interchange, though its ISA is not of its length?  Only its own bytes are looked at. */
static bool begins_interchange(const struct reader *reader)
{
	struct header_bytes header;
	return reader->wrap_count == 0 &&
	       header_short(&header, reader->window + reader->start, reader->raw, true) == HEADER_YES &&
	       (header.fault == HEADER_SHORT || (reader->ended && reader->raw == reader->length)); /* cut off: no terminator */
}

/* What was open is closed: look at the same bytes again, from outside. */
static enum reader_answer short_header(struct reader *reader)
{
	reader->raw = 0;
	reader->next_line = reader->line;
	reader->next_line_offset = reader->line_offset;
	reader_consume(reader);
	return READER_MORE;
}

#define ID_ISA ID3('I', 'S', 'A')
#define ID_IEA ID3('I', 'E', 'A')
#define ID_TA1 ID3('T', 'A', '1')
#define ID_GS ID2('G', 'S')
#define ID_GE ID2('G', 'E')
#define ID_ST ID2('S', 'T')
#define ID_SE ID2('S', 'E')

/* What must be closed before a segment of this id: the outermost, READER_MORE for nothing. */
static enum reader_answer closes(uint32_t id)
{
	switch (id) {
	case ID_ST:
	case ID_GE:
		return READER_SET;
	case ID_GS:
	case ID_IEA:
		return READER_GROUP;
	case ID_ISA:
		return READER_INTERCHANGE;
	default:
		return READER_MORE;
	}
}

static enum reader_answer envelope_segment(struct reader *reader, struct reader_item *item)
{
	reader_split(reader, &item->segment);
	uint32_t id = item->segment.key;
	if (id == ID_ISA && reader->inside && !begins_interchange(reader))
		id = 0; /* a segment that nobody knows */
	enum reader_answer outermost = closes(id);
	if (reader->in_set && outermost == READER_MORE)
		return id == ID_SE ? end_set(reader, item) : set_segment(reader, item);
	if (outermost != READER_MORE) {
		enum reader_answer closed = close_one(reader, item, outermost);
		if (closed != READER_MORE)
			return closed;
	}
	switch (id) {
	case ID_ST:
		return reader->in_group ? open_set(reader, item) : stray(reader, item);
	case ID_GE:
		return reader->in_group ? end_group(reader, item) : stray(reader, item);
	case ID_TA1:
		return reader->in_group ? stray(reader, item) : acknowledgment(reader, item);
	case ID_GS:
		return open_group(reader, item);
	case ID_IEA:
		return end_interchange(reader, item);
	case ID_ISA:
		return short_header(reader);
	default:
		return stray(reader, item);
	}
}

enum reader_answer envelope_step(struct reader *reader, struct reader_item *item)
{
	if (reader->pending == PENDING_SEGMENT)
		return envelope_segment(reader, item);
	enum reader_answer closed = close_one(reader, item, READER_INTERCHANGE);
	if (closed != READER_MORE)
		return closed;
	if (reader->pending == PENDING_HEADER)
		return open_interchange(reader, item);
	reader_consume(reader);
	reader->closed = true;
	return item->answer = READER_END;
}
