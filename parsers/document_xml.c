/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * document_xml: an XML document of X12 as pieces, by libxml2's push parser with handlers
 * of our own: no tree is built, so memory stays the same however long the document is.
 *
 * A DOCTYPE is refused before anything in it is read: so there are no entities but the
 * five of XML, and nothing is fetched.  Namespaces are refused too.
 */
#include "parsers/documents.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

struct xml_document {
	struct document_sink sink;
	xmlParserCtxtPtr parser;
	enum piece_kind kinds[LIMIT_DOCUMENT_DEPTH];
	unsigned depth;
	bool stopped;
};

static uint64_t line_of(const struct xml_document *document)
{
	int line = xmlSAX2GetLineNumber(document->parser);
	return line > 0 ? (uint64_t)line : 0;
}

static uint64_t column_of(const struct xml_document *document)
{
	int column = xmlSAX2GetColumnNumber(document->parser);
	return column > 0 ? (uint64_t)column : 0;
}

static void stop(struct xml_document *document)
{
	document->stopped = true;
	xmlStopParser(document->parser);
}

static void refuse(struct xml_document *document, const char *text)
{
	(void)document_fault(document->sink.fault, line_of(document), column_of(document), "%s", text);
	stop(document);
}

static struct slice name_of(const xmlChar *name)
{
	return slice_of((const char *)name);
}

/* Attributes come as five pointers each: name, prefix, URI, value, end of value. */
static bool attributes_take(struct xml_document *document, struct piece *piece, uint32_t *keys, int count, const xmlChar **attributes)
{
	for (int i = 0; i < count; i++) {
		const xmlChar **attribute = attributes + 5 * i;
		struct slice value = { (const char *)attribute[3], (size_t)(attribute[4] - attribute[3]) };
		enum piece_key key = piece_key_of(name_of(attribute[0]));
		if (key == PIECE_KEYS || attribute[1] != NULL)
			return document_fault(document->sink.fault, piece->line, piece->column, "%.60s is no attribute that %s has",
				(const char *)attribute[0], piece_rows[piece->kind].name);
		if (value.len > LIMIT_DOCUMENT_TEXT_BYTES)
			return document_fault(document->sink.fault, piece->line, piece->column, "a text of more than %d bytes",
				LIMIT_DOCUMENT_TEXT_BYTES);
		*keys |= UINT32_C(1) << key;
		if (key < PIECE_TELLING)
			piece->values[key] = value.len > 0 ? value : SLICE("");
	}
	return true;
}

static bool piece_take(struct xml_document *document, struct piece *piece, const xmlChar *name, bool in_namespace, int count,
	const xmlChar **attributes)
{
	uint32_t keys = 0;
	piece->line = line_of(document);
	piece->column = column_of(document);
	piece->kind = piece_kind_of(name_of(name));
	struct document_fault *fault = document->sink.fault;
	if (piece->kind == PIECE_KINDS || in_namespace)
		return document_fault(fault, piece->line, piece->column, "%.60s is no element that a document of X12 has",
			(const char *)name);
	if ((document->depth == 0) != (piece->kind == PIECE_DOCUMENT))
		return document_fault(fault, piece->line, piece->column, "%s cannot stand here: x12 is the document's element, and no other",
			piece_rows[piece->kind].name);
	if (document->depth == LIMIT_DOCUMENT_DEPTH)
		return document_fault(fault, piece->line, piece->column, "more than %d elements inside one another", LIMIT_DOCUMENT_DEPTH);
	if (!attributes_take(document, piece, &keys, count, attributes))
		return false;
	if (document->depth > 0 && !piece_allowed(fault, piece, document->kinds[document->depth - 1], keys))
		return false;
	if (document->depth == 0 && keys != 0)
		return document_fault(fault, piece->line, piece->column, "x12 has no attributes");
	return true;
}

static void on_start(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
	const xmlChar **declared, int count, int defaulted, const xmlChar **attributes)
{
	struct xml_document *document = data;
	struct piece piece = { .kind = PIECE_KINDS };
	(void)declared;
	(void)defaulted;
	if (document->stopped)
		return;
	if (!piece_take(document, &piece, name, prefix != NULL || uri != NULL || namespaces > 0, count, attributes)) {
		stop(document);
		return;
	}
	document->kinds[document->depth++] = piece.kind;
	if (piece.kind != PIECE_DOCUMENT && !document->sink.open(document->sink.data, &piece))
		stop(document);
}

static void on_end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml_document *document = data;
	(void)name;
	(void)prefix;
	(void)uri;
	if (document->stopped || document->depth == 0)
		return;
	enum piece_kind kind = document->kinds[--document->depth];
	if (kind != PIECE_DOCUMENT && !document->sink.close(document->sink.data, kind, line_of(document), column_of(document)))
		stop(document);
}

static void on_text(void *data, const xmlChar *text, int len)
{
	struct xml_document *document = data;
	for (int i = 0; i < len && !document->stopped; i++)
		if (text[i] != ' ' && text[i] != '\n' && text[i] != '\r' && text[i] != '\t')
			refuse(document, "no text stands between elements: values are attributes");
}

static void on_doctype(void *data, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	(void)name;
	(void)external;
	(void)system;
	refuse(data, "a DOCTYPE is refused");
}

static xmlEntityPtr on_entity(void *data, const xmlChar *name)
{
	(void)data;
	return xmlGetPredefinedEntity(name);
}

static void on_fault(void *data, xmlErrorPtr told)
{
	struct xml_document *document = data;
	if (document->stopped || told->level < XML_ERR_ERROR)
		return;
	if (told->code == XML_ERR_NO_MEMORY) {
		refuse(document, "out of memory");
		return;
	}
	struct slice text = slice_of(told->message);
	while (text.len > 0 && text.ptr[text.len - 1] == '\n')
		text.len--;
	(void)document_fault(document->sink.fault, told->line > 0 ? (uint64_t)told->line : 0, told->int2 > 0 ? (uint64_t)told->int2 : 0,
		"this is no XML: %.*s", (int)(text.len < 120 ? text.len : 120), text.ptr == NULL ? "" : text.ptr);
	stop(document);
}

struct xml_document *xml_document_new(const struct document_sink *sink)
{
	struct xml_document *document = calloc(1, sizeof(*document));
	xmlSAXHandler handlers = { .initialized = XML_SAX2_MAGIC, .startElementNs = on_start, .endElementNs = on_end,
		.characters = on_text, .cdataBlock = on_text, .ignorableWhitespace = on_text, .internalSubset = on_doctype,
		.getEntity = on_entity, .serror = on_fault };
	if (document == NULL)
		return NULL;
	document->sink = *sink;
	document->parser = xmlCreatePushParserCtxt(&handlers, document, NULL, 0, NULL);
	/* NOENT: &amp; in attributes is to be a character; without a DOCTYPE there is no other entity */
	if (document->parser == NULL || xmlCtxtUseOptions(document->parser, XML_PARSE_NONET | XML_PARSE_NOENT) != 0) {
		xml_document_free(document);
		return NULL;
	}
	return document;
}

void xml_document_free(struct xml_document *document)
{
	if (document == NULL)
		return;
	if (document->parser != NULL) {
		if (document->parser->myDoc != NULL)
			xmlFreeDoc(document->parser->myDoc);
		xmlFreeParserCtxt(document->parser);
	}
	free(document);
}

/* What libxml2 prints by itself, of encodings, is told by what it gives back. */
PRINTF_LIKE(2, 3) static void say_nothing(void *data, const char *format, ...)
{
	(void)data;
	(void)format;
}

static bool fed(struct xml_document *document, const char *bytes, int len, int last)
{
	if (!document->stopped) {
		xmlSetGenericErrorFunc(NULL, say_nothing);
		int status = xmlParseChunk(document->parser, bytes, len, last);
		xmlSetGenericErrorFunc(NULL, NULL);
		if (status != XML_ERR_OK && document->sink.fault->text[0] == '\0' && !document->stopped)
			refuse(document, "this is no XML: bytes are not of the encoding that the document names");
	}
	return document->sink.fault->text[0] == '\0' && !document->stopped;
}

bool xml_document_feed(struct xml_document *document, struct slice bytes)
{
	while (bytes.len > 0) {
		size_t len = bytes.len < 64 * 1024 ? bytes.len : 64 * 1024;
		if (!fed(document, bytes.ptr, (int)len, 0))
			return false;
		bytes.ptr += len;
		bytes.len -= len;
	}
	return true;
}

bool xml_document_end(struct xml_document *document)
{
	return fed(document, NULL, 0, 1);
}
