/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * turns: commands by turns, so that what disturbs one disturbs the others.
 *   turns ROUNDS COMMAND [ARGUMENT …] [-- COMMAND [ARGUMENT …]] …
 * A line for each: medians of processor time and of time, in microseconds, and the largest resident memory, in KiB;
 * parted by '|'.  What they print is thrown away.  Exit status 1 if one of them ended with more than 1 (findings).
 */
#include "tests/bench/median.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MOST 16
#define ROUNDS_MOST 99

struct command {
	char **words;
	uint64_t processor[ROUNDS_MOST], wall[ROUNDS_MOST];
	long peak;
};
static struct command commands[COMMANDS_MOST];

static uint64_t microseconds(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

static uint64_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static int run(struct command *command, size_t round)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	pid_t child;
	int status = 0;
	uint64_t begin = now();
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	int spawned = posix_spawnp(&child, command->words[0], &actions, NULL, command->words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (spawned != 0 || wait4(child, &status, 0, &usage) != child)
		return 127;
	command->wall[round] = now() - begin;
	command->processor[round] = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
	if (usage.ru_maxrss > command->peak)
		command->peak = usage.ru_maxrss;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

int main(int argc, char **argv)
{
	size_t rounds = argc > 2 ? (size_t)strtoul(argv[1], NULL, 10) : 0, count = 0;
	if (rounds == 0 || rounds > ROUNDS_MOST)
		return 2;
	for (int i = 2; i < argc && count < COMMANDS_MOST; i++) {
		commands[count++].words = argv + i;
		while (i < argc && strcmp(argv[i], "--") != 0)
			i++;
		argv[i] = NULL;
	}
	int worst = 0;
	for (size_t round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++) {
			int status = run(&commands[i], round);
			if (status > 1)
				fprintf(stderr, "%s %s: exit status %d\n", commands[i].words[0],
					commands[i].words[1] != NULL ? commands[i].words[1] : "", status);
			worst = status > worst ? status : worst;
		}
	for (size_t i = 0; i < count; i++) {
		struct command *command = &commands[i];
		printf("%llu|%llu|%ld\n", (unsigned long long)median(command->processor, rounds),
			(unsigned long long)median(command->wall, rounds), command->peak);
	}
	return worst > 1;
}
