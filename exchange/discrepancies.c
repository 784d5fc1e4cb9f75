/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * discrepancies: what a file says of a member otherwise than the store (BAD-12), by kind.
 */
#include "exchange/exchange.h"

const char *discrepancy_name(enum discrepancy_kind kind)
{
	static const char *const names[DISCREPANCY_KINDS] = { "missing-here", "missing-there", "coverage", "pcp", "demographics", "case" };
	return names[kind];
}

/* Texts of a member; * before a name: it says who somebody is or how to find them. */
static const struct {
	const char *name;
	size_t offset;
} texts[] = {
#define TEXT(name, at) { name, offsetof(struct member, at) }
	TEXT("*last-name", last), TEXT("*first-name", first), TEXT("*middle-name", middle), TEXT("*suffix", suffix), TEXT("sex", sex),
	TEXT("language", language), TEXT("*phone", phone), TEXT("birth-sequence", birth_sequence), TEXT("*head-last-name", head_last),
	TEXT("*head-first-name", head_first), TEXT("*head-middle-name", head_middle), TEXT("*ssn", ssn),
#undef TEXT
};

struct telling {
	const struct discrepancy_sink *sink;
	struct discrepancy found;
	struct buffer here, file;
};

static bool say(struct telling *telling, enum discrepancy_kind kind, const char *what)
{
	telling->found.kind = kind;
	telling->found.personal = what[0] == '*';
	telling->found.what = what + telling->found.personal;
	telling->found.here = buffer_view(&telling->here);
	telling->found.file = buffer_view(&telling->file);
	return !telling->here.failed && !telling->file.failed && telling->sink->say(telling->sink->data, &telling->found);
}

static void forget(struct telling *telling)
{
	buffer_reset(&telling->here);
	buffer_reset(&telling->file);
}

static bool tell_texts(struct telling *telling, const struct member *here, const struct member *file)
{
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct slice a, b;
		memcpy(&a, (const char *)here + texts[i].offset, sizeof(a));
		memcpy(&b, (const char *)file + texts[i].offset, sizeof(b));
		if (slice_equal(a, b))
			continue;
		forget(telling);
		buffer_slice(&telling->here, a);
		buffer_slice(&telling->file, b);
		if (!say(telling, DISCREPANCY_DEMOGRAPHICS, texts[i].name))
			return false;
	}
	return true;
}

static bool tell_day(struct telling *telling, const char *what, days here, days file)
{
	if (here == file)
		return true;
	forget(telling);
	if (here != DAYS_NONE)
		days_put_iso(&telling->here, here);
	if (file != DAYS_NONE)
		days_put_iso(&telling->file, file);
	return say(telling, DISCREPANCY_DEMOGRAPHICS, what);
}

static void put_address(struct buffer *out, const struct address *address)
{
	const struct slice parts[] = { address->street, address->street2, address->city, address->state, address->zip, address->town_code,
		address->county };
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (parts[i].len > 0 && out->len > 0)
			buffer_text(out, ", ");
		buffer_slice(out, parts[i]);
	}
}

static bool tell_address(struct telling *telling, const char *what, const struct address *here, const struct address *file)
{
	forget(telling);
	put_address(&telling->here, here);
	put_address(&telling->file, file);
	return slice_equal(buffer_view(&telling->here), buffer_view(&telling->file)) || say(telling, DISCREPANCY_DEMOGRAPHICS, what);
}

static void put_span(struct buffer *out, const struct span *span)
{
	const struct slice facts[] = { span->line, span->aid_category, span->payment_category, span->special_program };
	buffer_slice(out, span->plan);
	buffer_char(out, ' ');
	days_put_iso(out, span->begin);
	buffer_text(out, "..");
	if (span->end == DAYS_OPEN)
		buffer_text(out, "open");
	else
		days_put_iso(out, span->end);
	for (size_t i = 0; i < COUNT_OF(facts); i++) {
		if (facts[i].len > 0)
			buffer_char(out, ' ');
		buffer_slice(out, facts[i]);
	}
}

/* Is there a span that is written alike?  `text` is room for it. */
static bool span_is_in(struct buffer *text, const struct member *member, struct slice written)
{
	for (size_t i = 0; i < member->span_count; i++) {
		buffer_reset(text);
		put_span(text, &member->spans[i]);
		if (slice_equal(buffer_view(text), written))
			return true;
	}
	buffer_reset(text);
	return false;
}

static bool tell_spans(struct telling *telling, const struct member *here, const struct member *file)
{
	for (size_t i = 0; i < here->span_count; i++) {
		forget(telling);
		put_span(&telling->here, &here->spans[i]);
		if (!span_is_in(&telling->file, file, buffer_view(&telling->here)) && !say(telling, DISCREPANCY_COVERAGE, "span"))
			return false;
	}
	for (size_t i = 0; i < file->span_count; i++) {
		forget(telling);
		put_span(&telling->file, &file->spans[i]);
		if (!span_is_in(&telling->here, here, buffer_view(&telling->file)) && !say(telling, DISCREPANCY_COVERAGE, "span"))
			return false;
	}
	return true;
}

static bool tell_case(struct telling *telling, const struct member *here, const struct member *file)
{
	if (slice_equal(here->case_number, file->case_number))
		return true;
	forget(telling);
	buffer_slice(&telling->here, here->case_number);
	buffer_slice(&telling->file, file->case_number);
	return say(telling, DISCREPANCY_CASE, "case-number");
}

static bool tell_restricted(struct telling *telling, bool here, bool file)
{
	if (here == file)
		return true;
	forget(telling);
	buffer_text(&telling->here, here ? "yes" : "no");
	buffer_text(&telling->file, file ? "yes" : "no");
	return say(telling, DISCREPANCY_DEMOGRAPHICS, "address-restricted");
}

bool discrepancies_tell(const struct discrepancy_sink *sink, const struct member *here, const struct member *file, struct origin origin)
{
	struct telling telling = { .sink = sink, .found = { .medicaid_id = here->medicaid_id, .origin = origin } };
	buffer_init(&telling.here, 0);
	buffer_init(&telling.file, 0);
	bool told = tell_spans(&telling, here, file) && tell_case(&telling, here, file) && tell_texts(&telling, here, file) &&
		tell_day(&telling, "*born", here->born, file->born) && tell_day(&telling, "*died", here->died, file->died) &&
		tell_address(&telling, "*home-address", &here->home, &file->home) &&
		tell_address(&telling, "*mail-address", &here->mail, &file->mail) &&
		tell_restricted(&telling, here->confidential, file->confidential);
	buffer_done(&telling.here);
	buffer_done(&telling.file);
	return told;
}
