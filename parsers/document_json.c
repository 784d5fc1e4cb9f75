/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * document_json: the tokens of a JSON document as pieces.
 *
 * An object is a piece; its key `parts` holds the pieces in it.  One pass means that what
 * the piece is must stand before its parts; keys in alphabetical order do.
 *
 * Tersely an element is a text among the parts of its segment, a list of its repetitions,
 * or a list of lists of their components: "A", ["A","B"], [["A","B"]].
 *
 * Holds: one object at a time is being gathered; those that enclose it were opened before.
 */
#include "parsers/documents.h"

#define KEY_KIND (PIECE_KEYS + 1)
#define KEY_PARTS (PIECE_KEYS + 2)
#define KEY_NONE (PIECE_KEYS + 3)

struct json_level {
	bool list;            /* an array of parts; false: an object */
	unsigned nested;      /* list: 0 of parts, 1 of repetitions, 2 of components */
	uint32_t count;       /* nested list: what stood in it */
	enum piece_kind kind; /* whose parts; of an object once it is opened */
	bool opened;          /* object: it was told */
	bool parts;           /* object: its parts came */
};

struct json_document {
	struct document_sink sink;
	struct json_reader *reader;
	struct json_level levels[LIMIT_DOCUMENT_DEPTH + 1];
	unsigned depth;
	unsigned key;         /* whose value comes */
	/* the object that is being gathered */
	struct piece piece;
	bool kind_told;
	uint32_t keys;
	struct buffer texts;
	size_t begins[PIECE_TELLING], lengths[PIECE_TELLING];
};

static bool fault(struct json_document *document, uint64_t line, uint64_t column, const char *text)
{
	return document_fault(document->sink.fault, line, column, "%s", text);
}

static struct json_level *level(struct json_document *document)
{
	return &document->levels[document->depth - 1];
}

/* Everything before its parts, or all of it, is known. */
static bool piece_open(struct json_document *document)
{
	struct piece *piece = &document->piece;
	struct json_level *object = level(document);
	enum piece_kind parent = document->depth > 1 ? document->levels[document->depth - 2].kind : PIECE_DOCUMENT;
	if (!document->kind_told) {
		if (parent != PIECE_SEGMENT && (document->keys & UINT32_C(1) << PIECE_ID) == 0)
			return fault(document, piece->line, piece->column, "an object needs its kind, or an id if it is a segment");
		piece->kind = parent == PIECE_SEGMENT ? PIECE_ELEMENT : PIECE_SEGMENT;
	}
	if (!piece_allowed(document->sink.fault, piece, parent, document->keys))
		return false;
	memset(piece->values, 0, sizeof(piece->values));
	for (unsigned key = 0; key < PIECE_TELLING && document->keys >> key != 0; key++) {
		bool there = (document->keys & UINT32_C(1) << key) != 0;
		piece->values[key] = there ? (struct slice){ document->texts.ptr + document->begins[key], document->lengths[key] }
			: SLICE_NONE;
		if (there && document->lengths[key] == 0)
			piece->values[key] = SLICE("");
	}
	object->kind = piece->kind;
	object->opened = true;
	return document->sink.open(document->sink.data, piece);
}

static bool level_push(struct json_document *document, bool list, enum piece_kind kind)
{
	document->levels[document->depth++] = (struct json_level){ .list = list, .kind = kind };
	return true;
}

/* One more stands in the list at hand: which repetition, which component is it? */
static void place_take(struct json_document *document)
{
	struct json_level *list = document->depth == 0 ? NULL : level(document);
	document->piece.repetition = document->piece.component = 0;
	if (list == NULL || list->nested == 0)
		return;
	list->count++;
	document->piece.repetition = list->nested == 1 ? list->count : list[-1].count;
	document->piece.component = list->nested == 1 ? 1 : list->count;
}

/* A text among the parts of a segment is an element. */
static bool element_take(struct json_document *document, struct slice text, uint64_t line, uint64_t column)
{
	struct piece *piece = &document->piece;
	place_take(document);
	memset(piece->values, 0, sizeof(piece->values));
	piece->kind = PIECE_ELEMENT;
	piece->line = line;
	piece->column = column;
	piece->values[PIECE_VALUE] = text.len > 0 ? text : SLICE("");
	return document->sink.open(document->sink.data, piece) &&
	       document->sink.close(document->sink.data, PIECE_ELEMENT, line, column);
}

static bool nested_begin(struct json_document *document, uint64_t line, uint64_t column)
{
	struct json_level *outer = level(document);
	if (outer->kind != PIECE_SEGMENT || outer->nested == 2)
		return fault(document, line, column, "lists inside one another are an element's repetitions and their components");
	outer->count += outer->nested == 1;
	level_push(document, true, PIECE_SEGMENT);
	level(document)->nested = outer->nested + 1;
	return true;
}

static bool array_end(struct json_document *document, uint64_t line, uint64_t column)
{
	struct json_level *list = level(document);
	if (list->nested > 0 && list->count == 0)
		return fault(document, line, column, "this list of an element's parts is empty: \"\" is one that has no value");
	document->depth--;
	document->key = KEY_NONE;
	return true;
}

static bool object_begin(struct json_document *document, uint64_t line, uint64_t column)
{
	bool place = document->depth == 0 || level(document)->list;
	if (!place)
		return fault(document, line, column, "an object can stand among parts only");
	place_take(document);
	document->piece.line = line;
	document->piece.column = column;
	document->kind_told = false;
	document->keys = 0;
	buffer_reset(&document->texts);
	document->key = KEY_NONE;
	return level_push(document, false, PIECE_KINDS);
}

static bool object_end(struct json_document *document, uint64_t line, uint64_t column)
{
	struct json_level *object = level(document);
	if (!object->opened && !piece_open(document))
		return false;
	enum piece_kind kind = object->kind;
	document->depth--;
	return document->sink.close(document->sink.data, kind, line, column);
}

static bool array_begin(struct json_document *document, uint64_t line, uint64_t column)
{
	if (document->depth == 0)
		return level_push(document, true, PIECE_DOCUMENT);
	struct json_level *object = level(document);
	if (object->list)
		return nested_begin(document, line, column);
	if (document->key != KEY_PARTS)
		return fault(document, line, column, "an array can only be the value of parts");
	if (!piece_open(document))
		return false;
	return level_push(document, true, object->kind);
}

static bool key_take(struct json_document *document, struct slice text, uint64_t line, uint64_t column)
{
	struct json_level *object = level(document);
	document->key = slice_is(text, "kind") ? KEY_KIND : slice_is(text, "parts") ? KEY_PARTS : (unsigned)piece_key_of(text);
	if (document->key == PIECE_KEYS)
		return fault(document, line, column, "this key is none that a document of X12 has");
	if (document->key == KEY_PARTS && object->parts)
		return fault(document, line, column, "parts stands here a second time");
	object->parts = object->parts || document->key == KEY_PARTS;
	if (object->opened && (document->key == KEY_KIND || document->key < PIECE_TELLING))
		return document_fault(document->sink.fault, line, column, "%.*s stands behind parts, where it is too late",
			SLICE_ARG(text));
	if (document->key >= PIECE_KEYS || object->opened)
		return true;
	if ((document->keys & UINT32_C(1) << document->key) != 0)
		return document_fault(document->sink.fault, line, column, "%.*s stands here a second time", SLICE_ARG(text));
	return true;
}

static bool kind_take(struct json_document *document, struct slice text, uint64_t line, uint64_t column)
{
	document->piece.kind = piece_kind_of(text);
	if (document->piece.kind == PIECE_KINDS || document->piece.kind == PIECE_DOCUMENT)
		return fault(document, line, column, "expected interchange, group, set, loop, segment, element, text or missing");
	if (document->kind_told)
		return fault(document, line, column, "kind stands here a second time");
	document->kind_told = true;
	return true;
}

static bool scalar_take(struct json_document *document, struct slice text, uint64_t line, uint64_t column)
{
	if (document->depth == 0 || level(document)->list)
		return fault(document, line, column, "expected an object");
	if (document->key == KEY_PARTS)
		return fault(document, line, column, "the value of parts is an array");
	if (document->key == KEY_KIND)
		return kind_take(document, text, line, column);
	if (level(document)->opened)
		return true;
	document->keys |= UINT32_C(1) << document->key;
	if (document->key >= PIECE_TELLING)
		return true;
	document->begins[document->key] = document->texts.len;
	document->lengths[document->key] = text.len;
	buffer_slice(&document->texts, text);
	return !document->texts.failed || fault(document, line, column, "the object's texts are too long");
}

static bool take(void *data, enum json_token token, struct slice text, uint64_t line, uint64_t column)
{
	struct json_document *document = data;
	switch (token) {
	case JSON_OBJECT:
		return object_begin(document, line, column);
	case JSON_OBJECT_END:
		return object_end(document, line, column);
	case JSON_ARRAY:
		return array_begin(document, line, column);
	case JSON_ARRAY_END:
		return array_end(document, line, column);
	case JSON_KEY:
		return key_take(document, text, line, column);
	case JSON_STRING:
		if (document->depth > 0 && level(document)->list && level(document)->kind == PIECE_SEGMENT)
			return element_take(document, text, line, column);
		return scalar_take(document, text, line, column);
	case JSON_NUMBER:
		return scalar_take(document, text, line, column);
	case JSON_TRUE:
		return scalar_take(document, SLICE("yes"), line, column);
	case JSON_FALSE:
	case JSON_NULL: /* as if the key were not there */
		return document->depth > 0 && !level(document)->list && document->key < PIECE_KEYS
			? true : fault(document, line, column, "expected a text");
	}
	return true;
}

struct json_document *json_document_new(const struct document_sink *sink)
{
	struct json_document *document = calloc(1, sizeof(*document));
	if (document == NULL)
		return NULL;
	document->sink = *sink;
	buffer_init(&document->texts, 2 * (size_t)LIMIT_DOCUMENT_TEXT_BYTES);
	document->reader = json_reader_new(take, document, sink->fault);
	if (document->reader == NULL) {
		free(document);
		return NULL;
	}
	return document;
}

void json_document_free(struct json_document *document)
{
	if (document == NULL)
		return;
	json_reader_free(document->reader);
	buffer_done(&document->texts);
	free(document);
}

bool json_document_feed(struct json_document *document, struct slice bytes)
{
	return json_reader_feed(document->reader, bytes);
}

bool json_document_end(struct json_document *document)
{
	return json_reader_end(document->reader);
}
