/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sample_files: an interchange on the disk: its name, envelope and control number, and
 * the damage that is done to it on purpose.
 *
 * Bytes go to the disk whenever enough of them are there, so that a file of a million
 * members needs no memory.  A damaged file is small and is held as a whole until its end.
 *
 * Holds: control numbers go up by one from file to file and are never used twice.
 */
#include "cli/sample.h"

#include <assert.h>
#include <errno.h>

#define FLUSH_BYTES (256 * 1024)

days sample_name_day(const char *name)
{
	days day = DAYS_NONE;
	bool fine = days_parse_iso(&day, (struct slice){ name, 10 });
	assert(fine);
	(void)fine;
	return day;
}

static void folder_name(char *out, size_t size, const struct sample *sample, months month)
{
	if (month < sample->first)
		month = sample->first;
	snprintf(out, size, "%s/%04d-%02d", sample->out, month / 12, month % 12 + 1);
}

bool sample_folder_make(struct sample *sample, months month)
{
	char path[512];
	folder_name(path, sizeof(path), sample, month);
	return folder_make(path, &sample->failure);
}

static bool path_of(char *out, size_t size, struct sample *sample, const char *name)
{
	char folder[384];
	folder_name(folder, sizeof(folder), sample, month_of(sample_name_day(name)));
	int len = snprintf(out, size, "%s/%s", folder, name);
	return (len > 0 && (size_t)len < size) || failure_set(&sample->failure, "path is too long: %s", sample->out);
}

bool sample_file_text(struct sample *sample, const char *name, struct slice bytes)
{
	char path[512];
	if (!path_of(path, sizeof(path), sample, name))
		return false;
	sample->files++;
	return file_write_whole(path, bytes, &sample->failure);
}

/* ---- interchanges ---- */

static bool stream_open(struct sample_file *file, int which, struct sample *sample, const char *name)
{
	if (!path_of(file->paths[which], sizeof(file->paths[which]), sample, name))
		return false;
	file->streams[which] = fopen(file->paths[which], "wb");
	if (file->streams[which] == NULL)
		return failure_set(&sample->failure, "cannot write %s: %s", file->paths[which], strerror(errno));
	sample->files++;
	return true;
}

bool sample_file_begin(struct sample_file *file, struct sample *sample, const char *name, const char *copy, const char *sender,
	const char *functional_id, const char *version, int32_t second)
{
	*file = (struct sample_file){ .envelope = {
		.sender_qualifier = SLICE("ZZ"), .sender = slice_of(sender), .receiver_qualifier = SLICE("ZZ"),
		.receiver = SLICE("CTDSS"), .made = { sample_name_day(name), second }, .usage = 'T', .ack_requested = true,
		.control = ++sample->control } };
	buffer_init(&file->bytes, 0);
	writer_init(&file->writer, &file->bytes);
	if (!stream_open(file, 0, sample, name) || (copy != NULL && !stream_open(file, 1, sample, copy))) {
		if (file->streams[0] != NULL)
			fclose(file->streams[0]);
		return false;
	}
	writer_interchange(&file->writer, &file->envelope);
	writer_group(&file->writer, &file->envelope, functional_id, version);
	return true;
}

static bool bytes_write(struct sample_file *file, struct sample *sample)
{
	if (file->bytes.failed)
		return failure_set(&sample->failure, "no memory for %s", file->paths[0]);
	for (size_t i = 0; i < COUNT_OF(file->streams); i++) {
		if (file->streams[i] != NULL && fwrite(file->bytes.ptr, 1, file->bytes.len, file->streams[i]) != file->bytes.len)
			return failure_set(&sample->failure, "cannot write %s: %s", file->paths[i], strerror(errno));
	}
	buffer_reset(&file->bytes);
	return true;
}

bool sample_file_flush(struct sample_file *file, struct sample *sample)
{
	if (file->damage != DAMAGE_NONE || file->bytes.len < FLUSH_BYTES)
		return true;
	return bytes_write(file, sample);
}

/* The place of the n-th segment (0 …) that begins with `head`. */
static size_t place_in_text(const struct buffer *bytes, const char *head, unsigned n)
{
	size_t len = strlen(head);
	for (size_t at = 1; at + len <= bytes->len; at++) {
		if (bytes->ptr[at - 1] == '\n' && memcmp(bytes->ptr + at, head, len) == 0 && n-- == 0)
			return at;
	}
	return bytes->len;
}

/* A connection that broke: the file ends within the segment at two thirds. */
static void damage_cut(struct sample_file *file)
{
	file->bytes.len = file->bytes.len * 2 / 3;
}

/* A sender that cannot count: SE01 of the second set has another last digit. */
static void damage_count(struct sample_file *file)
{
	size_t at = place_in_text(&file->bytes, "SE*", 1) + strlen("SE*");
	while (at + 1 < file->bytes.len && file->bytes.ptr[at + 1] != '*')
		at++;
	if (at + 1 < file->bytes.len)
		file->bytes.ptr[at] = file->bytes.ptr[at] == '9' ? '8' : (char)(file->bytes.ptr[at] + 1);
}

bool sample_file_end(struct sample_file *file, struct sample *sample)
{
	writer_group_end(&file->writer);
	writer_interchange_end(&file->writer);
	if (!file->bytes.failed && file->damage == DAMAGE_CUT)
		damage_cut(file);
	if (!file->bytes.failed && file->damage == DAMAGE_COUNT)
		damage_count(file);
	bool fine = bytes_write(file, sample);
	for (size_t i = 0; i < COUNT_OF(file->streams); i++) {
		if (file->streams[i] != NULL && fclose(file->streams[i]) != 0 && fine)
			fine = failure_set(&sample->failure, "cannot write %s: %s", file->paths[i], strerror(errno));
	}
	buffer_done(&file->bytes);
	return fine;
}
