/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * diff: two 834 files, member by member.
 *
 * Each file is looked through once: are its members in the order of their keys?  If both are,
 * they are read side by side and nothing is kept.  If not, what each file tells of a member is
 * kept in a temporary table by its key, and the two tables are read side by side.  Several
 * records of a member come to their net effect in the order of the file (BAD-14).
 *
 * A full file says all of a member, and who is missing is none; a change file says what is
 * other: fields and members that it does not name are no difference.
 */
#include "exchange/told.h"

#include <assert.h>

struct reel { /* one file's members in the order of their keys, each once */
	const char *path;
	struct diff_side *side;
	struct tellers *tellers;   /* when the file is sorted */
	struct scratch *scratch;   /* when it is not */
	struct told now;           /* the member that is at hand */
	struct buffer next_key, row;
	const struct member_record *next; /* of tellers: the record after it */
	bool over;
};
struct differ {
	struct reel a, b;
	const struct diff_sink *sink;
	struct diff_report *report;
	struct diff_field *fields;
	size_t size;
	struct failure *failure;
};

static bool starved(struct failure *failure)
{
	return failure_set(failure, "could not compare: out of memory");
}

/* ---- a sorted file: straight from its bytes ------------------------------------------------- */

static bool tell_next(struct reel *reel, struct failure *failure)
{
	for (;;) {
		if (!tellers_next(reel->tellers, &reel->next, failure))
			return false;
		if (reel->next == NULL)
			return true;
		told_key(&reel->next_key, reel->next);
		if (reel->next_key.failed)
			return starved(failure);
		if (reel->next_key.len > 0)
			return true;
		reel->side->unnamed++;
	}
}

static bool sorted_next(struct reel *reel, struct failure *failure)
{
	told_reset(&reel->now);
	reel->over = reel->next == NULL;
	if (reel->over)
		return true;
	buffer_slice(&reel->now.key, buffer_view(&reel->next_key));
	do {
		told_member(&reel->now, reel->next);
		if (!tell_next(reel, failure))
			return false;
	} while (reel->next != NULL && slice_equal(buffer_view(&reel->next_key), buffer_view(&reel->now.key)));
	return (!reel->now.failed && !reel->now.key.failed) || starved(failure);
}

/* ---- any other: by way of a temporary table --------------------------------------------------- */

static bool keep_one(struct reel *reel, struct failure *failure)
{
	bool found;
	told_reset(&reel->now);
	if (!scratch_get(reel->scratch, buffer_view(&reel->next_key), &reel->row, &found, failure))
		return false;
	if (found)
		told_read(&reel->now, buffer_view(&reel->row));
	told_member(&reel->now, reel->next);
	buffer_reset(&reel->row);
	told_put(&reel->row, &reel->now);
	if (reel->now.failed || reel->row.failed)
		return starved(failure);
	return scratch_put(reel->scratch, buffer_view(&reel->next_key), buffer_view(&reel->row), failure);
}

static bool keep_all(struct reel *reel, struct failure *failure)
{
	bool fine = tell_next(reel, failure);
	while (fine && reel->next != NULL)
		fine = keep_one(reel, failure) && tell_next(reel, failure);
	buffer_reset(&reel->next_key);
	return fine;
}

static bool kept_next(struct reel *reel, struct failure *failure)
{
	bool found;
	told_reset(&reel->now);
	if (!scratch_next(reel->scratch, buffer_view(&reel->next_key), &reel->next_key, &reel->row, &found, failure))
		return false;
	reel->over = !found;
	if (!found)
		return true;
	buffer_slice(&reel->now.key, buffer_view(&reel->next_key));
	told_read(&reel->now, buffer_view(&reel->row));
	return (!reel->now.failed && !reel->now.key.failed) || starved(failure);
}

/* ---- either -------------------------------------------------------------------------------------- */

static bool reel_next(struct reel *reel, struct failure *failure)
{
	if (!(reel->scratch != NULL ? kept_next(reel, failure) : sorted_next(reel, failure)))
		return false;
	told_sort(&reel->now);
	return true;
}

static bool rewind_side(struct reel *reel, struct failure *failure)
{
	struct told *header = reel->side->header;
	told_reset(header);
	*reel->side = (struct diff_side){ .header = header };
	reel->tellers = tellers_open(reel->path, reel->side, failure);
	return reel->tellers != NULL;
}

/* Is the file in the order of its members?  What cannot be read twice is taken for unsorted. */
static bool is_sorted(struct reel *reel, bool *sorted, struct failure *failure)
{
	struct buffer before;
	*sorted = false;
	if (strcmp(reel->path, "-") == 0)
		return true;
	if (!rewind_side(reel, failure))
		return false;
	buffer_init(&before, 0);
	*sorted = true;
	bool fine = tell_next(reel, failure);
	while (fine && reel->next != NULL && *sorted) {
		*sorted = slice_compare(buffer_view(&before), buffer_view(&reel->next_key)) <= 0;
		buffer_reset(&before);
		buffer_slice(&before, buffer_view(&reel->next_key));
		fine = (!before.failed || starved(failure)) && tell_next(reel, failure);
	}
	buffer_done(&before);
	tellers_close(reel->tellers);
	reel->tellers = NULL;
	reel->next = NULL;
	buffer_reset(&reel->next_key);
	return fine;
}

static bool reel_start(struct reel *reel, bool sorted, struct failure *failure)
{
	if (!rewind_side(reel, failure))
		return false;
	if (sorted)
		return tell_next(reel, failure) && reel_next(reel, failure);
	reel->scratch = scratch_open(failure);
	return reel->scratch != NULL && keep_all(reel, failure) && reel_next(reel, failure);
}

static void reel_init(struct reel *reel, const char *path, struct diff_side *side)
{
	*reel = (struct reel){ .path = path, .side = side };
	told_init(&reel->now);
	buffer_init(&reel->next_key, 0);
	buffer_init(&reel->row, 0);
}

static void reel_done(struct reel *reel)
{
	tellers_close(reel->tellers);
	scratch_close(reel->scratch);
	told_done(&reel->now);
	buffer_done(&reel->next_key);
	buffer_done(&reel->row);
}

/* ---- comparing ---------------------------------------------------------------------------------------- */

/* What a record asks to be done is not how the member is. */
static bool is_order(struct slice path)
{
	static const char *const orders[] = { "maintenance", "reason", "maintenance_date" };
	struct slice name = path;
	for (size_t i = path.len; i > 0; i--)
		if (path.ptr[i - 1] == ' ') {
			name = (struct slice){ path.ptr + i, path.len - i };
			break;
		}
	for (size_t i = 0; i < COUNT_OF(orders); i++)
		if (slice_is(name, orders[i]))
			return true;
	return false;
}

static bool field_add(struct differ *differ, size_t *count, struct diff_field field)
{
	if (*count == differ->size) {
		size_t size = differ->size == 0 ? 64 : 2 * differ->size;
		void *fields = realloc(differ->fields, size * sizeof(differ->fields[0]));
		if (fields == NULL)
			return starved(differ->failure);
		differ->fields = fields;
		differ->size = size;
	}
	differ->fields[(*count)++] = field;
	return true;
}

/* Fields of two sorted tellings that differ.  all: what b does not say is a difference; orders: those too. */
static bool compare(struct differ *differ, const struct told *a, const struct told *b, bool all, bool orders, size_t *count)
{
	size_t i = 0, j = 0;
	*count = 0;
	while (i < a->count || j < b->count) {
		int order = i == a->count ? 1 : j == b->count ? -1 : slice_compare(told_path_at(a, i), told_path_at(b, j));
		struct diff_field field = { .path = order <= 0 ? told_path_at(a, i) : told_path_at(b, j) };
		if (order <= 0)
			field.a = told_text_at(a, i++);
		if (order >= 0)
			field.b = told_text_at(b, j++);
		bool differs = order < 0 ? all : order > 0 || !slice_equal(field.a, field.b);
		if (differs && (orders || !is_order(field.path)) && !field_add(differ, count, field))
			return false;
	}
	return true;
}

static bool tell(struct differ *differ, enum diff_kind kind, struct slice key, size_t count)
{
	struct diff_member member = { .kind = kind, .key = key, .fields = differ->fields, .field_count = count };
	differ->report->counts[kind]++;
	return kind == DIFF_SAME || differ->sink->member(differ->sink->data, &member);
}

static bool tell_both(struct differ *differ)
{
	const struct told *a = &differ->a.now, *b = &differ->b.now;
	enum diff_kind kind = DIFF_CHANGED;
	if (a->ended != b->ended)
		kind = b->ended ? DIFF_ENDED : DIFF_REINSTATED;
	size_t count;
	if (!compare(differ, a, b, differ->report->b.full, kind == DIFF_ENDED, &count))
		return false;
	if (kind == DIFF_CHANGED && count == 0)
		kind = DIFF_SAME;
	return tell(differ, kind, buffer_view(&b->key), count);
}

/* Only A knows the member: a full B ends it by silence; a change file says nothing of it, unless A is one too. */
static bool tell_a(struct differ *differ)
{
	const struct diff_report *report = differ->report;
	enum diff_kind kind = DIFF_SAME;
	if (report->b.full)
		kind = differ->a.now.ended ? DIFF_SAME : DIFF_ENDED;
	else if (!report->a.full)
		kind = DIFF_LEFT_OUT;
	return tell(differ, kind, buffer_view(&differ->a.now.key), 0);
}

static bool tell_b(struct differ *differ)
{
	enum diff_kind kind = differ->b.now.ended ? DIFF_ENDED : DIFF_ADDED;
	return tell(differ, kind, buffer_view(&differ->b.now.key), 0);
}

static bool tell_headers(struct differ *differ)
{
	size_t count;
	told_sort(differ->report->a.header);
	told_sort(differ->report->b.header);
	if (!compare(differ, differ->report->a.header, differ->report->b.header, true, true, &count))
		return false;
	return differ->sink->header(differ->sink->data, differ->report, differ->fields, count);
}

static bool run(struct differ *differ)
{
	struct failure *failure = differ->failure;
	bool sorted_a = false, sorted_b = false;
	if (!is_sorted(&differ->a, &sorted_a, failure) || (sorted_a && !is_sorted(&differ->b, &sorted_b, failure)))
		return false;
	differ->report->sorted = sorted_a && sorted_b;
	if (!reel_start(&differ->a, differ->report->sorted, failure) || !reel_start(&differ->b, differ->report->sorted, failure) ||
	    !tell_headers(differ))
		return false;
	while (!differ->a.over || !differ->b.over) {
		int order = differ->a.over ? 1 : differ->b.over ? -1
			: slice_compare(buffer_view(&differ->a.now.key), buffer_view(&differ->b.now.key));
		bool told = order == 0 ? tell_both(differ) : order < 0 ? tell_a(differ) : tell_b(differ);
		if (!told || (order <= 0 && !reel_next(&differ->a, failure)) || (order >= 0 && !reel_next(&differ->b, failure)))
			return false;
	}
	return true;
}

const char *diff_kind_name(enum diff_kind kind)
{
	static const char *const names[DIFF_KINDS] = { "same", "added", "ended", "reinstated", "changed", "left out" };
	assert(kind < DIFF_KINDS);
	return names[kind];
}

bool diff_files(const char *a, const char *b, const struct diff_sink *sink, struct diff_report *report, struct failure *failure)
{
	struct differ differ = { .sink = sink, .report = report, .failure = failure };
	*report = (struct diff_report){ .sorted = false };
	struct told **headers[] = { &report->a.header, &report->b.header };
	for (size_t i = 0; i < COUNT_OF(headers); i++) {
		*headers[i] = malloc(sizeof(**headers[i]));
		if (*headers[i] == NULL)
			return starved(failure);
		told_init(*headers[i]);
	}
	reel_init(&differ.a, a, &report->a);
	reel_init(&differ.b, b, &report->b);
	bool done = run(&differ);
	reel_done(&differ.a);
	reel_done(&differ.b);
	free(differ.fields);
	return done;
}

void diff_report_done(struct diff_report *report)
{
	struct told *headers[] = { report->a.header, report->b.header };
	for (size_t i = 0; i < COUNT_OF(headers); i++) {
		if (headers[i] != NULL)
			told_done(headers[i]);
		free(headers[i]);
	}
}
