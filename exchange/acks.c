/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * acks: the acknowledgments of one interchange, written as it goes by.  A TA1 for the
 * envelope, a 999 for each functional group as it closes.  They travel apart, two
 * interchanges of ours that can be fetched each by itself, or together, one interchange with
 * the TA1 between its ISA and its first GS; which of the two is chosen when they are given.
 *
 * The groups of 999 lie in a pile: memory holds one set's part of them.
 */
#include "exchange/exchange.h"

void acks_init(struct acks *acks)
{
	*acks = (struct acks){ .opened = false };
	buffer_init(&acks->part, 0);
	pile_init(&acks->groups);
}

void acks_begin(struct acks *acks, struct moment made, uint64_t control, bool show_values)
{
	buffer_reset(&acks->part);
	pile_cut(&acks->groups, 0);
	acks->opened = acks->group_open = acks->has_ta1 = acks->has_groups = false;
	acks->made = made;
	acks->control = control;
	acks->show_values = show_values;
}

static void part_done(struct acks *acks)
{
	pile_put(&acks->groups, buffer_view(&acks->part));
	buffer_reset(&acks->part);
}

void acks_group(struct acks *acks, const struct interchange_header *heard, const struct group_header *group)
{
	acks->group_open = strcmp(group->functional_id, "FA") != 0 && ack_group_fits(group);
	if (!acks->group_open)
		return;
	if (!acks->opened) {
		ack_begin(&acks->ack, &acks->part, heard, acks->made, acks->control, acks->show_values);
		buffer_reset(&acks->part); /* the ISA is put in front when they are given */
	}
	acks->opened = true;
	ack_group(&acks->ack, group);
	part_done(acks);
}

void acks_set(struct acks *acks, const struct set_verdict *set)
{
	if (!acks->group_open)
		return;
	ack_set(&acks->ack, set);
	part_done(acks);
}

void acks_group_end(struct acks *acks, const struct group_verdict *group)
{
	if (!acks->group_open)
		return;
	ack_group_end(&acks->ack, group);
	part_done(acks);
	acks->group_open = false;
}

void acks_end(struct acks *acks, const struct interchange_verdict *verdict)
{
	acks->has_groups = acks->opened && verdict->ack != 'R';
	acks->has_ta1 = verdict->acknowledgments == 0; /* two systems that acknowledge acknowledgments never stop */
	acks->heard = verdict->header;
	acks->verdict = verdict->ack;
	memcpy(acks->note, verdict->note, sizeof(acks->note));
}

bool acks_has(const struct acks *acks, enum acks_document document)
{
	return document == ACKS_TA1 ? acks->has_ta1 : document == ACKS_999 ? acks->has_groups : acks->has_ta1 || acks->has_groups;
}

bool acks_give(struct acks *acks, enum acks_document document, put_fn *put, void *to)
{
	if (!acks_has(acks, document))
		return true;
	bool groups = document != ACKS_TA1 && acks->has_groups, ta1 = document != ACKS_999 && acks->has_ta1;
	uint64_t control = document == ACKS_TA1 ? acks->control + 1 : acks->control;
	struct interchange_verdict verdict = { .header = acks->heard, .ack = acks->verdict };
	memcpy(verdict.note, acks->note, sizeof(verdict.note));
	struct acknowledger reply;
	struct buffer head;
	buffer_init(&head, 0);
	ack_begin(&reply, &head, &acks->heard, acks->made, control, acks->show_values);
	if (ta1)
		ack_ta1(&reply, &verdict);
	bool fine = !head.failed && put(to, buffer_view(&head));
	buffer_reset(&head);
	fine = fine && (!groups || pile_pieces(&acks->groups, put, to));
	if (groups)
		reply.writer.groups = acks->ack.writer.groups;
	ack_end(&reply);
	fine = fine && !head.failed && put(to, buffer_view(&head));
	buffer_done(&head);
	return fine;
}

bool acks_fine(const struct acks *acks, struct failure *failure)
{
	if (acks->part.failed)
		return failure_set(failure, "could not write the acknowledgments: out of memory");
	return pile_fine(&acks->groups, "the acknowledgments", failure);
}

void acks_done(struct acks *acks)
{
	buffer_done(&acks->part);
	pile_done(&acks->groups);
}
