/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * split: one file into several, each a whole interchange: by functional group, by transaction
 * set, or every so many business units (members of an 834, subscribers of a 270 or 271).
 *
 * Segments are copied byte for byte with the delimiters and line ends of their interchange.
 * Written anew are only ISA13, GS06 and the trailers, and inside a set that is cut what
 * split_set.c says.  What is wrong with the envelope would be hidden by new envelopes, so it
 * refuses the whole file, and nothing is written.
 *
 * Memory: the head of one set and of the HL levels above a unit; parts go to the disk.
 */
#include "exchange/split.h"

#include <stdarg.h>

#define ISA13_AT 90
#define ISA_BYTES 106
#define CONTROL_MOST 999999999

bool split_refuse(struct splitter *s, const char *format, ...)
{
	char text[sizeof(s->report->refusal.text)];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return failure_set(&s->report->refusal, "%s", text);
}

void split_segment_end(const struct splitter *s, struct buffer *out)
{
	buffer_char(out, s->delimiters.segment);
	buffer_put(out, s->line_end, s->line_end_len);
}

void split_segment(const struct splitter *s, struct buffer *out, struct slice bytes)
{
	buffer_slice(out, bytes);
	split_segment_end(s, out);
}

void split_trailer(const struct splitter *s, struct buffer *out, const char *id, uint64_t count, const char *control)
{
	buffer_format(out, "%s%c%llu%c%s", id, s->delimiters.element, (unsigned long long)count, s->delimiters.element, control);
	split_segment_end(s, out);
}

/* ---- parts: ISA … IEA ---------------------------------------------------------------------- */

/* GS06 as it is written: the interchange's number without the zeros before it. */
static const char *group_control(const struct splitter *s)
{
	const char *control = s->part_control;
	while (control[0] == '0' && control[1] != '\0')
		control++;
	return control;
}

bool split_part_begin(struct splitter *s, bool with_group)
{
	struct buffer *out = &s->parts.out;
	if (!parts_begin(&s->parts, s->failure))
		return false;
	snprintf(s->part_control, sizeof(s->part_control), "%09llu", (unsigned long long)s->control);
	s->control = s->control == CONTROL_MOST ? 1 : s->control + 1;
	memcpy(s->isa + ISA13_AT, s->part_control, 9);
	split_segment(s, out, (struct slice){ s->isa, ISA_BYTES - 1 });
	buffer_slice(out, buffer_view(&s->acknowledgments));
	buffer_reset(&s->acknowledgments);
	s->parts_of_interchange++;
	if (with_group) {
		buffer_put(out, s->group.ptr, s->group_control_at);
		buffer_text(out, group_control(s));
		buffer_put(out, s->group.ptr + s->group_control_end, s->group.len - s->group_control_end);
		split_segment_end(s, out);
	}
	return true;
}

bool split_part_end(struct splitter *s, bool with_group, uint64_t sets)
{
	if (with_group)
		split_trailer(s, &s->parts.out, "GE", sets, group_control(s));
	split_trailer(s, &s->parts.out, "IEA", with_group, s->part_control);
	s->report->parts++;
	return parts_end(&s->parts, s->failure);
}

/* ---- the envelope as it is read ----------------------------------------------------------------- */

static bool interchange_begin(struct splitter *s, const struct reader_item *item)
{
	memcpy(s->isa, item->segment.bytes.ptr, ISA_BYTES - 1);
	s->delimiters = item->interchange->delimiters;
	s->first_segment = true;
	s->parts_of_interchange = 0;
	buffer_reset(&s->acknowledgments);
	if (s->control > 0)
		return true;
	if (!slice_number(&s->control, slice_of(item->interchange->control)) || s->control == 0)
		s->control = 1; /* a number that is none has its finding, which refuses the file */
	return true;
}

/* How lines end is seen once, behind the ISA. */
static void line_end_see(struct splitter *s, const struct reader_item *item)
{
	uint64_t behind = item->interchange->offset + ISA_BYTES;
	uint64_t gap = item->segment.offset > behind ? item->segment.offset - behind : 0;
	s->first_segment = false;
	s->line_end_len = 0;
	if (gap == 2)
		s->line_end[s->line_end_len++] = '\r';
	if (gap > 0)
		s->line_end[s->line_end_len++] = '\n';
}

static bool group_begin(struct splitter *s, const struct reader_item *item)
{
	struct slice control = segment_element(&item->segment, 6);
	s->sets_of_group = 0;
	if (control.len == 0)
		return split_refuse(s, "byte %llu: GS06 is empty", (unsigned long long)item->segment.offset);
	buffer_reset(&s->group);
	buffer_slice(&s->group, item->segment.bytes);
	s->group_control_at = (size_t)(control.ptr - item->segment.bytes.ptr);
	s->group_control_end = s->group_control_at + control.len;
	if (s->group.failed)
		return failure_set(s->failure, "could not split: out of memory");
	return s->wish->by != SPLIT_GROUP || split_part_begin(s, true);
}

static bool group_end(struct splitter *s)
{
	if (s->wish->by != SPLIT_GROUP && s->sets_of_group > 0)
		return true;
	if (s->wish->by != SPLIT_GROUP && !split_part_begin(s, true)) /* a group without sets stays one */
		return false;
	return split_part_end(s, true, s->sets_of_group);
}

/* Acknowledgments go with the first group; without one, or behind the last, by themselves. */
static bool interchange_end(struct splitter *s)
{
	if (s->parts_of_interchange > 0 && s->acknowledgments.len == 0)
		return true;
	return split_part_begin(s, false) && split_part_end(s, false, 0);
}

static bool set_begin(struct splitter *s, const struct reader_item *item)
{
	s->sets_of_group++;
	if (s->wish->by == SPLIT_UNITS)
		return split_set_begin(s, item);
	if (s->wish->by == SPLIT_SET && !split_part_begin(s, true))
		return false;
	split_segment(s, &s->parts.out, item->segment.bytes);
	return true;
}

static bool segment(struct splitter *s, const struct reader_item *item)
{
	if (s->wish->by == SPLIT_UNITS)
		return split_set_segment(s, item);
	split_segment(s, &s->parts.out, item->segment.bytes);
	return parts_flush(&s->parts, false, s->failure);
}

static bool set_end(struct splitter *s, const struct reader_item *item)
{
	if (s->wish->by == SPLIT_UNITS)
		return split_set_end(s);
	split_segment(s, &s->parts.out, item->segment.bytes);
	return s->wish->by != SPLIT_SET || split_part_end(s, true, 1);
}

static bool finding(struct splitter *s, const struct finding *found)
{
	const struct finding_kind *kind = finding_kind(found->code);
	if (found->severity != SEVERITY_REFUSE)
		return true;
	return split_refuse(s, "byte %llu: %s (%s); new envelopes would hide it", (unsigned long long)found->place.offset, kind->text, kind->name);
}

static bool item_split(struct splitter *s, const struct reader_item *item)
{
	bool segment_follows = item->answer != READER_INTERCHANGE && item->answer != READER_FINDING;
	if (s->first_segment && segment_follows && item->interchange != NULL)
		line_end_see(s, item);
	switch (item->answer) {
	case READER_INTERCHANGE:
		return interchange_begin(s, item);
	case READER_TA1:
		split_segment(s, &s->acknowledgments, item->segment.bytes);
		return true;
	case READER_GROUP:
		return group_begin(s, item);
	case READER_SET:
		return set_begin(s, item);
	case READER_SEGMENT:
		return segment(s, item);
	case READER_SET_END:
		return set_end(s, item);
	case READER_GROUP_END:
		return group_end(s);
	case READER_INTERCHANGE_END:
		return interchange_end(s);
	case READER_FINDING:
		return finding(s, &item->finding);
	case READER_MORE:
	case READER_END:
	case READER_FAILED:
		break;
	}
	return true;
}

bool split_form_fits(const char *form)
{
	return parts_form_fits(form);
}

/* ---- a file ------------------------------------------------------------------------------------------ */

static bool items_split(struct splitter *s, struct items *items)
{
	for (;;) {
		struct reader_item item;
		if (!items_next(items, &item, s->failure))
			return false;
		if (item.answer == READER_END)
			return true;
		if (!item_split(s, &item))
			return false;
		if (s->acknowledgments.failed || s->parts.out.failed)
			return failure_set(s->failure, "could not split: out of memory");
	}
}

bool split_file(const char *path, const struct split_wish *wish, struct split_report *report, struct failure *failure)
{
	struct source *source = source_open(path, failure);
	struct items *items = source == NULL ? NULL : items_of(source, failure);
	struct splitter *s = items == NULL ? NULL : calloc(1, sizeof(*s));
	*report = (struct split_report){ .parts = 0 };
	bool done = false;
	if (s != NULL) {
		*s = (struct splitter){ .wish = wish, .report = report, .failure = failure, .control = wish->control };
		parts_init(&s->parts, wish->out, wish->form, path);
		split_sets_init(s);
		buffer_init(&s->acknowledgments, LIMIT_RECORD_BYTES);
		buffer_init(&s->group, 0);
		done = (s->walker != NULL || failure_set(failure, "could not split: out of memory")) &&
			folder_make(wish->out, failure) && items_split(s, items) && parts_keep(&s->parts, failure);
		report->next_control = s->control;
		parts_drop(&s->parts);
		split_sets_done(s);
		buffer_done(&s->acknowledgments);
		buffer_done(&s->group);
	} else if (items != NULL) {
		failure_set(failure, "could not split: out of memory");
	}
	free(s);
	items_free(items);
	source_close(source);
	if (!done)
		report->parts = 0;
	return done || report->refusal.text[0] != '\0';
}
