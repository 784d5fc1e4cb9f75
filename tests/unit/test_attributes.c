/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * attributes: dated facts by name in the store, and conditions that ask for them.
 */
#include "rules/compile.h"
#include "rules/condition.h"
#include "store/store.h"
#include "unit.h"

#include <libxml/parser.h>
#include <unistd.h>

static struct store *store;
static struct arena arena;
static char path[64];

static void fresh(void)
{
	struct failure failure = { 0 };
	snprintf(path, sizeof(path), "/tmp/pccm-attributes-%d.db", (int)getpid());
	unlink(path);
	arena_init(&arena, 0);
	store = store_open(path, true, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(store);
}

static void gone(void)
{
	char name[80];
	store_close(store);
	arena_done(&arena);
	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, (const char *[]){ "", "-wal", "-shm" }[i]);
		unlink(name);
	}
}

/* One change; gives its id. */
static int64_t put(const char *name, const char *value, days begin, days end, bool expected)
{
	int64_t change;
	bool changed = !expected;
	struct attribute attribute = { .subject = SUBJECT_PCP, .of = 7, .name = slice_of(name), .value = slice_of(value), .begin = begin,
		.end = end, .source = SLICE("a.csv:2") };
	CU_ASSERT_FATAL(store_begin(store));
	CU_ASSERT_FATAL(store_change(store, &change, CHANGE_ATTRIBUTES, 14610, "aa"));
	CU_ASSERT(store_attribute_put(store, &changed, &attribute));
	CU_ASSERT_EQUAL(changed, expected);
	CU_ASSERT_FATAL(store_commit(store));
	return change;
}

/* "tier=1:100..109 tier=2:110..open" */
static void expect(int64_t as_of, const char *text)
{
	struct attribute_list known;
	char got[400] = "";
	CU_ASSERT_FATAL(store_attributes(store, &arena, &known, SUBJECT_PCP, 7, as_of));
	for (size_t i = 0; i < known.count; i++) {
		const struct attribute *item = &known.items[i];
		char to[16] = "open";
		if (item->end != DAYS_OPEN)
			snprintf(to, sizeof(to), "%d", (int)item->end);
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%.*s=%.*s:%d..%s", i == 0 ? "" : " ", SLICE_ARG(item->name),
			SLICE_ARG(item->value), (int)item->begin, to);
	}
	CU_ASSERT_STRING_EQUAL(got, text);
}

static void newest_row_holds(void)
{
	fresh();
	int64_t first = put("tier", "1", 100, DAYS_OPEN, true);
	put("tier", "1", 120, 130, false);
	put("tier", "2", 110, 119, true);
	expect(0, "tier=1:100..109 tier=2:110..119 tier=1:120..open");
	put("panel", "open", 100, 200, true);
	put("tier", "", 90, 115, true);
	put("tier", "", 90, 99, false);
	expect(0, "panel=open:100..200 tier=2:116..119 tier=1:120..open");
	expect(first, "tier=1:100..open");
	gone();
}

/* The conditions of the XML, compiled into a program that has nothing else. */
static bool holds(const char *xml, const struct circumstances *at)
{
	struct program program = { .opens = 0 };
	struct failure failure = { 0 };
	struct compiler c = { .program = &program, .path = "here.xml", .failure = &failure };
	xmlDoc *document = xmlReadMemory(xml, (int)strlen(xml), "here.xml", NULL, 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(document);
	arena_init(&program.arena, 0);
	struct conditions conditions = compile_conditions(&c, xmlDocGetRootElement(document));
	CU_ASSERT(!c.failed);
	const struct when *failed = NULL;
	bool held = conditions_hold(&conditions, at, &failed);
	CU_ASSERT(held == (failed == NULL));
	arena_done(&program.arena);
	xmlFreeDoc(document);
	return held;
}

static void conditions_ask(void)
{
	struct attribute risk[] = { { .name = SLICE("risk-band"), .value = SLICE("high rising"), .begin = 100, .end = 200 },
		{ .name = SLICE("score"), .value = SLICE("12"), .begin = 100, .end = 200 } };
	struct member member = { .born = 0, .sex = SLICE("F"), .attributes = { risk, COUNT_OF(risk) } };
	struct span span = { .aid_category = SLICE("F07") };
	struct circumstances at = { .day = 150, .member = &member, .span = &span };
	CU_ASSERT(holds("<a/>", &at));
	CU_ASSERT(holds("<a><when fact='sex' in='M, F'/><when fact='aid-category' in='F01,F07'/></a>", &at));
	CU_ASSERT(!holds("<a><when fact='sex' in='M'/></a>", &at));
	CU_ASSERT(holds("<a><when fact='age-months' from='4' to='4'/></a>", &at));
	CU_ASSERT(!holds("<a><when fact='age-months' to='3'/></a>", &at));
	CU_ASSERT(holds("<a><when attribute='risk-band' in='rising'/><when attribute='score' from='10'/></a>", &at));
	CU_ASSERT(!holds("<a><when attribute='risk-band' from='1'/></a>", &at));
	CU_ASSERT(holds("<a><when attribute='risk-band'/></a>", &at));
	CU_ASSERT(holds("<a><when attribute='tribal' not='yes'/></a>", &at));
	/* nothing is known of a PCP that is not there: neither the question nor its opposite holds */
	CU_ASSERT(!holds("<a><when fact='pcp-specialty' in='PEDIATRICS'/></a>", &at));
	CU_ASSERT(!holds("<a><when fact='pcp-specialty' in='PEDIATRICS' not='yes'/></a>", &at));
	at.day = 201;
	CU_ASSERT(!holds("<a><when attribute='risk-band'/></a>", &at));
}

static const struct unit_case cases[] = {
	{ "PCM-4 MH-1: of one attribute and day the newest row holds, and what was believed before stays known", newest_row_holds },
	{ "ASG-6 FEE-R1: conditions ask facts and attributes, as lists, ranges and opposites", conditions_ask },
};

int main(void)
{
	return UNIT_RUN("attributes", cases);
}
