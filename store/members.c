/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * members: one member read, saved, known by other ids.
 *
 * A member's row is what is believed now.  Before it changes it is copied to the past;
 * spans are not edited: one that no longer holds is superseded and another one added.
 * An id leads to its member by three steps: the id itself, else the alias, then merges
 * up to the member that was merged into nobody.  A merge always points from one such
 * root to another, so the steps end.
 */
#include "store/members.h"

/* ---------------------------------------------------------------- reading */

static struct address get_address(struct query *query, struct arena *arena)
{
	struct address address;
	address.street = query_get_text(query, arena);
	address.street2 = query_get_text(query, arena);
	address.city = query_get_text(query, arena);
	address.state = query_get_text(query, arena);
	address.zip = query_get_text(query, arena);
	address.town_code = query_get_text(query, arena);
	address.county = query_get_text(query, arena);
	return address;
}

void member_read(struct query *query, struct arena *arena, struct member *out)
{
	*out = (struct member){ .id = query_get(query) };
	out->medicaid_id = query_get_text(query, arena);
	out->case_number = query_get_text(query, arena);
	out->last = query_get_text(query, arena);
	out->first = query_get_text(query, arena);
	out->middle = query_get_text(query, arena);
	out->suffix = query_get_text(query, arena);
	out->born = query_get_days(query);
	out->died = query_get_days(query);
	out->sex = query_get_text(query, arena);
	out->language = query_get_text(query, arena);
	out->phone = query_get_text(query, arena);
	out->home = get_address(query, arena);
	out->mail = get_address(query, arena);
	out->confidential = query_get(query) != 0;
	out->birth_sequence = query_get_text(query, arena);
	out->head_last = query_get_text(query, arena);
	out->head_first = query_get_text(query, arena);
	out->head_middle = query_get_text(query, arena);
	out->ssn = query_get_text(query, arena);
	out->merged_into = query_get(query);
	out->origin = query_get_origin(query);
	(void)query_get(query); /* the change; its day follows */
	out->recorded = query_get_days(query);
}

static void span_read(struct query *query, struct arena *arena, struct span *span)
{
	span->id = query_get(query);
	span->begin = query_get_days(query);
	span->end = query_get_days(query);
	span->plan = query_get_text(query, arena);
	span->line = query_get_text(query, arena);
	span->aid_category = query_get_text(query, arena);
	span->payment_category = query_get_text(query, arena);
	span->special_program = query_get_text(query, arena);
	span->origin = query_get_origin(query);
}

static void span_append(struct query *query, struct arena *arena, struct member *out, size_t *size)
{
	struct span *spans = store_grow(query->store, arena, out->spans, size, out->span_count, sizeof(*spans));
	if (spans == NULL) {
		query->failed = true;
		return;
	}
	out->spans = spans;
	span_read(query, arena, &spans[out->span_count++]);
}

bool member_spans(struct store *store, struct arena *arena, struct member *out, int64_t as_of_change)
{
	size_t size = 0;
	struct query query = query_open(store, as_of_change == 0 ? SQL_SPANS : SQL_SPANS_AS_OF);
	query_put(&query, out->id);
	if (as_of_change != 0)
		query_put(&query, as_of_change);
	out->spans = NULL;
	out->span_count = 0;
	while (query_row(&query))
		span_append(&query, arena, out, &size);
	return query_done(&query);
}

bool members_spans(struct store *store, struct arena *arena, struct member *members, size_t count)
{
	size_t at = 0, size = 0;
	if (count == 0)
		return true;
	struct query query = query_open(store, SQL_SPANS_BETWEEN);
	query_put(&query, members[0].id);
	query_put(&query, members[count - 1].id);
	while (query_row(&query)) {
		int64_t id = query_get(&query);
		for (; members[at].id < id; at++)
			size = 0;
		if (members[at].id == id)
			span_append(&query, arena, &members[at], &size);
	}
	return query_done(&query);
}

static bool read_one(struct query *query, struct arena *arena, bool *found, struct member *out)
{
	*found = query_row(query);
	if (*found)
		member_read(query, arena, out);
	return query_done(query);
}

static bool member_row(struct store *store, struct arena *arena, bool *found, struct member *out, int64_t id, int64_t as_of_change)
{
	struct query query = query_open(store, as_of_change == 0 ? SQL_MEMBER_GET : SQL_MEMBER_AS_OF);
	query_put(&query, id);
	if (as_of_change != 0)
		query_put(&query, as_of_change);
	return read_one(&query, arena, found, out);
}

static bool member_get(struct store *store, struct arena *arena, bool *found, struct member *out, int64_t id, int64_t as_of_change)
{
	bool read = member_row(store, arena, found, out, id, as_of_change);
	if (!read || !*found)
		return read;
	return member_spans(store, arena, out, as_of_change) &&
	       store_attributes(store, arena, &out->attributes, SUBJECT_MEMBER, id, as_of_change);
}

bool store_member_row(struct store *store, struct arena *arena, struct member *out, int64_t id, int64_t as_of_change)
{
	bool found;
	return member_row(store, arena, &found, out, id, as_of_change) && (found || store_fail_missing(store, "member", id));
}

bool store_member_get(struct store *store, struct arena *arena, struct member *out, int64_t id, int64_t as_of_change)
{
	bool found;
	return member_get(store, arena, &found, out, id, as_of_change) && (found || store_fail_missing(store, "member", id));
}

bool store_member_as_of(struct store *store, struct arena *arena, bool *found, struct member *out, int64_t id, int64_t change)
{
	assert(change != 0);
	return member_get(store, arena, found, out, id, change);
}

bool store_member_find_as_of(struct store *store, struct arena *arena, bool *found, struct member *out, struct slice medicaid_id, int64_t change)
{
	int64_t id = 0;
	static const enum statement ways[] = { SQL_MEMBER_ID, SQL_ALIAS_FIND };
	for (size_t i = 0; i < COUNT_OF(ways) && id == 0; i++) {
		struct query query = query_open(store, ways[i]);
		query_put_text(&query, medicaid_id);
		id = query_row(&query) ? query_get(&query) : 0;
		if (!query_done(&query))
			return false;
	}
	*found = id != 0;
	/* an id that was merged by then leads on */
	while (*found) {
		if (!store_member_as_of(store, arena, found, out, id, change))
			return false;
		if (!*found || out->merged_into == 0)
			return true;
		id = out->merged_into;
	}
	return true;
}

/* Follow merges from `id` to the member that was merged into nobody. */
static bool member_root(struct store *store, int64_t *root, int64_t id)
{
	for (*root = id; id != 0;) {
		struct query query = query_open(store, SQL_MEMBER_ROOT);
		*root = id;
		query_put(&query, id);
		id = query_row(&query) ? query_get(&query) : 0;
		if (!query_done(&query))
			return false;
	}
	return true;
}

/* The first number that a look-up by text gives; 0 if there is none. */
static bool id_of_text(struct store *store, int64_t *id, enum statement name, struct slice text)
{
	struct query query = query_open(store, name);
	query_put_text(&query, text);
	*id = query_row(&query) ? query_get(&query) : 0;
	return query_done(&query);
}

/* The member that an id names today, be it a member's own, an alias or one of a merged member; 0 if none. */
static bool member_of_id(struct store *store, int64_t *id, struct slice text)
{
	if (!id_of_text(store, id, SQL_MEMBER_ID, text))
		return false;
	if (*id == 0 && !id_of_text(store, id, SQL_ALIAS_FIND, text))
		return false;
	return *id == 0 || member_root(store, id, *id);
}

static bool find_root(struct store *store, struct arena *arena, bool *found, struct member *out, int64_t id)
{
	*found = id != 0;
	return id == 0 || (member_root(store, &id, id) && store_member_get(store, arena, out, id, 0));
}

bool store_member_find_other(struct store *store, struct arena *arena, bool *found, struct member *out, struct slice old_id)
{
	int64_t id;
	return id_of_text(store, &id, SQL_ALIAS_FIND, old_id) && find_root(store, arena, found, out, id);
}

bool store_member_find(struct store *store, struct arena *arena, bool *found, struct member *out, struct slice medicaid_id)
{
	struct query query = query_open(store, SQL_MEMBER_FIND);
	query_put_text(&query, medicaid_id);
	if (!read_one(&query, arena, found, out))
		return false;
	if (!*found)
		return store_member_find_other(store, arena, found, out, medicaid_id);
	if (out->merged_into == 0)
		return member_spans(store, arena, out, 0);
	return find_root(store, arena, found, out, out->id);
}

bool store_member_standing(struct store *store, struct member_standing *out, struct slice medicaid_id)
{
	*out = (struct member_standing){ .member = 0 };
	struct query query = query_open(store, SQL_MEMBER_STANDING);
	query_put_text(&query, medicaid_id);
	if (query_row(&query)) {
		out->member = query_get(&query);
		out->reflects = (uint64_t)query_get(&query);
	}
	return query_done(&query);
}

bool member_forget(struct store *store, int64_t member)
{
	struct query query = query_open(store, SQL_MEMBER_FORGET);
	query_put(&query, member);
	return query_run(&query);
}

bool member_forget_request(struct store *store, int64_t request)
{
	struct query query = query_open(store, SQL_MEMBER_FORGET_REQUEST);
	query_put(&query, request);
	return query_run(&query);
}

/* ---------------------------------------------------------------- saving */

/* Upper case of ASCII and of the Latin letters that UTF-8 writes as C3 A0 … C3 BE. */
static unsigned char upper(unsigned char before, unsigned char c)
{
	if (c >= 'a' && c <= 'z')
		return (unsigned char)(c - 'a' + 'A');
	if (before == 0xC3 && c >= 0xA0 && c <= 0xBE && c != 0xB7)
		return (unsigned char)(c - 0x20);
	return c;
}

bool name_same(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	unsigned char before_a = 0, before_b = 0;
	for (size_t i = 0; i < a.len; i++) {
		unsigned char in_a = (unsigned char)a.ptr[i], in_b = (unsigned char)b.ptr[i];
		if (upper(before_a, in_a) != upper(before_b, in_b))
			return false;
		before_a = in_a;
		before_b = in_b;
	}
	return true;
}

int64_t name_key(days born, struct slice last)
{
	uint32_t hash = 2166136261U; /* FNV-1a: the same for ever, as it stands in the file */
	unsigned char before = 0;
	for (size_t i = 0; i < last.len; i++) {
		unsigned char c = (unsigned char)last.ptr[i];
		hash = (hash ^ upper(before, c)) * 16777619U;
		before = c;
	}
	return (int64_t)born * NAME_KEYS_A_DAY + (int64_t)((hash >> 16 ^ hash) & (NAME_KEYS_A_DAY - 1));
}

static void put_address(struct query *query, const struct address *address)
{
	query_put_text(query, address->street);
	query_put_text(query, address->street2);
	query_put_text(query, address->city);
	query_put_text(query, address->state);
	query_put_text(query, address->zip);
	query_put_text(query, address->town_code);
	query_put_text(query, address->county);
}

/* `keys`: with what the indexes are made of; without it only for a member that keeps it. */
static void put_member(struct query *query, const struct member *member, struct origin origin, uint64_t reflects, bool keys)
{
	if (keys) {
		query_put(query, name_key(member->born, member->last));
		query_put_text(query, member->medicaid_id);
		query_put_text(query, member->case_number);
		query_put_text(query, member->last);
	}
	query_put_text(query, member->first);
	query_put_text(query, member->middle);
	query_put_text(query, member->suffix);
	if (keys)
		query_put(query, member->born);
	query_put(query, member->died);
	query_put_text(query, member->sex);
	query_put_text(query, member->language);
	query_put_text(query, member->phone);
	put_address(query, &member->home);
	put_address(query, &member->mail);
	query_put(query, member->confidential);
	query_put_text(query, member->birth_sequence);
	query_put_text(query, member->head_last);
	query_put_text(query, member->head_first);
	query_put_text(query, member->head_middle);
	query_put_text(query, member->ssn);
	if (keys)
		query_put_id(query, member->merged_into);
	query_put_origin(query, origin);
	query_put(query, query->store->change);
	query_put(query, (int64_t)reflects);
}

/* Is all the same that an index is made of? */
static bool keys_same(const struct member *a, const struct member *b)
{
	return slice_equal(a->medicaid_id, b->medicaid_id) && slice_equal(a->case_number, b->case_number) &&
	       slice_equal(a->last, b->last) && a->born == b->born && a->merged_into == b->merged_into;
}

static bool address_same(const struct address *a, const struct address *b)
{
	return slice_equal(a->street, b->street) && slice_equal(a->street2, b->street2) && slice_equal(a->city, b->city) &&
	       slice_equal(a->state, b->state) && slice_equal(a->zip, b->zip) &&
	       slice_equal(a->town_code, b->town_code) && slice_equal(a->county, b->county);
}

/* Are two versions the same but for ids, origins, recorded days and spans? */
static bool version_same(const struct member *a, const struct member *b)
{
	return slice_equal(a->medicaid_id, b->medicaid_id) && slice_equal(a->case_number, b->case_number) &&
	       slice_equal(a->last, b->last) && slice_equal(a->first, b->first) && slice_equal(a->middle, b->middle) &&
	       slice_equal(a->suffix, b->suffix) && a->born == b->born && a->died == b->died &&
	       slice_equal(a->sex, b->sex) && slice_equal(a->language, b->language) && slice_equal(a->phone, b->phone) &&
	       address_same(&a->home, &b->home) && address_same(&a->mail, &b->mail) &&
	       a->confidential == b->confidential && slice_equal(a->birth_sequence, b->birth_sequence) &&
	       slice_equal(a->head_last, b->head_last) && slice_equal(a->head_first, b->head_first) &&
	       slice_equal(a->head_middle, b->head_middle) && slice_equal(a->ssn, b->ssn) &&
	       a->merged_into == b->merged_into;
}

static bool span_same(const struct span *a, const struct span *b)
{
	return a->begin == b->begin && a->end == b->end && slice_equal(a->plan, b->plan) && slice_equal(a->line, b->line) &&
	       slice_equal(a->aid_category, b->aid_category) && slice_equal(a->payment_category, b->payment_category) &&
	       slice_equal(a->special_program, b->special_program);
}

static bool span_add(struct store *store, int64_t member, const struct span *span, struct origin origin)
{
	struct query query = query_open(store, SQL_SPAN_ADD);
	query_put(&query, member);
	query_put(&query, span->begin);
	query_put(&query, span->end);
	query_put_text(&query, span->plan);
	query_put_text(&query, span->line);
	query_put_text(&query, span->aid_category);
	query_put_text(&query, span->payment_category);
	query_put_text(&query, span->special_program);
	query_put_origin(&query, origin);
	query_put(&query, store->change);
	return query_run(&query);
}

static bool span_retire(struct store *store, int64_t id)
{
	struct query query = query_open(store, SQL_SPAN_RETIRE);
	query_put(&query, id);
	query_put(&query, store->change);
	return query_run(&query);
}

/* How many of the first `count` spans say the same as `span`: equal spans are matched one to one. */
static size_t same_among(const struct span *spans, size_t count, const struct span *span)
{
	size_t same = 0;
	for (size_t i = 0; i < count; i++)
		same += span_same(&spans[i], span);
	return same;
}

/* Spans are compared by what they say, not by id: what the caller rebuilt unchanged stays one row. */
static bool spans_save(struct store *store, int64_t id, const struct member *before, const struct member *after,
	struct origin origin)
{
	static const struct member nobody;
	if (before == NULL)
		before = &nobody;
	for (size_t i = 0; i < before->span_count; i++) {
		const struct span *span = &before->spans[i];
		if (same_among(before->spans, i, span) >= same_among(after->spans, after->span_count, span) &&
		    !span_retire(store, span->id))
			return false;
	}
	for (size_t i = 0; i < after->span_count; i++) {
		const struct span *span = &after->spans[i];
		struct origin from = span->origin.interchange == 0 ? origin : span->origin;
		if (same_among(after->spans, i, span) >= same_among(before->spans, before->span_count, span) &&
		    !span_add(store, id, span, from))
			return false;
	}
	return true;
}

static bool alias_put(struct store *store, struct slice old_id, int64_t member)
{
	struct query query = query_open(store, SQL_ALIAS_PUT);
	query_put_text(&query, old_id);
	query_put(&query, member);
	query_put(&query, store->change);
	return query_run(&query);
}

/* The version that is believed now goes to the past. */
static bool member_keep(struct store *store, int64_t id)
{
	struct query query = query_open(store, SQL_MEMBER_KEEP);
	query_put(&query, id);
	query_put(&query, store->change);
	if (!query_run(&query))
		return false;
	return store_rows_changed(store) == 1 || store_fail_missing(store, "member", id);
}

bool store_member_reflects(struct store *store, int64_t member, uint64_t hash)
{
	struct query query = query_open(store, SQL_MEMBER_REFLECTS);
	query_put(&query, member);
	query_put(&query, (int64_t)hash);
	return query_run(&query);
}

static bool version_save(struct store *store, const struct member *before, const struct member *after, struct origin origin,
	uint64_t reflects)
{
	if (version_same(before, after))
		return store_member_reflects(store, before->id, reflects);
	if (!member_keep(store, before->id))
		return false;
	bool keys = !keys_same(before, after);
	struct query query = query_open(store, keys ? SQL_MEMBER_CHANGE : SQL_MEMBER_CHANGE_PLAIN);
	put_member(&query, after, origin, reflects, keys);
	query_put(&query, before->id);
	if (!query_run(&query))
		return false;
	return slice_equal(before->medicaid_id, after->medicaid_id) ||
	       alias_put(store, before->medicaid_id, before->id);
}

bool store_member_record(struct store *store, int64_t *id, const struct member *before, const struct member *after,
	struct origin origin, uint64_t reflects)
{
	assert(store->change != 0);
	if (before != NULL) {
		*id = before->id;
		if (!version_save(store, before, after, origin, reflects))
			return false;
	} else {
		struct query query = query_open(store, SQL_MEMBER_ADD);
		put_member(&query, after, origin, reflects, true);
		if (!query_run_id(&query, id))
			return false;
	}
	return spans_save(store, *id, before, after, origin);
}

bool store_member_save(struct store *store, int64_t *id, const struct member *before, const struct member *after,
	struct origin origin)
{
	return store_member_record(store, id, before, after, origin, 0);
}

bool store_member_alias(struct store *store, int64_t *merged, int64_t member, struct slice old_id)
{
	int64_t root, other;
	assert(store->change != 0);
	*merged = 0;
	if (!member_root(store, &root, member) || !member_of_id(store, &other, old_id))
		return false;
	if (other == root)
		return true; /* known already, or the member's own id */
	if (other != 0) {
		if (!member_keep(store, other))
			return false;
		struct query query = query_open(store, SQL_MEMBER_MERGE);
		query_put(&query, other);
		query_put(&query, root);
		query_put(&query, store->change);
		if (!query_run(&query))
			return false;
		*merged = other;
	}
	return alias_put(store, old_id, root);
}

/* ---------------------------------------------------------------- merges taken back */

bool store_merge_change(struct store *store, int64_t *change, int64_t member)
{
	struct query query = query_open(store, SQL_MEMBER_RECORDED);
	query_put(&query, member);
	*change = query_row(&query) ? query_get(&query) : 0;
	return query_done(&query);
}

bool store_member_part(struct store *store, int64_t member, int64_t root, int64_t change)
{
	assert(store->change != 0);
	if (!member_keep(store, member))
		return false;
	struct query query = query_open(store, SQL_MEMBER_PART);
	query_put(&query, member);
	query_put(&query, store->change);
	if (!query_run(&query))
		return false;
	struct query alias = query_open(store, SQL_ALIAS_PART);
	query_put(&alias, member);
	query_put(&alias, root);
	query_put(&alias, change);
	return query_run(&alias) && member_forget(store, root);
}

/* A pair stands once, the smaller id first. */
static struct query apart_open(struct store *store, enum statement name, int64_t a, int64_t b)
{
	struct query query = query_open(store, name);
	query_put(&query, a < b ? a : b);
	query_put(&query, a < b ? b : a);
	return query;
}

bool store_apart_set(struct store *store, int64_t a, int64_t b, bool apart)
{
	struct query query = apart_open(store, apart ? SQL_APART_ADD : SQL_APART_FORGET, a, b);
	return query_run(&query);
}

bool store_apart(struct store *store, bool *apart, int64_t a, int64_t b)
{
	struct query query = apart_open(store, SQL_APART_FIND, a, b);
	*apart = query_row(&query);
	return query_done(&query);
}

bool store_member_named(struct store *store, int64_t *id, struct slice medicaid_id)
{
	return id_of_text(store, id, SQL_MEMBER_ID, medicaid_id) && (*id != 0 || id_of_text(store, id, SQL_ALIAS_FIND, medicaid_id));
}
