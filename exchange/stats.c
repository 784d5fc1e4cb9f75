/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * stats: what is in a file.  Segments are counted by id as the reader gives them; of a few,
 * elements are looked at.  No guide is asked, so that what no guide knows is counted too.
 *
 * Characters are counted in the bytes as they come, before they are segments: that loop is
 * written so that a compiler makes vectors of it.
 *
 * Holds at every return: a tally has at most LIMIT_STATS_ROWS rows, and the sum of its counts
 * and `others` is all that was counted.
 */
#include "exchange/exchange.h"

#include <endian.h>

enum set_kind { SET_OTHER, SET_ENROLMENT, SET_INQUIRY, SET_REMITTANCE };

/* ---- tallies --------------------------------------------------------------------------- */

static bool key_is(const char *key, size_t size, struct slice value)
{
	size_t len = value.len < size - 1 ? value.len : size - 1;
	return (len == 0 || memcmp(key, value.ptr, len) == 0) && key[len] == '\0';
}

static bool row_is(const struct tally_row *row, struct slice a, struct slice b)
{
	return key_is(row->key[0], sizeof(row->key[0]), a) && key_is(row->key[1], sizeof(row->key[1]), b);
}

static struct tally_row *row_new(struct tally *tally, struct slice a, struct slice b)
{
	if (tally->count == LIMIT_STATS_ROWS)
		return NULL;
	struct tally_row *row = &tally->rows[tally->count++];
	slice_copy(row->key[0], sizeof(row->key[0]), a);
	slice_copy(row->key[1], sizeof(row->key[1]), b);
	return row;
}

struct tally_row *tally_add(struct tally *tally, struct slice a, struct slice b)
{
	struct tally_row *row = &tally->rows[tally->rows[tally->latest].then];
	if (tally->count == 0 || !row_is(row, a, b)) {
		size_t i = 0;
		while (i < tally->count && !row_is(&tally->rows[i], a, b))
			i++;
		row = i < tally->count ? &tally->rows[i] : row_new(tally, a, b);
		if (row == NULL) {
			tally->others++;
			return NULL;
		}
		tally->rows[tally->latest].then = (uint16_t)(row - tally->rows);
	}
	tally->latest = (size_t)(row - tally->rows);
	row->count++;
	return row;
}

static inline uint64_t eight_bytes(const char *text)
{
	uint64_t bytes;
	memcpy(&bytes, text, sizeof(bytes));
	return be64toh(bytes);
}

/* CCYYMMDD in text order is in the order of days: only what moves an end is looked at closely. */
static void row_day(struct tally_row *row, struct slice text)
{
	days day;
	if (row == NULL || text.len != 8)
		return;
	bool first = row->first[0] == '\0' || eight_bytes(text.ptr) < eight_bytes(row->first);
	bool last = row->last[0] == '\0' || eight_bytes(text.ptr) > eight_bytes(row->last);
	if ((!first && !last) || !days_parse8(&day, text))
		return;
	if (first)
		slice_copy(row->first, sizeof(row->first), text);
	if (last)
		slice_copy(row->last, sizeof(row->last), text);
}

/* D8, or both ends of RD8. */
static void row_days(struct tally_row *row, struct slice text)
{
	if (text.len == 17 && text.ptr[8] == '-') {
		row_day(row, (struct slice){ text.ptr + 9, 8 });
		text.len = 8;
	}
	row_day(row, text);
}

/* ---- segments ---------------------------------------------------------------------------- */

#define ID(a, b, c) ((uint32_t)(a) << 16 | (uint32_t)(b) << 8 | (uint32_t)(c)) /* as segment_key */

/* Segments of which elements are looked at. */
static bool looked_at(uint32_t key)
{
	static const uint32_t keys[] = { ID('I', 'N', 'S'), ID(0, 'H', 'D'), ID('D', 'T', 'P'), ID('D', 'T', 'M'), ID(0, 'H', 'L'), ID('C', 'L', 'P') };
	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (keys[i] == key)
			return true;
	return false;
}

static inline uint32_t id_place(uint32_t key)
{
	_Static_assert(STATS_IDS == 1 << 10, "the hash gives ten bits");
	return (key * UINT32_C(0x9e3779b1)) >> 22;
}

/* The row of an id, and whether its segments are looked at; NULL when no row is left. */
static inline struct tally_row *id_row(struct stats *stats, struct slice id, uint32_t key, bool *look)
{
	uint32_t place = id_place(key);
	while (stats->places[place] != 0 && stats->keys[place] != key)
		place = (place + 1) % STATS_IDS;
	if (stats->places[place] == 0) {
		struct tally_row *row = row_new(&stats->ids, key != 0 ? id : SLICE("(other)"), SLICE_NONE);
		if (row == NULL) {
			stats->ids.others++;
			*look = looked_at(key);
			return NULL;
		}
		stats->keys[place] = key;
		stats->places[place] = (uint16_t)stats->ids.count;
		stats->looked[place] = looked_at(key);
	}
	*look = stats->looked[place];
	return &stats->ids.rows[stats->places[place] - 1];
}

/* Control characters that separate are none of the data. */
static void control_delimiters_count(struct stats *stats, const struct segment *segment)
{
	const struct delimiters *d = &segment->delimiters;
	for (size_t i = 0; i <= segment->bytes.len; i++) {
		char c = i < segment->bytes.len ? segment->bytes.ptr[i] : d->segment;
		bool separates = c == d->element || c == d->component || c == d->segment ||
			(c == d->repetition && c != '\0');
		if (separates && c != '\n' && c != '\r' && ((unsigned char)c < ' ' || c == 0x7f))
			stats->control--;
	}
}

static void elements_count(struct stats *stats, const struct segment *segment, uint32_t key)
{
	struct tally_row *row;
	switch (key) {
	case ID('I', 'N', 'S'):
		if (stats->set_kind != SET_ENROLMENT)
			break;
		stats->members++;
		(void)tally_add(&stats->maintenance, segment_element(segment, 3), segment_element(segment, 4));
		break;
	case ID(0, 'H', 'D'):
		(void)tally_add(&stats->plans, segment_element(segment, 3), segment_element(segment, 4));
		break;
	case ID('D', 'T', 'P'):
		row = tally_add(&stats->dates, segment_element(segment, 1), SLICE_NONE);
		row_days(row, segment_element(segment, 3));
		break;
	case ID('D', 'T', 'M'):
		row = tally_add(&stats->dates, segment_element(segment, 1), SLICE_NONE);
		row_day(row, segment_element(segment, 2));
		break;
	case ID(0, 'H', 'L'):
		if (stats->set_kind != SET_INQUIRY)
			break;
		stats->subscribers += slice_is(segment_element(segment, 3), "22");
		stats->dependents += slice_is(segment_element(segment, 3), "23");
		break;
	case ID('C', 'L', 'P'):
		stats->claims += stats->set_kind == SET_REMITTANCE;
		break;
	default:
		break;
	}
}

static void longest_see(struct stats *stats, const struct segment *segment, uint64_t bytes)
{
	if (bytes <= stats->longest.bytes)
		return;
	stats->longest.bytes = bytes;
	stats->longest.offset = segment->offset;
	stats->longest.line = segment->line;
	slice_copy(stats->longest.id, sizeof(stats->longest.id), segment->id);
}

static void segment_count(struct stats *stats, const struct segment *segment)
{
	uint32_t key = segment_key(segment->id);
	bool look;
	struct tally_row *row = id_row(stats, segment->id, key, &look);
	uint64_t bytes = segment->bytes.len + 1;
	stats->segments++;
	if (row != NULL) {
		row->count++;
		row->bytes += bytes;
	}
	longest_see(stats, segment, bytes);
	if (stats->control_delimiters)
		control_delimiters_count(stats, segment);
	if (look)
		elements_count(stats, segment, key);
}

/* One of many of which more is wanted than its id and length, or of whose id none was seen yet. */
static __attribute__((noinline)) void batch_look(struct stats *stats, const struct reader_batch *at, uint32_t n, uint32_t mark,
	uint32_t start, bool known)
{
	struct segment segment;
	reader_batch_begin(at, &segment);
	reader_batch_fill(at, n, mark, start, &segment);
	uint64_t bytes = segment.bytes.len + 1;
	bool look;
	struct tally_row *row = id_row(stats, segment.id, segment.key, &look);
	if (row != NULL && !known) {
		row->count++;
		row->bytes += bytes;
	}
	longest_see(stats, &segment, bytes);
	if (stats->control_delimiters)
		control_delimiters_count(stats, &segment);
	if (look)
		elements_count(stats, &segment, segment.key);
}

#define SUM_ONE (UINT64_C(1) << 40)

/* Many segments: of most only the length and the id are needed. */
static void batch_count(struct stats *stats, const struct reader_batch *at, size_t count)
{
	/* by row, count and bytes in one number: REF often follows REF, and waits for what it has just added */
	uint64_t sums[LIMIT_STATS_ROWS] = { 0 };
	_Static_assert(READER_BATCH * (uint64_t)LIMIT_SEGMENT_BYTES < SUM_ONE, "the bytes of a batch stay below the count");
	uint32_t mark = at->mark, start = at->start;
	for (uint32_t n = 0; n < count; n++) {
		uint32_t last = at->ends[n] & READER_RANK, to = at->marks[last], key = at->keys[n];
		uint32_t place = id_place(key), bytes = to - start + 1;
		bool known = stats->keys[place] == key && stats->places[place] != 0;
		if (known)
			sums[stats->places[place] - 1] += SUM_ONE + bytes;
		if (!known || stats->looked[place] || stats->control_delimiters || bytes > stats->longest.bytes)
			batch_look(stats, at, n, mark, start, known);
		mark = last + 1;
		start = to + 1 + at->gap;
	}
	stats->segments += count;
	for (size_t i = 0; i < stats->ids.count; i++) {
		stats->ids.rows[i].count += sums[i] / SUM_ONE;
		stats->ids.rows[i].bytes += sums[i] % SUM_ONE;
	}
}

/* ---- the envelope ----------------------------------------------------------------------------- */

static struct stats_interchange *interchange_open(struct stats *stats)
{
	return stats->interchange_count > 0 && stats->interchange_count <= LIMIT_STATS_ROWS
		       ? &stats->interchanges[stats->interchange_count - 1] : NULL;
}

static bool control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

#define ISA_BYTES 106

static void interchange_begin(struct stats *stats, const struct reader_item *item)
{
	const struct delimiters *d = &item->interchange->delimiters;
	stats->interchange_count++;
	stats->control_delimiters = control(d->element) || control(d->component) || control(d->segment) ||
		(d->repetition != '\0' && control(d->repetition));
	struct stats_interchange *open = interchange_open(stats);
	if (open != NULL)
		*open = (struct stats_interchange){ .header = *item->interchange, .segments = stats->segments };
	static const char isa[ISA_BYTES - 1] = "ISA";
	/* the reader gives the elements of an ISA, not its bytes: it has 106 always */
	struct segment segment = { .bytes = { isa, sizeof(isa) }, .id = { isa, 3 }, .offset = item->interchange->offset };
	bool delimiters = stats->control_delimiters;
	stats->control_delimiters = false;
	segment_count(stats, &segment);
	stats->control_delimiters = delimiters;
	if (delimiters) {
		static const uint8_t separators = 16;
		stats->control -= control(d->element) ? separators : 0;
		stats->control -= d->segment != '\n' && d->segment != '\r' && control(d->segment);
		stats->control -= control(d->component);
		stats->control -= d->repetition != '\0' && control(d->repetition);
	}
}

static void interchange_end(struct stats *stats, const struct reader_item *item)
{
	struct stats_interchange *open = interchange_open(stats);
	if (item->segment.id.len > 0)
		segment_count(stats, &item->segment);
	if (open == NULL)
		return;
	open->segments = stats->segments - open->segments;
	open->bytes = item->end_offset - open->header.offset;
	open->groups = item->count;
	open->cut_off = item->segment.id.len == 0;
}

static void group_begin(struct stats *stats, const struct reader_item *item)
{
	struct stats_interchange *open = interchange_open(stats);
	segment_count(stats, &item->segment);
	stats->groups++;
	struct tally_row *row = tally_add(&stats->functions, slice_of(item->group->functional_id), slice_of(item->group->version));
	row_day(row, slice_of(item->group->date));
	if (open != NULL && open->sets == 0 && stats->segments == open->segments + 2)
		open->line_end = (uint8_t)(item->segment.offset - open->header.offset - ISA_BYTES > 3
			? 3 : item->segment.offset - open->header.offset - ISA_BYTES);
}

static void set_begin(struct stats *stats, const struct reader_item *item)
{
	static const struct { const char *id; enum set_kind kind; } kinds[] = {
		{ "834", SET_ENROLMENT }, { "270", SET_INQUIRY }, { "271", SET_INQUIRY }, { "835", SET_REMITTANCE },
	};
	const struct set_header *set = item->set;
	struct stats_interchange *open = interchange_open(stats);
	stats->set_kind = SET_OTHER;
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (strcmp(set->id, kinds[i].id) == 0)
			stats->set_kind = (uint8_t)kinds[i].kind;
	stats->sets++;
	if (open != NULL)
		open->sets++;
	(void)tally_add(&stats->set_types, slice_of(set->id), slice_or(slice_of(set->convention), slice_of(item->group->version)));
	segment_count(stats, &item->segment);
}

static void finding_count(struct stats *stats, const struct finding *finding)
{
	if (finding->severity != SEVERITY_REFUSE)
		return;
	if (stats->refusing++ == 0)
		slice_copy(stats->first_finding, sizeof(stats->first_finding), slice_of(finding_kind(finding->code)->name));
}

static void item_count(struct stats *stats, const struct reader_item *item)
{
	switch (item->answer) {
	case READER_SEGMENT:
		segment_count(stats, &item->segment);
		break;
	case READER_INTERCHANGE:
		interchange_begin(stats, item);
		break;
	case READER_TA1:
		stats->acknowledgments++;
		segment_count(stats, &item->segment);
		break;
	case READER_GROUP:
		group_begin(stats, item);
		break;
	case READER_SET:
		set_begin(stats, item);
		break;
	case READER_SET_END:
	case READER_GROUP_END:
		if (item->segment.id.len > 0)
			segment_count(stats, &item->segment);
		break;
	case READER_INTERCHANGE_END:
		interchange_end(stats, item);
		break;
	case READER_FINDING:
		finding_count(stats, &item->finding);
		break;
	case READER_MORE:
	case READER_END:
	case READER_FAILED:
		break;
	}
}

/* ---- characters --------------------------------------------------------------------------------- */

/* Bytes are counted in blocks whose counts fit a byte. */
#define BLOCK_BYTES 192

struct block_counts {
	unsigned lower, control, high, line_feeds, returns;
};

#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target_clones("avx2", "default")))
#endif
static void block_count(struct block_counts *counts, const unsigned char *bytes)
{
	uint8_t lower = 0, low = 0, high = 0, line_feeds = 0, returns = 0;
	for (unsigned i = 0; i < BLOCK_BYTES; i++) {
		unsigned char c = bytes[i];
		lower = (uint8_t)(lower + ((unsigned char)(c - 'a') < 26));
		low = (uint8_t)(low + (c < ' ') + (c == 0x7f));
		high = (uint8_t)(high + (c >> 7));
		line_feeds = (uint8_t)(line_feeds + (c == '\n'));
		returns = (uint8_t)(returns + (c == '\r'));
	}
	*counts = (struct block_counts){ .lower = lower, .control = low, .high = high, .line_feeds = line_feeds, .returns = returns };
}

static void bytes_count(void *data, struct slice bytes)
{
	struct stats *stats = data;
	unsigned char last[BLOCK_BYTES];
	stats->bytes += bytes.len;
	while (bytes.len > 0) {
		struct block_counts counts;
		const unsigned char *at = (const unsigned char *)bytes.ptr;
		size_t len = bytes.len < BLOCK_BYTES ? bytes.len : BLOCK_BYTES;
		if (len < BLOCK_BYTES) {
			memset(last, ' ', sizeof(last));
			memcpy(last, bytes.ptr, len);
			at = last;
		}
		block_count(&counts, at);
		stats->lower += counts.lower;
		stats->control += counts.control - counts.line_feeds - counts.returns;
		stats->high += counts.high;
		stats->line_feeds += counts.line_feeds;
		stats->returns += counts.returns;
		bytes.ptr += len;
		bytes.len -= len;
	}
}

/* ---- a file ------------------------------------------------------------------------------------------ */

bool stats_file(struct stats *stats, const char *path, struct failure *failure)
{
	struct source *source = source_open(path, failure);
	struct items *items = source == NULL ? NULL : items_of(source, failure);
	bool done = items != NULL;
	memset(stats, 0, sizeof(*stats));
	if (done)
		items_watch(items, bytes_count, stats);
	while (done) {
		struct reader_item item;
		struct reader_batch batch;
		size_t count = items_batch(items, &batch);
		if (count > 0) {
			batch_count(stats, &batch, count);
			continue;
		}
		done = items_next(items, &item, failure);
		if (!done || item.answer == READER_END)
			break;
		item_count(stats, &item);
	}
	items_free(items);
	source_close(source);
	return done;
}
