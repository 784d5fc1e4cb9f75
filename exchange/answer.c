/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * answer: 270 files become 271 replies.  A reply interchange holds one 271 set for
 * each 270 set that was accepted; what was refused is answered by a 999, a broken
 * envelope by a TA1 (OPR-1).  Nothing is recorded but the control number.
 */
#include "exchange/facts.h"

struct answerer {
	struct office *office;
	const char *path;
	const struct finding_sink *sink;
	struct answer_report *report;
	struct buffer *out;
	struct buffer reply;        /* the 271 interchange */
	struct buffer set;          /* the 271 set being written */
	struct writer writer;       /* on reply: envelope */
	struct writer set_writer;   /* on set */
	struct answer_writer answers;
	struct envelope envelope;
	struct acks acks;
	struct arena arena;         /* one inquiry */
	bool opened, group_open, set_open;
	bool refused;               /* something in this interchange was refused: the 999 leaves too */
	uint64_t control, traces;
	struct answer_report set_counts, group_counts, counts; /* of the open set, group, interchange: gone if it is refused */
	struct {                    /* where the reply was when the group began */
		struct writer writer;
		size_t len;
		bool opened, group_open;
	} before;
};

static void add_counts(struct answer_report *to, const struct answer_report *from)
{
	to->sets += from->sets;
	to->sets_refused += from->sets_refused;
	to->inquiries += from->inquiries;
	to->active += from->active;
	to->inactive += from->inactive;
	to->rejected += from->rejected;
}

/* None of it is answered. */
static void refuse_counts(struct answer_report *counts)
{
	*counts = (struct answer_report){ .sets = counts->sets, .sets_refused = counts->sets };
}

static void tell_all(struct answerer *answerer, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count && answerer->sink != NULL; i++)
		answerer->sink->finding(answerer->sink->data, &findings->items[i], source_name(answerer->path));
}

/* ---- envelope ----------------------------------------------------------------- */

static bool answerer_interchange(void *data, struct flow *flow, const struct interchange_header *header, enum flow_wish *wish)
{
	struct answerer *answerer = data;
	struct office *office = answerer->office;
	(void)flow;
	(void)header;
	(void)wish;
	bool own = !office->transaction_is_open;
	if ((own && !store_begin(office->store)) || !store_next(office->store, &answerer->control, "answer") ||
		(own && !store_commit(office->store))) {
		office_store_failed(office);
		if (own)
			store_rollback(office->store);
		return false;
	}
	/* three numbers for one interchange: the 271, the 999, the TA1 */
	answerer->control = 3 * answerer->control - 2;
	answerer->report->interchanges++;
	buffer_reset(&answerer->reply);
	answerer->opened = answerer->group_open = answerer->refused = false;
	answerer->traces = 0;
	answerer->counts = (struct answer_report){ .sets = 0 };
	acks_begin(&answerer->acks, office->now, answerer->control + 1, office->show_values);
	return true;
}

static bool answerer_group(void *data, struct flow *flow, const struct group_header *group)
{
	struct answerer *answerer = data;
	acks_group(&answerer->acks, flow_interchange(flow), group);
	answerer->group_counts = (struct answer_report){ .sets = 0 };
	answerer->before.writer = answerer->writer;
	answerer->before.len = answerer->reply.len;
	answerer->before.opened = answerer->opened;
	answerer->before.group_open = answerer->group_open;
	return true;
}

/* The reply interchange and its group are opened by the first set that is answered. */
static void open_reply(struct answerer *answerer, struct flow *flow)
{
	const struct interchange_header *heard = flow_interchange(flow);
	if (!answerer->opened) {
		answerer->envelope = (struct envelope){
			.sender_qualifier = slice_of(heard->receiver_qualifier), .sender = slice_of(heard->receiver),
			.receiver_qualifier = slice_of(heard->sender_qualifier), .receiver = slice_of(heard->sender),
			.made = answerer->office->now, .usage = heard->usage == 'T' ? 'T' : 'P', .control = answerer->control };
		writer_init(&answerer->writer, &answerer->reply);
		writer_interchange(&answerer->writer, &answerer->envelope);
		answerer->opened = true;
	}
	if (!answerer->group_open) {
		writer_group(&answerer->writer, &answerer->envelope, "HB", "005010X279A1");
		answerer->group_open = true;
	}
}

/* ---- one 270 set -------------------------------------------------------------------- */

static bool answerer_set(void *data, struct flow *flow, const struct set_header *set, const struct guide *guide, enum flow_wish *wish)
{
	struct answerer *answerer = data;
	(void)flow;
	(void)set;
	answerer->set_open = false;
	answerer->set_counts = (struct answer_report){ .sets = 1 };
	buffer_reset(&answerer->set);
	if (guide != NULL && strcmp(guide->set_id, "270") != 0)
		*wish = FLOW_SKIP;
	return true;
}

/* The set is written aside and joins the reply when the whole 270 set turned out well. */
static void open_set(struct answerer *answerer, const struct inquiry_set *asked, struct flow *flow)
{
	open_reply(answerer, flow);
	answerer->set_writer = answerer->writer;
	answerer->set_writer.out = &answerer->set;
	answer_set_begin(&answerer->answers, &answerer->set_writer, program_payer(answerer->office->program), asked, answerer->office->now);
	answerer->set_open = true;
}

static void count_answer(struct answerer *answerer, const struct answer *answer)
{
	answerer->set_counts.inquiries++;
	if (answer->rejection_count > 0)
		answerer->set_counts.rejected++;
	else if (answer->active)
		answerer->set_counts.active++;
	else
		answerer->set_counts.inactive++;
}

static bool put_answer(struct answerer *answerer, const struct inquiry_source *source, const struct inquiry_receiver *receiver,
	const struct inquiry_record *inquiry)
{
	struct answer answer;
	char trace[32];
	if (!answer_inquiry(answerer->office, &answerer->arena, &answer, source, receiver, inquiry))
		return false;
	snprintf(trace, sizeof(trace), "%09llu-%llu", (unsigned long long)answerer->control, (unsigned long long)++answerer->traces);
	answer.own_trace = slice_of(trace);
	answer_put(&answerer->answers, source, receiver, &answer);
	count_answer(answerer, &answer);
	return true;
}

/* In Medicaid everybody is a subscriber of their own: a dependent is looked up, and answered, as one. */
static struct inquiry_record as_subscriber(const struct inquiry_record *inquiry, const struct inquiry_dependent *dependent)
{
	struct inquiry_record own = { .offset = dependent->offset, .segment = inquiry->segment, .repetition = inquiry->repetition,
		.hl = dependent->hl, .last = dependent->last, .first = dependent->first, .middle = dependent->middle,
		.suffix = dependent->suffix, .ssn = dependent->ssn, .born = dependent->born, .sex = dependent->sex,
		.birth_sequence = dependent->birth_sequence, .date_format = dependent->date_format, .date = dependent->date,
		.service_types = dependent->service_types };
	memcpy(own.trace, dependent->trace, sizeof(own.trace));
	return own;
}

static bool answerer_record(void *data, struct flow *flow, enum record_kind kind, const void *record)
{
	struct answerer *answerer = data;
	const struct inquiry_record *inquiry = record;
	if (kind != RECORD_INQUIRY || flow_set_refuses(flow))
		return true;
	const struct binder *binder = flow_binder(flow);
	const struct inquiry_set *set = binder_open(binder, RECORD_INQUIRY_SET);
	const struct inquiry_source *source = binder_open(binder, RECORD_SOURCE);
	const struct inquiry_receiver *receiver = binder_open(binder, RECORD_RECEIVER);
	if (set == NULL || source == NULL || receiver == NULL)
		return true; /* the walker has a finding for it */
	if (!answerer->set_open)
		open_set(answerer, set, flow);
	arena_reset(&answerer->arena);
	if (inquiry->dependents == NULL)
		return put_answer(answerer, source, receiver, inquiry);
	for (const struct inquiry_dependent *dependent = inquiry->dependents; dependent != NULL; dependent = dependent->next) {
		struct inquiry_record own = as_subscriber(inquiry, dependent);
		if (!put_answer(answerer, source, receiver, &own))
			return false;
	}
	return true;
}

static bool answerer_set_end(void *data, struct flow *flow, struct set_verdict *verdict)
{
	struct answerer *answerer = data;
	(void)flow;
	bool refused = verdict->ack == ACK_REJECTED;
	tell_all(answerer, &verdict->findings);
	acks_set(&answerer->acks, verdict);
	if (refused)
		refuse_counts(&answerer->set_counts);
	add_counts(&answerer->group_counts, &answerer->set_counts);
	answerer->refused = answerer->refused || refused;
	if (refused || !answerer->set_open)
		return true;
	answer_set_end(&answerer->answers);
	buffer_slice(&answerer->reply, buffer_view(&answerer->set));
	answerer->writer = answerer->set_writer;
	answerer->writer.out = &answerer->reply;
	return true;
}

/* ---- ends ---------------------------------------------------------------------------- */

static bool answerer_group_end(void *data, struct flow *flow, const struct group_verdict *verdict)
{
	struct answerer *answerer = data;
	(void)flow;
	tell_all(answerer, &verdict->findings);
	if (verdict->findings.refusing > 0) { /* the 999 refuses its sets: they are not answered either */
		refuse_counts(&answerer->group_counts);
		answerer->refused = true;
		answerer->writer = answerer->before.writer;
		answerer->reply.len = answerer->before.len;
		answerer->opened = answerer->before.opened;
		answerer->group_open = answerer->before.group_open;
	}
	add_counts(&answerer->counts, &answerer->group_counts);
	acks_group_end(&answerer->acks, verdict);
	return true;
}

static bool answerer_interchange_end(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char hash[SHA256_BYTES])
{
	struct answerer *answerer = data;
	(void)flow;
	(void)hash;
	bool given = true;
	tell_all(answerer, &verdict->findings);
	acks_end(&answerer->acks, verdict);
	if (verdict->ack == 'R') {
		refuse_counts(&answerer->counts);
		answerer->refused = true;
		given = acks_give(&answerer->acks, ACKS_TA1, buffer_take, answerer->out);
	} else {
		if (answerer->opened) {
			writer_group_end(&answerer->writer);
			writer_interchange_end(&answerer->writer);
			buffer_slice(answerer->out, buffer_view(&answerer->reply));
		}
		/* a group that no 999 can name is told by the TA1 alone */
		if (answerer->refused && verdict->ack == 'E')
			given = acks_give(&answerer->acks, ACKS_TA1, buffer_take, answerer->out);
		if (answerer->refused && given)
			given = acks_give(&answerer->acks, ACKS_999, buffer_take, answerer->out);
	}
	add_counts(answerer->report, &answerer->counts);
	answerer->report->refused += answerer->refused;
	if (!acks_fine(&answerer->acks, &answerer->office->failure))
		return false;
	if (!given || answerer->out->failed || answerer->reply.failed || answerer->set.failed)
		return failure_set(&answerer->office->failure, "could not write the answers: out of memory");
	return true;
}

static bool answerer_stray(void *data, struct flow *flow, const struct finding *finding)
{
	struct answerer *answerer = data;
	(void)flow;
	if (answerer->sink != NULL)
		answerer->sink->finding(answerer->sink->data, finding, source_name(answerer->path));
	answerer->report->refused += finding->severity == SEVERITY_REFUSE;
	return true;
}

bool answer_file(struct office *office, const char *path, struct buffer *out, const struct finding_sink *sink, struct answer_report *report)
{
	struct answerer answerer = { .office = office, .path = path, .sink = sink, .report = report, .out = out };
	struct flow_handler handler = { .data = &answerer, .partner = office->partner,
		.receivers = { program_payer(office->program)->interchange_id, program_payer(office->program)->eligibility_id }, .interchange = answerer_interchange, .group = answerer_group,
		.set = answerer_set, .record = answerer_record, .set_end = answerer_set_end, .group_end = answerer_group_end,
		.interchange_end = answerer_interchange_end, .stray = answerer_stray };
	struct source *source = source_open(path, &office->failure);
	if (source == NULL)
		return false;
	buffer_init(&answerer.reply, 0);
	buffer_init(&answerer.set, 0);
	acks_init(&answerer.acks);
	arena_init(&answerer.arena, 0);
	bool done = flow_run(source, &handler, &office->failure);
	acks_done(&answerer.acks);
	buffer_done(&answerer.reply);
	buffer_done(&answerer.set);
	arena_done(&answerer.arena);
	source_close(source);
	return done;
}
