/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * peak: run a program and write its largest resident memory, in KiB, to a file, and its processor time, in
 * milliseconds, to FILE.ms.
 *   peak FILE PROGRAM [ARGUMENT …]
 * The exit status is the program's; 128 + N if signal N ended it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static bool write_number(const char *path, long number)
{
	FILE *file = fopen(path, "w");
	if (file != NULL && fprintf(file, "%ld\n", number) > 0 && fclose(file) == 0)
		return true;
	perror(path);
	return false;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	if (argc < 3) {
		fputs("usage: peak FILE PROGRAM [ARGUMENT ...]\n", stderr);
		return 2;
	}
	pid_t child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child) {
		perror("peak");
		return 3;
	}
	char path[4096];
	snprintf(path, sizeof(path), "%s.ms", argv[1]);
	long spent = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
	if (!write_number(argv[1], usage.ru_maxrss) || !write_number(path, spent))
		return 3;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
