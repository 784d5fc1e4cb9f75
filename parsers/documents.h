/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * documents.h: what the readers of the JSON and XML form share.  Nobody else includes it
 * but tests of single parts.
 */
#ifndef PCCM_PARSERS_DOCUMENTS_H
#define PCCM_PARSERS_DOCUMENTS_H

#include "parsers/parsers.h"

/* ---- json.c: tokens ---- */
enum json_token { JSON_OBJECT, JSON_OBJECT_END, JSON_ARRAY, JSON_ARRAY_END, JSON_KEY, JSON_STRING, JSON_NUMBER, JSON_TRUE,
	JSON_FALSE, JSON_NULL };
/* text: of KEY and STRING decoded, of NUMBER as it stands; until the call returns.  False: stop; a fault was told. */
typedef bool json_taker(void *data, enum json_token token, struct slice text, uint64_t line, uint64_t column);
struct json_reader;
struct json_reader *json_reader_new(json_taker *take, void *data, struct document_fault *fault); /* NULL: memory */
void json_reader_free(struct json_reader *reader);
bool json_reader_feed(struct json_reader *reader, struct slice bytes);
bool json_reader_end(struct json_reader *reader);

/* ---- document_json.c, document_xml.c: pieces ---- */
struct json_document;
struct json_document *json_document_new(const struct document_sink *sink);
void json_document_free(struct json_document *document);
bool json_document_feed(struct json_document *document, struct slice bytes);
bool json_document_end(struct json_document *document);
struct xml_document;
struct xml_document *xml_document_new(const struct document_sink *sink);
void xml_document_free(struct xml_document *document);
bool xml_document_feed(struct xml_document *document, struct slice bytes);
bool xml_document_end(struct xml_document *document);

/* May a piece of this kind stand in that one, and have these keys (bits)?  Else a fault. */
bool piece_allowed(struct document_fault *fault, const struct piece *piece, enum piece_kind parent, uint32_t keys);

#endif
