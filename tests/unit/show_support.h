/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * show_support: X12 to a document and a document to X12, in memory, for tests.
 */
#ifndef PCCM_TESTS_SHOW_SUPPORT_H
#define PCCM_TESTS_SHOW_SUPPORT_H

#include "generators/generators.h"
#include "tests/unit/x12_support.h"

struct showing {
	struct shower *shower;
	bool walking;
};

static void showing_item(void *data, const struct reader_item *item)
{
	struct showing *showing = data;
	struct shower *shower = showing->shower;
	const struct segment *segment = &item->segment;
	switch (item->answer) {
	case READER_INTERCHANGE:
		show_interchange(shower, item->interchange, segment, item->end_offset);
		break;
	case READER_GROUP:
		show_group(shower, item->group, segment);
		break;
	case READER_SET:
		showing->walking = guide_find(slice_of(item->set->id), slice_of(item->group->version)) != NULL;
		if (!showing->walking)
			show_set(shower, item->set, segment);
		break;
	case READER_TA1:
		show_segment(shower, segment, 0);
		break;
	case READER_SEGMENT:
		if (!showing->walking)
			show_segment(shower, segment, item->position);
		break;
	case READER_SET_END:
		if (!showing->walking)
			show_set_end(shower, segment, item->position);
		break;
	case READER_GROUP_END:
		show_group_end(shower, segment);
		break;
	case READER_INTERCHANGE_END:
		show_interchange_end(shower, segment);
		break;
	case READER_MORE:
	case READER_FINDING:
	case READER_END:
	case READER_FAILED:
		break;
	}
}

static void showing_event(void *data, const struct event *event)
{
	show_event(((struct showing *)data)->shower, event);
}

/* The whole document of a file that is not packed. */
static bool show_whole(struct buffer *out, struct slice bytes, enum show_format format, bool terse, bool show_values)
{
	struct showing showing = { .shower = shower_new(out, format, show_values) };
	const struct x12_sink sink = { .item = showing_item, .event = showing_event, .data = &showing };
	if (showing.shower == NULL)
		return false;
	if (terse)
		shower_terse(showing.shower);
	show_begin(showing.shower);
	show_bytes(showing.shower, bytes);
	(void)x12_run(bytes, 0, 2, &sink);
	show_file_end(showing.shower);
	show_end(showing.shower);
	bool fine = !show_failed(showing.shower);
	shower_free(showing.shower);
	return fine;
}

/* What a document makes, fed in chunks (0: whole); false with a fault. */
static bool build_whole(struct buffer *out, struct slice bytes, size_t chunk, struct document_fault *fault)
{
	struct builder *builder = builder_new(out, fault);
	struct document_sink sink = builder_sink(builder);
	struct document *document = document_new(&sink);
	bool fine = true;
	while (bytes.len > 0 && fine) {
		size_t len = chunk == 0 || chunk > bytes.len ? bytes.len : chunk;
		fine = document_feed(document, (struct slice){ bytes.ptr, len });
		bytes.ptr += len;
		bytes.len -= len;
	}
	fine = fine && document_end(document);
	if (fine)
		builder_end(builder);
	document_free(document);
	builder_free(builder);
	return fine;
}

#endif
