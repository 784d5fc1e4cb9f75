/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * flow_run on files: what a handler sees, in which order, and what stops the flow.
 */
#include "exchange/exchange.h"
#include "tests/unit/unit.h"

#include <unistd.h>
#include <zlib.h>

#define ISA(control) "ISA*00*          *00*          *ZZ*LANTERN        *ZZ*CTDSS          *100310*0930*^*00501*" control "*0*T*:~"
#define GS(control) "GS*HS*LANTERN*CTDSS*20100310*0930*" control "*X*005010X279A1~"
#define SET(control)                                                                                                   \
	"ST*270*" control "*005010X279A1~BHT*0022*13*TALK*20100310*0930~HL*1**20*1~NM1*PR*2*STATE MEDICAID*****PI*CTXIX~" \
	"HL*2*1*21*1~NM1*1P*2*LANTERN*****XX*1245319599~HL*3*2*22*0~NM1*IL*1******MI*910000015~EQ*30~SE*10*" control "~"
#define GE(count, control) "GE*" count "*" control "~"
#define IEA(count, control) "IEA*" count "*" control "~"
#define GOOD(control) ISA(control) GS("7") SET("0001") SET("0002") GE("2", "7") IEA("1", control)

struct watch {
	char seen[256];          /* a letter a call */
	size_t len;
	char open[8];            /* what is open, outermost first: I G S */
	size_t depth;
	bool torn;               /* a call where it does not belong */
	char stop_at;            /* this call gives false; 0: none does */
	const char *sentence;
	unsigned char hash[4][SHA256_BYTES];
	size_t hashes;
	uint64_t refusing;
};

static bool saw(struct watch *watch, struct flow *flow, char what)
{
	if (watch->len + 1 < sizeof(watch->seen))
		watch->seen[watch->len++] = what;
	if (what != watch->stop_at)
		return true;
	return watch->sentence == NULL ? false : failure_set(flow_failure(flow), "%s", watch->sentence);
}

static bool begin(struct watch *watch, struct flow *flow, char what, size_t depth)
{
	watch->torn = watch->torn || watch->depth != depth;
	if (watch->depth < sizeof(watch->open))
		watch->open[watch->depth++] = what;
	return saw(watch, flow, what);
}

static bool end(struct watch *watch, struct flow *flow, char what, char begun)
{
	watch->torn = watch->torn || watch->depth == 0 || watch->open[watch->depth - 1] != begun;
	if (watch->depth > 0)
		watch->depth--;
	return saw(watch, flow, what);
}

static bool on_interchange(void *data, struct flow *flow, const struct interchange_header *header, enum flow_wish *wish)
{
	(void)header;
	(void)wish;
	return begin(data, flow, 'I', 0);
}

static bool on_group(void *data, struct flow *flow, const struct group_header *group)
{
	(void)group;
	return begin(data, flow, 'G', 1);
}

static bool on_set(void *data, struct flow *flow, const struct set_header *set, const struct guide *guide, enum flow_wish *wish)
{
	(void)set;
	(void)guide;
	(void)wish;
	return begin(data, flow, 'S', 2);
}

static bool on_record(void *data, struct flow *flow, enum record_kind kind, const void *record)
{
	struct watch *watch = data;
	(void)record;
	watch->torn = watch->torn || watch->depth != 3;
	return kind != RECORD_INQUIRY || saw(watch, flow, 'r');
}

static bool on_set_end(void *data, struct flow *flow, struct set_verdict *verdict)
{
	((struct watch *)data)->refusing += verdict->findings.refusing;
	return end(data, flow, 's', 'S');
}

static bool on_group_end(void *data, struct flow *flow, const struct group_verdict *verdict)
{
	((struct watch *)data)->refusing += verdict->findings.refusing;
	return end(data, flow, 'g', 'G');
}

static bool on_interchange_end(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char hash[SHA256_BYTES])
{
	struct watch *watch = data;
	watch->refusing += verdict->findings.refusing;
	if (watch->hashes < COUNT_OF(watch->hash))
		memcpy(watch->hash[watch->hashes++], hash, SHA256_BYTES);
	return end(watch, flow, 'i', 'I');
}

static bool on_stray(void *data, struct flow *flow, const struct finding *finding)
{
	struct watch *watch = data;
	(void)finding;
	watch->torn = watch->torn || watch->depth != 0;
	return saw(watch, flow, '!');
}

/* Through a file: what was seen, and how it ended. */
static bool watch_bytes(struct watch *watch, struct slice bytes, struct failure *failure)
{
	char path[] = "/tmp/test_flow.XXXXXX";
	struct flow_handler handler = { .data = watch, .level = 5, .hash = true, .interchange = on_interchange, .group = on_group, .set = on_set,
		.record = on_record, .set_end = on_set_end, .group_end = on_group_end, .interchange_end = on_interchange_end, .stray = on_stray };
	int fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len);
	close(fd);
	struct source *source = source_open(path, failure);
	CU_ASSERT_FATAL(source != NULL);
	bool done = flow_run(source, &handler, failure);
	source_close(source);
	unlink(path);
	return done;
}

static bool sees(const char *text, const char *expected)
{
	struct watch watch = { .len = 0 };
	struct failure failure = { "" };
	bool done = watch_bytes(&watch, slice_of(text), &failure);
	bool right = done && !watch.torn && watch.depth == 0 && strcmp(watch.seen, expected) == 0;
	if (!right)
		printf("    saw %s, expected %s; torn %d, open %zu, done %d: %s\n", watch.seen, expected, watch.torn, watch.depth, done, failure.text);
	return right;
}

static void test_good(void)
{
	CU_ASSERT(sees(GOOD("000000001"), "IGSrsSrsgi"));
	CU_ASSERT(sees(GOOD("000000001") "\r\n\r\n" GOOD("000000002"), "IGSrsSrsgiIGSrsSrsgi"));
	CU_ASSERT(sees(ISA("000000001") GS("7") SET("0001") GE("1", "7") GS("8") SET("0001") GE("1", "8") IEA("2", "000000001"), "IGSrsgGSrsgi"));
	CU_ASSERT(sees(ISA("000000001") "TA1*000000009*100310*0930*A*000~" IEA("0", "000000001"), "Ii"));
	CU_ASSERT(sees("", "!"));
}

/* Wherever the bytes stop, what was begun is ended. */
static void test_cut(void)
{
	const char *good = GOOD("000000001");
	size_t len = strlen(good), refused = 0, cuts = 0;
	for (size_t at = 1; at + 1 < len; at += 7) {
		struct watch watch = { .len = 0 };
		struct failure failure = { "" };
		CU_ASSERT(watch_bytes(&watch, (struct slice){ good, at }, &failure));
		CU_ASSERT(!watch.torn && watch.depth == 0);
		cuts++;
		refused += watch.refusing > 0 || memchr(watch.seen, '!', watch.len) != NULL;
	}
	CU_ASSERT(cuts > 50 && refused == cuts);
	CU_ASSERT(sees(ISA("000000001") GS("7") "ST*270*0001*005010X279A1~BHT*0022*13*TALK*20100310*0930~", "IGSsgi"));
}

static void test_resynchronised(void)
{
	CU_ASSERT(sees(ISA("000000001") GS("7") SET("0001") GOOD("000000002"), "IGSrsgiIGSrsSrsgi"));
	CU_ASSERT(sees(ISA("000000001") GS("7") SET("0001") GS("8") SET("0001") GE("1", "8") IEA("2", "000000001"), "IGSrsgGSrsgi"));
	struct watch watch = { .len = 0 };
	struct failure failure = { "" };
	CU_ASSERT(watch_bytes(&watch, slice_of("what is this\n" GOOD("000000001")), &failure));
	CU_ASSERT(!watch.torn && watch.depth == 0 && strchr(watch.seen, '!') != NULL && strstr(watch.seen, "IGSrsSrsgi") != NULL);
	watch = (struct watch){ .len = 0 };
	CU_ASSERT(watch_bytes(&watch, slice_of(ISA("000000001") SET("0001") GE("1", "7") "SE*3*0001~" GS("7") SET("0001") GE("1", "7") IEA("1", "000000001")), &failure));
	CU_ASSERT(!watch.torn && watch.depth == 0 && watch.refusing > 0);
}

static void test_stops(void)
{
	const char *calls = "IGSrsgi";
	for (size_t i = 0; i < strlen(calls); i++) {
		struct watch watch = { .stop_at = calls[i], .sentence = "the handler had enough" };
		struct failure failure = { "" };
		CU_ASSERT(!watch_bytes(&watch, slice_of(GOOD("000000001")), &failure));
		CU_ASSERT_STRING_EQUAL(failure.text, "the handler had enough");
		CU_ASSERT(watch.len > 0 && watch.seen[watch.len - 1] == calls[i]); /* and was not called again */
	}
	struct watch quiet = { .stop_at = 'G' };
	struct failure failure = { "" };
	CU_ASSERT(!watch_bytes(&quiet, slice_of(GOOD("000000001")), &failure));
	CU_ASSERT_STRING_EQUAL(failure.text, "");
	struct watch stray = { .stop_at = '!', .sentence = "stray" };
	CU_ASSERT(!watch_bytes(&stray, slice_of("nothing of the kind"), &failure));
	CU_ASSERT_STRING_EQUAL(failure.text, "stray");
}

/* The same segments, each followed by `line_end`. */
static void broken_lines(struct buffer *out, const char *text, const char *line_end)
{
	for (; *text != '\0'; text++) {
		buffer_char(out, *text);
		if (*text == '~')
			buffer_text(out, line_end);
	}
}

static bool hash_of(unsigned char hash[SHA256_BYTES], const char *text, const char *line_end)
{
	struct watch watch = { .len = 0 };
	struct failure failure = { "" };
	struct buffer bytes;
	buffer_init(&bytes, 0);
	broken_lines(&bytes, text, line_end);
	bool done = watch_bytes(&watch, buffer_view(&bytes), &failure) && watch.hashes == 1 && watch.refusing == 0;
	memcpy(hash, watch.hash[0], SHA256_BYTES);
	buffer_done(&bytes);
	return done;
}

static void test_hash(void)
{
	unsigned char plain[SHA256_BYTES], lines[SHA256_BYTES], other[SHA256_BYTES];
	CU_ASSERT(hash_of(plain, GOOD("000000001"), ""));
	CU_ASSERT(hash_of(lines, GOOD("000000001"), "\n"));
	CU_ASSERT(memcmp(plain, lines, SHA256_BYTES) == 0);
	CU_ASSERT(hash_of(lines, GOOD("000000001"), "\r\n"));
	CU_ASSERT(memcmp(plain, lines, SHA256_BYTES) == 0);
	CU_ASSERT(hash_of(other, GOOD("000000002"), ""));
	CU_ASSERT(memcmp(plain, other, SHA256_BYTES) != 0);
	CU_ASSERT(hash_of(other, ISA("000000001") GS("7") SET("0001") GE("1", "7") IEA("1", "000000001"), ""));
	CU_ASSERT(memcmp(plain, other, SHA256_BYTES) != 0);
	/* where in the file the interchange stands does not matter */
	struct watch watch = { .len = 0 };
	struct failure failure = { "" };
	CU_ASSERT(watch_bytes(&watch, slice_of(GOOD("000000009") "\n" GOOD("000000001")), &failure) && watch.hashes == 2);
	CU_ASSERT(memcmp(watch.hash[1], plain, SHA256_BYTES) == 0);
}

static void test_gzip(void)
{
	const char *good = GOOD("000000001");
	static Bytef packed[8192];
	z_stream stream;
	memset(&stream, 0, sizeof(stream));
	CU_ASSERT_FATAL(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	union { const char *text; Bytef *bytes; } in = { good };
	stream.next_in = in.bytes;
	stream.avail_in = (uInt)strlen(good);
	stream.next_out = packed;
	stream.avail_out = sizeof(packed);
	CU_ASSERT_FATAL(deflate(&stream, Z_FINISH) == Z_STREAM_END);
	struct slice bytes = { (const char *)packed, sizeof(packed) - stream.avail_out };
	deflateEnd(&stream);
	struct watch plain = { .len = 0 }, zipped = { .len = 0 }, cut = { .len = 0 };
	struct failure failure = { "" };
	CU_ASSERT(watch_bytes(&plain, slice_of(good), &failure) && watch_bytes(&zipped, bytes, &failure));
	CU_ASSERT_STRING_EQUAL(plain.seen, zipped.seen);
	CU_ASSERT(zipped.hashes == 1 && memcmp(plain.hash[0], zipped.hash[0], SHA256_BYTES) == 0);
	/* cut off in the middle: told, and everything that was begun is ended */
	bytes.len -= 20;
	CU_ASSERT(watch_bytes(&cut, bytes, &failure));
	CU_ASSERT(cut.depth == 0 && strchr(cut.seen, '!') != NULL);
}

static const struct unit_case cases[] = {
	{ "calls are nested: interchanges, groups, sets, records", test_good },
	{ "cut off anywhere, what was begun is ended, and it is told", test_cut },
	{ "trailers that are missing and bytes between do not tear the nesting", test_resynchronised },
	{ "a handler that gives false stops the flow with its sentence", test_stops },
	{ "the hash of an interchange does not depend on line breaks or its place in the file", test_hash },
	{ "gzip is read as the plain bytes are", test_gzip },
};

int main(void)
{
	return UNIT_RUN("flow", cases);
}
