/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * acks: the acknowledgments of one interchange, written as it goes by.  A TA1 for
 * the envelope, a 999 for each functional group as it closes; two interchanges of
 * ours, so that each can be fetched by itself.
 */
#include "exchange/exchange.h"

void acks_init(struct acks *acks)
{
	*acks = (struct acks){ .opened = false };
	buffer_init(&acks->ta1, 0);
	buffer_init(&acks->implementation, 0);
}

void acks_begin(struct acks *acks, struct moment made, uint64_t control, bool show_values)
{
	buffer_reset(&acks->ta1);
	buffer_reset(&acks->implementation);
	acks->opened = acks->group_open = false;
	acks->made = made;
	acks->control = control;
	acks->show_values = show_values;
}

void acks_group(struct acks *acks, const struct interchange_header *heard, const struct group_header *group)
{
	acks->group_open = strcmp(group->functional_id, "FA") != 0;
	if (!acks->group_open)
		return;
	if (!acks->opened)
		ack_begin(&acks->ack, &acks->implementation, heard, acks->made, acks->control, acks->show_values);
	acks->opened = true;
	ack_group(&acks->ack, group);
}

void acks_set(struct acks *acks, const struct set_verdict *set)
{
	if (acks->group_open)
		ack_set(&acks->ack, set);
}

void acks_group_end(struct acks *acks, const struct group_verdict *group)
{
	if (acks->group_open)
		ack_group_end(&acks->ack, group);
	acks->group_open = false;
}

void acks_end(struct acks *acks, const struct interchange_verdict *verdict)
{
	if (acks->opened && verdict->ack != 'R')
		ack_end(&acks->ack);
	else
		buffer_reset(&acks->implementation);
	if (verdict->acknowledgments > 0)
		return; /* two systems that acknowledge acknowledgments never stop */
	struct acknowledger reply;
	ack_begin(&reply, &acks->ta1, &verdict->header, acks->made, acks->control + 1, acks->show_values);
	ack_ta1(&reply, verdict);
	ack_end(&reply);
}

bool acks_failed(const struct acks *acks)
{
	return acks->ta1.failed || acks->implementation.failed;
}

void acks_done(struct acks *acks)
{
	buffer_done(&acks->ta1);
	buffer_done(&acks->implementation);
}
