/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * document: a JSON or XML document of X12, whichever it is, as pieces.
 */
#include "base/xml_lazy.h"
#include "parsers/documents.h"

struct document {
	struct document_sink sink;
	struct json_document *json;
	struct xml_document *xml;

};

bool piece_allowed(struct document_fault *fault, const struct piece *piece, enum piece_kind parent, uint32_t keys)
{
	const struct piece_row *row = &piece_rows[piece->kind], *outer = &piece_rows[parent];
	if ((outer->parts & UINT32_C(1) << piece->kind) == 0)
		return document_fault(fault, piece->line, piece->column, "%s cannot stand in %s", row->name, outer->name);
	uint32_t strange = keys & ~row->keys;
	for (unsigned key = 0; key < PIECE_KEYS; key++)
		if ((strange & UINT32_C(1) << key) != 0)
			return document_fault(fault, piece->line, piece->column, "%s has no property %s", row->name, piece_keys[key]);
	return true;
}

struct document *document_new(const struct document_sink *sink)
{
	struct document *document = calloc(1, sizeof(*document));
	if (document != NULL)
		document->sink = *sink;
	return document;
}

void document_free(struct document *document)
{
	if (document == NULL)
		return;
	json_document_free(document->json);
	xml_document_free(document->xml);
	free(document);
}

static bool out_of_memory(const struct document *document)
{
	return document_fault(document->sink.fault, 0, 0, "out of memory");
}

/* The first byte that is no blank tells.  Byte order marks are told by theirs. */
static bool choose(struct document *document, struct slice bytes)
{
	size_t at = 0;
	if (slice_starts(bytes, "\xef\xbb\xbf"))
		at = 3;
	while (at < bytes.len && (bytes.ptr[at] == ' ' || bytes.ptr[at] == '\t' || bytes.ptr[at] == '\r' || bytes.ptr[at] == '\n'))
		at++;
	char c = at < bytes.len ? bytes.ptr[at] : '\0';
	if (c == '{' || c == '[') {
		document->json = json_document_new(&document->sink);
		return document->json != NULL || out_of_memory(document);
	}
	if (c == '<' || c == '\xff' || c == '\xfe') {
		struct failure failure = { "" };
		if (!xml_load(&failure))
			return document_fault(document->sink.fault, 0, 0, "%s", failure.text);
		document->xml = xml_document_new(&document->sink);
		return document->xml != NULL || out_of_memory(document);
	}
	return document_fault(document->sink.fault, 1, at + 1, "this is neither a JSON array nor an XML document of X12");
}

bool document_feed(struct document *document, struct slice bytes)
{
	if (bytes.len == 0)
		return true;
	if (document->json == NULL && document->xml == NULL && !choose(document, bytes))
		return false;
	return document->json != NULL ? json_document_feed(document->json, bytes) : xml_document_feed(document->xml, bytes);
}

bool document_end(struct document *document)
{
	if (document->json != NULL)
		return json_document_end(document->json);
	if (document->xml != NULL)
		return xml_document_end(document->xml);
	return document_fault(document->sink.fault, 1, 1, "the document is empty");
}
