/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * directory: see directory.h.
 *
 * A group is a heap.  An entry remembers how many places were given when it was put there; since that
 * number only grows, an entry at the top that is out of date is put right and sinks, and
 * nothing else has to be told.
 */
#include "rules/directory.h"

#include <stdlib.h>

#define OPEN_PANEL 1000 /* free places of a PCP without a limit, where no auto-assignment says how many */

struct entry {
	struct listed *listed;
	int64_t given; /* when it was put there */
};
struct group {
	enum nearness nearness;
	struct slice key;
	struct entry *heap;   /* `count` entries, and behind them those that were offered already */
	size_t count;
};
struct directory {
	struct arena arena;
	struct listed *items; /* by NPI */
	size_t count;
	struct listed **by_id;
	struct group *groups; /* by nearness, then key */
	size_t group_count;
};

const char *nearness_name(enum nearness nearness)
{
	static const char *const names[NEARNESSES] = { "town", "zip", "county", "program" };
	return names[nearness];
}

/* Upper case, blanks trimmed and squeezed. */
static struct slice plain(struct arena *arena, struct slice text)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	if (out == NULL)
		return SLICE_NONE;
	for (struct slice word = slice_word(&text); word.len > 0; word = slice_word(&text)) {
		if (len > 0)
			out[len++] = ' ';
		for (size_t i = 0; i < word.len; i++)
			out[len++] = word.ptr[i] >= 'a' && word.ptr[i] <= 'z' ? (char)(word.ptr[i] - 'a' + 'A') : word.ptr[i];
	}
	return (struct slice){ out, len };
}

static struct slice zip5(struct slice zip)
{
	return (struct slice){ zip.ptr, zip.len < 5 ? zip.len : 5 };
}

/* The program's name of the town, else the city. */
static struct slice town_key(struct arena *arena, const struct program *program, const struct address *address)
{
	const char *town = program_town(program, address);
	return plain(arena, town != NULL ? slice_of(town) : address->city);
}

struct slice near_key(struct arena *arena, const struct program *program, const struct member *member, enum nearness nearness, days day)
{
	switch (nearness) {
	case NEAR_TOWN: return town_key(arena, program, &member->home);
	case NEAR_ZIP: return plain(arena, zip5(member->home.zip));
	case NEAR_COUNTY:
		return plain(arena, slice_or(member->home.county, attribute_on(&member->attributes, SLICE("county"), day)));
	case NEAR_PROGRAM:
	case NEARNESSES: break;
	}
	return SLICE_NONE;
}

/* ---- who is in it ---------------------------------------------------------------- */

static struct listed list_pcp(struct arena *arena, const struct program *program, const struct pcp_facts *pcp, int64_t members,
	int64_t open_panel, days day)
{
	struct address address = { .city = pcp->pcp.town };
	const struct practice_facts *practice = practice_on(pcp, day);
	struct slice zip = attribute_on(&pcp->attributes, SLICE("zip"), day), county = attribute_on(&pcp->attributes, SLICE("county"), day);
	if (zip.len == 0 && practice != NULL)
		zip = practice->provider.zip;
	if (county.len == 0 && practice != NULL)
		county = attribute_on(&practice->attributes, SLICE("county"), day);
	int64_t limit = pcp_limit(program, pcp, day);
	bool limited = limit != INT64_MAX;
	struct listed out = { .pcp = pcp, .town = town_key(arena, program, &address), .zip = plain(arena, zip5(zip)),
		.county = plain(arena, county), .limited = limited, .free = limited ? limit - members : open_panel };
	out.free = out.free > 0 ? out.free : 0;
	return out;
}

static int npi_order(const void *a, const void *b)
{
	return strcmp(((const struct listed *)a)->pcp->pcp.npi, ((const struct listed *)b)->pcp->pcp.npi);
}

static int id_order(const void *a, const void *b)
{
	const struct listed *x = *(const struct listed *const *)a, *y = *(const struct listed *const *)b;
	return x->pcp->pcp.id < y->pcp->pcp.id ? -1 : x->pcp->pcp.id > y->pcp->pcp.id;
}

struct membership { /* of a PCP in a group */
	enum nearness nearness;
	struct slice key;
	struct listed *listed;
};

static int membership_order(const void *a, const void *b)
{
	const struct membership *x = a, *y = b;
	if (x->nearness != y->nearness)
		return x->nearness < y->nearness ? -1 : 1;
	int order = slice_compare(x->key, y->key);
	return order != 0 ? order : npi_order(x->listed, y->listed);
}

static bool group_all(struct directory *directory, struct membership *all, size_t count)
{
	struct group *groups = arena_alloc(&directory->arena, (count + 1) * sizeof(*groups));
	struct entry *entries = arena_alloc(&directory->arena, (count + 1) * sizeof(*entries));
	if (groups == NULL || entries == NULL)
		return false;
	qsort(all, count, sizeof(*all), membership_order);
	for (size_t i = 0; i < count; i++) {
		struct group *last = directory->group_count == 0 ? NULL : &groups[directory->group_count - 1];
		if (last == NULL || last->nearness != all[i].nearness || !slice_equal(last->key, all[i].key)) {
			last = &groups[directory->group_count++];
			*last = (struct group){ all[i].nearness, all[i].key, &entries[i], 0 };
		}
		entries[i] = (struct entry){ all[i].listed, 0 };
		last->count++;
	}
	directory->groups = groups;
	return true;
}

static void heap_sink(struct group *group, size_t at);

static bool fill(struct directory *directory, const struct program *program, const struct pcp_facts *pcps, const int64_t *members,
	size_t count, days day)
{
	const struct auto_rule *rule = auto_rule_on(program, day);
	struct membership *all = arena_alloc(&directory->arena, (NEARNESSES * count + 1) * sizeof(*all));
	size_t memberships = 0;
	directory->items = arena_alloc(&directory->arena, (count + 1) * sizeof(*directory->items));
	directory->by_id = arena_alloc(&directory->arena, (count + 1) * sizeof(*directory->by_id));
	if (all == NULL || directory->items == NULL || directory->by_id == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		directory->items[i] = list_pcp(&directory->arena, program, &pcps[i], members == NULL ? 0 : members[i],
			rule == NULL ? OPEN_PANEL : rule->open_panel, day);
	qsort(directory->items, count, sizeof(*directory->items), npi_order);
	directory->count = count;
	for (size_t i = 0; i < count; i++) {
		struct listed *listed = &directory->items[i];
		const struct slice keys[NEARNESSES] = { listed->town, listed->zip, listed->county, SLICE("all") };
		directory->by_id[i] = listed;
		for (enum nearness n = 0; n < NEARNESSES; n++)
			if (keys[n].len > 0 && listed->free > 0) /* who has no place in the beginning is never offered */
				all[memberships++] = (struct membership){ n, n == NEAR_PROGRAM ? SLICE_NONE : keys[n], listed };
	}
	qsort(directory->by_id, count, sizeof(*directory->by_id), id_order);
	if (!group_all(directory, all, memberships))
		return false;
	for (size_t g = 0; g < directory->group_count; g++)
		for (size_t i = directory->groups[g].count / 2; i-- > 0;)
			heap_sink(&directory->groups[g], i);
	return true;
}

struct directory *directory_new(const struct program *program, const struct pcp_facts *pcps, const int64_t *members, size_t count, days day,
	struct failure *failure)
{
	struct directory *directory = calloc(1, sizeof(*directory));
	if (directory != NULL) {
		arena_init(&directory->arena, 0);
		if (fill(directory, program, pcps, members, count, day))
			return directory;
	}
	directory_free(directory);
	failure_set(failure, "could not list the PCPs: out of memory");
	return NULL;
}

void directory_free(struct directory *directory)
{
	if (directory != NULL)
		arena_done(&directory->arena);
	free(directory);
}

struct listed *directory_npi(const struct directory *directory, const char *npi)
{
	size_t low = 0, high = directory->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(directory->items[middle].pcp->pcp.npi, npi);
		if (order == 0)
			return &directory->items[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

struct listed *directory_id(const struct directory *directory, int64_t id)
{
	size_t low = 0, high = directory->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int64_t at = directory->by_id[middle]->pcp->pcp.id;
		if (at == id)
			return directory->by_id[middle];
		if (at < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct pcp_facts *directory_pcp(const struct directory *directory, const char *npi)
{
	const struct listed *listed = directory_npi(directory, npi);
	return listed == NULL ? NULL : listed->pcp;
}

void directory_give(struct directory *directory, const char *npi)
{
	struct listed *listed = directory_npi(directory, npi);
	if (listed != NULL)
		listed->given++;
}

/* ---- heaps ------------------------------------------------------------------------ */

/* (given + 1) / free, smallest first. */
static bool before(const struct entry *a, const struct entry *b)
{
	int64_t x = (a->given + 1) * b->listed->free, y = (b->given + 1) * a->listed->free;
	return x != y ? x < y : npi_order(a->listed, b->listed) < 0;
}

static void swap(struct entry *a, struct entry *b)
{
	struct entry kept = *a;
	*a = *b;
	*b = kept;
}

static void heap_sink(struct group *group, size_t at)
{
	for (;;) {
		size_t least = at, child = 2 * at + 1;
		for (size_t i = child; i < child + 2 && i < group->count; i++)
			if (before(&group->heap[i], &group->heap[least]))
				least = i;
		if (least == at)
			return;
		swap(&group->heap[at], &group->heap[least]);
		at = least;
	}
}

static void heap_rise(struct group *group, size_t at)
{
	while (at > 0 && before(&group->heap[at], &group->heap[(at - 1) / 2])) {
		swap(&group->heap[at], &group->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

bool offers_open(struct offers *offers, struct directory *directory, enum nearness nearness, struct slice key)
{
	size_t low = 0, high = directory->group_count;
	*offers = (struct offers){ .group = NULL };
	while (low < high) {
		size_t middle = (low + high) / 2;
		struct group *group = &directory->groups[middle];
		int order = group->nearness != nearness ? (group->nearness < nearness ? -1 : 1) : slice_compare(group->key, key);
		if (order == 0) {
			offers->group = group;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

struct listed *offers_next(struct offers *offers)
{
	struct group *group = offers->group;
	while (group->count > 0) {
		struct entry *top = &group->heap[0];
		if (top->given != top->listed->given) { /* had a place since it was put here */
			top->given = top->listed->given;
			heap_sink(group, 0);
			continue;
		}
		struct listed *listed = top->listed;
		group->count--;
		swap(top, &group->heap[group->count]); /* what was offered lies behind the heap */
		heap_sink(group, 0);
		offers->aside_count++;
		if (!listed->limited || listed->given < listed->free)
			return listed;
	}
	return NULL;
}

void offers_close(struct offers *offers)
{
	struct group *group = offers->group;
	for (; group != NULL && offers->aside_count > 0; offers->aside_count--)
		heap_rise(group, group->count++);
	offers->group = NULL;
}

/* ---- one after the other ------------------------------------------------------------ */

void directory_walk_open(struct directory_walk *walk, struct directory *directory, const struct program *program, const struct member *member)
{
	*walk = (struct directory_walk){ .directory = directory };
	arena_init(&walk->arena, 0);
	walk->town = near_key(&walk->arena, program, member, NEAR_TOWN, DAYS_NONE);
	offers_open(&walk->offers, directory, NEAR_TOWN, walk->town);
}

const struct pcp_facts *directory_walk_next(struct directory_walk *walk, size_t places)
{
	for (;;) {
		struct listed *listed = walk->offers.group == NULL ? NULL : offers_next(&walk->offers);
		if (listed == NULL && walk->stage++ > 0)
			return NULL;
		if (listed == NULL) {
			offers_close(&walk->offers);
			offers_open(&walk->offers, walk->directory, NEAR_PROGRAM, SLICE_NONE);
		} else if (!listed->limited || listed->free - listed->given >= (int64_t)places) {
			return listed->pcp;
		}
	}
}

void directory_walk_close(struct directory_walk *walk)
{
	offers_close(&walk->offers);
	arena_done(&walk->arena);
}
