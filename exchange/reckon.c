/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * reckon: received = accepted + set aside + refused, in business units and in segments, for
 * each set, group and interchange.  What a group or an interchange refuses takes everything
 * in it along, whatever was said of it before.
 */
#include "exchange/reckon.h"

#include <assert.h>

void set_reckon(struct set_verdict *set, uint64_t segments, struct walker_units units, bool aside)
{
	set->units_reckoned = (struct reckoning){ .received = units.count, .accepted = units.count };
	set->segments_reckoned = (struct reckoning){ .received = segments, .accepted = segments };
	if (set->ack == ACK_REJECTED) {
		reckoning_refuse(&set->units_reckoned);
		reckoning_refuse(&set->segments_reckoned);
	} else if (aside) {
		set->units_reckoned.aside = units.refused;
		set->units_reckoned.accepted -= units.refused;
		set->segments_reckoned.aside = units.refused_segments;
		set->segments_reckoned.accepted -= units.refused_segments;
	}
	assert(reckoning_holds(&set->units_reckoned) && reckoning_holds(&set->segments_reckoned));
}

static void envelope_add(struct reckoning *reckoning, uint64_t envelope, uint64_t strays)
{
	const struct reckoning own = { .received = envelope + strays, .accepted = envelope, .refused = strays };
	reckoning_add(reckoning, &own);
}

void group_reckon(struct group_verdict *group, uint64_t envelope, uint64_t strays)
{
	envelope_add(&group->segments_reckoned, envelope, strays);
	if (group->ack == ACK_REJECTED) {
		reckoning_refuse(&group->units_reckoned);
		reckoning_refuse(&group->segments_reckoned);
	}
	assert(reckoning_holds(&group->units_reckoned) && reckoning_holds(&group->segments_reckoned));
}

void interchange_reckon(struct interchange_verdict *interchange, uint64_t envelope, uint64_t strays)
{
	envelope_add(&interchange->segments_reckoned, envelope, strays);
	if (interchange->ack == 'R') {
		reckoning_refuse(&interchange->units_reckoned);
		reckoning_refuse(&interchange->segments_reckoned);
	}
	assert(reckoning_holds(&interchange->units_reckoned) && reckoning_holds(&interchange->segments_reckoned));
}

/* ---- the bytes of a unit ---------------------------------------------------------------- */

void unit_bytes_init(struct unit_bytes *unit)
{
	*unit = (struct unit_bytes){ .node = GUIDE_NONE };
	buffer_init(&unit->bytes, LIMIT_RECORD_BYTES);
}

void unit_bytes_begin(struct unit_bytes *unit)
{
	unit->node = GUIDE_NONE;
	buffer_reset(&unit->bytes);
	unit->bytes.failed = false;
}

bool unit_bytes_event(struct unit_bytes *unit, const struct event *event)
{
	bool of_unit = event->kind == EVENT_LOOP_BEGIN && event->guide->nodes[event->node].unit;
	if (of_unit && unit->node == GUIDE_NONE) { /* units inside of units belong to the outermost */
		unit_bytes_begin(unit);
		unit->node = event->node;
		unit->offset = event->segment->offset;
		unit->position = event->position;
	}
	if (unit->node == GUIDE_NONE)
		return false;
	if (event->kind == EVENT_SEGMENT && event->segment != NULL) {
		buffer_slice(&unit->bytes, event->segment->bytes);
		buffer_char(&unit->bytes, event->segment->delimiters.segment);
		buffer_char(&unit->bytes, '\n');
	}
	if (event->kind != EVENT_LOOP_END || event->node != unit->node)
		return false;
	unit->node = GUIDE_NONE;
	return event->refused;
}

void unit_bytes_done(struct unit_bytes *unit)
{
	buffer_done(&unit->bytes);
}
