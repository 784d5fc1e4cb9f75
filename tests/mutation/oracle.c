/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * oracle: the guide as a grammar.  For a loop and a place in the set: at which places can an occurrence of the loop
 * end?  Children come in order, those of one position number in any order among themselves; each no more often than it
 * repeats; those required at least once.  Answers are kept, so that the work is nodes times segments.
 */
#include "tests/mutation/oracle.h"

#include <assert.h>

#define PLACES (ORACLE_SEGMENTS + 1)
#define WORDS ((PLACES + 63) / 64)
#define GROUP_MAX 16 /* siblings of one position number */
#define STATES_MAX 4096

struct places { /* a set of places in the transaction set */
	uint64_t bits[WORDS];
};
static bool among(const struct places *places, unsigned at)
{
	return (places->bits[at / 64] >> (at % 64) & 1) != 0;
}
static void include(struct places *places, unsigned at)
{
	places->bits[at / 64] |= UINT64_C(1) << (at % 64);
}

struct known { /* where a loop that begins at `at` can end */
	uint32_t stamp;
	struct places ends;
};
static struct known *known; /* [node][place] */
static size_t known_nodes;
static uint32_t stamp;

struct search {
	const struct oracle_set *set;
	const struct guide_node *nodes;
};

static void ends_of(struct search *search, uint16_t node, unsigned at, struct places *ends);

/* ---- siblings of one position number -------------------------------------------------------- */

struct state {
	unsigned at;
	uint16_t counts[GROUP_MAX];
};
struct group {
	uint16_t nodes[GROUP_MAX];
	unsigned count;
	struct state states[STATES_MAX];
	unsigned state_count;
};

static void state_add(struct group *group, const struct state *state)
{
	for (unsigned i = 0; i < group->state_count; i++)
		if (group->states[i].at == state->at && memcmp(group->states[i].counts, state->counts, sizeof(state->counts)) == 0)
			return;
	assert(group->state_count < STATES_MAX);
	group->states[group->state_count++] = *state;
}

/* Counts past what matters are one: the most that may come, or one where any number may. */
static bool count_up(uint16_t *count, uint32_t repeat)
{
	if (repeat == GUIDE_UNBOUNDED) {
		*count = 1;
		return true;
	}
	if (*count >= repeat)
		return false;
	(*count)++;
	return true;
}

static void group_ends(struct search *search, struct group *group, unsigned at, struct places *out)
{
	struct state first = { .at = at };
	group->state_count = 0;
	state_add(group, &first);
	for (unsigned i = 0; i < group->state_count; i++) {
		struct state state = group->states[i];
		bool complete = true;
		for (unsigned k = 0; k < group->count; k++) {
			const struct guide_node *node = &search->nodes[group->nodes[k]];
			complete = complete && (state.counts[k] > 0 || node->usage != USAGE_REQUIRED);
			struct state next = state;
			if (!count_up(&next.counts[k], node->repeat))
				continue;
			struct places ends = { { 0 } };
			ends_of(search, group->nodes[k], state.at, &ends);
			for (unsigned end = state.at + 1; end <= search->set->count; end++)
				if (among(&ends, end)) {
					next.at = end;
					state_add(group, &next);
				}
		}
		if (complete)
			include(out, state.at);
	}
}

/* ---- loops and segments ------------------------------------------------------------------------ */

static uint32_t position_of(const struct search *search, uint16_t node)
{
	const struct guide_node *at = &search->nodes[node];
	return at->kind == NODE_LOOP ? search->nodes[at->first_child].position : at->position;
}

static void loop_ends(struct search *search, uint16_t loop, unsigned at, struct places *out)
{
	struct group *group = malloc(sizeof(*group));
	assert(group != NULL);
	struct places now = { { 0 } };
	uint16_t child = search->nodes[loop].first_child;
	include(&now, at);
	bool joins = loop == 0; /* what opens a loop comes first, and what follows it is no sibling of it */
	while (child != GUIDE_NONE) {
		group->count = 0;
		do {
			assert(group->count < GROUP_MAX);
			group->nodes[group->count++] = child;
			child = search->nodes[child].next;
		} while (child != GUIDE_NONE && joins && position_of(search, child) != 0 &&
			 position_of(search, child) == position_of(search, group->nodes[0]));
		joins = true;
		struct places next = { { 0 } };
		for (unsigned from = at; from <= search->set->count; from++)
			if (among(&now, from))
				group_ends(search, group, from, &next);
		now = next;
	}
	*out = now;
	free(group);
}

static void ends_of(struct search *search, uint16_t node, unsigned at, struct places *ends)
{
	if (at >= search->set->count)
		return;
	if (search->nodes[node].kind == NODE_SEGMENT) {
		if (oracle_segment_fits(search->set, &search->set->segments[at], node))
			include(ends, at + 1);
		return;
	}
	struct known *answer = &known[(size_t)node * PLACES + at];
	if (answer->stamp != stamp) {
		struct places found = { { 0 } };
		/* a loop begins with its first segment, and only there: most questions end here */
		if (node == 0 || oracle_segment_fits(search->set, &search->set->segments[at], search->nodes[node].first_child))
			loop_ends(search, node, at, &found);
		answer->stamp = stamp;
		answer->ends = found;
	}
	*ends = answer->ends;
}

bool oracle_allows(const struct oracle_set *set)
{
	if (known_nodes < set->guide->node_count) {
		free(known);
		known_nodes = set->guide->node_count;
		known = calloc(known_nodes * PLACES, sizeof(*known));
		assert(known != NULL);
	}
	stamp++;
	struct search search = { set, set->guide->nodes };
	struct places ends = { { 0 } };
	ends_of(&search, 0, 0, &ends);
	return among(&ends, set->count);
}
