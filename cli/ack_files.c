/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * ack_files: the acknowledgments that `pccm check` writes, over all interchanges of all its
 * files: each kind that is asked for into its own file, or to standard output.
 *
 * There is no store to count: numbers come from the interchange that is answered.  999s (and
 * what holds both) get twice its number less one, TA1s that travel alone twice its number, as
 * the store counts them; past nine digits they begin again.  Within one command they only
 * rise, so that two interchanges of one number are answered by two numbers.
 */
#include "cli/cli.h"

#include <errno.h>

#define CONTROLS UINT64_C(1000000000) /* element I12 has nine digits */

static const enum option kinds[ACK_FILES] = { [ACKS_TA1] = OPTION_TA1, [ACKS_999] = OPTION_999, [ACKS_TOGETHER] = OPTION_ACK };

void ack_files_init(struct ack_files *files, const struct arguments *arguments)
{
	*files = (struct ack_files){ .arguments = arguments };
	acks_init(&files->acks);
	for (size_t i = 0; i < ACK_FILES; i++)
		pile_init(&files->piles[i]);
}

void ack_files_done(struct ack_files *files)
{
	acks_done(&files->acks);
	for (size_t i = 0; i < ACK_FILES; i++)
		pile_done(&files->piles[i]);
}

void ack_files_begin(struct ack_files *files, const struct interchange_header *heard)
{
	uint64_t number = 0;
	slice_number(&number, slice_of(heard->control));
	uint64_t control = number == 0 ? 1 : (2 * number - 1) % CONTROLS;
	if (control <= files->last)
		control = files->last + 2 < CONTROLS ? files->last + 2 : 1;
	files->last = control;
	acks_begin(&files->acks, clock_now(), control, files->arguments->values[OPTION_SHOW_VALUES] != NULL);
}

bool ack_files_end(struct ack_files *files, const struct interchange_verdict *verdict, struct failure *failure)
{
	acks_end(&files->acks, verdict);
	if (!acks_fine(&files->acks, failure))
		return false;
	for (size_t i = 0; i < ACK_FILES; i++) {
		if (files->arguments->values[kinds[i]] == NULL)
			continue;
		bool given = acks_give(&files->acks, (enum acks_document)i, pile_take, &files->piles[i]);
		if (!pile_fine(&files->piles[i], "the acknowledgments", failure))
			return false;
		if (!given)
			return failure_set(failure, "could not read the acknowledgments again");
	}
	return true;
}

static bool print_piece(void *to, struct slice bytes)
{
	return fwrite(bytes.ptr, 1, bytes.len, to) == bytes.len;
}

bool ack_files_write(struct ack_files *files)
{
	bool fine = true;
	for (size_t i = 0; i < ACK_FILES; i++) {
		struct failure failure = { "" };
		const char *path = files->arguments->values[kinds[i]];
		if (path == NULL)
			continue;
		if (strcmp(path, "-") == 0) {
			if (!pile_pieces(&files->piles[i], print_piece, stdout)) {
				complain("could not write to standard output: %s", strerror(errno));
				fine = false;
			}
		} else if (!file_write_pieces(path, pile_pieces, &files->piles[i], &failure)) {
			complain("%s", failure.text);
			fine = false;
		}
	}
	return fine;
}
