/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * statements: a checked program file in words, one statement for each element that says
 * something.  Two files differ in the statements that only one of them makes.
 *
 * A statement is made from the element by the table of forms; what has no form is told by its
 * attributes.  {name} is an attribute's value; [ … ] stands only if the attribute in it is there.
 */
#include "rules/internal.h"

#include <libxml/tree.h>

struct form {
	const char *element, *text;
};
static const struct form forms[] = {
	{ "program", "{name}, open from {opens}[ to {closes}]" },
	{ "plan", "plan {name}: {effect}" },
	{ "towns", "towns are of {state}" },
	{ "area", "open from {opens}" },
	{ "town", "town {name}[, code {code}]" },
	{ "postal", "postal name {name}" },
	{ "rule", "rule {id}: {test}, else {unmet}[, from {from}][ to {to}]" },
	{ "fee", "counted by {count}, paid {paid}[, {delay-months} months after the period][, to the {payee}][, with a visit in {visit-months} months]" },
	{ "payment",
	  "{name}: counted by {count}, paid {paid}[, {delay-months} months after the period][, to the {payee}][, with a visit in "
	  "{visit-months} months][, reason {reason}][, PLB {plb}][, for corrections {plb-retro}]" },
	{ "rate", "{amount}[ from {from}][ to {to}]" },
	{ "add-on", "{name}" },
	{ "due", "due {months} months after {attribute}[ of the {of}]" },
	{ "withhold", "{percent} percent held back[ from {from}][ to {to}], released after {release-months} months" },
	{ "share", "{percent} percent from fund {fund}[ from {from}][ to {to}]" },
	{ "lump-sum", "{name}: {amount} once, fund {fund}, reason {reason}, PLB {plb}[, from {from}][ to {to}]" },
	{ "suspension", "nothing is paid while {attribute} has a value, from {from}" },
	{ "funds", "default[ {default}]" },
	{ "fund", "fund {code}: {name}" },
	{ "aid", "aid categories {categories}" },
	{ "payout", "reason {reason}, {text}; PLB {fee}, for corrections {retro}, carried forward {carry}" },
	{ "remittance",
	  "paid on[ {weekday}][ number {nth}][ day {day}] of the month {months-after} later, money moves {payment-days} days "
	  "after[, off days without work: {not-working}]" },
	{ "holiday", "{on} is no working day: {name}" },
	{ "cycle", "month {month} is paid on {on}" },
	{ "contact", "service type {service-type}: {name}[, {phone}]" },
	{ "broker", "service type {service-type}: {name}[, {phone}][, {towns} towns]" },
	{ "serves", "{town}" },
};

static struct slice value_of(const xmlNode *node, struct slice name)
{
	for (const xmlAttr *item = node->properties; item != NULL; item = item->next)
		if (slice_is(name, (const char *)item->name) && item->children != NULL && item->children->content != NULL)
			return slice_of((const char *)item->children->content);
	return SLICE_NONE;
}

static bool is_element(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && (name == NULL || strcmp((const char *)node->name, name) == 0);
}

/* `form` from *at up to its end or a ']'; with the output given back if an attribute of a [ … ] is not there. */
static void form_put(struct buffer *out, const xmlNode *node, const char *form)
{
	size_t kept = 0;
	bool optional = false, absent = false;
	for (const char *at = form; *at != '\0'; at++) {
		const char *end = strchr(at, '}');
		if (*at == '[') {
			kept = out->len;
			optional = true;
			absent = false;
		} else if (*at == ']') {
			if (absent && out->len >= kept)
				out->len = kept;
			optional = false;
		} else if (*at == '{' && end != NULL) {
			struct slice value = value_of(node, (struct slice){ at + 1, (size_t)(end - at - 1) });
			absent = absent || (optional && value.len == 0);
			buffer_slice(out, value);
			at = end;
		} else {
			buffer_char(out, *at);
		}
	}
}

static void attributes_put(struct buffer *out, const xmlNode *node)
{
	bool any = false;
	for (const xmlAttr *item = node->properties; item != NULL; item = item->next) {
		const char *name = (const char *)item->name;
		if (strcmp(name, "requirement") == 0 || strcmp(name, "unconfirmed") == 0)
			continue;
		buffer_format(out, "%s%s ", any ? ", " : "", name);
		buffer_slice(out, value_of(node, slice_of(name)));
		any = true;
	}
}

static void when_put(struct buffer *out, const xmlNode *node)
{
	struct slice fact = value_of(node, SLICE("fact")), of = value_of(node, SLICE("of")), in = value_of(node, SLICE("in")),
		     from = value_of(node, SLICE("from")), to = value_of(node, SLICE("to"));
	const char *not = value_of(node, SLICE("not")).len > 0 ? "not " : "";
	buffer_slice(out, fact.len > 0 ? fact : value_of(node, SLICE("attribute")));
	if (of.len > 0)
		buffer_format(out, " of the %.*s", SLICE_ARG(of));
	if (in.len > 0)
		buffer_format(out, " is %s%.*s", not, SLICE_ARG(in));
	else if (from.len > 0 && to.len > 0)
		buffer_format(out, " is %s%.*s to %.*s", not, SLICE_ARG(from), SLICE_ARG(to));
	else if (from.len > 0)
		buffer_format(out, " is %s%.*s or more", not, SLICE_ARG(from));
	else if (to.len > 0)
		buffer_format(out, " is %sat most %.*s", not, SLICE_ARG(to));
	else
		buffer_text(out, *not != '\0' ? " has no value" : " has a value");
}

static void conditions_put(struct buffer *out, const xmlNode *node)
{
	bool any = false;
	for (const xmlNode *child = node->children; child != NULL; child = child->next) {
		if (!is_element(child, "when"))
			continue;
		buffer_text(out, any ? " and " : ", when ");
		when_put(out, child);
		any = true;
	}
}

/* "payment upfront, add-on community": the elements around, without the program. */
static void section_put(struct buffer *out, const xmlNode *node)
{
	const xmlNode *around[8];
	size_t count = 0;
	bool has_children = node->children != NULL;
	for (const xmlNode *at = has_children ? node : node->parent; at != NULL && at->type == XML_ELEMENT_NODE && at->parent != NULL &&
		at->parent->type == XML_ELEMENT_NODE && count < COUNT_OF(around); at = at->parent)
		around[count++] = at;
	for (size_t i = count; i > 0; i--) {
		struct slice id = value_of(around[i - 1], SLICE("id"));
		if (id.len == 0 && !is_element(around[i - 1], "payer"))
			id = value_of(around[i - 1], SLICE("name"));
		buffer_format(out, "%s%s", i == count ? "" : ", ", (const char *)around[i - 1]->name);
		if (id.len > 0)
			buffer_format(out, " %.*s", SLICE_ARG(id));
	}
	if (count == 0)
		buffer_text(out, (const char *)node->name);
}

static void note_put(struct buffer *out, const xmlNode *node)
{
	struct slice requirement = value_of(node, SLICE("requirement"));
	buffer_slice(out, requirement);
	if (value_of(node, SLICE("unconfirmed")).len > 0)
		buffer_text(out, requirement.len > 0 ? ", not confirmed" : "not confirmed");
}

static void text_put(struct buffer *out, const xmlNode *node)
{
	size_t i = 0;
	while (i < COUNT_OF(forms) && !is_element(node, forms[i].element))
		i++;
	if (i < COUNT_OF(forms))
		form_put(out, node, forms[i].text);
	else
		attributes_put(out, node);
	conditions_put(out, node);
}

/* A row that has only conditions and attributes belongs into the section of its parent: rates, shares, rules. */
static bool is_row(const xmlNode *node)
{
	static const char *const rows[] = { "rate", "due", "share", "town", "fund", "rule" };
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (is_element(node, rows[i]))
			return true;
	return false;
}

static bool taken(struct slice *out, struct arena *arena, struct buffer *text)
{
	*out = arena_slice(arena, buffer_view(text));
	bool fine = !text->failed && out->ptr != NULL;
	buffer_reset(text);
	return fine;
}

static const xmlNode *following(const xmlNode *node, const xmlNode *root)
{
	if (node->children != NULL)
		return node->children;
	while (node != root && node->next == NULL)
		node = node->parent;
	return node == root ? NULL : node->next;
}

bool statements_of(struct statement **out, size_t *count, struct arena *arena, const void *from)
{
	const xmlNode *root = from;
	struct buffer text;
	size_t size = 0;
	bool fine = true;
	for (const xmlNode *node = root; node != NULL; node = following(node, root))
		size += is_element(node, NULL);
	struct statement *items = arena_alloc(arena, size * sizeof(*items));
	*out = items;
	*count = 0;
	buffer_init(&text, 0);
	for (const xmlNode *node = root; items != NULL && node != NULL && fine; node = following(node, root)) {
		if (!is_element(node, NULL) || is_element(node, "when"))
			continue;
		struct statement *item = &items[*count];
		section_put(&text, is_row(node) && node->parent != NULL ? node->parent : node);
		fine = taken(&item->section, arena, &text);
		text_put(&text, node);
		fine = taken(&item->text, arena, &text) && fine;
		note_put(&text, node);
		fine = taken(&item->note, arena, &text) && fine;
		item->line = xmlGetLineNo(node);
		*count += item->text.len > 0;
	}
	buffer_done(&text);
	return fine && items != NULL;
}
