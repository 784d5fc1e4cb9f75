/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * peak: run a program and write its largest resident memory, in KiB, to a file.
 *   peak FILE PROGRAM [ARGUMENT …]
 * The exit status is the program's; 128 + N if signal N ended it.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

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
	FILE *file = fopen(argv[1], "w");
	if (file == NULL || fprintf(file, "%ld\n", usage.ru_maxrss) < 0 || fclose(file) != 0) {
		perror(argv[1]);
		return 3;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
