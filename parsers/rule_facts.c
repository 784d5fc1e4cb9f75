/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_facts: what rules must know of segments that came before: how many, the first or last value, sums.  One cell a
 * fact, cleared when its loop opens, so that memory is as much as the guide has facts.  Sums are exact, in hundredths.
 */
#include "parsers/rules.h"

bool rule_seen(const struct walker *walker, uint16_t fact)
{
	uint16_t loop = walker->guide->facts[fact].loop;
	return (walker->rules.of_loops[loop].seen & walker->index->rules->bits[fact]) != 0;
}

bool rule_came(const struct walker *walker, uint16_t fact)
{
	uint16_t loop = walker->guide->facts[fact].loop;
	return (walker->rules.of_loops[loop].came & walker->index->rules->bits[fact]) != 0;
}

const struct rule_cell *rule_cell(const struct walker *walker, uint16_t fact)
{
	static const struct rule_cell empty = { 0 };
	if (!rule_seen(walker, fact))
		return &empty;
	if (walker->rules.refs[fact].at != 0)
		rule_ref_settle(walker, fact);
	return &walker->rules.cells[fact];
}

struct slice rule_component(const struct segment *segment, struct slice value, unsigned component)
{
	struct slice part;
	return slice_part(&part, value, segment->delimiters.component, component - 1) ? part : SLICE_NONE;
}

bool rules_room(struct walker *walker, const struct guide *guide)
{
	struct rule_cells *rules = &walker->rules;
	if (guide->fact_count > rules->size) {
		struct rule_cell *cells = realloc(rules->cells, guide->fact_count * sizeof(*cells));
		if (cells == NULL)
			return false;
		memset(cells, 0, guide->fact_count * sizeof(*cells)); /* between sets none holds anything */
		rules->cells = cells;
		struct rule_ref *refs = realloc(rules->refs, guide->fact_count * sizeof(*refs));
		if (refs == NULL)
			return false;
		rules->refs = refs;
		memset(refs, 0, guide->fact_count * sizeof(*refs));
		free(rules->referred);
		rules->referred = calloc(guide->fact_count / 64U + 1, sizeof(*rules->referred));
		if (rules->referred == NULL)
			return false;
		rules->size = guide->fact_count;
	}
	if (guide->node_count > rules->loops) {
		struct rule_loop *of_loops = realloc(rules->of_loops, sizeof(*of_loops) * guide->node_count);
		if (of_loops == NULL)
			return false;
		memset(of_loops, 0, sizeof(*of_loops) * guide->node_count);
		rules->of_loops = of_loops;
		rules->loops = guide->node_count;
	}
	return true;
}

void rules_open(struct walker *walker, uint16_t loop)
{
	walker->rules.of_loops[loop] = (struct rule_loop){ 0, 0 };
}

/* Add one amount; what cannot be added is told once, if it is a number at all. */
static void amount_add(struct walker *walker, uint16_t node, struct rule_cell *cell, const struct segment *segment,
	unsigned element, bool exact)
{
	struct slice text = segment_element(segment, element);
	cents amount = 0;
	if (text.len == 0)
		return;
	cell->count++;
	if (cents_parse(&amount, text) && !__builtin_add_overflow(cell->number, amount, &cell->number))
		return;
	cell->broken = true;
	if (exact && form_decimal(text))
		rule_tell_amount(walker, node, segment, element);
}

static inline void cell_begin(struct rule_cell *cell)
{
	cell->count = 0;
	cell->number = 0;
	cell->packed = 0;
	cell->broken = cell->longer = false;
	cell->len = 0;
}

/* Of a segment: sixteen bytes may be read behind where the value begins. */
#define TEXT_PIECE 16
_Static_assert(TEXT_PIECE <= SCAN_PADDING && TEXT_PIECE <= LIMIT_RULE_VALUE_BYTES, "a short text is one piece");

static inline void value_keep(struct rule_cell *cell, struct slice value)
{
	cell->packed = rule_pack(value);
	cell->longer = value.len > sizeof(cell->text);
	cell->len = (uint8_t)(cell->longer ? sizeof(cell->text) : value.len);
	if (value.len <= TEXT_PIECE)
		memcpy(cell->text, value.ptr, TEXT_PIECE);
	else
		memcpy(cell->text, value.ptr, cell->len);
}

static inline void place_keep(struct rule_cell *cell, const struct segment *segment, uint64_t position, const char *at)
{
	uint64_t offset = segment->offset + (at == NULL ? 0 : (uint64_t)(at - segment->bytes.ptr));
	cell->place = (struct place){
		.segment = position, .offset = offset, .line = segment->line,
		.column = segment->line == 0 ? 0 : (uint32_t)(offset - segment->line_offset + 1) };
	if (__builtin_expect(segment->wrap_count > 0, 0))
		segment_place(&cell->place, segment, at);
}

static __attribute__((noinline)) void sum_take(struct walker *walker, uint16_t node, const struct rule_watch *watch,
	struct rule_cell *cell, const struct segment *segment)
{
	for (uint64_t left = walker->guide->facts[watch->fact].elements; left != 0; left &= left - 1)
		amount_add(walker, node, cell, segment, (unsigned)__builtin_ctzll(left), watch->exact);
}

static inline struct slice watch_value(const struct rule_watch *watch, const struct segment *segment)
{
	return watch->element == 0 ? segment->id : rule_element(segment, watch->element, watch->component);
}

/* ---- values that are put into their cells later ------------------------------------------------------ */

void rule_ref_settle(const struct walker *walker, uint16_t fact)
{
	const struct rule_cells *rules = &walker->rules;
	const struct rule_ref ref = rules->refs[fact];
	const struct rule_watch *watch = &walker->index->rules->watches[ref.watch];
	struct rule_cell *cell = &rules->cells[fact];
	struct segment segment;
	rules->refs[fact].at = 0;
	reader_batch_begin(&rules->batch, &segment);
	reader_batch_fill(&rules->batch, ref.at - 1, ref.mark, ref.start, &segment);
	struct slice value = watch_value(watch, &segment);
	cell_begin(cell);
	if (watch->placed)
		place_keep(cell, &segment, rules->batch.position + ref.at - 1, value.ptr);
	if (watch->text && watch->element > 0 && value.len > 0)
		value_keep(cell, value);
}

void rules_settle(struct walker *walker)
{
	struct rule_cells *rules = &walker->rules;
	for (unsigned word = 0; word * 64 < walker->guide->fact_count; word++) {
		for (uint64_t left = rules->referred[word]; left != 0; left &= left - 1) {
			uint16_t fact = (uint16_t)(64 * word + (unsigned)__builtin_ctzll(left));
			if (rules->refs[fact].at != 0 && rule_seen(walker, fact))
				rule_ref_settle(walker, fact);
			rules->refs[fact].at = 0;
		}
		rules->referred[word] = 0;
	}
}

void rules_forget(struct walker *walker)
{
	struct rule_cells *rules = &walker->rules;
	rules->batch.held = false;
	for (size_t fact = 0; fact < rules->size; fact++) {
		rules->refs[fact].at = 0;
		rules->referred[fact / 64] = 0;
	}
}

uint64_t rule_packed(const struct walker *walker, uint16_t fact)
{
	const struct rule_ref *ref = &walker->rules.refs[fact];
	if (ref->at == 0)
		return walker->rules.cells[fact].packed;
	const struct reader_batch *batch = &walker->rules.batch;
	const uint32_t *end = batch->marks + ref->mark + walker->index->rules->watches[ref->watch].element;
	return rule_pack((struct slice){ batch->base + end[-1] + 1, end[0] - end[-1] - 1 });
}

/* ---- a segment comes ----------------------------------------------------------------------------------- */

/* A number is kept beside its text. */
static __attribute__((noinline)) void number_take(struct walker *walker, uint16_t node, const struct rule_watch *watch,
	struct rule_cell *cell, const struct segment *segment)
{
	uint64_t count = cell->count;
	cell->number = 0;
	cell->broken = false;
	amount_add(walker, node, cell, segment, watch->element, watch->exact);
	cell->count = count;
}

static inline __attribute__((always_inline)) void watch_take(struct walker *walker, uint16_t node,
	const struct rule_watch *watch, const struct segment *segment)
{
	struct rule_loop *loop = &walker->rules.of_loops[watch->loop];
	struct slice value = watch_value(watch, segment);
	uint64_t bit = watch->bit, there = value.len > 0 ? bit : 0;
	/* a value is kept: the first that is not empty, or each for the last */
	bool first = (loop->seen & bit) == 0, keep = watch->kind == FACT_LAST || first || (~loop->came & there) != 0;
	loop->seen |= bit;
	loop->came |= there;
	if (!watch->kept)
		return;
	struct rule_cell *cell = &walker->rules.cells[watch->fact];
	if (walker->rules.refs[watch->fact].at != 0)
		rule_ref_settle(walker, watch->fact);
	if (first)
		cell_begin(cell);
	if (watch->kind == FACT_SUM) {
		sum_take(walker, node, watch, cell, segment);
		loop->came |= cell->count > 0 ? bit : 0;
		return;
	}
	cell->count += there != 0;
	if (!keep)
		return;
	if (watch->placed)
		place_keep(cell, segment, walker->position, value.ptr);
	if (watch->number && there != 0)
		number_take(walker, node, watch, cell, segment);
	if (watch->text && watch->element > 0 && there != 0)
		value_keep(cell, value);
}

bool rule_watch_fits(const struct walker *walker, const struct rule_watch *watch, const struct segment *segment)
{
	if (watch->filter_component == 0 || watch->code == 0)
		return watch->filter == GUIDE_NONE ||
			index_listed(walker->index, watch->filter, rule_element(segment, 1, watch->filter_component));
	return rule_pack(rule_element(segment, 1, watch->filter_component)) == watch->code;
}

struct rule_span rule_coded_watches(const struct rule_index *index, const struct rule_node *at, const struct segment *segment)
{
	const struct rule_code *codes = &index->codes[at->codes.first];
	if (at->codes.count == 0)
		return (struct rule_span){ 0, 0 };
	uint64_t code = rule_pack(segment_element(segment, 1));
	uint32_t place = rule_place(code, at->codes.count);
	while (codes[place].code != code && codes[place].code != 0)
		place = (place + 1) & (at->codes.count - 1);
	return codes[place].watches; /* of a free place: none */
}

void rule_facts_take(struct walker *walker, uint16_t node, const struct segment *segment)
{
	const struct rule_index *index = walker->index->rules;
	const struct rule_node *at = &index->nodes[node];
	struct rule_span coded = rule_coded_watches(index, at, segment);
	const struct rule_watch *watch = &index->watches[at->watches.first], *end = watch + at->watches.count;
	for (;; watch++) {
		if (watch == end) {
			if (coded.count == 0)
				return;
			watch = &index->watches[coded.first];
			end = watch + coded.count;
			coded.count = 0;
		}
		if (watch->level <= walker->checks.level && rule_watch_fits(walker, watch, segment))
			watch_take(walker, node, watch, segment);
	}
}

void rule_watches_take(struct walker *walker, uint16_t node, const uint16_t *watches, unsigned count,
	const struct segment *segment)
{
	const struct rule_watch *all = walker->index->rules->watches;
	for (unsigned i = 0; i < count; i++)
		watch_take(walker, node, &all[watches[i]], segment);
}
