/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * program: a program file from disk to a struct program, and what may be asked of it.
 *
 * Read whole (LIMIT_XML_BYTES), hash, parse, check against program.rng, compile.  A DOCTYPE
 * stops the parser at once: entities are the one part of XML that can make much from
 * little or fetch what nobody asked for.  The parser never opens a file or a socket.
 * Every failure names file and line.
 */
#include "base/xml_lazy.h"
#include "rules/internal.h"

#include <errno.h>
#include <libxml/parser.h>
#include <libxml/relaxng.h>

static bool file_read(struct buffer *out, const char *path, struct failure *failure)
{
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return failure_set(failure, "%s: could not be opened: %s", path, strerror(errno));
	char chunk[4096];
	size_t got;
	while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buffer_put(out, chunk, got);
	bool broken = ferror(file) != 0;
	fclose(file);
	if (broken)
		return failure_set(failure, "%s: could not be read", path);
	if (out->failed)
		return failure_set(failure,
			"%s: is larger than %d bytes, which is the most that a program file may have", path,
			LIMIT_XML_BYTES);
	return true;
}

/* Of the program file, and of the table that it names: a verdict is to be told from one by another table. */
static bool file_hash(char hex[65], struct slice bytes, struct slice more, const char *path, struct failure *failure)
{
	struct sha256 hash;
	unsigned char digest[SHA256_BYTES];
	bool fine = sha256_init(&hash);
	if (fine) {
		sha256_add(&hash, bytes.ptr, bytes.len);
		if (more.len > 0)
			sha256_add(&hash, more.ptr, more.len);
		fine = sha256_end(&hash, digest);
		sha256_done(&hash);
	}
	if (!fine)
		return failure_set(failure, "%s: no memory for its hash", path);
	sha256_hex(hex, digest);
	return true;
}

/* The table of centroids lies where the program file says, seen from its folder. */
static bool table_read(struct buffer *out, struct program *program, const char *path, struct failure *failure)
{
	struct slice name = program->centroid_file;
	const char *slash = strrchr(path, '/');
	if (name.len == 0)
		return true;
	size_t folder = slash == NULL || name.ptr[0] == '/' ? 0 : (size_t)(slash - path) + 1;
	struct slice whole = arena_format(&program->arena, "%.*s%.*s", (int)folder, path, SLICE_ARG(name));
	if (whole.len != folder + name.len) /* arena_format cuts what is too long */
		return failure_set(failure, "%s: the path of its table of centroids is too long: %.*s", path, SLICE_ARG(name));
	return file_read(out, whole.ptr, failure) && centroids_read(program, buffer_view(out), whole.ptr, failure);
}

struct complaint { /* the first thing that libxml2 had to say and could place in the file */
	int line;
	char text[256];
	struct mistakes *mistakes; /* all of them; NULL: nobody asks */
};

static void complaint_take(struct complaint *complaint, const xmlError *from)
{
	if (complaint->line > 0 || from == NULL || from->message == NULL)
		return;
	complaint->line = from->line;
	slice_copy(complaint->text, sizeof(complaint->text), slice_trim(slice_of(from->message)));
}

static void schema_complains(void *data, xmlErrorPtr from)
{
	struct complaint *complaint = data;
	complaint_take(complaint, from);
	if (complaint->mistakes != NULL && from != NULL && from->line > 0)
		mistake_schema(complaint->mistakes, from);
}

static void doctype_seen(void *data, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
	(void)name, (void)public_id, (void)system_id;
	xmlParserCtxtPtr parser = data;
	struct complaint *complaint = parser->_private;
	if (parser->input != NULL)
		complaint->line = parser->input->line;
	slice_copy(complaint->text, sizeof(complaint->text),
		SLICE("has a document type declaration, which a program file must not have"));
	xmlStopParser(parser);
}

static xmlDocPtr document_parse(struct slice bytes, const char *path, struct mistakes *mistakes, struct failure *failure)
{
	struct complaint complaint = { 0 };
	xmlDocPtr document = NULL;
	if (!xml_load(failure))
		return NULL;
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	if (parser == NULL) {
		failure_set(failure, "%s: no memory to parse it", path);
		return NULL;
	}
	parser->_private = &complaint;
	parser->sax->internalSubset = doctype_seen;
	/* the size was checked by file_read, so it fits an int */
	document = xmlCtxtReadMemory(parser, bytes.ptr == NULL ? "" : bytes.ptr, (int)bytes.len, path, NULL,
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
	if (complaint.text[0] == '\0' && (document == NULL || !parser->wellFormed)) {
		complaint_take(&complaint, xmlCtxtGetLastError(parser));
		if (complaint.text[0] == '\0')
			slice_copy(complaint.text, sizeof(complaint.text), SLICE("is not XML"));
	}
	if (complaint.text[0] != '\0') {
		if (mistakes != NULL)
			mistake_add(mistakes, complaint.line, "%s", complaint.text);
		failure_set(failure, "%s:%d: %s", path, complaint.line, complaint.text);
		xmlFreeDoc(document);
		document = NULL;
	}
	xmlFreeParserCtxt(parser);
	return document;
}

static bool document_check(xmlDocPtr document, const char *path, struct mistakes *mistakes, struct failure *failure)
{
	struct complaint complaint = { .mistakes = mistakes };
	bool fine = false;
	xmlRelaxNGPtr schema = NULL;
	xmlRelaxNGValidCtxtPtr check = NULL;
	xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewMemParserCtxt(
		(const char *)rules_program_rng, (int)rules_program_rng_size);
	if (parser != NULL) {
		xmlRelaxNGSetParserStructuredErrors(parser, schema_complains, &complaint);
		schema = xmlRelaxNGParse(parser);
	}
	if (schema != NULL)
		check = xmlRelaxNGNewValidCtxt(schema);
	if (check == NULL) {
		failure_set(failure, "%s: no memory to check it", path);
		goto out;
	}
	complaint = (struct complaint){ .mistakes = mistakes };
	xmlRelaxNGSetValidStructuredErrors(check, schema_complains, &complaint);
	fine = xmlRelaxNGValidateDoc(check, document) == 0;
	if (!fine)
		failure_set(failure, "%s:%d: does not follow program.rng: %s", path, complaint.line, complaint.text);
out:
	xmlRelaxNGFreeValidCtxt(check);
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(parser);
	return fine;
}

/* *document, if it is asked for, is the caller's to free. */
static struct program *program_take(const char *path, struct mistakes *mistakes, xmlDocPtr *kept, struct failure *failure)
{
	struct buffer bytes, table;
	xmlDocPtr document = NULL;
	struct program *program = NULL, *out = NULL;
	buffer_init(&bytes, LIMIT_XML_BYTES);
	buffer_init(&table, LIMIT_XML_BYTES);
	if (!file_read(&bytes, path, failure))
		goto out;
	program = calloc(1, sizeof(*program));
	if (program == NULL) {
		failure_set(failure, "%s: no memory for it", path);
		goto out;
	}
	arena_init(&program->arena, 0);
	document = document_parse(buffer_view(&bytes), path, mistakes, failure);
	if (document == NULL || !document_check(document, path, mistakes, failure))
		goto out;
	if (!program_compile(program, xmlDocGetRootElement(document), path, mistakes, failure) || !table_read(&table, program, path, failure) ||
		!file_hash(program->hash, buffer_view(&bytes), buffer_view(&table), path, failure))
		goto out;
	out = program;
	program = NULL;
	if (kept != NULL) {
		*kept = document;
		document = NULL;
	}
out:
	program_free(program);
	if (document != NULL)
		xmlFreeDoc(document);
	buffer_done(&bytes);
	buffer_done(&table);
	return out;
}

struct program *program_read(const char *path, struct failure *failure)
{
	return program_take(path, NULL, NULL, failure);
}

bool program_mistakes(struct mistake *out, uint64_t *count, const char *path, struct failure *failure)
{
	struct mistakes *mistakes = calloc(1, sizeof(*mistakes));
	*count = 0;
	if (mistakes == NULL)
		return failure_set(failure, "%s: no memory to check it", path);
	struct program *program = program_take(path, mistakes, NULL, failure);
	bool read = program != NULL || mistakes->count > 0;
	program_free(program);
	mistakes_sort(mistakes);
	for (size_t i = 0; i < mistakes->count; i++)
		out[i] = mistakes->items[i];
	*count = mistakes->count + mistakes->more;
	free(mistakes);
	return read;
}

bool program_statements(struct statement **out, size_t *count, struct arena *arena, const char *path, struct failure *failure)
{
	xmlDocPtr document = NULL;
	struct program *program = program_take(path, NULL, &document, failure);
	if (program == NULL)
		return false;
	bool done = statements_of(out, count, arena, xmlDocGetRootElement(document)) || failure_set(failure, "%s: no memory for its words", path);
	program_free(program);
	xmlFreeDoc(document);
	return done;
}

void program_free(struct program *program)
{
	if (program == NULL)
		return;
	arena_done(&program->arena);
	free(program);
}

/* ------------------------------------------------------------------- asked of it */

const char *program_id(const struct program *program)
{
	return program->id;
}

struct slice program_name(const struct program *program)
{
	return program->name;
}

const char *program_hash(const struct program *program)
{
	return program->hash;
}

days program_opens(const struct program *program)
{
	return program->opens;
}

days program_closes(const struct program *program)
{
	return program->closes;
}

const struct payer *program_payer(const struct program *program)
{
	return &program->payer;
}

size_t program_stream_count(const struct program *program)
{
	return program->stream_count;
}

const char *program_stream(const struct program *program, size_t index)
{
	return program->streams[index].id;
}

bool program_stream_frozen(const struct program *program, size_t index)
{
	return program->streams[index].count == COUNT_FIRST_DAY && program->streams[index].period == 1;
}

bool program_stream_prospective(const struct program *program, size_t index)
{
	return program->streams[index].prospective;
}

const struct payout_codes *program_payout(const struct program *program, const char *stream)
{
	for (size_t i = 0; stream != NULL && i < program->stream_count; i++)
		if (strcmp(program->streams[i].id, stream) == 0)
			return &program->streams[i].payout;
	for (size_t i = 0; stream != NULL && i < program->lump_count; i++)
		if (strcmp(program->lumps[i].id, stream) == 0)
			return &program->lumps[i].payout;
	return &program->streams[0].payout;
}

size_t program_fund_count(const struct program *program)
{
	return program->fund_count;
}

void program_fund(struct slice *code, struct slice *text, const struct program *program, size_t index)
{
	*code = program->funds[index].code;
	*text = program->funds[index].name;
}

const struct roster_name *program_roster(const struct program *program, enum roster_report report)
{
	return &program->rosters[report];
}

days program_hold_days(const struct program *program)
{
	return program->hold_days;
}

struct slice program_established(const struct program *program)
{
	return program->established_code;
}

int program_adult_years(const struct program *program)
{
	return program->adult_years;
}

const struct answer_rules *program_answers(const struct program *program)
{
	return &program->answers;
}
