/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sample_people: from a family's number to the people in it.
 *
 * A family is made from the seed and its number alone, so that a million members need no
 * memory: whoever wants to know who lives where walks the families again.  The first
 * families are those of the stories.  What a family is (its size, what happens to it) is
 * drawn before its names, so that a walk may skip the names.
 *
 * Holds: every walk gives the same families; numbers of members follow each other.
 */
#include "cli/sample.h"

#include <assert.h>

#define FIRST_ID 123456   /* of eight digits */
#define FIRST_CASE 87654

/* Nine digits: eight that count and a check digit. */
static void sample_member_id(char out[10], uint64_t number)
{
	unsigned sum = 0;
	uint64_t rest = number += FIRST_ID;
	out[9] = '\0';
	for (int i = 7; i >= 0; i--, rest /= 10) {
		unsigned digit = (unsigned)(rest % 10);
		out[i] = (char)('0' + digit);
		if (i % 2 == 1)
			digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
		sum += digit;
	}
	out[8] = (char)('0' + (10 - sum % 10) % 10);
}

const char *sample_fund(const char *aid)
{
	return aid[0] == 'P' ? "F2" : aid[0] == 'S' ? "F3" : "F1";
}

/* ---- what a family is ---- */

static uint32_t size_draw(struct random *random)
{
	static const unsigned upto[] = { 15, 40, 70, 89, 96, 100 }; /* per cent of families of one, two … members */
	uint32_t at = random_below(random, 100), size = 1;
	while (at >= upto[size - 1])
		size++;
	return size;
}

static enum sample_event event_draw(struct random *random)
{
	static const struct { unsigned upto; enum sample_event event; } shares[] = { /* per mille */
		{ 60, EVENT_ARRIVES }, { 110, EVENT_CHOOSES }, { 150, EVENT_CHANGES }, { 180, EVENT_ENDS }, { 200, EVENT_MOVES },
	};
	uint32_t at = random_below(random, 1000);
	for (size_t i = 0; i < COUNT_OF(shares); i++) {
		if (at < shares[i].upto)
			return shares[i].event;
	}
	return EVENT_NOTHING;
}

bool sample_family_skim(struct sample_family *family, struct sample_walk *walk, const struct sample *sample)
{
	if (walk->members >= sample->members)
		return false;
	family->number = walk->families++;
	family->first_member = walk->members;
	family->story = 0;
	family->event = EVENT_NOTHING;
	random_seed(&family->random, hash64(sample->seed, &family->number, sizeof(family->number)));
	if (family->number < SAMPLE_STORIES) {
		family->story = (uint32_t)family->number + 1;
		family->member_count = sample_story_members(family->story - 1);
	} else {
		family->member_count = size_draw(&family->random);
		family->event = event_draw(&family->random);
		family->event_month = (int)random_below(&family->random, (uint32_t)sample->month_count);
		family->event_file = (int)random_below(&family->random, SAMPLE_FILES_A_MONTH);
	}
	if (family->member_count > sample->members - walk->members)
		family->member_count = (uint32_t)(sample->members - walk->members);
	walk->members += family->member_count;
	return true;
}

/* ---- who is in it ---- */

static days born_draw(struct random *random, int first_year, int years)
{
	days first;
	bool fine = days_from_civil(&first, first_year, 1, 1);
	assert(fine);
	(void)fine;
	return first + (days)random_below(random, (uint32_t)years * 365);
}

/* Title XIX mostly; some of the children by Title XXI, some families by the state alone. */
static const char *aid_draw(struct random *random, bool child, bool state_only)
{
	if (state_only)
		return "S01";
	return child && random_below(random, 100) < 12 ? "P02" : "F07";
}

static void person_draw(struct sample_person *person, struct random *random, const struct sample_people_names *names, bool adult)
{
	static const char *const middles[] = { "", "", "", "A", "C", "D", "E", "J", "L", "M", "R", "T" };
	bool female = random_below(random, 100) < (person->head ? 85 : 48);
	person->sex = female ? 'F' : 'M';
	person->first = female ? names->female[random_below(random, (uint32_t)names->female_count)]
			       : names->male[random_below(random, (uint32_t)names->male_count)];
	person->middle = middles[random_below(random, (uint32_t)COUNT_OF(middles))];
	person->born = adult ? born_draw(random, 1962, 28) : born_draw(random, 1993, 16);
	person->covered = born_draw(random, 2008, 1) + (days)random_below(random, 330);
	if (person->covered < person->born)
		person->covered = person->born;
}

/* Brothers and sisters have different first names. */
static void person_names_apart(struct sample_family *family, uint32_t index, const struct sample_people_names *names)
{
	struct sample_person *person = &family->people[index];
	const char *const *list = person->sex == 'F' ? names->female : names->male;
	size_t count = person->sex == 'F' ? names->female_count : names->male_count;
	for (uint32_t i = 0; i < index; i++) {
		if (strcmp(family->people[i].first, person->first) != 0)
			continue;
		size_t at = 0;
		while (strcmp(list[at], person->first) != 0)
			at++;
		person->first = list[(at + 1) % count];
		i = (uint32_t)-1; /* against all of them again */
	}
}

static void family_draw(struct sample_family *family, const struct sample *sample)
{
	struct random *random = &family->random;
	const struct sample_people_names *names = sample_names_pick(random);
	const struct sample_town *town = sample_town_pick(random);
	const char *last = names->last[random_below(random, (uint32_t)names->last_count)];
	const char *street = sample_streets[random_below(random, (uint32_t)sample_street_count)];
	unsigned house = 1 + random_below(random, 400), phone = random_below(random, 10000);
	bool state_only = random_below(random, 100) < 6, two_adults = random_below(random, 100) < 30;
	bool asks = family->event == EVENT_CHANGES || (random_below(random, 100) < 92 && family->event != EVENT_CHOOSES);
	bool together = random_below(random, 100) < 60, known = random_below(random, 100) < 40;
	const struct sample_pcp *all = sample_pcp_pick(&sample->providers, random, town->area, false);
	family->language = names->language;
	for (uint32_t i = 0; i < family->member_count; i++) {
		struct sample_person *person = &family->people[i];
		bool adult = i == 0 || (i == 1 && two_adults && family->member_count > 2);
		*person = (struct sample_person){ .last = last, .town = town, .head = i == 0, .line = SAMPLE_LINE,
			.plan = SAMPLE_PLAN, .relationship = known ? "25" : "26", .late = family->event == EVENT_ARRIVES };
		person_draw(person, random, names, adult);
		person_names_apart(family, i, names);
		person->aid = aid_draw(random, !adult, state_only);
		snprintf(person->street, sizeof(person->street), "%u %s", house, street);
		snprintf(person->phone, sizeof(person->phone), "%.6s%04u", sample_phone_prefix(town->area), phone);
		const struct sample_pcp *own = sample_pcp_pick(&sample->providers, random, town->area, !adult);
		person->pcp = !asks ? NULL : together ? all : own;
	}
}

void sample_family_fill(struct sample_family *family, const struct sample *sample)
{
	if (family->story != 0)
		sample_story_fill(family, sample);
	else
		family_draw(family, sample);
	snprintf(family->case_number, sizeof(family->case_number), "C%08u",
		(unsigned)((family->number + FIRST_CASE) % 100000000));
	for (uint32_t i = 0; i < family->member_count; i++)
		sample_member_id(family->people[i].id, family->first_member + i);
}

bool sample_family_next(struct sample_family *family, struct sample_walk *walk, const struct sample *sample)
{
	if (!sample_family_skim(family, walk, sample))
		return false;
	sample_family_fill(family, sample);
	return true;
}
