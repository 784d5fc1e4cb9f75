/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * mutants: the seeds of a fuzz harness, with a few bytes changed, lost or doubled, made from a seed number so that a
 * failure comes again.  Whoever includes it has defined SEEDS (a folder) and MUTANTS (of each seed).
 */
#ifndef PCCM_TESTS_MUTANTS_H
#define PCCM_TESTS_MUTANTS_H

#include "unit.h"

#include <dirent.h>

#define INPUT_BYTES (64 * 1024)

struct input {
	uint8_t bytes[INPUT_BYTES];
	size_t len;
};

static size_t read_seed(struct input *input, const char *name)
{
	char path[512];
	snprintf(path, sizeof(path), SEEDS "/%s", name);
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return 0;
	input->len = fread(input->bytes, 1, sizeof(input->bytes), file);
	fclose(file);
	return input->len;
}

/* Change, take out, or double a few bytes. */
static void mutate(struct input *out, const struct input *from, struct random *random)
{
	*out = *from;
	for (uint32_t n = 1 + random_below(random, 4); n > 0; n--) {
		size_t at = random_below(random, (uint32_t)out->len);
		switch (random_below(random, 4)) {
		case 0:
			out->bytes[at] = (uint8_t)random_below(random, 256);
			break;
		case 1:
			out->bytes[at] = out->bytes[random_below(random, (uint32_t)out->len)];
			break;
		case 2:
			if (out->len > 2) {
				memmove(out->bytes + at, out->bytes + at + 1, out->len - at - 1);
				out->len--;
			}
			break;
		default:
			if (out->len < INPUT_BYTES) {
				memmove(out->bytes + at + 1, out->bytes + at, out->len - at);
				out->len++;
			}
			break;
		}
	}
}

static struct input seed, mutant;

static void each_seed(void (*run)(struct random *random))
{
	struct random random;
	unsigned seeds = 0;
	DIR *folder = opendir(SEEDS);
	CU_ASSERT_FATAL(folder != NULL);
	random_seed(&random, 834);
	for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
		if (entry->d_name[0] == '.' || read_seed(&seed, entry->d_name) == 0)
			continue;
		seeds++;
		run(&random);
	}
	closedir(folder);
	CU_ASSERT(seeds > 0);
}

static void run_prefixes(struct random *random)
{
	(void)random;
	for (size_t len = 1; len <= seed.len; len += 1 + seed.len / 300)
		CU_ASSERT_EQUAL(LLVMFuzzerTestOneInput(seed.bytes, len), 0);
}

static void run_mutants(struct random *random)
{
	for (unsigned i = 0; i < MUTANTS; i++) {
		mutate(&mutant, &seed, random);
		CU_ASSERT_EQUAL(LLVMFuzzerTestOneInput(mutant.bytes, mutant.len), 0);
	}
}

static void prefixes(void)
{
	each_seed(run_prefixes);
}

static void mutants(void)
{
	each_seed(run_mutants);
}

#endif
