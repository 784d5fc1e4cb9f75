/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sample_inquiry: 270 batches of a clinic: what the stories ask, and every fifteenth
 * family's head, by id, by id and day of birth, by name and day of birth.
 */
#include "cli/sample.h"

#include <assert.h>

#define GUIDE "005010X279A1"
#define SECOND_OF_DAY (8 * 3600 + 30 * 60)
#define ONE_FAMILY_OF 15
#define ASKING_BILLING 3 /* the FQHC */

/* One 270 file being written. */
struct inquiry_file {
	struct sample *sample;
	struct sample_file file;
	const struct sample_billing *from;
	days day;
	int number;             /* of the batch */
	uint64_t asked;         /* in the file */
	uint64_t in_set;        /* in the open set */
	bool open, failed;
};

static void set_open(struct inquiry_file *out)
{
	char reference[24];
	snprintf(reference, sizeof(reference), "B%d-%u", out->number, out->file.writer.sets + 1);
	struct inquiry_set set = { .purpose = SLICE("13"), .reference = slice_of(reference), .date = out->day, .time = SLICE("0830") };
	struct inquiry_source source = { .entity = SLICE("PR"), .type = SLICE("2"), .name = SLICE("CT DEPARTMENT OF SOCIAL SERVICES"),
		.id_qualifier = SLICE("PI"), .id = SLICE("CTDSS") };
	struct inquiry_receiver receiver = { .entity = SLICE("1P"), .type = SLICE("2"), .last = slice_of(out->from->name),
		.id_qualifier = SLICE("XX"), .id = slice_of(out->from->npi) };
	inquiry_set_begin(&out->file.writer, &set, &source, &receiver);
	out->open = true;
	out->in_set = 0;
}

static void set_close(struct inquiry_file *out)
{
	if (out->open)
		writer_set_end(&out->file.writer);
	out->open = false;
}

/* `kind` as in struct story_question; `person` NULL for an id that is nobody's. */
static void question_put(struct inquiry_file *out, const struct sample_person *person, char kind, days asked)
{
	char hl[24], trace[24], company[11];
	struct buffer day;
	struct inquiry_record record;
	if (!out->open)
		set_open(out);
	out->asked++;
	snprintf(hl, sizeof(hl), "%llu", (unsigned long long)(++out->in_set + 2));
	snprintf(trace, sizeof(trace), "%d-%06llu", 93175 + out->number, (unsigned long long)out->asked);
	snprintf(company, sizeof(company), "1%s", out->from->tax_id);
	buffer_init(&day, 0);
	days_put8(&day, asked);
	out->failed = out->failed || day.failed;
	record_clear(RECORD_INQUIRY, &record);
	record.hl = slice_of(hl);
	record.trace[0][0] = slice_of(trace);
	record.trace[0][1] = slice_of(company);
	record.id = person == NULL ? SLICE(SAMPLE_NOBODY_ID) : kind == 'n' ? SLICE_NONE : slice_of(person->id);
	record.last = person == NULL ? SLICE("TATE") : kind == 'n' ? slice_of(person->last) : SLICE_NONE;
	record.first = person == NULL ? SLICE("ROY") : kind == 'n' ? slice_of(person->first) : SLICE_NONE;
	if (kind == 'd' || kind == 'n')
		record.born = person->born;
	if (kind == 'w')
		record.born = person->born + 1;
	record.date = buffer_view(&day);
	record.service_types = SLICE("30");
	inquiry_put(&out->file.writer, &record);
	buffer_done(&day);
	if (out->in_set == SAMPLE_SET_INQUIRIES)
		set_close(out);
	if (!out->failed && !sample_file_flush(&out->file, out->sample))
		out->failed = true;
}

static void story_questions(struct inquiry_file *out, const char *name)
{
	for (size_t i = 0; i < sample_question_count; i++) {
		const struct story_question *question = &sample_questions[i];
		struct sample_family family;
		uint32_t index = 0;
		if (strcmp(question->file, name) != 0)
			continue;
		days asked = question->day == NULL ? DAYS_NONE : sample_name_day(question->day);
		if (question->family == NULL) {
			question_put(out, NULL, question->kind, asked);
			continue;
		}
		sample_story_person(&family, &index, question->family, question->first, out->sample);
		question_put(out, &family.people[index], question->kind, asked);
	}
}

bool sample_inquiry_file(struct sample *sample, const char *name, int number)
{
	struct sample_family family;
	struct inquiry_file out = { .sample = sample, .from = &sample->providers.billings[ASKING_BILLING],
		.day = sample_name_day(name), .number = number };
	struct sample_walk walk = { 0 };
	char path[80];
	snprintf(path, sizeof(path), "%s.x12", name);
	if (!sample_file_begin(&out.file, sample, path, NULL, out.from->trading_partner, "HS", GUIDE, SECOND_OF_DAY))
		return false;
	story_questions(&out, name);
	while (!out.failed && sample_family_skim(&family, &walk, sample)) {
		uint64_t draw[2] = { family.number, (uint64_t)number };
		uint64_t hash = hash64(sample->seed, draw, sizeof(draw));
		if (family.story != 0 || hash % ONE_FAMILY_OF != 0)
			continue;
		sample_family_fill(&family, sample);
		question_put(&out, &family.people[0], "idn"[hash / ONE_FAMILY_OF % 3], out.day);
	}
	if (!out.failed && out.asked == 0) /* few members: a group holds at least one set */
		question_put(&out, NULL, 'i', out.day);
	set_close(&out);
	bool fine = sample_file_end(&out.file, sample);
	return fine && !out.failed;
}
