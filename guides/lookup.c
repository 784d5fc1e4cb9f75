/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * lookup: questions to the shipped guides, code sets and labels, and the run-time
 * reader, which knows those code sets.  The build's tool, which makes these tables,
 * does not link this file.
 */
#include "guides/tables.h"

const struct guide *guide_find(struct slice set_id, struct slice version)
{
	for (size_t i = 0; i < guides_shipped_count; i++)
		if (slice_is(set_id, guides_shipped[i]->set_id) && slice_among(slice_of(guides_shipped[i]->accepts), version))
			return guides_shipped[i];
	return NULL;
}

const struct guide *guide_of_set(struct slice set_id)
{
	for (size_t i = 0; i < guides_shipped_count; i++)
		if (slice_is(set_id, guides_shipped[i]->set_id))
			return guides_shipped[i];
	return NULL;
}

const struct guide *guide_of_function(struct slice functional_id)
{
	for (size_t i = 0; i < guides_shipped_count; i++)
		if (slice_is(functional_id, guides_shipped[i]->functional_id))
			return guides_shipped[i];
	return NULL;
}

bool guide_function_known(struct slice functional_id)
{
	return guide_of_function(functional_id) != NULL;
}

bool guide_segment_known(struct slice id)
{
	for (size_t i = 0; i < guides_shipped_count; i++) {
		const struct guide *guide = guides_shipped[i];
		for (size_t n = 0; n < guide->node_count; n++)
			if (guide->nodes[n].kind == NODE_SEGMENT && slice_is(id, guide_text(guide, guide->nodes[n].id)))
				return true;
	}
	return false;
}

bool guide_segment_not_used(const struct guide *guide, struct slice id)
{
	/* X12 005010: the segments of the set that its guide leaves out everywhere */
	static const struct {
		const char *set_id, *segments;
	} left_out[] = {
		{ "270", "LE LS MPI N2 PDP PDR PER VEH" },
		{ "271", "EM LIN N2 PDP PDR PID PKD SD1 VEH" },
		{ "834", "AD1 AIN BEN FC FSA HI III INV K3 LC N2 PM PRV REL RP" },
		{ "835", "N2 NTE" },
	};
	for (size_t i = 0; i < COUNT_OF(left_out); i++)
		if (strcmp(left_out[i].set_id, guide->set_id) == 0)
			return slice_among(slice_of(left_out[i].segments), id);
	return false;
}

bool guide_code_known(uint16_t data_element, struct slice code)
{
	if (guide_code_label(data_element, code) != NULL)
		return true;
	for (size_t i = 0; i < guides_shipped_count; i++) {
		const struct guide *guide = guides_shipped[i];
		uint16_t seen = GUIDE_NONE;
		for (size_t n = 0; n < guide->element_count; n++) {
			const struct guide_element *element = &guide->elements[n];
			if (element->number != data_element || element->codes == GUIDE_NONE || element->codes == seen)
				continue;
			seen = element->codes;
			if (guide_code_listed(guide, element->codes, code))
				return true;
		}
	}
	return false;
}

bool guide_version_known(struct slice functional_id, struct slice version)
{
	for (size_t i = 0; i < guides_shipped_count; i++)
		if (slice_is(functional_id, guides_shipped[i]->functional_id) &&
		    slice_among(slice_of(guides_shipped[i]->accepts), version))
			return true;
	return false;
}

static int label_compare(const struct code_label *label, uint16_t element, struct slice code)
{
	if (label->element != element)
		return label->element < element ? -1 : 1;
	return slice_compare(slice_of(code_tables_shipped.texts + label->code), code);
}

const char *guide_code_label(uint16_t data_element, struct slice code)
{
	const struct code_tables *tables = &code_tables_shipped;
	size_t low = 0, high = tables->label_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = label_compare(&tables->labels[middle], data_element, code);
		if (order == 0)
			return tables->texts + tables->labels[middle].label;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const char *guide_codeset_name(const struct code_tables *codes, uint16_t codeset)
{
	const struct code_tables *tables = codes != NULL ? codes : &code_tables_shipped;
	return codeset >= tables->set_count ? "" : tables->texts + tables->sets[codeset].name;
}

enum codeset_answer guide_codeset_ask(const struct code_tables *codes, uint16_t codeset, struct slice code, days on,
				      struct day_span *span)
{
	return codeset_ask(codes != NULL ? codes : &code_tables_shipped, codeset, code, on, span);
}
