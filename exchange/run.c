/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * run: one month from its folder of files, in the order of days.
 *
 *   for each file:  providers (CSV) · load (834), then assign · answer (270)
 *   on the month's first working day: its roster is frozen (RST-1)
 *   at the end: the month is paid (FEE-2, FEE-4) and its rosters are printed
 *
 * A file is received on the day that its interchange names, a CSV on the day that
 * its name begins with, unless a day was given; so the same folder gives the same
 * store and the same bytes whenever it is run.
 *
 * A run that was stopped is run again: files that were done are not done twice
 * (journal.c), the file in which it stopped begins anew.
 */
#include "exchange/journal.h"
#include "exchange/run.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

/* Files that are CSV, told apart by their header row. */
static const struct csv_kind {
	const char *noun;
	bool (*header)(struct slice start);
	bool (*file)(struct office *office, const char *path, const struct row_complaint *sink, struct row_report *report);
} csv_kinds[] = {
	{ "providers", providers_header, providers_file },
	{ "attributes", attributes_header, attributes_file },
};

enum file_kind { FILE_OTHER, FILE_CSV, FILE_ENROLMENT, FILE_INQUIRY };
struct month_file {
	char *path;
	enum file_kind kind;
	const struct csv_kind *csv; /* FILE_CSV */
	days day;
};
struct runner {
	struct office *office;
	const char *out;
	months month;
	struct run_report *report;
	struct screen screen;
	struct frozen_month frozen;
	bool is_frozen;
	struct month_file *files;
	size_t count;
};

/* ---- what kind of file, of which day ------------------------------------------- */

struct peek {
	enum file_kind kind;
	days day;
	bool seen;
};

static bool peek_interchange(void *data, struct flow *flow, const struct interchange_header *header, enum flow_wish *wish)
{
	struct peek *peek = data;
	(void)flow;
	(void)wish;
	if (!peek->seen)
		peek->day = interchange_day(header, peek->day);
	return true;
}

/* The first functional group tells; then the peek has seen enough and stops. */
static bool peek_group(void *data, struct flow *flow, const struct group_header *group)
{
	struct peek *peek = data;
	(void)flow;
	peek->seen = true;
	peek->kind = strcmp(group->functional_id, "HS") == 0 ? FILE_INQUIRY : FILE_ENROLMENT;
	return false;
}

static bool peek_x12(struct month_file *file, struct failure *failure)
{
	struct peek peek = { .kind = FILE_ENROLMENT, .day = file->day };
	struct flow_handler handler = { .data = &peek, .level = 1, .interchange = peek_interchange, .group = peek_group };
	struct source *source = source_open(file->path, failure);
	if (source == NULL)
		return false;
	bool done = flow_run(source, &handler, failure) || peek.seen;
	source_close(source);
	if (peek.seen)
		failure->text[0] = '\0';
	file->kind = peek.kind;
	file->day = peek.day;
	return done;
}

/* A CSV arrives on the day that its name begins with; without one, on the day of the file before it. */
static bool sort_out(struct month_file *file, days before, struct failure *failure)
{
	struct slice chunk, name = slice_of(source_name(file->path));
	struct source *source = source_open(file->path, failure);
	if (source == NULL)
		return false;
	bool done = source_read(source, &chunk, failure);
	for (size_t i = 0; done && i < COUNT_OF(csv_kinds) && file->csv == NULL; i++)
		file->csv = csv_kinds[i].header(chunk) ? &csv_kinds[i] : NULL;
	bool x12 = done && chunk.len >= 3 && (memmem(chunk.ptr, chunk.len, "ISA", 3) != NULL || memcmp(chunk.ptr, "\x1f\x8b", 2) == 0);
	source_close(source);
	file->day = before;
	if (name.len >= 10)
		days_parse_iso(&file->day, (struct slice){ name.ptr, 10 });
	file->kind = file->csv != NULL ? FILE_CSV : FILE_OTHER;
	return done && (!x12 || file->csv != NULL || peek_x12(file, failure));
}

static int compare_path(const void *a, const void *b)
{
	return strcmp(((const struct month_file *)a)->path, ((const struct month_file *)b)->path);
}

static bool add_file(struct runner *runner, const char *folder, const char *name)
{
	struct stat status;
	char *path = NULL;
	struct month_file *files = realloc(runner->files, (runner->count + 1) * sizeof(*files));
	if (files != NULL)
		runner->files = files;
	if (files == NULL || asprintf(&path, "%s/%s", folder, name) < 0)
		return failure_set(&runner->office->failure, "could not list %s: out of memory", folder);
	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
		free(path);
		return true;
	}
	files[runner->count++] = (struct month_file){ .path = path };
	return true;
}

static bool list_files(struct runner *runner, const char *folder)
{
	DIR *directory = opendir(folder);
	if (directory == NULL) {
		runner->office->misused = true;
		return failure_set(&runner->office->failure, "could not open the folder %s: %s", folder, strerror(errno));
	}
	bool done = true;
	for (struct dirent *entry = readdir(directory); done && entry != NULL; entry = readdir(directory))
		if (entry->d_name[0] != '.')
			done = add_file(runner, folder, entry->d_name);
	closedir(directory);
	if (runner->count > 0)
		qsort(runner->files, runner->count, sizeof(*runner->files), compare_path);
	days before = month_first(runner->month);
	for (size_t i = 0; done && i < runner->count; i++) {
		done = sort_out(&runner->files[i], before, &runner->office->failure);
		before = runner->files[i].day;
	}
	return done;
}

/* ---- the steps ---------------------------------------------------------------------- */

static void set_day(struct runner *runner, days day)
{
	struct office *office = runner->office;
	if (!office->now_is_given)
		office->now = (struct moment){ .day = day, .second = 0 };
}

static bool freeze(struct runner *runner)
{
	if (runner->is_frozen)
		return true;
	set_day(runner, program_first_working(runner->office->program, runner->month));
	runner->is_frozen = true;
	return month_freeze(runner->office, runner->month, DAYS_NONE, &runner->frozen);
}

#define PATH_BYTES 4096 /* what Linux takes for a path */

/* A folder below --out; made. */
static bool folder_below(struct runner *runner, char path[PATH_BYTES], const char *folder)
{
	int length = snprintf(path, PATH_BYTES, "%s/%s", runner->out, folder);
	if (length < 0 || length >= PATH_BYTES)
		return failure_set(&runner->office->failure, "the path of the output folder is too long");
	return folder_make(path, &runner->office->failure);
}

/* The acknowledgments of a file that an earlier run loaded, where they are not there. */
static bool load_done(struct runner *runner, const struct journal_entry *entry)
{
	char folder[PATH_BYTES];
	if (entry->first == 0)
		return true;
	bool done = folder_below(runner, folder, "acknowledgments");
	for (int64_t id = entry->first; done && id <= entry->last; id++)
		done = load_acknowledgments(runner->office, id, folder);
	return done;
}

static bool step_load(struct runner *runner, const struct month_file *file, const char *key, struct journal_entry *entry)
{
	struct load_report *report = &runner->report->load, before = *report;
	struct finding_sink sink = { &runner->screen, screen_finding };
	char folder[PATH_BYTES];
	report->first_interchange = report->last_interchange = 0;
	if (!folder_below(runner, folder, "acknowledgments") ||
		!journal_begin(runner->office, runner->month, key, &runner->office->resumes))
		return false;
	bool loaded = load_file(runner->office, file->path, folder, &sink, report);
	runner->office->resumes = false;
	if (!loaded)
		return false;
	screen_load(&runner->screen, file->day, source_name(file->path), &before, report);
	entry->first = report->first_interchange;
	entry->last = report->last_interchange;
	entry->refused = report->interchanges_refused > before.interchanges_refused || report->others_refused > before.others_refused ||
		report->sets - report->sets_accepted > before.sets - before.sets_accepted;
	return assign_pending(runner->office, &runner->report->assign, screen_decision, &runner->screen);
}

static bool step_csv(struct runner *runner, const struct month_file *file, struct journal_entry *entry)
{
	struct row_report before = runner->report->rows;
	struct row_complaint sink = { &runner->screen, screen_row };
	if (!file->csv->file(runner->office, file->path, &sink, &runner->report->rows))
		return false;
	screen_rows(&runner->screen, file->day, source_name(file->path), file->csv->noun, &before, &runner->report->rows);
	entry->refused = runner->report->rows.refused > before.refused;
	return true;
}

static bool write_reply(struct runner *runner, const struct month_file *file, const struct buffer *reply)
{
	char folder[PATH_BYTES];
	struct buffer path;
	struct slice name = slice_of(source_name(file->path));
	if (reply->len == 0) /* nothing was asked */
		return true;
	if (!folder_below(runner, folder, "answers"))
		return false;
	/* only an end is cut off: "a.x12" and "a.x12.gz" are two files, and have two answers */
	if (name.len > 4 && memcmp(name.ptr + name.len - 4, ".x12", 4) == 0)
		name.len -= 4;
	buffer_init(&path, 0);
	buffer_format(&path, "%.*s.271.x12", SLICE_ARG(name));
	buffer_char(&path, '\0');
	bool done = path.failed ? failure_set(&runner->office->failure, "could not write an answer: out of memory") :
		office_write(runner->office, folder, path.ptr, buffer_view(reply));
	buffer_done(&path);
	return done;
}

/* The reply, its number and the entry that it was given are one transaction: it was answered or it was not. */
static bool answer_once(struct runner *runner, const struct month_file *file, const char *key, struct journal_entry *entry, struct buffer *reply)
{
	struct office *office = runner->office;
	struct answer_report *report = &runner->report->answers, before = *report;
	struct finding_sink sink = { &runner->screen, screen_finding };
	if (!store_begin(office->store))
		return office_store_failed(office);
	office->transaction_is_open = true;
	bool done = answer_file(office, file->path, reply, &sink, report);
	office->transaction_is_open = false;
	if (done && reply->failed)
		done = failure_set(&office->failure, "could not keep a reply: out of memory");
	entry->refused = report->refused > before.refused;
	done = done && journal_keep_reply(office, runner->month, key, buffer_view(reply)) &&
		journal_add(office, runner->month, key, entry);
	if (done && !store_commit(office->store))
		done = office_store_failed(office);
	if (!done)
		store_rollback(office->store);
	return done;
}

static bool step_answer(struct runner *runner, const struct month_file *file, const char *key, struct journal_entry *entry)
{
	struct answer_report before = runner->report->answers;
	struct buffer reply;
	buffer_init(&reply, 0);
	bool done = (entry->done ? journal_reply(runner->office, runner->month, key, &reply) :
		answer_once(runner, file, key, entry, &reply)) && write_reply(runner, file, &reply);
	buffer_done(&reply);
	if (done && !entry->done)
		screen_answers(&runner->screen, file->day, source_name(file->path), &before, &runner->report->answers);
	return done;
}

/* Done by an earlier run of this month: its documents are fetched, nothing is applied or decided. */
static bool step_again(struct runner *runner, const struct month_file *file, const char *key, struct journal_entry *entry)
{
	runner->report->done_before++;
	runner->report->refused_before += entry->refused;
	screen_other(&runner->screen, file->day, source_name(file->path),
		entry->refused ? "done by an earlier run: something in it was REFUSED" : "done by an earlier run");
	return file->kind == FILE_INQUIRY ? step_answer(runner, file, key, entry) : load_done(runner, entry);
}

static bool step_once(struct runner *runner, const struct month_file *file)
{
	struct office *office = runner->office;
	char key[JOURNAL_KEY_BYTES];
	struct journal_entry entry;
	if (!journal_key(office, key, file->path) || !journal_find(office, runner->month, key, &entry))
		return false;
	if (entry.done)
		return step_again(runner, file, key, &entry);
	if (file->kind == FILE_INQUIRY)
		return step_answer(runner, file, key, &entry);
	bool done = file->kind == FILE_ENROLMENT ? step_load(runner, file, key, &entry) : step_csv(runner, file, &entry);
	if (!done)
		return false;
	if (!store_begin(office->store))
		return office_store_failed(office);
	done = journal_add(office, runner->month, key, &entry) && (store_commit(office->store) || office_store_failed(office));
	if (!done)
		store_rollback(office->store);
	return done;
}

static bool step_file(struct runner *runner, const struct month_file *file)
{
	if (file->day > program_first_working(runner->office->program, runner->month) && !freeze(runner))
		return false;
	set_day(runner, file->day);
	runner->report->files++;
	if (file->kind != FILE_OTHER)
		return step_once(runner, file);
	runner->report->files_refused++;
	screen_other(&runner->screen, file->day, source_name(file->path), "neither X12 nor a provider file: not read");
	return true;
}

static bool pay_and_print(struct runner *runner)
{
	struct office *office = runner->office;
	char folder[PATH_BYTES];
	uint64_t documents;
	if (!freeze(runner))
		return false;
	set_day(runner, month_last(runner->month));
	return folder_below(runner, folder, "remittances") &&
		remit_month(office, runner->month, DAYS_NONE, folder, &runner->report->remit) &&
		folder_below(runner, folder, "rosters") && roster_month(office, runner->month, NULL, folder, &documents);
}

bool run_month(struct office *office, const char *in, const char *out, months month, struct buffer *screen, struct run_report *report)
{
	struct runner runner = { .office = office, .out = out, .month = month, .report = report,
		.screen = { .out = screen, .office = office } };
	report->load.first_day = DAYS_NONE;
	arena_init(&runner.screen.arena, 0);
	buffer_init(&runner.screen.decisions, 0);
	buffer_init(&runner.screen.held, 0);
	bool done = list_files(&runner, in) && folder_make(out, &office->failure);
	if (done) {
		screen_month(&runner.screen, month);
		screen_heading(&runner.screen, "WHAT CAME IN");
	}
	for (size_t i = 0; done && i < runner.count; i++)
		done = step_file(&runner, &runner.files[i]);
	done = done && pay_and_print(&runner) && screen_assignments(&runner.screen, &report->assign) &&
		screen_payments(&runner.screen, &report->remit, &runner.frozen);
	if (done && (screen->failed || runner.screen.decisions.failed || runner.screen.held.failed))
		done = failure_set(&office->failure, "could not print the month: out of memory");
	for (size_t i = 0; i < runner.count; i++)
		free(runner.files[i].path);
	free(runner.files);
	buffer_done(&runner.screen.decisions);
	buffer_done(&runner.screen.held);
	arena_done(&runner.screen.arena);
	return done;
}
