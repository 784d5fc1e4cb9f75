/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * findings: what is wrong with a sender's data: the table of kinds, the collector of
 * one stretch, and a finding as people read it.
 *
 * Holds at every return: count <= total, count <= LIMIT_FINDINGS_PER_SET, and total
 * and refusing count every finding, kept or not: a verdict does not depend on the cap.
 */
#include "records/records.h"

#include <assert.h>

static const struct finding_kind kinds[FINDING_CODES] = {
	[FINDING_NONE] = { "none", "nothing was found", SCOPE_BUSINESS, 7, SEVERITY_IGNORE, "", "", "", "", "", "" },
#define FINDING(name, ...) [FINDING_##name] = { __VA_ARGS__ },
#include "findings.def"
#undef FINDING
};

const struct finding_kind *finding_kind(enum finding_code code)
{
	assert(code >= FINDING_NONE && code < FINDING_CODES);
	return &kinds[code];
}

void findings_init(struct findings *findings)
{
	*findings = (struct findings){ 0 };
}

static bool findings_grow(struct findings *findings)
{
	if (findings->by_code == NULL)
		findings->by_code = calloc(FINDING_CODES, sizeof(*findings->by_code));
	size_t size = findings->size == 0 ? 8 : findings->size * 2;
	if (size > LIMIT_FINDINGS_PER_SET)
		size = LIMIT_FINDINGS_PER_SET;
	struct finding *items = realloc(findings->items, size * sizeof(*items));
	if (items != NULL)
		findings->items = items;
	if (items == NULL || findings->by_code == NULL) {
		findings->failed = true;
		return false;
	}
	findings->size = size;
	return true;
}

void findings_add(struct findings *findings, const struct finding *finding)
{
	assert(finding->code > FINDING_NONE && finding->code < FINDING_CODES);
	enum severity severity = finding->severity;
	if (findings->severities != NULL && finding->rule == NULL)
		severity = (enum severity)findings->severities[finding->code];
	if (severity == SEVERITY_IGNORE) /* a partner's overlay turned it off */
		return;
	findings->total++;
	if (severity == SEVERITY_REFUSE)
		findings->refusing++;
	if (findings->count == findings->size && findings->size < LIMIT_FINDINGS_PER_SET && !findings_grow(findings))
		return;
	findings->by_code[finding->code]++;
	if (findings->failed || findings->count == LIMIT_FINDINGS_PER_SET)
		return;
	struct finding *kept = &findings->items[findings->count++];
	*kept = *finding;
	kept->severity = severity;
	slice_copy(kept->interchange, sizeof(kept->interchange), slice_of(findings->interchange));
	slice_copy(kept->group, sizeof(kept->group), slice_of(findings->group));
}

void findings_reset(struct findings *findings)
{
	if (findings->total > 0 && findings->by_code != NULL)
		memset(findings->by_code, 0, FINDING_CODES * sizeof(*findings->by_code));
	findings->count = 0;
	findings->total = 0;
	findings->refusing = 0;
	findings->failed = false;
}

void findings_done(struct findings *findings)
{
	free(findings->items);
	free(findings->by_code);
	findings_init(findings);
}

/* ---- printing ---------------------------------------------------------------- */

/* A sender chose these bytes and a terminal obeys some of them: what is not a printable character is spelled out. */
static void put_safe(struct buffer *out, struct slice text)
{
	while (text.len > 0) {
		size_t bytes = utf8_prefix(text, 1);
		const unsigned char *c = (const unsigned char *)text.ptr;
		bool stray = bytes == 1 && (c[0] < 0x20 || c[0] >= 0x7f);
		bool control = bytes == 2 && c[0] == 0xc2 && c[1] < 0xa0; /* U+0080 … U+009F */
		for (size_t i = 0; (stray || control) && i < bytes; i++)
			buffer_format(out, "\\x%02x", (unsigned)c[i]);
		if (!stray && !control)
			buffer_put(out, text.ptr, bytes);
		text.ptr += bytes;
		text.len -= bytes;
	}
}

static void put_safe_text(struct buffer *out, const char *text)
{
	put_safe(out, slice_of(text));
}

/* "12:NM109-02: ", and less of it where there is less to say: the envelope has no positions, a set no segment. */
static void put_where(struct buffer *out, const struct finding *finding)
{
	const struct place *place = &finding->place;
	if (place->segment > 0) {
		buffer_format(out, "%llu", (unsigned long long)place->segment);
		buffer_char(out, ':');
	}
	if (finding->segment_id[0] == '\0') {
		buffer_char(out, ' ');
		return;
	}
	put_safe_text(out, finding->segment_id);
	if (place->element > 0)
		buffer_format(out, "%02u", (unsigned)place->element);
	if (place->element > 0 && place->component > 0)
		buffer_format(out, "-%02u", (unsigned)place->component);
	buffer_text(out, ": ");
}

/* "found (hidden), expected P3 or IL" */
static void put_found(struct buffer *out, const struct finding *finding, bool show_values)
{
	const char *between = ": ";
	if (finding->value_len > 0) {
		buffer_text(out, ": found ");
		if (show_values || finding->plain)
			put_safe(out, (struct slice){ finding->value, finding->value_len });
		else
			buffer_text(out, "(hidden)");
		between = ", ";
	}
	if (finding->expected[0] != '\0') {
		buffer_text(out, between);
		buffer_text(out, "expected ");
		put_safe_text(out, finding->expected);
	}
}

/* " [005010X220A1 2100A Member Name]" */
static void put_reference(struct buffer *out, const struct finding *finding)
{
	const char *words[] = { finding->guide, finding->loop, finding->name };
	bool any = false;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (words[i] == NULL || words[i][0] == '\0')
			continue;
		buffer_text(out, any ? " " : " [");
		put_safe_text(out, words[i]);
		any = true;
	}
	if (any)
		buffer_char(out, ']');
}

void finding_put_text(struct buffer *out, const struct finding *finding, const char *file, bool show_values)
{
	const struct finding_kind *kind = finding_kind(finding->code);
	buffer_text(out, file);
	buffer_char(out, ':');
	put_where(out, finding);
	buffer_text(out, kind->text);
	put_found(out, finding, show_values);
	put_reference(out, finding);
	buffer_format(out, "\n  byte %llu", (unsigned long long)finding->place.offset);
	if (finding->set_id[0] != '\0') {
		buffer_text(out, ", in set ");
		put_safe_text(out, finding->set_id);
		buffer_text(out, finding->set_control[0] == '\0' ? "" : " ");
		put_safe_text(out, finding->set_control);
	}
	if (finding->place.repetition > 0)
		buffer_format(out, ", repetition %u", (unsigned)finding->place.repetition);
	buffer_format(out, "; code %s, SNIP %d\n", kind->name, kind->level);
}
