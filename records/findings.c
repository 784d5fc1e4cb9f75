/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * findings: what is wrong with a sender's data: the table of kinds, and the collector of
 * one stretch.
 *
 * Holds at every return: count <= total, count <= LIMIT_FINDINGS_PER_SET, notes <=
 * LIMIT_NOTES_PER_SET, and total and refusing count every finding, kept or not: a verdict
 * does not depend on the cap.
 */
#include "records/records.h"

const char *const severity_words[SEVERITIES] = {
	[SEVERITY_IGNORE] = "ignore", [SEVERITY_NOTE] = "note", [SEVERITY_REFUSE] = "refuse",
};

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

bool finding_is_law(enum finding_code code)
{
	const struct finding_kind *kind = finding_kind(code);
	bool envelope = kind->scope == SCOPE_INTERCHANGE || kind->scope == SCOPE_GROUP;
	return kind->severity == SEVERITY_REFUSE && (kind->level <= 2 || envelope);
}

enum finding_code finding_code_of(struct slice name)
{
	for (enum finding_code code = FINDING_NONE + 1; code < FINDING_CODES; code++)
		if (slice_is(name, kinds[code].name))
			return code;
	return FINDING_NONE;
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

/* A rule has a severity of its own, which holds where the partner says nothing of its kind. */
static enum severity severity_of(const struct findings *findings, const struct finding *finding)
{
	if (findings->severities != NULL && (finding->rule == NULL ||
		findings->severities[finding->code] != finding_kind(finding->code)->severity))
		return (enum severity)findings->severities[finding->code];
	return finding->severity;
}

static bool has_room(const struct findings *findings, enum severity severity)
{
	return !findings_full(findings) && (severity == SEVERITY_REFUSE || findings->notes < LIMIT_NOTES_PER_SET);
}

bool findings_keep(const struct findings *findings, const struct finding *finding)
{
	enum severity severity = severity_of(findings, finding);
	return severity != SEVERITY_IGNORE && has_room(findings, severity);
}

void findings_add(struct findings *findings, const struct finding *finding)
{
	assert(finding->code > FINDING_NONE && finding->code < FINDING_CODES);
	enum severity severity = severity_of(findings, finding);
	if (severity == SEVERITY_IGNORE) /* a partner's overlay turned it off */
		return;
	findings->total++;
	if (severity == SEVERITY_REFUSE)
		findings->refusing++;
	if (findings->count == findings->size && findings->size < LIMIT_FINDINGS_PER_SET && !findings_grow(findings))
		return;
	findings->by_code[finding->code]++;
	findings->by_level[finding_level(finding)]++;
	if (findings->failed || !has_room(findings, severity))
		return;
	findings->notes += severity != SEVERITY_REFUSE;
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
	memset(findings->by_level, 0, sizeof(findings->by_level));
	findings->count = 0;
	findings->notes = 0;
	findings->total = 0;
	findings->refusing = 0;
	findings->contained = 0;
	findings->failed = false;
}

void findings_done(struct findings *findings)
{
	free(findings->items);
	free(findings->by_code);
	findings_init(findings);
}
