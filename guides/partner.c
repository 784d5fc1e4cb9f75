/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * partner: a trading partner's file from disk to a struct partner.  It is read twice: first
 * here, attribute by attribute, for complaints that say what to do; then, by partner.rng, for
 * whatever shape that let pass.
 *
 * A partner is stricter than the guide, never looser: partner_element.c and partner_overlay.c
 * hold what is narrowed against the guide, and finding_is_law says which severities are fixed.
 */
#include <libxml/relaxng.h>

#include "guides/partner.h"

extern const unsigned char guides_partner_rng[];
extern const size_t guides_partner_rng_size;

/* ---- helpers -------------------------------------------------------------------------- */

bool partner_child(struct partner_file *file, const xmlNode **child, const xmlNode *from)
{
	for (; from != NULL && from->type != XML_ELEMENT_NODE; from = from->next)
		if (from->type != XML_COMMENT_NODE && (from->type != XML_TEXT_NODE || !xmlIsBlankNode(from)))
			return compile_refuse(&file->c, from, "text between elements");
	*child = from;
	return true;
}

const char *partner_text(struct partner_file *file, const xmlNode *xml, struct slice text)
{
	const char *kept = arena_slice(&file->build->texts, text).ptr;
	if (kept == NULL)
		compile_refuse(&file->c, xml, "no memory left");
	return kept;
}

bool partner_listed(const char *list, struct slice value)
{
	for (; *list != '\0'; list += strlen(list) + 1)
		if (slice_is(value, list))
			return true;
	return false;
}

void partner_list_print(char *out, size_t size, const char *list)
{
	static const char more[] = " …";
	size_t len = 0;
	out[0] = '\0';
	for (; *list != '\0'; list += strlen(list) + 1) {
		size_t wanted = strlen(list) + (len > 0);
		bool last = list[strlen(list) + 1] == '\0';
		if (len + wanted + (last ? 0 : sizeof(more) - 1) >= size) {
			if (len + sizeof(more) <= size)
				memcpy(out + len, more, sizeof(more));
			return;
		}
		(void)snprintf(out + len, size - len, "%s%s", len > 0 ? " " : "", list);
		len += wanted;
	}
}

const struct overlay *partner_overlay(const struct partner *partner, const struct guide *guide)
{
	for (size_t i = 0; partner != NULL && i < partner->overlay_count; i++)
		if (partner->overlays[i].guide == guide)
			return &partner->overlays[i];
	return NULL;
}

/* Which of these words is it?  The complaint names them. */
static bool word_read(struct partner_file *file, const xmlNode *xml, const char *name, const char *text,
	const char *const *words, size_t count, unsigned *out)
{
	char all[96] = "";
	for (unsigned i = 0; i < count; i++) {
		if (strcmp(words[i], text) == 0) {
			*out = i;
			return true;
		}
		size_t len = strlen(all);
		(void)snprintf(all + len, sizeof(all) - len, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", words[i]);
	}
	return compile_refuse(&file->c, xml, "%s is \"%s\", expected %s", name, text, all);
}

/* ---- the parts of <partner> ------------------------------------------------------------- */

static bool root_read(struct partner_file *file, const xmlNode *xml)
{
	static const char *const charsets[] = { [CHARSET_EXTENDED] = "extended", [CHARSET_BASIC] = "basic", [CHARSET_UTF8] = "utf-8" };
	struct partner *partner = &file->build->partner;
	struct attributes attributes;
	if (!xml_is(xml, "partner"))
		return compile_refuse(&file->c, xml, "<%s>, expected <partner>", (const char *)xml->name);
	bool ok = attributes_read(&file->c, xml, &attributes);
	const char *name = ok ? attribute_needed(&file->c, xml, &attributes, "name") : NULL;
	const char *charset = attribute(&attributes, "charset");
	uint64_t level = 7;
	unsigned word = CHARSET_EXTENDED;
	ok = name != NULL && (attribute(&attributes, "level") == NULL ||
		attribute_number(&file->c, xml, &attributes, "level", 1, 7, &level)) &&
		(charset == NULL || word_read(file, xml, "charset", charset, charsets, COUNT_OF(charsets), &word)) &&
		attribute_yes(&file->c, xml, &attributes, "sets-units-aside", &partner->sets_units_aside) &&
		attributes_all_used(&file->c, xml, &attributes);
	if (ok) {
		partner->name = partner_text(file, xml, slice_of(name));
		partner->level = (int)level;
		partner->charset = (enum charset)word;
		ok = partner->name != NULL;
	}
	attributes_done(&attributes);
	return ok;
}

/* <sender> and <receiver>: as many as stand there, in a row. */
static bool id_read(struct partner_file *file, const xmlNode *xml, const struct partner_id **ids, size_t *count)
{
	struct partner_id id = { "", "" };
	struct attributes attributes;
	bool ok = attributes_read(&file->c, xml, &attributes);
	const char *qualifier = ok ? attribute(&attributes, "qualifier") : NULL;
	const char *text = ok ? attribute_needed(&file->c, xml, &attributes, "id") : NULL;
	ok = text != NULL && attributes_all_used(&file->c, xml, &attributes);
	if (ok && (strlen(text) > 15 || slice_trim(slice_of(text)).len != strlen(text)))
		ok = compile_refuse(&file->c, xml, "id is \"%s\", expected 1 to 15 characters without blanks around them", text);
	if (ok && qualifier != NULL && strlen(qualifier) != 2)
		ok = compile_refuse(&file->c, xml, "qualifier is \"%s\", expected two characters such as ZZ", qualifier);
	if (ok) {
		slice_copy(id.id, sizeof(id.id), slice_of(text));
		slice_copy(id.qualifier, sizeof(id.qualifier), slice_of(qualifier == NULL ? "" : qualifier));
		struct partner_id *grown = arena_alloc(&file->build->texts, (*count + 1) * sizeof(id));
		if (grown == NULL) {
			ok = compile_refuse(&file->c, xml, "no memory left");
		} else {
			if (*count > 0)
				memcpy(grown, *ids, *count * sizeof(id));
			grown[(*count)++] = id;
			*ids = grown;
		}
	}
	attributes_done(&attributes);
	return ok;
}

bool partner_severity_read(struct partner_file *file, const xmlNode *xml, const char *text, unsigned *out)
{
	return word_read(file, xml, "severity", text, severity_words, SEVERITIES, out);
}

static bool finding_read(struct partner_file *file, const xmlNode *xml)
{
	struct attributes attributes;
	unsigned severity = SEVERITY_REFUSE;
	bool ok = attributes_read(&file->c, xml, &attributes);
	const char *rule = ok ? attribute(&attributes, "rule") : NULL;
	const char *name = !ok ? NULL : rule != NULL ? rule : attribute_needed(&file->c, xml, &attributes, "name");
	const char *word = name == NULL ? NULL : attribute_needed(&file->c, xml, &attributes, "severity");
	ok = word != NULL && partner_severity_read(file, xml, word, &severity) &&
		attributes_all_used(&file->c, xml, &attributes);
	if (ok && rule != NULL) {
		ok = partner_rule_severity(file, xml, rule, (enum severity)severity);
		attributes_done(&attributes);
		return ok;
	}
	enum finding_code code = ok ? finding_code_of(slice_of(name)) : FINDING_NONE;
	if (ok && code == FINDING_NONE)
		ok = compile_refuse(&file->c, xml, "there is no finding \"%s\"; the names are those that pccm check prints behind \"code\"",
			name);
	if (ok && finding_is_law(code) && severity < SEVERITY_REFUSE)
		ok = compile_refuse(&file->c, xml, "finding %s refuses by the standard or the guide (SNIP level %d): "
			"no partner can make it less", name, finding_kind(code)->level);
	if (ok)
		file->build->partner.severities[code] = (uint8_t)severity;
	attributes_done(&attributes);
	return ok;
}

/* file="states.csv": beside the partner file, unless it says from where. */
static bool codeset_file(struct partner_file *file, struct slice name, const char *text)
{
	const char *slash = text[0] == '/' ? NULL : strrchr(file->c.path, '/');
	struct buffer path;
	buffer_init(&path, 0);
	if (slash != NULL)
		buffer_put(&path, file->c.path, (size_t)(slash - file->c.path) + 1);
	buffer_text(&path, text);
	buffer_char(&path, '\0');
	bool ok = path.failed ? failure_set(file->c.failure, "%s: no memory left for it", file->c.path)
		: code_sets_file(file->build->sets, name, path.ptr, file->c.failure);
	buffer_done(&path);
	return ok;
}

static bool codeset_read_of(struct partner_file *file, const xmlNode *xml)
{
	struct attributes attributes;
	bool ok = attributes_read(&file->c, xml, &attributes);
	const char *name = ok ? attribute_needed(&file->c, xml, &attributes, "name") : NULL;
	const char *path = name == NULL ? NULL : attribute_needed(&file->c, xml, &attributes, "file");
	ok = path != NULL && attributes_all_used(&file->c, xml, &attributes) && codeset_file(file, slice_of(name), path);
	attributes_done(&attributes);
	return ok;
}

/* The code sets that were brought, and the shipped ones, as one. */
static bool codes_ready(struct partner_build *build, struct failure *failure)
{
	if (build->sets->brought.set_count == 0 || build->partner.codes != NULL)
		return true;
	build->partner.codes = code_sets_tables(build->sets, failure);
	return build->partner.codes != NULL;
}

/* In the order of the file; code sets are known before the first overlay asks for them. */
static bool children_read(struct partner_file *file, const xmlNode *root)
{
	struct partner_build *build = file->build;
	struct partner *partner = &build->partner;
	const xmlNode *child;
	if (!partner_child(file, &child, root->children))
		return false;
	while (child != NULL) {
		bool ok;
		if (xml_is(child, "sender"))
			ok = id_read(file, child, &partner->senders, &partner->sender_count);
		else if (xml_is(child, "receiver"))
			ok = id_read(file, child, &partner->receivers, &partner->receiver_count);
		else if (xml_is(child, "finding"))
			ok = finding_read(file, child);
		else if (xml_is(child, "codeset"))
			ok = partner->overlay_count == 0 ? codeset_read_of(file, child)
				: compile_refuse(&file->c, child, "<codeset> stands before every <overlay>");
		else if (xml_is(child, "overlay"))
			ok = codes_ready(build, file->c.failure) && partner_overlay_read(file, child);
		else
			ok = compile_refuse(&file->c, child, "<%s> does not stand in <partner>", (const char *)child->name);
		if (!ok || !partner_child(file, &child, child->next))
			return false;
	}
	return true;
}

/* ---- the schema ----------------------------------------------------------------------------- */

static void schema_complains(void *data, xmlErrorPtr from)
{
	struct failure *failure = data;
	if (failure->text[0] != '\0' || from == NULL || from->message == NULL)
		return;
	failure_set(failure, "%s:%d: does not follow partner.rng: %.*s", from->file == NULL ? "partner file" : from->file, from->line,
		SLICE_ARG(slice_trim(slice_of(from->message))));
}

static bool schema_check(xmlDoc *doc, const char *path, struct failure *failure)
{
	struct failure own = { "" };
	xmlRelaxNG *schema = NULL;
	xmlRelaxNGValidCtxt *check = NULL;
	xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewMemParserCtxt((const char *)guides_partner_rng, (int)guides_partner_rng_size);
	if (parser != NULL) {
		xmlRelaxNGSetParserStructuredErrors(parser, schema_complains, &own);
		schema = xmlRelaxNGParse(parser);
	}
	if (schema != NULL)
		check = xmlRelaxNGNewValidCtxt(schema);
	bool ok = check != NULL || failure_set(failure, "%s: no memory to check it", path);
	if (ok) {
		xmlRelaxNGSetValidStructuredErrors(check, schema_complains, &own);
		ok = xmlRelaxNGValidateDoc(check, doc) == 0 ||
			failure_set(failure, "%s", own.text[0] == '\0' ? "does not follow partner.rng" : own.text);
	}
	xmlRelaxNGFreeValidCtxt(check);
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(parser);
	return ok;
}

/* ---- the file --------------------------------------------------------------------------------- */

static bool file_read_of(struct partner_file *file)
{
	struct buffer text;
	buffer_init(&text, LIMIT_XML_BYTES + 8192);
	xmlDoc *doc = NULL;
	bool ok = input_read(&text, file->c.path, file->c.failure);
	if (ok) {
		doc = document_parse(file->c.path, buffer_view(&text), file->c.failure);
		const xmlNode *root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
		ok = root != NULL && root_read(file, root) && children_read(file, root) &&
			schema_check(doc, file->c.path, file->c.failure);
	}
	xmlFreeDoc(doc);
	buffer_done(&text);
	free(file->rows);
	return ok;
}

struct partner *partner_read(const char *path, const char *codes, struct failure *failure)
{
	const char *named = path != NULL ? path : codes != NULL ? codes : "partner";
	struct partner_build *build = calloc(1, sizeof(*build));
	struct code_sets *sets = code_sets_new();
	if (build == NULL || sets == NULL) {
		failure_set(failure, "%s: no memory left for it", named);
		free(build);
		code_sets_free(sets);
		return NULL;
	}
	build->sets = sets;
	build->partner.name = "";
	build->partner.level = 7;
	arena_init(&build->texts, LIMIT_XML_BYTES);
	for (enum finding_code code = FINDING_NONE; code < FINDING_CODES; code++)
		build->partner.severities[code] = (uint8_t)finding_kind(code)->severity;
	struct partner_file file = { .c = { .path = path, .failure = failure }, .build = build };
	bool ok = (codes == NULL || code_sets_folder(sets, codes, failure)) && (path == NULL || file_read_of(&file)) &&
		codes_ready(build, failure);
	if (ok)
		return &build->partner;
	partner_free(&build->partner);
	return NULL;
}

void partner_free(struct partner *partner)
{
	struct partner_build *build = (struct partner_build *)partner;
	if (partner == NULL)
		return;
	for (size_t i = 0; i < build->pattern_count; i++)
		pattern_free(build->patterns[i]);
	for (size_t i = 0; i < build->guide_count; i++)
		build_free(build->guides[i].copy);
	free(build->guides);
	free(build->patterns);
	free(build->overlays);
	code_sets_free(build->sets);
	arena_done(&build->texts);
	free(build);
}
