/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * load: 834 files into the store.
 *
 * An interchange is one transaction of the store, a functional group and a
 * transaction set are savepoints in it: a set that is refused leaves nothing behind,
 * an interchange that is cut off leaves nothing behind, and what was acknowledged is
 * durable before the acknowledgment leaves.  The key of the interchange (ISA05-08,
 * ISA13) makes a repeat harmless: TA1 025, nothing applied (BAD-1).
 *
 * Holds at every commit: members received = applied + unchanged + set aside + refused.
 */
#include "exchange/load.h"

#include <assert.h>

static void add_counts(struct load_report *to, const struct load_report *from)
{
	to->members += from->members;
	to->applied += from->applied;
	to->unchanged += from->unchanged;
	to->passed_over += from->passed_over;
	to->added += from->added;
	to->aside += from->aside;
	to->refused += from->refused;
	to->requests += from->requests;
	to->ended += from->ended;
	to->missing += from->missing;
	to->sets += from->sets;
	to->sets_accepted += from->sets_accepted;
}

/* What was applied is not any more: every member received counts as refused. */
static void refuse_counts(struct load_report *counts)
{
	*counts = (struct load_report){ .members = counts->members, .refused = counts->members, .sets = counts->sets };
}

static bool store_failed(struct loader *loader)
{
	return office_store_failed(loader->office);
}

void load_tell(struct loader *loader, const struct finding *finding)
{
	loader->report->findings++;
	if (finding->severity != SEVERITY_REFUSE)
		loader->report->notes++;
	if (loader->sink != NULL)
		loader->sink->finding(loader->sink->data, finding, source_name(loader->path));
}

static void tell_all(struct loader *loader, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		load_tell(loader, &findings->items[i]);
	loader->report->findings += findings->total - findings->count;
}

/* ---- envelope -------------------------------------------------------------- */

days interchange_day(const struct interchange_header *header, days otherwise)
{
	char text[9];
	days day;
	snprintf(text, sizeof(text), "20%.6s", header->date);
	return days_parse8(&day, slice_of(text)) ? day : otherwise;
}

static bool begin_change(struct loader *loader)
{
	struct store *store = loader->office->store;
	int64_t change;
	loader->open = store_begin(store);
	if (!loader->open || !store_change(store, &change, CHANGE_LOAD, loader->day, program_hash(loader->office->program)))
		return store_failed(loader);
	return true;
}

static bool loader_interchange(void *data, struct flow *flow, const struct interchange_header *header, enum flow_wish *wish)
{
	struct loader *loader = data;
	struct office *office = loader->office;
	(void)flow;
	loader->report->interchanges++;
	loader->interchange = (struct load_report){ .members = 0 };
	loader->full = loader->whole = false;
	loader->sender = SLICE_NONE;
	loader->heads = 0;
	loader->asked_interchange = 0;
	loader->added_count = 0;
	pile_cut(&loader->aside, 0);
	load_review_begin(loader);
	loader->day = office->now_is_given ? office->now.day : interchange_day(header, office->now.day);
	if (loader->report->first_day == DAYS_NONE || loader->day < loader->report->first_day)
		loader->report->first_day = loader->day;
	arena_reset(&loader->interchange_arena);
	if (!store_interchange_find(office->store, &loader->interchange_arena, &loader->repeated, &loader->before, header))
		return store_failed(loader);
	loader->repeated = loader->repeated && !loader->wish->only_look;
	loader->row = (struct interchange_row){
		.sender_qualifier = slice_of(header->sender_qualifier), .sender = slice_of(header->sender),
		.receiver_qualifier = slice_of(header->receiver_qualifier), .receiver = slice_of(header->receiver),
		.control = slice_of(header->control), .file = slice_of(source_name(loader->path)), .received = loader->day,
	};
	loader->resumed = loader->repeated && office->resumes && slice_equal(loader->before.file, loader->row.file);
	/* the header lives in the reader; the row must outlive it */
	struct slice *texts[] = { &loader->row.sender_qualifier, &loader->row.sender, &loader->row.receiver_qualifier,
		&loader->row.receiver, &loader->row.control };
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		*texts[i] = arena_slice(&loader->interchange_arena, *texts[i]);
		if (texts[i]->ptr == NULL) /* an empty key would be another interchange's */
			return failure_set(&office->failure, "could not take an interchange in: out of memory");
	}
	uint64_t control;
	if (!begin_change(loader) || !store_interchange_add(office->store, &loader->row.id, &loader->row) ||
		!store_next(office->store, &control, "acknowledgment"))
		return store_failed(loader);
	struct moment made = { loader->day, office->now_is_given ? office->now.second : 0 };
	acks_begin(&loader->acks, made, 2 * control - 1, office->show_values);
	if (loader->repeated)
		*wish = FLOW_SKIP;
	return true;
}

static bool loader_group(void *data, struct flow *flow, const struct group_header *group)
{
	struct loader *loader = data;
	loader->group = (struct load_report){ .members = 0 };
	loader->aside_before_group = pile_len(&loader->aside);
	loader->ended_before_group = loader->ended_count;
	acks_group(&loader->acks, flow_interchange(flow), group);
	return store_mark(loader->office->store) || store_failed(loader);
}

/* ---- members ----------------------------------------------------------------- */

static bool loader_set(void *data, struct flow *flow, const struct set_header *set, const struct guide *guide, enum flow_wish *wish)
{
	struct loader *loader = data;
	(void)flow;
	memcpy(loader->set_control, set->control, sizeof(loader->set_control));
	loader->set = (struct load_report){ .sets = 1 };
	loader->copy = false;
	loader->added_before_set = loader->added_count;
	loader->aside_before_set = pile_len(&loader->aside);
	loader->ended_before_set = loader->ended_count;
	loader->set_total = UINT64_MAX;
	loader->head = (struct enrolment_set_row){ .interchange = 0 };
	if (guide != NULL && strcmp(guide->set_id, "834") != 0)
		*wish = FLOW_SKIP;
	return store_mark(loader->office->store) || store_failed(loader);
}

static bool loader_record(void *data, struct flow *flow, enum record_kind kind, const void *record)
{
	struct loader *loader = data;
	if (kind != RECORD_MEMBER)
		return true;
	const struct enrolment_set *set = binder_open(flow_binder(flow), RECORD_ENROLMENT_SET);
	loader->set.members++;
	if (set == NULL || flow_set_refuses(flow))
		return true; /* the set will be refused: its members are only counted */
	loader->copy = slice_is(set->purpose, "22");
	if (loader->copy) {
		loader->set.aside++;
		return true;
	}
	if (!load_set_head(loader, set))
		return false;
	loader->full = loader->full || slice_is(set->action, "RX");
	loader->whole = loader->full || loader->whole || (loader->wish->discrepancies != NULL && slice_is(set->action, "4"));
	loader->set_day = set->effective != DAYS_NONE ? set->effective : set->date;
	if (loader->set_total == UINT64_MAX && !slice_number(&loader->set_total, set->total))
		loader->set_total = UINT64_MAX;
	return load_member(loader, set, record);
}

/* A member in whose segments something refuses: kept as it came, applied in no part of it. */
static bool loader_aside(void *data, struct flow *flow, const struct unit_aside *unit)
{
	struct loader *loader = data;
	(void)flow;
	loader->set.members++;
	loader->set.aside++;
	pile_put(&loader->aside, unit->bytes);
	return true;
}

/* ---- ends ---------------------------------------------------------------------- */

static bool loader_set_end(void *data, struct flow *flow, struct set_verdict *verdict)
{
	struct loader *loader = data;
	struct store *store = loader->office->store;
	(void)flow;
	verdict->records = loader->set.members;
	bool refused = verdict->ack == ACK_REJECTED;
	assert(refused || loader->set.members == verdict->units_reckoned.received);
	loader->set.members = verdict->units_reckoned.received; /* of one that is too large not all were given */
	if (refused) {
		refuse_counts(&loader->set);
		pile_cut(&loader->aside, loader->aside_before_set);
		loader->ended_count = loader->ended_before_set;
	} else {
		loader->set.sets_accepted = 1;
		loader->totals_differ = loader->totals_differ || (loader->set_total != UINT64_MAX && loader->set_total != loader->set.members);
	}
	if (refused) /* once the ring is full, what is undone stands where older ones stood: all are forgotten then */
		loader->added_count = loader->added_count > ADDED_MAX ? 0 : loader->added_before_set;
	if (refused ? !store_undo(store) : !store_keep(store))
		return store_failed(loader);
	if (!refused && !load_set_applied(loader))
		return false;
	tell_all(loader, &verdict->findings);
	if (loader->copy && !refused) {
		struct finding finding = { .code = FINDING_COPY_NOT_APPLIED, .severity = SEVERITY_NOTE };
		finding.place.offset = verdict->header.offset;
		slice_copy(finding.segment_id, sizeof(finding.segment_id), SLICE("BGN"));
		load_tell(loader, &finding);
	}
	acks_set(&loader->acks, verdict);
	add_counts(&loader->group, &loader->set);
	return true;
}

static bool loader_group_end(void *data, struct flow *flow, const struct group_verdict *verdict)
{
	struct loader *loader = data;
	struct store *store = loader->office->store;
	(void)flow;
	bool refused = verdict->findings.refusing > 0;
	loader->report->others_refused += refused;
	if (refused) {
		refuse_counts(&loader->group);
		loader->added_count = 0;
		loader->ended_count = loader->ended_before_group;
		pile_cut(&loader->aside, loader->aside_before_group);
	}
	if (refused ? !store_undo(store) : !store_keep(store))
		return store_failed(loader);
	tell_all(loader, &verdict->findings);
	acks_group_end(&loader->acks, verdict);
	add_counts(&loader->interchange, &loader->group);
	return true;
}

/* A repeat is refused with TA1 025, whatever else its envelope says; other content under the same number is an alarm. */
static void judge_repeat(struct loader *loader, struct interchange_verdict *verdict, const unsigned char *hash)
{
	bool same = memcmp(hash, loader->before.hash, SHA256_BYTES) == 0;
	struct finding finding = { .code = same ? FINDING_DUPLICATE : FINDING_DUPLICATE_OTHER, .severity = SEVERITY_REFUSE };
	finding.place.offset = verdict->header.offset;
	slice_copy(finding.segment_id, sizeof(finding.segment_id), SLICE("ISA"));
	findings_add(&verdict->findings, &finding);
	verdict->ack = 'R';
	verdict->duplicate = true;
	slice_copy(verdict->note, sizeof(verdict->note), SLICE("025"));
	loader->report->duplicates++;
}

static void document_name(char *name, size_t size, const char *file, uint64_t control, const char *kind)
{
	const char *dot = strstr(file, ".x12");
	size_t stem = dot != NULL && dot > file ? (size_t)(dot - file) : strlen(file);
	snprintf(name, size, "%.*s.%09llu.%s.x12", (int)(stem > 120 ? 120 : stem), strcmp(file, "standard input") == 0 ? "stdin" : file,
		(unsigned long long)control, kind);
}

/* What was set aside stays with us, apart from what the partner fetches. */
static bool keep_aside(struct loader *loader)
{
	struct office *office = loader->office;
	struct buffer bytes;
	char name[192];
	if (!pile_fine(&loader->aside, "what was set aside", &office->failure))
		return false;
	if (pile_len(&loader->aside) == 0)
		return true;
	document_name(name, sizeof(name), source_name(loader->path), loader->acks.control, "aside");
	buffer_init(&bytes, 0);
	bool fine = pile_pieces(&loader->aside, buffer_take, &bytes) ||
		failure_set(&office->failure, "could not keep what was set aside: out of memory");
	fine = fine && (store_document_put(office->store, "aside", loader->row.id, name, buffer_view(&bytes)) || store_failed(loader));
	buffer_done(&bytes);
	return fine;
}

static bool keep_documents(struct loader *loader)
{
	struct store *store = loader->office->store;
	static const struct {
		enum acks_document document;
		const char *kind;
		bool together;
	} documents[] = { { ACKS_TA1, "ta1", false }, { ACKS_999, "999", false }, { ACKS_TOGETHER, "ack", true } };
	struct buffer bytes;
	if (!acks_fine(&loader->acks, &loader->office->failure))
		return false;
	bool fine = true;
	buffer_init(&bytes, 0);
	for (size_t i = 0; fine && i < COUNT_OF(documents); i++) {
		char name[192];
		enum acks_document document = documents[i].document;
		if (documents[i].together != loader->office->acks_together || !acks_has(&loader->acks, document))
			continue;
		buffer_reset(&bytes);
		if (!acks_give(&loader->acks, document, buffer_take, &bytes)) {
			fine = failure_set(&loader->office->failure, "could not write the acknowledgments: out of memory");
			continue;
		}
		document_name(name, sizeof(name), source_name(loader->path), loader->acks.control + (document == ACKS_TA1), documents[i].kind);
		fine = store_document_put(store, "ack", loader->row.id, name, buffer_view(&bytes)) || store_failed(loader);
	}
	buffer_done(&bytes);
	return fine && keep_aside(loader);
}

/* Refused as a whole: what was applied goes, the fact that it came stays. */
static bool record_refusal(struct loader *loader)
{
	struct store *store = loader->office->store;
	uint64_t control;
	store_rollback(store);
	loader->open = false;
	return begin_change(loader) && (store_interchange_add(store, &loader->row.id, &loader->row) || store_failed(loader)) &&
		(store_next(store, &control, "acknowledgment") || store_failed(loader));
}

struct ack_writer {
	struct office *office;
	const char *out;
};

static bool write_document(void *data, const char *kind, const char *name, struct slice bytes)
{
	struct ack_writer *writer = data;
	(void)kind;
	return office_write(writer->office, writer->out, name, bytes);
}

static bool write_aside(void *data, const char *kind, const char *name, struct slice bytes)
{
	struct ack_writer *writer = data;
	return folder_make(writer->out, &writer->office->failure) && write_document(data, kind, name, bytes);
}

bool load_acknowledgments(struct office *office, int64_t interchange, const char *out)
{
	struct ack_writer writer = { office, out };
	if (!store_documents(office->store, "ack", interchange, write_document, &writer))
		return office_store_failed(office);
	struct buffer folder;
	buffer_init(&folder, 0);
	buffer_format(&folder, "%s/aside", out);
	buffer_char(&folder, '\0');
	writer.out = folder.ptr;
	bool fine = !folder.failed || failure_set(&office->failure, "could not write what was set aside: out of memory");
	fine = fine && (store_documents(office->store, "aside", interchange, write_aside, &writer) || office_store_failed(office));
	buffer_done(&folder);
	return fine;
}

static bool write_documents(struct loader *loader, int64_t interchange)
{
	return loader->out == NULL || load_acknowledgments(loader->office, interchange, loader->out);
}

static void report_row(struct loader *loader, int64_t id)
{
	if (loader->report->first_interchange == 0)
		loader->report->first_interchange = id;
	loader->report->last_interchange = id;
}

/* A run that was stopped had loaded it: nothing is applied, and nothing more is said about it. */
static bool resume(struct loader *loader)
{
	store_rollback(loader->office->store);
	loader->open = false;
	loader->report->resumed++;
	loader->report->sets += loader->before.sets;
	loader->report->sets_accepted += loader->before.sets_accepted;
	report_row(loader, loader->before.id);
	return write_documents(loader, loader->before.id);
}

/* All of it is applied, and can still be taken back: what does it do to the membership? */
static bool review(struct loader *loader, bool *stopped)
{
	if (loader->whole && loader->interchange.sets_accepted == loader->interchange.sets && !load_missing(loader))
		return false;
	if (!load_weigh(loader, stopped))
		return false;
	*stopped = *stopped && !loader->wish->only_look;
	loader->report->stopped += *stopped;
	return true;
}

/* Nothing of it stays, not even that it came: its number may come again. */
static bool leave(struct loader *loader, const struct interchange_verdict *verdict)
{
	store_rollback(loader->office->store);
	loader->open = false;
	tell_all(loader, &verdict->findings);
	reckoning_add(&loader->report->segments, &verdict->segments_reckoned);
	add_counts(loader->report, &loader->interchange);
	return true;
}

static bool loader_interchange_end(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char hash[SHA256_BYTES])
{
	struct loader *loader = data;
	struct store *store = loader->office->store;
	(void)flow;
	if (loader->resumed && memcmp(hash, loader->before.hash, SHA256_BYTES) == 0)
		return resume(loader);
	if (loader->repeated)
		judge_repeat(loader, verdict, hash);
	bool stopped = false;
	if (verdict->ack != 'R' && !review(loader, &stopped))
		return false;
	if (verdict->ack == 'R' || stopped) {
		loader->report->interchanges_refused++;
		refuse_counts(&loader->interchange);
		pile_cut(&loader->aside, 0);
	}
	if (loader->wish->only_look || stopped)
		return leave(loader, verdict);
	if (verdict->ack == 'R' && !record_refusal(loader))
		return false;
	tell_all(loader, &verdict->findings);
	acks_end(&loader->acks, verdict);
	memcpy(loader->row.hash, hash, SHA256_BYTES);
	reckoning_add(&loader->report->segments, &verdict->segments_reckoned);
	assert(loader->interchange.members == loader->interchange.applied + loader->interchange.unchanged + loader->interchange.aside +
		loader->interchange.refused);
	loader->row.bytes = verdict->bytes;
	loader->row.ack = verdict->ack;
	loader->row.note = slice_of(verdict->note);
	loader->row.sets = verdict->sets;
	loader->row.sets_accepted = loader->interchange.sets_accepted;
	loader->row.records = loader->interchange.applied + loader->interchange.unchanged;
	if (!store_interchange_judge(store, &loader->row) )
		return store_failed(loader);
	if (!keep_documents(loader))
		return false;
	if (!store_commit(store))
		return store_failed(loader);
	loader->open = false;
	add_counts(loader->report, &loader->interchange);
	report_row(loader, loader->row.id);
	if (loader->repeated && !write_documents(loader, loader->before.id))
		return false;
	return write_documents(loader, loader->row.id);
}

static bool loader_stray(void *data, struct flow *flow, const struct finding *finding)
{
	(void)flow;
	load_tell(data, finding);
	((struct loader *)data)->report->others_refused += finding->severity == SEVERITY_REFUSE;
	return true;
}

bool load_file(struct office *office, const char *path, const char *out, const struct finding_sink *sink, struct load_report *report)
{
	static const struct load_wish apply;
	return load_file_as(office, &apply, path, out, sink, report);
}

bool load_file_as(struct office *office, const struct load_wish *wish, const char *path, const char *out, const struct finding_sink *sink,
	struct load_report *report)
{
	struct source *source = source_open(path, &office->failure);
	bool done = source != NULL && load_source(office, wish, source, path, out, sink, report);
	source_close(source);
	return done;
}

bool load_source(struct office *office, const struct load_wish *wish, struct source *source, const char *path, const char *out,
	const struct finding_sink *sink, struct load_report *report)
{
	struct loader loader = { .office = office, .wish = wish, .path = path, .out = out, .sink = sink, .report = report,
		.hash_seed = load_hash_seed(office->program) };
	struct flow_handler handler = { .data = &loader, .partner = office->partner, .hash = true,
		.receivers = { program_payer(office->program)->interchange_id, program_payer(office->program)->eligibility_id }, .interchange = loader_interchange, .group = loader_group,
		.set = loader_set, .record = loader_record, .aside = loader_aside, .set_end = loader_set_end, .group_end = loader_group_end,
		.interchange_end = loader_interchange_end, .stray = loader_stray };
	if (out != NULL && !folder_make(out, &office->failure))
		return false;
	acks_init(&loader.acks);
	pile_init(&loader.aside);
	arena_init(&loader.arena, 4 * LIMIT_RECORD_BYTES);
	arena_init(&loader.interchange_arena, 0);
	bool done = flow_run(source, &handler, &office->failure);
	if (loader.open)
		store_rollback(office->store);
	acks_done(&loader.acks);
	pile_done(&loader.aside);
	arena_done(&loader.arena);
	arena_done(&loader.interchange_arena);
	load_review_done(&loader);
	free(loader.added);
	return done;
}
