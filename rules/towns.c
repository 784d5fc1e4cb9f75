/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * towns: where an address lies, and since when the program is open there.
 *
 * The postal city is not the town: a code wins over it, and the program's postal names
 * lead to the town they lie in.  A code that is none of the program's, where the program
 * gives codes, is another town, whatever the city says.
 */
#include "rules/internal.h"

static const struct town *town_of_name(const struct program *program, struct slice name)
{
	for (size_t i = 0; i < program->town_count; i++)
		if (plain_equal(slice_of(program->towns[i].name), name))
			return &program->towns[i];
	for (size_t i = 0; i < program->alias_count; i++)
		if (plain_equal(program->aliases[i].name, name))
			return program->aliases[i].town;
	return NULL;
}

static const struct town *town_of_address(const struct program *program, const struct address *address)
{
	if (address->state.len > 0 && !plain_equal(address->state, program->state))
		return NULL;
	if (address->town_code.len > 0) {
		bool has_codes = false;
		for (size_t i = 0; i < program->town_count; i++) {
			has_codes = has_codes || program->towns[i].code.len > 0;
			if (plain_equal(program->towns[i].code, address->town_code))
				return &program->towns[i];
		}
		/* some senders put the town's name where its code belongs */
		const struct town *named = town_of_name(program, address->town_code);
		if (named != NULL || has_codes)
			return named;
	}
	return address->city.len == 0 ? NULL : town_of_name(program, address->city);
}

const char *program_town(const struct program *program, const struct address *address)
{
	const struct town *town = town_of_address(program, address);
	return town == NULL ? NULL : town->name;
}

days program_town_opens(const struct program *program, const char *name)
{
	const struct town *town = name == NULL ? NULL : town_of_name(program, slice_of(name));
	return town == NULL ? DAYS_NONE : town->opens;
}

bool program_town_open(const struct program *program, const char *name, days day)
{
	const struct town *town = name == NULL ? NULL : town_of_name(program, slice_of(name));
	return town != NULL && town->opens <= day && day <= town->closes;
}

bool program_broker(struct answer_contact *out, const struct program *program, const struct address *address)
{
	const struct town *town = town_of_address(program, address);
	struct slice name = town == NULL ? address->city : slice_of(town->name);
	const struct broker *others = NULL;
	for (size_t i = 0; i < program->broker_count; i++) {
		const struct broker *broker = &program->brokers[i];
		if (broker->others && others == NULL)
			others = broker;
		for (size_t j = 0; j < broker->town_count; j++)
			if (plain_equal(broker->towns[j], name)) {
				*out = broker->contact;
				return true;
			}
	}
	if (others != NULL)
		*out = others->contact;
	return others != NULL;
}
