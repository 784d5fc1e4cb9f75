/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * codes: external code sets and code labels, from CSV files for the build's tool, and
 * asked for by name and day.
 *
 *   code,start,end       NAME.csv: a code set; days as YYYY-MM-DD, empty for "always"
 *   element,code,label   labels of codes, by X12 data element number
 *
 * A code may stand in several lines with different days.  Files may come from other hands: a byte order mark and
 * carriage returns are let pass, anything else that is not of this form is told with file and line.
 */
#include "guides/tables.h"

static bool codes_line(struct code_reader *reader, struct slice line, const char *path, unsigned number,
		       struct failure *failure)
{
	struct slice code = SLICE_NONE, start = SLICE_NONE, end = SLICE_NONE;
	struct dated_code item = {.start = DAYS_NONE, .end = DAYS_OPEN};
	if (slice_parts(line, ',') != 3 || !slice_part(&code, line, ',', 0) || !slice_part(&start, line, ',', 1) ||
	    !slice_part(&end, line, ',', 2) || code.len == 0)
		return failure_set(failure, "%s:%u: expected code,start,end", path, number);
	if (memchr(line.ptr, '"', line.len) != NULL || memchr(line.ptr, '\0', line.len) != NULL)
		return failure_set(failure, "%s:%u: a quotation mark or zero byte; codes stand there as they are", path,
				   number);
	if ((start.len > 0 && !days_parse_iso(&item.start, start)) ||
	    (end.len > 0 && !days_parse_iso(&item.end, end)) || item.start > item.end)
		return failure_set(failure, "%s:%u: expected two days YYYY-MM-DD, the first not after the second", path,
				   number);
	bool failed = false;
	void *items = reader->codes;
	item.code = pool_add(&reader->pool, code, &failed);
	if (failed || !array_grow(&items, &reader->code_size, reader->code_count, sizeof(item)))
		return failure_set(failure, "%s: no memory left for it", path);
	reader->codes = items;
	reader->codes[reader->code_count++] = item;
	reader->sets[reader->set_count - 1].count++;
	return true;
}

static bool label_line(struct code_reader *reader, struct slice line, const char *path, unsigned number,
		       struct failure *failure)
{
	struct slice element = SLICE_NONE, code = SLICE_NONE;
	uint64_t data_element;
	if (slice_parts(line, ',') < 3 || !slice_part(&element, line, ',', 0) || !slice_part(&code, line, ',', 1) ||
	    !slice_number(&data_element, element) || data_element > 9999 || code.len == 0)
		return failure_set(failure, "%s:%u: expected element,code,label", path, number);
	size_t used = element.len + code.len + 2; /* a label may have commas */
	struct slice label = {line.ptr + used, line.len - used};
	bool failed = false;
	struct code_label item = {.element = (uint16_t)data_element,
				  .code = pool_add(&reader->pool, code, &failed),
				  .label = pool_add(&reader->pool, label, &failed)};
	void *items = reader->labels;
	if (failed || !array_grow(&items, &reader->label_size, reader->label_count, sizeof(item)))
		return failure_set(failure, "%s: no memory left for it", path);
	reader->labels = items;
	reader->labels[reader->label_count++] = item;
	return true;
}

/* A new set, named as the file is. */
static bool set_begin(struct code_reader *reader, const char *path, struct failure *failure)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;
	const char *dot = strrchr(name, '.');
	bool failed = false;
	struct codeset set = {.first = (uint32_t)reader->code_count};
	set.name = pool_add(&reader->pool, (struct slice){name, dot == NULL ? strlen(name) : (size_t)(dot - name)},
			    &failed);
	void *items = reader->sets;
	if (failed || !array_grow(&items, &reader->set_size, reader->set_count, sizeof(set)))
		return failure_set(failure, "%s: no memory left for it", path);
	reader->sets = items;
	reader->sets[reader->set_count++] = set;
	return true;
}

bool code_reader_add(struct code_reader *reader, const char *path, struct failure *failure)
{
	struct buffer text;
	buffer_init(&text, LIMIT_XML_BYTES + 8192);
	bool ok = input_read(&text, path, failure), labels = false;
	struct slice rest = buffer_view(&text);
	for (unsigned number = 1; ok && rest.len > 0; number++) {
		const char *end = memchr(rest.ptr, '\n', rest.len);
		struct slice line = {rest.ptr, end == NULL ? rest.len : (size_t)(end - rest.ptr)};
		size_t used = end == NULL ? rest.len : line.len + 1;
		rest = (struct slice){rest.ptr + used, rest.len - used};
		if (number == 1 && slice_starts(line, "\xef\xbb\xbf"))
			line = (struct slice){line.ptr + 3, line.len - 3};
		if (line.len > 0 && line.ptr[line.len - 1] == '\r')
			line.len--;
		if (number > 1)
			ok = labels ? label_line(reader, line, path, number, failure)
				    : codes_line(reader, line, path, number, failure);
		else if (slice_is(line, "element,code,label"))
			labels = true;
		else if (slice_is(line, "code,start,end"))
			ok = set_begin(reader, path, failure);
		else
			ok = failure_set(failure, "%s:1: expected the head line code,start,end or element,code,label",
					 path);
	}
	if (ok && text.len == 0)
		ok = failure_set(failure, "%s:1: expected the head line code,start,end", path);
	buffer_done(&text);
	return ok;
}

/* qsort has no room for a context: the pool being sorted by. */
static const char *sorting;

static int compare_codes(const void *a, const void *b)
{
	const struct dated_code *one = a, *two = b;
	int order = strcmp(sorting + one->code, sorting + two->code);
	return order != 0 ? order : (one->start > two->start) - (one->start < two->start);
}

static int compare_sets(const void *a, const void *b)
{
	return strcmp(sorting + ((const struct codeset *)a)->name, sorting + ((const struct codeset *)b)->name);
}

static int compare_labels(const void *a, const void *b)
{
	const struct code_label *one = a, *two = b;
	int order = (one->element > two->element) - (one->element < two->element);
	return order != 0 ? order : strcmp(sorting + one->code, sorting + two->code);
}

void code_reader_sort(struct code_reader *reader)
{
	sorting = reader->pool.bytes;
	for (size_t i = 0; i < reader->set_count; i++)
		if (reader->sets[i].count > 0)
			qsort(reader->codes + reader->sets[i].first, reader->sets[i].count, sizeof(*reader->codes),
			      compare_codes);
	if (reader->label_count > 0)
		qsort(reader->labels, reader->label_count, sizeof(*reader->labels), compare_labels);
}

struct code_tables code_reader_view(const struct code_reader *reader)
{
	return (struct code_tables){.texts = reader->pool.bytes,
				    .sets = reader->sets,
				    .set_count = reader->set_count,
				    .codes = reader->codes,
				    .code_count = reader->code_count,
				    .labels = reader->labels,
				    .label_count = reader->label_count};
}

struct code_tables code_reader_tables(struct code_reader *reader)
{
	code_reader_sort(reader);
	if (reader->set_count > 0)
		qsort(reader->sets, reader->set_count, sizeof(*reader->sets), compare_sets);
	return code_reader_view(reader);
}

void code_reader_done(struct code_reader *reader)
{
	pool_done(&reader->pool);
	free(reader->sets);
	free(reader->codes);
	free(reader->labels);
	*reader = (struct code_reader){0};
}

uint16_t codeset_of(const struct code_tables *tables, struct slice name)
{
	for (size_t i = 0; i < tables->set_count; i++)
		if (slice_is(name, tables->texts + tables->sets[i].name))
			return (uint16_t)i;
	return GUIDE_NONE;
}

enum codeset_answer codeset_ask(const struct code_tables *tables, uint16_t codeset, struct slice code, days on,
				struct day_span *span)
{
	if (codeset >= tables->set_count)
		return CODESET_NOT_LISTED;
	const struct dated_code *codes = tables->codes + tables->sets[codeset].first;
	size_t low = 0, high = tables->sets[codeset].count, count = high;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (slice_compare(slice_of(tables->texts + codes[middle].code), code) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	enum codeset_answer answer = CODESET_NOT_LISTED;
	/* a code that came, went and came again has several rows */
	for (; low < count && slice_is(code, tables->texts + codes[low].code); low++) {
		if (span != NULL)
			*span = (struct day_span){codes[low].start, codes[low].end};
		if (on == DAYS_NONE || (codes[low].start <= on && on <= codes[low].end))
			return CODESET_HAS;
		answer = CODESET_NOT_THAT_DAY;
	}
	return answer;
}
