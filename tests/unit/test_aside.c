/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Members set aside, and the proof that nothing is lost: received = accepted + set aside + refused, in members and in
 * segments, for sets, groups and interchanges, also of files that are broken anywhere.
 */
#include "exchange/exchange.h"
#include "tests/unit/unit.h"

#include <dirent.h>
#include <unistd.h>

#define HEAD \
	"ISA*00*          *00*          *ZZ*ELMSENDER      *ZZ*CTDSS          *260105*0930*^*00501*000000101*0*T*:~" \
	"GS*BE*ELMSENDER*CTDSS*20260105*0930*7*X*005010X220A1~"
#define BEGIN "ST*834*0001*005010X220A1~BGN*00*ELM-1*20260105*0930****2~N1*P5*STATE*FI*069999999~N1*IN*CARE*FI*069999998~"
#define MEMBER(id, sex) \
	"INS*Y*18*021*28*A***AC~REF*0F*" id "~NM1*IL*1*OKAFOR*NADIA~DMG*D8*19910412*" sex "~HD*021**HLT~DTP*348*D8*20260101~"
#define END(segments) "SE*" segments "*0001~"
#define TAIL "GE*1*7~IEA*1*000000101~"
#define THREE(sex) HEAD BEGIN MEMBER("900000011", "F") MEMBER("900000012", sex) MEMBER("900000013", "M") END("23") TAIL

struct seen {
	enum ack set, group;
	char interchange;
	struct reckoning set_units, set_segments, group_units, group_segments, units, segments;
	unsigned records, asides, interchanges;
	struct buffer bytes;   /* of what was set aside */
	struct buffer answer;  /* the 999 */
	struct acks acks;
	bool torn;             /* some sum did not hold */
	bool answers;
};

static bool on_interchange(void *data, struct flow *flow, const struct interchange_header *header, enum flow_wish *wish)
{
	struct seen *seen = data;
	(void)flow;
	(void)header;
	(void)wish;
	if (seen->answers)
		acks_begin(&seen->acks, (struct moment){ .day = 14610 }, 1, true);
	return true;
}

static bool on_group(void *data, struct flow *flow, const struct group_header *group)
{
	struct seen *seen = data;
	if (seen->answers)
		acks_group(&seen->acks, flow_interchange(flow), group);
	return true;
}

static bool on_record(void *data, struct flow *flow, enum record_kind kind, const void *record)
{
	(void)flow;
	(void)record;
	((struct seen *)data)->records += kind == RECORD_MEMBER;
	return true;
}

static bool on_aside(void *data, struct flow *flow, const struct unit_aside *unit)
{
	struct seen *seen = data;
	(void)flow;
	seen->asides++;
	buffer_slice(&seen->bytes, unit->bytes);
	return true;
}

static bool on_set_end(void *data, struct flow *flow, struct set_verdict *verdict)
{
	struct seen *seen = data;
	(void)flow;
	seen->set = verdict->ack;
	seen->set_units = verdict->units_reckoned;
	seen->set_segments = verdict->segments_reckoned;
	seen->torn = seen->torn || !reckoning_holds(&verdict->units_reckoned) || !reckoning_holds(&verdict->segments_reckoned);
	if (seen->answers)
		acks_set(&seen->acks, verdict);
	return true;
}

static bool on_group_end(void *data, struct flow *flow, const struct group_verdict *verdict)
{
	struct seen *seen = data;
	(void)flow;
	seen->group = verdict->ack;
	seen->group_units = verdict->units_reckoned;
	seen->group_segments = verdict->segments_reckoned;
	seen->torn = seen->torn || !reckoning_holds(&verdict->units_reckoned) || !reckoning_holds(&verdict->segments_reckoned);
	if (seen->answers)
		acks_group_end(&seen->acks, verdict);
	return true;
}

static bool on_interchange_end(void *data, struct flow *flow, struct interchange_verdict *verdict, const unsigned char *hash)
{
	struct seen *seen = data;
	(void)flow;
	(void)hash;
	seen->interchange = verdict->ack;
	seen->interchanges++;
	seen->units = verdict->units_reckoned;
	seen->segments = verdict->segments_reckoned;
	seen->torn = seen->torn || !reckoning_holds(&verdict->units_reckoned) || !reckoning_holds(&verdict->segments_reckoned);
	if (seen->answers) {
		acks_end(&seen->acks, verdict);
		seen->torn = seen->torn || !acks_give(&seen->acks, ACKS_TOGETHER, buffer_take, &seen->answer);
	}
	return true;
}

static const char *file_of(const char *text, size_t len)
{
	static char path[] = "/tmp/test_aside.XXXXXX";
	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	int fd = mkstemp(path);
	CU_ASSERT_FATAL(fd >= 0 && write(fd, text, len) == (ssize_t)len);
	close(fd);
	return path;
}

static struct partner *partners[2]; /* freed by main */

static struct partner *partner_of(bool aside)
{
	static const char *const texts[] = { "<partner name=\"one\" sets-units-aside=\"no\"/>", "<partner name=\"one\" sets-units-aside=\"yes\"/>" };
	struct failure failure = { "" };
	if (partners[aside] == NULL) {
		const char *path = file_of(texts[aside], strlen(texts[aside]));
		partners[aside] = partner_read(path, NULL, &failure);
		unlink(path);
	}
	CU_ASSERT_FATAL(partners[aside] != NULL);
	return partners[aside];
}

static void look_at(struct seen *seen, struct slice bytes, bool aside, bool answers)
{
	struct failure failure = { "" };
	struct flow_handler handler = { .data = seen, .level = 5, .partner = partner_of(aside), .interchange = on_interchange, .group = on_group,
		.record = on_record, .aside = on_aside, .set_end = on_set_end, .group_end = on_group_end, .interchange_end = on_interchange_end };
	*seen = (struct seen){ .answers = answers };
	buffer_init(&seen->bytes, 0);
	buffer_init(&seen->answer, 0);
	acks_init(&seen->acks);
	const char *path = file_of(bytes.ptr, bytes.len);
	struct source *source = source_open(path, &failure);
	CU_ASSERT_FATAL(source != NULL);
	CU_ASSERT(flow_run(source, &handler, &failure));
	source_close(source);
	unlink(path);
}

static void seen_done(struct seen *seen)
{
	buffer_done(&seen->bytes);
	buffer_done(&seen->answer);
	acks_done(&seen->acks);
}

static bool counts(const struct reckoning *reckoning, uint64_t received, uint64_t accepted, uint64_t aside, uint64_t refused)
{
	bool right = reckoning->received == received && reckoning->accepted == accepted && reckoning->aside == aside &&
		reckoning->refused == refused;
	if (!right)
		printf("    %llu = %llu + %llu + %llu\n", (unsigned long long)reckoning->received, (unsigned long long)reckoning->accepted,
			(unsigned long long)reckoning->aside, (unsigned long long)reckoning->refused);
	return right;
}

static bool answer_has(const struct seen *seen, const char *text)
{
	return memmem(seen->answer.ptr, seen->answer.len, text, strlen(text)) != NULL;
}

static void one_of_three(void)
{
	struct seen seen;
	look_at(&seen, SLICE(THREE("Q")), true, true);
	CU_ASSERT(seen.set == ACK_ERRORS && seen.group == ACK_ERRORS && seen.interchange == 'A');
	CU_ASSERT(seen.records == 2 && seen.asides == 1);
	CU_ASSERT(counts(&seen.set_units, 3, 2, 1, 0) && counts(&seen.set_segments, 23, 17, 6, 0));
	CU_ASSERT(counts(&seen.group_units, 3, 2, 1, 0) && counts(&seen.group_segments, 25, 19, 6, 0));
	CU_ASSERT(counts(&seen.units, 3, 2, 1, 0) && counts(&seen.segments, 27, 21, 6, 0));
	CU_ASSERT(slice_is(buffer_view(&seen.bytes), "INS*Y*18*021*28*A***AC~\nREF*0F*900000012~\nNM1*IL*1*OKAFOR*NADIA~\n"
		"DMG*D8*19910412*Q~\nHD*021**HLT~\nDTP*348*D8*20260101~\n"));
	CU_ASSERT(answer_has(&seen, "IK3*DMG*14*2100*8~\nCTX*SUBSCRIBER NUMBER REF02:900000012~\nIK4*3*1068*7*Q~\nIK5*E*5~\nAK9*E*1*1*1~\n"));
	seen_done(&seen);
	look_at(&seen, SLICE(THREE("Q")), false, true);
	CU_ASSERT(seen.set == ACK_REJECTED && seen.group == ACK_REJECTED && seen.asides == 0);
	CU_ASSERT(counts(&seen.units, 3, 0, 0, 3) && counts(&seen.segments, 27, 2, 0, 25));
	CU_ASSERT(answer_has(&seen, "IK5*R*5~\nAK9*R*1*1*0~\n"));
	seen_done(&seen);
	look_at(&seen, SLICE(THREE("F")), true, true);
	CU_ASSERT(seen.set == ACK_ACCEPTED && seen.records == 3 && counts(&seen.segments, 27, 27, 0, 0));
	seen_done(&seen);
}

static void not_contained(void)
{
	struct seen seen;
	/* the count of segments is wrong */
	look_at(&seen, SLICE(HEAD BEGIN MEMBER("900000011", "F") MEMBER("900000012", "Q") END("99") TAIL), true, false);
	CU_ASSERT(seen.set == ACK_REJECTED && counts(&seen.units, 2, 0, 0, 2) && counts(&seen.segments, 21, 2, 0, 19));
	seen_done(&seen);
	/* a segment of the header is wrong */
	look_at(&seen, SLICE(HEAD "ST*834*0001*005010X220A1~BGN*QQ*ELM-1*20260105*0930****2~N1*P5*STATE*FI*069999999~N1*IN*CARE*FI*069999998~"
		MEMBER("900000011", "F") MEMBER("900000012", "Q") END("17") TAIL), true, false);
	CU_ASSERT(seen.set == ACK_REJECTED && counts(&seen.units, 2, 0, 0, 2));
	seen_done(&seen);
	/* nothing would be left */
	look_at(&seen, SLICE(HEAD BEGIN MEMBER("900000011", "Q") MEMBER("900000012", "Q") END("17") TAIL), true, false);
	CU_ASSERT(seen.set == ACK_REJECTED && counts(&seen.units, 2, 0, 0, 2));
	seen_done(&seen);
	/* the group, the interchange is wrong */
	look_at(&seen, SLICE(HEAD BEGIN MEMBER("900000011", "F") MEMBER("900000012", "Q") END("17") "GE*2*7~IEA*1*000000101~"), true, false);
	CU_ASSERT(seen.set == ACK_ERRORS && seen.group == ACK_REJECTED && counts(&seen.group_segments, 19, 0, 0, 19) && counts(&seen.units, 2, 0, 0, 2));
	seen_done(&seen);
	look_at(&seen, SLICE(HEAD BEGIN MEMBER("900000011", "F") MEMBER("900000012", "Q") END("17") "GE*1*7~IEA*2*000000101~"), true, false);
	CU_ASSERT(seen.interchange == 'R' && counts(&seen.units, 2, 0, 0, 2) && counts(&seen.segments, 21, 0, 0, 21));
	seen_done(&seen);
}

/* More findings than are kept: they are counted all the same, each for its member. */
static void past_the_limit(void)
{
	enum { MEMBERS = 1500 };
	struct buffer bytes;
	struct seen seen;
	char end[64];
	for (int broken_end = 0; broken_end < 2; broken_end++) {
		buffer_init(&bytes, 0);
		buffer_text(&bytes, HEAD BEGIN);
		for (int i = 0; i < MEMBERS; i++)
			buffer_text(&bytes, i % 100 == 99 ? MEMBER("900000011", "F") : MEMBER("900000012", "Q"));
		snprintf(end, sizeof(end), "SE*%d*0001~" TAIL, 5 + 6 * MEMBERS + broken_end);
		buffer_text(&bytes, end);
		look_at(&seen, buffer_view(&bytes), true, false);
		if (broken_end == 0) {
			CU_ASSERT(seen.set == ACK_ERRORS && seen.records == MEMBERS / 100 && counts(&seen.units, MEMBERS, 15, MEMBERS - 15, 0));
		} else {
			CU_ASSERT(seen.set == ACK_REJECTED && counts(&seen.units, MEMBERS, 0, 0, MEMBERS));
		}
		seen_done(&seen);
		buffer_done(&bytes);
	}
}

/* A segment that nobody knows, one that is missing, one that is too long: each costs the member it stands in. */
static void contained(void)
{
	static const char *const wrong[] = {
		HEAD BEGIN MEMBER("900000011", "F") "INS*Y*18*021*28*A***AC~ZZZ*1~REF*0F*900000012~NM1*IL*1*OKAFOR*NADIA~" MEMBER("900000013", "M") END("21") TAIL,
		HEAD BEGIN MEMBER("900000011", "F") "INS*Y*18*021*28*A***AC~NM1*IL*1*OKAFOR*NADIA~" MEMBER("900000013", "M") END("19") TAIL,
		HEAD BEGIN MEMBER("900000011", "F") MEMBER("900000013", "M") "INS*Y*18*021*28*A***AC~NM1*IL*1*OKAFOR*NADIA~" END("19") TAIL,
		HEAD BEGIN MEMBER("900000011", "F") "INS*Y*18*021*28*A***AC~~REF*0F*900000012~NM1*IL*1*OKAFOR*NADIA~" MEMBER("900000013", "M") END("20") TAIL,
	};
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		struct seen seen;
		look_at(&seen, slice_of(wrong[i]), true, false);
		CU_ASSERT(seen.set == ACK_ERRORS && seen.asides == 1 && seen.records == 2 && seen.set_units.aside == 1 && !seen.torn);
		seen_done(&seen);
	}
}

/* ---- any file: the sums hold, and what is answered is X12 that our own check accepts ---- */

static void broken(struct buffer *out, const struct buffer *from, struct random *random)
{
	buffer_reset(out);
	buffer_slice(out, buffer_view(from));
	for (uint32_t n = 1 + random_below(random, 3); n > 0 && out->len > 2; n--) {
		size_t at = random_below(random, (uint32_t)out->len);
		switch (random_below(random, 3)) {
		case 0:
			out->ptr[at] = "~*:^A0 \n"[random_below(random, 8)];
			break;
		case 1:
			memmove(out->ptr + at, out->ptr + at + 1, out->len - at - 1);
			out->len--;
			break;
		default:
			out->ptr[at] = out->ptr[random_below(random, (uint32_t)out->len)];
			break;
		}
	}
}

static bool holds(struct slice bytes, bool aside, const char *name)
{
	struct seen seen;
	struct failure failure = { "" };
	struct buffer first;
	uint64_t refusing = 0;
	look_at(&seen, bytes, aside, true);
	buffer_init(&first, 0);
	bool clean = seen.answer.len == 0 || (flow_check_own(buffer_view(&seen.answer), &refusing, &first, &failure) && refusing == 0);
	if (!clean || seen.torn)
		printf("    %s: torn %d, %llu findings on our own answer: %.*s\n%.*s\n", name, seen.torn, (unsigned long long)refusing,
			SLICE_ARG(buffer_view(&first)), SLICE_ARG(buffer_view(&seen.answer)));
	bool right = clean && !seen.torn && seen.asides >= seen.units.aside;
	buffer_done(&first);
	seen_done(&seen);
	return right;
}

static void folder(const char *path, struct random *random, unsigned *files)
{
	DIR *folder = opendir(path);
	CU_ASSERT_FATAL(folder != NULL);
	struct buffer whole, mutant;
	buffer_init(&whole, 0);
	buffer_init(&mutant, 0);
	for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
		char name[512], block[4096];
		size_t got;
		if (strstr(entry->d_name, ".edi") == NULL || strstr(entry->d_name, "packed") != NULL)
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		FILE *file = fopen(name, "rb");
		CU_ASSERT_FATAL(file != NULL);
		buffer_reset(&whole);
		while ((got = fread(block, 1, sizeof(block), file)) > 0)
			buffer_put(&whole, block, got);
		fclose(file);
		++*files;
		CU_ASSERT(holds(buffer_view(&whole), false, name) && holds(buffer_view(&whole), true, name));
		for (int i = 0; i < 12; i++) {
			broken(&mutant, &whole, random);
			CU_ASSERT(holds(buffer_view(&mutant), i % 2 == 0, name));
		}
	}
	buffer_done(&whole);
	buffer_done(&mutant);
	closedir(folder);
}

static void any_file(void)
{
	static const char *const folders[] = { "tests/golden/834", "tests/golden/270", "tests/golden/835", "tests/golden/envelope" };
	struct random random;
	unsigned files = 0;
	random_seed(&random, 999);
	for (size_t i = 0; i < COUNT_OF(folders); i++)
		folder(folders[i], &random, &files);
	CU_ASSERT(files > 100);
}

static const struct unit_case cases[] = {
	{ "6.5: one bad member is set aside, the others are accepted (IK5*E), and the sums say so", one_of_three },
	{ "6.5: what is wrong outside of a member, or in all of them, still rejects the set", not_contained },
	{ "6.5: findings past the limit count for their members, and the end of the set for the set", past_the_limit },
	{ "6.5: what is strange, missing or empty in a member costs that member", contained },
	{ "received = accepted + set aside + refused, and our own answers are clean, for any file broken anywhere", any_file },
};

int main(void)
{
	int failed = UNIT_RUN("aside", cases);
	partner_free(partners[0]);
	partner_free(partners[1]);
	return failed;
}
