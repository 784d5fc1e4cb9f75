/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * copy: a store's rows counted, summed, and moved to another store, whatever the engines.
 *
 * The sum of a table is SHA-256 over its rows in the order of its key, each value with its
 * kind and length, so that two stores have the same sums exactly if they hold the same.
 */
#include "store/driver.h"
#include "store/tables.h"

struct summing {
	struct sha256 hash;
	uint64_t rows;
	struct store *from, *to; /* to: where each row goes, or NULL */
	const struct table *table;
};

static void cell_sum(struct sha256 *hash, const struct cell *cell)
{
	unsigned char head[9] = { (unsigned char)(cell->null ? 'N' : cell->kind == COLUMN_NUMBER ? 'I' : cell->kind == COLUMN_TEXT ? 'T' : 'B') };
	uint64_t number = cell->null ? 0 : cell->kind == COLUMN_NUMBER ? (uint64_t)cell->number : cell->bytes.len;
	for (int i = 0; i < 8; i++)
		head[8 - i] = (unsigned char)(number >> (8 * i));
	sha256_add(hash, head, sizeof(head));
	if (!cell->null && cell->bytes.len > 0)
		sha256_add(hash, cell->bytes.ptr, cell->bytes.len);
}

static bool row_sum(void *data, const struct cell *cells)
{
	struct summing *summing = data;
	summing->rows++;
	for (size_t i = 0; i < summing->table->column_count; i++)
		cell_sum(&summing->hash, &cells[i]);
	return summing->to == NULL || summing->to->driver->fill_row(summing->to, summing->table, cells);
}

static bool table_sum(struct store *from, struct store *to, const struct table *table, struct table_sum *out)
{
	unsigned char digest[SHA256_BYTES];
	struct summing summing = { .from = from, .to = to, .table = table };
	*out = (struct table_sum){ .table = table->name };
	bool done = sha256_init(&summing.hash) || store_fail_memory(from);
	bool filling = done && to != NULL && to->driver->fill_begin(to, table);
	done = done && (to == NULL || filling) && from->driver->scan(from, table, row_sum, &summing);
	if (filling)
		done = to->driver->fill_end(to, table) && done;
	if (done && !sha256_end(&summing.hash, digest))
		done = store_fail_memory(from);
	if (done) {
		sha256_hex(out->sum, digest);
		out->rows = summing.rows;
	}
	sha256_done(&summing.hash);
	return done;
}

/* The sentence that either store has left. */
static bool told(const struct store *from, const struct store *to, struct failure *failure)
{
	const char *text = from->failure.text[0] != '\0' ? from->failure.text : to->failure.text;
	return failure_set(failure, "%s", text);
}

bool store_sums(struct store *store, table_sum_fn fn, void *data, struct failure *failure)
{
	struct tables tables;
	store_forget_failure(store);
	bool going = tables_read(&tables, schema_version) || store_fail_memory(store);
	for (const struct table *table = tables.first; going && table != NULL; table = table->next) {
		struct table_sum sum;
		going = table_sum(store, NULL, table, &sum) && fn(data, &sum);
	}
	tables_done(&tables);
	return going || told(store, store, failure);
}

static bool is_empty(struct store *to, const struct tables *tables)
{
	for (const struct table *table = tables->first; table != NULL; table = table->next) {
		struct table_sum sum;
		if (!table_sum(to, NULL, table, &sum))
			return false;
		if (sum.rows > 0)
			return failure_set(&to->failure, "the store %s is not empty: its table %s has rows", to->path, table->name);
	}
	return true;
}

static bool table_copy(struct store *from, struct store *to, const struct table *table, table_sum_fn fn, void *data)
{
	struct table_sum was, is;
	if (!table_sum(from, to, table, &was) || !table_sum(to, NULL, table, &is))
		return false;
	if (was.rows != is.rows || strcmp(was.sum, is.sum) != 0)
		return failure_set(&to->failure, "the store %s did not take the table %s as it was: %llu rows sent, %llu there", to->path,
			table->name, (unsigned long long)was.rows, (unsigned long long)is.rows);
	return fn(data, &is);
}

bool store_copy(struct store *from, struct store *to, table_sum_fn fn, void *data, struct failure *failure)
{
	struct tables tables;
	bool going = tables_read(&tables, schema_version) || store_fail_memory(from);
	/* the lock of the first: nobody writes there meanwhile */
	bool begun = going && store_begin(from) && store_begin(to);
	going = begun && is_empty(to, &tables) && to->driver->fill_all(to, true);
	for (const struct table *table = tables.first; going && table != NULL; table = table->next)
		going = table_copy(from, to, table, fn, data);
	going = going && to->driver->fill_all(to, false) && store_commit(to);
	if (!going)
		told(from, to, failure);
	store_rollback(to);
	store_rollback(from);
	tables_done(&tables);
	return going;
}
