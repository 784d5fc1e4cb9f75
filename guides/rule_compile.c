/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * rule_compile: the expression of a rule becomes a short program for a stack (struct rule_step).
 *
 *   expression  = choice [ "implies" choice ]
 *   choice      = both { "or" both }
 *   both        = negation { "and" negation }
 *   negation    = [ "not" ] test
 *   test        = "(" expression ")"
 *               | ( "present" | "absent" | "digits" | "npi" ) "(" place ")"
 *               | "starts" "(" place { "," text } ")"
 *               | place [ "not" ] "in" "(" text { "," text } ")"
 *               | value ( "=" | "<>" | "<" | "<=" | ">" | ">=" ) value
 *   value       = term { ( "+" | "-" ) term }
 *   term        = text | number | place | ( "count" | "length" | "begin" | "end" ) "(" place ")"
 *               | "sum" "(" place { "," two digits } ")"
 *
 * Parentheses nest at most LIMIT_RULE_DEPTH deep, which bounds both this descent and the stack of the program.
 */
#include "guides/rule.h"

static bool expression_read(struct rule_text *r);

/* ---- words and signs ------------------------------------------------------------------------------ */

static bool at_letter(const struct rule_text *r, size_t at)
{
	return at < r->text.len && r->text.ptr[at] >= 'a' && r->text.ptr[at] <= 'z';
}

/* The lower-case word that comes next, not moved over. */
static struct slice word_next(struct rule_text *r)
{
	rule_blanks(r);
	size_t end = r->at;
	while (at_letter(r, end))
		end++;
	return (struct slice){ r->text.ptr + r->at, end - r->at };
}

static bool word_take(struct rule_text *r, const char *word)
{
	struct slice next = word_next(r);
	if (!slice_is(next, word))
		return false;
	r->at += next.len;
	return true;
}

static bool sign_take(struct rule_text *r, char sign)
{
	rule_blanks(r);
	if (r->at >= r->text.len || r->text.ptr[r->at] != sign)
		return false;
	r->at++;
	return true;
}

/* "expected …, found …": what stands there, shortened. */
static bool unexpected(struct rule_text *r, const char *expected)
{
	rule_blanks(r);
	size_t len = r->text.len - r->at < 12 ? r->text.len - r->at : 12;
	if (len == 0)
		return rule_refuse(r, r->at, "expected %s, and the text ends", expected);
	return rule_refuse(r, r->at, "expected %s, found \"%.*s\"", expected, (int)len, r->text.ptr + r->at);
}

static bool sign_need(struct rule_text *r, char sign)
{
	char expected[4] = { '"', sign, '"', '\0' };
	return sign_take(r, sign) || unexpected(r, expected);
}

/* ---- steps -------------------------------------------------------------------------------------------- */

/* `effect`: how many values more stand on the stack after it. */
static struct rule_step *step_add(struct rule_text *r, enum rule_op op, int effect)
{
	r->values = (unsigned)((int)r->values + effect);
	if (r->values > LIMIT_RULE_DEPTH) {
		rule_refuse(r, r->at, "expected an expression with at most %d values side by side", LIMIT_RULE_DEPTH);
		return NULL;
	}
	if (r->build->step_count - r->first_step >= LIMIT_RULE_STEPS) {
		rule_refuse(r, r->at, "expected an expression of at most %d steps", LIMIT_RULE_STEPS);
		return NULL;
	}
	struct rule_step *step = build_step(r->build);
	if (step == NULL) {
		rule_refuse(r, r->at, "no room for more rules");
		return NULL;
	}
	step->op = (uint8_t)op;
	step->fact = GUIDE_NONE;
	step->codes = GUIDE_NONE;
	return step;
}

static bool operator_add(struct rule_text *r, enum rule_op op)
{
	return step_add(r, op, -1) != NULL;
}

/* A step about a place. */
static struct rule_step *place_step(struct rule_text *r, enum rule_op op, const struct rule_place *place,
	enum fact_kind kind)
{
	struct rule_step *step = step_add(r, op, 1);
	if (step == NULL)
		return NULL;
	step->element = place->element;
	step->component = place->component;
	if (!place->own) {
		step->fact = rule_fact(r, place, kind, 0, place->text);
		if (step->fact == GUIDE_NONE)
			return NULL;
	} else {
		const struct guide_node *node = &r->build->nodes[r->node];
		step->repeats = r->build->elements[node->first_element + place->element - 1].repeat != 1;
	}
	if (r->first.node == GUIDE_NONE)
		r->first = (struct guide_place){ place->nodes[0], step->fact, place->element, place->component };
	return step;
}

/* ---- values ----------------------------------------------------------------------------------------------- */

static bool element_need(struct rule_text *r, const struct rule_place *place, size_t from, const char *what)
{
	if (place->what != NULL && place->what->type != TYPE_COMPOSITE)
		return true;
	return rule_refuse(r, from, "%.*s: %s an element or component, and this is a %s", SLICE_ARG(place->text), what,
		place->what == NULL ? "segment or loop" : "composite");
}

/* The place in the parentheses after a function, with "last" for the last occurrence. */
static bool argument_read(struct rule_text *r, struct rule_place *place, size_t *from)
{
	if (!sign_need(r, '('))
		return false;
	rule_blanks(r);
	*from = r->at;
	return rule_place_read(r, place) && sign_need(r, ')');
}

/* sum(PLB04,06,08): the further elements of the same segment. */
static bool sum_read(struct rule_text *r)
{
	struct rule_place place;
	if (!sign_need(r, '('))
		return false;
	rule_blanks(r);
	size_t from = r->at;
	if (!rule_place_read(r, &place) || !element_need(r, &place, from, "sum needs"))
		return false;
	uint64_t elements = place.element < 64 ? UINT64_C(1) << place.element : 0;
	bool numbers = rule_place_is_number(&place) && place.component == 0;
	while (numbers && sign_take(r, ',')) {
		const char *c = r->text.ptr + r->at;
		uint64_t number = 0;
		if (r->text.len - r->at < 2 || !slice_number(&number, (struct slice){ c, 2 }) || number <= place.element)
			return unexpected(r, "two digits of a later element of the same segment");
		for (unsigned i = 0; i < place.node_count; i++) {
			const struct guide_node *node = &r->build->nodes[place.nodes[i]];
			const struct guide_element *element = &r->build->elements[node->first_element];
			numbers = numbers && number <= node->element_count && element[number - 1].type == place.what->type;
		}
		elements |= number < 64 ? UINT64_C(1) << number : 0;
		r->at += 2;
		place.element = (uint8_t)number; /* the last one read: they go up */
	}
	if (!numbers || elements == 0)
		return rule_refuse(r, from, "sum needs elements of type R or N0");
	struct slice text = { r->text.ptr + from, r->at - from };
	unsigned first = 1;
	while ((elements >> first & 1) == 0)
		first++;
	place.element = (uint8_t)first;
	if (!sign_need(r, ')'))
		return false;
	struct rule_step *step = step_add(r, RULE_SUM, 1);
	if (step == NULL)
		return false;
	step->element = place.element;
	step->number = (int64_t)elements;
	if (!place.own)
		step->fact = rule_fact(r, &place, FACT_SUM, elements, text);
	if (!place.own && step->fact == GUIDE_NONE)
		return false;
	if (r->first.node == GUIDE_NONE)
		r->first = (struct guide_place){ place.nodes[0], step->fact, place.element, 0 };
	return true;
}

static bool function_read(struct rule_text *r, struct slice word, enum rule_type *type)
{
	struct rule_place place;
	size_t from;
	size_t start = r->at;
	r->at += word.len;
	if (slice_is(word, "sum")) {
		*type = RULE_IS_NUMBER;
		return sum_read(r);
	}
	bool begin = slice_is(word, "begin"), end = slice_is(word, "end");
	bool count = slice_is(word, "count"), length = slice_is(word, "length");
	bool last = slice_is(word, "last");
	if (!begin && !end && !count && !length && !last)
		return rule_refuse(r, start, "expected a test or a value, found \"%.*s\"", SLICE_ARG(word));
	if (!argument_read(r, &place, &from))
		return false;
	if (count) {
		*type = RULE_IS_NUMBER;
		if (place.own || place.element > 0)
			return rule_refuse(r, from, "%.*s: count needs a segment or a loop", SLICE_ARG(place.text));
		return place_step(r, RULE_COUNT, &place, FACT_FIRST) != NULL;
	}
	if (!element_need(r, &place, from, last ? "last needs" : length ? "length needs" : "a date is"))
		return false;
	if (last) {
		if (place.own)
			return rule_refuse(r, from, "%.*s: last needs a place in the loop", SLICE_ARG(place.text));
		*type = rule_place_is_number(&place) ? RULE_IS_NUMBER : RULE_IS_TEXT;
		return place_step(r, *type == RULE_IS_NUMBER ? RULE_NUMBER : RULE_TEXT, &place, FACT_LAST) != NULL;
	}
	*type = length ? RULE_IS_NUMBER : RULE_IS_DAY;
	if (!length && !rule_place_is_day(&place))
		return rule_refuse(r, from, "%.*s: begin and end need a date", SLICE_ARG(place.text));
	return place_step(r, length ? RULE_LENGTH : begin ? RULE_BEGIN : RULE_END, &place, FACT_FIRST) != NULL;
}

/* "12.5" in hundredths. */
static bool number_read(struct rule_text *r)
{
	size_t from = r->at;
	r->at += r->text.ptr[r->at] == '-' ? 1 : 0;
	while (r->at < r->text.len && ((r->text.ptr[r->at] >= '0' && r->text.ptr[r->at] <= '9') || r->text.ptr[r->at] == '.'))
		r->at++;
	cents number;
	if (!cents_parse(&number, (struct slice){ r->text.ptr + from, r->at - from }))
		return rule_refuse(r, from, "expected a number with at most two decimals");
	struct rule_step *step = step_add(r, RULE_CONSTANT, 1);
	if (step != NULL)
		step->number = number;
	return step != NULL;
}

/* 2300/HD01 begins with a digit as well: a number has no letter and no slash. */
static bool at_number(struct rule_text *r)
{
	rule_blanks(r);
	size_t from = r->at + (r->at < r->text.len && r->text.ptr[r->at] == '-' ? 1 : 0), end = from;
	while (end < r->text.len && ((r->text.ptr[end] >= '0' && r->text.ptr[end] <= '9') || r->text.ptr[end] == '.'))
		end++;
	if (end == from)
		return false;
	char after = end < r->text.len ? r->text.ptr[end] : ' ';
	return after != '/' && !(after >= 'A' && after <= 'Z');
}

static bool place_value(struct rule_text *r, const struct rule_place *place, size_t from, enum rule_type *type)
{
	if (!element_need(r, place, from, "a value is"))
		return false;
	*type = rule_place_is_number(place) ? RULE_IS_NUMBER : RULE_IS_TEXT;
	return place_step(r, *type == RULE_IS_NUMBER ? RULE_NUMBER : RULE_TEXT, place, FACT_FIRST) != NULL;
}

static bool term_read(struct rule_text *r, enum rule_type *type)
{
	struct slice word = word_next(r);
	if (word.len > 0)
		return function_read(r, word, type);
	if (at_number(r)) {
		*type = RULE_IS_NUMBER;
		return number_read(r);
	}
	struct rule_place place;
	size_t from = r->at;
	return rule_place_read(r, &place) && place_value(r, &place, from, type);
}

/* What follows the first term of a value. */
static bool value_rest(struct rule_text *r, size_t from, enum rule_type type)
{
	for (;;) {
		bool add = sign_take(r, '+');
		if (!add && !sign_take(r, '-'))
			return true;
		enum rule_type other;
		if (!term_read(r, &other))
			return false;
		if (type != RULE_IS_NUMBER || other != RULE_IS_NUMBER)
			return rule_refuse(r, from, "only numbers can be added up");
		if (!operator_add(r, add ? RULE_ADD : RULE_SUBTRACT))
			return false;
	}
}

static bool value_read(struct rule_text *r, enum rule_type *type)
{
	rule_blanks(r);
	size_t from = r->at;
	return term_read(r, type) && value_rest(r, from, *type);
}

/* ---- tests ---------------------------------------------------------------------------------------------------- */

static bool literal_read(struct rule_text *r, struct slice *out)
{
	if (!sign_take(r, '\''))
		return unexpected(r, "a text in single quotation marks");
	const char *from = r->text.ptr + r->at;
	const char *end = memchr(from, '\'', r->text.len - r->at);
	if (end == NULL || end == from)
		return rule_refuse(r, r->at - 1, "expected a text of one character or more, ended by a single quotation mark");
	*out = (struct slice){ from, (size_t)(end - from) };
	r->at += out->len + 1;
	return true;
}

/* The texts of a list, sorted, as a code list of the guide. */
static bool list_add(struct rule_text *r, struct rule_step *step, struct slice *codes, size_t count, size_t from)
{
	uint16_t list = build_codes(r->build, codes, count);
	for (size_t i = 1; i < count; i++)
		if (slice_equal(codes[i - 1], codes[i]))
			return rule_refuse(r, from, "'%.*s' stands twice", SLICE_ARG(codes[i]));
	step->codes = list;
	return list != GUIDE_NONE || rule_refuse(r, from, "no room for more code lists");
}

/* What the guide lets stand there must hold every code that is asked for, or the rule never comes true. */
static bool codes_possible(struct rule_text *r, const struct rule_place *place, const struct slice *codes, size_t count,
	size_t from)
{
	build_finish(r->build); /* the pool may have moved */
	for (size_t i = 0; i < count; i++)
		if (place->what->codes != GUIDE_NONE && place->what->codeset == GUIDE_NONE && place->node_count == 1 &&
		    !guide_code_listed(&r->build->guide, place->what->codes, codes[i]))
			return rule_refuse(r, from, "'%.*s' is not among the codes of %.*s", SLICE_ARG(codes[i]),
				SLICE_ARG(place->text));
	return true;
}

/* One text, or a list of them up to ")". */
static bool texts_read(struct rule_text *r, const struct rule_place *place, enum rule_op op, bool list, size_t from)
{
	struct slice codes[64];
	size_t count = 0;
	if (!element_need(r, place, from, "a text is"))
		return false;
	if (rule_place_is_number(place))
		return rule_refuse(r, from, "%.*s is a number: compare it with one, without quotation marks",
			SLICE_ARG(place->text));
	struct rule_step *step = place_step(r, op, place, FACT_FIRST);
	if (step == NULL)
		return false;
	do {
		if (count == COUNT_OF(codes))
			return rule_refuse(r, r->at, "expected at most %zu texts", COUNT_OF(codes));
		if (!literal_read(r, &codes[count]))
			return false;
		count++;
	} while (list && sign_take(r, ','));
	if (list && !sign_need(r, ')'))
		return false;
	return (op == RULE_STARTS || codes_possible(r, place, codes, count, from)) &&
	       list_add(r, step, codes, count, from);
}

static bool in_read(struct rule_text *r, const struct rule_place *place, bool negated, bool list, size_t from)
{
	return (!list || sign_need(r, '(')) && texts_read(r, place, negated ? RULE_NOT_IN : RULE_IN, list, from);
}

/* starts(TRN03, '1', '9') */
static bool starts_read(struct rule_text *r)
{
	struct rule_place place;
	if (!sign_need(r, '('))
		return false;
	rule_blanks(r);
	size_t from = r->at;
	return rule_place_read(r, &place) && sign_need(r, ',') && texts_read(r, &place, RULE_STARTS, true, from);
}

static bool comparison_take(struct rule_text *r, enum rule_op *op)
{
	if (sign_take(r, '='))
		*op = RULE_EQUAL;
	else if (sign_take(r, '<'))
		*op = sign_take(r, '>') ? RULE_UNEQUAL : sign_take(r, '=') ? RULE_LESS_EQUAL : RULE_LESS;
	else if (sign_take(r, '>'))
		*op = sign_take(r, '=') ? RULE_MORE_EQUAL : RULE_MORE;
	else
		return false;
	return true;
}

static const char *type_text(enum rule_type type)
{
	return type == RULE_IS_TEXT ? "a text" : type == RULE_IS_NUMBER ? "a number" : "a date";
}

static bool comparison_read(struct rule_text *r, size_t from, enum rule_type left)
{
	enum rule_op op;
	enum rule_type right;
	rule_blanks(r);
	size_t sign = r->at;
	if (!comparison_take(r, &op))
		return unexpected(r, "one of = <> < <= > >=, or in");
	if (!value_read(r, &right))
		return false;
	if (left != right)
		return rule_refuse(r, from, "%s cannot be compared with %s", type_text(left), type_text(right));
	if (left == RULE_IS_TEXT) {
		if (op != RULE_EQUAL && op != RULE_UNEQUAL)
			return rule_refuse(r, sign, "texts are compared with = or <> only");
		op = op == RULE_EQUAL ? RULE_SAME : RULE_DIFFERENT;
	}
	return operator_add(r, op);
}

/* A place in front: INS04 = 'AB', INS04 in (…), or a value as any other. */
static bool place_test(struct rule_text *r)
{
	struct rule_place place;
	rule_blanks(r);
	size_t from = r->at;
	if (!rule_place_read(r, &place))
		return false;
	size_t after = r->at;
	if (word_take(r, "in"))
		return in_read(r, &place, false, true, from);
	if (word_take(r, "not"))
		return word_take(r, "in") ? in_read(r, &place, true, true, from) : unexpected(r, "in");
	enum rule_op op;
	if (comparison_take(r, &op) && (op == RULE_EQUAL || op == RULE_UNEQUAL)) {
		rule_blanks(r);
		if (r->at < r->text.len && r->text.ptr[r->at] == '\'')
			return in_read(r, &place, op == RULE_UNEQUAL, false, from);
	}
	r->at = after;
	enum rule_type type;
	return place_value(r, &place, from, &type) && value_rest(r, from, type) && comparison_read(r, from, type);
}

static bool group_read(struct rule_text *r)
{
	if (r->depth == LIMIT_RULE_DEPTH)
		return rule_refuse(r, r->at - 1, "expected at most %d parentheses in each other", LIMIT_RULE_DEPTH);
	r->depth++;
	bool ok = expression_read(r) && sign_need(r, ')');
	r->depth--;
	return ok;
}

static bool test_read(struct rule_text *r)
{
	static const struct {
		const char *word;
		enum rule_op op;
	} tests[] = { { "present", RULE_PRESENT }, { "absent", RULE_ABSENT }, { "digits", RULE_DIGITS }, { "npi", RULE_NPI } };
	if (sign_take(r, '('))
		return group_read(r);
	struct slice word = word_next(r);
	for (size_t i = 0; i < COUNT_OF(tests); i++) {
		if (!slice_is(word, tests[i].word))
			continue;
		struct rule_place place;
		size_t from;
		r->at += word.len;
		if (!argument_read(r, &place, &from))
			return false;
		if (tests[i].op >= RULE_DIGITS && !element_need(r, &place, from, "this test is of"))
			return false;
		return place_step(r, tests[i].op, &place, FACT_FIRST) != NULL;
	}
	if (word_take(r, "starts"))
		return starts_read(r);
	if (r->at == r->text.len)
		return unexpected(r, "a test such as present(INS12) or INS04 = '03'");
	if (word.len == 0 && !at_number(r))
		return place_test(r);
	enum rule_type type;
	size_t from = r->at;
	return value_read(r, &type) && comparison_read(r, from, type);
}

/* ---- words between tests ----------------------------------------------------------------------------------------- */

static bool negation_read(struct rule_text *r)
{
	if (!word_take(r, "not"))
		return test_read(r);
	return test_read(r) && step_add(r, RULE_NOT, 0) != NULL;
}

/* One operator with its jump: what is on the right is passed over when the left has decided. */
static bool joined_read(struct rule_text *r, enum rule_op skip, enum rule_op op, bool (*right)(struct rule_text *r))
{
	size_t at = r->build->step_count;
	if (step_add(r, skip, 0) == NULL || !right(r) || !operator_add(r, op))
		return false;
	r->build->steps[at].number = (int64_t)(r->build->step_count - at - 1);
	return true;
}

static bool both_read(struct rule_text *r)
{
	if (!negation_read(r))
		return false;
	while (word_take(r, "and"))
		if (!joined_read(r, RULE_SKIP_FALSE, RULE_AND, negation_read))
			return false;
	return true;
}

static bool choice_read(struct rule_text *r)
{
	if (!both_read(r))
		return false;
	while (word_take(r, "or"))
		if (!joined_read(r, RULE_SKIP_TRUE, RULE_OR, both_read))
			return false;
	return true;
}

static bool expression_read(struct rule_text *r)
{
	if (!choice_read(r))
		return false;
	struct slice word = word_next(r);
	if (!slice_is(word, "implies"))
		return true;
	r->at += word.len;
	return choice_read(r) && operator_add(r, RULE_IMPLIES);
}

/* ---- the rule --------------------------------------------------------------------------------------------------------- */

static bool text_begin(struct rule_text *r, const char *attribute, const char *text)
{
	r->attribute = attribute;
	r->text = slice_of(text);
	r->at = 0;
	r->depth = 0;
	r->values = 0;
	r->first_step = r->build->step_count;
	r->first = (struct guide_place){ .node = GUIDE_NONE, .fact = GUIDE_NONE };
	return r->text.len <= LIMIT_RULE_CHARACTERS ||
	       rule_refuse(r, LIMIT_RULE_CHARACTERS, "expected at most %d characters", LIMIT_RULE_CHARACTERS);
}

static bool text_end(struct rule_text *r)
{
	rule_blanks(r);
	return r->at == r->text.len || unexpected(r, "\"and\", \"or\" or the end");
}

static bool condition_read(struct rule_text *r, const char *attribute, const char *text, uint16_t *count)
{
	if (!text_begin(r, attribute, text) || !expression_read(r) || !text_end(r))
		return false;
	*count = (uint16_t)(r->build->step_count - r->first_step);
	return true;
}

/* `of`, one number; then what it `is`. */
static bool balance_read(struct rule_text *r, const struct rule_source *source, struct guide_rule *rule)
{
	enum rule_type type;
	if (!text_begin(r, "of", source->of))
		return false;
	struct rule_place place;
	if (!rule_place_read(r, &place) || !text_end(r) || !place_value(r, &place, 0, &type))
		return false;
	if (type != RULE_IS_NUMBER)
		return rule_refuse(r, 0, "%.*s: a balance is of an element of type R or N0", SLICE_ARG(place.text));
	rule->at = r->first;
	uint16_t of = (uint16_t)(r->build->step_count - r->first_step);
	if (!text_begin(r, "is", source->then) || !value_read(r, &type) || !text_end(r))
		return false;
	if (type != RULE_IS_NUMBER)
		return rule_refuse(r, 0, "expected a number, found %s", type_text(type));
	rule->then_count = (uint16_t)(of + (r->build->step_count - r->first_step));
	return true;
}

/* Codes of type ID are codes, all else are values. */
static enum finding_code finding_of_list(const struct rule_text *r, const struct rule_step *first)
{
	const struct guide_node *node = &r->build->nodes[r->first.node];
	const struct guide_element *element = &r->build->elements[node->first_element + first->element - 1];
	if (first->component > 0)
		element = &r->build->elements[element->first_component + first->component - 1];
	return element->type == TYPE_ID ? FINDING_SITUATION_CODE : FINDING_SITUATION_VALUE;
}

/* What a broken rule is called follows from its first test. */
static enum finding_code finding_of(const struct rule_text *r, const struct rule_step *steps, uint16_t count)
{
	enum rule_op op = (enum rule_op)steps[0].op;
	bool segment = steps[0].element == 0;
	if (op == RULE_PRESENT)
		return segment ? FINDING_SITUATION_SEGMENT_MISSING : FINDING_SITUATION_ELEMENT_MISSING;
	if (op == RULE_ABSENT)
		return segment ? FINDING_SITUATION_SEGMENT_PRESENT : FINDING_SITUATION_ELEMENT_PRESENT;
	if (op == RULE_IN || op == RULE_NOT_IN)
		return finding_of_list(r, &steps[0]);
	if (op != RULE_COUNT)
		return FINDING_SITUATION_VALUE;
	for (uint16_t i = 1; i < count; i++)
		if (steps[i].op == RULE_MORE || steps[i].op == RULE_MORE_EQUAL)
			return FINDING_SITUATION_FEW;
	return FINDING_SITUATION_MANY;
}

/* Which of its own elements decide at a glance that a rule holds. */
static void glance_fill(const struct guide_build *build, struct guide_rule *rule)
{
	const struct rule_step *when = &build->steps[rule->first_step], *then = when + rule->when_count;
	bool all = rule->when_count > 0;
	for (uint16_t i = 0; i < rule->when_count; i++)
		all = all && when[i].op != RULE_OR && when[i].op != RULE_NOT && when[i].op != RULE_IMPLIES;
	if (all && when->fact == GUIDE_NONE && (when->op == RULE_PRESENT || when->op == RULE_IN))
		rule->needs = when->element;
	if (rule->kind != RULE_SITUATION || rule->then_count != 1 || then->fact != GUIDE_NONE || then->component > 0)
		return;
	if (then->op == RULE_PRESENT)
		rule->lacks = then->element;
	if (then->op == RULE_ABSENT)
		rule->needs = then->element;
}

static bool id_right(const char *id)
{
	size_t len = strlen(id);
	for (size_t i = 0; i < len; i++)
		if (!((id[i] >= 'A' && id[i] <= 'Z') || (id[i] >= '0' && id[i] <= '9') || id[i] == '-'))
			return false;
	return len > 0 && len <= 32;
}

/* The words around the expressions. */
static bool words_read(struct rule_text *r, const struct rule_source *source, struct guide_rule *rule)
{
	struct guide_build *build = r->build;
	r->attribute = "id";
	if (source->id == NULL || !id_right(source->id))
		return rule_refuse(r, 0, "expected 1 to 32 upper-case letters, digits and -");
	for (size_t i = 0; i < build->rule_count; i++)
		if (strcmp(build->pool.bytes + build->rules[i].id, source->id) == 0)
			return rule_refuse(r, 0, "another rule of this guide has this id");
	r->attribute = "says";
	if (source->says == NULL || source->says[0] == '\0')
		return rule_refuse(r, 0, "expected a sentence");
	r->attribute = "level";
	if (source->level < 1 || source->level > 7)
		return rule_refuse(r, 0, "expected a SNIP level from 1 to 7");
	rule->kind = (uint8_t)source->kind;
	rule->level = (uint8_t)source->level;
	rule->severity = (uint8_t)source->severity;
	rule->id = build_text(build, source->id);
	rule->says = build_text(build, source->says);
	rule->source = build_text(build, source->source);
	return true;
}

static bool rule_read(struct rule_text *r, const struct rule_source *source, struct guide_rule *rule)
{
	bool balance = source->kind == RULE_BALANCE;
	if (!words_read(r, source, rule))
		return false;
	r->attribute = NULL;
	if (source->then == NULL || (balance && source->of == NULL))
		return rule_refuse(r, 0, "%s", balance ? "a balance needs of and is" : "a rule needs then");
	rule->first_step = (uint32_t)r->build->step_count;
	rule->at = rule->trigger = (struct guide_place){ .node = GUIDE_NONE, .fact = GUIDE_NONE };
	if (source->when != NULL) {
		if (!condition_read(r, "when", source->when, &rule->when_count))
			return false;
		rule->trigger = r->first;
	}
	if (balance) {
		rule->finding = FINDING_BALANCE;
		if (!balance_read(r, source, rule))
			return false;
	} else {
		if (!condition_read(r, "then", source->then, &rule->then_count))
			return false;
		rule->at = r->first;
		rule->finding = (uint8_t)finding_of(r, &r->build->steps[rule->first_step + rule->when_count], rule->then_count);
	}
	if (source->at != NULL) {
		struct rule_place place;
		size_t steps = r->build->step_count;
		if (!text_begin(r, "at", source->at) || !rule_place_read(r, &place) || !text_end(r) ||
		    place_step(r, RULE_PRESENT, &place, FACT_FIRST) == NULL)
			return false;
		r->build->step_count = steps;
		rule->at = r->first;
		rule->at_given = true;
	}
	return true;
}

/* A fact is kept at the lowest level of those that ask for it. */
static void facts_level(struct guide_build *build, const struct guide_rule *rule)
{
	uint16_t asked[2] = { rule->at.fact, rule->trigger.fact };
	for (uint32_t i = 0; i < rule->when_count + (uint32_t)rule->then_count + 2; i++) {
		uint16_t fact = i < 2 ? asked[i] : build->steps[rule->first_step + i - 2].fact;
		if (fact != GUIDE_NONE && build->facts[fact].level > rule->level)
			build->facts[fact].level = rule->level;
	}
}

bool rule_compile(struct guide_build *build, uint16_t node, const struct rule_source *source, struct rule_error *error)
{
	size_t steps = build->step_count, facts = build->fact_count, nodes = build->fact_node_count;
	struct guide_rule rule = { .node = node };
	struct rule_text r = { .build = build, .node = node, .error = error };
	build_finish(build); /* its texts and lists are looked into */
	bool ok = rule_read(&r, source, &rule);
	struct guide_rule *item = ok ? build_rule(build) : NULL;
	if (ok && (item == NULL || build->failed))
		ok = rule_refuse(&r, 0, "no room for more rules");
	if (!ok) {
		build->step_count = steps;
		build->fact_count = facts;
		build->fact_node_count = nodes;
		build_finish(build);
		return false;
	}
	glance_fill(build, &rule);
	facts_level(build, &rule);
	*item = rule;
	build_finish(build);
	return true;
}
