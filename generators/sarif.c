/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * sarif: findings as SARIF 2.1.0 (OASIS), for what shows findings of many tools: one log,
 * one run, written as it comes and never held as a whole.
 *
 * The kinds of findings.def are the rules; a rule of a guide or partner is a sub-rule of its
 * kind: "situation/834-ins-death".  Columns count bytes: X12 of a partner who did not agree
 * to UTF-8 has none but ASCII.  A partial fingerprint is made of the place in the guide and
 * of nothing that was sent, so that it tells of nobody and outlives the next file.
 */
#include "generators/generators.h"

#define SCHEMA "https://json.schemastore.org/sarif-2.1.0.json"

static void member_put(struct buffer *out, const char *key, struct slice text)
{
	buffer_text(out, key);
	json_text(out, text);
}

/* ---- the beginning: the tool and its rules ---------------------------------------------- */

static void rule_put(struct buffer *out, const struct finding_kind *kind)
{
	member_put(out, "{\"id\":", slice_of(kind->name));
	member_put(out, ",\"shortDescription\":{\"text\":", slice_of(kind->text));
	member_put(out, "},\"help\":{\"text\":", slice_of(kind->mend));
	buffer_format(out, "},\"defaultConfiguration\":{\"level\":\"%s\"}", severity_label(kind->severity));
	buffer_format(out, ",\"properties\":{\"snip\":%d}}", kind->level);
}

void sarif_begin(struct buffer *out, const char *version)
{
	member_put(out, "{\"$schema\":", SLICE(SCHEMA));
	member_put(out, ",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"pccm\",\"version\":", slice_of(version));
	buffer_text(out, ",\"rules\":[\n");
	for (int code = FINDING_NONE + 1; code < FINDING_CODES; code++) {
		buffer_text(out, code == FINDING_NONE + 1 ? "" : ",\n");
		rule_put(out, finding_kind((enum finding_code)code));
	}
	buffer_text(out, "]}},\"columnKind\":\"utf16CodeUnits\",\"results\":[");
}

/* ---- one result ----------------------------------------------------------------------------- */

/* A path as a URI reference (RFC 3986): what is no unreserved character or slash is spelled out. */
static void uri_put(struct buffer *out, const char *path)
{
	buffer_text(out, path[0] == '/' ? "\"file://" : "\"");
	for (const char *c = path; *c != '\0'; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || strchr("-._~/", *c) != NULL;
		if (plain)
			buffer_char(out, *c);
		else
			buffer_format(out, "%%%02X", (unsigned)(unsigned char)*c);
	}
	buffer_char(out, '"');
}

static void region_put(struct buffer *out, const struct place *place)
{
	buffer_text(out, ",\"region\":{");
	if (place->line > 0)
		buffer_format(out, "\"startLine\":%llu,\"startColumn\":%u,", (unsigned long long)place->line, (unsigned)place->column);
	buffer_format(out, "\"byteOffset\":%llu}", (unsigned long long)place->offset);
}

/* "834/2000[12]/2300[1]/HD03", as an editor's outline would name it */
static void logical_put(struct buffer *out, const struct finding *finding)
{
	struct buffer name;
	const char *parts[] = { finding->set_id, finding->path[0] != '\0' ? finding->path : finding->loop };
	buffer_init(&name, 0);
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		buffer_text(&name, parts[i]);
		buffer_text(&name, parts[i][0] == '\0' ? "" : "/");
	}
	finding_put_designator(&name, finding);
	if (name.len > 0) {
		member_put(out, ",\"logicalLocations\":[{\"fullyQualifiedName\":", buffer_view(&name));
		buffer_text(out, "}]");
	}
	out->failed = out->failed || name.failed;
	buffer_done(&name);
}

static void fingerprint_put(struct buffer *out, const struct finding *finding)
{
	const char *parts[] = { finding_kind(finding->code)->name, finding->rule, finding->guide, finding->set_id, finding->path,
		finding->segment_id };
	const uint16_t numbers[] = { finding->place.element, finding->place.component, finding->place.repetition };
	uint64_t hash = 0;
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		hash = hash64(hash, parts[i] == NULL ? "" : parts[i], parts[i] == NULL ? 1 : strlen(parts[i]) + 1);
	hash = hash64(hash, numbers, sizeof(numbers));
	buffer_format(out, ",\"partialFingerprints\":{\"pccmPlace/v1\":\"%016llx\"}", (unsigned long long)hash);
}

static void property_put(struct buffer *out, const char **between, const char *key, struct slice text)
{
	if (text.len == 0)
		return;
	buffer_format(out, "%s\"%s\":", *between, key);
	json_text(out, text);
	*between = ",";
}

static void properties_put(struct buffer *out, const struct finding *finding, bool show_values)
{
	const char *between = ",";
	struct buffer answer;
	buffer_init(&answer, 0);
	finding_put_answer(&answer, finding);
	buffer_format(out, ",\"properties\":{\"snip\":%d", finding_level(finding));
	property_put(out, &between, "answer", buffer_view(&answer));
	property_put(out, &between, "interchange", slice_of(finding->interchange));
	property_put(out, &between, "group", slice_of(finding->group));
	property_put(out, &between, "set", slice_of(finding->set_id));
	property_put(out, &between, "set_control", slice_of(finding->set_control));
	property_put(out, &between, "guide", slice_of(finding->guide));
	if (finding->place.segment > 0)
		buffer_format(out, ",\"segment\":%llu", (unsigned long long)finding->place.segment);
	if (show_values)
		property_put(out, &between, "business", slice_of(finding->business));
	buffer_char(out, '}');
	out->failed = out->failed || answer.failed;
	buffer_done(&answer);
}

/* The rule's own name stands behind that of its kind. */
static void rule_id_put(struct buffer *out, const struct finding *finding)
{
	struct buffer id;
	buffer_init(&id, 0);
	buffer_text(&id, finding_kind(finding->code)->name);
	buffer_text(&id, finding->rule == NULL ? "" : "/");
	buffer_text(&id, finding->rule == NULL ? "" : finding->rule);
	json_text(out, buffer_view(&id));
	out->failed = out->failed || id.failed;
	buffer_done(&id);
}

void sarif_finding(struct buffer *out, const struct finding *finding, const char *file, bool show_values, bool first)
{
	const struct finding_kind *kind = finding_kind(finding->code);
	struct buffer text;
	buffer_init(&text, 0);
	finding_put_sentence(&text, finding, show_values);
	buffer_text(&text, "; mend: ");
	buffer_text(&text, kind->mend);
	buffer_text(out, first ? "\n{\"ruleId\":" : ",\n{\"ruleId\":");
	rule_id_put(out, finding);
	buffer_format(out, ",\"ruleIndex\":%u,\"level\":\"%s\"", (unsigned)finding->code - FINDING_NONE - 1U,
		severity_label(finding->severity));
	member_put(out, ",\"message\":{\"text\":", buffer_view(&text));
	buffer_text(out, "},\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":");
	uri_put(out, file);
	buffer_char(out, '}');
	region_put(out, &finding->place);
	buffer_char(out, '}');
	logical_put(out, finding);
	buffer_text(out, "}]");
	fingerprint_put(out, finding);
	properties_put(out, finding, show_values);
	buffer_char(out, '}');
	out->failed = out->failed || text.failed;
	buffer_done(&text);
}

void sarif_end(struct buffer *out, bool whole, struct slice summary)
{
	buffer_format(out, "],\n\"invocations\":[{\"executionSuccessful\":%s}],\n\"properties\":{\"pccm\":", whole ? "true" : "false");
	buffer_slice(out, summary);
	buffer_text(out, "}}]}\n");
}
