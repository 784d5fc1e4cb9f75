/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * staged: an enrolment file in two phases (BAD-12, BAD-13).
 *
 * Its bytes are kept first, durably, then it is loaded and all of that taken back: what it
 * would do is not guessed.  Committing loads the kept bytes for good.  A commit that was
 * stopped is done again: what of the file was applied already is no repeat then.
 */
#include "exchange/load.h"

#define PIECE_BYTES (512 * 1024)

struct reading {
	struct office *office;
	struct arena arena;    /* of the piece at hand */
	int64_t id;
	uint64_t position;
	struct slice rest;
};

static bool read_pieces(void *from, char *to, size_t room, size_t *len, struct failure *failure)
{
	struct reading *reading = from;
	if (reading->rest.len == 0) {
		arena_reset(&reading->arena);
		if (!store_staged_piece(reading->office->store, &reading->arena, &reading->rest, reading->id, reading->position++))
			return failure_set(failure, "%s", store_failure(reading->office->store)->text);
	}
	*len = reading->rest.len < room ? reading->rest.len : room;
	if (*len > 0)
		memcpy(to, reading->rest.ptr, *len);
	reading->rest = (struct slice){ reading->rest.len == *len ? NULL : reading->rest.ptr + *len, reading->rest.len - *len };
	return true;
}

static bool load_pieces(struct office *office, const struct load_wish *wish, const struct staged_row *row, const char *out,
	const struct finding_sink *sink, struct load_report *report)
{
	struct reading reading = { .office = office, .id = row->id };
	char name[256];
	slice_copy(name, sizeof(name), row->file);
	arena_init(&reading.arena, 0);
	struct source *source = source_of(read_pieces, &reading, name, row->bytes, &office->failure);
	bool done = source != NULL && load_source(office, wish, source, name, out, sink, report);
	source_close(source);
	arena_done(&reading.arena);
	return done;
}

/* ---- staging ------------------------------------------------------------------- */

/* Fill a piece: short only at the end of the file. */
static bool piece_read(struct office *office, struct source *source, char *piece, size_t *len)
{
	size_t got = 1;
	for (*len = 0; *len < PIECE_BYTES && got > 0; *len += got)
		if (!source_read_to(source, piece + *len, PIECE_BYTES - *len, &got, &office->failure))
			return false;
	return true;
}

static bool keep_pieces(struct office *office, struct source *source, struct staged_row *row, char *piece, struct sha256 *hash)
{
	size_t len = PIECE_BYTES;
	for (uint64_t position = 0; len == PIECE_BYTES; position++) {
		if (!piece_read(office, source, piece, &len))
			return false;
		sha256_add(hash, piece, len);
		row->bytes += len;
		if (len > 0 && !store_staged_put(office->store, row->id, position, (struct slice){ piece, len }))
			return office_store_failed(office);
	}
	if (!sha256_end(hash, row->hash))
		return failure_set(&office->failure, "could not keep a file: out of memory");
	return store_staged_set(office->store, row) || office_store_failed(office);
}

static bool keep_file(struct office *office, struct source *source, struct staged_row *row)
{
	struct store *store = office->store;
	struct sha256 hash;
	char *piece = malloc(PIECE_BYTES);
	bool open = false;
	if (!sha256_init(&hash) || piece == NULL) {
		free(piece);
		sha256_done(&hash);
		return failure_set(&office->failure, "could not keep a file: out of memory");
	}
	open = store_begin(store);
	bool kept = (open && store_staged_add(store, &row->id, row)) || office_store_failed(office);
	kept = kept && keep_pieces(office, source, row, piece, &hash) && (store_commit(store) || office_store_failed(office));
	if (open && !kept)
		store_rollback(store);
	sha256_done(&hash);
	free(piece);
	return kept;
}

/* What was found is kept beside it. */
static bool row_keep(struct office *office, const struct staged_row *row, bool forget)
{
	struct store *store = office->store;
	if (!store_begin(store))
		return office_store_failed(office);
	if (store_staged_set(store, row) && (!forget || store_staged_forget(store, row->id)) && store_commit(store))
		return true;
	office_store_failed(office);
	store_rollback(store);
	return false;
}

static bool look(struct office *office, const struct load_wish *wish, const struct staged_row *row, const struct finding_sink *sink,
	struct load_report *report)
{
	struct load_wish looking = *wish;
	looking.only_look = true;
	return load_pieces(office, &looking, row, NULL, sink, report);
}

static void row_count(struct staged_row *row, const struct load_report *report)
{
	row->received = report->members;
	row->applied = report->applied;
	row->added = report->added;
	row->unchanged = report->unchanged;
	row->ended = report->ended;
	row->missing = report->missing;
}

bool stage_file(struct office *office, const struct load_wish *wish, const char *path, const struct finding_sink *sink, struct staged_row *row,
	struct load_report *report)
{
	*row = (struct staged_row){ .file = slice_of(source_name(path)), .made = office->now.day, .state = STAGED_WAITS, .closed = DAYS_NONE };
	struct source *source = source_open(path, &office->failure);
	bool kept = source != NULL && keep_file(office, source, row);
	source_close(source);
	if (!kept || !look(office, wish, row, sink, report))
		return false;
	row_count(row, report);
	return (store_newest_change(office->store, &row->seen_change) || office_store_failed(office)) && row_keep(office, row, false);
}

/* ---- what waits -------------------------------------------------------------------- */

static bool row_get(struct office *office, struct arena *arena, int64_t id, struct staged_row *row, bool *found, bool *changed)
{
	int64_t newest;
	if (!store_staged_get(office->store, arena, found, row, id) || !store_newest_change(office->store, &newest))
		return office_store_failed(office);
	*found = *found && (row->state == STAGED_WAITS || row->state == STAGED_COMMITTING);
	*changed = *found && newest != row->seen_change;
	return true;
}

/* The name is the row's for as long as the arena: the caller keeps the row longer. */
static void row_leave(struct staged_row *row)
{
	row->file = SLICE_NONE;
}

bool stage_look(struct office *office, const struct load_wish *wish, int64_t id, const struct finding_sink *sink, struct staged_row *row,
	bool *found, bool *changed, struct load_report *report)
{
	struct arena arena;
	arena_init(&arena, 0);
	bool done = row_get(office, &arena, id, row, found, changed) && (!*found || look(office, wish, row, sink, report));
	row_leave(row);
	arena_done(&arena);
	return done;
}

static bool commit(struct office *office, struct staged_row *row, const char *out, const struct finding_sink *sink, struct load_report *report)
{
	const struct load_wish apply = { .looked_at = true };
	office->resumes = row->state == STAGED_COMMITTING;
	row->state = STAGED_COMMITTING;
	bool done = row_keep(office, row, false) && load_pieces(office, &apply, row, out, sink, report);
	office->resumes = false;
	if (!done)
		return false;
	row->state = STAGED_COMMITTED;
	row->closed = office->now.day;
	return row_keep(office, row, true);
}

bool stage_commit(struct office *office, int64_t id, const char *out, const struct finding_sink *sink, struct staged_row *row, bool *found,
	bool *changed, struct load_report *report)
{
	struct arena arena;
	arena_init(&arena, 0);
	bool done = row_get(office, &arena, id, row, found, changed) && (!*found || commit(office, row, out, sink, report));
	row_leave(row);
	arena_done(&arena);
	return done;
}

bool stage_discard(struct office *office, int64_t id, struct staged_row *row, bool *found)
{
	struct arena arena;
	bool changed;
	arena_init(&arena, 0);
	bool done = row_get(office, &arena, id, row, found, &changed);
	if (done && *found && row->state == STAGED_COMMITTING)
		done = office_misused(office, "staged file %lld was being applied when that was stopped: commit it again", (long long)id);
	if (done && *found) {
		row->state = STAGED_DISCARDED;
		row->closed = office->now.day;
		done = row_keep(office, row, true);
	}
	row_leave(row);
	arena_done(&arena);
	return done;
}
