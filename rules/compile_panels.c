/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile_panels: the element that says whom a PCP takes, and how many (ASG-1, ASG-2).
 */
#include "rules/compile.h"

#include "rules/condition.h"

static enum filter_kind filter_kind_of(struct slice name)
{
	static const char *const names[] = { "specialty", "age", "sex", "language", "area", "distance", "established", "new", "nobody" };
	size_t i = 0;
	while (i + 1 < COUNT_OF(names) && !slice_is(name, names[i]))
		i++;
	return (enum filter_kind)i;
}

static void compile_filter(struct compiler *c, const xmlNode *node, struct filter *filter)
{
	struct slice id = compile_text(c, node, "id"), requirement = compile_text(c, node, "requirement");
	struct slice from = compile_text(c, node, "from-months"), to = compile_text(c, node, "to-months");
	*filter = (struct filter){ .id = id.ptr, .requirement = requirement.ptr == NULL ? "" : requirement.ptr,
		.kind = filter_kind_of(compile_text(c, node, "accepts")), .in = compile_text(c, node, "in"),
		.attribute = compile_text(c, node, "attribute"), .upper_attribute = compile_text(c, node, "to-attribute"),
		.when = compile_conditions(c, node), .least = 0, .most = INT64_MAX };
	compile_holds(c, node, &filter->from, &filter->to);
	if (filter->kind == FILTER_AGE)
		filter->attribute = compile_text(c, node, "from-attribute");
	if (filter->kind == FILTER_DISTANCE)
		filter->most = compile_number(c, node, "miles");
	if (from.len > 0)
		filter->least = compile_number(c, node, "from-months");
	if (to.len > 0)
		filter->most = compile_number(c, node, "to-months");
	if (filter->most < filter->least)
		compile_complain(c, node, "ages end before they begin: give from-months and to-months in their order", id);
	if (filter->kind == FILTER_NOBODY && filter->when.count == 0)
		compile_complain(c, node, "filter takes nobody at all: say with when elements who is not taken", id);
}

static void compile_filters(struct compiler *c, const xmlNode *from, bool asked)
{
	struct program *program = c->program;
	size_t count = xml_count(from, "filter");
	struct filter *filters = compile_room(c, count, sizeof(*filters));
	if (filters == NULL)
		return;
	program->filters = filters;
	for (const xmlNode *node = xml_child(from, "filter"); node != NULL && !c->failed; node = xml_next(node, "filter")) {
		struct filter *filter = &filters[program->filter_count];
		compile_filter(c, node, filter);
		for (size_t i = 0; i < program->filter_count && !c->failed; i++)
			if (strcmp(filters[i].id, filter->id) == 0)
				compile_complain(c, node, "filter is named a second time: give it an id of its own", slice_of(filter->id));
		for (size_t i = 0; i < program->rule_count && !c->failed; i++)
			if (strcmp(program->rules[i].id, filter->id) == 0)
				compile_complain(c, node, "filter has the id of a rule: give it one of its own", slice_of(filter->id));
		program->filter_count++;
	}
	if (count > 0 && !asked)
		compile_complain(c, xml_child(from, "filter"), "filter is never asked: add a rule with the test pcp-accepts to the decision",
			compile_text(c, xml_child(from, "filter"), "id"));
	if (count > FILTERS_MAX)
		compile_complain(c, from, "more filters than a trace holds", SLICE_NONE);
}

/* Is every day and every panel of `later` that of `earlier` already? */
static bool limit_hides(const struct panel_limit *earlier, const struct panel_limit *later)
{
	return earlier->attribute.len == 0 && earlier->practice == later->practice && earlier->from <= later->from && later->to <= earlier->to &&
		conditions_imply(&later->when, &earlier->when);
}

static void compile_limits(struct compiler *c, const xmlNode *from, bool asked)
{
	struct program *program = c->program;
	struct panel_limit *limits = compile_room(c, xml_count(from, "limit"), sizeof(*limits));
	if (limits == NULL)
		return;
	program->limits = limits;
	for (const xmlNode *node = xml_child(from, "limit"); node != NULL && !c->failed; node = xml_next(node, "limit")) {
		struct panel_limit *limit = &limits[program->limit_count];
		*limit = (struct panel_limit){ .practice = compile_is(c, node, "of", "practice"), .when = compile_conditions(c, node),
			.attribute = compile_text(c, node, "attribute") };
		compile_holds(c, node, &limit->from, &limit->to);
		uint64_t members = 0;
		if (limit->attribute.len == 0 && slice_number(&members, compile_text(c, node, "members")))
			limit->members = (int64_t)members;
		if (conditions_ask_member(&limit->when))
			compile_complain(c, node, "limit asks about a member, but a panel is the PCP's: ask of=\"pcp\" or of=\"practice\"",
				conditions_text(&program->arena, &limit->when));
		for (size_t i = 0; i < program->limit_count && !c->failed; i++)
			if (limit_hides(&limits[i], limit))
				compile_complain(c, node, "limit is never reached, an earlier one holds for all of it: put the narrower one first",
					conditions_text(&program->arena, &limit->when));
		program->limit_count++;
	}
	if (program->limit_count > 0 && !asked)
		compile_complain(c, xml_child(from, "limit"), "limit is never asked: add a rule with the test pcp-capacity to the decision",
			compile_text(c, xml_child(from, "limit"), "of"));
}

void compile_panels(struct compiler *c, const xmlNode *root)
{
	struct program *program = c->program;
	const xmlNode *panels = xml_child(root, "panels");
	bool accepts = false, capacity = false;
	for (size_t i = 0; i < program->rule_count; i++) {
		accepts = accepts || program->rules[i].test == TEST_PCP_ACCEPTS;
		capacity = capacity || program->rules[i].test == TEST_PCP_CAPACITY;
	}
	program->filters = compile_room(c, 0, sizeof(struct filter));
	program->limits = compile_room(c, 0, sizeof(struct panel_limit));
	if (panels != NULL) {
		if (compile_text(c, panels, "family-over").len > 0)
			program->family_over = compile_number(c, panels, "family-over");
		program->centroid_file = compile_text(c, panels, "centroids");
		compile_filters(c, panels, accepts);
		compile_limits(c, panels, capacity);
	}
	if (!c->failed && accepts && program->filter_count == 0)
		compile_complain(c, xml_child(root, "decision"), "a rule asks pcp-accepts, but panels has no filter: add one or take the rule out",
			SLICE("pcp-accepts"));
}
