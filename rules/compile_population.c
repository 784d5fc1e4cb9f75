/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * compile_population: the elements that say who is in the program (ASG-6), and when a PCP may be
 * changed (ASG-4).
 */
#include "rules/compile.h"

#include "rules/condition.h"

static bool has_test(const struct program *program, enum rule_test test)
{
	for (size_t i = 0; i < program->rule_count; i++)
		if (program->rules[i].test == test)
			return true;
	return false;
}

static enum population population_of(struct slice name)
{
	enum population is = POPULATION_MANDATORY;
	while (is < POPULATION_EXCLUDED && !slice_is(name, population_name(is)))
		is++;
	return is;
}

static void compile_class(struct compiler *c, const xmlNode *node, struct population_class *class)
{
	struct slice id = compile_text(c, node, "id"), ends = compile_text(c, node, "ends");
	*class = (struct population_class){ .id = id.ptr, .is = population_of(compile_text(c, node, "is")),
		.when = compile_conditions(c, node) };
	compile_holds(c, node, &class->from, &class->to);
	class->ends = ends.len == 0 ? class->is == POPULATION_EXCLUDED : !slice_is(ends, "never");
	class->same_day = slice_is(ends, "same-day");
	if (ends.len > 0 && class->is < POPULATION_EXEMPT)
		compile_complain(c, node, "ends is for those who are exempt or excluded: take it out", id);
	if (conditions_ask_pcp(&class->when))
		compile_complain(c, node, "class asks about a PCP, but who is in the program does not depend on one", id);
	if (class->when.count == 0)
		compile_complain(c, node, "class holds for everybody: say with when elements for whom, or use otherwise", id);
}

void compile_population(struct compiler *c, const xmlNode *root)
{
	struct program *program = c->program;
	const xmlNode *from = xml_child(root, "population");
	if (from == NULL) {
		if (has_test(program, TEST_POPULATION))
			compile_complain(c, xml_child(root, "decision"), "a rule asks population, but there is no population element: add one",
				SLICE("population"));
		return;
	}
	struct population_class *classes = compile_room(c, xml_count(from, "class"), sizeof(*classes));
	if (classes == NULL)
		return;
	program->classes = classes;
	program->otherwise = population_of(compile_text(c, from, "otherwise"));
	for (const xmlNode *node = xml_child(from, "class"); node != NULL && !c->failed; node = xml_next(node, "class")) {
		struct population_class *class = &classes[program->class_count];
		compile_class(c, node, class);
		for (size_t i = 0; i < program->class_count && !c->failed; i++) {
			if (strcmp(classes[i].id, class->id) == 0)
				compile_complain(c, node, "class is named a second time: give it an id of its own", slice_of(class->id));
			else if (classes[i].from <= class->from && class->to <= classes[i].to &&
				conditions_imply(&class->when, &classes[i].when))
				compile_complain(c, node, "class is never reached, an earlier one holds for all of it: put the narrower one first",
					slice_of(class->id));
		}
		program->class_count++;
	}
	if (!c->failed && !has_test(program, TEST_POPULATION))
		compile_complain(c, from, "population is never asked: add a rule with the test population to the decision",
			compile_text(c, from, "otherwise"));
}

/* ---- departures ------------------------------------------------------------------ */

void compile_departure(struct compiler *c, const xmlNode *from)
{
	struct program *program = c->program;
	struct departure *departures = compile_room(c, xml_count(from, "event"), sizeof(*departures));
	if (departures == NULL)
		return;
	program->departures = departures;
	program->departure_same_day = compile_is(c, from, "assignment-ends", "same-day");
	for (const xmlNode *node = xml_child(from, "event"); node != NULL && !c->failed; node = xml_next(node, "event")) {
		struct departure *departure = &departures[program->departure_count];
		struct slice id = compile_text(c, node, "id");
		*departure = (struct departure){ .id = id.ptr, .when = compile_conditions(c, node),
			.same_day = compile_is(c, node, "assignment-ends", "same-day") };
		compile_holds(c, node, &departure->from, &departure->to);
		if (departure->when.count == 0)
			compile_complain(c, node, "event takes every PCP away: say with when elements when it does", id);
		if (conditions_ask_member(&departure->when))
			compile_complain(c, node, "event asks about a member, but it is the PCP's: ask of=\"pcp\" or of=\"practice\"", id);
		for (size_t i = 0; i < program->departure_count && !c->failed; i++)
			if (strcmp(departures[i].id, departure->id) == 0)
				compile_complain(c, node, "event is named a second time: give it an id of its own", id);
			else if (departures[i].from <= departure->from && departure->to <= departures[i].to &&
				conditions_imply(&departure->when, &departures[i].when))
				compile_complain(c, node, "event is never reached, an earlier one holds for all of it: put the narrower one first", id);
		program->departure_count++;
	}
	if (!c->failed && program->departure_count > 0 && !has_test(program, TEST_PCP_SERVING))
		compile_complain(c, xml_child(from, "event"), "nobody asks for the event when a PCP is chosen: add a rule with the test pcp-serving to the decision",
			compile_text(c, xml_child(from, "event"), "id"));
}

/* ---- changes ------------------------------------------------------------------ */

/* MM-DD as 100 * month + day; a day that no year has is a mistake. */
static int month_day_of(struct compiler *c, const xmlNode *node, const char *name)
{
	struct slice text = compile_text(c, node, name);
	uint64_t month = 0, dom = 0;
	days day;
	if (text.len != 5)
		return 0;
	slice_number(&month, (struct slice){ text.ptr, 2 });
	slice_number(&dom, (struct slice){ text.ptr + 3, 2 });
	if (!days_from_civil(&day, 2000, (int)month, (int)dom))
		compile_complain(c, node, "is no day of a year: give it as MM-DD", text);
	return 100 * (int)month + (int)dom;
}

static void compile_change_window(struct compiler *c, const xmlNode *node, struct window *window)
{
	struct slice id = compile_text(c, node, "id");
	*window = (struct window){ .id = id.ptr, .kind = WINDOW_SEASON, .causes = compile_text(c, node, "causes"),
		.opens = month_day_of(c, node, "opens"), .closes = month_day_of(c, node, "closes") };
	compile_holds(c, node, &window->from, &window->to);
	if (compile_text(c, node, "days-after-begin").len > 0) {
		window->kind = WINDOW_BEGIN;
		window->days_after = compile_number(c, node, "days-after-begin");
	} else if (compile_text(c, node, "months-after-change").len > 0) {
		window->kind = WINDOW_EVERY;
		window->months_after = compile_number(c, node, "months-after-change");
	} else if (window->causes.len > 0) {
		window->kind = WINDOW_CAUSE;
	} else if (window->opens == 0 || window->closes == 0) {
		compile_complain(c, node, "window has no dates: give opens and closes as MM-DD, days-after-begin, months-after-change, or causes",
			id);
	}
}

void compile_changes(struct compiler *c, const xmlNode *root)
{
	struct program *program = c->program;
	const xmlNode *from = xml_child(root, "changes"), *enrolment = xml_child(root, "enrolment");
	bool asked = has_test(program, TEST_CHANGE);
	if (from != NULL && !program->switching_windows)
		compile_complain(c, from, "changes has windows, but enrolment says switching=\"any-time\": say windows there",
			compile_text(c, enrolment, "switching"));
	else if (from == NULL && (program->switching_windows || asked))
		compile_complain(c, enrolment, "a PCP is changed in windows only, but there are none: add a changes element", SLICE("windows"));
	else if (from != NULL && !asked)
		compile_complain(c, from, "windows are never asked: add a rule with the test change-allowed to the decision", SLICE("windows"));
	struct window *windows = compile_room(c, xml_count(from == NULL ? root : from, "window"), sizeof(*windows));
	if (from == NULL || windows == NULL)
		return;
	program->windows = windows;
	for (const xmlNode *node = xml_child(from, "window"); node != NULL && !c->failed; node = xml_next(node, "window")) {
		compile_change_window(c, node, &windows[program->window_count]);
		for (size_t i = 0; i < program->window_count && !c->failed; i++)
			if (strcmp(windows[i].id, windows[program->window_count].id) == 0)
				compile_complain(c, node, "window is named a second time: give it an id of its own", slice_of(windows[i].id));
		program->window_count++;
	}
}
