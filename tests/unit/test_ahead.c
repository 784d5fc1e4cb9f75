/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * ahead: with several threads at one file, everything that is told of it is what one thread tells.
 */
#include "exchange/exchange.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <glob.h>
#include <unistd.h>
#include <zlib.h>

#define SAMPLE "samples/2010-01/2009-12-22-834-full.x12"

struct told {
	struct buffer out;
	uint64_t bytes;
	uint64_t jumped; /* bytes that somebody else read */
};

static void tell_reckoning(struct told *told, const struct reckoning *r)
{
	buffer_format(&told->out, " %llu=%llu+%llu+%llu", (unsigned long long)r->received, (unsigned long long)r->accepted,
		(unsigned long long)r->aside, (unsigned long long)r->refused);
}

static void tell_findings(struct told *told, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		finding_put_json(&told->out, &findings->items[i], "file", true);
		buffer_char(&told->out, '\n');
	}
	buffer_format(&told->out, "total %llu refusing %llu contained %llu", (unsigned long long)findings->total,
		(unsigned long long)findings->refusing, (unsigned long long)findings->contained);
	for (unsigned code = 0; findings->total > 0 && code < FINDING_CODES; code++)
		if (findings->by_code[code] > 0)
			buffer_format(&told->out, " %s %llu", finding_kind((enum finding_code)code)->name,
				(unsigned long long)findings->by_code[code]);
}

static bool on_set_end(void *data, struct flow *flow, struct set_verdict *verdict)
{
	struct told *told = data;
	(void)flow;
	tell_findings(told, &verdict->findings);
	buffer_format(&told->out, " set %s %c", verdict->header.control, (int)verdict->ack);
	tell_reckoning(told, &verdict->units_reckoned);
	tell_reckoning(told, &verdict->segments_reckoned);
	buffer_char(&told->out, '\n');
	return true;
}

static bool on_group_end(void *data, struct flow *flow, const struct group_verdict *verdict)
{
	struct told *told = data;
	(void)flow;
	tell_findings(told, &verdict->findings);
	buffer_format(&told->out, " group %c %llu %llu", (int)verdict->ack, (unsigned long long)verdict->sets_received,
		(unsigned long long)verdict->sets_accepted);
	tell_reckoning(told, &verdict->units_reckoned);
	tell_reckoning(told, &verdict->segments_reckoned);
	buffer_char(&told->out, '\n');
	return true;
}

static bool on_interchange_end(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char hash[SHA256_BYTES])
{
	struct told *told = data;
	(void)flow;
	(void)hash;
	tell_findings(told, &verdict->findings);
	buffer_format(&told->out, " interchange %c %s %llu bytes %llu segments", verdict->ack, verdict->note,
		(unsigned long long)verdict->bytes, (unsigned long long)verdict->segments);
	tell_reckoning(told, &verdict->units_reckoned);
	tell_reckoning(told, &verdict->segments_reckoned);
	buffer_char(&told->out, '\n');
	return true;
}

static bool on_stray(void *data, struct flow *flow, const struct finding *finding)
{
	struct told *told = data;
	(void)flow;
	finding_put_json(&told->out, finding, "file", true);
	return true;
}

static void on_bytes(void *data, struct slice bytes)
{
	struct told *told = data;
	told->bytes += bytes.len;
	told->jumped += bytes.ptr == NULL ? bytes.len : 0;
}

static void check(struct told *told, const char *path, int level, unsigned jobs, uint64_t stretch)
{
	struct failure failure = { "" };
	const struct flow_handler handler = { .data = told, .level = level, .jobs = jobs, .stretch = stretch, .bytes = on_bytes,
		.set_end = on_set_end, .group_end = on_group_end, .interchange_end = on_interchange_end, .stray = on_stray };
	struct source *source = source_open(path, &failure);
	CU_ASSERT_PTR_NOT_NULL_FATAL(source);
	CU_ASSERT(flow_run(source, &handler, &failure));
	source_close(source);
	buffer_format(&told->out, "%llu bytes\n", (unsigned long long)told->bytes);
}

/* Is it the same with `jobs` threads?  Gives the bytes that the judge did not read. */
static uint64_t same(const char *path, int level, unsigned jobs, uint64_t stretch)
{
	struct told one = { .bytes = 0 }, many = { .bytes = 0 };
	buffer_init(&one.out, 0);
	buffer_init(&many.out, 0);
	check(&one, path, level, 1, 0);
	check(&many, path, level, jobs, stretch);
	bool equal = slice_equal(buffer_view(&one.out), buffer_view(&many.out));
	if (!equal)
		printf("%s, level %d, %u jobs, stretches of %u:\n%.*s\n--- instead of\n%.*s\n", path, level, jobs, (unsigned)stretch,
			SLICE_ARG(buffer_view(&many.out)), SLICE_ARG(buffer_view(&one.out)));
	CU_ASSERT(equal);
	buffer_done(&one.out);
	buffer_done(&many.out);
	return many.jumped;
}

static uint64_t same_of(const char *pattern)
{
	uint64_t jumped = 0;
	glob_t found;
	CU_ASSERT_FATAL(glob(pattern, 0, NULL, &found) == 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		jumped += same(found.gl_pathv[i], 5, 2, 60);
		jumped += same(found.gl_pathv[i], 3, 3, 400);
	}
	globfree(&found);
	return jumped;
}

static void golden_files(void)
{
	(void)same_of("tests/golden/*/*.edi");
	CU_ASSERT(same_of("samples/*/*.x12") > 0);
}

/* ---- files that are made here ----------------------------------------------------------------------- */

static char made[] = "/tmp/pccm-ahead-XXXXXX";

static void file_put(struct slice bytes)
{
	int file = open(made, O_WRONLY | O_TRUNC | O_CLOEXEC);
	CU_ASSERT_FATAL(file >= 0);
	CU_ASSERT_FATAL(write(file, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
	close(file);
}

static void text_read(struct buffer *out, const char *path)
{
	char piece[4096];
	FILE *file = fopen(path, "rb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	for (size_t len = fread(piece, 1, sizeof(piece), file); len > 0; len = fread(piece, 1, sizeof(piece), file))
		buffer_put(out, piece, len);
	(void)fclose(file);
}

/* A byte changed, lost or put somewhere, or a segment twice, wherever it is. */
static void mutants(void)
{
	struct buffer text, mutant;
	struct random random;
	random_seed(&random, 834);
	buffer_init(&text, 0);
	buffer_init(&mutant, 0);
	text_read(&text, SAMPLE);
	for (unsigned i = 0; i < 120; i++) {
		size_t at = random_below(&random, (uint32_t)text.len);
		size_t from = at;
		while (from > 0 && text.ptr[from - 1] != '~')
			from--;
		unsigned way = random_below(&random, 4);
		buffer_reset(&mutant);
		buffer_put(&mutant, text.ptr, at);
		if (way == 0)
			buffer_char(&mutant, text.ptr[random_below(&random, (uint32_t)text.len)]);
		if (way == 1)
			buffer_text(&mutant, "~INS*Y*18*030~");
		if (way == 2)
			buffer_put(&mutant, text.ptr + from, text.len - from < 200 ? text.len - from : 200);
		buffer_put(&mutant, text.ptr + at + (way == 3 ? 1 : 0), text.len - at - (way == 3 ? 1 : 0));
		file_put(buffer_view(&mutant));
		(void)same(made, 5, 2, 1 + random_below(&random, 9000));
	}
	buffer_done(&text);
	buffer_done(&mutant);
}

/* The sums of an 835 go over all of its claims, and stop being right at one of them. */
static void claims(struct buffer *out, unsigned count, unsigned wrong, const char *between)
{
	buffer_reset(out);
	buffer_text(out, "ISA*00*          *00*          *ZZ*LANTERN        *ZZ*CTDSS          *100310*0930*^*00501*000000001*0*T*:~\n"
		"GS*HP*LANTERN*CTDSS*20100310*0930*1*X*005010X221A1~\nST*835*0001~\n");
	buffer_format(out, "BPR*I*%u*C*ACH*CCP*01*011900254*DA*1*1234567890**01*011900254*DA*2*20100310~\n", count * 80);
	buffer_text(out, "TRN*1*12345*1234567890~\nDTM*405*20100310~\nN1*PR*STATE*XV*CTXIX~\nN3*1 MAIN*~\nN4*HARTFORD*CT*06101~\n"
		"PER*BL*DESK*TE*8605550100~\nN1*PE*LANTERN*XX*1245319599~\nLX*1~\n");
	for (unsigned i = 1; i <= count; i++) {
		buffer_format(out, "CLP*A%u*1*100*%u**MC*%u*11~\nCAS*CO*45*20~\nNM1*QC*1*DOE*JANE****MI*91000%04u~\nDTM*232*20100301~\n",
			i, i == wrong ? 81U : 80U, i, i);
		if (i == count / 2)
			buffer_text(out, between);
	}
	buffer_format(out, "SE*%u*0001~\nGE*1*1~\nIEA*1*000000001~\n", 12 + 4 * count);
}

static void sums(void)
{
	struct buffer text;
	uint64_t jumped = 0;
	buffer_init(&text, 0);
	for (unsigned wrong = 0; wrong < 900; wrong += 299) {
		claims(&text, 900, wrong, wrong == 299 ? "LX*2~\n" : "");
		file_put(buffer_view(&text));
		jumped += same(made, 5, 2, 3000);
		jumped += same(made, 2, 4, 500);
	}
	CU_ASSERT(jumped > 0);
	buffer_done(&text);
}

/* What stands before the members may change what is asked of them; and another set may come while some are looked at. */
static void sets(void)
{
	struct buffer text, one;
	struct slice whole;
	buffer_init(&text, 0);
	buffer_init(&one, 0);
	text_read(&one, SAMPLE);
	whole = buffer_view(&one);
	const char *begin = memmem(whole.ptr, whole.len, "ST*834", 6), *end = memmem(whole.ptr, whole.len, "GE*", 3);
	CU_ASSERT_FATAL(begin != NULL && end != NULL);
	buffer_put(&text, whole.ptr, (size_t)(begin - whole.ptr));
	for (unsigned i = 0; i < 4; i++) {
		size_t from = text.len;
		buffer_put(&text, begin, (size_t)(end - begin));
		char *code = memmem(text.ptr + from, text.len - from, "BGN*00", 6);
		CU_ASSERT_FATAL(code != NULL);
		code[5] = i % 2 == 0 ? '0' : '5';
	}
	buffer_put(&text, end, (size_t)(whole.ptr + whole.len - end));
	buffer_slice(&text, whole);
	file_put(buffer_view(&text));
	CU_ASSERT(same(made, 5, 2, 4000) > 0);
	CU_ASSERT(same(made, 4, 3, 20000) > 0);
	buffer_done(&one);
	buffer_done(&text);
}

/* Whole, twice, cut off, and with a byte that its checksum does not know. */
static void packed(void)
{
	struct buffer text, gzip;
	static unsigned char room[256 * 1024];
	buffer_init(&text, 0);
	buffer_init(&gzip, 0);
	text_read(&text, SAMPLE);
	gzFile out = gzopen(made, "wb");
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT(gzwrite(out, text.ptr, (unsigned)text.len) == (int)text.len);
	gzclose(out);
	text_read(&gzip, made);
	CU_ASSERT_FATAL(gzip.len > 100 && 2 * gzip.len < sizeof(room));
	for (unsigned pieces = 1; pieces <= 4000; pieces = 3 * pieces + 1) {
		memcpy(room, gzip.ptr, gzip.len);
		memcpy(room + gzip.len, gzip.ptr, gzip.len);
		file_put((struct slice){ (const char *)room, gzip.len });
		(void)same(made, 5, 2, pieces);
		file_put((struct slice){ (const char *)room, 2 * gzip.len });
		(void)same(made, 5, 2, pieces);
		file_put((struct slice){ (const char *)room, gzip.len - 1000 });
		(void)same(made, 5, 2, pieces);
		room[gzip.len - 5] ^= 1;
		file_put((struct slice){ (const char *)room, 2 * gzip.len });
		(void)same(made, 5, 2, pieces);
	}
	buffer_done(&text);
	buffer_done(&gzip);
}

int main(void)
{
	static const struct unit_case cases[] = {
		{ "golden files and samples", golden_files },
		{ "members with one mistake somewhere", mutants },
		{ "sums over claims", sums },
		{ "several sets and interchanges", sets },
		{ "compressed files, unpacked by a thread of its own", packed },
	};
	int file = mkstemp(made);
	if (file < 0)
		return 1;
	close(file);
	int status = UNIT_RUN("ahead", cases);
	(void)unlink(made);
	return status;
}
