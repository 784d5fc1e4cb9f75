/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * readback: what generators wrote is read as anybody's file would be, by reader,
 * walker and binder; every finding is printed and counted.
 */
#ifndef PCCM_READBACK_H
#define PCCM_READBACK_H

#include "generators/generators.h"
#include "parsers/parsers.h"
#include "unit.h"

#define LEVEL 5 /* everything that the guides and code sets say */

struct listener { /* what a test expects: called with each record, in order */
	void (*hear)(struct listener *listener, enum record_kind kind, const void *record);
	const void *expected;
	enum record_kind kind;
	uint64_t records, equal;
	uint64_t sets, findings;
	struct shower *shower; /* shows each event, unless NULL */
};

static void findings_print(const struct findings *findings, struct listener *listener)
{
	for (size_t i = 0; i < findings->count; i++) {
		struct buffer out;
		buffer_init(&out, 0);
		finding_put_text(&out, &findings->items[i], "written", true);
		printf("    %.*s\n", SLICE_ARG(buffer_view(&out)));
		buffer_done(&out);
	}
	for (size_t i = 0; i < findings->count; i++) /* what a guide's rule only remarks is not wrong */
		listener->findings += findings->items[i].rule == NULL || findings->items[i].severity == SEVERITY_REFUSE;
	listener->findings += findings->total - findings->count;
}

struct chain {
	struct reader *reader;
	struct walker *walker;
	struct binder *binder;
	struct findings findings;
	struct listener *listener;
	bool walking;
};

static void events_take(struct chain *chain)
{
	struct event event;
	while (walker_event(chain->walker, &event)) {
		enum record_kind kind;
		const void *record;
		if (chain->listener->shower != NULL)
			show_event(chain->listener->shower, &event);
		if (binder_event(chain->binder, &kind, &record, &event)) {
			chain->listener->records++;
			if (chain->listener->hear != NULL)
				chain->listener->hear(chain->listener, kind, record);
		}
	}
}

static void set_begin(struct chain *chain, const struct reader_item *item)
{
	const struct guide *guide = guide_find(slice_of(item->set->id), slice_of(item->group->version));
	CU_ASSERT_FATAL(guide != NULL);
	findings_reset(&chain->findings);
	walker_begin(chain->walker, guide, item->set, &chain->findings,
		(struct checks){ .level = LEVEL, .on = DAYS_NONE });
	chain->walking = true;
	walker_segment(chain->walker, &item->segment, item->position);
	events_take(chain);
}

static void item_take(struct chain *chain, const struct reader_item *item)
{
	switch (item->answer) {
	case READER_SET:
		set_begin(chain, item);
		return;
	case READER_SEGMENT:
		walker_segment(chain->walker, &item->segment, item->position);
		events_take(chain);
		return;
	case READER_SET_END:
		walker_segment(chain->walker, &item->segment, item->position);
		events_take(chain);
		walker_end(chain->walker, &item->segment, item->position);
		events_take(chain);
		findings_print(&chain->findings, chain->listener);
		chain->listener->sets++;
		return;
	case READER_FINDING:
		findings_reset(&chain->findings);
		findings_add(&chain->findings, &item->finding);
		findings_print(&chain->findings, chain->listener);
		return;
	case READER_MORE:
	case READER_INTERCHANGE:
	case READER_TA1:
	case READER_GROUP:
	case READER_GROUP_END:
	case READER_INTERCHANGE_END:
	case READER_END:
	case READER_FAILED:
		return;
	}
}

static void read_back(struct slice bytes, struct listener *listener)
{
	struct chain chain = {
		.reader = reader_new(), .walker = walker_new(), .binder = binder_new(), .listener = listener,
	};
	struct reader_item item;
	enum reader_answer answer;
	CU_ASSERT_FATAL(chain.reader != NULL && chain.walker != NULL && chain.binder != NULL);
	findings_init(&chain.findings);
	do {
		answer = reader_next(chain.reader, &item);
		if (answer != READER_MORE) {
			item_take(&chain, &item);
			continue;
		}
		size_t taken = reader_feed(chain.reader, bytes.ptr, bytes.len);
		bytes.ptr += taken;
		bytes.len -= taken;
		if (bytes.len == 0)
			reader_end(chain.reader);
	} while (answer != READER_END && answer != READER_FAILED);
	CU_ASSERT_EQUAL(answer, READER_END);
	CU_ASSERT(!binder_failed(chain.binder));
	findings_done(&chain.findings);
	binder_free(chain.binder);
	walker_free(chain.walker);
	reader_free(chain.reader);
}

/* ---- documents ---- */

static struct buffer out;
static struct writer writer;

static days day_of(int year, int month, int dom)
{
	days day = DAYS_NONE;
	CU_ASSERT(days_from_civil(&day, year, month, dom));
	return day;
}

static struct envelope envelope(void)
{
	return (struct envelope){
		.sender_qualifier = SLICE("ZZ"), .sender = SLICE("STATE"), .receiver_qualifier = SLICE("ZZ"),
		.receiver = SLICE("MMIS"), .made = { .day = day_of(2010, 2, 24), .second = 75900 }, .usage = 'T', .control = 31,
	};
}

static void open_interchange(const char *function, const char *version)
{
	struct envelope parties = envelope();
	buffer_init(&out, 0);
	writer_init(&writer, &out);
	writer_interchange(&writer, &parties);
	writer_group(&writer, &parties, function, version);
}

static void close_and_read(struct listener *listener)
{
	writer_set_end(&writer);
	writer_group_end(&writer);
	writer_interchange_end(&writer);
	CU_ASSERT(!out.failed);
	CU_ASSERT_EQUAL(writer.replaced, 0);
	read_back(buffer_view(&out), listener);
	CU_ASSERT_EQUAL(listener->findings, 0);
	if (listener->findings > 0)
		printf("%.*s", SLICE_ARG(buffer_view(&out)));
	buffer_done(&out);
}

#endif
