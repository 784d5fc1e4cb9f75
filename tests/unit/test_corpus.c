/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Files of other people, where they are at hand (PCCM_CORPUS, else ../shared/corpus): published
 * samples of the shipped guides are accepted, and no file is read differently in small chunks.
 */
#include "tests/unit/unit.h"
#include "tests/unit/x12_support.h"

#include <ftw.h>
#include <glob.h>

static const char *corpus(void)
{
	const char *path = getenv("PCCM_CORPUS");
	return path != NULL ? path : "../shared/corpus";
}

static bool file_read(struct buffer *out, const char *path)
{
	char piece[4096];
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return false;
	size_t len;
	while ((len = fread(piece, 1, sizeof(piece), file)) > 0)
		buffer_put(out, piece, len);
	(void)fclose(file);
	return true;
}

static void print_refusing(void *data, const struct finding *finding)
{
	if (finding->severity == SEVERITY_REFUSE)
		printf("%s: %s at %s %d\n", (const char *)data, finding_kind(finding->code)->name, finding->segment_id,
			(int)finding->place.segment);
}

static void test_published(void)
{
	static const char *const guides[] = { "X220", "X221", "X231", "X279" };
	size_t files = 0;
	for (size_t i = 0; i < COUNT_OF(guides); i++) {
		char pattern[512];
		glob_t found;
		(void)snprintf(pattern, sizeof(pattern), "%s/kputnam_stupidedi/spec/fixtures/005010/%s*/pass/*.edi", corpus(), guides[i]);
		CU_ASSERT_FATAL(glob(pattern, 0, NULL, &found) == 0);
		for (size_t k = 0; k < found.gl_pathc; k++) {
			struct buffer text;
			struct x12_sink sink = { .finding = print_refusing, .data = found.gl_pathv[k] };
			buffer_init(&text, 0);
			CU_ASSERT(file_read(&text, found.gl_pathv[k]));
			struct x12_totals totals = x12_run(buffer_view(&text), 0, 3, &sink);
			CU_ASSERT(totals.refusing == 0 && totals.sets > 0 && !totals.failed);
			buffer_done(&text);
			files++;
		}
		globfree(&found);
	}
	CU_ASSERT(files >= 23);
}

static size_t walked;

static int file_walk(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)where;
	if (kind != FTW_F)
		return 0;
	struct buffer text, out;
	buffer_init(&text, 0);
	buffer_init(&out, 0);
	CU_ASSERT(file_read(&text, path));
	CU_ASSERT(x12_same(&out, buffer_view(&text), 5, "iefr"));
	CU_ASSERT(!x12_has(&out, "failed 1"));
	buffer_done(&text);
	buffer_done(&out);
	walked++;
	return 0;
}

static void test_all(void)
{
	CU_ASSERT(nftw(corpus(), file_walk, 16, FTW_PHYS) == 0);
	CU_ASSERT(walked >= 226);
}

static const struct unit_case cases[] = {
	{ "published samples of the shipped guides are accepted", test_published },
	{ "every file is read the same whole and in chunks of 1 to 5", test_all },
};

int main(void)
{
	struct buffer text;
	char path[512];
	buffer_init(&text, 0);
	(void)snprintf(path, sizeof(path), "%s/INDEX.tsv", corpus());
	bool there = file_read(&text, path);
	buffer_done(&text);
	if (!there) {
		printf("skip corpus: no files at %s\n", corpus());
		return 0;
	}
	return UNIT_RUN("corpus", cases);
}
