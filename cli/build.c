/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * build: the JSON or XML that `pccm show` prints, back to X12.
 */
#include "cli/cli.h"

#define FLUSH_BYTES (256 * 1024)

struct building {
	struct buffer out;
	struct document_fault fault;
	struct builder *builder;
	struct document *document;
};

static bool flush_when(struct building *building, size_t bytes, struct failure *failure)
{
	if (builder_failed(building->builder))
		return failure_set(failure, "could not build: out of memory");
	return print_when(&building->out, bytes, failure);
}

/* False: a failure.  What is wrong with the document stands in its fault. */
static bool read_document(struct building *building, struct source *source, struct failure *failure)
{
	for (;;) {
		struct slice chunk;
		if (!source_read(source, &chunk, failure))
			return false;
		if (chunk.len == 0) {
			if (document_end(building->document))
				builder_end(building->builder);
			return flush_when(building, 1, failure);
		}
		if (!document_feed(building->document, chunk))
			return true;
		if (!flush_when(building, FLUSH_BYTES, failure))
			return false;
	}
}

static int build(struct building *building, const char *path)
{
	struct failure failure = { "" };
	struct source *source = source_open(path, &failure);
	bool done = source != NULL && read_document(building, source, &failure);
	const struct document_fault *fault = &building->fault;
	source_close(source);
	if (!done) {
		complain("%s", failure.text);
		return EXIT_FAILED;
	}
	if (fault->text[0] == '\0')
		return EXIT_CLEAN;
	complain("%s:%llu:%llu: %s", source_name(path), (unsigned long long)fault->line, (unsigned long long)fault->column, fault->text);
	return EXIT_FINDINGS;
}

static int run(const struct arguments *arguments)
{
	struct building building = { .document = NULL };
	int status = EXIT_FAILED;
	buffer_init(&building.out, 0);
	building.builder = builder_new(&building.out, &building.fault);
	if (building.builder != NULL) {
		struct document_sink sink = builder_sink(building.builder);
		building.document = document_new(&sink);
	}
	if (building.document != NULL)
		status = build(&building, arguments->files[0]);
	else
		complain("could not begin to build: out of memory");
	document_free(building.document);
	builder_free(building.builder);
	buffer_done(&building.out);
	return status;
}

const struct command command_build = {
	.name = "build",
	.summary = "X12 from the JSON or XML that show prints",
	.usage = "pccm build FILE",
	.about = "Reads what pccm show --show-values prints with --format json or xml, and prints X12: byte for byte the file\n"
		 "that was shown, or what was made of it since. Trailers that are left out, and counts and control numbers in\n"
		 "them, are computed. What cannot be built is told with line and column; what is printed until then is not\n"
		 "whole, and the exit status says so (1). Check the result with pccm check.",
	.example = "pccm build members.json",
	.files_min = 1,
	.files_max = 1,
	.run = run,
};
